//! What a module declares and where it stands there, without asking what any of it is worth: for plans, which tell of the same
//! blocks by their names.

use std::collections::{BTreeMap, BTreeSet};

use super::block::{Block, blocks, labelled, labels};
use super::{merge, modules, reason, resources};
use crate::base::source::{Place, Span};
use crate::blocks::Reason;
use crate::syntax::{Document, Syntax};

/// The names of one module.
#[derive(Debug, Default)]
pub struct Outline {
    /// Resources and calls of modules by address (`aws_instance.web`, `module.db`); nothing where several blocks have one address.
    pub blocks: BTreeMap<String, Option<OutlineBlock>>,
    /// What else it declares: `data.aws_ami.base`, `var.size`, `output.url`.
    pub others: BTreeSet<String>,
    /// Reasons that stand for all of it.
    pub reasons: Vec<Reason>,
}

/// One block as it is written.
#[derive(Clone, Debug)]
pub struct OutlineBlock {
    /// The label that is its name.
    pub name: Place,
    /// Its body.
    pub body: Span,
    /// The syntax of its file.
    pub syntax: Syntax,
    /// Its arguments and nested blocks by name, each with its first place.
    pub properties: Vec<(String, Span)>,
    /// Its written reasons.
    pub reasons: Vec<Reason>,
    /// What it calls, if it is the call of a module.
    pub source: Option<String>,
}

/// Reads the names of one module.
#[must_use]
pub fn outline(configuration: &[&Document<'_>], overrides: &[&Document<'_>]) -> Outline {
    let mut outline = Outline::default();
    let (mut found, mut later) = (Vec::new(), Vec::new());
    for (documents, found) in [(configuration, &mut found), (overrides, &mut later)] {
        for root in documents.iter().flat_map(|document| document.roots()) {
            for file in blocks(root) {
                outline.reasons.extend(reason(file));
                modules(file, &None, found);
                resources(file, &None, found);
                for (word, value) in file.entries() {
                    let prefix = match &*word.text() {
                        "variable" => "var",
                        "output" => "output",
                        "data" => {
                            for (kind, names) in labels(value).flat_map(|types| types.entries()) {
                                let kind = kind.text();
                                let names = labelled(names);
                                let names =
                                    names.map(|(name, _)| format!("data.{kind}.{}", name.text()));
                                outline.others.extend(names);
                            }
                            continue;
                        }
                        _ => continue,
                    };
                    let names = labelled(value);
                    let names = names.map(|(name, _)| format!("{prefix}.{}", name.text()));
                    outline.others.extend(names);
                }
            }
        }
    }
    merge(&mut found, later);
    for block in found {
        let own = outline.blocks.entry(block.address());
        own.and_modify(|known| *known = None)
            .or_insert_with(|| Some(OutlineBlock::of(&block)));
    }
    outline
}

impl OutlineBlock {
    fn of(block: &Block<'_>) -> Self {
        let entries = block.body.entries();
        let properties = entries.map(|(key, _)| (key.text().into_owned(), key.span()));
        let is_call = block.word.is("module");
        let source = block.part("source").filter(|_| is_call);
        let source = source.and_then(|source| Some(source.comparable()?.into_owned()));
        Self {
            name: block.name.place(),
            body: block.body.span(),
            syntax: block.body.document().syntax(),
            properties: properties.collect(),
            reasons: block.reasons().collect(),
            source,
        }
    }

    /// Where it says what it says under a name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Span> {
        let mut properties = self.properties.iter();
        let found = properties.find(|(key, _)| key == name);
        found.map(|(_, span)| *span)
    }
}
