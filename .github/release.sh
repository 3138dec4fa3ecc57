#!/usr/bin/env bash
# What .github/workflows/release.yml does, so that it can be tried anywhere: .github/release.sh COMMAND
#   check TAG                       refuses what is not ready to be released as TAG
#   notes                           what CHANGELOG.md says of this version
#   readme                          README.md, with links that also lead somewhere outside of the repository
#   wheel TARGET FOLDER             builds the wheel of a platform; the program is in target/TARGET/release
#   sdist FOLDER                    builds the source distribution
#   try FOLDER                      installs the wheel of this machine from a folder, and runs it
#   archive TARGET PROGRAM FOLDER   packs a program with its papers
#   pages PROGRAM FOLDER            packs the pages of the ladders and rules
#   sbom FOLDER                     what the program is made of, as CycloneDX
#   checksums FOLDER                SHA256SUMS of the archives in a folder
# SFL_REPOSITORY is the URL of the repository. tests/readers/release.rs runs what needs no build.
set -euo pipefail
cd "$(dirname "$0")/.."

maturin="maturin==1.16.0"
zig="ziglang==0.17.1"
cyclonedx="cargo-cyclonedx@0.5.9"
# On Windows it may have its older name only. What needs none goes without.
python=$(command -v python3 || command -v python || true)
version=$(sed -n '/^\[package\]/,/^\[/s/^version = "\(.*\)"$/\1/p' Cargo.toml)

refuse() {
  echo "release: $1" >&2
  exit 1
}

# A Python of its own, with these packages; its programs come first from here on.
tools() {
  local folder programs
  folder=$(mktemp -d)
  "$python" -m venv "$folder"
  programs="$folder/bin"
  [ -d "$programs" ] || programs="$folder/Scripts"
  PATH="$(cd "$programs" && pwd):$PATH"
  python -m pip install --quiet "$@"
}

check() {
  [ "$1" = "v$version" ] || refuse "the tag is $1, the version in Cargo.toml is $version"
  [ -n "$(notes)" ] || refuse "CHANGELOG.md has no section \"## $version\""
  grep -q '^repository = "https://' Cargo.toml ||
    refuse "Cargo.toml names no repository, without which the links on crates.io lead nowhere"
  local old
  old=$(aged "${SFL_TODAY:-$(date -u +%Y-%m-%d)}")
  [ -z "$old" ] || refuse "nobody read the source of these for 180 days: $old"
}

# The limits and bills of rules/ whose source was last read more than 180 days before a day.
aged() {
  awk -v today="$1" '
    # Days since the year 0, in which a year begins in March.
    function number(day,   part, year, month) {
      split(day, part, "-")
      year = part[1] + 0
      month = part[2] + 0
      if (month < 3) { year--; month += 12 }
      return 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * (month - 3) + 2) / 5) + part[3]
    }
    /^\[/ { name = $0; gsub(/[][]/, "", name) }
    $1 == "checked" && number(today) - number($3) > 180 { printf "%s%s", (found++ ? ", " : ""), name }
  ' rules/limits.toml rules/bills.toml
}

notes() {
  awk -v version="$version" '
    /^## / { wanted = ($2 == version); next }
    wanted && (NF || said) { print; said = 1 }
  ' CHANGELOG.md
}

readme() {
  local home="${SFL_REPOSITORY:?the URL of the repository}"
  sed -E -e "s|(!\[[^]]*\]\()([^):#]+\))|\1$home/raw/v$version/\2|g" \
    -e "s|(\]\()([^):#]+\))|\1$home/blob/v$version/\2|g" README.md
}

wheel() {
  local target=$1 into=$2
  case $target in
    *-linux-gnu)
      # Linked by zig against an old glibc: the program then starts on any Linux of the last ten years.
      tools "$maturin" "$zig"
      set -- --zig --compatibility manylinux2014
      ;;
    *-linux-musl)
      tools "$maturin"
      set -- --compatibility musllinux_1_2
      ;;
    *)
      tools "$maturin"
      set -- --compatibility pypi
      ;;
  esac
  maturin build --release --locked --target "$target" --out "$into" "$@"
}

sdist() {
  tools "$maturin"
  maturin sdist --out "$1"
}

try() {
  local from
  from=$(cd "$1" && pwd)
  tools --no-index --find-links "$from" "sfl==$version"
  [ "$(sfl --version)" = "sfl $version" ] || refuse "the wheel's program is $(sfl --version)"
  sfl explain compute/server > /dev/null
}

archive() {
  local target=$1 program=$2 into=$3 name="sfl-$version-$1" folder
  folder=$(mktemp -d)
  mkdir -p "$into" "$folder/$name/completions" "$folder/$name/man"
  into=$(cd "$into" && pwd)
  cp "$program" LICENSE-* CHANGELOG.md "$folder/$name"
  readme > "$folder/$name/README.md"
  "$program" man "$folder/$name/man"
  "$program" completions bash > "$folder/$name/completions/sfl.bash"
  "$program" completions elvish > "$folder/$name/completions/sfl.elv"
  "$program" completions fish > "$folder/$name/completions/sfl.fish"
  "$program" completions nushell > "$folder/$name/completions/sfl.nu"
  "$program" completions powershell > "$folder/$name/completions/_sfl.ps1"
  "$program" completions zsh > "$folder/$name/completions/_sfl"
  case $target in
    *-windows-*) (cd "$folder" && "$python" -m zipfile -c "$into/$name.zip" "$name") ;;
    *) COPYFILE_DISABLE=1 tar -czf "$into/$name.tar.gz" -C "$folder" "$name" ;;
  esac
  rm -rf "$folder"
}

pages() {
  local program=$1 into=$2 name="sfl-$version-rules" folder
  folder=$(mktemp -d)
  mkdir -p "$into"
  into=$(cd "$into" && pwd)
  "$program" rules pages "$folder/$name"
  COPYFILE_DISABLE=1 tar -czf "$into/$name.tar.gz" -C "$folder" "$name"
  rm -rf "$folder"
}

sbom() {
  local into=$1 name="sfl-$version.cdx"
  command -v cargo-cyclonedx > /dev/null || cargo install --locked --quiet "$cyclonedx"
  mkdir -p "$into"
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct) cargo cyclonedx --quiet --manifest-path Cargo.toml --format json \
    --spec-version 1.5 --target all --override-filename "$name"
  # The same wherever it is made; those of the chores are not released.
  sed "s|$PWD|/sfl|g" "$name.json" > "$into/$name.json"
  git clean -fdq -- '*.cdx.json'
}

checksums() {
  cd "$1"
  shopt -s nullglob
  set -- sfl-*.tar.gz sfl-*.zip sfl-*.cdx.json
  [ $# -gt 0 ] || refuse "there is no archive"
  sha256sum "$@" > SHA256SUMS
}

case ${1:-} in
  check | notes | readme | wheel | sdist | try | archive | pages | sbom | checksums) "$@" ;;
  *) refuse "check, notes, readme, wheel, sdist, try, archive, pages, sbom or checksums?" ;;
esac
