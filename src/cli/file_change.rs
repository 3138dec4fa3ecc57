//! The change of one file: shown as a diff, and stored whole or not at all.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use similar::{ChangeTag, TextDiff};

use super::{Exit, print, whole_file};
use crate::base::file_paths::raw;
use crate::host::Host;
use crate::host::door;
use crate::report::pretty::Style;
use crate::workspace::discover;

/// Lines around a change.
const CONTEXT: usize = 3;

/// The change of one file.
pub struct FileChange {
    file: PathBuf,
    /// The file, as it is shown.
    pub shown: String,
    encoding: Encoding,
    /// The file as it was read; `None` where there is none yet.
    bytes: Option<Vec<u8>>,
    before: String,
    after: String,
}

/// How a text is kept in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16Little,
    Utf16Big,
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

impl FileChange {
    /// A file as it is.
    pub fn of(host: &dyn Host, file: &Path, shown: &str, largest: u64) -> Result<Self, String> {
        let bytes = door::bytes(host, file, largest);
        let bytes = bytes.map_err(|error| format!("{shown}: {error}"))?;
        let before =
            discover::decoded(bytes.clone(), shown).map_err(|problem| problem.to_string())?;
        let encoding = Encoding::of(&bytes);
        if encoding.bytes(&before) != bytes {
            return Err(format!("{shown}: its encoding would not survive a change"));
        }
        Ok(Self {
            file: file.to_owned(),
            shown: shown.to_owned(),
            encoding,
            bytes: Some(bytes),
            after: before.clone(),
            before,
        })
    }

    /// Of UTF-8; without bytes where there is no file yet.
    pub fn of_text(
        file: PathBuf,
        shown: String,
        bytes: Option<Vec<u8>>,
        before: String,
        after: String,
    ) -> Self {
        Self {
            file,
            shown,
            encoding: Encoding::Utf8,
            bytes,
            before,
            after,
        }
    }

    /// The text as it was read.
    pub fn before(&self) -> &str {
        &self.before
    }

    /// The text as it will be.
    pub fn after(&self) -> &str {
        &self.after
    }

    /// What it is to become.
    pub fn set(&mut self, after: String) {
        self.after = after;
    }

    /// The change as a unified diff, as `patch` reads it.
    pub fn diff(&self) -> String {
        let diff = TextDiff::from_lines(&self.before, &self.after);
        let old = match self.bytes {
            Some(_) => format!("a/{}", self.shown),
            None => "/dev/null".to_owned(),
        };
        let mut all = format!("--- {old}\n+++ b/{}\n", self.shown);
        for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
            let _ = writeln!(all, "{}", hunk.header().to_string().trim_end());
            for change in hunk.iter_changes() {
                let text: &str = change.value();
                all.push(match change.tag() {
                    ChangeTag::Delete => '-',
                    ChangeTag::Insert => '+',
                    ChangeTag::Equal => ' ',
                });
                all.push_str(text);
                if !text.ends_with('\n') {
                    all.push_str("\n\\ No newline at end of file\n");
                }
            }
        }
        all
    }

    /// The change as a unified diff, on standard output.
    pub fn show(&self, style: &Style) -> Result<(), String> {
        let diff = self.diff();
        // A terminal is shown what it can bear; a file gets what `patch` can read.
        let raw = !std::io::IsTerminal::is_terminal(&std::io::stdout());
        let done = print(
            |out| match raw && !style.color {
                true => out.write_all(diff.as_bytes()),
                false => diff
                    .split_terminator('\n')
                    .try_for_each(|line| writeln!(out, "{}", style.diff_line(line, raw))),
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
            return whole_file::create(&self.file, &bytes)
                .map_err(|why| format!("{}: {why}", self.shown));
        };
        // What a link names is written, not the link.
        let file = raw(&self.file).canonicalize().map_err(failed)?;
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
