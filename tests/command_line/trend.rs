//! `sfl trend`: what it says of each commit is what `sfl check` says of the commit checked out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::json_schemas;
use crate::repository::past::Past;
use crate::repository::{Repository, alone};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";
const CAPACITY: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n";
const ON_DEMAND: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      TableName: orders\n      BillingMode: PAY_PER_REQUEST\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const BROKEN: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n   Bad: [\n";

/// The program with a cache folder of the test's own.
fn cached(shop: &Repository, cache: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = alone(env!("CARGO_BIN_EXE_sfl"), shop.path());
    command
        .env("XDG_CACHE_HOME", cache)
        .arg("trend")
        .args(arguments);
    let output = command.output().expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it prints UTF-8");
    let code = output.status.code().expect("it ends by itself");
    (code, text(output.stdout), text(output.stderr))
}

/// `sfl trend --format json` and these, as its schema has it.
#[track_caller]
fn trend(shop: &Repository, arguments: &[&str]) -> Value {
    let all = [&["trend", "--format", "json"], arguments].concat();
    let (code, out, error) = shop.said(&all);
    assert_eq!((code, error.as_str()), (0, ""));
    sound(&out)
}

fn sound(out: &str) -> Value {
    json_schemas::sound(out, include_str!("../../docs/sfl-trend-1.schema.json"))
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

/// `up Table in a.yaml: nosql capacity > serverless`, one for each decision that a commit moved.
fn moves(trend: &Value) -> Vec<String> {
    let commits = list(&trend["moves"]).iter();
    let told = commits.flat_map(|commit| {
        list(&commit["decisions"]).iter().map(move |one| {
            let word = |key: &str| one[key].as_str().unwrap_or("-").to_owned();
            format!(
                "{}: {} {} in {}: {} {} > {}",
                commit["subject"].as_str().expect("a text"),
                word("kind"),
                word("address"),
                word("path"),
                word("ladder"),
                word("from"),
                word("to")
            )
        })
    });
    told.collect()
}

fn column(trend: &Value, key: &str) -> Vec<Value> {
    list(&trend["points"])
        .iter()
        .map(|point| point[key].clone())
        .collect()
}

/// A commit on a day.
fn commit(shop: &Repository, day: &str, message: &str) {
    shop.git(&["add", "-A"]);
    let mut git = alone("git", shop.path());
    git.env("GIT_COMMITTER_DATE", format!("{day}T12:00:00Z"));
    git.args(["commit", "-q", "--allow-empty", "-m", message]);
    assert!(git.status().expect("git runs").success());
}

fn explained(template: &str, until: &str) -> String {
    let reason = format!(
        "    Metadata:\n      sfl: {{ because: licence, reason: \"the licence is bound to the sockets of this host\", expires: {until} }}\n    Properties:\n"
    );
    template.replacen("    Properties:\n", &reason, 1)
}

/// What servers make somebody own, as a trend tells it, of the summary of a check.
fn owned(summary: &Value) -> Value {
    let kinds = summary["kinds"].as_array().into_iter().flatten();
    let sum = |names: &[&str]| -> u64 {
        let number = |kind: &Value, key: &str| kind[key].as_u64().expect("a number");
        let fits = |kind: &&Value| names.contains(&kind["kind"].as_str().expect("a name"));
        let own = kinds.clone().filter(fits);
        own.map(|kind| number(kind, "count") - number(kind, "unknown"))
            .sum()
    };
    let whole = |key: &str| summary[key].as_u64().unwrap_or(0);
    json!({
        "script_lines": whole("script_lines"),
        "things": whole("things"),
        "unknown": whole("unknown"),
        "images": sum(&["image"]),
        "agents": sum(&["agent"]),
        "rules": sum(&["patching", "scaling", "backup"]),
    })
}

/// The same of a group, in either program's words.
fn owned_by(group: &Value) -> Value {
    match &group["liability"] {
        told if told["kinds"].is_null() && !told.is_null() => told.clone(),
        told => owned(told),
    }
}

/// What servers make somebody own, ladder by ladder, of the things and decisions that a check lists.
fn owned_by_ladder(report: &Value) -> BTreeMap<Option<String>, (u64, u64, u64)> {
    let ladders: BTreeMap<(&str, &str), &str> = list(&report["decisions"])
        .iter()
        .map(|one| {
            let word = |key: &str| one[key].as_str().expect("a text");
            ((word("path"), word("address")), word("ladder"))
        })
        .collect();
    let mut all: BTreeMap<Option<String>, (u64, u64, u64)> = BTreeMap::new();
    for one in report["liability"].as_array().into_iter().flatten() {
        let decisions = list(&one["decisions"]).iter();
        let names: std::collections::BTreeSet<Option<String>> = decisions
            .map(|decision| {
                let word = |key: &str| decision[key].as_str().expect("a text");
                Some(ladders[&(word("path"), word("address"))].to_owned())
            })
            .collect();
        let none = std::iter::once(None).filter(|_| names.is_empty());
        for name in names.iter().cloned().chain(none) {
            let (lines, things, unknown) = all.entry(name).or_default();
            let kind = one["kind"].as_str().expect("a name");
            let is_script = ["user-data", "cfn-init", "launch-script", "bootstrap"].contains(&kind);
            match (one["unknown"] == true, is_script) {
                (true, _) => *unknown += 1,
                (false, true) => *lines += one["lines"].as_u64().expect("a number"),
                (false, false) => *things += 1,
            }
        }
    }
    all
}

/// The numbers of a group, as both programs tell them.
fn numbers(group: &Value) -> Value {
    let keys = [
        "score",
        "decisions",
        "rungs",
        "open",
        "explained",
        "accepted",
    ];
    keys.map(|key| (key, group[key].clone()))
        .into_iter()
        .chain([("liability", owned_by(group))])
        .collect::<BTreeMap<_, _>>()
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn groups(list_of: &Value) -> BTreeMap<String, Value> {
    let Some(all) = list_of.as_array() else {
        return BTreeMap::new();
    };
    let nothing = owned(&Value::Null);
    let all = all
        .iter()
        .filter(|group| group["decisions"] != json!(0) || owned_by(group) != nothing);
    all.map(|group| (group["name"].to_string(), numbers(group)))
        .collect()
}

/// Checks out each commit of a branch, one after the other, and compares what `sfl check` says with what the trend says.
fn compare(shop: &Repository, arguments: &[&str], inside: &str) -> usize {
    let by = ["ladder", "owner", "stream", "folder"];
    let trends: Vec<Value> = by
        .iter()
        .map(|by| {
            trend(
                shop,
                &[arguments, &["--every", "commit", "--by", by]].concat(),
            )
        })
        .collect();
    let tree = shop.beside("checked-out");
    shop.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        tree.to_str().expect("UTF-8"),
        "HEAD",
    ]);
    let points = list(&trends[0]["points"]);
    for (at, point) in points.iter().enumerate() {
        let (id, day) = (
            point["commit"].as_str().expect("a text"),
            point["day"].as_str().expect("a day"),
        );
        let mut git = alone("git", &tree);
        git.args(["checkout", "-q", "--force", "--detach", id]);
        assert!(git.status().expect("git runs").success());
        let folder = tree.join(inside);
        fs::create_dir_all(&folder).expect("it can be made");
        let mut sfl = alone(env!("CARGO_BIN_EXE_sfl"), &folder);
        sfl.args(["check", "--format", "json", "--today", day])
            .args(arguments);
        let output = sfl.output().expect("the program runs");
        let told: Option<Value> = serde_json::from_slice(&output.stdout).ok();
        let faulty = point["configuration_is_faulty"] == true;
        let Some(told) = told else {
            assert!(
                faulty,
                "{at} {id}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            continue;
        };
        assert!(!faulty, "{at} {id}: its configuration is sound");
        let summary = &told["summary"];
        let whole = |key: &str| -> u64 {
            let all = list(&summary["by_folder"]).iter();
            all.map(|group| group[key].as_u64().expect("a number"))
                .sum()
        };
        let expected = json!({
            "score": summary["score"],
            "decisions": whole("decisions"),
            "open": whole("open"),
            "explained": whole("explained"),
            "accepted": whole("accepted"),
            "unreadable": summary["unreadable"],
            "liability": owned(&summary["liability"]),
        });
        let keys = [
            "score",
            "decisions",
            "open",
            "explained",
            "accepted",
            "unreadable",
            "liability",
        ];
        let found: serde_json::Map<String, Value> = keys
            .iter()
            .map(|key| ((*key).to_owned(), point[*key].clone()))
            .collect();
        assert_eq!(Value::from(found), expected, "{at} {id} on {day}");
        // Where nobody has an owner, and where there is no stream, a report leaves the groups out.
        let owners = if summary["by_owner"].is_null() {
            BTreeMap::new()
        } else {
            groups(&trends[1]["points"][at]["groups"])
        };
        assert_eq!(owners, groups(&summary["by_owner"]), "{at} {id} owners");
        let streams = if summary["by_stream"].is_null() {
            BTreeMap::new()
        } else {
            groups(&trends[2]["points"][at]["groups"])
        };
        assert_eq!(streams, groups(&summary["by_stream"]), "{at} {id} streams");
        assert_eq!(
            groups(&trends[3]["points"][at]["groups"]),
            groups(&summary["by_folder"]),
            "{at} {id} folders"
        );
        let ladders = list(&trends[0]["points"][at]["groups"]).iter();
        let owned: BTreeMap<Option<String>, (u64, u64, u64)> = ladders
            .clone()
            .map(|group| {
                let number = |key: &str| group["liability"][key].as_u64().expect("a number");
                let told = (number("script_lines"), number("things"), number("unknown"));
                (group["name"].as_str().map(str::to_owned), told)
            })
            .filter(|(_, told)| *told != (0, 0, 0))
            .collect();
        let expected: BTreeMap<Option<String>, (u64, u64, u64)> = owned_by_ladder(&told)
            .into_iter()
            .filter(|(_, told)| *told != (0, 0, 0))
            .collect();
        assert_eq!(owned, expected, "{at} {id} owned, by ladder");
        let ladders = ladders.filter(|group| !group["name"].is_null());
        let ladders: BTreeMap<String, Value> = ladders
            .map(|group| {
                let told = json!({ "score": group["score"], "decisions": group["decisions"], "rungs": group["rungs"] });
                (group["name"].as_str().expect("a name").to_owned(), told)
            })
            .collect();
        assert_eq!(
            serde_json::to_value(ladders).expect("JSON"),
            summary["by_ladder"],
            "{at} {id} ladders"
        );
        let words = |targets: &Value| -> Vec<Value> {
            let all = targets.as_array().into_iter().flatten();
            all.map(|one| json!([one["words"], one["state"], one["short"]]))
                .collect()
        };
        assert_eq!(
            words(&point["targets"]),
            words(&summary["targets"]),
            "{at} {id} targets"
        );
        // A reason that ran out does not stand in the report any more, so only what is to come is counted from it.
        let ends = |decision: &Value| -> Vec<String> {
            let services = decision["lifecycle"].as_array().into_iter().flatten();
            let services = services.filter_map(|one| one["ends"].as_str());
            let reason = decision["justification"]["expires"].as_str();
            services.chain(reason).map(str::to_owned).collect()
        };
        let today: jiff::civil::Date = day.parse().expect("a day");
        let last = today.saturating_add(jiff::Span::new().days(90)).to_string();
        let due = |end: &String| day <= end.as_str() && *end <= last;
        let due = list(&told["decisions"])
            .iter()
            .filter(|one| ends(one).iter().any(due))
            .count();
        assert_eq!(point["due"], due, "{at} {id} due");
    }
    points.len()
}

#[test]
fn at_each_commit_it_is_what_a_check_says() {
    for seed in [1, 2] {
        let shop = Repository::none();
        shop.git(&["init", "-q", "-b", "main"]);
        let mut past = Past::new(seed);
        past.commits(90);
        past.import(shop.path());
        shop.git(&["checkout", "-q", "main"]);
        assert_eq!(compare(&shop, &[], ""), 90, "seed {seed}");
        let trend = trend(&shop, &["--every", "commit"]);
        for key in ["script_lines", "images", "agents", "rules", "unknown"] {
            let mut all = column(&trend, "liability").into_iter();
            assert!(
                all.any(|one| one[key].as_u64().is_some_and(|number| number > 0)),
                "the past {seed} has {key}"
            );
        }
    }
}

#[test]
fn one_folder_is_seen_from_itself() {
    let shop = Repository::none();
    shop.git(&["init", "-q", "-b", "main"]);
    let mut past = Past::new(3);
    past.commits(40);
    past.import(shop.path());
    shop.git(&["checkout", "-q", "main"]);
    fs::create_dir_all(shop.path().join("live")).expect("it can be made");
    let live = shop.path().join("live");
    let shop = shop.at(live);
    assert_eq!(compare(&shop, &["--strict"], "live"), 40);
}

/// `SFL_PAST=SEEDS cargo test --test command_line a_long_past -- --ignored --nocapture`
#[test]
#[ignore = "it checks out thousands of commits"]
fn a_long_past_is_what_checks_say() {
    let seeds = std::env::var("SFL_PAST")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(10_u64);
    for seed in 10..10 + seeds {
        let shop = Repository::none();
        shop.git(&["init", "-q", "-b", "main"]);
        let mut past = Past::new(seed);
        past.commits(400);
        past.import(shop.path());
        shop.git(&["checkout", "-q", "main"]);
        assert!(compare(&shop, &[], "") > 1, "seed {seed} has a past");
    }
}

/// This project's own past.
#[test]
#[ignore = "it checks out each of this project's commits"]
fn our_own_past_is_what_checks_say() {
    let shop = Repository::none();
    let own = env!("CARGO_MANIFEST_DIR");
    let path = shop.path().join("own");
    shop.git(&[
        "clone",
        "-q",
        "--no-local",
        own,
        path.to_str().expect("UTF-8"),
    ]);
    let shop = shop.at(path);
    assert!(compare(&shop, &["fixtures"], "") > 1, "there is a past");
}

#[test]
fn commits_that_moved_anything_are_named() {
    let shop = Repository::new(&[("a.yaml", CAPACITY)]);
    shop.write("b.yaml", SERVER);
    commit(&shop, "2026-01-02", "a server");
    shop.write("README.md", "words");
    commit(&shop, "2026-01-03", "words");
    shop.write("a.yaml", ON_DEMAND);
    commit(&shop, "2026-01-04", "on demand");
    shop.write("b.yaml", &explained(SERVER, "2026-02-01"));
    commit(&shop, "2026-01-05", "why");
    shop.write("README.md", "more");
    commit(&shop, "2026-03-01", "more words");
    shop.git(&["mv", "a.yaml", "c.yaml"]);
    commit(&shop, "2026-03-02", "another name");
    shop.write("c.yaml", CAPACITY);
    shop.remove("b.yaml");
    commit(&shop, "2026-03-03", "down, and one less");
    let trend = trend(&shop, &["--every", "commit"]);
    assert_eq!(
        moves(&trend),
        [
            "a server: added Web in b.yaml: compute - > server",
            "on demand: up Table in a.yaml: nosql capacity > serverless",
            "why: explained Web in b.yaml: compute server > server",
            "more words: ran-out Web in b.yaml: compute server > server",
            "down, and one less: down Table in c.yaml: nosql serverless > capacity",
            "down, and one less: gone Web in b.yaml: compute server > -",
        ]
    );
    let weights: Vec<&Value> = list(&trend["moves"])
        .iter()
        .map(|one| &one["weight"])
        .collect();
    assert_eq!(weights, [-3, 1, 0, 0, 2]);
    assert_eq!(
        column(&trend, "score"),
        [70.0, 35.0, 35.0, 50.0, 50.0, 50.0, 50.0, 70.0]
    );
    assert_eq!(column(&trend, "open"), [1, 2, 2, 1, 0, 1, 1, 1]);
    assert_eq!(column(&trend, "due"), [0, 0, 0, 0, 1, 0, 0, 0]);
    assert_eq!(column(&trend, "overdue"), [0, 0, 0, 0, 0, 1, 1, 0]);
    let (_, text, _) = shop.said(&["trend"]);
    for line in [
        "Web in b.yaml: new on compute server",
        "Table in a.yaml: nosql capacity → serverless",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn a_template_that_breaks_and_is_mended_moves_nothing() {
    let shop = Repository::new(&[("a.yaml", SERVER), ("b.yaml", QUEUE)]);
    shop.write("a.yaml", BROKEN);
    commit(&shop, "2026-01-02", "broken");
    shop.write("a.yaml", SERVER);
    commit(&shop, "2026-01-03", "mended");
    let trend = trend(&shop, &["--every", "commit"]);
    assert_eq!(column(&trend, "unreadable"), [0, 1, 0]);
    assert_eq!(moves(&trend), [""; 0]);
    let (_, text, _) = shop.said(&["trend"]);
    assert!(
        text.contains("templates that could not be read, the first on 2026-01-02, up to 1 file"),
        "{text}"
    );
}

#[test]
fn a_faulty_configuration_leaves_a_gap() {
    let shop = Repository::new(&[("a.yaml", SERVER)]);
    shop.write("sfl.toml", "nonsense = 1\n");
    commit(&shop, "2026-01-02", "nonsense");
    shop.write("a.yaml", QUEUE);
    commit(&shop, "2026-01-03", "unseen");
    shop.remove("sfl.toml");
    commit(&shop, "2026-01-04", "sound");
    let trend = trend(&shop, &["--every", "commit"]);
    assert_eq!(
        column(&trend, "configuration_is_faulty"),
        [false, true, true, false]
    );
    assert_eq!(
        column(&trend, "score"),
        [json!(0.0), Value::Null, Value::Null, json!(100.0)]
    );
    assert_eq!(
        moves(&trend),
        ["sound: gone Web in a.yaml: compute server > -"]
    );
}

#[test]
fn a_merge_brings_what_was_on_the_side_and_counts_once() {
    let shop = Repository::new(&[("a.yaml", CAPACITY)]);
    shop.git(&["switch", "-q", "-c", "side"]);
    shop.write("b.yaml", SERVER);
    commit(&shop, "2026-01-02", "on the side");
    shop.git(&["switch", "-q", "main"]);
    shop.write("a.yaml", ON_DEMAND);
    commit(&shop, "2026-01-03", "on demand");
    shop.git(&["merge", "-q", "--no-ff", "-m", "Merge side", "side"]);
    assert_eq!(
        moves(&trend(&shop, &[])),
        [
            "on demand: up Table in a.yaml: nosql capacity > serverless",
            "Merge side: added Web in b.yaml: compute - > server",
        ]
    );
}

#[test]
fn it_begins_where_it_is_told_to() {
    let shop = Repository::new(&[("a.yaml", CAPACITY)]);
    for day in [
        "2026-02-02",
        "2026-02-03",
        "2026-02-10",
        "2026-03-01",
        "2026-03-31",
    ] {
        shop.write("note.md", day);
        commit(&shop, day, day);
    }
    let days = |arguments: &[&str]| -> Vec<String> {
        let days = column(&trend(&shop, arguments), "day").into_iter();
        days.map(|day| day.as_str().expect("a day").to_owned())
            .collect()
    };
    let all = [
        "2026-01-01",
        "2026-02-02",
        "2026-02-03",
        "2026-02-10",
        "2026-03-01",
        "2026-03-31",
    ];
    assert_eq!(days(&[]), all);
    assert_eq!(
        days(&["--since", "2026-02-04"]),
        all[2..],
        "where it stood before is shown as well"
    );
    assert_eq!(days(&["--since", "HEAD~2"]), all[3..]);
    assert_eq!(days(&["--since", "2030-01-01"]), all[5..]);
    assert_eq!(days(&["--every", "month"]), [all[0], all[3], all[5]]);
    assert_eq!(
        days(&["--every", "week"]),
        [all[0], all[2], all[3], all[4], all[5]]
    );
    let (code, _, error) = shop.said(&["trend", "--since", "nowhere"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("there is no commit `nowhere` here"),
        "{error}"
    );
}

#[test]
fn what_is_not_there_is_said() {
    let none = Repository::none();
    let says = |shop: &Repository, expected: &str| {
        let (code, out, error) = shop.said(&["trend"]);
        assert_eq!((code, out.as_str()), (2, ""), "{error}");
        assert!(error.contains(expected), "{error}");
    };
    says(&none, "takes a git repository");
    none.git(&["init", "-q"]);
    says(&none, "has no commit yet");
    let shop = Repository::new(&[("a.yaml", CAPACITY)]);
    shop.write("a.yaml", ON_DEMAND);
    shop.commit("on demand");
    let from = format!("file://{}", shop.path().display());
    let path = none.path().join("clone");
    none.git(&[
        "clone",
        "-q",
        "--depth",
        "1",
        &from,
        path.to_str().expect("UTF-8"),
    ]);
    let clone = none.at(path);
    let trend = trend(&clone, &[]);
    assert_eq!(
        (&trend["shallow"], column(&trend, "score").len()),
        (&json!(true), 1)
    );
    let (_, text, _) = clone.said(&["trend"]);
    assert!(text.contains("git fetch --unshallow"), "{text}");
}

#[test]
fn what_is_kept_changes_nothing_but_the_time() {
    let shop = Repository::none();
    shop.git(&["init", "-q", "-b", "main"]);
    let mut past = Past::new(7);
    past.commits(60);
    past.import(shop.path());
    shop.git(&["checkout", "-q", "main"]);
    let cache = shop.beside("cache");
    let told = |arguments: &[&str]| {
        let all = [&["--format", "json", "--every", "commit"], arguments].concat();
        let (code, out, error) = cached(&shop, &cache, &all);
        assert_eq!((code, error.as_str()), (0, ""));
        sound(&out)
    };
    let fresh = told(&["--no-cache"]);
    assert!(!cache.exists(), "nothing is kept");
    let kept = || -> Vec<std::path::PathBuf> {
        let entries = fs::read_dir(cache.join("sfl")).expect("it is there");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    };
    for back in [33, 12, 5] {
        shop.git(&[
            "checkout",
            "-q",
            "--force",
            "--detach",
            &format!("main~{back}"),
        ]);
        told(&[]);
    }
    shop.git(&["checkout", "-q", "--force", "main"]);
    assert_eq!(told(&[]), fresh, "from where the last run ended");
    let files = kept();
    assert_eq!(files.len(), 1);
    let text = fs::read_to_string(&files[0]).expect("text");
    let age = || {
        fs::metadata(&files[0])
            .and_then(|about| about.modified())
            .expect("it is there")
    };
    let before = age();
    assert_eq!(told(&[]), fresh);
    assert_eq!(age(), before, "a second run writes nothing");
    let part = told(&["--since", "HEAD~20"]);
    assert_eq!(age(), before, "a part of it is there already");
    assert_eq!(list(&part["points"])[..], list(&fresh["points"])[39..]);
    for wrong in [
        text[..text.len() / 2].to_owned(),
        text.replacen("\"rung\"", "\"gnur\"", 1),
        text.replacen("sfl ", "sfl 0", 1),
        String::new(),
    ] {
        fs::write(&files[0], wrong).expect("it can be written");
        assert_eq!(told(&[]), fresh, "what is broken is made again");
    }
    assert_eq!(kept().len(), 1, "nothing is left behind");
    told(&["--strict"]);
    assert_eq!(kept().len(), 2, "another question has another answer");
}

#[test]
fn what_servers_make_somebody_own_comes_and_goes() {
    let script = |lines: usize| {
        let more = "          echo more\n".repeat(lines);
        format!("{SERVER}      UserData:\n        Fn::Base64: |\n          #!/bin/sh\n{more}")
    };
    let shop = Repository::new(&[("a.yaml", QUEUE)]);
    for (day, text) in [
        ("2026-01-02", script(11)),
        ("2026-01-03", script(3)),
        ("2026-01-04", QUEUE.to_owned()),
    ] {
        shop.write("b.yaml", &text);
        commit(&shop, day, day);
    }
    let all = trend(&shop, &["--every", "commit", "--by", "folder"]);
    let told = |key: &str| -> Vec<Value> {
        let all = column(&all, "liability").into_iter();
        all.map(|one| one[key].clone()).collect()
    };
    assert_eq!(told("script_lines"), [0, 12, 4, 0]);
    assert_eq!(told("images"), [0, 1, 1, 0]);
    assert_eq!(told("things"), [0, 1, 1, 0]);
    let (_, text, _) = shop.said(&["trend"]);
    assert!(text.contains("script lines"), "{text}");
    assert!(!text.contains("rules by hand"), "{text}");
    let (_, csv, _) = shop.said(&["trend", "--format", "csv"]);
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[2].ends_with(",0,12,1,0,0,0"), "{csv}");
    let (_, svg, _) = shop.said(&["trend", "--format", "svg"]);
    assert!(
        svg.contains("<title>script lines</title>") && svg.contains("viewBox=\"0 0 960 622\""),
        "{svg}"
    );
    let plain = Repository::new(&[("a.yaml", QUEUE)]);
    let (_, svg, _) = plain.said(&["trend", "--format", "svg"]);
    assert!(
        !svg.contains("own") && svg.contains("viewBox=\"0 0 960 520\""),
        "{svg}"
    );
}

#[test]
fn every_format_says_it() {
    let shop = Repository::new(&[("a.yaml", CAPACITY)]);
    shop.write("a.yaml", ON_DEMAND);
    commit(
        &shop,
        "2026-03-02",
        "<b>on\u{202e} demand</b> | `x` @org/all",
    );
    let say = |format: &str| {
        let (code, out, error) = shop.said(&["trend", "--format", format, "--by", "folder"]);
        assert_eq!((code, error.as_str()), (0, ""), "{format}");
        assert!(!out.contains('\u{202e}'), "{format}");
        out
    };
    assert!(say("pretty").contains("score 70 → 100"));
    let csv = say("csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 5);
    assert!(
        lines[3].starts_with("2026-03-02,") && lines[3].contains(",,100,1,1,0,0,0,0,0,0,0,0,0"),
        "{csv}"
    );
    let markdown = say("markdown");
    assert!(
        markdown.contains("| **score** | **70** | **100** |"),
        "{markdown}"
    );
    assert!(
        !markdown.contains("<b>") && !markdown.contains("@org"),
        "{markdown}"
    );
    for format in ["svg", "html"] {
        let text = say(format);
        assert!(
            text.contains("<title")
                && text.contains("<desc id=")
                && text.contains("prefers-color-scheme:dark"),
            "{text}"
        );
        assert!(!text.contains("<b>"), "{text}");
    }
    let (_, plain, _) = shop.said(&["trend", "--color", "never"]);
    assert!(!plain.contains('\u{1b}'), "{plain}");
}

#[test]
fn a_page_shows_it_where_it_is_asked_for() {
    let shop = Repository::new(&[("a.yaml", CAPACITY)]);
    shop.write("a.yaml", ON_DEMAND);
    commit(&shop, "2026-03-02", "on demand");
    let page = |arguments: &[&str]| {
        let (code, out, error) = shop.said(&[&["check", "--format", "html"], arguments].concat());
        assert_eq!((code, error.as_str()), (0, ""), "{arguments:?}");
        out
    };
    let with = page(&["--trend"]);
    let picture = with
        .split_once("<section id=\"trend\"")
        .expect("it is there")
        .1;
    let picture = picture.split_once("</section>").expect("it ends").0;
    assert!(picture.contains("class=\"sfl-trend\""), "{picture}");
    assert!(picture.contains("score 70 → 100"), "{picture}");
    assert!(picture.contains("on demand"), "{picture}");
    let since = page(&["--trend=HEAD"]);
    assert!(since.contains("over 1 commit<"), "{since}");
    let without = page(&[]);
    assert!(!without.contains("sfl-trend"), "{without}");

    let (code, _, error) = shop.said(&["check", "--trend"]);
    assert_eq!(code, 2);
    assert!(error.contains("only a page shows the trend"), "{error}");
    let lone = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(lone.path().join("a.yaml"), ON_DEMAND).expect("it can be written");
    let output = crate::folder::run(lone.path(), &["check", "--format", "html", "--trend"]);
    assert_eq!(output.status.code(), Some(0));
    let error = crate::folder::err(&output);
    assert!(error.contains("note: the page has no trend: "), "{error}");
}
