//! Which files a run reads and which findings it shows, beside what the configuration says.

use clap::Args;

use crate::config::{Config, Paths};

/// See the module.
#[derive(Args, Debug)]
#[command(next_help_heading = "What is read and shown")]
pub struct Filters {
    /// Show only these findings: codes (compute/server), ladders, rungs, rules, severities, or the start of codes and rules (ec2-*);
    /// separated by commas or repeated; in the place of what sfl.toml selects and ignores
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    select: Vec<String>,

    /// Do not show these findings: the same words; the more exact one counts, and what is not shown fails nothing
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Leave out these files, named or not, beside those that sfl.toml excludes; can be repeated
    #[arg(long, value_name = "GLOB", aliases = ["extend-exclude", "skip-path", "ignore-templates"])]
    exclude: Vec<String>,

    /// Read what .gitignore and .ignore hide
    #[arg(long, aliases = ["no-gitignore", "no-respect-gitignore", "no-vcs-ignores"])]
    pub no_ignore: bool,
}

impl Filters {
    /// The files to leave out; and the configuration selects as the call does.
    ///
    /// # Errors
    /// The first word that means nothing.
    pub fn apply(&self, config: &mut Config) -> Result<Option<Paths>, String> {
        let (select, ignore) = (&self.select, &self.ignore);
        if !select.is_empty() || !ignore.is_empty() {
            config.selection.call(select, ignore, &config.catalogue)?;
        }
        if self.exclude.is_empty() {
            return Ok(None);
        }
        let paths = Paths::given(&self.exclude).map_err(|why| format!("--exclude: {why}"))?;
        Ok(Some(paths))
    }
}
