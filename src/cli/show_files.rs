//! `sfl check --show-files`: every file that is read or left out, and why.

use std::io::{self, Write};

use super::{Exit, print, say};
use crate::analysis::unread::BY_CALL;
use crate::analysis::{Analysis, UnreadItem, UnreadKind};
use crate::report::Style;

/// What becomes of a file, the file, and why.
type Row = (String, &'static str, String);

/// Shows them, by path.
pub fn show(analysis: &Analysis, style: &Style) -> Exit {
    let rows = rows(analysis);
    let widest = rows.iter().map(|(_, word, _)| word.len()).max();
    let widest = widest.unwrap_or(0);
    let exit = print(|out| write(&rows, widest, style, out), style.color);
    if rows.is_empty() {
        say("note: there is no file here that may hold a template");
    }
    match analysis.unreadable {
        0 => exit,
        _ => Exit::Failed,
    }
}

fn write(rows: &[Row], widest: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (path, word, why) in rows {
        let path = style.plain(path);
        let why = match why.is_empty() {
            true => String::new(),
            false => style.faint(&format!(": {}", style.plain(why))),
        };
        let word = format!("{word:widest$}");
        let word = match word.trim_end() {
            "read" => style.strong(&word),
            _ => style.faint(&word),
        };
        writeln!(out, "{word}  {path}{why}")?;
    }
    Ok(())
}

fn rows(analysis: &Analysis) -> Vec<Row> {
    let why = String::new;
    let read = analysis.read.iter();
    let mut rows: Vec<Row> = read.map(|path| (path.clone(), "read", why())).collect();
    let skipped = analysis.skipped_files.iter();
    rows.extend(skipped.map(|path| (path.clone(), "skipped", "no template".to_owned())));
    let broken = analysis.findings.iter();
    let broken = broken.filter(|finding| finding.code.is_about_input());
    rows.extend(broken.map(|finding| {
        let path = finding.path().to_string();
        (path, "unreadable", finding.message.clone())
    }));
    for (kind, group) in analysis.unread.groups() {
        let Some((word, by_default)) = word(kind) else {
            continue;
        };
        rows.extend(group.items.iter().filter_map(|item| {
            let UnreadItem { path, why, .. } = item;
            let why = why.clone().filter(|why| !why.is_empty());
            let why = match why {
                Some(why) if why == BY_CALL => format!("by {why}"),
                Some(why) => why,
                None => by_default.to_owned(),
            };
            Some((path.clone()?, word, why))
        }));
    }
    rows.sort();
    rows.dedup();
    rows
}

/// What is said of files of a kind, and why where the item does not say it; nothing of what is no file.
fn word(kind: UnreadKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        UnreadKind::Ignored => ("ignored", "by an ignore file"),
        UnreadKind::Excluded => ("excluded", "by sfl.toml"),
        UnreadKind::Refused => ("not opened", ""),
        UnreadKind::LeftOut => ("left out", "by default; name it to read it"),
        UnreadKind::TerraformSyntax => (
            "not read",
            "Terragrunt makes Terraform's configuration of it",
        ),
        _ => return None,
    })
}
