// Takes each workflow command apart as GitHub's runner does, and lets GitHub's own toolkit write it anew.
const { readFileSync } = require("node:fs");
const [core, path] = process.argv.slice(2);
const { issueCommand } = require(core);

const meant = (text, names) =>
  names.reduce((all, [from, to]) => all.replaceAll(from, to), text);
const data = [["%0D", "\r"], ["%0A", "\n"], ["%25", "%"]];
const property = [["%0D", "\r"], ["%0A", "\n"], ["%3A", ":"], ["%2C", ","], ["%25", "%"]];

for (const line of readFileSync(path, "utf8").split("\n")) {
  if (!line.startsWith("::")) continue;
  const end = line.indexOf("::", 2);
  const head = line.slice(2, end);
  const space = head.indexOf(" ");
  const properties = {};
  for (const one of head.slice(space + 1).split(",")) {
    const [name, value] = one.split(/=(.*)/s);
    properties[name] = meant(value, property);
  }
  issueCommand(head.slice(0, space), properties, meant(line.slice(end + 2), data));
}
