//! A page of text: titles, prose, and entries whose names stand in a column; or the same as Markdown.

use std::fmt::Write as _;

use crate::placement::Rung;
use crate::report::pretty::Style;
use crate::report::visible;

const INDENT: &str = "  ";
/// Columns for the names of entries.
const NAME: usize = 14;

/// A page that is being written.
pub struct Page<'s> {
    form: Form<'s>,
    text: String,
}

/// What a page is written for.
enum Form<'s> {
    Terminal(&'s Style),
    Markdown,
}
use Form::{Markdown, Terminal};

impl<'s> Page<'s> {
    /// An empty one.
    pub fn new(style: &'s Style) -> Self {
        Self {
            form: Terminal(style),
            text: String::new(),
        }
    }

    /// An empty one in Markdown.
    pub fn markdown() -> Self {
        Self {
            form: Markdown,
            text: String::new(),
        }
    }

    /// What it is about.
    pub fn title(&mut self, text: &str) {
        let text = match self.form {
            Terminal(style) => style.strong(&style.plain(text)),
            Markdown => format!("# {}", escaped(text)),
        };
        let _ = writeln!(self.text, "{text}\n");
    }

    /// A heading after an empty line.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        let _ = match self.form {
            Terminal(style) => writeln!(self.text, "{}", style.lead(&style.plain(text))),
            Markdown => writeln!(self.text, "**{}**\n", escaped(text)),
        };
    }

    /// A part of a page of Markdown: as a heading, it can be linked to.
    pub fn part(&mut self, text: &str) {
        self.gap();
        let _ = writeln!(self.text, "## {}\n", escaped(text));
    }

    /// Markdown as it is.
    pub fn raw(&mut self, text: &str) {
        let _ = writeln!(self.text, "{text}");
    }

    /// An empty line, if there is none.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph.
    pub fn prose(&mut self, text: &str) {
        match self.form {
            Terminal(_) => self.wrapped(text, INDENT.to_owned(), INDENT),
            Markdown => {
                self.gap();
                let _ = writeln!(self.text, "{}\n", escaped(text.trim()));
            }
        }
    }

    /// Text to copy.
    pub fn copy(&mut self, text: &str) {
        if matches!(self.form, Markdown) {
            self.code("text", text);
            return;
        }
        for line in text.lines() {
            let _ = writeln!(self.text, "{INDENT}{INDENT}{line}");
        }
    }

    /// A whole text in a language.
    pub fn code(&mut self, language: &str, text: &str) {
        self.gap();
        let _ = writeln!(self.text, "```{language}\n{text}\n```\n");
    }

    /// A name, and the titles of other pages with their places; nothing where there is none.
    pub fn links(&mut self, name: &str, pages: &[(&str, String)]) {
        if matches!(self.form, Terminal(_)) {
            let titles: Vec<&str> = pages.iter().map(|(title, _)| *title).collect();
            self.entry(name, &[&titles.join(", ")]);
        } else if !pages.is_empty() {
            let links = pages.iter();
            let links = links.map(|(title, path)| format!("[{}]({path})", escaped(title)));
            let links = links.collect::<Vec<_>>().join(", ");
            let _ = writeln!(self.text, "- {}: {links}", escaped(name));
        }
    }

    /// A name and its lines; nothing where every line is empty.
    pub fn entry(&mut self, name: &str, lines: &[impl AsRef<str>]) {
        let under = " ".repeat(INDENT.len() + NAME);
        let lines = lines.iter().map(AsRef::as_ref);
        let mut lines = lines.filter(|line: &&str| !line.is_empty()).peekable();
        if lines.peek().is_none() {
            return;
        }
        let Terminal(style) = self.form else {
            let lines: Vec<String> = lines.map(escaped).collect();
            let _ = writeln!(self.text, "- {}: {}", escaped(name), lines.join("<br>"));
            return;
        };
        let mut start = format!("{INDENT}{}", style.strong(&style.plain(name)));
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
        let Terminal(style) = self.form else {
            self.entry(name, &[text]);
            return;
        };
        let under = " ".repeat(INDENT.len() + width);
        let gap = " ".repeat(width.saturating_sub(name.len()).max(1));
        let start = format!("{INDENT}{}{gap}", style.strong(&style.plain(name)));
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
        let (width, unicode) = match self.form {
            Terminal(style) => (style.prose(), style.unicode),
            Markdown => (usize::MAX, true),
        };
        let wrap = textwrap::Options::new(width)
            .initial_indent(&start)
            .subsequent_indent(under)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(&visible::line(text.trim(), unicode), wrap) {
            let _ = writeln!(self.text, "{line}");
        }
    }
}

/// As Markdown shows it: what stands between backticks is code and left alone.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut code = false;
    for letter in visible::line(text, true).chars() {
        code ^= letter == '`';
        if !code && matches!(letter, '*' | '<' | '>' | '[' | ']' | '|' | '\\') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
