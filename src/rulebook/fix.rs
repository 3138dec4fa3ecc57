//! A way up that is nothing but properties, as the exact change: what is set, what goes, and when it may be offered at all.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::coded::{Coded, Reader, Text, Writer, coded};
use super::condition::{Condition, Scope};
use crate::base::{Dialect, Safety};

/// A fix as people write it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixText {
    /// How far it can be trusted.
    pub safety: Safety,
    /// What whoever takes it has to know, as a sentence: what may cost more, or come later.
    pub says: String,
    /// It is only offered where this holds of the block as it is written.
    #[serde(default)]
    pub when: toml::Table,
    /// Properties and their new values, by the rule's own names.
    #[serde(default)]
    pub set: BTreeMap<String, NewValueText>,
    /// Properties that go, by the rule's own names.
    #[serde(default)]
    pub remove: Vec<String>,
    /// Rules whose resources go with it where they belong to the decision: its scaling.
    #[serde(default)]
    pub drops: Vec<String>,
    /// It is never offered where one of these types belongs to the decision.
    #[serde(default)]
    pub never_with: Vec<String>,
    /// Nor where a resource of one of these types speaks of it.
    #[serde(default)]
    pub never_beside: Vec<String>,
    /// Nor where one of these settings is on in what it uses: in its parameter group.
    #[serde(default)]
    pub never_on: Vec<String>,
    /// Properties whose values make it unsafe, each with what to know then.
    #[serde(default)]
    pub minds: BTreeMap<String, String>,
    /// Actions of IAM that change what it changes: what is allowed one of them is for somebody to look at.
    #[serde(default)]
    pub acts: Vec<String>,
    /// Metrics that say nothing any more, or something else: what watches them is for somebody to look at.
    #[serde(default)]
    pub metrics: Vec<String>,
}

/// A new value: one for every dialect, or one for each.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum NewValueText {
    Everywhere(ScalarText),
    Each {
        cfn: Option<ScalarText>,
        tf: Option<ScalarText>,
    },
}

/// What can be written.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum ScalarText {
    Truth(bool),
    Number(i64),
    Text(String),
}

/// A fix, compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixRecipe {
    pub safety: Safety,
    /// What whoever takes it has to know.
    pub says: Text,
    /// What must hold of the block as it is written: own properties only.
    pub when: Condition,
    pub set: Vec<(Text, NewValue)>,
    pub remove: Vec<Text>,
    /// Names of rules whose resources go along.
    pub drops: Vec<Text>,
    /// Types beside which it is never offered.
    pub never_with: Vec<Text>,
    /// Types that forbid it where they speak of the resource.
    pub never_beside: Vec<Text>,
    /// Settings that forbid it where they are on in what it uses.
    pub never_on: Vec<Text>,
    /// Properties whose values make it unsafe, with what to know then.
    pub minds: Vec<(Text, Text)>,
    /// Actions of IAM that change what it changes.
    pub acts: Vec<Text>,
    /// Metrics of what goes.
    pub metrics: Vec<Text>,
}

coded!(FixRecipe {
    safety,
    says,
    when,
    set,
    remove,
    drops,
    never_with,
    never_beside,
    never_on,
    minds,
    acts,
    metrics
});

/// A new value in each dialect; none where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewValue {
    cfn: Option<NewScalar>,
    tf: Option<NewScalar>,
}

coded!(NewValue { cfn, tf });

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewScalar {
    Truth(bool),
    Number(i64),
    Text(Text),
}

impl NewValue {
    fn of(text: &NewValueText) -> Self {
        let of = |text: &ScalarText| match text {
            ScalarText::Truth(truth) => NewScalar::Truth(*truth),
            ScalarText::Number(number) => NewScalar::Number(*number),
            ScalarText::Text(text) => NewScalar::Text(text.clone().into()),
        };
        match text {
            NewValueText::Everywhere(text) => Self {
                cfn: Some(of(text)),
                tf: Some(of(text)),
            },
            NewValueText::Each { cfn, tf } => Self {
                cfn: cfn.as_ref().map(of),
                tf: tf.as_ref().map(of),
            },
        }
    }

    /// As it is written for a resource; `awscc` says what CloudFormation says.
    #[must_use]
    pub fn written(&self, dialect: Dialect, kind: &str) -> Option<&NewScalar> {
        match dialect {
            Dialect::CloudFormation => self.cfn.as_ref(),
            _ if super::cloud_control::is_one(kind) => self.cfn.as_ref(),
            Dialect::Terraform | Dialect::Plan => self.tf.as_ref(),
        }
    }
}

impl FixText {
    /// With the names of its rule.
    #[must_use]
    pub fn compile(&self, scope: &Scope<'_>, says: Text) -> FixRecipe {
        let all = |texts: &[String]| texts.iter().map(|text| text.clone().into()).collect();
        let set = self.set.iter();
        let minds = self.minds.iter();
        FixRecipe {
            safety: self.safety,
            says,
            when: Condition::parse(&self.when, &alone(scope)).unwrap_or(Condition::Any(Vec::new())),
            set: set
                .map(|(name, value)| (name.clone().into(), NewValue::of(value)))
                .collect(),
            remove: all(&self.remove),
            drops: all(&self.drops),
            never_with: all(&self.never_with),
            never_beside: all(&self.never_beside),
            never_on: all(&self.never_on),
            minds: minds
                .map(|(name, says)| (name.clone().into(), says.clone().into()))
                .collect(),
            acts: all(&self.acts),
            metrics: all(&self.metrics),
        }
    }

    /// What is wrong with it: keys below it, and sentences.
    #[must_use]
    pub fn faults(
        &self,
        scope: &Scope<'_>,
        property: &dyn Fn(&str) -> bool,
    ) -> Vec<(Vec<String>, String)> {
        let mut faults = Vec::new();
        let mut fault = |at: &[&str], message: String| {
            faults.push((at.iter().map(|key| (*key).to_owned()).collect(), message));
        };
        if self.set.is_empty() && self.remove.is_empty() {
            fault(&[], "a fix needs `set` or `remove`".to_owned());
        }
        if self.says.trim().is_empty() {
            fault(&["says"], "a fix says what it may cost".to_owned());
        }
        for name in self.set.keys() {
            if !property(name) {
                fault(&["set", name], format!("there is no property `{name}`"));
            }
        }
        for name in self.minds.keys() {
            if !property(name) {
                fault(&["minds", name], format!("there is no property `{name}`"));
            }
        }
        for (number, name) in self.remove.iter().enumerate() {
            let number = number.to_string();
            if !property(name) {
                fault(
                    &["remove", &number],
                    format!("there is no property `{name}`"),
                );
            } else if self.set.contains_key(name) {
                fault(
                    &["remove", &number],
                    format!("`{name}` is set and removed at once"),
                );
            }
        }
        if let Err(misread) = Condition::parse(&self.when, &alone(scope)) {
            for (below, message) in misread {
                let keys: Vec<&str> = std::iter::once("when")
                    .chain(below.iter().map(String::as_str))
                    .collect();
                fault(&keys, message);
            }
        }
        faults
    }
}

/// A fix asks the block alone: what is joined to it may be written anywhere.
fn alone<'s>(scope: &Scope<'s>) -> Scope<'s> {
    Scope {
        properties: scope.properties.clone(),
        joins: Vec::new(),
        sets: scope.sets,
    }
}

impl Coded for Safety {
    fn write(&self, to: &mut Writer) {
        to.tag(*self as u8);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.tag()? {
            0 => Self::Safe,
            1 => Self::Unsafe,
            _ => return None,
        })
    }
}

impl Coded for NewScalar {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Truth(truth) => {
                to.tag(0);
                truth.write(to);
            }
            Self::Number(number) => {
                to.tag(1);
                number.write(to);
            }
            Self::Text(text) => {
                to.tag(2);
                text.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.tag()? {
            0 => Self::Truth(Coded::read(from)?),
            1 => Self::Number(Coded::read(from)?),
            2 => Self::Text(Coded::read(from)?),
            _ => return None,
        })
    }
}
