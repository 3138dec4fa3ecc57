//! Templates that say little of what they become: macros bring it, or JSON is written as YAML's flow style. They are templates all the same.

use serde_json::Value;

use crate::repository::{Repository, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";

fn read(report: &Value) -> Vec<String> {
    let files = report["summary"]["files"].as_array().expect("a list");
    let paths = files.iter().filter_map(|one| one["path"].as_str());
    paths.map(str::to_owned).collect()
}

#[test]
fn what_only_a_macro_makes_a_template_is_one() {
    for (name, text) in [
        (
            "include.yaml",
            "AWSTemplateFormatVersion: '2010-09-09'\nTransform:\n  Name: AWS::Include\n  Parameters: { Location: 's3://b/evil.yaml' }\n",
        ),
        (
            "resources.yaml",
            "Resources:\n  Fn::Transform:\n    Name: AWS::Include\n    Parameters: { Location: 's3://b/evil.yaml' }\n",
        ),
        (
            "short.yaml",
            "Resources: !Transform\n  Name: Mine\n  Parameters: { Size: 3 }\n",
        ),
        (
            "sections.yaml",
            "Transform: [MyMacro]\nServices:\n  Shop: { Size: large }\n",
        ),
        (
            "own.yaml",
            "AWSTemplateFormatVersion: '2010-09-09'\nTransform: MyMacro\nParameters:\n  Size: { Type: String }\n",
        ),
        (
            "include.json",
            "{\"AWSTemplateFormatVersion\": \"2010-09-09\", \"Transform\": {\"Name\": \"AWS::Include\", \"Parameters\": {\"Location\": \"s3://b/e\"}}}",
        ),
        (
            "top.yaml",
            "Fn::Transform:\n  Name: AWS::Include\n  Parameters: { Location: 's3://b/e' }\n",
        ),
    ] {
        let shop = Repository::none();
        shop.write(name, text);
        let (code, report) = shop.check(&[]);
        assert_eq!(
            (code, findings(&report), read(&report)),
            (
                0,
                vec![format!("template/macro - in {name}")],
                vec![name.to_owned()]
            ),
            "{name}"
        );
        assert_eq!(shop.check(&["--fail-on", "note"]).0, 1);
    }
}

#[test]
fn what_other_files_call_a_transform_is_none() {
    for (name, text) in [
        ("etl.yaml", "Transform: lower\nInput: a.csv\n"),
        (
            "rules.yaml",
            "Transform: [trim, lower]\ninput: { path: a }\n",
        ),
        ("matrix.yaml", "Transform:\n  x: 1\n  y: 2\nName: [A]\n"),
        (
            "scene.yaml",
            "Transform: [0, 1.5, 2]\nMesh: { Name: cube }\n",
        ),
        (
            "unity.yaml",
            "--- !u!4 &1\nTransform:\n  m_Father: {fileID: 0}\n  m_Children: []\n",
        ),
        (
            "pipeline.json",
            "{\"Transform\": {\"Steps\": []}, \"Output\": {}}",
        ),
    ] {
        let shop = Repository::none();
        shop.write(name, text);
        let (code, report) = shop.check(&[]);
        assert_eq!(
            (code, findings(&report), read(&report)),
            (0, Vec::new(), Vec::new()),
            "{name}"
        );
    }
}

#[test]
fn json_with_other_quotes_or_none_is_judged() {
    let bare = "{Resources: {Web: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: m7g.large}}}}\n";
    let single = "{'Resources': {'Web': {'Type': 'AWS::EC2::Instance', 'Properties': {'ImageId': 'ami-1', 'InstanceType': 'm7g.large'}}}}\n";
    for text in [bare, single] {
        let shop = Repository::new(&[("api.yaml", SERVER)]);
        shop.git(&["switch", "-q", "-c", "feature"]);
        shop.remove("api.yaml");
        shop.write("api.json", text);
        shop.commit("in other words");
        let (code, report) = shop.check(&[]);
        assert_eq!(
            (code, findings(&report)),
            (1, vec!["compute/server Web in api.json".to_owned()])
        );
        let (_, report) = shop.check(&["--since", "main"]);
        assert_eq!(
            report["summary"]["change"]["score"],
            serde_json::json!({ "before": 0.0, "after": 0.0 }),
            "no gain"
        );
    }
    // Broken in both is an error, never silence; and so is what is meant as JSON, as it was.
    for text in [
        &bare[..60],
        &single[..60],
        "{\"Resources\": {\"Web\": {\"Type\": \"AWS::EC2::Instance\"}},}",
    ] {
        let shop = Repository::none();
        shop.write("api.json", text);
        let (code, report) = shop.check(&[]);
        assert_eq!(
            (code, findings(&report)),
            (2, vec!["source/json - in api.json".to_owned()]),
            "{text}"
        );
    }
    // What is no template stays none.
    let shop = Repository::none();
    shop.write(
        "tsconfig.json",
        "{\n  // AWS::EC2 and its Resources\n  compilerOptions: {},\n}\n",
    );
    assert_eq!(shop.check(&[]).0, 0);
}

#[test]
fn types_of_others_are_named() {
    let shop = Repository::none();
    shop.write(
        "a.yaml",
        "Resources:\n  A: { Type: Acme::Foo::Bar }\n  D: { Type: Datadog::Monitors::Monitor }\n  C: { Type: Custom::Mine }\n  M: { Type: Acme::Web::Service::MODULE }\n",
    );
    shop.write(
        "main.tf",
        "resource \"acmecorp_thing\" \"a\" {}\nresource \"random_id\" \"b\" {}\n",
    );
    let (_, report) = shop.check(&[]);
    assert_eq!(
        report["summary"]["unknown_types"],
        serde_json::json!({ "Acme::Foo::Bar": 1, "Datadog::Monitors::Monitor": 1, "acmecorp_thing": 1 })
    );
    let (_, out, _) = shop.said(&["check", "--verbose"]);
    assert!(
        out.contains("Acme::Foo::Bar") && out.contains("acmecorp_thing"),
        "{out}"
    );
}
