//! `sfl next --apply`: the change of one action, made; or why there is none, and what to do instead.

use super::fixes::Chosen;
use super::{Exit, say};
use crate::analysis::{Analysis, Step};
use crate::base::{FixOffer, Generator, Safety};
use crate::fix;
use crate::next::{Action, Aim};
use crate::report::Style;
use crate::report::next::leading;
use crate::workspace::Options;

/// Makes the change of the action that somebody asked for.
pub fn apply(
    analysis: &mut Analysis,
    actions: &[Action],
    options: &Options,
    wanted: &str,
    with_unsafe: bool,
    style: &Style,
) -> Exit {
    let tell = |text: &str| say(&style.plain(text));
    let (number, action) = match asked_for(actions, wanted) {
        Ok(found) => found,
        Err(message) => {
            tell(&format!("error: {message}"));
            return Exit::Failed;
        }
    };
    fix::propose_for(analysis, options, &action.decisions);
    let about = format!(
        "{}:{} {}",
        action.place.path,
        action.place.line,
        analysis.decisions[action.decisions[0]].name()
    );
    match action.fix(&analysis.decisions) {
        Some(FixOffer::Offered(fix)) if fix.safety == Safety::Unsafe && !with_unsafe => {
            tell(&format!(
                "nothing was changed: {about}: the change is unsafe: {}",
                fix.says
            ));
            tell(&format!(
                "note: sfl next --diff --limit {} shows it, --unsafe-fixes makes it all the same",
                number
            ));
            return Exit::Found;
        }
        Some(FixOffer::Offered(_)) => {}
        withheld => {
            let why = match withheld {
                Some(FixOffer::Withheld(why)) => why,
                _ => unknown(action).to_owned(),
            };
            tell(&format!("nothing was changed: {about}: {why}"));
            for line in by_hand(analysis, action) {
                tell(&line);
            }
            return Exit::Found;
        }
    }
    let decisions = action.decisions.iter().copied();
    let chosen = Chosen::of_decisions(analysis, decisions, with_unsafe);
    let host = &*options.host;
    let done = chosen
        .show(host, style)
        .and_then(|()| chosen.store(host, style));
    match done {
        Ok(()) => {
            tell(&format!("to undo: {}", action.undo));
            Exit::Clean
        }
        Err(message) => {
            tell(&format!("error: {message}"));
            Exit::Failed
        }
    }
}

/// The action of that number or id, with the number of the line in which it is shown.
fn asked_for<'a>(actions: &'a [Action], wanted: &str) -> Result<(usize, &'a Action), String> {
    let lines = || leading(actions);
    let line_of = |at: usize| {
        let speaks = |leader: usize| leader == at || actions[leader].like.contains(&at);
        let line = lines().find(|(_, leader)| speaks(*leader));
        line.map_or(1, |(number, _)| number)
    };
    let mut found = actions.iter().enumerate();
    let mut found = found.by_ref().filter(|(_, action)| action.id == wanted);
    match (found.next(), found.next()) {
        (Some((at, action)), None) => return Ok((line_of(at), action)),
        (Some(_), Some(_)) => {
            return Err(format!(
                "several actions have the id {wanted}: say which by its number"
            ));
        }
        (None, _) => {}
    }
    let count = lines().count();
    let there = match count {
        0 => "nothing is left to do with these paths and filters".to_owned(),
        1 => "with these paths and filters there is one action, number 1".to_owned(),
        count => format!("with these paths and filters there are {count} actions"),
    };
    let number: Option<usize> = wanted.parse().ok();
    let found = number.and_then(|wanted| lines().find(|(number, _)| *number == wanted));
    match (found, number) {
        (Some((number, at)), _) => Ok((number, &actions[at])),
        (None, Some(number)) => Err(format!("there is no action {number}: {there}")),
        (None, None) => Err(format!("no action has the id {wanted}: {there}")),
    }
}

/// Why nobody knows an exact change.
fn unknown(action: &Action) -> &'static str {
    match (action.aim, action.step) {
        (Aim::Leave, _) => "what takes its place has to be built first",
        (Aim::Decide, _) => "whether its reason still holds is for people to say",
        (Aim::Climb, Some(Step::Property)) => {
            "what its properties become depends on what no template says"
        }
        (Aim::Climb, Some(Step::Resource)) => {
            "another resource takes its place, which somebody has to write"
        }
        (Aim::Climb, Some(Step::Removal)) => {
            "it goes as a whole, and whatever was on it has to be looked after first"
        }
        (Aim::Climb, Some(Step::Redesign) | None) => "it is a redesign, which is for people to do",
    }
}

/// What to do in the source.
fn by_hand(analysis: &Analysis, action: &Action) -> Vec<String> {
    let first = &analysis.decisions[action.decisions[0]];
    let mut lines = vec![format!("to do: {}", action.what)];
    let changes = first.changes();
    if action.step == Some(Step::Property) && !changes.is_empty() {
        lines.push(format!("properties: {}", changes.join(", ")));
    }
    if let Some(by) = &action.decided_by {
        let place = &action.place;
        lines.push(format!("decided by: {by} ({}:{})", place.path, place.line));
    } else if let Some(written) = &first.written {
        lines.push(format!(
            "in the source: {} ({}:{})",
            written.address, written.path, written.start.line
        ));
    } else if let (Some(Generator::Cdk), Some(construct)) = (first.generator, &first.construct) {
        lines.push(format!("in the source: the construct {construct}"));
    }
    lines
}
