//! A map or a report that was saved, as the estate of that time. A report knows rungs, and only a map how far each choice had come.

use std::collections::{BTreeMap, VecDeque};

use serde::Deserialize;

use super::choices::{HostingChoice, MapSource};
use super::shifts::{FormerEstate, FormerPlace};
use crate::base::Rung;

/// What `sfl map --format json` and `sfl check --format json` print.
pub(super) const MAP: &str = "sfl-map/1";
pub(super) const REPORT: &str = "sfl-report/1";

#[derive(Deserialize)]
struct SavedFile {
    schema: String,
    #[serde(default)]
    components: Vec<SavedComponent>,
    #[serde(default)]
    decisions: Vec<SavedDecision>,
}

#[derive(Deserialize)]
struct SavedComponent {
    ladder: String,
    depth: usize,
    parts: Vec<SavedShare>,
}

#[derive(Deserialize)]
struct SavedShare {
    rung: u8,
    evolution: f64,
    decisions: Vec<SavedDecision>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct SavedDecision {
    pub path: String,
    pub address: String,
    #[serde(default)]
    pub line: u32,
    #[serde(default)]
    pub source: Option<SavedBlock>,
    #[serde(default)]
    construct: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
    #[serde(default)]
    pub root: Option<String>,
    #[serde(default)]
    ladder: Option<String>,
    #[serde(default)]
    rung: Option<u8>,
    #[serde(default)]
    pub owner: Option<String>,
    #[serde(default)]
    pub stream: Option<String>,
    #[serde(default)]
    left_out: bool,
}

/// The block that a plan was made from.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct SavedBlock {
    pub path: String,
    /// A report says more, in another field.
    #[serde(default)]
    pub line: u32,
}

/// Reads the text of a saved map or report.
///
/// # Errors
/// What is wrong with it.
pub fn places(text: &str) -> Result<Vec<FormerPlace>, String> {
    let file: SavedFile = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let mut places = Vec::new();
    match file.schema.as_str() {
        MAP => {
            for component in file.components {
                for part in component.parts {
                    let rung = rung(part.rung)?;
                    let is_alone = part.decisions.len() == 1;
                    for one in part.decisions {
                        places.push(FormerPlace {
                            evolution: Some(part.evolution.clamp(0.0, 1.0)),
                            is_alone,
                            depth: Some(component.depth),
                            ..place(one, component.ladder.clone(), rung)
                        });
                    }
                }
            }
        }
        REPORT => {
            for one in file.decisions.into_iter().filter(|one| !one.left_out) {
                let (Some(ladder), Some(number)) = (one.ladder.clone(), one.rung) else {
                    return Err(format!("`{}` says no ladder or no rung", one.address));
                };
                places.push(place(one, ladder, rung(number)?));
            }
        }
        other => {
            return Err(format!(
                "its schema is `{other}`; save `sfl map --format json` ({MAP}) or `sfl check --format json` ({REPORT})"
            ));
        }
    }
    Ok(places)
}

pub(super) fn rung(number: u8) -> Result<Rung, String> {
    let mut all = Rung::ALL.into_iter();
    let rung = all.find(|rung| rung.number() == number);
    rung.ok_or_else(|| format!("there is no rung {number}"))
}

fn place(one: SavedDecision, ladder: String, rung: Rung) -> FormerPlace {
    let name = one.name.or(one.construct);
    FormerPlace {
        name: name.unwrap_or_else(|| one.address.clone()),
        stack: one.root.clone().unwrap_or_else(|| one.path.clone()),
        path: one.path,
        address: one.address,
        kind: one.kind,
        root: one.root,
        owner: one.owner,
        stream: one.stream,
        ladder,
        rung,
        evolution: None,
        is_alone: false,
        depth: None,
    }
}

impl FormerEstate {
    /// A saved estate against the one of today, or against one that was saved later: by file and address, else by address and type in another file. `is_asked` says whether
    /// a place would be looked at today: what is not there then is gone.
    #[must_use]
    pub fn saved(
        since: String,
        places: Vec<FormerPlace>,
        today: MapSource<'_>,
        is_asked: &dyn Fn(&FormerPlace) -> bool,
    ) -> Self {
        let mut was = vec![None; today.count()];
        let mut is_left = vec![true; places.len()];
        by(
            &places,
            today,
            (&mut was, &mut is_left),
            |place| {
                Some((
                    &*place.path,
                    &*place.address,
                    &*place.ladder,
                    place.root.as_deref(),
                ))
            },
            |one| Some((one.path, one.address, one.ladder, one.root)),
        );
        by(
            &places,
            today,
            (&mut was, &mut is_left),
            |place| Some((&*place.address, place.kind.as_deref()?, &*place.ladder)),
            |one| Some((one.address, one.kind?, one.ladder)),
        );
        let gone = (0..places.len()).filter(|at| is_left[*at] && is_asked(&places[*at]));
        Self {
            since,
            base: None,
            gone: gone.collect(),
            places,
            was,
        }
    }
}

/// Those that are alone so far and have the same key, in order.
fn by<'a, K: Ord>(
    places: &'a [FormerPlace],
    today: MapSource<'a>,
    (was, is_left): (&mut [Option<usize>], &mut [bool]),
    then: impl Fn(&'a FormerPlace) -> Option<K>,
    now: impl Fn(&HostingChoice<'a>) -> Option<K>,
) {
    let mut waiting: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
    for (at, place) in places.iter().enumerate().filter(|(at, _)| is_left[*at]) {
        if let Some(key) = then(place) {
            waiting.entry(key).or_default().push_back(at);
        }
    }
    for (at, was) in was.iter_mut().enumerate() {
        if was.is_some() || !today.is_counted(at) {
            continue;
        }
        let key = today.choice(at).and_then(|one| now(&one));
        let found = key.and_then(|key| waiting.get_mut(&key));
        if let Some(at) = found.and_then(VecDeque::pop_front) {
            *was = Some(at);
            is_left[at] = false;
        }
    }
}
