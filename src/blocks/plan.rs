//! `terraform show -json`, of a plan or of a state. Plans can be huge and hardly anything in them is a hosting choice, so
//! the text goes by in a window: each element is looked at once, and becomes a resource where the rules ask for its type.

mod address;
mod configuration;
mod decode;
mod element;
mod excerpt;
mod raw_state;
mod references;
#[cfg(test)]
mod tests;
mod unseen;
mod values;
mod variables;
mod window;
mod written;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{self, Read};
use std::ops::Range;

use super::{Cause, Child, Dialect, Expr, KnownReference, Note, Noted, Place, Resource, Template};
use crate::base::source::{Position, Span};
use crate::syntax::{Kind, ParseError, json};
use address::{Address, Addresses};
use configuration::Configuration;
use element::Element;
use excerpt::Excerpts;
use references::BUDGET;
use variables::Variables;
use window::Window;

pub use address::{AddressStep, steps};
pub use configuration::{WrittenAt, WrittenCall};
pub use element::Called;
pub use excerpt::Excerpt;
pub use unseen::{Sight, Unseen};

/// Envelopes around a plan.
const DEEPEST_ENVELOPE: usize = 4;

/// Words of a plan under which there is no plan to look for.
const BESIDE: [&str; 5] = [
    "output_changes",
    "prior_state",
    "provider_schemas",
    "relevant_attributes",
    "resource_drift",
];

/// The newest version of the form of plans and states that is known, as far as it may break what reads it.
const NEWEST_FORMAT: u64 = 1;

/// All that is said of a state with nothing in it, and about how long that is at most.
const EMPTY: [&str; 2] = ["format_version", "terraform_version"];
const LONGEST_EMPTY: usize = 200;

/// Longer texts are no version.
const LONGEST_VERSION: usize = 40;

/// Modules inside of modules.
const DEEPEST_MODULE: usize = 250;

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

/// What is kept of a plan. Nothing of it points into the plan's text, which is gone.
#[derive(Debug)]
pub struct Kept {
    /// The resources that the rules ask for, in the order of the plan. A place's `file` is an index into `excerpts`.
    pub template: Template<'static>,
    /// The parts of the plan that can be shown: for each resource the line with its address, for each attribute its own text.
    pub excerpts: Vec<Excerpt>,
    /// How many resources there are of types that nobody knows.
    pub unknown: BTreeMap<String, usize>,
    /// What each resource is called by.
    pub called: Vec<Called>,
    /// What the plan itself says is missing in it, a sentence each.
    pub missing: Vec<String>,
    /// All other resources: of most plans, nearly all.
    plumbing: Addresses,
    configuration: Configuration,
    variables: Variables,
}

/// A resource of a plan that is not a hosting choice: what it is called, and what it refers to.
#[derive(Debug)]
pub struct Plumbing<'k> {
    /// Its full address.
    pub address: &'k str,
    /// Its type.
    pub kind: &'k str,
    /// What it refers to.
    pub references: Vec<KnownReference>,
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
        position: Position,
    },
    /// It is JSON, but no plan and no state.
    #[error("this is not the output of `terraform show -json`")]
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
            || collection("\"planned_values\"")
            || is_empty_state(first))
}

/// Whether this is all that `terraform show -json` says of a state with nothing in it.
fn is_empty_state(text: &[u8]) -> bool {
    text.len() <= LONGEST_EMPTY
        && serde_json::from_slice::<BTreeMap<String, String>>(text).is_ok_and(|said| {
            said.contains_key("format_version")
                && said.keys().all(|key| EMPTY.contains(&key.as_str()))
        })
}

/// Whether these first bytes of a file are those of a state as Terraform stores it.
#[must_use]
pub fn looks_like_stored_state(first: &[u8]) -> bool {
    if !decode::begins_an_object(first) {
        return false;
    }
    let text = decode::prefix(first);
    let has = |key: &str, is: fn(char) -> bool| has_key(&text, key, is);
    has("\"lineage\"", |next| next == '"')
        && has("\"terraform_version\"", |next| next == '"')
        && has("\"serial\"", |next| next.is_ascii_digit())
}

/// Whether a key with such a value stands anywhere. Inside of a text its quotes would be escaped.
fn has_key(text: &str, key: &str, value: impl Fn(char) -> bool) -> bool {
    memchr::memmem::find_iter(text.as_bytes(), key).any(|at| {
        let escaped = text[..at].ends_with('\\');
        let after = text[at + key.len()..].trim_start().strip_prefix(':');
        !escaped && after.is_some_and(|after| after.trim_start().starts_with(&value))
    })
}

/// Reads of a plan what `keep` asks for.
///
/// # Errors
///
/// Where the bytes do not come, are no JSON, or are no plan. Of what nobody asks for only the nesting is checked.
pub fn read<'k>(reader: impl Read, keep: &'k dyn Fn(&str) -> Keep<'k>) -> Result<Kept, PlanError> {
    let (reader, before) = decode::utf8(reader)?;
    let mut reader = Reader {
        window: Window::new(reader, before),
        keep,
        changes: None,
        planned: None,
        configuration: Configuration::default(),
        variables: Variables::default(),
        newer: Vec::new(),
        end: End::default(),
    };
    reader.top()?;
    let missing = reader.end.missing();
    let mut found = reader.changes.or(reader.planned).ok_or(PlanError::NoPlan)?;
    let newer = reader.newer.into_iter();
    let notes = newer.map(|(version, excerpt)| found.newer(version, excerpt));
    let notes = notes.collect();
    let mut kept = found.finish(reader.configuration, reader.variables);
    kept.template.notes = notes;
    kept.missing = missing;
    Ok(kept)
}

impl Kept {
    /// What else decided where a resource's property decides: the variables of the root module on which it hangs, each with
    /// its place and what to say of it. `place` is that of the property.
    #[must_use]
    pub fn variables(&self, resource: usize, place: Place) -> Vec<(Place, String)> {
        let resource = &self.template.resources[resource];
        let mut properties = resource.properties.iter();
        let here = |own: Option<Place>| own.is_some_and(|own| own.file == place.file);
        let (Some(property), Some(address)) = (
            properties.find(|property| here(property.place)),
            Address::parse(&resource.address),
        ) else {
            return Vec::new();
        };
        let names = self.configuration.variables(&address, &property.key);
        let shown = names.into_iter();
        let shown = shown.filter(|name| !self.configuration.hides(name));
        shown.filter_map(|name| self.variables.get(&name)).collect()
    }

    /// What the root module declares besides its calls: `aws_instance.web`, `data.aws_ami.base`, `var.size`, `output.url`. Nothing
    /// where the plan does not say how it was written.
    #[must_use]
    pub fn declared(&self) -> &BTreeSet<String> {
        self.configuration.declared()
    }

    /// The modules that the root module calls.
    pub fn calls(&self) -> impl Iterator<Item = WrittenCall<'_>> {
        self.configuration.calls(0)
    }

    /// Where a resource is written: the calls that lead to its module, and its address there.
    #[must_use]
    pub fn written_at(&self, resource: usize) -> Option<WrittenAt<'_>> {
        let resource = self.template.resources.get(resource)?;
        let address = Address::parse(&resource.address)?;
        let way = self.configuration.way(&address.modules)?;
        Some(WrittenAt {
            way,
            address: format!("{}.{}", address.kind, address.name),
            key: address.key.to_owned(),
        })
    }

    /// The property of a resource that stands at a place.
    #[must_use]
    pub fn property(&self, resource: usize, place: Place) -> Option<&str> {
        let mut properties = self.template.resources.get(resource)?.properties.iter();
        let here = |own: Option<Place>| own.is_some_and(|own| own.file == place.file);
        let property = properties.find(|property| here(property.place))?;
        Some(&property.key)
    }

    /// The resources that are no hosting choice, in the order of the plan; those of unknown types are among them. What they
    /// refer to is found out one by one, for there are many.
    pub fn plumbing(&self) -> impl Iterator<Item = Plumbing<'_>> {
        let mut budget = BUDGET;
        let known = self.known();
        self.plumbing.iter().map(move |address| {
            let parsed = Address::parse(address);
            let references = parsed
                .as_ref()
                .and_then(|parsed| self.configuration.references(parsed, &known, &mut budget));
            Plumbing {
                address,
                kind: parsed.map_or("", |parsed| parsed.kind),
                references: references.unwrap_or_default(),
            }
        })
    }
}

impl Kept {
    /// All addresses.
    fn known(&self) -> HashSet<&str> {
        let wanted = self.template.resources.iter();
        let wanted = wanted.map(|resource| resource.address.as_str());
        self.plumbing.iter().chain(wanted).collect()
    }
}

/// What one section of a plan says. `resource_changes` and `planned_values` tell of the same resources.
#[derive(Default)]
struct Found {
    resources: Vec<Resource<'static>>,
    called: Vec<Called>,
    excerpts: Excerpts,
    unknown: BTreeMap<String, usize>,
    plumbing: Addresses,
}

impl Found {
    /// Says that the form is newer than what is known.
    fn newer(&mut self, version: String, excerpt: Excerpt) -> Note {
        let length = u32::try_from(excerpt.text.len()).unwrap_or(u32::MAX);
        let place = Place {
            file: self.excerpts.add(excerpt),
            span: Span::new(0, length),
        };
        Note {
            what: Noted::Newer(version),
            place,
            other: None,
        }
    }

    /// Adds what the configuration knows: who refers to whom, and which attributes somebody wrote.
    fn finish(mut self, configuration: Configuration, mut variables: Variables) -> Kept {
        let wanted = self.resources.iter();
        let wanted = wanted.map(|resource| resource.address.as_str());
        let known: HashSet<&str> = self.plumbing.iter().chain(wanted).collect();
        let mut budget = BUDGET;
        let references = self.resources.iter().map(|resource| {
            let address = Address::parse(&resource.address)?;
            configuration.references(&address, &known, &mut budget)
        });
        let references: Vec<_> = references.map(Option::unwrap_or_default).collect();
        let mut template = Template::new(Dialect::Plan, Vec::new());
        for (at, resource) in self.resources.iter_mut().enumerate() {
            let address = Address::parse(&resource.address);
            if let Some(address) = &address
                && let Some(written) = configuration.written(address)
            {
                let properties = std::mem::take(&mut resource.properties);
                resource.properties = written.prune(&template, properties);
            }
            name(&mut template, &resource.address, address.as_ref(), at);
        }
        for (resource, references) in self.resources.iter_mut().zip(references) {
            resource.references = references;
        }
        template.resources = self.resources;
        variables.settle(&mut self.excerpts);
        Kept {
            template,
            excerpts: self.excerpts.into_all(),
            unknown: self.unknown,
            called: self.called,
            missing: Vec::new(),
            plumbing: self.plumbing,
            configuration,
            variables,
        }
    }
}

/// A resource is found by its address with and without keys.
fn name(template: &mut Template<'static>, full: &str, address: Option<&Address<'_>>, at: usize) {
    let mut names = vec![full.to_owned()];
    for bare in address.into_iter().flat_map(Address::bare) {
        if !names.contains(&bare) {
            names.push(bare);
        }
    }
    for name in names {
        let names = &mut template.units[0].names;
        names.entry(Cow::Owned(name)).or_default().push(at);
    }
}

struct Reader<'r, 'k> {
    window: Window<'r>,
    keep: &'k dyn Fn(&str) -> Keep<'k>,
    changes: Option<Found>,
    planned: Option<Found>,
    configuration: Configuration,
    variables: Variables,
    /// Versions of the form that are newer than what is known.
    newer: Vec<(String, Excerpt)>,
    end: End,
}

/// How far planning came, as a plan says it.
#[derive(Default)]
struct End {
    /// Terraform met an error on the way.
    errored: bool,
    /// After it is applied, something is left to be planned.
    incomplete: bool,
    /// Changes that wait for others.
    deferred: usize,
}

impl End {
    fn missing(&self) -> Vec<String> {
        let mut missing = Vec::new();
        if self.errored {
            missing
                .push("planning ended in an error: what it had not come to is missing".to_owned());
        }
        match self.deferred {
            0 => {}
            1 => missing.push("1 deferred change is only planned after others".to_owned()),
            more => missing.push(format!(
                "{more} deferred changes are only planned after others"
            )),
        }
        if self.incomplete && missing.is_empty() {
            missing.push(
                "it says that it is not complete: another plan has to follow, as after `-target`"
                    .to_owned(),
            );
        }
        missing
    }
}

impl Reader<'_, '_> {
    fn top(&mut self) -> Result<(), PlanError> {
        self.object(0)?;
        match self.window.peek()? {
            None => Ok(()),
            Some(_) => Err(self
                .window
                .wrong("the plan has ended, but more text follows")),
        }
    }

    /// A plan, or an envelope with one in it, as services hand it to policies and tasks.
    fn object(&mut self, depth: usize) -> Result<(), PlanError> {
        let mut is_plan = false;
        let mut is_empty = depth == 0;
        let mut is_stored = false;
        let mut stored_version = None;
        let mut end = End::default();
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
                ("deferred_changes", Some(b'[')) => {
                    let mut found = self.changes.take().unwrap_or_default();
                    self.deferred(&mut found)?;
                    self.changes = Some(found);
                    self.planned = None;
                }
                ("planned_values" | "values", Some(b'{')) if self.changes.is_none() => {
                    let mut found = self.planned.take().unwrap_or_default();
                    self.values(&mut found)?;
                    self.planned = Some(found);
                }
                ("variables", Some(b'{')) => {
                    let mut more = self.window.open(b'{', b'}')?;
                    while more {
                        let name = self.window.key()?;
                        self.variables.read(name, &mut self.window)?;
                        more = self.window.another(b'}')?;
                    }
                }
                ("configuration", Some(b'{')) => {
                    let keep = self.keep;
                    let wanted = |kind: &str| matches!(keep(kind), Keep::Wanted(_));
                    self.configuration = Configuration::read(&mut self.window, &wanted)?;
                }
                ("resources", Some(b'[')) if is_stored => {
                    let mut found = self.planned.take().unwrap_or_default();
                    self.stored(&mut found)?;
                    self.planned = Some(found);
                }
                ("format_version", Some(b'"')) => {
                    let newer = self.newer_than(NEWEST_FORMAT)?;
                    self.newer.extend(newer);
                }
                ("errored", Some(b't')) => {
                    end.errored = true;
                    self.window.skip()?;
                }
                ("complete", Some(b'f')) => {
                    end.incomplete = true;
                    self.window.skip()?;
                }
                ("version", Some(b'0'..=b'9')) => {
                    stored_version = self.newer_than(raw_state::NEWEST)?;
                }
                (word, Some(b'{'))
                    if !is_plan && depth < DEEPEST_ENVELOPE && !BESIDE.contains(&word) =>
                {
                    let is_alone = self.changes.is_none() && self.planned.is_none();
                    if is_alone {
                        self.object(depth + 1)?;
                    } else {
                        self.window.skip()?;
                    }
                }
                _ => self.window.skip()?,
            }
            is_stored |= key == "lineage";
            is_empty &= EMPTY.contains(&key.as_str());
            is_plan |= matches!(key.as_str(), "format_version" | "terraform_version");
            more = self.window.another(b'}')?;
        }
        if is_stored {
            self.newer.extend(stored_version);
        }
        if is_plan && is_empty {
            self.planned = Some(Found::default());
        }
        if is_plan {
            self.end.errored |= end.errored;
            self.end.incomplete |= end.incomplete;
        }
        Ok(())
    }

    /// Changes that will only be planned once something else is there: they may come.
    fn deferred(&mut self, found: &mut Found) -> Result<(), PlanError> {
        let mut more = self.window.open(b'[', b']')?;
        while more {
            let range = self.window.capture()?;
            let text = captured(&mut self.window, &range)?;
            let change = json(text).map(|document| {
                let change = document.roots().next()?.get("resource_change")?;
                (change.kind() == Kind::Mapping).then(|| change.span())
            });
            match change {
                Err(error) => return Err(inside(&mut self.window, &range, &error)),
                Ok(None) => {}
                Ok(Some(span)) => {
                    let before = found.resources.len();
                    let inner = range.start + span.start as usize..range.start + span.end as usize;
                    self.element(&inner, found)?;
                    for resource in &mut found.resources[before..] {
                        let open = Expr::Unknown(Cause::AfterApply);
                        resource.condition = Some(Child::built(open, &None));
                    }
                }
            }
            self.end.deferred += 1;
            self.window.release();
            more = self.window.another(b']')?;
        }
        Ok(())
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
                        if self.window.peek()? == Some(b'{') {
                            self.module(found, depth + 1)?;
                        } else {
                            self.window.skip()?;
                        }
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
        match element::read(text, self.keep, &mut found.excerpts) {
            Ok(element) => {
                self.take(range.start, vec![element], found);
                Ok(())
            }
            Err(error) => Err(inside(&mut self.window, range, &error)),
        }
    }

    /// Takes in what was read of the text that begins there.
    fn take(&mut self, start: usize, elements: Vec<Element>, found: &mut Found) {
        let window = &mut self.window;
        let mut origin = None;
        for element in elements {
            match element {
                Element::Nothing => {}
                Element::Plumbing(address) => found.plumbing.push(&address),
                Element::Unknown { kind, address } => {
                    *found.unknown.entry(kind).or_default() += 1;
                    found.plumbing.push(&address);
                }
                Element::Kept(kept) => {
                    let (mut resource, called) = *kept;
                    let origin = *origin.get_or_insert_with(|| window.position(start));
                    resource.origin = Some(origin);
                    found.resources.push(resource);
                    found.called.push(called);
                }
            }
        }
        found.excerpts.settle(|at| window.position(start + at));
    }

    /// A version where it is newer than what is known.
    fn newer_than(&mut self, known: u64) -> Result<Option<(String, Excerpt)>, PlanError> {
        let range = self.window.capture()?;
        let text = captured(&mut self.window, &range)?.to_owned();
        let version = text.trim_matches('"').to_owned();
        let major = version.split('.').next().unwrap_or_default();
        let is_newer = major.parse::<u64>().is_ok_and(|major| major > known);
        let newer = (is_newer && text.len() <= LONGEST_VERSION).then(|| {
            let position = self.window.position(range.start);
            (version, Excerpt { text, position })
        });
        self.window.release();
        Ok(newer)
    }
}

fn captured<'w>(window: &'w mut Window<'_>, range: &Range<usize>) -> Result<&'w str, PlanError> {
    if let Err(error) = std::str::from_utf8(window.bytes(range)) {
        let position = window.position(range.start + error.valid_up_to());
        let message = "this is not UTF-8".to_owned();
        return Err(PlanError::Syntax { message, position });
    }
    Ok(std::str::from_utf8(window.bytes(range)).unwrap_or_default())
}

/// An error of the JSON parser as an error in the plan.
fn inside(window: &mut Window<'_>, range: &Range<usize>, error: &ParseError) -> PlanError {
    PlanError::Syntax {
        message: error.message.to_string(),
        position: window.position(range.start + error.span.start as usize),
    }
}
