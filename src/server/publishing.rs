//! Diagnostics: sent to editors that wait for them, kept for those that ask.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use lsp_types::Uri;
use serde_json::{Value, json};

use super::file_uri;
use super::open_text::OpenText;
use super::root::FileReport;
use super::session::Session;

/// What an editor was told.
#[derive(Debug, Default)]
pub struct Published {
    /// Something may be new.
    pub is_behind: bool,
    /// What stands above the blocks may be new although their text is not.
    pub lenses_are_behind: bool,
    /// What was sent.
    sent: HashMap<String, u64>,
    /// What was asked for: the version of the text, and which report was the answer.
    pulled: HashMap<String, (i32, u64)>,
    /// The editor asks for what is said of all files, open or not.
    pulls_all: bool,
}

impl Published {
    pub fn forget_pulled(&mut self, uri: &Uri) {
        self.pulled.remove(uri.as_str());
    }
}

impl Session<'_> {
    /// The URI of a file, as the editor writes it where it is open.
    pub fn uri(&self, path: &Path) -> Option<Uri> {
        let mut open = self.texts.values();
        match open.find(|open| open.path == path) {
            Some(open) => Some(open.uri.clone()),
            None => file_uri::of(path),
        }
    }

    /// The folder whose word counts for a file: the innermost.
    pub fn root_of(&self, path: &Path, is_loose: bool) -> Option<usize> {
        let (_, folders) = self.roots.split_last()?;
        if is_loose {
            return Some(folders.len());
        }
        let holds = folders
            .iter()
            .enumerate()
            .filter(|(_, root)| root.holds(path));
        holds
            .max_by_key(|(_, root)| root.path.as_os_str().len())
            .map(|(at, _)| at)
    }

    /// All that is said now, file by file.
    fn all_said(&self) -> Vec<(Uri, Option<&OpenText>, Arc<FileReport>)> {
        let open: HashMap<&Path, &OpenText> = self
            .texts
            .values()
            .map(|open| (&*open.path, open))
            .collect();
        let mut all = Vec::new();
        for (at, root) in self.roots.iter().enumerate() {
            let is_loose = at + 1 == self.roots.len();
            for (path, report) in &root.said {
                let owner = self.root_of(path, is_loose);
                // What stands outside of all folders is said by the one that reads it.
                if owner.is_some_and(|owner| owner != at) {
                    continue;
                }
                let open = open.get(&**path).copied();
                let uri = match open {
                    Some(open) => Some(open.uri.clone()),
                    None if is_loose => None,
                    None => file_uri::of(path),
                };
                all.extend(uri.map(|uri| (uri, open, Arc::clone(report))));
            }
        }
        all
    }

    /// Sends what is new.
    pub fn publish(&mut self) {
        if !std::mem::take(&mut self.published.is_behind) {
            return;
        }
        let mut sent = HashMap::new();
        let mut messages = Vec::new();
        let pulls = self.client.pulls;
        let all = self.all_said();
        let said: HashMap<&str, u64> = all
            .iter()
            .map(|(uri, _, report)| (uri.as_str(), report.number))
            .collect();
        let asks_again = self
            .published
            .pulled
            .iter()
            .any(|(uri, (version, number))| {
                let open = self.texts.get(uri);
                let is_current = open.is_some_and(|open| open.version == *version);
                is_current && said.get(&**uri).copied().unwrap_or(0) != *number
            });
        for (uri, open, report) in &all {
            if pulls && (open.is_some() || self.published.pulls_all) {
                continue;
            }
            if self.published.sent.get(uri.as_str()) != Some(&report.number) {
                let mut message = json!({"uri": uri, "diagnostics": report.diagnostics});
                if let Some(open) = open {
                    message["version"] = json!(open.version);
                }
                messages.push(message);
            }
            sent.insert(uri.as_str().to_owned(), report.number);
        }
        let gone = self
            .published
            .sent
            .keys()
            .filter(|uri| !sent.contains_key(*uri));
        let mut gone: Vec<Value> = gone
            .map(|uri| json!({"uri": uri, "diagnostics": []}))
            .collect();
        gone.sort_by_key(|message| message["uri"].to_string());
        for message in gone.into_iter().chain(messages) {
            self.notify("textDocument/publishDiagnostics", message);
        }
        self.published.sent = sent;
        if asks_again && self.client.refreshes_diagnostics {
            self.published.pulled.clear();
            self.ask("workspace/diagnostic/refresh", Value::Null);
        }
        if std::mem::take(&mut self.published.lenses_are_behind) && self.client.refreshes_lenses {
            self.ask("workspace/codeLens/refresh", Value::Null);
        }
    }

    /// What is said of one text, for an editor that asks. `before` is the report that it has.
    pub fn pull(&mut self, uri: &Uri, before: Option<&str>) -> Value {
        let root = self
            .texts
            .get(uri.as_str())
            .and_then(|open| self.root_of(&open.path, open.is_loose));
        if let Some(at) = root {
            self.judge(at);
        }
        let report = self.texts.get(uri.as_str()).and_then(|open| {
            let root = self.roots.get(root?)?;
            root.said.get(&open.path)
        });
        let number = report.map_or(0, |report| report.number);
        let answer = full_or_unchanged(report, before);
        if let Some(open) = self.texts.get(uri.as_str()) {
            let known = (open.version, number);
            self.published.pulled.insert(uri.as_str().to_owned(), known);
        }
        self.publish();
        answer
    }

    /// What is said of all files.
    pub fn pull_all(&mut self, before: &HashMap<String, String>) -> Value {
        (0..self.roots.len()).for_each(|at| self.judge(at));
        self.published.pulls_all = true;
        self.published.is_behind = true;
        let all = self.all_said();
        let mut items: Vec<Value> = Vec::new();
        for (uri, open, report) in &all {
            let known = before.get(uri.as_str()).map(String::as_str);
            let mut item = full_or_unchanged(Some(report), known);
            item["uri"] = json!(uri);
            item["version"] = json!(open.map(|open| open.version));
            items.push(item);
        }
        let said: Vec<&str> = all.iter().map(|(uri, ..)| uri.as_str()).collect();
        let mut gone: Vec<&String> = before
            .keys()
            .filter(|uri| !said.contains(&uri.as_str()))
            .collect();
        gone.sort();
        for uri in gone {
            items.push(json!({"kind": "full", "uri": uri, "version": null, "items": []}));
        }
        self.publish();
        json!({"items": items})
    }
}

fn full_or_unchanged(report: Option<&Arc<FileReport>>, before: Option<&str>) -> Value {
    let id = report.map_or(0, |report| report.number).to_string();
    if before == Some(&*id) {
        return json!({"kind": "unchanged", "resultId": id});
    }
    let items = report.map_or(json!([]), |report| json!(report.diagnostics));
    json!({"kind": "full", "resultId": id, "items": items})
}
