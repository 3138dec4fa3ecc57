//! Any bytes as configuration, ledger, rules and ignore file beside a template. Parts are told apart by a line of `----`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfl::Workspace;
use sfl_fuzz::{checked, memory, some_report};
use std::sync::Arc;

const TEMPLATE: &str = "\
Resources:
  Web:
    Type: AWS::EC2::Instance
  Orders: # sfl: because=licence reason=\"the licence of the vendor counts physical cores\"
    Type: AWS::RDS::DBInstance
    Properties: {Engine: oracle-ee}
  Own: {Type: Custom::Thing, Properties: {Mode: fast}}
";

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut parts = text.split("\n----\n");
    let mut next = || parts.next().unwrap_or_default();
    let memory = memory()
        .with("stacks/stack.yaml", TEMPLATE)
        .with("sfl.toml", next())
        .with("reasons.toml", next())
        .with("rules/own.toml", next())
        .with(".gitignore", next())
        .with("CODEOWNERS", next());
    let mut workspace = Workspace::new(Arc::new(memory.clone()));
    // What is wrong in it is an answer; that there is one is what counts.
    let _ = workspace.diagnose().map(|_| ());
    some_report(checked(memory), bytes.len());
});
