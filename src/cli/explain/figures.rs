//! Facts of a rule that have a source: what is paid although nobody uses it, and the numbers in its words.

use super::page::Page;
use crate::placement::{Ladder, Rule};
use crate::rulebook::{Bill, ProviderLimit};

/// Those of a rule, each with its source.
pub fn write(rule: &Rule, page: &mut Page<'_>) {
    let bills = rule.bills();
    if !bills.is_empty() {
        page.heading("what idling costs");
        for bill in bills {
            page.entry("mind", &[&*bill.says, &*read(&bill.source, &bill.checked)]);
        }
    }
    let limits = rule.limits();
    if !limits.is_empty() {
        page.heading("limits in these words");
        for limit in limits {
            let lines = [&*limit.of, &*read(&limit.source, &limit.checked)];
            page.entry(&limit.words(), &lines);
        }
    }
}

fn read(source: &str, checked: &str) -> String {
    format!("source: {source}, read on {checked}")
}

/// Those of everything on a ladder, as parts of its page.
pub fn write_all<'r>(ladder: &Ladder, rules: impl Iterator<Item = &'r Rule>, page: &mut Page<'_>) {
    let mut bills: Vec<&Bill> = Vec::new();
    let mut limits: Vec<&ProviderLimit> = Vec::new();
    let elsewhere = ladder.elsewhere.iter().flat_map(|other| &other.rungs);
    for advice in ladder.rungs.iter().chain(elsewhere) {
        bills.extend(&advice.bills);
        limits.extend(&advice.limits);
    }
    for rule in rules {
        bills.extend(rule.bills());
        limits.extend(rule.limits());
    }
    bills.sort_by_key(|bill| &*bill.name);
    bills.dedup_by_key(|bill| &*bill.name);
    limits.sort_by_key(|limit| &*limit.name);
    limits.dedup_by_key(|limit| &*limit.name);
    if !bills.is_empty() {
        page.part("What idling costs");
        for bill in bills {
            let (says, source, day) = (&bill.says, &bill.source, &bill.checked);
            page.raw(&format!("- {says} ([source]({source}), read on {day})"));
        }
    }
    if !limits.is_empty() {
        page.part("Limits");
        page.prose("Numbers of the providers that these words name.");
        for limit in limits {
            let (words, source, day) = (limit.words(), &limit.source, &limit.checked);
            let of = &limit.of;
            page.raw(&format!(
                "- {of}: {words} ([source]({source}), read on {day})"
            ));
        }
        page.gap();
    }
}
