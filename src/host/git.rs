//! What the `git` program is asked, and how: for objects, and for nothing else: no checkout, no index, no hook, no filter, no
//! network. (The library `gix` would double the number of crates for these five questions.)

#![warn(missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

/// Why there is nothing to compare with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// No program.
    #[error("--since needs the program `git`, which cannot be started: {0}")]
    NoGit(io::Error),
    /// No repository, or one that git does not trust.
    #[error("--since needs a git repository: {0}")]
    NoRepository(String),
    /// A reference that nothing has.
    #[error("there is no commit `{reference}` here: {hint}")]
    NoCommit {
        /// As it was given.
        reference: String,
        /// What brings it.
        hint: String,
    },
    /// A repository in which nothing was committed.
    #[error(
        "--since needs a commit to compare with, and this repository has none yet: commit once, or leave --since out"
    )]
    NoCommits,
    /// Two histories.
    #[error("`{0}` and HEAD share no commit: there is nothing to compare with")]
    Unrelated(String),
    /// A history that ends too early.
    #[error(
        "this clone is shallow, and the commit that `{0}` and HEAD share is not in it: fetch it with \
         `git fetch --unshallow` (in a workflow: `fetch-depth: 0` for actions/checkout)"
    )]
    Shallow(String),
    /// A clone without the contents of files.
    #[error(
        "this clone is partial, and the contents of {0} at that commit are not in it: fetch them with \
         `git fetch --refetch --no-filter`"
    )]
    Partial(String),
    /// An input that git cannot know.
    #[error("{0} is not in this git repository: --since cannot tell what it was")]
    Outside(String),
    /// Anything else.
    #[error("git: {0}")]
    Git(String),
}

/// Where a repository stands, and whether its history is cut off.
pub fn repository(here: &Path) -> Result<(PathBuf, bool), HistoryError> {
    let about = git(
        here,
        &["rev-parse", "--is-shallow-repository", "--show-toplevel"],
    )?;
    if !about.status.success() {
        return Err(HistoryError::NoRepository(said(&about)));
    }
    let about = text(&about);
    let (shallow, top) = about.split_once('\n').unwrap_or_default();
    let top = Path::new(top.trim_end_matches(['\r', '\n']));
    let top = top.canonicalize().unwrap_or_else(|_| top.to_path_buf());
    Ok((top, shallow.trim() == "true"))
}

/// The commit to compare with.
pub fn base(here: &Path, reference: &str, shallow: bool) -> Result<String, HistoryError> {
    let commit = |name: &str| -> Result<Option<String>, HistoryError> {
        let name = format!("{name}^{{commit}}");
        let output = git(here, &["rev-parse", "--verify", "--quiet", &name])?;
        Ok(output
            .status
            .success()
            .then(|| text(&output).trim().to_owned()))
    };
    let missing = |hint: String| HistoryError::NoCommit {
        reference: reference.to_owned(),
        hint,
    };
    if reference.is_empty() || reference.starts_with('-') {
        return Err(missing("a branch, a tag or a commit is needed".to_owned()));
    }
    let Some(head) = commit("HEAD")? else {
        return Err(HistoryError::NoCommits);
    };
    let Some(wanted) = commit(reference)? else {
        let hint = match commit(&format!("refs/remotes/origin/{reference}"))? {
            Some(_) => format!("there is `origin/{reference}`"),
            None => format!("fetch it with `{}`", fetch(here, reference, shallow)?),
        };
        return Err(missing(hint));
    };
    let shared = git(here, &["merge-base", &wanted, &head])?;
    if shared.status.success() {
        return Ok(text(&shared).trim().to_owned());
    }
    if !shallow {
        return Err(HistoryError::Unrelated(reference.to_owned()));
    }
    // Where the history is cut off right here, the commit still names its parents: what a pull request was merged into.
    let raw = git(here, &["cat-file", "commit", &head])?;
    let raw = text(&raw);
    let mut parents = raw.lines().take_while(|line| !line.is_empty());
    if parents.any(|line| line.strip_prefix("parent ") == Some(&wanted)) {
        return Ok(wanted);
    }
    Err(HistoryError::Shallow(reference.to_owned()))
}

/// The command that brings a reference.
fn fetch(here: &Path, reference: &str, shallow: bool) -> Result<String, HistoryError> {
    let deep = if shallow { "--unshallow " } else { "" };
    let remotes = text(&git(here, &["remote"])?);
    let known = reference.split_once('/');
    let known = known.filter(|(remote, _)| remotes.lines().any(|line| line == *remote));
    Ok(match known {
        Some((remote, branch)) => {
            format!("git fetch {deep}{remote} +refs/heads/{branch}:refs/remotes/{remote}/{branch}")
        }
        None => format!("git fetch {deep}origin {reference}"),
    })
}

/// What a commit holds.
#[derive(Debug, Default)]
pub struct CommitTree {
    /// Its files, each with its object. Submodules are none.
    pub files: BTreeMap<String, String>,
    /// Its links.
    pub links: BTreeSet<String>,
}

/// What a commit holds.
pub fn tree(here: &Path, base: &str) -> Result<CommitTree, HistoryError> {
    let listed = git(here, &["ls-tree", "-r", "-z", "--full-tree", base])?;
    if !listed.status.success() {
        return Err(HistoryError::Git(said(&listed)));
    }
    let listed = text(&listed);
    let mut tree = CommitTree::default();
    for (about, path) in listed.split('\0').filter_map(|line| line.split_once('\t')) {
        let mut about = about.split(' ');
        let (Some(mode), Some(object)) = (about.next(), about.nth(1)) else {
            continue;
        };
        if mode.starts_with("100") {
            tree.files.insert(path.to_owned(), object.to_owned());
        } else if mode.starts_with("120") {
            tree.links.insert(path.to_owned());
        }
    }
    Ok(tree)
}

/// Files that were renamed since: new to old.
pub fn renames(here: &Path, base: &str) -> Result<BTreeMap<String, String>, HistoryError> {
    let flags = [
        "diff-tree",
        "-r",
        "-z",
        "-M",
        "--name-status",
        "--diff-filter=R",
    ];
    let output = git(here, &[&flags[..], &[base, "HEAD"]].concat())?;
    if !output.status.success() {
        return Err(HistoryError::Git(said(&output)));
    }
    let output = text(&output);
    let mut words = output.split('\0');
    let mut renames = BTreeMap::new();
    while let (Some(_), Some(old), Some(new)) = (words.next(), words.next(), words.next()) {
        renames.insert(new.to_owned(), old.to_owned());
    }
    Ok(renames)
}

/// `git cat-file --batch`: one question, one answer.
#[derive(Debug)]
pub struct Objects {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl Objects {
    pub fn start(here: &Path) -> Result<Self, HistoryError> {
        let mut command = command(here, &["cat-file", "--batch"]);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(HistoryError::NoGit)?;
        let (Some(ask), Some(answer)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(HistoryError::Git("no pipe to `git cat-file`".to_owned()));
        };
        Ok(Self {
            child,
            ask: Some(ask),
            answer: BufReader::new(answer),
        })
    }

    pub fn read(&mut self, object: &str) -> io::Result<Vec<u8>> {
        let ask = self.ask.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(ask, "{object}")?;
        ask.flush()?;
        let mut head = String::new();
        self.answer.read_line(&mut head)?;
        let length = head
            .trim_end()
            .rsplit(' ')
            .next()
            .and_then(|word| word.parse().ok());
        let Some(length) = length else {
            return Err(io::Error::new(io::ErrorKind::NotFound, head));
        };
        let mut bytes = vec![0; length];
        self.answer.read_exact(&mut bytes)?;
        self.answer.read_exact(&mut [0])?;
        Ok(bytes)
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // It ends when nobody asks any more.
        self.ask = None;
        let _ = self.child.wait();
    }
}

fn command(here: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(here)
        .args(["--no-pager", "--literal-pathspecs"])
        // Nothing is run and nothing is sent, whatever the repository's own settings are.
        .args(["-c", "core.fsmonitor=false", "-c", "protocol.allow=never"])
        .args(arguments)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

fn git(here: &Path, arguments: &[&str]) -> Result<Output, HistoryError> {
    command(here, arguments)
        .output()
        .map_err(HistoryError::NoGit)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The first line of what git complained about, without its own mark.
fn said(output: &Output) -> String {
    let complaint = String::from_utf8_lossy(&output.stderr);
    let line = complaint.lines().next().unwrap_or("it says nothing");
    line.trim_start_matches("fatal: ").to_owned()
}
