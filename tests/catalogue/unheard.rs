//! Reasons that somebody wrote and nobody hears: each is said, with what to do about it.

use crate::judged::{judge, judge_as};

/// What is said of reasons in a text, with the line.
fn said(name: &str, text: &str) -> Vec<(usize, String)> {
    let judged = judge_as(name, text);
    let about = judged
        .findings
        .iter()
        .filter(|finding| finding.code.to_string().starts_with("justification/"));
    about
        .map(|finding| {
            let line = finding.source.position(finding.span.start).line as usize;
            (line, format!("{}: {}", finding.code, finding.message))
        })
        .collect()
}

const NOWHERE: &str =
    "justification/unused: this justification settles nothing: it is on no resource";
const LETTERS: &str =
    "justification/unused: this justification settles nothing: `sfl` is written in small letters";

#[test]
fn a_reason_beside_a_resource_is_not_lost() {
    let why = "sfl: because=licence reason=\"the maker counts the cores of the host\" owner=press evidence=https://example.com/press";
    let text = format!(
        "
# {why}
Resources:
  One:
    Type: AWS::EC2::Instance # {why}
  # {why}

  Two:
    Type: AWS::EC2::Instance
    Metadata: {{Sfl: {{because: licence, reason: the maker counts the cores of the host}}}}
  # SFL: because=licence reason=\"the maker counts the cores of the host\"
  Three:
    Type: AWS::EC2::Instance
  # SFL: the shared file library
  # {why}
  Heard:
    Type: AWS::EC2::Instance
  Also: # {why}
    Type: AWS::EC2::Instance
"
    );
    let said = said("stack.yaml", &text);
    let nowhere = |line: usize| (line, NOWHERE.to_owned());
    let letters = |line: usize| (line, LETTERS.to_owned());
    assert_eq!(
        said,
        [nowhere(2), nowhere(5), nowhere(6), letters(10), letters(11)]
    );
}

#[test]
fn terraform_hears_small_letters_only() {
    let text = "
# SFL: because=licence reason=\"the maker counts the cores of the host\"
resource \"aws_instance\" \"press\" {
  ami = \"ami-1\"
}
";
    assert_eq!(said("main.tf", text), [(2, LETTERS.to_owned())]);
}

#[test]
fn words_without_quotes_are_one_fault() {
    let text = "
Resources:
  # sfl: because=licence reason=licensed per core with the maker owner=press
  Press:
    Type: AWS::EC2::Instance
";
    let judged = judge(text);
    let faults = judged
        .findings
        .iter()
        .filter(|finding| finding.code.to_string().starts_with("justification/"));
    let faults: Vec<_> = faults.collect();
    let [fault] = faults[..] else {
        panic!("one message: {faults:#?}");
    };
    assert_eq!(
        fault.message,
        "this justification has a text of several words that needs quotes"
    );
    assert_eq!(
        fault.help[0].text,
        "write reason=\"licensed per core with the maker\""
    );
}

#[test]
fn what_has_ended_is_settled_by_no_reason() {
    let ledger = |kind: &str| {
        format!(
            "
Resources:
  # sfl: because=migration reason=\"the history moves to Aurora by the spring\" owner=books expires=2100-01-01
  Books:
    Type: {kind}
"
        )
    };
    let ended = said("stack.yaml", &ledger("AWS::QLDB::Ledger"));
    assert_eq!(
        ended,
        [(
            3,
            "justification/unused: this justification settles nothing: Amazon QLDB ended on 2025-07-31, and what has ended can't be settled by a reason"
                .to_owned()
        )]
    );
    // What only takes no new customers is.
    assert!(said("stack.yaml", &ledger("AWS::Timestream::Database")).is_empty());
}

#[test]
fn a_text_for_a_template_engine_is_called_so() {
    for text in [
        "{{- if .Values.table }}\nResources:\n  Orders: {Type: AWS::DynamoDB::Table}\n{{- end }}\n",
        "{% for name in names %}\nResources:\n  {{ name }}: {Type: AWS::DynamoDB::Table}\n{% endfor %}\n",
    ] {
        let judged = judge_as("orders.yaml", text);
        let problems: Vec<String> = judged.problems.iter().map(ToString::to_string).collect();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(
            problems[0].contains("a template engine makes YAML of this file"),
            "{problems:?}"
        );
    }
}
