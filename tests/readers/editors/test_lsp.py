"""Opens a template, breaks it, mends it, hovers, applies an action and saves, by the client of pytest-lsp.

The client checks each answer against the protocol's own types.
"""

import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

FOLDER = pathlib.Path(os.environ["SFL_FOLDER"])
PATH = FOLDER / "b.yaml"
URI = PATH.as_uri()
PATIENCE = 60


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[os.environ["SFL_PROGRAM"], "lsp"]))
async def client(lsp_client: LanguageClient):
    capabilities = client_capabilities(os.environ["SFL_CLIENT"])
    # Diagnostics are sent, so that there is no need to ask at the right moment.
    capabilities.text_document.diagnostic = None

    @lsp_client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams):
        asked = [one.method for one in params.registrations]
        assert asked == ["workspace/didChangeWatchedFiles"]

    folder = types.WorkspaceFolder(uri=FOLDER.as_uri(), name="work")
    await lsp_client.initialize_session(
        types.InitializeParams(capabilities=capabilities, workspace_folders=[folder])
    )
    yield
    await lsp_client.shutdown_session()


async def said(client, holds):
    """The codes of what is said of the text, once it is as it should be."""
    for _ in range(PATIENCE * 50):
        found = client.diagnostics.get(URI)
        if found is not None:
            codes = sorted(one.code for one in found)
            if holds(codes):
                return codes
        await asyncio.sleep(0.02)
    raise AssertionError(f"it said {client.diagnostics}")


def change(client, version, text):
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=URI, version=version),
            content_changes=[types.TextDocumentContentChangeWholeDocument(text=text)],
        )
    )


@pytest.mark.asyncio
async def test_an_editor_is_served(client: LanguageClient):
    text = PATH.read_text()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            text_document=types.TextDocumentItem(uri=URI, language_id="yaml", version=1, text=text)
        )
    )
    document = types.TextDocumentIdentifier(uri=URI)
    assert await said(client, lambda codes: codes == ["compute/server"])

    change(client, 2, text + "  Broken: [\n")
    await said(client, lambda codes: "source/yaml" in codes and "compute/server" in codes)
    change(client, 3, text)
    await said(client, lambda codes: codes == ["compute/server"])

    place = types.Position(line=2, character=12)
    hover = await client.text_document_hover_async(
        types.HoverParams(text_document=document, position=place)
    )
    assert "rung 4 of 4" in hover.contents.value

    lenses = await client.text_document_code_lens_async(types.CodeLensParams(text_document=document))
    assert [lens.command.title for lens in lenses][1] == "rung 4 of 4 · nobody said why"

    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=document,
            range=types.Range(start=place, end=place),
            context=types.CodeActionContext(diagnostics=list(client.diagnostics[URI])),
        )
    )
    action = next(one for one in actions if one.title.startswith("Write down why"))
    changes = action.edit.document_changes
    edits = changes[0].edits if changes else action.edit.changes[URI]
    lines = text.splitlines(keepends=True)
    for edit in reversed(edits):
        start = sum(map(len, lines[: edit.range.start.line])) + edit.range.start.character
        end = sum(map(len, lines[: edit.range.end.line])) + edit.range.end.character
        text = text[:start] + edit.new_text + text[end:]
    change(client, 4, text)
    await said(client, lambda codes: "justification/placeholder" in codes)
    text = text.replace("TODO: say why", "licensed per core of the host")
    change(client, 5, text)
    await said(client, lambda codes: codes == [])

    offered = await client.text_document_completion_async(
        types.CompletionParams(
            text_document=document,
            position=types.Position(
                line=text[: text.index("because: ")].count("\n"),
                character=len(text[: text.index("because: ")].splitlines()[-1]) + len("because: "),
            ),
        )
    )
    assert "licence" in [item.label for item in offered]

    PATH.write_text(text)
    client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=document))
    assert await said(client, lambda codes: codes == []) == []
