//! The trend as a picture: no script, no request, light and dark, with a text for who can't see it. Above, the score; below, the decisions
//! rung by rung, and those that nobody explained; and where there ever was any, the code that servers make somebody own.

use std::io::{self, Write};

use jiff::civil::Date;
use quick_xml::escape::escape;

use super::trend_words;
use crate::analysis::Rung;
use crate::report::visible;
use crate::trend::{OwnedTally, Point, Trend};

const WIDTH: f64 = 960.0;
/// Without the chart of what is owned.
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 944.0;
/// Where the score's chart begins and ends, and that of the decisions.
const SCORE: (f64, f64) = (76.0, 276.0);
const DECISIONS: (f64, f64) = (318.0, 478.0);
const OWNED: (f64, f64) = (520.0, 580.0);

/// What [`fragment`] needs around it.
pub const STYLE: &str = include_str!("two_charts.css");

/// Writes the picture and a line break.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    open(trend, "sfl-trend", out)?;
    writeln!(out, "<style>{STYLE}</style>")?;
    body(trend, out)?;
    writeln!(out, "</svg>")
}

/// The same without its style, for a page that has it already. `id` begins the names of its parts.
///
/// # Errors
/// Those of `out`.
pub fn fragment(trend: &Trend, id: &str, out: &mut dyn Write) -> io::Result<()> {
    open(trend, id, out)?;
    body(trend, out)?;
    writeln!(out, "</svg>")
}

fn open(trend: &Trend, id: &str, out: &mut dyn Write) -> io::Result<()> {
    let height = bottom(trend) + HEIGHT - DECISIONS.1;
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sfl-trend\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" \
         width=\"{WIDTH:.0}\" height=\"{height:.0}\" role=\"graphics-document document\" \
         aria-labelledby=\"{id}-title {id}-about\">"
    )?;
    writeln!(
        out,
        "<title id=\"{id}-title\">{}</title>",
        text(&trend_words::title(trend))
    )?;
    writeln!(
        out,
        "<desc id=\"{id}-about\">{}</desc>",
        text(&trend_words::summary(trend, "→"))
    )
}

fn text(plain: &str) -> String {
    escape(&*visible::line(plain, true)).into_owned()
}

/// Where a day stands: time runs evenly; without any, points follow each other.
struct Across {
    first: Date,
    days: f64,
    points: f64,
}

impl Across {
    #[expect(clippy::cast_precision_loss, reason = "a number of points")]
    fn of(points: &[Point]) -> Self {
        let first = points.first().map_or(Date::MIN, |point| point.day);
        let last = points.last().map_or(Date::MIN, |point| point.day);
        Self {
            first,
            days: f64::from((last - first).get_days()),
            points: points.len().saturating_sub(1) as f64,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a number of points")]
    fn point(&self, at: usize, point: &Point) -> f64 {
        let share = if self.days >= 1.0 {
            f64::from((point.day - self.first).get_days()) / self.days
        } else if self.points >= 1.0 {
            at as f64 / self.points
        } else {
            0.0
        };
        LEFT + share * (RIGHT - LEFT)
    }
}

fn body(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let across = Across::of(&trend.points);
    writeln!(
        out,
        "<rect class=\"paper\" width=\"{WIDTH:.0}\" height=\"{:.0}\"/>",
        bottom(trend) + HEIGHT - DECISIONS.1
    )?;
    writeln!(
        out,
        "<text class=\"title\" x=\"{LEFT:.0}\" y=\"28\">{}</text>",
        text(&trend_words::title(trend))
    )?;
    writeln!(
        out,
        "<text class=\"soft\" x=\"{LEFT:.0}\" y=\"50\">{}</text>",
        text(&trend_words::summary(trend, "→"))
    )?;
    score_chart(trend, &across, out)?;
    decisions_chart(trend, &across, out)?;
    owned_chart(trend, &across, out)?;
    moved(trend, &across, out)?;
    days(trend, out)
}

fn height(score: f64) -> f64 {
    SCORE.1 - score / 100.0 * (SCORE.1 - SCORE.0)
}

fn score_chart(trend: &Trend, across: &Across, out: &mut dyn Write) -> io::Result<()> {
    for score in [0.0, 30.0, 70.0, 100.0] {
        let y = height(score);
        writeln!(
            out,
            "<path class=\"rule\" d=\"M{LEFT:.0} {y:.1}H{RIGHT:.0}\"/>"
        )?;
        writeln!(
            out,
            "<text class=\"soft\" text-anchor=\"end\" x=\"{:.0}\" y=\"{:.1}\">{score}</text>",
            LEFT - 8.0,
            y + 4.0
        )?;
    }
    let last = trend
        .points
        .iter()
        .rev()
        .find(|point| point.tally.is_some());
    let targets = last.iter().flat_map(|point| &point.targets);
    for standing in targets.filter(|one| one.target.of == crate::base::TargetScope::Whole) {
        let y = height(f64::from(standing.target.score));
        writeln!(
            out,
            "<path class=\"target\" d=\"M{LEFT:.0} {y:.1}H{RIGHT:.0}\"><title>{}</title></path>",
            text(&standing.words())
        )?;
    }
    let spots = trend.points.iter().enumerate();
    let spots = spots.map(|(at, point)| (across.point(at, point), point.score().map(height)));
    path("score", spots, out)
}

/// A line that has a gap where nothing is known.
fn path(
    class: &str,
    spots: impl Iterator<Item = (f64, Option<f64>)>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut is_down = false;
    let mut line = String::new();
    for (x, y) in spots {
        let Some(y) = y else {
            is_down = false;
            continue;
        };
        if is_down {
            line.push_str(&format!("H{x:.1}V{y:.1}"));
        } else {
            line.push_str(&format!("M{x:.1} {y:.1}h.1"));
        }
        is_down = true;
    }
    writeln!(out, "<path class=\"{class}\" d=\"{line}\"/>")
}

/// The line on which a chart stands.
fn ground((_, bottom): (f64, f64), out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<path class=\"rule\" d=\"M{LEFT:.0} {bottom:.1}H{RIGHT:.0}\"/>"
    )
}

/// The numbers at both ends of a chart that begins with nothing.
fn scale(most: usize, (top, bottom): (f64, f64), out: &mut dyn Write) -> io::Result<()> {
    for (number, y) in [(most, top), (0, bottom)] {
        writeln!(
            out,
            "<text class=\"soft\" text-anchor=\"end\" x=\"{:.0}\" y=\"{:.1}\">{number}</text>",
            LEFT - 8.0,
            y + 4.0
        )?;
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a number of decisions")]
fn decisions_chart(trend: &Trend, across: &Across, out: &mut dyn Write) -> io::Result<()> {
    let totals = trend.points.iter().filter_map(|point| point.tally);
    let most = totals.map(|tally| tally.count.total()).max().unwrap_or(0);
    let high = |number: usize| {
        DECISIONS.1 - number as f64 / most.max(1) as f64 * (DECISIONS.1 - DECISIONS.0)
    };
    ground(DECISIONS, out)?;
    scale(most, DECISIONS, out)?;
    let known: Vec<(f64, [usize; 4])> = trend
        .points
        .iter()
        .enumerate()
        .filter_map(|(at, point)| Some((across.point(at, point), point.tally?.count.rungs)))
        .collect();
    // The first rung stands at the bottom: it carries the others.
    for rung in Rung::ALL {
        let number = rung as usize;
        let upper = |rungs: &[usize; 4]| high(rungs[..=number].iter().sum());
        let lower = |rungs: &[usize; 4]| high(rungs[..number].iter().sum());
        let mut area = String::new();
        for (at, (x, rungs)) in known.iter().enumerate() {
            let y = upper(rungs);
            area.push_str(&match at {
                0 => format!("M{x:.1} {y:.1}"),
                _ => format!("H{x:.1}V{y:.1}"),
            });
        }
        for (at, (x, rungs)) in known.iter().enumerate().rev() {
            let y = lower(rungs);
            let from = known.get(at + 1).map_or(*x, |(x, _)| *x);
            area.push_str(&format!("L{from:.1} {y:.1}H{x:.1}"));
        }
        if !area.is_empty() {
            writeln!(
                out,
                "<path class=\"rung{}\" d=\"{area}Z\"><title>{}</title></path>",
                rung.number(),
                rung.name()
            )?;
        }
    }
    let spots = trend.points.iter().enumerate().map(|(at, point)| {
        let open = point.tally.map(|tally| high(tally.open));
        (across.point(at, point), open)
    });
    path("open", spots, out)?;
    let mut x = LEFT;
    for rung in Rung::ALL {
        writeln!(
            out,
            "<rect class=\"rung{}\" x=\"{x:.0}\" y=\"296\" width=\"10\" height=\"10\"/><text class=\"soft\" x=\"{:.0}\" y=\"305\">{}</text>",
            rung.number(),
            x + 16.0,
            rung.name()
        )?;
        x += 104.0;
    }
    writeln!(
        out,
        "<path class=\"open\" d=\"M{x:.0} 301h22\"/><text class=\"soft\" x=\"{:.0}\" y=\"305\">without a reason</text>",
        x + 28.0
    )
}

/// Whether servers ever made somebody own anything.
fn is_owning(trend: &Trend) -> bool {
    let mut tallies = trend.points.iter().filter_map(|point| point.tally);
    tallies.any(|tally| tally.owned != OwnedTally::default())
}

/// Where the lowest chart ends.
fn bottom(trend: &Trend) -> f64 {
    if is_owning(trend) {
        OWNED.1
    } else {
        DECISIONS.1
    }
}

/// The lines of scripts as an area, and in words what else there is.
#[expect(clippy::cast_precision_loss, reason = "a number of lines")]
fn owned_chart(trend: &Trend, across: &Across, out: &mut dyn Write) -> io::Result<()> {
    if !is_owning(trend) {
        return Ok(());
    }
    let known = |point: &&Point| point.tally.is_some();
    let first = trend.points.iter().find(known);
    let last = trend.points.iter().rfind(known);
    let words = first.zip(last);
    let words = words.and_then(|(first, last)| trend_words::owned(first, last, "→"));
    let words = words.unwrap_or("nothing at both ends".to_owned());
    writeln!(
        out,
        "<rect class=\"lines\" x=\"{LEFT:.0}\" y=\"{:.0}\" width=\"10\" height=\"10\"/>\
         <text class=\"soft\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
        OWNED.0 - 20.0,
        LEFT + 16.0,
        OWNED.0 - 11.0,
        text(&format!("what servers make you own: {words}"))
    )?;
    let lines = |point: &Point| Some(point.tally?.owned.lines);
    let most = trend.points.iter().filter_map(lines).max().unwrap_or(0);
    ground(OWNED, out)?;
    let mut area = String::new();
    let mut at = LEFT;
    for (number, point) in trend.points.iter().enumerate() {
        let Some(lines) = lines(point) else {
            continue;
        };
        let y = OWNED.1 - lines as f64 / most.max(1) as f64 * (OWNED.1 - OWNED.0);
        at = across.point(number, point);
        area.push_str(&match area.is_empty() {
            true => format!("M{at:.1} {:.1}V{y:.1}h.1", OWNED.1),
            false => format!("H{at:.1}V{y:.1}"),
        });
    }
    if most == 0 {
        return Ok(());
    }
    scale(most, OWNED, out)?;
    writeln!(
        out,
        "<path class=\"lines\" d=\"{area}H{:.1}V{:.1}Z\"><title>script lines</title></path>",
        at + 0.1,
        OWNED.1
    )
}

/// The commits that moved most, on the line of the score.
fn moved(trend: &Trend, across: &Across, out: &mut dyn Write) -> io::Result<()> {
    for (class, commits) in trend_words::directions(trend) {
        for commit in commits {
            let mut points = trend.points.iter().enumerate();
            // The point that it led to.
            let found = points.find(|(_, point)| point.day >= commit.day);
            let Some((at, point)) = found else {
                continue;
            };
            let Some(score) = point.score() else {
                continue;
            };
            let (x, y) = (across.point(at, point), height(score));
            let mark = match class {
                "forward" => format!("M{x:.1} {:.1}l-5 9h10z", y - 14.0),
                _ => format!("M{x:.1} {:.1}l-5 -9h10z", y + 14.0),
            };
            let words = format!(
                "{} {}, {}: {}",
                commit.day,
                trend_words::short(&commit.id),
                trend_words::rungs(commit.weight(), true),
                commit.subject
            );
            writeln!(
                out,
                "<path class=\"{class}\" d=\"{mark}\"><title>{}</title></path>",
                text(&words)
            )?;
        }
    }
    Ok(())
}

fn days(trend: &Trend, out: &mut dyn Write) -> io::Result<()> {
    let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else {
        return Ok(());
    };
    let y = bottom(trend) + 20.0;
    writeln!(
        out,
        "<text class=\"soft\" x=\"{LEFT:.0}\" y=\"{y:.0}\">{}</text>",
        first.day
    )?;
    if first.day == last.day {
        return Ok(());
    }
    writeln!(
        out,
        "<text class=\"soft\" text-anchor=\"end\" x=\"{RIGHT:.0}\" y=\"{y:.0}\">{}</text>",
        last.day
    )
}
