//! Where in a TOML file something is typed: the path of keys, and whether it is a key, a value or the head of a table.

/// What is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TomlPart {
    /// `[justif`; in two brackets where it is a list.
    Head {
        is_list: bool,
    },
    Key,
    /// What stands behind `=`, and the quote that is open.
    Value(Option<char>),
}

/// A place in a TOML file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlSlot {
    /// The keys around it, that of a value among them.
    pub path: Vec<String>,
    pub part: TomlPart,
    /// Where the word begins that is being typed.
    pub start: usize,
    /// Keys that are there already, of a table.
    pub present: Vec<String>,
}

/// The place in a text; none in a comment.
pub fn find(text: &str, byte: usize) -> Option<TomlSlot> {
    let line = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..byte];
    let trimmed = before.trim_start();
    if trimmed.starts_with('#') {
        return None;
    }
    let first = byte - trimmed.len();
    if trimmed.starts_with('[') && !trimmed.contains(']') {
        let is_list = trimmed.starts_with("[[");
        let start = first + if is_list { 2 } else { 1 };
        return Some(TomlSlot {
            path: Vec::new(),
            part: TomlPart::Head { is_list },
            start,
            present: Vec::new(),
        });
    }
    let head = text[..line].lines().rev().find_map(head);
    let mut path = head.unwrap_or_default();
    let mut quote: Option<char> = None;
    let mut start = first;
    let mut in_value = false;
    // Each brace that is open: how long the path was before it.
    let mut open: Vec<usize> = Vec::new();
    let mut present = Vec::new();
    let mut around = path.len();
    for (at, c) in trimmed.char_indices() {
        let next = first + at + c.len_utf8();
        match (quote, c) {
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => {
                quote = Some(c);
                if in_value {
                    start = next;
                }
            }
            (None, '#') => return None,
            (None, '=') if !in_value => {
                path.extend(keys(&text[start..first + at]));
                in_value = true;
                start = next;
            }
            (None, '{') if in_value => {
                open.push(around);
                around = path.len();
                in_value = false;
                start = next;
                present.clear();
            }
            (None, '}') => {
                path.truncate(around);
                around = open.pop().unwrap_or(around);
                in_value = true;
            }
            (None, ',') if !open.is_empty() && in_value && !trimmed[..at].ends_with('[') => {
                present.extend(path.get(around).cloned());
                path.truncate(around);
                in_value = false;
                start = next;
            }
            (None, '[' | ',') if in_value => start = next,
            _ => {}
        }
    }
    let part = match in_value {
        true => TomlPart::Value(quote),
        false => TomlPart::Key,
    };
    if !in_value {
        // Dots lead deeper.
        let typed = &text[start..byte];
        if let Some((lead, _)) = typed.rsplit_once('.') {
            path.extend(keys(lead));
            start += lead.len() + 1;
        }
        if open.is_empty() {
            present = siblings(text, line);
        }
    }
    if quote.is_none() {
        let typed = &text[start..byte];
        start += typed.len() - typed.trim_start().len();
    }
    Some(TomlSlot {
        path,
        part,
        start,
        present,
    })
}

/// The path of a table's head.
fn head(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    let inner = line
        .strip_prefix("[[")
        .and_then(|rest| rest.split_once("]]"));
    let inner = inner.or_else(|| line.strip_prefix('[').and_then(|rest| rest.split_once(']')));
    let (inner, rest) = inner?;
    let is_head = rest.trim().is_empty() || rest.trim().starts_with('#');
    (is_head && !inner.contains(['=', ','])).then(|| keys(inner).collect())
}

fn keys(dotted: &str) -> impl Iterator<Item = String> + '_ {
    let parts = dotted
        .split('.')
        .map(|part| part.trim().trim_matches(['"', '\'']));
    parts.filter(|part| !part.is_empty()).map(str::to_owned)
}

/// The keys of the table around a line, but for that line's own.
fn siblings(text: &str, line: usize) -> Vec<String> {
    let key = |one: &str| {
        let (key, _) = one.split_once('=')?;
        keys(key).next()
    };
    let above = text[..line]
        .lines()
        .rev()
        .take_while(|one| head(one).is_none());
    let below = text[line..]
        .lines()
        .skip(1)
        .take_while(|one| head(one).is_none());
    above.chain(below).filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        let byte = text.find('|').expect("a place");
        let text = text.replacen('|', "", 1);
        let slot = find(&text, byte)?;
        let word = &text[slot.start..byte];
        let part = match slot.part {
            TomlPart::Head { is_list } => if is_list { "[[" } else { "[" }.to_owned(),
            TomlPart::Key => format!("-{}", slot.present.join(",")),
            TomlPart::Value(quote) => format!("={}", quote.unwrap_or(' ')),
        };
        Some(format!("{} {part} {word}", slot.path.join(".")))
    }

    #[test]
    fn a_place_in_toml_is_found() {
        let cases = [
            ("pur|", " - pur"),
            (
                "a = 1\n[justifications]\nrequire = []\nmin|\nledger = \"x\"\n",
                "justifications -require,ledger min",
            ),
            (
                "[ladders.compute]\naccept = \"se|",
                "ladders.compute.accept =\" se",
            ),
            (
                "[ladders.compute]\naccept = |",
                "ladders.compute.accept =  ",
            ),
            (
                "[ladders]\ncompute = { accept = \"server\", sev|",
                "ladders.compute -accept sev",
            ),
            ("[ladders]\ncompute.ac|", "ladders.compute - ac"),
            ("[jus|", " [ jus"),
            ("[[over|", " [[ over"),
            (
                "[justifications]\nrequire = [\"owner\", \"e|",
                "justifications.require =\" e",
            ),
        ];
        for (text, wanted) in cases {
            assert_eq!(at(text).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(at("a = 1 # no|"), None);
        assert_eq!(at("# [no|"), None);
    }
}
