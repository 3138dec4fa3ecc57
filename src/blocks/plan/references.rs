//! Which resource uses which: the references of expressions, followed through variables and outputs of modules.

use std::collections::{BTreeSet, HashSet};

use super::address::{Address, Step, prefix, steps};
use super::configuration::{Configuration, Module, Reference, References};
use crate::blocks::KnownReference;

/// References that are looked at for all resources of one plan together.
pub(super) const BUDGET: usize = 5_000_000;

/// References that are looked at for one property.
const FOR_ONE: usize = 10_000;

impl Configuration {
    /// What a resource refers to, each property's targets in order; nothing where its block is not at hand.
    pub(super) fn references(
        &self,
        address: &Address<'_>,
        known: &HashSet<&str>,
        budget: &mut usize,
    ) -> Option<Vec<KnownReference>> {
        let (_, block) = self.block(address)?;
        let mut found = Vec::new();
        for (path, references) in &block.properties {
            let walk = self.walk(address, references, known, budget)?;
            found.extend(walk.targets.into_iter().map(|address| KnownReference {
                path: path.clone(),
                address,
            }));
        }
        Some(found)
    }

    /// The variables of the root module on which a property of a resource hangs.
    pub(super) fn variables(&self, address: &Address<'_>, property: &str) -> BTreeSet<String> {
        let block = self.block(address).map(|(_, block)| block);
        let properties = block.map_or(&[][..], |block| &block.properties);
        let own = properties.iter().filter(|(path, _)| {
            let below = path.strip_prefix(property);
            below.is_some_and(|below| below.is_empty() || below.starts_with('.'))
        });
        let known = HashSet::new();
        let mut budget = FOR_ONE;
        let mut variables = BTreeSet::new();
        for (_, references) in own {
            if let Some(walk) = self.walk(address, references, &known, &mut budget) {
                variables.extend(walk.variables.into_iter().map(str::to_owned));
            }
        }
        variables
    }

    /// Follows the references of one property of a resource to their ends.
    fn walk<'a>(
        &'a self,
        address: &Address<'a>,
        references: &'a References,
        known: &'a HashSet<&'a str>,
        budget: &mut usize,
    ) -> Option<Walk<'a>> {
        let (module, block) = self.block(address)?;
        let mut walk = Walk {
            modules: &self.modules,
            known,
            visited: HashSet::new(),
            waiting: Vec::new(),
            targets: BTreeSet::new(),
            variables: BTreeSet::new(),
        };
        let place = Place {
            module,
            path: address.modules.clone(),
            key: address.key,
            each: &block.each,
        };
        walk.push(references, &place);
        walk.run(budget);
        Some(walk)
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
    /// Variables of the root module that were met.
    variables: BTreeSet<&'a str>,
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
    fn input(&mut self, name: &'a str, mut place: Place<'a>) {
        let modules = self.modules;
        let Some(module) = modules.get(place.module) else {
            return;
        };
        let Some(parent) = module.parent else {
            self.variables.insert(name);
            return;
        };
        let Some(references) = module.inputs.get(name) else {
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
