//! AWS Context: what `Metadata` says under `com.aws.cloudformation.Context`, and the record beside it that makes a reason of it.

use crate::base::{CONTEXT, Carrier, Context, Field, Place, Reason, Why};
use crate::blocks::reason::from_node;
use crate::syntax::{Kind, Node, Scalar};

/// What may never change.
const FIXED: &str = "must-never-change";

/// The record in one `Metadata`, and the context beside it.
pub(super) fn read(metadata: Node<'_>, owner: Option<&Field>) -> (Option<Reason>, Option<Context>) {
    let record = metadata.get("sfl");
    let mut reason = record.map(|record| from_node(record, Carrier::Metadata));
    let said = metadata
        .get(CONTEXT)
        .filter(|said| said.kind() == Kind::Mapping);
    let Some(said) = said else {
        return (reason, None);
    };
    let mut context = Context {
        must: texts(said.get("must")),
        is_fixed: word(said.get("mutable")).is_some_and(|(level, _)| level.text == FIXED),
        ..Context::default()
    };
    for (name, level) in said
        .get("mutability")
        .into_iter()
        .flat_map(Node::merged_entries)
    {
        if let Some((level, _)) = word(Some(level)) {
            let property = (name.text().into_owned(), level.text == FIXED);
            context.properties.push(property);
        }
    }
    let why = why(said, owner);
    match (&mut reason, why) {
        (Some(reason), Some(why)) => why.lend(reason),
        (None, Some(why)) => context.alone = Some(why.alone()),
        (_, None) => {}
    }
    (reason, Some(context))
}

/// Who answers for a template, as its own context says.
pub(super) fn owner(root: Node<'_>) -> Option<Field> {
    let said = root.get("Metadata")?.get(CONTEXT)?;
    word(said.get("owner")).map(|(owner, _)| owner)
}

/// Whether a context says that it was guessed, with little confidence.
pub(crate) fn is_guess(said: Node<'_>) -> bool {
    is_inferred(said) && trusts(said, "conf", "low")
}

/// Whether a context says that it was inferred.
fn is_inferred(said: Node<'_>) -> bool {
    trusts(said, "src", "infer")
}

fn trusts(said: Node<'_>, key: &str, expected: &str) -> bool {
    let trust = said.get("trust").and_then(|trust| trust.get(key));
    // As `by` has it: who wrote it large meant the same.
    word(trust).is_some_and(|(field, _)| field.text.trim().eq_ignore_ascii_case(expected))
}

fn why(said: Node<'_>, owner: Option<&Field>) -> Option<Why> {
    let (mut why, place) = word(said.get("why"))?;
    // It is prose, which people and machines break into lines; a reason is one.
    why.text = why.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let cite = said.get("trust").and_then(|trust| trust.get("cite"));
    Some(Why {
        why,
        place,
        cite: word(cite).map(|(cite, _)| cite),
        owner: owner.cloned(),
        is_guess: is_guess(said),
        is_inferred: is_inferred(said),
    })
}

fn texts(list: Option<Node<'_>>) -> Vec<String> {
    let items = list.into_iter().flat_map(Node::items);
    let words = items.filter_map(|item| word(Some(item)));
    words.map(|(field, _)| field.text).collect()
}

/// A text that says something, and its place. What a function computes is nothing that anybody wrote.
fn word(node: Option<Node<'_>>) -> Option<(Field, Place)> {
    let node = node.filter(|node| node.kind() == Kind::Scalar && node.scalar() != Scalar::Null)?;
    let text = node.text();
    let is_text = node.tag().is_none_or(|tag| tag.starts_with("!!")) && !text.trim().is_empty();
    is_text.then(|| {
        let field = Field {
            text: text.into_owned(),
            span: node.span(),
        };
        (field, node.place())
    })
}
