//! `sfl baseline` and `sfl check --baseline`: what is known is not said again, and the list only shrinks.

use crate::repository::{Repository, findings};

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
    assert_eq!(out, "wrote sfl-baseline.json: 2 known fallbacks\n");
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
