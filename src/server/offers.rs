//! What the server says that it can do.

use serde_json::{Value, json};

use super::client::Client;
use super::code_actions::EXPLAIN;

/// The answer to `initialize`.
pub fn answer(client: &Client) -> Value {
    let mut capabilities = json!({
        "positionEncoding": client.encoding.kind(),
        "textDocumentSync": {"openClose": true, "change": 2, "save": {"includeText": false}},
        "hoverProvider": true,
        "codeActionProvider": {"codeActionKinds": ["quickfix"]},
        "codeLensProvider": {"resolveProvider": false},
        "completionProvider": {"triggerCharacters": ["=", ":", "\"", " ", "@", ".", "["]},
        "documentLinkProvider": {"resolveProvider": false},
        "definitionProvider": true,
        "referencesProvider": true,
        "executeCommandProvider": {"commands": [EXPLAIN]},
        "workspace": {"workspaceFolders": {"supported": true, "changeNotifications": true}},
    });
    if client.pulls {
        capabilities["diagnosticProvider"] = json!({
            "identifier": "sfl",
            // A member, a module and a reason stand in other files.
            "interFileDependencies": true,
            "workspaceDiagnostics": true,
        });
    }
    json!({
        "capabilities": capabilities,
        "serverInfo": {"name": "sfl", "version": env!("CARGO_PKG_VERSION")},
    })
}

/// Files that another program may change while the editor looks on.
pub fn watched() -> Value {
    let globs = [
        "**/*.{yaml,yml,json,template,tf,tofu,tfvars,toml}",
        "**/CODEOWNERS",
        "**/.{gitignore,ignore}",
    ];
    let watchers: Vec<Value> = globs
        .iter()
        .map(|glob| json!({"globPattern": glob}))
        .collect();
    json!({"registrations": [{
        "id": "sfl-files",
        "method": "workspace/didChangeWatchedFiles",
        "registerOptions": {"watchers": watchers},
    }]})
}
