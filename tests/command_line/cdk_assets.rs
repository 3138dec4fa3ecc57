//! Nested stacks of the CDK without metadata of assets: `TemplateURL` ends in a hash, and a list beside the template maps it to a file.

use serde_json::Value;

use crate::folder;

const HASH: &str = "5d0c3e1f7a9b2c4d6e8f00112233445566778899aabbccddeeff001122334455";

/// A stack whose cluster goes to a nested one that is uploaded under a hash.
fn outer(url: &str) -> String {
    format!(
        r#"{{"Resources": {{
  "Floor": {{"Type": "AWS::ECS::Cluster", "Properties": {{"CapacityProviders": ["FARGATE"], "DefaultCapacityProviderStrategy": [{{"CapacityProvider": "FARGATE"}}]}}}},
  "Desk": {{"Type": "AWS::CloudFormation::Stack", "Properties": {{"TemplateURL": {url}, "Parameters": {{"Where": {{"Ref": "Floor"}}}}}}}}
}}}}"#
    )
}

fn joined(hash: &str) -> String {
    format!(
        r#"{{"Fn::Join": ["", ["https://s3.", {{"Ref": "AWS::Region"}}, ".", {{"Ref": "AWS::URLSuffix"}}, "/cdk-hnb659fds-assets-", {{"Ref": "AWS::AccountId"}}, "-", {{"Ref": "AWS::Region"}}, "/{hash}.json"]]}}"#
    )
}

fn substituted(hash: &str) -> String {
    format!(
        r#"{{"Fn::Sub": "https://s3.${{AWS::Region}}.${{AWS::URLSuffix}}/cdk-hnb659fds-assets-${{AWS::AccountId}}-${{AWS::Region}}/{hash}.json"}}"#
    )
}

const DESK: &str = r#"{"Parameters": {"Where": {"Type": "String"}}, "Resources": {
  "Work": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "desk"}},
  "Serve": {"Type": "AWS::ECS::Service", "Properties": {"Cluster": {"Ref": "Where"}, "TaskDefinition": {"Ref": "Work"}}}
}}"#;

fn list(hash: &str, packaging: &str, path: &str) -> String {
    format!(
        r#"{{"version": "36.0.0", "files": {{"{hash}": {{"source": {{"path": "{path}", "packaging": "{packaging}"}}, "destinations": {{"current_account-current_region": {{"bucketName": "cdk-hnb659fds-assets", "objectKey": "{hash}.json"}}}}}}}}, "dockerImages": {{}}}}"#
    )
}

/// The service's members with their files, and how many nested stacks were not read.
fn linked(files: &[(&str, &str)]) -> (Vec<String>, u64) {
    let tree = folder::repository(files);
    let output = folder::run(
        tree.path(),
        &["check", "--exit-zero", "--format", "json", "cdk.out"],
    );
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let decisions = report["decisions"].as_array().expect("a list");
    let service = decisions.iter().find(|one| one["address"] == "Serve");
    let service = service.unwrap_or_else(|| panic!("{report}"));
    let elsewhere = service["members_elsewhere"].as_array();
    let elsewhere = elsewhere.into_iter().flatten().map(Value::to_string);
    let unread = report["summary"]["unread"].as_array().into_iter().flatten();
    let mut unread = unread.filter(|kind| kind["kind"] == "nested-stacks");
    let count = unread.next().and_then(|kind| kind["count"].as_u64());
    (elsewhere.collect(), count.unwrap_or(0))
}

/// With one list beside one stack.
fn with(url: &str, name: &str, list: &str) -> (usize, u64) {
    let (members, unread) = linked(&[
        ("cdk.out/Shop.template.json", &outer(url)),
        ("cdk.out/ShopDesk12.nested.template.json", DESK),
        (name, list),
    ]);
    (members.len(), unread)
}

#[test]
fn a_list_of_assets_says_which_file_a_nested_stack_is() {
    let good = list(HASH, "file", "ShopDesk12.nested.template.json");
    for url in [joined(HASH), substituted(HASH)] {
        assert_eq!(
            with(&url, "cdk.out/Shop.assets.json", &good),
            (1, 0),
            "{url}"
        );
        let other = url.replace("5d0c", "6e1d");
        assert_eq!(
            with(&other, "cdk.out/Shop.assets.json", &good),
            (0, 1),
            "{other}"
        );
        // The list of another folder speaks of files there.
        let away = "cdk.out/assembly-prod/Shop.assets.json";
        assert_eq!(with(&url, away, &good), (0, 1), "{url}");
    }
    let (members, _) = linked(&[
        ("cdk.out/Shop.template.json", &outer(&joined(HASH))),
        ("cdk.out/ShopDesk12.nested.template.json", DESK),
        ("cdk.out/Shop.assets.json", &good),
    ]);
    assert!(
        members[0].contains("Floor") && members[0].contains("cdk.out/Shop.template.json"),
        "{members:?}"
    );
}

#[test]
fn a_list_that_is_broken_or_leads_away_says_nothing() {
    let name = "cdk.out/Shop.assets.json";
    let url = joined(HASH);
    for path in [
        "../../etc/passwd",
        "/etc/passwd",
        "../cdk.out/ShopDesk12.nested.template.json",
        "",
        "Missing.nested.template.json",
    ] {
        assert_eq!(
            with(&url, name, &list(HASH, "file", path)),
            (0, 1),
            "{path}"
        );
    }
    let zipped = list(HASH, "zip", "ShopDesk12.nested.template.json");
    assert_eq!(with(&url, name, &zipped), (0, 1));
    for broken in ["{", "[]", r#"{"files": []}"#, r#"{"files": {"a": 1}}"#] {
        assert_eq!(with(&url, name, broken), (0, 1), "{broken}");
    }
}

#[test]
fn without_a_list_only_a_hash_tells_the_file() {
    let stands_as = |url: &str, name: &str| {
        let (members, unread) =
            linked(&[("cdk.out/Shop.template.json", &outer(url)), (name, DESK)]);
        (members.len(), unread)
    };
    let url = joined(HASH);
    for name in [
        format!("cdk.out/{HASH}.json"),
        format!("cdk.out/asset.{HASH}.json"),
    ] {
        assert_eq!(stands_as(&url, &name), (1, 0), "{name}");
    }
    // What merely has the same name may be another.
    assert_eq!(stands_as(&joined("desk"), "cdk.out/desk.json"), (0, 1));
}

#[test]
fn two_stacks_that_upload_the_same_mean_their_own_files() {
    let [shop, store] = ["Shop", "Store"].map(|stack| {
        let path = format!("{stack}Desk12.nested.template.json");
        list(HASH, "file", &path)
    });
    let top = outer(&joined(HASH));
    let tree = folder::repository(&[
        ("cdk.out/Shop.template.json", &top),
        ("cdk.out/Store.template.json", &top),
        ("cdk.out/ShopDesk12.nested.template.json", DESK),
        ("cdk.out/StoreDesk12.nested.template.json", DESK),
        ("cdk.out/Shop.assets.json", &shop),
        ("cdk.out/Store.assets.json", &store),
    ]);
    let output = folder::run(
        tree.path(),
        &["check", "--exit-zero", "--format", "json", "cdk.out"],
    );
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let services = decisions.filter(|one| one["address"] == "Serve");
    let services: Vec<_> = services
        .map(|one| {
            (
                one["path"].to_string(),
                one["members_elsewhere"].to_string(),
            )
        })
        .collect();
    assert_eq!(services.len(), 2);
    for (path, members) in services {
        let stack = if path.contains("/Shop") {
            "Shop"
        } else {
            "Store"
        };
        assert!(
            members.contains(&format!("cdk.out/{stack}.template.json")),
            "{path}: {members}"
        );
    }
}
