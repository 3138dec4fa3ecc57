//! `rules/justifications.toml`: kinds of reasons, and what in a template speaks against each. As people write it, checked,
//! and as the program uses it. Its `when` is the language of the rules' cases, asked of *facts* instead of properties.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::coded::{Text, coded};
use super::compile::{Base, property};
use super::condition::{Condition, Scope};
use super::file::PropertyText;
use super::rule::Property;
use super::sets::Sets;
use crate::base::Rung;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JustificationFile {
    /// Lists of texts that conditions and lists of rules name, beside those of the rule files.
    #[serde(default)]
    pub sets: BTreeMap<String, Vec<String>>,
    /// Where each fact stands, by rule.
    pub facts: BTreeMap<String, BTreeMap<String, PropertyText>>,
    /// The kinds, in the order in which they are listed.
    #[serde(rename = "kind")]
    pub kinds: Vec<KindText>,
}

/// One kind of reason, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KindText {
    /// As in `because`.
    pub name: String,
    pub means: String,
    /// Fields without which it does not count.
    #[serde(default)]
    pub needs: Vec<String>,
    /// What speaks against it.
    #[serde(default)]
    pub against: Vec<AgainstText>,
}

/// What speaks against a kind, as written: everything that is said must hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgainstText {
    /// The decision stands on one of these ladders.
    #[serde(default)]
    pub ladders: Vec<String>,
    /// It is of one of these rules.
    #[serde(default)]
    pub rules: Vec<String>,
    /// It stands on one of these rungs.
    #[serde(default)]
    pub rungs: Vec<Rung>,
    /// The reason uses one of these words.
    #[serde(default)]
    pub words: Vec<String>,
    /// What the facts must answer.
    #[serde(default)]
    pub when: toml::Table,
    /// Why that speaks against it.
    pub says: String,
}

/// One kind of reason.
#[derive(Debug)]
pub struct ReasonKind {
    /// As in `because`.
    pub name: Text,
    pub means: Text,
    /// Fields without which it does not count.
    pub needs: Vec<Text>,
    /// What speaks against it.
    pub against: Vec<Against>,
}

coded!(ReasonKind {
    name,
    means,
    needs,
    against
});

/// What speaks against a kind: everything that is said must hold, and nothing said always does.
#[derive(Debug)]
pub struct Against {
    /// Numbers of ladders.
    pub ladders: Vec<usize>,
    /// Numbers of rules.
    pub rules: Vec<usize>,
    pub rungs: Vec<Rung>,
    /// Words of the reason, in small letters.
    pub words: Vec<Text>,
    /// What the facts must answer: its own properties are facts by their numbers.
    pub when: Condition,
    /// Why that speaks against it.
    pub says: Text,
}

coded!(Against {
    ladders,
    rules,
    rungs,
    words,
    when,
    says
});

/// Something to ask of resources, and where it stands in each rule's.
#[derive(Debug)]
pub struct Fact {
    /// Its name in `rules/justifications.toml`.
    pub name: Text,
    /// The number of a rule, and the property.
    pub at: Vec<(usize, Property)>,
}

coded!(Fact { name, at });

/// Facts and kinds, compiled; or everything that is wrong with the file. `base` holds all rules and ladders.
///
/// # Errors
/// What is not understood, each in a sentence with its place.
pub fn compile(
    file: &JustificationFile,
    base: &Base,
) -> Result<(Vec<Fact>, Vec<ReasonKind>), Vec<String>> {
    let mut faults = Vec::new();
    let mut sets = base.sets.clone();
    for (name, texts) in &file.sets {
        sets.insert(name.clone(), texts.clone());
    }
    let mut facts = Vec::new();
    for (name, places) in &file.facts {
        let mut at = Vec::new();
        for (rule, text) in places {
            match number(&base.rules, rule) {
                Some(rule) => at.push((rule, property(name, text))),
                None => faults.push(format!("facts.{name}: there is no rule `{rule}`")),
            }
        }
        facts.push(Fact {
            name: name.clone().into(),
            at,
        });
    }
    let properties: Vec<&str> = file.facts.keys().map(String::as_str).collect();
    let mut kinds = Vec::new();
    for kind in &file.kinds {
        let against = kind.against.iter().map(|text| {
            let scope = Scope {
                properties: properties.clone(),
                joins: Vec::new(),
                sets: &sets,
            };
            self::against(text, base, &scope, &mut |message| {
                faults.push(format!("kind `{}`: {message}", kind.name));
            })
        });
        kinds.push(ReasonKind {
            against: against.collect(),
            name: kind.name.clone().into(),
            means: kind.means.clone().into(),
            needs: texts(&kind.needs),
        });
    }
    if faults.is_empty() {
        Ok((facts, kinds))
    } else {
        Err(faults)
    }
}

fn against(
    text: &AgainstText,
    base: &Base,
    scope: &Scope<'_>,
    fault: &mut dyn FnMut(String),
) -> Against {
    let ladders = numbers("ladder", &base.ladders, &text.ladders, scope.sets, fault);
    let rules = numbers("rule", &base.rules, &text.rules, scope.sets, fault);
    base.limits.misnamed(&text.says).for_each(&mut *fault);
    let when = Condition::parse(&text.when, scope).unwrap_or_else(|misread| {
        for (at, message) in misread {
            fault(format!("when.{}: {message}", at.join(".")));
        }
        Condition::Any(Vec::new())
    });
    Against {
        ladders,
        rules,
        rungs: text.rungs.clone(),
        words: texts(&text.words),
        when,
        says: base.limits.expand(&text.says).into(),
    }
}

fn number(names: &[String], name: &str) -> Option<usize> {
    names.iter().position(|known| known == name)
}

fn numbers(
    what: &str,
    names: &[String],
    wanted: &[String],
    sets: &Sets,
    fault: &mut dyn FnMut(String),
) -> Vec<usize> {
    let wanted = sets.expand(wanted).unwrap_or_else(|message| {
        fault(message);
        Vec::new()
    });
    let mut all = Vec::new();
    for name in wanted {
        match number(names, &name) {
            Some(number) => all.push(number),
            None => fault(format!("there is no {what} `{name}`")),
        }
    }
    all
}

fn texts(texts: &[String]) -> Vec<Text> {
    texts.iter().map(|text| text.clone().into()).collect()
}
