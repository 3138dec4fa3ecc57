//! What one input holds: its texts, read through the host, before anybody judges them.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Options;
use super::discover::{self, Content, Input, ModuleRole, Plan};
use super::stack::Judged;
use crate::base::finding::Problem;
use crate::base::source::Source;
use crate::host::{Host, shown};

/// What one input holds, read and not yet judged.
pub enum Texts {
    File {
        name: String,
        named: bool,
        content: Content,
    },
    Module {
        texts: Vec<ModuleText>,
        problems: Vec<Problem>,
    },
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
            Input::Standard { .. } => Ok(Self::File {
                content: discover::open_standard(host, &name)?,
                name,
                named: true,
            }),
            Input::Module { folder, files } => Ok(Self::module(host, folder, files)),
        }
    }

    /// Terraform JSON files of one folder: all are read, those that were asked for are reported.
    fn module(host: &dyn Host, folder: &Path, files: &[(PathBuf, bool)]) -> Self {
        let asked: BTreeMap<&Path, bool> = files
            .iter()
            .map(|(path, named)| (&**path, *named))
            .collect();
        let (mut texts, mut problems) = (Vec::new(), Vec::new());
        for (path, role) in discover::module(host, folder, files) {
            let asked = asked.get(&*path).copied();
            match discover::text(host, &path) {
                Ok(text) => texts.push(ModuleText {
                    source: Arc::new(Source::new(shown(host, &path), text)),
                    role,
                    asked,
                }),
                Err(problem) if asked.is_some() => problems.push(problem),
                Err(_) => {}
            }
        }
        Self::Module { texts, problems }
    }

    /// A number that differs where the texts do. A stream and what could not be read have none.
    pub fn digest(&self) -> Option<u64> {
        let mut hasher = DefaultHasher::new();
        match self {
            Self::File { content, named, .. } => match content {
                Content::Nothing => (0_u8, named).hash(&mut hasher),
                Content::Yaml(text) => (1_u8, named, text).hash(&mut hasher),
                Content::Json(text) => (2_u8, named, text).hash(&mut hasher),
                Content::Plan(Plan::Bytes(bytes)) => (3_u8, named, bytes).hash(&mut hasher),
                Content::Plan(Plan::Stream(_)) => return None,
            },
            Self::Module { texts, problems } => {
                if !problems.is_empty() {
                    return None;
                }
                for text in texts {
                    text.source.name().hash(&mut hasher);
                    text.source.text().hash(&mut hasher);
                    (text.role, text.asked).hash(&mut hasher);
                }
            }
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
            Self::Module { texts, problems } => {
                judged.problems.extend(problems);
                judged.configuration(&texts, options);
                Ok(())
            }
        }
    }
}

/// One JSON file of a Terraform folder.
#[derive(Debug)]
pub struct ModuleText {
    pub source: Arc<Source>,
    pub role: ModuleRole,
    /// Whether it was asked for, and if so, whether by name.
    pub asked: Option<bool>,
}

/// The name under which an input is shown.
pub fn name(input: &Input, host: &dyn Host) -> String {
    match input {
        Input::File { path, .. } => shown(host, path),
        Input::Module { folder, .. } => shown(host, folder),
        Input::Standard { name } => name.clone(),
    }
}
