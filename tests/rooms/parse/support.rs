//! What the tests of the parsers share: real templates, small random edits, and the tree written as libyaml's events.

use std::path::PathBuf;

use oracle::{Event, Props};
use sfl::syntax::{Document, Kind, Node};

use crate::tools;

/// A small generator of numbers that are always the same (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(high).expect("31 bits") % limit.max(1)
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// The files below `SFL_CORPUS` with one of these endings, sorted.
pub fn corpus(endings: &[&str]) -> Vec<(PathBuf, String)> {
    let files = walkdir::WalkDir::new(tools::corpus())
        .sort_by_file_name()
        .into_iter();
    let files = files
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path);
    let wanted = files.filter(|path| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        ending.is_some_and(|ending| endings.contains(&ending))
    });
    wanted
        .filter_map(|path| {
            let text = std::fs::read_to_string(&path).ok()?;
            Some((path, text))
        })
        .collect()
}

/// One to three edits in a window of `text`: parts removed, doubled, or replaced by one of `parts`.
pub fn mutate(text: &str, random: &mut Random, parts: &[&str]) -> String {
    let window = 40 + random.below(400);
    let start = floor(text, random.below(text.len().max(1)));
    // Half of the windows begin with a line, so that they are not refused for the indentation alone.
    let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let start = if random.below(2) == 0 { start } else { line };
    let end = floor(text, (start + window).min(text.len()));
    let mut mutant = text[start..end].to_owned();
    for _ in 0..=random.below(3) {
        let at = floor(&mutant, random.below(mutant.len() + 1));
        let upto = floor(&mutant, (at + random.below(4)).min(mutant.len()));
        match random.below(5) {
            0 => mutant.replace_range(at..upto, ""),
            1 => mutant.replace_range(at..upto, random.pick(parts)),
            2 => {
                let again = mutant[at..upto].to_owned();
                mutant.insert_str(at, &again);
            }
            3 => mutant.truncate(at),
            _ => mutant.insert_str(at, random.pick(parts)),
        }
    }
    mutant
}

/// The nearest boundary of a character at or before `at`.
pub fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

/// The tree as the events that libyaml would give for it.
pub fn events(document: &Document<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    for root in document.roots() {
        events.push(Event::DocumentStart);
        // Nodes to visit, and in between the ends of what is open.
        let mut waiting = vec![Ok(root)];
        while let Some(next) = waiting.pop() {
            match next {
                Err(end) => events.push(end),
                Ok(node) => visit(node, &mut events, &mut waiting),
            }
        }
        events.push(Event::DocumentEnd);
    }
    events
}

fn visit<'d>(node: Node<'d>, events: &mut Vec<Event>, waiting: &mut Vec<Result<Node<'d>, Event>>) {
    let written = node.span().of(node.document().text());
    if node.is_alias() {
        events.push(Event::Alias(written.as_bytes()[1..].to_vec()));
        return;
    }
    let props = Props {
        tag: node.resolved_tag().map(|tag| unescape(tag.as_bytes())),
        anchor: node.anchor().map(|anchor| anchor.as_bytes().to_vec()),
    };
    let first = waiting.len();
    match node.kind() {
        Kind::Mapping => {
            events.push(Event::MappingStart(props));
            waiting.extend(node.entries().flat_map(|(key, value)| [Ok(key), Ok(value)]));
            waiting.push(Err(Event::MappingEnd));
        }
        Kind::Sequence => {
            events.push(Event::SequenceStart(props));
            waiting.extend(node.items().map(Ok));
            waiting.push(Err(Event::SequenceEnd));
        }
        Kind::Scalar | Kind::Expression => events.push(Event::Scalar {
            props,
            value: node.text().as_bytes().to_vec(),
            style: match written.chars().next() {
                Some(quote @ ('\'' | '"')) => quote,
                Some(style @ ('|' | '>')) => style,
                _ => ':',
            },
        }),
    }
    // The last one pushed is the next one visited.
    waiting[first..].reverse();
}

/// `%21` as in tags; a 0 ends the string, as it does in libyaml.
fn unescape(tag: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut at = 0;
    while at < tag.len() {
        let code = tag
            .get(at + 1..at + 3)
            .and_then(|code| std::str::from_utf8(code).ok());
        let code = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(0) if tag[at] == b'%' => break,
            Some(code) if tag[at] == b'%' => {
                bytes.push(code);
                at += 3;
            }
            _ => {
                bytes.push(tag[at]);
                at += 1;
            }
        }
    }
    bytes
}
