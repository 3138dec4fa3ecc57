//! Each fault: its code, the text that it underlines, and the finding that it fails to settle beside it.

use sfl::Options;
use sfl::base::finding::{Finding, Severity};
use sfl::config::Config;
use sfl::workspace::stack::{self, Judged};

pub const TODAY: &str = "2026-11-22";

pub fn options(config: Config) -> Options {
    Options {
        config,
        today: Some(TODAY.parse().expect("a day")),
        ..Options::default()
    }
}

pub fn judge(text: &str) -> Judged {
    stack::judge_text("infra/shop.yaml", text, &options(Config::isolated()))
}

/// `code line "underlined" related: "underlined" message`.
fn told(judged: &Judged) -> Vec<String> {
    let about = judged.findings.iter();
    let about = about.filter(|finding| finding.code.is_about_reasons());
    about.map(one).collect()
}

fn one(finding: &Finding) -> String {
    let line = finding.positions().0.line;
    let under = finding.span.of(finding.source.text());
    let related = finding.related.iter().map(|related| {
        let line = related.source.position(related.span.start).line;
        let under = related.span.of(related.source.text());
        format!(" <- {line} {under:?} {}", related.message)
    });
    format!(
        "{} {line} {under:?}{}",
        finding.code,
        related.collect::<String>()
    )
}

/// A server whose record is this.
fn server(record: &str) -> Judged {
    judge(&format!(
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: {record}\n    Properties: {{ InstanceType: m7g.large }}\n"
    ))
}

const OPEN: &str = " <- 3 \"AWS::EC2::Instance\" Web still needs a reason";
const WORDS: &str = "reason: the billing engine runs on bare hosts only";

#[track_caller]
fn settles_nothing(record: &str, code: &str, under: &str) {
    let judged = server(record);
    assert_eq!(
        told(&judged),
        [format!("justification/{code} 5 {under:?}{OPEN}")]
    );
    assert!(judged.decisions[0].justification.is_none());
    let open = judged
        .findings
        .iter()
        .filter(|finding| finding.code == "compute/server");
    assert_eq!(open.count(), 1, "the finding stays");
    let fault = judged
        .findings
        .iter()
        .find(|finding| finding.code.is_about_reasons());
    assert_eq!(fault.map(|fault| fault.severity), Some(Severity::Warning));
}

#[track_caller]
fn settles(record: &str) {
    let judged = server(record);
    assert_eq!(told(&judged), [""; 0]);
    assert!(judged.decisions[0].justification.is_some());
    assert!(judged.findings.is_empty());
}

#[test]
fn a_sound_one_settles() {
    settles(&format!("{{ because: licence, {WORDS} }}"));
    settles(&format!(
        "{{ because: licence, {WORDS}, owner: a, expires: 2027-06-30, evidence: Cargo.toml }}"
    ));
    settles(&format!(
        "{{ because: licence, {WORDS}, evidence: 'https://example.com/a?b#c' }}"
    ));
    settles(&format!(
        "{{ because: skills, {WORDS}, expires: 2027-01-31 }}"
    ));
}

#[test]
fn empty() {
    settles_nothing("{ because: licence }", "empty", "{ because: licence }");
    settles_nothing(
        "{ reason: '  ', because: licence }",
        "empty",
        "{ reason: '  ', because: licence }",
    );
}

#[test]
fn placeholder() {
    settles_nothing(
        "{ because: licence, reason: 'TODO: ask somebody why' }",
        "placeholder",
        "'TODO: ask somebody why'",
    );
    settles_nothing(
        "{ because: licence, reason: SHOP-1234 }",
        "placeholder",
        "SHOP-1234",
    );
    settles_nothing(
        "{ because: licence, reason: because }",
        "placeholder",
        "because",
    );
}

/// The same, where a person is asked for.
fn for_people(metadata: &str) -> Judged {
    let mut config = Config::isolated();
    config.demands.authored_by = sfl::config::AuthorRule::Person;
    let text = format!(
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      {metadata}\n    Properties: {{ InstanceType: m7g.large }}\n"
    );
    stack::judge_text("infra/shop.yaml", &text, &options(config))
}

#[test]
fn author() {
    let by = |word: &str| format!("{{ because: licence, {WORDS}, by: {word} }}");
    // It counts where nobody asks for more, and is never mistaken.
    settles(&by("agent"));
    settles(&by("person"));
    settles_nothing(&by("claude"), "missing-field", "claude");
    settles_nothing(&by("Agent"), "missing-field", "Agent");
    let told_of = |metadata: &str| told(&for_people(metadata));
    let open = |under: &str| vec![format!("justification/author 5 {under:?}{OPEN}")];
    assert_eq!(told_of(&format!("sfl: {}", by("agent"))), open("agent"));
    assert_eq!(told_of(&format!("sfl: {}", by("person"))), [""; 0]);
    // Most reasons do not say who wrote them.
    let silent = format!("sfl: {{ because: licence, {WORDS} }}");
    assert_eq!(told_of(&silent), [""; 0]);

    let words = "the billing engine runs on bare hosts only";
    let with = |src: &str, record: &str| {
        format!(
            "{{ com.aws.cloudformation.Context: {{ why: {words}, trust: {{ src: {src}, conf: high }} }}, sfl: {record} }}"
        )
    };
    let beside = |src: &str, record: &str| told(&for_people(&with(src, record)));
    let kind = "{ because: licence }";
    assert_eq!(beside("infer", kind), open(words));
    for src in ["authored", "comment", "commit"] {
        assert_eq!(beside(src, kind), [""; 0], "{src}");
    }
    // Somebody stands for what a machine found, or did not write what a person knew.
    assert_eq!(beside("infer", "{ because: licence, by: person }"), [""; 0]);
    assert_eq!(
        beside("authored", "{ because: licence, by: agent }"),
        open("agent")
    );
    // Its own words are no machine's.
    let own = format!("{{ because: licence, {WORDS} }}");
    assert_eq!(beside("infer", &own), [""; 0]);
}

#[test]
fn unknown_kind() {
    settles_nothing(
        &format!("{{ because: license, {WORDS} }}"),
        "unknown-kind",
        "license",
    );
    let judged = server(&format!("{{ because: latencie, {WORDS} }}"));
    let fault = judged
        .findings
        .iter()
        .find(|finding| finding.code.name() == "unknown-kind");
    assert_eq!(fault.expect("it is there").label, "did you mean `latency`?");
}

#[test]
fn missing_field() {
    settles_nothing(
        &format!("{{ because: migration, {WORDS} }}"),
        "missing-field",
        "migration",
    );
    settles_nothing(
        &format!("{{ because: skills, {WORDS} }}"),
        "missing-field",
        "skills",
    );
    settles_nothing(
        &format!("{{ because: licence, {WORDS}, expires: next summer }}"),
        "missing-field",
        "next summer",
    );
    settles_nothing(
        &format!("{{ because: licence, {WORDS}, expires: 2027-02-29 }}"),
        "missing-field",
        "2027-02-29",
    );
    settles_nothing(
        &format!("{{ because: licence, {WORDS}, until: 2027-02-28 }}"),
        "missing-field",
        "2027-02-28",
    );
}

#[test]
fn expired() {
    settles_nothing(
        &format!("{{ because: licence, {WORDS}, expires: 2026-11-21 }}"),
        "expired",
        "2026-11-21",
    );
}

#[test]
fn no_evidence() {
    for evidence in [
        "docs/nowhere.md",
        "/etc/passwd",
        "../../../../../../etc/passwd",
        "ftp://example.com",
        "'https://'",
        "'https://a b'",
    ] {
        settles_nothing(
            &format!("{{ because: licence, {WORDS}, evidence: {evidence} }}"),
            "no-evidence",
            evidence,
        );
    }
}

#[test]
fn contradicted() {
    let judged = judge(
        "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Metadata:\n      sfl: { because: hardware, reason: the renderer draws on a graphics card }\n    Properties: { InstanceType: t3.micro }\n",
    );
    assert_eq!(
        told(&judged),
        [format!(
            "justification/contradicted 5 \"hardware\"{OPEN} <- 6 \"InstanceType: t3.micro\" `t3.micro` contradicts it"
        )]
    );
    assert!(judged.decisions[0].justification.is_none());
}

#[test]
fn one_that_ends_soon_still_settles() {
    for (day, soon) in [
        ("2026-11-22", true),
        ("2026-12-22", true),
        ("2026-12-23", false),
    ] {
        let judged = server(&format!("{{ because: licence, {WORDS}, expires: {day} }}"));
        assert!(judged.decisions[0].justification.is_some());
        let note = format!(
            "justification/ends-soon 5 {day:?} <- 3 \"AWS::EC2::Instance\" settles Web until then"
        );
        let expected: &[String] = if soon { &[note] } else { &[] };
        assert_eq!(told(&judged), expected);
        assert!(
            judged
                .findings
                .iter()
                .all(|finding| finding.severity == Severity::Note)
        );
    }
}

#[test]
fn unused() {
    let judged = judge(
        "Metadata:
  sfl: { because: skills, reason: the whole template is new to the team, expires: 2027-06-30 }
Resources:
  Queue: # sfl: because=latency reason=\"the partner drops the call after 800 ms\"
    Type: AWS::SQS::Queue
  Web:
    Type: AWS::AutoScaling::AutoScalingGroup
    Metadata: { sfl: { because: licence, reason: the billing engine is licensed per core } }
    Properties: { MaxSize: 2, LaunchTemplate: { LaunchTemplateId: !Ref Machine } }
  Machine:
    Type: AWS::EC2::LaunchTemplate
    Metadata: { sfl: { because: licence, reason: the billing engine is licensed per core } }
  Role:
    Type: AWS::IAM::Role
    Metadata: { sfl: { because: licence, reason: the billing engine is licensed per core } }
  New:
    Type: AWS::New::Thing
    Metadata: { sfl: { because: licence, reason: the billing engine is licensed per core } }
",
    );
    let record = "{ because: licence, reason: the billing engine is licensed per core }";
    assert_eq!(
        told(&judged),
        [
            "justification/unused 2 \"{ because: skills, reason: the whole template is new to the team, expires: 2027-06-30 }\"".to_owned(),
            "justification/unused 4 \"# sfl: because=latency reason=\\\"the partner drops the call after 800 ms\\\"\"".to_owned(),
            format!("justification/unused 12 {record:?} <- 7 \"AWS::AutoScaling::AutoScalingGroup\" Web decides"),
            format!("justification/unused 15 {record:?}"),
        ]
    );
    assert_eq!(judged.records.len(), 6);
}

#[test]
fn a_reason_for_what_a_parameter_can_reach_is_not_unused() {
    let judged = judge(
        "Parameters:
  Kind: { Type: String, Default: FARGATE, AllowedValues: [FARGATE, EC2] }
  Warm: { Type: Number, Default: 0 }
Resources:
  Api:
    Type: AWS::Serverless::Function
    Metadata: { sfl: { because: latency, reason: the payment partner gives up after 800 ms } }
    Properties: { ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: !Ref Warm } }
",
    );
    assert_eq!(judged.decisions[0].rung.number(), 1);
    assert_eq!(told(&judged), [""; 0]);
}

#[test]
fn of_two_the_strictest_counts() {
    let judged = judge(
        "Resources:
  Web: # sfl: because=licence reason=\"the billing engine is licensed per core\"
    Type: AWS::EC2::Instance
    Metadata: { sfl: { because: licence, reason: the billing engine is licensed per core, expires: 2027-06-30 } }
",
    );
    let comment = "# sfl: because=licence reason=\"the billing engine is licensed per core\"";
    let record = "{ because: licence, reason: the billing engine is licensed per core, expires: 2027-06-30 }";
    assert_eq!(
        told(&judged),
        [format!(
            "justification/duplicate 2 {comment:?} <- 4 {record:?} this one counts <- 3 \"AWS::EC2::Instance\" both cover Web"
        )]
    );
    let settled = judged.decisions[0]
        .justification
        .as_ref()
        .expect("both are sound");
    assert_eq!(settled.start.line, 4);

    let judged = judge(
        "Resources:
  Web: # sfl: because=licence reason=\"the billing engine is licensed per core\"
    Type: AWS::EC2::Instance
    Metadata: { sfl: { because: licence, reason: the billing engine is licensed per core, expires: 2025-06-30 } }
",
    );
    let codes: Vec<String> = told(&judged)
        .iter()
        .map(|told| told.split('"').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(
        codes,
        ["justification/duplicate 2 ", "justification/expired 4 "]
    );
    assert!(
        judged.decisions[0].justification.is_none(),
        "one without an end hides no expired one"
    );
}

#[test]
fn a_record_for_many_is_at_fault_once() {
    let judged = judge(
        "Metadata:\n  sfl: { because: skills, reason: the whole template is new to the team }\nResources:\n  One: { Type: AWS::EC2::Instance }\n  Two: { Type: AWS::EC2::Instance }\n",
    );
    assert_eq!(
        told(&judged),
        [
            "justification/missing-field 2 \"skills\" <- 4 \"AWS::EC2::Instance\" One still needs a reason <- 5 \"AWS::EC2::Instance\" Two still needs a reason"
        ]
    );
}

#[test]
fn terraform_and_its_loops() {
    let text = r#"{"resource": {"aws_instance": {"worker": {
      "//": {"sfl": {"because": "hardware", "reason": "the renderer draws on a graphics card"}},
      "for_each": "${toset([\"north\", \"south\"])}",
      "instance_type": "t3.small"
    }}}}"#;
    let judged = stack::judge_text("main.tf.json", text, &options(Config::isolated()));
    let told = told(&judged);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("justification/contradicted 2 \"\\\"hardware\\\"\""),
        "{told:?}"
    );
    assert_eq!(judged.records.len(), 1);
    assert_eq!(judged.records[0].spoken.len(), 2);
}
