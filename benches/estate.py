"""Makes the repositories of an organisation that isn't there, as bare clones, and prints a line of `sfl scan --stream` for each.

    python3 benches/estate.py FOLDER HOW_MANY TEMPLATES... > inputs.jsonl

What they hold is drawn from folders of real templates: every second has none, as of most organisations; the others have a handful, a few of them
dozens. Beside them stands what other repositories hold, too: sources, a lock file, workflows. The same numbers give the same repositories.
"""

import json
import pathlib
import random
import subprocess
import sys

SOURCE = "".join(f"export function step{at}(order) {{\n  return order.lines.map((line) => line.price * {at});\n}}\n\n" for at in range(40))
WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v6\n      - run: npm ci && npm test\n"
LOCK = json.dumps({"packages": {f"node_modules/part-{at}": {"version": "1.0.0", "resolved": "x" * 60} for at in range(900)}}, indent=2)


def units(folders):
    """What is drawn: the Terraform files of a folder, or one template."""
    found = []
    for folder in folders:
        for place in sorted({one.parent for one in pathlib.Path(folder).rglob("*.tf")}):
            found.append([(one.name, one.read_bytes()) for one in sorted(place.glob("*.tf"))])
        for one in sorted(pathlib.Path(folder).rglob("*")):
            if one.suffix in (".yaml", ".yml", ".json", ".template") and one.is_file():
                found.append([(one.name, one.read_bytes())])
    return found


def files(draw, drawn_from):
    yield "package.json", b'{"name": "shop", "scripts": {"test": "jest"}}\n'
    yield "package-lock.json", LOCK.encode()
    yield ".github/workflows/ci.yml", WORKFLOW.encode()
    for at in range(min(int(draw.lognormvariate(4, 1)), 2000)):
        yield f"src/part-{at % 17}/file-{at}.js", SOURCE[: draw.randrange(500, len(SOURCE))].encode()
    if draw.random() < 0.5:
        for at in range(1 + min(int(draw.lognormvariate(1.2, 1)), 100)):
            for name, text in draw.choice(drawn_from):
                yield f"infra/{at}/{name}", text


def make(folder, draw, drawn_from):
    folder.mkdir(parents=True)
    # Nobody misses it if the machine stops.
    git = ["git", "-c", "core.fsync=none", "--git-dir", str(folder)]
    subprocess.run([*git, "init", "-q", "--bare", "-b", "main"], check=True)
    stream = [b"commit refs/heads/main\ncommitter a <a@b.c> 1700000000 +0000\ndata 1\nx\n"]
    for name, text in files(draw, drawn_from):
        stream.append(f"M 100644 inline {name}\ndata {len(text)}\n".encode() + text + b"\n")
    subprocess.run([*git, "fast-import", "--quiet"], input=b"".join(stream), check=True)


def main():
    folder, many, templates = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    drawn_from = units(templates)
    for number in range(many):
        name = f"team-{number % 97:02}/shop-{number:06}"
        clone = folder / f"{name}.git"
        make(clone, random.Random(number), drawn_from)
        print(json.dumps({"name": name, "repository": str(clone.resolve()), "ref": "main"}))


main()
