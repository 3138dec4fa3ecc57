//! Modules that a run calls by a path and that nobody named: Terraform reads them, and so do we.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::folder::{self, err, out, repository, run};
use crate::repository::{Repository, change, findings};

const PROD: &str = r#"module "shop" {
  source = "../../modules/shop"
  kind   = "m6i.large"
}
"#;
const DEV: &str = r#"module "shop" {
  source = "../../modules/shop"
  hosts  = 0
}
"#;
const SHOP: &str = r#"variable "hosts" {
  default = 2
}
variable "kind" {
  default = "t3.micro"
}
resource "aws_instance" "desk" {
  count         = var.hosts
  instance_type = var.kind
}
module "mail" {
  source = "../mail"
}
"#;
const MAIL: &str = r#"resource "aws_sqs_queue" "mail" {
}
resource "aws_db_instance" "inbox" {
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}
"#;

const FILES: [(&str, &str); 5] = [
    ("envs/prod/main.tf", PROD),
    ("envs/dev/main.tf", DEV),
    ("modules/shop/main.tf", SHOP),
    // Values of a module that is called are not its own.
    ("modules/shop/terraform.tfvars", "hosts = 7\n"),
    ("modules/mail/main.tf", MAIL),
];

fn with<'f>(name: &'f str, text: &'f str) -> Vec<(&'f str, &'f str)> {
    let kept = FILES.into_iter().filter(|(known, _)| *known != name);
    kept.chain([(name, text)]).collect()
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(
        folder,
        &[&["check", "--format", "json"], arguments].concat(),
    );
    serde_json::from_str(&out(&output)).expect("it is JSON")
}

/// Decisions with the roots that make them, then the calls that are not read.
fn lines(report: &Value) -> Vec<String> {
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let decisions = decisions.map(|decision| {
        let text = |key: &str| decision[key].as_str().unwrap_or("-").to_owned();
        let line = &decision["span"]["start"]["line"];
        let (path, address, rung) = (text("path"), text("address"), &decision["rung"]);
        format!("{path}:{line} {address} {rung} of {}", text("root"))
    });
    let unread = report["summary"]["unread"].as_array().expect("a list");
    let calls = unread.iter().filter(|kind| kind["kind"] == "module-calls");
    let calls = calls.flat_map(|kind| kind["items"].as_array().expect("a list"));
    decisions
        .chain(calls.map(|call| format!("not read: {}", call["name"].as_str().expect("a source"))))
        .collect()
}

fn said(folder: &TempDir, arguments: &[&str]) -> Vec<String> {
    lines(&report(folder.path(), arguments))
}

const OF_PROD: [&str; 4] = [
    "modules/mail/main.tf:1 module.shop.module.mail.aws_sqs_queue.mail 1 of envs/prod",
    "modules/mail/main.tf:3 module.shop.module.mail.aws_db_instance.inbox 3 of envs/prod",
    "modules/shop/main.tf:7 module.shop.aws_instance.desk[0] 4 of envs/prod",
    "modules/shop/main.tf:7 module.shop.aws_instance.desk[1] 4 of envs/prod",
];

#[test]
fn a_root_alone_makes_what_it_makes_beside_all_others() {
    let estate = repository(&FILES);
    assert_eq!(said(&estate, &["envs/prod"]), OF_PROD);
    // A folder is one module, whichever of its files is named.
    assert_eq!(said(&estate, &["envs/prod/main.tf"]), OF_PROD);
    let whole = said(&estate, &[]);
    let of_prod = whole.iter().filter(|line| line.ends_with(" of envs/prod"));
    assert_eq!(of_prod.collect::<Vec<_>>(), OF_PROD);
    // Both roots, without the modules, are the whole as well; a call with no hosts makes none.
    assert_eq!(said(&estate, &["envs"]), whole);
    assert_eq!(said(&estate, &["envs/dev"]).len(), 2);
    // The modules are no templates that somebody named, and nothing is missing.
    let report = report(estate.path(), &["envs/prod"]);
    assert_eq!(report["summary"]["read"], 1);
    assert_eq!(report["summary"]["unread"], json!([]));
    assert_eq!(report["summary"]["skipped"], 0);
}

#[test]
fn a_module_that_was_named_alone_is_judged_alone() {
    let estate = repository(&FILES);
    let decided = said(&estate, &["modules/shop"]);
    // It is the root now, with its own values, and what it calls is read for it.
    assert_eq!(decided.len(), 9, "{decided:?}");
    assert_eq!(
        decided[0],
        "modules/mail/main.tf:1 module.mail.aws_sqs_queue.mail 1 of modules/shop"
    );
    assert_eq!(
        decided[2],
        "modules/shop/main.tf:7 aws_instance.desk[0] 4 of -"
    );
}

#[test]
fn standard_input_is_the_file_of_its_name() {
    let estate = repository(&with(
        "envs/prod/sizes.tf",
        "locals {\n  kind = \"m6i.large\"\n}\n",
    ));
    // What is typed is not saved yet, and counts beside the other files of the folder.
    let typed = PROD.replace("\"m6i.large\"", "local.kind\n  hosts  = 1");
    let typed_at = |name: &str, text: &str| {
        let mut child = folder::command(estate.path())
            .args(["check", "-", "--stdin-filename", name])
            .args(["--format", "json", "--fail-on-nothing"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(text.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        serde_json::from_str::<Value>(&out(&output)).expect("it is JSON")
    };
    let report = typed_at("envs/prod/main.tf", &typed);
    assert_eq!(lines(&report), OF_PROD[..3]);
    assert_eq!(report["summary"]["read"], 1);
    // A file that is not there yet, and one that is broken.
    fs::remove_file(estate.path().join("envs/prod/main.tf")).expect("it is there");
    assert_eq!(lines(&typed_at("envs/prod/new.tf", &typed)), OF_PROD[..3]);
    let broken = typed_at("envs/prod/main.tf", "module \"shop\" {\n");
    assert_eq!(broken["summary"]["unreadable"], 1, "{broken}");
    let empty = typed_at("envs/prod/main.tf", "");
    assert_eq!(empty["findings"][0]["message"], "standard input is empty");
    // Without a folder, there is nowhere to look.
    let nameless = typed_at("<stdin>", &typed);
    assert_eq!(lines(&nameless), ["not read: ../../modules/shop"]);
}

#[test]
fn a_circle_of_modules_nobody_named_ends() {
    let mail = "module \"shop\" {\n  source = \"../shop\"\n}\nresource \"aws_db_instance\" \"inbox\" {\n}\n";
    let estate = repository(&with("modules/mail/main.tf", mail));
    let decided = said(&estate, &["envs/prod"]);
    assert_eq!(decided.len(), 3, "{decided:?}");
    assert!(decided.iter().all(|line| line.ends_with(" of envs/prod")));
}

#[test]
fn what_is_known_of_a_module_is_known_from_wherever_it_is_read() {
    let estate = Repository::new(&FILES);
    estate.said(&["baseline"]);
    let (code, part) = estate.check(&["envs/prod", "--baseline", "sfl-baseline.json"]);
    assert_eq!((code, findings(&part)), (0, Vec::new()));
    estate.remove("sfl-baseline.json");
    estate.said(&["baseline", "envs"]);
    let (code, whole) = estate.check(&["--baseline", "sfl-baseline.json"]);
    assert_eq!((code, findings(&whole)), (0, Vec::new()));
    assert_eq!(whole["summary"]["baseline"]["known"], 4, "{whole}");
}

#[test]
fn the_tree_is_the_repository_around_the_root_module() {
    let estate = repository(&FILES);
    let prod = estate.path().join("envs/prod");
    let decided = lines(&report(&prod, &[]));
    assert_eq!(decided.len(), 4, "{decided:?}");
    assert_eq!(
        decided[3],
        "../../modules/shop/main.tf:7 module.shop.aws_instance.desk[1] 4 of ."
    );
    // Without a repository it ends where sfl runs.
    let gap = ["not read: ../../modules/shop"];
    let bare = folder::folder(&FILES);
    assert_eq!(lines(&report(&bare.path().join("envs/prod"), &[])), gap);
    assert_eq!(said(&bare, &["envs/prod"]), OF_PROD);
    // Another repository is not its own.
    let apart = repository(&FILES);
    fs::create_dir(apart.path().join("envs/prod/.git")).expect("it can be made");
    assert_eq!(said(&apart, &["envs/prod"]), gap);
    // What is not there, or holds nothing of Terraform's, is named.
    for file in ["modules/none/main.tf", "modules/shop/notes.md"] {
        let estate = repository(&[("envs/prod/main.tf", PROD), (file, "")]);
        assert_eq!(said(&estate, &["envs/prod"]), gap, "{file}");
    }
}

#[cfg(unix)]
#[test]
fn links_out_of_the_tree_are_not_followed() {
    use std::os::unix::fs::symlink;

    let away = folder::folder(&[("shop/main.tf", MAIL)]);
    let estate = repository(&[("envs/prod/main.tf", PROD), ("parts/shop/main.tf", MAIL)]);
    fs::create_dir(estate.path().join("modules")).expect("it can be made");
    let link = estate.path().join("modules/shop");
    symlink(away.path().join("shop"), &link).expect("linked");
    assert_eq!(
        said(&estate, &["envs/prod"]),
        ["not read: ../../modules/shop"]
    );
    fs::remove_file(&link).expect("it can be removed");
    symlink("../parts/shop", &link).expect("linked");
    assert_eq!(said(&estate, &["envs/prod"]).len(), 2);
    // Nor is one in the folder.
    fs::remove_file(&link).expect("it can be removed");
    fs::create_dir(&link).expect("it can be made");
    symlink(away.path().join("shop/main.tf"), link.join("main.tf")).expect("linked");
    assert_eq!(
        said(&estate, &["envs/prod"]),
        ["not read: ../../modules/shop"]
    );
}

#[test]
fn an_error_in_a_module_is_an_error_of_the_run() {
    for (name, text) in [
        (
            "modules/mail/main.tf",
            "resource \"aws_db_instance\" \"inbox\" {\n  engine =\n}\n",
        ),
        ("modules/mail/more.tf.json", "{\"resource\": "),
    ] {
        let estate = repository(&with(name, text));
        let output = run(
            estate.path(),
            &["check", "envs/prod", "--format", "concise"],
        );
        let said = out(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(&format!("{name}:")), "{said}");
        assert!(said.contains("module.shop.aws_instance.desk[0]"), "{said}");
    }
}

#[test]
fn what_is_excluded_gives_its_values_and_is_not_reported() {
    let mut files = FILES.to_vec();
    files.push(("sfl.toml", "exclude = [\"modules/mail/**\"]\n"));
    let shop = format!(
        "{SHOP}resource \"aws_ecs_service\" \"web\" {{\n  launch_type = module.mail.how\n}}\n"
    );
    let mail = format!("{MAIL}output \"how\" {{\n  value = \"EC2\"\n}}\n");
    files[2].1 = &shop;
    files[4].1 = &mail;
    let estate = repository(&files);
    let decided = said(&estate, &["envs/prod"]);
    assert_eq!(decided.len(), 3, "{decided:?}");
    assert!(decided[2].contains("aws_ecs_service.web 3"), "{decided:?}");
    // It is said, and once.
    for paths in [&["envs/prod"][..], &["."][..]] {
        let report = report(estate.path(), paths);
        let unread = json!([{
            "kind": "excluded", "count": 1, "items": [{ "path": "modules/mail/main.tf" }]
        }]);
        assert_eq!(report["summary"]["unread"], unread, "{paths:?}");
    }
}

#[test]
fn reasons_in_a_module_count_and_are_written_there() {
    let reason = "# sfl: because=licence reason=\"the till is licensed by the socket of a host\"\n";
    let block = "resource \"aws_instance\"";
    let shop = SHOP.replace(block, &format!("{reason}{block}"));
    let estate = repository(&with("modules/shop/main.tf", &shop));
    let of_prod = report(estate.path(), &["envs/prod"]);
    assert_eq!(of_prod["summary"]["fallbacks"]["justified"], 2, "{of_prod}");
    // This root makes none of the hosts, but another may: the reason is not called unused.
    let of_dev = run(estate.path(), &["check", "envs/dev", "--format", "concise"]);
    assert!(!out(&of_dev).contains("reason/"), "{}", out(&of_dev));
    let address = "module.shop.module.mail.aws_db_instance.inbox";
    let words = [
        "justify",
        address,
        "envs/prod",
        "--because",
        "vendor-software",
        "--reason",
        "the mail server brings its own extension of this database",
    ];
    let output = run(estate.path(), &words);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let mail = fs::read_to_string(estate.path().join("modules/mail/main.tf")).expect("text");
    assert!(mail.contains("# sfl: because="), "{mail}");
    let after = report(estate.path(), &["envs/prod", "--fail-on", "note"]);
    assert_eq!(after["summary"]["fallbacks"]["unjustified"], 0, "{after}");
}

#[test]
fn a_change_in_a_module_is_news_of_each_root_that_calls_it() {
    let estate = Repository::new(&FILES);
    let mail = MAIL.replace("aws_sqs_queue", "aws_mq_broker");
    estate.write("modules/mail/main.tf", &mail);
    let (_, report) = estate.check(&["envs/prod", "--since", "HEAD"]);
    let changed = change(&report);
    assert_eq!(changed.len(), 2, "{changed:?}");
    let address = "module.shop.module.mail.aws_mq_broker.mail in modules/mail/main.tf";
    assert!(
        changed.iter().any(|line| line.contains(address)),
        "{changed:?}"
    );
    // A folder of another name holds nothing new.
    let moved = Repository::new(&FILES);
    moved.git(&["mv", "modules/mail", "modules/post"]);
    let shop = SHOP.replace("../mail", "../post");
    moved.write("modules/shop/main.tf", &shop);
    moved.commit("another name");
    let (_, report) = moved.check(&["envs/prod", "--since", "HEAD~1"]);
    assert_eq!(change(&report), Vec::<String>::new());
}

#[test]
fn a_local_module_in_the_list_of_terraform_init_is_still_a_local_one() {
    let mut files = FILES.to_vec();
    let list = r#"{"Modules":[{"Key":"","Source":"","Dir":"."},
        {"Key":"shop","Source":"../../modules/shop","Dir":"../../modules/shop"},
        {"Key":"shop.mail","Source":"../mail","Dir":"../../modules/mail"}]}"#;
    files.push(("envs/prod/.terraform/modules/modules.json", list));
    assert_eq!(said(&repository(&files), &["envs/prod"]), OF_PROD);
}

#[test]
fn a_call_that_is_not_followed_is_said_once_with_its_cause() {
    let folder = TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    };
    // Each module calls the next one twice, six times, and then there is a chain that is too long.
    for number in 0..40 {
        let each = match number {
            0..6 => "  for_each = toset([\"a\", \"b\"])\n",
            _ => "",
        };
        let next = number + 1;
        write(
            &format!("chain/m{number}/main.tf"),
            &format!("module \"next\" {{\n  source = \"../m{next}\"\n{each}}}\n"),
        );
    }
    write(
        "chain/m40/main.tf",
        "resource \"aws_sqs_queue\" \"last\" {\n}\n",
    );
    write(
        "round/one/main.tf",
        "module \"two\" {\n  source = \"../two\"\n}\n",
    );
    write(
        "round/two/main.tf",
        "module \"one\" {\n  source = \"../one\"\n}\n",
    );
    let messages = |path: &str| -> Vec<String> {
        let report = report(folder.path(), &[path]);
        let findings = report["findings"].as_array().expect("a list");
        let findings = findings
            .iter()
            .filter(|finding| finding["code"] == "template/loop");
        findings
            .filter_map(|finding| finding["message"].as_str().map(str::to_owned))
            .collect()
    };
    assert_eq!(
        messages("chain"),
        ["modules call each other too deeply here: what this call makes is not judged (64 times)"]
    );
    assert_eq!(
        messages("round"),
        ["this module comes round to itself by this call: what it makes is not judged"]
    );
}
