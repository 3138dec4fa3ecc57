//! Links from a rule's page to those of others.

use crate::placement::Catalogue;

/// Rules as people call them, each title once, with the place of its page beside another rule's page.
pub fn pages<'c, 'r>(
    catalogue: &'c Catalogue,
    rules: impl IntoIterator<Item = &'r usize>,
) -> Vec<(&'c str, String)> {
    let mut pages: Vec<(&str, String)> = Vec::new();
    for at in rules {
        let rule = catalogue.rule_at(*at);
        if pages.iter().all(|(title, _)| *title != rule.title) {
            let path = format!("../{}/{}.md", rule.ladder().name, rule.name);
            pages.push((&rule.title, path));
        }
    }
    pages
}
