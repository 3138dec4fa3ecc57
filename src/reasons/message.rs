//! The words of a finding about a fallback: what was chosen, what it leaves to run, the way up, and how to say why.

use std::path::Path;
use std::sync::Arc;

use super::kinds;
use crate::base::Syntax;
use crate::base::file_paths::{seen_from, slashed};
use crate::base::finding::{Finding, Help, Related, Section};
use crate::base::source::{Source, Span};
use crate::placement::{Advice, Bill, Decision, Dialect, Generator, Rung};

/// Members that are named before "and N more".
const MOST_MEMBERS: usize = 8;

/// A fallback that nobody justified.
#[must_use]
pub fn fallback(
    decision: &Decision,
    index: usize,
    syntax: Syntax,
    (source, span): (&Arc<Source>, Span),
    related: Vec<Related>,
    require: &[String],
) -> Finding {
    let rule = &decision.rule;
    let rung = decision.rung;
    let says = &rule.cases[decision.case].says;
    let doubt = if decision.uncertain() {
        ", as far as the template shows"
    } else {
        ""
    };
    let when = decision.assumed.as_ref();
    let mut when = when.map_or_else(String::new, |when| format!(" when {when}"));
    if let Some(deployed) = decision.deployed_in() {
        when.push(' ');
        when.push_str(&deployed);
    }
    if decision.is_left_out {
        when.push_str(", though the given values leave it out");
    } else if let Some(proviso) = decision.proviso() {
        let under = proviso.starts_with("under");
        when.push_str(if under { " " } else { ", " });
        when.push_str(&proviso);
    }
    let message = format!(
        "{} {says}{when}{doubt}: {}",
        decision.name(),
        rung_words(decision)
    );
    let mut help = Vec::new();
    let mut add = |section, text: String| {
        if !text.is_empty() {
            help.push(Help { section, text });
        }
    };
    add(Section::Members, members(decision));
    add(Section::NotSure, doubts(decision));
    add(Section::Reachable, reaches(decision));
    add(Section::Climb, climb(decision));
    add(Section::Fair, fair(decision));
    add(Section::SayWhy, snippet(decision, syntax, require));
    Finding {
        code: decision.code(),
        severity: super::severity(rung),
        message,
        label: match decision.text(rung, |advice| &advice.yours) {
            "" => String::new(),
            yours => format!("you manage {yours}"),
        },
        help,
        source: Arc::clone(source),
        span,
        related,
        address: Some(decision.address.clone()),
        construct: decision.construct.clone(),
        decision: Some(index),
        planned: None,
    }
}

/// How the message of a fallback ends.
#[must_use]
pub fn rung_words(decision: &Decision) -> String {
    format!(
        "rung {} of 4 on the {} ladder, and nobody wrote down why",
        decision.rung.number(),
        decision.ladder().title
    )
}

fn members(decision: &Decision) -> String {
    let members = &decision.members;
    let path = |member: &String| {
        let mut elsewhere = decision.elsewhere.iter();
        elsewhere.find(|(address, _)| address == member)
    };
    let shown = members.iter().zip(&decision.shown_members);
    let shown = shown.take(MOST_MEMBERS);
    let shown = shown.map(|(member, shown)| match path(member) {
        Some((_, path)) => format!("{shown} ({})", shortest(&decision.path, path)),
        None => shown.clone(),
    });
    let mut text = shown.collect::<Vec<_>>().join(", ");
    let more = members.len().saturating_sub(MOST_MEMBERS) + decision.unlisted_members;
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// A file as one names it from beside another, or as it is shown if that is shorter.
fn shortest(beside: &str, path: &str) -> String {
    let folder = Path::new(beside).parent().unwrap_or(Path::new(""));
    let is_below = Path::new(path).starts_with(folder);
    // Nobody knows what stands above the root.
    let is_outside = folder.starts_with("..");
    let seen = slashed(&seen_from(folder, Path::new(path)));
    match (is_outside && !is_below) || seen.len() >= path.len() {
        true => path.to_owned(),
        false => seen,
    }
}

fn doubts(decision: &Decision) -> String {
    decision.doubts.join("; ")
}

fn reaches(decision: &Decision) -> String {
    let reaches = decision.reachable.iter();
    let lines = reaches.map(|reach| {
        let rung = reach.rung;
        format!("rung {} ({}) {}", rung.number(), rung.name(), reach.words())
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The way up and how big a step it is, then what stands on the rungs above, the nearest first.
#[must_use]
pub fn climb(decision: &Decision) -> String {
    let mut lines = Vec::new();
    let way = decision.climb();
    lines.extend(Some(way.words()).filter(|up| !up.is_empty()));
    lines.extend(way.data_words());
    lines.extend(way.bills.iter().map(Bill::words));
    for rung in Rung::ALL[..decision.rung as usize].iter().rev() {
        let takes = decision.text(*rung, |advice: &Advice| &advice.takes);
        if !takes.is_empty() {
            lines.push(format!("rung {} is {takes}", rung.number()));
        }
    }
    lines.join("\n")
}

fn fair(decision: &Decision) -> String {
    decision.climb().fair.to_owned()
}

/// The kind that is most often true on a rung.
#[must_use]
pub const fn usual_kind(rung: Rung) -> &'static str {
    usual_kinds(rung)[0]
}

/// Kinds that are often true on a rung, the most frequent first.
const fn usual_kinds(rung: Rung) -> [&'static str; 3] {
    match rung {
        Rung::Serverless | Rung::Capacity => ["cost-at-scale", "latency", "compliance"],
        Rung::Cluster => ["dedicated-throughput", "protocol", "cost-at-scale"],
        Rung::Server => ["vendor-software", "protocol", "compliance"],
    }
}

/// A kind that may be true of a choice, so that the snippet is valid once its words are filled in: the most usual one that the
/// template does not speak against, one that needs nothing else if possible. None where it speaks against all.
#[must_use]
pub fn likely_kind(rung: Rung, contradicted: &[&str]) -> Option<&'static str> {
    let is_possible = |name: &&'static str| !contradicted.contains(name);
    let with_needs = |needs: bool| {
        let kinds = kinds::ALL.iter();
        kinds.filter(move |kind| kind.needs.is_empty() != needs)
    };
    let others = with_needs(false).chain(with_needs(true));
    let others = others.map(|kind| &*kind.name);
    usual_kinds(rung)
        .into_iter()
        .chain(others)
        .find(is_possible)
}

/// Letters of a line to copy that fits into 80 columns where it is shown.
const MOST_COPIED: usize = 74;

/// The shortest record that would settle it, in the words of the file's own format, with what the configuration requires.
#[must_use]
pub fn snippet(decision: &Decision, syntax: Syntax, require: &[String]) -> String {
    let kind = likely_kind(decision.rung, &decision.contradicted).unwrap_or("KIND");
    let by_kind = kinds::named(kind).map_or(&[][..], |kind| &kind.needs);
    let mut fields = vec![("because", kind), ("reason", "\"...\"")];
    for (field, value) in [
        ("owner", "\"...\""),
        ("expires", "YYYY-MM-DD"),
        ("evidence", "\"...\""),
    ] {
        let by_team = require.iter().any(|required| required == field);
        if by_team || by_kind.iter().any(|need| need == field) {
            fields.push((field, value));
        }
    }
    let quoted = |value: &str| format!("\"{}\"", value.trim_matches('"'));
    let record = |pair: &dyn Fn(&str, &str) -> String, between: &str| {
        let pairs: Vec<String> = fields.iter().map(|(key, value)| pair(key, value)).collect();
        pairs.join(between)
    };
    let ledger = || {
        format!(
            "[[justification]]\naddress = \"{}\"\n{}",
            decision.name().replace('\\', "\\\\").replace('"', "\\\""),
            record(&|key, value| format!("{key} = {}", quoted(value)), "\n")
        )
    };
    // On one line where that is to be copied from a terminal as it is, else each field on its own.
    let braced = |start: &str, end: &str, pair: &dyn Fn(&str, &str) -> String| {
        let line = format!("{start} {} {end}", record(pair, ", "));
        match line.len() <= MOST_COPIED {
            true => line,
            false => format!("{start}\n  {}\n{end}", record(pair, ",\n  ")),
        }
    };
    let json = |start: &str| {
        braced(start, "} }", &|key, value| {
            format!("\"{key}\": {}", quoted(value))
        })
    };
    let yaml = || {
        let pair = |key: &str, value: &str| format!("{key}: {value}");
        let line = format!("  sfl: {{ {} }}", record(&pair, ", "));
        match line.len() <= MOST_COPIED {
            true => format!("Metadata:\n{line}"),
            false => format!("Metadata:\n  sfl:\n    {}", record(&pair, "\n    ")),
        }
    };
    match decision.generator {
        Some(Generator::Cdk) => {
            let on = if decision.is_default_child {
                "(construct.node.defaultChild as CfnResource)"
            } else {
                "cfnResource"
            };
            let pair = |key: &str, value: &str| format!("{key}: {}", quoted(value));
            let call = braced(&format!("{on}.addMetadata(\"sfl\", {{"), "})", &pair);
            return format!(
                "in the app, since the CDK writes this template anew each time:\n{call}\nor in sfl.toml:\n{}",
                ledger()
            );
        }
        Some(Generator::CdkTerraform) => {
            return format!(
                "in sfl.toml, since the CDK for Terraform writes this file anew each time:\n{}",
                ledger()
            );
        }
        Some(Generator::Sam) => {
            return format!(
                "in the template that sam build reads, since it writes this one anew each time:\n{}",
                yaml()
            );
        }
        Some(Generator::Serverless) => {
            return format!(
                "on the resource in serverless.yml, from which this template is written anew each time:\n{}",
                yaml()
            );
        }
        None => {}
    }
    let dialect = match decision.written {
        Some(_) => Dialect::Terraform,
        None => decision.dialect,
    };
    match (dialect, syntax) {
        (Dialect::CloudFormation, _) if decision.block.is_empty() => format!(
            "in sfl.toml, since it has no block of its own:\n{}",
            ledger()
        ),
        (Dialect::CloudFormation, Syntax::Yaml) => yaml(),
        (Dialect::CloudFormation, Syntax::Json | Syntax::Hcl) => json("\"Metadata\": { \"sfl\": {"),
        (Dialect::Terraform, Syntax::Hcl) => {
            format!(
                "# sfl: {}",
                record(&|key, value| format!("{key}={}", quoted(value)), " ")
            )
        }
        (Dialect::Terraform, _) => json("\"//\": { \"sfl\": {"),
        (Dialect::Plan, _) => format!("in sfl.toml, since a plan keeps no comments:\n{}", ledger()),
    }
}

#[cfg(test)]
mod tests {
    use super::{kinds, likely_kind, shortest};
    use crate::placement::Rung;

    #[test]
    fn the_likely_kind_is_the_most_usual_one_that_is_left() {
        assert_eq!(likely_kind(Rung::Server, &[]), Some("vendor-software"));
        let left = |left: &str| -> Vec<&str> {
            let names = kinds::NAMES.iter().copied();
            names.filter(|name| *name != left).collect()
        };
        assert_eq!(
            likely_kind(Rung::Server, &left("data-gravity")),
            Some("data-gravity")
        );
        // It needs an end, so it is the last resort.
        assert_eq!(
            likely_kind(Rung::Cluster, &left("migration")),
            Some("migration")
        );
        assert_eq!(likely_kind(Rung::Cluster, &left("")), None);
    }

    #[test]
    fn a_path_is_as_short_as_it_can_be() {
        for (beside, path, shown) in [
            ("infra/shop/web.tf", "infra/shop/tasks.tf", "tasks.tf"),
            ("infra/shop/web.tf", "infra/shop/parts/a.tf", "parts/a.tf"),
            ("infra/shop/web.tf", "infra/till/a.tf", "../till/a.tf"),
            ("a/b/c/web.tf", "d/e.tf", "d/e.tf"),
            ("web.tf", "tasks.tf", "tasks.tf"),
            ("../shop/web.tf", "../shop/tasks.tf", "tasks.tf"),
            ("../shop/web.tf", "till/a.tf", "till/a.tf"),
            ("/work/shop/web.tf", "/work/shop/tasks.tf", "tasks.tf"),
        ] {
            assert_eq!(shortest(beside, path), shown, "{beside}");
        }
    }
}
