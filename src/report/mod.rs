//! A report becomes bytes: one file a format, each a pure function of the same [`Report`].

use std::collections::BTreeMap;
use std::time::Duration;

use crate::finding::Finding;
use crate::ladder::Decision;

pub mod json;
pub mod pretty;
mod snippet;
pub mod summary;
pub mod visible;

/// Everything that a run found, in a stable order.
#[derive(Debug, Default)]
pub struct Report {
    /// Every hosting choice, rung 1 too, by path and order of writing.
    pub decisions: Vec<Decision>,
    /// Everything to say, by path and place.
    pub findings: Vec<Finding>,
    /// Templates that were read, by the path that is shown.
    pub read: Vec<String>,
    /// Files that were looked at and are no templates.
    pub skipped: usize,
    /// Named files that are no templates.
    pub not_templates: Vec<String>,
    /// Inputs that could not be read; their findings have a code `source/...`.
    pub unreadable: usize,
    /// Types that the catalogue does not know, with how often they occur.
    pub unknown_types: BTreeMap<String, usize>,
    /// How long it took.
    pub elapsed: Duration,
}

#[cfg(test)]
mod sample;
