use crate::source::Source;
use crate::template::Reason;
use std::sync::Arc;
#[derive(Debug, Default)]
pub struct Config {
    pub ledger: Vec<LedgerEntry>,
}
#[derive(Debug)]
pub struct LedgerEntry {
    pub reason: Reason,
    pub source: Arc<Source>,
}
impl LedgerEntry {
    pub fn matches(&self, _p: &str, _a: &str) -> bool {
        false
    }
}
