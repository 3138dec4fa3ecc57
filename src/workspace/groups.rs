//! Which inputs of a run name each other: those are judged together. Only what is an input itself, or is called by one as a module, takes
//! part; nothing is opened to find out but the lists of what the CDK uploads.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::assets::{Assets, is_uploaded};
use super::discover::Input;
use crate::base::{ExportName, StackLinks};
use crate::host::{Host, lexical};

/// Inputs that belong together, as positions among all; each group in order, of two or more.
#[must_use]
pub fn groups(host: &dyn Host, inputs: &[(&Input, &StackLinks)]) -> Vec<Vec<usize>> {
    let root = host.root();
    let mut sets = Sets((0..inputs.len()).collect());
    let speaking = || {
        let all = inputs.iter().enumerate();
        all.filter(|(_, (_, links))| !links.is_empty())
    };
    let mut exports: HashMap<&str, usize> = HashMap::new();
    let mut written: HashMap<&str, usize> = HashMap::new();
    for (at, (_, links)) in speaking() {
        for name in &links.exports {
            for (name, table) in [(&name.text, &mut exports), (&name.written, &mut written)] {
                let Some(name) = name else {
                    continue;
                };
                // Two that export one name are looked at together, so that it can be said.
                let first = *table.entry(name).or_insert(at);
                sets.join(first, at);
            }
        }
    }
    let called = speaking().any(|(_, (_, links))| !links.calls.is_empty());
    let places = if called {
        places(root, inputs.iter().map(|(input, _)| *input))
    } else {
        HashMap::new()
    };
    let assets = Assets::new(host);
    let mut imported = vec![false; inputs.len()];
    for (at, (input, links)) in speaking() {
        for ExportName {
            text,
            written: name,
        } in &links.imports
        {
            let by_text = text.as_deref().and_then(|text| exports.get(text));
            let by_name = || name.as_deref().and_then(|name| written.get(name));
            if let Some(&other) = by_text.or_else(by_name) {
                imported[other] = true;
                sets.join(at, other);
            }
        }
        for call in &links.calls {
            let called = if is_uploaded(call) {
                assets.find(input, call, &places)
            } else {
                let place = called_place(root, input, call);
                let place = without_links(host, place, &|place| places.contains_key(place));
                places.get(&place).copied()
            };
            if let Some(other) = called
                && is_module(input) == is_module(inputs[other].0)
            {
                imported[other] = true;
                sets.join(at, other);
            }
        }
    }
    let mut groups: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut is_linked: HashMap<usize, bool> = HashMap::new();
    for (at, imported) in imported.into_iter().enumerate() {
        let set = sets.find(at);
        groups.entry(set).or_default().push(at);
        *is_linked.entry(set).or_default() |= imported;
    }
    // Stacks that export the same name and have nothing else in common stay what they are.
    let mut groups: Vec<Vec<usize>> = groups
        .into_iter()
        .filter(|(set, group)| group.len() > 1 && is_linked[set])
        .map(|(_, group)| group)
        .collect();
    groups.sort();
    groups
}

/// Files name files, and modules name modules.
fn is_module(input: &Input) -> bool {
    matches!(input, Input::Module { .. })
}

/// Where each input is, without the names of folders that lead nowhere.
pub fn places<'i>(root: &Path, inputs: impl Iterator<Item = &'i Input>) -> HashMap<PathBuf, usize> {
    let places = inputs.enumerate().filter_map(|(at, input)| match input {
        Input::File { path, .. } => Some((lexical(&root.join(path)), at)),
        Input::Module { folder, .. } => Some((lexical(&root.join(folder)), at)),
        Input::Standard { .. } => None,
    });
    places.collect()
}

/// The place that an input means by a path in it.
pub fn called_place(root: &Path, input: &Input, path: &str) -> PathBuf {
    let from = match input {
        Input::File { path, .. } => path.parent().unwrap_or(Path::new("")),
        Input::Module { folder, .. } => folder,
        Input::Standard { .. } => Path::new(""),
    };
    lexical(&root.join(from).join(path))
}

/// The place to which links lead, if that is one that is known and this one is not: a folder is one module, whichever way it is called.
pub fn without_links(host: &dyn Host, place: PathBuf, is_known: &dyn Fn(&Path) -> bool) -> PathBuf {
    if is_known(&place) {
        return place;
    }
    let (found, root) = (host.look(&place), host.look(Path::new("")));
    if let (Ok(found), Ok(root)) = (found, root)
        && let Ok(below) = found.real.strip_prefix(&root.real)
    {
        let real = lexical(&host.root().join(below));
        if is_known(&real) {
            return real;
        }
    }
    place
}

/// Sets of numbers that grow together.
struct Sets(Vec<usize>);

impl Sets {
    fn find(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            // Half of the way is saved for the next time.
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        // The smaller number stands for both, so that the order of reading does not matter.
        self.0[a.max(b)] = a.min(b);
    }
}
