//! What a plan hides: it keeps no reference of a `dynamic` block and none that goes through a local. What such a property may refer
//! to is known all the same: a local sees its own module, what the call of the module hands in, and what the modules that it
//! calls give back.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::Kept;
use super::address::{Address, AddressStep, prefix};
use super::references::{BUDGET, Ends};
use super::written::Part;

/// The resources that a place in a module can see, by their numbers.
#[derive(Debug, Default)]
pub struct Sight {
    /// Those of the module's own instance.
    pub own: Vec<usize>,
    /// Those that the call of the module hands in.
    pub passed: Vec<usize>,
    /// Those that the modules which it calls give back.
    pub given: Vec<usize>,
    /// Those that it may see by way of a local in another module.
    pub beyond: Vec<usize>,
}

impl Sight {
    /// How many rings there are.
    pub const RINGS: usize = 4;
    /// The number of the ring with what the call of the module hands in.
    pub const PASSED: usize = 1;

    /// The nearest first.
    #[must_use]
    pub fn rings(&self) -> [&[usize]; Self::RINGS] {
        [&self.own, &self.passed, &self.given, &self.beyond]
    }
}

/// Asks a plan what can't be seen of it.
pub struct Unseen<'k> {
    kept: &'k Kept,
    known: HashSet<&'k str>,
    /// The resources of each instance of a module, by the beginning of their addresses.
    modules: HashMap<String, Vec<usize>>,
    sights: RefCell<HashMap<String, Rc<Sight>>>,
    budget: Cell<usize>,
}

impl<'k> Unseen<'k> {
    /// Of a plan.
    #[must_use]
    pub fn new(kept: &'k Kept) -> Self {
        let mut modules: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, resource) in kept.template.resources.iter().enumerate() {
            if let Some(address) = Address::parse(&resource.address) {
                let module = prefix(&address.modules);
                modules.entry(module).or_default().push(at);
            }
        }
        Self {
            known: kept.known(),
            kept,
            modules,
            sights: RefCell::default(),
            budget: Cell::new(BUDGET),
        }
    }

    /// From where a property may refer to what can't be seen: nothing where all of it is seen. `path` has dots between its keys.
    #[must_use]
    pub fn from(&self, resource: usize, path: &str) -> Vec<Rc<Sight>> {
        let resource = &self.kept.template.resources[resource];
        let Some(address) = Address::parse(&resource.address) else {
            return Vec::new();
        };
        let configuration = &self.kept.configuration;
        let own = || vec![self.sight(&address.modules)];
        let Some((_, block)) = configuration.block(&address) else {
            return own();
        };
        let part = configuration.written(&address);
        if part.is_none_or(|written| written.part(path) == Part::Nothing) {
            return own();
        }
        let is_at = |other: &str| {
            let below = |long: &str, short: &str| {
                let rest = long.strip_prefix(short);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            below(other, path) || below(path, other)
        };
        let at = block.properties.iter().filter(|(other, _)| is_at(other));
        let mut sights: Vec<Rc<Sight>> = Vec::new();
        for (_, references) in at {
            let mut budget = self.budget.get();
            let ends = configuration.ends(&address, references, &self.known, &mut budget);
            self.budget.set(budget);
            for (_, module) in ends.into_iter().flat_map(|ends| ends.locals) {
                sights.push(self.sight(&module));
            }
        }
        sights
    }

    /// What the instance of a module can see.
    fn sight(&self, module: &[AddressStep<'_>]) -> Rc<Sight> {
        let name = prefix(module);
        if let Some(known) = self.sights.borrow().get(&name) {
            return Rc::clone(known);
        }
        let mut budget = self.budget.get();
        let configuration = &self.kept.configuration;
        let own = self.modules.get(&name).cloned().unwrap_or_default();
        let (passed, mut locals) =
            self.numbers(configuration.passed(module, &self.known, &mut budget));
        let (given, more) = self.numbers(configuration.given(module, &self.known, &mut budget));
        locals.extend(more);
        self.budget.set(budget);
        locals.remove(&name);
        let beyond: BTreeSet<usize> = locals
            .iter()
            .filter_map(|module| self.modules.get(module))
            .flatten()
            .copied()
            .collect();
        let sight = Rc::new(Sight {
            own,
            passed,
            given,
            beyond: beyond.into_iter().collect(),
        });
        self.sights.borrow_mut().insert(name, Rc::clone(&sight));
        sight
    }

    /// The resources at some ends, and the modules of which a local was met.
    fn numbers(&self, ends: Ends<'_>) -> (Vec<usize>, HashSet<String>) {
        let template = &self.kept.template;
        let all = ends.targets.iter();
        let all = all.map(|address| template.units[0].named(address));
        let numbers: BTreeSet<usize> = all.flatten().copied().collect();
        let locals = ends.locals.iter().map(|(_, module)| prefix(module));
        (numbers.into_iter().collect(), locals.collect())
    }
}
