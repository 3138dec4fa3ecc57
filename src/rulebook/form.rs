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
use std::collections::BTreeMap;

use super::coded::{Coded, Reader, Text, Writer};

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
    Ladders,
    /// Why a group is plumbing.
    Plumbing,
    Sets,
    /// Numbers that providers set.
    Limits,
    /// What a service costs that nobody uses.
    Bills,
    /// Kinds of reasons.
    Kinds,
    /// What is asked of resources to weigh a reason.
    Facts,
    /// The rules' own tests.
    Examples,
}

const TABLES: usize = 12;
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
    pub fn names(&self, table: Table) -> impl Iterator<Item = (&str, Entry)> {
        let rows = self.rows(table).iter();
        rows.map(|row| {
            let (start, length, entry) = row.parts();
            let name = self.pool.get(start..start + length);
            (name.unwrap_or_default(), entry)
        })
    }

    /// The place of a name in a sorted table.
    #[must_use]
    pub fn find(&self, table: Table, name: &str) -> Option<Entry> {
        let row = self.search(table, name).ok()?;
        Some(self.rows(table)[row].parts().2)
    }

    /// The longest name of a sorted table with which a text begins: its length and place.
    #[must_use]
    pub fn longest_beginning(&self, table: Table, text: &str) -> Option<(usize, Entry)> {
        let pool = self.pool.as_bytes();
        let mut text = text.as_bytes();
        loop {
            let row = match self.search_bytes(table, text) {
                Ok(row) => row,
                Err(after) => after.checked_sub(1)?,
            };
            let (start, length, entry) = self.rows(table)[row].parts();
            let name = pool.get(start..start + length)?;
            let pairs = name.iter().zip(text);
            let common = pairs.take_while(|(one, other)| one == other).count();
            if common == length {
                return Some((length, entry));
            }
            // What begins the text and sorts before this name begins this name too: it is no longer than what both share.
            text = &text[..common];
        }
    }

    fn search(&self, table: Table, name: &str) -> Result<usize, usize> {
        self.search_bytes(table, name.as_bytes())
    }

    fn search_bytes(&self, table: Table, name: &[u8]) -> Result<usize, usize> {
        let pool = self.pool.as_bytes();
        self.rows(table).binary_search_by(|row| {
            let (start, length, _) = row.parts();
            pool.get(start..start + length)
                .unwrap_or_default()
                .cmp(name)
        })
    }

    fn rows(&self, table: Table) -> &[NameRow] {
        let (start, count) = self.tables[table as usize];
        let rows = self.records.get(start..).unwrap_or_default();
        let (rows, _) = rows.as_chunks::<{ NAME * WORD }>();
        rows.get(..count).unwrap_or_default()
    }

    /// Decodes the first thing of a record, which may be the whole record.
    ///
    /// # Panics
    /// If the writer wrote something else there.
    #[must_use]
    pub fn record<T: Coded>(&self, table: Table, row: usize) -> T {
        let at = word(&self.records, self.tables[table as usize].0 + row * WORD);
        let rest = self.records.get(at..).unwrap_or_default();
        let mut reader = Reader::new(rest, &self.pool);
        T::read(&mut reader).expect("the writer wrote it")
    }

    /// Decodes every record of a table.
    pub fn all<T: Coded>(&self, table: Table) -> impl Iterator<Item = T> {
        (0..self.count(table)).map(move |row| self.record(table, row))
    }
}

/// A row of names.
type NameRow = [u8; NAME * WORD];

trait Parts {
    /// Where the text begins, its length, and whose it is.
    fn parts(&self) -> (usize, usize, Entry);
}

impl Parts for NameRow {
    fn parts(&self) -> (usize, usize, Entry) {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = *self;
        let start = u32::from_le_bytes([a, b, c, d]) as usize;
        let length = u32::from_le_bytes([e, f, g, h]) as usize;
        let whose = u32::from_le_bytes([i, j, k, l]);
        let number = (whose & !PLUMBING) as usize;
        let entry = if whose & PLUMBING == 0 {
            Entry::Rule(number)
        } else {
            Entry::Plumbing(number)
        };
        (start, length, entry)
    }
}

fn word(bytes: &[u8], at: usize) -> usize {
    let word = bytes
        .get(at..at + WORD)
        .and_then(|word| word.try_into().ok());
    word.map_or(0, u32::from_le_bytes) as usize
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
            // Filled in below, once it is known where each record begins.
            let records = tables.records.get(&table).map_or(0, Vec::len);
            rows.resize(rows.len() + records, 0);
            head[2 * table + 1] += small(records);
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

#[cfg(test)]
mod tests {
    use super::*;

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
        let longest = |text| part.longest_beginning(Table::Types, text);
        assert_eq!(longest("abc"), Some((2, Entry::Rule(1))));
        assert_eq!(longest("az"), Some((1, Entry::Rule(0))));
        assert_eq!(longest("aaa"), Some((1, Entry::Rule(0))));
        assert_eq!(longest("ca"), None);
        assert_eq!(longest(""), None);
        assert_eq!(part.count(Table::Rules), 0);
    }
}
