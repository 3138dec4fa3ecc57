//! Where the project's own pages stand: a link to a rule leads there.

use crate::finding::Finding;
use crate::ladder::{CATALOGUE, Decision, Rule};

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
        let own = |known: &Rule| known.name == rule.name && known.types == rule.types;
        CATALOGUE.rules.iter().find(|known| own(known))?;
        self.page(&format!("rules/{}/{}.md", rule.ladder().name, rule.name))
    }

    /// The page about a finding: that of the decision's rule, or of reasons.
    #[must_use]
    pub fn of_finding(self, finding: &Finding, decision: Option<&Decision>) -> Option<String> {
        if finding.code.starts_with("justification/") {
            return self.page("justifications.md");
        }
        self.of_decision(decision?)
    }

    /// The page about a code, for a reader who wants to know what it means.
    #[must_use]
    pub fn of_code(self, code: &str) -> Option<String> {
        match code.split_once('/')? {
            ("justification", _) => self.page("justifications.md"),
            (ladder, _) if CATALOGUE.ladder(ladder).is_some() => {
                self.page(&format!("rules/{ladder}.md"))
            }
            _ => None,
        }
    }

    fn page(self, page: &str) -> Option<String> {
        Some(format!("{}/{page}", self.0?))
    }
}
