//! A root module and all that it calls, rewritten so that Terraform plans it without any provider: each resource, data source and call of
//! a module that is not at hand becomes a `terraform_data` resource with the same `count` or `for_each`, and what is written in it becomes
//! its `input`. One more resource of each module holds its locals, variables and outputs.
//!
//! The root is called by a module of our own, so that its variables can be unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body, Structure};

use super::expressions::{Declared, Names, REST, Repeat, UNKNOWN};

/// Arguments and blocks of a resource that are not handed to a provider.
const META: [&str; 7] = [
    "connection",
    "count",
    "depends_on",
    "for_each",
    "lifecycle",
    "provider",
    "provisioner",
];

/// What a line of a rewritten file says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The number of its module.
    pub module: usize,
    /// `aws_x.y`, `data.aws_x.y`, `module.z`, `local`, `output`, `variable`.
    pub block: String,
    pub key: String,
}

/// The lines of a file where something begins, from 1.
pub type Origins = Vec<(usize, Origin)>;

/// What Terraform refuses, as it is left out of the next round.
#[derive(Clone, Debug, Default)]
pub struct Left {
    /// Values that become unknown.
    pub refused: BTreeSet<Origin>,
    /// Blocks whose number nobody knows: they become one.
    pub undecided: BTreeSet<(usize, String)>,
    /// What Terraform says of each.
    pub said: BTreeMap<Origin, String>,
}

/// One module as it was read.
struct Module {
    folder: PathBuf,
    files: Vec<File>,
    overrides: Vec<File>,
}

struct File {
    name: String,
    text: String,
    body: Body,
}

/// A part of a body, and the text that it is read from.
#[derive(Clone, Copy)]
struct Part<'m> {
    text: &'m str,
    said: &'m Structure,
}

/// A root module and all modules that it calls by a path, as they were read.
pub struct Root {
    modules: Vec<Module>,
    /// Of the root's variables, those that a file of values gives a value.
    given: BTreeMap<String, String>,
}

/// What Terraform is to plan.
#[derive(Default)]
pub struct Rewritten {
    /// Files by their path.
    pub files: Vec<(String, String)>,
    /// Of each file, the lines where something begins, from 1.
    pub origins: BTreeMap<String, Origins>,
    /// The arguments with which the root is called.
    pub arguments: Vec<(String, String)>,
}

impl Root {
    /// # Errors
    /// What can't be rewritten: what is not in Terraform's own syntax, or what the parser of the tests does not read.
    pub fn read(folder: &Path) -> Result<Self, String> {
        let folder = fs::canonicalize(folder).map_err(|error| error.to_string())?;
        let mut modules = vec![Module::read(&folder)?];
        let mut at = 0;
        while at < modules.len() {
            let called: Vec<PathBuf> = modules[at].called().into_values().collect();
            for folder in called {
                if modules.iter().all(|module| module.folder != folder) {
                    modules.push(Module::read(&folder)?);
                }
            }
            at += 1;
        }
        let given = given(&folder)?;
        Ok(Self { modules, given })
    }

    /// The configuration without what is left out, below a folder of that name.
    pub fn rewritten(&self, name: &str, left: &Left) -> Rewritten {
        let mut rewritten = Rewritten::default();
        for (number, module) in self.modules.iter().enumerate() {
            let names = module.names(&self.modules[0].folder);
            let writer = Writer {
                root: self,
                module,
                number,
                names,
                left,
            };
            for (file, text, origins) in writer.files() {
                let path = format!("{name}/m{number}/{file}");
                rewritten.origins.insert(path.clone(), origins);
                rewritten.files.push((path, text));
            }
        }
        for (variable, block) in self.modules[0].variables() {
            if let Some(value) = self.given.get(&variable) {
                rewritten.arguments.push((variable, value.clone()));
            } else if !block.body.has_attribute("default") {
                rewritten.arguments.push((variable, UNKNOWN.to_owned()));
            }
        }
        rewritten
    }
}

impl Module {
    fn read(folder: &Path) -> Result<Self, String> {
        let mut module = Self {
            folder: folder.to_owned(),
            files: Vec::new(),
            overrides: Vec::new(),
        };
        for name in names(folder)? {
            if name.ends_with(".tf.json") {
                return Err(format!("{name} is written in JSON"));
            }
            let Some(stem) = name.strip_suffix(".tf") else {
                continue;
            };
            let is_override = stem == "override" || stem.ends_with("_override");
            let file = File::read(folder, &name)?;
            match is_override {
                true => module.overrides.push(file),
                false => module.files.push(file),
            }
        }
        Ok(module)
    }

    fn blocks<'m>(&'m self, kind: &'m str) -> impl Iterator<Item = &'m Block> {
        let files = self.files.iter();
        files.flat_map(move |file| file.body.get_blocks(kind))
    }

    fn variables(&self) -> BTreeMap<String, &Block> {
        let blocks = self.blocks("variable");
        let named = blocks.filter_map(|block| Some((label(block, 0)?, block)));
        named.collect()
    }

    /// The folders of the modules that it calls by a path.
    fn called(&self) -> BTreeMap<String, PathBuf> {
        let calls = self.blocks("module").filter_map(|block| {
            let source = block.body.get_attribute("source")?.value.as_str()?;
            let is_path = source.starts_with("./") || source.starts_with("../");
            let folder = fs::canonicalize(self.folder.join(source)).ok();
            let has_files = |folder: &PathBuf| {
                names(folder).is_ok_and(|names| names.iter().any(|name| name.ends_with(".tf")))
            };
            let folder = folder.filter(|_| is_path).filter(has_files)?;
            Some((label(block, 0)?, folder))
        });
        calls.collect()
    }

    /// The parts of a resource's or data source's body, after what override files say: an argument takes the place of the one that was
    /// there, and blocks take that of all blocks of their kind.
    fn merged<'m>(&'m self, block: &'m Block, text: &'m str) -> Vec<Part<'m>> {
        let mut all: Vec<Part<'m>> = parts(&block.body, text).collect();
        for file in &self.overrides {
            for over in file.body.blocks().filter(|over| is_same(over, block)) {
                let said: BTreeSet<String> = over.body.iter().map(key).collect();
                all.retain(|part| !said.contains(&key(part.said)));
                all.extend(parts(&over.body, &file.text));
            }
        }
        all
    }

    fn names(&self, root: &Path) -> Names {
        let called = self.called();
        let mut names = Names {
            folder: self.folder.to_string_lossy().into_owned(),
            root: root.to_string_lossy().into_owned(),
            ..Names::default()
        };
        for File { body, text, .. } in &self.files {
            for block in body.blocks() {
                let Some(address) = address(block) else {
                    continue;
                };
                if address
                    .strip_prefix("module.")
                    .is_some_and(|name| called.contains_key(name))
                {
                    continue;
                }
                let parts = self.merged(block, text);
                let is_call = block.ident.as_str() == "module";
                let written = match is_call {
                    true => BTreeSet::new(),
                    false => parts.iter().map(|part| key(part.said)).collect(),
                };
                let is_switched = enabled(&parts).is_some();
                let declared = Declared {
                    name: mangled(&address, is_switched),
                    written,
                    is_switched,
                    repeat: repeat(&parts),
                };
                names.declared.insert(address, declared);
            }
        }
        names
    }
}

/// The name of the resource that stands for something with an address.
fn mangled(address: &str, is_switched: bool) -> String {
    let name = address.replace('.', "--");
    if is_switched {
        format!("one--{name}")
    } else {
        name
    }
}

/// Turns the name of a rewritten resource into the address of what it stands for, and whether it has a key of its own.
pub fn unmangled(name: &str) -> (String, bool) {
    let (name, is_switched) = match name.strip_prefix("one--") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let parts = match name.starts_with("data--") {
        true => 3,
        false => 2,
    };
    let parts: Vec<&str> = name.splitn(parts, "--").collect();
    (parts.join("."), !is_switched)
}

/// `aws_x.y`, `data.aws_x.y` or `module.z`.
fn address(block: &Block) -> Option<String> {
    match block.ident.as_str() {
        "resource" => Some(format!("{}.{}", label(block, 0)?, label(block, 1)?)),
        "data" => Some(format!("data.{}.{}", label(block, 0)?, label(block, 1)?)),
        "module" => Some(format!("module.{}", label(block, 0)?)),
        _ => None,
    }
}

fn label(block: &Block, at: usize) -> Option<String> {
    block.labels.get(at).map(|label| label.as_str().to_owned())
}

/// What a part of a body is called; a `dynamic` block by what it makes.
fn key(part: &Structure) -> String {
    match part {
        Structure::Attribute(attribute) => attribute.key.as_str().to_owned(),
        Structure::Block(block) if block.ident.as_str() == "dynamic" => {
            label(block, 0).unwrap_or_default()
        }
        Structure::Block(block) => block.ident.as_str().to_owned(),
    }
}

fn parts<'m>(body: &'m Body, text: &'m str) -> impl Iterator<Item = Part<'m>> {
    body.iter().map(move |said| Part { text, said })
}

/// Whether two blocks are of the same kind and have the same labels.
fn is_same(one: &Block, other: &Block) -> bool {
    let labels = |block: &Block| {
        let labels = block.labels.iter().map(|label| label.as_str().to_owned());
        labels.collect::<Vec<_>>()
    };
    one.ident.as_str() == other.ident.as_str() && labels(one) == labels(other)
}

fn repeat(parts: &[Part<'_>]) -> Repeat {
    let has = |wanted: &str| parts.iter().any(|part| key(part.said) == wanted);
    match (has("count"), has("for_each")) {
        (true, _) => Repeat::Counted,
        (false, true) => Repeat::Keyed,
        (false, false) => Repeat::Once,
    }
}

/// `lifecycle.enabled`, and the text that it is read from.
fn enabled<'m>(parts: &[Part<'m>]) -> Option<(&'m Expression, &'m str)> {
    parts.iter().find_map(|part| {
        let block = part.said.as_block()?;
        let is_it = block.ident.as_str() == "lifecycle";
        let enabled = is_it
            .then(|| block.body.get_attribute("enabled"))
            .flatten()?;
        Some((&enabled.value, part.text))
    })
}

fn names(folder: &Path) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    Ok(names)
}

impl File {
    fn read(folder: &Path, name: &str) -> Result<Self, String> {
        let text = fs::read_to_string(folder.join(name)).map_err(|error| error.to_string())?;
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let body = text.parse::<Body>();
        let body = body.map_err(|error| format!("{name}: {error}"))?;
        let name = name.to_owned();
        Ok(Self { name, text, body })
    }
}

/// What files of values say, the last of them first.
fn given(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut files = vec!["terraform.tfvars".to_owned()];
    let automatic = names(folder)?.into_iter();
    files.extend(automatic.filter(|name| name.ends_with(".auto.tfvars")));
    let mut given = BTreeMap::new();
    for file in files {
        if folder.join(&file).is_file() {
            for attribute in File::read(folder, &file)?.body.attributes() {
                let value = attribute.value.to_string().trim().to_owned();
                given.insert(attribute.key.as_str().to_owned(), value);
            }
        }
    }
    Ok(given)
}

/// Text with the lines where something begins.
#[derive(Default)]
struct Text {
    text: String,
    lines: usize,
    origins: Vec<(usize, Origin)>,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.lines += line.matches('\n').count() + 1;
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn from(&mut self, origin: Origin, line: &str) {
        self.origins.push((self.lines + 1, origin));
        self.line(line);
    }
}

struct Writer<'r> {
    root: &'r Root,
    module: &'r Module,
    number: usize,
    names: Names,
    left: &'r Left,
}

impl<'r> Writer<'r> {
    fn files(&self) -> Vec<(String, String, Origins)> {
        let mut all = Vec::new();
        let overrides = self.module.overrides.iter().zip(0..);
        let overrides = overrides.map(|(file, at)| (format!("{at:03}_override.tf"), file, true));
        let files = self.module.files.iter();
        let files = files.map(|file| (file.name.clone(), file, false));
        for (name, file, is_override) in files.chain(overrides) {
            let mut text = Text::default();
            for block in file.body.blocks() {
                match block.ident.as_str() {
                    "resource" | "data" if !is_override => {
                        self.resource(block, &file.text, &mut text);
                    }
                    "module" => self.call(block, &file.text, is_override, &mut text),
                    "variable" => self.variable(block, &mut text),
                    "locals" => self.locals(block, &file.text, &mut text),
                    "output" => self.output(block, &file.text, &mut text),
                    _ => {}
                }
            }
            all.push((name, text.text, text.origins));
        }
        all.push(("sfl--values.tf".to_owned(), self.values(), Vec::new()));
        all
    }

    fn origin(&self, block: &str, key: &str) -> Origin {
        Origin {
            module: self.number,
            block: block.to_owned(),
            key: key.to_owned(),
        }
    }

    /// `key = (value)`, or an unknown value where Terraform refuses it.
    fn argument(&self, block: &str, key: &str, value: &str, text: &mut Text) {
        let origin = self.origin(block, key);
        let value = match self.left.refused.contains(&origin) {
            true => UNKNOWN,
            false => value,
        };
        text.from(origin, &format!("{key} = (\n{value}\n)"));
    }

    /// `count`, `for_each` and `depends_on`.
    fn repeated(&self, address: &str, parts: &[Part<'_>], text: &mut Text) {
        if let Some((enabled, source)) = enabled(parts) {
            let enabled = self.names.turned(enabled, source, &[]);
            text.from(
                self.origin(address, "count"),
                &format!("count = (\n{enabled}\n) ? 1 : 0"),
            );
        }
        let is_undecided = self
            .left
            .undecided
            .contains(&(self.number, address.to_owned()));
        for part in parts {
            let Structure::Attribute(attribute) = part.said else {
                continue;
            };
            let key = attribute.key.as_str();
            let value = match (key, is_undecided) {
                ("count", true) => "1".to_owned(),
                ("for_each", true) => format!("{{ \"?\" = {UNKNOWN} }}"),
                ("count" | "for_each", false) => {
                    self.names.turned(&attribute.value, part.text, &[])
                }
                ("depends_on", _) => {
                    let value = self.names.named(&attribute.value, part.text);
                    text.from(self.origin(address, key), &format!("depends_on = {value}"));
                    continue;
                }
                _ => continue,
            };
            text.from(self.origin(address, key), &format!("{key} = (\n{value}\n)"));
        }
    }

    fn resource(&self, block: &'r Block, source: &'r str, text: &mut Text) {
        let Some(address) = address(block) else {
            return;
        };
        let name = &self.names.declared[&address].name;
        let parts = self.module.merged(block, source);
        text.line(&format!("resource \"terraform_data\" \"{name}\" {{"));
        self.repeated(&address, &parts, text);
        text.line("input = {");
        let parts = parts
            .into_iter()
            .filter(|part| !META.contains(&&*key(part.said)));
        for (key, value) in self.object(parts, &[]) {
            self.argument(&address, &key, &value, text);
        }
        for key in ["id", "arn", REST] {
            if !self.names.declared[&address].written.contains(key) {
                text.line(&format!("{key} = {UNKNOWN}"));
            }
        }
        text.line("}\n}");
    }

    fn call(&self, block: &'r Block, source: &'r str, is_override: bool, text: &mut Text) {
        let (Some(address), Some(name)) = (address(block), label(block, 0)) else {
            return;
        };
        let Some(folder) = self.module.called().remove(&name) else {
            if !is_override {
                self.resource(block, source, text);
            }
            return;
        };
        let mut modules = self.root.modules.iter();
        let called = modules.position(|module| module.folder == folder);
        let called = called.expect("all modules that are called were read");
        text.line(&format!("module \"{name}\" {{"));
        if !is_override {
            text.line(&format!("source = \"../m{called}\""));
        }
        let parts: Vec<_> = parts(&block.body, source).collect();
        self.repeated(&address, &parts, text);
        for attribute in block.body.attributes() {
            let key = attribute.key.as_str();
            let is_meta = META.contains(&key) || ["source", "version", "providers"].contains(&key);
            // No unknown value takes its place: it may be no variable of the module.
            if !is_meta && !self.left.refused.contains(&self.origin(&address, key)) {
                let value = self.names.turned(&attribute.value, source, &[]);
                self.argument(&address, key, &value, text);
            }
        }
        text.line("}");
    }

    fn variable(&self, block: &Block, text: &mut Text) {
        let Some(name) = label(block, 0) else {
            return;
        };
        text.from(
            self.origin("variable", &name),
            &format!("variable \"{name}\" {{"),
        );
        for attribute in block.body.attributes() {
            let key = attribute.key.as_str();
            if ["type", "default", "nullable", "sensitive"].contains(&key) {
                let value = attribute.value.to_string();
                text.from(self.origin("variable", &name), &format!("{key} = {value}"));
            }
        }
        text.line("}");
    }

    fn locals(&self, block: &Block, source: &str, text: &mut Text) {
        text.line("locals {");
        for attribute in block.body.attributes() {
            let value = self.names.turned(&attribute.value, source, &[]);
            self.argument("local", attribute.key.as_str(), &value, text);
        }
        text.line("}");
    }

    fn output(&self, block: &Block, source: &str, text: &mut Text) {
        let (Some(name), Some(value)) = (label(block, 0), block.body.get_attribute("value")) else {
            return;
        };
        text.line(&format!("output \"{name}\" {{"));
        let value = self.names.turned(&value.value, source, &[]);
        let origin = self.origin("output", &name);
        let value = match self.left.refused.contains(&origin) {
            true => UNKNOWN,
            false => &value,
        };
        text.from(origin, &format!("value = (\n{value}\n)"));
        text.line("}");
    }

    /// The resources that every module has: what is unknown, and what names stand for.
    fn values(&self) -> String {
        let locals = self.module.blocks("locals");
        let locals = locals.flat_map(|block| block.body.attributes());
        let locals = locals.map(|attribute| attribute.key.as_str().to_owned());
        let locals: BTreeSet<String> = locals.collect();
        let variables: Vec<String> = self.module.variables().into_keys().collect();
        let lines = |word: &str, names: &mut dyn Iterator<Item = &String>| {
            let lines = names.map(|name| format!("{name} = {word}.{name}\n"));
            lines.collect::<String>()
        };
        format!(
            "resource \"terraform_data\" \"sfl--unknown\" {{}}\n\
             resource \"terraform_data\" \"sfl--values\" {{\ninput = {{\nlocals = {{\n{}}}\nvariables = {{\n{}}}\n}}\n}}\n",
            lines("local", &mut locals.iter()),
            lines("var", &mut variables.iter()),
        )
    }

    /// Arguments as they are, and blocks as lists of objects.
    fn object<'p>(
        &self,
        parts: impl Iterator<Item = Part<'p>>,
        iterators: &[String],
    ) -> Vec<(String, String)> {
        let mut arguments = Vec::new();
        let mut blocks: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for part in parts {
            let key = key(part.said);
            let block = match part.said {
                Structure::Attribute(attribute) => {
                    let value = self.names.turned(&attribute.value, part.text, iterators);
                    arguments.push((key, value));
                    continue;
                }
                Structure::Block(block) => block,
            };
            let written = if block.ident.as_str() == "dynamic" {
                self.dynamic(block, part.text, iterators)
            } else {
                format!("[{}]", self.braced(&block.body, part.text, iterators))
            };
            blocks.entry(key).or_default().push(written);
        }
        for (key, written) in blocks {
            arguments.push((key, format!("concat({})", written.join(",\n"))));
        }
        arguments
    }

    fn braced(&self, body: &Body, text: &str, iterators: &[String]) -> String {
        let parts = self.object(parts(body, text), iterators).into_iter();
        let parts = parts.map(|(key, value)| format!("{key} = (\n{value}\n)\n"));
        format!("{{\n{}}}", parts.collect::<String>())
    }

    fn dynamic(&self, block: &Block, text: &str, iterators: &[String]) -> String {
        let body = &block.body;
        let each = body.get_attribute("for_each");
        let each = each.map(|each| self.names.turned(&each.value, text, iterators));
        let each = each.unwrap_or_default();
        let iterator = body.get_attribute("iterator");
        let iterator = iterator.and_then(|iterator| iterator.value.as_variable());
        let iterator = iterator.map(|name| name.as_str().to_owned());
        let iterator = iterator.or_else(|| label(block, 0)).unwrap_or_default();
        let inside: Vec<String> = iterators.iter().chain([&iterator]).cloned().collect();
        let content = body.get_blocks("content").next();
        let content = content.map(|content| self.braced(&content.body, text, &inside));
        let content = content.unwrap_or_default();
        format!("[for {iterator}__key, {iterator}__value in (\n{each}\n) : {content}]")
    }
}
