//! Links in a configuration: Terraform follows them, and so does sfl inside of the working tree.
#![cfg(unix)]

use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::folder::{folder, out, repository, run};

fn link(folder: &TempDir, to: impl AsRef<Path>, at: &str) {
    symlink(to, folder.path().join(at)).expect("it can be made");
}

fn report(folder: &TempDir) -> (Value, Vec<String>) {
    let output = run(folder.path(), &["check", "--format", "json"]);
    let report: Value = serde_json::from_str(&out(&output)).expect("it is JSON");
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let text = |one: &Value, key: &str| one[key].as_str().expect("a text").to_owned();
    let decisions = decisions.map(|one| {
        format!(
            "{} {} {}",
            text(one, "path"),
            text(one, "address"),
            one["rung"]
        )
    });
    let decisions = decisions.collect();
    (report, decisions)
}

const SERVICE: &str = "variable \"how\" {\n  default = \"FARGATE\"\n}\nresource \"aws_ecs_service\" \"web\" {\n  launch_type = var.how\n}\n";

#[test]
fn a_link_to_a_file_of_the_tree_is_a_file_of_its_folder() {
    let folder = repository(&[
        ("common/main.tf", SERVICE),
        ("live/terraform.tfvars", "how = \"EC2\"\n"),
        ("test/more.tf", "resource \"aws_sqs_queue\" \"jobs\" {\n}\n"),
    ]);
    link(&folder, "../common/main.tf", "live/main.tf");
    link(&folder, "../common/main.tf", "test/main.tf");
    link(&folder, "../live/terraform.tfvars", "test/terraform.tfvars");
    let (report, decisions) = report(&folder);
    assert_eq!(
        decisions,
        [
            "common/main.tf aws_ecs_service.web 2",
            "live/main.tf aws_ecs_service.web 3",
            "test/main.tf aws_ecs_service.web 3",
            "test/more.tf aws_sqs_queue.jobs 1",
        ]
    );
    assert_eq!(report["summary"]["unread"], json!([]));
}

#[test]
fn a_link_out_of_the_tree_or_to_nowhere_is_not_read() {
    let outside = folder(&[("main.tf", SERVICE)]);
    let folder = repository(&[("main.tf", "resource \"aws_sqs_queue\" \"jobs\" {\n}\n")]);
    link(&folder, outside.path().join("main.tf"), "web.tf");
    link(&folder, "gone.tf", "old.tf");
    let (report, decisions) = report(&folder);
    assert_eq!(decisions, ["main.tf aws_sqs_queue.jobs 1"]);
    let refused = &report["summary"]["unread"][0];
    assert_eq!(refused["kind"], "refused");
    assert_eq!(refused["items"][0]["path"], "web.tf");
}

#[test]
fn a_module_that_is_called_by_way_of_a_link_is_no_root_besides() {
    let folder = repository(&[
        (
            "main.tf",
            "module \"web\" {\n  source = \"./modules/web\"\n  how    = \"EC2\"\n}\n",
        ),
        ("parts/web/main.tf", SERVICE),
        ("modules/readme.md", ""),
    ]);
    link(&folder, "../parts/web", "modules/web");
    let (_, decisions) = report(&folder);
    assert_eq!(
        decisions,
        ["parts/web/main.tf module.web.aws_ecs_service.web 3"]
    );
}
