//! The exact change to a better rung, as an edit that the editor makes in the texts as they are open, saved or not.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::code_actions::{Asked, of_code};
use super::justifying::{absolute, text_of};
use super::written_edit::{FileEdit, ReasonHome};
use crate::analysis::Decision;
use crate::base::{Fix, FixOffer, Safety};
use crate::edit::Edit;
use crate::fix;

/// Fixes of some choices: the safe ones are preferred, the others say what somebody may notice.
pub fn actions(choices: &[&Decision], asked: &Asked<'_>) -> Vec<Value> {
    let all = asked.analysis.decisions.iter().enumerate();
    let own = |decision: &Decision| choices.iter().any(|one| std::ptr::eq(*one, decision));
    let asked_for: Vec<usize> = all.filter(|(_, one)| own(one)).map(|(at, _)| at).collect();
    let offers = fix::offers(asked.analysis, asked.options, &asked_for);
    let offers = offers.iter().filter_map(|(at, offer)| match offer {
        FixOffer::Offered(fix) => action(&asked.analysis.decisions[*at], fix, asked),
        FixOffer::With(_) | FixOffer::Withheld(_) => None,
    });
    offers.collect()
}

fn action(decision: &Decision, fix: &Fix, asked: &Asked<'_>) -> Option<Value> {
    let mut whole: Option<Value> = None;
    for path in fix::files(std::iter::once(fix)) {
        let edit = file_edit(&path, fix, asked)?;
        let one = asked.edits.write(&edit, asked.client)?;
        whole = Some(match whole {
            None => one,
            Some(before) => joined(before, one)?,
        });
    }
    let is_safe = fix.safety == Safety::Safe;
    let name = decision.name();
    let title = match is_safe {
        true => format!("Move {name} to a better rung: {}", fix.says),
        false => format!("Move {name} to a better rung (unsafe: {})", fix.says),
    };
    let diagnostics = of_code(asked, &decision.code());
    let mut action =
        json!({"title": title, "kind": "quickfix", "diagnostics": diagnostics, "edit": whole?});
    if is_safe {
        action["isPreferred"] = json!(true);
    }
    Some(action)
}

fn file_edit(path: &str, fix: &Fix, asked: &Asked<'_>) -> Option<FileEdit> {
    let host = &*asked.options.host;
    let file = PathBuf::from(path);
    let edits = fix.edits.iter().filter(|edit| *edit.path == *path);
    let edits = edits.map(|edit| Edit {
        span: edit.span,
        text: edit.text.clone(),
    });
    Some(FileEdit {
        file: absolute(host, &file),
        shown: path.to_owned(),
        kept: ReasonHome::Beside,
        before: Some(text_of(host, Path::new(path), path)?),
        edits: edits.collect(),
        blanks: Vec::new(),
    })
}

/// Two changes as one, in the form that they have.
fn joined(mut one: Value, other: Value) -> Option<Value> {
    if let Some(all) = one["documentChanges"].as_array_mut() {
        all.extend(other["documentChanges"].as_array()?.iter().cloned());
        return Some(one);
    }
    let all = one["changes"].as_object_mut()?;
    all.extend(other["changes"].as_object()?.clone());
    Some(one)
}
