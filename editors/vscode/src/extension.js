// Starts `sfl lsp` and shows the pages that it explains. Nothing is sent anywhere else.
"use strict";

const os = require("node:os");
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");
const { find } = require("./program");

const SCHEME = "sfl-page";

/** Texts that have a meaning to sfl: what is in them decides. */
const SELECTOR = [
  ...["yaml", "json", "jsonc", "cloudformation", "terraform", "opentofu", "terraform-vars", "toml"].flatMap((language) => [
    { scheme: "file", language },
    { scheme: "untitled", language },
  ]),
  { scheme: "file", pattern: "**/*.{tf,tofu,tfvars,template}" },
  { scheme: "file", pattern: "**/sfl.toml" },
];

/** @type {LanguageClient | undefined} */
let client;

/** Pages that were explained, by the path of their names. */
const pages = new Map();

/** Shows the page that the server answers with. */
async function show(command, args, next) {
  const page = await next(command, args);
  if (command !== "sfl.explain" || typeof page !== "string") {
    return page;
  }
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${args[0]}.txt` });
  pages.set(uri.path, page);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  return page;
}

async function start(context) {
  const setting = vscode.workspace.getConfiguration("sfl").get("path", "");
  const command = find({ setting, extension: context.extensionPath, home: os.homedir() });
  const server = { command, args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient("sfl", "sfl", server, {
    documentSelector: SELECTOR,
    initializationOptions: { showsAnswers: true },
    middleware: { executeCommand: show },
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const choice = await vscode.window.showErrorMessage(
      `sfl could not be started as "${command}": ${error.message}`,
      "Open settings",
    );
    if (choice) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "sfl.path");
    }
  }
}

async function stop() {
  const old = client;
  client = undefined;
  await old?.stop();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => pages.get(uri.path) ?? "",
    }),
    vscode.commands.registerCommand("sfl.restart", async () => {
      await stop();
      await start(context);
    }),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("sfl.path")) {
        await stop();
        await start(context);
      }
    }),
  );
  await start(context);
}

module.exports = { activate, deactivate: stop };
