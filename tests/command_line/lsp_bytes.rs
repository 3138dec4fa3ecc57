//! What `sfl lsp` makes of bytes that are no messages, of messages out of turn, and of very many of them.

use serde_json::{Value, json};

use crate::folder;
use crate::lsp::{Editor, WEB, able, place};

#[test]
fn what_is_no_message_is_said_and_passed_over() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::silent(folder.path());
    let refused = |editor: &mut Editor, bytes: &[u8], code: i32| {
        editor.raw(bytes);
        let answer = editor.wait(|message| message.get("error").is_some());
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&Value::Null, &json!(code)),
            "{answer}"
        );
    };
    refused(&mut editor, b"Content-Length: 5\r\n\r\n{\"a\":", -32700);
    refused(
        &mut editor,
        b"Content-Length: 4\r\n\r\n\xff\xfe\x00\x01",
        -32700,
    );
    refused(
        &mut editor,
        b"content-length:2\r\nContent-Type: x\r\n\r\n{}",
        -32600,
    );
    refused(
        &mut editor,
        b"rubbish\r\n\r\nContent-Length: x\r\n\r\nContent-Length: 2\r\n\r\n[]",
        -32600,
    );
    refused(&mut editor, b"Content-Length: 0\r\n\r\n", -32700);
    let deep = "[".repeat(100_000);
    refused(
        &mut editor,
        format!("Content-Length: {}\r\n\r\n{deep}", deep.len()).as_bytes(),
        -32700,
    );
    // Out of turn, then in turn.
    let id = editor.put("textDocument/hover", json!({}));
    assert_eq!(editor.answer(id)["error"]["code"], -32002);
    let id = editor.put("initialize", json!({"capabilities": 7}));
    assert_eq!(editor.answer(id)["error"]["code"], -32602);
    editor.ask("initialize", json!({"capabilities": {}}));
    let id = editor.put("initialize", json!({"capabilities": {}}));
    assert_eq!(editor.answer(id)["error"]["code"], -32600);
    let id = editor.put("textDocument/semanticTokens/full", json!({}));
    assert_eq!(editor.answer(id)["error"]["code"], -32601);
    let id = editor.put("textDocument/hover", json!({"textDocument": 3}));
    assert_eq!(editor.answer(id)["error"]["code"], -32602);
    // An id may be a text, an answer nobody asked for is no harm, nor is a telling that means nothing.
    editor.send(&json!({"jsonrpc": "2.0", "id": "a", "method": "shutdown?"}));
    let answer = editor.wait(|message| message["id"] == "a");
    assert_eq!(answer["error"]["code"], -32601);
    editor.send(&json!({"jsonrpc": "2.0", "id": 99, "result": null}));
    editor.send(&json!({"jsonrpc": "2.0", "id": null, "error": {"code": 1, "message": "x"}}));
    editor.tell("textDocument/didChange", json!({"textDocument": {}}));
    editor.tell("$/setTrace", json!({"value": "verbose"}));
    editor.ask("shutdown", Value::Null);
    let id = editor.put("textDocument/hover", json!({}));
    assert_eq!(editor.answer(id)["error"]["code"], -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.gone(), Some(0));
}

#[test]
fn an_editor_that_goes_without_a_word_ends_it() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), json!({}));
    editor.tell("exit", Value::Null);
    assert_eq!(editor.gone(), Some(1));
    let mut editor = Editor::new(folder.path(), json!({}));
    assert_eq!(editor.gone(), Some(1));
    let mut editor = Editor::silent(folder.path());
    assert_eq!(editor.gone(), Some(1));
    let mut editor = Editor::new(folder.path(), json!({}));
    editor.raw(b"Content-Length: 100\r\n\r\n{\"cut");
    assert_eq!(editor.gone(), Some(1));
}

#[test]
fn what_is_taken_back_while_it_waits_is_not_worked_on() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), able());
    // Judging this takes long enough that what follows waits for it.
    let long: String = (0..5_000)
        .map(|at| format!("  R{at}: {{Type: AWS::EC2::Instance}}\n"))
        .collect();
    editor.open("long.yaml", &format!("Resources:\n{long}"));
    let first = editor.put(
        "textDocument/codeLens",
        json!({"textDocument": {"uri": editor.uri("long.yaml")}}),
    );
    let params = json!({"textDocument": {"uri": editor.uri("long.yaml")}, "position": place(5, 5)});
    let second = editor.put("textDocument/hover", params.clone());
    let third = editor.put("textDocument/hover", params);
    editor.tell("$/cancelRequest", json!({"id": second}));
    assert!(editor.answer(first).get("error").is_none());
    assert_eq!(editor.answer(second)["error"]["code"], -32800);
    assert!(editor.answer(third).get("error").is_none());
    // What was answered can't be taken back, and the number may be used for another.
    editor.tell("$/cancelRequest", json!({"id": third}));
    editor.tell("$/cancelRequest", json!({"id": "never"}));
    assert_eq!(editor.end(), Some(0));
}

/// A day of typing: 100,000 changes, here and there with a question.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_bounded_over_100_000_edits() {
    let folder = folder::repository(&[("other.yaml", WEB)]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", WEB);
    let resident = |editor: &Editor| {
        let status = std::fs::read_to_string(format!("/proc/{}/status", editor.process()));
        let status = status.expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().next());
        number
            .and_then(|number| number.parse::<u64>().ok())
            .expect("kilobytes")
    };
    let mut early = 0;
    let place = |column: u32| place(4, column);
    for message in 0..20_000 {
        // A letter comes, and goes again: five edits, after which the text is another one.
        let edits = (0..5).map(|number| match (message + number) % 2 {
            0 => json!({"range": {"start": place(15), "end": place(15)}, "text": "x"}),
            _ => json!({"range": {"start": place(15), "end": place(16)}, "text": ""}),
        });
        editor.changes("a.yaml", message + 2, edits.collect());
        if message % 100 == 0 {
            let hover = editor.at("textDocument/hover", "a.yaml", 2, 12);
            assert_ne!(hover, Value::Null);
        }
        if message == 4_000 {
            early = resident(&editor);
        }
    }
    let lenses = editor.about("textDocument/codeLens", "a.yaml");
    assert_eq!(lenses.as_array().map(Vec::len), Some(3));
    let late = resident(&editor);
    assert!(late < early + 8 * 1024, "{early} kB, then {late} kB");
    assert_eq!(editor.end(), Some(0));
}
