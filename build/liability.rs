//! `rules/liability.toml` as constants.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::actions::places;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<Kind>,
    script: Vec<Written>,
    block: Vec<Block>,
    image: Vec<Image>,
    publishers: Publishers,
    agent: Vec<Agent>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Kind {
    name: String,
    #[serde(default)]
    lines: bool,
    one: String,
    many: Option<String>,
    duty: Option<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: String,
    #[serde(default)]
    types: BTreeSet<String>,
    #[serde(default)]
    planned: BTreeSet<String>,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    elsewhere: bool,
    r#where: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    kind: String,
    #[serde(default)]
    says: String,
    types: BTreeSet<String>,
    #[serde(default)]
    when: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Image {
    types: BTreeSet<String>,
    r#where: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Publishers {
    aws: BTreeSet<String>,
    google: BTreeSet<String>,
    families: BTreeSet<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Agent {
    says: String,
    signs: Vec<String>,
}

/// What is asked of a type: numbers of scripts, blocks and images, and the attributes that a plan has to keep for them.
#[derive(Default)]
struct Asked {
    scripts: Vec<usize>,
    blocks: Vec<usize>,
    images: Vec<usize>,
    attributes: BTreeSet<String>,
}

/// What `src/rulebook/liability.rs` includes.
pub fn constants(path: &str, text: &str) -> String {
    let wrong = |what: String| -> ! { panic!("\n{path}: {what}\n") };
    let file: File = toml::from_str(text).unwrap_or_else(|error| wrong(error.to_string()));
    let kind = |name: &str| match file.kind.iter().position(|kind| kind.name == name) {
        Some(at) => at,
        None => wrong(format!("there is no kind `{name}`")),
    };
    let mut out = format!("const KINDS: [LiabilityKind; {}] = [", file.kind.len());
    for Kind {
        name,
        lines,
        one,
        many,
        duty,
    } in &file.kind
    {
        let many = many.as_ref().unwrap_or(one);
        let _ = write!(
            out,
            "LiabilityKind {{ name: {name:?}, is_lines: {lines}, one: {one:?}, many: {many:?}, duty: {duty:?} }},"
        );
    }
    let mut types: BTreeMap<&str, Asked> = BTreeMap::new();
    let attributes = |paths: &[String]| -> Vec<String> {
        let first = paths.iter().map(|path| {
            let path = path.split_once('=').map_or(path.as_str(), |(path, _)| path);
            let first = path.split('.').next().unwrap_or_default();
            first.trim_end_matches("[]").to_owned()
        });
        first.collect()
    };
    let _ = write!(out, "];\nconst SCRIPTS: &[ScriptRule] = &[");
    let mut anywhere: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, script) in file.script.iter().enumerate() {
        let _ = write!(
            out,
            "ScriptRule {{ kind: {}, is_elsewhere: {}, places: &[{}], when: &[{}] }},",
            kind(&script.kind),
            script.elsewhere,
            places(&script.r#where),
            places(&script.when)
        );
        for name in &script.types {
            types.entry(name).or_default().scripts.push(at);
        }
        for name in script.types.iter().chain(&script.planned) {
            let asked = &mut types.entry(name).or_default().attributes;
            asked.extend(attributes(&script.r#where));
            asked.extend(attributes(&script.when));
        }
        if script.types.is_empty() {
            for key in attributes(&script.r#where) {
                anywhere.entry(key).or_default().push(at);
            }
        }
    }
    out.push_str("];\nconst BLOCKS: &[BlockRule] = &[");
    for (at, block) in file.block.iter().enumerate() {
        let _ = write!(
            out,
            "BlockRule {{ kind: {}, says: {:?}, when: &[{}], unless: &[{}] }},",
            kind(&block.kind),
            block.says,
            places(&block.when),
            places(&block.unless)
        );
        for name in &block.types {
            let asked = types.entry(name).or_default();
            asked.blocks.push(at);
            asked.attributes.extend(attributes(&block.when));
            asked.attributes.extend(attributes(&block.unless));
        }
    }
    out.push_str("];\nconst IMAGES: &[&[ValuePlace]] = &[");
    for (at, image) in file.image.iter().enumerate() {
        let _ = write!(out, "&[{}],", places(&image.r#where));
        for name in &image.types {
            let asked = types.entry(name).or_default();
            asked.images.push(at);
            asked.attributes.extend(attributes(&image.r#where));
        }
    }
    // In the order of their names, so that they can be searched.
    out.push_str("];\nconst TYPES: &[(&str, AskedOfType)] = &[");
    for (name, asked) in &types {
        let attributes: Vec<&String> = asked.attributes.iter().collect();
        let _ = write!(
            out,
            "({name:?}, AskedOfType {{ scripts: &{:?}, blocks: &{:?}, images: &{:?}, attributes: &{attributes:?} }}),",
            asked.scripts, asked.blocks, asked.images
        );
    }
    out.push_str("];\nconst ANYWHERE: &[(&str, &[usize])] = &[");
    for (key, scripts) in &anywhere {
        let _ = write!(out, "({key:?}, &{scripts:?}),");
    }
    let all = |names: &BTreeSet<String>| format!("&{:?}", names.iter().collect::<Vec<_>>());
    let _ = write!(
        out,
        "];\nconst AWS_PUBLISHERS: &[&str] = {};\nconst GOOGLE_PUBLISHERS: &[&str] = {};\nconst IMAGE_FAMILIES: &[&str] = {};\n",
        all(&file.publishers.aws),
        all(&file.publishers.google),
        all(&file.publishers.families)
    );
    out.push_str("const AGENTS: &[(&str, &[&str])] = &[");
    for Agent { says, signs } in &file.agent {
        if let Some(large) = signs.iter().find(|sign| **sign != sign.to_lowercase()) {
            wrong(format!("`{large}` is not in small letters"));
        }
        let _ = write!(out, "({says:?}, &{signs:?}),");
    }
    out.push_str("];\n");
    out
}
