//! Bytes of any of the encodings in which people save a plan become UTF-8 on the fly (PowerShell redirects as UTF-16).

use std::borrow::Cow;
use std::io::{self, Read};

/// Two bytes of UTF-16 as a number.
type Unit = fn([u8; 2]) -> u16;

/// How a plan is encoded, and how many bytes its mark takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, as it stands.
    Utf8 { mark: usize },
    /// UTF-16, low byte first.
    Little { mark: usize },
    /// UTF-16, high byte first.
    Big { mark: usize },
}

impl Encoding {
    /// By its byte order mark, else by the zero beside an ASCII character.
    pub(super) fn of(first: &[u8]) -> Self {
        match first {
            [0xef, 0xbb, 0xbf, ..] => Self::Utf8 { mark: 3 },
            [0xff, 0xfe, ..] => Self::Little { mark: 2 },
            [0xfe, 0xff, ..] => Self::Big { mark: 2 },
            [low, 0, ..] if *low != 0 => Self::Little { mark: 0 },
            [0, high, ..] if *high != 0 => Self::Big { mark: 0 },
            _ => Self::Utf8 { mark: 0 },
        }
    }

    fn unit(self) -> Option<(usize, Unit)> {
        match self {
            Self::Utf8 { .. } => None,
            Self::Little { mark } => Some((mark, u16::from_le_bytes)),
            Self::Big { mark } => Some((mark, u16::from_be_bytes)),
        }
    }
}

/// The text of a prefix of a file; what is cut off or wrong becomes a replacement character.
pub(super) fn prefix(bytes: &[u8]) -> Cow<'_, str> {
    let encoding = Encoding::of(bytes);
    let Some((mark, unit)) = encoding.unit() else {
        let mark = "\u{feff}".as_bytes();
        return String::from_utf8_lossy(bytes.strip_prefix(mark).unwrap_or(bytes));
    };
    let pairs = bytes[mark..].chunks_exact(2);
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// Whether the first thing that is seen is a brace; told without a look at the rest.
pub(super) fn begins_an_object(bytes: &[u8]) -> bool {
    let idle = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let marks = [b"\xef\xbb\xbf".as_slice(), b"\xff\xfe", b"\xfe\xff"];
    let mark = marks.iter().find(|mark| bytes.starts_with(mark));
    let bytes = &bytes[mark.map_or(0, |mark| mark.len())..];
    bytes.iter().find(|byte| !idle(byte)) == Some(&b'{')
}

/// A reader of UTF-8 over a reader of anything; and how many bytes of the file its first byte comes after.
pub(super) fn utf8<'r>(mut reader: impl Read + 'r) -> io::Result<(Box<dyn Read + 'r>, u64)> {
    let mut first = [0; 4];
    let mut filled = 0;
    while filled < first.len() {
        match reader.read(&mut first[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let first = &first[..filled];
    let encoding = Encoding::of(first);
    if let Some((mark, unit)) = encoding.unit() {
        let rest = io::Cursor::new(first[mark..].to_vec()).chain(reader);
        return Ok((Box::new(Utf16::new(rest, unit)), 0));
    }
    let Encoding::Utf8 { mark } = encoding else {
        return Ok((Box::new(reader), 0));
    };
    let rest = io::Cursor::new(first[mark..].to_vec()).chain(reader);
    Ok((Box::new(rest), mark as u64))
}

/// UTF-16 to UTF-8, a chunk at a time.
struct Utf16<R> {
    reader: R,
    unit: Unit,
    input: Vec<u8>,
    /// An odd byte at the end of the last chunk.
    odd: Option<u8>,
    /// The first half of a pair at the end of the last chunk.
    high: Option<u16>,
    output: Vec<u8>,
    taken: usize,
    ended: bool,
}

impl<R: Read> Utf16<R> {
    fn new(reader: R, unit: Unit) -> Self {
        Self {
            reader,
            unit,
            input: vec![0; 1 << 16],
            odd: None,
            high: None,
            output: Vec::new(),
            taken: 0,
            ended: false,
        }
    }

    fn decode(&mut self) -> io::Result<()> {
        self.output.clear();
        self.taken = 0;
        let mut from = 0;
        if let Some(odd) = self.odd.take() {
            self.input[0] = odd;
            from = 1;
        }
        let read = self.reader.read(&mut self.input[from..])?;
        self.ended = read == 0;
        let filled = from + read;
        let mut units = Vec::with_capacity(filled / 2 + 1);
        units.extend(self.high.take());
        let pairs = self.input[..filled].chunks_exact(2);
        if let [odd] = pairs.remainder() {
            self.odd = Some(*odd);
        }
        units.extend(pairs.map(|pair| (self.unit)([pair[0], pair[1]])));
        if !self.ended
            && let Some(last) = units.pop_if(|last| (0xd800..0xdc00).contains(last))
        {
            self.high = Some(last);
        }
        let mut buffer = [0; 4];
        for decoded in char::decode_utf16(units) {
            let c = decoded.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.output
                .extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
        if self.ended && self.odd.take().is_some() {
            let c = char::REPLACEMENT_CHARACTER;
            self.output
                .extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.output.len() && !self.ended {
            self.decode()?;
        }
        let left = &self.output[self.taken..];
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.taken += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte at a time, so that every boundary is met.
    struct Drip<'b>(&'b [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let (Some((first, rest)), Some(slot)) = (self.0.split_first(), into.first_mut()) else {
                return Ok(0);
            };
            *slot = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn encoded(text: &str, mark: &[u8], bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mut out = mark.to_vec();
        out.extend(text.encode_utf16().flat_map(bytes));
        out
    }

    #[test]
    fn every_encoding_comes_out_as_the_same_text() {
        let text = "{\"a\": \"é😀 ok\"}";
        let files = [
            encoded(text, &[0xff, 0xfe], u16::to_le_bytes),
            encoded(text, &[0xfe, 0xff], u16::to_be_bytes),
            encoded(text, &[], u16::to_le_bytes),
            encoded(text, &[], u16::to_be_bytes),
            text.as_bytes().to_vec(),
            [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(),
        ];
        for file in &files {
            let (mut reader, _) = utf8(Drip(file)).expect("bytes in memory");
            let mut out = String::new();
            reader.read_to_string(&mut out).expect("valid text");
            assert_eq!(out, text);
            assert_eq!(prefix(file), text);
        }
    }

    #[test]
    fn halves_at_the_end_are_replaced() {
        let (mut reader, _) = utf8(&[0xff, 0xfe, b'{', 0, 0x3d, 0xd8, 7][..]).expect("in memory");
        let mut out = String::new();
        reader.read_to_string(&mut out).expect("valid text");
        assert_eq!(out, "{\u{fffd}\u{fffd}");
    }
}
