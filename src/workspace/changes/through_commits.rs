//! A workspace that goes from commit to commit: at each, it gives what [`crate::check`] would say of the commit checked out, on the day
//! of the commit, and judges only what the commit changes, or what its day does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;

use super::{Configuration, Stack, Workspace};
use crate::analysis::{Analysis, Decision, Judged};
use crate::base::LifecycleCode;
use crate::config::{Config, ConfigError, day};
use crate::host::commit::HistoryError;
use crate::host::history::{Stride, Walk};
use crate::host::{Host, shown};
use crate::reasons::endings;
use crate::workspace::discover;
use crate::workspace::out_of_sight::{self, Remembered};

/// What is judged, and by what.
#[derive(Clone, Debug, Default)]
pub struct ThroughCommits {
    /// Files and folders, seen from the root.
    pub paths: Vec<PathBuf>,
    /// Where nothing decides, assume the worst instead of the best.
    pub strict: bool,
    /// Threads to use.
    pub threads: Option<usize>,
    /// The configuration, at each commit as it was then; the nearest by default.
    pub config: Option<PathBuf>,
    /// No configuration counts.
    pub isolated: bool,
}

/// A walk, and what was judged where it stands.
#[derive(Debug)]
pub struct Passage {
    walk: Walk,
    workspace: Workspace,
    /// Whether anything has changed since the last answer, beside the stacks that are stale.
    is_touched: bool,
}

impl Passage {
    /// Stands at the first commit of a walk.
    #[must_use]
    pub fn new(walk: Walk, what: ThroughCommits) -> Self {
        let host: Arc<dyn Host> = Arc::clone(&walk.tree) as Arc<dyn Host>;
        let mut workspace = Workspace::new(host);
        // What was not there yet is nobody's mistake.
        workspace.passes_over_missing = true;
        let options = &mut workspace.options;
        options.readable_part = false;
        // Decisions that are moved are recognised by it.
        options.signatures = true;
        options.paths = what.paths;
        options.strict = what.strict;
        options.threads = what.threads;
        workspace.configuration = match what.config {
            _ if what.isolated => Configuration::None,
            Some(file) => Configuration::Named(file),
            None => Configuration::Nearest,
        };
        Self {
            walk,
            workspace,
            is_touched: true,
        }
    }

    /// Goes on to the next commit. What it changes is only noted until somebody asks.
    ///
    /// # Errors
    /// git stopped answering.
    pub fn step(&mut self) -> Result<Option<Stride>, HistoryError> {
        let stride = self.walk.step()?;
        if let Some(stride) = &stride {
            self.note(stride);
        }
        Ok(stride)
    }

    /// Whether the answer on a day may be another one than the last one.
    #[must_use]
    pub fn may_differ(&self, today: Date) -> bool {
        let workspace = &self.workspace;
        let before = workspace.options.today;
        self.is_touched
            || workspace.reconfigure
            || workspace.relist
            || workspace.stacks.iter().any(|stack| stack.is_stale)
            || before.is_none_or(|before| before != today && workspace.ages(before, today))
    }

    /// A place of the repository as it is shown.
    #[must_use]
    pub fn shown(&self, place: &str) -> String {
        let tree = &*self.walk.tree;
        shown(tree, &tree.top().join(place))
    }

    /// What there is to say of the commit where the walk stands, on a day that is not before the last one.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration of then.
    pub fn judge(&mut self, today: Date) -> Result<Analysis, ConfigError> {
        self.workspace.turn_to(today);
        self.is_touched = false;
        self.workspace.diagnose()
    }

    /// Says of what was known before and is out of sight what hides it. `renames` are new to old, as shown.
    pub fn say_out_of_sight(
        &self,
        now: &mut Analysis,
        known: &[Decision],
        renames: &BTreeMap<String, String>,
    ) {
        let remembered = Remembered {
            files: out_of_sight::files(known),
            when: "at the commit before".to_owned(),
            renames,
            is_tracked: &|_| true,
            other_repository: &|_| None,
        };
        out_of_sight::say(now, &remembered, &self.workspace.options);
    }

    /// Whether something stands at a path, as it is shown: a file, or a link to whatever holds it.
    #[must_use]
    pub fn stands(&self, path: &str) -> bool {
        out_of_sight::stands(&*self.walk.tree, Path::new(path))
    }

    /// Which of these files stood there already and hide what is in them: their names, as they are shown.
    #[must_use]
    pub fn hides<'p>(&self, paths: impl IntoIterator<Item = &'p str>) -> Vec<&'p str> {
        out_of_sight::hiding(paths, &self.workspace.options)
    }

    /// The configuration of the commit that was judged last.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.workspace.options.config
    }

    /// What kept it from reading a file of a commit, if anything did.
    #[must_use]
    pub fn failure(&self) -> Option<HistoryError> {
        self.walk.tree.failure()
    }

    fn note(&mut self, stride: &Stride) {
        let workspace = &mut self.workspace;
        let remembered = |workspace: &Workspace| (workspace.called.len(), workspace.groups.len());
        let before = remembered(workspace);
        let top = self.walk.tree.top();
        let mut links = None;
        for (place, put) in &stride.places {
            if put.is_link {
                // What stands below it, or what it names, is called by other names from now on.
                workspace.refresh();
                workspace.groups.clear();
                self.is_touched = true;
                continue;
            }
            let path = top.join(place);
            // What never holds a template changes no list of them, unless a folder comes or goes with it.
            let is_listed = put.stays || (discover::never(&path) && !put.moves_folder);
            workspace.touch(&path, is_listed);
            if !put.stays {
                workspace.forget_evidence();
            }
            self.is_touched |= path.file_name().is_some_and(|name| name == "CODEOWNERS");
            let links = links.get_or_insert_with(|| self.walk.tree.links());
            for (link, target) in &*links {
                if let Ok(below) = path.strip_prefix(target) {
                    let other: PathBuf = top.join(link).join(below).components().collect();
                    workspace.touch(&other, put.stays);
                    self.is_touched = true;
                }
            }
        }
        self.is_touched |= remembered(workspace) != before;
    }
}

impl Workspace {
    /// Another day has come: what it changes is judged again.
    fn turn_to(&mut self, today: Date) {
        let Some(before) = self.options.today.replace(today) else {
            return;
        };
        if before == today {
            return;
        }
        let config = &self.options.config;
        let all = ledger_ages(config, before, today);
        let turns = |judged: &Judged| all || ages(judged, config, before, today);
        self.groups.retain(|_, group| !turns(&group.judged));
        for stack in &mut self.stacks {
            let Stack {
                judged,
                digest,
                is_stale,
                ..
            } = stack;
            if turns(judged) {
                *is_stale = true;
                *digest = None;
            }
        }
    }

    /// Whether anything counts on one of two days only.
    fn ages(&self, from: Date, to: Date) -> bool {
        let config = &self.options.config;
        let stacks = self.stacks.iter().map(|stack| &stack.judged);
        let groups = self.groups.values().map(|group| &group.judged);
        ledger_ages(config, from, to) || stacks.chain(groups).any(|one| ages(one, config, from, to))
    }
}

/// Whether a reason of the ledger counts on one of two days only.
fn ledger_ages(config: &Config, from: Date, to: Date) -> bool {
    let mut entries = config.ledger.iter();
    entries.any(|entry| {
        let expires = entry.reason.expires.as_ref();
        expires.is_some_and(|field| turns(&field.text, config, from, to))
    })
}

/// Whether a reason counts, or a service is there, on one of two days only.
fn ages(judged: &Judged, config: &Config, from: Date, to: Date) -> bool {
    let records = judged.records.iter().map(|record| &record.reason);
    let mut services = judged.decisions.iter().flat_map(|decision| {
        let lifecycle = decision.lifecycle();
        lifecycle.map(|(entry, _)| entry)
    });
    let code = |entry, on| -> LifecycleCode { endings::standing(entry, on).0 };
    let settling = judged.decisions.iter();
    let settling = settling.filter_map(|one| Some(&one.justification.as_ref()?.reason));
    let mut reasons = records.chain(settling);
    reasons.any(|reason| {
        let expires = reason.expires.as_ref();
        expires.is_some_and(|field| turns(&field.text, config, from, to))
    }) || services.any(|entry| code(entry, from) != code(entry, to))
}

/// Whether an end is over, or too far away, on one of two days only.
fn turns(end: &str, config: &Config, from: Date, to: Date) -> bool {
    let Some(end) = day(end) else {
        return false;
    };
    let is_far = |on: Date| {
        let furthest = config.demands.furthest.as_ref();
        furthest.is_some_and(|limit| end > limit.last(on))
    };
    (end < from) != (end < to) || is_far(from) != is_far(to)
}
