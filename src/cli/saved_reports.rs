//! Reports that were saved, of many repositories, put together.

use std::convert::Infallible;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{Exit, disk, say, terminal};
use crate::Analysis;
use crate::compare::saved_report::Merger;
use crate::placement::Catalogue;

/// A file, and what it speaks of is called.
#[derive(Clone, Debug)]
pub struct NamedReport {
    pub name: Option<String>,
    pub file: PathBuf,
}

impl FromStr for NamedReport {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let named = text.split_once('=');
        Ok(match named {
            // A file may be called so.
            Some((name, file)) if !name.is_empty() && !Path::new(text).exists() => Self {
                name: Some(name.to_owned()),
                file: file.into(),
            },
            _ => Self {
                name: None,
                file: text.into(),
            },
        })
    }
}

/// What they say together, and whether all of them could be read.
///
/// # Errors
/// They can't be one.
pub fn merged(reports: &[NamedReport], catalogue: &Catalogue) -> Result<(Analysis, Exit), Exit> {
    let style = terminal::for_stderr();
    let error = |why: &str| say(&format!("error: {}", style.plain(why)));
    let mut merger = Merger::new(catalogue);
    let mut exit = Exit::Clean;
    for report in reports {
        let folder = report.name.as_deref();
        let file = report.file.display().to_string();
        if file == "-" {
            // A part of a stream in which there was nothing is one.
            merger.add("standard input", folder, &mut io::stdin().lock());
            continue;
        }
        let why = match disk().open(&report.file) {
            Ok(opened) => {
                let is_some = merger.add(&file, folder, &mut BufReader::new(opened.bytes));
                (!is_some).then(|| "it is empty".to_owned())
            }
            Err(why) => Some(why.to_string()),
        };
        if let Some(why) = why {
            error(&format!("{file}: {why}"));
            exit = Exit::Failed;
        }
    }
    let merged = merger.done(env!("CARGO_PKG_VERSION")).map_err(|why| {
        error(&why);
        Exit::Failed
    })?;
    for note in &merged.notes {
        say(&format!("note: {}", style.plain(note)));
    }
    for why in &merged.errors {
        error(why);
        exit = Exit::Failed;
    }
    Ok((merged.analysis, exit))
}
