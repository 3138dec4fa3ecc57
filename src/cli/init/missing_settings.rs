//! What was asked for, and an `sfl.toml` that is there does not say: the lines to write into it.

use super::written_files::{Answers, line, quoted};
use crate::config::Config;

/// The lines, table by table; empty where it says all of it.
pub fn of(answers: &Answers, config: &Config) -> String {
    let mut out = String::new();
    if let Some(purpose) = &answers.purpose
        && config.purpose.as_ref() != Some(purpose)
    {
        // Behind a table it would be part of that.
        out.push_str("# above the first table\n");
        line(&mut out, "purpose", &quoted(purpose));
    }
    let known = &config.demands.require;
    if answers
        .require
        .iter()
        .any(|field| !known.iter().any(|one| one == field))
    {
        let more = answers
            .require
            .iter()
            .filter(|field| !known.iter().any(|one| one == *field));
        let all = known.iter().map(String::as_str).chain(more.copied());
        let all: Vec<String> = all.map(quoted).collect();
        out.push_str("[justifications]\n");
        line(&mut out, "require", &format!("[{}]", all.join(", ")));
    }
    for (ladder, rung) in &answers.accept {
        let accept = quoted(rung.name());
        let set = config.set.get(&format!("ladders.{ladder}.accept"));
        if set.is_none_or(|set| set.value != accept) {
            out.push_str(&format!("[ladders.{ladder}]\n"));
            line(&mut out, "accept", &accept);
        }
    }
    out.trim_end().to_owned()
}
