//! What scalars mean: PyYAML's table, tags, quotes, and the text that comparisons use.

use sfl::syntax::{Node, Scalar, json, yaml};

fn shown(node: Node<'_>) -> String {
    match node.scalar() {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Int(value) => value.to_string(),
        Scalar::Float => "float".to_owned(),
        Scalar::Text(text) => {
            assert_eq!(text, node.text());
            "text".to_owned()
        }
    }
}

#[test]
fn unquoted_scalars_are_what_pyyaml_makes_of_them() {
    for &(text, expected) in RESOLVED {
        let source = format!("- {text}\n- '{text}'\n");
        // Two of the words are not scalars where they stand alone: `-` and `1:`.
        let Some(root) = yaml(&source)
            .ok()
            .filter(|_| !matches!(text, "-" | "1:"))
            .map(|found| {
                let root = found.roots().next().expect("there is one");
                root.items().map(shown).collect::<Vec<_>>()
            })
        else {
            assert!(matches!(text, "-" | "1:"), "{text} is read");
            continue;
        };
        assert_eq!(root, [expected, "text"], "{text}");
    }
}

#[test]
fn what_is_not_written_is_null() {
    let document = yaml("a:\nb: !!null x\nc: ''\nd: !x\n").expect("it is YAML");
    let root = document.roots().next().expect("there is one");
    let values: Vec<_> = root.entries().map(|(_, value)| shown(value)).collect();
    assert_eq!(values, ["null", "null", "text", "text"]);
}

#[test]
fn core_tags_decide_and_other_tags_mean_text() {
    let source = "%TAG !y! tag:yaml.org,2002:\n--- [!!str 12, !!int '0x1F', !!bool 'yes', !!float 1, !<tag:yaml.org,2002:int> 7, \
        !y!str yes, !Ref 12, ! 12, !!int x]";
    let document = yaml(source).expect("it is YAML");
    let root = document.roots().next().expect("there is one");
    let values: Vec<_> = root.items().map(shown).collect();
    assert_eq!(
        values,
        [
            "text", "31", "true", "float", "7", "text", "text", "text", "text"
        ]
    );
    let tags: Vec<_> = root
        .items()
        .map(|item| item.tag().unwrap_or_default())
        .collect();
    assert_eq!(tags[..2], ["!!str", "!!int"]);
    assert_eq!(tags[4..7], ["!<tag:yaml.org,2002:int>", "!y!str", "!Ref"]);
}

#[test]
fn comparisons_use_the_text_that_cloudformation_compares() {
    let source = "[yes, Off, 0x1F, 0123, 012345678901, 1_000, 1:30, +5, -7, 0, 8.0, 1e3, text, 'yes', ~, 2012-10-17, [x], 007, -0]";
    let document = yaml(source).expect("it is YAML");
    let root = document.roots().next().expect("there is one");
    let values: Vec<_> = root
        .items()
        .map(|item| item.comparable().unwrap_or("(none)".into()))
        .collect();
    let expected = [
        "true",
        "false",
        "31",
        "83",
        "012345678901",
        "1000",
        "90",
        "5",
        "-7",
        "0",
        "8.0",
        "1e3",
        "text",
        "yes",
        "(none)",
        "2012-10-17",
        "(none)",
        "7",
        "0",
    ];
    assert_eq!(values, expected);
    let document = json(
        r#"[true, null, 12, 8.0, "yes", -1e3, 123456789012345678901234567890123456789012345]"#,
    );
    let document = document.expect("it is JSON");
    let root = document.roots().next().expect("there is one");
    let values: Vec<_> = root
        .items()
        .map(|item| item.comparable().unwrap_or("(none)".into()))
        .collect();
    let long = "123456789012345678901234567890123456789012345";
    assert_eq!(values, ["true", "(none)", "12", "8.0", "yes", "-1e3", long]);
}

#[test]
fn values_that_stand_in_the_text_are_not_copied() {
    let document =
        yaml("a: plain words\nb: 'single'\nc: \"double\"\nd: yes\ne: 12\n").expect("it is YAML");
    for node in document.nodes() {
        assert!(
            matches!(node.text(), std::borrow::Cow::Borrowed(_)),
            "{node:?}"
        );
        assert!(
            matches!(
                node.comparable(),
                None | Some(std::borrow::Cow::Borrowed(_))
            ),
            "{node:?}"
        );
    }
    let document = json(r#"{"a": "text", "b": [1, true]}"#).expect("it is JSON");
    assert!(
        document
            .nodes()
            .all(|node| matches!(node.text(), std::borrow::Cow::Borrowed(_)))
    );
}

/// What PyYAML 6.0.3 makes of unquoted scalars; `None` is null, numbers are as `str()` shows them.
const RESOLVED: &[(&str, &str)] = &[
    ("~", "null"),
    ("null", "null"),
    ("Null", "null"),
    ("NULL", "null"),
    ("nULL", "text"),
    ("yes", "true"),
    ("Yes", "true"),
    ("YES", "true"),
    ("yES", "text"),
    ("no", "false"),
    ("No", "false"),
    ("NO", "false"),
    ("nO", "text"),
    ("on", "true"),
    ("On", "true"),
    ("ON", "true"),
    ("oN", "text"),
    ("off", "false"),
    ("Off", "false"),
    ("OFF", "false"),
    ("oFF", "text"),
    ("true", "true"),
    ("True", "true"),
    ("TRUE", "true"),
    ("tRUE", "text"),
    ("false", "false"),
    ("False", "false"),
    ("FALSE", "false"),
    ("y", "text"),
    ("Y", "text"),
    ("n", "text"),
    ("N", "text"),
    ("t", "text"),
    ("f", "text"),
    ("0", "0"),
    ("00", "0"),
    ("01", "1"),
    ("0123", "83"),
    ("000400", "256"),
    ("089", "text"),
    ("012345678901", "text"),
    ("0o17", "text"),
    ("-0", "0"),
    ("+0", "0"),
    ("5", "5"),
    ("+5", "5"),
    ("-5", "-5"),
    ("-0123", "-83"),
    ("+0123", "83"),
    ("123456789012", "123456789012"),
    ("1_000", "1000"),
    ("_1", "text"),
    ("1_", "1"),
    ("1__0", "10"),
    ("0_", "0"),
    ("0_7", "7"),
    ("0_8", "text"),
    ("08", "text"),
    ("0b11", "3"),
    ("0b", "text"),
    ("0b_", "text"),
    ("0b1_0", "2"),
    ("0b2", "text"),
    ("-0b11", "-3"),
    ("+0b11", "3"),
    ("0B11", "text"),
    ("0x1F", "31"),
    ("0xff", "255"),
    ("0x", "text"),
    ("0x_", "text"),
    ("0xg", "text"),
    ("-0x1F", "-31"),
    ("0X1F", "text"),
    ("1:30", "90"),
    ("12:30:45", "45045"),
    ("1:60", "text"),
    ("1:5", "65"),
    ("0:30", "text"),
    ("00:30", "text"),
    ("-1:30", "-90"),
    ("+1:30", "90"),
    ("1:30:61", "text"),
    ("190:20:30", "685230"),
    ("1:030", "text"),
    ("1_0:30", "630"),
    ("1:", "text"),
    (":30", "text"),
    ("1::2", "text"),
    ("1:30.5", "float"),
    ("190:20:30.15", "float"),
    ("190:20:30.", "float"),
    ("0:1.5", "float"),
    ("1:60.5", "text"),
    ("1:30.5e+3", "text"),
    ("-1:30.5", "float"),
    ("1_0:59.1_0", "float"),
    ("1.0", "float"),
    ("1.", "float"),
    (".5", "float"),
    ("-.5", "text"),
    ("+.5", "text"),
    ("-1.5", "float"),
    ("+1.5", "float"),
    ("1.e+3", "float"),
    ("1e3", "text"),
    ("1e+3", "text"),
    ("1.0e3", "text"),
    ("1.0e+3", "float"),
    ("1.0E-3", "float"),
    ("1.5_0", "float"),
    ("1_0.5", "float"),
    ("._5", "text"),
    (".5_", "float"),
    (".", "text"),
    ("..", "text"),
    (".e+3", "text"),
    (".5e+3", "float"),
    (".5e3", "text"),
    ("1.5e+", "text"),
    ("1.5.5", "text"),
    ("6.8523015e+5", "float"),
    ("685.230_15e+03", "float"),
    ("685_230.15", "float"),
    ("0.1", "float"),
    ("00.1", "float"),
    ("08.1", "float"),
    ("8.0", "float"),
    ("_.5", "text"),
    ("1.5_e+3", "float"),
    (".inf", "float"),
    ("-.inf", "float"),
    ("+.inf", "float"),
    (".Inf", "float"),
    (".INF", "float"),
    (".iNF", "text"),
    (".nan", "float"),
    (".NaN", "float"),
    (".NAN", "float"),
    ("-.nan", "text"),
    (".Nan", "text"),
    ("2010-09-09", "text"),
    ("2012-10-17", "text"),
    ("2001-12-14t21:59:43.10-05:00", "text"),
    ("1-2", "text"),
    ("1+2", "text"),
    ("-", "text"),
    ("--", "text"),
    ("+", "text"),
    ("a", "text"),
    ("a1", "text"),
    ("1a", "text"),
    ("python3.12", "text"),
    ("nodejs20.x", "text"),
    ("1.2.3", "text"),
    ("10.0.0.0/16", "text"),
    (
        "99999999999999999999999999999999999999",
        "99999999999999999999999999999999999999",
    ),
    ("0xffffffffffffffffffffffffffffffff", "float"),
    (
        "0777777777777777777777777777777777777777777777777777777777",
        "float",
    ),
    ("340282366920938463463374607431768211456", "float"),
    ("~~", "text"),
    ("nulls", "text"),
    ("onn", "text"),
    ("0.0.0.0", "text"),
    ("1,000", "text"),
];
