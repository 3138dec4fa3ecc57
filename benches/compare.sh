#!/usr/bin/env bash
# Measures the built binary against an empty program, against only reading and parsing the same files, and, if it is there
# (`cargo install cfn-guard`), against cfn-guard with one trivial rule. Needs hyperfine; SFL_CORPUS names a folder of real templates.
# Interleaved: each round runs every command once, so that a slow minute of the machine hits all of them.
set -eu
cd "$(dirname "$0")/.."
: "${SFL_CORPUS:?names a folder of real templates}"
cargo build --release --quiet
cargo build --release --quiet --example floor
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
echo 'fn main() {}' > "$work/empty.rs" && rustc -O -o "$work/empty" "$work/empty.rs"
echo 'let resources = Resources.*
rule typed when %resources !empty { %resources.Type exists }' > "$work/one.guard"

sfl=target/release/sfl floor=target/release/examples/floor guard=$(command -v cfn-guard || true)

# Templates that cfn-guard reads: it stops the whole run at the first that it can't.
mkdir "$work/all" "$work/some"
n=0
while IFS= read -r file; do
  head -c 100000 "$file" | grep -q 'Type: *.\{0,1\}AWS::' || continue
  n=$((n + 1)); name=$(printf '%05d.yaml' "$n")
  if [ -n "$guard" ]; then
    code=0; "$guard" validate -r "$work/one.guard" -d "$file" > /dev/null 2>&1 || code=$?
    case $code in 0 | 19) ;; *) continue ;; esac
  fi
  cp "$file" "$work/all/$name"
done < <(find "$SFL_CORPUS" -name '*.yaml' -size -100k | sort | sed -n 1,2400p)
find "$work/all" -type f | sort | sed -n 1,200p | xargs -I{} cp {} "$work/some/"
small=$(find "$work/all" -size +9k -size -12k | sort | sed -n 1p)

compare() { # title, runs, arguments of sfl
  echo; echo "== $1"
  local commands=("$work/empty" "$floor $3" "$sfl check --quiet --exit-zero $3")
  [ -n "$guard" ] && commands+=("$guard validate -r $work/one.guard -d $3 --show-summary none")
  for _ in 1 2; do
    hyperfine -N -i --warmup 3 --runs "$2" --export-json "$work/out.json" "${commands[@]}" > /dev/null 2>&1
    python3 - "$work/out.json" <<'P'
import json, sys
for r in json.load(open(sys.argv[1]))["results"]:
    print(f"{r['median']*1e3:9.2f} ms  (least {r['min']*1e3:.2f})  {r['command'].split('/')[-1][:60] if ' ' not in r['command'] else r['command'].split()[0].split('/')[-1]}")
P
  done
}
compare "one template of 10 kB, cold process" 200 "$small"
compare "200 templates" 20 "$work/some"
compare "$(find "$work/all" -type f | wc -l) templates" 10 "$work/all"
echo; echo "== memory"; /usr/bin/time -f '%M kB' "$sfl" check --quiet --exit-zero "$work/all" > /dev/null
