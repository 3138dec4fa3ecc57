//! Rules that test themselves: the examples of rule files, run, and what came out beside what was expected.

use std::borrow::Cow;

use super::Options;
use crate::placement::Decision;
use crate::rulebook::catalogue;
use crate::rulebook::file::RuleFile;
use crate::workspace::stack;

/// A small template of a rule, and every decision that must be found in it.
#[derive(Clone, Debug)]
pub struct Example<'e> {
    pub file: Cow<'e, str>,
    pub rule: Cow<'e, str>,
    /// Which one of the rule's, from 1.
    pub number: usize,
    /// CloudFormation YAML, or Terraform JSON.
    pub template: Cow<'e, str>,
    /// The byte of the file at which it begins, where the file is at hand.
    pub start: Option<usize>,
    /// Each as `address ladder rung`, sorted.
    pub expect: Vec<Cow<'e, str>>,
}

/// An example that was run.
#[derive(Debug)]
pub struct ExampleRun<'e> {
    pub example: Example<'e>,
    /// What was found, spelled as in `expect`, sorted.
    pub found: Vec<String>,
    /// Why the template could not be looked at as a whole.
    pub problems: Vec<String>,
    /// What was found.
    pub decisions: Vec<Decision>,
}

/// The examples of the built-in rules.
#[must_use]
pub fn built_in() -> Vec<Example<'static>> {
    let all = catalogue::examples().map(|body| Example {
        file: body.file,
        rule: body.rule,
        number: body.number,
        template: body.template,
        start: None,
        expect: sorted(body.expect),
    });
    all.collect()
}

#[must_use]
pub fn examples(files: &[(String, RuleFile)]) -> Vec<Example<'_>> {
    let mut all = Vec::new();
    for (file, content) in files {
        for rule in &content.rules {
            let examples = rule.examples.iter().zip(1..);
            all.extend(examples.map(|(example, number)| Example {
                file: file.into(),
                rule: (&rule.name).into(),
                number,
                template: example.template.get_ref().into(),
                start: Some(example.template.span().start),
                expect: sorted(example.expect.iter().map(Cow::from).collect()),
            }));
        }
    }
    all
}

fn sorted(mut expect: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    expect.sort_unstable();
    expect
}

impl<'e> Example<'e> {
    /// `rules/aws/cache.toml: dax-cluster, example 1`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}: {}, example {}", self.file, self.rule, self.number)
    }

    /// Judges the template.
    #[must_use]
    pub fn run(self, options: &Options) -> ExampleRun<'e> {
        let json = self.template.trim_start().starts_with('{');
        let name = format!("example.{}", if json { "json" } else { "yaml" });
        let judged = stack::judge_text(&name, &self.template, options);
        let mut found: Vec<String> = judged.decisions.iter().map(spelled).collect();
        found.sort_unstable();
        let mut problems: Vec<String> = judged.problems.iter().map(ToString::to_string).collect();
        if judged.read.is_empty() && problems.is_empty() {
            problems.push("was not read as a template".to_owned());
        }
        let unknown = judged.unknown_types.keys();
        problems.extend(unknown.map(|kind| format!("knows no type `{kind}`")));
        ExampleRun {
            example: self,
            found,
            problems,
            decisions: judged.decisions,
        }
    }
}

impl ExampleRun<'_> {
    /// Whether it came out as expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.problems.is_empty() && self.found == self.example.expect
    }
}

/// As in `expect`.
fn spelled(decision: &Decision) -> String {
    let (address, ladder) = (&decision.address, &decision.ladder().name);
    format!("{address} {ladder} {}", decision.rung.number())
}
