//! What a service costs that nobody uses: words with a source and the day on which somebody last read it, named by the cases
//! that stand on the service and by the ways up that lead to it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::coded::{Text, coded};
use super::lifecycle::Day;
use super::limits::Limits;

/// One as people write it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillText {
    /// A sentence: "MSK Serverless bills the cluster by the hour, used or not".
    pub says: String,
    /// The page that says so.
    pub source: String,
    /// The day on which somebody last read that page.
    pub checked: Day,
}

/// One as the program uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// As cases name it.
    pub name: Text,
    pub says: Text,
    /// The page that says so.
    pub source: Text,
    /// The day on which somebody last read that page.
    pub checked: Text,
}

coded!(Bill {
    name,
    says,
    source,
    checked
});

impl Bill {
    /// Makes one of what people wrote, which has no fault.
    #[must_use]
    pub fn of(name: &str, text: &BillText, limits: &Limits) -> Self {
        Self {
            name: name.to_owned().into(),
            says: limits.expand(&text.says).into(),
            source: text.source.clone().into(),
            checked: text.checked.text().unwrap_or_default().into(),
        }
    }

    /// As it stands below a way up.
    #[must_use]
    pub fn words(&self) -> String {
        format!("mind the bill: {}", self.says)
    }
}

/// Bills by name.
#[derive(Clone, Debug, Default)]
pub struct Bills(BTreeMap<String, Bill>);

impl Bills {
    /// Adds one; what had the name before gives way.
    pub fn insert(&mut self, bill: Bill) {
        self.0.insert(bill.name.to_string(), bill);
    }

    /// Those with these names, in their order.
    #[must_use]
    pub fn named(&self, names: &[String]) -> Vec<Bill> {
        names
            .iter()
            .filter_map(|name| self.0.get(name).cloned())
            .collect()
    }

    /// What is wrong with a name.
    #[must_use]
    pub fn misnamed(&self, name: &str) -> Option<String> {
        (!self.0.contains_key(name)).then(|| format!("there is no bill `{name}`"))
    }
}

/// What is wrong with a bill: the key, and words.
pub fn faults(text: &BillText) -> Vec<(&'static str, String)> {
    let mut faults = unsourced(&text.source, &text.checked);
    if text.says.trim().is_empty() {
        faults.push(("says", "`says` is empty".to_owned()));
    }
    faults
}

/// What is wrong with where something is from, and when that was looked up.
pub(super) fn unsourced(source: &str, checked: &Day) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    if source.trim().is_empty() {
        faults.push(("source", "`source` is empty".to_owned()));
    }
    if checked.text().is_none() {
        faults.push(("checked", "`checked` is no day like 2027-06-30".to_owned()));
    }
    faults
}
