//! The trend as a page that needs nothing else: the picture, its numbers as a table, and the commits that moved most.

use std::io::{self, Write};

use quick_xml::escape::escape;

use super::trend_words;
use super::two_charts;
use crate::report::visible;
use crate::trend::Trend;

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}\
svg{max-width:100%;height:auto}\
.scroll{overflow-x:auto;max-height:30rem}\
table{border-collapse:collapse;font-variant-numeric:tabular-nums}\
th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #8884}\
th:first-child,td:first-child{text-align:left;white-space:nowrap}\
code{font-family:ui-monospace,monospace}";

/// Writes it.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let title = text(&trend_words::title(trend));
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLE}{}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>",
        two_charts::STYLE
    )?;
    two_charts::fragment(trend, "sfl-trend", out)?;
    for (name, commits) in trend_words::directions(trend) {
        if commits.is_empty() {
            continue;
        }
        writeln!(out, "<h2>{name}</h2>\n<ul>")?;
        for commit in commits {
            writeln!(
                out,
                "<li>{} <code>{}</code> {}: {}<ul>",
                commit.day,
                trend_words::short(&commit.id),
                trend_words::rungs(commit.weight(), true),
                text(&commit.subject)
            )?;
            for one in trend_words::heaviest(commit)
                .iter()
                .take(trend_words::MOST_MOVES)
            {
                let change = trend_words::change(one, "→");
                writeln!(
                    out,
                    "<li>{} in <code>{}</code>: {}</li>",
                    text(&one.name),
                    text(&one.path),
                    text(&change)
                )?;
            }
            let more = commit.moves.len().saturating_sub(trend_words::MOST_MOVES);
            if more > 0 {
                writeln!(out, "<li>and {more} more</li>")?;
            }
            writeln!(out, "</ul></li>")?;
        }
        writeln!(out, "</ul>")?;
    }
    writeln!(
        out,
        "<h2>numbers</h2>\n<div class=\"scroll\" tabindex=\"0\">\n<table>\n<thead><tr><th scope=\"col\">day</th><th scope=\"col\">score</th>"
    )?;
    let rows = trend_words::rows(trend);
    for (name, _) in &rows {
        write!(out, "<th scope=\"col\">{name}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for point in trend.points.iter().rev() {
        let score = trend_words::score(point.score()).unwrap_or("–".to_owned());
        write!(out, "<tr><td>{}</td><td>{score}</td>", point.day)?;
        for (_, of) in &rows {
            let number = of(point).map_or("–".to_owned(), |number| number.to_string());
            write!(out, "<td>{number}</td>")?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>\n</div>")?;
    for gap in trend_words::gaps(trend) {
        writeln!(out, "<p>{}</p>", text(&gap))?;
    }
    writeln!(out, "</main>\n</body>\n</html>")
}

fn text(plain: &str) -> String {
    escape(&*visible::line(plain, true)).into_owned()
}
