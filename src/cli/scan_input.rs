//! A line of a stream: what it names, opened and judged.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use base64::engine::general_purpose::STANDARD;
use base64::read::DecoderReader;
use jiff::civil::Date;
use serde::Deserialize;

use super::disk;
use crate::compare::Compared;
use crate::config::{Config, Tree};
use crate::host::{Host, Memory, archive, history};
use crate::report::scan::ScannedInput;
use crate::workspace::shown_findings;
use crate::{HistoryError, Options, check as judge};

/// One line, as it comes in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    id: Option<serde_json::Value>,
    name: Option<String>,
    path: Option<String>,
    content: Option<String>,
    archive: Option<String>,
    repository: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
}

/// What every input is judged by.
pub struct Terms {
    pub strict: bool,
    /// The configuration of all of them; else each has its own.
    pub config: Option<Config>,
    pub isolated: bool,
    pub today: Date,
    /// Bytes of an archive's files.
    pub most: u64,
}

impl Terms {
    /// Judges what a line names; `input` is told what that is.
    ///
    /// # Errors
    /// Why it can't be looked at.
    pub fn scan(&self, line: &[u8], input: &mut ScannedInput) -> Result<Compared, String> {
        let line = line.trim_ascii();
        if line.first() != Some(&b'{') {
            return Err("it is no JSON object".to_owned());
        }
        let sent: Sent = serde_json::from_slice(line).map_err(|error| match error.is_data() {
            true => without_place(&error.to_string()),
            false => format!("it is no JSON: {}", without_place(&error.to_string())),
        })?;
        input.id = sent.id;
        input.name = sent.name.map(|name| named(&name)).transpose()?;
        let mut past = None;
        let host: Arc<dyn Host> = match (sent.path, sent.archive, sent.repository, sent.content) {
            (Some(path), None, None, Some(content)) if sent.reference.is_none() => {
                input.path = Some(path.clone());
                if !is_below(&path) {
                    return Err("its `path` does not stay below the root".to_owned());
                }
                Arc::new(Memory::new(self.today).with(path, content))
            }
            (None, Some(name), None, content) if sent.reference.is_none() => {
                input.archive = Some(name.clone());
                let found = match content {
                    Some(content) => {
                        let bytes = DecoderReader::new(content.as_bytes(), &STANDARD);
                        archive::read(bytes, self.today, self.most)
                    }
                    None => {
                        let opened = disk().open(Path::new(&name));
                        let opened = opened.map_err(|error| format!("{name}: {error}"))?;
                        archive::read(opened.bytes, self.today, self.most)
                    }
                };
                let found = found.map_err(|error| format!("the archive: {error}"))?;
                input.left_out = found.left_out;
                Arc::new(found.files)
            }
            (None, None, Some(repository), None) => {
                input.repository = Some(repository.clone());
                let reference = sent.reference.unwrap_or_else(|| "HEAD".to_owned());
                input.reference = Some(reference.clone());
                let found = history::at_commit(Path::new(&repository), &reference, self.today);
                let (tree, commit) = found.map_err(|error| match error {
                    HistoryError::NoRepository(why) => format!("no git repository: {why}"),
                    error => error.to_string(),
                })?;
                input.commit = Some(commit);
                past = Some(Arc::clone(&tree));
                tree
            }
            _ => {
                return Err(
                    "it needs `path` and `content`, or `archive`, or `repository` and `ref`"
                        .to_owned(),
                );
            }
        };
        let config = match (&self.config, self.isolated) {
            (_, true) => Ok(Config::unset(&host)),
            (Some(shared), _) => Ok(Config {
                tree: Tree::around(&host, None),
                ..shared.clone()
            }),
            (None, _) => Config::find(&host, None),
        };
        let config = config.map_err(|error| {
            let mut faults = error.findings.iter();
            let first = faults
                .next()
                .map(|one| format!("{}: {}", one.path(), one.message));
            format!("its configuration: {}", first.unwrap_or_default())
        })?;
        let options = Options {
            paths: vec![PathBuf::from(".")],
            config,
            strict: self.strict,
            threads: Some(1),
            graph: true,
            signatures: true,
            today: Some(self.today),
            ..Options::on(host)
        };
        let mut report = judge(&options, &|_, _| {});
        shown_findings::select(&mut report, &options.config);
        match past.and_then(|tree| tree.failure()) {
            Some(error) => Err(error.to_string()),
            None => Ok(report.into()),
        }
    }
}

/// The words of an error without the place in a line that may be megabytes long, and is one line of many.
fn without_place(error: &str) -> String {
    let end = error.rfind(" at line ").unwrap_or(error.len());
    error[..end].to_owned()
}

/// Whether a path stays where it begins.
fn is_below(path: &str) -> bool {
    let mut parts = Path::new(path).components();
    !path.is_empty() && parts.all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// What a repository is called: a path below nothing.
fn named(name: &str) -> Result<String, String> {
    let parts = || name.split('/');
    match parts().all(|part| !matches!(part, "" | "." | "..")) && !name.contains('\\') {
        true => Ok(name.to_owned()),
        false => Err(format!("`{name}` is no name: `shop`, or `team-a/shop`")),
    }
}
