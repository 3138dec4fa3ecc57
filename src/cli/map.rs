//! `sfl map`: the landscape, drawn from the templates alone.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use clap::Args;

use super::terminal;
use super::whole_estate::WholeEstate;
use super::{Exit, disk, print, say};
use crate::compare::change::Matched;
use crate::config::Paths;
use crate::host::door;
use crate::landscape::{
    Coarseness, FormerEstate, FormerPlace, MapSource, landscape, redrawn, saved,
};
use crate::report::map::MapFormat;
use crate::{Decision, Since};

/// Draw a Wardley map of every hosting choice
///
/// Reads what `sfl check` reads. Who comes in stands at the top, below it what serves them and what that needs; from left to
/// right, how much of it is still yours to run.
#[derive(Args, Debug)]
#[command(before_help = EXAMPLES, after_help = EXITS)]
pub struct Arguments {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    format: MapFormat,

    /// What becomes one component [default: as coarse as it takes to be read]
    #[arg(long, value_name = "WHAT")]
    group: Option<Coarseness>,

    /// Draw what has moved since HEAD left this branch, tag or commit
    #[arg(long, value_name = "REF", conflicts_with = "report")]
    since: Option<String>,

    /// Draw what has moved since this was saved: a map or a report of sfl, as JSON
    #[arg(long, value_name = "FILE", conflicts_with = "since")]
    from: Option<PathBuf>,

    /// Draw this saved map instead of the templates, as it was saved; no template is read
    #[arg(
        long,
        value_name = "FILE",
        requires = "from",
        conflicts_with_all = [
            "group", "path", "stream", "owner", "paths", "strict", "threads", "config", "isolated", "stdin_filename",
            "parameter", "parameters", "var", "var-file", "report",
        ]
    )]
    to: Option<PathBuf>,

    /// Only what stands in files or folders that this glob means; can be repeated
    #[arg(long, value_name = "GLOB")]
    path: Vec<String>,

    /// Only what belongs to this value stream
    #[arg(long, value_name = "NAME")]
    stream: Option<String>,

    /// Only what this owner answers for
    #[arg(long, value_name = "NAME")]
    owner: Option<String>,

    #[command(flatten)]
    estate: WholeEstate,
}

/// Of a saved map or report.
const LARGEST_SAVED: u64 = super::saved_files::LARGEST;

const EXAMPLES: &str = "\
sfl map > map.svg                              every template below this folder
sfl map --format owm infra/ > map.owm          for onlinewardleymaps.com
sfl map --format mermaid --group ladder        one component a ladder, for a page in Markdown
sfl map --since v1.0 > moved.svg               what has moved since then
sfl map --from 2026.json > moved.svg           what has moved since that map or report was saved
sfl map --from q1.json --to q2.json > q.svg    what has moved between two saved maps
terraform show -json plan | sfl map - > map.svg";

const EXITS: &str = "\
Exit codes:
  0  everything was read
  2  wrong usage, faulty configuration, or an input that cannot be read; the rest is still shown";

/// Draws it.
pub fn run(arguments: Arguments) -> Exit {
    let paths = match Paths::given(&arguments.path) {
        Ok(paths) => paths,
        Err(message) => {
            say(&format!("error: --path: {message}"));
            return Exit::Failed;
        }
    };
    let (stream, owner) = (arguments.stream.as_deref(), arguments.owner.as_deref());
    let is_shown = |decision: &Decision| {
        let streams = stream.is_none() || decision.stream.as_deref() == stream;
        let mut owners = decision.owner.iter().flat_map(|one| &one.names);
        let owned = owner.is_none_or(|owner| owners.any(|name| **name == *owner));
        let stands = arguments.path.is_empty() || paths.hold(decision.place().0);
        streams && owned && stands && decision.is_counted
    };
    let saved = arguments.from.as_deref();
    let saved = match saved
        .map(|file| read_saved(file, saved::places))
        .transpose()
    {
        Ok(saved) => saved,
        Err(message) => return refused(&message),
    };
    let saved = match (saved, &arguments.to) {
        (Some(saved), Some(to)) => return between(saved, to, arguments.format),
        (saved, _) => saved,
    };
    let reads = arguments.estate.reads();
    let read = match arguments.since.as_deref() {
        None => arguments.estate.read().map(|(now, exit)| (now, exit, None)),
        Some(since) => arguments.estate.read_since(since).map(|(found, exit)| {
            let former = former(&found, since, &is_shown);
            (found.now, exit, Some(former))
        }),
    };
    let (analysis, mut exit, mut former) = match read {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let source = MapSource::Analysis(&analysis);
    if let Some((name, places)) = saved {
        let broken: HashSet<&str> = analysis
            .findings
            .iter()
            .filter(|finding| finding.code.is_about_input())
            .map(|finding| &**finding.path())
            .collect();
        former = Some(FormerEstate::saved(name, places, source, &|place| {
            let streams = stream.is_none() || place.stream.as_deref() == stream;
            let mut owners = place.owner.iter().flat_map(|one| one.split(", "));
            let owned = owner.is_none_or(|owner| owners.any(|name| name == owner));
            let stands = arguments.path.is_empty() || paths.hold(&place.path);
            streams && owned && stands && reads(&place.path) && !broken.contains(&*place.path)
        }));
    }
    let mut map = landscape(&analysis, arguments.group, &is_shown);
    if let Some(former) = &former {
        map.compare(former);
    }
    if map.components.is_empty() && !analysis.decisions.is_empty() {
        say("note: no decision fits, so nothing stands on the map");
    }
    let is_all = stream.is_none() && owner.is_none() && arguments.path.is_empty();
    for place in map.unplaced.iter().filter(|_| is_all) {
        let path = terminal::for_stderr().plain(&place.path).into_owned();
        let line = place.line;
        say(&format!(
            "note: {path}:{line}: [[map.place]] fits nothing on this map"
        ));
    }
    let format = arguments.format;
    if print(|out| format.write(&map, source, out), false) == Exit::Failed {
        exit = Exit::Failed;
    }
    exit
}

/// A saved map, and what has moved on it since another was saved.
fn between((name, places): (String, Vec<FormerPlace>), to: &Path, format: MapFormat) -> Exit {
    let (_, (mut map, saved)) = match read_saved(to, redrawn::read) {
        Ok(read) => read,
        Err(message) => return refused(&message),
    };
    let source = MapSource::Saved(&saved);
    // Whatever one of the two leaves out was not there: neither says what it was asked for.
    map.compare(&FormerEstate::saved(name, places, source, &|_| true));
    print(|out| format.write(&map, source, out), false)
}

fn refused(message: &str) -> Exit {
    let style = terminal::for_stderr();
    say(&format!("error: {}", style.plain(message)));
    Exit::Failed
}

/// What a saved file comes to, and its name.
fn read_saved<T>(
    file: &Path,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<(String, T), String> {
    let name = file.display().to_string();
    let read = || {
        let bytes = door::bytes(&**disk(), file, LARGEST_SAVED)?;
        door::utf8(bytes)
    };
    let text = read().map_err(|error| format!("{name}: {error}"))?;
    let parsed = parse(&text).map_err(|error| format!("{name}: {error}"))?;
    Ok((name, parsed))
}

/// The estate as it was, of what is shown, and a word about what can't be compared.
fn former(found: &Since, since: &str, is_shown: &dyn Fn(&Decision) -> bool) -> FormerEstate {
    let mut matched = Matched::of(&found.before, &found.now, &found.renames);
    matched
        .gone
        .retain(|at| is_shown(&found.before.decisions[*at]));
    let style = terminal::for_stderr();
    for path in &matched.unread {
        let path = style.plain(path);
        say(&format!(
            "note: {path} could not be read as it was: what it holds counts as new"
        ));
    }
    for folder in &matched.uncommitted {
        let folder = style.plain(folder);
        say(&format!(
            "note: {folder} was not committed: what it holds counts as new"
        ));
    }
    FormerEstate {
        since: since.to_owned(),
        base: Some(found.base.clone()),
        ..FormerEstate::of(&found.before, matched.was, matched.gone)
    }
}
