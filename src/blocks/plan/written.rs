//! What somebody wrote in a resource's block, as far as a plan tells: a `dynamic` block leaves no trace in it, and what nobody wrote
//! is the provider's to fill in.

use crate::blocks::{Cause, Child, Entry, Expr, Template};
use crate::syntax::{Kind, Node};

/// Longer paths are nobody's honest work.
const LONGEST: usize = 4096;

/// Paths in a block, with dots between their keys and no numbers.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Those at which an expression stands, sorted.
    expressions: Vec<String>,
    /// Those of nested blocks, sorted.
    blocks: Vec<String>,
}

/// What became of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// An expression stands at it, or above it.
    Expression,
    /// A nested block.
    Block,
    /// Neither: a `dynamic` block may have made it, or the provider.
    Nothing,
}

impl Written {
    /// Of the `expressions` of a block.
    pub(super) fn of(expressions: Option<Node<'_>>) -> Self {
        let mut written = Self::default();
        let mut waiting: Vec<(Node<'_>, String)> = Vec::new();
        waiting.extend(expressions.map(|node| (node, String::new())));
        while let Some((node, above)) = waiting.pop() {
            for (key, value) in node.entries() {
                let key = key.text();
                if above.len() + key.len() > LONGEST {
                    continue;
                }
                let path = if above.is_empty() {
                    key.into_owned()
                } else {
                    format!("{above}.{key}")
                };
                if is_expression(value) {
                    written.expressions.push(path);
                    continue;
                }
                match value.kind() {
                    Kind::Sequence => {
                        waiting.extend(value.items().map(|item| (item, path.clone())));
                    }
                    _ => waiting.push((value, path.clone())),
                }
                written.blocks.push(path);
            }
        }
        for all in [&mut written.expressions, &mut written.blocks] {
            all.sort_unstable();
            all.dedup();
        }
        written
    }

    /// What stands at a path.
    pub(super) fn part(&self, path: &str) -> Part {
        let is_in = |all: &[String], path: &str| {
            let found = all.binary_search_by(|known| known.as_str().cmp(path));
            found.is_ok()
        };
        let mut above = path;
        loop {
            if is_in(&self.expressions, above) {
                return Part::Expression;
            }
            match above.rfind('.') {
                Some(end) => above = &above[..end],
                None => break,
            }
        }
        if is_in(&self.blocks, path) {
            Part::Block
        } else {
            Part::Nothing
        }
    }

    /// Takes out what nobody wrote and is known only after apply: the provider fills it in, and for a rule it is absent.
    pub(super) fn prune(
        &self,
        template: &Template<'static>,
        properties: Vec<Entry<'static>>,
    ) -> Vec<Entry<'static>> {
        let properties = properties.into_iter();
        let left = properties.filter_map(|entry| self.entry(template, entry, ""));
        left.collect()
    }

    fn entry(
        &self,
        template: &Template<'static>,
        entry: Entry<'static>,
        above: &str,
    ) -> Option<Entry<'static>> {
        let dot = if above.is_empty() { "" } else { "." };
        let path = format!("{above}{dot}{}", entry.key);
        let value = match self.part(&path) {
            Part::Expression => entry.value,
            Part::Block => self.inside(template, entry.value, &path),
            Part::Nothing => match template.expr(&entry.value) {
                Expr::Unknown(Cause::AfterApply) => return None,
                _ => entry.value,
            },
        };
        Some(Entry { value, ..entry })
    }

    fn inside(
        &self,
        template: &Template<'static>,
        child: Child<'static>,
        path: &str,
    ) -> Child<'static> {
        let expr = match template.expr(&child) {
            Expr::List(items) => {
                let items = items.iter().map(|item| self.inside(template, item, path));
                Expr::List(items.collect())
            }
            Expr::Map(entries) => {
                let all = entries.iter();
                let left = all.filter_map(|entry| self.entry(template, entry, path));
                Expr::Map(left.collect::<Vec<_>>().into())
            }
            _ => return child,
        };
        Child::built(expr, &None)
    }
}

/// Whether an attribute's expression stands there, and no nested block.
fn is_expression(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Scalar | Kind::Expression => true,
        Kind::Sequence => false,
        Kind::Mapping => value
            .entries()
            .all(|(key, _)| matches!(&*key.text(), "references" | "constant_value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::json;

    #[test]
    fn what_is_written_is_told_from_what_is_not() {
        let text = r#"{"size":{"constant_value":1},"rule":{},"disk":[{"kind":{"references":["var.k"]},"spec":[{"image":{}}]},{"boost":{}}],"timeouts":{"create":{"constant_value":"1h"}}}"#;
        let document = json(text).expect("it is JSON");
        let written = Written::of(document.roots().next());
        let parts = |paths: &[&str]| {
            paths
                .iter()
                .map(|path| written.part(path))
                .collect::<Vec<_>>()
        };
        let expressions = [
            "size",
            "size.deeper",
            "rule",
            "disk.kind",
            "disk.spec.image",
            "disk.boost",
            "timeouts.create",
        ];
        assert_eq!(parts(&expressions), [Part::Expression; 7]);
        assert_eq!(parts(&["disk", "disk.spec", "timeouts"]), [Part::Block; 3]);
        assert_eq!(parts(&["", "dis", "disk.id", "other"]), [Part::Nothing; 4]);
    }
}
