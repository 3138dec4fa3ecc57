use super::*;
use crate::rulebook::CATALOGUE;

#[test]
fn help_is_read_as_it_is_written() {
    let text = "climb: rung 1 is Lambda\nsecond line\nor say why:\nMetadata:\n  sfl: { because: KIND }\nmore: sfl explain compute/server";
    let read = help(text);
    let sections: Vec<Section> = read.iter().map(|one| one.section).collect();
    assert_eq!(sections, [Section::Climb, Section::SayWhy, Section::More]);
    assert_eq!(read[0].text, "rung 1 is Lambda\nsecond line");
    assert_eq!(read[1].text, "Metadata:\n  sfl: { because: KIND }");
}

#[test]
fn what_is_broken_is_refused_and_panics_nowhere() {
    for text in [
        "",
        "[]",
        "{}",
        r#"{"schema":"sfl-report/2"}"#,
        r#"{"schema":"sfl-report/1","summary":{},"decisions":[{"path":"a","address":"b","type":"T","ladder":"compute","rung":5,"span":{"start":{"line":0,"column":0,"offset":0},"end":{"line":0,"column":0,"offset":0}}}],"findings":[]}"#,
        r#"{"schema":"sfl-report/1","summary":{},"decisions":[],"findings":[{"code":"odd","severity":"note","message":"","path":"a","address":null,"span":{"start":{"line":0,"column":0,"offset":0},"end":{"line":0,"column":0,"offset":0}}}]}"#,
    ] {
        assert!(
            SavedReport::read("old.json", text, &CATALOGUE).is_err(),
            "{text}"
        );
    }
    let least = r#"{"schema":"sfl-report/1","summary":{},"decisions":[],"findings":[]}"#;
    assert!(SavedReport::read("old.json", least, &CATALOGUE).is_ok());
}
