//! `sfl justifications`: whose the reasons are, where they are for, and when they end.

use std::fs;

use serde_json::Value;

use crate::folder::{self, err, out, run};

const DB: &str = "Resources:\n  MainDB:\n    Type: AWS::RDS::DBInstance\n";

fn ledger() -> tempfile::TempDir {
    let files: Vec<(String, String)> = (1..=5)
        .map(|number| (format!("infra/{number}/db.yaml"), DB.to_owned()))
        .collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let web = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: { because: licence, reason: \"the engine is licensed per core of its host\", owner: team-b, expires: 2027-01-31 }\n";
    let own = "[[justification]]\npath = \"infra/**\"\naddress = \"MainDB\"\nbecause = \"data-gravity\"\nreason = \"the reports of the house join all of its tables\"\nexpires = 2026-12-31\n";
    files.extend([
        ("web.yaml", web),
        ("sfl.toml", own),
        ("CODEOWNERS", "infra/ @shop/data\ninfra/1/ @shop/one\n"),
    ]);
    folder::repository(&files)
}

const TODAY: [&str; 2] = ["--today", "2026-07-01"];

fn list(folder: &tempfile::TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let all = [&["justifications"], arguments, &TODAY[..]].concat();
    let output = run(folder.path(), &all);
    (output.status.code(), out(&output), err(&output))
}

#[test]
fn the_first_to_end_comes_first_with_its_paths_and_whose_it_is() {
    let folder = ledger();
    let (code, said, error) = list(&folder, &[]);
    assert_eq!((code, error.as_str()), (Some(0), ""));
    assert_eq!(
        said,
        "2026-12-31  sound\n            \
         relational/cluster MainDB in infra/1/db.yaml, infra/2/db.yaml, infra/3/db.yaml, 2 more\n            files\n            \
         data-gravity: the reports of the house join all of its tables\n            \
         @shop/data, @shop/one, sfl.toml:1\n\
         2027-01-31  sound  compute/server Web\n            \
         licence: the engine is licensed per core of its host\n            \
         team-b, web.yaml:5\n\n\
         2 justifications, 0 faulty, the first ends on 2026-12-31\n\
         by owner: @shop/data 1, @shop/one 1, team-b 1\n"
    );
}

#[test]
fn each_owner_has_a_list() {
    let folder = ledger();
    let (_, said, _) = list(&folder, &["--group-by", "owner"]);
    let heads: Vec<&str> = said
        .lines()
        .filter(|line| line.contains(": 1 just"))
        .collect();
    assert_eq!(
        heads,
        [
            "@shop/data: 1 justification, 0 faulty, the first ends on 2026-12-31",
            "@shop/one: 1 justification, 0 faulty, the first ends on 2026-12-31",
            "team-b: 1 justification, 0 faulty, the first ends on 2027-01-31",
        ]
    );
    let (_, said, _) = list(&folder, &["--group-by", "owner", "--format", "markdown"]);
    assert!(said.contains("## team-b\n\n1 justification, "), "{said}");
    let (code, said, _) = list(&folder, &["--owner", "team-b", "--format", "json"]);
    let rows: Value = serde_json::from_str(&said).expect("it is JSON");
    assert_eq!((code, rows.as_array().map(Vec::len)), (Some(0), Some(1)));
    assert_eq!(rows[0]["owners"], serde_json::json!(["team-b"]));
    let (code, _, error) = list(&folder, &["--owner", "nobody"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        error,
        "error: every justification here has somebody who answers for it: @shop/data, @shop/one, team-b\n"
    );
    fs::write(folder.path().join("CODEOWNERS"), "").expect("it can be written");
    let (code, said, _) = list(&folder, &["--owner", "nobody"]);
    assert!(
        code == Some(0) && said.contains("MainDB") && !said.contains("Web"),
        "{said}"
    );
}
