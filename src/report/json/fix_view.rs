//! What can be mended: the exact change, or why there is none.

use serde::Serialize;

use super::{SpanView, span};
use crate::base::FixOffer;

/// One of the two.
#[derive(Serialize)]
#[serde(untagged)]
pub enum FixView<'r> {
    Offered {
        safety: &'static str,
        says: &'r str,
        #[serde(skip_serializing_if = "<[String]>::is_empty")]
        drops: &'r [String],
        edits: Vec<EditView<'r>>,
    },
    With {
        with: &'r str,
    },
    Withheld {
        withheld: &'r str,
    },
}

/// One replacement.
#[derive(Serialize)]
pub struct EditView<'r> {
    path: &'r str,
    span: SpanView,
    text: &'r str,
}

impl<'r> FixView<'r> {
    /// Of what was found for a decision.
    #[must_use]
    pub fn of(offer: &'r FixOffer) -> Self {
        match offer {
            FixOffer::Offered(fix) => Self::Offered {
                safety: fix.safety.name(),
                says: &fix.says,
                drops: &fix.drops,
                edits: fix
                    .edits
                    .iter()
                    .map(|edit| EditView {
                        path: &edit.path,
                        span: span(edit.start, edit.end),
                        text: &edit.text,
                    })
                    .collect(),
            },
            FixOffer::With(address) => Self::With { with: address },
            FixOffer::Withheld(why) => Self::Withheld { withheld: why },
        }
    }
}
