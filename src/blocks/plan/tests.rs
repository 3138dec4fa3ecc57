//! What a plan says, on small ones written out here, and on all plans of the corpus.

#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

use std::borrow::Cow;

use super::*;
use crate::blocks::{Entry, Place};

mod shown;

fn keep(kind: &str) -> Keep<'static> {
    match kind {
        "aws_instance" => Keep::Wanted(
            const {
                &[
                    Cow::Borrowed("instance_type"),
                    Cow::Borrowed("tags"),
                    Cow::Borrowed("disk"),
                    Cow::Borrowed("subnet_id"),
                ]
            },
        ),
        "aws_ecs_service" => {
            Keep::Wanted(const { &[Cow::Borrowed("cluster"), Cow::Borrowed("launch_type")] })
        }
        "aws_ecs_cluster" => Keep::Wanted(const { &[Cow::Borrowed("name")] }),
        "aws_iam_role" => Keep::Plumbing,
        _ => Keep::Unknown,
    }
}

fn kept(text: &str) -> Kept {
    read(text.as_bytes(), &keep).expect("a plan")
}

fn refused(text: &str) -> (String, u32, u32) {
    match read(text.as_bytes(), &keep) {
        Err(PlanError::Syntax { message, position }) => (message, position.line, position.column),
        other => panic!("{text}: {other:?}"),
    }
}

fn addresses(text: &str) -> Vec<String> {
    let kept = kept(text);
    let resources = kept.template.resources.into_iter();
    resources.map(|resource| resource.address).collect()
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
    properties(&kept(text).template, 0)
}

fn properties(template: &Template<'_>, at: usize) -> Vec<String> {
    let properties = template.resources[at].properties.iter();
    let shown =
        properties.map(|entry| format!("{}={}", entry.key, shown_value(template, &entry.value)));
    shown.collect()
}

/// What stands at a place.
fn at(kept: &Kept, place: Option<Place>) -> &str {
    let place = place.expect("a place");
    place.span.of(&kept.excerpts[place.file].text)
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
        let kept = kept(&text);
        assert_eq!((kept.plumbing().count(), kept.unknown.len()), (0, 0));
        assert_eq!(addresses(&text), ["aws_instance.a"]);
    }
    let kept = kept(&format!("{{{planned}}}"));
    assert_eq!(
        (kept.plumbing().count(), kept.unknown.get("aws_new")),
        (1, Some(&1))
    );
    assert_eq!(kept.template.resources.len(), 1);
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
        r#""after":{"user_data":"hidden","instance_type":"x"}"#,
    )]);
    let kept = format!("{:?}", kept(&text));
    assert!(
        kept.contains("instance_type") && !kept.contains("hidden"),
        "{kept}"
    );
}

#[test]
fn what_is_gone_already_is_no_decision() {
    let text = plan(&[
        change(
            "a.gone",
            r#"["no-op"]"#,
            r#""after":null,"after_unknown":{}"#,
        ),
        change(
            "a.open",
            r#"["create"]"#,
            r#""after":null,"after_unknown":true"#,
        ),
        change("a.empty", r#"["create"]"#, r#""after":null"#),
    ]);
    assert_eq!(addresses(&text), ["a.open", "a.empty"]);
}

#[test]
fn plumbing_is_remembered_with_what_it_refers_to() {
    let element = |address: &str, kind: &str, actions: &str| {
        format!(
            r#"{{"address":"{address}","mode":"managed","type":"{kind}","name":"x","index":"a","change":{{"actions":["{actions}"],"after":{{}}}}}}"#
        )
    };
    let changes = [
        element(r#"aws_iam_role.r[\"a\"]"#, "aws_iam_role", "create"),
        element("aws_iam_role.gone", "aws_iam_role", "delete"),
        element(r#"module.m.aws_new.n[\"a\"]"#, "aws_new", "create"),
        element(r#"aws_instance.i[\"a\"]"#, "aws_instance", "create"),
    ];
    let configuration = r#"{"root_module":{"resources":[
        {"mode":"managed","type":"aws_iam_role","name":"r","expressions":{"path":{"constant_value":"/"},"inline_policy":[{"policy":{"references":["aws_instance.i","each.key"]}}]}}],
        "module_calls":{"m":{"expressions":{"r":{"references":["aws_iam_role.r[\"a\"].arn","aws_iam_role.r[\"a\"]","aws_iam_role.r"]}},
            "module":{"resources":[{"mode":"managed","type":"aws_new","name":"n","expressions":{"role":{"references":["var.r"]}}}]}}}}}"#;
    let kept = kept(&format!(
        r#"{{"resource_changes":[{}],"configuration":{configuration}}}"#,
        changes.join(",")
    ));
    let seen = kept.plumbing().map(|plumbing| {
        let references = plumbing.references.into_iter();
        let references = references.map(|reference| (reference.path, reference.address));
        (
            plumbing.address.to_owned(),
            plumbing.kind.to_owned(),
            references.collect::<Vec<_>>(),
        )
    });
    let one = |path: &str, address: &str| vec![(path.to_owned(), address.to_owned())];
    let expected = [
        (
            r#"aws_iam_role.r["a"]"#.to_owned(),
            "aws_iam_role".to_owned(),
            one("inline_policy.policy", r#"aws_instance.i["a"]"#),
        ),
        (
            r#"module.m.aws_new.n["a"]"#.to_owned(),
            "aws_new".to_owned(),
            one("role", r#"aws_iam_role.r["a"]"#),
        ),
    ];
    assert_eq!(seen.collect::<Vec<_>>(), expected);
    assert_eq!(kept.template.resources.len(), 1);
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
            ("network.subnets", "module.base.aws_ecs_cluster.c"),
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
        let kept = kept(&text);
        let references: Vec<Vec<(&str, &str)>> = kept
            .template
            .resources
            .iter()
            .map(|resource| {
                let references = resource.references.iter();
                references
                    .map(|reference| (reference.path.as_str(), reference.address.as_str()))
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
    let template = kept(&text).template;
    assert_eq!(
        template.units[0].names[r#"module.m[1].aws_instance.a["x"]"#],
        [1]
    );
    assert_eq!(template.units[0].names["module.m[0].aws_instance.a"], [0]);
    assert_eq!(template.units[0].names["module.m.aws_instance.a"], [0, 1]);
    assert!(matches!(template.resources[0].properties[..], []));
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
        read(&b"{\"a\": [1]}"[..], &keep),
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
        assert_eq!(kept(&unknown).template.resources.len(), 1);
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
    let whole = kept(&text);
    for size in 1..20 {
        let parts = read(Drip(text.as_bytes(), size), &keep).expect("a plan");
        assert_eq!(parts.excerpts, whole.excerpts);
        for number in 0..2 {
            let resources = [&parts, &whole].map(|kept| &kept.template.resources[number]);
            assert_eq!(resources[0].origin, resources[1].origin);
            assert_eq!(
                properties(&parts.template, number),
                properties(&whole.template, number)
            );
        }
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
        match read(text.as_bytes(), &keep) {
            Ok(kept) => {
                for number in 0..kept.template.resources.len() {
                    properties(&kept.template, number);
                }
                assert!(kept.plumbing().count() < 3);
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
        _ => Keep::Wanted(
            const {
                &[
                    Cow::Borrowed("name"),
                    Cow::Borrowed("instance_type"),
                    Cow::Borrowed("tags"),
                    Cow::Borrowed("vpc_config"),
                ]
            },
        ),
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
        let kept = read(&bytes[..], &keep)
            .unwrap_or_else(|error| panic!("{}: {error}", entry.path().display()));
        let text = std::str::from_utf8(&bytes).expect("the corpus is UTF-8");
        let wide = |mark: u16| std::iter::once(mark).chain(text.encode_utf16());
        let encodings: [Vec<u8>; 3] = [
            wide(0xfeff).flat_map(u16::to_le_bytes).collect(),
            wide(0xfeff).flat_map(u16::to_be_bytes).collect(),
            format!("\u{feff}{text}").into_bytes(),
        ];
        let all = kept.template.resources.len();
        for encoded in &encodings {
            assert!(looks_like_plan(encoded), "{}", entry.path().display());
            let other = read(&encoded[..], &keep).expect("the same plan");
            for number in 0..all {
                let both = [&other, &kept].map(|kept| &kept.template.resources[number]);
                assert_eq!(both[0].references, both[1].references);
                assert_eq!(
                    properties(&other.template, number),
                    properties(&kept.template, number)
                );
            }
        }
        for resource in &kept.template.resources {
            assert_eq!(
                resource.address,
                at(&kept, Some(resource.type_place)).replace("\\\"", "\"")
            );
            for property in &resource.properties {
                let Some(place) = property.place else {
                    continue;
                };
                // The place in the file is what the excerpt shows.
                let excerpt = &kept.excerpts[place.file];
                let from = usize::try_from(excerpt.position.offset).expect("small");
                assert_eq!(&text[from..from + excerpt.text.len()], excerpt.text);
                assert!(excerpt.text.contains(&*property.key));
            }
        }
        plans += 1;
        resources += all + kept.plumbing().count();
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
    let template = kept(&text).template;
    let keys = template.resources.iter().map(|resource| {
        let entries = resource.properties.iter();
        entries
            .map(|entry| entry.key.to_string())
            .collect::<Vec<_>>()
    });
    let keys: Vec<_> = keys.collect();
    // The second has no block in the configuration: then nothing tells who wrote what.
    assert_eq!(keys, [vec!["instance_type"], vec!["instance_type", "tags"]]);
}
