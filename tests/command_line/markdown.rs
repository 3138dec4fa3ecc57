//! The Markdown report as a job of GitHub Actions writes it: its findings lead to their lines.

use std::fs;

use crate::repository::{Repository, alone};

const SERVER: &str =
    "Resources:\n  Web:\n    Type: AWS::EC2::Instance\n    Properties: { ImageId: ami-1 }\n";

fn written(shop: &Repository, folder: &str, job: bool) -> String {
    let mut command = alone(env!("CARGO_BIN_EXE_sfl"), &shop.path().join(folder));
    if job {
        command
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_REPOSITORY", "shop/orders")
            .env("GITHUB_SHA", "c0ffee");
    }
    let output = command
        .args(["check", "--exit-zero", "--format", "markdown"])
        .args(["--output", "markdown=report.md"])
        .output()
        .expect("the program runs");
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).expect("it prints UTF-8");
    let file = shop.path().join(folder).join("report.md");
    assert_eq!(printed, fs::read_to_string(file).expect("it was written"));
    printed
}

#[test]
fn a_finding_leads_to_its_line_where_the_commit_is_known() {
    let shop = Repository::new(&[("infra/a b.yaml", SERVER)]);
    let link = "href=\"https://github.com/shop/orders/blob/c0ffee/infra/a%20b.yaml#L3\"";
    assert!(written(&shop, "infra", true).contains(link));
    assert!(written(&shop, "", true).contains(link));
    let alone = written(&shop, "infra", false);
    assert!(!alone.contains("href"), "{alone}");
    assert!(alone.contains("<code>a b.yaml:3</code>"), "{alone}");
}

#[test]
fn findings_of_one_kind_are_explained_once() {
    use std::fmt::Write as _;
    let mut text = "Resources:\n".to_owned();
    for number in 0..40 {
        let _ = writeln!(
            text,
            "  Host{number}:\n    Type: AWS::EC2::Instance\n    Properties: {{ ImageId: ami-{number} }}"
        );
    }
    text += "  Db:\n    Type: AWS::RDS::DBCluster\n    Properties: { Engine: aurora-mysql }\n";
    let shop = Repository::new(&[("a.yaml", &text)]);
    let markdown = |flags: &[&str]| {
        let (code, out, error) = shop.said(&[&["check", "--format", "markdown"], flags].concat());
        assert_eq!(code, 1, "{error}");
        out
    };
    let short = markdown(&[]);
    assert_eq!(short.matches("<details>").count(), 2, "{short}");
    assert!(
        short.contains("each of these 40 is an EC2 instance: rung 4 of 4 on the compute ladder"),
        "{short}"
    );
    assert_eq!(short.matches("climb: ").count(), 2, "{short}");
    for number in 0..40 {
        let place = format!("  - `a.yaml:{}` `Host{number}`\n", 3 + number * 3);
        assert!(short.contains(&place), "{place}: {short}");
    }
    assert!(short.lines().count() < 110, "{short}");
    // The one of its kind is shown as it always was, and --full shows each.
    assert!(short.contains("<code>a.yaml:123</code>"), "{short}");
    assert_eq!(markdown(&["--full"]).matches("<details>").count(), 41);
}

#[test]
fn a_reason_is_shown_in_the_form_of_each_dialect() {
    let terraform = "resource \"aws_instance\" \"web\" {\n  ami = \"ami-1\"\n}\n";
    let shop = Repository::new(&[
        ("a.yaml", SERVER),
        ("b.yaml", SERVER),
        ("main.tf", terraform),
    ]);
    let text = written(&shop, "", false);
    assert_eq!(text.matches("or say why").count(), 2, "{text}");
    assert!(text.contains("- or say why, as in `a.yaml`:"), "{text}");
    assert!(text.contains("- or say why, as in `main.tf`:"), "{text}");
    let forms: Vec<&str> = text.split("- or say why").skip(1).collect();
    assert!(forms[0].contains("Metadata:"), "{text}");
    assert!(forms[1].contains("# sfl:"), "{text}");
    // Of one dialect there is one form.
    shop.remove("main.tf");
    let text = written(&shop, "", false);
    assert_eq!(text.matches("- or say why:\n").count(), 1, "{text}");
}
