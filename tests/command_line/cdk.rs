//! Templates that the CDK writes: deployment machinery, constructs as names, and reasons that outlive the next synth.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::folder;

const WORDS: [&str; 4] = [
    "--because",
    "latency",
    "--reason",
    "the shop promises answers within a millisecond",
];

/// A stage of an app: a cache, a database below a construct, a custom resource behind the provider framework, and a product's function.
fn stage(stage: &str) -> String {
    format!(
        r#"{{"Resources": {{
  "Redis": {{"Type": "AWS::ElastiCache::CacheCluster", "Properties": {{"CacheNodeType": "cache.t4g.small", "Engine": "redis", "NumCacheNodes": 1}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/Redis"}}}},
  "Db5D02A0A9": {{"Type": "AWS::RDS::DBInstance", "Properties": {{"DBInstanceClass": "db.t4g.medium"}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/Db/Resource"}}}},
  "Front1A2B3C4D": {{"Type": "AWS::Lambda::Function", "Properties": {{"Role": "arn"}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/Front/Resource"}}}},
  "Seed11112222": {{"Type": "AWS::Lambda::Function", "Properties": {{"Role": "arn"}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/Seed/Resource"}}}},
  "SeedLog33334444": {{"Type": "AWS::Logs::LogGroup", "Properties": {{"LogGroupName": {{"Fn::Join": ["", ["/aws/lambda/", {{"Ref": "Seed11112222"}}]]}}}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/SeedLog/Resource"}}}},
  "Begin55556666": {{"Type": "AWS::Lambda::Function", "Properties": {{"Role": "arn", "Environment": {{"Variables": {{"USER_ON_EVENT_FUNCTION_ARN": {{"Fn::GetAtt": ["Seed11112222", "Arn"]}}}}}}}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/Provider/framework-onEvent/Resource"}}}},
  "Data": {{"Type": "Custom::Data", "Properties": {{"ServiceToken": {{"Fn::GetAtt": ["Begin55556666", "Arn"]}}}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/Data/Default"}}}},
  "CDKMetadata": {{"Type": "AWS::CDK::Metadata", "Properties": {{"Analytics": "v2"}}, "Metadata": {{"aws:cdk:path": "{stage}/Shop/CDKMetadata/Default"}}}}
}}}}
"#
    )
}

struct App(TempDir);

impl App {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(folder::repository(files))
    }

    fn staged() -> Self {
        Self::new(&[
            ("cdk.out/assembly-dev/devShop.template.json", &stage("dev")),
            (
                "cdk.out/assembly-prod/prodShop.template.json",
                &stage("prod"),
            ),
        ])
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("it is there")
    }

    fn run(&self, folder: &str, arguments: &[&str]) -> Output {
        folder::run(&self.path().join(folder), arguments)
    }

    fn said(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run("", arguments);
        let text = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!(output.status.code(), Some(code), "{text:?}");
        text.concat()
    }

    fn report(&self, arguments: &[&str]) -> Value {
        let all = [&["check", "--exit-zero", "--format", "json"], arguments].concat();
        serde_json::from_str(&self.said(&all, 0)).expect("it is JSON")
    }
}

fn justified(report: &Value) -> Vec<&str> {
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let with = decisions.filter(|decision| !decision["justification"].is_null());
    with.filter_map(|decision| decision["construct"].as_str())
        .collect()
}

#[test]
fn constructs_are_the_names_and_addresses_stay() {
    let app = App::staged();
    let report = app.report(&["cdk.out"]);
    let redis = &report["findings"][0];
    assert_eq!(redis["construct"], "dev/Shop/Redis");
    assert_eq!(redis["address"], "Redis");
    let message = redis["message"].as_str().expect("a text");
    assert!(
        message.starts_with("dev/Shop/Redis is a cache"),
        "{message}"
    );
    let help = redis["help"].as_str().expect("a text");
    assert!(
        help.contains("cfnResource.addMetadata(\"sfl\", {"),
        "{help}"
    );
    assert!(help.contains("address = \"dev/Shop/Redis\""), "{help}");
    assert!(!help.contains("\"Metadata\""), "{help}");
    let db = &report["decisions"][1];
    assert_eq!(
        (&db["address"], &db["construct"]),
        (&"Db5D02A0A9".into(), &"dev/Shop/Db".into())
    );
    for format in [
        "pretty", "concise", "markdown", "sarif", "github", "gitlab", "junit", "csv", "html",
    ] {
        let text = app.said(&["check", "--exit-zero", "--format", format, "cdk.out"], 0);
        let text = text.replace("&#x2F;", "/").replace("\\/", "/");
        assert!(text.contains("prod/Shop/Db"), "{format}: {text}");
    }
}

#[test]
fn machinery_is_counted_and_named() {
    let app = App::staged();
    let report = app.report(&["cdk.out/assembly-dev"]);
    assert_eq!(report["summary"]["machinery"], 2);
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let names: Vec<_> = decisions.map(|one| one["construct"].as_str()).collect();
    assert_eq!(
        names,
        [
            Some("dev/Shop/Redis"),
            Some("dev/Shop/Db"),
            Some("dev/Shop/Front")
        ]
    );
    let text = app.said(
        &["check", "--exit-zero", "--verbose", "cdk.out/assembly-dev"],
        0,
    );
    assert!(text.contains("left out 2 deployment helpers"), "{text}");
    assert!(
        text.contains("dev/Shop/Provider/framework-onEvent"),
        "{text}"
    );
    let text = app.said(&["explain", "dev/Shop/Seed", "cdk.out"], 0);
    assert!(
        text.contains("dev/Shop/Seed is deployment machinery: only custom resources"),
        "{text}"
    );
    let text = app.said(&["explain", "prod/Shop/Db/Resource", "cdk.out"], 0);
    assert!(
        text.contains("prod/Shop/Db is an RDS instance: rung 3 of 4"),
        "{text}"
    );
    app.said(&["explain", "prod/Shop/Gone", "cdk.out"], 2);
    let graph = app.said(&["graph", "--format", "json", "cdk.out/assembly-dev"], 0);
    let graph: Value = serde_json::from_str(&graph).expect("it is JSON");
    let resources = graph["resources"].as_array().expect("a list");
    let why = resources.iter().filter_map(|one| one["why"].as_str());
    let why: Vec<&str> = why.collect();
    assert_eq!(
        why,
        ["deployment machinery: only custom resources and lifecycle hooks use it"; 2]
    );
}

#[test]
fn a_reason_goes_into_the_ledger_and_outlives_a_synth() {
    let app = App::staged();
    let file = "cdk.out/assembly-prod/prodShop.template.json";
    let said = app.said(
        &[&["justify", "prod/Shop/Db", "cdk.out"], &WORDS[..]].concat(),
        0,
    );
    assert!(said.contains("the CDK writes"), "{said}");
    assert_eq!(app.read(file), stage("prod"));
    let ledger = app.read("sfl.toml");
    assert!(
        ledger.contains("path = \"cdk.out/**\"\naddress = \"prod/Shop/Db\"\n"),
        "{ledger}"
    );
    // The next synth writes another file.
    fs::remove_file(app.path().join(file)).expect("it was there");
    fs::write(
        app.path().join("cdk.out/prodOther.template.json"),
        stage("prod"),
    )
    .expect("a file");
    assert_eq!(justified(&app.report(&["cdk.out"])), ["prod/Shop/Db"]);
}

#[test]
fn from_within_the_folder_the_entry_is_the_same() {
    let app = App::staged();
    let words = [&["justify", "prod/Shop/Db/Resource"], &WORDS[..]].concat();
    assert_eq!(app.run("cdk.out", &words).status.code(), Some(0));
    let ledger = app.read("sfl.toml");
    assert!(
        ledger.contains("path = \"cdk.out/**\"\naddress = \"prod/Shop/Db\"\n"),
        "{ledger}"
    );
}

#[test]
fn stages_are_told_apart_and_justified_at_once() {
    let app = App::staged();
    let said = app.said(&[&["justify", "Redis", "cdk.out"], &WORDS[..]].concat(), 2);
    assert!(said.contains("take all with '*/Shop/Redis'"), "{said}");
    let said = app.said(
        &[&["justify", "*/Shop/Cache", "cdk.out"], &WORDS[..]].concat(),
        2,
    );
    assert!(
        said.contains("no fallback has an address that */Shop/Cache matches"),
        "{said}"
    );
    let said = app.said(
        &[&["justify", "*/Shop/Redis", "cdk.out", "--yes"], &WORDS[..]].concat(),
        0,
    );
    assert!(said.contains("*/Shop/Redis matches 2:"), "{said}");
    assert!(said.contains("dev/Shop/Redis"), "{said}");
    assert_eq!(app.read("sfl.toml").matches("[[justification]]").count(), 1);
    assert_eq!(
        justified(&app.report(&["cdk.out"])),
        ["dev/Shop/Redis", "prod/Shop/Redis"]
    );
}

#[test]
fn a_glob_without_a_slash_means_addresses() {
    let template = "Resources:\n  Host1:\n    Type: AWS::EC2::Instance\n  Host2:\n    Type: AWS::EC2::Instance\n  Other:\n    Type: AWS::EC2::Instance\n";
    let app = App::new(&[("infra/hosts.yaml", template)]);
    let glob = ["justify", "Host*", "--ledger", "--yes"];
    let said = app.said(&[&glob[..], &WORDS[..]].concat(), 0);
    assert!(said.contains("Host* matches 2:"), "{said}");
    assert!(
        app.read("sfl.toml")
            .contains("path = \"infra/hosts.yaml\"\naddress = \"Host*\"")
    );
    assert_eq!(app.read("infra/hosts.yaml"), template);
    let report = app.report(&[]);
    assert_eq!(report["summary"]["fallbacks"]["justified"], 2);
    // A stack of that name has nothing to do with it.
    let app = App::new(&[
        (
            "sfl.toml",
            "[[justification]]\naddress = \"prod*\"\nbecause = \"latency\"\nreason = \"the shop promises answers within a millisecond\"\n",
        ),
        ("cdk.out/prodShop.template.json", &stage("prod")),
    ]);
    assert!(justified(&app.report(&["cdk.out"])).is_empty());
}

#[test]
fn who_writes_by_hand_may_mention_a_construct() {
    let template = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata: {\"aws:cdk:path\": Old/Web/Resource}\n  Mail:\n    Type: AWS::EC2::Instance\n    Metadata: {note: \"was aws:cdk:path once\"}\n  Files:\n    Type: AWS::S3::Bucket\n";
    let app = App::new(&[("infra/web.yaml", template)]);
    app.said(&[&["justify", "Web"], &WORDS[..]].concat(), 0);
    assert!(app.read("infra/web.yaml").contains("latency"));
    assert!(!app.path().join("sfl.toml").exists());
    let help = app.report(&[])["findings"][0]["help"].to_string();
    assert!(help.contains("Metadata:"), "{help}");
}

#[test]
fn a_folder_that_git_has_nothing_of_is_said() {
    let app = App(TempDir::new().expect("a folder"));
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.current_dir(app.path()).args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
        ]);
        assert!(
            command
                .args(arguments)
                .output()
                .expect("git")
                .status
                .success()
        );
    };
    git(&["init", "-q"]);
    fs::write(app.path().join(".gitignore"), "cdk.out\n").expect("a file");
    git(&["add", "-A"]);
    git(&["commit", "-qm", "first"]);
    fs::create_dir(app.path().join("cdk.out")).expect("a folder");
    fs::write(
        app.path().join("cdk.out/prodShop.template.json"),
        stage("prod"),
    )
    .expect("a file");
    let said = app.said(&["check", "--exit-zero", "--since", "HEAD", "cdk.out"], 0);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("cdk.out is generated, and git has nothing of it at HEAD"),
        "{said}"
    );
    assert!(said.contains("`sfl diff old.json cdk.out`"), "{said}");
    assert!(said.contains("`sfl baseline cdk.out`"), "{said}");
}

#[test]
fn a_baseline_may_call_it_as_the_construct() {
    let baseline = "{\"schema\": \"sfl-baseline/1\", \"findings\": [{\"path\": \"cdk.out/prodShop.template.json\", \"address\": \"prod/Shop/Db\", \"code\": \"relational/cluster\", \"rung\": 3}]}";
    let app = App::new(&[
        ("sfl-baseline.json", baseline),
        ("cdk.out/prodShop.template.json", &stage("prod")),
    ]);
    let report = app.report(&["--baseline", "sfl-baseline.json", "cdk.out"]);
    let findings = report["findings"].as_array().expect("a list");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["construct"], "prod/Shop/Redis");
}
