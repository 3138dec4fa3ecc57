//! One line per decision, for a spreadsheet.

use std::io::{self, Write};

use ::csv::{Terminator, Writer, WriterBuilder};

use super::owned::place;
use super::{visible, words};
use crate::analysis::Field;
use crate::analysis::{Decision, Liability};
use crate::base::finding::fingerprint;
use crate::compare::Compared;
use crate::liability;

/// The columns. New ones are added at the end; none is renamed or moved.
pub const COLUMNS: [&str; 34] = [
    "path",
    "line",
    "column",
    "address",
    "type",
    "ladder",
    "rung",
    "rung_name",
    "score",
    "reachable",
    "conditional",
    "uncertain",
    "doubts",
    "fallback",
    "severity",
    "justified",
    "because",
    "reason",
    "owner",
    "expires",
    "evidence",
    "carrier",
    "members",
    "rule",
    "fingerprint",
    "construct",
    "conditional_on",
    "left_out",
    "decision_owner",
    "owner_from",
    "stream",
    "duties",
    "script_lines",
    "liability",
];

/// Things of which the lines are named; the number of all others stands behind them.
const MOST_OWNED: usize = 20;

/// A table with its head.
///
/// # Errors
/// Those of `out`.
pub(super) fn table<'w>(
    columns: &[&str],
    out: &'w mut dyn Write,
) -> io::Result<Writer<&'w mut dyn Write>> {
    let mut table = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(out);
    table.write_record(columns).map_err(failed)?;
    Ok(table)
}

/// The error of the writer itself: a closed pipe stays one.
pub(super) fn failed(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        kind => io::Error::other(format!("{kind:?}")),
    }
}

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let mut table = table(&COLUMNS, out)?;
    let owned = liability::of_decisions(report);
    for (decision, owned) in report.decisions.iter().zip(&owned) {
        let owned: Vec<&Liability> = owned.iter().map(|at| &report.liabilities[*at]).collect();
        row(decision, &owned, &mut table)?;
    }
    table.flush()
}

fn row(
    decision: &Decision,
    owned: &[&Liability],
    table: &mut Writer<&mut dyn Write>,
) -> io::Result<()> {
    let reason = decision.justification.as_ref().map(|found| &found.reason);
    let told = |field: Option<&Field>| cell(&words::field(field));
    let reachable = decision.reachable.iter();
    let reachable = reachable.map(|one| format!("{} {}", one.rung.name(), one.words()));
    let code = decision.code().to_string();
    let severity = if decision.fallback {
        decision.severity.name()
    } else {
        ""
    };
    let owner = decision.owner.as_ref();
    let owners = owner.map_or(&[][..], |owner| &owner.names);
    let duties = liability::duties(decision).map(|duty| duty.name);
    let scripts = owned.iter().filter(|one| liability::kind(one).is_lines);
    let lines = scripts.map(|one| one.lines);
    let row: [String; COLUMNS.len()] = [
        cell(&decision.path),
        decision.start.line.to_string(),
        decision.start.column.to_string(),
        cell(&decision.address),
        cell(&decision.kind),
        cell(&decision.ladder().name),
        decision.rung.number().to_string(),
        decision.rung.name().to_owned(),
        decision.rung.score().to_string(),
        cell(&reachable.collect::<Vec<_>>().join("; ")),
        decision.conditional.to_string(),
        decision.uncertain().to_string(),
        cell(&decision.doubts.join("; ")),
        decision.fallback.to_string(),
        severity.to_owned(),
        decision.justification.is_some().to_string(),
        told(reason.and_then(|reason| reason.because.as_ref())),
        told(reason.and_then(|reason| reason.reason.as_ref())),
        told(reason.and_then(|reason| reason.owner.as_ref())),
        told(reason.and_then(|reason| reason.expires.as_ref())),
        told(reason.and_then(|reason| reason.evidence.as_ref())),
        reason.map_or("", |reason| reason.carrier.name()).to_owned(),
        cell(&decision.members.join("; ")),
        cell(&decision.rule.name),
        fingerprint(&[&decision.path, &decision.address, &code]),
        cell(decision.construct.as_deref().unwrap_or_default()),
        cell(&decision.conditional_on.join("; ")),
        decision.is_left_out.to_string(),
        cell(&owners.join("; ")),
        decision
            .owner
            .as_ref()
            .map_or("", |owner| owner.from.name())
            .to_owned(),
        cell(decision.stream.as_deref().unwrap_or_default()),
        cell(&duties.collect::<Vec<_>>().join("; ")),
        lines.sum::<usize>().to_string(),
        cell(&places(owned)),
    ];
    table.write_record(&row).map_err(failed)
}

/// `user-data a.yaml:16-21; image a.yaml:9`: what is for a decision, and where it stands.
fn places(owned: &[&Liability]) -> String {
    let named = owned.iter().take(MOST_OWNED);
    let mut named: Vec<String> = named
        .map(|one| format!("{} {}", liability::kind(one).name, place(one)))
        .collect();
    if owned.len() > MOST_OWNED {
        named.push(format!("{} more", owned.len() - MOST_OWNED));
    }
    named.join("; ")
}

/// A text of somebody else's. A spreadsheet takes a cell for a formula by its first character, and some look behind spaces
/// and quotes: an apostrophe before it makes it a text.
pub(super) fn cell(text: &str) -> String {
    let seen = visible::line(text, true);
    let mut begin = text.trim_start_matches([' ', '"', '\'']).chars();
    let formula = matches!(
        begin.next(),
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    );
    if formula {
        format!("'{seen}")
    } else {
        seen.into_owned()
    }
}

#[cfg(test)]
mod tests;
