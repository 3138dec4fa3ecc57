//! What can be done about what stands at a place. Each is an edit that the editor makes, or a page to read.

use std::collections::BTreeMap;

use lsp_types::Diagnostic;
use serde_json::{Value, json};

use super::client::Client;
use super::written_edit::{EditWriter, ReasonHome};
use super::{accepting, justifying, mending};
use crate::analysis::{Analysis, Decision};
use crate::base::Code;
use crate::cli::spot;
use crate::workspace::Options;

/// The command that answers with the page about a code, a ladder, a type or a rule.
pub const EXPLAIN: &str = "sfl.explain";

/// Choices of one request that are offered something.
const MOST: usize = 8;

/// What a request is about.
pub struct Asked<'a> {
    pub client: &'a Client,
    pub options: &'a Options,
    pub analysis: &'a Analysis,
    /// The choices in the range that was asked about.
    pub choices: Vec<&'a Decision>,
    /// What the editor shows there.
    pub diagnostics: &'a [Diagnostic],
    pub edits: &'a EditWriter<'a>,
}

/// Everything that can be done, the most useful first.
pub fn actions(asked: &Asked<'_>) -> Vec<Value> {
    let mut actions = Vec::new();
    let mut blocks: Vec<&Decision> = Vec::new();
    for choice in &asked.choices {
        if blocks.len() < MOST && !blocks.iter().any(|other| spot(other) == spot(choice)) {
            blocks.push(choice);
        }
    }
    for decision in blocks.iter().filter(|one| one.is_open()) {
        actions.extend(justify(decision, asked));
    }
    actions.extend(mending::actions(&blocks, asked));
    let mut accepted = Vec::new();
    for decision in blocks.iter().filter(|one| one.is_open()) {
        let what = (
            decision.ladder().name.to_string(),
            decision.rung,
            &decision.path,
        );
        if !accepted.contains(&what) {
            accepted.push(what);
            actions.extend(accept(decision, asked));
        }
    }
    actions.extend(explain(asked));
    actions
}

pub(super) fn of_code<'a>(asked: &'a Asked<'_>, code: &Code) -> Vec<&'a Diagnostic> {
    let code = code.to_string();
    let is_it = |one: &&Diagnostic| match &one.code {
        Some(lsp_types::NumberOrString::String(own)) => *own == code,
        _ => false,
    };
    asked.diagnostics.iter().filter(is_it).collect()
}

fn quick_fix(title: &str, edit: Value, diagnostics: &[&Diagnostic]) -> Value {
    json!({"title": title, "kind": "quickfix", "diagnostics": diagnostics, "edit": edit})
}

fn justify(decision: &Decision, asked: &Asked<'_>) -> Option<Value> {
    let edit = justifying::edit(asked.options, asked.analysis, decision)?;
    let home = match &edit.kept {
        ReasonHome::Beside => String::new(),
        ReasonHome::Ledger => format!(" in {}", edit.shown),
    };
    let title = format!(
        "Write down why {} is on rung {}{home}",
        decision.name(),
        decision.rung.number()
    );
    let edit = asked.edits.write(&edit, asked.client)?;
    Some(quick_fix(&title, edit, &of_code(asked, &decision.code())))
}

fn accept(decision: &Decision, asked: &Asked<'_>) -> Vec<Value> {
    let offered = accepting::edits(asked.options, decision);
    let offered = offered.into_iter().filter_map(|(title, edit)| {
        let edit = asked.edits.write(&edit, asked.client)?;
        Some(quick_fix(&title, edit, &of_code(asked, &decision.code())))
    });
    offered.collect()
}

/// A page for each code that is shown there, and for each choice.
fn explain(asked: &Asked<'_>) -> Vec<Value> {
    let shown = asked.diagnostics.iter().filter_map(|one| match &one.code {
        Some(lsp_types::NumberOrString::String(code)) if one.source.as_deref() == Some("sfl") => {
            Some((code.clone(), code.clone()))
        }
        _ => None,
    });
    let rules = asked.choices.iter().take(MOST);
    let rules = rules.map(|one| {
        (
            one.rule.name.to_string(),
            format!("{} ({})", one.rule.title, one.rule.name),
        )
    });
    let pages: BTreeMap<String, String> = shown.chain(rules).collect();
    let actions = pages.into_iter().map(|(name, title)| {
        json!({
            "title": format!("Explain {title}"),
            "command": {"title": format!("Explain {name}"), "command": EXPLAIN, "arguments": [name]},
        })
    });
    actions.collect()
}
