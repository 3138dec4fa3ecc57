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

/// What is open around a place in a value.
enum Open {
    List,
    /// How long the path is around its keys.
    Table(usize),
}

/// The place in a text; none in a comment.
pub fn find(text: &str, byte: usize) -> Option<TomlSlot> {
    let line = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let begin = statement(text, line);
    let before = &text[begin..byte];
    let trimmed = before.trim_start();
    let first = byte - trimmed.len();
    if begin == line && trimmed.starts_with('[') && !trimmed.contains(']') {
        let is_list = trimmed.starts_with("[[");
        let start = first + if is_list { 2 } else { 1 };
        return Some(TomlSlot {
            path: Vec::new(),
            part: TomlPart::Head { is_list },
            start,
            present: Vec::new(),
        });
    }
    let head = text[..begin].lines().rev().find_map(head);
    let mut path = head.unwrap_or_default();
    let mut quote: Option<char> = None;
    let mut start = first;
    let mut in_value = false;
    let mut is_comment = false;
    let mut is_escaped = false;
    let mut open: Vec<Open> = Vec::new();
    let mut present = Vec::new();
    for (at, c) in trimmed.char_indices() {
        let next = first + at + c.len_utf8();
        if is_comment {
            is_comment = c != '\n';
            continue;
        }
        if is_escaped {
            is_escaped = false;
            continue;
        }
        match (quote, c) {
            (Some('"'), '\\') => is_escaped = true,
            // No text goes on in the next line, but for those in three quotes, in which there is nothing to offer.
            (Some(_), '\n') => quote = None,
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => {
                quote = Some(c);
                if in_value {
                    start = next;
                }
            }
            (None, '#') => is_comment = true,
            (None, '=') if !in_value => {
                path.extend(keys(&text[start..first + at]));
                in_value = true;
                start = next;
            }
            (None, '{') if in_value => {
                open.push(Open::Table(path.len()));
                in_value = false;
                start = next;
                present.clear();
            }
            (None, '[') if in_value => {
                open.push(Open::List);
                start = next;
            }
            (None, '}' | ']') => {
                if let Some(Open::Table(around)) = open.pop() {
                    path.truncate(around);
                }
                in_value = true;
            }
            (None, ',') if in_value => {
                if let Some(Open::Table(around)) = open.last() {
                    present.extend(path.get(*around).cloned());
                    path.truncate(*around);
                    in_value = false;
                }
                start = next;
            }
            _ => {}
        }
    }
    if is_comment {
        return None;
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

/// Where the key stands whose value is still open where a line begins, else that line: a list may take several.
fn statement(text: &str, line: usize) -> usize {
    const FENCES: [&str; 2] = ["\"\"\"", "'''"];
    let mut begin = 0;
    let mut depth = 0;
    let mut fence = None;
    let mut at = 0;
    for one in text[..line].split_inclusive('\n') {
        if let Some(mark) = fence {
            fence = Some(mark).filter(|mark| !one.contains(*mark));
        } else if head(one).is_some() {
            // Whoever forgot a bracket begins anew with the next table.
            depth = 0;
        } else {
            let mut fences = FENCES.into_iter();
            fence = fences.find(|mark| one.matches(mark).count() % 2 == 1);
            if depth == 0 {
                begin = at;
            }
            if fence.is_none() {
                depth = opened(one, depth);
            }
        }
        at += one.len();
    }
    if depth > 0 { begin } else { line }
}

/// How many brackets are open behind a line.
fn opened(line: &str, mut depth: usize) -> usize {
    let mut quote = None;
    let mut is_escaped = false;
    for c in line.chars() {
        match (quote, c) {
            _ if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(mark), c) if c == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => break,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    depth
}

/// Whether a list of tables of this path begins above a place.
pub fn has_list(text: &str, byte: usize, path: &[String]) -> bool {
    let lists = text[..byte].lines().map(str::trim);
    let mut lists = lists.filter(|line| line.starts_with("[["));
    lists.any(|line| head(line).is_some_and(|own| own == path))
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

/// The keys of a path with dots.
pub fn keys(dotted: &str) -> impl Iterator<Item = String> + '_ {
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
            ("ignore = [\"|\"]", "ignore =\" "),
            ("ignore = [|]", "ignore =  "),
            (
                "ignore = [\n  \"a]\", # one [\n  \"b|\",\n]\n",
                "ignore =\" b",
            ),
            ("ignore = [\n  \"a\"\n]\npur|", " -ignore pur"),
            ("ignore = [\n[ladders]\ncompute.ac|", "ladders.compute - ac"),
            (
                "[[justification]]\nreason = \"\"\"\nwhy [\n\"\"\"\nown|",
                "justification -reason own",
            ),
            (
                "[purpose]\ntarget = [{ score = 90, stream = \"|\" }]",
                "purpose.target.stream =\" ",
            ),
            (
                "[purpose]\ntarget = [{ score = 90 }, { sc|",
                "purpose.target - sc",
            ),
        ];
        for (text, wanted) in cases {
            assert_eq!(at(text).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(at("a = 1 # no|"), None);
        assert_eq!(at("# [no|"), None);
        assert_eq!(at("ignore = [\n  # no|"), None);
    }
}
