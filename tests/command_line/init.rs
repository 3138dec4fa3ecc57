//! `sfl init`, by running it: with flags, and on a terminal.

use crate::repository::Repository;

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";

/// Every value that counts, a blank between key and value.
#[track_caller]
fn set_in(repository: &Repository) -> String {
    let (code, out, error) = repository.said(&["config"]);
    assert_eq!(code, 0, "{error}");
    let lines = out.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ") + "\n"
    });
    lines.collect()
}

#[test]
fn a_configuration_is_written_once() {
    let repository = Repository::new(&[("web.yaml", SERVER)]);
    let (code, out, error) = repository.said(&["init", "--yes"]);
    assert_eq!((code, error.as_str()), (0, ""));
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(
        lines,
        [
            "wrote sfl.toml",
            "1 decision, score 0; 1 fallback needs a reason",
            "next: sfl check"
        ]
    );
    let text = repository.read("sfl.toml");
    let (code, out, _) = repository.said(&["init", "--yes", "--purpose", "another"]);
    assert_eq!(code, 2);
    assert!(out.starts_with("sfl.toml already exists, and stays as it is\n"));
    assert_eq!(repository.read("sfl.toml"), text);
    // A file that is above counts as well.
    repository.write("deep/web.yaml", SERVER);
    let deep = repository.path().join("deep");
    let below = repository.at(deep.clone());
    let (code, out, _) = below.said(&["init", "--yes"]);
    assert_eq!(code, 0);
    assert!(out.starts_with("../sfl.toml already exists"), "{out}");
    assert!(!deep.join("sfl.toml").exists());
}

#[test]
fn every_line_that_is_shown_is_valid() {
    let repository = Repository::none();
    assert_eq!(repository.said(&["init", "--yes"]).0, 0);
    let uncomment = |line: &str| {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        let key = bare
            .split_once(" = ")
            .is_some_and(|(key, _)| !key.contains(' '));
        if key || bare.starts_with('[') {
            bare.to_owned()
        } else {
            line.to_owned()
        }
    };
    let text = repository.read("sfl.toml");
    let text: Vec<String> = text.lines().map(uncomment).collect();
    repository.write("sfl.toml", &text.join("\n"));
    let out = set_in(&repository);
    for line in [
        "exclude [\"vendor\", \"**/*.test.yaml\"]",
        "justifications.furthest \"1y\"",
        "justifications.never [\"compute/server\"]",
        "justifications.require [\"owner\", \"expires\"]",
        "ladders.compute.accept \"capacity\"",
        "purpose \"customers order and pay\"",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
}

#[test]
fn what_is_asked_for_is_set() {
    let repository = Repository::new(&[("web.yaml", SERVER)]);
    let (code, out, error) = repository.said(&[
        "init",
        "--purpose=readers find \"books\"",
        "--accept=capacity",
        "--accept=compute=server",
        "--accept=ml=serverless",
        "--require=owner,evidence",
        "--hook",
        "--workflow",
        "--baseline",
        "--repository=https://github.com/house/sfl",
    ]);
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    let set = set_in(&repository);
    for line in [
        "purpose 'readers find \"books\"'",
        "ladders.compute.accept \"server\"",
        "ladders.nosql.accept \"capacity\"",
        "ladders.ml.accept \"serverless\"",
        "justifications.require [\"owner\", \"evidence\"]",
    ] {
        assert!(set.contains(line), "{line}\n{set}");
    }
    // A server is accepted here, so there is nothing to know.
    assert!(
        out.contains("wrote sfl-baseline.json: 0 known fallbacks"),
        "{out}"
    );
    assert!(
        repository
            .read(".pre-commit-config.yaml")
            .contains("repo: \"https://github.com/house/sfl\"")
    );
    assert!(
        repository
            .read(".github/workflows/sfl.yml")
            .contains("uses: house/sfl@v")
    );
    assert!(set.contains("baseline \"sfl-baseline.json\""), "{set}");
    let (code, out, _) = repository.said(&["check"]);
    assert_eq!(code, 0);
    assert!(out.contains("purpose: readers find \"books\"\n"), "{out}");
}

#[test]
fn what_cannot_be_is_said() {
    let repository = Repository::none();
    for (arguments, said) in [
        (
            ["--accept=parrots=capacity"].as_slice(),
            "no ladder `parrots`: compute, ",
        ),
        (
            &["--accept=low"],
            "a rung: serverless, capacity, cluster, server",
        ),
        (&["--require=name"], "owner, expires or evidence"),
        (
            &["--workflow"],
            "the hook and the workflow need a repository: git init",
        ),
        (&["--repository=house/sfl"], "a repository, like https://"),
        (
            &["--repository=https://a.b/c/d\"\nx"],
            "a repository, like https://",
        ),
        (
            &["--hook", "--yes"],
            "the hook and the workflow need a repository: git init",
        ),
    ] {
        let all = [&["init"], arguments].concat();
        let (code, _, error) = repository.said(&all);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
    repository.write("sfl.toml", "[parrots]\n");
    let (code, _, error) = repository.said(&["init"]);
    assert_eq!(code, 2);
    assert!(error.contains("config/unknown-key"), "{error}");
}

/// Nothing is published yet, so nothing could be fetched: all the rest is done.
#[test]
fn one_part_that_cannot_be_done_leaves_the_others() {
    let repository = Repository::new(&[("web.yaml", SERVER)]);
    let (code, out, error) =
        repository.said(&["init", "--yes", "--workflow", "--hook", "--baseline"]);
    assert_eq!(code, 2);
    assert_eq!(
        error,
        "error: no workflow was written: this build is unreleased, so there is nothing that a job could fetch; \
         --repository URL names where sfl is published\n"
    );
    assert!(
        out.contains(
            "this build is unreleased, so everybody who commits needs `sfl` on their path"
        ),
        "{out}"
    );
    assert!(repository.read("sfl-baseline.json").contains("\"Web\""));
    let hook = repository.read(".pre-commit-config.yaml");
    assert!(hook.contains("args: [\"--since=HEAD\"]"), "{hook}");
    assert!(!repository.path().join(".github").exists());
    // What was there before the first commit of sfl stops nobody.
    let hook = [
        "check",
        "--force-exclude",
        "--skip-unknown",
        "--since=HEAD",
        "--no-baseline",
    ];
    repository.write("web.yaml", &format!("# a comment\n{SERVER}"));
    assert_eq!(repository.said(&[&hook[..], &["web.yaml"]].concat()).0, 0);
    repository.write("new.yaml", SERVER);
    assert_eq!(repository.said(&[&hook[..], &["new.yaml"]].concat()).0, 1);
}

#[test]
fn the_first_commit_of_all_has_nothing_to_compare_with() {
    let repository = Repository::none();
    repository.git(&["init", "-q", "-b", "main"]);
    repository.write("web.yaml", SERVER);
    let (code, _, error) = repository.said(&["check", "--since=HEAD", "-q"]);
    assert_eq!(code, 1);
    assert!(
        error.contains("note: this repository has no commit yet, so everything counts as new"),
        "{error}"
    );
    assert_eq!(repository.said(&["check", "--since=main"]).0, 2);
}

#[test]
fn what_an_sfl_toml_does_not_say_is_told_line_by_line() {
    let repository = Repository::new(&[("web.yaml", SERVER)]);
    repository.write("sfl.toml", "[justifications]\nrequire = [\"owner\"]\n");
    let asked = [
        "init",
        "--yes",
        "--purpose=readers find books",
        "--accept=compute=capacity",
        "--require=owner,expires",
        "--baseline",
    ];
    let (code, out, error) = repository.said(&asked);
    assert_eq!(code, 2);
    assert_eq!(
        error,
        "error: sfl.toml is not changed: write into it what you asked for\n\
         # above the first table\npurpose = \"readers find books\"\n\
         [justifications]\nrequire = [\"owner\", \"expires\"]\n\
         [ladders.compute]\naccept = \"capacity\"\n"
    );
    // The rest was done.
    assert!(out.contains("wrote sfl-baseline.json"), "{out}");
    // With those lines, nothing is missing.
    repository.write(
        "sfl.toml",
        "purpose = \"readers find books\"\nbaseline = \"sfl-baseline.json\"\n\
         [justifications]\nrequire = [\"owner\", \"expires\"]\n[ladders.compute]\naccept = \"capacity\"\n",
    );
    let (code, _, error) = repository.said(&asked);
    assert_eq!((code, error.as_str()), (0, ""));
    let (code, _, error) = repository.said(&["init", "--purpose", ""]);
    assert_eq!(code, 2);
    assert!(error.contains("--purpose"), "{error}");
}

#[test]
fn a_hook_is_added_to_those_of_others() {
    let repository = Repository::new(&[(".pre-commit-config.yaml", "repos: [] # none\n")]);
    let (code, out, error) = repository.said(&["init", "--yes", "--hook"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(
        out.contains("added the hook to .pre-commit-config.yaml\n"),
        "{out}"
    );
    let text = repository.read(".pre-commit-config.yaml");
    assert!(
        text.starts_with("repos: # none\n  - repo: local\n    hooks:\n      - id: sfl\n"),
        "{text}"
    );
    let (code, out, _) = repository.said(&["init", "--yes", "--hook"]);
    assert_eq!(code, 0);
    assert!(out.contains("already has the hook"), "{out}");
    assert_eq!(repository.read(".pre-commit-config.yaml"), text);
    // What can't be added is said, and is not in place.
    let flow = "repos: [{ repo: local, hooks: [{ id: other }] }]\n";
    repository.write(".pre-commit-config.yaml", flow);
    let (code, _, error) = repository.said(&["init", "--yes", "--hook"]);
    assert_eq!(code, 2);
    assert!(
        error.contains(
            "is not changed: its `repos` is not a plain list; add to its `repos`\n  - repo: local\n"
        ),
        "{error}"
    );
    assert_eq!(repository.read(".pre-commit-config.yaml"), flow);
    // Nor is what would change the text before it, and that text stays where it can.
    let last = "repos:\n- repo: local\n  hooks:\n  - id: other\n    files: |+\n      a";
    repository.write(".pre-commit-config.yaml", last);
    let (code, _, error) = repository.said(&["init", "--yes", "--hook"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("would change; add to its `repos`"),
        "{error}"
    );
    assert_eq!(repository.read(".pre-commit-config.yaml"), last);
    let last = format!("{last}\n\n\n");
    repository.write(".pre-commit-config.yaml", &last);
    assert_eq!(repository.said(&["init", "--yes", "--hook"]).0, 0);
    let text = repository.read(".pre-commit-config.yaml");
    assert!(
        text.starts_with(&format!("{last}- repo: local\n")),
        "{text}"
    );
    repository.write(
        ".pre-commit-config.yaml",
        "repos:\n- repo: local\n  hooks:\n  - id: sfl\n",
    );
    let (_, out, _) = repository.said(&["init", "--yes", "--hook"]);
    assert!(out.contains("already has the hook"), "{out}");
    for (hooks, there) in [
        ("[{ id: sfl-all }]", true),
        ("[{ id: \"sfl\", args: [] }]", true),
        ("[{ id: sflint }]", false),
        ("[{ id: other }] # not id: sfl", false),
    ] {
        let text = format!("repos:\n  # id: sfl\n  - repo: local\n    hooks: {hooks}\n");
        repository.write(".pre-commit-config.yaml", &text);
        let (_, out, _) = repository.said(&["init", "--yes", "--hook"]);
        assert_eq!(
            out.contains("already has the hook"),
            there,
            "{hooks}: {out}"
        );
    }
}

#[test]
fn what_is_there_and_what_cannot_be_read_is_said() {
    let broken = "Resources:\n  Web:\n    Type: AWS::SQS::Queue\n   Bad: [\n";
    let repository = Repository::new(&[("web.yaml", SERVER), ("broken.yaml", broken)]);
    repository.write("sfl-baseline.json", "");
    let (code, out, _) = repository.said(&["init", "--yes", "--baseline"]);
    assert_eq!(code, 0);
    for line in [
        "1 decision, score 0; 1 fallback needs a reason; 1 file cannot be read\n",
        "sfl-baseline.json already exists, and stays as it is\n",
    ] {
        assert!(out.contains(line), "{line}{out}");
    }
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use rexpect::session::{PtySession, spawn_command};
    use std::process::Command;

    const DOWN: &str = "\u{1b}[B";

    fn session(repository: &Repository, arguments: &[&str]) -> PtySession {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sfl"));
        command
            .current_dir(repository.path())
            .args(arguments)
            .env_clear()
            .env("TERM", "xterm")
            .env("LC_ALL", "C.UTF-8");
        spawn_command(command, Some(20_000)).expect("a terminal")
    }

    #[track_caller]
    fn answer(session: &mut PtySession, question: &str, keys: &str) {
        let seen = session.exp_string(question);
        seen.unwrap_or_else(|error| panic!("{question}: {error}"));
        session.send(keys).expect("it reads");
        session.flush().expect("it reads");
    }

    #[test]
    fn each_question_has_its_number() {
        let repository = Repository::new(&[("web.yaml", SERVER)]);
        let mut session = session(&repository, &["init"]);
        session
            .exp_string("5 questions: three on sfl.toml, one each on a baseline and a hook.")
            .expect("it says how many there are");
        answer(&mut session, "1 of 5", "customers order\r");
        answer(&mut session, "it differs", &format!("{DOWN}{DOWN}\r"));
        answer(&mut session, "where is capacity accepted", " \r");
        answer(&mut session, "evidence", &format!(" {DOWN} \r"));
        answer(&mut session, "4 of 5: take 1 open fallback as known", "y\r");
        answer(&mut session, "5 of 5: check before each commit", "y\r");
        session
            .exp_string("next: sfl check\r\n")
            .expect("it says how to go on");
        session.exp_eof().expect("it ends");
        let set = set_in(&repository);
        for line in [
            "purpose \"customers order\"",
            "ladders.compute.accept \"capacity\"",
            "justifications.require [\"owner\", \"expires\"]",
        ] {
            assert!(set.contains(line), "{line}\n{set}");
        }
        assert!(set.contains("ladders.relational.accept \"serverless\""));
        assert!(repository.read("sfl-baseline.json").contains("\"Web\""));
        let hook = repository.read(".pre-commit-config.yaml");
        assert!(hook.contains("--since=HEAD"), "{hook}");
        assert!(set.contains("baseline \"sfl-baseline.json\""), "{set}");
    }

    /// A terminal that says nothing of its size has 80 columns.
    #[test]
    fn a_choice_takes_one_line() {
        let repository = Repository::new(&[("web.yaml", SERVER)]);
        let mut session = session(&repository, &["init"]);
        answer(&mut session, "or nothing) ", "\r");
        answer(
            &mut session,
            "what needs no reason? |",
            &format!("{DOWN}{DOWN}\r"),
        );
        session
            .exp_string("what needs no reason? it differs\r\n")
            .expect("the choice, by its name");
        let menu = session.exp_string("data-movement").expect("all ladders");
        let lines: Vec<&str> = menu.lines().collect();
        assert!(lines.len() > 10, "{menu}");
        let long = lines.iter().find(|line| line.chars().count() > 79);
        assert_eq!(long, None);
        session.send_control('c').expect("it reads");
        session.exp_eof().expect("it ends");
        // As a shell has it for whatever was broken off.
        let ended = format!("{:?}", session.process().wait());
        assert!(ended.contains(", 130)"), "{ended}");
        assert!(!repository.path().join("sfl.toml").exists());
    }

    #[test]
    fn who_turns_away_leaves_nothing_behind() {
        let repository = Repository::new(&[("web.yaml", SERVER)]);
        let mut session = session(&repository, &["init"]);
        answer(&mut session, "1 of 5", "\r");
        answer(&mut session, "it differs", "\u{1b}");
        session
            .exp_string("nothing was written")
            .expect("it says so");
        session.exp_eof().expect("it ends");
        assert!(!repository.path().join("sfl.toml").exists());
    }

    #[test]
    fn justify_walks_through_what_is_open() {
        let two = format!("{SERVER}  Old:\n    Type: AWS::EC2::Instance\n");
        let repository = Repository::new(&[("web.yaml", &two)]);
        let mut session = session(&repository, &["justify"]);
        session.exp_string("2 open").expect("the first is shown");
        answer(&mut session, "stop here", "\r");
        answer(&mut session, "reason", "too short\r");
        answer(
            &mut session,
            "too short",
            "\u{15}the ledger needs a machine of its own\r",
        );
        answer(&mut session, "owner", "team-a\r");
        answer(&mut session, "expires", "\r");
        answer(&mut session, "evidence", "\r");
        answer(&mut session, "write this into web.yaml?", "y\r");
        session.exp_string("1 open").expect("the second is shown");
        answer(&mut session, "stop here", "\u{1b}[A\r");
        session
            .exp_string("1 written down, 1 left open")
            .expect("it counts");
        session.exp_eof().expect("it ends");
        let text = repository.read("web.yaml");
        assert!(
            text.contains("reason: \"the ledger needs a machine of its own\""),
            "{text}"
        );
        assert!(text.contains("owner: \"team-a\""), "{text}");
    }

    #[test]
    fn letters_choose_a_kind_and_nothing_else_is_taken_for_them() {
        let repository = Repository::new(&[("web.yaml", SERVER)]);
        let mut session = session(&repository, &["justify"]);
        answer(&mut session, "stop here", "zzz\r");
        // Nothing has these letters, so nothing is chosen; what has others is.
        answer(
            &mut session,
            "because: zzz| (nothing has these letters)",
            "\u{7f}\u{7f}\u{7f}licen\r",
        );
        session
            .exp_string("because: licence\r\n")
            .expect("the kind");
        answer(
            &mut session,
            "reason",
            "the ledger needs a machine of its own\r",
        );
        answer(&mut session, "owner", "\r");
        answer(&mut session, "expires", "\r");
        answer(&mut session, "evidence", "docs/none.md\r");
        // What is typed stays to be put right.
        answer(
            &mut session,
            "error: `docs/none.md` is not a file in the working tree",
            "\u{15}web.yaml\r",
        );
        answer(&mut session, "write this into web.yaml?", "y\r");
        session
            .exp_string("1 written down, 0 left open")
            .expect("all of it");
        session.exp_eof().expect("it ends");
        let text = repository.read("web.yaml");
        assert!(text.contains("because: licence\n"), "{text}");
        assert!(text.contains("evidence: \"web.yaml\"\n"), "{text}");
    }

    #[test]
    fn what_could_not_be_written_is_asked_for_again_as_it_was_and_told_at_the_end() {
        let repository = Repository::new(&[("web.yaml", SERVER)]);
        let file = repository.path().join("web.yaml");
        let mut permissions = std::fs::metadata(&file).expect("there").permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&file, permissions).expect("it is ours");
        let mut session = session(&repository, &["justify"]);
        answer(&mut session, "stop here", "licen\r");
        answer(
            &mut session,
            "reason",
            "the ledger needs a machine of its own\r",
        );
        for field in ["owner", "expires", "evidence"] {
            answer(&mut session, field, "\r");
        }
        answer(&mut session, "write this into web.yaml?", "y\r");
        session
            .exp_string("web.yaml: it is read-only")
            .expect("why");
        answer(&mut session, "stop here", "licen\r");
        session
            .exp_string("reason: the ledger needs a machine of its own")
            .expect("as it was");
        session.send("\u{1b}[D\r").expect("it reads");
        session.flush().expect("it reads");
        for field in ["owner", "expires", "evidence"] {
            answer(&mut session, field, "\r");
        }
        answer(&mut session, "write this into web.yaml?", "y\r");
        answer(&mut session, "stop here", "skip\r");
        session
            .exp_string("0 written down, 1 left open")
            .expect("it counts");
        session
            .exp_string("error: one reason could not be written down")
            .expect("it says so");
        session.exp_eof().expect("it ends");
        let ended = format!("{:?}", session.process().wait());
        assert!(ended.contains(", 2)"), "{ended}");
        assert_eq!(repository.read("web.yaml"), SERVER);
    }

    #[test]
    fn who_breaks_off_halfway_is_told_what_stays() {
        let repository = Repository::new(&[("web.yaml", SERVER)]);
        let mut session = session(&repository, &["init"]);
        answer(&mut session, "1 of 5", "\r");
        answer(&mut session, "it differs", "\r");
        answer(&mut session, "evidence", "\r");
        session
            .exp_string("wrote sfl.toml")
            .expect("the first part");
        session.exp_string("4 of 5").expect("the next question");
        session.send_control('c').expect("it reads");
        session
            .exp_string(
                "what was written stays, and the rest is not done: sfl init asks for it again",
            )
            .expect("it says so");
        session.exp_eof().expect("it ends");
        // It does.
        let mut session = self::session(&repository, &["init"]);
        session
            .exp_string("2 questions: one each on a baseline and a hook.")
            .expect("only the rest");
    }
}

#[test]
fn the_table_that_is_shown_for_the_purpose_is_valid() {
    let repository = Repository::none();
    assert_eq!(repository.said(&["init", "--yes"]).0, 0);
    let text = repository.read("sfl.toml");
    let table: Vec<&str> = text
        .lines()
        .map(|line| line.strip_prefix("#   ").unwrap_or(line))
        .collect();
    repository.write("sfl.toml", &table.join("\n"));
    let out = set_in(&repository);
    for line in [
        "purpose \"customers order and pay\"",
        "purpose.stream.\"checkout\".owner \"@shop/checkout\"",
        "purpose.target.1.score 80",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
}
