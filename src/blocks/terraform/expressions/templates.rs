//! Texts with expressions and directives in them.

use std::borrow::Cow;

use super::{Keep, Reader, call, child, composed};
use crate::blocks::{Cause, Child, Expr, For, Function, Named, Written};
use crate::syntax::{Kind, Node, Operation};

/// What stands around a part of a template: whether the marks before and after it trim it.
#[derive(Clone, Copy, Default)]
struct Around {
    before: bool,
    after: bool,
}

impl<'d, 't, K: Keep<'d, 't>> Reader<'_, 'd, 't, K> {
    /// A template; one that is nothing but an expression is what that is. A heredoc is always a text.
    pub(super) fn template(&mut self, node: Node<'d>) -> Expr<'t> {
        let parts: Vec<Node<'d>> = node.parts().collect();
        if let ([only], false) = (&parts[..], node.is_heredoc())
            && only.operation() == Some(Operation::Interpolation)
            && let Some(inner) = only.parts().next()
        {
            return self.expression(inner);
        }
        self.elements(&parts, Around::default())
    }

    /// The parts of a template, or of a part of one.
    fn elements(&mut self, elements: &[Node<'d>], around: Around) -> Expr<'t> {
        let mut parts: Vec<Child<'t>> = Vec::with_capacity(elements.len());
        let mut only = None;
        for (at, element) in elements.iter().enumerate() {
            let before = match at.checked_sub(1) {
                Some(before) => strips(elements[before]).after,
                None => around.before,
            };
            let after = match elements.get(at + 1) {
                Some(after) => strips(*after).before,
                None => around.after,
            };
            if element.kind() == Kind::Scalar {
                let text = trimmed(element.text(), Around { before, after });
                if !text.is_empty() {
                    let text = K::text(composed(text));
                    only = Some(text.clone());
                    parts.push(child(Expr::Text(text)));
                }
            } else {
                let part = self.element(*element);
                parts.push(part);
                only = None;
            }
        }
        match (parts.len(), only) {
            (0, _) => Expr::Text(Cow::Borrowed("")),
            (1, Some(text)) => Expr::Text(text),
            _ => call(Function::Template, parts),
        }
    }

    fn element(&mut self, element: Node<'d>) -> Child<'t> {
        let mut parts = element.parts();
        match element.operation() {
            Some(Operation::Interpolation) => match parts.next() {
                Some(inner) => self.part(inner),
                None => child(Expr::Absent),
            },
            Some(Operation::IfDirective) => {
                let parts: Vec<Node<'d>> = parts.collect();
                child(self.choice(&parts))
            }
            _ => {
                let parts: Vec<Node<'d>> = parts.collect();
                child(self.rounds(&parts))
            }
        }
    }

    /// `%{ if a }b%{ else }c%{ endif }`
    fn choice(&mut self, parts: &[Node<'d>]) -> Expr<'t> {
        let ([opening, yes, .., closing], Some(condition)) = (parts, condition(parts)) else {
            return Expr::Absent;
        };
        let condition = self.part(condition);
        let middle = parts.get(2).unwrap_or(closing);
        let yes = self.between(*opening, *yes, *middle);
        let no = match parts {
            [_, _, middle, no, closing] => self.between(*middle, *no, *closing),
            _ => Expr::Text(Cow::Borrowed("")),
        };
        call(Function::If, [condition, child(yes), child(no)])
    }

    /// `%{ for a in b }c%{ endfor }`
    fn rounds(&mut self, parts: &[Node<'d>]) -> Expr<'t> {
        let [opening, body, closing] = parts else {
            return Expr::Unknown(Cause::TooDeep);
        };
        let mut head: Vec<Node<'d>> = opening.parts().collect();
        let Some(collection) = head.pop() else {
            return Expr::Absent;
        };
        let collection = self.part(collection);
        let mut names: Vec<String> = head.iter().map(|name| name.text().into_owned()).collect();
        let before = self.loops.len();
        self.loops.extend(names.iter().cloned());
        let body = self.between(*opening, *body, *closing);
        self.loops.truncate(before);
        let name = names.pop().unwrap_or_default();
        let each = For::new(Written {
            collection,
            names: (names.pop().map(Cow::Owned), Cow::Owned(name)),
            key: None,
            // Each round is a text, even if it is nothing but one value.
            value: child(call(Function::Template, [child(body)])),
            condition: None,
            is_grouped: false,
        });
        let nothing = child(Expr::Text(Cow::Borrowed("")));
        call(
            Function::Named(Named::Join),
            [nothing, child(Expr::For(each))],
        )
    }

    /// What stands between two tags.
    fn between(&mut self, opening: Node<'d>, part: Node<'d>, closing: Node<'d>) -> Expr<'t> {
        let elements: Vec<Node<'d>> = part.parts().collect();
        let around = Around {
            before: strips(opening).after,
            after: strips(closing).before,
        };
        self.elements(&elements, around)
    }
}

fn condition<'d>(parts: &[Node<'d>]) -> Option<Node<'d>> {
    parts.first()?.parts().next()
}

/// Whether what stands before and after a sequence is trimmed: `${~ ... ~}`.
fn strips(element: Node<'_>) -> Around {
    if element.kind() == Kind::Scalar {
        return Around::default();
    }
    let text = element.span().of(element.document().text());
    Around {
        before: text.as_bytes().get(2) == Some(&b'~'),
        after: text.ends_with("~}"),
    }
}

fn trimmed(text: Cow<'_, str>, around: Around) -> Cow<'_, str> {
    let trim = |text: &str| -> std::ops::Range<usize> {
        let start = match around.before {
            true => text.len() - text.trim_start().len(),
            false => 0,
        };
        let end = match around.after {
            true => text.trim_end().len().max(start),
            false => text.len(),
        };
        start..end
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[trim(text)]),
        Cow::Owned(text) => Cow::Owned(text[trim(&text)].to_owned()),
    }
}
