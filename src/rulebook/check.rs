//! What is wrong with files of rules that each could be read: names that nobody has, names that two have, cases that
//! never hold.

use std::collections::{BTreeMap, BTreeSet};

use super::bills::{self, Bills};
use super::climb::Fate;
use super::compile::{Base, scope};
use super::condition::{Condition, Scope};
use super::file::{MachineryText, RuleFile, RuleText, RungText};
use super::ladder::Step;
use super::lifecycle;
use super::limits::{self, Limits};
use super::module_source;
use super::sets::Sets;
use super::shown_values;

/// One thing that is wrong with a set of files.
#[derive(Debug)]
pub struct Fault {
    /// Index of the file.
    pub file: usize,
    /// The way down to it: keys and numbers of items.
    pub at: Vec<String>,
    pub message: String,
}

fn place(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// Everything that is wrong with a set of files taken together.
#[must_use]
pub fn faults(files: &[(String, RuleFile)], known: &Base) -> Vec<Fault> {
    let mut faults = twice(files, known);
    let mut names: BTreeSet<&str> = known.rules.iter().map(String::as_str).collect();
    let rules = files.iter().flat_map(|(_, content)| &content.rules);
    names.extend(rules.map(|rule| rule.name.as_str()));
    let mut ladders: BTreeSet<&str> = known.ladders.iter().map(String::as_str).collect();
    let own = files.iter().filter_map(|(_, other)| other.ladder.as_ref());
    ladders.extend(own.map(|ladder| ladder.name.as_str()));
    let sets = known.sets_with(files);
    let data = Data {
        limits: known.limits_with(files),
        bills: known.bills_with(files),
    };
    for (file, (_, content)) in files.iter().enumerate() {
        let mut fault = |at: &[&str], message: String| {
            let at = place(at);
            faults.push(Fault { file, at, message });
        };
        match (&content.ladder, &content.extends) {
            (None, None) if !content.rules.is_empty() => {
                fault(
                    &["rule"],
                    "rules without a [ladder] or `extends`".to_owned(),
                );
            }
            (Some(_), Some(_)) => fault(&["extends"], "both a [ladder] and `extends`".to_owned()),
            (None, Some(name)) if !ladders.contains(name.as_str()) => {
                let known: Vec<&str> = ladders.iter().copied().collect();
                fault(
                    &["extends"],
                    format!(
                        "there is no ladder `{name}`; there are {}",
                        known.join(", ")
                    ),
                );
            }
            _ => {}
        }
        for (name, text) in &content.limits {
            for (key, message) in limits::faults(text) {
                fault(&["limits", name, key], message);
            }
        }
        for (name, text) in &content.bills {
            for (key, message) in bills::faults(text) {
                fault(&["bills", name, key], message);
            }
            for message in data.limits.misnamed(&text.says) {
                fault(&["bills", name, "says"], message);
            }
        }
        for (rung, words) in &content.rung {
            if words.fix.is_some() {
                fault(
                    &["rung", rung.name(), "fix"],
                    "a fix names the properties of a rule: it stands in one".to_owned(),
                );
            }
        }
        for (rung, words) in &content.rung {
            data.of_words(words, &["rung", rung.name()], &mut |at, message| {
                faults.push(Fault { file, at, message });
            });
        }
        for (number, rule) in content.rules.iter().enumerate() {
            of_rule(rule, &names, &sets, &data, &mut |mut at, message| {
                let mut whole = vec!["rule".to_owned(), number.to_string()];
                whole.append(&mut at);
                faults.push(Fault {
                    file,
                    at: whole,
                    message: format!("rule `{}`: {message}", rule.name),
                });
            });
        }
    }
    faults
}

/// Whether a type is a glob for the sources of Terraform modules: `module:git::https://example.com/modules//queue*`; or for modules
/// of CloudFormation's registry: `Acme::*::MODULE`.
#[must_use]
pub fn is_module_glob(name: &str) -> bool {
    (module_source::is_call(name) || module_source::is_in_a_template(name)) && name.contains('*')
}

/// A `*` in a type that is no module's: a rule names every one, and plumbing may begin with the same letters.
fn star(name: &str, prefix: bool) -> Option<String> {
    let bare = name.strip_suffix('*').filter(|_| prefix).unwrap_or(name);
    if is_module_glob(name) || !bare.contains('*') {
        return None;
    }
    let allowed = if prefix {
        "allowed only at the end of a prefix, or in a `module:`"
    } else {
        "name every type, unless it is a `module:`"
    };
    Some(format!("`{name}` has a `*`: {allowed}"))
}

/// Names that stand in more than one place, or are none.
fn twice(files: &[(String, RuleFile)], known: &Base) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut odd = Vec::new();
    let catalogue = "the built-in catalogue";
    let built_in = |names: &[String]| -> BTreeMap<String, String> {
        let names = names.iter();
        names
            .map(|name| (name.clone(), catalogue.to_owned()))
            .collect()
    };
    let mut rules = built_in(&known.rules);
    let mut ladders = built_in(&known.ladders);
    let mut types = BTreeMap::new();
    let mut sets = BTreeMap::new();
    let mut limits = BTreeMap::new();
    let mut bills = BTreeMap::new();
    for (file, (shown, content)) in files.iter().enumerate() {
        let mut note =
            |seen: &mut BTreeMap<String, String>, what: &str, name: &str, at: &[&str]| {
                if let Some(other) = seen.insert(name.to_owned(), shown.clone()) {
                    let message = format!("{what} `{name}` is in {other} too");
                    let at = place(at);
                    faults.push(Fault { file, at, message });
                }
            };
        if let Some(ladder) = &content.ladder {
            spell(&ladder.name, &mut |message| {
                let at = place(&["ladder", "name"]);
                odd.push(Fault { file, at, message });
            });
            note(&mut ladders, "ladder", &ladder.name, &["ladder", "name"]);
        }
        for name in content.sets.keys() {
            spell(name, &mut |message| {
                let at = place(&["sets", name]);
                odd.push(Fault { file, at, message });
            });
            note(&mut sets, "set", name, &["sets", name]);
        }
        for name in content.limits.keys() {
            spell(name, &mut |message| {
                let at = place(&["limits", name]);
                odd.push(Fault { file, at, message });
            });
            note(&mut limits, "limit", name, &["limits", name]);
        }
        for name in content.bills.keys() {
            spell(name, &mut |message| {
                let at = place(&["bills", name]);
                odd.push(Fault { file, at, message });
            });
            note(&mut bills, "bill", name, &["bills", name]);
        }
        for (number, rule) in content.rules.iter().enumerate() {
            let number = number.to_string();
            spell(&rule.name, &mut |message| {
                let at = place(&["rule", &number, "name"]);
                odd.push(Fault { file, at, message });
            });
            note(&mut rules, "rule", &rule.name, &["rule", &number, "name"]);
            for (at, name) in rule.types.iter().enumerate() {
                let at = at.to_string();
                let at = ["rule", &number, "types", &at];
                note(&mut types, "type", name, &at);
                let at = place(&at);
                odd.extend(star(name, false).map(|message| Fault { file, at, message }));
            }
        }
        for (number, group) in content.plumbing.iter().enumerate() {
            let number = number.to_string();
            for (at, name) in group.types.iter().enumerate() {
                let at = at.to_string();
                let at = ["plumbing", &number, "types", &at];
                note(&mut types, "type", name, &at);
                let at = place(&at);
                odd.extend(star(name, true).map(|message| Fault { file, at, message }));
            }
        }
    }
    faults.append(&mut odd);
    faults
}

/// A name stands in codes and is typed in a shell.
fn spell(name: &str, fault: &mut dyn FnMut(String)) {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if name.is_empty() || !name.bytes().all(plain) {
        fault(format!(
            "`{name}` is not a name: use lower-case letters, digits and hyphens"
        ));
    }
}

fn no_property(what: &str) -> String {
    format!(
        "{what} needs the property that says so: `through`, a property of this resource, or `from`, one of the other; a name anywhere else is only a mention"
    )
}

fn of_rule(
    rule: &RuleText,
    names: &BTreeSet<&str>,
    sets: &Sets,
    data: &Data,
    fault: &mut dyn FnMut(Vec<String>, String),
) {
    for name in rule.made_if.keys() {
        if !rule.types.contains(name) || !module_source::is_call(name) {
            let text = format!("`{name}` is not a module among the rule's types");
            fault(place(&["made_if", name]), text);
        }
    }
    let mut look = |names_here: &[String], at: &[&str]| {
        for (number, name) in names_here.iter().enumerate() {
            let mut fault = |message| {
                let mut at = place(at);
                at.push(number.to_string());
                fault(at, message);
            };
            match sets.expand(std::slice::from_ref(name)) {
                Ok(all) => {
                    for name in all.iter().filter(|name| !names.contains(&***name)) {
                        fault(format!("there is no rule `{name}`"));
                    }
                }
                Err(message) => fault(message),
            }
        }
    };
    for (name, join) in &rule.joins {
        look(&join.rules, &["joins", name, "rules"]);
        look(&join.via, &["joins", name, "via"]);
    }
    for (number, link) in rule.of.iter().enumerate() {
        let number = number.to_string();
        look(&link.rules, &["of", &number, "rules"]);
        look(&link.via, &["of", &number, "via"]);
    }
    if let Some(machinery) = &rule.machinery {
        for (key, uses) in [("by", &machinery.by), ("with", &machinery.with)] {
            for (number, one) in uses.iter().enumerate() {
                look(
                    &one.rules,
                    &["machinery", key, &number.to_string(), "rules"],
                );
            }
        }
        look(&machinery.through, &["machinery", "through"]);
    }
    for (name, join) in &rule.joins {
        if join.through.is_none() && join.from.is_none() {
            fault(
                place(&["joins", name]),
                no_property(&format!("the join `{name}`")),
            );
        }
        if let Err(message) = sets.expand(&join.signs) {
            fault(place(&["joins", name, "signs"]), message);
        }
    }
    for (number, link) in rule.of.iter().enumerate() {
        let number = number.to_string();
        if link.through.is_none() && link.from.is_none() && !link.loose {
            fault(place(&["of", &number]), no_property("what it belongs to"));
        }
        if let Err(message) = sets.expand(&link.signs) {
            fault(place(&["of", &number, "signs"]), message);
        }
    }
    if rule.cases.is_empty() && rule.of.is_empty() {
        let text = "neither a case nor a primary to belong to";
        fault(place(&["name"]), text.to_owned());
    }
    let scope = scope(rule, sets);
    if let Some(machinery) = &rule.machinery {
        of_machinery(machinery, &scope, fault);
    }
    for (rung, words) in &rule.rung {
        let at = ["rung", rung.name()];
        of_words(words, &at, &scope, fault);
        of_fix(words, &at, &scope, names, fault);
        data.of_words(words, &at, fault);
    }
    for (number, case) in rule.cases.iter().enumerate() {
        let number = number.to_string();
        let at = ["case", &*number];
        of_words(&case.words(), &at, &scope, fault);
        of_fix(&case.words(), &at, &scope, names, fault);
        data.of_words(&case.words(), &at, fault);
        let own = std::iter::once(("says", &case.says))
            .chain(case.doubt.iter().map(|text| ("doubt", text)));
        own.for_each(|(key, text)| data.of_text(text, &[at[0], at[1], key], fault));
        let values = case
            .doubt
            .iter()
            .flat_map(|doubt| shown_values::named(doubt));
        for name in values.filter(|name| !scope.knows(name)) {
            let message = format!("there is no property `{name}`");
            fault(place(&[at[0], at[1], "doubt"]), message);
        }
    }
    for (number, entry) in rule.lifecycle.iter().enumerate() {
        let at = ["lifecycle", &*number.to_string(), "instead"];
        data.of_text(&entry.instead, &at, fault);
    }
    for (at, message) in lifecycle::faults(rule, &scope) {
        fault(at, message);
    }
    for (number, case) in rule.cases.iter().enumerate() {
        let at = number.to_string();
        if let Err(misread) = Condition::parse(&case.when, &scope) {
            for (below, text) in misread {
                let mut at = place(&["case", &at, "when"]);
                at.extend(below);
                fault(at, text);
            }
        }
        let last = number + 1 == rule.cases.len();
        if case.when.is_empty() && !last {
            let text = format!(
                "case {} always holds, so those after it never do",
                number + 1
            );
            fault(place(&["case", &at]), text);
        }
        if last && !case.when.is_empty() && rule.of.is_empty() {
            let text = "the last case must hold without a condition";
            fault(place(&["case", &at, "when"]), text.to_owned());
        }
    }
}

/// What a way up changes must be there, and what becomes of the data must be one of three things.
fn of_words(
    words: &RungText,
    at: &[&str],
    scope: &Scope<'_>,
    fault: &mut dyn FnMut(Vec<String>, String),
) {
    for (number, name) in words.changes.iter().enumerate() {
        if !scope.knows(name) {
            let number = number.to_string();
            fault(
                place(&[at, &["changes", &number]].concat()),
                format!("there is no property `{name}`"),
            );
        }
    }
    if let Some(Err(message)) = words.data.as_ref().map(|text| Fate::parse(text)) {
        fault(place(&[at, &["data"]].concat()), message);
    }
}

/// A fix names what its rule has, and belongs to a step that is only properties.
fn of_fix(
    words: &RungText,
    at: &[&str],
    scope: &Scope<'_>,
    names: &BTreeSet<&str>,
    fault: &mut dyn FnMut(Vec<String>, String),
) {
    let Some(fix) = &words.fix else { return };
    let mut fault = |below: &[String], message: String| {
        let at = at.iter().map(|key| (*key).to_owned());
        let at = at.chain(["fix".to_owned()]).chain(below.iter().cloned());
        fault(at.collect(), message);
    };
    for (below, message) in fix.faults(scope, &|name| scope.knows(name)) {
        fault(&below, message);
    }
    if words.step.is_some_and(|step| step != Step::Property) {
        fault(&[], "a fix is a step of the size `property`".to_owned());
    }
    if words.data.as_deref().is_some_and(|data| data != "kept") {
        fault(&[], "a fix keeps the data".to_owned());
    }
    for (number, name) in fix.drops.iter().enumerate() {
        if !names.contains(name.as_str()) {
            fault(
                &["drops".to_owned(), number.to_string()],
                format!("there is no rule `{name}`"),
            );
        }
    }
}

/// What texts and ways up may name beside properties.
struct Data {
    limits: Limits,
    bills: Bills,
}

impl Data {
    fn of_text(&self, text: &str, at: &[&str], fault: &mut dyn FnMut(Vec<String>, String)) {
        let misnamed = self.limits.misnamed(text);
        misnamed.for_each(|message| fault(place(at), message));
    }

    fn of_words(&self, words: &RungText, at: &[&str], fault: &mut dyn FnMut(Vec<String>, String)) {
        for (key, text) in words.texts() {
            self.of_text(text, &[at, &[key]].concat(), fault);
        }
        for (number, name) in words.bills.iter().enumerate() {
            if let Some(message) = self.bills.misnamed(name) {
                fault(
                    place(&[at, &["bills", &number.to_string()]].concat()),
                    message,
                );
            }
        }
    }
}

/// A sign is asked of the resource alone, and a type ends in a `*` or has none.
fn of_machinery(
    machinery: &MachineryText,
    scope: &Scope<'_>,
    fault: &mut dyn FnMut(Vec<String>, String),
) {
    let alone = Scope {
        properties: scope.properties.clone(),
        joins: Vec::new(),
        sets: scope.sets,
    };
    for (key, when, scope) in [
        ("sign", &machinery.sign, &alone),
        ("unless", &machinery.unless, scope),
    ] {
        if let Err(misread) = Condition::parse(when, scope) {
            for (below, text) in misread {
                let mut at = place(&["machinery", key]);
                at.extend(below);
                fault(at, text);
            }
        }
    }
    for (number, name) in machinery.beside.iter().enumerate() {
        if let Some(message) = star(name, true) {
            fault(
                place(&["machinery", "beside", &number.to_string()]),
                message,
            );
        }
    }
    if machinery.by.is_empty() && machinery.with.is_empty() && machinery.sign.is_empty() {
        let text = "machinery needs `by`, `with` or `sign`";
        fault(place(&["machinery"]), text.to_owned());
    }
}
