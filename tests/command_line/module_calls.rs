//! Modules that are called by a path: which folders are judged, and what a change in one does to another.

use serde_json::Value;

use crate::folder::{folder, out, run};
use crate::repository::{Repository, change, findings, sentence};

/// Addresses of what is decided, with a mark on those that may not be there.
#[track_caller]
fn decided(files: &[(&str, &str)]) -> Vec<String> {
    let folder = folder(files);
    let output = run(folder.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let decisions = decisions.map(|one| {
        let address = one["address"].as_str().expect("an address");
        match one["conditional"].as_bool() {
            Some(true) => format!("{address}?"),
            _ => address.to_owned(),
        }
    });
    decisions.collect()
}

const STORE: &str = r#"
variable "is_made" {
  default = true
}
resource "aws_instance" "store" {
  count = var.is_made ? 1 : 0
}
"#;
/// A module that calls another one.
const SHOP: &str = r#"
variable "is_made" {
  default = true
}
module "store" {
  source  = "../store"
  is_made = var.is_made
}
resource "aws_instance" "shop" {
  count = var.is_made ? 1 : 0
}
"#;

/// The two modules, called by a root in this way.
#[track_caller]
fn called(root: &str) -> Vec<String> {
    decided(&[
        ("main.tf", root),
        ("shop/main.tf", SHOP),
        ("store/main.tf", STORE),
    ])
}

#[test]
fn a_folder_that_nobody_calls_is_judged_alone() {
    let alone = [
        "aws_instance.shop[0]?",
        "module.store.aws_instance.store[0]?",
    ];
    assert_eq!(
        decided(&[("shop/main.tf", SHOP), ("store/main.tf", STORE)]),
        alone
    );
    assert_eq!(
        called("resource \"aws_sqs_queue\" \"jobs\" {\n}\n"),
        [&["aws_sqs_queue.jobs"][..], &alone].concat()
    );
}

#[test]
fn a_folder_that_is_called_is_judged_by_its_calls_only() {
    assert_eq!(
        called("module \"a\" {\n  source = \"./shop\"\n}\n"),
        [
            "module.a.aws_instance.shop[0]",
            "module.a.module.store.aws_instance.store[0]"
        ]
    );
    let twice = "module \"a\" {\n  source = \"./store\"\n}\nmodule \"b\" {\n  source  = \"./store\"\n  is_made = false\n}\n";
    assert_eq!(
        decided(&[("main.tf", twice), ("store/main.tf", STORE)]),
        ["module.a.aws_instance.store[0]"]
    );
}

#[test]
fn a_call_that_makes_nothing_makes_nothing_further_down_either() {
    for nothing in [
        "is_made = false",
        "count = 0",
        "for_each = {}",
        "for_each = toset([])",
    ] {
        let root = format!("module \"a\" {{\n  source = \"./shop\"\n  {nothing}\n}}\n");
        assert_eq!(called(&root), [""; 0], "{nothing}");
    }
    // What a variable turns off may be turned on.
    let root = "variable \"on\" {\n  default = false\n}\nmodule \"a\" {\n  source = \"./shop\"\n  count  = var.on ? 1 : 0\n}\n";
    assert_eq!(
        called(root),
        [
            "module.a.aws_instance.shop[0]?",
            "module.a.module.store.aws_instance.store[0]?"
        ]
    );
}

#[test]
fn a_call_that_makes_nothing_leaves_other_calls_alone() {
    let off = "module \"a\" {\n  source = \"./shop\"\n  count  = 0\n}\n";
    let store = "module \"b\" {\n  source = \"./store\"\n}\n";
    assert_eq!(
        called(&format!("{off}{store}")),
        ["module.b.aws_instance.store[0]"]
    );
    // Another root calls it, too.
    assert_eq!(
        decided(&[
            ("main.tf", off),
            (
                "other/main.tf",
                "module \"c\" {\n  source = \"../shop\"\n}\n"
            ),
            ("shop/main.tf", SHOP),
            ("store/main.tf", STORE),
        ]),
        [
            "module.c.aws_instance.shop[0]",
            "module.c.module.store.aws_instance.store[0]"
        ]
    );
    // Behind the one that makes nothing, a longer chain.
    assert_eq!(
        decided(&[
            (
                "main.tf",
                "module \"a\" {\n  source = \"./street\"\n  count  = 0\n}\n"
            ),
            (
                "street/main.tf",
                "module \"s\" {\n  source = \"../shop\"\n}\n"
            ),
            ("shop/main.tf", SHOP),
            ("store/main.tf", STORE),
        ]),
        [""; 0]
    );
}

#[test]
fn a_call_of_the_registry_that_makes_nothing_is_no_choice() {
    let call = |more: &str| {
        format!(
            "module \"a\" {{\n  source = \"terraform-aws-modules/ec2-instance/aws\"\n  {more}\n}}\n"
        )
    };
    assert_eq!(
        decided(&[("main.tf", &call("create = true"))]),
        ["module.a"]
    );
    assert_eq!(decided(&[("main.tf", &call("create = false"))]), [""; 0]);
    assert_eq!(decided(&[("main.tf", &call("count = 0"))]), [""; 0]);
}

const ROOT: &str = "module \"data\" {\n  source = \"./data\"\n  size   = var.size\n}\nvariable \"size\" {\n  default = \"small\"\n}\n";
const DATA: &str = "variable \"size\" {\n  type = string\n}\nresource \"aws_dynamodb_table\" \"orders\" {\n  name         = \"orders\"\n  billing_mode = var.size == \"small\" ? \"PAY_PER_REQUEST\" : \"PROVISIONED\"\n}\n";
const HOST: &str = "resource \"aws_instance\" \"host\" {\n  instance_type = \"m7g.large\"\n}\n";

#[test]
fn a_change_of_a_module_is_a_change_of_what_calls_it() {
    let estate = Repository::new(&[("main.tf", ROOT), ("data/main.tf", DATA)]);
    assert_eq!(estate.check(&["--since", "HEAD"]).0, 0);
    estate.write("data/main.tf", &format!("{DATA}{HOST}"));
    let (code, report) = estate.check(&["--since", "HEAD"]);
    assert_eq!(code, 1);
    assert_eq!(
        findings(&report),
        ["compute/server module.data.aws_instance.host in data/main.tf"]
    );
    assert_eq!(
        sentence(&report),
        "this change adds 1 EC2 instance, score 100 → 50"
    );
}

#[test]
fn values_and_overrides_of_a_change_move_what_a_module_makes() {
    let moved = [
        "down: module.data.aws_dynamodb_table.orders in data/main.tf nosql/serverless > module.data.aws_dynamodb_table.orders in data/main.tf nosql/capacity",
    ];
    let over =
        "resource \"aws_dynamodb_table\" \"orders\" {\n  billing_mode = \"PROVISIONED\"\n}\n";
    for (path, text) in [
        ("terraform.tfvars", "size = \"large\"\n"),
        ("big.auto.tfvars", "size = \"large\"\n"),
        ("data/override.tf", over),
        ("data/orders_override.tf", over),
        ("override.tf", "module \"data\" {\n  size = \"large\"\n}\n"),
        ("main.tf", &ROOT.replace("\"small\"", "\"large\"")),
        ("data/main.tf", &DATA.replace("== \"small\"", "== \"tiny\"")),
    ] {
        let estate = Repository::new(&[("main.tf", ROOT), ("data/main.tf", DATA)]);
        estate.write(path, text);
        let (code, report) = estate.check(&["--since", "HEAD", "--fail-on", "note"]);
        assert_eq!(code, 1, "{path}");
        assert_eq!(change(&report), moved, "{path}");
    }
}

#[test]
fn a_module_by_way_of_its_call_is_known_to_a_baseline() {
    let estate = Repository::new(&[
        ("main.tf", ROOT),
        ("data/main.tf", &format!("{DATA}{HOST}")),
    ]);
    let (_, out, _) = estate.said(&["baseline"]);
    assert!(
        out.starts_with("wrote sfl-baseline.json: 1 known fallback\n"),
        "{out}"
    );
    let known = |report: &Value| report["summary"]["baseline"]["known"].as_u64();
    let (code, report) = estate.check(&["--baseline", "sfl-baseline.json"]);
    assert_eq!((code, known(&report)), (0, Some(1)));
    estate.write("terraform.tfvars", "size = \"large\"\n");
    let (code, report) = estate.check(&["--baseline", "sfl-baseline.json", "--fail-on", "note"]);
    assert_eq!((code, known(&report)), (1, Some(1)));
    assert_eq!(
        findings(&report),
        ["nosql/capacity module.data.aws_dynamodb_table.orders in data/main.tf"]
    );
}

#[test]
fn a_reason_is_written_where_the_module_makes_it() {
    let estate = Repository::new(&[
        ("main.tf", ROOT),
        (
            "data/main.tf",
            &format!("{DATA}\r\n \t # Two spaces, a tab\there.\n{HOST}# end"),
        ),
    ]);
    let before = estate.read("data/main.tf");
    let reason = "the licence is bound to the sockets of this host";
    let (code, _, error) = estate.said(&[
        "justify",
        "module.data.aws_instance.host",
        "--yes",
        "--because",
        "licence",
        "--reason",
        reason,
    ]);
    assert_eq!(code, 0, "{error}");
    let at = before.find("resource \"aws_instance\"").expect("the block");
    let (above, below) = before.split_at(at);
    assert_eq!(
        estate.read("data/main.tf"),
        format!("{above}# sfl: because=licence reason=\"{reason}\"\n{below}")
    );
    assert_eq!(estate.check(&[]).0, 0);
    assert_eq!(estate.read("main.tf"), ROOT);
}
