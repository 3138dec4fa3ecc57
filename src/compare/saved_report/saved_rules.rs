//! The rules that a report names: those at hand, else stand-ins that say no more than the report does.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::analysis::Rung;
use crate::base::finding::fingerprint;
use crate::rulebook::rule::RuleBody;
use crate::rulebook::{Advice, Case, Catalogue, Condition, Ladder, Rule};

/// Behind all ladders of a catalogue.
const LAST: usize = 1 << 40;

/// See the module.
pub struct SavedRules<'c> {
    catalogue: &'c Catalogue,
    by_name: HashMap<&'c str, &'c Arc<Rule>>,
    ladders: BTreeMap<String, Arc<Ladder>>,
    stand_ins: HashMap<(String, String, Rung, String), Arc<Rule>>,
}

impl<'c> SavedRules<'c> {
    pub fn of(catalogue: &'c Catalogue) -> Self {
        Self {
            catalogue,
            by_name: catalogue.rules().map(|rule| (&*rule.name, rule)).collect(),
            ladders: BTreeMap::new(),
            stand_ins: HashMap::new(),
        }
    }

    /// The rule of a decision, and which of its cases held.
    pub fn rule(
        &mut self,
        name: &str,
        ladder: &str,
        kind: &str,
        rung: Rung,
        says: &str,
    ) -> (Arc<Rule>, usize) {
        let known = self
            .by_name
            .get(name)
            .filter(|rule| *rule.ladder().name == *ladder);
        let case = known.and_then(|rule| {
            let mut cases = rule.cases.iter();
            cases.position(|case| case.rung == rung && *case.says == *says)
        });
        if let (Some(rule), Some(case)) = (known, case) {
            return (Arc::clone(rule), case);
        }
        let title = known.map_or_else(|| kind.to_owned(), |rule| rule.title.to_string());
        let key = (
            ladder.to_owned(),
            format!("{name} {kind}"),
            rung,
            says.to_owned(),
        );
        if let Some(rule) = self.stand_ins.get(&key) {
            return (Arc::clone(rule), 0);
        }
        let case = Case {
            rung,
            when: Condition::All(Vec::new()),
            says: says.to_owned().into(),
            doubt: None,
            or: Vec::new(),
            untried: false,
            words: Advice::default(),
        };
        let rule = Arc::new(Rule {
            ladder: self.ladder(ladder),
            body: RuleBody {
                name: name.to_owned().into(),
                title: title.into(),
                cases: vec![case],
                ..RuleBody::default()
            },
        });
        self.stand_ins.insert(key, Arc::clone(&rule));
        (rule, 0)
    }

    fn ladder(&mut self, name: &str) -> Arc<Ladder> {
        if let Some(known) = self.catalogue.ladder(name) {
            return Arc::clone(known);
        }
        let made = self.ladders.entry(name.to_owned()).or_insert_with(|| {
            // The same in every report.
            let digits = fingerprint(&[name]);
            let number = usize::from_str_radix(&digits[..8], 16).unwrap_or_default();
            Arc::new(Ladder {
                name: name.to_owned().into(),
                order: LAST + number,
                title: name.to_owned().into(),
                about: "".into(),
                rungs: Default::default(),
                elsewhere: Vec::new(),
            })
        });
        Arc::clone(made)
    }
}
