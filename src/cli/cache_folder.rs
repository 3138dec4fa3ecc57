//! What may be kept between two runs, in the user's own cache folder: it can be deleted at any time, and nothing in it is trusted that
//! another program wrote, be it another version of this one.

use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::{env, str};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Larger files are none of ours.
const LARGEST: u64 = 512 << 20;

/// Where things are kept, and by whom.
#[derive(Debug)]
pub struct CacheFolder {
    folder: PathBuf,
    /// Of every byte of this program, its rules included.
    program: u64,
}

impl CacheFolder {
    /// The user's, where there is one and the program can tell what it is.
    #[must_use]
    pub fn find() -> Option<Self> {
        let folder = folder(|name| env::var_os(name).map(PathBuf::from))?.join("sfl");
        let program = digest(&env::current_exe().ok()?).ok()?;
        Some(Self { folder, program })
    }

    /// What was kept under a name, if it is whole.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let file = fs::File::open(self.folder.join(name)).ok()?;
        if !file
            .metadata()
            .is_ok_and(|about| about.is_file() && about.len() <= LARGEST)
        {
            return None;
        }
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, body) = (&bytes[..end], &bytes[end + 1..]);
        (str::from_utf8(head).ok()? == self.head(name, body))
            .then(|| serde_json::from_slice(body).ok())
            .flatten()
    }

    /// Keeps something: all of it or nothing.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, name: &str, what: &impl Serialize) -> io::Result<()> {
        let body = serde_json::to_vec(what)?;
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        writeln!(file, "{}", self.head(name, &body))?;
        file.write_all(&body)?;
        file.persist(self.folder.join(name))?;
        Ok(())
    }

    /// By whom it was written, under which name, and what it comes to.
    fn head(&self, name: &str, body: &[u8]) -> String {
        let mut hasher = DefaultHasher::new();
        hasher.write(body);
        format!("sfl {:016x} {name} {:016x}", self.program, hasher.finish())
    }
}

fn digest(file: &Path) -> io::Result<u64> {
    let mut file = fs::File::open(file)?;
    let mut hasher = DefaultHasher::new();
    let mut part = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut part)?;
        if read == 0 {
            return Ok(hasher.finish());
        }
        hasher.write(&part[..read]);
    }
}

/// The folder for what can be made again, as each system has it.
fn folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|path| path.is_absolute());
    if let Some(folder) = set("XDG_CACHE_HOME") {
        return Some(folder);
    }
    if cfg!(windows) {
        return set("LOCALAPPDATA");
    }
    let home = set("HOME")?;
    Some(match cfg!(target_os = "macos") {
        true => home.join("Library/Caches"),
        false => home.join(".cache"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_whole_and_its_own_is_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let cache = |program| CacheFolder {
            folder: folder.path().join("deep/sfl"),
            program,
        };
        let kept = vec![1, 2, 3];
        cache(1).write("a", &kept).expect("it can be written");
        assert_eq!(cache(1).read::<Vec<u32>>("a"), Some(kept));
        assert_eq!(cache(2).read::<Vec<u32>>("a"), None, "another version");
        assert_eq!(cache(1).read::<Vec<u32>>("b"), None);
        assert_eq!(cache(1).read::<String>("a"), None, "something else");
        let file = folder.path().join("deep/sfl/a");
        let text = fs::read_to_string(&file).expect("it is there");
        fs::copy(&file, file.with_file_name("b")).expect("it can be copied");
        assert_eq!(cache(1).read::<Vec<u32>>("b"), None, "under another name");
        for wrong in [
            text.replace('2', "4"),
            text[..text.len() - 1].to_owned(),
            String::new(),
        ] {
            fs::write(&file, wrong).expect("it can be written");
            assert_eq!(cache(1).read::<Vec<u32>>("a"), None);
        }
    }

    #[test]
    fn the_folder_is_the_users_own() {
        let of = |known: &[(&str, &str)]| {
            folder(|name| {
                let mut known = known.iter();
                known
                    .find(|(one, _)| *one == name)
                    .map(|(_, path)| PathBuf::from(path))
            })
        };
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[("XDG_CACHE_HOME", "here")]), None, "seen from nowhere");
        #[cfg(target_os = "linux")]
        {
            let home = ("HOME", "/home/a");
            assert_eq!(of(&[home]), Some("/home/a/.cache".into()));
            assert_eq!(of(&[home, ("XDG_CACHE_HOME", "/x")]), Some("/x".into()));
        }
    }
}
