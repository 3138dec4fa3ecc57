//! Decisions and reasons become findings: a sound reason settles one, a faulty one settles nothing and says so.

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::finding::{Finding, Help, Related, Section, Severity};
use crate::base::source::{Source, Span};
use crate::config::{Config, Ledger, LedgerEntry, Policy};
use crate::placement::fact_values::{Fact, Known};
use crate::placement::{Decision, Field, Justification, Reason, Rung};

pub mod contradiction;
pub mod endings;
pub mod faults;
pub mod kinds;
pub mod message;
pub mod placeholder;
pub mod records;
pub mod soundness;
pub mod unused;
pub mod whys;

pub use faults::Fault;
pub use kinds::NAMES as KINDS;
pub use placeholder::placeholder;
pub use records::{Record, RecordId, Spoken, Verdicts};

/// A reason that may settle a decision, and the text that it stands in.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'a> {
    pub reason: &'a Reason,
    /// The text.
    pub source: &'a Arc<Source>,
    /// Which record it is.
    pub id: RecordId,
}

/// What a record is judged by.
#[derive(Clone, Copy)]
pub struct Law<'a> {
    /// What the team has set.
    pub config: &'a Config,
    /// The day.
    pub today: Date,
    /// What the template knows of the decision's resources.
    pub facts: &'a dyn Fn(&Fact) -> Known,
    /// The texts of the template, where they are at hand.
    pub sources: &'a [Arc<Source>],
}

/// Whether a decision stands below what is accepted.
#[must_use]
pub fn is_fallback(rung: Rung, policy: &Policy) -> bool {
    rung > policy.accept
}

/// How much an unjustified decision on a rung weighs where nothing else is set.
#[must_use]
pub fn severity(rung: Rung) -> Severity {
    Policy::default().severity[rung as usize]
}

/// What a record may speak of.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// The files that a ledger may name, as they are shown.
    pub paths: &'s [&'s str],
    pub address: &'s str,
    pub construct: Option<&'s str>,
    /// The folder of the root that calls the module in which it stands.
    pub root: Option<&'s str>,
}

/// The reasons that speak for a resource. Its own and the ledger's that name it go before those of its whole template,
/// and those before the ledger's globs. The ledger may name any of the paths.
#[must_use]
pub fn offers<'a>(
    own: &'a [Reason],
    whole: &'a [Reason],
    sources: &'a [Arc<Source>],
    ledger: &'a Ledger,
    of: &Subject<'_>,
) -> Vec<Offer<'a>> {
    let written = |reason: &'a Reason| Offer {
        reason,
        source: &sources[reason.place.file],
        id: RecordId::written(reason),
    };
    let entries = ledger.about(of.address, of.construct).into_iter();
    let entries = entries.filter(|(_, entry)| {
        let mut paths = of.paths.iter();
        paths.any(|path| entry.matches(path, of.address, of.construct))
            && entry.matches_root(of.root)
    });
    let (exact, globs): (Vec<_>, Vec<_>) = entries.partition(|(_, entry)| entry.exact);
    let listed = |(at, entry): (usize, &'a LedgerEntry)| Offer {
        reason: &entry.reason,
        source: &entry.source,
        id: RecordId::Ledger(at),
    };
    let own: Vec<Offer<'a>> = own
        .iter()
        .map(written)
        .chain(exact.into_iter().map(listed))
        .collect();
    if !own.is_empty() {
        return own;
    }
    let whole: Vec<Offer<'a>> = whole.iter().map(written).collect();
    if !whole.is_empty() {
        return whole;
    }
    globs.into_iter().map(listed).collect()
}

/// One record settles the decision if every one that speaks of it is sound: the one that ends first. What is wrong with
/// them is charged in the verdicts.
pub fn settle(
    decision: &mut Decision,
    offers: &[Offer<'_>],
    place: (&Arc<Source>, Span),
    law: &Law<'_>,
    verdicts: &mut Verdicts,
) {
    let open = |message: String| Related {
        source: Arc::clone(place.0),
        span: place.0.one_line(place.1),
        message,
    };
    let address = &decision.address;
    if law.config.demands.never.contains(&decision.code()) {
        let stays = open(format!("no reason settles {address}"));
        let set = law.config.set.get("justifications.never");
        let by = set.and_then(|setting| setting.origin.as_ref());
        let by = by.map_or_else(String::new, |(file, line)| format!(", says {file}:{line}"));
        for offer in offers {
            let why = format!("{} cannot be justified here{by}", decision.code());
            verdicts.charge(offer.id, Fault::Unused(why), address, vec![stays.clone()]);
            verdicts.speak(offer.id, decision, false);
        }
        return;
    }
    let mut judged: Vec<(Offer<'_>, Vec<Fault>)> = offers
        .iter()
        .map(|offer| (*offer, faults(decision, *offer, law)))
        .collect();
    // The strictest first: a faulty one, then the one that ends first.
    judged.sort_by_key(|(offer, faults)| {
        let end = soundness::end(offer.reason);
        (faults.is_empty(), end.is_none(), end)
    });
    let Some((first, _)) = judged.first() else {
        return;
    };
    let first = *first;
    let sound = judged.iter().all(|(_, faults)| faults.is_empty());
    let (path, start) = (
        first.source.name(),
        first.source.position(first.reason.place.span.start),
    );
    if sound {
        if let Some(soon) = soundness::ends_soon(first.reason, law.today) {
            let settled = open(format!("settles {address} until then"));
            verdicts.charge(first.id, soon, address, vec![settled]);
        }
        decision.justification = Some(Justification {
            reason: first.reason.clone(),
            path: Arc::clone(path),
            start,
        });
    }
    for (at, (offer, faults)) in judged.into_iter().enumerate() {
        verdicts.speak(offer.id, decision, sound && at == 0);
        for fault in faults {
            let mut related = vec![open(format!("{} still needs a reason", decision.name()))];
            related.extend(spot(&fault, law));
            verdicts.charge(offer.id, fault, &decision.address, related);
        }
        if at > 0 && offer.id != first.id {
            let counts = Related {
                source: Arc::clone(first.source),
                span: first.source.one_line(first.reason.place.span),
                message: "this one counts".to_owned(),
            };
            let place = format!("{path}:{}", start.line);
            let spoken = open(format!("both cover {}", decision.name()));
            verdicts.charge(
                offer.id,
                Fault::Duplicate(place),
                &decision.address,
                vec![counts, spoken],
            );
        }
    }
}

fn faults(decision: &Decision, offer: Offer<'_>, law: &Law<'_>) -> Vec<Fault> {
    let mut faults = soundness::of_record(offer.reason, offer.source.name(), law.config, law.today);
    let text = |field: &Option<Field>| {
        field
            .as_ref()
            .map(|field| field.text.trim().to_owned())
            .unwrap_or_default()
    };
    let kind = text(&offer.reason.because);
    if let Some(kind) = kinds::named(&kind)
        && let Some(found) =
            contradiction::find(kind, &text(&offer.reason.reason), decision, law.facts)
    {
        faults.push(Fault::Contradicted(kind.name.to_string(), found));
    }
    faults
}

/// The place in the template that contradicts.
fn spot(fault: &Fault, law: &Law<'_>) -> Option<Related> {
    let Fault::Contradicted(_, found) = fault else {
        return None;
    };
    let (value, place) = found.value.as_ref()?;
    let place = (*place)?;
    let source = law.sources.get(place.file)?;
    Some(Related {
        source: Arc::clone(source),
        span: source.one_line(place.span),
        message: format!("`{value}` contradicts it"),
    })
}

/// A finding about what cannot be justified does not ask for words.
pub fn forbid(finding: &mut Finding, config: &Config) {
    if config.demands.never.contains(&finding.code) {
        let asks = [Section::SayWhy, Section::Context];
        finding.help.retain(|help| !asks.contains(&help.section));
        let text = format!(
            "{} cannot be justified here: the configuration says so",
            finding.code
        );
        let section = Section::Never;
        finding.help.push(Help { section, text });
    }
}
