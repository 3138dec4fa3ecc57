// The CDK names the templates of the stacks and leaves out those of nested stacks, which lie beside them as assets.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

function json(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** The files that a stack publishes, by their hashes. */
function published(template) {
  const manifest = json(template.replace(/\.template\.json$/, ".assets.json"));
  const files = manifest?.files;
  return files !== null && typeof files === "object" ? files : {};
}

/** The file of a nested stack: named beside it, or published under the hash at the end of its URL. */
function nestedIn(resource, files) {
  const named = resource?.Metadata?.["aws:asset:path"];
  if (typeof named === "string") {
    return named;
  }
  const url = JSON.stringify(resource?.Properties?.TemplateURL ?? "");
  const hash = /\/([0-9a-f]{32,64})\.[a-z]+"/.exec(url)?.[1];
  const source = hash === undefined ? undefined : files[hash]?.source;
  return typeof source?.path === "string" ? source.path : undefined;
}

/**
 * These templates and those of the stacks that they nest, each once, with the stack at the top that it belongs to.
 * @param {readonly string[]} templates
 * @returns {Map<string, string>} the full path of each template, and the full path of the one at the top
 */
function withNested(templates) {
  const found = new Map();
  for (const given of templates) {
    const top = path.resolve(given);
    const files = published(top);
    const open = [top];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (found.has(file)) {
        continue;
      }
      found.set(file, top);
      for (const resource of Object.values(json(file)?.Resources ?? {})) {
        const nested = resource?.Type === "AWS::CloudFormation::Stack" ? nestedIn(resource, files) : undefined;
        const beside = nested === undefined ? undefined : path.resolve(path.dirname(file), nested);
        // A folder is something else that was published.
        if (beside !== undefined && fs.statSync(beside, { throwIfNoEntry: false })?.isFile()) {
          open.push(beside);
        }
      }
    }
  }
  return found;
}

module.exports = { withNested };
