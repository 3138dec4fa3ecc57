//! `sfl scan --stream`: a line in, a line out, in the same order, whatever comes in.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Output, Stdio};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::json_schemas;
use crate::repository::{Repository, alone};
use crate::tools::on_path;

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      SecurityGroupIds: [!Ref Door]\n  Door:\n    Type: AWS::EC2::SecurityGroup\n    Properties: { GroupDescription: door }\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const CLUSTER: &str = "resource \"aws_rds_cluster\" \"db\" {\n  engine = \"aurora-mysql\"\n}\n";

/// Sends these lines.
fn sent(work: &Repository, input: &[u8], arguments: &[&str]) -> Output {
    let mut command = alone(env!("CARGO_BIN_EXE_sfl"), work.path());
    command.args(["scan", "--stream", "--today", "2027-01-31"]);
    command.args(arguments).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    std::thread::scope(|scope| {
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().expect("it ends by itself")
    })
}

/// Exit code and answers, each sound.
#[track_caller]
fn answers(work: &Repository, lines: &[Value], arguments: &[&str]) -> (i32, Vec<Value>) {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let output = sent(work, input.as_bytes(), arguments);
    let code = output.status.code().expect("it ends by itself");
    (code, sound(&output))
}

#[track_caller]
fn sound(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("it prints UTF-8");
    let schema = include_str!("../../docs/sfl-scan-1.schema.json");
    text.lines()
        .map(|line| json_schemas::sound(line, schema))
        .collect()
}

fn file(path: &str, content: &str) -> Value {
    json!({"path": path, "content": content})
}

/// `ladder/rung address in path`.
fn decisions(answer: &Value) -> Vec<String> {
    let all = answer["decisions"].as_array().expect("a list");
    let word = |one: &Value, key: &str| one[key].as_str().unwrap_or("-").to_owned();
    all.iter()
        .map(|one| {
            let place = format!("{}/{}", word(one, "ladder"), word(one, "rung_name"));
            format!("{place} {} in {}", word(one, "address"), word(one, "path"))
        })
        .collect()
}

#[test]
fn each_file_is_answered_by_its_decisions_findings_and_edges() {
    let work = Repository::none();
    let lines = [
        file("a.yaml", SERVER),
        json!({"id": {"row": 7}, "path": "infra/b.yaml", "content": QUEUE}),
        file("c.txt", "no template"),
    ];
    let (code, found) = answers(&work, &lines, &[]);
    assert_eq!((code, found.len()), (0, 3));
    assert_eq!(decisions(&found[0]), ["compute/server Web in a.yaml"]);
    assert_eq!(found[0]["findings"][0]["code"], "compute/server");
    assert_eq!(found[0]["edges"][0]["to"], "a.yaml#Door");
    assert_eq!(found[0]["input"], json!({"path": "a.yaml"}));
    let expected = ["messaging/serverless Orders in infra/b.yaml"];
    assert_eq!(decisions(&found[1]), expected);
    assert_eq!(found[1]["input"]["id"], json!({"row": 7}));
    assert_eq!(decisions(&found[2]), [""; 0]);
    assert_eq!(found[2]["summary"]["skipped"], 1);
}

#[test]
fn it_says_of_a_repository_what_a_check_says_in_it() {
    let shop = Repository::new(&[
        ("infra/web.yaml", SERVER),
        ("db/main.tf", CLUSTER),
        ("left/queue.yaml", QUEUE),
        (
            "sfl.toml",
            "exclude = [\"left\"]\nignore = [\"relational\"]\n",
        ),
    ]);
    shop.git(&["clone", "-q", "--bare", ".", "../shop.git"]);
    let tar = shop.beside("shop.tar");
    let tar = tar.to_str().expect("it is UTF-8");
    shop.git(&[
        "archive", "--format", "tar", "--prefix", "shop-1/", "-o", tar, "HEAD",
    ]);
    let bytes = std::fs::read(tar).expect("git wrote it");
    let lines = [
        json!({"repository": "../shop.git", "ref": "main"}),
        json!({"repository": "."}),
        json!({"archive": tar}),
        json!({"archive": "shop.tar", "content": STANDARD.encode(bytes)}),
    ];
    let (code, found) = answers(&shop, &lines, &[]);
    assert_eq!(code, 0, "{found:#?}");
    let (_, checked) = shop.check(&["--today", "2027-01-31"]);
    assert_eq!(checked["decisions"].as_array().map(Vec::len), Some(2));
    assert_eq!(checked["summary"]["not_shown"][0]["findings"], 1);
    for answer in &found {
        let input = &answer["input"];
        for part in ["decisions", "findings", "liability"] {
            assert_eq!(answer[part], checked[part], "{part} of {input}");
        }
        for part in ["score", "unread", "not_shown", "skipped"] {
            let of = |report: &Value| report["summary"][part].clone();
            assert_eq!(of(answer), of(&checked), "{part} of {input}");
        }
    }
    let commit = shop.git(&["rev-parse", "HEAD"]);
    assert_eq!(found[0]["input"]["commit"], commit.trim());
    assert_eq!(found[1]["input"]["ref"], "HEAD");
}

#[test]
fn a_bad_line_is_answered_with_its_number_and_the_run_goes_on() {
    let work = Repository::none();
    let mut input = b"{\"path\": \"a.yaml\"\n\n".to_vec();
    input.extend(b"\xff\xfe\n[1, 2]\n{\"path\": \"../a.yaml\", \"content\": \"\"}\n");
    input.extend(b"{\"path\": \"a.yaml\"}\n{\"path\": \"a.yaml\", \"contents\": \"\"}\n");
    input.extend(b"{\"name\": \"../up\", \"path\": \"a.yaml\", \"content\": \"\"}\n");
    input.extend(b"{\"repository\": \"nowhere\"}\n{\"archive\": \"/dev/zero\"}\n");
    input.extend(b"{\"archive\": \"x\", \"content\": \"###\"}\n");
    input.extend(format!("{}", file("b.yaml", QUEUE)).as_bytes());
    let output = sent(&work, &input, &[]);
    assert_eq!(output.status.code(), Some(2));
    let found = sound(&output);
    let said: Vec<String> = found
        .iter()
        .map(|one| match one["error"].as_str() {
            Some(error) => format!("{}: {error}", one["line"]),
            None => decisions(one).join(", "),
        })
        .collect();
    let start = |at: usize, text: &str| assert!(said[at].starts_with(text), "{said:#?}");
    start(0, "1: it is no JSON: EOF while parsing");
    assert_eq!(said[1], "3: it is no JSON object");
    assert_eq!(said[2], "4: it is no JSON object");
    assert_eq!(said[3], "5: its `path` does not stay below the root");
    let needs = "it needs `path` and `content`, or `archive`, or `repository` and `ref`";
    assert_eq!(said[4], format!("6: {needs}"));
    start(5, "7: unknown field `contents`");
    start(6, "8: `../up` is no name");
    start(7, "9: no git repository: ");
    assert_eq!(said[8], "10: /dev/zero: it is not a regular file");
    start(9, "11: the archive: ");
    assert_eq!(said[10], "messaging/serverless Orders in b.yaml");
    let error = String::from_utf8(output.stderr).expect("it prints UTF-8");
    let last = "error: 10 inputs could not be read, or not all of it: the answer says why\n";
    assert_eq!(error, last);
}

#[test]
fn a_template_that_cannot_be_read_is_a_finding_and_exit_code_2() {
    let work = Repository::none();
    let broken = "Resources:\n  A: { Type: 'AWS::SQS::Queue'\n";
    let lines = [file("a.yaml", broken), file("b.yaml", QUEUE)];
    let (code, found) = answers(&work, &lines, &[]);
    assert_eq!(code, 2);
    assert_eq!(found[0]["summary"]["unreadable"], 1);
    assert_eq!(found[1]["summary"]["unreadable"], 0);
}

#[test]
fn the_answers_keep_the_order_of_the_questions() {
    let work = Repository::none();
    // What takes long comes first.
    let long: String = (0..400)
        .map(|at| format!("  Web{at}:\n    Type: AWS::EC2::Instance\n    Properties: {{ ImageId: ami-{at} }}\n"))
        .collect();
    let mut lines = vec![file("0.yaml", &format!("Resources:\n{long}"))];
    lines.extend((1..60).map(|at| file(&format!("{at}.yaml"), QUEUE)));
    let (code, found) = answers(&work, &lines, &["--threads", "8"]);
    assert_eq!(code, 0);
    let asked: Vec<Value> = lines.iter().map(|line| line["path"].clone()).collect();
    let said: Vec<Value> = found
        .iter()
        .map(|one| one["input"]["path"].clone())
        .collect();
    assert_eq!(said, asked);
    assert_eq!(answers(&work, &lines, &["--threads", "1"]).1, found);
}

/// A scan that listens and answers.
fn streaming(work: &Repository) -> Child {
    let mut command = alone(env!("CARGO_BIN_EXE_sfl"), work.path());
    command
        .args(["scan", "--stream"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    command.spawn().expect("the program runs")
}

#[test]
fn an_answer_comes_before_the_next_question() {
    let work = Repository::none();
    let mut child = streaming(&work);
    let mut stdin = child.stdin.take().expect("it is a pipe");
    let mut answers = BufReader::new(child.stdout.take().expect("it is a pipe"));
    for path in ["a.yaml", "b.yaml", "c.yaml"] {
        writeln!(stdin, "{}", file(path, QUEUE)).expect("it listens");
        let mut answer = String::new();
        answers.read_line(&mut answer).expect("it answers");
        let answer: Value = serde_json::from_str(&answer).expect("it is JSON");
        assert_eq!(answer["input"]["path"], path);
    }
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn what_is_too_large_is_an_error_and_costs_no_memory() {
    let work = Repository::none();
    let mut input = file("a.yaml", &"#".repeat(3 << 20))
        .to_string()
        .into_bytes();
    input.extend(format!("\n{}\n", file("b.yaml", QUEUE)).as_bytes());
    let mut builder = tar::Builder::new(Vec::new());
    for name in ["a", "b", "c"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(400 << 10);
        let added = builder.append_data(&mut header, name, &vec![b'#'; 400 << 10][..]);
        added.expect("memory takes it");
    }
    let bytes = builder.into_inner().expect("memory takes it");
    work.write("big.tar", std::str::from_utf8(&bytes).expect("it is ASCII"));
    input.extend(b"{\"archive\": \"big.tar\"}\n");
    let output = sent(&work, &input, &["--limit", "1"]);
    assert_eq!(output.status.code(), Some(2));
    let found = sound(&output);
    assert_eq!(found[0]["error"], "it is longer than 1 MiB (--limit)");
    assert_eq!(found[1]["decisions"].as_array().map(Vec::len), Some(1));
    assert_eq!(found[2]["error"], "the archive: it holds more than 1 MiB");
}

#[test]
fn nothing_of_an_archive_gets_out_of_it() {
    let work = Repository::none();
    let away = work.beside("away.yaml");
    std::fs::write(&away, SERVER).expect("it can be written");
    let mut builder = tar::Builder::new(Vec::new());
    let header = |kind| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        header
    };
    let mut add = |path: &str, text: &str| {
        let mut header = header(tar::EntryType::Regular);
        header.set_size(text.len() as u64);
        let added = builder.append_data(&mut header, path, text.as_bytes());
        added.expect("memory takes it");
    };
    add("queue.yaml", QUEUE);
    add(
        "main.tf",
        "module \"away\" {\n  source = \"../../work\"\n}\n",
    );
    add("sfl.toml", "[justifications]\nledger = \"../away.yaml\"\n");
    for (kind, path) in [
        (tar::EntryType::Symlink, "link.yaml"),
        (tar::EntryType::Link, "hard.yaml"),
    ] {
        let added = builder.append_link(&mut header(kind), path, &away);
        added.expect("memory takes it");
    }
    for (kind, path) in [
        (tar::EntryType::Char, "device.yaml"),
        (tar::EntryType::Fifo, "pipe.yaml"),
    ] {
        let added = builder.append_data(&mut header(kind), path, &b""[..]);
        added.expect("memory takes it");
    }
    let bytes = builder.into_inner().expect("memory takes it");
    let archive = json!({"archive": "a.tar", "content": STANDARD.encode(bytes)});
    let before = listed(work.path());
    let (code, found) = answers(&work, std::slice::from_ref(&archive), &["--isolated"]);
    assert_eq!((code, listed(work.path())), (0, before));
    let answer = &found[0];
    assert_eq!(
        decisions(answer),
        ["messaging/serverless Orders in queue.yaml"]
    );
    assert_eq!(answer["input"]["left_out"], 4);
    let unread = answer["summary"]["unread"].as_array().expect("a list");
    let refused = unread.iter().find(|one| one["kind"] == "refused");
    let refused = refused.expect("it says so")["items"]
        .as_array()
        .expect("a list");
    let refused: Vec<&Value> = refused.iter().map(|one| &one["path"]).collect();
    let all = ["device.yaml", "hard.yaml", "link.yaml", "pipe.yaml"];
    assert_eq!(refused, all);
    // Its ledger leads out, too.
    let (code, found) = answers(&work, &[archive], &[]);
    assert_eq!(code, 2);
    let error = found[0]["error"].as_str().expect("it is refused");
    assert!(error.starts_with("its configuration: "), "{error}");
    assert!(!found[0].to_string().contains("ami-1"));
}

fn listed(folder: &Path) -> Vec<String> {
    let all = std::fs::read_dir(folder).expect("it is a folder");
    all.map(|one| {
        one.expect("it is there")
            .file_name()
            .to_string_lossy()
            .into_owned()
    })
    .collect()
}

#[test]
fn archives_of_other_programs_are_read() {
    if on_path("tar").is_none() {
        return;
    }
    let work = Repository::none();
    // A path that needs a header of its own.
    let deep = format!("{}/web.yaml", "a-folder-of-many-letters/".repeat(8));
    work.write(&format!("tree/{deep}"), SERVER);
    work.write("tree/main.tf", CLUSTER);
    for (name, format) in [("gnu.tar", "--format=gnu"), ("pax.tar", "--format=pax")] {
        let mut tar = alone("tar", work.path());
        let done = tar.args([format, "-cf", name, "-C", "tree", "."]).status();
        if !done.is_ok_and(|done| done.success()) {
            continue;
        }
        let (code, found) = answers(&work, &[json!({"archive": name})], &[]);
        let web = format!("compute/server Web in {deep}").replace("//", "/");
        assert_eq!(code, 0);
        let db = "relational/cluster aws_rds_cluster.db in main.tf".to_owned();
        assert_eq!(decisions(&found[0]), [web, db]);
    }
    let mut gzip = alone("tar", work.path());
    let done = gzip.args(["-czf", "a.tgz", "-C", "tree", "."]).status();
    if done.is_ok_and(|done| done.success()) {
        let (code, found) = answers(&work, &[json!({"archive": "a.tgz"})], &[]);
        let error = "the archive: it is compressed: send a plain tar file";
        assert_eq!((code, &found[0]["error"]), (2, &json!(error)));
    }
}

#[test]
fn one_configuration_can_count_for_all() {
    let work = Repository::none();
    work.write(
        "org/sfl.toml",
        "exclude = [\"left\"]\n[ladders.relational]\naccept = \"cluster\"\n",
    );
    let lines = [file("main.tf", CLUSTER), file("left/a.yaml", SERVER)];
    let (code, found) = answers(&work, &lines, &["--config", "org/sfl.toml"]);
    assert_eq!(code, 0);
    assert_eq!(found[0]["decisions"][0]["fallback"], false);
    assert_eq!(decisions(&found[1]), [""; 0]);
    work.write("org/sfl.toml", "excluded = 1\n");
    let output = sent(&work, b"", &["--config", "org/sfl.toml"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
}

/// A million lines would take no more memory than a few: what is held is what the workers look at.
#[cfg(unix)]
#[test]
fn memory_does_not_grow_with_the_stream() {
    use wait4::Wait4;
    let work = Repository::none();
    let held = |lines: usize| {
        let line = format!("{}\n", file("a.yaml", SERVER));
        work.write("input", &line.repeat(lines));
        let mut command = alone(env!("CARGO_BIN_EXE_sfl"), work.path());
        command.args(["scan", "--stream", "--threads", "2"]);
        let input = File::open(work.path().join("input")).expect("it was written");
        command.stdin(input).stdout(Stdio::null());
        let mut child = command.spawn().expect("the program runs");
        child.wait4().expect("it ends").rusage.maxrss
    };
    let (few, many) = (held(100), held(2_000));
    assert!(many < few + (6 << 20), "{few} bytes, then {many}");
}

#[test]
fn a_reader_that_has_gone_ends_it() {
    let work = Repository::none();
    let mut child = streaming(&work);
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("it is a pipe");
    let line = format!("{}\n", file("a.yaml", QUEUE));
    // It stops to listen some time.
    while stdin.write_all(line.as_bytes()).is_ok() {}
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}
