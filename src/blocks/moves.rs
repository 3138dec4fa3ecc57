//! What Terraform's `moved` blocks say: the addresses that something had before.

use rustc_hash::FxHashMap;

use super::{Scope, Template};

/// Addresses of one resource that are followed: chains are short, and a circle has to end.
const MOST: usize = 32;

/// By the unit that is run and the address that something has now, those that it had before.
pub(super) type Moves = FxHashMap<(usize, String), Vec<String>>;

impl<'t> Template<'t> {
    /// The addresses that a resource had before, the last one first: those that `moved` blocks name, and the one with or without
    /// `[0]`, which Terraform takes for the same where a `count` comes or goes.
    #[must_use]
    pub fn former_addresses(&self, scope: &Scope<'t>, address: &str) -> Vec<String> {
        let moves = self.moves.get_or_init(|| self.all_moves());
        let root = self.root_unit(scope);
        let mut all = vec![address.to_owned()];
        let mut at = 0;
        while at < all.len() && all.len() < MOST {
            let mut before = before(moves, root, &all[at]);
            before.extend(counted(&all[at]));
            for address in before {
                if !all.contains(&address) {
                    all.push(address);
                }
            }
            at += 1;
        }
        all.split_off(1)
    }

    fn all_moves(&self) -> Moves {
        let mut all = Moves::default();
        for unit in &self.units {
            if unit.moves.is_empty() {
                continue;
            }
            let root = self.root_unit(&unit.scope);
            for (from, to) in &unit.moves {
                let [from, to] = [from, to].map(|address| format!("{}{address}", unit.prefix));
                all.entry((root, to)).or_default().push(from);
            }
        }
        all
    }
}

/// An address as it is written elsewhere: without the blanks that an expression may have.
pub(super) fn plain(written: &str) -> String {
    let mut is_key = false;
    let kept = written.chars().filter(|letter| {
        is_key ^= *letter == '"';
        is_key || !letter.is_whitespace()
    });
    kept.collect()
}

/// What an address was one step earlier, whether it moved by itself or with what is around it.
fn before(moves: &Moves, root: usize, address: &str) -> Vec<String> {
    if moves.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for end in ends(address) {
        let (to, rest) = address.split_at(end);
        let Some(known) = moves.get(&(root, to.to_owned())) else {
            continue;
        };
        for from in known {
            // Who names a key on either side means one instance, else all of them keep theirs.
            let is_of_one = from.ends_with(']') || to.ends_with(']');
            if !(is_of_one && rest.starts_with('[')) {
                all.push(format!("{from}{rest}"));
            }
        }
    }
    all
}

/// Where the parts of an address end, the whole of it first.
fn ends(address: &str) -> Vec<usize> {
    let mut all = Vec::new();
    let mut is_key = false;
    let mut is_escaped = false;
    for (at, letter) in address.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_key => is_escaped = true,
            '"' => is_key = !is_key,
            '.' | '[' if !is_key => all.push(at),
            _ => {}
        }
    }
    all.push(address.len());
    all.reverse();
    all
}

/// The same resource before it had a `count`, or while it had one.
fn counted(address: &str) -> Option<String> {
    match address.strip_suffix("[0]") {
        Some(bare) => Some(bare.to_owned()),
        None => (!address.ends_with(']')).then(|| format!("{address}[0]")),
    }
}
