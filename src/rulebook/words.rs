//! Conditions of the catalogue in words, for messages and for `explain`.

use super::catalogue::{Case, Catalogue, Condition, Join, Property, Rule, Test};
use crate::base::Dialect;
use crate::base::PathStep;

/// Kinds of resources that are named before "or the like".
const MOST_TITLES: usize = 3;

/// When a case holds: "`LaunchType` is `EC2`", or "otherwise".
#[must_use]
pub fn when(catalogue: &Catalogue, rule: &Rule, case: &Case, dialect: Dialect) -> String {
    if case.always() {
        return "otherwise".to_owned();
    }
    condition(catalogue, rule, &case.when, dialect)
}

/// A condition in words.
#[must_use]
pub fn condition(
    catalogue: &Catalogue,
    rule: &Rule,
    condition: &Condition,
    dialect: Dialect,
) -> String {
    match condition {
        Condition::All(all) => list(catalogue, rule, all, " and ", dialect),
        Condition::Any(any) => list(catalogue, rule, any, " or ", dialect),
        Condition::Not(Condition::Exists(join, present)) => {
            exists(catalogue, rule, *join, !present, dialect)
        }
        Condition::Not(one) => format!("not ({})", self::condition(catalogue, rule, one, dialect)),
        Condition::Own(at, test) => {
            let property = &rule.properties[*at];
            format!("`{}` {}", path(property, dialect), test_words(test))
        }
        Condition::Joined(join, at, test) => {
            let join = &rule.joins[*join];
            let property = &join.properties[*at];
            format!(
                "`{}` of {} {}",
                path(property, dialect),
                either(&titles(catalogue, join, dialect)),
                test_words(test)
            )
        }
        Condition::Exists(join, present) => exists(catalogue, rule, *join, *present, dialect),
    }
}

fn exists(
    catalogue: &Catalogue,
    rule: &Rule,
    join: usize,
    present: bool,
    dialect: Dialect,
) -> String {
    let titles = titles(catalogue, &rule.joins[join], dialect);
    if present {
        return format!("the stack has {} for it", either(&titles));
    }
    let bare = |title: &&'static str| {
        let articles = ["a ", "an ", "the "];
        let bare = articles
            .iter()
            .find_map(|article| title.strip_prefix(article));
        bare.unwrap_or(title)
    };
    let bare: Vec<&str> = titles.iter().map(bare).collect();
    format!("the stack has no {} for it", either(&bare))
}

/// What a join finds, in the words of the rules on its other side that the dialect has.
fn titles(catalogue: &Catalogue, join: &Join, dialect: Dialect) -> Vec<&'static str> {
    let rules = join.link.rules.iter().map(|rule| &catalogue.rules[*rule]);
    let spoken = |name: &&str| name.contains("::") == (dialect == Dialect::CloudFormation);
    let rules = rules.filter(|rule| rule.types.iter().any(spoken));
    rules.map(|rule| rule.title).collect()
}

/// "a, b or c"; of many, only the first few.
fn either(words: &[&str]) -> String {
    match words {
        [] => "another resource".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] if words.len() <= MOST_TITLES => {
            format!("{} or {last}", first.join(", "))
        }
        _ => format!("{} or the like", words[..MOST_TITLES].join(", ")),
    }
}

fn list(
    catalogue: &Catalogue,
    rule: &Rule,
    parts: &[Condition],
    between: &str,
    dialect: Dialect,
) -> String {
    // What an author of this dialect can't write needs no words, unless there is nothing else to say.
    let spoken: Vec<&Condition> = parts
        .iter()
        .filter(|part| can_be_written(rule, part, dialect))
        .collect();
    let parts = if spoken.is_empty() {
        parts.iter().collect()
    } else {
        spoken
    };
    let parts = parts.into_iter().map(|part| match part {
        Condition::Any(_) => format!("({})", condition(catalogue, rule, part, dialect)),
        _ => condition(catalogue, rule, part, dialect),
    });
    parts.collect::<Vec<_>>().join(between)
}

fn can_be_written(rule: &Rule, condition: &Condition, dialect: Dialect) -> bool {
    match condition {
        Condition::Own(at, _) => !rule.properties[*at].paths(dialect).is_empty(),
        Condition::Joined(join, at, _) => {
            let property = &rule.joins[*join].properties[*at];
            !property.paths(dialect).is_empty()
        }
        _ => true,
    }
}

/// The first path of a property in a dialect, as an author would write it.
#[must_use]
pub fn path(property: &Property, dialect: Dialect) -> String {
    let paths = property.paths(dialect);
    let Some(path) = paths.first() else {
        return property.name.to_owned();
    };
    let mut text = String::new();
    for step in *path {
        match step {
            PathStep::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            PathStep::Each => {}
            PathStep::Values => text.push_str(".*"),
        }
    }
    text
}

fn test_words(test: &Test) -> String {
    let either = |texts: &[&str]| {
        let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
        quoted.join(" or ")
    };
    match test {
        Test::Is(texts) => format!("is {}", either(texts)),
        Test::Not(texts) => format!("is other than {}", either(texts)),
        Test::Like(globs) => format!("is like {}", either(globs)),
        Test::Above(number) => format!("is above {number}"),
        Test::Every(texts) => format!("is only {}", either(texts)),
        Test::Present(true) => "is set".to_owned(),
        Test::Present(false) => "is not set".to_owned(),
    }
}
