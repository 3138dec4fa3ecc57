//! A tree becomes a template: resources, their properties as expressions, and the reasons written beside them.
//! One file a dialect; behind this door nobody asks any more whether it was CloudFormation or Terraform.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::base::Generator;
use crate::base::source::Position;

mod admitted;
mod assign;
mod beside;
pub mod cloudformation;
pub mod construct;
mod exports;
mod expression;
mod followed;
mod function;
mod moves;
mod number;
pub mod plan;
pub mod reason;
mod refusal;
pub mod sam;
pub mod terraform;
mod types;
mod unit;

pub use crate::base::{Carrier, Context, Dialect, ExportName, Field, Place, Reason};
pub use assign::{FitCheck, GivenFrom, Unfit};
pub use beside::{Beside, FileMemory, ReadsFiles};
pub use construct::Construct;
// A room that is handed blocks is handed the nodes that they stand at.
pub use crate::syntax::{Document, Kind, Node};
pub use admitted::{Pattern, Shape};
pub use exports::Exports;
use expression::MACRO;
pub use expression::{
    Bound, Built, Cause, Child, Entries, Entry, Expr, For, Items, ListKind, MapKind, Name, Scope,
    Space, What, Written, bind, bound, is_in_loop, unit, variables, within_unit,
};
pub use followed::{Followed, LedTo, Shared};
pub use function::{Function, Named};

pub use number::Number;
pub use types::{Attribute, Type};
pub use unit::{Call, Key, Unit};

/// Parts from which on what a node says is remembered: building it anew would cost more.
pub const MANY: usize = 16;

/// Steps that all questions about one unit may take together: what is asked for often must be cheap.
const EFFORT: u64 = 20_000_000;

/// Everything of one stack: one CloudFormation document, one plan, or all Terraform files of a folder. Or of several that name each
/// other: each is a [`Unit`] with names of its own.
#[derive(Debug)]
pub struct Template<'t> {
    /// Its language.
    pub dialect: Dialect,
    /// The trees that its nodes come from; a [`Place`] names one by index.
    pub documents: Vec<&'t Document<'t>>,
    /// In the order of writing.
    pub resources: Vec<Resource<'t>>,
    /// Parameters and variables of all units.
    pub parameters: Vec<Parameter<'t>>,
    /// Its name spaces; always at least one.
    pub units: Vec<Unit<'t>>,
    /// What units export to others.
    pub exports: Exports<'t>,
    /// For each unit, the one that nobody calls and by way of which it is made; filled when somebody asks.
    roots: RefCell<Vec<usize>>,
    /// Resources of all units by name; filled when the first is looked up.
    names_anywhere: OnceCell<FxHashMap<Cow<'t, str>, Vec<usize>>>,
    /// Whether the deployment, or a file that Terraform loads by itself, gives values to any of its parameters.
    pub is_given_values: bool,
    /// Values that the deployment gives and that their parameters do not take.
    pub misfits: Vec<Unfit>,
    /// Pairs of resources of which the first may use the second: which of several it is can't be seen.
    pub possible: FxHashMap<usize, Vec<usize>>,
    /// Pairs of resources that nothing joins but a text that can't be seen: the first may have nothing to do with the second.
    pub guessed: BTreeSet<(usize, usize)>,
    /// Expressions of nodes that were looked at, by document and index.
    read: RefCell<FxHashMap<(usize, u32), Built<'t>>>,
    /// What stands under one key in all rows of a mapping, each once, by document, index and key.
    columns: RefCell<FxHashMap<(usize, u32, String), Column<'t>>>,
    /// What is to be said of the template as a whole.
    pub notes: Vec<Note>,
    /// Calls of modules that nobody knows, and nested stacks whose templates are not here.
    pub unknown_calls: Vec<UnknownCall<'t>>,
    /// What wrote it; found out when somebody asks.
    written_by: OnceCell<Vec<Option<Generator>>>,
    /// Steps that questions may still take.
    pub effort: Cell<u64>,
    /// What was found behind what many of its resources refer to.
    pub followed: Followed,
    /// Files that its functions read.
    pub beside: FileMemory<'t>,
    /// Which addresses stood for others; filled when the first is looked up.
    moves: OnceCell<moves::Moves>,
}

/// The different values of one key in the rows of a mapping, and nothing where a row has none; `None` where they are too many.
pub type Column<'t> = Option<Rc<[Child<'t>]>>;

/// A call of a module that nobody knows, or a stack of a template that is not here: what it makes is not seen.
#[derive(Clone, Debug)]
pub struct UnknownCall<'t> {
    /// `module.NAME`, with the modules around it; the logical id of a nested stack.
    pub address: String,
    /// The module's source, without what says which version of it, or the template; empty where it is not known.
    pub source: String,
    pub place: Place,
    /// Whether it stands in a module that was fetched: the place is then that of the call in a file of the tree.
    pub is_fetched: bool,
    /// What it says, with what it hands down.
    pub bodies: Vec<Child<'t>>,
}

impl<'t> Template<'t> {
    /// A template without anything in it yet.
    #[must_use]
    pub fn new(dialect: Dialect, documents: Vec<&'t Document<'t>>) -> Self {
        Self {
            dialect,
            documents,
            resources: Vec::new(),
            parameters: Vec::new(),
            units: vec![Unit::alone()],
            exports: Exports::default(),
            roots: RefCell::default(),
            names_anywhere: OnceCell::new(),
            is_given_values: false,
            misfits: Vec::new(),
            possible: FxHashMap::default(),
            guessed: BTreeSet::new(),
            read: RefCell::default(),
            columns: RefCell::default(),
            notes: Vec::new(),
            unknown_calls: Vec::new(),
            written_by: OnceCell::new(),
            effort: Cell::new(EFFORT),
            followed: Followed::default(),
            beside: FileMemory::default(),
            moves: OnceCell::new(),
        }
    }

    /// A template of several units, none of which is there yet.
    #[must_use]
    pub fn of_several(dialect: Dialect, documents: Vec<&'t Document<'t>>) -> Self {
        Self {
            units: Vec::new(),
            ..Self::new(dialect, documents)
        }
    }

    /// Adds one of several units, and gives its number.
    pub fn add_unit(&mut self) -> usize {
        let number = self.units.len();
        self.units.push(Unit::beside(number));
        // Each may ask as much as if it stood alone.
        let effort = EFFORT.saturating_mul(u64::try_from(self.units.len()).unwrap_or(u64::MAX));
        self.effort.set(effort);
        number
    }

    /// The unit in whose names a place is written.
    #[must_use]
    pub fn unit(&self, scope: &Scope<'t>) -> &Unit<'t> {
        &self.units[unit(scope)]
    }

    /// The unit that nobody calls and by way of which that of a place is made. Those that it makes stand behind it.
    #[must_use]
    pub fn root_unit(&self, scope: &Scope<'t>) -> usize {
        let own = unit(scope);
        let mut roots = self.roots.borrow_mut();
        for at in roots.len()..=own {
            let root = match self.units[at].prefix.is_empty() {
                true => at,
                false => roots.last().copied().unwrap_or(own),
            };
            roots.push(root);
        }
        roots[own]
    }

    /// What stands there, one level deep.
    #[must_use]
    pub fn expr(&self, child: &Child<'t>) -> Expr<'t> {
        match &child.what {
            What::Built(built) => built.expr(&child.scope),
            What::Literal(node) => terraform::literal(*node),
            What::Node(node) => match self.dialect {
                Dialect::CloudFormation if is_in_loop(&child.scope) => {
                    cloudformation::expr(*node, &child.scope)
                }
                Dialect::CloudFormation => self.remembered(*node, &child.scope, |node| {
                    cloudformation::expr(node, &child.scope)
                }),
                // A plan's expressions are built when it is read.
                Dialect::Terraform | Dialect::Plan => {
                    self.remembered(*node, &child.scope, |node| {
                        let is_bound = |name: &str| bound(&child.scope, name).is_some();
                        terraform::expr(node, &is_bound)
                    })
                }
            },
        }
    }

    /// Reads a collection, or a text with expressions in it, once.
    fn remembered(
        &self,
        node: Node<'t>,
        scope: &Scope<'t>,
        read: impl Fn(Node<'t>) -> Expr<'t>,
    ) -> Expr<'t> {
        let is_scalar = node.kind() == Kind::Scalar && node.tag().is_none();
        if is_scalar && self.dialect == Dialect::CloudFormation {
            return read(node);
        }
        let key = (
            std::ptr::from_ref(node.document()).addr(),
            node.target_index(),
        );
        if let Some(known) = self.read.borrow().get(&key) {
            return known.expr(scope);
        }
        let expr = read(node);
        // What an expression is made of is read with it, however deep it stands.
        let parts = node.end_index() - node.start_index();
        let is_long = node.kind() == Kind::Expression && parts as usize >= MANY;
        let is_worth_it = match &expr {
            Expr::Text(_) | Expr::Number(_) | Expr::Bool(_) | Expr::Absent => false,
            Expr::List(items) | Expr::Call(_, items) => items.len() >= MANY || is_scalar || is_long,
            Expr::Map(entries) => entries.len() >= MANY || is_scalar || is_long,
            Expr::Name(_) | Expr::For(_) | Expr::Unknown(_) => is_scalar || is_long,
        };
        if !is_worth_it {
            return expr.within(scope);
        }
        let built = Built::new(expr);
        let expr = built.expr(scope);
        self.read.borrow_mut().insert(key, built);
        expr
    }

    /// What stands under a key in all rows of a mapping, found out once.
    pub fn column(
        &self,
        mapping: Node<'t>,
        key: &str,
        find: impl FnOnce() -> Column<'t>,
    ) -> Column<'t> {
        let document = std::ptr::from_ref(mapping.document()).addr();
        let key = (document, mapping.target_index(), key.to_owned());
        if let Some(known) = self.columns.borrow().get(&key) {
            return known.clone();
        }
        let column = find();
        self.columns.borrow_mut().insert(key, column.clone());
        column
    }

    /// Whether a scalar stands there that is nothing but a text.
    #[must_use]
    pub fn is_plain(&self, child: &Child<'t>) -> bool {
        match &child.what {
            What::Node(node) => match self.dialect {
                Dialect::CloudFormation => node.kind() == Kind::Scalar && node.tag().is_none(),
                Dialect::Plan => node.kind() == Kind::Scalar,
                Dialect::Terraform => false,
            },
            What::Literal(node) => node.kind() == Kind::Scalar,
            What::Built(_) => false,
        }
    }

    /// The node of a list or a map that is neither a function nor in a loop: its parts are what is written in it.
    #[must_use]
    pub fn bare(&self, child: &Child<'t>) -> Option<Node<'t>> {
        match (&child.what, self.dialect) {
            (What::Node(node), Dialect::CloudFormation) if !is_in_loop(&child.scope) => {
                cloudformation::is_bare(*node).then_some(*node)
            }
            _ => None,
        }
    }

    /// Whether it may stand for something else: a name, or a function.
    #[must_use]
    pub fn may_be_name(&self, child: &Child<'t>) -> bool {
        let What::Node(node) = &child.what else {
            return matches!(child.what, What::Built(_));
        };
        match self.dialect {
            Dialect::CloudFormation if node.tag().is_some() => true,
            Dialect::CloudFormation => {
                node.kind() == Kind::Mapping && node.entries().take(2).count() == 1
            }
            Dialect::Terraform => node.kind() != Kind::Sequence,
            Dialect::Plan => false,
        }
    }

    /// The entry with a key in a map that is nothing but one; `None` where it may be more than that.
    #[must_use]
    pub fn plain_entry(&self, child: &Child<'t>, key: &str) -> Option<Option<Entry<'t>>> {
        match (&child.what, self.dialect) {
            (What::Node(node), Dialect::CloudFormation) if !is_in_loop(&child.scope) => {
                cloudformation::plain_entry(*node, key, &child.scope)
            }
            _ => None,
        }
    }

    /// What is written for an attribute in a resource's own block, where that is what the attribute will be.
    #[must_use]
    pub fn written(
        &self,
        scope: &Scope<'t>,
        resource: &str,
        attribute: &str,
    ) -> Option<&Child<'t>> {
        if self.dialect == Dialect::CloudFormation {
            return None;
        }
        let at = *self.unit(scope).named(resource).first()?;
        let mut entries = self.resources[at].properties.iter();
        let entry = entries.find(|entry| entry.key == attribute)?;
        Some(&entry.value)
    }

    /// Whether a reason stands in it.
    #[must_use]
    pub fn has_reasons(&self) -> bool {
        let mut resources = self.resources.iter();
        self.units.iter().any(|unit| !unit.reasons.is_empty())
            || resources.any(|resource| !resource.reasons.is_empty())
    }

    /// What a block says must exist before it. Looked up only when asked for: no decision hangs on it.
    #[must_use]
    pub fn mentions(&self, resource: &Resource<'t>) -> Vec<Mention> {
        let key = match self.dialect {
            Dialect::CloudFormation => cloudformation::MENTIONS,
            Dialect::Terraform | Dialect::Plan => terraform::MENTIONS,
        };
        let Some(node) = resource.body.and_then(|body| body.get(key)) else {
            return Vec::new();
        };
        let mention = |at: Option<usize>, node: Node<'t>| Mention {
            key,
            at,
            name: match self.dialect {
                Dialect::CloudFormation => cloudformation::name(node, &resource.scope),
                _ => node
                    .text()
                    .trim_start_matches("${")
                    .trim_end_matches('}')
                    .to_owned(),
            },
            place: node.place(),
        };
        match node.kind() {
            crate::syntax::Kind::Sequence => {
                let items = node.items().enumerate();
                items.map(|(at, node)| mention(Some(at), node)).collect()
            }
            _ => vec![mention(None, node)],
        }
    }

    /// Whether it can't be seen which of several resources uses another, and these may be the two.
    #[must_use]
    pub fn is_possible(&self, one: usize, other: usize) -> bool {
        let is_in = |from: &usize, to: &usize| {
            let known = self.possible.get(from);
            known.is_some_and(|known| known.contains(to))
        };
        is_in(&one, &other) || is_in(&other, &one)
    }

    /// The index of a parameter or variable that a name means in a place.
    #[must_use]
    pub fn parameter(&self, scope: &Scope<'t>, name: &str) -> Option<usize> {
        let unit = self.unit(scope);
        // The only unit has them all.
        let own = match self.units.len() {
            1 => 0..self.parameters.len(),
            _ => unit.parameters.clone(),
        };
        let names = unit.parameter_names.get_or_init(|| {
            let parameters = self.parameters[own.clone()].iter();
            let names = parameters.map(|parameter| parameter.name.clone());
            names.zip(own).collect()
        });
        names.get(name).copied()
    }

    /// What a call hands up under an attribute; all of it under none.
    #[must_use]
    pub fn outputs(&self, call: &Call, attribute: &str) -> Vec<&Child<'t>> {
        let outputs = &self.units[call.unit].outputs;
        let name = match self.dialect {
            Dialect::CloudFormation => attribute.strip_prefix("Outputs."),
            _ => Some(attribute),
        };
        match name {
            None => Vec::new(),
            Some("") => {
                let mut all: Vec<_> = outputs.iter().collect();
                all.sort_by_key(|(name, _)| *name);
                all.into_iter().map(|(_, output)| output).collect()
            }
            Some(name) => outputs.get(name).into_iter().collect(),
        }
    }

    /// The resources that bear a name in any unit.
    #[must_use]
    pub fn named_anywhere(&self, name: &str) -> &[usize] {
        if let [only] = &self.units[..] {
            return only.named(name);
        }
        let all = self.names_anywhere.get_or_init(|| {
            let mut all: FxHashMap<Cow<'t, str>, Vec<usize>> = FxHashMap::default();
            for (name, resources) in self.units.iter().flat_map(|unit| &unit.names) {
                all.entry(name.clone()).or_default().extend(resources);
            }
            all
        });
        all.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The tree of a YAML text that is a value, and no template.
#[must_use]
pub fn yaml_tree(text: &str) -> Option<Document<'_>> {
    crate::syntax::yaml(text).ok()
}

/// Something that is to be said of a template as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub what: Noted,
    /// What it is about.
    pub place: Place,
    /// What explains it.
    pub other: Option<Place>,
}

/// See [`Note`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    /// A key of this section, or this section itself, is written again at the other place.
    Twice(String),
    /// A macro by this name may change all of the template.
    Changed(String),
    /// A macro by this name may bring further resources.
    More(String),
    /// A resource without a type.
    NoType,
    /// A resource whose type is none.
    NoSuchType,
    /// A resource whose condition is not defined.
    NoSuchCondition,
    /// A loop that has not its parts.
    BrokenLoop,
    /// A loop that writes more than a stack can hold.
    LongLoop,
    /// A resource of which not all references were followed, for they and those of others are too many.
    Unfollowed,
    /// A call of a module that comes round to itself.
    Circle,
    /// A call of a module within more modules than are followed, and how many instances of the call there are.
    DeepCall(usize),
    /// The first call of a module of which nothing is made because there are more instances of modules already than are looked at,
    /// and how many calls there are of which that holds.
    ManyCalls(usize),
    /// This version of the form of a plan or state is newer than what is known.
    Newer(String),
    /// A block, or a part of one, that Terraform refuses.
    Refused {
        message: String,
        /// What stands at the other place.
        other: &'static str,
    },
}

/// One block: a provider type with an address.
#[derive(Debug)]
pub struct Resource<'t> {
    /// Logical id, or full Terraform address.
    pub address: String,
    /// Provider type: `AWS::ECS::Service`, `aws_ecs_service`.
    pub kind: Cow<'t, str>,
    /// Where the type is said (the block's name in Terraform).
    pub type_place: Place,
    /// The whole block, or its name where the block is not at hand.
    pub block: Place,
    /// Its properties, one level deep.
    pub properties: Vec<Entry<'t>>,
    /// Other parts of the block in which a reference counts as use (cfn-init metadata; never `DependsOn`).
    pub extras: Vec<Entry<'t>>,
    /// The block itself, where it is at hand.
    pub body: Option<Node<'t>>,
    /// Whether it may not exist at all, and what says so.
    pub condition: Option<Child<'t>>,
    /// Loop variables of the block.
    pub scope: Scope<'t>,
    /// References that the dialect knows without reading expressions (plans).
    pub references: Vec<KnownReference>,
    /// Reasons on the block.
    pub reasons: Vec<Reason>,
    /// What AWS Context says on it; several where it depends.
    pub contexts: Vec<Context>,
    /// Why it is open what becomes of the block, whatever is written in it.
    pub doubts: Vec<Cause>,
    /// Where the block begins in its file, if the tree is not the file's own (plans are read in parts).
    pub origin: Option<Position>,
}

/// A name in a block that only says what must exist before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The key that it stands under.
    pub key: &'static str,
    /// Which one of several.
    pub at: Option<usize>,
    /// The logical id or address.
    pub name: String,
    pub place: Place,
}

/// A reference to another resource that is told apart from the expression in which it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KnownReference {
    /// The property in which it stands; keys of nested blocks follow after dots, numbers in lists are left out.
    pub path: String,
    /// The other resource's address.
    pub address: String,
}

impl KnownReference {
    /// The property at the top of the block.
    #[must_use]
    pub fn property(&self) -> &str {
        let end = self.path.find('.');
        end.map_or(&self.path, |end| &self.path[..end])
    }
}

/// What one block hands down to the stack that it makes.
#[derive(Clone, Debug)]
pub struct HandedBy {
    /// The block's address.
    pub block: String,
    pub place: Place,
    pub value: String,
}

/// A parameter or variable.
#[derive(Debug)]
pub struct Parameter<'t> {
    pub name: Cow<'t, str>,
    /// Its default, or the value that a variables file gives it.
    pub default: Option<Child<'t>>,
    /// What the maker of its unit hands down: then nothing else can be its value.
    pub handed: Option<Child<'t>>,
    /// Whether several make its unit, and hand down different values: those that are allowed.
    pub is_disputed: bool,
    /// What each of the blocks that make its unit hands down, where all of that is known, differs, and is deployed in any case.
    pub handed_by: Vec<HandedBy>,
    /// What it is instead of null, where it can't be null.
    pub instead_of_null: Option<Child<'t>>,
    /// The type that its value is made.
    pub declared: Option<Type<'t>>,
    /// The only values that it can take; empty when it can take any.
    pub allowed: Vec<Cow<'t, str>>,
    /// Whether it, or each part of it, must be a number, where its text alone decides that.
    pub is_of_numbers: bool,
    /// The least and the greatest number that it can be, where the template says so.
    pub bounds: (Option<f64>, Option<f64>),
    /// What its text must look like, where the template says so.
    pub shape: Shape,
    /// How its text becomes a value.
    pub kind: ParameterKind,
    /// Where the default stands, else the parameter's name.
    pub place: Place,
    /// What has to hold for its value.
    pub rules: Vec<Child<'t>>,
    /// Where its value comes from, if the deployment gives it; the value stands in the place of the default.
    pub given: Option<GivenFrom>,
    /// Whether Terraform finds its value in a file that it loads by itself; the value stands in the place of the default.
    pub is_loaded: bool,
}

impl Parameter<'_> {
    /// Whether the deployment says what it is, so that it is nothing else.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.given.as_ref().is_some_and(|given| given.is_known)
    }

    /// Whether anybody says what it is but the template: the deployment, or a file that Terraform loads by itself.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.is_loaded || self.is_given()
    }

    /// The values that it can only have; none where they are those of a name under which the value is looked up.
    #[must_use]
    pub fn choices(&self) -> &[Cow<'_, str>] {
        match self.kind {
            ParameterKind::Lookup => &[],
            ParameterKind::Value | ParameterKind::List => &self.allowed,
        }
    }
}

/// How a parameter's text becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// As it stands.
    Value,
    /// Split at commas (`CommaDelimitedList`, `List<...>`).
    List,
    /// A name under which the value is looked up when the stack is deployed (`AWS::SSM::Parameter::Value<...>`).
    Lookup,
}
