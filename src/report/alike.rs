//! Findings that one explanation fits, put together: by code, then by what is there to say of each. The worst stands last, where
//! the eye of who reads a terminal ends.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use crate::analysis::{Decision, Rung, rung_words};
use crate::base::Code;
use crate::base::finding::{Finding, Section, Severity};
use crate::compare::Compared;

/// The findings of one code and weight.
pub struct CodeFindings<'r> {
    pub code: &'r Code,
    pub severity: Severity,
    /// A part of the job could not be done.
    pub is_fault: bool,
    /// Those that most findings are of stand last.
    pub kinds: Vec<AlikeFindings<'r>>,
}

impl CodeFindings<'_> {
    /// How many findings there are.
    pub fn count(&self) -> usize {
        self.kinds.iter().map(|kind| kind.all.len()).sum()
    }
}

impl CodeFindings<'_> {
    /// What a code says of all that have it.
    pub fn meaning(&self, number: usize) -> String {
        let says = self.code.meaning().map_or("", |(says, _)| says);
        let says = says.split_once(". ").map_or(says, |(first, _)| first);
        let says = says.trim_end_matches('.');
        let mut letters = says.chars();
        let first = letters.next().into_iter().flat_map(char::to_lowercase);
        let says: String = first.chain(letters).collect();
        match number {
            1 => says,
            number => format!("{number} times: {says}"),
        }
    }
}

impl AlikeFindings<'_> {
    /// What all of a kind are, as in "each of these 12 is an EC2 instance"; none where they differ in that.
    pub fn predicate(&self) -> Option<&str> {
        let says: BTreeSet<&str> = self.all.iter().map(|one| one.says).collect();
        let is_named = self.all.iter().all(|one| one.name.is_some());
        says.first()
            .copied()
            .filter(|_| says.len() == 1 && is_named)
    }

    /// The text to copy in each form that the files ask for, without what is one resource's own, and the first file that asks for it.
    pub fn forms(&self, section: Section) -> Vec<(&str, String)> {
        let mut forms: Vec<(&str, String)> = Vec::new();
        for one in &self.all {
            let help = one.finding.help.iter();
            for help in help.filter(|help| help.section == section) {
                let lines = help.text.lines().map(|line| match line.split_once(" = ") {
                    Some((key @ ("address" | "path"), _)) => format!("{key} = \"...\""),
                    _ => line.to_owned(),
                });
                let form = lines.collect::<Vec<_>>().join("\n");
                if !forms.iter().any(|(_, known)| *known == form) && forms.len() < FORMS {
                    forms.push((&**one.finding.path(), form));
                }
            }
        }
        forms
    }

    /// The headline for all of a kind: `each of these 12 is an EC2 instance: rung 4 of 4 on the compute ladder, ...`.
    pub fn headline(&self, section: &CodeFindings<'_>) -> String {
        let number = self.all.len();
        let rung = self.all.first().and_then(FindingParts::asked);
        match (self.predicate(), rung) {
            (Some(says), rung) => {
                let rung = rung.map(|rung| format!(": {rung}")).unwrap_or_default();
                format!("each of these {number} {says}{rung}")
            }
            (None, Some(rung)) => format!("{number} fallbacks: {rung}"),
            (None, None) => section.meaning(number),
        }
    }
}

/// Forms of a reason to copy that are shown.
const FORMS: usize = 3;

/// Findings that share their explanation, by path and place.
pub struct AlikeFindings<'r> {
    pub all: Vec<FindingParts<'r>>,
}

/// A finding, and its message taken apart: what it is about, what it says of that, and what is special here.
pub struct FindingParts<'r> {
    pub finding: &'r Finding,
    pub decision: Option<&'r Decision>,
    /// `Web`; none where the message begins with something else.
    pub name: Option<Cow<'r, str>>,
    /// `is an EC2 instance`, or the whole message.
    pub says: &'r str,
    /// `, under the condition `IsProd``; may be empty.
    pub rest: &'r str,
}

impl<'r> FindingParts<'r> {
    fn of(finding: &'r Finding, decision: Option<&'r Decision>) -> Self {
        let message = finding.message.as_str();
        let asks = decision.filter(|_| matches!(finding.code, Code::Fallback { .. }));
        let name = decision.map(Decision::name_and_root);
        let name = name.or_else(|| finding.name().map(Cow::Borrowed));
        let told = name.as_ref().and_then(|name| {
            let rest = message.strip_prefix(&**name)?;
            rest.strip_prefix(' ')
        });
        let Some(told) = told else {
            return Self {
                finding,
                decision,
                name: None,
                says: message,
                rest: "",
            };
        };
        let end = asks.map(|decision| format!(": {}", rung_words(decision)));
        let told = end.map_or(told, |end| told.strip_suffix(&*end).unwrap_or(told));
        let says = asks.and_then(Decision::says);
        let (says, rest) = match says.and_then(|says| told.strip_prefix(says)) {
            Some(rest) => told.split_at(told.len() - rest.len()),
            None => (told, ""),
        };
        Self {
            finding,
            decision,
            name,
            says,
            rest,
        }
    }

    /// `rung 4 of 4 on the compute ladder, and nobody wrote down why`.
    pub fn asked(&self) -> Option<String> {
        let is_fallback = matches!(self.finding.code, Code::Fallback { .. });
        self.decision.filter(|_| is_fallback).map(rung_words)
    }

    /// Help that is not special here.
    fn shared(&self) -> impl Iterator<Item = (Section, &'r str)> {
        let help = self.finding.help.iter();
        let help = help.filter(|help| !is_special(help.section) && !is_to_copy(help.section));
        help.map(|help| (help.section, help.text.as_str()))
    }
}

/// Whether a paragraph speaks of one resource only.
pub const fn is_special(section: Section) -> bool {
    matches!(
        section,
        Section::Members
            | Section::NotSure
            | Section::Reachable
            | Section::Against
            | Section::Context
    )
}

/// Whether a paragraph is to be copied: its words hang on the file, not on what was chosen.
pub const fn is_to_copy(section: Section) -> bool {
    matches!(section, Section::SayWhy | Section::SayWhen)
}

/// What makes findings alike.
#[derive(PartialEq, Eq, Hash)]
struct Likeness<'r> {
    rule: Option<&'r str>,
    label: &'r str,
    help: Vec<(Section, &'r str)>,
    /// Of what is no fallback, all that is said.
    says: Option<&'r str>,
}

impl<'r> Likeness<'r> {
    fn of(parts: &FindingParts<'r>) -> Self {
        let is_fallback = matches!(parts.finding.code, Code::Fallback { .. });
        Self {
            rule: parts.decision.map(|decision| &*decision.rule.name),
            label: &parts.finding.label,
            help: parts.shared().collect(),
            says: parts
                .name
                .as_ref()
                .map(|_| parts.says)
                .filter(|_| !is_fallback),
        }
    }
}

/// All findings of a report, each once.
pub fn of(report: &Compared) -> Vec<CodeFindings<'_>> {
    let mut sections: Vec<CodeFindings<'_>> = Vec::new();
    let mut places: HashMap<(String, Severity), (usize, HashMap<Likeness<'_>, usize>)> =
        HashMap::new();
    for finding in &report.findings {
        let parts = FindingParts::of(finding, report.decision(finding));
        let key = (finding.code.to_string(), finding.severity);
        let (at, kinds) = places.entry(key).or_insert_with(|| {
            sections.push(CodeFindings {
                code: &finding.code,
                severity: finding.severity,
                is_fault: finding.is_fault(),
                kinds: Vec::new(),
            });
            (sections.len() - 1, HashMap::new())
        });
        let section = &mut sections[*at];
        let kind = *kinds.entry(Likeness::of(&parts)).or_insert_with(|| {
            section.kinds.push(AlikeFindings { all: Vec::new() });
            section.kinds.len() - 1
        });
        section.kinds[kind].all.push(parts);
    }
    for section in &mut sections {
        // Those of one number stay in the order of their first places.
        section.kinds.sort_by_key(|kind| kind.all.len());
    }
    sections.sort_by_key(|section| {
        let rung = match section.code {
            Code::Fallback { rung, .. } => Some(*rung),
            _ => None::<Rung>,
        };
        (
            section.is_fault,
            section.severity,
            rung,
            section.code.clone(),
        )
    });
    sections
}
