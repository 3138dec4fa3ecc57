//! A state as Terraform stores it, `terraform.tfstate`: resources with their instances, where `terraform show -json` has a list of
//! instances with their addresses.

use std::borrow::Cow;
use std::ops::Range;

use super::element::{self, Called, Element};
use super::excerpt::Excerpts;
use super::values::Sides;
use super::{Found, Keep, PlanError, Reader, captured, inside};
use crate::syntax::{Node, ParseError, json};

/// Versions of the form that are known.
pub(super) const NEWEST: u64 = 4;

impl Reader<'_, '_> {
    /// All resources of such a state.
    pub(super) fn stored(&mut self, found: &mut Found) -> Result<(), PlanError> {
        let mut more = self.window.open(b'[', b']')?;
        while more {
            let range = self.window.capture()?;
            self.stored_one(&range, found)?;
            self.window.release();
            more = self.window.another(b']')?;
        }
        Ok(())
    }

    fn stored_one(&mut self, range: &Range<usize>, found: &mut Found) -> Result<(), PlanError> {
        let text = captured(&mut self.window, range)?;
        let elements = match read(text, self.keep, &mut found.excerpts) {
            Ok(elements) => elements,
            Err(error) => return Err(inside(&mut self.window, range, &error)),
        };
        self.take(range.start, elements, found);
        Ok(())
    }
}

/// Reads all instances of a resource.
fn read<'k>(
    text: &str,
    keep: &dyn Fn(&str) -> Keep<'k>,
    excerpts: &mut Excerpts,
) -> Result<Vec<Element>, ParseError> {
    let document = json(text)?;
    let Some(root) = document.roots().next() else {
        return Ok(Vec::new());
    };
    let said = |key: &str| root.get(key).and_then(Node::comparable);
    let (Some(mode), Some(kind), Some(name)) = (said("mode"), root.get("type"), said("name"))
    else {
        return Ok(Vec::new());
    };
    if mode != "managed" {
        return Ok(Vec::new());
    }
    let module = said("module").map_or_else(String::new, |module| format!("{module}."));
    let address = format!("{module}{}.{name}", kind.text());
    let wanted = keep(&kind.text());
    let mut elements = Vec::new();
    for instance in root.get("instances").into_iter().flat_map(Node::items) {
        if instance.get("deposed").and_then(Node::comparable).is_some() {
            continue;
        }
        let address = format!("{address}{}", key(instance));
        elements.push(match wanted {
            Keep::Plumbing => Element::Plumbing(address),
            Keep::Unknown => Element::Unknown {
                kind: kind.text().into_owned(),
                address,
            },
            Keep::Wanted(attributes) => {
                // Older providers' attributes stand side by side, without any nesting.
                let flat = || instance.get("attributes_flat");
                let known = instance.get("attributes").or_else(flat);
                let called = Called {
                    depends_on: element::texts(instance.get("dependencies")),
                    ..element::called(root, known)
                };
                let secrets = secrets(instance);
                let sides = |name: &str| Sides {
                    known,
                    unknown: None,
                    sensitive: None,
                    is_secret: secrets.iter().any(|secret| secret == name),
                };
                let said = (address, kind.text().into_owned(), kind);
                element::kept(&document, said, called, attributes, &sides, excerpts)
            }
        });
    }
    Ok(elements)
}

/// The key of an instance with its brackets, as addresses have it.
fn key(instance: Node<'_>) -> String {
    let Some(key) = instance.get("index_key") else {
        return String::new();
    };
    match key.comparable() {
        None => String::new(),
        Some(number) if key.is_plain() => format!("[{number}]"),
        Some(text) => {
            let quoted = serde_json::Value::from(&*text).to_string();
            let quoted = quoted.replace("${", "$${").replace("%{", "%%{");
            format!("[{quoted}]")
        }
    }
}

/// The attributes that are secrets, or hold some.
fn secrets(instance: Node<'_>) -> Vec<Cow<'_, str>> {
    let paths = instance.get("sensitive_attributes");
    let paths = paths.into_iter().flat_map(Node::items);
    let firsts = paths.filter_map(|path| path.items().next()?.get("value"));
    firsts.map(Node::text).collect()
}
