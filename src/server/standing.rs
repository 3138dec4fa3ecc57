//! Which resource stands at a place of a text, and what it is to a decision.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::analysis::graph::{Edge, Means, Resource, ResourceRole};
use crate::analysis::{Analysis, Decision};
use crate::base::source::Span;
use crate::cli::spot;
use crate::syntax::{self, Document, Kind, Node, Syntax};
use crate::workspace::discover;

/// What stands at a place.
#[derive(Clone, Debug)]
pub enum PlaceMeaning<'a> {
    /// A hosting choice; several where its block makes several.
    Choice(Vec<&'a Decision>),
    /// A block that only serves one.
    Member {
        resource: &'a Resource,
        /// The choices.
        of: Vec<&'a Decision>,
        /// Why it belongs.
        because: Option<&'a Edge>,
    },
    /// It would be a choice if anything but the deployment used it.
    Machinery { name: &'a str, why: &'a str },
}

/// The text as the engine reads it, and what can be read of a broken one.
pub fn parsed<'t>(text: &'t str, path: &Path) -> Document<'t> {
    if discover::is_terraform_syntax(path) {
        return syntax::hcl(text).document;
    }
    let first = text.trim_start_matches('\u{feff}').trim_start();
    if !first.starts_with('{') {
        return syntax::read_yaml(text).document;
    }
    let is_json = path.extension().is_some_and(|end| end == "json");
    match (syntax::json(text), is_json) {
        (Ok(document), _) => document,
        (Err(_), true) => syntax::read_json(text).document,
        (Err(_), false) => {
            let yaml = syntax::yaml(text);
            yaml.unwrap_or_else(|_| syntax::read_json(text).document)
        }
    }
}

/// The mappings around a byte, the outermost first.
fn around<'d>(document: &'d Document<'d>, byte: u32) -> Vec<Node<'d>> {
    let holds = |node: &Node<'_>| {
        let span = node.span();
        node.kind() == Kind::Mapping && !node.is_alias() && span.start <= byte && byte <= span.end
    };
    document.nodes().filter(holds).collect()
}

/// The key of a mapping that stands at a byte, and its value.
fn key_at<'d>(mapping: Node<'d>, byte: u32) -> Option<(Node<'d>, Node<'d>)> {
    let mut entries = mapping.entries();
    entries.find(|(key, _)| key.span().start <= byte && byte <= key.span().end)
}

/// The resources of one file, in the order of the graph.
pub fn resources<'a>(
    analysis: &'a Analysis,
    shown: &'a str,
) -> impl Iterator<Item = (usize, &'a Resource)> {
    let all = analysis
        .graph
        .as_ref()
        .map_or(&[][..], |graph| &graph.resources);
    let start = all.partition_point(|one| *one.location.path < *shown);
    let numbered = all.iter().enumerate().skip(start);
    numbered.take_while(move |(_, one)| *one.location.path == *shown)
}

/// The resources whose block is around a byte: several where it makes several.
fn resources_at(
    analysis: &Analysis,
    shown: &str,
    document: &Document<'_>,
    byte: usize,
) -> Vec<usize> {
    let mut by_start: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for (at, resource) in resources(analysis, shown) {
        let start = resource.location.start.offset;
        by_start.entry(start).or_default().push(at);
    }
    let mut byte = super::offset(byte);
    // A name and its type stand before the block: in Terraform's own syntax, one in the other.
    let steps = if document.syntax() == Syntax::Hcl {
        3
    } else {
        1
    };
    for step in 0..=steps {
        let chain = around(document, byte);
        for mapping in chain.iter().rev() {
            let place = mapping.entries().find_map(|(key, value)| {
                let starts = [key.span().start, value.span().start];
                let is_body = value.kind() == Kind::Mapping;
                let inside =
                    key.span().start <= byte && byte <= value.span().end.max(key.span().end);
                if is_body && !inside {
                    return None;
                }
                starts
                    .iter()
                    .find_map(|start| by_start.get(&u64::from(*start)))
            });
            if let Some(found) = place {
                return found.clone();
            }
        }
        let key = chain.last().and_then(|mapping| key_at(*mapping, byte));
        match key {
            Some((_, value))
                if step < steps && value.kind() == Kind::Mapping && !value.is_alias() =>
            {
                byte = value.span().start;
            }
            _ => break,
        }
    }
    Vec::new()
}

/// What stands at a byte of a text.
pub fn at<'a>(
    analysis: &'a Analysis,
    shown: &str,
    document: &Document<'_>,
    byte: usize,
) -> Option<PlaceMeaning<'a>> {
    let found = resources_at(analysis, shown, document, byte);
    if let (Some(graph), Some(first)) = (&analysis.graph, found.first()) {
        let first = &graph.resources[*first];
        let here: Vec<&Resource> = found.iter().map(|at| &graph.resources[*at]).collect();
        let choices: Vec<&Decision> = here
            .iter()
            .filter_map(|one| decision_of(analysis, one))
            .collect();
        if !choices.is_empty() {
            return Some(PlaceMeaning::Choice(choices));
        }
        let member = found.iter().find_map(|at| match graph.resources[*at].role {
            ResourceRole::Member { of } => Some((*at, of)),
            _ => None,
        });
        if let Some((at, first_of)) = member {
            let belongs = graph.edges.iter();
            let belongs: Vec<&Edge> = belongs
                .filter(|edge| edge.means == Means::Belongs && found.contains(&edge.from))
                .collect();
            let primaries = belongs.iter().map(|edge| edge.to);
            let mut primaries: Vec<usize> = primaries.chain([first_of]).collect();
            primaries.sort_unstable();
            primaries.dedup();
            let of = primaries.iter();
            let of = of.filter_map(|at| decision_of(analysis, graph.resources.get(*at)?));
            return Some(PlaceMeaning::Member {
                resource: &graph.resources[at],
                of: of.collect(),
                because: belongs.first().copied(),
            });
        }
        let machine = analysis.machinery.iter();
        let machine = machine
            .filter(|one| one.path == first.location.path)
            .find(|one| one.address == first.address);
        if let Some(machine) = machine {
            return Some(PlaceMeaning::Machinery {
                name: machine.construct.as_deref().unwrap_or(&machine.address),
                why: &machine.why,
            });
        }
    }
    // Blocks from which plans were made, and calls of modules.
    let byte = super::offset(byte);
    let holds = |decision: &&Decision| {
        let (path, block) = spot(decision);
        **path == *shown && !block.is_empty() && block.start <= byte && byte <= block.end
    };
    let inside: Vec<&Decision> = analysis.decisions.iter().filter(holds).collect();
    if let Some(smallest) = inside.iter().map(|one| spot(one).1.len()).min() {
        let innermost = inside
            .into_iter()
            .filter(|one| spot(one).1.len() == smallest);
        return Some(PlaceMeaning::Choice(innermost.collect()));
    }
    // What decides, and is underlined, may stand outside of the block: in SAM's `Globals`, or in a parameter.
    let is_decided_here = |decision: &&Decision| {
        let (path, start, end) = decision.place();
        let byte = u64::from(byte);
        **path == *shown && start.offset <= byte && byte <= end.offset
    };
    let decided: Vec<&Decision> = analysis.decisions.iter().filter(is_decided_here).collect();
    (!decided.is_empty()).then_some(PlaceMeaning::Choice(decided))
}

/// The decision of a resource of the graph.
pub fn decision_of<'a>(analysis: &'a Analysis, resource: &Resource) -> Option<&'a Decision> {
    if !matches!(resource.role, ResourceRole::Decision { .. }) {
        return None;
    }
    let path = &resource.location.path;
    let start = analysis.decisions.partition_point(|one| one.path < *path);
    let here = analysis.decisions[start..].iter();
    let mut here = here.take_while(|one| one.path == *path);
    here.find(|one| one.address == resource.address)
}

/// The decisions that stand in a file, and are shown in it.
pub fn decisions<'a>(analysis: &'a Analysis, shown: &str) -> Vec<&'a Decision> {
    let here = analysis.decisions.iter();
    here.filter(|one| **one.place().0 == *shown).collect()
}

/// The key under which each block stands.
pub fn keys_of(document: &Document<'_>) -> FxHashMap<Span, Span> {
    let mappings = document.nodes();
    let mappings = mappings.filter(|node| node.kind() == Kind::Mapping && !node.is_alias());
    let entries = mappings.flat_map(Node::entries);
    entries
        .map(|(key, value)| (value.span(), key.span()))
        .collect()
}
