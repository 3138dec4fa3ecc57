//! One folder of the editor's window, and what is said of the files in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::civil::Date;
use lsp_types::{Diagnostic, NumberOrString};

use super::client::Client;
use super::diagnostic::DiagnosticWriter;
use super::known_fallbacks::KnownFallbacks;
use super::open_text::OpenText;
use crate::analysis::Analysis;
use crate::base::finding::Finding;
use crate::base::{Code, JustificationCode};
use crate::host::{Host, Memory, lexical, shown};
use crate::workspace::{Workspace, shown_findings};

/// What is said of each file, by its path.
pub type Said = BTreeMap<PathBuf, Arc<FileReport>>;

/// What is said of one file.
#[derive(Debug)]
pub struct FileReport {
    /// Another one whenever it is another report; never 0.
    pub number: u64,
    pub diagnostics: Vec<Diagnostic>,
}

impl FileReport {
    fn new(diagnostics: Vec<Diagnostic>) -> Arc<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Arc::new(Self {
            number,
            diagnostics,
        })
    }
}

/// See the module.
pub struct Root {
    pub path: PathBuf,
    host: Arc<dyn Host>,
    pub workspace: Workspace,
    /// It holds texts of which nobody said to which folder they belong: nothing around them is read.
    is_loose: bool,
    is_stale: bool,
    /// By the last sound configuration.
    pub analysis: Analysis,
    pub said: Said,
    known: KnownFallbacks,
}

impl Root {
    /// A folder.
    pub fn new(path: PathBuf, host: Arc<dyn Host>) -> Self {
        let workspace = Workspace::new(Arc::clone(&host)).with_graph();
        Self {
            path,
            host,
            workspace,
            is_loose: false,
            is_stale: true,
            analysis: Analysis::default(),
            said: Said::new(),
            known: KnownFallbacks::default(),
        }
    }

    /// For texts that stand in no folder of the window: they are all that it holds.
    pub fn loose(today: Date) -> Self {
        let host: Arc<dyn Host> = Arc::new(Memory::new(today));
        let workspace = Workspace::new(Arc::clone(&host)).with_graph().isolated();
        Self {
            is_loose: true,
            is_stale: false,
            workspace,
            ..Self::new(host.root().to_owned(), host)
        }
    }

    /// The same folder with the same texts, with nothing that it remembers. It stays silent until something changes.
    pub fn renew<'t>(&mut self, texts: impl Iterator<Item = &'t OpenText>) {
        let workspace = Workspace::new(Arc::clone(&self.host)).with_graph();
        self.workspace = match self.is_loose {
            true => workspace.isolated(),
            false => workspace,
        };
        for text in texts {
            self.workspace.open(&text.path, Arc::clone(&text.text));
        }
        self.is_stale = false;
    }

    /// Whether a path is inside.
    pub fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.path)
    }

    pub fn open(&mut self, text: &OpenText) {
        self.workspace.open(&text.path, Arc::clone(&text.text));
        self.is_stale = true;
    }

    pub fn close(&mut self, path: &Path) {
        self.workspace.close(path);
        self.is_stale = true;
    }

    /// Files were changed behind its back.
    pub fn refresh(&mut self) {
        self.workspace.refresh();
        self.is_stale = true;
    }

    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// A file as the analysis calls it.
    pub fn shown(&self, path: &Path) -> String {
        shown(&*self.host, path)
    }

    /// The file of a name in the analysis.
    pub fn file(&self, name: &str) -> PathBuf {
        lexical(&self.path.join(name))
    }

    /// Where texts come from: what is open hides what is saved.
    pub fn texts(&self) -> &Arc<dyn Host> {
        &self.workspace.options().host
    }

    /// Judges what has changed, if anything has. Whether it did.
    pub fn judge(&mut self, client: &Client, is_open: &dyn Fn(&Path) -> bool) -> bool {
        if !self.is_stale {
            return false;
        }
        // What panics once would do so again: it is asked anew when something changes.
        self.is_stale = false;
        match self.workspace.diagnose() {
            Ok(mut analysis) => {
                // What is not shown is known all the same, as in `sfl check`.
                self.known
                    .leave_out(&mut analysis, self.workspace.options());
                shown_findings::select(&mut analysis, &self.workspace.options().config);
                let mut said = Said::new();
                let mut writer = DiagnosticWriter::new(client, is_open, |name| self.file(name));
                // Most files are those of the last time.
                let before: BTreeMap<&str, &[Finding]> = runs(&self.analysis.findings).collect();
                for (name, run) in runs(&analysis.findings) {
                    let file = self.file(name);
                    let known = self.said.get(&file);
                    let known =
                        known.filter(|_| before.get(name).is_some_and(|old| same(old, run)));
                    let report = known.cloned().unwrap_or_else(|| {
                        let told = run
                            .iter()
                            .filter(|one| !self.is_loose || stands_alone(one, &analysis));
                        let diagnostics = told.map(|one| writer.diagnostic(one)).collect();
                        self.report(&file, diagnostics)
                    });
                    said.insert(file, report);
                }
                self.said = said;
                self.analysis = analysis;
            }
            // What was said by the configuration before stays, but of the files in which something is wrong.
            Err(error) => {
                let mut faults: BTreeMap<PathBuf, Vec<Diagnostic>> = BTreeMap::new();
                let mut writer = DiagnosticWriter::new(client, is_open, |name| self.file(name));
                for finding in &error.findings {
                    let file = self.file(finding.path());
                    let faults = faults.entry(file).or_default();
                    faults.push(writer.diagnostic(finding));
                }
                let reports = faults.into_iter();
                let reports = reports.map(|(file, all)| (file.clone(), self.report(&file, all)));
                let reports: Said = reports.collect();
                self.said
                    .retain(|_, report| !report.diagnostics.iter().any(is_of_configuration));
                self.said.extend(reports);
                // The next sound one says everything anew.
                self.analysis.findings.clear();
            }
        }
        true
    }

    /// The report of a file: the one that is there where it says the same.
    fn report(&self, file: &Path, diagnostics: Vec<Diagnostic>) -> Arc<FileReport> {
        let known = self.said.get(file);
        let known = known.filter(|known| known.diagnostics == diagnostics);
        known
            .cloned()
            .unwrap_or_else(|| FileReport::new(diagnostics))
    }
}

fn is_of_configuration(one: &Diagnostic) -> bool {
    match &one.code {
        Some(NumberOrString::String(code)) => code.starts_with("config/"),
        _ => false,
    }
}

/// The findings of each file, which stand together.
fn runs(findings: &[Finding]) -> impl Iterator<Item = (&str, &[Finding])> {
    let runs = findings.chunk_by(|a, b| a.path() == b.path());
    runs.map(|run| (&**run[0].path(), run))
}

/// Whether two lists say the same of the same text.
fn same(old: &[Finding], new: &[Finding]) -> bool {
    let pairs = old.iter().zip(new);
    old.len() == new.len()
        && pairs.into_iter().all(|(old, new)| {
            Arc::ptr_eq(&old.source, &new.source)
                && old.span == new.span
                && old.severity == new.severity
                && old.code == new.code
                && old.message == new.message
                && old.label == new.label
                && old.related.len() == new.related.len()
        })
}

/// Whether a finding holds although nothing around its text was looked at: evidence may be there.
fn stands_alone(finding: &Finding, analysis: &Analysis) -> bool {
    const UNSEEN: JustificationCode = JustificationCode::NoEvidence;
    if finding.code == Code::Justification(UNSEEN) {
        return false;
    }
    let Some(decision) = analysis.unexplained(finding) else {
        return true;
    };
    let mut records = analysis.records.iter();
    !records.any(|record| {
        let mut spoken = record.spoken.iter();
        !record.faults.is_empty()
            && record.faults.iter().all(|fault| *fault == UNSEEN)
            && spoken.any(|one| one.path == decision.path && one.address == decision.address)
    })
}
