//! How to write a reason down.

use super::text::Page;
use super::words::Names;

/// Kinds of reasons, and what each says.
pub const KINDS: [(&str, &str); 12] = [
    (
        "dedicated-throughput",
        "steady load that needs capacity of its own",
    ),
    (
        "latency",
        "answers sooner than a cold start or a shared service allows",
    ),
    (
        "long-running",
        "work that takes longer than a function may run",
    ),
    ("hardware", "GPUs, local disks, an instruction set"),
    (
        "protocol",
        "a protocol or an engine feature that nothing above speaks",
    ),
    ("cost-at-scale", "cheaper at the load that is measured"),
    (
        "vendor-software",
        "software that a vendor supports on this rung only",
    ),
    ("licence", "a licence that is bound to hosts or cores"),
    ("compliance", "a rule that asks for isolation or control"),
    ("data-gravity", "data that can't move yet, or not so far"),
    ("migration", "on the way up; needs `expires`"),
    ("skills", "the team is learning; needs `expires`"),
];

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
    page.heading("because is one of");
    for (name, means) in KINDS {
        page.pair(name, means, 22);
    }
    page.gap();
    page.prose("`reason` needs words of its own. `owner`, `expires` and `evidence` (a URL or a file) are welcome.");
}
