//! What the `git` program is asked, and how: for objects, and for what it tracks, and for nothing else: no checkout, no hook, no filter,
//! no network. (The library `gix` would double the number of crates for these few questions.)

#![warn(missing_docs)]

use crate::base::file_paths::{encoded, named, raw};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

/// Why there is nothing to compare with.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// No program.
    #[error("to look back takes the program `git`, which cannot be started: {0}")]
    NoGit(io::Error),
    /// No repository, or one that git does not trust.
    #[error("to look back takes a git repository: {0}")]
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
    #[error("there is nothing to look back at: this repository has no commit yet")]
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
    #[error("{0} is not in this git repository: nothing can tell what it was")]
    Outside(String),
    /// A path at which nothing ever stood.
    #[error("{0}: there is no such file or folder, and no commit of this branch has one")]
    NoPath(String),
    /// Paths of two repositories.
    #[error("{0} and {1} are in two git repositories: look back in one at a time")]
    Several(String, String),
    /// A commit by whose configuration nothing can be judged.
    #[error("the configuration at `{0}` is faulty: nothing is recorded there")]
    Faulty(String),
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
    let about = named(&about.stdout);
    let (shallow, top) = about.split_once('\n').unwrap_or_default();
    let top = Path::new(top.trim_end_matches(['\r', '\n']));
    let real = raw(top).canonicalize();
    let top = real.map_or_else(|_| top.to_path_buf(), encoded);
    Ok((top, shallow.trim() == "true"))
}

/// Whether a folder, without links, is the top of a working tree or a bare repository: git also takes a folder further down for it.
pub fn is_top(here: &Path) -> Result<bool, HistoryError> {
    let about = git(here, &["rev-parse", "--git-dir", "--show-prefix"])?;
    if !about.status.success() {
        return Err(HistoryError::NoRepository(said(&about)));
    }
    let about = text(&about);
    let (folder, prefix) = about.split_once('\n').unwrap_or_default();
    let is_beside = matches!(folder, "." | ".git") || here.join(".git").is_file();
    Ok(is_beside && prefix.trim().is_empty())
}

/// The commit to compare with.
pub fn base(here: &Path, reference: &str, shallow: bool) -> Result<String, HistoryError> {
    if reference.is_empty() || reference.starts_with('-') {
        return Err(no_commit(here, reference, shallow)?);
    }
    let Some(head) = named_commit(here, "HEAD")? else {
        return Err(HistoryError::NoCommits);
    };
    let Some(wanted) = named_commit(here, reference)? else {
        return Err(no_commit(here, reference, shallow)?);
    };
    let shared = git(here, &["merge-base", &wanted, &head])?;
    if shared.status.success() {
        return Ok(text(&shared).trim().to_owned());
    }
    if !shallow {
        return Err(HistoryError::Unrelated(reference.to_owned()));
    }
    // Where the history is cut off right here, the commit still names its parents: what a pull request was merged into.
    let raw = raw_commit(here, &head)?;
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

/// What is checked out, and from where.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// The URL of `origin`, as it is written down.
    pub origin: String,
    /// The commit.
    pub commit: Option<String>,
    /// The branch; none where a commit is checked out by itself.
    pub branch: Option<String>,
}

/// Asks for it; nothing where there is no repository, or none that was cloned from anywhere.
#[must_use]
pub fn checkout(here: &Path) -> Option<Checkout> {
    let ask = |arguments: &[&str]| {
        let output = git(here, arguments).ok()?;
        let answer = text(&output).trim().to_owned();
        (output.status.success() && !answer.is_empty()).then_some(answer)
    };
    Some(Checkout {
        origin: ask(&["config", "--get", "remote.origin.url"])?,
        commit: ask(&["rev-parse", "--verify", "--quiet", "HEAD"]),
        branch: ask(&["symbolic-ref", "--quiet", "--short", "HEAD"]),
    })
}

/// A file of a commit's tree.
pub struct TreeFile {
    /// Where it stands.
    pub path: String,
    /// What it is to git: a file, a program, a link, another repository.
    pub mode: String,
    /// The name of what it holds.
    pub object: String,
}

/// Everything in a commit's tree.
pub fn whole_tree(here: &Path, commit: &str) -> Result<Vec<TreeFile>, HistoryError> {
    let listed = git(here, &["ls-tree", "-r", "-z", "--full-tree", commit])?;
    if !listed.status.success() {
        return Err(HistoryError::Git(said(&listed)));
    }
    let listed = named(&listed.stdout);
    let lines = listed.split('\0').filter_map(|line| line.split_once('\t'));
    let places = lines.filter_map(|(about, path)| {
        let mut about = about.split(' ');
        let (mode, object) = (about.next()?, about.nth(1)?);
        Some(TreeFile {
            path: path.to_owned(),
            mode: mode.to_owned(),
            object: object.to_owned(),
        })
    });
    Ok(places.collect())
}

/// What a commit holds.
#[derive(Debug, Default)]
pub struct CommitTree {
    /// Its files, each with its object. Submodules are none.
    pub files: BTreeMap<String, String>,
    /// Its links.
    pub links: BTreeSet<String>,
    /// The folders that are other repositories, each with the commit of theirs.
    pub submodules: BTreeMap<String, String>,
}

impl CommitTree {
    fn put(&mut self, path: String, mode: &str, object: String) {
        if mode.starts_with("100") {
            self.files.insert(path, object);
        } else if mode.starts_with("120") {
            self.links.insert(path);
        } else if mode.starts_with("160") {
            self.submodules.insert(path, object);
        }
    }
}

/// What a commit holds.
pub fn tree(here: &Path, base: &str) -> Result<CommitTree, HistoryError> {
    let mut tree = CommitTree::default();
    for file in whole_tree(here, base)? {
        tree.put(file.path, &file.mode, file.object);
    }
    Ok(tree)
}

/// What git tracks in the working tree, each with the object that is to be committed next.
pub fn tracked(top: &Path) -> Result<CommitTree, HistoryError> {
    let listed = git(top, &["ls-files", "--stage", "-z"])?;
    if !listed.status.success() {
        return Err(HistoryError::Git(said(&listed)));
    }
    let listed = named(&listed.stdout);
    let mut tree = CommitTree::default();
    for line in listed.split('\0') {
        let Some((about, path)) = line.split_once('\t') else {
            continue;
        };
        let mut about = about.split(' ');
        if let (Some(mode), Some(object)) = (about.next(), about.next()) {
            tree.put(path.to_owned(), mode, object.to_owned());
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
    let output = named(&output.stdout);
    let mut words = output.split('\0');
    let mut renames = BTreeMap::new();
    while let (Some(_), Some(old), Some(new)) = (words.next(), words.next(), words.next()) {
        renames.insert(new.to_owned(), old.to_owned());
    }
    Ok(renames)
}

/// A commit of the line of first parents.
#[derive(Clone, Debug)]
pub struct FirstParent {
    /// Its name.
    pub id: String,
    /// The commits that it names as its parents.
    pub parents: Vec<String>,
    /// When it was committed, as ISO 8601 says it, where that was.
    pub at: String,
    /// The first line of its message.
    pub subject: String,
}

/// The commit that a name stands for.
pub fn named_commit(here: &Path, name: &str) -> Result<Option<String>, HistoryError> {
    if name.is_empty() || name.starts_with('-') {
        return Ok(None);
    }
    let name = format!("{name}^{{commit}}");
    let output = git(here, &["rev-parse", "--verify", "--quiet", &name])?;
    let found = output.status.success();
    Ok(found.then(|| text(&output).trim().to_owned()))
}

/// The last commit that changed a file, if one did.
pub fn last_change(here: &Path, file: &Path) -> Result<Option<String>, HistoryError> {
    let mut command = command(here, &["rev-list", "-1", "HEAD", "--"]);
    let output = command
        .arg(&*raw(file))
        .output()
        .map_err(HistoryError::NoGit)?;
    let commit = text(&output).trim().to_owned();
    Ok(Some(commit).filter(|commit| output.status.success() && !commit.is_empty()))
}

/// What to say of a name that stands for no commit.
pub fn no_commit(
    here: &Path,
    reference: &str,
    shallow: bool,
) -> Result<HistoryError, HistoryError> {
    let hint = if reference.is_empty() || reference.starts_with('-') {
        "a branch, a tag or a commit is needed".to_owned()
    } else if looks_like_a_day(reference) {
        "it looks like a day, and there is no such day".to_owned()
    } else if named_commit(here, &format!("refs/remotes/origin/{reference}"))?.is_some() {
        format!("there is `origin/{reference}`")
    } else {
        format!("fetch it with `{}`", fetch(here, reference, shallow)?)
    };
    Ok(HistoryError::NoCommit {
        reference: reference.to_owned(),
        hint,
    })
}

/// Whether somebody meant a day: 2026-13-01.
fn looks_like_a_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_short = |part: &str| (1..=2).contains(&part.len());
    match parts[..] {
        [year, month, day] => {
            parts.iter().all(is_number) && year.len() == 4 && is_short(month) && is_short(day)
        }
        _ => false,
    }
}

/// Whether any commit up to a tip changed something at or below a place of the repository.
pub fn is_touched(here: &Path, tip: &str, place: &str) -> Result<bool, HistoryError> {
    let mut command = command(here, &["log", "-1", "--format=%H", tip, "--"]);
    let output = command.arg(&*raw(Path::new(place))).output();
    let output = output.map_err(HistoryError::NoGit)?;
    match output.status.success() {
        true => Ok(!text(&output).trim().is_empty()),
        false => Err(HistoryError::Git(said(&output))),
    }
}

/// The commits of a branch, the oldest first: those that were made on it, and those by which others were merged into it.
pub fn first_parents(here: &Path, tip: &str) -> Result<Vec<FirstParent>, HistoryError> {
    let flags = [
        "log",
        "--first-parent",
        "--reverse",
        "-z",
        "--no-patch",
        "--no-show-signature",
        "--encoding=UTF-8",
        "--format=%H%x1f%P%x1f%cI%x1f%s",
        tip,
    ];
    let listed = git(here, &flags)?;
    if !listed.status.success() {
        return Err(HistoryError::Git(said(&listed)));
    }
    let listed = text(&listed);
    let commits = listed.split('\0').filter_map(|line| {
        let mut words = line.splitn(4, '\u{1f}');
        Some(FirstParent {
            id: words.next().filter(|id| !id.is_empty())?.to_owned(),
            parents: words
                .next()?
                .split(' ')
                .filter(|id| !id.is_empty())
                .map(str::to_owned)
                .collect(),
            at: words.next()?.to_owned(),
            subject: words.next()?.to_owned(),
        })
    });
    Ok(commits.collect())
}

/// The commits that `tip` has and `commit` has not, one a line.
pub fn not_in(here: &Path, commit: &str, tip: &str) -> Result<String, HistoryError> {
    let listed = git(here, &["rev-list", "--first-parent", tip, "--not", commit])?;
    if !listed.status.success() {
        return Err(HistoryError::Git(said(&listed)));
    }
    Ok(text(&listed))
}

/// A commit as it is stored, with the parents that it names, whether they are here or not.
pub fn raw_commit(here: &Path, commit: &str) -> Result<String, HistoryError> {
    Ok(text(&git(here, &["cat-file", "commit", commit])?))
}

/// The commits after `base` up to `tip`, along first parents, one after the other, each with what it changes.
#[derive(Debug)]
pub struct Changes {
    child: Child,
    answer: BufReader<ChildStdout>,
    /// A token that belongs to the next commit.
    next: Option<String>,
}

/// What one commit changes in the tree of its first parent.
#[derive(Debug, Default)]
pub struct TreeChange {
    /// The commit.
    pub id: String,
    /// What stands at a place afterwards, with its mode; nothing where it has gone.
    pub places: Vec<(String, Option<(String, String)>)>,
    /// Files that got another name: new to old.
    pub renames: Vec<(String, String)>,
}

impl Changes {
    pub fn start(here: &Path, base: &str, tip: &str) -> Result<Self, HistoryError> {
        let range = format!("{base}..{tip}");
        let flags = [
            "log",
            "--first-parent",
            "--reverse",
            "-z",
            "--raw",
            "-r",
            "-M",
            "--no-abbrev",
            "--no-ext-diff",
            "--diff-merges=first-parent",
            "--ignore-submodules=none",
            "--no-show-signature",
            "--format=commit %H",
            &range,
        ];
        let mut command = command(here, &flags);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(HistoryError::NoGit)?;
        let Some(answer) = child.stdout.take() else {
            return Err(HistoryError::Git("no pipe to `git log`".to_owned()));
        };
        Ok(Self {
            child,
            answer: BufReader::new(answer),
            next: None,
        })
    }

    fn token(&mut self) -> io::Result<Option<String>> {
        if let Some(token) = self.next.take() {
            return Ok(Some(token));
        }
        let mut bytes = Vec::new();
        self.answer.read_until(0, &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        if bytes.last() == Some(&0) {
            bytes.pop();
        }
        Ok(Some(named(&bytes)))
    }

    /// The next commit; nothing after the last one.
    pub fn next_commit(&mut self) -> io::Result<Option<TreeChange>> {
        let mut change = TreeChange::default();
        while let Some(token) = self.token()? {
            let word = token.trim_start_matches('\n');
            if let Some(id) = word.strip_prefix("commit ") {
                if change.id.is_empty() {
                    id.clone_into(&mut change.id);
                    continue;
                }
                self.next = Some(token);
                break;
            }
            let Some(about) = word.strip_prefix(':') else {
                continue;
            };
            let mut about = about.split(' ');
            let (Some(mode), Some(object), Some(status)) =
                (about.nth(1), about.nth(1), about.next())
            else {
                return Err(io::ErrorKind::InvalidData.into());
            };
            let Some(path) = self.token()? else {
                return Err(io::ErrorKind::UnexpectedEof.into());
            };
            let there = Some((mode.to_owned(), object.to_owned()));
            match status.as_bytes().first() {
                Some(b'D') => change.places.push((path, None)),
                Some(b'R') => {
                    let Some(new) = self.token()? else {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    };
                    change.places.push((path.clone(), None));
                    change.places.push((new.clone(), there));
                    change.renames.push((new, path));
                }
                _ => change.places.push((path, there)),
            }
        }
        if !change.id.is_empty() {
            return Ok(Some(change));
        }
        // An end that git did not mean is no end.
        match self.child.wait()?.success() {
            true => Ok(None),
            false => Err(io::Error::other("it stopped while it listed what changed")),
        }
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        // It would wait for a reader.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
        let length = self.ask(object)?;
        let mut bytes = vec![0; length];
        self.answer.read_exact(&mut bytes)?;
        self.answer.read_exact(&mut [0])?;
        Ok(bytes)
    }

    /// The same; nothing where it is larger.
    pub fn read_up_to(&mut self, object: &str, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let length = self.ask(object)?;
        if length > limit {
            let rest = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
            io::copy(&mut (&mut self.answer).take(rest), &mut io::sink())?;
            return Ok(None);
        }
        let mut bytes = vec![0; length];
        self.answer.read_exact(&mut bytes)?;
        self.answer.read_exact(&mut [0])?;
        Ok(Some(bytes))
    }

    /// Asks, and gives the length of the answer.
    fn ask(&mut self, object: &str) -> io::Result<usize> {
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
        length.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, head))
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
        .current_dir(raw(here))
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
