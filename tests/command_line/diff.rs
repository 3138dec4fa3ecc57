//! `sfl diff`: a report that was saved against another, and against what is there now.

use serde_json::Value;

use crate::json_schemas;
use crate::repository::{Repository, change, findings, sentence};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n      SubnetId: subnet-1\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const CLUSTER: &str = "Resources:\n  Db:\n    Type: AWS::RDS::DBCluster\n    Properties:\n      Engine: aurora-mysql\n      MasterUsername: root\n";
const NONE: [&str; 0] = [];

fn sound(printed: &str) -> Value {
    json_schemas::sound(printed, include_str!("../../docs/sfl-report-1.schema.json"))
}

/// Saves what `sfl check` says of these paths.
#[track_caller]
fn save(shop: &Repository, file: &str, arguments: &[&str]) {
    let (_, report) = shop.check(arguments);
    let text = report.to_string();
    sound(&text);
    shop.write(file, &text);
}

#[track_caller]
fn diff(shop: &Repository, arguments: &[&str]) -> (i32, Value) {
    let (code, out, error) = shop.said(&[&["diff", "--format", "json"], arguments].concat());
    assert!(!out.is_empty(), "{error}");
    (code, sound(&out))
}

#[test]
fn a_saved_report_is_compared_with_what_is_there_now() {
    // No git at all.
    let shop = Repository::none();
    shop.write("cdk.out/a.template.json", &json(SERVER));
    save(&shop, "old.json", &["cdk.out"]);
    let (code, report) = diff(&shop, &["old.json", "cdk.out"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(
        sentence(&report),
        "this change changes no decision, score stays 0"
    );
    assert_eq!(report["summary"]["change"]["older_findings"], 1);
    assert_eq!(report["summary"]["change"]["since"], "old.json");
    assert_eq!(report["summary"]["change"]["base"], Value::Null);

    shop.write("cdk.out/b.template.json", &json(CLUSTER));
    let (code, report) = diff(&shop, &["old.json", "cdk.out"]);
    assert_eq!(code, 1);
    assert_eq!(
        findings(&report),
        ["relational/cluster Db in cdk.out/b.template.json"]
    );
    assert_eq!(diff(&shop, &["old.json", "cdk.out", "--exit-zero"]).0, 0);
    assert_eq!(
        diff(&shop, &["old.json", "cdk.out", "--fail-on", "error"]).0,
        0
    );
}

fn json(yaml: &str) -> String {
    let value: Value = match yaml {
        SERVER => {
            serde_json::json!({"Resources": {"Web": {"Type": "AWS::EC2::Instance", "Properties": {"ImageId": "ami-1", "InstanceType": "m7g.large", "SubnetId": "subnet-1"}}}})
        }
        _ => {
            serde_json::json!({"Resources": {"Db": {"Type": "AWS::RDS::DBCluster", "Properties": {"Engine": "aurora-mysql"}}}})
        }
    };
    serde_json::to_string_pretty(&value).expect("it is JSON")
}

#[test]
fn two_saved_reports_are_compared_without_a_template() {
    let shop = Repository::none();
    shop.write("a.yaml", QUEUE);
    shop.write("b.yaml", CLUSTER);
    save(&shop, "old.json", &["a.yaml", "b.yaml"]);
    shop.write(
        "a.yaml",
        &format!("{QUEUE}{}", &SERVER["Resources:\n".len()..]),
    );
    shop.remove("b.yaml");
    save(&shop, "new.json", &["a.yaml"]);
    shop.remove("a.yaml");
    let (code, report) = diff(&shop, &["old.json", "new.json"]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report), ["compute/server Web in a.yaml"]);
    assert_eq!(
        change(&report),
        [
            "added: Web in a.yaml compute/server",
            "gone: Db in b.yaml relational/cluster"
        ]
    );
    // What was said of it is said again, where it stood.
    let finding = &report["findings"][0];
    assert_eq!(finding["span"]["start"]["line"], 5);
    assert!(
        finding["help"]
            .as_str()
            .is_some_and(|help| help.contains("or say why:")),
        "{finding}"
    );
    let (code, text, _) = shop.said(&["diff", "old.json", "new.json"]);
    assert_eq!(code, 1);
    assert!(text.contains("a.yaml:5:"), "{text}");
    assert!(text.contains("adds 1 EC2 instance"), "{text}");
    // Back again, all is well.
    assert_eq!(diff(&shop, &["new.json", "new.json"]).0, 0);
    // Each format takes it.
    for format in [
        "concise", "sarif", "github", "gitlab", "junit", "markdown", "html", "csv",
    ] {
        let (code, out, error) = shop.said(&["diff", "old.json", "new.json", "--format", format]);
        assert_eq!(code, 1, "{format}: {error}");
        assert!(out.contains("Web"), "{format}: {out}");
    }
}

#[test]
fn what_has_another_name_is_the_same() {
    let shop = Repository::none();
    shop.write("infra/VPC/a.yaml", SERVER);
    shop.write("infra/b.yaml", CLUSTER);
    save(&shop, "old.json", &["infra"]);
    // A folder, and a resource.
    shop.remove("infra/VPC/a.yaml");
    shop.write("infra/Network/a.yaml", SERVER);
    shop.write("infra/b.yaml", &CLUSTER.replace("Db:", "Orders:"));
    let (code, report) = diff(&shop, &["old.json", "infra"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(
        change(&report),
        [
            "moved: Db in infra/b.yaml relational/cluster > Orders in infra/b.yaml relational/cluster"
        ],
        "a file that has another name holds the same"
    );
    // Another server in another file is another server.
    shop.write(
        "infra/Network/a.yaml",
        &SERVER
            .replace("ami-1", "ami-2")
            .replace("subnet-1", "subnet-2")
            .replace("m7g.large", "t3.micro"),
    );
    assert_eq!(diff(&shop, &["old.json", "infra"]).0, 1);
}

#[test]
fn two_checkouts_have_other_folders() {
    let shop = Repository::none();
    for folder in ["main", "change"] {
        shop.write(&format!("{folder}/infra/a.yaml"), SERVER);
        shop.write(&format!("{folder}/infra/db/b.yaml"), CLUSTER);
    }
    save(&shop, "old.json", &["main"]);
    save(&shop, "new.json", &["change"]);
    let (code, report) = diff(&shop, &["old.json", "new.json"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(change(&report), NONE);
}

#[test]
fn what_nobody_asked_for_is_not_gone() {
    let shop = Repository::none();
    shop.write("infra/a.yaml", SERVER);
    shop.write("other/b.yaml", CLUSTER);
    save(&shop, "old.json", &["."]);
    let (code, report) = diff(&shop, &["old.json", "infra"]);
    assert_eq!((code, change(&report)), (0, Vec::new()));
    assert_eq!(report["summary"]["change"]["score"]["before"], 0.0);
}

#[test]
fn what_is_no_report_is_said() {
    let shop = Repository::new(&[("a.yaml", SERVER)]);
    save(&shop, "since.json", &["--since", "HEAD"]);
    shop.write("map.json", r#"{"schema":"sfl-map/1"}"#);
    shop.write("list.json", "[]");
    shop.write("empty.json", "{}");
    shop.write("nothing.json", "");
    shop.write(
        "sarif.json",
        &shop.said(&["check", "a.yaml", "--format", "sarif"]).1,
    );
    shop.write("cut.json", r#"{"schema":"sfl-report/1","summ"#);
    shop.write("half.json", r#"{"schema":"sfl-report/1","summary":{}}"#);
    for (file, says) in [
        ("gone.json", "there is no such file"),
        (
            "a.yaml",
            "it is no JSON; expected a report that `sfl check --format json > old.json` writes",
        ),
        ("list.json", "it is JSON, but no report; expected a report"),
        ("empty.json", "it is JSON, but no report; expected a report"),
        ("nothing.json", "it is empty; expected a report"),
        ("sarif.json", "it is SARIF; expected a report"),
        (
            "map.json",
            "it is `sfl-map/1`, which says something else; expected a report",
        ),
        (
            "half.json",
            "something is missing or was changed (missing field `decisions`)",
        ),
        ("cut.json", "it may have been cut off"),
        ("since.json", "save a report without `--since`"),
    ] {
        let (code, out, error) = shop.said(&["diff", file, "a.yaml"]);
        assert_eq!((code, out.as_str()), (2, ""), "{file}");
        assert!(error.contains(says), "{file}: {error}");
        assert_eq!(error.lines().count(), 1, "{file}: {error}");
        assert!(!error.contains("at line"), "{file}: {error}");
    }
    // The same on the other side: nothing there counts as a folder in which all is gone.
    save(&shop, "old.json", &["a.yaml"]);
    for file in [
        "list.json",
        "empty.json",
        "sarif.json",
        "map.json",
        "half.json",
        "cut.json",
    ] {
        let (code, out, error) = shop.said(&["diff", "old.json", file]);
        assert_eq!((code, out.as_str()), (2, ""), "{file}");
        assert!(error.contains("sfl check --format json"), "{file}: {error}");
    }
    // No report is written over what is compared.
    save(&shop, "old.json", &["a.yaml"]);
    let (code, _, error) = shop.said(&["diff", "old.json", "a.yaml", "--output", "json=old.json"]);
    assert_eq!(code, 2);
    assert!(error.contains("is an input of this run"), "{error}");
    let (code, _, error) = shop.said(&["diff", "old.json", "--since", "HEAD"]);
    assert_eq!(code, 2, "{error}");
}

#[test]
fn what_may_differ_for_another_reason_is_said() {
    let shop = Repository::none();
    shop.write("a.yaml", SERVER);
    save(&shop, "old.json", &["a.yaml", "--strict"]);
    let old = shop
        .read("old.json")
        .replace(env!("CARGO_PKG_VERSION"), "0.0.1");
    shop.write("old.json", &old);
    let (_, report) = diff(&shop, &["old.json", "a.yaml"]);
    let said = report["summary"]["change"]["reserves"].to_string();
    assert!(said.contains("was written by sfl 0.0.1"), "{said}");
    assert!(said.contains("assumes the worst (--strict)"), "{said}");
}

#[test]
fn a_rule_and_a_ladder_that_nobody_has_are_taken_as_they_are_said() {
    let shop = Repository::none();
    shop.write("a.yaml", SERVER);
    save(&shop, "old.json", &["a.yaml"]);
    let own = |text: &str| {
        text.replace("\"compute\"", "\"mainframe\"")
            .replace("compute/server", "mainframe/server")
    };
    let old = own(&shop.read("old.json"));
    shop.write("old.json", &old);
    let (code, report) = diff(&shop, &["old.json", "old.json"]);
    assert_eq!((code, change(&report)), (0, Vec::new()));
    assert_eq!(report["decisions"][0]["ladder"], "mainframe");
    let (_, report) = diff(&shop, &["old.json", "a.yaml"]);
    assert_eq!(
        change(&report),
        [
            "added: Web in a.yaml compute/server",
            "gone: Web in a.yaml mainframe/server"
        ]
    );
}

#[test]
fn a_generated_folder_that_git_does_not_know_leads_here() {
    let shop = Repository::new(&[("a.yaml", QUEUE), (".gitignore", "cdk.out\n")]);
    shop.write("cdk.out/a.template.json", &json(SERVER));
    let (_, text, _) = shop.said(&["check", "cdk.out", "--since", "HEAD"]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("cdk.out is generated, and git has nothing of it at HEAD"),
        "{text}"
    );
    assert!(text.contains("`sfl diff old.json cdk.out`"), "{text}");
}

fn reserves(report: &Value) -> String {
    let all = report["summary"]["change"]["reserves"].as_array();
    let all = all.expect("a list").iter();
    let all: Vec<&str> = all.map(|one| one.as_str().expect("a text")).collect();
    all.join("\n")
}

/// What hides `a/x.yaml`, what is found of that, and how the run ends.
type Hiding = (fn(&Repository), &'static str, i32);

#[test]
fn what_is_out_of_sight_has_not_gone() {
    let cases: [Hiding; 5] = [
        (
            |shop| shop.write("a/x.yaml", "Resources:\n  T: [\n"),
            "source/yaml - in a/x.yaml",
            2,
        ),
        (
            |shop| shop.write("a/x.yaml", "x: 1\n"),
            "template/hidden - in a/x.yaml",
            1,
        ),
        (
            |shop| shop.write(".ignore", "x.yaml\n"),
            "template/hidden - in a/x.yaml",
            1,
        ),
        (
            |shop| shop.write("sfl.toml", "exclude = [\"a/**\"]\n"),
            "template/hidden - in a/x.yaml",
            1,
        ),
        (
            |shop| {
                let kept = shop.path().join(".kept");
                std::fs::create_dir(&kept).expect("it can be made");
                let path = shop.path().join("a/x.yaml");
                std::fs::rename(&path, kept.join("x.yaml")).expect("it can be moved");
                #[cfg(unix)]
                std::os::unix::fs::symlink("../.kept/x.yaml", &path).expect("a link");
                #[cfg(not(unix))]
                shop.write("a/x.yaml", "x: 1\n");
            },
            "template/hidden - in a/x.yaml",
            1,
        ),
    ];
    for (number, (hide, expected, code)) in cases.into_iter().enumerate() {
        let shop = Repository::none();
        shop.write("a/x.yaml", SERVER);
        shop.write("b.yaml", QUEUE);
        save(&shop, "old.json", &["."]);
        hide(&shop);
        let (exit, report) = diff(&shop, &["old.json", "."]);
        assert_eq!(
            (exit, findings(&report), change(&report)),
            (code, vec![expected.to_owned()], Vec::new()),
            "{number}"
        );
        let message = report["findings"][0]["message"].as_str();
        if code == 1 {
            let says = "in old.json is out of sight, not gone";
            assert!(
                message.is_some_and(|text| text.contains(says)),
                "{message:?}"
            );
        }
    }
    // What is not there any more has gone.
    let shop = Repository::none();
    shop.write("a/x.yaml", SERVER);
    shop.write("b.yaml", QUEUE);
    save(&shop, "old.json", &["."]);
    shop.remove("a/x.yaml");
    let (exit, report) = diff(&shop, &["old.json", "."]);
    assert_eq!(
        (exit, change(&report)),
        (0, vec!["gone: Web in a/x.yaml compute/server".to_owned()])
    );
}

#[test]
fn what_the_new_report_could_not_read_has_not_gone() {
    let shop = Repository::none();
    for name in ["a/x.yaml", "c/y.yaml", "d.yaml"] {
        shop.write(name, SERVER);
    }
    shop.write("b.yaml", QUEUE);
    save(&shop, "old.json", &["."]);
    shop.write("sfl.toml", "exclude = [\"a/**\"]\n");
    shop.write(".ignore", "c/\n");
    shop.write(
        "d.yaml",
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n  T: [\n",
    );
    save(&shop, "new.json", &["."]);
    let (exit, report) = diff(&shop, &["old.json", "new.json"]);
    assert_eq!(exit, 2);
    assert_eq!(
        findings(&report),
        [
            "template/hidden - in a/x.yaml",
            "template/hidden - in c/y.yaml",
            "source/yaml - in d.yaml"
        ]
    );
    assert_eq!(change(&report), NONE);
    // What only --exclude left out was not to be compared.
    shop.remove("sfl.toml");
    shop.remove(".ignore");
    shop.write("d.yaml", SERVER);
    save(&shop, "new.json", &[".", "--exclude", "a/**"]);
    let (exit, report) = diff(&shop, &["old.json", "new.json"]);
    assert_eq!(
        (exit, findings(&report), change(&report)),
        (0, Vec::new(), Vec::new())
    );
    assert!(
        reserves(&report)
            .contains("1 template of old.json is not compared: --exclude leaves it out"),
        "{report}"
    );
    // A report doesn't name what nothing tells from other files.
    shop.write("d.yaml", "Resources: [\n");
    save(&shop, "new.json", &["."]);
    let (_, report) = diff(&shop, &["old.json", "new.json"]);
    let said = reserves(&report);
    assert!(
        said.contains("new.json has no d.yaml, and skipped "),
        "{said}"
    );
}

#[test]
fn what_the_call_leaves_out_is_not_compared() {
    let shop = Repository::none();
    shop.write("a/x.yaml", SERVER);
    shop.write("b.yaml", CLUSTER);
    save(&shop, "old.json", &["."]);
    for other in [".", "old.json"] {
        let (exit, report) = diff(&shop, &["old.json", other, "--exclude", "a/**"]);
        assert_eq!(
            (exit, findings(&report), change(&report)),
            (0, Vec::new(), Vec::new()),
            "{other}"
        );
        let said = reserves(&report);
        let note = "1 template of old.json is not compared: --exclude leaves it out";
        assert_eq!(said.matches(note).count(), 1, "{other}: {said}");
        assert_eq!(report["summary"]["decisions"], 1, "{other}");
    }
    // And what is said to stand elsewhere.
    let (_, report) = diff(&shop, &["old.json", "a"]);
    assert_eq!(
        reserves(&report),
        "note: 1 template of old.json outside of a is not compared"
    );
}

#[test]
fn folders_of_two_names_are_compared_below_each() {
    let shop = Repository::none();
    shop.write("v1/a/x.yaml", SERVER);
    shop.write("v1/a/z.yaml", QUEUE);
    shop.write("v2/a/x.yaml", SERVER);
    shop.write("v2/b.yaml", CLUSTER);
    save(&shop, "old.json", &["v1"]);
    save(&shop, "new.json", &["v2"]);
    for other in ["v2", "new.json"] {
        let (exit, report) = diff(&shop, &["old.json", other]);
        assert_eq!(
            (exit, findings(&report)),
            (1, vec!["relational/cluster Db in v2/b.yaml".to_owned()]),
            "{other}"
        );
        assert_eq!(
            change(&report),
            [
                "added: Db in v2/b.yaml relational/cluster",
                "gone: Orders in v1/a/z.yaml messaging/serverless"
            ],
            "{other}"
        );
        let said = reserves(&report);
        assert!(said.contains("are compared with those below v2"), "{said}");
        assert!(said.contains("none of the name of v1/a/z.yaml"), "{said}");
    }
    // The worst of all is never lost.
    shop.write("v2/a/x.yaml", "Resources: [\n");
    let (exit, report) = diff(&shop, &["old.json", "v2"]);
    assert_eq!(exit, 2, "{report}");
    assert!(
        !change(&report).iter().any(|one| one.contains("x.yaml")),
        "{report}"
    );
    // Nothing of the same name: by what they hold.
    shop.write("other.yaml", SERVER);
    let (exit, report) = diff(&shop, &["old.json", "other.yaml"]);
    assert_eq!((exit, findings(&report)), (0, Vec::new()));
    assert!(reserves(&report).contains("by what they hold"), "{report}");
}

#[test]
fn a_fallback_that_was_not_shown_is_not_new() {
    let shop = Repository::none();
    shop.write("a.yaml", SERVER);
    save(&shop, "old.json", &["a.yaml", "--ignore", "compute"]);
    let (exit, report) = diff(&shop, &["old.json", "a.yaml"]);
    assert_eq!((exit, findings(&report)), (0, Vec::new()));
    let said = reserves(&report);
    assert!(said.contains("old.json does not show 1 finding: fallbacks and services that end are compared all the same"), "{said}");
    assert!(
        !said.contains("those that are shown now count as new"),
        "{said}"
    );
}

#[test]
fn a_change_names_the_worst_first_in_one_grammar() {
    let shop = Repository::none();
    shop.write("a.yaml", QUEUE);
    save(&shop, "old.json", &["."]);
    let server = |name: &str| {
        format!(
            "  {name}:\n    Type: AWS::EC2::Instance\n    Properties: {{ ImageId: ami-{name} }}\n"
        )
    };
    shop.write("b.yaml", &format!("Resources:\n{}", server("A")));
    let (_, report) = diff(&shop, &["old.json", "."]);
    assert!(
        sentence(&report).contains("adds 1 EC2 instance,"),
        "{report}"
    );
    let group = "  G:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    Properties: { MinSize: 1, MaxSize: 2, LaunchConfigurationName: l }\n";
    let text = format!("Resources:\n{}{}{group}", server("A"), server("B"));
    shop.write("b.yaml", &text);
    let (_, report) = diff(&shop, &["old.json", "."]);
    assert!(
        sentence(&report).contains("adds 1 Auto Scaling group and 2 EC2 instances,"),
        "{}",
        sentence(&report)
    );
}

#[test]
fn where_nothing_was_read_nothing_is_gone() {
    let shop = Repository::new(&[("cfn/a.yaml", SERVER), ("notes/a.txt", "hello\n")]);
    save(&shop, "old.json", &["cfn"]);
    save(&shop, "none.json", &["notes"]);
    shop.write("empty.yaml", "");
    for (new, says) in [
        (
            &["nosuch.json"][..],
            "nosuch.json: there is no such file; nothing was read",
        ),
        (
            &["empty.yaml"],
            "empty.yaml: the file is empty; nothing was read",
        ),
        (&["-"], "<stdin>: standard input is empty; nothing was read"),
        (&["notes"], "notes holds no template; nothing was read"),
        (
            &["none.json"],
            "none.json holds no template; nothing was read",
        ),
        (
            &["notes", "nosuch"],
            "nosuch: there is no such file; nothing was read",
        ),
        (
            &["old.json", "old.json"],
            "old.json is a saved report, and two are compared at a time",
        ),
        (&["cfn", "old.json"], "`sfl merge` makes one of many"),
    ] {
        let (code, out, error) = shop.said(&[&["diff", "old.json"], new].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{new:?}: {error}");
        assert!(error.contains(says), "{new:?}: {error}");
        assert_eq!(error.lines().count(), 1, "{new:?}: {error}");
    }
    // What has a part that can't be read says nothing of that part.
    shop.write("x/b.yaml", QUEUE);
    save(&shop, "both.json", &["cfn", "x"]);
    shop.remove("x/b.yaml");
    std::fs::remove_dir(shop.path().join("x")).expect("it is empty");
    let (code, report) = diff(&shop, &["both.json", "cfn", "x"]);
    assert_eq!((code, change(&report)), (2, Vec::new()));
    // Where something was read, what is missing has gone.
    let (code, report) = diff(&shop, &["both.json", "."]);
    assert_eq!(
        (code, change(&report)),
        (
            0,
            vec!["gone: Orders in x/b.yaml messaging/serverless".to_owned()]
        )
    );
    // Nothing before and nothing now is no mistake.
    assert_eq!(shop.said(&["diff", "none.json", "notes"]).0, 0);
}

/// What moves `a/x.yaml`, where it is found, and what is said of it.
type Moving = (fn(&Repository), &'static str, &'static str);

#[test]
fn what_moved_to_where_nobody_looks_has_not_gone() {
    let cases: [Moving; 5] = [
        (
            |shop| {
                std::fs::create_dir(shop.path().join(".h")).expect("it can be made");
                let to = shop.path().join(".h/x.yaml");
                std::fs::rename(shop.path().join("a/x.yaml"), to).expect("it can be moved");
            },
            ".h/x.yaml",
            "nothing is looked for in .h, where this template is now: its decision in old.json is out of sight, not gone",
        ),
        (
            |shop| {
                let to = shop.path().join("a.md");
                std::fs::rename(shop.path().join("a/x.yaml"), to).expect("it can be moved");
            },
            "a.md",
            "a/x.yaml is called a.md now, as no template is: its decision in old.json is out of sight, not gone",
        ),
        (
            |shop| {
                std::fs::remove_file(shop.path().join("a/x.yaml")).expect("it is there");
                shop.write(
                    "deep/kept/other.yaml",
                    &format!("{SERVER}      Monitoring: true\n"),
                );
                shop.write(".ignore", "deep/\n");
            },
            "deep/kept/other.yaml",
            ".ignore:1 hides this template now: its decision in old.json is out of sight, not gone",
        ),
        (
            |shop| {
                std::fs::create_dir(shop.path().join("n")).expect("it can be made");
                let to = shop.path().join("n/y.yaml");
                std::fs::rename(shop.path().join("a/x.yaml"), to).expect("it can be moved");
                shop.write("sfl.toml", "exclude = [\"n/**\"]\n");
            },
            "n/y.yaml",
            "sfl.toml excludes this template now: its decision in old.json is out of sight, not gone",
        ),
        (
            |shop| {
                shop.write("node_modules/m/b.yaml", &shop.read("a/x.yaml"));
                shop.remove("a/x.yaml");
            },
            "node_modules/m/b.yaml",
            "nothing is looked for in node_modules, where this template is now: its decision in old.json is out of sight, not gone",
        ),
    ];
    for (hide, path, message) in cases {
        let shop = Repository::none();
        shop.write("a/x.yaml", SERVER);
        shop.write("b.yaml", QUEUE);
        save(&shop, "old.json", &["."]);
        hide(&shop);
        let (exit, report) = diff(&shop, &["old.json", "."]);
        let expected = vec![format!("template/hidden - in {path}")];
        assert_eq!(
            (exit, findings(&report), change(&report)),
            (1, expected, Vec::new())
        );
        assert_eq!(report["findings"][0]["message"], message);
    }
    // A block without settings is known by its name and type.
    let shop = Repository::none();
    shop.write("q.yaml", QUEUE);
    save(&shop, "old.json", &["."]);
    std::fs::create_dir(shop.path().join(".h")).expect("it can be made");
    for to in [".h/q.yaml", "q.md"] {
        let from = if to == "q.md" { ".h/q.yaml" } else { "q.yaml" };
        std::fs::rename(shop.path().join(from), shop.path().join(to)).expect("it can be moved");
        let (exit, report) = diff(&shop, &["old.json", "."]);
        let expected = vec![format!("template/hidden - in {to}")];
        assert_eq!((exit, findings(&report)), (1, expected));
    }
    // What is in sight under another name has moved, whatever else looks like it.
    let shop = Repository::none();
    shop.write("a/x.yaml", SERVER);
    shop.write(".h/x.yaml", SERVER);
    shop.write("b.yaml", QUEUE);
    save(&shop, "old.json", &["."]);
    shop.write("c/x.yaml", SERVER);
    shop.remove("a/x.yaml");
    let (exit, report) = diff(&shop, &["old.json", "."]);
    assert_eq!((exit, findings(&report)), (0, Vec::new()));
    // And another template of the same names is another one.
    let shop = Repository::none();
    shop.write("a/x.yaml", SERVER);
    shop.write(
        ".h/x.yaml",
        &SERVER
            .replace("ami-1", "ami-2")
            .replace("m7g", "m5")
            .replace("subnet-1", "b"),
    );
    shop.write("b.yaml", QUEUE);
    save(&shop, "old.json", &["."]);
    shop.remove("a/x.yaml");
    let (exit, report) = diff(&shop, &["old.json", "."]);
    assert_eq!((exit, change(&report).len()), (0, 1), "{report}");
}

#[test]
fn each_folder_is_named_once() {
    let shop = Repository::none();
    shop.write("a/x.yaml", SERVER);
    shop.write("b/y.yaml", QUEUE);
    save(&shop, "old.json", &["."]);
    let (_, out, error) = shop.said(&["diff", "old.json", "a", "b/../a"]);
    let said = format!("{out}{error}");
    assert!(
        said.contains("note: 1 template of old.json outside of a is not compared"),
        "{said}"
    );
}

#[test]
fn a_fault_ends_without_a_blank_line() {
    let shop = Repository::none();
    shop.write("a/x.yaml", SERVER);
    for call in [["--config", "nope.toml"], ["--parameter", "X"]] {
        let (code, _, error) = shop.said(&[&["check"][..], &call].concat());
        assert_eq!(code, 2);
        assert!(
            error.ends_with('\n') && !error.ends_with("\n\n"),
            "{error:?}"
        );
    }
}
