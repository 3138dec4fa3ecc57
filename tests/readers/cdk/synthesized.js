// Synthesizes several apps in one process, which takes the CDK less time than one for each, and prints what came of them.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { app } = require("./app");

/** What the command line sets, and a test has to ask for. */
const NAMED = { "aws:cdk:enable-path-metadata": true };
const WHY = { because: "licence", reason: "the billing engine is licensed per core of the host", expires: "2027-06-30" };
const TODAY = ["--today", "2026-12-01"];

const CASES = {
  "as it is": { kind: "Shop" },
  "without names": { kind: "Shop", context: {} },
  "beta": { kind: "Shop", beta: true },
  "serverless": { kind: "Api" },
  "not read": {
    kind: "Api",
    options: { failOn: "note" },
    change: ({ top, cdk }) => new cdk.CfnStack(top, "Elsewhere", { templateUrl: "https://example.com/a.json" }),
  },
  "hosted capacity": { kind: "Warm" },
  "notes fail": { kind: "Warm", options: { failOn: "note" } },
  "servers alone": { kind: "Shop", options: { failOn: "error" } },
  "nothing fails": { kind: "Shop", options: { failOn: "never" } },
  "a reason in the app": {
    kind: "Shop",
    options: { failOn: "error", args: TODAY },
    change: ({ app, top }) => {
      for (const stack of [top, app.node.findChild("Prod").node.findChild("Orders")]) {
        stack.host.instance.addMetadata("sfl", WHY);
      }
    },
  },
  "a reason that ended": {
    kind: "Shop",
    options: { failOn: "error", args: ["--today", "2027-07-01"] },
    change: ({ top }) => top.host.instance.addMetadata("sfl", WHY),
  },
  "reasons in the ledger": { kind: "Shop", options: { config: "reasons.toml", args: TODAY } },
  "a fault in the ledger": { kind: "Shop", options: { config: "faulty.toml", failOn: "error", args: TODAY } },
  "no configuration": { kind: "Api", options: { config: "broken.toml" } },
  "a score": { kind: "Shop", options: { failOn: "never", args: ["--fail-under", "90"] } },
  "no program": { kind: "Api", options: { binary: "./no/sfl" } },
  "no program in beta": { kind: "Api", options: { binary: "./no/sfl" }, beta: true },
  "acknowledged": {
    kind: "Shop",
    change: ({ app, cdk }) => acknowledge(cdk, app),
  },
  "acknowledged and let be": {
    kind: "Shop",
    options: { acknowledgeable: true },
    change: ({ app, cdk }) => acknowledge(cdk, app),
  },
};

function acknowledge(cdk, app) {
  const ids = ["compute/server", "relational/cluster", "cache/cluster"];
  cdk.Validations.of(app).acknowledge(...ids.map((id) => ({ id: `sfl::${id}`, reason: "because" })));
}

const results = {};
for (const [name, setting] of Object.entries(CASES)) {
  const outdir = path.resolve(name.replaceAll(" ", "-"), "cdk.out");
  fs.mkdirSync(outdir, { recursive: true });
  let failed = false;
  try {
    app({ context: NAMED, ...setting, outdir }).synth();
  } catch (error) {
    failed = true;
    if (!error.message.includes("report")) {
      throw error;
    }
  }
  const report = JSON.parse(fs.readFileSync(path.join(outdir, "validation-report.json"), "utf8"));
  const own = report.pluginReports.find(({ pluginName }) => pluginName === "sfl");
  results[name] = { failed, own: own ?? null };
}
process.stdout.write(JSON.stringify(results));
