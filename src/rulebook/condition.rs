//! Conditions: tests of properties and joins by their names, `any`, and `not`. A rule's cases and the kinds of reasons use
//! the same ones.

use super::coded::{Coded, Reader, Writer};
use super::sets::Sets;
use super::test::{Logic, Test};

/// What must hold. Numbers are indices into the properties and joins of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// All of them; none always holds.
    All(Vec<Condition>),
    /// One of them.
    Any(Vec<Condition>),
    Not(Box<Condition>),
    /// Of a property.
    Own(usize, Test),
    /// Of a property of a joined resource; holds if it does for one of them.
    Joined(usize, usize, Test),
    /// A joined resource is there, or none is.
    Exists(usize, bool),
}

/// The names that a condition may use.
pub struct Scope<'s> {
    /// Of properties, in the order of their numbers.
    pub properties: Vec<&'s str>,
    /// Of joins and their properties.
    pub joins: Vec<(&'s str, Vec<&'s str>)>,
    pub sets: &'s Sets,
}

impl Scope<'_> {
    /// Whether a name is that of a property, or, with a dot, of a join's property.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        let of_join = |(join, property): (&str, &str)| {
            let mut joins = self.joins.iter();
            joins.any(|(known, properties)| *known == join && properties.contains(&property))
        };
        self.properties.contains(&name) || name.split_once('.').is_some_and(of_join)
    }
}

/// What is wrong at a place below a table: keys and numbers of items, and the sentence.
pub type Misread = (Vec<String>, String);

impl Condition {
    /// Reads a `when` table.
    ///
    /// # Errors
    /// Everything that is not understood.
    pub fn parse(when: &toml::Table, scope: &Scope<'_>) -> Result<Self, Vec<Misread>> {
        let mut faults = Vec::new();
        let condition = scope.all(when, &mut Vec::new(), &mut faults);
        if faults.is_empty() {
            Ok(condition)
        } else {
            Err(faults)
        }
    }

    /// Whether it holds without asking anything.
    #[must_use]
    pub fn always(&self) -> bool {
        matches!(self, Self::All(all) if all.is_empty())
    }

    /// Asks it where nothing is joined: `own` answers for the resource's own properties.
    pub fn ask<T: Logic>(&self, own: &mut dyn FnMut(usize, &Test) -> T) -> T {
        match self {
            Self::All(all) => {
                let all = all.iter();
                all.fold(T::known(true), |whole, part| whole.and(part.ask(own)))
            }
            Self::Any(any) => {
                let none = any.iter().fold(T::known(true), |whole, part| {
                    whole.and(part.ask(own).negated())
                });
                none.negated()
            }
            Self::Not(one) => one.ask(own).negated(),
            Self::Own(property, test) => own(*property, test),
            Self::Joined(..) => T::known(false),
            Self::Exists(_, present) => T::known(!present),
        }
    }

    /// The tests of own properties that must hold for it to hold, or may: not those below a `not`.
    pub fn tests<'c>(&'c self, to: &mut Vec<(usize, &'c Test)>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.tests(to)),
            Self::Own(property, test) => to.push((*property, test)),
            Self::Not(_) | Self::Joined(..) | Self::Exists(..) => {}
        }
    }
}

impl Scope<'_> {
    fn all(
        &self,
        when: &toml::Table,
        at: &mut Vec<String>,
        faults: &mut Vec<Misread>,
    ) -> Condition {
        let mut all = Vec::new();
        for (name, value) in when {
            at.push(name.clone());
            all.extend(self.one(name, value, at, faults));
            at.pop();
        }
        match all.len() {
            1 => all.remove(0),
            _ => Condition::All(all),
        }
    }

    fn one(
        &self,
        name: &str,
        value: &toml::Value,
        at: &mut Vec<String>,
        faults: &mut Vec<Misread>,
    ) -> Option<Condition> {
        let mut table = |value: &toml::Value, at: &mut Vec<String>| match value.as_table() {
            Some(table) => Some(self.all(table, at, faults)),
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
                Some(Condition::Any(any))
            }
            ("not", item) => table(item, at).map(|one| Condition::Not(Box::new(one))),
            _ => match self.asked(name, value) {
                Ok(condition) => Some(condition),
                Err(message) => {
                    faults.push((at.clone(), message));
                    None
                }
            },
        }
    }

    fn asked(&self, name: &str, value: &toml::Value) -> Result<Condition, String> {
        let test = Test::parse(name, value, self.sets)?;
        let position = |names: &[&str], name: &str| names.iter().position(|known| *known == name);
        if let Some(at) = position(&self.properties, name) {
            return Ok(Condition::Own(at, test));
        }
        let join = |name: &str| self.joins.iter().position(|(known, _)| *known == name);
        if let Some(at) = join(name) {
            return match test {
                Test::Present(present) => Ok(Condition::Exists(at, present)),
                _ => Err(format!(
                    "`{name}` is a join: use `{name} = {{ present = true }}` or one of its properties"
                )),
            };
        }
        if let Some((name, property)) = name.split_once('.')
            && let Some(at) = join(name)
        {
            return match position(&self.joins[at].1, property) {
                Some(property) => Ok(Condition::Joined(at, property, test)),
                None => Err(format!("the join `{name}` names no property `{property}`")),
            };
        }
        let joins = self.joins.iter().map(|(name, _)| *name);
        let known: Vec<&str> = self.properties.iter().copied().chain(joins).collect();
        let known = if known.is_empty() {
            "has none".to_owned()
        } else {
            format!("knows {}", known.join(", "))
        };
        Err(format!(
            "`{name}` is neither a property nor a join of this rule; it {known}"
        ))
    }
}

impl Coded for Condition {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::All(all) => {
                to.tag(0);
                all.write(to);
            }
            Self::Any(any) => {
                to.tag(1);
                any.write(to);
            }
            Self::Not(one) => {
                to.tag(2);
                one.write(to);
            }
            Self::Own(property, test) => {
                to.tag(3);
                property.write(to);
                test.write(to);
            }
            Self::Joined(join, property, test) => {
                to.tag(4);
                join.write(to);
                property.write(to);
                test.write(to);
            }
            Self::Exists(join, present) => {
                to.tag(5);
                join.write(to);
                present.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.tag()? {
            0 => Self::All(Coded::read(from)?),
            1 => Self::Any(Coded::read(from)?),
            2 => Self::Not(Box::new(Self::read(from)?)),
            3 => Self::Own(Coded::read(from)?, Coded::read(from)?),
            4 => Self::Joined(Coded::read(from)?, Coded::read(from)?, Coded::read(from)?),
            5 => Self::Exists(Coded::read(from)?, Coded::read(from)?),
            _ => return None,
        })
    }
}
