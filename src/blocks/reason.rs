//! Reads a reason as it stands in a template; `reasons` judges it.

use std::borrow::Cow;

use crate::base::reason::{Carrier, Field, Reason};
use crate::base::source::{Place, Span};
use crate::syntax::{Kind, Node};

/// Reads the record under the key `sfl`. One that is no map is a record without fields.
#[must_use]
pub fn from_node(node: Node<'_>, carrier: Carrier) -> Reason {
    let mut reason = Reason::new(carrier, node.place());
    for (key, value) in node.merged_entries() {
        if value.kind() == Kind::Scalar {
            reason.set(&key.text(), value.text().into_owned(), value.span());
        } else {
            reason.unknown.push(Field {
                text: key.text().into_owned(),
                span: key.span(),
            });
        }
    }
    reason
}

/// Reads `# sfl: because=KIND reason="..." owner=...`, in any kind of comment; `None` where the comment is not for us.
#[must_use]
pub fn from_comment(text: &str, span: Span, file: usize) -> Option<Reason> {
    let record = match (text.strip_prefix("//"), text.strip_prefix("/*")) {
        (Some(line), _) => line.trim_start_matches('/'),
        (_, Some(rest)) => rest.trim_start_matches('*').strip_suffix("*/")?,
        _ => text.trim_start_matches('#'),
    };
    let record = record.trim_start().strip_prefix("sfl:")?;
    let mut reason = Reason::new(Carrier::Comment, Place { file, span });
    let mut rest = record.trim();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('=') else {
            let text = rest.to_owned();
            reason.unknown.push(Field { text, span });
            break;
        };
        let (value, left) = comment_value(after);
        reason.set(name.trim(), value.into_owned(), span);
        rest = left.trim_start();
    }
    Some(reason)
}

/// A bare word, or a text in quotes in which a backslash escapes; and what follows it.
fn comment_value(text: &str) -> (Cow<'_, str>, &str) {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return (Cow::Borrowed(&text[..end]), &text[end..]);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if escaped {
            value.push(c);
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return (Cow::Owned(value), &text[at + c.len_utf8()..]);
        } else {
            value.push(c);
        }
    }
    (Cow::Owned(value), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_carries_all_fields() {
        let text = r#"# sfl: because=licence reason="per \"core\" licence = host" owner=team-a expires=2027-06-30"#;
        let reason = from_comment(text, Span::new(0, 9), 0).expect("it is a record");
        let text = |field: &Option<Field>| field.as_ref().map(|field| field.text.clone());
        assert_eq!(text(&reason.because).as_deref(), Some("licence"));
        assert_eq!(
            text(&reason.reason).as_deref(),
            Some("per \"core\" licence = host")
        );
        assert_eq!(text(&reason.owner).as_deref(), Some("team-a"));
        assert_eq!(text(&reason.expires).as_deref(), Some("2027-06-30"));
        assert_eq!(reason.evidence, None);
    }

    #[test]
    fn other_comments_are_none_of_ours() {
        assert_eq!(from_comment("# sfl is great", Span::default(), 0), None);
        let bare = from_comment("#sfl: please", Span::default(), 0).expect("a record");
        assert_eq!(bare.because, None);
        assert_eq!(bare.unknown[0].text, "please");
    }
}
