//! A reason written into any text: what stood there before is judged as before, and the reason settles what it was written for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfl::edit::{self, LedgerScope, WrittenReason};
use sfl::syntax;
use sfl_fuzz::{checked, memory, named};

fuzz_target!(|bytes: &[u8]| {
    let (name, rest) = named(bytes);
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let record = WrittenReason {
        because: "licence".to_owned(),
        reason: "the licence of the vendor \"counts\" physical cores: # all".to_owned(),
        owner: Some("platform".to_owned()),
        ..WrittenReason::default()
    };
    let scope = LedgerScope {
        path: Some("a.yaml".to_owned()),
        address: "Web".to_owned(),
        root: None,
        entry: None,
    };
    if let Ok(edits) = edit::ledger(text, &scope, &record) {
        let after = edit::apply(text, &edits);
        let read: Result<toml::Table, _> = after.parse();
        assert!(read.is_ok(), "what was TOML is TOML afterwards");
    }
    let before = checked(memory().with(name, text));
    let open = before.decisions.iter().find(|one| {
        one.justification.is_none() && one.block.start < one.block.end && &*one.path == name
    });
    let Some(decision) = open.filter(|_| {
        before
            .findings
            .iter()
            .all(|one| one.code.group() != "source")
    }) else {
        return;
    };
    let document = match name {
        "stack.yaml" => syntax::yaml(text).ok(),
        "stack.json" | "main.tf.json" => syntax::json(text).ok(),
        "main.tf" => Some(syntax::hcl(text).document),
        _ => None,
    };
    let Some(document) = document else { return };
    let edits = match name {
        "main.tf" | "main.tf.json" => edit::terraform(&document, decision.block, &record),
        _ => edit::cloudformation(&document, decision.block, &record),
    };
    let Ok(edits) = edits else { return };
    let written = edit::apply(text, &edits);
    let after = checked(memory().with(name, written.as_str()));
    let places = |analysis: &sfl::Analysis| -> Vec<_> {
        let all = analysis.decisions.iter();
        all.map(|one| (one.address.clone(), one.rung)).collect()
    };
    assert_eq!(
        places(&before),
        places(&after),
        "a reason moves no decision:\n{written}"
    );
});
