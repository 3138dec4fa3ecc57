//! Folders as they are written, without rewriting: what Terraform itself reads of them where it can, and else what must come of them.
//!
//! A folder with `expected.txt` holds what the Terraform at hand would refuse or pass over: each line is the address of a resource and
//! the value of its first argument. All others hold nothing but `terraform_data`, and Terraform plans them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sfl::blocks::Template;
use sfl::eval::{Resolver, Truth};

use super::super::ask;
use super::rewrite::Left;
use super::run::{Instance, Planned};
use super::{compare, ours};
use crate::tools::missing;

#[test]
fn sfl_sees_what_terraform_plans_of_both_syntaxes_together() {
    if missing!(TERRAFORM) {
        return;
    }
    let mut compared = 0;
    for folder in folders().filter(|folder| !folder.join("expected.txt").exists()) {
        let planned = plan(&folder);
        let left = Left::default();
        let comparison = ours::look(&folder, |template| {
            compare::compare(template, &planned, &left)
        });
        let shown = folder.display();
        assert!(
            comparison.differences.is_empty(),
            "{shown}: {:#?}",
            comparison.differences
        );
        assert_eq!(comparison.instances, planned.instances.len(), "{shown}");
        assert!(comparison.values > 0, "{shown}: nothing is compared");
        compared += 1;
    }
    assert!(compared > 0, "nothing is compared");
}

#[test]
fn what_this_terraform_does_not_read_comes_out_as_expected() {
    let mut compared = 0;
    for folder in folders() {
        let Ok(expected) = fs::read_to_string(folder.join("expected.txt")) else {
            continue;
        };
        let expected: Vec<&str> = expected.lines().collect();
        assert_eq!(ours::look(&folder, seen), expected, "{}", folder.display());
        compared += 1;
    }
    assert!(compared > 1, "only {compared} compared");
}

fn folders() -> impl Iterator<Item = PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/planned/as_written");
    let entries = fs::read_dir(folder).expect("the folder of folders");
    entries.map(|entry| entry.expect("a readable entry").path())
}

/// Each resource that there is, with its first argument.
fn seen(template: &Template<'_>) -> Vec<String> {
    let resolver = Resolver::new(template);
    let mut seen = Vec::new();
    for resource in &template.resources {
        resolver.refuel();
        let condition = resource.condition.as_ref();
        let exists = condition.map_or(Truth::Yes, |condition| resolver.truth(condition));
        if matches!(exists, Truth::No) {
            continue;
        }
        let first = resource.properties.first();
        let value = first.map(|entry| {
            let data = resolver.data(&entry.value);
            data.map_or("unknown".to_owned(), |data| data.json().unwrap_or_default())
        });
        seen.push(format!(
            "{} {}",
            resource.address,
            value.unwrap_or_default()
        ));
    }
    seen.sort();
    seen
}

/// What Terraform plans of a copy of a folder.
fn plan(folder: &Path) -> Planned {
    let work = tempfile::tempdir().expect("a temporary folder");
    for entry in fs::read_dir(folder).expect("a folder of files") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().expect("a name");
        fs::copy(&path, work.path().join(name)).expect("a file can be copied");
    }
    for arguments in [
        &["init", "-backend=false", "-input=false"][..],
        &[
            "plan",
            "-input=false",
            "-refresh=false",
            "-lock=false",
            "-out=plan",
        ],
    ] {
        let output = ask::run(work.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", folder.display());
    }
    let shown = ask::run(work.path(), &["show", "-json", "plan"]);
    let plan: Value = serde_json::from_slice(&shown.stdout).expect("a plan in JSON");
    let changes = plan["resource_changes"].as_array().expect("a list").iter();
    let instances = changes.map(|change| {
        let address = change["address"].as_str().expect("an address").to_owned();
        let change = &change["change"];
        let instance = Instance {
            input: json!({ "input": change["after"]["input"] }),
            unknown: json!({ "input": change["after_unknown"]["input"] }),
        };
        (address, instance)
    });
    Planned {
        instances: instances.collect(),
        modules: BTreeMap::new(),
    }
}
