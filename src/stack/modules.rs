//! Terraform modules become resources: each instance of a module is a unit of its own, with what its call hands down.

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use super::refused_counts::refused_count;
use super::repeat::Made;
use super::{allowed, both, dynamic, handed_on, repeat};
use crate::base::Given;
use crate::blocks::terraform::{self, Block, CalledModule, Knowledge, Knows, ModuleFiles};
use crate::blocks::{
    Beside, Call, Child, Dialect, Document, Key, Note, Noted, Place, Reason, Resource, Scope,
    Template, UnknownCall,
};
use crate::eval;

/// Modules within modules.
const DEEPEST: usize = 32;

/// Nodes of all instances of modules together, beyond those of the files themselves.
const MOST: usize = 20_000_000;

/// What an instance costs at least, in nodes.
const LEAST: usize = 1_000;

/// Reads one module alone.
/// A `module` block is a resource of the type `module:SOURCE` if somebody knows that.
#[must_use]
pub fn terraform<'t>(files: ModuleFiles<'_, 't>, knows: Knows<'_>) -> Template<'t> {
    let documents = [files.configuration, files.overrides, files.variables].concat();
    let mut template = Template::new(Dialect::Terraform, documents);
    if let Some(Beside { folder, files }) = files.beside {
        template.beside.set(Some(files));
        template.units[0].stands(folder, folder);
    }
    let keys = dynamic::Writer::keys(&template);
    let found = terraform::read(&mut template, 0, files, knows, &|_| None);
    settle(&mut template, 0);
    template.give(0, files.given, &|_| true, &eval::wanted);
    resources(&mut template, 0, &found.resources, &keys, None);
    template
}

/// What is known of modules that are looked at together.
#[derive(Clone, Copy)]
pub struct Calls<'f> {
    /// Finds a module by that of another one and the path that is written there.
    pub find: &'f dyn Fn(usize, &str) -> Option<usize>,
    /// Finds a module that was fetched by the one that is run, and the names of the calls down to it.
    pub fetched: &'f dyn Fn(usize, &str, &CalledModule<'_>) -> Option<usize>,
    /// How many of the modules, from the first on, may be run; the others are there for those that call them.
    pub run: usize,
    /// How many of them, from the first on, are people's own; the others were fetched.
    pub own: usize,
    /// Whether somebody knows a module, and what switches it.
    pub knows: Knows<'f>,
    /// Whether a value that is given is meant for a module.
    pub is_meant: &'f dyn Fn(usize, &Given) -> bool,
}

/// Reads modules that call each other. Those that none of them calls are the roots.
#[must_use]
pub fn modules<'t>(
    documents: Vec<&'t Document<'t>>,
    modules: &[ModuleFiles<'_, 't>],
    calls: Calls<'_>,
) -> Template<'t> {
    let mut template = Template::of_several(Dialect::Terraform, documents);
    let mut besides = modules.iter().filter_map(|files| files.beside);
    template
        .beside
        .set(besides.next().map(|beside| beside.files));
    let sizes = modules.iter().map(|files| {
        let all = files.configuration.iter().chain(files.overrides);
        all.map(|document| document.len()).sum()
    });
    let sizes: Vec<usize> = sizes.collect();
    let keys = dynamic::Writer::keys(&template);
    let callees = modules.iter().enumerate().map(|(at, files)| {
        let all = files.configuration.iter().chain(files.overrides);
        let paths = all
            .flat_map(|document| document.roots())
            .flat_map(terraform::local_calls);
        paths
            .filter_map(|path| (calls.find)(at, &path))
            .collect::<Vec<_>>()
    });
    let callees = callees.collect();
    let mut maker = Maker {
        modules,
        callees,
        known: calls,
        left: sizes
            .iter()
            .sum::<usize>()
            .saturating_mul(4)
            .saturating_add(MOST),
        sizes,
        is_made: vec![false; modules.len()],
        unmade: Vec::new(),
        refused: Vec::new(),
        checked: FxHashSet::default(),
        made: Vec::new(),
    };
    let mut is_called = vec![false; modules.len()];
    for (at, called) in maker.callees.iter().enumerate() {
        for &called in called {
            is_called[called] |= called != at;
        }
    }
    for (module, is_called) in is_called.iter().enumerate().take(calls.run) {
        if !is_called {
            maker.make(&mut template, module);
        }
    }
    // What is left calls itself by way of others, or there was too much of it: judged as it stands.
    for module in 0..calls.run {
        if !maker.is_made[module] {
            maker.make(&mut template, module);
        }
    }
    for (why, place, times) in std::mem::take(&mut maker.unmade) {
        template.notes.push(Note {
            what: match why {
                Unmade::Circle => Noted::Circle,
                Unmade::TooDeep => Noted::DeepCall(times),
                Unmade::TooMany => Noted::ManyCalls(times),
            },
            place,
            other: None,
        });
    }
    template.notes.append(&mut maker.refused);
    // How many there are of a resource may hang on what a module hands up, whichever stands first.
    for (unit, blocks, condition) in maker.made {
        resources(&mut template, unit, &blocks, &keys, condition.as_ref());
    }
    // What is said of a module that is made several times is said once.
    let mut known = FxHashSet::default();
    template.notes.retain(|note| match &note.what {
        Noted::Refused { message, .. } => {
            known.insert((note.place.file, note.place.span.start, message.clone()))
        }
        _ => true,
    });
    template
}

struct Maker<'m, 'f, 't> {
    modules: &'m [ModuleFiles<'f, 't>],
    known: Calls<'m>,
    /// For each module, those that it names in calls.
    callees: Vec<Vec<usize>>,
    sizes: Vec<usize>,
    left: usize,
    is_made: Vec<bool>,
    /// What Terraform refuses of calls.
    refused: Vec<Note>,
    /// Calls of which nothing is made, and how often each is met.
    unmade: Vec<(Unmade, Place, usize)>,
    /// Calls that were held against the variables of the module that they call.
    checked: FxHashSet<(Place, usize)>,
    /// For each unit, the blocks of its resources, and what has to hold for all of them.
    made: Vec<(usize, Vec<Rc<Block<'t>>>, Option<Child<'t>>)>,
}

/// An instance of a module that is still to be made.
struct Instance<'t> {
    module: usize,
    /// The module that is run.
    root: usize,
    /// The names of the calls from there on, each with a dot behind it.
    path: String,
    /// With what the addresses in it begin.
    prefix: String,
    /// What calls it; nothing calls a root.
    caller: Option<Caller<'t>>,
    /// What has to hold so that it exists.
    condition: Option<Child<'t>>,
    /// Reasons that calls around it give for all that they make.
    reasons: Vec<Reason>,
    /// The modules around it.
    around: Option<Rc<Around>>,
    depth: usize,
}

/// Why nothing is made of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unmade {
    Circle,
    TooDeep,
    TooMany,
}

struct Caller<'t> {
    unit: usize,
    block: Rc<Block<'t>>,
    key: String,
    scope: Scope<'t>,
}

struct Around {
    module: usize,
    outer: Option<Rc<Around>>,
}

impl<'t> Maker<'_, '_, 't> {
    /// Makes a root and all that it calls.
    fn make(&mut self, template: &mut Template<'t>, module: usize) {
        let mut waiting = vec![Instance {
            module,
            root: module,
            path: String::new(),
            prefix: String::new(),
            caller: None,
            condition: None,
            reasons: Vec::new(),
            around: None,
            depth: 0,
        }];
        while let Some(instance) = waiting.pop() {
            let mut called = self.instance(template, instance);
            // The first call is the next one to be made.
            called.reverse();
            waiting.extend(called);
        }
    }

    /// Makes one instance, and gives those that it calls.
    fn instance(
        &mut self,
        template: &mut Template<'t>,
        instance: Instance<'t>,
    ) -> Vec<Instance<'t>> {
        self.is_made[instance.module] = true;
        let unit = template.add_unit();
        template.units[unit].prefix.clone_from(&instance.prefix);
        let mut files = self.modules[instance.module];
        if let (Some(root), Some(own)) = (self.modules[instance.root].beside, files.beside) {
            template.units[unit].stands(root.folder, own.folder);
        }
        if instance.caller.is_some() {
            // Files of values are read for the module that is run.
            files.variables = &[];
        }
        if instance.module >= self.known.own
            && let Some(caller) = &instance.caller
        {
            let outer = template.units[caller.unit].shown_at;
            let call = || (caller.block.name.place(), caller.block.body.place());
            template.units[unit].shown_at = Some(outer.unwrap_or_else(call));
        }
        let shown_at = template.units[unit].shown_at;
        let callee = |called: &CalledModule<'_>| match called.path() {
            Some(path) => (self.known.find)(instance.module, &path),
            None => {
                let key = format!("{}{}", instance.path, called.name);
                (self.known.fetched)(instance.root, &key, called)
            }
        };
        let found = terraform::read(template, unit, files, self.known.knows, &callee);
        match &instance.caller {
            None => {
                settle(template, unit);
                let is_meant = |given: &Given| (self.known.is_meant)(instance.module, given);
                template.give(unit, files.given, &is_meant, &eval::wanted);
            }
            Some(caller) => {
                let given = self.modules[instance.root].given;
                hand_down(template, unit, caller, given);
                if instance.condition.is_none() {
                    handed_on::narrow(template, unit);
                }
            }
        }
        template.units[unit]
            .reasons
            .extend(instance.reasons.iter().cloned());
        self.made
            .push((unit, found.resources, instance.condition.clone()));
        let around = Some(Rc::new(Around {
            module: instance.module,
            outer: instance.around.clone(),
        }));
        let mut called = Vec::new();
        for (block, module) in found.calls {
            if instance.module < self.known.own && self.checked.insert((block.name.place(), module))
            {
                let notes = terraform::refused_call(&block, &self.modules[module]);
                template.notes.extend(notes);
            }
            let mut outer = std::iter::successors(around.as_ref(), |one| one.outer.as_ref());
            // One that calls itself, by whatever way, is not followed round.
            let is_circle = outer.any(|one| one.module == module);
            let size = self.sizes[module].max(LEAST);
            let place = shown_at.map_or_else(|| block.name.place(), |(name, _)| name);
            let why = match () {
                () if is_circle => Some(Unmade::Circle),
                () if instance.depth >= DEEPEST => Some(Unmade::TooDeep),
                () if size > self.left => Some(Unmade::TooMany),
                () => None,
            };
            if let Some(why) = why {
                let of_call = self.unmade.iter_mut();
                // Once there are too many, it is no call's own doing.
                let mut of_call = of_call.filter(|(known, other, _)| {
                    *known == why && (*other == place || why == Unmade::TooMany)
                });
                match of_call.next() {
                    Some((.., times)) => *times += 1,
                    None => self.unmade.push((why, place, 1)),
                }
                continue;
            }
            self.is_made[module] = true;
            self.refused.extend(refused_count(template, &block));
            let mut instances = repeat::Instances::new(template);
            let all = instances.of_call(&block, size, &mut self.left);
            if all.scopes.is_empty() {
                self.leave_out(module);
            }
            let own: Vec<_> = block.reasons().collect();
            let keys = all.scopes.iter().map(|(key, _)| &**key);
            let strays = terraform::for_none(&own, keys);
            template.units[unit]
                .strays
                .extend(strays.into_iter().filter(|_| !all.scopes.is_empty()));
            let condition = both(instance.condition.as_ref(), all.condition.as_ref());
            for (key, scope) in all.scopes {
                let mut reasons = instance.reasons.clone();
                reasons.extend(terraform::of_instance(&own, &key));
                called.push(Instance {
                    module,
                    root: instance.root,
                    path: format!("{}{}.", instance.path, block.name.text()),
                    prefix: format!("{}{}{key}.", instance.prefix, block.address()),
                    caller: Some(Caller {
                        unit,
                        block: Rc::clone(&block),
                        key,
                        scope,
                    }),
                    condition: condition.clone(),
                    reasons,
                    around: around.clone(),
                    depth: instance.depth + 1,
                });
            }
        }
        called
    }

    /// Settles what a module would call that is itself not made: nobody runs it alone for that.
    fn leave_out(&mut self, module: usize) {
        let mut waiting = self.callees[module].clone();
        while let Some(module) = waiting.pop() {
            if !std::mem::replace(&mut self.is_made[module], true) {
                waiting.extend(&self.callees[module]);
            }
        }
    }
}

/// Finds out what the variables of a module can be.
fn settle(template: &mut Template<'_>, unit: usize) {
    for at in template.units[unit].parameters.clone() {
        let allowed = allowed(template, at);
        template.parameters[at].allowed = allowed;
    }
}

/// Gives the variables of an instance what its call says, and its caller the instance.
fn hand_down<'t>(
    template: &mut Template<'t>,
    unit: usize,
    caller: &Caller<'t>,
    all_given: &[&Given],
) {
    for at in template.units[unit].parameters.clone() {
        let parameter = &mut template.parameters[at];
        let given = caller.block.part(&parameter.name);
        let given = given.map(|given| Child::node(given, &caller.scope));
        parameter.handed = given.or_else(|| parameter.default.clone());
    }
    settle(template, unit);
    for at in template.units[unit].parameters.clone() {
        let Some(handed) = template.parameters[at].handed.clone() else {
            continue;
        };
        let refused = handed_on::refused(template, at, &handed, all_given, "a called module");
        if let Some(unfit) = refused {
            if !template.misfits.contains(&unfit) {
                template.misfits.push(unfit);
            }
            let parameter = &mut template.parameters[at];
            parameter.handed = parameter.default.clone();
        }
    }
    let bare = caller.block.address();
    let key = caller.key.strip_prefix('[');
    let key = key
        .and_then(|key| key.strip_suffix(']'))
        .unwrap_or_default();
    let key = match key.parse() {
        Ok(number) => Some(Key::Number(number)),
        Err(_) => serde_json::from_str(key).ok().map(Key::Text),
    };
    let call = Call { unit, key };
    let full = format!("{bare}{}", caller.key);
    let calls = &mut template.units[caller.unit].calls;
    if full != bare {
        let calls = calls.entry(Cow::Owned(full)).or_default();
        calls.push(call.clone());
    }
    calls.entry(Cow::Owned(bare)).or_default().push(call);
}

/// What is said of a call of a module that nobody knows.
fn unknown_call<'t>(
    block: &Block<'t>,
    address: String,
    shown_at: Option<Place>,
) -> UnknownCall<'t> {
    let source = block.kind.strip_prefix("module:").unwrap_or_default();
    UnknownCall {
        address,
        source: source.to_owned(),
        place: shown_at.unwrap_or_else(|| block.name.place()),
        is_fetched: shown_at.is_some(),
        bodies: block
            .layers()
            .map(|body| Child::node(body, &block.scope))
            .collect(),
    }
}

/// Makes the resources of one unit.
fn resources<'t>(
    template: &mut Template<'t>,
    unit: usize,
    blocks: &[Rc<Block<'t>>],
    keys: &[Vec<u32>],
    condition: Option<&Child<'t>>,
) {
    let mut made = Vec::new();
    // Each with the number of its resource.
    let mut names = Vec::new();
    let mut unknown = Vec::new();
    let mut strays = Vec::new();
    let mut notes = Vec::new();
    {
        let prefix = &template.units[unit].prefix;
        let shown_at = template.units[unit].shown_at;
        let writer = dynamic::Writer::new(template, keys);
        let mut instances = repeat::Instances::new(template);
        for block in blocks {
            let reasons: Vec<_> = block.reasons().collect();
            let bare = block.address();
            let all = instances.of(block);
            notes.extend(refused_count(template, block));
            if matches!(block.called, Knowledge::Unknown) {
                let address = format!("{prefix}{bare}");
                let shown_at = shown_at.map(|(name, _)| name);
                let call = || unknown_call(block, address, shown_at);
                unknown.extend((!all.scopes.is_empty()).then(call));
                continue;
            }
            let is_counted = matches!(block.repeat(), Some(terraform::Repeat::Count(_)));
            let condition = both(condition, all.condition.as_ref());
            if !all.scopes.is_empty() {
                let keys = all.scopes.iter().map(|(key, _)| &**key);
                strays.extend(terraform::for_none(&reasons, keys));
            }
            for (key, scope) in all.scopes {
                let condition = match instances.made(block, &scope) {
                    Made::Never => continue,
                    Made::Always => condition.clone(),
                    Made::If(own) => both(condition.as_ref(), Some(&own)),
                };
                // How many there are is not known, but whoever names one means the first.
                let first = (key.is_empty() && is_counted).then(|| format!("{bare}[0]"));
                let resource = Resource {
                    address: format!("{prefix}{bare}{key}"),
                    kind: block.kind.clone(),
                    type_place: shown_at.map_or_else(|| block.name.place(), |(name, _)| name),
                    block: shown_at.map_or_else(|| block.body.place(), |(_, body)| body),
                    body: Some(block.body),
                    properties: writer.body(block, &scope),
                    extras: Vec::new(),
                    condition,
                    scope,
                    references: Vec::new(),
                    reasons: terraform::of_instance(&reasons, &key),
                    contexts: Vec::new(),
                    doubts: Vec::new(),
                    origin: None,
                };
                let keyed = (!key.is_empty()).then(|| format!("{bare}{key}"));
                let all = keyed.into_iter().chain([bare.clone()]).chain(first);
                names.extend(all.map(|name| (name, made.len())));
                made.push(resource);
            }
        }
    }
    template.notes.extend(notes);
    template.unknown_calls.extend(unknown);
    template.units[unit].strays.extend(strays);
    let before = template.resources.len();
    let known = &mut template.units[unit].names;
    for (name, number) in names {
        let numbers = known.entry(Cow::Owned(name)).or_default();
        numbers.push(before + number);
    }
    // Copied only where others are there: a module can have a million.
    match before {
        0 => template.resources = made,
        _ => template.resources.extend(made),
    }
}
