//! References in expressions, turned to where the rewritten configuration has what they mean.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use hcl_edit::Decorated;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::prelude::*;
use hcl_edit::visit::{Visit, visit_traversal};

/// What a reference to something in the module has to become.
pub struct Declared {
    /// What the `terraform_data` resource is called that stands for it.
    pub name: String,
    /// Arguments and blocks that are written in it: what is known of it before it is there.
    pub written: BTreeSet<String>,
    /// Whether it is one of none or one, by `lifecycle.enabled`.
    pub is_switched: bool,
    pub repeat: Repeat,
}

/// What a resource is where it stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    Once,
    Counted,
    Keyed,
}

/// What names mean in one module.
#[derive(Default)]
pub struct Names {
    /// By the names with which a reference begins: `aws_x.y`, `data.aws_x.y`, `module.z`.
    pub declared: BTreeMap<String, Declared>,
    /// The folder, and that of the root.
    pub folder: String,
    pub root: String,
}

/// A value that is known only after apply, whatever its type.
pub const UNKNOWN: &str = "jsondecode(terraform_data.sfl--unknown.id)";

/// The argument that stands for all that is not written.
pub const REST: &str = "sfl--unknown";

impl Names {
    /// An expression of a text as the rewritten configuration has it; `iterators` are those of the `dynamic` blocks around it. All that is
    /// no reference stays as it is written.
    pub fn turned(&self, expression: &Expression, text: &str, iterators: &[String]) -> String {
        self.changed(expression, text, iterators, true)
    }

    /// The same of `depends_on`, which names resources and asks nothing of them.
    pub fn named(&self, expression: &Expression, text: &str) -> String {
        self.changed(expression, text, &[], false)
    }

    fn changed(
        &self,
        expression: &Expression,
        text: &str,
        iterators: &[String],
        is_value: bool,
    ) -> String {
        let mut turner = Turner {
            names: self,
            iterators,
            is_value,
            edits: Vec::new(),
        };
        turner.visit_expr(expression);
        let whole = expression.span().expect("the expression was read");
        let mut turned = text[whole.clone()].to_owned();
        turner.edits.sort_by_key(|(range, _)| range.start);
        for (range, new) in turner.edits.into_iter().rev() {
            turned.replace_range(range.start - whole.start..range.end - whole.start, &new);
        }
        turned
    }
}

struct Turner<'n> {
    names: &'n Names,
    iterators: &'n [String],
    /// Whether it is asked for a value: `depends_on` names resources.
    is_value: bool,
    edits: Vec<(Range<usize>, String)>,
}

impl Visit for Turner<'_> {
    fn visit_traversal(&mut self, traversal: &Traversal) {
        self.traversal(traversal);
        visit_traversal(self, traversal);
    }
}

/// A step that is a name, and where it stands.
fn word(step: Option<&Decorated<TraversalOperator>>) -> Option<(&str, Range<usize>)> {
    match step?.value() {
        TraversalOperator::GetAttr(name) => Some((name.as_str(), name.span()?)),
        _ => None,
    }
}

impl Turner<'_> {
    fn traversal(&mut self, traversal: &Traversal) -> Option<()> {
        let root = traversal.expr.as_variable()?.as_str();
        let start = traversal.expr.span()?.start;
        let steps = &traversal.operators;
        let (first, end) = word(steps.first())?;
        let end = end.end;
        if self.iterators.iter().any(|iterator| iterator == root) {
            if matches!(first, "key" | "value") {
                self.edits.push((start..end, format!("{root}__{first}")));
            }
            return None;
        }
        match root {
            "terraform" if first == "workspace" => {
                self.edits
                    .push((start..end, format!("tostring({UNKNOWN})")));
                return None;
            }
            "path" => {
                let folder = match first {
                    "module" => &self.names.folder,
                    _ => &self.names.root,
                };
                self.edits.push((start..end, format!("{folder:?}")));
                return None;
            }
            "ephemeral" => {
                let (_, name) = word(steps.get(1))?;
                self.edits.push((start..name.end, UNKNOWN.to_owned()));
                return None;
            }
            _ => {}
        }
        let (key, end, taken) = match root {
            "data" => {
                let (second, end) = word(steps.get(1))?;
                (format!("data.{first}.{second}"), end.end, 2)
            }
            _ => (format!("{root}.{first}"), end, 1),
        };
        let declared = self.names.declared.get(&key)?;
        let mut rest = steps[taken..].iter().peekable();
        let mut turned = format!("terraform_data.{}", declared.name);
        if declared.is_switched {
            turned.push_str("[0]");
        }
        let is_index = |step: &&Decorated<TraversalOperator>| word(Some(step)).is_none();
        let index = rest.next_if(is_index);
        match word(rest.peek().copied()) {
            Some((name, place)) if declared.written.contains(name) => {
                self.edits
                    .push((place.start..place.start, "input.".to_owned()));
            }
            Some((_, place)) => self.edits.push((place, format!("input.{REST}"))),
            // The resource itself, with what is written in it.
            None if self.is_value && !key.starts_with("module.") => {
                turned = match (index, declared.repeat) {
                    (None, Repeat::Keyed) => {
                        format!("{{ for key, one in {turned} : key => one.input }}")
                    }
                    (None, Repeat::Counted) => format!("({turned}[*].input)"),
                    (None, Repeat::Once) => format!("{turned}.input"),
                    (Some(_), _) => turned,
                };
            }
            None => {}
        }
        self.edits.push((start..end, turned));
        None
    }
}
