//! The formats of a report. What else a run is asked, its format never changes what it found.

#![warn(missing_docs)]

use std::io::{self, Write};

use super::Style;
use super::job_log::{Form, guarded};
use super::{concise, csv, github, gitlab, html, json, junit, markdown, pretty, sarif};
use crate::compare::Compared;

/// A format of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// For people: findings with their lines, then the score.
    Pretty,
    /// One line per finding: `path:line:column`, severity, code, message.
    Concise,
    /// For programs: one object, sfl-report/1.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands: annotations in GitHub Actions.
    Github,
    /// GitLab code quality.
    Gitlab,
    /// JUnit XML: one test case per decision.
    Junit,
    /// For the summary of a job.
    Markdown,
    /// For a comment on a pull request.
    Comment,
    /// One page to explore, which needs no network.
    Html,
    /// One line per decision, for a spreadsheet.
    Csv,
}

impl Format {
    /// In the order in which they are shown.
    pub const ALL: [Self; 11] = [
        Self::Pretty,
        Self::Concise,
        Self::Json,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Markdown,
        Self::Comment,
        Self::Html,
        Self::Csv,
    ];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Comment => "comment",
            Self::Html => "html",
            Self::Csv => "csv",
        }
    }

    /// What it is for.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Pretty => "For people: findings with their lines, then the score",
            Self::Concise => "One line per finding: `path:line:column`, severity, code, message",
            Self::Json => "For programs: one object, sfl-report/1",
            Self::Sarif => "SARIF 2.1.0, for code scanning",
            Self::Github => "Workflow commands: annotations in GitHub Actions",
            Self::Gitlab => "GitLab code quality",
            Self::Junit => "JUnit XML: one test case per decision",
            Self::Markdown => "For the summary of a job, up to 1 MiB",
            Self::Comment => {
                "The same for a comment: up to 65,536 characters, and nothing where there is nothing to say"
            }
            Self::Html => "One page to explore, which needs no network",
            Self::Csv => "One line per decision, for a spreadsheet",
        }
    }

    /// Whether the reader may be a terminal: the style's colours and width count.
    #[must_use]
    pub const fn is_drawn(self) -> bool {
        matches!(self, Self::Pretty | Self::Concise)
    }

    /// Whether it has a place for what was not read; else that has to be said beside it.
    #[must_use]
    pub const fn says_unread(self) -> bool {
        !matches!(self, Self::Gitlab | Self::Csv)
    }

    /// Whether it has a place for the numbers by owner, by folder and so on.
    #[must_use]
    pub const fn has_groups(self) -> bool {
        matches!(self, Self::Pretty | Self::Markdown | Self::Comment)
    }

    /// Whether it has a place for the exact changes that are offered.
    #[must_use]
    pub const fn has_fixes(self) -> bool {
        matches!(self, Self::Json | Self::Sarif)
    }

    /// Writes a report.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(self, report: &Compared, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        guarded(self.in_a_log(), out, |out| match self {
            Self::Pretty => pretty::write(report, style, out),
            Self::Concise => concise::write(report, style, out),
            Self::Json => json::write(report, out),
            Self::Sarif => sarif::write(report, style, out),
            Self::Github => github::write(report, out),
            Self::Gitlab => gitlab::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Markdown => markdown::write(report, style, out),
            Self::Comment => markdown::write_comment(report, style, out),
            Self::Html => html::write(report, style, out),
            Self::Csv => csv::write(report, out),
        })
    }

    const fn in_a_log(self) -> Form {
        match self {
            Self::Json | Self::Sarif | Self::Gitlab => Form::Json,
            Self::Junit => Form::Xml,
            Self::Pretty | Self::Concise | Self::Markdown | Self::Comment | Self::Csv => Form::Text,
            // Style sheets have lines of the kind.
            Self::Github | Self::Html => Form::OwnLines,
        }
    }
}
