//! Which findings of an analysis are shown: those that neither the configuration nor the call leaves out. Whoever compares with a
//! baseline, or with a commit, does that before: what is not shown is known all the same.

use crate::analysis::Analysis;
use crate::base::Code;
use crate::config::Config;

/// Leaves out what the configuration does not want to see.
pub fn select(analysis: &mut Analysis, config: &Config) {
    analysis.hide(&|finding, decision| {
        let asks = matches!(finding.code, Code::Fallback { .. });
        let is_off = decision.is_some_and(|decision| decision.is_off && asks);
        let rule = decision.map(|decision| &*decision.rule.name);
        match config.selection.hides(finding, rule) {
            None if is_off => Some("severity off in sfl.toml".to_owned()),
            by => by,
        }
    });
}
