//! Any bytes as a file of any kind: every syntax, expressions, comments, plans; and then every report on it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sfl_fuzz::{checked, memory, named, some_report};

fuzz_target!(|bytes: &[u8]| {
    let (name, rest) = named(bytes);
    some_report(checked(memory().with(name, rest)), bytes.len());
});
