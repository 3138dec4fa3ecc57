//! The files of Terraform modules, parsed and not yet judged.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::discover::ModuleRole;
use super::input_texts::ReadFor;
use crate::base::source::Source;
use crate::syntax::Document;

/// The files of modules that are looked at together.
#[derive(Default)]
pub struct ModuleTrees<'t> {
    pub trees: Vec<ModuleTree<'t>>,
    pub sources: Vec<Arc<Source>>,
    /// Of each file, what it is read for.
    pub read_for: Vec<ReadFor>,
    /// Modules of which something could not be read.
    pub broken: BTreeSet<usize>,
}

/// One file of a module.
pub struct ModuleTree<'t> {
    pub document: Document<'t>,
    role: ModuleRole,
    /// Which of the modules.
    pub module: usize,
}

impl<'t> ModuleTrees<'t> {
    pub fn add(
        &mut self,
        document: Document<'t>,
        role: ModuleRole,
        module: usize,
        source: &Arc<Source>,
        read_for: ReadFor,
    ) {
        self.trees.push(ModuleTree {
            document: document.numbered(self.sources.len()),
            role,
            module,
        });
        self.sources.push(Arc::clone(source));
        self.read_for.push(read_for);
    }

    /// What each file is called.
    pub fn paths(&self) -> Vec<&str> {
        let sources = self.sources.iter();
        sources.map(|source| &**source.name()).collect()
    }

    /// Configuration, overrides and values of each module.
    pub fn parts<'a>(&'a self, modules: usize) -> Vec<[Vec<&'a Document<'a>>; 3]> {
        let mut parts: Vec<[Vec<&Document<'_>>; 3]> = Vec::new();
        parts.resize_with(modules, Default::default);
        for tree in &self.trees {
            let role = match tree.role {
                ModuleRole::Configuration => 0,
                ModuleRole::Override => 1,
                ModuleRole::Variables => 2,
            };
            if let Some(module) = parts.get_mut(tree.module) {
                module[role].push(&tree.document);
            }
        }
        parts
    }
}
