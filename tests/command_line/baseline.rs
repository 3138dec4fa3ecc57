//! `sfl baseline` and `sfl check --baseline`: what is known is not said again, and the list only shrinks.

use crate::repository::{Repository, alone, findings};

const SERVER: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n";
const CAPACITY: &str = "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n";
const QUEUE: &str = "Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n";
const FILE: &str = "sfl-baseline.json";
const NONE: [&str; 0] = [];

fn estate() -> Repository {
    let shop = Repository::none();
    shop.write("infra/web.yaml", SERVER);
    shop.write("infra/table.yaml", CAPACITY);
    shop.write("queue.yaml", QUEUE);
    let (code, out, error) = shop.said(&["baseline"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(
        out,
        "wrote sfl-baseline.json: 2 known fallbacks\n\
         next: sfl check --baseline sfl-baseline.json; with `baseline = \"sfl-baseline.json\"` in sfl.toml, every sfl check \
         reports only what is new or worse (sfl baseline --yes writes it)\n"
    );
    shop
}

#[test]
fn what_is_known_is_not_said_again() {
    let shop = estate();
    let file = shop.read(FILE);
    assert_eq!(
        file,
        "{\n  \"schema\": \"sfl-baseline/1\",\n  \"findings\": [\n    \
         {\"path\":\"infra/table.yaml\",\"address\":\"Table\",\"code\":\"nosql/capacity\",\"rung\":2},\n    \
         {\"path\":\"infra/web.yaml\",\"address\":\"Web\",\"code\":\"compute/server\",\"rung\":4}\n  ]\n}\n"
    );
    let (code, report) = shop.check(&["--baseline", FILE, "--fail-on", "note"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(report["summary"]["baseline"]["known"], 2);
    // Lines move, nothing changes.
    shop.write("infra/web.yaml", &format!("# more\n{SERVER}"));
    assert_eq!(shop.check(&["--baseline", FILE]).0, 0);
    assert_eq!(
        shop.said(&["baseline"]).1,
        "sfl-baseline.json stays as it is: 2 known fallbacks\n"
    );
    // The same name in another file is not excused.
    shop.write("other.yaml", SERVER);
    let (code, report) = shop.check(&["--baseline", FILE]);
    assert_eq!(
        (code, findings(&report)),
        (1, vec!["compute/server Web in other.yaml".to_owned()])
    );
    assert_eq!(
        report["summary"]["baseline"]["new"][0]["path"],
        "other.yaml"
    );
    assert_eq!(shop.read(FILE), file, "check never writes it");
}

#[test]
fn a_step_down_is_news_and_a_step_up_is_not() {
    let shop = Repository::none();
    let cluster =
        "Resources:\n  App:\n    Type: AWS::ECS::Service\n    Properties: { LaunchType: EC2 }\n";
    let fargate = cluster.replace("EC2 }", "FARGATE }");
    shop.write("a.yaml", cluster);
    assert_eq!(shop.said(&["baseline"]).0, 0);
    shop.write("a.yaml", &fargate);
    let (code, report) = shop.check(&["--baseline", FILE, "--fail-on", "note"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(report["summary"]["baseline"]["better"][0]["rung"], 2);
    // A ratchet: once lowered, the old rung is news.
    assert_eq!(shop.said(&["baseline", "--prune"]).0, 0);
    assert!(shop.read(FILE).contains("compute/capacity"));
    shop.write("a.yaml", cluster);
    assert_eq!(shop.check(&["--baseline", FILE]).0, 1);
    let (code, out, _) = shop.said(&["baseline", "--prune"]);
    assert_eq!(code, 1, "it does not grow by itself: {out}");
    assert!(out.contains("App in a.yaml, compute/cluster"), "{out}");
    assert!(shop.read(FILE).contains("compute/capacity"));
    assert_eq!(shop.said(&["baseline", "--allow-growth"]).0, 0);
    assert_eq!(shop.check(&["--baseline", FILE]).0, 0);
}

#[test]
fn it_never_grows_unless_asked() {
    let shop = estate();
    let file = shop.read(FILE);
    shop.write("new.yaml", SERVER);
    for flags in [&["baseline"][..], &["baseline", "--prune"]] {
        let (code, out, _) = shop.said(flags);
        assert_eq!(code, 1);
        assert!(out.contains("Web in new.yaml, compute/server"), "{out}");
        assert_eq!(shop.read(FILE), file);
    }
    assert_eq!(shop.said(&["baseline", "--allow-growth"]).0, 0);
    assert_eq!(
        shop.check(&["--baseline", FILE]).1["summary"]["baseline"]["known"],
        3
    );
}

#[test]
fn what_is_gone_is_told_and_pruned() {
    let shop = estate();
    let file = shop.read(FILE);
    shop.remove("infra/web.yaml");
    shop.write("infra/table.yaml", QUEUE);
    let (code, report) = shop.check(&["--baseline", FILE]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(
        report["summary"]["baseline"]["gone"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let (_, text, _) = shop.said(&["check", "--baseline", FILE]);
    assert!(text.contains("note: 2 entries no longer occur"), "{text}");
    let (code, out, _) = shop.said(&["baseline"]);
    assert_eq!(code, 0);
    assert!(out.contains("2 gone (--prune removes them)"), "{out}");
    assert_eq!(shop.read(FILE), file, "only --prune removes");
    assert_eq!(shop.said(&["baseline", "--prune"]).0, 0);
    assert_eq!(
        shop.read(FILE),
        "{\n  \"schema\": \"sfl-baseline/1\",\n  \"findings\": []\n}\n"
    );
}

#[test]
fn a_narrow_run_judges_only_what_it_read() {
    let shop = estate();
    shop.remove("infra/web.yaml");
    let (_, report) = shop.check(&["--baseline", FILE, "queue.yaml"]);
    assert_eq!(
        report["summary"]["baseline"]["gone"]
            .as_array()
            .map(Vec::len),
        Some(0)
    );
    let file = shop.read(FILE);
    assert_eq!(shop.said(&["baseline", "--prune", "queue.yaml"]).0, 0);
    assert_eq!(shop.read(FILE), file);
    // From another folder, the paths are still those of the baseline.
    let below = shop.path().join("infra");
    let shop = shop.at(below);
    let (code, report) = shop.check(&["--baseline", "../sfl-baseline.json", "--fail-on", "note"]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(
        report["summary"]["baseline"]["gone"][0]["path"],
        "infra/web.yaml"
    );
}

#[test]
fn what_cannot_be_read_keeps_its_entries() {
    let shop = estate();
    shop.write(
        "infra/web.yaml",
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n   Bad: [\n",
    );
    let file = shop.read(FILE);
    let (code, _, error) = shop.said(&["baseline", "--prune"]);
    assert_eq!(code, 2);
    assert!(error.contains("infra/web.yaml"), "{error}");
    assert_eq!(shop.read(FILE), file);
    let (code, report) = shop.check(&["--baseline", FILE]);
    assert_eq!(
        (code, findings(&report)),
        (2, vec!["source/yaml - in infra/web.yaml".to_owned()])
    );
}

#[test]
fn faults_of_justifications_are_never_known() {
    let shop = Repository::none();
    shop.write(
        "a.yaml",
        &format!("{SERVER}    Metadata:\n      sfl: {{ because: licence }}\n"),
    );
    assert_eq!(shop.said(&["baseline"]).0, 0);
    let (code, report) = shop.check(&["--baseline", FILE]);
    assert_eq!(
        (code, findings(&report)),
        (1, vec!["justification/empty Web in a.yaml".to_owned()])
    );
}

#[test]
fn a_baseline_that_was_named_must_be_one() {
    let shop = estate();
    let says = |arguments: &[&str], expected: &str| {
        let (code, out, error) = shop.said(arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{error}");
        assert!(error.contains(expected), "{error}");
    };
    says(
        &["check", "--baseline", "none.json"],
        "none.json: there is no such baseline",
    );
    says(
        &["baseline", "--prune", "--output", "none.json"],
        "none.json: there is no such baseline",
    );
    for (text, expected) in [
        ("", "is not a baseline"),
        ("{}", "is not a baseline"),
        (
            "{\"schema\":\"sfl-baseline/9\",\"findings\":[]}",
            "sfl-baseline/9",
        ),
    ] {
        shop.write("bad.json", text);
        says(&["check", "--baseline", "bad.json"], expected);
        says(&["baseline", "--output", "bad.json"], expected);
        assert_eq!(shop.read("bad.json"), text);
    }
    says(&["check", "--baseline", "infra"], "infra");
}

#[test]
fn a_baseline_and_a_change_go_together() {
    let shop = Repository::new(&[("a.yaml", SERVER)]);
    shop.write("b.yaml", SERVER);
    assert_eq!(shop.check(&["--since", "HEAD"]).0, 1);
    assert_eq!(shop.said(&["baseline"]).0, 0);
    let (code, report) = shop.check(&["--since", "HEAD", "--baseline", FILE]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    shop.write("c.yaml", SERVER);
    let (_, report) = shop.check(&["--since", "HEAD", "--baseline", FILE]);
    assert_eq!(findings(&report), ["compute/server Web in c.yaml"]);
    assert_ne!(findings(&report), NONE);
}

#[test]
fn the_configuration_names_it_for_every_check() {
    let shop = Repository::new(&[("a.txt", "")]);
    shop.write("infra/web.yaml", SERVER);
    shop.write("sfl.toml", "# about\n\n[ladders]\naccept = \"capacity\"\n");
    let (code, out, error) = shop.said(&["baseline", "--yes"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(
        out.contains("wrote `baseline = \"sfl-baseline.json\"` into sfl.toml: every sfl check"),
        "{out}"
    );
    let text = shop.read("sfl.toml");
    assert_eq!(
        text,
        "# about\n\nbaseline = \"sfl-baseline.json\"\n[ladders]\naccept = \"capacity\"\n"
    );
    let (code, report) = shop.check(&[]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(report["summary"]["baseline"]["path"], FILE);
    for flags in [&["--no-baseline"][..], &["--isolated"]] {
        assert_eq!(shop.check(flags).0, 1, "{flags:?}");
    }
    // The flag goes before the key.
    shop.write(
        "none.json",
        "{\"schema\":\"sfl-baseline/1\",\"findings\":[]}",
    );
    assert_eq!(shop.check(&["--baseline", "none.json"]).0, 1);
    let (code, _, error) = shop.said(&["check", "--baseline", FILE, "--no-baseline"]);
    assert_eq!(code, 2, "{error}");
    // It is written where the key says, and named once.
    shop.write("other.yaml", SERVER);
    assert_eq!(shop.said(&["baseline", "--allow-growth", "--yes"]).0, 0);
    assert_eq!(shop.read("sfl.toml"), text);
    assert!(shop.read(FILE).contains("other.yaml"));
    // From a folder below it is the same file.
    let below = shop.path().join("infra");
    let shop = shop.at(below);
    let (code, report) = shop.check(&[]);
    assert_eq!((code, findings(&report)), (0, Vec::new()));
    assert_eq!(
        report["summary"]["baseline"]["path"],
        "../sfl-baseline.json"
    );
}

#[test]
fn a_baseline_that_is_named_and_not_there_is_said() {
    let shop = Repository::none();
    shop.write("web.yaml", SERVER);
    shop.write("sfl.toml", "baseline = \"known/sfl.json\"\n");
    let (code, _, error) = shop.said(&["check"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("known/sfl.json: there is no such baseline; `sfl baseline"),
        "{error}"
    );
    assert_eq!(shop.said(&["check", "--no-baseline"]).0, 1);
    for (name, said) in [
        ("../b.json", "../b.json is outside the working tree"),
        (
            "b.toml",
            "b.toml is not a baseline: its name must end with `.json`",
        ),
    ] {
        shop.write("sfl.toml", &format!("baseline = \"{name}\"\n"));
        let (code, _, error) = shop.said(&["check"]);
        assert_eq!(code, 2);
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn no_configuration_is_changed_that_could_not_be_read_afterwards() {
    let shop = Repository::none();
    shop.write("web.yaml", SERVER);
    // What stands at the top is a text of several lines.
    let text = "purpose = \"\"\"\n# baseline = here\n\"\"\"\n";
    shop.write("sfl.toml", text);
    let (code, _, error) = shop.said(&["baseline", "--yes"]);
    assert_eq!(code, 2);
    assert!(
        error.contains("write `baseline = \"sfl-baseline.json\"` above its first table"),
        "{error}"
    );
    assert_eq!(shop.read("sfl.toml"), text);
}

/// Two estates with the same names in them.
fn moved() -> Repository {
    let shop = Repository::new(&[("a.txt", "")]);
    let two = format!("{SERVER}  Old:\n    Type: AWS::EC2::Instance\n");
    shop.write("infra/VPC/web.yaml", &two);
    for stage in ["prod", "test"] {
        let text = format!("Description: what stands in {stage}, with its machine\n{SERVER}");
        shop.write(&format!("infra/VPC/{stage}/web.yaml"), &text);
    }
    assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
    shop.commit("known");
    shop
}

#[test]
fn what_is_known_follows_its_file() {
    for committed in [true, false] {
        let shop = moved();
        shop.git(&["mv", "infra/VPC", "infra/Network"]);
        if committed {
            shop.commit("moved");
        }
        let (code, report) = shop.check(&[]);
        assert_eq!((code, findings(&report)), (0, Vec::new()));
        let baseline = &report["summary"]["baseline"];
        assert_eq!(baseline["known"], 4);
        assert_eq!(baseline["gone"].as_array().map(Vec::len), Some(0));
        let renamed = baseline["renamed"].as_array().expect("a list");
        let renamed: Vec<String> = renamed
            .iter()
            .map(|one| {
                let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
                let from = &one["from"];
                format!(
                    "{} {} -> {}",
                    text(&from["address"]),
                    text(&from["path"]),
                    text(&one["path"])
                )
            })
            .collect();
        assert_eq!(
            renamed,
            [
                "Web infra/VPC/prod/web.yaml -> infra/Network/prod/web.yaml",
                "Web infra/VPC/test/web.yaml -> infra/Network/test/web.yaml",
                "Old infra/VPC/web.yaml -> infra/Network/web.yaml",
                "Web infra/VPC/web.yaml -> infra/Network/web.yaml",
            ]
        );
        let (_, text, _) = shop.said(&["check"]);
        assert!(
            text.contains("note: 4 of them are in files that have other names now:"),
            "{text}"
        );
        assert_eq!(shop.said(&["baseline", "--prune"]).0, 0);
        let file = shop.read(FILE);
        assert!(
            !file.contains("VPC") && file.contains("infra/Network/test/web.yaml"),
            "{file}"
        );
        assert_eq!(shop.check(&[]).0, 0);
    }
}

#[test]
fn what_is_new_in_a_file_with_a_new_name_is_news() {
    let shop = moved();
    shop.git(&["mv", "infra/VPC/web.yaml", "infra/server.yaml"]);
    let text = shop.read("infra/server.yaml") + "  New:\n    Type: AWS::EC2::Instance\n";
    shop.write("infra/server.yaml", &text);
    for step in ["not committed", "committed"] {
        let (code, report) = shop.check(&[]);
        assert_eq!(
            (code, findings(&report)),
            (
                1,
                vec!["compute/server New in infra/server.yaml".to_owned()]
            ),
            "{step}"
        );
        if step == "not committed" {
            shop.commit("moved");
        }
    }
    // What has got worse on its way is news, too.
    let shop = Repository::new(&[("a.txt", "")]);
    shop.write("a.yaml", "Resources:\n  App:\n    Type: AWS::ECS::Service\n    Properties: { LaunchType: FARGATE }\n");
    assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
    shop.commit("known");
    shop.git(&["mv", "a.yaml", "b.yaml"]);
    let text = shop.read("b.yaml").replace("FARGATE", "EC2");
    shop.write("b.yaml", &text);
    let (code, report) = shop.check(&[]);
    assert_eq!(
        (code, findings(&report)),
        (1, vec!["compute/cluster App in b.yaml".to_owned()])
    );
}

#[test]
fn another_file_is_no_renamed_one() {
    let shop = moved();
    shop.remove("infra/VPC/web.yaml");
    let other = "Description: quite another\nParameters:\n  Image: { Type: String }\n  Key: { Type: String }\n\
                 Resources:\n  Old:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: !Ref Image\n      KeyName: !Ref Key\n";
    shop.write("infra/fresh.yaml", other);
    let news = vec!["compute/server Old in infra/fresh.yaml".to_owned()];
    for step in ["not committed", "committed"] {
        let (code, report) = shop.check(&[]);
        assert_eq!((code, findings(&report)), (1, news.clone()), "{step}");
        if step == "not committed" {
            shop.commit("another");
        }
    }
    // A copy is none: what was known is still where it was.
    let shop = moved();
    let text = shop.read("infra/VPC/web.yaml");
    shop.write("copy.yaml", &text);
    assert_eq!(findings(&shop.check(&[]).1).len(), 2);
}

/// Where nothing can tell, the address and the code decide, and only where they leave no choice.
#[test]
fn without_git_only_the_one_that_fits_follows() {
    let shop = estate();
    let text = shop.read("infra/web.yaml");
    shop.remove("infra/web.yaml");
    shop.write("other/server.yaml", &text);
    assert_eq!(findings(&shop.check(&["--baseline", FILE]).1), NONE);
    shop.write("other/second.yaml", &text);
    assert_eq!(findings(&shop.check(&["--baseline", FILE]).1).len(), 2);
    // Of two, the one that is still called so.
    shop.write("other/web.yaml", &text);
    shop.remove("other/second.yaml");
    assert_eq!(
        findings(&shop.check(&["--baseline", FILE]).1),
        ["compute/server Web in other/server.yaml"]
    );
}

#[test]
fn what_sfl_toml_cannot_name_is_said_before_anything_is_written() {
    let shop = Repository::none();
    shop.write("a.yaml", SERVER);
    shop.write("sfl.toml", "baseline = \"sfl-baseline.json\"\n");
    let (code, out, error) = shop.said(&["baseline", "--yes", "--output", "other.json"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        error.contains(
            "`baseline` in sfl.toml names sfl-baseline.json already: nothing was written"
        ),
        "{error}"
    );
    assert!(!shop.path().join("other.json").exists());
    // Without --yes, it is a baseline like any other.
    assert_eq!(shop.said(&["baseline", "--output", "other.json"]).0, 0);
    // A key that stands where none may stand.
    shop.write("sfl.toml", "baseline = \"\"\n");
    let (code, _, error) = shop.said(&["check"]);
    assert_eq!(code, 2);
    assert!(error.contains("an empty text names no baseline"), "{error}");
}

#[test]
fn what_a_baseline_holds_and_what_it_meets_are_two_things() {
    let shop = estate();
    let (_, text, _) = shop.said(&["check", "--baseline", FILE]);
    assert!(
        text.contains("sfl-baseline.json knows 2 fallbacks"),
        "{text}"
    );
    let (_, text, _) = shop.said(&["check", "queue.yaml", "--baseline", FILE]);
    assert!(
        text.contains("sfl-baseline.json holds 2 entries, and no finding here is known by it"),
        "{text}"
    );
    let (_, text, _) = shop.said(&["check", "infra/web.yaml", "--baseline", FILE]);
    assert!(
        text.contains("sfl-baseline.json holds 2 entries, and 1 finding here is known by it"),
        "{text}"
    );
}

#[test]
fn where_nothing_was_read_nothing_is_written() {
    let shop = Repository::none();
    shop.write("notes/a.txt", "nothing");
    for (path, message) in [
        (
            "typo",
            "error: typo: there is no such file; nothing was written\n",
        ),
        (
            "notes",
            "error: notes: there is no template in it; nothing was written\n",
        ),
        (
            ".",
            "error: there is no template here; nothing was written\n",
        ),
    ] {
        for flags in [&["baseline", path][..], &["baseline", path, "--yes"]] {
            let (code, out, error) = shop.said(flags);
            assert_eq!((code, out.as_str(), error.as_str()), (2, "", message));
            assert!(!shop.path().join(FILE).exists() && !shop.path().join("sfl.toml").exists());
        }
    }
    // What was read is written even so.
    shop.write("web.yaml", SERVER);
    let (code, out, error) = shop.said(&["baseline", "web.yaml", "typo"]);
    assert_eq!(
        (code, error.as_str()),
        (2, "error: typo: there is no such file\n")
    );
    assert!(
        out.starts_with("wrote sfl-baseline.json: 1 known fallback\n"),
        "{out}"
    );
    let file = shop.read(FILE);
    for flags in [&["baseline", "typo"][..], &["baseline", "typo", "--prune"]] {
        assert_eq!(shop.said(flags).0, 2);
        assert_eq!(shop.read(FILE), file);
    }
}

#[test]
fn every_text_says_how_much_a_baseline_holds_back() {
    let shop = estate();
    for how in [&["--statistics"][..], &["--format", "concise"], &[]] {
        let (code, out, error) = shop.said(&[&["check", "--baseline", FILE], how].concat());
        assert_eq!((code, error.as_str()), (0, ""), "{how:?}");
        assert!(
            out.contains("sfl-baseline.json knows 2 fallbacks\n"),
            "{how:?}: {out}"
        );
    }
    let (_, out, _) = shop.said(&["check", "--baseline", FILE, "--format", "concise", "-q"]);
    assert_eq!(out, "");
}

#[test]
fn a_new_name_in_a_file_is_no_proof() {
    let shop = estate();
    let perhaps = "note: Site in infra/web.yaml may be Web under a new name: a baseline does not hold what a resource is made of";
    shop.write("infra/web.yaml", &SERVER.replace("Web", "Site"));
    let (code, out, _) = shop.said(&["check", "--baseline", FILE, "--format", "concise"]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains(perhaps), "{out}");
    // Two that are new leave it open which one it would be.
    let two = format!(
        "{}  More:\n    Type: AWS::EC2::Instance\n",
        SERVER.replace("Web", "Site")
    );
    shop.write("infra/web.yaml", &two);
    let (_, out, _) = shop.said(&["check", "--baseline", FILE, "--format", "concise"]);
    assert!(!out.contains("under a new name"), "{out}");
    // As it says, it is taken as known.
    shop.write("infra/web.yaml", &SERVER.replace("Web", "Site"));
    assert_eq!(shop.said(&["baseline"]).0, 1);
    assert_eq!(shop.said(&["baseline", "--allow-growth"]).0, 0);
    assert_eq!(shop.said(&["check", "--baseline", FILE]).0, 0);
}

#[test]
fn an_unrelated_template_with_the_same_name_is_news() {
    let host = |values: &str| {
        format!(
            "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  Box:\n    Type: AWS::EC2::Instance\n    Properties:\n{values}"
        )
    };
    for committed in [true, false] {
        let shop = Repository::new(&[("a.txt", "")]);
        shop.write(
            "a.yaml",
            &host("      ImageId: ami-1\n      InstanceType: m7g.large\n"),
        );
        assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
        shop.commit("known");
        shop.git(&["switch", "-q", "-c", "feature"]);
        shop.remove("a.yaml");
        let other = host("      ImageId: ami-2\n      InstanceType: c7i.xlarge\n");
        shop.write("b/other.yaml", &other);
        if committed {
            shop.commit("another");
        }
        let (code, report) = shop.check(&[]);
        let expected = vec!["compute/server Box in b/other.yaml".to_owned()];
        assert_eq!((code, findings(&report)), (1, expected), "{committed}");
    }
}

#[test]
fn what_got_worse_and_is_known_is_not_called_nothing() {
    let shop = Repository::new(&[("q.yaml", QUEUE)]);
    shop.git(&["switch", "-q", "-c", "feature"]);
    shop.write("web.yaml", SERVER);
    assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
    shop.commit("known from its first day");
    let (code, out, _) = shop.said(&["check", "--since", "main"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("new         Web in web.yaml")
            && out.contains(
                "what got worse is known to the baseline, and nothing else needs a reason"
            )
            && !out.contains("nothing new"),
        "{out}"
    );
}

/// A server that nothing else is like.
const MACHINE: &str = "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n      ImageId: ami-1\n      InstanceType: m7g.large\n";

/// A repository whose baseline knows one server.
fn known() -> Repository {
    let shop = Repository::new(&[("infra/web.yaml", MACHINE), ("queue.yaml", QUEUE)]);
    shop.write(".hid/x.txt", "");
    assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
    shop.commit("known");
    shop
}

/// That a template which went there has not gone.
#[track_caller]
fn is_kept(shop: &Repository, to: &str) {
    let (code, report) = shop.check(&[]);
    let expected = vec![format!("template/hidden - in {to}")];
    assert_eq!((code, findings(&report)), (1, expected), "{to}");
    let message = report["findings"][0]["message"].as_str();
    assert!(
        message
            .is_some_and(|text| text
                .ends_with("its decision in sfl-baseline.json is out of sight, not gone")),
        "{report}"
    );
    let gone = report["summary"]["baseline"]["gone"].as_array();
    assert_eq!(gone.map(Vec::len), Some(0), "{to}");
    let (code, out, error) = shop.said(&["baseline", "--prune"]);
    assert_eq!(code, 1, "{to}: {out}{error}");
    assert!(out.ends_with("stays as it is: 1 known fallback\n"), "{out}");
    assert!(error.contains(&format!("error: {to}: ")), "{error}");
}

#[test]
fn what_moves_out_of_sight_stays_known() {
    for to in [
        ".old/web.yaml",
        ".hid/web.yaml",
        "node_modules/p/web.yaml",
        "infra/.old/web.yaml",
        "infra/web.md",
    ] {
        // With git, before and after the commit; without its knowing; without git.
        for way in ["mv", "commit", "plain", "none"] {
            let shop = match way {
                "none" => {
                    let shop = Repository::none();
                    shop.write("infra/web.yaml", MACHINE);
                    shop.write("queue.yaml", QUEUE);
                    assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
                    shop
                }
                _ => known(),
            };
            let target = shop.path().join(to);
            std::fs::create_dir_all(target.parent().expect("below")).expect("it can be made");
            if way == "mv" || way == "commit" {
                shop.git(&["mv", "infra/web.yaml", to]);
            } else {
                std::fs::rename(shop.path().join("infra/web.yaml"), target).expect("it moves");
            }
            if way == "commit" {
                shop.commit("moved");
            }
            is_kept(&shop, to);
        }
    }
}

#[test]
fn what_was_deleted_is_gone_whatever_lies_around() {
    // A copy that was out of sight all along.
    let shop = Repository::new(&[("infra/web.yaml", MACHINE), (".old/web.yaml", MACHINE)]);
    shop.write("queue.yaml", QUEUE);
    assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
    shop.commit("known");
    shop.remove("infra/web.yaml");
    let gone = |shop: &Repository| {
        let (code, report) = shop.check(&[]);
        assert_eq!((code, findings(&report)), (0, Vec::new()));
        let gone = report["summary"]["baseline"]["gone"].as_array();
        gone.map(Vec::len)
    };
    assert_eq!(gone(&shop), Some(1));
    // A copy that git doesn't know, of what git knows to be deleted.
    let shop = known();
    shop.git(&["rm", "-q", "infra/web.yaml"]);
    shop.commit("deleted");
    shop.write(".hid/web.yaml", MACHINE);
    assert_eq!(gone(&shop), Some(1));
    // Another template under the same name and address.
    let shop = known();
    shop.git(&["rm", "-q", "infra/web.yaml"]);
    shop.write(
        ".hid/web.yaml",
        &MACHINE
            .replace("ami-1", "ami-2")
            .replace("m7g.large", "t3.nano"),
    );
    shop.commit("another");
    assert_eq!(gone(&shop), Some(1));
    // In sight under another name, though a copy of it is not.
    let shop = known();
    shop.git(&["mv", "infra/web.yaml", "infra/shop.yaml"]);
    shop.write(".hid/web.yaml", MACHINE);
    shop.commit("moved");
    assert_eq!(gone(&shop), Some(0));
}

#[test]
fn what_a_submodule_holds_stays_known() {
    let shop = Repository::new(&[("queue.yaml", QUEUE)]);
    let other = shop.beside("other");
    std::fs::create_dir_all(other.join("infra")).expect("it can be made");
    std::fs::write(other.join("infra/web.yaml"), MACHINE).expect("it can be written");
    for call in [
        &["init", "-q", "-b", "main"][..],
        &["add", "-A"],
        &["commit", "-q", "-m", "first"],
    ] {
        let status = alone("git", &other).args(call).status();
        assert!(status.is_ok_and(|status| status.success()), "{call:?}");
    }
    shop.git(&["submodule", "--quiet", "add", "../other", "sub"]);
    shop.commit("a submodule");
    assert_eq!(shop.said(&["baseline", "--yes"]).0, 0);
    shop.commit("known");
    for call in [
        &[][..],
        &["--since", "HEAD"],
        &["--since", "HEAD", "--ratchet", "HEAD"],
    ] {
        let (code, report) = shop.check(call);
        assert_eq!((code, findings(&report)), (0, Vec::new()), "{call:?}");
    }
    // Not checked out is not gone.
    shop.git(&["submodule", "--quiet", "deinit", "-f", "sub"]);
    let (code, report) = shop.check(&[]);
    assert_eq!(
        (code, findings(&report)),
        (0, vec!["template/hidden - in sub".to_owned()])
    );
    assert_eq!(
        report["findings"][0]["message"],
        "this submodule is not checked out: its decision in sfl-baseline.json is out of sight, not gone (`git submodule update --init`)"
    );
    let (code, out, error) = shop.said(&["baseline", "--prune"]);
    assert_eq!(
        (code, out.as_str()),
        (0, "sfl-baseline.json stays as it is: 1 known fallback\n")
    );
    assert!(error.starts_with("note: sub: this submodule"), "{error}");
    // Taken out, it has gone.
    shop.git(&["rm", "-q", "-f", "sub"]);
    shop.commit("no submodule");
    let (_, report) = shop.check(&[]);
    let gone = report["summary"]["baseline"]["gone"].as_array();
    assert_eq!(gone.map(Vec::len), Some(1));
}
