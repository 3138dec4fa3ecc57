//! Patterns of CODEOWNERS: like those of `.gitignore`, and not quite. GitHub's and GitLab's differ in what lies below a name.

use super::Flavour;

/// A pattern, one part for each folder that a path goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// Any number of folders, none too.
    Folders,
    /// One name.
    Name(Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    One(char),
    Any,
    Many,
    Class(bool, Vec<(char, char)>),
}

impl PathPattern {
    /// Reads a pattern as it is written.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str, syntax: Flavour) -> Result<Self, String> {
        if text.contains("***") {
            return Err("three stars in a row mean nothing".to_owned());
        }
        if syntax == Flavour::GitHub {
            if text.starts_with('!') {
                return Err("GitHub takes no exceptions with `!`".to_owned());
            }
            if text.starts_with("\\#") {
                return Err("GitHub takes no pattern that begins with `#`".to_owned());
            }
            if text.contains(['[', ']']) {
                return Err("GitHub takes no ranges in brackets".to_owned());
            }
        }
        let is_folder = text.ends_with('/');
        let is_rooted = text.starts_with('/');
        let trimmed = text.trim_matches('/');
        if trimmed.is_empty() {
            return Err("it names no file".to_owned());
        }
        let names: Vec<&str> = trimmed.split('/').collect();
        let mut parts = Vec::new();
        let anywhere = match syntax {
            Flavour::GitHub => !is_rooted && names.len() == 1,
            Flavour::GitLab => !is_rooted,
        };
        if anywhere {
            parts.push(Part::Folders);
        }
        let last = names.len() - 1;
        for (at, name) in names.iter().enumerate() {
            match *name {
                "" => return Err("it has two slashes in a row".to_owned()),
                // At the end, it is all that lies below on GitHub, and a star like any other on GitLab.
                "**" if at < last => parts.push(Part::Folders),
                "**" if syntax == Flavour::GitHub => {
                    parts.push(Part::Name(vec![Piece::Many]));
                    parts.push(Part::Folders);
                }
                name => parts.push(Part::Name(pieces(name, syntax)?)),
            }
        }
        match syntax {
            // A folder's name means what lies below; a star is only what lies in it.
            Flavour::GitHub if is_folder => parts.extend(below()),
            Flavour::GitHub if names[last] != "*" => parts.push(Part::Folders),
            Flavour::GitLab if is_folder => parts.extend(below()),
            Flavour::GitHub | Flavour::GitLab => {}
        }
        Ok(Self(parts))
    }

    /// A name that each path has that it matches: the last one that is written out.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.0.iter().rev().find_map(|part| match part {
            Part::Folders => None,
            Part::Name(pieces) => pieces
                .iter()
                .map(|piece| match piece {
                    Piece::One(c) => Some(*c),
                    Piece::Any | Piece::Many | Piece::Class(..) => None,
                })
                .collect(),
        })
    }

    /// Whether it matches the path of a file, given by its names.
    #[must_use]
    pub fn matches(&self, path: &[Vec<char>]) -> bool {
        let is_many = |part: &Part| *part == Part::Folders;
        let fits = |part: &Part, name: &Vec<char>| match part {
            Part::Folders => true,
            Part::Name(pieces) => name_matches(pieces, name),
        };
        wild(&self.0, path, is_many, fits)
    }
}

fn below() -> [Part; 2] {
    [Part::Name(vec![Piece::Many]), Part::Folders]
}

fn name_matches(pieces: &[Piece], name: &[char]) -> bool {
    let is_many = |piece: &Piece| *piece == Piece::Many;
    let fits = |piece: &Piece, c: &char| match piece {
        Piece::One(own) => own == c,
        Piece::Any | Piece::Many => true,
        Piece::Class(is_negated, ranges) => {
            ranges.iter().any(|(from, to)| (from..=to).contains(&c)) != *is_negated
        }
    };
    wild(pieces, name, is_many, fits)
}

/// Whether a pattern takes a whole text: what stands for many takes as little as it can, and more where the rest asks for it. Only the
/// last such place is ever tried again, so the work is at most the product of the two lengths.
fn wild<P, T>(
    pattern: &[P],
    text: &[T],
    is_many: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut again: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some(part) if is_many(part) => {
                again = Some((at, read));
                at += 1;
            }
            Some(part) if fits(part, &text[read]) => {
                at += 1;
                read += 1;
            }
            _ => match &mut again {
                Some((many, from)) => {
                    *from += 1;
                    read = *from;
                    at = *many + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(is_many)
}

fn pieces(name: &str, syntax: Flavour) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = name.chars();
    while let Some(c) = rest.next() {
        let piece = match c {
            '*' if pieces.last() == Some(&Piece::Many) => continue,
            '*' => Piece::Many,
            '?' => Piece::Any,
            '[' if syntax == Flavour::GitLab => class(&mut rest)?,
            '\\' => match rest.next() {
                Some(c) => Piece::One(c),
                None => return Err("it ends with a backslash".to_owned()),
            },
            c => Piece::One(c),
        };
        pieces.push(piece);
    }
    Ok(pieces)
}

fn class(rest: &mut std::str::Chars<'_>) -> Result<Piece, String> {
    let open = || "it has a bracket that is never closed".to_owned();
    let (inside, after) = rest.as_str().split_once(']').ok_or_else(open)?;
    *rest = after.chars();
    let (is_negated, inside) = match inside.strip_prefix(['!', '^']) {
        Some(inside) => (true, inside),
        None => (false, inside),
    };
    if inside.is_empty() {
        return Err("it has brackets around nothing".to_owned());
    }
    let mut ranges = Vec::new();
    let mut chars = inside.chars().peekable();
    while let Some(from) = chars.next() {
        let mut ahead = chars.clone();
        let to = match (ahead.next(), ahead.next()) {
            (Some('-'), Some(to)) => {
                chars = ahead;
                to
            }
            _ => from,
        };
        ranges.push((from, to));
    }
    Ok(Piece::Class(is_negated, ranges))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str, syntax: Flavour) -> bool {
        let pattern = PathPattern::read(pattern, syntax).expect(pattern);
        let path: Vec<Vec<char>> = path.split('/').map(|name| name.chars().collect()).collect();
        let found = pattern.matches(&path);
        if let (true, Some(name)) = (found, pattern.name()) {
            assert!(
                path.contains(&name.chars().collect::<Vec<char>>()),
                "{name}"
            );
        }
        found
    }

    #[test]
    fn what_github_means() {
        for (pattern, hits, misses) in [
            ("*", &["a", "a/b/c.tf"][..], &[][..]),
            ("/*", &["a"], &["a/b"]),
            ("*.tf", &["a.tf", "x/y/b.tf"], &["a.tfvars"]),
            (
                "/build/logs/",
                &["build/logs/a", "build/logs/b/c"],
                &["x/build/logs/a"],
            ),
            // A star names only what lies in the folder itself.
            ("docs/*", &["docs/a.md"], &["docs/b/a.md", "x/docs/a.md"]),
            ("apps/", &["apps/a", "x/apps/y/z"], &["apps"]),
            ("/docs/", &["docs/a/b"], &["x/docs/a"]),
            (
                "apps/github",
                &["apps/github", "apps/github/a"],
                &["x/apps/github/a"],
            ),
            ("docs", &["docs", "x/docs/a"], &["docs2/a"]),
            ("**/logs", &["logs/a", "x/y/logs/a"], &["x/logs2"]),
            ("a/**/z", &["a/z", "a/b/c/z", "a/z/below"], &["b/a/z"]),
            ("a/**", &["a/b", "a/b/c"], &["a"]),
            ("a?c", &["abc", "x/abc/d"], &["ac", "a/c"]),
            ("my\\ stack/*.yaml", &["my stack/a.yaml"], &["my/a.yaml"]),
            ("a*b*c", &["axxbxxbc"], &["axxb"]),
        ] {
            for path in hits {
                assert!(matches(pattern, path, Flavour::GitHub), "{pattern} {path}");
            }
            for path in misses {
                assert!(!matches(pattern, path, Flavour::GitHub), "{pattern} {path}");
            }
        }
    }

    #[test]
    fn what_gitlab_means() {
        for (pattern, hits, misses) in [
            ("*", &["a", "a/b/c.tf"][..], &[][..]),
            (
                "README.md",
                &["README.md", "a/b/README.md"],
                &["README.md/a"],
            ),
            (
                "in/README.md",
                &["in/README.md", "x/in/README.md"],
                &["in/x/README.md"],
            ),
            // Without a slash at the end, a folder's name is not what lies below.
            ("/docs", &["docs"], &["docs/a"]),
            ("/docs/", &["docs/a", "docs/a/b"], &["docs", "x/docs/a"]),
            ("lib/", &["lib/a", "x/lib/a/b"], &["lib"]),
            ("/docs/*", &["docs/a"], &["docs/a/b"]),
            (
                "/docs/**/*.md",
                &["docs/a.md", "docs/a/b.md"],
                &["docs/a.txt"],
            ),
            ("/docs/**", &["docs/a"], &["docs/a/b"]),
            ("/v[0-9].tf", &["v1.tf"], &["vx.tf", "v12.tf"]),
            ("/v[!0-9].tf", &["vx.tf"], &["v1.tf"]),
            ("\\#odd.tf", &["#odd.tf", "a/#odd.tf"], &["odd.tf"]),
        ] {
            for path in hits {
                assert!(matches(pattern, path, Flavour::GitLab), "{pattern} {path}");
            }
            for path in misses {
                assert!(!matches(pattern, path, Flavour::GitLab), "{pattern} {path}");
            }
        }
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        for (text, syntax) in [
            ("!a", Flavour::GitHub),
            ("\\#a", Flavour::GitHub),
            ("a[0-9]", Flavour::GitHub),
            ("a***b", Flavour::GitHub),
            ("/", Flavour::GitHub),
            ("a//b", Flavour::GitLab),
            ("a[0", Flavour::GitLab),
            ("a[]", Flavour::GitLab),
            ("a\\", Flavour::GitLab),
        ] {
            assert!(PathPattern::read(text, syntax).is_err(), "{text}");
        }
    }

    #[test]
    fn stars_do_not_multiply() {
        let pattern = "a*".repeat(300) + "b";
        let path = "a".repeat(3000);
        assert!(!matches(&pattern, &path, Flavour::GitHub));
        let pattern = "**/a/".repeat(100) + "b";
        let path = "a/".repeat(1000) + "c";
        assert!(!matches(&pattern, &path, Flavour::GitHub));
    }
}
