//! `[[map.place]]`: components of the map that somebody places by hand.

use std::sync::Arc;

use globset::GlobMatcher;
use toml::de::DeTable;

use super::ledger::{address_glob, no_glob};
use super::reader::Reader;
use super::settings::{Paths, Shown, list, paths, quoted};
use crate::base::source::Span;
use crate::base::{ConfigCode, HandPlace};

/// Entries of one configuration: each is held against every decision.
const MOST_PLACES: usize = 200;
/// Characters of a label.
const LONGEST_LABEL: usize = 80;

/// One `[[map.place]]`, and the decisions that it speaks of.
#[derive(Clone, Debug)]
pub struct HandPlaceSetting {
    pub place: HandPlace,
    paths: Option<Paths>,
    addresses: Option<Vec<GlobMatcher>>,
}

impl HandPlaceSetting {
    /// Whether it speaks of a decision: its file, address and construct.
    #[must_use]
    pub fn fits(&self, path: &str, address: &str, construct: Option<&str>) -> bool {
        let fits = |glob: &GlobMatcher| {
            glob.is_match(address) || construct.is_some_and(|construct| glob.is_match(construct))
        };
        let is_named = self.paths.is_some() || self.addresses.is_some();
        let addresses = self.addresses.as_ref();
        is_named
            && self.paths.as_ref().is_none_or(|paths| paths.hold(path))
            && addresses.is_none_or(|globs| globs.iter().any(fits))
    }
}

/// Reads `[[map.place]]` tables.
pub fn read(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    base: &str,
    before: usize,
    shown: &mut Shown<'_>,
) -> Vec<HandPlaceSetting> {
    let Some(map) = reader.table(root, "map") else {
        return Vec::new();
    };
    reader.known(&map, &["place"], "[map]");
    let mut all = Vec::new();
    for (table, span) in reader.tables(&map, "place") {
        if before + all.len() == MOST_PLACES {
            let message = format!("there are more than {MOST_PLACES} places");
            reader.fault(ConfigCode::Value, message, span);
            break;
        }
        let number = before + all.len() + 1;
        all.extend(place(reader, &table, span, base, number, shown));
    }
    all
}

fn place(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    span: Span,
    base: &str,
    number: usize,
    shown: &mut Shown<'_>,
) -> Option<HandPlaceSetting> {
    const NAMES: [&str; 3] = ["address", "component", "path"];
    const SAYS: [&str; 4] = ["evolution", "hidden", "label", "visibility"];
    reader.known(table, &[&NAMES[..], &SAYS[..]].concat(), "[[map.place]]");
    let missing = |reader: &mut Reader<'_>, message: &str| {
        reader.fault(ConfigCode::MissingKey, message.to_owned(), span);
    };
    let has = |keys: &[&str]| keys.iter().any(|key| table.contains_key(*key));
    if !has(&NAMES) {
        missing(
            reader,
            "[[map.place]] needs an `address`, a `path` or a `component`: what it places",
        );
        return None;
    }
    if !has(&SAYS) {
        missing(
            reader,
            "[[map.place]] needs an `evolution`, a `visibility`, a `label` or `hidden`",
        );
        return None;
    }
    let key = |key: &str| format!("map.place.{number}.{key}");
    let path_words = reader.strings(table, "path");
    let address_words = reader.strings(table, "address");
    for (name, words) in [("path", &path_words), ("address", &address_words)] {
        if let Some(words) = words
            && let Some(first) = words.first()
        {
            shown.set(reader, &key(name), list(words), first);
        }
    }
    let component = reader.string(table, "component");
    if let Some(word) = &component {
        shown.set(reader, &key("component"), quoted(&word.text), word);
        if has(&["address", "path"]) {
            let message = "`component` names it already: leave out `address` and `path`";
            reader.fault(ConfigCode::Value, message.to_owned(), word.span);
        }
    }
    let mut share = |reader: &mut Reader<'_>, name: &str| {
        let (share, word) = reader.share(table, name)?;
        shown.set(reader, &key(name), word.text.clone(), &word);
        Some(share)
    };
    let evolution = share(reader, "evolution");
    let visibility = share(reader, "visibility");
    let label = reader.string(table, "label").and_then(|word| {
        let line = word.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() || line.chars().count() > LONGEST_LABEL {
            let message = format!("`label` needs 1 to {LONGEST_LABEL} characters");
            reader.fault(ConfigCode::Value, message, word.span);
            return None;
        }
        shown.set(reader, &key("label"), quoted(&line), &word);
        Some(line)
    });
    let is_hidden = reader.boolean(table, "hidden").unwrap_or_default();
    if is_hidden && component.is_some() {
        let message = "`hidden` needs an `address` or a `path`: lines go on through what is hidden";
        reader.fault(ConfigCode::Value, message.to_owned(), span);
    }
    if table.contains_key("hidden") {
        let source = Arc::clone(reader.source());
        shown.set_at(&source, &key("hidden"), is_hidden.to_string(), span);
    }
    let compile = |reader: &mut Reader<'_>, word: &super::reader::Word| {
        let glob = address_glob(&word.text);
        glob.map_err(|error| {
            let message = no_glob(&word.text, &error);
            reader.fault(ConfigCode::Glob, message, word.span);
        })
        .ok()
    };
    let paths = path_words.map(|words| paths(reader, &words, base));
    let addresses = address_words.map(|words| {
        let globs = words.iter().filter_map(|word| compile(reader, word));
        globs.collect()
    });
    let source = reader.source();
    Some(HandPlaceSetting {
        place: HandPlace {
            path: source.name().as_ref().into(),
            line: source.position(span.start).line,
            component: component.map(|word| word.text),
            evolution,
            visibility,
            label,
            is_hidden,
        },
        paths,
        addresses,
    })
}
