//! What SAM's own translator and cfn-lint's loops make of real templates comes to the same decisions as the templates themselves.
//! Set `SFL_CORPUS` to a folder of them; the loops of `loops/` are tried without it. They name resources and conditions as both
//! understand it: cfn-lint leaves a loop's variable in a bare text as it is, sfl puts its value in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sfl::Options;
use sfl::workspace::stack;

use crate::onlookers;
use crate::tools::{corpus, missing};

pub const TRANSLATORS: [&str; 2] = ["aws-sam-translator==1.115.0", "cfn-lint==1.58.0"];

/// Templates of the folder that are tried; they are taken evenly from all of its parts.
const MOST: usize = 400;

/// Types of which the expansion has more, and why. Whatever else differs is a fault.
const BROUGHT: [(&str, &str); 4] = [
    (
        "AWS::ApiGateway::RestApi",
        "one API is made for all events that name none; no block of the template is one",
    ),
    ("AWS::ApiGatewayV2::Api", "the same for HTTP APIs"),
    (
        "AWS::Scheduler::Schedule",
        "an event of a function is made a schedule, which only calls that function",
    ),
    (
        "AWS::SQS::Queue",
        "an event of a function is made a queue between a topic and that function",
    ),
];

/// What a decision comes to, whatever syntax it is written in.
type Outcome = (String, u8, BTreeSet<u8>, bool, bool);

#[test]
fn real_templates_come_to_the_same_as_their_expansions() {
    if missing!(CORPUS, PYTHON) {
        return;
    }
    let mut all = Vec::new();
    templates(&corpus(), &mut all);
    all.sort();
    let step = all.len().div_ceil(MOST).max(1);
    let (loops, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, is_loop)| *is_loop);
    let others = others.into_iter().step_by(step);
    let chosen = loops.into_iter().chain(others).map(|(path, _)| path);
    let chosen: Vec<PathBuf> = chosen.collect();
    let compared = compare("real", &chosen);
    // The folder may be any; of hundreds, most can be expanded.
    assert!(
        compared * 2 >= chosen.len(),
        "only {compared} of {} templates could be compared",
        chosen.len()
    );
}

#[test]
fn loops_come_to_the_same_as_their_expansions() {
    if missing!(PYTHON) {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/loops");
    let mut all = Vec::new();
    templates(&folder, &mut all);
    all.sort();
    let all: Vec<PathBuf> = all.into_iter().map(|(path, _)| path).collect();
    assert!(all.len() >= 12);
    assert_eq!(compare("loops", &all), all.len());
}

/// Templates below a folder that are to be expanded, and whether there are loops in them.
fn templates(folder: &Path, all: &mut Vec<(PathBuf, bool)>) {
    for entry in fs::read_dir(folder).expect("it is a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            templates(&path, all);
            continue;
        }
        let ending = path.extension().and_then(|ending| ending.to_str());
        if !matches!(ending, Some("yaml" | "yml" | "json" | "template")) {
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let is_loop = text.contains("Fn::ForEach::");
        if is_loop || text.contains("AWS::Serverless-2016-10-31") {
            all.push((path, is_loop));
        }
    }
}

/// Expands templates and compares the decisions; how many could be expanded.
fn compare(name: &str, paths: &[PathBuf]) -> usize {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("expanded-{name}"));
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out).expect("target/ is writable");
    let python = onlookers::python("translators", &TRANSLATORS);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/expand.py");
    let mut expand = Command::new(python)
        .arg(script)
        .arg(&out)
        .stdin(Stdio::piped())
        .spawn()
        .expect("Python runs");
    let mut lines = String::new();
    for path in paths {
        let _ = writeln!(lines, "{}", path.display());
    }
    let mut input = expand.stdin.take().expect("it was asked for");
    input.write_all(lines.as_bytes()).expect("Python reads");
    drop(input);
    assert!(expand.wait().expect("Python ends").success());
    let mut compared = 0;
    let mut different = String::new();
    for (number, path) in paths.iter().enumerate() {
        let Ok(expanded) = fs::read_to_string(out.join(format!("{number}.json"))) else {
            continue;
        };
        let text = fs::read_to_string(path).expect("it was read before");
        let name = path.to_string_lossy();
        let (source, expanded) = (decisions(&name, &text), decisions("stack.json", &expanded));
        compared += 1;
        let addresses: BTreeSet<&String> = source.keys().chain(expanded.keys()).collect();
        for address in addresses {
            let (own, other) = (source.get(address), expanded.get(address));
            let same = own.map(|(_, outcome)| outcome) == other.map(|(_, outcome)| outcome);
            // What the author wrote down has its name in the template.
            let is_brought = |(kind, (_, rung, ..)): &(String, Outcome)| {
                let mut all = BROUGHT.iter();
                let is_made = all.any(|(made, _)| made == kind);
                is_made && *rung == 1 && !text.contains(&format!("{address}:"))
            };
            let is_explained = own.is_none() && other.is_some_and(is_brought);
            if !same && !is_explained {
                let _ = writeln!(different, "{name} {address}: {own:?}, expanded {other:?}");
            }
        }
    }
    assert!(different.is_empty(), "{different}");
    compared
}

/// The decisions of a text by address, each with its type as it was judged.
fn decisions(name: &str, text: &str) -> BTreeMap<String, (String, Outcome)> {
    let judged = stack::judge_text(name, text, &Options::default());
    let all = judged.decisions.into_iter().map(|decision| {
        let rungs = decision.reachable.iter().map(|reach| reach.rung.number());
        let outcome = (
            decision.ladder().name.to_string(),
            decision.rung.number(),
            rungs.collect(),
            decision.conditional,
            decision.uncertain(),
        );
        (decision.address.clone(), (decision.kind.clone(), outcome))
    });
    all.collect()
}
