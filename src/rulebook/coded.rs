//! How each thing stands in the records of the compiled form ([`super::form`]): whole numbers take as many bytes as they need,
//! a text is its place in the pool, a list is its length and its items.

use std::borrow::Cow;
use std::collections::HashMap;

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
        impl $crate::rulebook::coded::Coded for $name {
            fn write(&self, to: &mut $crate::rulebook::coded::Writer) {
                $(self.$field.write(to);)*
            }

            fn read(from: &mut $crate::rulebook::coded::Reader<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::rulebook::coded::Coded::read(from)?),* })
            }
        }
    };
}
pub(super) use coded;

/// Takes things from a record, one after the other.
pub struct Reader<'p> {
    rest: &'p [u8],
    pool: &'p Text,
}

impl<'p> Reader<'p> {
    /// Of bytes that a writer wrote, and the pool that it filled.
    pub(super) const fn new(rest: &'p [u8], pool: &'p Text) -> Self {
        Self { rest, pool }
    }

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
    pub(super) bytes: Vec<u8>,
    pub(super) pool: String,
    known: HashMap<String, usize>,
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
    pub(super) fn pooled(&mut self, text: &str) -> usize {
        if let Some(at) = self.known.get(text) {
            return *at;
        }
        let at = self.pool.len();
        self.pool.push_str(text);
        self.known.insert(text.to_owned(), at);
        at
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
    use crate::rulebook::form::{Table, Tables};

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
}
