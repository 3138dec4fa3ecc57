//! What the editor can do, as it says when it starts.

use lsp_types::{InitializeParams, MarkupKind, PositionEncodingKind};
use serde_json::Value;

use super::positions::Encoding;

/// How the editor takes an edit with places to fill in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Snippets {
    /// Not at all.
    #[default]
    None,
    /// As the protocol has it since 3.18.
    Standard,
    /// As rust-analyzer's clients had it before.
    Experimental,
}

/// See the module.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent abilities")]
pub struct Client {
    pub encoding: Encoding,
    /// It asks for diagnostics; else they are sent.
    pub pulls: bool,
    /// It can be told to ask again.
    pub refreshes_diagnostics: bool,
    pub refreshes_lenses: bool,
    /// Hovers are Markdown, else plain text.
    pub markdown: bool,
    pub related: bool,
    pub code_description: bool,
    pub snippets: Snippets,
    /// Edits may name the version that they are for.
    pub document_changes: bool,
    /// Edits may make a file.
    pub creates_files: bool,
    /// It can be asked to watch files.
    pub watches: bool,
    /// It shows what `sfl.explain` answers, so that nothing else has to.
    pub shows_answers: bool,
}

impl Client {
    /// `raw` has what the protocol says of versions that the types don't know.
    pub fn of(params: &InitializeParams, raw: &Value) -> Self {
        let capabilities = &params.capabilities;
        let general = capabilities.general.as_ref();
        let encodings: &[PositionEncodingKind] = general
            .and_then(|general| general.position_encodings.as_deref())
            .unwrap_or_default();
        let text = capabilities.text_document.as_ref();
        let says = |pointer: &str| {
            let found = raw.pointer(&format!("/capabilities/{pointer}"));
            found.and_then(Value::as_bool).unwrap_or(false)
        };
        let hover = text.and_then(|text| text.hover.as_ref());
        let formats = hover.and_then(|hover| hover.content_format.as_ref());
        let operations = raw.pointer("/capabilities/workspace/workspaceEdit/resourceOperations");
        let operations = operations.and_then(Value::as_array);
        let diagnostics = "textDocument/publishDiagnostics";
        Self {
            encoding: Encoding::agreed(encodings),
            pulls: raw
                .pointer("/capabilities/textDocument/diagnostic")
                .is_some(),
            refreshes_diagnostics: says("workspace/diagnostics/refreshSupport")
                || says("workspace/diagnostic/refreshSupport"),
            refreshes_lenses: says("workspace/codeLens/refreshSupport"),
            markdown: formats.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            related: says(&format!("{diagnostics}/relatedInformation"))
                || says("textDocument/diagnostic/relatedInformation"),
            code_description: says(&format!("{diagnostics}/codeDescriptionSupport"))
                || says("textDocument/diagnostic/codeDescriptionSupport"),
            snippets: if says("workspace/workspaceEdit/snippetEditSupport") {
                Snippets::Standard
            } else if says("experimental/snippetTextEdit") {
                Snippets::Experimental
            } else {
                Snippets::None
            },
            document_changes: says("workspace/workspaceEdit/documentChanges"),
            creates_files: operations
                .is_some_and(|all| all.iter().any(|one| one.as_str() == Some("create"))),
            watches: says("workspace/didChangeWatchedFiles/dynamicRegistration"),
            shows_answers: raw
                .pointer("/initializationOptions/showsAnswers")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        }
    }
}
