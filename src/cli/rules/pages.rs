//! `sfl rules pages`: what is known of the ladders and rules, as a folder of Markdown.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::finding::reason;
use crate::cli::docs::{self, Extent};
use crate::cli::{Exit, say, whole_file};

/// Write a Markdown page for each ladder and each built-in rule, with its examples
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// The folder; it is created if it does not exist
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Only the pages of the ladders
    #[arg(long)]
    ladders: bool,
}

const EXAMPLES: &str = "\
sfl rules pages rules/              then: open rules/README.md
sfl rules pages rules/ --ladders    without a page for each rule";

/// Writes them.
pub fn run(arguments: &Arguments) -> Exit {
    let extent = match arguments.ladders {
        true => Extent::Ladders,
        false => Extent::Everything,
    };
    for (name, text) in docs::pages(extent) {
        let path = arguments.folder.join(name);
        if let Err(error) = write(&path, &text) {
            say(&format!("error: {}: {error}", path.display()));
            return Exit::Failed;
        }
    }
    Exit::Clean
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| reason(&error))?;
    }
    whole_file::replace(path, |out| out.write_all(text.as_bytes()))
}
