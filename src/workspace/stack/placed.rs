//! Templates are placed: their decisions, and what else there is to say of them.

use std::collections::HashSet;
use std::sync::Arc;

use super::liabilities::{Burdens, OwnedBy};
use super::verdict::Standings;
use super::{Judged, circumstances};
use crate::analysis::{UnreadItem, UnreadKind, local_calls};
use crate::base::Sign;
use crate::base::finding::Related;
use crate::base::source::Source;
use crate::blocks::{Dialect, Note, Noted, Place, Scope, Template, unit};
use crate::eval::{Resolver, Value};
use crate::graph::{Location, StackFacts, StackGraph};
use crate::placement::classify::{self, Machine, Placed, Placement};
use crate::placement::{Catalogue, DeploymentHelper, arns, joins};
use crate::reasons::Verdicts;
use crate::reasons::unused::Standing;
use crate::rulebook::{Entry, landscape};
use crate::workspace::deployments::{self, Merged, Variant};
use crate::workspace::input_texts::ReadFor;
use crate::workspace::{Options, notes};

impl Judged {
    pub(in crate::workspace) fn template(
        &mut self,
        variants: &[Variant<'_, '_>],
        sources: &[Arc<Source>],
        read_for: &dyn Fn(usize) -> ReadFor,
        options: &Options,
    ) {
        let catalogue = &options.config.catalogue;
        let mut verdicts = Verdicts::default();
        // Only a reason is asked what became of what it speaks of.
        let has_reasons = variants
            .iter()
            .any(|variant| variant.template.has_reasons());
        let mut standings = Standings::new();
        let mut all = Vec::new();
        let mut helpers: HashSet<usize> = HashSet::new();
        for (number, Variant { set, template }) in variants.iter().enumerate() {
            let notes = template.notes.iter();
            for note in notes.filter(|note| read_for(note.place.file).is_reported()) {
                // Most are the same under all values.
                let is_known = variants[..number]
                    .iter()
                    .any(|before| before.template.notes.contains(note));
                if !is_known {
                    self.findings.push(notes::finding(note, sources));
                }
            }
            let entries = joins::entries(template, catalogue);
            let graph = joins::graph(template, &entries, catalogue);
            let Placed {
                decisions: placements,
                machinery,
            } = classify::place(&graph, catalogue, options.strict);
            if number == 0 {
                self.terraform |= template.dialect != Dialect::CloudFormation;
                self.unknown(template, &entries, read_for);
                self.calls(template, sources, read_for);
                self.beyond(template, &entries, catalogue, sources, read_for);
                if options.graph && !template.resources.is_empty() {
                    let locate = |_: usize, place: Place| location(place, sources);
                    let names = template.units.iter();
                    let names = names.map(|unit| stack_name(template, unit.file, sources));
                    let names = names.collect();
                    self.draw(&graph, &placements, &machinery, catalogue, names, &locate);
                }
                if let Some(from) = template.followed.first_cut() {
                    let note = Note {
                        what: Noted::Unfollowed,
                        place: template.resources[from].type_place,
                        other: None,
                    };
                    self.findings.push(notes::finding(&note, sources));
                }
            }
            if number == 0 {
                helpers = machinery.iter().map(|machine| machine.resource).collect();
            }
            for machine in machinery {
                let home = template.resources[machine.resource].type_place;
                if has_reasons {
                    let why = machine.why.clone().into_owned();
                    let standing = (Standing::Machinery(why), machine.resource);
                    standings.insert((number, machine.resource), standing);
                }
                if number == 0 && read_for(home.file).is_reported() {
                    self.machinery.push(owned(template, &machine, sources));
                }
            }
            if !options.config.deployments.is_empty() {
                self.deployments.extend(set.name.clone());
                self.taken.extend(set.taken(template));
                let names = template.parameters.iter();
                self.parameters
                    .extend(names.map(|parameter| parameter.name.clone().into_owned()));
                self.findings.extend(set.misfits(template, sources));
            }
            for placement in placements.iter().filter(|_| has_reasons) {
                let primary = &template.resources[placement.resource].address;
                for member in &placement.members {
                    let standing = Standing::Member(primary.clone());
                    let standing = (standing, placement.resource);
                    standings.entry((number, *member)).or_insert(standing);
                }
                let standing = (Standing::Fine(placement.rung), placement.resource);
                standings.insert((number, placement.resource), standing);
            }
            all.push(placements);
        }
        let mut owned = variants.first().map(|first| {
            let template = &first.template;
            let is_meant = |at: usize| {
                let home = template.resources[at].type_place;
                !helpers.contains(&at) && read_for(home.file).is_reported()
            };
            OwnedBy::new(Burdens::of(template, sources, &is_meant))
        });
        for Merged {
            variant,
            mut placement,
        } in deployments::merge(variants, all)
        {
            let template = &variants[variant].template;
            let home = template.resources[placement.resource].type_place;
            if !read_for(home.file).is_reported() {
                self.unreported(template, &placement, sources, options, &mut verdicts);
                continue;
            }
            if placement.place.file != home.file {
                placement.place = home;
                placement.decided_by = None;
            }
            if let Some(owned) = &mut owned {
                owned.add(template, &placement, sources, self.decisions.len());
            }
            let related = relate(placement.related.drain(..), sources);
            let source = &sources[home.file];
            let span = source.one_line(placement.place.span);
            let syntax = template.documents[home.file].syntax();
            self.verdict(
                template,
                placement,
                source,
                span,
                related,
                sources,
                syntax,
                None,
                options,
                &mut verdicts,
            );
        }
        if let (Some(owned), Some(first)) = (owned, variants.first()) {
            let found = owned.close(&first.template, sources, &|at| {
                let template = &first.template;
                let scope = &template.resources[at].scope;
                let own = || stack_name(template, template.unit(scope).file, sources);
                root(template, scope, sources).unwrap_or_else(own)
            });
            self.liabilities.extend(found);
        }
        self.reasons(
            variants,
            catalogue,
            sources,
            read_for,
            &standings,
            &mut verdicts,
        );
        self.ledger.merge(verdicts);
    }

    /// Counts the types that the catalogue does not know.
    pub(super) fn unknown(
        &mut self,
        template: &Template<'_>,
        entries: &[Option<Entry>],
        read_for: &dyn Fn(usize) -> ReadFor,
    ) {
        for (resource, entry) in template.resources.iter().zip(entries) {
            if entry.is_none()
                && read_for(resource.type_place.file).is_reported()
                && Catalogue::ought_to_know(&resource.kind)
            {
                *self
                    .unknown_types
                    .entry(resource.kind.clone().into_owned())
                    .or_default() += 1;
            }
        }
    }

    /// Says which calls of modules, and which nested stacks, are not read.
    pub(super) fn calls(
        &mut self,
        template: &Template<'_>,
        sources: &[Arc<Source>],
        read_for: &dyn Fn(usize) -> ReadFor,
    ) {
        let calls = template.unknown_calls.iter();
        for call in calls.filter(|call| read_for(call.place.file).is_reported()) {
            let source = &sources[call.place.file];
            let line = source.position(call.place.span.start).line;
            let mut item = UnreadItem::at(&**source.name())
                .on_line(line)
                .address(&*call.address);
            if !call.source.is_empty() {
                item = item.called(&*call.source);
            }
            if template.dialect == Dialect::CloudFormation {
                self.unread.add(UnreadKind::NestedStack, item);
                continue;
            }
            match local_calls::folder(source.name(), &call.source) {
                Some(folder) if !call.is_fetched => self.local_calls.push((folder, item)),
                _ => self.unread.add(UnreadKind::ModuleCall, item),
            }
        }
    }

    /// Keeps the graph of a stack.
    pub(super) fn draw(
        &mut self,
        graph: &StackGraph<'_, '_>,
        placements: &[Placement],
        machinery: &[Machine],
        catalogue: &Catalogue,
        names: Vec<Arc<str>>,
        locate: &dyn Fn(usize, Place) -> Location,
    ) {
        let (parts, belongs) = joins::parts(graph, catalogue, placements);
        let owned = graph.to_owned_graph(StackFacts {
            names,
            parts,
            why: machinery
                .iter()
                .map(|machine| (machine.resource, deployment(&machine.why)))
                .collect(),
            belongs,
            by_arn: arns::named_by_arn(graph.template()),
            signs: &|at| signs(graph.template(), at),
            circumstances: &|at| circumstances::of(graph.template(), at, locate),
            is_meant: &|from, to, path| joins::is_meant(graph, catalogue, from, to, path),
            locate,
        });
        self.graph.get_or_insert_default().append(owned);
    }
}

/// What is written in a block and says more than its rung.
fn signs(template: &Template<'_>, at: usize) -> Vec<Sign> {
    let resource = &template.resources[at];
    let resolver = Resolver::new(template);
    let holds = |written: &&landscape::SignPath| {
        let property = written.property();
        if written.kind.is_some_and(|kind| kind != resource.kind) {
            return false;
        }
        if !resource
            .properties
            .iter()
            .any(|entry| entry.key == property)
        {
            return false;
        }
        resolver.refuel();
        let found = resolver.at_path(resource, &written.steps());
        found
            .iter()
            .any(|found| match (written.value, &found.value) {
                (None, value) => !matches!(value, Value::Absent),
                (Some(wanted), Value::Text(text)) => text.eq_ignore_ascii_case(wanted),
                (Some(_), _) => false,
            })
    };
    let all = landscape::written().iter().filter(holds);
    let mut signs: Vec<Sign> = all.map(|written| written.sign).collect();
    signs.sort_unstable();
    signs.dedup();
    signs
}

pub(super) fn owned(
    template: &Template<'_>,
    machine: &Machine,
    sources: &[Arc<Source>],
) -> DeploymentHelper {
    let resource = &template.resources[machine.resource];
    DeploymentHelper {
        path: Arc::clone(sources[resource.type_place.file].name()),
        address: resource.address.clone(),
        construct: resource.construct(template.dialect).map(|one| one.path),
        kind: resource.kind.clone().into_owned(),
        why: machine.why.clone().into_owned(),
    }
}

fn deployment(why: &str) -> String {
    format!("deployment machinery: {why}")
}

pub(super) fn location(place: Place, sources: &[Arc<Source>]) -> Location {
    let source = &sources[place.file];
    let span = source.one_line(place.span);
    Location {
        path: Arc::clone(source.name()),
        start: source.position(span.start),
        end: source.position(span.end),
    }
}

/// What else decided, each with its line.
pub(super) fn relate(
    all: impl Iterator<Item = (Place, String)>,
    sources: &[Arc<Source>],
) -> Vec<Related> {
    let related = all.map(|(Place { file, span }, message)| Related {
        source: Arc::clone(&sources[file]),
        span: sources[file].one_line(span),
        message,
    });
    related.collect()
}

/// The folder of the root module that calls the one in which something stands; nothing for what stands in a root.
pub(super) fn root<'t>(
    template: &Template<'t>,
    scope: &Scope<'t>,
    sources: &[Arc<Source>],
) -> Option<Arc<str>> {
    let root = template.root_unit(scope);
    let is_called = root != unit(scope);
    is_called.then(|| stack_name(template, template.units[root].file, sources))
}

/// A template is called as its file, a Terraform configuration as its folder.
fn stack_name(template: &Template<'_>, file: usize, sources: &[Arc<Source>]) -> Arc<str> {
    let Some(first) = sources.get(file) else {
        return "".into();
    };
    match (template.dialect, first.name().rsplit_once('/')) {
        (Dialect::CloudFormation, _) => Arc::clone(first.name()),
        (_, Some((folder, _))) => folder.into(),
        (_, None) => ".".into(),
    }
}
