//! The kinds of blocks that a configuration has at its top.

use crate::blocks::terraform::{SETTINGS, VARIABLE};

/// A kind of block at the top of a file.
pub(super) struct Form {
    pub word: &'static str,
    /// What its labels say, in words.
    pub labels: &'static [&'static str],
    /// What it may hold; nothing where that is not ours to say.
    pub holds: &'static [&'static str],
    /// What it must say, unless it overrides another.
    pub needs: &'static [&'static str],
}

/// What an `output` block may hold.
const OUTPUT: [&str; 10] = [
    "//",
    "depends_on",
    "deprecated",
    "description",
    "ephemeral",
    "postcondition",
    "precondition",
    "sensitive",
    "type",
    "value",
];

/// What Terraform itself reads in the call of a module: no variable can be called like this.
pub(super) const CALL: [&str; 8] = [
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "locals",
    "providers",
    "source",
    "version",
];

const TYPED: &[&str] = &["type", "name"];
const NAMED: &[&str] = &["name"];

const fn form(word: &'static str, labels: &'static [&'static str]) -> Form {
    Form {
        word,
        labels,
        holds: &[],
        needs: &[],
    }
}

pub(super) const FORMS: [Form; 16] = [
    form("resource", TYPED),
    form("data", TYPED),
    form("ephemeral", TYPED),
    form("action", TYPED),
    form("list", TYPED),
    form("provider", NAMED),
    form("check", NAMED),
    form("locals", &[]),
    form("language", &[]),
    form("import", &[]),
    Form {
        needs: &["from"],
        ..form("removed", &[])
    },
    Form {
        holds: &["from", "to"],
        needs: &["from", "to"],
        ..form("moved", &[])
    },
    Form {
        holds: &SETTINGS,
        ..form("terraform", &[])
    },
    Form {
        holds: &VARIABLE,
        ..form("variable", NAMED)
    },
    Form {
        holds: &OUTPUT,
        needs: &["value"],
        ..form("output", NAMED)
    },
    Form {
        needs: &["source"],
        ..form("module", NAMED)
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::terraform::{MORE, TOP};

    #[test]
    fn kinds_of_blocks_are_known_once() {
        let mut words: Vec<&str> = FORMS.iter().map(|form| form.word).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), FORMS.len());
        let all = TOP.iter().chain(&MORE);
        for word in all.filter(|word| **word != "//") {
            assert!(words.contains(word), "{word}");
        }
    }
}
