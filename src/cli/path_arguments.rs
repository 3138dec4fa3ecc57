//! The files and folders of a call, each by the name that it has for everybody: `infra/..` is `.`, whoever writes it.

use std::path::{Component, PathBuf};

use clap::builder::{PathBufValueParser, TypedValueParser};

use super::disk;
use crate::host::known_as;

/// Reads one. What holds no step up stays as it is written.
pub fn parser() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().map(|path| {
        let mut parts = path.components();
        if !parts.any(|part| part == Component::ParentDir) {
            return path;
        }
        let known = known_as(&**disk(), &path);
        match known.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => known,
        }
    })
}
