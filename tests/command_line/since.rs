//! `sfl check --since`: what a change does, in real repositories that the tests make.

use crate::repository::{Repository, alone, change, findings, sentence};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n      SubnetId: subnet-1\n";
const CAPACITY: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n";
const ON_DEMAND: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n      BillingMode: PAY_PER_REQUEST\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n   Bad: [\n";
const NONE: [&str; 0] = [];

fn explained(template: &str) -> String {
    template.replacen(
        "    Properties:\n",
        "    Metadata:\n      sfl: { because: licence, reason: \"the licence is bound to the sockets of this host\" }\n    Properties:\n",
        1,
    )
}

#[test]
fn what_was_there_before_is_not_said_again() {
    let shop = Repository::new(&[("a.yaml", SERVER)]);
    assert_eq!(shop.check(&[]).0, 1);
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 0);
    assert_eq!(findings(&report), NONE);
    assert_eq!(
        sentence(&report),
        "this change changes no decision, score stays 0"
    );
    assert_eq!(report["summary"]["change"]["older_findings"], 1);
    assert_eq!(
        report["decisions"].as_array().map(Vec::len),
        Some(1),
        "all are counted"
    );
    // Lines may move as they like.
    shop.write("a.yaml", &format!("# one\n# two\n{SERVER}"));
    assert_eq!(shop.check(&["--since", "HEAD"]).0, 0);
}

#[test]
fn a_new_fallback_fails_and_a_new_choice_does_not() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop.write(
        "a.yaml",
        &format!("{QUEUE}{}", &SERVER["Resources:\n".len()..]),
    );
    shop.commit("a server");
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report), ["compute/server Web in a.yaml"]);
    assert_eq!(change(&report), ["added: Web in a.yaml compute/server"]);
    assert_eq!(
        sentence(&report),
        "this change adds 1 EC2 instance, score 100 → 50"
    );
    assert_eq!(report["summary"]["change"]["score"]["before"], 100.0);
    let (code, text, _) = shop.said(&["check", "--since", "main"]);
    assert_eq!(code, 1);
    assert!(
        text.contains("this change adds 1 EC2 instance, score 100 → 50"),
        "{text}"
    );

    shop.write(
        "a.yaml",
        &format!("{QUEUE}  More:\n    Type: AWS::SNS::Topic\n"),
    );
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 0);
    assert_eq!(
        change(&report),
        ["added: More in a.yaml messaging/serverless"]
    );
}

#[test]
fn a_justified_fallback_is_no_fault_of_a_change() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.write("b.yaml", &explained(SERVER));
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["summary"]["change"]["added"][0]["justified"], true);
}

#[test]
fn a_step_down_fails_and_a_step_up_does_not() {
    let shop = Repository::new(&[("a.yaml", ON_DEMAND), ("b.yaml", SERVER)]);
    shop.write("a.yaml", CAPACITY);
    let (code, report) = shop.check(&["--since", "main", "--fail-on", "note"]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report), ["nosql/capacity Table in a.yaml"]);
    assert_eq!(
        change(&report),
        ["down: Table in a.yaml nosql/serverless > Table in a.yaml nosql/capacity"]
    );
    assert_eq!(
        sentence(&report),
        "this change moves 1 decision down, score 50 → 35"
    );
    shop.commit("down");
    shop.write("a.yaml", ON_DEMAND);
    let (code, report) = shop.check(&["--since", "HEAD", "--fail-on", "note"]);
    assert_eq!(code, 0);
    assert_eq!(
        change(&report),
        ["up: Table in a.yaml nosql/capacity > Table in a.yaml nosql/serverless"]
    );
}

#[test]
fn a_value_elsewhere_moves_a_decision_without_a_line_of_its_own() {
    let template = "Parameters:\n  Mode: { Type: String, Default: PAY_PER_REQUEST }\nResources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      BillingMode: !Ref Mode\n";
    let shop = Repository::new(&[("a.yaml", template)]);
    shop.write(
        "a.yaml",
        &template.replace("PAY_PER_REQUEST", "PROVISIONED"),
    );
    let (code, report) = shop.check(&["--since", "main", "--fail-on", "note"]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report), ["nosql/capacity Table in a.yaml"]);
}

#[test]
fn a_justification_that_goes_is_missed() {
    let shop = Repository::new(&[("a.yaml", &explained(SERVER))]);
    shop.write("a.yaml", SERVER);
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report), ["compute/server Web in a.yaml"]);
    assert!(change(&report)[0].starts_with("unexplained: Web"));
    assert_eq!(
        sentence(&report),
        "this change takes the reason away from 1 decision, score stays 0"
    );
    shop.commit("gone");
    shop.write("a.yaml", &explained(SERVER));
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 0);
    assert!(change(&report)[0].starts_with("explained: Web"));
}

#[test]
fn a_justification_that_goes_from_the_ledger_is_missed_too() {
    let entry = "[[justification]]\npath = \"a.yaml\"\naddress = \"Web\"\nbecause = \"licence\"\nreason = \"the licence is bound to the sockets of this host\"\n";
    for (settings, ledger) in [
        (entry, ""),
        ("justifications.ledger = \"why.toml\"\n", entry),
    ] {
        let shop = Repository::new(&[
            ("a.yaml", SERVER),
            ("sfl.toml", settings),
            ("why.toml", ledger),
        ]);
        assert_eq!(shop.check(&["--since", "main"]).0, 0);
        shop.remove("sfl.toml");
        let (code, report) = shop.check(&["--since", "main"]);
        assert_eq!(code, 1, "{report}");
        assert!(
            change(&report)[0].starts_with("unexplained: Web"),
            "{settings}"
        );
        // Where the entry was never there, nothing was taken away.
        shop.commit("gone");
        assert_eq!(shop.check(&["--since", "HEAD"]).0, 0);
    }
}

#[test]
fn a_fault_of_a_record_is_said_when_it_is_new() {
    let faulty = SERVER.replace(
        "    Properties",
        "    Metadata:\n      sfl: { because: licence }\n    Properties",
    );
    let shop = Repository::new(&[("a.yaml", &explained(SERVER)), ("b.yaml", &faulty)]);
    shop.write("a.yaml", &faulty);
    let (_, report) = shop.check(&["--since", "main"]);
    let mut found = findings(&report);
    found.sort();
    assert_eq!(
        found,
        [
            "compute/server Web in a.yaml",
            "justification/empty Web in a.yaml"
        ]
    );
}

#[test]
fn a_pull_request_is_compared_with_where_it_began() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop.write("b.yaml", CAPACITY);
    shop.commit("on the branch");
    shop.git(&["switch", "-q", "main"]);
    shop.write("c.yaml", SERVER);
    shop.commit("on main, later");
    shop.git(&["switch", "-q", "feature"]);
    let (_, report) = shop.check(&["--since", "main"]);
    assert_eq!(
        change(&report),
        ["added: Table in b.yaml nosql/capacity"],
        "c.yaml never left"
    );
    // Without a branch, and merged as a pull request is.
    shop.git(&["checkout", "-q", "--detach", "main"]);
    shop.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    let (_, report) = shop.check(&["--since", "main"]);
    assert_eq!(change(&report), ["added: Table in b.yaml nosql/capacity"]);
    let main = shop.git(&["rev-parse", "main"]);
    let (_, report) = shop.check(&["--since", main.trim()]);
    assert_eq!(report["summary"]["change"]["base"], main.trim());
    shop.git(&["tag", "-a", "v1", "-m", "v1", "main"]);
    assert_eq!(shop.check(&["--since", "v1"]).0, 0);
}

#[test]
fn a_file_that_came_from_outside_of_what_is_named_is_not_new() {
    let shop = Repository::new(&[
        ("old/a.yaml", SERVER),
        ("till/b.yaml", QUEUE),
        ("old/c.yaml", CAPACITY),
    ]);
    std::fs::rename(
        shop.path().join("old/a.yaml"),
        shop.path().join("till/web.yaml"),
    )
    .expect("moved");
    for part in ["till", "till/web.yaml", "."] {
        let (code, report) = shop.check(&[part, "--since", "HEAD"]);
        assert_eq!((code, findings(&report)), (0, vec![]), "{part}: {report}");
    }
    shop.commit("moved");
    let (code, report) = shop.check(&["till", "--since", "HEAD~1"]);
    assert_eq!((code, findings(&report)), (0, vec![]));
    // A copy is new: what it is like is still there.
    shop.write("till/copy.yaml", SERVER);
    assert_eq!(shop.check(&["till", "--since", "HEAD"]).0, 1);
}

#[test]
fn a_renamed_file_holds_the_same_decisions() {
    let shop = Repository::new(&[("infra/a.yaml", SERVER), ("infra/b.yaml", CAPACITY)]);
    shop.git(&["mv", "infra/a.yaml", "web.yaml"]);
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(
        (code, sentence(&report)),
        (0, "this change relocates 1 decision, score stays 35")
    );
    // What git knows to be a rename is not worth a word, even if it is read alone.
    shop.commit("rename");
    for paths in [&["."][..], &["web.yaml"]] {
        let (code, report) = shop.check(&[&["--since", "HEAD^"], paths].concat());
        assert_eq!((code, change(&report)), (0, Vec::new()), "{paths:?}");
    }
    // Changed a little and moved down.
    shop.write("a.yaml", &ON_DEMAND.replace("Table:", "T:"));
    shop.commit("another");
    shop.git(&["mv", "a.yaml", "z.yaml"]);
    shop.write("z.yaml", &CAPACITY.replace("Table:", "T:"));
    shop.commit("renamed and down");
    let (_, report) = shop.check(&["--since", "HEAD^"]);
    let lines = change(&report);
    assert!(
        lines.contains(&"down: T in a.yaml nosql/serverless > T in z.yaml nosql/capacity".into()),
        "{lines:?}"
    );
}

#[test]
fn a_moved_address_is_the_same_decision() {
    let shop = Repository::new(&[("a.yaml", SERVER)]);
    shop.write("a.yaml", &SERVER.replace("Web:", "Shop:"));
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 0);
    assert_eq!(
        change(&report),
        ["moved: Web in a.yaml compute/server > Shop in a.yaml compute/server"]
    );
    // Another name, another file, one setting different.
    shop.remove("a.yaml");
    shop.write(
        "b.yaml",
        &SERVER
            .replace("Web:", "Shop:")
            .replace("subnet-1", "subnet-2"),
    );
    assert_eq!(shop.check(&["--since", "main"]).0, 0);
    // Nothing in common but the type.
    let other = "Resources:\n  Shop:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-9\n      InstanceType: p5.48xlarge\n      SubnetId: subnet-9\n";
    shop.write("b.yaml", other);
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 1);
    assert_eq!(
        change(&report),
        [
            "added: Shop in b.yaml compute/server",
            "gone: Web in a.yaml compute/server"
        ]
    );
    // It moved, and its reason stayed behind.
    shop.git(&["reset", "-q", "--hard"]);
    shop.write("a.yaml", &explained(SERVER));
    shop.commit("why");
    shop.write("a.yaml", &SERVER.replace("Web:", "Shop:"));
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 1, "{:?}", change(&report));
}

#[test]
fn one_of_two_that_are_alike_is_still_new() {
    let shop = Repository::new(&[("a.yaml", SERVER)]);
    shop.write("b.yaml", SERVER);
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report), ["compute/server Web in b.yaml"]);
}

#[test]
fn a_deleted_file_takes_its_decisions_along() {
    let shop = Repository::new(&[
        ("a.yaml", SERVER),
        ("infra/b.yaml", QUEUE),
        (".hidden/c.yaml", SERVER),
    ]);
    shop.remove("a.yaml");
    shop.remove(".hidden/c.yaml");
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 0);
    assert_eq!(change(&report), ["gone: Web in a.yaml compute/server"]);
    assert_eq!(
        sentence(&report),
        "this change removes 1 EC2 instance, score 50 → 100"
    );
    // A narrow run knows nothing of it.
    let (_, report) = shop.check(&["--since", "main", "infra"]);
    assert_eq!(change(&report), NONE);
    let below = shop.path().join("infra");
    let shop = shop.at(below);
    let (_, report) = shop.check(&["--since", "main", ".."]);
    assert_eq!(change(&report), ["gone: Web in ../a.yaml compute/server"]);
}

#[test]
fn the_values_beside_a_terraform_file_count() {
    let table = r#"{"variable":{"mode":{"default":"PROVISIONED"}},"resource":{"aws_dynamodb_table":{"orders":{"name":"orders","billing_mode":"${var.mode}"}}}}"#;
    let values = |mode: &str| format!(r#"{{"mode":"{mode}"}}"#);
    let shop = Repository::new(&[
        ("infra/main.tf.json", table),
        ("infra/terraform.tfvars.json", &values("PAY_PER_REQUEST")),
    ]);
    shop.write("infra/terraform.tfvars.json", &values("PROVISIONED"));
    for path in [".", "infra/main.tf.json"] {
        let (_, report) = shop.check(&["--since", "main", path]);
        let from = "aws_dynamodb_table.orders in infra/main.tf.json nosql/serverless";
        let to = "aws_dynamodb_table.orders in infra/main.tf.json nosql/capacity";
        assert_eq!(change(&report), [format!("down: {from} > {to}")], "{path}");
    }
    shop.git(&["mv", "infra", "stack"]);
    shop.commit("the folder moves");
    let (_, report) = shop.check(&["--since", "HEAD^"]);
    assert_eq!(change(&report).len(), 1, "{report}");
}

#[test]
fn what_could_not_be_read_is_said() {
    let shop = Repository::new(&[("a.yaml", BROKEN)]);
    shop.write("a.yaml", QUEUE);
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!(code, 0);
    assert_eq!(report["summary"]["change"]["unread"][0], "a.yaml");
    shop.commit("mended");
    shop.write("a.yaml", BROKEN);
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 2);
    assert_eq!(findings(&report), ["source/yaml - in a.yaml"]);
    assert_eq!(change(&report), NONE, "what cannot be read has not gone");
}

#[test]
fn a_broken_block_takes_no_other_decision_of_its_file_along() {
    let servers = |names: &[&str]| {
        let servers = names.iter().map(|name| {
            format!("resource \"aws_instance\" \"{name}\" {{\n  instance_type = \"m7g.large\"\n  subnet_id = \"subnet-{name}\"\n}}\n\n")
        });
        servers.collect::<String>()
    };
    let whole = servers(&["desk", "shelf", "till"]);
    let broken = whole.replace("\"subnet-shelf\"", "\"subnet-shelf\" +* 2");
    let shop = Repository::new(&[("shop/main.tf", &whole)]);
    shop.write("shop/main.tf", &broken);
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 2);
    assert_eq!(findings(&report), ["source/hcl - in shop/main.tf"]);
    assert_eq!(change(&report), NONE, "what cannot be read has not gone");
    assert_eq!(
        sentence(&report),
        "this change changes no decision, score stays 0"
    );
    // What has another name is still known.
    let renamed = broken.replace("\"aws_instance\" \"till\"", "\"aws_instance\" \"counter\"");
    shop.write("shop/main.tf", &renamed);
    let (_, report) = shop.check(&["--since", "HEAD"]);
    let from = "aws_instance.till in shop/main.tf compute/server";
    let to = "aws_instance.counter in shop/main.tf compute/server";
    assert_eq!(change(&report), [format!("moved: {from} > {to}")]);
    // A copy of what can no longer be read is new, wherever it was copied to.
    shop.write("shop/main.tf", &broken);
    shop.write("stall/main.tf", &servers(&["shelf"]));
    let (_, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(
        change(&report),
        ["added: aws_instance.shelf in stall/main.tf compute/server"]
    );
    shop.remove("stall/main.tf");
    // The other way round, only what could not be read counts as new.
    shop.commit("broken");
    shop.write("shop/main.tf", &whole);
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 1);
    assert_eq!(
        change(&report),
        ["added: aws_instance.shelf in shop/main.tf compute/server"]
    );
    assert_eq!(report["summary"]["change"]["unread"][0], "shop/main.tf");
    // A file that is renamed while it is broken is still the same.
    shop.write("shop/main.tf", &whole);
    shop.commit("mended");
    shop.git(&["mv", "shop/main.tf", "shop/servers.tf"]);
    shop.write("shop/servers.tf", &broken);
    shop.commit("renamed and broken");
    let (_, report) = shop.check(&["--since", "HEAD^"]);
    assert_eq!(findings(&report), ["source/hcl - in shop/servers.tf"]);
    assert_eq!(change(&report), NONE);
}

#[test]
fn submodules_are_somebody_elses() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    let other = shop.beside("other");
    std::fs::create_dir(&other).expect("it can be made");
    let inner = |arguments: &[&str]| {
        let status = alone("git", &other).args(arguments).status();
        assert!(status.is_ok_and(|status| status.success()), "{arguments:?}");
    };
    inner(&["init", "-q", "-b", "main"]);
    std::fs::write(other.join("server.yaml"), SERVER).expect("it can be written");
    inner(&["add", "-A"]);
    inner(&["commit", "-q", "-m", "first"]);
    shop.git(&["submodule", "--quiet", "add", "../other", "sub"]);
    shop.commit("a submodule");
    assert_eq!(shop.check(&[]).0, 1, "without --since its files are files");
    // What a change brings in is a part of it, in every format.
    let (code, report) = shop.check(&["--since", "HEAD^"]);
    assert_eq!(
        (code, change(&report)),
        (
            1,
            vec!["added: Web in sub/server.yaml compute/server".to_owned()]
        )
    );
    for format in [
        "concise", "github", "comment", "csv", "gitlab", "junit", "sarif",
    ] {
        let (_, out, _) = shop.said(&["check", "--since", "HEAD^", "--format", format]);
        assert!(out.contains("sub/server.yaml"), "{format}: {out}");
    }
    // What was there before, nobody compares.
    shop.write("b.yaml", QUEUE);
    shop.commit("another");
    let (code, report) = shop.check(&["--since", "HEAD^"]);
    assert_eq!(
        (code, change(&report)),
        (
            0,
            vec!["added: Orders in b.yaml compute/serverless".replace("compute", "messaging")]
        )
    );
    // Of another commit of it, what is in it now is counted.
    std::fs::write(other.join("queue.yaml"), QUEUE).expect("it can be written");
    inner(&["add", "-A"]);
    inner(&["commit", "-q", "-m", "second"]);
    shop.git(&["submodule", "--quiet", "update", "--remote", "sub"]);
    shop.commit("moved");
    let (code, report) = shop.check(&["--since", "HEAD^"]);
    assert_eq!(
        (code, findings(&report), change(&report)),
        (1, vec!["template/hidden - in sub".to_owned()], Vec::new())
    );
    assert_eq!(
        report["findings"][0]["message"],
        "this change moves the submodule sub to another commit, and what it held before is not compared here: 2 decisions in it, and 1 lacks a reason"
    );
    for format in [
        "concise", "github", "comment", "csv", "gitlab", "junit", "sarif",
    ] {
        let (_, out, error) = shop.said(&["check", "--since", "HEAD^", "--format", format]);
        // A table of decisions has no place for it.
        let said = if format == "csv" { error } else { out };
        assert!(said.contains("the submodule sub"), "{format}: {said}");
    }
    // Where nobody checked it out, nobody knows.
    shop.git(&["submodule", "--quiet", "deinit", "-f", "sub"]);
    let (code, report) = shop.check(&["--since", "HEAD~3"]);
    let message = report["findings"][0]["message"].as_str();
    assert_eq!(code, 0);
    assert!(
        message
            .is_some_and(|text| text
                .starts_with("this change adds the submodule sub, which is not checked out")),
        "{report}"
    );
    shop.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "update",
        "--init",
    ]);
    let sub = shop.path().join("sub");
    assert_eq!(
        shop.at(sub).check(&["--since", "main"]).0,
        0,
        "it has a history of its own"
    );
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.write("a.yaml", SERVER);
    shop.commit("second");
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop.write("b.yaml", CAPACITY);
    shop.commit("third");
    shop.write("b.yaml", ON_DEMAND);
    shop.commit("fourth");
    let from = format!("file://{}", shop.path().display());
    let clone = shop.beside("clone");
    let target = clone.display().to_string();
    shop.git(&[
        "clone",
        "-q",
        "--depth=1",
        "--branch=feature",
        &from,
        &target,
    ]);
    let clone = shop.at(clone);

    let (code, out, error) = clone.said(&["check", "--since", "origin/main"]);
    assert_eq!((code, out.as_str()), (2, ""));
    let fetch = "git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main";
    assert!(
        error.contains(&format!(
            "there is no commit `origin/main` here: fetch it with `{fetch}`"
        )),
        "{error}"
    );
    clone.git(&[
        "fetch",
        "-q",
        "--depth=1",
        "origin",
        "+refs/heads/main:refs/remotes/origin/main",
    ]);
    let (code, _, error) = clone.said(&["check", "--since", "origin/main"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("this clone is shallow") && error.contains("git fetch --unshallow"),
        "{error}"
    );
    // The advice works.
    let words: Vec<&str> = fetch.split(' ').skip(1).collect();
    clone.git(&words);
    let (code, report) = clone.check(&["--since", "origin/main"]);
    assert_eq!(
        (code, change(&report)),
        (
            0,
            vec!["added: Table in b.yaml nosql/serverless".to_owned()]
        )
    );
}

#[test]
fn a_shallow_merge_knows_what_it_was_merged_into() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop.write("b.yaml", SERVER);
    shop.commit("on the branch");
    shop.git(&["switch", "-q", "-c", "pull", "main"]);
    shop.git(&["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    let from = format!("file://{}", shop.path().display());
    let clone = shop.beside("clone");
    let target = clone.display().to_string();
    shop.git(&["clone", "-q", "--depth=1", "--branch=pull", &from, &target]);
    let clone = shop.at(clone);
    clone.git(&[
        "fetch",
        "-q",
        "--depth=1",
        "origin",
        "main:refs/remotes/origin/main",
    ]);
    let (code, report) = clone.check(&["--since", "origin/main"]);
    assert_eq!(code, 1);
    assert_eq!(change(&report), ["added: Web in b.yaml compute/server"]);
}

#[test]
fn a_partial_clone_is_not_filled_behind_the_users_back() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.write("a.yaml", SERVER);
    shop.commit("second");
    shop.git(&["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", shop.path().display());
    let clone = shop.beside("clone");
    let target = clone.display().to_string();
    shop.git(&["clone", "-q", "--filter=blob:none", &from, &target]);
    let clone = shop.at(clone);
    let (code, _, error) = clone.said(&["check", "--since", "HEAD^"]);
    assert_eq!(code, 2);
    assert!(error.contains("git fetch --refetch --no-filter"), "{error}");
    clone.git(&["fetch", "-q", "--refetch", "--no-filter"]);
    assert_eq!(clone.check(&["--since", "HEAD^"]).0, 1);
}

#[test]
fn what_cannot_be_compared_says_why() {
    let none = Repository::none();
    none.write("a.yaml", QUEUE);
    let says = |shop: &Repository, arguments: &[&str], expected: &str| {
        let (code, out, error) = shop.said(&[&["check"], arguments].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{error}");
        assert!(error.contains(expected), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    };
    says(
        &none,
        &["--since", "main"],
        "to look back takes a git repository",
    );
    none.git(&["init", "-q"]);
    for reference in ["main", "origin/main"] {
        says(
            &none,
            &["--since", reference],
            "this repository has no commit yet",
        );
    }
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    says(
        &shop,
        &["--since", "nowhere"],
        "fetch it with `git fetch origin nowhere`",
    );
    says(
        &shop,
        &["--since", ""],
        "a branch, a tag or a commit is needed",
    );
    says(
        &shop,
        &["--since=--all"],
        "a branch, a tag or a commit is needed",
    );
    says(&shop, &["--since", "HEAD:a.yaml"], "there is no commit");
    shop.git(&["update-ref", "refs/remotes/origin/dev", "HEAD"]);
    says(&shop, &["--since", "dev"], "there is `origin/dev`");
    shop.git(&["switch", "-q", "--orphan", "other"]);
    shop.write("a.yaml", QUEUE);
    shop.commit("a beginning");
    says(&shop, &["--since", "main"], "share no commit");
    let outside = shop.beside("outside.yaml");
    std::fs::write(&outside, QUEUE).expect("it can be written");
    says(
        &shop,
        &["--since", "HEAD", "../outside.yaml"],
        "not in this git repository",
    );
}

#[test]
fn nothing_of_the_repository_is_run_or_touched() {
    let shop = Repository::new(&[
        ("a.yaml", SERVER),
        (".gitattributes", "*.yaml filter=evil diff=evil\n"),
    ]);
    let ran = shop.beside("ran");
    let evil = format!("touch {}", ran.display());
    for key in [
        "filter.evil.clean",
        "filter.evil.smudge",
        "diff.evil.command",
        "diff.evil.textconv",
        "core.fsmonitor",
        "core.pager",
    ] {
        shop.git(&["config", key, &evil]);
    }
    shop.write(".git/hooks/post-checkout", &format!("#!/bin/sh\n{evil}\n"));
    std::fs::write(shop.path().join("a.yaml"), QUEUE).expect("it can be written");
    let index = std::fs::read(shop.path().join(".git/index")).expect("it is there");
    let _ = std::fs::remove_file(&ran);
    let (code, report) = shop.check(&["--since", "main"]);
    assert_eq!((code, change(&report).len()), (0, 2), "{report}");
    assert!(!ran.exists());
    assert_eq!(
        std::fs::read(shop.path().join(".git/index")).expect("it is there"),
        index
    );
}

#[test]
fn every_decision_is_named_to_who_asks_and_nothing_acts_on_the_terminal() {
    let shop = Repository::new(&[("a.yaml", QUEUE), ("b.yaml", SERVER)]);
    shop.write(
        "a.yaml",
        "Resources:\n  \"Evil\\e[2J\":\n    Type: AWS::SNS::Topic\n",
    );
    shop.write("b.yaml", &SERVER.replace("Web:", "Shop:"));
    let (code, text, _) = shop.said(&["check", "--since", "main", "-v"]);
    assert_eq!(code, 0);
    for line in [
        "  gone:\n    Orders in a.yaml, messaging/serverless\n",
        "  relocated:\n    Shop in b.yaml, compute/server, before Web in b.yaml\n",
        "nothing new needs a reason",
        "1 finding was there before (all are shown without --since)",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(
        text.contains("  new:\n    Evil") && !text.contains('\u{1b}'),
        "{text}"
    );
}

#[test]
fn the_same_name_elsewhere_is_not_enough() {
    let shop = Repository::new(&[("a.yaml", SERVER)]);
    shop.remove("a.yaml");
    let other = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-9\n      InstanceType: p5.48xlarge\n      SubnetId: subnet-9\n";
    shop.write("b.yaml", other);
    assert_eq!(shop.check(&["--since", "main"]).0, 1);
    shop.write(
        "b.yaml",
        &other
            .replace("ami-9", "ami-1")
            .replace("subnet-9", "subnet-1"),
    );
    assert_eq!(shop.check(&["--since", "main"]).0, 0);
}

#[test]
fn a_reason_of_the_ledger_that_nothing_needed_before_is_not_new() {
    let entry = |more: &str| {
        format!(
            "[[justification]]\nbecause = \"licence\"\naddress = \"Lic*\"\n{more}reason = \"the engine is licensed per core\"\n"
        )
    };
    for more in ["", "path = \"*.yaml\"\n", "path = \"a.yaml\"\n"] {
        for trust in ["", "[trust]\nbase = \"main\"\n"] {
            for own_ledger in [false, true] {
                let ledger = entry(more);
                let settings = match own_ledger {
                    true => format!("[justifications]\nledger = \"why.toml\"\n{trust}"),
                    false => format!("{trust}{ledger}"),
                };
                let mut files = vec![("a.yaml", QUEUE), ("sfl.toml", settings.as_str())];
                if own_ledger {
                    files.push(("why.toml", ledger.as_str()));
                }
                let shop = Repository::new(&files);
                assert_eq!(shop.check(&[]).0, 1, "without --since it is said");
                let (code, report) = shop.check(&["--since", "HEAD"]);
                assert_eq!(
                    (code, findings(&report)),
                    (0, Vec::new()),
                    "{more}{trust}{own_ledger}"
                );
                assert_eq!(report["summary"]["change"]["older_findings"], 1);
                // What the change adds is new.
                shop.git(&["switch", "-q", "-c", "feature"]);
                let file = if own_ledger { "why.toml" } else { "sfl.toml" };
                let other = ledger.replace("Lic*", "Other*");
                shop.write(file, &format!("{}{other}", shop.read(file)));
                let (code, report) = shop.check(&["--since", "main"]);
                let expected = match trust {
                    "" => format!("justification/unused - in {file}"),
                    _ => format!("config/widened - in {file}"),
                };
                assert_eq!(
                    (code, findings(&report)),
                    (1, vec![expected]),
                    "{more}{trust}"
                );
            }
        }
    }
}
