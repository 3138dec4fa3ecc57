//! What the baseline of `sfl.toml` knows: `sfl check` doesn't say it, and an editor says what `sfl check` does.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Options;
use crate::analysis::Analysis;
use crate::base::finding::{Finding, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, ConfigCode};
use crate::cli::same_file;
use crate::compare::baseline::{Baseline, Held};
use crate::host::door::{self, Door};
use crate::host::{Host, HostError, shown};

/// The baseline as it was read last.
#[derive(Debug, Default)]
pub struct KnownFallbacks {
    file: PathBuf,
    text: String,
    held: Option<Result<Held, String>>,
}

impl KnownFallbacks {
    /// Leaves out what is known. Where the baseline can't be read, everything stays, and that is said where it is named.
    pub fn leave_out(&mut self, analysis: &mut Analysis, options: &Options) {
        let Some(file) = &options.config.baseline else {
            *self = Self::default();
            return;
        };
        let host = &*options.host;
        let called = shown(host, file);
        let text = match Door::new(host).text(file, door::LARGEST_BASELINE) {
            Ok(text) => text,
            Err(error) => {
                let why = match error {
                    HostError::Missing => format!(
                        "there is no {called} yet: `sfl baseline` writes it; until then, nothing is known"
                    ),
                    error => format!("{called}: {error}"),
                };
                return fault(why, analysis, options);
            }
        };
        if self.held.is_none() || self.file != *file || self.text != text {
            let read = Baseline::read(&text);
            let read = read.map_err(|why| format!("{called} is not a baseline: {why}"));
            self.held = Some(read.map(|baseline| held(baseline, file, called, host)));
            self.file.clone_from(file);
            self.text = text;
        }
        match &self.held {
            Some(Ok(held)) => {
                let (_, kept) = held.apply(analysis);
                let mut at = 0;
                analysis.findings.retain(|_| {
                    at += 1;
                    kept.binary_search(&(at - 1)).is_ok()
                });
            }
            Some(Err(why)) => fault(why.clone(), analysis, options),
            None => {}
        }
    }
}

/// Ready to measure all that stands below the host's root.
fn held(baseline: Baseline, file: &Path, called: String, host: &dyn Host) -> Held {
    let here = host.root();
    let file = here.join(file);
    let folder = file.parent().unwrap_or(here);
    let real = |path: &Path| {
        let found = host.look(path);
        found.map_or_else(|_| path.to_owned(), |found| found.real)
    };
    Held {
        baseline,
        file: called,
        folder: real(folder),
        here: real(here),
        paths: vec![PathBuf::from(".")],
        same_file: Some(same_file),
        kept: std::collections::BTreeSet::new(),
    }
}

/// Says what is wrong on the line of `sfl.toml` that names it.
fn fault(why: String, analysis: &mut Analysis, options: &Options) {
    let origin = options.config.set.get("baseline");
    let Some((file, line)) = origin.and_then(|set| set.origin.clone()) else {
        return;
    };
    let host = &*options.host;
    let text = Door::new(host).text(Path::new(&file), door::LARGEST_SETTING);
    let text = text.unwrap_or_default();
    let before = text
        .split_inclusive('\n')
        .take((line as usize).saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    let span = Span::new(super::offset(start), super::offset(start + length));
    let source = Arc::new(Source::new(file, text));
    let code = Code::Config(ConfigCode::Value);
    let finding = Finding::new(code, Severity::Error, why, source, span);
    analysis.findings.push(finding);
    analysis.sort();
}
