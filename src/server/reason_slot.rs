//! Where in a written reason something is typed: which field, or the name of one. Found in the lines around, for what is being typed
//! is broken most of the time.

/// Bytes before the place that are looked at.
const LOOK_BACK: usize = 4096;

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordForm {
    /// `# sfl: because=licence`
    Comment,
    /// `because: licence`, in a block or in braces.
    Yaml,
    /// `"because": "licence"`
    Json,
    /// `because = "licence"`
    Toml,
}

/// What is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// The name of a field; these are there already.
    Name(Vec<String>),
    /// What a field says, and the quote that is open.
    Value(String, Option<char>),
}

/// A place in a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonSlot {
    pub form: RecordForm,
    pub typed: Typed,
    /// Where the word begins that is being typed.
    pub start: usize,
}

/// The place in a template, if it is in a reason.
pub fn find(text: &str, byte: usize, is_json: bool) -> Option<ReasonSlot> {
    let line = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    in_comment(text, line, byte)
        .or_else(|| in_braces(text, byte, is_json))
        .or_else(|| (!is_json).then(|| in_block(text, line, byte)).flatten())
}

fn in_comment(text: &str, line: usize, byte: usize) -> Option<ReasonSlot> {
    let before = &text[line..byte];
    let mark = ["#", "//", "/*"];
    let (at, _) = before.rmatch_indices("sfl:").find(|(at, _)| {
        let lead = before[..*at].trim_end();
        mark.iter().any(|mark| lead.ends_with(mark))
    })?;
    let start = line + at + "sfl:".len();
    Some(slot(
        text,
        start,
        byte,
        '=',
        &[' ', '\t'],
        RecordForm::Comment,
    ))
}

/// `sfl: { because: ` and `"sfl": {"because": `.
fn in_braces(text: &str, byte: usize, is_json: bool) -> Option<ReasonSlot> {
    let mut from = byte.saturating_sub(LOOK_BACK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut depth = 0;
    let open = text[from..byte]
        .char_indices()
        .rev()
        .find(|(_, c)| match c {
            '}' => {
                depth += 1;
                false
            }
            '{' if depth > 0 => {
                depth -= 1;
                false
            }
            c => *c == '{',
        });
    let open = from + open?.0;
    let lead = text[..open].trim_end();
    let lead = lead.strip_suffix(':')?.trim_end();
    let lead = lead.strip_suffix('"').unwrap_or(lead);
    let word = lead.strip_suffix("sfl")?;
    if word.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let form = if is_json {
        RecordForm::Json
    } else {
        RecordForm::Yaml
    };
    Some(slot(text, open + 1, byte, ':', &[','], form))
}

/// Lines below `sfl:`.
fn in_block(text: &str, line: usize, byte: usize) -> Option<ReasonSlot> {
    let own = &text[line..byte];
    let indent = own.len() - own.trim_start_matches(' ').len();
    let mut present = Vec::new();
    let mut found = false;
    for above in text[..line].lines().rev().take(64) {
        let trimmed = above.trim_start_matches(' ');
        if trimmed.trim().is_empty() {
            continue;
        }
        let deep = above.len() - trimmed.len();
        if deep < indent {
            found = trimmed
                .trim_end()
                .trim_end_matches(':')
                .trim_matches(['"', '\''])
                == "sfl";
            break;
        }
        if deep == indent {
            present.extend(name(trimmed, ':'));
        }
    }
    if !found || indent == 0 {
        return None;
    }
    let mut slot = slot(text, line, byte, ':', &[], RecordForm::Yaml);
    if let Typed::Name(names) = &mut slot.typed {
        let below = text[byte..].lines().skip(1);
        let below = below.take_while(|one| one.len() - one.trim_start_matches(' ').len() == indent);
        present.extend(below.filter_map(|one| name(one.trim_start(), ':')));
        *names = present;
    }
    Some(slot)
}

/// The name before a sign, without quotes.
fn name(part: &str, sign: char) -> Option<String> {
    let (name, _) = part.split_once(sign)?;
    let name = name.trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

/// What is typed in `text[start..byte]`: fields with a sign between name and value, and separators between fields.
pub fn slot(
    text: &str,
    start: usize,
    byte: usize,
    sign: char,
    separators: &[char],
    form: RecordForm,
) -> ReasonSlot {
    let mut quote: Option<char> = None;
    let mut part = start;
    let mut value = None;
    let mut names = Vec::new();
    let mut field = String::new();
    for (at, c) in text[start..byte].char_indices() {
        let next = start + at + c.len_utf8();
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => {
                quote = Some(c);
                if value.is_some_and(|value: usize| text[value..start + at].trim().is_empty()) {
                    value = Some(next);
                }
            }
            (None, c) if c == sign && value.is_none() => {
                // Spaces before the sign do not matter.
                let before = text[start..start + at].trim_end();
                let is_between = |c: char| c.is_whitespace() || separators.contains(&c);
                let own = before.rsplit(is_between).next().unwrap_or_default();
                field = own.trim_matches(['"', '\'']).to_owned();
                value = Some(next);
            }
            (None, c) if separators.contains(&c) => {
                let is_written =
                    value.is_some_and(|value| !text[value..start + at].trim().is_empty());
                // In a comment, spaces around the sign do not matter.
                if !field.is_empty() && (is_written || c == ',') {
                    names.push(std::mem::take(&mut field));
                    value = None;
                }
                if value.is_none() && (c == ',' || field.is_empty()) {
                    part = next;
                }
            }
            _ => {}
        }
    }
    let first = |from: usize| from + text[from..byte].len() - text[from..byte].trim_start().len();
    match value {
        Some(value) => {
            // The quote that is open is that of the value.
            let start = if quote.is_some() { value } else { first(value) };
            ReasonSlot {
                form,
                typed: Typed::Value(field, quote),
                start,
            }
        }
        None => ReasonSlot {
            form,
            typed: Typed::Name(names),
            start: first(part),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of `|` in a text: the field or the names that are there, and the word that is being typed.
    fn at(text: &str, is_json: bool) -> Option<String> {
        let byte = text.find('|').expect("a place");
        let text = text.replacen('|', "", 1);
        let slot = find(&text, byte, is_json)?;
        let word = &text[slot.start..byte];
        Some(match slot.typed {
            Typed::Value(field, quote) => format!("{field}={}{word}", quote.unwrap_or(' ')),
            Typed::Name(names) => format!("{}?{word}", names.join(",")),
        })
    }

    #[test]
    fn a_place_in_a_reason_is_found() {
        let cases = [
            ("Web: # sfl: because=lic|", "because= lic"),
            ("# sfl: |", "?"),
            ("# sfl: because=licence ow|", "because?ow"),
            (
                "# sfl: because=licence reason=\"a b\" owner=\"@te|",
                "owner=\"@te",
            ),
            ("// sfl: because = |", "because= "),
            (
                "    Metadata:\n      sfl:\n        because: m|",
                "because= m",
            ),
            (
                "    Metadata:\n      sfl:\n        because: migration\n        exp|\n        owner: x\n",
                "because,owner?exp",
            ),
            (
                "  Metadata: {sfl: {because: licence, reason: 'x', |",
                "because,reason?",
            ),
            ("  Metadata: {sfl: {because: |", "because= "),
            ("    sfl:\n      expires: \"20|", "expires=\"20"),
        ];
        for (text, wanted) in cases {
            assert_eq!(at(text, false).as_deref(), Some(wanted), "{text}");
        }
        let json = "{\"Metadata\": {\"sfl\": {\"because\": \"licence\", \"owner\": \"@|";
        assert_eq!(at(json, true).as_deref(), Some("owner=\"@"));
        assert_eq!(at("{\"sfl\": {\"|", true).as_deref(), Some("?\""));
    }

    #[test]
    fn elsewhere_there_is_none() {
        for text in [
            "Resources:\n  Web|",
            "a: {b: |",
            "  notsfl: {because: |",
            "x:\n  sfl2:\n    because: |",
            "text sfl: because=|",
        ] {
            assert_eq!(at(text, false), None, "{text}");
        }
        assert_eq!(at("{\"a\": {\"because\": \"|", true), None);
    }
}
