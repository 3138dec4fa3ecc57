//! A template that was judged before and is not read now, though it is still there: nothing looks better for it.

use std::path::Path;

use serde_json::Value;

use crate::repository::{Repository, alone, change, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  T: [\n";

/// What hides `a/x.yaml`, what is found of that and where, and how a run with it ends.
type Case = (&'static str, fn(&Repository), &'static [&'static str], i32);

fn moved(shop: &Repository, to: &str) {
    let to = shop.path().join(to);
    std::fs::create_dir_all(to.parent().expect("below the folder")).expect("it can be made");
    std::fs::rename(shop.path().join("a/x.yaml"), to).expect("it can be moved");
}

const CASES: [Case; 8] = [
    (
        "broken so that nothing tells that it is a template",
        |shop| shop.write("a/x.yaml", BROKEN),
        &["source/yaml - in a/x.yaml"],
        2,
    ),
    (
        "emptied",
        |shop| shop.write("a/x.yaml", ""),
        &["source/unreadable - in a/x.yaml"],
        2,
    ),
    (
        "ignored, though git tracks it",
        |shop| shop.write(".gitignore", "x.yaml\n"),
        &["template/hidden - in a/x.yaml"],
        1,
    ),
    (
        "in an ignored folder",
        |shop| shop.write(".gitignore", "a/\n"),
        &["template/hidden - in a/x.yaml"],
        1,
    ),
    (
        "called as no template is",
        |shop| moved(shop, "a/x.md"),
        &["template/hidden - in a/x.md"],
        1,
    ),
    (
        "below what is never looked into",
        |shop| moved(shop, "node_modules/x.yaml"),
        &["template/hidden - in node_modules/x.yaml"],
        1,
    ),
    (
        "too large",
        |shop| shop.write("a/x.yaml", &format!("{SERVER}{}", "#\n".repeat(9 << 20))),
        &["template/hidden - in a/x.yaml"],
        1,
    ),
    (
        "no template any more",
        |shop| shop.write("a/x.yaml", "x: 1\n"),
        &["template/hidden - in a/x.yaml"],
        1,
    ),
];

fn branch() -> Repository {
    let shop = Repository::new(&[("a/x.yaml", SERVER), ("b.yaml", QUEUE)]);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop
}

fn commit(shop: &Repository) {
    shop.git(&["add", "-A", "-f"]);
    shop.git(&["commit", "-q", "-m", "out of sight"]);
}

#[test]
fn what_is_out_of_sight_has_not_gone() {
    for (name, hide, expected, code) in CASES {
        let shop = branch();
        hide(&shop);
        commit(&shop);
        let (exit, report) = shop.check(&["--since", "main"]);
        assert_eq!(
            (exit, findings(&report)),
            (code, expected.iter().map(ToString::to_string).collect()),
            "{name}"
        );
        assert_eq!(change(&report), Vec::<String>::new(), "{name}");
        let (exit, report) = shop.check(&["--ratchet", "main"]);
        assert_eq!(
            (exit, findings(&report)),
            (code, expected.iter().map(ToString::to_string).collect()),
            "{name}"
        );
        // Nobody leaves it out by what the change itself says.
        shop.write("sfl.toml", "ignore = [\"all\"]\n");
        let (exit, _) = shop.check(&["--since", "main"]);
        assert_eq!(exit, code, "{name}");
    }
}

#[test]
fn what_a_configuration_excludes_has_not_gone() {
    let shop = branch();
    shop.write("sfl.toml", "exclude = [\"a/**\"]\n");
    commit(&shop);
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!(
        (exit, findings(&report)),
        (1, vec!["template/hidden - in a/x.yaml".to_owned()])
    );
    assert!(change(&report).is_empty());
    // What it excluded before is nobody's news, and what the call leaves out is nobody's change.
    shop.git(&["switch", "-q", "main"]);
    shop.git(&["merge", "-q", "--ff-only", "feature"]);
    shop.git(&["switch", "-q", "-c", "later"]);
    shop.write(
        "b.yaml",
        &format!("{QUEUE}  More:\n    Type: AWS::SQS::Queue\n"),
    );
    commit(&shop);
    assert_eq!(
        findings(&shop.check(&["--since", "main"]).1),
        Vec::<String>::new()
    );
    assert_eq!(
        findings(&shop.check(&["--since", "main~1", "--exclude", "a/**"]).1),
        Vec::<String>::new()
    );
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_template_hides_it() {
    let shop = branch();
    moved(&shop, ".kept/x.yaml");
    std::os::unix::fs::symlink("../.kept/x.yaml", shop.path().join("a/x.yaml")).expect("a link");
    commit(&shop);
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!(exit, 1);
    assert_eq!(change(&report), Vec::<String>::new());
    assert!(
        findings(&report)[0].starts_with("template/hidden"),
        "{report}"
    );
}

#[test]
fn what_is_deleted_or_only_left_behind_has_gone() {
    let shop = branch();
    shop.remove("a/x.yaml");
    commit(&shop);
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!(
        (exit, change(&report)),
        (0, vec!["gone: Web in a/x.yaml compute/server".to_owned()])
    );
    let shop = branch();
    shop.write(".gitignore", "a/\n");
    shop.git(&["rm", "-q", "--cached", "a/x.yaml"]);
    shop.git(&["add", ".gitignore"]);
    shop.git(&["commit", "-q", "-m", "no more ours"]);
    let (exit, report) = shop.check(&["--since", "main"]);
    assert_eq!(
        (exit, change(&report)),
        (0, vec!["gone: Web in a/x.yaml compute/server".to_owned()])
    );
}

#[test]
fn no_score_gets_better_by_hiding() {
    let shop = branch();
    shop.write(".gitignore", "x.yaml\n");
    shop.write("c.yaml", &SERVER.replace("Web", "Other"));
    commit(&shop);
    let (_, report) = shop.check(&["--ratchet", "main"]);
    let told = findings(&report);
    assert!(
        told.contains(&"ratchet/score - in .".to_owned()),
        "{told:?}"
    );
}

fn trend(shop: &Repository) -> (Value, String) {
    let told = |format| {
        shop.said(&[
            "trend",
            "--no-cache",
            "--every",
            "commit",
            "--format",
            format,
        ])
    };
    let (code, out, error) = told("json");
    assert_eq!(code, 0, "{error}");
    (
        serde_json::from_str(&out).expect("it is JSON"),
        told("pretty").1,
    )
}

#[test]
fn the_trend_takes_nothing_hidden_for_gone() {
    let shop = Repository::new(&[("a/x.yaml", SERVER), ("b.yaml", QUEUE)]);
    shop.write("sfl.toml", "exclude = [\"a/**\"]\n");
    shop.commit("out of sight");
    let (told, screen) = trend(&shop);
    let kinds = |told: &Value| -> Vec<String> {
        let moved = told["moves"].as_array().expect("a list").iter();
        let moves = moved.flat_map(|one| one["decisions"].as_array().expect("a list"));
        moves
            .map(|one| one["kind"].as_str().expect("a word").to_owned())
            .collect()
    };
    assert_eq!(kinds(&told), ["hidden"], "{told}");
    assert!(!screen.contains("forward"), "{screen}");
    assert!(screen.contains("moved out of sight"), "{screen}");
    shop.remove("sfl.toml");
    shop.commit("in sight again");
    let (told, screen) = trend(&shop);
    assert_eq!(kinds(&told), ["hidden", "shown"], "{told}");
    assert!(!screen.contains("back\n"), "{screen}");
    assert!(!screen.contains("moved out of sight"), "{screen}");
}

#[test]
fn the_trend_takes_nothing_broken_for_gone() {
    let shop = Repository::new(&[("a/x.yaml", SERVER), ("b.yaml", QUEUE)]);
    shop.write("a/x.yaml", BROKEN);
    shop.commit("broken");
    shop.write("README.md", "words");
    shop.commit("words");
    let (told, screen) = trend(&shop);
    assert_eq!(told["moves"], serde_json::json!([]), "{told}");
    assert!(screen.contains("could not be read"), "{screen}");
    shop.write("a/x.yaml", SERVER);
    shop.commit("mended");
    assert_eq!(trend(&shop).0["moves"], serde_json::json!([]));
}

#[test]
fn a_baseline_knows_what_is_out_of_sight() {
    let shop = Repository::new(&[("a/x.yaml", SERVER), ("b.yaml", QUEUE)]);
    let (code, ..) = shop.said(&["baseline"]);
    assert_eq!(code, 0);
    let check = ["--baseline", "sfl-baseline.json"];
    assert_eq!(shop.check(&check).0, 0);
    shop.write("sfl.toml", "exclude = [\"a/**\"]\n");
    let (exit, report) = shop.check(&check);
    assert_eq!(
        (exit, findings(&report)),
        (1, vec!["template/hidden - in a/x.yaml".to_owned()])
    );
    let (exit, _, error) = shop.said(&["baseline", "--prune"]);
    assert_eq!(exit, 1);
    assert!(error.contains("out of sight, not gone"), "{error}");
    assert!(shop.read("sfl-baseline.json").contains("a/x.yaml"));
    // Who only looks at a part of it was not to find it.
    assert_eq!(
        shop.check(&["b.yaml", "--baseline", "sfl-baseline.json"]).0,
        0
    );
    shop.remove("sfl.toml");
    shop.write("a/x.yaml", BROKEN);
    assert_eq!(shop.check(&check).0, 2);
    assert_eq!(shop.said(&["baseline"]).0, 2);
}

#[test]
fn another_repository_is_looked_back_at_from_here() {
    let shop = Repository::new(&[("a/x.yaml", QUEUE)]);
    shop.write("a/y.yaml", SERVER);
    shop.commit("a server");
    let here = shop.beside("here");
    std::fs::create_dir(&here).expect("it can be made");
    let said = |folder: &Path, arguments: &[&str]| {
        let mut sfl = alone(env!("CARGO_BIN_EXE_sfl"), folder);
        let output = sfl.args(arguments).output().expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let (code, out, error) = said(
        &here,
        &["check", "../work", "--since", "HEAD~1", "--format", "json"],
    );
    let report: Value = serde_json::from_str(&out).expect(&error);
    assert_eq!(
        (code, findings(&report)),
        (
            Some(1),
            vec!["compute/server Web in ../work/a/y.yaml".to_owned()]
        )
    );
    let (code, _, error) = said(&here, &["check", "../work", "--ratchet", "HEAD~1"]);
    assert_eq!(code, Some(1), "{error}");
    let (code, out, error) = said(
        &here,
        &["trend", "../work", "--no-cache", "--format", "json"],
    );
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("a/y.yaml"), "{out}");
    assert_eq!(said(&here, &["badge", "../work", "--no-cache"]).0, Some(0));
    let (code, out, _) = said(
        &here,
        &["wheel", "../work", "--no-cache", "--format", "markdown"],
    );
    assert_eq!(code, Some(0));
    assert!(!out.contains("no git repository"), "{out}");
    // Two of them have no past in common.
    std::fs::create_dir(here.join("own")).expect("it can be made");
    alone("git", &here.join("own"))
        .args(["init", "-q"])
        .status()
        .expect("git runs");
    std::fs::write(here.join("own/b.yaml"), QUEUE).expect("it can be written");
    let (code, _, error) = said(&here, &["check", "../work", "own", "--since", "HEAD~1"]);
    assert_eq!(code, Some(2));
    assert!(
        error.contains("../work and own are in two git repositories"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_read_stands_in_every_form() {
    let shop = Repository::new(&[
        ("a/x.yaml", SERVER),
        (
            "b.yaml",
            "Resources:\n  A:\n    Type: AWS::SQS::Queue\n  B: [\n",
        ),
    ]);
    for command in ["next", "liability", "wheel"] {
        let (code, out, _) = shop.said(&[command, "--format", "json"]);
        assert_eq!(code, 2, "{command}");
        let told: Value = serde_json::from_str(&out).expect("it is JSON");
        assert_eq!(told["unreadable"][0]["path"], "b.yaml", "{command}");
        assert_eq!(told["unreadable"][0]["code"], "source/yaml", "{command}");
        let (_, out, _) = shop.said(&[command, "--format", "markdown"]);
        assert!(
            out.contains("**Not read**") && out.contains("b.yaml"),
            "{out}"
        );
    }
}

/// A template that leaves the part of the tree that is checked, and what is said of it from the root and from that part.
#[test]
fn who_checks_a_part_hears_what_moves_out_of_it() {
    let moved = |to: &str| {
        let shop = Repository::new(&[
            ("infra/web.yaml", SERVER),
            ("infra/queue.yaml", QUEUE),
            ("tools/x.txt", ""),
        ]);
        let (_, old, _) = shop.said(&["check", "--format", "json", "."]);
        std::fs::write(shop.beside("old.json"), old).expect("it can be written");
        std::fs::create_dir_all(shop.path().join(".old")).expect("it can be made");
        shop.git(&["mv", "infra/web.yaml", to]);
        shop.commit("moved");
        shop
    };
    let shop = moved(".old/web.yaml");
    for call in [&["--ratchet", "HEAD~1"][..], &["--since", "HEAD~1"]] {
        let (code, report) = shop.check(&[&["infra"], call].concat());
        assert_eq!(
            (code, findings(&report)),
            (1, vec!["template/hidden - in .old/web.yaml".to_owned()]),
            "{call:?}"
        );
        assert_eq!(
            report["findings"][0]["message"],
            "nothing is looked for in .old, where this template is now: its decision at HEAD~1 is out of sight, not gone"
        );
    }
    assert!(change(&shop.check(&["infra", "--since", "HEAD~1"]).1).is_empty());
    let old = shop.beside("old.json");
    let old = old.to_str().expect("a text");
    let (code, out, error) = shop.said(&["diff", old, "infra", "--format", "json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (code, findings(&report), change(&report)),
        (
            1,
            vec!["template/hidden - in .old/web.yaml".to_owned()],
            Vec::new()
        ),
        "{error}"
    );
    // Another part has nothing to do with it.
    let (code, report) = shop.check(&["tools", "--ratchet", "HEAD~1"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    // From the part itself.
    let infra = shop.path().join("infra");
    let shop = shop.at(infra);
    for call in ["--ratchet", "--since"] {
        let (code, report) = shop.check(&[call, "HEAD~1"]);
        assert_eq!(
            (code, findings(&report)),
            (1, vec!["template/hidden - in ../.old/web.yaml".to_owned()]),
            "{call}"
        );
        assert_eq!(
            report["findings"][0]["message"],
            "nothing is looked for in ../.old, where this template is now: its decision at HEAD~1 is out of sight, not gone"
        );
    }
}

#[test]
fn what_moves_to_another_part_in_sight_is_a_note() {
    let shop = Repository::new(&[("infra/web.yaml", SERVER), ("infra/queue.yaml", QUEUE)]);
    std::fs::create_dir_all(shop.path().join("tools")).expect("it can be made");
    shop.git(&["mv", "infra/web.yaml", "tools/web.yaml"]);
    shop.commit("moved");
    for call in ["--ratchet", "--since"] {
        let (code, report) = shop.check(&["infra", call, "HEAD~1"]);
        assert_eq!(
            (code, findings(&report)),
            (0, vec!["template/hidden - in tools/web.yaml".to_owned()]),
            "{call}"
        );
        assert_eq!(report["findings"][0]["severity"], "note");
        assert_eq!(
            report["findings"][0]["message"],
            "infra/web.yaml stands outside of what is checked now: its decision at HEAD~1 is out of sight, not gone"
        );
    }
    assert!(change(&shop.check(&["infra", "--since", "HEAD~1"]).1).is_empty());
    // Where all is checked, it is in sight.
    let (code, report) = shop.check(&["--ratchet", "HEAD~1", "--exit-zero"]);
    let hidden = findings(&report);
    let hidden = hidden.iter().filter(|one| one.starts_with("template/"));
    assert_eq!((code, hidden.count()), (0, 0));
}
