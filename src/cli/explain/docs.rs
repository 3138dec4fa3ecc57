//! What `sfl explain` says of the built-in rules, as pages of Markdown: `tests/docs.rs` keeps `docs/rules/` so.

use super::text::Page;
use super::words::Names;
use super::{numbered, read_on, rule_body, takes};
use crate::ladder::{CATALOGUE, Ladder, Role, Rule, Rung};

const MADE: &str = "<!-- Made from rules/ by `SFL_BLESS=1 cargo test --test docs`. -->\n";

/// Every page: its file name and its text.
#[must_use]
pub fn pages() -> Vec<(String, String)> {
    let ladders = CATALOGUE.ladders.iter();
    let ladders = ladders.map(|ladder| (format!("{}.md", ladder.name), page(ladder)));
    std::iter::once(("README.md".to_owned(), index()))
        .chain(ladders)
        .collect()
}

fn rules(ladder: &'static Ladder) -> impl Iterator<Item = &'static Rule> {
    let all = CATALOGUE.rules.iter();
    all.filter(move |rule| std::ptr::eq(rule.ladder(), ladder))
}

fn choices(ladder: &'static Ladder) -> impl Iterator<Item = &'static Rule> {
    rules(ladder).filter(|rule| rule.role() == Role::Decision)
}

/// `rungs 1, 2`.
fn rungs(rule: &'static Rule) -> String {
    let rungs: Vec<String> = rule
        .reachable()
        .iter()
        .map(|rung| rung.number().to_string())
        .collect();
    let word = if rungs.len() == 1 { "rung" } else { "rungs" };
    format!("{word} {}", rungs.join(", "))
}

fn index() -> String {
    let mut page = Page::markdown();
    page.raw(MADE);
    page.title("The rules");
    page.prose("Every ladder with its choices: what decides the rung of each, what is then yours to run, the way up, and when falling back is fair. `sfl explain` says the same in the terminal, and `sfl rules` lists every type.");
    page.raw("| ladder | choices | what it is |\n| --- | --- | --- |");
    for ladder in CATALOGUE.ladders {
        let count = choices(ladder).count();
        let (name, about) = (ladder.name, ladder.about);
        page.raw(&format!("| [{name}]({name}.md) | {count} | {about} |"));
    }
    for ladder in CATALOGUE.ladders {
        page.part(ladder.name);
        for rule in choices(ladder) {
            let (name, title, rungs) = (rule.name, rule.title, rungs(rule));
            let file = ladder.name;
            page.raw(&format!("- [{name}]({file}.md#{name}): {title}, {rungs}"));
        }
    }
    page.done()
}

fn page(ladder: &'static Ladder) -> String {
    let mut page = Page::markdown();
    page.raw(MADE);
    page.title(&format!("The {} ladder", ladder.title));
    page.prose(ladder.about);
    for rung in Rung::ALL {
        let text = &ladder.rungs[rung as usize];
        if text.takes.is_empty() {
            continue;
        }
        page.heading(&numbered(rung));
        let takes = takes(ladder, rung);
        let takes: Vec<&str> = takes.iter().map(String::as_str).collect();
        page.entry("stands here", &takes);
        page.entry("yours to run", &[text.yours]);
        let step = text.step.map_or("", crate::ladder::catalogue::Step::phrase);
        page.entry("the way up", &[text.up, step]);
        page.entry("fair", &[text.fair]);
    }
    for rule in rules(ladder) {
        page.part(rule.name);
        let mut title = rule.title.to_owned();
        if let Some(first) = title.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        page.prose(&format!("{title}: `{}`", rule.types.join("`, `")));
        rule_body(rule, Names::Both, &mut page);
        read_on(rule, &mut page);
    }
    page.done()
}
