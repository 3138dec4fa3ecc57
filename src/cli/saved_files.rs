//! Files in which reports were saved, to be compared.

use std::path::{Path, PathBuf};

use super::{disk, whole_estate};
use crate::Options;
use crate::analysis::Analysis;
use crate::compare::saved_report::{self, SavedReport};
use crate::config::{Config, from_base};
use crate::host::door;
use crate::workspace::out_of_sight::{self, Remembered};

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
    pub fn beside_report(&mut self, mut new: Self, options: &Options) -> Analysis {
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
        new.analysis
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
        let here = options.host.root();
        let paths = options.paths.iter();
        let paths: Vec<PathBuf> = paths
            .map(|path| path.strip_prefix(here).unwrap_or(path).to_owned())
            .collect();
        let asked = paths.iter();
        let asked: Vec<String> = asked
            .map(|path| from_base("", &path.to_string_lossy().replace('\\', "/")))
            .collect();
        let is_asked = whole_estate::reads(&paths);
        let is_there = |path: &str| options.host.look(Path::new(path)).is_ok();
        self.lay_beside(now, Some(&asked), &is_asked, &is_there);
        self.leave_out(&|path| {
            let exclude = options.exclude.as_ref();
            exclude.is_some_and(|paths| paths.hold(path))
        });
        let remembered = Remembered {
            files: out_of_sight::files(&self.analysis.decisions),
            when: format!("in {}", self.name),
            renames: &self.renames,
            is_tracked: &|_| true,
            other_repository: &|_| None,
        };
        out_of_sight::say(now, &remembered, options);
        Ok(())
    }
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
