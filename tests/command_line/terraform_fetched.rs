//! Modules that `terraform init` has fetched.

use serde_json::Value;

use crate::folder::{folder, out, run};
use crate::repository::{Repository, change};

/// A report, and the exit code.
fn report(files: &[(&str, &str)]) -> Value {
    let folder = folder(files);
    let output = run(folder.path(), &["check", "--format", "json"]);
    serde_json::from_str(&out(&output)).expect("it is JSON")
}

/// Decisions with their places and rungs, then the calls that are not read.
fn lines(report: &Value) -> Vec<String> {
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let decisions = decisions.map(|decision| {
        format!(
            "{}:{} {} {}",
            decision["path"].as_str().expect("a path"),
            decision["span"]["start"]["line"],
            decision["address"].as_str().expect("an address"),
            decision["rung"]
        )
    });
    let unread = report["summary"]["unread"].as_array().expect("a list");
    let calls = unread.iter().filter(|kind| kind["kind"] == "module-calls");
    let calls = calls.flat_map(|kind| kind["items"].as_array().expect("a list"));
    let calls = calls.map(|call| {
        format!(
            "not read: {}",
            call["address"].as_str().expect("an address")
        )
    });
    decisions.chain(calls).collect()
}

fn said(files: &[(&str, &str)]) -> Vec<String> {
    lines(&report(files))
}

const MAIN: &str = "locals {\n  size = \"m5.large\"\n}\n\nmodule \"fleet\" {\n  for_each = toset([\"a\", \"b\"])\n  source   = \"acme/fleet/aws\"\n  \
                    version  = \"~> 2.1\"\n  size     = local.size\n  \
                    queues   = 0\n}\n";
const LIST: &str = r#"{"Modules":[
    {"Key":"","Source":"","Dir":"."},
    {"Key":"fleet","Source":"registry.terraform.io/acme/fleet/aws","Version":"2.4.0","Dir":".terraform/modules/fleet"},
    {"Key":"fleet.part","Source":"./parts/service","Dir":".terraform/modules/fleet/parts/service"},
    {"Key":"fleet.far","Source":"git::https://example.org/acme/far.git?ref=v1","Dir":".terraform/modules/fleet.far"}]}"#;
const FLEET: &str = "variable \"size\" {}\nvariable \"queues\" {}\nresource \"aws_instance\" \"node\" {\n  instance_type = var.size\n}\n\
                     resource \"aws_sqs_queue\" \"all\" {\n  count = var.queues\n}\n\
                     module \"part\" {\n  source = \"./parts/service\"\n}\nmodule \"far\" {\n  source = \"git::https://example.org/acme/far.git?ref=v1\"\n}\n";
const PART: &str = "resource \"aws_ecs_service\" \"web\" {\n  launch_type = trimspace(file(\"${path.module}/how.txt\"))\n}\n";
const FAR: &str = "resource \"aws_lambda_function\" \"far\" {\n  function_name = \"far\"\n}\n";

const FILES: [(&str, &str); 6] = [
    ("main.tf", MAIN),
    (".terraform/modules/modules.json", LIST),
    (".terraform/modules/fleet/main.tf", FLEET),
    (".terraform/modules/fleet/parts/service/main.tf", PART),
    (".terraform/modules/fleet/parts/service/how.txt", "EC2\n"),
    (".terraform/modules/fleet.far/main.tf", FAR),
];

fn with<'f>(name: &'f str, text: &'f str) -> Vec<(&'f str, &'f str)> {
    let kept = FILES.into_iter().filter(|(known, _)| *known != name);
    kept.chain([(name, text)]).collect()
}

const GAP: [&str; 1] = ["not read: module.fleet"];

#[test]
fn what_was_fetched_is_judged_at_the_call() {
    let decided = said(&FILES);
    let mut expected = Vec::new();
    for key in ["a", "b"] {
        for rest in [
            "aws_instance.node 4",
            "module.part.aws_ecs_service.web 3",
            "module.far.aws_lambda_function.far 1",
        ] {
            expected.push(format!("main.tf:5 module.fleet[\"{key}\"].{rest}"));
        }
    }
    assert_eq!(decided, expected);
    // Without it, the call is named.
    assert_eq!(said(&FILES[..1]), GAP);
}

#[test]
fn what_is_no_longer_what_the_call_asks_for_is_a_gap() {
    for main in [
        MAIN.replace("acme/fleet/aws", "acme/navy/aws"),
        MAIN.replace("~> 2.1", ">= 3.0"),
    ] {
        assert_eq!(said(&with("main.tf", &main)), GAP, "{main}");
    }
    for list in [
        LIST.replace(
            "\"Dir\":\".terraform/modules/fleet\"",
            "\"Dir\":\".terraform/modules/none\"",
        ),
        LIST.replace(
            "\"Dir\":\".terraform/modules/fleet\"",
            "\"Dir\":\"../../../../../etc\"",
        ),
        LIST.replace("\"Key\":\"fleet\"", "\"Key\":\"other\""),
        "{".to_owned(),
    ] {
        let files = with(".terraform/modules/modules.json", &list);
        assert_eq!(said(&files), GAP, "{list}");
    }
    // One that is missing further down costs what it would make, and no more.
    let list = LIST.replace("modules/fleet.far", "modules/none");
    let decided = said(&with(".terraform/modules/modules.json", &list));
    assert_eq!(decided.len(), 6, "{decided:?}");
    assert!(
        decided[4..].iter().all(|line| line.ends_with("module.far")),
        "{decided:?}"
    );
}

#[test]
fn what_was_fetched_counts_before_what_is_known_of_a_module() {
    let call = "module \"box\" {\n  source  = \"terraform-aws-modules/ec2-instance/aws\"\n  version = \"6.0.2\"\n}\n";
    assert_eq!(said(&[("main.tf", call)]), ["main.tf:1 module.box 4"]);
    let list = r#"{"Modules":[{"Key":"box","Source":"registry.terraform.io/terraform-aws-modules/ec2-instance/aws","Version":"6.0.2","Dir":".terraform/modules/box"}]}"#;
    let files = [
        ("main.tf", call),
        (".terraform/modules/modules.json", list),
        (
            ".terraform/modules/box/main.tf",
            "resource \"aws_spot_instance_request\" \"this\" {\n  count = 0\n}\nresource \"aws_instance\" \"this\" {\n  count = 1\n}\n",
        ),
    ];
    assert_eq!(
        said(&files),
        ["main.tf:1 module.box.aws_instance.this[0] 4"]
    );
}

#[test]
fn a_reason_at_the_call_speaks_for_what_was_fetched() {
    let main = MAIN.replace(
        "module \"fleet\"",
        "# sfl: because=licence reason=\"the vendor counts the sockets of these hosts\"\nmodule \"fleet\"",
    );
    let report = report(&with("main.tf", &main));
    assert_eq!(report["summary"]["findings"]["error"], 0, "{report}");
    assert_eq!(report["summary"]["fallbacks"]["justified"], 4, "{report}");
}

#[test]
fn a_local_module_is_found_in_the_list_of_whoever_runs_it() {
    let list = r#"{"Modules":[{"Key":"shop","Source":"../parts/shop","Dir":"../parts/shop"},
        {"Key":"shop.box","Source":"registry.terraform.io/acme/box/aws","Version":"1.0.0","Dir":".terraform/modules/shop.box"}]}"#;
    let files = [
        (
            "live/main.tf",
            "module \"shop\" {\n  source = \"../parts/shop\"\n}\n",
        ),
        ("live/.terraform/modules/modules.json", list),
        (
            "live/.terraform/modules/shop.box/main.tf",
            "resource \"aws_instance\" \"box\" {}\n",
        ),
        (
            "parts/shop/main.tf",
            "\nmodule \"box\" {\n  source = \"acme/box/aws\"\n}\n",
        ),
    ];
    assert_eq!(
        said(&files),
        ["parts/shop/main.tf:2 module.shop.module.box.aws_instance.box 4"]
    );
}

#[test]
fn what_is_not_committed_is_the_same_before_and_after() {
    let mut files = FILES.to_vec();
    files.push((".gitignore", ".terraform\n"));
    let shop = Repository::new(&files);
    shop.write(
        "main.tf",
        &MAIN.replace("toset([\"a\", \"b\"])", "toset([\"a\"])"),
    );
    let (_, report) = shop.check(&["--since", "HEAD"]);
    let gone = change(&report);
    assert_eq!(gone.len(), 3, "{gone:?}");
    assert!(
        gone.iter()
            .all(|line| line.starts_with("gone: module.fleet[\"b\"]")),
        "{gone:?}"
    );
}
