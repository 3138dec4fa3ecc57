//! What a deployment gives to the parameters of templates: sets of `sfl.toml`, each with a name and the paths where it holds, or
//! one set of the command line in their place. The values stand there themselves or in the files of other tools.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::files::Files;
use super::ledger::from_base;
use super::reader::{Reader, Word, span};
use super::settings::{self, Paths, Shown};
use crate::base::finding::Finding;
use crate::base::source::{Source, Span};
use crate::base::{ConfigCode, Given, GivenValue};
use crate::host::door::{self, Door};
use crate::host::{Host, lexical};

mod pairs;
mod parameter_files;
mod samconfig;
mod variable_files;

/// Values that one file or table may give: CloudFormation takes 200 parameters.
const MOST: usize = 2_000;
/// Nesting of a value: more is nobody's honest work.
const DEEPEST: usize = 32;

const KEYS: [&str; 5] = ["parameters", "parameters_file", "path", "var_file", "vars"];

/// One set of values.
#[derive(Clone, Debug, Default)]
pub struct Deployment {
    /// What it is called; the command line's set has no name.
    pub name: Option<Arc<str>>,
    /// Where it holds; everywhere, where nothing is said.
    pub paths: Option<Paths>,
    /// For parameters of CloudFormation, the last of a name counts.
    pub parameters: Vec<Given>,
    /// For variables of Terraform, the last of a name counts.
    pub variables: Vec<Given>,
}

impl Deployment {
    /// Whether it holds for a file, as it is shown.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        self.paths.as_ref().is_none_or(|paths| paths.hold(path))
    }

    /// Whether one of its values is for a file, as it is shown.
    #[must_use]
    pub fn is_for(given: &Given, path: &str) -> bool {
        let template = given.template.as_deref();
        template.is_none_or(|template| template == from_base("", path))
    }
}

/// What the command line gives, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenArgument {
    /// `NAME=VALUE` for a parameter.
    Parameter(String),
    /// A file of parameters.
    Parameters(String),
    /// `NAME=VALUE` for a variable.
    Variable(String),
    /// A file of variables.
    Variables(String),
}

impl GivenArgument {
    fn written(&self) -> String {
        match self {
            Self::Parameter(text) => format!("--parameter {text}"),
            Self::Parameters(text) => format!("--parameters {text}"),
            Self::Variable(text) => format!("--var {text}"),
            Self::Variables(text) => format!("--var-file {text}"),
        }
    }
}

/// Reads what the command line gives. The files that it names, too, are looked at through the host.
pub fn arguments(
    host: &dyn Host,
    arguments: &[GivenArgument],
    files: &mut Vec<PathBuf>,
    findings: &mut Vec<Finding>,
) -> Deployment {
    let written: Vec<String> = arguments.iter().map(GivenArgument::written).collect();
    let source = Arc::new(Source::new(Given::COMMAND_LINE, written.join("\n")));
    let mut set = Deployment::default();
    let mut start = 0;
    for (argument, written) in arguments.iter().zip(&written) {
        let end = start + written.len();
        let place = span(start..end);
        start = end + 1;
        let mut reader = Reader::new(&source, findings);
        match argument {
            GivenArgument::Parameter(text) | GivenArgument::Variable(text) => {
                let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.is_empty())
                else {
                    let message = format!("`{text}` gives no value: write NAME=VALUE");
                    reader.fault(ConfigCode::Deployment, message, place);
                    continue;
                };
                let given = |value| Given {
                    name: name.trim().to_owned(),
                    value,
                    source: Arc::clone(&source),
                    span: place,
                    template: None,
                };
                if matches!(argument, GivenArgument::Parameter(_)) {
                    set.parameters
                        .push(given(GivenValue::Text(value.to_owned())));
                } else {
                    set.variables
                        .push(given(GivenValue::Argument(value.to_owned())));
                }
            }
            GivenArgument::Parameters(named) | GivenArgument::Variables(named) => {
                let (path, environment) = apart(named);
                let open = |path: &str| {
                    let path = Path::new(path);
                    let door = Door::new(host);
                    let text = door.text(path, door::LARGEST_SETTING);
                    text.map(|text| (path.to_owned(), text))
                        .map_err(|error| error.to_string())
                };
                match open(path) {
                    Ok((path, text)) => {
                        let name = crate::host::shown(host, &path);
                        let source = Arc::new(Source::new(name, text));
                        files.push(lexical(&host.root().join(&path)));
                        let whole = File {
                            host,
                            source: &source,
                            environment,
                        };
                        if matches!(argument, GivenArgument::Parameters(_)) {
                            set.parameters
                                .extend(parameter_files::read(&whole, findings));
                        } else {
                            set.variables.extend(variable_files::read(&whole, findings));
                        }
                    }
                    Err(error) => {
                        let message = format!("{path}: {error}");
                        reader.fault(ConfigCode::Deployment, message, place);
                    }
                }
            }
        }
    }
    set
}

/// A file that gives values.
pub(super) struct File<'f> {
    pub host: &'f dyn Host,
    pub source: &'f Arc<Source>,
    /// The environment that was named with it: `samconfig.toml#prod`.
    pub environment: Option<&'f str>,
}

/// The path and the environment of `samconfig.toml#prod`, as other tools name a file too: `file://prod.json`.
fn apart(named: &str) -> (&str, Option<&str>) {
    let named = named.strip_prefix("file://").unwrap_or(named);
    match named.rsplit_once('#') {
        Some((path, environment)) if !path.is_empty() => (path, Some(environment)),
        _ => (named, None),
    }
}

/// Reads the `[deployment.NAME]` tables of a configuration over those that it extends.
pub fn tables(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    (base, files): (&str, &Files<'_>),
    (all, opened): (&mut Vec<Deployment>, &mut Vec<PathBuf>),
    shown: &mut Shown<'_>,
) {
    let Some(tables) = reader.table(root, "deployment") else {
        return;
    };
    for (key, value) in &tables {
        let name = key.get_ref().as_ref();
        let DeValue::Table(table) = value.get_ref() else {
            reader.wrong(name, "a table: [deployment.NAME]", value.get_ref(), value);
            continue;
        };
        if name.trim().is_empty() {
            let message = "a deployment needs a name".to_owned();
            reader.fault(ConfigCode::Value, message, span(key.span()));
            continue;
        }
        reader.known(table, &KEYS, &format!("[deployment.{name}]"));
        let at = all
            .iter()
            .position(|known| known.name.as_deref() == Some(name));
        let at = at.unwrap_or_else(|| {
            all.push(Deployment {
                name: Some(name.into()),
                ..Deployment::default()
            });
            all.len() - 1
        });
        let mut set = std::mem::take(&mut all[at]);
        let prefix = format!("deployment.{name}");
        if let Some(words) = reader.strings(table, "path") {
            if let Some(first) = words.first() {
                shown.set(
                    reader,
                    &format!("{prefix}.path"),
                    settings::list(&words),
                    first,
                );
            }
            set.paths = Some(settings::paths(reader, &words, base));
        }
        for key in ["parameters_file", "var_file"] {
            for word in reader.strings(table, key).unwrap_or_default() {
                let given = named(reader, &word, key == "var_file", files, opened);
                let kind = if key == "var_file" {
                    "vars"
                } else {
                    "parameters"
                };
                for one in &given {
                    show(shown, &format!("{prefix}.{kind}"), one);
                }
                match key {
                    "var_file" => set.variables.extend(given),
                    _ => set.parameters.extend(given),
                }
            }
        }
        for key in ["parameters", "vars"] {
            let Some(table) = reader.table(table, key) else {
                continue;
            };
            let given = inline(reader, &table);
            for one in &given {
                show(shown, &format!("{prefix}.{key}"), one);
            }
            match key {
                "vars" => set.variables.extend(given),
                _ => set.parameters.extend(given),
            }
        }
        all[at] = set;
    }
}

/// What a file gives that the configuration names.
fn named(
    reader: &mut Reader<'_>,
    word: &Word,
    is_terraform: bool,
    files: &Files<'_>,
    opened: &mut Vec<PathBuf>,
) -> Vec<Given> {
    let (path, environment) = apart(&word.text);
    match files.values(path) {
        Ok(source) => {
            opened.push(lexical(&files.host().root().join(files.path(path))));
            let file = File {
                host: files.host(),
                source: &source,
                environment,
            };
            let mut findings = Vec::new();
            let given = if is_terraform {
                variable_files::read(&file, &mut findings)
            } else {
                parameter_files::read(&file, &mut findings)
            };
            reader.take_all(findings);
            given
        }
        Err(message) => {
            reader.fault(ConfigCode::Deployment, message, word.span);
            Vec::new()
        }
    }
}

/// The values of a table, each with its place.
fn inline(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Given> {
    let mut all = Vec::new();
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        match toml_value(value, 0) {
            Some(given) => all.push(Given {
                name: name.to_owned(),
                value: given,
                source: Arc::clone(reader.source()),
                span: span(key.span().start..value.span().end),
                template: None,
            }),
            None => {
                let message = format!("the value of `{name}` is nested too deeply");
                reader.fault(ConfigCode::Value, message, span(value.span()));
            }
        }
    }
    all
}

/// A value of TOML.
fn toml_value(value: &Spanned<DeValue<'_>>, depth: usize) -> Option<GivenValue> {
    if depth > DEEPEST {
        return None;
    }
    Some(match value.get_ref() {
        DeValue::String(text) => GivenValue::Text(text.to_string()),
        DeValue::Integer(number) => GivenValue::Number(number.as_str().replace('_', "")),
        DeValue::Float(number) => GivenValue::Number(number.as_str().replace('_', "")),
        DeValue::Boolean(holds) => GivenValue::Bool(*holds),
        DeValue::Datetime(time) => GivenValue::Text(time.to_string()),
        DeValue::Array(items) => {
            let items = items.iter().map(|item| toml_value(item, depth + 1));
            GivenValue::List(items.collect::<Option<_>>()?)
        }
        DeValue::Table(table) => {
            let entries = table.iter();
            let entries = entries.map(|(key, value)| {
                Some((key.get_ref().to_string(), toml_value(value, depth + 1)?))
            });
            GivenValue::Map(entries.collect::<Option<_>>()?)
        }
    })
}

/// Notes what a set gives, so that it can be shown.
fn show(shown: &mut Shown<'_>, prefix: &str, given: &Given) {
    let key = format!("{prefix}.{}", given.name);
    let value = match (&given.value, given.value.text()) {
        (GivenValue::Unknown | GivenValue::Previous, _) => "only the deployment knows".to_owned(),
        (GivenValue::Bool(holds), _) => holds.to_string(),
        (GivenValue::Number(digits), _) => digits.clone(),
        (GivenValue::Text(text), _) => settings::quoted(text),
        (_, Some(text)) => settings::quoted(&text),
        (_, None) => "{ ... }".to_owned(),
    };
    shown.set_at(&given.source, &key, value, given.span);
}

/// A fault of a file that gives values.
fn fault(file: &File<'_>, message: String, at: Span, findings: &mut Vec<Finding>) {
    Reader::new(file.source, findings).fault(ConfigCode::Deployment, message, at);
}
