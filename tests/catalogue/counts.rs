//! How many there are of a block: what no variable can change is certain, and what Terraform refuses is said where it stands.

use crate::judged::{judge_as, lines};

const HEAD: &str =
    "variable \"on\" {\n  type = bool\n}\nvariable \"size\" {\n  type = number\n  default = 2\n}\n";

fn instance(arguments: &str) -> String {
    format!(
        "{HEAD}resource \"aws_instance\" \"till\" {{\n  {arguments}\n  instance_type = \"t4g.small\"\n}}\n"
    )
}

#[test]
fn what_no_variable_can_change_is_certain() {
    let never = [
        "count = var.on && false ? 1 : 0",
        "count = false && var.on ? 1 : 0",
        "count = var.on || true ? 0 : 1",
        "count = var.on ? 0 : 0",
        "count = var.size > 1 ? 0 : 0",
        "for_each = var.on && false ? toset([\"a\"]) : toset([])",
    ];
    for arguments in never {
        let judged = judge_as("main.tf", &instance(arguments));
        assert_eq!(lines(&judged), [""; 0], "{arguments}");
    }
    let always = [
        "count = var.on || true ? 1 : 0",
        "count = true || var.on ? 1 : 0",
        "count = var.on && false ? 0 : 1",
        "count = var.on ? 1 : 1",
    ];
    for arguments in always {
        let judged = judge_as("main.tf", &instance(arguments));
        let expected = ["aws_instance.till[0] compute 4"];
        assert_eq!(lines(&judged), expected, "{arguments}");
    }
}

#[test]
fn what_a_variable_can_change_stays_open() {
    let open = [
        "count = var.on && true ? 1 : 0",
        "count = var.on || false ? 1 : 0",
        "count = var.on ? 1 : 0",
        "count = var.on ? 0 : var.size",
        "count = var.size > 2 ? 1 : 0",
        "count = var.size == 2 ? 0 : (var.size == 3 ? 1 : 0)",
    ];
    for arguments in open {
        let judged = judge_as("main.tf", &instance(arguments));
        let lines = lines(&judged);
        let [line] = &lines[..] else {
            panic!("{arguments}: {lines:?}");
        };
        assert!(
            line.contains(" compute 4 conditional"),
            "{arguments}: {line}"
        );
    }
}

/// What Terraform refuses, and what it underlines.
fn said(arguments: &str) -> Vec<(String, String)> {
    let judged = judge_as("main.tf", &instance(arguments));
    let refused = judged.findings.iter();
    let refused = refused.filter(|finding| finding.code == "source/hcl");
    let said = refused.map(|finding| {
        let shown = finding.span.of(finding.source.text());
        (finding.message.clone(), shown.to_owned())
    });
    said.collect()
}

#[test]
fn what_terraform_refuses_is_said_where_it_stands() {
    let refused = [
        ("count = -1", "-1", "`count` can't be less than 0"),
        ("count = 1.5", "1.5", "`count` has to be a whole number"),
        ("count = null", "null", "`count` can't be null"),
        ("count = \"two\"", "\"two\"", "`count` has to be a number"),
        (
            "for_each = [\"a\"]",
            "[\"a\"]",
            "`for_each` can't be a list: `toset` makes a set of it",
        ),
        ("for_each = null", "null", "`for_each` can't be null"),
        (
            "for_each = toset([1, 2])",
            "toset([1, 2])",
            "a set in `for_each` can only have texts in it",
        ),
    ];
    for (arguments, shown, message) in refused {
        let expected = [(message.to_owned(), shown.to_owned())];
        assert_eq!(said(arguments), expected, "{arguments}");
    }
}

#[test]
fn what_terraform_takes_or_a_variable_decides_is_not_refused() {
    let fine = [
        "count = 0",
        "count = \"2\"",
        "count = var.size",
        "count = var.size - 3",
        "count = var.on ? null : 1",
        "for_each = toset([])",
        "for_each = toset([\"a\", \"b\"])",
        "for_each = { a = 1, b = null }",
        "for_each = var.on ? toset([\"a\"]) : null",
        "for_each = toset(aws_subnet.near[*].id)",
    ];
    for arguments in fine {
        assert_eq!(said(arguments), [], "{arguments}");
    }
}
