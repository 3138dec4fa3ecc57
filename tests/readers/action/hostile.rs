//! Names and texts that try to be commands stay names and texts.

use serde_json::json;

use super::job::Job;
use super::log::{obeyed, said};
use super::{SERVER, server};
use crate::repository::Repository;

const NAMES: [&str; 6] = [
    "$(touch pwned).yaml",
    "`touch pwned`.yaml",
    "; touch pwned; .yaml",
    "\" && touch pwned && \".yaml",
    "::error::pwned.yaml",
    "##[add-mask]pwned.yaml",
];

#[track_caller]
fn unharmed(job: &Job) {
    for folder in [job.checkout.path(), job.folder.path(), super::ROOT.as_ref()] {
        assert!(!folder.join("pwned").exists(), "a name was run");
    }
}

/// All that a run without findings beside the lines may tell a runner.
#[track_caller]
fn nothing_new(log: &str) {
    let known = ["::group::sfl check", "::endgroup::", "::error title=sfl::"];
    for command in obeyed(log) {
        let fine = known.iter().any(|known| command.starts_with(known));
        assert!(fine && !command.contains("pwned"), "{command}\n---\n{log}");
    }
}

#[test]
fn file_names_are_names() {
    for name in NAMES {
        let job = Job::new(&[(name, SERVER)]).plain();
        let ran = job.with("paths", format!("{name}\n"));
        let (job, ran) = (&ran, ran.run());
        assert_eq!(ran.numbers()[..2], ["1", "1"], "{name}: {}", ran.log);
        unharmed(job);
        nothing_new(&ran.log);
        assert!(ran.log.contains("pwned"), "the name is said");
    }
}

#[test]
fn inputs_are_data() {
    let wild = "x; touch pwned\n$(touch pwned)\n`touch pwned`\n' \" && touch pwned\n::error::pwned\n##[error]pwned\n-x\n--fix\n";
    for input in ["paths", "args", "since", "baseline", "fail-on"] {
        let job = Job::new(&[("a.yaml", SERVER)]).plain().with(input, wild);
        let ran = job.run();
        assert_eq!(ran.verdict(), 2, "{input}: {}", ran.log);
        unharmed(&job);
        let commands = obeyed(&ran.log);
        let tricked = |command: &&String| !command.starts_with("::") || command.contains("::pwned");
        assert_eq!(commands.iter().find(tricked), None, "{input}");
    }
    for input in [
        "version",
        "checksum",
        "attestation",
        "working-directory",
        "sarif",
    ] {
        let job = Job::new(&[("a.yaml", SERVER)]);
        let job = job
            .released("shop/sfl", "http://127.0.0.1:9")
            .with(input, wild);
        let ran = job.run();
        assert!(ran.failed.is_some(), "{input}");
        unharmed(&job);
        assert!(
            obeyed(&ran.log)
                .iter()
                .all(|command| command.starts_with("::")),
            "{input}: {}",
            ran.log
        );
    }
}

#[test]
fn texts_of_templates_are_no_commands() {
    let wild = server("\"##[error]pwned ::error::pwned ##[add-mask]a\"")
        .replace("ami-1", "\"::stop-commands::pwned\"");
    let job = Job::new(&[("a.yaml", &wild)]).plain();
    let ran = job.run();
    assert_eq!(ran.numbers()[..2], ["1", "1"]);
    assert!(ran.log.contains("# #[error]pwned"), "{}", ran.log);
    assert!(!ran.log.contains("##[error]pwned"), "{}", ran.log);
    nothing_new(&ran.log);
}

#[test]
fn no_annotation_and_no_summary_carries_a_command() {
    let wild = server("\"##[error]pwned%0A::error::pwned\\n::add-mask::a\"");
    let ran = Job::new(&[("##[add-mask]a,line=1::.yaml", &wild)]).run();
    assert_eq!(ran.numbers()[..2], ["1", "1"], "{}", ran.log);
    for command in obeyed(&ran.log) {
        assert!(command.starts_with("::"), "{command}");
        assert!(!command.starts_with("::add-mask"), "{command}");
        assert!(!command.starts_with("::error::"), "{command}");
    }
    assert_eq!(said(&ran.log, "error").len(), 2, "{}", ran.log);
}

#[test]
fn names_of_branches_are_names() {
    let branch = "$(touch${IFS}pwned);`touch${IFS}pwned`";
    let checkout = Repository::new(&[("a.yaml", SERVER)]);
    checkout.git(&["branch", branch]);
    let base = checkout.git(&["rev-parse", "HEAD"]).trim().to_owned();
    checkout.git(&["switch", "-q", "-c", &format!("{branch}x")]);
    checkout.write("b.yaml", &server("Shop"));
    checkout.commit("a server");
    let head = checkout.git(&["rev-parse", "HEAD"]).trim().to_owned();
    let event = json!({ "pull_request": {
        "base": { "sha": base, "ref": branch },
        "head": { "sha": head, "ref": format!("{branch}x") },
    } });
    let job = Job::of(checkout).plain().event(event);
    let mut job = job
        .set("GITHUB_BASE_REF", branch)
        .set("GITHUB_HEAD_REF", format!("{branch}x"));
    assert_eq!(job.run().numbers(), ["1", "1", "1", "0"]);
    job = job.with("since", branch);
    assert_eq!(job.run().numbers(), ["1", "1", "1", "0"]);
    unharmed(&job);
}
