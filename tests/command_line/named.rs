//! Files given by name: what is said of those that are no templates, and what `--skip-unknown` passes over, as hooks need it.

use crate::repository::{Repository, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n   Bad: [\n";

/// What a repository holds beside templates, none of which sfl has to understand.
const OTHERS: [(&str, &str); 6] = [
    (
        "chart/templates/web.yaml",
        "{{- if .Values.web }}\nkind: Deployment\nspec: {{ toYaml .Values.spec }}\n{{- end }}\n",
    ),
    ("tsconfig.json", "{\n  // strict\n  \"strict\": true,\n}\n"),
    (
        ".gitlab-ci.yml",
        "build: !reference [.base, script]\n  - make\n",
    ),
    ("words.template", "Dear {{ name }}: [\n"),
    ("deploy.json", "{\"resource\": \"y\", \"data\": [1,,]}\n"),
    (
        "docs/try.md",
        "```yaml\nResources:\n  A: {Type: AWS::EC2::Instance,\n```\n",
    ),
];

#[test]
fn what_is_no_template_is_passed_over_without_a_word() {
    let folder = Repository::none();
    for (name, text) in OTHERS {
        folder.write(name, text);
        let (code, out, error) = folder.said(&["check", "--skip-unknown", "--quiet", name]);
        assert_eq!((code, &*out, &*error), (0, "", ""), "{name}");
        let (code, _, error) = folder.said(&["check", name]);
        assert!(
            code == 2 || error.contains("no template"),
            "without the switch, {name} is said to be none"
        );
    }
    folder.write("web.yaml", SERVER);
    let mut all = vec!["--skip-unknown", "web.yaml"];
    all.extend(OTHERS.map(|(name, _)| name));
    let (code, report) = folder.check(&all);
    assert_eq!(code, 1, "a template among them is checked");
    assert_eq!(findings(&report), ["compute/server Web in web.yaml"]);
}

#[test]
fn a_broken_template_and_a_missing_file_still_cannot_be_read() {
    let folder = Repository::none();
    folder.write("orders.yaml", QUEUE);
    folder.write("broken.yaml", BROKEN);
    let (code, report) = folder.check(&["--skip-unknown", "orders.yaml", "broken.yaml"]);
    assert_eq!(code, 2);
    assert_eq!(findings(&report), ["source/yaml - in broken.yaml"]);
    let (code, report) = folder.check(&["--skip-unknown", "orders.yaml", "gone.yaml"]);
    assert_eq!(code, 2, "a mistyped name is not passed over");
    assert_eq!(findings(&report), ["source/unreadable - in gone.yaml"]);
}

#[test]
fn a_module_is_read_whole_and_reported_for_the_named_file() {
    let folder = Repository::none();
    let instance =
        r#"{"resource": {"aws_instance": {"NAME": {"ami": "a", "instance_type": "${var.size}"}}}}"#;
    folder.write("net/web.tf.json", &instance.replace("NAME", "web"));
    folder.write("net/job.tf.json", &instance.replace("NAME", "job"));
    folder.write("net/broken.tf.json", "{");
    folder.write(
        "net/kinds.tf.json",
        r#"{"variable": {"billing": {"default": "PROVISIONED"}}}"#,
    );
    folder.write(
        "net/table.tf.json",
        r#"{"resource": {"aws_dynamodb_table": {"carts": {"billing_mode": "${var.billing}"}}}}"#,
    );
    let (code, report) = folder.check(&["--skip-unknown", "net/web.tf.json"]);
    assert_eq!(code, 1);
    assert_eq!(
        findings(&report),
        ["compute/server aws_instance.web in net/web.tf.json"]
    );
    let (code, report) = folder.check(&["--skip-unknown", "net/table.tf.json"]);
    assert_eq!(code, 0, "a note does not fail");
    assert_eq!(
        findings(&report),
        ["nosql/capacity aws_dynamodb_table.carts in net/table.tf.json"],
        "the variable of another file was followed"
    );
    assert_eq!(report["decisions"][0]["uncertain"], false);
    let (code, report) = folder.check(&["--skip-unknown", "net/broken.tf.json"]);
    assert_eq!(code, 2, "the ending says that it is meant");
    assert_eq!(findings(&report), ["source/json - in net/broken.tf.json"]);
}

#[test]
fn what_is_excluded_stays_out_where_it_is_named() {
    let folder = Repository::none();
    folder.write("sfl.toml", "exclude = [\"vendor\"]\n");
    folder.write("vendor/web.yaml", SERVER);
    folder.write("Büro & Küche/web 2.template", SERVER);
    let named = ["vendor/web.yaml", "Büro & Küche/web 2.template"];
    let both = |switches: &[&'static str]| [switches, &named].concat();
    let (_, report) = folder.check(&both(&["--skip-unknown"]));
    assert_eq!(findings(&report).len(), 2, "named is named");
    let (code, report) = folder.check(&both(&["--skip-unknown", "--force-exclude"]));
    assert_eq!(code, 1);
    assert_eq!(
        findings(&report),
        ["compute/server Web in Büro & Küche/web 2.template"]
    );
}
