use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use super::*;
use crate::base::finding::{Help, Problem, Section, Severity};
use crate::base::source::Source;
use crate::compare::baseline::{Baseline, Held};
use crate::compare::change::{Snapshot, Transition};
use crate::report::{Remote, sample};

/// What GitHub's own renderer makes of a text: the same grammar, elements and all.
fn rendered(markdown: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.autolink = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.math_dollars = true;
    options.extension.alerts = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(markdown, &options)
}

/// Every opening tag, with its attributes.
fn elements(html: &str) -> BTreeSet<&str> {
    let tags = html.split('<').skip(1);
    let tags = tags.filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag));
    tags.filter(|tag| !tag.starts_with('/')).collect()
}

/// What is read outside of code.
fn prose_of(html: &str) -> String {
    let parts = html.split("<code>").enumerate();
    let parts = parts.map(|(at, part)| match part.split_once("</code>") {
        Some((_, after)) if at > 0 => after,
        _ => part,
    });
    let prose: String = parts.collect();
    let mut parts = prose.split("&#");
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once(';').expect("a reference ends");
        let number = number.parse().expect("it is a number");
        read.push(char::from_u32(number).expect("of a character"));
        read.push_str(rest);
    }
    read
}

fn style() -> Style {
    sample::style(100)
}

/// Each finding for itself.
fn each() -> Style {
    Style {
        full: true,
        ..style()
    }
}

fn spot(address: &str, rung: Rung) -> Snapshot {
    Snapshot {
        path: Arc::from("infra/shop.yaml"),
        address: address.to_owned(),
        construct: None,
        kind: "AWS::EC2::Instance".to_owned(),
        title: "an EC2 instance".into(),
        ladder: "compute".into(),
        rung,
        is_fallback: rung > Rung::Serverless,
        justified: false,
    }
}

fn step(from: Rung, to: Rung) -> Transition {
    Transition {
        from: spot("Web", from),
        to: spot("Web", to),
    }
}

fn changed() -> Compared {
    let mut report = sample::report();
    report.change = Some(Change {
        since: "origin/main".to_owned(),
        base: Some("c0ffee".to_owned()),
        reserves: Vec::new(),
        before: Count {
            rungs: [2, 1, 0, 0],
        },
        after: Count {
            rungs: [1, 0, 2, 1],
        },
        added: vec![spot("Queue", Rung::Serverless), spot("Host", Rung::Server)],
        gone: vec![spot("Old", Rung::Capacity)],
        down: vec![step(Rung::Capacity, Rung::Server)],
        up: vec![step(Rung::Cluster, Rung::Capacity)],
        moved: vec![Transition {
            from: spot("Web", Rung::Server),
            to: spot("Site", Rung::Server),
        }],
        unexplained: vec![step(Rung::Server, Rung::Server)],
        explained: vec![step(Rung::Server, Rung::Server)],
        unread: vec!["old.yaml".to_owned()],
        uncommitted: Vec::new(),
        older: 3,
        paired: BTreeSet::new(),
        absent: Vec::new(),
    });
    report
}

fn known() -> Compared {
    let text = r#"{"schema":"sfl-baseline/1","findings":[
        {"path":"infra/shop.yaml","address":"Gone","code":"compute/server","rung":4},
        {"path":"infra/shop.yaml","address":"Web","code":"compute/server","rung":4}]}"#;
    // The sample's finding about a server stands for the rule of its rung.
    sample::report().with_baseline(&Held {
        baseline: Baseline::read(text).expect("it is sound"),
        file: "sfl-baseline.json".to_owned(),
        folder: "/r".into(),
        here: "/r".into(),
        paths: vec![".".into()],
        same_file: None,
        kept: std::collections::BTreeSet::new(),
    })
}

#[test]
fn a_report() {
    insta::assert_snapshot!(sheet(&sample::report(), &style(), Paper::Comment));
}

#[test]
fn a_report_with_links() {
    let set = |name: &str| {
        let value = match name {
            "GITHUB_SERVER_URL" => "https://github.com",
            "GITHUB_REPOSITORY" => "shop/orders",
            "GITHUB_SHA" => "c0ffee",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let here = std::path::Path::new("/r");
    let remote = Remote::of_job(set, None, here, here).expect("all is said");
    let style = Style {
        remote: Some(Box::leak(Box::new(remote))),
        show_justified: true,
        ..style()
    };
    insta::assert_snapshot!(sheet(&sample::report(), &style, Paper::Comment));
}

#[test]
fn a_change() {
    insta::assert_snapshot!(sheet(&changed(), &style(), Paper::Comment));
}

#[test]
fn a_baseline() {
    insta::assert_snapshot!(sheet(&known(), &style(), Paper::Comment));
}

#[test]
fn nothing() {
    insta::assert_snapshot!(sheet(&Compared::default(), &style(), Paper::Comment));
    let mut report = Compared::default();
    report.read.push("a.yaml".to_owned());
    report.add_problem(Problem::Unreadable {
        path: "gone.yaml".to_owned(),
        message: "no such file".to_owned(),
    });
    insta::assert_snapshot!("unreadable", sheet(&report, &style(), Paper::Comment));
}

#[test]
fn quiet_is_findings_only() {
    let style = Style {
        quiet: true,
        ..style()
    };
    insta::assert_snapshot!(sheet(&sample::report(), &style, Paper::Comment));
}

/// Each tries to become something in Markdown, in HTML or on GitHub.
const HOSTILE: [&str; 27] = [
    "` <img src=x> `",
    "`` <img src=x> ``` @team",
    "a`<img src=x>",
    "</summary><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "[a](javascript:alert(1)) ![b](https://example.com/b.png)",
    "`</code>`<b>",
    "`a`` ```b",
    "a|b|c\\|d",
    "@octocat @org/team and mail@example.com",
    "#123 shop/orders#123 GH-123",
    "https://example.com www.example.com http://a.b/c",
    "<https://example.com>",
    "\n\n# heading\n\n- item\n\n> quote\n\n---\n",
    "\r\n</details>\r\n\r\n| a |\r\n| - |\r\n",
    "**bold** _italic_ ~~gone~~ ***",
    "&lt;script&gt; &#60;b&#62;",
    "<!-- sfl --> -->",
    "$x$ $$y$$ $`z`$",
    "[^1] [x] - [ ] task",
    "[!WARNING] :tada:",
    "\u{202e}evil\u{2066}",
    "```\n</details>\n```",
    "~~~",
    "\\",
    "mailto:a@b.example xmpp:a@b.example ftp://a.b",
    "   four spaces",
];

#[test]
fn what_a_template_says_stays_text() {
    let plain = rendered(&sheet(
        &changed(),
        &Style {
            show_justified: true,
            ..style()
        },
        Paper::Comment,
    ));
    let mut expected = elements(&plain);
    // Prose between backticks is code, and a note that stands alone a paragraph.
    expected.extend(["code", "p"]);
    for words in HOSTILE {
        let mut report = changed();
        let shop = Arc::new(Source::new(words, sample::SHOP.to_owned()));
        for finding in &mut report.findings {
            finding.message = format!("{words} runs on EC2");
            finding.label = words.to_owned();
            finding.source = Arc::clone(&shop);
            finding
                .related
                .iter_mut()
                .for_each(|one| one.message = words.to_owned());
            for section in [Section::Members, Section::NotSure, Section::SayWhy] {
                let text = words.to_owned();
                finding.help.push(Help { section, text });
            }
        }
        for decision in &mut report.decisions {
            decision.address = words.to_owned();
            if let Some(found) = &mut decision.justification {
                let reason = &mut found.reason;
                for field in ["because", "reason", "owner", "expires", "evidence"] {
                    reason.set(
                        field,
                        words.to_owned(),
                        crate::base::source::Span::default(),
                    );
                }
            }
        }
        report.unknown_types = [(words.to_owned(), 1)].into();
        report.not_templates = vec![words.to_owned()];
        if let Some(change) = &mut report.change {
            change.since = words.to_owned();
            change.unread = vec![words.to_owned()];
            change.added[0].address = words.to_owned();
            change.down[0].to.path = Arc::from(words);
        }
        for show_justified in [false, true] {
            let markdown = sheet(
                &report,
                &Style {
                    show_justified,
                    ..style()
                },
                Paper::Comment,
            );
            let html = rendered(&markdown);
            let found = elements(&html);
            let odd: Vec<_> = found.difference(&expected).collect();
            assert!(
                odd.is_empty(),
                "{words:?} became {odd:?}\n{markdown}\n{html}"
            );
            for tag in ["details", "summary", "code", "b"] {
                let [open, close] =
                    [format!("<{tag}>"), format!("</{tag}>")].map(|tag| html.matches(&tag).count());
                assert_eq!(open, close, "{tag} in {words:?}\n{html}");
            }
            let prose = prose_of(&html);
            for sign in ['@', '#'] {
                let bare = prose
                    .split(sign)
                    .skip(1)
                    .any(|rest| !rest.starts_with('\u{200b}') && !rest.starts_with("8203;"));
                assert!(!bare, "{sign} in {words:?}\n{prose}");
            }
            assert!(!prose.contains("GH-1"), "{prose}");
        }
    }
}

#[test]
fn a_great_report_is_counted_not_cut() {
    let mut report = sample::report();
    let mut more = Vec::new();
    for at in 0..2_000 {
        let mut finding = report.findings[1].clone();
        finding.message = format!("Cart{at} runs on ECS, and nobody wrote down why");
        more.push(finding);
    }
    report.findings.splice(0..0, more);
    for at in 0..2_000 {
        report
            .unknown_types
            .insert(format!("AWS::New::Thing{at}"), 1);
        report.not_templates.push(format!("{at}.md"));
    }
    let markdown = sheet(&report, &each(), Paper::Comment);
    assert!(markdown.chars().count() <= 65_536, "{}", markdown.len());
    // The worst stands first, and everything that is open is closed.
    assert!(markdown.find("Web runs on EC2") < markdown.find("Cart0 runs"));
    assert_eq!(
        markdown.matches("<details>").count(),
        markdown.matches("</details>").count()
    );
    let shown = markdown.matches("</summary>").count() - 1;
    assert!(shown > 50, "{shown}");
    assert!(
        markdown.contains(&format!("\nand {} more\n", 2_002 - shown)),
        "{markdown}"
    );
    assert!(markdown.ends_with("</sub>\n"));
    // A summary has room for all of them.
    let summary = sheet(&report, &each(), Paper::Summary);
    assert!(summary.len() < 1 << 20, "{}", summary.len());
    assert_eq!(summary.matches("</summary>").count() - 1, 2_002);
    // Explained once, all of them are there in a comment.
    let grouped = sheet(&report, &style(), Paper::Comment);
    assert_eq!(grouped.matches("</summary>").count() - 1, 2, "{grouped}");
}

#[test]
fn a_comment_takes_characters_and_a_summary_bytes() {
    let mut report = sample::report();
    let mut more = Vec::new();
    for at in 0..10_000 {
        let mut finding = report.findings[1].clone();
        finding.message = format!(
            "鈴木{at} 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 runs on ECS"
        );
        more.push(finding);
    }
    report.findings.splice(0..0, more);
    for (paper, most) in [(Paper::Comment, 1 << 16), (Paper::Summary, 1 << 20)] {
        let markdown = sheet(&report, &each(), paper);
        let taken = paper.measure(&markdown);
        assert!(taken <= most && taken > most * 5 / 6, "{paper:?}: {taken}");
        assert!(markdown.contains(" more\n"), "{paper:?}");
    }
}

#[test]
fn where_nothing_changed_there_is_no_comment() {
    let comment = |report: &Compared| {
        let mut out = Vec::new();
        write_comment(report, &style(), &mut out).expect("memory takes everything");
        String::from_utf8(out).expect("it is text")
    };
    let mut report = changed();
    assert!(comment(&report).starts_with(MARK));
    report.findings.clear();
    assert!(comment(&report).starts_with(MARK));
    report.change = Some(Change {
        since: "main".to_owned(),
        moved: vec![step(Rung::Server, Rung::Server)],
        older: 3,
        ..Change::default()
    });
    assert_eq!(comment(&report), "");
}

#[test]
fn long_words_do_not_break_the_limit() {
    let long = "<@`".repeat(100_000);
    let mut report = changed();
    for finding in &mut report.findings {
        finding.message.clone_from(&long);
        finding.severity = Severity::Error;
    }
    let one = report.findings[0].clone();
    report.findings.extend(vec![one; 50]);
    let change = report.change.as_mut().expect("it is there");
    for at in 0..500 {
        let mut address = long.clone();
        let _ = write!(address, "{at}");
        change.added.push(spot(&address, Rung::Server));
        change.unread.push(long.clone());
    }
    let markdown = sheet(&report, &style(), Paper::Comment);
    assert!(markdown.chars().count() <= 65_536, "{}", markdown.len());
    assert!(markdown.matches("</summary>").count() > 1);
}

#[test]
fn the_purpose_stands_at_the_top_as_a_text() {
    let mut report = changed();
    report.purpose = Some("customers <b>order</b> @everywhere".to_owned());
    let markdown = sheet(&report, &style(), Paper::Comment);
    let line = markdown.lines().find(|line| line.starts_with("Purpose: "));
    let line = line.expect("it is there");
    assert!(line.starts_with("Purpose: customers "), "{line}");
    assert!(!line.contains('<') && !line.contains("@e"), "{line}");
}
