//! Rules that test themselves: the examples of rule files, run, and what came out beside what was expected.

use crate::Options;
use crate::placement::Decision;
use crate::rulebook::rulefile::RuleFile;
use crate::workspace::stack;

/// A small template of a rule, and every decision that must be found in it.
#[derive(Clone, Debug)]
pub struct Example<'e> {
    /// The rule file.
    pub file: &'e str,
    /// The rule.
    pub rule: &'e str,
    /// Which one of the rule's, from 1.
    pub number: usize,
    /// CloudFormation YAML, or Terraform JSON.
    pub template: &'e str,
    /// The byte of the file at which it begins, where the file is at hand.
    pub start: Option<usize>,
    /// Each as `address ladder rung`, sorted.
    pub expect: Vec<&'e str>,
}

/// An example that was run.
#[derive(Debug)]
pub struct Trial<'e> {
    /// The example.
    pub example: Example<'e>,
    /// What was found, spelled as in `expect`, sorted.
    pub found: Vec<String>,
    /// Why the template could not be looked at as a whole.
    pub problems: Vec<String>,
    /// What was found.
    pub decisions: Vec<Decision>,
}

include!(concat!(env!("OUT_DIR"), "/examples.rs"));

/// The examples of the built-in rules.
#[must_use]
pub fn built_in() -> Vec<Example<'static>> {
    let all = EXAMPLES.iter();
    all.map(|(file, rule, number, template, expect)| {
        Example::new(file, rule, *number, template, expect.to_vec())
    })
    .collect()
}

/// The examples of rule files.
#[must_use]
pub fn examples(files: &[(String, RuleFile)]) -> Vec<Example<'_>> {
    let mut all = Vec::new();
    for (file, content) in files {
        for rule in &content.rules {
            for (at, example) in rule.examples.iter().enumerate() {
                let expect = example.expect.iter().map(String::as_str).collect();
                let template = example.template.get_ref();
                all.push(Example {
                    start: Some(example.template.span().start),
                    ..Example::new(file, &rule.name, at + 1, template, expect)
                });
            }
        }
    }
    all
}

impl<'e> Example<'e> {
    fn new(
        file: &'e str,
        rule: &'e str,
        number: usize,
        template: &'e str,
        mut expect: Vec<&'e str>,
    ) -> Self {
        expect.sort_unstable();
        Self {
            file,
            rule,
            number,
            template,
            start: None,
            expect,
        }
    }

    /// `rules/cache.toml: dax-cluster, example 1`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}: {}, example {}", self.file, self.rule, self.number)
    }

    /// Judges the template.
    #[must_use]
    pub fn run(self, options: &Options) -> Trial<'e> {
        let json = self.template.trim_start().starts_with('{');
        let name = format!("example.{}", if json { "json" } else { "yaml" });
        let judged = stack::judge_text(&name, self.template, options);
        let mut found: Vec<String> = judged.decisions.iter().map(spelled).collect();
        found.sort_unstable();
        let mut problems: Vec<String> = judged.problems.iter().map(ToString::to_string).collect();
        if judged.read.is_empty() && problems.is_empty() {
            problems.push("was not read as a template".to_owned());
        }
        let unknown = judged.unknown_types.keys();
        problems.extend(unknown.map(|kind| format!("knows no type `{kind}`")));
        Trial {
            example: self,
            found,
            problems,
            decisions: judged.decisions,
        }
    }
}

impl Trial<'_> {
    /// Whether it came out as expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.problems.is_empty() && self.found == self.example.expect
    }
}

/// As in `expect`.
fn spelled(decision: &Decision) -> String {
    let (address, ladder) = (&decision.address, decision.ladder().name);
    format!("{address} {ladder} {}", decision.rung.number())
}
