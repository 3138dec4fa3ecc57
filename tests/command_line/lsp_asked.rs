//! What an editor asks `sfl lsp` about a place: hovers, lenses, actions, places, links and pages.

use std::fs;

use serde_json::{Value, json};

use crate::folder;
use crate::lsp::{Editor, WEB, able, codes, place};

/// A group of instances with a template that serves it, and a reason with evidence.
const GROUP: &str = "\
Resources:
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData: {InstanceType: m5.large}
  Web:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: '1'
      MaxSize: '2'
      LaunchTemplate: {LaunchTemplateId: !Ref Launch, Version: '1'}
  Billing:
    Type: AWS::EC2::Instance
    Metadata:
      sfl:
        because: licence
        reason: the billing engine is licensed per core
        owner: team-billing
        evidence: docs/licence.md
";

fn text(hover: &Value) -> &str {
    hover["contents"]["value"]
        .as_str()
        .expect("there is a hover")
}

/// The actions for a line whose titles begin like this.
fn actions(
    editor: &mut Editor,
    name: &str,
    line: u32,
    diagnostics: &[Value],
    begin: &str,
) -> Vec<Value> {
    let params = json!({
        "textDocument": {"uri": editor.uri(name)},
        "range": {"start": place(line, 10), "end": place(line, 10)},
        "context": {"diagnostics": diagnostics},
    });
    let all = editor.ask("textDocument/codeAction", params);
    let all = all.as_array().cloned().expect("a list");
    let begins = |one: &Value| {
        one["title"]
            .as_str()
            .is_some_and(|title| title.starts_with(begin))
    };
    all.into_iter().filter(begins).collect()
}

/// The text with the edits of an action in it, as a plain editor makes them: places to fill in keep their words.
fn applied(action: &Value, uri: &str, text: &str) -> String {
    let changes = action["edit"]["documentChanges"]
        .as_array()
        .expect("changes");
    let change = changes
        .iter()
        .find(|one| one["textDocument"]["uri"] == *uri);
    let edits = change.expect("it is of this file")["edits"]
        .as_array()
        .cloned();
    let mut edits = edits.expect("edits");
    edits.reverse();
    let mut text = text.to_owned();
    for edit in edits {
        let byte = |place: &Value| {
            let number = |name: &str| {
                usize::try_from(place[name].as_u64().expect("a number")).expect("small")
            };
            let before: usize = text
                .split_inclusive('\n')
                .take(number("line"))
                .map(str::len)
                .sum();
            before + number("character")
        };
        let range = byte(&edit["range"]["start"])..byte(&edit["range"]["end"]);
        let new = edit["newText"]
            .as_str()
            .or(edit["snippet"]["value"].as_str());
        text.replace_range(range, new.expect("a text"));
    }
    text
}

#[test]
fn a_hover_says_what_was_chosen_and_why_a_member_is_one() {
    let folder = folder::repository(&[("docs/licence.md", "")]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", GROUP);
    for (line, column) in [(5, 4), (6, 12), (9, 8)] {
        let hover = editor.at("textDocument/hover", "a.yaml", line, column);
        let text = text(&hover);
        assert_eq!(hover["contents"]["kind"], "markdown");
        for part in [
            "**Web** runs on EC2",
            "rung 4 of 4 (server) on the compute ladder",
            "*yours to run*: ",
            "*way up*: ",
            "*members*: Launch",
            "nobody wrote it down yet",
        ] {
            assert!(text.contains(part), "{line}: {part}: {text}");
        }
    }
    let hover = editor.at("textDocument/hover", "a.yaml", 4, 8);
    let member = text(&hover);
    assert!(member.starts_with("**Launch** belongs to Web"), "{member}");
    assert!(
        member.contains("*why*: `LaunchTemplate.LaunchTemplateId` of Web refers to it"),
        "{member}"
    );
    let hover = editor.at("textDocument/hover", "a.yaml", 12, 12);
    let reasoned = text(&hover);
    for part in [
        "*why*: licence: the billing engine is licensed per core",
        "*owner*: team-billing",
        "*evidence*: docs/licence.md",
    ] {
        assert!(reasoned.contains(part), "{part}: {reasoned}");
    }
    assert_eq!(editor.at("textDocument/hover", "a.yaml", 0, 3), Value::Null);
    // A module of Terraform, on the name, the brace and inside.
    editor.open("main.tf", "variable \"n\" {}\nresource \"aws_instance\" \"web\" {\n  count         = var.n\n  instance_type = \"t3.micro\"\n}\n");
    for (line, column) in [(1, 2), (1, 14), (1, 26), (3, 5)] {
        let hover = editor.at("textDocument/hover", "main.tf", line, column);
        assert!(
            text(&hover).contains("is an EC2 instance"),
            "{line}:{column} {hover}"
        );
    }
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_hover_is_plain_where_no_markdown_is_shown() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), json!({}));
    editor.open("a.yaml", WEB);
    let hover = editor.at("textDocument/hover", "a.yaml", 1, 3);
    assert_eq!(hover["contents"]["kind"], "plaintext");
    assert!(
        text(&hover).starts_with("Web is an EC2 instance\n"),
        "{hover}"
    );
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn lenses_stand_above_the_file_and_each_choice() {
    let folder = folder::repository(&[("docs/licence.md", "")]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", GROUP);
    let lenses = editor.about("textDocument/codeLens", "a.yaml");
    let lenses = lenses.as_array().expect("a list");
    let shown: Vec<(u64, &str)> = lenses
        .iter()
        .map(|lens| {
            let line = lens["range"]["start"]["line"].as_u64().expect("a line");
            (line, lens["command"]["title"].as_str().expect("a title"))
        })
        .collect();
    assert_eq!(
        shown,
        [
            (0, "score 0 · 2 hosting choices · 1 needs a reason"),
            (5, "rung 4 of 4 · 1 member · nobody said why"),
            (11, "rung 4 of 4 · licence"),
        ]
    );
    assert_eq!(lenses[1]["command"]["command"], "sfl.explain");
    assert_eq!(lenses[1]["command"]["arguments"], json!(["compute/server"]));
    // Where nothing is chosen, nothing is said.
    editor.open("b.yaml", "Resources: {}\n");
    assert_eq!(editor.about("textDocument/codeLens", "b.yaml"), json!([]));
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_reason_is_filled_in_where_it_belongs() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", WEB);
    let said = editor.published("a.yaml");
    let found = actions(&mut editor, "a.yaml", 2, &said, "Write down why");
    let [action] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(action["title"], "Write down why Web is on rung 4");
    assert_eq!(
        (&action["kind"], &action["diagnostics"]),
        (&json!("quickfix"), &json!(said))
    );
    let uri = editor.uri("a.yaml");
    assert_eq!(
        action["edit"]["documentChanges"][0]["textDocument"]["version"],
        1
    );
    let after = applied(action, &uri, WEB);
    assert!(after.contains("because: ${2|vendor-software,"), "{after}");
    assert!(after.contains("${1:TODO: say why}"), "{after}");
    // As it is inserted it settles nothing; with words it does.
    let plain = after.replace("${1:TODO: say why}", "TODO: say why");
    let start = plain.find("${2|").expect("a choice");
    let end = start + plain[start..].find("|}").expect("its end") + 2;
    let plain = plain.replace(&plain[start..end], "licence");
    editor.changes("a.yaml", 2, json!([{"text": plain}]));
    let said = editor.published("a.yaml");
    let said: Vec<String> = codes(&said).into_iter().map(|(code, _)| code).collect();
    assert!(said.contains(&"compute/server".to_owned()), "{said:?}");
    assert!(
        said.contains(&"justification/placeholder".to_owned()),
        "{said:?}"
    );
    editor.changes(
        "a.yaml",
        3,
        json!([{"text": plain.replace("TODO: say why", "licensed per core of the host")}]),
    );
    assert_eq!(editor.codes("a.yaml"), []);
    let found = actions(&mut editor, "a.yaml", 2, &[], "Write down why");
    assert_eq!(found, [] as [Value; 0]);
    // A block of Terraform has it in a comment.
    let text = "resource \"aws_instance\" \"web\" {\n}\n";
    editor.open("main.tf", text);
    let found = actions(&mut editor, "main.tf", 0, &[], "Write down why");
    let uri = editor.uri("main.tf");
    let after = applied(&found[0], &uri, text);
    assert!(after.starts_with("# sfl: because=${2|"), "{after}");
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn an_editor_without_snippets_gets_plain_edits() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), json!({}));
    editor.open("a.yaml", WEB);
    let found = actions(&mut editor, "a.yaml", 2, &[], "");
    let titles: Vec<&str> = found
        .iter()
        .filter_map(|one| one["title"].as_str())
        .collect();
    // It can't make the sfl.toml in which a rung would be accepted.
    assert_eq!(titles[0], "Write down why Web is on rung 4");
    assert_eq!(titles.len(), 2, "{titles:?}");
    assert!(titles[1].starts_with("Explain "), "{titles:?}");
    let uri = editor.uri("a.yaml");
    let edits = &found[0]["edit"]["changes"][&uri];
    let new = edits[0]["newText"].as_str().expect("a text");
    assert!(new.contains("TODO: say why") && !new.contains('$'), "{new}");
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn the_kind_that_is_filled_in_is_not_contradicted() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), json!({}));
    for (number, (kind, properties)) in [
        (
            "AWS::RDS::DBInstance",
            "{Engine: postgres, DBInstanceClass: db.t3.medium}",
        ),
        (
            "AWS::ElastiCache::CacheCluster",
            "{Engine: redis, CacheNodeType: cache.t3.micro}",
        ),
        ("AWS::Kinesis::Stream", "{ShardCount: 1}"),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{number}.yaml");
        let text = format!("Resources:\n  It:\n    Type: {kind}\n    Properties: {properties}\n");
        editor.open(&name, &text);
        assert_eq!(editor.codes(&name).len(), 1);
        let found = actions(&mut editor, &name, 2, &[], "Write down why");
        let uri = editor.uri(&name);
        let edit = &found[0]["edit"]["changes"][&uri];
        let as_versioned =
            json!({"edit": {"documentChanges": [{"textDocument": {"uri": uri}, "edits": edit}]}});
        let after = applied(&as_versioned, &uri, &text);
        let after = after.replace(
            "TODO: say why",
            "the partner asks for it until the audit ends",
        );
        editor.changes(&name, 2, json!([{"text": after}]));
        assert_eq!(editor.codes(&name), [], "{after}");
    }
    assert_eq!(editor.end(), Some(0));
}

/// The titles of what would be accepted for the resource in the third line.
fn accepts(editor: &mut Editor, name: &str) -> Vec<(String, Value)> {
    let found = actions(editor, name, 2, &[], "Accept").into_iter();
    found
        .map(|one| (one["title"].as_str().expect("a title").to_owned(), one))
        .collect()
}

#[test]
fn what_an_override_says_is_not_accepted_around_it() {
    let settings = "[[override]]\npath = \"prod/**\"\nladders.accept = \"capacity\"\n";
    let folder = folder::repository(&[
        ("prod/a.yaml", WEB),
        ("dev/a.yaml", WEB),
        ("sfl.toml", settings),
    ]);
    let mut editor = Editor::new(folder.path(), able());
    for name in ["prod/a.yaml", "dev/a.yaml"] {
        editor.open(name, WEB);
    }
    let titles = |editor: &mut Editor, name| -> Vec<String> {
        let all = accepts(editor, name).into_iter();
        all.map(|(title, _)| title).collect()
    };
    assert_eq!(
        titles(&mut editor, "prod/a.yaml"),
        ["Accept rung 4 (server) of compute in prod/a.yaml"]
    );
    assert_eq!(
        titles(&mut editor, "dev/a.yaml"),
        [
            "Accept rung 4 (server) of compute in dev/a.yaml",
            "Accept rung 4 (server) of compute everywhere but in prod/**"
        ]
    );
    assert_eq!(editor.end(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_file_of_any_name_is_accepted_alone() {
    let names = ["x/a\"ü\\.yaml", "x/[1] {a,b}*!-?.yaml"];
    let folder = folder::repository(&[]);
    fs::create_dir(folder.path().join("x")).expect("it can be made");
    // What a careless glob would match as well.
    for name in names.into_iter().chain(["x/a\"ü.yaml", "x/1 a.yaml"]) {
        fs::write(folder.path().join(name), WEB).expect("it can be written");
    }
    for name in names {
        let mut editor = Editor::new(folder.path(), able());
        editor.open(name, WEB);
        let (title, action) = accepts(&mut editor, name).remove(0);
        assert_eq!(
            title,
            format!("Accept rung 4 (server) of compute in {name}")
        );
        let uri = editor.uri("sfl.toml");
        let settings = applied(&action, &uri, "");
        fs::write(folder.path().join("sfl.toml"), &settings).expect("it can be written");
        assert_eq!(editor.end(), Some(0));
        let said = folder::run(folder.path(), &["check", "--format", "json"]);
        let said: Value = serde_json::from_slice(&said.stdout).expect("it is JSON");
        let findings = said["findings"].as_array().expect("findings");
        let paths: Vec<&str> = findings
            .iter()
            .filter_map(|one| one["path"].as_str())
            .collect();
        assert_eq!(paths.len(), 3, "{settings}: {paths:?}");
        assert!(!paths.contains(&name), "{settings}: {paths:?}");
        fs::remove_file(folder.path().join("sfl.toml")).expect("it was there");
    }
}

#[test]
fn what_globals_decide_is_answered_for_where_it_is_underlined() {
    let text = "\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    ProvisionedConcurrencyConfig: {ProvisionedConcurrentExecutions: 2}
    AutoPublishAlias: live
Resources:
  One:
    Type: AWS::Serverless::Function
  Two:
    Type: AWS::Serverless::Function
";
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", text);
    let said = editor.published("a.yaml");
    let lines: Vec<u64> = codes(&said).into_iter().map(|(_, line)| line).collect();
    assert_eq!(lines, [3, 3]);
    let column = u32::try_from(
        said[0]["range"]["start"]["character"]
            .as_u64()
            .expect("a number"),
    );
    let column = column.expect("small");
    let hover = editor.at("textDocument/hover", "a.yaml", 3, column);
    assert!(text_of(&hover).contains("One"), "{hover}");
    let params = json!({
        "textDocument": {"uri": editor.uri("a.yaml")},
        "range": said[0]["range"],
        "context": {"diagnostics": said},
    });
    let found = editor.ask("textDocument/codeAction", params);
    for name in ["One", "Two"] {
        let title = format!("Write down why {name} is on rung 2");
        assert!(found.to_string().contains(&title), "{found}");
    }
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn what_is_generated_is_explained_in_the_ledger() {
    let manifest = "{\"version\": \"36.0.0\", \"artifacts\": {}}";
    let template = "{\"Resources\": {\n\"Web\": {\n\"Type\": \"AWS::EC2::Instance\",\n\"Metadata\": {\"aws:cdk:path\": \"Shop/Web/Resource\"}}}}\n";
    let folder = folder::repository(&[
        ("cdk.out/manifest.json", manifest),
        ("cdk.out/Shop.template.json", template),
        ("sfl.toml", "# ours\n"),
    ]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("cdk.out/Shop.template.json", template);
    let found = actions(
        &mut editor,
        "cdk.out/Shop.template.json",
        2,
        &[],
        "Write down why",
    );
    assert_eq!(
        found[0]["title"],
        "Write down why Shop/Web is on rung 4 in sfl.toml"
    );
    let uri = editor.uri("sfl.toml");
    let after = applied(&found[0], &uri, "# ours\n");
    assert!(after.starts_with("# ours\n\n[[justification]]\npath = \"cdk.out/**\"\naddress = \"Shop/Web\"\nbecause = \""), "{after}");
    assert!(after.contains("reason = \"${1:TODO: say why}\""), "{after}");
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_rung_is_accepted_here_or_everywhere() {
    let folder = folder::repository(&[("infra/a.yaml", WEB)]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("infra/a.yaml", WEB);
    let found = actions(&mut editor, "infra/a.yaml", 2, &[], "Accept");
    let titles: Vec<&str> = found
        .iter()
        .filter_map(|one| one["title"].as_str())
        .collect();
    assert_eq!(
        titles,
        [
            "Accept rung 4 (server) of compute in infra/a.yaml",
            "Accept rung 4 (server) of compute everywhere"
        ]
    );
    // The file is made where there is none.
    let uri = editor.uri("sfl.toml");
    assert_eq!(found[0]["edit"]["documentChanges"][0]["kind"], "create");
    let here = applied(&found[0], &uri, "");
    assert_eq!(
        here,
        "[[override]]\npath = \"infra/a.yaml\"\n\n[override.ladders.compute]\naccept = \"server\"\n"
    );
    let all = applied(&found[1], &uri, "");
    assert_eq!(all, "[ladders.compute]\naccept = \"server\"\n");
    for text in [here, all] {
        fs::write(folder.path().join("sfl.toml"), text).expect("it can be written");
        let changed = json!({"changes": [{"uri": uri, "type": 1}]});
        editor.tell("workspace/didChangeWatchedFiles", changed);
        let hover = editor.at("textDocument/hover", "infra/a.yaml", 2, 12);
        assert!(
            text_of(&hover).contains("which is accepted here"),
            "{hover}"
        );
    }
    assert_eq!(editor.end(), Some(0));
}

fn text_of(hover: &Value) -> String {
    text(hover).to_owned()
}

#[test]
fn places_lead_from_member_to_choice_and_back() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", GROUP);
    let uri = editor.uri("a.yaml");
    let led = editor.at("textDocument/definition", "a.yaml", 2, 12);
    let web = json!({"uri": uri, "range": {"start": place(6, 10), "end": place(6, 44)}});
    assert_eq!(led, json!([web]));
    let ask = |editor: &mut Editor, own: bool| {
        let params = json!({
            "textDocument": {"uri": editor.uri("a.yaml")},
            "position": place(6, 12),
            "context": {"includeDeclaration": own},
        });
        editor.ask("textDocument/references", params)
    };
    let launch = json!({"uri": uri, "range": {"start": place(2, 10), "end": place(2, 34)}});
    assert_eq!(ask(&mut editor, false), json!([launch]));
    assert_eq!(ask(&mut editor, true), json!([web, launch]));
    assert_eq!(
        editor.at("textDocument/definition", "a.yaml", 0, 0),
        json!([])
    );
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn reasons_lead_to_their_evidence() {
    let outside = folder::folder(&[("secret.md", "")]);
    let secret = outside.path().join("secret.md");
    let text = GROUP.to_owned()
        + &format!(
            "  Other:\n    Type: AWS::EC2::Instance # sfl\n  # sfl: because=licence reason=\"licensed per core of the host\" evidence=\"https://example.org/a\"\n  Third: {{Type: AWS::EC2::Instance}}\n  # sfl: because=licence reason=\"licensed per core of the host\" evidence=\"{}\"\n  Fourth: {{Type: AWS::EC2::Instance}}\n",
            secret.display()
        );
    let folder = folder::repository(&[("docs/licence.md", "")]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", &text);
    let links = editor.about("textDocument/documentLink", "a.yaml");
    let links = links.as_array().expect("a list");
    let targets: Vec<&Value> = links.iter().map(|link| &link["target"]).collect();
    assert_eq!(
        targets,
        [
            &json!(editor.uri("docs/licence.md")),
            &json!("https://example.org/a")
        ]
    );
    assert_eq!(
        links[0]["range"],
        json!({"start": place(18, 18), "end": place(18, 33)})
    );
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_page_is_shown_for_each_name() {
    let folder = folder::repository(&[]);
    let mut editor = Editor::new(folder.path(), able());
    for name in [
        "compute/server",
        "AWS::ECS::Service",
        "justification/expired",
    ] {
        let params = json!({"command": "sfl.explain", "arguments": [name]});
        let page = editor.ask("workspace/executeCommand", params);
        let page = page.as_str().expect("a page");
        assert!(page.len() > 100, "{name}: {page}");
        let shown = editor.wait(|message| message["method"] == "window/showMessage");
        assert_eq!(shown["params"]["message"], page);
    }
    let id = editor.put(
        "workspace/executeCommand",
        json!({"command": "sfl.explain", "arguments": ["no/such"]}),
    );
    assert_eq!(editor.answer(id)["error"]["code"], -32602);
    let id = editor.put(
        "workspace/executeCommand",
        json!({"command": "rm", "arguments": ["-rf"]}),
    );
    assert_eq!(editor.answer(id)["error"]["code"], -32602);
    assert_eq!(editor.end(), Some(0));
}

/// On the text as it is typed: the file on the disk says something else.
#[test]
fn a_better_property_is_an_edit_and_only_a_safe_one_is_preferred() {
    let saved = "Resources:\n  T: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST } }\n";
    let typed = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } # five\n  S:\n    Type: AWS::Kinesis::Stream\n    Properties: { ShardCount: 1 }\n  C:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: !If [Prod, PROVISIONED, PAY_PER_REQUEST]\n";
    let folder = folder::repository(&[("a.yaml", saved), ("b.yaml", saved)]);
    let mut editor = Editor::new(folder.path(), able());
    editor.open("a.yaml", typed);
    let uri = editor.uri("a.yaml");
    let safe = actions(&mut editor, "a.yaml", 2, &[], "Move ");
    assert_eq!(safe.len(), 1, "{safe:#?}");
    assert_eq!(safe[0]["isPreferred"], true);
    assert_eq!(safe[0]["kind"], "quickfix");
    assert_eq!(
        applied(&safe[0], &uri, typed),
        typed.replace(
            "ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }",
            "BillingMode: PAY_PER_REQUEST"
        )
    );
    let not_safe = actions(&mut editor, "a.yaml", 6, &[], "Move ");
    assert_eq!(not_safe.len(), 1, "{not_safe:#?}");
    assert_eq!(not_safe[0]["isPreferred"], Value::Null);
    let title = not_safe[0]["title"].as_str().expect("a text");
    assert!(title.contains("(unsafe: the stream is billed"), "{title}");
    assert_eq!(
        applied(&not_safe[0], &uri, typed),
        typed.replace(
            "ShardCount: 1",
            "StreamModeDetails: { StreamMode: ON_DEMAND }"
        )
    );
    // A condition decides.
    let none = actions(&mut editor, "a.yaml", 9, &[], "Move ");
    assert_eq!(none, Vec::<Value>::new());
}
