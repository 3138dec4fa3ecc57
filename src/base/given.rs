//! What a deployment gives to the parameters of a template, and where it says so.

use std::sync::Arc;

use super::source::{Source, Span};

/// A value that a deployment gives to a parameter or variable.
#[derive(Clone, Debug)]
pub struct Given {
    pub name: String,
    pub value: GivenValue,
    /// The text that says so: a file, or the command line.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
    /// The only template that it is given to, where it names one: its path from the root of the repository.
    pub template: Option<Arc<str>>,
}

/// What is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenValue {
    /// What only the deployment knows: what a step before it made.
    Unknown,
    /// The value that the stack has, which only the deployment knows.
    Previous,
    Null,
    Bool(bool),
    /// A number, as its digits.
    Number(String),
    Text(String),
    /// A text of the command line, which the variable's type makes a text or an expression.
    Argument(String),
    List(Vec<GivenValue>),
    Map(Vec<(String, GivenValue)>),
}

impl Given {
    /// The command line as a text of its own, so that what it says has a place.
    pub const COMMAND_LINE: &'static str = "<command line>";

    /// Where it stands, for a message: `params/prod.json:4`, or the command line.
    #[must_use]
    pub fn origin(&self) -> String {
        let name = self.source.name();
        if **name == *Self::COMMAND_LINE {
            return "on the command line".to_owned();
        }
        format!("in {name}:{}", self.source.position(self.span.start).line)
    }
}

impl GivenValue {
    /// Whether only the deployment knows it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown | Self::Previous)
    }

    /// The text that CloudFormation takes it for: the parts of a list stand between commas. Nothing for a map.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Unknown | Self::Previous | Self::Null | Self::Map(_) => None,
            Self::Bool(holds) => Some(holds.to_string()),
            Self::Number(text) | Self::Text(text) | Self::Argument(text) => Some(text.clone()),
            Self::List(items) => {
                let texts: Option<Vec<String>> = items.iter().map(Self::text).collect();
                Some(texts?.join(","))
            }
        }
    }
}
