//! No two types of one name, and no two files, unless there is a reason.

use std::collections::BTreeMap;

use crate::source::files;

/// Names that several types have, and why that misleads nobody.
const TYPES: [(&str, &str); 12] = [
    ("Arguments", "what clap reads, one a subcommand"),
    (
        "Entries",
        "of a node, and of a value in which names may stand",
    ),
    (
        "Entry",
        "of a folder, of a map, and of the catalogue: each is what its owner is made of",
    ),
    ("Fault", "of a rule file, and of a written reason"),
    (
        "Items",
        "of a node, and of a value in which names may stand",
    ),
    ("Location", "SARIF's own word, and where a resource stands"),
    (
        "Pattern",
        "a regular expression of a parameter, and what a path of the ledger may be",
    ),
    ("Reader", "of the configuration, and of the compiled rules"),
    (
        "Resource",
        "of one stack, borrowed, and in the graph, owned: the same thing a room later",
    ),
    (
        "Scope",
        "names that are bound: in an expression, and in a rule",
    ),
    (
        "Text",
        "a scalar with its kind, and a text of the compiled rules",
    ),
    (
        "Unseen",
        "what a plan does not say, and what a commit hides",
    ),
];

/// Names that several files have, and why the folder tells them apart.
const FILES: [(&str, &str); 26] = [
    ("baseline.rs", "a subcommand, and what it writes"),
    ("check.rs", "a subcommand, and what a rule file must hold"),
    ("collections.rs", "of YAML, and of values"),
    ("config.rs", "a subcommand, and the room that it shows"),
    (
        "expression.rs",
        "what an expression is, and CloudFormation's way to it",
    ),
    (
        "format.rs",
        "the choice of a format, and Terraform's function `format`",
    ),
    (
        "json.rs",
        "the text format: read, edited, and written by two subcommands",
    ),
    ("ledger.rs", "read by `config`, written by `edit`"),
    (
        "liabilities.rs",
        "what was found, and how it is found in a stack",
    ),
    ("liability.rs", "a subcommand, and the rules of what counts"),
    (
        "loops.rs",
        "CloudFormation's words for one, and what every loop comes to",
    ),
    ("markdown.rs", "of a check, and of the next best actions"),
    ("merge.rs", "of many reports, and of YAML's `<<`"),
    ("pretty.rs", "of a check, and of the next best actions"),
    ("questions.rs", "of `sfl init`, and of `sfl justify`"),
    ("dot.rs", "the graph for Graphviz, and the map for it"),
    (
        "reason.rs",
        "what a written reason is, how it is read, and how it is explained",
    ),
    (
        "references.rs",
        "of a plan's configuration, and of every expression",
    ),
    ("repair.rs", "of broken JSON, and of broken YAML"),
    (
        "rules.rs",
        "a subcommand, and the table of the configuration",
    ),
    ("rung.rs", "what a rung is, and how it is explained"),
    (
        "scan.rs",
        "a subcommand, what it writes, and a reader of YAML's letters",
    ),
    ("since.rs", "what is compared, and how two formats show it"),
    ("test.rs", "a subcommand, and the test of a rule"),
    (
        "unseen.rs",
        "what a plan does not say, and what a commit hides",
    ),
    ("yaml.rs", "the text format: read, and edited"),
];

/// Names of several owners that neither list explains, and explanations that nothing needs any more.
fn unexplained(owners: &BTreeMap<String, Vec<String>>, explained: &[(&str, &str)]) -> Vec<String> {
    let explains = |name: &str| explained.iter().any(|(known, _)| *known == name);
    let several = owners.iter().filter(|(_, owners)| owners.len() > 1);
    let mut wrong: Vec<String> = several
        .filter(|(name, _)| !explains(name))
        .map(|(name, owners)| format!("{name}: {}", owners.join(", ")))
        .collect();
    let idle = explained
        .iter()
        .filter(|(name, _)| owners.get(*name).is_none_or(|owners| owners.len() < 2));
    wrong.extend(idle.map(|(name, _)| format!("{name} has one owner by now")));
    wrong
}

#[test]
fn no_two_types_have_one_name_without_a_reason() {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files() {
        for (number, line) in &file.lines {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["pub", "struct" | "enum" | "trait" | "type", name, ..] = words[..] {
                let end = name.find(|c: char| !c.is_alphanumeric() && c != '_');
                let name = name[..end.unwrap_or(name.len())].to_owned();
                let owner = format!("{}:{number}", file.path);
                owners.entry(name).or_default().push(owner);
            }
        }
    }
    assert!(owners.len() > 150, "{} types", owners.len());
    let wrong = unexplained(&owners, &TYPES);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn no_two_files_have_one_name_without_a_reason() {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files() {
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        if name != "mod.rs" {
            owners
                .entry(name.to_owned())
                .or_default()
                .push(file.path.clone());
        }
    }
    let wrong = unexplained(&owners, &FILES);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
