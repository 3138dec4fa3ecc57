//! Stacks that name each other, judged as one: every file of the group is read and said of as if it stood alone, and joins cross
//! from one to the other.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Options;
use super::assets::{Assets, is_uploaded};
use super::deployments::{Set, Variant};
use super::discover::{Content, Input};
use super::fetched::{self, Fetched};
use super::groups::{called_place, places, without_links};
use super::input_texts::{ModuleText, ModuleTexts, ReadFor, Texts, name};
use super::module_trees::ModuleTrees;
use super::stack::{Judged, configuration, guarded};
use super::tree_files::TreeFiles;
use crate::base::Given;
use crate::base::source::Source;
use crate::blocks::terraform::CalledModule;
use crate::blocks::{Beside, Dialect, cloudformation, terraform};
use crate::host::{Host, lexical};
use crate::stack;
use crate::syntax::Document;

/// Bytes of all modules together that were fetched: what is more is not read.
const MOST_FETCHED: usize = 64 << 20;

/// One of those that name each other, and its texts if they are read.
pub type Member<'i> = (&'i Input, Option<&'i ModuleTexts>);

/// Reads and judges inputs that name each other; modules that are only called stand behind all others.
#[must_use]
pub fn judge_together(members: &[Member<'_>], options: &Options) -> Judged {
    let host = &*options.host;
    let inputs: Vec<&Input> = members.iter().map(|(input, _)| *input).collect();
    let first = inputs.first().map(|input| name(input, host));
    guarded(&first.unwrap_or_default(), |judged| {
        // Files name files, and modules name modules.
        if matches!(inputs.first(), Some(Input::Module { .. })) {
            judged.modules(members, options);
        } else {
            let texts = texts(judged, &inputs, host, options);
            judged.files(&inputs, &texts, options);
        }
        Ok(())
    })
}

/// A text of a group.
struct Text {
    /// Which of the inputs it is.
    input: usize,
    source: Arc<Source>,
    named: bool,
    json: bool,
}

/// The texts of the files; what is none is judged as it stands.
fn texts(judged: &mut Judged, inputs: &[&Input], host: &dyn Host, options: &Options) -> Vec<Text> {
    let mut found = Vec::with_capacity(inputs.len());
    for (at, input) in inputs.iter().enumerate() {
        let read = Texts::read(input, host).and_then(|read| {
            let (name, named, text, json) = match read {
                Texts::File {
                    name,
                    named,
                    content: Content::Yaml(text),
                } => (name, named, text, false),
                Texts::File {
                    name,
                    named,
                    content: Content::Json(text),
                } => (name, named, text, true),
                other => return other.judge(judged, options),
            };
            found.push(Text {
                input: at,
                source: Arc::new(Source::new(name, text)),
                named,
                json,
            });
            Ok(())
        });
        judged.problems.extend(read.err());
    }
    found
}

impl Judged {
    /// Judges Terraform modules that call each other.
    fn modules(&mut self, members: &[Member<'_>], options: &Options) {
        let mut texts: Vec<Vec<ModuleText>> = Vec::with_capacity(members.len());
        for (input, known) in members {
            let read = match known {
                Some(known) => Some((*known).clone()),
                None => ModuleTexts::read(input, &*options.host),
            };
            texts.push(read.map_or_else(Vec::new, |read| self.take(read)));
        }
        let inputs = members.iter().map(|(input, _)| (*input).clone());
        self.read_modules(inputs.collect(), texts, options);
    }

    /// Judges Terraform modules whose files are read, with those that were fetched for them.
    pub(super) fn read_modules(
        &mut self,
        mut inputs: Vec<Input>,
        mut texts: Vec<Vec<ModuleText>>,
        options: &Options,
    ) {
        let host = &*options.host;
        let root = host.root();
        let is_run = |input: &&Input| {
            !matches!(
                input,
                Input::Module {
                    is_called: true,
                    ..
                }
            )
        };
        let run = inputs.iter().take_while(is_run).count();
        let own = inputs.len();
        let fetched = self.fetched(&mut inputs, &mut texts, host);
        let folders = inputs.iter().map(|input| match input {
            Input::Module { folder, .. } => folder.as_path(),
            Input::File { .. } | Input::Standard { .. } => Path::new(""),
        });
        let folders: Vec<&Path> = folders.collect();
        // All of them stand in one tree, or name each other across.
        let files = folders.first().map(|first| TreeFiles::around(host, first));
        let mut trees = ModuleTrees::default();
        for (number, texts) in texts.iter().enumerate() {
            self.module(texts, number, &mut trees, options);
        }
        self.refused(&trees, own);
        for tree in trees.trees.iter().filter(|tree| tree.module < own) {
            let calls = tree.document.roots().flat_map(terraform::local_calls);
            self.links.calls.extend(calls);
        }
        let parts = trees.parts(inputs.len());
        let places = places(root, inputs.iter());
        let find = |from: usize, path: &str| {
            let place = called_place(root, &inputs[from], path);
            let place = without_links(host, place, &|place| places.contains_key(place));
            places.get(&place).copied()
        };
        let fetched = |run: usize, key: &str, called: &CalledModule<'_>| {
            let folder = fetched
                .get(run)?
                .folder(key, &called.source, called.version.as_deref());
            places.get(&lexical(&root.join(folder?))).copied()
        };
        let knows = |module: &str| options.config.catalogue.switches(module);
        let paths = trees.paths();
        let own_paths = trees.trees.iter().zip(&paths);
        let own_paths = own_paths.filter(|(tree, _)| tree.module < own);
        let own_paths: Vec<&str> = own_paths.map(|(_, path)| *path).collect();
        // Terraform reads a folder: where any of its files is, the whole is.
        let mut paths_of: Vec<Vec<&str>> = vec![Vec::new(); inputs.len()];
        for (tree, path) in trees.trees.iter().zip(&paths) {
            paths_of[tree.module].push(path);
        }
        let sets = Set::of(options, &own_paths, Dialect::Terraform).into_iter();
        let variants = sets.map(|set| {
            let values = set.values();
            let all = parts.iter().zip(&folders).enumerate().map(
                |(number, ([configuration, overrides, variables], folder))| {
                    terraform::ModuleFiles {
                        configuration,
                        overrides,
                        variables,
                        given: &values,
                        beside: files.as_ref().map(|files| Beside { folder, files }),
                        is_complete: !trees.broken.contains(&number),
                    }
                },
            );
            let all: Vec<_> = all.collect();
            let is_meant = |module: usize, given: &Given| {
                let mut paths = paths_of[module].iter();
                paths.any(|path| set.gives(options, path, given))
            };
            let calls = stack::Calls {
                find: &find,
                fetched: &fetched,
                run,
                own,
                knows: &knows,
                is_meant: &is_meant,
            };
            let documents = trees.trees.iter().map(|tree| &tree.document);
            let template = stack::modules(documents.collect(), &all, calls);
            drop(all);
            Variant { template, set }
        });
        let variants: Vec<_> = variants.collect();
        let read_for = |file: usize| trees.read_for[file];
        self.template(&variants, &trees.sources, &read_for, options);
        drop(variants);
        self.asked
            .extend(files.into_iter().flat_map(TreeFiles::asked));
    }

    /// Reads what was fetched for each module, as far as it is not too much, and what is in it as further modules.
    fn fetched(
        &mut self,
        inputs: &mut Vec<Input>,
        texts: &mut Vec<Vec<ModuleText>>,
        host: &dyn Host,
    ) -> Vec<Fetched> {
        let mut known: HashSet<PathBuf> = places(host.root(), inputs.iter()).into_keys().collect();
        let mut left = MOST_FETCHED;
        let calls = texts.iter().flatten().any(ModuleText::may_call);
        let mut all = Vec::new();
        for at in 0..inputs.len() {
            let Input::Module { folder, .. } = &inputs[at] else {
                continue;
            };
            if !calls {
                break;
            }
            self.asked.insert(fetched::place(host, folder));
            let fetched = Fetched::of(host, folder);
            for folder in fetched.folders() {
                if !known.insert(lexical(&host.root().join(folder))) {
                    continue;
                }
                let input = Input::Module {
                    folder: folder.to_owned(),
                    files: Vec::new(),
                    is_called: false,
                };
                let Some(ModuleTexts { texts: read, .. }) = ModuleTexts::read(&input, host) else {
                    continue;
                };
                let size: usize = read.iter().map(|text| text.source.text().len()).sum();
                if size > left {
                    continue;
                }
                left -= size;
                inputs.push(input);
                texts.push(read);
            }
            all.push(fetched);
        }
        all
    }

    /// Judges CloudFormation files that name each other.
    fn files(&mut self, inputs: &[&Input], texts: &[Text], options: &Options) {
        let mut sources = Vec::with_capacity(texts.len());
        let mut documents: Vec<Document<'_>> = Vec::with_capacity(texts.len());
        // Of each document: its input, and whether it is whole.
        let mut read = Vec::with_capacity(texts.len());
        for text in texts {
            match self.tree(&text.source, text.named, text.json, options) {
                Ok(Some((document, is_whole))) => {
                    documents.push(document.numbered(sources.len()));
                    sources.push(Arc::clone(&text.source));
                    read.push((text, is_whole));
                }
                Ok(None) => {}
                Err(problem) => self.problems.push(problem),
            }
        }
        let roots = documents.iter().flat_map(Document::roots);
        let roots: Vec<_> = roots
            .filter(|root| cloudformation::is_template(*root))
            .collect();
        let root = options.host.root();
        let places = places(root, inputs.iter().copied());
        let numbers = read.iter().map(|(text, _)| text.input).zip(0..);
        let numbers: HashMap<usize, usize> = numbers.collect();
        let assets = Assets::new(&*options.host);
        let find = |from: usize, path: &str| {
            let input = inputs[read[from].0.input];
            let called = if is_uploaded(path) {
                assets.find(input, path, &places)
            } else {
                places.get(&called_place(root, input, path)).copied()
            };
            numbers.get(&called?).copied()
        };
        let paths: Vec<&str> = sources.iter().map(|source| &**source.name()).collect();
        let sets = Set::of(options, &paths, Dialect::CloudFormation).into_iter();
        let variants = sets.map(|set| {
            let values = set.values();
            let is_meant = |at: usize, given: &Given| set.gives(options, paths[at], given);
            let all = documents.iter().collect();
            let template = stack::linked(all, &roots, &paths, &find, (&values, &is_meant));
            Variant { template, set }
        });
        let variants: Vec<_> = variants.collect();
        let asked = |file: usize| ReadFor::Asked {
            named: read[file].0.named,
        };
        self.template(&variants, &sources, &asked, options);
        for ((document, source), (text, is_whole)) in documents.iter().zip(&sources).zip(&read) {
            let others = document.roots();
            let others = others.filter(|root| !cloudformation::is_template(*root));
            for root in others {
                if let Some(variants) = configuration(document, root, source.name(), options) {
                    self.template(&variants, &sources, &asked, options);
                }
            }
            self.end(document, source, text.named, *is_whole);
        }
        self.asked.extend(assets.asked());
    }
}
