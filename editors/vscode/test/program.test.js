"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { find } = require("../src/program");

test("the settings go first, then what is beside, then the path", () => {
  const extension = fs.mkdtempSync(path.join(os.tmpdir(), "sfl-vscode-"));
  assert.strictEqual(find({ extension, platform: "linux" }), "sfl");
  fs.mkdirSync(path.join(extension, "bin"));
  fs.writeFileSync(path.join(extension, "bin", "sfl"), "");
  assert.strictEqual(find({ extension, platform: "linux" }), path.join(extension, "bin", "sfl"));
  assert.strictEqual(find({ extension, platform: "win32" }), "sfl");
  assert.strictEqual(find({ extension, setting: " /opt/sfl " }), "/opt/sfl");
  assert.strictEqual(find({ extension, setting: "~/bin/sfl", home: "/home/a" }), path.join("/home/a", "bin/sfl"));
  fs.rmSync(extension, { recursive: true });
});
