//! The `configuration` of a plan: for each module its blocks, what their expressions refer to, and how modules are called.
//! Read as it goes by, one block at a time.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::address::{Address, AddressStep};
use super::window::Window;
use super::written::Written;
use super::{DEEPEST_MODULE, PlanError, captured, inside};
use crate::syntax::{Kind, Node, json};

/// Longer references are nobody's honest work.
const LONGEST: usize = 4096;

/// What one expression refers to.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) text: String,
    /// Whether `each` or `count` stands beside it: probably its key.
    pub(super) looped: bool,
}

pub(super) type References = Vec<Reference>;

#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) parent: Option<usize>,
    /// What its call names as its source; the root has no call.
    source: Option<String>,
    /// Whether its call has `count` or `for_each`, and what that refers to.
    pub(super) repeated: bool,
    pub(super) each: References,
    pub(super) inputs: BTreeMap<String, References>,
    pub(super) outputs: BTreeMap<String, References>,
    pub(super) children: BTreeMap<String, usize>,
    /// By type and name with a dot between them, `data.` before those of data sources.
    pub(super) resources: HashMap<String, Block>,
}

#[derive(Debug)]
pub(super) struct Block {
    pub(super) each: References,
    /// What somebody wrote in it; nothing where nobody asks for the type.
    written: Option<Written>,
    /// By path: the attribute, and below nested blocks further keys with dots between them.
    pub(super) properties: Vec<(String, References)>,
}

/// The call of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenCall<'k> {
    /// What the module is called there.
    pub name: &'k str,
    /// As it is written: a path, or where the module is fetched from.
    pub source: Option<&'k str>,
    /// The key of the instance in brackets, where one is meant that has one.
    pub key: String,
}

/// Where a resource is written.
#[derive(Debug)]
pub struct WrittenAt<'k> {
    /// The calls that lead to its module, outermost first.
    pub way: Vec<WrittenCall<'k>>,
    /// Its address there, without a key.
    pub address: String,
    /// The key of the instance in brackets, or nothing.
    pub key: String,
}

/// All modules of a plan, the root first.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    pub(super) modules: Vec<Module>,
    /// Variables of the root module whose values are secrets.
    secrets: HashSet<String>,
    /// What the root module declares besides its calls: `aws_instance.web`, `data.aws_ami.base`, `var.size`, `output.url`.
    declared: BTreeSet<String>,
}

impl Configuration {
    /// Reads the value of `configuration`; `wanted` says for which resource types it matters which attributes were written.
    pub(super) fn read(
        window: &mut Window<'_>,
        wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Self, PlanError> {
        let mut reader = Reader {
            window,
            wanted,
            found: Self {
                modules: vec![Module::default()],
                ..Self::default()
            },
        };
        reader.object(|reader, key| {
            if key == "root_module" {
                reader.module(0, 0)
            } else {
                reader.window.skip()
            }
        })?;
        Ok(reader.found)
    }

    /// Whether the value of a root module's variable must not be shown.
    pub(super) fn hides(&self, variable: &str) -> bool {
        self.secrets.contains(variable)
    }

    /// What somebody wrote in a resource's block; nothing where the block is not at hand.
    pub(super) fn written(&self, address: &Address<'_>) -> Option<&Written> {
        let (_, block) = self.block(address)?;
        block.written.as_ref()
    }

    /// A resource's block, and the index of its module.
    pub(super) fn block(&self, address: &Address<'_>) -> Option<(usize, &Block)> {
        let module = self.module(&address.modules)?;
        let name = format!("{}.{}", address.kind, address.name);
        Some((module, self.modules.get(module)?.resources.get(&name)?))
    }

    /// What the root module declares besides its calls.
    pub(super) fn declared(&self) -> &BTreeSet<String> {
        &self.declared
    }

    /// The modules that a module calls, each with its source.
    pub(super) fn calls(&self, module: usize) -> impl Iterator<Item = WrittenCall<'_>> {
        let calls = self.modules.get(module).into_iter();
        let calls = calls.flat_map(|module| &module.children);
        calls.map(|(name, at)| WrittenCall {
            name,
            source: self
                .modules
                .get(*at)
                .and_then(|called| called.source.as_deref()),
            key: String::new(),
        })
    }

    /// The calls that lead to the module of an address, outermost first.
    pub(super) fn way(&self, way: &[AddressStep<'_>]) -> Option<Vec<WrittenCall<'_>>> {
        let mut module = 0;
        let steps = way.iter().map(|step| {
            let (name, at) = self
                .modules
                .get(module)?
                .children
                .get_key_value(step.name)?;
            module = *at;
            let source = self.modules.get(module)?.source.as_deref();
            let key = step.key.to_owned();
            Some(WrittenCall { name, source, key })
        });
        steps.collect()
    }

    /// The number of a module.
    pub(super) fn module(&self, way: &[AddressStep<'_>]) -> Option<usize> {
        let mut module = 0;
        for step in way {
            module = *self.modules.get(module)?.children.get(step.name)?;
        }
        (module < self.modules.len()).then_some(module)
    }
}

struct Reader<'w, 'r, 'k> {
    window: &'w mut Window<'r>,
    wanted: &'k dyn Fn(&str) -> bool,
    found: Configuration,
}

impl Reader<'_, '_, '_> {
    /// Hands each key of an object to `member`, which must step over the value. What is no object is stepped over.
    fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, &str) -> Result<(), PlanError>,
    ) -> Result<(), PlanError> {
        if self.window.peek()? != Some(b'{') {
            return self.window.skip();
        }
        let mut more = self.window.open(b'{', b'}')?;
        while more {
            let key = self.window.key()?;
            member(self, &key)?;
            more = self.window.another(b'}')?;
        }
        Ok(())
    }

    fn module(&mut self, at: usize, depth: usize) -> Result<(), PlanError> {
        if depth > DEEPEST_MODULE {
            return Err(self.window.wrong("modules are nested too deeply"));
        }
        self.object(|reader, key| match (key, reader.window.peek()?) {
            ("resources", Some(b'[')) => reader.blocks(at),
            ("outputs", _) => reader.object(|reader, name| {
                let references = reader.value(|output| references(output.get("expression")))?;
                reader.found.modules[at]
                    .outputs
                    .insert(name.to_owned(), references);
                if at == 0 {
                    reader.found.declared.insert(format!("output.{name}"));
                }
                Ok(())
            }),
            ("variables", _) if at == 0 => reader.object(|reader, name| {
                let is_secret = |variable: Node<'_>| {
                    let sensitive = variable.get("sensitive");
                    sensitive.is_some_and(|sensitive| sensitive.is("true"))
                };
                if reader.value(is_secret)? {
                    reader.found.secrets.insert(name.to_owned());
                }
                reader.found.declared.insert(format!("var.{name}"));
                Ok(())
            }),
            ("module_calls", _) => {
                reader.object(|reader, name| reader.call(at, name.to_owned(), depth))
            }
            _ => reader.window.skip(),
        })
    }

    fn call(&mut self, parent: usize, name: String, depth: usize) -> Result<(), PlanError> {
        let at = self.found.modules.len();
        self.found.modules.push(Module {
            parent: Some(parent),
            ..Module::default()
        });
        self.found.modules[parent].children.insert(name, at);
        self.object(|reader, key| match key {
            "count_expression" | "for_each_expression" => {
                let each = reader.value(|each| references(Some(each)))?;
                reader.found.modules[at].repeated = true;
                reader.found.modules[at].each.extend(each);
                Ok(())
            }
            "expressions" => reader.object(|reader, name| {
                let input = reader.value(|value| references(Some(value)))?;
                reader.found.modules[at]
                    .inputs
                    .insert(name.to_owned(), input);
                Ok(())
            }),
            "module" => reader.module(at, depth + 1),
            "source" => {
                let source = reader.value(|source| source.comparable().map(Cow::into_owned))?;
                reader.found.modules[at].source = source;
                Ok(())
            }
            _ => reader.window.skip(),
        })
    }

    fn blocks(&mut self, module: usize) -> Result<(), PlanError> {
        let mut more = self.window.open(b'[', b']')?;
        while more {
            let wanted = self.wanted;
            let (name, block) = self.value(|node| block(node, wanted))?;
            if module == 0 && !name.is_empty() {
                self.found.declared.insert(name.clone());
            }
            if let Some(block) = block {
                self.found.modules[module].resources.insert(name, block);
            }
            more = self.window.another(b']')?;
        }
        Ok(())
    }

    fn value<T>(&mut self, read: impl FnOnce(Node<'_>) -> T) -> Result<T, PlanError>
    where
        T: Default,
    {
        let range = self.window.capture()?;
        let text = captured(self.window, &range)?;
        let read = json(text).map(|document| document.roots().next().map(read));
        match read {
            Ok(read) => {
                self.window.release();
                Ok(read.unwrap_or_default())
            }
            Err(error) => Err(inside(self.window, &range, &error)),
        }
    }
}

/// A block's name, and the block unless nothing in it matters. What is kept nowhere (`ephemeral`) has no name.
fn block(node: Node<'_>, wanted: &dyn Fn(&str) -> bool) -> (String, Option<Block>) {
    let text = |key: &str| node.get(key).map(Node::text).unwrap_or_default();
    let (kind, name) = (text("type"), text("name"));
    let mode = text("mode");
    let is_data = mode == "data";
    let name = match &*mode {
        "ephemeral" => return (String::new(), None),
        "data" => format!("data.{kind}.{name}"),
        _ => format!("{kind}.{name}"),
    };
    let expressions = node.get("expressions");
    let written = (!is_data && wanted(&kind)).then(|| Written::of(expressions));
    let properties = properties(expressions);
    if written.is_none() && properties.is_empty() {
        return (name, None);
    }
    let mut each = references(node.get("for_each_expression"));
    each.extend(references(node.get("count_expression")));
    let block = Block {
        each,
        written,
        properties,
    };
    (name, Some(block))
}

/// All references in an expression, nested blocks included.
fn references(expression: Option<Node<'_>>) -> References {
    let mut found = Vec::new();
    visit(expression, String::new(), &mut |_, list| {
        one_list(list, &mut found);
    });
    found
}

/// The references of each attribute, by its path.
fn properties(expressions: Option<Node<'_>>) -> Vec<(String, References)> {
    let mut properties: Vec<(String, References)> = Vec::new();
    for (key, value) in expressions.into_iter().flat_map(Node::entries) {
        let first = properties.len();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        visit(Some(value), key.text().into_owned(), &mut |path, list| {
            let number = *numbers.entry(path.to_owned()).or_insert_with(|| {
                properties.push((path.to_owned(), References::new()));
                properties.len() - 1
            });
            one_list(list, &mut properties[number].1);
        });
        properties[first..].sort_by(|(one, _), (other, _)| one.cmp(other));
    }
    properties.retain(|(_, references)| !references.is_empty());
    properties
}

/// Hands on every list of references in an expression, with the path at which it stands.
fn visit(expression: Option<Node<'_>>, path: String, list: &mut dyn FnMut(&str, Node<'_>)) {
    let mut waiting: Vec<(Node<'_>, String)> =
        expression.map(|node| (node, path)).into_iter().collect();
    while let Some((node, path)) = waiting.pop() {
        match node.kind() {
            Kind::Sequence => waiting.extend(node.items().map(|item| (item, path.clone()))),
            Kind::Mapping => {
                for (key, value) in node.entries() {
                    if key.is("references") && value.items().all(|item| item.kind() == Kind::Scalar)
                    {
                        list(&path, value);
                    } else if !key.is("constant_value") {
                        let key = key.text();
                        let separator = if path.is_empty() { "" } else { "." };
                        let fits = path.len() + key.len() < LONGEST;
                        let below = if fits {
                            format!("{path}{separator}{key}")
                        } else {
                            path.clone()
                        };
                        waiting.push((value, below));
                    }
                }
            }
            Kind::Scalar | Kind::Expression => {}
        }
    }
}

/// Terraform lists `a.b.c`, then `a.b`, for one reference: only the longest says what is meant.
fn one_list(list: Node<'_>, found: &mut References) {
    let texts = list.items().map(|item| item.text().into_owned());
    let texts: Vec<String> = texts.filter(|text| text.len() <= LONGEST).collect();
    let mut shorter: HashSet<&str> = HashSet::new();
    let mut looped = false;
    for text in &texts {
        looped |= text.starts_with("each.") || text.starts_with("count.");
        let ends = text.match_indices(['.', '[']).take(32);
        shorter.extend(ends.map(|(end, _)| &text[..end]));
    }
    for text in &texts {
        if !shorter.contains(text.as_str()) {
            let text = text.clone();
            found.push(Reference { text, looped });
        }
    }
}
