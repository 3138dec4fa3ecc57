//! `rules/actions.toml` as constants.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use crate::base::Rung;
use crate::rulebook::limits::{LimitText, Limits, ProviderLimit};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Actions {
    value: BTreeMap<String, f64>,
    effort: BTreeMap<String, f64>,
    trust: BTreeMap<String, f64>,
    duties: BTreeMap<String, Duty>,
    owed: BTreeMap<String, Vec<String>>,
    leads: BTreeMap<String, Rung>,
    waits: Waits,
    holds: Holds,
    launches: Launches,
    routes: Launches,
    circumstance: Vec<Circumstance>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Waits {
    rules: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Holds {
    ladders: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Launches {
    types: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Duty {
    weight: f64,
    says: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Circumstance {
    name: String,
    means: String,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
    r#where: Vec<String>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    behind: Vec<String>,
    above: Option<String>,
    parts: Option<f64>,
    says: String,
}

#[derive(serde::Deserialize)]
struct LimitFile {
    limits: BTreeMap<String, LimitText>,
}

/// The order in which they are told.
const DUTIES: [&str; 6] = [
    "operating-system",
    "patching",
    "versions",
    "failover",
    "scaling",
    "idle",
];

/// What `src/rulebook/actions.rs` includes.
pub fn constants(path: &str, text: &str) -> String {
    let wrong = |what: String| -> ! { panic!("\n{path}: {what}\n") };
    let actions: Actions = toml::from_str(text).unwrap_or_else(|error| wrong(error.to_string()));
    let limits = path.replace("actions.toml", "limits.toml");
    let limits = fs::read_to_string(limits).expect("it stands beside");
    let limits: LimitFile = toml::from_str(&limits).expect("it is read elsewhere too");
    let number = |name: &str| match limits.limits.get(name) {
        #[allow(clippy::cast_precision_loss)]
        Some(limit) => limit.value as f64,
        None => wrong(format!("there is no limit `{name}`")),
    };
    let mut known = Limits::default();
    for (name, text) in &limits.limits {
        known.insert(ProviderLimit::of(name, text));
    }
    let mut out = String::new();
    weights(&mut out, &actions);
    let duty = |name: &String| match DUTIES.iter().position(|known| known == name) {
        Some(at) => at,
        None => wrong(format!("`{name}` is none of {DUTIES:?}")),
    };
    let _ = write!(out, "const DUTIES: [Duty; {}] = [", DUTIES.len());
    for name in DUTIES {
        let Duty { weight, says } = &actions.duties[name];
        let _ = write!(
            out,
            "Duty {{ name: {name:?}, weight: {weight:?}, says: {says:?} }},"
        );
    }
    out.push_str("];\n");
    if actions.duties.len() != DUTIES.len() {
        wrong(format!("the duties are {DUTIES:?}"));
    }
    // In the order of their keys, so that they can be searched.
    out.push_str("const OWED: &[(&str, &[usize])] = &[");
    for (place, duties) in &actions.owed {
        let duties: Vec<usize> = duties.iter().map(duty).collect();
        let _ = write!(out, "({place:?}, &{duties:?}),");
    }
    out.push_str("];\nconst LEADS: &[(&str, Rung)] = &[");
    for (place, rung) in &actions.leads {
        let _ = write!(out, "({place:?}, Rung::{rung:?}),");
    }
    let _ = write!(
        out,
        "];\nconst WAITS: &[&str] = &{:?};\nconst HOLDS: &[&str] = &{:?};\nconst LAUNCHES: &[&str] = &{:?};\nconst ROUTES: &[&str] = &{:?};\n",
        actions.waits.rules, actions.holds.ladders, actions.launches.types, actions.routes.types
    );
    out.push_str("const CIRCUMSTANCES: &[CircumstanceRule] = &[");
    for one in &actions.circumstance {
        let means = match one.means.as_str() {
            "against" => "Against",
            "mind" => "Mind",
            "guard" => "Guard",
            other => wrong(format!("`{other}` is none of against, mind and guard")),
        };
        if let Some(misnamed) = known.misnamed(&one.says).next() {
            wrong(misnamed);
        }
        let above = one.above.as_deref().map(number);
        let above = above.map(|number| number * one.parts.unwrap_or(1.0));
        let _ = write!(
            out,
            "CircumstanceRule {{ name: {:?}, means: Meaning::{means}, says: {:?}, from: &{:?}, types: &{:?}, places: &[{}], \
             also: &[{}], behind: &{:?}, above: {above:?} }},",
            one.name,
            known.expand(&one.says),
            one.from,
            one.types,
            places(&one.r#where),
            places(&one.also),
            one.behind,
        );
    }
    out.push_str("];\n");
    out
}

/// Each weight is one of an enum, so that none is misspelt where it counts.
fn weights(out: &mut String, actions: &Actions) {
    let tables = [
        ("value", &actions.value),
        ("effort", &actions.effort),
        ("trust", &actions.trust),
    ];
    let all = tables.iter().flat_map(|(table, weights)| {
        weights
            .iter()
            .map(move |(name, weight)| (*table, name, *weight))
    });
    let all: Vec<(&str, &String, f64)> = all.collect();
    let variant = |name: &str| -> String {
        let words = name.split('-');
        words
            .map(|word| word[..1].to_uppercase() + &word[1..])
            .collect()
    };
    out.push_str(
        "/// What counts for an action, and how much.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Weight {",
    );
    for (_, name, _) in &all {
        let _ = write!(out, "/** `{name}`. */ {},", variant(name));
    }
    let _ = write!(
        out,
        "}}\nconst WEIGHTS: [(Weight, &str, &str, f64); {}] = [",
        all.len()
    );
    for (table, name, weight) in &all {
        let _ = write!(
            out,
            "(Weight::{}, {table:?}, {name:?}, {weight:?}),",
            variant(name)
        );
    }
    out.push_str("];\n");
}

/// `Key.*=a|b` as a path and values.
pub fn places(all: &[String]) -> String {
    let places = all.iter().map(|place| {
        let (path, values) = place
            .split_once('=')
            .map_or((place.as_str(), None), |(path, values)| {
                (path, Some(values))
            });
        let path: Vec<&str> = path.split('.').collect();
        let values: Vec<&str> = values.into_iter().flat_map(|all| all.split('|')).collect();
        format!("ValuePlace {{ path: &{path:?}, values: &{values:?} }},")
    });
    places.collect()
}
