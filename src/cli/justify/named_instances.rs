//! Terraform addresses in words of their own: which decisions one means, and where a reason stands that is for just those.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::blocks::Dialect;
use crate::blocks::plan::{AddressStep, steps};
use crate::host::Host;
use crate::placement::Decision;
use crate::workspace::written_blocks::WrittenBlocks;

/// For which instances of its block a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instances {
    All,
    /// The one with this key.
    One(String),
    /// No comment means just those that are named.
    Others,
}

/// Whether an address means a decision of Terraform: the same names, and the same keys where the address has any.
pub fn means(decision: &Decision, address: &str) -> bool {
    if decision.dialect == Dialect::CloudFormation {
        return false;
    }
    let (own, named) = (steps(&decision.address), steps(address));
    own.len() == named.len() && begins(&own, &named)
}

fn begins(own: &[AddressStep<'_>], named: &[AddressStep<'_>]) -> bool {
    let mut pairs = own.iter().zip(named);
    own.len() >= named.len()
        && pairs.all(|(own, named)| {
            own.name == named.name && (named.key.is_empty() || own.key == named.key)
        })
}

/// The steps of an address that is the call of a module, and nothing in it.
pub fn call(address: &str) -> Option<Vec<AddressStep<'_>>> {
    let steps = steps(address);
    let (pairs, rest) = steps.as_chunks::<2>();
    let is_call = |[word, name]: &[AddressStep<'_>; 2]| {
        word.name == "module" && word.key.is_empty() && !name.name.is_empty()
    };
    (!pairs.is_empty() && rest.is_empty() && pairs.iter().all(is_call)).then_some(steps)
}

/// An address that matches all of these, and as little else as one can: what they share, and `[*]` where their keys differ, or where
/// the one that was asked for leaves the key out and so means all. It ends after as many steps as are asked for.
pub fn shared<'a>(addresses: impl Iterator<Item = &'a str>, asked: &str, length: usize) -> String {
    let asked = steps(asked);
    let all: Vec<Vec<AddressStep<'_>>> = addresses.map(steps).collect();
    let Some(first) = all.first() else {
        return String::new();
    };
    let mut named = first.iter().zip(&asked);
    let is_named =
        asked.len() == length.min(first.len()) && named.all(|(own, asked)| own.name == asked.name);
    let means_all = |at: usize| is_named && asked.get(at).is_some_and(|step| step.key.is_empty());
    let mut shared = String::new();
    for (at, step) in first.iter().enumerate().take(length) {
        if at > 0 {
            shared.push('.');
        }
        shared.push_str(step.name);
        let mut others = all.iter().map(|steps| steps.get(at).map(|step| step.key));
        let same = others.all(|key| key == Some(step.key));
        let is_one = step.key.is_empty() || !means_all(at);
        shared.push_str(if same && is_one { step.key } else { "[*]" });
    }
    if first.len() > length {
        shared.push_str(".*");
    }
    shared
}

/// The key in brackets as a comment has it, if it can have it.
pub fn plain_key(key: &str) -> Option<String> {
    let bare = key.strip_prefix('[')?.strip_suffix(']')?;
    let text = match bare.starts_with('"') {
        true => serde_json::from_str::<String>(bare).ok()?,
        false => bare.to_owned(),
    };
    let is_line = !text.contains(char::is_control) && text == text.trim() && !text.is_empty();
    is_line.then_some(text)
}

/// Where the calls stand through which each decision of a run is made.
pub struct CallPlaces<'h> {
    host: &'h dyn Host,
    roots: BTreeMap<Arc<str>, WrittenBlocks<'h>>,
}

impl<'h> CallPlaces<'h> {
    pub fn new(host: &'h dyn Host) -> Self {
        Self {
            host,
            roots: BTreeMap::new(),
        }
    }

    /// Of one decision: the file and the body of each call, outermost first, as far as they are at hand.
    pub fn of(&mut self, decision: &Decision) -> Vec<(Arc<str>, Span)> {
        let Some(root) = &decision.root else {
            return Vec::new();
        };
        let steps = steps(&decision.address);
        let (pairs, _) = steps.as_chunks::<2>();
        let calls = pairs.iter().take_while(|[word, _]| word.name == "module");
        let names: Vec<&str> = calls.map(|[_, name]| name.name).collect();
        let host = self.host;
        let blocks = self.roots.entry(Arc::clone(root)).or_insert_with(|| {
            let folder = if **root == *"." { "" } else { root };
            WrittenBlocks::of_root(host, Path::new(folder))
        });
        blocks.calls(&names)
    }
}

/// For which instances a record on a block is, so that it is for just the decisions that are named. `on_block` are all for which one
/// without a key would be; the key that counts is that of the step with this number, or of the last one.
pub fn instances(named: &[&Decision], on_block: &[&Decision], step: Option<usize>) -> Instances {
    let is_named = |decision: &&Decision| named.iter().any(|one| std::ptr::eq(*one, *decision));
    if on_block.iter().all(is_named) {
        return Instances::All;
    }
    let key = |decision: &Decision| {
        let steps = steps(&decision.address);
        let at = step.unwrap_or(steps.len().saturating_sub(1));
        steps.get(at).map_or("", |step| step.key).to_owned()
    };
    let Some(first) = named.first().map(|one| key(one)) else {
        return Instances::Others;
    };
    let has_key = |decision: &&&Decision| key(decision) == first;
    let of_key = on_block.iter().filter(has_key);
    match plain_key(&first) {
        Some(plain)
            if named.iter().all(|one| key(one) == first) && of_key.into_iter().all(is_named) =>
        {
            Instances::One(plain)
        }
        _ => Instances::Others,
    }
}

/// A decision that a call makes which stands at this place, with the number of the step that names the call.
pub fn step_of_call(
    calls: &mut CallPlaces<'_>,
    decision: &Decision,
    place: (&str, Span),
) -> Option<usize> {
    let found = calls.of(decision);
    let at = found
        .iter()
        .position(|(path, body)| (&**path, *body) == place)?;
    Some(2 * at + 1)
}

/// What one block of a call makes.
pub struct MadeBy<'r> {
    /// The file and the body; nothing where the block is not at hand.
    pub block: Option<(Arc<str>, Span)>,
    /// What is named.
    pub made: Vec<&'r Decision>,
    /// All that it makes in this run.
    pub on_block: Vec<&'r Decision>,
}

/// The blocks that a call's address means, each with what it makes.
pub fn calls<'r>(
    report: &'r Analysis,
    host: &dyn Host,
    call: &[AddressStep<'_>],
) -> Vec<MadeBy<'r>> {
    let mut calls = CallPlaces::new(host);
    let at = call.len() / 2 - 1;
    let inside = report.decisions.iter().filter(|decision| {
        let own = steps(&decision.address);
        decision.dialect != Dialect::CloudFormation && own.len() > call.len()
    });
    let is_made = |decision: &Decision| begins(&steps(&decision.address), call);
    let mut places: Vec<MadeBy<'_>> = Vec::new();
    for decision in inside {
        let block = calls.of(decision).get(at).cloned();
        let same = |place: &MadeBy<'_>| place.block == block;
        let place = match places.iter().position(same) {
            Some(known) => known,
            None => {
                places.push(MadeBy {
                    block,
                    made: Vec::new(),
                    on_block: Vec::new(),
                });
                places.len() - 1
            }
        };
        let place = &mut places[place];
        place.on_block.push(decision);
        if is_made(decision) {
            place.made.push(decision);
        }
    }
    places.retain(|place| !place.made.is_empty());
    places
}
