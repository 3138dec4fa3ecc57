"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { withNested } = require("../src/templates");

const HASH = "147fdb2fab1b3aab1afe1d73311caca4bf85f317f534e98de7c6a8ed21c23f10";
const stack = (resource) => ({ Resources: { Nested: { Type: "AWS::CloudFormation::Stack", ...resource } } });
const byHash = stack({ Properties: { TemplateURL: { "Fn::Join": ["", ["https://s3.", { Ref: "AWS::Region" }, `/${HASH}.json`]] } } });
const named = (file) => stack({ Metadata: { "aws:asset:path": file } });

function folder(t, files) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sfl-cdk-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  for (const [name, value] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), typeof value === "string" ? value : JSON.stringify(value));
  }
  return folder;
}

test("nested stacks are found by their names and by their hashes, however deep", (t) => {
  const there = folder(t, {
    "A.template.json": byHash,
    "A.assets.json": { files: { [HASH]: { source: { path: "Mid.nested.template.json", packaging: "file" } } } },
    "Mid.nested.template.json": named("Deep.nested.template.json"),
    // It nests the one above: that is no end of it.
    "Deep.nested.template.json": named("Mid.nested.template.json"),
    // An earlier synthesis left it behind.
    "Old.nested.template.json": {},
  });
  const at = (name) => path.join(there, name);
  const found = withNested([at("A.template.json")]);
  const names = [...found.keys()].map((file) => path.basename(file));
  assert.deepStrictEqual(names, ["A.template.json", "Mid.nested.template.json", "Deep.nested.template.json"]);
  assert.deepStrictEqual(new Set(found.values()), new Set([at("A.template.json")]));
});

test("what is not there, not readable or of another form is passed over", (t) => {
  const there = folder(t, {
    "A.template.json": named("gone.json"),
    "B.template.json": "{",
    "C.template.json": "null",
    "D.template.json": { Resources: { X: null, Y: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: 1 } } } },
    "E.template.json": byHash,
    "E.assets.json": { files: null },
    "F.template.json": named("."),
  });
  const files = "ABCDEF".split("").map((name) => path.join(there, `${name}.template.json`));
  assert.deepStrictEqual([...withNested(files).keys()], files);
});
