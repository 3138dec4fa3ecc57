//! `sfl rules`: every type that the catalogue knows, and where it stands; and the rules' own tests, pages and schemas.

use std::io::{self, Write};
use std::path::PathBuf;

use crate::placement::{Catalogue, Role, Rung};
use crate::report::json::{BillView, EndView, LimitView};
use crate::rulebook::Entry;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use super::terminal;
use super::{Exit, print, say};

mod pages;
mod test;

/// List every type that sfl knows, with its ladder and its rungs
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
    /// Print a JSON schema instead: for rule files, or for sfl.toml
    #[arg(long, value_name = "OF", num_args = 0..=1, default_missing_value = "rules", conflicts_with = "format")]
    schema: Option<Schema>,
    /// The configuration [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Only the types of these ladders: `compute`, `relational`
    #[arg(value_name = "LADDER", conflicts_with = "schema")]
    ladders: Vec<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Pages(pages::Arguments),
    Test(test::Arguments),
}

const EXAMPLES: &str = "\
sfl rules                   a table
sfl rules relational        one ladder, or several
sfl rules --format json     for programs
sfl rules test              runs the examples of the rules
sfl rules pages rules/      a page for each ladder and each rule
sfl rules --schema          a JSON schema of rule files, for editors";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs: one array
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Schema {
    /// Files of rules
    Rules,
    /// sfl.toml
    Config,
}

impl Schema {
    const fn text(self) -> &'static str {
        match self {
            Self::Rules => include_str!("../../rules/schema.json"),
            Self::Config => include_str!("../../rules/sfl.schema.json"),
        }
    }
}

#[derive(Debug, Serialize)]
struct Row<'c> {
    /// A prefix ends in `*`.
    #[serde(rename = "type")]
    kind: String,
    role: &'static str,
    ladder: Option<&'c str>,
    rungs: Vec<u8>,
    default_rung: Option<u8>,
    rule: Option<&'c str>,
    /// What of it ends, or is closed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lifecycle: Vec<EndView<'c>>,
    /// What is paid although nobody uses it, here or where a way up leads.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bills: Vec<BillView<'c>>,
    /// Numbers of the provider in what is said of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    limits: Vec<LimitView<'c>>,
}

/// Lists.
pub fn run(arguments: &Arguments) -> Exit {
    match &arguments.command {
        Some(Command::Test(arguments)) => return test::run(arguments),
        Some(Command::Pages(arguments)) => return pages::run(arguments),
        None => {}
    }
    if let Some(schema) = arguments.schema {
        return print(|out| out.write_all(schema.text().as_bytes()), false);
    }
    let (catalogue, faults) = super::catalogue(arguments.config.as_deref());
    if !faults.is_empty() {
        return super::at_fault(&faults, &terminal::for_stderr());
    }
    let is_none = |name: &&String| catalogue.ladder(name).is_none();
    if let Some(name) = arguments.ladders.iter().find(is_none) {
        let ladders: Vec<&str> = catalogue.ladders().map(|one| &*one.name).collect();
        say(&format!(
            "error: there is no command and no ladder `{}`; the ladders are {}; `sfl explain` tells of a type, a rule or a word",
            terminal::for_stderr().plain(name),
            ladders.join(", ")
        ));
        return Exit::Failed;
    }
    let mut rows = rows(&catalogue);
    let is_asked = |ladder: Option<&str>| {
        let mut asked = arguments.ladders.iter();
        arguments.ladders.is_empty() || asked.any(|one| ladder == Some(one))
    };
    rows.retain(|row| is_asked(row.ladder));
    match arguments.format {
        Format::Table => {
            let style = terminal::for_stdout();
            let head = |text: &str| style.strong(text);
            print(|out| table(&rows, &head, out), style.color)
        }
        Format::Json => print(
            |out| {
                serde_json::to_writer_pretty(&mut *out, &rows)?;
                writeln!(out)
            },
            false,
        ),
    }
}

fn rows(catalogue: &Catalogue) -> Vec<Row<'_>> {
    let types = catalogue.types().into_iter();
    let types = types.map(|(name, entry)| row(catalogue, name.to_owned(), entry));
    let prefixes = catalogue.prefixes().into_iter();
    let prefixes = prefixes.map(|(prefix, entry)| row(catalogue, format!("{prefix}*"), entry));
    let modules = catalogue.modules().into_iter();
    let modules = modules.map(|(glob, entry)| row(catalogue, glob.to_owned(), entry));
    let mut rows: Vec<Row<'_>> = types.chain(prefixes).chain(modules).collect();
    rows.sort_by(|one, other| one.kind.cmp(&other.kind));
    rows
}

fn row(catalogue: &Catalogue, kind: String, entry: Entry) -> Row<'_> {
    match entry {
        Entry::Plumbing(_) => Row {
            kind,
            role: Role::Plumbing.name(),
            ladder: None,
            rungs: Vec::new(),
            default_rung: None,
            rule: None,
            lifecycle: Vec::new(),
            bills: Vec::new(),
            limits: Vec::new(),
        },
        Entry::Rule(at) => {
            let rule = catalogue.rule_at(at);
            let ends = rule.lifecycle.iter();
            let ends = ends.filter(|entry| entry.concerns(&kind)).map(EndView::of);
            Row {
                lifecycle: ends.collect(),
                bills: rule.bills().into_iter().map(BillView::of).collect(),
                limits: rule.limits().into_iter().map(LimitView::of).collect(),
                kind,
                role: rule.role().name(),
                ladder: Some(&rule.ladder().name),
                rungs: rule.reachable().into_iter().map(Rung::number).collect(),
                default_rung: rule.default_rung().map(Rung::number),
                rule: Some(&rule.name),
            }
        }
    }
}

fn table(rows: &[Row<'_>], head: &dyn Fn(&str) -> String, out: &mut dyn Write) -> io::Result<()> {
    let width = rows
        .iter()
        .map(|row| row.kind.len())
        .max()
        .unwrap_or(0)
        .min(52);
    writeln!(
        out,
        "{}",
        head(&format!(
            "{:width$}  {:8}  {:13}  {:7}  default",
            "type", "role", "ladder", "rungs"
        ))
    )?;
    for row in rows {
        let rungs: Vec<String> = row.rungs.iter().map(u8::to_string).collect();
        let default = row
            .default_rung
            .map(|rung| rung.to_string())
            .unwrap_or_default();
        let ladder = row.ladder.unwrap_or_default();
        let rungs = rungs.join(" ");
        let (kind, role) = (&row.kind, row.role);
        // A name that leaves its column needs the room of the others.
        let line = if kind.len() > width {
            format!("{kind}  {role}  {ladder}  {rungs}  {default}")
        } else {
            format!("{kind:width$}  {role:8}  {ladder:13}  {rungs:7}  {default}")
        };
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::CATALOGUE;

    #[test]
    fn rows_are_sorted_and_say_what_their_role_allows() {
        let rows = rows(&CATALOGUE);
        assert!(rows.windows(2).all(|pair| pair[0].kind < pair[1].kind));
        for row in &rows {
            assert_eq!(row.role == "decision", !row.rungs.is_empty(), "{row:?}");
            assert_eq!(row.role == "plumbing", row.ladder.is_none(), "{row:?}");
        }
    }

    #[test]
    fn a_table_is_at_most_100_columns_wide_but_for_names_of_modules() {
        let mut out = Vec::new();
        table(&rows(&CATALOGUE), &str::to_owned, &mut out).expect("memory takes everything");
        let text = String::from_utf8(out).expect("it is text");
        let mut others = text.lines().filter(|line| !line.starts_with("module:"));
        assert!(others.all(|line| line.len() <= 100));
    }
}
