//! What a stack says of others, as texts: enough to see which stacks belong together.

/// What an export is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportName {
    /// Its text, where all of it is known.
    pub text: Option<String>,
    /// What is written, with the names of parameters in their places; nothing where it hangs on what every stack has for itself.
    pub written: Option<String>,
}

/// What a stack says of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StackLinks {
    /// Paths of the templates that it nests or the modules that it calls, as they are written.
    pub calls: Vec<String>,
    /// What it exports.
    pub exports: Vec<ExportName>,
    /// What it imports.
    pub imports: Vec<ExportName>,
}

impl StackLinks {
    /// Whether it says nothing of others.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.exports.is_empty() && self.imports.is_empty()
    }

    /// Takes in what another part of the same input says.
    pub fn append(&mut self, other: Self) {
        self.calls.extend(other.calls);
        self.exports.extend(other.exports);
        self.imports.extend(other.imports);
    }
}
