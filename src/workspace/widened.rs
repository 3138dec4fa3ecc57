//! What a change would alter in that by which it is judged: said in findings of their own, and not counted before it is merged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::{Options, setting_lines};
use crate::analysis::Analysis;
use crate::analysis::summary::count;
use crate::base::finding::{Finding, Help, Section, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, ConfigCode, Reason};
use crate::config::{AuthorRule, Config, ContextRule, LedgerEntry, day};
use crate::host::shown;

mod gates;
mod ladder_terms;

/// Compares the configuration of the working tree with the one that the run judges by, which is that of the options.
#[must_use]
pub fn widened(now: &Analysis, own: &Config, reference: &str, options: &Options) -> Vec<Finding> {
    let widening = Widening {
        now,
        own,
        reference,
        options,
        trusted: &options.config,
    };
    let mut findings = Vec::new();
    widening.excluded(&mut findings);
    widening.hidden(&mut findings);
    widening.policies(&mut findings);
    widening.ledger(&mut findings);
    widening.rules(&mut findings);
    widening.gates(&mut findings);
    widening.deployments(&mut findings);
    widening.demands(&mut findings);
    widening.trust(&mut findings);
    findings
}

/// Whether the configuration of the working tree says anything else than the one that the run judges by, values of deployments aside,
/// which count already.
#[must_use]
pub fn differs(own: &Config, trusted: &Config) -> bool {
    let said = |config: &Config| -> Vec<(String, String)> {
        let settings = config.set.values();
        let settings = settings.filter(|one| !one.key.starts_with("deployment."));
        settings
            .map(|one| (one.key.clone(), one.value.clone()))
            .collect()
    };
    let ledger = |config: &Config| -> Vec<(String, Vec<Option<String>>, Option<String>)> {
        let entries = config.ledger.iter();
        entries
            .map(|one| (one.scope.clone(), words(&one.reason), end(&one.reason)))
            .collect()
    };
    let rules = |config: &Config| -> Vec<(Arc<str>, String)> {
        let files = config.rule_files.iter();
        files
            .map(|file| (Arc::clone(file.name()), file.text().to_owned()))
            .collect()
    };
    said(own) != said(trusted) || ledger(own) != ledger(trusted) || rules(own) != rules(trusted)
}

/// The baseline that a change names in the place of another: what it knows beyond that.
#[must_use]
pub fn other_baseline(
    own: &Config,
    first: &str,
    number: usize,
    reference: &str,
    options: &Options,
) -> Finding {
    let name = own.baseline.as_deref().unwrap_or(Path::new(""));
    let name = shown(&*options.host, name);
    let rest = match number.saturating_sub(1) {
        0 => String::new(),
        rest => format!(" and {rest} more"),
    };
    let message = format!(
        "the baseline would be {name}, which knows {first}{rest}, and that of {reference} does not"
    );
    let file = own.files.last();
    let (source, span) = setting_lines::origin("baseline", own, file, &*options.host);
    finding(message, source, span)
}

/// A finding that says it, at a place.
#[must_use]
pub fn finding(message: String, source: Arc<Source>, span: Span) -> Finding {
    let code = Code::Config(ConfigCode::Widened);
    Finding {
        label: "counts once it is merged".to_owned(),
        help: vec![Help {
            section: Section::Correct,
            text: "let somebody who answers for the rules look at it; until it is merged, the run is judged without it".to_owned(),
        }],
        ..Finding::new(code, Severity::Warning, message, source, span)
    }
}

/// Kinds of findings that are named in a sentence.
const MOST_KINDS: usize = 3;

struct Widening<'a> {
    now: &'a Analysis,
    /// What the change would have.
    own: &'a Config,
    trusted: &'a Config,
    reference: &'a str,
    options: &'a Options,
}

impl Widening<'_> {
    fn say(&self, key: &str, message: String, findings: &mut Vec<Finding>) {
        let (source, span) = self.origin(key);
        findings.push(finding(message, source, span));
    }

    /// The line that sets a key, else the configuration as a whole.
    fn origin(&self, key: &str) -> (Arc<Source>, Span) {
        let file = self.own.files.last().or(self.trusted.files.last());
        setting_lines::origin(key, self.own, file, &*self.options.host)
    }

    /// Templates that are judged, and would be left out.
    fn excluded(&self, findings: &mut Vec<Finding>) {
        let read = self.now.read.iter().map(String::as_str);
        // What can't be read fails a run as well.
        let broken = self.now.findings.iter();
        let broken = broken.filter(|finding| finding.code.is_about_input());
        let all = read.chain(broken.map(|finding| &**finding.path()));
        let all = all.filter(|path| self.own.excludes(path) && !self.trusted.excludes(path));
        let all: BTreeSet<&str> = all.collect();
        let Some(first) = all.first() else {
            self.idle_exclusions(findings);
            return;
        };
        let reference = self.reference;
        let message = match all.len() {
            1 => format!("{first} would be excluded, and is not at {reference}"),
            number => format!(
                "{} would be excluded, {first} among them, and are not at {reference}",
                count(number, "template")
            ),
        };
        self.say("exclude", message, findings);
    }

    /// Globs that would leave out what somebody adds later.
    fn idle_exclusions(&self, findings: &mut Vec<Finding>) {
        let Some(exclude) = &self.own.exclude else {
            return;
        };
        let then = self.trusted.exclude.as_ref();
        let is_news = |glob: &&str| match exclude.samples(glob) {
            Some(samples) => samples
                .iter()
                .any(|path| exclude.hold(path) && !self.trusted.excludes(path)),
            None => !then.is_some_and(|then| then.globs().any(|other| other == *glob)),
        };
        let news: Vec<&str> = exclude.globs().filter(is_news).collect();
        if news.is_empty() {
            return;
        }
        let message = format!(
            "what is added in `{}` would be excluded, and would not be at {}",
            news.join(", "),
            self.reference
        );
        self.say("exclude", message, findings);
    }

    /// Findings that are shown, and would not be.
    fn hidden(&self, findings: &mut Vec<Finding>) {
        let (own, trusted) = (
            self.own.selection.configured(),
            self.trusted.selection.configured(),
        );
        let hides = |selection: &crate::config::Selection, finding: &Finding| {
            let decision = self.now.decision(finding);
            let rule = decision.map(|decision| &*decision.rule.name);
            selection.hides(finding, rule).is_some()
        };
        let all = self.now.findings.iter();
        let number = all
            .filter(|one| hides(&own, one) && !hides(&trusted, one))
            .count();
        let beyond = own.hides_beyond(&trusted, &self.trusted.catalogue);
        let reference = self.reference;
        let message = match (number, beyond.len()) {
            (0, 0) => return,
            (0, kinds) => {
                let named = beyond.iter().take(MOST_KINDS);
                let named = named.map(String::as_str).collect::<Vec<_>>().join(", ");
                let more = match kinds.saturating_sub(MOST_KINDS) {
                    0 => String::new(),
                    more => format!(" and {}", count(more, "more kind")),
                };
                format!("{named}{more} would not be shown, and would be at {reference}")
            }
            (1, _) => format!("1 finding would not be shown, and is shown at {reference}"),
            (number, _) => {
                let what = count(number, "finding");
                format!("{what} would not be shown, and are shown at {reference}")
            }
        };
        let is_set = |key: &&&str| self.own.set.contains_key(**key);
        let key = ["ignore", "select"].iter().find(is_set);
        self.say(key.copied().unwrap_or("ignore"), message, findings);
    }

    /// Reasons that would be new, say something else, or last longer.
    fn ledger(&self, findings: &mut Vec<Finding>) {
        let said = |entry: &LedgerEntry| {
            let words = words(&entry.reason);
            (entry.scope.clone(), words, end(&entry.reason))
        };
        let mut known: BTreeMap<_, usize> = BTreeMap::new();
        for entry in self.trusted.ledger.iter() {
            *known.entry(said(entry)).or_default() += 1;
        }
        let reference = self.reference;
        for entry in self.own.ledger.iter() {
            let key = said(entry);
            if let Some(number) = known.get_mut(&key).filter(|number| **number > 0) {
                *number -= 1;
                continue;
            }
            let mut same = self.trusted.ledger.iter();
            let same = same.find(|other| other.scope == entry.scope);
            let message = match same {
                None => format!(
                    "the ledger of {reference} has no reason for {}: this one settles nothing yet",
                    entry.scope
                ),
                Some(other) if words(&other.reason) == words(&entry.reason) => {
                    let (before, now) = (end(&other.reason), end(&entry.reason));
                    let ended = before.as_deref().and_then(day);
                    let ends = now.as_deref().and_then(day);
                    // An end that comes sooner widens nothing.
                    if let (Some(ended), Some(ends)) = (ended, ends)
                        && ends <= ended
                    {
                        continue;
                    }
                    let shown = |day: Option<String>| day.unwrap_or_else(|| "never".to_owned());
                    if ended.is_none() && before.is_none() {
                        continue;
                    }
                    format!(
                        "the end of this reason would move from {} to {}",
                        shown(before),
                        shown(now)
                    )
                }
                Some(_) => format!("this reason would say something else than at {reference}"),
            };
            let source = Arc::clone(&entry.source);
            findings.push(finding(message, source, entry.reason.place.span));
        }
    }

    /// Rules of the team's own that would be others.
    fn rules(&self, findings: &mut Vec<Finding>) {
        let texts = |config: &Config| -> BTreeMap<Arc<str>, Arc<Source>> {
            let files = config.rule_files.iter();
            files
                .map(|file| (Arc::clone(file.name()), Arc::clone(file)))
                .collect()
        };
        let (own, trusted) = (texts(self.own), texts(self.trusted));
        let reference = self.reference;
        for (name, file) in &own {
            let message = match trusted.get(name) {
                Some(then) if then.text() == file.text() => continue,
                Some(_) => format!("the rules of this file are others than at {reference}"),
                None => format!("{reference} has no rules of this file"),
            };
            let first = file.text().lines().next().unwrap_or_default().len();
            let span = Span::new(0, u32::try_from(first).unwrap_or(0));
            findings.push(finding(message, Arc::clone(file), span));
        }
        for name in trusted.keys().filter(|name| !own.contains_key(*name)) {
            let message = format!("the rules of {name} would be gone, and count at {reference}");
            self.say("rules.folders", message, findings);
        }
        // Of two that speak of one thing, the later counts.
        let order = |config: &Config| -> Vec<Arc<str>> {
            let files = config.rule_files.iter();
            files.map(|file| Arc::clone(file.name())).collect()
        };
        let is_same = own.keys().eq(trusted.keys());
        if is_same && order(self.own) != order(self.trusted) {
            let message =
                format!("the rule files would be read in another order than at {reference}");
            self.say("rules.folders", message, findings);
        }
    }

    /// Values that sfl.toml itself would give to parameters, or the files that it would take them from.
    fn deployments(&self, findings: &mut Vec<Finding>) {
        let (own, then) = (given(self.own), given(self.trusted));
        let reference = self.reference;
        for (name, values) in &own {
            if then.get(name) == Some(values) {
                continue;
            }
            let message = format!(
                "deployment {name} would have other values than at {reference}, and has them in this run"
            );
            let start = format!("deployment.{name}.");
            let mut keys = self.own.set.keys();
            let key = keys.find(|key| key.starts_with(&start));
            let (source, span) = self.origin(key.map_or("deployment", String::as_str));
            findings.push(Finding {
                label: "counts already".to_owned(),
                help: vec![Help {
                    section: Section::Correct,
                    text: "let somebody who answers for the rules look at it: what is deployed with which values belongs to the change, so that the run goes by it".to_owned(),
                }],
                ..finding(message, source, span)
            });
        }
        for name in then.keys().filter(|name| !own.contains_key(*name)) {
            let message =
                format!("deployment {name} would be gone, and gives values at {reference}");
            self.say("deployment", message, findings);
        }
    }

    /// Less that would be asked of a reason.
    fn demands(&self, findings: &mut Vec<Finding>) {
        let (now, then) = (&self.own.demands, &self.trusted.demands);
        let today = self.options.today();
        let reference = self.reference;
        let mut say = |key: &str, message: String| {
            self.say(&format!("justifications.{key}"), message, findings);
        };
        if now.minimum_length < then.minimum_length {
            let (now, then) = (now.minimum_length, then.minimum_length);
            say(
                "minimum_length",
                format!("a reason would need {now} characters, and needs {then} at {reference}"),
            );
        }
        let lost = then.require.iter();
        let lost: Vec<&str> = lost
            .filter(|field| !now.require.contains(field))
            .map(String::as_str)
            .collect();
        if !lost.is_empty() {
            let lost = lost.join(", ");
            say(
                "require",
                format!("a reason would not need {lost} any more, and does at {reference}"),
            );
        }
        let lost = then.never.iter().filter(|code| !now.never.contains(code));
        let lost: Vec<String> = lost.map(ToString::to_string).collect();
        if !lost.is_empty() {
            let lost = lost.join(", ");
            say(
                "never",
                format!("{lost} could be justified, and cannot be at {reference}"),
            );
        }
        let last =
            |limit: &Option<crate::config::Limit>| limit.as_ref().map(|limit| limit.last(today));
        if let Some(before) = last(&then.furthest)
            && last(&now.furthest).is_none_or(|last| last > before)
        {
            say(
                "furthest",
                format!("a reason could end later than {before}, the furthest end at {reference}"),
            );
        }
        if now.context == ContextRule::Settles && then.context == ContextRule::Shown {
            let message =
                format!("a why of AWS Context would settle, and is only shown at {reference}");
            say("context", message);
        }
        if now.authored_by == AuthorRule::Anybody && then.authored_by == AuthorRule::Person {
            let message = format!("reasons of agents would count, and do not at {reference}");
            say("authored-by", message);
        }
    }

    /// Whom the run would trust.
    fn trust(&self, findings: &mut Vec<Finding>) {
        let (now, then) = (&self.own.trust_base, &self.trusted.trust_base);
        let Some(before) = then.as_ref().filter(|_| now != then) else {
            return;
        };
        let now = match now {
            Some(now) => format!("`{now}`"),
            None => "nothing".to_owned(),
        };
        let reference = self.reference;
        let message = format!("[trust] base would be {now}, and is `{before}` at {reference}");
        self.say("trust.base", message, findings);
    }
}

/// What each deployment gives, by key: a value where the configuration says it, else the file that does. What such a file says belongs to
/// what is deployed.
fn given(config: &Config) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let names = config.deployments.iter();
    let names: Vec<&str> = names.filter_map(|one| one.name.as_deref()).collect();
    for setting in config.set.values() {
        let Some(key) = setting.key.strip_prefix("deployment.") else {
            continue;
        };
        let name = names.iter().find(|name| {
            let rest = key.strip_prefix(**name);
            rest.is_some_and(|rest| rest.starts_with('.'))
        });
        let Some(name) = name else { continue };
        let file = setting.origin.as_ref().map(|(file, _)| file);
        let (key, value) = match file.filter(|file| !config.files.contains(file)) {
            Some(file) => (file.clone(), String::new()),
            None => (key.to_owned(), setting.value.clone()),
        };
        all.entry((*name).to_owned())
            .or_default()
            .insert(key, value);
    }
    all
}

/// All that a reason says but its end.
fn words(reason: &Reason) -> Vec<Option<String>> {
    let fields = [
        &reason.because,
        &reason.reason,
        &reason.owner,
        &reason.evidence,
        &reason.by,
    ];
    let texts = fields.into_iter();
    texts
        .map(|field| field.as_ref().map(|field| field.text.clone()))
        .collect()
}

fn end(reason: &Reason) -> Option<String> {
    let end = reason.expires.as_ref();
    end.map(|field| field.text.trim().to_owned())
}
