//! Rules of one's own: folders of rule files that `sfl.toml` names.
//! `SFL_BLESS=1 cargo test --test command_line own_rules` writes anew what docs/own-rules.md shows.

use std::{env, fs};

use crate::folder::{err, folder, out, run};
use serde_json::Value;
use tempfile::TempDir;

const DOC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/own-rules.md");
const CONSOLE: &str = "```console\n$ sfl check --quiet\n";
const CONFIG: &str = "[rules]\nfolders = [\"r\"]\n";
const BARE: &str = r#"
[ladder]
name = "bare"
title = "bare"
about = "Bare."
[[rule]]
name = "bare-thing"
title = "a bare thing"
types = ["Custom::Bare"]
[[rule.case]]
rung = "server"
says = "is bare"
"#;

/// Every decision as `address code`.
fn decisions(folder: &TempDir) -> Vec<String> {
    let output = run(folder.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|error| {
        panic!("{error}: {}", err(&output));
    });
    let all = report["decisions"].as_array().expect("a list").iter();
    let said = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|one| {
        let rung = one["rung"]
            .as_str()
            .map_or_else(|| one["rung"].to_string(), str::to_owned);
        format!("{} {} {rung}", said(&one["address"]), said(&one["ladder"]))
    })
    .collect()
}

/// What is wrong, as `code file:line`.
fn faults(folder: &TempDir) -> Vec<String> {
    let output = run(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    let text = err(&output);
    let mut faults = Vec::new();
    for line in text.lines() {
        if let Some(code) = line.strip_prefix("error[") {
            faults.push(code.split(']').next().unwrap_or_default().to_owned());
        } else if let Some((_, place)) = line.split_once("╭─[") {
            let place = place.trim_end_matches(']');
            let place = place.rsplit_once(':').map_or(place, |(line, _)| line);
            let fault = faults.last_mut().expect("a place follows a code");
            *fault = format!("{fault} {place}");
        }
    }
    faults
}

/// The files of the page: a name in a line of its own before each block.
fn documented(page: &str) -> Vec<(&str, &str)> {
    let parts: Vec<&str> = page.split("`\n\n```").collect();
    let mut files = Vec::new();
    for pair in parts.windows(2) {
        let name = pair[0].rsplit('`').next().expect("a split has a last part");
        let text = pair[1].split_once('\n').map_or("", |(_, text)| text);
        let end = text.find("\n``").map_or(text.len(), |end| end + 1);
        // The end of one block before the next is no name.
        if !pair[0].ends_with("``") {
            files.push((name, &text[..end]));
        }
    }
    files
}

#[test]
fn the_page_shows_what_the_program_does() {
    let page = fs::read_to_string(DOC).expect("it is there");
    let files = documented(&page);
    assert_eq!(files.len(), 7, "{files:?}");
    let folder = folder(&files);
    let printed = out(&run(folder.path(), &["check", "--quiet"]));
    let (before, rest) = page.split_once(CONSOLE).expect("it shows a run");
    let (shown, after) = rest.split_once("```\n").unwrap_or((rest, ""));
    if env::var_os("SFL_BLESS").is_some() {
        let page = format!("{before}{CONSOLE}{printed}```\n{after}");
        fs::write(DOC, page).expect("docs/ is writable");
    } else {
        assert_eq!(
            shown, printed,
            "SFL_BLESS=1 cargo test --test command_line own_rules"
        );
    }
    assert_eq!(
        decisions(&folder),
        [
            "Reports compute 3",
            "Mails compute 2",
            "module.pay payment 1",
            "Pay payment 4",
            "Orders relational 2",
        ]
    );
}

#[test]
fn own_rules_are_listed_and_explained() {
    let page = fs::read_to_string(DOC).expect("it is there");
    let folder = folder(&documented(&page));
    let rules = out(&run(folder.path(), &["rules"]));
    let line = |kind: &str| {
        let mut lines = rules.lines().map(|line| line.split_whitespace().collect());
        lines.find(|words: &Vec<&str>| words[0] == kind)
    };
    let known = |kind| line(kind).map(|words| words[1..].join(" "));
    assert_eq!(
        known("Custom::PaymentGateway").as_deref(),
        Some("decision payment 1 4 1")
    );
    assert_eq!(known("Custom::Shared*").as_deref(), Some("plumbing"));
    assert_eq!(
        known("aws_db_instance").as_deref(),
        Some("decision relational 2 3 3")
    );
    assert_eq!(
        known("AWS::SQS::Queue").as_deref(),
        Some("decision messaging 1 1")
    );
    for (subject, said) in [
        ("payment", "payment-gateway"),
        ("payment/server", "the yearly audit"),
        ("Custom::PaymentGateway", "https://wiki.example.com/payment"),
        ("custom::paymentgateway", "a payment gateway"),
        ("shared-database", "an RDS Proxy"),
        (
            "Custom::SharedTable",
            "stands for what another account hosts",
        ),
        ("relational", "shared-database"),
        (
            "acme_job_service",
            "when `kind` of a job pool is other than `SHARED` or `SHARED_SPOT`",
        ),
        ("job-pool", "belongs to    a job service"),
    ] {
        let page = out(&run(folder.path(), &["explain", subject]));
        assert!(page.contains(said), "{subject}: {page}");
    }
}

#[test]
fn what_is_connected_to_a_replaced_type_is_connected_to_its_heir() {
    let template = "Resources:
  Orders:
    Type: AWS::RDS::DBInstance
  Proxy:
    Type: AWS::RDS::DBProxyTargetGroup
    Properties:
      DBInstanceIdentifiers: [!Ref Orders]
";
    let own = r#"
extends = "relational"
[[rule]]
name = "our-database"
title = "our database"
types = ["AWS::RDS::DBInstance"]
[[rule.case]]
rung = "capacity"
says = "is ours"
"#;
    let members = |files: &[(&str, &str)]| {
        let folder = folder(files);
        let output = run(folder.path(), &["check", "--format", "json"]);
        let report: Value = serde_json::from_str(&out(&output)).expect("it prints JSON");
        assert_eq!(report["decisions"].as_array().map(Vec::len), Some(1));
        report["decisions"][0]["members"].to_string()
    };
    let before = members(&[("a.yaml", template)]);
    let after = members(&[
        ("a.yaml", template),
        ("sfl.toml", CONFIG),
        ("r/a.toml", own),
    ]);
    assert!(before.contains("Proxy"), "{before}");
    assert_eq!(before, after);
}

#[test]
fn an_own_rule_asks_built_in_ones_and_a_plan_keeps_what_it_asks() {
    let own = r#"
extends = "compute"
[[rule]]
name = "job"
title = "a job"
types = ["acme_job"]
[rule.properties]
size = { tf = "shape.size" }
[rule.joins.queue]
rules = ["sqs-queue"]
through = { tf = "queue" }
properties = { fifo = { tf = "fifo_queue" } }
[[rule.case]]
rung = "cluster"
when = { size = { above = 4 } }
says = "runs on nodes"
[[rule.case]]
rung = "capacity"
when = { "queue.fifo" = true }
says = "waits in line"
[[rule.case]]
rung = "serverless"
says = "runs when asked"
"#;
    let terraform = r#"{"resource": {
        "aws_sqs_queue": {"q": {"fifo_queue": true}},
        "acme_job": {"a": {"queue": "${aws_sqs_queue.q.id}"}, "b": {"shape": {"size": 8}}, "c": {}}}}"#;
    let plan = r#"{"format_version": "1.2", "terraform_version": "1.9.5", "resource_changes": [
        {"address": "acme_job.p", "mode": "managed", "type": "acme_job", "name": "p",
         "change": {"actions": ["create"], "after": {"other": 1, "shape": [{"size": 9}]}}}]}"#;
    let folder = folder(&[
        ("sfl.toml", CONFIG),
        ("r/a.toml", own),
        ("main.tf.json", terraform),
        ("plan.json", plan),
    ]);
    let mut decisions = decisions(&folder);
    decisions.sort();
    assert_eq!(
        decisions,
        [
            "acme_job.a compute 2",
            "acme_job.b compute 3",
            "acme_job.c compute 1",
            "acme_job.p compute 3",
            "aws_sqs_queue.q messaging 1",
        ]
    );
}

#[test]
fn everything_wrong_in_the_shape_of_a_file_is_said_at_once() {
    let text = r#"extends = 3
[[rule]]
nam = "x"
title = "x"
types = "Custom::X"
[rule.properties]
a = { cnf = "A" }
[[rule.case]]
rung = "srver"
when = 3
[rung.srver]
"#;
    let folder = folder(&[("sfl.toml", CONFIG), ("r/a.toml", text)]);
    assert_eq!(
        faults(&folder),
        [
            "config/type r/a.toml:1",
            "config/missing-key r/a.toml:2",
            "config/unknown-key r/a.toml:3",
            "config/type r/a.toml:5",
            "config/unknown-key r/a.toml:7",
            "config/missing-key r/a.toml:8",
            "config/value r/a.toml:9",
            "config/type r/a.toml:10",
            "config/unknown-key r/a.toml:11",
        ]
    );
    let text = err(&run(folder.path(), &["check"]));
    assert!(
        text.contains("valid: name, title, types, properties, joins"),
        "{text}"
    );
    assert!(text.contains("did you mean `server`?"), "{text}");
}

#[test]
fn an_own_rule_says_what_switches_its_module() {
    let rule = |switched: &str| {
        format!(
            r#"extends = "messaging"
[[rule]]
name = "x"
title = "x"
types = ["Custom::X", "module:git::https://git.example.org/m.git//queue*"]
[rule.made_if]
"{switched}" = ["wanted", "create"]
[[rule.case]]
rung = "cluster"
says = "is x"
"#
        )
    };
    let module = "module:git::https://git.example.org/m.git//queue*";
    let calls = r#"{"module": {
        "one": {"source": "git::https://git.example.org/m.git//queues/fast?ref=v1"},
        "two": {"source": "git::https://git.example.org/m.git//queues/slow", "wanted": true, "create": false}
    }}"#;
    let files = [
        ("sfl.toml", CONFIG),
        ("r/a.toml", &rule(module)),
        ("main.tf.json", calls),
    ];
    let said = out(&run(
        folder(&files).path(),
        &["check", "--format", "concise"],
    ));
    assert!(said.contains("module.one is x"), "{said}");
    assert!(!said.contains("module.two"), "{said}");
    for other in ["Custom::X", "module:acme/other/aws"] {
        let folder = folder(&[("sfl.toml", CONFIG), ("r/a.toml", &rule(other))]);
        let text = err(&run(folder.path(), &["check"]));
        let words = format!("`{other}` is not a module among the rule's types");
        assert!(text.contains(&words), "{text}");
    }
}

#[test]
fn everything_that_cannot_hold_is_said_at_once_in_all_files() {
    let one = r#"extends = "relatonal"
[[rule]]
name = "x"
title = "x"
types = ["Custom::X", "Custom::Y"]
[rule.joins.j]
rules = ["sqs-queue", "nobody"]
[[rule.case]]
rung = "server"
says = "x"
[[rule.case]]
rung = "server"
when = { a = "x", any = [{ j = "y" }] }
says = "x"
"#;
    let other = r#"[[rule]]
name = "ecs-service"
title = "y"
types = ["Custom::Y"]
[ladder]
name = "Compute/2"
title = "y"
about = "y"
"#;
    let folder = folder(&[
        ("sfl.toml", CONFIG),
        ("r/a.toml", one),
        ("r/below/b.toml", other),
        ("r/readme.md", "no rule file"),
    ]);
    assert_eq!(
        faults(&folder),
        [
            "config/rule r/a.toml:1",
            "config/rule r/a.toml:6",
            "config/rule r/a.toml:7",
            "config/rule r/a.toml:8",
            "config/rule r/a.toml:13",
            "config/rule r/a.toml:13",
            "config/rule r/a.toml:13",
            "config/rule r/below/b.toml:2",
            "config/rule r/below/b.toml:2",
            "config/rule r/below/b.toml:4",
            "config/rule r/below/b.toml:6",
        ]
    );
}

#[test]
fn sets_are_known_to_all_files_and_not_is_no_test() {
    let one = r#"[sets]
kinds = ["a", "b"]
both = ["sqs-queue", "nobody"]
"#;
    let other = r#"
[ladder]
name = "bare"
title = "bare"
about = "Bare."
[[rule]]
name = "thing"
title = "a thing"
types = ["Custom::Thing"]
properties = { kind = { cfn = "Kind" } }
[[rule.case]]
rung = "server"
when = { kind = "@kinds" }
says = "is bare"
[[rule.case]]
rung = "cluster"
when = { kind = "@fargate" }
says = "is built-in"
[[rule.case]]
rung = "serverless"
says = "is not"
"#;
    let template = "Resources:\n  A:\n    Type: Custom::Thing\n    Properties: {Kind: b}\n  B:\n    Type: Custom::Thing\n    Properties: {Kind: FARGATE}\n  C:\n    Type: Custom::Thing\n    Properties: {Kind: \"@kinds\"}\n";
    let files = [
        ("sfl.toml", CONFIG),
        ("r/a.toml", one),
        ("r/b.toml", other),
        ("a.yaml", template),
    ];
    let good = folder(&files);
    assert_eq!(decisions(&good), ["A bare 4", "B bare 3", "C bare 1"]);

    let odd = other
        .replace("\"@kinds\"", "{ not = \"a\" }")
        .replace("\"@fargate\"", "\"@fragate\"");
    let joined = format!(
        "{odd}[rule.joins.j]\nthrough = {{ cfn = \"J\" }}\nrules = [\"@both\", \"@none\"]\n"
    );
    let bad = folder(&[files[0], files[1], ("r/b.toml", &joined)]);
    assert_eq!(
        faults(&bad),
        [
            "config/rule r/b.toml:13",
            "config/rule r/b.toml:17",
            "config/rule r/b.toml:24",
            "config/rule r/b.toml:24",
        ]
    );
    let text = err(&run(bad.path(), &["check"]));
    for part in ["other_than = ...", "no set `fragate`", "no rule `nobody`"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_folder_must_be_there_and_inside_and_hold_something() {
    let config = "[rules]\nfolders = [\n\"nowhere\",\n\"..\",\n\"a.yaml\",\n\"empty\",\n1,\n\"r\"]\nfolder = 1\n";
    let folder = folder(&[
        ("sfl.toml", config),
        ("a.yaml", ""),
        ("empty/readme.md", ""),
        ("r/a.toml", BARE),
    ]);
    assert_eq!(
        faults(&folder),
        [
            "config/folder sfl.toml:3",
            "config/folder sfl.toml:4",
            "config/folder sfl.toml:5",
            "config/folder sfl.toml:6",
            "config/type sfl.toml:7",
            "config/unknown-key sfl.toml:9",
        ]
    );
}

#[test]
fn with_broken_rules_the_built_in_ones_are_still_explained() {
    let folder = folder(&[("sfl.toml", CONFIG), ("r/a.toml", "extends = 3")]);
    let known = run(folder.path(), &["explain", "config/rule"]);
    assert_eq!(known.status.code(), Some(0));
    let unknown = run(folder.path(), &["explain", "bare"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("config/type"));
    assert_eq!(run(folder.path(), &["rules"]).status.code(), Some(2));
}

#[test]
fn a_rule_needs_few_words() {
    let template = "Resources:\n  B:\n    Type: Custom::Bare\n";
    let folder = folder(&[
        ("sfl.toml", CONFIG),
        ("r/a.toml", BARE),
        ("infra/b.yaml", template),
    ]);
    assert_eq!(decisions(&folder), ["B bare 4"]);
    let text = out(&run(folder.path(), &["check"]));
    assert!(!text.contains("you look after"), "{text}");
    // From a folder below, the configuration is the same.
    let below = out(&run(&folder.path().join("infra"), &["check", "--quiet"]));
    assert!(
        below.is_empty() || !below.contains("Custom"),
        "outside of a repository nothing is looked up: {below}"
    );
    fs::create_dir(folder.path().join(".git")).expect("it can be made");
    let below = out(&run(&folder.path().join("infra"), &["check", "--quiet"]));
    assert!(below.contains("bare/server"), "{below}");
}

#[test]
fn a_link_without_a_property_is_refused() {
    let rules = |link: &str| {
        format!(
            "{BARE}
[[rule]]
name = \"perch\"
title = \"a perch\"
types = [\"Custom::Perch\"]

[[rule.of]]
rules = [\"bare-thing\"]
{link}
"
        )
    };
    let judged = |link: &str| {
        let text = rules(link);
        let folder = folder(&[("sfl.toml", CONFIG), ("r/a.toml", &text)]);
        err(&run(folder.path(), &["check"]))
    };
    let refused = judged("via = [\"perch\"]");
    assert!(refused.contains("config/rule"), "{refused}");
    assert!(refused.contains("only a mention"), "{refused}");
    for link in ["through = { cfn = \"Bird\" }", "loose = true"] {
        assert!(!judged(link).contains("config/rule"), "{link}");
    }
}
