//! A change that is not written yet: made in memory, judged there, shown, and stored whole or not at all.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::judge::{judge, judge_files, judge_run};
use super::many::PlacedRecord;
use super::named_instances::Instances;
use super::target::Target;
use crate::Options;
use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::blocks::Dialect;
use crate::cli::file_change::FileChange;
use crate::config::{Home, Ledger};
use crate::edit::{self, Edit, LedgerScope, WrittenReason};
use crate::host::door::{self, Door};
use crate::host::{Buffers, HostError, shown};
use crate::syntax::{self, Document};
use crate::workspace::discover;

/// The most that a template may hold.
const LARGEST: u64 = 512 << 20;

/// A record on the block itself, or in its context.
pub fn in_template(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    as_context: bool,
    report: &Analysis,
) -> Result<FileChange, String> {
    let file = &target.file;
    let shown = &*target.path;
    let mut draft = FileChange::of(&*options.host, file, shown, LARGEST)?;
    let before = draft.before().to_owned();
    let record = &on_block(target, record);
    let document = parsed(&before, shown).map_err(|error| format!("{shown}: {error}"))?;
    let edits = edits(&document, target, record, as_context)?;
    let after = edit::apply(&before, &edits);
    match target.dialect {
        Dialect::CloudFormation => judge(target, record, options, &before, &after)?,
        Dialect::Terraform | Dialect::Plan => {
            let host = Buffers::over(Arc::clone(&options.host));
            host.set(&target.file, &*after);
            let changed = Options {
                paths: options.paths.clone(),
                strict: options.strict,
                today: options.today,
                config: options.config.clone(),
                ..Options::on(Arc::new(host))
            };
            judge_run(target, record, &changed, report).map_err(|why| format!("{shown}: {why}"))?;
        }
    }
    draft.set(after);
    Ok(draft)
}

/// What writes a record onto a block.
fn edits(
    document: &Document<'_>,
    target: &Target,
    record: &WrittenReason,
    as_context: bool,
) -> Result<Vec<Edit>, String> {
    let edits = match target.dialect {
        Dialect::CloudFormation if as_context => edit::context(document, target.block, record),
        Dialect::CloudFormation => edit::cloudformation(document, target.block, record),
        _ => edit::terraform(document, target.block, record),
    };
    edits.map_err(|refusal| {
        format!(
            "{}: {} cannot take a record: {refusal}; --ledger writes it into the ledger",
            target.path, target.address
        )
    })
}

/// The records of one file, each on its block. Whoever writes them judges them.
pub fn of_many(
    all: &[PlacedRecord],
    options: &Options,
    as_context: bool,
) -> Result<FileChange, String> {
    let Some(first) = all.first() else {
        return Err("no block is named".to_owned());
    };
    let shown = &*first.target.path;
    let mut draft = FileChange::of(&*options.host, &first.target.file, shown, LARGEST)?;
    let before = draft.before().to_owned();
    let document = parsed(&before, shown).map_err(|error| format!("{shown}: {error}"))?;
    let mut written: Vec<Edit> = Vec::new();
    for one in all {
        written.extend(edits(&document, &one.target, &one.record, as_context)?);
    }
    draft.set(together(&before, written).map_err(|why| format!("{shown}: {why}"))?);
    Ok(draft)
}

/// Changes of several places, made at once.
fn together(before: &str, mut edits: Vec<Edit>) -> Result<String, String> {
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let overlaps = |pair: &[Edit]| pair[1].span.start < pair[0].span.end;
    if edits.windows(2).any(overlaps) {
        return Err(
            "the records would stand in each other's place: write one after the other".to_owned(),
        );
    }
    Ok(edit::apply(before, &edits))
}

/// Records in the ledger, and the entries that it has then. Whoever writes them judges them.
pub fn ledger_of_many<'r>(
    all: impl Iterator<Item = (&'r Target, &'r WrittenReason)>,
    options: &Options,
    config: Option<&Path>,
) -> Result<(FileChange, Ledger), String> {
    let host = &*options.host;
    let home = Home::find(host, config);
    let shown = shown(host, &home.file);
    let found = Door::new(host).named(&home.file);
    let bytes = match found.and_then(|_| door::bytes(host, &home.file, door::LARGEST_SETTING)) {
        // One that the configuration names and that is not there yet is an empty one to this run.
        Ok(bytes) if bytes.is_empty() && !home.file.exists() => None,
        Ok(bytes) => Some(bytes),
        Err(HostError::Missing) => None,
        Err(error) => return Err(format!("{shown}: {error}")),
    };
    let before = String::from_utf8(bytes.clone().unwrap_or_default())
        .map_err(|_| format!("{shown}: it is not UTF-8"))?;
    let mut known = BTreeSet::new();
    let mut edits: Vec<Edit> = Vec::new();
    for (target, record) in all {
        let mut there = target.entry.iter().chain(&target.narrower);
        if let Some(entry) = there.find(|entry| *entry.path != *shown) {
            return Err(format!(
                "the reason for {} stands in {}:{}, which is not the ledger: change it there by hand",
                target.address, entry.path, entry.line
            ));
        }
        let scope = target.ledger_scope(&|path| home.path(path));
        // A construct of several templates has one entry.
        let key = (
            scope.path.clone(),
            scope.address.clone(),
            scope.root.clone(),
            scope.entry,
        );
        if !known.insert(key) {
            continue;
        }
        let own = edit::ledger(&before, &scope, record);
        let mut own = own.map_err(|refusal| format!("{shown}: {refusal}"))?;
        if before.is_empty() && !edits.is_empty() {
            own.iter_mut().for_each(|edit| edit.text.insert(0, '\n'));
        }
        edits.extend(own);
        for entry in &target.narrower {
            let scope = LedgerScope {
                entry: Some(entry.start),
                widens: false,
                ..scope.clone()
            };
            let same = edit::ledger(&before, &scope, record);
            edits.extend(same.map_err(|refusal| format!("{shown}: {refusal}"))?);
        }
    }
    let after = together(&before, edits).map_err(|why| format!("{shown}: {why}"))?;
    let entries = home.entries(&after, options.config.ledger.clone());
    let change = FileChange::of_text(home.file, shown, bytes, before, after);
    Ok((change, entries))
}

/// What a record on the block would take the place of.
pub fn written_over(target: &Target, options: &Options, as_context: bool) -> Vec<Span> {
    let found = || {
        let bytes = door::bytes(&*options.host, &target.file, LARGEST).ok()?;
        let text = discover::decoded(bytes, &target.path).ok()?;
        let document = parsed(&text, &target.path).ok()?;
        let record = on_block(target, &WrittenReason::default());
        let edits = edits(&document, target, &record, as_context).ok()?;
        Some(edits.into_iter().map(|edit| edit.span).collect())
    };
    if target.block.is_empty() {
        return Vec::new();
    }
    found().unwrap_or_default()
}

/// A record as a block has it.
fn on_block(target: &Target, record: &WrittenReason) -> WrittenReason {
    let instance = match &target.instances {
        Instances::One(key) => Some(key.clone()),
        Instances::All | Instances::Others => None,
    };
    WrittenReason {
        instance,
        ..record.clone()
    }
}

/// What the `why` of a block's context says already.
pub fn written_why(target: &Target, options: &Options) -> Option<String> {
    if target.needs_ledger() || target.takes_context().is_err() {
        return None;
    }
    let bytes = door::bytes(&*options.host, &target.file, LARGEST).ok()?;
    let text = discover::decoded(bytes, &target.path).ok()?;
    let document = parsed(&text, &target.path).ok()?;
    edit::written_why(&document, target.block)
}

/// A record in the ledger.
pub fn in_ledger(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    config: Option<&Path>,
    report: &Analysis,
) -> Result<FileChange, String> {
    let one = std::iter::once((target, record));
    let (change, ledger) = ledger_of_many(one, options, config)?;
    match target.dialect {
        Dialect::CloudFormation => judge_files(target, record, options, ledger),
        Dialect::Terraform | Dialect::Plan => {
            let mut config = options.config.clone();
            config.ledger = ledger;
            let changed = Options {
                paths: options.paths.clone(),
                strict: options.strict,
                today: options.today,
                config,
                ..Options::on(Arc::clone(&options.host))
            };
            judge_run(target, record, &changed, report)
        }
    }
    .map_err(|why| format!("{}: {why}", change.shown))?;
    Ok(change)
}

/// As `sfl check` reads it.
fn parsed<'t>(text: &'t str, name: &str) -> Result<Document<'t>, syntax::ParseError> {
    if discover::is_terraform_syntax(Path::new(name)) {
        return syntax::hcl(text).strict();
    }
    let first = text.trim_start_matches('\u{feff}').trim_start();
    if !first.starts_with('{') {
        return syntax::yaml(text);
    }
    syntax::json(text).or_else(|error| match syntax::yaml(text) {
        Ok(document) if !name.ends_with(".json") => Ok(document),
        _ => Err(error),
    })
}
