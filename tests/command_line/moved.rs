//! Terraform's `moved` blocks: what moves stays the same decision, for `--since` and for baselines.

use crate::repository::{Repository, change, findings};

const WEB: &str = "resource \"aws_instance\" \"web\" {\n  ami = \"ami-1\"\n  instance_type = \"m7g.large\"\n  subnet_id = \"subnet-1\"\n}\n";
/// As a module writes it: nothing of the text is as it was.
const MODULE: &str = "variable \"machine\" { type = string }\nvariable \"place\" { type = string }\nresource \"aws_instance\" \"host\" {\n  launch_template { id = var.machine }\n  availability_zone = var.place\n  tags = { Name = \"host\" }\n}\n";
const CALL: &str =
    "module \"shop\" {\n  source = \"./shop\"\n  machine = \"lt-1\"\n  place = \"eu-west-1a\"\n}\n";

fn moved(from: &str, to: &str) -> String {
    format!("moved {{\n  from = {from}\n  to   = {to}\n}}\n")
}

/// What a change is with these files, and what a baseline of before says of it: the exit codes, and the change.
#[track_caller]
fn both(before: &[(&str, &str)], after: &[(&str, &str)]) -> (i32, i32, Vec<String>) {
    let shop = Repository::new(before);
    assert_eq!(shop.said(&["baseline"]).0, 0);
    for (name, text) in after {
        shop.write(name, text);
    }
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(findings(&report).is_empty(), code == 0, "{report}");
    let (known, _) = shop.check(&["--baseline", "sfl-baseline.json"]);
    (code, known, change(&report))
}

/// Nothing is new or reported, and one decision has another address.
#[track_caller]
fn stays(before: &[(&str, &str)], after: &[(&str, &str)], line: &str) {
    let (since, known, change) = both(before, after);
    assert_eq!((since, known), (0, 0), "{change:?}");
    assert_eq!(change, [line]);
}

/// Somebody has to look at it.
#[track_caller]
fn is_new(before: &[(&str, &str)], after: &[(&str, &str)]) {
    let (since, known, change) = both(before, after);
    assert_eq!((since, known), (1, 1), "{change:?}");
}

#[test]
fn what_moves_into_a_module_is_the_same() {
    let into = moved("aws_instance.web", "module.shop.aws_instance.host");
    let after = format!("{CALL}{into}");
    stays(
        &[("main.tf", WEB)],
        &[("main.tf", &after), ("shop/main.tf", MODULE)],
        "moved: aws_instance.web in main.tf compute/server > module.shop.aws_instance.host in shop/main.tf compute/server",
    );
    is_new(
        &[("main.tf", WEB)],
        &[("main.tf", CALL), ("shop/main.tf", MODULE)],
    );
    // Another resource is meant.
    let other = after.replace("aws_instance.web", "aws_instance.other");
    is_new(
        &[("main.tf", WEB)],
        &[("main.tf", &other), ("shop/main.tf", MODULE)],
    );
    // It says so in another root.
    is_new(
        &[("a/main.tf", WEB), ("b/main.tf", "locals {}\n")],
        &[
            ("a/main.tf", "locals {}\n"),
            ("b/main.tf", &after),
            ("b/shop/main.tf", MODULE),
        ],
    );
}

#[test]
fn what_moves_out_of_a_module_is_the_same() {
    let after = format!(
        "{WEB}{}",
        moved("module.shop.aws_instance.host", "aws_instance.web")
    );
    let before = [("main.tf", CALL), ("shop/main.tf", MODULE)];
    stays(
        &before,
        &[("main.tf", &after), ("shop/main.tf", "locals {}\n")],
        "moved: module.shop.aws_instance.host in shop/main.tf compute/server > aws_instance.web in main.tf compute/server",
    );
    is_new(
        &before,
        &[("main.tf", WEB), ("shop/main.tf", "locals {}\n")],
    );
}

#[test]
fn a_step_down_on_the_way_is_still_said() {
    let table = "resource \"aws_dynamodb_table\" \"orders\" {\n  name = \"orders\"\n  billing_mode = \"PAY_PER_REQUEST\"\n  hash_key = \"id\"\n}\n";
    let module = "resource \"aws_dynamodb_table\" \"all\" {\n  name_prefix = \"x\"\n  billing_mode = \"PROVISIONED\"\n  read_capacity = 5\n  write_capacity = 5\n}\n";
    let into = moved(
        "aws_dynamodb_table.orders",
        "module.shop.aws_dynamodb_table.all",
    );
    let main = format!("module \"shop\" {{\n  source = \"./shop\"\n}}\n{into}");
    let shop = Repository::new(&[("main.tf", table)]);
    shop.write("main.tf", &main);
    shop.write("shop/main.tf", module);
    let (code, report) = shop.check(&["--since", "HEAD", "--fail-on", "note"]);
    assert_eq!(code, 1);
    let lines = change(&report);
    assert!(
        lines.iter().any(|line| line.starts_with("down: ")),
        "{lines:?}"
    );
    assert!(
        lines.iter().all(|line| !line.starts_with("added: ")),
        "{lines:?}"
    );
}

#[test]
fn keys_and_chains_are_followed() {
    let keyed = CALL.replace("source", "for_each = toset([\"north\"])\n  source");
    let from = "aws_instance.web in main.tf compute/server";
    for (call, moves, to) in [
        // The whole call has moved, after the resource did.
        (
            &keyed,
            [
                ("aws_instance.web", "module.old.aws_instance.host"),
                ("module.old", "module.shop[ \"north\" ]"),
            ],
            "module.shop[\"north\"].aws_instance.host",
        ),
        (
            &CALL.to_owned(),
            [
                ("aws_instance.web", "aws_instance.host"),
                ("aws_instance.host", "module.shop.aws_instance.host"),
            ],
            "module.shop.aws_instance.host",
        ),
    ] {
        let moves: String = moves.iter().map(|(from, to)| moved(from, to)).collect();
        stays(
            &[("main.tf", WEB)],
            &[
                ("main.tf", &format!("{call}{moves}")),
                ("shop/main.tf", MODULE),
            ],
            &format!("moved: {from} > {to} in shop/main.tf compute/server"),
        );
    }
    // One key is one instance: the other is new.
    let two = keyed.replace("[\"north\"]", "[\"north\", \"south\"]");
    let one = moved(
        "aws_instance.web",
        "module.shop[\"south\"].aws_instance.host",
    );
    let shop = Repository::new(&[("main.tf", WEB)]);
    shop.write("main.tf", &format!("{two}{one}"));
    shop.write("shop/main.tf", MODULE);
    let (code, report) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 1);
    assert_eq!(
        findings(&report),
        ["compute/server module.shop[\"north\"].aws_instance.host in shop/main.tf"]
    );
}

#[test]
fn a_module_speaks_of_what_is_its_own() {
    let own = MODULE.replace("host", "till");
    let own = own.replace("launch_template { id = var.machine }", "ami = var.machine");
    let after = format!(
        "{MODULE}{}",
        moved("aws_instance.till", "aws_instance.host")
    );
    let before = [("main.tf", CALL), ("shop/main.tf", &*own)];
    stays(
        &before,
        &[("shop/main.tf", &after)],
        "moved: module.shop.aws_instance.till in shop/main.tf compute/server > module.shop.aws_instance.host in shop/main.tf compute/server",
    );
}

#[test]
fn a_count_that_comes_needs_no_block() {
    let other = "resource \"aws_instance\" \"web\" {\n  count = 2\n  launch_template { id = \"lt-1\" }\n  availability_zone = \"eu-west-1a\"\n}\n";
    let shop = Repository::new(&[("main.tf", WEB)]);
    assert_eq!(shop.said(&["baseline"]).0, 0);
    shop.write("main.tf", other);
    for arguments in [["--since", "HEAD"], ["--baseline", "sfl-baseline.json"]] {
        let (code, report) = shop.check(&arguments);
        assert_eq!(code, 1);
        assert_eq!(
            findings(&report),
            ["compute/server aws_instance.web[1] in main.tf"],
            "the first is what it was"
        );
    }
}

#[test]
fn json_says_it_too_and_a_baseline_takes_the_new_address_where_it_is_pruned() {
    let after = r#"{
  "module": { "shop": { "source": "./shop", "machine": "lt-1", "place": "a" } },
  "moved": [{ "from": "aws_instance.web", "to": "module.shop.aws_instance.host" }]
}"#;
    let shop = Repository::new(&[("main.tf", WEB)]);
    assert_eq!(shop.said(&["baseline"]).0, 0);
    shop.remove("main.tf");
    shop.write("main.tf.json", after);
    shop.write("shop/main.tf", MODULE);
    let check = || shop.check(&["--baseline", "sfl-baseline.json"]).0;
    assert_eq!(check(), 0);
    assert_eq!(shop.said(&["baseline", "--prune"]).0, 0);
    let text = shop.read("sfl-baseline.json");
    assert!(text.contains("module.shop.aws_instance.host"), "{text}");
    assert!(!text.contains("aws_instance.web"), "{text}");
    // What has moved for everybody needs the block no longer.
    shop.write("main.tf.json", &after.replace("moved", "//"));
    assert_eq!(check(), 0);
}
