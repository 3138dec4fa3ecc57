//! The commit whose configuration counts in the place of the working tree's, so that a change can't judge itself.

use std::path::Path;
use std::sync::Arc;

use super::{disk, say};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::finding::Finding;
use crate::base::source::{Source, Span};
use crate::compare::baseline::{Baseline, Held};
use crate::config::{Config, Tree};
use crate::host::commit::{Commit, HistoryError};
use crate::host::door::{self, Door};
use crate::host::{Host, HostError, shown};
use crate::workspace::widened;

/// See the module.
#[derive(Debug)]
pub struct TrustedBase {
    /// As it was asked for.
    reference: String,
    commit: Arc<dyn Host>,
    /// The configuration of the working tree.
    own: Config,
    /// Entries by which the baseline would grow, and the file.
    grown: Option<(String, usize, String)>,
}

/// Who says which commit that is.
#[derive(Clone, Copy, Debug)]
pub struct TrustQuestion<'a> {
    /// `--config-from`.
    pub call: Option<&'a str>,
    /// `--since`: what it names may trust somebody.
    pub since: Option<&'a str>,
    /// `--config`.
    pub config: Option<&'a Path>,
    /// `--isolated`.
    pub isolated: bool,
}

impl TrustedBase {
    /// The commit and its configuration, where one is asked for; the call goes first, then what `--since` names, for a change can't
    /// take that back, then the working tree.
    ///
    /// # Errors
    /// There is no such commit, or its configuration is faulty.
    pub fn find(asked: TrustQuestion<'_>, own: &Config) -> Result<Option<(Self, Config)>, String> {
        if asked.isolated && asked.call.is_none() {
            return Ok(None);
        }
        let before = || {
            let commit = Commit::at(Arc::clone(disk()), asked.since?).ok()?;
            let commit: Arc<dyn Host> = Arc::new(commit);
            Config::find(&commit, asked.config).ok()?.trust_base
        };
        let (reference, says) = match asked.call {
            Some(call) => (call.to_owned(), "--config-from"),
            None => match before().or_else(|| own.trust_base.clone()) {
                Some(base) => (base, "[trust] base"),
                None => return Ok(None),
            },
        };
        let told = |error: &HistoryError| {
            let fetch = match error {
                HistoryError::NoCommit { .. } => {
                    " (in a workflow: `fetch-depth: 0` for actions/checkout)"
                }
                _ => "",
            };
            format!("{says}: {error}{fetch}")
        };
        let commit = Commit::at(Arc::clone(disk()), &reference).map_err(|error| told(&error))?;
        let commit = Arc::new(commit);
        let host: Arc<dyn Host> = Arc::clone(&commit) as Arc<dyn Host>;
        let found = Config::find(&host, asked.config);
        if let Some(failure) = commit.failure() {
            return Err(told(&failure));
        }
        let mut config = found.map_err(|error| {
            let first = error.findings.first();
            let first = first.map_or(String::new(), |one| {
                format!(": {}: {}", one.path(), one.message)
            });
            format!("{says}: the configuration at `{reference}` is faulty{first}")
        })?;
        // Evidence stands in the working tree, and what is deployed with which values is no rule.
        config.tree = match own.files.is_empty() {
            true => Tree::around(disk(), None),
            false => own.tree.clone(),
        };
        config.deployments.clone_from(&own.deployments);
        config.deployment_files.clone_from(&own.deployment_files);
        let trusted = Self {
            reference,
            commit: host,
            own: own.clone(),
            grown: None,
        };
        Ok(Some((trusted, config)))
    }

    /// The baseline as it is there, in the place of the one that was read.
    ///
    /// # Errors
    /// It is none there.
    pub fn baseline(&mut self, file: &Path, held: Held) -> Result<Held, String> {
        let name = shown(&**disk(), file);
        let text = Door::new(&*self.commit).text(file, door::LARGEST_BASELINE);
        let trusted = match text {
            Ok(text) => Baseline::read(&text).map_err(|why| {
                format!("{name} at `{}` is not a baseline: {why}", self.reference)
            })?,
            // Nothing is known there.
            Err(HostError::Missing) => Baseline::default(),
            Err(error) => return Err(format!("{name} at `{}`: {error}", self.reference)),
        };
        let more = held.baseline.beyond(&trusted);
        if let Some(first) = more.first() {
            let first = format!("{} {}", first.code, first.address);
            self.grown = Some((name, more.len(), first));
        }
        Ok(Held {
            baseline: trusted,
            ..held
        })
    }

    /// Says what the change would alter. `measured` is the baseline that counts.
    pub fn hold(&self, now: &mut Analysis, options: &Options, measured: Option<&Held>) {
        let reference = &self.reference;
        let mut findings = widened::widened(now, &self.own, reference, options);
        if let Some((file, number, first)) = &self.grown {
            let rest = match number - 1 {
                0 => String::new(),
                rest => format!(" and {rest} more"),
            };
            let message = format!(
                "the baseline would grow by {first}{rest}, and does not know it at {reference}"
            );
            let source = Arc::new(Source::new(file.as_str(), String::new()));
            findings.push(widened::finding(message, source, Span::default()));
        }
        findings.extend(self.other_baseline(measured, options));
        if findings.is_empty() && widened::differs(&self.own, &options.config) {
            say(&format!(
                "note: what this change alters in the configuration loosens nothing, and counts once it is merged: the run goes by that of {reference}"
            ));
        }
        now.findings.extend(findings);
        now.sort();
    }

    /// The baseline that the change names in the place of the one that counts, where it knows more.
    fn other_baseline(&self, measured: Option<&Held>, options: &Options) -> Option<Finding> {
        let file = self.own.baseline.as_deref()?;
        if options.config.baseline.as_deref() == Some(file) {
            return None;
        }
        let text = Door::new(&**disk()).text(file, door::LARGEST_BASELINE);
        let own = Baseline::read(&text.ok()?).ok()?;
        let none = Baseline::default();
        let more = own.beyond(measured.map_or(&none, |held| &held.baseline));
        let first = more.first()?;
        let first = format!("{} {}", first.code, first.address);
        let (number, reference) = (more.len(), &*self.reference);
        let said = widened::other_baseline(&self.own, &first, number, reference, options);
        Some(said)
    }

    /// Says of what the change hides that nobody looks at it; nothing more where decisions are compared with a commit.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn say_hidden(&self, now: &mut Analysis, options: &Options) -> Result<(), HistoryError> {
        crate::workspace::say_newly_hidden(now, options, &self.reference)
    }
}
