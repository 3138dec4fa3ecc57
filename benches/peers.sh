#!/usr/bin/env bash
# Measures the release build side by side with the programs that people use beside it, on the same real templates: cfn-guard with one trivial
# rule, cfn-lint, checkov and cloudformation-validate. They are installed into a folder of their own (target/peers, or PEERS), once.
# Each round runs every program once, so that a slow minute of the machine hits all; what counts is the ratio to sfl in the same round.
#   SFL_CORPUS=FOLDER benches/peers.sh [TEMPLATES [ROUNDS]]
# SFL names a built program to measure in place of target/release/sfl.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${SFL_CORPUS:?names a folder of real templates}"
templates=${1:-200} rounds=${2:-5}
peers=$(realpath -m "${PEERS:-target/peers}")
mkdir -p "$peers"
[ -x "$peers/bin/cfn-guard" ] || cargo install --locked --quiet --root "$peers" cfn-guard
[ -x "$peers/venv/bin/pip" ] || python3 -m venv "$peers/venv"
for package in cfn-lint checkov cloudformation-validate; do
  "$peers/venv/bin/pip" show --quiet "$package" > /dev/null 2>&1 || "$peers/venv/bin/pip" install --quiet "$package" \
    || echo "$package can't be installed here: left out"
done
if [ -z "${SFL:-}" ]; then
  cargo build --release --quiet
  SFL=$PWD/target/release/sfl
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/one" "$work/templates"
echo 'let resources = Resources.*
rule typed when %resources !empty { %resources.Type exists }' > "$work/one.guard"
# Templates that cfn-guard reads: it stops the whole run at the first that it can't.
taken=0
while IFS= read -r file; do
  [ "$taken" -lt "$templates" ] || break
  head -c 100000 "$file" | grep -q 'Type: *.\{0,1\}AWS::' || continue
  code=0
  "$peers/bin/cfn-guard" validate -r "$work/one.guard" -d "$file" > /dev/null 2>&1 || code=$?
  case $code in 0 | 19) ;; *) continue ;; esac
  taken=$((taken + 1))
  cp "$file" "$work/templates/$(printf '%05d.yaml' "$taken")"
done < <(find "$SFL_CORPUS" -name '*.yaml' -size -100k | LC_ALL=C sort)

SFL=$SFL WORK=$work PEERS=$peers ROUNDS=$rounds python3 - <<'P'
import os, statistics, subprocess, time

work, peers, rounds = os.environ["WORK"], os.environ["PEERS"], int(os.environ["ROUNDS"])
folder = f"{work}/templates"
files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
venv = f"{peers}/venv/bin"
# cloudformation-validate is a library: its engine is made once.
validate = """import sys
from cloudformation_validate import CompositeEngine, ValidationError
engine = CompositeEngine()
for path in sys.argv[1:]:
    try:
        engine.validate_template(path)
    except ValidationError:
        pass
"""
# cfn-lint takes files, checkov a folder.
programs = {
    "sfl": [os.environ["SFL"], "check", "--isolated", "--quiet", "--exit-zero", folder],
    "cfn-guard, one rule": [f"{peers}/bin/cfn-guard", "validate", "-r", f"{work}/one.guard", "-d", folder, "--show-summary", "none"],
    "cfn-lint": [f"{venv}/cfn-lint", "--", *files],
    "checkov": [f"{venv}/checkov", "--framework", "cloudformation", "--compact", "--quiet", "--skip-download", "-d", folder],
    "cloudformation-validate": [f"{venv}/python", "-c", validate, *files],
}
has_library = subprocess.run([f"{venv}/python", "-c", "import cloudformation_validate"], stderr=subprocess.DEVNULL).returncode == 0
programs = {name: words for name, words in programs.items() if os.path.exists(words[0]) and (has_library or name != "cloudformation-validate")}


def run(words):
    started = time.perf_counter()
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "LOG_LEVEL": "ERROR"})
    took = time.perf_counter() - started
    assert done.returncode < 100, (words[0], done.returncode, done.stderr[-500:])
    return took


run(programs["sfl"])
took = {name: [] for name in programs}
for _ in range(rounds):
    for name, words in programs.items():
        # What is over in a moment is run ten times: the least of them is the least disturbed.
        times = 10 if name in ("sfl", "cfn-guard, one rule") else 1
        took[name].append(min(run(words) for _ in range(times)))
size = sum(os.path.getsize(file) for file in files)
print(f"{len(files)} templates, {size / 1e6:.1f} MB, {rounds} rounds, {os.cpu_count()} processors")
print("| program | seconds, median | times as long as sfl, median | least to most |")
print("| --- | --- | --- | --- |")
for name, own in took.items():
    ratios = [mine / sfl for mine, sfl in zip(own, took["sfl"])]
    print(f"| {name} | {statistics.median(own):.4f} | {statistics.median(ratios):.1f} | {min(ratios):.1f} to {max(ratios):.1f} |")
P
