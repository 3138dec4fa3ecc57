//! How to write a reason down.

use super::page::Page;
use crate::reasons::kinds::ALL as KINDS;
use crate::rulebook::wording::Names;

const YAML: &str = "\
Metadata:
  sfl:
    because: licence
    reason: the billing engine is licensed per physical core
    owner: team-billing
    expires: 2027-06-30";

const COMMENT: &str =
    r#"Billing: # sfl: because=licence reason="licensed per physical core" expires=2027-06-30"#;

const TERRAFORM: &str =
    r#""//": { "sfl": { "because": "licence", "reason": "...", "owner": "team-billing" } }"#;

const LEDGER: &str = r#"[[justification]]
path = "infra/*.yaml"
address = "Billing"
because = "licence"
reason = "the billing engine is licensed per physical core"
expires = 2027-06-30"#;

/// The last part of a page about a code, which speaks of no file.
pub fn briefly(page: &mut Page<'_>) {
    page.heading("or say why");
    page.prose(
        "Serverless first is not serverless only. It needs a reason until somebody writes one down; with one, it is settled. `sfl justify NAME` writes it where it belongs; in a template of CloudFormation it looks like this:",
    );
    page.copy("Metadata:\n  sfl: { because: licence, reason: \"the engine is licensed per physical core\" }");
    kinds(page);
}

/// The last part of a page about a fallback.
pub fn write(names: Names, page: &mut Page<'_>) {
    page.heading("or say why");
    page.prose(
        "Serverless first is not serverless only. A fallback with a written reason is settled:",
    );
    if names != Names::Terraform {
        page.prose("on the resource, in CloudFormation");
        page.copy(YAML);
        page.prose("or, in YAML, as a comment on the line of its name");
        page.copy(COMMENT);
    }
    if names != Names::CloudFormation {
        page.prose("in the block, in Terraform JSON");
        page.copy(TERRAFORM);
    }
    page.prose("in sfl.toml, for anything");
    page.copy(LEDGER);
    kinds(page);
}

fn kinds(page: &mut Page<'_>) {
    page.heading("because is one of");
    for kind in KINDS.iter() {
        page.pair(&kind.name, &kind.means, 22);
    }
    page.gap();
    page.prose("`reason` needs words of its own. `owner`, `expires` and `evidence` (a URL or a file) are welcome.");
}
