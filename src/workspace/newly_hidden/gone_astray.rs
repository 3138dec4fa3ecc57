//! Templates that somebody moved out of sight without telling git.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Behind, Cause, OutOfSight, Search};
use crate::host::door::{self, Door};
use crate::host::walk::{Barrier, WalkRoot, walk_behind};
use crate::host::{PathTarget, shown};
use crate::workspace::discover::{Promise, promise};

/// Files out of sight that are opened to find what has gone without git's knowing.
const MOST_OPENED: usize = 20_000;

impl Search<'_> {
    /// Looks for what git takes for there and is not: it may have been moved out of sight, with nobody telling git.
    pub(super) fn gone_astray(&mut self, root: WalkRoot<'_>, target: &PathTarget, door: &Door<'_>) {
        let prefix = target.real.strip_prefix(self.commit.top());
        let Ok(prefix) = prefix else { return };
        let mut lost: HashMap<u64, Vec<(String, Vec<u8>)>> = HashMap::new();
        for (place, object) in self.tracked {
            let path = Path::new(place);
            let is_lost = path.starts_with(prefix)
                && promise(path) == Promise::Template
                && self.commit.object(place).is_some()
                && self.commit.gone(place);
            let name = || shown(self.host, &self.commit.local(place));
            if is_lost
                && !self.moved.values().any(|known| *known == name())
                && let Some(bytes) = self.commit.bytes_of(object)
                && let Ok(length) = u64::try_from(bytes.len())
            {
                lost.entry(length).or_default().push((name(), bytes));
            }
        }
        if lost.is_empty() {
            return;
        }
        let host = self.host;
        let mut left = MOST_OPENED;
        let mut behind = |path: PathBuf, barrier: &Barrier| {
            if promise(&path) != Promise::Template {
                return true;
            }
            left -= 1;
            self.astray(&path, barrier, &mut lost);
            left > 0
        };
        walk_behind((host, door), root, target, &mut |_| {}, &mut behind);
    }

    /// Notes a file out of sight that holds the same bytes as one of those that are lost.
    fn astray(
        &mut self,
        path: &Path,
        barrier: &Barrier,
        lost: &mut HashMap<u64, Vec<(String, Vec<u8>)>>,
    ) {
        let length = self.host.open(path).map(|opened| opened.length);
        let Some(alike) = length.ok().and_then(|length| lost.get_mut(&length)) else {
            return;
        };
        let bytes = door::bytes(self.host, path, door::LARGEST_BASELINE);
        let bytes = bytes.unwrap_or_default();
        let Some(at) = alike.iter().position(|(_, known)| *known == bytes) else {
            return;
        };
        let name = shown(self.host, path);
        let cause = Cause::Walk(barrier.clone());
        if let Some(held) = self.template(path, &cause) {
            let (former, _) = alike.swap_remove(at);
            self.moved.insert(name.clone(), former);
            let template = OutOfSight {
                path: name,
                does: Some("moves"),
                held,
            };
            let behind = Behind {
                cause,
                is_news: true,
            };
            self.found.entry(behind).or_default().push(template);
        }
    }
}
