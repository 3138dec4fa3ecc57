//! What somebody wrote down about a component of the map.

use std::sync::Arc;

/// A component that is placed by hand, and where that is written.
#[derive(Clone, Debug, PartialEq)]
pub struct HandPlace {
    /// The configuration.
    pub path: Arc<str>,
    pub line: u32,
    /// The component, by its name on the map; else decisions are named elsewhere.
    pub component: Option<String>,
    /// From 0 (left) to 1 (right).
    pub evolution: Option<f64>,
    /// From 0 (nobody sees it) to 1 (who comes in).
    pub visibility: Option<f64>,
    /// What it is called instead.
    pub label: Option<String>,
    /// It does not stand on the map.
    pub is_hidden: bool,
}
