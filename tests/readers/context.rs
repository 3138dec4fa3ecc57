//! cfn-lint knows AWS Context, and has nothing against what `sfl justify --context` writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::onlookers;
use crate::tools::missing;
use crate::translated::TRANSLATORS;

const WORDS: &str = "the dongle of the cutting software sits in a host of its own";

/// Which of its rules about contexts a file breaks: W4011 misses a `why`, W4012 asks the schema.
fn broken(python: &Path, file: &Path) -> BTreeSet<String> {
    let output = Command::new(python)
        .args([
            "-c",
            "import sys; from cfnlint.runner import main; sys.exit(main())",
        ])
        .args(["-e", "--format", "json", "--regions", "eu-west-1", "--"])
        .arg(file)
        .output()
        .expect("it runs");
    let found: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    });
    let rules = found.as_array().expect("a list").iter();
    let rules = rules.filter_map(|one| one["Rule"]["Id"].as_str());
    let rules = rules.filter(|id| matches!(*id, "W4011" | "W4012" | "E0000"));
    rules.map(str::to_owned).collect()
}

#[test]
fn what_is_written_into_a_context_passes_cfn_lint() {
    if missing!(PYTHON) {
        return;
    }
    let python = onlookers::python("translators", &TRANSLATORS);
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join(".git")).expect("it can be made");
    let yaml = |metadata: &str| {
        format!(
            "Resources:\n  Cutter:\n    Type: AWS::EC2::Instance\n{metadata}    Properties:\n      ImageId: ami-12345678\n"
        )
    };
    let context = "    Metadata:\n      com.aws.cloudformation.Context:";
    let json = r#"{"Resources": {"Cutter": {"Type": "AWS::EC2::Instance", "Metadata": {"com.aws.cloudformation.Context": {"deps": ["gate"]}}}}}"#;
    for (name, before, faults) in [
        ("none.yaml", yaml(""), ""),
        ("empty.yaml", yaml(&format!("{context} {{}}\n")), "W4011"),
        (
            "must.yaml",
            yaml(&format!(
                "{context}\n        must:\n          - one host for each dongle\n"
            )),
            "W4011",
        ),
        (
            "old.yaml",
            yaml(&format!(
                "{context}\n        why: >-\n          cuts what\n          is ordered\n        mutable: review-required\n"
            )),
            "",
        ),
        ("flow.json", json.to_owned(), "W4011"),
    ] {
        let file = folder.path().join(name);
        fs::write(&file, &before).expect("it can be written");
        let expected: BTreeSet<String> = faults.split_whitespace().map(str::to_owned).collect();
        assert_eq!(broken(&python, &file), expected, "{name}");
        let output = Command::new(env!("CARGO_BIN_EXE_sfl"))
            .current_dir(folder.path())
            .args([
                "justify",
                "Cutter",
                name,
                "--context",
                "--because",
                "licence",
            ])
            .args([
                "--reason",
                WORDS,
                "--owner",
                "team-cutters",
                "--expires",
                "2999-01-01",
            ])
            .output()
            .expect("the program runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_ne!(fs::read_to_string(&file).expect("it is there"), before);
        assert_eq!(broken(&python, &file), BTreeSet::new(), "{name}");
    }
    // It would say so if a record stood inside of a context.
    let wrong = folder.path().join("wrong.yaml");
    let inside = yaml(&format!("{context} {{why: cuts, because: licence}}\n"));
    fs::write(&wrong, inside).expect("it can be written");
    assert_eq!(
        broken(&python, &wrong),
        BTreeSet::from(["W4012".to_owned()])
    );
}
