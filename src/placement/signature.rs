//! What a block holds, in a few numbers: enough to recognise it under another name or in another file.

/// Hashes of the block's settings, in order, each once. Two bytes tell the settings of a block apart, and tell nobody what they were: a
/// report that is saved has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Signature(Vec<u16>);

impl Signature {
    /// The signature of a block's text. What every block has (its type, its brackets, its address) does not count.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let pieces = text.split(['\n', '\r', ',']);
        let pieces = pieces.map(|piece| {
            piece.trim_matches(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '[' | ']'))
        });
        let settings = pieces.filter(|piece| {
            let bare = piece.trim_start_matches(['"', '\'']);
            !(bare.is_empty()
                || bare.ends_with(':')
                || bare.starts_with('#')
                || ["Type", "type\"", "address\"", "index\"", "module_address\""]
                    .iter()
                    .any(|word| bare.starts_with(word)))
        });
        let mut hashes: Vec<u16> = settings.map(hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// Whether nothing is held, or nobody asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As a report has it: four hexadecimal digits a setting.
    #[must_use]
    pub fn text(&self) -> String {
        let digits = self.0.iter();
        digits.map(|hash| format!("{hash:04x}")).collect()
    }

    /// Reads that.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.as_bytes().chunks(4);
        let hashes = digits.map(|four| {
            let four = std::str::from_utf8(four)
                .ok()
                .filter(|four| four.len() == 4)?;
            u16::from_str_radix(four, 16).ok()
        });
        let mut hashes: Vec<u16> = hashes.collect::<Option<_>>()?;
        hashes.sort_unstable();
        hashes.dedup();
        Some(Self(hashes))
    }

    /// How much two signatures share, 0 to 1; two that hold nothing are the same.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "blocks have few lines")]
    pub fn likeness(&self, other: &Self) -> f64 {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut shared = 0;
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    left.next();
                    right.next();
                }
            }
        }
        let all = self.0.len() + other.0.len() - shared;
        if all == 0 {
            1.0
        } else {
            shared as f64 / all as f64
        }
    }
}

/// FNV-1a, folded: the same on every machine.
fn hash(text: &str) -> u16 {
    let whole = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let [a, b, c, d, e, f, g, h] = whole.to_be_bytes();
    u16::from_be_bytes([a ^ c ^ e ^ g, b ^ d ^ f ^ h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_read_as_it_is_written() {
        let one = Signature::of("Type: T\nImageId: ami-1\nSize: 2\nZones: 3\n");
        assert_eq!(one.text().len(), 12);
        assert_eq!(Signature::read(&one.text()), Some(one));
        assert_eq!(Signature::read(""), Some(Signature::default()));
        for odd in ["1", "12345", "xyzw", "é12"] {
            assert_eq!(Signature::read(odd), None, "{odd}");
        }
    }

    #[test]
    fn names_types_and_brackets_do_not_count() {
        let yaml = "Type: AWS::EC2::Instance\nProperties:\n  ImageId: ami-1\n  Size: 2\n";
        let one = Signature::of(yaml);
        assert!((one.likeness(&Signature::of(yaml)) - 1.0).abs() < f64::EPSILON);
        let other = Signature::of("Type: AWS::EC2::Instance\nProperties:\n  ImageId: ami-2\n");
        assert!(one.likeness(&other) < f64::EPSILON);
        let half = Signature::of("Type: T\nProperties:\n  ImageId: ami-1\n");
        assert!((one.likeness(&half) - 0.5).abs() < f64::EPSILON);
        assert!((Signature::default().likeness(&Signature::default()) - 1.0).abs() < f64::EPSILON);
    }
}
