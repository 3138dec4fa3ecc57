//! What the answer about a resource hangs on, as it is written. Resources that are written alike get the same answer, wherever they
//! stand, and it is worked out once for all of them.

use std::borrow::Cow;

use super::Classifier;
use crate::blocks::{Child, Expr, Resource, Scope, Template, What, unit, variables};
use crate::placement::outcome::Outcome;
use crate::placement::premises::Premises;
use crate::rulebook::Property;

/// Built expressions inside of each other that are compared.
const DEEPEST: u32 = 16;

/// A part of what an answer hangs on.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Part<'t> {
    /// The rule, by where it stands in memory.
    Rule(usize),
    Flag(bool),
    Number(usize),
    Name(Cow<'t, str>),
    /// What is written in a file, in the unit whose names it uses.
    Written {
        file: usize,
        unit: usize,
        tag: Option<&'t str>,
        text: &'t str,
    },
    /// What is written in one place and nowhere else: a text with an alias may stand for something else in another place.
    Place {
        file: usize,
        index: u32,
    },
}

/// What the answer about a resource hangs on.
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Shape<'t>(Vec<Part<'t>>);

impl<'t> Classifier<'_, '_, 't> {
    /// What the rungs hang on that a resource can reach; `None` where that can't be compared.
    pub(super) fn shape(&self, premises: &Premises<'_>, base: &Outcome) -> Option<Shape<'t>> {
        let is_chosen = premises.chosen.iter().any(|is_chosen| *is_chosen);
        if is_chosen || premises.choices.iter().any(Option::is_some) {
            return None;
        }
        let template = self.template;
        let rule = premises.rule;
        let mut shape = Shape::default();
        shape.0.push(Part::Rule(std::ptr::from_ref(rule).addr()));
        shape.0.push(Part::Flag(base.conditional));
        let own = &template.resources[premises.at];
        shape.resource(template, own, &rule.properties)?;
        for (join, joined) in rule.joins.iter().zip(&premises.joined) {
            shape.0.push(Part::Number(joined.len()));
            for &other in joined {
                let is_possible = template.is_possible(premises.at, other);
                shape.0.push(Part::Flag(is_possible));
                shape.resource(template, &template.resources[other], &join.properties)?;
            }
        }
        Some(shape)
    }
}

impl<'t> Shape<'t> {
    /// Takes in the properties of a resource that are asked for, and its condition.
    fn resource(
        &mut self,
        template: &Template<'t>,
        resource: &Resource<'t>,
        asked: &[Property],
    ) -> Option<()> {
        self.0.push(Part::Name(resource.kind.clone()));
        self.0.push(Part::Flag(resource.condition.is_some()));
        if let Some(condition) = &resource.condition {
            self.child(template, condition, 0)?;
        }
        for entry in &resource.properties {
            let is_asked = |property: &Property| {
                property.stands_in(template.dialect, &resource.kind, &entry.key)
            };
            if entry.brings_more().is_some() || asked.iter().any(is_asked) {
                self.0.push(Part::Name(entry.key.clone()));
                self.child(template, &entry.value, 0)?;
            }
        }
        Some(())
    }

    fn child(&mut self, template: &Template<'t>, child: &Child<'t>, depth: u32) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        self.scope(template, &child.scope, depth)?;
        let node = match &child.what {
            What::Node(node) | What::Literal(node) => *node,
            What::Built(built) => {
                return self.built(template, built.expr(&child.scope), depth);
            }
        };
        let is_literal = matches!(child.what, What::Literal(_));
        self.0.push(Part::Flag(is_literal));
        let text = node.written();
        let file = node.place().file;
        self.0.push(match text.contains('*') {
            true => Part::Place {
                file,
                index: node.start_index(),
            },
            false => Part::Written {
                file,
                unit: unit(&child.scope),
                tag: node.tag(),
                text,
            },
        });
        Some(())
    }

    fn built(&mut self, template: &Template<'t>, expr: Expr<'t>, depth: u32) -> Option<()> {
        let items = match expr {
            Expr::List(items) => {
                self.0.push(Part::Name(format!("{:?}", items.kind).into()));
                items
            }
            Expr::Call(function, items) => {
                self.0.push(Part::Name(format!("{function:?}").into()));
                items
            }
            Expr::Map(entries) => {
                self.0.push(Part::Number(entries.len()));
                for entry in entries.iter() {
                    self.0.push(Part::Name(entry.key.clone()));
                    self.child(template, &entry.value, depth + 1)?;
                }
                return Some(());
            }
            Expr::For(_) => return None,
            simple => {
                self.0.push(Part::Name(format!("{simple:?}").into()));
                return Some(());
            }
        };
        self.0.push(Part::Number(items.len()));
        let mut items = items.iter();
        items.try_for_each(|item| self.child(template, &item, depth + 1))
    }

    /// Takes in the loop variables that hold there.
    fn scope(&mut self, template: &Template<'t>, scope: &Scope<'t>, depth: u32) -> Option<()> {
        self.0.push(Part::Number(unit(scope)));
        for variable in variables(scope) {
            self.0.push(Part::Name(variable.name.clone()));
            self.child(template, &variable.value, depth + 1)?;
        }
        Some(())
    }
}
