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

/// The paths of all decisions.
#[track_caller]
fn decided(shop: &Repository, paths: &[&str]) -> Vec<String> {
    let (_, report) = shop.check(paths);
    let decisions = report["decisions"].as_array().expect("a list");
    let paths = decisions.iter().map(|one| one["path"].as_str());
    paths.map(|path| path.expect("a text").to_owned()).collect()
}

#[test]
fn a_file_is_read_once_whatever_it_is_called_by() {
    let server = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
    let shop = Repository::new(&[("cfn/a.yaml", server), ("x/b.yaml", server)]);
    let here = shop.path().display().to_string();
    let name = shop.path().file_name().expect("a name").to_string_lossy();
    let (around, absolute) = (format!("../{name}/cfn"), format!("{here}/cfn/../cfn"));
    for paths in [
        &["cfn", "cfn/../cfn"][..],
        &["cfn/../cfn", "./cfn", "cfn/"],
        &[&around, "cfn"],
        &[&absolute, "cfn"],
        &["cfn/a.yaml", "cfn/../cfn/a.yaml"],
        &["cfn/../cfn"],
        &["x/../cfn/a.yaml"],
    ] {
        assert_eq!(decided(&shop, paths), ["cfn/a.yaml"], "{paths:?}");
    }
    for paths in [&[".", "cfn/.."][..], &["cfn/.."], &["..", "."]] {
        assert_eq!(
            decided(&shop, paths),
            ["cfn/a.yaml", "x/b.yaml"],
            "{paths:?}"
        );
    }
    // And each of those who read is told the same.
    let (_, out, _) = shop.said(&["baseline", ".", "cfn/.."]);
    assert!(out.contains("2 known fallbacks"), "{out}");
    shop.remove("sfl-baseline.json");
    let (code, _, error) = shop.said(&["check", "--since", "HEAD", "cfn", "x/../cfn"]);
    assert_eq!(code, 0, "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_leads_to_the_same_files() {
    let server = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
    let main = "resource \"aws_instance\" \"web\" {}\n";
    let shop = Repository::new(&[("cfn/a.yaml", server), ("x/main.tf", main)]);
    for (to, link) in [("cfn", "one"), ("x", "two")] {
        std::os::unix::fs::symlink(to, shop.path().join(link)).expect("a link");
    }
    for paths in [
        &["cfn", "one"][..],
        &["one/a.yaml", "cfn"],
        &["one", "cfn/a.yaml"],
    ] {
        assert_eq!(decided(&shop, paths), ["cfn/a.yaml"], "{paths:?}");
    }
    assert_eq!(decided(&shop, &["two", "x"]), ["x/main.tf"]);
    assert_eq!(
        decided(&shop, &[".", "one", "two"]),
        ["cfn/a.yaml", "x/main.tf"]
    );
    // By itself, a link gives its files the name that somebody wrote.
    assert_eq!(decided(&shop, &["one"]), ["one/a.yaml"]);
    // A step up out of a link is a step up from where it leads.
    assert_eq!(decided(&shop, &["one/../x", "x"]), ["x/main.tf"]);
}
