//! Lines of a terminal: headings, and paragraphs that hang behind a word; two of them side by side where there is room.

use anstyle::{AnsiColor, Effects};
use textwrap::core::display_width;

use super::turn_words::{Tone, Words};
use crate::report::Style;

/// Columns of the word that a paragraph hangs behind.
const HANG: usize = 17;
/// Columns between two sheets.
const GAP: usize = 4;

/// Lines of one width.
pub struct Sheet<'s> {
    style: &'s Style,
    width: usize,
    lines: Vec<SheetLine>,
}

/// One line, and how wide it is.
#[derive(Clone, Default)]
pub struct SheetLine {
    text: String,
    columns: usize,
}

impl SheetLine {
    /// Adds a text in a tone.
    pub fn add(&mut self, style: &Style, tone: Tone, text: &str) {
        self.columns += display_width(text);
        self.text.push_str(&painted(style, tone, text));
    }

    /// Adds another line.
    pub fn append(&mut self, other: &Self) {
        self.text.push_str(&other.text);
        self.columns += other.columns;
    }

    pub const fn columns(&self) -> usize {
        self.columns
    }
}

/// A text in a tone.
fn painted(style: &Style, tone: Tone, text: &str) -> String {
    let color = |color: AnsiColor| style.paint(color.on_default(), text);
    match tone {
        Tone::Plain => text.to_owned(),
        Tone::Strong => style.strong(text),
        Tone::Faint => style.faint(text),
        Tone::Fine => color(AnsiColor::Green),
        Tone::Middling => color(AnsiColor::Yellow),
        Tone::Bad => style.paint(AnsiColor::Red.on_default().effects(Effects::BOLD), text),
    }
}

impl<'s> Sheet<'s> {
    pub const fn new(style: &'s Style, width: usize) -> Self {
        Self {
            style,
            width,
            lines: Vec::new(),
        }
    }

    /// Columns for what hangs behind a word.
    pub const fn room(&self) -> usize {
        let room = self.width.saturating_sub(HANG + 2);
        if room < 16 { 16 } else { room }
    }

    /// A rule with a name in it.
    pub fn heading(&mut self, name: &str, beside: &str) {
        let style = self.style;
        let dash = if style.unicode { "─" } else { "-" };
        let beside = style.plain(beside);
        let mut line = SheetLine::default();
        line.add(style, Tone::Faint, &dash.repeat(2));
        line.add(style, Tone::Strong, &format!(" {name} "));
        if !beside.is_empty() {
            line.add(style, Tone::Faint, &format!("{beside} "));
        }
        let rest = self.width.saturating_sub(line.columns);
        line.add(style, Tone::Faint, &dash.repeat(rest));
        self.lines.push(line);
    }

    /// A line as it is, behind a word.
    pub fn line(&mut self, word: &str, line: &SheetLine) {
        let mut whole = self.start(word);
        whole.append(line);
        self.lines.push(whole);
    }

    /// Words that wrap, behind a word.
    pub fn paragraph(&mut self, word: &str, words: &Words) {
        let room = self.room();
        let start = self.start(word);
        self.wrap(words, start, room, HANG + 2);
    }

    /// Words that wrap, from the left on.
    pub fn prose(&mut self, words: &Words) {
        let mut start = SheetLine::default();
        start.add(self.style, Tone::Plain, "  ");
        self.wrap(words, start, self.width.saturating_sub(2), 2);
    }

    fn start(&self, word: &str) -> SheetLine {
        SheetLine {
            text: format!("  {}", self.style.lead(&format!("{word:<HANG$}"))),
            columns: 2 + HANG,
        }
    }

    /// Each line is as full as it can be; a word that is wider than a line is cut.
    fn wrap(&mut self, words: &Words, start: SheetLine, room: usize, indent: usize) {
        let style = self.style;
        let mut line = start;
        let mut used = 0;
        // A word of several tones is one word.
        let mut pieces: Vec<(Tone, String)> = Vec::new();
        let mut put = |pieces: &mut Vec<(Tone, String)>, lines: &mut Vec<SheetLine>| {
            let wide: usize = pieces.iter().map(|(_, text)| display_width(text)).sum();
            if pieces.is_empty() {
                return;
            }
            if used > 0 && used + 1 + wide > room {
                lines.push(std::mem::take(&mut line));
                line.add(style, Tone::Plain, &" ".repeat(indent));
                used = 0;
            }
            if used > 0 {
                line.add(style, Tone::Plain, " ");
                used += 1;
            }
            for (tone, text) in pieces.drain(..) {
                let text = cut(&text, room.saturating_sub(used));
                line.add(style, tone, &text);
                used += display_width(&text);
            }
        };
        for (tone, text) in words {
            let text = style.plain(text);
            for (at, piece) in text.split(' ').enumerate() {
                if at > 0 {
                    put(&mut pieces, &mut self.lines);
                }
                if !piece.is_empty() {
                    pieces.push((*tone, piece.to_owned()));
                }
            }
        }
        put(&mut pieces, &mut self.lines);
        self.lines.push(line);
    }

    /// Its lines.
    pub fn print(self) -> String {
        let lines = self.lines.into_iter();
        lines
            .map(|line| line.text.trim_end().to_owned() + "\n")
            .collect()
    }

    /// This one, and another to the right of it.
    pub fn beside(self, right: Self) -> String {
        let rows = self.lines.len().max(right.lines.len());
        let mut text = String::new();
        let (mut left, mut right) = (self.lines.into_iter(), right.lines.into_iter());
        for _ in 0..rows {
            let one = left.next().unwrap_or_default();
            text.push_str(&one.text);
            if let Some(other) = right.next() {
                let gap = (self.width + GAP).saturating_sub(one.columns);
                text.push_str(&" ".repeat(gap));
                text.push_str(&other.text);
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }
}

/// How wide each of two sheets is that stand side by side.
pub const fn half(width: usize) -> usize {
    (width - GAP) / 2
}

/// A text that fits.
pub fn cut(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if display_width(&cut) + display_width(c.encode_utf8(&mut [0; 4])) + 3 > room {
            break;
        }
        cut.push(c);
    }
    cut.push_str(&"..."[..room.min(3)]);
    cut
}
