//! Whether a record is sound by itself, whatever it speaks of: its fields, its author, its end and its evidence.

use jiff::civil::Date;

use super::faults::{Asker, Fault, SOON};
use super::{kinds, placeholder};
use crate::base::Author;
use crate::base::reason::FIELDS;
use crate::config::{AuthorRule, Config, day};
use crate::placement::{Carrier, Field, Reason};

fn written(field: Option<&Field>) -> Option<&str> {
    field
        .map(|field| field.text.trim())
        .filter(|text| !text.is_empty())
}

fn of<'r>(reason: &'r Reason, name: &str) -> Option<&'r str> {
    written(match name {
        "because" => reason.because.as_ref(),
        "reason" => reason.reason.as_ref(),
        "owner" => reason.owner.as_ref(),
        "expires" => reason.expires.as_ref(),
        "by" => reason.by.as_ref(),
        _ => reason.evidence.as_ref(),
    })
}

/// Everything that is wrong with a record whatever it speaks of. `named_in` is the file that it stands in.
#[must_use]
pub fn of_record(reason: &Reason, named_in: &str, config: &Config, today: Date) -> Vec<Fault> {
    let missing = ["because", "reason"]
        .into_iter()
        .filter(|name| of(reason, name).is_none())
        .filter(|name| reason.needs_kind || *name != "because");
    let missing: Vec<&'static str> = missing.collect();
    if !missing.is_empty() {
        return vec![Fault::Empty(missing)];
    }
    if let Some(keys) = &reason.several {
        return vec![Fault::SeveralKeys(keys.text.clone())];
    }
    // What else is wrong shows when the words are where they belong.
    if !reason.unquoted.is_empty() {
        let written = reason.unquoted.iter();
        return written
            .map(|field| Fault::Unquoted(field.text.clone()))
            .collect();
    }
    let demands = &config.demands;
    let mut faults = Vec::new();
    let kind = of(reason, "because").and_then(|name| {
        let kind = kinds::named(name);
        if kind.is_none() {
            faults.push(Fault::UnknownKind(name.to_owned(), kinds::nearest(name)));
        }
        kind
    });
    if let Some(text) = of(reason, "reason")
        && let Some(why) = placeholder::placeholder(text, demands.minimum_length)
    {
        faults.push(Fault::Placeholder(why));
    }
    if reason.is_guess {
        faults.push(Fault::Guess);
    }
    for field in &reason.unknown {
        let near = FIELDS.map(|known| (strsim::damerau_levenshtein(known, &field.text), known));
        // Two letters of two are another word.
        let is_near = |(distance, known): &(usize, &str)| *distance <= 2.min(known.len() / 2);
        let near = near.into_iter().filter(is_near).min();
        faults.push(Fault::UnknownField(
            field.text.clone(),
            near.map(|(_, near)| near),
        ));
    }
    let needs = kind.map_or(&[][..], |kind| &kind.needs);
    for name in FIELDS {
        if of(reason, name).is_some() {
            continue;
        }
        if let Some(kind) = kind.filter(|_| needs.iter().any(|need| need == name)) {
            faults.push(Fault::Missing(name.to_owned(), Asker::Kind(&kind.name)));
        } else if demands.require.iter().any(|required| required == name) {
            faults.push(Fault::Missing(name.to_owned(), Asker::Configuration));
        }
    }
    if let Some(text) = of(reason, "expires") {
        match day(text) {
            None => faults.push(Fault::NoDay(text.to_owned())),
            Some(day) if day < today => faults.push(Fault::Expired(day, between(day, today))),
            Some(day) => {
                let last = demands.furthest.as_ref().map(|limit| limit.last(today));
                if let Some(last) = last.filter(|last| day > *last) {
                    faults.push(Fault::TooFar(day, last));
                }
            }
        }
    }
    if let Some(text) = of(reason, "evidence")
        && let Some(why) = match reason.carrier {
            Carrier::Context => no_cite(text, named_in, config),
            _ => no_evidence(text, named_in, config),
        }
    {
        faults.push(Fault::NoEvidence(text.to_owned(), why));
    }
    if let Some(text) = of(reason, "by")
        && Author::named(text).is_none()
    {
        faults.push(Fault::NoAuthor(text.to_owned()));
    }
    let demands_person = demands.authored_by == AuthorRule::Person;
    if demands_person && reason.author() == Some(Author::Agent) {
        let says_so = of(reason, "by").is_some();
        faults.push(Fault::ByAgent { says_so });
    }
    faults
}

/// The day on which a record ends.
#[must_use]
pub fn end(reason: &Reason) -> Option<Date> {
    day(of(reason, "expires")?)
}

/// That a record ends soon, if it does.
#[must_use]
pub fn ends_soon(reason: &Reason, today: Date) -> Option<Fault> {
    let day = end(reason)?;
    let left = between(today, day);
    (0..=SOON)
        .contains(&left)
        .then_some(Fault::EndsSoon(day, left))
}

/// Days from one day to another.
fn between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The same of what a context cites, which may also be a line of a file, or a commit. Of a commit only the form is looked at.
fn no_cite(text: &str, named_in: &str, config: &Config) -> Option<&'static str> {
    let why = no_evidence(text, named_in, config)?;
    let is_commit = (7..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        && text.bytes().any(|byte| byte.is_ascii_digit());
    let file = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '-'));
    let is_line = text[file.len()..].starts_with(':');
    let is_there = is_line && no_evidence(file, named_in, config).is_none();
    (!is_commit && !is_there).then_some(why)
}

/// Why a text is no evidence. No network: of a URL only the form is looked at.
#[must_use]
pub fn no_evidence(text: &str, named_in: &str, config: &Config) -> Option<&'static str> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        let host = host.rsplit_once(':').map_or(host, |(name, port)| {
            if port.bytes().all(|byte| byte.is_ascii_digit()) {
                name
            } else {
                host
            }
        });
        let letters =
            |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | '[' | ']' | ':');
        let formed = matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https")
            && !host.is_empty()
            && host.chars().all(letters)
            && !host.starts_with(['.', '-'])
            && !host.contains("..")
            && !text.contains(char::is_whitespace);
        return (!formed).then_some("is not an http or https URL");
    }
    (!config.tree.holds(named_in, text)).then_some("is not a file in the working tree")
}
