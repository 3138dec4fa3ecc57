//! JUnit XML: a test suite a file, a test case a decision.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{gaps, visible, words};
use crate::analysis::Decision;
use crate::base::finding::Finding;
use crate::compare::Compared;

/// Writes the report.
///
/// # Errors
/// Those of `out`.
pub fn write(report: &Compared, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(report);
    let unread = gaps::sentences(report);
    let mut all = Counts {
        tests: unread.len(),
        skipped: unread.len(),
        ..Counts::default()
    };
    for suite in suites.values() {
        all.add(suite.counts());
    }
    let mut xml = Writer::new_with_indent(out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attribute(("name", "sfl"))
        .with_attributes(all.attributes())
        .write_inner_content(|xml| {
            suites
                .iter()
                .try_for_each(|(path, suite)| write_suite(report, path, suite, xml))?;
            write_unread(&unread, xml)
        })?;
    writeln!(xml.into_inner())
}

/// What a file comes to.
#[derive(Default)]
struct Suite<'r> {
    decisions: Vec<(&'r Decision, Outcome<'r>)>,
    /// What is said about anything but the rung of a decision.
    others: Vec<&'r Finding>,
}

/// How a decision is doing.
#[derive(Clone, Copy)]
enum Outcome<'r> {
    Passed,
    Failed(&'r Finding),
    Justified,
    /// A baseline knows it, or it is older than the change.
    Known,
    /// The given values leave it out.
    LeftOut,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }

    /// The outermost element has no place for what was skipped.
    fn attributes(self) -> [(&'static str, Cow<'static, str>); 3] {
        [
            ("tests", self.tests),
            ("failures", self.failures),
            ("errors", self.errors),
        ]
        .map(|(name, number)| (name, number.to_string().into()))
    }
}

impl Suite<'_> {
    fn counts(&self) -> Counts {
        let mut counts = Counts {
            tests: self.decisions.len() + self.others.len(),
            ..Counts::default()
        };
        for (_, outcome) in &self.decisions {
            match outcome {
                Outcome::Passed => {}
                Outcome::Failed(_) => counts.failures += 1,
                Outcome::Justified | Outcome::Known | Outcome::LeftOut => counts.skipped += 1,
            }
        }
        counts.errors = self.others.iter().filter(|one| is_error(one)).count();
        counts.failures += self.others.len() - counts.errors;
        counts
    }
}

fn suites(report: &Compared) -> BTreeMap<&str, Suite<'_>> {
    let paths = report.read.iter();
    let mut suites: BTreeMap<&str, Suite<'_>> = paths
        .map(|path| (path.as_str(), Suite::default()))
        .collect();
    let mut asked: Vec<Option<&Finding>> = vec![None; report.decisions.len()];
    for finding in &report.findings {
        match finding.decision.and_then(|at| asked.get_mut(at)) {
            Some(place) if place.is_none() && report.unexplained(finding).is_some() => {
                *place = Some(finding);
            }
            _ => suites
                .entry(&**finding.path())
                .or_default()
                .others
                .push(finding),
        }
    }
    for (decision, asked) in report.decisions.iter().zip(asked) {
        let outcome = match asked {
            Some(finding) => Outcome::Failed(finding),
            None if !decision.is_counted => Outcome::LeftOut,
            None if decision.justification.is_some() => Outcome::Justified,
            None if decision.fallback => Outcome::Known,
            None => Outcome::Passed,
        };
        let suite = suites.entry(&*decision.path).or_default();
        suite.decisions.push((decision, outcome));
    }
    suites
}

fn is_error(finding: &Finding) -> bool {
    finding.code.is_about_input()
}

fn write_suite(
    report: &Compared,
    path: &str,
    suite: &Suite<'_>,
    xml: &mut Writer<&mut dyn Write>,
) -> io::Result<()> {
    let counts = suite.counts();
    let path = inline(path);
    xml.create_element("testsuite")
        .with_attribute(("name", &*path))
        .with_attributes(counts.attributes())
        .with_attribute(("skipped", &*counts.skipped.to_string()))
        .write_inner_content(|xml| {
            for (decision, outcome) in &suite.decisions {
                write_case(
                    &path,
                    decision.name(),
                    result(report, decision, *outcome).as_ref(),
                    xml,
                )?;
            }
            for finding in &suite.others {
                let name = match finding.name() {
                    Some(address) => format!("{address} ({})", finding.code),
                    None => finding.code.to_string(),
                };
                let kind = if is_error(finding) {
                    "error"
                } else {
                    "failure"
                };
                write_case(&path, &name, Some(&said(report, finding, kind)), xml)?;
            }
            Ok(())
        })?;
    Ok(())
}

/// What was not read is a suite of its own, in which every test is skipped.
fn write_unread(sentences: &[String], xml: &mut Writer<&mut dyn Write>) -> io::Result<()> {
    if sentences.is_empty() {
        return Ok(());
    }
    let number = sentences.len().to_string();
    let attributes = [
        ("tests", number.as_str()),
        ("failures", "0"),
        ("errors", "0"),
        ("skipped", &number),
    ];
    xml.create_element("testsuite")
        .with_attribute(("name", "not read"))
        .with_attributes(attributes)
        .write_inner_content(|xml| {
            for (number, sentence) in sentences.iter().enumerate() {
                let said = Said {
                    element: "skipped",
                    kind: "not read".to_owned(),
                    message: sentence.clone(),
                    text: String::new(),
                };
                let name = format!("not read {}", number + 1);
                write_case("not read", &name, Some(&said), xml)?;
            }
            Ok(())
        })?;
    Ok(())
}

/// What stands in a test case that did not pass.
struct Said {
    element: &'static str,
    kind: String,
    message: String,
    text: String,
}

fn result(report: &Compared, decision: &Decision, outcome: Outcome<'_>) -> Option<Said> {
    let skipped = |message: String| Said {
        element: "skipped",
        kind: decision.code().to_string(),
        message,
        text: String::new(),
    };
    match (outcome, &decision.justification) {
        (Outcome::Failed(finding), _) => Some(said(report, finding, "failure")),
        (Outcome::Justified, Some(justification)) => Some(skipped(words::why(justification))),
        (Outcome::Known, _) => Some(skipped(known(report))),
        (Outcome::LeftOut, _) => Some(skipped("left out by the given values".to_owned())),
        (Outcome::Passed | Outcome::Justified, _) => None,
    }
}

/// Why a fallback without a reason is no failure.
fn known(report: &Compared) -> String {
    let is_compared = report.baseline.is_some() || report.change.is_some();
    match (is_compared, report.hidden.is_empty()) {
        (_, true) => "known: a baseline has it, or it is older than the change",
        (false, false) => "not shown",
        (true, false) => "known, or not shown",
    }
    .to_owned()
}

fn said(report: &Compared, finding: &Finding, element: &'static str) -> Said {
    let (start, _) = finding.positions();
    let mut text = format!(
        "{}:{}:{}: {}[{}]",
        inline(finding.path()),
        start.line,
        start.column,
        finding.severity.name(),
        finding.code
    );
    let more = match words::help(finding) {
        help if help.is_empty() => words::teaching(report, finding).join("\n"),
        help => help,
    };
    if !more.is_empty() {
        text.push('\n');
        text.push_str(&more);
    }
    Said {
        element,
        kind: finding.code.to_string(),
        message: words::message(finding),
        text,
    }
}

fn write_case(
    path: &str,
    name: &str,
    said: Option<&Said>,
    xml: &mut Writer<&mut dyn Write>,
) -> io::Result<()> {
    let case = xml
        .create_element("testcase")
        .with_attribute(("name", &*inline(name)))
        .with_attribute(("classname", path));
    let Some(said) = said else {
        case.write_empty()?;
        return Ok(());
    };
    case.write_inner_content(|xml| {
        let element = xml
            .create_element(said.element)
            .with_attribute(("type", &*inline(&said.kind)))
            .with_attribute(("message", &*inline(&said.message)));
        if said.text.is_empty() {
            element.write_empty()?;
        } else {
            let text = taken(&visible::lines(&said.text));
            element.write_text_content(BytesText::new(&text))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// A text of one line.
fn inline(text: &str) -> String {
    taken(&visible::line(text, true))
}

/// Of what is left once everything that acts is made visible, XML 1.0 takes all but two.
fn taken(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[cfg(test)]
mod tests;
