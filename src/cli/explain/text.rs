//! A page of text: titles, prose, and entries whose names stand in a column.

use std::fmt::Write as _;

use crate::ladder::Rung;
use crate::report::pretty::Style;

const INDENT: &str = "  ";
/// Columns for the names of entries.
const NAME: usize = 14;

/// A page that is being written.
pub struct Page<'s> {
    style: &'s Style,
    text: String,
}

impl<'s> Page<'s> {
    /// An empty one.
    pub fn new(style: &'s Style) -> Self {
        let text = String::new();
        Self { style, text }
    }

    /// What it is about.
    pub fn title(&mut self, text: &str) {
        let text = self.style.strong(&self.style.plain(text));
        let _ = writeln!(self.text, "{text}\n");
    }

    /// A heading after an empty line.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        let text = self.style.lead(text);
        let _ = writeln!(self.text, "{text}");
    }

    /// An empty line, if there is none.
    pub fn gap(&mut self) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph.
    pub fn prose(&mut self, text: &str) {
        self.wrapped(text, INDENT.to_owned(), INDENT);
    }

    /// Text to copy.
    pub fn copy(&mut self, text: &str) {
        for line in text.lines() {
            let _ = writeln!(self.text, "{INDENT}{INDENT}{line}");
        }
    }

    /// A name and its lines; nothing where every line is empty.
    pub fn entry(&mut self, name: &str, lines: &[&str]) {
        let under = " ".repeat(INDENT.len() + NAME);
        let mut start = format!("{INDENT}{}", self.style.strong(name));
        let mut lines = lines.iter().filter(|line| !line.is_empty()).peekable();
        if lines.peek().is_none() {
            return;
        }
        if name.len() < NAME {
            start.push_str(&" ".repeat(NAME - name.len()));
        } else {
            let _ = writeln!(self.text, "{start}");
            start.clone_from(&under);
        }
        for line in lines {
            self.wrapped(line, std::mem::replace(&mut start, under.clone()), &under);
        }
    }

    /// A name and a line, in columns of their own.
    pub fn pair(&mut self, name: &str, text: &str, width: usize) {
        let under = " ".repeat(INDENT.len() + width);
        let gap = " ".repeat(width.saturating_sub(name.len()).max(1));
        let start = format!("{INDENT}{}{gap}", self.style.strong(name));
        self.wrapped(text, start, &under);
    }

    /// A heading with a line for each rung.
    pub fn list(
        &mut self,
        heading: &str,
        rungs: &[(Rung, &str)],
        after: impl Fn(Rung) -> &'static str,
    ) {
        if rungs.is_empty() {
            return;
        }
        self.heading(heading);
        for (rung, text) in rungs {
            self.entry(&super::numbered(*rung), &[text, after(*rung)]);
        }
    }

    /// The whole page.
    pub fn done(self) -> String {
        self.text
    }

    fn wrapped(&mut self, text: &str, start: String, under: &str) {
        let wrap = textwrap::Options::new(self.style.prose())
            .initial_indent(&start)
            .subsequent_indent(under)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text.trim(), wrap) {
            let _ = writeln!(self.text, "{line}");
        }
    }
}
