//! What one record speaks for, and where it goes.

use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::base::{Generator, LifecycleCode, construct_name};
use crate::blocks::Dialect;
use crate::edit::{self, LedgerScope, WrittenReason};
use crate::placement::Decision;
use crate::reasons::endings;

use super::find::means;
use super::named_instances::Instances;
use super::standing_reasons::{LedgerPlace, SoundReason};

/// What one record speaks for: one block of one file, or all that a glob matches.
#[derive(Clone, Debug)]
pub struct Target {
    /// As it was asked for.
    pub address: String,
    /// The file of the first decision, as it is shown.
    pub path: Arc<str>,
    /// The file.
    pub file: PathBuf,
    /// The block in it.
    pub block: Span,
    pub dialect: Dialect,
    /// The construct that the block comes from.
    pub construct: Option<String>,
    /// What wrote the template.
    pub generator: Option<Generator>,
    /// Whether the address is a glob.
    pub is_glob: bool,
    /// For which instances of the block it is.
    pub instances: Instances,
    /// The address for all that it speaks for, where the ledger has to name them together.
    pub together: Option<String>,
    /// Every decision that it speaks for: the file, the address and the name. A loop makes several of one block.
    pub covered: Vec<Covered>,
    /// What else a glob matches, which has a reason already.
    pub reasoned: Vec<Covered>,
    /// The entry of the ledger that says why already, for all of it and nothing else: a new reason goes there.
    pub entry: Option<LedgerPlace>,
    /// Entries of the ledger for some of it and nothing else, which count before one for all of it: they get the new reason, too.
    pub narrower: Vec<LedgerPlace>,
    /// What only a plan to leave settles, where nothing else about it needs a reason.
    pub leaving: Option<Leaving>,
}

/// What takes no new customers, or ends on a day.
#[derive(Clone, Debug)]
pub struct Leaving {
    ends: Option<Arc<str>>,
}

/// One decision that a record speaks for.
#[derive(Clone, Debug)]
pub struct Covered {
    pub path: Arc<str>,
    /// The folder of the root that makes it, if that is not where it stands.
    pub root: Option<Arc<str>>,
    pub address: String,
    pub name: String,
    pub line: u32,
    /// The sound reason that it has already.
    pub explained: Option<SoundReason>,
    /// The kinds of reasons that the template speaks against.
    pub contradicted: Vec<&'static str>,
}

impl Covered {
    pub fn of(decision: &Decision) -> Self {
        Self {
            path: Arc::clone(&decision.path),
            root: decision.root.clone(),
            address: decision.address.clone(),
            name: decision.name().to_owned(),
            line: decision.start.line,
            explained: decision.justification.as_ref().map(SoundReason::of),
            contradicted: decision.contradicted.clone(),
        }
    }
}

impl Covered {
    /// Whether it is this one.
    pub fn is(&self, decision: &Decision) -> bool {
        self.path == decision.path && self.address == decision.address && self.root == decision.root
    }
}

/// The files that an entry of the ledger is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// This one.
    File(String),
    /// Everything in and below a folder.
    Below(String),
    /// It names none.
    Anywhere,
}

impl Target {
    /// The block of a decision.
    pub fn of(report: &Analysis, decision: &Decision, address: &str) -> Self {
        let (path, block) = spot(decision);
        let same = report.decisions.iter().filter(|other| {
            if block.is_empty() && decision.dialect == Dialect::Plan {
                other.path == decision.path && means(other, address)
            } else {
                spot(other) == (path, block)
            }
        });
        Self {
            address: address.to_owned(),
            path: Arc::clone(path),
            file: PathBuf::from(&**path),
            block,
            dialect: decision.dialect,
            construct: decision.construct.clone(),
            generator: decision.generator,
            is_glob: false,
            instances: Instances::All,
            together: None,
            covered: same.map(Covered::of).collect(),
            reasoned: Vec::new(),
            entry: None,
            narrower: Vec::new(),
            leaving: leaving(decision),
        }
    }

    /// Refuses a reason that would settle nothing.
    pub fn accepts(&self, record: &WrittenReason) -> Result<(), String> {
        let Some(Leaving { ends }) = &self.leaving else {
            return Ok(());
        };
        let before = ends
            .as_deref()
            .map_or_else(String::new, |day| format!(" before {day}"));
        let expires = record.expires.as_deref();
        let in_time = expires.is_some_and(|end| ends.as_deref().is_none_or(|last| end < last));
        if record.because == endings::LEAVING && in_time {
            return Ok(());
        }
        Err(format!(
            "{} needs a plan to leave: --because {} and --expires with a day{before}",
            self.address,
            endings::LEAVING
        ))
    }

    /// A plan keeps no comments, but the block that it was made from does, where that is at hand.
    pub fn is_plan(&self) -> bool {
        self.dialect == Dialect::Plan
    }

    /// Whether it came from standard input.
    pub fn is_standard_input(&self) -> bool {
        &*self.path == "<stdin>"
    }

    /// Its decisions that have a sound reason, each with that.
    pub fn explained(&self) -> impl Iterator<Item = (&Covered, &SoundReason)> {
        let covered = self.covered.iter();
        covered.filter_map(|one| Some((one, one.explained.as_ref()?)))
    }

    /// The kinds of reasons that the template speaks against, for any of what it speaks for.
    pub fn contradicted(&self) -> impl Iterator<Item = &'static str> {
        let covered = self.covered.iter();
        covered.flat_map(|one| one.contradicted.iter().copied())
    }

    /// Whether its record goes into the ledger; `asked` if the call says so.
    pub fn goes_to_ledger(&self, asked: bool) -> bool {
        asked || self.needs_ledger() || self.entry.is_some()
    }

    /// Whether a record can only be in the ledger.
    pub fn needs_ledger(&self) -> bool {
        self.is_glob
            || self.generator.is_some()
            || self.block.is_empty()
            || self.instances == Instances::Others
    }

    /// Whether its resource can have an AWS Context, where no generator writes the template anew each time.
    pub fn takes_context(&self) -> Result<(), String> {
        let why = match self.dialect {
            Dialect::Terraform | Dialect::Plan => "AWS Context is for CloudFormation and SAM",
            Dialect::CloudFormation if self.is_glob => "a glob names no one resource",
            Dialect::CloudFormation if self.generator.is_none() && self.block.is_empty() => {
                "it has no block of its own"
            }
            Dialect::CloudFormation => return Ok(()),
        };
        Err(format!(
            "--context: {} cannot have one: {why}",
            self.address
        ))
    }

    /// What an entry of the ledger speaks of; `seen` gives a path as the ledger sees it.
    pub fn ledger_scope(&self, seen: &dyn Fn(&str) -> String) -> LedgerScope {
        let path = match self.scope(seen) {
            Scope::File(path) => Some(edit::plain_glob(&path)),
            Scope::Below(folder) => Some(format!("{}/**", edit::plain_glob(&folder))),
            Scope::Anywhere => None,
        };
        let root = self.root().map(|root| match seen(root) {
            root if root.is_empty() => ".".to_owned(),
            root => edit::plain_glob(&root),
        });
        LedgerScope {
            path,
            address: self.entry_address(),
            root,
            entry: self.entry.as_ref().map(|entry| entry.start),
            widens: self.entry.as_ref().is_some_and(|entry| entry.is_narrower),
        }
    }

    /// The address as an entry of the ledger has it.
    pub fn entry_address(&self) -> String {
        if self.is_glob {
            return self.address.clone();
        }
        if self.generator.is_some()
            && let Some(construct) = &self.construct
        {
            return construct.clone();
        }
        if let Some(together) = &self.together {
            return together.clone();
        }
        let is_of = |covered: &Covered, address: &str| {
            covered.address == address || covered.name == construct_name(address)
        };
        match self.covered.iter().find(|one| is_of(one, &self.address)) {
            Some(one) => one.address.clone(),
            // The address of a block is that of all its instances.
            None => format!("{}[*]", self.address),
        }
    }

    /// The files that an entry of the ledger is for, as the ledger sees them: a plan has another name each time, or none, and what a
    /// generator writes is in one folder.
    fn scope(&self, seen: &dyn Fn(&str) -> String) -> Scope {
        if self.is_plan() || self.is_standard_input() {
            return Scope::Anywhere;
        }
        let paths: Vec<String> = self.covered.iter().map(|one| seen(&one.path)).collect();
        let first = paths.first().cloned().unwrap_or_else(|| seen(&self.path));
        let generated = |path| Generator::folder(path).map(|(_, folder)| folder);
        if let Some(folder) = generated(&first).filter(|_| self.is_glob || self.construct.is_some())
            && paths.iter().all(|path| generated(path) == Some(folder))
        {
            return Scope::Below(folder.to_owned());
        }
        if paths.iter().all(|path| *path == first) {
            return Scope::File(first);
        }
        let folder = |path: &str| -> Vec<String> {
            let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
            folders.split('/').map(str::to_owned).collect()
        };
        let mut shared = folder(&first);
        for path in &paths {
            let other = folder(path);
            let same = shared
                .iter()
                .zip(&other)
                .take_while(|(a, b)| a == b)
                .count();
            shared.truncate(same);
        }
        match shared.join("/") {
            shared if shared.is_empty() || shared.ends_with("..") => Scope::Anywhere,
            shared => Scope::Below(shared),
        }
    }

    /// The folder of the root whose decisions an entry of the ledger is for, if those are of one and stand elsewhere.
    fn root(&self) -> Option<&str> {
        let first = self.covered.first()?.root.as_deref()?;
        let mut all = self.covered.iter();
        all.all(|one| one.root.as_deref() == Some(first))
            .then_some(first)
    }

    /// What the record speaks for besides.
    pub fn also(&self) -> Vec<&str> {
        if self.together.is_some() {
            return Vec::new();
        }
        let own = construct_name(&self.address);
        let others = self.covered.iter();
        let others = others.filter(|one| one.address != self.address && one.name != own);
        others.map(|one| one.name.as_str()).collect()
    }
}

/// The file and the block in which a reason for a decision stands; no block where it can only be in the ledger.
pub fn spot(decision: &Decision) -> (&Arc<str>, Span) {
    match &decision.written {
        Some(written) => (&written.path, written.block),
        None => (&decision.path, decision.block),
    }
}

/// The plan to leave that a decision needs, if it needs no other reason. What has ended is settled by none.
pub fn leaving(decision: &Decision) -> Option<Leaving> {
    if decision.fallback {
        return None;
    }
    let open = decision.endings.iter();
    let mut open = open
        .filter(|ending| ending.code != LifecycleCode::Ended)
        .peekable();
    open.peek()?;
    let days = open.filter_map(|ending| decision.rule.lifecycle[ending.number].ends.as_deref());
    Some(Leaving {
        ends: days.min().map(Arc::from),
    })
}

/// Whether something that it is built on is no longer there.
pub fn has_ended(decision: &Decision) -> bool {
    let mut endings = decision.endings.iter();
    endings.any(|ending| ending.code == LifecycleCode::Ended)
}
