//! References become values: known, one of several, or unknown and why. Nothing is guessed, no file is opened.
//! Nobody else decides what an expression is worth.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::blocks::{
    Cause, Child, Dialect, Expr, MANY, Name, ParameterKind, Scope, Space, Template, bound, unit,
};

mod collections;
mod convert;
mod data;
mod decider;
mod document;
mod encode;
mod file_functions;
mod fitting;
mod format;
mod functions;
mod indexed;
mod instances;
mod named;
mod numbers;
mod outputs;
mod parameter;
mod pick;
pub mod property;
mod refer;
mod rounds;
mod same;
#[cfg(test)]
mod tests;
mod texts;
mod truth;
mod value;
mod yaml;

pub use data::Data;
pub use decider::Decider;
pub use encode::from_base64;
pub use fitting::wanted;
pub use parameter::some_other;
pub use property::Found;
pub use rounds::TWO_OF_A_KEY;
pub use truth::Truth;
pub use value::{ScalarKind, Text, Value};

/// Expressions looked at for one question, with the elements of their collections, beyond which the answer is "too deep": keeps hostile input linear.
const FUEL: u32 = 50_000;
/// Nesting beyond which the answer is "too deep": keeps the stack small.
const DEEPEST: u32 = 96;
/// Steps up to which a definition is not worth remembering.
const FEW: u32 = 8;

/// A value that is worth trying for a parameter, because something in the template or a rule names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index into [`Template::parameters`].
    pub parameter: usize,
    pub value: Assumed,
    /// How it is shown: "`LaunchType=EC2`".
    pub shown: String,
}

/// What a parameter is taken to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Assumed {
    /// This value, as a text.
    Text(String),
    /// A value that nothing in the template or the rules names.
    Other,
    /// Any value at all: what a function makes of it is open.
    Any,
}

impl Assumed {
    /// The value, where it has a name.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Other | Self::Any => None,
        }
    }
}

/// What an answer hung on.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Parameters that were looked at, in order.
    pub parameters: Vec<usize>,
    /// Values of them that would be worth trying.
    pub candidates: Vec<Candidate>,
}

/// What a definition is called, after its unit.
type Defined<'t> = (usize, Space, Cow<'t, str>);

/// A condition of a unit that is known to hold or not to hold.
pub type Settled = (usize, String, bool);
/// The value of a definition, and what it hung on.
type Known<'t> = (Value<'t>, Trace);

/// Definitions that were looked at under the same assumptions: who shares it looks at none of them again.
#[derive(Clone, Debug, Default)]
pub struct KnownDefinitions<'t>(Rc<RefCell<FxHashMap<Defined<'t>, Known<'t>>>>);

/// Looks things up in one template, under assumptions.
#[derive(Debug)]
pub struct Resolver<'a, 't> {
    template: &'a Template<'t>,
    /// Parameters that are taken to have a value other than their default.
    assumed: Vec<(usize, Assumed)>,
    /// Conditions that are known to hold or not to hold, because the resource in question exists.
    settled: Vec<Settled>,
    fuel: Cell<u32>,
    depth: Cell<u32>,
    /// Choices that were met on the way to properties, to tell them apart.
    choices: Cell<u32>,
    /// What is looked at leaves no trace: it does not decide.
    is_quiet: Cell<bool>,
    trace: RefCell<Trace>,
    /// Definitions on the way to the present one: a definition by way of itself has no value.
    open: RefCell<Vec<Defined<'t>>>,
    /// Definitions that were looked at.
    known: KnownDefinitions<'t>,
    /// How often an answer hung on the way to it: on what was on the way already, or on the end of the steps.
    stops: Cell<u32>,
}

impl<'a, 't> Resolver<'a, 't> {
    /// A resolver without assumptions.
    #[must_use]
    pub fn new(template: &'a Template<'t>) -> Self {
        Self {
            template,
            assumed: Vec::new(),
            settled: Vec::new(),
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
            choices: Cell::new(0),
            is_quiet: Cell::new(false),
            trace: RefCell::default(),
            open: RefCell::default(),
            known: KnownDefinitions::default(),
            stops: Cell::new(0),
        }
    }

    /// The same template with these parameters taken to have these values.
    #[must_use]
    pub fn assuming(mut self, assumed: Vec<(usize, Assumed)>) -> Self {
        self.assumed = assumed;
        self.known = KnownDefinitions::default();
        self
    }

    /// The same template with these conditions known to hold or not to hold.
    #[must_use]
    pub fn settling(mut self, conditions: Vec<Settled>) -> Self {
        self.settled = conditions;
        self.known = KnownDefinitions::default();
        self
    }

    /// With what others found out under the same assumptions.
    #[must_use]
    pub fn sharing(mut self, memory: KnownDefinitions<'t>) -> Self {
        self.known = memory;
        self
    }

    #[must_use]
    pub fn template(&self) -> &'a Template<'t> {
        self.template
    }

    /// What the answers so far hung on; starts anew.
    pub fn take_trace(&self) -> Trace {
        self.trace.take()
    }

    /// Begins a new question, with all the fuel that one question may take.
    pub fn refuel(&self) {
        self.fuel.set(FUEL);
    }

    /// Takes steps; whether there were any left.
    fn spend(&self, steps: usize) -> bool {
        let steps = u32::try_from(steps).unwrap_or(u32::MAX);
        let effort = &self.template.effort;
        let left = self.fuel.get() > 0 && effort.get() > 0;
        self.fuel.set(self.fuel.get().saturating_sub(steps));
        effort.set(effort.get().saturating_sub(u64::from(steps)));
        left
    }

    /// Whether nothing more can be asked.
    fn is_spent(&self) -> bool {
        self.fuel.get() == 0 || self.template.effort.get() == 0
    }

    /// Asks something that does not decide.
    fn quietly<T>(&self, ask: impl FnOnce() -> T) -> T {
        let before = self.is_quiet.replace(true);
        let answer = ask();
        self.is_quiet.set(before);
        answer
    }

    /// Whether values have types by which they are told apart.
    fn is_typed(&self) -> bool {
        self.template.dialect == Dialect::Terraform
    }

    /// The value of what stands there.
    #[must_use]
    pub fn value(&self, child: &Child<'t>) -> Value<'t> {
        if self.depth.get() >= DEEPEST || !self.spend(1) {
            self.stop();
            return Value::Unknown(Cause::TooDeep);
        }
        let expr = self.template.expr(child);
        // To look at a large collection again costs nothing: it is remembered, and who goes through it takes the steps.
        let size = match &expr {
            Expr::Call(_, items) => items.len(),
            Expr::List(items) => items.len().min(MANY),
            Expr::Map(entries) => entries.len().min(MANY),
            _ => 0,
        };
        if size > 0 {
            self.spend(size);
        }
        self.depth.set(self.depth.get() + 1);
        let value = match expr {
            Expr::Absent => Value::Absent,
            Expr::Text(text) => Value::Text(Text::from(text)),
            Expr::Number(text) => Value::Text(Text::of(text, ScalarKind::Number)),
            Expr::Bool(holds) => Value::from(holds),
            Expr::List(items) => Value::List(items),
            Expr::Map(entries) => Value::Map(entries),
            Expr::Unknown(cause) => Value::Unknown(cause),
            Expr::Name(name) => self.named(&name, child),
            Expr::Call(function, arguments) => self.call(function, &arguments),
            Expr::For(each) => self.each(&each),
        };
        self.depth.set(self.depth.get() - 1);
        match value {
            // Put together from parts, it is a name under which the value is looked up.
            Value::Text(text) if text.starts_with("{{resolve:") => {
                Value::Unknown(Cause::Lookup(text.into_owned()))
            }
            value => value,
        }
    }

    /// Whether what stands there holds.
    #[must_use]
    pub fn truth(&self, child: &Child<'t>) -> Truth {
        if let Some(parameter) = self.parameter_of(child) {
            for value in ["true", "false"] {
                self.candidate(parameter, value, value);
            }
        }
        self.truth_of(&self.value(child))
    }

    /// Whether a text is the word for a truth; where values have types, a digit in quotes is one too. A number is none.
    fn is_word(&self, text: &Text<'_>, word: &str, digit: &str) -> bool {
        text.kind() != ScalarKind::Number
            && (text.eq_ignore_ascii_case(word) || (self.is_typed() && &**text == digit))
    }

    fn truth_of(&self, value: &Value<'t>) -> Truth {
        match value {
            Value::Text(text) if self.is_word(text, "true", "1") => Truth::Yes,
            Value::Text(text) if self.is_word(text, "false", "0") => Truth::No,
            Value::Absent if self.is_typed() => Truth::maybe(Cause::Rejected("null".to_owned())),
            Value::Absent => Truth::No,
            Value::Text(_) | Value::List(_) | Value::Map(_) => Truth::maybe(Cause::Rejected(
                "a condition that is neither true nor false".to_owned(),
            )),
            Value::Unknown(cause) => Truth::maybe(cause.clone()),
            Value::OneOf(values, cause) => {
                let mut truths = values.iter().map(|value| self.truth_of(value));
                let first = truths.next().unwrap_or(Truth::No);
                if truths.all(|truth| truth == first) {
                    first
                } else {
                    Truth::maybe(cause.clone())
                }
            }
        }
    }

    fn named(&self, name: &Name<'t>, child: &Child<'t>) -> Value<'t> {
        match name {
            Name::Any(name) => {
                if let Some(value) = bound(&child.scope, name) {
                    return self.value(value);
                }
                match self.template.parameter(&child.scope, name) {
                    Some(parameter) => self.parameter(parameter),
                    None if self.template.unit(&child.scope).names.contains_key(name) => {
                        Value::Unknown(Cause::Attribute(name.clone().into_owned()))
                    }
                    None => Value::Unknown(Cause::Undefined(name.clone().into_owned())),
                }
            }
            Name::Parameter(name) => match self.template.parameter(&child.scope, name) {
                Some(parameter) => self.parameter(parameter),
                None => Value::Unknown(Cause::Undefined(format!("var.{name}"))),
            },
            Name::Loop(name) => match bound(&child.scope, name) {
                Some(value) => self.value(value),
                None => Value::Unknown(Cause::Undefined(name.clone().into_owned())),
            },
            Name::Definition(space, name) => self.definition(*space, name, &child.scope),
            Name::Attribute(resource, attribute) => {
                self.attribute(resource, attribute, &child.scope)
            }
        }
    }

    fn definition(&self, space: Space, name: &Cow<'t, str>, scope: &Scope<'t>) -> Value<'t> {
        let unit = unit(scope);
        let is_it = |(of, known, _): &&Settled| *of == unit && known == name;
        if space == Space::Condition
            && let Some((.., holds)) = self.settled.iter().find(is_it)
        {
            return Value::from(*holds);
        }
        let key = (unit, space, name.clone());
        let Some(definition) = self.template.units[unit].definition(space, name) else {
            return Value::Unknown(match space {
                Space::Path => Cause::Pseudo(format!("path.{name}")),
                _ => Cause::Undefined(name.clone().into_owned()),
            });
        };
        if let Some((value, trace)) = self.known.0.borrow().get(&key) {
            self.add_trace(trace);
            return value.clone();
        }
        if self.open.borrow().contains(&key) {
            self.stop();
            return Value::Unknown(Cause::Circular(name.clone().into_owned()));
        }
        self.open.borrow_mut().push(key.clone());
        let value = match space {
            Space::Local | Space::Condition => self.remembered(&key, definition),
            Space::Mapping | Space::Path => self.value(definition),
        };
        self.open.borrow_mut().pop();
        value
    }

    /// Notes that the answer is of this way to it, and of no other.
    fn stop(&self) {
        self.stops.set(self.stops.get().wrapping_add(1));
    }

    fn remembered(&self, key: &Defined<'t>, definition: &Child<'t>) -> Value<'t> {
        let before = self.trace.take();
        let was_quiet = self.is_quiet.replace(false);
        let (fuel, stops) = (self.fuel.get(), self.stops.get());
        let value = self.value(definition);
        self.is_quiet.set(was_quiet);
        let trace = self.trace.replace(before);
        self.add_trace(&trace);
        // What takes a few steps is looked at again for less than it costs to remember it.
        let is_long = fuel.saturating_sub(self.fuel.get()) > FEW;
        if is_long && stops == self.stops.get() && !self.is_spent() {
            let known = (value.clone(), trace);
            self.known.0.borrow_mut().insert(key.clone(), known);
        }
        value
    }

    /// Asks something, and what the answer hangs on, of which nothing is noted yet.
    fn traced<T>(&self, ask: impl FnOnce() -> T) -> (T, Trace) {
        let before = self.trace.take();
        let answer = ask();
        (answer, self.trace.replace(before))
    }

    fn add_trace(&self, part: &Trace) {
        for &parameter in &part.parameters {
            self.looked_at(parameter);
        }
        for candidate in &part.candidates {
            self.add_candidate(candidate);
        }
    }

    fn looked_at(&self, parameter: usize) {
        let mut trace = self.trace.borrow_mut();
        if !self.is_quiet.get() && !trace.parameters.contains(&parameter) {
            trace.parameters.push(parameter);
        }
    }

    /// An attribute that is written in the resource's own block is known, all others exist only after deployment.
    fn attribute(&self, resource: &str, attribute: &str, scope: &Scope<'t>) -> Value<'t> {
        if let Some(output) = self.output(resource, attribute, scope) {
            return output;
        }
        if attribute.is_empty()
            && let Some(instances) = self.all_instances(resource, scope)
        {
            return instances;
        }
        if self.is_typed()
            && let Some(written) = self.written_in(resource, attribute, scope)
        {
            return written;
        }
        if self.is_typed() && resource.starts_with("module.") {
            let full = format!("{resource}.{attribute}");
            return Value::Unknown(Cause::Module(full.trim_end_matches('.').to_owned()));
        }
        let written = match self.is_typed() {
            true => None,
            false => self.template.written(scope, resource, attribute),
        };
        match written.map(|written| self.value(written)) {
            Some(text @ Value::Text(_)) => text,
            _ => Value::Unknown(Cause::Attribute(format!("{resource}.{attribute}"))),
        }
    }

    /// What a parameter is taken to be, where anything is assumed of it.
    #[must_use]
    pub fn assumption(&self, parameter: usize) -> Option<&Assumed> {
        let mut all = self.assumed.iter();
        let (_, value) = all.find(|(assumed, _)| *assumed == parameter)?;
        Some(value)
    }

    fn parameter(&self, at: usize) -> Value<'t> {
        let parameter = &self.template.parameters[at];
        if let Some(handed) = &parameter.handed {
            return self.given(parameter, handed);
        }
        self.looked_at(at);
        match self.assumption(at) {
            Some(Assumed::Text(text)) => return self.assumed(parameter, text),
            Some(Assumed::Other) => return self.assumed_other(parameter),
            Some(Assumed::Any) => {
                return Value::Unknown(Cause::Parameter(parameter.name.clone().into_owned()));
            }
            None => {}
        }
        if parameter.kind == ParameterKind::Lookup {
            return Value::Unknown(Cause::Lookup(parameter.name.clone().into_owned()));
        }
        if let Some(default) = &parameter.default {
            return self.given(parameter, default);
        }
        let name = parameter.name.clone().into_owned();
        let cause = match &parameter.given {
            _ if parameter.is_disputed => Cause::Disputed(name),
            Some(given) if !given.is_known => {
                let words = given.unknown(&name);
                Cause::Kept(name, words)
            }
            _ => Cause::Parameter(name),
        };
        if parameter.allowed.is_empty() {
            return Value::Unknown(cause);
        }
        let values = parameter.allowed.iter();
        let values = values.map(|text| self.assumed(parameter, text));
        Value::OneOf(values.collect(), cause)
    }
}
