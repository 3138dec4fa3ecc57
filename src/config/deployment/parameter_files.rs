//! Files of CloudFormation's parameters, in the shapes that the tools of AWS read: the command line's list, the list of `deploy`,
//! the object of a pipeline, the deployment file of Git sync, a plain object, and SAM's configuration.

use std::path::Path;
use std::sync::Arc;

use super::{DEEPEST, File, MOST, fault, pairs, samconfig};
use crate::base::finding::Finding;
use crate::base::source::Span;
use crate::base::{Given, GivenValue};
use crate::host::door;
use crate::syntax::{self, Document, Kind, Node, Operation};

/// The key by which a deployment file of Git sync is known.
const GIT_SYNC: &str = "template-file-path";

/// Parts that all values of a file may have, and pieces of 64 bytes of their texts.
pub(super) const LARGEST: usize = 200_000;

/// What a pipeline works out itself when it runs.
const OF_PIPELINE: [&str; 2] = ["Fn::GetArtifactAtt", "Fn::GetParam"];

const SHAPES: &str = "a list of `ParameterKey` and `ParameterValue`, a list of \"NAME=VALUE\", an object with `Parameters`, a deployment file with `template-file-path`, or an object of names and values";

/// Reads a file of parameters.
pub fn read(file: &File<'_>, findings: &mut Vec<Finding>) -> Vec<Given> {
    let name = Path::new(&**file.source.name());
    let ending = name.extension().and_then(|ending| ending.to_str());
    if ending == Some("toml") {
        return samconfig::toml(file, findings);
    }
    let text = file.source.text();
    let parsed = if ending == Some("json") {
        syntax::json(text)
    } else {
        syntax::yaml(text)
    };
    let document = match parsed {
        Ok(document) => document,
        Err(error) => {
            fault(file, error.message.into_owned(), error.span, findings);
            return Vec::new();
        }
    };
    let is_samconfig = name.file_stem().is_some_and(|stem| stem == "samconfig");
    if is_samconfig || file.environment.is_some() {
        return samconfig::yaml(file, &document, findings);
    }
    let mut taker = Taker::new(file, findings);
    taker.document(&document);
    taker.given
}

/// Takes values out of a file.
pub(super) struct Taker<'f, 'l> {
    file: &'f File<'f>,
    findings: &'l mut Vec<Finding>,
    template: Option<Arc<str>>,
    left: usize,
    pub given: Vec<Given>,
}

impl<'f, 'l> Taker<'f, 'l> {
    pub fn new(file: &'f File<'f>, findings: &'l mut Vec<Finding>) -> Self {
        Self {
            file,
            findings,
            template: None,
            left: LARGEST,
            given: Vec::new(),
        }
    }

    pub fn fault(&mut self, message: String, at: Span) {
        fault(self.file, message, at, self.findings);
    }

    fn document(&mut self, document: &Document<'_>) {
        let mut roots = document.roots();
        let Some(root) = roots.next() else {
            return self.fault(
                format!("it gives no parameters: write {SHAPES}"),
                Span::default(),
            );
        };
        match root.kind() {
            Kind::Sequence => self.list(root),
            Kind::Mapping => self.object(root),
            Kind::Scalar | Kind::Expression => {
                self.fault(
                    format!("this gives no parameters: write {SHAPES}"),
                    root.span(),
                );
            }
        }
    }

    fn list(&mut self, list: Node<'_>) {
        for item in list.items() {
            match item.kind() {
                Kind::Scalar => self.pairs(&item.text(), item.span(), true),
                _ => self.key_and_value(item),
            }
        }
    }

    /// `{ "ParameterKey": ..., "ParameterValue": ... }`.
    fn key_and_value(&mut self, item: Node<'_>) {
        let Some(key) = item
            .get("ParameterKey")
            .filter(|key| key.kind() == Kind::Scalar)
        else {
            let message = "this needs a `ParameterKey` and a `ParameterValue`".to_owned();
            return self.fault(message, item.span());
        };
        let previous = item.get("UsePreviousValue");
        let value = match (item.get("ParameterValue"), previous) {
            (Some(value), _) => self.value(&key.text(), value),
            (None, Some(previous)) if previous.text() == "true" => Some(GivenValue::Previous),
            (None, _) => {
                let message = format!("`{}` has no `ParameterValue`", key.text());
                return self.fault(message, key.span());
            }
        };
        if let Some(value) = value {
            self.take(key.text().into_owned(), value, key.span());
        }
    }

    fn object(&mut self, root: Node<'_>) {
        if let Some(path) = root.get(GIT_SYNC) {
            self.template = self.template(path);
            if let Some(parameters) = root.get("parameters") {
                self.entries(parameters);
            }
            return;
        }
        let is_template = |node: Node<'_>| node.kind() == Kind::Mapping;
        match root.get("Parameters") {
            _ if root.get("Resources").is_some_and(is_template) => {
                let message = "this is a template, not what is given to one".to_owned();
                self.fault(message, root.span());
            }
            Some(parameters) if parameters.kind() == Kind::Sequence => self.list(parameters),
            Some(parameters) if parameters.kind() == Kind::Mapping => self.entries(parameters),
            _ => self.entries(root),
        }
    }

    /// The template that a deployment file is about, as a report shows it.
    fn template(&mut self, named: Node<'_>) -> Option<Arc<str>> {
        let host = self.file.host;
        let folder = door::repository(host, host.root()).unwrap_or(host.root());
        let path = folder.join(&*named.text());
        if host.look(&path).is_err() {
            let message = format!("there is no template {}", named.text());
            self.fault(message, named.span());
        }
        Some(super::super::relative(host.root(), &path).into())
    }

    fn entries(&mut self, map: Node<'_>) {
        if map.kind() != Kind::Mapping {
            // `parameters:` with nothing behind it gives nothing.
            if map.comparable().is_some() {
                self.fault("this needs names and values".to_owned(), map.span());
            }
            return;
        }
        for (key, value) in map.entries() {
            if let Some(value) = self.value(&key.text(), value) {
                self.take(key.text().into_owned(), value, key.span());
            }
        }
    }

    /// A value that CloudFormation takes: a text, a number, or a list of them.
    pub fn value(&mut self, name: &str, node: Node<'_>) -> Option<GivenValue> {
        if node.kind() == Kind::Mapping {
            let mut keys = node.entries().map(|(key, _)| key);
            let only = keys.next().filter(|_| keys.next().is_none());
            if only.is_some_and(|key| OF_PIPELINE.iter().any(|function| key.is(function))) {
                return Some(GivenValue::Unknown);
            }
        }
        let value = value(node, &mut self.left).filter(|value| value.text().is_some());
        if value.is_none() {
            let message = format!("`{name}` needs a text, a number or a list of them");
            self.fault(message, node.span());
        }
        value
    }

    /// `NAME=VALUE`; one alone may have spaces in it.
    pub fn pairs(&mut self, text: &str, at: Span, alone: bool) {
        if alone
            && let Some((name, value)) = text.split_once('=')
            && !name.is_empty()
            && !text.starts_with("ParameterKey=")
        {
            return self.take(name.to_owned(), GivenValue::Text(value.to_owned()), at);
        }
        match pairs::read(text) {
            Ok(pairs) => {
                for (name, value) in pairs {
                    self.take(name, GivenValue::Text(value), at);
                }
            }
            Err(word) => self.fault(format!("`{word}` gives no value: write NAME=VALUE"), at),
        }
    }

    pub fn take(&mut self, name: String, value: GivenValue, span: Span) {
        if self.given.len() == MOST {
            let message = format!("a file of more than {MOST} values is not read");
            self.fault(message, span);
        }
        if self.given.len() <= MOST {
            self.given.push(Given {
                name,
                value,
                source: Arc::clone(self.file.source),
                span,
                template: self.template.clone(),
            });
        }
    }
}

/// A number below zero, which Terraform's own syntax writes as an operation.
fn negative(node: Node<'_>) -> Option<GivenValue> {
    let mut parts = node.parts();
    let (sign, digits) = (parts.next()?, parts.next()?);
    let is_negative = node.operation() == Some(Operation::Unary) && sign.text() == "-";
    let digits = digits.comparable().filter(|_| digits.is_plain())?;
    let is_number = digits.parse::<f64>().is_ok_and(f64::is_finite);
    (is_negative && is_number).then(|| GivenValue::Number(format!("-{digits}")))
}

/// What stands there, in which nothing is an expression; nothing where it is too deep or too large. `left` is what the values of
/// a file may still take: aliases could make a small file endless.
pub(super) fn value(node: Node<'_>, left: &mut usize) -> Option<GivenValue> {
    part(node, 0, left)
}

fn part(node: Node<'_>, depth: usize, left: &mut usize) -> Option<GivenValue> {
    let text = match node.kind() {
        Kind::Scalar => node.comparable(),
        _ => None,
    };
    *left = left.checked_sub(1 + text.as_ref().map_or(0, |text| text.len() / 64))?;
    if depth > DEEPEST {
        return None;
    }
    Some(match node.kind() {
        Kind::Sequence => {
            let items = node.items().map(|item| part(item, depth + 1, left));
            GivenValue::List(items.collect::<Option<_>>()?)
        }
        Kind::Mapping => {
            let entries = node.entries().filter(|(key, _)| !key.is("//"));
            let entries = entries
                .map(|(key, one)| Some((key.text().into_owned(), part(one, depth + 1, left)?)));
            GivenValue::Map(entries.collect::<Option<_>>()?)
        }
        Kind::Scalar => match text {
            None => GivenValue::Null,
            Some(text) if node.is_plain() => match &*text {
                "true" => GivenValue::Bool(true),
                "false" => GivenValue::Bool(false),
                digits if digits.parse::<f64>().is_ok_and(f64::is_finite) => {
                    GivenValue::Number(text.into_owned())
                }
                _ => GivenValue::Text(text.into_owned()),
            },
            Some(text) => GivenValue::Text(text.into_owned()),
        },
        Kind::Expression => return negative(node),
    })
}
