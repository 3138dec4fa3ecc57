//! Terraform as people write it: which files are read, in which order, what their reasons are, and what an error costs.

use std::path::Path;

use serde_json::Value;

use crate::folder::{folder, out, run};

/// What the report says of some files, and the exit code.
fn report(files: &[(&str, &str)], arguments: &[&str]) -> (Value, Option<i32>) {
    let folder = folder(files);
    let output = run(
        folder.path(),
        &[&["check", "--format", "json"], arguments].concat(),
    );
    let report = serde_json::from_str(&out(&output)).expect("it is JSON");
    (report, output.status.code())
}

/// Addresses and rungs.
fn decisions(files: &[(&str, &str)], arguments: &[&str]) -> Vec<(String, u64)> {
    let (report, _) = report(files, arguments);
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let decisions = decisions.map(|decision| {
        let address = decision["address"].as_str().expect("an address");
        (
            address.to_owned(),
            decision["rung"].as_u64().expect("a rung"),
        )
    });
    decisions.collect()
}

fn some(all: &[(&str, u64)]) -> Vec<(String, u64)> {
    all.iter()
        .map(|(address, rung)| ((*address).to_owned(), *rung))
        .collect()
}

const FUNCTION: &str =
    "resource \"aws_lambda_function\" \"orders\" {\n  function_name = \"orders\"\n}\n";

#[test]
fn both_syntaxes_of_a_folder_are_one_module() {
    let files = [
        (
            "main.tf",
            "resource \"aws_ecs_service\" \"web\" {\n  cluster     = aws_ecs_cluster.main.id\n  launch_type = local.how\n}\n",
        ),
        (
            "rest.tf.json",
            r#"{"locals":{"how":"${var.how}"},"resource":{"aws_ecs_cluster":{"main":{"name":"main"}}}}"#,
        ),
        (
            "variables.tofu",
            "variable \"how\" {\n  type    = string\n  default = \"FARGATE\"\n}\n",
        ),
    ];
    assert_eq!(decisions(&files, &[]), some(&[("aws_ecs_service.web", 2)]));
    assert_eq!(
        decisions(&files, &["--var", "how=EC2"]),
        some(&[("aws_ecs_service.web", 3)])
    );
}

#[test]
fn opentofu_reads_its_own_files_in_the_place_of_others_of_the_same_syntax() {
    let server = "resource \"aws_instance\" \"web\" {\n  instance_type = \"m5.large\"\n}\n";
    let hidden = [("web.tf", server), ("web.tofu", FUNCTION)];
    assert_eq!(
        decisions(&hidden, &[]),
        some(&[("aws_lambda_function.orders", 1)])
    );
    let json = r#"{"resource":{"aws_instance":{"web":{"instance_type":"m5.large"}}}}"#;
    let both = [("web.tf.json", json), ("web.tofu", FUNCTION)];
    assert_eq!(decisions(&both, &[]).len(), 2);
    let passed_over = [
        (".web.tf", server),
        ("web.tf~", server),
        ("main.tf", FUNCTION),
    ];
    assert_eq!(decisions(&passed_over, &[]).len(), 1);
}

#[test]
fn overrides_and_values_count_in_the_order_of_terraform() {
    let main = "variable \"how\" {\n  default = \"EC2\"\n}\nresource \"aws_ecs_service\" \"web\" {\n  launch_type = var.how\n}\nresource \"aws_ecs_cluster\" \"c\" {\n}\n";
    let rung = |more: &[(&'static str, &'static str)], arguments: &[&str]| {
        let files = [&[("main.tf", main)][..], more].concat();
        decisions(&files, arguments)[0].1
    };
    assert_eq!(rung(&[], &[]), 3);
    assert_eq!(rung(&[("terraform.tfvars", "how = \"FARGATE\"\n")], &[]), 2);
    let json = ("terraform.tfvars.json", r#"{"how":"EC2"}"#);
    assert_eq!(
        rung(&[("terraform.tfvars", "how = \"FARGATE\"\n"), json], &[]),
        3
    );
    let auto = ("a.auto.tfvars", "how = \"FARGATE\"\n");
    assert_eq!(rung(&[json, auto], &[]), 2);
    assert_eq!(
        rung(&[auto, ("b.auto.tfvars.json", r#"{"how":"EC2"}"#)], &[]),
        3
    );
    let named = (
        "prod.tfvars",
        "# production\nhow = \"FARGATE\"\nnone = -1\n",
    );
    assert_eq!(rung(&[named], &[]), 3);
    assert_eq!(rung(&[named], &["main.tf", "--var-file", "prod.tfvars"]), 2);
    let override_file = (
        "web_override.tf",
        "resource \"aws_ecs_service\" \"web\" {\n  launch_type = \"FARGATE\"\n}\n",
    );
    assert_eq!(rung(&[override_file], &[]), 2);
}

#[test]
fn an_error_costs_its_block_and_the_rest_is_judged() {
    let text =
        format!("resource \"aws_instance\" \"web\" {{\n  instance_type = \n}}\n\n{FUNCTION}");
    let (report, code) = report(&[("main.tf", &text)], &[]);
    assert_eq!(code, Some(2));
    assert_eq!(report["findings"][0]["code"], "source/hcl");
    assert_eq!(report["findings"][0]["span"]["start"]["line"], 2);
    assert_eq!(
        report["decisions"][0]["address"],
        "aws_lambda_function.orders"
    );
}

#[test]
fn reasons_stand_above_a_block_on_its_first_line_and_inside_of_it() {
    let record = "sfl: because=licence reason=\"the vendor counts the cores of the host\"";
    let is_settled = |text: &str| {
        let (report, code) = report(&[("main.tf", text)], &[]);
        assert_eq!(
            report["decisions"].as_array().map(Vec::len),
            Some(1),
            "{text}"
        );
        code == Some(0)
    };
    let block = |above: &str, beside: &str, inside: &str| {
        format!(
            "locals {{\n}}\n{above}resource \"aws_instance\" \"web\" {{{beside}\n  instance_type = \"m5.large\"\n{inside}}}\n"
        )
    };
    let settled = [
        block(&format!("# {record}\n"), "", ""),
        block(&format!("// {record}\n# more\n"), "", ""),
        block(&format!("/* {record} */\n"), "", ""),
        block("", &format!(" # {record}"), ""),
        block("", "", &format!("  // {record}\n")),
        block("", "", &format!("  /* {record} */\n")),
        block(&format!("# {record}\n"), "", "").replace('\n', "\r\n"),
    ];
    for text in settled {
        assert!(is_settled(&text), "{text}");
    }
    let open = [
        block(&format!("# {record}\n\n"), "", ""),
        block(
            "",
            "",
            &format!("  user_data = \"# {}\"\n", record.replace('"', "\\\"")),
        ),
        block(
            "",
            "",
            &format!("  tags = {{\n  }}\n  ebs_block_device {{\n    # {record}\n  }}\n"),
        ),
        block("", "", "") + &format!("# {record}\n"),
        block(&format!("locals {{\n}} # {record}\n"), "", ""),
    ];
    for text in open {
        assert!(!is_settled(&text), "{text}");
    }
}

#[test]
fn a_reason_on_a_call_is_one_for_all_that_it_makes() {
    let module = "resource \"aws_instance\" \"web\" {\n  for_each      = toset([\"a\", \"b\"])\n  instance_type = var.size\n}\nvariable \"size\" {\n  type = string\n}\n";
    let call = "module \"web\" {\n  source = \"./web\"\n  size   = \"m5.large\"\n}\n";
    let files = [("main.tf", call), ("web/main.tf", module)];
    let addresses = [
        ("module.web.aws_instance.web[\"a\"]", 4),
        ("module.web.aws_instance.web[\"b\"]", 4),
    ];
    assert_eq!(decisions(&files, &[]), some(&addresses));
    assert_eq!(report(&files, &[]).1, Some(1));
    let said = format!(
        "# sfl: because=licence reason=\"the vendor counts the cores of the host\"\n{call}"
    );
    assert_eq!(
        report(&[("main.tf", &said), ("web/main.tf", module)], &[]).1,
        Some(0)
    );
}

/// What `main.tf` says once `sfl justify` has written a reason into it.
#[track_caller]
fn justified(folder: &Path, address: &str, reason: &str, more: &[&str]) -> String {
    let words = ["justify", address, "main.tf", "--yes"];
    let said = ["--because", "licence", "--reason", reason];
    let output = run(folder, &[&words[..], &said, more].concat());
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    std::fs::read_to_string(folder.join("main.tf")).expect("it is there")
}

#[test]
fn a_reason_is_written_into_a_comment() {
    let text = "# The shop.\r\nresource \"aws_instance\" \"web\" {\r\n  instance_type = \"m5.large\" # big\r\n}\r\n";
    let folder = folder(&[("main.tf", text)]);
    let justify =
        |reason: &str| justified(folder.path(), "aws_instance.web", reason, &["--replace"]);
    let (before, after) = text.split_at(text.find("resource").expect("a block"));
    let first = "the vendor counts the cores of the host";
    assert_eq!(
        justify(first),
        format!("{before}# sfl: because=licence reason=\"{first}\"\r\n{after}")
    );
    let second = "the vendor counts \"cores\" and nothing else";
    let written = second.replace('"', "\\\"");
    assert_eq!(
        justify(second),
        format!("{before}# sfl: because=licence reason=\"{written}\"\r\n{after}")
    );
    assert_eq!(run(folder.path(), &["check"]).status.code(), Some(0));
}

/// Places and codes of what is said of reasons.
fn faults(text: &str) -> Vec<(u64, String)> {
    let (report, _) = report(&[("main.tf", text)], &[]);
    let findings = report["findings"].as_array().expect("a list").iter();
    let of_reasons = findings.filter(|one| {
        let code = one["code"].as_str().expect("a code");
        code.starts_with("justification/")
    });
    let faults = of_reasons.map(|one| {
        let message = one["message"].as_str().expect("a message");
        let line = &one["span"]["start"]["line"];
        (line.as_u64().expect("a line"), message.to_owned())
    });
    faults.collect()
}

const SAID: &str = "sfl: because=licence reason=\"the vendor counts the cores of the host\"";

#[test]
fn a_reason_that_is_part_of_no_block_is_reported() {
    let stray = "this justification settles nothing: it is part of no `resource` or `module` block";
    let text = format!(
        "# {SAID}

variable \"size\" {{
  default = \"m5.large\" // {SAID}
}}
locals {{
  /* {SAID} */
  name = \"# {}\"
}}
# {SAID}
data \"aws_ami\" \"base\" {{
}}
# {SAID}
resource \"aws_instance\" \"web\" {{
  instance_type = var.size
  root_block_device {{
    # {SAID}
  }}
}}
# sfl is no record here
",
        SAID.replace('"', "\\\"")
    );
    let nested = "this justification settles nothing: it stands in a block within its `resource` or `module` block";
    let expected = [
        (1, stray),
        (4, stray),
        (7, stray),
        (10, stray),
        (17, nested),
    ];
    let expected = expected.map(|(line, message)| (line, message.to_owned()));
    assert_eq!(faults(&text), expected);
}

#[test]
fn a_reason_in_json_that_nobody_reads_is_reported_with_its_form() {
    let object = r#"{"because": "licence", "reason": "the vendor counts the cores of the host"}"#;
    let said = serde_json::to_string(SAID).expect("a text");
    let mut text = String::from("{\"resource\": {\"aws_instance\": {");
    for (name, extra) in [
        ("text", format!(r#""//": {said}"#)),
        ("lines", format!(r#""//": ["made by hand", {said}]"#)),
        ("bare", format!(r#""//": {object}"#)),
        ("beside", format!(r#""sfl": {object}"#)),
        ("loud", format!(r#""//": {{"SFL": {object}}}"#)),
        (
            "nested",
            format!(r#""disk": {{"//": {{"sfl": {object}}}}}"#),
        ),
        ("well", format!(r#""//": {{"sfl": {object}}}"#)),
        (
            "other",
            r#""//": "sfl reads this, because it is there""#.to_owned(),
        ),
    ] {
        text.push_str(&format!(
            "\n\"{name}\": {{\"instance_type\": \"m5.large\", {extra}}},"
        ));
    }
    text.pop();
    text.push_str(
        "}},\n\"module\": {\"own\": {\"source\": \"example/own/aws\", \"sfl\": {\"size\": 2}}}}",
    );
    let (report, _) = report(&[("main.tf.json", &text)], &["--show-justified"]);
    let all = report["findings"].as_array().expect("a list").iter();
    let all = all.filter(|one| one["code"] == "justification/unused");
    let found: Vec<_> = all
        .map(|one| {
            (
                one["span"]["start"]["line"].as_u64().expect("a line"),
                one["message"].as_str().expect("a message"),
                one["help"].to_string(),
            )
        })
        .collect();
    let form = "this justification settles nothing: in JSON it is an object with the key `sfl`";
    let beside = "this justification settles nothing: `sfl` stands beside the arguments and not under `\"//\"`";
    let messages: Vec<_> = found
        .iter()
        .map(|(line, message, _)| (*line, *message))
        .collect();
    assert_eq!(
        messages,
        [
            (2, form),
            (3, form),
            (4, form),
            (5, beside),
            (
                6,
                "this justification settles nothing: `sfl` is written in small letters"
            ),
            (
                7,
                "this justification settles nothing: it is on no resource and no call of a module"
            ),
        ]
    );
    let written = serde_json::to_string(&format!(
        r#"write "//": {{ "sfl": {{ {} }} }}"#,
        &object[1..object.len() - 1]
    ));
    let written = written.expect("a text");
    let written = written.trim_matches('"');
    for (line, _, help) in &found[..4] {
        assert!(help.contains(written), "{line}: {help}");
    }
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let settled = decisions.filter(|one| !one["justification"].is_null());
    let settled: Vec<_> = settled.map(|one| &one["address"]).collect();
    assert_eq!(settled, ["aws_instance.well"]);
}

#[test]
fn a_reason_for_one_instance_is_for_no_other() {
    let settled = |text: &str| {
        let (report, _) = report(&[("main.tf", text)], &["--show-justified"]);
        let decisions = report["decisions"].as_array().expect("a list").iter();
        let settled = decisions.filter(|one| !one["justification"].is_null());
        let settled = settled.map(|one| one["address"].as_str().expect("one").to_owned());
        settled.collect::<Vec<_>>()
    };
    let with = |record: &str, many: &str| {
        let record = SAID.replace("sfl:", record);
        format!(
            "# {record}\nresource \"aws_instance\" \"web\" {{\n  {many}\n  instance_type = \"m5.large\"\n}}\n"
        )
    };
    let colours = "for_each = toset([\"blue\", \"green\"])";
    let blue = ["aws_instance.web[\"blue\"]"];
    for record in ["sfl: for=blue", "sfl: for=\"blue\""] {
        assert_eq!(settled(&with(record, colours)), blue);
        assert_eq!(faults(&with(record, colours)), []);
    }
    assert_eq!(
        settled(&with("sfl: for=1", "count = 3")),
        ["aws_instance.web[1]"]
    );
    let none = "this justification settles nothing: its block has no instance with the key `red`";
    for many in [colours, "for_each = var.colours"] {
        let text = with("sfl: for=red", many);
        assert_eq!(settled(&text), [""; 0]);
        assert_eq!(faults(&text), [(1, none.to_owned())]);
    }
    // One for all is for those that have none of their own, and speaks twice for nobody.
    let both = format!("# {SAID}\n{}", with("sfl: for=blue", colours));
    let all = ["aws_instance.web[\"blue\"]", "aws_instance.web[\"green\"]"];
    assert_eq!(
        (settled(&both), faults(&both)),
        (all.map(str::to_owned).to_vec(), vec![])
    );
    let green = with("sfl: for=green", colours);
    let each = format!("# {}\n{green}", SAID.replace("sfl:", "sfl: for=blue"));
    let over = format!("# {SAID}\n{each}");
    let needless =
        "this justification settles nothing: each instance of its block has a reason of its own";
    assert_eq!(faults(&each), []);
    assert_eq!(faults(&over), [(1, needless.to_owned())]);
}

/// However a comment is laid out, it is read as it is meant, or it is said what to write.
#[test]
fn a_comment_is_read_as_it_is_meant_or_said() {
    let block =
        "resource \"aws_instance\" \"web\" {\n  for_each = toset([\"blue\", \"green\"])\n}\n";
    let read = |comment: &str| {
        let (report, _) = report(&[("main.tf", &format!("{comment}\n{block}"))], &[]);
        let decisions = report["decisions"].as_array().expect("a list").iter();
        let reasons = decisions.filter_map(|one| one["justification"]["reason"].as_str());
        let reasons: Vec<String> = reasons.map(str::to_owned).collect();
        let findings = report["findings"].as_array().expect("a list").iter();
        let faults = findings.filter(|one| {
            let code = one["code"].as_str().unwrap_or_default();
            code.starts_with("justification/")
        });
        let faults: Vec<String> = faults
            .map(|one| {
                format!(
                    "{} {}",
                    one["span"]["start"]["line"],
                    one["message"].as_str().unwrap_or_default()
                )
            })
            .collect();
        (reasons, faults)
    };
    let words = "the vendor counts the cores of the host";
    for comment in [
        format!("# sfl: because = licence reason = \"{words}\""),
        format!("# sfl: because =licence reason= \"{words}\" owner= expires = 2999-01-01"),
        format!("/* sfl: because=licence\n   reason=\"{words}\" */"),
        format!("/*\n * sfl: because=licence\n *      reason=\"{words}\"\n */"),
        format!(
            "/**\n * The front of the shop.\n * sfl: because=licence reason=\"{words}\"\n *\n * More: see below\n */"
        ),
        format!(
            "# the front of the shop\n# sfl: because=licence reason=\"{words}\"\n# more = less"
        ),
    ] {
        assert_eq!(
            read(&comment),
            (vec![words.to_owned(); 2], vec![]),
            "{comment}"
        );
    }
    for one in ["for=[\"blue\"]", "for = \"blue\""] {
        let comment = format!("# sfl: {one} because=licence reason=\"{words}\"");
        assert_eq!(
            read(&comment),
            (vec![words.to_owned()], vec![]),
            "{comment}"
        );
    }
    let several = "1 this justification names several instances, and `for` is for one";
    for keys in ["\"blue\",\"green\"", "\"blue\" , \"green\""] {
        let comment = format!("# sfl: for={keys} because=licence reason=\"{words}\"");
        assert_eq!(
            read(&comment),
            (vec![], vec![several.to_owned()]),
            "{comment}"
        );
    }
    // Other comments are nobody's business.
    for comment in ["/*\n * about sfl: it is a linter\n */", "# sfl reads this"] {
        assert_eq!(read(comment), (vec![], vec![]), "{comment}");
    }
}

#[test]
fn a_long_comment_keeps_what_is_not_its_record() {
    let block = "resource \"aws_instance\" \"web\" {\n}\n";
    let head = "/*\n * The front of the shop.\n * ";
    let tail = "\n *\n * Ask the shop.\n */\n";
    let old = "sfl: because=licence\n *      reason=\"tbd\"";
    let folder = folder(&[("main.tf", &format!("{head}{old}{tail}{block}"))]);
    let reason = "the vendor counts cores and nothing else";
    let text = justified(folder.path(), "aws_instance.web", reason, &[]);
    let new = format!("sfl: because=licence reason=\"{reason}\"");
    assert_eq!(text, format!("{head}{new}{tail}{block}"));
}

#[test]
fn programs_are_told_for_which_instance_a_reason_is() {
    let record = SAID.replace("sfl:", "sfl: for=\"blue\"");
    let block = "resource \"aws_instance\" \"web\" {\n  for_each = toset([\"blue\", \"green\"])\n}\nresource \"aws_instance\" \"door\" {}\n";
    let door = format!("# {SAID}\nresource \"aws_instance\" \"door\"");
    let block = block.replace("resource \"aws_instance\" \"door\"", &door);
    let files = [("main.tf", &*format!("# {record}\n{block}"))];
    let (report, _) = report(&files, &[]);
    let decisions = report["decisions"].as_array().expect("a list").iter();
    let told = decisions.filter_map(|one| one["justification"].as_object());
    let told: Vec<Option<&str>> = told
        .map(|one| one.get("for").and_then(Value::as_str))
        .collect();
    assert_eq!(told, [Some("blue"), None]);
    let folder = folder(&files);
    let list = |format: &str| out(&run(folder.path(), &["justifications", "--format", format]));
    let rows: Value = serde_json::from_str(&list("json")).expect("it is JSON");
    assert_eq!(rows[0]["for"], "blue");
    assert_eq!(rows[1].get("for"), None);
    assert!(
        list("table").contains("main.tf:1, for=\"blue\"\n"),
        "{}",
        list("table")
    );
    assert!(
        list("markdown").contains("main.tf:1, for=\"blue\" |"),
        "{}",
        list("markdown")
    );
}

#[test]
fn a_reason_for_one_instance_of_a_call_is_for_all_that_this_one_makes() {
    let record = SAID.replace("sfl:", "sfl: for=\"a\"");
    let call = format!(
        "# {record}\nmodule \"web\" {{\n  source   = \"./web\"\n  for_each = toset([\"a\", \"b\"])\n}}\n"
    );
    let module = "resource \"aws_instance\" \"web\" {\n  count = 2\n}\n";
    let (report, _) = report(&[("main.tf", &call), ("web/main.tf", module)], &[]);
    let findings = report["findings"].as_array().expect("a list").iter();
    let open = findings.map(|one| one["address"].as_str().expect("an address"));
    assert_eq!(
        open.collect::<Vec<_>>(),
        [
            "module.web[\"b\"].aws_instance.web[0]",
            "module.web[\"b\"].aws_instance.web[1]"
        ]
    );
    // In JSON it is a key like the others.
    let call = r#"{"module": {"web": {"//": {"sfl": {"for": "a", "because": "licence", "reason": "the vendor counts the cores of the host"}},
        "source": "./web", "for_each": {"a": 1, "b": 2}}}}"#;
    let (report, _) = self::report(&[("main.tf.json", call), ("web/main.tf", module)], &[]);
    assert_eq!(report["summary"]["fallbacks"]["justified"], 2);
    assert_eq!(report["summary"]["fallbacks"]["unjustified"], 2);
}

#[test]
fn a_reason_for_one_instance_stays_when_one_for_all_is_written() {
    let one = format!("# {}\n", SAID.replace("sfl:", "sfl: for=blue"));
    let block =
        "resource \"aws_instance\" \"web\" {\n  for_each = toset([\"blue\", \"green\"])\n}\n";
    let folder = folder(&[("main.tf", &format!("{one}{block}"))]);
    let reason = "the vendor counts cores and nothing else";
    let text = justified(folder.path(), "aws_instance.web", reason, &[]);
    assert_eq!(
        text,
        format!("{one}# sfl: because=licence reason=\"{reason}\"\n{block}")
    );
}
