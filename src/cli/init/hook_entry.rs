//! An entry more in the `repos` of a `.pre-commit-config.yaml` that is there: every other byte, and each comment, stays.

use crate::syntax::{self, Document, Kind, Node};

/// The text with the entry at the end of the list; nothing where the list is not plain enough to be sure.
pub fn appended(text: &str, entry: &str) -> Option<String> {
    let document = syntax::yaml(text).ok()?;
    let repos = repos(&document)?;
    let before = repos.items().count();
    let written = repos.written();
    let mut after = text.to_owned();
    if before > 0 {
        // In brackets, an entry has another form.
        if written.starts_with('[') {
            return None;
        }
        let first = repos.items().next()?;
        let dash = text[..first.span().start as usize].rfind('-')?;
        let start = text[..dash].rfind('\n').map_or(0, |at| at + 1);
        let indent = &text[start..dash];
        if !indent.bytes().all(|byte| byte == b' ') {
            return None;
        }
        let end = repos.span().end as usize;
        let end = text[..end].trim_end().len();
        // A comment behind the last word is part of its line.
        let line = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        let own: String = entry
            .lines()
            .map(|line| format!("{indent}{}\n", line.strip_prefix("  ").unwrap_or(line)))
            .collect();
        let gap = if text[..line].ends_with('\n') {
            ""
        } else {
            "\n"
        };
        after.insert_str(line, &format!("{gap}{own}"));
    } else {
        let plain = written.is_empty() || written == "[]";
        if !plain || repos.anchor().is_some() || repos.tag().is_some() {
            return None;
        }
        let (start, end) = (repos.span().start as usize, repos.span().end as usize);
        let colon = text[..start].rfind(':')? + 1;
        let line = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        let gap = if text[..line].ends_with('\n') {
            ""
        } else {
            "\n"
        };
        after.insert_str(line, &format!("{gap}{entry}"));
        after.replace_range(colon..end, "");
    }
    if text.contains("\r\n") {
        after = after.replace("\r\n", "\n").replace('\n', "\r\n");
    }
    holds_one_more(&after, before).then_some(after)
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
            assert_eq!(appended(before, ENTRY).as_deref(), Some(after), "{before}");
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
            assert_eq!(appended(text, ENTRY), None, "{text}");
        }
    }
}
