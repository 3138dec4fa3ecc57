//! Which resource uses which: the references of expressions, followed through variables and outputs of modules.

use std::collections::{BTreeSet, HashSet};

use super::address::{Address, AddressStep, prefix, steps};
use super::configuration::{Configuration, Module, References};
use crate::blocks::KnownReference;
use crate::blocks::terraform::hands_on;

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
            let ends = self.ends(address, references, known, budget)?;
            found.extend(ends.targets.into_iter().map(|address| KnownReference {
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
            if let Some(ends) = self.ends(address, references, &known, &mut budget) {
                variables.extend(ends.variables.into_iter().map(str::to_owned));
            }
        }
        variables
    }

    /// Follows the references of one property of a resource to their ends.
    pub(super) fn ends<'a>(
        &'a self,
        address: &Address<'a>,
        references: &'a References,
        known: &HashSet<&str>,
        budget: &mut usize,
    ) -> Option<Ends<'a>> {
        let (module, block) = self.block(address)?;
        let place = Place {
            module,
            path: address.modules.clone(),
            key: address.key,
            each: &block.each,
        };
        let mut walk = Walk::new(&self.modules, known);
        walk.push(references, &place, false);
        Some(walk.run(budget))
    }

    /// What the call of a module hands in.
    pub(super) fn passed<'a>(
        &'a self,
        module: &[AddressStep<'a>],
        known: &HashSet<&str>,
        budget: &mut usize,
    ) -> Ends<'a> {
        self.all(module, known, budget, |walk, module, place| {
            for name in module.inputs.keys() {
                walk.input(name, place.clone());
            }
        })
    }

    /// What the modules that a module calls give back.
    pub(super) fn given<'a>(
        &'a self,
        module: &[AddressStep<'a>],
        known: &HashSet<&str>,
        budget: &mut usize,
    ) -> Ends<'a> {
        self.all(module, known, budget, |walk, module, place| {
            for name in module.children.keys() {
                walk.output(AddressStep { name, key: "" }, None, place.clone());
            }
        })
    }

    /// Where everything leads that is asked of a module.
    fn all<'a>(
        &'a self,
        module: &[AddressStep<'a>],
        known: &HashSet<&str>,
        budget: &mut usize,
        ask: impl FnOnce(&mut Walk<'a, '_>, &'a Module, &Place<'a>),
    ) -> Ends<'a> {
        let mut walk = Walk::new(&self.modules, known);
        if let Some(place) = self.place(module) {
            ask(&mut walk, &self.modules[place.module], &place);
        }
        walk.run(budget)
    }

    fn place<'a>(&'a self, module: &[AddressStep<'a>]) -> Option<Place<'a>> {
        Some(Place {
            module: self.module(module)?,
            path: module.to_vec(),
            key: "",
            each: &NOTHING,
        })
    }
}

static NOTHING: References = Vec::new();

/// Where a reference is written.
#[derive(Clone)]
struct Place<'a> {
    module: usize,
    /// The module's instance.
    path: Vec<AddressStep<'a>>,
    /// The key of the instance whose block it is.
    key: &'a str,
    /// What the block's `count` or `for_each` refers to.
    each: &'a References,
}

struct Walk<'a, 'n> {
    modules: &'a [Module],
    known: &'n HashSet<&'n str>,
    visited: HashSet<(usize, &'a str)>,
    waiting: Vec<(Waiting<'a>, Place<'a>)>,
    ends: Ends<'a>,
}

/// Where references lead.
#[derive(Default)]
pub(super) struct Ends<'a> {
    pub(super) targets: BTreeSet<String>,
    /// Variables of the root module that were met.
    variables: BTreeSet<&'a str>,
    /// Where locals were met, of which a plan says nothing: the number of the module, and the way to its instance.
    pub(super) locals: Vec<(usize, Vec<AddressStep<'a>>)>,
}

#[derive(Clone, Copy)]
struct Waiting<'a> {
    text: &'a str,
    /// Whether the instance with one's own key is meant, if there is one.
    looped: bool,
}

impl<'a, 'n> Walk<'a, 'n> {
    fn new(modules: &'a [Module], known: &'n HashSet<&'n str>) -> Self {
        Self {
            modules,
            known,
            visited: HashSet::new(),
            waiting: Vec::new(),
            ends: Ends::default(),
        }
    }

    fn push(&mut self, references: &'a References, place: &Place<'a>, looped: bool) {
        for reference in references {
            if self.visited.insert((place.module, &reference.text)) {
                let waiting = Waiting {
                    text: &reference.text,
                    looped: looped || reference.looped,
                };
                self.waiting.push((waiting, place.clone()));
            }
        }
    }

    fn run(mut self, budget: &mut usize) -> Ends<'a> {
        while let Some((reference, place)) = self.waiting.pop() {
            let Some(left) = budget.checked_sub(1) else {
                break;
            };
            *budget = left;
            let steps = steps(reference.text);
            match steps.as_slice() {
                [
                    AddressStep {
                        name: "each" | "count",
                        ..
                    },
                    ..,
                ] => {
                    // What a loop runs over may be the instances of another resource: each goes with its own.
                    let each = place.each;
                    self.push(each, &place, true);
                }
                [AddressStep { name: "var", .. }, variable, ..] => self.input(variable.name, place),
                [AddressStep { name: "module", .. }, call, rest @ ..] => {
                    self.output(*call, rest.first().map(|step| step.name), place);
                }
                [AddressStep { name: "local", .. }, ..] => {
                    let local = (place.module, place.path);
                    if !self.ends.locals.contains(&local) {
                        self.ends.locals.push(local);
                    }
                }
                [AddressStep { name: "data", .. }, kind, name, ..] => {
                    let block = format!("data.{}.{}", kind.name, name.name);
                    self.handed_on(&block, *name, place);
                }
                [
                    AddressStep {
                        name: "path" | "terraform" | "self",
                        ..
                    },
                    ..,
                ] => {}
                [kind, name, ..] => {
                    self.target(kind.name, *name, reference, &place);
                    if hands_on(kind.name) {
                        let block = format!("{}.{}", kind.name, name.name);
                        self.handed_on(&block, *name, place);
                    }
                }
                _ => {}
            }
        }
        self.ends
    }

    /// What refers to a block that only hands on, or looks up, refers to all that it does.
    fn handed_on(&mut self, block: &str, name: AddressStep<'a>, mut place: Place<'a>) {
        let modules = self.modules;
        let module = modules.get(place.module);
        let Some(block) = module.and_then(|module| module.resources.get(block)) else {
            return;
        };
        place.key = name.key;
        place.each = &block.each;
        for (_, references) in &block.properties {
            self.push(references, &place, false);
        }
    }

    /// A variable is what the call of the module gives it.
    fn input(&mut self, name: &'a str, mut place: Place<'a>) {
        let modules = self.modules;
        let Some(module) = modules.get(place.module) else {
            return;
        };
        let Some(parent) = module.parent else {
            self.ends.variables.insert(name);
            return;
        };
        let Some(references) = module.inputs.get(name) else {
            return;
        };
        place.module = parent;
        place.key = place.path.pop().map_or("", |step| step.key);
        place.each = &module.each;
        self.push(references, &place, false);
    }

    /// An output of a called module; all of them where only the module is named.
    fn output(&mut self, call: AddressStep<'a>, name: Option<&str>, mut place: Place<'a>) {
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
                    self.push(references, &place, false);
                }
            }
            None => {
                for references in modules[child].outputs.values() {
                    self.push(references, &place, false);
                }
            }
        }
    }

    fn target(
        &mut self,
        kind: &str,
        name: AddressStep<'_>,
        reference: Waiting<'a>,
        place: &Place<'a>,
    ) {
        let bare = format!("{}{kind}.{}", prefix(&place.path), name.name);
        if self.is_loose(place) {
            let path: Vec<_> = place
                .path
                .iter()
                .map(|step| AddressStep { key: "", ..*step })
                .collect();
            self.ends
                .targets
                .insert(format!("{}{kind}.{}", prefix(&path), name.name));
            return;
        }
        let looped = format!("{bare}{}", place.key);
        let exact = format!("{bare}{}", name.key);
        let own_key =
            name.key.is_empty() && reference.looped && self.known.contains(looped.as_str());
        let target = if own_key { looped } else { exact };
        self.ends.targets.insert(target);
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
