//! `terraform show -json`, of a plan or of a state. Plans can be huge and hardly anything in them is a hosting choice, so a
//! plan is first cut down to a small document of our own in one pass and constant memory, and that is read like any other.

mod address;
mod decode;
mod element;
mod references;
#[cfg(test)]
mod tests;
mod window;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::ops::Range;

use super::{Cause, Child, Dialect, Entry, Expr, Resource, Scope, Template};
use crate::base::source::Position;
use crate::syntax::{Document, Kind, Node, json};
use address::Address;
use element::{Cut, UNKNOWN};
use references::Configuration;
use window::Window;

/// Modules inside of modules.
const DEEPEST_MODULE: usize = 250;

/// Bytes of an element that are kept to be shown.
const SHOWN: usize = 200;

/// What is to be kept of a resource type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep<'k> {
    /// Known, and no hosting choice.
    Plumbing,
    /// Not known at all: counted.
    Unknown,
    /// These of its attributes.
    Wanted(&'k [Cow<'static, str>]),
}

/// A plan without what nobody asks for.
#[derive(Clone, Debug, Default)]
pub struct Reduced {
    /// A JSON document of our own making, with the kept resources in the order of the plan.
    pub text: String,
    /// Where each kept resource begins in the plan; offsets are in the file if that is UTF-8, else in its text.
    pub origins: Vec<Position>,
    /// A line of the plan to show for each kept resource.
    pub excerpts: Vec<Excerpt>,
    /// For each kept resource: the attributes that somebody wrote, sorted, where the plan tells. One that is known only after
    /// apply and that nobody wrote is the provider's to fill in: for a rule it is absent.
    pub written: Vec<Option<Vec<String>>>,
    /// For each kept resource: property and address of what it refers to.
    pub references: Vec<Vec<(String, String)>>,
    /// How many resources there are of types that nobody knows.
    pub unknown: BTreeMap<String, usize>,
    /// How many managed resources were looked at.
    pub resources: usize,
}

/// A piece of one line of a plan, with the address of a resource if that was near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The piece.
    pub text: String,
    /// Where it begins.
    pub position: Position,
}

/// Why a plan could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The bytes did not come.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no JSON.
    #[error("{message}")]
    Syntax {
        /// What is wrong: starts lower case, ends without a dot.
        message: String,
        /// Where.
        position: Position,
    },
    /// It is JSON, but no plan and no state.
    #[error("this is no output of `terraform show -json`")]
    NoPlan,
}

/// Whether these first bytes of a file (or all of them) are a plan's or state's.
#[must_use]
pub fn looks_like_plan(first: &[u8]) -> bool {
    if !decode::begins_an_object(first) {
        return false;
    }
    let text = decode::prefix(first);
    let text = text.trim_start();
    let scalar = |key: &str| has_key(text, key, |next| next == '"');
    let collection = |key: &str| has_key(text, key, |next| matches!(next, '{' | '['));
    text.starts_with('{')
        && (scalar("\"format_version\"") && scalar("\"terraform_version\"")
            || collection("\"resource_changes\"")
            || collection("\"planned_values\""))
}

/// Whether a key with such a value stands anywhere. Inside of a text its quotes would be escaped.
fn has_key(text: &str, key: &str, value: impl Fn(char) -> bool) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), key).any(|at| {
        let escaped = text[..at].ends_with('\\');
        let after = text[at + key.len()..].trim_start().strip_prefix(':');
        !escaped && after.is_some_and(|after| after.trim_start().starts_with(&value))
    })
}

/// Cuts a plan down to the resources and attributes that `keep` asks for.
///
/// # Errors
///
/// Where the bytes do not come, are no JSON, or are no plan. Of what nobody asks for only the nesting is checked.
pub fn reduce<'k>(
    reader: impl Read,
    keep: &'k dyn Fn(&str) -> Keep<'k>,
) -> Result<Reduced, PlanError> {
    let (reader, before) = decode::utf8(reader)?;
    let mut reducer = Reducer {
        window: Window::new(reader, before),
        keep,
        changes: None,
        planned: None,
        configuration: Configuration::default(),
    };
    reducer.top()?;
    let found = reducer
        .changes
        .or(reducer.planned)
        .ok_or(PlanError::NoPlan)?;
    let references = reducer.configuration.resolve(&found.addresses);
    let written = found.addresses.iter().map(|address| {
        let written = reducer.configuration.written(address);
        written.map(<[String]>::to_vec)
    });
    let written = written.collect();
    Ok(Reduced {
        text: format!("{{\"resources\":[{}]}}", found.text),
        origins: found.origins,
        excerpts: found.excerpts,
        written,
        references,
        unknown: found.unknown,
        resources: found.resources,
    })
}

/// What one section of a plan says. `resource_changes` and `planned_values` tell of the same resources.
#[derive(Default)]
struct Found {
    text: String,
    addresses: Vec<String>,
    origins: Vec<Position>,
    excerpts: Vec<Excerpt>,
    unknown: BTreeMap<String, usize>,
    resources: usize,
}

struct Reducer<'r, 'k> {
    window: Window<'r>,
    keep: &'k dyn Fn(&str) -> Keep<'k>,
    changes: Option<Found>,
    planned: Option<Found>,
    configuration: Configuration,
}

impl Reducer<'_, '_> {
    fn top(&mut self) -> Result<(), PlanError> {
        let mut more = self.window.open(b'{', b'}')?;
        while more {
            let key = self.window.key()?;
            let next = self.window.peek()?;
            match (key.as_str(), next) {
                ("resource_changes", Some(b'[')) => {
                    let mut found = self.changes.take().unwrap_or_default();
                    self.elements(&mut found)?;
                    self.changes = Some(found);
                    // These decide; what was planned is told here again.
                    self.planned = None;
                }
                ("planned_values" | "values", Some(b'{')) if self.changes.is_none() => {
                    let mut found = self.planned.take().unwrap_or_default();
                    self.values(&mut found)?;
                    self.planned = Some(found);
                }
                ("configuration", Some(b'{')) => self.configuration()?,
                _ => self.window.skip()?,
            }
            more = self.window.another(b'}')?;
        }
        match self.window.peek()? {
            None => Ok(()),
            Some(_) => Err(self.window.wrong("the plan has ended, but more follows")),
        }
    }

    fn values(&mut self, found: &mut Found) -> Result<(), PlanError> {
        let mut more = self.window.open(b'{', b'}')?;
        while more {
            if self.window.key()? == "root_module" && self.window.peek()? == Some(b'{') {
                self.module(found, 0)?;
            } else {
                self.window.skip()?;
            }
            more = self.window.another(b'}')?;
        }
        Ok(())
    }

    fn module(&mut self, found: &mut Found, depth: usize) -> Result<(), PlanError> {
        if depth > DEEPEST_MODULE {
            return Err(self.window.wrong("modules are nested too deeply"));
        }
        let mut more = self.window.open(b'{', b'}')?;
        while more {
            let key = self.window.key()?;
            match (key.as_str(), self.window.peek()?) {
                ("resources", Some(b'[')) => self.elements(found)?,
                ("child_modules", Some(b'[')) => {
                    let mut more = self.window.open(b'[', b']')?;
                    while more {
                        self.module(found, depth + 1)?;
                        more = self.window.another(b']')?;
                    }
                }
                _ => self.window.skip()?,
            }
            more = self.window.another(b'}')?;
        }
        Ok(())
    }

    fn elements(&mut self, found: &mut Found) -> Result<(), PlanError> {
        let mut more = self.window.open(b'[', b']')?;
        while more {
            let range = self.window.capture()?;
            self.element(&range, found)?;
            self.window.release();
            more = self.window.another(b']')?;
        }
        Ok(())
    }

    fn element(&mut self, range: &Range<usize>, found: &mut Found) -> Result<(), PlanError> {
        let text = captured(&mut self.window, range)?;
        let cut = match element::cut(text, self.keep) {
            Ok(cut) => cut,
            Err(error) => return Err(inside(&mut self.window, range, &error)),
        };
        match cut {
            Cut::None => {}
            Cut::Plumbing => found.resources += 1,
            Cut::Unknown(kind) => {
                found.resources += 1;
                *found.unknown.entry(kind).or_default() += 1;
            }
            Cut::Kept {
                text: kept,
                address,
            } => {
                let shown = shown(text);
                found.resources += 1;
                let separator = if found.text.is_empty() { "" } else { ",\n" };
                found.text.push_str(separator);
                found.text.push_str(&kept);
                found.addresses.push(address);
                let text = text[shown.clone()].to_owned();
                found.origins.push(self.window.position(range.start));
                let position = self.window.position(range.start + shown.start);
                found.excerpts.push(Excerpt { text, position });
            }
        }
        Ok(())
    }

    fn configuration(&mut self) -> Result<(), PlanError> {
        let range = self.window.capture()?;
        let text = captured(&mut self.window, &range)?;
        let keep = self.keep;
        let wanted = |kind: &str| matches!(keep(kind), Keep::Wanted(_));
        let read = json(text).map(|document| {
            let root = document.roots().next();
            root.map(|root| Configuration::read(root, &wanted))
                .unwrap_or_default()
        });
        match read {
            Ok(configuration) => self.configuration = configuration,
            Err(error) => return Err(inside(&mut self.window, &range, &error)),
        }
        self.window.release();
        Ok(())
    }
}

fn captured<'w>(window: &'w mut Window<'_>, range: &Range<usize>) -> Result<&'w str, PlanError> {
    if let Err(error) = std::str::from_utf8(window.bytes(range)) {
        let position = window.position(range.start + error.valid_up_to());
        let message = "this is no UTF-8".to_owned();
        return Err(PlanError::Syntax { message, position });
    }
    Ok(std::str::from_utf8(window.bytes(range)).unwrap_or_default())
}

/// An error of the JSON parser as an error in the plan.
fn inside(
    window: &mut Window<'_>,
    range: &Range<usize>,
    error: &crate::syntax::ParseError,
) -> PlanError {
    PlanError::Syntax {
        message: error.message.to_string(),
        position: window.position(range.start + error.span.start as usize),
    }
}

/// The line of an element that says its address, or else its first one.
fn shown(text: &str) -> Range<usize> {
    let near = text.find("\"address\"").unwrap_or(0);
    let line = text[..near].rfind('\n').map_or(0, |at| at + 1);
    let start = line + text[line..].len() - text[line..].trim_start().len();
    let start = if near - start > SHOWN / 2 {
        near
    } else {
        start
    };
    let line = text[start..]
        .find(['\n', '\r'])
        .unwrap_or(text.len() - start);
    let mut end = start + line.min(SHOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    start..end
}

/// Reads what [`reduce`] has made: `document` is the tree of its text.
#[must_use]
pub fn read<'t>(document: &'t Document<'t>, reduced: &Reduced) -> Template<'t> {
    let mut template = Template::new(Dialect::Plan, vec![document]);
    let resources = document
        .roots()
        .next()
        .and_then(|root| root.get("resources"));
    for (at, node) in resources.into_iter().flat_map(Node::items).enumerate() {
        let part = |key: &str| node.get(key).unwrap_or(node);
        let address = part("address").text().into_owned();
        let kind = part("type");
        let written = reduced.written.get(at).and_then(Option::as_ref);
        let entries = part("values").merged_entries().into_iter();
        let entries = entries.filter(|(key, value)| {
            let said = written
                .is_none_or(|written| written.binary_search(&key.text().into_owned()).is_ok());
            said || !is_unknown(*value)
        });
        let properties = entries.map(|(key, value)| Entry {
            key: key.text(),
            place: Some(template.place(key)),
            value: Child::node(value, &None),
        });
        let properties = properties.collect();
        name(&mut template, &address, at);
        let resource = Resource {
            address,
            kind: kind.text(),
            type_place: template.place(kind),
            block: template.place(node),
            body: None,
            properties,
            extras: Vec::new(),
            condition: None,
            scope: None,
            references: reduced.references.get(at).cloned().unwrap_or_default(),
            reasons: Vec::new(),
            origin: reduced.origins.get(at).copied(),
        };
        template.resources.push(resource);
    }
    template
}

fn is_unknown(value: Node<'_>) -> bool {
    let mut entries = value.entries();
    entries.next().is_some_and(|(key, _)| key.is(UNKNOWN))
}

/// A resource is found by its address with and without keys.
fn name(template: &mut Template<'_>, address: &str, at: usize) {
    let mut names = vec![address.to_owned()];
    if let Some(address) = Address::parse(address) {
        for bare in address.bare() {
            if !names.contains(&bare) {
                names.push(bare);
            }
        }
    }
    for name in names {
        template.names.entry(Cow::Owned(name)).or_default().push(at);
    }
}

/// What stands there, one level deep.
#[must_use]
pub fn expr<'t>(node: Node<'t>, scope: &Scope<'t>) -> Expr<'t> {
    match node.kind() {
        Kind::Scalar => node.comparable().map_or(Expr::Absent, Expr::Text),
        Kind::Sequence => Expr::List(node.items().map(|item| Child::node(item, scope)).collect()),
        Kind::Mapping => {
            if is_unknown(node) {
                return Expr::Unknown(Cause::AfterApply);
            }
            let entries = node.merged_entries().into_iter().map(|(key, value)| Entry {
                key: key.text(),
                place: None,
                value: Child::node(value, scope),
            });
            Expr::Map(entries.collect())
        }
    }
}
