//! `sfl justify` where a reason stands already: a sound one is somebody's word, and a faulty one makes room.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::folder::{self, err, run};

const YAML: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
const TERRAFORM: &str = "resource \"aws_instance\" \"web\" {\n  ami = \"ami-1\"\n}\n";
const FIRST: &str = "the engine is licensed per core of its host";
const SECOND: &str = "the exchange is one millisecond away from it";

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("it is there")
}

/// Exit code and what is said.
fn justify(folder: &Path, because: &str, reason: &str, flags: &[&str]) -> (Option<i32>, String) {
    let words = ["--because", because, "--reason", reason];
    let output = run(folder, &[&["justify"], flags, &words[..]].concat());
    (output.status.code(), err(&output))
}

fn is_settled(folder: &Path) -> bool {
    let output = run(folder, &["check", "--fail-on", "note"]);
    output.status.code() == Some(0)
}

#[test]
fn a_sound_reason_is_written_over_only_where_that_is_meant() {
    for (file, text, address) in [
        ("web.yaml", YAML, "Web"),
        ("infra/main.tf", TERRAFORM, "aws_instance.web"),
    ] {
        for (settings, ledger, line) in [
            (None, "sfl.toml", 1),
            (
                Some("[justifications]\nledger = \"why.toml\"\n"),
                "why.toml",
                1,
            ),
        ] {
            let room = folder::repository(&[(file, text)]);
            if let Some(settings) = settings {
                fs::write(room.path().join("sfl.toml"), settings).expect("a file");
            }
            let (code, said) = justify(room.path(), "licence", FIRST, &[address, "--ledger"]);
            assert_eq!(code, Some(0), "the ledger is made: {said}");
            let before = read(&room, ledger);
            for flags in [&[address, "--ledger"][..], &[address], &[address, "--yes"]] {
                let (code, said) = justify(room.path(), "latency", SECOND, flags);
                assert_eq!(code, Some(2), "{flags:?}: {said}");
                assert_eq!(
                    said,
                    format!(
                        "error: {address} has a sound reason already, licence in {ledger}:{line} (\"{FIRST}\"): --replace writes over it\n"
                    )
                );
                assert_eq!(read(&room, ledger), before, "{flags:?}");
                assert_eq!(read(&room, file), text, "{flags:?}");
            }
            // It goes where the old one stands, whether that is said or not.
            for flags in [
                &[address, "--replace"][..],
                &[address, "--replace", "--ledger"],
            ] {
                let (code, said) = justify(room.path(), "latency", SECOND, flags);
                assert_eq!(code, Some(0), "{flags:?}: {said}");
                assert_eq!(
                    read(&room, ledger),
                    before.replace(FIRST, SECOND).replace("licence", "latency")
                );
                assert_eq!(read(&room, file), text, "{flags:?}");
                assert!(is_settled(room.path()));
            }
        }
    }
}

#[test]
fn what_is_advised_beside_a_reason_on_the_resource_works() {
    let room = folder::repository(&[("main.tf", TERRAFORM)]);
    let address = "aws_instance.web";
    assert_eq!(
        justify(room.path(), "licence", FIRST, &[address]).0,
        Some(0)
    );
    let before = read(&room, "main.tf");
    let (code, said) = justify(room.path(), "latency", SECOND, &[address]);
    assert_eq!(code, Some(2));
    assert!(said.ends_with(": --replace writes over it\n"), "{said}");
    let (code, said) = justify(room.path(), "latency", SECOND, &[address, "--ledger"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("licence in main.tf:1")
            && said.contains("without --ledger, --replace writes over it where it stands"),
        "{said}"
    );
    let both = [address, "--ledger", "--replace"];
    let (code, said) = justify(room.path(), "latency", SECOND, &both);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("without --ledger, the new one is written over the one that is there"),
        "{said}"
    );
    assert_eq!(read(&room, "main.tf"), before);
    assert!(!room.path().join("sfl.toml").exists());
    let (code, said) = justify(room.path(), "latency", SECOND, &[address, "--replace"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        read(&room, "main.tf"),
        before.replace(FIRST, SECOND).replace("licence", "latency")
    );
    assert!(is_settled(room.path()));
}

#[test]
fn an_entry_that_speaks_for_more_stays_and_the_new_reason_counts_before_it() {
    let all = format!(
        "[[justification]]\npath = \"*.yaml\"\nbecause = \"licence\"\nreason = \"{FIRST}\"\n"
    );
    let two = format!("{YAML}  Other:\n    Type: AWS::EC2::Instance\n");
    let room = folder::repository(&[("web.yaml", &two), ("sfl.toml", &all)]);
    for flags in [&["Web"][..], &["Web", "--ledger"]] {
        let (code, said) = justify(room.path(), "latency", SECOND, flags);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("licence in sfl.toml:1"), "{said}");
        assert!(
            said.contains("--replace gives Web one of its own"),
            "{said}"
        );
    }
    let (code, said) = justify(room.path(), "latency", SECOND, &["Web", "--replace"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(read(&room, "sfl.toml"), all);
    assert!(read(&room, "web.yaml").contains(SECOND));
    assert!(is_settled(room.path()));
    let (code, said) = justify(room.path(), "latency", SECOND, &["Web", "--context"]);
    assert_eq!(code, Some(2), "{said}");
}

#[test]
fn a_faulty_entry_is_written_over_however_it_names_the_resource() {
    for scope in ["address = \"Web\"", "address = \"Web\"\npath = \"*.yaml\""] {
        let faulty = format!(
            "# ours\n[[justification]]\nreason = \"TODO\" # later\n{scope}\nbecause = \"licence\"\n\n[justifications]\nrequire = []\n"
        );
        for flags in [&["Web"][..], &["Web", "--ledger"], &["Web", "--replace"]] {
            let room = folder::repository(&[("web.yaml", YAML), ("sfl.toml", &faulty)]);
            assert!(!is_settled(room.path()));
            let (code, said) = justify(room.path(), "licence", FIRST, flags);
            assert_eq!(code, Some(0), "{scope} {flags:?}: {said}");
            assert_eq!(read(&room, "sfl.toml"), faulty.replace("TODO", FIRST));
            assert_eq!(read(&room, "web.yaml"), YAML);
            assert!(is_settled(room.path()));
        }
    }
    // One that also names what nobody asked about is not.
    let faulty = "[[justification]]\naddress = \"Web\"\nbecause = \"licence\"\nreason = \"TODO\"\n";
    let room = folder::repository(&[("a.yaml", YAML), ("b.yaml", YAML), ("sfl.toml", faulty)]);
    let one = ["Web", "--path", "a.yaml", "--ledger", "--replace"];
    let (code, said) = justify(room.path(), "licence", FIRST, &one);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.contains("by hand first") || said.contains("--ledger"),
        "{said}"
    );
    assert_eq!(read(&room, "sfl.toml"), faulty);
}

#[test]
fn a_ledger_that_is_named_and_not_there_is_made_by_ledger() {
    let settings = "[justifications]\nledger = \"why.toml\"\n";
    let room = folder::repository(&[("web.yaml", YAML), ("sfl.toml", settings)]);
    let (code, said) = justify(room.path(), "licence", FIRST, &["Web"]);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("why.toml: there is no such file")
            && said.contains("is made by sfl justify ADDRESS --ledger"),
        "{said}"
    );
    let shown = justify(
        room.path(),
        "licence",
        FIRST,
        &["Web", "--ledger", "--diff"],
    );
    assert_eq!(shown.0, Some(0), "{}", shown.1);
    assert!(!room.path().join("why.toml").exists());
    let (code, said) = justify(room.path(), "licence", FIRST, &["Web", "--ledger"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(read(&room, "why.toml").contains(FIRST));
    assert!(is_settled(room.path()));
}

#[test]
fn a_mistyped_path_is_named_and_not_the_address() {
    let room = folder::repository(&[("web.yaml", YAML), ("notes/a.txt", "nothing")]);
    let cases = [
        ("infar", "infar: there is no such file"),
        ("notes", "notes: there is no template in it"),
    ];
    for (path, message) in cases {
        let (code, said) = justify(room.path(), "licence", FIRST, &["Web", path]);
        assert_eq!((code, said), (Some(2), format!("error: {message}\n")));
        let output = run(room.path(), &["explain", "Web", path]);
        assert_eq!(output.status.code(), Some(2));
        assert_eq!(err(&output), format!("error: {message}\n"));
    }
    let (code, said) = justify(room.path(), "licence", FIRST, &["Nobody", "web.yaml"]);
    assert_eq!(code, Some(2));
    assert_eq!(said, "error: no hosting choice has the address Nobody\n");
    let chosen = ["--code", "compute", "infar", "--yes"];
    let (code, said) = justify(room.path(), "licence", FIRST, &chosen);
    assert_eq!(code, Some(2));
    assert!(
        said.contains("infar matches (and there is no such file or folder)"),
        "{said}"
    );
}
