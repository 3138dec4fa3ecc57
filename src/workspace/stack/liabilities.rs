//! What servers make somebody own, as `rules/liability.toml` says where that stands: found in a template, and given to the decisions
//! that it is for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::images::{self, Image};
use super::placed::root;
use crate::analysis::Liability;
use crate::base::source::{Source, Span};
use crate::base::{PathStep, Position};
use crate::blocks::{Child, Entry, Expr, Place, Template, unit};
use crate::eval::{Resolver, Value};
use crate::graph::references::references;
use crate::graph::{Script, uses, written_lines};
use crate::placement::classify::Placement;
use crate::rulebook::actions::ValuePlace;
use crate::rulebook::liability::{self, BlockRule, ScriptRule};
use crate::rulebook::like;

/// Decisions that are named of all that is owned in a stack together, up to which all are.
const MOST_LISTED: usize = 200_000;
/// How many are named of each in any case.
const FEW: usize = 100;
/// Steps from one thing that is owned to the next that are followed to a decision.
const DEEPEST: usize = 4;

/// Nesting beyond which no path is followed.
const DEEPEST_PATH: usize = 16;

/// Something that was found in a block.
#[derive(Clone)]
struct Found {
    kind: usize,
    says: String,
    lines: usize,
    is_open: bool,
    place: Place,
}

/// All of a template: each with the resource in which it stands.
pub(super) struct Burdens {
    found: Vec<(usize, Found)>,
    /// Of resources with something, those that they refer to, while those have something, too.
    reached: BTreeMap<usize, BTreeSet<usize>>,
}

impl Burdens {
    /// Reads them. `is_meant` says of a resource whether it is to be looked at.
    pub fn of(
        template: &Template<'_>,
        sources: &[Arc<Source>],
        is_meant: &dyn Fn(usize) -> bool,
    ) -> Self {
        let mut all = Self {
            found: Vec::new(),
            reached: BTreeMap::new(),
        };
        // The instances of one block in one module say the same.
        let mut known: HashMap<(usize, usize, u32, usize), Vec<Found>> = HashMap::new();
        for (at, resource) in template.resources.iter().enumerate() {
            let asked = liability::of_type(&resource.kind);
            let keys = resource.properties.iter().map(|entry| &*entry.key);
            let is_below = |key: &str| liability::below(key).next().is_some();
            if asked.is_none() && !keys.clone().any(is_below) || !is_meant(at) {
                continue;
            }
            let reader = Reader {
                template,
                at,
                sources,
            };
            let key = match resource.body {
                Some(_) => {
                    let Place { file, span } = resource.block;
                    (unit(&resource.scope), file, span.start, 0)
                }
                None => (0, 0, 0, at + 1),
            };
            let found = known.entry(key).or_insert_with(|| {
                let mut found = Vec::new();
                let mut scripts: Vec<&ScriptRule> = keys.flat_map(liability::below).collect();
                scripts.dedup_by_key(|rule| std::ptr::from_ref(*rule));
                if let Some(asked) = asked {
                    scripts.extend(asked.scripts());
                    found.extend(asked.blocks().filter_map(|rule| reader.block(rule)));
                    let mut images = asked.images();
                    found.extend(images.find_map(|places| reader.image(places)));
                }
                for rule in scripts {
                    reader.script(rule, &mut found);
                }
                found
            });
            all.found
                .extend(found.iter().map(|found| (at, found.clone())));
        }
        if !all.found.is_empty() {
            let owners: BTreeSet<usize> = all.found.iter().map(|(at, _)| *at).collect();
            for at in owners {
                let targets = references(template, at).into_iter().map(|one| one.to);
                all.reached.insert(at, targets.collect());
            }
        }
        all
    }

    /// Each as it is handed on. `decisions_of` says for which decisions a resource counts, `stack` of which stack it is.
    fn owned(
        self,
        template: &Template<'_>,
        sources: &[Arc<Source>],
        decisions_of: &dyn Fn(usize) -> Vec<usize>,
        stack: &dyn Fn(usize) -> Arc<str>,
    ) -> Vec<Liability> {
        let mut users: HashMap<usize, Vec<usize>> = HashMap::new();
        for (from, targets) in &self.reached {
            for to in targets.iter().filter(|to| self.reached.contains_key(to)) {
                users.entry(*to).or_default().push(*from);
            }
        }
        let mut known: HashMap<usize, Vec<usize>> = HashMap::new();
        for at in self.reached.keys() {
            known.insert(*at, self.leads_to(*at, decisions_of));
        }
        let mut listed = 0;
        let all = self.found.into_iter().map(|(at, found)| {
            let own = &known[&at];
            let mut decisions: Vec<usize> = match own.is_empty() {
                // A plan is for what those who use it select.
                true => {
                    let users = users.get(&at).into_iter().flatten();
                    users.flat_map(|user| known[user].clone()).collect()
                }
                false => own.clone(),
            };
            let most = usize::max(FEW, MOST_LISTED.saturating_sub(listed));
            let unlisted_decisions = decisions.len().saturating_sub(most);
            decisions.truncate(most);
            listed += decisions.len();
            let resource = &template.resources[at];
            let source = &sources[found.place.file];
            let (start, end) = ends(source, found.place.span);
            Liability {
                kind: found.kind,
                says: found.says,
                lines: found.lines,
                is_open: found.is_open,
                path: Arc::clone(source.name()),
                start,
                end,
                address: resource.address.clone(),
                resource_type: resource.kind.clone().into_owned(),
                dialect: template.dialect,
                decisions,
                unlisted_decisions,
                stack: stack(at),
                owners: Vec::new(),
                stream: None,
            }
        });
        all.collect()
    }

    /// Its own decisions, else those of what it refers to, and so on through what is owned as well.
    fn leads_to(&self, from: usize, decisions_of: &dyn Fn(usize) -> Vec<usize>) -> Vec<usize> {
        let mut met = BTreeSet::from([from]);
        let mut here = vec![from];
        for _ in 0..DEEPEST {
            let mut found: Vec<usize> = here.iter().flat_map(|at| decisions_of(*at)).collect();
            if !found.is_empty() {
                found.sort_unstable();
                found.dedup();
                return found;
            }
            let next = here.iter().filter_map(|at| self.reached.get(at)).flatten();
            let next: BTreeSet<usize> = next.copied().filter(|at| met.insert(*at)).collect();
            here = next.into_iter().collect();
        }
        Vec::new()
    }
}

/// What was found, while it is not yet known for which decisions: those come one by one.
pub(super) struct OwnedBy {
    burdens: Burdens,
    /// By address and root module.
    decisions: HashMap<(String, Option<Arc<str>>), Vec<usize>>,
}

impl OwnedBy {
    pub fn new(burdens: Burdens) -> Self {
        Self {
            burdens,
            decisions: HashMap::new(),
        }
    }

    /// Takes in a placement that becomes a decision with a number.
    pub fn add(
        &mut self,
        template: &Template<'_>,
        placement: &Placement,
        sources: &[Arc<Source>],
        number: usize,
    ) {
        if self.burdens.found.is_empty() {
            return;
        }
        for at in std::iter::once(&placement.resource).chain(&placement.members) {
            let resource = &template.resources[*at];
            let key = (
                resource.address.clone(),
                root(template, &resource.scope, sources),
            );
            self.decisions.entry(key).or_default().push(number);
        }
    }

    /// All of it, as it is handed on.
    pub fn close(
        self,
        template: &Template<'_>,
        sources: &[Arc<Source>],
        stack: &dyn Fn(usize) -> Arc<str>,
    ) -> Vec<Liability> {
        if self.burdens.found.is_empty() {
            return Vec::new();
        }
        let decisions_of = |at: usize| {
            let resource = &template.resources[at];
            let root = root(template, &resource.scope, sources);
            let found = self.decisions.get(&(resource.address.clone(), root));
            found.cloned().unwrap_or_default()
        };
        self.burdens.owned(template, sources, &decisions_of, stack)
    }
}

/// Reads one block.
struct Reader<'a, 't> {
    template: &'a Template<'t>,
    at: usize,
    sources: &'a [Arc<Source>],
}

impl<'t> Reader<'_, 't> {
    /// Whether a value stands at one of the places that is like one of those that are wanted.
    fn holds(&self, places: &[ValuePlace]) -> bool {
        let resource = &self.template.resources[self.at];
        let resolver = Resolver::new(self.template);
        let is_it = |place: &ValuePlace, value: &Value<'_>| {
            let wanted = place.values;
            match value {
                Value::Absent => false,
                _ if wanted.is_empty() => true,
                Value::Text(text) => wanted.iter().any(|glob| like(text.trim(), glob)),
                _ => false,
            }
        };
        places.iter().any(|place| {
            let mut keys = resource.properties.iter().map(|entry| &entry.key);
            keys.any(|key| *key == place.property()) && {
                let found = resolver.at_path(resource, &place.steps());
                found.iter().any(|found| is_it(place, &found.value))
            }
        })
    }

    fn block(&self, rule: &BlockRule) -> Option<Found> {
        let holds = rule.when.is_empty() || self.holds(rule.when);
        if !holds || self.holds(rule.unless) {
            return None;
        }
        let resource = &self.template.resources[self.at];
        let place = match resource.body {
            Some(_) => resource.block,
            None => resource.type_place,
        };
        let block = place.span.of(self.sources[place.file].text());
        Some(Found {
            kind: rule.kind,
            says: rule.says.to_owned(),
            lines: written_lines(block),
            is_open: false,
            place,
        })
    }

    fn image(&self, places: &[ValuePlace]) -> Option<Found> {
        let resource = &self.template.resources[self.at];
        let resolver = Resolver::new(self.template);
        let (place, image) = places.iter().find_map(|place| {
            let found = resolver.at_path(resource, &place.steps());
            let found = found.into_iter().next()?;
            let image = images::of(self.template, resource, &found)?;
            Some((found.place.unwrap_or(resource.type_place), image))
        })?;
        let (says, is_open) = match image {
            Image::Own(says) => (says, false),
            Image::Open(says) => (says, true),
        };
        Some(Found {
            kind: liability::kind("image"),
            says,
            lines: 1,
            is_open,
            place,
        })
    }

    fn script(&self, rule: &ScriptRule, all: &mut Vec<Found>) {
        if !rule.when.is_empty() && !self.holds(rule.when) {
            return;
        }
        let resource = &self.template.resources[self.at];
        for path in rule.places {
            let steps = path.steps();
            let mut properties = resource.properties.iter();
            let is_property = properties.any(|entry| entry.key == path.property());
            let (entry, place) = if is_property {
                let found = Resolver::new(self.template).at_path(resource, &steps);
                let said = found.iter().find(|found| !is_nothing(&found.value));
                let Some(said) = said else {
                    continue;
                };
                (None, said.place)
            } else {
                let Some(entry) = self.beside(path.property()) else {
                    continue;
                };
                let Some(place) = self.below(&entry.value, entry.place, &steps[1..], 0) else {
                    continue;
                };
                let place = place.or(entry.place);
                (Some(entry), place)
            };
            let place = place.unwrap_or(resource.type_place);
            if rule.is_elsewhere {
                all.push(Found {
                    kind: rule.kind,
                    says: String::new(),
                    lines: 0,
                    is_open: true,
                    place,
                });
                return;
            }
            let script = match entry {
                Some(entry) => Script::below(self.template, &entry.value, &steps[1..]),
                None => Script::at(self.template, self.at, &[steps]),
            };
            // Metadata is no text but a tree: it has the lines on which it is written.
            let is_tree = resource.extras.iter().any(|one| one.key == path.property());
            let lines = match is_tree {
                true => written_lines(place.span.of(self.sources[place.file].text())),
                false => script.lines(),
            };
            all.push(Found {
                kind: rule.kind,
                says: String::new(),
                lines,
                is_open: lines == 0 || script.has_hidden_lines(),
                place,
            });
            self.agents(&script, place, all);
            return;
        }
    }

    /// Agents that a script installs or sets up, each where it is first named.
    fn agents(&self, script: &Script, place: Place, all: &mut Vec<Found>) {
        let kind = liability::kind("agent");
        for (says, signs) in liability::agents() {
            let Some(sign) = signs.iter().find(|sign| script.uses(sign)) else {
                continue;
            };
            if all.iter().any(|one| one.kind == kind && one.says == *says) {
                continue;
            }
            let written = place.span.of(self.sources[place.file].text());
            let has_sign = |line: &&str| {
                let mut here = line.char_indices().filter(|(_, letter)| {
                    let start = sign.chars().next();
                    start == letter.to_lowercase().next()
                });
                here.any(|(start, _)| {
                    let rest = line.get(start..start + sign.len());
                    rest.is_some_and(|rest| rest.eq_ignore_ascii_case(sign))
                })
            };
            let mut named = written.lines().filter(has_sign);
            let first = named.clone().next();
            let line = named
                .find(|line| uses(&line.to_ascii_lowercase(), sign))
                .or(first);
            let place = line.map_or(place, |line| {
                let before = line.as_ptr().addr() - written.as_ptr().addr();
                let before = before + line.len() - line.trim_start().len();
                let start = place.span.start + u32::try_from(before).unwrap_or_default();
                let length = u32::try_from(line.trim().len()).unwrap_or_default();
                Place {
                    file: place.file,
                    span: Span::new(start, start + length),
                }
            });
            all.push(Found {
                kind,
                says: (*says).to_owned(),
                lines: 1,
                is_open: false,
                place,
            });
        }
    }

    /// A part of the block that is no property: CloudFormation's metadata, Terraform's provisioners.
    fn beside(&self, key: &str) -> Option<Entry<'t>> {
        let resource = &self.template.resources[self.at];
        let extra = resource.extras.iter().find(|entry| entry.key == *key);
        if let Some(extra) = extra {
            return Some(extra.clone());
        }
        let body = resource.body.filter(|_| key == "provisioner")?;
        let written = body.entries().filter(|(name, _)| name.is(key));
        let all = written.map(|(_, node)| Child::node(node, &resource.scope));
        let all: Vec<Child<'t>> = all.collect();
        let value = Child::built(Expr::List(all.into_iter().collect()), &resource.scope);
        Some(Entry::new(key.to_owned(), value))
    }

    /// Where what a path leads to stands, with its value; the first of several.
    fn below(
        &self,
        value: &Child<'t>,
        key: Option<Place>,
        steps: &[PathStep],
        depth: usize,
    ) -> Option<Option<Place>> {
        let Some((PathStep::Key(step), rest)) = steps.split_first() else {
            return Some(spread(value, key));
        };
        if depth > DEEPEST_PATH {
            return None;
        }
        match self.template.expr(value) {
            Expr::Map(entries) => {
                let entry = entries.iter().find(|entry| entry.key == **step)?;
                self.below(&entry.value, entry.place, rest, depth + 1)
            }
            Expr::List(items) | Expr::Call(_, items) => {
                let mut items = items.iter();
                items.find_map(|item| self.below(&item, None, steps, depth + 1))
            }
            _ => None,
        }
    }
}

/// Whether nothing stands there.
fn is_nothing(value: &Value<'_>) -> bool {
    match value {
        Value::Absent => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// From a key to the end of its value.
fn spread(value: &Child<'_>, key: Option<Place>) -> Option<Place> {
    let value = value.as_node().map(|node| node.place());
    match (key, value) {
        (Some(key), Some(value)) if key.file == value.file => Some(Place {
            file: key.file,
            span: Span::new(key.span.start, key.span.end.max(value.span.end)),
        }),
        (key, value) => key.or(value),
    }
}

/// The first place of a part, and one past its last letter.
fn ends(source: &Source, span: Span) -> (Position, Position) {
    let text = span.of(source.text());
    let length = u32::try_from(text.trim_end().len()).unwrap_or_default();
    let start = source.position(span.start);
    (start, source.position(span.start + length))
}
