//! Days as a calendar that people subscribe to: iCalendar, RFC 5545. (The crate `icalendar` gives alarms random names, asks the clock,
//! keeps carriage returns in texts, and brings a second library for dates.)

use std::fmt::Write as _;
use std::io::{self, Write};

use jiff::civil::Date;

use super::visible;

/// The longest line, in bytes and without its end.
const LONGEST: usize = 75;
/// How long before a day its alarm rings, as the format says it.
const BEFORE: &str = "-P30D";

/// One day of the calendar.
#[derive(Clone, Debug)]
pub struct CalendarDay {
    /// The same from one time to the next: by it, a calendar knows the day again.
    pub id: String,
    pub day: Date,
    pub title: String,
    /// What there is to know, line by line.
    pub about: Vec<String>,
    /// Groups, of which a calendar can show some.
    pub groups: Vec<String>,
}

/// Writes a calendar. `stamp` is the day on which it is made.
///
/// # Errors
/// Nobody takes it.
pub fn write(name: &str, stamp: Date, days: &[CalendarDay], out: &mut dyn Write) -> io::Result<()> {
    let mut all = Lines(String::new());
    all.line("BEGIN:VCALENDAR");
    all.line("VERSION:2.0");
    all.line(concat!(
        "PRODID:-//sfl//sfl ",
        env!("CARGO_PKG_VERSION"),
        "//EN"
    ));
    all.line("CALSCALE:GREGORIAN");
    all.line("METHOD:PUBLISH");
    all.text("NAME", name);
    // What read calendars before RFC 7986 gave them a name.
    all.text("X-WR-CALNAME", name);
    all.line("REFRESH-INTERVAL;VALUE=DURATION:P1D");
    all.line("X-PUBLISHED-TTL:P1D");
    for day in days {
        all.line("BEGIN:VEVENT");
        all.text("UID", &day.id);
        all.line(&format!("DTSTAMP:{}T000000Z", digits(stamp)));
        all.line(&format!("DTSTART;VALUE=DATE:{}", digits(day.day)));
        all.text("SUMMARY", &day.title);
        all.text("DESCRIPTION", &day.about.join("\n"));
        if !day.groups.is_empty() {
            let groups: Vec<String> = day.groups.iter().map(|group| escaped(group)).collect();
            all.line(&format!("CATEGORIES:{}", groups.join(",")));
        }
        all.line("TRANSP:TRANSPARENT");
        all.line("BEGIN:VALARM");
        all.line("ACTION:DISPLAY");
        all.line(&format!("TRIGGER:{BEFORE}"));
        all.text("DESCRIPTION", &day.title);
        all.line("END:VALARM");
        all.line("END:VEVENT");
    }
    all.line("END:VCALENDAR");
    out.write_all(all.0.as_bytes())
}

fn digits(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// Lines as they are sent.
struct Lines(String);

impl Lines {
    fn text(&mut self, name: &str, text: &str) {
        self.line(&format!("{name}:{}", escaped(text)));
    }

    /// Folded where it is too long, between two characters; what goes on begins with a blank, which counts.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > LONGEST {
                self.0.push_str("\r\n ");
                length = 1;
            }
            // To write into a text cannot fail.
            let _ = self.0.write_char(c);
            length += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// A text as a value: its lines are kept, and no mark or control character in it acts.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let lines: Vec<_> = text
        .split('\n')
        .map(|line| visible::line(line, true))
        .collect();
    for c in lines.join("\n").chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn no_mark_acts_and_no_line_is_too_long() {
        let day = CalendarDay {
            id: "a1".to_owned(),
            day: date(2027, 6, 30),
            title: "ends, at last; \\o/ \r\u{202e}".to_owned(),
            about: vec!["ä€😀".repeat(60), "END:VEVENT".to_owned()],
            groups: vec!["@a/b,c".to_owned()],
        };
        let mut out = Vec::new();
        write("x, y", date(2026, 1, 2), &[day], &mut out).expect("memory takes it");
        let text = String::from_utf8(out).expect("it is UTF-8");
        let lines: Vec<&str> = text.split_terminator("\r\n").collect();
        assert!(
            lines
                .iter()
                .all(|line| line.len() <= LONGEST && !line.contains(['\r', '\n']))
        );
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "NAME:x\\, y\r\n",
            "SUMMARY:ends\\, at last\\; \\\\o/ ",
            &format!("DESCRIPTION:{}\\nEND:VEVENT\r\n", "ä€😀".repeat(60)),
            "CATEGORIES:@a/b\\,c\r\n",
            "DTSTART;VALUE=DATE:20270630\r\n",
            "DTSTAMP:20260102T000000Z\r\n",
        ] {
            assert!(unfolded.contains(line), "{line}\n{unfolded}");
        }
        assert!(!text.contains('\u{202e}'), "{text}");
        assert_eq!(unfolded.matches("\r\nEND:VEVENT\r\n").count(), 1);
    }
}
