//! What can be set beside the ledger: what a justification needs, what is accepted where, and what is left out.

use std::collections::BTreeMap;

use globset::GlobMatcher;
use jiff::civil::Date;
use toml::de::DeTable;

use super::glob_samples;
use super::ledger::{from_base, no_glob, path_glob};
use super::reader::{Reader, Word};
use crate::base::finding::Severity;
use crate::base::source::{Source, Span};
use crate::base::{Code, ConfigCode, Rung};
use crate::rulebook::{Catalogue, Text};

/// Characters of a reason that are asked for by default.
const MINIMUM_LENGTH: usize = 20;
/// Fields that can be required; the first two always are.
const FIELDS: [&str; 5] = ["because", "reason", "owner", "expires", "evidence"];

/// What `[justifications]` asks of a record.
#[derive(Clone, Debug)]
pub struct Demands {
    /// Fields that must be there, beside those that always must.
    pub require: Vec<String>,
    /// Characters that the reason must have.
    pub minimum_length: usize,
    /// How far away its end may lie.
    pub furthest: Option<Limit>,
    /// Codes of decisions that nothing justifies.
    pub never: Vec<Code>,
    /// What a `why` of AWS Context counts for that stands alone.
    pub context: ContextRule,
    /// Whose reasons count.
    pub authored_by: AuthorRule,
}

/// Whose reasons count. Most say nothing of who wrote them, and count either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthorRule {
    #[default]
    Anybody,
    /// One that says that an agent wrote it settles nothing.
    Person,
}

impl AuthorRule {
    const ALL: [Self; 2] = [Self::Anybody, Self::Person];

    /// As it is written in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Anybody => "anybody",
            Self::Person => "person",
        }
    }
}

/// What a `why` of AWS Context counts for where no record says of which kind it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContextRule {
    /// It is shown and settles nothing.
    #[default]
    Shown,
    /// It is a reason where no other speaks of the decision.
    Settles,
}

impl ContextRule {
    const ALL: [Self; 2] = [Self::Shown, Self::Settles];

    /// As it is written in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Settles => "settles",
        }
    }
}

impl Default for Demands {
    fn default() -> Self {
        Self {
            require: Vec::new(),
            minimum_length: MINIMUM_LENGTH,
            furthest: None,
            never: Vec::new(),
            context: ContextRule::default(),
            authored_by: AuthorRule::default(),
        }
    }
}

/// The furthest end that is allowed.
#[derive(Clone, Debug)]
pub enum Limit {
    /// So long from today.
    Span(jiff::Span, String),
    Day(Date),
}

impl Limit {
    /// Reads `365d`, `1y 6mo` or `2027-12-31`.
    ///
    /// # Errors
    /// What is asked for instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(day) = day(text) {
            return Ok(Self::Day(day));
        }
        let wanted =
            || format!("`{text}` is not a time: write 365d, 18mo or a day like 2027-12-31");
        let span: jiff::Span = text.trim().parse().map_err(|_| wanted())?;
        let whole = span.get_hours() == 0 && span.get_minutes() == 0 && span.get_seconds() == 0;
        let some = span.get_days() > 0
            || span.get_weeks() > 0
            || span.get_months() > 0
            || span.get_years() > 0;
        if !whole || !some {
            return Err(wanted());
        }
        Ok(Self::Span(span, text.trim().to_owned()))
    }

    /// The last day within it.
    #[must_use]
    pub fn last(&self, today: Date) -> Date {
        match self {
            Self::Span(span, _) => today.saturating_add(*span),
            Self::Day(day) => *day,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Span(_, text) => f.write_str(text),
            Self::Day(day) => write!(f, "{day}"),
        }
    }
}

/// A calendar day: four digits, two, two.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let digits = |range: std::ops::Range<usize>| {
        text.get(range)
            .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let shape = text.len() == 10 && digits(0..4) && digits(5..7) && digits(8..10);
    let dashes = text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
    if shape && dashes {
        text.parse().ok()
    } else {
        None
    }
}

/// What counts as a fallback on one ladder, and how much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The worst rung that needs no reason.
    pub accept: Rung,
    /// The weight of an unjustified fallback on each rung.
    pub severity: [Severity; 4],
    /// Of which rungs nothing is said.
    pub is_off: [bool; 4],
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            accept: Rung::Serverless,
            severity: [
                Severity::Note,
                Severity::Note,
                Severity::Warning,
                Severity::Error,
            ],
            is_off: [false; 4],
        }
    }
}

/// How much a rung weighs, as it is written: `off` is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Off,
    Of(Severity),
}

impl Weight {
    const ALL: [(&'static str, Self); 4] = [
        ("off", Self::Off),
        ("note", Self::Of(Severity::Note)),
        ("warning", Self::Of(Severity::Warning)),
        ("error", Self::Of(Severity::Error)),
    ];
}

/// What a file says about one ladder, or about all; what it leaves out is as before.
#[derive(Clone, Debug, Default)]
pub struct LadderSetting {
    accept: Option<Rung>,
    weight: [Option<Weight>; 4],
}

impl LadderSetting {
    /// Takes over what another file says after this one.
    fn take(&mut self, other: &Self) {
        self.accept = other.accept.or(self.accept);
        for (old, new) in self.weight.iter_mut().zip(other.weight) {
            *old = new.or(*old);
        }
    }

    /// Changes a policy.
    fn apply(&self, policy: &mut Policy) {
        policy.accept = self.accept.unwrap_or(policy.accept);
        for (rung, weight) in self.weight.iter().enumerate() {
            match weight {
                None => {}
                Some(Weight::Off) => policy.is_off[rung] = true,
                Some(Weight::Of(severity)) => {
                    policy.is_off[rung] = false;
                    policy.severity[rung] = *severity;
                }
            }
        }
    }
}

/// What `[ladders]` says: of all, and of some by name.
#[derive(Clone, Debug, Default)]
pub struct Ladders {
    all: LadderSetting,
    of: BTreeMap<Text, LadderSetting>,
}

impl Ladders {
    /// Takes over what another file says after this one.
    pub fn take(&mut self, other: Self) {
        self.all.take(&other.all);
        for (name, setting) in other.of {
            self.of.entry(name).or_default().take(&setting);
        }
    }

    /// Changes the policy of a ladder: by what is said of all, then by what is said of it.
    pub fn apply(&self, ladder: &str, policy: &mut Policy) {
        self.all.apply(policy);
        if let Some(own) = self.of.get(ladder) {
            own.apply(policy);
        }
    }
}

/// Paths, seen from the configuration that names them.
#[derive(Clone, Debug)]
pub struct Paths {
    globs: Vec<GlobMatcher>,
    base: String,
}

impl Paths {
    /// Globs as the command line gives them, from the working directory.
    ///
    /// # Errors
    /// What is wrong with the first that is none.
    pub fn given(globs: &[String]) -> Result<Self, String> {
        let compile = |text: &String| {
            path_glob(text.trim_end_matches('/')).map_err(|error| no_glob(text, &error))
        };
        Ok(Self {
            globs: globs.iter().map(compile).collect::<Result<_, _>>()?,
            base: String::new(),
        })
    }

    /// The globs, as they are written.
    pub fn globs(&self) -> impl Iterator<Item = &str> {
        self.globs.iter().map(|glob| glob.glob().glob())
    }

    /// What all that is meant stands in or is, as the configuration names it: of each glob, the parts before its first mark.
    pub fn starts(&self) -> impl Iterator<Item = String> {
        self.globs.iter().map(|glob| {
            let parts = glob.glob().glob().split('/');
            let plain = parts.take_while(|part| !part.contains(['*', '?', '[', '{', '\\']));
            plain.collect::<Vec<_>>().join("/")
        })
    }

    /// Files that would be meant, one by one, whether any is there or not: of each glob, with all that a name can be in it, as far as
    /// few of them stand for all. They are seen from where the run is. Nothing where they are too many.
    #[must_use]
    pub fn samples(&self, glob: &str) -> Option<Vec<String>> {
        let samples = glob_samples::samples(glob)?.into_iter();
        let up = "../".repeat(self.base.split('/').filter(|part| !part.is_empty()).count());
        Some(samples.map(|place| format!("{up}{place}")).collect())
    }

    /// Whether a file is meant, by its own path or by that of a folder that it stands in.
    #[must_use]
    pub fn hold(&self, path: &str) -> bool {
        let path = from_base(&self.base, path);
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        let mut all = folders.chain([path.as_str()]);
        all.any(|path| self.globs.iter().any(|glob| glob.is_match(path)))
    }
}

/// One `[[override]]`.
#[derive(Clone, Debug)]
pub struct Override {
    /// Where it holds.
    pub paths: Paths,
    pub ladders: Ladders,
}

/// A value and where it was set.
#[derive(Clone, Debug)]
pub struct Setting {
    /// `justifications.minimum_length`.
    pub key: String,
    /// As it would stand in TOML.
    pub value: String,
    /// The file and line; none is the default.
    pub origin: Option<(String, u32)>,
}

/// Notes what is set, so that it can be shown.
pub struct Shown<'c>(pub &'c mut BTreeMap<String, Setting>);

impl Shown<'_> {
    /// A later value of the same key takes the place of an earlier one.
    pub fn set(&mut self, reader: &Reader<'_>, key: &str, value: String, word: &Word) {
        self.set_at(reader.source(), key, value, word.span);
    }

    /// Forgets the values of all keys that begin so: others take their places.
    pub fn forget(&mut self, start: &str) {
        self.0.retain(|key, _| !key.starts_with(start));
    }

    /// The same for what stands in any text.
    pub fn set_at(&mut self, source: &Source, key: &str, value: String, span: Span) {
        let setting = Setting {
            key: key.to_owned(),
            value,
            origin: Some((source.name().to_string(), source.position(span.start).line)),
        };
        self.0.insert(key.to_owned(), setting);
    }
}

/// A text as TOML writes it.
#[must_use]
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Texts as TOML writes them.
#[must_use]
pub fn list(texts: &[Word]) -> String {
    let texts = texts.iter().map(|word| quoted(&word.text));
    format!("[{}]", texts.collect::<Vec<_>>().join(", "))
}

/// Reads `[justifications]`, without its ledger.
pub fn demands(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    catalogue: &Catalogue,
    demands: &mut Demands,
    shown: &mut Shown<'_>,
) {
    if let Some(words) = reader.strings(table, "require") {
        for word in &words {
            reader.one_of(word, &FIELDS, "a field");
        }
        if let Some(first) = words.first() {
            shown.set(reader, "justifications.require", list(&words), first);
        }
        demands.require = words.into_iter().map(|word| word.text).collect();
    }
    if let Some((number, word)) = reader.number(table, "minimum_length") {
        shown.set(
            reader,
            "justifications.minimum_length",
            number.to_string(),
            &word,
        );
        demands.minimum_length = number;
    }
    if let Some(word) = reader.date(table, "furthest") {
        match Limit::parse(&word.text) {
            Ok(limit) => {
                shown.set(reader, "justifications.furthest", quoted(&word.text), &word);
                demands.furthest = Some(limit);
            }
            Err(message) => reader.fault(ConfigCode::Value, message, word.span),
        }
    }
    if let Some(word) = reader.string(table, "context") {
        let names = ContextRule::ALL.map(ContextRule::name);
        if let Some(at) = reader.one_of(&word, &names, "a word for a context") {
            shown.set(reader, "justifications.context", quoted(&word.text), &word);
            demands.context = ContextRule::ALL[at];
        }
    }
    if let Some(word) = reader.string(table, "authored-by") {
        let names = AuthorRule::ALL.map(AuthorRule::name);
        if let Some(at) = reader.one_of(&word, &names, "a word for who writes reasons") {
            let value = quoted(&word.text);
            shown.set(reader, "justifications.authored-by", value, &word);
            demands.authored_by = AuthorRule::ALL[at];
        }
    }
    if let Some(words) = reader.strings(table, "never") {
        let ladders = catalogue.ladders();
        let codes: Vec<String> = ladders
            .flat_map(|ladder| {
                let below = Rung::ALL[1..].iter();
                below.map(|rung| format!("{}/{}", ladder.name, rung.name()))
            })
            .collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        for word in &words {
            reader.one_of(word, &codes, "a code");
        }
        if let Some(first) = words.first() {
            shown.set(reader, "justifications.never", list(&words), first);
        }
        let never = words.iter().filter_map(|word| word.text.parse().ok());
        demands.never = never.collect();
    }
}

/// Reads `[ladders.NAME]` tables.
pub fn ladders(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    catalogue: &Catalogue,
    prefix: &str,
    shown: &mut Shown<'_>,
) -> Ladders {
    let mut all = Ladders::default();
    let Some(tables) = reader.table(root, "ladders") else {
        return all;
    };
    let names = catalogue.ladders().map(|ladder| ladder.name.clone());
    let names: Vec<Text> = names.collect();
    let known = names.iter().map(|name| &**name).chain(LADDER_KEYS);
    let known: Vec<&str> = known.collect();
    reader.known(&tables, &known, "[ladders]");
    let key = format!("{prefix}ladders");
    all.all = ladder(reader, &tables, "[ladders", &key, shown);
    for name in names {
        let Some(table) = reader.table(&tables, &name) else {
            continue;
        };
        reader.known(&table, &LADDER_KEYS, &format!("[ladders.{name}]"));
        let place = format!("[ladders.{name}");
        let key = format!("{prefix}ladders.{name}");
        let setting = ladder(reader, &table, &place, &key, shown);
        all.of.insert(name, setting);
    }
    all
}

/// What can be said of a ladder, and of all of them.
const LADDER_KEYS: [&str; 2] = ["accept", "severity"];

/// Reads what a table says of a ladder. `place` is how the table is called, without the bracket at its end.
fn ladder(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    place: &str,
    key: &str,
    shown: &mut Shown<'_>,
) -> LadderSetting {
    let mut setting = LadderSetting::default();
    if let Some(word) = reader.string(table, "accept") {
        setting.accept = rung(reader, &word);
        shown.set(reader, &format!("{key}.accept"), quoted(&word.text), &word);
    }
    if let Some(word) = reader.plain(table, "severity") {
        let weight = weight(reader, &word);
        setting.weight = [weight; 4];
        for rung in &Rung::ALL[1..] {
            let key = format!("{key}.severity.{}", rung.name());
            shown.set(reader, &key, quoted(&word.text), &word);
        }
    } else if let Some(weights) = reader.table(table, "severity") {
        let rungs = Rung::ALL.map(Rung::name);
        reader.known(&weights, &rungs[1..], &format!("{place}.severity]"));
        for rung in &Rung::ALL[1..] {
            if let Some(word) = reader.string(&weights, rung.name()) {
                setting.weight[*rung as usize] = weight(reader, &word);
                let key = format!("{key}.severity.{}", rung.name());
                shown.set(reader, &key, quoted(&word.text), &word);
            }
        }
    }
    setting
}

/// Reads `[[override]]` tables.
pub fn overrides(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    catalogue: &Catalogue,
    base: &str,
    shown: &mut Shown<'_>,
) -> Vec<Override> {
    let tables = reader.tables(root, "override");
    let mut all = Vec::new();
    for (table, span) in tables {
        reader.known(&table, &["ladders", "path"], "[[override]]");
        let Some(words) = reader.strings(&table, "path") else {
            if !table.contains_key("path") {
                let message = "[[override]] needs a `path`: without one, write [ladders.NAME]";
                reader.fault(ConfigCode::Value, message.to_owned(), span);
            }
            continue;
        };
        let named: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let prefix = format!("override.{}.", quoted(&named.join(", ")));
        all.push(Override {
            paths: paths(reader, &words, base),
            ladders: ladders(reader, &table, catalogue, &prefix, shown),
        });
    }
    all
}

/// Reads `exclude`.
pub fn exclusions(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    base: &str,
    shown: &mut Shown<'_>,
) -> Option<Paths> {
    let words = reader.strings(root, "exclude")?;
    if let Some(first) = words.first() {
        shown.set(reader, "exclude", list(&words), first);
    }
    Some(paths(reader, &words, base))
}

/// Reads globs of paths.
pub fn paths(reader: &mut Reader<'_>, words: &[Word], base: &str) -> Paths {
    let mut globs = Vec::new();
    for word in words {
        match path_glob(word.text.trim_end_matches('/')) {
            Ok(glob) => globs.push(glob),
            Err(error) => {
                let message = no_glob(&word.text, &error);
                reader.fault(ConfigCode::Glob, message, word.span);
            }
        }
    }
    Paths {
        globs,
        base: base.to_owned(),
    }
}

fn rung(reader: &mut Reader<'_>, word: &Word) -> Option<Rung> {
    let names = Rung::ALL.map(Rung::name);
    let at = reader.one_of(word, &names, "a rung")?;
    Some(Rung::ALL[at])
}

fn weight(reader: &mut Reader<'_>, word: &Word) -> Option<Weight> {
    let names = Weight::ALL.map(|(name, _)| name);
    let at = reader.one_of(word, &names, "a severity")?;
    Some(Weight::ALL[at].1)
}
