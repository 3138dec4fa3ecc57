//! The name spaces of a template: one for a stack that stands alone, one for each file or module instance of stacks that name
//! each other.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;
use std::path::PathBuf;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::terraform::Block;
use super::{Child, Field, Place, Reason, Scope, Space, within_unit};
use crate::base::reason::Stray;

/// One name space: a CloudFormation template, or one instance of a Terraform module.
#[derive(Debug, Default)]
pub struct Unit<'t> {
    /// With what the addresses in it begin: `module.a["x"].`, or nothing.
    pub prefix: String,
    /// The first of its documents.
    pub file: usize,
    /// Its parameters among those of the template.
    pub parameters: Range<usize>,
    /// Conditions, mappings and locals.
    pub definitions: FxHashMap<(Space, Cow<'t, str>), Child<'t>>,
    /// Resources by logical id or Terraform address; an address without its index names all of its instances.
    pub names: FxHashMap<Cow<'t, str>, Vec<usize>>,
    /// Bodies of Terraform's data sources and of resources that only hand on what they are given, by address: who refers to one of them
    /// refers to what stands in it.
    pub between: FxHashMap<Cow<'t, str>, Child<'t>>,
    /// Terraform's resources and calls of modules, by address without a key.
    pub blocks: FxHashMap<Cow<'t, str>, Rc<Block<'t>>>,
    /// What it hands to whoever uses it.
    pub outputs: FxHashMap<Cow<'t, str>, Child<'t>>,
    /// The units that it makes, by the logical id or address of the block that does; each with the key of its instance.
    pub calls: FxHashMap<Cow<'t, str>, Vec<Call>>,
    /// The folder of the Terraform module that is run, where it is known: paths in expressions are seen from there.
    pub root: Option<PathBuf>,
    /// What `moved` blocks in it say: an address that something had, and the one that it has.
    pub moves: Vec<(String, String)>,
    /// Where it is shown, if its own files are none that anybody would open: at the call that made it, the name and the body.
    pub shown_at: Option<(Place, Place)>,
    /// Reasons that stand for all of it.
    pub reasons: Vec<Reason>,
    /// Who answers for it, as its AWS Context says.
    pub owner: Option<Field>,
    /// Reasons that stand for nothing, each with why.
    pub strays: Vec<(Reason, Stray)>,
    /// What names mean in it.
    pub scope: Scope<'t>,
    /// Parameters by name; filled when the first is looked up.
    pub(super) parameter_names: OnceCell<FxHashMap<Cow<'t, str>, usize>>,
}

/// A unit that another one makes.
#[derive(Clone, Debug)]
pub struct Call {
    /// An index into [`Template::units`](super::Template::units).
    pub unit: usize,
    /// The key of the instance, where it has one.
    pub key: Option<Key>,
}

/// What tells one instance from the others.
#[derive(Clone, Debug)]
pub enum Key {
    /// The number of one of a `count`.
    Number(usize),
    /// The key of one of a `for_each`.
    Text(String),
}

impl<'t> Unit<'t> {
    /// The only unit of a template: nothing needs to say that it belongs there.
    #[must_use]
    pub fn alone() -> Self {
        Self::default()
    }

    /// One of several.
    #[must_use]
    pub fn beside(number: usize) -> Self {
        Self {
            scope: within_unit(number),
            ..Self::default()
        }
    }

    /// What a local, a condition or a mapping stands for.
    #[must_use]
    pub fn definition(&self, space: Space, name: &Cow<'t, str>) -> Option<&Child<'t>> {
        self.definitions.get(&(space, name.clone()))
    }

    /// The block of a resource or of the call of a module, by its address without a key.
    #[must_use]
    pub fn block(&self, address: &str) -> Option<&Block<'t>> {
        self.blocks.get(address).map(Rc::as_ref)
    }

    /// The resources with a name.
    #[must_use]
    pub fn named(&self, name: &str) -> &[usize] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// The units that a block makes: all of its instances, or the one that is named.
    #[must_use]
    pub fn calls(&self, block: &str) -> &[Call] {
        let whole = || {
            let (whole, _) = block.strip_suffix(']')?.rsplit_once('[')?;
            self.calls.get(whole)
        };
        // An instance by a key that is not known here: any of them.
        let calls = self.calls.get(block).or_else(whole);
        calls.map_or(&[], Vec::as_slice)
    }
}
