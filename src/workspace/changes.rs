//! A result that follows its texts: what changes is judged again, everything else is remembered.

#![warn(missing_docs)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::called_modules::UnnamedModule;
use super::discover::{self, Discovered, Input};
use super::stack::{self, Judged};
use super::together::Member;
use super::{Options, called_modules, each, groups, put_together, together};
use crate::analysis::{Analysis, Unread};
use crate::base::finding::Problem;
use crate::blocks::Dialect;
use crate::config::{Config, ConfigError};
use crate::host::door::Door;
use crate::host::{Buffers, Host, HostError, ReadOnce, lexical, shown};

mod through_commits;

pub use through_commits::{Passage, ThroughCommits};

/// A folder and the texts that are open in it, as an editor holds them.
///
/// A text that is open hides the file of its path, which need not be there. [`Workspace::diagnose`] gives what [`crate::check`]
/// would say of the same texts, and judges only what has changed since the last time: the template, or the Terraform module whose
/// file it is. A change of the configuration, the ledger or the team's own rules judges all of them again.
#[derive(Debug)]
pub struct Workspace {
    buffers: Arc<Buffers>,
    configuration: Configuration,
    options: Options,
    /// In the order of the inputs.
    stacks: Vec<Stack>,
    problems: Vec<Problem>,
    unread: Unread,
    /// Modules that stacks call and that are none of them, by their places.
    called: HashMap<PathBuf, UnnamedModule>,
    /// Stacks that name each other, by the files or folders that they are.
    groups: HashMap<Vec<PathBuf>, Group>,
    /// Where each stack's file or folder is in `stacks`.
    places: HashMap<PathBuf, usize>,
    /// What the files of the configuration held.
    settings: Option<u64>,
    /// Whether the configuration has to be looked at again.
    reconfigure: bool,
    /// Whether the files have to be listed again.
    relist: bool,
    /// Whether what was named need not be there.
    passes_over_missing: bool,
}

/// Which configuration counts.
#[derive(Clone, Debug)]
enum Configuration {
    Nearest,
    Named(PathBuf),
    None,
}

#[derive(Debug)]
struct Stack {
    input: Input,
    judged: Judged,
    /// Of the texts that were judged.
    digest: Option<u64>,
    is_stale: bool,
}

/// Stacks that name each other, judged together.
#[derive(Debug)]
struct Group {
    judged: Judged,
    /// Of the texts that were judged.
    digests: Vec<Option<u64>>,
}

impl Workspace {
    /// Everything below the host's root, by the nearest `sfl.toml`.
    #[must_use]
    pub fn new(host: Arc<dyn Host>) -> Self {
        let buffers = Arc::new(Buffers::over(host));
        let options = Options {
            paths: vec![PathBuf::from(".")],
            // What is being typed is broken most of the time.
            readable_part: true,
            ..Options::on(Arc::clone(&buffers) as Arc<dyn Host>)
        };
        Self {
            buffers,
            configuration: Configuration::Nearest,
            options,
            stacks: Vec::new(),
            problems: Vec::new(),
            unread: Unread::default(),
            called: HashMap::new(),
            groups: HashMap::new(),
            places: HashMap::new(),
            settings: None,
            reconfigure: true,
            relist: true,
            passes_over_missing: false,
        }
    }

    /// Only these files and folders.
    #[must_use]
    pub fn with_paths(mut self, paths: Vec<PathBuf>) -> Self {
        self.options.paths = paths;
        self
    }

    /// By this configuration, whatever stands nearer.
    #[must_use]
    pub fn with_config(mut self, file: PathBuf) -> Self {
        self.configuration = Configuration::Named(file);
        self
    }

    /// By no configuration.
    #[must_use]
    pub fn isolated(mut self) -> Self {
        self.configuration = Configuration::None;
        self
    }

    /// Where nothing decides, assume the worst instead of the best.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.options.strict = true;
        self
    }

    /// With the graph of it all: every resource, plumbing too, and what it refers to.
    #[must_use]
    pub fn with_graph(mut self) -> Self {
        self.options.graph = true;
        self
    }

    /// Where its texts come from, and by which configuration the last answer was given.
    #[doc(hidden)]
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Opens a text under a path, which is absolute or seen from the host's root.
    pub fn open(&mut self, path: impl AsRef<Path>, text: impl Into<Arc<str>>) {
        self.change(path, text);
    }

    /// Puts another text in the place of an open one.
    pub fn change(&mut self, path: impl AsRef<Path>, text: impl Into<Arc<str>>) {
        let path = path.as_ref();
        let was_there = self.buffers.look(path).is_ok();
        self.buffers.set(path, text);
        self.touch(path, was_there);
    }

    /// Closes a text: what the host holds under its path counts again.
    pub fn close(&mut self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        if self.buffers.remove(path) {
            let is_there = self.buffers.look(path).is_ok();
            self.touch(path, is_there);
        }
    }

    /// Looks at everything again that the host holds: files were saved, made or removed behind the workspace's back. What holds the
    /// same text is not judged again.
    pub fn refresh(&mut self) {
        self.reconfigure = true;
        self.relist = true;
        self.called.clear();
        for stack in &mut self.stacks {
            stack.is_stale = true;
            // Its own texts may be the same and those that it reads not.
            if !stack.judged.asked.is_empty() {
                stack.digest = None;
            }
        }
        self.forget_evidence();
        self.forget_sources();
    }

    /// What there is to say now.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration; nothing is judged by a faulty one.
    pub fn diagnose(&mut self) -> Result<Analysis, ConfigError> {
        self.configure()?;
        self.list();
        let options = &self.options;
        let stale = self.stacks.iter_mut().filter(|stack| stack.is_stale);
        each(stale.collect(), options, |stack: &mut Stack| {
            let changed = stack::judge_changed(&stack.input, options, stack.digest);
            if let Some((judged, digest)) = changed {
                stack.judged = judged;
                stack.digest = digest;
            }
            stack.is_stale = false;
        });
        let (groups, is_member) = self.group();
        let mut unread = self.unread.clone();
        unread.merge(called_modules::excluded(
            self.called.values(),
            &self.options,
        ));
        let alone = self.stacks.iter().zip(is_member);
        let judged = alone.map(|(stack, is_member)| match is_member {
            true => Judged::default(),
            false => stack.judged.clone(),
        });
        let together = groups.iter().map(|group| self.groups[group].judged.clone());
        let judged = judged.chain(together);
        let problems = self.problems.clone();
        let mut analysis = put_together(judged, problems, unread, &self.options);
        let host = &*self.options.host;
        let groups = groups.iter().map(|group| {
            let roots = group.iter().map(|root| shown(host, root));
            roots.collect()
        });
        analysis.groups = groups.collect();
        let called = self.called.values();
        analysis.called = called.flat_map(|module| module.texts.names()).collect();
        Ok(analysis)
    }

    /// Judges stacks that name each other, where any of them has changed. Gives the groups, in order, and which stacks are in one.
    fn group(&mut self) -> (Vec<Vec<PathBuf>>, Vec<bool>) {
        let options = &self.options;
        let all = self.stacks.iter();
        let mut links: Vec<_> = all
            .map(|stack| (&stack.input, &stack.judged.links))
            .collect();
        let called = std::mem::take(&mut self.called);
        let called = called_modules::find(&links, called, options, &|_| true);
        links.extend(called.iter().map(|module| (&module.input, &module.links)));
        let groups = groups::groups(&*options.host, &links);
        let mut is_member = vec![false; links.len()];
        for &at in groups.iter().flatten() {
            is_member[at] = true;
        }
        let mut known = std::mem::take(&mut self.groups);
        let mut names = Vec::with_capacity(groups.len());
        for group in groups {
            let members = group.iter().map(|&at| match self.stacks.get(at) {
                Some(stack) => ((&stack.input, None), stack.digest),
                None => {
                    let module = &called[at - self.stacks.len()];
                    let digest = module.texts.digest();
                    ((&module.input, Some(&module.texts)), digest)
                }
            });
            let (members, digests): (Vec<Member<'_>>, Vec<_>) = members.unzip();
            let name: Vec<PathBuf> = members
                .iter()
                .map(|(input, _)| root_of(input).to_owned())
                .collect();
            let before = known
                .remove(&name)
                .filter(|group| group.digests == digests && !digests.contains(&None));
            let group = before.unwrap_or_else(|| {
                let judged = together::judge_together(&members, options);
                Group { judged, digests }
            });
            self.groups.insert(name.clone(), group);
            names.push(name);
        }
        let called = called.into_iter();
        self.called = called
            .map(|module| (module.place.clone(), module))
            .collect();
        (names, is_member)
    }

    /// A text under this path is another one now. `known` says that the path itself was there before and still is.
    fn touch(&mut self, path: &Path, known: bool) {
        let place = self.place(path);
        let name = path.file_name().unwrap_or_default();
        let ends = |end: &str| name.as_encoded_bytes().ends_with(end.as_bytes());
        let is_named =
            matches!(&self.configuration, Configuration::Named(file) if self.place(file) == place);
        let mut given = self.options.config.deployment_files.iter();
        let gives = given.any(|file| *file == place);
        self.reconfigure |= is_named || gives || ends(".toml");
        self.relist |= !known
            || name == ".ignore"
            || name == ".gitignore"
            || path.iter().any(|part| part == ".git");
        if !known {
            self.forget_evidence();
        }
        let is_asked = |judged: &Judged| {
            let mut around = place.ancestors();
            !judged.asked.is_empty() && around.any(|place| judged.asked.contains(place))
        };
        for stack in &mut self.stacks {
            if is_asked(&stack.judged) {
                stack.is_stale = true;
                stack.digest = None;
            }
        }
        self.groups.retain(|_, group| !is_asked(&group.judged));
        let module = discover::is_terraform(path) || ends(".tfvars.json") || ends(".tfvars");
        if module {
            self.forget_sources();
        }
        let module = module.then(|| place.parent()).flatten();
        if let Some(folder) = module {
            self.called.remove(folder);
        }
        for place in [Some(&*place), module].into_iter().flatten() {
            if let Some(at) = self.places.get(place) {
                self.stacks[*at].is_stale = true;
            }
        }
    }

    /// What is there and what is not has changed, and a reason may rest on it.
    fn forget_evidence(&mut self) {
        let ledger = &self.options.config.ledger;
        let listed = ledger.iter().any(|entry| entry.reason.evidence.is_some());
        let rests = |judged: &Judged| {
            let mut records = judged.records.iter();
            listed || records.any(|record| record.reason.evidence.is_some())
        };
        self.groups.retain(|_, group| !rests(&group.judged));
        for stack in &mut self.stacks {
            if rests(&stack.judged) {
                stack.is_stale = true;
                stack.digest = None;
            }
        }
    }

    /// The ledger is another one now: what it spoke of, or speaks of, is judged again.
    fn forget_listed(&mut self) {
        let ledger = &self.options.config.ledger;
        let speaks = |judged: &Judged| {
            !judged.ledger.is_empty()
                || judged.decisions.iter().any(|decision| {
                    let written = decision.written.as_ref().map(|written| &written.path);
                    let mut paths = std::iter::once(&decision.path).chain(written);
                    paths.any(|path| {
                        let construct = decision.construct.as_deref();
                        let entries = ledger.about(&decision.address, construct);
                        let mut entries = entries.into_iter();
                        entries.any(|(_, entry)| entry.matches(path, &decision.address, construct))
                    })
                })
        };
        self.groups.retain(|_, group| !speaks(&group.judged));
        for stack in &mut self.stacks {
            if speaks(&stack.judged) {
                stack.is_stale = true;
                stack.digest = None;
            }
        }
    }

    /// The blocks from which plans were made may be others now.
    fn forget_sources(&mut self) {
        for stack in &mut self.stacks {
            let mut decisions = stack.judged.decisions.iter();
            let mut owned = stack.judged.liabilities.iter();
            if decisions.any(|decision| decision.dialect == Dialect::Plan)
                || owned.any(|one| one.dialect == Dialect::Plan)
            {
                stack.is_stale = true;
                stack.digest = None;
            }
        }
    }

    fn place(&self, path: &Path) -> PathBuf {
        lexical(&self.buffers.root().join(path))
    }

    fn configure(&mut self) -> Result<(), ConfigError> {
        if !self.reconfigure {
            return Ok(());
        }
        // What the configuration is read from is remembered, to know whether any of it has changed.
        let kept = Arc::new(ReadOnce::over(Arc::clone(&self.buffers) as Arc<dyn Host>));
        let host: Arc<dyn Host> = Arc::clone(&kept) as Arc<dyn Host>;
        let config = match &self.configuration {
            Configuration::Nearest => Config::find(&host, None)?,
            Configuration::Named(file) => Config::find(&host, Some(file))?,
            Configuration::None => Config::unset(&host),
        };
        let settings = Some(kept.digest());
        if settings != self.settings {
            let before = std::mem::replace(&mut self.options.config, config);
            let is_known = self.settings.is_some();
            self.settings = settings;
            if is_known && before.differs_by_ledger_only(&self.options.config) {
                self.forget_listed();
            } else {
                self.stacks.clear();
                self.called.clear();
                self.groups.clear();
                self.relist = true;
            }
        }
        self.reconfigure = false;
        Ok(())
    }

    fn list(&mut self) {
        if !self.relist {
            return;
        }
        let Discovered {
            inputs,
            problems,
            unread,
        } = self.options.inputs();
        self.problems = problems;
        if self.passes_over_missing {
            let host = &*self.options.host;
            let door = Door::new(host);
            let missing = self.options.paths.iter().filter_map(|path| {
                let path = path.strip_prefix(".").unwrap_or(path);
                let found = door.named(path);
                matches!(found, Err(HostError::Missing)).then(|| shown(host, path))
            });
            let missing: Vec<String> = missing.collect();
            self.problems.retain(|problem| match problem {
                Problem::Unreadable { path, .. } => !missing.contains(path),
                Problem::Broken { .. } => true,
            });
        }
        self.unread = unread;
        let mut known: HashMap<PathBuf, Stack> = HashMap::new();
        for stack in self.stacks.drain(..) {
            known.insert(root_of(&stack.input).to_owned(), stack);
        }
        for input in inputs {
            let old = known.remove(root_of(&input));
            // A module with more files, or fewer, is read again, and judged if it reads differently.
            let stack = match old {
                Some(stack) if stack.input == input => stack,
                Some(stack) => Stack {
                    input,
                    is_stale: true,
                    ..stack
                },
                None => Stack {
                    input,
                    judged: Judged::default(),
                    digest: None,
                    is_stale: true,
                },
            };
            self.stacks.push(stack);
        }
        let places = self.stacks.iter().enumerate();
        let places = places.map(|(at, stack)| (self.place(root_of(&stack.input)), at));
        self.places = places.collect();
        self.relist = false;
    }
}

/// The file or folder that an input is.
pub(super) fn root_of(input: &Input) -> &Path {
    match input {
        Input::File { path, .. } => path,
        Input::Module { folder, .. } => folder,
        Input::Standard { name } => Path::new(name),
    }
}
