//! A tree in a tar archive, as `git archive` writes it: its files in memory. Nothing is unpacked, no link is followed.

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use jiff::civil::Date;
use tar::EntryType;

use super::Memory;

/// Bytes of a file that is kept: no template comes near.
const LARGEST: u64 = 64 << 20;
/// Files of an archive.
const MOST_FILES: usize = 1_000_000;
/// What programs that compress begin with: gzip, bzip2, xz, zstd, zip.
const COMPRESSED: [&[u8]; 5] = [b"\x1f\x8b", b"BZ", b"\xfd7", b"\x28\xb5", b"PK"];

/// A tree that was read.
#[derive(Debug)]
pub struct Archived {
    pub files: Memory,
    /// Links, devices, and files that are larger than any template: they have a place, and nothing is in them.
    pub left_out: usize,
}

/// Reads an archive of which at most so many bytes are kept. A folder that holds all of it, as archives of a release have, is left out
/// of the paths.
///
/// # Errors
/// It is none, it is larger than that, a path leads out of it, or it can't be read.
pub fn read(mut bytes: impl Read, today: Date, most: u64) -> io::Result<Archived> {
    let mut first = Vec::new();
    bytes.by_ref().take(2).read_to_end(&mut first)?;
    if first.is_empty() {
        return Err(io::Error::other("it is empty"));
    }
    if COMPRESSED.contains(&first.as_slice()) {
        return Err(io::Error::other("it is compressed: send a plain tar file"));
    }
    let mut archive = tar::Archive::new(first.chain(bytes));
    let mut found: Vec<(PathBuf, Option<Vec<u8>>)> = Vec::new();
    let mut kept = 0_u64;
    for entry in archive.entries()? {
        let mut entry = entry?;
        let is_file = match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => true,
            EntryType::Directory | EntryType::XGlobalHeader => continue,
            _ => false,
        };
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
        if found.len() >= MOST_FILES {
            return Err(io::Error::other("it has more files than are read at once"));
        }
        if !is_file || entry.size() > LARGEST {
            found.push((path, None));
            continue;
        }
        kept += entry.size();
        if kept > most {
            let most = most >> 20;
            return Err(io::Error::other(format!("it holds more than {most} MiB")));
        }
        let mut text = Vec::new();
        entry.read_to_end(&mut text)?;
        found.push((path, Some(text)));
    }
    let top = common_top(found.iter().map(|(path, _)| path.as_path()));
    let mut all = Archived {
        files: Memory::new(today),
        left_out: found.iter().filter(|(_, text)| text.is_none()).count(),
    };
    for (path, text) in found {
        let below = top.as_deref().and_then(|top| path.strip_prefix(top).ok());
        let path = below.unwrap_or(&path);
        all.files = match text {
            Some(text) => all.files.with(path, text),
            None => all.files.with_irregular(path),
        };
    }
    Ok(all)
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
    use crate::host::{FileKind, Host};
    use jiff::civil::date;

    fn archive(files: &[(&str, EntryType, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, kind, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(0);
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            let added = match kind {
                EntryType::Symlink | EntryType::Link => {
                    builder.append_link(&mut header, path, text)
                }
                _ => {
                    header.set_size(text.len() as u64);
                    builder.append_data(&mut header, path, text.as_bytes())
                }
            };
            added.expect("memory takes it");
        }
        builder.into_inner().expect("memory takes it")
    }

    fn plain(files: &[(&str, &str)]) -> Vec<u8> {
        let files = files.iter();
        let files = files.map(|(path, text)| (*path, EntryType::Regular, *text));
        archive(&files.collect::<Vec<_>>())
    }

    fn opened(bytes: &[u8]) -> io::Result<Archived> {
        read(bytes, date(2027, 1, 31), 100)
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        let read = opened(bytes).expect("it is an archive");
        let all = read.files.list(Path::new("")).expect("a folder");
        let name = |kind, name: &str| match kind {
            FileKind::Other => format!("{name}!"),
            FileKind::Folder => format!("{name}/"),
            FileKind::File => name.to_owned(),
        };
        all.into_iter()
            .map(|entry| name(entry.kind, &entry.name.to_string_lossy()))
            .collect()
    }

    fn refused(bytes: &[u8]) -> String {
        opened(bytes).expect_err("it is refused").to_string()
    }

    #[test]
    fn a_folder_that_holds_all_is_left_out() {
        let bytes = plain(&[("shop-1/a.yaml", "a"), ("shop-1/infra/b.yaml", "b")]);
        assert_eq!(names(&bytes), ["a.yaml", "infra/"]);
        let bytes = plain(&[("shop-1/a.yaml", "a"), ("b.yaml", "b")]);
        assert_eq!(names(&bytes), ["b.yaml", "shop-1/"]);
    }

    #[test]
    fn links_and_devices_have_a_place_and_nothing_in_it() {
        let bytes = archive(&[
            ("a.yaml", EntryType::Regular, "a"),
            ("b.yaml", EntryType::Symlink, "/etc/passwd"),
            ("c.yaml", EntryType::Link, "a.yaml"),
            ("d.yaml", EntryType::Char, ""),
            ("e.yaml", EntryType::Fifo, ""),
        ]);
        let all = ["a.yaml", "b.yaml!", "c.yaml!", "d.yaml!", "e.yaml!"];
        assert_eq!(names(&bytes), all);
        let read = opened(&bytes).expect("it is an archive");
        assert_eq!(read.left_out, 4);
        assert!(read.files.open(Path::new("b.yaml")).is_err());
    }

    #[test]
    fn what_is_no_archive_is_an_error() {
        assert_eq!(refused(b""), "it is empty");
        assert!(opened(b"Resources: {}").is_err());
        let compressed = "it is compressed: send a plain tar file";
        assert_eq!(refused(b"\x1f\x8b\x08\0"), compressed);
        let cut = plain(&[("a.yaml", "Resources: {}")]);
        assert!(opened(&cut[..520]).is_err());
    }

    #[test]
    fn an_archive_has_its_limits() {
        let much = "x".repeat(60);
        let bytes = plain(&[("a.yaml", "a"), ("b.yaml", "b")]);
        assert!(opened(&bytes).is_ok());
        let mut builder = tar::Builder::new(Vec::new());
        for name in ["a", "b"] {
            let mut header = tar::Header::new_gnu();
            header.set_size(much.len() as u64);
            let added = builder.append_data(&mut header, name, much.as_bytes());
            added.expect("memory takes it");
        }
        let bytes = builder.into_inner().expect("memory takes it");
        assert_eq!(refused(&bytes), "it holds more than 0 MiB");
    }

    #[test]
    fn no_path_leads_out() {
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        let name = b"../../out.yaml";
        header.as_mut_bytes()[..name.len()].copy_from_slice(name);
        header.set_cksum();
        let mut builder = tar::Builder::new(Vec::new());
        builder.append(&header, &b"a"[..]).expect("memory takes it");
        let bytes = builder.into_inner().expect("memory takes it");
        assert_eq!(refused(&bytes), "`../../out.yaml` leads out of it");
    }
}
