//! The shape of a rule file: which keys there are, and what stands under each. Everything that does not fit is said at once,
//! with its place.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::RuleFile;

/// Something in a file that does not fit.
#[derive(Debug)]
pub struct Misfit {
    /// In what it does not fit.
    pub kind: MisfitKind,
    /// Bytes of the file.
    pub place: Range<usize>,
    pub message: String,
    /// The word that was found, and those that would fit.
    pub instead: Option<(String, Vec<&'static str>)>,
}

/// In what something does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MisfitKind {
    /// Nobody knows the key.
    UnknownKey,
    /// A key must be there and is not.
    MissingKey,
    /// It is none of the words that may stand there.
    Value,
    /// It is a number, or a list, or the like, where something else must be.
    Type,
}

/// What may stand under a key of a rule file.
enum Shape {
    Text,
    Truth,
    /// A whole number.
    Number,
    /// A day, as TOML writes it or in quotes.
    Day,
    /// A text or several.
    Texts,
    /// A list of texts.
    List,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A list of such words.
    Words(&'static [&'static str]),
    /// A table of conditions: [`super::condition::Condition::parse`] says what it may hold.
    When,
    /// A table with these keys.
    Table(&'static str, &'static [Field]),
    /// Tables with these keys.
    Tables(&'static str, &'static [Field]),
    /// Lists of texts, under names of the author's own.
    Lists,
    /// Tables with these keys, under names of the author's own.
    Named(&'static str, &'static [Field]),
}

/// A key, what may stand under it, and whether it must be there.
struct Field(&'static str, Shape, bool);

const RUNGS: &[&str] = &["serverless", "capacity", "cluster", "server"];
const STEPS: &[&str] = &["property", "resource", "redesign", "removal"];
const SAFETIES: &[&str] = &["safe", "unsafe"];
const HOLDS: &[&str] = &["template", "module", "type"];

const FILE: &[Field] = &[
    Field("ladder", Shape::Table("[ladder]", LADDER), false),
    Field("extends", Shape::Text, false),
    Field("rung", Shape::Table("[rung]", OF_RUNGS), false),
    Field("sets", Shape::Lists, false),
    Field("limits", Shape::Named("a limit", LIMIT), false),
    Field("bills", Shape::Named("a bill", BILL), false),
    Field("rule", Shape::Tables("[[rule]]", RULE), false),
    Field("plumbing", Shape::Tables("[[plumbing]]", PLUMBING), false),
];
const LIMIT: &[Field] = &[
    Field("of", Shape::Text, true),
    Field("value", Shape::Number, true),
    Field("unit", Shape::Text, true),
    Field("source", Shape::Text, true),
    Field("checked", Shape::Day, true),
];
const BILL: &[Field] = &[
    Field("says", Shape::Text, true),
    Field("source", Shape::Text, true),
    Field("checked", Shape::Day, true),
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
    Field("to", Shape::Word(RUNGS), false),
    Field("step", Shape::Word(STEPS), false),
    Field("changes", Shape::List, false),
    Field("data", Shape::Text, false),
    Field("bills", Shape::List, false),
    Field("fair", Shape::Text, false),
    Field("fix", Shape::Table("a fix", FIX), false),
];
const RULE: &[Field] = &[
    Field("name", Shape::Text, true),
    Field("title", Shape::Text, true),
    Field("types", Shape::List, true),
    Field("properties", Shape::Named("a property", PROPERTY), false),
    Field("joins", Shape::Named("a join", JOIN), false),
    Field("of", Shape::Tables("[[rule.of]]", LINK), false),
    Field(
        "machinery",
        Shape::Table("[rule.machinery]", MACHINERY),
        false,
    ),
    Field("made_if", Shape::Lists, false),
    Field("case", Shape::Tables("[[rule.case]]", CASE), false),
    Field(
        "lifecycle",
        Shape::Tables("[[rule.lifecycle]]", LIFECYCLE),
        false,
    ),
    Field("rung", Shape::Table("[rule.rung]", OF_RUNGS), false),
    Field("docs", Shape::List, false),
    Field("example", Shape::Tables("[[rule.example]]", EXAMPLE), false),
];
const PROPERTY: &[Field] = &[
    Field("cfn", Shape::Texts, false),
    Field("tf", Shape::Texts, false),
    Field("default", Shape::Text, false),
    Field("weights", Shape::Table("`weights`", WEIGHTS), false),
];
const WEIGHTS: &[Field] = &[
    Field("cfn", Shape::Texts, false),
    Field("tf", Shape::Texts, false),
];
const JOIN: &[Field] = &[
    Field("rules", Shape::List, true),
    Field("through", Shape::Table("a property", PROPERTY), false),
    Field("from", Shape::Table("a property", PROPERTY), false),
    Field("via", Shape::List, false),
    Field("between", Shape::Table("a property", PROPERTY), false),
    Field("signs", Shape::List, false),
    Field("by_name", Shape::Table("a property", PROPERTY), false),
    Field("properties", Shape::Named("a property", PROPERTY), false),
];
const LINK: &[Field] = &[
    Field("rules", Shape::List, true),
    Field("through", Shape::Table("a property", PROPERTY), false),
    Field("from", Shape::Table("a property", PROPERTY), false),
    Field("via", Shape::List, false),
    Field("between", Shape::Table("a property", PROPERTY), false),
    Field("signs", Shape::List, false),
    Field("by_name", Shape::Table("a property", PROPERTY), false),
    Field("loose", Shape::Truth, false),
    Field("no_worse", Shape::Truth, false),
    Field("only", Shape::Truth, false),
];
const MACHINERY: &[Field] = &[
    Field("why", Shape::Text, true),
    Field("by", Shape::Tables("a use", USE), false),
    Field("with", Shape::Tables("a use", USE), false),
    Field("through", Shape::List, false),
    Field("beside", Shape::List, false),
    Field("sign", Shape::When, false),
    Field("unless", Shape::When, false),
];
const USE: &[Field] = &[
    Field("rules", Shape::List, false),
    Field("from", Shape::Table("a property", PROPERTY), true),
];
const CASE: &[Field] = &[
    Field("rung", Shape::Word(RUNGS), true),
    Field("when", Shape::When, false),
    Field("says", Shape::Text, true),
    Field("doubt", Shape::Text, false),
    Field("or", Shape::Words(RUNGS), false),
    Field("untried", Shape::Truth, false),
    Field("up", Shape::Text, false),
    Field("to", Shape::Word(RUNGS), false),
    Field("step", Shape::Word(STEPS), false),
    Field("changes", Shape::List, false),
    Field("data", Shape::Text, false),
    Field("bills", Shape::List, false),
    Field("fair", Shape::Text, false),
    Field("fix", Shape::Table("a fix", FIX), false),
];
const FIX: &[Field] = &[
    Field("safety", Shape::Word(SAFETIES), true),
    Field("says", Shape::Text, true),
    Field("when", Shape::When, false),
    Field("set", Shape::When, false),
    Field("remove", Shape::List, false),
    Field("drops", Shape::List, false),
    Field("never_with", Shape::List, false),
    Field("never_beside", Shape::List, false),
    Field("never_on", Shape::List, false),
    Field("minds", Shape::When, false),
    Field("acts", Shape::List, false),
    Field("metrics", Shape::List, false),
];
const LIFECYCLE: &[Field] = &[
    Field("name", Shape::Text, true),
    Field("ends", Shape::Day, false),
    Field("closed", Shape::Day, false),
    Field("support_only", Shape::Truth, false),
    Field("types", Shape::List, false),
    Field("when", Shape::When, false),
    Field("instead", Shape::Text, true),
    Field("source", Shape::Text, true),
    Field("checked", Shape::Day, true),
];
const PLUMBING: &[Field] = &[
    Field("why", Shape::Text, true),
    Field("types", Shape::List, true),
    Field("holds", Shape::Word(HOLDS), false),
    Field("named", Shape::Table("a property", PROPERTY), false),
];
const EXAMPLE: &[Field] = &[
    Field("template", Shape::Text, true),
    Field("expect", Shape::List, true),
];

/// Reads a file.
///
/// # Errors
/// Everything that does not fit.
pub fn read(text: &str, root: &DeTable<'_>) -> Result<RuleFile, Vec<Misfit>> {
    let mut misfits = Misfits::default();
    misfits.fields(root, 0..0, "a rule file", FILE);
    if !misfits.0.is_empty() {
        return Err(misfits.0);
    }
    toml::from_str(text).map_err(|error| {
        vec![Misfit {
            kind: MisfitKind::Type,
            place: error.span().unwrap_or_default(),
            message: error.message().to_owned(),
            instead: None,
        }]
    })
}

#[derive(Default)]
struct Misfits(Vec<Misfit>);

impl Misfits {
    fn add(
        &mut self,
        kind: MisfitKind,
        place: Range<usize>,
        message: String,
        instead: Option<(String, Vec<&'static str>)>,
    ) {
        self.0.push(Misfit {
            kind,
            place,
            message,
            instead,
        });
    }

    fn fields(
        &mut self,
        table: &DeTable<'_>,
        place: Range<usize>,
        name: &str,
        fields: &'static [Field],
    ) {
        let keys: Vec<&'static str> = fields.iter().map(|Field(key, ..)| *key).collect();
        for key in table.keys() {
            let found = key.get_ref().as_ref();
            if !keys.contains(&found) {
                let message = format!("{name} has no key `{found}`");
                let instead = Some((found.to_owned(), keys.clone()));
                self.add(MisfitKind::UnknownKey, key.span(), message, instead);
            }
        }
        for Field(key, shape, needed) in fields {
            match table.get(*key) {
                Some(value) => self.value(key, value, shape),
                None if *needed => {
                    let message = format!("{name} needs `{key}`");
                    self.add(MisfitKind::MissingKey, place.clone(), message, None);
                }
                None => {}
            }
        }
    }

    fn value(&mut self, key: &str, value: &Spanned<DeValue<'_>>, shape: &Shape) {
        match (shape, value.get_ref()) {
            (Shape::Text | Shape::Texts | Shape::Day, DeValue::String(_))
            | (Shape::Truth, DeValue::Boolean(_))
            | (Shape::Number, DeValue::Integer(_))
            | (Shape::Day, DeValue::Datetime(_))
            | (Shape::When, DeValue::Table(_)) => {}
            (Shape::Word(valid), DeValue::String(text)) => {
                if !valid.contains(&text.as_ref()) {
                    let message = format!("`{text}` is not a word that sfl knows");
                    let instead = Some((text.to_string(), valid.to_vec()));
                    self.add(MisfitKind::Value, value.span(), message, instead);
                }
            }
            (Shape::Texts | Shape::List, DeValue::Array(items)) => {
                for item in items {
                    self.value(key, item, &Shape::Text);
                }
            }
            (Shape::Words(valid), DeValue::Array(items)) => {
                for item in items {
                    self.value(key, item, &Shape::Word(valid));
                }
            }
            (Shape::Table(name, of), DeValue::Table(table)) => {
                self.fields(table, value.span(), name, of);
            }
            (Shape::Tables(name, of), DeValue::Array(items)) => {
                for item in items {
                    self.value(key, item, &Shape::Table(name, of));
                }
            }
            (Shape::Lists, DeValue::Table(table)) => {
                for (key, value) in table {
                    self.value(key.get_ref(), value, &Shape::List);
                }
            }
            (Shape::Named(name, of), DeValue::Table(table)) => {
                for (key, value) in table {
                    self.value(key.get_ref(), value, &Shape::Table(name, of));
                }
            }
            (wanted, found) => {
                let wanted = wanted.phrase();
                let found = found.type_str();
                let article = if found.starts_with(['a', 'i']) {
                    "an"
                } else {
                    "a"
                };
                let message = format!("`{key}` needs {wanted}, not {article} {found}");
                self.add(MisfitKind::Type, value.span(), message, None);
            }
        }
    }
}

impl Shape {
    const fn phrase(&self) -> &'static str {
        match self {
            Self::Text | Self::Word(_) => "a string",
            Self::Truth => "true or false",
            Self::Number => "a whole number",
            Self::Day => "a day like 2027-06-30",
            Self::Texts => "a string or a list of strings",
            Self::List | Self::Words(_) => "a list of strings",
            Self::When | Self::Table(..) => "a table",
            Self::Tables(..) => "tables: [[...]]",
            Self::Lists => "a table of lists",
            Self::Named(..) => "a table of tables",
        }
    }
}

/// The place of what stands at the end of a way down, as far as the way goes.
#[must_use]
pub fn place(root: &DeTable<'_>, way: &[String]) -> Range<usize> {
    let Some((first, rest)) = way.split_first() else {
        return 0..0;
    };
    let Some((key, mut value)) = root.get_key_value(first.as_str()) else {
        return 0..0;
    };
    let mut found = if rest.is_empty() && matches!(value.get_ref(), DeValue::Array(_)) {
        key.span()
    } else {
        value.span()
    };
    for step in rest {
        let below = match value.get_ref() {
            DeValue::Table(table) => table.get_key_value(step.as_str()),
            DeValue::Array(items) => {
                let item = step.parse().ok().and_then(|at: usize| items.get(at));
                let Some(item) = item else { break };
                (value, found) = (item, item.span());
                continue;
            }
            _ => None,
        };
        let Some((key, inner)) = below else { break };
        // Of a test in a table of conditions, its name is what to look at.
        let is_table = matches!(inner.get_ref(), DeValue::Table(_));
        found = if is_table { key.span() } else { inner.span() };
        value = inner;
    }
    found
}
