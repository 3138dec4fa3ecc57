//! What servers make somebody own: for people, for a spreadsheet, for an issue, and for programs as `sfl-liability/1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use super::Style;
use super::csv::{cell, failed, table};
use super::json::{OwnedView, TallyView, UnreadableView, owned, tally, unreadable, write_object};
use super::markdown::escape::{self, code, text};
use super::style::wrap;
use crate::analysis::summary::count;
use crate::analysis::{Analysis, Grouping, Liability};
use crate::liability::{self, LiabilityTally, OneKind, kind_words};

/// A format of what is owned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnedFormat {
    /// For people.
    Pretty,
    /// For programs: one object, sfl-liability/1.
    Json,
    /// For a spreadsheet: one line for each thing.
    Csv,
    /// For an issue, a chat, a board.
    Markdown,
}

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct OwnedReport<'a> {
    /// Everything that was found.
    pub analysis: &'a Analysis,
    /// By what it is taken together.
    pub by: Option<Grouping>,
    /// How many of each kind are shown to people.
    pub limit: usize,
}

impl OwnedFormat {
    /// In the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Pretty, Self::Json, Self::Csv, Self::Markdown];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Pretty => "For people: what there is of each kind, and where",
            Self::Json => "For programs: one object, sfl-liability/1",
            Self::Csv => "For a spreadsheet: one line for each thing",
            Self::Markdown => "For an issue, a chat, a board",
        }
    }

    /// Writes it.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(
        self,
        report: &OwnedReport<'_>,
        style: &Style,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match self {
            Self::Pretty => pretty(report, style, out),
            Self::Json => json(report, out),
            Self::Csv => csv(report, out),
            Self::Markdown => markdown(report, out),
        }
    }
}

/// What there is to say where there is nothing.
const NOTHING: &str = "no scripts, images, agents or rules written by hand were found";

fn pretty(report: &OwnedReport<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let analysis = report.analysis;
    let mut page = String::new();
    let all = liability::tally(analysis);
    if all.is_empty() {
        let _ = writeln!(page, "{NOTHING}");
    }
    for OneKind {
        kind,
        tally,
        things,
    } in liability::by_kind(analysis, &all)
    {
        let _ = writeln!(page, "{}", style.strong(&kind_words(kind, tally)));
        for one in things.iter().take(report.limit) {
            let line = format!("{}  {}", place(one), what(analysis, one));
            let line = style.plain(&line).into_owned();
            for line in wrap(&line, style.prose(), "  ", "    ") {
                let _ = writeln!(page, "{line}");
            }
        }
        let rest = things.len().saturating_sub(report.limit);
        if rest > 0 {
            let line = format!("  {rest} more: --limit shows them");
            let _ = writeln!(page, "{}", style.faint(&line));
        }
        page.push('\n');
    }
    let duties = all.duties();
    let duties: Vec<String> = duties
        .map(|(duty, count)| format!("{} of {count}", duty.says))
        .collect();
    if !duties.is_empty() {
        let line = format!("as long as they run: {}", duties.join(", "));
        for line in wrap(&line, style.prose(), "", "  ") {
            let _ = writeln!(page, "{line}");
        }
    }
    if let Some(by) = report.by {
        let _ = writeln!(page, "\n{}", style.strong(&format!("by {}", by.name())));
        for (name, tally) in liability::by(analysis, by) {
            let name = name.as_deref().unwrap_or(by.none());
            let line = format!("{name}: {}", group_words(&tally));
            let line = style.plain(&line).into_owned();
            for line in wrap(&line, style.prose(), "  ", "    ") {
                let _ = writeln!(page, "{line}");
            }
        }
    }
    out.write_all(page.as_bytes())
}

/// What a group owns, and how many of its decisions leave somebody something to do.
fn group_words(tally: &LiabilityTally) -> String {
    let most = tally.duties().map(|(_, count)| count).max();
    let words = tally.words();
    let owned = if words.is_empty() {
        "nothing else"
    } else {
        &words
    };
    match most {
        None => owned.to_owned(),
        Some(1) => format!("{owned}; 1 decision that leaves something to run"),
        Some(count) => format!("{owned}; {count} decisions that leave something to run"),
    }
}

/// `a.yaml:16-21`.
pub(super) fn place(one: &Liability) -> String {
    let (start, end) = (one.start.line, one.end.line);
    match start == end {
        true => format!("{}:{start}", one.path),
        false => format!("{}:{start}-{end}", one.path),
    }
}

/// What it is, in a block, for whom.
pub(super) fn what(analysis: &Analysis, one: &Liability) -> String {
    let is_lines = liability::kind(one).is_lines;
    let mut words = one.address.clone();
    if !one.says.is_empty() {
        let _ = write!(words, ", {}", one.says);
    }
    if is_lines {
        let lines = count(one.lines, "line");
        let _ = match (one.lines, one.is_open) {
            (0, _) => write!(words, ", can't be seen here"),
            (_, true) => write!(words, ", at least {lines}"),
            (_, false) => write!(words, ", {lines}"),
        };
    } else if one.is_open {
        words.push_str(", perhaps");
    }
    let others: Vec<&str> = one
        .decisions
        .iter()
        .map(|at| analysis.decisions[*at].name())
        .filter(|name| *name != one.address)
        .collect();
    let _ = match &others[..] {
        [] if one.decisions.is_empty() && liability::kind(one).name == "backup" => {
            write!(
                words,
                ", for what it selects by tag or name, none of which is seen here"
            )
        }
        [] if one.decisions.is_empty() => write!(words, ", for nothing that is seen here"),
        [] => Ok(()),
        [only] => write!(words, ", for {only}"),
        [first, rest @ ..] => {
            let more = rest.len() + one.unlisted_decisions;
            write!(words, ", for {first} and {more} more")
        }
    };
    words
}

#[derive(Serialize)]
struct Object<'a> {
    schema: &'static str,
    summary: TallyView,
    liability: Vec<OwnedView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<GroupObject>,
    unreadable: Vec<UnreadableView<'a>>,
}

#[derive(Serialize)]
struct GroupObject {
    name: Option<String>,
    #[serde(flatten)]
    tally: TallyView,
}

fn json(report: &OwnedReport<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let analysis = report.analysis;
    let groups = report.by.map(|by| liability::by(analysis, by));
    let groups: BTreeMap<_, _> = groups.unwrap_or_default();
    let all = analysis.liabilities.iter();
    let object = Object {
        schema: "sfl-liability/1",
        summary: tally(&liability::tally(analysis)),
        liability: all.map(|one| owned(analysis, one)).collect(),
        by: report.by.map(Grouping::name),
        groups: groups
            .into_iter()
            .map(|(name, of)| GroupObject {
                name: name.map(|name| name.to_string()),
                tally: tally(&of),
            })
            .collect(),
        unreadable: unreadable(analysis),
    };
    write_object(&object, out)
}

/// New columns are added at the end; none is renamed or moved.
const COLUMNS: [&str; 12] = [
    "kind",
    "says",
    "lines",
    "unknown",
    "at_least",
    "path",
    "line",
    "end_line",
    "address",
    "type",
    "decisions",
    "stack",
];

fn csv(report: &OwnedReport<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = table(&COLUMNS, out)?;
    for one in &report.analysis.liabilities {
        let kind = liability::kind(one);
        let unknown = one.is_unknown(kind.is_lines);
        let decisions = one.decisions.iter();
        let decisions = decisions.map(|at| report.analysis.decisions[*at].address.as_str());
        let row: [String; COLUMNS.len()] = [
            kind.name.to_owned(),
            cell(&one.says),
            one.lines.to_string(),
            unknown.to_string(),
            (one.is_open && !unknown).to_string(),
            cell(&one.path),
            one.start.line.to_string(),
            one.end.line.to_string(),
            cell(&one.address),
            cell(&one.resource_type),
            cell(&decisions.collect::<Vec<_>>().join("; ")),
            cell(&one.stack),
        ];
        table.write_record(&row).map_err(failed)?;
    }
    table.flush()
}

fn markdown(report: &OwnedReport<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let analysis = report.analysis;
    let mut page = String::from("### sfl: what the servers make you own\n\n");
    let all = liability::tally(analysis);
    if all.is_empty() {
        let _ = writeln!(page, "{}", text(NOTHING));
    }
    for OneKind {
        kind,
        tally,
        things,
    } in liability::by_kind(analysis, &all)
    {
        let _ = writeln!(page, "- **{}**", text(&kind_words(kind, tally)));
        for one in things.iter().take(report.limit) {
            let (place, what) = (place(one), what(analysis, one));
            let _ = writeln!(page, "  - {} {}", code(&place), text(&what));
        }
        let rest = things.len().saturating_sub(report.limit);
        if rest > 0 {
            let _ = writeln!(page, "  - {rest} more");
        }
    }
    if let Some(by) = report.by {
        let _ = writeln!(page, "\nBy {}:\n", by.name());
        for (name, tally) in liability::by(analysis, by) {
            let name = name.as_deref().unwrap_or(by.none());
            let _ = writeln!(page, "- **{}**: {}", text(name), text(&group_words(&tally)));
        }
    }
    page.push_str(&escape::unreadable(analysis));
    out.write_all(page.as_bytes())
}
