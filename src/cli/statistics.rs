//! `sfl check --statistics`: how many findings there are of each code and rule, and how many of them sfl can fix.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Exit, print};
use crate::base::finding::Severity;
use crate::base::{FixOffer, Safety};
use crate::compare::Compared;
use crate::report::{Style, baseline_sentences, not_shown_sentence};

#[derive(Default)]
struct Tally {
    findings: usize,
    safe: usize,
    unsafe_: usize,
}

/// Shows them, the most first.
pub fn show(report: &Compared, style: &Style) -> Exit {
    print(|out| write(report, style, out), style.color)
}

fn write(report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut tallies: BTreeMap<(Severity, String, &str), Tally> = BTreeMap::new();
    for finding in &report.findings {
        let decision = report.decision(finding);
        let rule = decision.map_or("", |decision| &decision.rule.name);
        let key = (finding.severity, finding.code.to_string(), rule);
        let tally = tallies.entry(key).or_default();
        tally.findings += 1;
        // A fix is that of the fallback, and not of whatever else is said of the same resource.
        if report.unexplained(finding).is_none() {
            continue;
        }
        match decision.and_then(|decision| decision.fix.as_ref()) {
            Some(FixOffer::Offered(fix)) if fix.safety == Safety::Safe => tally.safe += 1,
            Some(FixOffer::Offered(_)) => tally.unsafe_ += 1,
            _ => {}
        }
    }
    let mut rows: Vec<_> = tallies.into_iter().collect();
    rows.sort_by_key(|((severity, ..), tally)| (Reverse(tally.findings), Reverse(*severity)));
    let width = |of: &dyn Fn(&(Severity, String, &str)) -> usize| {
        rows.iter().map(|(key, _)| of(key)).max().unwrap_or(0)
    };
    let number = rows
        .first()
        .map_or(0, |(_, tally)| tally.findings.to_string().len());
    let severities = width(&|(severity, ..)| severity.name().len());
    let codes = width(&|(_, code, _)| code.len());
    let rules = width(&|(.., rule)| rule.len());
    for ((severity, code, rule), tally) in &rows {
        let word = format!("{:severities$}", severity.name());
        let line = format!(
            "{:>number$}  {}  {:codes$}  {:rules$}  {}",
            tally.findings,
            style.severity(*severity, &word),
            style.plain(code),
            style.plain(rule),
            fixable(tally)
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    let all: usize = rows.iter().map(|(_, tally)| tally.findings).sum();
    let safe: usize = rows.iter().map(|(_, tally)| tally.safe).sum();
    let unsafe_: usize = rows.iter().map(|(_, tally)| tally.unsafe_).sum();
    if !rows.is_empty() {
        writeln!(out)?;
    }
    let mut text = crate::analysis::summary::count(all, "finding");
    if safe > 0 {
        text.push_str(&format!(", {safe} fixable with --fix"));
    }
    if unsafe_ > 0 {
        text.push_str(&format!(", {unsafe_} more with --fix --unsafe-fixes"));
    }
    writeln!(out, "{text}")?;
    for sentence in report.baseline.iter().flat_map(baseline_sentences) {
        writeln!(out, "{}", style.plain(&sentence))?;
    }
    if let Some(sentence) = not_shown_sentence(report) {
        writeln!(out, "{}", style.plain(&sentence))?;
    }
    Ok(())
}

fn fixable(tally: &Tally) -> String {
    match (tally.safe, tally.unsafe_) {
        (0, 0) => String::new(),
        (safe, 0) => format!("{safe} fixable"),
        (0, unsafe_) => format!("{unsafe_} fixable (unsafe)"),
        (safe, unsafe_) => format!("{} fixable ({unsafe_} unsafe)", safe + unsafe_),
    }
}
