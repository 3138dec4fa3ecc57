//! Terraform's expression language, as it stands inside of JSON texts, in the words of [`Expr`].
//! The whole of a text is read at once; the parser bounds its depth, and what it refuses is unknown.

use std::borrow::Cow;

use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr, FuncCall, ObjectKey, TraversalOperator, UnaryOperator,
};
use hcl_edit::template::{Directive, Element, Strip, Template};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::blocks::{
    Cause, Child, Entry, Expr, For, Function, Items, Name, Named, Number, Space, Written,
};

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
    match text.parse::<Template>() {
        Ok(template) => Reader::new(is_bound).template(&template, Lines::Each),
        Err(_) => Expr::Unknown(Cause::Rejected("${...}".to_owned())),
    }
}

/// Whether a text has markers of a template in it.
pub(super) fn is_template(text: &str) -> bool {
    let mut markers = memchr::memchr2_iter(b'$', b'%', text.as_bytes());
    markers.any(|at| text.as_bytes().get(at + 1) == Some(&b'{'))
}

/// Whether the lines of a template's texts are trimmed each by itself.
#[derive(Clone, Copy, PartialEq)]
enum Lines {
    /// All white space is trimmed, over any number of lines.
    One,
    /// White space of one line is trimmed.
    Each,
}

/// What stands around a part of a template: whether the marks before and after it trim it.
#[derive(Clone, Copy, Default)]
struct Around {
    before: bool,
    after: bool,
}

pub(super) struct Reader<'s> {
    is_bound: &'s dyn Fn(&str) -> bool,
    /// Variables of `for` expressions around here.
    loops: Vec<String>,
}

fn child<'t>(expr: Expr<'t>) -> Child<'t> {
    Child::built(expr, &None)
}

fn word<'t>(text: impl Into<String>) -> Child<'t> {
    child(Expr::Text(Cow::Owned(text.into())))
}

fn call<'t>(function: Function, arguments: impl IntoIterator<Item = Expr<'t>>) -> Expr<'t> {
    let arguments = arguments.into_iter().map(child);
    Expr::Call(function, arguments.collect())
}

/// What is not run, with everything that it refers to.
fn opaque<'t>(why: Child<'t>, arguments: impl IntoIterator<Item = Expr<'t>>) -> Expr<'t> {
    let arguments = arguments.into_iter().map(child);
    let all = std::iter::once(why).chain(arguments);
    Expr::Call(Function::Opaque, all.collect())
}

impl<'s> Reader<'s> {
    pub(super) fn new(is_bound: &'s dyn Fn(&str) -> bool) -> Self {
        let loops = Vec::new();
        Self { is_bound, loops }
    }

    fn template<'t>(&mut self, template: &Template, lines: Lines) -> Expr<'t> {
        if let Some(Element::Interpolation(only)) = template.as_single_element() {
            return self.expression(&only.expr);
        }
        let elements: Vec<&Element> = template.iter().collect();
        self.elements(&elements, Around::default(), lines)
    }

    /// The parts of a template, or of a part of one.
    fn elements<'t>(&mut self, elements: &[&Element], around: Around, lines: Lines) -> Expr<'t> {
        let mut parts: Vec<Expr<'t>> = Vec::with_capacity(elements.len());
        for (at, element) in elements.iter().enumerate() {
            let before = match at.checked_sub(1) {
                Some(before) => trims_after(elements[before]),
                None => around.before,
            };
            let after = match elements.get(at + 1) {
                Some(after) => trims_before(after),
                None => around.after,
            };
            let part = self.element(element, Around { before, after }, lines);
            if !matches!(&part, Expr::Text(text) if text.is_empty()) {
                parts.push(part);
            }
        }
        match parts.as_slice() {
            [] => Expr::Text(Cow::Borrowed("")),
            [Expr::Text(_)] => parts.remove(0),
            _ => call(Function::Template, parts),
        }
    }

    fn element<'t>(&mut self, element: &Element, around: Around, lines: Lines) -> Expr<'t> {
        match element {
            Element::Literal(text) => {
                Expr::Text(composed(Cow::Owned(trimmed(text, around, lines))))
            }
            Element::Interpolation(inner) => self.expression(&inner.expr),
            Element::Directive(directive) => match &**directive {
                Directive::If(choice) => {
                    let condition = self.expression(&choice.if_expr.cond_expr);
                    let end = choice.endif_expr.strip;
                    let middle = choice.else_expr.as_ref().map_or(end, |other| other.strip);
                    let inside = between(choice.if_expr.strip, middle);
                    let yes = self.part(&choice.if_expr.template, inside, lines);
                    let no = choice
                        .else_expr
                        .as_ref()
                        .map(|no| self.part(&no.template, between(no.strip, end), lines));
                    let no = no.unwrap_or(Expr::Text(Cow::Borrowed("")));
                    call(Function::If, [condition, yes, no])
                }
                Directive::For(each) => {
                    let collection = self.expression(&each.for_expr.collection_expr);
                    let key = each.for_expr.key_var.as_ref().map(|key| key.to_string());
                    let name = each.for_expr.value_var.to_string();
                    let inside = between(each.for_expr.strip, each.endfor_expr.strip);
                    let before = self.loops.len();
                    self.loops.extend(key.clone());
                    self.loops.push(name.clone());
                    let body = self.part(&each.for_expr.template, inside, lines);
                    self.loops.truncate(before);
                    let each = For::new(Written {
                        collection: child(collection),
                        names: (key.map(Cow::Owned), Cow::Owned(name)),
                        key: None,
                        // Each round is a text, even if it is nothing but one value.
                        value: child(call(Function::Template, [body])),
                        condition: None,
                        is_grouped: false,
                    });
                    let nothing = Expr::Text(Cow::Borrowed(""));
                    call(Function::Named(Named::Join), [nothing, Expr::For(each)])
                }
            },
        }
    }

    fn part<'t>(&mut self, template: &Template, around: Around, lines: Lines) -> Expr<'t> {
        let elements: Vec<&Element> = template.iter().collect();
        self.elements(&elements, around, lines)
    }

    pub(super) fn expression<'t>(&mut self, expression: &Expression) -> Expr<'t> {
        match expression {
            Expression::Null(_) => Expr::Absent,
            Expression::Bool(value) => Expr::Bool(*value.value()),
            Expression::Number(value) => {
                let written = value.as_repr().map(|written| written.replace(' ', ""));
                number(&written.unwrap_or_else(|| value.value().to_string()))
            }
            Expression::String(value) => Expr::Text(composed(Cow::Owned(value.value().clone()))),
            Expression::Array(items) => {
                let items = items.iter().map(|item| child(self.expression(item)));
                Expr::List(items.collect())
            }
            Expression::Object(object) => {
                let entries = object.iter().map(|(key, value)| {
                    let key = match key {
                        // A bare word is a name here, too: only parentheses make it an expression.
                        ObjectKey::Ident(name) => word_of(name.as_str()),
                        ObjectKey::Expression(Expression::Variable(name)) => word_of(name.as_str()),
                        ObjectKey::Expression(Expression::Null(_)) => word_of("null"),
                        ObjectKey::Expression(key) => self.expression(key),
                    };
                    (key, None, child(self.expression(value.expr())))
                });
                map(entries.collect())
            }
            Expression::StringTemplate(template) => {
                let elements: Vec<&Element> = template.iter().collect();
                match elements[..] {
                    [Element::Interpolation(only)] => self.expression(&only.expr),
                    _ => self.elements(&elements, Around::default(), Lines::One),
                }
            }
            Expression::HeredocTemplate(heredoc) => {
                let elements: Vec<&Element> = heredoc.template.iter().collect();
                let text = self.elements(&elements, Around::default(), Lines::Each);
                let is_directive = |element: &&Element| matches!(element, Element::Directive(_));
                if heredoc.indent().is_some() && elements.iter().any(is_directive) {
                    // The parser does not say what it took from the lines inside of directives.
                    return opaque(word("<<-"), [text]);
                }
                text
            }
            Expression::Parenthesis(inner) => self.expression(inner.inner()),
            Expression::Variable(name) => self.root(name.as_str(), &[]),
            Expression::Conditional(choice) => {
                let condition = self.expression(&choice.cond_expr);
                let yes = self.expression(&choice.true_expr);
                let no = self.expression(&choice.false_expr);
                call(Function::If, [condition, yes, no])
            }
            Expression::FuncCall(function) => self.function(function),
            Expression::Traversal(traversal) => {
                let operators = traversal.operators.iter();
                let operators: Vec<_> = operators.map(|operator| operator.value()).collect();
                match &traversal.expr {
                    Expression::Variable(name) => self.root(name.as_str(), &operators),
                    other => {
                        let start = self.expression(other);
                        self.path(start, &operators)
                    }
                }
            }
            Expression::UnaryOp(operation) => {
                let inner = self.expression(&operation.expr);
                match (operation.operator.value(), inner) {
                    (UnaryOperator::Not, inner) => call(Function::Not, [inner]),
                    (UnaryOperator::Neg, Expr::Number(text)) => match Number::parse(&text) {
                        Some(number) => Expr::Number(Cow::Owned(number.negative().to_string())),
                        None => number(&text),
                    },
                    (UnaryOperator::Neg, inner) => call(Function::Negative, [inner]),
                }
            }
            Expression::BinaryOp(operation) => {
                let left = self.expression(&operation.lhs_expr);
                let right = self.expression(&operation.rhs_expr);
                binary(*operation.operator.value(), left, right)
            }
            Expression::ForExpr(each) => self.each(each),
        }
    }

    fn each<'t>(&mut self, each: &ForExpr) -> Expr<'t> {
        let collection = self.expression(&each.intro.collection_expr);
        let key_name = each.intro.key_var.as_ref().map(|key| key.to_string());
        let name = each.intro.value_var.to_string();
        let before = self.loops.len();
        self.loops.extend(key_name.clone());
        self.loops.push(name.clone());
        let key = each.key_expr.as_ref().map(|key| self.expression(key));
        let value = self.expression(&each.value_expr);
        let condition = each.cond.as_ref();
        let condition = condition.map(|condition| self.expression(&condition.expr));
        self.loops.truncate(before);
        Expr::For(For::new(Written {
            collection: child(collection),
            names: (key_name.map(Cow::Owned), Cow::Owned(name)),
            key: key.map(child),
            value: child(value),
            condition: condition.map(child),
            is_grouped: each.grouping,
        }))
    }

    fn function<'t>(&mut self, function: &FuncCall) -> Expr<'t> {
        let namespace = function.name.namespace.iter().map(|part| part.as_str());
        let name: Vec<_> = namespace.chain([function.name.name.as_str()]).collect();
        let name = name.join("::");
        let name = name.strip_prefix("core::").unwrap_or(&name);
        let arguments = function.args.iter();
        let arguments: Vec<_> = arguments
            .map(|argument| self.expression(argument))
            .collect();
        let Some(named) = Named::called(name) else {
            return opaque(word(name), arguments);
        };
        if function.args.expand_final() {
            return call(Function::Expanded(named), arguments);
        }
        if !named.takes(arguments.len()) {
            let rejected = Expr::Unknown(Cause::Rejected(name.to_owned()));
            return opaque(child(rejected), arguments);
        }
        call(Function::Named(named), arguments)
    }

    /// A name and what is asked of it.
    fn root<'t>(&mut self, name: &str, operators: &[&TraversalOperator]) -> Expr<'t> {
        if self.loops.iter().any(|known| known == name) || (self.is_bound)(name) {
            let name = Name::Loop(Cow::Owned(name.to_owned()));
            return self.path(Expr::Name(name), operators);
        }
        let attribute = match operators.first() {
            Some(TraversalOperator::GetAttr(attribute)) => attribute.as_str(),
            _ => return Expr::Unknown(Cause::Undefined(name.to_owned())),
        };
        let full = format!("{name}.{attribute}");
        match name {
            "resource" => self.root(attribute, &operators[1..]),
            "var" => {
                let variable = Name::Parameter(Cow::Owned(attribute.to_owned()));
                self.path(Expr::Name(variable), &operators[1..])
            }
            "local" => {
                let local = Name::Definition(Space::Local, Cow::Owned(attribute.to_owned()));
                self.path(Expr::Name(local), &operators[1..])
            }
            "data" => {
                let mut full = full;
                for operator in operators.iter().skip(1).take(2) {
                    if let TraversalOperator::GetAttr(attribute) = operator {
                        full.push('.');
                        full.push_str(attribute.as_str());
                    }
                }
                Expr::Unknown(Cause::Data(full))
            }
            "path" | "terraform" | "self" | "each" | "count" | "ephemeral" => {
                Expr::Unknown(Cause::Pseudo(full))
            }
            _ => self.resource(full, &operators[1..]),
        }
    }

    /// `aws_x.y`, its instance, the attribute, and what is asked of that.
    fn resource<'t>(&mut self, mut address: String, operators: &[&TraversalOperator]) -> Expr<'t> {
        let mut rest = operators;
        let mut key = None;
        let mut is_splat = false;
        match rest.first() {
            Some(TraversalOperator::Index(index)) => {
                key = Some(self.expression(index));
                rest = &rest[1..];
            }
            Some(TraversalOperator::LegacyIndex(index)) => {
                key = Some(number(&index.value().to_string()));
                rest = &rest[1..];
            }
            Some(TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_)) => {
                is_splat = true;
                rest = &rest[1..];
            }
            _ => {}
        }
        let mut attribute = String::new();
        if let Some(TraversalOperator::GetAttr(name)) = rest.first() {
            name.as_str().clone_into(&mut attribute);
            rest = &rest[1..];
        }
        // `aws_x.y.*.id[0]`: the index chooses the instance.
        if is_splat && let Some(TraversalOperator::Index(index)) = rest.first() {
            key = Some(self.expression(index));
            is_splat = false;
            rest = &rest[1..];
        }
        let known = match &key {
            Some(Expr::Text(key)) => Some(super::quoted_key(key)),
            Some(Expr::Number(key)) => Some(format!("[{key}]")),
            _ => None,
        };
        address.push_str(known.as_deref().unwrap_or_default());
        let value = match key {
            Some(key) if known.is_none() => {
                let words = [word_of(&address), key, word_of(&attribute)];
                call(Function::Instance, words)
            }
            _ => Expr::Name(Name::Attribute(Cow::Owned(address), Cow::Owned(attribute))),
        };
        let value = self.path(value, rest);
        if is_splat {
            call(Function::Instances, [value])
        } else {
            value
        }
    }

    /// Indexes and attributes, one after the other.
    fn path<'t>(&mut self, start: Expr<'t>, operators: &[&TraversalOperator]) -> Expr<'t> {
        if let Expr::Unknown(_) = start {
            return start;
        }
        let mut keys = Vec::new();
        let mut rest = operators;
        let mut splat = None;
        while let Some((operator, after)) = rest.split_first() {
            rest = after;
            keys.push(match operator {
                TraversalOperator::GetAttr(name) => word_of(name.as_str()),
                TraversalOperator::Index(index) => self.expression(index),
                TraversalOperator::LegacyIndex(index) => number(&index.value().to_string()),
                TraversalOperator::FullSplat(_) => {
                    splat = Some(rest.len());
                    break;
                }
                // It takes attributes of the elements; an index is one of the new list.
                TraversalOperator::AttrSplat(_) => {
                    let takes = |operator: &&TraversalOperator| {
                        matches!(
                            operator,
                            TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_)
                        )
                    };
                    splat = Some(rest.iter().take_while(|operator| takes(operator)).count());
                    break;
                }
            });
        }
        let value = indexed(start, keys);
        let Some(taken) = splat else {
            return value;
        };
        let (inner, rest) = rest.split_at(taken);
        let element = Expr::Name(Name::Loop(Cow::Borrowed(ELEMENT)));
        let element = self.path(element, inner);
        let each = For::new(Written {
            collection: child(call(Function::Spread, [value])),
            names: (None, Cow::Borrowed(ELEMENT)),
            key: None,
            value: child(element),
            condition: None,
            is_grouped: false,
        });
        self.path(Expr::For(each), rest)
    }
}

fn indexed<'t>(start: Expr<'t>, keys: Vec<Expr<'t>>) -> Expr<'t> {
    if keys.is_empty() {
        return start;
    }
    call(Function::Index, std::iter::once(start).chain(keys))
}

/// A text in which a letter and its accent are one.
pub(super) fn composed(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    Cow::Owned(text.nfc().collect())
}

fn word_of<'t>(text: &str) -> Expr<'t> {
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

fn binary<'t>(operator: BinaryOperator, left: Expr<'t>, right: Expr<'t>) -> Expr<'t> {
    let function = match operator {
        BinaryOperator::Eq => Function::Equals,
        BinaryOperator::NotEq => Function::Differs,
        BinaryOperator::And => return chained(Function::And, left, right),
        BinaryOperator::Or => return chained(Function::Or, left, right),
        BinaryOperator::Less => Function::Below,
        BinaryOperator::LessEq => Function::AtMost,
        BinaryOperator::Greater => return call(Function::Below, [right, left]),
        BinaryOperator::GreaterEq => return call(Function::AtMost, [right, left]),
        BinaryOperator::Plus => Function::Plus,
        BinaryOperator::Minus => Function::Minus,
        BinaryOperator::Mul => Function::Times,
        BinaryOperator::Div => Function::DividedBy,
        BinaryOperator::Mod => Function::Remainder,
    };
    call(function, [left, right])
}

/// `a && b && c` as one call.
fn chained<'t>(function: Function, left: Expr<'t>, right: Expr<'t>) -> Expr<'t> {
    match left {
        Expr::Call(same, items) if same == function => {
            let all = items.iter().chain([child(right)]);
            Expr::Call(function, all.collect::<Items<'t>>())
        }
        left => call(function, [left, right]),
    }
}

/// What a text between an opening and a closing directive is trimmed by.
fn between(opening: Strip, closing: Strip) -> Around {
    Around {
        before: opening.strip_end(),
        after: closing.strip_start(),
    }
}

fn trims_before(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(inner) => inner.strip.strip_start(),
        Element::Directive(directive) => match &**directive {
            Directive::If(choice) => choice.if_expr.strip.strip_start(),
            Directive::For(each) => each.for_expr.strip.strip_start(),
        },
    }
}

fn trims_after(element: &Element) -> bool {
    match element {
        Element::Literal(_) => false,
        Element::Interpolation(inner) => inner.strip.strip_end(),
        Element::Directive(directive) => match &**directive {
            Directive::If(choice) => choice.endif_expr.strip.strip_end(),
            Directive::For(each) => each.endfor_expr.strip.strip_end(),
        },
    }
}

fn trimmed(text: &str, around: Around, lines: Lines) -> String {
    let mut text = text;
    let mut kept = "";
    if around.before {
        let end = match lines {
            Lines::One => text.len(),
            Lines::Each => text.find('\n').map_or(text.len(), |at| at + 1),
        };
        let first = text[..end].trim_start();
        if first.is_empty() {
            text = &text[end..];
        } else {
            kept = first;
            text = &text[end..];
        }
    }
    let mut whole = format!("{kept}{text}");
    if around.after {
        let start = match lines {
            Lines::One => 0,
            Lines::Each => {
                let line = whole.strip_suffix('\n').unwrap_or(&whole);
                line.rfind('\n').map_or(0, |at| at + 1)
            }
        };
        let last = whole[start..].trim_end().len();
        whole.truncate(start + last);
    }
    whole
}
