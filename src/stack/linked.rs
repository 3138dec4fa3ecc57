//! CloudFormation stacks that name each other: one template of several units. What a stack hands down to those that it nests is
//! known before their resources are read, because a loop may run over it.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{blocks, both, handed_on, loops, names, never, outputs};
use crate::base::Given;
use crate::blocks::cloudformation::{self, NESTING, STACK_SET};
use crate::blocks::{
    Call, Cause, Child, Dialect, Entry, Expr, Function, HandedBy, Place, Resource, Template,
    UnknownCall, within_unit,
};
use crate::blocks::{Document, Kind, Node};
use crate::eval::{Resolver, Value};

/// Different values of one parameter that are told apart.
const MOST_VALUES: usize = 200;

/// Parts of a URL that are looked at for the file that it names.
const MOST_PARTS: usize = 64;

/// What the CDK writes beside a property that names an asset.
const ASSET: [&str; 2] = ["aws:asset:property", "aws:asset:path"];

/// Finds the document of a template by that of another one and the path that is written there.
pub type Find<'f> = &'f dyn Fn(usize, &str) -> Option<usize>;

/// Whether a value is meant for the template of a document.
pub type IsMeant<'f> = &'f dyn Fn(usize, &Given) -> bool;

/// Reads templates that name each other. `roots` are all of their documents' roots, `given` the values of their parameters; `files` are
/// the paths of the documents, as they are shown.
#[must_use]
pub fn linked<'t>(
    documents: Vec<&'t Document<'t>>,
    roots: &[Node<'t>],
    files: &[&str],
    find: Find<'_>,
    given: (&[&Given], IsMeant<'_>),
) -> Template<'t> {
    let looped: Vec<_> = documents
        .iter()
        .map(|document| loops::Looped::of(document))
        .collect();
    let of = |root: &Node<'t>| &looped[root.document().number()];
    let mut template = Template::of_several(Dialect::CloudFormation, documents);
    // The first template of each document is the one that its path means.
    let mut units: FxHashMap<usize, usize> = FxHashMap::default();
    for root in roots {
        let unit = template.add_unit();
        units.entry(root.document().number()).or_insert(unit);
        names(&mut template, unit, *root, of(root), given.0, &|value| {
            given.1(root.document().number(), value)
        });
    }
    let callee = |from: usize, path: &str| units.get(&find(from, path)?).copied();
    let mut handed: Vec<Vec<Option<Child<'t>>>> = vec![Vec::new(); roots.len()];
    // Of each unit, the block that hands each of them down.
    let mut callers: Vec<Vec<(String, Place)>> = vec![Vec::new(); roots.len()];
    // Of each unit, whether each block that nests it makes a stack.
    let mut made: Vec<Vec<Option<Child<'t>>>> = vec![Vec::new(); roots.len()];
    // How many conditions have to be asked for that.
    let mut asked = vec![0_usize; roots.len()];
    let mut is_read = vec![false; roots.len()];
    for unit in order(roots, &callee) {
        let root = roots[unit];
        let is_certain = made[unit].iter().all(Option::is_none);
        let known = is_certain.then(|| told_apart(&callers[unit], files));
        let known = known.as_deref();
        bind(&mut template, unit, &handed[unit], known, given.0);
        let before = template.resources.len();
        blocks(&mut template, unit, root, of(&root));
        is_read[unit] = true;
        let condition = any(&made[unit], &mut asked[unit]);
        if let Some(condition) = condition {
            for resource in &mut template.resources[before..] {
                resource.condition = both(Some(&condition), resource.condition.as_ref());
            }
        }
        for at in before..template.resources.len() {
            let path = nested(&template, at);
            let called = path.and_then(|path| callee(root.document().number(), &path));
            if called.is_none() && !never::is_never(&template, at) {
                let unread = unread(&template, at);
                template.unknown_calls.extend(unread);
            }
            // One that nests itself, by whatever way, is not followed round.
            let Some(called) = called.filter(|called| !is_read[*called]) else {
                continue;
            };
            let resource = &template.resources[at];
            handed[called].extend(handed_down(&template, resource));
            let caller = (resource.address.clone(), resource.type_place);
            callers[called].resize(handed[called].len(), caller);
            made[called].push(resource.condition.clone());
            asked[called] = asked[called].saturating_add(asked[unit].saturating_add(1));
            let name = Cow::Owned(resource.address.clone());
            let call = Call {
                unit: called,
                key: None,
            };
            let calls = template.units[unit].calls.entry(name).or_default();
            calls.push(call);
        }
    }
    never::leave_out(&mut template);
    for (unit, made) in made.iter().enumerate() {
        if made.iter().all(Option::is_none) {
            handed_on::narrow(&mut template, unit);
        }
    }
    for (unit, root) in roots.iter().enumerate() {
        for output in outputs(&template, unit, *root, of(root)) {
            if let Some(name) = &output.export {
                let name = Resolver::new(&template).export_name(name);
                let condition = output.condition.as_ref();
                template.exports.add(unit, name, &output.value, condition);
            }
            let outputs = &mut template.units[unit].outputs;
            outputs.insert(output.name, output.value);
        }
    }
    template
}

/// Callers, with the file of each of those that are called alike in several.
fn told_apart(callers: &[(String, Place)], files: &[&str]) -> Vec<(String, Place)> {
    let mut places: FxHashMap<&str, FxHashSet<usize>> = FxHashMap::default();
    for (block, place) in callers {
        places.entry(block).or_default().insert(place.file);
    }
    let told = callers.iter().map(|(block, place)| {
        let is_shared = places.get(&**block).is_some_and(|all| all.len() > 1);
        let path = files.get(place.file).filter(|_| is_shared);
        let block = path.map_or_else(|| block.clone(), |path| format!("{block} in {path}"));
        (block, *place)
    });
    told.collect()
}

/// The condition under which one of several is there; none where one always is. For it, so many have to be asked.
fn any<'t>(conditions: &[Option<Child<'t>>], asked: &mut usize) -> Option<Child<'t>> {
    let all: Option<Vec<_>> = conditions.iter().cloned().collect();
    let Some(mut all) = all.filter(|all| !all.is_empty()) else {
        *asked = 0;
        return None;
    };
    if *asked > MOST_VALUES {
        // Every resource would have to ask all of them, and twice as many where two paths lead to one stack.
        *asked = 1;
        return Some(Child::built(Expr::Unknown(Cause::TooDeep), &None));
    }
    match all.len() {
        1 => all.pop(),
        _ => {
            let or = Expr::Call(Function::Or, all.into_iter().collect());
            Some(Child::built(or, &None))
        }
    }
}

/// What a block hands down to the stacks that it makes, once for each set of values.
fn handed_down<'t>(template: &Template<'t>, resource: &Resource<'t>) -> Vec<Option<Child<'t>>> {
    let part = |entries: &[Entry<'t>], name: &str| {
        let mut entries = entries.iter();
        let entry = entries.find(|entry| entry.key == name);
        entry.map(|entry| entry.value.clone())
    };
    let parameters = part(&resource.properties, "Parameters");
    if resource.kind != STACK_SET {
        return vec![parameters];
    }
    let own = match parameters {
        Some(parameters) => pairs(template, &parameters),
        None => Some(Vec::new()),
    };
    let mut all = vec![own.clone()];
    if let Some(groups) = part(&resource.properties, "StackInstancesGroup") {
        match template.expr(&groups) {
            Expr::List(groups) => {
                let overrides = groups
                    .iter()
                    .filter_map(|group| match template.expr(&group) {
                        Expr::Map(group) => {
                            group.get("ParameterOverrides").map(|entry| entry.value)
                        }
                        _ => Some(open()),
                    });
                for overrides in overrides {
                    let over = pairs(template, &overrides);
                    all.push(own.clone().zip(over).map(|(mut own, over)| {
                        own.extend(over);
                        own
                    }));
                }
            }
            _ => all.push(None),
        }
    }
    let all = all.into_iter().map(|entries| {
        let map = entries.map(|entries| Child::built(Expr::Map(entries.into()), &None));
        Some(map.unwrap_or_else(open))
    });
    all.collect()
}

/// What nobody knows of that is handed down.
fn open<'t>() -> Child<'t> {
    let cause = Cause::Function("Parameters".to_owned());
    Child::built(Expr::Unknown(cause), &None)
}

/// A list of parameters as the entries of a map.
fn pairs<'t>(template: &Template<'t>, list: &Child<'t>) -> Option<Vec<Entry<'t>>> {
    let Expr::List(list) = template.expr(list) else {
        return None;
    };
    let pair = |item: Child<'t>| {
        let Expr::Map(pair) = template.expr(&item) else {
            return None;
        };
        let Expr::Text(key) = template.expr(&pair.get("ParameterKey")?.value) else {
            return None;
        };
        Some(Entry::new(key, pair.get("ParameterValue")?.value))
    };
    list.iter().map(pair).collect()
}

/// Whether a resource makes a stack of another template.
#[must_use]
pub fn nests(template: &Template<'_>, at: usize) -> bool {
    let kind = &template.resources[at].kind;
    template.dialect == Dialect::CloudFormation && cloudformation::nests(kind)
}

/// The path of the template that a resource makes a stack of, as it is written, or the URL of it as far as that is known; none where
/// it does no such thing.
pub(super) fn nested(template: &Template<'_>, at: usize) -> Option<String> {
    let resource = &template.resources[at];
    let (_, property) = NESTING.iter().find(|(kind, _)| resource.kind == *kind)?;
    let resolver = Resolver::new(template);
    let metadata = resource.extras.iter().find(|entry| entry.key == "Metadata");
    if let Some(metadata) = metadata
        && let Expr::Map(entries) = template.expr(&metadata.value)
    {
        let text = |key: &str| match resolver.value(&entries.get(key)?.value) {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        };
        let [of, path] = ASSET;
        if text(of).is_some_and(|of| of == *property) {
            return text(path);
        }
    }
    let mut properties = resource.properties.iter();
    let path = properties.find(|entry| entry.key == *property)?;
    match resolver.value(&path.value) {
        Value::Text(path) => Some(path.into_owned()),
        // The file name at its end may be that of an asset.
        url => written(&url).filter(|url| url.contains("://")),
    }
}

/// A resource that makes a stack of a template which is not here; none where it does no such thing.
pub(super) fn unread<'t>(template: &Template<'t>, at: usize) -> Option<UnknownCall<'t>> {
    let resource = &template.resources[at];
    let (_, property) = NESTING.iter().find(|(kind, _)| resource.kind == *kind)?;
    let part = |name: &str| {
        let mut properties = resource.properties.iter();
        let part = properties.find(|entry| entry.key == name);
        part.map(|entry| entry.value.clone())
    };
    let resolver = Resolver::new(template);
    let source = nested(template, at).or_else(|| match resolver.value(&part(property)?) {
        // An application of the repository for them has an id.
        Value::Map(location) => {
            let id = location.get("ApplicationId")?.value;
            written(&resolver.value(&id))
        }
        location => written(&location),
    });
    Some(UnknownCall {
        address: resource.address.clone(),
        source: source.unwrap_or_default(),
        place: resource.type_place,
        bodies: part("Parameters").into_iter().collect(),
        is_fetched: false,
    })
}

/// A text as far as it is known.
fn written(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Unknown(Cause::Part(start, end, _)) if !start.is_empty() || !end.is_empty() => {
            Some(format!("{start}...{end}"))
        }
        _ => None,
    }
}

/// Units in an order in which each stands behind those that nest it, unless it nests them in turn.
fn order(roots: &[Node<'_>], callee: &dyn Fn(usize, &str) -> Option<usize>) -> Vec<usize> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); roots.len()];
    let mut is_nested = vec![false; roots.len()];
    for (unit, root) in roots.iter().enumerate() {
        let mut found = Vec::new();
        // Loops write blocks out later: what they nest is not among these, and need not be.
        for (_, body) in root.get("Resources").into_iter().flat_map(Node::entries) {
            let texts = paths(body);
            let from = root.document().number();
            found.extend(texts.iter().filter_map(|path| callee(from, path)));
        }
        found.sort_unstable();
        found.dedup();
        found.retain(|called| *called != unit);
        for &called in &found {
            is_nested[called] = true;
        }
        below[unit] = found;
    }
    // A unit is done when all below it are, so that a circle says nothing of what stands beside or below it. Those that nobody
    // nests come first, because they say where a circle is entered.
    let (nested, outermost): (Vec<_>, Vec<_>) = (0..roots.len()).partition(|unit| is_nested[*unit]);
    let mut done: Vec<usize> = Vec::with_capacity(roots.len());
    let mut is_met = vec![false; roots.len()];
    for start in outermost.into_iter().rev().chain(nested) {
        let mut open = Vec::new();
        if !std::mem::replace(&mut is_met[start], true) {
            open.push(start);
        }
        while let Some(&unit) = open.last() {
            match below[unit].pop() {
                Some(called) if is_met[called] => {}
                Some(called) => {
                    is_met[called] = true;
                    open.push(called);
                }
                None => {
                    done.push(unit);
                    open.pop();
                }
            }
        }
    }
    done.reverse();
    done
}

/// The paths that a block may name another template by, wherever its type says that it does.
fn paths(body: Node<'_>) -> Vec<String> {
    let Some(kind) = body.get("Type").map(Node::text) else {
        return Vec::new();
    };
    let Some((_, property)) = NESTING.iter().find(|(name, _)| kind == *name) else {
        return Vec::new();
    };
    let written = body.get("Properties").and_then(|part| part.get(property));
    let asset = body.get("Metadata").and_then(|part| part.get(ASSET[1]));
    let texts = written.into_iter().chain(asset);
    let mut texts: Vec<_> = texts.map(|node| node.text().into_owned()).collect();
    // A URL is put together of parts: the last of them say which file it ends in.
    let is_built = |node: &Node<'_>| node.kind() != Kind::Scalar;
    let mut parts: Vec<_> = written.filter(is_built).into_iter().collect();
    for _ in 0..MOST_PARTS {
        let Some(part) = parts.pop() else { break };
        match part.kind() {
            Kind::Scalar => texts.push(format!("s3://...{}", part.text())),
            _ => {
                parts.extend(part.items());
                parts.extend(part.entries().map(|(_, value)| value));
            }
        }
    }
    texts
}

/// Gives the parameters of a unit what those who nest it hand down.
fn bind<'t>(
    template: &mut Template<'t>,
    unit: usize,
    handed: &[Option<Child<'t>>],
    callers: Option<&[(String, Place)]>,
    all_given: &[&Given],
) {
    if handed.is_empty() {
        return;
    }
    let maps: Vec<_> = handed
        .iter()
        .map(|parameters| match parameters {
            None => Some(Expr::Map(Vec::new().into())),
            Some(parameters) => match template.expr(parameters) {
                map @ Expr::Map(_) => Some(map),
                _ => None,
            },
        })
        .collect();
    for at in template.units[unit].parameters.clone() {
        let parameter = &template.parameters[at];
        let given = maps.iter().map(|map| match map {
            Some(Expr::Map(entries)) => {
                let entry = entries.get(&parameter.name);
                entry
                    .map(|entry| entry.value)
                    .or_else(|| parameter.default.clone())
            }
            _ => Some(open()),
        });
        let Some(given) = given.collect::<Option<Vec<_>>>() else {
            continue;
        };
        if let [only] = &given[..]
            && let Some(unfit) = handed_on::refused(template, at, only, all_given, "a nested stack")
        {
            if !template.misfits.contains(&unfit) {
                template.misfits.push(unfit);
            }
            let parameter = &mut template.parameters[at];
            parameter.handed = parameter.default.clone();
            continue;
        }
        let agreed = agreed(template, &given);
        let parameter = &mut template.parameters[at];
        // Where nothing is handed down, the default counts.
        parameter.instead_of_null.clone_from(&parameter.default);
        match agreed {
            Agreed::One => parameter.handed = given.into_iter().next(),
            Agreed::Several(values) => {
                parameter.default = None;
                let callers = callers.unwrap_or_default().iter().zip(&values);
                let handed_by = callers.map(|((block, place), value)| HandedBy {
                    block: block.clone(),
                    place: *place,
                    value: value.clone(),
                });
                parameter.handed_by = handed_by.collect();
                let mut known = FxHashSet::default();
                let distinct = values
                    .into_iter()
                    .filter(|value| known.insert(value.clone()));
                parameter.allowed = distinct.map(Cow::Owned).collect();
                parameter.is_disputed = true;
            }
            Agreed::Open => {
                // Nobody knows which, but all of them are used.
                let name = parameter.name.clone().into_owned();
                let open = Expr::Unknown(Cause::Disputed(name));
                let scope = within_unit(unit);
                let all = std::iter::once(Child::built(open, &scope)).chain(given);
                let all = Expr::Call(Function::Opaque, all.collect());
                parameter.handed = Some(Child::built(all, &scope));
            }
        }
    }
}

/// What those who nest a template say of one parameter.
enum Agreed {
    /// All the same.
    One,
    /// These, one for each.
    Several(Vec<String>),
    /// Not the same, and not known by all.
    Open,
}

fn agreed<'t>(template: &Template<'t>, given: &[Child<'t>]) -> Agreed {
    if given.len() == 1 {
        return Agreed::One;
    }
    let resolver = Resolver::new(template);
    let mut values: Vec<String> = Vec::new();
    let mut known = FxHashSet::default();
    for child in given {
        resolver.refuel();
        let Value::Text(text) = resolver.value(child) else {
            return Agreed::Open;
        };
        let text = text.into_owned();
        known.insert(text.clone());
        values.push(text);
        if known.len() > MOST_VALUES {
            return Agreed::Open;
        }
    }
    match known.len() {
        1 => Agreed::One,
        _ => Agreed::Several(values),
    }
}
