//! Parameters as a decision hangs on them: the values to try, the default, and the words for both.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::blocks::{Parameter, ParameterKind, Place, Template};
use crate::eval::{Assumed, Candidate, Trace};

/// Values of parameters that one decision remembers.
const MOST_VALUES: usize = 200;

/// Takes in what a further question hung on.
pub fn merge(whole: &mut Trace, part: &Trace) {
    for parameter in &part.parameters {
        if !whole.parameters.contains(parameter) {
            whole.parameters.push(*parameter);
        }
    }
    for candidate in &part.candidates {
        if whole.candidates.len() < MOST_VALUES && !whole.candidates.contains(candidate) {
            whole.candidates.push(candidate.clone());
        }
    }
}

/// The values to try for a parameter, each with the words that show it.
pub fn values_of(parameter: &Parameter<'_>, at: usize, trace: &Trace) -> Vec<(Assumed, String)> {
    let default = default_text(parameter);
    let name = &parameter.name;
    let named = trace.candidates.iter();
    let named: Vec<&Candidate> = named
        .filter(|candidate| candidate.parameter == at)
        .collect();
    let mut values: Vec<(Assumed, String)> = if parameter.allowed.is_empty() {
        // Any value that nobody names comes last.
        let (others, texts): (Vec<&Candidate>, Vec<_>) = named
            .iter()
            .partition(|candidate| candidate.value == Assumed::Other);
        let mut values: Vec<(Assumed, String)> = Vec::new();
        for Candidate { value, shown, .. } in texts {
            if !values.iter().any(|(known, _)| known == value) {
                values.push((value.clone(), shown.clone()));
            }
        }
        values.extend(
            others
                .first()
                .map(|other| (Assumed::Other, other.shown.clone())),
        );
        values
    } else {
        // Those that something asks for come first: of thousands, only some are tried.
        let named = named
            .iter()
            .filter_map(|candidate| candidate.value.as_text());
        let named: HashSet<&str> = named.collect();
        let asked = |value: &&Cow<'_, str>| named.contains(&***value);
        let (first, rest): (Vec<_>, Vec<_>) = parameter.allowed.iter().partition(asked);
        let all = first.into_iter().chain(rest);
        all.map(|value| {
            let shown = format!("`{name}={value}`");
            (Assumed::Text(value.clone().into_owned()), shown)
        })
        .collect()
    };
    values.retain(|(value, _)| {
        let Some(text) = value.as_text() else {
            return true;
        };
        default.as_deref() != Some(text) && within(parameter, text)
    });
    values
}

/// Whether a parameter's bounds let it be this value.
fn within(parameter: &Parameter<'_>, value: &str) -> bool {
    let (least, most) = parameter.bounds;
    let Ok(number) = value.parse::<f64>() else {
        return true;
    };
    least.is_none_or(|least| least <= number) && most.is_none_or(|most| number <= most)
}

/// The value that a parameter has by default; none where the default only says where to look it up.
fn default_text(parameter: &Parameter<'_>) -> Option<String> {
    if parameter.kind == ParameterKind::Lookup {
        return None;
    }
    let node = parameter.default.as_ref()?.as_node()?;
    Some(node.comparable()?.into_owned())
}

/// The defaults of parameters that a deciding case hung on.
pub fn related(template: &Template<'_>, trace: &Trace) -> Vec<(Place, String)> {
    let parameters = trace.parameters.iter().map(|at| &template.parameters[*at]);
    parameters
        .map(|parameter| {
            let name = &parameter.name;
            let message = match (&parameter.default, default_text(parameter)) {
                _ if parameter.kind == ParameterKind::Lookup => {
                    format!("`{name}` is looked up when deployed")
                }
                (Some(_), Some(text)) => format!("`{name}` is `{text}` by default"),
                (Some(_), None) => format!("the default of `{name}`"),
                (None, _) => format!("`{name}` has no default"),
            };
            (parameter.place, message)
        })
        .collect()
}
