//! `sfl merge`: many reports as one, whichever comes first, and what is done with it.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::json_schemas;
use crate::repository::{Repository, alone};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: { because: licence, reason: \"the vendor counts sockets of machines\", owner: team-a }\n    Properties:\n      ImageId: ami-1\n      UserData: !Base64 \"#!/bin/sh\\nyum install -y nginx\\nsystemctl start nginx\\n\"\n  Odd:\n    Type: AWS::Odd::Thing\n";
const API: &str = "Resources:\n  Front:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: { ProtocolType: HTTP, Target: !GetAtt Work.Arn }\n  Work:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: { ZipFile: x }\n      Runtime: nodejs16.x\n      Environment: { Variables: { Q: !Ref Orders } }\n  Orders:\n    Type: AWS::SQS::Queue\n";
const CLUSTER: &str = "module \"far\" {\n  source = \"git::https://example.org/far\"\n}\nresource \"aws_rds_cluster\" \"db\" {\n  engine = \"aurora-mysql\"\n}\n";
const DAY: [&str; 2] = ["--today", "2027-01-31"];

/// Three repositories: a bare clone, another of the same file names, and files that were sent.
struct Estate {
    work: Repository,
}

impl Estate {
    fn new() -> Self {
        let work = Repository::new(&[
            ("main.tf", CLUSTER),
            ("web.yaml", SERVER),
            ("notes.txt", "x"),
        ]);
        work.git(&["clone", "-q", "--bare", ".", "shop.git"]);
        work.write(
            "main.tf",
            &CLUSTER.replace("aurora-mysql", "aurora-postgresql"),
        );
        work.remove("web.yaml");
        work.git(&["add", "-A", "main.tf", "web.yaml"]);
        work.git(&["commit", "-q", "-m", "second"]);
        work.git(&["clone", "-q", "--bare", ".", "orders.git"]);
        let estate = Self { work };
        estate.scan("a.jsonl", &[json!({"repository": "shop.git"})]);
        let sent = json!({"path": "api.yaml", "content": API, "name": "front/api"});
        estate.scan("b.jsonl", &[json!({"repository": "./orders.git"}), sent]);
        estate.scan("c.jsonl", &[json!({"repository": "nowhere.git"})]);
        estate
    }

    fn scan(&self, file: &str, lines: &[Value]) {
        let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let out = self
            .piped(&[&["scan", "--stream"], &DAY[..]].concat(), &input)
            .1;
        self.work.write(file, &out);
    }

    fn piped(&self, arguments: &[&str], input: &str) -> (i32, String, String) {
        let work = &self.work;
        work.write("piped", input);
        let input = std::fs::File::open(work.path().join("piped")).expect("it was written");
        let mut command = alone(env!("CARGO_BIN_EXE_sfl"), work.path());
        let output = command.args(arguments).stdin(Stdio::from(input)).output();
        let output = output.expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
        let code = output.status.code().expect("it ends by itself");
        (code, text(output.stdout), text(output.stderr))
    }

    /// The report that these make; its exit code.
    #[track_caller]
    fn merged(&self, reports: &[&str]) -> (i32, String) {
        let (code, out, error) = self.work.said(&[&["merge"], reports].concat());
        assert!(!out.is_empty(), "{error}");
        sound(&out);
        (code, out)
    }

    /// The same in a file.
    fn saved(&self, file: &str, reports: &[&str]) -> i32 {
        let (code, out) = self.merged(reports);
        self.work.write(file, &out);
        code
    }
}

fn sound(printed: &str) -> Value {
    json_schemas::sound(printed, include_str!("../../docs/sfl-report-1.schema.json"))
}

fn addresses(report: &Value) -> Vec<String> {
    let all = report["decisions"].as_array().expect("a list");
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    all.iter()
        .map(|one| format!("{} in {}", word(one, "address"), word(one, "path")))
        .collect()
}

#[test]
fn what_a_repository_holds_stands_below_its_name() {
    let estate = Estate::new();
    let (code, out) = estate.merged(&["a.jsonl", "b.jsonl"]);
    let report = sound(&out);
    assert_eq!(code, 0);
    let all = [
        "Front in front/api/api.yaml",
        "Work in front/api/api.yaml",
        "Orders in front/api/api.yaml",
        "aws_rds_cluster.db in orders/main.tf",
        "aws_rds_cluster.db in shop/main.tf",
        "Web in shop/web.yaml",
    ];
    assert_eq!(addresses(&report), all);
    let summary = &report["summary"];
    assert_eq!(summary["merged"], 3);
    let names = summary["repositories"].as_array().expect("a list");
    let names: Vec<(&str, u64, bool)> = names
        .iter()
        .map(|one| {
            let name = one["name"].as_str().expect("a name");
            let decisions = one["decisions"].as_u64().expect("a number");
            (name, decisions, one["commit"].is_string())
        })
        .collect();
    let expected = [
        ("front/api", 3, false),
        ("orders", 1, true),
        ("shop", 2, true),
    ];
    assert_eq!(names, expected);
    assert_eq!(summary["unknown_types"]["AWS::Odd::Thing"], 1);
    assert_eq!(summary["skipped"], 2);
    let calls = summary["unread"].as_array().expect("a list");
    let calls = calls.iter().find(|one| one["kind"] == "module-calls");
    let calls = calls.expect("the modules are far away");
    assert_eq!(calls["count"], 2);
    assert_eq!(calls["items"][0]["path"], "orders/main.tf");
    let reason = &report["decisions"][5]["justification"];
    assert_eq!(
        (&reason["because"], &reason["path"]),
        (&json!("licence"), &json!("shop/web.yaml"))
    );
    assert_eq!(
        report["liability"][0]["decisions"][0]["path"],
        "shop/web.yaml"
    );
    let ends = report["edges"].as_array().expect("a list");
    let is_there = |one: &Value| {
        one["from"] == "front/api/api.yaml#Front" && one["to"] == "front/api/api.yaml#Work"
    };
    assert!(ends.iter().any(is_there), "{ends:#?}");
}

/// Every way to put three together gives the same bytes.
#[test]
fn the_order_and_what_was_merged_before_make_no_difference() {
    let estate = Estate::new();
    let (code, whole) = estate.merged(&["a.jsonl", "b.jsonl", "c.jsonl"]);
    // What could not be scanned stays said.
    assert_eq!(code, 2);
    let files = ["a.jsonl", "b.jsonl", "c.jsonl"];
    for [one, two, three] in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let (one, two, three) = (files[one], files[two], files[three]);
        assert_eq!(estate.merged(&[one, two, three]).1, whole);
        estate.saved("pair.json", &[two, three]);
        assert_eq!(
            estate.merged(&[one, "pair.json"]).1,
            whole,
            "{one} and the rest"
        );
        assert_eq!(
            estate.merged(&["pair.json", one]).1,
            whole,
            "the rest and {one}"
        );
    }
    estate.work.write("all.json", &whole);
    assert_eq!(estate.merged(&["all.json"]), (2, whole.clone()));
    // As a stream, and as one file of all lines.
    let lines: String = files.iter().map(|file| estate.work.read(file)).collect();
    let (code, out, error) = estate.piped(&["merge", "-"], &lines);
    assert_eq!((code, &out), (2, &whole));
    assert_eq!(
        error,
        "error: one input could not be read: its finding says why\n"
    );
    let finding = &sound(&whole)["findings"];
    let finding = finding.as_array().expect("a list").iter();
    let mut broken = finding.filter(|one| one["code"] == "source/unreadable");
    assert_eq!(broken.next().expect("there is one")["path"], "nowhere");
}

#[test]
fn a_merged_report_says_what_the_parts_said() {
    let estate = Estate::new();
    let (code, all) = estate.merged(&["a.jsonl"]);
    assert_eq!(code, 0);
    let (all, line) = (sound(&all), estate.work.read("a.jsonl"));
    let line: Value = serde_json::from_str(&line).expect("it is JSON");
    for part in [
        "score",
        "decisions",
        "by_ladder",
        "fallbacks",
        "liability",
        "findings",
        "unknown_types",
    ] {
        assert_eq!(all["summary"][part], line["summary"][part], "{part}");
    }
    let said = |report: &Value, part: &str| {
        let text = report[part].to_string().replace("\"shop/", "\"");
        // The folder of the root.
        let text = text.replace("\"stack\":\"shop\"", "\"stack\":\".\"");
        let mut all: Vec<Value> = serde_json::from_str(&text).expect("it is JSON");
        for one in &mut all {
            // It comes from the path.
            one.as_object_mut()
                .expect("an object")
                .remove("fingerprint");
            if one["code"].is_string() {
                // Of a finding, only its start is read.
                one["span"]["end"] = Value::Null;
            }
        }
        all
    };
    for part in ["decisions", "findings", "liability", "resources", "edges"] {
        assert_eq!(said(&all, part), said(&line, part), "{part}");
    }
}

#[test]
fn reports_of_a_check_are_merged_as_they_are_or_below_a_name() {
    let work = Repository::none();
    work.write("a/main.tf", CLUSTER);
    work.write("b/api.yaml", API);
    let save = |file: &str, arguments: &[&str]| {
        let (_, report) = work.check(&[arguments, &DAY[..]].concat());
        work.write(file, &report.to_string());
    };
    save("a.json", &["a"]);
    save("b.json", &["b"]);
    save("all.json", &["a", "b"]);
    let read = |arguments: &[&str]| {
        let (code, out, error) = work.said(&[&["merge"], arguments].concat());
        (
            code,
            if out.is_empty() {
                Value::Null
            } else {
                sound(&out)
            },
            error,
        )
    };
    let (code, merged, _) = read(&["a.json", "b.json"]);
    let all: Value = serde_json::from_str(&work.read("all.json")).expect("it is JSON");
    assert_eq!(code, 0);
    let without_fixes = |report: &Value| {
        let mut all = report["decisions"].as_array().expect("a list").clone();
        for one in &mut all {
            one.as_object_mut().expect("an object").remove("fix");
        }
        all
    };
    assert_eq!(without_fixes(&merged), without_fixes(&all));
    assert_eq!(merged["summary"]["score"], all["summary"]["score"]);
    assert!(merged["summary"]["repositories"].is_null());
    // The same file in two reports counts twice, and that is said.
    let (code, merged, error) = read(&["a.json", "all.json"]);
    assert_eq!(
        (code, merged["summary"]["decisions"].as_u64()),
        (2, Some(5))
    );
    let twice = "error: `a/main.tf` stands in two reports, so it counts twice: give them names (shop=shop.json)\n";
    assert_eq!(error, twice);
    assert_eq!(read(&["all.json", "a.json"]).1, merged);
    let (code, merged, error) = read(&["one=a.json", "two/x=all.json"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(addresses(&merged)[0], "aws_rds_cluster.db in one/a/main.tf");
    assert_eq!(merged["summary"]["repositories"][1]["name"], "two/x");
}

#[test]
fn what_comes_twice_counts_once() {
    let estate = Estate::new();
    let once = estate.merged(&["a.jsonl", "b.jsonl"]).1;
    // An engine may hand over a repository again.
    let (code, out, error) = estate
        .work
        .said(&["merge", "a.jsonl", "b.jsonl", "a.jsonl"]);
    let note = "note: repositories that came again, with the same found in them, count once (1)\n";
    assert_eq!((code, out, error.as_str()), (0, once, note));
}

#[test]
fn what_cannot_be_merged_is_refused_in_plain_words() {
    let estate = Estate::new();
    let work = &estate.work;
    let refused = |file: &str, text: &str, expected: &str| {
        work.write(file, text);
        let (code, _, error) = work.said(&["merge", "a.jsonl", file]);
        assert_eq!((code, error.lines().next()), (2, Some(expected)), "{error}");
    };
    refused("empty", "", "error: empty: it is empty");
    refused("x", "[]\n", "error: x:1: it is no JSON object");
    refused(
        "next.json",
        "\n{\"schema\": \"sfl-next/1\"}\n",
        "error: next.json:2: its schema is `sfl-next/1`: neither sfl-report/1 nor sfl-scan/1",
    );
    let (code, out, error) = work.said(&["merge", "a.jsonl", "gone.json"]);
    assert_eq!(
        (code, error.as_str()),
        (2, "error: gone.json: there is no such file\n")
    );
    assert_eq!(out, estate.merged(&["a.jsonl"]).1);
    // A bad line leaves the others.
    let lines = format!("{{\"broken\n{}", work.read("a.jsonl"));
    let (code, out, error) = estate.piped(&["merge", "-"], &lines);
    assert!(
        error.starts_with("error: standard input:1: EOF while parsing"),
        "{error}"
    );
    assert_eq!((code, out), (2, estate.merged(&["a.jsonl"]).1));
    // Scores by two measures are no score.
    let (_, strict) = work.check(&["--strict", "main.tf"]);
    work.write("strict.json", &strict.to_string());
    let (code, out, error) = work.said(&["merge", "a.jsonl", "strict.json"]);
    let why = "error: some of these assume the worst (--strict) and some do not: their scores do not belong together\n";
    assert_eq!((code, out.as_str(), error.as_str()), (2, "", why));
    work.said(&["baseline", "--yes"]);
    let (_, known) = work.check(&[]);
    let (_, new) = work.check(&["--no-baseline", "--since", "HEAD"]);
    refused(
        "known.json",
        &known.to_string(),
        "error: known.json:1: it leaves out what a baseline knows: save a report with `--no-baseline`",
    );
    refused(
        "new.json",
        &new.to_string(),
        "error: new.json:1: it has only what was worse than something else: save a report without `--since`",
    );
}

#[test]
fn every_format_and_the_score_work_on_a_merged_report() {
    let estate = Estate::new();
    let work = &estate.work;
    estate.saved("all.json", &["a.jsonl", "b.jsonl"]);
    let formats = [
        "pretty", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown", "comment",
        "html", "csv",
    ];
    let outputs: Vec<String> = formats
        .iter()
        .map(|one| format!("{one}=out.{one}"))
        .collect();
    let mut arguments = vec![
        "merge",
        "all.json",
        "--format",
        "concise",
        "--fail-under",
        "50",
    ];
    outputs
        .iter()
        .for_each(|one| arguments.extend(["--output", one]));
    let (code, out, error) = work.said(&arguments);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert!(
        out.contains("orders/main.tf:4:28: warning[relational/cluster]"),
        "{out}"
    );
    for format in formats {
        let text = work.read(&format!("out.{format}"));
        assert!(text.contains("orders"), "{format}: {text}");
    }
    assert_eq!(sound(&work.read("out.json"))["summary"]["merged"], 3);
    let html = work.read("out.html");
    assert!(html.contains("<svg") && html.contains("orders/main.tf"));
    let under = work.said(&["merge", "all.json", "--fail-under", "99"]);
    assert_eq!(under.0, 1);
    assert!(under.2.contains("(--fail-under)"), "{}", under.2);
    assert_eq!(
        work.said(&["merge", "all.json", "--fail-on", "warning"]).0,
        1
    );
    let over = work.said(&["merge", "all.json", "--output", "json=all.json"]);
    assert_eq!(over.0, 2);
    assert!(
        over.2.contains("no report is written over it"),
        "{}",
        over.2
    );
}

#[test]
fn the_map_and_the_next_action_are_those_of_the_templates() {
    let work = Repository::none();
    work.write("api.yaml", API);
    work.write("web.yaml", SERVER);
    work.write("main.tf", CLUSTER);
    let lines: String = ["api.yaml", "web.yaml", "main.tf"]
        .map(|path| json!({"path": path, "content": work.read(path)}).to_string() + "\n")
        .concat();
    let estate = Estate { work };
    let work = &estate.work;
    let scanned = estate.piped(&[&["scan", "--stream"], &DAY[..]].concat(), &lines);
    work.write("scan.jsonl", &scanned.1);
    estate.saved("all.json", &["scan.jsonl"]);
    for file in ["scan.jsonl", "all.json"] {
        for format in ["svg", "json", "owm"] {
            let map = |report: &[&str]| work.said(&[&["map", "--format", format], report].concat());
            let (code, out, _) = map(&["--report", file]);
            assert_eq!((code, out), (0, map(&[]).1), "{format} of {file}");
        }
        let graph = work.said(&["graph", "--report", file]);
        assert_eq!((graph.0, graph.1), (0, work.said(&["graph"]).1), "{file}");
        let next = |report: &[&str]| {
            let out = work.said(&[&["next", "--format", "json"], &DAY[..], report].concat());
            let found: Value = serde_json::from_str(&out.1).expect("it is JSON");
            let all = found["actions"].as_array().expect("a list").iter();
            let said = all.map(|one| {
                (
                    one["what"].clone(),
                    one["score"].clone(),
                    one["ladder"].clone(),
                )
            });
            (out.0, said.collect::<Vec<_>>())
        };
        let (code, found) = next(&["--report", file]);
        assert_eq!((code, found.is_empty()), (0, false));
        assert_eq!(found, next(&[]).1, "{file}");
        let owned = work.said(&["liability", "--report", file]);
        assert_eq!(
            (owned.0, owned.1),
            (0, work.said(&["liability"]).1),
            "{file}"
        );
    }
    let refused = work.said(&["next", "--report", "all.json", "--apply", "1"]);
    assert_eq!(refused.0, 2);
    assert!(refused.2.contains("cannot be used with"), "{}", refused.2);
    // Also a map of what has moved since it was saved.
    let moved = work.said(&["map", "--from", "all.json", "--format", "json"]);
    assert_eq!(moved.0, 0, "{}", moved.2);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn without_the_feature_a_table_is_refused() {
    let estate = Estate::new();
    let table = estate
        .work
        .said(&["merge", "a.jsonl", "--output", "parquet=a.parquet"]);
    assert_eq!(table.0, 2);
    let why =
        "this sfl was built without Parquet: `cargo install --path . --features parquet` has it";
    assert!(table.2.contains(why), "{}", table.2);
    assert!(!estate.work.path().join("a.parquet").exists());
}

#[cfg(feature = "parquet")]
#[test]
fn a_table_of_decisions_is_the_same_for_the_same_decisions() {
    let estate = Estate::new();
    let work = &estate.work;
    let table = |reports: &[&str], file: &str| {
        let output = format!("parquet={file}");
        let all = [&["merge", "--output", &output], reports].concat();
        let (code, _, error) = work.said(&all);
        assert_eq!((code, error.as_str()), (0, ""));
        std::fs::read(work.path().join(file)).expect("it was written")
    };
    estate.saved("all.json", &["a.jsonl", "b.jsonl"]);
    let one = table(&["a.jsonl", "b.jsonl"], "one.parquet");
    assert!(one.starts_with(b"PAR1") && one.ends_with(b"PAR1"));
    assert!(one == table(&["all.json"], "two.parquet"));
    assert!(one == table(&["b.jsonl", "a.jsonl"], "three.parquet"));
    let (code, _, error) = work.said(&[
        "check",
        "main.tf",
        "--exit-zero",
        "--output",
        "parquet=check.parquet",
    ]);
    assert_eq!((code, error.as_str()), (0, ""));
}
