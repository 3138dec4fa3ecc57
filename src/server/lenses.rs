//! One line above each hosting choice, and one above the file.

use std::path::Path;

use lsp_types::{CodeLens, Command, Position, Range};
use serde_json::json;

use super::code_actions::EXPLAIN;
use super::open_text::OpenText;
use super::positions::Encoding;
use super::standing::{decisions, keys_of, parsed};
use crate::analysis::summary::{count, whole};
use crate::analysis::{Analysis, Count, Decision};
use crate::cli::spot;

/// See the module.
pub fn lenses(
    analysis: &Analysis,
    shown: &str,
    open: &OpenText,
    encoding: Encoding,
) -> Vec<CodeLens> {
    let here = decisions(analysis, shown);
    if here.is_empty() {
        return Vec::new();
    }
    let mut lenses = vec![lens(Position::new(0, 0), of_file(&here), None)];
    let document = parsed(&open.text, Path::new(shown));
    let keys = keys_of(&document);
    // What a loop makes of one block has one line.
    let mut blocks: Vec<Vec<&Decision>> = Vec::new();
    let mut known = rustc_hash::FxHashMap::default();
    for decision in here {
        let place = (spot(decision).1, decision.place().1.offset);
        let at = *known.entry(place).or_insert(blocks.len());
        match blocks.get_mut(at) {
            Some(block) => block.push(decision),
            None => blocks.push(vec![decision]),
        }
    }
    for block in blocks {
        let first = block[0];
        let body = spot(first).1;
        let line = match keys.get(&body) {
            Some(key) => open.range(*key, encoding).start.line,
            None if !body.is_empty() => open.range(body, encoding).start.line,
            None => first.place().1.line.saturating_sub(1),
        };
        let place = Position::new(line, 0);
        lenses.push(lens(
            place,
            of_block(&block),
            Some(&first.code().to_string()),
        ));
    }
    lenses
}

fn lens(place: Position, title: String, code: Option<&str>) -> CodeLens {
    let command = match code {
        Some(code) => Command {
            title,
            command: EXPLAIN.to_owned(),
            arguments: Some(vec![json!(code)]),
        },
        // It says something and does nothing.
        None => Command {
            title,
            command: String::new(),
            arguments: None,
        },
    };
    CodeLens {
        range: Range::new(place, place),
        command: Some(command),
        data: None,
    }
}

/// `score 72 · 5 choices · 2 need a reason`.
fn of_file(here: &[&Decision]) -> String {
    let counted = Count::of(here.iter().copied());
    let mut parts = Vec::new();
    parts.extend(
        counted
            .score()
            .map(|score| format!("score {}", whole(score))),
    );
    parts.push(count(here.len(), "hosting choice"));
    match here.iter().filter(|one| one.is_open()).count() {
        0 => {}
        1 => parts.push("1 needs a reason".to_owned()),
        open => parts.push(format!("{open} need a reason")),
    }
    parts.join(" · ")
}

/// `rung 3 of 4 · 2 members · licence until 2027-06-30`.
fn of_block(block: &[&Decision]) -> String {
    let first = block[0];
    let mut rungs: Vec<u8> = block.iter().map(|one| one.rung.number()).collect();
    rungs.sort_unstable();
    rungs.dedup();
    let rungs: Vec<String> = rungs.iter().map(ToString::to_string).collect();
    let mut parts = vec![format!("rung {} of 4", rungs.join(" and "))];
    if first.uncertain() || !first.reachable.is_empty() {
        let other: Vec<String> = first
            .reachable
            .iter()
            .map(|one| one.rung.number().to_string())
            .collect();
        parts.push(match other.is_empty() {
            true => "not sure".to_owned(),
            false => format!("{} is reachable", other.join(" or ")),
        });
    }
    if block.len() > 1 {
        parts.push(format!("{} of this block", block.len()));
    }
    if !first.members.is_empty() {
        parts.push(count(
            first.members.len() + first.unlisted_members,
            "member",
        ));
    }
    let reason = first.justification.as_ref().map(|written| &written.reason);
    match reason {
        Some(reason) => {
            let kind = reason
                .because
                .as_ref()
                .map_or("explained", |field| field.text.trim());
            let until = reason.expires.as_ref();
            let until = until.map_or(String::new(), |day| format!(" until {}", day.text.trim()));
            parts.push(format!("{kind}{until}"));
        }
        None if first.fallback => parts.push("nobody said why".to_owned()),
        None => {}
    }
    let line = parts.join(" · ");
    crate::report::visible::line(&line, true).into_owned()
}
