//! What a team accepts: the rung on which a choice stands, for its ladder, in this file or everywhere.

use std::path::Path;
use std::sync::Arc;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::written_edit::FileEdit;
use crate::analysis::Decision;
use crate::config::{Config, Home};
use crate::edit::plain_glob;
use crate::host::door::{self, Door};
use crate::host::{Buffers, Host, HostError, lexical, shown};
use crate::reasons::is_fallback;
use crate::workspace::Options;

/// The edits of `sfl.toml` that make a choice acceptable where it stands, each with its title. Only what does is offered.
pub fn edits(options: &Options, decision: &Decision) -> Vec<(String, FileEdit)> {
    let host = &*options.host;
    let home = Home::find(host, None);
    let file = lexical(&host.root().join(&home.config));
    let found = Door::new(host).named(&file);
    let before = match found.and_then(|_| door::bytes(host, &file, door::LARGEST_SETTING)) {
        Ok(bytes) => String::from_utf8(bytes).ok(),
        Err(HostError::Missing) => None,
        Err(_) => return Vec::new(),
    };
    let rung = decision.rung;
    let ladder = &*decision.ladder().name.to_string();
    let what = format!(
        "Accept rung {} ({}) of {ladder}",
        rung.number(),
        rung.name()
    );
    let shown = shown(host, &file);
    // Of a block that a plan was made from, the path of the plan is what the configuration is asked about.
    let path = &decision.path;
    let glob = plain_glob(&home.path(path));
    let offer = |change: &dyn Fn(&mut DocumentMut) -> Option<()>| {
        let mut document: DocumentMut = before.as_deref().unwrap_or_default().parse().ok()?;
        change(&mut document)?;
        let after = document.to_string();
        // What another part of the configuration overrules would change nothing here.
        let config = read_as(&options.host, &file, &after)?;
        if is_fallback(rung, &config.policy(path, ladder)) {
            return None;
        }
        let edit = FileEdit::between(file.clone(), shown.clone(), before.clone(), &after);
        Some((config, edit))
    };
    let here = offer(&|document| accept_for(document, &glob, ladder, rung.name()));
    let here = here.map(|(_, edit)| (format!("{what} in {path}"), edit));
    let all = offer(&|document| accept(document.as_table_mut(), ladder, rung.name()));
    let all = all.map(|(config, edit)| {
        let where_to = everywhere_but(&config.refused_below(ladder, rung));
        (format!("{what} {where_to}"), edit)
    });
    here.into_iter().chain(all).collect()
}

/// The configuration, if its file had this text.
fn read_as(host: &Arc<dyn Host>, file: &Path, text: &str) -> Option<Config> {
    let buffers = Buffers::over(Arc::clone(host));
    buffers.set(file, text);
    Config::find(&(Arc::new(buffers) as Arc<dyn Host>), None).ok()
}

/// Where it is accepted: what an override says of some paths stays.
fn everywhere_but(refused: &[&str]) -> String {
    match refused {
        [] => "everywhere".to_owned(),
        [one] => format!("everywhere but in {one}"),
        [one, others @ ..] => format!("everywhere but in {one} and {} more", others.len()),
    }
}

/// `ladders.LADDER.accept`, below a table.
fn accept(table: &mut Table, ladder: &str, rung: &str) -> Option<()> {
    let ladders = table.entry("ladders").or_insert_with(implicit);
    let ladders = ladders.as_table_like_mut()?;
    let own = ladders
        .entry(ladder)
        .or_insert_with(|| Item::Table(Table::new()));
    own.as_table_like_mut()?.insert("accept", value(rung));
    if let Some(inline) = own.as_inline_table_mut() {
        inline.fmt();
    }
    Some(())
}

fn implicit() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// The same for one file: in the override that is for just this one, else in a new one behind all others.
fn accept_for(document: &mut DocumentMut, glob: &str, ladder: &str, rung: &str) -> Option<()> {
    let empty = || Item::ArrayOfTables(ArrayOfTables::new());
    let overrides = document.entry("override").or_insert_with(empty);
    let overrides = overrides.as_array_of_tables_mut()?;
    let is_it = |table: &Table| table.get("path").and_then(Item::as_str) == Some(glob);
    // The last that fits wins, so only the last one will do.
    if let Some(last) = overrides.iter_mut().last()
        && is_it(last)
    {
        return accept(last, ladder, rung);
    }
    let mut table = Table::new();
    table.insert("path", value(glob));
    accept(&mut table, ladder, rung)?;
    overrides.push(table);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays() {
        let text =
            "# ours\npurpose = \"x\" # kept\n\n[ladders]\ncompute = { severity = \"note\" }\n";
        let mut document: DocumentMut = text.parse().expect("it is TOML");
        accept(document.as_table_mut(), "compute", "server").expect("there is a place");
        assert_eq!(
            document.to_string(),
            "# ours\npurpose = \"x\" # kept\n\n[ladders]\ncompute = { severity = \"note\", accept = \"server\" }\n"
        );
        let mut document = DocumentMut::new();
        accept(document.as_table_mut(), "compute", "server").expect("there is a place");
        assert_eq!(
            document.to_string(),
            "[ladders.compute]\naccept = \"server\"\n"
        );
    }

    #[test]
    fn one_file_has_one_override() {
        let mut document: DocumentMut = "a = 1\n".parse().expect("it is TOML");
        accept_for(&mut document, "a.yaml", "compute", "server").expect("there is a place");
        accept_for(&mut document, "a.yaml", "cache", "cluster").expect("there is a place");
        accept_for(&mut document, "b.yaml", "cache", "cluster").expect("there is a place");
        assert_eq!(
            document.to_string(),
            "a = 1\n\n[[override]]\npath = \"a.yaml\"\n\n[override.ladders.compute]\naccept = \"server\"\n\n\
             [override.ladders.cache]\naccept = \"cluster\"\n\n[[override]]\npath = \"b.yaml\"\n\n\
             [override.ladders.cache]\naccept = \"cluster\"\n"
        );
    }
}
