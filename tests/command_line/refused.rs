//! Blocks that can be read and that Terraform refuses: an error at its place, exit code 2, and the rest is judged. Each was given to
//! Terraform 1.11, and so was each neighbour, which it takes.

use serde_json::Value;

use crate::folder::{err, folder, out, run};

/// Errors about inputs, each with its file, line, and message; the addresses that are judged; the exit code.
fn said(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>, Option<i32>) {
    let folder = folder(files);
    let output = run(folder.path(), &["check", "--format", "json"]);
    let text = out(&output);
    let report: Value =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{}", err(&output)));
    let findings = report["findings"].as_array().expect("a list").iter();
    let errors = findings.filter(|one| {
        let code = one["code"].as_str().unwrap_or_default();
        code.starts_with("source/")
    });
    let errors = errors.map(|one| {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let (path, line) = (text("path"), &one["span"]["start"]["line"]);
        format!("{path}:{line} {}", text("message"))
    });
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let addresses = decisions.map(|one| one["address"].as_str().expect("an address").to_owned());
    (errors.collect(), addresses.collect(), output.status.code())
}

/// What is said of one file beside a queue that is judged in any case.
fn of_text(name: &str, text: &str) -> Vec<String> {
    let queue = "resource \"aws_sqs_queue\" \"orders\" {\n}\n";
    let (errors, addresses, code) = said(&[("queue.tf", queue), (name, text)]);
    assert!(
        addresses.contains(&"aws_sqs_queue.orders".to_owned()),
        "{text}: {addresses:?}"
    );
    let expected = if errors.is_empty() { Some(0) } else { Some(2) };
    assert_eq!(code, expected, "{text}: {errors:?}");
    errors
}

#[test]
fn a_block_needs_the_labels_of_its_kind() {
    for (text, expected) in [
        (
            "resource \"aws_instance\" {\n  root_block_device {\n  }\n}\n",
            "a `resource` block has two labels, its type and its name: this one has 1",
        ),
        (
            "resource \"aws_instance\" \"a\" \"b\" {\n}\n",
            "a `resource` block has two labels, its type and its name: this one has 3",
        ),
        (
            "data \"aws_ami\" {\n}\n",
            "a `data` block has two labels, its type and its name: this one has 1",
        ),
        (
            "variable {\n}\n",
            "a `variable` block has one label, its name: this one has none",
        ),
        (
            "locals \"a\" {\n}\n",
            "a `locals` block has no label: this one has 1",
        ),
        (
            "resorce \"aws_instance\" \"a\" {\n}\n",
            "`resorce` is not a kind of block: did you mean `resource`?",
        ),
        (
            "modul \"net\" {\n}\n",
            "`modul` is not a kind of block: did you mean `module`?",
        ),
        (
            "size = 3\n",
            "`size` stands outside of any block, where no argument can",
        ),
        (
            "locals = {\n  a = 1\n}\n",
            "`locals` is a block: it stands there without `=`",
        ),
    ] {
        let errors = of_text("main.tf", text);
        assert_eq!(errors, [format!("main.tf:1 {expected}")], "{text}");
    }
    for text in [
        "resource aws_sns_topic \"a\" {\n}\n",
        "data \"aws_ami\" \"a\" {\n  owners = [\"self\"]\n}\n",
        "locals {\n  a = { b = 1 }\n}\n",
        "terraform {\n  encryption {\n  }\n}\n",
        "action \"aws_lambda_invoke\" \"a\" {\n}\n",
        "language {\n}\n",
    ] {
        assert_eq!(of_text("main.tf", text), [""; 0], "{text}");
    }
}

#[test]
fn what_a_block_without_its_labels_holds_is_no_resource() {
    let text = "resource \"aws_instance\" {\n  ebs_block_device {\n    size = 8\n  }\n}\nresource \"aws_instance\" \"a\" \"b\" {\n}\n";
    let (errors, addresses, _) = said(&[("main.tf", text)]);
    assert_eq!(errors.len(), 2);
    assert_eq!(addresses, [""; 0]);
}

#[test]
fn names_are_those_that_terraform_takes() {
    let rule =
        "it has to begin with a letter or `_`, and to go on with letters, digits, `_` and `-`";
    for (text, expected) in [
        (
            "resource \"aws_sns_topic\" \"1st\" {\n}\n",
            "a `resource` block can't have the name `1st`: ",
        ),
        (
            "resource \"aws sns\" \"a\" {\n}\n",
            "a `resource` block can't have the type `aws sns`: ",
        ),
        (
            "output \"a.b\" {\n  value = 1\n}\n",
            "an `output` block can't have the name `a.b`: ",
        ),
    ] {
        assert_eq!(
            of_text("main.tf", text),
            [format!("main.tf:1 {expected}{rule}")],
            "{text}"
        );
    }
    let reserved = "variable \"count\" {\n}\n";
    assert_eq!(
        of_text("main.tf", reserved),
        [
            "main.tf:1 a variable can't be called `count`: in the call of a module that says something else"
        ]
    );
    for text in [
        "resource \"aws_sns_topic\" \"größe\" {\n}\n",
        "resource \"aws_sns_topic\" \"_a-1\" {\n}\n",
        "variable \"counts\" {\n}\n",
        "output \"count\" {\n  value = 1\n}\n",
    ] {
        assert_eq!(of_text("main.tf", text), [""; 0], "{text}");
    }
}

#[test]
fn what_a_module_has_once_is_declared_once() {
    let twice = |text: &str| of_text("main.tf", &format!("{text}{text}"));
    for (text, line, what) in [
        (
            "resource \"aws_sns_topic\" \"a\" {\n}\n",
            3,
            "`aws_sns_topic.a`",
        ),
        ("data \"aws_ami\" \"a\" {\n}\n", 3, "`data.aws_ami.a`"),
        ("variable \"a\" {\n}\n", 3, "the variable `a`"),
        ("output \"a\" {\n  value = 1\n}\n", 4, "the output `a`"),
        ("locals {\n  a = 1\n}\n", 5, "the local `a`"),
        ("provider \"aws\" {\n}\n", 3, "the provider `aws`"),
        (
            "provider \"aws\" {\n  alias = \"west\"\n}\n",
            4,
            "the provider `aws.west`",
        ),
        (
            "terraform {\n  backend \"s3\" {\n  }\n}\n",
            6,
            "the block `backend`",
        ),
    ] {
        assert_eq!(
            twice(text),
            [format!("main.tf:{line} {what} is declared twice")],
            "{text}"
        );
    }
    for text in [
        "terraform {\n  required_version = \">= 1.5\"\n}\n",
        "moved {\n  from = aws_sqs_queue.old\n  to = aws_sqs_queue.orders\n}\n",
    ] {
        assert_eq!(twice(text), [""; 0], "{text}");
    }
    let aliases = "provider \"aws\" {\n}\nprovider \"aws\" {\n  alias = \"west\"\n}\nresource \"aws_sns_topic\" \"orders\" {\n}\ndata \"aws_sns_topic\" \"orders\" {\n}\n";
    assert_eq!(of_text("main.tf", aliases), [""; 0]);
    // In the other syntax, and across both.
    let json = r#"{"variable": {"b": {}}, "locals": [{"c": 1}, {"c": 2}]}"#;
    let native = "variable \"b\" {\n}\n";
    let (errors, ..) = said(&[("a.tf", native), ("b.tf.json", json)]);
    assert_eq!(
        errors,
        [
            "b.tf.json:1 the variable `b` is declared twice",
            "b.tf.json:1 the local `c` is declared twice"
        ]
    );
}

#[test]
fn an_override_has_something_to_override() {
    for (text, what) in [
        (
            "resource \"aws_sns_topic\" \"a\" {\n}\n",
            "`aws_sns_topic.a`",
        ),
        ("module \"net\" {\n}\n", "the module `net`"),
        ("variable \"size\" {\n}\n", "the variable `size`"),
        ("output \"size\" {\n}\n", "the output `size`"),
    ] {
        assert_eq!(
            of_text("web_override.tf", text),
            [format!(
                "web_override.tf:1 nothing in this module declares {what}, which this block overrides"
            )],
            "{text}"
        );
    }
    let moved = "moved {\n  from = aws_sqs_queue.old\n  to = aws_sqs_queue.orders\n}\n";
    assert_eq!(
        of_text("override.tf", moved),
        ["override.tf:1 a `moved` block can't stand in an override file"]
    );
    for text in [
        "resource \"aws_sqs_queue\" \"orders\" {\n  fifo_queue = true\n}\n",
        "provider \"aws\" {\n}\n",
        "terraform {\n  backend \"local\" {\n  }\n}\n",
    ] {
        assert_eq!(of_text("override.tf", text), [""; 0], "{text}");
    }
    // What can't be read may declare it.
    let broken = "resource \"aws_sns_topic\" \"a\" {\n  name = \n}\n";
    let text = "resource \"aws_sns_topic\" \"a\" {\n}\n";
    let (errors, ..) = said(&[("main.tf", broken), ("override.tf", text)]);
    assert_eq!(errors.len(), 1, "{errors:?}");
}

#[test]
fn blocks_say_what_they_must_and_hold_what_they_can() {
    for (text, line, expected) in [
        (
            "module \"net\" {\n}\n",
            1,
            "this `module` block needs `source`",
        ),
        (
            "output \"size\" {\n}\n",
            1,
            "this `output` block needs `value`",
        ),
        (
            "moved {\n  from = aws_sqs_queue.old\n}\n",
            1,
            "this `moved` block needs `to`",
        ),
        (
            "variable \"size\" {\n  defualt = 1\n}\n",
            2,
            "a `variable` block can't hold `defualt`: did you mean `default`?",
        ),
        (
            "terraform {\n  required_provider {\n  }\n}\n",
            2,
            "a `terraform` block can't hold `required_provider`: did you mean `required_providers`?",
        ),
        (
            "module \"net\" {\n  source = \"example.com/net/aws\"\n  tags {\n  }\n}\n",
            3,
            "a `module` block can't hold a block: a value is written as `tags =`",
        ),
        (
            "resource \"aws_sns_topic\" \"a\" {\n  for_each = { for k in [\"x\", \"x\"] : k => k }\n}\n",
            2,
            "a `for` in `for_each` gives two elements the same key",
        ),
        (
            "resource \"aws_sns_topic\" \"a\" {\n  count    = 1\n  for_each = {}\n}\n",
            3,
            "a `resource` block has either `count` or `for_each`",
        ),
    ] {
        let errors = of_text("main.tf", text);
        assert_eq!(errors, [format!("main.tf:{line} {expected}")], "{text}");
    }
    for text in [
        "module \"net\" {\n  source = \"example.com/net/aws\"\n  lifecycle {\n    enabled = true\n  }\n}\n",
        "variable \"size\" {\n  type       = number\n  deprecated = \"take width\"\n}\n",
        "variable \"old\" {\n  type = \"string\"\n}\n",
        "resource \"aws_sns_topic\" \"a\" {\n  for_each = {}\n}\n",
        "resource \"aws_sns_topic\" \"a\" {\n  for_each = { for k in [\"x\", \"y\"] : k => k }\n}\n",
        "resource \"aws_sns_topic\" \"a\" {\n  for_each = { for k in [\"x\", \"x\"] : k => k... }\n}\n",
    ] {
        assert_eq!(of_text("main.tf", text), [""; 0], "{text}");
    }
    for (text, expected) in [
        (
            r#"{"resorce": {}, "output": {"a": {"value": 1}}}"#,
            "main.tf.json:1 `resorce` is not a kind of block: did you mean `resource`?",
        ),
        (
            r#"{"resource": {"aws_sns_topic": "orders"}}"#,
            "main.tf.json:1 under `aws_sns_topic` an object has to stand here",
        ),
    ] {
        assert_eq!(of_text("main.tf.json", text), [expected], "{text}");
    }
    let text = r#"{"//": "a comment", "resource": {"//": "one more", "aws_sns_topic": null}}"#;
    assert_eq!(of_text("main.tf.json", text), [""; 0]);
}

#[test]
fn a_call_hands_down_what_the_module_takes() {
    let module = "variable \"size\" {\n  type = number\n}\nvariable \"name\" {\n  default = \"shop\"\n}\nresource \"aws_sqs_queue\" \"orders\" {\n}\n";
    let of_call = |arguments: &str, more: &[(&'static str, &'static str)]| {
        let call = format!("module \"shop\" {{\n  source = \"./shop\"\n{arguments}}}\n");
        let files = [&[("main.tf", &*call), ("shop/main.tf", module)][..], more].concat();
        let (errors, addresses, code) = said(&files);
        assert_eq!(addresses, ["module.shop.aws_sqs_queue.orders"]);
        assert_eq!(code, if errors.is_empty() { Some(0) } else { Some(2) });
        errors
    };
    assert_eq!(
        of_call("  siez = 2\n", &[]),
        [
            "main.tf:1 the module that is called here needs a value for `size`",
            "main.tf:3 the module that is called here has no variable `siez`: did you mean `size`?"
        ]
    );
    for arguments in [
        "  size = 2\n",
        "  size = 2\n  name = \"x\"\n  depends_on = []\n  providers = {}\n",
        "  size = null\n",
    ] {
        assert_eq!(of_call(arguments, &[]), [""; 0], "{arguments}");
    }
    // What overrides the call, or the variable, counts as well.
    let of_call_itself = ("override.tf", "module \"shop\" {\n  size = 3\n}\n");
    assert_eq!(of_call("", &[of_call_itself]), [""; 0]);
    let of_variable = (
        "shop/override.tf",
        "variable \"size\" {\n  default = 3\n}\n",
    );
    assert_eq!(of_call("", &[of_variable]), [""; 0]);
    // A file that can't be read may declare it.
    let broken = ("shop/more.tf", "variable \"siez\" {\n  default = \n}\n");
    assert_eq!(of_call("  siez = 2\n", &[broken]).len(), 1);
}
