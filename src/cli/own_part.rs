//! The part of an estate that somebody asks about.

use clap::Args;

use crate::Decision;
use crate::rulebook::like;
use crate::trend::DecisionFact;

/// Which decisions are looked at; what stands around them is read all the same.
#[derive(Args, Debug)]
pub struct OwnPart {
    /// Only what belongs to this value stream
    #[arg(long, value_name = "NAME")]
    pub stream: Option<String>,

    /// Only what this owner answers for
    #[arg(long, value_name = "NAME")]
    pub owner: Option<String>,

    /// Only what stands in this file or folder, or in files like `infra/*.yaml`; the rest is read all the same, for what it needs
    #[arg(long, value_name = "PATH")]
    pub path: Option<String>,
}

impl OwnPart {
    /// Whether nothing is left out.
    pub const fn is_whole(&self) -> bool {
        self.stream.is_none() && self.owner.is_none() && self.path.is_none()
    }

    /// Whether a decision is among it.
    pub fn has(&self, decision: &Decision) -> bool {
        let owners = decision.owner.iter().flat_map(|one| &one.names);
        self.fits(
            decision.stream.as_deref(),
            owners.map(|name| &**name),
            decision.place().0,
        )
    }

    /// Whether one of the past is, by the owners and streams of then.
    pub fn had(&self, fact: &DecisionFact) -> bool {
        let owners = fact.owners.iter().map(String::as_str);
        self.fits(fact.stream.as_deref(), owners, &fact.path)
    }

    fn fits<'n>(
        &self,
        stream: Option<&str>,
        mut owners: impl Iterator<Item = &'n str>,
        file: &str,
    ) -> bool {
        let wanted = self.owner.as_deref();
        let streams = self.stream.is_none() || self.stream.as_deref() == stream;
        // CODEOWNERS writes `@team`; hands often don't.
        let is_wanted =
            |name: &str, wanted: &str| name == wanted || name.strip_prefix('@') == Some(wanted);
        let owned = wanted.is_none_or(|wanted| owners.any(|name| is_wanted(name, wanted)));
        let path = self.path.as_deref();
        streams && owned && path.is_none_or(|path| stands_in(file, path))
    }
}

/// Whether a file is the named one, stands in the named folder, or is like it.
fn stands_in(file: &str, named: &str) -> bool {
    let named = named.strip_prefix("./").unwrap_or(named);
    let named = named.trim_end_matches('/');
    if named.is_empty() || named == "." || like(file, named) {
        return true;
    }
    let below = file.strip_prefix(named);
    below.is_some_and(|rest| rest.starts_with('/'))
}
