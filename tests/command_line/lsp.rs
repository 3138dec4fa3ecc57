//! `sfl lsp` as an editor drives it: the built program, spoken to on its standard input.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::folder;

/// How long an answer may take before a test fails: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);

pub const WEB: &str = "\
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-1
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Role: arn
";

/// The program and what it said so far.
pub struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// What came while something else was waited for.
    kept: VecDeque<Value>,
    folder: PathBuf,
    next: i32,
}

/// An editor that can do most things.
pub fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {
            "hover": {"contentFormat": ["markdown", "plaintext"]},
            "publishDiagnostics": {"relatedInformation": true, "codeDescriptionSupport": true},
            "completion": {"completionItem": {"snippetSupport": true}},
        },
        "workspace": {
            "workspaceEdit": {
                "documentChanges": true,
                "resourceOperations": ["create"],
                "snippetEditSupport": true,
            },
            "didChangeWatchedFiles": {"dynamicRegistration": true},
        },
    })
}

pub fn uri(path: &Path) -> String {
    let text = path.to_str().expect("the path is a text");
    let text = match cfg!(windows) {
        true => text.replace('\\', "/"),
        false => text.to_owned(),
    };
    let slash = if text.starts_with('/') { "" } else { "/" };
    let mut uri = format!("file://{slash}");
    for byte in text.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"/:._-~".contains(&byte) => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

impl Editor {
    /// The program, which was told nothing yet.
    pub fn silent(folder: &Path) -> Self {
        let mut child = folder::command(folder)
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let output = child.stdout.take().expect("it is a pipe");
        let (send, messages) = mpsc::channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        Self {
            input: child.stdin.take(),
            child,
            messages,
            kept: VecDeque::new(),
            folder: folder.to_owned(),
            next: 0,
        }
    }

    /// In one folder.
    pub fn new(folder: &Path, capabilities: Value) -> Self {
        let folders = json!([{"uri": uri(folder), "name": "work"}]);
        Self::with(
            folder,
            json!({"capabilities": capabilities, "workspaceFolders": folders}),
        )
    }

    pub fn with(folder: &Path, mut params: Value) -> Self {
        let mut editor = Self::silent(folder);
        params["processId"] = Value::Null;
        if params.get("rootUri").is_none() {
            params["rootUri"] = Value::Null;
        }
        let answer = editor.ask("initialize", params);
        assert_eq!(answer["serverInfo"]["name"], "sfl");
        editor.tell("initialized", json!({}));
        editor
    }

    pub fn uri(&self, name: &str) -> String {
        uri(&self.folder.join(name))
    }

    pub fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("it is open");
        input.write_all(bytes).expect("the program reads");
        input.flush().expect("the program reads");
    }

    pub fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Asks and does not wait. The number of the request.
    pub fn put(&mut self, method: &str, params: Value) -> i32 {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The answer to a request: the whole message.
    pub fn answer(&mut self, id: i32) -> Value {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.put(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The first message that is like this, whether it came already or is still to come.
    pub fn wait(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(&is_it) {
            return self.kept.remove(at).expect("it is there");
        }
        loop {
            let message = self
                .messages
                .recv_timeout(PATIENCE)
                .expect("an answer comes");
            if is_it(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    /// The next diagnostics of a file.
    pub fn published(&mut self, name: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let message = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
        });
        let all = message["params"]["diagnostics"].as_array().cloned();
        all.expect("there is a list")
    }

    /// The codes of the next diagnostics of a file, each with its line.
    pub fn codes(&mut self, name: &str) -> Vec<(String, u64)> {
        codes(&self.published(name))
    }

    pub fn open(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Puts a text in the place of another; `range` is first line and column, then last.
    pub fn change(&mut self, name: &str, version: i32, range: [u32; 4], text: &str) {
        let [line, column, last, end] = range;
        let range = json!({"start": place(line, column), "end": place(last, end)});
        self.changes(name, version, json!([{"range": range, "text": text}]));
    }

    pub fn changes(&mut self, name: &str, version: i32, changes: Value) {
        let document = json!({"uri": self.uri(name), "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.tell("textDocument/didChange", params);
    }

    pub fn close(&mut self, name: &str) {
        let document = json!({"uri": self.uri(name)});
        self.tell("textDocument/didClose", json!({"textDocument": document}));
    }

    /// Asks about a place.
    pub fn at(&mut self, method: &str, name: &str, line: u32, column: u32) -> Value {
        let document = json!({"uri": self.uri(name)});
        self.ask(
            method,
            json!({"textDocument": document, "position": place(line, column)}),
        )
    }

    pub fn about(&mut self, method: &str, name: &str) -> Value {
        let document = json!({"uri": self.uri(name)});
        self.ask(method, json!({"textDocument": document}))
    }

    /// Ends as it should, and says with which code.
    pub fn end(mut self) -> Option<i32> {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        self.gone()
    }

    /// Says no more and waits for the end.
    pub fn gone(&mut self) -> Option<i32> {
        self.input = None;
        self.child.wait().expect("it ends").code()
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn place(line: u32, column: u32) -> Value {
    json!({"line": line, "character": column})
}

pub fn codes(diagnostics: &[Value]) -> Vec<(String, u64)> {
    let all = diagnostics.iter().map(|one| {
        let code = one["code"].as_str().expect("it has a code").to_owned();
        let line = one["range"]["start"]["line"].as_u64();
        (code, line.expect("it has a line"))
    });
    all.collect()
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().expect("a number"),
            None if line.trim().is_empty() => break,
            None => panic!("no header: {line}"),
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    let message: Value = serde_json::from_slice(&bytes).expect("it speaks JSON");
    assert_eq!(message["jsonrpc"], "2.0");
    Some(message)
}

#[test]
fn what_is_typed_is_judged_and_what_is_saved_is_not() {
    let folder = folder::repository(&[("a.yaml", "Resources: {}\n"), ("b.yaml", WEB)]);
    let mut editor = Editor::new(folder.path(), able());
    // What nobody opened is judged, too.
    assert_eq!(editor.codes("b.yaml"), [("compute/server".to_owned(), 2)]);
    editor.open("a.yaml", WEB);
    let said = editor.published("a.yaml");
    assert_eq!(codes(&said), [("compute/server".to_owned(), 2)]);
    assert_eq!(
        said[0]["range"],
        json!({"start": place(2, 10), "end": place(2, 28)})
    );
    assert_eq!(
        (&said[0]["severity"], &said[0]["source"]),
        (&json!(1), &json!("sfl"))
    );
    let message = said[0]["message"].as_str().expect("it says something");
    assert!(
        message.starts_with("Web is an EC2 instance: rung 4 of 4 on the compute ladder"),
        "{message}"
    );
    // Broken, yet the rest is judged.
    editor.change("a.yaml", 2, [5, 0, 5, 0], "  Broken: [\n");
    let said = editor.codes("a.yaml");
    assert!(
        said.iter().any(|(code, _)| code == "source/yaml"),
        "{said:?}"
    );
    assert!(
        said.iter()
            .any(|(code, line)| code == "compute/server" && *line == 2),
        "{said:?}"
    );
    // Mended, and chosen anew.
    let changes = json!([
        {"range": {"start": place(5, 0), "end": place(6, 0)}, "text": ""},
        {"range": {"start": place(2, 10), "end": place(2, 28)}, "text": "AWS::Lambda::Function"},
    ]);
    editor.changes("a.yaml", 3, changes);
    assert_eq!(editor.codes("a.yaml"), []);
    editor.change("a.yaml", 4, [2, 10, 2, 31], "AWS::EC2::Instance");
    assert_eq!(editor.codes("a.yaml").len(), 1);
    // Closed, the saved text counts again.
    editor.close("a.yaml");
    assert_eq!(editor.codes("a.yaml"), []);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn each_dialect_is_judged_while_it_is_typed() {
    let folder = folder::repository(&[(
        "infra/variables.tf",
        "variable \"size\" { default = \"t3.micro\" }\n",
    )]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open(
        "infra/main.tf",
        "resource \"aws_instance\" \"web\" {\n  instance_type = var.size\n",
    );
    let said = editor.codes("infra/main.tf");
    assert!(
        said.iter().any(|(code, _)| code == "source/hcl"),
        "{said:?}"
    );
    editor.change("infra/main.tf", 2, [2, 0, 2, 0], "}\n");
    assert_eq!(
        editor.codes("infra/main.tf"),
        [("compute/server".to_owned(), 0)]
    );
    editor.open("t.json", "{\"Resources\": {\"Db\": {\"Type\": \"AWS::RDS::DBInstance\", \"Properties\": {\"Engine\": \"mysql\"}}");
    let said = editor.codes("t.json");
    assert!(
        said.iter().any(|(code, _)| code == "source/json"),
        "{said:?}"
    );
    assert!(
        said.iter().any(|(code, _)| code.starts_with("relational/")),
        "{said:?}"
    );
    editor.open("sam.yaml", "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 5}\n      AutoPublishAlias: live\n");
    assert_eq!(editor.codes("sam.yaml").len(), 1);
    let plan = concat!(
        r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{}},"#,
        r#""resource_changes":[{"address":"aws_instance.a","mode":"managed","type":"aws_instance","name":"a","#,
        r#""change":{"actions":["create"],"before":null,"after":{"instance_type":"m5.large"}}}]}"#,
    );
    editor.open("plan.json", plan);
    assert_eq!(
        editor.codes("plan.json"),
        [("compute/server".to_owned(), 0)]
    );
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn places_are_counted_as_the_editor_counts() {
    let text = "Resources:\n  # é𝄞\n  W: {Metadata: {x: \"é𝄞\"}, Type: AWS::EC2::Instance}\n";
    for (offered, column) in [
        (json!(["utf-8", "utf-16"]), 37),
        (json!(["utf-16"]), 34),
        (json!(["utf-32"]), 33),
    ] {
        let folder = folder::repository(&[]);
        let mut capabilities = able();
        capabilities["general"]["positionEncodings"] = offered;
        let mut editor = Editor::new(folder.path(), capabilities);
        editor.open("a.yaml", text);
        let said = editor.published("a.yaml");
        assert_eq!(said[0]["range"]["start"], place(2, column), "{said:?}");
        // A change behind the letters meets its place.
        editor.change(
            "a.yaml",
            2,
            [2, column, 2, column + 18],
            "AWS::Lambda::Function",
        );
        assert_eq!(editor.codes("a.yaml"), []);
        assert_eq!(editor.end(), Some(0));
    }
}

#[test]
fn several_folders_have_each_its_own_configuration() {
    let strict = folder::repository(&[("a.yaml", WEB)]);
    let lenient = folder::repository(&[
        ("sfl.toml", "[ladders.compute]\naccept = \"server\"\n"),
        ("a.yaml", WEB),
    ]);
    let folders = json!([
        {"uri": uri(strict.path()), "name": "strict"},
        {"uri": uri(lenient.path()), "name": "lenient"},
    ]);
    let params = json!({"capabilities": able(), "workspaceFolders": folders});
    let mut editor = Editor::with(strict.path(), params);
    editor.open("a.yaml", WEB);
    assert_eq!(editor.codes("a.yaml").len(), 1);
    let other = uri(&lenient.path().join("a.yaml"));
    let document = json!({"uri": other, "languageId": "yaml", "version": 1, "text": WEB});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    let hover = editor.ask(
        "textDocument/hover",
        json!({"textDocument": {"uri": other}, "position": place(2, 12)}),
    );
    let text = hover["contents"]["value"].as_str().expect("a hover");
    assert!(text.contains("which is accepted here"), "{text}");
    // A folder that goes takes its diagnostics along, and what is open in it stands alone then.
    let event = json!({"added": [], "removed": [{"uri": uri(lenient.path()), "name": "lenient"}]});
    editor.tell(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": event}),
    );
    let message = editor.wait(|message| message["params"]["uri"] == *other);
    assert_eq!(
        message["params"]["diagnostics"].as_array().map(Vec::len),
        Some(1),
        "{message}"
    );
    let event = json!({"added": [{"uri": uri(lenient.path()), "name": "lenient"}], "removed": []});
    editor.tell(
        "workspace/didChangeWorkspaceFolders",
        json!({"event": event}),
    );
    let message = editor.wait(|message| message["params"]["uri"] == *other);
    assert_eq!(message["params"]["diagnostics"], json!([]));
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_text_in_no_folder_is_judged_alone() {
    let folder = folder::repository(&[
        ("module/main.tf", "this is not read"),
        ("sfl.toml", "this neither"),
    ]);
    let mut editor = Editor::with(folder.path(), json!({"capabilities": able()}));
    editor.open("module/new.tf", "resource \"aws_instance\" \"a\" {\n}\n");
    assert_eq!(editor.codes("module/new.tf").len(), 1);
    let reason =
        "  # sfl: because=licence reason=\"licensed per core of its host\" evidence=docs/a.md\n";
    editor.change("module/new.tf", 2, [1, 0, 1, 0], reason);
    // Its evidence may be there: nothing around it was looked at.
    assert_eq!(editor.codes("module/new.tf"), []);
    let document =
        json!({"uri": "untitled:Untitled-1", "languageId": "yaml", "version": 1, "text": WEB});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    let message = editor.wait(|message| message["params"]["uri"] == "untitled:Untitled-1");
    assert_eq!(
        message["params"]["diagnostics"][0]["code"],
        "compute/server"
    );
    // What is no file and no new text is no business of ours.
    let document =
        json!({"uri": "git:/a.yaml?HEAD", "languageId": "yaml", "version": 1, "text": WEB});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    let params = json!({"textDocument": {"uri": "git:/a.yaml?HEAD"}, "position": place(2, 10)});
    assert_eq!(editor.ask("textDocument/hover", params), Value::Null);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn the_configuration_is_followed_as_it_is_typed_and_saved() {
    let folder = folder::repository(&[("a.yaml", WEB), ("sfl.toml", "")]);
    let mut editor = Editor::new(folder.path(), able());
    assert_eq!(editor.codes("a.yaml").len(), 1);
    let asked = editor.wait(|message| message["method"] == "client/registerCapability");
    let watchers = asked["params"]["registrations"][0]["registerOptions"]["watchers"].to_string();
    assert!(
        watchers.contains("CODEOWNERS") && watchers.contains("toml"),
        "{watchers}"
    );
    editor.open("sfl.toml", "[ladders.compute]\naccept = \"serv\"\n");
    assert_eq!(editor.codes("sfl.toml").len(), 1);
    // Half a word is no reason to forget what was said elsewhere.
    editor.change("sfl.toml", 2, [1, 14, 1, 14], "er");
    assert_eq!(editor.codes("sfl.toml"), []);
    assert_eq!(editor.codes("a.yaml"), []);
    editor.close("sfl.toml");
    assert_eq!(editor.codes("a.yaml").len(), 1);
    // Another program writes a ledger.
    let entry = "[[justification]]\naddress = \"Web\"\nbecause = \"licence\"\nreason = \"licensed per core of the host\"\n";
    std::fs::write(folder.path().join("sfl.toml"), entry).expect("it can be written");
    let changed = json!({"changes": [{"uri": editor.uri("sfl.toml"), "type": 2}]});
    editor.tell("workspace/didChangeWatchedFiles", changed);
    assert_eq!(editor.codes("a.yaml"), []);
    let queue = "Resources:\n  Web:\n    Type: AWS::SQS::Queue\n";
    std::fs::write(folder.path().join("a.yaml"), queue).expect("it can be written");
    let changed = json!({"changes": [{"uri": editor.uri("a.yaml"), "type": 2}]});
    editor.tell("workspace/didChangeWatchedFiles", changed);
    let said = editor.codes("sfl.toml");
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].0, "justification/unused");
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn an_editor_that_asks_for_diagnostics_gets_each_once() {
    let folder = folder::repository(&[("a.yaml", WEB), ("b.yaml", WEB)]);
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({"dynamicRegistration": false});
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    let mut editor = Editor::new(folder.path(), capabilities);
    // Until it asks for all files, what is closed is sent.
    assert_eq!(editor.codes("b.yaml").len(), 1);
    editor.open("a.yaml", WEB);
    let first = editor.about("textDocument/diagnostic", "a.yaml");
    assert_eq!(first["kind"], "full");
    let items = first["items"].as_array().expect("a list");
    assert_eq!(codes(items), [("compute/server".to_owned(), 2)]);
    let ask = |editor: &mut Editor, id: &Value| {
        let params = json!({"textDocument": {"uri": editor.uri("a.yaml")}, "previousResultId": id});
        editor.ask("textDocument/diagnostic", params)
    };
    let again = ask(&mut editor, &first["resultId"]);
    assert_eq!(
        again,
        json!({"kind": "unchanged", "resultId": first["resultId"]})
    );
    editor.change("a.yaml", 2, [2, 10, 2, 28], "AWS::Lambda::Function");
    let then = ask(&mut editor, &first["resultId"]);
    assert_eq!(
        (&then["kind"], &then["items"]),
        (&json!("full"), &json!([]))
    );
    // All of them: from then on none is sent, and those that were are taken back.
    let all = editor.ask("workspace/diagnostic", json!({"previousResultIds": []}));
    let items = all["items"].as_array().expect("a list");
    assert_eq!(items.len(), 1, "{all}");
    assert_eq!(editor.codes("b.yaml"), []);
    let known: Vec<Value> = items
        .iter()
        .map(|one| json!({"uri": one["uri"], "value": one["resultId"]}))
        .collect();
    let same = editor.ask("workspace/diagnostic", json!({"previousResultIds": known}));
    let kinds: Vec<&Value> = same["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| &one["kind"])
        .collect();
    assert_eq!(kinds, ["unchanged"]);
    // What another file changes is asked for again.
    editor.change("a.yaml", 3, [2, 10, 2, 31], "AWS::EC2::Instance");
    let then = ask(&mut editor, &then["resultId"]);
    assert_eq!(then["items"].as_array().map(Vec::len), Some(1));
    editor.open("sfl.toml", "[ladders.compute]\naccept = \"server\"\n");
    let asked = editor.wait(|message| message["method"] == "workspace/diagnostic/refresh");
    assert!(asked.get("id").is_some());
    let then = ask(&mut editor, &then["resultId"]);
    assert_eq!(then["items"], json!([]));
    assert_eq!(editor.end(), Some(0));
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("it can be written");
}

fn tell_changed(editor: &mut Editor, name: &str) {
    let changed = json!({"changes": [{"uri": editor.uri(name), "type": 2}]});
    editor.tell("workspace/didChangeWatchedFiles", changed);
}

#[test]
fn what_the_baseline_knows_is_not_said() {
    let known = "{\"schema\": \"sfl-baseline/1\", \"findings\": [{\"path\": \"a.yaml\", \"address\": \"Web\", \"code\": \"compute/server\", \"rung\": 4}]}";
    let folder = folder::repository(&[
        ("a.yaml", WEB),
        ("sfl.toml", "# ours\nbaseline = \"known.json\"\n"),
        ("known.json", known),
    ]);
    let output = folder::run(folder.path(), &["check", "--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", folder::out(&output));
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", WEB);
    let db = "  Db:\n    Type: AWS::EC2::Instance\n    Properties: { ImageId: ami-2 }\n";
    editor.change("a.yaml", 2, [9, 0, 9, 0], db);
    assert_eq!(editor.codes("a.yaml"), [("compute/server".to_owned(), 10)]);
    // As it is typed, saved or broken by another program.
    write(folder.path(), "known.json", "{");
    tell_changed(&mut editor, "known.json");
    assert_eq!(editor.codes("sfl.toml"), [("config/value".to_owned(), 1)]);
    assert_eq!(editor.codes("a.yaml").len(), 2);
    std::fs::remove_file(folder.path().join("known.json")).expect("it can be removed");
    tell_changed(&mut editor, "known.json");
    let said = editor.published("sfl.toml");
    assert!(
        said[0]["message"]
            .as_str()
            .is_some_and(|text| text.contains("there is no known.json yet")),
        "{said:?}"
    );
    write(folder.path(), "known.json", &known.replace("Web", "Db"));
    tell_changed(&mut editor, "known.json");
    assert_eq!(editor.codes("sfl.toml"), []);
    assert_eq!(editor.codes("a.yaml"), [("compute/server".to_owned(), 2)]);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_file_of_values_that_could_not_be_read_is_read_again() {
    const SOUND: &str = "prod:\n  deploy:\n    parameters:\n      parameter_overrides: Size=1\n";
    let folder = folder::repository(&[
        ("a.yaml", WEB),
        (
            "sfl.toml",
            "[deployment.prod]\nparameters_file = \"samconfig.yaml#prod\"\n",
        ),
    ]);
    let mut editor = Editor::new(folder.path(), able());
    // It is not there yet, is written without its table, mended, broken and mended again.
    assert_eq!(
        editor.codes("sfl.toml"),
        [("config/deployment".to_owned(), 1)]
    );
    write(folder.path(), "samconfig.yaml", "dev: {}\n");
    tell_changed(&mut editor, "samconfig.yaml");
    assert_eq!(editor.codes("sfl.toml"), []);
    assert_eq!(editor.codes("samconfig.yaml").len(), 1);
    write(folder.path(), "samconfig.yaml", SOUND);
    tell_changed(&mut editor, "samconfig.yaml");
    let said = editor.codes("samconfig.yaml");
    assert!(
        said.iter().all(|(code, _)| code != "config/deployment") || said.len() == 1,
        "{said:?}"
    );
    // In the editor, too.
    editor.open("samconfig.yaml", "prod: [\n");
    let broken = editor.codes("samconfig.yaml");
    assert!(
        broken.iter().any(|(code, _)| code == "config/deployment"),
        "{broken:?}"
    );
    editor.changes("samconfig.yaml", 2, json!([{"text": SOUND}]));
    let mended = editor.codes("samconfig.yaml");
    assert_ne!(mended, broken);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_configuration_above_the_window_counts_again_when_it_is_saved() {
    let folder = folder::repository(&[("shop/a.yaml", WEB), ("sfl.toml", "")]);
    let below = folder.path().join("shop");
    let mut editor = Editor::new(&below, able());
    assert_eq!(editor.codes("a.yaml").len(), 1);
    let above = uri(&folder.path().join("sfl.toml"));
    let text = "[ladders.compute]\naccept = \"server\"\n";
    let document = json!({"uri": above, "languageId": "toml", "version": 1, "text": text});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    write(folder.path(), "sfl.toml", text);
    editor.tell(
        "textDocument/didSave",
        json!({"textDocument": {"uri": above}}),
    );
    assert_eq!(editor.codes("a.yaml"), []);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_question_right_after_a_change_keeps_no_diagnostics_back() {
    let folder = folder::repository(&[("a.yaml", WEB)]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", WEB);
    assert_eq!(editor.codes("a.yaml").len(), 1);
    // Editors ask for hints and lenses as soon as a key is pressed.
    editor.changes("a.yaml", 2, json!([{"text": "Resources: {}\n"}]));
    editor.about("textDocument/codeLens", "a.yaml");
    assert_eq!(editor.codes("a.yaml"), []);
    editor.changes("a.yaml", 3, json!([{"text": WEB}]));
    editor.at("textDocument/hover", "a.yaml", 2, 12);
    assert_eq!(editor.codes("a.yaml").len(), 1);
    // A folder that leaves the window takes along what was said of it.
    let folders =
        json!({"event": {"added": [], "removed": [{"uri": uri(folder.path()), "name": ""}]}});
    editor.close("a.yaml");
    editor.tell("workspace/didChangeWorkspaceFolders", folders);
    assert_eq!(editor.codes("a.yaml"), []);
    assert_eq!(editor.end(), Some(0));
}
