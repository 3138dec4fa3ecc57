//! TOML with places: each key is asked for by name, what is wrong is collected.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::base::finding::{Finding, Help, Section, Severity};
use crate::base::source::{Source, Span};
use crate::base::{Code, ConfigCode};

/// A text and where it stands.
#[derive(Debug)]
pub struct Word {
    pub text: String,
    pub span: Span,
}

/// One file, and what is found wrong in it.
pub struct Reader<'s> {
    source: &'s Arc<Source>,
    findings: &'s mut Vec<Finding>,
}

impl<'s> Reader<'s> {
    /// A reader of a file.
    pub fn new(source: &'s Arc<Source>, findings: &'s mut Vec<Finding>) -> Self {
        Self { source, findings }
    }

    /// The whole file, or everything that makes it no TOML.
    pub fn root(&mut self) -> Option<DeTable<'s>> {
        let (root, errors) = DeTable::parse_recoverable(self.source.text());
        let whole = errors.is_empty();
        for error in errors {
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            let place = span(error.span().unwrap_or_default());
            // What is a value above can't be a table as well.
            let twice = message.starts_with("cannot extend value of type ");
            let name = place.of(self.source.text()).trim();
            if !twice || name.is_empty() {
                self.fault(ConfigCode::Toml, message, place);
                continue;
            }
            let message = format!("`{name}` has a value above, so it can't be a table here");
            self.fault(ConfigCode::Toml, message, place);
            if name == "purpose" {
                let text = "[purpose]\nnorth-star = \"the sentence that stands above\"";
                let help = Help {
                    section: Section::Correct,
                    text: text.to_owned(),
                };
                if let Some(finding) = self.findings.last_mut() {
                    finding.help.push(help);
                }
            }
        }
        whole.then(|| root.into_inner())
    }

    pub fn source(&self) -> &'s Arc<Source> {
        self.source
    }

    /// The first line of a place: a table's header.
    pub fn first_line(&self, span: Span) -> Span {
        self.source.one_line(span)
    }

    /// Takes over what was found wrong elsewhere.
    pub fn take_all(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// Says what is wrong at a place.
    pub fn fault(&mut self, code: ConfigCode, message: String, span: Span) {
        let (code, source) = (Code::Config(code), Arc::clone(self.source));
        let finding = Finding::new(code, Severity::Error, message, source, span);
        self.findings.push(finding);
    }

    /// Every other key is an error that names these.
    pub fn known(&mut self, table: &DeTable<'_>, keys: &[&str], place: &str) {
        for key in table.keys() {
            let name = key.get_ref().as_ref();
            if keys.contains(&name) {
                continue;
            }
            self.fault(
                ConfigCode::UnknownKey,
                format!("{place} has no key `{name}`"),
                span(key.span()),
            );
            self.offer(name, keys);
        }
    }

    /// The table under a key.
    pub fn table<'i>(&mut self, table: &DeTable<'i>, key: &str) -> Option<DeTable<'i>> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(table.clone()),
            other => {
                self.wrong(key, "a table", other, value);
                None
            }
        }
    }

    /// The tables under a key, each with its place.
    pub fn tables<'i>(&mut self, table: &DeTable<'i>, key: &str) -> Vec<(DeTable<'i>, Span)> {
        let Some(value) = table.get(key) else {
            return Vec::new();
        };
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong(key, "tables: [[...]]", value.get_ref(), value);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::Table(table) => tables.push((table.clone(), span(item.span()))),
                other => self.wrong(key, "tables: [[...]]", other, item),
            }
        }
        tables
    }

    /// The text under a key.
    pub fn string(&mut self, table: &DeTable<'_>, key: &str) -> Option<Word> {
        self.word(table, key, false)
    }

    /// The text or date under a key.
    pub fn date(&mut self, table: &DeTable<'_>, key: &str) -> Option<Word> {
        self.word(table, key, true)
    }

    /// The text under a key, or nothing where something else stands there.
    pub fn plain(&mut self, table: &DeTable<'_>, key: &str) -> Option<Word> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some(Word {
                text: text.to_string(),
                span: span(value.span()),
            }),
            _ => None,
        }
    }

    /// The text or texts under a key.
    pub fn strings(&mut self, table: &DeTable<'_>, key: &str) -> Option<Vec<Word>> {
        let value = table.get(key)?;
        let items: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let mut words = Vec::new();
        for item in items {
            match item.get_ref() {
                DeValue::String(text) => words.push(Word {
                    text: text.to_string(),
                    span: span(item.span()),
                }),
                other => self.wrong(key, "a list of strings", other, item),
            }
        }
        Some(words)
    }

    /// The number under a key, 0 or more.
    pub fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<(usize, Word)> {
        let value = table.get(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => number.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        let Some(number) = number else {
            let message = format!("`{key}` needs a whole number, 0 or more");
            self.fault(ConfigCode::Type, message, span(value.span()));
            return None;
        };
        let text = format!("{number}");
        let span = span(value.span());
        Some((number, Word { text, span }))
    }

    /// The share under a key: from 0 to 1.
    pub fn share(&mut self, table: &DeTable<'_>, key: &str) -> Option<(f64, Word)> {
        self.decimal(table, key, 1.0)
    }

    /// The number under a key, from 0 to a most, with or without a fraction.
    pub fn decimal(&mut self, table: &DeTable<'_>, key: &str, most: f64) -> Option<(f64, Word)> {
        let value = table.get(key)?;
        let text = match value.get_ref() {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        let number: Option<f64> = text.replace('_', "").parse().ok();
        let Some(number) = number.filter(|number| (0.0..=most).contains(number)) else {
            let message = format!("`{key}` needs a number from 0 to {most}");
            self.fault(ConfigCode::Type, message, span(value.span()));
            return None;
        };
        let word = Word {
            text: number.to_string(),
            span: span(value.span()),
        };
        Some((number, word))
    }

    /// The truth value under a key.
    pub fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(holds) => Some(*holds),
            other => {
                self.wrong(key, "true or false", other, value);
                None
            }
        }
    }

    /// The position of a word among those that are valid; every other is an error that names them.
    pub fn one_of(&mut self, word: &Word, valid: &[&str], what: &str) -> Option<usize> {
        let found = valid.iter().position(|known| *known == word.text);
        if found.is_none() {
            let message = format!("`{}` is not {what} that sfl knows", word.text);
            self.fault(ConfigCode::Value, message, word.span);
            self.offer(&word.text, valid);
        }
        found
    }

    /// Names what is valid beside the last fault, and what is spelled most alike.
    pub fn offer(&mut self, name: &str, valid: &[&str]) {
        let near = valid
            .iter()
            .map(|known| (strsim::damerau_levenshtein(known, name), known));
        let near = near.min().filter(|(distance, _)| *distance <= 2);
        if let Some(finding) = self.findings.last_mut() {
            finding.label = near
                .map(|(_, near)| format!("did you mean `{near}`?"))
                .unwrap_or_default();
            finding.help.push(Help {
                section: Section::Valid,
                text: valid.join(", "),
            });
        }
    }

    fn word(&mut self, table: &DeTable<'_>, key: &str, date: bool) -> Option<Word> {
        let value = table.get(key)?;
        let text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(time) if date => time.to_string(),
            other => {
                let wanted = if date {
                    "a string or a date"
                } else {
                    "a string"
                };
                self.wrong(key, wanted, other, value);
                return None;
            }
        };
        Some(Word {
            text,
            span: span(value.span()),
        })
    }

    /// Says that something else is wanted than what stands there.
    pub fn wrong(
        &mut self,
        key: &str,
        wanted: &str,
        found: &DeValue<'_>,
        at: &Spanned<DeValue<'_>>,
    ) {
        let found = found.type_str();
        let article = if found.starts_with(['a', 'i']) {
            "an"
        } else {
            "a"
        };
        let message = format!("`{key}` needs {wanted}, not {article} {found}");
        self.fault(ConfigCode::Type, message, span(at.span()));
    }
}

/// A place, as TOML counts it.
pub fn span(range: std::ops::Range<usize>) -> Span {
    let byte = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(byte(range.start), byte(range.end))
}
