//! Reads and checks `rules/`, and writes it as static tables: no TOML is parsed when the program starts.

#[path = "src/ladder/lower.rs"]
#[allow(dead_code, missing_docs)]
mod lower;
#[path = "src/ladder/rulefile.rs"]
#[allow(dead_code, missing_docs)]
mod rulefile;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use lower::Step;
use rulefile::{
    CaseText, ConditionText, JoinText, Known, LinkText, OneOrMore, PropertyText, RuleFile,
    RuleText, RungName, RungText, StepName, TestText,
};

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

fn main() {
    println!("cargo:rerun-if-changed=rules");
    println!("cargo:rerun-if-changed=src/ladder/rulefile.rs");
    println!("cargo:rerun-if-changed=src/ladder/lower.rs");
    let files = read("rules");
    let faults = rulefile::faults(&files, &Known::default());
    let faults: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}: {}", files[fault.file].0, fault.message))
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("catalogue.rs"), tables(&files)).expect("OUT_DIR is writable");
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
            if path.extension().is_none_or(|extension| extension != "toml") {
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

fn tables(files: &[(String, RuleFile)]) -> String {
    let ladders = files
        .iter()
        .filter_map(|(_, file)| Some((file.ladder.as_ref()?, file)));
    let ladders: Vec<_> = ladders.collect();
    let mut rules: Vec<(usize, &RuleText)> = Vec::new();
    let mut words: Vec<BTreeMap<RungName, RungText>> = Vec::new();
    for (_, file) in files {
        let ladder = ladders
            .iter()
            .position(|(ladder, _)| Some(ladder.name.as_str()) == file.ladder_name());
        rules.extend(file.rules.iter().filter_map(|rule| Some((ladder?, rule))));
        let own = file.rules.iter().filter(|_| ladder.is_some());
        words.extend(own.map(|rule| lower::words(rule, file)));
    }
    let numbers: BTreeMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(at, (_, rule))| (rule.name.as_str(), at))
        .collect();
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
        let _ = writeln!(
            out,
            "Ladder {{ order: {order}, name: {:?}, title: {:?}, about: {:?}, rungs: {} }},",
            ladder.name,
            ladder.title,
            ladder.about,
            rungs(&file.rung)
        );
    }
    out.push_str(
        "];\n/// The built-in catalogue.\npub static CATALOGUE: Catalogue = Catalogue {\n",
    );
    out.push_str("ladders: LADDERS,\nrules: &[\n");
    for ((ladder, rule), words) in rules.iter().zip(&words) {
        let attributes = attributes(rule, &rules);
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
    let _ = writeln!(out, "plumbing: &{why:?},\n}};");
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
    let all = texts.map(OneOrMore::all).unwrap_or_default();
    let all = all.iter().map(|path| {
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
