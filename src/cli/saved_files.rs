//! Files in which reports were saved, to be compared.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{disk, whole_estate};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::{Code, SourceCode};
use crate::compare::saved_report::{self, SavedReport};
use crate::config::{Config, from_base};
use crate::host::{door, known_as};
use crate::workspace::out_of_sight::{self, Remembered};

/// What stands where nothing could be opened.
const UNREADABLE: Code = Code::Source(SourceCode::Unreadable);

/// The largest report that is read.
pub const LARGEST: u64 = 512 << 20;

/// Which files are compared.
#[derive(Clone, Debug)]
pub struct SavedFiles {
    /// What was.
    pub old: PathBuf,
    /// What is; nothing where that is checked now.
    pub new: Option<PathBuf>,
}

/// What they hold.
#[derive(Debug)]
pub struct SavedPair {
    pub old: SavedReport,
    pub new: Option<SavedReport>,
    /// Both files: no report is written over them.
    pub files: Vec<PathBuf>,
}

impl SavedFiles {
    /// Reads them.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn read(self, config: &Config) -> Result<SavedPair, String> {
        let read = |file: &Path| {
            let name = file.display().to_string();
            let text = text(file).map_err(|why| format!("{name}: {why}"))?;
            SavedReport::read(&name, &text, &config.catalogue)
                .map_err(|why| format!("{name}: {why}"))
        };
        let mut old = read(&self.old)?;
        old.remember_known();
        let new = self.new.as_deref().map(read).transpose()?;
        Ok(SavedPair {
            old,
            new,
            files: self.new.into_iter().chain([self.old]).collect(),
        })
    }
}

impl SavedReport {
    /// Lays it beside another report, and gives that: what the call leaves out is on neither side, and what the other one couldn't
    /// read has not gone.
    ///
    /// # Errors
    /// The other one has read nothing.
    pub fn beside_report(&mut self, mut new: Self, options: &Options) -> Result<Analysis, String> {
        let held_any = !self.analysis.read.is_empty();
        let is_left_out = |path: &str| {
            let exclude = options.exclude.as_ref();
            exclude.is_some_and(|paths| paths.hold(path))
        };
        if options.exclude.is_some() {
            new.keep(&|path| !is_left_out(path));
        }
        self.lay_beside(&new.analysis, None, &|_| false, &|_| false);
        self.leave_out(&is_left_out);
        self.say_left_out(&mut new);
        if held_any {
            has_read(&new.analysis, &format!("{} holds no template", new.name))?;
        }
        Ok(new.analysis)
    }

    /// Lays it beside what was checked now, and says what hides templates that it knows.
    ///
    /// # Errors
    /// What was named is neither a report nor a template.
    pub fn beside_check(&mut self, now: &mut Analysis, options: &Options) -> Result<(), String> {
        if let ([one], [name]) = (&options.paths[..], &now.not_templates[..])
            && one.is_file()
            && now.read.is_empty()
        {
            return Err(format!(
                "{name} is neither a saved report (`sfl check --format json > {name}` writes one) nor a template"
            ));
        }
        let held_any = !self.analysis.read.is_empty();
        let paths = options.paths.iter();
        let paths: Vec<PathBuf> = paths.map(|path| known_as(&*options.host, path)).collect();
        let asked = paths.iter();
        let asked = asked.map(|path| from_base("", &path.to_string_lossy().replace('\\', "/")));
        let mut named = BTreeSet::new();
        let asked: Vec<String> = asked.filter(|path| named.insert(path.clone())).collect();
        let unreadable = now.findings.iter().filter(|one| one.code == UNREADABLE);
        let unreadable: Vec<PathBuf> = unreadable.map(|one| PathBuf::from(&**one.path())).collect();
        let reads = whole_estate::reads(&paths);
        let is_asked = |path: &str| {
            // Where nobody could look, nothing has gone.
            reads(path)
                && !unreadable
                    .iter()
                    .any(|one| Path::new(path).starts_with(one))
        };
        let is_there = |path: &str| options.host.look(Path::new(path)).is_ok();
        self.lay_beside(now, Some(&asked), &is_asked, &is_there);
        self.leave_out(&|path| {
            let exclude = options.exclude.as_ref();
            exclude.is_some_and(|paths| paths.hold(path))
        });
        let moved = out_of_sight::of_report(now, &self.analysis, &self.renames, options);
        // What had another name by the folders that are compared has that of where it was found.
        self.renames
            .retain(|_, was| !moved.values().any(|known| known == was));
        self.renames.extend(moved);
        let remembered = Remembered {
            files: out_of_sight::files(&self.analysis.decisions),
            when: format!("in {}", self.name),
            renames: &self.renames,
            is_tracked: &|_| true,
            other_repository: &|_| None,
        };
        out_of_sight::say(now, &remembered, options);
        if held_any {
            let named = options.paths.iter();
            let named: Vec<String> = named.map(|path| path.display().to_string()).collect();
            let hold = if named.len() == 1 { "holds" } else { "hold" };
            has_read(now, &format!("{} {hold} no template", named.join(", ")))?;
        }
        Ok(())
    }
}

/// Nothing has gone because nobody could look: something must have been read. What is broken was there, and what is out of sight is said,
/// and has not gone either.
fn has_read(now: &Analysis, nothing: &str) -> Result<(), String> {
    if !now.read.is_empty() || now.findings.iter().any(|one| one.code != UNREADABLE) {
        return Ok(());
    }
    let unreadable = now.findings.iter();
    let unreadable = unreadable.map(|one| format!("{}: {}", one.path(), one.message));
    let unreadable: Vec<String> = unreadable.collect();
    let why = match unreadable.is_empty() {
        true => nothing.to_owned(),
        false => unreadable.join(", "),
    };
    Err(format!("{why}; nothing was read, so nothing is compared"))
}

/// Whether a file holds a report that was saved, or something that was taken for one; what cannot be read holds none.
pub fn is_report(file: &Path) -> bool {
    file.is_file() && text(file).is_ok_and(|text| saved_report::is_meant_as_one(&text))
}

fn text(file: &Path) -> Result<String, String> {
    door::bytes(&**disk(), file, LARGEST)
        .and_then(door::utf8)
        .map_err(|error| error.to_string())
}
