//! What a template says is data: nothing in it may drive a terminal, turn a line around or hide.

use std::borrow::Cow;

/// Whether a character does something to the text around it instead of being seen.
#[must_use]
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200d}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{1d159}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
                // Bytes of names that are no text.
                | '\u{10fe80}'..='\u{10feff}'
        )
}

/// Whether every character is one of ASCII that is seen: true of most texts, and quick to say.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// One character that is seen, in the place of one that is not. Terminals without Unicode get ASCII only: there, half of
/// a character can be a control code.
#[must_use]
pub fn shown(c: char, unicode: bool) -> char {
    match c {
        _ if !unicode && (acts(c) || !c.is_ascii()) => '?',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if acts(c) => '\u{fffd}',
        _ => c,
    }
}

/// A text that takes one line.
#[must_use]
pub fn line(text: &str, unicode: bool) -> Cow<'_, str> {
    if is_plain(text) || text.chars().all(|c| shown(c, unicode) == c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| shown(c, unicode)).collect())
}

/// A text that keeps its lines.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    let stays = |c: char| c == '\n' || shown(c, true) == c;
    if text.chars().all(stays) {
        return Cow::Borrowed(text);
    }
    let seen = text.chars();
    Cow::Owned(
        seen.map(|c| if c == '\n' { c } else { shown(c, true) })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_where_there_may_be_some() {
        assert_eq!(lines("a\n\tb\r\n\u{202e}"), "a\n␉b␍\n\u{fffd}");
        assert!(matches!(lines("a\nb"), Cow::Borrowed(_)));
    }

    #[test]
    fn nothing_reaches_the_terminal() {
        let wild = "a\u{1b}[31m\r\n\t\u{7f}\u{9b}2J\u{202e}\u{2066}\u{feff}é\u{e0041}";
        assert_eq!(
            line(wild, true),
            "a␛[31m␍␊␉␡\u{fffd}2J\u{fffd}\u{fffd}\u{fffd}é\u{fffd}"
        );
        assert_eq!(line(wild, false), "a?[31m?????2J?????");
        let unseen = "a\u{200c}b\u{200d}c\u{3164}d\u{2800}e\u{fe0f}f\u{ffa0}";
        let marked = line(unseen, true).replace('\u{fffd}', "");
        assert_eq!(marked, "abcdef");
        assert!(matches!(line("plain é", true), Cow::Borrowed(_)));
    }
}
