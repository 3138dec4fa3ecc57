//! The catalogue and what it makes of templates: decisions, doubt, and the reasons that settle them.

mod agreement;
mod awscc;
mod between;
mod bills;
mod blocks;
mod both_syntaxes;
mod branches;
mod climbs;
mod cloudformation;
mod corpus;
mod counts;
mod doubt;
mod endings;
mod facts;
mod fixes;
mod fixes_beside;
mod fixtures;
mod judged;
mod lifecycle;
mod limits;
mod lookups;
mod loops;
mod membership;
mod modules;
mod names;
mod optional;
mod plans;
mod reasons;
mod replaces;
mod rules;
mod sam;
mod schema;
mod state_machines;
mod steps;
mod types;
mod unheard;
mod unlisted;
mod varied;
mod words;

#[path = "../tools/mod.rs"]
mod tools;
