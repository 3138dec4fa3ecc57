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
    // Without a decision that needs an owner, nothing is opened.
    if analysis.decisions.iter().any(|one| one.owner.is_none()) {
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
    for decision in analysis.decisions.iter().filter(|one| one.owner.is_none()) {
        let path = decision.place().0;
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
