//! What a block declares of which a module has one.

use super::Declared;
use crate::blocks::Place;
use crate::syntax::Node;

/// Something of which there is one in a module.
pub(super) struct Declaration {
    /// How it is said.
    pub address: String,
    pub place: Place,
    /// Whether an override is refused where there is nothing to override.
    pub needs_base: bool,
}

impl<'d> Declared<'d> {
    /// Of what there is one in a module, and this block says.
    pub(super) fn declarations(&self) -> Vec<Declaration> {
        let declaration = |address: String, place: Place| Declaration {
            address,
            place,
            needs_base: true,
        };
        let named = |what: &str| {
            let name = self.labels.last()?;
            let address = format!("the {what} `{}`", name.text());
            Some(declaration(address, name.place()))
        };
        let each = |what: &str, keys: &[&str]| {
            let entries = self.body.entries();
            let entries = entries.filter(|(key, _)| {
                !key.is("//") && (keys.is_empty() || keys.iter().any(|name| key.is(name)))
            });
            let all = entries.map(|(key, _)| {
                let address = format!("the {what} `{}`", key.text());
                declaration(address, key.place())
            });
            all.collect::<Vec<_>>()
        };
        let one = match (self.form.word, &self.labels[..]) {
            ("resource", [kind, name]) => {
                let address = format!("`{}.{}`", kind.text(), name.text());
                Some(declaration(address, name.place()))
            }
            ("data" | "ephemeral", [kind, name]) => {
                let word = self.form.word;
                let address = format!("`{word}.{}.{}`", kind.text(), name.text());
                Some(declaration(address, name.place()))
            }
            ("module", _) => named("module"),
            ("variable", _) => named("variable"),
            ("output", _) => named("output"),
            ("check", _) => named("check"),
            ("provider", [name]) => self.provider(*name),
            ("locals", _) => return each("local", &[]),
            ("terraform", _) => {
                let all = each("block", &["backend", "cloud", "required_providers"]).into_iter();
                let all = all.map(|one| Declaration {
                    needs_base: false,
                    ..one
                });
                return all.collect();
            }
            _ => None,
        };
        one.into_iter().collect()
    }

    /// The configuration of a provider; nothing where its alias is not known by itself.
    fn provider(&self, name: Node<'d>) -> Option<Declaration> {
        let provider = name.text();
        let address = match self.body.get("alias") {
            None => format!("the provider `{provider}`"),
            Some(alias) => format!("the provider `{provider}.{}`", alias.comparable()?),
        };
        Some(Declaration {
            address,
            place: name.place(),
            needs_base: false,
        })
    }
}
