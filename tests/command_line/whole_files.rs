//! Files that sfl writes: whole or not at all, and nowhere but where they were asked for.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::folder::{command, err, folder, out, run};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";

fn servers(number: usize) -> String {
    let servers = (0..number).map(|at| format!("  Web{at}: {{Type: 'AWS::EC2::Instance'}}\n"));
    format!("Resources:\n{}", servers.collect::<String>())
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).expect("it can be read")
}

/// What is left beside the files of a test.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is a folder");
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let entry = entry.expect("an entry");
        entry.file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

#[test]
fn no_report_follows_a_link_out_of_the_tree() {
    let folder = folder(&[("repo/a.yaml", SERVER), ("precious", "mine")]);
    let repo = folder.path().join("repo");
    fs::create_dir(repo.join(".git")).expect("it can be made");
    symlink("../precious", repo.join("a.sarif")).expect("a link");
    symlink("../nothing", repo.join("b.sarif")).expect("a link");
    symlink("..", repo.join("up")).expect("a link");
    for (name, why) in [
        ("a.sarif", "it leads out of the working tree"),
        ("b.sarif", "it is a link to a file that is not there"),
        ("up/c.sarif", "it leads out of the working tree"),
        (".git/c.sarif", "it is part of git's own folder"),
        ("no/c.sarif", "there is no folder no"),
    ] {
        let output = run(&repo, &["check", "--output", &format!("sarif={name}")]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        let said = err(&output);
        assert!(said.contains(&format!("{name}: {why}")), "{said}");
    }
    assert_eq!(read(folder.path(), "precious"), "mine");
    assert_eq!(names(folder.path()), ["precious", "repo"]);
    // A file elsewhere was meant, and so is one that a link within the tree names.
    symlink("here.sarif", repo.join("link.sarif")).expect("a link");
    fs::write(repo.join("here.sarif"), "old").expect("it can be written");
    for name in ["../report.sarif", "link.sarif"] {
        let output = run(&repo, &["check", "--output", &format!("sarif={name}")]);
        assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    }
    assert!(read(folder.path(), "report.sarif").contains("2.1.0"));
    assert!(read(&repo, "here.sarif").contains("2.1.0"));
    let link = fs::symlink_metadata(repo.join("link.sarif")).expect("it is there");
    assert!(link.is_symlink());
}

#[test]
fn a_template_with_a_second_name_is_not_overwritten() {
    let folder = folder(&[("a.yaml", SERVER)]);
    let second = folder.path().join("report.json");
    fs::hard_link(folder.path().join("a.yaml"), &second).expect("a second name");
    let output = run(
        folder.path(),
        &["check", "a.yaml", "--output", "json=report.json"],
    );
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert_eq!(read(folder.path(), "a.yaml"), SERVER);
    assert!(read(folder.path(), "report.json").contains("sfl-report/1"));
}

#[test]
fn a_new_file_is_for_everybody_and_an_old_one_keeps_its_permissions() {
    let folder = folder(&[("a.yaml", SERVER), ("plain", "")]);
    let mode = |name: &str| {
        let about = fs::metadata(folder.path().join(name)).expect("it is there");
        about.permissions().mode() & 0o777
    };
    run(folder.path(), &["check", "--output", "json=r.json"]);
    assert_eq!(mode("r.json"), mode("plain"));
    let narrow = fs::Permissions::from_mode(0o640);
    fs::set_permissions(folder.path().join("r.json"), narrow).expect("they can be set");
    run(folder.path(), &["check", "--output", "json=r.json"]);
    assert_eq!(mode("r.json"), 0o640);
    let narrow = fs::Permissions::from_mode(0o440);
    fs::set_permissions(folder.path().join("r.json"), narrow).expect("they can be set");
    let output = run(folder.path(), &["check", "--output", "json=r.json"]);
    assert!(
        err(&output).contains("r.json: it is read-only"),
        "{}",
        err(&output)
    );
}

#[test]
fn a_device_is_written_to() {
    let folder = folder(&[("a.yaml", SERVER)]);
    let arguments = [
        "check",
        "-q",
        "--output",
        "json=/dev/stdout",
        "--output",
        "csv=/dev/null",
    ];
    let output = run(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    assert!(out(&output).contains("sfl-report/1"));
    let null = fs::metadata("/dev/null").expect("it is there");
    assert!(!null.is_file() && null.nlink() == 1);
}

/// A process that may not write as much dies in the middle, as one does that is killed.
#[test]
fn who_dies_while_writing_leaves_the_old_file() {
    let folder = folder(&[("a.yaml", &servers(2))]);
    let baseline = || read(folder.path(), "sfl-baseline.json");
    let first = run(folder.path(), &["baseline"]);
    assert_eq!(first.status.code(), Some(0), "{}", err(&first));
    let old = baseline();
    fs::write(folder.path().join("a.yaml"), servers(100)).expect("it can be written");
    let program = command(folder.path());
    let program = program.get_program().to_string_lossy().into_owned();
    let limited = |arguments: &str| {
        let script = format!("ulimit -f 4; exec {program} {arguments}");
        let mut shell = Command::new("bash");
        shell.args(["-c", &script]).current_dir(folder.path());
        let output = shell.output().expect("bash is there");
        assert!(!matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    };
    limited("baseline --allow-growth");
    assert_eq!(baseline(), old);
    fs::write(folder.path().join("r.json"), "old").expect("it can be written");
    limited("check --output json=r.json");
    assert_eq!(read(folder.path(), "r.json"), "old");
    // Without the limit, both are written.
    run(folder.path(), &["baseline", "--allow-growth"]);
    assert_ne!(baseline(), old);
}
