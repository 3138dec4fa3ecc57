//! One report against another: a baseline, an earlier commit.

pub mod baseline;
pub mod change;
