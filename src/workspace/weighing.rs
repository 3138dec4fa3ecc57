//! How far the estate is from what it is meant to be.

use std::sync::Arc;

use super::Options;
use crate::analysis::{Analysis, TargetStanding, TargetState};
use crate::base::finding::{Finding, Severity};
use crate::base::{Code, PurposeCode};
use crate::config::TargetSetting;
use crate::host::FileKind;

/// Weighs the targets, and says which of those that gate are missed.
pub(super) fn weigh(analysis: &mut Analysis, options: &Options) {
    let config = &options.config;
    analysis.purpose.clone_from(&config.purpose);
    analysis.weights.clone_from(&config.weights);
    if config.targets.is_empty() && options.fail_under.is_none() {
        return;
    }
    let today = options.today();
    // A run over single files says nothing of the score of the rest.
    let over_folders = || {
        let mut paths = options.paths.iter();
        paths.any(|path| {
            let found = options.host.look(path);
            found.is_ok_and(|found| found.kind == FileKind::Folder)
        })
    };
    let gates = config.targets.iter().any(|one| one.target.is_gate) && over_folders();
    for setting in &config.targets {
        let line = setting.source.position(setting.span.start).line;
        let place = (Arc::clone(setting.source.name()), line);
        let standing = TargetStanding::of(&setting.target, Some(place), analysis, today);
        if gates && setting.target.is_gate && standing.state == TargetState::Missed {
            analysis.findings.push(missed(setting, &standing));
        }
        analysis.targets.push(standing);
    }
    if let Some(score) = options.fail_under {
        analysis.must_reach(score, today);
    }
}

fn missed(setting: &TargetSetting, standing: &TargetStanding) -> Finding {
    let code = Code::Purpose(PurposeCode::Missed);
    let source = Arc::clone(&setting.source);
    Finding::new(
        code,
        Severity::Error,
        standing.missed(),
        source,
        setting.span,
    )
}
