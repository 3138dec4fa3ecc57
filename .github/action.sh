#!/usr/bin/env bash
# The steps of action.yml: `install` finds the program, `check` runs it once, `comment` says it on the pull request, `verdict`
# fails if it has to.
# Inputs come as environment variables and stay data. It runs with the bash of macOS (3.2) and of Git for Windows.
set -euo pipefail

# A text as the value of a workflow command.
escaped() {
  local text=$1
  text=${text//'%'/%25}
  text=${text//$'\r'/%0D}
  text=${text//$'\n'/%0A}
  printf '%s' "$text"
}

notice() { printf '::notice title=sfl::%s\n' "$(escaped "$1")"; }
warning() { printf '::warning title=sfl::%s\n' "$(escaped "$1")"; }

# The job cannot be done: the same code as the program's.
fail() {
  printf '::error title=sfl::%s\n' "$(escaped "$1")"
  exit 2
}

# Hands a value to the steps that follow.
output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

has() { command -v "$1" >/dev/null 2>&1; }

# Whether the input named $1 is on.
is_on() {
  case $2 in
    true) return 0 ;;
    false) return 1 ;;
    *) fail "the input \`$1\` is \`true\` or \`false\`, not \`$2\`" ;;
  esac
}

# Sets `words` to the lines of a text that has line breaks, and to the words of one that has none. Nothing is expanded.
split() {
  words=()
  local line
  case $1 in
    *$'\n'*)
      while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        if [ -n "${line//[[:space:]]/}" ]; then words+=("$line"); fi
      done <<<"$1"
      ;;
    *) IFS=$' \t' read -r -a words <<<"$1" ;;
  esac
}

# ---- install ----------------------------------------------------------------------------------------------------------

# The version that stands beside this script.
own_version() { sed -n '/^version = "/{s/^version = "\([^"]*\)".*/\1/p;q;}' "$GITHUB_ACTION_PATH/Cargo.toml"; }

# What releases call this machine; nothing where they have no program for it.
target() {
  case "${RUNNER_OS:-}/${RUNNER_ARCH:-}" in
    Linux/X64) echo x86_64-unknown-linux-musl ;;
    Linux/ARM64) echo aarch64-unknown-linux-musl ;;
    macOS/X64) echo x86_64-apple-darwin ;;
    macOS/ARM64) echo aarch64-apple-darwin ;;
    # Windows on ARM runs programs for x86_64.
    Windows/X64 | Windows/ARM64) echo x86_64-pc-windows-msvc ;;
  esac
}

# Fetches $1 into $2; 1 if there is no such thing.
fetch() {
  has curl || fail "fetching the release needs \`curl\`, which is not here: install it, or set SFL_BIN to the path of a program"
  local secure='=http,https' status
  case $1 in https://*) secure='=https' ;; esac
  status=$(curl --silent --show-error --location --proto "$secure" --proto-redir "$secure" --retry 3 \
    --connect-timeout 30 --max-time 600 --output "$2" --write-out '%{http_code}' "$1") ||
    fail "$1 cannot be fetched: see the message of curl above"
  case $status in
    200) return 0 ;;
    404) return 1 ;;
    *) fail "$1 cannot be fetched: the server answers $status" ;;
  esac
}

sha256() {
  if has sha256sum; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi | cut -d ' ' -f 1
}

# Fails unless the archive $1 is the one that the sums $2, and the input, speak of.
verify() {
  local name sum listed pinned
  name=$(basename "$1")
  sum=$(sha256 "$1")
  listed=$(awk -v name="$name" '$2 == name || $2 == "*" name { print tolower($1) }' "$2")
  if [ -z "$listed" ]; then fail "SHA256SUMS of the release does not list $name: nothing is run"; fi
  if [ "$sum" != "$listed" ]; then
    fail "$1 is not what the release's SHA256SUMS says: it has $sum, listed is $listed; nothing is run"
  fi
  pinned=$(printf '%s' "$INPUT_CHECKSUM" | tr 'A-F' 'a-f')
  pinned=${pinned#sha256:}
  if [ -n "$pinned" ] && [ "$sum" != "$pinned" ]; then
    fail "$1 is not what the input \`checksum\` says: it has $sum, wanted is $pinned; nothing is run"
  fi
  if is_on attestation "$INPUT_ATTESTATION"; then
    has gh || fail "the input \`attestation\` needs the program \`gh\`, which is not here"
    gh attestation verify "$1" --repo "$3" || fail "$name has no attestation of $3 that \`gh\` accepts: nothing is run"
  fi
}

# Keeps the files $1 and $2 in the folder $3: first complete beside their place, then there at once, for another job may look.
keep() {
  local part
  mkdir -p "$3"
  part=$(mktemp -d "$3/part.XXXXXX")
  cp "$1" "$2" "$part/"
  mv -f "$part"/* "$3/"
  rmdir "$part"
}

# Sets `program` to that of version $1, for the target $2, from the releases of the repository $3; to nothing if there is no such
# release. What is kept between jobs is the archive, so that it is verified each time.
from_release() {
  local name="sfl-$1-$2" end=.tar.gz exe=sfl url="$GITHUB_SERVER_URL/$3/releases/download/v$1" kept work
  case $2 in *-windows-*) end=.zip exe=sfl.exe ;; esac
  work=$(mktemp -d "$RUNNER_TEMP/sfl-install.XXXXXX")
  kept=${RUNNER_TOOL_CACHE:-$work/kept}/sfl/$3/$1/$2
  if ! [ -f "$kept/$name$end" ] || ! [ -f "$kept/SHA256SUMS" ]; then
    echo "fetching $url/$name$end"
    fetch "$url/SHA256SUMS" "$work/SHA256SUMS" || return 0
    fetch "$url/$name$end" "$work/$name$end" ||
      fail "the release v$1 of $3 has no $name$end: set SFL_BIN to the path of a program, or \`version: source\`"
    verify "$work/$name$end" "$work/SHA256SUMS" "$3"
    keep "$work/$name$end" "$work/SHA256SUMS" "$kept"
  else
    echo "taking $kept/$name$end"
    cp "$kept/$name$end" "$kept/SHA256SUMS" "$work/"
    verify "$work/$name$end" "$work/SHA256SUMS" "$3"
  fi
  case $end in
    .zip) (cd "$work" && unzip -q "$name$end") ;;
    *) (cd "$work" && tar -xzf "$name$end") ;;
  esac || fail "$name$end cannot be unpacked"
  program=$work/$name/$exe
  if ! [ -f "$program" ]; then program=$work/$exe; fi
  if ! [ -f "$program" ]; then fail "$name$end holds no $exe"; fi
}

# Sets `program` to one built from the action's own source.
from_source() {
  has cargo || fail "building from source needs \`cargo\`, which is not here: install Rust, or set SFL_BIN to the path of a program"
  local root
  root=$(mktemp -d "$RUNNER_TEMP/sfl-install.XXXXXX")
  echo '::group::sfl: cargo install'
  # In the action's folder: a pull request must not bring a rust-toolchain.toml of its own.
  (cd "$GITHUB_ACTION_PATH" && cargo install --locked --path . --bin sfl --root "$root" 2>&1) ||
    fail "\`cargo install\` fails: see above"
  echo '::endgroup::'
  program=$root/bin/sfl
  if ! [ -f "$program" ]; then program=$program.exe; fi
}

install() {
  local own version target repository=$ACTION_REPOSITORY why=
  program=${SFL_BIN:-}
  if [ -n "$program" ]; then
    # `-x` follows PATHEXT on Windows; a mere name is looked up.
    has "$program" || fail "SFL_BIN is \`$program\`, which is not a program"
  else
    own=$(own_version)
    version=${INPUT_VERSION#v}
    version=${version:-$own}
    target=$(target)
    if [ "$version" = source ]; then
      from_source
    else
      [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
        fail "the input \`version\` is a version like \`$own\`, or \`source\`, not \`$INPUT_VERSION\`"
      if [ -z "$repository" ]; then
        why='this action is used from a folder, not from a repository with releases'
      elif ! [[ $repository =~ ^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$ ]]; then
        fail "\`$repository\` is not a repository"
      elif [ -z "$target" ]; then
        why="there are no releases for \`${RUNNER_OS:-}/${RUNNER_ARCH:-}\`"
      else
        from_release "$version" "$target" "$repository"
        if [ -z "$program" ]; then why="$repository has no release v$version"; fi
      fi
      if [ -n "$why" ]; then
        # Building gives what stands here, so it can only stand in for the same version; a pinned archive it can never be.
        if [ "$version" != "$own" ] || [ -n "$INPUT_CHECKSUM" ] || [ "$INPUT_ATTESTATION" = true ]; then
          fail "sfl $version cannot be had: $why"
        fi
        has cargo || fail "sfl $version cannot be had: $why, and to build it \`cargo\` is needed; or set SFL_BIN to the path of a program"
        notice "$why: sfl $version is built from source, which takes a few minutes"
        from_source
      fi
    fi
    dirname "$program" >>"$GITHUB_PATH"
  fi
  local said
  said=$("$program" --version) || fail "\`$program\` does not run here"
  echo "using $said: $program"
  output program "$program"
}

# ---- check ------------------------------------------------------------------------------------------------------------

# In a container the folder belongs to somebody else, and git refuses. This trusts the one repository that the job checked
# out, for this step alone.
trust_checkout() {
  local refusal folder=$PWD at=${GIT_CONFIG_COUNT:-0}
  refusal=$(LC_ALL=C git rev-parse --git-dir 2>&1 >/dev/null) && return 0
  case $refusal in *'dubious ownership'*) ;; *) return 0 ;; esac
  while ! [ -e "$folder/.git" ]; do
    if [ "$folder" = / ] || [ "$folder" -ef "$GITHUB_WORKSPACE" ]; then return 0; fi
    folder=$(dirname "$folder")
  done
  export GIT_CONFIG_COUNT=$((at + 1)) "GIT_CONFIG_KEY_$at=safe.directory" "GIT_CONFIG_VALUE_$at=$folder"
}

commit() { git rev-parse --verify --quiet "$1^{commit}" 2>/dev/null; }
is_shallow() { [ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = true ]; }

# The parents of HEAD as the commit names them, also where a shallow clone does not have them.
parents() { git cat-file commit HEAD 2>/dev/null | awk '/^$/ { body = 1 } !body && $1 == "parent" { print $2 }'; }

# Whether HEAD and the commit $1 can be compared with what is here.
comparable() {
  git merge-base "$1" HEAD >/dev/null 2>&1 && return 0
  local parent
  for parent in $(parents); do
    if [ "$parent" = "$1" ]; then return 0; fi
  done
  return 1
}

# Asks the remote, which never waits for a password.
from_origin() { GIT_TERMINAL_PROMPT=0 git fetch --quiet --no-tags --no-recurse-submodules "$@" 2>&1; }

# Brings the commit `since` here.
bring() {
  local depth answer what=$since
  depth=()
  # In a whole clone, --depth would cut off what is there.
  if is_shallow; then depth=(--depth=1); fi
  case $since in
    # This would write a branch.
    *:*) return 0 ;;
    origin/*) what="+refs/heads/${since#origin/}:refs/remotes/$since" ;;
  esac
  if ! answer=$(from_origin ${depth[@]+"${depth[@]}"} origin "$what"); then
    warning "\`$since\` cannot be fetched ($answer): if it exists, actions/checkout brings it with \`fetch-depth: 0\`"
  elif ! commit "$since" >/dev/null; then
    since=$(commit FETCH_HEAD) || true
  fi
}

# Brings the history in which HEAD and the commit $1 part, in steps and with an end.
deepen() {
  local more answer
  for more in 50 200 800 3200; do
    if comparable "$1" || ! is_shallow; then return 0; fi
    answer=$(from_origin --deepen="$more" origin "$1" "$(commit HEAD)") || {
      warning "the history cannot be fetched ($answer): give actions/checkout \`fetch-depth: 0\`"
      return 0
    }
  done
  comparable "$1" || warning "HEAD and \`$since\` parted more than 4000 commits ago: give actions/checkout \`fetch-depth: 0\`"
}

# Sets `since` to what a pull request is compared with; empty where there is nothing to compare. What cannot be had is
# said by the program, which ends with 2.
find_since() {
  since=$INPUT_SINCE
  if [ "$since" = none ]; then since=''; fi
  if [ "$INPUT_SINCE" = '' ]; then since=$EVENT_BASE; fi
  if [ -z "$since" ] || ! has git; then return 0; fi
  trust_checkout
  if [ -z "$INPUT_SINCE" ]; then
    # What is checked out by default is the merge of the pull request into its base. Its first parent is that base, and
    # may be newer than the one of the event; against the older one, the news of others would be the pull request's.
    local both
    both=$(parents) || both=
    if [ "${both#*$'\n'}" = "$EVENT_HEAD" ] && [ "$both" != "$EVENT_HEAD" ]; then since=${both%%$'\n'*}; fi
  fi
  # The program refuses what looks like a flag.
  case $since in -*) return 0 ;; esac
  commit "$since" >/dev/null || bring
  local base
  if ! base=$(commit "$since"); then return 0; fi
  deepen "$base"
  if [ -z "$INPUT_SINCE" ] && [ "$base" = "$(commit HEAD)" ]; then
    warning "what is checked out is the base of the pull request, not the pull request: nothing of it is checked"
  fi
}

# How many findings the report has, of whatever severity.
count_findings() {
  awk '/^    "findings": [{]$/ { inside = 1; next }
    inside && /^    [}]/ { print sum + 0; inside = 0 }
    inside { gsub(/[^0-9]/, ""); sum += $0 }' "$reports/sfl.json"
}

# Sets the outputs that are numbers. Not every runner has a reader of JSON. The program writes one key a line, no string of
# it holds a line break, and what stands four spaces deep with a name is the summary's.
output_numbers() {
  local findings='' new='' score=''
  if [ -s "$reports/sfl.json" ]; then
    findings=$(count_findings)
    score=$(sed -n 's/^    "score": \([0-9][0-9.]*\),\{0,1\}$/\1/p' "$reports/sfl.json")
    if grep -Eq '^    "(change|baseline)": [{]$' "$reports/sfl.json"; then new=$findings; fi
    if [ -z "$findings" ]; then
      warning 'the report of this version of sfl is not one that this action can read: findings, new-findings and score stay empty'
    fi
  fi
  output findings "$findings"
  output new-findings "$new"
  output score "${score%.0}"
}

check() {
  local words flags paths call code=0 token
  # shellcheck disable=SC2153 # the environment, see action.yml
  cd -- "$INPUT_WORKING_DIRECTORY" || fail "the input \`working-directory\` names \`$INPUT_WORKING_DIRECTORY\`, where there is no folder"
  reports=$(mktemp -d "$RUNNER_TEMP/sfl.XXXXXX")
  call=(check "--fail-on=$INPUT_FAIL_ON" --output "json=$reports/sfl.json")
  if is_on sarif "$INPUT_SARIF"; then call+=(--output "sarif=$reports/sfl.sarif"); fi
  if is_on annotations "$INPUT_ANNOTATIONS"; then call+=(--output "github=$reports/annotations"); fi
  if is_on summary "$INPUT_SUMMARY"; then call+=(--output "markdown=$reports/sfl.md"); fi
  if is_on comment "$INPUT_COMMENT"; then call+=(--output "comment=$reports/comment.md"); fi
  if [ -n "$INPUT_BASELINE" ]; then call+=("--baseline=$INPUT_BASELINE"); fi
  find_since
  local below
  below=$(git rev-parse --show-prefix 2>/dev/null) || below=''
  if [ -n "$below" ]; then
    warning "\`working-directory\` is a folder inside the repository: GitHub looks for annotations and alerts from its root and does not find them; name the folder in \`paths\` instead"
  fi
  if [ -n "$since" ]; then call+=("--since=$since"); fi
  split "$INPUT_ARGS"
  flags=(${words[@]+"${words[@]}"})
  split "$INPUT_PATHS"
  paths=(${words[@]+"${words[@]}"})
  # Who names folders expects templates in them. Below the whole repository there may be none, and the report says what was not read.
  local nothing=$INPUT_FAIL_ON_NOTHING
  if [ -z "$nothing" ]; then
    nothing=true
    if [ "${paths[*]-.}" = . ]; then nothing=false; fi
  fi
  if is_on fail-on-nothing "$nothing"; then call+=(--fail-on-nothing); fi
  call+=(${flags[@]+"${flags[@]}"} -- ${paths[@]+"${paths[@]}"})

  # A template may hold what a runner takes for a command; until the token comes back it listens to none. One stream, for
  # two may overtake each other.
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo '::group::sfl check'
  echo "::stop-commands::$token"
  if [ -z "${NO_COLOR:-}" ]; then export CLICOLOR_FORCE=1; fi
  "$SFL_PROGRAM" "${call[@]}" </dev/null 2>&1 || code=$?
  printf '\n::%s::\n' "$token"
  echo '::endgroup::'

  if [ -s "$reports/annotations" ]; then cat "$reports/annotations"; fi
  if [ -s "$reports/sfl.md" ]; then cat "$reports/sfl.md" >>"$GITHUB_STEP_SUMMARY"; fi
  output exit-code "$code"
  output_numbers
  if [ -s "$reports/sfl.sarif" ]; then output sarif-file "$reports/sfl.sarif"; fi
  # Empty, it says that there is nothing to say; where it is missing, nothing is known.
  if [ -f "$reports/comment.md" ]; then output comment-file "$reports/comment.md"; fi
}

# ---- comment ----------------------------------------------------------------------------------------------------------

# Asks GitHub: a method, a path, and a file with what is sent, if anything is. Sets `status` to what is answered; the rest is in the
# file $work/answer. The token stands in no argument, where other processes could read it.
ask() {
  local secure='=http,https' data
  data=()
  case $GITHUB_API_URL in https://*) secure='=https' ;; esac
  if [ -n "${3:-}" ]; then data=(--header 'Content-Type: application/json' --data-binary "@$3"); fi
  status=$(printf 'header = "Authorization: Bearer %s"\n' "$COMMENT_TOKEN" |
    curl --config - --silent --show-error --proto "$secure" --connect-timeout 30 --max-time 120 --request "$1" \
      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' \
      ${data[@]+"${data[@]}"} --output "$work/answer" --write-out '%{http_code}' "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$2") ||
    status=000
}

# Reads a list of comments: prints `id ID` for those that begin with the mark $1 and that a workflow's own token wrote, and at the end
# `all NUMBER`: anybody can work out the mark, and only that token is `github-actions[bot]` (it may not ask who it is). Not every runner has a
# reader of JSON. What stands between two quotes that are not escaped is a string, and this takes them one after the other.
comments() {
  LC_ALL=C awk -v mark="$1" '
    BEGIN { RS = "\"" }
    inside {
      text = text $0
      slashes = match($0, /\\+$/) ? RLENGTH : 0
      if (slashes % 2) { text = text "\""; next }
      inside = 0
      next
    }
    {
      rest = $0
      sub(/^[ \t\r\n]+/, "", rest)
      if (substr(rest, 1, 1) == ":") {
        key = text
        if (depth == 2 && key == "id" && match(rest, /[0-9]+/)) id = substr(rest, RSTART, RLENGTH)
      } else if (depth == 2 && key == "body") {
        start = substr(text, 1, 200)
        gsub(/\\u003[cC]/, "<", start)
        gsub(/\\u003[eE]/, ">", start)
        if (index(start, mark) == 1) ours = 1
      } else if (depth == 3 && parent == "user" && key == "login") login = text
      else if (depth == 3 && parent == "user" && key == "type") kind = text
      for (at = 1; at <= length(rest); at++) {
        sign = substr(rest, at, 1)
        if (sign == "{" || sign == "[") {
          depth++
          if (depth == 2) { id = ""; ours = 0; key = ""; login = ""; kind = "" }
          if (depth == 3) { parent = key; key = "" }
        } else if (sign == "}" || sign == "]") {
          if (depth == 2) { all++; if (ours && id != "" && login == "github-actions[bot]" && kind == "Bot") print "id " id }
          depth--
        } else if (sign == ",") key = ""
      }
      text = ""
      inside = 1
    }
    END { print "all " all + 0 }
  ' "$work/answer"
}

# Writes the file $2 as the body of a comment that begins with the mark $1.
body() {
  {
    printf '{"body":"%s\\n' "$1"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e $'s/\t/\\\\t/g' -e $'s/\r/\\\\r/g' "$2" | awk 'BEGIN { ORS = "\\n" } { print }'
    printf '"}'
  } >"$work/body"
}

# Whether GitHub did what was asked; else says why not. A comment is a courtesy: none fails the job.
is_done() {
  case $status in
    2??) return 0 ;;
    401 | 403 | 404) notice "no comment on the pull request: the token may not write one (GitHub answers $status); that of a fork's pull request never may, others need the permission \`pull-requests: write\`. The summary of the job says the same" ;;
    000) warning "no comment on the pull request: $GITHUB_API_URL cannot be reached, see the message of curl above" ;;
    *) warning "no comment on the pull request: GitHub answers $status" ;;
  esac
  return 1
}

# Keeps one comment on the pull request: written where there is something to say, updated in its place, and removed where there is
# nothing any more.
comment() {
  local work mark page=1 known='' all line more status
  if [ -z "$COMMENT_FILE" ] || [ -z "$PULL_REQUEST" ]; then return 0; fi
  case $PULL_REQUEST in *[!0-9]*) fail "\`$PULL_REQUEST\` is not the number of a pull request" ;; esac
  has curl || {
    warning "no comment on the pull request: that needs \`curl\`, which is not here"
    return 0
  }
  work=$(mktemp -d "$RUNNER_TEMP/sfl-comment.XXXXXX")
  # Two jobs, or two uses with other paths, have a comment each.
  printf '%s\n' "${GITHUB_WORKFLOW:-}" "${GITHUB_JOB:-}" "$INPUT_WORKING_DIRECTORY" "$INPUT_PATHS" >"$work/key"
  mark="<!-- sfl comment $(sha256 "$work/key" | cut -c 1-16) -->"
  while [ "$page" -le 50 ]; do
    ask GET "issues/$PULL_REQUEST/comments?per_page=100&page=$page"
    is_done || return 0
    all=0
    while read -r line more; do
      case $line in
        id) known=${known:-$more} ;;
        all) all=$more ;;
      esac
    done < <(comments "$mark")
    if [ -n "$known" ] || [ "$all" -lt 100 ]; then break; fi
    page=$((page + 1))
  done
  if ! [ -s "$COMMENT_FILE" ]; then
    if [ -z "$known" ]; then
      echo 'nothing to say on the pull request'
      return 0
    fi
    ask DELETE "issues/comments/$known"
    if is_done; then echo 'the comment on the pull request is removed: there is nothing to say any more'; fi
    return 0
  fi
  body "$mark" "$COMMENT_FILE"
  if [ -n "$known" ]; then
    ask PATCH "issues/comments/$known" "$work/body"
    if is_done; then echo 'the comment on the pull request is updated'; fi
  else
    ask POST "issues/$PULL_REQUEST/comments" "$work/body"
    if is_done; then echo 'the pull request has a comment'; fi
  fi
}

# ---- verdict ----------------------------------------------------------------------------------------------------------

verdict() {
  case $SFL_EXIT_CODE in
    0) ;;
    1)
      echo "::error title=sfl::something is at or above \`fail-on: $(escaped "$INPUT_FAIL_ON")\`: see the findings in the step before"
      exit 1
      ;;
    2) fail 'an input could not be read, or the usage was wrong: see the step before' ;;
    *) fail "sfl ended with $SFL_EXIT_CODE, which it never should: see the step before" ;;
  esac
}

case ${1:-} in
  install | check | comment | verdict) "$1" ;;
  *) fail "no step \`${1:-}\`: install, check, comment or verdict" ;;
esac
