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

const HEADING =
  /^(members|not sure|reachable|climb|but|fair|its context says|or say why|never|valid|complete|renew|correct|instead|or say until when|source|more):(?: |$)/;

/** What a help says below this heading, or beside it where that is one line. */
function paragraph(help, heading) {
  const lines = help.split("\n");
  const from = lines.findIndex((line) => HEADING.exec(line)?.[1] === heading);
  if (from === -1) {
    return undefined;
  }
  const to = lines.findIndex((line, at) => at > from && HEADING.test(line));
  const said = lines.slice(from, to === -1 ? undefined : to);
  return [said[0].slice(heading.length + 1), ...said.slice(1)].join("\n").trim();
}

function fix(finding, decision) {
  if (decision === undefined) {
    return finding.help === "" ? undefined : finding.help;
  }
  const against = paragraph(finding.help, "but");
  const parts = [decision.climb?.up, against && `but ${against}`];
  const address = JSON.stringify(decision.construct ?? decision.address);
  const why = `say why it stays: cfnResource.addMetadata("sfl", { because: "...", reason: "..." }), or [[justification]] with address = ${address} in sfl.toml`;
  // Where the configuration takes no reason for such a decision, none is asked for.
  parts.push(paragraph(finding.help, "never") ?? `or ${why}`);
  return parts.filter(Boolean).join("\n");
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

/** What may hide hosting choices, one and several. What else was left out was left out on purpose. */
const UNREAD = {
  "nested-stacks": ["nested stack was not read", "nested stacks were not read"],
  "module-calls": ["call of a module was not read", "calls of modules were not read"],
  "unknown-types": ["type is unknown to the catalogue", "types are unknown to the catalogue"],
  parts: ["part of a template could not be read", "parts of templates could not be read"],
};
/** Names that are shown of each kind. */
const MOST = 3;

/** What was not read fails nothing, but no score and no silence stands alone where something is missing. */
function unread({ summary }, { stacks, file }) {
  return (summary.unread ?? []).flatMap(({ kind, count, items }) => {
    const words = UNREAD[kind];
    if (words === undefined) {
      return [];
    }
    const names = [...new Set(items.map((item) => [item.address, item.name ?? item.why].filter(Boolean).join(": ")))];
    const shown = names.filter((name) => name !== "").slice(0, MOST);
    const more = count > shown.length && shown.length > 0 ? `, and ${count - shown.length} more` : "";
    return [
      {
        ruleName: `unread/${kind}`,
        description: `${count} ${words[count === 1 ? 0 : 1]}, and may hold hosting choices: ${shown.join(", ")}${more}`,
        severity: "info",
        ruleMetadata: {},
        violatingResources: [nowhere(stacks, undefined, file)],
      },
    ];
  });
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

module.exports = { violations, unread, failure, FAILS_FROM };
