//! A change that is not written yet: made in memory, judged there, shown, and stored whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstyle::AnsiColor;
use similar::{ChangeTag, TextDiff};

use super::target::{Scope, Target};
use crate::Options;
use crate::base::finding::{Finding, Severity};
use crate::base::source::Span;
use crate::blocks::Dialect;
use crate::cli::{Exit, print};
use crate::config::Home;
use crate::edit::{self, WrittenReason};
use crate::host::door::{self, Door};
use crate::host::{Buffers, Host, HostError, shown};
use crate::placement::{Decision, Reason};
use crate::report::pretty::Style;
use crate::syntax::{self, Document};
use crate::workspace::{discover, stack};

/// The most that a template may hold.
const LARGEST: u64 = 512 << 20;
/// Lines around a change.
const CONTEXT: usize = 3;

/// The change of one file.
pub struct Draft {
    file: PathBuf,
    /// The file, as it is shown.
    pub shown: String,
    encoding: Encoding,
    /// The file as it was read; `None` where there is none yet.
    bytes: Option<Vec<u8>>,
    before: String,
    after: String,
}

impl Draft {
    /// Whether what stands at some bytes of the file is gone afterwards.
    pub fn loses(&self, span: Span) -> bool {
        let range = span.start as usize..span.end as usize;
        let old = self.before.get(range);
        old.is_some_and(|old| !self.after.contains(old))
    }
}

/// How a text is kept in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
}

/// A record on the block itself, or in its context.
pub fn in_template(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    as_context: bool,
) -> Result<Draft, String> {
    let file = &target.file;
    let shown = &*target.path;
    let bytes = door::bytes(&*options.host, file, LARGEST);
    let bytes = bytes.map_err(|error| format!("{shown}: {error}"))?;
    let before = discover::decoded(bytes.clone(), shown).map_err(|problem| problem.to_string())?;
    let encoding = Encoding::of(&bytes);
    if encoding.bytes(&before) != bytes {
        return Err(format!("{shown}: its encoding would not survive a change"));
    }
    let document = parsed(&before, shown).map_err(|error| format!("{shown}: {error}"))?;
    let edits = match target.dialect {
        Dialect::CloudFormation if as_context => edit::context(&document, target.block, record),
        Dialect::CloudFormation => edit::cloudformation(&document, target.block, record),
        _ => edit::terraform(&document, target.block, record),
    };
    let edits = edits.map_err(|refusal| {
        format!(
            "{shown}: {} cannot take a record: {refusal}; --ledger writes it into the ledger",
            target.address
        )
    })?;
    let after = edit::apply(&before, &edits);
    if target.is_plan() {
        judge_plan(target, record, options, &after)?;
    } else {
        judge(target, record, options, &before, &after)?;
    }
    Ok(Draft {
        file: file.clone(),
        shown: shown.to_owned(),
        encoding,
        bytes: Some(bytes),
        before,
        after,
    })
}

/// A record in the ledger.
pub fn in_ledger(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    config: Option<&Path>,
) -> Result<Draft, String> {
    let host = &*options.host;
    let home = Home::find(host, config);
    let shown = shown(host, &home.file);
    let found = Door::new(host).named(&home.file);
    let bytes = match found.and_then(|_| door::bytes(host, &home.file, door::LARGEST_SETTING)) {
        Ok(bytes) => Some(bytes),
        Err(HostError::Missing) => None,
        Err(error) => return Err(format!("{shown}: {error}")),
    };
    let before = String::from_utf8(bytes.clone().unwrap_or_default())
        .map_err(|_| format!("{shown}: it is not UTF-8"))?;
    let address = target.entry_address();
    let edits = match target.scope(&|path| home.path(path)) {
        Scope::File(path) => edit::ledger(&before, Some(&path), &address, record),
        Scope::Below(folder) => edit::ledger_below(&before, &folder, &address, record),
        Scope::Anywhere => edit::ledger(&before, None, &address, record),
    };
    let edits = edits.map_err(|refusal| format!("{shown}: {refusal}"))?;
    let after = edit::apply(&before, &edits);
    let mut paths: Vec<PathBuf> = Vec::new();
    for covered in &target.covered {
        let path = match &*covered.path {
            "<stdin>" => PathBuf::from("-"),
            path => PathBuf::from(path),
        };
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let mut options = Options {
        paths,
        strict: options.strict,
        today: options.today,
        config: options.config.clone(),
        ..Options::on(Arc::clone(&options.host))
    };
    let old = crate::check(&options, &|_, _| {});
    let ledger = std::mem::take(&mut options.config.ledger);
    options.config.ledger = home.entries(&after, ledger);
    let new = crate::check(&options, &|_, _| {});
    no_new_fault(&old.findings, &new.findings)?;
    let own = |decision: &&Decision| {
        let mut covered = target.covered.iter();
        covered.any(|one| one.path == decision.path && one.address == decision.address)
    };
    let open = |at: usize| {
        new.findings
            .iter()
            .any(|finding| finding.decision == Some(at))
    };
    let unsettled = new.decisions.iter().enumerate().find(|(at, decision)| {
        let says = decision.justification.as_ref();
        own(decision)
            && !says.is_some_and(|own| edit::says(&own.reason, record))
            && (open(*at) || says.is_some())
    });
    if let Some((_, decision)) = unsettled {
        return Err(format!(
            "{shown}: an entry for {} would not settle it: another reason counts first",
            decision.name()
        ));
    }
    Ok(Draft {
        file: home.file,
        shown,
        encoding: Encoding::Utf8,
        bytes,
        before,
        after,
    })
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

/// Whether the change does what it should and nothing else: the same decisions, this one settled, and no new fault.
fn judge(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    before: &str,
    after: &str,
) -> Result<(), String> {
    let (name, address) = (&*target.path, &target.address);
    let old = stack::judge_text(name, before, options);
    let new = stack::judge_text(name, after, options);
    no_new_fault(&old.findings, &new.findings)?;
    let same = old.decisions.len() == new.decisions.len()
        && old
            .decisions
            .iter()
            .zip(&new.decisions)
            .all(|(old, new)| old.address == new.address && old.rung == new.rung);
    if !same || !new.problems.is_empty() {
        return Err(format!(
            "{name}: a record on {address} would change more than its reason"
        ));
    }
    let owed = |at: usize, decision: &Decision| {
        decision.block == target.block
            && (decision.justification.is_some()
                || old
                    .findings
                    .iter()
                    .any(|finding| finding.decision == Some(at)))
    };
    let settled = old.decisions.iter().enumerate().zip(&new.decisions);
    let settled = settled.into_iter().all(|((at, old), new)| {
        let own = new.justification.as_ref();
        // One that is for this instance alone goes on to count for it.
        let is_said = |reason: &Reason| reason.instance.is_some() || edit::says(reason, record);
        !owed(at, old) || own.is_some_and(|own| is_said(&own.reason))
    });
    if !settled {
        return Err(format!(
            "{name}: a record on {address} would not settle it: another one counts first"
        ));
    }
    Ok(())
}

/// The same of a plan whose source is changed: the run is judged again as if the change were written.
fn judge_plan(
    target: &Target,
    record: &WrittenReason,
    options: &Options,
    after: &str,
) -> Result<(), String> {
    let (name, address) = (&*target.path, &target.address);
    let changed = Buffers::over(Arc::clone(&options.host));
    changed.set(&target.file, after);
    let on = |host: Arc<dyn Host>| Options {
        paths: options.paths.clone(),
        strict: options.strict,
        today: options.today,
        config: options.config.clone(),
        ..Options::on(host)
    };
    let old = crate::check(&on(Arc::clone(&options.host)), &|_, _| {});
    let new = crate::check(&on(Arc::new(changed)), &|_, _| {});
    no_new_fault(&old.findings, &new.findings)?;
    let said = |decision: &Decision| {
        let own = decision.justification.as_ref();
        own.is_some_and(|own| edit::says(&own.reason, record))
    };
    let is_open = |at: usize| {
        let mut findings = new.findings.iter();
        findings.any(|finding| finding.decision == Some(at))
    };
    let mut covered = new.decisions.iter().enumerate().filter(|(_, decision)| {
        let mut covered = target.covered.iter();
        covered.any(|one| one.path == decision.path && one.address == decision.address)
    });
    if covered
        .any(|(at, decision)| !said(decision) && (is_open(at) || decision.justification.is_some()))
    {
        return Err(format!(
            "{name}: a record on {address} would not settle it: another one counts first"
        ));
    }
    Ok(())
}

/// Refuses what brings a fault that was not there.
fn no_new_fault(old: &[Finding], new: &[Finding]) -> Result<(), String> {
    let is_fault =
        |finding: &&Finding| finding.code.is_about_reasons() && finding.severity > Severity::Note;
    let known = |fault: &&Finding| {
        old.iter().filter(is_fault).any(|other| {
            (&other.code, &other.address, &other.message)
                == (&fault.code, &fault.address, &fault.message)
        })
    };
    match new.iter().filter(is_fault).find(|fault| !known(fault)) {
        Some(fault) => Err(format!("{}: {}", fault.code, fault.message)),
        None => Ok(()),
    }
}

impl Encoding {
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xfe, ..] => Self::Utf16Little,
            [0xfe, 0xff, ..] => Self::Utf16Big,
            _ => Self::Utf8,
        }
    }

    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16Little => {
                let units = text.encode_utf16().flat_map(u16::to_le_bytes);
                [0xff, 0xfe].into_iter().chain(units).collect()
            }
            Self::Utf16Big => {
                let units = text.encode_utf16().flat_map(u16::to_be_bytes);
                [0xfe, 0xff].into_iter().chain(units).collect()
            }
        }
    }
}

impl Draft {
    /// The change as a unified diff, on standard output.
    pub fn show(&self, style: &Style) -> Result<(), String> {
        let diff = TextDiff::from_lines(&self.before, &self.after);
        let old = match self.bytes {
            Some(_) => format!("a/{}", self.shown),
            None => "/dev/null".to_owned(),
        };
        let new = format!("b/{}", self.shown);
        // A terminal is shown what it can bear; a file gets what `patch` can read.
        let raw = !std::io::IsTerminal::is_terminal(&std::io::stdout());
        let done = print(
            |out| {
                let line = |text: &str| {
                    if raw {
                        text.to_owned()
                    } else {
                        style.plain(text).into_owned()
                    }
                };
                writeln!(out, "{}", style.strong(&format!("--- {}", line(&old))))?;
                writeln!(out, "{}", style.strong(&format!("+++ {}", line(&new))))?;
                for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
                    writeln!(out, "{}", style.lead(hunk.header().to_string().trim_end()))?;
                    for change in hunk.iter_changes() {
                        let text: &str = change.value();
                        let bare = text.trim_end_matches(['\n', '\r']);
                        let shown = if raw {
                            text.strip_suffix('\n').unwrap_or(text).to_owned()
                        } else {
                            line(bare)
                        };
                        let (sign, color) = match change.tag() {
                            ChangeTag::Delete => ('-', Some(AnsiColor::Red)),
                            ChangeTag::Insert => ('+', Some(AnsiColor::Green)),
                            ChangeTag::Equal => (' ', None),
                        };
                        let shown = format!("{sign}{shown}");
                        match color {
                            Some(color) => {
                                writeln!(out, "{}", style.paint(color.on_default(), &shown))?
                            }
                            None => writeln!(out, "{shown}")?,
                        }
                        if !text.ends_with('\n') {
                            writeln!(out, "\\ No newline at end of file")?;
                        }
                    }
                }
                Ok(())
            },
            style.color,
        );
        match done {
            Exit::Failed => Err("the change could not be shown".to_owned()),
            _ => Ok(()),
        }
    }

    /// Writes the file: a new one beside it takes its place, with its permissions, or nothing happens.
    pub fn store(&self) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.shown);
        let bytes = self.encoding.bytes(&self.after);
        let Some(old) = &self.bytes else {
            let new = fs::File::create_new(&self.file);
            return new
                .and_then(|mut file| file.write_all(&bytes))
                .map_err(failed);
        };
        // What a link names is written, not the link.
        let file = self.file.canonicalize().map_err(failed)?;
        if fs::read(&file).map_err(failed)? != *old {
            return Err(format!(
                "{}: it has changed in the meantime; nothing was written",
                self.shown
            ));
        }
        let permissions = fs::metadata(&file).map_err(failed)?.permissions();
        if permissions.readonly() {
            return Err(format!("{}: it is read-only", self.shown));
        }
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut new = tempfile::Builder::new()
            .prefix(".sfl-")
            .tempfile_in(folder)
            .map_err(failed)?;
        new.write_all(&bytes).map_err(failed)?;
        new.as_file().set_permissions(permissions).map_err(failed)?;
        new.as_file().sync_all().map_err(failed)?;
        new.persist(&file).map_err(|error| failed(error.error))?;
        Ok(())
    }
}
