//! The floor: the same files found, read and parsed on the same threads, and nothing else. `benches/compare.sh` runs it.

use std::path::PathBuf;

use rayon::prelude::*;
use sfl::host::Disk;
use sfl::syntax;
use sfl::workspace::discover::{self, Content, Input, Wanted};

fn main() {
    let paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let host = Disk::here();
    let wanted = Wanted {
        paths: &paths,
        stdin_filename: None,
        skip_unknown: false,
        ignores_nothing: false,
        names_all: false,
    };
    let inputs = discover::inputs(&host, wanted, &|_, _| None).inputs;
    let one = |input: &Input| match input {
        Input::File { path, named } => {
            match discover::open(&host, path, &path.to_string_lossy(), *named) {
                Ok(Content::Yaml(text)) => syntax::yaml(&text).map_or(0, |document| document.len()),
                Ok(Content::Json(text)) => syntax::json(&text).map_or(0, |document| document.len()),
                _ => 0,
            }
        }
        _ => 0,
    };
    let nodes: usize = if inputs.len() < 8 {
        inputs.iter().map(one).sum()
    } else {
        inputs.par_iter().map(one).sum()
    };
    assert!(nodes < usize::MAX, "the work must not be left out");
}
