//! Reports that go into files. None is written over a file that the run itself reads, nor over another report.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{terminal, whole_file};
use crate::analysis::Grouping;
use crate::compare::Compared;
use crate::config::Config;
use crate::report::{Format, Style};

/// A report, and the file that it goes into.
#[derive(Clone, Debug)]
pub struct Output {
    content: Content,
    file: PathBuf,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Report(Format),
    /// A table of decisions. No format of a report, since nobody reads it from standard output.
    #[cfg(feature = "parquet")]
    Parquet,
}

/// How a table of decisions is asked for.
const PARQUET: &str = "parquet";

/// `FORMAT=FILE`.
///
/// # Errors
/// It is none.
pub fn parse(text: &str) -> Result<Output, String> {
    let (format, file) = text
        .split_once('=')
        .ok_or("it needs a format and a file: json=report.json")?;
    if file.is_empty() || file == "-" {
        return Err("it needs a file; for standard output use --format".to_owned());
    }
    let formats = || Format::ALL.map(Format::name).join(", ");
    let content = match format {
        PARQUET => parquet()?,
        format => Content::Report(
            Format::from_str(format, false)
                .map_err(|_| format!("no format `{format}`: {}, {PARQUET}", formats()))?,
        ),
    };
    Ok(Output {
        content,
        file: file.into(),
    })
}

#[cfg(feature = "parquet")]
#[expect(
    clippy::unnecessary_wraps,
    reason = "without the feature there is none"
)]
fn parquet() -> Result<Content, String> {
    Ok(Content::Parquet)
}

#[cfg(not(feature = "parquet"))]
fn parquet() -> Result<Content, String> {
    Err(
        "this sfl was built without Parquet: `cargo install --path . --features parquet` has it"
            .to_owned(),
    )
}

/// # Errors
/// Two reports go into one file: the second would replace the first.
pub fn apart(outputs: &[Output]) -> Result<(), String> {
    let mut files = BTreeSet::new();
    for output in outputs {
        let file = real(&output.file);
        // A device takes them all.
        if (file.is_file() || !file.exists()) && !files.insert(file) {
            let file = output.file.display();
            return Err(format!(
                "{file} is named by two --output options: give each its own file"
            ));
        }
    }
    Ok(())
}

/// # Errors
/// Numbers by owner, by folder and so on are asked for, and no report of the run shows them.
pub fn shows_groups(by: Option<Grouping>, formats: &[Format]) -> Result<(), String> {
    match by {
        Some(by) if !formats.iter().any(|format| format.has_groups()) => {
            let name = by.name();
            Err(format!(
                "nothing here shows the numbers by {name}: only `pretty`, `markdown` and `comment` do; add `--output markdown=FILE`, or leave out `--group-by`"
            ))
        }
        _ => Ok(()),
    }
}

/// The files that say how to check.
pub fn settings(config: &Config, baseline: Option<&Path>) -> BTreeSet<PathBuf> {
    let files = config.files.iter().map(Path::new);
    files.chain(baseline).map(real).collect()
}

/// Files by the one name that each has.
pub fn files(named: &[PathBuf]) -> BTreeSet<PathBuf> {
    named.iter().map(|one| real(one)).collect()
}

/// Every file that the run read or was told to read.
pub fn sources(
    report: &Compared,
    named: &[PathBuf],
    settings: BTreeSet<PathBuf>,
) -> BTreeSet<PathBuf> {
    let read = report.read.iter().map(Path::new);
    let found = report
        .findings
        .iter()
        .map(|finding| Path::new(finding.path().as_ref()));
    let named = named.iter().map(PathBuf::as_path);
    let mut sources = settings;
    sources.extend(read.chain(found).chain(named).map(real));
    sources
}

impl Output {
    /// The format, where it is a report.
    #[must_use]
    pub const fn format(&self) -> Option<Format> {
        match self.content {
            Content::Report(format) => Some(format),
            #[cfg(feature = "parquet")]
            Content::Parquet => None,
        }
    }

    /// # Errors
    /// It is a file that the run read, or it cannot be written.
    pub fn write(
        &self,
        report: &Compared,
        sources: &BTreeSet<PathBuf>,
        asked: &Style,
    ) -> Result<(), String> {
        let shown = self.file.display();
        let file = real(&self.file);
        if file.is_file() && sources.contains(&file) {
            return Err(format!(
                "{shown} is an input of this run: no report is written over it"
            ));
        }
        let style = Style {
            show_justified: asked.show_justified,
            trend: asked.trend,
            show_known: asked.show_known,
            group_by: asked.group_by,
            revision: asked.revision,
            ..terminal::for_file()
        };
        let written = whole_file::replace(&self.file, |out| match self.content {
            Content::Report(format) => format.write(report, &style, out),
            #[cfg(feature = "parquet")]
            Content::Parquet => crate::report::parquet::write(report, out),
        });
        written.map_err(|why| format!("{shown}: {why}"))
    }
}

/// One name for a file, whatever leads to it; also for one that is still to be made.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| {
        let folder = path
            .parent()
            .filter(|folder| folder.as_os_str() != OsStr::new(""));
        let folder = folder.unwrap_or(Path::new(".")).canonicalize();
        match (folder, path.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => path.to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_names_a_format_and_a_file() {
        assert!(parse("json=a=b.json").is_ok_and(|output| output.file == *"a=b.json"));
        for wrong in ["json", "json=", "json=-", "xml=a.xml"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
