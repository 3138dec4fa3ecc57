//! Questions about a place or a text, and their answers.

use std::collections::HashMap;
use std::path::Path;

use lsp_server::ErrorCode;
use lsp_types::{
    CodeActionParams, CodeLensParams, DocumentLinkParams, ExecuteCommandParams, Hover,
    HoverContents, ReferenceParams, TextDocumentPositionParams, Uri,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::code_actions::{Asked, EXPLAIN, actions};
use super::completion::completions;
use super::hover::hover;
use super::lenses::lenses;
use super::navigation::{PlaceWriter, definition, evidence, references};
use super::open_text::OpenText;
use super::root::Root;
use super::session::{NoAnswer, Session};
use super::standing::{self, PlaceMeaning, parsed};
use super::written_edit::EditWriter;
use crate::analysis::Decision;
use crate::base::source::Span;
use crate::cli::explained;
use crate::cli::spot;
use crate::placement::CATALOGUE;

type Answer = Result<Value, NoAnswer>;

/// The answer to one request.
pub fn answer(session: &mut Session<'_>, method: &str, params: Value) -> Answer {
    match method {
        "textDocument/hover" => hovered(session, params),
        "textDocument/codeLens" => lensed(session, params),
        "textDocument/completion" => completed(session, params),
        "textDocument/codeAction" => acted(session, params),
        "textDocument/documentLink" => linked(session, params),
        "textDocument/definition" => defined(session, params),
        "textDocument/references" => referred(session, params),
        "textDocument/diagnostic" => pulled(session, params),
        "workspace/diagnostic" => all_pulled(session, params),
        "workspace/executeCommand" => executed(session, params),
        _ => Err(NoAnswer::new(
            ErrorCode::MethodNotFound,
            format!("there is no method {method}"),
        )),
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, NoAnswer> {
    let read = serde_json::from_value(params);
    read.map_err(|error| NoAnswer::new(ErrorCode::InvalidParams, error.to_string()))
}

/// An open text and the folder that it belongs to, judged as it is now.
struct Looked<'s> {
    open: &'s OpenText,
    root: &'s Root,
    /// The text, as the analysis calls it.
    shown: String,
}

fn look<'s>(session: &'s mut Session<'_>, uri: &Uri) -> Option<Looked<'s>> {
    let open = session.texts.get(uri.as_str())?;
    let at = session.root_of(&open.path, open.is_loose)?;
    session.judge(at);
    let open = session.texts.get(uri.as_str())?;
    let root = &session.roots[at];
    let shown = root.shown(&open.path);
    Some(Looked { open, root, shown })
}

impl Looked<'_> {
    /// What stands at a byte.
    fn standing(&self, byte: usize) -> Option<PlaceMeaning<'_>> {
        let document = parsed(&self.open.text, &self.open.path);
        standing::at(&self.root.analysis, &self.shown, &document, byte)
    }
}

fn hovered(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: TextDocumentPositionParams = read(params)?;
    let (encoding, markdown) = (session.client.encoding, session.client.markdown);
    let Some(looked) = look(session, &asked.text_document.uri) else {
        return Ok(Value::Null);
    };
    let byte = looked.open.byte(asked.position, encoding);
    let Some(standing) = looked.standing(byte) else {
        return Ok(Value::Null);
    };
    let contents = HoverContents::Markup(hover(&looked.root.analysis, &standing, markdown));
    Ok(json!(Hover {
        contents,
        range: None
    }))
}

fn lensed(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: CodeLensParams = read(params)?;
    let encoding = session.client.encoding;
    let Some(looked) = look(session, &asked.text_document.uri) else {
        return Ok(json!([]));
    };
    let Looked { open, root, shown } = looked;
    Ok(json!(lenses(&root.analysis, &shown, open, encoding)))
}

fn completed(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: TextDocumentPositionParams = read(params)?;
    let encoding = session.client.encoding;
    let Some(looked) = look(session, &asked.text_document.uri) else {
        return Ok(json!([]));
    };
    let Looked { open, root, shown } = looked;
    let byte = open.byte(asked.position, encoding);
    Ok(json!(completions(root, &shown, open, byte, encoding)))
}

fn linked(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: DocumentLinkParams = read(params)?;
    let encoding = session.client.encoding;
    let Some(looked) = look(session, &asked.text_document.uri) else {
        return Ok(json!([]));
    };
    let Looked { open, root, shown } = looked;
    let host = &**root.texts();
    Ok(json!(evidence(
        &root.analysis,
        &shown,
        open,
        host,
        encoding
    )))
}

/// Where the member or the choice leads at a place.
fn led(
    session: &mut Session<'_>,
    asked: &TextDocumentPositionParams,
    with: impl FnOnce(&Looked<'_>, &PlaceMeaning<'_>, &PlaceWriter<'_>) -> Value,
) -> Answer {
    let encoding = session.client.encoding;
    if look(session, &asked.text_document.uri).is_none() {
        return Ok(json!([]));
    }
    // Judged already; what is read now changes nothing.
    let session = &*session;
    let looked = session
        .texts
        .get(asked.text_document.uri.as_str())
        .and_then(|open| {
            let root = &session.roots[session.root_of(&open.path, open.is_loose)?];
            let shown = root.shown(&open.path);
            Some(Looked { open, root, shown })
        });
    let Some(looked) = looked else {
        return Ok(json!([]));
    };
    let byte = looked.open.byte(asked.position, encoding);
    let Some(standing) = looked.standing(byte) else {
        return Ok(json!([]));
    };
    let places = PlaceWriter {
        host: &**looked.root.texts(),
        file: &|name| looked.root.file(name),
        uri: &|path| session.uri(path),
        encoding,
    };
    Ok(with(&looked, &standing, &places))
}

fn defined(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: TextDocumentPositionParams = read(params)?;
    led(session, &asked, |_, standing, places| {
        json!(definition(standing, places))
    })
}

fn referred(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: ReferenceParams = read(params)?;
    let with_choice = asked.context.include_declaration;
    led(
        session,
        &asked.text_document_position,
        |looked, standing, places| {
            json!(references(
                &looked.root.analysis,
                standing,
                with_choice,
                places
            ))
        },
    )
}

fn acted(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: CodeActionParams = read(params)?;
    let only = asked.context.only.as_ref();
    let is_wanted = only.is_none_or(|kinds| {
        let mut kinds = kinds.iter();
        kinds.any(|kind| matches!(kind.as_str(), "" | "quickfix"))
    });
    if !is_wanted || look(session, &asked.text_document.uri).is_none() {
        return Ok(json!([]));
    }
    let session = &*session;
    let encoding = session.client.encoding;
    let Some(open) = session.texts.get(asked.text_document.uri.as_str()) else {
        return Ok(json!([]));
    };
    let Some(root) = session.root_of(&open.path, open.is_loose) else {
        return Ok(json!([]));
    };
    let root = &session.roots[root];
    let shown = root.shown(&open.path);
    let bytes = open.bytes(asked.range, encoding);
    let span = Span::new(super::offset(bytes.start), super::offset(bytes.end));
    let here = standing::decisions(&root.analysis, &shown);
    let touches = |decision: &&Decision| {
        let (_, start, end) = decision.place();
        let block = spot(decision).1;
        let line = start.offset <= u64::from(span.end) && u64::from(span.start) <= end.offset;
        line || !block.is_empty() && block.start <= span.end && span.start <= block.end
    };
    let mut choices: Vec<&Decision> = here.into_iter().filter(touches).collect();
    if choices.is_empty() {
        let document = parsed(&open.text, &open.path);
        if let Some(PlaceMeaning::Choice(found)) =
            standing::at(&root.analysis, &shown, &document, bytes.start)
        {
            choices = found;
        }
    }
    let edits = EditWriter {
        open: &|path: &Path| {
            let mut texts = session.texts.values();
            let open = texts.find(|open| open.path == path);
            let uri = session.uri(path)?;
            Some((uri, open.map(|open| open.version)))
        },
    };
    Ok(json!(actions(&Asked {
        client: &session.client,
        options: root.workspace.options(),
        analysis: &root.analysis,
        choices,
        diagnostics: &asked.context.diagnostics,
        edits: &edits,
    })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullParams {
    text_document: lsp_types::TextDocumentIdentifier,
    previous_result_id: Option<String>,
}

fn pulled(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: PullParams = read(params)?;
    Ok(session.pull(
        &asked.text_document.uri,
        asked.previous_result_id.as_deref(),
    ))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullAllParams {
    #[serde(default)]
    previous_result_ids: Vec<Known>,
}

#[derive(Deserialize)]
struct Known {
    uri: String,
    value: String,
}

fn all_pulled(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: PullAllParams = read(params)?;
    let known = asked.previous_result_ids.into_iter();
    let known: HashMap<String, String> = known.map(|one| (one.uri, one.value)).collect();
    Ok(session.pull_all(&known))
}

fn executed(session: &mut Session<'_>, params: Value) -> Answer {
    let asked: ExecuteCommandParams = read(params)?;
    if asked.command != EXPLAIN {
        let message = format!("there is no command {}", asked.command);
        return Err(NoAnswer::new(ErrorCode::InvalidParams, message));
    }
    let Some(name) = asked.arguments.first().and_then(Value::as_str) else {
        let message = "it explains a code, a ladder, a type or a rule: name one";
        return Err(NoAnswer::new(ErrorCode::InvalidParams, message));
    };
    let own = session.roots.iter();
    let own = own.map(|root| &root.workspace.options().config.catalogue);
    let mut all = own.chain([&*CATALOGUE]);
    let Some(page) = all.find_map(|catalogue| explained(catalogue, name)) else {
        let message = format!("there is no code, ladder, type or rule {name}");
        return Err(NoAnswer::new(ErrorCode::InvalidParams, message));
    };
    if !session.client.shows_answers {
        session.notify("window/showMessage", json!({"type": 3, "message": page}));
    }
    Ok(json!(page))
}
