//! The words of an action: what to do, why now, what to look at first, and how to go back.

use std::sync::Arc;

use super::action::{ActionPlace, Aim, Going, Obstacle, Term};
use super::effort;
use super::lost;
use super::one_change::{Change, is_left_apart};
use super::surroundings::Surroundings;
use super::worth::worst_end;
use crate::analysis::{Analysis, Bill, Decision, Liability, Lifecycle, Rung, Step};
use crate::base::{LifecycleCode, enumerated};
use crate::rulebook::Fate;
use crate::rulebook::actions::{Meaning, duties, holds_data, waits};
use crate::rulebook::liability;
use crate::rulebook::replacement::Replacement;

/// Names that are told before "and N more".
const MOST_NAMES: usize = 3;

/// What to do.
pub(super) fn what(first: &Decision, change: &Change) -> String {
    match change.aim {
        Aim::Climb => first.climb().up.to_owned(),
        Aim::Leave => {
            worst_end(first).map_or_else(String::new, |(entry, _)| entry.instead.to_string())
        }
        Aim::Decide => {
            let up = first.climb().up;
            match up.is_empty() {
                true => "renew the reason, or let it go".to_owned(),
                false => format!("renew the reason, or climb: {up}"),
            }
        }
    }
}

/// Why this, and why now: what ends first, then what makes it a small step.
pub(super) fn why(
    analysis: &Analysis,
    around: &Surroundings<'_>,
    change: &Change,
    value: &[Term],
) -> Vec<String> {
    let first = &analysis.decisions[change.decisions[0]];
    let mut why = Vec::new();
    let pressing = [
        "ended",
        "ends-soon",
        "ends",
        "ends-later",
        "closed",
        "unsupported",
        "reason-ended",
        "reason-ends",
        "closes",
    ];
    let terms = value.iter().filter(|term| pressing.contains(&term.name));
    why.extend(terms.map(|term| term.says.clone()));
    if change.aim != Aim::Climb {
        return why;
    }
    if change.decisions.len() > 1 {
        why.push(format!("one change does it for {}", change.decisions.len()));
    }
    let climb = first.climb();
    match climb.step {
        Some(Step::Property) => {
            why.push(match effort::replaces(first) {
                Some(Replacement::Never) => "a property changes in place".to_owned(),
                _ => "only a property changes".to_owned(),
            });
            if climb.data == Some(&Fate::Kept) {
                why.push("the data stays where it is".to_owned());
            }
        }
        Some(Step::Resource) => why.push("what uses it stays as it is".to_owned()),
        Some(Step::Removal) => why.push("it goes, and nothing takes its place".to_owned()),
        Some(Step::Redesign) | None => {}
    }
    let goes = climb.step != Some(Step::Property);
    let is_alone =
        around.users(&change.decisions).is_empty() && around.routes(&change.decisions).is_empty();
    if goes && is_alone {
        why.push("nothing else here is seen to need it".to_owned());
    }
    if climb.step == Some(Step::Redesign) {
        why.push("a redesign: worth it for what is then no longer yours".to_owned());
    }
    why
}

/// What somebody looks after for machines that go away.
pub(super) fn goes(
    analysis: &Analysis,
    around: &Surroundings<'_>,
    change: &Change,
    to: Option<Rung>,
) -> Vec<Going> {
    // On a cluster there are machines all the same.
    if change.aim != Aim::Climb || to.is_some_and(|to| to > Rung::Capacity) {
        return Vec::new();
    }
    let first = &analysis.decisions[change.decisions[0]];
    let lost: Vec<&str> = lost(first, to).map(|duty| duties()[duty].name).collect();
    let goes = |one: &&&Liability| {
        let duty = liability::kinds()[one.kind].duty;
        let is_its_own = one.decisions.iter().all(|at| change.decisions.contains(at));
        is_its_own && duty.is_none_or(|duty| lost.contains(&duty))
    };
    let all = change.decisions.iter().flat_map(|at| around.owned(*at));
    let mut all: Vec<&Liability> = all.filter(goes).copied().collect();
    // What is for several of them stands at each.
    all.sort_by_key(|one| (one.kind, Arc::clone(&one.path), one.start.offset, &one.says));
    all.dedup_by_key(|one| std::ptr::from_ref(*one));
    let going = all.into_iter().map(|one| {
        let kind = &liability::kinds()[one.kind];
        Going {
            says: kind.one,
            lines: one.lines,
            is_lines: kind.is_lines,
            is_open: one.is_open,
            place: ActionPlace {
                path: Arc::clone(&one.path),
                line: one.start.line,
                column: one.start.column,
            },
            end_line: one.end.line,
        }
    });
    going.collect()
}

/// What the template itself has against it.
pub(super) fn obstacles(
    analysis: &Analysis,
    around: &Surroundings<'_>,
    change: &Change,
) -> Vec<Obstacle> {
    if change.aim != Aim::Climb {
        return Vec::new();
    }
    let at = change.decisions[0];
    let found = around.circumstances(at, &analysis.decisions[at], Meaning::Against);
    let found = found.map(|(rule, one)| Obstacle {
        name: rule.name,
        says: match &one.value {
            Some(value) => format!("{} (`{value}`)", rule.says),
            None => rule.says.to_owned(),
        },
        path: one.location.path.clone(),
        line: one.location.start.line,
    });
    found.collect()
}

/// What to look at before anything is changed.
pub(super) fn check(
    analysis: &Analysis,
    around: &Surroundings<'_>,
    change: &Change,
) -> Vec<String> {
    let at = change.decisions[0];
    let first = &analysis.decisions[at];
    let mut check = beside(analysis, change);
    if first.uncertain() {
        check.push(format!("not sure: {}", first.doubts.join("; ")));
    }
    if let Some(proviso) = first.proviso() {
        check.push(format!("it is there {proviso}"));
    }
    for reach in &first.reachable {
        let rung = reach.rung;
        check.push(format!("it is on rung {} {}", rung.number(), reach.words()));
    }
    if change.aim == Aim::Leave {
        let users = around.users(&change.decisions);
        check.extend(users_words(analysis, &users));
        check.extend(routes_words(around, change));
        check.extend(data_that_ends(first));
        return check;
    }
    let climb = first.climb();
    if change.aim == Aim::Climb {
        if waits(&first.rule.name) {
            check.push("what runs on it moves first: then nothing needs it any more".to_owned());
        }
        for meaning in [Meaning::Mind, Meaning::Guard] {
            let is_step = climb.step != Some(Step::Property);
            let replaced = effort::replaces(first) == Some(Replacement::Always);
            if meaning == Meaning::Guard && !is_step && !replaced {
                continue;
            }
            let found = around.circumstances(at, first, meaning);
            check.extend(found.map(|(rule, one)| {
                let place = &one.location;
                format!("{} ({}:{})", rule.says, place.path, place.start.line)
            }));
        }
        if climb.step == Some(Step::Property) {
            check.extend(match effort::replaces(first) {
                Some(Replacement::Always) => {
                    Some("the provider makes it anew: look at the change set or plan".to_owned())
                }
                Some(Replacement::Sometimes) => {
                    Some("it may be made anew: look at the change set or plan".to_owned())
                }
                Some(Replacement::Never) | None => None,
            });
        } else {
            let users = around.users(&change.decisions);
            check.extend(users_words(analysis, &users));
            check.extend(routes_words(around, change));
        }
    }
    match change.aim == Aim::Climb && is_gone(first).is_some() {
        true => check.extend(data_that_ends(first)),
        false => check.extend(climb.data_words()),
    }
    check.extend(climb.bills.iter().map(Bill::words));
    check.extend(
        Some(climb.fair)
            .filter(|fair| !fair.is_empty())
            .map(|fair| format!("fair to stay {fair}")),
    );
    let limits = climb.limits();
    let limits = limits
        .iter()
        .map(|limit| format!("{}, {}", limit.of, limit.words()));
    let limits: Vec<String> = limits.collect();
    if !limits.is_empty() {
        check.push(format!("limits: {}", limits.join("; ")));
    }
    let is_hard =
        climb.step == Some(Step::Redesign) || !obstacles(analysis, around, change).is_empty();
    if change.aim == Aim::Climb && is_hard {
        check
            .push("if it has to stay, write down why: `sfl justify` asks for the words".to_owned());
    }
    if let Some(generator) = first.generator {
        let generator = generator.name();
        check.push(format!(
            "{generator} writes this file anew each time: make the change in its source"
        ));
    }
    check
}

/// What the same place decides as well: it changes too, whatever is wanted of it.
fn beside(analysis: &Analysis, change: &Change) -> Vec<String> {
    let (explained, others): (Vec<usize>, Vec<usize>) = change
        .beside
        .iter()
        .partition(|at| analysis.decisions[**at].justification.is_some());
    let explained = named(analysis, &explained).map(|(names, count)| {
        let have = if count == 1 { "has" } else { "have" };
        format!("it also takes it from {names}, which {have} a reason")
    });
    let others = named(analysis, &others).map(|(names, _)| format!("it also changes {names}"));
    explained.into_iter().chain(others).collect()
}

/// Names of decisions in a clause, the first of them, and of how many.
fn named(analysis: &Analysis, all: &[usize]) -> Option<(String, usize)> {
    listed(all.iter().map(|at| analysis.decisions[*at].name()))
}

/// Names in a clause, the first of them, and of how many.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> Option<(String, usize)> {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let all: Vec<&str> = quoted.iter().map(String::as_str).collect();
    (!all.is_empty()).then(|| (enumerated(&all, MOST_NAMES), all.len()))
}

/// What has ended of a decision for good, with its day: nobody can make it any more.
fn is_gone(decision: &Decision) -> Option<(&Lifecycle, &str)> {
    let (entry, ending) = worst_end(decision)?;
    let is_gone = ending.code == LifecycleCode::Ended && !entry.support_only;
    Some((entry, entry.ends.as_deref()?)).filter(|_| is_gone)
}

/// What becomes of the data of something that ends.
fn data_that_ends(decision: &Decision) -> Option<String> {
    if !holds_data(&decision.ladder().name) {
        return None;
    }
    let (entry, ending) = worst_end(decision)?;
    let day = entry.ends.as_deref().unwrap_or_default();
    Some(match ending.code {
        LifecycleCode::Ended if !entry.support_only => format!(
            "its data may be gone since {day}: look for what was carried over or exported before that day, and ask the provider what is left"
        ),
        LifecycleCode::Ending if !entry.support_only => format!(
            "its data is carried over before {day}: afterwards nobody may be able to read it"
        ),
        _ => "its data is carried over while the old one still runs".to_owned(),
    })
}

/// Who needs it, by name.
fn users_words(analysis: &Analysis, users: &[usize]) -> Option<String> {
    let (names, count) = named(analysis, users)?;
    let need = if count == 1 { "needs" } else { "need" };
    Some(format!("{names} {need} it"))
}

/// What leads others to it, by name.
fn routes_words(around: &Surroundings<'_>, change: &Change) -> Option<String> {
    let all = around.routes(&change.decisions);
    let names = all.iter().map(|one| one.address.as_str());
    let (names, count) = listed(names)?;
    let has = if count == 1 { "leads" } else { "lead" };
    Some(format!(
        "{names} {has} to it, and then to what takes its place"
    ))
}

/// How to go back.
pub(super) fn undo(first: &Decision, change: &Change) -> String {
    // What can be left without the climb stays behind the climb's own words.
    let ends = worst_end(first).filter(|_| match change.aim {
        Aim::Climb => !is_left_apart(first),
        Aim::Leave => true,
        Aim::Decide => false,
    });
    let way_back = way_back(first, change);
    let Some((entry, ending)) = ends else {
        return way_back;
    };
    let Lifecycle { name, .. } = entry;
    let day = entry.ends.as_deref().unwrap_or_default();
    match ending.code {
        LifecycleCode::Ended if !entry.support_only => format!(
            "there is no way back to {name}: it ended on {day}, and nobody can make it again; what takes its place can be taken away until others need it"
        ),
        LifecycleCode::Ending if !entry.support_only => {
            format!("{way_back}; after {day} there is no way back to {name}")
        }
        LifecycleCode::Closed => {
            format!("{way_back}; once it is gone, the provider may not let you make it again")
        }
        _ => format!("{way_back}; the old one then goes on without support"),
    }
}

fn way_back(first: &Decision, change: &Change) -> String {
    let climb = first.climb();
    let words = match (change.aim, climb.step) {
        (Aim::Decide, _) => "a reason can be written again at any time",
        (Aim::Leave, _) => "keep the old one until the new one carries the load",
        (Aim::Climb, Some(Step::Property)) => match effort::replaces(first) {
            Some(Replacement::Always) => {
                "revert the change: the provider then makes it anew once more"
            }
            _ => "revert the change and deploy: the old value comes back",
        },
        (Aim::Climb, Some(Step::Resource)) => {
            "keep the old one until the new one carries the load; until then, a revert is enough"
        }
        (Aim::Climb, Some(Step::Removal)) => {
            "a revert makes it again, without whatever was on it: copy that first"
        }
        (Aim::Climb, Some(Step::Redesign) | None) => {
            "build it beside the old one and move over step by step; until the last step, go back at any time"
        }
    };
    match (change.aim, climb.data) {
        (Aim::Climb, Some(Fate::Copied(_))) => {
            format!("{words}; what was written since then has to be copied back")
        }
        (Aim::Climb, Some(Fate::Lost(_))) => {
            format!("{words}; what was not copied is gone")
        }
        _ => words.to_owned(),
    }
}
