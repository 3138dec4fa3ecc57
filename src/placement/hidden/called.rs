//! By what a text calls a resource, and what stands in a value.

use std::borrow::Cow;

use crate::blocks::Cause;
use crate::eval::{Resolver, Value};

/// What stands in a value at any depth.
#[derive(Default)]
pub(super) struct Leaves {
    pub(super) texts: Vec<String>,
    /// Whether anything is known only after apply.
    pub(super) is_open: bool,
}

impl Leaves {
    pub(super) fn take(&mut self, resolver: &Resolver<'_, 'static>, value: Value<'static>) {
        match value {
            Value::Text(text) => {
                // A policy is JSON in a text.
                if text.starts_with(['{', '['])
                    && let Ok(json) = serde_json::from_str::<serde_json::Value>(&text)
                {
                    self.take_json(json);
                }
                self.texts.push(text.into_owned());
            }
            Value::Unknown(cause) => self.is_open |= cause == Cause::AfterApply,
            Value::List(items) => {
                for item in items.iter() {
                    self.take(resolver, resolver.value(&item));
                }
            }
            Value::Map(entries) => {
                for entry in entries.iter() {
                    self.take(resolver, resolver.value(&entry.value));
                }
            }
            Value::Absent | Value::OneOf(..) => {}
        }
    }

    fn take_json(&mut self, json: serde_json::Value) {
        use serde_json::Value as Json;
        match json {
            Json::String(text) => self.texts.push(text),
            Json::Array(items) => items.into_iter().for_each(|item| self.take_json(item)),
            Json::Object(entries) => entries
                .into_iter()
                .for_each(|(_, value)| self.take_json(value)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}

/// How much of an address is the same, up to a whole step.
pub(super) fn shared(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes());
    let same = same.take_while(|(one, other)| one == other).count();
    one.as_bytes()[..same]
        .iter()
        .rposition(|byte| *byte == b'.')
        .map_or(0, |at| at + 1)
}

/// Whether one path stands above the other, or is the same.
pub(super) fn is_above(one: &str, other: &str) -> bool {
    let below = |long: &str, short: &str| {
        let rest = long.strip_prefix(short);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    below(one, other) || below(other, one)
}

/// A name as it is compared: Azure does not mind in which case its ids are written.
pub(super) fn comparable(text: &str) -> Cow<'_, str> {
    if text.starts_with("/subscriptions/") {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// A name without the number of its revision.
pub(super) fn unnumbered(text: &str) -> &str {
    match text.rsplit_once(':') {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => text,
    }
}

/// What the last part of a long name may be: `cluster/web` and `task:3` end with what a resource is called.
pub(super) fn ends(text: &str) -> impl Iterator<Item = &str> {
    let last = text.rsplit('/').next().unwrap_or(text);
    let plain = unnumbered(last);
    let end = plain.rsplit(':').next().unwrap_or(plain);
    [unnumbered(text), last, plain, end]
        .into_iter()
        .filter(move |end| *end != text && !end.is_empty())
}
