//! References become values: known, one of several, or unknown and why. Nothing is guessed, no file is opened.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use crate::blocks::{
    Cause, Child, Entry, Expr, Name, Parameter, ParameterKind, Space, Template, bound,
};

mod functions;
mod parameter;
pub mod property;

pub use property::Found;

/// Expressions looked at for one question, with the elements of their collections, beyond which the answer is "too deep": keeps hostile input linear.
const FUEL: u32 = 50_000;
/// Nesting beyond which the answer is "too deep": keeps the stack small.
const DEEPEST: u32 = 96;

/// What is known of a value.
#[derive(Clone, Debug)]
pub enum Value<'t> {
    /// Not there at all.
    Absent,
    /// A scalar, as the text by which it is compared.
    Text(Cow<'t, str>),
    /// A list whose elements are looked at when asked for.
    List(Vec<Child<'t>>),
    /// A map whose values are looked at when asked for.
    Map(Vec<Entry<'t>>),
    /// One of several, and why it is open which.
    OneOf(Vec<Value<'t>>, Cause),
    /// Unknown, and why.
    Unknown(Cause),
}

/// An answer that may be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not.
    No,
    /// It may, and these are the causes.
    Maybe(Vec<Cause>),
}

impl Truth {
    /// Open for one cause.
    #[must_use]
    pub fn maybe(cause: Cause) -> Self {
        Self::Maybe(vec![cause])
    }

    /// Known, one way or the other.
    #[must_use]
    pub fn known(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            open @ Self::Maybe(_) => open,
        }
    }

    /// Both hold.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, other) => other,
            (open, Self::Yes) => open,
            (Self::Maybe(mut causes), Self::Maybe(more)) => {
                for cause in more {
                    if !causes.contains(&cause) {
                        causes.push(cause);
                    }
                }
                Self::Maybe(causes)
            }
        }
    }

    /// One of them holds.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.negated().and(other.negated()).negated()
    }
}

/// A value that is worth trying for a parameter, because something in the template or a rule names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Index into [`Template::parameters`].
    pub parameter: usize,
    /// The value to assume.
    pub value: String,
    /// How it is shown: "`LaunchType=EC2`".
    pub shown: String,
}

/// What an answer hung on.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Parameters that were looked at, in order.
    pub parameters: Vec<usize>,
    /// Values of them that would be worth trying.
    pub candidates: Vec<Candidate>,
}

/// Looks things up in one template, under assumptions.
#[derive(Debug)]
pub struct Resolver<'a, 't> {
    template: &'a Template<'t>,
    /// Parameters that are taken to have a value other than their default.
    assumed: Vec<(usize, String)>,
    /// Conditions that are known to hold or not to hold, because the resource in question exists.
    settled: Vec<(String, bool)>,
    fuel: Cell<u32>,
    depth: Cell<u32>,
    trace: RefCell<Trace>,
    /// Definitions on the way to the present one: a definition by way of itself has no value.
    open: RefCell<Vec<(Space, String)>>,
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
            trace: RefCell::default(),
            open: RefCell::default(),
        }
    }

    /// The same template with these parameters taken to have these values.
    #[must_use]
    pub fn assuming(mut self, assumed: Vec<(usize, String)>) -> Self {
        self.assumed = assumed;
        self
    }

    /// The same template with these conditions known to hold or not to hold.
    #[must_use]
    pub fn settling(mut self, conditions: Vec<(String, bool)>) -> Self {
        self.settled = conditions;
        self
    }

    /// The template.
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

    /// The value of what stands there.
    #[must_use]
    pub fn value(&self, child: &Child<'t>) -> Value<'t> {
        if self.fuel.get() == 0 || self.depth.get() >= DEEPEST {
            return Value::Unknown(Cause::TooDeep);
        }
        let expr = self.template.expr(child);
        let size = match &expr {
            Expr::List(items) | Expr::Call(_, items) => items.len(),
            Expr::Map(entries) => entries.len(),
            _ => 0,
        };
        let size = u32::try_from(size).unwrap_or(u32::MAX).saturating_add(1);
        self.fuel.set(self.fuel.get().saturating_sub(size));
        self.depth.set(self.depth.get() + 1);
        let value = match expr {
            Expr::Absent => Value::Absent,
            Expr::Text(text) => Value::Text(text),
            Expr::List(items) => Value::List(items),
            Expr::Map(entries) => Value::Map(entries),
            Expr::Unknown(cause) => Value::Unknown(cause),
            Expr::Name(name) => self.named(&name, child),
            Expr::Call(function, arguments) => self.call(function, &arguments),
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

    fn truth_of(&self, value: &Value<'t>) -> Truth {
        match value {
            Value::Text(text) if text.eq_ignore_ascii_case("true") => Truth::Yes,
            Value::Text(text) if text.eq_ignore_ascii_case("false") => Truth::No,
            Value::Absent => Truth::No,
            Value::Text(_) | Value::List(_) | Value::Map(_) => Truth::maybe(Cause::Function(
                "a condition that is no truth value".to_owned(),
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
                if &**name == "AWS::NoValue" {
                    return Value::Absent;
                }
                if name.starts_with("AWS::") {
                    return Value::Unknown(Cause::Pseudo(name.clone().into_owned()));
                }
                match self.template.parameter(name) {
                    Some(parameter) => self.parameter(parameter),
                    None if self.template.names.contains_key(name) => {
                        Value::Unknown(Cause::Attribute(name.clone().into_owned()))
                    }
                    None => Value::Unknown(Cause::Undefined(name.clone().into_owned())),
                }
            }
            Name::Parameter(name) => match self.template.parameter(name) {
                Some(parameter) => self.parameter(parameter),
                None => Value::Unknown(Cause::Undefined(format!("var.{name}"))),
            },
            Name::Loop(name) => match bound(&child.scope, name) {
                Some(value) => self.value(value),
                None => Value::Unknown(Cause::Undefined(name.clone().into_owned())),
            },
            Name::Definition(space, name) => self.definition(*space, name),
            Name::Attribute(resource, attribute) => self.attribute(resource, attribute),
        }
    }

    fn definition(&self, space: Space, name: &Cow<'t, str>) -> Value<'t> {
        if space == Space::Condition
            && let Some((_, holds)) = self.settled.iter().find(|(known, _)| known == name)
        {
            return Value::Text(Cow::Borrowed(if *holds { "true" } else { "false" }));
        }
        let key = (space, name.clone());
        let Some(definition) = self.template.definitions.get(&key) else {
            return Value::Unknown(Cause::Undefined(name.clone().into_owned()));
        };
        let here = (space, name.clone().into_owned());
        if self.open.borrow().contains(&here) {
            return Value::Unknown(Cause::TooDeep);
        }
        self.open.borrow_mut().push(here);
        let value = self.value(definition);
        self.open.borrow_mut().pop();
        value
    }

    /// An attribute that is written in the resource's own block is known, all others exist only after deployment.
    fn attribute(&self, resource: &str, attribute: &str) -> Value<'t> {
        let unknown = || Value::Unknown(Cause::Attribute(format!("{resource}.{attribute}")));
        if self.template.dialect == crate::blocks::Dialect::CloudFormation {
            return unknown();
        }
        let known = self
            .template
            .names
            .get(resource)
            .and_then(|all| all.first());
        let entry = known.and_then(|&at| {
            let entries = &self.template.resources[at].properties;
            entries.iter().find(|entry| entry.key == attribute)
        });
        match entry.map(|entry| self.value(&entry.value)) {
            Some(text @ Value::Text(_)) => text,
            _ => unknown(),
        }
    }

    fn parameter(&self, at: usize) -> Value<'t> {
        let parameter = &self.template.parameters[at];
        {
            let mut trace = self.trace.borrow_mut();
            if !trace.parameters.contains(&at) {
                trace.parameters.push(at);
            }
        }
        if let Some((_, value)) = self.assumed.iter().find(|(assumed, _)| *assumed == at) {
            return typed(parameter, Cow::Owned(value.clone()));
        }
        if parameter.kind == ParameterKind::Lookup {
            return Value::Unknown(Cause::Lookup(parameter.name.clone().into_owned()));
        }
        if let Some(default) = &parameter.default {
            return match self.value(default) {
                Value::Text(text) => typed(parameter, text),
                other => other,
            };
        }
        let cause = Cause::Parameter(parameter.name.clone().into_owned());
        if parameter.allowed.is_empty() {
            return Value::Unknown(cause);
        }
        let values = parameter.allowed.iter();
        let values = values.map(|text| typed(parameter, text.clone()));
        Value::OneOf(values.collect(), cause)
    }
}

fn typed<'t>(parameter: &Parameter<'t>, text: Cow<'t, str>) -> Value<'t> {
    if parameter.kind != ParameterKind::List {
        return Value::Text(text);
    }
    let parts = text.split(',').map(|part| part.trim().to_owned());
    let items = parts.map(|part| Child::built(Expr::Text(Cow::Owned(part)), &None));
    Value::List(items.collect())
}
