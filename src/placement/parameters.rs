//! Parameters as a decision hangs on them: the values to try, the default, and the words for both.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::blocks::{GivenFrom, Parameter, ParameterKind, Place, Template};
use crate::eval::{Assumed, Candidate, Decider, Trace, some_other};

/// Values of parameters that one decision remembers.
const MOST_VALUES: usize = 200;
/// Blocks that are shown with what they hand down.
const MOST_HANDED: usize = 4;
/// Values that are named as those which a value is not.
const MOST_EXCLUDED: usize = 3;

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
    if parameter.is_given() && parameter.kind != ParameterKind::Lookup {
        return Vec::new();
    }
    let default = default_text(parameter);
    let name = &parameter.name;
    let named = trace.candidates.iter();
    let named: Vec<&Candidate> = named
        .filter(|candidate| candidate.parameter == at)
        .collect();
    let mut values: Vec<(Assumed, String)> = if parameter.choices().is_empty() {
        // Any value that nobody names comes last.
        let (open, named): (Vec<&Candidate>, Vec<&Candidate>) = named
            .into_iter()
            .partition(|candidate| candidate.value == Assumed::Any);
        let (others, texts): (Vec<&Candidate>, Vec<_>) = named
            .iter()
            .partition(|candidate| candidate.value == Assumed::Other);
        let mut values: Vec<(Assumed, String)> = Vec::new();
        for Candidate { value, shown, .. } in texts {
            if !values.iter().any(|(known, _)| known == value) {
                values.push((value.clone(), shown.clone()));
            }
        }
        if let Some(other) = others.first() {
            let words = nameless(name, &other.shown, &values, default.as_deref());
            values.push((Assumed::Other, words));
        }
        // What nothing compares with a value that has a name is asked for by way of something else.
        let is_asked_otherwise = named.is_empty() && parameter.default.is_some();
        // What is looked up is open anyway.
        let is_open = parameter.kind == ParameterKind::Lookup;
        if !is_open && (!open.is_empty() || is_asked_otherwise) {
            values.push((Assumed::Any, some_other(name)));
        }
        values
    } else {
        // Those that something asks for come first: of thousands, only some are tried.
        let named = named
            .iter()
            .filter_map(|candidate| candidate.value.as_text());
        let named: HashSet<&str> = named.collect();
        let asked = |value: &&Cow<'_, str>| named.contains(&***value);
        let (first, rest): (Vec<_>, Vec<_>) = parameter.choices().iter().partition(asked);
        let all = first.into_iter().chain(rest);
        all.map(|value| {
            let shown = format!("`{name}={value}`");
            (Assumed::Text(value.clone().into_owned()), shown)
        })
        .collect()
    };
    values.retain(|(value, shown)| {
        let Some(text) = value.as_text() else {
            return true;
        };
        // What is shown in other words is only an example of many: `P` like `db.*`.
        let is_itself = text.is_empty() || *shown == format!("`{name}={text}`");
        let fits =
            !is_itself || parameter.kind != ParameterKind::Value || parameter.shape.admits(text);
        default.as_deref() != Some(text) && fits && within(parameter, text)
    });
    if parameter.kind == ParameterKind::Lookup {
        for (value, shown) in &mut values {
            *shown = looked_up(parameter, value, shown);
        }
    }
    values
}

/// What is looked up, in words: the parameter itself is only the name of it.
fn subject(parameter: &Parameter<'_>) -> String {
    let given = parameter.given.as_ref();
    let given = given.and_then(|given| given.shown.clone());
    let name = given.or_else(|| {
        let node = parameter.default.as_ref()?.as_node()?;
        Some(node.comparable()?.into_owned())
    });
    match name {
        Some(name) => format!("the value at `{name}`"),
        None => format!("the value that `{}` names", parameter.name),
    }
}

/// The words for a value that is looked up.
fn looked_up(parameter: &Parameter<'_>, value: &Assumed, shown: &str) -> String {
    let subject = subject(parameter);
    let name = &parameter.name;
    let rest = shown.strip_prefix(&format!("`{name}` "));
    match (rest, value.as_text()) {
        (Some(rest), _) if rest.starts_with("is ") => format!("{subject} {rest}"),
        (Some(rest), _) => format!("{subject} is {rest}"),
        (None, Some(text)) if *shown == format!("`{name}={text}`") => {
            format!("{subject} is `{text}`")
        }
        (None, _) => shown.replace(&format!("`{name}`"), &subject),
    }
}

/// The words for a value that nobody names: it is none of those that have a name, and not the default.
fn nameless(
    parameter: &str,
    shown: &str,
    named: &[(Assumed, String)],
    default: Option<&str>,
) -> String {
    let texts = named.iter().filter_map(|(value, shown)| {
        let text = value.as_text()?;
        (*shown == format!("`{parameter}={text}`")).then_some(text)
    });
    let texts: Vec<&str> = texts.collect();
    // What is unlike something may be so by default, but then it has no name.
    let default = default.filter(|text| !shown.contains("` unlike `") || texts.contains(text));
    let mut missing: Vec<String> = Vec::new();
    for text in texts.iter().copied().chain(default) {
        let quoted = format!("`{text}`");
        if !text.is_empty() && !shown.contains(&quoted) && !missing.contains(&quoted) {
            missing.push(quoted);
        }
    }
    if missing.len() > MOST_EXCLUDED {
        missing.truncate(MOST_EXCLUDED);
        missing.push("the other values that have a name".to_owned());
    }
    let mut words = shown.to_owned();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        words.push_str(match shown.contains("` other than `") {
            true => " and ",
            false => " and other than ",
        });
        words.push_str(&missing);
    }
    let is_empty_named = named.iter().any(|(value, _)| value.as_text() == Some(""));
    if is_empty_named && shown.contains("` other than `") {
        words.push_str(" and not empty");
    }
    words
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

/// What the deployment says of a parameter.
fn said(parameter: &Parameter<'_>) -> String {
    let name = &parameter.name;
    let Some(given) = &parameter.given else {
        return String::new();
    };
    let GivenFrom { origin, shown, .. } = given;
    match shown.as_deref() {
        _ if !given.is_known => given.unknown(name),
        Some("") => format!("`{name}` is empty {origin}"),
        Some(text) => format!("`{name}` is `{text}` {origin}"),
        None => format!("`{name}` has its value {origin}"),
    }
}

/// What decides in the place of a property that is nothing but a name for it.
#[derive(Clone, Debug)]
pub enum DecidedBy {
    /// What stands here, and the words for it.
    Place(Place, String),
    /// What a called module is given, or takes by default.
    Input,
}

/// Where that stands, and the words for it.
pub fn decided_by(
    template: &Template<'_>,
    decider: &Decider,
    assumed: Option<&(usize, Assumed)>,
) -> DecidedBy {
    match decider {
        Decider::Parameter(at) => {
            let mut all = about(template, *at, assumed).into_iter();
            match all.next() {
                Some((place, says)) => DecidedBy::Place(place, says),
                None => DecidedBy::Input,
            }
        }
        Decider::Named { place, name, value } => DecidedBy::Place(
            *place,
            match value {
                Some(value) => format!("`{name}` is `{value}`"),
                None => format!("`{name}` says what it is"),
            },
        ),
        Decider::Input => DecidedBy::Input,
    }
}

/// The defaults of parameters that a deciding case hung on, and the value that is assumed of one of them.
pub fn related(
    template: &Template<'_>,
    trace: &Trace,
    assumed: Option<&(usize, Assumed)>,
) -> Vec<(Place, String)> {
    let is_handed = |at: &usize| !template.parameters[*at].handed_by.is_empty();
    let (handed, others): (Vec<usize>, Vec<usize>) =
        trace.parameters.iter().copied().partition(is_handed);
    let all = others.into_iter().chain(handed);
    all.flat_map(|at| about(template, at, assumed)).collect()
}

/// What is said of a parameter that something hung on: what each of some blocks hands down, else its default.
fn about(
    template: &Template<'_>,
    at: usize,
    assumed: Option<&(usize, Assumed)>,
) -> Vec<(Place, String)> {
    let parameter = &template.parameters[at];
    let name = &parameter.name;
    if !parameter.handed_by.is_empty() {
        let by = parameter.handed_by.iter().take(MOST_HANDED);
        let told = by.map(|by| {
            let message = format!("`{}` hands down `{name}={}`", by.block, by.value);
            (by.place, message)
        });
        return told.collect();
    }
    let message = match (assumed, &parameter.default, default_text(parameter)) {
        (Some((assumed, value)), ..) if *assumed == at => {
            let subject = match parameter.kind {
                ParameterKind::Lookup => subject(parameter),
                ParameterKind::Value | ParameterKind::List => format!("`{name}`"),
            };
            match value.as_text() {
                Some("") => format!("{subject} can be empty"),
                Some(text) => format!("{subject} can be `{text}`"),
                None => format!("{subject} can be something else"),
            }
        }
        _ if parameter.kind == ParameterKind::Lookup => {
            format!("`{name}` is looked up when deployed")
        }
        _ if parameter.given.is_some() => said(parameter),
        (_, Some(_), Some(text)) => format!("`{name}` is `{text}` by default"),
        (_, Some(_), None) => format!("the default of `{name}`"),
        (_, None, _) => format!("`{name}` has no default"),
    };
    vec![(parameter.place, message)]
}
