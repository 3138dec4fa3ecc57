//! Fixes of a run: which are meant, shown as a diff, or made.

use std::collections::BTreeSet;
use std::path::Path;

use super::file_change::FileChange;
use super::say;
use crate::analysis::{Analysis, Decision};
use crate::base::{Fix, FixOffer, Safety};
use crate::fix;
use crate::host::Host;
use crate::host::door::Door;
use crate::report::Style;

/// The most that a template may hold.
const LARGEST: u64 = 512 << 20;

/// What is offered, and what of it is meant.
pub struct Chosen<'a> {
    fixes: Vec<(&'a Decision, &'a Fix)>,
    /// How many are only made with `--unsafe-fixes`.
    left: usize,
    withheld: Vec<(&'a Decision, &'a str)>,
}

impl<'a> Chosen<'a> {
    /// Of the decisions whose findings a report shows.
    pub fn of(analysis: &'a Analysis, with_unsafe: bool) -> Self {
        let shown = analysis
            .findings
            .iter()
            .filter_map(|finding| finding.decision);
        let shown: BTreeSet<usize> = shown.collect();
        Self::of_decisions(analysis, shown, with_unsafe)
    }

    /// Of some of the decisions, by their indexes, in order.
    pub fn of_decisions(
        analysis: &'a Analysis,
        shown: impl IntoIterator<Item = usize>,
        with_unsafe: bool,
    ) -> Self {
        let mut chosen = Self {
            fixes: Vec::new(),
            left: 0,
            withheld: Vec::new(),
        };
        for decision in shown.into_iter().map(|at| &analysis.decisions[at]) {
            match &decision.fix {
                Some(FixOffer::Offered(fix)) if with_unsafe || fix.safety == Safety::Safe => {
                    chosen.fixes.push((decision, fix));
                }
                Some(FixOffer::Offered(_)) => chosen.left += 1,
                Some(FixOffer::Withheld(why)) => chosen.withheld.push((decision, why)),
                Some(FixOffer::With(_)) | None => {}
            }
        }
        chosen
    }

    /// Whether nothing would be changed.
    pub fn is_empty(&self) -> bool {
        self.fixes.is_empty()
    }

    fn changes(&self, host: &dyn Host) -> Result<Vec<FileChange>, String> {
        let fixes = || self.fixes.iter().map(|(_, fix)| *fix);
        let mut all = Vec::new();
        for path in fix::files(fixes()) {
            let file = Path::new(&*path);
            // A link may have come to lead elsewhere.
            Door::new(host)
                .named(file)
                .map_err(|error| format!("{path}: {error}"))?;
            let mut change = FileChange::of(host, file, &path, LARGEST)?;
            let after = fix::applied(&path, change.before(), fixes());
            change.set(after);
            all.push(change);
        }
        Ok(all)
    }

    /// All changes as a unified diff.
    pub fn diff(&self, host: &dyn Host) -> Result<String, String> {
        let changes = self.changes(host)?;
        Ok(changes.iter().map(FileChange::diff).collect())
    }

    /// All changes as a unified diff, on standard output.
    pub fn show(&self, host: &dyn Host, style: &Style) -> Result<(), String> {
        for change in self.changes(host)? {
            change.show(style)?;
        }
        Ok(())
    }

    /// Writes all files, and says what was done in each.
    pub fn store(&self, host: &dyn Host, style: &Style) -> Result<(), String> {
        for change in self.changes(host)? {
            change.store()?;
            for (decision, fix) in &self.fixes {
                if *decision.path != *change.shown {
                    continue;
                }
                say(&format!("fixed: {}", told(decision, fix, style)));
            }
        }
        Ok(())
    }

    /// What each means, where it is only shown.
    pub fn tell(&self, style: &Style) {
        for (decision, fix) in &self.fixes {
            say(&format!(
                "{}: {}",
                fix.safety.name(),
                told(decision, fix, style)
            ));
        }
    }

    /// What is not made, and why.
    pub fn tell_rest(&self, style: &Style) {
        for (decision, why) in &self.withheld {
            let place = format!(
                "{}:{} {}",
                decision.path,
                decision.start.line,
                decision.name()
            );
            let words = format!("{place}: no fix is offered: {why}");
            say(&format!("note: {}", style.plain(&words)));
        }
        if self.left > 0 {
            let (count, them) = match self.left {
                1 => ("1 more fix is".to_owned(), "it"),
                left => (format!("{left} more fixes are"), "them"),
            };
            say(&format!("note: {count} unsafe: --unsafe-fixes adds {them}"));
        }
    }
}

/// One fix in words: where, to which rung, and what to know of it.
fn told(decision: &Decision, fix: &Fix, style: &Style) -> String {
    let place = format!(
        "{}:{} {}",
        decision.path,
        decision.start.line,
        decision.name()
    );
    let goes = match &fix.drops[..] {
        [] => String::new(),
        drops => format!("; {} with it", goes(drops)),
    };
    style
        .plain(&format!("{place}: {}{goes}", fix.says))
        .into_owned()
}

fn goes(drops: &[String]) -> String {
    match drops {
        [one] => format!("{one} goes"),
        [first @ .., last] => format!("{} and {last} go", first.join(", ")),
        [] => String::new(),
    }
}
