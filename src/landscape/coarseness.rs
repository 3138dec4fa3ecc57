//! What becomes one component: a decision by itself while there are few, then all of a stack, a folder or the run that stand on
//! one ladder.

use std::collections::{HashMap, HashSet};

use super::Component;
use crate::analysis::Analysis;

/// Components that one can still read on one map.
pub(super) const MOST_READABLE: usize = 40;

/// What becomes one component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Coarseness {
    /// Each decision.
    #[default]
    Decision,
    /// The decisions of a stack on one ladder.
    Stack,
    /// Those of the topmost folders in which they part.
    Folder,
    /// All decisions on one ladder.
    Ladder,
}

impl Coarseness {
    /// Finest first.
    pub const ALL: [Self; 4] = [Self::Decision, Self::Stack, Self::Folder, Self::Ladder];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Stack => "stack",
            Self::Folder => "folder",
            Self::Ladder => "ladder",
        }
    }

    /// What it is, in a line.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Decision => "Each hosting choice",
            Self::Stack => "What a stack has on one ladder",
            Self::Folder => "What a folder has on one ladder",
            Self::Ladder => "What all have on one ladder",
        }
    }
}

/// The component of a decision.
pub(super) struct Key {
    pub key: String,
    pub name: String,
}

impl Key {
    fn of(name: String) -> Self {
        Self {
            key: name.clone(),
            name,
        }
    }
}

/// For each decision that is shown, the component that it belongs to: a key, and a name that is not yet told apart from others. As
/// asked for, else by the finest grouping that can be read.
pub(super) fn keys(
    analysis: &Analysis,
    shown: &[usize],
    above: &str,
    wanted: Option<Coarseness>,
) -> (Coarseness, Vec<Key>) {
    let of = |grouping: Coarseness| -> Vec<Key> {
        let key = |at: &usize| {
            let decision = &analysis.decisions[*at];
            let ladder = &*decision.ladder().name;
            match home(grouping, &decision.path, &decision.stack(), above) {
                Some(home) => Key::of(format!("{ladder} · {home}")),
                None if grouping == Coarseness::Decision => Key {
                    key: at.to_string(),
                    name: decision.name().to_owned(),
                },
                None => Key::of(ladder.to_owned()),
            }
        };
        shown.iter().map(key).collect()
    };
    if let Some(grouping) = wanted {
        return (grouping, of(grouping));
    }
    let [finer @ .., coarsest] = Coarseness::ALL;
    for grouping in finer {
        let keys = of(grouping);
        let different: HashSet<&str> = keys.iter().map(|one| &*one.key).collect();
        if different.len() <= MOST_READABLE {
            return (grouping, keys);
        }
    }
    (coarsest, of(coarsest))
}

/// The folder that holds all paths, with its last `/`; empty where they have none in common.
pub(super) fn common_folder<'p>(mut paths: impl Iterator<Item = &'p str>) -> String {
    let folder = |path: &'p str| path.rfind('/').map_or("", |end| &path[..=end]);
    let Some(mut common) = paths.next().map(folder) else {
        return String::new();
    };
    for path in paths {
        while !path.starts_with(common) {
            common = folder(&common[..common.len() - 1]);
        }
    }
    common.to_owned()
}

/// Where a decision belongs, as far as that tells components of a ladder apart. `above` is the folder that holds all of them.
pub(super) fn home(grouping: Coarseness, path: &str, stack: &str, above: &str) -> Option<String> {
    match grouping {
        Coarseness::Decision | Coarseness::Ladder => None,
        Coarseness::Stack => Some(stack.to_owned()),
        Coarseness::Folder => {
            let below = path.strip_prefix(above).unwrap_or(path);
            let folder = below.split_once('/').map(|(folder, _)| folder);
            let folder = folder.map_or_else(String::new, |folder| format!("{folder}/"));
            Some(match format!("{above}{folder}") {
                empty if empty.is_empty() => "./".to_owned(),
                folder => folder,
            })
        }
    }
}

/// Gives components of one name the file behind it, then a number.
pub(super) fn tell_apart(components: &mut [Component], analysis: &Analysis) {
    let mut count: HashMap<String, usize> = HashMap::new();
    for component in components.iter() {
        *count.entry(component.name.clone()).or_default() += 1;
    }
    for component in components.iter_mut() {
        if count[&component.name] > 1 {
            let first = component.parts[0].decisions[0];
            let path = &analysis.decisions[first].path;
            component.name = format!("{} · {path}", component.name);
        }
    }
    let mut seen: HashSet<String> = HashSet::new();
    let mut last: HashMap<String, usize> = HashMap::new();
    for component in components {
        let plain = component.name.clone();
        let number = last.entry(plain.clone()).or_insert(1);
        while !seen.insert(component.name.clone()) {
            *number += 1;
            component.name = format!("{plain} {number}");
        }
    }
}
