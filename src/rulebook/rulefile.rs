//! One file of `rules/` as people write it: the shapes that serde reads, and the checks that a reader cannot make.
//! The build script and the library share this file, so that the built-in catalogue and a team's own obey the same rules.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// A whole file: one ladder with its rules, or the plumbing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The ladder that this file describes; absent in `plumbing.toml`.
    pub ladder: Option<LadderText>,
    /// The name of a ladder that another file describes, and to which this one adds rules.
    pub extends: Option<String>,
    /// What each rung means on this ladder; in a file that extends one, what it means for this file's rules.
    #[serde(default)]
    pub rung: BTreeMap<RungName, RungText>,
    /// The rules, in the order in which they read best.
    #[serde(default, rename = "rule")]
    pub rules: Vec<RuleText>,
    /// Types that are no hosting choice, in groups that share a reason.
    #[serde(default)]
    pub plumbing: Vec<PlumbingText>,
}

/// The words of a ladder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderText {
    /// As in a finding's code: `compute`.
    pub name: String,
    /// As in a sentence: "compute".
    pub title: String,
    /// What the capability is and why its rungs stand in this order.
    pub about: String,
}

/// The four rungs by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RungName {
    /// 1: your code and data.
    Serverless,
    /// 2: and how much capacity stands ready.
    Capacity,
    /// 3: and instance types, node counts, versions, upgrades.
    Cluster,
    /// 4: and the operating system.
    Server,
}

impl RungName {
    /// 1 to 4.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Serverless => 1,
            Self::Capacity => 2,
            Self::Cluster => 3,
            Self::Server => 4,
        }
    }
}

/// What a rung means, on a ladder or for one rule. A rule's text stands before its ladder's.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RungText {
    /// Services that stand here, shortly: "ECS on Fargate, App Runner".
    pub takes: Option<String>,
    /// What is then the team's to run, as a list in words.
    pub yours: Option<String>,
    /// What to take instead, one rung up or more.
    pub up: Option<String>,
    /// How big a step that is.
    pub step: Option<StepName>,
    /// When it is fair to stand here.
    pub fair: Option<String>,
}

/// The size of the way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepName {
    /// A property changes.
    Property,
    /// A resource is replaced, what uses it stays.
    Resource,
    /// What uses it changes too.
    Redesign,
}

/// One hosting choice, or one thing that belongs to a hosting choice.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// Short and in the field's own words: `ecs-service`.
    pub name: String,
    /// As in a sentence, with its article: "an ECS service".
    pub title: String,
    /// CloudFormation, SAM and Terraform types that are the same thing, every one by name; and modules by their
    /// sources, in which a `*` stands for anything.
    pub types: Vec<String>,
    /// Properties that the cases ask for, by a short name of our own.
    #[serde(default)]
    pub properties: BTreeMap<String, PropertyText>,
    /// Other resources of the stack that the cases ask for.
    #[serde(default)]
    pub joins: BTreeMap<String, JoinText>,
    /// Primaries to which this belongs. With no case it is plumbing when none of them is in the stack.
    #[serde(default)]
    pub of: Vec<LinkText>,
    /// First that holds decides. A rule that is only ever a member has none.
    #[serde(default, rename = "case")]
    pub cases: Vec<CaseText>,
    /// Words of this rule for a rung, before the ladder's.
    #[serde(default)]
    pub rung: BTreeMap<RungName, RungText>,
    /// Public documentation of the service.
    #[serde(default)]
    pub docs: Vec<String>,
    /// The rule's own tests.
    #[serde(default, rename = "example")]
    pub examples: Vec<ExampleText>,
}

/// Where a property stands in each dialect. `a.b` goes down, `a[]` takes each element, `a.*` each value of a map,
/// `a."b.c"` a key that has dots of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyText {
    /// Below `Properties` in CloudFormation and SAM.
    pub cfn: Option<OneOrMore>,
    /// In the block in Terraform.
    pub tf: Option<OneOrMore>,
    /// What the service takes when it is absent.
    pub default: Option<String>,
}

/// A text or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

impl OneOrMore {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::More(texts) => texts.iter().map(String::as_str).collect(),
        }
    }
}

/// Resources of other rules that are connected to this one by references, in whichever direction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinText {
    /// Names of the rules on the other side.
    pub rules: Vec<String>,
    /// The reference must stand in this property of this resource.
    pub through: Option<PropertyText>,
    /// The reference must stand in this property of the other resource.
    pub from: Option<PropertyText>,
    /// Rules of resources that may stand between the two.
    #[serde(default)]
    pub via: Vec<String>,
    /// Properties of the other resource that the cases ask for.
    #[serde(default)]
    pub properties: BTreeMap<String, PropertyText>,
}

/// How a resource belongs to a primary.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkText {
    /// Names of the primaries' rules.
    pub rules: Vec<String>,
    /// The reference must stand in this property of this resource.
    pub through: Option<PropertyText>,
    /// The reference must stand in this property of the primary.
    pub from: Option<PropertyText>,
    /// Rules of resources that may stand between the two.
    #[serde(default)]
    pub via: Vec<String>,
    /// No reference is needed: any such primary in the stack will do.
    #[serde(default)]
    pub loose: bool,
    /// It belongs only where its own rung would not be below the primary's.
    #[serde(default)]
    pub no_worse: bool,
    /// It belongs only where nothing else in the stack that is no plumbing refers to it.
    #[serde(default)]
    pub only: bool,
}

/// One way to stand on a rung.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseText {
    /// Where it stands then.
    pub rung: RungName,
    /// All of these must hold; none for the last case.
    #[serde(default)]
    pub when: toml::Table,
    /// The predicate of the finding's sentence: "runs on ECS with EC2 instances".
    pub says: String,
    /// Why nothing decides although the case holds; the finding is then uncertain.
    pub doubt: Option<String>,
    /// Other rungs that are as possible, where there is a doubt.
    #[serde(default)]
    pub or: Vec<RungName>,
}

/// Types that host nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlumbingText {
    /// Why they are no hosting choice: "networking".
    pub why: String,
    /// Whole types, prefixes that end in `*`, or modules by their sources, in which a `*` stands for anything.
    pub types: Vec<String>,
}

/// A small template and what must be found in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleText {
    /// CloudFormation YAML, or Terraform JSON; and where it stands in the file.
    pub template: toml::Spanned<String>,
    /// Every decision of it as `address ladder rung`: `Api compute 2`. Empty where nothing must fire.
    pub expect: Vec<String>,
}

/// What a case asks of one property or join: the right-hand sides of `when`.
#[derive(Debug, Clone, PartialEq)]
pub enum TestText {
    /// Some value is one of these.
    Is(Vec<String>),
    /// There is a value, and some value is none of these.
    Not(Vec<String>),
    /// Some value matches one of these globs (`*` only).
    Like(Vec<String>),
    /// Some value is a number above this.
    Above(i64),
    /// There is a value, and every one is one of these.
    Every(Vec<String>),
    /// Present, or absent.
    Present(bool),
}

/// `when`, read.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionText {
    /// All hold.
    All(Vec<ConditionText>),
    /// One holds.
    Any(Vec<ConditionText>),
    /// It does not hold.
    Negated(Box<ConditionText>),
    /// A property of the resource itself.
    Own(String, TestText),
    /// A property of a joined resource; holds if it does for one of them.
    Joined(String, String, TestText),
    /// A resource is joined, or none is.
    Exists(String, bool),
}

/// What is wrong at a place below a table: keys and numbers of items, and the sentence.
pub type Misread = (Vec<String>, String);

/// Reads a `when` table.
///
/// # Errors
/// Everything that is not understood.
pub fn condition(when: &toml::Table, rule: &RuleText) -> Result<ConditionText, Vec<Misread>> {
    let mut faults = Vec::new();
    let condition = all(when, rule, &mut Vec::new(), &mut faults);
    if faults.is_empty() {
        Ok(condition)
    } else {
        Err(faults)
    }
}

fn all(
    when: &toml::Table,
    rule: &RuleText,
    at: &mut Vec<String>,
    faults: &mut Vec<Misread>,
) -> ConditionText {
    let mut all = Vec::new();
    for (name, value) in when {
        at.push(name.clone());
        all.extend(one(name, value, rule, at, faults));
        at.pop();
    }
    match all.len() {
        1 => all.remove(0),
        _ => ConditionText::All(all),
    }
}

fn one(
    name: &str,
    value: &toml::Value,
    rule: &RuleText,
    at: &mut Vec<String>,
    faults: &mut Vec<Misread>,
) -> Option<ConditionText> {
    let mut table = |value: &toml::Value, at: &mut Vec<String>| match value.as_table() {
        Some(table) => Some(all(table, rule, at, faults)),
        None => {
            faults.push((at.clone(), format!("`{name}` needs a table of conditions")));
            None
        }
    };
    match (name, value) {
        ("any", toml::Value::Array(items)) => {
            let mut any = Vec::new();
            for (number, item) in items.iter().enumerate() {
                at.push(number.to_string());
                any.extend(table(item, at));
                at.pop();
            }
            Some(ConditionText::Any(any))
        }
        ("not", item) => table(item, at).map(|one| ConditionText::Negated(Box::new(one))),
        _ => match asked(name, value, rule) {
            Ok(condition) => Some(condition),
            Err(message) => {
                faults.push((at.clone(), message));
                None
            }
        },
    }
}

fn asked(name: &str, value: &toml::Value, rule: &RuleText) -> Result<ConditionText, String> {
    let test = test(name, value)?;
    if rule.properties.contains_key(name) {
        return Ok(ConditionText::Own(name.to_owned(), test));
    }
    if rule.joins.contains_key(name) {
        return match test {
            TestText::Present(present) => Ok(ConditionText::Exists(name.to_owned(), present)),
            _ => Err(format!(
                "`{name}` is a join: ask `{name} = {{ present = true }}` or one of its properties"
            )),
        };
    }
    if let Some((join, property)) = name.split_once('.')
        && let Some(text) = rule.joins.get(join)
    {
        return if text.properties.contains_key(property) {
            Ok(ConditionText::Joined(
                join.to_owned(),
                property.to_owned(),
                test,
            ))
        } else {
            Err(format!("the join `{join}` names no property `{property}`"))
        };
    }
    let known: Vec<&str> = rule
        .properties
        .keys()
        .chain(rule.joins.keys())
        .map(String::as_str)
        .collect();
    let known = if known.is_empty() {
        "has none".to_owned()
    } else {
        format!("knows {}", known.join(", "))
    };
    Err(format!(
        "`{name}` is neither a property nor a join of this rule; it {known}"
    ))
}

fn test(name: &str, value: &toml::Value) -> Result<TestText, String> {
    if let Some(is) = texts(value) {
        return Ok(TestText::Is(is));
    }
    let valid = "is, not, like, above, every, present";
    let table = value
        .as_table()
        .ok_or_else(|| format!("`{name}` needs a text, a list or one of {valid}"))?;
    let mut entries = table.iter();
    let (Some((key, value)), None) = (entries.next(), entries.next()) else {
        return Err(format!("`{name}` needs exactly one of {valid}"));
    };
    let list = || texts(value).ok_or_else(|| format!("`{name}.{key}` needs a text or a list"));
    match key.as_str() {
        "is" => list().map(TestText::Is),
        "not" => list().map(TestText::Not),
        "like" => list().map(TestText::Like),
        "every" => list().map(TestText::Every),
        "above" => value
            .as_integer()
            .map(TestText::Above)
            .ok_or_else(|| format!("`{name}.above` needs a whole number")),
        "present" => value
            .as_bool()
            .map(TestText::Present)
            .ok_or_else(|| format!("`{name}.present` needs true or false")),
        _ => Err(format!("`{name}` knows no test `{key}`; valid are {valid}")),
    }
}

fn texts(value: &toml::Value) -> Option<Vec<String>> {
    let text = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    };
    match value {
        toml::Value::Array(items) => items.iter().map(text).collect(),
        other => text(other).map(|one| vec![one]),
    }
}

/// One thing that is wrong with a set of files.
#[derive(Debug)]
pub struct Fault {
    /// Index of the file.
    pub file: usize,
    /// The way down to it: keys and numbers of items.
    pub at: Vec<String>,
    /// The sentence.
    pub message: String,
}

/// What the files may speak of beside what they say themselves.
#[derive(Debug, Default)]
pub struct Known<'k> {
    /// Names of rules.
    pub rules: Vec<&'k str>,
    /// Names of ladders.
    pub ladders: Vec<&'k str>,
}

impl RuleFile {
    /// The ladder of its rules.
    #[must_use]
    pub fn ladder_name(&self) -> Option<&str> {
        let own = self.ladder.as_ref().map(|ladder| ladder.name.as_str());
        own.or(self.extends.as_deref())
    }
}

fn place(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

/// Everything that is wrong with a set of files taken together.
#[must_use]
pub fn faults(files: &[(String, RuleFile)], known: &Known<'_>) -> Vec<Fault> {
    let mut faults = twice(files, known);
    let mut names: BTreeSet<&str> = known.rules.iter().copied().collect();
    let rules = files.iter().flat_map(|(_, content)| &content.rules);
    names.extend(rules.map(|rule| rule.name.as_str()));
    let mut ladders: BTreeSet<&str> = known.ladders.iter().copied().collect();
    let own = files.iter().filter_map(|(_, other)| other.ladder.as_ref());
    ladders.extend(own.map(|ladder| ladder.name.as_str()));
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
        for (number, rule) in content.rules.iter().enumerate() {
            of_rule(rule, &names, &mut |mut at, message| {
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

/// Whether a type is a glob for the sources of Terraform modules: `module:git::https://example.com/modules//queue*`.
#[must_use]
pub fn is_module_glob(name: &str) -> bool {
    name.starts_with("module:") && name.contains('*')
}

/// A `*` in a type that is no module's: a rule names every one, and plumbing may begin with the same letters.
fn star(name: &str, prefix: bool) -> Option<String> {
    let bare = name.strip_suffix('*').filter(|_| prefix).unwrap_or(name);
    if is_module_glob(name) || !bare.contains('*') {
        return None;
    }
    let allowed = if prefix {
        "it ends a prefix, or stands in a `module:`"
    } else {
        "every type by name, unless it is a `module:`"
    };
    Some(format!("`{name}` has a `*`: {allowed}"))
}

/// Names that stand in more than one place, or are none.
fn twice(files: &[(String, RuleFile)], known: &Known<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut odd = Vec::new();
    let catalogue = "the built-in catalogue";
    let built_in = |names: &[&'_ str]| -> BTreeMap<String, String> {
        let names = names.iter();
        names
            .map(|name| ((*name).to_owned(), catalogue.to_owned()))
            .collect()
    };
    let mut rules = built_in(&known.rules);
    let mut ladders = built_in(&known.ladders);
    let mut types = BTreeMap::new();
    for (file, (shown, content)) in files.iter().enumerate() {
        let mut note =
            |seen: &mut BTreeMap<String, String>, what: &str, name: &str, at: &[&str]| {
                if let Some(other) = seen.insert(name.to_owned(), shown.clone()) {
                    let message = format!("{what} `{name}` stands in {other} too");
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
            "`{name}` is no name: small letters, digits and hyphens"
        ));
    }
}

fn of_rule(rule: &RuleText, names: &BTreeSet<&str>, fault: &mut dyn FnMut(Vec<String>, String)) {
    let mut look = |names_here: &[String], at: &[&str]| {
        for (number, name) in names_here.iter().enumerate() {
            if !names.contains(name.as_str()) {
                let mut at = place(at);
                at.push(number.to_string());
                fault(at, format!("there is no rule `{name}`"));
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
    if rule.cases.is_empty() && rule.of.is_empty() {
        let text = "neither a case nor a primary to belong to";
        fault(place(&["name"]), text.to_owned());
    }
    for (number, case) in rule.cases.iter().enumerate() {
        let at = number.to_string();
        if let Err(misread) = condition(&case.when, rule) {
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
            let text = "the last case must hold without condition";
            fault(place(&["case", &at, "when"]), text.to_owned());
        }
    }
}
