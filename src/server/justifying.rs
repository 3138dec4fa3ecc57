//! A reason to fill in, where it belongs: on the resource, or in the ledger for what is written anew each time.

use std::path::{Path, PathBuf};

use super::standing::parsed;
use super::written_edit::{Blank, FileEdit, ReasonHome};
use crate::analysis::{Analysis, Decision, KINDS, likely_kind};
use crate::blocks::Dialect;
use crate::cli::target::Target;
use crate::config::Home;
use crate::edit::{self, WrittenReason};
use crate::host::door::{self, Door};
use crate::host::{Host, HostError, shown};
use crate::reasons::kinds;
use crate::workspace::{Options, discover};

/// What stands in the place of the words. As long as nobody writes them, the reason is a placeholder and settles nothing.
const WORDS: &str = "TODO: say why";
/// The same for the kind, where the template speaks against each.
const KIND: &str = "TODO: which kind";
/// The same for a day.
const DAY: &str = "YYYY-MM-DD";
/// The most that a template may hold.
const LARGEST: u64 = 512 << 20;

/// The edit that adds a reason for a decision; none where it has no place.
pub fn edit(options: &Options, analysis: &Analysis, decision: &Decision) -> Option<FileEdit> {
    let target = Target::of(analysis, decision, &decision.address);
    let contradicted: Vec<&str> = target.contradicted().collect();
    let (record, blanks) = blank(options, decision, &contradicted);
    if target.needs_ledger() {
        in_ledger(options, &target, &record, blanks)
    } else {
        in_template(options, &target, &record, blanks)
    }
}

/// A reason with everything that is asked of it still to be filled in.
fn blank(
    options: &Options,
    decision: &Decision,
    contradicted: &[&str],
) -> (WrittenReason, Vec<Blank>) {
    let because = likely_kind(decision.rung, contradicted).unwrap_or(KIND);
    // What the template speaks against would be said to be wrong as soon as it is chosen.
    let kinds_left = KINDS.iter().filter(|kind| !contradicted.contains(kind));
    let mut blanks = vec![
        Blank {
            word: WORDS.to_owned(),
            choices: Vec::new(),
        },
        Blank {
            word: because.to_owned(),
            choices: kinds_left.map(|kind| (*kind).to_owned()).collect(),
        },
    ];
    let kind = kinds::named(because);
    let mut needed = |field: &str, word: &str| {
        let by_kind = kind.is_some_and(|kind| kind.needs.iter().any(|need| need == field));
        let by_team = options
            .config
            .demands
            .require
            .iter()
            .any(|name| name == field);
        if !(by_kind || by_team) {
            return None;
        }
        let choices = Vec::new();
        let word = word.to_owned();
        blanks.push(Blank {
            word: word.clone(),
            choices,
        });
        Some(word)
    };
    let owner = decision.owner.as_ref().map(crate::analysis::Owner::text);
    let record = WrittenReason {
        because: because.to_owned(),
        reason: WORDS.to_owned(),
        owner: needed("owner", owner.as_deref().unwrap_or("TODO: who")),
        expires: needed("expires", DAY),
        evidence: needed("evidence", "TODO: a page or a file"),
        by: None,
        instance: None,
    };
    (record, blanks)
}

pub(super) fn text_of(host: &dyn Host, file: &Path, shown: &str) -> Option<String> {
    Door::new(host).named(file).ok()?;
    let bytes = door::bytes(host, file, LARGEST).ok()?;
    discover::decoded(bytes, shown).ok()
}

fn in_template(
    options: &Options,
    target: &Target,
    record: &WrittenReason,
    blanks: Vec<Blank>,
) -> Option<FileEdit> {
    let host = &*options.host;
    let before = text_of(host, &target.file, &target.path)?;
    let document = parsed(&before, &target.file);
    let edits = match target.dialect {
        Dialect::CloudFormation => edit::cloudformation(&document, target.block, record),
        Dialect::Terraform | Dialect::Plan => edit::terraform(&document, target.block, record),
    };
    let edits = edits.ok()?;
    Some(FileEdit {
        file: absolute(host, &target.file),
        shown: target.path.to_string(),
        kept: ReasonHome::Beside,
        before: Some(before),
        edits,
        blanks,
    })
}

fn in_ledger(
    options: &Options,
    target: &Target,
    record: &WrittenReason,
    blanks: Vec<Blank>,
) -> Option<FileEdit> {
    let host = &*options.host;
    let home = Home::find(host, None);
    let found = Door::new(host).named(&home.file);
    let before = match found.and_then(|_| door::bytes(host, &home.file, door::LARGEST_SETTING)) {
        Ok(bytes) => Some(String::from_utf8(bytes).ok()?),
        Err(HostError::Missing) => None,
        Err(_) => return None,
    };
    let scope = target.ledger_scope(&|path| home.path(path));
    let edits = edit::ledger(before.as_deref().unwrap_or_default(), &scope, record).ok()?;
    Some(FileEdit {
        shown: shown(host, &home.file),
        file: absolute(host, &home.file),
        kept: ReasonHome::Ledger,
        before,
        edits,
        blanks,
    })
}

pub(super) fn absolute(host: &dyn Host, file: &Path) -> PathBuf {
    crate::host::lexical(&host.root().join(file))
}
