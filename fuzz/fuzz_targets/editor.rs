//! Whatever an editor sends: the server answers each request once, and ends when it is told to.
#![no_main]

use std::path::Path;
use std::sync::Arc;
use std::thread;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use lsp_server::{Connection, Message, Notification, Request, RequestId};
use serde_json::{Value, json};
use sfl::Host;
use sfl_fuzz::memory;

#[derive(Arbitrary, Debug)]
enum Step {
    Open(u8, String),
    Change(u8, [u16; 4], String),
    Whole(u8, String),
    Ask(u8, u8, [u16; 4]),
    Cancel(u8),
    Save(u8),
    Close(u8),
    Watched(u8),
    Raw(u8, String),
}

const FILES: [&str; 4] = ["stack.yaml", "main.tf", "stack.json", "sfl.toml"];
const ASKED: [&str; 8] = [
    "textDocument/hover",
    "textDocument/codeAction",
    "textDocument/codeLens",
    "textDocument/completion",
    "textDocument/documentLink",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/diagnostic",
];

fn uri(file: u8) -> String {
    format!("file:///{}", FILES[usize::from(file) % FILES.len()])
}

fn range([line, column, further, end]: [u16; 4]) -> Value {
    json!({
        "start": {"line": line, "character": column},
        "end": {"line": u32::from(line) + u32::from(further % 8), "character": end},
    })
}

fn note(method: &str, params: Value) -> Message {
    Message::Notification(Notification {
        method: method.to_owned(),
        params,
    })
}

fuzz_target!(|steps: Vec<Step>| {
    let (server, client) = Connection::memory();
    let served = thread::spawn(move || {
        let host_at = |_: &Path| {
            let files = memory().with("saved.yaml", "Resources: {W: {Type: AWS::EC2::Instance}}\n");
            Arc::new(files) as Arc<dyn Host>
        };
        sfl::server::serve(&server, &host_at)
    });
    let mut asked = Vec::new();
    let mut send = |message: Message| {
        if let Message::Request(request) = &message {
            asked.push(request.id.clone());
        }
        let _ = client.sender.send(message);
    };
    let request = |id: i32, method: &str, params: Value| {
        Message::Request(Request {
            id: RequestId::from(id),
            method: method.to_owned(),
            params,
        })
    };
    send(request(
        1,
        "initialize",
        json!({"capabilities": {}, "rootUri": "file:///"}),
    ));
    send(note("initialized", json!({})));
    let mut id = 1;
    for (version, step) in steps.into_iter().enumerate() {
        match step {
            Step::Open(file, text) => send(note(
                "textDocument/didOpen",
                json!({"textDocument":
                {"uri": uri(file), "languageId": "yaml", "version": version, "text": text}}),
            )),
            Step::Change(file, at, text) => send(note(
                "textDocument/didChange",
                json!({
                "textDocument": {"uri": uri(file), "version": version},
                "contentChanges": [{"range": range(at), "text": text}]}),
            )),
            Step::Whole(file, text) => send(note(
                "textDocument/didChange",
                json!({
                "textDocument": {"uri": uri(file), "version": version}, "contentChanges": [{"text": text}]}),
            )),
            Step::Ask(what, file, at) => {
                id += 1;
                let place = range(at);
                send(request(
                    id,
                    ASKED[usize::from(what) % ASKED.len()],
                    json!({
                    "textDocument": {"uri": uri(file)}, "position": place["start"], "range": place,
                    "context": {"diagnostics": [], "includeDeclaration": true}}),
                ));
            }
            Step::Cancel(of) => send(note("$/cancelRequest", json!({"id": of}))),
            Step::Save(file) => send(note(
                "textDocument/didSave",
                json!({"textDocument": {"uri": uri(file)}}),
            )),
            Step::Close(file) => send(note(
                "textDocument/didClose",
                json!({"textDocument": {"uri": uri(file)}}),
            )),
            Step::Watched(file) => send(note(
                "workspace/didChangeWatchedFiles",
                json!({"changes": [{"uri": uri(file), "type": 2}]}),
            )),
            Step::Raw(what, text) => {
                id += 1;
                let params = serde_json::from_str(&text).unwrap_or(Value::Null);
                send(request(id, ASKED[usize::from(what) % ASKED.len()], params));
            }
        }
    }
    send(request(id + 1, "shutdown", Value::Null));
    send(note("exit", Value::Null));
    drop(client.sender);
    let mut answered = Vec::new();
    for message in client.receiver {
        match message {
            Message::Response(response) => answered.push(response.id),
            Message::Request(_) | Message::Notification(_) => {}
        }
    }
    assert!(
        served.join().expect("a panic stays inside"),
        "it ends as it was told to"
    );
    answered.sort_by_key(ToString::to_string);
    asked.sort_by_key(ToString::to_string);
    assert_eq!(asked, answered, "each request is answered once");
});
