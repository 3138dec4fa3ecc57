//! One stack from its file to its decisions and findings: each stage one line, in order.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use super::Options;
pub use crate::analysis::Judged;
use crate::analysis::{UnreadItem, UnreadKind, local_calls};
use crate::base::finding::{Problem, Related};
use crate::base::source::{Source, Span};
use crate::base::{Generator, SourceCode};
use crate::blocks::plan::{Keep, Kept, PlanError};
use crate::blocks::{Dialect, Node, Place, Template, cloudformation, plan, terraform};
use crate::graph::{Location, StackFacts, StackGraph};
use crate::placement::classify::{self, Machine, Placed, Placement};
use crate::placement::fact_values::{self, Fact};
use crate::placement::{Catalogue, Decision, DeploymentHelper, Signature};
use crate::placement::{hidden, joins};
use crate::reasons::unused::{self, Standing};
use crate::reasons::{self, Law, RecordId, Verdicts, message};
use crate::rulebook::Entry;
use crate::stack;
use crate::syntax::{self, Document, ParseError};
use crate::workspace::deployments::{self, Merged, Variant};
use crate::workspace::discover::{self, Content, Input, ModuleRole, Plan};
use crate::workspace::input_texts::{ModuleText, Texts, name};
use crate::workspace::module_trees::ModuleTrees;
use crate::workspace::notes;

/// Judges a text that stands in no file: an editor's buffer, a rule's example.
#[must_use]
pub fn judge_text(name: &str, text: &str, options: &Options) -> Judged {
    guarded(name, |judged| {
        let content = discover::sort(text.as_bytes().to_vec(), name, true)?;
        judged.content(content, name, true, options)
    })
}

/// Reads and judges one input. Never panics: what goes wrong inside is a problem of that input alone.
#[must_use]
pub fn judge(input: &Input, options: &Options) -> Judged {
    let host = &*options.host;
    guarded(&name(input, host), |judged| {
        Texts::read(input, host)?.judge(judged, options)
    })
}

/// The same, unless the input's texts are those that were judged before. With the digest of the texts, where they have one.
#[must_use]
pub(super) fn judge_changed(
    input: &Input,
    options: &Options,
    before: Option<u64>,
) -> Option<(Judged, Option<u64>)> {
    let host = &*options.host;
    let mut digest = None;
    let judged = guarded(&name(input, host), |judged| {
        let texts = Texts::read(input, host)?;
        digest = texts.digest();
        if digest.is_some() && digest == before {
            return Ok(());
        }
        texts.judge(judged, options)
    });
    (digest.is_none() || digest != before).then_some((judged, digest))
}

pub(super) fn guarded(name: &str, work: impl FnOnce(&mut Judged) -> Result<(), Problem>) -> Judged {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let mut judged = Judged::default();
        let result = work(&mut judged);
        judged.problems.extend(result.err());
        judged
    }));
    judged.unwrap_or_else(|_| Judged {
        problems: vec![Problem::Unreadable {
            path: name.to_owned(),
            message: "a fault inside sfl: please report it with this file".to_owned(),
        }],
        ..Judged::default()
    })
}

impl Judged {
    pub(super) fn content(
        &mut self,
        content: Content,
        name: &str,
        named: bool,
        options: &Options,
    ) -> Result<(), Problem> {
        match content {
            Content::Nothing => {
                self.skip(name, named);
                Ok(())
            }
            Content::Refused(why) => {
                let item = UnreadItem::at(name).because(why);
                self.unread.add(UnreadKind::Refused, item);
                self.skip(name, named);
                Ok(())
            }
            Content::Yaml(text) => self.text(text, name, named, false, options),
            Content::Json(text) => self.text(text, name, named, true, options),
            Content::Hcl(text) => {
                let text = ModuleText {
                    is_native: true,
                    source: Arc::new(Source::new(name, text)),
                    role: ModuleRole::Configuration,
                    asked: Some(named),
                };
                self.configuration(&[text], options);
                Ok(())
            }
            Content::Plan(Plan::Bytes(bytes)) => self.plan(&*bytes, name, named, options),
            Content::Plan(Plan::Stream(bytes)) => self.plan(bytes, name, named, options),
        }
    }

    fn skip(&mut self, name: &str, named: bool) {
        self.skipped += 1;
        if named {
            self.not_templates.push(name.to_owned());
        }
    }

    fn text(
        &mut self,
        text: String,
        name: &str,
        named: bool,
        json: bool,
        options: &Options,
    ) -> Result<(), Problem> {
        let source = Arc::new(Source::new(name, text));
        let Some((document, is_whole)) = self.tree(&source, named, json, options)? else {
            return Ok(());
        };
        let sources = [Arc::clone(&source)];
        for root in document.roots() {
            let variants = if cloudformation::is_template(root) {
                Variant::of(options, &[name], Dialect::CloudFormation, &|given| {
                    stack::cloudformation(&document, root, given)
                })
            } else {
                match configuration(&document, root, name, options) {
                    Some(variants) => variants,
                    None => continue,
                }
            };
            if let Some(first) = variants.first() {
                let links = stack::cloudformation_links(&first.template, &document, root);
                self.links.append(links);
            }
            self.template(&variants, &sources, &|_| true, options);
        }
        self.end(&document, &source, named, is_whole);
        Ok(())
    }

    /// The tree of a text that may be a template, and whether it is all of it; nothing where it is none.
    pub(super) fn tree<'t>(
        &mut self,
        source: &'t Arc<Source>,
        named: bool,
        json: bool,
        options: &Options,
    ) -> Result<Option<(Document<'t>, bool)>, Problem> {
        let (name, text) = (&**source.name(), source.text());
        let parsed = if json {
            // What begins with a brace may be YAML in flow style; the fault of the JSON is the one to show.
            syntax::json(text).or_else(|error| match syntax::yaml(text) {
                Ok(document) if !name.ends_with(".json") => Ok(document),
                _ => Err((SourceCode::Json, error)),
            })
        } else {
            syntax::yaml(text).map_err(|error| (SourceCode::Yaml, error))
        };
        let (code, error) = match parsed {
            Ok(document) => return Ok(Some((document, true))),
            Err(error) => error,
        };
        let ending = Path::new(name)
            .extension()
            .and_then(|ending| ending.to_str());
        let meant = matches!(ending, Some("yaml" | "yml" | "json" | "template"));
        if !discover::is_clearly_template(text.as_bytes())
            && !(named && (meant || name == "<stdin>"))
        {
            self.skip(name, named);
            return Ok(None);
        }
        if !options.readable_part {
            return Err(broken(code, error, source));
        }
        let parsed = match code {
            SourceCode::Json => syntax::read_json(text),
            _ => syntax::read_yaml(text),
        };
        Ok(Some((self.readable(code, parsed, source), false)))
    }

    /// Ends what there is to say of a file whose templates are judged.
    pub(super) fn end(
        &mut self,
        document: &Document<'_>,
        source: &Arc<Source>,
        named: bool,
        is_whole: bool,
    ) {
        let is_judged = |root: &Node<'_>| {
            cloudformation::is_template(*root) || terraform::is_configuration(*root)
        };
        let (judged, others): (Vec<_>, Vec<_>) = document.roots().partition(is_judged);
        if !judged.is_empty() {
            let others = others.into_iter().map(Node::span);
            let others = others.filter(|span| !span.is_empty());
            let others = others.map(|span| notes::document(source, span));
            self.findings.extend(others);
        }
        // A broken template was not read: what it lacks may still be there.
        match (!judged.is_empty(), is_whole) {
            (true, true) => self.read.push(source.name().to_string()),
            (false, true) => self.skip(source.name(), named),
            (_, false) => {}
        }
    }

    /// Says what is wrong with a text, and gives the tree of what can be read of it. It is one input that could not be read,
    /// however many errors it has.
    fn readable<'t>(
        &mut self,
        code: SourceCode,
        parsed: syntax::Parsed<'t>,
        source: &Arc<Source>,
    ) -> Document<'t> {
        let mut errors = parsed.errors.into_iter();
        let first = errors.next();
        self.problems
            .extend(first.map(|error| broken(code, error, source)));
        let rest = errors.map(|error| broken(code, error, source).into_finding());
        self.findings.extend(rest);
        parsed.document
    }

    pub(super) fn configuration(&mut self, texts: &[ModuleText], options: &Options) {
        let mut trees = ModuleTrees::default();
        self.module(texts, 0, &mut trees, options);
        for tree in &trees.trees {
            let calls = tree.document.roots().flat_map(terraform::local_calls);
            self.links.calls.extend(calls);
        }
        let [configuration, overrides, variables] = &trees.parts(1)[0];
        // Terraform reads a folder: where any of its files is, the whole is.
        let paths = trees.paths();
        let variants = Variant::of(options, &paths, Dialect::Terraform, &|given| {
            let files = terraform::ModuleFiles {
                configuration,
                overrides,
                variables,
                given,
            };
            stack::terraform(files, &|module| options.config.catalogue.switches(module))
        });
        let reported = |file: usize| trees.reported[file];
        self.template(&variants, &trees.sources, &reported, options);
    }

    /// Reads the files of one module; `number` tells it from others that are read with it.
    pub(super) fn module<'t>(
        &mut self,
        texts: &'t [ModuleText],
        number: usize,
        trees: &mut ModuleTrees<'t>,
        options: &Options,
    ) {
        for ModuleText {
            source,
            is_native,
            role,
            asked,
        } in texts
        {
            if *is_native {
                let parsed = syntax::hcl(source.text());
                let is_whole = parsed.errors.is_empty();
                let document = match asked {
                    Some(_) => self.readable(SourceCode::Hcl, parsed, source),
                    None => parsed.document,
                };
                if asked.is_some() && is_whole {
                    self.read.push(source.name().to_string());
                }
                trees.add(document, *role, number, source, asked.is_some());
                continue;
            }
            match syntax::json(source.text()) {
                Ok(tree) => {
                    let fits = tree.roots().any(terraform::is_configuration);
                    if let Some(named) = asked {
                        let bytes = source.text().as_bytes();
                        if !fits && plan::looks_like_plan(bytes) {
                            let result = self.plan(bytes, source.name(), *named, options);
                            self.problems.extend(result.err());
                            continue;
                        }
                        if fits {
                            self.read.push(source.name().to_string());
                        } else {
                            self.skip(source.name(), *named);
                        }
                    }
                    trees.add(tree, *role, number, source, asked.is_some());
                }
                Err(_) if asked.is_some() && options.readable_part => {
                    let parsed = syntax::read_json(source.text());
                    let tree = self.readable(SourceCode::Json, parsed, source);
                    trees.add(tree, *role, number, source, true);
                }
                Err(error) if asked.is_some() => {
                    self.problems.push(broken(SourceCode::Json, error, source));
                }
                Err(_) => {}
            }
        }
    }

    fn plan(
        &mut self,
        reader: impl Read,
        name: &str,
        named: bool,
        options: &Options,
    ) -> Result<(), Problem> {
        let catalogue = &options.config.catalogue;
        let keep = |kind: &str| match keep(catalogue, kind) {
            Keep::Plumbing | Keep::Unknown if options.graph => Keep::Wanted(&[]),
            keep => keep,
        };
        let mut kept = match plan::read(reader, &keep) {
            Ok(kept) => kept,
            Err(PlanError::NoPlan) => {
                self.skip(name, named);
                return Ok(());
            }
            Err(PlanError::Io(error)) => {
                return Err(Problem::Unreadable {
                    path: name.to_owned(),
                    message: error.to_string(),
                });
            }
            Err(PlanError::Syntax { message, position }) => {
                return Err(Problem::Broken {
                    code: SourceCode::Json,
                    message,
                    text: Arc::new(Source::excerpt(name, String::new(), position)),
                    span: Span::default(),
                });
            }
        };
        self.read.push(name.to_owned());
        for (kind, count) in &kept.unknown {
            *self.unknown_types.entry(kind.clone()).or_default() += count;
        }
        self.terraform = true;
        let shown: Arc<str> = name.into();
        let sources = std::mem::take(&mut kept.excerpts).into_iter();
        let sources = sources.map(|excerpt| {
            let source = Source::excerpt(Arc::clone(&shown), excerpt.text, excerpt.position);
            Arc::new(source)
        });
        let sources: Vec<Arc<Source>> = sources.collect();
        let mut verdicts = Verdicts::default();
        let entries = joins::entries(&kept.template, catalogue);
        hidden::complete(&mut kept, &entries, catalogue);
        let graph = joins::graph(&kept.template, &entries, catalogue);
        let Placed {
            decisions: placements,
            machinery,
        } = classify::place(&graph, catalogue, options.strict);
        if options.graph {
            self.unknown(&kept.template, &entries, &|_| true);
            let locate = |_: usize, place: Place| {
                let source = &sources[place.file];
                location(source, source.one_line(place.span))
            };
            self.draw(
                &graph,
                &placements,
                &machinery,
                catalogue,
                vec![shown],
                &locate,
            );
        }
        let all = machinery.into_iter();
        self.machinery
            .extend(all.map(|machine| owned(&kept.template, &machine, &sources)));
        for placement in placements {
            self.planned(&kept, placement, &sources, options, &mut verdicts);
        }
        self.ledger.merge(verdicts);
        Ok(())
    }

    /// A decision of a plan: each place stands in an excerpt of its own.
    fn planned(
        &mut self,
        kept: &Kept,
        mut placement: Placement,
        sources: &[Arc<Source>],
        options: &Options,
        verdicts: &mut Verdicts,
    ) {
        let variables = kept.variables(placement.resource, placement.place);
        let related = placement.related.drain(..).chain(variables);
        let related = related.map(|(Place { file, span }, message)| Related {
            source: Arc::clone(&sources[file]),
            span: sources[file].one_line(span),
            message,
        });
        let related = related.collect();
        let Place { file, span } = placement.place;
        let source = &sources[file];
        let span = source.one_line(span);
        self.verdict(
            &kept.template,
            placement,
            source,
            span,
            related,
            sources,
            syntax::Syntax::Json,
            options,
            verdicts,
        );
    }

    pub(super) fn template(
        &mut self,
        variants: &[Variant<'_, '_>],
        sources: &[Arc<Source>],
        reported: &dyn Fn(usize) -> bool,
        options: &Options,
    ) {
        let catalogue = &options.config.catalogue;
        let mut verdicts = Verdicts::default();
        // Only a reason is asked what became of what it speaks of.
        let has_reasons = variants
            .iter()
            .any(|variant| variant.template.has_reasons());
        let mut standings: Standings = HashMap::new();
        let mut all = Vec::new();
        for (number, Variant { set, template }) in variants.iter().enumerate() {
            let notes = template.notes.iter();
            for note in notes.filter(|note| reported(note.place.file)) {
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
                self.unknown(template, &entries, reported);
                self.calls(template, sources, reported);
                if options.graph && !template.resources.is_empty() {
                    let locate = |_: usize, place: Place| {
                        let source = &sources[place.file];
                        location(source, source.one_line(place.span))
                    };
                    let names = template.units.iter();
                    let names = names.map(|unit| stack_name(template, unit.file, sources));
                    let names = names.collect();
                    self.draw(&graph, &placements, &machinery, catalogue, names, &locate);
                }
            }
            for machine in machinery {
                let home = template.resources[machine.resource].type_place;
                if has_reasons {
                    let why = machine.why.clone().into_owned();
                    let standing = (Standing::Machinery(why), machine.resource);
                    standings.insert((number, machine.resource), standing);
                }
                if number == 0 && reported(home.file) {
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
        for Merged {
            variant,
            mut placement,
        } in deployments::merge(variants, all)
        {
            let template = &variants[variant].template;
            let home = template.resources[placement.resource].type_place;
            if !reported(home.file) {
                self.unreported(template, &placement, sources, options, &mut verdicts);
                continue;
            }
            if placement.place.file != home.file {
                placement.place = home;
            }
            let related = placement.related.drain(..);
            let related = related.map(|(Place { file, span }, message)| Related {
                source: Arc::clone(&sources[file]),
                span: sources[file].one_line(span),
                message,
            });
            let related = related.collect();
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
                options,
                &mut verdicts,
            );
        }
        self.reasons(
            variants,
            catalogue,
            sources,
            reported,
            &standings,
            &mut verdicts,
        );
        self.ledger.merge(verdicts);
    }

    /// Counts the types that the catalogue does not know.
    fn unknown(
        &mut self,
        template: &Template<'_>,
        entries: &[Option<Entry>],
        reported: &dyn Fn(usize) -> bool,
    ) {
        for (resource, entry) in template.resources.iter().zip(entries) {
            if entry.is_none()
                && reported(resource.type_place.file)
                && Catalogue::ought_to_know(&resource.kind)
            {
                *self
                    .unknown_types
                    .entry(resource.kind.clone().into_owned())
                    .or_default() += 1;
            }
        }
    }

    /// Says which calls of modules are not read.
    fn calls(
        &mut self,
        template: &Template<'_>,
        sources: &[Arc<Source>],
        reported: &dyn Fn(usize) -> bool,
    ) {
        let calls = template.unknown_calls.iter();
        for call in calls.filter(|call| reported(call.place.file)) {
            let source = &sources[call.place.file];
            let line = source.position(call.place.span.start).line;
            let item = UnreadItem::at(&**source.name())
                .on_line(line)
                .address(&*call.address)
                .called(&*call.source);
            match local_calls::folder(source.name(), &call.source) {
                Some(folder) => self.local_calls.push((folder, item)),
                None => self.unread.add(UnreadKind::ModuleCall, item),
            }
        }
    }

    /// Keeps the graph of a stack.
    fn draw(
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
            is_meant: &|from, to, path| joins::is_meant(graph, catalogue, from, to, path),
            locate,
        });
        self.graph.get_or_insert_default().append(owned);
    }

    /// A decision of a file that was only read beside others: a reason that speaks of it is not unused.
    fn unreported(
        &self,
        template: &Template<'_>,
        placement: &Placement,
        sources: &[Arc<Source>],
        options: &Options,
        verdicts: &mut Verdicts,
    ) {
        let resource = &template.resources[placement.resource];
        let path = sources[resource.type_place.file].name();
        let ladder = &placement.rule.ladder().name;
        let policy = options.config.policy(path, ladder);
        let rungs = placement.reachable.iter().map(|reach| reach.rung);
        let mut rungs = rungs.chain([placement.rung]);
        if rungs.any(|rung| reasons::is_fallback(rung, &policy)) {
            let ledger = &options.config.ledger;
            let (own, whole) = (&resource.reasons, &template.unit(&resource.scope).reasons);
            let construct = resource.construct(template.dialect);
            let construct = construct.as_ref().map(|construct| construct.path.as_str());
            let address = &resource.address;
            for offer in reasons::offers(own, whole, sources, ledger, path, address, construct) {
                verdicts.need(offer.id);
            }
        }
    }

    /// Ends the verdicts of the template's own records, and finds those that settle nothing.
    fn reasons(
        &mut self,
        variants: &[Variant<'_, '_>],
        catalogue: &Catalogue,
        sources: &[Arc<Source>],
        reported: &dyn Fn(usize) -> bool,
        standings: &Standings,
        verdicts: &mut Verdicts,
    ) {
        let mut written = BTreeMap::new();
        for (variant, Variant { template, .. }) in variants.iter().enumerate() {
            for reason in template.units.iter().flat_map(|unit| &unit.reasons) {
                written.insert(RecordId::written(reason), (variant, reason, None));
            }
            for (at, resource) in template.resources.iter().enumerate() {
                for reason in &resource.reasons {
                    written
                        .entry(RecordId::written(reason))
                        .or_insert((variant, reason, Some(at)));
                }
            }
        }
        for (id, (variant, reason, at)) in written {
            if !reported(reason.place.file) {
                continue;
            }
            let template = &variants[variant].template;
            let resource = at.map(|at| &template.resources[at]);
            let address = resource.map_or("", |resource| &resource.address);
            let unknown =
                resource.is_some_and(|resource| catalogue.entry(&resource.kind).is_none());
            if !verdicts.needs(id) && !unknown {
                let known = at.and_then(|at| standings.get(&(variant, at)));
                let (standing, decides) = match (at, known) {
                    (None, _) => (Standing::Whole, None),
                    (_, None) => (Standing::Plumbing, None),
                    (_, Some((standing @ Standing::Member(_), primary))) => {
                        (standing.clone(), Some(*primary))
                    }
                    (_, Some((standing, _))) => (standing.clone(), None),
                };
                let related = decides.and_then(|primary| decider(template, sources, primary));
                let fault = unused::why(&standing, address);
                verdicts.charge(id, fault, address, related.into_iter().collect());
            }
            let scope = if at.is_some() {
                address.to_owned()
            } else {
                "the whole template".to_owned()
            };
            let source = &sources[reason.place.file];
            let (findings, record) = verdicts.close(id, reason, source, scope, !unknown);
            self.findings.extend(findings);
            self.records.push(record);
        }
    }

    /// A placement becomes a decision, with a finding if it is a fallback and nobody said why.
    #[expect(
        clippy::too_many_arguments,
        reason = "the last stage takes what all the others hand on"
    )]
    fn verdict(
        &mut self,
        template: &Template<'_>,
        placement: Placement,
        source: &Arc<Source>,
        span: Span,
        related: Vec<Related>,
        sources: &[Arc<Source>],
        syntax: syntax::Syntax,
        options: &Options,
        verdicts: &mut Verdicts,
    ) {
        let resource = &template.resources[placement.resource];
        let members = placement.members.iter();
        let members = members.map(|at| template.resources[*at].address.clone());
        let shown_members = placement.members.iter().map(|at| {
            let member = &template.resources[*at];
            let construct = member.construct(template.dialect);
            construct.map_or_else(|| member.address.clone(), |construct| construct.path)
        });
        let shown_members = shown_members.collect();
        let construct = resource.construct(template.dialect);
        let generator =
            Generator::of_path(source.name()).or_else(|| template.generator(&resource.scope));
        let path_of = |at: usize| {
            let file = template.resources[at].type_place.file;
            sources.get(file).map(|source| source.name())
        };
        let elsewhere = placement.members.iter().filter_map(|at| {
            let path = path_of(*at).filter(|path| *path != source.name())?;
            let address = template.resources[*at].address.clone();
            Some((address, Arc::clone(path)))
        });
        let ladder = &placement.rule.ladder().name;
        let policy = options.config.policy(source.name(), ladder);
        let mut decision = Decision {
            path: Arc::clone(source.name()),
            dialect: template.dialect,
            address: resource.address.clone(),
            is_default_child: construct.as_ref().is_some_and(|one| one.is_child),
            construct: construct.map(|one| one.path),
            // A plan keeps no reasons, whatever wrote its configuration.
            generator: generator.filter(|_| template.dialect != Dialect::Plan),
            kind: resource.kind.clone().into_owned(),
            rule: placement.rule,
            case: placement.case,
            rung: placement.rung,
            reachable: placement.reachable,
            assumed: placement.assumed,
            deployments: placement.deployments,
            is_given: placement.is_given,
            is_left_out: placement.is_left_out,
            can_fall: false,
            conditional: placement.conditional,
            doubts: placement.doubts,
            members: members.collect(),
            shown_members,
            elsewhere: if template.dialect == Dialect::Plan {
                Vec::new()
            } else {
                elsewhere.collect()
            },
            fallback: reasons::is_fallback(placement.rung, &policy),
            severity: policy.severity[placement.rung as usize],
            justification: None,
            signature: if options.signatures {
                let whole = sources.get(resource.block.file);
                let text =
                    whole.map_or(source.text(), |whole| resource.block.span.of(whole.text()));
                Signature::of(text)
            } else {
                Signature::default()
            },
            start: source.position(span.start),
            end: source.position(span.end),
            block: match template.dialect {
                Dialect::Plan => Span::default(),
                _ if resource.body.is_none() => Span::default(),
                _ => resource.block.span,
            },
        };
        let offers = reasons::offers(
            &resource.reasons,
            &template.unit(&resource.scope).reasons,
            sources,
            &options.config.ledger,
            &decision.path,
            &decision.address,
            decision.construct.as_deref(),
        );
        if decision.fallback {
            let of_decision: Vec<usize> = std::iter::once(placement.resource)
                .chain(placement.members)
                .collect();
            if !offers.is_empty() {
                let law = Law {
                    config: &options.config,
                    today: options.today(),
                    facts: &|fact: &Fact| fact_values::ask(template, &of_decision, fact),
                    sources,
                };
                reasons::settle(&mut decision, &offers, (source, span), &law, verdicts);
            }
            if decision.justification.is_none() {
                let index = self.decisions.len();
                let require = &options.config.demands.require;
                let mut finding =
                    message::fallback(&decision, index, syntax, source, span, related, require);
                finding.severity = decision.severity;
                reasons::forbid(&mut finding, &options.config);
                self.findings.push(finding);
            }
        } else if decision
            .reachable
            .iter()
            .any(|reach| reasons::is_fallback(reach.rung, &policy))
        {
            decision.can_fall = true;
            // The reason waits for the value of a parameter that makes it a fallback.
            offers.iter().for_each(|offer| verdicts.need(offer.id));
        }
        self.decisions.push(decision);
    }
}

/// What became of each resource of each variant that a record may speak of; of a member, also which one decides.
type Standings = HashMap<(usize, usize), (Standing, usize)>;

/// A Terraform configuration that stands in a file of another name.
pub(super) fn configuration<'t, 'o>(
    document: &'t Document<'t>,
    root: Node<'t>,
    name: &str,
    options: &'o Options,
) -> Option<Vec<Variant<'t, 'o>>> {
    if !terraform::is_configuration(root) {
        return None;
    }
    Some(Variant::of(
        options,
        &[name],
        Dialect::Terraform,
        &|given| {
            let configuration = [document];
            let files = terraform::ModuleFiles {
                given,
                ..terraform::ModuleFiles::of(&configuration)
            };
            stack::terraform(files, &|module| options.config.catalogue.switches(module))
        },
    ))
}

/// Where the primary stands to which a record should move.
fn decider(template: &Template<'_>, sources: &[Arc<Source>], primary: usize) -> Option<Related> {
    let resource = &template.resources[primary];
    let place = resource.type_place;
    let source = sources.get(place.file)?;
    Some(Related {
        source: Arc::clone(source),
        span: source.one_line(place.span),
        message: format!("{} decides", resource.address),
    })
}

fn owned(template: &Template<'_>, machine: &Machine, sources: &[Arc<Source>]) -> DeploymentHelper {
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

fn location(source: &Source, span: Span) -> Location {
    Location {
        path: Arc::clone(source.name()),
        start: source.position(span.start),
        end: source.position(span.end),
    }
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

fn keep<'c>(catalogue: &'c Catalogue, kind: &str) -> Keep<'c> {
    match catalogue.entry(kind) {
        None if catalogue.misses(kind) => Keep::Unknown,
        None | Some(Entry::Plumbing(_)) => Keep::Plumbing,
        Some(Entry::Rule(rule)) => Keep::Wanted(&catalogue.rule_at(rule).attributes),
    }
}

fn broken(code: SourceCode, error: ParseError, source: &Arc<Source>) -> Problem {
    Problem::Broken {
        code,
        message: error.message.into_owned(),
        text: Arc::clone(source),
        span: error.span,
    }
}
