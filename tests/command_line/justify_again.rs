//! `sfl justify` where a reason stands already: a sound one is somebody's word, and a faulty one makes room.

use std::fs;
use std::path::Path;

use serde_json::Value;
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

/// What says why, from the ledger and the templates, of all decisions: address and first word of the reason.
fn words(folder: &Path) -> Vec<String> {
    let output = run(folder, &["check", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let said = decisions.map(|decision| {
        let address = decision["address"].as_str().unwrap_or_default();
        let because = &decision["justification"]["because"];
        format!("{address} {}", because.as_str().unwrap_or("-"))
    });
    said.collect()
}

const GLOB: &str = "[[justification]]\naddress = \"Y*\"\nbecause = \"licence\"\nreason = \"the engine is licensed per core of its host\"\n";

fn servers(names: &[&str]) -> String {
    let blocks = names
        .iter()
        .map(|name| format!("  {name}:\n    Type: AWS::EC2::Instance\n"));
    format!("Resources:\n{}", blocks.collect::<String>())
}

#[test]
fn an_entry_with_a_glob_stays_though_it_matches_only_one_thing_now() {
    for flags in [&["Y1", "--replace"][..], &["Y1", "--replace", "--ledger"]] {
        let room = folder::repository(&[("y.yaml", &servers(&["Y1"])), ("sfl.toml", GLOB)]);
        let (code, said) = justify(room.path(), "latency", SECOND, &["Y1"]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("--replace gives Y1 one of its own"), "{said}");
        let (code, said) = justify(room.path(), "latency", SECOND, flags);
        assert_eq!(code, Some(0), "{flags:?}: {said}");
        assert!(
            said.contains("the reason licence in sfl.toml:1 stays"),
            "{said}"
        );
        assert!(read(&room, "sfl.toml").starts_with(GLOB));
        assert_eq!(words(room.path()), ["Y1 latency"]);
        let template = read(&room, "y.yaml");
        let more = format!("{template}  Y2:\n    Type: AWS::EC2::Instance\n");
        fs::write(room.path().join("y.yaml"), more).expect("a file");
        assert_eq!(words(room.path()), ["Y1 latency", "Y2 licence"]);
    }
}

#[test]
fn the_same_glob_is_written_over_in_its_entry() {
    let both = [("y.yaml", &*servers(&["Y1", "Y2"]))];
    let glob = GLOB.replace("because", "path = \"y.yaml\"\nbecause");
    for flags in [
        &["Y*", "--replace", "--yes"][..],
        &["Y*", "--replace", "--yes", "--ledger"],
    ] {
        let room = folder::repository(&[both[0], ("sfl.toml", &glob)]);
        let (code, said) = justify(room.path(), "latency", SECOND, flags);
        assert_eq!(code, Some(0), "{flags:?}: {said}");
        let expected = glob.replace(FIRST, SECOND).replace("licence", "latency");
        assert_eq!(read(&room, "sfl.toml"), expected);
        assert_eq!(read(&room, "y.yaml"), both[0].1);
        assert!(is_settled(room.path()));
        // One of them has an entry of its own: that gets the new words as well.
        let own = format!("{GLOB}\n{}", GLOB.replace("Y*", "Y2"));
        let room = folder::repository(&[both[0], ("sfl.toml", &own)]);
        let (code, said) = justify(room.path(), "latency", SECOND, flags);
        assert_eq!(code, Some(0), "{flags:?}: {said}");
        let expected = own.replace(FIRST, SECOND).replace("licence", "latency");
        assert_eq!(read(&room, "sfl.toml"), expected);
        assert!(is_settled(room.path()));
    }
}

#[test]
fn an_address_of_a_block_means_all_of_its_instances_in_the_ledger_too() {
    let instance = |key: u8| {
        format!(
            r#"{{"address":"aws_instance.q[{key}]","mode":"managed","type":"aws_instance","name":"q","index":{key},"provider_name":"registry.terraform.io/hashicorp/aws","change":{{"actions":["create"],"before":null,"after":{{"instance_type":"m6i.large"}}}}}}"#
        )
    };
    let plan = |keys: &[u8]| {
        let changes: Vec<String> = keys.iter().map(|key| instance(*key)).collect();
        format!(
            r#"{{"format_version":"1.2","terraform_version":"1.9.0","resource_changes":[{}]}}"#,
            changes.join(",")
        )
    };
    let of_first = GLOB.replace("Y*", "aws_instance.q[0]");
    for (keys, after) in [
        (&[0][..], &["aws_instance.q[0] latency"][..]),
        (
            &[0, 1],
            &["aws_instance.q[0] latency", "aws_instance.q[1] latency"],
        ),
    ] {
        let room = folder::repository(&[("plan.json", &plan(keys)), ("sfl.toml", &of_first)]);
        let all = ["aws_instance.q", "plan.json", "--yes"];
        let (code, said) = justify(room.path(), "latency", SECOND, &all);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.ends_with("--replace writes over it\n"), "{said}");
        let replace = [&all[..], &["--replace"]].concat();
        let (code, said) = justify(room.path(), "latency", SECOND, &replace);
        assert_eq!(code, Some(0), "{said}");
        let ledger = read(&room, "sfl.toml");
        assert!(
            ledger.contains("address = \"aws_instance.q[*]\""),
            "{ledger}"
        );
        assert_eq!(ledger.matches("[[justification]]").count(), 1, "{ledger}");
        assert_eq!(words(room.path()), after);
        fs::write(room.path().join("plan.json"), plan(&[0, 1, 2])).expect("a file");
        assert_eq!(
            words(room.path()).last().map(String::as_str),
            Some("aws_instance.q[2] latency")
        );
    }
    // Two of their own: one comes to speak for all, the other says the same.
    let two = format!("{of_first}\n{}", of_first.replace("[0]", "[1]"));
    let room = folder::repository(&[("plan.json", &plan(&[0, 1])), ("sfl.toml", &two)]);
    let replace = ["aws_instance.q", "plan.json", "--replace"];
    let (code, said) = justify(room.path(), "latency", SECOND, &replace);
    assert_eq!(code, Some(0), "{said}");
    let expected = two.replace(FIRST, SECOND).replace("licence", "latency");
    assert_eq!(read(&room, "sfl.toml"), expected.replace("q[0]", "q[*]"));
    assert!(is_settled(room.path()));
}

const FOR_ALL: &str = "because=licence reason=\"the engine is licensed per core of its host\"";

#[test]
fn a_sound_reason_for_more_is_not_written_beside_wherever_it_stands() {
    let template = format!(
        "Metadata:\n  sfl:\n    because: licence\n    reason: {FIRST}\n{}",
        servers(&["X1", "X2"])
    );
    let in_block = format!(
        "resource \"aws_instance\" \"inner\" {{\n  # sfl: {FOR_ALL}\n  count = 2\n  ami = \"ami-1\"\n}}\n"
    );
    let call =
        format!("# sfl: {FOR_ALL}\nmodule \"north\" {{\n  source = \"./shop\"\n  count = 2\n}}\n");
    let cases = [
        (vec![("x.yaml", &*template)], "X1", "x.yaml:3"),
        (
            vec![("main.tf", &*in_block)],
            "aws_instance.inner[1]",
            "main.tf:2",
        ),
        (
            vec![("main.tf", &*call), ("shop/main.tf", TERRAFORM)],
            "module.north[0]",
            "main.tf:1",
        ),
    ];
    for (files, address, place) in cases {
        let room = folder::repository(&files);
        let file = files[0].0;
        for more in [&[][..], &["--yes"], &["--ledger"]] {
            let (code, said) = justify(
                room.path(),
                "latency",
                SECOND,
                &[&[address][..], more].concat(),
            );
            assert_eq!(code, Some(2), "{address} {more:?}: {said}");
            assert!(
                said.contains(&format!("licence in {place}")),
                "{address} {more:?}: {said}"
            );
            let is_call = address.starts_with("module.");
            // The ledger has only a glob for all that a call makes, which counts after what is written there.
            let way = match is_call && more == ["--ledger"] {
                true => "change it where it stands".to_owned(),
                false => format!("--replace gives {address} one of its own"),
            };
            assert!(said.contains(&way), "{address} {more:?}: {said}");
            assert_eq!(read(&room, file), files[0].1);
            assert!(!room.path().join("sfl.toml").exists());
        }
        let (code, said) = justify(room.path(), "latency", SECOND, &[address, "--replace"]);
        assert_eq!(code, Some(0), "{address}: {said}");
        assert!(
            said.contains("stays, and the new one counts before it"),
            "{said}"
        );
        assert!(read(&room, file).contains(FIRST));
        let now = words(room.path());
        let count = |kind: &str| now.iter().filter(|one| one.ends_with(kind)).count();
        assert_eq!((count("licence"), count("latency")), (1, 1), "{now:?}");
        assert!(is_settled(room.path()));
    }
}

#[test]
fn words_that_several_have_are_written_over_only_where_that_is_meant() {
    let block = TERRAFORM.replace("\"web\"", "\"other\"");
    let text = format!("# sfl: {FOR_ALL}\n{TERRAFORM}\n# sfl: {FOR_ALL}\n{block}");
    let room = folder::repository(&[("main.tf", &text)]);
    let (code, said) = justify(room.path(), "latency", SECOND, &["aws_instance.web"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.ends_with("--replace writes over it\n"), "{said}");
    assert_eq!(read(&room, "main.tf"), text);
}

#[test]
fn what_is_wrong_with_the_words_does_not_hide_what_is_wrong_with_the_address() {
    let room = folder::repository(&[("web.yaml", YAML)]);
    let (code, said) = justify(room.path(), "licence", "xxxxxxx", &["Wbe"]);
    assert_eq!(code, Some(2));
    assert!(
        said.starts_with("error: --reason: this is not a reason yet")
            && said.ends_with("error: no hosting choice has the address Wbe; did you mean Web?\n"),
        "{said}"
    );
}
