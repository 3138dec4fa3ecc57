use serde_json::Value;

use super::*;
use crate::base::finding::Problem;
use crate::report::sample;

fn log(report: &Compared, style: &Style) -> Value {
    let text = sample::written(|out| write(report, style, out));
    assert!(sample::is_calm(&text), "{text}");
    serde_json::from_str(&text).expect("it is JSON")
}

fn plain_log(report: &Compared) -> Value {
    log(report, &sample::style(100))
}

#[test]
fn a_finding_is_a_result() {
    let text = sample::written(|out| write(&sample::report(), &sample::style(100), out));
    insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
}

#[test]
fn reasons_suppress() {
    let style = Style {
        show_justified: true,
        ..sample::style(100)
    };
    let log = log(&sample::report(), &style);
    let results = &log["runs"][0]["results"];
    assert_eq!(results[0]["suppressions"], serde_json::json!([]));
    insta::assert_snapshot!(serde_json::to_string_pretty(&results[2]).expect("it is JSON"));
    let none = plain_log(&sample::report());
    assert_eq!(none["runs"][0]["results"].as_array().map(Vec::len), Some(2));
    assert!(none["runs"][0]["results"][0].get("suppressions").is_none());
}

#[test]
fn a_hostile_name_links_nowhere() {
    let style = Style {
        show_justified: true,
        ..sample::style(100)
    };
    let log = log(&sample::hostile(), &style);
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), 3);
    let text = results[1]["message"]["text"].as_str().expect("a text");
    assert!(text.contains(r"{{0}} \[a\](b)"), "{text}");
    assert!(text.contains("](1)."), "its own link is one: {text}");
    let uri = &results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    let uri = uri.as_str().expect("a text");
    let fit = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
    assert!(
        uri.starts_with("infra/%3Dcmd%28%29%0A%3A%3Aerror") && uri.chars().all(fit),
        "{uri}"
    );
    let reason = &results[2]["suppressions"][0]["justification"];
    assert!(
        reason.as_str().is_some_and(|text| text.contains("]]>")),
        "{reason}"
    );
}

#[test]
fn paths_are_uris() {
    for (path, uri) in [
        ("infra/a b.yaml", "infra/a%20b.yaml"),
        ("../é#?.yaml", "../%C3%A9%23%3F.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("/srv/a%.yaml", "file:///srv/a%25.yaml"),
        ("C:/a b.yaml", "file:///C:/a%20b.yaml"),
        (r"c:\a\b.yaml", "file:///c:/a/b.yaml"),
        ("//host/share/a.yaml", "file://host/share/a.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
        ("é", "%C3%A9"),
        ("", ""),
    ] {
        assert_eq!(location::uri(path), uri);
    }
}

#[test]
fn text_is_escaped_where_sarif_would_read_it() {
    assert_eq!(plain("a[0] ${b}"), "a[0] ${{b}}");
    assert_eq!(plain(r"[a\](b)"), r"\[a\\\](b)");
    assert_eq!(link(r"a[0]\", 3), r"[a\[0\]\\](3)");
}

#[test]
fn what_could_not_be_read_has_a_place_and_fails_the_run() {
    let mut report = sample::report();
    assert_eq!(
        plain_log(&report)["runs"][0]["invocations"][0]["executionSuccessful"],
        true
    );
    report.add_problem(Problem::Unreadable {
        path: "gone.yaml".to_owned(),
        message: "not there".to_owned(),
    });
    let log = plain_log(&report);
    let run = &log["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let region = &run["results"][2]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startLine"], 1);
    assert_eq!(region["endLine"], 1);
    assert_eq!(run["results"][2]["ruleId"], "source/unreadable");
}

#[test]
fn the_least_severe_are_left_out_and_counted() {
    let mut report = sample::report();
    let (error, warning) = (report.findings[0].clone(), report.findings[1].clone());
    report.findings = [vec![warning; MOST], vec![error; 5]].concat();
    let log = plain_log(&report);
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), MOST);
    let errors = results.iter().filter(|one| one["level"] == "error").count();
    assert_eq!(errors, 5);
    let note = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert!(
        note.as_str()
            .is_some_and(|text| text.starts_with("5 results are left out")),
        "{note}"
    );
}

#[test]
fn every_code_is_explained() {
    for (code, means, _) in &crate::base::meanings::ALL {
        let rule = code_rules::descriptor(code, None, sample::style(100).pages);
        let rule = serde_json::to_value(rule).expect("it is JSON");
        assert_eq!(rule["shortDescription"]["text"], *means);
    }
}
