//! Files of rules become their compiled form: in the build script those of `rules/`, while the program runs a team's own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::bills::{Bill, Bills};
use super::check::{self, Fault, is_module_glob};
use super::climb::Fate;
use super::cloud_control;
use super::coded::{Text, Writer, coded};
use super::condition::{Condition, Scope};
use super::file::{
    CaseText, JoinText, LinkText, MachineryText, OneOrMore, PropertyText, RuleFile, RuleText,
    RungText, UseText,
};
use super::form::{Entry, Part, Table, Tables};
use super::justification::{Fact, ReasonKind};
use super::ladder::{Advice, Elsewhere, Ladder};
use super::lifecycle;
use super::limits::{Limits, ProviderLimit};
use super::module_source;
use super::plumbing::PlumbingGroup;
use super::rule::{Case, Join, Link, Machinery, Path, Property, RuleBody, Use};
use super::sets::Sets;
use crate::base::{PathStep, Rung};

/// What files stand on: the rules of a catalogue below them. Nothing, for the built-in ones.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// Names of rules, in the order of their numbers.
    pub rules: Vec<String>,
    /// Names of ladders, in the order of their numbers.
    pub ladders: Vec<String>,
    /// How many groups of plumbing there are.
    pub plumbing: usize,
    pub sets: Sets,
    pub limits: Limits,
    pub bills: Bills,
}

/// A rule's own test, compiled.
#[derive(Debug)]
pub struct ExampleBody {
    pub file: Text,
    pub rule: Text,
    /// Which one of the rule's, from 1.
    pub number: usize,
    pub template: Text,
    /// What must be found.
    pub expect: Vec<Text>,
}

coded!(ExampleBody {
    file,
    rule,
    number,
    template,
    expect
});

/// What is built in beside rules, and known only when their numbers are.
pub type Reasons<'r> = &'r dyn Fn(&Base) -> Result<(Vec<Fact>, Vec<ReasonKind>), Vec<Fault>>;

impl Base {
    /// The named sets of files and of what they stand on.
    #[must_use]
    pub fn sets_with(&self, files: &[(String, RuleFile)]) -> Sets {
        let mut sets = self.sets.clone();
        for (name, texts) in files.iter().flat_map(|(_, file)| &file.sets) {
            sets.insert(name.clone(), texts.clone());
        }
        sets
    }

    /// What texts may name, of files and of what they stand on.
    #[must_use]
    pub fn limits_with(&self, files: &[(String, RuleFile)]) -> Limits {
        let mut limits = self.limits.clone();
        own_limits(files).for_each(|limit| limits.insert(limit));
        limits
    }

    /// The bills of files and of what they stand on.
    #[must_use]
    pub fn bills_with(&self, files: &[(String, RuleFile)]) -> Bills {
        let mut bills = self.bills.clone();
        let limits = self.limits_with(files);
        own_bills(files, &limits).for_each(|bill| bills.insert(bill));
        bills
    }

    /// The same with the rules and ladders of files above it.
    #[must_use]
    pub fn with(&self, files: &[(String, RuleFile)]) -> Self {
        let mut all = self.clone();
        for (_, file) in files {
            let ladder = file.ladder.iter().map(|ladder| ladder.name.clone());
            all.ladders.extend(ladder);
            all.rules
                .extend(file.rules.iter().map(|rule| rule.name.clone()));
            all.plumbing += file.plumbing.len();
        }
        all.sets = self.sets_with(files);
        all.limits = self.limits_with(files);
        all.bills = self.bills_with(files);
        all
    }
}

/// Compiles files over what they stand on. Numbers go on where those of the base end.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn compile(
    files: &[(String, RuleFile)],
    base: &Base,
    reasons: Option<Reasons<'_>>,
) -> Result<Part, Vec<Fault>> {
    let faults = check::faults(files, base);
    if !faults.is_empty() {
        return Err(faults);
    }
    let all = base.with(files);
    let (facts, kinds) = reasons.map_or(Ok(Default::default()), |reasons| reasons(&all))?;
    let mut rules = Vec::new();
    for (_, file) in files {
        let names = Names { file, all: &all };
        rules.extend(file.rules.iter().map(|rule| names.rule(rule)));
    }
    let asked = attributes(base, &rules, &facts);
    for (rule, asked) in rules.iter_mut().zip(asked) {
        rule.attributes = asked.into_iter().collect();
    }
    let mut writer = Writer::default();
    let mut tables = Tables::default();
    name_types(&mut tables, files, base);
    tables.records(Table::Rules, &mut writer, &rules);
    tables.records(Table::Ladders, &mut writer, &ladders(files, base, &all));
    let groups = files.iter().flat_map(|(_, file)| &file.plumbing);
    let groups: Vec<PlumbingGroup> = groups
        .map(|group| PlumbingGroup {
            why: group.why.clone().into(),
            holds: group.holds,
            named: group.named.as_ref().map(|text| property("", text)),
        })
        .collect();
    tables.records(Table::Plumbing, &mut writer, &groups);
    let sets = files.iter().flat_map(|(_, file)| &file.sets);
    let sets: Vec<(Text, Vec<Text>)> = sets
        .map(|(name, texts)| (name.clone().into(), self::texts(texts)))
        .collect();
    tables.records(Table::Sets, &mut writer, &sets);
    let limits: Vec<ProviderLimit> = own_limits(files).collect();
    tables.records(Table::Limits, &mut writer, &limits);
    let bills: Vec<Bill> = own_bills(files, &all.limits).collect();
    tables.records(Table::Bills, &mut writer, &bills);
    tables.records(Table::Kinds, &mut writer, &kinds);
    tables.records(Table::Facts, &mut writer, &facts);
    if reasons.is_some() {
        // Of files that are at hand, the examples are too, and with their places.
        tables.records(Table::Examples, &mut writer, &examples(files));
    }
    Ok(writer.done(&tables))
}

fn own_limits(files: &[(String, RuleFile)]) -> impl Iterator<Item = ProviderLimit> {
    let limits = files.iter().flat_map(|(_, file)| &file.limits);
    limits.map(|(name, text)| ProviderLimit::of(name, text))
}

fn own_bills<'f>(
    files: &'f [(String, RuleFile)],
    limits: &'f Limits,
) -> impl Iterator<Item = Bill> + 'f {
    let bills = files.iter().flat_map(|(_, file)| &file.bills);
    bills.map(move |(name, text)| Bill::of(name, text, limits))
}

fn examples(files: &[(String, RuleFile)]) -> Vec<ExampleBody> {
    let mut all = Vec::new();
    for (file, content) in files {
        for rule in &content.rules {
            let examples = rule.examples.iter().zip(1..);
            all.extend(examples.map(|(example, number)| ExampleBody {
                file: file.clone().into(),
                rule: rule.name.clone().into(),
                number,
                template: example.template.get_ref().clone().into(),
                expect: texts(&example.expect),
            }));
        }
    }
    all
}

/// Every type with its place.
fn name_types(tables: &mut Tables, files: &[(String, RuleFile)], base: &Base) {
    let mut types = BTreeMap::new();
    let mut prefixes = BTreeMap::new();
    let mut modules = Vec::new();
    let mut place = |name: &String, entry| match name.strip_suffix('*') {
        _ if is_module_glob(name) => modules.push((name.clone(), entry)),
        Some(prefix) => drop(prefixes.insert(prefix.to_owned(), entry)),
        None => drop(types.insert(name.clone(), entry)),
    };
    let rules = files.iter().flat_map(|(_, file)| &file.rules);
    for (rule, at) in rules.zip(base.rules.len()..) {
        rule.types
            .iter()
            .for_each(|name| place(name, Entry::Rule(at)));
    }
    let groups = files.iter().flat_map(|(_, file)| &file.plumbing);
    for (group, at) in groups.zip(base.plumbing..) {
        group
            .types
            .iter()
            .for_each(|name| place(name, Entry::Plumbing(at)));
    }
    derive(&mut types);
    derive(&mut prefixes);
    modules.sort_by_key(|(glob, _)| (Reverse(glob.len()), glob.clone()));
    tables.names(Table::Types, types.into_iter().collect());
    tables.names(Table::Prefixes, prefixes.into_iter().collect());
    tables.names(Table::Modules, modules);
}

/// Gives the types of the `awscc` provider the places of those from which they are made, unless somebody names them.
fn derive(places: &mut BTreeMap<String, Entry>) {
    let named = places.iter();
    let derived: Vec<_> = named
        .filter_map(|(name, entry)| Some((cloud_control::kind(name)?, *entry)))
        .collect();
    for (name, entry) in derived {
        places.entry(name).or_insert(entry);
    }
}

fn ladders(files: &[(String, RuleFile)], base: &Base, all: &Base) -> Vec<Ladder> {
    let own = files
        .iter()
        .filter_map(|(_, file)| Some((file.ladder.as_ref()?, file)));
    let ladders = own.zip(base.ladders.len()..).map(|((text, file), order)| {
        let others = files.iter().map(|(_, other)| other);
        let others = others.filter(|other| other.extends.as_ref() == Some(&text.name));
        let elsewhere = others.filter_map(|other| {
            let (prefix, provider) = provider(other)?;
            Some(Elsewhere {
                prefix: prefix.into(),
                provider: provider.into(),
                rungs: rungs(&other.rung, all, None),
            })
        });
        Ladder {
            order,
            name: text.name.clone().into(),
            title: text.title.clone().into(),
            about: text.about.clone().into(),
            rungs: rungs(&file.rung, all, None),
            elsewhere: elsewhere.collect(),
        }
    });
    ladders.collect()
}

/// How the types of a provider begin, and how people call it. Where nothing is said, a word is AWS's.
const PROVIDERS: [(&str, &str); 2] = [("azurerm_", "Azure"), ("google_", "Google Cloud")];

/// Whose advice a file that extends a ladder brings along, if it does: the prefix and the name of the provider of all its types.
fn provider(file: &RuleFile) -> Option<(&'static str, &'static str)> {
    if file.rung.is_empty() {
        return None;
    }
    let of_all = |prefix: &str| {
        let mut types = file.rules.iter().flat_map(|rule| &rule.types);
        types.all(|name| module_source::is_call(name) || name.starts_with(prefix))
    };
    PROVIDERS.into_iter().find(|(prefix, _)| of_all(prefix))
}

/// For each rule, the Terraform attributes that somebody asks of its resources: a plan keeps no others.
fn attributes(base: &Base, rules: &[RuleBody], facts: &[Fact]) -> Vec<BTreeSet<Text>> {
    let first = base.rules.len();
    let mut asked: Vec<BTreeSet<Text>> = vec![BTreeSet::new(); rules.len()];
    for (at, rule) in rules.iter().enumerate() {
        asked[at].extend(heads(&rule.properties).cloned());
        for join in &rule.joins {
            let own = join
                .link
                .rules
                .iter()
                .filter_map(|of| of.checked_sub(first));
            for of in own {
                asked[of].extend(heads(&join.properties).cloned());
            }
        }
        // What stands there may tell who is meant, where a plan does not show the reference.
        let links = rule.joins.iter().map(|join| &join.link);
        for link in rule.of.iter().chain(links) {
            asked[at].extend(heads(link.through.as_slice()).cloned());
            let others = link.rules.iter().chain(&link.via);
            for of in others.filter_map(|of| of.checked_sub(first)) {
                asked[of].extend(heads(link.from.as_slice()).cloned());
            }
        }
    }
    for (at, rule) in rules.iter().enumerate() {
        let links = rule
            .of
            .iter()
            .chain(rule.joins.iter().map(|join| &join.link));
        for link in links {
            for (of, property) in link.texts(first + at) {
                if let Some(of) = of.checked_sub(first) {
                    asked[of].extend(heads(std::slice::from_ref(property)).cloned());
                }
            }
        }
    }
    for (of, property) in facts.iter().flat_map(|fact| &fact.at) {
        asked[of - first].extend(heads(std::slice::from_ref(property)).cloned());
    }
    asked
}

/// The Terraform attributes in which properties stand.
pub(super) fn heads(properties: &[Property]) -> impl Iterator<Item = &Text> {
    let paths = properties
        .iter()
        .flat_map(|property| property.tf.iter().chain(&property.awscc));
    paths.filter_map(|path| match path.first() {
        Some(PathStep::Key(key)) => Some(key),
        _ => None,
    })
}

/// The names that the conditions of a rule may use.
pub(super) fn scope<'s>(rule: &'s RuleText, sets: &'s Sets) -> Scope<'s> {
    let names = |properties: &'s BTreeMap<String, PropertyText>| {
        properties.keys().map(String::as_str).collect()
    };
    let joins = rule.joins.iter();
    Scope {
        properties: names(&rule.properties),
        joins: joins
            .map(|(name, join)| (name.as_str(), names(&join.properties)))
            .collect(),
        sets,
    }
}

/// What the names in a file mean.
struct Names<'n> {
    file: &'n RuleFile,
    all: &'n Base,
}

impl Names<'_> {
    fn rule(&self, rule: &RuleText) -> RuleBody {
        let ladders = self.all.ladders.iter();
        let mut ladders = ladders.map(|name| Some(name.as_str()));
        let scope = scope(rule, &self.all.sets);
        RuleBody {
            name: rule.name.clone().into(),
            title: rule.title.clone().into(),
            // A name that is not there is a fault, and faults end before this; here and below.
            ladder_number: ladders
                .position(|name| name == self.file.ladder_name())
                .unwrap_or_default(),
            types: texts(&rule.types),
            made_if: rule
                .made_if
                .iter()
                .map(|(name, inputs)| (name.clone().into(), texts(inputs)))
                .collect(),
            properties: properties(&rule.properties),
            joins: rule
                .joins
                .iter()
                .map(|(name, join)| self.join(name, join))
                .collect(),
            of: rule.of.iter().map(|link| self.link(link)).collect(),
            machinery: rule
                .machinery
                .as_ref()
                .map(|machinery| self.machinery(machinery, &scope)),
            cases: rule
                .cases
                .iter()
                .map(|case| self::case(case, &scope, self.all))
                .collect(),
            lifecycle: rule
                .lifecycle
                .iter()
                .map(|text| lifecycle::compile(text, &scope, &self.all.limits))
                .collect(),
            rungs: rungs(&self.words(rule), self.all, Some(&scope)),
            docs: texts(&rule.docs),
            attributes: Vec::new(),
        }
    }

    fn numbers(&self, names: &[String]) -> Vec<usize> {
        let names = self.all.sets.expand(names).unwrap_or_default();
        let rules = &self.all.rules;
        let numbers = names
            .iter()
            .filter_map(|name| rules.iter().position(|known| known == name));
        numbers.collect()
    }

    fn signs(&self, texts: &[String]) -> Vec<Text> {
        let signs = self.all.sets.expand(texts).unwrap_or_default();
        let small = signs.iter().map(|sign| sign.to_lowercase().into());
        small.collect()
    }

    fn join(&self, name: &str, text: &JoinText) -> Join {
        Join {
            name: name.to_owned().into(),
            link: Link {
                rules: self.numbers(&text.rules),
                through: text.through.as_ref().map(|text| property("", text)),
                from: text.from.as_ref().map(|text| property("", text)),
                via: self.numbers(&text.via),
                between: text.between.as_ref().map(|text| property("", text)),
                signs: self.signs(&text.signs),
                by_name: text.by_name.as_ref().map(|text| property("", text)),
                loose: false,
                no_worse: false,
                only: false,
            },
            properties: properties(&text.properties),
        }
    }

    fn link(&self, text: &LinkText) -> Link {
        Link {
            rules: self.numbers(&text.rules),
            through: text.through.as_ref().map(|text| property("", text)),
            from: text.from.as_ref().map(|text| property("", text)),
            via: self.numbers(&text.via),
            between: text.between.as_ref().map(|text| property("", text)),
            signs: self.signs(&text.signs),
            by_name: text.by_name.as_ref().map(|text| property("", text)),
            loose: text.loose,
            no_worse: text.no_worse,
            only: text.only,
        }
    }

    fn machinery(&self, text: &MachineryText, scope: &Scope<'_>) -> Machinery {
        let uses = |all: &[UseText]| {
            let uses = all.iter().map(|one| Use {
                rules: self.numbers(&one.rules),
                from: property("", &one.from),
            });
            uses.collect()
        };
        let condition = |when: &toml::Table| {
            let some = Some(when).filter(|when| !when.is_empty());
            some.and_then(|when| Condition::parse(when, scope).ok())
        };
        Machinery {
            why: text.why.clone().into(),
            by: uses(&text.by),
            with: uses(&text.with),
            through: self.numbers(&text.through),
            beside: {
                let awscc = text.beside.iter();
                let awscc = awscc.filter_map(|name| cloud_control::kind(name));
                texts(&text.beside)
                    .into_iter()
                    .chain(awscc.map(Text::from))
                    .collect()
            },
            sign: condition(&text.sign),
            unless: condition(&text.unless),
        }
    }

    /// A rule's own words for its rungs, then those of its file where that only adds to a ladder.
    fn words(&self, rule: &RuleText) -> BTreeMap<Rung, RungText> {
        let mut words = rule.rung.clone();
        if self.file.extends.is_some() {
            for (rung, shared) in &self.file.rung {
                let own = words.entry(*rung).or_default();
                let fill = |own: &mut Option<String>, shared: &Option<String>| {
                    if own.is_none() {
                        own.clone_from(shared);
                    }
                };
                fill(&mut own.takes, &shared.takes);
                fill(&mut own.yours, &shared.yours);
                if own.up.is_none() {
                    own.up.clone_from(&shared.up);
                    own.to = shared.to;
                    fill(&mut own.data, &shared.data);
                    if own.bills.is_empty() {
                        own.bills.clone_from(&shared.bills);
                    }
                }
                fill(&mut own.fair, &shared.fair);
                own.step = own.step.or(shared.step);
            }
        }
        words
    }
}

fn case(text: &CaseText, scope: &Scope<'_>, all: &Base) -> Case {
    let word = |word: &String| Text::from(all.limits.expand(word));
    let mut words = advice(&text.words(), all, Some(scope));
    let own = std::iter::once(&text.says).chain(&text.doubt);
    words
        .limits
        .extend(all.limits.named(own.map(String::as_str)));
    Case {
        rung: text.rung,
        when: Condition::parse(&text.when, scope).unwrap_or(Condition::Any(Vec::new())),
        says: word(&text.says),
        doubt: text.doubt.as_ref().map(word),
        or: text.or.clone(),
        untried: text.untried,
        words,
    }
}

fn properties(texts: &BTreeMap<String, PropertyText>) -> Vec<Property> {
    texts
        .iter()
        .map(|(name, text)| property(name, text))
        .collect()
}

/// Where a property stands.
pub(super) fn property(name: &str, text: &PropertyText) -> Property {
    let cfn = paths(text.cfn.as_ref());
    Property {
        name: name.to_owned().into(),
        awscc: cfn.iter().map(cloud_control::path).collect(),
        cfn,
        tf: paths(text.tf.as_ref()),
        default: text.default.clone().map(Text::from),
        weights: text
            .weights
            .iter()
            .map(|weights| property(name, weights))
            .collect(),
    }
}

fn paths(texts: Option<&OneOrMore>) -> Vec<Path> {
    let texts = texts.map(OneOrMore::all).unwrap_or_default();
    texts.into_iter().map(path).collect()
}

/// A path in steps: `a.b[].*`. A key with dots of its own stands in double quotes.
fn path(text: &str) -> Path {
    let mut quoted = false;
    let parts = text.split(|letter| {
        quoted ^= letter == '"';
        letter == '.' && !quoted
    });
    let mut steps = Vec::new();
    for part in parts {
        match part.trim_end_matches("[]") {
            "" => {}
            "*" => steps.push(PathStep::Values),
            key => steps.push(PathStep::Key(key.trim_matches('"').to_owned().into())),
        }
        if part.ends_with("[]") {
            steps.push(PathStep::Each);
        }
    }
    steps
}

/// Of a rule, with its names; a ladder has none.
fn rungs(texts: &BTreeMap<Rung, RungText>, all: &Base, scope: Option<&Scope<'_>>) -> [Advice; 4] {
    let of = |text| advice(text, all, scope);
    Rung::ALL.map(|rung| texts.get(&rung).map(of).unwrap_or_default())
}

fn advice(text: &RungText, all: &Base, scope: Option<&Scope<'_>>) -> Advice {
    let expand = |word: &String| all.limits.expand(word);
    let word = |word: &Option<String>| Text::from(word.as_ref().map(expand).unwrap_or_default());
    let data = text.data.as_ref().map(expand);
    Advice {
        takes: word(&text.takes),
        yours: word(&text.yours),
        up: word(&text.up),
        to: text.to,
        step: text.step,
        changes: texts(&text.changes),
        data: data.and_then(|text| Fate::parse(&text).ok()),
        bills: all.bills.named(&text.bills),
        fair: word(&text.fair),
        fix: text.fix.as_ref().zip(scope).map(|(fix, scope)| {
            let says = all.limits.expand(&fix.says).into();
            fix.compile(scope, says)
        }),
        limits: all.limits.named(text.texts().map(|(_, text)| text)),
    }
}

fn texts(texts: &[String]) -> Vec<Text> {
    texts.iter().map(|text| text.clone().into()).collect()
}
