//! A property that leads to what can't be seen: a plan knows it only after apply, and none of its resources are there. What it names
//! may say of the decision whatever a rule asks of it.

use super::Classifier;
use crate::blocks::{Cause, Dialect};
use crate::eval::{Resolver, Value};
use crate::placement::hidden::dotted;
use crate::placement::outcome::Outcome;
use crate::rulebook::{Link, Rule};

/// What comes of a decision where what can't be seen is asked, too.
pub(super) struct Beyond {
    pub(super) outcome: Outcome,
    /// Why it is open.
    pub(super) doubt: String,
}

impl<'t> Classifier<'_, '_, 't> {
    /// What comes of a decision if what can't be seen is whatever a rule asks for; nothing where all of it is seen.
    pub(super) fn beyond(&self, at: usize, rule: &Rule) -> Option<Beyond> {
        if self.template.dialect != Dialect::Plan || rule.joins.is_empty() {
            return None;
        }
        let resolver = Resolver::new(self.template);
        let mut doubt = None;
        let joins = rule.joins.iter().map(|join| {
            let property = self.hides_end(at, rule, &join.link, &resolver)?;
            doubt.get_or_insert_with(|| format!("the plan knows `{property}` only after apply"));
            Some(Cause::AfterApply)
        });
        let beyond: Vec<Option<Cause>> = joins.collect();
        let doubt = doubt?;
        let mut premises = self.premises(at)?;
        premises.beyond = beyond;
        let outcome = self.evaluate(&premises, &[], false)?;
        Some(Beyond { outcome, doubt })
    }

    /// The property of a link that leads to what can't be seen.
    fn hides_end(
        &self,
        at: usize,
        rule: &Rule,
        link: &Link,
        resolver: &Resolver<'_, 't>,
    ) -> Option<String> {
        // A text that can't be seen may have nothing to do with any of them.
        let is_text = link.between.is_some() || !link.signs.is_empty();
        let property = link.through.as_ref().filter(|_| !is_text)?;
        let resource = &self.template.resources[at];
        let paths = property.paths(self.template.dialect, &resource.kind);
        let is_same = |other: &&Link| {
            let theirs = other.through.as_ref();
            let theirs = theirs.map(|other| other.paths(self.template.dialect, &resource.kind));
            theirs.is_some_and(|theirs| theirs.iter().any(|path| paths.contains(path)))
        };
        let mut links = rule.joins.iter().map(|join| &join.link).filter(is_same);
        if links.any(|link| self.joins.leads_on(at, link)) {
            return None;
        }
        let mut hidden = paths.iter().filter(|path| {
            resolver.refuel();
            let found = resolver.at_path(resource, path);
            let mut found = found.iter();
            found.any(|found| matches!(found.value, Value::Unknown(Cause::AfterApply)))
        });
        hidden.next().map(|path| dotted(path))
    }
}
