//! What Terraform plans against what sfl sees.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use sfl::blocks::{Cause, Child, Expr, Name, Resource, Template};
use sfl::eval::{Resolver, ScalarKind, Truth, Value};

use super::super::evaluate::NOT_RUN;
use super::expressions::REST;
use super::rewrite::Left;
use super::run::{Instance, Planned, decided};

/// What is different, by what it is called.
pub struct Comparison {
    pub differences: Vec<String>,
    /// Instances that are the same on both sides, and values.
    pub instances: usize,
    pub values: usize,
}

/// Compares one root.
pub fn compare(template: &Template<'_>, planned: &Planned, left: &Left) -> Comparison {
    let mut comparer = Comparer {
        resolver: Resolver::new(template),
        template,
        left,
        same: 0,
        differences: Vec::new(),
    };
    let instances = comparer.instances(planned);
    comparer.modules(planned);
    Comparison {
        differences: comparer.differences,
        instances,
        values: comparer.same,
    }
}

struct Comparer<'c, 't> {
    template: &'c Template<'t>,
    resolver: Resolver<'c, 't>,
    left: &'c Left,
    same: usize,
    differences: Vec<String>,
}

impl<'t> Comparer<'_, 't> {
    fn instances(&mut self, planned: &Planned) -> usize {
        let template = self.template;
        let mut seen = BTreeSet::new();
        for resource in &template.resources {
            let address = decided(&resource.address, Some(self.left));
            self.resolver.refuel();
            let exists = match &resource.condition {
                Some(condition) => self.resolver.truth(condition),
                None => Truth::Yes,
            };
            let Some(instance) = planned.instances.get(&address) else {
                match exists {
                    Truth::No => {}
                    // Sfl may know more of how many there are: `unknown && false`.
                    Truth::Yes if self.is_undecided(&bare(&address)) => {}
                    Truth::Yes => self
                        .differences
                        .push(format!("{address}: only sfl sees it")),
                    Truth::Maybe(why) => {
                        self.differences.push(format!(
                            "{address}: sfl does not know that there is none: {why:?}"
                        ));
                    }
                }
                continue;
            };
            if !seen.insert(address.clone()) {
                self.differences
                    .push(format!("{address}: sfl sees it twice"));
            }
            let is_undecided = self.is_undecided(&address);
            match exists {
                Truth::Yes => {}
                _ if is_undecided => {}
                Truth::No => self
                    .differences
                    .push(format!("{address}: sfl sees that there is none")),
                Truth::Maybe(why) => {
                    self.differences.push(format!(
                        "{address}: sfl does not know that there is one: {why:?}"
                    ));
                }
            }
            // What hangs on the key is made up there.
            if !is_undecided {
                self.resource(&address, resource, instance);
            }
        }
        for address in planned.instances.keys() {
            let is_seen = seen.contains(address) || address.contains("data.");
            if !is_seen {
                self.differences
                    .push(format!("{address}: only Terraform sees it"));
            }
        }
        seen.len()
    }

    /// Whether Terraform does not know whether there is something with this address.
    fn is_undecided(&self, address: &str) -> bool {
        let mut blocks = self.left.undecided.iter();
        blocks.any(|(_, block)| format!(".{address}.").contains(&format!(".{block}.")))
    }

    fn resource(&mut self, address: &str, resource: &Resource<'t>, instance: &Instance) {
        let Json::Object(arguments) = &instance.input else {
            return;
        };
        let unknown = instance.unknown.as_object();
        let unknown_keys = unknown.into_iter().flat_map(|unknown| unknown.keys());
        let keys: BTreeSet<&String> = arguments.keys().chain(unknown_keys).collect();
        let own = &resource.properties;
        for key in keys {
            let path = format!("{address} {key}");
            match own.iter().find(|entry| entry.key == **key) {
                Some(entry) => {
                    let theirs = Theirs::below(&instance.input, &instance.unknown, key);
                    let value = entry.value.clone();
                    self.child(&path, theirs, &value);
                }
                // The version of a module is not handed to it.
                None if ["source", "version", "providers"].contains(&&**key) => {}
                // What stands for the attributes that nobody writes.
                None if ["id", "arn", REST].contains(&&**key) => {}
                None => self
                    .differences
                    .push(format!("{path}: only Terraform has it")),
            }
        }
        for entry in own {
            let is_known = arguments.contains_key(&*entry.key)
                || unknown.is_some_and(|unknown| unknown.contains_key(&*entry.key));
            if !is_known {
                self.differences
                    .push(format!("{address} {}: only sfl has it", entry.key));
            }
        }
    }

    fn modules(&mut self, planned: &Planned) {
        let template = self.template;
        for (prefix, instance) in &planned.modules {
            let mut units = template.units.iter();
            let Some(unit) = units.find(|unit| decided(&unit.prefix, Some(self.left)) == *prefix)
            else {
                self.differences
                    .push(format!("{prefix}: only Terraform sees this module"));
                continue;
            };
            for (kind, space) in [("locals", "local"), ("variables", "var")] {
                let theirs = Theirs::below(&instance.input, &instance.unknown, kind);
                for name in theirs.keys() {
                    let expr = match kind {
                        "locals" => Expr::Name(Name::Definition(
                            sfl::blocks::Space::Local,
                            name.clone().into(),
                        )),
                        _ => Expr::Name(Name::Parameter(name.clone().into())),
                    };
                    let child = Child::built(expr, &unit.scope);
                    let theirs = Theirs::below(theirs.value, theirs.unknown, &name);
                    self.child(&format!("{prefix}{space}.{name}"), theirs, &child);
                }
            }
        }
    }

    fn child(&mut self, path: &str, theirs: Theirs<'_>, child: &Child<'t>) {
        self.resolver.refuel();
        let value = self.resolver.value(child);
        self.value(path, theirs, &value);
    }

    fn value(&mut self, path: &str, theirs: Theirs<'_>, ours: &Value<'t>) {
        let mut differ = |what: String| self.differences.push(format!("{path}: {what}"));
        if theirs.is_unknown() {
            if let Ok(data) = self.resolver.data(&ours.clone().into_child()) {
                differ(format!(
                    "sfl knows {}, Terraform does not",
                    data.json().unwrap_or_default()
                ));
            }
            return;
        }
        match (theirs.value, ours) {
            (_, Value::Unknown(cause) | Value::OneOf(_, cause)) => {
                if !theirs.holds_unknown() && !is_allowed(cause) {
                    differ(format!("sfl does not know {}: {cause:?}", theirs.value));
                }
            }
            (Json::Null, Value::Absent) => self.same += 1,
            (Json::Bool(theirs), Value::Text(ours)) if ours.kind() == ScalarKind::Bool => {
                match **ours == *theirs.to_string() {
                    true => self.same += 1,
                    false => differ(format!("{theirs}, and sfl says {}", &**ours)),
                }
            }
            (Json::Number(theirs), Value::Text(ours)) if ours.kind() == ScalarKind::Number => {
                match theirs.as_f64() == ours.parse().ok() {
                    true => self.same += 1,
                    false => differ(format!("{theirs}, and sfl says {}", &**ours)),
                }
            }
            (Json::String(theirs), Value::Text(ours))
                if matches!(ours.kind(), ScalarKind::Text | ScalarKind::Any) =>
            {
                match **ours == **theirs {
                    true => self.same += 1,
                    false => differ(format!("{theirs:?}, and sfl says {:?}", &**ours)),
                }
            }
            // A block that stands there once.
            (Json::Array(items), Value::Map(_)) if items.len() == 1 => {
                let theirs = theirs.at(0);
                self.value(&format!("{path}[0]"), theirs, ours);
            }
            (Json::Array(items), Value::List(list)) => {
                // Blocks that are there only under a condition.
                let all = list.iter().map(|item| {
                    self.resolver.refuel();
                    self.resolver.value(&item)
                });
                let mut all: Vec<Value<'t>> = all.collect();
                if all.len() != items.len() {
                    all.retain(|item| !matches!(item, Value::Absent));
                }
                // A block that a loop writes once stands in a list of one.
                if all.len() != items.len() {
                    let ours = self.resolver.data(&ours.clone().into_child());
                    let ours = ours.map(|data| data.json().unwrap_or_default());
                    differ(format!(
                        "{}, and sfl says {} elements: {ours:?}",
                        theirs.value,
                        all.len()
                    ));
                    return;
                }
                for (at, item) in all.iter().enumerate() {
                    self.value(&format!("{path}[{at}]"), theirs.at(at), item);
                }
            }
            (Json::Object(_), Value::Map(entries)) => {
                let keys = theirs.keys();
                for entry in entries.iter() {
                    if !keys.contains(&*entry.key) {
                        differ(format!("only sfl has {}", entry.key));
                    }
                }
                for key in keys {
                    let below = Theirs::below(theirs.value, theirs.unknown, &key);
                    match entries.get(&key) {
                        Some(entry) => self.child(&format!("{path}.{key}"), below, &entry.value),
                        None => self
                            .differences
                            .push(format!("{path}: only Terraform has {key}")),
                    }
                }
            }
            (theirs, ours) => differ(format!("{theirs}, and sfl says {ours:?}")),
        }
    }
}

/// An address without the key of the instance.
fn bare(address: &str) -> String {
    match address.rsplit_once('[') {
        Some((bare, key)) if key.ends_with(']') => bare.to_owned(),
        _ => address.to_owned(),
    }
}

/// What sfl does not know on purpose: it hangs on the machine, the day or a secret, or no hosting choice ever hangs on it.
fn is_allowed(cause: &Cause) -> bool {
    match cause {
        Cause::Pseudo(name) => name.starts_with("path."),
        // Not even what is written in it.
        Cause::Data(_) => true,
        Cause::Function(name) => NOT_RUN.contains(&&**name) || OF_FILES.contains(&&**name),
        Cause::Part(.., cause) => is_allowed(cause),
        _ => false,
    }
}

/// Functions that read files: here there are none.
const OF_FILES: &[&str] = &[
    "file",
    "filebase64",
    "filebase64sha256",
    "filemd5",
    "fileset",
    "filesha256",
    "templatefile",
];

/// A value in a plan, and what of it is unknown.
#[derive(Clone, Copy)]
struct Theirs<'j> {
    value: &'j Json,
    unknown: &'j Json,
}

impl<'j> Theirs<'j> {
    fn below(value: &'j Json, unknown: &'j Json, key: &str) -> Self {
        let unknown = match unknown {
            Json::Bool(true) => unknown,
            _ => &unknown[key],
        };
        let value = &value[key];
        Self { value, unknown }
    }

    fn at(self, at: usize) -> Self {
        let unknown = match self.unknown {
            Json::Bool(true) => self.unknown,
            _ => &self.unknown[at],
        };
        let value = &self.value[at];
        Self { value, unknown }
    }

    fn keys(self) -> BTreeSet<String> {
        let both = [self.value, self.unknown].into_iter();
        let all = both
            .filter_map(Json::as_object)
            .flat_map(|object| object.keys());
        all.cloned().collect()
    }

    fn is_unknown(self) -> bool {
        *self.unknown == Json::Bool(true)
    }

    fn holds_unknown(self) -> bool {
        let mut waiting = vec![self.unknown];
        while let Some(next) = waiting.pop() {
            match next {
                Json::Bool(true) => return true,
                Json::Array(items) => waiting.extend(items),
                Json::Object(entries) => waiting.extend(entries.values()),
                _ => {}
            }
        }
        false
    }
}
