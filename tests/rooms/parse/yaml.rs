//! YAML is read exactly as libyaml reads it.

use std::collections::BTreeMap;

use super::shape::check;
use super::support::{Random, corpus, events, mutate};
use crate::tools::missing;
use oracle::Event;
use sfl::syntax::yaml;

/// Compares one text with libyaml. `Err` holds how they differ.
fn compare(text: &str) -> Result<bool, String> {
    if text.contains("%00") {
        // A tag with an escaped 0 is cut there by libyaml, whose strings end with one.
        return Ok(false);
    }
    match (yaml(text), oracle::events(text.as_bytes())) {
        (Ok(document), Ok(expected)) => {
            check(&document);
            let found = events(&document);
            if found == expected {
                return Ok(true);
            }
            let at = found
                .iter()
                .zip(&expected)
                .position(|(found, expected)| found != expected);
            let at = at.unwrap_or(found.len().min(expected.len()));
            Err(format!(
                "another tree: {:?} instead of {:?}",
                found.get(at),
                expected.get(at)
            ))
        }
        (Err(_), Err(_)) => Ok(false),
        (Err(error), Ok(expected)) => {
            if composer_refuses(&expected) == Some(error.message.as_ref()) {
                return Ok(false);
            }
            Err(format!("too strict: {} at {:?}", error.message, error.span))
        }
        (Ok(_), Err(problem)) => Err(format!("too lenient: {problem}")),
    }
}

/// What libyaml's events allow and its composer does not: aliases of what is not there, or not there yet.
fn composer_refuses(events: &[Event]) -> Option<&'static str> {
    let mut complete: BTreeMap<&[u8], bool> = BTreeMap::new();
    let mut open = Vec::new();
    for event in events {
        match event {
            Event::DocumentStart => complete.clear(),
            Event::DocumentEnd => {}
            Event::Alias(name) => match complete.get(name.as_slice()) {
                None => return Some("this alias names no anchor"),
                Some(false) => return Some("this alias is inside its own anchor"),
                Some(true) => {}
            },
            Event::Scalar { props, .. } => {
                if let Some(anchor) = &props.anchor {
                    complete.insert(anchor, true);
                }
            }
            Event::SequenceStart(props) | Event::MappingStart(props) => {
                open.push(props.anchor.as_deref());
                if let Some(anchor) = &props.anchor {
                    complete.insert(anchor, false);
                }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(anchor) = open.pop().flatten() {
                    complete.insert(anchor, true);
                }
            }
        }
    }
    None
}

#[test]
fn real_templates_give_the_tree_of_libyaml() {
    if missing!(CORPUS) {
        return;
    }
    let mut accepted = 0;
    let mut refused = 0;
    for (path, text) in corpus(&["yaml", "yml", "template", "json"]) {
        match compare(&text) {
            Ok(true) => accepted += 1,
            Ok(false) => refused += 1,
            Err(difference) => panic!("{}: {difference}", path.display()),
        }
    }
    eprintln!("{accepted} real templates with the tree of libyaml, {refused} refused by both");
}

/// What mutants are made of: all that means something to YAML.
const PARTS: &[&str] = &[
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    ":",
    ": ",
    ":\n",
    "- ",
    "-",
    "? ",
    "?",
    "#",
    " #",
    "[",
    "]",
    "{",
    "}",
    ",",
    ", ",
    "'",
    "''",
    "\"",
    "\\",
    "\\n",
    "\\x41",
    "\\u00e9",
    "\\\n",
    "|",
    "|\n",
    "|-\n",
    "|+\n",
    ">",
    ">\n",
    ">-\n",
    "|2\n",
    ">1+\n",
    "&a ",
    "*a",
    "*a ",
    "!",
    "!t ",
    "!!str ",
    "!a!b ",
    "!<x> ",
    "!a%20b ",
    "%",
    "%TAG !a! tag:x,\n",
    "%YAML 1.1\n",
    "---\n",
    "--- ",
    "...\n",
    "---",
    "...",
    "@",
    "`",
    "<<: *a",
    "é",
    "日本",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{a0}",
    "😀",
    "~",
    "=",
    "a",
    "a: b\n",
    "- a\n",
    "  - b\n",
    "\n ",
    "\n  ",
    "\n    ",
    "\n\t",
    "\u{7f}",
    "\u{fffe}",
    "key: |\n  x\n",
    "{a: b}",
    "[a, b]",
    "? a\n: b\n",
];

#[test]
fn mutants_give_the_tree_of_libyaml() {
    let mut sources: Vec<String> = SNIPPETS.iter().map(|&snippet| snippet.to_owned()).collect();
    let snippets = sources.len();
    if !missing!(CORPUS) {
        let templates = corpus(&["yaml", "yml", "template"]);
        sources.extend(templates.into_iter().map(|(_, text)| text));
    }
    let mut random = Random::new(20_260_101);
    let mut accepted = 0;
    let mut differences: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let count = mutants();
    for _ in 0..count {
        let source = if random.below(3) == 0 {
            random.below(snippets)
        } else {
            random.below(sources.len())
        };
        let mutant = mutate(&sources[source], &mut random, PARTS);
        match compare(&mutant) {
            Ok(same) => accepted += usize::from(same),
            Err(difference) => {
                let class = difference
                    .split(&[':', '('][..])
                    .take(2)
                    .collect::<String>();
                differences
                    .entry(class)
                    .or_default()
                    .push((difference, mutant));
            }
        }
    }
    eprintln!("{count} mutants as libyaml has them, {accepted} of them accepted");
    for (class, examples) in &differences {
        eprintln!("{} x {class}", examples.len());
        let mut shortest: Vec<_> = examples.iter().collect();
        shortest.sort_by_key(|(_, mutant)| mutant.len());
        for (difference, mutant) in shortest.into_iter().take(3) {
            eprintln!("    {mutant:?}\n        {difference}");
        }
    }
    assert!(differences.is_empty(), "see above");
}

/// `SFL_MUTANTS` for longer runs by hand.
fn mutants() -> usize {
    let wished = std::env::var("SFL_MUTANTS").ok();
    wished
        .and_then(|wished| wished.parse().ok())
        .unwrap_or(300_000)
}

/// Small texts that are easy to get wrong; mutants are made of them even without real templates.
const SNIPPETS: &[&str] = &[
    "? a\n: b\n? [c, d]\n: - e\n  - f\n? |\n  block\n: x\n",
    "{a: b}: c\n[d, e]: f\n",
    "[a: b, {c: d}, ? e : f, ? g, \"h\": i, 'j':k, [l]: m]\n",
    "{a, b: , ? c, ? d : e, \"f\":g, : h, i: [j, {k: l}]}\n",
    "%YAML 1.1\n%TAG !e! tag:example.org,2000:\n%TAG ! !my-\n---\n!e!x a: !y b\n...\n---\n!!str c\n",
    "--- !!map\na: &x !!str b\nc: !!int &y 1\nd: *x\n? *y\n: z\n",
    "a: |\n  one\n   two\n\n  three\n\nb: >\n  one\n  two\n\n   more\n  end\n",
    "a: |+\n  keep\n\n\nb: |-\n  strip\n\n\nc: >2-\n    two\nd: |1\n  x\n",
    "--- |\n  root\n   block\n--- >\n folded\n text\n...\n",
    "a: \"one\n  two\n\n  three \\\n   four \\x41\\u00e9\\U0001F600\\n\\ \\\t\"\n",
    "a: 'it''s\n  one\n\n  two'\nb: plain\n  more\n\n  lines\nc: d\n",
    "a:\n- b\n- c\n-\n  - d\n  -\n- - e\n  - f\nx: y\n",
    "- a: b\n  c:\n    d: e\n-\n  f: g\n- ? h\n  : i\n",
    "a: !Sub '{\n\"b\": \"c\"\n}'\nd: !If [x, !Ref y, !Ref\n\"AWS::NoValue\"]\n",
    "a:   \n  # comment\n  b:\t c # d\n\n#e\n  f: \"x\"#g\n",
    "a: b\rc: d\r\ne: f\u{85}g: h\u{2028}i: j\u{2029}k: l\n",
    "\u{feff}a: é\nb: \u{feff}日本\n\u{feff}c: d\n",
    "&a a: &b b\n&c c : *b\n*a : d\n!t e: !u\n!v : &w\n",
    "!!set\n? a\n? b\n---\n!!omap\n- a: 1\n- b: 2\n",
    "a: http://b:c#d\nb: -c\nc: ?d\nd: :e\ne: a,b]\nf: [-a, ?b, :c, a:b, a#b]\n",
    "<<: *a\nb: &a {<<: [{x: y}]}\nc:\n  <<: *a\n",
    "a: [\nb,\n  c\n, d ,\n]\ne: {\nf: g\n,h: [i\n]}\n",
    "a: !<tag:x,2000:y> b\nc: !<!z> {d: e}\nf: ! g\nh: !i%21j k\n",
    "a: 'b': c\n",
    "a b: c d\n e: f\n",
    "- |\n a\n-  >\n  b\n- c\n  d\n- 'e\n\n  f'\n",
    "a:\n  b: |\n    #!/bin/bash\n    echo ${x}: y\n  c: >-\n\n    d\n",
];
