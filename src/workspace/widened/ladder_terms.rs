//! What would be accepted, and what would weigh less: said line by line of the change, however many ladders a line speaks of.

use std::collections::{BTreeMap, BTreeSet};

use super::Widening;
use crate::analysis::Rung;
use crate::analysis::summary::count;
use crate::base::finding::Finding;
use crate::config::{Config, Override, Policy};

/// Ladders that are named in a sentence.
const MOST_NAMED: usize = 3;

/// What a line would loosen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Term {
    /// A worse rung needs no reason.
    Accepts { now: Rung, before: Rung },
    /// A rung weighs less.
    Weighs {
        rung: Rung,
        now: &'static str,
        before: &'static str,
    },
}

/// What one line would loosen, ladder by ladder, and in which files.
#[derive(Default)]
struct Eased<'a> {
    /// The key that the line sets.
    key: String,
    terms: BTreeSet<(String, Term)>,
    paths: BTreeSet<&'a str>,
}

fn weight(policy: &Policy, at: usize) -> &'static str {
    match policy.is_off[at] {
        true => "off",
        false => policy.severity[at].name(),
    }
}

/// What of a policy is looser than another one.
fn looser(now: &Policy, then: &Policy) -> Vec<Term> {
    let mut found = Vec::new();
    if now.accept > then.accept {
        found.push(Term::Accepts {
            now: now.accept,
            before: then.accept,
        });
    }
    for rung in Rung::ALL.into_iter().filter(|rung| *rung > now.accept) {
        let at = rung as usize;
        let weighs = |policy: &Policy| (!policy.is_off[at]).then_some(policy.severity[at]);
        // Nothing is less than a note.
        if weighs(now) < weighs(then) {
            found.push(Term::Weighs {
                rung,
                now: weight(now, at),
                before: weight(then, at),
            });
        }
    }
    found
}

impl Widening<'_> {
    /// Rungs that would be accepted, or would weigh less.
    pub(super) fn policies(&self, findings: &mut Vec<Finding>) {
        // Where a line stands, to what it does.
        let mut lines: BTreeMap<Option<(String, u32)>, Eased<'_>> = BTreeMap::new();
        let ladders = self.trusted.catalogue.ladders();
        let mut places: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
        places.extend(ladders.map(|ladder| (&*ladder.name, None)));
        let decisions = self.now.decisions.iter();
        places.extend(decisions.map(|one| (&*one.ladder().name, Some(&*one.path))));
        for (ladder, path) in places {
            let policy = |config: &Config| config.policy(path.unwrap_or_default(), ladder);
            for term in looser(&policy(self.own), &policy(self.trusted)) {
                let key = self.key_of(ladder, &term);
                let line = self.own.set.get(&key).and_then(|one| one.origin.clone());
                let eased = lines.entry(line).or_default();
                eased.key = key;
                eased.terms.insert((ladder.to_owned(), term));
                eased.paths.extend(path);
            }
        }
        let mut said = BTreeSet::new();
        for (line, eased) in lines {
            let files = match eased.paths.len() {
                0 => String::new(),
                number => format!(" (in {})", count(number, "file")),
            };
            let message = format!("{}{files}", self.sentence(&eased.terms));
            self.say(&eased.key, message, findings);
            said.insert(line);
        }
        self.idle_overrides(&said, findings);
    }

    /// Overrides that would loosen something of what somebody adds later: each glob is asked about files that nobody has yet. Also those of
    /// the base, for what is stricter there may be gone. `said` are the lines of which it is known already.
    fn idle_overrides(&self, said: &BTreeSet<Option<(String, u32)>>, findings: &mut Vec<Finding>) {
        let everywhere = self.terms_at("");
        let overrides = self.own.overrides.iter().chain(&self.trusted.overrides);
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for one in overrides {
            let mut globs: Vec<&str> = Vec::new();
            let mut terms = BTreeSet::new();
            for glob in one.paths.globs() {
                let mut more: BTreeSet<(String, Term)> = match one.paths.samples(glob) {
                    Some(samples) => {
                        let each = samples.iter().flat_map(|sample| self.terms_at(sample));
                        each.collect()
                    }
                    None => self.terms_of(one, glob),
                };
                more.retain(|term| !everywhere.contains(term));
                if !more.is_empty() && known.insert(glob) {
                    globs.push(glob);
                    terms.extend(more);
                }
            }
            if terms.is_empty() {
                continue;
            }
            let named = one.paths.globs().collect::<Vec<_>>().join(", ");
            let start = format!("override.\"{named}\".");
            let mut keys = self.own.set.keys();
            let key = keys.find(|key| key.starts_with(&start));
            let key = key.map_or("override", String::as_str).to_owned();
            let line = self.own.set.get(&key).and_then(|one| one.origin.clone());
            if line.is_some() && said.contains(&line) {
                continue;
            }
            let mut decisions = self.now.decisions.iter();
            let is_idle = !decisions.any(|decision| one.paths.hold(&decision.path));
            let place = match is_idle {
                true => "where nothing is yet",
                false => "for what is added there",
            };
            let globs = globs.join(", ");
            let message = format!("in `{globs}`, {place}, {}", self.sentence(&terms));
            self.say(&key, message, findings);
        }
    }

    /// What would be looser of a file at a path, whether it is there or not.
    fn terms_at(&self, path: &str) -> BTreeSet<(String, Term)> {
        let ladders = self.trusted.catalogue.ladders();
        let terms = ladders.flat_map(|ladder| {
            let policy = |config: &Config| config.policy(path, &ladder.name);
            let all = looser(&policy(self.own), &policy(self.trusted)).into_iter();
            all.map(|term| (ladder.name.to_string(), term))
        });
        terms.collect()
    }

    /// What an override would loosen by itself, unless the base has the same glob.
    fn terms_of(&self, one: &Override, glob: &str) -> BTreeSet<(String, Term)> {
        let known = self.trusted.overrides.iter();
        let known = known.filter(|other| other.paths.globs().any(|other| other == glob));
        let known: Vec<&Override> = known.collect();
        let ladders = self.trusted.catalogue.ladders();
        let terms = ladders.flat_map(|ladder| {
            let mut then = self.trusted.policy("", &ladder.name);
            let mut now = then;
            for other in &known {
                other.ladders.apply(&ladder.name, &mut then);
            }
            one.ladders.apply(&ladder.name, &mut now);
            let all = looser(&now, &then).into_iter();
            all.map(|term| (ladder.name.to_string(), term))
        });
        terms.collect()
    }

    /// The key that loosens it.
    fn key_of(&self, ladder: &str, term: &Term) -> String {
        let (ends, value) = match term {
            Term::Accepts { now, .. } => (
                [
                    format!("ladders.{ladder}.accept"),
                    "ladders.accept".to_owned(),
                ],
                now.name(),
            ),
            Term::Weighs { rung, now, .. } => {
                let rung = rung.name();
                (
                    [
                        format!("ladders.{ladder}.severity.{rung}"),
                        format!("ladders.severity.{rung}"),
                    ],
                    *now,
                )
            }
        };
        let value = format!("\"{value}\"");
        let fits = |is_exact: bool| {
            ends.iter().find_map(|end| {
                let mut settings = self.own.set.values();
                settings.find(|one| {
                    one.key.ends_with(end.as_str()) && (!is_exact || one.value == value)
                })
            })
        };
        let found = fits(true).or_else(|| fits(false));
        found.map(|one| one.key.clone()).unwrap_or_default()
    }

    /// All of it in one sentence.
    fn sentence(&self, terms: &BTreeSet<(String, Term)>) -> String {
        let reference = self.reference;
        let mut all = terms.iter();
        if let (Some((ladder, term)), None) = (all.next(), all.next()) {
            return match term {
                Term::Accepts { now, before } => {
                    let (now, before) = (now.name(), before.name());
                    format!("{ladder} would accept {now}, and accepts {before} at {reference}")
                }
                Term::Weighs { rung, now, before } => {
                    let rung = rung.name();
                    format!("{ladder}/{rung} would be {now}, and is {before} at {reference}")
                }
            };
        }
        let mut accepts: BTreeMap<Rung, BTreeSet<&str>> = BTreeMap::new();
        let mut weights: BTreeMap<&str, BTreeMap<&str, BTreeSet<Rung>>> = BTreeMap::new();
        for (ladder, term) in terms {
            match term {
                Term::Accepts { now, .. } => {
                    accepts.entry(*now).or_default().insert(ladder);
                }
                Term::Weighs { rung, now, .. } => {
                    let of = weights.entry(ladder.as_str()).or_default();
                    of.entry(now).or_default().insert(*rung);
                }
            }
        }
        let accepts = accepts.into_iter();
        let mut parts: Vec<String> = accepts
            .map(|(rung, ladders)| format!("{} would accept {}", self.names(&ladders), rung.name()))
            .collect();
        // Ladders of which the same is said, together.
        let mut alike: BTreeMap<BTreeMap<&str, BTreeSet<Rung>>, BTreeSet<&str>> = BTreeMap::new();
        for (ladder, of) in weights {
            alike.entry(of).or_default().insert(ladder);
        }
        for (of, ladders) in alike {
            let one = ladders.first().copied().unwrap_or_default();
            let accepted = self.own.policy("", one).accept;
            let counting = Rung::ALL.into_iter().filter(|rung| *rung > accepted);
            let counting: BTreeSet<Rung> = counting.collect();
            for (now, rungs) in of {
                let rung_names = rungs.iter().map(|rung| rung.name());
                let what = match (rungs == counting, ladders.len()) {
                    (true, _) => self.names(&ladders),
                    (false, 1) => {
                        let names = rung_names.map(|rung| format!("{one}/{rung}"));
                        names.collect::<Vec<_>>().join(" and ")
                    }
                    (false, _) => {
                        let rungs = rung_names.collect::<Vec<_>>().join(" and ");
                        format!("{rungs} of {}", self.names(&ladders))
                    }
                };
                parts.push(format!("{what} would be {now}"));
            }
        }
        format!("{}, and {reference} is stricter", parts.join(", "))
    }

    fn names(&self, ladders: &BTreeSet<&str>) -> String {
        let all = self.trusted.catalogue.ladders().count();
        if ladders.len() > 1 && ladders.len() == all {
            return "every ladder".to_owned();
        }
        let named: Vec<&str> = ladders.iter().copied().take(MOST_NAMED).collect();
        match ladders.len().saturating_sub(named.len()) {
            0 => named.join(" and "),
            more => format!("{} and {}", named.join(", "), count(more, "more ladder")),
        }
    }
}
