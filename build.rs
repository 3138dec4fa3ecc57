//! Reads and checks `rules/`, and writes it as static tables: no TOML is parsed when the program starts.

#[path = "src/rulebook/lower.rs"]
#[allow(dead_code, missing_docs)]
mod lower;
#[path = "src/rulebook/rulefile.rs"]
#[allow(dead_code, missing_docs)]
mod rulefile;

#[path = "src/reasons/text.rs"]
#[allow(dead_code, missing_docs)]
mod reasons;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use lower::Step;
use reasons::{AgainstText, ReasonFile, Texts};
use rulefile::{
    CaseText, ConditionText, JoinText, Known, LinkText, OneOrMore, PropertyText, RuleFile,
    RuleText, RungName, RungText, StepName, TestText,
};
use sha2::{Digest as _, Sha256};

/// The ladders in the order in which they are shown.
const ORDER: [&str; 16] = [
    "compute",
    "relational",
    "nosql",
    "cache",
    "search",
    "messaging",
    "streaming",
    "workflow",
    "storage",
    "analytics",
    "ml",
    "ingress",
    "identity",
    "build",
    "data-movement",
    "desktop",
];

/// Kinds of reasons, which are no ladder.
const REASONS: &str = "rules/justifications.toml";

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src/rulebook/rulefile.rs");
    println!("cargo:rerun-if-changed=src/rulebook/lower.rs");
    println!("cargo:rerun-if-changed=src/reasons/text.rs");
    // The catalogue is tables of pointers. In a program that may be loaded anywhere, each of them is mended at every start,
    // which takes longer than to check a template.
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|is| is == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
    pages();
    digests();
    let files = read("rules");
    let faults = rulefile::faults(&files, &Known::default());
    let faults: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}: {}", files[fault.file].0, fault.message))
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let text = fs::read_to_string(REASONS).unwrap_or_else(|error| panic!("{REASONS}: {error}"));
    let reasons: ReasonFile =
        toml::from_str(&text).unwrap_or_else(|error| panic!("{REASONS}: {error}"));
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    fs::write(out.join("catalogue.rs"), tables(&files, &reasons)).expect("OUT_DIR is writable");
    let numbers = numbers(&files);
    let ladders = files.iter().filter_map(|(_, file)| file.ladder.as_ref());
    let ladders: Vec<&str> = ladders.map(|ladder| ladder.name.as_str()).collect();
    let kinds = kinds(&reasons, &numbers, &ladders);
    fs::write(out.join("justifications.rs"), kinds).expect("OUT_DIR is writable");
    fs::write(out.join("examples.rs"), examples(&files)).expect("OUT_DIR is writable");
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

/// A report's page runs and shows only what its own policy names: the digests of its script and its style sheet. Browsers
/// take them of the text with plain line feeds.
fn digests() {
    for (name, file) in [
        ("SFL_STYLE_DIGEST", "src/report/html/style.css"),
        ("SFL_SCRIPT_DIGEST", "src/report/html/script.js"),
    ] {
        println!("cargo:rerun-if-changed={file}");
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
        let digest = BASE64_STANDARD.encode(Sha256::digest(text.replace("\r\n", "\n")));
        println!("cargo:rustc-env={name}=sha256-{digest}");
    }
}

/// Every example, so that the program can run those of its own rules.
fn examples(files: &[(String, RuleFile)]) -> String {
    let mut out = String::from(
        "/// The examples of the built-in rules.\nstatic EXAMPLES: &[(&str, &str, usize, &str, &[&str])] = &[\n",
    );
    for (file, content) in files {
        for rule in &content.rules {
            for (at, example) in rule.examples.iter().enumerate() {
                let (template, expect) = (example.template.get_ref(), &example.expect);
                let name = &rule.name;
                let at = at + 1;
                let _ = writeln!(
                    out,
                    "({file:?}, {name:?}, {at}, {template:?}, &{expect:?}),"
                );
            }
        }
    }
    out.push_str("];\n");
    out
}

fn read(folder: &str) -> Vec<(String, RuleFile)> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("rules/ stands beside build.rs") {
            let path = entry.expect("rules/ is readable").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "toml")
                || path == Path::new(REASONS)
            {
                continue;
            }
            let name = path.display().to_string();
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            let file = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            files.push((name, file));
        }
    }
    files.sort_by_key(|(name, file): &(String, RuleFile)| {
        let known = ORDER
            .iter()
            .position(|known| Some(*known) == file.ladder_name());
        (
            known.unwrap_or(ORDER.len()),
            file.extends.is_some(),
            name.clone(),
        )
    });
    files
}

/// Every rule with the index of its ladder, in the order of the catalogue.
fn rules_of(files: &[(String, RuleFile)]) -> Vec<(usize, &RuleText)> {
    let ladders = files.iter().filter_map(|(_, file)| file.ladder.as_ref());
    let ladders: Vec<&str> = ladders.map(|ladder| ladder.name.as_str()).collect();
    let mut rules = Vec::new();
    for (_, file) in files {
        let ladder = ladders
            .iter()
            .position(|ladder| Some(*ladder) == file.ladder_name());
        rules.extend(file.rules.iter().filter_map(|rule| Some((ladder?, rule))));
    }
    rules
}

fn numbers(files: &[(String, RuleFile)]) -> BTreeMap<&str, usize> {
    let rules = rules_of(files).into_iter().enumerate();
    rules
        .map(|(at, (_, rule))| (rule.name.as_str(), at))
        .collect()
}

fn tables(files: &[(String, RuleFile)], reasons: &ReasonFile) -> String {
    let ladders = files
        .iter()
        .filter_map(|(_, file)| Some((file.ladder.as_ref()?, file)));
    let ladders: Vec<_> = ladders.collect();
    let rules = rules_of(files);
    let numbers = numbers(files);
    let mut words: Vec<BTreeMap<RungName, RungText>> = Vec::new();
    for (_, file) in files {
        let has_ladder = ladders
            .iter()
            .any(|(ladder, _)| Some(ladder.name.as_str()) == file.ladder_name());
        let own = file.rules.iter().filter(|_| has_ladder);
        words.extend(own.map(|rule| lower::words(rule, file)));
    }
    let groups: Vec<_> = files.iter().flat_map(|(_, file)| &file.plumbing).collect();

    let mut types: BTreeMap<&str, String> = BTreeMap::new();
    let mut prefixes: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (_, rule)) in rules.iter().enumerate() {
        types.extend(
            rule.types
                .iter()
                .map(|name| (name.as_str(), format!("Entry::Rule({at})"))),
        );
    }
    for (at, group) in groups.iter().enumerate() {
        for name in &group.types {
            match name.strip_suffix('*') {
                Some(prefix) => drop(prefixes.insert(prefix, at)),
                None => drop(types.insert(name, format!("Entry::Plumbing({at})"))),
            }
        }
    }

    let mut out = String::from("static LADDERS: &[Ladder] = &[\n");
    for (order, (ladder, file)) in ladders.iter().enumerate() {
        let others = files
            .iter()
            .filter(|(_, other)| other.extends.as_ref() == Some(&ladder.name));
        let elsewhere = others.filter_map(|(_, other)| {
            let (prefix, provider) = lower::provider(other)?;
            let rungs = rungs(&other.rung);
            Some(format!(
                "Elsewhere {{ prefix: {prefix:?}, provider: {provider:?}, rungs: {rungs} }}"
            ))
        });
        let _ = writeln!(
            out,
            "Ladder {{ order: {order}, name: {:?}, title: {:?}, about: {:?}, rungs: {}, elsewhere: &[{}] }},",
            ladder.name,
            ladder.title,
            ladder.about,
            rungs(&file.rung),
            elsewhere.collect::<Vec<_>>().join(", ")
        );
    }
    out.push_str(
        "];\n/// The built-in catalogue.\npub static CATALOGUE: Catalogue = Catalogue {\n",
    );
    out.push_str("ladders: LADDERS,\nrules: &[\n");
    for ((ladder, rule), words) in rules.iter().zip(&words) {
        let mut attributes = attributes(rule, &rules);
        for places in reasons.facts.values() {
            let paths = places.get(&rule.name).and_then(|paths| paths.tf.as_ref());
            let paths = paths.into_iter().flat_map(several);
            attributes.extend(paths.filter_map(|path| path.split(['.', '[']).next()));
        }
        write_rule(&mut out, *ladder, rule, words, &numbers, &attributes);
    }
    out.push_str("],\ntypes: &[\n");
    for (name, entry) in &types {
        let _ = writeln!(out, "({name:?}, {entry}),");
    }
    let _ = writeln!(
        out,
        "],\nprefixes: &{:?},",
        prefixes.iter().collect::<Vec<_>>()
    );
    let why: Vec<&str> = groups.iter().map(|group| group.why.as_str()).collect();
    let _ = writeln!(out, "modules: &[],\nplumbing: &{why:?},\n}};");
    out
}

/// The Terraform attributes that somebody asks of a rule's resources: a plan keeps no others.
fn attributes<'r>(rule: &'r RuleText, rules: &[(usize, &'r RuleText)]) -> BTreeSet<&'r str> {
    let joins = rules.iter().flat_map(|(_, other)| other.joins.values());
    let asked = joins.filter(|join| join.rules.contains(&rule.name));
    let all = asked
        .flat_map(|join| join.properties.values())
        .chain(rule.properties.values());
    let paths = all
        .filter_map(|property| property.tf.as_ref())
        .flat_map(OneOrMore::all);
    let heads = paths.filter_map(|path| path.split(['.', '[']).next());
    heads.collect()
}

fn write_rule(
    out: &mut String,
    ladder: usize,
    rule: &RuleText,
    words: &BTreeMap<RungName, RungText>,
    numbers: &BTreeMap<&str, usize>,
    attributes: &BTreeSet<&str>,
) {
    let joins = rule
        .joins
        .iter()
        .map(|(name, join)| self::join(name, join, numbers));
    let links = rule.of.iter().map(|link| self::link(link, numbers));
    let cases = rule.cases.iter().map(|case| self::case(case, rule));
    let _ = writeln!(
        out,
        "Rule {{ name: {:?}, title: {:?}, ladder: &LADDERS[{ladder}], types: &{:?}, properties: {}, joins: &[{}], of: &[{}], cases: &[{}], rungs: {}, docs: &{:?}, attributes: &{:?} }},",
        rule.name,
        rule.title,
        rule.types,
        properties(&rule.properties),
        joins.collect::<Vec<_>>().join(", "),
        links.collect::<Vec<_>>().join(", "),
        cases.collect::<Vec<_>>().join(", "),
        rungs(words),
        rule.docs,
        attributes.iter().collect::<Vec<_>>(),
    );
}

fn rungs(texts: &BTreeMap<RungName, RungText>) -> String {
    let none = RungText::default();
    let all = [
        RungName::Serverless,
        RungName::Capacity,
        RungName::Cluster,
        RungName::Server,
    ];
    let one = |name: &RungName| {
        let text = texts.get(name).unwrap_or(&none);
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        let step = match text.step {
            None => "None",
            Some(StepName::Property) => "Some(Step::Property)",
            Some(StepName::Resource) => "Some(Step::Resource)",
            Some(StepName::Redesign) => "Some(Step::Redesign)",
        };
        format!(
            "RungText {{ takes: {:?}, yours: {:?}, up: {:?}, step: {step}, fair: {:?} }}",
            word(&text.takes),
            word(&text.yours),
            word(&text.up),
            word(&text.fair)
        )
    };
    format!("[{}]", all.iter().map(one).collect::<Vec<_>>().join(", "))
}

fn properties(texts: &BTreeMap<String, PropertyText>) -> String {
    let all = texts.iter().map(|(name, text)| property(name, text));
    format!("&[{}]", all.collect::<Vec<_>>().join(", "))
}

fn property(name: &str, text: &PropertyText) -> String {
    format!(
        "Property {{ name: {name:?}, cfn: {}, tf: {}, default: {:?} }}",
        paths(text.cfn.as_ref()),
        paths(text.tf.as_ref()),
        text.default
    )
}

fn paths(texts: Option<&OneOrMore>) -> String {
    steps(&texts.map(OneOrMore::all).unwrap_or_default())
}

fn steps(paths: &[&str]) -> String {
    let all = paths.iter().map(|path| {
        let steps = lower::steps(path);
        let steps = steps.iter().map(|step| match step {
            Step::Key(key) => format!("PathStep::Key({key:?})"),
            Step::Each => "PathStep::Each".to_owned(),
            Step::Values => "PathStep::Values".to_owned(),
        });
        format!("&[{}]", steps.collect::<Vec<_>>().join(", "))
    });
    format!("&[{}]", all.collect::<Vec<_>>().join(", "))
}

fn join(name: &str, join: &JoinText, numbers: &BTreeMap<&str, usize>) -> String {
    format!(
        "Join {{ name: {name:?}, link: Link {{ {}, loose: false, no_worse: false, only: false }}, properties: {} }}",
        connection(
            &join.rules,
            join.through.as_ref(),
            join.from.as_ref(),
            &join.via,
            numbers
        ),
        properties(&join.properties)
    )
}

fn link(link: &LinkText, numbers: &BTreeMap<&str, usize>) -> String {
    format!(
        "Link {{ {}, loose: {}, no_worse: {}, only: {} }}",
        connection(
            &link.rules,
            link.through.as_ref(),
            link.from.as_ref(),
            &link.via,
            numbers
        ),
        link.loose,
        link.no_worse,
        link.only
    )
}

fn connection(
    rules: &[String],
    through: Option<&PropertyText>,
    from: Option<&PropertyText>,
    via: &[String],
    numbers: &BTreeMap<&str, usize>,
) -> String {
    let indices = |names: &[String]| -> Vec<usize> {
        names.iter().map(|name| numbers[name.as_str()]).collect()
    };
    let optional = |text: Option<&PropertyText>| {
        text.map_or("None".to_owned(), |text| {
            format!("Some({})", property("", text))
        })
    };
    format!(
        "rules: &{:?}, through: {}, from: {}, via: &{:?}",
        indices(rules),
        optional(through),
        optional(from),
        indices(via)
    )
}

fn case(case: &CaseText, rule: &RuleText) -> String {
    let when = rulefile::condition(&case.when, rule).expect("faults() looked at it");
    let or: Vec<String> = case
        .or
        .iter()
        .map(|rung| format!("Rung::{rung:?}"))
        .collect();
    format!(
        "Case {{ rung: Rung::{:?}, when: {}, says: {:?}, doubt: {:?}, or: &[{}] }}",
        case.rung,
        condition(&when, rule),
        case.says,
        case.doubt,
        or.join(", ")
    )
}

fn condition(text: &ConditionText, rule: &RuleText) -> String {
    let list = |all: &[ConditionText]| {
        let all = all.iter().map(|one| condition(one, rule));
        all.collect::<Vec<_>>().join(", ")
    };
    let position = |name: &String,
                    mut names: std::iter::Enumerate<
        std::collections::btree_map::Keys<'_, String, PropertyText>,
    >| {
        names
            .find(|(_, known)| *known == name)
            .expect("condition() looked it up")
            .0
    };
    let join = |name: &String| {
        let mut names = rule.joins.keys().enumerate();
        names
            .find(|(_, known)| *known == name)
            .expect("condition() looked it up")
            .0
    };
    match text {
        ConditionText::All(all) => format!("Condition::All(&[{}])", list(all)),
        ConditionText::Any(all) => format!("Condition::Any(&[{}])", list(all)),
        ConditionText::Negated(one) => format!("Condition::Not(&{})", condition(one, rule)),
        ConditionText::Own(name, test) => {
            let at = position(name, rule.properties.keys().enumerate());
            format!("Condition::Own({at}, {})", self::test(test))
        }
        ConditionText::Joined(name, property, test) => {
            let at = position(property, rule.joins[name].properties.keys().enumerate());
            format!(
                "Condition::Joined({}, {at}, {})",
                join(name),
                self::test(test)
            )
        }
        ConditionText::Exists(name, present) => {
            format!("Condition::Exists({}, {present})", join(name))
        }
    }
}

fn test(test: &TestText) -> String {
    match test {
        TestText::Is(texts) => format!("Test::Is(&{texts:?})"),
        TestText::Not(texts) => format!("Test::Not(&{texts:?})"),
        TestText::Like(texts) => format!("Test::Like(&{texts:?})"),
        TestText::Above(number) => format!("Test::Above({number})"),
        TestText::Every(texts) => format!("Test::Every(&{texts:?})"),
        TestText::Present(present) => format!("Test::Present({present})"),
    }
}

fn several(texts: &Texts) -> Vec<&str> {
    match texts {
        Texts::One(text) => vec![text],
        Texts::More(texts) => texts.iter().map(String::as_str).collect(),
    }
}

/// `rules/justifications.toml` as static tables.
fn kinds(file: &ReasonFile, numbers: &BTreeMap<&str, usize>, ladders: &[&str]) -> String {
    let mut out = String::from(
        "/// What is asked of a decision's resources.\npub static FACTS: &[Fact] = &[\n",
    );
    for (name, places) in &file.facts {
        let places = places.iter().map(|(rule, paths)| {
            let number = numbers
                .get(rule.as_str())
                .unwrap_or_else(|| panic!("{REASONS}: facts.{name}: there is no rule `{rule}`"));
            let path = |texts: Option<&Texts>| steps(&texts.map(several).unwrap_or_default());
            format!(
                "({number}, Property {{ name: {name:?}, cfn: {}, tf: {}, default: None }})",
                path(paths.cfn.as_ref()),
                path(paths.tf.as_ref())
            )
        });
        let places: Vec<String> = places.collect();
        let _ = writeln!(
            out,
            "Fact {{ name: {name:?}, at: &[{}] }},",
            places.join(", ")
        );
    }
    let facts: Vec<&str> = file.facts.keys().map(String::as_str).collect();
    let names: Vec<&str> = file.kinds.iter().map(|kind| kind.name.as_str()).collect();
    let _ = writeln!(
        out,
        "];\n/// The names of the kinds.\npub const NAMES: [&str; {}] = {names:?};\n/// Every kind of reason.\npub static ALL: &[Kind] = &[",
        names.len()
    );
    for kind in &file.kinds {
        let against = kind
            .against
            .iter()
            .map(|against| self::against(&kind.name, against, &facts, numbers, ladders));
        let _ = writeln!(
            out,
            "Kind {{ name: {:?}, means: {:?}, needs: &{:?}, against: &[{}] }},",
            kind.name,
            kind.means,
            kind.needs,
            against.collect::<Vec<_>>().join(", ")
        );
    }
    out.push_str("];\n");
    out
}

fn against(
    kind: &str,
    text: &AgainstText,
    facts: &[&str],
    numbers: &BTreeMap<&str, usize>,
    ladders: &[&str],
) -> String {
    use reasons::TestText;
    let position = |what: &str, names: &[&str], name: &str| {
        names
            .iter()
            .position(|known| *known == name)
            .unwrap_or_else(|| panic!("{REASONS}: {kind}: there is no {what} `{name}`"))
    };
    let on = text.ladders.iter();
    let on: Vec<usize> = on.map(|name| position("ladder", ladders, name)).collect();
    let of = text.rules.iter().map(|name| {
        *numbers
            .get(name.as_str())
            .unwrap_or_else(|| panic!("{REASONS}: {kind}: there is no rule `{name}`"))
    });
    let of: Vec<usize> = of.collect();
    let rungs = text.rungs.iter().map(|name| match name.as_str() {
        "serverless" => "Rung::Serverless",
        "capacity" => "Rung::Capacity",
        "cluster" => "Rung::Cluster",
        "server" => "Rung::Server",
        _ => panic!("{REASONS}: {kind}: there is no rung `{name}`"),
    });
    let rungs: Vec<&str> = rungs.collect();
    let when = text.when.iter().map(|(fact, test)| {
        let test = match test {
            TestText::Like(globs) => format!("Test::Like(&{globs:?})"),
            TestText::Unlike(globs) => format!("Test::Unlike(&{globs:?})"),
            TestText::Is(texts) => format!("Test::Is(&{texts:?})"),
            TestText::AtMost(most) => format!("Test::AtMost({most})"),
            TestText::Only(texts) => format!("Test::Only(&{texts:?})"),
            TestText::UpTo(most) => format!("Test::UpTo({most})"),
        };
        format!("({}, {test})", position("fact", facts, fact))
    });
    let when: Vec<String> = when.collect();
    format!(
        "Against {{ ladders: &{on:?}, rules: &{of:?}, rungs: &[{}], words: &{:?}, when: &[{}], says: {:?} }}",
        rungs.join(", "),
        text.words,
        when.join(", "),
        text.says
    )
}
