//! Where the configuration sets something, as a finding shows it.

use std::path::Path;
use std::sync::Arc;

use super::discover;
use crate::base::source::{Source, Span};
use crate::config::Config;
use crate::host::Host;

/// The line that sets a key; else the first of a file, or of the one that would set it.
pub fn origin(
    key: &str,
    config: &Config,
    otherwise: Option<&String>,
    host: &dyn Host,
) -> (Arc<Source>, Span) {
    let setting = config.set.get(key);
    let place = setting.and_then(|setting| setting.origin.clone());
    let (file, number) = place.unwrap_or_else(|| {
        let file = otherwise.map_or("sfl.toml", String::as_str);
        (file.to_owned(), 1)
    });
    let text = discover::text(host, Path::new(&file)).unwrap_or_default();
    let before = usize::try_from(number).unwrap_or(1).saturating_sub(1);
    let lines = text.split_inclusive('\n').take(before);
    let start = u32::try_from(lines.map(str::len).sum::<usize>()).unwrap_or(0);
    let source = Arc::new(Source::new(file, text));
    let span = line(&source, start);
    (source, span)
}

/// From a byte to the end of its line.
pub fn line(source: &Source, start: u32) -> Span {
    let at = usize::try_from(start).unwrap_or(0);
    let rest = source.text().get(at..).unwrap_or_default();
    let length = rest.lines().next().map_or(0, |line| line.trim_end().len());
    let end = start.saturating_add(u32::try_from(length).unwrap_or(0));
    Span { start, end }
}
