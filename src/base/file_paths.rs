//! Paths by their letters alone: nothing is looked up.

use std::path::{Component, Path, PathBuf};

/// Without `.` and `..`; a step up from the top stays there, as it does from the root of a disk.
#[must_use]
pub fn lexical(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// Without steps that lead nowhere; `..` stays where a path begins with it, for nobody knows what stands above.
#[must_use]
pub fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        let last = out.components().next_back();
        match (part, last) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                out.pop();
            }
            (Component::ParentDir, Some(Component::RootDir)) => {}
            (part, _) => out.push(part),
        }
    }
    out
}

/// The way from one place to another, both without steps that lead nowhere; empty where they are the same.
#[must_use]
pub fn seen_from(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components());
    let shared = shared.take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// A path that begins at no root as it is shown: with slashes, on every system.
#[must_use]
pub fn slashed(path: &Path) -> String {
    let parts = path.components();
    let parts = parts.map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_that_lead_nowhere_are_left_out() {
        for (path, among_all, as_written) in [
            ("/a/./b/../c", "/a/c", "/a/c"),
            ("/../a", "/a", "/a"),
            ("../a/b", "a/b", "../a/b"),
            ("a/../../b", "b", "../b"),
        ] {
            assert_eq!(lexical(Path::new(path)), Path::new(among_all), "{path}");
            assert_eq!(plain(Path::new(path)), Path::new(as_written), "{path}");
        }
    }

    #[test]
    fn a_place_is_seen_from_another() {
        for (from, to, way) in [
            ("/a/b", "/a/b/c", "c"),
            ("/a/b", "/a/c", "../c"),
            ("a", "a", ""),
            ("../one", "../two", "../two"),
        ] {
            let seen = seen_from(Path::new(from), Path::new(to));
            assert_eq!(slashed(&seen), way, "{from} {to}");
        }
    }
}
