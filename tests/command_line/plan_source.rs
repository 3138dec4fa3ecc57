//! A plan whose source is in the tree: what is found in it stands on the line that a person wrote, and the reasons there count.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::folder::{command, folder, out, repository, run};
use crate::repository::Repository;

const MAIN: &str = r#"variable "how" {
  default = "EC2"
}

resource "aws_ecs_service" "api" {
  name        = "api"
  launch_type = var.how
}

module "store" {
  source   = "../modules/store"
  for_each = { orders = 1 }
}

module "warehouse" {
  source  = "example/warehouse/aws"
  version = "2.0.0"
}

data "aws_region" "here" {}

output "name" {
  value = aws_ecs_service.api.name
}
"#;

const STORE: &str = "resource \"aws_db_instance\" \"main\" {\n  engine         = \"postgres\"\n  instance_class = \"db.t4g.small\"\n}\n";

/// A change as `terraform show -json` tells it.
fn change(module: &str, kind: &str, name: &str, key: &str, after: Value) -> Value {
    let prefix = match module {
        "" => String::new(),
        module => format!("{module}."),
    };
    json!({
        "address": format!("{prefix}{kind}.{name}{key}"), "mode": "managed", "type": kind, "name": name,
        "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": {}}
    })
}

fn block(kind: &str, name: &str) -> Value {
    json!({"address": format!("{kind}.{name}"), "mode": "managed", "type": kind, "name": name, "expressions": {}, "schema_version": 1})
}

fn plan_of(changes: Value, root: Value) -> String {
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
        "configuration": {"root_module": root}
    });
    serde_json::to_string_pretty(&plan).expect("it is JSON")
}

/// The plan of `MAIN`.
fn plan() -> String {
    let service = json!({
        "address": "aws_ecs_service.api", "mode": "managed", "type": "aws_ecs_service", "name": "api",
        "expressions": {"name": {"constant_value": "api"}, "launch_type": {"references": ["var.how"]}}, "schema_version": 0
    });
    let region = json!({"address": "data.aws_region.here", "mode": "data", "type": "aws_region", "name": "here"});
    let store = json!({
        "source": "../modules/store", "for_each_expression": {"constant_value": {"orders": 1}},
        "module": {"resources": [block("aws_db_instance", "main")]}
    });
    let cluster = json!({"source": "./modules/cluster", "module": {"resources": [block("aws_redshift_cluster", "this")]}});
    let warehouse = json!({
        "source": "example/warehouse/aws", "version_constraint": "2.0.0", "module": {"module_calls": {"cluster": cluster}}
    });
    plan_of(
        json!([
            change(
                "",
                "aws_ecs_service",
                "api",
                "",
                json!({"name": "api", "launch_type": "EC2"})
            ),
            change(
                "module.store[\"orders\"]",
                "aws_db_instance",
                "main",
                "",
                json!({"engine": "postgres", "instance_class": "db.t4g.small"})
            ),
            change(
                "module.warehouse.module.cluster",
                "aws_redshift_cluster",
                "this",
                "[0]",
                json!({"node_type": "ra3.xlplus", "number_of_nodes": 2})
            ),
        ]),
        json!({
            "outputs": {"name": {"expression": {"references": ["aws_ecs_service.api.name", "aws_ecs_service.api"]}}},
            "resources": [service, region],
            "module_calls": {"store": store, "warehouse": warehouse},
            "variables": {"how": {"default": "EC2"}}
        }),
    )
}

fn shop(main: &str, store: &str) -> tempfile::TempDir {
    repository(&[
        ("live/main.tf", main),
        ("modules/store/main.tf", store),
        ("live/plan.json", &plan()),
    ])
}

fn concise(folder: &Path, arguments: &[&str]) -> Vec<String> {
    let output = run(
        folder,
        &[&["check", "--format", "concise"], arguments].concat(),
    );
    let lines = out(&output);
    let places = lines
        .lines()
        .filter(|line| line.contains(": ") && line.contains('['));
    let places = places.map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "));
    places.collect()
}

fn json_of(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(
        folder,
        &[&["check", "--format", "json"], arguments].concat(),
    );
    serde_json::from_str(&out(&output)).expect("it is JSON")
}

const WRITTEN: [&str; 3] = [
    "live/main.tf:7:3: warning[compute/cluster]",
    "live/main.tf:15:8: warning[analytics/cluster]",
    "modules/store/main.tf:1:28: warning[relational/cluster]",
];

#[test]
fn a_finding_of_a_plan_stands_in_the_block_that_a_person_wrote() {
    let shop = shop(MAIN, STORE);
    let here = shop.path();
    assert_eq!(concise(here, &["live/plan.json"]), WRITTEN);
    let github = out(&run(
        here,
        &["check", "--format", "github", "live/plan.json"],
    ));
    assert!(
        github.contains("::warning file=live/main.tf,line=7,endLine=7,col=3,endColumn=14,title=compute/cluster::"),
        "{github}"
    );
    let sarif = out(&run(
        here,
        &["check", "--format", "sarif", "live/plan.json"],
    ));
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    let place = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "live/main.tf");
    assert_eq!(place["region"]["startLine"], 7);
    let gitlab = out(&run(
        here,
        &["check", "--format", "gitlab", "live/plan.json"],
    ));
    let gitlab: Value = serde_json::from_str(&gitlab).expect("it is JSON");
    assert_eq!(gitlab[0]["location"]["path"], "live/main.tf");
    for format in ["pretty", "markdown", "junit", "html"] {
        let text = out(&run(here, &["check", "--format", format, "live/plan.json"]));
        assert!(text.contains("live/main.tf:7"), "{format}: {text}");
    }
    let pretty = out(&run(here, &["check", "live/plan.json"]));
    assert!(
        pretty.contains("planned here as aws_ecs_service.api"),
        "{pretty}"
    );
    assert!(pretty.contains("or say why: # sfl: because="), "{pretty}");
}

#[test]
fn programs_are_told_both_places() {
    let shop = shop(MAIN, STORE);
    let report = json_of(shop.path(), &["live/plan.json"]);
    let finding = &report["findings"][0];
    assert_eq!(finding["path"], "live/plan.json");
    assert_eq!(finding["source"]["path"], "live/main.tf");
    assert_eq!(finding["source"]["span"]["start"]["line"], 7);
    let store = &report["decisions"][1];
    assert_eq!(store["path"], "live/plan.json");
    assert_eq!(
        store["address"],
        "module.store[\"orders\"].aws_db_instance.main"
    );
    assert_eq!(store["source"]["path"], "modules/store/main.tf");
    assert_eq!(store["source"]["address"], "aws_db_instance.main");
    assert_eq!(
        report["decisions"][2]["source"]["address"],
        "module.warehouse"
    );
    // Whether its source is there or not, a finding is the same one.
    let alone = folder(&[("live/plan.json", &plan())]);
    let alone = json_of(alone.path(), &["live/plan.json"]);
    assert_eq!(alone["findings"][0].get("source"), None);
    let fingerprints = |report: &Value| {
        let findings = report["findings"].as_array().expect("a list").iter();
        let mut all: Vec<_> = findings.map(|one| one["fingerprint"].to_string()).collect();
        all.sort();
        all
    };
    assert_eq!(fingerprints(&alone), fingerprints(&report));
    assert_eq!(alone["findings"][0]["span"], finding["span"]);
}

#[test]
fn the_folder_of_a_plan_is_looked_at_first_then_those_around_it() {
    let own = folder(&[
        ("shop/main.tf", MAIN),
        ("modules/store/main.tf", STORE),
        ("shop/out/day/plan.json", &plan()),
    ]);
    let places = concise(own.path(), &["shop/out/day/plan.json"]);
    assert_eq!(places[1], "shop/main.tf:7:3: warning[compute/cluster]");
    // From standard input, the working folder, or that of the name it is given.
    let said = |here: &Path, arguments: &[&str]| {
        let mut command = command(here);
        command
            .args(["check", "-", "--format", "concise"])
            .args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut input = child.stdin.take().expect("piped");
        input.write_all(plan().as_bytes()).expect("it reads");
        drop(input);
        out(&child.wait_with_output().expect("it ends"))
    };
    let shop = shop(MAIN, STORE);
    let within = said(&shop.path().join("live"), &[]);
    assert!(within.contains("\nmain.tf:7:3: warning"), "{within}");
    assert!(
        within.starts_with("../modules/store/main.tf:1:28: "),
        "{within}"
    );
    let above = said(shop.path(), &[]);
    assert!(above.starts_with("<stdin>:"), "{above}");
    let named = said(shop.path(), &["--stdin-filename", "live/today.json"]);
    assert!(named.starts_with("live/main.tf:7:3: warning"), "{named}");
}

#[test]
fn a_folder_that_is_not_the_source_is_not_taken_for_it() {
    let all_in_plan = |main: &str, other: &[(&str, &str)], plan: &str| {
        let files = [
            ("shop/main.tf", main),
            ("modules/store/main.tf", STORE),
            ("shop/plan.json", plan),
        ];
        let folder = folder(&[&files[..], other].concat());
        let places = concise(folder.path(), &["shop/plan.json"]);
        assert!(!places.is_empty());
        places
            .iter()
            .all(|place| place.starts_with("shop/plan.json:"))
    };
    assert!(!all_in_plan(MAIN, &[], &plan()), "as it is");
    let without = |text: &str| MAIN.replace(text, "");
    for text in [
        "data \"aws_region\" \"here\" {}",
        "variable \"how\" {\n  default = \"EC2\"\n}",
    ] {
        assert!(all_in_plan(&without(text), &[], &plan()), "without {text}");
    }
    let renamed = MAIN.replace("\"aws_ecs_service\" \"api\"", "\"aws_ecs_service\" \"web\"");
    assert!(all_in_plan(&renamed, &[], &plan()));
    let values = [(
        "shop/variables.tf.json",
        r#"{"variable": {"how": {"default": "EC2"}}}"#,
    )];
    let moved = without("variable \"how\" {\n  default = \"EC2\"\n}");
    assert!(
        !all_in_plan(&moved, &values, &plan()),
        "a file that declares only variables is one of the module"
    );
    let elsewhere = MAIN.replace("example/warehouse", "example/lake");
    assert!(all_in_plan(&elsewhere, &[], &plan()));
    let again = [("shop/again.tf", "resource \"aws_ecs_service\" \"api\" {}\n")];
    assert!(all_in_plan(MAIN, &again, &plan()), "two of one name");
    let state = r#"{"format_version":"1.0","terraform_version":"1.11.4","values":{"root_module":{"resources":[{"address":"aws_ecs_service.api","mode":"managed","type":"aws_ecs_service","name":"api","values":{"launch_type":"EC2"}}]}}}"#;
    assert!(
        all_in_plan(MAIN, &[], state),
        "a state does not say how it was written"
    );
    // A folder around it that declares more is another module.
    let more = folder(&[
        (
            "main.tf",
            &format!("{MAIN}\nresource \"aws_sqs_queue\" \"more\" {{}}\n"),
        ),
        ("plans/plan.json", &plan()),
    ]);
    assert!(concise(more.path(), &["plans/plan.json"])[0].starts_with("plans/plan.json:"));
    let own = format!("{MAIN}\nresource \"aws_sqs_queue\" \"more\" {{}}\n");
    assert!(
        !all_in_plan(&own, &[], &plan()),
        "its own folder may have grown since"
    );
}

#[test]
fn a_block_that_its_module_does_not_have_stays_in_the_plan() {
    let shop = shop(MAIN, "resource \"aws_db_instance\" \"other\" {}\n");
    let places = concise(shop.path(), &["live/plan.json"]);
    assert_eq!(places[..2], WRITTEN[..2]);
    assert!(places[2].starts_with("live/plan.json:"), "{places:?}");
}

#[test]
fn nothing_outside_of_the_working_tree_is_opened() {
    let shop = folder(&[
        ("live/main.tf", MAIN),
        ("live/plan.json", &plan()),
        ("modules/store/main.tf", STORE),
    ]);
    // No repository around it: the tree is the working folder, and the call is what is left.
    let places = concise(&shop.path().join("live"), &["plan.json"]);
    assert_eq!(places[1], "main.tf:10:8: warning[relational/cluster]");
    fs::create_dir(shop.path().join(".git")).expect("made");
    let places = concise(&shop.path().join("live"), &["plan.json"]);
    assert_eq!(
        places[0],
        "../modules/store/main.tf:1:28: warning[relational/cluster]"
    );
}

const SAID: &str =
    "# sfl: because=vendor-software reason=\"the vendor only supports it like this\"\n";

#[test]
fn reasons_in_the_source_count_for_the_plan() {
    let main = MAIN.replace(
        "module \"warehouse\"",
        &format!("{SAID}module \"warehouse\""),
    );
    let main = main.replace("resource \"aws_ecs", &format!("{SAID}resource \"aws_ecs"));
    let shop = shop(&main, &format!("{SAID}{STORE}"));
    assert_eq!(concise(shop.path(), &["live/plan.json"]), [""; 0]);
    let report = json_of(shop.path(), &["live/plan.json"]);
    let why = &report["decisions"][0]["justification"];
    assert_eq!(why["path"], "live/main.tf");
    assert_eq!(why["line"], 5);
    // What is said of a call holds for all that it makes, and a fault is said where the reason stands.
    let faulty = SAID.replace("vendor-software", "taste");
    let main = MAIN.replace("module \"store\"", &format!("{faulty}module \"store\""));
    fs::write(shop.path().join("live/main.tf"), main).expect("written");
    fs::write(shop.path().join("modules/store/main.tf"), STORE).expect("written");
    let places = concise(shop.path(), &["live/plan.json"]);
    assert!(
        places.contains(&"live/main.tf:10:1: warning[justification/unknown-kind]".to_owned()),
        "{places:?}"
    );
    assert!(places.contains(&WRITTEN[2].to_owned()), "{places:?}");
    // What is said of all of a module holds for its own blocks alone.
    let whole = r#"{"//": {"sfl": {"because": "vendor-software", "reason": "the vendor only supports it like this"}}, "locals": {}}"#;
    fs::write(shop.path().join("live/whole.tf.json"), whole).expect("written");
    fs::write(shop.path().join("live/main.tf"), MAIN).expect("written");
    assert_eq!(concise(shop.path(), &["live/plan.json"]), WRITTEN[2..]);
    fs::remove_file(shop.path().join("live/whole.tf.json")).expect("it was there");
    // An entry of the ledger may name the file.
    let ledger = "[[justification]]\npath = \"live/main.tf\"\naddress = \"aws_ecs_service.api\"\nbecause = \"vendor-software\"\nreason = \"the vendor only supports it like this\"\n";
    fs::write(shop.path().join("sfl.toml"), ledger).expect("written");
    let places = concise(shop.path(), &["live/plan.json"]);
    assert!(
        !places.iter().any(|place| place.contains("compute/cluster")),
        "{places:?}"
    );
}

#[test]
fn a_reason_for_one_instance_is_for_that_one_of_the_plan() {
    for (key, is_settled) in [("orders", true), ("bills", false)] {
        let said = SAID.replace("sfl:", &format!("sfl: for={key}"));
        let main = MAIN.replace("module \"store\"", &format!("{said}module \"store\""));
        let shop = shop(&main, STORE);
        let places = concise(shop.path(), &["live/plan.json"]);
        let is_open = places.contains(&WRITTEN[2].to_owned());
        assert_eq!(is_open, !is_settled, "{key}: {places:?}");
    }
}

#[test]
fn a_reason_is_written_into_the_source() {
    let shop = shop(MAIN, STORE);
    let here = shop.path();
    let justify = |address: &str| {
        let arguments = [
            "justify",
            address,
            "live/plan.json",
            "--because",
            "vendor-software",
            "--reason",
            "the vendor only supports it like this",
        ];
        assert_eq!(run(here, &arguments).status.code(), Some(0), "{address}");
    };
    for address in [
        "aws_ecs_service.api",
        "module.store[\"orders\"].aws_db_instance.main",
        "module.warehouse.module.cluster.aws_redshift_cluster.this[0]",
    ] {
        justify(address);
    }
    let main = fs::read_to_string(here.join("live/main.tf")).expect("it is there");
    let expected = MAIN.replace("resource \"aws_ecs", &format!("{SAID}resource \"aws_ecs"));
    let expected = expected.replace(
        "module \"warehouse\"",
        &format!("{SAID}module \"warehouse\""),
    );
    assert_eq!(main, expected);
    let store = fs::read_to_string(here.join("modules/store/main.tf")).expect("it is there");
    assert_eq!(store, format!("{SAID}{STORE}"));
    assert!(!here.join("sfl.toml").exists());
    assert_eq!(concise(here, &["live/plan.json"]), [""; 0]);
}

#[test]
fn a_choice_in_a_plan_and_in_its_source_is_one() {
    let shop = shop(MAIN, STORE);
    let report = json_of(shop.path(), &["."]);
    let decisions = report["decisions"].as_array().expect("a list");
    let names: Vec<_> = decisions
        .iter()
        .map(|one| (one["path"].as_str(), one["address"].as_str()))
        .collect();
    assert_eq!(
        names,
        [
            (Some("live/main.tf"), Some("aws_ecs_service.api")),
            (
                Some("live/plan.json"),
                Some("module.warehouse.module.cluster.aws_redshift_cluster.this[0]")
            ),
            (
                Some("modules/store/main.tf"),
                Some("module.store[\"orders\"].aws_db_instance.main")
            ),
        ]
    );
    assert_eq!(
        decisions[0]["planned"],
        json!([{"path": "live/plan.json", "address": "aws_ecs_service.api"}])
    );
    assert_eq!(concise(shop.path(), &["."]), WRITTEN);
    let finding = &report["findings"][0];
    assert_eq!(finding["path"], "live/main.tf");
    let related = finding["related"].as_array().expect("a list");
    let planned = related.iter().find(|one| one["path"] == "live/plan.json");
    assert_eq!(
        planned.expect("it is there")["message"],
        "planned here as aws_ecs_service.api"
    );
    // Where the plan says something else, both are said.
    let fargate = MAIN.replace("\"EC2\"", "\"FARGATE\"");
    fs::write(shop.path().join("live/main.tf"), fargate).expect("written");
    let places = concise(shop.path(), &["."]);
    assert_eq!(places[0], "live/main.tf:7:3: note[compute/capacity]");
    assert_eq!(places[1], "live/main.tf:7:3: warning[compute/cluster]");
    // A reason that only the plan needs is not unused.
    let queue = "resource \"aws_db_instance\" \"main\" {\n  count = 0\n}\n";
    fs::write(
        shop.path().join("modules/store/main.tf"),
        format!("{SAID}{queue}"),
    )
    .expect("written");
    let places = concise(shop.path(), &["."]);
    assert!(
        !places.iter().any(|place| place.contains("unused")),
        "{places:?}"
    );
    assert!(
        !places.iter().any(|place| place.contains("relational")),
        "{places:?}"
    );
}

#[test]
fn a_change_of_a_plan_is_compared_whatever_becomes_of_its_source() {
    let shop = Repository::new(&[
        ("live/main.tf", MAIN),
        ("modules/store/main.tf", STORE),
        ("live/plan.json", &plan()),
    ]);
    shop.write("live/main.tf", &format!("# moved\n\n{MAIN}"));
    let (code, report) = shop.check(&["--since", "HEAD", "live/plan.json"]);
    assert_eq!(
        (code, report["findings"].as_array().map(Vec::len)),
        (0, Some(0))
    );
    let (code, _) = shop.check(&["--since", "HEAD"]);
    assert_eq!(code, 0);
    shop.write("modules/store/main.tf", &format!("{SAID}{STORE}"));
    let (_, report) = shop.check(&["--since", "HEAD", "live/plan.json"]);
    let explained = &report["summary"]["change"]["explained"];
    assert_eq!(explained.as_array().map(Vec::len), Some(1), "{explained}");
}
