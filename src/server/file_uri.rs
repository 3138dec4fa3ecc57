//! Between the paths of the engine and the URIs of an editor.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in a path as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The path of a file; none of anything that is no file.
pub fn path(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = rest.split(['?', '#']).next()?;
    // An authority is a machine; only this one is meant.
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    if !rest.starts_with('/') {
        return None;
    }
    let path = percent_decode_str(rest).decode_utf8().ok()?;
    Some(PathBuf::from(without_slash(&path)))
}

/// `/C:/infra` is `C:/infra` on Windows.
fn without_slash(path: &str) -> &str {
    match path.as_bytes() {
        [b'/', drive, b':', ..] if cfg!(windows) && drive.is_ascii_alphabetic() => &path[1..],
        _ => path,
    }
}

/// The name of a text that is no file yet: `untitled:Untitled-1`.
pub fn unsaved(uri: &Uri) -> Option<String> {
    let name = uri.as_str().strip_prefix("untitled:")?;
    let name = percent_decode_str(name).decode_utf8_lossy();
    Some(name.trim_start_matches('/').to_owned())
}

/// The URI of a file.
pub fn of(path: &Path) -> Option<Uri> {
    let text = path.to_str()?;
    let text = match cfg!(windows) {
        true => text.replace('\\', "/"),
        false => text.to_owned(),
    };
    let slash = if text.starts_with('/') { "" } else { "/" };
    let encoded = utf8_percent_encode(&text, KEPT);
    Uri::from_str(&format!("file://{slash}{encoded}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_path_is_the_same_there_and_back() {
        for text in ["/a/b.yaml", "/with space/é#?%.tf", "/[x]/{y}:z"] {
            let uri = of(Path::new(text)).expect("it is a path");
            assert_eq!(
                path(&uri).as_deref(),
                Some(Path::new(text)),
                "{}",
                uri.as_str()
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_files_of_this_machine_have_a_path() {
        let path = |text: &str| path(&Uri::from_str(text).expect("a URI"));
        assert_eq!(path("file://localhost/a"), Some("/a".into()));
        assert_eq!(path("file:///a%20b?x#y"), Some("/a b".into()));
        for other in [
            "file://server/share",
            "untitled:x",
            "git:/a.yaml?HEAD",
            "https://a/b",
        ] {
            assert_eq!(path(other), None, "{other}");
        }
    }
}
