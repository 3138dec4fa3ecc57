//! How long an answer to one change takes: `cargo bench --bench workspace`. It should be below 50 ms.

use std::fmt::Write as _;
use std::sync::Arc;

use divan::Bencher;
use jiff::civil::date;
use sfl::{Memory, Workspace};

fn main() {
    divan::main();
}

/// A template of at least so many lines: servers, functions and queues, every tenth with a reason.
fn template(lines: usize) -> String {
    let mut text = "Resources:\n".to_owned();
    let (mut at, mut written) = (0, 1);
    while written < lines {
        at += 1;
        let before = text.len();
        let _ = match at % 10 {
            0 => write!(
                text,
                "  Server{at}:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl:\n        because: licence\n        \
                 reason: the licence of the vendor counts physical cores\n    Properties:\n      InstanceType: m5.large\n"
            ),
            1 => write!(
                text,
                "  Web{at}:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-{at}\n"
            ),
            2..6 => write!(
                text,
                "  Function{at}:\n    Type: AWS::Lambda::Function\n    Properties:\n      Role: !GetAtt Role.Arn\n      \
                 Environment:\n        Variables:\n          QUEUE: !Ref Queue{at}\n"
            ),
            _ => write!(
                text,
                "  Queue{at}:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: q{at}\n"
            ),
        };
        written += text[before..].matches('\n').count();
    }
    text
}

fn workspace(files: usize, lines: usize) -> Workspace {
    let text = template(lines);
    let memory = (0..files).fold(Memory::new(date(2027, 1, 31)), |memory, at| {
        memory.with(format!("infra/{}/stack{at}.yaml", at % 10), text.as_str())
    });
    let mut workspace = Workspace::new(Arc::new(memory));
    let report = workspace.diagnose().expect("it has no configuration");
    assert!(!report.decisions.is_empty(), "there is something to answer");
    workspace
}

/// One change of `path` and the answer.
fn change(bencher: Bencher, mut workspace: Workspace, path: &str, lines: usize) {
    let text = template(lines);
    let mut at = 0;
    bencher.bench_local(|| {
        at += 1;
        workspace.change(
            path,
            format!("{text}  New{at}: {{Type: AWS::EC2::Instance}}\n"),
        );
        let report = workspace.diagnose().expect("it has no configuration");
        let name = format!("New{at}");
        assert_eq!(
            report
                .decisions
                .iter()
                .filter(|one| one.address == name)
                .count(),
            1
        );
        report.findings.len()
    });
}

#[divan::bench]
fn a_template_of_10_000_lines(bencher: Bencher) {
    change(bencher, workspace(1, 10_000), "infra/0/stack0.yaml", 10_000);
}

#[divan::bench]
fn one_file_of_500(bencher: Bencher) {
    change(bencher, workspace(500, 100), "infra/7/stack7.yaml", 100);
}

#[divan::bench]
fn a_new_file_beside_500(bencher: Bencher) {
    let mut number = 0;
    let mut workspace = workspace(500, 100);
    bencher.bench_local(|| {
        number += 1;
        let path = format!("infra/new{number}.yaml");
        workspace.open(&path, "Resources:\n  New: {Type: AWS::EC2::Instance}\n");
        let count = workspace
            .diagnose()
            .expect("it has no configuration")
            .findings
            .len();
        workspace.close(&path);
        count
    });
}
