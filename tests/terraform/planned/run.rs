//! Terraform plans what was rewritten.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use super::super::ask;
use super::rewrite::{Left, Origin, Rewritten, Root, unmangled};

/// How often something is left out before a configuration is given up.
const ROUNDS: usize = 40;

/// One instance that Terraform plans.
pub struct Instance {
    pub input: Value,
    /// What of it is known only after apply.
    pub unknown: Value,
}

/// What Terraform plans of one root.
#[derive(Default)]
pub struct Planned {
    /// By address, as sfl writes it.
    pub instances: BTreeMap<String, Instance>,
    /// What is known of each instance of a module, by the start of its addresses.
    pub modules: BTreeMap<String, Instance>,
}

/// Plans roots together, each by its name. What Terraform refuses is left out: `left` says of each root what.
///
/// # Errors
/// What Terraform says of something that can't be left out.
pub fn plan(
    roots: &BTreeMap<String, Root>,
    left: &mut BTreeMap<String, Left>,
) -> Result<BTreeMap<String, Planned>, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path();
    for _ in 0..ROUNDS {
        let origins = write(folder, roots, left);
        let faults = faults(&ask::run(
            folder,
            &["init", "-backend=false", "-input=false", "-json"],
        ));
        let faults = match faults.is_empty() {
            true => {
                let arguments = [
                    "plan",
                    "-input=false",
                    "-refresh=false",
                    "-lock=false",
                    "-json",
                    "-out=plan",
                ];
                self::faults(&ask::run(folder, &arguments))
            }
            false => faults,
        };
        if faults.is_empty() {
            let shown = ask::run(folder, &["show", "-json", "plan"]);
            let plan = serde_json::from_slice(&shown.stdout).map_err(|error| error.to_string())?;
            return Ok(planned(&plan, left));
        }
        for (said, file, line) in faults {
            let place = origins.get(&file).and_then(|(name, origins)| {
                let origin = origins.iter().rev().find(|(start, _)| *start <= line)?;
                Some((name, origin.1.clone()))
            });
            let Some((name, origin)) = place else {
                return Err(format!("{file}:{line}: {said}"));
            };
            let left = left.entry(name.clone()).or_default();
            let is_new = match &*origin.key {
                "count" | "for_each" => {
                    left.undecided.insert((origin.module, origin.block.clone()))
                }
                _ => left.refused.insert(origin.clone()),
            };
            left.said.insert(origin.clone(), said.clone());
            if !is_new {
                return Err(format!("{origin:?}: {said}"));
            }
        }
    }
    Err("Terraform goes on refusing".to_owned())
}

type Origins = BTreeMap<String, (String, Vec<(usize, Origin)>)>;

fn write(folder: &Path, roots: &BTreeMap<String, Root>, left: &BTreeMap<String, Left>) -> Origins {
    let mut main = "resource \"terraform_data\" \"sfl--unknown\" {}\n".to_owned();
    let mut origins = Origins::new();
    let nothing = Left::default();
    for (name, root) in roots {
        let Rewritten {
            files,
            origins: own,
            arguments,
        } = root.rewritten(name, left.get(name).unwrap_or(&nothing));
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
            fs::write(path, text).expect("a file can be written");
        }
        for (path, origin) in own {
            origins.insert(path, (name.clone(), origin));
        }
        main.push_str(&format!("module \"{name}\" {{\nsource = \"./{name}/m0\"\n"));
        for (variable, value) in arguments {
            main.push_str(&format!("{variable} = (\n{value}\n)\n"));
        }
        main.push_str("}\n");
    }
    fs::write(folder.join("main.tf"), main).expect("a file can be written");
    origins
}

/// Each error with its file and line.
fn faults(output: &Output) -> Vec<(String, String, usize)> {
    let text = String::from_utf8_lossy(&output.stdout);
    let mut faults = Vec::new();
    for line in text.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let diagnostic = &message["diagnostic"];
        if diagnostic["severity"] != json!("error") {
            continue;
        }
        let part = |name: &str| diagnostic[name].as_str().unwrap_or_default().to_owned();
        let range = &diagnostic["range"];
        let file = range["filename"].as_str().unwrap_or_default().to_owned();
        let line = range["start"]["line"].as_u64().unwrap_or_default();
        let line = usize::try_from(line).unwrap_or_default();
        let fault = (
            format!("{}: {}", part("summary"), part("detail")),
            file,
            line,
        );
        // The same error may be in many instances.
        if faults
            .iter()
            .all(|(_, file, line)| (file, line) != (&fault.1, &fault.2))
        {
            faults.push(fault);
        }
    }
    if faults.is_empty() && !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        faults.push((said, String::new(), 0));
    }
    faults
}

/// The instances of each root.
fn planned(plan: &Value, left: &BTreeMap<String, Left>) -> BTreeMap<String, Planned> {
    let mut all: BTreeMap<String, Planned> = BTreeMap::new();
    for change in plan["resource_changes"].as_array().into_iter().flatten() {
        let Some((root, modules)) = change["module_address"].as_str().and_then(|address| {
            let address = address.strip_prefix("module.")?;
            Some(address.split_once('.').unwrap_or((address, "")))
        }) else {
            continue;
        };
        let planned = all.entry(root.to_owned()).or_default();
        let left = left.get(root);
        let prefix = match modules {
            "" => String::new(),
            modules => format!("{}.", decided(modules, left)),
        };
        let change_of = &change["change"];
        let instance = Instance {
            input: change_of["after"]["input"].clone(),
            unknown: change_of["after_unknown"]["input"].clone(),
        };
        let name = change["name"].as_str().unwrap_or_default();
        match name {
            "sfl--unknown" => {}
            "sfl--values" => {
                planned.modules.insert(prefix, instance);
            }
            name => {
                let (address, has_key) = unmangled(name);
                let key = match &change["index"] {
                    Value::Number(number) if has_key => format!("[{number}]"),
                    Value::String(key) => format!("[{}]", json!(key)),
                    _ => String::new(),
                };
                let address = decided(&format!("{address}{key}"), left);
                planned
                    .instances
                    .insert(format!("{prefix}{address}"), instance);
            }
        }
    }
    all
}

/// An address without the keys of blocks of which nobody knows how many there are.
pub fn decided(address: &str, left: Option<&Left>) -> String {
    let mut address = address.to_owned();
    for (_, block) in left.iter().flat_map(|left| &left.undecided) {
        for key in ["[0]", "[\"?\"]"] {
            let (keyed, mut from) = (format!("{block}{key}"), 0);
            while let Some(at) = address[from..].find(&keyed).map(|at| at + from) {
                let is_whole = at == 0 || address.as_bytes()[at - 1] == b'.';
                from = at + block.len();
                if is_whole {
                    address.replace_range(from..from + key.len(), "");
                }
            }
        }
    }
    address
}
