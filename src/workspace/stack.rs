//! One stack from its file to its decisions and findings: each stage one line, in order.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::Options;
use crate::base::finding::{Finding, Problem, Related};
use crate::base::source::{Source, Span};
use crate::blocks::plan::{Keep, PlanError, Reduced};
use crate::blocks::{Dialect, Place, Template, cloudformation, plan, terraform};
use crate::host::discover::{self, Content, Input, Plan};
use crate::placement::classify::{self, Placement};
use crate::placement::facts::{self, Fact};
use crate::placement::{Catalogue, Decision, Reach, Shape};
use crate::reasons::unused::{self, Standing};
use crate::reasons::{self, Docket, Home, Law, Record, message};
use crate::rulebook::catalogue::Entry;
use crate::stack;
use crate::syntax::{self, Document, ParseError};

/// What one input came to.
#[derive(Debug, Default)]
pub struct Judged {
    /// Every hosting choice, in the order of writing.
    pub decisions: Vec<Decision>,
    /// What to say; a finding's decision is an index into `decisions`.
    pub findings: Vec<Finding>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Templates that were read.
    pub read: Vec<String>,
    /// Files that are no templates.
    pub skipped: usize,
    /// Those of them that were asked for by name.
    pub not_templates: Vec<String>,
    /// Types that the catalogue does not know.
    pub unknown_types: BTreeMap<String, usize>,
    /// Written reasons of the templates, in the order of writing.
    pub records: Vec<Record>,
    /// What became of the ledger's reasons here.
    pub ledger: Docket,
    /// Whether it is Terraform or a plan.
    pub terraform: bool,
}

/// Judges a text that stands in no file: an editor's buffer, a rule's example.
#[must_use]
pub fn judge_text(name: &str, text: &str, options: &Options) -> Judged {
    guarded(name, |judged| {
        let content = discover::sort(text.as_bytes().to_vec(), name, true)?;
        judged.content(content, name, true, options)
    })
}

/// Judges what a file held once; what is no template is passed over.
#[must_use]
pub fn judge_bytes(name: &str, bytes: Vec<u8>, options: &Options) -> Judged {
    guarded(name, |judged| {
        let content = discover::sort_found(bytes, name)?;
        judged.content(content, name, false, options)
    })
}

/// Judges the texts of a Terraform folder, wherever they come from.
#[must_use]
pub fn judge_module(folder: &str, texts: &[ModuleText], options: &Options) -> Judged {
    guarded(folder, |judged| {
        judged.configuration(texts, options);
        Ok(())
    })
}

/// One JSON file of a Terraform folder.
#[derive(Debug)]
pub struct ModuleText {
    /// The text.
    pub source: Arc<Source>,
    /// Configuration, else values of variables.
    pub is_configuration: bool,
    /// Whether it was asked for, and if so, whether by name.
    pub asked: Option<bool>,
}

/// Reads and judges one input. Never panics: what goes wrong inside is a problem of that input alone.
#[must_use]
pub fn judge(input: &Input, options: &Options) -> Judged {
    match input {
        Input::File { path, named } => {
            let name = discover::shown(path);
            guarded(&name, |judged| {
                let content = discover::open(path, *named)?;
                judged.content(content, &name, *named, options)
            })
        }
        Input::Standard { name } => guarded(name, |judged| {
            let content = discover::open_standard(name)?;
            judged.content(content, name, true, options)
        }),
        Input::Module { folder, files } => guarded(&discover::shown(folder), |judged| {
            judged.module(folder, files, options)
        }),
    }
}

fn guarded(name: &str, work: impl FnOnce(&mut Judged) -> Result<(), Problem>) -> Judged {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let mut judged = Judged::default();
        let result = work(&mut judged);
        judged.problems.extend(result.err());
        judged
    }));
    judged.unwrap_or_else(|_| Judged {
        problems: vec![Problem::Unreadable {
            path: name.to_owned(),
            message: "a fault inside of sfl: please report it with this file".to_owned(),
        }],
        ..Judged::default()
    })
}

impl Judged {
    fn content(
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
            Content::Yaml(text) => self.text(text, name, named, false, options),
            Content::Json(text) => self.text(text, name, named, true, options),
            Content::Plan(Plan::Bytes(bytes)) => self.plan(&*bytes, name, named, options),
            Content::Plan(Plan::File(file)) => self.plan(file as File, name, named, options),
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
        let text = source.text();
        let parsed = if json {
            // What begins with a brace may be YAML in flow style; the fault of the JSON is the one to show.
            syntax::json(text).or_else(|error| match syntax::yaml(text) {
                Ok(document) if !name.ends_with(".json") => Ok(document),
                _ => Err(("source/json", error)),
            })
        } else {
            syntax::yaml(text).map_err(|error| ("source/yaml", error))
        };
        let document = match parsed {
            Ok(document) => document,
            Err((code, error)) => {
                let ending = Path::new(name)
                    .extension()
                    .and_then(|ending| ending.to_str());
                let meant = matches!(ending, Some("yaml" | "yml" | "json" | "template"));
                if discover::is_clearly_template(text.as_bytes())
                    || (named && (meant || name == "<stdin>"))
                {
                    return Err(broken(code, error, &source));
                }
                self.skip(name, named);
                return Ok(());
            }
        };
        let sources = [Arc::clone(&source)];
        let mut found = false;
        for root in document.roots() {
            let template = if cloudformation::is_template(root) {
                stack::cloudformation(&document, root)
            } else if terraform::is_configuration(root) {
                stack::terraform(&[&document], &[], &|module| {
                    options.config.catalogue.entry(module).is_some()
                })
            } else {
                continue;
            };
            found = true;
            self.template(&template, &sources, &|_| true, options);
        }
        if found {
            self.read.push(name.to_owned());
        } else {
            self.skip(name, named);
        }
        Ok(())
    }

    /// Terraform JSON files of one folder: all are read, those that were asked for are reported.
    fn module(
        &mut self,
        folder: &Path,
        files: &[(PathBuf, bool)],
        options: &Options,
    ) -> Result<(), Problem> {
        let (mut configuration, variables) = discover::siblings(folder);
        if configuration.is_empty() {
            configuration = files.iter().map(|(path, _)| path.clone()).collect();
        }
        let asked = |path: &Path| {
            let same = |other: &Path| discover::shown(other) == discover::shown(path);
            let found = files.iter().find(|(other, _)| same(other));
            found.map(|(_, named)| *named)
        };
        let mut texts = Vec::new();
        for (path, is_configuration) in configuration
            .iter()
            .map(|path| (path, true))
            .chain(variables.iter().map(|path| (path, false)))
        {
            match discover::text(path) {
                Ok(text) => texts.push(ModuleText {
                    source: Arc::new(Source::new(discover::shown(path), text)),
                    is_configuration,
                    asked: asked(path),
                }),
                Err(problem) if asked(path).is_some() => self.problems.push(problem),
                Err(_) => {}
            }
        }
        self.configuration(&texts, options);
        Ok(())
    }

    fn configuration(&mut self, texts: &[ModuleText], options: &Options) {
        let mut sources = Vec::new();
        let mut reported = Vec::new();
        let mut trees: Vec<(Document<'_>, bool)> = Vec::new();
        for ModuleText {
            source,
            is_configuration,
            asked,
        } in texts
        {
            match syntax::json(source.text()) {
                Ok(tree) => {
                    let fits = tree.roots().any(terraform::is_configuration);
                    if let Some(named) = asked {
                        if fits {
                            self.read.push(source.name().to_string());
                        } else {
                            self.skip(source.name(), *named);
                        }
                    }
                    trees.push((tree, *is_configuration));
                    sources.push(Arc::clone(source));
                    reported.push(asked.is_some());
                }
                Err(error) if asked.is_some() => {
                    self.problems.push(broken("source/json", error, source));
                }
                Err(_) => {}
            }
        }
        let part = |wanted: bool| {
            let some = trees.iter().filter(move |(_, kind)| *kind == wanted);
            some.map(|(tree, _)| tree).collect::<Vec<_>>()
        };
        let template = stack::terraform(&part(true), &part(false), &|module| {
            options.config.catalogue.entry(module).is_some()
        });
        self.template(&template, &sources, &|file| reported[file], options);
    }

    fn plan(
        &mut self,
        reader: impl Read,
        name: &str,
        named: bool,
        options: &Options,
    ) -> Result<(), Problem> {
        let reduced = match plan::reduce(reader, &|kind| keep(options.config.catalogue, kind)) {
            Ok(reduced) => reduced,
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
                    code: "source/json",
                    message,
                    text: Arc::new(Source::excerpt(name, String::new(), position)),
                    span: Span::default(),
                });
            }
        };
        self.read.push(name.to_owned());
        for (kind, count) in &reduced.unknown {
            *self.unknown_types.entry(kind.clone()).or_default() += count;
        }
        let document = syntax::json(&reduced.text).map_err(|error| {
            broken(
                "source/json",
                error,
                &Arc::new(Source::new(name, String::new())),
            )
        })?;
        let template = plan::read(&document, &reduced);
        self.terraform = true;
        let mut docket = Docket::default();
        for placement in classify::decisions(&template, options.config.catalogue, options.strict) {
            self.planned(&template, placement, &reduced, name, options, &mut docket);
        }
        self.ledger.merge(docket);
        Ok(())
    }

    fn planned(
        &mut self,
        template: &Template<'_>,
        placement: Placement,
        reduced: &Reduced,
        name: &str,
        options: &Options,
        docket: &mut Docket,
    ) {
        let excerpt = &reduced.excerpts[placement.resource];
        let source = Arc::new(Source::excerpt(
            name,
            excerpt.text.clone(),
            excerpt.position,
        ));
        let address = &template.resources[placement.resource].address;
        // The address as it stands in the plan, else the start of its element.
        let escaped = address.replace('"', "\\\"");
        let at = excerpt.text.find(&escaped);
        let span = at.map_or(0..0, |at| at..at + escaped.len());
        let small = |byte: usize| u32::try_from(byte).unwrap_or(0);
        let span = Span::new(small(span.start), small(span.end));
        let empty: [Arc<Source>; 0] = [];
        self.verdict(
            template,
            placement,
            &source,
            span,
            Vec::new(),
            &empty,
            syntax::Syntax::Json,
            options,
            docket,
        );
    }

    fn template(
        &mut self,
        template: &Template<'_>,
        sources: &[Arc<Source>],
        reported: &dyn Fn(usize) -> bool,
        options: &Options,
    ) {
        for resource in &template.resources {
            if reported(resource.type_place.file) && options.config.catalogue.misses(&resource.kind)
            {
                *self
                    .unknown_types
                    .entry(resource.kind.clone().into_owned())
                    .or_default() += 1;
            }
        }
        self.terraform |= template.dialect != Dialect::CloudFormation;
        let mut docket = Docket::default();
        let mut standings: HashMap<usize, Standing> = HashMap::new();
        for mut placement in classify::decisions(template, options.config.catalogue, options.strict)
        {
            let home = template.resources[placement.resource].type_place;
            let primary = &template.resources[placement.resource].address;
            for member in &placement.members {
                let standing = Standing::Member(primary.clone());
                standings.entry(*member).or_insert(standing);
            }
            standings.insert(placement.resource, Standing::Fine(placement.rung));
            if !reported(home.file) {
                self.unreported(template, &placement, sources, options, &mut docket);
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
                &mut docket,
            );
        }
        let catalogue = options.config.catalogue;
        self.reasons(
            template,
            catalogue,
            sources,
            reported,
            &standings,
            &mut docket,
        );
        self.ledger.merge(docket);
    }

    /// A decision of a file that was only read beside others: a reason that speaks of it is not unused.
    fn unreported(
        &self,
        template: &Template<'_>,
        placement: &Placement,
        sources: &[Arc<Source>],
        options: &Options,
        docket: &mut Docket,
    ) {
        let resource = &template.resources[placement.resource];
        let path = sources[resource.type_place.file].name();
        let ladder = placement.rule.ladder().name;
        let policy = options.config.policy(path, ladder);
        let rungs = placement.reachable.iter().map(|(rung, _)| *rung);
        let mut rungs = rungs.chain([placement.rung]);
        if rungs.any(|rung| reasons::is_fallback(rung, &policy)) {
            let ledger = &options.config.ledger;
            let (own, whole) = (&resource.reasons, &template.reasons);
            for offer in reasons::offers(own, whole, sources, ledger, path, &resource.address) {
                docket.need(offer.home);
            }
        }
    }

    /// Ends the trials of the template's own records, and finds those that settle nothing.
    fn reasons(
        &mut self,
        template: &Template<'_>,
        catalogue: &Catalogue,
        sources: &[Arc<Source>],
        reported: &dyn Fn(usize) -> bool,
        standings: &HashMap<usize, Standing>,
        docket: &mut Docket,
    ) {
        let mut written = BTreeMap::new();
        for reason in &template.reasons {
            written.insert(Home::written(reason), (reason, None));
        }
        for (at, resource) in template.resources.iter().enumerate() {
            for reason in &resource.reasons {
                written
                    .entry(Home::written(reason))
                    .or_insert((reason, Some(at)));
            }
        }
        for (home, (reason, at)) in written {
            if !reported(reason.place.file) {
                continue;
            }
            let resource = at.map(|at| &template.resources[at]);
            let address = resource.map_or("", |resource| &resource.address);
            let unknown =
                resource.is_some_and(|resource| catalogue.entry(&resource.kind).is_none());
            if !docket.needs(home) && !unknown {
                let standing = match at {
                    None => Standing::Whole,
                    Some(at) => standings.get(&at).cloned().unwrap_or(Standing::Plumbing),
                };
                let related = primary(template, sources, &standing);
                let fault = unused::why(&standing, address);
                docket.charge(home, fault, address, related.into_iter().collect());
            }
            let scope = if at.is_some() {
                address.to_owned()
            } else {
                "the whole template".to_owned()
            };
            let source = &sources[reason.place.file];
            let (findings, record) = docket.close(home, reason, source, scope, !unknown);
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
        docket: &mut Docket,
    ) {
        let resource = &template.resources[placement.resource];
        let members = placement.members.iter();
        let members = members.map(|at| template.resources[*at].address.clone());
        let ladder = placement.rule.ladder().name;
        let policy = options.config.policy(source.name(), ladder);
        let reachable = placement.reachable.into_iter();
        let mut decision = Decision {
            path: Arc::clone(source.name()),
            dialect: template.dialect,
            address: resource.address.clone(),
            kind: resource.kind.clone().into_owned(),
            rule: placement.rule,
            case: placement.case,
            rung: placement.rung,
            reachable: reachable.map(|(rung, when)| Reach { rung, when }).collect(),
            conditional: placement.conditional,
            doubts: placement.doubts,
            members: members.collect(),
            fallback: reasons::is_fallback(placement.rung, &policy),
            severity: policy.severity[placement.rung as usize],
            justification: None,
            shape: if options.shapes {
                let whole = sources.get(resource.block.file);
                let text =
                    whole.map_or(source.text(), |whole| resource.block.span.of(whole.text()));
                Shape::of(text)
            } else {
                Shape::default()
            },
            start: source.position(span.start),
            end: source.position(span.end),
            block: match template.dialect {
                Dialect::Plan => Span::default(),
                _ => resource.block.span,
            },
        };
        let offers = reasons::offers(
            &resource.reasons,
            &template.reasons,
            sources,
            &options.config.ledger,
            &decision.path,
            &decision.address,
        );
        if decision.fallback {
            let of_decision: Vec<usize> = std::iter::once(placement.resource)
                .chain(placement.members)
                .collect();
            if !offers.is_empty() {
                let law = Law {
                    config: &options.config,
                    today: options.today(),
                    facts: &|fact: &Fact| facts::ask(template, &of_decision, fact),
                    sources,
                };
                reasons::settle(&mut decision, &offers, (source, span), &law, docket);
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
            // The reason waits for the value of a parameter that makes it a fallback.
            offers.iter().for_each(|offer| docket.need(offer.home));
        }
        self.decisions.push(decision);
    }
}

/// Where the primary stands to which a record should move.
fn primary(
    template: &Template<'_>,
    sources: &[Arc<Source>],
    standing: &Standing,
) -> Option<Related> {
    let Standing::Member(primary) = standing else {
        return None;
    };
    let resource = template
        .resources
        .iter()
        .find(|resource| resource.address == *primary)?;
    let place = resource.type_place;
    let source = sources.get(place.file)?;
    Some(Related {
        source: Arc::clone(source),
        span: source.one_line(place.span),
        message: format!("{primary} decides"),
    })
}

fn keep(catalogue: &Catalogue, kind: &str) -> Keep {
    match catalogue.entry(kind) {
        None if catalogue.misses(kind) => Keep::Unknown,
        None | Some(Entry::Plumbing(_)) => Keep::Plumbing,
        Some(Entry::Rule(rule)) => Keep::Wanted(catalogue.rules[rule].attributes),
    }
}

fn broken(code: &'static str, error: ParseError, source: &Arc<Source>) -> Problem {
    Problem::Broken {
        code,
        message: error.message.into_owned(),
        text: Arc::clone(source),
        span: error.span,
    }
}
