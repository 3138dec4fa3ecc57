//! Codes that belong to no ladder: what is wrong with a reason, an input or a configuration.

/// One code.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// As in a finding.
    pub code: &'static str,
    /// What it says.
    pub means: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// All of them; those about reasons are `justify`'s, those about inputs stand where a problem becomes a finding.
pub fn all() -> impl Iterator<Item = Fault> {
    let elsewhere = crate::reasons::CODES
        .iter()
        .chain(&crate::base::finding::CODES);
    let elsewhere = elsewhere.map(|(code, means, remedy)| fault(code, means, remedy));
    elsewhere.chain(FAULTS.iter().copied())
}

const FAULTS: &[Fault] = &[
    fault(
        "config/toml",
        "The configuration is no TOML.",
        "Correct it at the place shown.",
    ),
    fault(
        "config/unknown-key",
        "The configuration has a key that sfl does not know.",
        "Take one of the keys that the finding names.",
    ),
    fault(
        "config/type",
        "A key of the configuration holds the wrong kind of value.",
        "Correct it as the finding says.",
    ),
    fault(
        "config/missing-key",
        "A table of a rule file lacks a key that it needs.",
        "Add it.",
    ),
    fault(
        "config/rule",
        "A rule file says what can't hold: a name that nobody has, or that two have, or a condition that is none.",
        "Correct it as the finding says.",
    ),
    fault(
        "config/folder",
        "A folder of rule files can't be read, or holds none.",
        "It must be a folder inside the working tree, named from the configuration's folder.",
    ),
    fault(
        "config/value",
        "A key of the configuration holds a value that means nothing to it.",
        "Take one of those that the finding names.",
    ),
    fault(
        "config/extend",
        "The configuration that this one extends can't be read, or extends this one in turn.",
        "It must be a file inside the working tree, named from the configuration's folder.",
    ),
    fault(
        "config/glob",
        "`path` or `address` is no glob.",
        "`*` and `?` stand for anything; brackets of an address mean themselves.",
    ),
    fault(
        "config/ledger",
        "The ledger that the configuration names can't be read.",
        "It must be a file inside the working tree, named from the configuration's folder.",
    ),
    fault(
        "config/unreadable",
        "The configuration could not be opened.",
        "The message is the system's own.",
    ),
];

const fn fault(code: &'static str, means: &'static str, remedy: &'static str) -> Fault {
    Fault {
        code,
        means,
        remedy,
    }
}
