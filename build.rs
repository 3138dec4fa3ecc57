//! Compiles `rules/` with the program's own code for it: no rule is parsed when the program starts.

#[path = "src/base"]
#[allow(dead_code)]
mod base {
    mod dialect;
    mod path;
    mod rung;
    mod safety;
    pub use {dialect::Dialect, path::PathStep, rung::Rung, safety::Safety};
}
#[path = "src/rulebook"]
#[allow(dead_code)]
mod rulebook {
    pub mod bills;
    pub mod check;
    pub mod climb;
    pub mod cloud_control;
    pub mod coded;
    pub mod compile;
    pub mod condition;
    pub mod file;
    pub mod fix;
    pub mod folder;
    pub mod form;
    mod globs;
    pub mod justification;
    pub mod ladder;
    pub mod lifecycle;
    pub mod limits;
    pub mod module_source;
    pub mod plumbing;
    pub mod rule;
    pub mod sets;
    pub mod shape;
    pub mod shown_values;
    pub mod test;
}

use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest as _, Sha256};

fn main() {
    for input in ["rules", "src/rulebook", "src/base"] {
        println!("cargo:rerun-if-changed={input}");
    }
    pages();
    digests();
    let texts = texts(PathBuf::from("rules"));
    let part = rulebook::folder::compile(&texts).unwrap_or_else(|faults| panic!("\n{faults}\n"));
    let (records, pool) = part.pieces();
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    fs::write(out.join("catalogue.bin"), records).expect("OUT_DIR is writable");
    fs::write(out.join("catalogue.txt"), pool).expect("OUT_DIR is writable");
    let written = |name: &str, into: &str, constants: fn(&str, &str) -> String| {
        let found = texts.iter().find(|(path, _)| path.ends_with(name));
        let (path, text) = found.expect("it stands in rules/");
        fs::write(out.join(into), constants(path, text)).expect("OUT_DIR is writable");
    };
    use rulebook::folder::{ACTIONS, HELPER_PROVIDERS, LANDSCAPE, LIABILITY};
    written(LANDSCAPE, "landscape.rs", landscape);
    written(HELPER_PROVIDERS, "helper_providers.rs", helper_providers);
    written(ACTIONS, "actions.rs", actions::constants);
    written(LIABILITY, "liability.rs", liability::constants);
}

#[path = "build/actions.rs"]
mod actions;
#[path = "build/liability.rs"]
mod liability;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct HelperProviders {
    names: std::collections::BTreeSet<String>,
}

/// `rules/helper-providers.toml` as a constant in order, so that it can be searched.
fn helper_providers(path: &str, text: &str) -> String {
    let HelperProviders { names } =
        toml::from_str(text).unwrap_or_else(|error| panic!("\n{path}: {error}\n"));
    if let Some(name) = names.iter().find(|name| name.contains('_')) {
        panic!("\n{path}: a provider's name ends before `_`, unlike `{name}`\n");
    }
    let number = names.len();
    let names: Vec<String> = names.into_iter().collect();
    format!("const NAMES: [&str; {number}] = {names:?};\n")
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Landscape {
    chain: Chain,
    entry: EntryPoints,
    signs: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    reversed: Vec<String>,
    silent: Vec<String>,
    run: Vec<String>,
    weak: Vec<String>,
    arns: Vec<String>,
    walls: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct EntryPoints {
    users: Vec<String>,
    hosts: Vec<String>,
    events: Vec<String>,
    user_ladders: Vec<String>,
    system_ladders: Vec<String>,
}

/// `rules/landscape.toml` as constants, each list in order, so that it can be searched.
fn landscape(path: &str, text: &str) -> String {
    let map: Landscape = toml::from_str(text).unwrap_or_else(|error| panic!("\n{path}: {error}\n"));
    let mut out = String::new();
    let mut list = |name: &str, mut items: Vec<String>| {
        let kind = if name == "REVERSED" {
            "(&str, &str)"
        } else {
            "&str"
        };
        items.sort();
        items.dedup();
        out.push_str(&format!(
            "const {name}: &[{kind}] = &[{}];\n",
            items.join(", ")
        ));
    };
    let quoted = |items: Vec<String>| items.iter().map(|item| format!("{item:?}")).collect();
    let pair = |item: &String| match item.split_once(' ') {
        Some((kind, property)) => format!("({kind:?}, {property:?})"),
        None => panic!("\n{path}: `{item}` is no type with a property\n"),
    };
    list("REVERSED", map.chain.reversed.iter().map(pair).collect());
    list("SILENT", quoted(map.chain.silent));
    list("RUN", quoted(map.chain.run));
    list("WEAK", quoted(map.chain.weak));
    list("WALLS", quoted(map.chain.walls));
    list("USERS", quoted(map.entry.users));
    list("HOSTS", quoted(map.entry.hosts));
    list("EVENTS", quoted(map.entry.events));
    list("USER_LADDERS", quoted(map.entry.user_ladders));
    list("SYSTEM_LADDERS", quoted(map.entry.system_ladders));
    let mut arns = map.chain.arns;
    arns.sort();
    out.push_str("const ARNS: &[ArnName] = &[");
    for arn in arns {
        let words: Vec<&str> = arn.split(' ').collect();
        let [kind, property, end] = words[..] else {
            panic!("\n{path}: `{arn}` is no type with a property and an end\n");
        };
        let Some((service, before)) = end.split_once(':') else {
            panic!("\n{path}: `{arn}` names no service\n");
        };
        out.push_str(&format!(
            "ArnName {{ kind: {kind:?}, property: {property:?}, service: {service:?}, before: {before:?} }}, "
        ));
    }
    out.push_str("];\n");
    out.push_str("const WRITTEN: &[SignPath] = &[");
    for (sign, ways) in map.signs {
        let word = |word: &str| word[..1].to_uppercase() + &word[1..];
        let sign: String = sign.split('-').map(word).collect();
        for way in ways {
            let (kind, way) = way
                .split_once(' ')
                .map_or((None, way.as_str()), |(kind, way)| (Some(kind), way));
            let (path, value) = way
                .split_once('=')
                .map_or((way, None), |(path, value)| (path, Some(value)));
            let path: Vec<&str> = path.split('.').collect();
            out.push_str(&format!(
                "SignPath {{ sign: Sign::{sign}, kind: {kind:?}, path: &{path:?}, value: {value:?} }}, "
            ));
        }
    }
    out.push_str("];\n");
    out
}

/// The TOML files of a folder and of those below it, by name.
fn texts(folder: PathBuf) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("rules/ stands beside build.rs") {
            let path = entry.expect("rules/ is readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let text = fs::read_to_string(&path).expect("a rule file is a text");
                texts.push((path.display().to_string().replace('\\', "/"), text));
            }
        }
    }
    texts
}

/// Where the pages of this version stand, for the links in reports: whoever releases says in which repository.
fn pages() {
    println!("cargo:rerun-if-env-changed=SFL_REPOSITORY");
    let known = |name: &str| env::var(name).ok().filter(|url| !url.is_empty());
    if let Some(home) = known("SFL_REPOSITORY").or_else(|| known("CARGO_PKG_REPOSITORY")) {
        let version = env::var("CARGO_PKG_VERSION").expect("cargo sets it");
        println!("cargo:rustc-env=SFL_HOME={home}");
        println!("cargo:rustc-env=SFL_PAGES={home}/blob/v{version}/docs");
    }
}

/// The parts of the page's script in the order in which they are run: what one makes, the next may use.
const SCRIPT: [&str; 7] = [
    "page",
    "filters",
    "rows",
    "folders",
    "map",
    "taking_along",
    "start",
];

/// A report's page runs and shows only what its own policy names: the digests of its script and its style sheets. Browsers
/// take them of the text with plain line feeds.
fn digests() {
    let read = |file: &str| {
        println!("cargo:rerun-if-changed={file}");
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        text.replace("\r\n", "\n")
    };
    let parts = SCRIPT.map(|part| read(&format!("src/report/html/script/{part}.js")));
    let script = format!("(() => {{\n\"use strict\";\n{}}})();\n", parts.concat());
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("page.js"), &script).expect("OUT_DIR is writable");
    for (name, text) in [
        ("SFL_STYLE_DIGEST", read("src/report/html/style.css")),
        ("SFL_MAP_STYLE_DIGEST", read("src/report/map/svg.css")),
        (
            "SFL_TREND_STYLE_DIGEST",
            read("src/report/trend/two_charts.css"),
        ),
        ("SFL_SCRIPT_DIGEST", script),
    ] {
        let digest = BASE64_STANDARD.encode(Sha256::digest(text));
        println!("cargo:rustc-env={name}=sha256-{digest}");
    }
}
