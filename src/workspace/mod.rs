//! Host and configuration become a result: files are found, read, parsed, resolved, placed and judged, each stage a room of its
//! own. Once for the command line ([`check`]), again and again for an editor ([`Workspace`]).

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

mod aside;
mod assets;
mod called_modules;
mod changes;
pub mod content;
mod deployments;
pub mod discover;
pub mod examples;
mod fetched;
mod groups;
mod hand_places;
mod input_texts;
mod module_trees;
mod moved_submodule;
mod newly_hidden;
mod notes;
pub mod out_of_sight;
mod ownership;
pub mod ratchet;
mod setting_lines;
pub mod shown_findings;
mod since;
pub mod stack;
mod together;
mod tree_files;
mod ways;
mod weighing;
pub mod widened;
pub mod written_blocks;

use crate::analysis::{Analysis, Judged, Unread};
use crate::base::finding::{Finding, Problem};
use crate::base::{Code, ConfigCode, StackLinks};
use crate::config::{self, Config};
use crate::host::commit::{self, Commit, HeadFiles, HistoryError};
use crate::host::{Disk, Host, known_as, shown};
use crate::reasons::unused;
use discover::{Discovered, Input, LeftOutBy, Wanted};
use input_texts::ModuleTexts;
use out_of_sight::Remembered;
use since::Submodules;

pub use changes::{Passage, ThroughCommits, Workspace};

/// Inputs below which threads cost more than they bring.
const FEW: usize = 8;

/// What to check, and how.
#[derive(Debug)]
pub struct Options {
    /// Where texts come from; the disk, seen from the working directory, by default.
    pub host: Arc<dyn Host>,
    /// Files and folders; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// The name to show for standard input.
    pub stdin_filename: Option<String>,
    /// Where nothing decides, assume the worst instead of the best.
    pub strict: bool,
    /// Threads to use; as many as there are cores by default.
    pub threads: Option<usize>,
    /// What `sfl.toml` says.
    pub config: Config,
    /// Remember what each decision's block holds, so that it is recognised elsewhere.
    pub signatures: bool,
    /// Keep the graph: every resource, plumbing too, and what it refers to.
    pub graph: bool,
    /// Files that are named are left out too if the configuration excludes them.
    pub force_exclude: bool,
    /// Files that the call leaves out, named or not.
    pub exclude: Option<config::Paths>,
    /// Read what ignore files hide.
    pub ignores_nothing: bool,
    /// Name every file that is left out, however many there are.
    pub names_all: bool,
    /// Files that are named are taken as if they had been found in a folder: what is no template is passed over.
    pub skip_unknown: bool,
    /// A path below which no template was read could not be checked; not where unknown files are skipped.
    pub fail_on_nothing: bool,
    /// Judge what can be read of a broken template as well, and say every error in it; else it is only an error.
    pub readable_part: bool,
    /// The score below which the run fails, whatever else is set.
    pub fail_under: Option<u8>,
    /// The day by which reasons are judged; the host's by default.
    pub today: Option<jiff::civil::Date>,
}

impl Default for Options {
    fn default() -> Self {
        Self::on(Arc::new(Disk::here()))
    }
}

impl Options {
    /// Nothing to check yet, and nothing set, on a host.
    #[must_use]
    pub fn on(host: Arc<dyn Host>) -> Self {
        Self {
            config: Config::unset(&host),
            host,
            paths: Vec::new(),
            stdin_filename: None,
            strict: false,
            threads: None,
            signatures: false,
            graph: false,
            force_exclude: false,
            fail_on_nothing: false,
            readable_part: false,
            skip_unknown: false,
            exclude: None,
            ignores_nothing: false,
            names_all: false,
            fail_under: None,
            today: None,
        }
    }

    /// The day by which reasons are judged.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        self.today.unwrap_or_else(|| self.host.today())
    }

    /// What is to be looked at, and what could not be.
    fn inputs(&self) -> Discovered {
        let wanted = Wanted {
            paths: &self.paths,
            stdin_filename: self.stdin_filename.as_deref(),
            skip_unknown: self.skip_unknown,
            ignores_nothing: self.ignores_nothing,
            names_all: self.names_all,
        };
        discover::inputs(&*self.host, wanted, &|path, named| {
            self.left_out(path, named && !self.force_exclude)
        })
    }

    /// Whether the configuration, or the call, leaves a file out.
    fn excludes(&self, path: &str) -> bool {
        self.left_out(path, false).is_some()
    }

    /// By whom a file is left out; the configuration leaves out none that is meant.
    fn left_out(&self, path: &str, is_meant: bool) -> Option<LeftOutBy> {
        let by_call = self.exclude.as_ref().is_some_and(|paths| paths.hold(path));
        match by_call {
            true => Some(LeftOutBy::Call),
            false if !is_meant && self.config.excludes(path) => Some(LeftOutBy::Configuration),
            false => None,
        }
    }
}

/// Checks everything that the options name. The result is the same whatever the number of threads.
/// `progress` is told how many inputs of how many are done.
pub fn check(options: &Options, progress: &(dyn Fn(usize, usize) + Sync)) -> Analysis {
    analyse(options.inputs(), options, progress, &|_| true)
}

/// The same, of only those of the files and folders that are wanted, as they are shown; a Terraform module is its folder.
pub fn check_some(mut options: Options, is_wanted: &dyn Fn(&str) -> bool) -> Analysis {
    let host = &*options.host;
    let mut found = options.inputs();
    found
        .inputs
        .retain(|input| is_wanted(&shown(host, changes::root_of(input))));
    // They were said.
    found.problems.clear();
    // What speaks of other files has not been left without its file.
    let roots = found.inputs.iter().map(changes::root_of);
    options.paths = roots.map(Path::to_owned).collect();
    analyse(found, &options, &|_, _| {}, &|_| true)
}

/// Checks a text that is in no file, under the name that is shown for it; what the options name is not looked at.
#[must_use]
pub fn check_text(name: &str, text: &str, options: &Options) -> Analysis {
    let judged = stack::judge_text(name, text, options);
    put_together([judged], Vec::new(), Unread::default(), options)
}

/// An analysis, and the same files as they were.
#[derive(Debug)]
pub struct Since {
    /// Now.
    pub now: Analysis,
    /// As it was where the reference and HEAD part.
    pub before: Analysis,
    /// The commit that this is.
    pub base: String,
    /// Today's names of files that had another.
    pub renames: BTreeMap<String, String>,
    /// Folders of other repositories, which are not compared.
    pub other_repositories: BTreeSet<String>,
}

/// Checks everything that the options name, and the same as it was where `reference` and HEAD part. `config` is the
/// configuration that was named.
///
/// # Errors
/// There is nothing to compare with.
pub fn check_since(
    options: &Options,
    reference: &str,
    config: Option<&Path>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Since, HistoryError> {
    let mut commit = Commit::open(Arc::clone(&options.host), &options.paths, reference)?;
    let mut found = options.inputs();
    let host = &*options.host;
    let submodules = Submodules::since(&commit)?;
    let since::Owned {
        inputs,
        moved,
        other_repositories,
    } = since::own(host, &commit, &submodules, found.inputs)?;
    found.inputs = inputs;
    let looks = |path: &str| !options.excludes(path);
    let looked = |commit: &Commit| since::looked(commit, options, config);
    let inputs = &found.inputs;
    let roots = &options.paths;
    let mut past = since::past(
        host,
        &mut commit,
        &submodules,
        inputs,
        roots,
        &looks,
        &looked,
    );
    let is_own = |folder: &Path| !since::is_foreign(host, &commit, &submodules, folder);
    let mut now = analyse(found, options, progress, &is_own);
    let of_moved = moved.into_iter().map(|(folder, inputs)| {
        let found = Discovered {
            inputs,
            ..Discovered::default()
        };
        moved_submodule::finding(
            &folder,
            &analyse(found, options, &|_, _| {}, &|_| true),
            host,
        )
    });
    now.findings.extend(of_moved);
    now.findings
        .extend(moved_submodule::empty(&submodules, &commit, options));
    now.sort();
    let paths = now.decisions.iter().map(|decision| &*decision.path);
    past.renames.extend(since::renames(host, &commit, paths));
    let commit = Arc::new(commit);
    let mut then = Options {
        strict: options.strict,
        threads: options.threads,
        config: options.config.clone(),
        signatures: options.signatures,
        graph: options.graph,
        today: Some(options.today()),
        // What was to be read is the same: of all of it, the ledger is judged as a whole then, too.
        paths: options.paths.clone(),
        ..Options::on(Arc::clone(&commit) as Arc<dyn Host>)
    };
    // A ledger that stands elsewhere has no past there.
    if options.config.files.is_empty()
        || host
            .look(Path::new(""))
            .is_ok_and(|here| here.real.starts_with(commit.top()))
    {
        then.config.ledger = config::past::ledger(&*commit, config);
    }
    let past_found = Discovered {
        inputs: past.inputs,
        ..Discovered::default()
    };
    let mut before = analyse(past_found, &then, &|_, _| {}, &|_| true);
    // What is given today need not have been there then.
    let is_given = |code: &Code| *code == Code::Config(ConfigCode::Deployment);
    before.findings.retain(|finding| !is_given(&finding.code));
    if let Some(failure) = commit.failure() {
        return Err(failure);
    }
    let head = HeadFiles::of(&options.host, &options.paths);
    let remembered = Remembered {
        files: out_of_sight::files(&before.decisions),
        when: format!("at {reference}"),
        renames: &commit::renames_since(host, commit.top(), commit.base())?,
        is_tracked: &|path| head.has(Path::new(path)),
        other_repository: &|path| head.other_repository(Path::new(path)),
    };
    past.renames
        .extend(out_of_sight::say(&mut now, &remembered, options));
    let config_then = since::configuration(&commit, options, config);
    past.renames
        .extend(newly_hidden::say(&mut now, &commit, &config_then, options)?);
    Ok(Since {
        now,
        before,
        base: commit.base().to_owned(),
        renames: past.renames,
        other_repositories,
    })
}

/// Says of what a change hides, or puts out of sight, that nobody looks at it; for a run that compares no decisions.
///
/// # Errors
/// There is nothing to compare with.
pub fn say_newly_hidden(
    now: &mut Analysis,
    options: &Options,
    reference: &str,
) -> Result<(), HistoryError> {
    let host = || Arc::clone(&options.host);
    let commit = match Commit::open(host(), &options.paths, reference) {
        // What the two don't share was not decided by this change, but that is all there is to compare with.
        Err(HistoryError::Unrelated(_) | HistoryError::Shallow(_)) => {
            Commit::at(host(), reference)?
        }
        commit => commit?,
    };
    newly_hidden::say(now, &commit, &options.config, options)?;
    Ok(())
}

/// What the first look at an input gives.
enum FirstLook {
    Judged(Box<Judged>),
    /// A Terraform module, which is judged once it is known who calls it.
    Module(ModuleTexts, StackLinks),
}

impl FirstLook {
    /// With what the input turns out to be.
    fn of(input: Input, options: &Options) -> (Input, Self) {
        let module = match &input {
            Input::Standard { name } => ModuleTexts::standard(name, &options.host),
            _ => ModuleTexts::read(&input, &*options.host).map(|texts| Ok((input.clone(), texts))),
        };
        match module {
            Some(Ok((module, texts))) => {
                let links = called_modules::links(&texts);
                (module, Self::Module(texts, links))
            }
            Some(Err(problem)) => {
                let problems = vec![problem];
                let judged = Judged {
                    problems,
                    ..Judged::default()
                };
                (input, Self::Judged(Box::new(judged)))
            }
            None => {
                let judged = stack::judge(&input, options);
                (input, Self::Judged(Box::new(judged)))
            }
        }
    }

    fn links(&self) -> &StackLinks {
        match self {
            Self::Judged(judged) => &judged.links,
            Self::Module(_, links) => links,
        }
    }

    fn texts(&self) -> Option<&ModuleTexts> {
        match self {
            Self::Judged(_) => None,
            Self::Module(texts, _) => Some(texts),
        }
    }
}

/// `follows` says whether a module in a folder that nobody named may be read for those that call it.
fn analyse(
    found: Discovered,
    options: &Options,
    progress: &(dyn Fn(usize, usize) + Sync),
    follows: &dyn Fn(&Path) -> bool,
) -> Analysis {
    let Discovered {
        inputs,
        problems,
        mut unread,
    } = found;
    let done = AtomicUsize::new(0);
    let total = inputs.len();
    let tell = |more: usize| progress(done.fetch_add(more, Ordering::Relaxed) + more, total);
    let looks = each(inputs, options, |input: Input| {
        let look = FirstLook::of(input, options);
        if matches!(look, (_, FirstLook::Judged(_))) {
            tell(1);
        }
        look
    });
    let (inputs, looks): (Vec<Input>, Vec<FirstLook>) = looks.into_iter().unzip();
    let links = looks.iter().map(FirstLook::links);
    let mut links: Vec<_> = inputs.iter().zip(links).collect();
    let called = called_modules::find(&links, HashMap::new(), options, follows);
    unread.merge(called_modules::excluded(&called, options));
    links.extend(called.iter().map(|module| (&module.input, &module.links)));
    let groups = groups::groups(&*options.host, &links);
    let mut is_member = vec![false; links.len()];
    for &at in groups.iter().flatten() {
        is_member[at] = true;
    }
    let host = &*options.host;
    let named = groups.iter().map(|group| {
        let roots = group.iter().map(|&at| changes::root_of(links[at].0));
        roots.map(|root| shown(host, root)).collect()
    });
    let named: Vec<Vec<String>> = named.collect();
    let together = each(groups, options, |group: Vec<usize>| {
        let members = group.iter().map(|&at| match inputs.get(at) {
            Some(input) => (input, looks[at].texts()),
            None => {
                let module = &called[at - total];
                (&module.input, Some(&module.texts))
            }
        });
        let members: Vec<_> = members.collect();
        let judged = together::judge_together(&members, options);
        let counted = group.iter().filter(|&&at| {
            let look = looks.get(at);
            look.is_some_and(|look| look.texts().is_some())
        });
        tell(counted.count());
        judged
    });
    // What a group came to takes the places of all its members.
    let alone = looks.into_iter().zip(is_member);
    let alone = alone.filter_map(|(look, is_member)| (!is_member).then_some(look));
    let alone = each(alone.collect(), options, |look| match look {
        FirstLook::Judged(judged) => *judged,
        FirstLook::Module(texts, _) => {
            let judged = stack::judge_module(texts, options);
            tell(1);
            judged
        }
    });
    let judged = alone.into_iter().chain(together);
    let mut analysis = put_together(judged, problems, unread, options);
    analysis.groups = named;
    analysis.called = called
        .iter()
        .flat_map(|module| module.texts.names())
        .collect();
    analysis
}

/// Puts what the inputs came to one after the other, and ends what only all of them decide.
fn put_together(
    judged: impl IntoIterator<Item = Judged>,
    problems: Vec<Problem>,
    unread: Unread,
    options: &Options,
) -> Analysis {
    let mut analysis = Analysis {
        unread,
        ..Analysis::default()
    };
    for part in judged {
        analysis.add(part);
    }
    for problem in problems {
        analysis.add_problem(problem);
    }
    if options.fail_on_nothing && !options.skip_unknown {
        for problem in nothing_from(&analysis, options) {
            analysis.add_problem(problem);
        }
    }
    let whole = options.config.tree.is_whole(&options.paths);
    close_deployments(&mut analysis, options, whole);
    analysis.is_strict = options.strict;
    analysis.unite_plans();
    analysis.tell_roots_apart();
    close_ledger(&mut analysis, &options.config, whole);
    analysis.close_liabilities();
    ownership::assign(&mut analysis, options);
    weighing::weigh(&mut analysis, options);
    analysis.sort();
    hand_places::assign(&mut analysis, options);
    analysis
}

/// Says what was given to no template, once all are read.
fn close_deployments(analysis: &mut Analysis, options: &Options, whole: bool) {
    let config = &options.config;
    if config.deployments.is_empty() {
        return;
    }
    let findings = deployments::unmatched(
        config,
        &analysis.taken,
        &analysis.parameters,
        &analysis.read,
        &|deployment| {
            let paths = deployment.paths.as_ref();
            let mut starts = paths.into_iter().flat_map(config::Paths::starts).peekable();
            let is_some = starts.peek().is_some();
            whole || is_some && starts.all(|start| config.tree.is_read(&options.paths, &start))
        },
    );
    analysis.findings.extend(findings);
}

/// A problem for each path below which nothing was read, unless it is said already why not.
fn nothing_from(analysis: &Analysis, options: &Options) -> Vec<Problem> {
    let host = &*options.host;
    let mut met: BTreeSet<&str> = analysis.read.iter().map(String::as_str).collect();
    let about_input = |finding: &&Finding| finding.code.is_about_input();
    let problems = analysis.findings.iter().filter(about_input);
    met.extend(problems.map(|finding| &**finding.path()));
    let mut empty = Vec::new();
    for path in &options.paths {
        let seen = known_as(host, path);
        let name = match seen.to_str() {
            Some("-") => options
                .stdin_filename
                .clone()
                .unwrap_or("<stdin>".to_owned()),
            _ => shown(host, &seen),
        };
        let below = format!("{}/", name.trim_end_matches('/'));
        let any = name.is_empty() && !met.is_empty()
            || met.contains(name.as_str())
            || met
                .range(&*below..)
                .next()
                .is_some_and(|path| path.starts_with(&below));
        if !any {
            empty.push(Problem::Unreadable {
                path: if name.is_empty() {
                    ".".to_owned()
                } else {
                    name
                },
                message: "no template was read here".to_owned(),
            });
        }
    }
    empty
}

/// Ends the judgement of the ledger's reasons, once all files are read.
fn close_ledger(analysis: &mut Analysis, config: &Config, whole: bool) {
    let read: BTreeSet<&str> = analysis.read.iter().map(String::as_str).collect();
    let ledger = &mut analysis.ledger;
    let (findings, records) = unused::ledger(config, ledger, &read, analysis.terraform, whole);
    analysis.findings.extend(findings);
    analysis.records.extend(records);
}

/// Does the same with each item, side by side where that pays.
fn each<I: Send, O: Send>(
    items: Vec<I>,
    options: &Options,
    work: impl Fn(I) -> O + Sync,
) -> Vec<O> {
    let few = items.len() < FEW || options.threads == Some(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads.unwrap_or(0));
    let pool = (!few).then(|| pool.build().ok()).flatten();
    match pool {
        Some(pool) => pool.install(|| items.into_par_iter().map(&work).collect()),
        None => items.into_iter().map(&work).collect(),
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod called_tests;

#[cfg(test)]
mod linked_tests;
