//! The resources of a file, as they are written.

use std::sync::Arc;

use super::held_texts::HeldTexts;
use crate::base::source::Span;
use crate::syntax::{Document, Kind, Node};

/// A resource as it is written.
#[derive(Clone, Debug)]
pub(super) struct WrittenResource<'d> {
    pub path: Arc<str>,
    pub address: String,
    pub kind: String,
    pub block: Span,
    pub body: Node<'d>,
}

impl WrittenResource<'_> {
    /// Its block, as it is written.
    pub fn text<'t>(&self, texts: &'t HeldTexts) -> &'t str {
        let span = self.block;
        let text = texts.text(&self.path);
        text.get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }
}

/// The resources of a file, as far as they are written out.
pub(super) fn written<'d>(path: &Arc<str>, document: &'d Document<'_>) -> Vec<WrittenResource<'d>> {
    let mut all = Vec::new();
    let mut add = |address: String, kind: String, body: Node<'d>| {
        if body.kind() == Kind::Mapping && !body.is_alias() {
            all.push(WrittenResource {
                path: Arc::clone(path),
                address,
                kind,
                block: body.span(),
                body,
            });
        }
    };
    for root in document.roots() {
        if let Some(resources) = root.get("Resources") {
            for (id, body) in resources.entries() {
                let kind = body.get("Type").map(|kind| kind.text().into_owned());
                add(id.text().into_owned(), kind.unwrap_or_default(), body);
            }
            continue;
        }
        for (_, types) in root.entries().filter(|(key, _)| key.is("resource")) {
            for types in one_or_more(types) {
                for (kind, names) in types.entries() {
                    for names in one_or_more(names) {
                        for (name, body) in names.entries() {
                            for body in one_or_more(body) {
                                let kind = kind.text().into_owned();
                                add(format!("{kind}.{}", name.text()), kind, body);
                            }
                        }
                    }
                }
            }
        }
    }
    all
}

/// In JSON, what stands once may stand in a list.
fn one_or_more(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        Kind::Sequence => node.items().collect(),
        _ => vec![node],
    }
}
