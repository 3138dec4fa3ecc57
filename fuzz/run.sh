#!/usr/bin/env bash
# Runs each fuzzer for some minutes, or only those that are named: fuzz/run.sh MINUTES [NAME...]. It wants a nightly compiler and
# cargo-fuzz (`cargo install cargo-fuzz`). What it finds is in fuzz/artifacts, what it learnt in fuzz/corpus; neither is committed: a find becomes a test.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:?says for how many minutes each runs}
shift
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(cargo +nightly fuzz list)
cargo +nightly fuzz build

# The first byte of a text says what it is taken for.
seed() { # folder, first byte, files
  local folder=$1 first=$2 file
  shift 2
  for file in "$@"; do
    [ "$(stat -c %s "$file")" -lt 12000 ] || continue
    { printf "%b" "$first"; cat "$file"; } > "$folder/$(printf '%s' "$file" | tr / _)"
  done
}
for name in "${names[@]}"; do
  mkdir -p "fuzz/corpus/$name"
  case $name in
    text | edits)
      shopt -s globstar nullglob
      seed "fuzz/corpus/$name" '\x00' fixtures/**/*.yaml tests/shapes/**/*.yaml
      seed "fuzz/corpus/$name" '\x01' fixtures/**/*.template.json tests/shapes/**/*.template.json
      seed "fuzz/corpus/$name" '\x02' fixtures/**/*.tf tests/shapes/**/*.tf
      seed "fuzz/corpus/$name" '\x03' fixtures/**/*.tf.json
      seed "fuzz/corpus/$name" '\x04' fixtures/**/*plan*.json tests/shapes/plan/*.json
      ;;
    settings)
      { cat fixtures/**/sfl.toml 2> /dev/null || true; printf '\n----\n\n----\n'; head -c 9000 rules/aws/cache.toml; printf '\n----\n*.out\n!a/**\n'; } \
        > fuzz/corpus/settings/first
      ;;
  esac
  echo "== $name"
  code=0
  cargo +nightly fuzz run "$name" -- -max_total_time=$((minutes * 60)) -max_len=16384 -timeout=20 -rss_limit_mb=3000 \
    -dict=fuzz/sfl.dict -print_final_stats=1 -verbosity=1 2>&1 | grep -E "^(stat::|==|SUMMARY|thread|artifact|Done|#[0-9]+.*(DONE|pulse))" || code=$?
  [ "$code" = 0 ] || exit "$code"
done
