use std::{env, fs};

use super::*;
use crate::host::Disk;

fn disk(folder: &Path) -> Arc<dyn Host> {
    Arc::new(Disk::new(folder))
}

fn folder(name: &str) -> PathBuf {
    let folder = env::temp_dir().join(format!("sfl-config-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("infra/deep")).expect("a place for the test");
    folder
}

fn faults(error: &ConfigError) -> String {
    let lines = error.findings.iter().map(|finding| {
        let place = finding.positions().0;
        let (path, label) = (finding.path(), &finding.label);
        let valid: Vec<&str> = finding.help.iter().map(|help| &*help.text).collect();
        format!(
            "{path}:{}:{} {}: {} | {} | {label} | {}\n",
            place.line,
            place.column,
            finding.code,
            finding.message,
            finding.span.of(finding.source.text()),
            valid.join("; "),
        )
    });
    lines.collect()
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let folder = folder("faults");
    let text = r#"
[justifications]
ledgers = "x"
ledger = 3

[[justification]]
path = "infra/{*.yaml"
becase = "licence"
reason = 12

[[justification]]
expires = true

[output]
format = "json"
"#;
    fs::write(folder.join(FILE_NAME), text).expect("written");
    let error = Config::read(&disk(&folder), &folder.join(FILE_NAME)).expect_err("it is faulty");
    insta::assert_snapshot!("faults", faults(&error));

    fs::write(folder.join(FILE_NAME), "[justifications\nledger = \n").expect("written");
    let error = Config::read(&disk(&folder), &folder.join(FILE_NAME)).expect_err("it is faulty");
    insta::assert_snapshot!("no_toml", faults(&error));

    let error =
        Config::read(&disk(&folder), &folder.join("gone.toml")).expect_err("it is not there");
    assert_eq!(error.findings[0].code, "config/unreadable");
    assert_eq!(error.findings[0].message, "there is no such file");
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn a_ledger_of_its_own_is_read_from_inside_only() {
    let folder = folder("ledger");
    fs::create_dir_all(folder.join("repo/.git")).expect("made");
    let config = folder.join("repo/sfl.toml");
    fs::write(
        &config,
        "[justifications]\nledger = \"docs.toml\"\n[[justification]]\naddress = \"A\"\n",
    )
    .expect("written");
    let ledger =
        "[[justification]]\naddress = \"B\"\nexpires = 2027-06-30\nreason = \"per core\"\n";
    fs::write(folder.join("repo/docs.toml"), ledger).expect("written");
    fs::write(folder.join("out.toml"), ledger).expect("written");
    let read = Config::read(&disk(&folder.join("repo")), &config).expect("it is right");
    let names: Vec<&str> = read
        .ledger
        .iter()
        .map(|entry| &**entry.source.name())
        .collect();
    assert_eq!(names, ["sfl.toml", "docs.toml"]);
    let entry = &read.ledger[1];
    let expires = entry.reason.expires.as_ref().expect("it is there");
    assert_eq!(expires.text, "2027-06-30");
    assert_eq!(expires.span.of(entry.source.text()), "2027-06-30");
    assert_eq!(
        entry.reason.place.span.of(entry.source.text()),
        "[[justification]]"
    );

    fs::write(&config, "[justifications]\nledger = \"../out.toml\"\n").expect("written");
    let error = Config::read(&disk(&folder.join("repo")), &config).expect_err("it is outside");
    assert_eq!(
        error.findings[0].message,
        "../out.toml is outside the working tree"
    );
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn the_nearest_file_of_the_repository_counts() {
    let folder = folder("nearest");
    let deep = folder.join("infra/deep");
    fs::write(folder.join(FILE_NAME), "").expect("written");
    assert_eq!(
        nearest(&*disk(&deep), &deep),
        None,
        "outside of a repository only the folder itself is looked at"
    );
    fs::create_dir_all(folder.join("infra/.git")).expect("made");
    assert_eq!(
        nearest(&*disk(&deep), &deep),
        None,
        "the repository ends below"
    );
    fs::write(folder.join("infra/sfl.toml"), "").expect("written");
    assert_eq!(
        nearest(&*disk(&deep), &deep),
        Some(folder.join("infra/sfl.toml"))
    );
    assert_eq!(shown(&deep, &folder.join("infra/sfl.toml")), "../sfl.toml");
    assert_eq!(above(&deep, &folder.join("infra")), "deep/");
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn globs_know_paths_and_addresses() {
    let folder = folder("globs");
    let entry = |text: &str, here: &str| {
        fs::write(
            folder.join(FILE_NAME),
            format!("[[justification]]\n{text}\n"),
        )
        .expect("written");
        let config =
            Config::read(&disk(&folder.join(here)), &folder.join(FILE_NAME)).expect("it is right");
        config.ledger.into_iter().next().expect("one entry")
    };
    let all = entry("reason = \"x\"", "");
    assert!(all.matches("a/b.yaml", "Web", None));
    let path = entry("path = \"infra/*.yaml\"", "");
    assert!(path.matches("infra/a.yaml", "Web", None));
    assert!(!path.matches("infra/deep/a.yaml", "Web", None));
    assert!(entry("path = \"infra/**\"", "").matches("infra/deep/a.yaml", "Web", None));
    let below = entry("path = \"infra/*.yaml\"", "infra/deep");
    assert!(below.matches("../a.yaml", "Web", None));
    assert!(!below.matches("a.yaml", "Web", None));
    let exact = entry("address = 'module.db[\"a*\"].aws_db_instance.main[0]'", "");
    assert!(exact.matches("t", "module.db[\"abc\"].aws_db_instance.main[0]", None));
    assert!(!exact.matches("t", "module.db[\"abc\"].aws_db_instance.main0", None));
    let literal = entry("address = \"aws_db_instance.main[0]\"", "");
    assert!(literal.matches("t", "aws_db_instance.main[0]", None));
    assert!(!literal.matches("t", "aws_db_instance.main0", None));
    assert!(entry("address = \"module.*\"", "").matches(
        "t",
        "module.db.aws_db_instance.main[\"a/b\"]",
        None
    ));
    let _ = fs::remove_dir_all(&folder);
}

#[test]
fn a_purpose_is_one_line_that_says_something() {
    let folder = folder("purpose");
    let file = folder.join(FILE_NAME);
    let read = |text: &str| {
        fs::write(&file, text).expect("written");
        Config::read(&disk(&folder), &file)
    };
    let config = read("purpose = \"\"\"customers order\n  and pay\"\"\"\n").expect("it is sound");
    assert_eq!(config.purpose.as_deref(), Some("customers order and pay"));
    let shown = config.settings();
    let shown = shown.iter().find(|setting| setting.key == "purpose");
    let shown = shown.expect("every value is shown");
    assert_eq!(shown.value, "\"customers order and pay\"");
    let error = read("purpose = \" \"\n").expect_err("it says nothing");
    assert_eq!(error.findings[0].code, "config/type");
    let _ = fs::remove_dir_all(&folder);
}
