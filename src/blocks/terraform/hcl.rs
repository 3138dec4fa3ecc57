//! Terraform's expression language, as it stands inside of JSON texts, in the words of [`Expr`].
//! The whole of a text is read at once; the parser bounds its depth, and what it refuses is unknown.

use std::borrow::Cow;

use hcl_edit::expr::{
    BinaryOperator, Expression, FuncCall, ObjectKey, TraversalOperator, UnaryOperator,
};
use hcl_edit::template::{Directive, Element, Template};

use super::fold::Facts;
use crate::blocks::{Cause, Child, Entry, Expr, Function, Name, Scope, Space, bound};

/// Longer templates are data, not decisions; reading them would cost more than they can tell.
const LONGEST: usize = 1 << 20;

/// Reads a text of a JSON body: what stands between `${` and `}` in it is an expression.
pub(super) fn text<'t>(text: Cow<'t, str>, scope: &Scope<'t>) -> Expr<'t> {
    let markers = memchr::memchr2_iter(b'$', b'%', text.as_bytes());
    let mut markers = markers.filter(|at| text.as_bytes().get(at + 1) == Some(&b'{'));
    if markers.next().is_none() {
        return Expr::Text(text);
    }
    if text.len() > LONGEST {
        return Expr::Unknown(Cause::TooDeep);
    }
    match text.parse::<Template>() {
        Ok(template) => Reader::new(scope).template(&template),
        Err(_) => Expr::Unknown(Cause::Function("${...}".to_owned())),
    }
}

struct Reader<'s, 't> {
    scope: &'s Scope<'t>,
    /// Variables of `for` expressions around here.
    hidden: Vec<String>,
}

impl<'s, 't> Reader<'s, 't> {
    fn new(scope: &'s Scope<'t>) -> Self {
        let hidden = Vec::new();
        Self { scope, hidden }
    }

    fn child(&self, expr: Expr<'t>) -> Child<'t> {
        Child::built(expr, self.scope)
    }

    fn word(&self, text: impl Into<String>) -> Child<'t> {
        self.child(Expr::Text(Cow::Owned(text.into())))
    }

    fn call(&self, function: Function, arguments: impl IntoIterator<Item = Expr<'t>>) -> Expr<'t> {
        let arguments = arguments.into_iter().map(|argument| self.child(argument));
        Expr::Call(function, arguments.collect())
    }

    /// What is not run, with everything that it refers to.
    fn opaque(&self, name: &str, arguments: impl IntoIterator<Item = Expr<'t>>) -> Expr<'t> {
        let arguments = arguments.into_iter().map(|argument| self.child(argument));
        Expr::Call(
            Function::Opaque,
            std::iter::once(self.word(name)).chain(arguments).collect(),
        )
    }

    fn template(&mut self, template: &Template) -> Expr<'t> {
        if let Some(Element::Interpolation(only)) = template.as_single_element() {
            return self.expression(&only.expr);
        }
        let mut parts: Vec<Expr<'t>> = template
            .iter()
            .map(|element| self.element(element))
            .collect();
        match parts.as_slice() {
            [] => Expr::Text(Cow::Borrowed("")),
            [Expr::Text(_)] => parts.remove(0),
            _ => self.call(Function::Concat, parts),
        }
    }

    fn element(&mut self, element: &Element) -> Expr<'t> {
        match element {
            Element::Literal(text) => Expr::Text(Cow::Owned(text.to_string())),
            Element::Interpolation(inner) => self.expression(&inner.expr),
            Element::Directive(directive) => match &**directive {
                Directive::If(choice) => {
                    let condition = self.expression(&choice.if_expr.cond_expr);
                    let yes = self.template(&choice.if_expr.template);
                    let no = choice
                        .else_expr
                        .as_ref()
                        .map(|no| self.template(&no.template));
                    let no = no.unwrap_or(Expr::Text(Cow::Borrowed("")));
                    self.call(Function::If, [condition, yes, no])
                }
                Directive::For(each) => {
                    let collection = self.expression(&each.for_expr.collection_expr);
                    let key = each.for_expr.key_var.as_ref().map(|key| key.to_string());
                    let names = key.into_iter().chain([each.for_expr.value_var.to_string()]);
                    let before = self.hidden.len();
                    self.hidden.extend(names);
                    let body = self.template(&each.for_expr.template);
                    self.hidden.truncate(before);
                    self.opaque("for", [collection, body])
                }
            },
        }
    }

    fn expression(&mut self, expression: &Expression) -> Expr<'t> {
        match expression {
            Expression::Null(_) => Expr::Absent,
            Expression::Bool(value) => Expr::Text(Cow::Owned(value.value().to_string())),
            Expression::Number(value) => Expr::Text(Cow::Owned(value.value().to_string())),
            Expression::String(value) => Expr::Text(Cow::Owned(value.value().clone())),
            Expression::Array(items) => {
                let items = items.iter().map(|item| self.expression(item));
                let items: Vec<_> = items.collect();
                Expr::List(items.into_iter().map(|item| self.child(item)).collect())
            }
            Expression::Object(object) => self.object(object),
            Expression::StringTemplate(template) => self.template(template),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template),
            Expression::Parenthesis(inner) => self.expression(inner.inner()),
            Expression::Variable(name) => self.root(name.as_str(), &[]),
            Expression::Conditional(choice) => {
                let condition = self.expression(&choice.cond_expr);
                let yes = self.expression(&choice.true_expr);
                let no = self.expression(&choice.false_expr);
                self.call(Function::If, [condition, yes, no])
            }
            Expression::FuncCall(call) => self.function(call),
            Expression::Traversal(traversal) => match &traversal.expr {
                Expression::Variable(name) => {
                    let operators: Vec<_> = traversal
                        .operators
                        .iter()
                        .map(|operator| operator.value())
                        .collect();
                    self.root(name.as_str(), &operators)
                }
                other => {
                    let start = self.expression(other);
                    let operators: Vec<_> = traversal
                        .operators
                        .iter()
                        .map(|operator| operator.value())
                        .collect();
                    self.path(start, &operators)
                }
            },
            Expression::UnaryOp(operation) => {
                let inner = self.expression(&operation.expr);
                match (operation.operator.value(), inner) {
                    (UnaryOperator::Not, inner) => self.call(Function::Not, [inner]),
                    (UnaryOperator::Neg, Expr::Text(text)) => {
                        Expr::Text(Cow::Owned(format!("-{text}")))
                    }
                    (UnaryOperator::Neg, inner) => self.opaque("-", [inner]),
                }
            }
            Expression::BinaryOp(operation) => {
                let left = self.expression(&operation.lhs_expr);
                let right = self.expression(&operation.rhs_expr);
                self.binary(*operation.operator.value(), left, right)
            }
            Expression::ForExpr(each) => {
                let collection = self.expression(&each.intro.collection_expr);
                let before = self.hidden.len();
                self.hidden
                    .extend(each.intro.key_var.as_ref().map(|key| key.to_string()));
                self.hidden.push(each.intro.value_var.to_string());
                let key = each.key_expr.as_ref().map(|key| self.expression(key));
                let value = self.expression(&each.value_expr);
                let condition = each
                    .cond
                    .as_ref()
                    .map(|condition| self.expression(&condition.expr));
                self.hidden.truncate(before);
                let rest = key.into_iter().chain([value]).chain(condition);
                self.opaque("for", std::iter::once(collection).chain(rest))
            }
        }
    }

    fn object(&mut self, object: &hcl_edit::expr::Object) -> Expr<'t> {
        let mut entries: Vec<Entry<'t>> = Vec::new();
        let mut all = Vec::new();
        let mut known = true;
        for (key, value) in object.iter() {
            let key = match key {
                ObjectKey::Ident(name) => Expr::Text(Cow::Owned(name.to_string())),
                // A bare word is a name here, too: only parentheses make it an expression.
                ObjectKey::Expression(Expression::Variable(name)) => {
                    Expr::Text(Cow::Owned(name.to_string()))
                }
                ObjectKey::Expression(key) => self.expression(key),
            };
            let value = self.expression(value.expr());
            match self.literal(key) {
                Ok(key) => entries.push(Entry {
                    key: Cow::Owned(key),
                    place: None,
                    value: self.child(value),
                }),
                Err(key) => {
                    known = false;
                    all.extend([key, value]);
                }
            }
        }
        if known {
            return Expr::Map(entries);
        }
        all.push(Expr::Map(entries));
        self.opaque("{}", all)
    }

    /// The text that an expression is by itself, or else the expression.
    fn literal(&self, expr: Expr<'t>) -> Result<String, Expr<'t>> {
        match Facts::default().text(&self.child(expr.clone())) {
            Some(text) => Ok(text.into_owned()),
            None => Err(expr),
        }
    }

    fn binary(&self, operator: BinaryOperator, left: Expr<'t>, right: Expr<'t>) -> Expr<'t> {
        let function = match operator {
            BinaryOperator::Eq => Function::Equals,
            BinaryOperator::NotEq => Function::Differs,
            BinaryOperator::And => Function::And,
            BinaryOperator::Or => Function::Or,
            BinaryOperator::Less => Function::Below,
            BinaryOperator::LessEq => Function::AtMost,
            BinaryOperator::Greater => return self.call(Function::Below, [right, left]),
            BinaryOperator::GreaterEq => return self.call(Function::AtMost, [right, left]),
            _ => return self.arithmetic(operator, left, right),
        };
        self.call(function, [left, right])
    }

    /// Whole numbers that stand there are computed; nothing else is.
    fn arithmetic(&self, operator: BinaryOperator, left: Expr<'t>, right: Expr<'t>) -> Expr<'t> {
        if let (Expr::Text(a), Expr::Text(b)) = (&left, &right)
            && let (Ok(a), Ok(b)) = (a.parse::<i64>(), b.parse::<i64>())
        {
            let value = match operator {
                BinaryOperator::Plus => a.checked_add(b),
                BinaryOperator::Minus => a.checked_sub(b),
                BinaryOperator::Mul => a.checked_mul(b),
                BinaryOperator::Div if a.checked_rem(b) == Some(0) => a.checked_div(b),
                BinaryOperator::Mod => a.checked_rem(b),
                _ => None,
            };
            if let Some(value) = value {
                return Expr::Text(Cow::Owned(value.to_string()));
            }
        }
        self.opaque(operator.as_str(), [left, right])
    }

    fn function(&mut self, call: &FuncCall) -> Expr<'t> {
        let namespace = call.name.namespace.iter().map(|part| part.as_str());
        let name: Vec<_> = namespace.chain([call.name.name.as_str()]).collect();
        let name = name.join("::");
        let arguments: Vec<_> = call
            .args
            .iter()
            .map(|argument| self.expression(argument))
            .collect();
        if call.args.expand_final() {
            return self.opaque(&name, arguments);
        }
        let function = match (name.as_str(), arguments.len()) {
            ("lookup", 2) => Function::Index,
            ("lookup", 3) | ("element", 2) => Function::Lookup,
            ("coalesce" | "try", _) => Function::First,
            ("contains", 2) => Function::Contains,
            ("length", 1) => Function::Length,
            ("concat", _) => Function::Append,
            ("merge", _) => Function::Merge,
            ("join", 2) => Function::Join,
            ("split", 2) => Function::Split,
            ("keys", 1) => Function::Keys,
            ("values", 1) => Function::Values,
            ("lower", 1) => Function::Lower,
            ("upper", 1) => Function::Upper,
            ("tostring" | "tonumber" | "tobool" | "toset" | "tolist" | "tomap", 1) => {
                Function::Same
            }
            ("sensitive" | "nonsensitive" | "ephemeralasnull", 1) => Function::Same,
            ("one", 1) => {
                let first = Expr::Text(Cow::Borrowed("0"));
                return self.call(Function::Index, arguments.into_iter().chain([first]));
            }
            ("format", _) => return self.format(arguments),
            _ => return self.opaque(&name, arguments),
        };
        self.call(function, arguments)
    }

    /// `format` with nothing but `%s`, `%d` and `%%`.
    fn format(&self, arguments: Vec<Expr<'t>>) -> Expr<'t> {
        let Some(Expr::Text(pattern)) = arguments.first() else {
            return self.opaque("format", arguments);
        };
        let mut parts = Vec::new();
        let mut values = arguments.iter().skip(1);
        let mut rest: &str = pattern;
        while let Some((before, after)) = rest.split_once('%') {
            parts.push(Expr::Text(Cow::Owned(before.to_owned())));
            let part = match after.chars().next() {
                Some('s' | 'd' | 'v') => values.next().cloned(),
                Some('%') => Some(Expr::Text(Cow::Borrowed("%"))),
                _ => None,
            };
            let Some(part) = part else {
                return self.opaque("format", arguments);
            };
            parts.push(part);
            rest = &after[1..];
        }
        if values.next().is_some() {
            return self.opaque("format", arguments);
        }
        parts.push(Expr::Text(Cow::Owned(rest.to_owned())));
        parts.retain(|part| !matches!(part, Expr::Text(text) if text.is_empty()));
        self.call(Function::Concat, parts)
    }

    /// A name and what is asked of it.
    fn root(&mut self, name: &str, operators: &[&TraversalOperator]) -> Expr<'t> {
        if self.hidden.iter().any(|hidden| hidden == name) {
            return Expr::Unknown(Cause::Function("for".to_owned()));
        }
        if bound(self.scope, name).is_some() {
            return self.path(
                Expr::Name(Name::Loop(Cow::Owned(name.to_owned()))),
                operators,
            );
        }
        let attribute = match operators.first() {
            Some(TraversalOperator::GetAttr(attribute)) => attribute.as_str(),
            _ => return self.path(Expr::Unknown(Cause::Undefined(name.to_owned())), &[]),
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
            "data" | "module" => {
                let mut full = full;
                for operator in operators.iter().skip(1).take(2) {
                    if let TraversalOperator::GetAttr(attribute) = operator {
                        full.push('.');
                        full.push_str(attribute.as_str());
                    }
                }
                let cause = if name == "data" {
                    Cause::Data
                } else {
                    Cause::Module
                };
                Expr::Unknown(cause(full))
            }
            "path" | "terraform" | "self" | "each" | "count" | "ephemeral" => {
                Expr::Unknown(Cause::Pseudo(full))
            }
            _ => self.resource(full, &operators[1..]),
        }
    }

    /// `aws_x.y`, its instance, the attribute, and what is asked of that.
    fn resource(&mut self, mut address: String, operators: &[&TraversalOperator]) -> Expr<'t> {
        let attribute_of = |operator: Option<&&TraversalOperator>| match operator {
            Some(TraversalOperator::GetAttr(name)) => Some(name.as_str().to_owned()),
            _ => None,
        };
        let mut rest = operators;
        let mut splat = false;
        match rest.first() {
            Some(TraversalOperator::Index(index)) => {
                let index = self.expression(index);
                if let Ok(key) = self.literal(index) {
                    address.push_str(&super::instance_key(&key));
                }
                rest = &rest[1..];
            }
            Some(TraversalOperator::LegacyIndex(index)) => {
                address.push_str(&format!("[{}]", index.value()));
                rest = &rest[1..];
            }
            Some(TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_)) => {
                splat = true;
                rest = &rest[1..];
            }
            _ => {}
        }
        let attribute = attribute_of(rest.first());
        if attribute.is_some() {
            rest = &rest[1..];
        }
        // `aws_x.y.*.id[0]`: the index chooses the instance.
        if splat && let Some(TraversalOperator::Index(index)) = rest.first() {
            let index = self.expression(index);
            if let Ok(key) = self.literal(index) {
                address.push_str(&super::instance_key(&key));
            }
            splat = false;
            rest = &rest[1..];
        }
        let name = Name::Attribute(
            Cow::Owned(address),
            Cow::Owned(attribute.unwrap_or_default()),
        );
        let value = self.path(Expr::Name(name), rest);
        if splat {
            Expr::List(vec![self.child(value)])
        } else {
            value
        }
    }

    /// Indexes and attributes, one after the other.
    fn path(&mut self, start: Expr<'t>, operators: &[&TraversalOperator]) -> Expr<'t> {
        let mut value = start;
        for operator in operators {
            let key = match operator {
                TraversalOperator::GetAttr(name) => Expr::Text(Cow::Owned(name.to_string())),
                TraversalOperator::Index(index) => self.expression(index),
                TraversalOperator::LegacyIndex(index) => {
                    Expr::Text(Cow::Owned(index.value().to_string()))
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    return self.opaque("[*]", [value]);
                }
            };
            value = match value {
                Expr::Unknown(cause) => return Expr::Unknown(cause),
                value => self.call(Function::Index, [value, key]),
            };
        }
        value
    }
}
