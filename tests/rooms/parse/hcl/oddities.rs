//! What breaks other readers: each accepted or refused as Terraform does it, and errors that cost no more than the block around them.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use sfl::syntax::{Node, Parsed, hcl};

use super::{accepted_by_terraform, shape};
use crate::parse::support::Random;
use crate::tools::missing;

/// Texts that Terraform reads.
const ACCEPTED: &[&str] = &[
    "\u{feff}a = 1\n",
    "a = <<EOT\r\none\r\nEOT\r\nb {\r\n  c = 1\r\n}\r\n",
    "a = <<-EOT\n    one\n      two\n    EOT\n",
    "a = <<EOT\none\n   EOT\n",
    "a = <<EOT\none\nEOT   \n",
    "a = <<EOF\nEOF\" is not the end\nEOF\n",
    "a = <<EOF\n\"{[( # '\nEOF\n",
    "a = f(<<EOF\none\nEOF\n, [<<EOF\ntwo\nEOF\n])\n",
    "a = \"%{ if b == \"c\" }${d[\"e\"]}%{ endif }\"\n",
    "a = <<EOF\n%{ for x in xs ~}\n${x}\n%{ endfor ~}\nEOF\n",
    "a = \"${~ x ~}\"\n",
    "größe = 名前.a-b\n",
    "a = \"${b[\"${c[\"d\"]}\"]}\"\n",
    "a = f(xs...)\nb = { for k, v in m : k => v... }\nc = [1, 2,]\nd = f(1, 2,)\n",
    "a = (\n  b\n  ? c\n  : d\n)\n",
    "a = { for k, v in m : k => v\n  ? 1\n  : 2 }\n",
    "a = (b\n  # why\n  && c // why not\n  || /* or */ d)\n",
    "a = { for k, v in m :\n  # why\n  k => v\n}\n",
    "/* a */ b /* c */ = /* d */ 1\n/* e */ f /* g */ { /* h */ }\n",
    "a = { b = 1, b = 2 }\n",
    "a = { b : 1, \"c d\" = 2, (var.k) = 3, 5 = 4, e = 5 }\n",
    "a = \"$${b} %%{c} \\u00e9\"\n",
    "a = x.0.id\nb = x.*.id\nc = x[*].y[0].*\n",
    "resource aws_x y {\n}\n",
    "a = -(-1)+2*3-4\nb = !c&&d||e\n",
    "a = 1e3\nb = 1.5E-3\n",
    "a = provider::aws::f()\n",
    "a = 1",
    "\ta\t=\t1\t\n",
    "a { b = 1 }\nc {}\n",
    "a = \"// no comment # none\"\n",
    "",
];

/// Texts that Terraform refuses.
const REFUSED: &[&str] = &[
    "a = { b = c\n  ? 1\n  : 2 }\n",
    "a = b\n  ? 1\n  : 2\n",
    "a {\n  b = 1\n  b = 2\n}\n",
    "a { b { } }\n",
    "a\n{\n}\n",
    "/* /* */ */\na = 1\n",
    "a { b = 1, c = 2 }\n",
    "a = \"one\ntwo\"\n",
    "a = 'b'\n",
    "a = \"\\q\"\n",
    "a = \"\\é\"\n",
    "a \"${b}\" {\n}\n",
    "a = 1 b = 2\n",
    "a = [1 2]\n",
    "a = <<EOT\none\n",
    "a = \"%{ if b }\"\n",
    "a = \"%{ endif }\"\n",
    "a = b ? c\n",
    "a = f(1\n",
    "= 1\n",
    "a = {\n",
];

fn keys(parsed: &Parsed<'_>) -> Vec<String> {
    let roots = parsed.document.roots().flat_map(Node::entries);
    roots.map(|(key, _)| key.text().into_owned()).collect()
}

#[test]
fn oddities_are_read_as_terraform_reads_them() {
    for text in ACCEPTED {
        let parsed = hcl(text);
        assert_eq!(parsed.errors, [], "{text}");
        shape::check(&parsed.document);
    }
    for text in REFUSED {
        assert!(!hcl(text).errors.is_empty(), "{text}");
    }
    if !missing!(TERRAFORM) {
        let all = [ACCEPTED, REFUSED].concat();
        let accepted = accepted_by_terraform(all.iter().copied());
        for (number, (text, accepted)) in all.iter().zip(accepted).enumerate() {
            assert_eq!(accepted, number < ACCEPTED.len(), "{text}");
        }
    }
}

#[test]
fn an_error_costs_the_block_in_which_it_stands() {
    let broken = [
        ("one \"x\" {\n  b = \n  c = 1\n}\n", "= \n"),
        ("one \"x\" {\n  b = [1 2]\n  c {\n  }\n}\n", "2]"),
        ("one \"x\" {\n  b = \"open\n  c = 1\n}\n", "\"open"),
        ("one \"x\" {\n  b { c { } }\n}\n", "{ } }"),
        ("one \"x\" {\n  b = 1\n  b = 2\n}\n", "b = 2"),
        ("one \"x\" {\n  b = 1\n\n", "{\n  b"),
        ("one \"x\" {\n  b = f(1\n}\n", "}\n\nlast"),
        ("one \"x\" {\n  b = <<EOT\n  c\n}\n", "<<EOT"),
        ("one \"x\" {\n  b = \"%{ if c }\"\n}\n", "%{ if"),
        ("}\n", "}\n\nlast"),
        ("one ? {\n}\n", "? {"),
        ("/* never\n", "/*"),
    ];
    for (middle, place) in broken {
        let text = format!("first \"a\" {{\n  n = 1\n}}\n\n{middle}\nlast \"z\" {{\n  n = 2\n}}\n");
        let parsed = hcl(&text);
        let found = keys(&parsed);
        assert_eq!(found.first().map(String::as_str), Some("first"), "{text}");
        assert_eq!(found.last().map(String::as_str), Some("last"), "{text}");
        assert!(!found.iter().any(|key| key == "one"), "{text}");
        shape::check(&parsed.document);
        let at = text.find(place).expect("the place is in the text");
        let line = |at: usize| text[..at].matches('\n').count();
        let error = parsed.errors.first().expect("an error");
        assert_eq!(line(error.span.start as usize), line(at), "{error}\n{text}");
    }
}

#[test]
fn a_bom_and_carriage_returns_are_no_part_of_any_value() {
    let parsed = hcl("\u{feff}a = <<EOT\r\none\r\nEOT\r\nb = \"c\" # d\r\n");
    assert_eq!(parsed.errors, []);
    assert_eq!(keys(&parsed), ["a", "b"]);
    let root = parsed.document.roots().next().expect("a root");
    let text = |key: &str| root.get(key).map(|value| value.text().into_owned());
    assert_eq!(text("b").as_deref(), Some("c"));
    let comments = parsed.document.comments();
    let comments: Vec<_> = comments
        .iter()
        .map(|span| span.of(parsed.document.text()))
        .collect();
    assert_eq!(comments, ["# d"]);
}

#[test]
fn all_kinds_of_comments_have_their_place() {
    let text =
        "# one\na = 1 // two\n/* three\n */ b = [ # four\n  1, /* five */ 2]\nc = \"# none\"\n";
    let parsed = hcl(text);
    let all: Vec<_> = parsed
        .document
        .comments()
        .iter()
        .map(|span| span.of(text))
        .collect();
    assert_eq!(
        all,
        ["# one", "// two", "/* three\n */", "# four", "/* five */"]
    );
}

#[test]
fn nothing_is_too_deep_or_too_much() {
    let thread = std::thread::Builder::new().stack_size(1024 * 1024);
    let run = thread.spawn(|| {
        let many = 100_000;
        for part in [
            "[",
            "(",
            "{",
            "a {\n",
            "-",
            "!",
            "\"${",
            "f(",
            "a ? ",
            "a ? b : ",
            "a.b",
            "[0]",
            "{a=",
            "a\n",
            "<<E\n",
            "%{if a}",
            "\"%{if a}",
            "{for a in ",
            "[for a in b : ",
            "/*",
            "\"",
            "a = <<E\n",
            "a \"b\" {\n",
            "}\n",
            "a + ",
            "\\",
            "\"\\",
        ] {
            for text in [
                part.repeat(many),
                format!("a = {}", part.repeat(many)),
                format!("a = \"{}", part.repeat(many)),
            ] {
                let parsed = hcl(&text);
                shape::check(&parsed.document);
            }
        }
        let closed = format!("a = {}1{}\n", "[".repeat(80), "]".repeat(80));
        assert_eq!(hcl(&closed).errors, []);
        let deeper = format!("a = {}1{}\n", "[".repeat(2_000), "]".repeat(2_000));
        assert_eq!(hcl(&deeper).errors.len(), 1);
    });
    run.expect("a thread").join().expect("no panic");
}

#[test]
fn a_long_text_takes_no_square_of_its_length() {
    let block = |number: usize| {
        let mut text = String::new();
        let _ = writeln!(
            text,
            "r \"a\" \"b{number}\" {{\n  x = [for a in b : a + {number} if c]\n  y = <<-E\n    ${{z}}\n  E\n}}"
        );
        text
    };
    let sound = |n: usize| (0..n).map(block).collect::<String>();
    let unclosed = |n: usize| "r \"a\" {\n  x = <<E\n".repeat(n);
    let arguments = |n: usize| (0..n).map(|at| format!("a{at} = 1\n")).collect::<String>();
    let braces = |n: usize| "a {\n".repeat(n);
    let operators = |n: usize| format!("a = 1{}\n", " + b.c[0] * 2".repeat(n));
    let makers: [(&str, &dyn Fn(usize) -> String); 5] = [
        ("sound", &sound),
        ("unclosed", &unclosed),
        ("arguments", &arguments),
        ("braces", &braces),
        ("operators", &operators),
    ];
    for (name, make) in makers {
        let text = make(200_000);
        let start = Instant::now();
        std::hint::black_box(hcl(&text).document.len());
        // A second or two where time grows with the text; minutes where it grows with its square. How fast it is, benchmarks say.
        let took = start.elapsed();
        assert!(took < Duration::from_secs(30), "{name}: {took:?}");
    }
}

#[test]
fn any_characters_are_read_or_refused() {
    let mut random = Random::new(5);
    let characters: Vec<char> = "aé名\u{feff}\u{0}\"\\${}%~<>-EOT\n\r\t #/*=.,:?[]()!&|+0e\u{301}"
        .chars()
        .collect();
    for _ in 0..20_000 {
        let length = random.below(60);
        let text: String = (0..length)
            .map(|_| characters[random.below(characters.len())])
            .collect();
        let parsed = hcl(&text);
        shape::check(&parsed.document);
        for node in parsed.document.nodes() {
            std::hint::black_box((node.text(), node.comparable()));
        }
        for error in &parsed.errors {
            assert!(
                text.get(error.span.start as usize..error.span.end as usize)
                    .is_some(),
                "{error:?} in {text:?}"
            );
            let first = error.message.chars().next().expect("a message");
            assert!(
                !first.is_uppercase() && !error.message.ends_with('.'),
                "{error}"
            );
        }
    }
}
