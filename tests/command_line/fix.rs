//! `sfl check --diff` and `--fix` as they are called: what they show, what they write, and what they leave alone.

use std::fs;
use std::path::Path;

use crate::folder::{err, out, repository, run};

const TEMPLATE: &str = "# the shop\r\nResources:\r\n  Orders: # all of them\r\n    Type: AWS::DynamoDB::Table\r\n    Properties:\r\n      TableName: orders\r\n      # five is enough\r\n      ProvisionedThroughput:\r\n        ReadCapacityUnits: 5\r\n        WriteCapacityUnits: 5\r\n      KeySchema: [{AttributeName: id, KeyType: HASH}]\r\n  Clicks:\r\n    Type: AWS::Kinesis::Stream\r\n    Properties: {ShardCount: 1}";
const MODULE: &str = "resource \"aws_dynamodb_table\" \"users\" {\n  name           = \"users\"\n  billing_mode   = \"PROVISIONED\"\n  read_capacity  = 5\n  write_capacity = 5\n  hash_key       = \"id\"\n}\n";

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it is there")
}

fn files() -> [(&'static str, &'static str); 2] {
    [("infra/shop.yaml", TEMPLATE), ("tf/main.tf", MODULE)]
}

#[test]
fn a_diff_shows_the_safe_fixes_and_writes_nothing() {
    let room = repository(&files());
    let output = run(room.path(), &["check", "--diff"]);
    let shown = out(&output);
    assert!(
        shown.contains("--- a/infra/shop.yaml\n+++ b/infra/shop.yaml\n"),
        "{shown}"
    );
    assert!(
        shown.contains("+      BillingMode: PAY_PER_REQUEST\r\n"),
        "{shown}"
    );
    assert!(
        shown.contains("-  read_capacity  = 5\n-  write_capacity = 5\n"),
        "{shown}"
    );
    assert!(!shown.contains("StreamMode"), "{shown}");
    assert!(!shown.contains("nosql/capacity"), "no report: {shown}");
    let said = err(&output);
    assert!(
        said.contains("safe: infra/shop.yaml:4 Orders: each read"),
        "{said}"
    );
    assert!(
        said.contains("1 more fix is unsafe: --unsafe-fixes adds it"),
        "{said}"
    );
    for (name, text) in files() {
        assert_eq!(read(room.path(), name), text);
    }
    let output = run(room.path(), &["check", "--diff", "--unsafe-fixes"]);
    assert!(
        out(&output).contains("+    Properties: {StreamModeDetails: {StreamMode: ON_DEMAND}}\n")
    );
}

/// What `patch` reads is what `--fix` writes.
#[test]
fn a_diff_is_one_that_git_applies() {
    let room = repository(&files());
    let output = run(room.path(), &["check", "--diff", "--unsafe-fixes"]);
    fs::write(room.path().join("fixes.diff"), &output.stdout).expect("it can be written");
    let git = std::process::Command::new("git")
        .current_dir(room.path())
        .args(["apply", "--unsafe-paths", "fixes.diff"])
        .env("GIT_CEILING_DIRECTORIES", room.path())
        .output()
        .expect("git runs");
    assert!(
        git.status.success(),
        "{}",
        String::from_utf8_lossy(&git.stderr)
    );
    let patched: Vec<String> = files()
        .iter()
        .map(|(name, _)| read(room.path(), name))
        .collect();
    let room = repository(&files());
    run(room.path(), &["check", "--fix", "--unsafe-fixes"]);
    let fixed: Vec<String> = files()
        .iter()
        .map(|(name, _)| read(room.path(), name))
        .collect();
    assert_eq!(patched, fixed);
}

#[test]
fn a_fix_is_written_and_judged_again() {
    let room = repository(&files());
    let output = run(room.path(), &["check", "--fix"]);
    let said = err(&output);
    assert!(said.contains("fixed: infra/shop.yaml:4 Orders"), "{said}");
    assert!(
        said.contains("fixed: tf/main.tf:3 aws_dynamodb_table.users"),
        "{said}"
    );
    let left = out(&output);
    assert!(
        left.contains("Clicks") && !left.contains("Orders is"),
        "{left}"
    );
    assert_eq!(
        read(room.path(), "infra/shop.yaml"),
        TEMPLATE.replace(
            "ProvisionedThroughput:\r\n        ReadCapacityUnits: 5\r\n        WriteCapacityUnits: 5",
            "BillingMode: PAY_PER_REQUEST"
        )
    );
    assert_eq!(
        read(room.path(), "tf/main.tf"),
        MODULE
            .replace("PROVISIONED", "PAY_PER_REQUEST")
            .replace("  read_capacity  = 5\n  write_capacity = 5\n", "")
    );
    // Nothing is left that is safe.
    let before = read(room.path(), "infra/shop.yaml");
    let again = run(room.path(), &["check", "--fix"]);
    assert!(!err(&again).contains("fixed:"), "{}", err(&again));
    assert_eq!(read(room.path(), "infra/shop.yaml"), before);
}

#[test]
fn what_a_generator_wrote_and_a_plan_stay_as_they_are() {
    let table = "{\"Resources\": {\"T\": {\"Type\": \"AWS::DynamoDB::Table\", \"Properties\": {\"ProvisionedThroughput\": {\"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 5}}}}}";
    let room = repository(&[
        ("cdk.out/A.template.json", table),
        (".aws-sam/build/template.json", table),
        ("own/template.json", table),
    ]);
    let output = run(
        room.path(),
        &[
            "check",
            "--fix",
            "cdk.out",
            ".aws-sam/build/template.json",
            "own",
        ],
    );
    let said = err(&output);
    for name in ["cdk.out/A.template.json", ".aws-sam/build/template.json"] {
        assert_eq!(read(room.path(), name), table, "{said}");
        assert!(
            said.contains(&format!("{name}:1 T: no fix is offered: ")),
            "{said}"
        );
    }
    assert!(
        said.contains("writes this template: change it in its source"),
        "{said}"
    );
    assert!(read(room.path(), "own/template.json").contains("PAY_PER_REQUEST"));
}

#[test]
fn an_explained_fallback_is_left_alone() {
    let explained = TEMPLATE.replace(
        "  Orders: # all of them",
        "  Orders: # sfl: because=cost-at-scale reason=\"busy all day, reserved capacity is bought\"",
    );
    let room = repository(&[("shop.yaml", &explained)]);
    let output = run(room.path(), &["check", "--fix"]);
    assert!(!err(&output).contains("fixed:"), "{}", err(&output));
    assert_eq!(read(room.path(), "shop.yaml"), explained);
}

#[test]
fn what_is_no_longer_asked_for_is_refused() {
    let room = repository(&files());
    for wrong in [
        &["check", "--fix", "--diff"][..],
        &["check", "--fix", "--since", "HEAD"],
        &["check", "--diff", "--since", "HEAD"],
    ] {
        assert_eq!(run(room.path(), wrong).status.code(), Some(2), "{wrong:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_tree_and_a_file_without_leave_are_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let outside = repository(&[("far.yaml", TEMPLATE)]);
    let room = repository(&[("locked.yaml", TEMPLATE)]);
    let link = room.path().join("link.yaml");
    std::os::unix::fs::symlink(outside.path().join("far.yaml"), link).expect("it can be linked");
    run(room.path(), &["check", "--fix", "link.yaml"]);
    assert_eq!(read(outside.path(), "far.yaml"), TEMPLATE);
    let locked = room.path().join("locked.yaml");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).expect("it can be locked");
    let output = run(room.path(), &["check", "--fix", "locked.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("locked.yaml: it is read-only"),
        "{}",
        err(&output)
    );
    assert_eq!(read(room.path(), "locked.yaml"), TEMPLATE);
}

/// Only what the baseline does not know is reported, and so only that is mended.
#[test]
fn a_baseline_keeps_what_it_knows() {
    let room = repository(&[("shop.yaml", TEMPLATE)]);
    assert_eq!(run(room.path(), &["baseline"]).status.code(), Some(0));
    let file = fs::read_dir(room.path())
        .expect("it is readable")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .find(|name| name.contains("baseline"))
        .expect("a baseline was written");
    run(room.path(), &["check", "--fix", "--baseline", &file]);
    assert_eq!(read(room.path(), "shop.yaml"), TEMPLATE);
}

#[test]
fn what_somebody_else_reads_is_not_taken_away() {
    let reader = |what: &str| format!("output \"read\" {{\n  value = {what}\n}}\n");
    let diff = |what: &str| {
        let output = reader(what);
        let folder = repository(&[("main.tf", MODULE), ("outputs.tf", &output)]);
        out(&run(folder.path(), &["check", "--diff"]))
    };
    for read in [
        "aws_dynamodb_table.users.read_capacity * 60",
        "aws_dynamodb_table.users[0].write_capacity",
    ] {
        let shown = diff(read);
        assert!(!shown.contains("PAY_PER_REQUEST"), "{read}: {shown}");
    }
    for other in [
        "aws_dynamodb_table.users.arn",
        "aws_dynamodb_table.users.billing_mode",
        "aws_dynamodb_table.users_2.read_capacity",
    ] {
        let shown = diff(other);
        assert!(shown.contains("PAY_PER_REQUEST"), "{other}: {shown}");
    }
}
