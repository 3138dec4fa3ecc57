//! Conditions of the catalogue in words, for messages and for `explain`.

use super::catalogue::{Case, Condition, Property, Rule, Test};
use crate::resolve::property::PathStep;
use crate::template::Dialect;

/// When a case holds: "`LaunchType` is `EC2`", or "otherwise".
#[must_use]
pub fn when(rule: &Rule, case: &Case, dialect: Dialect) -> String {
    if matches!(case.when, Condition::All([])) {
        return "otherwise".to_owned();
    }
    condition(rule, &case.when, dialect)
}

/// A condition in words.
#[must_use]
pub fn condition(rule: &Rule, condition: &Condition, dialect: Dialect) -> String {
    match condition {
        Condition::All(all) => list(rule, all, " and ", dialect),
        Condition::Any(any) => list(rule, any, " or ", dialect),
        Condition::Not(Condition::Exists(join, present)) => exists(rule, *join, !present),
        Condition::Not(one) => format!("not ({})", self::condition(rule, one, dialect)),
        Condition::Own(at, test) => {
            let property = &rule.properties[*at];
            format!("`{}` {}", path(property, dialect), test_words(test))
        }
        Condition::Joined(join, at, test) => {
            let join = &rule.joins[*join];
            let property = &join.properties[*at];
            let name = join.name.replace('_', " ");
            format!(
                "`{}` of its {name} {}",
                path(property, dialect),
                test_words(test)
            )
        }
        Condition::Exists(join, present) => exists(rule, *join, *present),
    }
}

fn exists(rule: &Rule, join: usize, present: bool) -> String {
    let name = rule.joins[join].name.replace('_', " ");
    if present {
        format!("the stack has its {name}")
    } else {
        format!("the stack has no {name} for it")
    }
}

fn list(rule: &Rule, parts: &[Condition], between: &str, dialect: Dialect) -> String {
    let parts = parts.iter().map(|part| match part {
        Condition::Any(_) => format!("({})", condition(rule, part, dialect)),
        _ => condition(rule, part, dialect),
    });
    parts.collect::<Vec<_>>().join(between)
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
        let quoted = texts.iter().map(|text| format!("`{text}`"));
        quoted.collect::<Vec<_>>().join(" or ")
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
