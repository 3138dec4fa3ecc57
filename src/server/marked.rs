//! Text for a hover: as Markdown or as plain text, whichever the editor shows. What a template says is data in both.

use lsp_types::{MarkupContent, MarkupKind};

use crate::report::visible;

/// Longer words of a template are cut.
const MOST: usize = 600;

/// A text that is being written.
pub struct Marked {
    is_markdown: bool,
    text: String,
}

impl Marked {
    pub fn new(is_markdown: bool) -> Self {
        let text = String::new();
        Self { is_markdown, text }
    }

    pub fn done(self) -> MarkupContent {
        let kind = match self.is_markdown {
            true => MarkupKind::Markdown,
            false => MarkupKind::PlainText,
        };
        let value = self.text.trim_end().to_owned();
        MarkupContent { kind, value }
    }

    /// What is said first, below a line if something was said before.
    pub fn title(&mut self, strong: &str, rest: &str) {
        if !self.text.is_empty() {
            self.text
                .push_str(if self.is_markdown { "\n---\n\n" } else { "\n" });
        }
        let strong = match self.is_markdown {
            true => format!("**{}**", self.prose(strong)),
            false => seen(strong),
        };
        let rest = self.prose(rest);
        self.text.push_str(&format!("{strong} {rest}\n\n"));
    }

    pub fn paragraph(&mut self, text: &str) {
        let text = self.prose(text);
        self.text.push_str(&format!("{text}\n\n"));
    }

    /// A word and what there is to say of it, unless that is nothing. Each further line is one more of the same.
    pub fn entry(&mut self, name: &str, text: &str) {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let Some(first) = lines.next() else {
            return;
        };
        let first = self.prose(first);
        match self.is_markdown {
            true => self.text.push_str(&format!("- *{name}*: {first}\n")),
            false => self.text.push_str(&format!("{name}: {first}\n")),
        }
        for line in lines {
            let line = self.prose(line);
            let dash = if self.is_markdown { "- " } else { "" };
            self.text.push_str(&format!("  {dash}{line}\n"));
        }
    }

    /// Where to read on.
    pub fn link(&mut self, text: &str, url: &str) {
        match self.is_markdown {
            true => self
                .text
                .push_str(&format!("\n[{}](<{url}>)\n", self.prose(text))),
            false => self.text.push_str(&format!("{text}: {url}\n")),
        }
    }

    /// What stands between two backticks is code; nothing else is a mark.
    fn prose(&self, raw: &str) -> String {
        let raw = seen(raw);
        if !self.is_markdown {
            return raw;
        }
        let parts: Vec<&str> = raw.split('`').collect();
        // A lone backtick is none of ours.
        if parts.len().is_multiple_of(2) {
            return escaped(&raw);
        }
        let parts = parts.iter().enumerate().map(|(at, part)| match at % 2 {
            1 if part.trim().is_empty() => String::new(),
            1 => format!("`{part}`"),
            _ => escaped(part),
        });
        parts.collect()
    }
}

/// What is seen of a text, in one line.
fn seen(raw: &str) -> String {
    let rest = raw.chars().nth(MOST).is_some().then_some('…');
    let all = raw.chars().take(MOST).map(|c| visible::shown(c, true));
    all.chain(rest).collect()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut all = text.chars().peekable();
    while let Some(c) = all.next() {
        let inside = |c: char| c.is_alphanumeric();
        let marks = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '!' | '$' => true,
            '_' => !(inside(before) && all.peek().is_some_and(|next| inside(*next))),
            '#' | '+' | '-' | '=' => before == ' ' && out.is_empty(),
            _ => false,
        };
        if marks {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_says_is_no_mark() {
        let mut marked = Marked::new(true);
        marked.title("We*b*", "is <b>bold</b> in my_own `a*b` [link](x)\n# no");
        marked.entry("reason", "one `lone\n\ntwo");
        let done = marked.done();
        assert_eq!(
            done.value,
            "**We\\*b\\*** is \\<b\\>bold\\</b\\> in my_own `a*b` \\[link\\](x)␊# no\n\n\
             - *reason*: one \\`lone\n  - two"
        );
        let mut plain = Marked::new(false);
        plain.title("Web", "runs `x`");
        plain.entry("empty", "");
        assert_eq!(plain.done().value, "Web runs `x`");
    }
}
