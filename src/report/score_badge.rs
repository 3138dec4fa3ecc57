//! The score and its direction on a badge: as a picture, and for the endpoint of shields.io.

use std::io::{self, Write};

use serde_json::json;

use crate::analysis::summary::{count, whole};
use crate::trend::{Point, Trend};

/// A form of the badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadgeFormat {
    /// A picture.
    Svg,
    /// What the endpoint badge of shields.io reads.
    Shields,
}

impl BadgeFormat {
    /// In the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::Svg, Self::Shields];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Shields => "shields",
        }
    }

    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Svg => "A picture",
            Self::Shields => "JSON for the endpoint badge of shields.io",
        }
    }

    /// Writes the badge.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(self, trend: &Trend, label: &str, out: &mut dyn Write) -> io::Result<()> {
        let badge = Badge::of(trend);
        match self {
            Self::Svg => badge.svg(label, out),
            Self::Shields => {
                let told = json!({
                    "schemaVersion": 1,
                    "label": label,
                    "message": badge.message,
                    "color": badge.color.0,
                });
                writeln!(out, "{told}")
            }
        }
    }
}

/// Of a score that is not known, or not of all.
const UNKNOWN: (&str, &str) = ("lightgrey", "#6e7681");

/// Why the score of the last commit does not count all: "2 files could not be read".
#[must_use]
pub fn unseen(trend: &Trend) -> Option<String> {
    let unreadable = trend.points.last().map_or(0, |last| last.unreadable);
    let unreadable = (unreadable > 0).then(|| {
        let files = count(unreadable, "file");
        format!("{files} could not be read")
    });
    let hidden = trend.hidden.as_ref().map(|hidden| {
        let fallbacks = count(hidden.number, "fallback");
        format!("{fallbacks} moved out of sight")
    });
    let both: Vec<String> = unreadable.into_iter().chain(hidden).collect();
    (!both.is_empty()).then(|| both.join(", and "))
}

struct Badge {
    /// "81 ▲ 4".
    message: String,
    /// As shields.io calls it, and as CSS does.
    color: (&'static str, &'static str),
}

impl Badge {
    fn of(trend: &Trend) -> Self {
        let last = trend.points.last().and_then(Point::score);
        // A step from or to what is only a part of it is nobody's gain.
        let mut whole_points = trend.points.iter().filter(|point| point.unreadable == 0);
        let first = whole_points.find_map(Point::score);
        let Some(last) = last else {
            return Self {
                message: "unknown".to_owned(),
                color: UNKNOWN,
            };
        };
        let now = whole(last);
        if unseen(trend).is_some() {
            return Self {
                message: format!("{now}?"),
                color: UNKNOWN,
            };
        }
        let change = first.map_or(0.0, |first| now - whole(first));
        let message = match change {
            change if change > 0.0 => format!("{now} ▲ {change}"),
            change if change < 0.0 => format!("{now} ▼ {}", -change),
            _ => now.to_string(),
        };
        // As the bars of a report.
        let color = match last {
            _ if last >= 70.0 => ("green", "#1a7f37"),
            _ if last >= 30.0 => ("yellow", "#8a6100"),
            _ => ("red", "#b42318"),
        };
        Self { message, color }
    }

    fn svg(&self, label: &str, out: &mut dyn Write) -> io::Result<()> {
        let (left, right) = (width(label) + 12, width(&self.message) + 12);
        let all = left + right;
        let text = |plain: &str| {
            let seen = super::visible::line(plain, true).into_owned();
            quick_xml::escape::escape(seen).into_owned()
        };
        let about = text(&format!("{label}: {}", self.message));
        writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all}\" height=\"20\" role=\"img\" aria-label=\"{about}\">\
             <title>{about}</title>\
             <clipPath id=\"sfl-badge\"><rect width=\"{all}\" height=\"20\" rx=\"3\"/></clipPath>\
             <g clip-path=\"url(#sfl-badge)\"><rect width=\"{left}\" height=\"20\" fill=\"#424a53\"/>\
             <rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{}\"/></g>\
             <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">",
            self.color.1
        )?;
        for (middle, plain) in [(left / 2, label), (left + right / 2, &self.message)] {
            writeln!(
                out,
                "<text x=\"{middle}\" y=\"14\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
                width(plain),
                text(plain)
            )?;
        }
        writeln!(out, "</g></svg>")
    }
}

/// About as wide as Verdana is at 11 pixels; the text is made to fit.
fn width(text: &str) -> usize {
    let wide = |c: char| match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ' ' | 'f' | 't' | 'r' => 4,
        'm' | 'w' | 'M' | 'W' | '▲' | '▼' => 10,
        _ => 7,
    };
    text.chars().map(wide).sum()
}
