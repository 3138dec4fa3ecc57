//! The graph, for programs and for drawing: functions of the same [`Graph`].

use std::io::{self, Write};

use crate::analysis::Graph;
use crate::analysis::graph::ResourceRole;

mod dot;
mod json;

pub(in crate::report) use dot::{colour, quoted};
pub(in crate::report) use json::parts;

/// A format of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraphFormat {
    /// For programs: one object, sfl-graph/1.
    Json,
    /// For Graphviz: a cluster a stack.
    Dot,
}

impl GraphFormat {
    /// In the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Json, Self::Dot];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Dot => "dot",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Json => "For programs: one object, sfl-graph/1",
            Self::Dot => "For Graphviz: a cluster for each stack",
        }
    }

    /// Writes a graph.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(self, graph: &Graph, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Json => json::write(graph, out),
            Self::Dot => dot::write(graph, out),
        }
    }
}

/// `decision`, `member`, `plumbing` or `unknown`.
fn role_name(role: &ResourceRole) -> &'static str {
    match role {
        ResourceRole::Decision { .. } => "decision",
        ResourceRole::Member { .. } => "member",
        ResourceRole::Plumbing => "plumbing",
        ResourceRole::Unknown => "unknown",
    }
}
