//! The questions of `sfl init`, and how many there are.

use super::FIELDS;
use super::written_files::Answers;
use crate::cli::ask;
use crate::placement::{CATALOGUE, Ladder, Rung};

/// Where somebody is among the questions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Numbering {
    pub all: usize,
    asked: usize,
}

/// What may be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ahead {
    /// What sfl.toml is to say.
    pub config: bool,
    pub baseline: bool,
    pub hook: bool,
    pub workflow: bool,
}

impl Numbering {
    pub fn of(ahead: Ahead) -> Self {
        let config = if ahead.config { OF_CONFIG } else { 0 };
        let rest = [ahead.baseline, ahead.hook, ahead.workflow];
        let rest = rest.into_iter().filter(|asked| *asked).count();
        Self {
            all: config + rest,
            asked: 0,
        }
    }

    /// A question with its number.
    pub fn next(&mut self, question: &str) -> String {
        self.asked += 1;
        format!("{} of {}: {question}", self.asked, self.all)
    }

    /// One that nobody has to answer after all.
    pub fn skip(&mut self) {
        self.asked += 1;
    }
}

impl Ahead {
    /// What somebody is told before the first question.
    pub fn introduction(self) -> String {
        let mut about = Vec::new();
        if self.config {
            about.push("three on sfl.toml".to_owned());
        }
        let rest = [
            (self.baseline, "a baseline"),
            (self.hook, "a hook"),
            (self.workflow, "a workflow"),
        ];
        let rest: Vec<&str> = rest
            .into_iter()
            .filter_map(|(asked, name)| asked.then_some(name))
            .collect();
        if !rest.is_empty() {
            about.push(format!("one each on {}", listed(&rest)));
        }
        let all = Numbering::of(self).all;
        let (all, s) = (
            if all == 1 {
                "one".to_owned()
            } else {
                all.to_string()
            },
            if all == 1 { "" } else { "s" },
        );
        format!(
            "{all} question{s}: {}. What is there stays as it is; Ctrl+C leaves.",
            about.join(", ")
        )
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

/// Those that [`ask`] asks.
const OF_CONFIG: usize = 3;

/// Asks; `None` where somebody turns away.
pub fn ask(known: Answers, numbering: &mut Numbering) -> Result<Option<Answers>, String> {
    let question = numbering.next("what is this repository for? (one sentence, or nothing)");
    let Some(purpose) = ask::text(
        &question,
        known.purpose.as_deref().unwrap_or_default(),
        |_| Ok(()),
    )?
    else {
        return Ok(None);
    };
    let Some(accept) = accept(numbering)? else {
        return Ok(None);
    };
    let question = numbering.next("what else must a reason have?");
    let items = FIELDS.map(|(field, means)| format!("{field:10}{means}"));
    let Some(chosen) = ask::some(&question, &items)? else {
        return Ok(None);
    };
    Ok(Some(Answers {
        purpose: Some(purpose).filter(|purpose| !purpose.is_empty()),
        accept,
        require: chosen.into_iter().map(|at| FIELDS[at].0).collect(),
    }))
}

fn accept(numbering: &mut Numbering) -> Result<Option<Vec<(&'static str, Rung)>>, String> {
    let items = [
        "serverless       everything else needs a reason",
        "capacity, too    everywhere: how much stands ready may be yours to set",
        "it differs       capacity, too, on some ladders",
    ];
    let items = items.map(str::to_owned);
    let all = || {
        CATALOGUE
            .ladders()
            .map(|ladder| &**ladder)
            .filter(|ladder| has(ladder, Rung::Capacity))
    };
    let capacity = |ladder: &'static Ladder| (&*ladder.name, Rung::Capacity);
    let question = numbering.next("what needs no reason?");
    Ok(match ask::one(&question, &items)? {
        None => None,
        Some(0) => Some(Vec::new()),
        Some(1) => Some(all().map(capacity).collect()),
        Some(_) => {
            let ladders: Vec<&'static Ladder> = all().collect();
            let item = |ladder: &&'static Ladder| {
                let takes = &ladder.rungs[Rung::Capacity as usize].takes;
                format!(
                    "{:15}{}",
                    ladder.name,
                    takes.lines().next().unwrap_or_default()
                )
            };
            let items: Vec<String> = ladders.iter().map(item).collect();
            let chosen = ask::some("and where is capacity accepted?", &items)?;
            chosen.map(|chosen| chosen.into_iter().map(|at| capacity(ladders[at])).collect())
        }
    })
}

fn has(ladder: &Ladder, rung: Rung) -> bool {
    !ladder.rungs[rung as usize].takes.is_empty()
}
