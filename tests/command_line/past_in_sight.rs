//! What could not be read, or moved out of sight, at some commit: no report takes it for a gain, a record or something new.

use serde_json::Value;

use crate::repository::{Repository, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  T: [\n";
const HIDDEN: &str = "exclude = [\"a/**\"]\n";

fn shop() -> Repository {
    Repository::new(&[("a/x.yaml", SERVER), ("b.yaml", QUEUE)])
}

fn moved(shop: &Repository, from: &str, to: &str) {
    let to = shop.path().join(to);
    std::fs::create_dir_all(to.parent().expect("below the folder")).expect("it can be made");
    std::fs::rename(shop.path().join(from), to).expect("it can be moved");
}

/// The kinds of the moves and what each weighs, and the screen.
fn trend(shop: &Repository) -> (Vec<String>, String) {
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
    let told_json: Value = serde_json::from_str(&out).expect("it is JSON");
    let commits = told_json["moves"].as_array().expect("a list").iter();
    let moves = commits.flat_map(|one| one["decisions"].as_array().expect("a list"));
    let moves = moves.map(|one| {
        let kind = one["kind"].as_str().expect("a word");
        format!("{kind} {}", one["weight"])
    });
    (moves.collect(), told("pretty").1)
}

#[test]
fn what_is_hidden_and_deleted_later_has_gone() {
    let shop = shop();
    shop.write("sfl.toml", HIDDEN);
    shop.commit("out of sight");
    shop.write("README.md", "words");
    shop.commit("words");
    shop.remove("a/x.yaml");
    shop.write("c.yaml", &SERVER.replace("Web", "Other"));
    shop.commit("deleted, and another one");
    let (moves, screen) = trend(&shop);
    assert_eq!(moves, ["hidden 0", "added -3", "gone 3"]);
    assert!(!screen.contains("moved out of sight"), "{screen}");
}

#[test]
fn what_nobody_looks_for_and_is_deleted_later_has_gone() {
    let shop = shop();
    moved(&shop, "a/x.yaml", "a/x.md");
    shop.commit("called as no template is");
    let (moves, screen) = trend(&shop);
    assert_eq!(moves, ["hidden 0"]);
    assert!(screen.contains("moved out of sight"), "{screen}");
    shop.remove("a/x.md");
    shop.commit("deleted");
    let (moves, screen) = trend(&shop);
    assert_eq!(moves, ["hidden 0", "gone 3"]);
    assert!(!screen.contains("moved out of sight"), "{screen}");
}

#[test]
fn what_comes_back_under_another_path_is_shown() {
    let shop = shop();
    shop.write("sfl.toml", HIDDEN);
    shop.commit("out of sight");
    moved(&shop, "a/x.yaml", "c/y.yaml");
    shop.commit("back elsewhere");
    assert_eq!(trend(&shop).0, ["hidden 0", "shown 0"]);
    let shop = self::shop();
    moved(&shop, "a/x.yaml", "node_modules/x.yaml");
    shop.git(&["add", "-A", "-f"]);
    shop.commit("where nothing is looked for");
    moved(&shop, "node_modules/x.yaml", "c/y.yaml");
    shop.commit("back elsewhere");
    let (moves, screen) = trend(&shop);
    assert_eq!(moves, ["hidden 0", "shown 0"]);
    assert!(!screen.contains("moved out of sight"), "{screen}");
    // Another thing of the same name is not it.
    shop.write("sfl.toml", "exclude = [\"c/**\"]\n");
    shop.commit("out of sight again");
    shop.remove("sfl.toml");
    shop.write(
        "c/y.yaml",
        "Resources:\n  Web:\n    Type: AWS::SQS::Queue\n",
    );
    shop.commit("something else under this name");
    let (moves, _) = trend(&shop);
    assert_eq!(moves[2..], ["hidden 0", "gone 3"]);
}

#[test]
fn nothing_is_all_done_while_a_template_cannot_be_read() {
    let shop = shop();
    shop.write("a/x.yaml", &format!("{SERVER}  B: [\n"));
    shop.commit("broken");
    for format in ["pretty", "markdown"] {
        let (code, out, _) = shop.said(&["next", "--format", format]);
        assert_eq!(code, 2);
        assert!(out.contains("in what could be read"), "{out}");
        assert!(out.contains("a/x.yaml could not be read"), "{out}");
        let (code, out, _) = shop.said(&["wheel", "--no-cache", "--format", format]);
        assert_eq!(code, 2);
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.contains("everything in sight stands"), "{out}");
        assert!(out.contains("a/x.yaml could not be read"), "{out}");
        assert!(out.contains("50 before, 100 of what is in sight"), "{out}");
    }
    shop.write("a/x.yaml", QUEUE);
    let (code, out, _) = shop.said(&["next"]);
    assert_eq!(
        (code, out.contains("nothing is left to do: every")),
        (0, true),
        "{out}"
    );
}

#[test]
fn nothing_is_all_done_while_a_fallback_is_out_of_sight() {
    let shop = shop();
    shop.write("sfl.toml", HIDDEN);
    shop.commit("out of sight");
    for format in ["pretty", "markdown"] {
        let (code, out, _) = shop.said(&["wheel", "--no-cache", "--format", format]);
        assert_eq!(code, 0);
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.contains("everything in sight stands"), "{out}");
        assert!(out.contains("1 fallback moved out of sight"), "{out}");
        assert!(out.contains("50 before, 100 of what is in sight"), "{out}");
    }
    let (_, out, _) = shop.said(&["wheel", "--no-cache", "--format", "json"]);
    let told: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(told["out_of_sight"], 1);
}

#[test]
fn a_badge_shows_no_gain_that_is_out_of_sight() {
    let badge = |shop: &Repository| -> (Value, String) {
        let (code, out, error) = shop.said(&["badge", "--no-cache", "--format", "shields"]);
        assert_eq!(code, 0, "{error}");
        (serde_json::from_str(&out).expect("it is JSON"), error)
    };
    let hides: [fn(&Repository); 2] = [
        |shop| shop.write("a/x.yaml", BROKEN),
        |shop| shop.write("sfl.toml", HIDDEN),
    ];
    for hide in hides {
        let shop = shop();
        hide(&shop);
        shop.commit("out of sight");
        let (told, error) = badge(&shop);
        assert_eq!(
            (told["message"].as_str(), told["color"].as_str()),
            (Some("100?"), Some("lightgrey"))
        );
        assert!(error.contains("the badge is grey"), "{error}");
    }
    let shop = shop();
    shop.write("a/x.yaml", QUEUE);
    shop.commit("up");
    assert_eq!(badge(&shop).0["message"], "100 ▲ 50");
}

/// What the ratchet says of scores.
fn fallen(shop: &Repository, more: &[&str]) -> Vec<String> {
    let (_, report) = shop.check(&[&["--ratchet", "main"], more].concat());
    let told = findings(&report).into_iter();
    told.filter(|one| one.starts_with("ratchet/score"))
        .collect()
}

#[test]
fn to_mend_a_broken_commit_is_no_fall() {
    let hides: [fn(&Repository); 3] = [
        |shop| shop.write("a/x.yaml", BROKEN),
        |shop| shop.write(".gitignore", "a/\n"),
        |shop| moved(shop, "a/x.yaml", "a/x.md"),
    ];
    for (at, hide) in hides.into_iter().enumerate() {
        let shop = shop();
        hide(&shop);
        shop.commit("out of sight");
        shop.git(&["switch", "-q", "-c", "feature"]);
        if at == 1 {
            shop.remove(".gitignore");
        } else if at == 2 {
            moved(&shop, "a/x.md", "a/x.yaml");
        }
        shop.write("a/x.yaml", SERVER);
        shop.commit("in sight again");
        for more in [&[][..], &["--ratchet-best", "history"]] {
            assert_eq!(fallen(&shop, more), Vec::<String>::new(), "{at} {more:?}");
        }
        // What else gets worse does.
        shop.write("c.yaml", &SERVER.replace("Web", "Other"));
        assert_eq!(fallen(&shop, &[]), ["ratchet/score - in ."], "{at}");
    }
}

#[test]
fn what_was_no_template_hid_nothing() {
    let shop = Repository::new(&[("a/x.yaml", "x: 1\n"), ("b.yaml", QUEUE)]);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop.write("a/x.yaml", SERVER);
    assert_eq!(fallen(&shop, &[]), ["ratchet/score - in ."]);
}

#[test]
fn a_history_keeps_the_best_of_what_could_be_read() {
    let shop = shop();
    shop.write("a/x.yaml", QUEUE);
    shop.commit("up");
    shop.write("a/x.yaml", BROKEN);
    shop.commit("broken");
    shop.write("a/x.yaml", SERVER);
    shop.commit("down");
    assert_eq!(
        fallen(&shop, &["--ratchet-best", "history"]),
        ["ratchet/score - in ."]
    );
}

#[test]
fn what_was_never_there_is_said_to_be_missing() {
    let shop = shop();
    for command in ["trend", "badge"] {
        let (code, out, error) = shop.said(&[command, "--no-cache", "nope"]);
        assert_eq!((code, out.as_str()), (2, ""), "{command}");
        assert!(error.contains("nope: there is no such file"), "{error}");
    }
    // What came later, or has gone, is nobody's mistake.
    shop.write("new/z.yaml", SERVER);
    shop.commit("a folder more");
    let (code, out, _) = shop.said(&["trend", "--no-cache", "new"]);
    assert_eq!(code, 0);
    assert!(!out.contains("could not be read"), "{out}");
    std::fs::remove_dir_all(shop.path().join("new")).expect("it can be removed");
    shop.commit("a folder less");
    let (code, out, _) = shop.said(&["trend", "--no-cache", "new"]);
    assert_eq!(code, 0);
    assert!(!out.contains("could not be read"), "{out}");
    assert!(out.contains("gone from compute server"), "{out}");
}

#[test]
fn what_is_no_day_is_said_to_be_none() {
    let shop = shop();
    let (code, _, error) = shop.said(&["trend", "--no-cache", "--since", "2026-13-01"]);
    assert_eq!(code, 2);
    assert!(error.contains("there is no such day"), "{error}");
    let (_, _, error) = shop.said(&["trend", "--no-cache", "--since", "v2"]);
    assert!(!error.contains("such day"), "{error}");
    let (code, _, error) = shop.said(&["explain", "license"]);
    assert_eq!(code, 2);
    assert!(error.contains("did you mean licence"), "{error}");
}
