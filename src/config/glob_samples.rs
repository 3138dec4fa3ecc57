//! Files that a glob of paths would mean: enough of them to tell it from another glob, whether any is there or not.

/// What stands for all names, each of another make: two words that nobody uses, so that no other glob means them by chance.
const NAMES: [&str; 2] = ["elsewhere.yaml", "0_Other.tf.json"];
/// The same of folders within folders, and none of them.
const FOLDERS: [&str; 3] = ["elsewhere/", "0_Other/within/", ""];
/// The same of one character.
const CHARACTERS: [char; 2] = ['q', '7'];
/// The most that are made of one glob.
const MOST: usize = 4096;

/// The samples of a glob; nothing where they are too many, or it cannot be understood. Of braces and brackets each choice is among them.
#[must_use]
pub fn samples(glob: &str) -> Option<Vec<String>> {
    let characters: Vec<char> = glob.chars().collect();
    let choices = choices(&characters)?;
    let mut all = Vec::new();
    for choice in &choices {
        for at in 0..FOLDERS.len() {
            let sample = filled(choice, at);
            // A name without an ending is one of a folder, and what stands in it is meant.
            let last = sample.rsplit('/').next().unwrap_or_default();
            let sample = match last.contains('.') {
                true => sample,
                false => format!("{}/{}", sample.trim_end_matches('/'), NAMES[0]),
            };
            if !all.contains(&sample) {
                all.push(sample);
            }
        }
    }
    Some(all)
}

/// A piece of a glob in which nothing is left to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GlobPiece {
    Letter(char),
    Question,
    Star,
    Folders,
}

/// Each way to choose between what stands in braces and brackets.
fn choices(glob: &[char]) -> Option<Vec<Vec<GlobPiece>>> {
    let mut all: Vec<Vec<GlobPiece>> = vec![Vec::new()];
    let mut at = 0;
    while let Some(&character) = glob.get(at) {
        let next: Vec<Vec<GlobPiece>> = match character {
            '\\' => {
                at += 1;
                vec![vec![GlobPiece::Letter(*glob.get(at)?)]]
            }
            '?' => vec![vec![GlobPiece::Question]],
            '*' if glob.get(at + 1) == Some(&'*') => {
                at += 1;
                if glob.get(at + 1) == Some(&'/') {
                    at += 1;
                }
                vec![vec![GlobPiece::Folders]]
            }
            '*' => vec![vec![GlobPiece::Star]],
            '[' => {
                let end = at + 2 + glob.get(at + 2..)?.iter().position(|one| *one == ']')?;
                let inside = &glob[at + 1..end];
                at = end;
                let each = class(inside).into_iter();
                each.map(|one| vec![GlobPiece::Letter(one)]).collect()
            }
            '{' => {
                let (parts, end) = braces(glob, at)?;
                at = end;
                let mut within = Vec::new();
                for part in parts {
                    within.extend(choices(part)?);
                }
                within
            }
            letter => vec![vec![GlobPiece::Letter(letter)]],
        };
        at += 1;
        if all.len() * next.len() > MOST {
            return None;
        }
        let longer = all.iter().flat_map(|start| {
            let ways = next.iter();
            ways.map(move |way| [&start[..], way].concat())
        });
        all = longer.collect();
    }
    Some(all)
}

/// The characters that stand in brackets; of those that must not, some others.
fn class(inside: &[char]) -> Vec<char> {
    let is_negated = matches!(inside.first(), Some('!' | '^')) && inside.len() > 1;
    let named = &inside[usize::from(is_negated)..];
    let mut all = Vec::new();
    let mut at = 0;
    while at < named.len() {
        if let (Some('-'), Some(&last)) = (named.get(at + 1), named.get(at + 2)) {
            all.extend((named[at]..=last).take(MOST));
            at += 3;
        } else {
            all.push(named[at]);
            at += 1;
        }
    }
    match is_negated {
        true => ('0'..='z')
            .filter(|one| one.is_ascii_alphanumeric() && !all.contains(one))
            .collect(),
        false => all,
    }
}

/// What stands between braces, part by part, and where they end.
fn braces(glob: &[char], start: usize) -> Option<(Vec<&[char]>, usize)> {
    let mut parts = Vec::new();
    let mut from = start + 1;
    let mut depth = 1;
    let mut at = start + 1;
    loop {
        match glob.get(at)? {
            '\\' => at += 1,
            '{' => depth += 1,
            ',' if depth == 1 => {
                parts.push(&glob[from..at]);
                from = at + 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    parts.push(&glob[from..at]);
                    return Some((parts, at));
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// With names for what is open.
fn filled(pieces: &[GlobPiece], at: usize) -> String {
    let mut text = String::new();
    for (number, piece) in pieces.iter().enumerate() {
        let is_last = number + 1 == pieces.len();
        match piece {
            GlobPiece::Letter(letter) => text.push(*letter),
            GlobPiece::Question => text.push(CHARACTERS[at % CHARACTERS.len()]),
            GlobPiece::Star if is_last => text.push_str(NAMES[at % NAMES.len()]),
            GlobPiece::Star => {
                let (word, _) = NAMES[at % NAMES.len()].split_once('.').unwrap_or_default();
                text.push_str(word);
            }
            GlobPiece::Folders => {
                text.push_str(FOLDERS[at % FOLDERS.len()]);
                if is_last {
                    text.push_str(NAMES[at % NAMES.len()]);
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sample_is_meant_by_its_glob() {
        for glob in [
            "legacy/**",
            "**/*.yaml",
            "**/old/**",
            "infra/new*",
            "{legacy,new}/**",
            "{a,b{c,d}}/x?.[jy]*",
            "[!a]bc/**",
            "new",
            "a/b.yaml",
            "\\[x\\]/*",
        ] {
            let matcher = super::super::ledger::path_glob(glob).expect("a glob");
            let all = samples(glob).expect("few");
            assert!(!all.is_empty(), "{glob}");
            for sample in all {
                let mut ends = sample.match_indices('/').map(|(at, _)| at);
                let is_meant =
                    matcher.is_match(&sample) || ends.any(|end| matcher.is_match(&sample[..end]));
                assert!(is_meant, "{glob}: {sample}");
            }
        }
    }

    #[test]
    fn each_choice_is_among_them() {
        let all = samples("{legacy,n[ex]w}/**").expect("few");
        for start in ["legacy/", "new/", "nxw/"] {
            assert!(all.iter().any(|one| one.starts_with(start)), "{all:?}");
        }
        assert_eq!(samples(&"[a-z]".repeat(4)), None);
    }
}
