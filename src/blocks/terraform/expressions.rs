//! Terraform's expression language in the words of [`Expr`], whether it stands in a file of its own or inside of JSON texts.

mod operators;
mod templates;
mod traversals;

use std::borrow::Cow;
use std::marker::PhantomData;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::blocks::{Cause, Child, Entry, Expr, For, Function, Named, Number, Written};
use crate::syntax::{self, Kind, Node, Operation};

/// Longer templates are data, not decisions; reading them would cost more than they can tell.
const LONGEST: usize = 1 << 20;

/// The name of an element in a splat: no author can use it.
const ELEMENT: &str = "*";

/// Reads a text of a JSON body: what stands between `${` and `}` in it is an expression.
pub(super) fn text<'t>(text: Cow<'t, str>, is_bound: &dyn Fn(&str) -> bool) -> Expr<'t> {
    if !is_template(&text) {
        return Expr::Text(text);
    }
    if text.len() > LONGEST {
        return Expr::Unknown(Cause::TooDeep);
    }
    let document = syntax::template(&text);
    let root = document
        .as_ref()
        .ok()
        .and_then(|document| document.roots().next());
    match root {
        Some(root) => Reader::<Owned>::new(is_bound).template(root),
        None => Expr::Unknown(Cause::Rejected("${...}".to_owned())),
    }
}

/// Reads a value of a file in Terraform's own syntax, one level deep.
pub(super) fn expr<'t>(node: Node<'t>, is_bound: &dyn Fn(&str) -> bool) -> Expr<'t> {
    Reader::<Borrowed>::new(is_bound).expression(node)
}

/// Whether a text has markers of a template in it.
pub(super) fn is_template(text: &str) -> bool {
    let mut markers = memchr::memchr2_iter(b'$', b'%', text.as_bytes());
    markers.any(|at| text.as_bytes().get(at + 1) == Some(&b'{'))
}

/// What becomes of the parts of an expression.
pub(super) trait Keep<'d, 't>: Sized {
    fn text(text: Cow<'d, str>) -> Cow<'t, str>;
    fn part(reader: &mut Reader<'_, 'd, 't, Self>, node: Node<'d>) -> Child<'t>;
}

/// They stay where they are, and are looked at when somebody asks.
pub(super) struct Borrowed;

impl<'t> Keep<'t, 't> for Borrowed {
    fn text(text: Cow<'t, str>) -> Cow<'t, str> {
        text
    }

    fn part(_reader: &mut Reader<'_, 't, 't, Self>, node: Node<'t>) -> Child<'t> {
        Child::node(node, &None)
    }
}

/// They are read at once: the tree that they stand in is gone soon.
pub(super) struct Owned;

impl<'d, 't> Keep<'d, 't> for Owned {
    fn text(text: Cow<'d, str>) -> Cow<'t, str> {
        Cow::Owned(text.into_owned())
    }

    fn part(reader: &mut Reader<'_, 'd, 't, Self>, node: Node<'d>) -> Child<'t> {
        child(reader.expression(node))
    }
}

pub(super) struct Reader<'s, 'd, 't, K> {
    is_bound: &'s dyn Fn(&str) -> bool,
    /// Variables of `for` expressions around here.
    loops: Vec<String>,
    kept: PhantomData<(Node<'d>, Expr<'t>, K)>,
}

pub(super) fn child<'t>(expr: Expr<'t>) -> Child<'t> {
    Child::built(expr, &None)
}

pub(super) fn call<'t>(
    function: Function,
    arguments: impl IntoIterator<Item = Child<'t>>,
) -> Expr<'t> {
    Expr::Call(function, arguments.into_iter().collect())
}

/// What is not run, with everything that it refers to.
fn opaque<'t>(why: Expr<'t>, arguments: impl IntoIterator<Item = Child<'t>>) -> Expr<'t> {
    let all = std::iter::once(child(why)).chain(arguments);
    Expr::Call(Function::Opaque, all.collect())
}

impl<'s, 'd, 't, K: Keep<'d, 't>> Reader<'s, 'd, 't, K> {
    pub(super) fn new(is_bound: &'s dyn Fn(&str) -> bool) -> Self {
        Self {
            is_bound,
            loops: Vec::new(),
            kept: PhantomData,
        }
    }

    pub(super) fn part(&mut self, node: Node<'d>) -> Child<'t> {
        K::part(self, node)
    }

    pub(super) fn text(&self, node: Node<'d>) -> Cow<'t, str> {
        K::text(composed(node.text()))
    }

    pub(super) fn expression(&mut self, node: Node<'d>) -> Expr<'t> {
        match node.kind() {
            Kind::Scalar if node.is_plain() => self.word(node),
            Kind::Scalar => Expr::Text(self.text(node)),
            Kind::Sequence => Expr::List(node.items().map(|item| self.part(item)).collect()),
            Kind::Mapping if node.is_body() => self.body(node),
            Kind::Mapping => self.object(node),
            Kind::Expression => self.operation(node),
        }
    }

    /// A number, a truth value or null.
    fn word(&mut self, node: Node<'d>) -> Expr<'t> {
        let text = node.text();
        match &*text {
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "null" => Expr::Absent,
            // The digits are borrowed where they are what the number is called.
            digits
                if digits.len() < 18
                    && digits.bytes().all(|byte| byte.is_ascii_digit())
                    && (digits == "0" || !digits.starts_with('0')) =>
            {
                Expr::Number(K::text(text))
            }
            digits => number(digits),
        }
    }

    /// A nested block: blocks of one name are a list.
    fn body(&mut self, node: Node<'d>) -> Expr<'t> {
        let entries = super::block::gathered(node).into_iter();
        let entries = entries.map(|(key, values)| {
            let value = match values[..] {
                [only] => self.part(only),
                _ => {
                    let all = values.iter().map(|value| self.part(*value));
                    child(Expr::List(all.collect()))
                }
            };
            Entry::new(self.text(key), value)
        });
        Expr::Map(entries.collect())
    }

    fn object(&mut self, node: Node<'d>) -> Expr<'t> {
        let entries = node.entries().map(|(key, value)| {
            let is_digit = |text: &[u8]| text.first().is_some_and(u8::is_ascii_digit);
            let key = match key.bytes() {
                // A bare word is a name here: only parentheses make it an expression.
                Some(text) if key.is_plain() && !is_digit(text) => Expr::Text(self.text(key)),
                _ => self.expression(key),
            };
            (key, None, self.part(value))
        });
        map(entries.collect())
    }

    fn operation(&mut self, node: Node<'d>) -> Expr<'t> {
        let Some(operation) = node.operation() else {
            return Expr::Absent;
        };
        let mut parts = node.parts();
        match operation {
            Operation::Name => self.root(&node.text(), &[]),
            Operation::Traversal => {
                let start = parts.next();
                let steps: Vec<Node<'d>> = parts.collect();
                match start {
                    Some(name) if name.operation() == Some(Operation::Name) => {
                        self.root(&name.text(), &steps)
                    }
                    Some(other) => {
                        let start = self.expression(other);
                        self.path(start, &steps)
                    }
                    None => Expr::Absent,
                }
            }
            Operation::Parentheses => match parts.next() {
                Some(inner) => self.expression(inner),
                None => Expr::Absent,
            },
            Operation::Conditional => {
                let parts: Vec<_> = parts.map(|part| self.part(part)).collect();
                call(Function::If, parts)
            }
            Operation::Call => self.function(node),
            Operation::Unary => self.unary(node),
            Operation::Chain => self.chain(node),
            Operation::ForList | Operation::ForObject => self.each(node),
            Operation::Template => self.template(node),
            // Parts of others, which never stand by themselves.
            Operation::Attribute
            | Operation::Index
            | Operation::Splat
            | Operation::FullSplat
            | Operation::Expanded
            | Operation::Operator
            | Operation::Variable
            | Operation::Interpolation
            | Operation::IfDirective
            | Operation::ForDirective
            | Operation::Tag
            | Operation::Part => Expr::Absent,
        }
    }

    fn each(&mut self, node: Node<'d>) -> Expr<'t> {
        let has_keys = node.operation() == Some(Operation::ForObject);
        let mut parts = node.parts().peekable();
        let mut names = Vec::new();
        while let Some(name) = parts.next_if(|part| part.operation() == Some(Operation::Variable)) {
            names.push(name.text().into_owned());
        }
        let Some(collection) = parts.next() else {
            return Expr::Absent;
        };
        let collection = self.part(collection);
        let before = self.loops.len();
        self.loops.extend(names.iter().cloned());
        let key = if has_keys { parts.next() } else { None };
        let key = key.map(|key| self.part(key));
        let value = parts.next();
        let is_grouped = value.is_some_and(|value| value.operation() == Some(Operation::Expanded));
        let value = match value {
            Some(value) if is_grouped => value.parts().next(),
            value => value,
        };
        let value = value.map_or_else(|| child(Expr::Absent), |value| self.part(value));
        let condition = parts.next().map(|condition| self.part(condition));
        self.loops.truncate(before);
        let name = names.pop().unwrap_or_default();
        Expr::For(For::new(Written {
            collection,
            names: (names.pop().map(Cow::Owned), Cow::Owned(name)),
            key,
            value,
            condition,
            is_grouped,
        }))
    }

    fn function(&mut self, node: Node<'d>) -> Expr<'t> {
        let mut parts = node.parts();
        let Some(name) = parts.next() else {
            return Expr::Absent;
        };
        let name: String = name.text().split_whitespace().collect();
        let name = name.strip_prefix("core::").unwrap_or(&name);
        let mut is_expanded = false;
        let arguments: Vec<Child<'t>> = parts
            .map(|argument| match argument.operation() {
                Some(Operation::Expanded) => {
                    is_expanded = true;
                    let inner = argument.parts().next().unwrap_or(argument);
                    self.part(inner)
                }
                _ => self.part(argument),
            })
            .collect();
        let Some(named) = Named::called(name) else {
            return opaque(word_of(name), arguments);
        };
        if is_expanded {
            return call(Function::Expanded(named), arguments);
        }
        if !named.takes(arguments.len()) {
            let rejected = Expr::Unknown(Cause::Rejected(name.to_owned()));
            return opaque(rejected, arguments);
        }
        call(Function::Named(named), arguments)
    }
}

/// A text in which a letter and its accent are one.
pub(super) fn composed(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    Cow::Owned(text.nfc().collect())
}

pub(super) fn word_of<'t>(text: &str) -> Expr<'t> {
    Expr::Text(Cow::Owned(text.to_owned()))
}

/// A number as it is written.
pub(super) fn number<'t>(text: &str) -> Expr<'t> {
    match Number::parse(text) {
        Some(number) => Expr::Number(Cow::Owned(number.to_string())),
        None => Expr::Unknown(Cause::Rejected("a number".to_owned())),
    }
}

/// A map, or a call that makes one where a key is no plain text.
pub(super) fn map<'t>(all: Vec<(Expr<'t>, Option<crate::blocks::Place>, Child<'t>)>) -> Expr<'t> {
    let simple = |(key, ..): &(Expr<'t>, _, _)| {
        matches!(key, Expr::Text(_) | Expr::Number(_) | Expr::Bool(_))
    };
    if !all.iter().all(simple) {
        let parts = all
            .into_iter()
            .flat_map(|(key, _, value)| [child(key), value]);
        return Expr::Call(Function::Object, parts.collect());
    }
    let entries = all.into_iter().map(|(key, place, value)| Entry {
        key: match key {
            Expr::Text(text) | Expr::Number(text) => text,
            Expr::Bool(true) => Cow::Borrowed("true"),
            _ => Cow::Borrowed("false"),
        },
        place,
        value,
    });
    Expr::Map(entries.collect())
}
