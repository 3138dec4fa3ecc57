//! The three questions of `sfl init`.

use super::FIELDS;
use super::written_files::Answers;
use crate::cli::ask;
use crate::placement::{CATALOGUE, Ladder, Rung};

/// Asks; `None` where somebody turns away.
pub fn ask(known: Answers) -> Result<Option<Answers>, String> {
    let question = "1 of 3: what is this repository for? (one sentence, or nothing)";
    let Some(purpose) = ask::text(
        question,
        known.purpose.as_deref().unwrap_or_default(),
        |_| Ok(()),
    )?
    else {
        return Ok(None);
    };
    let Some(accept) = accept()? else {
        return Ok(None);
    };
    let question = "3 of 3: what else must a reason have?";
    let items = FIELDS.map(|(field, means)| format!("{field:10}{means}"));
    let Some(chosen) = ask::some(question, &items)? else {
        return Ok(None);
    };
    Ok(Some(Answers {
        purpose: Some(purpose).filter(|purpose| !purpose.is_empty()),
        accept,
        require: chosen.into_iter().map(|at| FIELDS[at].0).collect(),
    }))
}

fn accept() -> Result<Option<Vec<(&'static str, Rung)>>, String> {
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
    Ok(match ask::one("2 of 3: what needs no reason?", &items)? {
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
            let chosen = ask::some("where is capacity accepted?", &items)?;
            chosen.map(|chosen| chosen.into_iter().map(|at| capacity(ladders[at])).collect())
        }
    })
}

fn has(ladder: &Ladder, rung: Rung) -> bool {
    !ladder.rungs[rung as usize].takes.is_empty()
}
