//! Where the project's own pages stand: a link to a ladder and its rungs leads there.

use crate::analysis::{Decision, has_built_in_ladder};
use crate::base::Code;
use crate::base::finding::Finding;

/// The folder with the project's pages, as a URL without a slash at its end.
///
/// A program that was built without knowing its pages has none, and its reports have no links to pages of the project; what they
/// say is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages(Option<&'static str>);

impl Pages {
    /// A folder of pages.
    #[must_use]
    pub const fn at(url: &'static str) -> Self {
        Self(Some(url))
    }

    /// The pages that the program was built with: the pages of the same version.
    #[must_use]
    pub const fn built_in() -> Self {
        Self(option_env!("SFL_PAGES"))
    }

    /// The folder.
    #[must_use]
    pub const fn url(self) -> Option<&'static str> {
        self.0
    }

    /// The page about a decision: that of its ladder, at its rung. A rule of the reader's own has none.
    #[must_use]
    pub fn of_decision(self, decision: &Decision) -> Option<String> {
        if !decision.has_built_in_rule() {
            return None;
        }
        let (ladder, rung) = (&decision.ladder().name, decision.rung);
        self.page(&format!(
            "rules/{ladder}.md#{}-{}",
            rung.number(),
            rung.name()
        ))
    }

    /// The page about a finding: that of the decision's ladder, or of reasons.
    #[must_use]
    pub fn of_finding(self, finding: &Finding, decision: Option<&Decision>) -> Option<String> {
        if finding.code.is_about_reasons() {
            return self.page("justifications.md");
        }
        self.of_decision(decision?)
    }

    /// The page about a code, for a reader who wants to know what it means.
    #[must_use]
    pub fn of_code(self, code: &Code) -> Option<String> {
        match code {
            Code::Justification(_) => self.page("justifications.md"),
            Code::Fallback { ladder, .. } if has_built_in_ladder(ladder.as_str()) => {
                self.page(&format!("rules/{}.md", ladder.as_str()))
            }
            _ => None,
        }
    }

    fn page(self, page: &str) -> Option<String> {
        Some(format!("{}/{page}", self.0?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Rung;
    use crate::base::{JustificationCode, SourceCode};
    use crate::placement::CATALOGUE;
    use crate::report::sample;
    use std::fs;
    use std::sync::Arc;

    #[test]
    fn every_link_leads_to_a_page() {
        let pages = Pages::at(concat!(env!("CARGO_MANIFEST_DIR"), "/docs"));
        let there = |page: Option<String>| {
            let page = page.unwrap_or_default();
            let (page, anchor) = page.split_once('#').unwrap_or((&page, ""));
            let heading = format!("\n## {}\n", anchor.replacen('-', " ", 1));
            fs::read_to_string(page).is_ok_and(|text| anchor.is_empty() || text.contains(&heading))
        };
        let mut decision = sample::report().decisions.remove(0);
        for rule in CATALOGUE.rules() {
            decision.rule = Arc::clone(rule);
            for rung in rule.reachable() {
                decision.rung = rung;
                assert!(
                    there(pages.of_decision(&decision)),
                    "{} {rung:?}",
                    rule.name
                );
            }
        }
        for ladder in CATALOGUE.ladders() {
            let code = Code::fallback(ladder.name.clone(), Rung::Server);
            assert!(there(pages.of_code(&code)));
        }
        assert!(there(
            pages.of_code(&Code::Justification(JustificationCode::Expired))
        ));
        assert_eq!(pages.of_code(&Code::Source(SourceCode::Yaml)), None);
        assert_eq!(Pages::default().of_decision(&decision), None);
    }

    #[test]
    fn a_rule_of_the_reader_has_no_page() {
        let report = sample::report();
        assert_eq!(Pages::at("x").of_decision(&report.decisions[0]), None);
    }
}
