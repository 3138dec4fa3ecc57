//! `[rules]`: folders with a team's own rule files, each read with the place of every word.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::ledger;
use super::reader::{Reader, Word, span};
use super::settings::{self, Shown};
use crate::base::ConfigCode;
use crate::base::finding::Finding;
use crate::base::source::{Source, Span};
use crate::placement::Catalogue;
use crate::rulebook::own;
use crate::rulebook::rulefile::RuleFile;

/// What may stand under a key of a rule file.
enum Shape {
    Text,
    Truth,
    /// A text or several.
    Texts,
    /// A list of texts.
    List,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A list of such words.
    Words(&'static [&'static str]),
    /// A table of conditions: [`crate::rulebook::rulefile::condition`] says what it may hold.
    When,
    /// A table with these keys.
    Table(&'static str, &'static [Field]),
    /// Tables with these keys.
    Tables(&'static str, &'static [Field]),
    /// Tables with these keys, under names of the author's own.
    Named(&'static str, &'static [Field]),
}

/// A key, what may stand under it, and whether it must be there.
struct Field(&'static str, Shape, bool);

const RUNGS: &[&str] = &["serverless", "capacity", "cluster", "server"];
const STEPS: &[&str] = &["property", "resource", "redesign"];

const FILE: &[Field] = &[
    Field("ladder", Shape::Table("[ladder]", LADDER), false),
    Field("extends", Shape::Text, false),
    Field("rung", Shape::Table("[rung]", OF_RUNGS), false),
    Field("rule", Shape::Tables("[[rule]]", RULE), false),
    Field("plumbing", Shape::Tables("[[plumbing]]", PLUMBING), false),
];
const LADDER: &[Field] = &[
    Field("name", Shape::Text, true),
    Field("title", Shape::Text, true),
    Field("about", Shape::Text, true),
];
const OF_RUNGS: &[Field] = &[
    Field("serverless", Shape::Table("a rung", RUNG), false),
    Field("capacity", Shape::Table("a rung", RUNG), false),
    Field("cluster", Shape::Table("a rung", RUNG), false),
    Field("server", Shape::Table("a rung", RUNG), false),
];
const RUNG: &[Field] = &[
    Field("takes", Shape::Text, false),
    Field("yours", Shape::Text, false),
    Field("up", Shape::Text, false),
    Field("step", Shape::Word(STEPS), false),
    Field("fair", Shape::Text, false),
];
const RULE: &[Field] = &[
    Field("name", Shape::Text, true),
    Field("title", Shape::Text, true),
    Field("types", Shape::List, true),
    Field("properties", Shape::Named("a property", PROPERTY), false),
    Field("joins", Shape::Named("a join", JOIN), false),
    Field("of", Shape::Tables("[[rule.of]]", LINK), false),
    Field("case", Shape::Tables("[[rule.case]]", CASE), false),
    Field("rung", Shape::Table("[rule.rung]", OF_RUNGS), false),
    Field("docs", Shape::List, false),
    Field("example", Shape::Tables("[[rule.example]]", EXAMPLE), false),
];
const PROPERTY: &[Field] = &[
    Field("cfn", Shape::Texts, false),
    Field("tf", Shape::Texts, false),
    Field("default", Shape::Text, false),
];
const JOIN: &[Field] = &[
    Field("rules", Shape::List, true),
    Field("through", Shape::Table("a property", PROPERTY), false),
    Field("from", Shape::Table("a property", PROPERTY), false),
    Field("via", Shape::List, false),
    Field("properties", Shape::Named("a property", PROPERTY), false),
];
const LINK: &[Field] = &[
    Field("rules", Shape::List, true),
    Field("through", Shape::Table("a property", PROPERTY), false),
    Field("from", Shape::Table("a property", PROPERTY), false),
    Field("via", Shape::List, false),
    Field("loose", Shape::Truth, false),
    Field("no_worse", Shape::Truth, false),
    Field("only", Shape::Truth, false),
];
const CASE: &[Field] = &[
    Field("rung", Shape::Word(RUNGS), true),
    Field("when", Shape::When, false),
    Field("says", Shape::Text, true),
    Field("doubt", Shape::Text, false),
    Field("or", Shape::Words(RUNGS), false),
];
const PLUMBING: &[Field] = &[
    Field("why", Shape::Text, true),
    Field("types", Shape::List, true),
];
const EXAMPLE: &[Field] = &[
    Field("template", Shape::Text, true),
    Field("expect", Shape::List, true),
];

/// The catalogue with the rules of the folders that `[rules]` names over it.
pub fn read(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    (here, folder, inside): (&Path, &Path, &Path),
    catalogue: &'static Catalogue,
    shown: &mut Shown<'_>,
) -> &'static Catalogue {
    let Some(table) = reader.table(root, "rules") else {
        return catalogue;
    };
    reader.known(&table, &["folders"], "[rules]");
    let mut sources = Vec::new();
    let folders = reader.strings(&table, "folders").unwrap_or_default();
    if let Some(first) = folders.first() {
        shown.set(reader, "rules.folders", settings::list(&folders), first);
    }
    for named in folders {
        match open(here, folder, inside, &named) {
            Ok(found) => sources.extend(found),
            Err(message) => reader.fault(ConfigCode::Folder, message, named.span),
        }
    }
    let mut findings = Vec::new();
    let over = self::over(&sources, catalogue, &mut findings);
    reader.take_all(findings);
    over.unwrap_or(catalogue)
}

/// The rule files of a folder and of those below it, by name.
fn open(
    here: &Path,
    folder: &Path,
    inside: &Path,
    named: &Word,
) -> Result<Vec<Arc<Source>>, String> {
    let top = folder.join(&named.text);
    let real = top
        .canonicalize()
        .map_err(|error| format!("{}: {}", named.text, crate::base::finding::reason(&error)))?;
    if !real.is_dir() {
        return Err(format!("{} is no folder", named.text));
    }
    let inside_of = inside.canonicalize();
    if !inside_of.is_ok_and(|inside| real.starts_with(inside)) {
        return Err(format!("{} stands outside of the working tree", named.text));
    }
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(&named.text)];
    while let Some(name) = folders.pop() {
        let shown = |error| {
            format!(
                "{}: {}",
                name.display(),
                crate::base::finding::reason(&error)
            )
        };
        for entry in fs::read_dir(folder.join(&name)).map_err(shown)? {
            let entry = entry.map_err(shown)?;
            let below = name.join(entry.file_name());
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(below);
            } else if below.extension().is_some_and(|ending| ending == "toml") {
                files.push(below);
            }
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(format!("{} holds no rule file (*.toml)", named.text));
    }
    let files = files.iter();
    files
        .map(|file| ledger::file(here, folder, inside, &file.to_string_lossy()))
        .collect()
}

/// A catalogue with rule files over another one; nothing where one of them is at fault.
pub fn over(
    sources: &[Arc<Source>],
    catalogue: &'static Catalogue,
    findings: &mut Vec<Finding>,
) -> Option<&'static Catalogue> {
    let mut files = Vec::new();
    for source in sources {
        files.extend(file(source, findings).map(|file| (source.name().to_string(), file)));
    }
    // What a file that can't be read would have said is not missing from the others.
    if files.len() < sources.len() || !findings.is_empty() || files.is_empty() {
        return None;
    }
    let faults = match own::over(catalogue, &files) {
        Ok(catalogue) => return Some(catalogue),
        Err(faults) => faults,
    };
    for fault in faults {
        let mut reader = Reader::new(&sources[fault.file], findings);
        if let Some(root) = reader.root() {
            reader.fault(ConfigCode::Rule, fault.message, place(&root, &fault.at));
        }
    }
    None
}

/// One file, if every key and value of it is of the right shape.
fn file(source: &Arc<Source>, findings: &mut Vec<Finding>) -> Option<RuleFile> {
    let before = findings.len();
    let mut reader = Reader::new(source, findings);
    let root = reader.root()?;
    fields(&mut reader, &root, Span::default(), "a rule file", FILE);
    if findings.len() > before {
        return None;
    }
    match toml::from_str(source.text()) {
        Ok(file) => Some(file),
        Err(error) => {
            let place = span(error.span().unwrap_or_default());
            let message = error.message().to_owned();
            Reader::new(source, findings).fault(ConfigCode::Type, message, place);
            None
        }
    }
}

fn fields(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    place: Span,
    name: &str,
    fields: &'static [Field],
) {
    let keys: Vec<&str> = fields.iter().map(|Field(key, ..)| *key).collect();
    reader.known(table, &keys, name);
    for Field(key, shape, needed) in fields {
        match table.get(*key) {
            Some(value) => self::shape(reader, key, value, shape),
            None if *needed => {
                let message = format!("{name} needs `{key}`");
                reader.fault(ConfigCode::MissingKey, message, place);
            }
            None => {}
        }
    }
}

fn shape(reader: &mut Reader<'_>, key: &str, value: &Spanned<DeValue<'_>>, shape: &Shape) {
    let here = span(value.span());
    match (shape, value.get_ref()) {
        (Shape::Text | Shape::Texts, DeValue::String(_))
        | (Shape::Truth, DeValue::Boolean(_))
        | (Shape::When, DeValue::Table(_)) => {}
        (Shape::Word(valid), DeValue::String(text)) => {
            let text = text.to_string();
            reader.one_of(&Word { text, span: here }, valid, "a word");
        }
        (Shape::Texts | Shape::List, DeValue::Array(items)) => {
            for item in items {
                self::shape(reader, key, item, &Shape::Text);
            }
        }
        (Shape::Words(valid), DeValue::Array(items)) => {
            for item in items {
                self::shape(reader, key, item, &Shape::Word(valid));
            }
        }
        (Shape::Table(name, of), DeValue::Table(table)) => fields(reader, table, here, name, of),
        (Shape::Tables(name, of), DeValue::Array(items)) => {
            for item in items {
                self::shape(reader, key, item, &Shape::Table(name, of));
            }
        }
        (Shape::Named(name, of), DeValue::Table(table)) => {
            for (key, value) in table {
                self::shape(reader, key.get_ref(), value, &Shape::Table(name, of));
            }
        }
        (wanted, other) => {
            let wanted = match wanted {
                Shape::Text | Shape::Word(_) => "a text",
                Shape::Truth => "true or false",
                Shape::Texts => "a text or a list of texts",
                Shape::List | Shape::Words(_) => "a list of texts",
                Shape::When | Shape::Table(..) => "a table",
                Shape::Tables(..) => "tables: [[...]]",
                Shape::Named(..) => "a table of tables",
            };
            reader.wrong(key, wanted, other, value);
        }
    }
}

/// The place of what stands at the end of a way down, as far as the way goes.
fn place(root: &DeTable<'_>, way: &[String]) -> Span {
    let Some((first, rest)) = way.split_first() else {
        return Span::default();
    };
    let Some((key, mut value)) = root.get_key_value(first.as_str()) else {
        return Span::default();
    };
    let mut found = if rest.is_empty() && matches!(value.get_ref(), DeValue::Array(_)) {
        span(key.span())
    } else {
        span(value.span())
    };
    for step in rest {
        let below = match value.get_ref() {
            DeValue::Table(table) => table.get_key_value(step.as_str()),
            DeValue::Array(items) => {
                let item = step.parse().ok().and_then(|at: usize| items.get(at));
                let Some(item) = item else { break };
                (value, found) = (item, span(item.span()));
                continue;
            }
            _ => None,
        };
        let Some((key, inner)) = below else { break };
        // Of a test in a table of conditions, its name is what to look at.
        let is_table = matches!(inner.get_ref(), DeValue::Table(_));
        found = span(if is_table { key.span() } else { inner.span() });
        value = inner;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::CATALOGUE;
    use crate::rulebook::rulefile::RuleFile;

    /// Every file of `rules/` that is about rules.
    fn built_in() -> Vec<Arc<Source>> {
        let mut sources = Vec::new();
        let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"))];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("it is there") {
                let path = entry.expect("it is readable").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "toml") {
                    let text = fs::read_to_string(&path).expect("it is a text");
                    let is_rules = toml::from_str::<RuleFile>(&text).is_ok();
                    sources.extend(
                        is_rules.then(|| Arc::new(Source::new(path.display().to_string(), text))),
                    );
                }
            }
        }
        sources
    }

    #[test]
    fn every_built_in_file_has_the_shape_that_is_asked_of_others() {
        let sources = built_in();
        assert!(sources.len() > 16, "{}", sources.len());
        for source in sources {
            let mut findings = Vec::new();
            assert!(file(&source, &mut findings).is_some(), "{findings:?}");
        }
    }

    #[test]
    fn what_is_built_while_running_is_what_the_build_script_writes() {
        static NOTHING: Catalogue = Catalogue {
            ladders: &[],
            rules: &[],
            types: &[],
            prefixes: &[],
            modules: &[],
            plumbing: &[],
        };
        let mut findings = Vec::new();
        let own = over(&built_in(), &NOTHING, &mut findings).expect("nothing is wrong");
        assert_eq!(own.rules.len(), CATALOGUE.rules.len());
        for (kind, _) in CATALOGUE.types {
            let told = |catalogue: &'static Catalogue| {
                let rule = catalogue.rule(kind);
                rule.map(|rule| {
                    let of = |at: &usize| catalogue.rules[*at].name;
                    let links = rule.joins.iter().map(|join| &join.link).chain(rule.of);
                    let links: Vec<(Vec<&str>, Vec<&str>, String)> = links
                        .map(|link| {
                            (
                                link.rules.iter().map(of).collect(),
                                link.via.iter().map(of).collect(),
                                format!("{:?} {:?}", link.through, link.from),
                            )
                        })
                        .collect();
                    let rest = format!(
                        "{:?} {:?} {:?} {:?} {:?}",
                        rule.name,
                        rule.properties,
                        rule.cases,
                        rule.rungs,
                        rule.ladder().name
                    );
                    (rest, links)
                })
            };
            assert_eq!(told(own), told(&CATALOGUE), "{kind}");
            // The build script adds what facts ask for.
            let kept = CATALOGUE.rule(kind).map_or(&[][..], |rule| rule.attributes);
            let asked = own.rule(kind).map_or(&[][..], |rule| rule.attributes);
            assert!(asked.iter().all(|name| kept.contains(name)), "{kind}");
        }
        for (prefix, _) in CATALOGUE.prefixes {
            assert_eq!(
                own.entry(prefix).map(|_| ()),
                CATALOGUE.entry(prefix).map(|_| ())
            );
        }
    }
}
