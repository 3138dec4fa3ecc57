//! Broken texts: every error has its place, and what stands around the broken lines keeps its tree.

use std::path::PathBuf;

use super::shape::check;
use super::support::{Random, corpus};
use crate::tools::missing;
use sfl::syntax::{
    Document, Kind, MAX_ERRORS, Node, ParseError, Parsed, json, read_json, read_yaml, yaml,
};

/// A tree in one line. A value that is not written is `~`.
fn shown(node: Node<'_>) -> String {
    let entries = |node: Node<'_>| -> Vec<String> {
        let pairs = node.entries();
        pairs
            .map(|(key, value)| format!("{}: {}", shown(key), shown(value)))
            .collect()
    };
    let tag = node.tag().map(|tag| format!("{tag} ")).unwrap_or_default();
    let value = match node.kind() {
        Kind::Mapping => format!("{{{}}}", entries(node).join(", ")),
        Kind::Sequence => format!(
            "[{}]",
            node.items().map(shown).collect::<Vec<_>>().join(", ")
        ),
        Kind::Scalar if node.span().is_empty() && !node.is_alias() => "~".to_owned(),
        Kind::Scalar | Kind::Expression => node.text().into_owned(),
    };
    format!("{tag}{value}")
}

fn tree(document: &Document<'_>) -> String {
    document
        .roots()
        .map(shown)
        .collect::<Vec<_>>()
        .join(" --- ")
}

fn lines(text: &str, errors: &[ParseError]) -> Vec<usize> {
    let line = |error: &ParseError| text[..error.span.start as usize].matches('\n').count() + 1;
    errors.iter().map(line).collect()
}

fn compare(text: &str, read: &Parsed<'_>, expected: &str, other: &mut Vec<String>) {
    let found = tree(&read.document);
    if found != expected {
        let errors = &read.errors;
        other.push(format!(
            "{text:?}\n  gives  {found:?}\n  not    {expected:?}\n  with {errors:?}"
        ));
    }
}

/// What holds for every text, broken or not.
fn sound<'t>(text: &'t str, strict: Result<Document<'t>, ParseError>, read: &Parsed<'t>) {
    check(&read.document);
    match strict {
        Ok(document) => {
            assert!(read.errors.is_empty(), "{text:?}: {:?}", read.errors);
            assert_eq!(document.len(), read.document.len());
        }
        Err(error) => assert_eq!(read.errors.first(), Some(&error), "{text:?}"),
    }
    assert!(read.errors.len() <= MAX_ERRORS);
    let mut places = lines(text, &read.errors);
    let rest = &places[1.min(places.len())..];
    assert!(rest.is_sorted(), "{text:?}: {:?}", read.errors);
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), read.errors.len(), "one a line: {text:?}");
    for error in &read.errors {
        let (start, end) = (error.span.start as usize, error.span.end as usize);
        assert!(
            start <= end && text.get(start..end).is_some(),
            "{text:?}: {error:?}"
        );
        let first = error.message.chars().next().expect("a message");
        assert!(
            first.is_lowercase() || error.message.starts_with("JSON"),
            "{error}"
        );
        assert!(!error.message.ends_with('.'), "{error}");
    }
    for node in read.document.nodes() {
        std::hint::black_box((node.scalar(), node.comparable(), node.get("a")));
    }
}

#[test]
fn broken_yaml_keeps_what_can_be_read() {
    let cases: &[(&str, &str)] = &[
        // A half-typed key.
        (
            "a:\n  x: 1\n  yy\n  z: 2\nb: 3\n",
            "{a: {x: 1, yy: ~, z: 2}, b: 3}",
        ),
        ("a:\n  Half\n  z: 2\nb: 3\n", "{a: {Half: ~, z: 2}, b: 3}"),
        ("a:\n  x: 1\nHal\n", "{a: {x: 1}, Hal: ~}"),
        (
            "a:\n  x: 1\n\nHal\nb:\n  y: 1\n",
            "{a: {x: 1}, Hal: ~, b: {y: 1}}",
        ),
        // A colon that is missing.
        (
            "a:\n  One\n    x: 1\n  Two:\n    y: 2\n",
            "{a: {One: {x: 1}, Two: {y: 2}}}",
        ),
        (
            "a:\n  One:\n    x: 1\n  Two\n    y: 2\n",
            "{a: {One: {x: 1}, Two: {y: 2}}}",
        ),
        // Quotes.
        (
            "a:\n  x: \"one\n  y: two\nb: 3\n",
            "{a: {x: one, y: two}, b: 3}",
        ),
        (
            "a:\n  x: \"one\n  y: \"two\"\nb: 3\n",
            "{a: {x: one, y: two}, b: 3}",
        ),
        (
            "a:\n  x: 'one\n  y: \"it's\"\nb: 3\n",
            "{a: {x: one, y: it's}, b: 3}",
        ),
        (
            "a:\n  x: one\"\n  'y: two\nb: 3\n",
            "{a: {x: one\", y: two}, b: 3}",
        ),
        ("a: [\"x, y]\nb: 3\n", "{a: [x, y], b: 3}"),
        ("a: \"x \\q y\"\nb: 3\n", "{a: x \\q y, b: 3}"),
        // Brackets.
        ("a: [\n  x: 1\n  y: 2\nb: 3\n", "{a: {x: 1, y: 2}, b: 3}"),
        (
            "a: {\n  One:\n    x: 1\n  Two:\n    y: 2\nb: 3\n",
            "{a: {One: {x: 1}, Two: {y: 2}}, b: 3}",
        ),
        (
            "a:\n  x: [1, 2\n  y: 2\nb: 3\n",
            "{a: {x: [1, 2], y: 2}, b: 3}",
        ),
        (
            "a:\n  x: {p: 1, q: {r: 2}\n  y: 2\nb: 3\n",
            "{a: {x: {p: 1, q: {r: 2}}, y: 2}, b: 3}",
        ),
        ("a: {x: [1, 2}\nb: 3\n", "{a: {x: [1, 2]}, b: 3}"),
        ("a:\n  x: 1\n}\n  y: 2\nb: 3\n", "{a: {x: 1, y: 2}, b: 3}"),
        ("a:\n  x: [1]]\n  y: 2\nb: 3\n", "{a: {x: [1], y: 2}, b: 3}"),
        ("a: [1, 2\n", "{a: [1, 2]}"),
        ("a: [1 2, \"x\" \"y\"]\nb: 3\n", "{a: [1 2, x, y], b: 3}"),
        ("a: {x: 1\n  y: 2}\nb: 3\n", "{a: {x: 1, y: 2}, b: 3}"),
        // Indentation.
        (
            "a:\n    x: 1\n   y: 2\n    z: 3\nb: 4\n",
            "{a: {x: 1, y: 2, z: 3}, b: 4}",
        ),
        (
            "a:\n  x: 1\n   y: 2\n  z: 3\nb: 4\n",
            "{a: {x: 1, y: 2, z: 3}, b: 4}",
        ),
        ("a: word\n  x: 1\nb: 4\n", "{a: {x: 1}, b: 4}"),
        (
            "a:\n  x: 1\n\ty: 2\n  z: 3\nb: 4\n",
            "{a: {x: 1, z: 3}, b: 4}",
        ),
        // One line that is wrong in itself.
        ("a: b: c\nd: e\n", "{a: b, d: e}"),
        (
            "a: @x\nb: *nothing\nc: %x\nd: e\n",
            "{a: ~, b: ~, c: ~, d: e}",
        ),
        ("a: - b\nc: d\n", "{a: ~, c: d}"),
        ("a: \u{7}x\nb: \0\nc: d\n", "{a: x, b: ~, c: d}"),
        (
            "a:\n  x: 1\n<<<<<<< HEAD\n  y: 2\n=======\n  y: 3\n>>>>>>> other\n  z: 4\n",
            "{a: {x: 1, y: 2, y: 3, z: 4}}",
        ),
        ("a: |x\n  text\nb: 3\n", "{a: text\n, b: 3}"),
        ("{a: 1}\nb: 2\n", "{a: 1} --- {b: 2}"),
        ("]\na: 1\n", "{a: 1}"),
    ];
    let mut other = Vec::new();
    for (text, expected) in cases {
        let read = read_yaml(text);
        assert!(!read.errors.is_empty(), "{text:?}");
        compare(text, &read, expected, &mut other);
        sound(text, yaml(text), &read);
    }
    assert!(other.is_empty(), "\n{}", other.join("\n"));
}

#[test]
fn broken_json_keeps_what_can_be_read() {
    let cases: &[(&str, &str)] = &[
        (
            "{\"a\": 1, \"b\": [1, 2, \"c\": 3}",
            "{a: 1, b: [1, 2], c: 3}",
        ),
        ("{\"a\": {\"x\": 1, \"b\": 2", "{a: {x: 1, b: 2}}"),
        (
            "{\n  \"a\": {\n    \"x\": {\n      \"p\": 1\n  },\n  \"b\": 2\n}",
            "{a: {x: {p: 1}}, b: 2}",
        ),
        (
            "{\n  \"a\": {\n    \"x\": 1,\n  \"b\": {\n    \"y\": 2\n  }\n}",
            "{a: {x: 1}, b: {y: 2}}",
        ),
        (
            "{\n  \"a\": {\n  \"b\": {\n    \"y\": 2\n  }\n}",
            "{a: {}, b: {y: 2}}",
        ),
        (
            "{\n  \"a\": {\n    \"x\": 1\n    }\n  },\n  \"b\": 2\n}",
            "{a: {x: 1}, b: 2}",
        ),
        ("{\"a\": 1}, \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\": 1 \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\" 1, \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\": , \"b\": 2}", "{a: ~, b: 2}"),
        ("{\"a\": \"b\": 2}", "{a: ~, b: 2}"),
        ("{\"a\", \"b\": 2}", "{a: ~, b: 2}"),
        ("{\"a\"\n\"b\": 2}", "{a: ~, b: 2}"),
        ("{a: 1, \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\": 1,, \"b\": 2,}", "{a: 1, b: 2}"),
        ("[1,]", "[1]"),
        ("{\"a\": \"x,\n\"b\": 2}", "{a: x, b: 2}"),
        ("{\"a: \"x\",\n\"b\": 2}", "{a: : ~, b: 2}"),
        ("{\"a\": \"\\q\", \"b\": True}", "{a: \\q, b: True}"),
        ("{\"a\": 01, \"b\": 1., \"c\": 2}", "{a: 01, b: 1., c: 2}"),
        ("// x\n{\"a\": /* y */ 1}", "{a: 1}"),
        ("\"a\": 1, \"b\": 2}", "{a: 1, b: 2}"),
        ("{} {}", "{}"),
        ("", ""),
        ("]", ""),
        (
            "{\"a\": [1, {\"x\": 2]}, \"b\": 2}",
            "{a: [1, {x: 2}], b: 2}",
        ),
    ];
    let mut other = Vec::new();
    for (text, expected) in cases {
        let read = read_json(text);
        assert!(!read.errors.is_empty(), "{text:?}");
        compare(text, &read, expected, &mut other);
        sound(text, json(text), &read);
    }
    assert!(other.is_empty(), "\n{}", other.join("\n"));
}

/// A template as people write them; its parts are what breaking one of them must leave alone.
const TEMPLATE: &str = "AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Description: \"A shop: orders, \\\"carts\\\" and mails\"
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  # Takes orders.
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      Policies:
      - DynamoDBCrudPolicy: {TableName: !Ref Table}
      - Statement:
        - Effect: Allow
          Action: ['s3:GetObject', \"s3:PutObject\"]
          Resource: !Sub \"${Bucket.Arn}/*\"
      Environment:
        Variables:
          STAGE: !Ref Stage
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions:
        - AttributeName: id
          AttributeType: S
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      BillingMode: !If [IsProd, PROVISIONED, PAY_PER_REQUEST]
  Bucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain # for the audit
  Server:
    Type: AWS::EC2::Instance
    Metadata:
      sfl: {reason: \"the licence is bound to a host\", until: 2027-01-31}
    Properties:
      InstanceType: m5.large
      UserData:
        Fn::Base64: |
          #!/bin/bash
          echo \"it's {up}: [ok]\"

          yum update
      SecurityGroupIds:
        - !GetAtt Group.GroupId
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: >-
        Lets the office
        in
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 443
          ToPort: 443
          CidrIp: 10.0.0.0/8
Outputs:
  Name:
    Value: !Ref Table
";

const JSON_TEMPLATE: &str = r#"{
  "AWSTemplateFormatVersion": "2010-09-09",
  "Description": "A shop: {orders}, [carts] and \"mails\"",
  "Parameters": {
    "Stage": { "Type": "String", "AllowedValues": ["dev", "prod"] }
  },
  "Resources": {
    "Orders": {
      "Type": "AWS::Lambda::Function",
      "Properties": {
        "Handler": "app.handler",
        "Timeout": 30,
        "Environment": {
          "Variables": { "STAGE": { "Ref": "Stage" } }
        }
      }
    },
    "Table": {
      "Type": "AWS::DynamoDB::Table",
      "Properties": {
        "KeySchema": [
          { "AttributeName": "id", "KeyType": "HASH" }
        ],
        "BillingMode": { "Fn::If": [ "IsProd", "PROVISIONED", "PAY_PER_REQUEST" ] }
      }
    },
    "Bucket": {
      "Type": "AWS::S3::Bucket",
      "DeletionPolicy": "Retain"
    },
    "Server": {
      "Type": "AWS::EC2::Instance",
      "Metadata": { "sfl": { "reason": "the licence is bound to a host" } },
      "Properties": {
        "InstanceType": "m5.large",
        "Tags": [ { "Key": "a", "Value": "b" }, { "Key": "c", "Value": "d" } ],
        "Monitoring": true
      }
    }
  },
  "Outputs": {
    "Name": { "Value": { "Ref": "Table" } }
  }
}
"#;

/// Each resource of a template: its name, its place, and its tree as text.
fn resources(document: &Document<'_>) -> Vec<(String, std::ops::Range<usize>, String)> {
    let Some(all) = document.roots().find_map(|root| root.get("Resources")) else {
        return Vec::new();
    };
    let places = all.entries().map(|(key, value)| {
        let place = key.span().start as usize..value.span().end.max(key.span().end) as usize;
        (key.text().into_owned(), place, shown(value))
    });
    places.collect()
}

/// Breaks the text in one place, as a slip of the hand does. Returns where, and how many bytes stood there.
fn slip(text: &str, from: usize, random: &mut Random) -> Option<(String, usize, usize)> {
    const INSERTED: &[&str] = &[
        "[", "]", "{", "}", "\"", "'", ":", ",", "\t", " ", "- ", "@", "x", "\n", "&", "*", "!",
        "|",
    ];
    const DELETED: &[u8] = b"[]{}\"':,- \n";
    let mut at = from + random.below(text.len() - from);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let mut broken = text.to_owned();
    if random.below(2) == 0 {
        broken.insert_str(at, random.pick(INSERTED));
        return Some((broken, at, 0));
    }
    let found = text.as_bytes()[at..]
        .iter()
        .position(|byte| DELETED.contains(byte))?;
    broken.remove(at + found);
    Some((broken, at + found, 1))
}

/// Of the resources that a slip did not touch, how many are still there with the tree that they had.
#[derive(Default)]
struct Kept {
    refused: usize,
    untouched: usize,
    same: usize,
    whole: usize,
}

impl Kept {
    fn share(&self) -> f64 {
        self.same as f64 / self.untouched.max(1) as f64
    }
}

fn break_often(
    texts: &[String],
    count: usize,
    strict: impl for<'a> Fn(&'a str) -> Result<Document<'a>, ParseError>,
    read: impl for<'a> Fn(&'a str) -> Parsed<'a>,
) -> Kept {
    let mut random = Random::new(20_261_129);
    let mut kept = Kept::default();
    for round in 0..count {
        let text = &texts[round % texts.len()];
        let document = strict(text).expect("only sound templates");
        let before = resources(&document);
        let Some((broken, at, deleted)) = slip(text, before[0].1.start, &mut random) else {
            continue;
        };
        let parsed = read(&broken);
        sound(&broken, strict(&broken), &parsed);
        if parsed.errors.is_empty() {
            continue;
        }
        kept.refused += 1;
        let after: std::collections::HashMap<_, _> = resources(&parsed.document)
            .into_iter()
            .map(|(name, _, tree)| (name, tree))
            .collect();
        let (mut untouched, mut same) = (0, 0);
        for (name, place, tree) in &before {
            if (place.start..=place.end).contains(&at) || place.contains(&(at + deleted)) {
                continue;
            }
            untouched += 1;
            same += usize::from(after.get(name) == Some(tree));
        }
        kept.untouched += untouched;
        kept.same += same;
        kept.whole += usize::from(same == untouched);
    }
    kept
}

fn with_resources(
    own: &str,
    real: Vec<(PathBuf, String)>,
    strict: impl for<'a> Fn(&'a str) -> Result<Document<'a>, ParseError>,
) -> Vec<String> {
    let mut texts = vec![own.to_owned()];
    let fits = |text: &String| strict(text).is_ok_and(|document| resources(&document).len() > 1);
    texts.extend(real.into_iter().map(|(_, text)| text).filter(fits));
    assert!(fits(&texts[0]));
    texts
}

/// Breaks the template of this test and, where there are some, the real ones. `floor` is a little below what was measured.
fn keeps(
    texts: &[String],
    floor: f64,
    strict: impl for<'a> Fn(&'a str) -> Result<Document<'a>, ParseError>,
    read: impl for<'a> Fn(&'a str) -> Parsed<'a>,
) {
    for texts in [&texts[..1], &texts[1..]] {
        if texts.is_empty() {
            continue;
        }
        let kept = break_often(texts, 10_000, &strict, &read);
        eprintln!(
            "{} texts, {} slips refused: {:.2}% of the other resources kept, all of them in {:.2}%",
            texts.len(),
            kept.refused,
            kept.share() * 100.0,
            kept.whole as f64 / kept.refused as f64 * 100.0
        );
        assert!(kept.refused > 3_000 && kept.share() > floor);
    }
}

#[test]
fn a_slip_in_one_resource_of_yaml_leaves_the_others_alone() {
    let real = if missing!(CORPUS) {
        Vec::new()
    } else {
        corpus(&["yaml", "yml"])
    };
    let texts = with_resources(TEMPLATE, real, yaml);
    keeps(&texts, 0.975, yaml, read_yaml);
}

#[test]
fn a_slip_in_one_resource_of_json_leaves_the_others_alone() {
    let real = if missing!(CORPUS) {
        Vec::new()
    } else {
        corpus(&["json", "template"])
    };
    let texts = with_resources(JSON_TEMPLATE, real, json);
    keeps(&texts, 0.985, json, read_json);
}

#[test]
fn errors_are_counted_to_the_end_of_patience() {
    let text = "a: b: c\n".repeat(1000);
    let read = read_yaml(&text);
    assert_eq!(read.errors.len(), MAX_ERRORS);
    let root = read.document.roots().next().expect("there is one");
    assert_eq!(root.entries().count(), 1000);
    assert_eq!(
        read.strict().expect_err("it is broken"),
        yaml(&text).expect_err("it is broken")
    );
}
