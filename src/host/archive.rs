//! A tree in a tar archive, as `git archive` writes it: its files in memory. Nothing is unpacked, no link is followed.

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use jiff::civil::Date;
use tar::EntryType;

use super::Memory;

/// Bytes of a file that is kept: no template comes near.
const LARGEST: u64 = 64 << 20;
/// Bytes of all files that are kept.
const MOST: u64 = 1 << 30;
/// Files of an archive.
const MOST_FILES: usize = 1_000_000;

/// What of a tree could not be kept.
#[derive(Debug)]
pub struct Archived {
    pub files: Memory,
    /// Files that are larger than any template.
    pub too_large: usize,
}

/// Reads an archive. A folder that holds all of it, as archives of a release have, is left out of the paths.
///
/// # Errors
/// It is none, it is larger than what fits in memory, or it can't be read.
pub fn read(bytes: impl Read, today: Date) -> io::Result<Archived> {
    let mut archive = tar::Archive::new(bytes);
    let mut found: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    let (mut kept, mut too_large) = (0_u64, 0);
    for entry in archive.entries()? {
        let mut entry = entry?;
        if !matches!(
            entry.header().entry_type(),
            EntryType::Regular | EntryType::Continuous
        ) {
            continue;
        }
        let path = entry.path()?.into_owned();
        let is_below = path
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !is_below {
            return Err(io::Error::other(format!(
                "`{}` leads out of it",
                path.display()
            )));
        }
        if entry.size() > LARGEST {
            too_large += 1;
            continue;
        }
        kept += entry.size();
        if kept > MOST || found.len() >= MOST_FILES {
            return Err(io::Error::other("it holds more than is read at once"));
        }
        let mut text = Vec::new();
        entry.read_to_end(&mut text)?;
        found.push((path, text));
    }
    let top = common_top(found.iter().map(|(path, _)| path.as_path()));
    let files = found
        .into_iter()
        .fold(Memory::new(today), |files, (path, bytes)| {
            let below = top.as_deref().and_then(|top| path.strip_prefix(top).ok());
            files.with(below.unwrap_or(&path), bytes)
        });
    Ok(Archived { files, too_large })
}

/// The folder that all of them stand in, where there is one.
fn common_top<'p>(mut paths: impl Iterator<Item = &'p Path>) -> Option<PathBuf> {
    let top = |path: &Path| {
        let mut parts = path.components().filter(|part| *part != Component::CurDir);
        let first = parts.next()?;
        parts.next().map(|_| PathBuf::from(first.as_os_str()))
    };
    let first = top(paths.next()?)?;
    paths
        .all(|path| top(path).as_ref() == Some(&first))
        .then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;
    use jiff::civil::date;

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            builder
                .append_data(&mut header, path, text.as_bytes())
                .expect("memory takes it");
        }
        builder.into_inner().expect("memory takes it")
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        let read = read(bytes, date(2027, 1, 31)).expect("it is an archive");
        let all = read
            .files
            .list(Path::new(""))
            .expect("the root is a folder");
        all.into_iter()
            .map(|entry| entry.name.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_folder_that_holds_all_is_left_out() {
        let bytes = archive(&[("shop-1/a.yaml", "a"), ("shop-1/infra/b.yaml", "b")]);
        assert_eq!(names(&bytes), ["a.yaml", "infra"]);
        let bytes = archive(&[("shop-1/a.yaml", "a"), ("b.yaml", "b")]);
        assert_eq!(names(&bytes), ["b.yaml", "shop-1"]);
    }

    #[test]
    fn what_is_no_archive_is_an_error() {
        assert!(read(&b"Resources: {}"[..], date(2027, 1, 31)).is_err());
    }
}
