//! `sfl map --since`, `--from` and `--to`: what has moved, in real repositories that the tests make.

use serde_json::Value;

use crate::json_schemas::sound;
use crate::repository::Repository;

const BEFORE: &str = r#"
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api }
  Web:
    Type: AWS::EC2::Instance
    Properties: { ImageId: ami-1, InstanceType: m7g.large }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: orders, ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } }
  Old: { Type: AWS::RDS::DBInstance, Properties: { Engine: postgres } }
  Db: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, DBInstanceIdentifier: shop } }
"#;

const AFTER: &str = r#"
Resources:
  Api: { Type: AWS::ApiGatewayV2::Api }
  Web:
    Type: AWS::EC2::Instance
    Properties: { InstanceType: m7g.large }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: orders, BillingMode: PAY_PER_REQUEST }
  Queue: { Type: AWS::SQS::Queue }
  MainDb: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, DBInstanceIdentifier: shop } }
"#;

fn shop() -> Repository {
    let shop = Repository::new(&[("shop.yaml", BEFORE)]);
    shop.write("shop.yaml", AFTER);
    shop
}

pub fn checked(text: &str) -> Value {
    sound(text, include_str!("../../docs/sfl-map-1.schema.json"))
}

fn drawn(shop: &Repository, arguments: &[&str]) -> String {
    let mut all = vec!["map", "--since", "HEAD"];
    all.extend(arguments);
    let (code, out, err) = shop.said(&all);
    assert_eq!(code, 0, "{err}");
    out
}

fn names(list: &Value, key: &str) -> Vec<String> {
    let list = list.as_array().expect("a list").iter();
    let names = list.map(|one| one[key].as_str().expect("a text").to_owned());
    names.collect()
}

#[test]
fn what_moved_is_new_or_is_gone_is_told_apart() {
    let map = checked(&drawn(&shop(), &["--format", "json"]));
    let change = &map["change"];
    assert_eq!(change["since"], "HEAD");
    assert_eq!(change["base"].as_str().map(str::len), Some(40));
    // Its own image is what moved the server; the database has another name only.
    assert_eq!(names(&change["moved"], "component"), ["Orders", "Web"]);
    let [orders, web] = [0, 1].map(|at| &change["moved"][at]);
    assert_eq!(
        (&orders["from"]["rung"], &orders["to"]["rung"]),
        (&2.into(), &1.into())
    );
    assert_eq!(
        (&web["from"]["rung"], &web["to"]["rung"]),
        (&4.into(), &4.into())
    );
    let at = |value: &Value| value["evolution"].as_f64().expect("a number");
    assert!(at(&orders["from"]) < at(&orders["to"]));
    assert!(at(&web["from"]) < at(&web["to"]));
    assert_eq!(names(&change["new"], "component"), ["Queue"]);
    assert_eq!(names(&change["gone"], "name"), ["Old"]);
    assert_eq!(change["gone"][0]["decisions"][0]["address"], "Old");
    assert_eq!(change["gone"][0]["rung"], 3);
    let (_, plain, _) = shop().said(&["map", "--format", "json"]);
    assert!(checked(&plain).get("change").is_none());
}

#[test]
fn many_move_together() {
    let change = checked(&drawn(&shop(), &["--format", "json", "--group", "ladder"]));
    let change = &change["change"];
    // What stands alone on its rung shows what is written, whatever it is called.
    assert_eq!(names(&change["moved"], "component"), ["compute", "nosql"]);
    assert_eq!(names(&change["new"], "component"), ["messaging"]);
    assert_eq!(names(&change["gone"], "name"), ["relational"]);
}

#[test]
fn a_filter_holds_for_what_is_gone_too() {
    let shop = Repository::new(&[("shop.yaml", BEFORE), ("other/a.yaml", BEFORE)]);
    shop.write("shop.yaml", AFTER);
    shop.write("other/a.yaml", AFTER);
    let map = checked(&drawn(&shop, &["--format", "json", "--path", "other/**"]));
    let gone = &map["change"]["gone"];
    assert_eq!(gone.as_array().map(Vec::len), Some(1));
    assert_eq!(gone[0]["decisions"][0]["path"], "other/a.yaml");
    let part = &map["components"][0]["parts"][0]["decisions"][0]["path"];
    assert_eq!(part, "other/a.yaml");
    let (code, _, err) = shop.said(&["map", "--path", "{a"]);
    assert_eq!(code, 2);
    assert!(err.contains("`{a` is not a glob"), "{err}");
}

#[test]
fn the_past_does_not_look_like_the_way_up() {
    let shop = shop();
    let svg = drawn(&shop, &[]);
    assert!(svg.contains("since HEAD: 2 moved, 1 new, 1 gone"), "{svg}");
    assert_eq!(
        svg.matches("class=\"moved\"").count(),
        3,
        "two and the legend"
    );
    assert!(svg.contains("was nosql/capacity in HEAD"), "{svg}");
    assert!(svg.contains("aria-label=\"Old: gone, was relational/cluster in HEAD\""));
    assert!(
        svg.contains("Queue: messaging/serverless; new since HEAD"),
        "{svg}"
    );
    let owm = drawn(&shop, &["--format", "owm"]);
    for line in [
        "component Orders before [",
        "component Old gone [",
        "note new [",
    ] {
        assert!(
            owm.lines().any(|one| one.starts_with(line)),
            "{line}: {owm}"
        );
    }
    assert!(owm.contains("\nevolve Orders before 0."), "{owm}");
    assert!(owm.contains("\nevolve Web 0."), "the way up stays: {owm}");
    let mermaid = drawn(&shop, &["--format", "mermaid"]);
    assert!(mermaid.contains("evolve \"Orders before\" 0."), "{mermaid}");
    assert!(mermaid.contains("note \"new\" ["), "{mermaid}");
    let dot = drawn(&shop, &["--format", "dot"]);
    assert!(dot.contains("Orders (capacity) in HEAD"), "{dot}");
}

#[test]
fn what_has_no_past_is_an_error() {
    let (code, out, err) = shop().said(&["map", "--since", "nowhere"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("nowhere"), "{err}");
}

#[test]
fn a_saved_map_or_report_is_a_past_too() {
    let shop = Repository::new(&[("infra/shop.yaml", BEFORE), ("other.yaml", BEFORE)]);
    for (name, arguments) in [
        ("map.json", vec!["map", "--format", "json"]),
        (
            "report.json",
            vec!["check", "--exit-zero", "--format", "json"],
        ),
    ] {
        let (_, saved, err) = shop.said(&arguments);
        assert!(saved.starts_with('{'), "{err}");
        shop.write(name, &saved);
    }
    // The file moves, too; what is not asked for today has not gone.
    shop.git(&["mv", "infra/shop.yaml", "infra/moved.yaml"]);
    shop.write("infra/moved.yaml", AFTER);
    for (name, moved) in [
        ("map.json", &["Orders", "Web"][..]),
        ("report.json", &["Orders"][..]),
    ] {
        let (code, text, err) = shop.said(&["map", "--from", name, "--format", "json", "infra"]);
        assert_eq!(code, 0, "{err}");
        let map = checked(&text);
        let change = &map["change"];
        assert_eq!(
            (&change["since"], &change["base"]),
            (&name.into(), &Value::Null)
        );
        assert_eq!(names(&change["moved"], "component"), moved, "{name}");
        // Nobody wrote down that the database has another name.
        assert_eq!(
            names(&change["new"], "component"),
            ["MainDb", "Queue"],
            "{name}"
        );
        assert_eq!(names(&change["gone"], "name"), ["Db", "Old"], "{name}");
    }
    for (text, wrong) in [
        ("{", "EOF"),
        (
            "{\"schema\": \"sfl-baseline/1\"}",
            "its schema is `sfl-baseline/1`",
        ),
    ] {
        shop.write("map.json", text);
        let (code, out, err) = shop.said(&["map", "--from", "map.json"]);
        assert_eq!((code, out.as_str()), (2, ""));
        assert!(err.contains(wrong), "{err}");
    }
}

/// With everything that a map says: a purpose, targets, value streams, owners, places by hand.
const SETTINGS: &str = r#"
[purpose]
north-star = "Tickets for <everyone> & all"

[[purpose.target]]
score = 90
by = 2099-01-01

[[purpose.stream]]
name = "checkout"
paths = ["infra/**"]
owner = "payments"

[[map.place]]
address = "Web"
evolution = 0.51249
visibility = 0.4
label = "the old shop"
"#;

fn saved_twice() -> Repository {
    let shop = Repository::new(&[("infra/shop.yaml", BEFORE), ("sfl.toml", SETTINGS)]);
    let save = |name: &str| {
        let (code, saved, err) = shop.said(&["map", "--format", "json"]);
        assert_eq!(code, 0, "{err}");
        shop.write(name, &saved);
    };
    save("then.json");
    shop.write("infra/shop.yaml", AFTER);
    shop.write("other.yaml", AFTER);
    save("now.json");
    shop
}

const FORMATS: [&str; 5] = ["svg", "owm", "mermaid", "json", "dot"];

#[test]
fn two_saved_maps_say_what_the_templates_would() {
    let shop = saved_twice();
    let read = |format: &str| shop.said(&["map", "--from", "then.json", "--format", format]);
    let drawn = FORMATS.map(read);
    let map = checked(&drawn[3].1);
    assert_eq!(map["purpose"], "Tickets for <everyone> & all");
    assert_eq!(map["targets"].as_array().map(Vec::len), Some(1));
    let known = names(&map["components"], "name");
    assert!(known.contains(&"the old shop · infra/shop.yaml".to_owned()));
    assert_eq!(names(&map["change"]["gone"], "name"), ["Db", "Old"]);
    // From here on there are no templates.
    for file in ["infra/shop.yaml", "other.yaml", "sfl.toml"] {
        shop.write(file, "[");
    }
    for (format, (code, expected, _)) in FORMATS.into_iter().zip(drawn) {
        let (found, out, err) = shop.said(&[
            "map",
            "--from",
            "then.json",
            "--to",
            "now.json",
            "--format",
            format,
        ]);
        assert_eq!((code, found, &*err), (0, 0, ""), "{format}");
        assert!(out == expected, "{format}:\n{out}\ninstead of\n{expected}");
    }
}

#[test]
fn a_saved_map_has_not_moved_from_itself() {
    let shop = saved_twice();
    for name in ["then.json", "now.json"] {
        let all = ["map", "--from", name, "--to", name, "--format", "json"];
        let (code, out, err) = shop.said(&all);
        assert_eq!(code, 0, "{err}");
        let mut again = checked(&out);
        let change = again
            .as_object_mut()
            .and_then(|map| map.remove("change"))
            .expect("a change");
        for what in ["moved", "new", "gone"] {
            assert_eq!(change[what], Value::Array(Vec::new()), "{what}");
        }
        let saved = shop.read(name);
        assert_eq!(again, checked(&saved));
    }
}

#[test]
fn a_saved_map_may_be_drawn_coarser_than_the_other() {
    let shop = Repository::new(&[("shop.yaml", BEFORE)]);
    for group in ["decision", "ladder"] {
        let (_, saved, err) = shop.said(&["map", "--format", "json", "--group", group]);
        assert!(err.is_empty(), "{err}");
        shop.write(&format!("{group}.json"), &saved);
    }
    for (from, to) in [("decision", "ladder"), ("ladder", "decision")] {
        let (from, to) = (format!("{from}.json"), format!("{to}.json"));
        let all = ["map", "--from", &from, "--to", &to, "--format", "json"];
        let (code, out, err) = shop.said(&all);
        assert_eq!(code, 0, "{err}");
        for what in ["moved", "new", "gone"] {
            let change = &checked(&out)["change"];
            assert_eq!(change[what], Value::Array(Vec::new()), "{from} {what}");
        }
    }
}

#[test]
fn a_damaged_map_is_an_error_that_says_what_is_wrong() {
    let shop = saved_twice();
    let (_, report, _) = shop.said(&["check", "--exit-zero", "--format", "json"]);
    let text = shop.read("now.json");
    let map: Value = serde_json::from_str(&text).expect("it is JSON");
    let changed = |place: &str, value: Value| {
        let mut map = map.clone();
        *map.pointer_mut(place).expect(place) = value;
        map.to_string()
    };
    let part = "/components/0/parts/0";
    let mut twice = map.clone();
    twice["components"][1] = twice["components"][0].clone();
    for (text, wrong) in [
        (text[..text.len() / 2].to_owned(), "EOF"),
        (report, "it is a report"),
        ("{\"schema\": \"sfl-map/1\"}".to_owned(), "missing field"),
        (changed("/schema", "sfl-map/2".into()), "`sfl-map/2`"),
        (changed("/grouping", "all".into()), "`all` is no grouping"),
        (
            changed("/anchors/0/to/0", "nobody".into()),
            "leads to `nobody`, and no component is called that",
        ),
        (
            changed(
                "/lines",
                serde_json::json!([{"from": "x\u{1b}y", "to": "z", "strength": "weak"}]),
            ),
            "a line leads from `x\u{241b}y`, and no component is called that",
        ),
        (twice.to_string(), "two components are called"),
        (
            changed("/components/0/depth", u64::MAX.into()),
            "a depth of",
        ),
        (changed("/components/0/depth", 0.into()), "a depth of 0"),
        (
            changed("/components/0/parts", Value::Array(Vec::new())),
            "no parts",
        ),
        (
            changed(&format!("{part}/decisions"), Value::Array(Vec::new())),
            "no decisions",
        ),
        (
            changed(&format!("{part}/rung"), 5.into()),
            "there is no rung 5",
        ),
        (
            changed(&format!("{part}/evolution"), 7.into()),
            "7 is not between 0 and 1",
        ),
        (
            changed(&format!("{part}/open"), u64::MAX.into()),
            "can't be open",
        ),
        (
            changed(&format!("{part}/decisions/0/line"), 0.into()),
            "stands on no line",
        ),
    ] {
        shop.write("damaged.json", &text);
        let (code, out, err) = shop.said(&["map", "--from", "then.json", "--to", "damaged.json"]);
        assert_eq!((code, out.as_str()), (2, ""), "{wrong}: {err}");
        assert!(err.starts_with("error: damaged.json: "), "{err}");
        assert!(err.contains(wrong), "{wrong}: {err}");
    }
    let (code, _, err) = shop.said(&["map", "--from", "then.json", "--to", "nowhere.json"]);
    assert_eq!(code, 2);
    assert!(err.contains("nowhere.json"), "{err}");
}

#[test]
fn a_saved_map_is_drawn_as_it_was_saved() {
    let shop = saved_twice();
    let (code, _, err) = shop.said(&["map", "--to", "now.json"]);
    assert_eq!(code, 2);
    assert!(err.contains("--from <FILE>"), "{err}");
    for more in [
        &["--since", "HEAD"][..],
        &["--group", "ladder"],
        &["--path", "infra/**"],
        &["--stream", "checkout"],
        &["--owner", "payments"],
        &["--isolated"],
        &["--strict"],
        &["--parameter", "a=b"],
        &["--var-file", "a.tfvars.json"],
        &["infra"],
    ] {
        let mut all = vec!["map", "--from", "then.json", "--to", "now.json"];
        all.extend(more);
        let (code, out, err) = shop.said(&all);
        assert_eq!((code, out.as_str()), (2, ""), "{more:?}");
        assert!(err.contains("cannot be used with"), "{more:?}: {err}");
    }
}
