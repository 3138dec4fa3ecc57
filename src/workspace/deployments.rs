//! One stack under the values of each deployment: judged once for each, and put together to one decision for each resource.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::Options;
use crate::analysis::Taken;
use crate::base::finding::{Finding, Related, Severity};
use crate::base::source::Source;
use crate::base::{Code, ConfigCode, Given};
use crate::blocks::{Dialect, Template};
use crate::config::{Config, Deployment};
use crate::placement::classify::Placement;
use crate::placement::{Deployed, Reach, Rung};

/// The values of one deployment for one stack.
pub struct Set<'o> {
    /// Which of the configuration's.
    at: usize,
    pub name: Option<Arc<str>>,
    /// Which of the deployment's values they are, and the values.
    given: Vec<(usize, &'o Given)>,
    is_terraform: bool,
}

impl<'o> Set<'o> {
    /// The sets that hold for a stack, by any of its files; where none does, one that gives nothing.
    pub fn of(options: &'o Options, paths: &[&str], dialect: Dialect) -> Vec<Self> {
        let is_terraform = dialect != Dialect::CloudFormation;
        let all = options.config.deployments.iter().enumerate();
        let mut sets: Vec<Self> = all
            .filter(|(_, deployment)| paths.iter().any(|path| deployment.holds(path)))
            .map(|(at, deployment)| {
                let values = if is_terraform {
                    &deployment.variables
                } else {
                    &deployment.parameters
                };
                let given = values.iter().enumerate();
                Self {
                    at,
                    name: deployment.name.clone(),
                    given: given
                        .filter(|(_, given)| {
                            paths.iter().any(|path| Deployment::is_for(given, path))
                        })
                        .collect(),
                    is_terraform,
                }
            })
            .collect();
        if sets.is_empty() {
            sets.push(Self {
                at: 0,
                name: None,
                given: Vec::new(),
                is_terraform,
            });
        }
        sets
    }

    /// Whether one of the values is meant for a file.
    pub fn gives(&self, options: &Options, path: &str, given: &Given) -> bool {
        let deployment = options.config.deployments.get(self.at);
        deployment.is_some_and(|deployment| deployment.holds(path))
            && Deployment::is_for(given, path)
    }

    /// What is given.
    pub fn values(&self) -> Vec<&'o Given> {
        self.given.iter().map(|(_, given)| *given).collect()
    }

    /// Which of the values a template has a parameter for.
    pub fn taken<'s>(&'s self, template: &'s Template<'_>) -> impl Iterator<Item = Taken> + 's {
        let given = self.given.iter();
        given
            .filter(|(_, given)| parameter_of(template, given).is_some())
            .map(|(number, _)| Taken {
                deployment: self.at,
                is_variable: self.is_terraform,
                number: *number,
            })
    }

    /// What a template does not take.
    pub fn misfits(&self, template: &Template<'_>, sources: &[Arc<Source>]) -> Vec<Finding> {
        let misfits = template.misfits.iter();
        let findings = misfits.filter_map(|misfit| {
            let (_, given) = self.given.get(misfit.at)?;
            let mut finding = about(given, Severity::Error, misfit.message.clone());
            let at = parameter_of(template, given)?;
            let place = template.parameters[at].place;
            let source = sources.get(place.file)?;
            finding.related.push(Related {
                source: Arc::clone(source),
                span: source.one_line(place.span),
                message: format!("the parameter `{}`", given.name),
            });
            Some(finding)
        });
        findings.collect()
    }
}

/// The first parameter of the name of a value.
fn parameter_of(template: &Template<'_>, given: &Given) -> Option<usize> {
    let mut units = template.units.iter();
    units.find_map(|unit| template.parameter(&unit.scope, &given.name))
}

/// One stack under one set of values.
pub struct Variant<'t, 'o> {
    pub set: Set<'o>,
    pub template: Template<'t>,
}

impl<'t, 'o> Variant<'t, 'o> {
    /// One for each set that holds for a stack, as `read` makes it of what is given.
    pub fn of(
        options: &'o Options,
        paths: &[&str],
        dialect: Dialect,
        read: &dyn Fn(&[&Given]) -> Template<'t>,
    ) -> Vec<Self> {
        let sets = Set::of(options, paths, dialect).into_iter();
        let variants = sets.map(|set| Self {
            template: read(&set.values()),
            set,
        });
        variants.collect()
    }
}

/// A placement, and the variant of its stack that it is one of.
pub struct Merged {
    pub variant: usize,
    pub placement: Placement,
}

/// One decision for each resource: of those of all variants the one on the worst rung, which knows where the others put it.
pub fn merge(variants: &[Variant<'_, '_>], placements: Vec<Vec<Placement>>) -> Vec<Merged> {
    let numbered = |(variant, placements): (usize, Vec<Placement>)| {
        placements
            .into_iter()
            .map(move |placement| Merged { variant, placement })
    };
    let all = placements.into_iter().enumerate().flat_map(numbered);
    if variants.len() == 1 {
        return all.collect();
    }
    let mut groups: Vec<Vec<Merged>> = Vec::new();
    let mut known: HashMap<(String, usize, usize, u32), usize> = HashMap::new();
    for one in all {
        let template = &variants[one.variant].template;
        let resource = &template.resources[one.placement.resource];
        let place = resource.type_place;
        // Two roots may call one module by the same name.
        let root = template.units[template.root_unit(&resource.scope)].file;
        let key = (resource.address.clone(), root, place.file, place.span.start);
        let at = *known.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push(one);
    }
    let mut merged: Vec<Merged> = groups
        .into_iter()
        .filter_map(|group| worst(variants, group))
        .collect();
    merged.sort_by_key(|one| {
        let resource = &variants[one.variant].template.resources[one.placement.resource];
        (resource.type_place.file, resource.type_place.span.start)
    });
    merged
}

/// What reaches a rung, and in which deployments.
type Reaching = (String, Vec<Arc<str>>);

/// Of the placements of one resource, the one on the worst rung.
fn worst(variants: &[Variant<'_, '_>], group: Vec<Merged>) -> Option<Merged> {
    let name = |variant: usize| variants[variant].set.name.clone();
    let is_left_out = group.iter().all(|one| one.placement.is_left_out);
    let counts = |one: &&Merged| is_left_out || !one.placement.is_left_out;
    let deployments = (0..variants.len()).filter_map(|variant| {
        let mut here = group.iter().filter(|one| !one.placement.is_left_out);
        let here = here.find(|one| one.variant == variant);
        Some(Deployed {
            name: name(variant)?,
            rung: here.map(|one| one.placement.rung),
        })
    });
    let deployments: Vec<Deployed> = deployments.collect();
    let rung = group
        .iter()
        .filter(counts)
        .map(|one| one.placement.rung)
        .max()?;
    let mut reaches: BTreeMap<Rung, Vec<Reaching>> = BTreeMap::new();
    for one in group.iter().filter(counts) {
        for reach in &one.placement.reachable {
            let ways = reaches.entry(reach.rung).or_default();
            let known = ways.iter_mut().find(|(when, _)| *when == reach.when);
            match known {
                Some((_, names)) => names.extend(name(one.variant)),
                None => ways.push((reach.when.clone(), name(one.variant).into_iter().collect())),
            }
        }
    }
    let counted = group.iter().filter(counts).count();
    let standing = |rung: Rung| {
        let there = deployments.iter().filter(|one| one.rung == Some(rung));
        there.map(|one| Arc::clone(&one.name)).collect::<Vec<_>>()
    };
    let reachable = Rung::ALL.into_iter().filter(|other| *other != rung);
    let reachable = reachable.filter_map(|rung| {
        let deployments = standing(rung);
        let ways = reaches.remove(&rung).unwrap_or_default();
        let ways = ways.into_iter().map(|(when, names)| {
            if names.len() == counted {
                when
            } else {
                format!("{when} in {}", names.join(" and "))
            }
        });
        let when = ways.collect::<Vec<_>>().join(" or ");
        (!when.is_empty() || !deployments.is_empty()).then_some(Reach {
            rung,
            when,
            deployments,
        })
    });
    let reachable: Vec<Reach> = reachable.collect();
    let is_conditional = group.iter().any(|one| one.placement.conditional);
    let is_given = group.iter().any(|one| one.placement.is_given);
    let mut worst = group
        .into_iter()
        .find(|one| one.placement.rung == rung && (is_left_out || !one.placement.is_left_out))?;
    let placement = &mut worst.placement;
    placement.reachable = reachable;
    placement.conditional = is_conditional || deployments.iter().any(|one| one.rung.is_none());
    placement.deployments = deployments;
    placement.is_given = is_given;
    placement.is_left_out = is_left_out;
    Some(worst)
}

/// What was given and no template of the run has a parameter for.
pub fn unmatched(
    config: &Config,
    taken: &BTreeSet<Taken>,
    parameters: &BTreeSet<String>,
    read: &[String],
    is_whole: &dyn Fn(&Deployment) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, deployment) in config.deployments.iter().enumerate() {
        let is_of_command_line = deployment.name.is_none();
        // Part of a run says nothing of what the configuration gives to all.
        if !is_of_command_line && !is_whole(deployment) {
            continue;
        }
        let both = [
            (&deployment.parameters, false),
            (&deployment.variables, true),
        ];
        for (values, is_variable) in both {
            let mut told = BTreeSet::new();
            let is_taken = |number: usize| {
                taken.contains(&Taken {
                    deployment: at,
                    is_variable,
                    number,
                })
            };
            let known = values.iter().enumerate();
            let known: BTreeSet<&str> = known
                .filter(|(number, _)| is_taken(*number))
                .map(|(_, given)| given.name.as_str())
                .collect();
            for given in values {
                let is_for = |path: &String| Deployment::is_for(given, path);
                let is_elsewhere = given.template.is_some() && !read.iter().any(is_for);
                let is_known = known.contains(given.name.as_str());
                if is_known || is_elsewhere || !told.insert(given.name.as_str()) {
                    continue;
                }
                let kind = if is_variable { "variable" } else { "parameter" };
                let name = &given.name;
                let message = match &deployment.name {
                    None => format!("no template of this run has a {kind} `{name}`"),
                    Some(set) => {
                        format!("{set} gives `{name}`, but no template has a {kind} of that name")
                    }
                };
                let severity = if **given.source.name() == *Given::COMMAND_LINE {
                    Severity::Error
                } else {
                    Severity::Warning
                };
                let mut finding = about(given, severity, message);
                let near = parameters
                    .iter()
                    .map(|known| (strsim::damerau_levenshtein(known, name), known));
                let near = near.min().filter(|(distance, _)| *distance <= 2);
                if let Some((_, near)) = near {
                    finding.label = format!("did you mean `{near}`?");
                }
                findings.push(finding);
            }
        }
    }
    findings
}

fn about(given: &Given, severity: Severity, message: String) -> Finding {
    let code = Code::Config(ConfigCode::Deployment);
    let source = Arc::clone(&given.source);
    Finding::new(code, severity, message, source, given.span)
}
