"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { find } = require("../src/program");

test("what is named goes first, then what is beside, then the path", (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sfl-cdk-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const program = (...names) => {
    const file = path.join(folder, ...names);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "");
    return file;
  };
  const beside = path.join(folder, "bin");
  const there = { beside, platform: "linux" };
  const env = { PATH: [".", path.join(folder, "path")].join(path.delimiter) };
  assert.strictEqual(find({ ...there, env }), undefined);
  const onPath = program("path", "sfl");
  assert.strictEqual(find({ ...there, env }), onPath);
  assert.strictEqual(find({ ...there, env: { Path: env.PATH } }), onPath);
  const packed = program("bin", "sfl");
  assert.strictEqual(find({ ...there, env }), packed);
  assert.strictEqual(find({ ...there, env, platform: "win32" }), undefined);
  const named = program("own", "sfl");
  assert.strictEqual(find({ ...there, env: { ...env, SFL_BINARY: named } }), named);
  assert.strictEqual(find({ ...there, env: { ...env, SFL_BINARY: "/no/sfl" }, named }), named);
  // Somebody asked for that one: no other takes its place.
  assert.strictEqual(find({ ...there, env: { ...env, SFL_BINARY: "/no/sfl" } }), undefined);
  const other = program("path", "sfl-next");
  assert.strictEqual(find({ ...there, env, named: "sfl-next" }), other);
});
