//! The `configuration` of a plan says which expression refers to what; followed through variables and outputs of modules
//! it says which resource uses which.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::address::{Address, Step, prefix, steps};
use crate::syntax::{Kind, Node};

/// References that are looked at for all resources of one plan together.
const BUDGET: usize = 5_000_000;

/// Longer references are nobody's honest work.
const LONGEST: usize = 4096;

/// What one expression refers to.
#[derive(Debug)]
struct Reference {
    text: String,
    /// Whether `each` or `count` stands beside it: probably its key.
    looped: bool,
}

type References = Vec<Reference>;

#[derive(Debug, Default)]
struct Module {
    parent: Option<usize>,
    /// Whether its call has `count` or `for_each`, and what that refers to.
    repeated: bool,
    each: References,
    inputs: HashMap<String, References>,
    outputs: HashMap<String, References>,
    children: HashMap<String, usize>,
    /// By type and name with a dot between them.
    resources: HashMap<String, Block>,
}

#[derive(Debug)]
struct Block {
    each: References,
    /// Every attribute that somebody wrote, sorted.
    written: Vec<String>,
    properties: Vec<(String, References)>,
}

/// All modules of a plan, the root first.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    modules: Vec<Module>,
}

impl Configuration {
    /// Reads the value of `configuration`; resources for which `wanted` says no are left out.
    pub(super) fn read(root: Node<'_>, wanted: &dyn Fn(&str) -> bool) -> Self {
        let mut modules: Vec<Module> = vec![Module::default()];
        let mut waiting = vec![(0, root.get("root_module"))];
        while let Some((at, node)) = waiting.pop() {
            let Some(node) = node else { continue };
            modules[at].resources = blocks(node, wanted);
            modules[at].outputs = named(node.get("outputs"), |output| {
                references(output.get("expression"))
            });
            for (name, call) in entries(node.get("module_calls")) {
                let child = Module {
                    parent: Some(at),
                    repeated: call
                        .get("count_expression")
                        .or(call.get("for_each_expression"))
                        .is_some(),
                    each: each(call),
                    inputs: named(call.get("expressions"), |value| references(Some(value))),
                    ..Module::default()
                };
                let index = modules.len();
                modules[at].children.insert(name, index);
                modules.push(child);
                waiting.push((index, call.get("module")));
            }
        }
        Self { modules }
    }

    /// For each of these addresses: property and address of what it refers to.
    pub(super) fn resolve(&self, addresses: &[String]) -> Vec<Vec<(String, String)>> {
        let known: HashSet<&str> = addresses.iter().map(String::as_str).collect();
        let mut budget = BUDGET;
        let resolved = addresses.iter().map(|address| {
            let address = Address::parse(address)?;
            self.resource(&address, &known, &mut budget)
        });
        resolved.map(Option::unwrap_or_default).collect()
    }

    /// The attributes that somebody wrote in a resource's block, sorted; none where the block is not at hand.
    pub(super) fn written(&self, address: &str) -> Option<&[String]> {
        let (_, block) = self.block(&Address::parse(address)?)?;
        Some(&block.written)
    }

    /// A resource's block, and the index of its module.
    fn block(&self, address: &Address<'_>) -> Option<(usize, &Block)> {
        let mut module = 0;
        for step in &address.modules {
            module = *self.modules.get(module)?.children.get(step.name)?;
        }
        let name = format!("{}.{}", address.kind, address.name);
        Some((module, self.modules.get(module)?.resources.get(&name)?))
    }

    fn resource(
        &self,
        address: &Address<'_>,
        known: &HashSet<&str>,
        budget: &mut usize,
    ) -> Option<Vec<(String, String)>> {
        let (module, block) = self.block(address)?;
        let mut found = Vec::new();
        for (property, references) in &block.properties {
            let mut walk = Walk {
                modules: &self.modules,
                known,
                visited: HashSet::new(),
                waiting: Vec::new(),
                targets: BTreeSet::new(),
            };
            let place = Place {
                module,
                path: address.modules.clone(),
                key: address.key,
                each: &block.each,
            };
            walk.push(references, &place);
            walk.run(budget);
            let targets = walk.targets.into_iter();
            found.extend(targets.map(|target| (property.clone(), target)));
        }
        Some(found)
    }
}

/// Where a reference is written.
#[derive(Clone)]
struct Place<'a> {
    module: usize,
    /// The module's instance.
    path: Vec<Step<'a>>,
    /// The key of the instance whose block it is.
    key: &'a str,
    /// What the block's `count` or `for_each` refers to.
    each: &'a References,
}

struct Walk<'a> {
    modules: &'a [Module],
    known: &'a HashSet<&'a str>,
    visited: HashSet<(usize, &'a str)>,
    waiting: Vec<(&'a Reference, Place<'a>)>,
    targets: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn push(&mut self, references: &'a References, place: &Place<'a>) {
        for reference in references {
            if self.visited.insert((place.module, &reference.text)) {
                self.waiting.push((reference, place.clone()));
            }
        }
    }

    fn run(&mut self, budget: &mut usize) {
        while let Some((reference, place)) = self.waiting.pop() {
            let Some(left) = budget.checked_sub(1) else {
                return;
            };
            *budget = left;
            let steps = steps(&reference.text);
            match steps.as_slice() {
                [
                    Step {
                        name: "each" | "count",
                        ..
                    },
                    ..,
                ] => {
                    let each = place.each;
                    self.push(each, &place);
                }
                [Step { name: "var", .. }, variable, ..] => self.input(variable.name, place),
                [Step { name: "module", .. }, call, rest @ ..] => {
                    self.output(*call, rest.first().map(|step| step.name), place);
                }
                [
                    Step {
                        name: "local" | "data" | "path" | "terraform" | "self",
                        ..
                    },
                    ..,
                ] => {}
                [kind, name, ..] => self.target(kind.name, *name, reference, &place),
                _ => {}
            }
        }
    }

    /// A variable is what the call of the module gives it.
    fn input(&mut self, name: &str, mut place: Place<'a>) {
        let modules = self.modules;
        let Some(module) = modules.get(place.module) else {
            return;
        };
        let (Some(parent), Some(references)) = (module.parent, module.inputs.get(name)) else {
            return;
        };
        place.module = parent;
        place.key = place.path.pop().map_or("", |step| step.key);
        place.each = &module.each;
        self.push(references, &place);
    }

    /// An output of a called module; all of them where only the module is named.
    fn output(&mut self, call: Step<'a>, name: Option<&str>, mut place: Place<'a>) {
        static NOTHING: References = Vec::new();
        let modules = self.modules;
        let Some(module) = modules.get(place.module) else {
            return;
        };
        let Some(&child) = module.children.get(call.name) else {
            return;
        };
        place.module = child;
        place.path.push(call);
        place.key = "";
        place.each = &NOTHING;
        match name {
            Some(name) => {
                if let Some(references) = modules[child].outputs.get(name) {
                    self.push(references, &place);
                }
            }
            None => {
                let mut names: Vec<_> = modules[child].outputs.keys().collect();
                names.sort();
                for name in names {
                    self.push(&modules[child].outputs[name], &place);
                }
            }
        }
    }

    fn target(&mut self, kind: &str, name: Step<'_>, reference: &Reference, place: &Place<'a>) {
        let bare = format!("{}{kind}.{}", prefix(&place.path), name.name);
        if self.is_loose(place) {
            let path: Vec<_> = place
                .path
                .iter()
                .map(|step| Step { key: "", ..*step })
                .collect();
            self.targets
                .insert(format!("{}{kind}.{}", prefix(&path), name.name));
            return;
        }
        let looped = format!("{bare}{}", place.key);
        let exact = format!("{bare}{}", name.key);
        let own_key =
            name.key.is_empty() && reference.looped && self.known.contains(looped.as_str());
        let target = if own_key { looped } else { exact };
        self.targets.insert(target);
    }

    /// Whether it is not known which instance of a module is meant.
    fn is_loose(&self, place: &Place<'a>) -> bool {
        let mut module = Some(place.module);
        for step in place.path.iter().rev() {
            let Some(at) = module.and_then(|at| self.modules.get(at)) else {
                return true;
            };
            if at.repeated && step.key.is_empty() {
                return true;
            }
            module = at.parent;
        }
        false
    }
}

fn blocks(module: Node<'_>, wanted: &dyn Fn(&str) -> bool) -> HashMap<String, Block> {
    let mut blocks = HashMap::new();
    for node in module.get("resources").into_iter().flat_map(Node::items) {
        let text = |key: &str| node.get(key).map(Node::text).unwrap_or_default();
        let (kind, name) = (text("type"), text("name"));
        if text("mode") == "data" || !wanted(&kind) {
            continue;
        }
        let mut written: Vec<String> = entries(node.get("expressions"))
            .map(|(property, _)| property)
            .collect();
        written.sort();
        let properties = entries(node.get("expressions"));
        let properties = properties.map(|(property, value)| (property, references(Some(value))));
        let block = Block {
            each: each(node),
            written,
            properties: properties
                .filter(|(_, references)| !references.is_empty())
                .collect(),
        };
        blocks.insert(format!("{kind}.{name}"), block);
    }
    blocks
}

fn each(block: Node<'_>) -> References {
    let mut each = references(block.get("for_each_expression"));
    each.extend(references(block.get("count_expression")));
    each
}

fn named(
    node: Option<Node<'_>>,
    read: impl Fn(Node<'_>) -> References,
) -> HashMap<String, References> {
    let entries = entries(node).map(|(name, value)| (name, read(value)));
    entries
        .filter(|(_, references)| !references.is_empty())
        .collect()
}

fn entries(node: Option<Node<'_>>) -> impl Iterator<Item = (String, Node<'_>)> {
    let entries = node.into_iter().flat_map(Node::entries);
    entries.map(|(key, value)| (key.text().into_owned(), value))
}

/// All references in an expression, nested blocks included.
fn references(expression: Option<Node<'_>>) -> References {
    let mut found = Vec::new();
    let mut waiting: Vec<Node<'_>> = expression.into_iter().collect();
    while let Some(node) = waiting.pop() {
        match node.kind() {
            Kind::Sequence => waiting.extend(node.items()),
            Kind::Mapping => {
                for (key, value) in node.entries() {
                    if key.is("references") && value.items().all(|item| item.kind() == Kind::Scalar)
                    {
                        one_list(value, &mut found);
                    } else if !key.is("constant_value") {
                        waiting.push(value);
                    }
                }
            }
            Kind::Scalar => {}
        }
    }
    found
}

/// Terraform lists `a.b.c`, then `a.b`, for one reference: only the longest says what is meant.
fn one_list(list: Node<'_>, found: &mut References) {
    let texts = list.items().map(|item| item.text().into_owned());
    let texts: Vec<String> = texts.filter(|text| text.len() <= LONGEST).collect();
    let mut shorter: HashSet<&str> = HashSet::new();
    let mut looped = false;
    for text in &texts {
        looped |= text.starts_with("each.") || text.starts_with("count.");
        let ends = text.match_indices(['.', '[']).take(32);
        shorter.extend(ends.map(|(end, _)| &text[..end]));
    }
    for text in &texts {
        if !shorter.contains(text.as_str()) {
            let text = text.clone();
            found.push(Reference { text, looped });
        }
    }
}
