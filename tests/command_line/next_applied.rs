//! `sfl next --apply`: the change of one action is made, and nothing else; where there is none, it says why.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::folder::{err, folder, out, run};

/// Of which each has a change, none, or an unsafe one.
const TEMPLATE: &str = "# the shop\nParameters:\n  Mode: { Type: String, Default: PROVISIONED }\nResources:\n  Orders: # all of them\n    Type: AWS::DynamoDB::Table\n    Properties:\n      # five is enough\n      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }\n      KeySchema: [{AttributeName: id, KeyType: HASH}]\n  Clicks:\n    Type: AWS::Kinesis::Stream\n    Properties: {ShardCount: 1}\n  Web: { Type: AWS::EC2::Instance, Properties: { ImageId: ami-1 } }\n  Simple: { Type: AWS::Cassandra::Table, Properties: { BillingMode: { Mode: !Ref Mode } } }\n";

fn git(folder: &Path, arguments: &[&str]) -> String {
    let done = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
        .args(arguments)
        .output()
        .expect("git runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).expect("it is UTF-8")
}

fn committed(files: &[(&str, &str)]) -> tempfile::TempDir {
    let here = folder(files);
    git(here.path(), &["init", "-q"]);
    git(here.path(), &["add", "-A"]);
    git(here.path(), &["commit", "-qm", "as it was"]);
    here
}

fn listed(folder: &Path, more: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["next", "--format", "json", "--limit", "50"];
    arguments.extend(more);
    let found: Value = serde_json::from_str(&out(&run(folder, &arguments))).expect("it is JSON");
    found["actions"].as_array().expect("a list").clone()
}

/// The line of an action in the list, and the action.
fn of<'a>(actions: &'a [Value], address: &str) -> &'a Value {
    let mut all = actions.iter();
    all.find(|one| one["decisions"][0]["address"] == address)
        .unwrap_or_else(|| panic!("{address}: {actions:#?}"))
}

fn rung(folder: &Path, address: &str) -> i64 {
    let output = run(folder, &["check", "--format", "json"]);
    let found: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    let mut all = found["decisions"].as_array().expect("a list").iter();
    let is_it = |one: &&Value| one["address"] == address;
    all.find(is_it).expect("it is there")["rung"]
        .as_i64()
        .expect("a number")
}

#[test]
fn a_safe_change_is_made_and_nothing_else() {
    for by_id in [false, true] {
        let here = committed(&[("a.yaml", TEMPLATE)]);
        let actions = listed(here.path(), &[]);
        let table = of(&actions, "Orders");
        assert_eq!(table["fix"]["safety"], "safe", "{table:#}");
        assert_eq!(
            table["fix"]["edits"][0]["text"],
            "BillingMode: PAY_PER_REQUEST"
        );
        let number = table["number"].to_string();
        let id = table["id"].as_str().expect("a text");
        let which = if by_id { id } else { &number };
        assert_eq!(rung(here.path(), "Orders"), 2);
        let output = run(here.path(), &["next", "--apply", which]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        assert!(
            err(&output).contains("fixed: a.yaml:6 Orders: each read"),
            "{}",
            err(&output)
        );
        assert!(err(&output).contains("to undo: "), "{}", err(&output));
        assert_eq!(rung(here.path(), "Orders"), 1);
        let changed: Vec<String> = git(here.path(), &["diff", "-U0"])
            .lines()
            .filter(|line| line.starts_with(['+', '-']))
            .map(str::to_owned)
            .collect();
        assert_eq!(
            changed,
            [
                "--- a/a.yaml",
                "+++ b/a.yaml",
                "-      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 }",
                "+      BillingMode: PAY_PER_REQUEST"
            ]
        );
        // What it printed is what git now sees.
        let shown = out(&output);
        assert!(
            changed
                .iter()
                .all(|line| shown.lines().any(|one| one == line)),
            "{shown}"
        );
        // Applied once more, the number is another action's, and the id nobody's.
        let again = run(here.path(), &["next", "--apply", id]);
        assert_eq!(again.status.code(), Some(2));
        assert!(
            err(&again).contains(&format!("no action has the id {id}")),
            "{}",
            err(&again)
        );
    }
}

#[test]
fn an_unsafe_change_is_made_only_when_it_is_asked_for() {
    let here = committed(&[("a.yaml", TEMPLATE)]);
    let actions = listed(here.path(), &[]);
    let number = of(&actions, "Clicks")["number"].to_string();
    let output = run(here.path(), &["next", "--apply", &number]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(out(&output), "");
    let said = err(&output);
    assert!(
        said.contains("the change is unsafe: the stream is billed")
            && said.contains("--unsafe-fixes"),
        "{said}"
    );
    assert_eq!(git(here.path(), &["diff"]), "");
    let output = run(here.path(), &["next", "--apply", &number, "--unsafe-fixes"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(rung(here.path(), "Clicks"), 1);
}

#[test]
fn what_has_no_change_says_why_and_what_to_do() {
    let here = committed(&[("a.yaml", TEMPLATE)]);
    let actions = listed(here.path(), &[]);
    for (address, words) in [
        (
            "Web",
            &[
                "a.yaml:14 Web: it is a redesign, which is for people to do",
                "to do: ECS on Fargate",
            ][..],
        ),
        (
            "Simple",
            &[
                "nothing was changed: ",
                "Simple: ",
                "to do: ",
                "properties: ",
            ],
        ),
    ] {
        let action = of(&actions, address);
        assert!(action["fix"]["edits"].is_null(), "{action:#}");
        let id = action["id"].as_str().expect("a text");
        let output = run(here.path(), &["next", "--apply", id]);
        assert_eq!(output.status.code(), Some(1), "{}", err(&output));
        for word in words {
            assert!(err(&output).contains(word), "{word}: {}", err(&output));
        }
        assert_eq!(git(here.path(), &["diff"]), "");
    }
}

#[test]
fn a_number_that_is_not_in_the_list_is_refused() {
    let here = folder(&[("one/a.yaml", TEMPLATE), ("two/b.yaml", "Resources: {}\n")]);
    let actions = listed(here.path(), &["--path", "one"]);
    let beyond = (actions.len() + 1).to_string();
    for (arguments, words) in [
        (
            &["next", "--apply", &beyond][..],
            "with these paths and filters there are",
        ),
        (&["next", "--apply", "0"], "there is no action 0"),
        (&["next", "--apply", "-1"], "unexpected argument"),
        (&["next", "--apply", "soon"], "no action has the id soon"),
        (
            &["next", "--path", "two", "--apply", "1"],
            "nothing is left to do with these paths and filters",
        ),
        (
            &["next", "--owner", "nobody", "--apply", "1"],
            "there is no action 1",
        ),
        (&["next", "--unsafe-fixes"], "--apply"),
        (&["next", "--apply", "1", "--diff"], "cannot be used with"),
    ] {
        let output = run(here.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(
            err(&output).contains(words),
            "{arguments:?}: {}",
            err(&output)
        );
    }
    // What stands behind another one's line has an id of its own.
    let twin = folder(&[("a.yaml", TEMPLATE), ("b.yaml", TEMPLATE)]);
    let actions = listed(twin.path(), &[]);
    let like = &of(&actions, "Orders")["like"][0];
    let output = run(
        twin.path(),
        &["next", "--apply", like["id"].as_str().expect("a text")],
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let path = like["path"].as_str().expect("a text");
    assert!(err(&output).contains(&format!("fixed: {path}:")), "{path}");
}

#[test]
fn an_action_of_several_is_made_for_all_of_them() {
    let module = "resource \"aws_dynamodb_table\" \"t\" {\n  count          = 2\n  name           = \"t${count.index}\"\n  read_capacity  = 5\n  write_capacity = 5\n  hash_key       = \"id\"\n}\n";
    let here = committed(&[("main.tf", module)]);
    let actions = listed(here.path(), &[]);
    assert_eq!(
        actions[0]["decisions"].as_array().map(Vec::len),
        Some(2),
        "{actions:#?}"
    );
    let output = run(here.path(), &["next", "--apply", "1"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    for address in ["aws_dynamodb_table.t[0]", "aws_dynamodb_table.t[1]"] {
        assert_eq!(rung(here.path(), address), 1);
    }
    assert_eq!(
        std::fs::read_to_string(here.path().join("main.tf")).expect("it is there"),
        module.replace(
            "  read_capacity  = 5\n  write_capacity = 5\n",
            "  billing_mode   = \"PAY_PER_REQUEST\"\n"
        )
    );
}

#[test]
fn a_generated_template_and_a_plan_are_changed_in_their_source() {
    let table = "{\"Resources\": {\"T\": {\"Type\": \"AWS::DynamoDB::Table\", \"Metadata\": {\"aws:cdk:path\": \"Shop/Orders/Resource\"}, \"Properties\": {\"ProvisionedThroughput\": {\"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 5}}}}}";
    let here = committed(&[("cdk.out/A.template.json", table)]);
    let output = run(here.path(), &["next", "cdk.out", "--apply", "1"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let said = err(&output);
    assert!(
        said.contains("writes this template: change it in its source"),
        "{said}"
    );
    assert!(
        said.contains("in the source: the construct Shop/Orders"),
        "{said}"
    );
    assert_eq!(git(here.path(), &["diff"]), "");
}

#[test]
fn the_first_action_shows_its_change_and_the_others_when_asked() {
    let stream = "Resources:\n  T: { Type: AWS::DynamoDB::Table, Properties: { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } } }\n  S: { Type: AWS::Kinesis::Stream, Properties: { ShardCount: 1 } }\n";
    let here = folder(&[("a.yaml", stream)]);
    let shown = out(&run(here.path(), &["next"]));
    assert!(shown.contains("     +  T: { Type: AWS::DynamoDB::Table, Properties: { BillingMode: PAY_PER_REQUEST } }\n"), "{shown}");
    assert!(shown.contains("sfl next --apply 1\n"), "{shown}");
    assert!(!shown.contains("ON_DEMAND } } }"), "{shown}");
    let shown = out(&run(here.path(), &["next", "--diff"]));
    assert!(shown.contains("StreamMode: ON_DEMAND } } }"), "{shown}");
    assert!(
        shown.contains("sfl next --apply 2 --unsafe-fixes\n"),
        "{shown}"
    );
    let page = out(&run(here.path(), &["next", "--format", "markdown"]));
    assert!(page.contains("     ```diff\n     --- a/a.yaml\n"), "{page}");
    // Nothing in it ends the block.
    let wild = "Resources:\n  T: # ```` \u{202e} <b>\n    Type: AWS::DynamoDB::Table\n    Properties: { ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } } # ```\n";
    let here = folder(&[("a.yaml", wild)]);
    let page = out(&run(here.path(), &["next", "--format", "markdown"]));
    assert!(
        page.contains("     `````diff\n") && page.contains("     `````\n"),
        "{page}"
    );
    assert!(!page.contains('\u{202e}'), "{page:?}");
    let shown = out(&run(here.path(), &["next"]));
    assert!(!shown.contains('\u{202e}'), "{shown:?}");
}
