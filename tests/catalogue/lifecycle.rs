//! What ends: told on its day, with its weight, settled by a plan to leave in time, and never offered as a way up.

use jiff::civil::{Date, date};
use sfl::base::{Code, LifecycleCode, Rung};
use sfl::placement::CATALOGUE;
use sfl::rulebook::Lifecycle;
use sfl::{Options, workspace::stack};

/// `severity code address`, on a day.
fn findings(text: &str, today: Date) -> Vec<String> {
    let options = Options {
        today: Some(today),
        ..Options::default()
    };
    let judged = stack::judge_text("stack.yaml", text, &options);
    let all = judged.findings.iter().map(|finding| {
        format!(
            "{} {} {}",
            finding.severity.name(),
            finding.code,
            finding.address.as_deref().unwrap_or("-")
        )
    });
    all.collect()
}

fn ledger(metadata: &str) -> String {
    format!(
        "
Resources:
  Book:
    Type: AWS::QLDB::Ledger
    {metadata}
    Properties: {{PermissionsMode: STANDARD}}
"
    )
}

fn plan(because: &str, expires: &str) -> String {
    ledger(&format!(
        "Metadata: {{sfl: {{because: {because}, reason: the books move to PostgreSQL with the spring release, expires: {expires}}}}}"
    ))
}

#[test]
fn the_day_decides_what_an_end_is_and_how_much_it_weighs() {
    for (today, expected) in [
        (date(2024, 1, 1), "note lifecycle/ending Book"),
        (date(2024, 7, 30), "note lifecycle/ending Book"),
        (date(2024, 7, 31), "warning lifecycle/ending Book"),
        // On its last day it is still there.
        (date(2025, 7, 31), "warning lifecycle/ending Book"),
        (date(2025, 8, 1), "error lifecycle/ended Book"),
        (date(2030, 1, 1), "error lifecycle/ended Book"),
    ] {
        assert_eq!(findings(&ledger(""), today), [expected], "{today}");
    }
}

#[test]
fn what_is_to_close_is_not_closed_yet() {
    let text = "
Resources:
  Staff:
    Type: AWS::DirectoryService::SimpleAD
    Properties: {Name: staff.example.com, Size: Small, VpcSettings: {VpcId: vpc-1, SubnetIds: [subnet-1, subnet-2]}}
";
    let said = |today: Date| {
        let options = Options {
            today: Some(today),
            ..Options::default()
        };
        let judged = stack::judge_text("stack.yaml", text, &options);
        let mut findings = judged.findings.into_iter();
        let closed =
            findings.find(|finding| finding.code == Code::Lifecycle(LifecycleCode::Closed));
        closed.map(|finding| finding.message).unwrap_or_default()
    };
    let before = said(date(2026, 7, 29));
    assert!(
        before.ends_with("takes no new customers from 2026-07-30 on"),
        "{before}"
    );
    for day in [date(2026, 7, 30), date(2026, 7, 31)] {
        let after = said(day);
        assert!(
            after.ends_with("takes no new customers since 2026-07-30"),
            "{after}"
        );
    }
}

#[test]
fn a_plan_to_leave_in_time_settles_what_is_to_end() {
    let today = date(2025, 1, 1);
    assert_eq!(findings(&plan("migration", "2025-05-01"), today), [""; 0]);
    // It would end too late, or is no plan, or is none any more.
    let ending = "warning lifecycle/ending Book";
    assert_eq!(findings(&plan("migration", "2025-07-31"), today), [ending]);
    let other = findings(&plan("cost-at-scale", "2025-05-01"), today);
    assert_eq!(other, [ending, "warning justification/unused Book"]);
    let late = findings(&plan("migration", "2025-05-01"), date(2025, 8, 1));
    assert!(
        late.contains(&"error lifecycle/ended Book".to_owned()),
        "{late:?}"
    );
}

#[test]
fn the_rung_and_the_score_stay() {
    crate::judged::check(&ledger(""), &["Book nosql 1"]);
}

fn all() -> Vec<(&'static str, &'static Lifecycle)> {
    let rules = CATALOGUE.rules();
    let all = rules.flat_map(|rule| rule.lifecycle.iter().map(|entry| (&*rule.name, entry)));
    all.collect()
}

#[test]
fn every_end_has_its_days_and_a_page() {
    assert!(!all().is_empty());
    for (rule, entry) in all() {
        let day = |day: &str| {
            let parsed: Result<Date, _> = day.parse();
            parsed.unwrap_or_else(|error| panic!("{rule}, {}: {day}: {error}", entry.name))
        };
        let days = entry.ends.iter().chain(&entry.closed);
        let days: Vec<Date> = days.map(|text| day(text)).collect();
        assert!(!days.is_empty(), "{rule}, {}", entry.name);
        assert!(day(&entry.checked) >= date(2026, 11, 29), "{rule}");
        assert!(entry.source.starts_with("https://"), "{rule}");
        if let (Some(ends), Some(closed)) = (&entry.ends, &entry.closed) {
            assert!(day(closed) <= day(ends), "{rule}, {}", entry.name);
        }
        assert!(!entry.instead.ends_with('.'), "{rule}: {}", entry.instead);
    }
}

/// What people also call an entry, in texts where its whole name would not stand.
const OTHER_NAMES: [(&str, &[&str]); 24] = [
    (
        "Kinesis Data Analytics for SQL",
        &["Kinesis Data Analytics"],
    ),
    ("WorkSpaces Secure Browser", &["Secure Browser"]),
    (
        "the managed runtime of AWS Mainframe Modernization",
        &["Mainframe Modernization"],
    ),
    (
        "the vaults of Amazon Glacier",
        &["Glacier vault", "Glacier vaults"],
    ),
    ("Migration Hub Refactor Spaces", &["Refactor Spaces"]),
    ("AWS OpsWorks Stacks", &["OpsWorks"]),
    (
        "a launch configuration of EC2 Auto Scaling",
        &["launch configuration", "launch configurations"],
    ),
    (
        "an instance with Amazon Elastic Graphics",
        &["Elastic Graphics"],
    ),
    (
        "an instance with Amazon Elastic Inference",
        &["Elastic Inference"],
    ),
    ("AWS Glue for Ray", &["Ray on Glue"]),
    ("Amazon SageMaker Ground Truth", &["Ground Truth"]),
    (
        "Amazon Bedrock Agents Classic",
        &["Bedrock Agents", "Bedrock agent"],
    ),
    (
        "the Enterprise tier of Azure Cache for Redis",
        &["Redis Enterprise"],
    ),
    (
        "Azure Functions on the Consumption plan for Linux",
        &["Azure Functions on Consumption"],
    ),
    (
        "an integration service environment",
        &[
            "integration service environment",
            "integration service environments",
        ],
    ),
    ("Microsoft Dev Box", &["Dev Box", "Dev Boxes"]),
    ("Azure Spring Apps", &["Spring Apps"]),
    (
        "Application Gateway V1",
        &["application gateways of the first version"],
    ),
    ("Azure AI Custom Vision", &["Custom Vision"]),
    ("Language Understanding (LUIS)", &["LUIS"]),
    ("AI Platform Prediction", &["AI Platform"]),
    (
        "a user-managed notebook of Vertex AI Workbench",
        &["user-managed notebooks"],
    ),
    (
        "a feature store with optimized online serving",
        &["optimized online serving", "Optimized online serving"],
    ),
    ("Cloud Composer 1 or 2.0", &["Composer 1", "Composer 2.0"]),
];

/// Services that ended or closed and that are no entry of a rule: they host nothing, or no page was found that names the day.
const NO_RULE: [&str; 11] = [
    "SimpleDB",
    "FSx File Gateway",
    "DC2",
    "Lookout for Metrics",
    "Lookout for Vision",
    "CodeStar",
    "Deployment Environments",
    "Media Services",
    "Data Lake Analytics",
    "Cloud TPU nodes",
    "Cloud Source Repositories",
];

/// Every name that no advice may give.
fn names() -> Vec<&'static str> {
    let entries: Vec<&str> = all().iter().map(|(_, entry)| &*entry.name).collect();
    let others = OTHER_NAMES.iter().flat_map(|(entry, names)| {
        assert!(entries.contains(entry), "no entry is called {entry}");
        names.iter().copied()
    });
    let others: Vec<&str> = others.collect();
    [entries, others, NO_RULE.to_vec()].concat()
}

#[test]
fn nothing_that_ends_is_a_way_up() {
    let names = names();
    let mut read = 0;
    let mut wrong = Vec::new();
    let mut look = |whose: &str, what: &str, text: &str| {
        read += 1;
        for name in names.iter().filter(|name| names_it(text, name)) {
            wrong.push(format!("{whose}, {what}: `{text}` names {name}"));
        }
    };
    for ladder in CATALOGUE.ladders() {
        let elsewhere = ladder.elsewhere.iter().flat_map(|other| &other.rungs);
        for advice in ladder.rungs.iter().chain(elsewhere) {
            look(&ladder.name, "takes", &advice.takes);
            look(&ladder.name, "up", &advice.up);
        }
    }
    for rule in CATALOGUE.rules() {
        for advice in &rule.rungs {
            look(&rule.name, "takes", &advice.takes);
            look(&rule.name, "up", &advice.up);
        }
        for case in &rule.cases {
            look(&rule.name, "up", &case.words.up);
        }
        for entry in &rule.lifecycle {
            look(&rule.name, "instead", &entry.instead);
        }
    }
    let page = include_str!("../../docs/ladders.md");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    rows.for_each(|row| look("docs/ladders.md", "row", row));
    assert!(read > 500, "{read}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_below_the_first_rung_has_a_page() {
    let below = |rung: &Rung| *rung != Rung::Serverless;
    let rules = CATALOGUE.rules();
    let without = rules.filter(|rule| rule.reachable().iter().any(below) && rule.docs.is_empty());
    let without: Vec<&str> = without.map(|rule| &*rule.name).collect();
    assert!(without.is_empty(), "{without:?}");
}

/// Whether a text names a service, also without the provider's name before it.
fn names_it(text: &str, name: &str) -> bool {
    let bare = ["Amazon ", "AWS ", "Azure ", "Google Cloud ", "Google "];
    let bare = bare.iter().find_map(|prefix| name.strip_prefix(prefix));
    let bare = bare.unwrap_or(name);
    let is_word = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + bare.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(bare).any(|(at, _)| is_word(at))
}

#[test]
fn a_name_is_found_as_a_word() {
    assert!(names_it("App Runner runs it", "AWS App Runner"));
    assert!(names_it("take QLDB", "Amazon QLDB"));
    assert!(!names_it("QLDBs", "Amazon QLDB"));
}
