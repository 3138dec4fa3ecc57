//! What reads a map: Mermaid's own parser, and the one of OnlineWardleyMaps, whose grammar is written down here again.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::onlookers::{node, run};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PARSER: &str = "@mermaid-js/parser@1.2.1";

/// Names with everything in them that a parser may take for something else.
const HOSTILE: &str = r##"
Resources:
  Queue: { Type: AWS::SQS::Queue }
  Worker:
    Type: AWS::Lambda::Function
    Metadata: { "aws:cdk:path": "shop/pipeline -> {a} [0.1, 0.2] // %% \"x\" inertia label K8s 1.30/Resource" }
    Properties: { Code: {}, Role: x }
  Source:
    Type: AWS::Lambda::EventSourceMapping
    Properties: { FunctionName: !Ref Worker, EventSourceArn: !GetAtt Queue.Arn }
  Web:
    Type: AWS::EC2::Instance
    Metadata:
      "aws:cdk:path": "shop/title-evolve.8/Resource"
      sfl: { because: licence, reason: the vendor binds its licence to the machine }
  Db: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres } }
"##;

fn maps(format: &str) -> Vec<String> {
    let here = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(here.path().join("hostile.yaml"), HOSTILE).expect("it can be written");
    let fixtures = Path::new(ROOT).join("fixtures");
    let draw = |folder: &Path, arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sfl"));
        command
            .current_dir(folder)
            .args(["map", "--isolated", "--format", format]);
        let output = command.args(arguments).output().expect("the program runs");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    };
    let mut maps = vec![draw(here.path(), &["."])];
    for group in ["decision", "stack", "folder", "ladder"] {
        maps.push(draw(&fixtures, &["--group", group, "."]));
    }
    maps
}

#[test]
fn mermaid_reads_every_map() {
    let packages = node("mermaid-parser", &[PARSER]);
    let here = tempfile::tempdir().expect("a temporary folder");
    for (number, map) in maps("mermaid").iter().enumerate() {
        let path = here.path().join("map.mmd");
        std::fs::write(&path, map).expect("it can be written");
        let script = format!(
            "import {{ parse }} from {:?}; import {{ readFileSync }} from 'node:fs'; \
             const tree = await parse('wardley', readFileSync({path:?}, 'utf8')); \
             console.log(tree.components.length, tree.links.length)",
            packages.join("node_modules/@mermaid-js/parser/dist/mermaid-parser.core.mjs")
        );
        let seen = run(
            Command::new("node").args(["--input-type=module", "-e", &script]),
            "Node",
        );
        let begins = |word: &str| map.lines().filter(|line| line.starts_with(word)).count();
        let lines = map.lines().filter(|line| line.contains("\" -> \"")).count();
        let wanted = format!("{} {lines}", begins("component "));
        assert_eq!(seen.trim(), wanted, "map {number}:\n{map}");
        assert!(begins("component ") > 2, "map {number}:\n{map}");
    }
}

/// What that parser takes from each kind of line; anything else is lost there without a word.
#[test]
fn online_wardley_maps_loses_nothing() {
    for map in maps("owm") {
        let mut known: BTreeSet<String> = BTreeSet::new();
        let mut lines = map.lines().peekable();
        assert!(lines.next().is_some_and(|line| line.starts_with("title ")));
        while let Some(line) = lines.next() {
            if line.starts_with("//") || line.starts_with("style ") || line.starts_with("size ") {
                continue;
            }
            if line.starts_with("evolution ") {
                assert_eq!(line.matches("->").count(), 3);
            } else if let Some(name) = line.strip_prefix("pipeline ") {
                assert!(known.contains(&loose(name)), "{line}");
                assert_eq!(lines.next(), Some("{"));
                for child in lines.by_ref().take_while(|line| *line != "}") {
                    let (name, rest) = placed(child.strip_prefix("component ").expect("a child"));
                    assert!(
                        number(rest.strip_suffix(']').expect("one number")),
                        "{child}"
                    );
                    assert!(known.insert(loose(name)), "{child}");
                }
            } else if let Some(rest) = line
                .strip_prefix("component ")
                .or(line.strip_prefix("anchor "))
            {
                let (name, rest) = placed(rest);
                let (place, _) = rest.split_once(']').expect("it ends");
                let (y, x) = place.split_once(", ").expect("two numbers");
                assert!(number(y) && number(x), "{line}");
                assert!(known.insert(loose(name)), "{line}");
                let lower = name.to_lowercase();
                for word in ["inertia", "label", "evolve", "(", "//", "->"] {
                    assert!(!lower.contains(word), "{line}");
                }
                // A number with a dot behind a space ends a name.
                let decimal = lower
                    .split(' ')
                    .any(|word| word.parse::<f64>().is_ok() && word.contains('.'));
                assert!(!decimal, "{line}");
                assert!(!name.starts_with(char::is_lowercase), "{line}");
            } else if let Some(rest) = line.strip_prefix("evolve ") {
                let (name, to) = rest.rsplit_once(' ').expect("a name and a place");
                assert!(known.contains(&loose(name)) && number(to), "{line}");
            } else {
                let (from, to) = line
                    .split_once("->")
                    .unwrap_or_else(|| panic!("lost: {line}"));
                assert!(
                    known.contains(&loose(from)) && known.contains(&loose(to)),
                    "{line}"
                );
            }
        }
    }
}

/// Names are compared like this there.
fn loose(name: &str) -> String {
    name.to_lowercase().replace(' ', "")
}

fn placed(text: &str) -> (&str, &str) {
    text.split_once(" [").expect("a place")
}

/// Two digits behind the dot, and within the map.
fn number(text: &str) -> bool {
    let is_long = text.len() == 4 && text.starts_with("0.");
    is_long
        && text
            .parse::<f64>()
            .is_ok_and(|place| (0.02..=0.97).contains(&place))
}
