//! `[purpose]`: the north star, the value streams and by what their decisions are found, and the targets.

use std::sync::Arc;

use globset::GlobMatcher;
use toml::de::{DeTable, DeValue};

use super::ledger::{no_glob, path_glob};
use super::reader::{Reader, Word};
use super::settings::{Paths, Shown, day, list, paths, quoted};
use crate::base::finding::Finding;
use crate::base::source::{Source, Span};
use crate::base::{ConfigCode, ScoreTarget, TargetScope, ValueStream};
use crate::rulebook::Catalogue;

/// Value streams of one configuration.
const MOST_STREAMS: usize = 200;
/// Characters of a name: it stands in tables.
const LONGEST_NAME: usize = 80;

/// A value stream, and by what its decisions are found: any of these is enough.
#[derive(Clone, Debug)]
pub struct StreamSetting {
    pub stream: ValueStream,
    /// Files, and folders of the roots that call the module in which a decision stands.
    pub paths: Option<Paths>,
    /// What the path of a construct begins with.
    pub stages: Vec<GlobMatcher>,
    /// Keys and values.
    pub tags: Vec<(String, String)>,
}

/// A target and where it is set.
#[derive(Clone, Debug)]
pub struct TargetSetting {
    pub target: ScoreTarget,
    pub source: Arc<Source>,
    pub span: Span,
}

/// What the files say of the purpose so far.
pub struct Purposes<'c> {
    pub north_star: &'c mut Option<String>,
    pub streams: &'c mut Vec<StreamSetting>,
    pub targets: &'c mut Vec<TargetSetting>,
}

/// Reads `purpose`: a sentence, or a table.
pub fn read(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    base: &str,
    catalogue: &Catalogue,
    purposes: Purposes<'_>,
    shown: &mut Shown<'_>,
) {
    let Some(value) = root.get("purpose") else {
        return;
    };
    let table = match value.get_ref() {
        DeValue::Table(table) => table.clone(),
        DeValue::String(_) => {
            if let Some(word) = reader.string(root, "purpose")
                && let Some(line) = one_line(reader, &word, "purpose")
            {
                shown.set(reader, "purpose", quoted(&line), &word);
                *purposes.north_star = Some(line);
            }
            return;
        }
        other => {
            let wanted = "a sentence or a table";
            reader.wrong("purpose", wanted, other, value);
            return;
        }
    };
    reader.known(&table, &["north-star", "stream", "target"], "[purpose]");
    if let Some(word) = reader.string(&table, "north-star")
        && let Some(line) = one_line(reader, &word, "north-star")
    {
        shown.set(reader, "purpose", quoted(&line), &word);
        *purposes.north_star = Some(line);
    }
    if table.contains_key("stream") {
        shown.forget("purpose.stream.");
        *purposes.streams = streams(reader, &table, base, shown);
    }
    if table.contains_key("target") {
        shown.forget("purpose.target.");
        *purposes.targets = targets(reader, &table, catalogue, shown);
    }
}

/// A text on one line, for it stands at the head of reports and in tables.
fn one_line(reader: &mut Reader<'_>, word: &Word, key: &str) -> Option<String> {
    let line = word.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        let message = match key {
            "name" | "owner" => format!("`{key}` says nothing"),
            key => format!("`{key}` says nothing: write one sentence, or leave it out"),
        };
        reader.fault(ConfigCode::Type, message, word.span);
        return None;
    }
    Some(line)
}

/// A name that fits into a table.
fn name(reader: &mut Reader<'_>, table: &DeTable<'_>, key: &str) -> Option<(Arc<str>, Word)> {
    let word = reader.string(table, key)?;
    let line = one_line(reader, &word, key)?;
    if line.chars().count() > LONGEST_NAME {
        let message = format!("`{key}` is longer than {LONGEST_NAME} characters");
        reader.fault(ConfigCode::Value, message, word.span);
        return None;
    }
    Some((Arc::from(line), word))
}

fn streams(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    base: &str,
    shown: &mut Shown<'_>,
) -> Vec<StreamSetting> {
    let mut all: Vec<StreamSetting> = Vec::new();
    for (table, span) in reader.tables(table, "stream") {
        let keys = ["name", "owner", "paths", "stages", "tags"];
        reader.known(&table, &keys, "[[purpose.stream]]");
        if all.len() == MOST_STREAMS {
            let message = format!("there are more than {MOST_STREAMS} value streams");
            reader.fault(ConfigCode::Value, message, span);
            break;
        }
        let called = name(reader, &table, "name");
        if !table.contains_key("name") {
            let message = "[[purpose.stream]] needs a `name`".to_owned();
            reader.fault(ConfigCode::MissingKey, message, span);
        }
        let owner = name(reader, &table, "owner");
        let words = reader.strings(&table, "paths").unwrap_or_default();
        let stage_words = reader.strings(&table, "stages").unwrap_or_default();
        let tags = tags(reader, &table);
        let finds = ["paths", "stages", "tags"];
        if !finds.iter().any(|key| table.contains_key(*key)) {
            let message = "[[purpose.stream]] needs `paths`, `stages` or `tags`, by which its decisions are found";
            reader.fault(ConfigCode::MissingKey, message.to_owned(), span);
        }
        let paths = (!words.is_empty()).then(|| paths(reader, &words, base));
        let stages = stage_words.iter().filter_map(|word| glob(reader, word));
        let stages = stages.collect();
        let Some((called, word)) = called else {
            continue;
        };
        if all.iter().any(|one| one.stream.name == called) {
            let message = format!("there are two value streams `{called}`");
            reader.fault(ConfigCode::Value, message, word.span);
            continue;
        }
        let key = |key: &str| format!("purpose.stream.{}.{key}", quoted(&called));
        if let Some((owner, word)) = &owner {
            shown.set(reader, &key("owner"), quoted(owner), word);
        }
        for (name, words) in [("paths", &words), ("stages", &stage_words)] {
            if let Some(first) = words.first() {
                shown.set(reader, &key(name), list(words), first);
            }
        }
        for (tag, value) in &tags {
            let value = quoted(&value.text);
            shown.set(reader, &key(&format!("tags.{}", quoted(tag))), value, &word);
        }
        all.push(StreamSetting {
            stream: ValueStream {
                name: called,
                owner: owner.map(|(owner, _)| owner),
            },
            paths,
            stages,
            tags: tags
                .into_iter()
                .map(|(key, word)| (key, word.text))
                .collect(),
        });
    }
    all
}

fn glob(reader: &mut Reader<'_>, word: &Word) -> Option<GlobMatcher> {
    match path_glob(&word.text) {
        Ok(glob) => Some(glob),
        Err(error) => {
            let message = no_glob(&word.text, &error);
            reader.fault(ConfigCode::Glob, message, word.span);
            None
        }
    }
}

/// `tags = { team = "payments" }`; of several values, any is enough.
fn tags(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<(String, Word)> {
    let Some(tags) = reader.table(table, "tags") else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for key in tags.keys() {
        let key = key.get_ref().as_ref();
        for word in reader.strings(&tags, key).unwrap_or_default() {
            all.push((key.to_owned(), word));
        }
    }
    all
}

fn targets(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    catalogue: &Catalogue,
    shown: &mut Shown<'_>,
) -> Vec<TargetSetting> {
    let ladders: Vec<_> = catalogue
        .ladders()
        .map(|ladder| ladder.name.clone())
        .collect();
    let ladders: Vec<&str> = ladders.iter().map(|name| &**name).collect();
    let mut all: Vec<TargetSetting> = Vec::new();
    for (table, span) in reader.tables(table, "target") {
        let keys = ["by", "gate", "ladder", "score", "stream"];
        reader.known(&table, &keys, "[[purpose.target]]");
        let score = score(reader, &table, span);
        let ladder = reader.string(&table, "ladder");
        let is_known = ladder
            .as_ref()
            .is_none_or(|word| reader.one_of(word, &ladders, "a ladder").is_some());
        let stream = name(reader, &table, "stream");
        if let (Some(_), Some((_, word))) = (&ladder, &stream) {
            let message = "a target is for a ladder or for a stream, not for both".to_owned();
            reader.fault(ConfigCode::Value, message, word.span);
        }
        let by = reader.date(&table, "by");
        let last = by.as_ref().and_then(|word| {
            let last = day(&word.text);
            if last.is_none() {
                let message = format!("`{}` is not a day like 2027-06-30", word.text);
                reader.fault(ConfigCode::Value, message, word.span);
            }
            last
        });
        let gate = reader.boolean(&table, "gate");
        let Some(score) = score.filter(|_| is_known) else {
            continue;
        };
        let of = match (&ladder, &stream) {
            (Some(ladder), _) => TargetScope::Ladder(Arc::from(&*ladder.text)),
            (None, Some((stream, _))) => TargetScope::Stream(Arc::clone(stream)),
            (None, None) => TargetScope::Whole,
        };
        let at = all.len() + 1;
        let place = Word {
            text: String::new(),
            span,
        };
        let mut set = |key: &str, value: String| {
            shown.set(reader, &format!("purpose.target.{at}.{key}"), value, &place);
        };
        set("score", score.to_string());
        match &of {
            TargetScope::Whole => {}
            TargetScope::Ladder(name) => set("ladder", quoted(name)),
            TargetScope::Stream(name) => set("stream", quoted(name)),
        }
        if let Some(last) = last {
            set("by", last.to_string());
        }
        if let Some(gate) = gate {
            set("gate", gate.to_string());
        }
        all.push(TargetSetting {
            target: ScoreTarget {
                of,
                score,
                by: last,
                is_gate: gate.unwrap_or_default(),
            },
            source: Arc::clone(reader.source()),
            span,
        });
    }
    all
}

fn score(reader: &mut Reader<'_>, table: &DeTable<'_>, span: Span) -> Option<u8> {
    if !table.contains_key("score") {
        let message = "[[purpose.target]] needs a `score`".to_owned();
        reader.fault(ConfigCode::MissingKey, message, span);
        return None;
    }
    let (number, word) = reader.number(table, "score")?;
    let score = u8::try_from(number).ok().filter(|score| *score <= 100);
    if score.is_none() {
        let message = format!("`score` is from 0 to 100, not {number}");
        reader.fault(ConfigCode::Value, message, word.span);
    }
    score
}

/// Targets of streams that nothing names any more, once all files are read.
pub fn dangling(streams: &[StreamSetting], targets: &[TargetSetting], findings: &mut Vec<Finding>) {
    let names: Vec<&str> = streams.iter().map(|one| &*one.stream.name).collect();
    for one in targets {
        let TargetScope::Stream(name) = &one.target.of else {
            continue;
        };
        let mut reader = Reader::new(&one.source, findings);
        let word = Word {
            text: name.to_string(),
            span: one.span,
        };
        reader.one_of(&word, &names, "a value stream");
    }
}
