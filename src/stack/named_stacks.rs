//! What a template says of others, found out without opening any of them.

use std::borrow::Cow;

use memchr::memmem;
use rustc_hash::FxHashSet;

use super::linked::nested;
use super::loops::Looped;
use crate::base::StackLinks;
use crate::blocks::{
    Child, Document, Entry, ExportName, Expr, Function, Name, Node, Space, Template, is_in_loop,
};
use crate::eval::Resolver;

/// Nesting beyond which no import is looked for.
const DEEPEST: u32 = 96;
/// Expressions of one template in which imports are looked for.
const MOST: u32 = 500_000;

/// An output of a template.
pub(super) struct Output<'t> {
    pub name: Cow<'t, str>,
    pub value: Child<'t>,
    /// The name under which other stacks can import it.
    pub export: Option<Child<'t>>,
    /// What has to hold for it.
    pub condition: Option<Child<'t>>,
}

/// The outputs of one document.
pub(super) fn outputs<'t>(
    template: &Template<'t>,
    unit: usize,
    root: Node<'t>,
    looped: &Looped,
) -> Vec<Output<'t>> {
    let Some(section) = root.get("Outputs") else {
        return Vec::new();
    };
    let scope = &template.units[unit].scope;
    let entries = looped.section(template, section, scope).into_iter();
    let outputs = entries.filter_map(|entry| {
        let Expr::Map(parts) = template.expr(&entry.value) else {
            return None;
        };
        let export = parts.get("Export").map(|export| export.value);
        let name = export.and_then(|export| match template.expr(&export) {
            Expr::Map(parts) => parts.get("Name").map(|name| name.value),
            _ => None,
        });
        let condition = parts.get("Condition").map(|condition| condition.value);
        let condition = condition.and_then(|condition| match template.expr(&condition) {
            Expr::Text(name) => {
                let name = Expr::Name(Name::Definition(Space::Condition, name));
                Some(Child::built(name, &condition.scope))
            }
            _ => None,
        });
        Some(Output {
            condition,
            name: entry.key,
            value: parts.get("Value")?.value,
            export: name,
        })
    });
    outputs.collect()
}

/// What is imported anywhere in a value although several stacks export something of that name.
#[must_use]
pub fn ambiguous_imports<'t>(template: &Template<'t>, value: &Child<'t>) -> Vec<ExportName> {
    if !template.exports.are_ambiguous() {
        return Vec::new();
    }
    let mut links = StackLinks::default();
    let mut search = Search {
        template,
        resolver: Resolver::new(template),
        left: MOST,
        known: FxHashSet::default(),
        links: &mut links,
    };
    search.within(value, 0);
    let all = links.imports.into_iter();
    all.filter(|name| template.exports.is_ambiguous(name))
        .collect()
}

/// What a CloudFormation template that stands alone says of others.
#[must_use]
pub fn cloudformation_links<'t>(
    template: &Template<'t>,
    document: &'t Document<'t>,
    root: Node<'t>,
) -> StackLinks {
    let text = document.text().as_bytes();
    let has = |word: &str| memmem::find(text, word.as_bytes()).is_some();
    let mut links = StackLinks::default();
    let nests = has("AWS::CloudFormation::Stack") || has("AWS::Serverless::Application");
    let imports = has("ImportValue");
    if !nests && !imports && !has("Export") {
        return links;
    }
    let resolver = Resolver::new(template);
    if nests {
        let all = 0..template.resources.len();
        links.calls = all.filter_map(|at| nested(template, at)).collect();
    }
    let outputs = outputs(template, 0, root, &Looped::of(document));
    let exported = outputs.iter().filter_map(|output| output.export.as_ref());
    links.exports = exported.map(|name| resolver.export_name(name)).collect();
    if imports {
        let mut search = Search {
            template,
            resolver,
            left: MOST,
            known: FxHashSet::default(),
            links: &mut links,
        };
        for resource in &template.resources {
            search.entries(&resource.properties);
            search.entries(&resource.extras);
        }
        for output in &outputs {
            search.within(&output.value, 0);
        }
    }
    links
}

/// Looks for what is imported.
struct Search<'s, 't> {
    template: &'s Template<'t>,
    resolver: Resolver<'s, 't>,
    left: u32,
    /// Nodes that were looked at already: variables of a text may stand in it over and over.
    known: FxHashSet<(usize, u32)>,
    links: &'s mut StackLinks,
}

impl<'t> Search<'_, 't> {
    fn entries(&mut self, entries: &[Entry<'t>]) {
        for entry in entries {
            self.within(&entry.value, 0);
        }
    }

    fn within(&mut self, child: &Child<'t>, depth: u32) {
        if depth > DEEPEST || self.left == 0 || self.template.is_plain(child) {
            return;
        }
        self.left -= 1;
        // What stands in a loop means something else in every round.
        if !is_in_loop(&child.scope)
            && let Some(node) = child.as_node()
            && !self
                .known
                .insert((node.document().number(), node.target_index()))
        {
            return;
        }
        match self.template.expr(child) {
            Expr::Call(function, arguments) => {
                if function == Function::Import
                    && let Some(name) = arguments.get(1)
                {
                    let name = self.resolver.export_name(&name);
                    self.links.imports.push(name);
                }
                for argument in arguments.iter() {
                    self.within(&argument, depth + 1);
                }
            }
            Expr::List(items) => {
                for item in items.iter() {
                    self.within(&item, depth + 1);
                }
            }
            Expr::Map(entries) => {
                for (_, value) in entries.pairs() {
                    self.within(&value, depth + 1);
                }
            }
            _ => {}
        }
    }
}
