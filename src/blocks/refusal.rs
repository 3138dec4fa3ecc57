//! Texts that a parameter does not take, and what it takes instead.

use std::borrow::Cow;

use super::{Number, Parameter, ParameterKind};

/// Allowed values that a message names.
const MOST_NAMED: usize = 8;
/// Characters of a value beyond which it is not shown.
pub(super) const LONGEST: usize = 60;

impl Parameter<'_> {
    /// Why it can't be a text, where the template rules that out.
    #[must_use]
    pub fn refusal(&self, text: &str) -> Option<String> {
        let parts: Vec<&str> = match self.kind {
            // A list of nothing has no part that could be wrong.
            ParameterKind::List if text.trim().is_empty() && self.allowed.is_empty() => Vec::new(),
            ParameterKind::List => text.split(',').map(str::trim).collect(),
            ParameterKind::Value | ParameterKind::Lookup => vec![text],
        };
        parts.into_iter().find_map(|part| {
            let wanted = self.wanted(part)?;
            Some(format!(
                "`{}` can't be {}: {wanted}",
                self.name,
                shown(part)
            ))
        })
    }

    /// What a text, or each part of a list, must be, where it is something else.
    fn wanted(&self, part: &str) -> Option<String> {
        if !self.allowed.is_empty() && !self.allowed.iter().any(|known| known == part) {
            return Some(format!("it must be {}", allowed(&self.allowed)));
        }
        let wanted = match self.kind {
            ParameterKind::Value => self.shape.wanted(part),
            ParameterKind::List => self.shape.wanted_of_part(part),
            ParameterKind::Lookup => None,
        };
        if wanted.is_some() {
            return wanted;
        }
        let number = Number::parse(part.trim());
        if self.is_of_numbers && number.is_none() {
            return Some("it must be a number".to_owned());
        }
        let number = number?.float();
        let (least, most) = self.bounds;
        let below = least.filter(|least| number < *least);
        let above = most.filter(|most| number > *most);
        let below = below.map(|least| format!("it must be at least {least}"));
        below.or_else(|| above.map(|most| format!("it must be at most {most}")))
    }
}

/// A value as a message shows it.
pub(super) fn shown(text: &str) -> String {
    match text {
        "" => "empty".to_owned(),
        text if text.chars().count() > LONGEST => "this text".to_owned(),
        text => format!("`{text}`"),
    }
}

/// `EC2 or FARGATE`, `a, b, c and 9 more`.
fn allowed(values: &[Cow<'_, str>]) -> String {
    let named: Vec<String> = values.iter().map(|value| shown(value)).collect();
    match &named[..] {
        [rest @ .., last] if named.len() <= MOST_NAMED => {
            if rest.is_empty() {
                return last.clone();
            }
            format!("{} or {last}", rest.join(", "))
        }
        named => {
            let rest = named.len() - MOST_NAMED;
            format!("{} or one of {rest} more", named[..MOST_NAMED].join(", "))
        }
    }
}
