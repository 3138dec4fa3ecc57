//! The one language of expressions, in which every dialect says what stands in a place. Written once, it can be looked at
//! under any loop variables: the parts of an expression take those of the whole.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{Function, Place};
use crate::syntax::Node;

/// Entries from which on a map is asked by an index.
const MANY: usize = 12;

/// Something to look at, with the loop variables that hold there.
#[derive(Clone, Debug)]
pub struct Child<'t> {
    /// A node of the tree, or an expression made from one.
    pub what: What<'t>,
    /// Loop variables; a part without any has those of the whole.
    pub scope: Scope<'t>,
}

/// See [`Child`].
#[derive(Clone, Debug)]
pub enum What<'t> {
    /// Looked at when asked for.
    Node(Node<'t>),
    /// Taken as it stands, whatever it looks like: the value of a variable.
    Literal(Node<'t>),
    /// Looked at already.
    Built(Built<'t>),
}

impl<'t> Child<'t> {
    /// A node under loop variables.
    #[must_use]
    pub fn node(node: Node<'t>, scope: &Scope<'t>) -> Self {
        Self {
            what: What::Node(node),
            scope: scope.clone(),
        }
    }

    /// A node in which nothing is an expression.
    #[must_use]
    pub fn literal(node: Node<'t>) -> Self {
        Self {
            what: What::Literal(node),
            scope: None,
        }
    }

    /// An expression that is no node.
    #[must_use]
    pub fn built(expr: Expr<'t>, scope: &Scope<'t>) -> Self {
        Self {
            what: What::Built(Built::new(expr)),
            scope: scope.clone(),
        }
    }

    /// The node, if it is one.
    #[must_use]
    pub fn as_node(&self) -> Option<Node<'t>> {
        match self.what {
            What::Node(node) | What::Literal(node) => Some(node),
            What::Built(_) => None,
        }
    }

    /// The expression, if nobody else has it; never asked but when it is dropped.
    fn take_last(&mut self) -> Option<Expr<'t>> {
        match &mut self.what {
            What::Built(built) => built.take_last(),
            _ => None,
        }
    }

    /// The same, with the loop variables of a whole that it is a part of.
    #[must_use]
    pub fn within(&self, scope: &Scope<'t>) -> Self {
        let scope = if self.scope.is_some() {
            &self.scope
        } else {
            scope
        };
        Self {
            what: self.what.clone(),
            scope: scope.clone(),
        }
    }
}

/// A shared expression. Dropped one after the other, not one inside of the other: hostile ones are nested very deeply.
#[derive(Clone, Debug)]
pub struct Built<'t>(Option<Rc<Expr<'t>>>);

impl<'t> Built<'t> {
    /// Shares an expression.
    #[must_use]
    pub fn new(expr: Expr<'t>) -> Self {
        Self(Some(Rc::new(expr)))
    }

    /// The expression, under loop variables.
    #[must_use]
    pub fn expr(&self, scope: &Scope<'t>) -> Expr<'t> {
        let expr = self.0.as_ref().expect("it is taken only when dropped");
        expr.within(scope)
    }

    fn take_last(&mut self) -> Option<Expr<'t>> {
        Rc::into_inner(self.0.take()?)
    }
}

impl Drop for Built<'_> {
    fn drop(&mut self) {
        let last = match self.take_last() {
            None | Some(Expr::Text(_) | Expr::Name(_)) => return,
            Some(last) => last,
        };
        let mut waiting = vec![last];
        while let Some(mut expr) = waiting.pop() {
            match &mut expr {
                Expr::List(items) | Expr::Call(_, items) => {
                    let all = Rc::get_mut(&mut items.all).into_iter().flatten();
                    waiting.extend(all.filter_map(Child::take_last));
                }
                Expr::Map(entries) => {
                    let all = Rc::get_mut(&mut entries.all).into_iter();
                    let all = all.flat_map(|table| &mut table.entries);
                    waiting.extend(all.filter_map(|entry| entry.value.take_last()));
                }
                Expr::For(each) => {
                    if let Some(each) = Rc::get_mut(&mut each.written) {
                        waiting.extend(each.parts_mut().filter_map(Child::take_last));
                    }
                }
                _ => {}
            }
        }
    }
}

/// What names mean in a place: the loop variables that hold there, innermost first, and the unit that it is part of.
pub type Scope<'t> = Option<Rc<Frame<'t>>>;

/// One loop variable, or the unit around all of them.
#[derive(Debug)]
pub struct Frame<'t> {
    /// An index into [`Template::units`](super::Template::units).
    unit: usize,
    /// Nothing in the outermost frame, that of the unit.
    variable: Option<Bound<'t>>,
    outer: Scope<'t>,
}

/// One loop variable.
#[derive(Debug)]
pub struct Bound<'t> {
    /// Its name: a `Fn::ForEach` identifier, `each`, `count`, the iterator of a `dynamic` block or a name in a `for`.
    pub name: Cow<'t, str>,
    /// Its value in this round.
    pub value: Child<'t>,
}

/// The loop variables of a scope, innermost first.
pub fn variables<'a, 't>(scope: &'a Scope<'t>) -> impl Iterator<Item = &'a Bound<'t>> {
    let frames = std::iter::successors(scope.as_ref(), |frame| frame.outer.as_ref());
    frames.filter_map(|frame| frame.variable.as_ref())
}

/// Whether any loop variable holds there.
#[must_use]
pub fn is_in_loop(scope: &Scope<'_>) -> bool {
    scope.as_ref().is_some_and(|frame| frame.variable.is_some())
}

/// The value of a loop variable.
#[must_use]
pub fn bound<'a, 't>(scope: &'a Scope<'t>, name: &str) -> Option<&'a Child<'t>> {
    let mut all = variables(scope);
    all.find(|variable| variable.name == name)
        .map(|variable| &variable.value)
}

/// One more loop variable.
#[must_use]
pub fn bind<'t>(outer: &Scope<'t>, name: Cow<'t, str>, value: Child<'t>) -> Scope<'t> {
    Some(Rc::new(Frame {
        unit: unit(outer),
        variable: Some(Bound { name, value }),
        outer: outer.clone(),
    }))
}

/// The unit in whose names a place is written: the first where nothing says otherwise.
#[must_use]
pub fn unit(scope: &Scope<'_>) -> usize {
    scope.as_ref().map_or(0, |frame| frame.unit)
}

/// The scope of everything in a unit that stands in no loop.
#[must_use]
pub fn within_unit<'t>(unit: usize) -> Scope<'t> {
    Some(Rc::new(Frame {
        unit,
        variable: None,
        outer: None,
    }))
}

/// What stands in a place, in words that every dialect shares.
#[derive(Clone, Debug)]
pub enum Expr<'t> {
    /// Nothing: `null`, `AWS::NoValue`.
    Absent,
    /// A text; in CloudFormation any scalar, as the text by which it is compared.
    Text(Cow<'t, str>),
    /// A number, as its digits.
    Number(Cow<'t, str>),
    /// A truth value.
    Bool(bool),
    List(Items<'t>),
    Map(Entries<'t>),
    /// A name that stands for something else.
    Name(Name<'t>),
    /// A function of other expressions.
    Call(Function, Items<'t>),
    /// Something for each element of something.
    For(For<'t>),
    /// What no template can tell.
    Unknown(Cause),
}

impl<'t> Expr<'t> {
    /// The same under loop variables.
    #[must_use]
    pub(super) fn within(&self, scope: &Scope<'t>) -> Self {
        match self {
            Self::List(items) => Self::List(items.within(scope)),
            Self::Call(function, items) => Self::Call(*function, items.within(scope)),
            Self::Map(entries) => Self::Map(entries.within(scope)),
            Self::For(each) => Self::For(each.within(scope)),
            simple => simple.clone(),
        }
    }
}

/// What kind of list it is, where a dialect tells them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListKind {
    /// As written: each element is what it is.
    #[default]
    Tuple,
    /// All of one type.
    List,
    /// All of one type, in order, each once.
    Set,
}

/// Expressions one after the other; cheap to share.
#[derive(Clone, Debug)]
pub struct Items<'t> {
    all: Rc<[Child<'t>]>,
    scope: Scope<'t>,
    /// What kind of list they are.
    pub kind: ListKind,
}

impl<'t> Items<'t> {
    /// Of so many children that an iterator has.
    pub fn exactly(count: usize, mut children: impl Iterator<Item = Child<'t>>) -> Self {
        let absent = || Child::built(Expr::Absent, &None);
        let all = (0..count).map(|_| children.next().unwrap_or_else(absent));
        Self::from(all.collect::<Rc<[_]>>())
    }

    /// The same of another kind.
    #[must_use]
    pub fn of_kind(mut self, kind: ListKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same under loop variables.
    #[must_use]
    pub fn within(&self, scope: &Scope<'t>) -> Self {
        let mut items = self.clone();
        if items.scope.is_none() {
            items.scope.clone_from(scope);
        }
        items
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Child<'t>> {
        Some(self.all.get(at)?.within(&self.scope))
    }

    #[must_use]
    pub fn first(&self) -> Option<Child<'t>> {
        self.get(0)
    }

    /// All, in order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Child<'t>> + ExactSizeIterator {
        self.all.iter().map(|child| child.within(&self.scope))
    }

    /// So many, if there are exactly so many.
    #[must_use]
    pub fn take<const N: usize>(&self) -> Option<[Child<'t>; N]> {
        let all: &[Child<'t>; N] = (&*self.all).try_into().ok()?;
        Some(std::array::from_fn(|at| all[at].within(&self.scope)))
    }
}

impl<'t> From<Rc<[Child<'t>]>> for Items<'t> {
    fn from(all: Rc<[Child<'t>]>) -> Self {
        Self {
            all,
            scope: None,
            kind: ListKind::Tuple,
        }
    }
}

impl<'t> From<Vec<Child<'t>>> for Items<'t> {
    fn from(all: Vec<Child<'t>>) -> Self {
        Self::from(Rc::from(all))
    }
}

impl<'t> FromIterator<Child<'t>> for Items<'t> {
    fn from_iter<I: IntoIterator<Item = Child<'t>>>(children: I) -> Self {
        Self::from(children.into_iter().collect::<Rc<[_]>>())
    }
}

/// A key and what stands under it.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    pub key: Cow<'t, str>,
    /// Where the key stands, if it is the author's own.
    pub place: Option<Place>,
    pub value: Child<'t>,
}

impl<'t> Entry<'t> {
    /// An entry that nobody wrote.
    #[must_use]
    pub fn new(key: impl Into<Cow<'t, str>>, value: Child<'t>) -> Self {
        Self {
            key: key.into(),
            place: None,
            value,
        }
    }

    /// Why there may be more in the map than what is written, if this is a macro, or another function, that brings it.
    #[must_use]
    pub fn brings_more(&self) -> Option<Cause> {
        brings(&self.key).then(|| Cause::Function(self.key.clone().into_owned()))
    }
}

/// Whether a function stands under a key: as one of several, it is one that brings further ones.
fn brings(key: &str) -> bool {
    key.starts_with("Fn::")
}

/// The key under which a macro stands in the map that it fills.
pub(super) const MACRO: &str = "Fn::Transform";

/// What kind of map it is, where a dialect tells them apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapKind {
    /// As written: each value is what it is.
    #[default]
    Object,
    /// All values of one type.
    Map,
}

/// A map, without the entries that a later duplicate replaces; cheap to share.
#[derive(Clone, Debug)]
pub struct Entries<'t> {
    all: Rc<Table<'t>>,
    scope: Scope<'t>,
    pub kind: MapKind,
}

#[derive(Debug)]
struct Table<'t> {
    entries: Vec<Entry<'t>>,
    /// The last entry with each key; filled when the first is looked up.
    index: OnceCell<FxHashMap<Cow<'t, str>, usize>>,
}

impl<'t> Entries<'t> {
    /// The same of another kind.
    #[must_use]
    pub fn of_kind(mut self, kind: MapKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same under loop variables.
    #[must_use]
    pub fn within(&self, scope: &Scope<'t>) -> Self {
        let mut entries = self.clone();
        if entries.scope.is_none() {
            entries.scope.clone_from(scope);
        }
        entries
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.entries.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.entries.is_empty()
    }

    /// The last with a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Entry<'t>> {
        let all = &self.all.entries;
        if all.len() < MANY {
            let found = all.iter().rev().find(|entry| entry.key == key);
            return found.map(|entry| self.scoped(entry));
        }
        let index = self.all.index.get_or_init(|| {
            let keys = all.iter().map(|entry| entry.key.clone());
            keys.zip(0..).collect()
        });
        index.get(key).map(|&at| self.scoped(&all[at]))
    }

    /// A macro among them, that may bring more.
    #[must_use]
    pub fn opening(&self) -> Option<Entry<'t>> {
        let mut all = self.all.entries.iter();
        let found = all.find(|entry| brings(&entry.key));
        found.map(|entry| self.scoped(entry))
    }

    /// The keys, in the order of writing.
    pub fn keys(&self) -> impl Iterator<Item = &Cow<'t, str>> {
        self.all.entries.iter().map(|entry| &entry.key)
    }

    /// Keys and values, in the order of writing.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, Child<'t>)> {
        let all = self.all.entries.iter();
        all.map(|entry| (&*entry.key, entry.value.within(&self.scope)))
    }

    /// All, in the order of writing.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Entry<'t>> + ExactSizeIterator {
        self.all.entries.iter().map(|entry| self.scoped(entry))
    }

    /// All, in the order of writing, without copying them if nobody else has them.
    #[must_use]
    pub fn into_vec(mut self) -> Vec<Entry<'t>> {
        match Rc::get_mut(&mut self.all) {
            Some(table) if self.scope.is_none() => std::mem::take(&mut table.entries),
            _ => self.iter().collect(),
        }
    }

    /// All, in the order of their keys.
    #[must_use]
    pub fn in_order(&self) -> Vec<Entry<'t>> {
        let mut all: Vec<_> = self.iter().collect();
        all.sort_by(|a, b| a.key.cmp(&b.key));
        all
    }

    fn scoped(&self, entry: &Entry<'t>) -> Entry<'t> {
        Entry {
            key: entry.key.clone(),
            place: entry.place,
            value: entry.value.within(&self.scope),
        }
    }
}

impl<'t> From<Vec<Entry<'t>>> for Entries<'t> {
    fn from(entries: Vec<Entry<'t>>) -> Self {
        Self {
            all: Rc::new(Table {
                entries,
                index: OnceCell::new(),
            }),
            scope: None,
            kind: MapKind::Object,
        }
    }
}

impl<'t> FromIterator<Entry<'t>> for Entries<'t> {
    fn from_iter<I: IntoIterator<Item = Entry<'t>>>(entries: I) -> Self {
        Self::from(entries.into_iter().collect::<Vec<_>>())
    }
}

/// A `for` expression, or a splat: its parts, and the loop variables around it.
#[derive(Clone, Debug)]
pub struct For<'t> {
    written: Rc<Written<'t>>,
    scope: Scope<'t>,
}

/// The parts of a `for` expression.
#[derive(Debug)]
pub struct Written<'t> {
    /// What it runs over.
    pub collection: Child<'t>,
    /// The name of the key, if it has one, and that of the value.
    pub names: (Option<Cow<'t, str>>, Cow<'t, str>),
    /// The keys, where a map is made.
    pub key: Option<Child<'t>>,
    /// The elements, or values.
    pub value: Child<'t>,
    /// Which of them are taken.
    pub condition: Option<Child<'t>>,
    /// Values of equal keys are gathered in lists.
    pub is_grouped: bool,
}

impl<'t> Written<'t> {
    fn parts_mut(&mut self) -> impl Iterator<Item = &mut Child<'t>> {
        let some = [&mut self.collection, &mut self.value].into_iter();
        some.chain(&mut self.key).chain(&mut self.condition)
    }
}

impl<'t> For<'t> {
    /// A `for` expression.
    #[must_use]
    pub fn new(written: Written<'t>) -> Self {
        Self {
            written: Rc::new(written),
            scope: None,
        }
    }

    /// Its parts; they have no loop variables of their own.
    #[must_use]
    pub fn written(&self) -> &Written<'t> {
        &self.written
    }

    /// The loop variables around it.
    #[must_use]
    pub fn scope(&self) -> &Scope<'t> {
        &self.scope
    }

    /// What it runs over.
    #[must_use]
    pub fn collection(&self) -> Child<'t> {
        self.written.collection.within(&self.scope)
    }

    /// All parts under the loop variables around it; those of its own are not bound.
    #[must_use]
    pub fn parts(&self) -> Vec<Child<'t>> {
        let written = &self.written;
        let some = [&written.collection, &written.value].into_iter();
        let all = some.chain(&written.key).chain(&written.condition);
        all.map(|part| part.within(&self.scope)).collect()
    }

    fn within(&self, scope: &Scope<'t>) -> Self {
        let mut each = self.clone();
        if each.scope.is_none() {
            each.scope.clone_from(scope);
        }
        each
    }
}

/// What a name may stand for.
#[derive(Clone, Debug)]
pub enum Name<'t> {
    /// A loop variable, a parameter or a resource, whichever has the name (`Ref`).
    Any(Cow<'t, str>),
    /// A parameter or variable (`var.x`).
    Parameter(Cow<'t, str>),
    /// A condition, mapping or local.
    Definition(Space, Cow<'t, str>),
    /// A loop variable (`each`, `count`).
    Loop(Cow<'t, str>),
    /// A resource's attribute (`GetAtt`, `aws_x.y.id`): logical id or address, and the attribute's name.
    Attribute(Cow<'t, str>, Cow<'t, str>),
}

/// The kinds of named things that are no parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// CloudFormation conditions.
    Condition,
    /// CloudFormation mappings.
    Mapping,
    /// Terraform locals.
    Local,
    /// Where a Terraform module stands (`path.module`).
    Path,
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A parameter or variable without a default.
    Parameter(String),
    /// A parameter whose value only the deployment knows, and the words that say so.
    Kept(String, String),
    /// A parameter to which several stacks hand down different values.
    Disputed(String),
    /// An export of another stack.
    Import(String),
    /// An export of several stacks.
    Ambiguous(String),
    /// An attribute that exists only once the resource does.
    Attribute(String),
    /// `AWS::Region` and its like.
    Pseudo(String),
    /// A value that is looked up when the stack is deployed.
    Lookup(String),
    /// A function that we do not run.
    Function(String),
    /// An operation or function that can't be done with what it is given: an error in Terraform.
    Rejected(String),
    /// A name that nothing in the template bears.
    Undefined(String),
    /// A mapping that has no such key, and the key.
    NoKey(String, String),
    /// A definition that hangs on itself.
    Circular(String),
    /// A macro that may change what is written.
    Macro(String),
    /// A loop over values that are not known, and why; nothing where they are too many.
    Loop(String, Option<Box<Cause>>),
    /// A text of which only the start and the end are known, and why.
    Part(String, String, Box<Cause>),
    /// A list that a parameter leaves empty by default.
    Empty(String),
    /// Known only after apply, says the plan.
    AfterApply,
    /// It hangs on a reference that a plan does not keep.
    Unseen,
    /// A data source.
    Data(String),
    /// Another module's output.
    Module(String),
    /// A value that is a known one but for small and capital letters, and that one.
    Misspelt(String, String),
    /// A file that is not there.
    NoFile(String),
    /// A file that is not read, and why.
    File(String, String),
    /// Nested or repeated beyond the limit.
    TooDeep,
}

impl Cause {
    /// Whether a text that is not known may be this one, as far as its known ends say.
    #[must_use]
    pub fn may_be(&self, text: &str) -> bool {
        let Self::Part(start, end, _) = self else {
            return true;
        };
        text.strip_prefix(&**start)
            .is_some_and(|rest| rest.ends_with(&**end))
    }

    /// Whether it stands in a file that is not there, or that is not read.
    #[must_use]
    pub fn is_of_a_file(&self) -> bool {
        matches!(self, Self::NoFile(_) | Self::File(..))
    }

    /// Whether it is open whether there is anything at all, and by default there is nothing.
    #[must_use]
    pub fn is_none_by_default(&self) -> bool {
        matches!(self, Self::Loop(_, Some(cause)) if matches!(**cause, Self::Empty(_)))
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parameter(name) => write!(f, "`{name}` has no default"),
            Self::Kept(_, words) => f.write_str(words),
            Self::Disputed(name) => write!(
                f,
                "`{name}` is handed down by several stacks, and not known to be the same"
            ),
            Self::Import(name) => write!(f, "`{name}` is exported by another stack"),
            Self::Ambiguous(name) => write!(f, "`{name}` is exported by more than one stack"),
            Self::Attribute(name) => write!(f, "`{name}` is known only once it exists"),
            Self::Pseudo(name) => write!(f, "`{name}` is known only when deployed"),
            Self::Lookup(name) => write!(f, "`{name}` is looked up when deployed"),
            Self::Function(name) => write!(f, "`{name}` is not evaluated"),
            Self::Rejected(name) => write!(f, "`{name}` can't take what it is given"),
            Self::Misspelt(text, word) => {
                write!(f, "`{text}` is not a known value: did you mean `{word}`?")
            }
            Self::Undefined(name) => write!(f, "nothing in the template is called `{name}`"),
            Self::NoKey(name, key) => write!(f, "`{name}` has no key `{key}`"),
            Self::Circular(name) => write!(f, "`{name}` is circular: it hangs on itself"),
            Self::Macro(name) => write!(f, "the macro `{name}` may change it"),
            Self::Loop(name, Some(cause)) => {
                write!(
                    f,
                    "what the loop over `{name}` runs over is not known: {cause}"
                )
            }
            Self::Loop(name, None) => {
                write!(
                    f,
                    "the loop over `{name}` writes more than a stack can hold"
                )
            }
            Self::Part(.., cause) => cause.fmt(f),
            Self::Empty(name) => write!(f, "`{name}` is empty by default"),
            Self::AfterApply => write!(f, "the plan knows it only after apply"),
            Self::Unseen => write!(f, "the plan does not show which of several it refers to"),
            Self::Data(name) => write!(f, "`{name}` is read from outside"),
            Self::Module(name) => write!(f, "`{name}` comes from another module"),
            Self::NoFile(path) => write!(f, "there is no file `{path}`"),
            Self::File(path, why) => write!(f, "`{path}` is not read: {why}"),
            Self::TooDeep => write!(f, "it is nested too deeply to follow"),
        }
    }
}
