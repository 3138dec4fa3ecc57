//! `sfl config`: every value that counts here, and where it was set.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::given_values::GivenValues;
use super::terminal;
use super::{Exit, check, print};
use crate::config::Setting;
use crate::report::pretty::Style;

/// Show every value of the configuration and where it comes from
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,

    /// The configuration [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,
}

const EXAMPLES: &str = "\
sfl config                  every value, and the file and line that sets it
sfl config --format json    for programs";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs: one object
    Json,
}

/// Shows.
pub fn run(arguments: &Arguments) -> Exit {
    let file = arguments.config.as_deref();
    let config = match check::configuration(file, arguments.isolated, &GivenValues::default()) {
        Ok(config) => config,
        Err(exit) => return exit,
    };
    let settings = config.settings();
    match arguments.format {
        Format::Table => {
            let style = terminal::for_stdout();
            let files = &config.files;
            let reasons = config.ledger.len();
            let write = |out: &mut dyn Write| table(&settings, files, reasons, &style, out);
            print(write, style.color)
        }
        Format::Json => print(|out| object(&settings, &config.files, out), false),
    }
}

fn origin(setting: &Setting) -> String {
    match &setting.origin {
        Some((file, line)) => format!("{file}:{line}"),
        None => "default".to_owned(),
    }
}

fn table(
    settings: &[Setting],
    files: &[String],
    reasons: usize,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let read = match files {
        [] => "no sfl.toml: defaults only".to_owned(),
        files => format!("read {}", files.join(", ")),
    };
    writeln!(out, "{}", style.plain(&read))?;
    let s = if reasons == 1 { "" } else { "s" };
    writeln!(out, "{reasons} justification{s} in the ledger\n")?;
    let keys = settings.iter().map(|setting| setting.key.len()).max();
    let values = settings.iter().map(|setting| setting.value.len()).max();
    let (keys, values) = (keys.unwrap_or(0), values.unwrap_or(0).min(40));
    for setting in settings {
        let from = origin(setting);
        let from = match setting.origin {
            Some(_) => style.plain(&from).into_owned(),
            None => style.faint(&from),
        };
        writeln!(
            out,
            "{:keys$}  {:values$}  {from}",
            style.plain(&setting.key),
            style.plain(&setting.value)
        )?;
    }
    Ok(())
}

fn object(settings: &[Setting], files: &[String], out: &mut dyn Write) -> io::Result<()> {
    let settings: BTreeMap<&str, _> = settings
        .iter()
        .map(|setting| {
            let value = json!({ "value": setting.value, "origin": origin(setting) });
            (setting.key.as_str(), value)
        })
        .collect();
    let object = json!({ "files": files, "settings": settings });
    serde_json::to_writer_pretty(&mut *out, &object)?;
    writeln!(out)
}
