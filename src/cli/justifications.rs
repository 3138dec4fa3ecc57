//! `sfl justifications`: every written reason, who answers for it, until when, and whether it counts.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde::Serialize;

use super::given_values::GivenValues;
use super::path_arguments;
use super::terminal;
use super::{Exit, check, disk, print, say};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::Field;
use crate::base::finding::fingerprint;
use crate::base::{Code, JustificationCode};
use crate::config::Limit;
use crate::reasons::{Record, soundness};
use crate::report::calendar::{self, CalendarDay};
use crate::report::pretty::Style;
use crate::report::visible;

/// List every written reason: where, what, why, who, until when, and whether it counts
///
/// Sorted by the day on which they end; those without an end come last. One that names no owner is that of the owner of what it
/// speaks for, as CODEOWNERS, a template or a value stream says.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".", value_parser = path_arguments::parser())]
    paths: Vec<PathBuf>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,

    /// Only those that end within this time, or have ended: `90d`, `6mo`, or a day
    #[arg(long, value_name = "TIME", value_parser = Limit::parse)]
    expiring: Option<Limit>,

    /// Only those of an owner, or of `nobody`; can be repeated
    #[arg(long, value_name = "WHO")]
    owner: Vec<String>,

    /// One list for each owner, with its numbers (table, markdown)
    #[arg(long, value_name = "WHAT")]
    group_by: Option<ListedBy>,

    /// The day to judge reasons by, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", value_parser = check::day)]
    today: Option<Date>,

    /// The configuration [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,

    /// The name to show for standard input
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<String>,

    #[command(flatten)]
    given: GivenValues,
}

const EXAMPLES: &str = "\
sfl justifications                            a table
sfl justifications --expiring 90d             what to look at this quarter
sfl justifications --owner @shop/checkout     whose they are
sfl justifications --group-by owner           a list for each
sfl justifications --format ics > ends.ics    the ends, as a calendar to subscribe to
sfl justifications --format markdown > J.md   for a wiki or a review
sfl justifications --format json              for programs";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs: one array
    Json,
    /// For a wiki, a review, an audit
    Markdown,
    /// The days on which they end, as a calendar to subscribe to: iCalendar, RFC 5545
    Ics,
}

/// What stands together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ListedBy {
    /// Who answers for them
    Owner,
}

/// What is said where nobody answers for one.
const NOBODY: &str = "nobody";

/// Lists. The exit code says only whether everything could be read: to judge is `check`'s.
pub fn run(arguments: Arguments) -> Exit {
    let file = arguments.config.as_deref();
    let config = match check::configuration(file, arguments.isolated, &arguments.given) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let today = arguments.today.unwrap_or_else(|| disk().today());
    let options = Options {
        paths: arguments.paths,
        stdin_filename: arguments.stdin_filename,
        config,
        today: Some(today),
        ..Options::on(Arc::clone(disk()))
    };
    let report = crate::check(&options, &|_, _| {});
    let style = terminal::for_stdout();
    let mut exit = Exit::Clean;
    for finding in &report.findings {
        if finding.is_fault() {
            say(&format!(
                "error: {}: {}",
                style.plain(finding.path()),
                style.plain(&finding.message)
            ));
            exit = Exit::Failed;
        }
    }
    let last = arguments.expiring.map(|limit| limit.last(today));
    let mut rows = rows(&report, last);
    if let Err(message) = of_owners(&mut rows, &arguments.owner) {
        say(&format!("error: {}", style.plain(&message)));
        return Exit::Failed;
    }
    let endless = rows.iter().filter(|row| row.end.is_none()).count();
    if arguments.format == Format::Ics && endless > 0 {
        let (have, stand) = match endless {
            1 => ("has", "stands"),
            _ => ("have", "stand"),
        };
        say(&format!(
            "note: {} {have} no end, and {stand} in no calendar",
            count(endless, "justification")
        ));
    }
    let color = style.color && arguments.format == Format::Table;
    let groups = match arguments.group_by {
        Some(ListedBy::Owner) => by_owner(&rows),
        None => vec![(None, rows.iter().collect())],
    };
    let write = |out: &mut dyn Write| match arguments.format {
        Format::Table => table(&rows, &groups, last, &style, out),
        Format::Json => json(&rows, out),
        Format::Markdown => markdown(&groups, out),
        Format::Ics => ends(&rows, today, out),
    };
    if print(write, color) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}

#[derive(Debug, Serialize)]
struct Row {
    path: String,
    line: u32,
    column: u32,
    /// What the record speaks of, as it is written.
    scope: String,
    carrier: &'static str,
    because: Option<String>,
    reason: Option<String>,
    owner: Option<String>,
    expires: Option<String>,
    evidence: Option<String>,
    /// Who wrote it, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// The key of the one instance that it is for.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    /// `sound`, `faulty`, or `unread` where its files were not among those that were read.
    status: &'static str,
    faults: Vec<JustificationCode>,
    decisions: Vec<Decision>,
    fingerprint: String,
    /// Who answers for it: whoever it names, else the owners of what it speaks for.
    owners: Vec<String>,
    #[serde(skip)]
    end: Option<Date>,
}

#[derive(Debug, Serialize)]
struct Decision {
    path: String,
    address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    construct: Option<String>,
    code: Code,
    settled: bool,
}

fn rows(report: &Analysis, last: Option<Date>) -> Vec<Row> {
    let owned = report.decisions.iter().filter_map(|decision| {
        let owner = decision.owner.as_ref()?;
        Some(((&*decision.path, &*decision.address), &owner.names))
    });
    let mut owners: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
    for (place, names) in owned {
        let all = owners.entry(place).or_default();
        all.extend(names.iter().map(|name| &**name));
    }
    let records = report.records.iter();
    let mut rows: Vec<Row> = records
        .map(|record| {
            let mut row = row(record);
            row.owners = match &row.owner {
                Some(owner) => vec![owner.clone()],
                None => {
                    let spoken = record.spoken.iter();
                    let names = spoken.filter_map(|one| owners.get(&(&*one.path, &*one.address)));
                    let names: BTreeSet<&str> = names.flatten().copied().collect();
                    names.into_iter().map(str::to_owned).collect()
                }
            };
            row
        })
        .collect();
    rows.retain(|row| last.is_none_or(|last| row.end.is_some_and(|end| end <= last)));
    rows.sort_by(|one, other| {
        let key = |row: &Row| (row.end.is_none(), row.end);
        let place = |row: &Row| (row.path.clone(), row.line, row.column);
        key(one)
            .cmp(&key(other))
            .then_with(|| place(one).cmp(&place(other)))
    });
    rows
}

fn row(record: &Record) -> Row {
    let reason = &record.reason;
    let word = |field: &Option<Field>| {
        let text = field.as_ref().map(|field| field.text.trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    let status = match (record.spoilt, record.judged) {
        (true, _) => "faulty",
        (false, false) => "unread",
        (false, true) if record.faults.contains(&JustificationCode::Duplicate) => "faulty",
        (false, true) => "sound",
    };
    let decisions = record.spoken.iter().map(|spoken| Decision {
        path: spoken.path.to_string(),
        address: spoken.address.clone(),
        construct: spoken.construct.clone(),
        code: spoken.code.clone(),
        settled: spoken.settled,
    });
    Row {
        path: record.path.to_string(),
        line: record.start.line,
        column: record.start.column,
        scope: record.scope.clone(),
        carrier: reason.carrier.name(),
        because: word(&reason.because),
        reason: word(&reason.reason),
        owner: word(&reason.owner),
        expires: word(&reason.expires),
        evidence: word(&reason.evidence),
        by: word(&reason.by),
        instance: word(&reason.instance),
        status,
        faults: record.faults.clone(),
        decisions: decisions.collect(),
        fingerprint: fingerprint(&[&record.path, &record.scope, "justification"]),
        owners: Vec::new(),
        end: soundness::end(reason),
    }
}

/// Names of one record that are listed, and files of one name.
const MOST_NAMES: usize = 3;

impl Row {
    /// Who answers for it; `nobody` where that is so.
    fn answering(&self) -> Vec<String> {
        match self.owners.as_slice() {
            [] => vec![NOBODY.to_owned()],
            owners => owners.to_vec(),
        }
    }

    /// `expired`, `ends-soon`, or nothing.
    fn state(&self) -> String {
        let names = self.faults.iter().map(|code| code.name());
        let names: Vec<&str> = names.collect();
        match (self.status, names.is_empty()) {
            ("sound", false) => format!("sound, {}", names.join(", ")),
            (status, true) => status.to_owned(),
            (_, false) => names.join(", "),
        }
    }

    /// `compute/server Web`, one for each decision, with its file where the record stands in another; what it is written for where
    /// there is none.
    fn what(&self) -> String {
        let mut all: Vec<(String, Vec<&str>)> = Vec::new();
        for decision in &self.decisions {
            let name = decision.construct.as_deref().unwrap_or(&decision.address);
            let name = format!("{} {name}", decision.code);
            match all.iter().position(|(known, _)| *known == name) {
                Some(at) => all[at].1.push(&decision.path),
                None if all.len() < MOST_NAMES => all.push((name, vec![&*decision.path])),
                None => {}
            }
        }
        let named: usize = all.iter().map(|(_, paths)| paths.len()).sum();
        let more = self.decisions.len() - named;
        let mut all: Vec<String> = all
            .into_iter()
            .map(|(name, paths)| match paths.as_slice() {
                [path] if *path == self.path => name,
                paths => {
                    let first = paths.iter().take(MOST_NAMES).copied();
                    let mut first: Vec<String> = first.map(str::to_owned).collect();
                    if paths.len() > MOST_NAMES {
                        first.push(format!("{} more files", paths.len() - MOST_NAMES));
                    }
                    format!("{name} in {}", first.join(", "))
                }
            })
            .collect();
        if more > 0 {
            all.push(format!("{more} more"));
        }
        if all.is_empty() {
            self.scope.clone()
        } else {
            all.join("; ")
        }
    }

    fn why(&self) -> String {
        let because = self.because.as_deref().unwrap_or("-");
        let reason = self.reason.as_deref().unwrap_or("-");
        format!("{because}: {reason}")
    }

    fn place(&self) -> String {
        let instance = self.instance.as_ref();
        let instance = instance.map_or_else(String::new, |key| format!(", for=\"{key}\""));
        format!("{}:{}{instance}", self.path, self.line)
    }
}

/// Leaves those that these owners answer for.
fn of_owners(rows: &mut Vec<Row>, owners: &[String]) -> Result<(), String> {
    if owners.is_empty() {
        return Ok(());
    }
    let names: BTreeSet<String> = rows.iter().flat_map(Row::answering).collect();
    if let Some(unknown) = owners.iter().find(|owner| !names.contains(*owner)) {
        let names: Vec<String> = names.into_iter().collect();
        return Err(match names.as_slice() {
            [] => "there are no justifications here".to_owned(),
            names if unknown == NOBODY => format!(
                "every justification here has somebody who answers for it: {}",
                names.join(", ")
            ),
            names => format!(
                "{unknown} answers for no justification here; those who do: {}",
                names.join(", ")
            ),
        });
    }
    rows.retain(|row| row.answering().iter().any(|name| owners.contains(name)));
    Ok(())
}

type Group<'r> = (Option<String>, Vec<&'r Row>);

/// One list for each owner, those of nobody last. What several answer for stands in the list of each.
fn by_owner(rows: &[Row]) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(bool, String), Vec<&Row>> = BTreeMap::new();
    for row in rows {
        for name in row.answering() {
            groups.entry((name == NOBODY, name)).or_default().push(row);
        }
    }
    let groups = groups.into_iter();
    groups.map(|((_, name), rows)| (Some(name), rows)).collect()
}

fn count(number: usize, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {one}{s}")
}

/// `3 justifications, 1 faulty, the first ends on 2027-06-30`.
fn numbers(rows: &[&Row]) -> String {
    let faulty = rows.iter().filter(|row| row.status == "faulty").count();
    let mut all = format!("{}, {faulty} faulty", count(rows.len(), "justification"));
    if let Some(end) = rows.iter().filter_map(|row| row.end).min() {
        all.push_str(&format!(", the first ends on {end}"));
    }
    all
}

fn table(
    rows: &[Row],
    groups: &[Group<'_>],
    last: Option<Date>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    if rows.is_empty() {
        return match last {
            Some(last) => writeln!(out, "no justification ends by {last}"),
            None => writeln!(out, "no justifications here"),
        };
    }
    let wrap = || {
        textwrap::Options::new(style.prose())
            .initial_indent("            ")
            .subsequent_indent("            ")
            .break_words(false)
    };
    let width = rows.iter().map(|row| row.state().len()).max().unwrap_or(0);
    for (at, (name, rows)) in groups.iter().enumerate() {
        if let Some(name) = name {
            let gap = if at == 0 { "" } else { "\n" };
            let name = style.strong(&style.plain(name));
            writeln!(out, "{gap}{name}: {}\n", numbers(rows))?;
        }
        for row in rows {
            let end = row.expires.as_deref().unwrap_or("no end");
            let state = row.state();
            let what = style.plain(&row.what()).into_owned();
            let head = format!("{:10}  {state:width$}", style.plain(end));
            if textwrap::core::display_width(&head) + 2 + textwrap::core::display_width(&what)
                <= style.prose()
            {
                writeln!(out, "{head}  {}", style.strong(&what))?;
            } else {
                writeln!(out, "{}", head.trim_end())?;
                let what = textwrap::fill(&what, wrap());
                writeln!(out, "{}", strong_lines(&what, style))?;
            }
            let why = row.why();
            writeln!(out, "{}", textwrap::fill(&style.plain(&why), wrap()))?;
            let mut by: Vec<&str> = Vec::new();
            by.extend(row.owners.iter().map(String::as_str));
            by.extend(row.evidence.as_deref());
            let place = row.place();
            by.push(&place);
            for line in textwrap::wrap(&style.plain(&by.join(", ")), wrap()) {
                writeln!(out, "{}", style.faint(&line))?;
            }
        }
    }
    let all: Vec<&Row> = rows.iter().collect();
    writeln!(out, "\n{}", numbers(&all))?;
    let owners = by_owner(rows);
    if groups.len() == 1
        && owners
            .iter()
            .any(|(name, _)| name.as_deref() != Some(NOBODY))
    {
        let each = owners.iter().map(|(name, rows)| {
            let name = name.as_deref().unwrap_or(NOBODY);
            format!("{name} {}", rows.len())
        });
        let each: Vec<String> = each.collect();
        let line = format!("by owner: {}", each.join(", "));
        let line = textwrap::fill(
            &style.plain(&line),
            textwrap::Options::new(style.prose()).break_words(false),
        );
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// Each line by itself: a terminal that scrolls keeps no colour over its end.
fn strong_lines(text: &str, style: &Style) -> String {
    let lines = text.lines().map(|line| {
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        format!("{indent}{}", style.strong(words))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The days on which reasons end. One that says no sound day stands in no calendar.
fn ends(rows: &[Row], today: Date, out: &mut dyn Write) -> io::Result<()> {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    let days = rows.iter().filter_map(|row| {
        let day = row.end?;
        // Two records may speak of the same thing.
        let number = ids.entry(&row.fingerprint).or_default();
        *number += 1;
        let id = match number {
            1 => format!("{}@sfl", row.fingerprint),
            number => format!("{}-{number}@sfl", row.fingerprint),
        };
        let mut about = vec![row.why()];
        about.push(format!("state on {today}: {}", row.state()));
        if !row.owners.is_empty() {
            about.push(format!("answers for it: {}", row.owners.join(", ")));
        }
        about.extend(row.evidence.as_ref().map(|text| format!("evidence: {text}")));
        about.push(format!("written in {}", row.place()));
        about.push(
            "From the day after, it settles nothing: climb, or decide again and write down until when."
                .to_owned(),
        );
        Some(CalendarDay {
            id,
            day,
            title: format!("last day of the reason for {}", row.what()),
            about,
            groups: row.owners.clone(),
        })
    });
    let days: Vec<CalendarDay> = days.collect();
    calendar::write("sfl: reasons that end", today, &days, out)
}

fn json(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
    // Through a text, so that nothing in it acts on a terminal.
    let text = serde_json::to_string_pretty(rows)?;
    for c in text.chars() {
        if c != '\n' && visible::acts(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        } else {
            write!(out, "{c}")?;
        }
    }
    writeln!(out)
}

fn markdown(groups: &[Group<'_>], out: &mut dyn Write) -> io::Result<()> {
    for (at, (name, rows)) in groups.iter().enumerate() {
        if let Some(name) = name {
            let gap = if at == 0 { "" } else { "\n" };
            writeln!(out, "{gap}## {}\n\n{}\n", escaped(name), numbers(rows))?;
        }
        rows_of(rows, out)?;
    }
    Ok(())
}

fn rows_of(rows: &[&Row], out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "| until | state | what | why | who | evidence | where |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- | --- | --- |")?;
    for row in rows {
        let cells = [
            row.expires.clone().unwrap_or_else(|| "no end".to_owned()),
            row.state(),
            row.what(),
            row.why(),
            row.owners.join(", "),
            row.evidence.clone().unwrap_or_default(),
            row.place(),
        ];
        let cells = cells.map(|cell| escaped(&cell));
        writeln!(out, "| {} |", cells.join(" | "))?;
    }
    Ok(())
}

/// A text as Markdown shows it: no mark of Markdown or HTML in it acts.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible::line(text, true).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_mark_of_markdown_acts() {
        assert_eq!(
            escaped("a|b <img> [x](y) `z`"),
            r"a\|b &lt;img&gt; \[x\](y) \`z\`"
        );
        assert!(!escaped("one\ntwo").contains('\n'));
    }
}
