//! What a rung of a ladder means: in the ladder's own words, and in those for other providers.

use super::page::Page;
use crate::placement::{Ladder, Rung};
use crate::rulebook::{Advice, Bill, Climb};

/// Everything that is said of a rung.
pub fn write(ladder: &Ladder, rung: Rung, page: &mut Page<'_>) {
    page.entry("on this rung", &takes(ladder, rung));
    let yours = everywhere(ladder, rung, |text| text.yours.to_string());
    page.entry("yours to run", &yours);
    page.entry("the way up", &up(ladder, rung));
    let fair = everywhere(ladder, rung, |text| text.fair.to_string());
    page.entry("fair", &fair);
}

/// What a ladder says of a rung: in its own words, and for each other provider in theirs.
fn everywhere(ladder: &Ladder, rung: Rung, word: fn(&Advice) -> String) -> Vec<String> {
    let mut lines = vec![word(&ladder.rungs[rung as usize])];
    for other in &ladder.elsewhere {
        let said = word(&other.rungs[rung as usize]);
        if !said.is_empty() {
            lines.push(format!("on {}: {said}", other.provider));
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// What stands on a rung.
pub fn takes(ladder: &Ladder, rung: Rung) -> Vec<String> {
    everywhere(ladder, rung, |text| text.takes.to_string())
}

/// The way up from a rung, how big a step that is, and what becomes of the data.
fn up(ladder: &Ladder, rung: Rung) -> Vec<String> {
    everywhere(ladder, rung, |text| {
        let climb = Climb::of(std::iter::once(text));
        let said = std::iter::once(climb.words()).chain(climb.data_words());
        let said = said.chain(climb.bills.iter().map(Bill::words));
        said.collect::<Vec<_>>().join("; ")
    })
}
