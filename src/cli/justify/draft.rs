//! A change that is not written yet: made in memory, judged there, shown, and stored whole or not at all.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstyle::AnsiColor;
use similar::{ChangeTag, TextDiff};

use super::judge::{judge, judge_files, judge_run};
use super::named_instances::Instances;
use super::target::{Scope, Target};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::blocks::Dialect;
use crate::cli::{Exit, print};
use crate::config::Home;
use crate::edit::{self, LedgerScope, WrittenReason};
use crate::host::door::{self, Door};
use crate::host::{Buffers, HostError, shown};
use crate::report::pretty::Style;
use crate::syntax::{self, Document};
use crate::workspace::discover;

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
    report: &Analysis,
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
    let instance = match &target.instances {
        Instances::One(key) => Some(key.clone()),
        Instances::All | Instances::Others => None,
    };
    let record = &WrittenReason {
        instance,
        ..record.clone()
    };
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
    Ok(Draft {
        file: file.clone(),
        shown: shown.to_owned(),
        encoding,
        bytes: Some(bytes),
        before,
        after,
    })
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
    let path = match target.scope(&|path| home.path(path)) {
        Scope::File(path) => Some(edit::plain_glob(&path)),
        Scope::Below(folder) => Some(format!("{}/**", edit::plain_glob(&folder))),
        Scope::Anywhere => None,
    };
    let root = target.root().map(|root| match home.path(root) {
        root if root.is_empty() => ".".to_owned(),
        root => edit::plain_glob(&root),
    });
    let scope = LedgerScope {
        path,
        address: &address,
        root,
    };
    let edits = edit::ledger(&before, &scope, record);
    let edits = edits.map_err(|refusal| format!("{shown}: {refusal}"))?;
    let after = edit::apply(&before, &edits);
    let present = options.config.ledger.clone();
    let ledger = home.entries(&after, present);
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
    .map_err(|why| format!("{shown}: {why}"))?;
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
