use std::sync::Arc;

use super::*;
use crate::base::finding::Severity;
use crate::base::source::{Position, Span};
use crate::report::sample::{self, finding, style};

fn written(report: &Compared, style: &Style) -> String {
    let mut out = Vec::new();
    write(report, style, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("it is text")
}

fn alone(finding: Finding, style: &Style) -> String {
    let mut out = Vec::new();
    write_findings(&[finding], style, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("it is text")
}

#[test]
fn at_80_columns() {
    let text = written(&sample::report(), &style(80));
    // Only what is there to be copied keeps its length.
    let long = text
        .lines()
        .filter(|line| textwrap::core::display_width(line) > 80);
    assert!(long.clone().all(|line| line.contains("sfl: {")), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn at_200_columns() {
    insta::assert_snapshot!(written(&sample::report(), &style(200)));
}

#[test]
fn in_ascii() {
    let style = Style {
        unicode: false,
        ..style(80)
    };
    let mut report = sample::report();
    report.decisions[1].address = "Wéb".to_owned();
    let text = written(&report, &style);
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn in_colour() {
    let style = Style {
        color: true,
        ..style(100)
    };
    let text = written(&sample::report(), &style);
    assert_eq!(
        anstream::adapter::strip_str(&text).to_string(),
        written(&sample::report(), &self::style(100))
    );
    insta::assert_snapshot!(text.replace('\u{1b}', "␛"));
}

#[test]
fn quiet_is_findings_only() {
    let style = Style {
        quiet: true,
        ..style(80)
    };
    insta::assert_snapshot!(written(&sample::report(), &style));
}

#[test]
fn verbose_is_everything() {
    let style = Style {
        verbose: true,
        ..style(100)
    };
    let mut report = sample::report();
    report.findings.clear();
    insta::assert_snapshot!(written(&report, &style));
}

#[test]
fn without_decisions_there_is_no_score() {
    let mut report = Compared::default();
    insta::assert_snapshot!("no_templates", written(&report, &style(80)));
    report.read.push("a.yaml".to_owned());
    report.skipped_files = vec!["values.yaml".to_owned()];
    insta::assert_snapshot!("no_decisions", written(&report, &style(80)));
}

#[test]
fn an_excerpt_is_placed_in_its_file() {
    let origin = Position {
        line: 998,
        column: 9,
        offset: 40_000,
    };
    let text = "{\n\t\t\"address\": \"module.db[\\\"é\\\"].aws_db_instance.main\",\r\n\t\t\"type\": \"aws_db_instance\"\n\t}";
    let source = Arc::new(Source::excerpt("plan.json", text.to_owned(), origin));
    let mut own = finding(
        &source,
        "\"aws_db_instance\"",
        "relational/cluster",
        Severity::Warning,
    );
    own.related = vec![crate::base::finding::Related {
        span: sample::span(&source, "{"),
        source: Arc::clone(&source),
        message: "the block".to_owned(),
    }];
    insta::assert_snapshot!(alone(own, &style(80)));
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let filler = r#""Wäiter":{"Type":"AWS::SNS::Topic"},"#.repeat(20_000);
    let text = format!(
        "{{\"Resources\":{{{filler}\"Web\":{{\"Type\":\"AWS::EC2::Instance\"}},{filler}}}}}"
    );
    let source = Arc::new(Source::new("minified.json", text));
    let own = finding(
        &source,
        "\"AWS::EC2::Instance\"",
        "compute/server",
        Severity::Error,
    );
    let text = alone(own, &style(80));
    assert!(
        text.lines()
            .all(|line| textwrap::core::display_width(line) <= 80),
        "{text}"
    );
    insta::assert_snapshot!(text);
}

#[test]
fn what_a_template_says_is_made_visible() {
    let text = "\u{feff}\u{1b}[2J:\u{202e} \u{9b}31m\n  Type:\u{7}\tAWS::EC2::\u{2066}Instance # \u{1b}]0;gone\u{7}\n";
    let source = Arc::new(Source::new("we\u{1b}ird.yaml", text.to_owned()));
    let mut own = finding(
        &source,
        "AWS::EC2::\u{2066}Instance",
        "compute/server",
        Severity::Error,
    );
    own.message = "We\u{1b}[31mb\nruns".to_owned();
    own.label = "not\u{1b}[0m this".to_owned();
    own.help = vec![Help {
        section: Section::Climb,
        text: "up\u{1b}[0m\n  and \u{202e}down".to_owned(),
    }];
    let text = alone(own.clone(), &style(80));
    assert!(
        !text.contains(|c: char| crate::report::visible::acts(c) && !matches!(c, '\n')),
        "{text:?}"
    );
    insta::assert_snapshot!("visible_unicode", text);
    let ascii = Style {
        unicode: false,
        ..style(80)
    };
    insta::assert_snapshot!("visible_ascii", alone(own, &ascii));
}

#[test]
fn places_that_overlap_or_lie_elsewhere_get_drawings_of_their_own() {
    let shop = Arc::new(Source::new("shop.yaml", sample::SHOP.to_owned()));
    let ledger = Arc::new(Source::new(
        "sfl.toml",
        "[[justification]]\nbecause = \"\"".to_owned(),
    ));
    let mut own = finding(
        &shop,
        "AWS::AutoScaling::AutoScalingGroup",
        "compute/server",
        Severity::Note,
    );
    let related = |source: &Arc<Source>, text: &str| crate::base::finding::Related {
        span: sample::span(source, text),
        source: Arc::clone(source),
        message: format!("here is {text}"),
    };
    own.related = vec![
        related(&shop, "AutoScalingGroup"),
        related(&ledger, "\"\""),
        related(&shop, "Type: String"),
    ];
    insta::assert_snapshot!(alone(own, &style(80)));
}

#[test]
fn every_place_of_a_text_can_be_drawn() {
    for text in [
        "",
        "\n",
        "a",
        "a\n",
        "a\r\n\r\nb",
        "\u{feff}",
        "é\u{1b}é\n\té",
        "\n\n\n",
    ] {
        let source = Arc::new(Source::new("t", text.to_owned()));
        let size = u32::try_from(text.len()).expect("small");
        for start in 0..=size {
            for end in start..=size + 1 {
                let mut own = finding(&source, "", "source/yaml", Severity::Error);
                own.span = Span::new(start, end);
                own.related = vec![crate::base::finding::Related {
                    source: Arc::clone(&source),
                    span: Span::new(end, end),
                    message: "related".to_owned(),
                }];
                alone(own, &style(20));
            }
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let problem = crate::base::finding::Problem::Unreadable {
        path: "gone.yaml".to_owned(),
        message: "no such file".to_owned(),
    };
    assert_eq!(
        alone(problem.into_finding(), &style(80)),
        "error[source/unreadable]: gone.yaml: no such file\n\n"
    );
}
