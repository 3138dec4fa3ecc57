// A policy validation plug-in for the CDK: it hands the templates to `sfl check` and what that finds back to the CDK.
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { version } = require("../package.json");
const { find } = require("./program");
const { withNested } = require("./templates");
const { violations, unread, failure, FAILS_FROM } = require("./violations");

const INSTALL =
  "install it (pip install sfl, cargo install sfl, or an archive of a release), or name it: new SflValidator({ binary: ... }) or SFL_BINARY";

class SflValidator {
  name = "sfl";
  version = version;
  #options;

  constructor(options = {}) {
    const { failOn = "warning", args = [] } = options;
    if (!Object.hasOwn(FAILS_FROM, failOn)) {
      throw new TypeError(`failOn is one of ${Object.keys(FAILS_FROM).join(", ")}, and not ${JSON.stringify(failOn)}`);
    }
    this.#options = { ...options, failOn, args };
  }

  validate(context) {
    const stacks = context.stackTemplates?.map((stack) => [path.resolve(stack.templatePath), stack.stackConstructPath]);
    const place = { stacks: stacks && new Map(stacks), file: path.resolve(context.templatePaths[0] ?? "") };
    const failed = (description, fix) => ({
      success: false,
      violations: [failure(description, fix, place)],
      pluginVersion: version,
    });
    try {
      return this.#check(context.templatePaths, place, failed);
    } catch (error) {
      return failed(`sfl could not check the templates: ${error.message}`);
    }
  }

  #check(templatePaths, place, failed) {
    const { binary, config, strict, failOn, args, acknowledgeable = false } = this.#options;
    const program = find({ named: binary, beside: path.join(__dirname, "..", "bin"), env: process.env });
    if (program === undefined) {
      const asked = binary ?? process.env.SFL_BINARY;
      return failed(asked ? `sfl is not there: ${asked}` : "sfl is not installed", INSTALL);
    }
    const templates = withNested(templatePaths);
    const given = ["check", "--format", "json", "--color", "never", "--fail-on", failOn];
    given.push(...(strict ? ["--strict"] : []), ...(config === undefined ? [] : ["--config", config]), ...args);
    const named = [...templates.keys()].map((file) => path.relative(process.cwd(), file));
    const run = spawnSync(program, [...given, "--", ...named], {
      encoding: "utf8",
      maxBuffer: Infinity,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    if (run.error !== undefined) {
      return failed(`${program} could not be run: ${run.error.message}`, INSTALL);
    }
    const report = read(run.stdout);
    const said = run.stderr.trim();
    if (report === undefined) {
      return failed(`sfl gave no answer and ended with ${run.status ?? run.signal}: ${said || "it said nothing"}`);
    }
    // A report may name a file by where a link on its path leads.
    const files = new Map([...templates.keys()].flatMap((file) => [[file, file], [fs.realpathSync(file), file]]));
    const found = violations(report, { files, templates, stacks: place.stacks, failOn, acknowledgeable });
    const success = run.status === 0;
    // A score below `--fail-under`, say, fails without a finding.
    if (!success && !found.some(({ severity }) => ["fatal", "error"].includes(severity))) {
      found.push(failure(said || `sfl ended with ${run.status ?? run.signal}`, undefined, place));
    }
    found.push(...unread(report, place));
    return { success, violations: found, pluginVersion: version, metadata: summary(report) };
  }
}

function read(text) {
  try {
    const report = JSON.parse(text);
    return report?.schema === "sfl-report/1" ? report : undefined;
  } catch {
    return undefined;
  }
}

/** The numbers, and what was not read: no score stands alone. The CDK keeps them in its report. */
function summary({ summary }) {
  const unread = (summary.unread ?? []).map(({ kind, count }) => `${kind}: ${count}`).join(", ");
  return {
    sfl: summary.version,
    decisions: String(summary.decisions),
    score: summary.score === null ? "none" : String(summary.score),
    justified: String(summary.fallbacks.justified),
    ...(unread === "" ? {} : { unread }),
  };
}

module.exports = { SflValidator };
