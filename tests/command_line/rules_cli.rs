//! `sfl rules test`, `sfl rules --schema` and what rules of one's own may name, by running the program.

use std::fs;

use crate::folder::{folder, run};
use crate::repository::Repository;
use serde_json::{Value, json};
use tempfile::TempDir;

const CONFIG: &str = "[rules]\nfolders = [\"r\"]\n";
const PARROT: &str = r#"[ladder]
name = "parrots"
title = "parrots"
about = "Who talks."

[[rule]]
name = "parrot"
title = "a parrot"
types = ["Custom::Parrot"]

[rule.properties]
cage = { cfn = "Cage" }

[[rule.case]]
rung = "server"
when = { cage = "own" }
says = "lives in a cage of your own"

[[rule.case]]
rung = "serverless"
says = "lives in the zoo"

[[rule.example]]
template = """
Resources:
  Polly: { Type: Custom::Parrot, Properties: { Cage: own } }
  Coco: { Type: Custom::Parrot }
"""
expect = ["Polly parrots 4", "Coco parrots 1"]
"#;

/// The exit code and what was printed, standard output first.
fn said(folder: &TempDir, arguments: &[&str]) -> (i32, String) {
    let output = run(folder.path(), arguments);
    let code = output.status.code().expect("it ends by itself");
    let text = [output.stdout, output.stderr].concat();
    (code, String::from_utf8(text).expect("it prints UTF-8"))
}

fn report(folder: &TempDir) -> Value {
    let output = run(folder.path(), &["check", "--format", "json"]);
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

#[test]
fn the_built_in_rules_pass_their_own_test() {
    let (code, text) = said(&folder(&[]), &["rules", "test"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.ends_with(": all as expected\n"), "{text}");
    let count = text.split(' ').next().and_then(|count| count.parse().ok());
    let count: usize = count.expect("it says how many");
    assert_eq!(count, sfl::workspace::examples::built_in().len());
}

#[test]
fn a_folder_whose_examples_hold_passes() {
    let folder = folder(&[("r/zoo/parrot.toml", PARROT), ("r/readme.md", "no rules")]);
    let passed = (0, "1 example of 1 rule: all as expected\n".to_owned());
    assert_eq!(said(&folder, &["rules", "test", "r"]), passed);
    assert_eq!(
        said(&folder, &["rules", "test", "r/zoo/parrot.toml"]),
        passed
    );
}

#[test]
fn an_example_that_comes_out_differently_is_shown_with_its_place() {
    let wrong = PARROT.replace("Coco parrots 1", "Coco parrots 2");
    let folder = folder(&[("r/parrot.toml", &wrong)]);
    let shown = "\
r/parrot.toml:24: parrot, example 1
  expected  Coco parrots 2
  found     Coco parrots 1

1 example of 1 rule: 1 differs
";
    assert_eq!(
        said(&folder, &["rules", "test", "r"]),
        (1, shown.to_owned())
    );
    let unread = PARROT.replace("Resources:", "Res:");
    fs::write(folder.path().join("r/parrot.toml"), unread).expect("it can be written");
    let (code, text) = said(&folder, &["rules", "test", "r"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("was not read as a template"), "{text}");
}

#[test]
fn what_cannot_be_read_is_no_test() {
    let folder = folder(&[
        ("broken/a.toml", "[[rule]\n"),
        ("odd/a.toml", &PARROT.replace("title = \"a parrot\"\n", "")),
        ("empty/readme.md", ""),
    ]);
    for (name, wrong) in [
        ("broken", "broken/a.toml:1"),
        ("odd", "config/missing-key"),
        ("empty", "there is no rule file in it"),
        ("nowhere", "nowhere"),
    ] {
        let (code, text) = said(&folder, &["rules", "test", name]);
        assert_eq!(code, 2, "{name}: {text}");
        assert!(text.contains(wrong), "{name}: {text}");
    }
}

/// The schema that the program prints.
fn schema(arguments: &[&str]) -> jsonschema::Validator {
    let output = run(folder(&[]).path(), arguments);
    assert_eq!(output.status.code(), Some(0));
    let schema = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    jsonschema::draft202012::new(&schema).expect("it is a schema")
}

/// What it takes and refuses is tested beside the catalogue.
#[test]
fn the_printed_schema_of_rules_is_the_one_beside_them() {
    let output = run(folder(&[]).path(), &["rules", "--schema"]);
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/schema.json");
    let schema = fs::read_to_string(schema).expect("the schema is a text");
    assert_eq!(String::from_utf8_lossy(&output.stdout), schema);
}

#[test]
fn the_printed_schema_of_the_configuration_takes_what_the_program_takes() {
    let schema = schema(&["rules", "--schema", "config"]);
    let config = "[rules]\nfolders = [\"r\"]\n\n[ladders.compute]\naccept = \"capacity\"\n";
    let parrot = |config: &str| folder(&[("sfl.toml", config), ("r/parrot.toml", PARROT)]);
    let value: Value = toml::from_str(config).expect("it is TOML");
    assert!(schema.is_valid(&value));
    let (code, text) = said(&parrot(config), &["check"]);
    assert_eq!(code, 0, "{text}");
    for spoiled in [
        config.replace("folders", "folder"),
        config.replace("accept", "accepts"),
        config.replace("\"capacity\"", "\"capacities\""),
        format!("parrot = 1\n{config}"),
    ] {
        let value: Value = toml::from_str(&spoiled).expect("it is TOML");
        assert!(!schema.is_valid(&value), "{spoiled}");
        let (code, text) = said(&parrot(&spoiled), &["check"]);
        assert_eq!(code, 2, "{spoiled}: {text}");
    }
}

#[test]
fn the_source_of_a_module_may_be_a_glob() {
    let own = r#"extends = "messaging"
[[rule]]
name = "queue-module"
title = "a queue of the platform team"
types = [
    "module:git::https://git.example.com/modules.git//queue*",
    "module:git::https://git.example.com/modules.git//*/broker",
]
[[rule.case]]
rung = "cluster"
says = "is a queue of the platform team"

[[rule]]
name = "queue-module-plain"
title = "a plain queue of the platform team"
types = ["module:git::https://git.example.com/modules.git//queue-plain"]
[[rule.case]]
rung = "serverless"
says = "is a plain queue"

[[plumbing]]
why = "only names things"
types = ["module:git::https://git.example.com/modules.git//queue-names*"]
"#;
    let module = |path: &str| {
        let source = format!("git::https://git.example.com/modules.git//{path}");
        json!({ "source": source })
    };
    let template = json!({"module": {
        "glob": module("queue-fifo?ref=v2"),
        "deep": module("amq/broker"),
        "exact": module("queue-plain"),
        "longer": module("queue-names/aws"),
        "neighbour": module("table"),
        "other_host": {"source": "git::https://example.com/modules.git//queue-fifo"},
    }});
    let template = template.to_string();
    let files = [
        ("sfl.toml", CONFIG),
        ("r/a.toml", own),
        ("main.tf.json", &template),
    ];
    let folder = folder(&files);
    let report = report(&folder);
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let mut found: Vec<String> = decisions
        .map(|one| format!("{} {}", one["address"], one["rung"]))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "\"module.deep\" 3",
            "\"module.exact\" 1",
            "\"module.glob\" 3"
        ]
    );
    let (_, rules) = said(&folder, &["rules"]);
    assert!(rules.contains("modules.git//queue*  decision"), "{rules}");
    let kind = "module:git::https://git.example.com/modules.git//queue-names/aws";
    let (code, page) = said(&folder, &["explain", kind]);
    assert_eq!(code, 0, "{page}");
    assert!(page.contains("only names things"), "{page}");
}

#[test]
fn a_star_stands_in_no_other_type() {
    let own = PARROT.replace("Custom::Parrot\"]", "Custom::*\", \"module:parrot*\"]");
    let plumbing = "[[plumbing]]\nwhy = \"tools\"\ntypes = [\"Custom::A*\", \"Custom::*Tool\"]\n";
    let folder = folder(&[
        ("sfl.toml", CONFIG),
        ("r/a.toml", &own),
        ("r/b.toml", plumbing),
    ]);
    let (code, text) = said(&folder, &["check"]);
    assert_eq!(code, 2);
    for wrong in ["`Custom::*` has a `*`", "`Custom::*Tool` has a `*`"] {
        assert!(text.contains(wrong), "{text}");
    }
    for right in ["`Custom::A*`", "`module:parrot*`"] {
        assert!(!text.contains(right), "{text}");
    }
}

#[test]
fn a_finding_says_the_way_up_at_its_own_provider() {
    let own = |kind: &str| {
        format!(
            "extends = \"compute\"\n[[rule]]\nname = \"box\"\ntitle = \"a box\"\ntypes = [\"{kind}\"]\n[[rule.case]]\nrung = \"server\"\nsays = \"is a box\"\n"
        )
    };
    let climb = |kind: &str| {
        let template = json!({"resource": {kind: {"a": {}}}}).to_string();
        let files = [
            ("sfl.toml", CONFIG),
            ("r/a.toml", &own(kind)),
            ("main.tf.json", &template),
        ];
        report(&folder(&files))["findings"][0].to_string()
    };
    for (kind, theirs, not) in [
        (
            "aws_box",
            "ECS on Fargate for what fits",
            ["container app", "Cloud Run"],
        ),
        (
            "azurerm_box",
            "container apps for what fits",
            ["Fargate", "Cloud Run"],
        ),
        (
            "google_box",
            "Cloud Run for what fits",
            ["Fargate", "container app"],
        ),
        (
            "acme_box",
            "ECS on Fargate for what fits",
            ["container app", "Cloud Run"],
        ),
    ] {
        let said = climb(kind);
        assert!(said.contains(theirs), "{kind}: {said}");
        for other in not {
            assert!(!said.contains(other), "{kind}: {other}: {said}");
        }
    }
    let (_, page) = said(&folder(&[]), &["explain", "compute/server"]);
    for (name, theirs) in [("Azure", "container apps"), ("Google Cloud", "Cloud Run")] {
        let line = format!("on {name}: {theirs} for what fits");
        let line: Vec<&str> = line.split(' ').collect();
        let words: Vec<&str> = page.split_whitespace().collect();
        assert!(words.windows(line.len()).any(|part| part == line), "{page}");
    }
}

#[test]
fn rules_that_the_configuration_names_are_run_beside_the_built_in_ones() {
    let wrong = PARROT.replace("Polly parrots 4", "Polly parrots 1");
    let ends = |files: &[(&str, &str)]| {
        let folder = folder(files);
        let output = run(folder.path(), &["rules", "test"]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said)
    };
    let number = |said: &str| -> usize {
        let line = said.lines().last().and_then(|line| line.split(' ').next());
        line.and_then(|word| word.parse().ok()).expect("a number")
    };
    let (code, built_in) = ends(&[]);
    assert_eq!(code, Some(0), "{built_in}");
    let (code, both) = ends(&[("sfl.toml", CONFIG), ("r/parrots.toml", PARROT)]);
    assert_eq!(code, Some(0), "{both}");
    assert_eq!(number(&both), number(&built_in) + 1);
    let (code, both) = ends(&[("sfl.toml", CONFIG), ("r/parrots.toml", &wrong)]);
    assert_eq!(code, Some(1), "{both}");
    assert!(both.contains("r/parrots.toml:"), "{both}");
    assert!(both.contains("expected  Polly parrots 1"), "{both}");
}

#[test]
fn a_ladder_is_listed_by_itself() {
    let shop = Repository::none();
    let (code, out, error) = shop.said(&["rules", "compute", "cache", "--format", "json"]);
    assert_eq!((code, error.as_str()), (0, ""));
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out).expect("it is JSON");
    let ladders: std::collections::BTreeSet<&str> = rows
        .iter()
        .filter_map(|row| row["ladder"].as_str())
        .collect();
    assert_eq!(
        ladders.into_iter().collect::<Vec<_>>(),
        ["cache", "compute"]
    );
    assert!(rows.iter().all(|row| row["ladder"].is_string()));
    let (code, _, error) = shop.said(&["rules", "computer"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("no ladder `computer`; the ladders are "),
        "{error}"
    );
    assert!(error.contains("compute, "), "{error}");
}
