//! `[next]`: what counts for the next best action, and how much.

use toml::de::DeTable;

use super::reader::Reader;
use super::settings::Shown;
use crate::rulebook::actions::ActionWeights;

/// A weight that is larger leaves no other anything to say.
const MOST: f64 = 1000.0;

/// Reads the table, over what was set before.
pub fn read(
    reader: &mut Reader<'_>,
    root: &DeTable<'_>,
    weights: &mut ActionWeights,
    shown: &mut Shown<'_>,
) {
    let Some(next) = reader.table(root, "next") else {
        return;
    };
    let tables = weights.tables();
    let names: Vec<&str> = tables.iter().map(|(name, _)| *name).collect();
    reader.known(&next, &names, "[next]");
    for (name, keys) in tables {
        let Some(table) = reader.table(&next, name) else {
            continue;
        };
        let keys: Vec<&str> = keys.into_iter().map(|(key, _)| key).collect();
        reader.known(&table, &keys, &format!("[next.{name}]"));
        // What is multiplied only makes less of it.
        let most = if name == "trust" { 1.0 } else { MOST };
        for key in keys {
            if let Some((weight, word)) = reader.decimal(&table, key, most) {
                weights.set(name, key, weight);
                let shown_key = format!("next.{name}.{key}");
                shown.set(reader, &shown_key, word.text.clone(), &word);
            }
        }
    }
}
