//! Which block an address means.

use std::path::PathBuf;
use std::sync::Arc;

use globset::GlobMatcher;

use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::base::{Generator, LifecycleCode, construct_name};
use crate::blocks::Dialect;
use crate::config::address_glob;
use crate::edit::WrittenReason;
use crate::placement::Decision;
use crate::reasons::endings;

/// Ambiguous places that are listed.
const MOST_PLACES: usize = 12;

/// What one record speaks for: one block of one file, or all that a glob matches.
#[derive(Debug)]
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
    construct: Option<String>,
    /// What wrote the template.
    pub generator: Option<Generator>,
    /// Whether the address is a glob.
    pub is_glob: bool,
    /// Every decision that it speaks for: the file, the address and the name. A loop makes several of one block.
    pub covered: Vec<Covered>,
    /// What only a plan to leave settles, where nothing else about it needs a reason.
    leaving: Option<Leaving>,
}

/// What takes no new customers, or ends on a day.
#[derive(Clone, Debug)]
struct Leaving {
    ends: Option<Arc<str>>,
}

/// One decision that a record speaks for.
#[derive(Clone, Debug)]
pub struct Covered {
    pub path: Arc<str>,
    pub address: String,
    pub name: String,
    pub line: u32,
    /// Where the sound reason stands that it has already: the file, the line and the bytes.
    pub explained: Option<(Arc<str>, u32, Span)>,
}

impl Covered {
    fn of(decision: &Decision) -> Self {
        Self {
            path: Arc::clone(&decision.path),
            address: decision.address.clone(),
            name: decision.name().to_owned(),
            line: decision.start.line,
            explained: decision
                .justification
                .as_ref()
                .map(|one| (Arc::clone(&one.path), one.start.line, one.reason.place.span)),
        }
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
            covered: same.map(Covered::of).collect(),
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

    /// Its decisions that have a sound reason in the block's own file: each with the line and the bytes.
    pub fn explained(&self) -> impl Iterator<Item = (&Covered, u32, Span)> {
        self.covered.iter().filter_map(|one| {
            let (path, line, span) = one.explained.as_ref()?;
            (*path == self.path).then_some((one, *line, *span))
        })
    }

    /// Whether a record can only be in the ledger.
    pub fn needs_ledger(&self) -> bool {
        self.is_glob || self.generator.is_some() || self.block.is_empty()
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
    pub fn scope(&self, seen: &dyn Fn(&str) -> String) -> Scope {
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

    /// What the record speaks for besides.
    pub fn also(&self) -> Vec<&str> {
        let own = construct_name(&self.address);
        let others = self.covered.iter();
        let others = others.filter(|one| one.address != self.address && one.name != own);
        others.map(|one| one.name.as_str()).collect()
    }
}

/// The file and the block in which a reason for a decision stands; no block where it can only be in the ledger.
fn spot(decision: &Decision) -> (&Arc<str>, Span) {
    match &decision.written {
        Some(written) => (&written.path, written.block),
        None => (&decision.path, decision.block),
    }
}

/// Whether an address means a decision: word for word, or all instances of a block.
fn means(decision: &Decision, address: &str) -> bool {
    is_called(decision, address) || bare(&decision.address) == address
}

/// Whether an address is that of a decision, or the path of its construct.
fn is_called(decision: &Decision, address: &str) -> bool {
    let construct = decision.construct.as_deref();
    decision.address == address || construct.is_some_and(|own| own == construct_name(address))
}

/// What a glob matches, as an entry of the ledger would.
fn matching(decision: &Decision, glob: &GlobMatcher, is_construct: bool) -> bool {
    let construct = decision.construct.as_deref().filter(|_| is_construct);
    glob.is_match(&decision.address) || construct.is_some_and(|own| glob.is_match(own))
}

/// An address without the key of its last instance.
fn bare(address: &str) -> &str {
    if !address.ends_with(']') {
        return address;
    }
    // A key in quotes may hold brackets itself.
    let start = if address.ends_with("\"]") {
        address.rfind("[\"")
    } else {
        address.rfind('[')
    };
    start.map_or(address, |start| &address[..start])
}

/// The one block that an address means.
pub fn find(report: &Analysis, address: &str, path: Option<&str>) -> Result<Target, String> {
    let here = |decision: &&Decision| {
        path.is_none_or(|path| *path == *decision.path || *path == **spot(decision).0)
    };
    let all: Vec<&Decision> = report.decisions.iter().filter(here).collect();
    let exact: Vec<&Decision> = all
        .iter()
        .copied()
        .filter(|d| is_called(d, address))
        .collect();
    let meant = if exact.is_empty() {
        all.iter().copied().filter(|d| means(d, address)).collect()
    } else {
        exact
    };
    let open: Vec<usize> = report
        .findings
        .iter()
        .filter_map(|finding| finding.decision)
        .collect();
    let owes = |decision: &Decision| {
        let open = open
            .iter()
            .any(|at| std::ptr::eq(&raw const report.decisions[*at], decision));
        open || decision.justification.is_some()
    };
    if meant.is_empty() && address.contains(['*', '?']) {
        let glob = address_glob(address)?;
        let is_construct = address.contains('/');
        let matched = all
            .iter()
            .copied()
            .filter(|d| matching(d, &glob, is_construct));
        let owing: Vec<&Decision> = matched.filter(|decision| owes(decision)).collect();
        let Some(first) = owing.first() else {
            return Err(format!("no fallback has an address that {address} matches"));
        };
        return Ok(Target {
            is_glob: true,
            covered: owing.iter().map(|decision| Covered::of(decision)).collect(),
            ..Target::of(report, first, address)
        });
    }
    let mut places: Vec<&Decision> = Vec::new();
    let owing = |decision: &&Decision| owes(decision) || leaving(decision).is_some();
    for decision in meant.iter().copied().filter(owing) {
        let known = places.iter().any(|other| spot(other) == spot(decision));
        if !known {
            places.push(decision);
        }
    }
    match (places.as_slice(), meant.first()) {
        ([one], _) => Ok(Target::of(report, one, address)),
        ([], Some(decision)) if has_ended(decision) => Err(format!(
            "{address} has ended, and what has ended can't be settled by a reason: sfl check says what to move to"
        )),
        ([], Some(decision)) => Err(format!(
            "{address} is on rung {} of 4 of the {} ladder, which needs no reason",
            decision.rung.number(),
            decision.ladder().title
        )),
        ([], None) => Err(unknown(report, &all, address)),
        (several, _) => Err(ambiguous(several, address)),
    }
}

/// The plan to leave that a decision needs, if it needs no other reason. What has ended is settled by none.
fn leaving(decision: &Decision) -> Option<Leaving> {
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
fn has_ended(decision: &Decision) -> bool {
    let mut endings = decision.endings.iter();
    endings.any(|ending| ending.code == LifecycleCode::Ended)
}

fn ambiguous(places: &[&Decision], address: &str) -> String {
    let shown = places.iter().take(MOST_PLACES);
    let shown = shown.map(|decision| {
        let construct = decision.construct.as_ref();
        let construct = construct.map_or_else(String::new, |own| format!(" {own}"));
        let (path, start, _) = decision.place();
        format!("\n  {path}:{}{construct}", start.line)
    });
    let mut list: String = shown.collect();
    if places.len() > MOST_PLACES {
        list.push_str(&format!("\n  and {} more", places.len() - MOST_PLACES));
    }
    let apart = places
        .iter()
        .any(|place| spot(place).0 != spot(places[0]).0);
    let way = match (apart, shared_end(places)) {
        (true, Some(end)) => {
            format!("choose one with --path FILE or by its construct, or take all with '*/{end}'")
        }
        (true, None) => "choose one with --path FILE".to_owned(),
        (false, _) => "they are in one file: write the reason by hand".to_owned(),
    };
    format!("{address} is the address of several blocks; {way}:{list}")
}

/// The last parts that the constructs of all places share: they are stages of one.
fn shared_end(places: &[&Decision]) -> Option<String> {
    let mut constructs = places.iter().map(|place| place.construct.as_deref());
    let mut shared: Vec<&str> = constructs.next()??.split('/').collect();
    for construct in constructs {
        let parts = construct?.rsplit('/').zip(shared.iter().rev());
        let same = parts.take_while(|(a, b)| a == *b).count();
        shared.drain(..shared.len() - same);
    }
    (shared.len() > 1).then(|| shared.join("/"))
}

fn unknown(report: &Analysis, all: &[&Decision], address: &str) -> String {
    let owner = all.iter().find(|decision| {
        let members = decision.members.iter().chain(&decision.shown_members);
        members.into_iter().any(|member| member == address)
    });
    if let Some(owner) = owner {
        let owner = owner.name();
        return format!(
            "{address} only serves {owner}: give the reason there, with sfl justify {owner}"
        );
    }
    let mut helpers = report.machinery.iter();
    let helper = helpers.find(|one| {
        one.address == address || one.construct.as_deref() == Some(construct_name(address))
    });
    if let Some(helper) = helper {
        return format!(
            "{address} is deployment machinery and needs no reason: {}",
            helper.why
        );
    }
    let open = report
        .findings
        .iter()
        .filter_map(|finding| finding.decision);
    let open = open.map(|at| {
        let decision = &report.decisions[at];
        if address.contains('/') {
            decision.name()
        } else {
            &decision.address
        }
    });
    let mut near: Vec<(usize, &str)> = open
        .map(|other| (strsim::damerau_levenshtein(other, address), other))
        .filter(|(distance, other)| {
            *distance <= 2 || other.eq_ignore_ascii_case(address) || other.ends_with(address)
        })
        .collect();
    near.sort_unstable();
    let near = near.first();
    let hint = near.map(|(_, other)| format!("; did you mean {other}?"));
    format!(
        "no hosting choice has the address {address}{}",
        hint.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_its_instance_is_that_of_the_block() {
        assert_eq!(bare("aws_instance.web[0]"), "aws_instance.web");
        assert_eq!(
            bare("module.a[\"x\"].aws_instance.web[\"a[1]\"]"),
            "module.a[\"x\"].aws_instance.web"
        );
        assert_eq!(
            bare("module.a[0].aws_instance.web"),
            "module.a[0].aws_instance.web"
        );
        assert_eq!(bare("Web"), "Web");
    }
}
