//! The owned graph: all resources of all stacks of a run, and the edges between them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::StackGraph;
use super::occurrences::{Occurrence, PropertyPath, occurrences};
use super::references::Reference;
use crate::base::{LadderName, Position, Rung, Sign};
use crate::blocks::{Place, unit};

/// Keys of properties in which a resource is only named: what says who may do what, what is handed on to a program, and what
/// describes. A reference anywhere below one of them uses nothing by itself, unless a rule is about just that property.
const NAMING: [&str; 38] = [
    "AvailabilityZone",
    "Description",
    "Environment",
    "EnvironmentVariables",
    "Metadata",
    "Policies",
    "Policy",
    "PolicyDocument",
    "SecurityGroupIds",
    "SecurityGroups",
    "StageVariables",
    "TagList",
    "Tags",
    "UserData",
    "VpcSecurityGroupIds",
    "availability_zone",
    "connection",
    "container_definitions",
    "depends_on",
    "description",
    "environment",
    "environment_variables",
    "labels",
    "lifecycle",
    "metadata",
    "policy",
    "policy_document",
    "provisioner",
    "security_group_ids",
    "security_groups",
    "stage_variables",
    "tags",
    "tags_all",
    "user_data",
    "user_data_base64",
    "variables",
    "vpc_security_group_ids",
    "zone",
];

/// All resources and edges.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// What the stacks are called: a template by its file, a Terraform configuration by its folder.
    pub stacks: Vec<Arc<str>>,
    /// By path and order of writing.
    pub resources: Vec<Resource>,
    /// By their ends and place.
    pub edges: Vec<Edge>,
}

/// One resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its stack: an index into [`Graph::stacks`].
    pub stack: usize,
    /// Logical id, or full Terraform address.
    pub address: String,
    pub kind: String,
    /// What it is to a decision.
    pub role: ResourceRole,
    /// Why it is plumbing, although its type is a hosting choice elsewhere.
    pub why: Option<String>,
    /// What is written in it and says more than its rung, in order.
    pub signs: Vec<Sign>,
    /// What is written in it and speaks for or against moving it, in order.
    pub circumstances: Vec<Circumstance>,
    /// Where its type stands.
    pub location: Location,
}

/// Something that is written in a resource and speaks for or against moving it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Circumstance {
    /// Which one of those that the rules know.
    pub number: usize,
    /// What they call it.
    pub name: &'static str,
    /// The value that says so, where it is one text.
    pub value: Option<String>,
    /// Where it is written.
    pub location: Location,
}

/// What a resource is to a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceRole {
    /// It is one.
    Decision { ladder: LadderName, rung: Rung },
    /// It only serves one: an index into [`Graph::resources`]. Of several, the first; edges name them all.
    Member {
        /// The decision.
        of: usize,
    },
    /// No hosting choice.
    Plumbing,
    /// A type that the catalogue does not know.
    Unknown,
}

impl ResourceRole {
    /// The ladder of a decision.
    #[must_use]
    pub fn ladder(&self) -> Option<&str> {
        match self {
            Self::Decision { ladder, .. } => Some(ladder.as_str()),
            Self::Member { .. } | Self::Plumbing | Self::Unknown => None,
        }
    }
}

/// A reference, or a membership.
#[derive(Clone, Debug)]
pub struct Edge {
    /// An index into [`Graph::resources`].
    pub from: usize,
    /// An index into [`Graph::resources`].
    pub to: usize,
    pub means: Means,
    /// The property that made it; none where a member belongs without any reference.
    pub property: Option<String>,
    /// Whether the property is that of `to`: a member may be named by its decision.
    pub written_by_target: bool,
    /// Where it is written.
    pub location: Location,
}

/// What an edge means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Means {
    /// `from` is a member of the decision `to`.
    Belongs,
    /// A property of `from` holds `to`.
    Uses,
    /// `from` only names `to`.
    Names,
}

impl Means {
    /// `belongs`, `uses` or `names`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Belongs => "belongs",
            Self::Uses => "uses",
            Self::Names => "names",
        }
    }
}

/// A place that needs no text any more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// First place.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

/// A resource whose ARN stands written out in another.
pub struct NamedByArn {
    pub from: usize,
    pub to: usize,
    pub path: PropertyPath,
    pub place: Place,
}

/// What the owned graph is told about a stack that no reference says.
pub struct StackFacts<'f> {
    /// What the stack of each unit is called.
    pub names: Vec<Arc<str>>,
    pub parts: Vec<ResourceRole>,
    /// Why some are plumbing although their types are hosting choices elsewhere.
    pub why: HashMap<usize, String>,
    /// Each member with its decision.
    pub belongs: Vec<(usize, usize)>,
    /// Who writes down whose ARN.
    pub by_arn: Vec<NamedByArn>,
    /// What is written in a resource and says more than its rung.
    pub signs: &'f dyn Fn(usize) -> Vec<Sign>,
    /// What is written in a resource and speaks for or against moving it.
    pub circumstances: &'f dyn Fn(usize) -> Vec<Circumstance>,
    /// Whether a rule is about a reference between two resources by this path.
    pub is_meant: &'f dyn Fn(usize, usize, &PropertyPath) -> bool,
    /// The place of a resource, or one in its block.
    pub locate: &'f dyn Fn(usize, Place) -> Location,
}

impl StackGraph<'_, '_> {
    /// All that is known of the stack, owned: plumbing too, and every reference with its path and place.
    #[must_use]
    pub fn to_owned_graph(&self, mut facts: StackFacts<'_>) -> Graph {
        let template = self.template();
        template.followed.begin();
        let all: Vec<Vec<Occurrence>> = (0..template.resources.len())
            .map(|at| occurrences(template, at))
            .collect();
        let mut edges = Vec::new();
        // For each pair, its best reference: the first of those that mean most.
        let mut best: HashMap<(usize, usize), (bool, Means, &Occurrence)> = HashMap::new();
        for (from, occurrences) in all.iter().enumerate() {
            for one in occurrences {
                let is_meant = !one.mere && (facts.is_meant)(from, one.to, &one.path);
                let means = if is_meant || !(one.mere || only_names(&one.path)) {
                    Means::Uses
                } else {
                    Means::Names
                };
                edges.push(Edge {
                    from,
                    to: one.to,
                    means,
                    property: Some(one.path.to_string()),
                    written_by_target: false,
                    location: (facts.locate)(from, one.place),
                });
                let better = (!is_meant, means);
                let known = best
                    .entry((from, one.to))
                    .or_insert((!is_meant, means, one));
                if better < (known.0, known.1) {
                    *known = (!is_meant, means, one);
                }
            }
        }
        let known: HashSet<(usize, usize)> = best.keys().copied().collect();
        let by_arn = std::mem::take(&mut facts.by_arn);
        let by_arn = by_arn
            .into_iter()
            .filter(|one| !known.contains(&(one.from, one.to)));
        edges.extend(by_arn.map(|one| Edge {
            from: one.from,
            to: one.to,
            means: Means::Names,
            property: Some(one.path.to_string()),
            written_by_target: false,
            location: (facts.locate)(one.from, one.place),
        }));
        let mut members: HashMap<usize, Vec<usize>> = HashMap::new();
        for (member, decision) in &facts.belongs {
            members.entry(*decision).or_default().push(*member);
        }
        let belongs: HashSet<(usize, usize)> = facts.belongs.iter().copied().collect();
        let mut beside: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
        for edge in &edges {
            beside[edge.from].push(edge.to);
            beside[edge.to].push(edge.from);
        }
        for &(member, decision) in &facts.belongs {
            let between = |other: usize| {
                let out = best.get(&(member, other)).map(|found| (found, member));
                let into = best.get(&(other, member)).map(|found| (found, other));
                out.into_iter().chain(into)
            };
            // By itself, else by way of another member.
            let direct = between(decision).min_by_key(|((meant, means, _), _)| (*meant, *means));
            let found = direct.or_else(|| {
                // The shorter list, so that a hub costs no more than what it holds together.
                let (members, beside) = (&members[&decision], &beside[member]);
                let others = if members.len() < beside.len() {
                    members
                } else {
                    beside
                };
                let others = others
                    .iter()
                    .filter(|other| belongs.contains(&(**other, decision)));
                others.flat_map(|other| between(*other)).next()
            });
            edges.push(match found {
                Some(((.., one), holder)) => Edge {
                    from: member,
                    to: decision,
                    means: Means::Belongs,
                    property: Some(one.path.to_string()),
                    written_by_target: holder != member,
                    location: (facts.locate)(holder, one.place),
                },
                None => Edge {
                    from: member,
                    to: decision,
                    means: Means::Belongs,
                    property: None,
                    written_by_target: false,
                    location: (facts.locate)(member, template.resources[member].type_place),
                },
            });
        }
        edges.extend(self.named_edges(&edges, &belongs, facts.locate));
        // Instances of one module are one stack.
        let mut stacks: Vec<Arc<str>> = Vec::new();
        let mut numbers: HashMap<Arc<str>, usize> = HashMap::new();
        let names = facts.names.into_iter();
        let stack_of: Vec<usize> = names
            .map(|name| {
                *numbers.entry(Arc::clone(&name)).or_insert_with(|| {
                    stacks.push(name);
                    stacks.len() - 1
                })
            })
            .collect();
        let resources = template.resources.iter().zip(facts.parts).enumerate();
        let resources = resources.map(|(at, (resource, role))| Resource {
            stack: stack_of[unit(&template.resources[at].scope)],
            address: resource.address.clone(),
            kind: resource.kind.clone().into_owned(),
            role,
            why: facts.why.remove(&at),
            signs: (facts.signs)(at),
            circumstances: (facts.circumstances)(at),
            location: (facts.locate)(at, resource.type_place),
        });
        Graph {
            stacks,
            resources: resources.collect(),
            edges,
        }
    }

    /// What a name joins as a reference would, where no reference does.
    fn named_edges(
        &self,
        known: &[Edge],
        belongs: &HashSet<(usize, usize)>,
        locate: &dyn Fn(usize, Place) -> Location,
    ) -> Vec<Edge> {
        let mut named: Vec<Reference<'_>> = self.names.keys().copied().collect();
        if named.is_empty() {
            return Vec::new();
        }
        named.sort_unstable();
        let joined: HashSet<(usize, usize)> = known.iter().map(|one| (one.from, one.to)).collect();
        named.dedup_by_key(|one| (one.from, one.to));
        let is_told = |one: &Reference<'_>| {
            let (there, back) = ((one.from, one.to), (one.to, one.from));
            joined.contains(&there) || belongs.contains(&there) || belongs.contains(&back)
        };
        let resources = &self.template().resources;
        let edges = named.into_iter().filter(|one| !is_told(one));
        edges
            .map(|one| Edge {
                from: one.from,
                to: one.to,
                means: Means::Uses,
                property: Some(one.property.to_owned()),
                written_by_target: false,
                location: locate(one.from, resources[one.from].type_place),
            })
            .collect()
    }
}

fn only_names(path: &PropertyPath) -> bool {
    path.keys().any(|key| NAMING.binary_search(&key).is_ok())
}

impl Graph {
    /// Takes in another graph.
    pub fn append(&mut self, other: Self) {
        let (stacks, resources) = (self.stacks.len(), self.resources.len());
        self.stacks.extend(other.stacks);
        self.resources
            .extend(other.resources.into_iter().map(|mut resource| {
                resource.stack += stacks;
                if let ResourceRole::Member { of } = &mut resource.role {
                    *of += resources;
                }
                resource
            }));
        self.edges.extend(other.edges.into_iter().map(|mut edge| {
            edge.from += resources;
            edge.to += resources;
            edge
        }));
    }

    /// Puts everything in order, whatever the order of reading.
    pub fn sort(&mut self) {
        let mut order: Vec<usize> = (0..self.resources.len()).collect();
        order.sort_by(|a, b| {
            let path = |at: &usize| &self.resources[*at].location.path;
            path(a).cmp(path(b))
        });
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        for resource in &mut self.resources {
            if let ResourceRole::Member { of } = &mut resource.role {
                *of = place[*of];
            }
        }
        self.resources
            .sort_by(|a, b| a.location.path.cmp(&b.location.path));
        for edge in &mut self.edges {
            edge.from = place[edge.from];
            edge.to = place[edge.to];
        }
        self.edges.sort_by(|a, b| {
            let key = |edge: &Edge| (edge.from, edge.to, edge.means);
            let rest = (&a.location, &a.property).cmp(&(&b.location, &b.property));
            key(a).cmp(&key(b)).then(rest)
        });
    }

    /// A name for each resource that no other has: `infra/shop.yaml#Web`. Where a file holds two stacks that use the same
    /// address, a number follows the second.
    #[must_use]
    pub fn ids(&self) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let ids = self.resources.iter().map(|resource| {
            let plain = format!("{}#{}", resource.location.path, resource.address);
            let mut id = plain.clone();
            // One that looks as if it had a number may be there already.
            while let Some(number) = seen.get_mut(&id) {
                *number += 1;
                id = format!("{plain}:{number}");
            }
            seen.insert(id.clone(), 1);
            id
        });
        ids.collect()
    }

    /// The decision that a resource is or belongs to.
    #[must_use]
    pub fn decision<'g>(&'g self, resource: &'g Resource) -> Option<&'g Resource> {
        match resource.role {
            ResourceRole::Decision { .. } => Some(resource),
            ResourceRole::Member { of } => self.resources.get(of),
            ResourceRole::Plumbing | ResourceRole::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn naming_keys_are_found() {
        assert!(NAMING.is_sorted());
    }
}
