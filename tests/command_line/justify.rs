//! `sfl justify` as it is called: what it writes, what it shows, what it refuses, and how it ends.

use std::fs;
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::folder;

const YAML: &str = "\u{feff}Resources:\r\n  Web: # front\r\n    Type: AWS::EC2::Instance\r\n    Properties: { ImageId: ami-1 }\r\n  Files:\r\n    Type: AWS::S3::Bucket";
const REASON: &str = "the engine is licensed per core of its host";

struct Room(TempDir);

impl Room {
    fn new(files: &[(&str, &str)]) -> Self {
        Self(folder::repository(files))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).expect("it is there")
    }

    fn run(&self, folder: &str, arguments: &[&str]) -> Output {
        folder::run(&self.path().join(folder), arguments)
    }

    /// Justifies, and says that it went well.
    fn justify(&self, arguments: &[&str]) -> String {
        let output = self.justified("", arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{error}");
        error
    }

    fn justified(&self, folder: &str, arguments: &[&str]) -> Output {
        let words = ["--because", "licence", "--reason", REASON];
        let all = [&["justify"], arguments, &words[..]].concat();
        self.run(folder, &all)
    }

    /// Is refused with this word, and nothing is written.
    fn refused(&self, arguments: &[&str], word: &str) {
        let before = self.all();
        let output = self.run("", &[&["justify"], arguments].concat());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(word), "{word}: {error}");
        assert_eq!(self.all(), before, "{arguments:?}");
    }

    fn all(&self) -> Vec<(String, Vec<u8>)> {
        let entries = walkdir::WalkDir::new(self.path()).sort_by_file_name();
        let files = entries
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_file());
        let files = files.map(|entry| {
            let bytes = fs::read(entry.path()).expect("it is readable");
            (entry.path().display().to_string(), bytes)
        });
        files.collect()
    }

    fn check(&self) -> Option<i32> {
        self.run("", &["check", "--fail-on", "note"]).status.code()
    }
}

#[test]
fn a_reason_goes_where_it_belongs() {
    let room = Room::new(&[("a/web.yaml", YAML)]);
    assert_eq!(room.check(), Some(1));
    let said = room.justify(&[
        "Web",
        "a",
        "--owner",
        "team-a",
        "--expires",
        "2999-01-31",
        "--evidence",
        "a/web.yaml",
    ]);
    assert_eq!(said, "a/web.yaml: the reason for Web is written down\n");
    let record = format!(
        "    Metadata:\r\n      sfl:\r\n        because: licence\r\n        reason: \"{REASON}\"\r\n        owner: \"team-a\"\r\n        expires: \"2999-01-31\"\r\n        evidence: \"a/web.yaml\"\r\n"
    );
    let expected = YAML.replace("Instance\r\n", &format!("Instance\r\n{record}"));
    assert_eq!(room.read("a/web.yaml"), expected);
    assert_eq!(room.check(), Some(0));
    // A sound reason is somebody's word: it is written over only where that is meant.
    let again = ["Web", "--because", "licence", "--reason", REASON];
    room.refused(&again, "--replace writes over it");
    assert_eq!(room.read("a/web.yaml"), expected);
    room.justify(&["Web", "--replace"]);
    assert!(!room.read("a/web.yaml").contains("team-a"));
    assert_eq!(room.check(), Some(0));
}

#[test]
fn an_agent_says_so_and_a_person_takes_over() {
    let agent = ["Web", "--by", "agent"];
    for (ledger, file) in [(&[][..], "a.yaml"), (&["--ledger"], "sfl.toml")] {
        let room = Room::new(&[("a.yaml", YAML)]);
        room.justify(&[&agent, ledger].concat());
        let written = room.read(file);
        let by = ["by: \"agent\"", "by = \"agent\""];
        assert!(by.iter().any(|by| written.contains(by)), "{written}");
        assert_eq!(room.check(), Some(0));
        let list = room.run("", &["justifications", "--format", "json"]);
        assert!(String::from_utf8_lossy(&list.stdout).contains("\"by\": \"agent\""));

        let settings = format!(
            "[justifications]\nauthored-by = \"person\"\n\n{}",
            if file == "sfl.toml" { &*written } else { "" }
        );
        fs::write(room.path().join("sfl.toml"), settings).expect("it can be written");
        assert_eq!(room.check(), Some(1));
        let words = ["--because", "licence", "--reason", REASON];
        room.refused(
            &[&agent[..], ledger, &words].concat(),
            "--by: the configuration asks for reasons by a person",
        );
        // What is faulty is written over, and with it who wrote it.
        room.justify(&[&["Web"], ledger].concat());
        assert!(!room.read(file).contains("agent"));
        assert_eq!(room.check(), Some(0));
    }
    let room = Room::new(&[("a.yaml", YAML)]);
    let words = ["--because", "licence", "--reason", REASON];
    room.refused(
        &[&["Web", "--by", "robot"], &words[..]].concat(),
        "[possible values: person, agent]",
    );
}

#[test]
fn a_diff_is_shown_and_nothing_written() {
    let room = Room::new(&[("web.yaml", &YAML.replace('\r', ""))]);
    let output = room.justified("", &["Web", "--diff"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(room.read("web.yaml"), YAML.replace('\r', ""));
    let diff = String::from_utf8(output.stdout).expect("a text");
    let expected = format!(
        "--- a/web.yaml\n+++ b/web.yaml\n@@ -1,6 +1,10 @@\n \u{feff}Resources:\n   Web: # front\n     Type: AWS::EC2::Instance\n+    Metadata:\n+      sfl:\n+        because: licence\n+        reason: \"{REASON}\"\n     Properties: {{ ImageId: ami-1 }}\n   Files:\n     Type: AWS::S3::Bucket\n\\ No newline at end of file\n"
    );
    assert_eq!(diff, expected);
    let output = room.justified("", &["Web", "--diff", "--yes"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected);
    assert_eq!(room.check(), Some(0));
}

#[test]
fn what_is_no_reason_is_refused() {
    let room = Room::new(&[("web.yaml", YAML)]);
    let full = |because: &'static str, reason: &'static str| {
        ["Web", "--because", because, "--reason", reason]
    };
    room.refused(&full("license", REASON), "did you mean licence?");
    room.refused(&full("licence", "TODO"), "this is not a reason yet");
    room.refused(&full("licence", ""), "empty");
    room.refused(&full("licence", "too short"), "this is not a reason yet");
    room.refused(
        &full("licence", "SHOP-1234 SHOP-1235 SHOP-1236"),
        "is evidence, not a reason",
    );
    room.refused(&full("migration", REASON), "needs it");
    for day in ["2027-02-30", "tomorrow", "2001-01-01"] {
        room.refused(
            &[&full("licence", REASON)[..], &["--expires", day]].concat(),
            "--expires",
        );
    }
    room.refused(
        &[&full("licence", REASON)[..], &["--owner", ""]].concat(),
        "--owner",
    );
    room.refused(&["Web"], "--because and --reason");
    room.refused(&[], "whose reason");
    room.refused(
        &["Files", "--because", "licence", "--reason", REASON],
        "needs no reason",
    );
    room.refused(
        &["web", "--because", "licence", "--reason", REASON],
        "did you mean Web?",
    );
    room.refused(
        &["Nobody", "--because", "licence", "--reason", REASON],
        "no hosting choice",
    );
    room.refused(
        &["Web", "-", "--because", "licence", "--reason", REASON],
        "standard input is empty",
    );
}

#[test]
fn what_the_configuration_or_the_template_forbids_is_refused() {
    let demands = "[justifications]\nrequire = [\"owner\"]\nfurthest = \"400d\"\nnever = [\"relational/cluster\"]\n";
    let text = YAML.replace("ImageId: ami-1", "InstanceType: t3.micro");
    let room = Room::new(&[("web.yaml", &text), ("sfl.toml", demands)]);
    let words = |kind: &'static str| {
        vec![
            "Web",
            "--today",
            "2026-01-01",
            "--because",
            kind,
            "--reason",
            REASON,
        ]
    };
    room.refused(&words("licence"), "--owner: the configuration requires it");
    let owned = |kind: &'static str, day: &'static str| {
        [words(kind), vec!["--owner", "a", "--expires", day]].concat()
    };
    room.refused(&owned("licence", "2027-12-31"), "too far away");
    room.refused(
        &owned("hardware", "2026-12-31"),
        "justification/contradicted",
    );
    let ledger = [owned("hardware", "2026-12-31"), vec!["--ledger"]].concat();
    room.refused(&ledger, "justification/contradicted");
    let evidence = [
        owned("licence", "2026-12-31"),
        vec!["--evidence", "gone.md"],
    ]
    .concat();
    room.refused(&evidence, "justification/no-evidence");
    let written = room.run(
        "",
        &[&["justify"], &owned("licence", "2026-12-31")[..]].concat(),
    );
    assert_eq!(written.status.code(), Some(0));
}

#[test]
fn an_address_in_several_files_needs_a_path() {
    let room = Room::new(&[("a.yaml", YAML), ("b.yaml", YAML)]);
    let both = ["Web", "--because", "licence", "--reason", REASON];
    room.refused(
        &both,
        "choose one with --path FILE:\n  a.yaml:3\n  b.yaml:3",
    );
    room.justify(&["Web", "--path", "./b.yaml"]);
    assert_eq!(room.read("a.yaml"), YAML);
    assert_ne!(room.read("b.yaml"), YAML);
    let two = Room::new(&[(
        "a.yaml",
        &format!(
            "{}\n---\n{}",
            YAML.trim_start_matches('\u{feff}').replace('\r', ""),
            YAML.trim_start_matches('\u{feff}').replace('\r', "")
        ),
    )]);
    two.refused(&both, "by hand");
}

#[test]
fn what_cannot_take_a_record_goes_to_the_ledger() {
    let shared = "Resources:\n  Web: &web\n    Type: AWS::EC2::Instance\n  Copy: *web\n";
    let room = Room::new(&[("infra/[a]/x.yaml", shared)]);
    room.refused(
        &["Copy", "--because", "licence", "--reason", REASON],
        "--ledger",
    );
    room.refused(
        &["Web", "--because", "licence", "--reason", REASON],
        "`&web`",
    );
    let output = room.justified("infra", &["Web", "--ledger"]);
    assert_eq!(output.status.code(), Some(0));
    room.justify(&["Copy", "--ledger"]);
    let entry = |address: &str| {
        format!(
            "[[justification]]\npath = \"infra/[[]a[]]/x.yaml\"\naddress = \"{address}\"\nbecause = \"licence\"\nreason = \"{REASON}\"\n"
        )
    };
    assert_eq!(
        room.read("sfl.toml"),
        format!("{}\n{}", entry("Web"), entry("Copy"))
    );
    assert_eq!(room.read("infra/[a]/x.yaml"), shared);
    assert_eq!(room.check(), Some(0));
}

#[test]
fn a_plan_has_its_reasons_in_the_ledger_that_is_named() {
    let resource = |index: &str, key: &str| {
        format!(
            r#"{{"address":"aws_instance.web[{index}]","mode":"managed","type":"aws_instance","name":"web","index":{key},"values":{{"ami":"x"}}}}"#
        )
    };
    let change = |index: &str, key: &str| {
        format!(
            r#"{{"address":"aws_instance.web[{index}]","mode":"managed","type":"aws_instance","name":"web","index":{key},"change":{{"actions":["create"],"after":{{"ami":"x"}}}}}}"#
        )
    };
    let keys = [("0", "0"), (r#"\"a\""#, r#""a""#)];
    let all =
        |make: &dyn Fn(&str, &str) -> String| keys.map(|(index, key)| make(index, key)).join(",");
    let plan = format!(
        r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{"resources":[{}]}}}},"resource_changes":[{}],"configuration":{{"root_module":{{}}}}}}"#,
        all(&resource),
        all(&change)
    );
    let config = "# ours\n[justifications]\nledger = \"reasons.toml\"\n";
    let room = Room::new(&[
        ("plan.json", &plan),
        ("sfl.toml", config),
        ("reasons.toml", "# none yet"),
    ]);
    room.justify(&["aws_instance.web[0]"]);
    let first = room.read("reasons.toml");
    assert!(
        first.starts_with("# none yet\n\n[[justification]]\naddress = \"aws_instance.web[0]\"\n"),
        "{first}"
    );
    assert_eq!(room.check(), Some(1));
    room.justify(&[r#"aws_instance.web["a"]"#]);
    assert_eq!(room.check(), Some(0));
    fs::write(room.path().join("reasons.toml"), "").expect("a file");
    room.justify(&["aws_instance.web"]);
    assert!(
        room.read("reasons.toml")
            .contains("address = \"aws_instance.web[*]\"\n")
    );
    assert_eq!(room.check(), Some(0));
    assert_eq!(room.read("sfl.toml"), config);
    assert_eq!(room.read("plan.json"), plan);
}

#[test]
fn all_that_a_module_makes_in_a_plan_is_explained_in_the_ledger_at_once() {
    let change = |(prefix, name): &(&str, &str)| {
        serde_json::json!({
            "address": format!("{prefix}aws_instance.{name}"), "mode": "managed", "type": "aws_instance", "name": name,
            "change": {"actions": ["create"], "before": null, "after": {"ami": "x"}, "after_unknown": {}}
        })
    };
    for (address, written, made, others) in [
        (
            "module.m",
            "module.m.*",
            [("module.m.", "a"), ("module.m.module.deep[0].", "b")],
            [("", "m"), ("module.mm.", "a"), ("module.n.module.m.", "c")],
        ),
        (
            "module.m",
            "module.m[*].*",
            [(r#"module.m["x"]."#, "a"), (r#"module.m["y"]."#, "a")],
            [("", "m"), (r#"module.mm["x"]."#, "a"), ("module.n.", "m")],
        ),
        (
            r#"module.m["x"]"#,
            r#"module.m["x"].*"#,
            [
                (r#"module.m["x"]."#, "a"),
                (r#"module.m["x"].module.deep."#, "b"),
            ],
            [(r#"module.m["y"]."#, "a"), ("", "m"), ("module.mm.", "a")],
        ),
    ] {
        let changes: Vec<_> = made.iter().chain(&others).map(change).collect();
        let plan = serde_json::json!({
            "format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": changes,
            "configuration": {"root_module": {}}
        });
        let room = Room::new(&[("plan.json", &plan.to_string())]);
        room.justify(&[address, "plan.json"]);
        let ledger = room.read("sfl.toml");
        let line = ledger.lines().find(|line| line.starts_with("address"));
        let line = line.expect("an address").replace('\'', "\"");
        assert_eq!(line, format!("address = \"{written}\""));
        assert_eq!(ledger.matches("[[justification]]").count(), 1, "{ledger}");
        let report = room.run("", &["check", "plan.json", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_slice(&report.stdout).expect("it is JSON");
        let findings = report["findings"].as_array().expect("a list").iter();
        let mut open: Vec<_> = findings.map(|one| one["address"].clone()).collect();
        let mut expected: Vec<_> = others
            .iter()
            .map(|one| change(one)["address"].clone())
            .collect();
        for list in [&mut open, &mut expected] {
            list.sort_by_key(ToString::to_string);
        }
        assert_eq!(open, expected, "{address}: no more and no less is settled");
    }
}

#[test]
fn terraform_json_is_justified_block_by_block() {
    let text = "{\n\t\"resource\": {\n\t\t\"aws_instance\": {\n\t\t\t\"web\": {\n\t\t\t\t\"//\": \"front\",\n\t\t\t\t\"count\": 2,\n\t\t\t\t\"ami\": \"x\"\n\t\t\t}\n\t\t}\n\t}\n}";
    let room = Room::new(&[("main.tf.json", text)]);
    let said = room.justify(&["aws_instance.web"]);
    assert_eq!(
        said,
        "main.tf.json: the reason for aws_instance.web is written down\n"
    );
    let record = format!(
        "{{\n\t\t\t\t\t\"comment\": \"front\",\n\t\t\t\t\t\"sfl\": {{\n\t\t\t\t\t\t\"because\": \"licence\",\n\t\t\t\t\t\t\"reason\": \"{REASON}\"\n\t\t\t\t\t}}\n\t\t\t\t}}"
    );
    assert_eq!(
        room.read("main.tf.json"),
        text.replace("\"front\"", &record)
    );
    assert_eq!(room.check(), Some(0));
}

#[test]
fn a_file_keeps_its_encoding_permissions_and_links() {
    let units = YAML
        .trim_start_matches('\u{feff}')
        .encode_utf16()
        .flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xff, 0xfe].into_iter().chain(units).collect();
    let room = Room::new(&[]);
    let file = room.path().join("real.yaml");
    fs::write(&file, &bytes).expect("a file");
    room.justify(&["Web"]);
    let after = fs::read(&file).expect("a file");
    assert!(
        after.starts_with(&bytes[..80]) && after.ends_with(&bytes[bytes.len() - 40..]),
        "an insertion"
    );
    assert_eq!(room.check(), Some(0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        fs::write(&file, YAML).expect("a file");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("it is ours");
        symlink("real.yaml", room.path().join("link.yaml")).expect("a link");
        room.justify(&["Web", "link.yaml"]);
        assert!(
            fs::symlink_metadata(room.path().join("link.yaml"))
                .expect("there")
                .is_symlink()
        );
        assert_eq!(
            fs::metadata(&file).expect("there").permissions().mode() & 0o777,
            0o640
        );
        assert_eq!(room.check(), Some(0));
        assert_eq!(
            fs::read_dir(room.path()).expect("a folder").count(),
            3,
            "nothing is left behind"
        );
    }
}

#[test]
fn what_has_no_block_of_its_own_is_explained_in_the_ledger() {
    let text = "Transform: AWS::Serverless-2016-10-31\nGlobals:\n  Api: {CacheClusterEnabled: true, CacheClusterSize: \"0.5\"}\nResources:\n  Answer:\n    Type: AWS::Serverless::Function\n    Properties: {Events: {Get: {Type: Api, Properties: {Path: /, Method: get}}}}\n";
    let room = Room::new(&[("answer.yaml", text)]);
    room.justify(&["ServerlessRestApi"]);
    assert_eq!(room.read("answer.yaml"), text);
    assert!(room.read("sfl.toml").contains("ServerlessRestApi"));
}
