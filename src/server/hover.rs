//! What is said of the resource at a place: what was chosen, its rung, what it leaves to run, the way up, and the doubt.

use lsp_types::MarkupContent;

use super::marked::Marked;
use super::standing::PlaceMeaning;
use crate::analysis::graph::{Edge, Resource};
use crate::analysis::{Analysis, Decision, climb};
use crate::base::finding::Section;
use crate::placement::Advice;
use crate::report::Pages;

/// Choices of one block that are told apart.
const MOST: usize = 4;

/// See the module.
pub fn hover(analysis: &Analysis, standing: &PlaceMeaning<'_>, markdown: bool) -> MarkupContent {
    let mut page = Marked::new(markdown);
    match standing {
        PlaceMeaning::Choice(choices) => {
            let mut told: Vec<&Decision> = Vec::new();
            let of_one_kind = |one: &Decision, other: &Decision| {
                one.rule.name == other.rule.name && one.case == other.case && one.rung == other.rung
            };
            for choice in choices {
                if told.len() < MOST && !told.iter().any(|other| of_one_kind(other, choice)) {
                    told.push(choice);
                }
            }
            for decision in &told {
                let same = choices.iter().filter(|one| of_one_kind(one, decision));
                decided(analysis, decision, same.count() - 1, &mut page);
            }
        }
        PlaceMeaning::Member {
            resource,
            of,
            because,
        } => member(resource, of, *because, &mut page),
        PlaceMeaning::Machinery { name, why } => {
            page.title(name, &format!("is deployment machinery: {why}"));
            page.paragraph("Nobody chose where the product runs by it, so it counts nowhere.");
        }
    }
    page.done()
}

/// `rung 4 of 4 on the compute ladder`.
fn rung(decision: &Decision) -> String {
    format!(
        "rung {} of 4 ({}) on the {} ladder",
        decision.rung.number(),
        decision.rung.name(),
        decision.ladder().title
    )
}

fn decided(analysis: &Analysis, decision: &Decision, others: usize, page: &mut Marked) {
    let mut says = decision.says().unwrap_or("is a hosting choice").to_owned();
    if let Some(when) = &decision.assumed {
        says.push_str(&format!(" when {when}"));
    }
    for more in decision.deployed_in().into_iter().chain(decision.proviso()) {
        says.push_str(&format!(" {more}"));
    }
    let others = match others {
        0 => String::new(),
        1 => ", and so does one more of its block".to_owned(),
        many => format!(", and so do {many} more of its block"),
    };
    page.title(decision.name(), &format!("{says}{others}"));
    let accepted = match (decision.fallback, decision.rung.number()) {
        (false, 2..) => ", which is accepted here",
        _ => "",
    };
    page.paragraph(&format!("{}{accepted}", rung(decision)));
    page.entry(
        "yours to run",
        decision.text(decision.rung, |advice: &Advice| &advice.yours),
    );
    page.entry("way up", &climb(decision));
    let mut findings = analysis.findings.iter();
    let finding = findings.find(|finding| {
        let about = analysis.unexplained(finding);
        about.is_some_and(|about| std::ptr::eq(about, decision))
    });
    // What the template has against the way up, and what its context says, is said where the finding is.
    let helps = finding.map_or(&[][..], |finding| &finding.help);
    for section in [Section::Against, Section::Context, Section::Never] {
        let said = helps.iter().filter(|help| help.section == section);
        said.for_each(|help| page.entry(section.heading(), &help.text));
    }
    page.entry("not sure", &decision.doubts.join("\n"));
    let reachable = decision.reachable.iter();
    let reachable = reachable.map(|one| {
        let other = one.rung;
        format!("rung {} ({}) {}", other.number(), other.name(), one.words())
    });
    page.entry("reachable", &reachable.collect::<Vec<_>>().join("\n"));
    page.entry("members", &decision.shown_members.join(", "));
    let ends = decision.lifecycle();
    let ends = ends.map(|(entry, _)| entry.in_a_line());
    page.entry("what ends", &ends.collect::<Vec<_>>().join("\n"));
    match &decision.justification {
        Some(written) => {
            let text = |field: &Option<crate::analysis::Field>| {
                field.as_ref().map(|field| field.text.trim().to_owned())
            };
            let reason = &written.reason;
            let kind = text(&reason.because).map_or(String::new(), |kind| format!("{kind}: "));
            page.entry(
                "why",
                &format!("{kind}{}", text(&reason.reason).unwrap_or_default()),
            );
            page.entry("until", &text(&reason.expires).unwrap_or_default());
            page.entry("evidence", &text(&reason.evidence).unwrap_or_default());
            page.entry("by", &text(&reason.by).unwrap_or_default());
        }
        None if decision.fallback => {
            page.entry("why", "nobody wrote it down yet");
            page.entry("fair to stay", decision.climb().fair);
        }
        None => {}
    }
    let owner = decision.owner.as_ref();
    page.entry(
        "owner",
        &owner.map_or_else(String::new, crate::analysis::Owner::text),
    );
    if let Some(url) = Pages::built_in().of_decision(decision) {
        page.link(&decision.code().to_string(), &url);
    } else if let Some(url) = decision.rule.docs.first() {
        page.link("read on", url);
    }
}

fn member(resource: &Resource, of: &[&Decision], because: Option<&Edge>, page: &mut Marked) {
    let names: Vec<&str> = of.iter().map(|one| one.name()).collect();
    page.title(
        &resource.address,
        &format!("belongs to {}", names.join(" and ")),
    );
    let why = match because {
        Some(Edge {
            property: Some(property),
            written_by_target: true,
            ..
        }) => format!(
            "`{property}` of {} refers to it",
            names.first().unwrap_or(&"it")
        ),
        Some(Edge {
            property: Some(property),
            ..
        }) => format!("its `{property}` leads there"),
        _ => "it serves nothing else in its stack".to_owned(),
    };
    page.paragraph("It is no hosting choice of its own.");
    page.entry("why", &why);
    for decision in of {
        page.entry(decision.name(), &rung(decision));
    }
}
