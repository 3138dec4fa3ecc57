//! Which files are templates: by what they hold, not by what they are called. The only room that opens any.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;
use memchr::memmem;

use crate::base::SourceCode;
use crate::base::finding::Problem;
use crate::base::source::{Source, Span};
use crate::blocks::plan;

/// Files above this are read in parts, if at all: no template comes near (the service takes 1 MB).
const LARGE: u64 = 16 << 20;
/// How much of a large file says what it is.
const PREFIX: usize = 64 << 10;

/// Endings of files that hold no template, whatever is in them: not worth the opening.
const NEVER: [&str; 64] = [
    "7z", "a", "avi", "bin", "bmp", "bz2", "c", "class", "cpp", "cs", "css", "csv", "dll", "doc",
    "docx", "drawio", "dylib", "exe", "gif", "go", "gz", "h", "htm", "html", "ico", "ipynb", "jar",
    "java", "jpeg", "jpg", "js", "jsx", "kt", "lock", "log", "md", "mov", "mp3", "mp4", "o", "otf",
    "pdf", "php", "png", "ps1", "py", "pyc", "rb", "rs", "sh", "so", "sql", "svg", "tf", "tgz",
    "toml", "ts", "tsx", "ttf", "wasm", "webp", "woff", "woff2", "zip",
];

/// Something to check.
#[derive(Debug)]
pub enum Input {
    /// One file, which may turn out to be no template.
    File {
        /// Where it is.
        path: PathBuf,
        /// Whether somebody asked for it by name.
        named: bool,
    },
    /// Terraform JSON files of one folder: one module, whichever of them were asked for.
    Module {
        /// The folder.
        folder: PathBuf,
        /// Those that were asked for, and whether by name.
        files: Vec<(PathBuf, bool)>,
    },
    /// Standard input, under the name that is shown for it.
    Standard {
        /// The name.
        name: String,
    },
}

impl Input {
    /// Leaves out the files that are not wanted; whether any is left. `wanted` is told whether a file was named.
    pub fn keep(&mut self, wanted: impl Fn(&Path, bool) -> bool) -> bool {
        match self {
            Self::File { path, named } => wanted(path, *named),
            Self::Module { files, .. } => {
                files.retain(|(path, named)| wanted(path, *named));
                !files.is_empty()
            }
            Self::Standard { .. } => true,
        }
    }

    /// Forgets that files were named, as if they had been found in a folder; whether any is left.
    pub fn find(&mut self) -> bool {
        match self {
            Self::File { named: false, .. } | Self::Standard { .. } => true,
            Self::File { path, named } => {
                *named = false;
                !never(path)
            }
            Self::Module { files, .. } => {
                files.iter_mut().for_each(|(_, named)| *named = false);
                true
            }
        }
    }
}

/// What a file holds.
#[derive(Debug)]
pub enum Content {
    /// A text that may be a template in YAML.
    Yaml(String),
    /// A text that may be a template in JSON.
    Json(String),
    /// A plan, to be read from its start.
    Plan(Plan),
    /// No template.
    Nothing,
}

/// A plan: its bytes, or the file that is too large to be held.
#[derive(Debug)]
pub enum Plan {
    /// Held already.
    Bytes(Vec<u8>),
    /// Read as a stream.
    File(File),
}

/// Finds what to check below the given paths, in a stable order. `-` is standard input.
#[must_use]
pub fn inputs(paths: &[PathBuf], stdin_filename: Option<&str>) -> (Vec<Input>, Vec<Problem>) {
    let mut files: Vec<(PathBuf, bool)> = Vec::new();
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    let here = std::env::current_dir().ok();
    for path in paths {
        // One file is one input, whichever way it was named.
        let below = here
            .as_deref()
            .and_then(|here| path.strip_prefix(here).ok());
        let path = match below {
            Some(rest) if rest.as_os_str().is_empty() => Path::new("."),
            Some(rest) => rest,
            None => path,
        };
        if path.as_os_str() == "-" {
            let name = stdin_filename.unwrap_or("<stdin>").to_owned();
            inputs.push(Input::Standard { name });
        } else if path.is_dir() {
            walk(path, &mut files, &mut problems);
        } else {
            files.push((plain(path), true));
        }
    }
    // As bytes: to compare paths part by part costs more than to parse a small template. A named one stands before its twin.
    files.sort_by(|(a, a_named), (b, b_named)| {
        let order = a.as_os_str().cmp(b.as_os_str());
        order.then(b_named.cmp(a_named))
    });
    files.dedup_by(|(a, _), (b, _)| a.as_os_str() == b.as_os_str());
    let mut modules: BTreeMap<PathBuf, Vec<(PathBuf, bool)>> = BTreeMap::new();
    for (path, named) in files {
        if is_terraform_json(&path) {
            let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
            modules.entry(folder).or_default().push((path, named));
        } else {
            inputs.push(Input::File { path, named });
        }
    }
    let modules = modules.into_iter();
    inputs.extend(modules.map(|(folder, files)| Input::Module { folder, files }));
    (inputs, problems)
}

/// The files that Terraform reads beside the ones asked for: configuration, then values, later ones winning.
#[must_use]
pub fn siblings(folder: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let here = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let entries = fs::read_dir(here).into_iter().flatten().flatten();
    let mut names: Vec<PathBuf> = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| folder.join(entry.file_name()))
        .collect();
    names.sort();
    module(names)
}

/// The files of one folder, in order, as Terraform reads them: configuration, then values, later ones winning.
#[must_use]
pub fn module(names: Vec<PathBuf>) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (configuration, others): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|path| is_terraform_json(path));
    let ends = |path: &Path, end: &str| path.to_string_lossy().ends_with(end);
    let (first, rest): (Vec<_>, Vec<_>) = others
        .into_iter()
        .filter(|path| ends(path, ".tfvars.json"))
        .partition(|path| {
            path.file_name()
                .is_some_and(|name| name == "terraform.tfvars.json")
        });
    let automatic = rest
        .into_iter()
        .filter(|path| ends(path, ".auto.tfvars.json"));
    (configuration, first.into_iter().chain(automatic).collect())
}

/// Reads one file and says what it holds.
///
/// # Errors
/// The file cannot be opened or read, or it is clearly a template in an encoding that cannot be read.
pub fn open(path: &Path, named: bool) -> Result<Content, Problem> {
    let unreadable = |error: std::io::Error| Problem::unreadable(shown(path), &error);
    let mut file = File::open(path).map_err(unreadable)?;
    let length = file.metadata().map_err(unreadable)?;
    if length.is_dir() {
        return Ok(Content::Nothing);
    }
    if length.len() > LARGE {
        let mut prefix = vec![0; PREFIX];
        let read = file.read(&mut prefix).map_err(unreadable)?;
        prefix.truncate(read);
        if plan::looks_like_plan(&prefix)
            || holds_plan_keys(&mut file, &prefix).map_err(unreadable)?
        {
            return Ok(Content::Plan(Plan::File(
                File::open(path).map_err(unreadable)?,
            )));
        }
        if !named {
            return Ok(Content::Nothing);
        }
        file = File::open(path).map_err(unreadable)?;
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length.len()).unwrap_or(0) + 1);
    file.read_to_end(&mut bytes).map_err(unreadable)?;
    sort(bytes, &shown(path), named)
}

/// Reads standard input and says what it holds.
///
/// # Errors
/// As [`open`].
pub fn open_standard(name: &str) -> Result<Content, Problem> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Problem::unreadable(name.to_owned(), &error))?;
    // What should have written there has most likely failed: that must not look as if all were well.
    if bytes.trim_ascii().is_empty() {
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
pub fn text(path: &Path) -> Result<String, Problem> {
    let bytes = fs::read(path).map_err(|error| Problem::unreadable(shown(path), &error))?;
    decoded(bytes, &shown(path))
}

/// The path as it is shown: relative to the working directory where it can be, with `/`.
#[must_use]
pub fn shown(path: &Path) -> String {
    let here = path.is_absolute().then(std::env::current_dir);
    let here = here.and_then(Result::ok);
    let below = here.and_then(|here| path.strip_prefix(here).ok());
    let path = plain(below.unwrap_or(path));
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

fn plain(path: &Path) -> PathBuf {
    path.strip_prefix("./").unwrap_or(path).to_path_buf()
}

/// Whether Terraform reads it as configuration.
#[must_use]
pub fn is_terraform_json(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    name.ends_with(b".tf.json")
}

fn walk(root: &Path, files: &mut Vec<(PathBuf, bool)>, problems: &mut Vec<Problem>) {
    let walk = WalkBuilder::new(root)
        .require_git(false)
        .git_global(false)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if is_file && !never(entry.path()) {
                    files.push((plain(entry.path()), false));
                }
            }
            Err(error) => problems.push(Problem::Unreadable {
                path: shown(root),
                message: error.to_string(),
            }),
        }
    }
}

/// Whether a file's ending says that it holds no template.
#[must_use]
pub fn never(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        NEVER
            .binary_search(&ending.to_ascii_lowercase().as_str())
            .is_ok()
    })
}

/// Says what the bytes of a file hold that nobody asked for by name, as [`open`] does.
///
/// # Errors
/// As [`open`].
pub fn sort_found(bytes: Vec<u8>, name: &str) -> Result<Content, Problem> {
    let large = u64::try_from(bytes.len()).is_ok_and(|length| length > LARGE);
    if large && memmem::find(&bytes, b"\"resource_changes\"").is_some() {
        return Ok(Content::Plan(Plan::Bytes(bytes)));
    }
    if large && !plan::looks_like_plan(&bytes[..PREFIX]) {
        return Ok(Content::Nothing);
    }
    sort(bytes, name, false)
}

/// The text of a file's bytes, for a file beside one that was asked for.
///
/// # Errors
/// It is in an encoding that cannot be read.
pub fn decode(bytes: Vec<u8>, name: &str) -> Result<String, Problem> {
    decoded(bytes, name)
}

/// Says what bytes hold.
///
/// # Errors
/// They are clearly a template, or asked for by name, in an encoding that cannot be read.
pub fn sort(bytes: Vec<u8>, name: &str, named: bool) -> Result<Content, Problem> {
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if plan::looks_like_plan(&bytes) {
        return Ok(Content::Plan(Plan::Bytes(bytes)));
    }
    if !utf16 && !named && !may_be_template(&bytes) {
        return Ok(Content::Nothing);
    }
    let clearly = utf16 || is_clearly_template(&bytes);
    let text = match decoded(bytes, name) {
        Ok(text) => text,
        Err(problem) if clearly || named => return Err(problem),
        Err(_) => return Ok(Content::Nothing),
    };
    if !may_be_template(text.as_bytes()) && !named {
        return Ok(Content::Nothing);
    }
    let json = first_byte(text.as_bytes()) == Some(b'{') || name.ends_with(".json");
    Ok(if json {
        Content::Json(text)
    } else {
        Content::Yaml(text)
    })
}

/// The text of bytes in UTF-8 or, with its mark, in UTF-16.
fn decoded(bytes: Vec<u8>, name: &str) -> Result<String, Problem> {
    let little = bytes.starts_with(&[0xff, 0xfe]);
    if little || bytes.starts_with(&[0xfe, 0xff]) {
        let pairs = bytes[2..].chunks(2);
        let units = pairs.map(|pair| {
            let pair = [pair[0], pair.get(1).copied().unwrap_or(0)];
            if little {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            }
        });
        let text: Result<String, _> = char::decode_utf16(units).collect();
        return text.map_err(|_| broken_encoding(name, String::new(), 0, "UTF-16"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let start = bytes[..at]
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let lines = bytes[..start].iter().filter(|byte| **byte == b'\n').count();
        // Only the line with the fault is shown, as far as it can be.
        let line = String::from_utf8_lossy(&bytes[start..at]).into_owned();
        let mut text = "\n".repeat(lines);
        text.push_str(&line);
        let at = text.len();
        broken_encoding(name, text, at, "UTF-8")
    })
}

fn broken_encoding(name: &str, text: String, at: usize, encoding: &str) -> Problem {
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Problem::Broken {
        code: SourceCode::Encoding,
        message: format!("this is not valid {encoding}"),
        text: Arc::new(Source::new(name, text)),
        span: Span::new(at, at),
    }
}

fn first_byte(bytes: &[u8]) -> Option<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes
        .iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace())
}

/// Whether it is worth parsing: every template has a section of resources, and types with colons or known block names.
fn may_be_template(bytes: &[u8]) -> bool {
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    if has("Resources") && has("::") {
        return true;
    }
    first_byte(bytes) == Some(b'{') && (has("\"resource\"") || has("\"module\"") || has("\"data\""))
}

/// Whether a text that cannot be parsed is one that its author means to be a template.
#[must_use]
pub fn is_clearly_template(bytes: &[u8]) -> bool {
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    let section = memmem::find_iter(bytes, b"Resources").any(|at| {
        let before = at.checked_sub(1).map(|at| bytes[at]);
        let after = bytes.get(at + "Resources".len()).copied();
        // At the start of a line, or a key in quotes.
        matches!(
            (before, after),
            (None | Some(b'\n' | b'\xbf'), Some(b':' | b' ')) | (Some(b'"'), Some(b'"'))
        )
    });
    (section && (has("AWS::") || has("Custom::")))
        || (has("AWSTemplateFormatVersion") && has("AWS::"))
}

/// Whether the rest of a large file names a plan's sections.
fn holds_plan_keys(file: &mut File, prefix: &[u8]) -> std::io::Result<bool> {
    if first_byte(prefix) != Some(b'{') {
        return Ok(false);
    }
    let mut window = prefix.to_vec();
    let mut chunk = vec![0; 1 << 20];
    loop {
        if plan::looks_like_plan(&window)
            || memmem::find(&window, b"\"resource_changes\"").is_some()
        {
            return Ok(true);
        }
        let read = file.read(&mut chunk)?;
        if read == 0 {
            return Ok(false);
        }
        // Keys may straddle two chunks.
        let keep = window.len().saturating_sub(64);
        window.drain(..keep);
        window.extend_from_slice(&chunk[..read]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_endings_is_sorted() {
        assert!(NEVER.is_sorted());
    }

    #[test]
    fn a_word_in_a_text_is_no_section() {
        assert!(is_clearly_template(
            b"Resources:\n  A:\n    Type: AWS::S3::Bucket\n"
        ));
        assert!(is_clearly_template(
            br#"{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}"#
        ));
        assert!(!is_clearly_template(b"text: all Resources: of AWS::S3"));
    }
}
