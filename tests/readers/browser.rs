//! The HTML report in a real browser: Chromium, driven by the scripts in `tests/readers/browser/`. What drives it is installed below
//! `target/` by npm, from the lock file there.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::repository::{Repository, alone};
use crate::tools::{chromium, missing};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const SFL: &str = env!("CARGO_BIN_EXE_sfl");

/// A service that may be anything, one that may not exist, and reasons with an owner and evidence.
const MORE: &str = "\
Parameters:
  Kind: { Type: String, AllowedValues: [FARGATE, EC2] }
  Stage: { Type: String, Default: test }
Conditions:
  IsLive: !Equals [!Ref Stage, live]
Resources:
  Unsure:
    Type: AWS::ECS::Service
    Properties: { LaunchType: !Ref Kind, DesiredCount: 2 }
  Perhaps:
    Type: AWS::EC2::Instance
    Condition: IsLive
    Properties: { ImageId: ami-1, InstanceType: m7g.large }
  Licensed:
    Type: AWS::EC2::Instance
    Metadata:
      sfl:
        because: licence
        reason: the licence is bound to the sockets of this host
        owner: team-billing
        expires: 2027-03-31
        evidence: https://example.com/licence?a=1&b=2
    Properties: { ImageId: ami-1, InstanceType: m7g.large }
  Noted:
    Type: AWS::EC2::Instance
    Metadata:
      sfl:
        because: licence
        reason: the licence is bound to the sockets of another host
        owner: \"*\"
        evidence: more.yaml
    Properties: { ImageId: ami-1, InstanceType: m7g.large }
  Odd:
    Type: AWS::New::Thing
";

/// Words that try to become elements, scripts or links, wherever a template can say something.
const HOSTILE: &str = r#"{
  "Resources": {
    "</script><script>alert(1)</script>": { "Type": "AWS::EC2::Instance", "Properties": { "ImageId": "ami-1" } },
    "\"><img src=x onerror=alert(2)>": { "Type": "AWS::EC2::Instance", "Properties": { "ImageId": "ami-1" } },
    "<!--<script>": { "Type": "AWS::EC2::Instance", "Properties": { "ImageId": "ami-1" } },
    "\u202eevil\u2066 '\"`": { "Type": "AWS::EC2::Instance", "Properties": { "ImageId": "ami-1" } },
    "{{constructor}}${alert(3)}": {
      "Type": "AWS::EC2::Instance",
      "Metadata": { "sfl": {
        "because": "licence",
        "reason": "<b onclick=alert(4)>the licence</b> is bound to the sockets of this host",
        "owner": "</option><script>alert(5)</script>",
        "evidence": "https://example.com/\"><script>alert(6)</script>"
      } },
      "Properties": { "ImageId": "ami-1" }
    },
    "Evidence": {
      "Type": "AWS::EC2::Instance",
      "Metadata": { "sfl": {
        "because": "licence",
        "reason": "the licence is bound to the sockets of this host",
        "evidence": "javascript:alert(7)"
      } },
      "Properties": { "ImageId": "ami-1" }
    },
    "Unknown": { "Type": "AWS::New::<svg onload=alert(8)>" }
  }
}"#;

/// What somebody who leads a platform has: a purpose, streams, targets, owners, reasons that end, and a service that has ended.
const ESTATE: [(&str, &str); 5] = [
    (
        "sfl.toml",
        r#"
[purpose]
north-star = "customers order and pay"
[[purpose.stream]]
name = "checkout"
owner = "team-checkout"
paths = ["services/checkout/**"]
[[purpose.target]]
score = 80
by = 2027-06-30
[[purpose.target]]
ladder = "compute"
score = 90
by = 2026-03-31
"#,
    ),
    (
        "services/checkout/shop.yaml",
        r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::Serverless::HttpApi }
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.13
      Environment: { Variables: { TABLE: !Ref Orders, HOST: !GetAtt Legacy.PrivateIp } }
      Events: { Api: { Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /, Method: POST } } }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { BillingMode: PAY_PER_REQUEST, KeySchema: [], AttributeDefinitions: [] }
  Legacy:
    Type: AWS::EC2::Instance
    Properties: { ImageId: ami-1, InstanceType: m7g.large }
"#,
    ),
    (
        "services/search/index.yaml",
        r#"
Resources:
  Search:
    Type: AWS::EC2::Instance
    Metadata:
      sfl:
        because: licence
        reason: the licence is bound to the sockets of this host
        owner: team-search
        expires: 2027-03-31
    Properties: { ImageId: ami-1, InstanceType: m7g.large }
"#,
    ),
    (
        "services/search/feed.yaml",
        "Resources:\n  Feed: { Type: AWS::SQS::Queue }\n",
    ),
    (
        "infra/old.yaml",
        "Resources:\n  Chef: { Type: AWS::OpsWorks::Instance, Properties: { InstanceType: m4.large, LayerIds: [], StackId: a } }\n",
    ),
];

/// Names that a spreadsheet takes for formulas.
const FORMULAS: &str = r#"{
  "Resources": {
    "=cmd|x": { "Type": "AWS::EC2::Instance", "Properties": { "ImageId": "ami-1" } },
    "Queue": { "Type": "AWS::SQS::Queue" }
  }
}"#;

/// One file a hundred decisions: queues, tables, clusters and servers in turn.
fn many(folder: &Path) {
    for file in 0..300 {
        let mut text = "Resources:\n".to_owned();
        for at in 0..100 {
            let kind = match at % 4 {
                0 => "AWS::SQS::Queue",
                1 => "AWS::DynamoDB::Table",
                2 => "AWS::RDS::DBInstance",
                _ => "AWS::EC2::Instance",
            };
            let _ = writeln!(
                text,
                "  R{file}x{at}:\n    Type: {kind}\n    Properties: {{}}"
            );
        }
        fs::write(folder.join(format!("{file}.yaml")), text).expect("it can be written");
    }
}

fn page(folder: &Path, arguments: &[&str], file: &Path) {
    let output = alone(SFL, folder)
        .args(["check", "--exit-zero", "--today", "2026-06-01", "--output"])
        .arg(format!("html={}", file.display()))
        .args(["--format", "json"])
        .args(arguments)
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// Makes every page that the scripts look at.
fn pages(folder: &Path) {
    let shop = tempfile::tempdir().expect("a temporary folder");
    fs::write(shop.path().join("more.yaml"), MORE).expect("it can be written");
    let fixtures = format!("{ROOT}/fixtures");
    for entry in walkdir::WalkDir::new(&fixtures) {
        let entry = entry.expect("fixtures/ is readable");
        let inside = entry.path().strip_prefix(&fixtures).expect("it is inside");
        let to = shop.path().join(inside);
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("it can be made");
        } else {
            fs::copy(entry.path(), to).expect("it can be copied");
        }
    }
    page(shop.path(), &[], &folder.join("shop.html"));

    let hostile = tempfile::tempdir().expect("a temporary folder");
    let name = "a'b&<i>.json";
    fs::write(hostile.path().join(name), HOSTILE).expect("it can be written");
    page(hostile.path(), &[], &folder.join("hostile.html"));

    let great = tempfile::tempdir().expect("a temporary folder");
    many(great.path());
    page(great.path(), &[], &folder.join("many.html"));

    let estate = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in ESTATE {
        let path = estate.path().join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
    page(estate.path(), &[], &folder.join("estate.html"));

    let formulas = tempfile::tempdir().expect("a temporary folder");
    fs::write(formulas.path().join("a.json"), FORMULAS).expect("it can be written");
    page(formulas.path(), &[], &folder.join("formulas.html"));

    let changed = Repository::new(&[("a.yaml", MORE)]);
    changed.write(
        "a.yaml",
        &MORE.replace("LaunchType: !Ref Kind", "LaunchType: EC2"),
    );
    changed.write(
        "b.yaml",
        "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n",
    );
    page(
        changed.path(),
        &["--since", "HEAD"],
        &folder.join("changed.html"),
    );

    let past = Repository::new(&[("a.yaml", MORE)]);
    past.write(
        "b.yaml",
        "Resources:\n  </svg><b>Orders:\n    Type: AWS::EC2::Instance\n",
    );
    past.commit("<b>Orders</b> on a server");
    page(past.path(), &["--trend"], &folder.join("past.html"));

    let empty = tempfile::tempdir().expect("a temporary folder");
    page(empty.path(), &[], &folder.join("empty.html"));
}

/// `tests/readers/browser/` below `target/`, with what its lock file names.
fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
    fs::create_dir_all(&folder).expect("target/ is writable");
    let lock = "package-lock.json";
    let from = Path::new(ROOT).join("tests/readers/browser");
    let fresh = fs::read(from.join(lock)).expect("the lock file is there");
    let same = fs::read(folder.join(lock)).is_ok_and(|old| old == fresh);
    let done = same && folder.join("node_modules/.package-lock.json").is_file();
    for file in [
        ".npmrc",
        "package.json",
        lock,
        "browser.mjs",
        "page.test.mjs",
        "lead.test.mjs",
        "map.test.mjs",
    ] {
        fs::copy(from.join(file), folder.join(file)).expect("target/ is writable");
    }
    if !done {
        let status = Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(&folder)
            .status()
            .expect("the page's tests need Node and npm (Debian's `npm`)");
        assert!(
            status.success(),
            "npm could not install what drives the browser"
        );
    }
    folder
}

#[test]
fn the_page_in_a_browser() {
    if missing!(CHROMIUM, NODE) {
        return;
    }
    let chrome = chromium().expect("it was found before");
    let folder = installed();
    let made = tempfile::tempdir().expect("a temporary folder");
    pages(made.path());
    let output = Command::new("node")
        .args(["--test", "--test-reporter=spec"])
        .args(["page.test.mjs", "lead.test.mjs", "map.test.mjs"])
        .current_dir(&folder)
        .env("CHROME", chrome)
        .env("PAGES", made.path())
        .output()
        .expect("the page's tests need Node");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "\n{said}");
    // A run without a test is none.
    assert!(
        said.contains("pass ") && !said.contains("tests 0"),
        "{said}"
    );
    let rows = fs::read_to_string(made.path().join("rows.json")).expect("a test saved them");
    let rows: serde_json::Value = serde_json::from_str(&rows).expect("it is JSON");
    let schema = include_str!("../../docs/sfl-rows-1.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).expect("it is JSON");
    let faults: Vec<String> = jsonschema::validator_for(&schema)
        .expect("it is a schema")
        .iter_errors(&rows)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}
