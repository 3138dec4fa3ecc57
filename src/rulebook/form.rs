//! The compiled form of rules: data without pointers, with an index.
//!
//! A part is two pieces. The *pool* is one text in which every word of the rules stands once. The *records* are bytes: a few
//! tables with a row for each thing, and behind them the things themselves, with whole numbers of as many bytes as they need
//! and each text as its place in the pool. Rows of types are sorted, so that a type is looked up in the bytes as they are, and
//! a rule is decoded when somebody first asks for it.
//!
//! The build script writes such a part for `rules/` and the program includes it. Loading needs no relocation, nothing is
//! parsed, and texts are borrowed from the program itself. A team's own files become the same form while the program runs;
//! texts are then copied out of the pool, and end with the catalogue that holds them.
//!
//! It is written by hand, because serde's formats either copy each text or tie what is read to the life of the bytes.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::base::{PathStep, Rung};

/// A text of a rule: borrowed from the program, or a copy.
pub type Text = Cow<'static, str>;

/// What can stand in the compiled form. [`Coded::read`] takes what [`Coded::write`] wrote, and answers nothing for anything else.
pub trait Coded: Sized {
    /// Appends it.
    fn write(&self, to: &mut Writer);
    /// Takes it from where the reader stands.
    fn read(from: &mut Reader<'_>) -> Option<Self>;
}

/// A struct is coded as its fields, one after the other.
macro_rules! coded {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::rulebook::form::Coded for $name {
            fn write(&self, to: &mut $crate::rulebook::form::Writer) {
                $(self.$field.write(to);)*
            }

            fn read(from: &mut $crate::rulebook::form::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::rulebook::form::Coded::read(from)?),* })
            }
        }
    };
}
pub(super) use coded;

/// What a part has a table of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Names of types, sorted, each with the number of its rule or plumbing group.
    Types,
    /// The same for the beginnings of types.
    Prefixes,
    /// The same for globs of modules' sources, the longest first.
    Modules,
    /// Rules, each in a record.
    Rules,
    /// Ladders.
    Ladders,
    /// Why a group is plumbing.
    Plumbing,
    /// Named sets.
    Sets,
    /// Kinds of reasons.
    Kinds,
    /// What is asked of resources to weigh a reason.
    Facts,
    /// The rules' own tests.
    Examples,
}

const TABLES: usize = 10;
/// Bytes of a number in a table.
const WORD: usize = 4;
/// Numbers in a row of names: where the text begins, its length, whose it is.
const NAME: usize = 3;
/// In a row of names, plumbing has this bit.
const PLUMBING: u32 = 1 << 31;

/// Where a type has its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The number of a rule.
    Rule(usize),
    /// The number of a plumbing group.
    Plumbing(usize),
}

/// Rules in their compiled form.
#[derive(Clone)]
pub struct Part {
    records: Cow<'static, [u8]>,
    pool: Text,
    /// For each table, its first byte and its rows.
    tables: [(usize, usize); TABLES],
}

impl Part {
    /// What [`Writer::done`] wrote.
    #[must_use]
    pub fn new(records: Cow<'static, [u8]>, pool: Text) -> Self {
        let word = |number: usize| word(&records, number * WORD);
        let tables = std::array::from_fn(|at| (word(2 * at), word(2 * at + 1)));
        Self {
            records,
            pool,
            tables,
        }
    }

    /// The bytes and the pool.
    #[must_use]
    pub fn pieces(&self) -> (&[u8], &str) {
        (&self.records, &self.pool)
    }

    /// The rows of a table.
    #[must_use]
    pub fn count(&self, table: Table) -> usize {
        self.tables[table as usize].1
    }

    /// The rows of a table of names.
    pub fn names(
        &self,
        table: Table,
    ) -> impl DoubleEndedIterator<Item = (&str, Entry)> + ExactSizeIterator {
        (0..self.count(table)).map(move |row| {
            let (start, end, entry) = self.name(table, row);
            (self.pool.get(start..end).unwrap_or_default(), entry)
        })
    }

    /// The place of a name in a sorted table.
    #[must_use]
    pub fn find(&self, table: Table, name: &str) -> Option<Entry> {
        let (mut low, mut high) = (0, self.count(table));
        while low < high {
            let middle = low.midpoint(high);
            let (start, end, entry) = self.name(table, middle);
            let known = self.pool.as_bytes().get(start..end)?;
            match known.cmp(name.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(entry),
            }
        }
        None
    }

    /// How many names of a sorted table are not greater than this one.
    #[must_use]
    pub fn upto(&self, table: Table, name: &str) -> usize {
        let (mut low, mut high) = (0, self.count(table));
        while low < high {
            let middle = low.midpoint(high);
            let (start, end, _) = self.name(table, middle);
            let known = self.pool.as_bytes().get(start..end).unwrap_or_default();
            if known <= name.as_bytes() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    fn name(&self, table: Table, row: usize) -> (usize, usize, Entry) {
        let at = self.tables[table as usize].0 + row * NAME * WORD;
        let (start, length) = (word(&self.records, at), word(&self.records, at + WORD));
        let whose = word(&self.records, at + 2 * WORD);
        let plumbing = PLUMBING as usize;
        let entry = if whose & plumbing == 0 {
            Entry::Rule(whose)
        } else {
            Entry::Plumbing(whose & !plumbing)
        };
        (start, start + length, entry)
    }

    /// Decodes the first thing of a record, which may be the whole record.
    ///
    /// # Panics
    /// If the writer wrote something else there.
    #[must_use]
    pub fn record<T: Coded>(&self, table: Table, row: usize) -> T {
        let at = word(&self.records, self.tables[table as usize].0 + row * WORD);
        let mut reader = Reader {
            rest: self.records.get(at..).unwrap_or_default(),
            pool: &self.pool,
        };
        T::read(&mut reader).expect("the writer wrote it")
    }

    /// Decodes every record of a table.
    pub fn all<T: Coded>(&self, table: Table) -> impl Iterator<Item = T> {
        (0..self.count(table)).map(move |row| self.record(table, row))
    }
}

fn word(bytes: &[u8], at: usize) -> usize {
    let word = bytes
        .get(at..at + WORD)
        .and_then(|word| word.try_into().ok());
    word.map_or(0, u32::from_le_bytes) as usize
}

/// Takes things from a record, one after the other.
pub struct Reader<'p> {
    rest: &'p [u8],
    pool: &'p Text,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// Which of the ways to write it was taken.
    pub fn tag(&mut self) -> Option<u8> {
        self.byte()
    }
}

/// Collects what will be a part.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
    pool: String,
    known: HashMap<String, usize>,
}

/// What goes into the tables of a part.
#[derive(Default)]
pub struct Tables {
    names: BTreeMap<usize, Vec<(String, Entry)>>,
    records: BTreeMap<usize, Vec<Vec<u8>>>,
}

impl Tables {
    /// Fills a table of names, in this order.
    pub fn names(&mut self, table: Table, names: Vec<(String, Entry)>) {
        self.names.insert(table as usize, names);
    }

    /// Fills a table of records.
    pub fn records<'c, T: Coded + 'c>(
        &mut self,
        table: Table,
        writer: &mut Writer,
        all: impl IntoIterator<Item = &'c T>,
    ) {
        let records = all.into_iter().map(|one| {
            writer.bytes.clear();
            one.write(writer);
            writer.bytes.clone()
        });
        self.records.insert(table as usize, records.collect());
    }
}

impl Writer {
    /// Says which of the ways to write it was taken.
    pub fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push((number & 0x7f) as u8);
    }

    /// The place of a text in the pool.
    fn pooled(&mut self, text: &str) -> usize {
        if let Some(at) = self.known.get(text) {
            return *at;
        }
        let at = self.pool.len();
        self.pool.push_str(text);
        self.known.insert(text.to_owned(), at);
        at
    }

    /// The whole part.
    ///
    /// # Panics
    /// If it has more than 2 GB.
    #[must_use]
    pub fn done(mut self, tables: &Tables) -> Part {
        let small = |number: usize| {
            let number = u32::try_from(number).ok();
            number
                .filter(|number| *number < PLUMBING)
                .expect("rules are far below 2 GB")
        };
        let mut head: Vec<u32> = vec![0; 2 * TABLES];
        let mut rows = Vec::new();
        for table in 0..TABLES {
            head[2 * table] = small(WORD * (head.len() + rows.len()));
            for (name, entry) in tables.names.get(&table).into_iter().flatten() {
                let whose = match entry {
                    Entry::Rule(at) => small(*at),
                    Entry::Plumbing(at) => small(*at) | PLUMBING,
                };
                rows.extend([small(self.pooled(name)), small(name.len()), whose]);
                head[2 * table + 1] += 1;
            }
            for _ in tables.records.get(&table).into_iter().flatten() {
                rows.push(0);
                head[2 * table + 1] += 1;
            }
        }
        let mut records = Vec::new();
        let front = WORD * (head.len() + rows.len());
        for (table, all) in &tables.records {
            let first = head[2 * table] as usize / WORD - head.len();
            for (row, record) in all.iter().enumerate() {
                rows[first + row] = small(front + records.len());
                records.extend_from_slice(record);
            }
        }
        let words = head.into_iter().chain(rows);
        let mut bytes: Vec<u8> = words.flat_map(u32::to_le_bytes).collect();
        bytes.append(&mut records);
        Part::new(Cow::Owned(bytes), Cow::Owned(self.pool))
    }
}

impl Coded for usize {
    fn write(&self, to: &mut Writer) {
        to.number(*self as u64);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        from.number()?.try_into().ok()
    }
}

impl Coded for i64 {
    fn write(&self, to: &mut Writer) {
        // The sign goes last, so that small numbers stay small.
        to.number(((self << 1) ^ (self >> 63)).cast_unsigned());
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let number = from.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}

impl Coded for bool {
    fn write(&self, to: &mut Writer) {
        to.tag(u8::from(*self));
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(from.tag()? != 0)
    }
}

impl Coded for Text {
    fn write(&self, to: &mut Writer) {
        let at = if self.is_empty() { 0 } else { to.pooled(self) };
        at.write(to);
        self.len().write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let (start, length) = (usize::read(from)?, usize::read(from)?);
        Some(match from.pool {
            Cow::Borrowed(pool) => Cow::Borrowed(pool.get(start..start + length)?),
            Cow::Owned(pool) => Cow::Owned(pool.get(start..start + length)?.to_owned()),
        })
    }
}

impl<T: Coded> Coded for Option<T> {
    fn write(&self, to: &mut Writer) {
        self.is_some().write(to);
        if let Some(one) = self {
            one.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(if bool::read(from)? {
            Some(T::read(from)?)
        } else {
            None
        })
    }
}

impl<T: Coded> Coded for Vec<T> {
    fn write(&self, to: &mut Writer) {
        self.len().write(to);
        for one in self {
            one.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let count = usize::read(from)?;
        (0..count).map(|_| T::read(from)).collect()
    }
}

impl<T: Coded> Coded for [T; 4] {
    fn write(&self, to: &mut Writer) {
        for one in self {
            one.write(to);
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let mut read = || T::read(from);
        Some([read()?, read()?, read()?, read()?])
    }
}

impl<A: Coded, B: Coded> Coded for (A, B) {
    fn write(&self, to: &mut Writer) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some((A::read(from)?, B::read(from)?))
    }
}

impl Coded for Rung {
    fn write(&self, to: &mut Writer) {
        to.tag(*self as u8);
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Self::ALL.get(usize::from(from.tag()?)).copied()
    }
}

impl Coded for PathStep {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Each => to.tag(0),
            Self::Values => to.tag(1),
            Self::Key(key) => {
                to.tag(2);
                key.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.tag()? {
            0 => Self::Each,
            1 => Self::Values,
            2 => Self::Key(Coded::read(from)?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn there_and_back<T: Coded>(value: &T) -> T {
        let mut writer = Writer::default();
        let mut tables = Tables::default();
        tables.records(Table::Plumbing, &mut writer, [value]);
        writer.done(&tables).record(Table::Plumbing, 0)
    }

    #[test]
    fn what_is_written_is_read() {
        for number in [0, 1, -1, 63, 64, -65, 1 << 40, i64::MAX, i64::MIN] {
            assert_eq!(there_and_back(&number), number);
        }
        let texts: Vec<Option<Text>> =
            vec![Some("é".into()), None, Some("".into()), Some("é".into())];
        assert_eq!(there_and_back(&texts), texts);
        assert_eq!(there_and_back(&Rung::Server), Rung::Server);
    }

    #[test]
    fn names_are_found_and_nothing_else_is() {
        let names: Vec<(String, Entry)> = ["a", "ab", "b"]
            .iter()
            .enumerate()
            .map(|(at, name)| ((*name).to_owned(), Entry::Rule(at)))
            .collect();
        let mut tables = Tables::default();
        tables.names(Table::Types, names);
        let part = Writer::default().done(&tables);
        assert_eq!(part.find(Table::Types, "ab"), Some(Entry::Rule(1)));
        for name in ["", "aa", "abc", "c"] {
            assert_eq!(part.find(Table::Types, name), None);
        }
        assert_eq!(part.upto(Table::Types, "az"), 2);
        assert_eq!(part.count(Table::Rules), 0);
    }
}
