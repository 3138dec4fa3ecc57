//! What is applied to values: `!a`, `a + b * c`.

use std::borrow::Cow;

use super::{Keep, Reader, call, child, number};
use crate::blocks::{Cause, Child, Expr, Function, Items, Number};
use crate::syntax::Node;

/// Operators of one chain that are read: each is one level of what they make.
const MOST_OPERATORS: usize = 100;

impl<'d, 't, K: Keep<'d, 't>> Reader<'_, 'd, 't, K> {
    pub(super) fn unary(&mut self, node: Node<'d>) -> Expr<'t> {
        let mut parts = node.parts();
        let (Some(operator), Some(inner)) = (parts.next(), parts.next()) else {
            return Expr::Absent;
        };
        if operator.text() == "!" {
            return call(Function::Not, [self.part(inner)]);
        }
        match self.expression(inner) {
            Expr::Number(text) => match Number::parse(&text) {
                Some(known) => Expr::Number(Cow::Owned(known.negative().to_string())),
                None => number(&text),
            },
            inner => call(Function::Negative, [child(inner)]),
        }
    }

    /// Operands and operators: those that bind tighter come first, then those that stand further left.
    pub(super) fn chain(&mut self, node: Node<'d>) -> Expr<'t> {
        if node.parts().count() > 2 * MOST_OPERATORS {
            return Expr::Unknown(Cause::TooDeep);
        }
        let mut parts = node.parts();
        let mut values: Vec<Operand<'t>> = Vec::new();
        let mut waiting: Vec<Operator> = Vec::new();
        values.extend(parts.next().map(|first| Operand::Written(self.part(first))));
        while let (Some(operator), Some(operand)) = (parts.next(), parts.next()) {
            let operator = Operator::of(&operator.text());
            while waiting
                .last()
                .is_some_and(|last| last.binding() >= operator.binding())
            {
                reduce(&mut values, &mut waiting);
            }
            waiting.push(operator);
            values.push(Operand::Written(self.part(operand)));
        }
        while !waiting.is_empty() {
            reduce(&mut values, &mut waiting);
        }
        match values.pop() {
            Some(Operand::Made(expr)) => expr,
            _ => Expr::Absent,
        }
    }
}

/// What an operator is applied to.
enum Operand<'t> {
    Written(Child<'t>),
    /// What another operator makes.
    Made(Expr<'t>),
}

impl<'t> Operand<'t> {
    fn into_child(self) -> Child<'t> {
        match self {
            Self::Written(child) => child,
            Self::Made(expr) => child(expr),
        }
    }
}

fn reduce<'t>(values: &mut Vec<Operand<'t>>, waiting: &mut Vec<Operator>) {
    if let (Some(operator), Some(right), Some(left)) = (waiting.pop(), values.pop(), values.pop()) {
        values.push(Operand::Made(operator.apply(left, right.into_child())));
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Or,
    And,
    Equal,
    Differs,
    Below,
    AtMost,
    Above,
    AtLeast,
    Plus,
    Minus,
    Times,
    DividedBy,
    Remainder,
}

impl Operator {
    fn of(text: &str) -> Self {
        match text {
            "||" => Self::Or,
            "&&" => Self::And,
            "==" => Self::Equal,
            "!=" => Self::Differs,
            "<" => Self::Below,
            "<=" => Self::AtMost,
            ">" => Self::Above,
            ">=" => Self::AtLeast,
            "+" => Self::Plus,
            "-" => Self::Minus,
            "*" => Self::Times,
            "/" => Self::DividedBy,
            _ => Self::Remainder,
        }
    }

    /// How tightly it binds.
    fn binding(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::Differs => 3,
            Self::Below | Self::AtMost | Self::Above | Self::AtLeast => 4,
            Self::Plus | Self::Minus => 5,
            Self::Times | Self::DividedBy | Self::Remainder => 6,
        }
    }

    fn apply<'t>(self, left: Operand<'t>, right: Child<'t>) -> Expr<'t> {
        let (function, is_turned) = match self {
            Self::Or => return chained(Function::Or, left, right),
            Self::And => return chained(Function::And, left, right),
            Self::Equal => (Function::Equals, false),
            Self::Differs => (Function::Differs, false),
            Self::Below => (Function::Below, false),
            Self::AtMost => (Function::AtMost, false),
            Self::Above => (Function::Below, true),
            Self::AtLeast => (Function::AtMost, true),
            Self::Plus => (Function::Plus, false),
            Self::Minus => (Function::Minus, false),
            Self::Times => (Function::Times, false),
            Self::DividedBy => (Function::DividedBy, false),
            Self::Remainder => (Function::Remainder, false),
        };
        let left = left.into_child();
        match is_turned {
            true => call(function, [right, left]),
            false => call(function, [left, right]),
        }
    }
}

/// `a && b && c` as one call.
fn chained<'t>(function: Function, left: Operand<'t>, right: Child<'t>) -> Expr<'t> {
    match left {
        Operand::Made(Expr::Call(same, items)) if same == function => {
            let all = items.iter().chain([right]);
            Expr::Call(function, all.collect::<Items<'t>>())
        }
        left => call(function, [left.into_child(), right]),
    }
}
