//! Which value stream a decision belongs to.

use std::sync::Arc;

use crate::base::PathStep;
use crate::blocks::{Resource, Template};
use crate::config::{Config, StreamSetting};
use crate::eval::{Resolver, Value};
use crate::placement::Decision;

/// Properties in which tags stand: AWS's, Azure's, Google's, and what a plan knows of those that the provider adds.
const TAGS: [&str; 5] = ["Tags", "tags", "tags_all", "labels", "tag"];

/// The last of the streams that the decision is found by.
pub fn of<'t>(
    decision: &Decision,
    template: &Template<'t>,
    resource: &Resource<'t>,
    config: &Config,
) -> Option<Arc<str>> {
    let mut streams = config.streams.iter().rev();
    // Few streams ask for tags, and what nobody asks for is not worked out.
    let mut known: Option<Vec<(String, String)>> = None;
    let found = streams.find(|stream| {
        is_here(stream, decision)
            || !stream.tags.is_empty() && {
                let tags = known.get_or_insert_with(|| tags(template, resource));
                stream.tags.iter().any(|wanted| tags.contains(wanted))
            }
    });
    found.map(|setting| Arc::clone(&setting.stream.name))
}

/// Whether its place says that it belongs to a stream.
fn is_here(stream: &StreamSetting, decision: &Decision) -> bool {
    let written = decision.written.as_ref().map(|written| &written.path);
    let files = [Some(&decision.path), written, decision.root.as_ref()];
    let by_path = stream.paths.as_ref().is_some_and(|paths| {
        let mut files = files.into_iter().flatten();
        files.any(|path| paths.hold(path))
    });
    by_path
        || decision.construct.as_deref().is_some_and(|construct| {
            let starts = construct.match_indices('/').map(|(at, _)| &construct[..at]);
            let mut starts = starts.chain([construct]);
            !stream.stages.is_empty()
                && starts.any(|start| stream.stages.iter().any(|stage| stage.is_match(start)))
        })
}

/// The tags of a resource whose keys and values are known.
fn tags<'t>(template: &Template<'t>, resource: &Resource<'t>) -> Vec<(String, String)> {
    let resolver = Resolver::new(template);
    let mut all = Vec::new();
    for name in TAGS {
        let path = [PathStep::Key(name.to_owned().into())];
        for found in resolver.at_path(resource, &path) {
            add(&resolver, &found.value, &mut all);
        }
    }
    all
}

fn add<'t>(resolver: &Resolver<'_, 't>, value: &Value<'t>, all: &mut Vec<(String, String)>) {
    let text = |value: Value<'t>| match value {
        Value::Text(text) => Some(text.into_owned()),
        _ => None,
    };
    match value {
        Value::List(items) => {
            for at in 0..items.len() {
                if let Some(item) = items.get(at) {
                    add(resolver, &resolver.value(&item), all);
                }
            }
        }
        Value::Map(map) => {
            // A list of pairs, or the pairs themselves.
            let at = |keys: [&str; 2]| {
                let entry = keys.iter().find_map(|key| map.get(key))?;
                text(resolver.value(&entry.value))
            };
            if map.get("Key").or_else(|| map.get("key")).is_some()
                && map.get("Value").or_else(|| map.get("value")).is_some()
            {
                let pair = (at(["Key", "key"]), at(["Value", "value"]));
                if let (Some(key), Some(value)) = pair {
                    all.push((key, value));
                }
                return;
            }
            for entry in map.iter() {
                if let Some(value) = text(resolver.value(&entry.value)) {
                    all.push((entry.key.into_owned(), value));
                }
            }
        }
        Value::Absent | Value::Text(_) | Value::OneOf(..) | Value::Unknown(_) => {}
    }
}
