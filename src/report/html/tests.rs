use super::*;
use crate::report::sample;

fn written(report: &Report) -> String {
    let mut out = Vec::new();
    write(report, &sample::style(100), &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("it is text")
}

/// The page without its style sheet and script, which have files of their own.
fn frame(report: &Report) -> String {
    written(report)
        .replace(STYLE, "…")
        .replace(SCRIPT, "…")
        .replace(env!("SFL_STYLE_DIGEST"), "sha256-…")
        .replace(env!("SFL_SCRIPT_DIGEST"), "sha256-…")
}

#[test]
fn a_report() {
    insta::assert_snapshot!(frame(&sample::report()));
}

#[test]
fn nothing() {
    insta::assert_snapshot!(frame(&Report::default()));
}

/// Own files can be put into elements as they are.
#[test]
fn style_and_script_do_not_end_their_elements() {
    for text in [STYLE, SCRIPT] {
        assert!(text.is_ascii());
        assert!(!text.contains("</") && !text.contains("<!--"));
    }
}
