//! What is found is said everywhere, and only the last step fails.

use std::fs;

use serde_json::Value;

use super::job::Job;
use super::log::{obeyed, said};
use super::{BROKEN, QUEUE, SERVER, server};

#[test]
fn where_nothing_is_found_everything_passes() {
    let job = Job::new(&[("a.yaml", QUEUE)]);
    let ran = job.run();
    assert_eq!(ran.verdict(), 0, "{}", ran.log);
    assert_eq!(ran.numbers(), ["0", "0", "", "100"]);
    let sarif = fs::read_to_string(ran.output("sarif-file")).expect("it is written");
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
    assert_eq!(said(&ran.log, "error"), [""; 0]);
}

#[test]
fn findings_are_written_everywhere_and_then_the_last_step_fails() {
    let job = Job::new(&[("a.yaml", SERVER), ("b.yaml", QUEUE)]);
    let ran = job.run();
    assert_eq!(ran.verdict(), 1, "{}", ran.log);
    assert_eq!(ran.numbers(), ["1", "1", "", "50"]);

    let sarif = fs::read_to_string(ran.output("sarif-file")).expect("it is written");
    let sarif: Value = serde_json::from_str(&sarif).expect("it is JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let results = sarif["runs"][0]["results"].as_array().expect("a list");
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ruleId"], "compute/server");
    let place = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"];
    assert_eq!(place["uri"], "a.yaml");

    let errors = said(&ran.log, "error");
    assert_eq!(
        errors.len(),
        2,
        "the annotation and the verdict: {errors:?}"
    );
    assert!(errors[0].contains("file=a.yaml"), "{errors:?}");
    assert!(errors[1].contains("`fail-on: warning`"), "{errors:?}");

    assert!(ran.summary.contains("Web"), "{}", ran.summary);
    assert_eq!(obeyed(&ran.log)[0], "::group::sfl check");
    assert!(ran.log.contains("error[compute/server]"), "{}", ran.log);
}

#[test]
fn what_is_turned_off_is_not_written() {
    let ran = Job::new(&[("a.yaml", SERVER)]).plain().run();
    assert_eq!(ran.verdict(), 1);
    assert_eq!(ran.numbers(), ["1", "1", "", "0"]);
    assert_eq!(ran.output("sarif-file"), "");
    assert_eq!(ran.summary, "");
    assert_eq!(said(&ran.log, "error").len(), 1, "the verdict alone");
    assert!(ran.log.contains("Web is an EC2 instance"), "{}", ran.log);
}

#[test]
fn what_cannot_be_read_fails_whatever_fails_on() {
    let files = [("a.yaml", BROKEN), ("b.yaml", QUEUE)];
    let ran = Job::new(&files).plain().with("fail-on", "never").run();
    assert_eq!(ran.verdict(), 2);
    assert_eq!(ran.numbers(), ["2", "1", "", "100"]);
    let ran = Job::new(&files).plain().with("paths", "none.yaml").run();
    assert_eq!(ran.verdict(), 2);
}

#[test]
fn a_wrong_call_fails_and_has_no_numbers() {
    let job = || Job::new(&[("a.yaml", SERVER)]).plain();
    for (input, value) in [
        ("args", "--nonsense"),
        ("fail-on", "sometimes"),
        ("baseline", "none.json"),
        ("since", "no-such-branch"),
    ] {
        let ran = job().with(input, value).run();
        assert_eq!(ran.verdict(), 2, "{input}: {}", ran.log);
        assert_eq!(ran.numbers(), ["2", "", "", ""], "{input}");
    }
    for (input, value) in [
        ("sarif", "yes"),
        ("annotations", ""),
        ("working-directory", "no"),
    ] {
        let ran = job().with(input, value).run();
        ran.refused("Check", &format!("`{input}`"));
    }
}

#[test]
fn never_never_fails() {
    let job = Job::new(&[("a.yaml", SERVER)]).plain();
    let ran = job.with("fail-on", "never").run();
    assert_eq!(ran.verdict(), 0);
    assert_eq!(ran.numbers(), ["0", "1", "", "0"]);
}

#[test]
fn the_score_has_two_decimals() {
    let half = server("Web2").replace("Resources:\n", "");
    let more = half.replace("Web2", "Web3");
    let text = format!("{QUEUE}{half}{more}");
    let ran = Job::new(&[("a.yaml", &text)]).plain().run();
    assert_eq!(ran.numbers(), ["1", "2", "", "33.33"]);
    let ran = Job::new(&[("a.txt", "")]).plain().run();
    assert_eq!(ran.numbers(), ["0", "0", "", ""], "{}", ran.log);
}

#[test]
fn a_baseline_leaves_what_is_new() {
    let job = Job::new(&[("a.yaml", SERVER)]).plain();
    let job = job.with("baseline", "sfl-baseline.json");
    assert_eq!(job.checkout.said(&["baseline"]).0, 0);
    assert_eq!(job.run().numbers(), ["0", "0", "0", "0"]);
    job.checkout.write("b.yaml", &server("Shop"));
    let ran = job.run();
    assert_eq!(ran.verdict(), 1);
    assert_eq!(ran.numbers(), ["1", "1", "1", "0"]);
}

#[test]
fn paths_are_words_or_lines() {
    let files = [
        ("my infra/a.yaml", SERVER),
        ("b.yaml", &server("Shop")),
        ("c.yaml", &server("Mail")),
    ];
    let count = |paths: &str| {
        let ran = Job::new(&files).plain().with("paths", paths).run();
        ran.numbers()[1].to_owned()
    };
    assert_eq!(count("."), "3");
    assert_eq!(count("b.yaml  c.yaml"), "2");
    assert_eq!(count("my infra\n"), "1");
    assert_eq!(count("my infra\r\n\nb.yaml\n"), "2");
    assert_eq!(count("b.yaml"), "1");
    // Not the shell's patterns: there is no such file.
    let ran = Job::new(&files).plain().with("paths", "*.yaml").run();
    assert_eq!(ran.verdict(), 2);
}

#[test]
fn arguments_are_words_or_lines() {
    let files = [
        ("a.yaml", SERVER),
        ("my sfl.toml", "exclude = [\"a.yaml\"]\n"),
    ];
    let count = |arguments: &str| {
        let ran = Job::new(&files).plain().with("args", arguments).run();
        ran.numbers().map(str::to_owned)
    };
    assert_eq!(count("--strict --exit-zero")[..2], ["0", "1"]);
    assert_eq!(count("--config\nmy sfl.toml\n")[..2], ["0", "0"]);
}

#[test]
fn another_folder_is_where_all_paths_start() {
    let files = [("shop/a.yaml", SERVER), ("b.yaml", &server("Shop"))];
    let job = Job::new(&files).plain().with("working-directory", "shop");
    let ran = job.with("paths", "a.yaml").run();
    assert_eq!(ran.numbers(), ["1", "1", "", "0"]);
    // GitHub takes every path from the root of the repository.
    let warnings = said(&ran.log, "warning");
    assert!(
        warnings
            .iter()
            .any(|one| one.contains("name the folder in `paths`")),
        "{warnings:?}"
    );
    let ran = Job::new(&files).plain().run();
    assert!(said(&ran.log, "warning").is_empty(), "{}", ran.log);
}
