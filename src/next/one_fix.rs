//! The exact change of a whole action: those of its decisions, taken together.

use super::Action;
use crate::analysis::Decision;
use crate::base::{Fix, FixOffer, Safety};

impl Action {
    /// All that its decisions' fixes change, or why one of them is not made: half an action is none. Nothing where no rule knows a
    /// change, or where nobody asked for it.
    #[must_use]
    pub fn fix(&self, decisions: &[Decision]) -> Option<FixOffer> {
        let own = || self.decisions.iter().map(|at| &decisions[*at]);
        if own().all(|decision| decision.fix.is_none()) {
            return None;
        }
        let mut all = Fix {
            safety: Safety::Safe,
            says: String::new(),
            drops: Vec::new(),
            edits: Vec::new(),
        };
        let mut says: Vec<&str> = Vec::new();
        for decision in own() {
            let fix = match &decision.fix {
                Some(FixOffer::Offered(fix)) => fix,
                Some(FixOffer::With(address)) => {
                    // Its change is that of the first.
                    if own().any(|other| *other.address == **address) {
                        continue;
                    }
                    let why =
                        format!("the same change is made for {address}, which is not asked for");
                    return Some(FixOffer::Withheld(why));
                }
                Some(FixOffer::Withheld(why)) => return Some(FixOffer::Withheld(why.clone())),
                None => {
                    let why = format!("no change is known for {}", decision.name());
                    return Some(FixOffer::Withheld(why));
                }
            };
            if fix.safety == Safety::Unsafe {
                all.safety = Safety::Unsafe;
            }
            if !says.contains(&&*fix.says) {
                says.push(&fix.says);
            }
            all.drops.extend(fix.drops.iter().cloned());
            all.edits.extend(fix.edits.iter().cloned());
        }
        all.says = says.join("; ");
        all.edits
            .sort_by(|a, b| (&a.path, a.span.start).cmp(&(&b.path, b.span.start)));
        Some(FixOffer::Offered(all))
    }
}
