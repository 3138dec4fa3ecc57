//! Root modules of one run that call the same module: what each of them makes is told apart.

use std::fs;
use std::process::Output;

use crate::folder::{command, err, folder, out};
use serde_json::{Value, json};
use tempfile::TempDir;

const STORE: &str = r#"
variable "size" { type = string }
resource "aws_db_instance" "main" {
  engine         = "postgres"
  instance_class = var.size
}
"#;

const CALL: &str = r#"
module "store" {
  source = "../store"
  size   = "db.t4g.micro"
}
"#;

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command(folder.path());
    command.args(arguments).output().expect("the program runs")
}

/// The root and the reason of each decision, in order.
fn roots(folder: &TempDir, arguments: &[&str]) -> Vec<(Value, Value)> {
    let mut all = vec!["check", "--format", "json"];
    all.extend(arguments);
    let output = run(folder, &all);
    let report: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    let decisions = report["decisions"].as_array().expect("a list");
    let of = |one: &Value| {
        assert_eq!(one["address"], "module.store.aws_db_instance.main");
        (one["root"].clone(), one["justification"]["because"].clone())
    };
    decisions.iter().map(of).collect()
}

fn two_roots(more: &[(&str, &str)]) -> TempDir {
    let mut files = vec![
        ("live/main.tf", CALL),
        ("test/main.tf", CALL),
        ("store/main.tf", STORE),
    ];
    files.extend(more);
    folder(&files)
}

#[test]
fn each_root_makes_its_own_decision() {
    let sets = "[deployment.a]\nvars = {}\n[deployment.b]\nvars = {}\n";
    for folder in [two_roots(&[]), two_roots(&[("sfl.toml", sets)])] {
        let expected = [(json!("live"), Value::Null), (json!("test"), Value::Null)];
        assert_eq!(roots(&folder, &[]), expected);
    }
    // What stands in a root itself has no other.
    let alone = folder(&[("main.tf", &*STORE.replace("var.size", "\"db.t4g.micro\""))]);
    let report = out(&run(&alone, &["check", "--format", "json"]));
    let report: Value = serde_json::from_str(&report).expect("it is JSON");
    assert_eq!(report["decisions"][0].get("root"), None);
}

/// Whoever reads lines sees which root each is about, but only where there are several.
#[test]
fn the_words_tell_the_roots_apart() {
    let folder = two_roots(&[]);
    let name = "module.store.aws_db_instance.main";
    for format in ["concise", "pretty", "github", "markdown", "csv"] {
        let said = |arguments: &[&str]| {
            let all = [&["check", "--format", format][..], arguments].concat();
            out(&run(&folder, &all)).replace("&#95;", "_")
        };
        let roots = ["live", "test"].map(|root| format!("{name} (root {root})"));
        let text = said(&["."]);
        if format == "csv" {
            // It is a line for each decision, without sentences.
            assert!(!text.contains("(root"), "{text}");
            continue;
        }
        for root in &roots {
            assert!(
                text.contains(&**root) || text.contains(&root.replace(' ', "\n  ")),
                "{format} {root}: {text}"
            );
        }
        assert!(!said(&["live"]).contains("(root"), "{format}");
    }
    let reason = "# sfl: because=latency reason=\"the shop asks for each price\"\n";
    let store = STORE.replace("resource", &format!("{reason}resource"));
    fs::write(folder.path().join("store/main.tf"), store).expect("written");
    let text = out(&run(
        &folder,
        &["check", "--show-justified", "--format", "concise"],
    ));
    for root in ["live", "test"] {
        assert!(
            text.contains(&format!("{name} (root {root}): latency")),
            "{text}"
        );
    }
}

#[test]
fn a_baseline_knows_what_one_root_makes_and_not_what_the_other_does() {
    let folder = two_roots(&[]);
    assert_eq!(
        run(&folder, &["baseline", "live", "store"]).status.code(),
        Some(0)
    );
    let path = folder.path().join("sfl-baseline.json");
    let text = fs::read_to_string(&path).expect("written");
    assert!(text.contains(r#""root":"live""#), "{text}");
    let check = |arguments: &[&str]| {
        let mut all = vec!["check", "--baseline", "sfl-baseline.json"];
        all.extend(arguments);
        run(&folder, &all).status.code()
    };
    assert_eq!(check(&["live", "store"]), Some(0));
    assert_eq!(check(&["."]), Some(1), "the other root is new");
    // Where a root is not read, nothing is gone.
    let output = run(
        &folder,
        &["baseline", "test", "store", "--prune", "--allow-growth"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(check(&["."]), Some(0));
    // An entry without a root is for all of them, as before.
    let text = text.replace(r#""root":"live","#, "");
    fs::write(&path, text).expect("written");
    assert_eq!(check(&["."]), Some(0));
}

#[test]
fn a_reason_of_the_ledger_can_name_the_root() {
    let ledger = "[[justification]]\npath = \"store/*\"\nroot = \"live\"\nbecause = \"skills\"\nreason = \"the team knows how to run it\"\nowner = \"shop\"\nexpires = 2027-06-30\n";
    let because = |ledger: &str| {
        let folder = two_roots(&[("sfl.toml", ledger)]);
        let all = roots(&folder, &[]).into_iter();
        all.map(|(_, because)| because).collect::<Vec<_>>()
    };
    let given = json!("skills");
    assert_eq!(because(ledger), [given.clone(), Value::Null]);
    let all = ledger.replace("root = \"live\"\n", "");
    assert_eq!(because(&all), [given.clone(), given]);
}
