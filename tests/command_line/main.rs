//! The command line: the built program, run as people run it, in folders and repositories that the tests make.

mod baseline;
mod cdk;
mod cdk_assets;
mod cli;
mod context;
mod deployment;
mod fix;
mod folder;
mod graph;
mod handed_down;
mod init;
mod justify;
mod justify_instances;
mod justify_leaving;
mod left_out;
mod liability;
mod lsp;
mod lsp_asked;
mod lsp_bytes;
mod lsp_completed;
mod lsp_panic;
mod map;
mod map_moved;
mod map_shapes;
mod markdown;
mod misfits;
mod module_calls;
mod moved;
mod named;
mod next;
mod next_applied;
mod next_shapes;
mod overrides;
mod own_rules;
mod owners;
mod plan_source;
mod purpose;
mod ratchet;
mod refused;
mod roots;
mod rules_cli;
mod since;
mod terraform;
mod terraform_called;
mod terraform_fetched;
mod terraform_files;
mod terraform_links;
mod trend;
mod unread;
mod wheel;

#[path = "../repository/mod.rs"]
mod repository;
#[path = "../tools/mod.rs"]
mod tools;
