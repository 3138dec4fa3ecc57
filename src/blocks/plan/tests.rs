//! What a plan says, on small ones written out here, and on all plans of the corpus.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use super::*;
use crate::blocks::What;

fn keep(kind: &str) -> Keep {
    match kind {
        "aws_instance" => Keep::Wanted(&["instance_type", "tags", "disk", "subnet_id"]),
        "aws_ecs_service" => Keep::Wanted(&["cluster", "launch_type"]),
        "aws_ecs_cluster" => Keep::Wanted(&["name"]),
        "aws_iam_role" => Keep::Plumbing,
        _ => Keep::Unknown,
    }
}

fn reduced(text: &str) -> Reduced {
    reduce(text.as_bytes(), &keep).expect("a plan")
}

fn refused(text: &str) -> (String, u32, u32) {
    match reduce(text.as_bytes(), &keep) {
        Err(PlanError::Syntax { message, position }) => (message, position.line, position.column),
        other => panic!("{text}: {other:?}"),
    }
}

/// The addresses that are left, and whatever `look` sees of the template.
fn seen<T>(reduced: &Reduced, look: impl FnOnce(&Template<'_>) -> T) -> T {
    let document = json(&reduced.text).expect("what we wrote is JSON");
    look(&read(&document, reduced))
}

fn addresses(text: &str) -> Vec<String> {
    let resources = |template: &Template<'_>| {
        let resources = template.resources.iter();
        resources.map(|resource| resource.address.clone()).collect()
    };
    seen(&reduced(text), resources)
}

/// A value in a few words, all of it.
fn shown_value<'t>(template: &Template<'t>, child: &Child<'t>) -> String {
    match template.expr(child) {
        Expr::Text(text) => text.into_owned(),
        Expr::Absent => "-".to_owned(),
        Expr::Unknown(Cause::AfterApply) => "?".to_owned(),
        Expr::List(items) => {
            let items: Vec<_> = items
                .iter()
                .map(|item| shown_value(template, &item))
                .collect();
            format!("[{}]", items.join(" "))
        }
        Expr::Map(entries) => {
            let entry =
                |entry: Entry<'t>| format!("{}={}", entry.key, shown_value(template, &entry.value));
            let entries: Vec<_> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(" "))
        }
        other => format!("{other:?}"),
    }
}

fn values(text: &str) -> Vec<String> {
    seen(&reduced(text), |template| {
        let resource = template.resources.first().expect("one resource");
        let properties = resource.properties.iter();
        let shown = properties
            .map(|entry| format!("{}={}", entry.key, shown_value(template, &entry.value)));
        shown.collect()
    })
}

fn change(address: &str, actions: &str, change: &str) -> String {
    format!(
        r#"{{"address":"{address}","mode":"managed","type":"aws_instance","name":"x","change":{{"actions":{actions},{change}}}}}"#
    )
}

fn plan(changes: &[String]) -> String {
    format!(
        r#"{{"format_version":"1.2","resource_changes":[{}]}}"#,
        changes.join(",")
    )
}

#[test]
fn what_is_only_deleted_or_forgotten_is_no_decision() {
    let after = r#""after":{"instance_type":"t3.micro"}"#;
    let actions = [
        ("a.no", r#"["no-op"]"#),
        ("a.create", r#"["create"]"#),
        ("a.update", r#"["update"]"#),
        ("a.replace", r#"["delete","create"]"#),
        ("a.replace_first", r#"["create","delete"]"#),
        ("a.replace_forgotten", r#"["create","forget"]"#),
        ("a.gone", r#"["delete"]"#),
        ("a.forgotten", r#"["forget"]"#),
    ];
    let changes: Vec<_> = actions
        .iter()
        .map(|(address, actions)| change(address, actions, after))
        .collect();
    let left = addresses(&plan(&changes));
    let expected = [
        "a.no",
        "a.create",
        "a.update",
        "a.replace",
        "a.replace_first",
        "a.replace_forgotten",
    ];
    assert_eq!(left, expected);
}

#[test]
fn data_sources_and_deposed_objects_are_left_out() {
    let text = r#"{"resource_changes":[
        {"address":"data.aws_instance.d","mode":"data","type":"aws_instance","change":{"actions":["read"],"after":{}}},
        {"type":"aws_instance","mode":"data","change":{"actions":["read"],"after":{}},"address":"data.aws_instance.e"},
        {"address":"aws_instance.f","mode":"managed","type":"aws_instance","deposed":"abc","change":{"actions":["delete","create"],"after":{}}},
        {"address":"aws_instance.g","type":"aws_instance","change":{"actions":["create"],"after":{}}}]}"#;
    assert_eq!(addresses(text), ["aws_instance.g"]);
}

#[test]
fn resources_are_counted_once_in_any_order_of_keys() {
    let planned = r#""planned_values":{"root_module":{"resources":[{"address":"aws_instance.a","mode":"managed","type":"aws_instance","values":{}},{"address":"aws_new.b","mode":"managed","type":"aws_new","values":{}}]}}"#;
    let changes = r#""resource_changes":[{"address":"aws_instance.a","mode":"managed","type":"aws_instance","change":{"actions":["create"],"after":{}}}]"#;
    for text in [
        format!("{{{planned},{changes}}}"),
        format!("{{{changes},{planned}}}"),
    ] {
        let reduced = reduced(&text);
        assert_eq!((reduced.resources, reduced.unknown.len()), (1, 0));
        assert_eq!(addresses(&text), ["aws_instance.a"]);
    }
    let reduced = reduced(&format!("{{{planned}}}"));
    assert_eq!(
        (reduced.resources, reduced.unknown.get("aws_new")),
        (2, Some(&1))
    );
}

#[test]
fn a_state_is_read_like_a_plan() {
    let text = r#"{"format_version":"1.0","terraform_version":"1.9.0","values":{"root_module":{
        "resources":[{"address":"aws_instance.a","mode":"managed","type":"aws_instance","values":{"instance_type":"t3.micro"}}],
        "child_modules":[{"address":"module.m","child_modules":[{"resources":[
            {"address":"module.m.module.n.aws_instance.b[0]","mode":"managed","type":"aws_instance","index":0,"values":{}}]}]}]}}}"#;
    assert_eq!(
        addresses(text),
        ["aws_instance.a", "module.m.module.n.aws_instance.b[0]"]
    );
    assert_eq!(values(text), ["instance_type=t3.micro"]);
    assert!(looks_like_plan(text.as_bytes()));
}

#[test]
fn values_known_only_after_apply_are_unknown_at_any_depth() {
    let text = plan(&[change(
        "aws_instance.a",
        r#"["create"]"#,
        r#""after":{"instance_type":"t3.micro","disk":[{"size":8},{"size":9,"kind":null}],"tags":{"a":"b"}},
           "after_unknown":{"disk":[{},{"kind":true,"id":true},true],"subnet_id":true,"ami":true,"tags":{"a":false}}"#,
    )]);
    let expected = [
        "instance_type=t3.micro",
        "tags={a=b}",
        "disk=[{size=8} {size=9 kind=? id=?} ?]",
        "subnet_id=?",
    ];
    assert_eq!(values(&text), expected);
}

#[test]
fn only_wanted_attributes_are_kept() {
    let text = plan(&[change(
        "a.b",
        r#"["create"]"#,
        r#""after":{"user_data":"secret","instance_type":"x"}"#,
    )]);
    let reduced = reduced(&text);
    assert!(!reduced.text.contains("secret"), "{}", reduced.text);
}

#[test]
fn a_message_can_show_a_line_of_the_plan() {
    let minified = plan(&[change("aws_instance.é", r#"["create"]"#, r#""after":{}"#)]);
    let reduced = reduce(format!("\u{feff}{minified}").as_bytes(), &keep).expect("a plan");
    let start = minified.find(r#"{"address"#).expect("it is there");
    let column = u32::try_from(start + 1).expect("small");
    let offset = start as u64 + 3;
    let position = Position {
        line: 1,
        column,
        offset,
    };
    assert_eq!(reduced.origins, [position]);
    assert_eq!(reduced.excerpts[0].position, position);
    assert!(
        reduced.excerpts[0]
            .text
            .starts_with(r#"{"address":"aws_instance.é""#)
    );

    let pretty = minified.replace('{', "{\n  ").replace(',', ",\n  ");
    let reduced = self::reduced(&pretty);
    let [origin] = reduced.origins[..] else {
        panic!("{reduced:?}")
    };
    let excerpt = &reduced.excerpts[0];
    assert_eq!(excerpt.text, r#""address":"aws_instance.é","#);
    assert_eq!(
        (excerpt.position.line, excerpt.position.column),
        (origin.line + 1, 3)
    );
    assert_eq!(&pretty[origin.offset as usize..][..1], "{");
}

#[test]
fn references_go_through_variables_and_outputs_of_modules() {
    let resource = |address: &str, kind: &str| {
        format!(
            r#"{{"address":"{address}","mode":"managed","type":"{kind}","change":{{"actions":["create"],"after":{{}}}}}}"#
        )
    };
    let changes = [
        resource(
            r#"module.app[\"a.b\"].aws_ecs_service.s[1]"#,
            "aws_ecs_service",
        ),
        resource("module.base.aws_ecs_cluster.c", "aws_ecs_cluster"),
        resource("aws_ecs_service.plain", "aws_ecs_service"),
        resource(r#"aws_ecs_service.each[\"k\"]"#, "aws_ecs_service"),
        resource(r#"aws_ecs_cluster.many[\"k\"]"#, "aws_ecs_cluster"),
        resource(r#"aws_ecs_cluster.many[\"l\"]"#, "aws_ecs_cluster"),
    ];
    let configuration = r#"{"root_module":{
        "resources":[
            {"mode":"managed","type":"aws_ecs_service","name":"plain","expressions":{"cluster":{"references":["aws_ecs_cluster.many[\"l\"].id","aws_ecs_cluster.many[\"l\"]","aws_ecs_cluster.many"]}}},
            {"mode":"managed","type":"aws_ecs_service","name":"each","expressions":{"cluster":{"references":["aws_ecs_cluster.many","each.key"]},
                "network":[{"subnets":{"references":["module.base","each.key"]}}]}}],
        "module_calls":{
            "app":{"for_each_expression":{"references":["var.x"]},"expressions":{"cluster":{"references":["module.base.id","module.base"]}},
                "module":{"resources":[{"mode":"managed","type":"aws_ecs_service","name":"s","expressions":{
                    "cluster":{"references":["var.cluster"]},
                    "task":{"references":["aws_ecs_task_definition.t[0].arn","aws_ecs_task_definition.t[0]","aws_ecs_task_definition.t"]}}}]}},
            "base":{"module":{"outputs":{"id":{"expression":{"references":["aws_ecs_cluster.c.id","aws_ecs_cluster.c"]}}}}}}}}"#;
    let expected = [
        vec![
            ("cluster", "module.base.aws_ecs_cluster.c"),
            ("task", r#"module.app["a.b"].aws_ecs_task_definition.t[0]"#),
        ],
        vec![],
        vec![("cluster", r#"aws_ecs_cluster.many["l"]"#)],
        vec![
            ("cluster", r#"aws_ecs_cluster.many["k"]"#),
            ("network", "module.base.aws_ecs_cluster.c"),
        ],
        vec![],
        vec![],
    ];
    let (changes, configuration) = (
        format!(r#""resource_changes":[{}]"#, changes.join(",")),
        format!(r#""configuration":{configuration}"#),
    );
    for text in [
        format!("{{{configuration},{changes}}}"),
        format!("{{{changes},{configuration}}}"),
    ] {
        let references = reduced(&text).references;
        let references: Vec<Vec<(&str, &str)>> = references
            .iter()
            .map(|list| {
                list.iter()
                    .map(|(property, target)| (property.as_str(), target.as_str()))
                    .collect()
            })
            .collect();
        assert_eq!(references, expected);
    }
}

#[test]
fn names_find_instances_with_and_without_keys() {
    let text = plan(&[
        change(
            r#"module.m[0].aws_instance.a[\"x\"]"#,
            r#"["create"]"#,
            r#""after":{}"#,
        ),
        change(
            r#"module.m[1].aws_instance.a[\"x\"]"#,
            r#"["create"]"#,
            r#""after":{}"#,
        ),
    ]);
    seen(&reduced(&text), |template| {
        assert_eq!(template.names[r#"module.m[1].aws_instance.a["x"]"#], [1]);
        assert_eq!(template.names["module.m[0].aws_instance.a"], [0]);
        assert_eq!(template.names["module.m.aws_instance.a"], [0, 1]);
        assert!(matches!(template.resources[0].properties[..], []));
    });
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let cases = [
        ("{\"a\": 1,\n}", 2, 1),
        ("{\"resource_changes\": [\n {\"a\": 1 \"b\"}]}", 2, 10),
        ("{\"resource_changes\": [{}]", 1, 26),
        ("{\"resource_changes\": [{} {}]}", 1, 26),
        ("{\"prior_state\": [1, {]}", 1, 22),
        ("{\"prior_state\": [oops]}", 1, 18),
        ("{\"prior_state\": nul}", 1, 17),
        ("{\"prior_state\": \"x", 1, 19),
        ("{\"prior_state\": \"x\\", 1, 20),
        ("{} {}", 1, 4),
        ("[]", 1, 1),
        ("", 1, 1),
        (
            "{\"resource_changes\": [{\"type\":\"aws_instance\",\n\"mode\":\"managed\",\n  x}]}",
            3,
            3,
        ),
    ];
    for (text, line, column) in cases {
        let (message, at_line, at_column) = refused(text);
        assert_eq!((at_line, at_column), (line, column), "{text}: {message}");
    }
    assert!(matches!(
        reduce(&b"{\"a\": [1]}"[..], &keep),
        Err(PlanError::NoPlan)
    ));
}

#[test]
fn hostile_plans_are_refused_or_read_in_a_small_stack() {
    let deep = format!("{{\"resource_changes\":[{}", "{\"a\":".repeat(100_000));
    let marks = "[".repeat(1000) + "true" + &"]".repeat(1000);
    let unknown = plan(&[change(
        "a.b",
        r#"["create"]"#,
        &format!(r#""after":{{}},"after_unknown":{{"disk":{marks}}}"#),
    )]);
    let modules = format!(
        "{{\"values\":{{\"root_module\":{}",
        "{\"child_modules\":[".repeat(10_000)
    );
    let work = move || {
        assert!(refused(&deep).0.contains("deep"));
        assert!(refused(&modules).0.contains("deep"));
        assert_eq!(reduced(&unknown).resources, 1);
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work);
    thread.expect("a thread").join().expect("no overflow");
}

#[test]
fn windows_end_anywhere() {
    /// Hands out few bytes at a time.
    struct Drip<'b>(&'b [u8], usize);
    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(into.len());
            into[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let text = plan(&[
        change(
            r#"aws_instance.a[\"\\\\\"]"#,
            r#"["create"]"#,
            "\"after\":{\"tags\":{\"a\\\"\":\"\\\\\"},\n\"instance_type\":\"é\"}",
        ),
        change(
            "aws_instance.b",
            r#"["create"]"#,
            r#""after":{"instance_type":null,"disk":-1.5e3}"#,
        ),
    ]);
    let whole = reduced(&text);
    for size in 1..20 {
        let parts = reduce(Drip(text.as_bytes(), size), &keep).expect("a plan");
        assert_eq!(
            (parts.text, parts.origins, parts.excerpts),
            (
                whole.text.clone(),
                whole.origins.clone(),
                whole.excerpts.clone()
            )
        );
    }
}

#[test]
fn mutants_never_panic_and_json_is_never_refused() {
    let seed = r#"{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"address":"aws_instance.a","mode":"managed","type":"aws_instance","values":{"tags":null}}],"child_modules":[{"resources":[]}]}},
        "resource_changes":[{"address":"module.m[0].aws_instance.a[\"k\"]","mode":"managed","type":"aws_instance","change":{"actions":["delete","create"],"after":{"tags":{"é":[1,-2.5e3,true]},"disk":[]},"after_unknown":{"tags":{"é":[true]},"disk":true}}},
        {"address":"aws_iam_role.r","mode":"managed","type":"aws_iam_role","change":{}}],"configuration":{"root_module":{"module_calls":{"m":{"count_expression":{"references":["var.n"]},"module":{"resources":[
        {"mode":"managed","type":"aws_instance","name":"a","expressions":{"subnet_id":{"references":["var.s","each.key"]}}}]},"expressions":{"s":{"references":["module.m","aws_x.y[0].id"]}}}}}}}"#;
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        usize::try_from(random % below as u64).expect("below a usize")
    };
    let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "1", "{}", "[]", " ", "\n", "é",
        "\"a\":", "x",
    ];
    for _ in 0..20_000 {
        let mut text = seed.to_owned();
        for _ in 0..=next(2) {
            let at = next(text.len());
            let end = (at + next(12)).min(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(end) {
                text.replace_range(at..end, pieces[next(pieces.len())]);
            }
        }
        let valid = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        match reduce(text.as_bytes(), &keep) {
            Ok(reduced) => {
                seen(&reduced, |template| {
                    for entry in template
                        .resources
                        .iter()
                        .flat_map(|resource| &resource.properties)
                    {
                        shown_value(template, &entry.value);
                    }
                });
            }
            Err(error) => assert!(
                !valid || matches!(error, PlanError::NoPlan) || !text.starts_with('{'),
                "{error}: {text}"
            ),
        }
    }
}

#[test]
fn plans_are_told_from_other_files() {
    let yes = [
        r#"{"format_version":"0.1","terraform_version":"0.12.0","variables":{"a"#,
        "\u{feff} {\n \"planned_values\" : {",
        r#"{"resource_changes":[]}"#,
    ];
    for text in yes {
        assert!(looks_like_plan(text.as_bytes()), "{text}");
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(looks_like_plan(&wide), "{text}");
    }
    let no = [
        r#"{"version":4,"terraform_version":"1.9.0","resources":[]}"#,
        r#"{"AWSTemplateFormatVersion":"2010-09-09","Description":"{\"resource_changes\":[]}"}"#,
        "resource_changes: []",
        r#"["resource_changes"]"#,
        "",
    ];
    for text in no {
        assert!(!looks_like_plan(text.as_bytes()), "{text}");
    }
}

#[test]
fn every_plan_of_the_corpus_reads() {
    let Some(corpus) = std::env::var_os("SFL_CORPUS") else {
        println!("skipped: SFL_CORPUS is not set");
        return;
    };
    let keep = |kind: &str| match kind {
        "aws_iam_role" => Keep::Plumbing,
        _ => Keep::Wanted(&["name", "instance_type", "tags", "vpc_config"]),
    };
    let (mut plans, mut resources) = (0, 0);
    for entry in walkdir::WalkDir::new(corpus).into_iter().flatten() {
        let json_file = entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "json");
        if !json_file {
            continue;
        }
        let bytes = std::fs::read(entry.path()).expect("a readable file");
        if !looks_like_plan(&bytes) {
            continue;
        }
        let reduced = reduce(&bytes[..], &keep)
            .unwrap_or_else(|error| panic!("{}: {error}", entry.path().display()));
        let text = std::str::from_utf8(&bytes).expect("the corpus is UTF-8");
        let wide = |mark: u16| std::iter::once(mark).chain(text.encode_utf16());
        let encodings: [Vec<u8>; 3] = [
            wide(0xfeff).flat_map(u16::to_le_bytes).collect(),
            wide(0xfeff).flat_map(u16::to_be_bytes).collect(),
            format!("\u{feff}{text}").into_bytes(),
        ];
        for encoded in &encodings {
            assert!(looks_like_plan(encoded), "{}", entry.path().display());
            let other = reduce(&encoded[..], &keep).expect("the same plan");
            assert_eq!(other.text, reduced.text);
            assert_eq!(other.references, reduced.references);
        }
        let document = json(&reduced.text).expect("what we wrote is JSON");
        let template = read(&document, &reduced);
        assert_eq!(template.resources.len(), reduced.origins.len());
        for resource in &template.resources {
            for entry in &resource.properties {
                assert!(matches!(entry.value.what, What::Node(_)));
                shown_value(&template, &entry.value);
            }
        }
        plans += 1;
        resources += reduced.resources;
    }
    println!("{plans} plans, {resources} resources");
    assert!(plans > 50, "only {plans} plans");
}

#[test]
fn an_attribute_that_nobody_wrote_is_not_open_only_because_the_provider_fills_it_in() {
    let element = |name: &str| {
        change(
            &format!("aws_instance.{name}"),
            r#"["create"]"#,
            r#""after":{},"after_unknown":{"instance_type":true,"tags":true}"#,
        )
        .replace("\"name\":\"x\"", &format!("\"name\":\"{name}\""))
    };
    let configuration = r#"{"root_module":{"resources":[{"address":"aws_instance.a","mode":"managed","type":"aws_instance","name":"a","expressions":{"instance_type":{"references":["var.size"]}}}]}}"#;
    let text = format!(
        r#"{{"format_version":"1.2","resource_changes":[{},{}],"configuration":{configuration}}}"#,
        element("a"),
        element("b")
    );
    let keys = seen(&reduced(&text), |template| {
        let resources = template.resources.iter();
        let keys = resources.map(|resource| {
            let entries = resource.properties.iter();
            entries
                .map(|entry| entry.key.to_string())
                .collect::<Vec<_>>()
        });
        keys.collect::<Vec<_>>()
    });
    // The second has no block in the configuration: then nothing tells who wrote what.
    assert_eq!(keys, [vec!["instance_type"], vec!["instance_type", "tags"]]);
}
