//! `sfl justify` for many at once: a glob, a code, an owner; each reason where it belongs, all of a file or nothing of it.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::folder::{self, err, out, run};

const HOSTS: &str = "Resources:\n  Host1:\n    Type: AWS::EC2::Instance\n  Host2: # the second\n    Type: AWS::EC2::Instance\n    Properties: { ImageId: ami-1 }\n  Other:\n    Type: AWS::EC2::Instance\n";
const JSON: &str = "{\n  \"Resources\": {\n    \"Host3\": {\n      \"Type\": \"AWS::EC2::Instance\"\n    },\n    \"Files\": { \"Type\": \"AWS::S3::Bucket\" }\n  }\n}\n";
const TERRAFORM: &str = "resource \"aws_instance\" \"host\" {\n  ami = \"ami-1\"\n}\n\nresource \"aws_db_instance\" \"db\" {\n  engine = \"oracle-ee\"\n}\n";
const TERRAFORM_JSON: &str = "{\n  \"resource\": {\n    \"aws_instance\": {\n      \"host_too\": {\n        \"ami\": \"ami-1\"\n      }\n    }\n  }\n}\n";
const REASON: &str = "the engine is licensed per core of its host";
const WORDS: [&str; 4] = ["--because", "licence", "--reason", REASON];

fn estate() -> TempDir {
    folder::repository(&[
        ("infra/hosts.yaml", HOSTS),
        ("infra/more.json", JSON),
        ("tf/main.tf", TERRAFORM),
        ("tfjson/main.tf.json", TERRAFORM_JSON),
    ])
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("it is there")
}

/// Exit code and what is said.
fn justify(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let all = [&["justify"], arguments, &WORDS[..]].concat();
    let output = run(folder, &all);
    (output.status.code(), err(&output))
}

/// Names of those that have a reason, and of those that need one.
fn standing(folder: &Path) -> (Vec<String>, Vec<String>) {
    let output = run(folder, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let names = |list: &Value, keep: &dyn Fn(&Value) -> bool| {
        let all = list.as_array().expect("a list").iter();
        let all = all.filter(|one| keep(one));
        let mut all: Vec<String> = all
            .map(|one| one["address"].as_str().expect("an address").to_owned())
            .collect();
        all.sort();
        all
    };
    let explained = names(&report["decisions"], &|one| !one["justification"].is_null());
    (explained, names(&report["findings"], &|_| true))
}

#[test]
fn each_reason_goes_where_it_belongs() {
    let estate = estate();
    let (code, said) = justify(estate.path(), &["*ost*", "--owner", "team-a", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    for line in [
        "5 fallbacks in 4 files:\n  infra/hosts.yaml\n    3 Host1\n    5 Host2\n  infra/more.json\n    4 Host3\n",
        "infra/hosts.yaml: the reason for 2 fallbacks is written down\n",
        "tfjson/main.tf.json: the reason for 1 fallback is written down\n",
    ] {
        assert!(said.contains(line), "{line}{said}");
    }
    let (explained, open) = standing(estate.path());
    assert_eq!(
        explained,
        [
            "Host1",
            "Host2",
            "Host3",
            "aws_instance.host",
            "aws_instance.host_too"
        ]
    );
    assert_eq!(open, ["Other", "aws_db_instance.db"]);
    let hosts = read(&estate, "infra/hosts.yaml");
    assert_eq!(hosts.matches(REASON).count(), 2, "{hosts}");
    assert!(hosts.contains("  Host2: # the second\n"), "{hosts}");
    assert!(read(&estate, "infra/more.json").contains("\"because\": \"licence\""));
    assert!(read(&estate, "tf/main.tf").contains("# sfl: because=licence"));
    assert!(read(&estate, "tfjson/main.tf.json").contains("\"//\""));
    assert!(!estate.path().join("sfl.toml").exists());
    // What has a reason is not open any more.
    let (code, said) = justify(estate.path(), &["--code", "compute", "tf", "--yes"]);
    assert_eq!(code, Some(0));
    assert!(
        said.contains("the one fallback that fits has a reason already: nothing to write"),
        "{said}"
    );
}

#[test]
fn nothing_is_written_that_nobody_agreed_to() {
    let estate = estate();
    let (code, said) = justify(estate.path(), &["Host*"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("3 fallbacks in 2 files:")
            && said.contains(
                "--yes is needed to write one reason for 3 fallbacks where there is no terminal"
            ),
        "{said}"
    );
    for flag in ["--diff", "--dry-run"] {
        let all = [&["justify", "Host*", flag], &WORDS[..]].concat();
        let output = run(estate.path(), &all);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let diff = out(&output);
        assert_eq!(
            diff.matches("\n+        because: licence\n").count(),
            2,
            "{diff}"
        );
        assert!(diff.contains("+++ b/infra/more.json"), "{diff}");
    }
    assert_eq!(read(&estate, "infra/hosts.yaml"), HOSTS);
    assert_eq!(standing(estate.path()).0, [""; 0]);
    // One is one, and asks for nothing more.
    let (code, said) = justify(estate.path(), &["Host3*"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, _) = justify(estate.path(), &["Host*", "--code", "computer", "--yes"]);
    assert_eq!(code, Some(2));
}

#[test]
fn codes_and_owners_choose() {
    let estate = estate();
    fs::write(
        estate.path().join("CODEOWNERS"),
        "infra/ @shop/infra\ntf/ @shop/data @shop/ops\n",
    )
    .expect("it can be written");
    let (code, said) = justify(estate.path(), &["--code", "relational", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(standing(estate.path()).0, ["aws_db_instance.db"]);
    let (code, said) = justify(estate.path(), &["--owned-by", "@shop/ops", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = justify(estate.path(), &["--owned-by", "nobody", "--yes"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        standing(estate.path()).0,
        [
            "aws_db_instance.db",
            "aws_instance.host",
            "aws_instance.host_too"
        ]
    );
    let (code, said) = justify(
        estate.path(),
        &[
            "Host*",
            "infra",
            "--code",
            "compute/server",
            "--owned-by",
            "@shop/infra",
            "--yes",
        ],
    );
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(standing(estate.path()).1, ["Other"]);
    let (code, said) = justify(estate.path(), &["--owned-by", "@shop/infa", "--yes"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("no open fallback of @shop/infa is here (owners here: @shop/data, @shop/infra, @shop/ops)"),
        "{said}"
    );
    let (code, said) = justify(estate.path(), &["--code", "computer", "--yes"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("--code: `computer` names no finding; did you mean `compute`?"),
        "{said}"
    );
}

#[test]
fn what_cannot_carry_a_reason_leaves_its_whole_file_as_it_was() {
    let shared = "Resources:\n  Host1: &host\n    Type: AWS::EC2::Instance\n  Host2: *host\n  Host3:\n    Type: AWS::EC2::Instance\n";
    let estate = folder::repository(&[("shared.yaml", shared), ("hosts.yaml", HOSTS)]);
    let (code, said) = justify(estate.path(), &["Host*", "--yes"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("nothing is written into that file"), "{said}");
    assert!(
        said.contains("hosts.yaml: the reason for 2 fallbacks is written down"),
        "{said}"
    );
    assert_eq!(read(&estate, "shared.yaml"), shared);
    assert_eq!(standing(estate.path()).0, ["Host1", "Host2"]);
    // What speaks against it is no reason for the one, and so for none of its file.
    let burst = "Resources:\n  Host1:\n    Type: AWS::EC2::Instance\n    Properties: { InstanceType: t3.micro }\n  Host2:\n    Type: AWS::EC2::Instance\n    Properties: { InstanceType: p4d.24xlarge }\n";
    let estate = folder::repository(&[("a.yaml", burst)]);
    let all = [
        "justify",
        "Host*",
        "--yes",
        "--because",
        "hardware",
        "--reason",
        "the models are trained on cards of its own",
    ];
    let output = run(estate.path(), &all);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        err(&output).contains("justification/contradicted"),
        "{}",
        err(&output)
    );
    assert_eq!(read(&estate, "a.yaml"), burst);
}

#[test]
fn the_ledger_takes_what_nothing_else_can() {
    let stage = |name: &str| {
        format!(
            "{{\"Resources\":{{\"Db5D02A0A9\":{{\"Type\":\"AWS::RDS::DBInstance\",\"Metadata\":{{\"aws:cdk:path\":\"{name}/Shop/Db/Resource\"}}}}}}}}"
        )
    };
    let estate = folder::repository(&[
        ("cdk.out/manifest.json", "{\"version\":\"36.0.0\"}"),
        ("cdk.out/a.template.json", &stage("dev")),
        ("cdk.out/b.template.json", &stage("prod")),
        (
            "infra/db.yaml",
            "Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n",
        ),
    ]);
    let (code, said) = justify(
        estate.path(),
        &["--code", "relational/cluster", "--yes", ".", "cdk.out"],
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("sfl.toml (the ledger)\n"), "{said}");
    let ledger = read(&estate, "sfl.toml");
    assert_eq!(ledger.matches("[[justification]]").count(), 2, "{ledger}");
    assert!(
        ledger.contains("address = \"dev/Shop/Db\"")
            && ledger.contains("address = \"prod/Shop/Db\""),
        "{ledger}"
    );
    assert!(read(&estate, "infra/db.yaml").contains("because: licence"));
    assert_eq!(read(&estate, "cdk.out/a.template.json"), stage("dev"));
    assert_eq!(standing(estate.path()).1, [""; 0]);
}

#[test]
fn what_has_a_reason_keeps_it() {
    let own = "    Metadata:\n      sfl: { because: licence, reason: \"licensed for the first host alone\" }\n";
    let hosts = HOSTS.replacen(
        "    Type: AWS::EC2::Instance\n",
        &format!("    Type: AWS::EC2::Instance\n{own}"),
        1,
    );
    for flags in [
        &["Host*"][..],
        &["Host*", "--ledger"],
        &["--code", "compute"],
        &["--code", "compute", "--ledger"],
    ] {
        let estate = folder::repository(&[("hosts.yaml", &hosts)]);
        let (code, said) = justify(estate.path(), &[flags, &["--yes"]].concat());
        assert_eq!(code, Some(0), "{flags:?}: {said}");
        assert!(
            said.contains("1 has a reason already, and keeps it"),
            "{flags:?}: {said}"
        );
        assert!(read(&estate, "hosts.yaml").contains(own), "{flags:?}");
        let (explained, open) = standing(estate.path());
        assert!(
            explained.contains(&"Host2".to_owned()),
            "{flags:?}: {explained:?}"
        );
        assert!(
            !open.iter().any(|name| name.starts_with("Host")),
            "{flags:?}: {open:?}"
        );
        // Once more: nothing is left, and nothing is wrong.
        let before = read(&estate, "hosts.yaml");
        let (code, said) = justify(estate.path(), &[flags, &["--yes"]].concat());
        assert_eq!(code, Some(0), "{flags:?}: {said}");
        assert!(
            said.contains("have a reason already: nothing to write"),
            "{flags:?}: {said}"
        );
        assert_eq!(read(&estate, "hosts.yaml"), before);
    }
}

#[test]
fn what_has_a_reason_is_named_and_taken_in_where_that_is_meant() {
    let estate = folder::repository(&[("hosts.yaml", HOSTS)]);
    for flags in [&["Host1", "--ledger"][..], &["Host2"]] {
        let (code, said) = justify(estate.path(), flags);
        assert_eq!(code, Some(0), "{said}");
    }
    let new = "moves to Fargate with the release of the autumn";
    let again = |flags: &[&str]| {
        let words = ["--because", "latency", "--reason", new, "--yes"];
        let output = run(estate.path(), &[&["justify"], flags, &words[..]].concat());
        (output.status.code(), err(&output))
    };
    let (before, ledger) = (read(&estate, "hosts.yaml"), read(&estate, "sfl.toml"));
    let (code, said) = again(&["--code", "compute"]);
    assert_eq!(code, Some(0), "{said}");
    for line in [
        "2 have a reason already, and keep it\n",
        "    hosts.yaml:3 Host1, licence in sfl.toml:1\n",
        "    hosts.yaml:5 Host2, licence in hosts.yaml:8\n",
        "hosts.yaml: the reason for 1 fallback is written down\n",
    ] {
        assert!(said.contains(line), "{line}{said}");
    }
    assert!(
        read(&estate, "hosts.yaml").starts_with(before.split("  Other").next().expect("a start"))
    );
    assert_eq!(read(&estate, "sfl.toml"), ledger);
    // Each where its old one stands.
    for flags in [
        &["--code", "compute", "--replace"][..],
        &["*o*", "--replace"],
    ] {
        let (code, said) = again(flags);
        assert_eq!(code, Some(0), "{said}");
        assert!(!said.contains("keep"), "{said}");
        let (template, ledger) = (read(&estate, "hosts.yaml"), read(&estate, "sfl.toml"));
        assert_eq!(template.matches(new).count(), 2, "{template}");
        assert_eq!(ledger.matches(new).count(), 1, "{ledger}");
        assert!(!template.contains(REASON) && !ledger.contains(REASON));
        assert_eq!(standing(estate.path()).1, [""; 0]);
    }
}

#[test]
fn an_entry_for_all_that_a_glob_matches_is_written_over_as_one() {
    let estate = folder::repository(&[("hosts.yaml", HOSTS)]);
    let glob = ["Host*", "--ledger", "--yes"];
    assert_eq!(justify(estate.path(), &glob).0, Some(0));
    let ledger = read(&estate, "sfl.toml");
    let words = [
        "--because",
        "latency",
        "--reason",
        "the exchange is a millisecond away",
    ];
    let again = |flags: &[&str]| {
        let output = run(
            estate.path(),
            &[&["justify"], &glob[..], flags, &words].concat(),
        );
        (output.status.code(), err(&output))
    };
    let (code, said) = again(&[]);
    assert!(
        code == Some(0) && said.contains("--replace writes over them"),
        "{said}"
    );
    assert_eq!(read(&estate, "sfl.toml"), ledger);
    let (code, said) = again(&["--replace"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        read(&estate, "sfl.toml"),
        ledger
            .replace(REASON, words[3])
            .replace("licence", "latency")
    );
}
