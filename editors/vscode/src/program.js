// Which program is started: the one that the settings name, else the one beside the extension, else the one on the path.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

/** The file name of the program on this system. */
function fileName(platform) {
  return platform === "win32" ? "sfl.exe" : "sfl";
}

/** Whether a path leads to a file. */
function isFile(file) {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The program to start.
 * @param {{ setting?: string, extension: string, home?: string, platform?: NodeJS.Platform }} where
 */
function find({ setting = "", extension, home = "", platform = process.platform }) {
  const named = setting.trim();
  if (named !== "") {
    return named.startsWith("~/") ? path.join(home, named.slice(2)) : named;
  }
  const beside = path.join(extension, "bin", fileName(platform));
  return isFile(beside) ? beside : "sfl";
}

module.exports = { find, fileName };
