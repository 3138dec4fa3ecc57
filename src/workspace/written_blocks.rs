//! The blocks from which a plan was made, as they are written: in the folder of its root module, and in those of the modules that are
//! called by a path. A plan names its blocks and calls; a folder that does not declare all of them is not taken for its source.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::discover::{self, ModuleRole};
use crate::base::file_paths::plain;
use crate::base::source::{Place, Source, Span};
use crate::base::{Reason, Syntax};
use crate::blocks::plan::{self, Kept, WrittenAt};
use crate::blocks::terraform::{Outline, OutlineBlock, of_instance, outline};
use crate::host::door::{self, Door};
use crate::host::{Host, shown};
use crate::syntax::{self, Document};

/// The source of a plan.
pub struct WrittenBlocks<'h> {
    host: &'h dyn Host,
    door: Door<'h>,
    /// Of the root module.
    root: PathBuf,
    /// Those that were looked into; nothing where one is not at hand.
    folders: HashMap<PathBuf, Option<Rc<Outline>>>,
    /// The texts of the plan, then those of the folders.
    pub sources: Vec<Arc<Source>>,
}

/// Where a resource of a plan is written.
pub struct Origin {
    /// Its address in its module.
    pub address: String,
    pub source: Arc<Source>,
    /// The primary span: one line.
    pub span: Span,
    /// The body of the block.
    pub block: Span,
    pub syntax: Syntax,
    /// Reasons on the block.
    pub reasons: Vec<Reason>,
    /// Reasons on its module, and on the calls that lead there.
    pub whole: Vec<Reason>,
}

impl<'h> WrittenBlocks<'h> {
    /// Looks for the source of a plan that is shown under this name: in its own folder, which must declare all that the plan does,
    /// and in those around it, which must declare that and nothing else. `sources` are the plan's texts.
    pub fn of_plan(
        host: &'h dyn Host,
        name: &str,
        kept: &Kept,
        sources: Vec<Arc<Source>>,
    ) -> Result<Self, Vec<Arc<Source>>> {
        let names = kept.declared().iter();
        let is_block = |name: &String| !name.starts_with("var.") && !name.starts_with("output.");
        // What declares nothing would be anybody's.
        if !names.clone().any(is_block) && kept.calls().next().is_none() {
            return Err(sources);
        }
        let mut blocks = Self {
            host,
            door: Door::new(host),
            root: PathBuf::new(),
            folders: HashMap::new(),
            sources,
        };
        let own = Path::new(name).parent().unwrap_or(Path::new(""));
        for folder in own.ancestors() {
            let found = blocks.folder(folder);
            let fits = |found: &Outline| {
                declares(found, kept) && (folder == own || declares_no_more(found, kept))
            };
            if found.is_some_and(|found| fits(&found)) {
                blocks.root = folder.to_owned();
                return Ok(blocks);
            }
        }
        Err(blocks.sources)
    }

    /// Those of the modules that a root calls.
    pub fn of_root(host: &'h dyn Host, root: &Path) -> Self {
        Self {
            host,
            door: Door::new(host),
            root: root.to_owned(),
            folders: HashMap::new(),
            sources: Vec::new(),
        }
    }

    /// The calls that lead to a module, outermost first: the file of each, as it is shown, and its body. They end where one is not
    /// found in the folder that the calls before it lead to.
    pub fn calls(&mut self, names: &[&str]) -> Vec<(Arc<str>, Span)> {
        let mut folder = self.root.clone();
        let mut calls = Vec::new();
        for name in names {
            let module = self.folder(&folder);
            let block = module.and_then(|module| {
                let block = module.blocks.get(&format!("module.{name}"))?;
                block.clone()
            });
            let source = block
                .as_ref()
                .and_then(|block| self.sources.get(block.name.file));
            let (Some(block), Some(source)) = (&block, source) else {
                break;
            };
            calls.push((Arc::clone(source.name()), block.body));
            match block.source.as_deref().filter(|source| is_path(source)) {
                Some(path) => folder = plain(&folder.join(path)),
                None => break,
            }
        }
        calls
    }

    /// Where a resource of the plan is written; its deciding property stands at `place` in the plan. One whose module is not at hand
    /// comes from the call that leads there.
    pub fn origin(&mut self, kept: &Kept, resource: usize, place: Place) -> Option<Origin> {
        let WrittenAt { way, address, key } = kept.written_at(resource)?;
        let mut folder = self.root.clone();
        let mut module = self.folder(&folder)?;
        let mut calls: Vec<Reason> = Vec::new();
        // What is said of all of a module is said of its own blocks.
        let whole = |module: &Outline, calls: Vec<Reason>| {
            let own = module.reasons.iter().cloned();
            own.chain(calls).collect()
        };
        for call in way {
            let address = format!("module.{}", call.name);
            let block = module.blocks.get(&address)?.as_ref()?;
            if block.source.as_deref() != call.source {
                return None;
            }
            let path = call.source.filter(|source| is_path(source));
            let next = path.map(|path| plain(&folder.join(path)));
            let called = next.and_then(|next| Some((self.folder(&next)?, next)));
            let Some((called, next)) = called else {
                return self.found(address, block, None, (whole(&module, calls), &call.key));
            };
            calls.extend(of_instance(&block.reasons, &call.key));
            (module, folder) = (called, next);
        }
        let block = module.blocks.get(&address)?.as_ref()?;
        let property = kept.property(resource, place);
        let property = property.and_then(|property| block.property(property));
        self.found(address, block, property, (whole(&module, calls), &key))
    }

    fn found(
        &self,
        address: String,
        block: &OutlineBlock,
        property: Option<Span>,
        (whole, key): (Vec<Reason>, &str),
    ) -> Option<Origin> {
        let source = self.sources.get(block.name.file)?;
        Some(Origin {
            address,
            source: Arc::clone(source),
            span: source.one_line(property.unwrap_or(block.name.span)),
            block: block.body,
            syntax: block.syntax,
            reasons: of_instance(&block.reasons, key),
            whole,
        })
    }

    /// What a folder of the working tree declares, if it is a module.
    fn folder(&mut self, folder: &Path) -> Option<Rc<Outline>> {
        if let Some(known) = self.folders.get(folder) {
            return known.clone();
        }
        let read = self.read(folder).map(Rc::new);
        self.folders.insert(folder.to_owned(), read.clone());
        read
    }

    fn read(&mut self, folder: &Path) -> Option<Outline> {
        let host = self.host;
        let tree = door::repository(host, host.root()).unwrap_or(host.root());
        self.door.inside(folder, tree).ok()?;
        let mut texts = Vec::new();
        for (path, role) in discover::module(host, folder, &[]) {
            if role != ModuleRole::Variables
                && let Ok(text) = discover::text(host, &path)
            {
                let source = Arc::new(Source::new(shown(host, &path), text));
                texts.push((source, role, discover::is_terraform_syntax(&path)));
            }
        }
        let mut trees: [Vec<Document<'_>>; 2] = Default::default();
        for (source, role, is_native) in &texts {
            let tree = if *is_native {
                syntax::hcl(source.text()).document
            } else {
                let text = source.text();
                // A plan may be called like a file of the module.
                match syntax::json(text) {
                    Ok(tree) if !plan::looks_like_plan(text.as_bytes()) => tree,
                    _ => continue,
                }
            };
            trees[usize::from(*role == ModuleRole::Override)]
                .push(tree.numbered(self.sources.len()));
            self.sources.push(Arc::clone(source));
        }
        let [configuration, overrides] = &trees;
        let (configuration, overrides): (Vec<_>, Vec<_>) =
            (configuration.iter().collect(), overrides.iter().collect());
        (!configuration.is_empty()).then(|| outline(&configuration, &overrides))
    }
}

/// Whether a module declares all that a plan's root module does, each once, and calls the same modules.
fn declares(module: &Outline, kept: &Kept) -> bool {
    let block = |address: &str| module.blocks.get(address).and_then(Option::as_ref);
    let mut calls = kept.calls();
    let mut names = kept.declared().iter();
    names.all(|name| module.others.contains(name) || block(name).is_some())
        && calls.all(|call| {
            let own = block(&format!("module.{}", call.name));
            own.is_some_and(|own| own.source.as_deref() == call.source)
        })
}

/// Whether a module declares no resource, data source or call that a plan's root module does not.
fn declares_no_more(module: &Outline, kept: &Kept) -> bool {
    let data = module
        .others
        .iter()
        .filter(|name| name.starts_with("data."));
    let mut names = module.blocks.keys().chain(data);
    let calls: HashSet<&str> = kept.calls().map(|call| call.name).collect();
    names.all(|name| {
        let called = name.strip_prefix("module.");
        kept.declared().contains(name) || called.is_some_and(|name| calls.contains(name))
    })
}

fn is_path(source: &str) -> bool {
    source.starts_with("./") || source.starts_with("../")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::file_paths::slashed;

    #[test]
    fn a_path_is_seen_from_the_folder_that_names_it() {
        let joined = |folder: &str, path: &str| {
            let joined = plain(&Path::new(folder).join(path));
            slashed(&joined)
        };
        assert_eq!(joined("infra/prod", "./db"), "infra/prod/db");
        assert_eq!(joined("infra/prod", "../../modules/db"), "modules/db");
        assert_eq!(joined("", "../modules/db"), "../modules/db");
        assert_eq!(joined("..", "../db/./x"), "../../db/x");
    }
}
