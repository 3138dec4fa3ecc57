//! Reads a reason as it stands in a template; `reasons` judges it.

use std::borrow::Cow;

use crate::base::reason::{Carrier, Field, Reason, Stray};
use crate::base::source::{Place, Span};
use crate::syntax::{Document, Kind, Node};

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
    let content = content(text)?;
    if let Some(record) = content.strip_prefix("sfl:") {
        return Some(fields(&joined(record), span, file));
    }
    if !text.starts_with("/*") {
        return None;
    }
    // In a comment of several lines it may begin on any of them.
    let mut rest = Some(content);
    while let Some(line) = rest {
        if let Some(record) = bare_line(line).strip_prefix("sfl:") {
            return Some(fields(&joined(record), span, file));
        }
        rest = line.split_once('\n').map(|(_, below)| below);
    }
    None
}

/// What a line of a long comment says, without the asterisk that it may begin with.
fn bare_line(line: &str) -> &str {
    let line = line.trim_start_matches([' ', '\t', '\r']);
    line.strip_prefix('*')
        .unwrap_or(line)
        .trim_start_matches([' ', '\t'])
}

/// The lines of a record in one, up to one that is empty.
fn joined(record: &str) -> Cow<'_, str> {
    if !record.contains('\n') {
        return Cow::Borrowed(record);
    }
    let mut lines = record.lines();
    let first = lines.next().unwrap_or_default().trim().to_owned();
    let more = lines.map(|line| bare_line(line).trim());
    let more = more.take_while(|line| !line.is_empty());
    Cow::Owned(more.fold(first, |all, line| format!("{all} {line}")))
}

/// Reads the same from a text that stands where a record belongs, in any letters; without `sfl:` only where it begins with a kind.
#[must_use]
pub fn from_text(text: &str, place: Place) -> Option<Reason> {
    let content = content(text)?;
    let record = match content.split_once(':') {
        Some((name, record)) if name.trim_end().eq_ignore_ascii_case("sfl") => record,
        _ => {
            let after = content.strip_prefix("because")?;
            after.trim_start().starts_with('=').then_some(content)?
        }
    };
    let mut reason = fields(&joined(record), place.span, place.file);
    reason.carrier = Carrier::Slashes;
    Some(reason)
}

/// The same of a comment that would be for us in small letters: `# SFL: because=...`.
#[must_use]
pub fn from_loud_comment(text: &str, span: Span, file: usize) -> Option<Reason> {
    let (name, record) = content(text)?.split_once(':')?;
    if name == "sfl" || !name.eq_ignore_ascii_case("sfl") {
        return None;
    }
    let reason = fields(record, span, file);
    // Others may abbreviate something else so.
    reason.because.is_some().then_some(reason)
}

/// The comments of a file that would be for us in small letters.
pub fn loud(document: &Document<'_>) -> Vec<(Reason, Stray)> {
    let text = document.text();
    let read = document.comments().iter();
    let read = read.filter_map(|span| from_loud_comment(span.of(text), *span, document.number()));
    read.map(|reason| (reason, Stray::OtherLetters)).collect()
}

/// What a comment of any kind says.
fn content(text: &str) -> Option<&str> {
    let content = match (text.strip_prefix("//"), text.strip_prefix("/*")) {
        (Some(line), _) => line.trim_start_matches('/'),
        (_, Some(rest)) => rest.trim_start_matches('*').strip_suffix("*/")?,
        _ => text.trim_start_matches('#'),
    };
    Some(content.trim_start())
}

fn fields(record: &str, span: Span, file: usize) -> Reason {
    let mut reason = Reason::new(Carrier::Comment, Place { file, span });
    let mut rest = record.trim();
    while !rest.is_empty() {
        let Some((name, after)) = rest.split_once('=') else {
            let text = rest.to_owned();
            reason.unknown.push(Field { text, span });
            break;
        };
        let name = name.trim();
        let after = spaced(after);
        let (value, left) = comment_value(after);
        let (more_keys, left) = match name {
            "for" => other_keys(left),
            _ => ("", left),
        };
        if !more_keys.is_empty() {
            let text = format!("\"{value}\"{more_keys}");
            reason.several = Some(Field { text, span });
        }
        let more = match after.starts_with(['"', '\'']) {
            true => "",
            false => loose_words(left),
        };
        if more.is_empty() {
            reason.set(name, value.into_owned(), span);
            rest = left.trim_start();
            continue;
        }
        let text = format!("{value} {more}");
        reason.set(name, text.clone(), span);
        let text = format!("{name}=\"{}\"", text.replace('"', "\\\""));
        reason.unquoted.push(Field { text, span });
        rest = left.trim_start()[more.len()..].trim_start();
    }
    reason
}

/// What follows a `=`: spaces do not matter, unless the next field begins behind them.
fn spaced(after: &str) -> &str {
    let value = after.trim_start();
    if value.len() < after.len() && starts_field(value) {
        return after;
    }
    value
}

/// Whether a field begins here: a word of letters, and a `=` with or without spaces before it.
fn starts_field(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphabetic();
    let after = text.trim_start_matches(is_letter);
    after.len() < text.len() && after.trim_start().starts_with('=')
}

/// The keys that follow the first one in a list, and what follows them.
fn other_keys(text: &str) -> (&str, &str) {
    let mut end = 0;
    while let Some(key) = text[end..].trim_start().strip_prefix(',') {
        let (_, left) = comment_value(key.trim_start());
        end = text.len() - left.len();
    }
    text.split_at(end)
}

/// The words before the next field: they belong to the value before them, if somebody forgot its quotes.
fn loose_words(text: &str) -> &str {
    let text = text.trim_start();
    let mut end = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        if starts_field(&text[end..]) {
            break;
        }
        end += word.len();
    }
    text[..end].trim_end()
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
    fn words_without_quotes_belong_together() {
        let text = "# sfl: because=licence reason=licensed per core, paid owner=\"team a\" evidence=docs/a.md";
        let reason = from_comment(text, Span::new(0, 9), 0).expect("it is a record");
        let unquoted: Vec<&str> = reason.unquoted.iter().map(|one| &*one.text).collect();
        assert_eq!(unquoted, ["reason=\"licensed per core, paid\""]);
        let text = |field: &Option<Field>| field.as_ref().map(|field| field.text.clone());
        assert_eq!(
            text(&reason.reason).as_deref(),
            Some("licensed per core, paid")
        );
        assert_eq!(text(&reason.owner).as_deref(), Some("team a"));
        assert_eq!(text(&reason.evidence).as_deref(), Some("docs/a.md"));
        assert!(reason.unknown.is_empty());
    }

    #[test]
    fn a_comment_in_capitals_is_only_a_record_with_a_kind() {
        let read = |text| from_loud_comment(text, Span::default(), 0);
        assert!(read("# SFL: because=licence reason=\"per core\"").is_some());
        assert!(read("# sfl: because=licence reason=\"per core\"").is_none());
        assert!(read("# SFL: the shared framework library").is_none());
    }

    #[test]
    fn other_comments_are_none_of_ours() {
        assert_eq!(from_comment("# sfl is great", Span::default(), 0), None);
        let bare = from_comment("#sfl: please", Span::default(), 0).expect("a record");
        assert_eq!(bare.because, None);
        assert_eq!(bare.unknown[0].text, "please");
    }
}
