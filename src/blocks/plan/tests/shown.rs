//! What a message can show of a plan, and what it never shows.

use super::*;

#[test]
fn a_message_can_show_a_line_of_the_plan() {
    let minified = plan(&[change(
        "aws_instance.é",
        r#"["create"]"#,
        r#""after":{"instance_type":"t3.micro"}"#,
    )]);
    let kept = read(format!("\u{feff}{minified}").as_bytes(), &keep).expect("a plan");
    let position = |text: &str| {
        let start = minified.find(text).expect("it is there");
        let column = minified[..start].chars().count() + 1;
        Position {
            line: 1,
            column: u32::try_from(column).expect("small"),
            offset: start as u64 + 3,
        }
    };
    let resource = &kept.template.resources[0];
    assert_eq!(resource.origin, Some(position(r#"{"address"#)));
    let excerpt = &kept.excerpts[resource.type_place.file];
    assert_eq!(excerpt.position, position(r#"{"address"#));
    assert!(excerpt.text.starts_with(r#"{"address":"aws_instance.é""#));
    assert_eq!(at(&kept, Some(resource.type_place)), "aws_instance.é");
    let deciding = resource.properties[0].place;
    assert_eq!(at(&kept, deciding), r#""instance_type":"t3.micro""#);
    let file = deciding.expect("a place").file;
    assert_eq!(
        kept.excerpts[file].position,
        position(r#""instance_type":"#)
    );

    let pretty = minified.replace('{', "{\n  ").replace(',', ",\n  ");
    let kept = self::kept(&pretty);
    let resource = &kept.template.resources[0];
    let origin = resource.origin.expect("it has one");
    let excerpt = &kept.excerpts[resource.type_place.file];
    assert_eq!(excerpt.text, r#""address":"aws_instance.é","#);
    assert_eq!(
        (excerpt.position.line, excerpt.position.column),
        (origin.line + 1, 3)
    );
    assert_eq!(&pretty[origin.offset as usize..][..1], "{");
    let lines = pretty
        .lines()
        .position(|line| line.contains("instance_type"));
    let file = resource.properties[0].place.expect("a place").file;
    let position = kept.excerpts[file].position;
    assert_eq!(Some(position.line as usize), lines.map(|line| line + 1));
    assert_eq!(position.column, 3);
}

#[test]
fn values_in_blocks_have_places_of_their_own() {
    let long = "x".repeat(3000);
    let text = plan(&[change(
        "aws_instance.a",
        r#"["create"]"#,
        &format!(
            r#""after":{{"disk":[{{"size":8}},{{"note":"{long}","size":9}}]}},"after_unknown":{{"disk":[{{"id":true}}],"subnet_id":true}}"#
        ),
    )]);
    let kept = kept(&text);
    let resource = &kept.template.resources[0];
    let entries = |child: &Child<'static>| match kept.template.expr(child) {
        Expr::Map(entries) => entries.iter().collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let Expr::List(disks) = kept.template.expr(&resource.properties[0].value) else {
        panic!("{resource:?}")
    };
    let disks: Vec<_> = disks.iter().collect();
    let [size, id] = &entries(&disks[0])[..] else {
        panic!("{disks:?}")
    };
    assert_eq!(at(&kept, size.place), r#""size":8"#);
    // What is not known is told elsewhere in the element; what is far inside of a long value is not kept.
    assert_eq!(id.place, None);
    let far = &entries(&disks[1]);
    assert!(at(&kept, far[0].place).starts_with(r#""note":"xxx"#));
    assert_eq!(far[1].place, None);
    assert_eq!(
        at(&kept, resource.properties[1].place),
        r#""subnet_id":true"#
    );
}

#[test]
fn secrets_are_not_shown() {
    let change = change(
        "aws_instance.a",
        r#"["create"]"#,
        r#""after":{"instance_type":"hidden","tags":{"a":"hidden"}},"after_sensitive":{"instance_type":true,"tags":{"a":true}}"#,
    );
    let state = r#"{"values":{"root_module":{"resources":[{"address":"aws_instance.a","mode":"managed","type":"aws_instance","values":{"instance_type":"hidden","tags":{"a":"hidden"}},"sensitive_values":{"instance_type":true,"tags":{"a":true}}}]}}}"#;
    for text in [plan(&[change]), state.to_owned()] {
        assert_eq!(values(&text), ["instance_type=hidden", "tags={a=hidden}"]);
        let kept = kept(&text);
        let shown = format!("{:?}", kept.excerpts);
        assert!(!shown.contains("hidden"), "{shown}");
        let places = kept.template.resources[0].properties.iter();
        assert!(places.map(|entry| entry.place).all(|place| place.is_none()));
    }
}

#[test]
fn the_variables_on_which_a_property_hangs_are_named() {
    let element = |address: &str| {
        format!(
            r#"{{"address":"{address}","mode":"managed","type":"aws_instance","name":"i","change":{{"actions":["create"],"after":{{"instance_type":"m7g.large","disk":[{{"kind":"gp3"}}],"tags":{{"a":"b"}}}}}}}}"#
        )
    };
    let text = format!(
        r#"{{"variables":{{
            "size":{{"value":"m7g.large"}},
            "disk":{{"value":{{"kind":"gp3"}}}},
            "secret":{{"value":"hidden"}},
            "idle":{{"value":null}}}},
        "resource_changes":[{}],
        "configuration":{{"root_module":{{
            "variables":{{"size":{{"default":"t3.micro"}},"secret":{{"sensitive":true}},"disk":{{}},"idle":{{}}}},
            "module_calls":{{"m":{{"expressions":{{"type":{{"references":["var.size"]}},"secret":{{"references":["var.secret"]}},"idle":{{"references":["var.idle"]}}}},
                "module":{{"variables":{{"type":{{}},"secret":{{}}}},"resources":[{{"mode":"managed","type":"aws_instance","name":"i","expressions":{{
                    "instance_type":{{"references":["var.type","var.secret"]}},
                    "disk":[{{"kind":{{"references":["var.disk.kind","var.disk"]}}}}],
                    "tags":{{"references":["var.gone"]}}}}}}]}}}}}},
            "resources":[{{"mode":"managed","type":"aws_instance","name":"i","expressions":{{
                "disk":[{{"kind":{{"references":["var.disk.kind","var.disk"]}}}}],
                "tags":{{"references":["var.idle"]}}}}}}]}}}}}}"#,
        [
            element("module.m.aws_instance.i"),
            element("aws_instance.i")
        ]
        .join(",")
    );
    let kept = kept(&text);
    let said = |resource: usize, property: usize| {
        let place = kept.template.resources[resource].properties[property].place;
        let all = kept.variables(resource, place.expect("a place"));
        let all = all.into_iter();
        all.map(|(place, message)| {
            let from = usize::try_from(kept.excerpts[place.file].position.offset).expect("small");
            let shown = at(&kept, Some(place));
            assert_eq!(&text[from..from + shown.len()], shown);
            format!("{shown}: {message}")
        })
        .collect::<Vec<_>>()
    };
    let (kind, tags, disk) = (0, 1, 2);
    let size = r#""value":"m7g.large": `size` is `m7g.large` in this plan"#;
    assert_eq!(said(0, kind), [size]);
    // Nothing is passed to the module by these names.
    assert_eq!(said(0, tags), [""; 0]);
    assert_eq!(said(0, disk), [""; 0]);
    assert_eq!(said(1, kind), [""; 0]);
    assert_eq!(
        said(1, disk),
        [r#""value":{"kind":"gp3"}: the value of `disk` in this plan"#]
    );
    assert_eq!(
        said(1, tags),
        [r#""value":null: `idle` is `null` in this plan"#]
    );
}
