//! Paths by their letters alone: nothing is looked up.

use std::borrow::Cow;
use std::path::{Component, Path, PathBuf};

/// A byte of a name that is no text is this character and as many more as it says: one of a plane that is nobody's.
const FIRST_BYTE: u32 = 0x10_fe00;
/// How the characters begin, in UTF-8, that stand for such bytes.
const MARKS: [&[u8]; 2] = [b"\xf4\x8f\xba", b"\xf4\x8f\xbb"];

fn stands_for(c: char) -> Option<u8> {
    let byte = u32::from(c).checked_sub(FIRST_BYTE)?;
    u8::try_from(byte).ok().filter(|byte| *byte >= 0x80)
}

fn has_marks(bytes: &[u8]) -> bool {
    memchr::memchr(0xf4, bytes).is_some()
        && MARKS
            .iter()
            .any(|mark| memchr::memmem::find(bytes, mark).is_some())
}

/// A name as the system or git has it, as text. What is no UTF-8 in it stays what it is: each such byte is a character of its own, so that
/// no two names are one text, and [`raw`] gives the name back.
#[must_use]
pub fn named(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes)
        && !has_marks(bytes)
    {
        return text.to_owned();
    }
    let stand_in = |byte: u8| char::from_u32(FIRST_BYTE + u32::from(byte)).unwrap_or('\u{fffd}');
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match stands_for(c) {
                // It stands for itself, byte by byte.
                Some(_) => text.extend(c.to_string().bytes().map(stand_in)),
                None => text.push(c),
            }
        }
        text.extend(chunk.invalid().iter().copied().map(stand_in));
    }
    text
}

/// The bytes that [`named`] was made from.
#[must_use]
pub fn raw_bytes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut letter = [0; 4];
    for c in text.chars() {
        match stands_for(c) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(c.encode_utf8(&mut letter).bytes()),
        }
    }
    bytes
}

/// A path as text has it, whatever the system calls it.
#[must_use]
pub fn encoded(path: PathBuf) -> PathBuf {
    let bytes = path.as_os_str().as_encoded_bytes();
    match path.to_str().is_some() && !has_marks(bytes) {
        true => path,
        #[cfg(unix)]
        false => named(bytes).into(),
        #[cfg(not(unix))]
        false => path,
    }
}

/// A path as the system has it.
#[must_use]
pub fn raw(path: &Path) -> Cow<'_, Path> {
    #[cfg(unix)]
    if has_marks(path.as_os_str().as_encoded_bytes())
        && let Some(text) = path.to_str()
    {
        let name: std::ffi::OsString = std::os::unix::ffi::OsStringExt::from_vec(raw_bytes(text));
        return Cow::Owned(name.into());
    }
    Cow::Borrowed(path)
}

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
    fn a_name_that_is_no_text_is_kept() {
        for bytes in [
            &b"plain"[..],
            "größe".as_bytes(),
            b"ap\xffi.yaml",
            b"ap\xfei.yaml",
            "a\u{10feff}b".as_bytes(),
            b"\xf4\x8f\xba",
        ] {
            let text = named(bytes);
            assert_eq!(raw_bytes(&text), bytes, "{text}");
            #[cfg(unix)]
            assert_eq!(
                raw(&encoded(raw(Path::new(&text)).into_owned()))
                    .as_os_str()
                    .as_encoded_bytes(),
                bytes
            );
        }
        assert_ne!(named(b"\xff"), named("\u{10feff}".as_bytes()));
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
