//! What `sfl justify` asks on a terminal.

use super::record::{self, RecordRules};
use crate::cli::ask::{self, text};
use crate::edit::WrittenReason;
use crate::reasons::kinds;
use crate::rulebook::justification::ReasonKind;

/// What somebody wants to do with a finding.
pub enum Choice {
    /// Give a reason of this kind.
    Because(&'static str),
    /// Leave it open.
    Skip,
    /// Leave all that follow open.
    Stop,
}

/// The kind of reason, or none. What the template speaks against comes last, so that nobody takes it by a slip of the hand.
pub fn choice(contradicted: &[&str]) -> Result<Choice, String> {
    let (against, mut kinds): (Vec<&ReasonKind>, Vec<&ReasonKind>) = kinds::ALL
        .iter()
        .partition(|kind| contradicted.contains(&&*kind.name));
    let mut items: Vec<String> = kinds
        .iter()
        .map(|kind| format!("{:21}{}", kind.name, kind.means))
        .collect();
    let last = against.iter();
    items.extend(last.map(|kind| format!("{:21}the template speaks against it", kind.name)));
    kinds.extend(against);
    items.push("(skip this one)".to_owned());
    items.push("(stop here)".to_owned());
    Ok(match ask::one("because", &items)? {
        Some(at) if at < kinds.len() => Choice::Because(&kinds[at].name),
        Some(at) if at == kinds.len() => Choice::Skip,
        _ => Choice::Stop,
    })
}

/// Everything about a reason of a kind that is to stand in a file; `None` where somebody turns away.
pub fn record(
    because: &str,
    known: &WrittenReason,
    law: RecordRules<'_>,
    file: &str,
) -> Result<Option<WrittenReason>, String> {
    let Some(reason) = text("reason", &known.reason, |text| law.words(text))? else {
        return Ok(None);
    };
    let by = &known.by;
    let known = [
        ("owner", "", &known.owner),
        ("expires", "YYYY-MM-DD", &known.expires),
        ("evidence", "a file or URL", &known.evidence),
    ];
    let mut answers = Vec::new();
    for (field, shape, known) in known {
        let needed = law.optional(because, field);
        let free = if needed.is_ok() { "may be empty" } else { "" };
        let hints = [shape, free].into_iter().filter(|hint| !hint.is_empty());
        let hints = hints.collect::<Vec<_>>().join(", ");
        let question = match hints.as_str() {
            "" => field.to_owned(),
            hints => format!("{field} ({hints})"),
        };
        let check = |text: &str| match field {
            _ if text.is_empty() => needed.clone(),
            "expires" => law.date(text),
            "evidence" => law.evidence(text, file),
            _ => record::line(text),
        };
        match text(&question, known.as_deref().unwrap_or_default(), check)? {
            Some(answer) => answers.push(answer),
            None => return Ok(None),
        }
    }
    let mut answers = answers.into_iter();
    let mut next = || answers.next().filter(|answer| !answer.is_empty());
    Ok(Some(WrittenReason {
        because: because.to_owned(),
        reason,
        owner: next(),
        expires: next(),
        evidence: next(),
        by: by.clone(),
        instance: None,
    }))
}

/// What the command line left out.
pub fn complete(
    given: &WrittenReason,
    contradicted: &[&str],
    law: RecordRules<'_>,
    file: &str,
) -> Result<Option<WrittenReason>, String> {
    if !given.because.is_empty() {
        return record(&given.because, given, law, file);
    }
    match choice(contradicted)? {
        Choice::Because(kind) => record(kind, given, law, file),
        Choice::Skip | Choice::Stop => Ok(None),
    }
}
