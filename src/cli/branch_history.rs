//! What a branch was at each of its commits: read from the cache as far as it goes, judged from there on.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::cache_folder::CacheFolder;
use super::check;
use super::disk;
use super::path_arguments;
use super::progress::Progress;
use crate::host::history::CommitLine;
use crate::host::shown;
use crate::trend::{BranchRecord, DecisionFact, FileTurns, Pace, Recorder, Trend};
use crate::workspace::{Passage, ThroughCommits};
use crate::{HistoryError, Options};

/// What to look at.
#[derive(Debug)]
pub struct BranchHistory {
    /// The last commit.
    pub tip: String,
    /// Where to begin.
    pub since: LineStart,
    /// What is judged.
    pub what: ThroughCommits,
    /// Whether the cache is used.
    pub keeps: bool,
}

/// What to look at on the branch that is checked out, and how.
#[derive(Args, Debug)]
pub struct OwnBranch {
    /// Files and folders
    #[arg(value_name = "PATH", default_value = ".", value_parser = path_arguments::parser())]
    paths: Vec<PathBuf>,

    /// Assume the worst: of what nothing decides, and of every value that a parameter is allowed
    #[arg(long)]
    strict: bool,

    /// The configuration, as it was at each commit [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,

    /// Keep nothing for the next run, and trust nothing that an earlier one kept
    #[arg(long)]
    no_cache: bool,

    /// How many files to read at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = check::threads)]
    threads: Option<usize>,
}

impl OwnBranch {
    /// From there to the last commit.
    pub fn since(self, since: LineStart) -> BranchHistory {
        BranchHistory {
            tip: "HEAD".to_owned(),
            since,
            what: ThroughCommits {
                paths: self.paths,
                strict: self.strict,
                threads: self.threads,
                config: self.config,
                isolated: self.isolated,
            },
            keeps: !self.no_cache,
        }
    }
}

/// Where a part of a branch begins.
#[derive(Clone, Debug)]
pub enum LineStart {
    /// At the first commit.
    Beginning,
    /// At a commit, or on a day.
    Named(String),
    /// So many days before the day of the last commit.
    Days(i64),
}

/// What was found.
#[derive(Debug)]
pub struct Told {
    /// The commits of the branch.
    pub line: CommitLine,
    /// Where on the line the part begins that was asked for.
    pub start: usize,
    record: BranchRecord,
    /// Where in the record that is.
    from: usize,
}

impl Told {
    /// What it comes to.
    #[must_use]
    pub fn trend(&self, pace: Option<Pace>, by: Option<crate::analysis::Grouping>) -> Trend {
        let commits = self.line.commits[self.start..].iter();
        let said: Vec<(Date, &str)> = commits.map(|one| (one.day, &*one.subject)).collect();
        Trend {
            is_shallow: self.line.is_shallow && self.start == 0,
            ..Trend::of(&self.record, self.from, &said, pace, by)
        }
    }
}

impl Told {
    /// Begins so many days before the day of the last commit, where that much was looked at.
    pub fn begin(&mut self, days: i64) {
        let first = self.start - self.from;
        let last = self.line.commits.last();
        let day = last
            .map_or(Date::MIN, |commit| commit.day)
            .saturating_sub(days.days());
        self.start = before(&self.line, day).max(first);
        self.from = self.start - first;
    }

    /// Looks only at what is wanted.
    pub fn keep(&mut self, wants: &dyn Fn(&DecisionFact) -> bool) {
        self.record.keep(wants);
    }

    /// The best score that what stands at or below a path ever had.
    #[must_use]
    pub fn best(&self, path: &str) -> Option<f64> {
        self.record.best(path)
    }
}

impl BranchHistory {
    /// Of what a check reads, from some commit to a tip.
    pub fn of_check(
        tip: &str,
        since: LineStart,
        options: &Options,
        config: Option<&Path>,
        isolated: bool,
    ) -> Self {
        Self {
            tip: tip.to_owned(),
            since,
            what: ThroughCommits {
                paths: options.paths.clone(),
                strict: options.strict,
                threads: options.threads,
                config: config.map(Path::to_owned),
                isolated,
            },
            keeps: true,
        }
    }

    /// Reads what is kept, and judges what is not.
    ///
    /// # Errors
    /// There is nothing to look at, or git can't hand it out.
    pub fn read(&self, progress: &Progress) -> Result<Told, HistoryError> {
        let host = &**disk();
        let line = CommitLine::up_to(host, &self.what.paths, &self.tip)?;
        let named = self.what.paths.iter();
        let named = named.filter(|path| path.as_os_str() != "-");
        for path in named.filter(|path| host.look(path).is_err()) {
            if !line.ever_had(path)? {
                return Err(HistoryError::NoPath(shown(host, path)));
            }
        }
        let start = match &self.since {
            LineStart::Beginning => 0,
            LineStart::Days(days) => {
                let last = line.commits.last().map_or(Date::MIN, |commit| commit.day);
                before(&line, last.saturating_sub(days.days()))
            }
            LineStart::Named(since) => match super::check::day(since) {
                Ok(day) => before(&line, day),
                Err(_) => line.parting(since)?,
            },
        };
        let cache = self.keeps.then(CacheFolder::find).flatten();
        let name = self.name(&line);
        let kept: Option<BranchRecord> = cache.as_ref().and_then(|cache| cache.read(&name));
        let kept = kept.filter(BranchRecord::is_sound);
        let found = kept.and_then(|record| fitting(record, &line, start));
        let (record, at) = match found {
            Some((record, at)) if at + record.commits.len() == line.commits.len() => (record, at),
            found => {
                let (record, at) = self.go_on(&line, found, start, progress)?;
                if let Some(cache) = cache {
                    // Where it can't be kept, the next run takes as long as this one.
                    let _ = cache.write(&name, &record);
                }
                (record, at)
            }
        };
        Ok(Told {
            from: start - at,
            line,
            start,
            record,
        })
    }

    /// Judges the commits that a record does not have yet. With where on the line the record begins.
    fn go_on(
        &self,
        line: &CommitLine,
        kept: Option<(BranchRecord, usize)>,
        start: usize,
        progress: &Progress,
    ) -> Result<(BranchRecord, usize), HistoryError> {
        let commits = &line.commits;
        let kept = kept.and_then(|(record, at)| Some((sound_end(record)?, at)));
        let at = kept.as_ref().map_or(start, |(_, at)| *at);
        let mut next = kept
            .as_ref()
            .map_or(start, |(record, at)| at + record.commits.len() - 1);
        let total = commits.len() - next;
        let Some(first) = commits.get(next) else {
            return Err(HistoryError::NoCommits);
        };
        let mut passage = Passage::new(line.walk(next, first.day)?, self.what.clone());
        let judged = passage.judge(first.day);
        let mut recorder = match (kept, judged) {
            (Some((record, _)), Ok(analysis)) => Recorder::after(record, analysis),
            (_, Ok(analysis)) => {
                let mut recorder = Recorder::default();
                let turns = FileTurns {
                    renames: &BTreeMap::new(),
                    has_left: &|_| false,
                };
                recorder.take(&first.id, first.day, analysis, &turns);
                recorder
            }
            (_, Err(_)) => {
                let mut recorder = Recorder::default();
                recorder.faulty(&first.id);
                recorder
            }
        };
        let first = next;
        // Of what is out of sight, only what a commit touches is looked for.
        let mut touched: BTreeSet<String> = BTreeSet::new();
        loop {
            if let Some(failure) = passage.failure() {
                return Err(failure);
            }
            progress.tell(next - first + 1, total);
            next += 1;
            let Some(commit) = commits.get(next) else {
                return Ok((recorder.record(), at));
            };
            let stride = passage.step()?.filter(|stride| stride.id == commit.id);
            let Some(stride) = stride else {
                let id = &commit.id;
                return Err(HistoryError::Git(format!(
                    "it does not say what {id} changes"
                )));
            };
            let mut is_touched = false;
            if !recorder.hidden().is_empty() {
                let places = stride.places.iter().filter_map(|(place, _)| place.to_str());
                touched.extend(places.map(|place| passage.shown(place)));
                let mut hidden = recorder.hidden().iter();
                is_touched = hidden.any(|one| is_below_any(&one.path, &touched));
            }
            if !is_touched && !passage.may_differ(commit.day) {
                recorder.same(&commit.id);
                continue;
            }
            let renames = stride.renames.iter();
            let renames = renames.map(|(new, old)| (passage.shown(new), passage.shown(old)));
            let renames: BTreeMap<String, String> = renames.collect();
            match passage.judge(commit.day) {
                Ok(mut analysis) => {
                    passage.say_out_of_sight(&mut analysis, recorder.known(), &renames);
                    let turns = FileTurns {
                        renames: &renames,
                        has_left: &|path| is_below_any(path, &touched) && !passage.stands(path),
                    };
                    recorder.take(&commit.id, commit.day, analysis, &turns);
                    touched.clear();
                }
                Err(_) => recorder.faulty(&commit.id),
            }
        }
    }

    /// The file in which it is kept: another one for all that is judged in another way.
    fn name(&self, line: &CommitLine) -> String {
        let ThroughCommits {
            paths,
            strict,
            threads: _,
            config,
            isolated,
        } = &self.what;
        let inside = line.root.strip_prefix(&line.top).unwrap_or(Path::new(""));
        let first = line.commits.first().map(|commit| &commit.id);
        let paths: Vec<PathBuf> = paths.iter().map(|path| line.root.join(path)).collect();
        let paths: Vec<&Path> = paths
            .iter()
            .map(|path| path.strip_prefix(&line.top).unwrap_or(path))
            .collect();
        let mut hasher = DefaultHasher::new();
        (paths, strict, config, isolated, inside, first).hash(&mut hasher);
        format!("trend-{:016x}.json", hasher.finish())
    }
}

/// Whether a path, or a folder around it, is one of these.
fn is_below_any(path: &str, places: &BTreeSet<String>) -> bool {
    let mut around = Path::new(path).ancestors();
    around.any(|one| one.to_str().is_some_and(|one| places.contains(one)))
}

/// The last commit before a day; the first one where there is none.
fn before(line: &CommitLine, day: Date) -> usize {
    let first = line.commits.iter().position(|commit| commit.day >= day);
    first.unwrap_or(line.commits.len()).saturating_sub(1)
}

/// The part of a record that is on the line, if it covers where to begin. With where on the line it begins.
fn fitting(
    mut record: BranchRecord,
    line: &CommitLine,
    start: usize,
) -> Option<(BranchRecord, usize)> {
    let first = record.commits.first()?;
    let at = line
        .commits
        .iter()
        .position(|commit| commit.id == first.id)?;
    let both = line.commits[at..].iter().zip(&record.commits);
    let both = both
        .take_while(|(commit, kept)| commit.id == kept.id)
        .count();
    record.commits.truncate(both);
    (at <= start && start < at + both).then_some((record, at))
}

/// A record up to its last commit of which everything is known.
fn sound_end(mut record: BranchRecord) -> Option<BranchRecord> {
    let sound = record
        .commits
        .iter()
        .rposition(|commit| !commit.is_faulty && commit.unreadable == 0)?;
    record.commits.truncate(sound + 1);
    Some(record)
}
