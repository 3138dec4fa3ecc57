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
    shop.write("half.json", r#"{"schema":"sfl-report/1","summary":{}}"#);
    for (file, says) in [
        ("gone.json", "there is no such file"),
        ("a.yaml", "expected value"),
        ("map.json", "its schema is `sfl-map/1`"),
        ("half.json", "missing field `decisions`"),
        ("since.json", "save a report without `--since`"),
    ] {
        let (code, out, error) = shop.said(&["diff", file, "a.yaml"]);
        assert_eq!((code, out.as_str()), (2, ""), "{file}");
        assert!(error.contains(says), "{file}: {error}");
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
