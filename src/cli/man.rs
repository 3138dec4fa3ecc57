//! `sfl man`: the manual, one page a command.

use std::fs;
use std::path::PathBuf;

use clap::Args;

use super::{Exit, say};

/// Write the manual into a folder, one page per command
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// The folder; it is created if it does not exist
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

const EXAMPLES: &str = "\
sfl man ~/.local/share/man/man1    then: man sfl-check";

/// Writes.
pub fn run(arguments: &Arguments) -> Exit {
    let folder = &arguments.folder;
    let written = fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(super::command(), folder));
    match written {
        Ok(()) => Exit::Clean,
        Err(error) => {
            say(&format!("error: {}: {error}", folder.display()));
            Exit::Failed
        }
    }
}
