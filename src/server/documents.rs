//! Texts that are opened, changed and closed, and files and folders that come and go.

use std::path::{Path, PathBuf};

use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, Uri,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::open_text::{LARGEST, OpenText};
use super::root::Root;
use super::session::Session;
use super::{file_uri, offers};

fn read<T: DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

impl Session<'_> {
    /// Takes in what the editor tells. What can't be read is passed over: there is nobody to answer.
    pub fn take(&mut self, method: &str, params: Value) {
        match method {
            "initialized" if self.client.watches => {
                self.ask("client/registerCapability", offers::watched());
            }
            "textDocument/didOpen" => {
                if let Some(params) = read::<DidOpenTextDocumentParams>(params) {
                    let text = params.text_document;
                    self.open(text.uri, text.version, &text.text, &text.language_id);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = read::<DidChangeTextDocumentParams>(params) {
                    self.change(params);
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = read::<DidCloseTextDocumentParams>(params) {
                    self.close(&params.text_document.uri);
                }
            }
            // What was saved is what is open; what else changed on the disk is only told by a watcher. It watches the folders of the
            // window, and a configuration, or what it names, may stand above them.
            "textDocument/didSave" => {
                let uri = params["textDocument"]["uri"].as_str();
                let open = uri.and_then(|uri| self.texts.get(uri));
                if !self.client.watches || open.is_none_or(|open| open.is_loose) {
                    self.refresh();
                }
            }
            "workspace/didChangeWatchedFiles" => {
                if let Some(params) = read::<DidChangeWatchedFilesParams>(params) {
                    let mut changed = params.changes.iter();
                    if changed.any(|change| !self.texts.contains_key(change.uri.as_str())) {
                        self.refresh();
                    }
                }
            }
            "workspace/didChangeWorkspaceFolders" => {
                if let Some(params) = read::<DidChangeWorkspaceFoldersParams>(params) {
                    self.change_folders(params);
                }
            }
            _ => {}
        }
    }

    fn refresh(&mut self) {
        let (_, folders) = self.roots.split_last_mut().expect("there is the loose one");
        folders.iter_mut().for_each(Root::refresh);
        self.published.lenses_are_behind = true;
    }

    fn open(&mut self, uri: Uri, version: i32, text: &str, language: &str) {
        if text.len() > LARGEST {
            self.log("a text of more than 512 MiB is not looked at");
            return;
        }
        let Some((path, is_loose)) = self.place(&uri, language) else {
            return;
        };
        let mut open = OpenText::new(uri.clone(), path, version, text);
        open.is_loose = is_loose;
        self.each_root(&open.clone(), |root, open| root.open(open));
        self.texts.insert(uri.as_str().to_owned(), open);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let encoding = self.client.encoding;
        let Some(open) = self.texts.get_mut(document.uri.as_str()) else {
            return;
        };
        if open.change(document.version, params.content_changes, encoding) {
            let open = open.clone();
            self.each_root(&open, |root, open| root.open(open));
        }
    }

    fn close(&mut self, uri: &Uri) {
        if let Some(open) = self.texts.remove(uri.as_str()) {
            self.each_root(&open, |root, open| root.close(&open.path));
            self.published.forget_pulled(uri);
        }
    }

    fn each_root(&mut self, open: &OpenText, work: impl Fn(&mut Root, &OpenText)) {
        let (loose, folders) = self.roots.split_last_mut().expect("there is the loose one");
        if open.is_loose {
            work(loose, open);
            return;
        }
        for root in folders.iter_mut().filter(|root| root.holds(&open.path)) {
            work(root, open);
        }
    }

    /// Where a text stands, and whether no folder of the window holds it.
    fn place(&mut self, uri: &Uri, language: &str) -> Option<(PathBuf, bool)> {
        let (folder, name) = match (file_uri::path(uri), file_uri::unsaved(uri)) {
            (Some(path), _) => {
                let (_, folders) = self.roots.split_last().expect("there is the loose one");
                if folders.iter().any(|root| root.holds(&path)) {
                    return Some((path, false));
                }
                let name = path.file_name()?.to_string_lossy().into_owned();
                (path.parent()?.to_owned(), name)
            }
            (None, Some(name)) => {
                let name = name.rsplit('/').next().unwrap_or_default();
                (PathBuf::new(), with_ending(name, language))
            }
            (None, None) => return None,
        };
        // Files of one folder are one module; what the folder is called tells nothing.
        let known = self.loose.iter().position(|known| *known == folder);
        let number = known.unwrap_or_else(|| {
            self.loose.push(folder);
            self.loose.len() - 1
        });
        Some((Path::new("/").join(number.to_string()).join(name), true))
    }

    fn change_folders(&mut self, params: DidChangeWorkspaceFoldersParams) {
        let gone = params.event.removed.iter();
        let gone: Vec<PathBuf> = gone.filter_map(|one| file_uri::path(&one.uri)).collect();
        let loose = self.roots.pop().expect("there is the loose one");
        self.roots.retain(|root| !gone.contains(&root.path));
        self.roots.push(loose);
        for folder in params.event.added {
            if let Some(path) = file_uri::path(&folder.uri) {
                self.add_root(path);
            }
        }
        // What is open may stand in another folder now.
        let texts: Vec<OpenText> = self.texts.drain().map(|(_, open)| open).collect();
        for open in texts {
            self.each_root(&open, |root, open| root.close(&open.path));
            self.open(open.uri.clone(), open.version, &open.text, "");
        }
        self.published.is_behind = true;
    }
}

/// A name by whose ending one knows what is in the text.
fn with_ending(name: &str, language: &str) -> String {
    if Path::new(name).extension().is_some() {
        return name.to_owned();
    }
    let ending = match language {
        "json" | "jsonc" => "json",
        "terraform" | "hcl" | "opentofu" => "tf",
        "toml" => "toml",
        _ => "yaml",
    };
    format!("{name}.{ending}")
}
