//! What `sfl explain` says of the built-in rules, as pages of Markdown. Those of the ladders are kept in `docs/rules/`, and
//! `tests/docs/links.rs` keeps them true; those of the rules are made for a release.

use super::page::Page;
use super::{figures, numbered, read_on, rule_body, rung, types};
use crate::Options;
use crate::placement::{CATALOGUE, Decision, Ladder, Role, Rule, Rung};
use crate::rulebook::wording::Names;
use crate::workspace::examples::{self, ExampleRun};

/// Which pages there are. Nothing links to a page that there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// An index, and one page a ladder.
    Ladders,
    /// One page a rule as well.
    Everything,
}

impl Extent {
    /// The first line of a page.
    const fn made(self) -> &'static str {
        match self {
            Self::Ladders => {
                "<!-- Made from rules/ by `cargo run -- rules pages --ladders docs/rules`. -->\n"
            }
            Self::Everything => "<!-- Made by `sfl rules pages`. -->\n",
        }
    }
}

/// The pages: the path of each below their folder, and its text.
#[must_use]
pub fn pages(extent: Extent) -> Vec<(String, String)> {
    let mut pages = vec![("README.md".to_owned(), index(extent))];
    for ladder in CATALOGUE.ladders() {
        pages.push((format!("{}.md", ladder.name), ladder_page(ladder, extent)));
    }
    if extent == Extent::Everything {
        let options = Options::default();
        let runs = examples::built_in().into_iter();
        let runs: Vec<ExampleRun<'_>> = runs.map(|example| example.run(&options)).collect();
        let rules = CATALOGUE.rules();
        pages.extend(rules.map(|rule| (path(rule), rule_page(rule, &runs))));
    }
    pages
}

/// Where a rule's page stands in the folder.
fn path(rule: &Rule) -> String {
    format!("{}/{}.md", rule.ladder().name, rule.name)
}

fn rules(ladder: &Ladder) -> impl Iterator<Item = &'static Rule> {
    let all = CATALOGUE.rules().map(|rule| &**rule);
    all.filter(move |rule| std::ptr::eq(rule.ladder(), ladder))
}

fn choices(ladder: &Ladder) -> impl Iterator<Item = &'static Rule> {
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

fn index(extent: Extent) -> String {
    let mut page = Page::markdown();
    page.raw(extent.made());
    page.title("The rules");
    page.prose("Every ladder with its choices: what decides the rung of each, what is then yours to run, the way up, and when falling back is fair. `sfl explain` says the same in the terminal, and `sfl rules` lists every type.");
    page.raw("| ladder | choices | what it is |\n| --- | --- | --- |");
    for ladder in CATALOGUE.ladders() {
        let count = choices(ladder).count();
        let (name, about) = (&ladder.name, &ladder.about);
        page.raw(&format!("| [{name}]({name}.md) | {count} | {about} |"));
    }
    match extent {
        Extent::Ladders => page.prose("A page for each rule, with its examples, comes with every release, and `sfl rules pages FOLDER` makes them; `sfl explain RULE` shows one of them."),
        Extent::Everything => {
            for ladder in CATALOGUE.ladders() {
                page.part(&ladder.name);
                list(&mut page, choices(ladder), extent);
            }
        }
    }
    page.done()
}

/// A line for each rule, with a link to its page where it has one.
fn list(page: &mut Page<'_>, rules: impl Iterator<Item = &'static Rule>, extent: Extent) {
    for rule in rules {
        let (name, title) = (&rule.name, &rule.title);
        let name = match extent {
            Extent::Ladders => format!("`{name}`"),
            Extent::Everything => format!("[{name}]({})", path(rule)),
        };
        let rungs = match rule.role() {
            Role::Decision => format!(", {}", rungs(rule)),
            _ => String::new(),
        };
        page.raw(&format!("- {name}: {title}{rungs}"));
    }
}

fn ladder_page(ladder: &Ladder, extent: Extent) -> String {
    let mut page = Page::markdown();
    page.raw(extent.made());
    page.title(&format!("The {} ladder", ladder.title));
    page.prose(&ladder.about);
    for rung in Rung::ALL {
        if !rung::takes(ladder, rung).is_empty() {
            page.part(&numbered(rung));
            rung::write(ladder, rung, &mut page);
        }
    }
    let ends = || rules(ladder).flat_map(|rule| &rule.lifecycle);
    if ends().next().is_some() {
        page.part("What ends");
        page.prose("No rung helps a service that its provider ends. Each of these is a finding of its own beside the rung, and no way up leads to it.");
        for entry in ends() {
            let (name, source, instead) = (&entry.name, &entry.source, &entry.instead);
            page.raw(&format!(
                "- [{name}]({source}): {}; instead: {instead}",
                entry.days()
            ));
        }
        page.gap();
    }
    figures::write_all(ladder, rules(ladder), &mut page);
    page.part("Choices");
    list(&mut page, choices(ladder), extent);
    let members = || rules(ladder).filter(|rule| rule.role() == Role::Member);
    if members().next().is_some() {
        page.part("What belongs to a choice");
        list(&mut page, members(), extent);
    }
    page.done()
}

fn rule_page(rule: &'static Rule, runs: &[ExampleRun<'_>]) -> String {
    let ladder = rule.ladder();
    let mut page = Page::markdown();
    page.raw(Extent::Everything.made());
    page.title(&rule.name);
    let mut title = rule.title.to_string();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let (name, words) = (&ladder.name, &ladder.title);
    page.raw(&format!(
        "{title}, on [the {words} ladder](../{name}.md): {}",
        types(rule, "`")
    ));
    rule_body(&CATALOGUE, rule, Names::Both, &mut page);
    let mut examples = runs
        .iter()
        .filter(|run| run.example.rule == rule.name)
        .peekable();
    if examples.peek().is_some() {
        page.part("Examples");
        examples.for_each(|run| example(&mut page, run));
    }
    read_on(rule, &mut page);
    page.done()
}

/// A template, and what sfl finds in it.
fn example(page: &mut Page<'_>, run: &ExampleRun<'_>) {
    let template = run.example.template.trim();
    let language = if template.starts_with('{') {
        "json"
    } else {
        "yaml"
    };
    page.code(language, template);
    if run.decisions.is_empty() {
        page.prose("It has no hosting choice.");
    }
    for decision in &run.decisions {
        page.raw(&format!("- {}", found(decision)));
    }
    page.gap();
}

/// `Orders` is a DynamoDB table with provisioned throughput: nosql, rung 2.
fn found(decision: &Decision) -> String {
    let says = &decision.rule.cases[decision.case].says;
    let (ladder, rung) = (&decision.ladder().title, decision.rung.number());
    let doubt = if decision.uncertain() {
        ", uncertain"
    } else {
        ""
    };
    let members: Vec<String> = decision
        .members
        .iter()
        .map(|member| format!("`{member}`"))
        .collect();
    let members = match members.as_slice() {
        [] => String::new(),
        members => format!("; with it {}", members.join(", ")),
    };
    format!(
        "`{}` {says}: {ladder}, rung {rung}{doubt}{members}",
        decision.address
    )
}
