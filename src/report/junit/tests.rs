use quick_xml::Reader;

use super::*;
use crate::base::finding::Problem;
use crate::report::sample;

/// The report, and what a reader of XML takes from it: the values of one attribute of one element.
fn values(text: &str, element: &str, attribute: &str) -> Vec<String> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut found = Vec::new();
    loop {
        match reader.read_event().expect("it is XML") {
            Event::Eof => return found,
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == element => {
                let value = tag.try_get_attribute(attribute).expect("it is XML");
                let value = value.expect("it has the attribute");
                found.push(
                    value
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .expect("it is text")
                        .into_owned(),
                );
            }
            _ => {}
        }
    }
}

#[test]
fn a_file_is_a_suite_and_a_decision_a_case() {
    let mut report = sample::report();
    report.add_problem(Problem::Unreadable {
        path: "gone.yaml".to_owned(),
        message: "not there".to_owned(),
    });
    insta::assert_snapshot!(sample::written(|out| write(&report, out)));
}

#[test]
fn a_hostile_name_is_a_text() {
    let text = sample::written(|out| write(&sample::hostile(), out));
    assert!(sample::is_calm(&text), "{text}");
    assert!(!text.contains('\u{fffe}'), "XML has no such character");
    let names = values(&text, "testcase", "name");
    assert_eq!(names.len(), 6);
    assert!(names[0].starts_with("=cmd()␊::error::gone"), "{}", names[0]);
    assert!(names[0].contains("</script><!-- ]]> | `"), "{}", names[0]);
    assert_eq!(names[1].len(), 10_000);
}

#[test]
fn what_a_baseline_knows_did_not_fail() {
    let mut report = sample::report();
    report.findings.clear();
    let text = sample::written(|out| write(&report, out));
    assert_eq!(values(&text, "testsuites", "failures"), ["0"]);
    assert_eq!(values(&text, "testsuite", "skipped"), ["1", "2", "1"]);
}
