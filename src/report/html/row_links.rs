//! Links within the page: a wish of the filters, written as the part of an address behind `#`.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::compare::Compared;
use crate::report::visible;

/// Makes links to rows. What is left out by given values is among the rows, but counts nowhere: a number that counts says so.
#[derive(Clone, Copy)]
pub struct RowLinks {
    has_left_out: bool,
}

/// A number, and the wish that finds its rows.
pub struct Linked {
    pub number: usize,
    pub wish: String,
}

impl RowLinks {
    pub fn of(report: &Compared) -> Self {
        let mut all = report.decisions.iter();
        Self {
            has_left_out: all.any(|decision| !decision.is_counted),
        }
    }

    /// To the rows that fit all wishes, whether they count or not.
    pub fn rows(self, wishes: &[(&str, &str)]) -> String {
        let wishes = wishes.iter().map(|(name, value)| {
            let seen = visible::lines(value);
            format!("{name}={}", utf8_percent_encode(&seen, NON_ALPHANUMERIC))
        });
        wishes.collect::<Vec<_>>().join("&")
    }

    /// To those of them that count.
    pub fn counted(self, wishes: &[(&str, &str)]) -> String {
        let all = self.rows(wishes);
        match (self.has_left_out, all.is_empty()) {
            (false, false) => all,
            (false, true) => "state=".to_owned(),
            (true, false) => format!("{all}&state=counted"),
            (true, true) => "state=counted".to_owned(),
        }
    }
}

/// A name as a wish: a star alone asks for those without one.
pub fn named(name: Option<&str>) -> String {
    match name {
        None => "*".to_owned(),
        Some(name) if name.starts_with('*') => format!("*{name}"),
        Some(name) => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_one_value() {
        let links = RowLinks { has_left_out: true };
        let wishes = [("owner", "a&b=#c d\u{202e}"), ("state", "open")];
        let link = links.rows(&wishes);
        assert_eq!(link, "owner=a%26b%3D%23c%20d%EF%BF%BD&state=open");
        assert_eq!(links.counted(&[]), "state=counted");
        assert_eq!(named(Some("*")), "**");
    }
}
