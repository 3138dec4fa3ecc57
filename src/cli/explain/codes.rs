//! Codes that belong to no ladder: what is wrong with a reason, an input or a configuration.

/// One code.
#[derive(Debug)]
pub struct Fault {
    /// As in a finding.
    pub code: &'static str,
    /// What it says.
    pub means: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// All of them.
pub const FAULTS: &[Fault] = &[
    fault(
        "justification/empty",
        "The record stands there, but it says nothing.",
        "Write `because` and `reason`, or take it away.",
    ),
    fault(
        "justification/placeholder",
        "The reason is no reason: TODO, tbd, a bare ticket number, or a word or two.",
        "Write the sentence that you would say in a review.",
    ),
    fault(
        "justification/unknown-kind",
        "`because` is none of the kinds that sfl knows.",
        "Take the nearest kind; the words of `reason` say the rest.",
    ),
    fault(
        "justification/missing-field",
        "A field is missing that this record needs.",
        "Add it. `migration` and `skills` are ways to get going and need `expires`.",
    ),
    fault(
        "justification/expired",
        "The reason has ended, so the fallback needs one again.",
        "Climb, or look at it again and set a new end.",
    ),
    fault(
        "justification/too-far",
        "The end lies further away than the configuration allows.",
        "Set an end within the limit.",
    ),
    fault(
        "justification/no-evidence",
        "The evidence is no URL and no file that exists.",
        "Correct it, or take it away.",
    ),
    fault(
        "justification/contradicted",
        "The template itself speaks against the reason.",
        "Correct the template or the reason: one of them is out of date.",
    ),
    fault(
        "justification/unused",
        "The reason settles nothing any more.",
        "Take it away, or correct the path and address that it names.",
    ),
    fault(
        "justification/duplicate",
        "More than one reason speaks of the same decision; the strictest counts.",
        "Keep one.",
    ),
    fault(
        "source/unreadable",
        "The input could not be opened.",
        "The message is the system's own; the exit code is 2.",
    ),
    fault(
        "source/yaml",
        "The file is a template, but its YAML can't be read.",
        "Correct it at the place shown; the exit code is 2.",
    ),
    fault(
        "source/json",
        "The file is a template, but its JSON can't be read.",
        "Correct it at the place shown; the exit code is 2.",
    ),
    fault(
        "source/encoding",
        "The file is a template, but its bytes are no text that sfl can read.",
        "Save it as UTF-8; the exit code is 2.",
    ),
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
