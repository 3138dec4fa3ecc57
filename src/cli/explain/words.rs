//! Conditions of the catalogue in plain words.

use crate::base::PathStep;
use crate::placement::{Catalogue, Rule};
use crate::rulebook::catalogue::{Condition, Join, Property, Test};

/// Whose names of properties to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// `LaunchType`.
    CloudFormation,
    /// `launch_type`.
    Terraform,
    /// `LaunchType` or `launch_type`.
    Both,
}

/// When a case holds; nothing for one that always does.
pub fn condition(
    catalogue: &Catalogue,
    condition: &Condition,
    rule: &Rule,
    names: Names,
) -> Option<String> {
    match condition {
        Condition::All([]) => None,
        other => Some(said(catalogue, other, rule, names, false)),
    }
}

fn said(
    catalogue: &Catalogue,
    condition: &Condition,
    rule: &Rule,
    names: Names,
    inside: bool,
) -> String {
    let one = |condition| said(catalogue, condition, rule, names, true);
    match condition {
        Condition::All([only]) | Condition::Any([only]) => {
            said(catalogue, only, rule, names, inside)
        }
        Condition::All(all) => {
            let all: Vec<String> = all.iter().map(one).collect();
            all.join(" and ")
        }
        Condition::Any(any) => {
            let any: Vec<String> = any.iter().map(one).collect();
            let any = any.join(", or ");
            if inside {
                format!("(either {any})")
            } else {
                format!("either {any}")
            }
        }
        Condition::Not(denied) => match denied {
            Condition::Own(at, test) => {
                format!(
                    "{} {}",
                    property(&rule.properties[*at], names),
                    self::denied(test)
                )
            }
            Condition::Exists(at, there) => exists(catalogue, &rule.joins[*at], !there),
            other => format!("not ({})", said(catalogue, other, rule, names, false)),
        },
        Condition::Own(at, test) => {
            format!("{} {}", property(&rule.properties[*at], names), asked(test))
        }
        Condition::Joined(join, at, test) => {
            let join = &rule.joins[*join];
            let property = property(&join.properties[*at], names);
            format!("{property} of {} {}", title(catalogue, join), asked(test))
        }
        Condition::Exists(at, there) => exists(catalogue, &rule.joins[*at], *there),
    }
}

/// A property by the names that a person writes.
pub fn property(property: &Property, names: Names) -> String {
    let cfn = property.cfn.iter().map(|path| written(path));
    let tf = property.tf.iter().map(|path| written(path));
    let mut all: Vec<String> = match names {
        Names::CloudFormation => cfn.collect(),
        Names::Terraform => tf.collect(),
        Names::Both => cfn.chain(tf).collect(),
    };
    if all.is_empty() {
        // The dialect has no word for it.
        return format!("`{}`", property.name);
    }
    all.dedup();
    all.join(" or ")
}

fn written(path: &[PathStep]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            PathStep::Key(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            PathStep::Each => text.push_str("[]"),
            PathStep::Values => text.push_str(".*"),
        }
    }
    format!("`{text}`")
}

fn asked(test: &Test) -> String {
    match test {
        Test::Is(values) => format!("is {}", or(values)),
        Test::Not(values) => format!("is there and not {}", or(values)),
        Test::Like(values) => format!("looks like {}", or(values)),
        Test::Above(number) => format!("is above {number}"),
        Test::Every(values) => format!("is nothing but {}", or(values)),
        Test::Present(true) => "is there".to_owned(),
        Test::Present(false) => "is absent".to_owned(),
    }
}

fn denied(test: &Test) -> String {
    match test {
        Test::Is(values) => format!("is not {}", or(values)),
        Test::Not(values) => format!("is absent or nothing but {}", or(values)),
        Test::Like(values) => format!("does not look like {}", or(values)),
        Test::Above(number) => format!("is not above {number}"),
        Test::Every(values) => format!("is absent or not only {}", or(values)),
        Test::Present(there) => asked(&Test::Present(!there)),
    }
}

fn exists(catalogue: &Catalogue, join: &Join, there: bool) -> String {
    let title = title(catalogue, join);
    if there {
        format!("{title} is connected")
    } else {
        let bare = title
            .strip_prefix("an ")
            .or_else(|| title.strip_prefix("a "))
            .unwrap_or(&title);
        format!("no {bare} is connected")
    }
}

fn or(values: &[&str]) -> String {
    let quoted: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
    match quoted.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => quoted.concat(),
    }
}

/// What is on the other side of a join.
fn title(catalogue: &Catalogue, join: &Join) -> String {
    let titles: Vec<&str> = join
        .link
        .rules
        .iter()
        .map(|at| catalogue.rules[*at].title)
        .collect();
    match titles.as_slice() {
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} or {other}"),
        _ => format!("its {}", join.name.replace(['-', '_'], " ")),
    }
}

/// Rules as people call them, each title once, with the place of its page beside another rule's page.
pub fn pages<'r>(
    catalogue: &Catalogue,
    rules: impl IntoIterator<Item = &'r usize>,
) -> Vec<(&'static str, String)> {
    let mut pages: Vec<(&str, String)> = Vec::new();
    for at in rules {
        let rule = &catalogue.rules[*at];
        if pages.iter().all(|(title, _)| *title != rule.title) {
            let path = format!("../{}/{}.md", rule.ladder().name, rule.name);
            pages.push((rule.title, path));
        }
    }
    pages
}
