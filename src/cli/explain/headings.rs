//! What columns, headings and states in reports say, word by word.

/// Words and their meanings, in order.
pub const HEADINGS: [(&str, &str); 88] = [
    (
        "accepted",
        "Decisions below rung 1 on a rung that `[ladders]` or `[[override]]` in sfl.toml accepts: nobody has to say why.",
    ),
    (
        "all",
        "All hosting choices that were found, whatever their rung.",
    ),
    (
        "baseline",
        "A file that lists the fallbacks of an old estate, so that `sfl check` reports only what is new or worse. `sfl baseline` writes it.",
    ),
    ("better", "Decisions that a change moves to a better rung."),
    (
        "but",
        "What the template itself says against the way up: look at that first.",
    ),
    (
        "climb",
        "The way up: what would stand on a better rung, and how big a step it is.",
    ),
    ("complete", "What a written reason still needs to count."),
    (
        "conditional",
        "The resource is only there under a condition, or for some values: `count`, `for_each`, `Condition`. It counts as if it were there.",
    ),
    (
        "construct",
        "What an app of the CDK calls a part of it, as `prod/Orders/Redis`. Reports show it in the place of the generated address, and `sfl justify` takes it for one.",
    ),
    ("correct", "What to correct in a written reason."),
    (
        "decision",
        "A hosting choice: a resource that decides where code runs or data lives. Networks, names and permissions are none.",
    ),
    (
        "duty",
        "What somebody has to do as long as a decision stays on its rung: the operating system, patching, versions, failover, scaling, idle capacity. `sfl next` weighs them, `sfl liability` counts them.",
    ),
    (
        "ends",
        "Reasons that count until a day (`expires`), and the first of these days. `sfl justifications` lists them.",
    ),
    (
        "error",
        "The highest severity: that of rung 4 unless sfl.toml says otherwise, and of what is plainly wrong.",
    ),
    (
        "estate",
        "All that a run reads, taken together: its decisions, its templates, its score.",
    ),
    (
        "evidence",
        "A file or a page that backs up a written reason, in its field `evidence`.",
    ),
    (
        "excluded",
        "Files that `exclude` in sfl.toml, or `--exclude`, leaves out.",
    ),
    (
        "explained",
        "Fallbacks for which somebody wrote down a sound reason.",
    ),
    (
        "fair",
        "When it is fair to stay on a rung: what makes a good reason there.",
    ),
    (
        "fallback",
        "A decision below the rung that is accepted for its ladder. It is settled by a way up or by a written reason.",
    ),
    (
        "faulty",
        "A written reason that does not count, because something about it is wrong: its fault is a finding of its own.",
    ),
    (
        "gate",
        "Of a target: with `gate = true`, a score that is missed after its day fails the run, with purpose/missed.",
    ),
    (
        "generated",
        "A program writes templates here and has not written them, or they are not read: run it, and check what it writes.",
    ),
    (
        "gone",
        "Decisions that were there before and are not any more. What nobody could look at has not gone.",
    ),
    (
        "ignored",
        "Files and folders that an ignore file hides. `--no-ignore` reads them.",
    ),
    (
        "instead",
        "What to take in the place of a service or version that ends.",
    ),
    (
        "its context says",
        "What AWS Context has written down about the resource.",
    ),
    (
        "justification",
        "A written reason, as fields and codes call it: `[[justification]]` is an entry of the ledger, and justification/... is what is wrong with one.",
    ),
    (
        "justified",
        "Fallbacks for which somebody wrote down a sound reason. They are settled, and score as before.",
    ),
    (
        "known",
        "What a baseline lists, or what was the same before a change: it is counted and not said again.",
    ),
    (
        "ladder",
        "The choices that can stand for each other, best first: compute, relational, cache and others. Each has up to four rungs.",
    ),
    (
        "ledger",
        "Reasons that stand in sfl.toml, or in a file that it names, because no template can hold them.",
    ),
    (
        "left-out",
        "What is never looked at unless it is named: hidden files and folders, installed packages.",
    ),
    (
        "liability",
        "What servers make somebody own beside their rung: scripts, images, agents, and rules written by hand. `sfl liability` shows where.",
    ),
    (
        "machinery",
        "What only the deployment uses, as the functions that the CDK adds: it counts nowhere.",
    ),
    (
        "member",
        "A resource that only serves a decision, as an instance of a database cluster: it counts with it.",
    ),
    (
        "members",
        "Resources that only serve the decision, as the instances of a database cluster: they count with it.",
    ),
    (
        "mind the bill",
        "What the way up costs although nobody uses it, or what costs more there: a price to know before the step.",
    ),
    (
        "missed",
        "Of a target: its day is over, or it gates, and the score is not there. Where it gates, purpose/missed says so.",
    ),
    (
        "module-calls",
        "Modules of Terraform that are called and not at hand: `terraform init` fetches them, and a plan holds them.",
    ),
    ("more", "Where to read on."),
    (
        "moved",
        "Of a decision: its rung is another than before. Where only its file or its name is another, it is relocated; in JSON, `moved` lists those.",
    ),
    (
        "nested-stacks",
        "Templates that a stack names and that are not at hand: hosting choices may stand in them.",
    ),
    (
        "never",
        "What `[justifications] never` in sfl.toml lists: no reason settles it, only the way up.",
    ),
    (
        "new",
        "Decisions that were not there before. Those that are fallbacks need a way up or a reason.",
    ),
    (
        "newly explained",
        "Fallbacks for which a change writes down a sound reason.",
    ),
    (
        "nobody",
        "No owner is known, from CODEOWNERS, template or value stream. `--owned-by nobody` and `--owner nobody` ask for those.",
    ),
    (
        "not sure",
        "What the template leaves open, and why nothing decides between the rungs. `--strict` assumes the worst.",
    ),
    (
        "note",
        "The lowest severity, that of rung 2 unless sfl.toml says otherwise: it fails the run only with `--fail-on note`.",
    ),
    ("nothing", "Of a target: no decision counts for it."),
    (
        "open",
        "Fallbacks that need a reason: nobody wrote one down, or it does not count.",
    ),
    (
        "or say until when",
        "The plan to paste, where somebody leaves a service that ends in time, and not today.",
    ),
    (
        "or say why",
        "The reason to paste, in the form that the file takes, where the way up is not taken.",
    ),
    (
        "out of sight",
        "A template that is there and not read: ignored, excluded, moved, renamed or too large. What it held has not gone: template/hidden says so.",
    ),
    (
        "owner",
        "Who answers for it: by CODEOWNERS, by the template, or by the value stream.",
    ),
    (
        "parts",
        "Parts of a template that could not be worked out, as a loop over something unknown.",
    ),
    (
        "plumbing",
        "What is no hosting choice: networks, names, permissions. It is not scored.",
    ),
    (
        "property",
        "A step of a way up: a property changes. `--fix` makes some of these steps.",
    ),
    (
        "reachable",
        "Rungs that a parameter's other allowed value, or another value of a deployment, would reach. `--strict` counts the worst of them.",
    ),
    ("reached", "Of a target: the score is there."),
    (
        "reason",
        "Why a fallback is there, written down where it stands or in the ledger. It settles the finding and leaves the score as it is.",
    ),
    (
        "record",
        "A reason as it stands in a template or in the ledger: `because` and `reason`, and with them `owner`, `expires`, `evidence` and `by`.",
    ),
    (
        "redesign",
        "A step of a way up: what uses the resource changes too, so it is a piece of work and no edit.",
    ),
    (
        "refused",
        "What stands in a folder and is not opened: links, devices, files that are too large.",
    ),
    (
        "relocated",
        "Decisions that are the same as before, in another file or under another name.",
    ),
    (
        "removal",
        "A step of a way up: a resource goes, and nothing takes its place.",
    ),
    (
        "renew",
        "How a reason that has ended, or soon does, gets a new end.",
    ),
    (
        "replaced",
        "Changing this makes the resource anew: the old one, and data that only it holds, is deleted. Look before you deploy.",
    ),
    (
        "resource",
        "A step of a way up: a resource is replaced, and what uses it stays.",
    ),
    (
        "rung",
        "How much of the running is left to you: 1 serverless, 2 capacity, 3 cluster, 4 server. The lower the number, the less.",
    ),
    (
        "score",
        "0 to 100: a decision scores 100, 70, 30 or 0 on rungs 1 to 4, and a file, a ladder or all of it the mean of its decisions. A reason does not change it.",
    ),
    (
        "severity",
        "How much a finding weighs: a note on rung 2, a warning on rung 3, an error on rung 4, unless sfl.toml says otherwise. `--fail-on` decides what fails.",
    ),
    (
        "skipped",
        "Files that were looked into and are no templates. `sfl check --show-files` lists them.",
    ),
    (
        "sound",
        "A written reason that counts: its words say why, its kind fits what the template says, and it has not ended.",
    ),
    ("source", "The page of the provider that says so."),
    (
        "stack",
        "What is deployed together: a template, a folder of Terraform, a stack of the CDK.",
    ),
    (
        "stream",
        "A value stream of sfl.toml: paths that serve one purpose, with an owner.",
    ),
    (
        "strict",
        "`--strict` assumes the worst: of what is uncertain, the rung nearest to a server, and of every value that a parameter is allowed, the worst one.",
    ),
    (
        "target",
        "A score to be reached, by a day if it has one: `[[purpose.target]]` in sfl.toml. Reports say how far away it is.",
    ),
    (
        "template",
        "A file that says what is deployed: CloudFormation, SAM, Terraform, or a plan.",
    ),
    (
        "terraform-syntax",
        "Files in the syntax of a tool that writes Terraform, as Terragrunt: what they make is not read.",
    ),
    (
        "uncertain",
        "The template does not say enough: another rung is possible as well. `--strict` assumes the worst.",
    ),
    (
        "unknown-types",
        "Types that the catalogue does not know: they may be hosting choices, and are not scored.",
    ),
    (
        "unread",
        "What may hold hosting choices and was not read, and why: a report names it beside its numbers. Of a written reason: nothing that it speaks of was read.",
    ),
    ("valid", "What could stand in the place of what does."),
    (
        "warning",
        "The severity of rung 3 unless sfl.toml says otherwise. From here on a finding fails the run, as long as `--fail-on` says nothing else.",
    ),
    (
        "worse",
        "Decisions that a change moves to a worse rung, or whose reason it takes away.",
    ),
    ("yours", "What is left for you to run on a rung."),
];
