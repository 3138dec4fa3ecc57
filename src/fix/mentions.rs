//! Which names stand in a text as words. All names are looked for at once: of many resources, each text is read once.

use std::collections::{BTreeMap, HashMap};

/// A resource that a text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    /// Its index.
    pub at: usize,
    /// By its address; else by the name that others know it by.
    pub by_address: bool,
}

/// Names, by which texts are searched.
#[derive(Debug, Default)]
pub(super) struct NameIndex {
    known: HashMap<String, Vec<Mention>>,
    /// Of how many words names are made.
    lengths: Vec<usize>,
    /// Names that begin or end with something else than a word.
    odd: Vec<(String, Mention)>,
}

impl NameIndex {
    /// Of the names of each resource, its address first.
    pub fn of(names: &[Vec<String>]) -> Self {
        let mut index = Self::default();
        for (at, names) in names.iter().enumerate() {
            for (number, name) in names.iter().enumerate() {
                let mention = Mention {
                    at,
                    by_address: number == 0,
                };
                let is_odd = !name.starts_with(is_part) || !name.ends_with(is_part);
                if is_odd {
                    index.odd.push((name.clone(), mention));
                    continue;
                }
                let length = words(name).count();
                if !index.lengths.contains(&length) {
                    index.lengths.push(length);
                }
                index.known.entry(name.clone()).or_default().push(mention);
            }
        }
        index
    }

    /// The resources that a text names, in their order.
    pub fn named_in(&self, text: &str) -> Vec<Mention> {
        let mut found: BTreeMap<usize, bool> = BTreeMap::new();
        let mut add = |mention: &Mention| {
            *found.entry(mention.at).or_default() |= mention.by_address;
        };
        let words: Vec<(usize, usize)> = words(text).collect();
        for (first, (start, _)) in words.iter().enumerate() {
            if text[..*start].ends_with('.') {
                continue;
            }
            for length in &self.lengths {
                let last = words.get(first + length - 1);
                let name = last.and_then(|(_, end)| text.get(*start..*end));
                let known = name.and_then(|name| self.known.get(name));
                known.into_iter().flatten().for_each(&mut add);
            }
        }
        let odd = self.odd.iter();
        odd.filter(|(name, _)| mentions(text, name))
            .for_each(|(_, mention)| add(mention));
        let found = found.into_iter();
        found
            .map(|(at, by_address)| Mention { at, by_address })
            .collect()
    }
}

/// Whether a name stands in a text as a word.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(|letter| is_part(letter) || letter == '.')
            && !after.is_some_and(is_part)
    })
}

pub(super) fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || "_-".contains(letter)
}

/// Where each word begins and ends.
fn words(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text[rest..].find(is_part)?;
        let length = text[start..].find(|letter| !is_part(letter));
        rest = length.map_or(text.len(), |length| start + length);
        Some((start, rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word() {
        assert!(mentions("Value: !Ref Orders", "Orders"));
        assert!(mentions("{\"Fn::GetAtt\":[\"Orders\",\"Arn\"]}", "Orders"));
        assert!(!mentions("Value: !Ref OrdersOld", "Orders"));
        assert!(!mentions("Value: old-Orders", "Orders"));
    }

    #[test]
    fn all_are_found_that_are_found_one_by_one() {
        let names = [
            "Orders",
            "old-orders",
            "aws_table.orders",
            "aws_table.old",
            "a.b.c",
            "w[\"x\"]",
            ".start",
            "é",
            "Orders2",
        ];
        let texts = [
            "Value: !Ref Orders",
            "OrdersOld old-Orders Orders2",
            "name = aws_table.orders.name, x.aws_table.old, aws_table.old",
            "a.b.c.d and a.b, w[\"x\"].id or w[\"x\"]",
            "arn:aws:dynamodb:eu:1:table/old-orders/index/é",
            ".start x.start .starter",
            "",
        ];
        let all: Vec<Vec<String>> = names.iter().map(|name| vec![(*name).to_owned()]).collect();
        let index = NameIndex::of(&all);
        for text in texts {
            let found = index.named_in(text);
            for (at, name) in names.iter().enumerate() {
                let is_found = found.iter().any(|one| one.at == at);
                assert_eq!(is_found, mentions(text, name), "{name} in {text}");
            }
        }
    }
}
