// What sfl found, in the words of the CDK.
"use strict";

const path = require("node:path");

const RANK = { note: 0, warning: 1, error: 2 };
/** The lowest severity that fails, as a rank. */
const FAILS_FROM = { note: 0, warning: 1, error: 2, never: 3 };

/**
 * The CDK decides by its own severities whether a synthesis fails, once something was acknowledged. So these say what happens, and
 * sfl's own is in the metadata. What is `fatal` cannot be acknowledged away: it takes a reason.
 */
function severity(finding, { failOn, acknowledgeable }) {
  const rank = RANK[finding.severity] ?? RANK.error;
  if (rank >= FAILS_FROM[failOn]) {
    return acknowledgeable ? "error" : "fatal";
  }
  return rank === RANK.note ? "info" : "warning";
}

/** A key that tells decisions apart. */
function key({ path, address }, code) {
  return JSON.stringify([path, address, code]);
}

/** Words that fit where a text is one. */
function known(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => typeof value === "string" && value !== ""));
}

function metadata(finding, decision) {
  const doubts = decision?.doubts ?? [];
  return known({
    severity: finding.severity,
    ladder: decision?.ladder,
    rung: decision && `${decision.rung} of 4 (${decision.rung_name})`,
    rule: decision?.rule,
    doubts: doubts.join("; "),
    step: decision?.climb?.step,
    conditionalOn: (decision?.conditional_on ?? []).join("; "),
    explain: `sfl explain ${finding.code}`,
  });
}

function fix(finding, decision) {
  if (decision === undefined) {
    return finding.help === "" ? undefined : finding.help;
  }
  const up = decision.climb?.up;
  const address = JSON.stringify(decision.construct ?? decision.address);
  const why = `say why it stays: cfnResource.addMetadata("sfl", { because: "...", reason: "..." }), or [[justification]] with address = ${address} in sfl.toml`;
  return up === undefined ? why : `${up}\nor ${why}`;
}

/**
 * @param report what `sfl check --format json` printed
 * @param {{ files: Map<string, string>, templates: Map<string, string>, stacks?: Map<string, string>, failOn: string,
 *   acknowledgeable: boolean }} setting
 */
function violations(report, setting) {
  const decisions = new Map();
  for (const decision of report.decisions) {
    decisions.set(key(decision, `${decision.ladder}/${decision.rung_name}`), decision);
  }
  return report.findings.map((finding) => {
    const file = setting.files.get(path.resolve(finding.path));
    const top = setting.templates.get(file);
    const isResource = top !== undefined && typeof finding.address === "string";
    const decision = decisions.get(key(finding, finding.code));
    const place = `${finding.path}:${finding.span.start.line}`;
    // The CDK finds the construct by the template and the logical id.
    const resource = isResource
      ? { resourceLogicalId: finding.address, templatePath: file, locations: [] }
      : nowhere(setting.stacks, top, path.resolve(finding.path));
    return {
      ruleName: finding.code,
      description: isResource ? finding.message : `${place}: ${finding.message}`,
      fix: fix(finding, decision),
      severity: severity(finding, setting),
      ruleMetadata: metadata(finding, decision),
      violatingResources: [resource],
    };
  });
}

/**
 * What is on no resource belongs to its stack, or to the app. The Beta1 interface knows no construct without a resource, and
 * shows the file instead.
 */
function nowhere(stacks, top, file) {
  return stacks === undefined
    ? { resourceLogicalId: "-", templatePath: file, locations: [] }
    : { resourceLogicalId: "", templatePath: "", constructPath: stacks.get(top ?? "") ?? "", locations: [] };
}

/** That sfl could not do its work. The CDK's command line passes over a failure without a violation, so it is one. */
function failure(description, fix, { stacks, file }) {
  return {
    ruleName: "failed",
    description,
    fix,
    severity: "fatal",
    ruleMetadata: { severity: "error" },
    violatingResources: [nowhere(stacks, undefined, file)],
  };
}

module.exports = { violations, failure, FAILS_FROM };
