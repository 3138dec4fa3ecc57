//! One stack from its file to its decisions and findings: each stage one line, in order.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::Options;
pub use crate::analysis::Judged;
use crate::analysis::{UnreadItem, UnreadKind};
use crate::base::finding::Problem;
use crate::base::source::Source;
use crate::host::shown;
use crate::workspace::discover::{self, Content, Input, ModuleRole, Plan};
use crate::workspace::input_texts::{ModuleText, ModuleTexts, ReadFor, Texts, name};

mod beyond;
mod circumstances;
mod images;
mod liabilities;
mod parsing;
mod placed;
mod planned;
mod streams;
mod verdict;

pub(super) use parsing::configuration;

/// Judges a text that stands in no file: an editor's buffer, a rule's example.
#[must_use]
pub fn judge_text(name: &str, text: &str, options: &Options) -> Judged {
    guarded(name, |judged| {
        let content = discover::sort(text.as_bytes().to_vec(), name, true)?;
        judged.content(content, name, true, options)
    })
}

/// Reads and judges one input. Never panics: what goes wrong inside is a problem of that input alone.
#[must_use]
pub fn judge(input: &Input, options: &Options) -> Judged {
    let host = &*options.host;
    guarded(&name(input, host), |judged| {
        Texts::read(input, host)?.judge(judged, options)
    })
}

/// Judges one module whose texts are read.
#[must_use]
pub(super) fn judge_module(texts: ModuleTexts, options: &Options) -> Judged {
    let name = shown(&*options.host, &texts.folder);
    guarded(&name, |judged| {
        judged.module_alone(texts, options);
        Ok(())
    })
}

/// The same, unless the input's texts are those that were judged before. With the digest of the texts, where they have one.
#[must_use]
pub(super) fn judge_changed(
    input: &Input,
    options: &Options,
    before: Option<u64>,
) -> Option<(Judged, Option<u64>)> {
    let host = &*options.host;
    let mut digest = None;
    let judged = guarded(&name(input, host), |judged| {
        let texts = Texts::read(input, host)?;
        digest = texts.digest();
        if digest.is_some() && digest == before {
            return Ok(());
        }
        texts.judge(judged, options)
    });
    (digest.is_none() || digest != before).then_some((judged, digest))
}

pub(super) fn guarded(name: &str, work: impl FnOnce(&mut Judged) -> Result<(), Problem>) -> Judged {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let mut judged = Judged::default();
        let result = work(&mut judged);
        judged.problems.extend(result.err());
        judged
    }));
    judged.unwrap_or_else(|_| Judged {
        problems: vec![Problem::Unreadable {
            path: name.to_owned(),
            message: "a fault inside sfl: please report it with this file".to_owned(),
        }],
        ..Judged::default()
    })
}

impl Judged {
    pub(super) fn content(
        &mut self,
        content: Content,
        name: &str,
        named: bool,
        options: &Options,
    ) -> Result<(), Problem> {
        match content {
            Content::Nothing => {
                self.skip(name, named);
                Ok(())
            }
            Content::Refused(why) => {
                let item = UnreadItem::at(name).because(why);
                self.unread.add(UnreadKind::Refused, item);
                self.skip(name, named);
                Ok(())
            }
            Content::Yaml(text) => self.text(text, name, named, false, options),
            Content::Json(text) => self.text(text, name, named, true, options),
            Content::Hcl(text) => {
                let text = ModuleText {
                    is_native: true,
                    source: Arc::new(Source::new(name, text)),
                    role: ModuleRole::Configuration,
                    read_for: ReadFor::Asked { named },
                    // It may have been cut out of more.
                    is_complete: false,
                };
                self.configuration(&[text], None, options);
                Ok(())
            }
            Content::Plan(Plan::Bytes(bytes)) => self.plan(&*bytes, name, named, options),
            Content::Plan(Plan::Stream(bytes)) => self.plan(bytes, name, named, options),
        }
    }

    fn skip(&mut self, name: &str, named: bool) {
        self.skipped_files.push(name.to_owned());
        if named {
            self.not_templates.push(name.to_owned());
        }
    }
}
