//! Files that are written whole or not at all: beside the old one, then in its place. A full disk, a signal or a crash leaves the
//! old one as it was, and a link in the working tree leads nowhere else.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::disk;
use crate::base::file_paths::raw;
use crate::base::finding::reason;
use crate::host::door::Door;
use crate::host::{FileKind, HostError};

/// The system's own: standard output, the bin, pipes of the shell. They are written to as they are.
const DEVICES: &str = "/dev";

/// Writes what is to stand at a path, over what stands there.
///
/// # Errors
/// Why nothing was written; what stood there is as it was.
pub fn replace(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), String> {
    if cfg!(unix) && path.starts_with(DEVICES) {
        let device = File::options().write(true).open(path);
        return device
            .and_then(|device| filled(device, write).map(drop))
            .map_err(|error| reason(&error));
    }
    let (file, old) = place(path)?;
    if old.as_ref().is_some_and(Permissions::readonly) {
        return Err("it is read-only".to_owned());
    }
    written(&file, old, write)
        .and_then(|new| new.persist(&file).map_err(|error| error.error))
        .map_err(|error| reason(&error))?;
    Ok(())
}

/// Writes a file that is not there yet.
///
/// # Errors
/// Why nothing was written.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let (file, _) = place(path)?;
    written(&file, None, |out| out.write_all(bytes))
        .and_then(|new| new.persist_noclobber(&file).map_err(|error| error.error))
        .map_err(|error| reason(&error))?;
    Ok(())
}

/// Where the file stands once links are followed, and its permissions if there is one.
fn place(path: &Path) -> Result<(PathBuf, Option<Permissions>), String> {
    let door = Door::new(&**disk());
    match door.named(path) {
        Ok(found) if found.kind == FileKind::Folder => Err("it is a folder".to_owned()),
        Ok(found) => {
            let file = raw(&found.real).into_owned();
            let about = fs::metadata(&file).map_err(|error| reason(&error))?;
            Ok((file, Some(about.permissions())))
        }
        Err(HostError::Missing) => new_place(&door, path).map(|file| (file, None)),
        Err(error) => Err(error.to_string()),
    }
}

fn new_place(door: &Door<'_>, path: &Path) -> Result<PathBuf, String> {
    if path.symlink_metadata().is_ok() {
        return Err("it is a link to a file that is not there".to_owned());
    }
    let name = path.file_name().ok_or("it names no file")?;
    let folder = path
        .parent()
        .filter(|one| one.as_os_str() != OsStr::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    match door.named(folder) {
        Ok(found) if found.kind == FileKind::Folder => Ok(raw(&found.real).join(name)),
        Ok(_) => Err(format!("{} is no folder", folder.display())),
        Err(HostError::Missing) => Err(format!("there is no folder {}", folder.display())),
        Err(error) => Err(error.to_string()),
    }
}

fn written(
    file: &Path,
    old: Option<Permissions>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let mut beside = tempfile::Builder::new();
    beside.prefix(".sfl-");
    // As any program would make it; otherwise only its owner could read it.
    #[cfg(unix)]
    beside.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let new = beside.tempfile_in(file.parent().unwrap_or(Path::new(".")))?;
    let new = filled(new, write)?;
    if let Some(old) = old {
        new.as_file().set_permissions(old)?;
    }
    new.as_file().sync_all()?;
    Ok(new)
}

/// A file after all of it has been written.
fn filled<W: Write + Send>(
    file: W,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<W> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)
}
