//! Points of effort, and by how much a result is to be trusted less.

use super::action::{Aim, Factor, Term};
use super::one_change::Change;
use super::surroundings::Surroundings;
use super::worth::number;
use crate::analysis::{ActionWeights, Analysis, Decision, Step};
use crate::rulebook::Fate;
use crate::rulebook::actions::{Meaning, Weight, waits};
use crate::rulebook::replacement::{Replacement, replacement};

/// Those that need something, beyond which more make no difference.
const MOST_USERS: usize = 8;

/// All terms, in the order in which they are told.
pub(super) fn terms(
    analysis: &Analysis,
    around: &Surroundings<'_>,
    change: &Change,
    weights: &ActionWeights,
) -> Vec<Term> {
    let first = &analysis.decisions[change.decisions[0]];
    let climb = first.climb();
    let mut terms = Vec::new();
    let mut add = |name: &'static str, says: String, amount: f64| {
        if amount > 0.0 {
            terms.push(Term { name, says, amount });
        }
    };
    let step = match change.aim {
        Aim::Climb => climb.step.unwrap_or(Step::Redesign),
        Aim::Leave => Step::Resource,
        Aim::Decide => {
            let says = "a reason is looked at again".to_owned();
            add("talk", says, weights.of(Weight::Talk));
            return terms;
        }
    };
    let weight = match step {
        Step::Property => Weight::Property,
        Step::Removal => Weight::Removal,
        Step::Resource => Weight::Resource,
        Step::Redesign => Weight::Redesign,
    };
    add(step.name(), step.phrase().to_owned(), weights.of(weight));
    if change.aim == Aim::Climb && waits(&first.rule.name) {
        let says = "what runs on it has to move first".to_owned();
        add("waits", says, weights.of(Weight::Waits));
    }
    let anew = (step == Step::Property).then(|| replaces(first)).flatten();
    match anew {
        Some(Replacement::Always) => {
            let says = "the provider makes the resource anew".to_owned();
            add("replaces", says, weights.of(Weight::Replaces));
        }
        Some(Replacement::Sometimes) => {
            let says = "the provider may make the resource anew".to_owned();
            add("may-replace", says, weights.of(Weight::MayReplace));
        }
        Some(Replacement::Never) | None => {}
    }
    match climb.data.filter(|_| change.aim == Aim::Climb) {
        Some(Fate::Copied(_)) => {
            let says = "its data is carried over".to_owned();
            add("copied", says, weights.of(Weight::Copied));
        }
        Some(Fate::Lost(_)) => {
            let says = "its data is gone unless somebody copies it".to_owned();
            add("lost", says, weights.of(Weight::Lost));
        }
        Some(Fate::Kept) | None => {}
    }
    let goes = step != Step::Property || anew == Some(Replacement::Always);
    if goes {
        let users = around.users(&change.decisions).len();
        let points = weights.of(Weight::User) * number(users.min(MOST_USERS));
        let says = match users {
            1 => "one other needs it".to_owned(),
            users => format!("{users} others need it"),
        };
        add("user", says, points);
        if is_guarded(analysis, around, change) {
            let says = "it is protected from being deleted".to_owned();
            add("guard", says, weights.of(Weight::Guard));
        }
        if step != Step::Removal && around.is_alone(first) {
            let says = "nothing of its kind could stand in meanwhile".to_owned();
            add("alone", says, weights.of(Weight::Alone));
        }
    }
    if !climb.bills.is_empty() && change.aim == Aim::Climb {
        let says = "what it then costs has to be worked out".to_owned();
        add("bill", says, weights.of(Weight::Bill));
    }
    let further = change.decisions.len() - 1;
    let points = weights.of(Weight::Further) * number(further);
    add("further", format!("{further} more to look after"), points);
    terms
}

/// Whether the way up makes the resource anew, or what belongs to it and changes with it, by the property that says so most.
pub(super) fn replaces(decision: &Decision) -> Option<Replacement> {
    let own = decision.own_changes();
    let own = own.iter().map(|path| (decision.kind.as_str(), path));
    let members = decision.changed_members.iter();
    let members = members.map(|(kind, path)| (kind.as_str(), path));
    own.chain(members)
        .filter_map(|(kind, path)| replacement(kind, path))
        .max()
}

pub(super) fn is_guarded(analysis: &Analysis, around: &Surroundings<'_>, change: &Change) -> bool {
    change.decisions.iter().any(|at| {
        let decision = &analysis.decisions[*at];
        let mut guards = around.circumstances(*at, decision, Meaning::Guard);
        guards.next().is_some()
    })
}

/// All factors below 1, in the order in which they are told.
pub(super) fn factors(
    analysis: &Analysis,
    around: &Surroundings<'_>,
    change: &Change,
    weights: &ActionWeights,
) -> Vec<Factor> {
    let at = change.decisions[0];
    let first = &analysis.decisions[at];
    let mut factors = Vec::new();
    let mut add = |name: &'static str, says: String, by: f64| {
        if by < 1.0 {
            factors.push(Factor { name, says, by });
        }
    };
    if change.aim == Aim::Decide {
        return factors;
    }
    if first.uncertain() {
        let says = "the template does not show for certain where it stands".to_owned();
        add("uncertain", says, weights.of(Weight::Uncertain));
    }
    if first.conditional {
        let says = first.proviso();
        let says = says.unwrap_or_else(|| "it may not exist at all".to_owned());
        add("conditional", says, weights.of(Weight::Conditional));
    }
    if change.aim == Aim::Climb {
        for (rule, _) in around.circumstances(at, first, Meaning::Against) {
            add("against", rule.says.to_owned(), weights.of(Weight::Against));
        }
        for (rule, _) in around.circumstances(at, first, Meaning::Mind) {
            add("mind", rule.says.to_owned(), weights.of(Weight::Mind));
        }
        let is_explained = |at: &usize| analysis.decisions[*at].justification.is_some();
        if change.beside.iter().any(is_explained) {
            let says = "the same place decides what has a reason to stay".to_owned();
            add("mind", says, weights.of(Weight::Mind));
        }
    }
    factors
}
