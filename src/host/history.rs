//! What the files of a run were at another commit. Asks the `git` program for objects, and for nothing else: no checkout, no
//! index, no hook, no filter, no network. (The library `gix` would double the number of crates for these five questions.)

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use crate::host::discover::{self, Input};

/// Why there is nothing to compare with.
#[derive(Debug, thiserror::Error)]
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

/// What a run judged, as it was.
#[derive(Debug, Default)]
pub struct Past {
    /// Files, by the name under which they would be shown.
    pub files: Vec<PastFile>,
    /// Terraform folders.
    pub modules: Vec<PastModule>,
    /// Today's names of files that had another: new to old, as shown.
    pub renames: BTreeMap<String, String>,
}

/// One file.
#[derive(Clone, Debug)]
pub struct PastFile {
    /// As it is shown.
    pub name: String,
    /// The object that holds its bytes.
    object: String,
}

/// The JSON files of one Terraform folder.
#[derive(Debug)]
pub struct PastModule {
    /// As it is shown.
    pub folder: String,
    /// Each file; whether it is configuration; whether it was asked for.
    pub files: Vec<(PastFile, bool, bool)>,
}

/// A repository and the commit to compare with.
#[derive(Debug)]
pub struct History {
    /// Where git is asked.
    here: PathBuf,
    /// The folder of the working tree, without links.
    top: PathBuf,
    /// The commit.
    base: String,
    /// Its files: path to object.
    tree: BTreeMap<String, String>,
    /// Files that have another name today: new to old.
    renames: BTreeMap<String, String>,
    /// The program that hands out objects.
    objects: Objects,
}

impl History {
    /// Finds the commit that `reference` and HEAD share, which is what a pull request is compared with.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn open(here: &Path, reference: &str) -> Result<Self, HistoryError> {
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
        let shallow = shallow.trim() == "true";
        let base = base(here, reference, shallow)?;
        let tree = tree(here, &base)?;
        let renames = renames(here, &base)?;
        Ok(Self {
            objects: Objects::start(here)?,
            here: here.to_path_buf(),
            top,
            base,
            tree,
            renames,
        })
    }

    /// The commit that is compared with.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Leaves out what belongs to another repository: submodules, and clones that lie inside of this one.
    ///
    /// # Errors
    /// An input has no place in the repository.
    pub fn own(&self, inputs: Vec<Input>) -> Result<Vec<Input>, HistoryError> {
        let mut places = Places::new(&self.here, &self.top);
        let mut own = Vec::new();
        for input in inputs {
            let path = match &input {
                Input::File { path, .. } => path.clone(),
                Input::Module { folder, files } => {
                    let first = files.first().map(|(path, _)| path.clone());
                    first.unwrap_or_else(|| folder.clone())
                }
                Input::Standard { name } => PathBuf::from(name),
            };
            let nameless = matches!(&input, Input::Standard { name } if name == "<stdin>");
            if nameless || (path.exists() && places.find(&path).is_none()) {
                return Err(HistoryError::Outside(discover::shown(&path)));
            }
            if !places.foreign(&path) {
                own.push(input);
            }
        }
        Ok(own)
    }

    /// What the inputs were, under the names that they had, with the files below `roots` that are no more and that the run
    /// would have looked at: `looks` is asked, with the path that is shown.
    #[must_use]
    pub fn past(&self, inputs: &[Input], roots: &[PathBuf], looks: &dyn Fn(&str) -> bool) -> Past {
        let mut places = Places::new(&self.here, &self.top);
        let mut past = Past::default();
        // Path in the repository to the name that is shown.
        let mut wanted: BTreeMap<String, String> = BTreeMap::new();
        let mut today = BTreeSet::new();
        for input in inputs {
            let paths = match input {
                Input::File { path, .. } => vec![path.clone()],
                Input::Module { files, .. } => files.iter().map(|(path, _)| path.clone()).collect(),
                Input::Standard { name } => vec![PathBuf::from(name)],
            };
            for path in paths {
                let Some(place) = places.find(&path) else {
                    continue;
                };
                let name = discover::shown(&path);
                if self.tree.contains_key(&place) {
                    wanted.insert(place.clone(), name);
                } else if let Some(old) = self.renames.get(&place)
                    && self.gone(old)
                {
                    let shown = discover::shown(&self.local(old));
                    past.renames.insert(name, shown.clone());
                    wanted.insert(old.clone(), shown);
                }
                today.insert(place);
            }
        }
        for root in roots.iter().filter(|root| root.is_dir()) {
            let Some(prefix) = places.folder(root) else {
                continue;
            };
            for place in self.tree.keys() {
                let Some(below) = below(place, &prefix) else {
                    continue;
                };
                let hidden = below.split('/').any(|part| part.starts_with('.'));
                let never = discover::never(Path::new(below));
                if !hidden
                    && !never
                    && !today.contains(place)
                    && !wanted.contains_key(place)
                    && self.gone(place)
                {
                    let name = discover::shown(&root.join(below));
                    if looks(&name) {
                        wanted.insert(place.clone(), name);
                    }
                }
            }
        }
        self.sorted(&wanted, &mut past);
        past
    }

    /// Terraform reads folders, everything else is read by itself.
    fn sorted(&self, wanted: &BTreeMap<String, String>, past: &mut Past) {
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for (place, name) in wanted {
            if discover::is_terraform_json(Path::new(place)) {
                folders.insert(place.rsplit_once('/').map_or("", |(folder, _)| folder));
            } else {
                past.files.push(self.file(place, name.clone()));
            }
        }
        for folder in folders {
            let beside = self
                .tree
                .keys()
                .filter(|place| below(place, folder).is_some_and(|rest| !rest.contains('/')));
            let (configuration, values) = discover::module(beside.map(PathBuf::from).collect());
            let configuration = configuration.iter().map(|path| (path, true));
            let all = configuration.chain(values.iter().map(|path| (path, false)));
            let files = all.filter_map(|(path, is_configuration)| {
                let place = path.to_str()?;
                let name = wanted.get(place);
                let shown = name
                    .cloned()
                    .unwrap_or_else(|| discover::shown(&self.local(place)));
                Some((self.file(place, shown), is_configuration, name.is_some()))
            });
            past.modules.push(PastModule {
                folder: discover::shown(&self.local(folder)),
                files: files.collect(),
            });
        }
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// They are not in this clone.
    pub fn read(&mut self, file: &PastFile) -> Result<Vec<u8>, HistoryError> {
        let bytes = self.objects.read(&file.object);
        bytes.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => HistoryError::Partial(file.name.clone()),
            _ => HistoryError::Git(error.to_string()),
        })
    }

    /// The bytes of whatever stood at a path of the working tree.
    #[must_use]
    pub fn at(&mut self, path: &Path) -> Option<Vec<u8>> {
        let place = Places::new(&self.here, &self.top).find(path)?;
        let object = self.tree.get(&place)?.clone();
        self.objects.read(&object).ok()
    }

    fn file(&self, place: &str, name: String) -> PastFile {
        PastFile {
            name,
            object: self.tree.get(place).cloned().unwrap_or_default(),
        }
    }

    fn local(&self, place: &str) -> PathBuf {
        let path = self.top.join(place);
        let here = self.here.canonicalize();
        let below = here
            .ok()
            .and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
        below.unwrap_or(path)
    }

    fn gone(&self, place: &str) -> bool {
        self.top.join(place).symlink_metadata().is_err()
    }
}

/// What stands below a folder of the repository; all of it below the topmost.
fn below<'p>(place: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(place);
    }
    place.strip_prefix(folder)?.strip_prefix('/')
}

/// Where files are in the repository, whatever links led to them.
struct Places<'h> {
    here: &'h Path,
    top: &'h Path,
    folders: BTreeMap<PathBuf, Option<(String, bool)>>,
}

impl<'h> Places<'h> {
    fn new(here: &'h Path, top: &'h Path) -> Self {
        Self {
            here,
            top,
            folders: BTreeMap::new(),
        }
    }

    fn find(&mut self, path: &Path) -> Option<String> {
        let name = path.file_name()?.to_str()?.to_owned();
        let folder = self.folder(path.parent().unwrap_or(Path::new("")))?;
        Some(if folder.is_empty() {
            name
        } else {
            format!("{folder}/{name}")
        })
    }

    fn folder(&mut self, folder: &Path) -> Option<String> {
        Some(self.known(folder)?.0)
    }

    fn foreign(&mut self, path: &Path) -> bool {
        let folder = path.parent().unwrap_or(Path::new(""));
        self.known(folder).is_some_and(|(_, foreign)| foreign)
    }

    fn known(&mut self, folder: &Path) -> Option<(String, bool)> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let real = self.here.join(folder).canonicalize().ok();
        let found = real.and_then(|real| {
            let inside = real.strip_prefix(self.top).ok()?;
            let parts = inside.components().map(|part| match part {
                Component::Normal(part) => part.to_str(),
                _ => None,
            });
            let parts: Option<Vec<&str>> = parts.collect();
            let between = real.ancestors().take_while(|folder| *folder != self.top);
            let foreign = between
                .into_iter()
                .any(|folder| folder.join(".git").exists());
            Some((parts?.join("/"), foreign))
        });
        self.folders.insert(folder.to_path_buf(), found.clone());
        found
    }
}

/// The commit to compare with.
fn base(here: &Path, reference: &str, shallow: bool) -> Result<String, HistoryError> {
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
    let Some(wanted) = commit(reference)? else {
        let hint = match commit(&format!("refs/remotes/origin/{reference}"))? {
            Some(_) => format!("there is `origin/{reference}`"),
            None => format!("fetch it with `{}`", fetch(here, reference, shallow)?),
        };
        return Err(missing(hint));
    };
    let Some(head) = commit("HEAD")? else {
        return Err(HistoryError::NoRepository(
            "it has no commit yet".to_owned(),
        ));
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

/// The files of a commit. Links and submodules are no files.
fn tree(here: &Path, base: &str) -> Result<BTreeMap<String, String>, HistoryError> {
    let listed = git(here, &["ls-tree", "-r", "-z", "--full-tree", base])?;
    if !listed.status.success() {
        return Err(HistoryError::Git(said(&listed)));
    }
    let listed = text(&listed);
    let files = listed.split('\0').filter_map(|line| {
        let (about, path) = line.split_once('\t')?;
        let mut about = about.split(' ');
        let mode = about.next()?;
        let object = about.nth(1)?;
        mode.starts_with("100")
            .then(|| (path.to_owned(), object.to_owned()))
    });
    Ok(files.collect())
}

/// Files that were renamed since: new to old.
fn renames(here: &Path, base: &str) -> Result<BTreeMap<String, String>, HistoryError> {
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
struct Objects {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl Objects {
    fn start(here: &Path) -> Result<Self, HistoryError> {
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

    fn read(&mut self, object: &str) -> io::Result<Vec<u8>> {
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
