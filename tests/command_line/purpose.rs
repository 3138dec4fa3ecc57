//! What the estate is for: its north star, its targets, and what is wrong with them.

use serde_json::{Value, json};

use crate::folder::{err, folder, out, run};
use crate::repository::Repository;

const HOST: &str =
    "Resources:\n  Host:\n    Type: AWS::EC2::Instance\n    Properties: {ImageId: ami-1}\n";

/// Targets of all kinds, below a gate that ended.
const TARGETS: &str = "\
[purpose]
north-star = \"readers find\\n books\"

[[purpose.stream]]
name = \"books\"
paths = \"books\"

[[purpose.target]]
score = 80
by = 2026-12-31

[[purpose.target]]
ladder = \"compute\"
score = 50
by = 2026-05-31
gate = true

[[purpose.target]]
stream = \"books\"
score = 10
by = \"2026-05-31\"
";

#[test]
fn a_gate_fails_once_its_day_is_over() {
    let function = "  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {Handler: a.b, Role: arn, Code: {ZipFile: x}, Runtime: python3.13}\n";
    let mixed = format!("{HOST}{function}");
    let repository = Repository::new(&[
        ("books/a.yaml", HOST),
        ("b.yaml", HOST),
        ("c.yaml", &mixed),
        ("sfl.toml", TARGETS),
    ]);
    let check = |more: &[&str]| {
        let mut arguments = vec!["check", "--fail-on", "error", "--baseline", "known.json"];
        arguments.extend(more);
        run(repository.path(), &arguments)
    };
    let known = run(repository.path(), &["baseline", "--output", "known.json"]);
    assert!(known.status.success(), "{}", err(&known));
    // On its last day it may still be missed.
    let last = check(&["--today", "2026-05-31"]);
    assert_eq!(last.status.code(), Some(0), "{}", out(&last));
    let told = out(&last);
    for line in [
        "purpose: readers find books\n",
        "target: score 25 of 80 by 2026-12-31, 3 decisions short\n",
        "target (gate): compute 25 of 50 by 2026-05-31, 1 decision short\n",
        "target: value stream books 0 of 10 by 2026-05-31, 1 decision short\n",
    ] {
        assert!(told.contains(line), "{line}{told}");
    }
    let after = check(&["--today", "2026-06-01"]);
    assert_eq!(after.status.code(), Some(1), "{}", out(&after));
    let told = out(&after);
    assert!(
        told.contains("error[purpose/missed]: compute is at 25, and 50 was wanted by 2026-05-31: 1 decision short"),
        "{told}"
    );
    // What does not gate is only said.
    assert!(
        told.contains("value stream books 0 of 10, missed since 2026-05-31, 1 decision short"),
        "{told}"
    );
    for format in [
        "concise", "markdown", "html", "json", "sarif", "junit", "gitlab", "github",
    ] {
        let output = check(&["--today", "2026-06-01", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(
            out(&output).contains("and 50 was wanted by 2026"),
            "{format} {}",
            out(&output)
        );
    }
    let zero = check(&["--today", "2026-06-01", "--exit-zero"]);
    assert_eq!(zero.status.code(), Some(0));
    // One file is not the estate.
    let one = run(
        repository.path(),
        &[
            "check",
            "b.yaml",
            "--baseline",
            "known.json",
            "--today",
            "2026-06-01",
        ],
    );
    assert_eq!(one.status.code(), Some(0), "{}", out(&one));
    let json = run(
        repository.path(),
        &["check", "--format", "json", "--today", "2026-06-01"],
    );
    let found: Value = serde_json::from_slice(&json.stdout).expect("it is JSON");
    let targets = found["summary"]["targets"]
        .as_array()
        .expect("a list")
        .iter();
    let states = targets.map(|one| json!([one["state"], one["short"], one["line"]]));
    let expected = [
        json!(["open", 3, 8]),
        json!(["missed", 1, 12]),
        json!(["missed", 1, 18]),
    ];
    assert_eq!(states.collect::<Vec<_>>(), expected);
}

#[test]
fn a_score_can_be_asked_for_on_the_command_line() {
    let repository = Repository::new(&[("a.yaml", HOST)]);
    for (score, code) in [("0", 0), ("1", 1), ("100", 1), ("101", 2)] {
        let output = run(
            repository.path(),
            &[
                "check",
                "a.yaml",
                "--fail-on",
                "never",
                "--fail-under",
                score,
            ],
        );
        assert_eq!(output.status.code(), Some(code), "{score} {}", err(&output));
    }
    for format in ["pretty", "sarif", "gitlab", "csv", "json"] {
        let output = run(
            repository.path(),
            &[
                "check",
                "--format",
                format,
                "--fail-on",
                "never",
                "--fail-under",
                "40",
            ],
        );
        assert_eq!(output.status.code(), Some(1), "{format}");
        let told = err(&output);
        assert!(
            told.contains("error: score 0 of 40, missed, 1 decision short (--fail-under)"),
            "{told}"
        );
    }
    let nothing = Repository::new(&[("a.yaml", "Resources:\n  Role:\n    Type: AWS::IAM::Role\n")]);
    let output = run(nothing.path(), &["check", "--fail-under", "40"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        out(&output).contains("--fail-under: score 40: no decision counts for it"),
        "{}",
        out(&output)
    );
}

#[test]
fn all_faults_of_a_purpose_are_said_at_once() {
    let settings = "\
[purpose]
north-star = \" \"
star = 1

[[purpose.stream]]
owner = \"\"
path = \"a\"

[[purpose.stream]]
name = \"one\"
paths = [\"[\"]
stages = 1
tags = { a = 1 }

[[purpose.stream]]
name = \"one\"
paths = \"a\"

[[purpose.target]]
score = 101

[[purpose.target]]
ladder = \"computer\"
stream = \"one\"
score = 1

[[purpose.target]]
stream = \"two\"
score = 1
by = \"soon\"
gate = \"yes\"

[[purpose.target]]
by = 2026-01-01
";
    let repository = Repository::new(&[("a.yaml", HOST), ("sfl.toml", settings)]);
    let output = run(repository.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2));
    let told: Vec<String> = err(&output).split_whitespace().map(str::to_owned).collect();
    let told = told.join(" ");
    for words in [
        "`north-star` says nothing",
        "[purpose] has no key `star`",
        "[[purpose.stream]] needs a `name`",
        "`owner` says nothing",
        "[[purpose.stream]] has no key `path`",
        "`[` is not a glob",
        "`stages` needs a list of strings",
        "`a` needs a list of strings",
        "there are two value streams `one`",
        "`score` is from 0 to 100, not 101",
        "`computer` is not a ladder that sfl knows",
        "a target is for a ladder or for a stream, not for both",
        "`two` is not a value stream that sfl knows",
        "`soon` is not a day like 2027-06-30",
        "`gate` needs true or false",
        "[[purpose.target]] needs a `score`",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn what_extends_replaces_a_list_as_a_whole() {
    let base = "[purpose]\nnorth-star = \"old\"\n[[purpose.stream]]\nname = \"a\"\npaths = \"a\"\n[[purpose.target]]\nscore = 1\nstream = \"a\"\n";
    let repository = Repository::new(&[
        ("a.yaml", HOST),
        ("base.toml", base),
        ("sfl.toml", "extend = \"base.toml\"\npurpose = \"new\"\n"),
    ]);
    let output = run(repository.path(), &["config"]);
    let told = out(&output);
    assert!(told.contains("\"new\""), "{told}");
    assert!(told.contains("purpose.stream.\"a\".paths"), "{told}");
    repository.write(
        "sfl.toml",
        "extend = \"base.toml\"\n[[purpose.stream]]\nname = \"b\"\npaths = \"b\"\n",
    );
    let output = run(repository.path(), &["config"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("`a` is not a value stream"),
        "{}",
        err(&output)
    );
    repository.write(
        "sfl.toml",
        "extend = \"base.toml\"\n[[purpose.stream]]\nname = \"b\"\npaths = \"b\"\n[[purpose.target]]\nscore = 2\n",
    );
    let told = out(&run(repository.path(), &["config"]));
    assert!(
        told.contains("purpose.stream.\"b\".paths") && !told.contains("\"a\""),
        "{told}"
    );
}

#[test]
fn a_sentence_and_a_table_of_a_purpose_are_put_together() {
    let both = "purpose = \"orders reach the kitchen\"\n\n[[purpose.target]]\nscore = 80\n";
    let here = folder(&[("sfl.toml", both), ("a.yaml", "Resources: {}\n")]);
    let output = run(here.path(), &["check", "."]);
    assert_eq!(output.status.code(), Some(2));
    let said = format!("{}{}", out(&output), err(&output));
    let words = "`purpose` has a value above, so it can't be a table here";
    assert!(said.contains(words), "{said}");
    assert!(said.contains("north-star = "), "{said}");
}
