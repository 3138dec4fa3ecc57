use super::*;
use crate::report::sample;

fn written(report: &Compared) -> String {
    let mut out = Vec::new();
    write(report, &sample::style(100), &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("it is text")
}

/// The page without its style sheet and script, which have files of their own.
fn frame(report: &Compared) -> String {
    written(report)
        .replace(STYLE, "…")
        .replace(SCRIPT, "…")
        .replace(map::STYLE, "…")
        .replace(env!("SFL_MAP_STYLE_DIGEST"), "sha256-…")
        .replace(env!("SFL_STYLE_DIGEST"), "sha256-…")
        .replace(env!("SFL_SCRIPT_DIGEST"), "sha256-…")
}

#[test]
fn a_report() {
    insta::assert_snapshot!(frame(&sample::report()));
}

#[test]
fn nothing() {
    insta::assert_snapshot!(frame(&Compared::default()));
}

/// Own files can be put into elements as they are.
#[test]
fn style_and_script_do_not_end_their_elements() {
    for text in [STYLE, SCRIPT, map::STYLE] {
        assert!(text.is_ascii());
        assert!(!text.contains("</") && !text.contains("<!--"));
    }
}

#[test]
fn the_purpose_stands_at_the_top_as_a_text() {
    let mut report = sample::report();
    report.purpose = Some("customers </p><b>order</b>\u{202e}".to_owned());
    let page = frame(&report);
    let wanted = "</span> customers &#60;/p&#62;&#60;b&#62;order&#60;/b&#62;\u{fffd}</p>";
    assert!(page.contains(wanted), "{page}");
}
