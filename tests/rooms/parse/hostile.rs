//! Texts that were made to hurt: every one is read or refused, with little stack, in linear time, and never with a panic.

use std::fmt::Write as _;

use sfl::syntax::{Document, ParseError, Parsed, json, read_json, read_yaml, yaml};

/// Runs with the stack of a small thread; a recursion would not survive it.
fn with_little_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 * 1024);
    thread
        .spawn(run)
        .expect("a thread")
        .join()
        .expect("no panic");
}

/// Errors have a place inside of the text; what is read can be looked at everywhere.
fn check(name: &str, text: &str, result: Result<Document<'_>, ParseError>) -> bool {
    match result {
        Ok(document) => {
            for node in document.nodes().take(100_000) {
                std::hint::black_box((node.scalar(), node.comparable(), node.get("a")));
                if node.kind() == sfl::syntax::Kind::Mapping && node.start_index() < 2 {
                    std::hint::black_box(node.merged_entries());
                }
            }
            true
        }
        Err(error) => {
            assert!(error.span.start <= error.span.end, "{name}");
            assert!(error.span.end as usize <= text.len(), "{name}");
            assert!(text.is_char_boundary(error.span.start as usize), "{name}");
            assert!(text.is_char_boundary(error.span.end as usize), "{name}");
            let first = error.message.chars().next().expect("a message");
            assert!(
                first.is_lowercase() && !error.message.ends_with('.'),
                "{}",
                error.message
            );
            false
        }
    }
}

fn check_read(name: &str, read: &Parsed<'_>, accepted: bool) {
    assert_eq!(read.errors.is_empty(), accepted, "{name}");
    super::shape::check(&read.document);
    for node in read.document.nodes().take(100_000) {
        std::hint::black_box((node.scalar(), node.comparable(), node.get("a")));
    }
}

fn staircase(levels: usize, step: &str) -> String {
    let mut text = String::new();
    for level in 0..levels {
        let _ = writeln!(text, "{}{step}", " ".repeat(level));
    }
    text
}

#[test]
fn hostile_yaml_is_read_or_refused() {
    with_little_stack(|| {
        let n = 100_000;
        let many = |part: &dyn Fn(usize) -> String| (0..n).map(part).collect::<String>();
        let bomb = (1..60).map(|i| {
            format!(
                "b{i}: &b{i} [{}]\n",
                vec![format!("*b{}", i - 1); 9].join(", ")
            )
        });
        let cases: Vec<(&str, String, bool)> = vec![
            ("brackets", "[".repeat(n), false),
            ("closed brackets", "[".repeat(n) + &"]".repeat(n), false),
            ("braces", "{".repeat(n), false),
            ("mappings in braces", "{a: ".repeat(n), false),
            ("pairs in brackets", "[a: ".repeat(n), false),
            ("explicit keys in braces", "{? ".repeat(n), false),
            ("dashes", "- ".repeat(n), false),
            ("question marks", "? ".repeat(n), false),
            ("colons", ": ".repeat(n), false),
            ("stairs of mappings", staircase(3000, "a:"), false),
            ("stairs of sequences", staircase(3000, "-"), false),
            ("500 levels", staircase(500, "a:"), true),
            ("500 brackets", "[".repeat(500) + &"]".repeat(500), true),
            ("closing brackets", "]".repeat(n), false),
            ("commas", ",".repeat(n), false),
            ("flow items", format!("[{}]", "a,".repeat(n)), true),
            ("block items", "- a\n".repeat(n), true),
            ("empty items", "-\n".repeat(n), true),
            ("keys", many(&|i| format!("k{i}: v\n")), true),
            ("one key", "a: b\n".repeat(n), true),
            (
                "anchors",
                many(&|i| format!("- &a{i} x\n")) + &many(&|i| format!("- *a{i}\n")),
                true,
            ),
            ("one anchor", "- &a x\n- *a\n".repeat(n), true),
            (
                "alias bomb",
                format!("b0: &b0 [x]\n{}", bomb.collect::<String>()),
                true,
            ),
            ("alias in itself", "&a [*a]".to_owned(), false),
            ("alias to nothing", "[*a]".to_owned(), false),
            (
                "alias across documents",
                "&a b\n--- \n*a\n".to_owned(),
                false,
            ),
            ("tags", "- !!str x\n".repeat(n), true),
            (
                "tag handles",
                many(&|i| format!("%TAG !a{i}! x\n")) + "--- !a7!b c\n",
                true,
            ),
            (
                "tag handles and tags",
                many(&|i| format!("%TAG !a{i}! x\n")) + "---\n" + &"- !a9!b c\n".repeat(n),
                true,
            ),
            ("unknown handle", "!a!b c".to_owned(), false),
            ("documents", "---\n".repeat(n), true),
            ("document ends", "...\n".repeat(n), false),
            ("comments", "# c\n".repeat(n), true),
            ("blank lines", "\n".repeat(n * 10), true),
            ("spaces", " ".repeat(n * 10), true),
            ("tabs", "\t".repeat(n), false),
            ("carriage returns", "a\r".repeat(n), true),
            ("long key", "k".repeat(2000) + ": v", false),
            (
                "long optional key",
                format!("[{}: v]", "k".repeat(2000)),
                false,
            ),
            (
                "long explicit key",
                format!("? {}\n: v", "k".repeat(2000)),
                true,
            ),
            ("long plain scalar", "x ".repeat(n * 10), true),
            ("long folded scalar", "x\n".repeat(n * 10), true),
            (
                "long quoted scalar",
                format!("\"{}\"", "\\n".repeat(n * 10)),
                true,
            ),
            (
                "long block scalar",
                format!("|\n{}", " x\n".repeat(n * 10)),
                true,
            ),
            ("empty block scalars", "- |\n".repeat(n), true),
            ("50 MB scalar", "x".repeat(50_000_000), true),
            ("open quote", format!("\"{}", "x\n".repeat(n)), false),
            ("open quotes", "\"a\n".repeat(n * 2 + 1), false),
            ("nul", "a: \0".to_owned(), false),
            ("delete", "a: \u{7f}".to_owned(), false),
            ("byte order marks", "\u{feff}".repeat(n), true),
            ("nothing", String::new(), true),
            ("merge in a ring", "&a {<<: *a}".to_owned(), false),
            ("keys on two lines", "{a\n: b}".to_owned(), false),
        ];
        for (name, text, accepted) in &cases {
            assert_eq!(check(name, text, yaml(text)), *accepted, "{name}");
            check_read(name, &read_yaml(text), *accepted);
        }
    });
}

#[test]
fn hostile_json_is_read_or_refused() {
    with_little_stack(|| {
        let n = 100_000;
        let cases: Vec<(&str, String, bool)> = vec![
            ("brackets", "[".repeat(n), false),
            ("closed brackets", "[".repeat(n) + &"]".repeat(n), false),
            ("braces", "{\"a\":".repeat(n), false),
            ("1024 levels", "[".repeat(1024) + &"]".repeat(1024), true),
            ("1025 levels", "[".repeat(1025) + &"]".repeat(1025), false),
            ("items", format!("[{}0]", "0,".repeat(n)), true),
            (
                "entries",
                format!("{{{}\"a\":0}}", "\"a\":0,".repeat(n)),
                true,
            ),
            ("escapes", format!("\"{}\"", "\\u0041".repeat(n)), true),
            ("half pairs", format!("\"{}\"", "\\uD800".repeat(n)), false),
            (
                "50 MB string",
                format!("\"{}\"", "x".repeat(50_000_000)),
                true,
            ),
            ("open string", format!("\"{}", "x".repeat(n)), false),
            ("space", " ".repeat(n), false),
            ("long number", "1".repeat(n), false),
            ("nothing", String::new(), false),
            ("byte order mark", "\u{feff}{}".to_owned(), true),
            ("nul", "\0".to_owned(), false),
            ("two values", "{} {}".to_owned(), false),
            ("comment", "{} // x".to_owned(), false),
            ("trailing comma", "[1,]".to_owned(), false),
        ];
        for (name, text, accepted) in &cases {
            assert_eq!(check(name, text, json(text)), *accepted, "{name}");
            check_read(name, &read_json(text), *accepted);
        }
    });
}

#[test]
fn errors_point_at_what_is_wrong() {
    let cases = [
        ("a: b: c", ":", "mapping values are not allowed here"),
        ("a: [b, c\n", "[", "this bracket is never closed"),
        ("a: 'b\n", "'", "this quote is never closed"),
        ("a: b\nc\nd: e\n", "c", "could not find expected ':'"),
        ("a: \"\\q\"", "q", "found an unknown escape character"),
        (
            "a:\n\t- b",
            "\t",
            "found a character that cannot start any token",
        ),
        ("a: *b", "*b", "this alias names no anchor"),
        ("a: &b [*b]", "*b", "this alias is inside its own anchor"),
        ("a: !x!y z", "!x!y", "this tag handle is not defined"),
    ];
    for (text, place, message) in cases {
        let error = yaml(text).expect_err("it is refused");
        assert_eq!(error.message, message, "{text}");
        assert!(
            error.span.of(text).ends_with(place),
            "{text}: {:?}",
            error.span.of(text)
        );
    }
}

/// Each of these makes the second pass go back, give up or look ahead as often as it can.
const BROKEN: &[&str] = &[
    "a: \"x\n",
    "\"\\\"\\\"a:\n",
    "'x''\n",
    "- '''\n",
    "a: 'x\nb: \"y\n",
    "\"a \"b ",
    "[\n  a: b\n  c: d\n",
    "a: [\n  b: c\n",
    "a: [ # c\n",
    "[\"a, ",
    "{a: [b}\n",
    "]",
    "} ",
    "a: b: c\n",
    "  a: b\n a: b\n",
    "foo\n  bar: x\n",
    "foo\nbar\n",
    "a: x\n    b: y\n",
    "a: x\n     b:\n",
    "- x\n    a: b\n",
    "\ta\n",
    "a:\n\tb\n",
    "*a ",
    "*a\n",
    "!a!b ",
    "? ",
    "? x\n",
    ": x\n",
    "%x\n",
    "---\n]\n",
    "...\n",
    "--- ]\n",
    "|x\n",
    "a: |\n \tb\n",
    "<<<<<<< a\n",
    "@",
    "\u{7}",
    "\u{80}",
    "\"\\\u{80}\"\n",
    "\"a:\\\"",
    "{\"a\":",
    "{\"a\":\n",
    "[1}",
    "{\"a\": 1]\n",
    "\"a\" ",
    "\"a\": ",
    "a ",
    "// ",
    "/* ",
    "{} ",
    ",",
    ":",
    "{\n \"a\": {\n",
    " }\n",
    "{\n\"a\": \"b\n",
    "\"a\n",
    "[[{}]",
    "a\n\n\n  b: c\n",
    "x  y\n      z: 1\n",
];

#[test]
fn broken_texts_take_linear_time() {
    with_little_stack(|| {
        let starts = [
            "",
            "a:\n    b:\n        c: d\n",
            "{\n  \"a\": {\n    \"b\": [\n",
            "a: {b: [\n",
        ];
        for part in BROKEN {
            for start in starts {
                for end in ["", "\n}\n", "'\nz: 1\n"] {
                    let text = format!("{start}{}{end}", part.repeat(30_000 / part.len()));
                    let started = std::time::Instant::now();
                    let yaml = read_yaml(&text);
                    check_read(part, &yaml, yaml.errors.is_empty());
                    let json = read_json(&text);
                    check_read(part, &json, json.errors.is_empty());

                    let took = started.elapsed();
                    assert!(took.as_secs() < 3, "{part:?} behind {start:?}: {took:?}");
                }
            }
        }
    });
}
