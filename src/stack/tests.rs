//! What a configuration says, on small ones written out here, and on those of the corpus.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use super::*;
use crate::blocks::terraform::ModuleFiles;
use crate::blocks::terraform::{is_configuration, is_variables_only};
use crate::blocks::{Carrier, Reason, Space};
use crate::syntax::{hcl, json};

/// Reads one file and looks at the template.
fn seen<T>(text: &str, look: impl FnOnce(&Template<'_>) -> T) -> T {
    let document = json(text).expect("JSON");
    look(&terraform(ModuleFiles::of(&[&document]), &|_| None))
}

/// A value in a few words, one level deep in names and all the way down in values.
fn shown<'t>(template: &Template<'t>, child: &Child<'t>) -> String {
    let all = |children: Vec<Child<'t>>| {
        let children: Vec<_> = children
            .iter()
            .map(|child| shown(template, child))
            .collect();
        children.join(" ")
    };
    match template.expr(child) {
        Expr::Text(text) | Expr::Number(text) => text.into_owned(),
        Expr::Bool(holds) => holds.to_string(),
        Expr::Absent => "-".to_owned(),
        Expr::Unknown(cause) => format!("?{cause:?}"),
        Expr::List(items) => format!("[{}]", all(items.iter().collect())),
        Expr::Map(entries) => {
            let entries = entries
                .iter()
                .map(|entry| format!("{}={}", entry.key, shown(template, &entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(" "))
        }
        Expr::Call(function, arguments) => {
            let name = match function {
                Function::Named(named) => named.name().to_owned(),
                function => format!("{function:?}"),
            };
            format!("{name}({})", all(arguments.iter().collect()))
        }
        Expr::For(each) => {
            let written = each.written();
            let names = written.names.0.iter().chain([&written.names.1]);
            let names = names.map(|name| &**name).collect::<Vec<_>>().join(",");
            format!("for {names} ({})", all(each.parts()))
        }
        Expr::Name(Name::Parameter(name)) => format!("var:{name}"),
        Expr::Name(Name::Definition(Space::Local, name)) => format!("local:{name}"),
        Expr::Name(Name::Loop(name)) => format!("loop:{name}"),
        Expr::Name(Name::Attribute(address, attribute)) => format!("@{address}:{attribute}"),
        other => format!("{other:?}"),
    }
}

fn items<'t>(template: &Template<'t>, child: &Child<'t>) -> Vec<Child<'t>> {
    match template.expr(child) {
        Expr::List(items) => items.iter().collect(),
        other => panic!("{other:?}"),
    }
}

/// The value of one entry of a map.
fn part<'t>(template: &Template<'t>, child: &Child<'t>, key: &str) -> Option<String> {
    let Expr::Map(entries) = template.expr(child) else {
        panic!("{child:?} is no map");
    };
    text_of(template, &entries.get(key)?.value)
}

/// The address of an instance whose key is computed.
fn instance<'t>(template: &Template<'t>, child: &Child<'t>) -> Option<String> {
    match template.expr(child) {
        Expr::Call(Function::Instance, arguments) => Resolver::new(template).address_of(&arguments),
        other => panic!("{other:?}"),
    }
}

fn text_of<'t>(template: &Template<'t>, child: &Child<'t>) -> Option<String> {
    match Resolver::new(template).value(child) {
        Value::Text(text) => Some(text.into_owned()),
        _ => None,
    }
}

/// Shows one value of a resource.
fn value(written: &str) -> String {
    let written = serde_json::to_string(written).expect("a text");
    let text = format!(r#"{{"resource":{{"aws_x":{{"y":{{"a":{written}}}}}}}}}"#);
    seen(&text, |template| {
        shown(template, &template.resources[0].properties[0].value)
    })
}

/// Addresses, each with its condition if it has one.
fn addresses(text: &str) -> Vec<String> {
    seen(text, |template| {
        let resources = template
            .resources
            .iter()
            .map(|resource| match &resource.condition {
                Some(condition) => {
                    format!("{} if {}", resource.address, shown(template, condition))
                }
                None => resource.address.clone(),
            });
        resources.collect()
    })
}

fn with(meta: &str, rest: &str) -> String {
    format!(r#"{{"resource":{{"aws_x":{{"y":{{{meta},"name":"n"}}}}}}{rest}}}"#)
}

#[test]
fn expressions_become_words_that_every_dialect_shares() {
    let cases = [
        ("plain", "plain"),
        ("$${a} %%{b}", "${a} %{b}"),
        ("${var.a}", "var:a"),
        ("${ var.a.b[0] }", "Index(var:a b 0)"),
        (
            "${local.a}-x-${each.key}",
            "Template(local:a -x- ?Pseudo(\"each.key\"))",
        ),
        ("$${kept}${var.a}", "Template(${kept} var:a)"),
        ("c:\\dir\\${var.a}", "Template(c:\\dir\\ var:a)"),
        ("${aws_x.y.id}", "@aws_x.y:id"),
        ("${aws_x.y[0].id}", "@aws_x.y[0]:id"),
        ("${aws_x.y.0.id}", "@aws_x.y[0]:id"),
        ("${aws_x.y[\"k\"].a.b}", "Index(@aws_x.y[\"k\"]:a b)"),
        ("${aws_x.y[var.n].id}", "Instance(aws_x.y var:n id)"),
        ("${aws_x.y[*].id}", "Instances(@aws_x.y:id)"),
        ("${aws_x.y.*.id}", "Instances(@aws_x.y:id)"),
        ("${aws_x.y.*.id[1]}", "@aws_x.y[1]:id"),
        ("${aws_x.y}", "@aws_x.y:"),
        ("${resource.aws_x.y.id}", "@aws_x.y:id"),
        ("${data.aws_x.y.id}", "?Data(\"data.aws_x.y.id\")"),
        ("${module.m.out}", "@module.m:out"),
        (
            "${path.module}/x",
            "Template(Name(Definition(Path, \"module\")) /x)",
        ),
        ("${var.a ? \"x\" : null}", "If(var:a x -)"),
        (
            "${var.a == \"x\" && !var.b}",
            "And(Equals(var:a x) Not(var:b))",
        ),
        (
            "${var.a > 1 || 2 >= var.b}",
            "Or(Below(1 var:a) AtMost(var:b 2))",
        ),
        ("${lookup(var.m, \"k\", \"d\")}", "lookup(var:m k d)"),
        (
            "${element(aws_x.y.*.id, 0)}",
            "element(Instances(@aws_x.y:id) 0)",
        ),
        ("${one(aws_x.y[*].id)}", "one(Instances(@aws_x.y:id))"),
        ("${coalesce(var.a, \"b\")}", "coalesce(var:a b)"),
        ("${tolist([1, true])}", "tolist([1 true])"),
        (
            "${format(\"%s-%d%%\", var.a, 2)}",
            "format(%s-%d%% var:a 2)",
        ),
        (
            "${format(\"%05d\", aws_x.y.id)}",
            "format(%05d @aws_x.y:id)",
        ),
        ("${bcrypt(aws_x.y.id)}", "Opaque(bcrypt @aws_x.y:id)"),
        ("${2 * 3}", "Times(2 3)"),
        ("${-1}", "-1"),
        ("${var.a + 1}", "Plus(var:a 1)"),
        (
            "${{a = 1, (var.k) = aws_x.y.id}}",
            "Object(a 1 var:k @aws_x.y:id)",
        ),
        ("${{a = 1, \"b\" : 2}}", "{a=1 b=2}"),
        (
            "${[for s in aws_x.y : s.id]}",
            "for s (@aws_x.y: Index(loop:s id))",
        ),
        (
            "${{for k, v in var.m : k => aws_x.y.id if v}}",
            "for k,v (var:m @aws_x.y:id loop:k loop:v)",
        ),
        (
            "%{ if var.a }x%{ else }y%{ endif }",
            "Template(If(var:a x y))",
        ),
        ("${merge(var.a...)}", "Expanded(Merge)(var:a)"),
        (
            "${provider::aws::arn_parse(var.a)}",
            "Opaque(provider::aws::arn_parse var:a)",
        ),
        ("${broken", "?Rejected(\"${...}\")"),
        ("${nothing}", "?Undefined(\"nothing\")"),
    ];
    for (written, expected) in cases {
        assert_eq!(value(written), expected, "{written}");
    }
}

#[test]
fn json_values_are_texts_lists_and_maps() {
    let text = r#"{"resource":{"aws_x":{"y":{"a":[1,true,null,{"//":"c","b":"x","b":"y"}],"depends_on":["aws_x.z"],"lifecycle":{}}}}}"#;
    seen(text, |template| {
        let [entry] = &template.resources[0].properties[..] else {
            panic!("{template:?}")
        };
        assert_eq!(
            (&*entry.key, shown(template, &entry.value)),
            ("a", "[1 true - {b=y}]".to_owned())
        );
        let place = entry.place.expect("its key stands in the file");
        assert_eq!(place.span.of(template.documents[0].text()), "\"a\"");
    });
}

#[test]
fn blocks_are_objects_or_lists_at_every_level() {
    let texts = [
        r#"{"resource":{"aws_x":{"y":{},"z":{}}}}"#,
        r#"[{"resource":[{"aws_x":[{"y":[{}]},{"z":{}}]}]}]"#,
        r#"{"resource":[{"aws_x":{"y":{}}},{"aws_x":{"z":[{}]}}]}"#,
        r#"{"resource":{"//":"c","aws_x":{"//":{"a":{}},"y":{}}},"resource":{"aws_x":{"z":{}}}}"#,
    ];
    for text in texts {
        assert_eq!(addresses(text), ["aws_x.y", "aws_x.z"], "{text}");
    }
}

#[test]
fn counts_are_spelled_out_where_they_are_known() {
    let cases = [
        (r#""count":2"#, "", vec!["aws_x.y[0]", "aws_x.y[1]"]),
        (
            r#""count":"${1 + 1}""#,
            "",
            vec!["aws_x.y[0]", "aws_x.y[1]"],
        ),
        (r#""count":0"#, "", vec![]),
        (
            r#""count":"${local.on ? 1 : 0}""#,
            r#","locals":{"on":false}"#,
            vec![],
        ),
        (
            r#""count":"${local.on ? 1 : 0}""#,
            r#","locals":[{"on":true}]"#,
            vec!["aws_x.y[0]"],
        ),
        (
            r#""count":"${var.on ? 1 : 0}""#,
            r#","variable":{"on":{"default":true}}"#,
            vec!["aws_x.y[0] if var:on"],
        ),
        (
            r#""count":"${var.off ? 0 : 1}""#,
            r#","variable":{"off":{}}"#,
            vec!["aws_x.y if Not(var:off)"],
        ),
        (
            r#""count":"${var.on ? 1 : 0}""#,
            r#","variable":[{"on":[{"default":false}]}]"#,
            vec!["aws_x.y if var:on"],
        ),
        (
            r#""count":"${local.n}""#,
            r#","locals":{"n":"${var.on ? 1 : 0}"},"variable":{"on":{"default":true}}"#,
            vec!["aws_x.y[0] if var:on"],
        ),
        (
            r#""count":"${var.n}""#,
            r#","variable":{"n":{"default":2}}"#,
            vec![
                "aws_x.y[0] if Not(AtMost(var:n 0))",
                "aws_x.y[1] if Not(AtMost(var:n 0))",
            ],
        ),
        (
            r#""count":"${var.big ? 2 : 1}""#,
            r#","variable":{"big":{"default":true}}"#,
            vec!["aws_x.y[0]", "aws_x.y[1]"],
        ),
        (
            r#""count":"${length(data.aws_a.b.c)}""#,
            "",
            vec!["aws_x.y if Not(AtMost(length(?Data(\"data.aws_a.b.c\")) 0))"],
        ),
        (r#""count":1001"#, "", vec!["aws_x.y"]),
        (
            r#""count":"${length(local.l)}""#,
            r#","locals":{"l":["a"]}"#,
            vec!["aws_x.y[0]"],
        ),
    ];
    for (count, rest, expected) in cases {
        let found: Vec<_> = addresses(&with(count, rest))
            .iter()
            .map(|line| line.replace(" if Not(AtMost(1001 0))", ""))
            .collect();
        assert_eq!(found, expected, "{count}{rest}");
    }
}

#[test]
fn for_each_is_spelled_out_where_it_is_known() {
    let cases = [
        (
            r#""for_each":{"a":1,"b.c":2}"#,
            "",
            vec!["aws_x.y[\"a\"]", "aws_x.y[\"b.c\"]"],
        ),
        (
            r#""for_each":"${toset([\"a\", \"b\", \"a\"])}""#,
            "",
            vec!["aws_x.y[\"a\"]", "aws_x.y[\"b\"]"],
        ),
        (
            r#""for_each":"${toset([\"0\"])}""#,
            "",
            vec!["aws_x.y[\"0\"]"],
        ),
        (
            r#""for_each":"${merge(local.m, {c = 1})}""#,
            r#","locals":{"m":{"a":{}}}"#,
            vec!["aws_x.y[\"a\"]", "aws_x.y[\"c\"]"],
        ),
        (
            r#""for_each":"${var.m}""#,
            r#","variable":{"m":{"default":{"a":{}}}}"#,
            vec!["aws_x.y[\"a\"]"],
        ),
        (
            r#""for_each":"${var.m}""#,
            r#","variable":{"m":{}}"#,
            vec!["aws_x.y if Not(AtMost(length(var:m) 0))"],
        ),
        (r#""for_each":{}"#, "", vec![]),
        (
            r#""for_each":"${var.m}""#,
            r#","variable":{"m":{"default":{}}}"#,
            vec!["aws_x.y if Not(AtMost(length(var:m) 0))"],
        ),
        (
            r#""for_each":"${var.on ? {a = 1} : {}}""#,
            r#","variable":{"on":{"default":true}}"#,
            vec!["aws_x.y[\"a\"] if var:on"],
        ),
        (
            r#""for_each":"${toset(data.a.b.c)}""#,
            "",
            vec!["aws_x.y if Not(AtMost(length(toset(?Data(\"data.a.b.c\"))) 0))"],
        ),
    ];
    for (each, rest, expected) in cases {
        assert_eq!(addresses(&with(each, rest)), expected, "{each}{rest}");
    }
}

#[test]
fn loop_variables_are_bound_in_each_instance() {
    let module = r#"{"resource":{"aws_x":{"y":{"for_each":{"a":{"size":"s"}},"name":"${each.key}","size":"${each.value.size}","peer":"${aws_z.z[each.key].id}"},
        "n":{"count":2,"peer":"${aws_z.z[count.index].id}"},"u":{"count":"${var.n}","i":"${count.index}"}}},"variable":{"n":{}}}"#;
    seen(module, |template| {
        let [y, n, second, u] = &template.resources[..] else {
            panic!("{template:?}")
        };
        let known = |at: usize| text_of(template, &y.properties[at].value);
        assert_eq!(known(0).as_deref(), Some("a"));
        assert_eq!(known(1).as_deref(), Some("s"));
        let named = [&y.properties[2], &n.properties[0], &second.properties[0]];
        let named = named.map(|entry| instance(template, &entry.value));
        let expected = ["aws_z.z[\"a\"]", "aws_z.z[0]", "aws_z.z[1]"];
        assert_eq!(named, expected.map(|name| Some(name.to_owned())));
        assert_eq!(
            shown(template, &u.properties[0].value),
            "Index(loop:count index)"
        );
        assert_eq!(template.units[0].names["aws_x.n"], [1, 2]);
        assert_eq!(template.units[0].names["aws_x.n[1]"], [2]);
        assert_eq!(template.units[0].names["aws_x.u"], [3]);
        assert_eq!(template.units[0].names["aws_x.u[0]"], [3]);
    });
}

#[test]
fn dynamic_blocks_are_written_out() {
    let text = r#"{"resource":{"aws_x":{"y":{"setting":{"name":"first"},"dynamic":{
        "setting":{"for_each":"${local.list}","content":{"name":"${setting.value}-${setting.key}"}},
        "rule":[{"for_each":{"k":{"ports":[1,2]}},"iterator":"r","content":{"id":"${r.key}",
            "dynamic":{"port":{"for_each":"${r.value.ports}","content":[{"n":"${port.value}"}]}}}}],
        "maybe":{"for_each":"${var.x}","content":{"n":"${maybe.value}"}}}}}},"locals":{"list":["a","b"]}}"#;
    seen(text, |template| {
        let properties = &template.resources[0].properties;
        let keys: Vec<_> = properties.iter().map(|entry| &*entry.key).collect();
        assert_eq!(keys, ["setting", "rule", "maybe"]);
        let names: Vec<_> = items(template, &properties[0].value)
            .iter()
            .filter_map(|item| part(template, item, "name"))
            .collect();
        assert_eq!(names, ["first", "a-0", "b-1"]);
        assert_eq!(
            shown(template, &properties[1].value),
            "[{id=Index(loop:r key) port=[{n=Index(loop:port value)} {n=Index(loop:port value)}]}]"
        );
        assert_eq!(items(template, &properties[2].value).len(), 1);
    });
}

#[test]
fn dynamic_blocks_in_blocks_that_stand_several_times_are_written_out() {
    let text = r#"
resource "aws_x" "y" {
  part {
    name = "one"
    dynamic "port" {
      for_each = [1, 2]
      content { n = port.value }
    }
  }
  part {
    name = "two"
  }
  dynamic "part" {
    for_each = ["three"]
    content { name = part.value }
  }
}
"#;
    let parsed = hcl(text);
    let template = terraform(ModuleFiles::of(&[&parsed.document]), &|_| None);
    let parts = &template.resources[0].properties[0];
    assert_eq!(
        shown(&template, &parts.value),
        "[{name=one port=[{n=Index(loop:port value)} {n=Index(loop:port value)}]} {name=two} {name=Index(loop:part value)}]"
    );
}

#[test]
fn variables_take_the_last_value_that_is_given() {
    let configuration = json(r#"{"variable":{"a":{"default":"x","validation":{"condition":"${contains([\"x\", \"y\"], var.a)}","error_message":"no"}},"b":{}},"resource":{"aws_x":{"y":{"count":"${var.b}"}}}}"#).expect("JSON");
    let first = json(r#"{"a":"z","b":1,"c":2}"#).expect("JSON").numbered(1);
    let second = json(r#"{"b":2}"#).expect("JSON").numbered(2);
    let files = ModuleFiles {
        configuration: &[&configuration],
        variables: &[&first, &second],
        ..ModuleFiles::default()
    };
    let template = terraform(files, &|_| None);
    let [a, b] = &template.parameters[..] else {
        panic!("{template:?}")
    };
    assert_eq!(a.allowed, ["x", "y"]);
    assert_eq!(shown(&template, a.default.as_ref().expect("given")), "z");
    assert_eq!(shown(&template, b.default.as_ref().expect("given")), "2");
    assert_eq!((b.place.file, b.place.span.of(second.text())), (2, "2"));
    assert_eq!(template.resources.len(), 2);
}

#[test]
fn reasons_stand_in_comments() {
    let text = r#"{"//":{"sfl":{"because":"migration"}},"resource":{"aws_x":{
        "y":{"//":{"sfl":{"because":"licence","reason":"per host"}}},"z":{"//":"sfl"},"w":{"//":{"sfl":7}}}}}"#;
    seen(text, |template| {
        let because = |reason: &Reason| reason.because.as_ref().map(|field| field.text.clone());
        assert_eq!(
            template.units[0]
                .reasons
                .iter()
                .filter_map(because)
                .collect::<Vec<_>>(),
            ["migration"]
        );
        let counts: Vec<_> = template
            .resources
            .iter()
            .map(|resource| resource.reasons.len())
            .collect();
        assert_eq!(counts, [1, 0, 1]);
        assert_eq!(template.resources[0].reasons[0].carrier, Carrier::Slashes);
        assert!(template.resources[0].properties.is_empty());
    });
}

#[test]
fn configurations_are_told_from_other_files() {
    let root = |text: &str, judge: fn(Node<'_>) -> bool| {
        let document = json(text).expect("JSON");
        document.roots().next().is_some_and(judge)
    };
    let yes = [
        r#"{"resource":{"aws_x":{"y":{}}}}"#,
        r#"[{"resource":[{"aws_x":[{"y":{}}]}]}]"#,
        r#"{"module":{"m":{"source":"./m"}},"//":"x"}"#,
        r#"{"terraform":{"backend":{"s3":{}}}}"#,
        r#"{"data":{"aws_x":{"y":{}}},"resource":{"aws_x":{"y":{}}}}"#,
    ];
    for text in yes {
        assert!(root(text, is_configuration), "{text}");
    }
    let no = [
        "{}",
        "[]",
        "7",
        r#"{"name":"x","version":"1","module":"y","dependencies":{}}"#,
        r#"{"module":"y"}"#,
        r#"{"resource":"x"}"#,
        r#"{"data":{"user":{"name":{"first":"x"}}}}"#,
        r#"{"resource":{"name":{"first":{}}}}"#,
        r#"{"apiVersion":"v1","kind":"List","items":[]}"#,
        r#"{"Resources":{"A":{"Type":"AWS::S3::Bucket"}}}"#,
        r#"{"swagger":"2.0","paths":{}}"#,
        r#"{"resource":{"aws_x":{"y":{}}},"more":1}"#,
    ];
    for text in no {
        assert!(!root(text, is_configuration), "{text}");
        assert!(!root(text, is_variables_only), "{text}");
    }
    assert!(root(
        r#"{"variable":{"a":{"default":1}},"locals":{"b":2}}"#,
        is_variables_only
    ));
    assert!(!root(
        r#"{"variable":{"a":{"value":1}}}"#,
        is_variables_only
    ));
}

#[test]
fn hostile_configurations_are_read_in_a_small_stack() {
    let nest = |open: &str, close: &str, times: usize| {
        format!("${{{}1{}}}", open.repeat(times), close.repeat(times))
    };
    let mut texts: Vec<String> = Vec::new();
    for times in [60, 100, 5000] {
        for (open, close) in [
            ("(", ")"),
            ("[", "]"),
            ("{a=", "}"),
            ("f(", ")"),
            ("!", ""),
            ("-", ""),
            ("\"${", "}\""),
            ("true ? ", " : 0"),
            ("a[", "]"),
            ("1+", ""),
        ] {
            texts.push(nest(open, close, times));
            texts.push(nest(open, "", times));
        }
        texts.push("%{ if true }".repeat(times));
        texts.push("%{ for a in b }".repeat(times));
        texts.push(format!("${{var{}}}", ".a".repeat(times)));
        texts.push(format!("${{aws_x.y{}}}", "[0]".repeat(times)));
        texts.push("${a}".repeat(times));
    }
    let work = move || {
        for text in &texts {
            let started = std::time::Instant::now();
            let shown = value(text);
            assert!(
                started.elapsed().as_secs() < 5,
                "{:.40} took {:?}",
                text,
                started.elapsed()
            );
            assert!(!shown.is_empty());
        }
        let members: Vec<_> = (0..2000)
            .map(|at| format!(r#""l{}":"${{[local.l{at}, local.l{at}]}}""#, at + 1))
            .collect();
        let text = format!(
            r#"{{"locals":{{"l0":"${{local.l2000}}",{}}},"resource":{{"aws_x":{{"y":{{"count":"${{length(flatten(local.l2000)) + length(local.l2000[0][0])}}"}},"z":{{"for_each":"${{local.l2000 == local.l1999 ? local.l2000 : {{}}}}"}}}}}}}}"#,
            members.join(",")
        );
        assert_eq!(addresses(&text).len(), 2);
        let many: Vec<_> = (0..5000)
            .map(|at| format!(r#""r{at}":{{"count":1000,"a":1,"b":2}}"#))
            .collect();
        let text = format!(r#"{{"resource":{{"aws_x":{{{}}}}}}}"#, many.join(","));
        assert!(addresses(&text).len() < 200_000);
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.expect("a thread").join().expect("no overflow");
}

#[test]
fn mutants_never_panic() {
    let seed = r#"{"resource":{"aws_x":{"y":{"count":"${var.n > 1 ? 2 : 0}","a":"${lookup(local.m[\"k\"], each.key, 1)}-$${x}%{ if var.a }b%{ endif }",
        "dynamic":{"s":{"for_each":"${[for k, v in local.m : v]}","content":{"b":"${s.value}"}}}},"z":{"for_each":"${toset([\"a\"])}","c":"${format(\"%s-%d\", aws_x.y[0].id, 1.5)}"}}},
        "locals":{"m":{"k":[1,{"c":null}]}},"variable":{"n":{"default":2}}}"#;
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).expect("below a usize")
    };
    let pieces = [
        "${", "}", "%{", "[", "]", "(", ")", ".", "*", "\\\"", "?", ":", "~", "for", " in ", "...",
        "$${", "-", "é", "[*]", "each", "0",
    ];
    let mut read = 0;
    for _ in 0..5000 {
        let mut text = seed.to_owned();
        for _ in 0..=next(3) {
            let at = next(text.len());
            let end = (at + next(4)).min(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(end) {
                text.replace_range(at..end, pieces[next(pieces.len())]);
            }
        }
        let Ok(document) = json(&text) else { continue };
        let template = terraform(ModuleFiles::of(&[&document]), &|_| None);
        for entry in template
            .resources
            .iter()
            .flat_map(|resource| &resource.properties)
        {
            shown(&template, &entry.value);
        }
        read += 1;
    }
    assert!(read > 500, "only {read} mutants were JSON");
}

#[test]
fn every_configuration_of_the_corpus_reads() {
    let Some(corpus) = std::env::var_os("SFL_CORPUS") else {
        println!("skipped: SFL_CORPUS is not set");
        return;
    };
    let (mut files, mut resources) = (0, 0);
    for entry in walkdir::WalkDir::new(corpus).into_iter().flatten() {
        let name = entry.file_name().to_string_lossy();
        if !name.ends_with(".json") {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(entry.path()) else {
            continue;
        };
        let Ok(document) = json(&text) else { continue };
        let Some(root) = document.roots().next() else {
            continue;
        };
        assert_eq!(
            is_configuration(root),
            name.ends_with(".tf.json"),
            "{}",
            entry.path().display()
        );
        if !is_configuration(root) {
            continue;
        }
        let template = terraform(ModuleFiles::of(&[&document]), &|_| None);
        for resource in &template.resources {
            for entry in &resource.properties {
                shown(&template, &entry.value);
            }
        }
        files += 1;
        resources += template.resources.len();
    }
    println!("{files} configurations, {resources} resources");
    assert!(files >= 5);
}
