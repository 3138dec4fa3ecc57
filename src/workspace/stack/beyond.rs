//! What a block makes of something that is written elsewhere: another template, a module, a resource of a type that it names. Which
//! types do so is in the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Judged;
use crate::analysis::{UnreadItem, UnreadKind};
use crate::base::source::Source;
use crate::blocks::{Dialect, Expr, Function, Named, Resource, Template};
use crate::eval::{Resolver, Value};
use crate::placement::{Catalogue, Entry};
use crate::rulebook::{Holds, Property};
use crate::stack;
use crate::workspace::input_texts::ReadFor;

/// The longest text that is a name: else it is what is named.
const LONGEST_NAME: usize = 300;

impl Judged {
    /// Says what blocks make beyond what is read here.
    pub(super) fn beyond(
        &mut self,
        template: &Template<'_>,
        entries: &[Option<Entry>],
        catalogue: &Catalogue,
        sources: &[Arc<Source>],
        read_for: &dyn Fn(usize) -> ReadFor,
    ) {
        let mut groups = BTreeMap::new();
        let resolver = Resolver::new(template);
        for (at, (resource, entry)) in template.resources.iter().zip(entries).enumerate() {
            let Some(Entry::Plumbing(group)) = *entry else {
                continue;
            };
            let group = groups
                .entry(group)
                .or_insert_with(|| catalogue.plumbing(group));
            let Some(holds) = group.holds else {
                continue;
            };
            // A nested stack is said where it is looked for.
            let file = resource.type_place.file;
            if !read_for(file).is_reported() || stack::nests(template, at) {
                continue;
            }
            resolver.refuel();
            let named = group.named.as_ref();
            let name = named.and_then(|named| name(&resolver, resource, named));
            if holds == Holds::Type {
                let name = name.as_deref().and_then(|name| name.split('@').next());
                let of = name.and_then(|name| catalogue.entry(name));
                if matches!(of, Some(Entry::Plumbing(_))) {
                    continue;
                }
                let kind = match name {
                    Some(name) => format!("{} {name}", resource.kind),
                    None => resource.kind.clone().into_owned(),
                };
                *self.unknown_types.entry(kind).or_default() += 1;
                continue;
            }
            let source = &sources[file];
            let mut item = UnreadItem::at(&**source.name()).address(&*resource.address);
            if template.dialect != Dialect::Plan {
                item = item.on_line(source.position(resource.type_place.span.start).line);
            }
            if holds == Holds::Module {
                self.unread
                    .add(UnreadKind::ModuleCall, item.called(&*resource.kind));
                continue;
            }
            let path = named.and_then(|named| local_file(&resolver, resource, named));
            match (path, name) {
                (Some(path), _) => {
                    let item = item.called(&*path);
                    self.local_templates.push((path, item));
                }
                (None, Some(name)) => self.unread.add(UnreadKind::NestedStack, item.called(name)),
                (None, None) => self.unread.add(UnreadKind::NestedStack, item),
            }
        }
    }
}

/// What a block calls the thing that it makes.
fn name<'t>(
    resolver: &Resolver<'_, 't>,
    resource: &Resource<'t>,
    named: &Property,
) -> Option<String> {
    let paths = named.paths(resolver.template().dialect, &resource.kind);
    let found = paths
        .iter()
        .flat_map(|path| resolver.at_path(resource, path));
    let mut texts = found.filter_map(|found| match found.value {
        Value::Text(text) => Some(text),
        _ => None,
    });
    // A template that stands in the block has no name.
    let is_name =
        |text: &str| !text.is_empty() && text.len() <= LONGEST_NAME && !text.contains(['\n', '{']);
    texts
        .find(|text| is_name(text))
        .map(|text| text.into_owned())
}

/// The file that a block takes its template from, as it is shown.
fn local_file<'t>(
    resolver: &Resolver<'_, 't>,
    resource: &Resource<'t>,
    named: &Property,
) -> Option<String> {
    let template = resolver.template();
    let paths = named.paths(template.dialect, &resource.kind);
    let heads = paths.iter().filter_map(|path| path.first());
    heads.into_iter().find_map(|head| {
        let crate::base::PathStep::Key(key) = head else {
            return None;
        };
        let mut entries = resource.properties.iter();
        let entry = entries.find(|entry| entry.key == *key)?;
        let Expr::Call(Function::Named(Named::File | Named::TemplateFile), arguments) =
            template.expr(&entry.value)
        else {
            return None;
        };
        let path = arguments.first()?;
        let Value::Text(text) = resolver.value(&path) else {
            return None;
        };
        let place = template.unit(&path.scope).place(&text)?;
        Some(place.to_string_lossy().replace('\\', "/"))
    })
}
