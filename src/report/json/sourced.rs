//! Facts with a source and the day on which somebody last read it: numbers of providers, and bills of what nobody uses.

use serde::Serialize;

use crate::analysis::{Bill, ProviderLimit};

/// A number that a provider sets.
#[derive(Debug, Serialize)]
pub struct LimitView<'r> {
    name: &'r str,
    of: &'r str,
    value: i64,
    unit: &'r str,
    source: &'r str,
    checked: &'r str,
}

impl<'r> LimitView<'r> {
    /// Of an entry of the catalogue.
    #[must_use]
    pub fn of(limit: &'r ProviderLimit) -> Self {
        Self {
            name: &limit.name,
            of: &limit.of,
            value: limit.value,
            unit: &limit.unit,
            source: &limit.source,
            checked: &limit.checked,
        }
    }
}

/// What a service costs that nobody uses.
#[derive(Debug, Serialize)]
pub struct BillView<'r> {
    name: &'r str,
    says: &'r str,
    source: &'r str,
    checked: &'r str,
}

impl<'r> BillView<'r> {
    /// Of an entry of the catalogue.
    #[must_use]
    pub fn of(bill: &'r Bill) -> Self {
        Self {
            name: &bill.name,
            says: &bill.says,
            source: &bill.source,
            checked: &bill.checked,
        }
    }
}
