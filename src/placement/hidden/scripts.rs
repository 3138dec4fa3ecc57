//! Clusters that a known text registers an instance with: it says their names beside a sign.

use crate::graph::Script;
use crate::rulebook::Text;

/// The resources whose names a text says beside one of the signs; `called` knows the resources of a name.
pub(super) fn registered(
    text: &str,
    signs: &[Text],
    called: &dyn Fn(&str) -> Vec<usize>,
) -> Vec<usize> {
    let lower = text.to_ascii_lowercase();
    if !signs.iter().any(|sign| lower.contains(&**sign)) {
        return Vec::new();
    }
    let names: Vec<(usize, usize)> = words(text)
        .flat_map(|(at, word)| called(word).into_iter().map(move |name| (at, name)))
        .collect();
    let mut all: Vec<usize> = names.iter().map(|(_, name)| *name).collect();
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return all;
    }
    let text = without_strangers(lower, signs, &names);
    let script = Script::of_words(&text, names);
    all.retain(|name| script.has_sign_for(*name, signs, &|_| true));
    all
}

/// Whether a letter may stand in a name.
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// What may be a name, each with its place: `arn:aws:ecs:...:cluster/shop` ends with one.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.as_bytes().get(at..)?;
        let start = at + rest.iter().position(|byte| is_of_name(*byte))?;
        let rest = &text.as_bytes()[start..];
        let length = rest.iter().position(|byte| !is_of_name(*byte));
        let end = start + length.unwrap_or(rest.len());
        at = end;
        Some((start, &text[start..end]))
    })
}

/// A text without the lines in which a sign is given another name: `ECS_CLUSTER=elsewhere`.
fn without_strangers(text: String, signs: &[Text], names: &[(usize, usize)]) -> String {
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (start, end) = (kept.len(), kept.len() + line.len());
        let next = names.partition_point(|(at, _)| *at < start);
        let has_name = names.get(next).is_some_and(|(at, _)| *at < end);
        let is_given = |sign: &Text| {
            let mut rest = line.split(&**sign).skip(1);
            rest.any(|rest| {
                let value = rest.strip_prefix('=');
                let value = value.map(|value| value.trim_start_matches(['"', '\'']));
                value.is_some_and(|value| value.bytes().next().is_some_and(is_of_name))
            })
        };
        if !has_name && signs.iter().any(is_given) {
            kept.extend(std::iter::repeat_n(' ', line.len().saturating_sub(1)));
            kept.push('\n');
        } else {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        let signs = ["bootstrap.sh", "ecs.config", "ecs_cluster"].map(Text::from);
        let called = |word: &str| match word {
            "till" => vec![1],
            "Desk-2" => vec![2],
            _ => Vec::new(),
        };
        registered(text, &signs, &called)
    }

    #[test]
    fn a_name_counts_beside_a_sign() {
        for text in [
            "echo ECS_CLUSTER=till >> /etc/ecs/ecs.config",
            "ECS_CLUSTER=\"till\"\n",
            "C=till\n/etc/eks/bootstrap.sh $C\n",
            "bootstrap.sh arn:aws:eks:eu-west-1:1:cluster/till",
            "grüße\nbootstrap.sh till",
        ] {
            assert_eq!(found(text), [1], "{text}");
        }
        assert_eq!(found("bootstrap.sh Desk-2"), [2]);
    }

    #[test]
    fn a_name_without_its_own_sign_is_a_word() {
        for text in [
            "echo till",
            "aws eks update-kubeconfig --name till",
            "bootstrap.sh still till2 desk-2",
            "echo the till's > motd\nECS_CLUSTER=elsewhere\n",
            "",
        ] {
            assert!(found(text).is_empty(), "{text}");
        }
        // Of two, the sign is about the one on its line.
        assert_eq!(found("echo Desk-2\nECS_CLUSTER=till\necho Desk-2\n"), [1]);
    }
}
