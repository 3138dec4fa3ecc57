//! AWS Context: a `why` that is a reason once somebody says of which kind, and what else a context says of a fallback.

use std::fs;

use serde_json::Value;

use crate::folder::{self, err, out};

/// A host with this `Metadata`, in YAML's flow style, below an owner.
fn host(metadata: &str) -> String {
    format!(
        "Metadata:\n  com.aws.cloudformation.Context: {{arch: cutters behind a gate, owner: team-cutters}}\nResources:\n  \
         Cutter:\n    Type: AWS::EC2::Instance\n    Metadata: {metadata}\n    Properties: {{ImageId: ami-1}}\n"
    )
}

fn with(context: &str, record: &str) -> String {
    host(&format!(
        "{{com.aws.cloudformation.Context: {{{context}}}{record}}}"
    ))
}

const WHY: &str = "why: the dongle of the cutting software sits in a host of its own";

/// The report on one template, below these settings.
fn report(template: &str, settings: &str) -> Value {
    let folder = folder::repository(&[
        ("cutters.yaml", template),
        ("sfl.toml", settings),
        ("notes/dongle.md", "one"),
    ]);
    let output = folder::run(
        folder.path(),
        &["check", "--format", "json", "--today", "2026-06-01"],
    );
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", err(&output)))
}

fn codes(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("a list").iter();
    let codes = findings.map(|one| one["code"].as_str().unwrap_or_default().to_owned());
    let mut codes: Vec<String> = codes.collect();
    codes.sort();
    codes
}

/// The report for people.
fn told(template: &str, settings: &str) -> String {
    let folder = folder::repository(&[("cutters.yaml", template), ("sfl.toml", settings)]);
    let output = folder::run(folder.path(), &["check"]);
    let words: Vec<String> = out(&output).split_whitespace().map(str::to_owned).collect();
    words.join(" ")
}

#[test]
fn a_kind_beside_a_context_makes_a_reason_of_its_why() {
    let context = format!("{WHY}, trust: {{src: authored, conf: high, cite: 'notes/dongle.md:1'}}");
    let settings = "[justifications]\nrequire = [\"owner\", \"evidence\"]\n";
    let found = report(&with(&context, ", sfl: {because: licence}"), settings);
    assert_eq!(codes(&found), Vec::<String>::new());
    let reason = &found["decisions"][0]["justification"];
    assert_eq!(reason["carrier"], "context");
    assert_eq!(reason["because"], "licence");
    assert_eq!(
        reason["reason"],
        "the dongle of the cutting software sits in a host of its own"
    );
    assert_eq!(reason["owner"], "team-cutters");
    assert_eq!(reason["evidence"], "notes/dongle.md:1");

    // What the record says itself goes first, and words of its own need no context.
    let own = ", sfl: {because: licence, owner: me, evidence: 'https://example.com/dongle'}";
    let found = report(&with(&context, own), settings);
    let reason = &found["decisions"][0]["justification"];
    assert_eq!(
        (&reason["owner"], &reason["evidence"]),
        (&"me".into(), &"https://example.com/dongle".into())
    );
    let own = ", sfl: {because: licence, reason: the cutting software is licensed per host}";
    let found = report(&with(&context, own), "");
    let reason = &found["decisions"][0]["justification"];
    assert_eq!(
        (&reason["carrier"], &reason["owner"]),
        (&"metadata".into(), &Value::Null)
    );
}

#[test]
fn a_why_is_checked_as_any_reason_is() {
    let record = ", sfl: {because: licence}";
    let open = |code: &str| vec!["compute/server".to_owned(), code.to_owned()];
    for (context, record, code) in [
        ("why: CUT-1234", record, "justification/placeholder"),
        ("why: ''", record, "justification/empty"),
        ("why: null", record, "justification/empty"),
        (
            "why: !Sub '${AWS::Region} needs a host of its own'",
            record,
            "justification/empty",
        ),
        (WHY, ", sfl: {owner: me}", "justification/empty"),
        (
            WHY,
            ", sfl: {because: dongle}",
            "justification/unknown-kind",
        ),
        (
            WHY,
            ", sfl: {because: skills}",
            "justification/missing-field",
        ),
        (
            WHY,
            ", sfl: {because: licence, expires: 2026-01-01}",
            "justification/expired",
        ),
        (
            &format!("{WHY}, trust: {{src: infer, conf: low}}"),
            record,
            "justification/placeholder",
        ),
        (
            &format!("{WHY}, trust: {{src: commit, conf: high, cite: notes/gone.md}}"),
            record,
            "justification/no-evidence",
        ),
    ] {
        assert_eq!(
            codes(&report(&with(context, record), "")),
            open(code),
            "{context}{record}"
        );
    }
    let burst =
        with(WHY, ", sfl: {because: hardware}").replace("ImageId: ami-1", "InstanceType: t3.micro");
    assert_eq!(
        codes(&report(&burst, "")),
        open("justification/contradicted")
    );
    // The neighbours that count.
    for trust in [
        "src: infer, conf: medium",
        "src: authored, conf: low",
        "src: commit, conf: high, cite: 3f9c2ab47d1e",
        "src: comment, conf: high, cite: 'notes/dongle.md:3-9'",
    ] {
        let context = format!("{WHY}, trust: {{{trust}}}");
        assert_eq!(
            codes(&report(&with(&context, record), "")),
            Vec::<String>::new(),
            "{trust}"
        );
    }
    // The fault shows where the words stand.
    let found = report(&with("why: CUT-1234", record), "");
    let mut findings = found["findings"].as_array().expect("a list").iter();
    let fault = findings.find(|one| one["code"] == "justification/placeholder");
    assert_eq!(fault.expect("it is there")["span"]["start"]["column"], 54);
}

#[test]
fn a_why_alone_is_shown_and_settles_nothing() {
    let words = "\"the dongle of the cutting software sits in a host of its own\"";
    let advice = "; add because=KIND to let it count";
    let found = report(&with(WHY, ""), "");
    assert_eq!(codes(&found), ["compute/server"]);
    let text = told(&with(WHY, ""), "");
    assert!(
        text.contains(&format!("its context says: {words}{advice}")),
        "{text}"
    );
    let guess = format!("{WHY}, trust: {{src: infer, conf: low}}");
    let text = told(&with(&guess, ""), "");
    assert!(
        text.contains(&format!("{words}; by its own word a guess")),
        "{text}"
    );
    assert!(!text.contains(advice), "{text}");
    // Where no reason counts, none is asked for.
    let text = told(
        &with(WHY, ""),
        "[justifications]\nnever = [\"compute/server\"]\n",
    );
    assert!(!text.contains(advice), "{text}");
    let wild = with("why: \"one \\u001b[31m \\u202e two\\nthree\"", "");
    let text = told(&wild, "");
    assert!(text.contains("three\"; add because=KIND"), "{text}");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    // It is none of our business on what needs no reason.
    let bucket = with("why: x", "").replace("AWS::EC2::Instance", "AWS::S3::Bucket");
    assert_eq!(codes(&report(&bucket, "")), Vec::<String>::new());
}

#[test]
fn a_team_can_let_a_why_count_alone() {
    let settings = "[justifications]\ncontext = \"settles\"\n";
    let found = report(&with(WHY, ""), settings);
    assert_eq!(codes(&found), Vec::<String>::new());
    let reason = &found["decisions"][0]["justification"];
    assert_eq!(
        (&reason["carrier"], &reason["because"]),
        (&"context".into(), &Value::Null)
    );
    assert_eq!(reason["owner"], "team-cutters");
    // It must be a reason, and no guess.
    let placeholder = ["compute/server", "justification/placeholder"];
    assert_eq!(
        codes(&report(&with("why: TODO", ""), settings)),
        placeholder
    );
    let guess = format!("{WHY}, trust: {{src: infer, conf: low}}");
    assert_eq!(
        codes(&report(&with(&guess, ""), settings)),
        ["compute/server"]
    );
    let never = format!("{settings}never = [\"compute/server\"]\n");
    assert_eq!(codes(&report(&with(WHY, ""), &never)), ["compute/server"]);
    // What somebody wrote for sfl goes first.
    let entry = "[[justification]]\naddress = \"*\"\nbecause = \"licence\"\nreason = \"the cutting software is licensed per host\"\n";
    let found = report(&with(WHY, ""), &format!("{settings}{entry}"));
    let reason = &found["decisions"][0]["justification"];
    assert_eq!(reason["carrier"], "ledger");
    // Where nothing needs it, it is no reason that settles nothing.
    let bucket = with("why: x", "").replace("AWS::EC2::Instance", "AWS::S3::Bucket");
    assert_eq!(codes(&report(&bucket, settings)), Vec::<String>::new());
}

#[test]
fn what_a_machine_inferred_does_not_count_where_a_person_is_asked_for() {
    let settings = "[justifications]\ncontext = \"settles\"\nauthored-by = \"person\"\n";
    let inferred = format!("{WHY}, trust: {{src: infer, conf: high}}");
    // Whoever writes it large means the same.
    for inferred in [&inferred, &inferred.replace("infer", "Infer")] {
        assert_eq!(
            codes(&report(&with(inferred, ""), settings)),
            ["compute/server"]
        );
    }
    let text = told(&with(&inferred, ""), settings);
    assert!(
        text.contains("; a machine inferred it, which does not count"),
        "{text}"
    );
    let authored = format!("{WHY}, trust: {{src: authored, conf: low}}");
    assert_eq!(codes(&report(&with(&authored, ""), settings)), [""; 0]);
}

#[test]
fn the_setting_has_two_words() {
    let config = |settings: &str| {
        let folder = folder::repository(&[("sfl.toml", settings)]);
        let output = folder::run(folder.path(), &["config"]);
        (output.status.code(), out(&output), err(&output))
    };
    let line = |text: &str| {
        let mut lines = text.lines();
        let line = lines.find(|line| line.starts_with("justifications.context"));
        line.map(|line| {
            line.split_whitespace()
                .skip(1)
                .collect::<Vec<_>>()
                .join(" ")
        })
    };
    let (_, text, _) = config("");
    assert_eq!(line(&text).as_deref(), Some("\"shown\" default"));
    let (_, text, _) = config("[justifications]\ncontext = \"settles\"\n");
    assert_eq!(line(&text).as_deref(), Some("\"settles\" sfl.toml:2"));
    let (code, _, error) = config("[justifications]\ncontext = \"settle\"\n");
    assert_eq!(code, Some(2));
    assert!(error.contains("did you mean `settles`?"), "{error}");
}

#[test]
fn what_must_not_change_is_said_beside_the_climb() {
    let database = |context: &str| {
        with(context, "")
            .replace("AWS::EC2::Instance", "AWS::RDS::DBInstance")
            .replace(
                "ImageId: ami-1",
                "Engine: postgres, DBInstanceClass: db.m6g.large",
            )
    };
    let against = "its context says that";
    let text = told(&with("mutable: must-never-change", ""), "");
    assert!(
        text.contains(&format!("but: {against} the resource must never change")),
        "{text}"
    );
    for free in [
        "mutable: free-to-tune",
        "mutable: review-required",
        "why: x",
    ] {
        let text = told(&with(free, ""), "");
        assert!(!text.contains(against), "{free}: {text}");
    }
    // A property that the climb changes, and one that it leaves.
    let changed = told(&database("mutability: {Engine: must-never-change}"), "");
    assert!(
        changed.contains(&format!("{against} `Engine` must never change")),
        "{changed}"
    );
    let other = told(&database("mutability: {MultiAZ: must-never-change}"), "");
    assert!(!other.contains(against), "{other}");
    // What is said of a property goes before what is said of all.
    let some = told(
        &database("mutable: must-never-change, mutability: {Engine: free-to-tune}"),
        "",
    );
    assert!(!some.contains("`Engine`"), "{some}");
    let text = told(&with("must: [one, two, three, four]", ""), "");
    let musts = "its context says what must hold: \"one\"; \"two\"; \"three\"; and 1 more";
    assert!(text.contains(musts), "{text}");
}

const JUSTIFY: [&str; 6] = [
    "justify",
    "Cutter",
    "--context",
    "--because",
    "licence",
    "--reason",
];

/// What `sfl justify --context` makes of a template.
fn justified(name: &str, template: &str, arguments: &[&str]) -> Result<String, String> {
    let folder = folder::repository(&[(name, template)]);
    let reason = "the dongle sits in a \"host\" of its own";
    let output = folder::run(
        folder.path(),
        &[&JUSTIFY[..], &[reason], arguments].concat(),
    );
    if output.status.code() != Some(0) {
        assert_eq!(
            fs::read_to_string(folder.path().join(name)).ok().as_deref(),
            Some(template)
        );
        return Err(err(&output));
    }
    let checked = folder::run(folder.path(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    Ok(fs::read_to_string(folder.path().join(name)).expect("it is there"))
}

#[test]
fn a_reason_is_written_as_the_why_of_a_context() {
    let why = "why: \"the dongle sits in a \\\"host\\\" of its own\"";
    let head = "Resources:\n  Cutter: # one\n    Type: AWS::EC2::Instance # two\n";
    let new = format!(
        "    Metadata:\n      com.aws.cloudformation.Context:\n        {why}\n      sfl:\n        because: licence\n"
    );
    let tail = "    # three\n    Properties: {ImageId: ami-1}\n";
    let plain = format!("{head}{tail}");
    assert_eq!(
        justified("a.yaml", &plain, &[]),
        Ok(format!("{head}{new}{tail}"))
    );
    for nothing in ["    Metadata: {}\n", "    Metadata:\n"] {
        let after = justified("a.yaml", &format!("{head}{nothing}{tail}"), &[]).expect("written");
        assert!(after.contains(why) && after.ends_with(tail), "{after}");
    }
    // A context that is there keeps all but its words.
    let metadata = |why: &str, record: &str| {
        format!(
            "{head}    Metadata:\n      com.aws.cloudformation.Context: # four\n        # five\n        {why}\n        must:\n          - six\n{record}{tail}"
        )
    };
    let record = "      sfl: {because: licence}\n";
    for old in [
        "why: old",
        "why: 'old'",
        "why: >-\n          old\n          words",
        "why: \"old\n          words\"",
    ] {
        let before = metadata(old, "      sfl: {because: latency, reason: old}\n");
        assert_eq!(
            justified("a.yaml", &before, &[]),
            Ok(metadata(why, record)),
            "{old}"
        );
    }
    // Words that are there already stay as they are written.
    let same = "why: |\n          the dongle sits in a \"host\"\n          of its own";
    let before = metadata(same, "      sfl: {because: latency}\n");
    assert_eq!(
        justified("a.yaml", &before, &["--replace"]),
        Ok(metadata(same, record))
    );
    let more = [
        "--owner",
        "team-a",
        "--expires",
        "2999-01-01",
        "--evidence",
        "https://example.com/a",
    ];
    let after = justified("a.yaml", &plain, &more).expect("written");
    let fields = "because: licence\n        owner: \"team-a\"\n        expires: \"2999-01-01\"\n        evidence: \"https://example.com/a\"\n";
    assert!(after.contains(fields), "{after}");

    let json = r#"{"Resources": {"Cutter": {"Type": "AWS::EC2::Instance", "Metadata": {"a": 1}}}}"#;
    let expected = r#"{"com.aws.cloudformation.Context": {"why": "the dongle sits in a \"host\" of its own"}, "sfl": {"because": "licence"}, "a": 1}"#;
    assert_eq!(
        justified("a.json", json, &[]),
        Ok(json.replace(r#"{"a": 1}"#, expected))
    );
}

/// What is there lacks its kind, and nothing else of it is touched.
#[test]
fn without_words_the_why_that_is_there_is_the_reason() {
    let template = |why: &str, record: &str| {
        format!(
            "Resources:\n  Cutter:\n    Type: AWS::EC2::Instance\n    Metadata:\n{record}      com.aws.cloudformation.Context:\n        {why}\n"
        )
    };
    let words = ["justify", "Cutter", "--context", "--because", "hardware"];
    let folded = "why: >-\n          the dongle of the cutter\n          sits in this host";
    let plain = "why: the dongle of the cutter sits in this host";
    for why in [folded, plain] {
        let folder = folder::repository(&[("a.yaml", &template(why, ""))]);
        let output = folder::run(folder.path(), &words);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let after = fs::read_to_string(folder.path().join("a.yaml")).expect("it is there");
        assert_eq!(
            after,
            template(why, "      sfl:\n        because: hardware\n"),
            "{}",
            err(&output)
        );
        let checked = folder::run(folder.path(), &["check"]);
        assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    }
    let refused = |template: &str, word: &str| {
        let folder = folder::repository(&[("a.yaml", template)]);
        let output = folder::run(folder.path(), &words);
        assert_eq!(output.status.code(), Some(2));
        assert!(err(&output).contains(word), "{}", err(&output));
    };
    let bare = "Resources:\n  Cutter:\n    Type: AWS::EC2::Instance\n";
    refused(bare, "--reason is needed: Cutter has no context");
    refused(&template("must: [run]", ""), "--reason is needed");
    refused(
        &template("why: TODO", ""),
        "the `why` that is there: this is not a reason yet",
    );
}

#[test]
fn where_there_can_be_no_context_nothing_is_written() {
    let head = "Resources:\n  Cutter:\n    Type: AWS::EC2::Instance\n";
    let refused = |name: &str, text: &str, arguments: &[&str], word: &str| {
        let error = justified(name, text, arguments).expect_err(word);
        assert!(error.contains(word), "{word}: {error}");
    };
    let context = "    Metadata:\n      com.aws.cloudformation.Context:";
    let guess = format!("{head}{context} {{why: x, trust: {{src: infer, conf: low}}}}\n");
    refused("a.yaml", &guess, &[], "marked as a guess");
    let comment = head.replace("Cutter:", "Cutter: # sfl: because=latency");
    refused("a.yaml", &comment, &[], "in a comment");
    refused(
        "a.yaml",
        &format!("{head}{context} one\n"),
        &[],
        "is not a map",
    );
    refused(
        "a.yaml",
        &format!("{head}{context} {{why: [one]}}\n"),
        &[],
        "is no text",
    );
    refused("a.yaml", head, &["--ledger"], "cannot be used with");
    let terraform = "resource \"aws_instance\" \"cutter\" {\n  ami = \"ami-1\"\n}\n";
    let folder = folder::repository(&[("main.tf", terraform)]);
    let words = [
        "justify",
        "aws_instance.cutter",
        "--context",
        "--because",
        "licence",
    ];
    let output = folder::run(
        folder.path(),
        &[
            &words[..],
            &["--reason", "the dongle sits in a host of its own"],
        ]
        .concat(),
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("is for CloudFormation and SAM"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_template_that_is_generated_has_its_reason_in_the_ledger() {
    let text = r#"{"Resources": {"Cutter": {"Type": "AWS::EC2::Instance", "Metadata": {"aws:cdk:path": "Shop/Cutter/Resource"}}}}"#;
    let folder = folder::repository(&[("cdk.out/Shop.template.json", text)]);
    let reason = "the dongle sits in a host of its own";
    let output = folder::run(folder.path(), &[&JUSTIFY[..], &[reason]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let ledger = fs::read_to_string(folder.path().join("sfl.toml")).expect("it is written");
    assert!(ledger.contains("the dongle sits"), "{ledger}");
}
