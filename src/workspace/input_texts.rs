//! What one input holds: its texts, read through the host, before anybody judges them.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use memchr::memmem;

use super::Options;
use super::discover::{self, Content, Input, ModuleRole, Plan};
use super::fetched::{self, Fetched};
use super::stack::Judged;
use crate::analysis::{UnreadItem, UnreadKind};
use crate::base::finding::Problem;
use crate::base::source::Source;
use crate::host::{Buffers, Host, shown};

/// What one input holds, read and not yet judged.
#[derive(Debug)]
pub enum Texts {
    File {
        name: String,
        named: bool,
        content: Content,
    },
    Standard {
        name: String,
        content: Content,
    },
    Module(ModuleTexts),
}

/// What the files of one Terraform folder hold.
#[derive(Clone, Debug)]
pub struct ModuleTexts {
    pub folder: PathBuf,
    pub texts: Vec<ModuleText>,
    /// Files that were asked for and that others hide, each with the one that hides it.
    hidden: Vec<(String, String)>,
    problems: Vec<Problem>,
}

impl Texts {
    pub fn read(input: &Input, host: &dyn Host) -> Result<Self, Problem> {
        let name = name(input, host);
        match input {
            Input::File { path, named } => Ok(Self::File {
                content: discover::open(host, path, &name, *named)?,
                name,
                named: *named,
            }),
            Input::Standard { .. } => Ok(Self::Standard {
                content: discover::open_standard(host, &name)?,
                name,
            }),
            Input::Module {
                folder,
                files,
                is_called,
            } => Ok(Self::Module(ModuleTexts::of(
                host, folder, files, *is_called,
            ))),
        }
    }

    /// A number that differs where the texts do. A stream and what could not be read have none.
    pub fn digest(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        match self {
            // It is read once.
            Self::Standard { .. } => return None,
            Self::File { content, named, .. } => match content {
                Content::Nothing => (0_u8, named).hash(&mut hasher),
                Content::Refused(why) => (4_u8, named, why).hash(&mut hasher),
                Content::Yaml(text) => (1_u8, named, text).hash(&mut hasher),
                Content::Json(text) => (2_u8, named, text).hash(&mut hasher),
                Content::Hcl(text) => (5_u8, named, text).hash(&mut hasher),
                Content::Plan(Plan::Bytes(bytes)) => (3_u8, named, bytes).hash(&mut hasher),
                Content::Plan(Plan::Stream(_)) => return None,
            },
            Self::Module(texts) => return texts.digest(),
        }
        Some(hasher.finish())
    }

    pub fn judge(self, judged: &mut Judged, options: &Options) -> Result<(), Problem> {
        match self {
            Self::File {
                name,
                named,
                content,
            } => judged.content(content, &name, named, options),
            Self::Standard { name, content } => {
                let begins = first_line(&content);
                judged.content(content, &name, true, options)?;
                // What should have written a template there has most likely failed: that must not look as if all were well.
                if judged.read.is_empty() && judged.problems.is_empty() && !options.skip_unknown {
                    judged.skipped_files.clear();
                    judged.not_templates.clear();
                    return Err(no_template(name, begins));
                }
                Ok(())
            }
            Self::Module(texts) => {
                judged.module_alone(texts, options);
                Ok(())
            }
        }
    }
}

impl ModuleTexts {
    /// Its files, as they are shown.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let texts = self.texts.iter();
        texts.map(|text| text.source.name().to_string())
    }

    /// What a module holds; an input of another kind holds none.
    pub fn read(input: &Input, host: &dyn Host) -> Option<Self> {
        match input {
            Input::Module {
                folder,
                files,
                is_called,
            } => Some(Self::of(host, folder, files, *is_called)),
            Input::File { .. } | Input::Standard { .. } => None,
        }
    }

    /// A number that differs where the texts do. What could not be read has none.
    pub fn digest(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        self.folder.hash(&mut hasher);
        self.hidden.hash(&mut hasher);
        for text in &self.texts {
            text.source.name().hash(&mut hasher);
            text.source.text().hash(&mut hasher);
            (text.role, text.read_for).hash(&mut hasher);
        }
        self.problems.is_empty().then(|| hasher.finish())
    }

    /// What comes in through standard input under the name of a Terraform file is that file of its folder; nothing under another name.
    pub fn standard(name: &str, host: &Arc<dyn Host>) -> Option<Result<(Input, Self), Problem>> {
        let path = Path::new(name);
        let is_meant = discover::is_terraform(path) && discover::is_terraform_syntax(path);
        // What is shown in another way is not the name that was given.
        if !is_meant || shown(&**host, path) != name {
            return None;
        }
        let text = match discover::open_standard(&**host, name) {
            Ok(Content::Hcl(text)) => text,
            Ok(_) => return None,
            Err(problem) => return Some(Err(problem)),
        };
        let buffers = Buffers::over(Arc::clone(host));
        buffers.set(path, text);
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let input = Input::Module {
            folder,
            files: vec![(path.to_owned(), true)],
            is_called: false,
        };
        let texts = Self::read(&input, &buffers)?;
        Some(Ok((input, texts)))
    }

    /// All files of the folder are read, those that were asked for, or are called, are reported.
    fn of(host: &dyn Host, folder: &Path, files: &[(PathBuf, bool)], is_called: bool) -> Self {
        let asked: BTreeMap<&Path, bool> = files
            .iter()
            .map(|(path, named)| (&**path, *named))
            .collect();
        let (mut texts, mut hidden, mut problems) =
            (Vec::<ModuleText>::new(), Vec::new(), Vec::new());
        let mut is_complete = true;
        for (path, role) in discover::module(host, folder, files) {
            let hides = discover::hides(&path).filter(|_| !is_called);
            let hides = hides.filter(|other| asked.contains_key(&**other));
            hidden.extend(hides.map(|other| (shown(host, &other), shown(host, &path))));
            let read_for = match asked.get(&*path) {
                Some(_) if is_called => ReadFor::Call,
                Some(named) => ReadFor::Asked { named: *named },
                None => ReadFor::Others,
            };
            match discover::text(host, &path) {
                Ok(text) => texts.push(ModuleText {
                    is_native: discover::is_terraform_syntax(&path),
                    source: Arc::new(Source::new(shown(host, &path), text)),
                    role,
                    read_for,
                    is_complete: true,
                }),
                Err(problem) => {
                    is_complete = false;
                    problems.extend(read_for.is_reported().then_some(problem));
                }
            }
        }
        for text in &mut texts {
            text.is_complete = is_complete;
        }
        Self {
            folder: folder.to_owned(),
            texts,
            hidden,
            problems,
        }
    }
}

impl Judged {
    /// Judges one module by itself.
    pub(super) fn module_alone(&mut self, read: ModuleTexts, options: &Options) {
        let folder = read.folder.clone();
        let texts = self.take(read);
        let host = &*options.host;
        if texts.iter().any(ModuleText::may_call) {
            self.asked.insert(fetched::place(host, &folder));
            if !Fetched::of(host, &folder).is_empty() {
                let module = Input::Module {
                    folder,
                    files: Vec::new(),
                    is_called: false,
                };
                self.read_modules(vec![module], vec![texts], options);
                return;
            }
        }
        self.configuration(&texts, Some(&folder), options);
    }

    /// Says what is wrong with the files of a module, and gives their texts.
    pub(super) fn take(&mut self, read: ModuleTexts) -> Vec<ModuleText> {
        self.hidden(read.hidden);
        self.problems.extend(read.problems);
        read.texts
    }

    /// Says which files were asked for and are hidden by others.
    pub(super) fn hidden(&mut self, hidden: Vec<(String, String)>) {
        for (path, by) in hidden {
            let why = format!("OpenTofu reads {by} in its place");
            let item = UnreadItem::at(path).because(why);
            self.unread.add(UnreadKind::Refused, item);
        }
    }
}

/// Letters of a line that is quoted.
const QUOTED: usize = 60;

/// How a text begins.
fn first_line(content: &Content) -> Option<String> {
    let (Content::Yaml(text) | Content::Json(text)) = content else {
        return None;
    };
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let mut cut: String = line.chars().take(QUOTED).collect();
    if cut.len() < line.len() {
        cut.push_str("...");
    }
    Some(cut)
}

/// Says that standard input holds no template.
fn no_template(name: String, begins: Option<String>) -> Problem {
    let begins = begins.unwrap_or_default();
    let message = if begins.is_empty() {
        "this is not a template that sfl knows".to_owned()
    } else {
        format!("this is not a template that sfl knows: it begins with `{begins}`")
    };
    Problem::Unreadable {
        path: name,
        message,
    }
}

/// One file of a Terraform folder.
#[derive(Clone, Debug)]
pub struct ModuleText {
    pub source: Arc<Source>,
    /// Whether it is of Terraform's own syntax, and not JSON.
    pub is_native: bool,
    pub role: ModuleRole,
    pub read_for: ReadFor,
    /// Whether all files of its folder could be opened.
    pub is_complete: bool,
}

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReadFor {
    /// It was asked for, maybe by name.
    Asked { named: bool },
    /// A module of the run calls its folder.
    Call,
    /// Other files: those of its folder are read together, or it was fetched.
    Others,
}

impl ReadFor {
    /// Whether what is found in it is said.
    pub fn is_reported(self) -> bool {
        self != Self::Others
    }
}

impl ModuleText {
    /// Whether a module may be called in it.
    pub fn may_call(&self) -> bool {
        self.has(b"module")
    }

    /// Whether a module may be called in it by a path. JSON may write the slash in other ways.
    pub fn may_call_by_path(&self) -> bool {
        self.may_call() && (!self.is_native || self.has(b"./"))
    }

    fn has(&self, word: &[u8]) -> bool {
        memmem::find(self.source.text().as_bytes(), word).is_some()
    }
}

/// The name under which an input is shown.
pub fn name(input: &Input, host: &dyn Host) -> String {
    match input {
        Input::File { path, .. } => shown(host, path),
        Input::Module { folder, .. } => shown(host, folder),
        Input::Standard { name } => name.clone(),
    }
}
