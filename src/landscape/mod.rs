//! The landscape of an estate: who comes in, what serves them, what that needs, and how much of each is still the team's own to
//! run. A function of one [`Analysis`] with its graph; how it is drawn is for `report` to say.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `by_hand` | what somebody placed by hand |
//! | `chain` | what serves what, and who comes in by which |
//! | `evolution` | where a choice stands from left to right |
//! | `coarseness` | what becomes one component |
//! | `saved` | a map or a report of another time |
//! | `redrawn` | a saved map, drawn up again without the templates |
//! | `choices` | what a map's choices are called, those of today or those that were saved |
//! | `shifts` | what has moved since another time |

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

use crate::analysis::graph::{Means, ResourceRole};
use crate::analysis::{Analysis, Decision, Graph};
use crate::base::{HandPlace, LifecycleCode, Rung, Sign};

mod by_hand;
mod chain;
mod choices;
mod coarseness;
pub mod evolution;
pub mod redrawn;
pub mod saved;
mod shifts;

use chain::chain;
pub use choices::{HostingChoice, MapSource};
pub use coarseness::Coarseness;
pub use shifts::{FormerEstate, FormerPlace, Gone, LandscapeChange, Shift};

/// Who comes in from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entrance {
    /// People and programs, through the front.
    Users,
    /// Whatever puts messages, files or events in.
    Systems,
    /// The clock.
    Clock,
}

impl Entrance {
    /// Who stands there.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Systems => "Other systems",
            Self::Clock => "Schedule",
        }
    }
}

/// Who stands at the top, and by which components they come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// As on the map.
    pub name: String,
    /// Who they are.
    pub door: Entrance,
    /// Indexes into [`Landscape::components`], in order.
    pub to: Vec<usize>,
}

/// What stands on the map: one decision, or several of one ladder.
#[derive(Clone, Debug)]
pub struct Component {
    /// Unlike that of any other.
    pub name: String,
    /// The ladder, as in a finding's code.
    pub ladder: String,
    /// The stack, where all of it stands in one.
    pub stack: Option<String>,
    /// What it is made of, from left to right: one part for each rung.
    pub parts: Vec<RungShare>,
    /// Steps from whoever comes in, from 1 on.
    pub depth: usize,
    /// From 0 (nobody sees it) to 1 (who comes in).
    pub visibility: f64,
    /// What somebody wrote down about it.
    pub by_hand: Option<HandPlace>,
}

/// The decisions of a component that stand on one rung.
#[derive(Clone, Debug)]
pub struct RungShare {
    /// Where they stand on their ladder.
    pub rung: Rung,
    /// From 0 (left) to 1 (right).
    pub evolution: f64,
    /// Whether somebody placed it there.
    pub is_by_hand: bool,
    /// Indexes into [`Analysis::decisions`], in order; at least one.
    pub decisions: Vec<usize>,
    /// Fallbacks among them for which nobody wrote down a reason.
    pub open: usize,
    /// Fallbacks with a reason.
    pub explained: usize,
    /// The day on which the first of those reasons ends.
    pub until: Option<String>,
    /// The worst of what the provider has ended, will end, or closed.
    pub ending: Option<LifecycleCode>,
    /// What is written and moves it to the left.
    pub signs: Vec<Sign>,
    /// Where a fallback without a reason could go.
    pub movement: Option<Movement>,
}

impl RungShare {
    /// The way up, where it leads to a better rung and to the right of where somebody placed it.
    #[must_use]
    pub fn arrow(&self) -> Option<&Movement> {
        let movement = self.movement.as_ref();
        movement.filter(|one| one.rung < self.rung && one.to > self.evolution)
    }
}

/// A step up that nobody spoke against.
#[derive(Clone, Debug, PartialEq)]
pub struct Movement {
    /// The rung on which that stands; its own, where what to take instead is on no better one.
    pub rung: Rung,
    /// Where it would stand then.
    pub to: f64,
    /// What to take instead, with how big a step that is.
    pub up: String,
    /// What to mind: what becomes of the data.
    pub warning: Option<String>,
}

/// From what is served to what it needs: indexes into [`Landscape::components`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// What is served.
    pub from: usize,
    /// What it needs.
    pub to: usize,
    /// Only leave to use it, or a text that names it.
    pub is_weak: bool,
}

/// A map without its geometry.
#[derive(Clone, Debug, Default)]
pub struct Landscape {
    /// What the repository is for.
    pub purpose: Option<String>,
    /// How decisions became components.
    pub grouping: Coarseness,
    /// Who comes in: users, other systems, the clock.
    pub anchors: Vec<Anchor>,
    /// From the top, then by name.
    pub components: Vec<Component>,
    /// In order.
    pub lines: Vec<Need>,
    /// The steps from the anchors to what stands lowest.
    pub deepest: usize,
    /// What has moved, where it is held against another time.
    pub change: Option<LandscapeChange>,
    /// What is placed by hand and stands nowhere on the map.
    pub unplaced: Vec<HandPlace>,
    /// The folder that holds all of it.
    above: String,
}

/// Draws up the landscape; `coarseness` as asked for, else as coarse as it takes to stay readable. `is_shown` says which decisions
/// are on it.
#[must_use]
pub fn landscape(
    analysis: &Analysis,
    grouping: Option<Coarseness>,
    is_shown: &dyn Fn(&Decision) -> bool,
) -> Landscape {
    let hand = &analysis.hand_places;
    let is_hidden = |at: usize| hand.of.get(&at).is_some_and(|one| hand.all[*one].is_hidden);
    let is_shown: Vec<bool> = analysis
        .decisions
        .iter()
        .enumerate()
        .map(|(at, decision)| is_shown(decision) && !is_hidden(at))
        .collect();
    let empty = Graph::default();
    let graph = analysis.graph.as_ref().unwrap_or(&empty);
    let decision_of = decisions_of_resources(graph, analysis, &is_shown);
    let shown: Vec<usize> = (0..analysis.decisions.len())
        .filter(|at| is_shown[*at])
        .collect();
    let paths = shown.iter().map(|at| &*analysis.decisions[*at].path);
    let above = coarseness::common_folder(paths);
    let (grouping, keys) = coarseness::keys(analysis, &shown, &above, grouping);
    // Components in the order in which their first decision is met.
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut members: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut component_of_decision = vec![None; analysis.decisions.len()];
    for (at, key) in shown.iter().zip(&keys) {
        let number = *numbers.entry(&key.key).or_insert_with(|| {
            members.push((&key.name, Vec::new()));
            members.len() - 1
        });
        members[number].1.push(*at);
        component_of_decision[*at] = Some(number);
    }
    let chain = chain(graph, &decision_of, analysis.decisions.len());
    let entrances = entrances(analysis, &chain.doors, &component_of_decision);
    let chain = chain.contracted(&component_of_decision, members.len());
    let depths = depths(&chain.lines, &chain.doors);
    let signs = signs(graph, &decision_of, analysis.decisions.len());
    let deepest = depths.iter().copied().max().unwrap_or(0);
    let components = members.into_iter().zip(&depths);
    let mut components: Vec<Component> = components
        .map(|((name, members), depth)| Component {
            name: name.to_owned(),
            ladder: analysis.decisions[members[0]].ladder().name.to_string(),
            stack: shared_stack(analysis, &members),
            parts: parts(analysis, &members, &signs),
            depth: *depth,
            visibility: visibility(*depth, deepest),
            by_hand: None,
        })
        .collect();
    coarseness::tell_apart(&mut components, analysis);
    let named = by_hand::place(&mut components, analysis, deepest);
    let unplaced = hand.all.iter().enumerate();
    let unplaced = unplaced.filter(|(at, _)| !named.contains(at) && !hand.fitting.contains(at));
    let unplaced = unplaced.map(|(_, one)| one.clone()).collect();
    if !hand.all.is_empty() {
        // Two may have been given one label.
        coarseness::tell_apart(&mut components, analysis);
    }
    let mut components: Vec<(usize, Component)> = components.into_iter().enumerate().collect();
    components.sort_by(|(_, a), (_, b)| (a.depth, &a.name).cmp(&(b.depth, &b.name)));
    let mut place = vec![0; components.len()];
    for (new, (old, _)) in components.iter().enumerate() {
        place[*old] = new;
    }
    let components: Vec<Component> = components.into_iter().map(|(_, one)| one).collect();
    let lines = chain.lines.iter().map(|((from, to), is_weak)| Need {
        from: place[*from],
        to: place[*to],
        is_weak: *is_weak,
    });
    let mut lines: Vec<Need> = lines.collect();
    lines.sort_unstable();
    let anchors = entrances.into_iter().map(|((door, stream), to)| {
        let mut to: Vec<usize> = to.into_iter().map(|old| place[old]).collect();
        to.sort_unstable();
        let name = match &stream {
            Some(stream) => format!("{} of {stream}", door.name()),
            None => door.name().to_owned(),
        };
        Anchor { name, door, to }
    });
    Landscape {
        purpose: analysis.purpose.clone(),
        grouping,
        anchors: anchors.collect(),
        lines,
        // Somebody may have lifted by hand what was deepest.
        deepest: components.last().map_or(0, |one| one.depth),
        components,
        change: None,
        unplaced,
        above,
    }
}

impl Landscape {
    /// Which components stand so many steps from whoever comes in.
    #[must_use]
    pub fn row(&self, depth: usize) -> Range<usize> {
        let first = self.components.partition_point(|one| one.depth < depth);
        let end = self.components.partition_point(|one| one.depth <= depth);
        first..end
    }
}

/// Who comes in, for which value stream, and by which components.
fn entrances(
    analysis: &Analysis,
    doors: &[BTreeSet<Entrance>],
    component_of: &[Option<usize>],
) -> BTreeMap<(Entrance, Option<Arc<str>>), BTreeSet<usize>> {
    let mut entrances: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for (at, decision) in analysis.decisions.iter().enumerate() {
        let Some(component) = component_of[at] else {
            continue;
        };
        for door in &doors[at] {
            let key = (*door, decision.stream.clone());
            entrances.entry(key).or_default().insert(component);
        }
    }
    entrances
}

/// For each resource, the decision that it is or belongs to, if it is one that is shown.
#[must_use]
pub fn decisions_of_resources(
    graph: &Graph,
    analysis: &Analysis,
    is_shown: &[bool],
) -> Vec<Option<usize>> {
    // One file may hold two stacks that use the same address: the first is met first.
    let mut known: HashMap<(&str, &str), VecDeque<usize>> = HashMap::new();
    for (at, decision) in analysis.decisions.iter().enumerate() {
        if !is_shown[at] {
            continue;
        }
        let own = (&*decision.path, decision.address.as_str());
        let planned = decision.planned.iter();
        let planned = planned.map(|(path, address)| (&**path, address.as_str()));
        for place in std::iter::once(own).chain(planned) {
            known.entry(place).or_default().push_back(at);
        }
    }
    let mut found = vec![None; graph.resources.len()];
    for (at, resource) in graph.resources.iter().enumerate() {
        if resource.role.ladder().is_none() {
            continue;
        }
        let place = (&*resource.location.path, resource.address.as_str());
        if let Some(decisions) = known.get_mut(&place) {
            found[at] = match decisions.len() {
                0 | 1 => decisions.front().copied(),
                _ => decisions.pop_front(),
            };
        }
    }
    // What serves several stands between all of them, and is no part of one.
    let mut homes = vec![0_usize; graph.resources.len()];
    for edge in graph
        .edges
        .iter()
        .filter(|edge| edge.means == Means::Belongs)
    {
        homes[edge.from] += 1;
    }
    for (at, resource) in graph.resources.iter().enumerate() {
        if let ResourceRole::Member { of } = resource.role
            && homes[at] < 2
        {
            found[at] = found[of];
        }
    }
    found
}

fn shared_stack(analysis: &Analysis, members: &[usize]) -> Option<String> {
    let mut stacks = members.iter().map(|at| analysis.decisions[*at].stack());
    let first = stacks.next()?;
    stacks
        .all(|stack| stack == first)
        .then(|| first.to_string())
}

/// What is written in each decision and its members.
fn signs(graph: &Graph, decision_of: &[Option<usize>], count: usize) -> Vec<BTreeSet<Sign>> {
    let mut signs = vec![BTreeSet::new(); count];
    for (resource, decision) in graph.resources.iter().zip(decision_of) {
        if let Some(decision) = decision {
            signs[*decision].extend(resource.signs.iter().copied());
        }
    }
    signs
}

/// How far each component is from who comes in. What nobody is seen to use stands as high as if somebody came in by it.
fn depths(lines: &BTreeMap<(usize, usize), bool>, doors: &[BTreeSet<Entrance>]) -> Vec<usize> {
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); doors.len()];
    let mut has_user = vec![false; doors.len()];
    for (from, to) in lines.keys() {
        needs[*from].push(*to);
        has_user[*to] = true;
    }
    let mut depths = vec![0; doors.len()];
    let anchored = (0..doors.len()).filter(|at| !doors[*at].is_empty());
    let mut open: VecDeque<usize> = anchored.collect();
    let unused = (0..doors.len()).filter(|at| doors[*at].is_empty() && !has_user[*at]);
    // The rest is circles that nobody comes into.
    let mut starts: Vec<usize> = unused.chain(0..doors.len()).rev().collect();
    for at in &open {
        depths[*at] = 1;
    }
    loop {
        while let Some(at) = open.pop_front() {
            for to in &needs[at] {
                if depths[*to] == 0 {
                    depths[*to] = depths[at] + 1;
                    open.push_back(*to);
                }
            }
        }
        match starts.pop() {
            Some(start) if depths[start] == 0 => {
                depths[start] = 1;
                open.push_back(start);
            }
            Some(_) => {}
            None => return depths,
        }
    }
}

/// Where the first step from whoever comes in stands, and how much room there is below it.
const VISIBLE: f64 = 0.88;
const BELOW: f64 = 0.78;

fn visibility(depth: usize, deepest: usize) -> f64 {
    let part = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let steps = part(deepest.max(1));
    VISIBLE - BELOW * (part(depth.max(1)) - 1.0) / steps
}

/// The step that stands nearest to a height.
fn depth_at(height: f64, deepest: usize) -> usize {
    let away = |depth: &usize| (visibility(*depth, deepest) - height).abs();
    let nearest = (1..=deepest).min_by(|a, b| away(a).total_cmp(&away(b)));
    nearest.unwrap_or(1)
}

/// The decisions of a component by rung, from left to right.
fn parts(analysis: &Analysis, members: &[usize], signs: &[BTreeSet<Sign>]) -> Vec<RungShare> {
    let mut rungs: BTreeMap<Rung, Vec<usize>> = BTreeMap::new();
    for at in members {
        let rung = analysis.decisions[*at].rung;
        rungs.entry(rung).or_default().push(*at);
    }
    let parts = rungs.into_iter().rev();
    parts
        .map(|(rung, decisions)| part(analysis, rung, decisions, signs))
        .collect()
}

fn part(
    analysis: &Analysis,
    rung: Rung,
    decisions: Vec<usize>,
    signs: &[BTreeSet<Sign>],
) -> RungShare {
    let all = || decisions.iter().map(|at| &analysis.decisions[*at]);
    let is_open = |decision: &&Decision| decision.is_open();
    let explained = all().filter_map(|decision| decision.justification.as_ref());
    let ends = explained
        .clone()
        .filter_map(|one| one.reason.expires.as_ref());
    // Of several decisions, what most of them say of themselves.
    let mut said: BTreeMap<Sign, usize> = BTreeMap::new();
    for at in &decisions {
        for sign in &signs[*at] {
            *said.entry(*sign).or_default() += 1;
        }
    }
    said.retain(|_, count| *count * 2 > decisions.len());
    let signs: Vec<Sign> = said.into_keys().collect();
    RungShare {
        rung,
        evolution: evolution::evolution(rung, &signs),
        is_by_hand: false,
        open: all().filter(is_open).count(),
        explained: explained.count(),
        until: ends.map(|field| field.text.clone()).min(),
        ending: all().flat_map(|one| &one.endings).map(|one| one.code).max(),
        movement: all().find(is_open).and_then(movement),
        signs,
        decisions,
    }
}

/// The step up of a fallback: to where its words lead, else to the next better rung that is offered.
fn movement(decision: &Decision) -> Option<Movement> {
    let climb = decision.climb();
    let takes = |rung: &Rung| decision.text(*rung, |advice| &advice.takes);
    let is_offered =
        |rung: &&Rung| !takes(rung).is_empty() && !takes(rung).starts_with("not offered");
    let next = Rung::ALL[..decision.rung as usize]
        .iter()
        .rev()
        .find(is_offered);
    let rung = match (climb.to, next) {
        (Some(to), _) => to.min(decision.rung),
        (None, Some(next)) => *next,
        // What to take instead stands on no ladder.
        (None, None) if !climb.up.is_empty() => decision.rung,
        (None, None) => return None,
    };
    Some(Movement {
        rung,
        to: evolution::evolution(rung, &[]),
        up: climb.words(),
        warning: climb.data_words(),
    })
}
