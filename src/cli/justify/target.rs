//! Which block an address means.

use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::Analysis;
use crate::base::source::Span;
use crate::blocks::Dialect;
use crate::placement::Decision;

/// Ambiguous places that are listed.
const MOST_PLACES: usize = 12;

/// One block of one file.
#[derive(Debug)]
pub struct Target {
    /// As it was asked for.
    pub address: String,
    /// The file, as it is shown.
    pub path: Arc<str>,
    /// The file.
    pub file: PathBuf,
    /// The block in it.
    pub block: Span,
    pub dialect: Dialect,
    /// Every decision of the block: a loop makes several.
    pub addresses: Vec<String>,
}

impl Target {
    /// The block of a decision.
    pub fn of(report: &Analysis, decision: &Decision, address: &str) -> Self {
        let same = report.decisions.iter().filter(|other| {
            other.path == decision.path
                && if decision.dialect == Dialect::Plan {
                    means(other, address)
                } else {
                    other.block == decision.block
                }
        });
        Self {
            address: address.to_owned(),
            path: Arc::clone(&decision.path),
            file: PathBuf::from(&*decision.path),
            block: decision.block,
            dialect: decision.dialect,
            addresses: same.map(|decision| decision.address.clone()).collect(),
        }
    }

    /// A plan keeps no comments.
    pub fn is_plan(&self) -> bool {
        self.dialect == Dialect::Plan
    }

    /// What the record speaks for besides.
    pub fn also(&self) -> Vec<&str> {
        let others = self.addresses.iter().map(String::as_str);
        others.filter(|other| *other != self.address).collect()
    }
}

/// Whether an address means a decision: word for word, or all instances of a block.
fn means(decision: &Decision, address: &str) -> bool {
    decision.address == address || bare(&decision.address) == address
}

/// An address without the key of its last instance.
fn bare(address: &str) -> &str {
    if !address.ends_with(']') {
        return address;
    }
    // A key in quotes may hold brackets itself.
    let start = if address.ends_with("\"]") {
        address.rfind("[\"")
    } else {
        address.rfind('[')
    };
    start.map_or(address, |start| &address[..start])
}

/// The one block that an address means.
pub fn find(report: &Analysis, address: &str, path: Option<&str>) -> Result<Target, String> {
    let here = |decision: &&Decision| path.is_none_or(|path| *path == *decision.path);
    let all: Vec<&Decision> = report.decisions.iter().filter(here).collect();
    let exact: Vec<&Decision> = all
        .iter()
        .copied()
        .filter(|d| d.address == address)
        .collect();
    let meant = if exact.is_empty() {
        all.iter().copied().filter(|d| means(d, address)).collect()
    } else {
        exact
    };
    let open: Vec<usize> = report
        .findings
        .iter()
        .filter_map(|finding| finding.decision)
        .collect();
    let owes = |decision: &Decision| {
        let open = open
            .iter()
            .any(|at| std::ptr::eq(&raw const report.decisions[*at], decision));
        open || decision.justification.is_some()
    };
    let mut places: Vec<&Decision> = Vec::new();
    for decision in meant.iter().copied().filter(|decision| owes(decision)) {
        let known = places
            .iter()
            .any(|other| other.path == decision.path && other.block == decision.block);
        if !known {
            places.push(decision);
        }
    }
    match (places.as_slice(), meant.first()) {
        ([one], _) => Ok(Target::of(report, one, address)),
        ([], Some(decision)) => Err(format!(
            "{address} is on rung {} of 4 of the {} ladder, which needs no reason",
            decision.rung.number(),
            decision.ladder().title
        )),
        ([], None) => Err(unknown(report, &all, address)),
        (several, _) => Err(ambiguous(several, address)),
    }
}

fn ambiguous(places: &[&Decision], address: &str) -> String {
    let shown = places.iter().take(MOST_PLACES);
    let shown = shown.map(|decision| format!("\n  {}:{}", decision.path, decision.start.line));
    let mut list: String = shown.collect();
    if places.len() > MOST_PLACES {
        list.push_str(&format!("\n  and {} more", places.len() - MOST_PLACES));
    }
    let apart = places.iter().any(|place| place.path != places[0].path);
    let way = if apart {
        "choose one with --path FILE"
    } else {
        "they are in one file: write the reason by hand"
    };
    format!("{address} is the address of several blocks; {way}:{list}")
}

fn unknown(report: &Analysis, all: &[&Decision], address: &str) -> String {
    let owner = all
        .iter()
        .find(|decision| decision.members.iter().any(|member| member == address));
    if let Some(owner) = owner {
        return format!(
            "{address} only serves {}: give the reason there, with sfl justify {}",
            owner.address, owner.address
        );
    }
    let open = report
        .findings
        .iter()
        .filter_map(|finding| finding.decision);
    let open = open.map(|at| report.decisions[at].address.as_str());
    let mut near: Vec<(usize, &str)> = open
        .map(|other| (strsim::damerau_levenshtein(other, address), other))
        .filter(|(distance, other)| {
            *distance <= 2 || other.eq_ignore_ascii_case(address) || other.ends_with(address)
        })
        .collect();
    near.sort_unstable();
    let near = near.first();
    let hint = near.map(|(_, other)| format!("; did you mean {other}?"));
    format!(
        "no hosting choice has the address {address}{}",
        hint.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_its_instance_is_that_of_the_block() {
        assert_eq!(bare("aws_instance.web[0]"), "aws_instance.web");
        assert_eq!(
            bare("module.a[\"x\"].aws_instance.web[\"a[1]\"]"),
            "module.a[\"x\"].aws_instance.web"
        );
        assert_eq!(
            bare("module.a[0].aws_instance.web"),
            "module.a[0].aws_instance.web"
        );
        assert_eq!(bare("Web"), "Web");
    }
}
