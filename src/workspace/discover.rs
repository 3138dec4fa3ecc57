//! Which files are templates: by what they hold, not by what they are called.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use memchr::memmem;

use super::aside::Aside;
use super::content::first_byte;
pub use super::content::{Content, Plan, decoded, is_clearly_template, is_meant_as_json, sort};
use super::content::{holds_anywhere, may_be_clear_template};
use super::tree_files::tree_around;
use super::ways::Ways;
use crate::analysis::unread::BY_CALL;
use crate::analysis::{Unread, UnreadKind};
use crate::base::finding::Problem;
use crate::blocks::plan;
use crate::host::door::{self, Door};
use crate::host::walk::{Seen, WalkRoot, walk};
use crate::host::{Entry, FileKind, Host, HostError, Opened, known_as, shown};

/// Files above this are read in parts, if at all: no template comes near (the service takes 1 MB).
const LARGE: u64 = 16 << 20;
/// How much of a large file says what it is.
const PREFIX: u64 = 64 << 10;
/// The most that is held of a file that is no plan: it was named, or it is standard input.
const LARGEST: u64 = 512 << 20;

/// Endings of files that hold no template, whatever is in them: not worth the opening.
const NEVER: [&str; 63] = [
    "7z", "a", "avi", "bin", "bmp", "bz2", "c", "class", "cpp", "cs", "css", "csv", "dll", "doc",
    "docx", "drawio", "dylib", "exe", "gif", "go", "gz", "h", "htm", "html", "ico", "ipynb", "jar",
    "java", "jpeg", "jpg", "js", "jsx", "kt", "lock", "log", "md", "mov", "mp3", "mp4", "o", "otf",
    "pdf", "php", "png", "ps1", "py", "pyc", "rb", "rs", "sh", "so", "sql", "svg", "tgz", "toml",
    "ts", "tsx", "ttf", "wasm", "webp", "woff", "woff2", "zip",
];

/// Something to check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// One file, which may turn out to be no template.
    File {
        path: PathBuf,
        /// Whether somebody asked for it by name.
        named: bool,
    },
    /// Terraform files of one folder: one module, whichever of them were asked for.
    Module {
        folder: PathBuf,
        /// Those that were asked for, and whether by name.
        files: Vec<(PathBuf, bool)>,
        /// Whether nobody asked for any of them, and others of the run call it.
        is_called: bool,
    },
    /// Standard input, under the name that is shown for it.
    Standard { name: String },
}

/// What to look at.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Files and folders; `-` is standard input.
    pub paths: &'w [PathBuf],
    /// The name to show for standard input.
    pub stdin_filename: Option<&'w str>,
    /// Take named files as if they had been found in a folder.
    pub skip_unknown: bool,
    /// Read what ignore files hide.
    pub ignores_nothing: bool,
    /// Name everything that is not read, however much it is.
    pub names_all: bool,
}

/// Who leaves a file out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOutBy {
    /// The configuration.
    Configuration,
    /// The call.
    Call,
}

impl LeftOutBy {
    /// As it is said beside the file.
    fn why(self) -> Option<String> {
        match self {
            Self::Configuration => None,
            Self::Call => Some(BY_CALL.to_owned()),
        }
    }
}

/// What was found below the paths of a run.
#[derive(Debug, Default)]
pub struct Discovered {
    /// What to check.
    pub inputs: Vec<Input>,
    /// What could not be looked at.
    pub problems: Vec<Problem>,
    /// What is not looked at.
    pub unread: Unread,
}

/// Finds what to check below the given paths, in a stable order. `leave_out` is asked about each file, as it is shown, and told
/// whether it was named.
pub fn inputs(
    host: &dyn Host,
    wanted: Wanted<'_>,
    leave_out: &dyn Fn(&str, bool) -> Option<LeftOutBy>,
) -> Discovered {
    let door = Door::new(host);
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    let mut aside = Aside::new(host, &door);
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    let mut ways = Ways::of(host, wanted.paths);
    for path in wanted.paths {
        if path.as_os_str() == "-" {
            let name = wanted.stdin_filename.unwrap_or("<stdin>").to_owned();
            inputs.push(Input::Standard { name });
            continue;
        }
        // One file is one input, whichever way it was named.
        let path = &*known_as(host, path);
        let left_out = |path: &Path, named| leave_out(&shown(host, path), named);
        let found = door.named(path);
        if let Ok(found) = &found {
            ways.add(path, &found.real);
        }
        match found {
            Ok(found) if found.kind == FileKind::Folder => {
                let mut take = |seen: Seen| match seen {
                    Seen::File(path) => match promise(&path) {
                        Promise::Nothing => {}
                        promise => match (left_out(&path, false), promise) {
                            (Some(by), _) => aside.exclude(path, by.why()),
                            (None, Promise::Terragrunt) => {
                                aside.add(UnreadKind::TerraformSyntax, path);
                            }
                            (None, _) => {
                                aside.program(&path);
                                files.push((path, false));
                            }
                        },
                    },
                    Seen::Irregular(path) if is_terraform(&path) && is_linked(host, &path) => {
                        match left_out(&path, false) {
                            None => files.push((path, false)),
                            Some(by) => aside.exclude(path, by.why()),
                        }
                    }
                    seen => aside.see(seen),
                };
                let root = WalkRoot {
                    folder: path,
                    is_named: !path.as_os_str().is_empty(),
                    ignores_nothing: wanted.ignores_nothing,
                };
                walk((host, &door), root, &found, &mut problems, &mut take);
                aside.roots.push(found.real);
            }
            found => {
                if let Some(by) = left_out(path, true) {
                    aside.exclude(path.to_owned(), by.why());
                    continue;
                }
                if let Err(error) = found {
                    problems.push(error.into_problem(shown(host, path)));
                    continue;
                }
                let promise = promise(path);
                if promise == Promise::Terragrunt {
                    aside.add(UnreadKind::TerraformSyntax, path.to_owned());
                }
                if !wanted.skip_unknown {
                    aside.program(path);
                }
                if !(wanted.skip_unknown && promise != Promise::Template) {
                    files.push((path.to_owned(), true));
                }
            }
        }
    }
    // As bytes: to compare paths part by part costs more than to parse a small template. A named one stands before its twin.
    files.sort_by(|(a, a_named), (b, b_named)| {
        let order = a.as_os_str().cmp(b.as_os_str());
        order.then(b_named.cmp(a_named))
    });
    files.dedup_by(|(a, _), (b, _)| a.as_os_str() == b.as_os_str());
    ways.keep_one_of_each(&mut files);
    let unread = aside.unread(&files, wanted.names_all);
    let mut modules: BTreeMap<PathBuf, Vec<(PathBuf, bool)>> = BTreeMap::new();
    for (path, named) in files {
        let named = named && !wanted.skip_unknown;
        if is_terraform(&path) {
            let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            modules.entry(folder).or_default().push((path, named));
        } else {
            inputs.push(Input::File { path, named });
        }
    }
    let modules = modules.into_iter();
    inputs.extend(modules.map(|(folder, files)| Input::Module {
        folder,
        files,
        is_called: false,
    }));
    Discovered {
        inputs,
        problems,
        unread,
    }
}

/// What a file of a Terraform module is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModuleRole {
    Configuration,
    /// Changes what the configuration says.
    Override,
    /// Gives values to variables.
    Variables,
}

/// The files that Terraform and OpenTofu read for the ones that were asked for, in the order in which they read them: of two that say the
/// same, the later counts. OpenTofu reads `x.tofu` instead of `x.tf`, and `x.tofu.json` instead of `x.tf.json`.
#[must_use]
pub fn module(
    host: &dyn Host,
    folder: &Path,
    asked: &[(PathBuf, bool)],
) -> Vec<(PathBuf, ModuleRole)> {
    let entries = host.list(folder).unwrap_or_default();
    let mut names: Vec<PathBuf> = entries
        .into_iter()
        .filter_map(|entry| module_file(host, folder, entry))
        .collect();
    // One that stands elsewhere may have been asked for.
    names.extend(asked.iter().map(|(path, _)| path.clone()));
    names.sort();
    names.dedup();
    let hidden: Vec<PathBuf> = names.iter().filter_map(|path| hides(path)).collect();
    let roles = names.into_iter().filter(|path| !hidden.contains(path));
    let roles = roles.filter_map(|path| {
        let role = module_role(&path)?;
        let name = path.file_name()?;
        let first = FIRST_VALUES.iter().position(|first| name == *first);
        Some((role, first.unwrap_or(FIRST_VALUES.len()), path))
    });
    let mut files: Vec<_> = roles.collect();
    files.sort();
    let files = files.into_iter();
    files.map(|(role, _, path)| (path, role)).collect()
}

/// What stands in a folder as a file, a link to one included: Terraform follows links.
pub fn module_file(host: &dyn Host, folder: &Path, entry: Entry) -> Option<PathBuf> {
    let path = folder.join(&entry.name);
    let is_file = match entry.kind {
        FileKind::File => true,
        FileKind::Folder => false,
        FileKind::Other => module_role(&path).is_some() && is_linked(host, &path),
    };
    is_file.then_some(path)
}

/// Whether a link leads to a regular file of the working tree.
fn is_linked(host: &dyn Host, path: &Path) -> bool {
    let folder = path.parent().unwrap_or(Path::new(""));
    let found = Door::new(host).inside(path, &tree_around(host, folder));
    found.is_ok_and(|found| found.kind == FileKind::File)
}

/// The files of values that are read before all others.
const FIRST_VALUES: [&str; 2] = ["terraform.tfvars", "terraform.tfvars.json"];

fn module_role(path: &Path) -> Option<ModuleRole> {
    let name = path.file_name()?.to_string_lossy();
    if is_ignored(&name) {
        return None;
    }
    if let Some(stem) = stem(&name) {
        let changes = stem == "override" || stem.ends_with("_override");
        return Some(match changes {
            true => ModuleRole::Override,
            false => ModuleRole::Configuration,
        });
    }
    let has_values = FIRST_VALUES.contains(&&*name)
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json");
    has_values.then_some(ModuleRole::Variables)
}

/// A file's name without the ending by which Terraform and OpenTofu know it.
fn stem(name: &str) -> Option<&str> {
    let mut endings = [".tf", ".tofu", ".tf.json", ".tofu.json"].iter();
    endings.find_map(|ending| name.strip_suffix(ending))
}

/// Whether Terraform passes over files that are called like this: those of editors.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// The file that OpenTofu does not read where there is this one.
#[must_use]
pub fn hides(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    let hidden = match name.strip_suffix(".tofu.json") {
        Some(stem) => format!("{stem}.tf.json"),
        None => format!("{}.tf", name.strip_suffix(".tofu")?),
    };
    Some(path.with_file_name(hidden))
}

/// Reads one file that [`inputs`] found, and says what it holds. `name` is how it is shown.
///
/// # Errors
/// The file cannot be opened or read, or it is clearly a template in an encoding that cannot be read.
pub fn open(host: &dyn Host, path: &Path, name: &str, named: bool) -> Result<Content, Problem> {
    let bytes = match held(host, path, named) {
        Ok(Held::Bytes(bytes)) => bytes,
        Ok(Held::Plan(bytes)) => return Ok(Content::Plan(Plan::Stream(bytes))),
        Ok(Held::TooLarge) => return Ok(Content::Refused(HostError::TooLarge(LARGE).to_string())),
        Err(error) => return Err(error.into_problem(name.to_owned())),
    };
    // What should have written there has most likely failed.
    if named && is_blank(&bytes) {
        return Err(Problem::Unreadable {
            path: name.to_owned(),
            message: "the file is empty".to_owned(),
        });
    }
    sort(bytes, name, named)
}

fn is_blank(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii().is_empty()
}

/// What is held of a file.
enum Held {
    Bytes(Vec<u8>),
    Plan(Box<dyn Read + Send>),
    TooLarge,
}

fn held(host: &dyn Host, path: &Path, named: bool) -> Result<Held, HostError> {
    let Opened { length, mut bytes } = host.open(path)?;
    if length > LARGE {
        let mut prefix = Vec::new();
        (&mut bytes).take(PREFIX).read_to_end(&mut prefix)?;
        let is_plan = plan::looks_like_plan(&prefix)
            // Beside its configuration it would be judged twice, so it must be asked for.
            || (named && plan::looks_like_stored_state(&prefix));
        if is_plan || holds_plan_keys(&mut bytes, &prefix)? {
            return Ok(Held::Plan(host.open(path)?.bytes));
        }
        if !named {
            return Ok(Held::TooLarge);
        }
        return door::bytes(host, path, LARGEST).map(Held::Bytes);
    }
    // It may have grown since, and is then read as what it is now.
    door::take(bytes, length, LARGE).map(Held::Bytes)
}

/// Whether a file is larger than what is read of one that nobody named.
#[must_use]
pub fn is_too_large(host: &dyn Host, path: &Path) -> bool {
    host.open(path).is_ok_and(|opened| opened.length > LARGE)
}

/// Whether a file that is too large to be read may be a template: it has a section of resources, and types.
#[must_use]
pub fn may_hold_template(host: &dyn Host, path: &Path) -> bool {
    if is_terraform(path) {
        return true;
    }
    let Ok(opened) = host.open(path) else {
        return false;
    };
    may_be_clear_template(&mut opened.bytes.take(LARGEST)).unwrap_or_default()
}

/// Whether what a file begins with is no text.
#[must_use]
pub fn is_binary(host: &dyn Host, path: &Path) -> bool {
    let Ok(opened) = host.open(path) else {
        return true;
    };
    let mut start = Vec::new();
    let read = opened.bytes.take(PREFIX).read_to_end(&mut start);
    let is_utf16 = start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]);
    read.is_err() || !is_utf16 && start.contains(&0)
}

/// Reads standard input and says what it holds.
///
/// # Errors
/// As [`open`].
pub fn open_standard(host: &dyn Host, name: &str) -> Result<Content, Problem> {
    let unreadable = |error: HostError| error.into_problem(name.to_owned());
    let mut input = host.standard_input().map_err(unreadable)?;
    let mut bytes = Vec::new();
    let start = (&mut input).take(LARGE + 1).read_to_end(&mut bytes);
    start.map_err(|error| unreadable(error.into()))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGE) {
        if plan::looks_like_plan(&bytes)
            || plan::looks_like_stored_state(&bytes)
            || (first_byte(&bytes) == Some(b'{')
                && memmem::find(&bytes, b"\"resource_changes\"").is_some())
        {
            let whole = Cursor::new(bytes).chain(input);
            return Ok(Content::Plan(Plan::Stream(Box::new(whole))));
        }
        let whole = Cursor::new(bytes).chain(input);
        bytes = door::take(whole, 0, LARGEST).map_err(unreadable)?;
    }
    // What should have written there has most likely failed: that must not look as if all were well.
    if is_blank(&bytes) {
        return Err(Problem::Unreadable {
            path: name.to_owned(),
            message: "standard input is empty".to_owned(),
        });
    }
    sort(bytes, name, true)
}

/// Reads a file that stands beside one that was asked for.
///
/// # Errors
/// As [`open`].
pub fn text(host: &dyn Host, path: &Path) -> Result<String, Problem> {
    let name = shown(host, path);
    match door::bytes(host, path, LARGEST) {
        Ok(bytes) => decoded(bytes, &name),
        Err(error) => Err(error.into_problem(name)),
    }
}

/// Whether Terraform or OpenTofu reads it as configuration.
#[must_use]
pub fn is_terraform(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    // Most files end here.
    if !name.ends_with(b".json") && !is_terraform_syntax(path) {
        return false;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    stem(&name).is_some() && !is_ignored(&name)
}

/// Whether a file is one of Terraform's own syntax: of configuration, or of values.
#[must_use]
pub fn is_terraform_syntax(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    name.ends_with(b".tf") || name.ends_with(b".tofu") || name.ends_with(b".tfvars")
}

/// What the ending of a file's name promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// It may be a template.
    Template,
    /// What Terragrunt makes Terraform's configuration of.
    Terragrunt,
    /// No template, whatever is in it.
    Nothing,
}

pub(super) fn promise(path: &Path) -> Promise {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let ending = ending.unwrap_or_default().to_ascii_lowercase();
    match &*ending {
        // Terraform passes over it.
        "tf" | "tofu" if !is_terraform(path) => Promise::Nothing,
        "hcl" if is_terragrunt(path) => Promise::Terragrunt,
        ending if NEVER.binary_search(&ending).is_ok() => Promise::Nothing,
        _ => Promise::Template,
    }
}

/// Whether Terragrunt makes a configuration of it.
#[must_use]
pub fn is_terragrunt(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name == "terragrunt.hcl")
}

/// Whether a file's ending says that it holds no template that could be read.
#[must_use]
pub fn never(path: &Path) -> bool {
    promise(path) != Promise::Template
}

/// Whether the rest of a large file names a plan's sections.
fn holds_plan_keys(file: &mut dyn Read, prefix: &[u8]) -> std::io::Result<bool> {
    if first_byte(prefix) != Some(b'{') {
        return Ok(false);
    }
    holds_anywhere(file, prefix.to_vec(), &mut |window| {
        plan::looks_like_plan(window) || memmem::find(window, b"\"resource_changes\"").is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_endings_is_sorted() {
        assert!(NEVER.is_sorted());
    }
}
