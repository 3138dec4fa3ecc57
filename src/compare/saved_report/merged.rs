//! Many reports as one. What comes first makes no difference, nor does what was merged before: a merged report is a report.

use std::io::BufRead;
use std::path::Path;

use serde::Deserialize;

use super::{File, SCHEMA, SavedReport};
use crate::analysis::Analysis;
use crate::rulebook::Catalogue;

const SCANNED: &str = "sfl-scan/1";

/// Takes in one report after the other.
#[derive(Debug)]
pub struct Merger<'c> {
    catalogue: &'c Catalogue,
    merged: Analysis,
    /// What all of them are for, as long as they agree; nothing before the first.
    purpose: Option<Option<String>>,
    /// Inputs of a scan that could not be looked at, each with the reason.
    failures: Vec<String>,
}

#[derive(Deserialize)]
struct Line {
    schema: String,
    #[serde(default)]
    input: Input,
    #[serde(default)]
    error: Option<String>,
}

/// What a line of a scan is about.
#[derive(Default, Deserialize)]
struct Input {
    id: Option<serde_json::Value>,
    path: Option<String>,
    archive: Option<String>,
    repository: Option<String>,
}

impl Input {
    /// The folder that its paths stand in: what whoever sent it calls it, else the name of the archive or repository.
    fn folder(&self) -> Option<String> {
        let place = self.archive.as_ref().or(self.repository.as_ref())?;
        if let Some(serde_json::Value::String(id)) = &self.id {
            return Some(id.clone());
        }
        let name = Path::new(place)
            .file_stem()
            .map_or(place.as_str().into(), |name| name.to_string_lossy());
        Some(name.into_owned())
    }

    fn name(&self) -> String {
        let folder = self.folder().or_else(|| self.path.clone());
        folder.unwrap_or_else(|| "a line without an input".to_owned())
    }
}

impl<'c> Merger<'c> {
    /// Nothing yet.
    #[must_use]
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self {
            catalogue,
            merged: Analysis::default(),
            purpose: None,
            failures: Vec::new(),
        }
    }

    /// Takes in a file: a report, or the lines of a scan, of which one is held at a time.
    ///
    /// # Errors
    /// It is neither, or it can't be read.
    pub fn add(&mut self, name: &str, text: &mut dyn BufRead) -> Result<(), String> {
        let mut whole = String::new();
        let mut number = 0;
        loop {
            let before = whole.len();
            number += 1;
            if text
                .read_line(&mut whole)
                .map_err(|error| error.to_string())?
                == 0
            {
                break;
            }
            // A line of its own ends with its brace; a report is written on many.
            if before == 0 && whole.trim_end().ends_with('}') && whole.trim_end().len() > 1 {
                self.one(name, &whole)
                    .map_err(|why| format!("line {number}: {why}"))?;
                whole.clear();
            }
        }
        match whole.trim().is_empty() {
            true => Ok(()),
            false => self.one(name, &whole),
        }
    }

    fn one(&mut self, name: &str, text: &str) -> Result<(), String> {
        let line: Line = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if line.schema != SCHEMA && line.schema != SCANNED {
            return Err(format!(
                "its schema is `{}`: neither {SCHEMA} nor {SCANNED}",
                line.schema
            ));
        }
        if let Some(error) = line.error {
            self.failures
                .push(format!("{}: {error}", line.input.name()));
            return Ok(());
        }
        let mut file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if let Some(folder) = line.input.folder() {
            file.put_below(&folder);
        }
        let report = SavedReport::of(name, file, self.catalogue)?;
        let own = report.analysis.purpose.clone();
        match &mut self.purpose {
            None => self.purpose = Some(own),
            Some(known) if *known != own => *known = None,
            Some(_) => {}
        }
        let merged = &mut self.merged;
        for (by, count) in &report.analysis.hidden {
            *merged.hidden.entry(by.clone()).or_default() += count;
        }
        merged.is_strict |= report.analysis.is_strict;
        merged.append(report.analysis);
        Ok(())
    }

    /// All of it, and what could not be looked at.
    #[must_use]
    pub fn done(mut self) -> (Analysis, Vec<String>) {
        self.merged.purpose = self.purpose.flatten();
        self.merged.sort();
        self.failures.sort();
        (self.merged, self.failures)
    }
}
