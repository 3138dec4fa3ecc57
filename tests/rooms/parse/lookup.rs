//! Looking things up: duplicates, aliases and merge keys.

use sfl::syntax::{Document, Kind, Node, yaml};

fn root<'d>(document: &'d Document<'d>) -> Node<'d> {
    document.roots().next().expect("there is one")
}

fn merged(node: Node<'_>) -> String {
    let entries = node.merged_entries().into_iter();
    let entries = entries.map(|(key, value)| format!("{}={}", key.text(), value.text()));
    entries.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_last_of_equal_keys_counts() {
    let document = yaml("a: 1\nb: 2\n'a': 3\n").expect("it is YAML");
    let root = root(&document);
    assert_eq!(root.entries().count(), 3);
    assert_eq!(root.get("a").expect("it is there").text(), "3");
    assert_eq!(merged(root), "b=2 a=3");
    assert!(root.get("c").is_none());
}

#[test]
fn merge_keys_bring_in_what_is_not_there() {
    let source = "base: &base {a: 1, b: 1}\nmore: &more {<<: *base, b: 2, c: 2}\n\
        one: {x: 0, <<: *more, c: 3}\nlist: {<<: [*base, *more, {a: 9, d: 9}], z: 0}\n\
        quoted: {'<<': *base}\nnested: {<<: [[*base]]}\n";
    let document = yaml(source).expect("it is YAML");
    let root = root(&document);
    let get = |name: &str| root.get(name).expect("it is there");
    assert_eq!(merged(get("one")), "x=0 b=2 a=1 c=3");
    assert_eq!(merged(get("list")), "a=1 b=1 c=2 d=9 z=0");
    assert_eq!(merged(get("quoted")), "<<=");
    assert_eq!(merged(get("nested")), "");
    for mapping in ["one", "list"].map(get) {
        for (key, value) in mapping.merged_entries() {
            let found = mapping.get(&key.text()).expect("it is there");
            assert_eq!(found.start_index(), value.start_index());
        }
    }
}

#[test]
fn several_keys_are_found_at_once_as_each_alone() {
    let source = "own: {a: 1, 'b': 2, \"c\": 3, a: 4}\nbase: &base {b: 5, d: 6}\n\
        early: {<<: *base, a: 7, b: 8}\nlate: {a: 9, b: 10, <<: *base}\nnone: text\n";
    let document = yaml(source).expect("it is YAML");
    for (_, mapping) in root(&document).entries() {
        let keys = ["d", "c", "b", "a", "nothing"];
        let found = mapping.select(keys);
        for (key, entry) in keys.into_iter().zip(found) {
            let place =
                |(key, value): (Node<'_>, Node<'_>)| (key.start_index(), value.start_index());
            assert_eq!(entry.map(place), mapping.entry(key).map(place), "{key}");
        }
    }
}

#[test]
fn a_list_of_entries_is_left_out_only_where_it_would_say_the_same() {
    let source = "plain: {aaaabbbb: 1, aaaacbbb: 2, a: 3, b: 4, '': 5}\ntwice: {a: 1, 'a': 2}\n\
        ends: {aaaaxbbbb: 1, aaaaybbbb: 2}\nmerge: {<<: {a: 1}}\nfolded: {\"a\\x62\": 1, ab: 2}\n";
    let document = yaml(source).expect("it is YAML");
    let root = root(&document);
    let distinct = root.entries().map(|(key, mapping)| {
        let places = |(key, value): (Node<'_>, Node<'_>)| (key.start_index(), value.start_index());
        let entries = mapping.distinct_entries()?;
        let merged = mapping.merged_entries().into_iter().map(places);
        assert!(entries.map(places).eq(merged), "{}", key.text());
        Some(key.text().into_owned())
    });
    assert_eq!(distinct.flatten().collect::<Vec<_>>(), ["plain"]);
}

#[test]
fn aliases_are_followed_but_keep_their_place() {
    let document = yaml("a: &x !T {b: c}\nd: *x\n").expect("it is YAML");
    let alias = root(&document).get("d").expect("it is there");
    assert!(alias.is_alias());
    assert_eq!(alias.kind(), Kind::Mapping);
    assert_eq!(alias.tag(), Some("!T"));
    assert_eq!(alias.span().of(document.text()), "*x");
    assert_eq!(alias.get("b").expect("it is there").text(), "c");
    assert_eq!(alias.end_index() - alias.start_index(), 1);
}

#[test]
fn many_keys_and_many_duplicates_take_linear_time() {
    let mut source = String::new();
    for number in 0..200_000 {
        source.push_str(&format!("key{}: {number}\n", number % 150_000));
    }
    let document = yaml(&source).expect("it is YAML");
    let entries = root(&document).merged_entries();
    assert_eq!(entries.len(), 150_000);
    assert_eq!(entries[0].0.text(), "key50000");
    assert_eq!(entries[149_999].1.text(), "199999");
    source.push_str("<<: {key1: x, key: y}\n");
    let document = yaml(&source).expect("it is YAML");
    assert_eq!(root(&document).merged_entries().len(), 150_001);
}

#[test]
fn merges_of_merges_are_read_once() {
    let mut source = "m0: &m0 {a: 1}\n".to_owned();
    for level in 1..60 {
        let below = level - 1;
        source.push_str(&format!(
            "m{level}: &m{level} {{<<: [*m{below}, *m{below}], k{level}: 1}}\n"
        ));
    }
    let document = yaml(&source).expect("it is YAML");
    let last = root(&document).get("m59").expect("it is there");
    assert!(last.get("nothing").is_none());
    assert_eq!(last.merged_entries().len(), 60);
    assert_eq!(last.get("a").expect("it is there").text(), "1");
}

#[test]
fn many_look_ups_into_many_merges_take_linear_time_or_are_refused() {
    let mut source = "m0: &m0 {a: 1}\n".to_owned();
    for level in 1..30 {
        let below = vec![format!("*m{}", level - 1); 10].join(",");
        source.push_str(&format!(
            "m{level}: &m{level} {{<<: [{below}], k{level}: 1}}\n"
        ));
    }
    let many = format!("{source}{}", "r: {<<: *m29}\n".repeat(20_000));
    let error = yaml(&many).expect_err("that is too much");
    assert!(error.to_string().contains("merge keys"), "{error}");
    source.push_str(&"r: {<<: *m29}\n".repeat(2_000));
    let document = yaml(&source).expect("it is YAML");
    let started = std::time::Instant::now();
    for (key, value) in root(&document).entries() {
        if key.is("r") {
            assert!(value.get("nothing").is_none());
        }
    }
    // The walk with nothing but a budget took minutes.
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}
