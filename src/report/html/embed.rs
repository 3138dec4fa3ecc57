//! JSON inside a page: nothing in it can end its element, begin another, or turn the text around it.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter};

use crate::report::visible;

/// A value as the text of a `<script type="application/json">`.
///
/// # Errors
/// Those of the value.
pub fn json(value: &impl Serialize) -> io::Result<String> {
    let mut out = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(
        &mut out, Embedded,
    ))?;
    String::from_utf8(out).map_err(io::Error::other)
}

struct Embedded;

impl Formatter for Embedded {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let special = |c: char| matches!(c, '<' | '>' | '&') || visible::acts(c);
        let mut rest = text;
        while let Some(at) = rest.find(special) {
            out.write_all(&rest.as_bytes()[..at])?;
            let c = rest[at..].chars().next().unwrap_or_default();
            if c.is_ascii_punctuation() {
                write!(out, "\\u{:04x}", u32::from(c))?;
            } else {
                write!(out, "{}", visible::shown(c, true))?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    /// Lines stay lines; every other control character is shown.
    fn write_char_escape<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        let control = match escape {
            CharEscape::LineFeed => return out.write_all(b"\\n"),
            CharEscape::Quote => return out.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return out.write_all(b"\\\\"),
            CharEscape::Solidus => return out.write_all(b"/"),
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0c,
            CharEscape::CarriageReturn => 0x0d,
            CharEscape::Tab => 0x09,
            CharEscape::AsciiControl(byte) => byte,
        };
        write!(out, "{}", visible::shown(char::from(control), true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_element() {
        for (text, expected) in [
            ("</script><!--", r#""\u003c/script\u003e\u003c!--""#),
            ("a&b\"\\\n", r#""a\u0026b\"\\\n""#),
            (
                "\u{1b}[31m\t\u{202e}\u{2028}é",
                "\"␛[31m␉\u{fffd}\u{fffd}é\"",
            ),
        ] {
            let json = json(&text).expect("a text is JSON");
            assert_eq!(json, expected);
            assert!(serde_json::from_str::<String>(&json).is_ok(), "{json}");
        }
    }
}
