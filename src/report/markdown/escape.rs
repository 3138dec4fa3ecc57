//! What a template says is data: in Markdown nothing of it may become a mark, an element, a link, a mention or a reference.

use std::fmt::Write as _;

use crate::analysis::Analysis;
use crate::base::finding::Finding;
use crate::report::visible;

/// Longer words of a template are cut: whoever wants all of them has the template.
const MOST: usize = 400;
/// Lines to copy are few.
const MOST_LINES: usize = 40;
/// Inputs that could not be read and are named.
const MOST_UNREAD: usize = 10;

/// Prose, for Markdown and for the HTML in it; never the first thing on a line.
///
/// A character reference is no mark, but GitHub looks for mentions and references in what was rendered: there, a space
/// without width keeps the sign from its word.
pub fn text(raw: &str) -> String {
    let mut out = String::new();
    let mut before = ['\0'; 2];
    let mut all = cut(raw).peekable();
    while let Some(c) = all.next() {
        let after = before.map(|c| c.to_ascii_lowercase());
        let reference = c == '-' && after == ['g', 'h'];
        let inert = match c {
            '.' => after != ['w', 'w'],
            ':' => all.peek().is_none_or(|next| *next == ' '),
            _ => c.is_alphanumeric() || !c.is_ascii() || " ,;()/-?%'\"".contains(c),
        };
        if inert {
            out.push(c);
        } else {
            let _ = write!(out, "&#{};", u32::from(c));
        }
        if matches!(c, '@' | '#') || reference {
            out.push_str("&#8203;");
        }
        before = [before[1], c];
    }
    out
}

/// Prose in which what stands between backticks is code, for Markdown.
pub fn prose(raw: &str) -> String {
    spans(raw, code)
}

/// The same inside an element's line.
pub fn line(raw: &str) -> String {
    spans(raw, element)
}

fn spans(raw: &str, code: fn(&str) -> String) -> String {
    let parts: Vec<&str> = raw.split('`').collect();
    // A lone backtick is none of ours, and a long text would be cut part by part.
    if parts.len().is_multiple_of(2) || parts.len() > 40 {
        return text(raw);
    }
    let parts = parts.iter().enumerate().map(|(at, part)| match at % 2 {
        1 if !part.is_empty() => code(part),
        _ => text(part),
    });
    parts.collect()
}

/// Words of a template as code. Not for a table: there, a bar would end the cell.
pub fn code(raw: &str) -> String {
    let text: String = cut(raw).collect();
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    let fence = "`".repeat(longest_run(&text) + 1);
    let own = |c: char| c == '`' || c == ' ';
    let space = if text.starts_with(own) || text.ends_with(own) {
        " "
    } else {
        ""
    };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Lines to copy.
pub fn block(raw: &str) -> String {
    fenced(raw, "")
}

/// A unified diff.
pub fn diff_block(raw: &str) -> String {
    fenced(raw, "diff")
}

fn fenced(raw: &str, language: &str) -> String {
    let fence = "`".repeat(longest_run(raw).max(2) + 1);
    let mut out = format!("{fence}{language}\n");
    for line in raw.lines().take(MOST_LINES) {
        out.extend(cut(line));
        out.push('\n');
    }
    out.push_str(&fence);
    out
}

/// Words of a template as code, inside an element's line.
pub fn element(raw: &str) -> String {
    let text: String = cut(raw).collect();
    let escaped = askama::filters::escape(text, askama::filters::Html);
    // Escaping cannot fail.
    escaped.map_or_else(|_| String::new(), |text| format!("<code>{text}</code>"))
}

/// What is seen of a text, in one line.
fn cut(raw: &str) -> impl Iterator<Item = char> + '_ {
    let seen = raw.chars().map(|c| visible::shown(c, true));
    let rest = (raw.chars().nth(MOST).is_some()).then_some('…');
    seen.take(MOST).chain(rest)
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// What could not be read, below everything else; nothing where all was.
pub fn unreadable(analysis: &Analysis) -> String {
    let faults: Vec<&Finding> = analysis
        .findings
        .iter()
        .filter(|one| one.is_fault())
        .collect();
    let mut page = String::new();
    if faults.is_empty() {
        return page;
    }
    let _ = writeln!(page, "\n**Not read**, and in none of this:\n");
    for fault in faults.iter().take(MOST_UNREAD) {
        let place = format!("{}:{}", fault.path(), fault.positions().0.line);
        let _ = writeln!(page, "- {}: {}", code(&place), text(&fault.message));
    }
    if let more @ 1.. = faults.len().saturating_sub(MOST_UNREAD) {
        let _ = writeln!(page, "- and {more} more");
    }
    page
}
