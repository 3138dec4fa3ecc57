//! Properties of a block changed: some set, some removed, and other blocks that go along.

use super::hcl_items::NewItem;
use super::way_down::{Block, Link, Walked};
use super::{Edit, Refusal, Value, Where, find, insert, is_flow, offset, owner, refuse, removal};
use super::{json, quoted, yaml};
use crate::base::source::Span;
use crate::base::{Dialect, PathStep};
use crate::syntax::{Document, Node, Syntax};

/// A new value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewText {
    /// In quotes, where the language has them.
    Text(String),
    /// A number, true or false.
    Bare(String),
}

/// One change of a block.
#[derive(Clone, Debug)]
pub enum PropertyChange<'p> {
    /// A property gets a value.
    Set(&'p [PathStep], NewText),
    /// The same, but only where it has one.
    Rewrite(&'p [PathStep], NewText),
    /// It goes, if it is there.
    Remove(&'p [PathStep]),
}

/// What is written at the paths of a property; nothing where it is not there.
///
/// # Errors
/// Something else than the block decides it.
pub fn written(
    document: &Document<'_>,
    block: Span,
    dialect: Dialect,
    path: &[PathStep],
) -> Result<Vec<String>, Refusal> {
    let body = find(document, block)?;
    let block = Block { body, dialect };
    let found = block.walk(path)?;
    let there = found.iter().filter(|walked| walked.rest.is_empty());
    there
        .map(|walked| {
            let name = walked.links.last().map(|link| link.key.text());
            match walked.at.kind() {
                // Whatever stands in it, it is there.
                crate::syntax::Kind::Mapping | crate::syntax::Kind::Sequence => Ok(String::new()),
                _ => block.literal(walked.at, &name.unwrap_or_default()),
            }
        })
        .collect()
}

/// Changes properties of one block, and takes out others of the same text.
///
/// # Errors
/// They are not written where they could be changed, or a change would change more.
pub fn change(
    document: &Document<'_>,
    block: Span,
    dialect: Dialect,
    changes: &[PropertyChange<'_>],
    dropped: &[Span],
) -> Result<Vec<Edit>, Refusal> {
    let mut draft = Draft {
        block: Block {
            body: find(document, block)?,
            dialect,
        },
        gone: Vec::new(),
        edits: Vec::new(),
        dropped: Vec::new(),
    };
    for change in changes {
        if let PropertyChange::Remove(path) = change {
            draft.remove(path)?;
        }
    }
    draft.prune(changes)?;
    for change in changes {
        match change {
            PropertyChange::Set(path, value) => draft.set(path, value, true)?,
            PropertyChange::Rewrite(path, value) => draft.set(path, value, false)?,
            PropertyChange::Remove(_) => {}
        }
    }
    for block in dropped {
        draft.drop(document, *block)?;
    }
    draft.finish()
}

/// Takes whole blocks out of a text.
///
/// # Errors
/// As [`change()`].
pub fn drop_blocks(
    document: &Document<'_>,
    dialect: Dialect,
    dropped: &[Span],
) -> Result<Vec<Edit>, Refusal> {
    match dropped.first() {
        Some(first) => change(document, *first, dialect, &[], dropped),
        None => Ok(Vec::new()),
    }
}

struct Draft<'d> {
    block: Block<'d>,
    /// What goes, each with the way to it; what takes the place of the last link, if anything does.
    gone: Vec<(Vec<Link<'d>>, Option<String>)>,
    edits: Vec<Edit>,
    /// Where the keys of whole blocks stand that go.
    dropped: Vec<u32>,
}

impl<'d> Draft<'d> {
    fn remove(&mut self, path: &[PathStep]) -> Result<(), Refusal> {
        for Walked { links, rest, .. } in self.block.walk(path)? {
            if !rest.is_empty() {
                continue;
            }
            let Some(last) = links.last() else { continue };
            intact(*last)?;
            let known = self.is_gone(last.key);
            if !known {
                self.gone.push((links, None));
            }
        }
        Ok(())
    }

    fn is_gone(&self, key: Node<'_>) -> bool {
        let mut gone = self.gone.iter().filter_map(|(links, _)| links.last());
        gone.any(|link| link.key.start_index() == key.start_index())
    }

    /// A mapping of which nothing would stay goes itself, unless something is set in it.
    fn prune(&mut self, changes: &[PropertyChange<'_>]) -> Result<(), Refusal> {
        let mut used = Vec::new();
        for change in changes {
            if let PropertyChange::Set(path, _) | PropertyChange::Rewrite(path, _) = change {
                for walked in self.block.walk(path)? {
                    used.extend(walked.links.iter().map(|link| link.mapping.start_index()));
                    used.push(walked.at.start_index());
                }
            }
        }
        let mut at = 0;
        while at < self.gone.len() {
            let links = &self.gone[at].0;
            let [.., above, last] = links.as_slice() else {
                at += 1;
                continue;
            };
            let (above, mapping) = (*above, last.mapping);
            let is_its_value = above.value.start_index() == mapping.start_index();
            let is_emptied = mapping.entries().all(|(key, _)| self.is_gone(key));
            if !is_emptied || used.contains(&mapping.start_index()) {
                at += 1;
                continue;
            }
            if !is_its_value {
                return refuse(format!(
                    "an item of `{}` would be left empty",
                    above.key.text()
                ));
            }
            let mut links = self.gone[at].0.clone();
            links.pop();
            self.gone.retain(|(links, _)| {
                links.last().map(|one| one.mapping.start_index()) != Some(mapping.start_index())
            });
            self.gone.push((links, None));
            at = 0;
        }
        Ok(())
    }

    fn set(&mut self, path: &[PathStep], value: &NewText, adds: bool) -> Result<(), Refusal> {
        let walked = self.block.walk(path)?;
        if walked.is_empty() && adds {
            return refuse("the list in which it would be set is empty".to_owned());
        }
        for Walked { links, at, rest } in walked {
            match links.last() {
                Some(link) if rest.is_empty() => self.rewrite(*link, value)?,
                _ if !adds => {}
                _ => self.add(&links, at, rest, value)?,
            }
        }
        Ok(())
    }

    /// Another scalar where one stands.
    fn rewrite(&mut self, link: Link<'d>, value: &NewText) -> Result<(), Refusal> {
        let name = link.key.text();
        let old = self.block.literal(link.value, &name)?;
        let is_same = match value {
            NewText::Text(text) | NewText::Bare(text) => old == *text,
        };
        if is_same {
            return Ok(());
        }
        let written = link.value.written();
        if written.is_empty() || written.contains(['\n', '\r']) || written.starts_with(['|', '>']) {
            return refuse(format!("its `{name}` is written in an unusual way"));
        }
        // A number that stands in quotes goes on to be in quotes.
        let quoted_number = match value {
            NewText::Bare(text) if written.starts_with(['"', '\'']) => {
                Some(NewText::Text(text.clone()))
            }
            _ => None,
        };
        let value = quoted_number.as_ref().unwrap_or(value);
        let text = match (link.value.document().syntax(), value) {
            (Syntax::Hcl, value) => super::hcl_items::literal(value),
            (_, NewText::Bare(text)) => text.clone(),
            (Syntax::Json, NewText::Text(text)) => quoted(text),
            (Syntax::Yaml, NewText::Text(text)) => match written.chars().next() {
                Some('\'') if !text.contains('\'') => format!("'{text}'"),
                Some('"') => quoted(text),
                _ => bare(text).map_or_else(|| quoted(text), str::to_owned),
            },
        };
        self.edits.push(Edit {
            span: link.value.span(),
            text,
        });
        Ok(())
    }

    /// A property that is not there: in the place of one that goes, else beside the others.
    fn add(
        &mut self,
        links: &[Link<'d>],
        at: Node<'d>,
        rest: &[PathStep],
        value: &NewText,
    ) -> Result<(), Refusal> {
        let mut names: Vec<&str> = Vec::new();
        for step in rest {
            match step {
                PathStep::Key(key) => names.push(key),
                PathStep::Each if self.block.dialect != Dialect::CloudFormation => {}
                _ => return refuse("there is no list in which it could be set".to_owned()),
            }
        }
        let is_bare = self.block.dialect == Dialect::CloudFormation
            && at.start_index() == self.block.body.start_index();
        let names: Vec<&str> = is_bare
            .then_some("Properties")
            .into_iter()
            .chain(names)
            .collect();
        let Some((name, below)) = names.split_first() else {
            return refuse("its place has no name".to_owned());
        };
        let is_block = rest.contains(&PathStep::Each);
        let item = NewItem {
            name,
            below,
            is_block,
            value,
        };
        let mut content = match value {
            NewText::Text(text) if bare(text).is_some() => Value::Word(text),
            NewText::Text(text) => Value::Text(text),
            NewText::Bare(text) => Value::Bare(text),
        };
        for key in below.iter().rev() {
            content = Value::Map(vec![(key, content)]);
        }
        let syntax = at.document().syntax();
        let mut leaving = self.gone.iter_mut().filter(|(links, with)| {
            let own = links.last().map(|link| link.mapping.start_index());
            with.is_none() && own == Some(at.start_index())
        });
        if let Some((old, with)) = leaving.next()
            && let Some(link) = old.last()
        {
            *with = Some(match syntax {
                Syntax::Hcl => item.instead(*link),
                Syntax::Yaml if !is_flow(at) => yaml::entry(at, link.key, name, &content),
                _ => json::entry(at, (link.key, link.value), name, &content),
            });
            return Ok(());
        }
        if syntax == Syntax::Hcl {
            self.edits.push(item.insert_into_body(at)?);
            return Ok(());
        }
        let owner = links
            .last()
            .map_or_else(|| owner(at), |link| Some(link.key));
        let place = if is_bare {
            Where::After("Type")
        } else {
            Where::First
        };
        self.edits.extend(insert(at, owner, name, &content, place)?);
        Ok(())
    }

    /// A whole block of the same text.
    fn drop(&mut self, document: &'d Document<'d>, span: Span) -> Result<(), Refusal> {
        let body = find(document, span)?;
        let mut around: Vec<Link<'d>> = Vec::new();
        let at = body.start_index();
        for node in document.nodes() {
            if node.start_index() >= at {
                break;
            }
            if at >= node.end_index() || node.is_alias() {
                continue;
            }
            let entry = node
                .entries()
                .find(|(_, value)| (value.start_index()..value.end_index()).contains(&at));
            if let Some((key, value)) = entry {
                around.push(Link {
                    mapping: node,
                    key,
                    value,
                });
            }
        }
        let Some(last) = around.last().copied() else {
            return refuse("its block is the whole text".to_owned());
        };
        intact(last)?;
        if document.syntax() == Syntax::Hcl {
            // The labels are no mappings that could be emptied one by one.
            around.truncate(1);
        }
        self.dropped
            .extend(around.last().map(|link| link.key.span().start));
        self.gone.push((around, None));
        if document.syntax() == Syntax::Json {
            self.prune(&[])?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Edit>, Refusal> {
        let mut mappings: Vec<Node<'d>> = Vec::new();
        for (links, _) in &self.gone {
            let Some(link) = links.last() else { continue };
            let mapping = link.mapping;
            if !mappings
                .iter()
                .any(|known| known.start_index() == mapping.start_index())
            {
                mappings.push(mapping);
            }
        }
        for mapping in mappings {
            let own = self.gone.iter().filter_map(|(links, with)| {
                let link = links
                    .last()
                    .filter(|link| link.mapping.start_index() == mapping.start_index())?;
                Some((*link, with))
            });
            let mut goes = Vec::new();
            for (link, with) in own {
                let Some(text) = with else {
                    goes.push(link);
                    continue;
                };
                let Some(end) = removal::end(link) else {
                    return refuse(format!(
                        "its `{}` is written in an unusual way",
                        link.key.text()
                    ));
                };
                self.edits.push(Edit {
                    span: Span::new(link.key.span().start, offset(end)),
                    text: text.clone(),
                });
            }
            if !goes.is_empty() {
                let document = mapping.document();
                let signs: &[&str] = match document.syntax() {
                    Syntax::Hcl => &["#", "//"],
                    Syntax::Yaml if !is_flow(mapping) => &["#"],
                    _ => &[],
                };
                for edit in removal::remove(mapping, &goes)? {
                    let is_in = |at: &u32| edit.span.start <= *at && *at < edit.span.end;
                    let is_block = self.dropped.iter().any(is_in);
                    self.edits.push(match is_block && edit.text.is_empty() {
                        true => removal::with_remarks(document.text(), edit, signs),
                        false => edit,
                    });
                }
            }
        }
        self.edits
            .sort_by_key(|edit| (edit.span.start, edit.span.end));
        let overlap = self
            .edits
            .windows(2)
            .any(|pair| pair[0].span.end > pair[1].span.start);
        if overlap {
            return refuse("what is to be changed stands too close together".to_owned());
        }
        Ok(self.edits)
    }
}

/// Refuses to take out what somebody else repeats, and what a condition decides.
fn intact(link: Link<'_>) -> Result<(), Refusal> {
    let document = link.value.document();
    let name = link.key.text();
    let inside = link.value.start_index()..link.value.end_index();
    let nodes = || {
        let nodes = document.nodes().skip(inside.start as usize);
        nodes.take(inside.len())
    };
    for node in nodes() {
        if node.is_alias() {
            continue;
        }
        if matches!(node.tag(), Some("!If")) || (node.is_plain() && node.is("Fn::If")) {
            return refuse(format!("a condition decides its `{name}`"));
        }
        if let Some(anchor) = node.anchor() {
            let mut others = document.nodes();
            if others
                .any(|other| other.is_alias() && other.written().strip_prefix('*') == Some(anchor))
            {
                return refuse(format!(
                    "its `{name}` holds the anchor `&{anchor}`, which is used elsewhere"
                ));
            }
        }
    }
    Ok(())
}

/// A word that needs no quotes in YAML and is nothing but a text there.
fn bare(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    let first = letters.next()?;
    let plain = first.is_ascii_alphabetic()
        && letters.all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let is_word = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    (plain && !is_word).then_some(text)
}
