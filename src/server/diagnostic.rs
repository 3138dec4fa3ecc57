//! A finding as an editor shows it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, Position, Range, Uri,
};

use super::client::Client;
use super::file_uri;
use super::positions::LineStarts;
use crate::base::finding::{Finding, Severity};
use crate::base::source::{self, Source, Span};
use crate::base::{Code, JustificationCode, LifecycleCode};
use crate::report::{Pages, visible};

/// Writes the findings of one run: the lines of each text are counted once.
pub struct DiagnosticWriter<'c, F> {
    client: &'c Client,
    /// Whether a file is open: then its text is the editor's, mark and all.
    is_open: &'c dyn Fn(&Path) -> bool,
    file: F,
    pages: Pages,
    lines: HashMap<*const Source, LineStarts>,
}

impl<'c, F: Fn(&str) -> PathBuf> DiagnosticWriter<'c, F> {
    pub fn new(client: &'c Client, is_open: &'c dyn Fn(&Path) -> bool, file: F) -> Self {
        Self {
            client,
            is_open,
            file,
            pages: Pages::built_in(),
            lines: HashMap::new(),
        }
    }

    pub fn diagnostic(&mut self, finding: &Finding) -> Diagnostic {
        let mut message = visible::lines(&finding.message).into_owned();
        if !finding.label.is_empty() {
            message.push('\n');
            message.push_str(&visible::lines(&finding.label));
        }
        let page = self
            .client
            .code_description
            .then(|| self.pages.of_code(&finding.code));
        let page = page.flatten().and_then(|page| Uri::from_str(&page).ok());
        Diagnostic {
            range: self.range(&finding.source, finding.span),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.code.to_string())),
            code_description: page.map(|href| CodeDescription { href }),
            source: Some("sfl".to_owned()),
            message,
            related_information: self.related(finding),
            tags: match finding.code {
                Code::Justification(JustificationCode::Unused) => {
                    Some(vec![DiagnosticTag::UNNECESSARY])
                }
                Code::Lifecycle(LifecycleCode::Ended) => Some(vec![DiagnosticTag::DEPRECATED]),
                _ => None,
            },
            data: None,
        }
    }

    fn related(&mut self, finding: &Finding) -> Option<Vec<DiagnosticRelatedInformation>> {
        if !self.client.related || finding.related.is_empty() {
            return None;
        }
        let all = finding.related.iter().filter_map(|one| {
            let uri = file_uri::of(&(self.file)(one.source.name()))?;
            Some(DiagnosticRelatedInformation {
                location: Location::new(uri, self.range(&one.source, one.span)),
                message: visible::lines(&one.message).into_owned(),
            })
        });
        Some(all.collect())
    }

    fn range(&mut self, source: &Arc<Source>, span: Span) -> Range {
        let origin = source.origin();
        if origin.offset > 0 {
            // A part of a plan, of which no more is held.
            let place = |byte| place(source.position(byte));
            return Range::new(place(span.start), place(span.end));
        }
        let (text, encoding) = (source.text(), self.client.encoding);
        let lines = self.lines.entry(Arc::as_ptr(source));
        let lines = lines.or_insert_with(|| LineStarts::of(text));
        let mut range = lines.range(text, span, encoding);
        // An editor takes the mark away when it opens a file.
        if text.starts_with('\u{feff}') && !(self.is_open)(&(self.file)(source.name())) {
            let mark = lines
                .position(text, '\u{feff}'.len_utf8(), encoding)
                .character;
            for place in [&mut range.start, &mut range.end] {
                if place.line == 0 {
                    place.character = place.character.saturating_sub(mark);
                }
            }
        }
        range
    }
}

/// A place whose text is not at hand: its characters are counted.
pub fn place(place: source::Position) -> Position {
    Position::new(place.line.saturating_sub(1), place.column.saturating_sub(1))
}
