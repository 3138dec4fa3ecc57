//! An entry more in the `repos` of a `.pre-commit-config.yaml` that is there: every other byte, and each comment, stays.

use crate::syntax::{self, Document, Kind, Node};

const NOT_PLAIN: &str = "its `repos` is not a plain list";
const WOULD_CHANGE: &str = "a text in its `repos` would change";

/// The text with the entry at the end of the list; why not, where the list is not plain enough to be sure.
pub fn appended(text: &str, entry: &str) -> Result<String, &'static str> {
    let document = syntax::yaml(text).map_err(|_| NOT_PLAIN)?;
    let repos = repos(&document).ok_or(NOT_PLAIN)?;
    let before = repos.items().count();
    let added = match before {
        0 => vec![first(text, repos, entry)],
        // Empty lines behind the last word may be a part of it.
        _ => vec![
            behind_last(text, repos, entry, true),
            behind_last(text, repos, entry, false),
        ],
    };
    let mut why = NOT_PLAIN;
    for after in added.into_iter().flatten() {
        let after = match text.contains("\r\n") {
            true => after.replace("\r\n", "\n").replace('\n', "\r\n"),
            false => after,
        };
        if holds_one_more(&after, before) {
            if keeps_the_rest(&document, &after, before) {
                return Ok(after);
            }
            why = WOULD_CHANGE;
        }
    }
    Err(why)
}

/// Into a list that holds nothing yet.
fn first(text: &str, repos: Node<'_>, entry: &str) -> Option<String> {
    let written = repos.written();
    let plain = written.is_empty() || written == "[]";
    if !plain || repos.anchor().is_some() || repos.tag().is_some() {
        return None;
    }
    let (start, end) = (repos.span().start as usize, repos.span().end as usize);
    let colon = text[..start].rfind(':')? + 1;
    let mut after = text.to_owned();
    insert_line(&mut after, end, entry);
    after.replace_range(colon..end, "");
    Some(after)
}

/// Behind the last word of a list, or behind all that belongs to it.
fn behind_last(text: &str, repos: Node<'_>, entry: &str, word: bool) -> Option<String> {
    // In brackets, an entry has another form.
    if repos.written().starts_with('[') {
        return None;
    }
    let first = repos.items().next()?;
    let dash = text[..first.span().start as usize].rfind('-')?;
    let start = text[..dash].rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[start..dash];
    if !indent.bytes().all(|byte| byte == b' ') {
        return None;
    }
    let own: String = entry
        .lines()
        .map(|line| format!("{indent}{}\n", line.strip_prefix("  ").unwrap_or(line)))
        .collect();
    let end = text[..repos.span().end as usize].trim_end().len();
    let mut after = text.to_owned();
    let blank = match word {
        true => 0,
        false => blank_lines(&text[line_end(text, end)..]),
    };
    match blank {
        0 => insert_line(&mut after, end, &own),
        blank => after.insert_str(line_end(text, end) + blank, &own),
    }
    Some(after)
}

/// Behind the line of a place: a comment behind the last word is part of it.
fn insert_line(text: &mut String, at: usize, own: &str) {
    let line = line_end(text, at);
    let gap = match text[..line].ends_with('\n') {
        true => "",
        false => "\n",
    };
    text.insert_str(line, &format!("{gap}{own}"));
}

/// Where the next line starts.
fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// How long the lines are in which nothing stands, each with its end.
fn blank_lines(text: &str) -> usize {
    let lines = text.split_inclusive('\n');
    let blank = lines.take_while(|line| line.ends_with('\n') && line.trim().is_empty());
    blank.map(str::len).sum()
}

/// Whether all other values are what they were. An empty list becomes another one.
fn keeps_the_rest(old: &Document<'_>, text: &str, before: usize) -> bool {
    let Ok(new) = syntax::yaml(text) else {
        return false;
    };
    let values = |document: &Document<'_>| -> Vec<(Kind, String)> {
        let value = |node: Node<'_>| match node.kind() {
            Kind::Scalar => (Kind::Scalar, node.text().into_owned()),
            kind => (kind, String::new()),
        };
        document.nodes().map(value).collect()
    };
    let (old, new) = (values(old), values(&new));
    let ahead = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let behind = old.iter().rev().zip(new.iter().rev());
    let behind = behind.take_while(|(a, b)| a == b).count();
    ahead + behind + usize::from(before == 0) >= old.len()
}

/// The list of a file that is one mapping.
fn repos<'d>(document: &'d Document<'_>) -> Option<Node<'d>> {
    let mut roots = document.roots();
    let (root, None) = (roots.next()?, roots.next()) else {
        return None;
    };
    let mut named = root.entries().filter(|(key, _)| key.is("repos"));
    let ((_, repos), None) = (named.next()?, named.next()) else {
        return None;
    };
    (!repos.is_alias()).then_some(repos)
}

/// Whether what came of it reads as it is meant.
fn holds_one_more(text: &str, before: usize) -> bool {
    let Ok(document) = syntax::yaml(text) else {
        return false;
    };
    let Some(repos) = repos(&document) else {
        return false;
    };
    let last = repos.items().last();
    let has_hook = last.is_some_and(|last| {
        let mut hooks = last.entries().filter(|(key, _)| key.is("hooks"));
        let hooks = hooks.next().map(|(_, hooks)| hooks);
        let ids = hooks.into_iter().flat_map(Node::items);
        let mut ids = ids.flat_map(Node::entries);
        ids.any(|(key, id)| key.is("id") && id.is("sfl"))
    });
    repos.kind() == Kind::Sequence && repos.items().count() == before + 1 && has_hook
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "  - repo: local\n    hooks:\n      - id: sfl\n";

    #[test]
    fn an_entry_is_added_and_the_rest_stays() {
        for (before, after) in [
            (
                "repos: []\n",
                "repos:\n  - repo: local\n    hooks:\n      - id: sfl\n",
            ),
            (
                "repos:\n",
                "repos:\n  - repo: local\n    hooks:\n      - id: sfl\n",
            ),
            (
                "repos: [] # none yet\nfail_fast: true",
                "repos: # none yet\n  - repo: local\n    hooks:\n      - id: sfl\nfail_fast: true",
            ),
            (
                "# ours\nrepos:\n- repo: a # one\n  hooks:\n  - id: b # two\n\n# the end\nfail_fast: true\n",
                "# ours\nrepos:\n- repo: a # one\n  hooks:\n  - id: b # two\n- repo: local\n  hooks:\n    - id: sfl\n\n# the end\nfail_fast: true\n",
            ),
            (
                "repos:\r\n    - repo: a\r\n      hooks: [{id: b}]",
                "repos:\r\n    - repo: a\r\n      hooks: [{id: b}]\r\n    - repo: local\r\n      hooks:\r\n        - id: sfl\r\n",
            ),
        ] {
            assert_eq!(appended(before, ENTRY).as_deref(), Ok(after), "{before}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_alone() {
        for text in [
            "repos: [{repo: a}]\n",
            "repos: &all []\n",
            "repos: none\n",
            "- repo: a\n",
            "repos:\n- repo: a\n---\nrepos: []\n",
            "repos: []\nrepos: []\n",
            "{repos: []}\n",
            "repos: [\n",
            "",
        ] {
            assert_eq!(appended(text, ENTRY), Err(NOT_PLAIN), "{text}");
        }
    }

    #[test]
    fn a_text_at_the_end_keeps_its_empty_lines() {
        let last = "repos:\n- repo: a\n  hooks:\n  - id: b\n    files: |+\n      a\n\n\n";
        let own = "- repo: local\n  hooks:\n    - id: sfl\n";
        for rest in ["", "fail_fast: true\n"] {
            let text = format!("{last}{rest}");
            assert_eq!(appended(&text, ENTRY), Ok(format!("{last}{own}{rest}")));
        }
        // Without a line break at its end it can't be the same any more.
        assert_eq!(appended(last.trim_end(), ENTRY), Err(WOULD_CHANGE));
    }
}
