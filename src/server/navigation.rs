//! From a member to what it belongs to, from a choice to its members, and from a reason to its evidence.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use lsp_types::{DocumentLink, Location, Range, Uri};

use super::diagnostic::place;
use super::file_uri;
use super::open_text::OpenText;
use super::positions::{Encoding, LineStarts};
use super::standing::PlaceMeaning;
use crate::analysis::graph::{self, Means};
use crate::analysis::{Analysis, Decision};
use crate::base::source::{Position, Span};
use crate::host::door::Door;
use crate::host::{FileKind, Host, door, lexical};

/// Files that are read for the places in them, in bytes.
const LARGEST: u64 = 16 << 20;

/// Makes places of the analysis those of an editor.
pub struct PlaceWriter<'r> {
    pub host: &'r dyn Host,
    pub file: &'r dyn Fn(&str) -> PathBuf,
    /// The URI of a file, as the editor writes it where it is open.
    pub uri: &'r dyn Fn(&Path) -> Option<Uri>,
    pub encoding: Encoding,
}

impl PlaceWriter<'_> {
    fn location(&self, name: &str, start: Position, end: Position) -> Option<Location> {
        let file = (self.file)(name);
        let uri = (self.uri)(&file)?;
        // Columns are those of characters where the text is not at hand.
        let text = || {
            Door::new(self.host).named(&file).ok()?;
            door::utf8(door::bytes(self.host, &file, LARGEST).ok()?).ok()
        };
        let range = match text() {
            Some(text) => {
                let lines = LineStarts::of(&text);
                let at = |place: Position| {
                    let byte = usize::try_from(place.offset).unwrap_or(usize::MAX);
                    lines.position(&text, byte, self.encoding)
                };
                Range::new(at(start), at(end))
            }
            None => Range::new(place(start), place(end)),
        };
        Some(Location::new(uri, range))
    }

    fn decision(&self, decision: &Decision) -> Option<Location> {
        let (path, start, end) = decision.place();
        self.location(path, start, end)
    }

    fn resource(&self, location: &graph::Location) -> Option<Location> {
        self.location(&location.path, location.start, location.end)
    }
}

/// Where the choice stands that a place is about.
pub fn definition(standing: &PlaceMeaning<'_>, places: &PlaceWriter<'_>) -> Vec<Location> {
    let choices = match standing {
        PlaceMeaning::Member { of, .. } => of,
        PlaceMeaning::Choice(choices) => choices,
        PlaceMeaning::Machinery { .. } => return Vec::new(),
    };
    let mut found: Vec<Location> = Vec::new();
    for choice in choices {
        let place = places.decision(choice);
        found.extend(place.filter(|place| !found.contains(place)));
    }
    found
}

/// Where the members stand of the choice that a place is about.
pub fn references(
    analysis: &Analysis,
    standing: &PlaceMeaning<'_>,
    with_choice: bool,
    places: &PlaceWriter<'_>,
) -> Vec<Location> {
    let choices = match standing {
        PlaceMeaning::Member { of, .. } => of,
        PlaceMeaning::Choice(choices) => choices,
        PlaceMeaning::Machinery { .. } => return Vec::new(),
    };
    let mut found: Vec<Location> = Vec::new();
    let mut add = |place: Option<Location>| {
        found.extend(place.filter(|place| !found.contains(place)));
    };
    for choice in choices.iter().filter(|_| with_choice) {
        add(places.decision(choice));
    }
    let Some(graph) = &analysis.graph else {
        return found;
    };
    let is_choice = |at: usize| {
        graph.resources.get(at).is_some_and(|one| {
            let mut choices = choices.iter();
            choices.any(|choice| choice.path == one.location.path && choice.address == one.address)
        })
    };
    for edge in &graph.edges {
        if edge.means == Means::Belongs
            && is_choice(edge.to)
            && let Some(member) = graph.resources.get(edge.from)
        {
            add(places.resource(&member.location));
        }
    }
    found
}

/// The evidence of the reasons that stand in a text.
pub fn evidence(
    analysis: &Analysis,
    shown: &str,
    open: &OpenText,
    host: &dyn Host,
    encoding: Encoding,
) -> Vec<DocumentLink> {
    let records = analysis.records.iter();
    let here = records.filter(|record| *record.path == *shown);
    let links = here.filter_map(|record| {
        let evidence = record.reason.evidence.as_ref()?;
        let target = target(evidence.text.trim(), &open.path, host)?;
        let span = inside_quotes(&open.text, evidence.span);
        Some(DocumentLink {
            range: open.range(span, encoding),
            target: Some(target),
            tooltip: Some("the evidence of this reason".to_owned()),
            data: None,
        })
    });
    let mut links: Vec<DocumentLink> = links.collect();
    // The instances of a loop share one reason.
    links.dedup_by(|a, b| a.range == b.range);
    links
}

/// A span without the quotes at its ends.
fn inside_quotes(text: &str, span: Span) -> Span {
    let written = span.of(text);
    let quoted =
        |quote: char| written.len() > 1 && written.starts_with(quote) && written.ends_with(quote);
    match quoted('"') || quoted('\'') {
        true => Span::new(span.start + 1, span.end - 1),
        false => span,
    }
}

/// A page, or a file: from the file that names it, from the root, or from the repository's root, whichever has it.
fn target(evidence: &str, beside: &Path, host: &dyn Host) -> Option<Uri> {
    if evidence.starts_with("https://") || evidence.starts_with("http://") {
        return Uri::from_str(evidence).ok();
    }
    // A line of a file may be named as well.
    let file = evidence.rsplit_once(':').map_or(evidence, |(file, line)| {
        let is_line = !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit());
        if is_line { file } else { evidence }
    });
    let root = host.root();
    let folders = [beside.parent(), Some(root), door::repository(host, root)];
    let door = Door::new(host);
    folders.into_iter().flatten().find_map(|folder| {
        let file = lexical(&folder.join(file));
        let found = door.named(&file).ok()?;
        let inside = file.starts_with(root)
            || door::repository(host, root).is_some_and(|tree| file.starts_with(tree));
        (found.kind == FileKind::File && inside).then(|| file_uri::of(&file))?
    })
}
