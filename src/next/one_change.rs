//! What one change does for how many decisions, and where it is made: those that one place decides go together.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::action::{ActionPlace, Aim};
use crate::analysis::{Analysis, Code, Decision, Rung, SOON};
use crate::base::Generator;
use crate::base::finding::{Finding, Related};
use crate::base::source::Position;

/// What somebody can do in one place.
#[derive(Debug)]
pub(super) struct Change {
    pub aim: Aim,
    /// In order.
    pub decisions: Vec<usize>,
    pub place: ActionPlace,
    /// What stands in that place, where that is not what decides in the block itself.
    pub decided_by: Option<String>,
    /// The day on which the reason ended that kept the first of them there.
    pub ended: Option<Date>,
    /// The day on which the reason ends.
    pub ends: Option<Date>,
}

/// By what changes are told apart.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    /// What stands in one place and is of one kind.
    Place(Aim, ActionPlace, &'a str, usize, Rung),
    /// What one construct makes in several stages or stacks: of all its path, what follows the first of them.
    Construct(Aim, &'a str, &'a str, usize, Rung),
}

/// All changes, in the order of their first decisions.
pub(super) fn changes(
    analysis: &Analysis,
    is_wanted: &dyn Fn(&Decision) -> bool,
    today: Date,
) -> Vec<Change> {
    let mut findings: HashMap<usize, &Finding> = HashMap::new();
    for finding in &analysis.findings {
        if let (Some(at), Code::Fallback { .. }) = (finding.decision, &finding.code) {
            findings.insert(at, finding);
        }
    }
    let ended = ended(analysis, today);
    let mut changes: Vec<Change> = Vec::new();
    let mut numbers: HashMap<Key<'_>, usize> = HashMap::new();
    for (at, decision) in analysis.decisions.iter().enumerate() {
        if !decision.is_counted || !is_wanted(decision) {
            continue;
        }
        let Some((aim, ends)) = aim(decision, today) else {
            continue;
        };
        let finding = findings.get(&at).copied();
        let (place, decided_by) = match aim {
            Aim::Climb => finding
                .and_then(decider)
                .unwrap_or_else(|| (own(decision), None)),
            Aim::Leave => (own(decision), None),
            Aim::Decide => (reason(decision), None),
        };
        let rule = &*decision.rule.name;
        let construct = decision.construct.as_deref();
        let construct = construct.filter(|_| decision.generator == Some(Generator::Cdk));
        let key = match construct.and_then(|path| path.split_once('/')) {
            Some((_, inside)) if aim != Aim::Decide => {
                Key::Construct(aim, inside, rule, decision.case, decision.rung)
            }
            _ => Key::Place(aim, place.clone(), rule, decision.case, decision.rung),
        };
        let number = *numbers.entry(key).or_insert_with(|| {
            changes.push(Change {
                aim,
                decisions: Vec::new(),
                place,
                decided_by,
                ended: ended
                    .get(&(&*decision.path, decision.address.as_str()))
                    .copied(),
                ends,
            });
            changes.len() - 1
        });
        changes[number].decisions.push(at);
    }
    // What one place decides for a single one is decided in its own block as far as anybody can see.
    for change in &mut changes {
        if let [at] = change.decisions[..]
            && change.aim == Aim::Climb
            && change.decided_by.is_some()
        {
            let decision = &analysis.decisions[at];
            let is_elsewhere = *change.place.path != **decision.place().0;
            if !is_elsewhere {
                change.place = own(decision);
            }
        }
    }
    changes
}

/// What there is to do about a decision, with the day on which its reason ends.
fn aim(decision: &Decision, today: Date) -> Option<(Aim, Option<Date>)> {
    if decision.is_open() && !decision.climb().up.is_empty() {
        return Some((Aim::Climb, None));
    }
    if decision.lifecycle().any(|(_, ending)| !ending.is_settled) {
        return Some((Aim::Leave, None));
    }
    let reason = &decision.justification.as_ref()?.reason;
    let ends: Date = reason.expires.as_ref()?.text.trim().parse().ok()?;
    let left = (ends - today).get_days();
    let is_soon = i64::from(left) <= SOON;
    is_soon.then_some((Aim::Decide, Some(ends)))
}

/// The place where a decision is made in its own block.
fn own(decision: &Decision) -> ActionPlace {
    let (path, start, _) = decision.place();
    place(path, start)
}

fn reason(decision: &Decision) -> ActionPlace {
    match &decision.justification {
        Some(found) => place(&found.path, found.start),
        None => own(decision),
    }
}

/// The place outside of its block that decides, where the block's line holds nothing but its name: the call of a module that hands
/// a value down, else the default of a parameter.
fn decider(finding: &Finding) -> Option<(ActionPlace, Option<String>)> {
    if finding.planned.is_some() {
        return None;
    }
    let line = finding.span.of(finding.source.text());
    if finding.related.is_empty() && line.contains("var.") && is_called(finding) {
        let start = finding.source.position(finding.span.start);
        let says = format!(
            "`{}`: the module's default, or what each call hands down",
            line.trim()
        );
        return Some((place(finding.source.name(), start), Some(says)));
    }
    let found = finding.related.iter().find(|related| {
        let name = name(&related.message);
        name.is_some_and(|name| refers_to(line, name))
    })?;
    let Related {
        source,
        span,
        message,
    } = found;
    let start = source.position(span.start);
    Some((place(source.name(), start), Some(message.clone())))
}

/// Whether what a finding is about stands in a module that another one calls.
fn is_called(finding: &Finding) -> bool {
    let address = finding.address.as_deref().unwrap_or_default();
    address.starts_with("module.")
}

fn place(path: &Arc<str>, start: Position) -> ActionPlace {
    ActionPlace {
        path: Arc::clone(path),
        line: start.line,
        column: start.column,
    }
}

/// What a related place is about: the last name between backticks, without its value.
fn name(message: &str) -> Option<&str> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let first = quoted.next()?;
    let named = match quoted.next() {
        // "`module.web` hands down `mode=EC2`".
        Some(second) if second.contains('=') => second,
        _ => first,
    };
    let name = named.split('=').next().unwrap_or(named);
    (!name.is_empty()).then_some(name)
}

/// Whether a line says nothing but that a parameter decides: `!Ref Mode`, `"Ref": "Mode"`, `var.mode`.
fn refers_to(line: &str, name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    line.match_indices(name).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + name.len()..]);
        let bare = before.trim_end_matches([' ', '"', '\'', ':']);
        let refers = bare.ends_with("Ref") || before.ends_with("var.");
        // A key of it is not all of it.
        let ends = !after.starts_with(is_part) && !after.starts_with(['.', '[']);
        refers && ends
    })
}

/// Reasons that have run out, by the path and address of what they speak of.
fn ended(analysis: &Analysis, today: Date) -> HashMap<(&str, &str), Date> {
    let mut ended = HashMap::new();
    for record in &analysis.records {
        let expires = record.reason.expires.as_ref();
        let day: Option<Date> = expires.and_then(|field| field.text.trim().parse().ok());
        if let Some(day) = day.filter(|day| *day < today) {
            for spoken in &record.spoken {
                ended.insert((&*spoken.path, spoken.address.as_str()), day);
            }
        }
    }
    ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_refers_to_a_parameter_or_it_does_not() {
        for (line, expected) in [
            ("LaunchType: !Ref Mode", true),
            ("LaunchType: {Ref: Mode}", true),
            ("\"LaunchType\": { \"Ref\" : \"Mode\" }", true),
            ("launch_type = var.Mode", true),
            ("LaunchType: !If [IsProd, EC2, !Ref Modes]", false),
            ("Mode: EC2", false),
            ("launch_type = var.Mode.type", false),
            ("launch_type = var.Mode[\"a\"]", false),
        ] {
            assert_eq!(refers_to(line, "Mode"), expected, "{line}");
        }
    }

    #[test]
    fn what_a_place_is_about_is_read_from_its_words() {
        for (message, expected) in [
            ("`Mode` is `EC2` by default", Some("Mode")),
            ("the default of `Mode`", Some("Mode")),
            ("`module.web` hands down `mode=EC2`", Some("mode")),
            ("it decides", None),
        ] {
            assert_eq!(name(message), expected, "{message}");
        }
    }
}
