//! SAM's own configuration: tables of an environment and a command, with what `sam deploy` gives to the template.

use toml::de::{DeTable, DeValue};

use super::parameter_files::Taker;
use super::{File, toml_value};
use crate::base::finding::Finding;
use crate::base::source::Span;
use crate::config::reader::{Reader, span};
use crate::syntax::{Document, Kind, Node};

/// The environment where none is named.
const DEFAULT: &str = "default";
/// The tables of an environment that are asked, the first one that says anything counts.
const COMMANDS: [&str; 2] = ["deploy", "global"];
const OVERRIDES: &str = "parameter_overrides";
/// What stands beside the environments.
const VERSION: &str = "version";

/// Reads `samconfig.toml`.
pub fn toml<'f>(file: &'f File<'f>, findings: &mut Vec<Finding>) -> Vec<super::Given> {
    let mut faults = Vec::new();
    let root = Reader::new(file.source, &mut faults).root();
    let Some(root) = root else {
        findings.extend(faults);
        return Vec::new();
    };
    let mut taker = Taker::new(file, findings);
    let names = root.keys().map(|key| key.get_ref().to_string());
    let Some(environment) = environment(file, names.collect(), &mut taker) else {
        return taker.given;
    };
    let overrides = COMMANDS.iter().find_map(|command| {
        let environment = table(&root, &environment)?;
        let parameters = table(table(environment, command)?, "parameters")?;
        parameters.get(OVERRIDES)
    });
    let Some(overrides) = overrides else {
        return taker.given;
    };
    let place = |range: std::ops::Range<usize>| span(range);
    match overrides.get_ref() {
        DeValue::String(text) => taker.pairs(text, place(overrides.span()), false),
        DeValue::Array(items) => {
            for item in items {
                match item.get_ref() {
                    DeValue::String(text) => taker.pairs(text, place(item.span()), false),
                    _ => taker.fault(wanted(), place(item.span())),
                }
            }
        }
        DeValue::Table(table) => {
            for (key, one) in table {
                match toml_value(one, 0).filter(|value| value.text().is_some()) {
                    Some(value) => taker.take(key.get_ref().to_string(), value, place(key.span())),
                    None => taker.fault(wanted(), place(one.span())),
                }
            }
        }
        _ => taker.fault(wanted(), place(overrides.span())),
    }
    taker.given
}

/// Reads `samconfig.yaml`.
pub fn yaml<'f>(
    file: &'f File<'f>,
    document: &Document<'_>,
    findings: &mut Vec<Finding>,
) -> Vec<super::Given> {
    let mut taker = Taker::new(file, findings);
    let root = document.roots().next();
    let entries = root.into_iter().flat_map(Node::entries);
    let names = entries.map(|(key, _)| key.text().into_owned());
    let Some(environment) = environment(file, names.collect(), &mut taker) else {
        return taker.given;
    };
    let overrides = COMMANDS.iter().find_map(|command| {
        let parameters = root?.get(&environment)?.get(command)?.get("parameters")?;
        parameters.get(OVERRIDES)
    });
    let Some(overrides) = overrides else {
        return taker.given;
    };
    match overrides.kind() {
        Kind::Scalar | Kind::Expression => {
            taker.pairs(&overrides.text(), overrides.span(), false);
        }
        Kind::Sequence => {
            for item in overrides.items() {
                match item.kind() {
                    Kind::Scalar => taker.pairs(&item.text(), item.span(), false),
                    _ => taker.fault(wanted(), item.span()),
                }
            }
        }
        Kind::Mapping => {
            for (key, one) in overrides.entries() {
                if let Some(value) = taker.value(&key.text(), one) {
                    taker.take(key.text().into_owned(), value, key.span());
                }
            }
        }
    }
    taker.given
}

/// The environment that is meant, if the file has it.
fn environment(
    file: &File<'_>,
    mut names: Vec<String>,
    taker: &mut Taker<'_, '_>,
) -> Option<String> {
    names.retain(|name| name != VERSION);
    let wanted = file.environment.unwrap_or(DEFAULT);
    if names.iter().any(|name| name == wanted) {
        return Some(wanted.to_owned());
    }
    let path = file.source.name();
    let has = match &names[..] {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let example = names.first().map_or("prod", String::as_str);
    let message = if file.environment.is_some() {
        format!("it has no environment `{wanted}`, but {has}")
    } else {
        format!("it has no environment `{DEFAULT}`, but {has}: name one with {path}#{example}")
    };
    taker.fault(message, Span::default());
    None
}

fn table<'t, 'i>(table: &'t DeTable<'i>, key: &str) -> Option<&'t DeTable<'i>> {
    match table.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn wanted() -> String {
    format!("`{OVERRIDES}` needs NAME=VALUE, a list of such texts, or a table of names and values")
}
