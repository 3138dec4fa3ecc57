//! A tree becomes a template: resources, their properties as expressions, and the reasons written beside them.
//! One file a dialect; behind this door nobody asks any more whether it was CloudFormation or Terraform.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::base::source::{Position, Span};
use crate::syntax::{Document, Node};

pub mod cloudformation;
pub mod plan;
pub mod reason;
pub mod sam;
pub mod terraform;

pub use crate::base::Dialect;
pub use reason::{Carrier, Reason};

/// A place in one of the files of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index into [`Template::documents`]; of a plan, into its excerpts.
    pub file: usize,
    /// The bytes.
    pub span: Span,
}

/// Everything of one stack: one CloudFormation document, one plan, or all Terraform JSON files of a folder.
#[derive(Debug)]
pub struct Template<'t> {
    /// Its language.
    pub dialect: Dialect,
    /// The trees that its nodes come from; a [`Place`] names one by index.
    pub documents: Vec<&'t Document<'t>>,
    /// In the order of writing.
    pub resources: Vec<Resource<'t>>,
    /// Parameters and variables.
    pub parameters: Vec<Parameter<'t>>,
    /// Conditions, mappings and locals.
    pub definitions: HashMap<(Space, Cow<'t, str>), Child<'t>>,
    /// Reasons that stand for all of it.
    pub reasons: Vec<Reason>,
    /// Resources by logical id or Terraform address; an address without its index names all of its instances.
    pub names: HashMap<Cow<'t, str>, Vec<usize>>,
    /// Parameters by name; filled when the first is looked up.
    parameter_names: OnceCell<HashMap<String, usize>>,
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
            definitions: HashMap::new(),
            reasons: Vec::new(),
            names: HashMap::new(),
            parameter_names: OnceCell::new(),
        }
    }

    /// What stands there, one level deep.
    #[must_use]
    pub fn expr(&self, child: &Child<'t>) -> Expr<'t> {
        match &child.what {
            What::Built(expr) => Expr::clone(expr),
            What::Node(node) => match self.dialect {
                Dialect::CloudFormation => cloudformation::expr(*node, &child.scope),
                // A plan's expressions are built when it is read.
                Dialect::Terraform | Dialect::Plan => terraform::expr(*node, &child.scope),
            },
        }
    }

    /// The place of a node.
    #[must_use]
    pub fn place(&self, node: Node<'t>) -> Place {
        let owner = |document: &&Document<'t>| std::ptr::eq(*document, node.document());
        Place {
            file: self.documents.iter().position(owner).unwrap_or(0),
            span: node.span(),
        }
    }

    /// The index of a parameter or variable.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<usize> {
        let names = self.parameter_names.get_or_init(|| {
            let names = self
                .parameters
                .iter()
                .map(|parameter| parameter.name.to_string());
            names.zip(0..).collect()
        });
        names.get(name).copied()
    }
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
    /// Whether it may not exist at all, and what says so.
    pub condition: Option<Child<'t>>,
    /// Loop variables of the block.
    pub scope: Scope<'t>,
    /// References that the dialect knows without reading expressions (plans).
    pub references: Vec<KnownReference>,
    /// Reasons on the block.
    pub reasons: Vec<Reason>,
    /// Where the block begins in its file, if the tree is not the file's own (plans are read in parts).
    pub origin: Option<Position>,
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

/// A key and what stands under it.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// The key.
    pub key: Cow<'t, str>,
    /// Where the key stands, if it is the author's own; in a plan with its value.
    pub place: Option<Place>,
    /// The value.
    pub value: Child<'t>,
}

/// A parameter or variable.
#[derive(Debug)]
pub struct Parameter<'t> {
    /// Its name.
    pub name: Cow<'t, str>,
    /// Its default, or the value that a variables file gives it.
    pub default: Option<Child<'t>>,
    /// The only values that it can take; empty when it can take any.
    pub allowed: Vec<Cow<'t, str>>,
    /// The least and the greatest number that it can be, where the template says so.
    pub bounds: (Option<f64>, Option<f64>),
    /// How its text becomes a value.
    pub kind: ParameterKind,
    /// Where the default stands, else the parameter's name.
    pub place: Place,
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

/// The kinds of named things that are no parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// CloudFormation conditions.
    Condition,
    /// CloudFormation mappings.
    Mapping,
    /// Terraform locals.
    Local,
}

/// Something to look at, with the loop variables that hold there.
#[derive(Clone, Debug)]
pub struct Child<'t> {
    /// A node of the tree, or an expression made from one.
    pub what: What<'t>,
    /// Loop variables.
    pub scope: Scope<'t>,
}

/// See [`Child`].
#[derive(Clone, Debug)]
pub enum What<'t> {
    /// Looked at when asked for.
    Node(Node<'t>),
    /// Looked at already.
    Built(Rc<Expr<'t>>),
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

    /// An expression that is no node.
    #[must_use]
    pub fn built(expr: Expr<'t>, scope: &Scope<'t>) -> Self {
        Self {
            what: What::Built(Rc::new(expr)),
            scope: scope.clone(),
        }
    }

    /// The node, if it is one.
    #[must_use]
    pub fn as_node(&self) -> Option<Node<'t>> {
        match self.what {
            What::Node(node) => Some(node),
            What::Built(_) => None,
        }
    }
}

/// Loop variables, innermost first.
pub type Scope<'t> = Option<Rc<Bound<'t>>>;

/// One loop variable.
#[derive(Debug)]
pub struct Bound<'t> {
    /// Its name: a `Fn::ForEach` identifier, `each`, `count`, or the iterator of a `dynamic` block.
    pub name: Cow<'t, str>,
    /// Its value in this round.
    pub value: Child<'t>,
    /// The variables around it.
    pub outer: Scope<'t>,
}

/// The value of a loop variable.
#[must_use]
pub fn bound<'a, 't>(scope: &'a Scope<'t>, name: &str) -> Option<&'a Child<'t>> {
    let mut scope = scope.as_ref();
    while let Some(frame) = scope {
        if frame.name == name {
            return Some(&frame.value);
        }
        scope = frame.outer.as_ref();
    }
    None
}

/// What stands in a place, in words that every dialect shares.
#[derive(Clone, Debug)]
pub enum Expr<'t> {
    /// Nothing: `null`, `AWS::NoValue`.
    Absent,
    /// A scalar, as the text by which it is compared.
    Text(Cow<'t, str>),
    /// A list.
    List(Vec<Child<'t>>),
    /// A map, without the entries that a later duplicate replaces.
    Map(Vec<Entry<'t>>),
    /// A name that stands for something else.
    Name(Name<'t>),
    /// A function of other expressions.
    Call(Function, Vec<Child<'t>>),
    /// What no template can tell.
    Unknown(Cause),
}

/// What a name may stand for.
#[derive(Clone, Debug)]
pub enum Name<'t> {
    /// A loop variable, a parameter, a resource or a pseudo parameter, whichever has the name (`Ref`).
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

/// Functions of both dialects that a hosting choice can hang on. The arguments' order is that of `CloudFormation`'s, else Terraform's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Condition, then, else.
    If,
    /// Two values are the same text.
    Equals,
    /// Two values are not the same text.
    Differs,
    /// First number is below the second.
    Below,
    /// First number is below or equal.
    AtMost,
    /// The opposite.
    Not,
    /// All.
    And,
    /// One.
    Or,
    /// Mapping, first key, second key, and a default or nothing.
    FindInMap,
    /// A collection and a key or index.
    Index,
    /// A collection, a key, and a default (`lookup`); for lists an index that wraps (`element`).
    Lookup,
    /// Index, list (`Fn::Select`).
    Select,
    /// Separator, list.
    Join,
    /// Separator, text.
    Split,
    /// Texts one after the other (`Sub`, `"${a}-${b}"`).
    Concat,
    /// Number of elements.
    Length,
    /// Lists one after the other.
    Append,
    /// Maps, the last wins.
    Merge,
    /// First that is there (`coalesce`, `try`).
    First,
    /// A list holds a value.
    Contains,
    /// Keys of a map.
    Keys,
    /// Values of a map.
    Values,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
    /// A map from a list of key and value pairs or the like: the value itself (`tostring`, `toset`, `tolist`, `tonumber`, `sensitive`).
    Same,
    /// A function that is not run: its name or the cause, then its arguments, which still refer to things.
    Opaque,
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A parameter or variable without a default.
    Parameter(String),
    /// An export of another stack.
    Import(String),
    /// An attribute that exists only once the resource does.
    Attribute(String),
    /// `AWS::Region` and its like.
    Pseudo(String),
    /// A value that is looked up when the stack is deployed.
    Lookup(String),
    /// A function that we do not run.
    Function(String),
    /// A name that nothing in the template bears.
    Undefined(String),
    /// Known only after apply, says the plan.
    AfterApply,
    /// A data source.
    Data(String),
    /// Another module's output.
    Module(String),
    /// Nested or repeated beyond the limit.
    TooDeep,
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Parameter(name) => write!(f, "`{name}` has no default"),
            Self::Import(name) => write!(f, "`{name}` is exported by another stack"),
            Self::Attribute(name) => write!(f, "`{name}` is known only once it exists"),
            Self::Pseudo(name) => write!(f, "`{name}` is known only when deployed"),
            Self::Lookup(name) => write!(f, "`{name}` is looked up when deployed"),
            Self::Function(name) => write!(f, "`{name}` is not evaluated"),
            Self::Undefined(name) => write!(f, "nothing in the template is called `{name}`"),
            Self::AfterApply => write!(f, "the plan knows it only after apply"),
            Self::Data(name) => write!(f, "`{name}` is read from outside"),
            Self::Module(name) => write!(f, "`{name}` comes from another module"),
            Self::TooDeep => write!(f, "it is nested too deeply to follow"),
        }
    }
}
