//! Broken texts: every error has its place, and what stands around the broken lines keeps its tree.

use super::shape::check;
use sfl::syntax::{
    Document, Kind, MAX_ERRORS, Node, ParseError, Parsed, json, read_json, read_yaml, yaml,
};

/// A tree in one line. A value that is not written is `~`.
fn shown(node: Node<'_>) -> String {
    let entries = |node: Node<'_>| -> Vec<String> {
        let pairs = node.entries();
        pairs
            .map(|(key, value)| format!("{}: {}", shown(key), shown(value)))
            .collect()
    };
    let tag = node.tag().map(|tag| format!("{tag} ")).unwrap_or_default();
    let value = match node.kind() {
        Kind::Mapping => format!("{{{}}}", entries(node).join(", ")),
        Kind::Sequence => format!(
            "[{}]",
            node.items().map(shown).collect::<Vec<_>>().join(", ")
        ),
        Kind::Scalar if node.span().is_empty() && !node.is_alias() => "~".to_owned(),
        Kind::Scalar => node.text().into_owned(),
    };
    format!("{tag}{value}")
}

fn tree(document: &Document<'_>) -> String {
    document
        .roots()
        .map(shown)
        .collect::<Vec<_>>()
        .join(" --- ")
}

fn lines(text: &str, errors: &[ParseError]) -> Vec<usize> {
    let line = |error: &ParseError| text[..error.span.start as usize].matches('\n').count() + 1;
    errors.iter().map(line).collect()
}

/// What holds for every text, broken or not.
fn sound<'t>(text: &'t str, strict: Result<Document<'t>, ParseError>, read: &Parsed<'t>) {
    check(&read.document);
    match strict {
        Ok(document) => {
            assert!(read.errors.is_empty(), "{text:?}: {:?}", read.errors);
            assert_eq!(document.len(), read.document.len());
        }
        Err(error) => assert_eq!(read.errors.first(), Some(&error), "{text:?}"),
    }
    assert!(read.errors.len() <= MAX_ERRORS);
    let mut places = lines(text, &read.errors);
    let rest = &places[1.min(places.len())..];
    assert!(rest.is_sorted(), "{text:?}: {:?}", read.errors);
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), read.errors.len(), "one a line: {text:?}");
    for error in &read.errors {
        let (start, end) = (error.span.start as usize, error.span.end as usize);
        assert!(
            start <= end && text.get(start..end).is_some(),
            "{text:?}: {error:?}"
        );
        let first = error.message.chars().next().expect("a message");
        assert!(
            first.is_lowercase() || error.message.starts_with("JSON"),
            "{error}"
        );
        assert!(!error.message.ends_with('.'), "{error}");
    }
    for node in read.document.nodes() {
        std::hint::black_box((node.scalar(), node.comparable(), node.get("a")));
    }
}

#[test]
fn broken_yaml_keeps_what_can_be_read() {
    let cases: &[(&str, &str)] = &[
        // A half-typed key.
        (
            "a:\n  x: 1\n  yy\n  z: 2\nb: 3\n",
            "{a: {x: 1, yy: ~, z: 2}, b: 3}",
        ),
        ("a:\n  Half\n  z: 2\nb: 3\n", "{a: {Half: ~, z: 2}, b: 3}"),
        ("a:\n  x: 1\nHal\n", "{a: {x: 1}, Hal: ~}"),
        (
            "a:\n  x: 1\n\nHal\nb:\n  y: 1\n",
            "{a: {x: 1}, Hal: ~, b: {y: 1}}",
        ),
        // A colon that is missing.
        (
            "a:\n  One\n    x: 1\n  Two:\n    y: 2\n",
            "{a: {One: {x: 1}, Two: {y: 2}}}",
        ),
        (
            "a:\n  One:\n    x: 1\n  Two\n    y: 2\n",
            "{a: {One: {x: 1}, Two: {y: 2}}}",
        ),
        // Quotes.
        (
            "a:\n  x: \"one\n  y: two\nb: 3\n",
            "{a: {x: one, y: two}, b: 3}",
        ),
        (
            "a:\n  x: \"one\n  y: \"two\"\nb: 3\n",
            "{a: {x: one, y: two}, b: 3}",
        ),
        (
            "a:\n  x: 'one\n  y: \"it's\"\nb: 3\n",
            "{a: {x: one, y: it's}, b: 3}",
        ),
        (
            "a:\n  x: one\"\n  'y: two\nb: 3\n",
            "{a: {x: one\", y: two}, b: 3}",
        ),
        ("a: [\"x, y]\nb: 3\n", "{a: [x, y], b: 3}"),
        ("a: \"x \\q y\"\nb: 3\n", "{a: x \\q y, b: 3}"),
        // Brackets.
        ("a: [\n  x: 1\n  y: 2\nb: 3\n", "{a: {x: 1, y: 2}, b: 3}"),
        (
            "a: {\n  One:\n    x: 1\n  Two:\n    y: 2\nb: 3\n",
            "{a: {One: {x: 1}, Two: {y: 2}}, b: 3}",
        ),
        (
            "a:\n  x: [1, 2\n  y: 2\nb: 3\n",
            "{a: {x: [1, 2], y: 2}, b: 3}",
        ),
        (
            "a:\n  x: {p: 1, q: {r: 2}\n  y: 2\nb: 3\n",
            "{a: {x: {p: 1, q: {r: 2}}, y: 2}, b: 3}",
        ),
        ("a: {x: [1, 2}\nb: 3\n", "{a: {x: [1, 2]}, b: 3}"),
        ("a:\n  x: 1\n}\n  y: 2\nb: 3\n", "{a: {x: 1, y: 2}, b: 3}"),
        ("a:\n  x: [1]]\n  y: 2\nb: 3\n", "{a: {x: [1], y: 2}, b: 3}"),
        ("a: [1, 2\n", "{a: [1, 2]}"),
        ("a: [1 2, \"x\" \"y\"]\nb: 3\n", "{a: [1 2, x, y], b: 3}"),
        ("a: {x: 1\n  y: 2}\nb: 3\n", "{a: {x: 1, y: 2}, b: 3}"),
        // Indentation.
        (
            "a:\n    x: 1\n   y: 2\n    z: 3\nb: 4\n",
            "{a: {x: 1, y: 2, z: 3}, b: 4}",
        ),
        (
            "a:\n  x: 1\n   y: 2\n  z: 3\nb: 4\n",
            "{a: {x: 1, y: 2, z: 3}, b: 4}",
        ),
        (
            "a:\n  x: !\n    y: 2\n  z: 3\nb: 4\n",
            "{a: {x: ! {y: 2}, z: 3}, b: 4}",
        ),
        ("a: word\n  x: 1\nb: 4\n", "{a: {x: 1}, b: 4}"),
        (
            "a:\n  x: 1\n\ty: 2\n  z: 3\nb: 4\n",
            "{a: {x: 1, z: 3}, b: 4}",
        ),
        // One line that is wrong in itself.
        ("a: b: c\nd: e\n", "{a: b, d: e}"),
        (
            "a: @x\nb: *nothing\nc: %x\nd: e\n",
            "{a: ~, b: ~, c: ~, d: e}",
        ),
        ("a: - b\nc: d\n", "{a: ~, c: d}"),
        ("a: \u{7}x\nb: \0\nc: d\n", "{a: \u{7}x, b: ~, c: d}"),
        (
            "a:\n  x: 1\n<<<<<<< HEAD\n  y: 2\n=======\n  y: 3\n>>>>>>> other\n  z: 4\n",
            "{a: {x: 1, y: 2, y: 3, z: 4}}",
        ),
        ("a: |x\n  text\nb: 3\n", "{a: text\n, b: 3}"),
        ("{a: 1}\nb: 2\n", "{a: 1} --- {b: 2}"),
        ("]\na: 1\n", "{a: 1}"),
    ];
    for (text, expected) in cases {
        let read = read_yaml(text);
        assert!(!read.errors.is_empty(), "{text:?}");
        assert_eq!(
            tree(&read.document),
            *expected,
            "{text:?}: {:?}",
            read.errors
        );
        sound(text, yaml(text), &read);
    }
}

#[test]
fn broken_json_keeps_what_can_be_read() {
    let cases: &[(&str, &str)] = &[
        (
            "{\"a\": 1, \"b\": [1, 2, \"c\": 3}",
            "{a: 1, b: [1, 2], c: 3}",
        ),
        ("{\"a\": {\"x\": 1, \"b\": 2", "{a: {x: 1, b: 2}}"),
        (
            "{\n  \"a\": {\n    \"x\": {\n      \"p\": 1\n  },\n  \"b\": 2\n}",
            "{a: {x: {p: 1}}, b: 2}",
        ),
        (
            "{\n  \"a\": {\n    \"x\": 1,\n  \"b\": {\n    \"y\": 2\n  }\n}",
            "{a: {x: 1}, b: {y: 2}}",
        ),
        (
            "{\n  \"a\": {\n  \"b\": {\n    \"y\": 2\n  }\n}",
            "{a: {}, b: {y: 2}}",
        ),
        (
            "{\n  \"a\": {\n    \"x\": 1\n    }\n  },\n  \"b\": 2\n}",
            "{a: {x: 1}, b: 2}",
        ),
        ("{\"a\": 1}, \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\": 1 \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\" 1, \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\": , \"b\": 2}", "{a: ~, b: 2}"),
        ("{\"a\": \"b\": 2}", "{a: ~, b: 2}"),
        ("{\"a\", \"b\": 2}", "{a: ~, b: 2}"),
        ("{\"a\"\n\"b\": 2}", "{a: ~, b: 2}"),
        ("{a: 1, \"b\": 2}", "{a: 1, b: 2}"),
        ("{\"a\": 1,, \"b\": 2,}", "{a: 1, b: 2}"),
        ("[1,]", "[1]"),
        ("{\"a\": \"x,\n\"b\": 2}", "{a: x, b: 2}"),
        ("{\"a: \"x\",\n\"b\": 2}", "{a: : ~, b: 2}"),
        ("{\"a\": \"\\q\", \"b\": True}", "{a: \\q, b: True}"),
        ("{\"a\": 01, \"b\": 1., \"c\": 2}", "{a: 01, b: 1., c: 2}"),
        ("// x\n{\"a\": /* y */ 1}", "{a: 1}"),
        ("\"a\": 1, \"b\": 2}", "{a: 1, b: 2}"),
        ("{} {}", "{}"),
        ("", ""),
        ("]", ""),
        (
            "{\"a\": [1, {\"x\": 2]}, \"b\": 2}",
            "{a: [1, {x: 2}], b: 2}",
        ),
    ];
    for (text, expected) in cases {
        let read = read_json(text);
        assert!(!read.errors.is_empty(), "{text:?}");
        assert_eq!(
            tree(&read.document),
            *expected,
            "{text:?}: {:?}",
            read.errors
        );
        sound(text, json(text), &read);
    }
}
