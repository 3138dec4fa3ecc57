//! Functions of texts.

use unicode_segmentation::UnicodeSegmentation;

use super::Data;
use super::named::{MOST, text, texts};
use crate::blocks::{ListKind, MapKind, Named, Number};

/// The letters of a text as people count them.
pub(super) fn letters(text: &str) -> Vec<&str> {
    if text.is_ascii() && !text.contains('\r') {
        return (0..text.len()).map(|at| &text[at..=at]).collect();
    }
    text.graphemes(true).collect()
}

pub(super) fn run(named: Named, arguments: &[Data]) -> Option<Data> {
    let first = || text(arguments.first()?);
    let second = || text(arguments.get(1)?);
    let third = || text(arguments.get(2)?);
    let whole = |at: usize| Number::parse(&text(arguments.get(at)?)?)?.as_whole();
    Some(match named {
        Named::Lower => Data::Text(first()?.chars().map(lower).collect()),
        Named::Upper => Data::Text(first()?.chars().map(upper).collect()),
        Named::Title => Data::Text(title(&first()?)),
        Named::Chomp => Data::Text(first()?.trim_end_matches(['\r', '\n']).to_owned()),
        Named::TrimSpace => Data::Text(first()?.trim().to_owned()),
        Named::Trim => {
            let (text, cut) = (first()?, second()?);
            Data::Text(text.trim_matches(|letter| cut.contains(letter)).to_owned())
        }
        Named::TrimPrefix => {
            let (text, start) = (first()?, second()?);
            Data::Text(text.strip_prefix(&*start).unwrap_or(&text).to_owned())
        }
        Named::TrimSuffix => {
            let (text, end) = (first()?, second()?);
            Data::Text(text.strip_suffix(&*end).unwrap_or(&text).to_owned())
        }
        Named::StartsWith => Data::Bool(first()?.starts_with(&second()?)),
        Named::EndsWith => Data::Bool(first()?.ends_with(&second()?)),
        Named::StrContains => Data::Bool(first()?.contains(&second()?)),
        Named::StrRev => Data::Text(letters(&first()?).into_iter().rev().collect()),
        Named::Substr => substr(&first()?, whole(1)?, whole(2)?)?,
        Named::Split => {
            let (separator, text) = (first()?, second()?);
            let parts = split(&text, &separator);
            if parts.len() > MOST {
                return None;
            }
            let parts = parts.into_iter().map(Data::Text).collect();
            Data::List(ListKind::List, parts)
        }
        Named::Join => {
            let separator = first()?;
            let lists: Vec<Vec<String>> =
                arguments[1..].iter().map(texts).collect::<Option<_>>()?;
            if lists.is_empty() {
                return None;
            }
            let all = lists.concat();
            let size: usize = all.iter().map(|text| text.len() + separator.len()).sum();
            if size > MOST * 10 {
                return None;
            }
            Data::Text(all.join(&separator))
        }
        Named::Replace => replace(&first()?, &second()?, &third()?)?,
        Named::Indent => {
            let spaces = Number::parse(&first()?)?.as_whole()?;
            let spaces = usize::try_from(spaces)
                .ok()
                .filter(|spaces| *spaces < MOST)?;
            let inner = second()?;
            let lines = inner.matches('\n').count();
            if lines.saturating_mul(spaces) > MOST * 10 {
                return None;
            }
            Data::Text(inner.replace('\n', &format!("\n{}", " ".repeat(spaces))))
        }
        Named::Basename => Data::Text(base(&first()?)),
        Named::Dirname => Data::Text(folder(&first()?)),
        Named::UrlEncode => Data::Text(super::encode::url(&first()?)),
        Named::Base64Encode => Data::Text(super::encode::base64(first()?.as_bytes())),
        Named::Base64Decode => Data::Text(super::encode::from_base64(&first()?)?),
        Named::Regex => {
            let (pattern, inner) = (regex(&first()?)?, second()?);
            captured(&pattern, &pattern.captures(&inner)?)?
        }
        Named::RegexAll => {
            let (pattern, inner) = (regex(&first()?)?, second()?);
            let all = pattern.captures_iter(&inner).take(MOST);
            let all = all.map(|found| captured(&pattern, &found));
            Data::List(ListKind::List, all.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// Longest pattern and largest program of a regular expression.
const PATTERN: usize = 1 << 12;

fn regex(pattern: &str) -> Option<regex::Regex> {
    if pattern.len() > PATTERN {
        return None;
    }
    let mut builder = regex::RegexBuilder::new(pattern);
    builder.size_limit(PATTERN << 8).build().ok()
}

/// What a pattern found: a text, a list of groups, or a map of named groups; never of some and some.
fn captured(pattern: &regex::Regex, found: &regex::Captures<'_>) -> Option<Data> {
    let part = |part: Option<regex::Match<'_>>| match part {
        Some(part) => Data::Text(part.as_str().to_owned()),
        None => Data::Null,
    };
    if pattern.captures_len() == 1 {
        return Some(part(found.get(0)));
    }
    let names: Vec<&str> = pattern.capture_names().flatten().collect();
    if names.is_empty() {
        let groups = found.iter().skip(1).map(part).collect();
        return Some(Data::List(ListKind::Tuple, groups));
    }
    if names.len() + 1 != pattern.captures_len() {
        return None;
    }
    let groups = names.into_iter();
    let groups = groups.map(|name| (name.to_owned(), part(found.name(name))));
    Some(Data::Map(MapKind::Object, groups.collect()))
}

fn replace(text: &str, what: &str, with: &str) -> Option<Data> {
    let is_pattern = what.len() > 1 && what.starts_with('/') && what.ends_with('/');
    let replaced = if is_pattern {
        let pattern = regex(&what[1..what.len() - 1])?;
        // A group is called `$1` or `${name}`; Rust reads `$1x` as one name, and so does Go.
        pattern.replace_all(text, with).into_owned()
    } else {
        let times = if what.is_empty() {
            text.len() + 1
        } else {
            text.matches(what).count()
        };
        if times.saturating_mul(with.len()) > MOST * 10 {
            return None;
        }
        text.replace(what, with)
    };
    Some(Data::Text(replaced))
}

/// As Go splits: an empty separator parts all letters.
fn split(text: &str, separator: &str) -> Vec<String> {
    if separator.is_empty() {
        return text.chars().map(String::from).collect();
    }
    text.split(separator).map(str::to_owned).collect()
}

fn substr(text: &str, offset: i128, length: i128) -> Option<Data> {
    let letters = letters(text);
    let count = i128::try_from(letters.len()).ok()?;
    let start = if offset < 0 {
        (offset + count).max(0)
    } else {
        offset.min(count)
    };
    let end = if length < 0 {
        count
    } else {
        start.saturating_add(length).min(count)
    };
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    Some(Data::Text(
        letters.get(start..end).unwrap_or_default().concat(),
    ))
}

/// The one letter that is its lower case.
fn lower(letter: char) -> char {
    let mut all = letter.to_lowercase();
    all.next().filter(|_| all.len() == 0).unwrap_or(letter)
}

/// The one letter that is its upper case; what would be two stays.
fn upper(letter: char) -> char {
    let mut all = letter.to_uppercase();
    all.next().filter(|_| all.len() == 0).unwrap_or(letter)
}

/// Each word with a great letter; words end as Go says.
fn title(text: &str) -> String {
    let mut before = ' ';
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        let in_word = before.is_alphanumeric()
            || before == '_'
            || !(before.is_ascii() || before.is_whitespace());
        if in_word {
            result.push(letter);
        } else {
            result.push(upper(letter));
        }
        before = letter;
    }
    result
}

/// The last part of a path.
fn base(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    let path = path.trim_end_matches('/');
    if path.is_empty() {
        return "/".to_owned();
    }
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

/// A path without its last part, and without steps that lead nowhere.
fn folder(path: &str) -> String {
    let start = path.rfind('/').map_or("", |at| &path[..=at]);
    let rooted = start.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.join("/")) {
        (true, path) => format!("/{path}"),
        (false, path) if path.is_empty() => ".".to_owned(),
        (false, path) => path,
    }
}
