//! A team's own rules over a catalogue: the tables that the build script writes, made while the program runs.
//!
//! What is made is leaked on purpose, so that own rules and built-in ones are the same `'static` tables to everybody: a
//! process reads its configuration once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{
    Case, Catalogue, Condition, Entry, Join, Ladder, Link, Property, Rule, RungText, Step, Test,
};
use super::lower;
use super::rulefile::{
    self, CaseText, ConditionText, Fault, JoinText, Known, LinkText, OneOrMore, PropertyText,
    RuleFile, RuleText, RungName, StepName, TestText,
};
use crate::base::Dialect;
use crate::base::PathStep;
use crate::base::Rung;

const SILENT: RungText = RungText {
    takes: "",
    yours: "",
    up: "",
    step: None,
    fair: "",
};

/// A catalogue with these files over another one, for the rest of the process. A type that both name is the files'; what
/// asks for the rule that had the type also finds the new one.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn over(
    base: &'static Catalogue,
    files: &[(String, RuleFile)],
) -> Result<&'static Catalogue, Vec<Fault>> {
    let known = Known {
        rules: base.rules.iter().map(|rule| rule.name).collect(),
        ladders: base.ladders.iter().map(|ladder| ladder.name).collect(),
    };
    let faults = rulefile::faults(files, &known);
    if !faults.is_empty() {
        return Err(faults);
    }
    let ladders = ladders(base, files);
    let mut numbers: BTreeMap<&str, usize> = known.rules.into_iter().zip(0..).collect();
    let texts = files.iter().flat_map(|(_, file)| {
        let ladder = ladders
            .iter()
            .find(|ladder| Some(ladder.name) == file.ladder_name());
        let rules = file.rules.iter();
        rules.filter_map(move |rule| Some((rule, file, ladder?)))
    });
    let texts: Vec<(&RuleText, &RuleFile, &'static Ladder)> = texts.collect();
    for (at, (rule, ..)) in texts.iter().enumerate() {
        numbers.insert(&rule.name, base.rules.len() + at);
    }
    let mut rules: Vec<Rule> = base
        .rules
        .iter()
        .map(|rule| Rule {
            ladder: &ladders[rule.ladder.order],
            ..*rule
        })
        .collect();
    rules.extend(texts.iter().map(|(text, file, ladder)| {
        let names = Names {
            rule: text,
            numbers: &numbers,
        };
        names.rule(file, ladder)
    }));
    stand_in(base, &mut rules);
    ask(&mut rules);
    Ok(Box::leak(Box::new(places(base, files, ladders, rules))))
}

fn ladders(base: &'static Catalogue, files: &[(String, RuleFile)]) -> &'static [Ladder] {
    let mut ladders = base.ladders.to_vec();
    for (_, file) in files {
        if let Some(text) = &file.ladder {
            ladders.push(Ladder {
                order: ladders.len(),
                name: word(&text.name),
                title: word(&text.title),
                about: word(&text.about),
                rungs: rungs(&file.rung),
                elsewhere: &[],
            });
        }
    }
    ladders.leak()
}

/// Every type with its place.
fn places(
    base: &'static Catalogue,
    files: &[(String, RuleFile)],
    ladders: &'static [Ladder],
    rules: Vec<Rule>,
) -> Catalogue {
    let mut types: BTreeMap<&'static str, Entry> = base.types.iter().copied().collect();
    let mut prefixes: BTreeMap<&'static str, usize> = base.prefixes.iter().copied().collect();
    let mut modules = base.modules.to_vec();
    let mut plumbing = base.plumbing.to_vec();
    for (at, rule) in rules.iter().enumerate().skip(base.rules.len()) {
        let entries = rule.types.iter().map(|name| (*name, Entry::Rule(at)));
        let (globs, names): (Vec<_>, Vec<_>) =
            entries.partition(|(name, _)| rulefile::is_module_glob(name));
        types.extend(names);
        modules.extend(globs);
    }
    for group in files.iter().flat_map(|(_, file)| &file.plumbing) {
        let entry = Entry::Plumbing(plumbing.len());
        for name in &group.types {
            match name.strip_suffix('*') {
                _ if rulefile::is_module_glob(name) => modules.push((word(name), entry)),
                Some(prefix) => drop(prefixes.insert(word(prefix), plumbing.len())),
                None => drop(types.insert(word(name), entry)),
            }
        }
        plumbing.push(word(&group.why));
    }
    modules.sort_by_key(|(glob, _)| (Reverse(glob.len()), *glob));
    Catalogue {
        ladders,
        rules: rules.leak(),
        types: types.into_iter().collect::<Vec<_>>().leak(),
        prefixes: prefixes.into_iter().collect::<Vec<_>>().leak(),
        modules: modules.leak(),
        plumbing: plumbing.leak(),
    }
}

/// Where a rule took a type from another, whatever is connected to the other is connected to it too.
fn stand_in(base: &'static Catalogue, rules: &mut [Rule]) {
    let mut heirs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, rule) in rules.iter().enumerate().skip(base.rules.len()) {
        for kind in rule.types {
            if let Some(Entry::Rule(old)) = base.entry(kind) {
                heirs.entry(old).or_default().insert(at);
            }
        }
    }
    if heirs.is_empty() {
        return;
    }
    for (old, heirs) in &heirs {
        // Facts are asked of a type whichever rule places it.
        for heir in heirs {
            let both = rules[*heir].attributes.iter().chain(rules[*old].attributes);
            rules[*heir].attributes = both.copied().collect::<Vec<_>>().leak();
        }
    }
    for (at, rule) in rules.iter_mut().enumerate() {
        let longer = |numbers: &'static [usize]| {
            let more = numbers.iter().filter_map(|number| heirs.get(number));
            let more = more.flatten().filter(|heir| **heir != at);
            let more: Vec<usize> = more.copied().collect();
            if more.is_empty() {
                return numbers;
            }
            let mut all = numbers.to_vec();
            all.extend(more.iter().filter(|heir| !numbers.contains(heir)));
            all.leak()
        };
        let link = |link: &Link| Link {
            rules: longer(link.rules),
            via: longer(link.via),
            ..*link
        };
        let touched = rule.joins.iter().map(|join| &join.link).chain(rule.of);
        let mut named = touched.flat_map(|link| link.rules.iter().chain(link.via));
        if !named.any(|of| heirs.contains_key(of)) {
            continue;
        }
        let joins = rule.joins.iter().map(|join| Join {
            link: link(&join.link),
            ..*join
        });
        rule.joins = joins.collect::<Vec<_>>().leak();
        rule.of = rule.of.iter().map(link).collect::<Vec<_>>().leak();
    }
}

/// Notes the Terraform attributes that somebody asks of each rule's resources: a plan keeps no others.
fn ask(rules: &mut [Rule]) {
    let mut asked: Vec<BTreeSet<&'static str>> = vec![BTreeSet::new(); rules.len()];
    for (at, rule) in rules.iter().enumerate() {
        asked[at].extend(rule.attributes);
        asked[at].extend(heads(rule.properties));
        for join in rule.joins {
            for other in join.link.rules {
                asked[*other].extend(heads(join.properties));
            }
        }
    }
    for (rule, asked) in rules.iter_mut().zip(asked) {
        if !rule.attributes.iter().eq(&asked) {
            rule.attributes = asked.into_iter().collect::<Vec<_>>().leak();
        }
    }
}

fn heads(properties: &'static [Property]) -> impl Iterator<Item = &'static str> {
    let paths = properties
        .iter()
        .flat_map(|property| property.paths(Dialect::Plan));
    paths.filter_map(|path| match path.first() {
        Some(PathStep::Key(key)) => Some(*key),
        _ => None,
    })
}

/// A rule, with what the names in it mean.
struct Names<'n> {
    rule: &'n RuleText,
    numbers: &'n BTreeMap<&'n str, usize>,
}

impl Names<'_> {
    fn rule(&self, file: &RuleFile, ladder: &'static Ladder) -> Rule {
        let rule = self.rule;
        let joins = rule.joins.iter().map(|(name, join)| self.join(name, join));
        let links = rule.of.iter().map(|link| self.link(link));
        let cases = rule.cases.iter().map(|case| self.case(case));
        Rule {
            name: word(&rule.name),
            title: word(&rule.title),
            ladder,
            types: words(&rule.types),
            properties: properties(&rule.properties),
            joins: joins.collect::<Vec<_>>().leak(),
            of: links.collect::<Vec<_>>().leak(),
            cases: cases.collect::<Vec<_>>().leak(),
            rungs: rungs(&lower::words(rule, file)),
            docs: words(&rule.docs),
            attributes: &[],
        }
    }

    fn numbers(&self, names: &[String]) -> &'static [usize] {
        let numbers = names
            .iter()
            .filter_map(|name| self.numbers.get(name.as_str()));
        numbers.copied().collect::<Vec<_>>().leak()
    }

    fn join(&self, name: &str, text: &JoinText) -> Join {
        let nameless = |text: &PropertyText| property("", text);
        Join {
            name: word(name),
            link: Link {
                rules: self.numbers(&text.rules),
                through: text.through.as_ref().map(nameless),
                from: text.from.as_ref().map(nameless),
                via: self.numbers(&text.via),
                loose: false,
                no_worse: false,
                only: false,
            },
            properties: properties(&text.properties),
        }
    }

    fn link(&self, text: &LinkText) -> Link {
        let nameless = |text: &PropertyText| property("", text);
        Link {
            rules: self.numbers(&text.rules),
            through: text.through.as_ref().map(nameless),
            from: text.from.as_ref().map(nameless),
            via: self.numbers(&text.via),
            loose: text.loose,
            no_worse: text.no_worse,
            only: text.only,
        }
    }

    fn case(&self, text: &CaseText) -> Case {
        let or = text.or.iter().map(|name| rung(*name));
        // What cannot be read is a fault, and faults end before this.
        let when = rulefile::condition(&text.when, self.rule);
        Case {
            rung: rung(text.rung),
            when: when.map_or(Condition::Any(&[]), |when| self.condition(&when)),
            says: word(&text.says),
            doubt: text.doubt.as_deref().map(word),
            or: or.collect::<Vec<_>>().leak(),
        }
    }

    fn condition(&self, text: &ConditionText) -> Condition {
        let list = |all: &[ConditionText]| -> &'static [Condition] {
            let all = all.iter().map(|one| self.condition(one));
            all.collect::<Vec<_>>().leak()
        };
        let joins = &self.rule.joins;
        let join = |name: &String| position(joins.keys(), name);
        match text {
            ConditionText::All(all) => Condition::All(list(all)),
            ConditionText::Any(any) => Condition::Any(list(any)),
            ConditionText::Negated(one) => Condition::Not(Box::leak(Box::new(self.condition(one)))),
            ConditionText::Own(name, test) => Condition::Own(
                position(self.rule.properties.keys(), name),
                self::test(test),
            ),
            ConditionText::Joined(name, property, test) => {
                let properties = joins.get(name).map(|join| join.properties.keys());
                let at = properties.map_or(0, |mut names| position(&mut names, property));
                Condition::Joined(join(name), at, self::test(test))
            }
            ConditionText::Exists(name, present) => Condition::Exists(join(name), *present),
        }
    }
}

fn position<'n>(mut names: impl Iterator<Item = &'n String>, name: &str) -> usize {
    // A name that is not there is a fault, and faults end before this.
    names.position(|known| known == name).unwrap_or_default()
}

fn test(text: &TestText) -> Test {
    match text {
        TestText::Is(texts) => Test::Is(words(texts)),
        TestText::Not(texts) => Test::Not(words(texts)),
        TestText::Like(texts) => Test::Like(words(texts)),
        TestText::Above(number) => Test::Above(*number),
        TestText::Every(texts) => Test::Every(words(texts)),
        TestText::Present(present) => Test::Present(*present),
    }
}

fn properties(texts: &BTreeMap<String, PropertyText>) -> &'static [Property] {
    let all = texts.iter().map(|(name, text)| property(name, text));
    all.collect::<Vec<_>>().leak()
}

fn property(name: &str, text: &PropertyText) -> Property {
    Property {
        name: word(name),
        cfn: paths(text.cfn.as_ref()),
        tf: paths(text.tf.as_ref()),
        default: text.default.as_deref().map(word),
    }
}

fn paths(texts: Option<&OneOrMore>) -> &'static [&'static [PathStep]] {
    let texts = texts.map(OneOrMore::all).unwrap_or_default();
    let paths = texts.iter().map(|path| -> &'static [PathStep] {
        let steps = lower::steps(path).into_iter().map(|step| match step {
            lower::Step::Key(key) => PathStep::Key(word(key)),
            lower::Step::Each => PathStep::Each,
            lower::Step::Values => PathStep::Values,
        });
        steps.collect::<Vec<_>>().leak()
    });
    paths.collect::<Vec<_>>().leak()
}

fn rungs(texts: &BTreeMap<RungName, rulefile::RungText>) -> [RungText; 4] {
    let mut rungs = [SILENT; 4];
    for (name, text) in texts {
        let own = |text: &Option<String>| text.as_deref().map_or("", word);
        rungs[rung(*name) as usize] = RungText {
            takes: own(&text.takes),
            yours: own(&text.yours),
            up: own(&text.up),
            step: text.step.map(|step| match step {
                StepName::Property => Step::Property,
                StepName::Resource => Step::Resource,
                StepName::Redesign => Step::Redesign,
            }),
            fair: own(&text.fair),
        };
    }
    rungs
}

const fn rung(name: RungName) -> Rung {
    match name {
        RungName::Serverless => Rung::Serverless,
        RungName::Capacity => Rung::Capacity,
        RungName::Cluster => Rung::Cluster,
        RungName::Server => Rung::Server,
    }
}

fn words(texts: &[String]) -> &'static [&'static str] {
    texts
        .iter()
        .map(|text| word(text))
        .collect::<Vec<_>>()
        .leak()
}

fn word(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}
