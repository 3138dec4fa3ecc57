//! What can fail around the program: each fault has its exit code, and leaves nothing half-written.
#![cfg(unix)]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use crate::folder::{command, err, folder, out};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";

fn shell(folder: &Path, script: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_sfl");
    let script = format!("sfl() {{ '{program}' \"$@\"; }}\n{script}");
    let mut shell = Command::new("bash");
    shell.args(["-c", &script]).current_dir(folder);
    shell.output().expect("bash is there")
}

fn names(folder: &Path) -> Vec<String> {
    let all = fs::read_dir(folder).expect("it is there").flatten();
    let all = all.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut all: Vec<String> = all.collect();
    all.sort();
    all
}

#[test]
fn a_full_disk_is_an_error_in_every_format() {
    let here = folder(&[("a.yaml", SERVER)]);
    for arguments in [
        "check",
        "check --format json",
        "check --format sarif",
        "check --format csv",
        "check --format html",
        "map .",
        "next",
        "rules",
    ] {
        let output = shell(here.path(), &format!("sfl {arguments} > /dev/full"));
        let text = err(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments}: {text}");
        assert!(
            text.to_lowercase().contains("no space left"),
            "{arguments}: {text}"
        );
    }
    assert_eq!(names(here.path()), ["a.yaml"]);
}

#[test]
fn who_stops_reading_is_no_fault() {
    let many: String = (0..2_000)
        .map(|at| format!("  W{at}: {{Type: AWS::EC2::Instance}}\n"))
        .collect();
    let here = folder(&[("a.yaml", &format!("Resources:\n{many}"))]);
    for format in ["pretty", "json", "csv", "concise"] {
        let output = shell(
            here.path(),
            &format!("sfl check --full --format {format} | head -c 10; exit ${{PIPESTATUS[0]}}"),
        );
        assert_eq!(output.status.code(), Some(1), "{format}: {}", err(&output));
        assert_eq!(out(&output).len(), 10);
        assert_eq!(err(&output), "", "{format}");
    }
}

#[test]
fn a_signal_ends_it_and_leaves_nothing_behind() {
    for signal in ["TERM", "INT", "HUP"] {
        let here = folder(&[("r.json", "old")]);
        let mut child = command(here.path())
            .args(["check", "-", "--output", "json=r.json"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(300));
        let kill = Command::new("kill")
            .args([&format!("-{signal}"), &child.id().to_string()])
            .status();
        assert!(kill.expect("it is there").success());
        let status = child.wait().expect("it ends");
        assert!(!matches!(status.code(), Some(0 | 1)), "{signal}: {status}");
        assert_eq!(names(here.path()), ["r.json"]);
        let text = fs::read_to_string(here.path().join("r.json")).expect("it is there");
        assert_eq!(text, "old", "{signal}");
    }
}

#[test]
fn nobody_needs_a_home() {
    let here = folder(&[("a.yaml", SERVER)]);
    for arguments in [&["check"][..], &["next"], &["map", "."], &["rules"]] {
        let mut command = command(here.path());
        command.env_clear().args(arguments);
        let output = command.output().expect("the program runs");
        assert!(
            matches!(output.status.code(), Some(0 | 1)),
            "{arguments:?}: {}",
            err(&output)
        );
    }
    assert_eq!(names(here.path()), ["a.yaml"]);
}

#[test]
fn six_open_files_are_enough_for_a_folder() {
    let many: Vec<(String, &str)> = (0..60)
        .map(|at| (format!("d{}/e/s{at}.yaml", at % 7), SERVER))
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, text)| (&**name, *text)).collect();
    let here = folder(&many);
    let output = shell(here.path(), "ulimit -n 6; sfl check --format concise");
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let text = out(&output);
    assert!(text.contains("60 decisions in 60 templates"), "{text}");
    // What takes more says so.
    let output = shell(
        here.path(),
        "git init -q .; git add -A; git -c user.name=a -c user.email=a@b commit -qm a; ulimit -n 6; sfl check --since HEAD",
    );
    assert_eq!(output.status.code(), Some(2), "{}", out(&output));
    assert!(err(&output).contains("open files"), "{}", err(&output));
}

/// A file that goes while it is looked for is told, and the others are checked.
#[test]
fn a_file_that_is_gone_is_told() {
    let here = folder(&[("a.yaml", SERVER), ("b.yaml", SERVER)]);
    let output = shell(here.path(), "sfl check --format concise a.yaml gone.yaml");
    assert_eq!(output.status.code(), Some(2));
    let text = [out(&output), err(&output)].concat();
    assert!(
        text.contains("gone.yaml") && text.contains("a.yaml:3:11"),
        "{text}"
    );
    // Many come and go while the folder is read: whatever is met, the run ends with an answer.
    let mut busy = Command::new("bash")
        .args([
            "-c",
            "while :; do for n in 1 2 3 4 5 6 7 8; do cp a.yaml t$n.yaml; done; rm -f t*.yaml; done",
        ])
        .current_dir(here.path())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash is there");
    for _ in 0..20 {
        let output = shell(here.path(), "sfl check --format concise");
        let text = [out(&output), err(&output)].concat();
        assert!(matches!(output.status.code(), Some(1 | 2)), "{text}");
        assert!(text.contains("b.yaml:3:11"), "{text}");
        assert!(!text.contains("panicked"), "{text}");
    }
    busy.kill().expect("it runs");
    busy.wait().expect("it ends");
    let mut rest = String::new();
    let stderr = busy.stderr.take();
    let _ = stderr.map(|mut stderr| stderr.read_to_string(&mut rest));
}
