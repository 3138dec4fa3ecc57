//! A panic costs one answer, and the server goes on.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jiff::civil::{Date, date};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use sfl::{Entry, Host, HostError, Memory, Opened, PathTarget};

use crate::lsp::{WEB, place};

/// A host that has a mistake in it for a while.
#[derive(Debug)]
struct Faulty {
    files: Memory,
    fails: Arc<AtomicBool>,
}

impl Host for Faulty {
    fn root(&self) -> &Path {
        self.files.root()
    }

    fn look(&self, path: &Path) -> Result<PathTarget, HostError> {
        self.files.look(path)
    }

    fn list(&self, folder: &Path) -> Result<Vec<Entry>, HostError> {
        self.files.list(folder)
    }

    fn open(&self, path: &Path) -> Result<Opened, HostError> {
        let fails = self.fails.load(Ordering::SeqCst);
        assert!(!fails, "this panic is meant");
        self.files.open(path)
    }

    fn today(&self) -> Date {
        date(2027, 1, 31)
    }
}

#[test]
fn a_panic_costs_one_answer() {
    let fails = Arc::new(AtomicBool::new(true));
    let (server, client) = Connection::memory();
    let served = thread::spawn({
        let fails = Arc::clone(&fails);
        move || {
            let host_at = |_: &Path| {
                let files = Memory::new(date(2027, 1, 31)).with("b.yaml", WEB);
                let fails = Arc::clone(&fails);
                Arc::new(Faulty { files, fails }) as Arc<dyn Host>
            };
            sfl::server::serve(&server, &host_at)
        }
    });
    let tell = |method: &str, params: Value| {
        let message = Notification::new(method.to_owned(), params);
        client.sender.send(message.into()).expect("it listens");
    };
    let ask = |id: i32, method: &str, params: Value| -> Response {
        let message = Request::new(RequestId::from(id), method.to_owned(), params);
        client.sender.send(message.into()).expect("it listens");
        loop {
            let message = client.receiver.recv_timeout(Duration::from_secs(120));
            if let Message::Response(response) = message.expect("an answer comes") {
                assert_eq!(response.id, RequestId::from(id));
                return response;
            }
        }
    };
    let folders = json!([{"uri": "file:///", "name": "all"}]);
    let answer = ask(
        1,
        "initialize",
        json!({"capabilities": {}, "workspaceFolders": folders}),
    );
    assert!(answer.response_result.is_ok());
    let document =
        json!({"uri": "file:///a.yaml", "languageId": "yaml", "version": 1, "text": WEB});
    tell("textDocument/didOpen", json!({"textDocument": document}));
    let hover = json!({"textDocument": {"uri": "file:///a.yaml"}, "position": place(2, 12)});
    let change = |version: i32, text: &str| {
        let document = json!({"uri": "file:///a.yaml", "version": version});
        let changes = json!([{"text": text}]);
        tell(
            "textDocument/didChange",
            json!({"textDocument": document, "contentChanges": changes}),
        );
    };
    // It may be judged before the question comes, or because of it.
    let first = ask(2, "textDocument/hover", hover.clone());
    if let Err(error) = first.response_result {
        assert_eq!(error.code, -32603);
    }
    fails.store(false, Ordering::SeqCst);
    change(2, &format!("{WEB}  More: {{Type: AWS::SQS::Queue}}\n"));
    let answer = ask(3, "textDocument/hover", hover).response_result;
    let answer = answer.expect("it goes on").to_string();
    assert!(answer.contains("Web"), "{answer}");
    assert!(ask(4, "shutdown", Value::Null).response_result.is_ok());
    tell("exit", Value::Null);
    assert!(served.join().expect("it ends"));
}
