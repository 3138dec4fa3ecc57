//! `sfl check --ratchet`: what was reached is kept, as it is recorded at a commit that the change can't rewrite.

use serde_json::Value;

use crate::repository::{Repository, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const CAPACITY: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n";
const LEDGER: &str = "[[justification]]\npath = \"a.yaml\"\nbecause = \"licence\"\nreason = \"the licence is bound to the sockets of this host\"\nexpires = \"2030-06-30\"\n";
const NONE: [&str; 0] = [];

/// What the ratchet says, and the exit code of a run that fails for nothing else.
fn held(shop: &Repository, more: &[&str]) -> (i32, Vec<String>) {
    let all = [&["--ratchet", "main", "--today", "2030-01-01"], more].concat();
    let (code, report) = shop.check(&all);
    let told = report["findings"].as_array().expect("a list").iter();
    let told = told.filter(|one| {
        one["code"]
            .as_str()
            .is_some_and(|code| code.starts_with("ratchet/"))
    });
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    let told: Vec<String> = told
        .map(|one| {
            format!(
                "{} {}: {}",
                word(one, "code"),
                word(one, "path"),
                word(one, "message")
            )
        })
        .collect();
    (code, told)
}

fn branch(files: &[(&str, &str)]) -> Repository {
    let shop = Repository::new(files);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop
}

#[test]
fn no_score_falls() {
    let shop = branch(&[("a/x.yaml", QUEUE), ("b/x.yaml", QUEUE)]);
    assert_eq!(held(&shop, &[]), (0, vec![]));
    // A reason does not make up for it: the score is what it is.
    let reason = "    Metadata:\n      sfl: { because: licence, reason: \"the licence is bound to the sockets of this host\" }\n    Properties:\n";
    shop.write("a/y.yaml", &SERVER.replace("    Properties:\n", reason));
    let fallen = "ratchet/score .: the score falls to 67, and was 100 at main";
    assert_eq!(held(&shop, &[]), (1, vec![fallen.to_owned()]));
    // Committed or not: the record stands at main.
    shop.commit("a server");
    assert_eq!(held(&shop, &[]), (1, vec![fallen.to_owned()]));
    let (_, told) = held(&shop, &["a", "b"]);
    assert_eq!(
        told,
        ["ratchet/score a: the score of a falls to 50, and was 100 at main"]
    );
    shop.remove("a/y.yaml");
    assert_eq!(held(&shop, &["a", "b"]), (0, vec![]));
    // What is better, and what is new, is welcome.
    shop.write("c/z.yaml", QUEUE);
    assert_eq!(held(&shop, &["a", "c"]), (0, vec![]));
}

#[test]
fn a_score_that_rounds_alike_has_fallen_all_the_same() {
    let many: String = (0..300)
        .map(|at| format!("  Q{at}:\n    Type: AWS::SQS::Queue\n"))
        .collect();
    let shop = branch(&[("a.yaml", &format!("{SERVER}{many}"))]);
    shop.write("b.yaml", CAPACITY);
    let (_, told) = held(&shop, &[]);
    assert_eq!(
        told,
        ["ratchet/score .: the score falls to 99.57, and was 99.67 at main"]
    );
}

#[test]
fn the_best_of_a_history_counts_where_that_is_asked_for() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.write("b.yaml", SERVER);
    shop.commit("worse");
    shop.git(&["switch", "-q", "-c", "feature"]);
    assert_eq!(held(&shop, &[]).1, NONE);
    let (_, told) = held(&shop, &["--ratchet-best", "history"]);
    assert_eq!(
        told,
        ["ratchet/score .: the score falls to 50, and was 100 in the history of main"]
    );
    shop.remove("b.yaml");
    assert_eq!(held(&shop, &["--ratchet-best", "history"]).1, NONE);
}

#[test]
fn a_shallow_history_is_said_to_be_one() {
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    shop.write("b.yaml", SERVER);
    shop.commit("a server");
    let url = format!("file://{}", shop.path().display());
    shop.git(&["clone", "-q", "--depth", "1", &url, "shallow"]);
    let best = [
        "check",
        "--exit-zero",
        "--ratchet",
        "HEAD",
        "--ratchet-best",
        "history",
    ];
    let said = |path: &std::path::Path| {
        let mut sfl = crate::repository::alone(env!("CARGO_BIN_EXE_sfl"), path);
        let output = sfl.args(best).output().expect("the program runs");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let shallow = said(&shop.path().join("shallow"));
    assert!(shallow.contains("note: this clone is shallow"), "{shallow}");
    assert!(!said(shop.path()).contains("shallow:"));
}

#[test]
fn no_end_is_moved_with_the_same_words() {
    let shop = branch(&[("a.yaml", SERVER), ("sfl.toml", LEDGER)]);
    assert_eq!(held(&shop, &[]), (0, vec![]));
    shop.write("sfl.toml", &LEDGER.replace("2030-06-30", "2031-06-30"));
    let moved = "ratchet/expires sfl.toml: the end of this reason moves from 2030-06-30 to 2031-06-30, and its words are those of main";
    assert_eq!(held(&shop, &[]), (1, vec![moved.to_owned()]));
    // Marks and capitals are no words.
    for reason in [
        "the licence is bound to the sockets of this host.",
        "The Licence is bound, to the sockets of this host!",
        "the licence is bound to the sockets of this  -  host",
    ] {
        let ledger = LEDGER.replace("the licence is bound to the sockets of this host", reason);
        shop.write("sfl.toml", &ledger.replace("2030-06-30", "2031-06-30"));
        assert_eq!(held(&shop, &[]).1, [moved], "{reason}");
    }
    // Nor by way of another file.
    shop.remove("sfl.toml");
    let reason = "    Metadata:\n      sfl:\n        because: licence\n        reason: the licence is bound to the sockets of  this host\n        expires: 2032-01-01\n    Properties:\n";
    shop.write("a.yaml", &SERVER.replace("    Properties:\n", reason));
    let (_, told) = held(&shop, &[]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with(
            "ratchet/expires a.yaml: the end of this reason moves from 2030-06-30 to 2032-01-01"
        ),
        "{told:?}"
    );
    // New words, an earlier end, another resource: each may be.
    shop.write("a.yaml", SERVER);
    for ledger in [
        LEDGER
            .replace("2030-06-30", "2031-06-30")
            .replace("sockets", "cores"),
        LEDGER.replace("2030-06-30", "2030-05-30"),
        LEDGER.to_owned()
            + &LEDGER
                .replace("a.yaml", "b.yaml")
                .replace("2030-06-30", "2031-06-30"),
    ] {
        shop.write("sfl.toml", &ledger);
        assert_eq!(held(&shop, &[]).1, NONE, "{ledger}");
    }
    shop.write(
        "sfl.toml",
        &LEDGER.replace("expires = \"2030-06-30\"\n", ""),
    );
    let (_, told) = held(&shop, &[]);
    assert!(
        told[0].contains("moves from 2030-06-30 to never"),
        "{told:?}"
    );
}

#[test]
fn nothing_more_is_accepted() {
    let shop = branch(&[
        ("a.yaml", CAPACITY),
        ("b.yaml", QUEUE),
        ("sfl.toml", "exclude = [\"none\"]\n"),
    ]);
    let accepts = "exclude = [\"none\"]\n[ladders.nosql]\naccept = \"capacity\"\n";
    shop.write("sfl.toml", accepts);
    let wider = "ratchet/accepted sfl.toml: nosql accepts capacity in 1 file, and accepted serverless at main";
    assert_eq!(held(&shop, &[]), (1, vec![wider.to_owned()]));
    let (_, report) = shop.check(&["--ratchet", "main"]);
    assert_eq!(findings(&report), ["ratchet/accepted - in sfl.toml"]);
    assert_eq!(report["findings"][0]["span"]["start"]["line"], 3);
    shop.write(
        "sfl.toml",
        "[[override]]\npath = \"a.yaml\"\n[override.ladders.nosql]\naccept = \"capacity\"\n",
    );
    assert_eq!(held(&shop, &[]).1, [wider]);
    shop.write("sfl.toml", "exclude = [\"none\", \"a.yaml\"]\n");
    let (_, told) = held(&shop, &[]);
    assert_eq!(
        told,
        ["ratchet/accepted sfl.toml: a.yaml is excluded, and counted at main"]
    );
    // The record is that of main: a change that rewrites it rewrites nothing.
    shop.commit("excluded");
    assert_eq!(held(&shop, &[]).1.len(), 1);
    shop.git(&["switch", "-q", "main"]);
    shop.git(&["merge", "-q", "--ff-only", "feature"]);
    assert_eq!(
        held(&shop, &[]),
        (0, vec![]),
        "what went in by itself is the record from now on"
    );
    shop.write("sfl.toml", "");
    assert_eq!(held(&shop, &[]).1, NONE, "what is stricter is welcome");
}

#[test]
fn nothing_more_is_hidden() {
    let shop = branch(&[
        ("a.yaml", CAPACITY),
        ("sfl.toml", "ignore = [\"template\"]\n"),
    ]);
    assert_eq!(
        held(&shop, &["--ignore", "nosql"]).1,
        NONE,
        "the call is nobody's change"
    );
    let told = ["ratchet/accepted sfl.toml: 1 finding is not shown, and was at main"];
    for settings in [
        "ignore = [\"template\", \"nosql\"]\n",
        "select = [\"compute\"]\n",
        "ladders.nosql.severity = \"off\"\n",
        "ignore = [\"all\"]\n",
    ] {
        shop.write("sfl.toml", settings);
        assert_eq!(
            held(&shop, &[]),
            (1, told.map(str::to_owned).to_vec()),
            "{settings}"
        );
    }
}

#[test]
fn what_cannot_be_held_says_why() {
    let shop = branch(&[("a.yaml", QUEUE), ("sfl.toml", "nonsense = 1\n")]);
    shop.remove("sfl.toml");
    for (reference, expected) in [
        ("main", "the configuration at `main` is faulty"),
        ("nowhere", "there is no commit `nowhere` here"),
    ] {
        let (code, out, error) = shop.said(&["check", "--ratchet", reference]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_badge_tells_score_and_direction() {
    let shop = Repository::new(&[("a.yaml", CAPACITY)]);
    shop.write("b.yaml", QUEUE);
    shop.commit("up");
    let shields = |more: &[&str]| -> Value {
        let (code, out, error) = shop.said(&[&["badge", "--format", "shields"], more].concat());
        assert_eq!((code, error.as_str()), (0, ""));
        serde_json::from_str(&out).expect("it is JSON")
    };
    let expected = serde_json::json!({ "schemaVersion": 1, "label": "serverless-first", "message": "85 ▲ 15", "color": "green" });
    assert_eq!(shields(&[]), expected);
    assert_eq!(shields(&["--since", "HEAD"])["message"], "85");
    shop.write("b.yaml", SERVER);
    shop.commit("down");
    assert_eq!(shields(&["--since", "HEAD~1"])["message"], "35 ▼ 50");
    let (_, svg, _) = shop.said(&["badge", "--label", "a <b> & c"]);
    assert!(
        svg.contains("<title>a &lt;b&gt; &amp; c: 35 ▼ 35</title>"),
        "{svg}"
    );
    let none = Repository::new(&[("README.md", "words")]);
    let (_, told, _) = none.said(&["badge", "--format", "shields"]);
    assert!(told.contains("\"message\":\"unknown\""), "{told}");
}

#[test]
fn no_new_template_is_put_out_of_sight() {
    let shop = branch(&[("a/x.yaml", QUEUE), (".hidden/notes.txt", "x\n")]);
    for path in [
        ".hidden/new.yaml",
        ".other/new.yaml",
        "node_modules/new.yaml",
    ] {
        shop.write(path, SERVER);
        shop.git(&["add", "-f", path]);
        let (code, report) = shop.check(&["--ratchet", "main"]);
        let told = findings(&report);
        assert_eq!(code, 1, "{path}: {told:?}");
        assert_eq!(told, [format!("template/hidden - in {path}")]);
        // Said once, whoever else looks.
        let (_, report) = shop.check(&["--ratchet", "main", "--since", "main"]);
        assert_eq!(findings(&report), [format!("template/hidden - in {path}")]);
        shop.git(&["rm", "-q", "-f", path]);
    }
    assert_eq!(shop.check(&["--ratchet", "main"]).0, 0);
}
