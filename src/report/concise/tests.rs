use super::*;
use crate::report::{Format, sample};

fn shown(report: &Compared, style: &Style) -> String {
    sample::written(|out| Format::Concise.write(report, style, out))
}

#[test]
fn a_finding_is_a_line() {
    insta::assert_snapshot!(shown(&sample::report(), &sample::style(100)));
}

#[test]
fn reasons_are_shown_to_who_asks_and_numbers_only_to_who_wants_them() {
    let style = Style {
        color: true,
        quiet: true,
        show_justified: true,
        hyperlinks: true,
        ..sample::style(100)
    };
    let text = shown(&sample::report(), &style);
    insta::assert_snapshot!(text.replace('\u{1b}', "␛"));
}

#[test]
fn a_hostile_name_stays_on_its_line() {
    let style = Style {
        show_justified: true,
        ..sample::style(100)
    };
    let text = shown(&sample::hostile(), &style);
    assert_eq!(text.lines().count(), 6, "{text}");
    assert!(sample::is_calm(&text), "{text}");
    assert!(text.contains("␊::error::gone"), "{text}");
    assert!(!text.contains("##["), "{text}");
}

#[test]
fn a_path_is_no_command() {
    let mut report = Compared::default();
    report.add_problem(crate::base::finding::Problem::Unreadable {
        path: " ::stop-commands::x".to_owned(),
        message: "not there".to_owned(),
    });
    let text = shown(&report, &sample::style(100));
    assert!(
        text.starts_with("./ ::stop-commands::x:1:1: error["),
        "{text}"
    );
}

#[test]
fn nothing_found_is_said() {
    let report = Compared::default();
    assert_eq!(
        shown(&report, &sample::style(100)),
        "no findings; no templates here\n"
    );
}
