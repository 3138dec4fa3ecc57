//! Groups of types that host nothing themselves.

use serde::Deserialize;

use super::coded::{Coded, Reader, Text, Writer, coded};
use super::rule::Property;

/// A group as the program uses it.
#[derive(Clone, Debug)]
pub struct PlumbingGroup {
    /// Why they are no hosting choice.
    pub why: Text,
    /// What they make beyond themselves.
    pub holds: Option<Holds>,
    /// Where a block says what that is.
    pub named: Option<Property>,
}

coded!(PlumbingGroup { why, holds, named });

/// What a block makes that is written elsewhere, and that nobody reads: hosting choices may be in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// All that another template says.
    Template,
    /// All that a module says.
    Module,
    /// One resource of a type that the block names.
    Type,
}

impl Coded for Holds {
    fn write(&self, to: &mut Writer) {
        to.tag(*self as u8);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let all = [Self::Template, Self::Module, Self::Type];
        all.get(usize::from(from.tag()?)).copied()
    }
}
