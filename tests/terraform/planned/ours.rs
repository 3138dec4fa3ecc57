//! What sfl makes of the same folders.

use std::fs;
use std::path::{Path, PathBuf};

use sfl::Disk;
use sfl::blocks::terraform::{ModuleFiles, local_calls};
use sfl::blocks::{Document, Template};
use sfl::stack::{self, Calls};
use sfl::syntax;
use sfl::workspace::discover::{ModuleRole, module};

struct File {
    module: usize,
    role: ModuleRole,
    is_native: bool,
    text: String,
}

/// Reads a root module and all that it calls, and looks at what comes of it. Each module that is not at hand is a resource.
pub fn look<T>(folder: &Path, look: impl FnOnce(&Template<'_>) -> T) -> T {
    let folder = fs::canonicalize(folder).expect("a folder");
    let host = Disk::new(&folder);
    let mut folders = vec![folder];
    let mut files = Vec::new();
    let mut at = 0;
    while at < folders.len() {
        for (path, role) in module(&host, &folders[at], &[]) {
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            let file = File {
                module: at,
                role,
                is_native: path.extension().is_none_or(|ending| ending != "json"),
                text,
            };
            let paths: Vec<String> = match document(&file) {
                Some(document) => document.roots().flat_map(local_calls).collect(),
                None => Vec::new(),
            };
            for path in paths {
                if let Some(called) = called(&folders[at], &path)
                    && !folders.contains(&called)
                {
                    folders.push(called);
                }
            }
            files.push(file);
        }
        at += 1;
    }
    let documents: Vec<(usize, ModuleRole, Document<'_>)> = files
        .iter()
        .filter_map(|file| Some((file.module, file.role, document(file)?)))
        .enumerate()
        .map(|(number, (module, role, document))| (module, role, document.numbered(number)))
        .collect();
    let of = |module: usize, role: ModuleRole| {
        let own = documents
            .iter()
            .filter(|(of, is, _)| (*of, *is) == (module, role));
        own.map(|(.., document)| document).collect::<Vec<_>>()
    };
    let parts: Vec<_> = (0..folders.len())
        .map(|module| {
            [
                ModuleRole::Configuration,
                ModuleRole::Override,
                ModuleRole::Variables,
            ]
            .map(|role| of(module, role))
        })
        .collect();
    let modules: Vec<_> = parts
        .iter()
        .map(|[configuration, overrides, variables]| ModuleFiles {
            configuration,
            overrides,
            variables,
            given: &[],
            // What files hold is not asked for here.
            beside: None,
            is_complete: true,
        })
        .collect();
    let find = |from: usize, path: &str| {
        let called = called(&folders[from], path)?;
        folders.iter().position(|folder| *folder == called)
    };
    let calls = Calls {
        find: &find,
        fetched: &|_, _, _| None,
        run: folders.len(),
        own: folders.len(),
        knows: &|_| Some(Vec::new()),
        is_meant: &|_, _| true,
    };
    let all = documents.iter().map(|(.., document)| document).collect();
    look(&stack::modules(all, &modules, calls))
}

fn document(file: &File) -> Option<Document<'_>> {
    match file.is_native {
        true => Some(syntax::hcl(&file.text).document),
        false => syntax::json(&file.text).ok(),
    }
}

/// The folder of a module that is called by a path, where Terraform files are in it.
fn called(folder: &Path, path: &str) -> Option<PathBuf> {
    let folder = fs::canonicalize(folder.join(path)).ok()?;
    let mut entries = fs::read_dir(&folder).ok()?;
    let has_files = entries.any(|entry| {
        let name = entry.ok().map(|entry| entry.file_name());
        name.is_some_and(|name| name.to_string_lossy().ends_with(".tf"))
    });
    has_files.then_some(folder)
}
