//! The built program: configuration, ledger, and the list of reasons.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::faults::TODAY;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder =
            std::env::temp_dir().join(format!("sfl-reasons-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join(".git")).expect("a place for the test");
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        Self(folder)
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_sfl"))
            .args(arguments)
            .current_dir(&self.0)
            .env_clear()
            .env("COLUMNS", "100")
            .output()
            .expect("it runs");
        let text = |bytes| String::from_utf8(bytes).expect("it is text");
        (
            output.status.code().unwrap_or(-1),
            text(output.stdout),
            text(output.stderr),
        )
    }

    fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let (_, out, err) =
            self.run(&[&["check", "--format", "json", "--today", TODAY], arguments].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"))
    }

    /// `severity code path:line address`.
    fn findings(&self, arguments: &[&str]) -> Vec<String> {
        let report = self.json(arguments);
        let all = report["findings"].as_array().expect("a list").iter();
        all.map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
            let line = &one["span"]["start"]["line"];
            format!(
                "{} {} {}:{line} {}",
                text("severity"),
                text("code"),
                text("path"),
                text("address")
            )
        })
        .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const SHOP: &str = "Resources:
  Web:
    Type: AWS::EC2::Instance
    Metadata:
      sfl:
        because: licence
        reason: the billing engine is licensed per physical core
        owner: team-billing
        expires: 2026-12-04
        evidence: docs/adr/7.md
  Cart:
    Type: AWS::RDS::DBInstance
    Metadata: { sfl: { because: migration, reason: 'moves to Aurora | with the <next> release', expires: 2026-10-01 } }
    Properties: { Engine: postgres }
  Carts:
    Type: AWS::DynamoDB::Table
";

const LEDGER: &str = "[[justification]]
path = \"shop.yaml\"
address = \"Carts\"
because = \"cost-at-scale\"
reason = \"six thousand writes a second cost a third of on demand\"
owner = \"team-shop\"

[[justification]]
address = \"Gone\"
because = \"cost-at-scale\"
reason = \"six thousand writes a second cost a third of on demand\"

[[justification]]
address = \"module.db.aws_db_instance.main\"
because = \"cost-at-scale\"
reason = \"six thousand writes a second cost a third of on demand\"
";

fn shop(name: &str, config: &str) -> Folder {
    Folder::new(
        name,
        &[
            ("shop.yaml", SHOP),
            ("docs/adr/7.md", ""),
            ("sfl.toml", &format!("{config}{LEDGER}")),
        ],
    )
}

#[test]
fn all_are_listed_by_their_end() {
    let folder = shop("list", "");
    let (code, table, _) = folder.run(&["justifications", "--today", TODAY]);
    assert_eq!(code, 0);
    insta::assert_snapshot!("table", table);
    let (_, markdown, _) = folder.run(&[
        "justifications",
        "--today",
        TODAY,
        "--format",
        "markdown",
        "--expiring",
        "90d",
    ]);
    insta::assert_snapshot!("markdown", markdown);
    let (_, json, _) = folder.run(&["justifications", "--today", TODAY, "--format", "json"]);
    let rows: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(5));
    assert_eq!(rows[0]["faults"][0], "justification/expired");
    assert_eq!(rows[1]["status"], "sound");
    let (code, ..) = folder.run(&["justifications", "--expiring", "soon"]);
    assert_eq!(code, 2);
}

#[test]
fn justified_ones_are_shown_when_asked_for() {
    let folder = shop("shown", "");
    let (_, out, _) = folder.run(&["check", "--today", TODAY, "--show-justified", "-q"]);
    let shown: Vec<&str> = out.split("justified[").skip(1).collect();
    assert_eq!(shown.len(), 2, "{out}");
    assert!(
        shown[0].starts_with("compute/server]: Web, licence\n  the billing engine"),
        "{out}"
    );
    assert!(
        shown[0].contains("team-billing, until 2026-12-04, docs/adr/7.md, shop.yaml:6"),
        "{out}"
    );
    let (_, out, _) = folder.run(&["check", "--today", TODAY, "-q"]);
    assert!(!out.contains("justified["), "{out}");
}

#[test]
fn the_ledger_is_judged_for_what_was_read() {
    let folder = shop("ledger", "");
    let about = |arguments: &[&str]| {
        let mut found = folder.findings(arguments);
        found.retain(|finding| finding.contains("unused"));
        found
    };
    assert_eq!(about(&["."]), ["warning justification/unused sfl.toml:8 -"]);
    assert_eq!(
        about(&["shop.yaml"]),
        [""; 0],
        "a narrow run accuses nobody"
    );
    fs::write(
        folder.0.join("shop.yaml"),
        "Resources: { Carts: { Type: 'AWS::SQS::Queue' } }\n",
    )
    .expect("written");
    assert_eq!(
        about(&["shop.yaml"]),
        ["warning justification/unused sfl.toml:1 -"]
    );
}

#[test]
fn an_entry_at_fault_in_many_files_is_told_once() {
    let config = "[[justification]]\npath = \"infra/**\"\nbecause = \"skills\"\nreason = \"the platform is new to both of the teams\"\n";
    let one = "Resources: { Web: { Type: 'AWS::EC2::Instance' } }\n";
    let folder = Folder::new(
        "many",
        &[
            ("infra/a.yaml", one),
            ("infra/b.yaml", one),
            ("sfl.toml", config),
        ],
    );
    let faults: Vec<String> = folder
        .findings(&[])
        .into_iter()
        .filter(|one| one.contains("justification/"))
        .collect();
    assert_eq!(
        faults,
        ["warning justification/missing-field sfl.toml:3 Web"]
    );
    let report = folder.json(&[]);
    let findings = report["findings"].as_array().expect("a list");
    let fault = findings
        .iter()
        .find(|one| one["code"] == "justification/missing-field")
        .expect("it is there");
    let related: Vec<&str> = fault["related"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["path"].as_str())
        .collect();
    assert_eq!(related, ["infra/a.yaml", "infra/b.yaml"]);
}

#[test]
fn what_a_team_demands() {
    let folder = shop(
        "demands",
        "[justifications]\nrequire = [\"owner\", \"evidence\"]\nfurthest = \"10d\"\n",
    );
    let faults: Vec<String> = folder
        .findings(&[])
        .into_iter()
        .filter(|one| one.contains("justification/"))
        .collect();
    assert_eq!(
        faults,
        [
            "warning justification/missing-field sfl.toml:4 Carts",
            "warning justification/unused sfl.toml:11 -",
            "warning justification/too-far shop.yaml:9 Web",
            "warning justification/missing-field shop.yaml:13 Cart",
            "warning justification/missing-field shop.yaml:13 Cart",
            "warning justification/expired shop.yaml:13 Cart",
        ]
    );
    let (code, ..) = folder.run(&[
        "check",
        "--isolated",
        "--today",
        TODAY,
        "--fail-on",
        "error",
    ]);
    assert_eq!(code, 0, "Web is explained where nothing more is demanded");

    let folder = shop("length", "[justifications]\nminimum_length = 60\n");
    let found = folder.findings(&[]);
    assert!(
        found.contains(&"warning justification/placeholder shop.yaml:7 Web".to_owned()),
        "{found:?}"
    );
}

#[test]
fn what_cannot_be_justified() {
    let folder = shop("never", "[justifications]\nnever = [\"compute/server\"]\n");
    let found = folder.findings(&[]);
    assert!(
        found.contains(&"warning justification/unused shop.yaml:6 Web".to_owned()),
        "{found:?}"
    );
    assert!(
        found.contains(&"error compute/server shop.yaml:3 Web".to_owned()),
        "{found:?}"
    );
    let (_, out, _) = folder.run(&["check", "--full", "--today", TODAY]);
    assert!(out.contains("justified here, says sfl.toml:2"), "{out}");
}

#[test]
fn what_is_accepted_where() {
    let config = "[ladders.compute]
severity = { server = \"warning\" }
[ladders.nosql]
accept = \"capacity\"
[[override]]
path = \"legacy\"
[override.ladders.compute]
accept = \"server\"
";
    let one = "Resources:\n  Web: { Type: 'AWS::EC2::Instance' }\n  Carts: { Type: 'AWS::DynamoDB::Table' }\n";
    let folder = Folder::new(
        "accept",
        &[
            ("a.yaml", one),
            ("legacy/deep/b.yaml", one),
            ("sfl.toml", config),
        ],
    );
    assert_eq!(
        folder.findings(&[]),
        ["warning compute/server a.yaml:2 Web"]
    );
    let report = folder.json(&[]);
    assert_eq!(report["summary"]["fallbacks"]["unjustified"], 1);
    let fallbacks: Vec<bool> = report["decisions"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["fallback"].as_bool())
        .collect();
    assert_eq!(fallbacks, [true, false, false, false]);
    assert_eq!(
        report["decisions"][0]["score"], 0,
        "the score says how serverless it is, not what is accepted"
    );
}

#[test]
fn what_is_left_out() {
    let one = "Resources: { Web: { Type: 'AWS::EC2::Instance' } }\n";
    let tf = r#"{"resource": {"aws_instance": {"a": {}}}}"#;
    let folder = Folder::new(
        "exclude",
        &[
            ("a.yaml", one),
            ("vendor/deep/b.yaml", one),
            ("vendor/c.tf.json", tf),
            ("sfl.toml", "exclude = [\"vendor/\"]\n"),
        ],
    );
    let read = |arguments: &[&str]| folder.json(arguments)["summary"]["read"].clone();
    assert_eq!(read(&["."]), 1);
    assert_eq!(read(&["--isolated", "."]), 3);
    assert_eq!(read(&["vendor/deep/b.yaml"]), 1, "it was asked for by name");
    assert_eq!(read(&["--force-exclude", "vendor/deep/b.yaml"]), 0);
}

#[test]
fn a_configuration_can_stand_on_another() {
    let folder = Folder::new(
        "extend",
        &[
            (
                "house/base.toml",
                "[justifications]\nrequire = [\"owner\"]\nminimum_length = 40\n[ladders.compute]\naccept = \"cluster\"\nseverity = \"warning\"\n",
            ),
            (
                "sfl.toml",
                "extend = \"house/base.toml\"\n[justifications]\nrequire = [\"evidence\"]\n[ladders.compute]\naccept = \"capacity\"\n",
            ),
        ],
    );
    let (code, out, _) = folder.run(&["config"]);
    assert_eq!(code, 0);
    let set: Vec<&str> = out
        .lines()
        .filter(|line| !line.ends_with("default"))
        .collect();
    insta::assert_snapshot!("config", set.join("\n"));
    let (_, out, _) = folder.run(&["config", "--isolated"]);
    assert!(out.starts_with("no sfl.toml"), "{out}");
    let (_, out, _) = folder.run(&["config", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(
        read["settings"]["justifications.minimum_length"]["origin"],
        "house/base.toml:3"
    );

    fs::write(
        folder.0.join("house/base.toml"),
        "extend = \"../sfl.toml\"\n",
    )
    .expect("written");
    let (code, _, err) = folder.run(&["check"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("config/extend") && err.contains("extends this file in turn"),
        "{err}"
    );
}

#[test]
fn what_is_wrong_names_what_is_valid() {
    let config = "exclud = []
[justifications]
require = [\"ownr\"]
furthest = \"soon\"
never = [\"compute/serve\"]
minimum_length = -1
[ladders.computer]
[ladders.compute]
accept = \"cloud\"
severity = { server = \"fatal\", serverless = \"note\" }
[[override]]
paths = \"x\"
";
    let folder = Folder::new("wrong", &[("sfl.toml", config)]);
    let (code, _, err) = folder.run(&["check"]);
    assert_eq!(code, 2);
    insta::assert_snapshot!("wrong", err);
}
