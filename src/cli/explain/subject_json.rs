//! What a name means, for programs: `sfl-explain/1`.

use std::io::{self, Write};

use serde::Serialize;

use super::Subject;
use crate::placement::{Catalogue, Ladder, Rule, Rung};
use crate::reasons::kinds::ALL as KINDS;
use crate::report::json::write_object;
use crate::rulebook::wording::{Names, Wording};
use crate::rulebook::{Advice, Bill, Climb};

const SCHEMA: &str = "sfl-explain/1";

#[derive(Serialize)]
struct Explained<'c> {
    schema: &'static str,
    /// As it was asked for.
    name: &'c str,
    /// `ladder`, `code`, `rule`, `plumbing`, `finding` or `word`.
    kind: &'static str,
    title: String,
    /// What is said of it, a paragraph each.
    about: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ladder: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'c str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    types: Vec<&'c str>,
    /// The rungs that it speaks of, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rungs: Vec<ExplainedRung>,
    /// Of a rule: the first case that applies decides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cases: Vec<ExplainedCase>,
    /// The rules that can lead there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ExplainedChoice<'c>>,
    /// The kinds of reasons that settle a fallback; none where there is nothing to settle.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<ExplainedKind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    read_on: Vec<&'c str>,
}

#[derive(Serialize)]
struct ExplainedRung {
    rung: u8,
    name: &'static str,
    /// The provider whose words these are, where they are not the ladder's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
    /// What stands on it.
    takes: String,
    yours: String,
    /// The way up, and how big a step it is.
    climb: String,
    /// When it is fair to stay.
    fair: String,
}

#[derive(Serialize)]
struct ExplainedCase {
    rung: u8,
    name: &'static str,
    says: String,
    /// What has to hold.
    when: String,
    /// The way up from there.
    climb: Vec<String>,
}

#[derive(Serialize)]
struct ExplainedChoice<'c> {
    rule: &'c str,
    title: &'c str,
    rungs: Vec<u8>,
}

#[derive(Serialize)]
struct ExplainedKind {
    name: String,
    means: String,
}

/// Writes it.
pub fn write(
    catalogue: &Catalogue,
    name: &str,
    subject: Subject<'_>,
    out: &mut dyn Write,
) -> io::Result<()> {
    write_object(&explained(catalogue, name, subject), out)
}

fn explained<'c>(catalogue: &'c Catalogue, name: &'c str, subject: Subject<'c>) -> Explained<'c> {
    let mut page = Explained {
        schema: SCHEMA,
        name,
        kind: "ladder",
        title: String::new(),
        about: Vec::new(),
        ladder: None,
        rule: None,
        types: Vec::new(),
        rungs: Vec::new(),
        cases: Vec::new(),
        choices: Vec::new(),
        because: Vec::new(),
        read_on: Vec::new(),
    };
    match subject {
        Subject::Ladder(ladder) => {
            page.title = format!("the {} ladder", ladder.title);
            page.of_ladder(catalogue, ladder, None);
        }
        Subject::Code(ladder, rung) => {
            page.kind = "code";
            page.title = format!("rung {} of 4 on the {} ladder", rung.number(), ladder.title);
            page.of_ladder(catalogue, ladder, Some(rung));
        }
        Subject::Rule(rule, names) => page.of_rule(catalogue, rule, names),
        Subject::Plumbing(why) => {
            page.kind = "plumbing";
            page.title = format!("{name} is not a hosting choice");
            page.about.push(why.to_string());
        }
        Subject::Word(word) => {
            page.kind = "word";
            page.title = word.title();
            page.about = word.about(catalogue);
        }
        Subject::Other(code) => {
            page.kind = "finding";
            page.title = code.code.to_string();
            page.about = vec![code.means.to_owned(), code.remedy.to_owned()];
            if code.code.is_about_reasons() {
                page.because = because();
            }
        }
    }
    page
}

impl<'c> Explained<'c> {
    fn of_ladder(&mut self, catalogue: &'c Catalogue, ladder: &'c Ladder, only: Option<Rung>) {
        self.ladder = Some(&ladder.name);
        self.about.push(ladder.about.to_string());
        for rung in Rung::ALL {
            if only.is_some_and(|only| only != rung) {
                continue;
            }
            self.rungs
                .extend(of_rung(rung, None, &ladder.rungs[rung as usize]));
            for other in &ladder.elsewhere {
                let provider = Some(other.provider.to_string());
                self.rungs
                    .extend(of_rung(rung, provider, &other.rungs[rung as usize]));
            }
        }
        let rules = catalogue.rules();
        let rules = rules.filter(|rule| std::ptr::eq(rule.ladder(), ladder));
        self.choices.extend(rules.filter_map(|rule| {
            let rungs = rule.reachable();
            let is_there = !rungs.is_empty() && only.is_none_or(|only| rungs.contains(&only));
            is_there.then(|| ExplainedChoice {
                rule: &rule.name,
                title: &rule.title,
                rungs: rungs.iter().map(|rung| rung.number()).collect(),
            })
        }));
        if only != Some(Rung::Serverless) {
            self.because = because();
        }
    }

    fn of_rule(&mut self, catalogue: &'c Catalogue, rule: &'c Rule, names: Names) {
        self.kind = "rule";
        self.title = rule.title.to_string();
        self.ladder = Some(&rule.ladder().name);
        self.rule = Some(&rule.name);
        self.types = rule.types.iter().map(|kind| &**kind).collect();
        let wording = Wording {
            catalogue,
            rule,
            names,
            every_path: true,
        };
        let kind = rule.types.first().map_or("", |kind| kind);
        for (at, case) in rule.cases.iter().enumerate() {
            let climb = rule.climb(kind, at, case.rung);
            let mut lines = vec![climb.words()];
            lines.extend(climb.data_words());
            lines.extend(climb.bills.iter().map(Bill::words));
            lines.retain(|line| !line.is_empty());
            self.cases.push(ExplainedCase {
                rung: case.rung.number(),
                name: case.rung.name(),
                says: case.says.to_string(),
                when: match rule.cases.len() == 1 && case.always() {
                    true => "always".to_owned(),
                    false => wording.case(case),
                },
                climb: lines,
            });
        }
        for rung in rule.reachable() {
            let word = |word: fn(&Advice) -> &str| rule.text(rung, word).to_owned();
            self.rungs.push(ExplainedRung {
                rung: rung.number(),
                name: rung.name(),
                provider: None,
                takes: word(|advice| &advice.takes),
                yours: word(|advice| &advice.yours),
                climb: word(|advice| &advice.up),
                fair: word(|advice| &advice.fair),
            });
        }
        if rule.reachable().iter().any(|rung| *rung > Rung::Serverless) {
            self.because = because();
        }
        self.read_on = rule.docs.iter().map(|link| &**link).collect();
    }
}

/// What a ladder says of a rung; nothing where it says nothing.
fn of_rung(rung: Rung, provider: Option<String>, text: &Advice) -> Option<ExplainedRung> {
    let climb = Climb::of(std::iter::once(text)).words();
    let said = ExplainedRung {
        rung: rung.number(),
        name: rung.name(),
        provider,
        takes: text.takes.to_string(),
        yours: text.yours.to_string(),
        climb,
        fair: text.fair.to_string(),
    };
    let all = [&said.takes, &said.yours, &said.climb, &said.fair];
    let is_said = all.iter().any(|text| !text.is_empty());
    is_said.then_some(said)
}

fn because() -> Vec<ExplainedKind> {
    let all = KINDS.iter();
    all.map(|kind| ExplainedKind {
        name: kind.name.to_string(),
        means: kind.means.to_string(),
    })
    .collect()
}
