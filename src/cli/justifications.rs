//! `sfl justifications`: every written reason, who answers for it, until when, and whether it counts.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde::Serialize;

use super::given_values::GivenValues;
use super::terminal;
use super::{Exit, check, disk, print, say};
use crate::Options;
use crate::base::Field;
use crate::base::finding::fingerprint;
use crate::base::{Code, JustificationCode};
use crate::config::Limit;
use crate::reasons::{Record, soundness};
use crate::report::pretty::Style;
use crate::report::visible;

/// List every written reason: where, what, why, who, until when, and whether it counts
///
/// Sorted by the day on which they end; those without an end come last.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,

    /// Only those that end within this time, or have ended: `90d`, `6mo`, or a day
    #[arg(long, value_name = "TIME", value_parser = Limit::parse)]
    expiring: Option<Limit>,

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
}

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
    let rows = rows(&report.records, last);
    let color = style.color && arguments.format == Format::Table;
    let write = |out: &mut dyn Write| match arguments.format {
        Format::Table => table(&rows, last, &style, out),
        Format::Json => json(&rows, out),
        Format::Markdown => markdown(&rows, out),
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

fn rows(records: &[Record], last: Option<Date>) -> Vec<Row> {
    let mut rows: Vec<Row> = records.iter().map(row).collect();
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
        end: soundness::end(reason),
    }
}

impl Row {
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

    /// `compute/server Web`, one for each decision; what it is written for where there is none.
    fn what(&self) -> String {
        let mut all: Vec<String> = self
            .decisions
            .iter()
            .map(|decision| {
                let name = decision.construct.as_deref().unwrap_or(&decision.address);
                format!("{} {name}", decision.code)
            })
            .collect();
        let more = all.len().saturating_sub(3);
        all.truncate(3);
        if more > 0 {
            all.push(format!("{more} more"));
        }
        if all.is_empty() {
            self.scope.clone()
        } else {
            all.join(", ")
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

fn table(rows: &[Row], last: Option<Date>, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if rows.is_empty() {
        return match last {
            Some(last) => writeln!(out, "no justification ends by {last}"),
            None => writeln!(out, "no justifications here"),
        };
    }
    let wrap = |indent: &'static str| {
        textwrap::Options::new(style.prose())
            .initial_indent(indent)
            .subsequent_indent(indent)
            .break_words(false)
    };
    let width = rows.iter().map(|row| row.state().len()).max().unwrap_or(0);
    for row in rows {
        let end = row.expires.as_deref().unwrap_or("no end");
        let state = row.state();
        let what = row.what();
        writeln!(
            out,
            "{:10}  {state:width$}  {}",
            style.plain(end),
            style.strong(&style.plain(&what))
        )?;
        let why = row.why();
        writeln!(
            out,
            "{}",
            textwrap::fill(&style.plain(&why), wrap("            "))
        )?;
        let mut by: Vec<&str> = Vec::new();
        by.extend(row.owner.as_deref());
        by.extend(row.evidence.as_deref());
        let place = row.place();
        by.push(&place);
        let by = by.join(", ");
        writeln!(out, "            {}", style.faint(&style.plain(&by)))?;
    }
    let faulty = rows.iter().filter(|row| row.status == "faulty").count();
    let s = if rows.len() == 1 { "" } else { "s" };
    writeln!(out, "\n{} justification{s}, {faulty} faulty", rows.len())
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

fn markdown(rows: &[Row], out: &mut dyn Write) -> io::Result<()> {
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
            row.owner.clone().unwrap_or_default(),
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
