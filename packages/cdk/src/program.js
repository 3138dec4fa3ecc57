// Which program is run: the one that is named, else the one in the package's `bin` folder, else the one on the path.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

function isFile(file) {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The file of the program, or undefined where there is none. Only the folders of `PATH` are looked in: Windows would also take
 * a program of that name from the working directory.
 * @param {{ named?: string, beside: string, env: NodeJS.ProcessEnv, platform?: NodeJS.Platform }} where
 */
function find({ named, beside, env, platform = process.platform }) {
  const asked = (named ?? env.SFL_BINARY ?? "").trim();
  const name = platform === "win32" ? "sfl.exe" : "sfl";
  if (asked !== "" && (asked.includes("/") || asked.includes(path.sep))) {
    const file = path.resolve(asked);
    return isFile(file) ? file : undefined;
  }
  const wanted = asked === "" ? name : asked;
  const key = Object.keys(env).find((key) => key.toUpperCase() === "PATH") ?? "PATH";
  const folders = (env[key] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const files = folders.map((folder) => path.join(folder, wanted));
  return (asked === "" ? [path.join(beside, name), ...files] : files).find(isFile);
}

module.exports = { find };
