//! What stacks export, by name.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::{Child, Expr, Function};
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
    /// What is exported; more than one where several stacks export something of that name.
    values: Vec<Child<'t>>,
    /// The unit of the last one, and whether it is exported under a condition.
    last: (usize, bool),
    /// Whether the text of its name is known.
    is_known: bool,
}

impl<'t> Exports<'t> {
    /// Adds one of a unit, and what has to hold for it.
    pub fn add(
        &mut self,
        unit: usize,
        name: ExportName,
        value: &Child<'t>,
        condition: Option<&Child<'t>>,
    ) {
        let is_known = name.text.is_some();
        let last = (unit, condition.is_some());
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
                    let known = known.get_mut();
                    // One stack can't export a name twice at once: under conditions they are alternatives.
                    if let (Some(condition), Some(before)) = (condition, known.values.last_mut())
                        && known.last == last
                    {
                        let choice = [condition.clone(), value.clone(), before.clone()];
                        let choice = Expr::Call(Function::If, choice.into_iter().collect());
                        *before = Child::built(choice, &None);
                        continue;
                    }
                    known.values.push(value.clone());
                    known.last = last;
                    self.is_any_ambiguous = true;
                }
                Entry::Vacant(free) => {
                    free.insert(Exported {
                        values: vec![value.clone()],
                        last,
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
        match self.all(name) {
            [only] => Some(only),
            _ => None,
        }
    }

    /// All that is exported under a name.
    #[must_use]
    pub fn all(&self, name: &ExportName) -> &[Child<'t>] {
        let exported = self.exported(name);
        exported.map_or(&[], |exported| &exported.values)
    }

    /// Whether several stacks export something of one name.
    #[must_use]
    pub fn are_ambiguous(&self) -> bool {
        self.is_any_ambiguous
    }

    /// Whether several stacks export something of that name.
    #[must_use]
    pub fn is_ambiguous(&self, name: &ExportName) -> bool {
        self.all(name).len() > 1
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
