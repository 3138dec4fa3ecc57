//! Odd files: one record in, and every other byte as it was.

use super::*;
use crate::blocks::{Template, terraform as terraform_files};
use crate::stack;
use crate::syntax;

fn record() -> WrittenReason {
    WrittenReason {
        because: "licence".to_owned(),
        reason: "per \"core\" licence, C:\\ only".to_owned(),
        owner: Some("team: a".to_owned()),
        expires: Some("2027-06-30".to_owned()),
        evidence: None,
        by: None,
        instance: None,
    }
}

fn with<R>(text: &str, work: impl FnOnce(&Document<'_>, &Template<'_>) -> R) -> R {
    let first = text.trim_start_matches('\u{feff}').trim_start();
    let json = first.starts_with('{');
    let document = match syntax::json(text) {
        Ok(document) if json => document,
        _ => syntax::yaml(text).unwrap_or_else(|error| panic!("{error}: {text}")),
    };
    let root = document.roots().next().expect("it has a root");
    let template = if terraform_files::is_configuration(root) {
        stack::terraform(terraform_files::ModuleFiles::of(&[&document]), &|_| None)
    } else {
        stack::cloudformation(&document, root, &[])
    };
    work(&document, &template)
}

fn try_edit(text: &str, address: &str) -> Result<Vec<Edit>, Refusal> {
    with(text, |document, template| {
        let resource = template.resources.iter().find(|r| r.address == address);
        let block = resource.expect("it is there").block.span;
        match template.dialect {
            crate::blocks::Dialect::Terraform => terraform(document, block, &record()),
            _ => super::cloudformation(document, block, &record()),
        }
    })
}

/// The text after the edit, which is read as what was to be written.
fn edited(text: &str, address: &str) -> String {
    let edits = try_edit(text, address).unwrap_or_else(|refusal| panic!("{refusal}: {text}"));
    let after = apply(text, &edits);
    let right = with(&after, |_, template| {
        let resource = template.resources.iter().find(|r| r.address == address);
        let resource = resource.unwrap_or_else(|| panic!("gone from {after}"));
        resource.reasons.len() == 1 && says(&resource.reasons[0], &record())
    });
    assert!(right, "{after}");
    after
}

/// As [`edited`], and nothing but insertions.
fn inserted(text: &str, address: &str) -> String {
    let edits = try_edit(text, address).unwrap_or_else(|refusal| panic!("{refusal}: {text}"));
    assert!(edits.iter().all(|edit| edit.span.is_empty()), "{edits:?}");
    edited(text, address)
}

fn refused(text: &str, address: &str) -> String {
    try_edit(text, address).expect_err("it is refused").0
}

const FIELDS: &str = "because: licence
        reason: \"per \\\"core\\\" licence, C:\\\\ only\"
        owner: \"team: a\"
        expires: \"2027-06-30\"";

#[test]
fn block_style_gets_metadata_below_the_type() {
    let text = "Resources:\n  # one\n  A: # two\n    # three\n    Type: AWS::EC2::Instance # four\n    # five\n    Properties:\n      ImageId: x\n";
    let expected = format!(
        "Resources:\n  # one\n  A: # two\n    # three\n    Type: AWS::EC2::Instance # four\n    Metadata:\n      sfl:\n        {FIELDS}\n    # five\n    Properties:\n      ImageId: x\n"
    );
    assert_eq!(inserted(text, "A"), expected);
    let windows = text.replace('\n', "\r\n");
    assert_eq!(inserted(&windows, "A"), expected.replace('\n', "\r\n"));
    let marked = format!("\u{feff}{windows}");
    assert_eq!(
        inserted(&marked, "A"),
        format!("\u{feff}{}", expected.replace('\n', "\r\n"))
    );
}

#[test]
fn a_last_line_without_an_end_stays_without() {
    let text = "Resources:\n    A:\n        Properties: {}\n        Type: AWS::EC2::Instance";
    let after = inserted(text, "A");
    assert!(
        after.ends_with("\n                expires: \"2027-06-30\""),
        "{after}"
    );
    assert!(
        after.contains("\n        Metadata:\n            sfl:\n                because: licence\n")
    );
    let text = "Resources:\r\n  A:\r\n    Type: AWS::EC2::Instance # last";
    let after = inserted(text, "A");
    assert!(after.starts_with(&format!("{text}\r\n    Metadata:\r\n")));
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
}

#[test]
fn metadata_that_is_there_is_kept() {
    let text = "Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Metadata: # why\n      # about cfn-lint\n      cfn-lint:\n        - x\n    Properties: {}\n";
    let after = inserted(text, "A");
    let expected = format!(
        "    Metadata: # why\n      sfl:\n        {FIELDS}\n      # about cfn-lint\n      cfn-lint:\n"
    );
    assert!(after.contains(&expected), "{after}");
    for (metadata, expected) in [
        ("{}", "    Metadata: { sfl: { because: licence, reason: "),
        ("{ }", "    Metadata: { sfl: { because: licence, reason: "),
        ("{a: b}", "    Metadata: {sfl: {because: licence, reason: "),
        (
            "{ a: b }",
            "    Metadata: { sfl: { because: licence, reason: ",
        ),
        ("", "    Metadata:\n      sfl:\n        because: licence\n"),
        (
            " # none",
            "    Metadata: # none\n      sfl:\n        because: licence\n",
        ),
    ] {
        let text =
            format!("Resources:\n  A:\n    Metadata: {metadata}\n    Type: AWS::EC2::Instance\n")
                .replace("Metadata: \n", "Metadata:\n")
                .replace("Metadata:  #", "Metadata: #");
        let after = inserted(&text, "A");
        assert!(after.contains(expected), "{after}");
    }
    for null in ["null", "~"] {
        let text =
            format!("Resources:\n  A:\n    Metadata: {null} # c\n    Type: AWS::EC2::Instance\n");
        let after = edited(&text, "A");
        assert!(
            after.contains("Metadata: { sfl: { because: licence, "),
            "{after}"
        );
        assert!(after.contains(" } } # c\n"), "{after}");
    }
}

#[test]
fn a_record_that_is_there_is_replaced() {
    let text = "Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl:\n        because: latency\n        evidence: gone # old\n      other: x\n";
    let after = edited(text, "A");
    assert!(
        after.contains(&format!(
            "      sfl:\n        {FIELDS} # old\n      other: x\n"
        )),
        "{after}"
    );
    for old in ["{because: x}", "{ because: x }", "why", "*m", "null", ""] {
        let text = format!(
            "M: &m {brace}\nResources:\n  A:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: {old}\n      b: c\n",
            brace = "{because: x}"
        );
        let after = edited(&text, "A");
        assert!(after.ends_with("\n      b: c\n"), "{after}");
    }
    let text = "Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl:\n        because: latency\n        reason: |\n          long\n          text\n    Properties: {}\n";
    assert!(edited(text, "A").contains("        expires: \"2027-06-30\"\n    Properties: {}\n"));
}

#[test]
fn a_comment_that_carries_the_record_keeps_carrying_it() {
    let text = "Resources:\n  # more\n  A: # sfl: because=latency reason=\"old\"\n    Type: AWS::EC2::Instance\n";
    let after = edited(text, "A");
    let line = r#"  A: # sfl: because=licence reason="per \"core\" licence, C:\\ only" owner="team: a" expires=2027-06-30"#;
    assert!(after.contains(&format!("{line}\n    Type")), "{after}");
}

#[test]
fn flow_style_follows_its_neighbours() {
    for (body, expected) in [
        (
            "{Type: AWS::EC2::Instance, Properties: {}}",
            "{Type: AWS::EC2::Instance, Metadata: {sfl: {because: licence, reason: ",
        ),
        (
            "{ Properties: {}, Type: AWS::EC2::Instance }",
            "Type: AWS::EC2::Instance, Metadata: { sfl: { because: licence, reason: ",
        ),
        (
            "{\"Type\":\"AWS::EC2::Instance\",\"Properties\":{}}",
            "\"Metadata\":{\"sfl\":{\"because\":\"licence\",\"reason\":",
        ),
        (
            "{\n      Type: AWS::EC2::Instance, # c\n      Properties: {},\n    }",
            "Instance,\n      Metadata: {\n          sfl: {\n              because: licence,\n",
        ),
        ("{ Properties: {}, Type: AWS::EC2::Instance, }", "Metadata"),
        (
            "{ Type: AWS::EC2::Instance\n , Properties: {} }",
            "Metadata",
        ),
    ] {
        let text = format!("Resources:\n  A: {body}\n  B:\n    Type: AWS::S3::Bucket\n");
        let after = inserted(&text, "A");
        assert!(after.contains(expected), "{after}");
    }
}

#[test]
fn sequences_and_loops_have_places_too() {
    let text = "Resources:\n  Fn::ForEach::All:\n  - Name\n  - [a, b]\n  - A${Name}:\n      Type: AWS::EC2::Instance\n      Properties:\n        ImageId: x\n";
    let after = inserted(text, "Aa");
    assert!(
        after.contains("\n      Metadata:\n        sfl:\n          because: licence\n"),
        "{after}"
    );
}

#[test]
fn quoted_keys_stay_the_fashion() {
    let text = "\"Resources\":\n  \"A\":\n    \"Type\": \"AWS::EC2::Instance\"\n";
    assert!(
        inserted(text, "A")
            .contains("    \"Metadata\":\n      \"sfl\":\n        \"because\": licence\n")
    );
    let text =
        "'Resources':\n  'A':\n    'Type': >-\n      AWS::EC2::Instance\n    'Properties': {}\n";
    assert!(inserted(text, "A").contains("  'A':\n    'Metadata':\n      'sfl':\n"));
}

#[test]
fn what_others_share_is_refused() {
    let text = "Resources:\n  A: &a\n    Type: AWS::EC2::Instance\n  B: *a\n  C:\n    <<: *a\n  D:\n    <<: *a\n    Metadata:\n      x: y\n";
    assert!(refused(text, "A").contains("`"), "{}", refused(text, "A"));
    assert!(refused(text, "B").contains("alias `*a`"));
    inserted(text, "C");
    inserted(text, "D");
    let text = "Resources:\n  A: &a\n    Type: AWS::EC2::Instance\n    Metadata: &m {x: y}\n  B:\n    Type: AWS::EC2::Instance\n    Metadata: *m\n  C:\n    <<: *a\n    DependsOn: A\n";
    assert!(refused(text, "B").contains("alias `*m`"));
    assert!(refused(text, "C").contains("merge key"));
    let text = "Resources:\n  A: &a\n    Type: AWS::EC2::Instance\n";
    inserted(text, "A");
    for odd in ["[a]", "text", "!Ref x", "!Foo {a: b}"] {
        let text = format!("Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Metadata: {odd}\n");
        refused(&text, "A");
    }
}

#[test]
fn json_follows_its_neighbours() {
    let plain = "{\n  \"Resources\": {\n    \"A\": {\n      \"Type\": \"AWS::EC2::Instance\",\n      \"Properties\": {}\n    }\n  }\n}\n";
    let after = inserted(plain, "A");
    let expected = "\"Type\": \"AWS::EC2::Instance\",\n      \"Metadata\": {\n        \"sfl\": {\n          \"because\": \"licence\",\n          \"reason\": \"per \\\"core\\\" licence, C:\\\\ only\",\n          \"owner\": \"team: a\",\n          \"expires\": \"2027-06-30\"\n        }\n      },\n      \"Properties\": {}\n";
    assert!(after.contains(expected), "{after}");
    let tabs = plain.replace("  ", "\t").replace('\n', "\r\n");
    assert_eq!(
        inserted(&tabs, "A"),
        after.replace("  ", "\t").replace('\n', "\r\n")
    );
    let four = plain.replace("  ", "    ");
    assert_eq!(inserted(&four, "A"), after.replace("  ", "    "));
    let one = r#"{"Resources":{"A":{"Type":"AWS::EC2::Instance","Properties":{}}}}"#;
    let expected =
        r#""Type":"AWS::EC2::Instance","Metadata":{"sfl":{"because":"licence","reason":"#;
    assert!(inserted(one, "A").contains(expected));
    let wide = r#"{ "Resources": { "A": { "Type": "AWS::EC2::Instance" } } }"#;
    let expected =
        r#""AWS::EC2::Instance", "Metadata": { "sfl": { "because": "licence", "reason": "#;
    assert!(inserted(wide, "A").contains(expected));
    let empty = plain.replace("\"Properties\": {}", "\"Metadata\": {}");
    let expected = "\"Metadata\": {\n        \"sfl\": {\n          \"because\": \"licence\",\n";
    assert!(inserted(&empty, "A").contains(expected));
    assert!(inserted(&empty, "A").contains("\n        }\n      }\n    }\n  }\n}\n"));
    for value in [
        "null",
        "{ \"sfl\": null }",
        "{ \"sfl\": \"x\" }",
        "{\n}",
        "{ \"a\": 1 }",
        "{\"sfl\": {\"because\": \"x\"}, \"b\": 2}",
    ] {
        edited(
            &plain.replace("\"Properties\": {}", &format!("\"Metadata\": {value}")),
            "A",
        );
    }
}

#[test]
fn terraform_gets_a_comment_that_is_an_object() {
    let plain = "{\n  \"resource\": {\n    \"aws_instance\": {\n      \"web\": {\n        \"ami\": \"x\"\n      }\n    }\n  }\n}\n";
    let after = inserted(plain, "aws_instance.web");
    let expected = "      \"web\": {\n        \"//\": {\n          \"sfl\": {\n            \"because\": \"licence\",\n";
    assert!(after.contains(expected), "{after}");
    assert!(
        after.contains("\n          }\n        },\n        \"ami\": \"x\"\n"),
        "{after}"
    );
    let comment = plain.replace("\"ami\"", "\"//\": \"why\",\n        \"ami\"");
    let after = inserted(&comment, "aws_instance.web");
    let expected = "        \"//\": {\n          \"comment\": \"why\",\n          \"sfl\": {\n            \"because\": \"licence\",\n";
    assert!(after.contains(expected), "{after}");
    for (body, is_insertion) in [
        (r#"[{"ami":"x"}]"#, true),
        (r#"{"//":"why","ami":"x"}"#, true),
        (r#"{"//":["why"],"ami":"x"}"#, true),
        (r#"{"//":{"metadata":{}},"ami":"x"}"#, true),
        (r#"{ "//": {}, "ami": "x" }"#, true),
        (r#"{}"#, true),
        (r#"{"//":{"sfl":{"because":"x"}}}"#, false),
        (r#"{"//": null}"#, false),
    ] {
        let text = format!(r#"{{"resource":[{{"aws_instance":{{"web":{body}}}}}]}}"#);
        let after = edited(&text, "aws_instance.web");
        if is_insertion {
            inserted(&text, "aws_instance.web");
        }
        assert!(!after.contains('\n'), "{after}");
    }
}

fn in_ledger(text: &str, path: Option<&str>) -> String {
    let scope = LedgerScope {
        path: path.map(plain_glob),
        address: "aws_x.y[\"a\"]".to_owned(),
        root: None,
        entry: None,
        widens: false,
    };
    let edits = ledger(text, &scope, &record()).expect("it can be written");
    let after = apply(text, &edits);
    let table: toml::Table = after
        .trim_start_matches('\u{feff}')
        .parse()
        .unwrap_or_else(|error| panic!("{error}: {after}"));
    let entries = table["justification"].as_array().expect("a list");
    let address = |entry: &&toml::Value| {
        entry.get("address").and_then(toml::Value::as_str) == Some("aws_x.y[\"a\"]")
    };
    let own: Vec<_> = entries.iter().filter(address).collect();
    assert_eq!(own.len(), 1, "{after}");
    assert_eq!(own[0]["reason"].as_str(), Some(&*record().reason));
    assert_eq!(own[0]["expires"].to_string(), "2027-06-30");
    assert!(own[0].get("evidence").is_none());
    after
}

#[test]
fn the_ledger_grows_at_its_end() {
    let new = "[[justification]]\npath = \"plans/[[]a[]].json\"\naddress = 'aws_x.y[\"a\"]'\nbecause = \"licence\"\nreason = '''per \"core\" licence, C:\\ only'''\nowner = \"team: a\"\nexpires = 2027-06-30\n";
    let path = Some("plans/[a].json");
    let after = in_ledger("", path);
    assert_eq!(after.replace("'''", "'"), new.replace("'''", "'"));
    for text in [
        "# ours\n[justifications]\nledger = \"x\" # y\n",
        "# ours\r\n[a]\r\nb = 1\r\n",
        "\u{feff}[a]\nb = 1",
        "[[justification]]\naddress = \"x\"\nbecause = \"latency\"\n\n[a]\nb = 1\n",
        "justification = [{ address = \"x\" }]\n",
        "justification = []\n",
    ] {
        let after = in_ledger(text, path);
        let crlf = text.contains("\r\n");
        assert_eq!(crlf, after.contains('\r'));
        assert!(text.contains("= [") || after.starts_with(text), "{after}");
    }
}

#[test]
fn the_ledger_renews_an_entry() {
    let text = "# a\n[[justification]] # b\naddress = 'aws_x.y[\"a\"]'\nbecause = \"latency\" # c\nevidence = \"gone\"\nreason = \"old\"\n\n[b]\nc = 1\n";
    let after = in_ledger(text, None);
    assert!(after.starts_with("# a\n[[justification]] # b\naddress = 'aws_x.y[\"a\"]'\nbecause = \"licence\" # c\nreason = "), "{after}");
    assert!(
        after.ends_with("expires = 2027-06-30\n\n[b]\nc = 1\n"),
        "{after}"
    );
    let scope = LedgerScope {
        path: None,
        address: "x".to_owned(),
        root: None,
        entry: None,
        widens: false,
    };
    ledger("justification = 1", &scope, &record()).expect_err("no list");
    ledger("= 1", &scope, &record()).expect_err("no TOML");
}
