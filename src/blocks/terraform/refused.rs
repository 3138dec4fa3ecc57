//! Blocks that Terraform refuses, although they can be read: with a label too many, twice under one name, or without what they must
//! say. What OpenTofu or a later version takes is taken, and so is what old versions wrote in another way and meant the same by (types
//! in quotes, `list()`).

mod calls;
mod declarations;
mod forms;

use rustc_hash::FxHashMap;

use super::block::blocks;
pub use calls::refused_call;
use declarations::Declaration;
use forms::{CALL, FORMS, Form};

use crate::blocks::{Note, Noted, Place};
use crate::syntax::{Document, Kind, Node, Syntax};

/// One block as it is declared.
struct Declared<'d> {
    form: &'static Form,
    /// The kind of block, as it is written there.
    word: Node<'d>,
    labels: Vec<Node<'d>>,
    body: Node<'d>,
}

/// Says what is refused of one module. Unless all of its files could be read, nothing is said of what could stand in one of them.
#[must_use]
pub fn refused(
    configuration: &[&Document<'_>],
    overrides: &[&Document<'_>],
    is_whole: bool,
) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut first: FxHashMap<String, Place> = FxHashMap::default();
    for (documents, overrides) in [(configuration, false), (overrides, true)] {
        for file in documents.iter().flat_map(|document| document.roots()) {
            for root in blocks(file) {
                for (word, value) in root.entries() {
                    top(word, value, &mut notes, &mut |block, notes| {
                        block.look_into(overrides, notes);
                        for Declaration {
                            address,
                            place,
                            needs_base,
                        } in block.declarations()
                        {
                            let known = first.get(&address).copied();
                            match (overrides, known) {
                                (false, None) => {
                                    first.insert(address, place);
                                }
                                (false, Some(first)) => notes.push(Note {
                                    what: Noted::Refused {
                                        message: format!("{address} is declared twice"),
                                        other: "the first one",
                                    },
                                    place,
                                    other: Some(first),
                                }),
                                (true, None) if is_whole && needs_base => {
                                    let message = format!(
                                        "nothing in this module declares {address}, which this block overrides"
                                    );
                                    notes.push(note(message, place));
                                }
                                (true, _) => {}
                            }
                        }
                    });
                }
            }
        }
    }
    notes
}

/// Looks at one entry at the top of a file, and hands on the blocks that have the labels they need.
fn top<'d>(
    word: Node<'d>,
    value: Node<'d>,
    notes: &mut Vec<Note>,
    each: &mut dyn FnMut(&Declared<'d>, &mut Vec<Note>),
) {
    let is_native = word.document().syntax() == Syntax::Hcl;
    if !is_native && word.is("//") {
        return;
    }
    let written = is_native.then(|| native(value));
    let Some(form) = FORMS.iter().find(|form| word.is(form.word)) else {
        let text = word.text();
        if is_native && written.as_ref().is_some_and(Option::is_none) {
            let message = format!("`{text}` stands outside of any block, where no argument can");
            notes.push(note(message, word.place()));
            return;
        }
        let near = meant(FORMS.iter().map(|form| form.word), &text);
        notes.push(Note {
            what: Noted::Refused {
                message: format!("`{text}` is not a kind of block{near}"),
                other: "",
            },
            place: word.place(),
            other: None,
        });
        return;
    };
    let declared = |labels, body| Declared {
        form,
        word,
        labels,
        body,
    };
    let Some(written) = written else {
        let mut found = Vec::new();
        json(
            (word, value),
            form.labels.len(),
            &mut Vec::new(),
            &mut found,
            notes,
        );
        for (labels, body) in found {
            each(&declared(labels, body), notes);
        }
        return;
    };
    match written {
        None => {
            let message = format!("`{}` is a block: it stands there without `=`", form.word);
            notes.push(note(message, word.place()));
        }
        Some((labels, _)) if labels.len() != form.labels.len() => {
            let wanted = match form.labels {
                [] => "no label".to_owned(),
                [one] => format!("one label, its {one}"),
                all => format!("two labels, its {}", all.join(" and its ")),
            };
            let found = match labels.len() {
                0 => "none".to_owned(),
                number => number.to_string(),
            };
            let message = format!("{} has {wanted}: this one has {found}", a_block(form.word));
            let place = labels.get(form.labels.len()).unwrap_or(&word).place();
            notes.push(note(message, place));
        }
        Some((labels, body)) => each(&declared(labels, body), notes),
    }
}

/// The labels and the body of a block of Terraform's own syntax; nothing where it is an argument.
pub(super) fn native(mut value: Node<'_>) -> Option<(Vec<Node<'_>>, Node<'_>)> {
    let mut labels = Vec::new();
    while !value.is_body() {
        let (label, inner) = value.entries().next()?;
        // An object begins with its brace.
        if value.kind() != Kind::Mapping || label.span().start != value.span().start {
            return None;
        }
        labels.push(label);
        value = inner;
    }
    Some((labels, value))
}

/// Blocks in JSON, with so many labels each.
fn json<'d>(
    (key, value): (Node<'d>, Node<'d>),
    labels: usize,
    above: &mut Vec<Node<'d>>,
    found: &mut Vec<(Vec<Node<'d>>, Node<'d>)>,
    notes: &mut Vec<Note>,
) {
    let is_object = |node: Node<'_>| node.kind() == Kind::Mapping;
    let is_none = value.comparable().is_none() && value.kind() == Kind::Scalar;
    let fits = is_none || is_object(value) || value.items().all(is_object);
    if !fits || (value.kind() == Kind::Scalar && !is_none) {
        let message = format!("under `{}` an object has to stand here", key.text());
        notes.push(note(message, value.place()));
        return;
    }
    for part in blocks(value) {
        if above.len() == labels {
            found.push((above.clone(), part));
            continue;
        }
        for (label, inner) in part.entries().filter(|(key, _)| !key.is("//")) {
            above.push(label);
            json((label, inner), labels, above, found, notes);
            above.pop();
        }
    }
}

impl<'d> Declared<'d> {
    /// Says what is wrong with the block itself.
    fn look_into(&self, overrides: bool, notes: &mut Vec<Note>) {
        let word = self.form.word;
        if overrides && matches!(word, "check" | "import" | "moved") {
            let message = format!("{} can't stand in an override file", a_block(word));
            notes.push(note(message, self.word.place()));
        }
        for (label, means) in self.labels.iter().zip(self.form.labels) {
            let text = label.text();
            let is_checked = !matches!(word, "action" | "list");
            if is_checked && !is_name(&text) {
                let message = format!(
                    "{} can't have the {means} `{text}`: it has to begin with a letter or `_`, and to go on with letters, digits, `_` and `-`",
                    a_block(word)
                );
                notes.push(note(message, label.place()));
            } else if word == "variable" && CALL.contains(&&*text) {
                let message = format!(
                    "a variable can't be called `{text}`: in the call of a module that says something else"
                );
                notes.push(note(message, label.place()));
            }
        }
        let place = self.labels.last().unwrap_or(&self.word).place();
        for name in self.form.needs.iter().filter(|_| !overrides) {
            if self.body.get(name).is_none() {
                notes.push(note(format!("this `{word}` block needs `{name}`"), place));
            }
        }
        let is_of_resources = matches!(word, "resource" | "data" | "module" | "ephemeral");
        if is_of_resources
            && self.body.get("count").is_some()
            && let Some(each) = self.body.entries().find(|(key, _)| key.is("for_each"))
        {
            let message = format!("{} has either `count` or `for_each`", a_block(word));
            notes.push(note(message, each.0.place()));
        }
        if matches!(word, "module" | "locals") && self.body.is_body() {
            let blocks = self.body.entries();
            // OpenTofu's `lifecycle` says whether there is a module at all.
            let blocks = blocks.filter(|(key, value)| {
                native(*value).is_some() && !(word == "module" && key.is("lifecycle"))
            });
            for (key, _) in blocks {
                let name = key.text();
                let message = format!(
                    "{} can't hold a block: a value is written as `{name} =`",
                    a_block(word)
                );
                notes.push(note(message, key.place()));
            }
        }
        if !self.form.holds.is_empty() {
            for (key, _) in self.body.entries() {
                self.look_at(key, notes);
            }
        }
    }

    /// Says it where a block can't hold something of this name.
    fn look_at(&self, key: Node<'d>, notes: &mut Vec<Note>) {
        let name = key.text();
        if self.form.holds.contains(&&*name) || name == "//" {
            return;
        }
        let holds = self.form.holds.iter().copied();
        let near = meant(holds.filter(|known| *known != "//"), &name);
        notes.push(Note {
            what: Noted::Refused {
                message: format!("{} can't hold `{name}`{near}", a_block(self.form.word)),
                other: "",
            },
            place: key.place(),
            other: None,
        });
    }
}

/// Asks for the name that is spelled most alike, where one is.
fn meant<'n>(names: impl Iterator<Item = &'n str>, name: &str) -> String {
    let near = names.map(|known| (strsim::damerau_levenshtein(known, name), known));
    let near = near.min().filter(|(distance, _)| *distance <= 2);
    near.map_or_else(String::new, |(_, near)| format!(": did you mean `{near}`?"))
}

/// Whether Terraform takes it for a name.
fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    let is_first = |letter: char| letter == '_' || letter.is_alphabetic();
    // Marks that are part of a letter, as it may be written in several, are none by themselves.
    let goes_on = |letter: char| {
        is_first(letter) || letter == '-' || letter.is_alphanumeric() || !letter.is_ascii()
    };
    letters.next().is_some_and(is_first) && letters.all(goes_on)
}

fn a_block(word: &str) -> String {
    let article = match word.starts_with(['a', 'e', 'i', 'o']) {
        true => "an",
        false => "a",
    };
    format!("{article} `{word}` block")
}

fn note(message: String, place: Place) -> Note {
    Note {
        what: Noted::Refused { message, other: "" },
        place,
        other: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_terraform_takes() {
        for name in ["a", "_a", "A-1_b", "größe", "名前"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "1a", "-a", "a b", "a.b", "a/b"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
