//! A plan or a state, from its bytes to its decisions.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::sync::Arc;

use super::Judged;
use super::liabilities::{Burdens, OwnedBy};
use super::placed::{location, owned, relate};
use super::verdict::WHOLE;
use crate::analysis::{UnreadItem, UnreadKind};
use crate::base::SourceCode;
use crate::base::finding::Problem;
use crate::base::source::{Source, Span};
use crate::blocks::Place;
use crate::blocks::plan::{self, Keep, Kept, PlanError};
use crate::placement::classify::{self, Placed, Placement};
use crate::placement::{Catalogue, hidden, joins};
use crate::reasons::{RecordId, Verdicts};
use crate::rulebook::{Entry, Text, liability};
use crate::syntax;
use crate::workspace::input_texts::ReadFor;
use crate::workspace::written_blocks::{Origin, WrittenBlocks};
use crate::workspace::{Options, notes};

impl Judged {
    pub(super) fn plan(
        &mut self,
        reader: impl Read,
        name: &str,
        named: bool,
        options: &Options,
    ) -> Result<(), Problem> {
        let catalogue = &options.config.catalogue;
        let more = MoreAttributes::of(catalogue);
        let keep = |kind: &str| match more.keep(kind) {
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
        for why in std::mem::take(&mut kept.missing) {
            let item = UnreadItem::at(name).because(why);
            self.unread.add(UnreadKind::Part, item);
        }
        self.terraform = true;
        let shown: Arc<str> = name.into();
        let sources = std::mem::take(&mut kept.excerpts).into_iter();
        let sources = sources.map(|excerpt| {
            let source = Source::excerpt(Arc::clone(&shown), excerpt.text, excerpt.position);
            Arc::new(source)
        });
        let sources: Vec<Arc<Source>> = sources.collect();
        let said = kept.template.notes.iter();
        self.findings
            .extend(said.map(|note| notes::finding(note, &sources)));
        let mut verdicts = Verdicts::default();
        let entries = joins::entries(&kept.template, catalogue);
        let read_for = |_| ReadFor::Asked { named };
        self.beyond(&kept.template, &entries, catalogue, &sources, &read_for);
        hidden::complete(&mut kept, &entries, catalogue);
        let graph = joins::graph(&kept.template, &entries, catalogue);
        let Placed {
            decisions: placements,
            machinery,
        } = classify::place(&graph, catalogue, options.strict);
        if options.graph {
            self.unknown(&kept.template, &entries, &|_| ReadFor::Asked { named });
            let locate = |_: usize, place: Place| location(place, &sources);
            self.draw(
                &graph,
                &placements,
                &machinery,
                catalogue,
                vec![shown],
                &locate,
            );
        }
        let is_meant = |at: usize| machinery.iter().all(|machine| machine.resource != at);
        let mut burdens = OwnedBy::new(Burdens::of(&kept.template, &sources, &is_meant));
        let first = self.decisions.len();
        for (number, placement) in placements.iter().enumerate() {
            burdens.add(&kept.template, placement, &sources, first + number);
        }
        let stack: Arc<str> = name.into();
        let found = burdens.close(&kept.template, &sources, &|_| Arc::clone(&stack));
        self.liabilities.extend(found);
        let all = machinery.into_iter();
        self.machinery
            .extend(all.map(|machine| owned(&kept.template, &machine, &sources)));
        let host = &*options.host;
        let mut written = WrittenBlocks::of_plan(host, name, &kept, sources);
        let mut origins = Vec::with_capacity(placements.len());
        for Placement {
            resource, place, ..
        } in &placements
        {
            let written = written.as_mut().ok();
            origins.push(written.and_then(|written| written.origin(&kept, *resource, *place)));
        }
        let sources = match written {
            Ok(written) => written.sources,
            Err(sources) => sources,
        };
        let mut reasons = BTreeMap::new();
        for (placement, origin) in placements.into_iter().zip(origins) {
            if let Some(origin) = &origin {
                let own = origin.reasons.iter();
                let own = own.map(|reason| (reason, origin.address.as_str()));
                let whole = origin.whole.iter().map(|reason| (reason, WHOLE));
                for (reason, scope) in own.chain(whole) {
                    reasons
                        .entry(RecordId::written(reason))
                        .or_insert_with(|| (reason.clone(), scope.to_owned()));
                }
            }
            self.planned(&kept, placement, &sources, origin, options, &mut verdicts);
        }
        // What settles nothing here may be meant for another plan.
        for (id, (reason, scope)) in reasons {
            if verdicts.needs(id) {
                let source = &sources[reason.place.file];
                let (findings, record) = verdicts.close(id, &reason, source, scope, true);
                self.findings.extend(findings);
                self.records.push(record);
            }
        }
        self.ledger.merge(verdicts);
        Ok(())
    }

    /// A decision of a plan: each place stands in an excerpt of its own.
    pub(super) fn planned(
        &mut self,
        kept: &Kept,
        mut placement: Placement,
        sources: &[Arc<Source>],
        origin: Option<Origin>,
        options: &Options,
        verdicts: &mut Verdicts,
    ) {
        let variables = kept.variables(placement.resource, placement.place);
        let related = placement.related.drain(..).chain(variables);
        let related = relate(related, sources);
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
            origin,
            options,
            verdicts,
        );
    }
}

/// What is to be kept of each type: what its rule asks, and what is asked to see what servers make somebody own.
struct MoreAttributes<'c> {
    catalogue: &'c Catalogue,
    /// For each type of which something is asked beside its rule.
    known: Vec<OnceCell<Option<Vec<Text>>>>,
}

impl<'c> MoreAttributes<'c> {
    fn of(catalogue: &'c Catalogue) -> Self {
        let known = (0..liability::number_of_types()).map(|_| OnceCell::new());
        Self {
            catalogue,
            known: known.collect(),
        }
    }

    fn keep(&self, kind: &str) -> Keep<'_> {
        let own = keep(self.catalogue, kind);
        let Some(at) = liability::type_number(kind) else {
            return own;
        };
        let all = self.known[at].get_or_init(|| {
            let asked = liability::of_type(kind)?.attributes.iter();
            let mut all: Vec<Text> = match own {
                Keep::Wanted(attributes) => attributes.to_vec(),
                Keep::Plumbing => Vec::new(),
                Keep::Unknown => return None,
            };
            all.extend(asked.map(|name| Text::Borrowed(name)));
            all.sort_unstable();
            all.dedup();
            Some(all)
        });
        all.as_deref().map_or(own, Keep::Wanted)
    }
}

fn keep<'c>(catalogue: &'c Catalogue, kind: &str) -> Keep<'c> {
    match catalogue.entry(kind) {
        None if catalogue.misses(kind) => Keep::Unknown,
        Some(Entry::Plumbing(group)) if catalogue.plumbing(group).holds.is_some() => {
            Keep::Wanted(&[])
        }
        None | Some(Entry::Plumbing(_)) => Keep::Plumbing,
        Some(Entry::Rule(rule)) => Keep::Wanted(&catalogue.rule_at(rule).attributes),
    }
}
