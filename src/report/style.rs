//! How the reader of a report sees, and what they want to see.

#![warn(missing_docs)]

use std::borrow::Cow;

use anstyle::{AnsiColor, Effects};

use super::page_links::Pages;
use super::remote::{Remote, Revision};
use super::visible;
use crate::analysis::Grouping;
use crate::base::finding::Severity;
use crate::trend::Trend;

/// How the reader sees.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent wishes")]
pub struct Style {
    /// Escape codes for colours.
    pub color: bool,
    /// Lines and bars from beyond ASCII.
    pub unicode: bool,
    /// Columns.
    pub width: usize,
    /// Findings only.
    pub quiet: bool,
    /// Every decision, every unknown type.
    pub verbose: bool,
    /// Each finding for itself, with its lines and all of its help.
    pub full: bool,
    /// Also the fallbacks that have a reason.
    pub show_justified: bool,
    /// The table that is wanted beside the score.
    pub group_by: Option<Grouping>,
    /// Where the project's own pages stand.
    pub pages: Pages,
    /// Where the checked files can be read in a browser, where that is known.
    pub remote: Option<&'static Remote>,
    /// Which revision they are, where a reader wants to know.
    pub revision: Option<&'static Revision>,
    /// In SARIF, where something was compared: also what was there before, and what is gone.
    pub show_known: bool,
    /// Whether the reader's terminal can open a link.
    pub hyperlinks: bool,
    /// How it came to where things stand, for a page.
    pub trend: Option<&'static Trend>,
}

/// Prose is no easier to read when it is wider.
const PROSE: usize = 100;
/// Columns where there is no terminal to ask.
pub const WIDTH: usize = 100;

impl Style {
    /// For a file: no colours, nothing left out but what is explained.
    #[must_use]
    pub fn plain_text() -> Self {
        Self {
            color: false,
            unicode: true,
            width: WIDTH,
            quiet: false,
            verbose: false,
            full: false,
            show_justified: false,
            group_by: None,
            pages: Pages::built_in(),
            remote: None,
            revision: None,
            show_known: false,
            hyperlinks: false,
            trend: None,
        }
    }

    /// Text in a style, or as it is.
    #[must_use]
    pub fn paint(&self, style: anstyle::Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Text that leads: headings of help.
    #[must_use]
    pub fn lead(&self, text: &str) -> String {
        self.paint(AnsiColor::Cyan.on_default(), text)
    }

    /// Text that counts.
    #[must_use]
    pub fn strong(&self, text: &str) -> String {
        self.paint(anstyle::Style::new().effects(Effects::BOLD), text)
    }

    /// Text that is there for who looks for it.
    #[must_use]
    pub fn faint(&self, text: &str) -> String {
        self.paint(anstyle::Style::new().effects(Effects::DIMMED), text)
    }

    /// A text of a template, made visible.
    #[must_use]
    pub fn plain<'t>(&self, text: &'t str) -> Cow<'t, str> {
        visible::line(text, self.unicode)
    }

    /// A line of a unified diff; as it is where `raw`, for whoever applies it.
    #[must_use]
    pub fn diff_line(&self, line: &str, raw: bool) -> String {
        let shown = match raw {
            true => Cow::Borrowed(line),
            false => self.plain(line.trim_end_matches('\r')),
        };
        match line.as_bytes() {
            [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => self.strong(&shown),
            [b'@', ..] => self.lead(&shown),
            [b'-', ..] => self.paint(AnsiColor::Red.on_default(), &shown),
            [b'+', ..] => self.paint(AnsiColor::Green.on_default(), &shown),
            _ => shown.into_owned(),
        }
    }

    /// Text that leads to a page, where there is one; asked only where the terminal can open it.
    #[must_use]
    pub fn link(&self, text: &str, page: impl FnOnce() -> Option<String>) -> String {
        match self.hyperlinks.then(page).flatten() {
            Some(url) => format!("\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"),
            None => text.to_owned(),
        }
    }

    /// Where prose wraps.
    #[must_use]
    pub fn prose(&self) -> usize {
        self.width.min(PROSE)
    }

    /// The name of a severity, or text that is as heavy.
    #[must_use]
    pub fn severity(&self, severity: Severity, text: &str) -> String {
        let color = match severity {
            Severity::Error => AnsiColor::Red,
            Severity::Warning => AnsiColor::Yellow,
            Severity::Note => AnsiColor::Cyan,
        };
        self.paint(color.on_default().effects(Effects::BOLD), text)
    }
}

/// How prose wraps: at blanks, each line as full as it can be. To weigh all ways to break a paragraph would take a quarter of a run,
/// and its lines read no better.
pub(super) fn wrapped(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
}

/// The lines of a text as [`wrapped`] wraps them, the first after `first`, the others after `other`. The width of plain text is its
/// length: to measure each of its characters would cost more than all else that a report does.
pub(super) fn wrap<'t>(text: &'t str, width: usize, first: &str, other: &str) -> Vec<Cow<'t, str>> {
    wrap_plain(text, width, first, other).unwrap_or_else(|| {
        let options = wrapped(width)
            .initial_indent(first)
            .subsequent_indent(other);
        let lines = textwrap::wrap(text, options).into_iter();
        lines.map(|line| Cow::Owned(line.into_owned())).collect()
    })
}

/// The same, where no character is wider than one column and no word is wider than a line.
fn wrap_plain<'t>(
    text: &'t str,
    width: usize,
    first: &str,
    other: &str,
) -> Option<Vec<Cow<'t, str>>> {
    if ![text, first, other].into_iter().all(visible::is_plain) {
        return None;
    }
    let mut lines = Vec::new();
    let mut indent = first;
    // Of the line: where it begins, and where its last word ends.
    let (mut start, mut end) = (0, 0);
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let word = rest.find(' ').unwrap_or(rest.len());
        if word + first.len().max(other.len()) > width {
            return None;
        }
        if at > start && at - start + word + indent.len() > width {
            lines.push(line(indent, &text[start..end]));
            (indent, start) = (other, at);
        }
        end = at + word;
        let blanks = rest[word..].bytes().take_while(|byte| *byte == b' ');
        at = end + blanks.count();
    }
    lines.push(line(indent, &text[start..end]));
    Some(lines)
}

fn line<'t>(indent: &str, text: &'t str) -> Cow<'t, str> {
    if indent.is_empty() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("{indent}{text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_wraps_as_any_other() {
        let texts = [
            "",
            " ",
            "one",
            "  led by blanks",
            "ends in blanks   ",
            "a bb ccc dddd eeeee ffffff ggggggg  hhhhhhhh   iiiiiiiii",
            "a-b-c, well-known (and so on); one more: `word`",
            "onewordthatiswiderthananyline and more",
        ];
        for text in texts {
            for width in 0..60 {
                for (first, other) in [("", ""), ("", "  "), ("  ", "  "), ("help: ", "      ")] {
                    let options = wrapped(width)
                        .initial_indent(first)
                        .subsequent_indent(other);
                    let theirs = textwrap::wrap(text, options);
                    let ours = wrap(text, width, first, other);
                    assert_eq!(
                        ours, theirs,
                        "{text:?} in {width} after {first:?} {other:?}"
                    );
                }
            }
        }
    }
}
