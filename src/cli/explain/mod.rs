//! `sfl explain`: what a code, a ladder, a type or a rule means.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::Dialect;
use crate::placement::{Catalogue, Ladder, Role, Rule, Rung};
use crate::report::pretty::Style;
use crate::rulebook::wording::{Names, Wording};
use crate::rulebook::{Advice, Bill, Entry, Text, cloud_control, shown_values};
use clap::{Args, ValueEnum};

use super::path_arguments;
use super::terminal;
use super::{Exit, print, say};

mod codes;
pub mod docs;
mod figures;
mod headings;
mod links;
mod page;
mod printed_words;
pub(super) mod reason;
mod resource;
mod rung;
mod subject_json;

use page::Page;

/// Explain a finding's code, a ladder, a provider type, a rule, or a word that reports print
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES)]
pub struct Arguments {
    /// A code, ladder, type, rule or word; with paths, the address or construct of a resource
    #[arg(value_name = "CODE-OR-TYPE")]
    subject: String,

    /// Files and folders to look for the resource in
    #[arg(value_name = "PATH", value_parser = path_arguments::parser())]
    paths: Vec<PathBuf>,

    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "pretty")]
    format: ExplainFormat,

    /// The configuration [default: the nearest sfl.toml up to the repository's root]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    /// For people
    Pretty,
    /// For programs: one object, sfl-explain/1
    Json,
}

const EXAMPLES: &str = "\
sfl explain compute/server        a finding's code
sfl explain compute               a ladder
sfl explain AWS::ECS::Service     a type of CloudFormation
sfl explain aws_db_instance       a type of Terraform
sfl explain ecs-service           a rule
sfl explain server                a rung; or licence (a kind of reason), patching (a duty), score
sfl explain compute --format json for programs
sfl explain prod/Orders/Redis cdk.out   a resource, by its construct or its address";

/// What can be explained.
#[derive(Clone, Debug)]
enum Subject<'c> {
    Ladder(&'c Ladder),
    Code(&'c Ladder, Rung),
    Rule(&'c Rule, Names),
    Plumbing(Text),
    Other(codes::CodePage),
    Word(printed_words::WordPage),
}

/// Explains.
pub fn run(arguments: &Arguments) -> Exit {
    let words = arguments.paths.iter().map(|path| path.to_string_lossy());
    let words: Vec<_> = std::iter::once(arguments.subject.trim().into())
        .chain(words)
        .collect();
    let words = words.join(" ");
    // Words such as `out of sight` need no quotes, unless there is a file of their names.
    let is_phrase =
        printed_words::find(&words).is_some() && !arguments.paths.iter().any(|path| path.exists());
    let name = match is_phrase {
        true => &*words,
        false => arguments.subject.trim(),
    };
    if !is_phrase && !arguments.paths.is_empty() {
        if arguments.format == ExplainFormat::Json {
            say(
                "error: --format json is for codes, ladders, types and rules; `sfl check --format json` has every resource",
            );
            return Exit::Failed;
        }
        return resource::explain(name, &arguments.paths, arguments.config.as_deref());
    }
    let (catalogue, faults) = super::catalogue(arguments.config.as_deref());
    let Some(subject) = find(&catalogue, name) else {
        let style = terminal::for_stderr();
        if !faults.is_empty() {
            // It may be a word of the rules that could not be read.
            return super::at_fault(&faults, &style);
        }
        say(&format!(
            "error: there is no code, ladder, type, rule or word `{}`",
            style.plain(name)
        ));
        let near = near(&catalogue, name);
        let about = about(&catalogue, name);
        if !near.is_empty() {
            say(&format!("  did you mean {}?", near.join(" or ")));
        } else if !about.is_empty() {
            say(&format!(
                "  nearest to it: sfl explain {}",
                about.join(", or ")
            ));
        } else {
            say(
                "  sfl rules lists every type; sfl explain compute, rung or score says how to read a report",
            );
        }
        // Types have other signs, and no resource has the name of a code.
        if !name.contains("::") && !name.contains('/') {
            say(&format!(
                "  a resource, by its address or construct: sfl explain {} PATH",
                style.plain(name)
            ));
        }
        return Exit::Failed;
    };
    if arguments.format == ExplainFormat::Json {
        let write = |out: &mut dyn Write| subject_json::write(&catalogue, name, subject, out);
        return print(write, false);
    }
    let style = terminal::for_stdout();
    print(
        |out| write(&catalogue, name, subject, &style, out),
        style.color,
    )
}

/// The page about a name, as Markdown or as plain text.
pub(crate) fn page(catalogue: &Catalogue, name: &str) -> Option<String> {
    let subject = find(catalogue, name.trim())?;
    let mut page = Vec::new();
    write(
        catalogue,
        name.trim(),
        subject,
        &Style::plain_text(),
        &mut page,
    )
    .ok()?;
    String::from_utf8(page).ok()
}

fn find<'c>(catalogue: &'c Catalogue, name: &str) -> Option<Subject<'c>> {
    exact(catalogue, name).or_else(|| {
        let same = |known: &&str| known.eq_ignore_ascii_case(name);
        let found = all(catalogue).find(same);
        let found = found.and_then(|name| exact(catalogue, name));
        found.or_else(|| {
            // A type below a prefix, in other letters.
            let begins = |prefix: &str| {
                name.get(..prefix.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
            };
            let mut prefixes = catalogue.prefixes().into_iter().rev();
            match prefixes.find(|(prefix, _)| begins(prefix))? {
                (_, Entry::Plumbing(group)) => {
                    Some(Subject::Plumbing(catalogue.plumbing(group).why))
                }
                (_, Entry::Rule(_)) => None,
            }
        })
    })
}

fn exact<'c>(catalogue: &'c Catalogue, name: &str) -> Option<Subject<'c>> {
    if let Some(ladder) = catalogue.ladder(name) {
        return Some(Subject::Ladder(ladder));
    }
    if let Some((ladder, rung)) = name.split_once('/')
        && let Some(ladder) = catalogue.ladder(ladder)
        && let Some(rung) = Rung::ALL.into_iter().find(|known| known.name() == rung)
    {
        return Some(Subject::Code(ladder, rung));
    }
    if let Some(rule) = catalogue.rules().find(|rule| rule.name == name) {
        return Some(Subject::Rule(rule, Names::Both));
    }
    if let Some(fault) = codes::all().find(|fault| *fault.code == *name) {
        return Some(Subject::Other(fault));
    }
    if let Some(word) = printed_words::find(name) {
        return Some(Subject::Word(word));
    }
    // `unused`, as lists of reasons print it.
    let ends = |code: &str| code.split_once('/').is_some_and(|(_, end)| end == name);
    let mut ending = codes::all().filter(|one| one.code.fixed().is_some_and(ends));
    if let (Some(only), None) = (ending.next(), ending.next()) {
        return Some(Subject::Other(only));
    }
    let dialect = if name.contains("::") {
        Dialect::CloudFormation
    } else {
        Dialect::Terraform
    };
    let names = Names::of(dialect, name);
    catalogue.entry(name).map(|entry| match entry {
        Entry::Rule(at) => Subject::Rule(catalogue.rule_at(at), names),
        Entry::Plumbing(group) => Subject::Plumbing(catalogue.plumbing(group).why),
    })
}

/// Every name that means something, codes of ladders aside.
fn all(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    let ladders = catalogue.ladders().map(|ladder| &*ladder.name);
    let rules = catalogue.rules().map(|rule| &*rule.name);
    let faults = codes::all().filter_map(|fault| fault.code.fixed());
    let types = catalogue.types().into_keys();
    let words = printed_words::all().map(|word| {
        let word: &str = word;
        word
    });
    ladders.chain(rules).chain(faults).chain(words).chain(types)
}

/// Up to three names that are spelled alike, best first.
fn near(catalogue: &Catalogue, name: &str) -> Vec<String> {
    let wanted = name.to_ascii_lowercase();
    let most = wanted.chars().count() / 3;
    let codes = catalogue.ladders().flat_map(|ladder| {
        Rung::ALL
            .iter()
            .map(move |rung| format!("{}/{}", ladder.name, rung.name()))
    });
    let names = all(catalogue).map(str::to_owned).chain(codes);
    let mut near: Vec<(usize, String)> = names
        .filter(|known| known.len().abs_diff(wanted.len()) <= most)
        .map(|known| {
            (
                strsim::damerau_levenshtein(&known.to_ascii_lowercase(), &wanted),
                known,
            )
        })
        .filter(|(distance, _)| *distance <= most)
        .collect();
    // Several codes may end with the word.
    let ends = |code: &&str| code.split_once('/').is_some_and(|(_, end)| end == wanted);
    let ending = codes::all().filter_map(|one| one.code.fixed());
    near.extend(ending.filter(ends).map(|code| (0, code.to_owned())));
    near.sort();
    near.dedup();
    near.into_iter().take(3).map(|(_, known)| known).collect()
}

/// Up to three rules and ladders that speak of a word, those that are called so first.
fn about(catalogue: &Catalogue, word: &str) -> Vec<String> {
    let word = word.to_lowercase();
    if word.chars().count() < 3 {
        return Vec::new();
    }
    let says = |text: &str| text.to_lowercase().contains(&word);
    let mut found: Vec<(u8, usize, &str)> = Vec::new();
    for ladder in catalogue.ladders() {
        let takes = ladder.rungs.iter().any(|one| says(&one.takes));
        if says(&ladder.name) || says(&ladder.title) {
            found.push((0, ladder.name.len(), &ladder.name));
        } else if says(&ladder.about) || takes {
            found.push((2, ladder.name.len(), &ladder.name));
        }
    }
    for rule in catalogue.rules() {
        if says(&rule.name) || says(&rule.title) {
            // What somebody chooses, before what only belongs to it.
            let is_choice = rule.role() == Role::Decision;
            found.push((if is_choice { 1 } else { 4 }, rule.name.len(), &rule.name));
        } else if rule.types.iter().any(|kind| says(kind)) {
            found.push((3, rule.name.len(), &rule.name));
        }
    }
    found.sort_unstable();
    found.dedup_by_key(|(.., name)| *name);
    let names = found.into_iter().map(|(.., name)| name.to_owned());
    names.take(3).collect()
}

fn write(
    catalogue: &Catalogue,
    name: &str,
    subject: Subject<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut page = Page::new(style);
    match subject {
        Subject::Ladder(ladder) => ladder_page(catalogue, ladder, &mut page),
        Subject::Code(ladder, rung) => code_page(catalogue, ladder, rung, &mut page),
        Subject::Rule(rule, names) => rule_page(catalogue, rule, names, &mut page),
        Subject::Plumbing(why) => {
            page.title(&format!("{name} is not a hosting choice"));
            page.prose(&format!("It is plumbing: {why}. sfl counts the choices about what runs your code and keeps your data, and scores only those."));
        }
        Subject::Word(word) => word.write(catalogue, &mut page),
        Subject::Other(fault) => {
            page.title(&fault.code.to_string());
            page.prose(fault.means);
            page.prose(fault.remedy);
            if fault.code.is_about_reasons() {
                reason::write(Names::Both, &mut page);
            }
        }
    }
    out.write_all(page.done().as_bytes())
}

/// `4 server`.
fn numbered(rung: Rung) -> String {
    format!("{} {}", rung.number(), rung.name())
}

fn ladder_page(catalogue: &Catalogue, ladder: &Ladder, page: &mut Page<'_>) {
    page.title(&format!("the {} ladder", ladder.title));
    page.prose(&ladder.about);
    page.heading("rungs, best first");
    for rung in Rung::ALL {
        let text = &ladder.rungs[rung as usize];
        let mut lines = rung::takes(ladder, rung);
        if !lines.is_empty() {
            lines.push(yours(&text.yours));
            page.entry(&numbered(rung), &lines);
        }
    }
    page.heading("choices");
    for rule in catalogue
        .rules()
        .filter(|rule| std::ptr::eq(rule.ladder(), ladder))
    {
        let rungs: Vec<String> = rule
            .reachable()
            .iter()
            .map(|rung| rung.number().to_string())
            .collect();
        if !rungs.is_empty() {
            let or = if rungs.len() > 1 { "rungs" } else { "rung" };
            page.entry(
                &rule.name,
                &[&format!("{}: {or} {}", rule.title, rungs.join(", "))],
            );
        }
    }
    page.heading("more");
    page.prose(&format!(
        "sfl explain {}/{}, or the name of a choice",
        ladder.name,
        Rung::Server.name()
    ));
}

fn yours(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("yours to run: {text}")
    }
}

fn code_page(catalogue: &Catalogue, ladder: &Ladder, rung: Rung, page: &mut Page<'_>) {
    page.title(&format!(
        "{}/{}: rung {} of 4 on the {} ladder",
        ladder.name,
        rung.name(),
        rung.number(),
        ladder.title
    ));
    page.prose(&ladder.about);
    if rung::takes(ladder, rung).is_empty() {
        page.prose("Nothing on this ladder is on this rung.");
    } else {
        page.gap();
        rung::write(ladder, rung, page);
    }
    let rules = catalogue.rules();
    let rules = rules.filter(|rule| std::ptr::eq(rule.ladder(), ladder));
    let can_be = |rule: &&Arc<Rule>| {
        let mut cases = rule.cases.iter();
        cases.any(|case| case.rung == rung || case.or.contains(&rung))
    };
    let names: Vec<&str> = rules.filter(can_be).map(|rule| &*rule.name).collect();
    if !names.is_empty() {
        page.heading("choices that can be on this rung");
        page.prose(&names.join(", "));
        page.prose(&format!("sfl explain {} says when one is", names[0]));
    }
    if rung > Rung::Serverless {
        reason::briefly(page);
    }
}

fn rule_page(catalogue: &Catalogue, rule: &Rule, names: Names, page: &mut Page<'_>) {
    page.title(&format!(
        "{} on the {} ladder ({})",
        rule.title,
        rule.ladder().title,
        rule.name
    ));
    page.prose(&types(rule, ""));
    rule_body(catalogue, rule, names, page);
    if rule.reachable().iter().any(|rung| *rung > Rung::Serverless) {
        reason::write(names, page);
    }
    read_on(rule, page);
}

/// The types of a rule, each between two quotes.
fn types(rule: &Rule, quote: &str) -> String {
    let words = rule
        .types
        .iter()
        .map(|kind| format!("{quote}{kind}{quote}"));
    let mut text = words.collect::<Vec<_>>().join(", ");
    if rule
        .types
        .iter()
        .any(|kind| cloud_control::kind(kind).is_some())
    {
        text += &format!(", and what {quote}awscc{quote} makes of CloudFormation's");
    }
    text
}

fn read_on(rule: &Rule, page: &mut Page<'_>) {
    if !rule.docs.is_empty() {
        page.heading("read on");
        for link in &rule.docs {
            page.prose(link);
        }
    }
}

/// What decides, what it is connected to, and what each rung means.
/// The way up from each rung, and from each case that has its own.
fn ways_up(rule: &Rule, page: &mut Page<'_>) {
    let kind = rule.types.first().map_or("", |kind| kind);
    let mut ways: Vec<(Rung, String, Vec<String>)> = Vec::new();
    for (at, case) in rule.cases.iter().enumerate() {
        let climb = rule.climb(kind, at, case.rung);
        if climb.up.is_empty() {
            continue;
        }
        let mut lines = vec![climb.up.to_owned()];
        lines.extend(climb.step.map(|step| step.phrase().to_owned()));
        lines.extend(climb.data_words());
        lines.extend(climb.bills.iter().map(Bill::words));
        match ways
            .iter_mut()
            .find(|(rung, _, known)| *rung == case.rung && *known == lines)
        {
            Some((_, says, _)) => {
                says.push_str("; ");
                says.push_str(&case.says);
            }
            None => ways.push((case.rung, case.says.to_string(), lines)),
        }
    }
    if ways.is_empty() {
        return;
    }
    ways.sort_by_key(|(rung, ..)| *rung);
    page.heading("the way up");
    for (at, (rung, says, lines)) in ways.iter().enumerate() {
        let shares = |other: Option<&(Rung, String, Vec<String>)>| {
            other.is_some_and(|other| other.0 == *rung)
        };
        let alone = !shares(ways.get(at + 1))
            && !at
                .checked_sub(1)
                .is_some_and(|before| shares(ways.get(before)));
        let from = format!("where it {says}:");
        let said: Vec<&str> = Some(from.as_str())
            .filter(|_| !alone)
            .into_iter()
            .chain(lines.iter().map(String::as_str))
            .collect();
        page.entry(&numbered(*rung), &said);
    }
}

/// What of a rule's services has an end, or is closed: the same on every day.
fn lifecycle(rule: &Rule, page: &mut Page<'_>) {
    if rule.lifecycle.is_empty() {
        return;
    }
    page.heading("what ends");
    for entry in &rule.lifecycle {
        let instead = format!("instead: {}", entry.instead);
        let source = format!("source: {}, read on {}", entry.source, entry.checked);
        page.entry(&entry.name, &[&entry.days(), &*instead, &*source]);
    }
}

fn rule_body(catalogue: &Catalogue, rule: &Rule, names: Names, page: &mut Page<'_>) {
    let wording = Wording {
        catalogue,
        rule,
        names,
        every_path: true,
    };
    if !rule.cases.is_empty() {
        page.heading("its rung: the first case that applies");
        for case in &rule.cases {
            let only = rule.cases.len() == 1;
            let when = match wording.case(case) {
                _ if only && case.always() => "always".to_owned(),
                otherwise if case.always() => otherwise,
                when => format!("when {when}"),
            };
            let or: Vec<&str> = case.or.iter().map(|rung| rung.name()).collect();
            let doubt =
                case.doubt
                    .as_deref()
                    .map(shown_values::unfilled)
                    .map_or(String::new(), |doubt| match or.is_empty() {
                        true => format!("uncertain: {doubt}"),
                        false => format!(
                            "uncertain, {} is equally possible: {doubt}",
                            or.join(" or ")
                        ),
                    });
            page.entry(&numbered(case.rung), &[&*case.says, &when, &doubt]);
        }
    }
    lifecycle(rule, page);
    if let Some(machinery) = &rule.machinery {
        page.heading("no hosting choice");
        page.prose(&format!(
            "It is deployment machinery, and counts nowhere, where {}: nobody chose where the product runs by it.",
            machinery.why
        ));
    }
    page.gap();
    let defaults = rule.properties.iter().filter_map(|property| {
        Some(format!(
            "{} counts as `{}`",
            wording.property(property),
            property.default.as_ref()?
        ))
    });
    let defaults: Vec<String> = defaults.collect();
    page.entry("when absent", &[&defaults.join("; ")]);
    let joined = rule.joins.iter().flat_map(|join| &join.link.rules);
    page.links("looks at", &links::pages(catalogue, joined));
    let primaries = rule.of.iter().flat_map(|link| &link.rules);
    page.links("belongs to", &links::pages(catalogue, primaries));
    let index = catalogue
        .rules()
        .position(|known| std::ptr::eq(&**known, rule));
    let members = catalogue.rules().enumerate().filter(|(_, member)| {
        member
            .of
            .iter()
            .any(|link| index.is_some_and(|index| link.rules.contains(&index)))
    });
    let members: Vec<usize> = members.map(|(at, _)| at).collect();
    page.links("its members", &links::pages(catalogue, &members));

    let rungs = rule.reachable();
    let some = |word: fn(&Advice) -> &str| {
        let said = rungs
            .iter()
            .map(move |rung| (*rung, rule.text(*rung, word)));
        said.filter(|(_, text)| !text.is_empty())
            .collect::<Vec<_>>()
    };
    page.list("yours to run", &some(|advice| &advice.yours), |_| "");
    ways_up(rule, page);
    page.list("falling back is fair", &some(|advice| &advice.fair), |_| "");
    figures::write(rule, page);
}

#[cfg(test)]
mod tests;
