//! Who answers for the decisions of whom no reason and no context says it: CODEOWNERS, else the value stream.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::Options;
use crate::analysis::{Analysis, Owner, OwnerFrom};
use crate::base::finding::Finding;
use crate::config::codeowners::{Codeowners, FileOwners};
use crate::host::lexical;

/// Gives owners to decisions that have none yet.
pub(super) fn assign(analysis: &mut Analysis, options: &Options) {
    // Without anything that needs an owner, nothing is opened.
    if unowned(analysis).next().is_some() {
        let (known, findings) = by_files(analysis, options);
        analysis.findings.extend(findings);
        for decision in analysis.decisions.iter_mut() {
            let path = Arc::clone(decision.place().0);
            if let (None, Some(Some(found))) = (&decision.owner, known.get(&path)) {
                decision.owner = Some(Owner {
                    names: found.owners.clone(),
                    from: OwnerFrom::Codeowners(Arc::clone(&found.path), found.line),
                });
            }
        }
        let free = analysis.liabilities.iter_mut();
        for one in free.filter(|one| one.decisions.is_empty()) {
            if let Some(Some(found)) = known.get(&one.path) {
                one.owners.clone_from(&found.owners);
            }
        }
    }
    let all = options.config.streams.iter().rev();
    for one in &mut analysis.liabilities {
        let is_free = one.decisions.is_empty();
        let mut streams = all.clone().filter(|_| is_free);
        let found =
            streams.find(|stream| stream.paths.as_ref().is_some_and(|all| all.hold(&one.path)));
        if let Some(found) = found {
            one.stream = Some(Arc::clone(&found.stream.name));
            if one.owners.is_empty() {
                one.owners.extend(found.stream.owner.clone());
            }
        }
    }
    let streams = options.config.streams.iter();
    analysis.streams = streams.map(|one| one.stream.clone()).collect();
    for decision in &mut analysis.decisions {
        if decision.owner.is_none() {
            let stream = decision.stream.as_ref();
            let stream = stream.and_then(|name| {
                let mut streams = analysis.streams.iter();
                streams.find(|stream| stream.name == *name)
            });
            decision.owner = stream
                .and_then(|stream| stream.owner.clone())
                .map(|owner| Owner {
                    names: vec![owner],
                    from: OwnerFrom::Stream,
                });
        }
    }
}

/// The files of all that nobody is said to own yet.
fn unowned(analysis: &Analysis) -> impl Iterator<Item = &Arc<str>> {
    let decisions = analysis.decisions.iter();
    let decisions = decisions.filter(|one| one.owner.is_none());
    let decisions = decisions.map(|one| one.place().0);
    let free = analysis.liabilities.iter();
    let free = free.filter(|one| one.decisions.is_empty());
    decisions.chain(free.map(|one| &one.path))
}

type KnownFiles = HashMap<Arc<str>, Option<FileOwners>>;

/// What CODEOWNERS says of the files that have decisions without an owner, and what is wrong with it.
fn by_files(analysis: &Analysis, options: &Options) -> (KnownFiles, Vec<Finding>) {
    let host = &*options.host;
    let root = options.config.tree.repository();
    let mut file = match Codeowners::find(host, &root) {
        Ok(Some(file)) => file,
        Ok(None) => return (KnownFiles::new(), Vec::new()),
        Err(finding) => return (KnownFiles::new(), vec![*finding]),
    };
    let mut known = KnownFiles::new();
    for path in unowned(analysis) {
        if known.contains_key(path) {
            continue;
        }
        let place = lexical(&host.root().join(Path::new(&**path)));
        let inside = place.strip_prefix(&root).ok().and_then(Path::to_str);
        let inside = inside.map(|inside| match cfg!(windows) {
            true => inside.replace('\\', "/"),
            false => inside.to_owned(),
        });
        match inside.map_or(Ok(None), |inside| file.of(&inside)) {
            Ok(found) => known.insert(Arc::clone(path), found),
            Err(finding) => return (KnownFiles::new(), vec![*finding]),
        };
    }
    (known, std::mem::take(&mut file.findings))
}
