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

#[test]
fn what_the_configuration_may_name_is_offered() {
    let settings = "[[purpose.stream]]\nname = \"checkout\"\npaths = \"shop\"\n";
    let folder = folder::repository(&[("sfl.toml", settings)]);
    let mut editor = Editor::new(folder.path(), able());
    let pair = |label: &str, text: &str| (label.to_owned(), text.to_owned());
    let target = format!("{settings}[[purpose.target]]\nscore = 90\n");
    for (text, wanted) in [
        (
            "ignore = [\"|\"]\n".to_owned(),
            pair("compute/server", "compute/server"),
        ),
        (
            "ignore = [|]\n".to_owned(),
            pair("ec2-instance", "\"ec2-instance\""),
        ),
        (
            "ignore = [\n  \"note\", # few\n  \"|\",\n]\n".to_owned(),
            pair("source/yaml", "source/yaml"),
        ),
        (
            "select = [\"comp|\"]\n".to_owned(),
            pair("compute", "compute"),
        ),
        ("select = [\"|\"]\n".to_owned(), pair("warning", "warning")),
        (
            "[justifications]\nnever = [\"|\"]\n".to_owned(),
            pair("cache/cluster", "cache/cluster"),
        ),
        (
            format!("{target}ladder = \"|\"\n"),
            pair("relational", "relational"),
        ),
        (
            format!("{target}stream = \"|\"\n"),
            pair("checkout", "checkout"),
        ),
        (format!("{target}gate = |\n"), pair("true", "true")),
    ] {
        let all = offered(&mut editor, "sfl.toml", &text);
        assert!(all.contains(&wanted), "{text}: {all:?}");
    }
    let never = labels(
        &mut editor,
        "sfl.toml",
        "[justifications]\nnever = [\"|\"]\n",
    );
    assert!(never.iter().all(|one| one.contains('/')), "{never:?}");
    // Each word is one that `sfl check` takes.
    let words = labels(&mut editor, "sfl.toml", "ignore = [\"|\"]\n");
    let list = words.join("\", \"");
    assert!(words.len() > 200, "{words:?}");
    assert_eq!(editor.end(), Some(0));
    let mut editor = Editor::new(folder.path(), able());
    editor.open("sfl.toml", "ignore = [\"no-such-word\"]\n");
    assert_eq!(editor.codes("sfl.toml").len(), 1);
    let text = format!("ignore = [\"{list}\"]\n");
    editor.changes("sfl.toml", 2, serde_json::json!([{"text": text}]));
    assert_eq!(editor.codes("sfl.toml"), []);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn heads_are_offered_where_they_may_stand() {
    let folder = folder::repository(&[("rules/own.toml", "")]);
    let mut editor = Editor::new(folder.path(), able());
    let all = "[[override]]\npath = \"prod/**\"\n\n";
    let heads = labels(&mut editor, "sfl.toml", &format!("{all}[override.|"));
    assert!(
        heads.contains(&"override.ladders".to_owned())
            && heads.contains(&"override.ladders.compute".to_owned())
            && heads.iter().all(|one| one.starts_with("override.")),
        "{heads:?}"
    );
    let heads = labels(
        &mut editor,
        "sfl.toml",
        &format!("{all}[override.ladders.compute.|]\n"),
    );
    assert_eq!(heads, ["override.ladders.compute.severity"]);
    // Without a list there is no item that such a table could belong to.
    for (text, is_there) in [(format!("{all}[|"), true), ("[|".to_owned(), false)] {
        let heads = labels(&mut editor, "sfl.toml", &text);
        assert_eq!(
            heads.contains(&"override.ladders.compute".to_owned()),
            is_there,
            "{heads:?}"
        );
        assert!(heads.contains(&"justifications".to_owned()), "{heads:?}");
    }
    let lists = labels(&mut editor, "sfl.toml", "[[|");
    for wanted in [
        "justification",
        "map.place",
        "override",
        "purpose.stream",
        "purpose.target",
    ] {
        assert!(lists.contains(&wanted.to_owned()), "{wanted}: {lists:?}");
    }
    let heads = labels(
        &mut editor,
        "rules/own.toml",
        "[[rule]]\nname = \"x\"\n[[rule.|",
    );
    assert!(heads.contains(&"rule.case".to_owned()), "{heads:?}");
    assert_eq!(editor.end(), Some(0));
}
