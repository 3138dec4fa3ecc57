// With the program that `SFL_BINARY` names, or any other that is there.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { SflValidator } = require("..");

function template(t, text) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "sfl-cdk-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, "A.template.json");
  fs.writeFileSync(file, text);
  return file;
}

const validate = (file, options) =>
  new SflValidator(options).validate({
    templatePaths: [file],
    stackTemplates: [{ templatePath: file, stackConstructPath: "Prod/A" }],
  });

test("a template that cannot be read fails whatever else is let be, and is no resource's fault", (t) => {
  const report = validate(template(t, '{"Resources": {"A": '), { failOn: "never" });
  assert.strictEqual(report.success, false);
  const [unreadable, failed] = report.violations;
  assert.strictEqual(unreadable.ruleName, "source/json");
  assert.match(unreadable.description, /A\.template\.json:1: /);
  assert.strictEqual(unreadable.violatingResources[0].constructPath, "Prod/A");
  assert.deepStrictEqual([failed.ruleName, failed.severity], ["failed", "fatal"]);
});

test("a reason is asked for only where one counts, and what speaks against the way up stands beside it", (t) => {
  const Context = { why: "the dongle sits in it", mutable: "must-never-change" };
  const host = { Type: "AWS::EC2::Instance", Metadata: { "com.aws.cloudformation.Context": Context } };
  const file = template(t, JSON.stringify({ Resources: { Host: host } }));
  const config = path.join(path.dirname(file), "sfl.toml");
  const fixed = (text) => {
    fs.writeFileSync(config, text);
    const [{ fix }] = validate(file, { config }).violations;
    assert.match(fix, /^ECS on Fargate .*\nbut its context says that the resource must never change\n/);
    return fix;
  };
  assert.match(fixed(""), /\nor say why it stays: .* address = "Host" in sfl\.toml$/);
  const never = fixed('[justifications]\nnever = ["compute/server"]\n');
  assert.match(never, /\ncompute\/server cannot be justified here: the configuration says so$/);
});

test("an unknown word is an error before anything is synthesized", () => {
  assert.throws(() => new SflValidator({ failOn: "errors" }), /failOn is one of note, warning, error, never, and not "errors"/);
});

test("a program that does something else is not believed", (t) => {
  const file = template(t, '{"Resources": {}}');
  const [failed] = validate(file, { binary: process.execPath }).violations;
  assert.match(failed.description, /^sfl gave no answer and ended with /);
});

test("an option that sfl does not know is said in its words", (t) => {
  const file = template(t, '{"Resources": {}}');
  const [failed] = validate(file, { args: ["--nope"] }).violations;
  assert.match(failed.description, /unexpected argument '--nope'/);
});
