//! What stacks export, by name.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::Child;
use crate::base::ExportName;

/// What all units of a template export.
#[derive(Debug, Default)]
pub struct Exports<'t> {
    by_text: FxHashMap<String, Exported<'t>>,
    by_writing: FxHashMap<String, Exported<'t>>,
    /// Whether any name is that of several.
    is_any_ambiguous: bool,
}

#[derive(Debug)]
struct Exported<'t> {
    /// What is exported; nothing where several stacks export something of that name.
    value: Option<Child<'t>>,
    /// Whether the text of its name is known.
    is_known: bool,
}

impl<'t> Exports<'t> {
    /// Adds one.
    pub fn add(&mut self, name: ExportName, value: &Child<'t>) {
        let is_known = name.text.is_some();
        let tables = [
            (name.text, &mut self.by_text),
            (name.written, &mut self.by_writing),
        ];
        for (name, table) in tables {
            let Some(name) = name else {
                continue;
            };
            match table.entry(name) {
                Entry::Occupied(mut known) => {
                    known.get_mut().value = None;
                    self.is_any_ambiguous = true;
                }
                Entry::Vacant(free) => {
                    free.insert(Exported {
                        value: Some(value.clone()),
                        is_known,
                    });
                }
            }
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_text.is_empty() && self.by_writing.is_empty()
    }

    /// What is exported under a name; nothing where nobody does, or more than one.
    #[must_use]
    pub fn find(&self, name: &ExportName) -> Option<&Child<'t>> {
        self.exported(name)?.value.as_ref()
    }

    /// Whether several stacks export something of one name.
    #[must_use]
    pub fn are_ambiguous(&self) -> bool {
        self.is_any_ambiguous
    }

    /// Whether several stacks export something of that name.
    #[must_use]
    pub fn is_ambiguous(&self, name: &ExportName) -> bool {
        let exported = self.exported(name);
        exported.is_some_and(|exported| exported.value.is_none())
    }

    /// By its text; else, where one of the two is open, by what is written.
    fn exported(&self, name: &ExportName) -> Option<&Exported<'t>> {
        let text = name.text.as_ref();
        if let Some(exported) = text.and_then(|text| self.by_text.get(text)) {
            return Some(exported);
        }
        let exported = self.by_writing.get(name.written.as_ref()?)?;
        (text.is_none() || !exported.is_known).then_some(exported)
    }
}
