//! Words that may come next: in written reasons, in `sfl.toml` and the ledger, and in rule files.

use std::collections::BTreeSet;

use lsp_types::{CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, TextEdit};

use super::open_text::OpenText;
use super::positions::Encoding;
use super::reason_slot::{self, ReasonSlot, RecordForm, Typed};
use super::root::Root;
use super::schema_keys::{self, CONFIGURATION, KnownHead, RULES};
use super::toml_slot::{self, TomlPart, TomlSlot};
use crate::base::reason::FIELDS;
use crate::base::source::Span;
use crate::config::FILE_NAME;
use crate::config::codeowners::Codeowners;
use crate::config::selection;
use crate::host::door::repository;
use crate::reasons::kinds;

/// What may be offered for one place.
struct Offered {
    label: String,
    /// What is inserted, if it is not the label.
    text: Option<String>,
    about: String,
    kind: CompletionItemKind,
}

impl Offered {
    fn word(label: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            text: None,
            about: about.into(),
            kind: CompletionItemKind::VALUE,
        }
    }
}

/// Everything that may come next at a byte.
pub fn completions(
    root: &Root,
    shown: &str,
    open: &OpenText,
    byte: usize,
    encoding: Encoding,
) -> Vec<CompletionItem> {
    let text = &*open.text;
    let is = |end: &str| open.path.extension().is_some_and(|own| own == end);
    let (start, offered) = if is("toml") {
        let Some(slot) = toml_slot::find(text, byte) else {
            return Vec::new();
        };
        (slot.start, of_toml(root, shown, text, byte, &slot))
    } else {
        let begin = text.trim_start_matches('\u{feff}').trim_start();
        let Some(slot) = reason_slot::find(text, byte, is("json") || begin.starts_with('{')) else {
            return Vec::new();
        };
        (slot.start, of_reason(root, &slot, text, byte))
    };
    let span = Span::new(super::offset(start), super::offset(byte));
    let range = open.range(span, encoding);
    let items = offered.into_iter().enumerate().map(|(at, one)| {
        let new = one.text.unwrap_or_else(|| one.label.clone());
        CompletionItem {
            kind: Some(one.kind),
            // An editor that filters compares what stands there, quotes and all.
            filter_text: Some(new.clone()),
            sort_text: Some(format!("{at:04}")),
            text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(range, new))),
            documentation: (!one.about.is_empty()).then_some(Documentation::String(one.about)),
            label: one.label,
            ..CompletionItem::default()
        }
    });
    items.collect()
}

fn of_reason(root: &Root, slot: &ReasonSlot, text: &str, byte: usize) -> Vec<Offered> {
    match &slot.typed {
        Typed::Name(present) => {
            let missing = FIELDS
                .iter()
                .filter(|field| !present.iter().any(|own| own == *field));
            // A name in quotes has its first one already.
            let quoted = text[slot.start..byte].starts_with('"');
            let names = missing.map(|field| Offered {
                label: (*field).to_owned(),
                text: Some(match slot.form {
                    RecordForm::Comment => format!("{field}="),
                    RecordForm::Yaml if quoted => format!("\"{field}\": "),
                    RecordForm::Yaml => format!("{field}: "),
                    RecordForm::Json => format!("\"{field}\": "),
                    RecordForm::Toml => format!("{field} = "),
                }),
                about: about(field).to_owned(),
                kind: CompletionItemKind::PROPERTY,
            });
            names.collect()
        }
        Typed::Value(field, quote) => {
            let mut offered = said(root, field);
            for one in &mut offered {
                one.text = Some(quoted(&one.label, slot.form, field, *quote));
            }
            offered
        }
    }
}

fn about(field: &str) -> &'static str {
    match field {
        "because" => "the kind of reason",
        "reason" => "the sentence that you would say in a review",
        "owner" => "who answers for it",
        "expires" => "the last day on which it counts",
        _ => "a URL, or a file in the working tree",
    }
}

/// A word as it is written where no quote is open.
fn quoted(word: &str, form: RecordForm, field: &str, open: Option<char>) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let needs = match form {
        RecordForm::Json => true,
        RecordForm::Toml => field != "expires",
        RecordForm::Yaml => !word.chars().all(is_plain),
        RecordForm::Comment => word.contains(char::is_whitespace),
    };
    match (open, needs) {
        (None, true) => format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")),
        _ => word.to_owned(),
    }
}

/// What a field of a reason may say.
fn said(root: &Root, field: &str) -> Vec<Offered> {
    match field {
        "because" => {
            let kinds = kinds::ALL.iter();
            kinds
                .map(|kind| Offered::word(&*kind.name, &*kind.means))
                .collect()
        }
        "owner" => owners(root)
            .into_iter()
            .map(|name| Offered::word(name, ""))
            .collect(),
        "expires" => ends(root),
        "evidence" => {
            let records = root.analysis.records.iter();
            let known = records.filter_map(|record| record.reason.evidence.as_ref());
            let known: BTreeSet<String> = known.map(|one| one.text.trim().to_owned()).collect();
            known
                .into_iter()
                .map(|one| Offered::word(one, "backs another reason up"))
                .collect()
        }
        "by" => vec![
            Offered::word("person", "somebody who answers for it"),
            Offered::word("agent", "a program that writes code"),
        ],
        _ => Vec::new(),
    }
}

/// Everybody who answers for anything already, then those of CODEOWNERS and the value streams.
fn owners(root: &Root) -> Vec<String> {
    let analysis = &root.analysis;
    let written = analysis
        .records
        .iter()
        .filter_map(|record| record.reason.owner.as_ref());
    let written = written.map(|field| field.text.trim().to_owned());
    let decisions = analysis
        .decisions
        .iter()
        .filter_map(|one| one.owner.as_ref());
    let decisions = decisions.flat_map(|owner| owner.names.iter().map(|name| name.to_string()));
    let host = &**root.texts();
    let tree = repository(host, host.root()).unwrap_or(host.root());
    let file = Codeowners::find(host, tree).ok().flatten();
    let listed = file.map(|file| file.owners()).unwrap_or_default();
    let listed = listed.into_iter().map(|name| name.to_string());
    let streams = root.workspace.options().config.streams.iter();
    let streams =
        streams.filter_map(|setting| setting.stream.owner.as_ref().map(ToString::to_string));
    let all: BTreeSet<String> = written
        .chain(decisions)
        .chain(listed)
        .chain(streams)
        .collect();
    all.into_iter().filter(|name| !name.is_empty()).collect()
}

/// Days that people choose, as far as the configuration allows.
fn ends(root: &Root) -> Vec<Offered> {
    let options = root.workspace.options();
    let today = options.today();
    let furthest = options.config.demands.furthest.as_ref();
    let furthest = furthest.map(|limit| limit.last(today));
    let months = [
        (3, "in three months"),
        (6, "in half a year"),
        (12, "in a year"),
    ];
    let days = months.map(|(months, words)| {
        (
            today.saturating_add(jiff::Span::new().months(months)),
            words,
        )
    });
    let allowed = days
        .into_iter()
        .filter(|(day, _)| furthest.is_none_or(|last| *day <= last));
    let last = furthest.map(|last| (last, "the last day that the configuration allows"));
    let all = allowed.chain(last.filter(|(day, _)| *day > today));
    all.map(|(day, words)| Offered::word(day.to_string(), words))
        .collect()
}

/// What may come next in a TOML file that is one of ours.
fn of_toml(root: &Root, shown: &str, text: &str, byte: usize, slot: &TomlSlot) -> Vec<Offered> {
    let config = &root.workspace.options().config;
    let name = shown.rsplit('/').next().unwrap_or(shown);
    let has = |heads: &[&str]| {
        text.lines()
            .any(|line| heads.iter().any(|head| line.trim_start().starts_with(head)))
    };
    let is_rules = config.rule_files.iter().any(|file| **file.name() == *shown)
        || name != FILE_NAME && has(&["[ladder]", "[[rule]]", "extends ="]);
    let is_settings = name == FILE_NAME
        || config.files.iter().any(|file| file == shown)
        || has(&["[[justification]]"]);
    let schema = match (is_rules, is_settings) {
        (true, _) => &*RULES,
        (false, true) => &*CONFIGURATION,
        (false, false) => return Vec::new(),
    };
    match slot.part {
        TomlPart::Head { is_list } => {
            let ladders = config.catalogue.ladders();
            let ladders: Vec<String> = ladders.map(|ladder| ladder.name.to_string()).collect();
            let typed = &text[slot.start..byte];
            let (lead, _) = typed.rsplit_once('.').unwrap_or_default();
            let lead: Vec<String> = toml_slot::keys(lead).collect();
            let heads = schema_keys::heads(schema, &lead, &ladders).into_iter();
            // What stands below an item of a list belongs to the last one above.
            let fits = |head: &KnownHead| {
                let mut within = head.within.iter();
                head.is_list == is_list
                    && head.path.len() > lead.len()
                    && head.path.starts_with(&lead)
                    && within.all(|list| toml_slot::has_list(text, slot.start, list))
            };
            let heads = heads.filter(fits);
            heads
                .map(|head| Offered {
                    label: head.path.join("."),
                    text: None,
                    about: head.about,
                    kind: CompletionItemKind::MODULE,
                })
                .collect()
        }
        TomlPart::Key => {
            let mut all: Vec<Offered> = schema_keys::keys(schema, &slot.path)
                .into_iter()
                .filter(|key| !slot.present.contains(&key.name))
                .map(|key| Offered {
                    text: Some(format!("{} = ", key.name)),
                    label: key.name,
                    about: key.about,
                    kind: CompletionItemKind::PROPERTY,
                })
                .collect();
            if slot.path.last().is_some_and(|last| last == "ladders") {
                let ladders = config.catalogue.ladders();
                all.extend(ladders.map(|ladder| Offered {
                    label: ladder.name.to_string(),
                    text: None,
                    about: ladder.about.to_string(),
                    kind: CompletionItemKind::PROPERTY,
                }));
            }
            all
        }
        TomlPart::Value(quote) => {
            if let [table, field] = &slot.path[..]
                && table == "justification"
                && FIELDS.contains(&&**field)
            {
                let mut offered = said(root, field);
                for one in &mut offered {
                    one.text = Some(quoted(&one.label, RecordForm::Toml, field, quote));
                }
                return offered;
            }
            if !is_rules && let Some(mut offered) = names(root, &slot.path) {
                for one in &mut offered {
                    one.text = Some(quoted(&one.label, RecordForm::Toml, "", quote));
                }
                return offered;
            }
            let words = schema_keys::values(schema, &slot.path).into_iter();
            let words = words.map(|word| {
                let label = word.trim_matches('"').to_owned();
                let is_text = word.starts_with('"');
                Offered {
                    text: Some(if quote.is_some() { label.clone() } else { word }),
                    label,
                    about: String::new(),
                    kind: CompletionItemKind::ENUM_MEMBER,
                }
                .only(quote.is_none() || is_text)
            });
            words.flatten().collect()
        }
    }
}

impl Offered {
    fn only(self, is_wanted: bool) -> Option<Self> {
        is_wanted.then_some(self)
    }
}

/// What a setting of `sfl.toml` may name, where that is no word of the schema.
fn names(root: &Root, path: &[String]) -> Option<Vec<Offered>> {
    let config = &root.workspace.options().config;
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let words: Vec<(String, String)> = match path[..] {
        ["select" | "ignore"] => selection::words(&config.catalogue),
        ["justifications", "never"] => selection::fallbacks(&config.catalogue),
        ["purpose", "target", "ladder"] => {
            let ladders = config.catalogue.ladders();
            ladders
                .map(|ladder| (ladder.name.to_string(), ladder.about.to_string()))
                .collect()
        }
        ["purpose", "target", "stream"] => {
            let streams = config.streams.iter().map(|setting| &setting.stream.name);
            streams
                .map(|name| (name.to_string(), String::new()))
                .collect()
        }
        ["purpose", "stream", "owner"] => {
            let owners = owners(root).into_iter();
            owners.map(|name| (name, String::new())).collect()
        }
        _ => return None,
    };
    let words = words.into_iter();
    Some(
        words
            .map(|(word, about)| Offered::word(word, about))
            .collect(),
    )
}
