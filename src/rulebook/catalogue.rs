//! A catalogue: the built-in rules in their compiled form, and a team's own above them in the same form. A rule is decoded when
//! somebody first asks for it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::{Arc, LazyLock, OnceLock};

use super::bills::{Bill, Bills};
use super::check::Fault;
use super::coded::Text;
use super::compile::{self, Base, ExampleBody, heads};
use super::file::RuleFile;
use super::form::{Entry, Part, Table};
use super::globs::like;
use super::helper_providers;
use super::ladder::Ladder;
use super::limits::{Limits, ProviderLimit};
use super::module_source;
use super::plumbing::PlumbingGroup;
use super::rule::{Link, Rule, RuleBody};
use super::sets::Sets;

/// The built-in rules as the build script compiled them.
static BUILT_IN: LazyLock<Part> = LazyLock::new(|| {
    let records: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogue.bin"));
    let pool = include_str!(concat!(env!("OUT_DIR"), "/catalogue.txt"));
    Part::new(Cow::Borrowed(records), Cow::Borrowed(pool))
});

/// The built-in catalogue.
pub static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(Layers::default().above(BUILT_IN.clone())));

/// The compiled form of the built-in rules.
#[must_use]
pub fn built_in() -> &'static Part {
    &BUILT_IN
}

/// A catalogue that many can hold. By default, the built-in one.
#[derive(Clone)]
pub struct Catalogue(Arc<Layers>);

impl Catalogue {
    fn new(layers: Layers) -> Self {
        Self(Arc::new(layers))
    }

    /// One without any rule.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Layers::default())
    }

    /// This catalogue with files over it. A type that both name is the files'; what asks for the rule that had the type also
    /// finds the new one.
    ///
    /// # Errors
    /// Everything that is wrong with the files.
    pub fn over(&self, files: &[(String, RuleFile)]) -> Result<Self, Vec<Fault>> {
        let part = compile::compile(files, &self.base(), None)?;
        Ok(Self::new(self.above(part)))
    }

    /// Whether a type ought to be here. Of Terraform's providers, those that host nothing are known as such; of CloudFormation's types,
    /// resources that a team makes itself, and modules, which are said elsewhere.
    #[must_use]
    pub fn ought_to_know(kind: &str) -> bool {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        match kind.split_once("::") {
            // In other letters it is no type at all, so all the less one that may be passed over.
            Some((namespace, _)) if namespace.eq_ignore_ascii_case("AWS") => true,
            // What is no name of a type is said where it stands.
            Some((namespace, rest)) => {
                let is_name = kind
                    .bytes()
                    .all(|byte| word(byte) || matches!(byte, b':' | b'-' | b'@'));
                is_name && namespace != "Custom" && !rest.ends_with("::MODULE")
            }
            None => !helper_providers::is_theirs(kind) || !kind.bytes().all(word),
        }
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        CATALOGUE.clone()
    }
}

impl Deref for Catalogue {
    type Target = Layers;

    fn deref(&self) -> &Layers {
        &self.0
    }
}

impl std::fmt::Debug for Catalogue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Catalogue").finish_non_exhaustive()
    }
}

/// Every ladder, every rule, every type.
#[derive(Default)]
pub struct Layers {
    /// The lowest first.
    layers: Vec<Layer>,
    ladders: Vec<OnceLock<Arc<Ladder>>>,
    rules: Vec<OnceLock<Arc<Rule>>>,
    /// Rules that took a type from another, by the number of the other.
    heirs: BTreeMap<usize, BTreeSet<usize>>,
    /// Terraform attributes that a higher layer asks of a rule's resources.
    asked: BTreeMap<usize, BTreeSet<Text>>,
}

/// A part, and the numbers of the first things in it.
struct Layer {
    part: Part,
    rules: usize,
    ladders: usize,
    plumbing: usize,
}

impl Layers {
    /// What files would stand on.
    #[must_use]
    pub fn base(&self) -> Base {
        let all = |table| {
            let layers = self.layers.iter();
            layers.flat_map(move |layer| layer.part.all::<Text>(table).map(Cow::into_owned))
        };
        let mut sets = Sets::default();
        for layer in &self.layers {
            for (name, texts) in layer.part.all::<(Text, Vec<Text>)>(Table::Sets) {
                let texts = texts.into_iter().map(Cow::into_owned);
                sets.insert(name.into_owned(), texts.collect());
            }
        }
        let mut limits = Limits::default();
        self.limits().for_each(|limit| limits.insert(limit));
        let mut bills = Bills::default();
        self.bills().for_each(|bill| bills.insert(bill));
        Base {
            // Each record begins with its name.
            rules: all(Table::Rules).collect(),
            ladders: all(Table::Ladders).collect(),
            plumbing: all(Table::Plumbing).count(),
            sets,
            limits,
            bills,
        }
    }

    /// Every number of a provider that texts may name.
    pub fn limits(&self) -> impl Iterator<Item = ProviderLimit> {
        let layers = self.layers.iter();
        layers.flat_map(|layer| layer.part.all(Table::Limits))
    }

    /// Every bill of what nobody uses.
    pub fn bills(&self) -> impl Iterator<Item = Bill> {
        let layers = self.layers.iter();
        layers.flat_map(|layer| layer.part.all(Table::Bills))
    }

    /// The same layers with a part above them.
    fn above(&self, part: Part) -> Self {
        let layers = self.layers.iter().map(|layer| layer.part.clone());
        let mut catalogue = Self::default();
        let mut plumbing = 0;
        for part in layers.chain([part]) {
            let layer = Layer {
                rules: catalogue.rules.len(),
                ladders: catalogue.ladders.len(),
                plumbing,
                part,
            };
            let slots = |table| layer.part.count(table);
            let (rules, ladders) = (slots(Table::Rules), slots(Table::Ladders));
            plumbing += slots(Table::Plumbing);
            if !catalogue.layers.is_empty() {
                catalogue.adapt_to(&layer);
            }
            catalogue
                .rules
                .resize_with(layer.rules + rules, OnceLock::new);
            catalogue
                .ladders
                .resize_with(layer.ladders + ladders, OnceLock::new);
            catalogue.layers.push(layer);
        }
        catalogue
    }

    /// Notes what a layer above this catalogue takes from its rules and asks of them.
    fn adapt_to(&mut self, layer: &Layer) {
        for (name, entry) in layer.part.names(Table::Types) {
            if let (Entry::Rule(new), Some(Entry::Rule(old))) = (entry, self.entry(name)) {
                self.heirs.entry(old).or_default().insert(new);
            }
        }
        for rule in layer.part.all::<RuleBody>(Table::Rules) {
            let joins = rule.joins.iter();
            let joins = joins.map(|join| (&join.link, &join.properties[..]));
            for (link, properties) in joins.chain(rule.of.iter().map(|link| (link, &[][..]))) {
                for of in link.rules.iter().filter(|of| **of < layer.rules) {
                    let asked = self.asked.entry(*of).or_default();
                    asked.extend(heads(properties).cloned());
                    asked.extend(heads(link.from.as_slice()).cloned());
                }
            }
        }
    }

    /// The place of a type; `None` where the catalogue does not know it. A module of the public registry has the same place
    /// however its source is written, unless a rule names it as it is written.
    #[must_use]
    pub fn entry(&self, kind: &str) -> Option<Entry> {
        if module_source::is_call(kind) {
            return self.module(kind);
        }
        let parts = || self.layers.iter().rev().map(|layer| &layer.part);
        if let Some(entry) = parts().find_map(|part| part.find(Table::Types, kind)) {
            return Some(entry);
        }
        let prefixes = parts().filter_map(|part| part.longest_beginning(Table::Prefixes, kind));
        // Of two that are as long, the upper layer's counts.
        let longest = prefixes.reduce(|upper, lower| if lower.0 > upper.0 { lower } else { upper });
        match longest {
            Some((_, entry)) => Some(entry),
            None if module_source::is_in_a_template(kind) => self.module(kind),
            None => None,
        }
    }

    /// The place of a module: in the uppermost layer that knows it, by a whole source before a glob.
    fn module(&self, kind: &str) -> Option<Entry> {
        let registry = module_source::registry_kind(kind);
        let kinds = || [Some(kind), registry.as_deref()].into_iter().flatten();
        self.layers.iter().rev().find_map(|layer| {
            let part = &layer.part;
            let whole = kinds().find_map(|kind| part.find(Table::Types, kind));
            whole.or_else(|| {
                let mut globs = part.names(Table::Modules);
                let found = globs.find(|(glob, _)| kinds().any(|kind| like(kind, glob)));
                found.map(|(_, entry)| entry)
            })
        })
    }

    /// The inputs that switch a module, all of which are on unless a call says otherwise; nothing for one that is not known.
    #[must_use]
    pub fn switches(&self, kind: &str) -> Option<Vec<String>> {
        let Entry::Rule(at) = self.entry(kind)? else {
            return Some(Vec::new());
        };
        let registry = module_source::registry_kind(kind);
        let is_named = |name: &str| {
            let mut kinds = [Some(kind), registry.as_deref()].into_iter().flatten();
            kinds.any(|kind| like(kind, name))
        };
        let switched = self.rule_at(at).made_if.iter();
        let inputs = switched.filter(|(name, _)| is_named(name));
        let inputs = inputs.flat_map(|(_, inputs)| inputs.iter().map(|input| input.to_string()));
        Some(inputs.collect())
    }

    /// Whether a type ought to be here and is not.
    #[must_use]
    pub fn misses(&self, kind: &str) -> bool {
        Catalogue::ought_to_know(kind) && self.entry(kind).is_none()
    }

    /// The rule of a type.
    #[must_use]
    pub fn rule(&self, kind: &str) -> Option<&Arc<Rule>> {
        match self.entry(kind)? {
            Entry::Rule(at) => Some(self.rule_at(at)),
            Entry::Plumbing(_) => None,
        }
    }

    /// A rule by its number.
    ///
    /// # Panics
    /// If no rule has the number.
    #[must_use]
    pub fn rule_at(&self, at: usize) -> &Arc<Rule> {
        self.rules[at].get_or_init(|| Arc::new(self.decode(at)))
    }

    /// Every rule, by ladder, in the order of their files. Decodes them all.
    pub fn rules(&self) -> impl Iterator<Item = &Arc<Rule>> + Clone {
        (0..self.rules.len()).map(|at| self.rule_at(at))
    }

    #[must_use]
    pub fn ladder(&self, name: &str) -> Option<&Arc<Ladder>> {
        self.ladders().find(|ladder| ladder.name == name)
    }

    /// Every ladder, in the order in which they are shown.
    pub fn ladders(&self) -> impl Iterator<Item = &Arc<Ladder>> + Clone {
        (0..self.ladders.len()).map(|at| self.ladder_at(at))
    }

    fn ladder_at(&self, at: usize) -> &Arc<Ladder> {
        self.ladders[at].get_or_init(|| {
            let layers = self.layers.iter().rev();
            let mut layers = layers.filter(|layer| layer.ladders <= at);
            let layer = layers.next().expect("the first layer begins at 0");
            Arc::new(layer.part.record(Table::Ladders, at - layer.ladders))
        })
    }

    /// A group of types that are plumbing.
    ///
    /// # Panics
    /// If no group has the number.
    #[must_use]
    pub fn plumbing(&self, at: usize) -> PlumbingGroup {
        let mut layers = self.layers.iter().rev();
        let layer = layers.find(|layer| layer.plumbing <= at);
        let layer = layer.expect("the first layer begins at 0");
        layer.part.record(Table::Plumbing, at - layer.plumbing)
    }

    /// Every type that a rule or a plumbing group names, sorted, with its place.
    #[must_use]
    pub fn types(&self) -> BTreeMap<&str, Entry> {
        self.names(Table::Types)
    }

    /// Beginnings of the names of plumbing.
    #[must_use]
    pub fn prefixes(&self) -> BTreeMap<&str, Entry> {
        self.names(Table::Prefixes)
    }

    /// Globs for modules (`module:git::https://example.com/*`).
    #[must_use]
    pub fn modules(&self) -> BTreeMap<&str, Entry> {
        self.names(Table::Modules)
    }

    fn names(&self, table: Table) -> BTreeMap<&str, Entry> {
        let layers = self.layers.iter();
        layers.flat_map(|layer| layer.part.names(table)).collect()
    }

    fn decode(&self, at: usize) -> Rule {
        let mut body = self.body(at);
        if !self.heirs.is_empty() {
            for link in body
                .joins
                .iter_mut()
                .map(|join| &mut join.link)
                .chain(&mut body.of)
            {
                self.inherit(at, link);
            }
            // Facts are asked of a type whichever rule places it.
            let olds = self.heirs.iter().filter(|(_, heirs)| heirs.contains(&at));
            let more = olds.flat_map(|(old, _)| self.body(*old).attributes);
            body.attributes.extend(more);
            body.attributes.sort_unstable();
            body.attributes.dedup();
        }
        Rule {
            ladder: Arc::clone(self.ladder_at(body.ladder_number)),
            body,
        }
    }

    /// A rule as it stands in its layer, and what is asked of it from above.
    fn body(&self, at: usize) -> RuleBody {
        let mut layers = self.layers.iter().rev();
        let layer = layers.find(|layer| layer.rules <= at);
        let layer = layer.expect("the first layer begins at 0");
        let mut body: RuleBody = layer.part.record(Table::Rules, at - layer.rules);
        if let Some(asked) = self.asked.get(&at) {
            body.attributes.extend(asked.iter().cloned());
            body.attributes.sort_unstable();
            body.attributes.dedup();
        }
        body
    }

    /// Where a rule took a type from another, whatever is connected to the other is connected to it too.
    fn inherit(&self, at: usize, link: &mut Link) {
        for numbers in [&mut link.rules, &mut link.via] {
            let more = numbers.iter().filter_map(|number| self.heirs.get(number));
            let more: BTreeSet<usize> = more.flatten().copied().collect();
            let new = more.into_iter().filter(|heir| *heir != at);
            let new: Vec<usize> = new.filter(|heir| !numbers.contains(heir)).collect();
            numbers.extend(new);
        }
    }
}

/// The examples of the built-in rules.
pub fn examples() -> impl Iterator<Item = ExampleBody> {
    BUILT_IN.all(Table::Examples)
}
