//! Where the project's own pages stand: a link to a rule leads there.

use crate::base::Code;
use crate::base::finding::Finding;
use crate::placement::{CATALOGUE, Decision};
use crate::rulebook::catalogue::Entry;

/// The folder with the project's pages, as a URL without a slash at its end.
///
/// A program that was built without knowing its home has none, and its reports have no links to pages of the project; what they
/// say is the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Home(Option<&'static str>);

impl Home {
    /// A folder of pages.
    #[must_use]
    pub const fn at(url: &'static str) -> Self {
        Self(Some(url))
    }

    /// The home that the program was built with: the pages of the same version.
    #[must_use]
    pub const fn built_in() -> Self {
        Self(option_env!("SFL_PAGES"))
    }

    /// The folder.
    #[must_use]
    pub const fn url(self) -> Option<&'static str> {
        self.0
    }

    /// The page about a decision: that of its rule. A rule of the reader's own has none.
    #[must_use]
    pub fn of_decision(self, decision: &Decision) -> Option<String> {
        let rule = decision.rule;
        let Some(Entry::Rule(at)) = CATALOGUE.entry(rule.types.first()?) else {
            return None;
        };
        let known = &CATALOGUE.rules[at];
        if known.name != rule.name || known.types != rule.types {
            return None;
        }
        self.page(&format!("rules/{}/{}.md", rule.ladder().name, rule.name))
    }

    /// The page about a finding: that of the decision's rule, or of reasons.
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
            Code::Fallback { ladder, .. } => {
                let known = CATALOGUE.ladder(ladder.as_str())?;
                self.page(&format!("rules/{}.md", known.name))
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
    use crate::base::{JustificationCode, SourceCode};
    use crate::placement::Rung;
    use crate::report::sample;
    use std::path::Path;

    #[test]
    fn every_link_leads_to_a_page() {
        let home = Home::at(concat!(env!("CARGO_MANIFEST_DIR"), "/docs"));
        let there = |page: Option<String>| page.is_some_and(|page| Path::new(&page).is_file());
        let mut decision = sample::report().decisions.remove(0);
        for rule in CATALOGUE.rules {
            decision.rule = rule;
            assert!(there(home.of_decision(&decision)), "{}", rule.name);
        }
        for ladder in CATALOGUE.ladders {
            assert!(there(
                home.of_code(&Code::fallback(ladder.name, Rung::Server))
            ));
        }
        assert!(there(
            home.of_code(&Code::Justification(JustificationCode::Expired))
        ));
        assert_eq!(home.of_code(&Code::Source(SourceCode::Yaml)), None);
        assert_eq!(Home::default().of_decision(&decision), None);
    }

    #[test]
    fn a_rule_of_the_reader_has_no_page() {
        let report = sample::report();
        assert_eq!(Home::at("x").of_decision(&report.decisions[0]), None);
    }
}
