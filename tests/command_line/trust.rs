//! `[trust] base` and `--config-from`: a change is judged by the configuration of its base, and what it would alter in that is said.

use crate::repository::{Repository, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";
const TRUST: &str = "[trust]\nbase = \"main\"\n";
const REASON: &str = "[[justification]]\npath = \"a.yaml\"\naddress = \"Web\"\nbecause = \"licence\"\nreason = \"the licence is bound to the sockets of this host\"\n";

/// A repository whose `main` has these files; the change is on the branch `feature`.
fn change(files: &[(&str, &str)]) -> Repository {
    let shop = Repository::new(files);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop
}

#[track_caller]
fn widened(shop: &Repository, arguments: &[&str]) -> Vec<String> {
    let (_, report) = shop.check(arguments);
    let all = report["findings"].as_array().expect("a list");
    let all = all.iter().filter(|one| one["code"] == "config/widened");
    all.map(|one| {
        let line = one["span"]["start"]["line"].as_u64().expect("a number");
        format!(
            "{}:{line} {}",
            one["path"].as_str().unwrap_or_default(),
            one["message"].as_str().unwrap_or_default()
        )
    })
    .collect()
}

#[test]
fn a_change_cannot_exclude_what_it_adds() {
    let shop = change(&[("sfl.toml", TRUST)]);
    shop.write("a.yaml", SERVER);
    shop.write("sfl.toml", &format!("exclude = [\"a.yaml\"]\n{TRUST}"));
    for arguments in [&[][..], &["--since", "main"], &["--config-from", "main"]] {
        let (code, report) = shop.check(arguments);
        assert_eq!(code, 1);
        assert!(
            findings(&report).contains(&"compute/server Web in a.yaml".to_owned()),
            "{report}"
        );
        assert_eq!(
            widened(&shop, arguments),
            ["sfl.toml:1 a.yaml would be excluded, and is not at main"]
        );
    }
    // Once it is merged, it counts.
    shop.commit("the news");
    shop.git(&["branch", "-f", "main", "HEAD"]);
    assert_eq!(shop.check(&[]).0, 0);
}

#[test]
fn what_is_accepted_and_what_it_weighs_come_from_the_base() {
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", TRUST)]);
    shop.write("sfl.toml", &format!("ignore = [\"lifecycle\"]\n{TRUST}[ladders.compute]\naccept = \"server\"\n[ladders.relational]\nseverity = {{ server = \"off\", cluster = \"note\" }}\n"));
    let (code, report) = shop.check(&["--fail-on", "error"]);
    assert_eq!(
        (code, findings(&report)[0].as_str()),
        (1, "compute/server Web in a.yaml")
    );
    assert_eq!(
        widened(&shop, &[]),
        [
            "sfl.toml:1 lifecycle/ended, lifecycle/ending, lifecycle/closed would not be shown, and would be at main",
            "sfl.toml:5 compute would accept server, and accepts serverless at main (in 1 file)",
            "sfl.toml:7 relational/cluster would be note, relational/server would be off, and main is stricter",
        ]
    );
}

#[test]
fn a_new_reason_in_the_ledger_settles_nothing_yet() {
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", TRUST)]);
    shop.write("sfl.toml", &format!("{TRUST}{REASON}"));
    let (code, report) = shop.check(&[]);
    assert_eq!(code, 1);
    assert!(findings(&report).contains(&"compute/server Web in a.yaml".to_owned()));
    assert_eq!(
        widened(&shop, &[]),
        [
            "sfl.toml:3 the ledger of main has no reason for a.yaml, Web: this one settles nothing yet"
        ]
    );
}

#[test]
fn the_end_of_a_reason_is_not_moved_by_the_change_that_needs_it() {
    let until = |day: &str| format!("{TRUST}{REASON}expires = \"{day}\"\n");
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", &until("2026-06-30"))]);
    shop.write("sfl.toml", &until("2027-06-30"));
    let arguments = ["--today", "2026-07-15"];
    let (code, report) = shop.check(&arguments);
    assert_eq!(code, 1);
    assert!(
        findings(&report)
            .iter()
            .any(|one| one.starts_with("justification/expired")),
        "{report}"
    );
    assert_eq!(
        widened(&shop, &arguments),
        ["sfl.toml:3 the end of this reason would move from 2026-06-30 to 2027-06-30"]
    );
    // Sooner, it widens nothing.
    shop.write("sfl.toml", &until("2026-05-30"));
    assert_eq!(widened(&shop, &["--today", "2026-05-01"]), [""; 0]);
}

#[test]
fn demands_are_those_of_the_base() {
    let toml = format!("{TRUST}[justifications]\nrequire = [\"owner\"]\nminimum_length = 30\n");
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", &toml)]);
    shop.write(
        "sfl.toml",
        &format!("{TRUST}[justifications]\nminimum_length = 10\n"),
    );
    assert_eq!(
        widened(&shop, &[]),
        [
            "sfl.toml:1 a reason would not need owner any more, and does at main",
            "sfl.toml:4 a reason would need 10 characters, and needs 30 at main",
        ]
    );
}

#[test]
fn a_baseline_does_not_grow_by_the_change_that_needs_it() {
    let shop = change(&[
        ("sfl.toml", TRUST),
        (
            "sfl-baseline.json",
            "{\"schema\": \"sfl-baseline/1\", \"findings\": []}\n",
        ),
    ]);
    shop.write("a.yaml", SERVER);
    shop.said(&["baseline", "--allow-growth"]);
    let (code, report) = shop.check(&["--baseline", "sfl-baseline.json"]);
    assert_eq!(code, 1);
    assert!(
        findings(&report).contains(&"compute/server Web in a.yaml".to_owned()),
        "{report}"
    );
    assert_eq!(
        widened(&shop, &["--baseline", "sfl-baseline.json"]),
        [
            "sfl-baseline.json:1 the baseline would grow by compute/server Web, and does not know it at main"
        ]
    );
}

#[test]
fn nor_does_one_that_the_configuration_names() {
    let shop = change(&[
        (
            "sfl.toml",
            &format!("baseline = \"sfl-baseline.json\"\n{TRUST}"),
        ),
        (
            "sfl-baseline.json",
            "{\"schema\": \"sfl-baseline/1\", \"findings\": []}\n",
        ),
    ]);
    shop.write("a.yaml", SERVER);
    shop.said(&["baseline", "--allow-growth"]);
    let (code, report) = shop.check(&[]);
    assert_eq!(code, 1);
    assert!(
        findings(&report).contains(&"compute/server Web in a.yaml".to_owned()),
        "{report}"
    );
    assert_eq!(widened(&shop, &[]).len(), 1);
}

#[test]
fn a_change_cannot_take_the_trust_back() {
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", TRUST)]);
    shop.write("sfl.toml", "exclude = [\"a.yaml\"]\n");
    // Alone, the working tree is all that there is.
    assert_eq!(shop.check(&[]).0, 0);
    let widened = widened(&shop, &["--since", "main"]);
    assert_eq!(
        widened,
        [
            "sfl.toml:1 a.yaml would be excluded, and is not at main",
            "sfl.toml:1 [trust] base would be nothing, and is `main` at main",
        ]
    );
    // Nor may it name somebody else.
    shop.write(
        "sfl.toml",
        "exclude = [\"a.yaml\"]\n[trust]\nbase = \"feature\"\n",
    );
    assert_eq!(shop.check(&["--since", "main"]).0, 1);
    shop.remove("sfl.toml");
    assert_eq!(shop.check(&["--since", "main"]).0, 1);
}

#[test]
fn what_the_base_does_not_want_to_see_says_nothing_of_a_change() {
    for shown in ["select = [\"cache\"]\n", "ignore = [\"all\"]\n"] {
        let shop = change(&[("a.yaml", SERVER), ("sfl.toml", &format!("{shown}{TRUST}"))]);
        shop.write("sfl.toml", "ladders.accept = \"server\"\n");
        let (code, _) = shop.check(&["--since", "main", "--ignore", "config"]);
        assert_eq!(code, 1, "{shown}");
    }
}

#[test]
fn a_base_that_is_not_here_is_said() {
    let shop = change(&[
        ("a.yaml", SERVER),
        ("sfl.toml", "[trust]\nbase = \"origin/main\"\n"),
    ]);
    let (code, out, error) = shop.said(&["check"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        error.contains("[trust] base: there is no commit `origin/main` here: fetch it with"),
        "{error}"
    );
    assert!(error.contains("fetch-depth: 0"), "{error}");
    let (code, _, error) = shop.said(&["check", "--config-from", "gone"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("--config-from: there is no commit `gone`"),
        "{error}"
    );
    let none = Repository::none();
    none.write("sfl.toml", TRUST);
    none.write("a.yaml", SERVER);
    let (code, _, error) = none.said(&["check"]);
    assert_eq!(code, 2, "{error}");
    // Who reads no configuration trusts nobody.
    assert_eq!(none.said(&["check", "--isolated"]).0, 1);
}

#[test]
fn a_faulty_base_is_said() {
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", "odd = 1\n")]);
    shop.write("sfl.toml", TRUST);
    let (code, _, error) = shop.said(&["check"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("the configuration at `main` is faulty"),
        "{error}"
    );
}

#[test]
fn what_alters_nothing_says_nothing() {
    let shop = change(&[
        ("a.yaml", SERVER),
        ("sfl.toml", &format!("{TRUST}{REASON}")),
    ]);
    assert_eq!(shop.check(&[]).0, 0);
    shop.write(
        "sfl.toml",
        &format!("# A word.\n{TRUST}[ladders.compute]\nseverity = \"error\"\n{REASON}"),
    );
    assert_eq!(widened(&shop, &[]), [""; 0]);
    assert_eq!(shop.check(&["--since", "main"]).0, 0);
}

#[test]
fn rules_are_those_of_the_base() {
    let rules = |rung: &str| {
        format!(
            "[ladder]\nname = \"bare\"\ntitle = \"bare\"\nabout = \"Bare.\"\n[[rule]]\nname = \"bare-thing\"\ntitle = \"a bare thing\"\ntypes = [\"Custom::Bare\"]\n[[rule.case]]\nrung = \"{rung}\"\nsays = \"is bare\"\n"
        )
    };
    let toml = format!("[rules]\nfolders = [\"r\"]\n{TRUST}");
    let shop = change(&[
        ("a.yaml", "Resources:\n  One:\n    Type: Custom::Bare\n"),
        ("sfl.toml", &toml),
        ("r/bare.toml", &rules("server")),
    ]);
    shop.write("r/bare.toml", &rules("serverless"));
    let (code, report) = shop.check(&[]);
    assert_eq!(code, 1);
    assert_eq!(findings(&report)[0], "bare/server One in a.yaml");
    assert_eq!(
        widened(&shop, &[]),
        ["r/bare.toml:1 the rules of this file are others than at main"]
    );
    shop.write("sfl.toml", TRUST);
    assert_eq!(
        widened(&shop, &[]),
        ["sfl.toml:1 the rules of r/bare.toml would be gone, and count at main"]
    );
}

#[test]
fn one_line_is_one_finding() {
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", TRUST)]);
    shop.write("sfl.toml", &format!("ladders.severity = \"off\"\n{TRUST}"));
    assert_eq!(
        widened(&shop, &[]),
        ["sfl.toml:1 every ladder would be off, and main is stricter (in 1 file)"]
    );
    shop.write("sfl.toml", &format!("ladders.accept = \"server\"\n{TRUST}"));
    assert_eq!(
        widened(&shop, &[]),
        ["sfl.toml:1 every ladder would accept server, and main is stricter (in 1 file)"]
    );
    shop.write(
        "sfl.toml",
        &format!(
            "{TRUST}[ladders.compute]\nseverity = \"note\"\n[ladders.cache]\naccept = \"cluster\"\n"
        ),
    );
    assert_eq!(
        widened(&shop, &[]),
        [
            "sfl.toml:4 compute/cluster and compute/server would be note, and main is stricter (in 1 file)",
            "sfl.toml:6 cache would accept cluster, and accepts serverless at main",
        ]
    );
    // What nothing is yet is accepted all the same, once something is.
    shop.write(
        "sfl.toml",
        &format!("{TRUST}[[override]]\npath = \"new/**\"\nladders.compute.accept = \"server\"\n"),
    );
    assert_eq!(
        widened(&shop, &[]),
        [
            "sfl.toml:5 in `new/**`, where nothing is yet, compute would accept server, and accepts serverless at main"
        ]
    );
}

#[test]
fn a_gate_is_neither_lowered_nor_put_off_nor_taken_away() {
    let gate = |more: &str| format!("{TRUST}[[purpose.target]]\nladder = \"compute\"\n{more}");
    let shop = change(&[
        ("a.yaml", SERVER),
        ("sfl.toml", &gate("score = 80\ngate = true\n")),
    ]);
    for (more, expected) in [
        (
            "score = 60\ngate = true\n",
            "sfl.toml:3 the gate for compute would ask for 60, and asks for 80 at main",
        ),
        (
            "score = 80\ngate = true\nby = 2030-01-01\n",
            "sfl.toml:3 the gate for compute would ask for 80 after 2030-01-01, and asks for 80 at main",
        ),
        (
            "score = 90\n",
            "sfl.toml:3 the target for compute would fail no run, and fails those below 80 at main",
        ),
    ] {
        shop.write("sfl.toml", &gate(more));
        assert_eq!(widened(&shop, &[]), [expected]);
    }
    shop.write("sfl.toml", &gate("score = 90\ngate = true\n"));
    assert_eq!(widened(&shop, &[]), [""; 0]);
    shop.write("sfl.toml", TRUST);
    let (code, report) = shop.check(&[]);
    assert_eq!(code, 1);
    assert!(
        findings(&report)
            .iter()
            .any(|one| one.starts_with("purpose/missed")),
        "{report}"
    );
    assert_eq!(
        widened(&shop, &[]),
        ["sfl.toml:1 the gate for compute would be gone, and asks for 80 at main"]
    );
}

#[test]
fn what_a_gate_counts_is_not_found_otherwise() {
    let streams = |paths: &str, more: &str| {
        format!(
            "{TRUST}[[purpose.stream]]\nname = \"checkout\"\nowner = \"a\"\npaths = [\"{paths}\"]\n{more}[[purpose.target]]\nstream = \"checkout\"\nscore = 80\ngate = true\n"
        )
    };
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", &streams("a.yaml", ""))]);
    let said = "the decisions of value stream checkout, which has a gate, would be found otherwise than at main";
    let another = "[[purpose.stream]]\nname = \"other\"\npaths = [\"**\"]\n";
    for text in [streams("b.yaml", ""), streams("a.yaml", another)] {
        shop.write("sfl.toml", &text);
        let told = widened(&shop, &[]);
        assert!(told.len() == 1 && told[0].ends_with(said), "{told:?}");
    }
    // Who answers for it is another matter.
    shop.write("sfl.toml", &streams("a.yaml", "").replace("\"a\"", "\"b\""));
    assert_eq!(widened(&shop, &[]), [""; 0]);
}

#[test]
fn another_baseline_that_knows_more_is_said() {
    let empty = "{\"schema\": \"sfl-baseline/1\", \"findings\": []}\n";
    let shop = change(&[
        (
            "sfl.toml",
            &format!("baseline = \"sfl-baseline.json\"\n{TRUST}"),
        ),
        ("sfl-baseline.json", empty),
    ]);
    shop.write("a.yaml", SERVER);
    shop.said(&["baseline", "--output", "other.json"]);
    shop.write("sfl.toml", &format!("baseline = \"other.json\"\n{TRUST}"));
    let (code, report) = shop.check(&[]);
    assert_eq!(code, 1);
    assert!(findings(&report).contains(&"compute/server Web in a.yaml".to_owned()));
    assert_eq!(
        widened(&shop, &[]),
        [
            "sfl.toml:1 the baseline would be other.json, which knows compute/server Web, and that of main does not"
        ]
    );
    // One that knows no more, or is not there, loosens nothing.
    shop.write("other.json", empty);
    assert_eq!(widened(&shop, &[]), [""; 0]);
}

#[test]
fn values_that_the_configuration_gives_are_said() {
    let template = "Parameters:\n  Some: { Type: String, Default: \"yes\" }\nConditions:\n  Is: !Equals [!Ref Some, \"yes\"]\nResources:\n  Web:\n    Type: AWS::EC2::Instance\n    Condition: Is\n    Properties: { ImageId: ami-1, InstanceType: m7g.large }\n";
    let shop = change(&[("a.yaml", template), ("sfl.toml", TRUST)]);
    shop.write(
        "sfl.toml",
        &format!("{TRUST}[deployment.prod.parameters]\nSome = \"no\"\n"),
    );
    let (code, _) = shop.check(&[]);
    assert_eq!(code, 1);
    assert_eq!(
        widened(&shop, &[]),
        [
            "sfl.toml:4 deployment prod would have other values than at main, and has them in this run"
        ]
    );
    // What a file gives belongs to what is deployed, as a template does.
    shop.write("prod.json", "{\"Some\": \"yes\"}\n");
    let named = format!("{TRUST}[deployment.prod]\nparameters_file = \"prod.json\"\n");
    shop.write("sfl.toml", &named);
    shop.commit("values");
    shop.git(&["branch", "-f", "main", "HEAD"]);
    shop.write("prod.json", "{\"Some\": \"no\"}\n");
    assert_eq!(widened(&shop, &[]), [""; 0]);
}

#[test]
fn rules_are_called_as_they_are_seen_from_here() {
    let rules = "[ladder]\nname = \"bare\"\ntitle = \"bare\"\nabout = \"Bare.\"\n[[rule]]\nname = \"bare-thing\"\ntitle = \"a bare thing\"\ntypes = [\"Custom::Bare\"]\n[[rule.case]]\nrung = \"server\"\nsays = \"is bare\"\n";
    let shop = change(&[
        ("s/a.yaml", "Resources:\n  One:\n    Type: Custom::Bare\n"),
        ("sfl.toml", &format!("[rules]\nfolders = [\"r\"]\n{TRUST}")),
        ("r/bare.toml", rules),
    ]);
    shop.write("sfl.toml", TRUST);
    let below = shop.path().join("s");
    let shop = shop.at(below);
    assert_eq!(
        widened(&shop, &[]),
        ["../sfl.toml:1 the rules of ../r/bare.toml would be gone, and count at main"]
    );
}

#[test]
fn an_override_that_holds_for_more_than_before_is_said() {
    let with = |paths: &str, accept: &str| {
        format!("{TRUST}[[override]]\npath = [{paths}]\nladders.compute.accept = \"{accept}\"\n")
    };
    let shop = change(&[
        ("a.yaml", SERVER),
        ("legacy/a.yaml", SERVER),
        ("sfl.toml", &with("\"legacy/**\"", "server")),
    ]);
    for (paths, glob) in [
        ("\"legacy/**\", \"new2/**\"", "new2/**"),
        ("\"legacy/**\", \"infra/new*\"", "infra/new*"),
        ("\"{legacy,new}/**\"", "{legacy,new}/**"),
        ("\"l*/**\"", "l*/**"),
        ("\"[a-l]egacy/**\"", "[a-l]egacy/**"),
    ] {
        shop.write("sfl.toml", &with(paths, "server"));
        assert_eq!(
            widened(&shop, &[]),
            [format!(
                "sfl.toml:5 in `{glob}`, for what is added there, compute would accept server, and accepts serverless at main"
            )],
            "{paths}"
        );
        assert_eq!(shop.check(&["--since", "main"]).0, 1);
    }
    // Less, or the same in other words, widens nothing.
    for paths in [
        "\"legacy/**\"",
        "\"./legacy/**\"",
        "\"legacy/*.yaml\"",
        "\"legacy/a.yaml\"",
    ] {
        shop.write("sfl.toml", &with(paths, "server"));
        assert_eq!(widened(&shop, &[]), [""; 0], "{paths}");
    }
    // What is stricter somewhere may go, too.
    let strict = change(&[
        ("a.yaml", SERVER),
        (
            "sfl.toml",
            &format!(
                "[ladders.compute]\naccept = \"server\"\n{}",
                with("\"prod/**\", \"live/**\"", "serverless")
            ),
        ),
    ]);
    strict.write(
        "sfl.toml",
        &format!(
            "[ladders.compute]\naccept = \"server\"\n{}",
            with("\"live/**\"", "serverless")
        ),
    );
    let told = widened(&strict, &[]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].ends_with("in `prod/**`, where nothing is yet, compute would accept server, and accepts serverless at main"),
        "{told:?}"
    );
}

#[test]
fn what_is_excluded_before_it_is_there_is_said() {
    let shop = change(&[
        ("a.yaml", SERVER),
        ("sfl.toml", &format!("exclude = [\"old/**\"]\n{TRUST}")),
    ]);
    for (globs, told) in [
        ("\"old/**\", \"new3/**\"", "new3/**"),
        ("\"{old,new3}/**\"", "{old,new3}/**"),
        ("\"o*/**\"", "o*/**"),
    ] {
        shop.write("sfl.toml", &format!("exclude = [{globs}]\n{TRUST}"));
        assert_eq!(
            widened(&shop, &[]),
            [format!(
                "sfl.toml:1 what is added in `{told}` would be excluded, and would not be at main"
            )]
        );
    }
    for globs in ["\"old/**\"", "\"old/*.yaml\"", ""] {
        shop.write("sfl.toml", &format!("exclude = [{globs}]\n{TRUST}"));
        assert_eq!(widened(&shop, &[]), [""; 0], "{globs}");
    }
}

#[test]
fn what_only_asks_for_more_is_a_note() {
    let shop = change(&[("a.yaml", SERVER), ("sfl.toml", TRUST)]);
    let said = "loosens nothing, and counts once it is merged: the run goes by that of main";
    assert!(!shop.said(&["check"]).2.contains(said));
    let tighter = format!("{TRUST}[justifications]\nminimum_length = 60\n");
    shop.write("sfl.toml", &tighter);
    assert_eq!(widened(&shop, &[]), [""; 0]);
    let (_, _, error) = shop.said(&["check"]);
    assert_eq!(error.matches(said).count(), 1, "{error}");
    // What loosens is a finding, and says the same.
    shop.write(
        "sfl.toml",
        &format!("{tighter}[ladders.compute]\naccept = \"server\"\n"),
    );
    assert!(!shop.said(&["check"]).2.contains(said));
}
