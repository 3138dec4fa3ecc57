//! AWS Context beside a fallback: what it says, what it has against the way up, and where its `why` alone is a reason.

use std::sync::Arc;

use super::{Offer, RecordId};
use crate::base::Context;
use crate::base::enumerated;
use crate::base::finding::{Finding, Help, Section};
use crate::base::source::Source;
use crate::config::{AuthorRule, Config, ContextRule, Demands};
use crate::placement::{Decision, Reason};

/// Characters of a text that are shown.
const LONGEST: usize = 160;

/// Texts of one list that are shown.
const MOST: usize = 3;

/// What may settle a decision of which no other reason speaks, where the configuration lets it.
#[must_use]
pub fn offers<'a>(
    contexts: &'a [Context],
    decision: &Decision,
    sources: &'a [Arc<Source>],
    config: &Config,
) -> Vec<Offer<'a>> {
    let settles = config.demands.context == ContextRule::Settles;
    if !settles || config.demands.never.contains(&decision.code()) {
        return Vec::new();
    }
    let alone = contexts.iter().filter_map(|context| context.alone.as_ref());
    // A guess never settles anything, and whoever wrote it knows that.
    let counts = |reason: &&Reason| !reason.is_guess && !is_machine(reason, &config.demands);
    let offers = alone.filter(counts).map(|reason| Offer {
        reason,
        source: &sources[reason.place.file],
        id: RecordId::written(reason),
    });
    offers.collect()
}

/// Whether a machine inferred it, where a person is asked for.
fn is_machine(reason: &Reason, demands: &Demands) -> bool {
    reason.is_inferred && demands.authored_by == AuthorRule::Person
}

/// Adds to the finding of a fallback what the contexts of its resource say.
pub fn tell(finding: &mut Finding, decision: &Decision, contexts: &[Context], demands: &Demands) {
    let mut against: Vec<String> = Vec::new();
    let mut says: Vec<String> = Vec::new();
    for context in contexts {
        against.extend(fixed(context, decision));
        against.extend(musts(context));
        says.extend(context.alone.as_ref().map(|why| said(why, demands)));
    }
    against.dedup();
    says.dedup();
    put(finding, Section::Against, &against, Section::Fair);
    put(finding, Section::Context, &says, Section::SayWhy);
}

/// Puts a paragraph before another one.
fn put(finding: &mut Finding, section: Section, lines: &[String], before: Section) {
    if lines.is_empty() {
        return;
    }
    let text = lines.join("\n");
    let help = &mut finding.help;
    let follows = |other: &Help| other.section == before || other.section == Section::SayWhy;
    let at = help.iter().position(follows).unwrap_or(help.len());
    help.insert(at, Help { section, text });
}

fn said(reason: &Reason, demands: &Demands) -> String {
    let why = reason.reason.as_ref().map_or("", |why| &why.text);
    let why = quoted(why);
    match demands.context {
        _ if reason.is_guess => format!("{why}; by its own word a guess, which does not count"),
        _ if is_machine(reason, demands) => {
            format!("{why}; a machine inferred it, which does not count")
        }
        ContextRule::Shown => format!("{why}; add because=KIND to let it count"),
        ContextRule::Settles => why,
    }
}

/// That the way up changes what must never change.
fn fixed(context: &Context, decision: &Decision) -> Option<String> {
    if decision.climb().up.is_empty() {
        return None;
    }
    let names = |names: Vec<&str>| {
        let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
        let listed = enumerated(&quoted, usize::MAX);
        let says = || format!("its context says that {listed} must never change");
        (!names.is_empty()).then(says)
    };
    let properties = || context.properties.iter();
    // Of a nested property, the one that holds it is spoken of.
    let changes = decision.changes();
    let mut changed: Vec<&str> = changes.iter().map(|path| outer(path)).collect();
    changed.dedup();
    // A way up that replaces the resource takes all of its properties away, and of some it is not known what they change.
    if changed.is_empty() {
        let says = "its context says that the resource must never change".to_owned();
        let fixed = properties().filter(|(_, is_fixed)| *is_fixed);
        let fixed = || names(fixed.map(|(name, _)| name.as_str()).collect());
        return if context.is_fixed {
            Some(says)
        } else {
            fixed()
        };
    }
    changed.retain(|name| {
        let found = properties().find(|(property, _)| property == name);
        found.map_or(context.is_fixed, |(_, is_fixed)| *is_fixed)
    });
    names(changed)
}

/// The first name of `SnapStart.ApplyOn` and of `Tiers[].Name`.
fn outer(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or(path)
}

/// What must hold, whatever is changed. Whether a way up breaks it, only its reader knows.
fn musts(context: &Context) -> Option<String> {
    let shown = context.must.iter().take(MOST);
    let shown: Vec<String> = shown.map(|must| quoted(must)).collect();
    let more = match context.must.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let says = || {
        format!(
            "its context says what must hold: {}{more}",
            shown.join("; ")
        )
    };
    (!shown.is_empty()).then(says)
}

/// A text on one line, cut where it is long.
fn quoted(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    if text.chars().nth(LONGEST).is_none() {
        return format!("\"{text}\"");
    }
    let kept: String = text.chars().take(LONGEST).collect();
    format!("\"{} ...\"", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_take_one_line() {
        assert_eq!(
            quoted("keeps\n  the ledger\u{2028}here"),
            "\"keeps the ledger here\""
        );
        let long = quoted(&"ö ".repeat(400));
        assert!(long.chars().count() <= LONGEST + 6, "{long}");
        assert!(long.ends_with("ö ...\""), "{long}");
    }

    #[test]
    fn what_holds_a_property_is_spoken_of() {
        for (path, expected) in [
            ("EngineMode", "EngineMode"),
            ("Scaling.Min", "Scaling"),
            ("Tiers[].Name", "Tiers"),
        ] {
            assert_eq!(outer(path), expected);
        }
    }
}
