//! Records that settle nothing. Judged only for what was read.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::faults::Fault;
use super::records::{Record, RecordId, Verdicts};
use crate::base::finding::Finding;
use crate::base::reason::{Reason, Stray};
use crate::config::{Config, LedgerEntry, from_base};
use crate::placement::Rung;

/// What the resource is that a record stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A decision that needs no reason on its rung.
    Fine(Rung),
    /// A member of this primary.
    Member(String),
    /// No hosting choice.
    Plumbing,
    /// Only the deployment uses it, and why.
    Machinery(String),
    /// The record stands on the whole template.
    Whole,
}

/// Why a record settles nothing.
#[must_use]
pub fn why(standing: &Standing, address: &str) -> Fault {
    Fault::Unused(match standing {
        Standing::Fine(Rung::Serverless) => {
            format!("{address} is on rung 1, which needs no reason")
        }
        Standing::Fine(rung) => format!(
            "{address} is on rung {}, which is accepted here",
            rung.number()
        ),
        Standing::Member(primary) => {
            format!("{address} belongs to {primary}, and the reason counts there")
        }
        Standing::Plumbing => format!("{address} is not a hosting choice"),
        Standing::Machinery(why) => format!("{address} is deployment machinery: {why}"),
        Standing::Whole => "no fallback in the template needs it".to_owned(),
    })
}

/// Why a record in a template stands for nothing.
#[must_use]
pub fn stray(why: Stray, reason: &Reason) -> Fault {
    let key = reason.instance.as_ref().map_or("", |key| key.text.trim());
    match why {
        Stray::NoBlock
        | Stray::NestedBlock
        | Stray::NoResource
        | Stray::NoObject
        | Stray::OtherLetters => Fault::Misplaced(why),
        Stray::Text | Stray::NotUnderSlashes => Fault::OtherForm(why, under_slashes(reason)),
        Stray::NoInstance => {
            Fault::Unused(format!("its block has no instance with the key `{key}`"))
        }
        Stray::NoneLeft => {
            Fault::Unused("each instance of its block has a reason of its own".to_owned())
        }
    }
}

/// How a record is written in Terraform JSON, as far as it says something.
fn under_slashes(reason: &Reason) -> String {
    let fields = [
        ("because", &reason.because),
        ("reason", &reason.reason),
        ("owner", &reason.owner),
        ("expires", &reason.expires),
        ("evidence", &reason.evidence),
        ("by", &reason.by),
        ("for", &reason.instance),
    ];
    let quoted = fields.into_iter().filter_map(|(name, field)| {
        let always = matches!(name, "because" | "reason").then_some("...");
        let text = field.as_ref().map(|field| &*field.text).or(always)?;
        Some(format!("\"{name}\": {}", serde_json::to_string(text).ok()?))
    });
    let fields = quoted.collect::<Vec<_>>().join(", ");
    format!("\"//\": {{ \"sfl\": {{ {fields} }} }}")
}

/// What became of the ledger in a whole run. `read` are the files by the path that is shown, `whole` says that the run
/// read all that the configuration speaks of.
#[must_use]
pub fn ledger(
    config: &Config,
    verdicts: &mut Verdicts,
    read: &BTreeSet<&str>,
    terraform: bool,
    whole: bool,
) -> (Vec<Finding>, Vec<Record>) {
    let mut findings = Vec::new();
    let mut records = Vec::new();
    let read = Read {
        paths: read,
        seen: RefCell::default(),
    };
    for (at, entry) in config.ledger.iter().enumerate() {
        let id = RecordId::Ledger(at);
        let judged = verdicts.needs(id) || is_judged(entry, &read, terraform, whole);
        if judged && !verdicts.needs(id) {
            let why = "no fallback in the files that were read needs it";
            verdicts.charge(id, Fault::Unused(why.to_owned()), "", Vec::new());
        }
        let scope = entry.scope.clone();
        let (found, record) = verdicts.close(id, &entry.reason, &entry.source, scope, judged);
        findings.extend(found);
        records.push(record);
    }
    (findings, records)
}

/// The files that were read.
struct Read<'r> {
    paths: &'r BTreeSet<&'r str>,
    /// The same, as they are seen from where a ledger stands.
    seen: RefCell<FxHashMap<String, FxHashSet<String>>>,
}

impl Read<'_> {
    /// Whether there is a file of this path, as it is seen from `base`.
    fn has(&self, base: &str, path: &str) -> bool {
        let mut seen = self.seen.borrow_mut();
        if !seen.contains_key(base) {
            let all = self.paths.iter().map(|path| from_base(base, path));
            seen.insert(base.to_owned(), all.collect());
        }
        seen.get(base).is_some_and(|all| all.contains(path))
    }
}

/// Whether everything that an entry may speak of was read: its own file, or all files. One that names no path and an
/// address of Terraform may speak of a plan, which stands in no tree: it is judged only where Terraform was read. One of a construct without a path is never unused.
fn is_judged(entry: &LedgerEntry, read: &Read<'_>, terraform: bool, whole: bool) -> bool {
    if let Some(path) = &entry.literal_path {
        return read.has(entry.base(), path);
    }
    let read = read.paths;
    if entry.path.is_some() {
        return whole && read.iter().any(|path| entry.matches_path(path));
    }
    // What the CDK writes is often not there, either.
    let is_construct = entry.is_construct && !entry.scope.contains("[\"");
    whole && !read.is_empty() && !is_construct && (terraform || !entry.scope.contains('.'))
}
