//! What must not get worse: held against a commit as it was recorded there, by its own files and its own configuration, which a change
//! can't rewrite.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::changes::{Passage, ThroughCommits};
use super::out_of_sight::{self, Remembered};
use super::{Options, discover, setting_lines};
use crate::analysis::summary::{count, whole};
use crate::analysis::{Analysis, Count, Decision, Record, Rung};
use crate::base::finding::{Finding, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, Field, RatchetCode};
use crate::config::{Config, Selection, day};
use crate::host::commit::{self, HeadFiles, HistoryError};
use crate::host::history::CommitLine;
use crate::host::{known_as, shown};

/// What was recorded at a commit.
#[derive(Debug)]
pub struct Ratchet {
    /// The commit, as it was asked for.
    reference: String,
    then: Analysis,
    /// Where that was found.
    passage: Passage,
    /// The best score that each path ever had, where more than the commit itself counts.
    best: BTreeMap<PathBuf, f64>,
    /// Today's names of files that had another there: new to old, as shown.
    renames: BTreeMap<String, String>,
}

impl Ratchet {
    /// Judges a commit by its own configuration, on the day of the run. `config` is the file that was named.
    ///
    /// # Errors
    /// There is no such commit, or its configuration is faulty.
    pub fn at(
        reference: &str,
        options: &Options,
        config: Option<&Path>,
        isolated: bool,
    ) -> Result<Self, HistoryError> {
        let line = CommitLine::up_to(&*options.host, &options.paths, reference)?;
        let paths = options.paths.iter().filter(|path| path.as_os_str() != "-");
        let what = ThroughCommits {
            paths: paths.cloned().collect(),
            strict: options.strict,
            threads: options.threads,
            config: config.map(Path::to_owned),
            isolated,
        };
        let today = options.today();
        let last = line.commits.len().saturating_sub(1);
        let id = line.commits.last().map(|commit| commit.id.clone());
        let id = id.unwrap_or_default();
        let mut passage = Passage::new(line.walk(last, today)?, what);
        let then = passage.judge(today);
        if let Some(failure) = passage.failure() {
            return Err(failure);
        }
        let then = then.map_err(|_| HistoryError::Faulty(reference.to_owned()))?;
        Ok(Self {
            reference: reference.to_owned(),
            then,
            passage,
            best: BTreeMap::new(),
            renames: commit::renames_since(&*options.host, &line.top, &id)?,
        })
    }

    /// Holds a path to a score that it once had, if that is better than the one at the commit.
    pub fn hold_to(&mut self, path: &Path, score: f64) {
        self.best.insert(path.to_owned(), score);
    }

    /// Says what got worse.
    pub fn hold(&self, now: &mut Analysis, options: &Options) {
        let mut findings = Vec::new();
        let head = HeadFiles::of(&options.host, &options.paths);
        // What is excluded is said by what it is.
        let then = out_of_sight::files(&self.then.decisions).into_iter();
        let then = then.filter(|(path, _)| !options.config.excludes(path));
        let remembered = Remembered {
            files: then.collect(),
            when: format!("at {}", self.reference),
            renames: &self.renames,
            is_tracked: &|path| head.has(Path::new(path)),
            other_repository: &|path| head.other_repository(Path::new(path)),
        };
        out_of_sight::say(now, &remembered, options);
        let kept = self.kept(now, options);
        let unknown = self.unknown(now);
        for path in &options.paths {
            findings.extend(self.score(path, now, (&kept, &unknown), options));
        }
        self.ends(now, options, &mut findings);
        self.accepted(now, options, &mut findings);
        self.excluded(options, &mut findings);
        self.hidden(now, options, &mut findings);
        now.findings.extend(findings);
        now.sort();
    }

    /// What is out of sight, as it was: it has not gone, and no score gets better for it.
    fn kept(&self, now: &Analysis, options: &Options) -> Vec<&Decision> {
        let hidden = now.findings.iter().filter(|one| one.code.is_out_of_sight());
        let hidden: BTreeSet<&str> = hidden
            .map(|finding| {
                let path: &str = finding.path();
                self.renames.get(path).map_or(path, String::as_str)
            })
            .collect();
        let there = now.decisions.iter();
        let there: BTreeSet<(&str, &str)> = there.map(|one| (&*one.path, &*one.address)).collect();
        let excluded: BTreeSet<&str> = self.newly_excluded(options).collect();
        let all = self.then.decisions.iter();
        all.filter(|one| hidden.contains(&*one.path) || excluded.contains(&*one.path))
            .filter(|one| !there.contains(&(&*one.path, &*one.address)))
            .collect()
    }

    /// Files that stood at the commit and could not be read there, or were out of sight, by their names of then and of today: nothing is
    /// recorded of them.
    fn unknown<'n>(&'n self, now: &'n Analysis) -> BTreeSet<&'n str> {
        let read: BTreeSet<&str> = self.then.read.iter().map(String::as_str).collect();
        let broken = self.then.findings.iter();
        let broken = broken.filter(|finding| finding.code.is_about_input());
        let broken: BTreeSet<&str> = broken.map(|finding| &**finding.path()).collect();
        let folder = |path: &'_ str| {
            path.rsplit_once('/')
                .map_or("", |(folder, _)| folder)
                .to_owned()
        };
        let is_terraform = |path: &str| {
            let ends = [".tf", ".tofu", ".tf.json", ".tofu.json"];
            ends.iter().any(|end| path.ends_with(end))
        };
        // What is broken of a module keeps the whole of it from being read.
        let modules = broken.iter().filter(|path| is_terraform(path));
        let modules: BTreeSet<String> = modules.map(|path| folder(path)).collect();
        let is_broken = |path: &str| {
            broken.contains(path) || is_terraform(path) && modules.contains(&folder(path))
        };
        let before = self.then.decisions.iter().map(|one| &*one.path);
        let mut unknown: BTreeSet<&str> = before.filter(|path| is_broken(path)).collect();
        let mut others: BTreeMap<&str, &str> = BTreeMap::new();
        for decision in &now.decisions {
            for path in [&*decision.path, decision.place().0] {
                let then = self.renames.get(path).map_or(path, String::as_str);
                if is_broken(then) {
                    unknown.extend([then, path]);
                } else if !read.contains(then) {
                    others.insert(then, path);
                }
            }
        }
        for then in self.passage.hides(others.keys().copied()) {
            unknown.insert(then);
            unknown.extend(others.get(then));
        }
        unknown
    }

    /// A path's score has fallen.
    fn score(
        &self,
        path: &Path,
        now: &Analysis,
        (kept, unknown): (&[&Decision], &BTreeSet<&str>),
        options: &Options,
    ) -> Option<Finding> {
        let name = place(path, options);
        let config = self.passage.config();
        let score = |of: &Analysis, kept: &[&Decision], unknown: &BTreeSet<&str>| {
            // What was left out then has no record.
            let counts = |one: &Decision| {
                let place = one.place().0;
                is_inside(place, &name)
                    && !config.excludes(place)
                    && !unknown.contains(&*one.path)
                    && !unknown.contains(&**place)
            };
            let all = of.decisions.iter().chain(kept.iter().copied());
            Count::of(all.filter(|one| counts(one))).score()
        };
        let none = BTreeSet::new();
        let at_commit = (score(&self.then, &[], unknown), score(now, kept, unknown));
        let best = (self.best.get(path).copied(), score(now, kept, &none));
        let commit = format!("at {}", self.reference);
        let history = format!("in the history of {}", self.reference);
        let pairs = [(best, history), (at_commit, commit)];
        let fallen = pairs.into_iter().filter_map(|((held, now), once)| {
            let (held, now) = (held?, now?);
            // Means of a few numbers differ by more than this, or not at all.
            (now <= held - 1e-9).then_some((held, now, once))
        });
        // Where both are the same, the commit is nearer.
        let (held, now, once) = fallen.reduce(|one, other| match one.0 > other.0 + 1e-9 {
            true => one,
            false => other,
        })?;
        let (now, held) = match whole(now) < whole(held) {
            true => (whole(now).to_string(), whole(held).to_string()),
            false => (format!("{now:.2}"), format!("{held:.2}")),
        };
        let whose = match &*name {
            "" => String::new(),
            name => format!(" of {name}"),
        };
        let message = format!("the score{whose} falls to {now}, and was {held} {once}");
        let name = if name.is_empty() {
            ".".to_owned()
        } else {
            name
        };
        let source = Arc::new(Source::new(name, String::new()));
        Some(finding(
            RatchetCode::Score,
            message,
            source,
            Span::default(),
        ))
    }

    /// The end of a reason was moved, and nothing else of it.
    fn ends(&self, now: &Analysis, options: &Options, findings: &mut Vec<Finding>) {
        let mut held: BTreeMap<(String, String), Vec<&Record>> = BTreeMap::new();
        for record in &self.then.records {
            held.entry(words(record)).or_default().push(record);
        }
        for record in &now.records {
            let Some(before) = held.get(&words(record)) else {
                continue;
            };
            let same = before.iter().filter(|one| speaks_of_the_same(one, record));
            let ends: Vec<_> = same.map(|one| end(one)).collect();
            // Where one of them had no end, none was moved.
            let Some(last) = ends
                .into_iter()
                .collect::<Option<Vec<_>>>()
                .and_then(|ends| ends.into_iter().max())
            else {
                continue;
            };
            let moved = match end(record) {
                Some(day) if day <= last => continue,
                Some(day) => format!("to {day}"),
                None => "to never".to_owned(),
            };
            let message = format!(
                "the end of this reason moves from {last} {moved}, and its words are those of {}",
                self.reference
            );
            let (source, span) = written(record, options);
            findings.push(finding(RatchetCode::Expires, message, source, span));
        }
    }

    /// A rung is accepted that was not.
    fn accepted(&self, now: &Analysis, options: &Options, findings: &mut Vec<Finding>) {
        let config = &options.config;
        let mut wider: BTreeMap<(String, Rung, Rung), BTreeSet<&str>> = BTreeMap::new();
        let weigh = |ladder: &str, path: &'_ str| {
            let (then, now) = (
                self.passage.config().policy(path, ladder).accept,
                config.policy(path, ladder).accept,
            );
            (now > then).then(|| (ladder.to_owned(), then, now))
        };
        for ladder in config.catalogue.ladders() {
            if let Some(key) = weigh(&ladder.name, "") {
                wider.entry(key).or_default();
            }
        }
        for decision in &now.decisions {
            if let Some(key) = weigh(&decision.ladder().name, &decision.path) {
                wider.entry(key).or_default().insert(&decision.path);
            }
        }
        for ((ladder, then, now), paths) in wider {
            let (accepts, before) = (now.name(), then.name());
            let files = match paths.len() {
                0 => String::new(),
                number => format!(" in {}", count(number, "file")),
            };
            let message = format!(
                "{ladder} accepts {accepts}{files}, and accepted {before} at {}",
                self.reference
            );
            let (source, span) = set(&ladder, now, options);
            findings.push(finding(RatchetCode::Accepted, message, source, span));
        }
    }

    /// What was shown is not shown any more. What the call leaves out is nobody's change.
    fn hidden(&self, now: &Analysis, options: &Options, findings: &mut Vec<Finding>) {
        let then = self.passage.config();
        let then = (then, then.selection.configured());
        let today = (&options.config, options.config.selection.configured());
        let hides = |(config, selection): &(&Config, Selection), finding: &Finding| {
            let decision = now.decision(finding);
            let rule = decision.map(|decision| &*decision.rule.name);
            let asked = now.unexplained(finding);
            let is_off = asked.is_some_and(|one| {
                let policy = config.policy(&one.path, &one.ladder().name);
                policy.is_off[one.rung as usize]
            });
            is_off || selection.hides(finding, rule).is_some()
        };
        let all = now.findings.iter();
        let number = all
            .filter(|&finding| hides(&today, finding) && !hides(&then, finding))
            .count();
        if number == 0 {
            return;
        }
        let (are, were) = match number {
            1 => ("is", "was"),
            _ => ("are", "were"),
        };
        let what = count(number, "finding");
        let message = format!("{what} {are} not shown, and {were} at {}", self.reference);
        let set = |key: &&str| options.config.set.contains_key(*key);
        let key = ["ignore", "select"].iter().find(|key| set(key));
        let (source, span) = origin(key.copied().unwrap_or_default(), options);
        findings.push(finding(RatchetCode::Accepted, message, source, span));
    }

    /// Templates that were judged and that the configuration leaves out now.
    fn newly_excluded(&self, options: &Options) -> impl Iterator<Item = &str> {
        let all = self.then.read.iter().map(String::as_str);
        all.filter(|path| {
            options.config.excludes(path)
                && !self.passage.config().excludes(path)
                && options.host.look(Path::new(path)).is_ok()
        })
    }

    /// What was judged is left out.
    fn excluded(&self, options: &Options, findings: &mut Vec<Finding>) {
        let all: Vec<&str> = self.newly_excluded(options).collect();
        let Some(first) = all.first() else {
            return;
        };
        let what = match all.len() {
            1 => format!("{first} is excluded"),
            number => format!(
                "{} are excluded, {first} among them",
                count(number, "template")
            ),
        };
        let message = format!("{what}, and counted at {}", self.reference);
        let (source, span) = origin("exclude", options);
        findings.push(finding(RatchetCode::Accepted, message, source, span));
    }
}

/// A path as it is shown; nothing for the folder of the run.
#[must_use]
pub fn place(path: &Path, options: &Options) -> String {
    let host = &*options.host;
    let shown = shown(host, &known_as(host, path));
    shown.trim_end_matches('/').to_owned()
}

/// Whether a file is the path, or stands below it.
fn is_inside(path: &str, folder: &str) -> bool {
    let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
    folder.is_empty() || path.strip_prefix(folder).is_some_and(below)
}

fn said(field: Option<&Field>) -> String {
    bare(field.map_or("", |field| &field.text))
}

/// Letters and digits, whatever stands between them, and however large they are.
fn bare(text: &str) -> String {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The kind of a reason, and its words.
fn words(record: &Record) -> (String, String) {
    let reason = &record.reason;
    (said(reason.because.as_ref()), said(reason.reason.as_ref()))
}

fn end(record: &Record) -> Option<jiff::civil::Date> {
    day(&record.reason.expires.as_ref()?.text)
}

/// Whether two records speak of one thing: by what they name, or by what they found.
fn speaks_of_the_same(one: &Record, other: &Record) -> bool {
    let names = one.path == other.path && one.scope == other.scope;
    names
        || one.spoken.iter().any(|spoken| {
            let mut others = other.spoken.iter();
            others.any(|known| {
                known.address == spoken.address && known.code.group() == spoken.code.group()
            })
        })
}

fn written(record: &Record, options: &Options) -> (Arc<Source>, Span) {
    let text = discover::text(&*options.host, Path::new(&*record.path));
    let source = Arc::new(Source::new(
        Arc::clone(&record.path),
        text.unwrap_or_default(),
    ));
    let start = u32::try_from(record.start.offset).unwrap_or(0);
    let span = setting_lines::line(&source, start);
    (source, span)
}

/// Where it is set that a rung is accepted.
fn set(ladder: &str, rung: Rung, options: &Options) -> (Arc<Source>, Span) {
    let value = format!("\"{}\"", rung.name());
    // What is said of all ladders stands where nothing is said of this one.
    let ends = [
        format!("ladders.{ladder}.accept"),
        "ladders.accept".to_owned(),
    ];
    let found = ends.iter().find_map(|end| {
        let mut settings = options.config.set.values();
        settings.find(|one| one.key.ends_with(end) && one.value == value)
    });
    origin(found.map_or("", |one| &one.key), options)
}

/// The line that sets a key; else the configuration as a whole.
fn origin(key: &str, options: &Options) -> (Arc<Source>, Span) {
    let config = &options.config;
    setting_lines::origin(key, config, config.files.last(), &*options.host)
}

fn finding(code: RatchetCode, message: String, source: Arc<Source>, span: Span) -> Finding {
    Finding::new(Code::Ratchet(code), Severity::Error, message, source, span)
}
