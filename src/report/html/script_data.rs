//! What the page's script looks around in: every decision, with what was said about it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use serde::Serialize;

use super::source_lines::{self, ExcerptLine};
use super::{embed, owned_rows, state, touched_rows};
use crate::analysis::Field;
use crate::analysis::{Decision, Deployed, Ending, Justification, Lifecycle, climb};
use crate::base::Code;
use crate::base::finding::{Finding, Section, Severity};
use crate::compare::Compared;
use crate::landscape::Landscape;
use crate::liability;
use crate::report::{Style, owned, visible};

/// Things that are listed with a decision.
const MOST_OWNED: usize = 20;

/// What the script is told.
pub struct ScriptData {
    /// The text of a JSON element.
    pub json: String,
    /// Decisions that were not open before, where there is a before.
    pub fresh: Option<usize>,
}

/// Every decision, and where it stands on the map.
pub fn of(report: &Compared, map: Option<&Landscape>, style: &Style) -> io::Result<ScriptData> {
    let mut said: BTreeMap<usize, Vec<&Finding>> = BTreeMap::new();
    let mut places: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (at, decision) in report.decisions.iter().enumerate() {
        let place = (&*decision.path, &*decision.address);
        places.entry(place).or_default().push(at);
        // What is wrong with a reason is said where that stands.
        if let Some(written) = &decision.written {
            let place = (&*written.path, &*decision.address);
            places.entry(place).or_default().push(at);
        }
    }
    for finding in &report.findings {
        let address = finding.address.as_deref().unwrap_or_default();
        let place = (&**finding.path(), address);
        let about = match &finding.decision {
            Some(at) => std::slice::from_ref(at),
            None => places.get(&place).map_or(&[][..], Vec::as_slice),
        };
        for at in about {
            said.entry(*at).or_default().push(finding);
        }
    }
    let mut words = Words::default();
    let decisions = report.decisions.iter().enumerate().map(|(at, decision)| {
        let said = said.get(&at).map_or(&[][..], Vec::as_slice);
        view(report, decision, said, &mut words, style)
    });
    let mut decisions: Vec<View<'_>> = decisions.collect();
    let components = map.map_or(&[][..], |map| &map.components);
    for (number, component) in components.iter().enumerate() {
        for at in component.parts.iter().flat_map(|part| &part.decisions) {
            decisions[*at].component = Some(number);
        }
    }
    for (view, all) in decisions.iter_mut().zip(liability::of_decisions(report)) {
        let things = all.iter().map(|at| &report.liabilities[*at]);
        let kinds = things.map(|one| (one.kind, liability::kind(one).name));
        let kinds: BTreeSet<(usize, &'static str)> = kinds.collect();
        view.owns = kinds.into_iter().map(|(_, name)| name).collect();
        view.owned = all.into_iter().take(MOST_OWNED).collect();
    }
    let changes = touched_rows::words(report);
    for (at, word) in changes {
        decisions[at].change = Some(word);
    }
    let is_compared = report.baseline.is_some() || report.change.is_some();
    let fresh = decisions.iter().filter(|one| one.fresh).count();
    let json = embed::json(&Data {
        decisions,
        words: words.all,
        owned: report
            .liabilities
            .iter()
            .map(|one| Thing {
                kind: liability::kind(one).one,
                what: visible::line(&owned::what(report, one), true).into_owned(),
                place: visible::line(&owned::place(one), true).into_owned(),
                url: owned_rows::url(one, style),
            })
            .collect(),
        components: components
            .iter()
            .map(|one| visible::line(&one.name, true))
            .collect(),
    })?;
    Ok(ScriptData {
        json,
        fresh: is_compared.then_some(fresh),
    })
}

#[derive(Serialize)]
struct Data<'r> {
    decisions: Vec<View<'r>>,
    words: Vec<Word<'r>>,
    /// What servers make somebody own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owned: Vec<Thing>,
    /// What stands on the map, by name.
    components: Vec<Cow<'r, str>>,
}

/// Something that servers make somebody own.
#[derive(Serialize)]
struct Thing {
    kind: &'static str,
    what: String,
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// What a rule says about a rung: the same for many decisions.
#[derive(Serialize)]
struct Word<'r> {
    says: &'r str,
    yours: &'r str,
    fair: &'r str,
    climb: String,
    rule: &'r str,
    page: Option<String>,
}

#[derive(Default)]
struct Words<'r> {
    all: Vec<Word<'r>>,
    known: BTreeMap<(*const u8, usize, u8), usize>,
}

impl<'r> Words<'r> {
    /// The place of a decision's words.
    fn of(&mut self, decision: &'r Decision, style: &Style) -> usize {
        let rule = Arc::as_ptr(&decision.rule).cast();
        let key = (rule, decision.case, decision.rung.number());
        if let Some(at) = self.known.get(&key) {
            return *at;
        }
        let (rule, rung) = (&decision.rule, decision.rung);
        self.all.push(Word {
            says: decision.says().unwrap_or_default(),
            yours: rule.text(rung, |advice| &advice.yours),
            fair: match decision.fallback {
                true => rule.text(rung, |advice| &advice.fair),
                false => "",
            },
            climb: climb(decision),
            rule: &rule.name,
            page: style.pages.of_decision(decision),
        });
        self.known.insert(key, self.all.len() - 1);
        self.all.len() - 1
    }
}

#[derive(Serialize)]
struct View<'r> {
    address: &'r str,
    /// The logical id, where it is shown by another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'r str>,
    #[serde(rename = "type")]
    kind: &'r str,
    path: &'r str,
    line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    ladder: &'r str,
    rung: u8,
    name: &'static str,
    state: &'static str,
    words: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    conditional: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    conditional_on: &'r [String],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    left_out: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    known: bool,
    /// Open, and not known before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fresh: bool,
    /// What the change did to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<&'static str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    doubts: &'r [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    members: &'r [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reachable: Vec<Reach>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assumed: Option<&'r str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deployments: Vec<String>,
    /// Who answer for it, whoever says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owners: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<&'r str>,
    /// Where it stands on the map.
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<usize>,
    /// The kinds of what it makes somebody own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owns: Vec<&'static str>,
    /// The first of these things.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    owned: Vec<usize>,
    /// What of it its provider ends.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ends: Vec<End<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Why<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Said<'r>>,
}

#[derive(Serialize)]
struct Reach {
    rung: u8,
    name: &'static str,
    when: String,
}

#[derive(Serialize)]
struct End<'r> {
    /// `ended`, `ending` or `closed`.
    kind: &'static str,
    name: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<&'r str>,
    words: String,
    instead: &'r str,
    source: &'r str,
}

fn ending((entry, ending): (&Lifecycle, Ending)) -> End<'_> {
    End {
        kind: ending.code.name(),
        name: &entry.name,
        day: entry.ends.as_deref(),
        words: entry.days(),
        instead: &entry.instead,
        source: &entry.source,
    }
}

#[derive(Serialize)]
struct Why<'r> {
    because: Option<&'r str>,
    reason: Option<&'r str>,
    owner: Option<&'r str>,
    expires: Option<&'r str>,
    evidence: Option<&'r str>,
    /// The evidence is a page on the web.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    link: bool,
    path: &'r str,
    line: u32,
}

#[derive(Serialize)]
struct Said<'r> {
    code: &'r Code,
    severity: Severity,
    message: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'r str,
    path: &'r str,
    lines: Vec<ExcerptLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Beside<'r>>,
    /// The record that would settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'r str>,
    /// Help that the decision's own words do not give.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    help: Vec<(&'r str, &'r str)>,
}

#[derive(Serialize)]
struct Beside<'r> {
    path: &'r str,
    line: u32,
    message: &'r str,
}

fn view<'r>(
    report: &Compared,
    decision: &'r Decision,
    said: &[&'r Finding],
    words: &mut Words<'r>,
    style: &Style,
) -> View<'r> {
    let (path, start, _) = decision.place();
    let line = start.line;
    let own = said.iter().any(|finding| finding.decision.is_some());
    let partly = report.baseline.is_some() || report.change.is_some();
    let state = state(decision);
    View {
        address: decision.name(),
        id: decision.construct.as_ref().map(|_| &*decision.address),
        kind: &decision.kind,
        path,
        line,
        url: style.remote.and_then(|remote| remote.line(path, line)),
        ladder: &decision.ladder().name,
        rung: decision.rung.number(),
        name: decision.rung.name(),
        state,
        words: words.of(decision, style),
        conditional: decision.conditional,
        conditional_on: &decision.conditional_on,
        left_out: !decision.is_counted,
        known: partly && state == "open" && !own,
        fresh: partly && state == "open" && own,
        change: None,
        doubts: &decision.doubts,
        members: &decision.shown_members,
        assumed: decision.assumed.as_deref(),
        deployments: decision.deployments.iter().map(deployed).collect(),
        reachable: decision
            .reachable
            .iter()
            .map(|reach| Reach {
                rung: reach.rung.number(),
                name: reach.rung.name(),
                when: reach.words(),
            })
            .collect(),
        owners: decision
            .owner
            .iter()
            .flat_map(|owner| &owner.names)
            .map(|name| &**name)
            .collect(),
        stream: decision.stream.as_deref(),
        component: None,
        owns: Vec::new(),
        owned: Vec::new(),
        ends: decision.lifecycle().map(ending).collect(),
        why: decision.justification.as_ref().map(why),
        findings: said.iter().map(|finding| self::said(finding)).collect(),
    }
}

fn why(found: &Justification) -> Why<'_> {
    let reason = &found.reason;
    let evidence = text(&reason.evidence);
    Why {
        because: text(&reason.because),
        reason: text(&reason.reason),
        owner: text(&reason.owner),
        expires: text(&reason.expires),
        evidence,
        link: evidence.is_some_and(is_page),
        path: &found.path,
        line: found.start.line,
    }
}

fn text(field: &Option<Field>) -> Option<&str> {
    let text = field.as_ref().map(|field| field.text.trim());
    text.filter(|text| !text.is_empty())
}

/// Whether a text is the address of a page, and nothing that a browser would run.
fn is_page(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}

fn said<'r>(finding: &'r Finding) -> Said<'r> {
    let told = [
        Section::Members,
        Section::NotSure,
        Section::Reachable,
        Section::Climb,
        Section::Fair,
    ];
    let (records, help): (Vec<_>, Vec<_>) = finding
        .help
        .iter()
        .filter(|help| finding.decision.is_none() || !told.contains(&help.section))
        .partition(|help| help.section == Section::SayWhy);
    Said {
        code: &finding.code,
        severity: finding.severity,
        message: &finding.message,
        label: &finding.label,
        path: finding.path(),
        lines: source_lines::around(&finding.source, finding.span),
        related: finding
            .related
            .iter()
            .map(|related| Beside {
                path: related.source.name(),
                line: related.source.position(related.span.start).line,
                message: &related.message,
            })
            .collect(),
        record: records.first().map(|help| help.text.as_str()),
        help: help
            .iter()
            .map(|help| (help.section.heading(), help.text.as_str()))
            .collect(),
    }
}
/// `prod: rung 3`, `dev: left out`.
fn deployed(one: &Deployed) -> String {
    match one.rung {
        Some(rung) => format!("{}: rung {} ({})", one.name, rung.number(), rung.name()),
        None => format!("{}: left out", one.name),
    }
}
