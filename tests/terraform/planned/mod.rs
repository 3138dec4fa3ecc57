//! What Terraform plans for whole folders, against what sfl sees in them: the addresses of all instances, and all that is written in
//! them.
//!
//! Terraform needs no provider for it: each resource, data source and call of a module that is not at hand is rewritten to
//! `terraform_data`, with what is written in it as its `input` (`rewrite.rs`).
//!
//! - `cargo test --test rooms planned` compares the folders beside this file: one for each pattern.
//! - `SFL_TERRAFORM=FOLDER cargo test --test rooms planned -- --ignored --nocapture` compares each root module below a folder, and writes
//!   down what is different. What Terraform refuses is left out there.

mod as_written;
mod compare;
mod expressions;
mod ours;
mod rewrite;
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rewrite::Root;

use crate::tools::{self, missing};

/// What is seen otherwise, and why: a folder, and with what the difference begins. Each must still be: a line that is no longer needed
/// fails the test.
const OTHERWISE: &[(&str, &str, &str)] = &[
    (
        "three_values",
        "local.always: sfl knows true",
        "Terraform 1.11 asks for both sides of an operator",
    ),
    (
        "three_values",
        "local.never: sfl knows false",
        "Terraform 1.11 asks for both sides of an operator",
    ),
    (
        "three_values",
        "local.same: sfl knows \"m7g.large\"",
        "whichever branch is taken, it is the same",
    ),
    (
        "three_values",
        "local.number: sfl does not know true",
        "nobody counts the letters of a text of which a part is unknown",
    ),
    (
        "three_values",
        "local.has_prefix: sfl does not know true",
        "nobody asks for the beginning of a text of which a part is unknown",
    ),
    (
        "attributes",
        "local.setting: sfl does not know \"enabled\"",
        "a provider fills in what is not written in a block",
    ),
];

#[test]
fn sfl_sees_what_terraform_plans() {
    if missing!(TERRAFORM) {
        return;
    }
    let folders = folders();
    let roots: BTreeMap<String, Root> = folders
        .iter()
        .map(|(name, folder)| {
            let root = Root::read(folder).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name.clone(), root)
        })
        .collect();
    let mut left = BTreeMap::new();
    let planned = run::plan(&roots, &mut left).unwrap_or_else(|error| panic!("{error}"));
    let mut wrong = String::new();
    let mut otherwise: Vec<_> = OTHERWISE.iter().collect();
    for (name, folder) in &folders {
        let left = left.remove(name).unwrap_or_default();
        for origin in &left.refused {
            wrong.push_str(&format!(
                "{name}: Terraform refuses {origin:?}: {}\n",
                left.said[origin]
            ));
        }
        let Some(planned) = planned.get(name) else {
            panic!("{name}: nothing is planned");
        };
        let comparison = ours::look(folder, |template| {
            compare::compare(template, planned, &left)
        });
        for difference in &comparison.differences {
            let is_it = |(folder, begin, _): &(&str, &str, &str)| {
                *folder == *name && difference.starts_with(begin)
            };
            if OTHERWISE.iter().any(is_it) {
                otherwise.retain(|one| !is_it(one));
            } else {
                wrong.push_str(&format!("{name}: {difference}\n"));
            }
        }
        assert!(
            comparison.instances + comparison.values > 0,
            "{name}: nothing is compared"
        );
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(
        otherwise.is_empty(),
        "seen as Terraform plans it: {otherwise:?}"
    );
}

fn folders() -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform/planned/folders");
    let entries = fs::read_dir(folder).expect("the folder of folders");
    let entries = entries.map(|entry| {
        let path = entry.expect("a readable entry").path();
        let name = path.file_name().expect("a name").to_string_lossy();
        (name.into_owned(), path.clone())
    });
    entries.collect()
}

#[test]
#[expect(
    clippy::print_stderr,
    reason = "people run it to read what is different"
)]
#[ignore = "reads a folder of real modules, and writes down what is different"]
fn sfl_sees_what_terraform_plans_of_real_modules() {
    if missing!(TERRAFORM, TERRAFORM_FILES) {
        return;
    }
    let folder = tools::terraform_files();
    let files = walkdir::WalkDir::new(&folder)
        .into_iter()
        .filter_map(Result::ok);
    let files = files.filter(|entry| {
        entry
            .path()
            .extension()
            .is_some_and(|ending| ending == "tf")
    });
    let folders: BTreeSet<PathBuf> = files
        .filter_map(|entry| entry.path().parent().map(Path::to_owned))
        .collect();
    let (mut given_up, mut compared, mut instances, mut values) = (0, 0, 0, 0);
    for folder in folders {
        let shown = folder.display();
        let mut give_up = |why: String| {
            given_up += 1;
            let why = why.lines().next().unwrap_or_default();
            eprintln!("GIVEN UP {shown}: {why}");
        };
        let root = match Root::read(&folder) {
            Ok(root) => BTreeMap::from([("root".to_owned(), root)]),
            Err(why) => {
                give_up(why);
                continue;
            }
        };
        let mut left = BTreeMap::new();
        let planned = match run::plan(&root, &mut left) {
            Ok(planned) => planned,
            Err(why) => {
                give_up(why);
                continue;
            }
        };
        let left = left.remove("root").unwrap_or_default();
        let nothing = run::Planned::default();
        let planned = planned.get("root").unwrap_or(&nothing);
        let comparison = ours::look(&folder, |template| {
            compare::compare(template, planned, &left)
        });
        compared += 1;
        instances += comparison.instances;
        values += comparison.values;
        eprintln!(
            "COMPARED {shown}: {} different, {} left out",
            comparison.differences.len(),
            left.refused.len()
        );
        for difference in &comparison.differences {
            eprintln!("  {difference}");
        }
    }
    eprintln!("{compared} compared ({instances} instances, {values} values), {given_up} given up");
    assert!(compared > 0, "nothing is compared");
}
