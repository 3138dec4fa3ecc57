//! What `sfl lsp` offers to write next.

use serde_json::Value;

use crate::folder;
use crate::lsp::{Editor, WEB, able};

/// What is offered at the place of `|` in a text: labels, each with what is inserted.
fn offered(editor: &mut Editor, name: &str, text: &str) -> Vec<(String, String)> {
    let byte = text.find('|').expect("a place");
    let before = &text[..byte];
    let line = u32::try_from(before.matches('\n').count()).expect("short");
    let column = before.rsplit('\n').next().map_or(0, str::len);
    editor.open(name, &text.replacen('|', "", 1));
    let column = u32::try_from(column).expect("short");
    let all = editor.at("textDocument/completion", name, line, column);
    editor.close(name);
    let all = all.as_array().cloned().expect("a list");
    let word = |value: &Value| value.as_str().expect("a text").to_owned();
    let all = all.iter();
    all.map(|one| (word(&one["label"]), word(&one["textEdit"]["newText"])))
        .collect()
}

fn labels(editor: &mut Editor, name: &str, text: &str) -> Vec<String> {
    let all = offered(editor, name, text).into_iter();
    all.map(|(label, _)| label).collect()
}

#[test]
fn fields_kinds_owners_and_ends_are_offered_in_a_reason() {
    let written = format!(
        "{WEB}  Old: # sfl: because=licence reason=\"licensed per core of the host\" owner=team-old\n    Type: AWS::EC2::Instance\n"
    );
    let folder = folder::repository(&[
        ("old.yaml", &written),
        (
            "CODEOWNERS",
            "* @org/platform\ninfra/ @org/infra somebody@example.org\n",
        ),
        ("sfl.toml", "[justifications]\nfurthest = \"200d\"\n"),
    ]);
    let mut editor = Editor::new(folder.path(), able());
    let block =
        "Resources:\n  W:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl:\n        ";
    let kinds = labels(&mut editor, "a.yaml", &format!("{block}because: |\n"));
    assert!(
        kinds.contains(&"licence".to_owned()) && kinds.len() == 12,
        "{kinds:?}"
    );
    let names = labels(
        &mut editor,
        "a.yaml",
        &format!("{block}because: licence\n        o|\n"),
    );
    assert_eq!(names, ["reason", "owner", "expires", "evidence", "by"]);
    let owners = offered(&mut editor, "a.yaml", &format!("{block}owner: |\n"));
    let pair = |label: &str, text: &str| (label.to_owned(), text.to_owned());
    for wanted in [
        pair("@org/infra", "\"@org/infra\""),
        pair("team-old", "team-old"),
        pair("somebody@example.org", "\"somebody@example.org\""),
    ] {
        assert!(owners.contains(&wanted), "{wanted:?}: {owners:?}");
    }
    let ends = offered(&mut editor, "a.yaml", &format!("{block}expires: |\n"));
    // Three and six months are within 200 days, a year is not; the last day is one more.
    assert_eq!(ends.len(), 3, "{ends:?}");
    assert!(ends.iter().all(|(_, text)| text.len() == 10), "{ends:?}");
    let json = offered(
        &mut editor,
        "a.json",
        "{\"Resources\": {\"W\": {\"Type\": \"AWS::EC2::Instance\", \"Metadata\": {\"sfl\": {\"because\": |}}}}}",
    );
    assert!(json.contains(&pair("licence", "\"licence\"")), "{json:?}");
    let comment = offered(
        &mut editor,
        "main.tf",
        "# sfl: because=licence |\nresource \"aws_instance\" \"a\" {}\n",
    );
    assert!(comment.contains(&pair("owner", "owner=")), "{comment:?}");
    assert_eq!(
        labels(&mut editor, "a.yaml", "Resources:\n  W|\n"),
        [] as [&str; 0]
    );
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn keys_and_words_of_the_configuration_are_offered() {
    let folder = folder::repository(&[("rules/own.toml", "")]);
    let mut editor = Editor::new(folder.path(), able());
    let keys = labels(
        &mut editor,
        "sfl.toml",
        "[justifications]\nrequire = []\n|\n",
    );
    assert!(keys.contains(&"minimum_length".to_owned()), "{keys:?}");
    assert!(!keys.contains(&"require".to_owned()), "{keys:?}");
    let heads = labels(&mut editor, "sfl.toml", "[lad|");
    assert!(heads.contains(&"ladders.compute".to_owned()), "{heads:?}");
    let lists = labels(&mut editor, "sfl.toml", "[[|");
    assert!(
        lists.contains(&"justification".to_owned()) && lists.contains(&"override".to_owned()),
        "{lists:?}"
    );
    let rungs = offered(&mut editor, "sfl.toml", "[ladders.compute]\naccept = |");
    assert!(
        rungs.contains(&("server".to_owned(), "\"server\"".to_owned())),
        "{rungs:?}"
    );
    let kinds = offered(
        &mut editor,
        "sfl.toml",
        "[[justification]]\nbecause = \"|\"",
    );
    assert!(
        kinds.contains(&("licence".to_owned(), "licence".to_owned())),
        "{kinds:?}"
    );
    let keys = labels(&mut editor, "rules/own.toml", "[[rule]]\n|\n");
    assert!(keys.contains(&"types".to_owned()), "{keys:?}");
    // Other people's TOML is none of ours.
    assert_eq!(
        labels(&mut editor, "Cargo.toml", "[package]\n|\n"),
        [] as [&str; 0]
    );
    assert_eq!(editor.end(), Some(0));
}
