//! The way from a block to its properties, as far as they are written there: what an expression decides is refused, with why.

use super::{Refusal, refuse};
use crate::base::{Dialect, PathStep};
use crate::syntax::{Kind, Node};

/// An entry, and the mapping in which it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'d> {
    pub mapping: Node<'d>,
    pub key: Node<'d>,
    pub value: Node<'d>,
}

/// How far a way led.
#[derive(Clone, Debug)]
pub(super) struct Walked<'d, 'p> {
    /// The entries on the way, from the block on.
    pub links: Vec<Link<'d>>,
    /// Where it ended.
    pub at: Node<'d>,
    /// What is not there.
    pub rest: &'p [PathStep],
}

/// A block in a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'d> {
    pub body: Node<'d>,
    pub dialect: Dialect,
}

impl<'d> Block<'d> {
    /// Where its properties stand: under `Properties` in CloudFormation, where there is any.
    pub fn base(self) -> Result<(Vec<Link<'d>>, Option<Node<'d>>), Refusal> {
        if self.dialect != Dialect::CloudFormation {
            return Ok((Vec::new(), Some(self.body)));
        }
        self.plain(self.body, "block")?;
        let Some((key, value)) = super::own_entry(self.body, "Properties")? else {
            return Ok((Vec::new(), None));
        };
        let link = Link {
            mapping: self.body,
            key,
            value,
        };
        Ok((vec![link], Some(value)))
    }

    /// Every place to which a path leads.
    pub fn walk<'p>(self, path: &'p [PathStep]) -> Result<Vec<Walked<'d, 'p>>, Refusal> {
        let (links, Some(base)) = self.base()? else {
            return Ok(vec![Walked {
                links: Vec::new(),
                at: self.body,
                rest: path,
            }]);
        };
        let mut all = Vec::new();
        self.down(base, links, path, &mut all)?;
        Ok(all)
    }

    fn down<'p>(
        self,
        at: Node<'d>,
        links: Vec<Link<'d>>,
        path: &'p [PathStep],
        all: &mut Vec<Walked<'d, 'p>>,
    ) -> Result<(), Refusal> {
        let Some((step, rest)) = path.split_first() else {
            all.push(Walked {
                links,
                at,
                rest: path,
            });
            return Ok(());
        };
        let name = links
            .last()
            .map_or_else(|| "block".to_owned(), |link| link.key.text().into_owned());
        match (step, at.kind()) {
            (PathStep::Key(key), _) => {
                self.plain(at, &name)?;
                let found: Vec<_> = at.entries().filter(|(own, _)| own.is(key)).collect();
                if found.len() > 1 && !at.is_body() {
                    return refuse(format!("its `{key}` is written twice"));
                }
                if found.is_empty() {
                    self.is_really_absent(at, key)?;
                    all.push(Walked {
                        links,
                        at,
                        rest: path,
                    });
                    return Ok(());
                }
                for (own, value) in found {
                    if value.is_alias() {
                        return refuse(format!(
                            "its `{key}` is the alias `{}`, which others may use as well",
                            value.written()
                        ));
                    }
                    let mut links = links.clone();
                    links.push(Link {
                        mapping: at,
                        key: own,
                        value,
                    });
                    self.down(value, links, rest, all)?;
                }
            }
            // A block of Terraform that stands there once needs no list around it.
            (PathStep::Each, Kind::Mapping) if self.dialect != Dialect::CloudFormation => {
                self.down(at, links, rest, all)?;
            }
            (PathStep::Each, Kind::Sequence) => {
                if at.tag().is_some() {
                    return decided(&name, at);
                }
                for item in at.items() {
                    if item.is_alias() {
                        return refuse(format!(
                            "an item of its `{name}` is the alias `{}`",
                            item.written()
                        ));
                    }
                    self.down(item, links.clone(), rest, all)?;
                }
            }
            (PathStep::Values, Kind::Mapping) => {
                self.plain(at, &name)?;
                for (key, value) in at.entries() {
                    let mut links = links.clone();
                    links.push(Link {
                        mapping: at,
                        key,
                        value,
                    });
                    self.down(value, links, rest, all)?;
                }
            }
            _ => return decided(&name, at),
        }
        Ok(())
    }

    /// Refuses what is no plain mapping: a function, or an expression.
    fn plain(self, node: Node<'d>, name: &str) -> Result<(), Refusal> {
        if node.kind() != Kind::Mapping {
            return decided(name, node);
        }
        if node.tag().is_some() {
            return decided(name, node);
        }
        super::unshared(node)?;
        if self.dialect != Dialect::CloudFormation {
            return Ok(());
        }
        let function = node.entries().find(|(key, _)| {
            let text = key.text();
            text.starts_with("Fn::") || &*text == "Ref"
        });
        match function {
            Some((key, _)) => refuse(format!("`{}` decides its `{name}`", key.text())),
            None => Ok(()),
        }
    }

    /// Refuses what something else may bring: a merge key, or a `dynamic` block.
    fn is_really_absent(self, at: Node<'d>, key: &str) -> Result<(), Refusal> {
        if at.get(key).is_some() {
            return refuse(format!(
                "its `{key}` comes from a merge key (`<<`), which others may use as well"
            ));
        }
        if self.dialect == Dialect::CloudFormation {
            return Ok(());
        }
        let dynamic = at.entries().filter(|(own, _)| own.is("dynamic"));
        for (_, labels) in dynamic {
            let labels = match labels.kind() {
                Kind::Sequence => labels.items().collect(),
                _ => vec![labels],
            };
            if labels.iter().any(|label| label.get(key).is_some()) {
                return refuse(format!("its `{key}` is a `dynamic` block"));
            }
        }
        Ok(())
    }

    /// The value of a scalar that nothing has to be worked out for.
    pub fn literal(self, node: Node<'d>, name: &str) -> Result<String, Refusal> {
        if node.kind() != Kind::Scalar {
            return decided(name, node);
        }
        if node.tag().is_some() {
            return decided(name, node);
        }
        super::unshared(node)?;
        let text = node.text();
        let is_template = self.dialect != Dialect::CloudFormation
            && ["${", "%{"].iter().any(|sign| text.contains(sign));
        if is_template {
            return decided(name, node);
        }
        Ok(text.into_owned())
    }
}

/// Letters of an expression beyond which it is not shown.
const MOST_SHOWN: usize = 60;

fn decided<T>(name: &str, node: Node<'_>) -> Result<T, Refusal> {
    if node.tag().is_none() && node.kind() == Kind::Mapping {
        // A function by its long name.
        let function = node.entries().map(|(key, _)| key.text()).find(|key| {
            let is_plain = key
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == ':');
            is_plain && (key.starts_with("Fn::") || &**key == "Ref")
        });
        return match function {
            Some(function) => refuse(format!("`{function}` decides its `{name}`")),
            None => refuse(format!("its `{name}` is written in another way")),
        };
    }
    let written = node.tag().unwrap_or_else(|| node.written());
    let first = written.lines().next().unwrap_or_default().trim();
    if first.is_empty() {
        return refuse(format!("its `{name}` has no value"));
    }
    // Of a text that goes on, no part is shown.
    if first.chars().count() > MOST_SHOWN || first.len() < written.trim().len() {
        return refuse(format!("an expression decides its `{name}`"));
    }
    refuse(format!("`{first}` decides its `{name}`"))
}
