//! What stacks export, by name.

use rustc_hash::FxHashMap;

use super::Child;

/// What an export is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportName {
    /// Its text, where all of it is known.
    pub text: Option<String>,
    /// What is written, with the names of parameters in their places; nothing where it hangs on what every stack has for itself.
    pub written: Option<String>,
}

/// What all units of a template export.
#[derive(Debug, Default)]
pub struct Exports<'t> {
    by_text: FxHashMap<String, Exported<'t>>,
    by_writing: FxHashMap<String, Exported<'t>>,
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
            let known = table
                .entry(name)
                .and_modify(|exported| exported.value = None);
            known.or_insert_with(|| Exported {
                value: Some(value.clone()),
                is_known,
            });
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
