//! What servers make somebody own beside their rung, as it was found: each with its lines, and with the decisions that it is for.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use super::Rung;
use crate::base::source::Position;
use crate::placement::{Decision, Dialect};

/// Something that servers make somebody own.
#[derive(Clone, Debug)]
pub struct Liability {
    /// A number of `rulebook::liability::kinds`.
    pub kind: usize,
    /// Which one of its kind: "CloudWatch agent"; nothing where its type says it.
    pub says: String,
    /// Lines of a script that are not blank; of all else, those of its block.
    pub lines: usize,
    /// Of a script: there are more lines, which can't be seen. Of an image: it may be one that others publish.
    pub is_open: bool,
    /// The file in which it stands.
    pub path: Arc<str>,
    /// Where it begins.
    pub start: Position,
    /// One past its end.
    pub end: Position,
    /// Logical id, or full Terraform address, of the block in which it stands; of the instances of one block, the first.
    pub address: String,
    /// Its type.
    pub resource_type: String,
    /// The dialect of its file.
    pub dialect: Dialect,
    /// The decisions that it is for, as indexes into [`super::Analysis::decisions`]; none where no link says so.
    pub decisions: Vec<usize>,
    /// How many more there are, where they are too many to name.
    pub unlisted_decisions: usize,
    /// The template, plan or Terraform root that it is in.
    pub stack: Arc<str>,
    /// Who answers for what is for no decision.
    pub owners: Vec<Arc<str>>,
    /// The value stream of what is for no decision.
    pub stream: Option<Arc<str>>,
}

impl Liability {
    /// Nothing of it can be seen: how many lines, or whose image.
    #[must_use]
    pub const fn is_unknown(&self, is_lines: bool) -> bool {
        self.is_open && (!is_lines || self.lines == 0)
    }

    /// What makes two findings one text.
    fn written(&self) -> (Arc<str>, u64, String, usize, String) {
        // Each instance in a plan has lines of its own, whatever it was written as.
        let (offset, block) = match self.dialect {
            Dialect::Plan => (0, unnumbered(&self.address)),
            Dialect::CloudFormation | Dialect::Terraform => (self.start.offset, String::new()),
        };
        let path = Arc::clone(&self.path);
        (path, offset, block, self.kind, self.says.clone())
    }
}

/// An address without the keys of instances.
fn unnumbered(address: &str) -> String {
    let mut depth = 0_usize;
    let kept = address.chars().filter(|letter| {
        match letter {
            '[' => depth += 1,
            ']' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    });
    kept.collect()
}

/// What several instances, or several roots, make of one text is written once; what is only for decisions that leave nothing to
/// run, or that count nowhere, is nobody's burden.
pub(super) fn close(all: &mut Vec<Liability>, decisions: &[Decision]) {
    all.retain_mut(|one| {
        let had_some = !one.decisions.is_empty();
        one.decisions.retain(|at| {
            let decision = &decisions[*at];
            decision.is_counted && decision.rung > Rung::Serverless
        });
        !had_some || !one.decisions.is_empty()
    });
    let mut known: HashMap<_, usize> = HashMap::new();
    let mut united: Vec<Liability> = Vec::with_capacity(all.len());
    for one in all.drain(..) {
        match known.get(&one.written()) {
            Some(at) => {
                let first = &mut united[*at];
                if (one.lines, Reverse(one.is_open)) > (first.lines, Reverse(first.is_open)) {
                    first.lines = one.lines;
                    first.is_open = one.is_open;
                }
                first.decisions.extend(one.decisions);
                first.unlisted_decisions = first.unlisted_decisions.max(one.unlisted_decisions);
            }
            None => {
                known.insert(one.written(), united.len());
                united.push(one);
            }
        }
    }
    for one in &mut united {
        one.decisions.sort_unstable();
        one.decisions.dedup();
    }
    united.sort_by(|a, b| {
        let key = |one: &Liability| (Arc::clone(&one.path), one.start.offset, one.kind);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.address.cmp(&b.address))
            .then_with(|| a.says.cmp(&b.says))
    });
    *all = united;
}

/// Of a plan and the folder that it was made from, the folder is what somebody wrote. `twin` says of a decision in which one of
/// another file it was found again, `place` where it stands then.
pub(super) fn unite(
    all: &mut Vec<Liability>,
    twins: &[Option<usize>],
    place: &dyn Fn(usize) -> usize,
) {
    let mut written: HashMap<String, usize> = HashMap::new();
    for one in all.iter().filter(|one| one.dialect == Dialect::Terraform) {
        *written.entry(unnumbered(&one.address)).or_default() += 1;
    }
    let is_united = twins.iter().any(Option::is_some);
    all.retain_mut(|one| {
        let has_twin = one.decisions.iter().any(|at| twins[*at].is_some());
        let mut is_said = one.dialect == Dialect::Plan && has_twin;
        is_said |= one.dialect == Dialect::Plan
            && is_united
            && written.contains_key(&unnumbered(&one.address));
        for at in &mut one.decisions {
            *at = place(twins[*at].unwrap_or(*at));
        }
        !is_said
    });
}

#[cfg(test)]
mod tests {
    use super::unnumbered;

    #[test]
    fn instances_are_of_one_block() {
        assert_eq!(unnumbered("module.a[\"x\"].b.c[0]"), "module.a.b.c");
        assert_eq!(unnumbered("Web"), "Web");
    }
}
