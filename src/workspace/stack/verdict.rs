//! A placement becomes a decision, and written reasons settle it or do not.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::Judged;
use super::placed::root;
use super::streams;
use crate::base::Generator;
use crate::base::finding::Related;
use crate::base::source::{Source, Span};
use crate::blocks::{Dialect, Field, Template, Unit};
use crate::placement::classify::Placement;
use crate::placement::fact_values::{self, Fact};
use crate::placement::parameters::DecidedBy;
use crate::placement::{
    Catalogue, DeciderElsewhere, Decision, Owner, OwnerFrom, Signature, WrittenBlock,
};
use crate::reasons::unused::{self, Standing};
use crate::reasons::{
    self, Law, Offer, RecordId, Subject, Verdicts, contradiction, endings, message,
};
use crate::rulebook::{Entry, Step, wording};
use crate::syntax;
use crate::workspace::Options;
use crate::workspace::deployments::Variant;
use crate::workspace::input_texts::ReadFor;
use crate::workspace::written_blocks::Origin;

/// What a reason speaks of that stands on all of a template.
pub(super) const WHOLE: &str = "the whole template";

/// Letters of what stands in `Globals` beyond which it is not repeated.
const MOST_SHOWN: usize = 80;

impl Judged {
    /// A decision of a file that was only read beside others: a reason that speaks of it is not unused.
    pub(super) fn unreported(
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
            let root = root(template, &resource.scope, sources);
            let of = Subject {
                paths: &[path],
                address: &resource.address,
                construct: construct.as_ref().map(|construct| construct.path.as_str()),
                root: root.as_deref(),
            };
            for offer in reasons::offers(own, whole, sources, ledger, &of) {
                verdicts.need(offer.id);
            }
        }
    }

    /// Ends the verdicts of the template's own records, and finds those that settle nothing.
    pub(super) fn reasons(
        &mut self,
        variants: &[Variant<'_, '_>],
        catalogue: &Catalogue,
        sources: &[Arc<Source>],
        read_for: &dyn Fn(usize) -> ReadFor,
        standings: &Standings,
        verdicts: &mut Verdicts,
    ) {
        let mut written = BTreeMap::new();
        let mut strays = BTreeMap::new();
        for (variant, Variant { template, .. }) in variants.iter().enumerate() {
            for reason in template.units.iter().flat_map(|unit| &unit.reasons) {
                written.insert(RecordId::written(reason), (variant, reason, None));
            }
            // Nobody mends what was fetched.
            let own = template.units.iter().filter(|unit| unit.shown_at.is_none());
            for (reason, why) in own.flat_map(|unit| &unit.strays) {
                strays.insert(RecordId::written(reason), (reason, *why));
            }
            for (at, resource) in template.resources.iter().enumerate() {
                for reason in &resource.reasons {
                    written
                        .entry(RecordId::written(reason))
                        .or_insert((variant, reason, Some(at)));
                }
                // A `why` that stands alone is no record unless it counted.
                let whys = resource
                    .contexts
                    .iter()
                    .filter_map(|one| one.alone.as_ref());
                for reason in whys {
                    let id = RecordId::written(reason);
                    if verdicts.needs(id) {
                        written.entry(id).or_insert((variant, reason, Some(at)));
                    }
                }
            }
        }
        for (id, (reason, why)) in strays {
            // In another instance of its module it may stand for something, even in one that another run makes.
            let is_asked = matches!(read_for(reason.place.file), ReadFor::Asked { .. });
            if written.contains_key(&id) || !is_asked {
                continue;
            }
            verdicts.charge(id, unused::stray(why, reason), "", Vec::new());
            let source = &sources[reason.place.file];
            let scope = "nothing".to_owned();
            let (findings, record) = verdicts.close(id, reason, source, scope, true);
            self.findings.extend(findings);
            self.records.push(record);
        }
        for (id, (variant, reason, at)) in written {
            match read_for(reason.place.file) {
                ReadFor::Asked { .. } => {}
                // What nothing here needs may be there for what others make of the module.
                ReadFor::Call if verdicts.needs(id) => {}
                ReadFor::Call | ReadFor::Others => continue,
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
                WHOLE.to_owned()
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
    pub(super) fn verdict(
        &mut self,
        template: &Template<'_>,
        placement: Placement,
        source: &Arc<Source>,
        span: Span,
        related: Vec<Related>,
        sources: &[Arc<Source>],
        syntax: syntax::Syntax,
        origin: Option<Origin>,
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
        let changed_members = changed_members(template, &placement, &options.config.catalogue);
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
        let is_counted = options.strict || !placement.is_left_out;
        let mut decision = Decision {
            path: Arc::clone(source.name()),
            dialect: template.dialect,
            address: resource.address.clone(),
            root: root(template, &resource.scope, sources),
            former: match template.dialect {
                Dialect::Terraform => template.former_addresses(&resource.scope, &resource.address),
                Dialect::CloudFormation | Dialect::Plan => Vec::new(),
            },
            is_of_several_roots: false,
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
            is_counted,
            can_fall: false,
            conditional: placement.conditional,
            conditional_on: placement.conditional_on,
            doubts: placement.doubts,
            members: members.collect(),
            unlisted_members: placement.unlisted_members,
            changed_members,
            shown_members,
            elsewhere: if template.dialect == Dialect::Plan {
                Vec::new()
            } else {
                elsewhere.collect()
            },
            fallback: is_counted && reasons::is_fallback(placement.rung, &policy),
            severity: policy.severity[placement.rung as usize],
            is_off: policy.is_off[placement.rung as usize],
            justification: None,
            contradicted: Vec::new(),
            owner: None,
            stream: None,
            endings: Vec::new(),
            fix: None,
            signature: if options.signatures {
                let whole = sources.get(resource.block.file);
                let text =
                    whole.map_or(source.text(), |whole| resource.block.span.of(whole.text()));
                Signature::of(text)
            } else {
                Signature::default()
            },
            decider: placement
                .decided_by
                .filter(|_| origin.is_none())
                .map(|found| decider_elsewhere(found, source, span, sources))
                .or_else(|| {
                    in_globals(
                        template,
                        placement.resource,
                        &placement.members,
                        source,
                        span,
                    )
                }),
            start: source.position(span.start),
            end: source.position(span.end),
            written: origin.as_ref().map(|origin| WrittenBlock {
                path: Arc::clone(origin.source.name()),
                address: origin.address.clone(),
                start: origin.source.position(origin.span.start),
                end: origin.source.position(origin.span.end),
                block: origin.block,
            }),
            planned: Vec::new(),
            block: match template.dialect {
                Dialect::Plan => Span::default(),
                _ if resource.body.is_none() => Span::default(),
                _ => resource.block.span,
            },
        };
        let (own, whole) = match &origin {
            Some(origin) => (&origin.reasons, &origin.whole),
            None => (&resource.reasons, &template.unit(&resource.scope).reasons),
        };
        let (shown, shown_span, syntax) = match &origin {
            Some(origin) => (&origin.source, origin.span, origin.syntax),
            None => (source, span, syntax),
        };
        let mut offers = reasons::offers(
            own,
            whole,
            sources,
            &options.config.ledger,
            &Subject {
                paths: &[&decision.path, shown.name()],
                address: &decision.address,
                construct: decision.construct.as_deref(),
                root: decision.root.as_deref(),
            },
        );
        if offers.is_empty() {
            let contexts = &resource.contexts;
            offers = reasons::whys::offers(contexts, &decision, sources, &options.config);
        }
        if !options.config.streams.is_empty() {
            decision.stream = streams::of(&decision, template, resource, &options.config);
        }
        // Few reasons ask.
        let of_decision = LazyCell::new(|| {
            let members = placement.members.iter().copied();
            std::iter::once(placement.resource)
                .chain(members)
                .collect::<Vec<_>>()
        });
        let facts = |fact: &Fact| fact_values::ask(template, &of_decision, fact);
        let law = || Law {
            config: &options.config,
            today: options.today(),
            facts: &facts,
            sources,
        };
        if !placement.lifecycle.is_empty() && is_counted {
            let endings = endings::judge(
                &mut decision,
                &placement.lifecycle,
                &offers,
                (shown, shown_span),
                &law(),
                verdicts,
            );
            self.findings.extend(endings.into_iter().map(|mut ending| {
                if origin.is_some() {
                    ending.planned_at(source, span);
                }
                ending
            }));
        }
        if !is_counted {
            // The reason waits for values under which there is such a resource.
            offers.iter().for_each(|offer| verdicts.need(offer.id));
        } else if decision.fallback {
            if !offers.is_empty() {
                let law = law();
                reasons::settle(&mut decision, &offers, (shown, shown_span), &law, verdicts);
            }
            if decision.justification.is_none() {
                decision.contradicted = contradiction::kinds_against(&decision, &facts);
                let index = self.decisions.len();
                let require = &options.config.demands.require;
                let place = (shown, shown_span);
                let mut finding =
                    message::fallback(&decision, index, syntax, place, related, require);
                if origin.is_some() {
                    finding.planned_at(source, span);
                }
                finding.severity = decision.severity;
                let demands = &options.config.demands;
                reasons::whys::tell(&mut finding, &decision, &resource.contexts, demands);
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
        let unit = template.unit(&resource.scope);
        decision.owner = owner(&decision, &offers, unit, sources);
        self.decisions.push(decision);
    }
}

/// Who answers for a decision: its reason says it, also one that settles nothing; else the template's context.
fn owner(
    decision: &Decision,
    offers: &[Offer<'_>],
    unit: &Unit<'_>,
    sources: &[Arc<Source>],
) -> Option<Owner> {
    let said = |field: &&Field| !field.text.trim().is_empty();
    let of_context = unit.owner.as_ref().filter(said);
    let named = |owner: &Field, from: OwnerFrom| {
        let line: Vec<&str> = owner.text.split_whitespace().collect();
        Some(Owner {
            names: vec![line.join(" ").into()],
            from,
        })
    };
    let context = || {
        let owner = of_context?;
        let source = sources.get(unit.file)?;
        let line = source.position(owner.span.start).line;
        named(owner, OwnerFrom::Context(Arc::clone(source.name()), line))
    };
    let settles = decision.justification.as_ref();
    let settles = settles.and_then(|found| {
        let owner = found.reason.owner.as_ref().filter(said)?;
        Some((owner, (&found.path, found.start.line)))
    });
    let offered = || {
        offers.iter().find_map(|offer| {
            let owner = offer.reason.owner.as_ref().filter(said)?;
            let line = offer.source.position(offer.reason.place.span.start).line;
            Some((owner, (offer.source.name(), line)))
        })
    };
    match settles.or_else(offered) {
        // A context lends its owner to the reason beside it.
        Some((owner, _)) if Some(owner) == of_context => context(),
        Some((owner, (path, line))) => named(owner, OwnerFrom::Reason(Arc::clone(path), line)),
        None => context(),
    }
}

/// What became of each resource of each variant that a record may speak of; of a member, also which one decides.
pub(super) type Standings = HashMap<(usize, usize), (Standing, usize)>;

/// What the way up of a choice changes in its members, where that is but properties.
fn changed_members(
    template: &Template<'_>,
    placement: &Placement,
    catalogue: &Catalogue,
) -> Vec<(String, String)> {
    let (rule, kind) = (
        &placement.rule,
        &template.resources[placement.resource].kind,
    );
    let climb = rule.climb(kind, placement.case, placement.rung);
    if climb.step != Some(Step::Property) || placement.members.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (join, path) in wording::changed_beside(rule, template.dialect, kind, climb.changes) {
        let kinds = placement.members.iter();
        let kinds = kinds.map(|at| &*template.resources[*at].kind);
        let kinds = kinds.filter(|kind| match catalogue.entry(kind) {
            Some(Entry::Rule(at)) => join.link.rules.contains(&at),
            _ => false,
        });
        let kinds: BTreeSet<&str> = kinds.collect();
        all.extend(
            kinds
                .into_iter()
                .map(|kind| (kind.to_owned(), path.clone())),
        );
    }
    all
}

/// What decides in the place of a property, by its own place.
fn decider_elsewhere(
    found: DecidedBy,
    own: &Arc<Source>,
    span: Span,
    sources: &[Arc<Source>],
) -> DeciderElsewhere {
    match found {
        DecidedBy::Place(place, says) => {
            let source = &sources[place.file];
            DeciderElsewhere {
                path: Arc::clone(source.name()),
                start: source.position(place.span.start),
                says,
                is_globals: false,
            }
        }
        DecidedBy::Input => DeciderElsewhere {
            path: Arc::clone(own.name()),
            start: own.position(span.start),
            says: format!(
                "`{}`: the module's default, or what each call hands down",
                span.of(own.text()).trim()
            ),
            is_globals: false,
        },
    }
}

/// `Globals`, where what decides is written in no block of a function of SAM.
fn in_globals(
    template: &Template<'_>,
    at: usize,
    members: &[usize],
    source: &Arc<Source>,
    span: Span,
) -> Option<DeciderElsewhere> {
    let resource = &template.resources[at];
    let of_sam = template.dialect == Dialect::CloudFormation
        && resource.kind.starts_with("AWS::Serverless::")
        && resource.body.is_some();
    let is_inside = |at: &usize| {
        let block = template.resources[*at].block.span;
        block.start <= span.start && span.end <= block.end
    };
    if !of_sam || is_inside(&at) || members.iter().any(is_inside) {
        return None;
    }
    if span == resource.type_place.span {
        return None;
    }
    let written = span.of(source.text()).trim();
    let says = match written.len() <= MOST_SHOWN && !written.contains(['\n', '`']) {
        true => format!("`{written}` stands in `Globals`"),
        false => "it stands in `Globals`".to_owned(),
    };
    Some(DeciderElsewhere {
        path: Arc::clone(source.name()),
        start: source.position(span.start),
        says,
        is_globals: true,
    })
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
