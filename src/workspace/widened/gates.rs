//! Targets by which a run fails, and what they count.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Widening, finding};
use crate::base::finding::Finding;
use crate::base::{ScoreTarget, TargetScope};
use crate::config::Config;

/// `compute`, `value stream checkout`, `the whole`.
fn name(of: &TargetScope) -> String {
    match of {
        TargetScope::Whole => "the whole".to_owned(),
        TargetScope::Ladder(name) => name.to_string(),
        TargetScope::Stream(name) => format!("value stream {name}"),
    }
}

/// `80`, `80 after 2027-06-30`.
fn asks(target: &ScoreTarget) -> String {
    match target.by {
        Some(by) => format!("{} after {by}", target.score),
        None => target.score.to_string(),
    }
}

impl Widening<'_> {
    /// Gates that would be gone, lower or later.
    pub(super) fn gates(&self, findings: &mut Vec<Finding>) {
        let reference = self.reference;
        let mut said = BTreeSet::new();
        let mut streams = BTreeSet::new();
        let gates = self.trusted.targets.iter().map(|one| &one.target);
        for gate in gates.filter(|target| target.is_gate) {
            if let TargetScope::Stream(stream) = &gate.of {
                streams.insert(stream);
            }
            let own = self.own.targets.iter();
            let own: Vec<_> = own.filter(|one| one.target.of == gate.of).collect();
            // One without a day holds from now on.
            let holds = |target: &ScoreTarget| {
                target.is_gate && target.score >= gate.score && target.by <= gate.by
            };
            if own.iter().any(|one| holds(&one.target)) {
                continue;
            }
            let name = name(&gate.of);
            let nearest = own.iter().max_by_key(|one| {
                let target = &one.target;
                (
                    target.is_gate,
                    target.score.min(gate.score),
                    std::cmp::Reverse(target.by),
                )
            });
            let asked = asks(gate);
            let message = match nearest.map(|one| &one.target) {
                None => format!(
                    "the gate for {name} would be gone, and asks for {asked} at {reference}"
                ),
                Some(target) if !target.is_gate => format!(
                    "the target for {name} would fail no run, and fails those below {asked} at {reference}"
                ),
                Some(target) => format!(
                    "the gate for {name} would ask for {}, and asks for {asked} at {reference}",
                    asks(target)
                ),
            };
            if !said.insert(message.clone()) {
                continue;
            }
            match nearest {
                Some(one) => findings.push(finding(message, Arc::clone(&one.source), one.span)),
                None => self.say("purpose", message, findings),
            }
        }
        for stream in streams {
            self.members(stream, findings);
        }
    }

    /// Decisions that a gate counts, and would count otherwise.
    fn members(&self, stream: &str, findings: &mut Vec<Finding>) {
        let own = definitions(self.own, stream);
        if own.is_empty() || own == definitions(self.trusted, stream) {
            return;
        }
        let reference = self.reference;
        let message = format!(
            "the decisions of value stream {stream}, which has a gate, would be found otherwise than at {reference}"
        );
        let start = format!("purpose.stream.\"{stream}\".");
        let mut keys = self.own.set.keys();
        let key = keys.find(|key| key.starts_with(&start));
        self.say(key.map_or("purpose", String::as_str), message, findings);
    }
}

/// By what the decisions of a stream are found, and those of the streams that go before it: of those that fit, the last counts.
fn definitions(config: &Config, stream: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut all = config.streams.iter();
    let from = all.position(|one| *one.stream.name == *stream);
    let Some(from) = from else {
        return Vec::new();
    };
    let streams = config.streams[from..].iter().map(|one| {
        let name = one.stream.name.to_string();
        let start = format!("purpose.stream.{}.", toml::Value::String(name.clone()));
        let settings = config.set.values();
        let settings = settings.filter_map(|one| {
            let key = one.key.strip_prefix(&start)?;
            (key != "owner").then(|| (key.to_owned(), one.value.clone()))
        });
        (name, settings.collect())
    });
    streams.collect()
}
