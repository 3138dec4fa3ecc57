//! What hands type because another tool calls it so, and words that a report prints: each leads somewhere.

use crate::folder::{self, err, out, run};

fn refused(arguments: &[&str]) -> String {
    let folder = folder::repository(&[("infra/a.yaml", "")]);
    let output = run(folder.path(), arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    assert_eq!(out(&output), "", "{arguments:?}");
    err(&output)
}

#[test]
fn a_command_of_another_tool_leads_to_ours() {
    for word in [
        "scan", "lint", "validate", "analyze", "audit", "test", "run",
    ] {
        let said = refused(&[word, "."]);
        assert!(
            said.contains("tip: `sfl check [PATH]...`"),
            "{word}: {said}"
        );
        assert!(!said.contains("similar"), "{word}: {said}");
    }
    for (word, tip) in [
        (
            "accept",
            "`sfl justify NAME` writes down why; `accept` in `[ladders]` of sfl.toml",
        ),
        ("waive", "`sfl justify NAME`"),
        ("why", "`sfl explain CODE`"),
    ] {
        let said = refused(&[word]);
        assert!(said.contains(tip), "{word}: {said}");
    }
    assert!(refused(&["infra"]).contains("tip: `sfl check infra`"));
    // What is only misspelled is still found.
    assert!(refused(&["chek"]).contains("a similar subcommand exists: 'check'"));
}

#[test]
fn a_flag_of_another_tool_leads_to_ours() {
    for (flags, tip) in [
        (&["--cache"][..], "nothing is kept between two runs"),
        (&["--exit-code", "0"], "`--exit-zero` never fails"),
        (&["--exit-code=1"], "`--exit-zero` never fails"),
        (
            &["-f", "json"],
            "`--format FORMAT`, for example `--format json`",
        ),
        (
            &["--max-warnings", "0"],
            "`--fail-on error` lets warnings pass",
        ),
        (&["-j", "4"], "`--threads N`"),
        (&["-t", "a.yaml"], "name the file"),
        (&["-d", "infra"], "name the folder"),
        (&["--chdir=infra"], "name the folder"),
        (&["--include-checks", "a"], "`--select CODE`"),
        (&["--minimum-failure-severity", "a"], "`--fail-on SEVERITY`"),
        (&["--add-noqa"], "`sfl justify NAME` writes down why"),
        (&["--print-config"], "`sfl config` shows every value"),
        (
            &["--no-error-on-unmatched-pattern"],
            "a folder without templates is no error",
        ),
        (&["--ext", "yaml"], "what a file is shows in what it holds"),
        (
            &["--show-fixes"],
            "`--diff` shows what `--fix` would change",
        ),
        (&["--fail-on", "none"], "tip: `--fail-on never`"),
        (&["--format", "text"], "tip: `--format pretty`"),
        (
            &["--format=table"],
            "[possible values: pretty, concise, json,",
        ),
    ] {
        let said = refused(&[&["check"], flags].concat());
        assert!(said.contains(tip), "{flags:?}: {said}");
        assert!(!said.contains("to pass"), "{flags:?}: {said}");
    }
}

#[test]
fn words_of_a_report_can_be_explained() {
    let folder = folder::repository(&[]);
    for (word, says) in [
        ("server", "rung 4 of 4"),
        ("capacity", "rung 2 of 4"),
        ("licence", "a kind of reason"),
        ("latency", "sfl justify NAME --because latency"),
        ("patching", "a duty that a rung leaves to you"),
        ("the operating system", "a duty"),
        ("user-data", "`sfl liability` counts its lines"),
        ("custom images", "`sfl liability` counts how many there are"),
        ("open", "Fallbacks that need a reason"),
        ("score", "0 to 100"),
        ("ends", "Reasons that count until a day"),
        ("reachable", "another value of a deployment"),
        ("sound", "A written reason that counts"),
        ("unread", "may hold hosting choices and was not read"),
        ("faulty", "does not count"),
        ("known", "What a baseline lists"),
        ("out of sight", "template/hidden"),
        ("mind the bill", "although nobody uses it"),
        ("redesign", "a piece of work and no edit"),
        ("replaced", "makes the resource anew"),
        ("error", "The highest severity"),
        ("warning", "The severity of rung 3"),
        ("note", "The lowest severity"),
        ("estate", "All that a run reads"),
        ("conditional", "only there under a condition"),
        ("construct", "an app of the CDK"),
        ("evidence", "backs up a written reason"),
        ("gate", "fails the run"),
        ("justification", "an entry of the ledger"),
        ("justified", "a sound reason"),
        ("moved", "its rung is another than before"),
        ("nobody", "No owner is known"),
        ("record", "in a template or in the ledger"),
        ("skipped", "are no templates"),
        ("strict", "assumes the worst"),
        ("target", "A score to be reached"),
        ("template", "what is deployed"),
    ] {
        let output = run(folder.path(), &["explain", word]);
        assert_eq!(output.status.code(), Some(0), "{word}: {}", err(&output));
        let text = out(&output)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(text.contains(says), "{word}: {text}");
        let output = run(folder.path(), &["explain", word, "--format", "json"]);
        let told = crate::json_schemas::sound(
            &out(&output),
            include_str!("../../docs/sfl-explain-1.schema.json"),
        );
        assert_eq!(told["kind"], "word", "{word}");
    }
    for (word, near) in [
        ("license", "did you mean licence?"),
        ("postgres", "nearest to it: sfl explain"),
    ] {
        let output = run(folder.path(), &["explain", word]);
        assert_eq!(output.status.code(), Some(2), "{word}");
        assert!(err(&output).contains(near), "{word}: {}", err(&output));
    }
}

#[test]
fn a_phrase_needs_no_quotes_and_a_resource_needs_a_path() {
    let folder = folder::repository(&[]);
    let output = run(folder.path(), &["explain", "out", "of", "sight"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert!(out(&output).starts_with("out of sight"), "{}", out(&output));
    for (word, page) in [
        ("unused", "justification/unused"),
        ("ends-soon", "justification/ends-soon"),
    ] {
        let output = run(folder.path(), &["explain", word]);
        assert!(out(&output).starts_with(page), "{word}: {}", out(&output));
    }
    let output = run(folder.path(), &["explain", "Web"]);
    assert_eq!(output.status.code(), Some(2));
    let said = err(&output);
    assert!(said.contains("sfl explain Web PATH"), "{said}");
}
