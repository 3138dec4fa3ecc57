//! The trees of two readers as one and the same text.

use std::fmt::Write as _;

use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::{BlockLabel, Body, Structure};
use hcl_edit::template::{Directive, Element};
use sfl::syntax::{Kind, Node, Operation};

/// What becomes of texts in heredocs and between directives: the other reader keeps a last line of spaces in the first, and escapes in
/// the second. What Terraform makes of them is recorded in `tests/terraform`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Disputed {
    Written,
    LeftOut,
}

/// A tree while it is written.
pub struct Written {
    text: String,
    disputed: Disputed,
}

macro_rules! put {
    ($to:expr, $($what:tt)*) => {
        write!($to.text, $($what)*).expect("a text can grow")
    };
}

/// What hcl-edit read.
pub fn theirs(body: &Body, disputed: Disputed) -> String {
    let mut written = Written {
        text: String::new(),
        disputed,
    };
    written.their_body(body);
    written.text
}

/// What sfl read.
pub fn ours(body: Node<'_>, disputed: Disputed) -> String {
    let mut written = Written {
        text: String::new(),
        disputed,
    };
    written.our_body(body);
    written.text
}

impl Written {
    fn literal(&mut self, text: &mut String, is_disputed: bool) {
        if is_disputed && self.disputed == Disputed::LeftOut {
            text.clear();
        }
        if !text.is_empty() {
            put!(self, "{text:?}");
            text.clear();
        }
    }

    fn their_body(&mut self, body: &Body) {
        put!(self, "{{");
        for structure in body.iter() {
            match structure {
                Structure::Attribute(attribute) => {
                    put!(self, "{}=", attribute.key.as_str());
                    self.their_expression(&attribute.value);
                }
                Structure::Block(block) => {
                    put!(self, "{}", block.ident.as_str());
                    for label in &block.labels {
                        match label {
                            BlockLabel::Ident(word) => put!(self, " {:?}", word.as_str()),
                            BlockLabel::String(text) => put!(self, " {:?}", text.as_str()),
                        }
                    }
                    self.their_body(&block.body);
                }
            }
            put!(self, ";");
        }
        put!(self, "}}");
    }

    fn all_theirs<'e>(&mut self, all: impl IntoIterator<Item = &'e Expression>) {
        for one in all {
            self.their_expression(one);
            put!(self, ",");
        }
    }

    fn their_expression(&mut self, expression: &Expression) {
        match expression {
            Expression::Null(_) => put!(self, "null"),
            Expression::Bool(value) => put!(self, "{}", value.value()),
            Expression::Number(number) => match number.value().as_f64().unwrap_or(f64::NAN) {
                // It takes the sign for a part of the number.
                0.0 => put!(self, "0"),
                below if below < 0.0 => put!(self, "u-({})", -below),
                number => put!(self, "{number}"),
            },
            Expression::String(text) => put!(self, "{:?}", text.as_str()),
            Expression::Array(items) => {
                put!(self, "[");
                self.all_theirs(items.iter());
                put!(self, "]");
            }
            Expression::Object(entries) => {
                put!(self, "{{");
                for (key, value) in entries.iter() {
                    match key {
                        ObjectKey::Ident(word) => put!(self, "{:?}", word.as_str()),
                        ObjectKey::Expression(Expression::Variable(word)) => {
                            put!(self, "{:?}", word.as_str());
                        }
                        ObjectKey::Expression(key) => self.their_expression(key),
                    }
                    put!(self, "=>");
                    self.all_theirs([value.expr()]);
                }
                put!(self, "}}");
            }
            Expression::StringTemplate(template) => {
                put!(self, "T(");
                self.their_parts(template.iter(), false);
                put!(self, ")");
            }
            Expression::HeredocTemplate(heredoc) => {
                put!(self, "T(");
                self.their_parts(heredoc.template.iter(), true);
                put!(self, ")");
            }
            Expression::Parenthesis(inner) => {
                put!(self, "(");
                self.their_expression(inner.inner());
                put!(self, ")");
            }
            Expression::Variable(name) => put!(self, "${}", name.as_str()),
            Expression::Conditional(choice) => {
                put!(self, "?(");
                self.all_theirs([&choice.cond_expr, &choice.true_expr, &choice.false_expr]);
                put!(self, ")");
            }
            Expression::FuncCall(call) => {
                put!(self, "call ");
                for part in &call.name.namespace {
                    put!(self, "{}::", part.as_str());
                }
                put!(self, "{}(", call.name.name.as_str());
                self.all_theirs(call.args.iter());
                let is_expanded = call.args.expand_final();
                put!(self, "{})", if is_expanded { "..." } else { "" });
            }
            Expression::Traversal(traversal) => {
                put!(self, "t(");
                self.their_expression(&traversal.expr);
                for operator in &traversal.operators {
                    match operator.value() {
                        TraversalOperator::AttrSplat(_) => put!(self, ".*"),
                        TraversalOperator::FullSplat(_) => put!(self, "[*]"),
                        TraversalOperator::GetAttr(name) => put!(self, ".{}", name.as_str()),
                        TraversalOperator::Index(index) => {
                            put!(self, "[");
                            self.their_expression(index);
                            put!(self, "]");
                        }
                        TraversalOperator::LegacyIndex(index) => put!(self, "[{}]", index.value()),
                    }
                }
                put!(self, ")");
            }
            Expression::UnaryOp(unary) => {
                put!(self, "u{}(", unary.operator.value().as_str());
                self.their_expression(&unary.expr);
                put!(self, ")");
            }
            Expression::BinaryOp(binary) => {
                put!(self, "b(");
                self.their_expression(&binary.lhs_expr);
                put!(self, " {} ", binary.operator.value().as_str());
                self.their_expression(&binary.rhs_expr);
                put!(self, ")");
            }
            Expression::ForExpr(each) => {
                put!(self, "for(");
                if let Some(key) = &each.intro.key_var {
                    put!(self, "{},", key.as_str());
                }
                put!(self, "{} in ", each.intro.value_var.as_str());
                self.their_expression(&each.intro.collection_expr);
                put!(self, ":");
                if let Some(key) = &each.key_expr {
                    self.their_expression(key);
                    put!(self, "=>");
                }
                self.their_expression(&each.value_expr);
                put!(self, "{}", if each.grouping { "..." } else { "" });
                if let Some(condition) = &each.cond {
                    put!(self, " if ");
                    self.their_expression(&condition.expr);
                }
                put!(self, ")");
            }
        }
    }

    fn their_parts<'e>(&mut self, parts: impl Iterator<Item = &'e Element>, is_disputed: bool) {
        let mut text = String::new();
        for part in parts {
            if let Element::Literal(literal) = part {
                text.push_str(literal.as_str());
                continue;
            }
            self.literal(&mut text, is_disputed);
            match part {
                Element::Literal(_) => {}
                Element::Interpolation(inner) => {
                    let (start, end) = (inner.strip.strip_start(), inner.strip.strip_end());
                    put!(self, "${start}{end}(");
                    self.their_expression(&inner.expr);
                }
                Element::Directive(directive) => match &**directive {
                    Directive::If(choice) => {
                        put!(self, "%if(");
                        self.their_expression(&choice.if_expr.cond_expr);
                        put!(self, ":");
                        self.their_parts(choice.if_expr.template.iter(), true);
                        if let Some(otherwise) = &choice.else_expr {
                            put!(self, " else ");
                            self.their_parts(otherwise.template.iter(), true);
                        }
                    }
                    Directive::For(each) => {
                        put!(self, "%for(");
                        if let Some(key) = &each.for_expr.key_var {
                            put!(self, "{},", key.as_str());
                        }
                        put!(self, "{} in ", each.for_expr.value_var.as_str());
                        self.their_expression(&each.for_expr.collection_expr);
                        put!(self, ":");
                        self.their_parts(each.for_expr.template.iter(), true);
                    }
                },
            }
            put!(self, ")");
        }
        self.literal(&mut text, is_disputed);
    }

    fn our_body(&mut self, body: Node<'_>) {
        put!(self, "{{");
        for (key, value) in body.entries() {
            put!(self, "{}", key.text());
            if is_argument(key) {
                put!(self, "=");
                self.our_expression(value);
            } else {
                let mut value = value;
                while !value.is_body() {
                    let (label, inner) = value.entries().next().expect("a label and what it names");
                    put!(self, " {:?}", label.text());
                    value = inner;
                }
                self.our_body(value);
            }
            put!(self, ";");
        }
        put!(self, "}}");
    }

    fn all_ours(&mut self, all: &[Node<'_>]) {
        for one in all {
            self.our_expression(*one);
            put!(self, ",");
        }
    }

    fn our_expression(&mut self, node: Node<'_>) {
        match node.kind() {
            Kind::Mapping => {
                put!(self, "{{");
                for (key, value) in node.entries() {
                    let text = key.text();
                    let is_value = matches!(&*text, "true" | "false" | "null");
                    if key.kind() == Kind::Scalar && key.is_plain() && !is_value && !digits(&text) {
                        put!(self, "{text:?}");
                    } else {
                        self.our_expression(key);
                    }
                    put!(self, "=>");
                    self.all_ours(&[value]);
                }
                put!(self, "}}");
            }
            Kind::Sequence => {
                put!(self, "[");
                self.all_ours(&node.items().collect::<Vec<_>>());
                put!(self, "]");
            }
            Kind::Scalar => {
                let mut text = node.text().into_owned();
                if node.is_heredoc() {
                    put!(self, "T(");
                    self.literal(&mut text, true);
                    put!(self, ")");
                } else if !node.is_plain() {
                    put!(self, "{text:?}");
                } else if digits(&text) {
                    put!(self, "{}", text.parse::<f64>().expect("a number"));
                } else {
                    put!(self, "{text}");
                }
            }
            Kind::Expression => self.our_operation(node),
        }
    }

    fn our_operation(&mut self, node: Node<'_>) {
        let parts: Vec<Node<'_>> = node.parts().collect();
        match node.operation().expect("an expression has an operation") {
            Operation::Name => put!(self, "${}", node.text()),
            Operation::Traversal => {
                put!(self, "t(");
                self.our_expression(parts[0]);
                for step in &parts[1..] {
                    match step.operation() {
                        Some(Operation::Attribute) => put!(self, ".{}", step.text()),
                        Some(Operation::Splat) => put!(self, ".*"),
                        Some(Operation::FullSplat) => put!(self, "[*]"),
                        _ => {
                            put!(self, "[");
                            self.our_expression(step.parts().next().expect("an index"));
                            put!(self, "]");
                        }
                    }
                }
                put!(self, ")");
            }
            Operation::Call => {
                let name: String = parts[0].text().split_whitespace().collect();
                put!(self, "call {name}(");
                for argument in &parts[1..] {
                    let inner = argument.parts().next();
                    match argument.operation() {
                        Some(Operation::Expanded) => {
                            self.our_expression(inner.expect("what is expanded"));
                            put!(self, ",...");
                        }
                        _ => self.all_ours(&[*argument]),
                    }
                }
                put!(self, ")");
            }
            // The other reader knows no sign of zero.
            Operation::Unary if is_zero(parts[1]) && &*parts[0].text() == "-" => put!(self, "0"),
            Operation::Unary => {
                put!(self, "u{}(", parts[0].text());
                self.our_expression(parts[1]);
                put!(self, ")");
            }
            Operation::Chain => self.our_chain(&parts),
            Operation::Conditional => {
                put!(self, "?(");
                self.all_ours(&parts);
                put!(self, ")");
            }
            Operation::Parentheses => {
                put!(self, "(");
                self.our_expression(parts[0]);
                put!(self, ")");
            }
            Operation::ForList => self.our_loop(&parts, false),
            Operation::ForObject => self.our_loop(&parts, true),
            Operation::Template => {
                put!(self, "T(");
                self.our_parts(&parts, node.is_heredoc());
                put!(self, ")");
            }
            part => panic!("{part:?} stands for a value"),
        }
    }

    /// What binds least is what is worked out last.
    fn our_chain(&mut self, parts: &[Node<'_>]) {
        if let [only] = parts {
            return self.our_expression(*only);
        }
        let binding = |operator: &str| match operator {
            "||" => 1,
            "&&" => 2,
            "==" | "!=" => 3,
            "<" | ">" | "<=" | ">=" => 4,
            "+" | "-" => 5,
            _ => 6,
        };
        let operators = parts.iter().enumerate().filter(|(at, _)| at % 2 == 1);
        let last =
            operators.min_by_key(|(at, operator)| (binding(&operator.text()), usize::MAX - at));
        let (at, operator) = last.expect("an operator between two operands");
        put!(self, "b(");
        self.our_chain(&parts[..at]);
        put!(self, " {} ", operator.text());
        self.our_chain(&parts[at + 1..]);
        put!(self, ")");
    }

    fn our_loop(&mut self, parts: &[Node<'_>], has_keys: bool) {
        let is_name = |part: &&Node<'_>| part.operation() == Some(Operation::Variable);
        let names: Vec<_> = parts
            .iter()
            .take_while(is_name)
            .map(|part| part.text())
            .collect();
        let mut parts = parts[names.len()..].iter();
        put!(self, "for({} in ", names.join(","));
        self.our_expression(*parts.next().expect("what is run over"));
        put!(self, ":");
        if has_keys {
            self.our_expression(*parts.next().expect("a key"));
            put!(self, "=>");
        }
        let value = parts.next().expect("a value");
        if value.operation() == Some(Operation::Expanded) {
            self.our_expression(value.parts().next().expect("what is grouped"));
            put!(self, "...");
        } else {
            self.our_expression(*value);
        }
        if let Some(condition) = parts.next() {
            put!(self, " if ");
            self.our_expression(*condition);
        }
        put!(self, ")");
    }

    fn our_parts(&mut self, parts: &[Node<'_>], is_disputed: bool) {
        let mut text = String::new();
        for part in parts {
            if part.kind() == Kind::Scalar {
                text.push_str(&part.text());
                continue;
            }
            self.literal(&mut text, is_disputed);
            let inner: Vec<Node<'_>> = part.parts().collect();
            let inside = |at: usize| inner[at].parts().collect::<Vec<_>>();
            match part.operation() {
                Some(Operation::Interpolation) => {
                    let written = part.span().of(part.document().text());
                    let (start, end) = (written.starts_with("${~"), written.ends_with("~}"));
                    put!(self, "${start}{end}(");
                    self.our_expression(inner[0]);
                }
                Some(Operation::IfDirective) => {
                    put!(self, "%if(");
                    self.our_expression(inside(0)[0]);
                    put!(self, ":");
                    self.our_parts(&inside(1), true);
                    if inner.len() > 3 {
                        put!(self, " else ");
                        self.our_parts(&inside(3), true);
                    }
                }
                _ => {
                    let head = inside(0);
                    let (collection, names) = head.split_last().expect("what is run over");
                    let names: Vec<_> = names.iter().map(|name| name.text()).collect();
                    put!(self, "%for({} in ", names.join(","));
                    self.our_expression(*collection);
                    put!(self, ":");
                    self.our_parts(&inside(1), true);
                }
            }
            put!(self, ")");
        }
        self.literal(&mut text, is_disputed);
    }
}

fn digits(text: &str) -> bool {
    text.starts_with(|one: char| one.is_ascii_digit())
}

fn is_zero(node: Node<'_>) -> bool {
    node.kind() == Kind::Scalar && node.is_plain() && node.text().parse() == Ok(0.0)
}

/// Whether a key is followed by `=`: an argument. The tree has no need to tell it from a block.
fn is_argument(key: Node<'_>) -> bool {
    let mut after = &key.document().text()[key.span().end as usize..];
    loop {
        after = after.trim_start_matches([' ', '\t']);
        match after.strip_prefix("/*") {
            Some(comment) => after = comment.split_once("*/").expect("its end").1,
            None => return after.starts_with('='),
        }
    }
}
