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
