//! What a provider has ended, will end, or no longer sells to anybody new: beside the rule of the service, with its source.

use serde::Deserialize;
use toml::value::Datetime;

use super::cloud_control;
use super::coded::{Text, coded};
use super::condition::{Condition, Scope};
use super::file::RuleText;
use super::globs::like;
use super::limits::Limits;
use super::module_source;

/// One as people write it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleText {
    /// What people know it as: "Amazon QLDB".
    pub name: String,
    /// The day on which it ends, past or to come.
    pub ends: Option<Day>,
    /// Since this day no new customer gets it.
    pub closed: Option<Day>,
    /// Only its support ends: what there is runs on, and more of it can be made.
    #[serde(default)]
    pub support_only: bool,
    /// Those of the rule's types that it is about; none is all of them.
    #[serde(default)]
    pub types: Vec<String>,
    /// It is about a resource for which this holds.
    #[serde(default)]
    pub when: toml::Table,
    /// What to take instead.
    pub instead: String,
    /// The page that says so.
    pub source: String,
    /// The day on which somebody last read that page.
    pub checked: Day,
}

/// A day: one of TOML's own, or a text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Day {
    Own(Datetime),
    /// In quotes.
    Text(String),
}

impl Day {
    /// As in 2027-06-30, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let own = match self {
            Self::Own(day) => *day,
            Self::Text(text) => text.parse().ok()?,
        };
        let is_day = own.date.is_some() && own.time.is_none() && own.offset.is_none();
        is_day.then(|| own.to_string())
    }
}

/// One as the program uses it. Days are written as in 2027-03-31.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    /// What people know it as.
    pub name: Text,
    /// The day on which it ends, past or to come.
    pub ends: Option<Text>,
    /// Since this day no new customer gets it.
    pub closed: Option<Text>,
    /// Only its support ends: what there is runs on, and more of it can be made.
    pub support_only: bool,
    /// Types that it is about, and those of the `awscc` provider that are made from them; none is all of its rule's.
    pub types: Vec<Text>,
    /// It is about a resource for which this holds.
    pub when: Condition,
    /// What to take instead.
    pub instead: Text,
    /// The page that says so.
    pub source: Text,
    /// The day on which somebody last read that page.
    pub checked: Text,
}

coded!(Lifecycle {
    name,
    ends,
    closed,
    support_only,
    types,
    when,
    instead,
    source,
    checked
});

impl Lifecycle {
    /// Its days, in words that are true on every day: "no new customers since 2025-05-01, last day 2030-05-01".
    #[must_use]
    pub fn days(&self) -> String {
        let closed = self.closed.iter();
        let closed = closed.map(|day| format!("no new customers since {day}"));
        let last = match self.support_only {
            true => "last day of support",
            false => "last day",
        };
        let ends = self.ends.iter().map(|day| format!("{last} {day}"));
        closed.chain(ends).collect::<Vec<_>>().join(", ")
    }

    /// The predicate of its end: "ended on 2025-07-31", "loses its support on 2027-03-31".
    #[must_use]
    pub fn end_words(&self, is_past: bool, day: &str) -> String {
        let verb = match (self.support_only, is_past) {
            (false, true) => "ended",
            (false, false) => "ends",
            (true, true) => "lost its support",
            (true, false) => "loses its support",
        };
        format!("{verb} on {day}")
    }

    /// What ends, its days and what to take then, in one line.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        format!("{}: {}; instead: {}", self.name, self.days(), self.instead)
    }

    /// Whether it may be about resources of a type. A module of the public registry is the same however its source is written.
    #[must_use]
    pub fn concerns(&self, kind: &str) -> bool {
        let registry = module_source::registry_kind(kind);
        let is_named = |name: &Text| {
            let mut kinds = [Some(kind), registry.as_deref()].into_iter().flatten();
            kinds.any(|kind| like(kind, name))
        };
        self.types.is_empty() || self.types.iter().any(is_named)
    }
}

/// Makes one of what people wrote, which has no fault.
pub fn compile(text: &LifecycleText, scope: &Scope<'_>, limits: &Limits) -> Lifecycle {
    let day = |day: &Option<Day>| Some(Text::from(day.as_ref()?.text()?));
    Lifecycle {
        name: text.name.clone().into(),
        ends: day(&text.ends),
        closed: day(&text.closed),
        support_only: text.support_only,
        types: {
            let named = text.types.iter().cloned();
            let awscc = text
                .types
                .iter()
                .filter_map(|name| cloud_control::kind(name));
            named.chain(awscc).map(Text::from).collect()
        },
        when: Condition::parse(&text.when, scope).unwrap_or(Condition::Any(Vec::new())),
        instead: limits.expand(&text.instead).into(),
        source: text.source.clone().into(),
        checked: text.checked.text().unwrap_or_default().into(),
    }
}

/// What is wrong with those of a rule: the way down from the rule, and words.
pub fn faults(rule: &RuleText, scope: &Scope<'_>) -> Vec<(Vec<String>, String)> {
    let mut faults = Vec::new();
    for (number, text) in rule.lifecycle.iter().enumerate() {
        let mut fault = |at: &[&str], message: String| {
            let mut place = vec!["lifecycle".to_owned(), number.to_string()];
            place.extend(at.iter().map(|key| (*key).to_owned()));
            faults.push((place, message));
        };
        if rule.cases.is_empty() {
            let text = "a rule without a case is no hosting choice, so its end is never told";
            fault(&[], text.to_owned());
        }
        if text.ends.is_none() && text.closed.is_none() {
            fault(&[], "neither `ends` nor `closed`".to_owned());
        }
        if text.support_only && text.ends.is_none() {
            let message = "`support_only` says of `ends` what it is: there is none";
            fault(&["support_only"], message.to_owned());
        }
        let days = [
            ("ends", text.ends.as_ref()),
            ("closed", text.closed.as_ref()),
            ("checked", Some(&text.checked)),
        ];
        for (key, day) in days {
            if day.is_some_and(|day| day.text().is_none()) {
                fault(&[key], format!("`{key}` is no day like 2027-06-30"));
            }
        }
        for (at, name) in text.types.iter().enumerate() {
            if !rule.types.contains(name) {
                let message = format!("`{name}` is not one of the rule's types");
                fault(&["types", &at.to_string()], message);
            }
        }
        for (key, words) in [
            ("name", &text.name),
            ("instead", &text.instead),
            ("source", &text.source),
        ] {
            if words.trim().is_empty() {
                fault(&[key], format!("`{key}` is empty"));
            }
        }
        if let Err(misread) = Condition::parse(&text.when, scope) {
            for (below, message) in misread {
                let below: Vec<&str> = below.iter().map(String::as_str).collect();
                fault(&[&["when"], &*below].concat(), message);
            }
        }
    }
    faults
}
