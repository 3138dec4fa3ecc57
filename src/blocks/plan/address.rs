//! Terraform addresses: `module.a["k"].module.b.aws_x.y[1]`.

/// One step of an address or a reference: a name, and the key behind it as it is written, brackets included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressStep<'a> {
    pub name: &'a str,
    pub key: &'a str,
}

/// The steps of an address or reference; dots and brackets in quoted keys do not count.
pub fn steps(text: &str) -> Vec<AddressStep<'_>> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let name_end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(name_end);
        let key_end = if after.starts_with('[') {
            keys_end(after)
        } else {
            0
        };
        let (key, after) = after.split_at(key_end);
        steps.push(AddressStep { name, key });
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    steps
}

/// The length of all keys in brackets at the start.
fn keys_end(text: &str) -> usize {
    let (mut quoted, mut escaped, mut open) = (false, false, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' if !quoted => open += 1,
            b']' if !quoted => open = open.saturating_sub(1),
            _ if !quoted && open == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// An address taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address<'a> {
    /// Names and keys of the modules, outermost first.
    pub modules: Vec<AddressStep<'a>>,
    pub kind: &'a str,
    pub name: &'a str,
    /// The instance's key with its brackets, or nothing.
    pub key: &'a str,
}

impl<'a> Address<'a> {
    /// `None` where the text is no address of a managed resource.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut steps = steps(text).into_iter().peekable();
        let mut modules = Vec::new();
        while steps
            .next_if(|step| step.name == "module" && step.key.is_empty())
            .is_some()
        {
            modules.push(steps.next()?);
        }
        let kind = steps.next()?;
        let name = steps.next()?;
        let managed = kind.key.is_empty() && kind.name != "data" && steps.next().is_none();
        managed.then_some(Self {
            modules,
            kind: kind.name,
            name: name.name,
            key: name.key,
        })
    }

    /// The address without its own key, and without any key at all.
    pub(super) fn bare(&self) -> [String; 2] {
        let own = format!("{}{}.{}", prefix(&self.modules), self.kind, self.name);
        let loose: Vec<AddressStep<'_>> = self
            .modules
            .iter()
            .map(|step| AddressStep { key: "", ..*step })
            .collect();
        let all = format!("{}{}.{}", prefix(&loose), self.kind, self.name);
        [own, all]
    }
}

/// `module.a["k"].module.b.`, or nothing at the root.
pub(super) fn prefix(modules: &[AddressStep<'_>]) -> String {
    let mut out = String::new();
    for step in modules {
        out.push_str("module.");
        out.push_str(step.name);
        out.push_str(step.key);
        out.push('.');
    }
    out
}

/// Many addresses in little memory.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    text: String,
    /// Where each ends in `text`.
    ends: Vec<usize>,
}

impl Addresses {
    pub(super) fn push(&mut self, address: &str) {
        self.text.push_str(address);
        self.ends.push(self.text.len());
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let ranges = starts.zip(&self.ends);
        ranges.map(|(start, end)| self.text.get(*start..*end).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_hold_dots_and_brackets() {
        let text = r#"module.a["x.y]\"."].module.b.aws_x.y[1]"#;
        let address = Address::parse(text).expect("an address");
        assert_eq!(address.modules[0].key, r#"["x.y]\"."]"#);
        assert_eq!(
            (address.kind, address.name, address.key),
            ("aws_x", "y", "[1]")
        );
        let [own, all] = address.bare();
        assert_eq!(own, r#"module.a["x.y]\"."].module.b.aws_x.y"#);
        assert_eq!(all, "module.a.module.b.aws_x.y");
    }

    #[test]
    fn other_texts_are_no_addresses() {
        for text in [
            "",
            "aws_x",
            "module.a",
            "data.aws_x.y",
            "module.a.data.b.c",
            "[",
            "a[.b[\"",
            "aws_x.y.id",
        ] {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
