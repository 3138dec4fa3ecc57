//! `sfl justify` of what Terraform multiplies: whatever an address names, the record settles just that.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::folder::{err, repository, run};

const WORDS: [&str; 4] = [
    "--because",
    "vendor-software",
    "--reason",
    "the maker of the till only supports it like this",
];
const RECORD: &str =
    "because=vendor-software reason=\"the maker of the till only supports it like this\"";

const TILL: &str = "resource \"aws_instance\" \"till\" {\n  count         = 2\n  instance_type = \"m6i.large\"\n}\n\nmodule \"store\" {\n  source = \"../store\"\n}\n";
const STORE: &str = "resource \"aws_db_instance\" \"ledger\" {\n  engine         = \"mysql\"\n  instance_class = \"db.m6g.large\"\n}\n";
const NORTH: &str = "module \"till\" {\n  source   = \"../till\"\n  for_each = toset([\"bakery\", \"deli.counter\"])\n}\n\nresource \"aws_instance\" \"scale\" {\n  for_each      = { \"left\" = 1, \"right [2]\" = 2 }\n  instance_type = \"m6i.large\"\n}\n\nresource \"aws_instance\" \"oven\" {\n  count         = 3\n  instance_type = \"m6i.large\"\n}\n\nresource \"aws_instance\" \"door\" {\n  instance_type = \"m6i.large\"\n}\n";
const SOUTH: &str = "module \"till\" {\n  source = \"../till\"\n}\n";

fn shop() -> TempDir {
    repository(&[
        ("north/main.tf", NORTH),
        ("south/main.tf", SOUTH),
        ("till/main.tf", TILL),
        ("store/main.tf", STORE),
    ])
}

/// The root and the address of each decision that has a reason; and all that is said of reasons.
fn settled(folder: &Path) -> Vec<String> {
    let output = run(folder, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let findings = report["findings"].as_array().expect("a list").iter();
    let faults: Vec<&Value> = findings
        .map(|finding| &finding["code"])
        .filter(|code| {
            code.as_str()
                .is_some_and(|code| code.starts_with("justification/"))
        })
        .collect();
    assert_eq!(faults, [&Value::Null; 0]);
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let settled = decisions.filter(|decision| decision["justification"].is_object());
    let name = |decision: &Value| {
        let root = decision["root"].as_str().unwrap_or("-");
        format!(
            "{root} {}",
            decision["address"].as_str().unwrap_or_default()
        )
    };
    settled.map(name).collect()
}

fn justify(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = run(folder, &[&["justify"], arguments, &WORDS].concat());
    match output.status.code() {
        Some(0) => Ok(err(&output)),
        _ => Err(err(&output)),
    }
}

/// Every shape of an address, where its record goes, and all that it settles.
#[test]
fn just_what_is_named_is_settled() {
    let both = |address: &str| [format!("- {address}")].to_vec();
    let ledger = "sfl.toml";
    let cases: [(&[&str], &str, &str, Vec<String>); 14] = [
        (
            &["aws_instance.door"],
            "north/main.tf",
            "# sfl: because",
            both("aws_instance.door"),
        ),
        (
            &["aws_instance.scale[\"left\"]"],
            "north/main.tf",
            "# sfl: for=\"left\" because",
            both("aws_instance.scale[\"left\"]"),
        ),
        (
            &["aws_instance.scale[\"right [2]\"]"],
            "north/main.tf",
            "# sfl: for=\"right [2]\" because",
            both("aws_instance.scale[\"right [2]\"]"),
        ),
        (
            &["aws_instance.scale"],
            "north/main.tf",
            "# sfl: because",
            ["left", "right [2]"]
                .map(|key| format!("- aws_instance.scale[\"{key}\"]"))
                .to_vec(),
        ),
        (
            &["aws_instance.oven[2]"],
            "north/main.tf",
            "# sfl: for=2 because",
            both("aws_instance.oven[2]"),
        ),
        (
            &["module.till[\"bakery\"].aws_instance.till[1]"],
            ledger,
            "root = \"north\"",
            vec!["north module.till[\"bakery\"].aws_instance.till[1]".to_owned()],
        ),
        (
            &["module.till[\"deli.counter\"].aws_instance.till"],
            ledger,
            "address = 'module.till[\"deli.counter\"].aws_instance.till[*]'",
            [0, 1]
                .map(|at| format!("north module.till[\"deli.counter\"].aws_instance.till[{at}]"))
                .to_vec(),
        ),
        // Another root makes one that is called the same, with other keys.
        (
            &["module.till.aws_instance.till[0]"],
            ledger,
            "root = \"south\"",
            vec!["south module.till.aws_instance.till[0]".to_owned()],
        ),
        // Without the keys of the modules: all of them.
        (
            &["module.till.aws_instance.till[0]", "north"],
            "till/main.tf",
            "# sfl: for=0 because",
            [
                "north module.till[\"bakery\"]",
                "north module.till[\"deli.counter\"]",
                "south module.till",
            ]
            .map(|call| format!("{call}.aws_instance.till[0]"))
            .to_vec(),
        ),
        (
            &["module.till.module.store.aws_db_instance.ledger", "south"],
            "store/main.tf",
            "# sfl: because",
            [
                "north module.till[\"bakery\"]",
                "north module.till[\"deli.counter\"]",
                "south module.till",
            ]
            .map(|call| format!("{call}.module.store.aws_db_instance.ledger"))
            .to_vec(),
        ),
        (
            &["module.till[\"bakery\"]"],
            "north/main.tf",
            "# sfl: for=\"bakery\" because",
            [
                "aws_instance.till[0]",
                "aws_instance.till[1]",
                "module.store.aws_db_instance.ledger",
            ]
            .map(|own| format!("north module.till[\"bakery\"].{own}"))
            .to_vec(),
        ),
        (
            &["module.till", "--path", "south/main.tf"],
            "south/main.tf",
            "# sfl: because",
            [
                "aws_instance.till[0]",
                "aws_instance.till[1]",
                "module.store.aws_db_instance.ledger",
            ]
            .map(|own| format!("south module.till.{own}"))
            .to_vec(),
        ),
        (
            &["module.till[\"bakery\"].module.store"],
            ledger,
            "address = 'module.till[\"bakery\"].module.store.*'",
            vec!["north module.till[\"bakery\"].module.store.aws_db_instance.ledger".to_owned()],
        ),
        (
            &["aws_instance.oven[0]", "--ledger"],
            ledger,
            "address = \"aws_instance.oven[0]\"",
            both("aws_instance.oven[0]"),
        ),
    ];
    for (arguments, file, written, mut expected) in cases {
        let shop = shop();
        let said = justify(shop.path(), arguments)
            .unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
        assert_eq!(
            said,
            format!("{file}: the reason for {} is written down\n", arguments[0])
        );
        let text = fs::read_to_string(shop.path().join(file)).expect("it is there");
        assert!(text.contains(written), "{arguments:?}: {text}");
        let mut settled = settled(shop.path());
        settled.sort();
        expected.sort();
        assert_eq!(settled, expected, "{arguments:?}");
    }
}

#[test]
fn one_after_another_stand_beside_each_other() {
    let shop = shop();
    let scale = |key: &str| format!("aws_instance.scale[\"{key}\"]");
    for key in ["left", "right [2]"] {
        justify(shop.path(), &[&scale(key)]).expect("it is written");
    }
    assert_eq!(settled(shop.path()).len(), 2);
    let text = fs::read_to_string(shop.path().join("north/main.tf")).expect("it is there");
    let block = "resource \"aws_instance\" \"scale\"";
    let expected = NORTH.replace(
        block,
        &format!("# sfl: for=\"left\" {RECORD}\n# sfl: for=\"right [2]\" {RECORD}\n{block}"),
    );
    assert_eq!(text, expected);
    // What is there is somebody's word, for this instance as for all.
    let again = |more: &[&str]| {
        let mut arguments = vec!["justify", "aws_instance.scale[\"left\"]"];
        arguments.extend(["--because", "hardware", "--reason"]);
        arguments.extend(["the scale hangs on a port of this host"]);
        arguments.extend(more);
        err(&run(shop.path(), &arguments))
    };
    assert!(again(&[]).contains("--replace writes over it"));
    assert_eq!(
        fs::read_to_string(shop.path().join("north/main.tf")).expect("it is there"),
        expected
    );
    again(&["--replace"]);
    let text = fs::read_to_string(shop.path().join("north/main.tf")).expect("it is there");
    let other =
        "# sfl: for=\"left\" because=hardware reason=\"the scale hangs on a port of this host\"";
    assert_eq!(
        text,
        expected.replacen(&format!("# sfl: for=\"left\" {RECORD}"), other, 1)
    );
}

#[test]
fn a_call_that_is_not_one_place_is_refused_with_the_way() {
    let shop = shop();
    let refused = |address: &str, words: &[&str]| {
        let error = justify(shop.path(), &[address]).expect_err("it is refused");
        for word in words {
            assert!(error.contains(word), "{address}: {error}");
        }
    };
    refused(
        "module.till",
        &["--path FILE", "north/main.tf", "south/main.tf"],
    );
    refused("module.bank", &["no hosting choice is made by module.bank"]);
    refused("module.till[\"fish\"]", &["no hosting choice is made by"]);
    refused(
        "aws_instance.scale[\"middle\"]",
        &["no hosting choice has the address"],
    );
    assert_eq!(settled(shop.path()), [""; 0]);
}

#[test]
fn in_json_a_block_has_one_record() {
    let text =
        r#"{"resource": {"aws_instance": {"till": {"count": 2, "instance_type": "m6i.large"}}}}"#;
    let shop = repository(&[("main.tf.json", text)]);
    justify(shop.path(), &["aws_instance.till[1]"]).expect("it is written");
    let written = fs::read_to_string(shop.path().join("main.tf.json")).expect("it is there");
    assert!(written.contains(r#""for": "1""#), "{written}");
    assert_eq!(settled(shop.path()), ["- aws_instance.till[1]"]);
    let error = justify(shop.path(), &["aws_instance.till[0]"]).expect_err("it is refused");
    assert!(
        error.contains("for the instance `1` already") && error.contains("--ledger"),
        "{error}"
    );
    justify(shop.path(), &["aws_instance.till[0]", "--ledger"]).expect("it is written");
    assert_eq!(settled(shop.path()).len(), 2);
}
