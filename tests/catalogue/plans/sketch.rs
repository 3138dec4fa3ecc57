//! A sketch of a plan or state, and the JSON that Terraform would write for it.

use super::{Map, Value, json};

pub struct Sketch<'t> {
    pub title: &'t str,
    pub expected: Vec<&'t str>,
    changes: Vec<Change<'t>>,
    blocks: Vec<(&'t str, Map<String, Value>)>,
    calls: Vec<(&'t str, Map<String, Value>)>,
    outputs: Vec<(&'t str, Value)>,
    state: Vec<Value>,
}

struct Change<'t> {
    sign: char,
    json: Value,
    reason: Option<&'t str>,
}

impl<'t> Sketch<'t> {
    pub fn read(text: &'t str) -> Self {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut sketch = Self {
            title: lines.next().expect("a title"),
            expected: Vec::new(),
            changes: Vec::new(),
            blocks: Vec::new(),
            calls: Vec::new(),
            outputs: Vec::new(),
            state: Vec::new(),
        };
        for line in lines {
            let (word, rest) = line.split_once(' ').expect("a word and more");
            let (name, more) = rest.split_once(' ').unwrap_or((rest, ""));
            match word {
                "expect" if rest == "nothing" => {}
                "expect" => sketch.expected.push(rest),
                "block" => sketch.blocks.push((name, expressions(more))),
                "call" => sketch.calls.push((name, expressions(more))),
                "output" => {
                    let (name, references) = rest.split_once(": ").expect("references");
                    sketch.outputs.push((name, reference(references)));
                }
                "*" => sketch.state.push(state(name, more)),
                sign => {
                    let sign = sign.chars().next().expect("a sign");
                    sketch.changes.push(change(sign, name, more));
                }
            }
        }
        sketch
    }

    pub fn json(&self) -> Value {
        if !self.state.is_empty() {
            return json!({
                "format_version": "1.0", "terraform_version": "1.11.4",
                "values": {"root_module": {"resources": self.state}},
            });
        }
        let (deferred, changes): (Vec<_>, Vec<_>) =
            self.changes.iter().partition(|change| change.sign == '>');
        let changes: Vec<_> = changes.iter().map(|change| &change.json).collect();
        let deferred = deferred
            .iter()
            .map(|change| json!({"reason": change.reason, "resource_change": change.json}));
        let deferred: Vec<_> = deferred.collect();
        let mut plan = json!({
            "format_version": "1.2", "terraform_version": "1.11.4",
            "planned_values": {"root_module": {}},
            "resource_changes": changes,
        });
        if !deferred.is_empty() {
            plan["deferred_changes"] = json!(deferred);
        }
        if !(self.blocks.is_empty() && self.calls.is_empty()) {
            plan["configuration"] = json!({"root_module": self.module("")});
        }
        plan
    }

    /// A module of the configuration, by the beginning of its addresses.
    fn module(&self, at: &str) -> Value {
        let below = |address: &'t str| {
            let rest = address.strip_prefix(at)?;
            (!rest.starts_with("module.")).then_some(rest)
        };
        let resources = self.blocks.iter().filter_map(|(address, expressions)| {
            let rest = below(address)?;
            let (mode, typed) = match rest.strip_prefix("data.") {
                Some(typed) => ("data", typed),
                None => ("managed", rest),
            };
            let (kind, name) = typed.split_once('.')?;
            let mut block = json!({"address": rest, "mode": mode, "type": kind, "name": name});
            repeat(expressions, &mut block);
            Some(block)
        });
        let resources: Vec<_> = resources.collect();
        let outputs = self.outputs.iter().filter_map(|(address, value)| {
            Some((below(address)?.to_owned(), json!({"expression": value})))
        });
        let outputs: Map<_, _> = outputs.collect();
        let calls = self.calls.iter().filter_map(|(address, expressions)| {
            let name = address.strip_prefix(at)?.strip_prefix("module.")?;
            if name.contains('.') {
                return None;
            }
            let mut call = json!({"source": "./m", "module": self.module(&format!("{address}."))});
            repeat(expressions, &mut call);
            Some((name.to_owned(), call))
        });
        let calls: Map<_, _> = calls.collect();
        json!({"resources": resources, "outputs": outputs, "module_calls": calls})
    }
}

/// `count` and `for_each` stand beside the other expressions.
fn repeat(expressions: &Map<String, Value>, block: &mut Value) {
    let mut expressions = expressions.clone();
    for (word, key) in [
        ("count", "count_expression"),
        ("for_each", "for_each_expression"),
    ] {
        if let Some(value) = expressions.remove(word) {
            block[key] = value;
        }
    }
    block["expressions"] = Value::Object(expressions);
}

/// `a; b: var.b; disk.size: var.c`
fn expressions(text: &str) -> Map<String, Value> {
    let mut all = Map::new();
    for part in text
        .split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let (path, value) = match part.split_once(": ") {
            Some((path, references)) => (path, reference(references)),
            None => (part, json!({"constant_value": "x"})),
        };
        put(&mut all, path, value);
    }
    all
}

/// Nested blocks stand in a list, and blocks of one name are one here.
fn put(all: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((head, rest)) = path.split_once('.') else {
        all.insert(path.to_owned(), value);
        return;
    };
    let list = all.entry(head).or_insert_with(|| json!([{}]));
    let inner = list[0].as_object_mut().expect("a block");
    put(inner, rest, value);
}

/// Terraform lists a reference, and then what it begins with.
fn reference(text: &str) -> Value {
    let mut all = Vec::new();
    for reference in text.split_whitespace() {
        let mut rest = reference;
        let least = match reference.split('.').next() {
            Some("data") => 3,
            _ => 2,
        };
        while rest.split('.').count() >= least {
            all.push(rest);
            let Some(end) = rest.rfind(['.', '[']) else {
                break;
            };
            rest = &rest[..end];
        }
    }
    json!({"references": all})
}

fn change<'t>(sign: char, address: &'t str, text: &'t str) -> Change<'t> {
    let (after, unknown) = text.split_once(" ? ").unwrap_or((text, "{}"));
    let parsed = |text: &str| match text.trim() {
        "" => json!({}),
        text => serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}")),
    };
    let (reason, after) = match (sign, after.split_once(' ')) {
        ('>', Some((reason, after))) => (Some(reason), after),
        _ => (None, after),
    };
    let actions = match sign {
        '+' | '>' => json!(["create"]),
        '=' => json!(["no-op"]),
        '~' => json!(["update"]),
        '!' => json!(["delete", "create"]),
        '-' => json!(["delete"]),
        other => panic!("no sign: {other}"),
    };
    let after = if sign == '-' {
        Value::Null
    } else {
        parsed(after)
    };
    let mut json = head(address);
    json["change"] = json!({
        "actions": actions, "before": null, "after": after, "after_unknown": parsed(unknown),
        "before_sensitive": false, "after_sensitive": {},
    });
    Change { sign, json, reason }
}

fn state(address: &str, text: &str) -> Value {
    let (values, depends_on) = text.split_once(" < ").unwrap_or((text, ""));
    let mut json = head(address);
    let values: Value =
        serde_json::from_str(values).unwrap_or_else(|error| panic!("{error}: {values}"));
    json["values"] = values;
    json["sensitive_values"] = json!({});
    if !depends_on.is_empty() {
        json["depends_on"] = depends_on.split_whitespace().collect();
    }
    json
}

fn head(address: &str) -> Value {
    let mut plain = address;
    while let Some(rest) = plain.strip_prefix("module.") {
        let mut quoted = false;
        let end = rest.find(|c: char| {
            quoted ^= c == '"';
            c == '.' && !quoted
        });
        plain = &rest[end.expect("more than a module") + 1..];
    }
    let (kind, name) = plain.split_once('.').expect("a type and a name");
    let name = name.split('[').next().unwrap_or(name);
    json!({"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": "registry.terraform.io/hashicorp/x"})
}
