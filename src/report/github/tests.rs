use super::*;
use crate::report::{Format, sample};

fn commands(report: &Compared) -> String {
    sample::written(|out| Format::Github.write(report, &sample::style(100), out))
}

#[test]
fn a_finding_is_an_annotation() {
    insta::assert_snapshot!(commands(&sample::report()));
}

#[test]
fn a_hostile_name_is_no_command() {
    let text = commands(&sample::hostile());
    assert!(sample::is_calm(&text), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines.len(),
        5,
        "one for each finding, two for what was not read, and the numbers: {text}"
    );
    assert!(!text.contains("##["), "{text}");
    for line in &lines[..2] {
        let rest = line.strip_prefix("::").expect("it is a command");
        let (head, data) = rest.split_once("::").expect("it has a message");
        let (level, properties) = head.split_once(' ').expect("it has properties");
        assert!(["error", "warning"].contains(&level), "{level}");
        let names: Vec<&str> = properties
            .split(',')
            .map(|one| one.split_once('=').expect("a name and a value").0)
            .collect();
        let known = ["file", "line", "endLine", "col", "endColumn", "title"];
        assert_eq!(names, known);
        assert!(data.len() < 64 * 1024);
    }
    assert!(lines[1].contains("100%2525"), "{}", lines[1]);
    for line in &lines[2..4] {
        assert!(line.starts_with("::notice title=sfl::"), "{line}");
    }
    assert!(lines[2].contains("=cmd()␊::error::gone"), "{}", lines[2]);
}

#[test]
fn the_worst_come_first_and_the_rest_is_counted() {
    let mut report = sample::report();
    let (error, warning) = (report.findings[0].clone(), report.findings[1].clone());
    report.findings = vec![warning; 12];
    report.findings.extend(vec![error; 11]);
    let text = commands(&report);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[..10].iter().all(|line| line.starts_with("::error ")));
    assert!(lines[10].starts_with("and 1 more error: "), "{}", lines[10]);
    assert!(
        lines[11..21]
            .iter()
            .all(|line| line.starts_with("::warning "))
    );
    assert!(
        lines[21].starts_with("and 2 more warnings: "),
        "{}",
        lines[21]
    );
    assert!(lines[22].starts_with("::notice title=sfl::1 type"));
    assert_eq!(lines.len(), 24);
}

#[test]
fn what_could_not_be_read_has_a_line_and_no_column() {
    let mut report = Compared::default();
    report.add_problem(crate::base::finding::Problem::Unreadable {
        path: "a, b:c.yaml".to_owned(),
        message: "not there".to_owned(),
    });
    assert!(commands(&report).starts_with(
        "::error file=a%2C b%3Ac.yaml,line=1,endLine=1,title=source/unreadable::not there.\n"
    ));
}
