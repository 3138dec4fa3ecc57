//! What a team accepts: the rung on which a choice stands, for its ladder, in this file or everywhere.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use super::written_edit::FileEdit;
use crate::analysis::Decision;
use crate::config::Home;
use crate::edit::plain_glob;
use crate::host::door::{self, Door};
use crate::host::{HostError, lexical, shown};
use crate::workspace::Options;

/// The edits of `sfl.toml` that make a choice acceptable where it stands, each with its title.
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
    let (path, ..) = decision.place();
    let glob = plain_glob(&home.path(path));
    let offer = |title: String, change: &dyn Fn(&mut DocumentMut) -> Option<()>| {
        let mut document: DocumentMut = before.as_deref().unwrap_or_default().parse().ok()?;
        change(&mut document)?;
        let after = document.to_string();
        let edit = FileEdit::between(file.clone(), shown.clone(), before.clone(), &after);
        Some((title, edit))
    };
    let here = offer(format!("{what} in {path}"), &|document| {
        accept_for(document, &glob, ladder, rung.name())
    });
    let all = offer(format!("{what} everywhere"), &|document| {
        accept(document.as_table_mut(), ladder, rung.name())
    });
    here.into_iter().chain(all).collect()
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
