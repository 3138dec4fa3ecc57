//! The few numbers of a turn, each counted once for every form.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::ToSpan;
use jiff::civil::Date;

use super::{LastTurn, WheelReport};
use crate::analysis::{Count, Decision, Ladder, Rung, TargetStanding};
use crate::base::TargetScope;
use crate::landscape::{Component, Entrance, Landscape};
use crate::trend::{self, DUE_DAYS, EndOf, MoveKind, MovedCommit, Point, Trend};

/// See the module.
#[derive(Debug)]
pub struct Digest<'a> {
    /// All that is looked at, rung by rung.
    pub count: Count,
    /// Fallbacks without a reason.
    pub open: usize,
    /// Fallbacks with one.
    pub explained: usize,
    /// Below the first rung, where that is accepted.
    pub accepted: usize,
    /// Targets that are about it.
    pub targets: Vec<&'a TargetStanding>,
    /// What outsiders see first.
    pub seen: Option<SeenFirst<'a>>,
    /// Its ladders, in the catalogue's order.
    pub ladders: Vec<(&'a Ladder, Count)>,
    /// What of it ends, the first day first.
    pub ends: Vec<DecisionEnd<'a>>,
    /// Kinds of reasons, the most frequent first.
    pub kinds: Vec<(&'a str, usize)>,
}

/// Who comes in, and what they see.
#[derive(Debug)]
pub struct SeenFirst<'a> {
    /// Who they are.
    pub door: Entrance,
    /// By what they come in, the worst rung first.
    pub components: Vec<&'a Component>,
    /// Where all of that is serverless, the nearest behind it that is not.
    pub behind: Option<&'a Component>,
}

/// A day on which something about a decision ends.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DecisionEnd<'a> {
    /// The last day.
    pub day: Date,
    /// What people call the decision.
    pub name: &'a str,
    /// The file.
    pub path: &'a str,
    /// Its address there.
    pub address: &'a str,
    /// The service that ends; nothing where it is the reason.
    pub service: Option<&'a str>,
    /// Only its support ends.
    pub support_only: bool,
}

impl<'a> Digest<'a> {
    /// Counts.
    pub fn of(report: &WheelReport<'a>) -> Self {
        let analysis = report.analysis;
        let decisions = report.decisions.iter().map(|at| &analysis.decisions[*at]);
        let mut ladders: BTreeMap<usize, (&Ladder, Count)> = BTreeMap::new();
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        let [mut open, mut explained, mut accepted] = [0; 3];
        for decision in decisions.clone() {
            let ladder = decision.ladder();
            let (_, count) = ladders
                .entry(ladder.order)
                .or_insert_with(|| (ladder, Count::default()));
            count.add(decision);
            if decision.is_open() {
                open += 1;
            } else if decision.fallback {
                explained += 1;
            } else if decision.rung > Rung::Serverless {
                accepted += 1;
            }
            let reason = decision.justification.as_ref();
            if let Some(because) = reason.and_then(|found| found.reason.because.as_ref()) {
                *kinds.entry(because.text.trim()).or_default() += 1;
            }
        }
        let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
        kinds.sort_by_key(|(_, number)| Reverse(*number));
        Self {
            count: Count::of(decisions),
            open,
            explained,
            accepted,
            targets: targets(report),
            seen: seen(report),
            ladders: ladders.into_values().collect(),
            ends: ends(report),
            kinds,
        }
    }

    /// What has ended.
    pub fn overdue(&self, today: Date) -> &[DecisionEnd<'a>] {
        &self.ends[..self.ends.partition_point(|end| end.day < today)]
    }

    /// What ends soon.
    pub fn due(&self, today: Date) -> &[DecisionEnd<'a>] {
        let horizon = today.saturating_add(DUE_DAYS.days());
        let first = self.overdue(today).len();
        let rest = &self.ends[first..];
        &rest[..rest.partition_point(|end| end.day <= horizon)]
    }
}

/// Of a part, only the targets of its value streams say anything.
fn targets<'a>(report: &WheelReport<'a>) -> Vec<&'a TargetStanding> {
    let analysis = report.analysis;
    let is_about = |standing: &&TargetStanding| match &standing.target.of {
        TargetScope::Stream(name) => {
            let mut decisions = report.decisions.iter().map(|at| &analysis.decisions[*at]);
            report.is_whole || decisions.any(|one| one.stream.as_ref() == Some(name))
        }
        TargetScope::Whole | TargetScope::Ladder(_) => report.is_whole,
    };
    analysis.targets.iter().filter(is_about).collect()
}

/// Where nobody comes in from the front, others do.
fn seen<'a>(report: &WheelReport<'a>) -> Option<SeenFirst<'a>> {
    let map = report.map;
    let by = |door: Entrance| {
        let anchors = map.anchors.iter().filter(|anchor| anchor.door == door);
        let places: BTreeSet<usize> = anchors.flat_map(|anchor| &anchor.to).copied().collect();
        let components = places.iter().map(|at| &map.components[*at]);
        let mut components: Vec<&Component> = components.collect();
        components.sort_by_key(|one| (Reverse(is_open(one)), Reverse(lowest(one))));
        let first = components.first()?;
        let is_fine = lowest(first) == Rung::Serverless;
        Some(SeenFirst {
            door,
            components,
            behind: is_fine.then(|| behind(map, &places)).flatten(),
        })
    };
    [Entrance::Users, Entrance::Systems, Entrance::Clock]
        .into_iter()
        .find_map(by)
}

/// The nearest component behind these that is not serverless.
fn behind<'a>(map: &'a Landscape, places: &BTreeSet<usize>) -> Option<&'a Component> {
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); map.components.len()];
    for line in &map.lines {
        needs[line.from].push(line.to);
    }
    let mut met = places.clone();
    let mut open: VecDeque<usize> = places.iter().copied().collect();
    while let Some(at) = open.pop_front() {
        let component = &map.components[at];
        if lowest(component) > Rung::Serverless {
            return Some(component);
        }
        open.extend(needs[at].iter().filter(|next| met.insert(**next)));
    }
    None
}

/// Whether something of it has no reason.
pub fn is_open(component: &Component) -> bool {
    component.parts.iter().any(|part| part.open > 0)
}

/// The rung of what of it stands lowest.
pub fn lowest(component: &Component) -> Rung {
    let rungs = component.parts.iter().map(|part| part.rung);
    rungs.max().unwrap_or(Rung::Serverless)
}

/// How many decisions these are of: one of which two things end is one.
pub fn decisions(ends: &[DecisionEnd<'_>]) -> usize {
    let places = ends.iter().map(|end| (end.path, end.address));
    places.collect::<BTreeSet<_>>().len()
}

fn ends<'a>(report: &WheelReport<'a>) -> Vec<DecisionEnd<'a>> {
    let all = trend::ends(report.analysis, report.today);
    let mut ends = Vec::new();
    for at in report.decisions {
        let decision: &'a Decision = &report.analysis.decisions[*at];
        for end in &all[*at] {
            let day = end.day.to_string();
            let service = decision
                .lifecycle()
                .find(|(entry, _)| entry.ends.as_deref() == Some(&day));
            ends.push(DecisionEnd {
                day: end.day,
                name: decision.name(),
                path: decision.place().0,
                address: &decision.address,
                service: match end.of {
                    EndOf::Reason => None,
                    EndOf::Service => service.map(|(entry, _)| &*entry.name),
                },
                support_only: service.is_some_and(|(entry, _)| entry.support_only),
            });
        }
    }
    ends.sort();
    ends
}

/// What is known of the last turn, in numbers.
#[derive(Debug)]
pub struct TurnDigest<'a> {
    /// All of it.
    pub trend: &'a Trend,
    /// How things stood before.
    pub before: &'a Point,
    /// How they stood at the last commit.
    pub last: &'a Point,
    /// Commits since.
    pub commits: usize,
    /// The days and commits that moved it forward most, and back.
    pub forward: Vec<&'a MovedCommit>,
    /// See there.
    pub back: Vec<&'a MovedCommit>,
    /// Reasons that were written, taken away, and that ran out.
    pub reasons: [usize; 3],
}

impl<'a> TurnDigest<'a> {
    /// Nothing where no commit has a sound configuration.
    pub fn of(report: &WheelReport<'a>, most: usize) -> Option<Self> {
        let LastTurn::Known(trend) = report.turn else {
            return None;
        };
        let known = |point: &&Point| point.tally.is_some();
        let before = trend.points.iter().find(known)?;
        let last = trend.points.iter().rfind(known)?;
        let kinds = [MoveKind::Explained, MoveKind::Unexplained, MoveKind::RanOut];
        let moves = trend.moved.iter().flat_map(|commit| &commit.moves);
        let reasons = kinds.map(|kind| moves.clone().filter(|one| one.kind == kind).count());
        let heaviest = |sign: i64| {
            let fits = |one: &&MovedCommit| one.weight() * sign > 0;
            let mut all: Vec<&MovedCommit> = trend.moved.iter().filter(fits).collect();
            all.sort_by_key(|one| Reverse(one.weight() * sign));
            all.truncate(most);
            all
        };
        Some(Self {
            trend,
            before,
            last,
            commits: trend.commits.saturating_sub(1),
            forward: heaviest(1),
            back: heaviest(-1),
            reasons,
        })
    }

    /// What has come due since.
    pub fn came_due<'d>(
        &self,
        digest: &'d Digest<'a>,
        today: Date,
    ) -> impl Iterator<Item = &'d DecisionEnd<'a>> + Clone {
        let from = self.before.day;
        let overdue = digest.overdue(today).iter();
        overdue.filter(move |end| end.day >= from)
    }

    /// Whether there is nothing to tell of it.
    pub fn is_empty(&self, digest: &Digest<'_>) -> bool {
        let before = self.before.tally.map_or(0, |tally| tally.count.total());
        before + digest.count.total() == 0 && self.trend.moved.is_empty()
    }

    /// Whether what stands here is something else than the last commit.
    pub fn differs(&self, digest: &Digest<'_>) -> bool {
        let at_commit = self.last.tally.map(|tally| tally.count);
        at_commit.is_some_and(|count| count != digest.count)
    }
}
