//! What AWS Context says of a resource of a CloudFormation template: why it is there, what must hold, and what may change.

use super::reason::{Carrier, Field, Reason};
use super::source::Place;

/// The key in `Metadata`.
pub const CONTEXT: &str = "com.aws.cloudformation.Context";

/// The context of one resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Its `why`, where no record beside it says of which kind that is.
    pub alone: Option<Reason>,
    /// What must hold.
    pub must: Vec<String>,
    /// Whether the resource must never change.
    pub is_fixed: bool,
    /// Properties that are spoken of by themselves, and whether each must never change.
    pub properties: Vec<(String, bool)>,
}

/// The `why` of a context, and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The words.
    pub why: Field,
    pub place: Place,
    /// What it is drawn from.
    pub cite: Option<Field>,
    /// Who answers for the template.
    pub owner: Option<Field>,
    /// Whether it was guessed, and with little confidence.
    pub is_guess: bool,
    /// Whether a machine inferred it, however sure it was.
    pub is_inferred: bool,
}

impl Why {
    /// Lends its words to a record that has none of its own.
    pub fn lend(&self, reason: &mut Reason) {
        let is_empty = |field: &Option<Field>| {
            field
                .as_ref()
                .is_none_or(|field| field.text.trim().is_empty())
        };
        if !is_empty(&reason.reason) {
            return;
        }
        reason.carrier = Carrier::Context;
        reason.reason = Some(self.why.clone());
        reason.is_guess = self.is_guess;
        reason.is_inferred = self.is_inferred;
        if is_empty(&reason.evidence) {
            reason.evidence.clone_from(&self.cite);
        }
        if is_empty(&reason.owner) {
            reason.owner.clone_from(&self.owner);
        }
    }

    /// As a reason that names no kind.
    #[must_use]
    pub fn alone(&self) -> Reason {
        let mut reason = Reason::new(Carrier::Context, self.place);
        self.lend(&mut reason);
        reason.needs_kind = false;
        reason
    }
}
