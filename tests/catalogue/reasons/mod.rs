//! Reasons: every fault on its own span, what a template says against a reason, and what a team sets.

mod commands;
mod contradictions;
mod faults;
mod offered;
