//! Which decisions an address means, and why it means none.

use std::path::PathBuf;
use std::sync::Arc;

use globset::GlobMatcher;

use super::named_instances::{self, MadeBy};
use super::target::{Covered, Target, has_ended, leaving, spot};
use crate::analysis::Analysis;
use crate::base::construct_name;
use crate::base::source::Span;
use crate::blocks::Dialect;
use crate::blocks::plan::{AddressStep, steps};
use crate::config::address_glob;
use crate::host::Host;
use crate::placement::Decision;

/// Ambiguous places that are listed.
const MOST_PLACES: usize = 12;

/// Whether an address means a decision: word for word, or all instances of a block.
pub fn means(decision: &Decision, address: &str) -> bool {
    is_called(decision, address) || bare(&decision.address) == address
}

/// Whether an address is that of a decision, or the path of its construct.
fn is_called(decision: &Decision, address: &str) -> bool {
    let construct = decision.construct.as_deref();
    decision.address == address || construct.is_some_and(|own| own == construct_name(address))
}

/// What a glob matches, as an entry of the ledger would.
pub(super) fn matching(decision: &Decision, glob: &GlobMatcher, is_construct: bool) -> bool {
    let construct = decision.construct.as_deref().filter(|_| is_construct);
    glob.is_match(&decision.address) || construct.is_some_and(|own| glob.is_match(own))
}

/// An address without the key of its last instance.
pub(super) fn bare(address: &str) -> &str {
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

/// The one block that an address means. Of what a glob matches, what has a reason already only counts where that is replaced.
pub fn find(
    report: &Analysis,
    host: &dyn Host,
    address: &str,
    path: Option<&str>,
    replaces: bool,
) -> Result<Target, String> {
    let here = |decision: &&Decision| {
        path.is_none_or(|path| *path == *decision.path || *path == **spot(decision).0)
    };
    let all: Vec<&Decision> = report.decisions.iter().filter(here).collect();
    let exact: Vec<&Decision> = all
        .iter()
        .copied()
        .filter(|d| is_called(d, address))
        .collect();
    // The nearest meaning: word for word, all instances of a block, all instances of the modules around it, too.
    let mut meant = exact;
    for means in [means, named_instances::means] {
        if meant.is_empty() {
            meant = all.iter().copied().filter(|d| means(d, address)).collect();
        }
    }
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
    if meant.is_empty() && address.contains(['*', '?']) {
        let glob = address_glob(address)?;
        let is_construct = address.contains('/');
        let matched = all
            .iter()
            .copied()
            .filter(|d| matching(d, &glob, is_construct));
        let owing = matched.filter(|decision| owes(decision));
        // What has a reason keeps it: an entry for all of them would settle nothing there.
        let (reasoned, owing): (Vec<&Decision>, Vec<&Decision>) =
            owing.partition(|decision| decision.justification.is_some() && !replaces);
        let Some(first) = owing.first().or(reasoned.first()) else {
            return Err(format!("no fallback has an address that {address} matches"));
        };
        return Ok(Target {
            is_glob: true,
            covered: owing.iter().map(|decision| Covered::of(decision)).collect(),
            reasoned: reasoned
                .iter()
                .map(|decision| Covered::of(decision))
                .collect(),
            ..Target::of(report, first, address)
        });
    }
    if meant.is_empty()
        && let Some(steps) = named_instances::call(address)
    {
        return of_call(report, host, address, path, &owes, &steps);
    }
    let mut places: Vec<&Decision> = Vec::new();
    let owing = |decision: &&Decision| owes(decision) || leaving(decision).is_some();
    for decision in meant.iter().copied().filter(owing) {
        let known = places.iter().any(|other| spot(other) == spot(decision));
        if !known {
            places.push(decision);
        }
    }
    match (places.as_slice(), meant.first()) {
        ([one], _) if one.dialect == Dialect::CloudFormation => {
            Ok(Target::of(report, one, address))
        }
        ([one], _) => Ok(narrowed(report, host, one, &meant, address)),
        ([], Some(decision)) if has_ended(decision) => Err(format!(
            "{address} has ended, and what has ended can't be settled by a reason: sfl check says what to move to"
        )),
        ([], Some(decision)) => Err(format!(
            "{address} is on rung {} of 4 of the {} ladder, which needs no reason",
            decision.rung.number(),
            decision.ladder().title
        )),
        ([], None) => Err(unknown(report, &all, address)),
        (several, _) => Err(ambiguous(several, address)),
    }
}

/// The block of a decision of Terraform, for just those that are meant.
pub(super) fn narrowed(
    report: &Analysis,
    host: &dyn Host,
    decision: &Decision,
    meant: &[&Decision],
    address: &str,
) -> Target {
    let (path, block) = spot(decision);
    let whole = Target::of(report, decision, address);
    let covered = meant.iter().map(|one| Covered::of(one)).collect();
    let length = steps(&decision.address).len();
    let together = named_instances::shared(
        meant.iter().map(|one| one.address.as_str()),
        address,
        length,
    );
    let together = Some(together);
    if block.is_empty() {
        return Target {
            covered,
            together,
            ..whole
        };
    }
    let on_block: Vec<&Decision> = report
        .decisions
        .iter()
        .filter(|other| spot(other) == (path, block))
        .collect();
    let step = match &decision.written {
        // Where the module is not at hand, its call makes it.
        Some(written) => written.address.strip_prefix("module.").and_then(|name| {
            let steps = steps(&decision.address);
            let (pairs, _) = steps.as_chunks::<2>();
            let mut calls = pairs.iter().take_while(|[word, _]| word.name == "module");
            let at = calls.position(|[_, call]| call.name == name)?;
            Some(2 * at + 1)
        }),
        None => named_instances::step_of_call(
            &mut named_instances::CallPlaces::new(host),
            decision,
            (path, block),
        ),
    };
    Target {
        instances: named_instances::instances(meant, &on_block, step),
        covered,
        together,
        ..whole
    }
}

/// The call of a module, for all that it makes.
fn of_call(
    report: &Analysis,
    host: &dyn Host,
    address: &str,
    path: Option<&str>,
    owes: &dyn Fn(&Decision) -> bool,
    call: &[AddressStep<'_>],
) -> Result<Target, String> {
    let places = named_instances::calls(report, host, call);
    let is_here = |place: &MadeBy<'_>| {
        path.is_none_or(|path| match &place.block {
            Some((file, _)) => **file == *path,
            None => place.made.iter().all(|decision| *decision.path == *path),
        })
    };
    let mut places: Vec<MadeBy<'_>> = places.into_iter().filter(is_here).collect();
    if places.is_empty() {
        return Err(format!("no hosting choice is made by {address}"));
    }
    places.retain(|place| place.made.iter().any(|decision| owes(decision)));
    let (place, first) = match places.as_slice() {
        [] => return Err(format!("nothing that {address} makes needs a reason")),
        [place] => (place, place.made.iter().find(|decision| owes(decision))),
        several => {
            let files = several.iter().filter_map(|place| place.block.as_ref());
            let list: String = files.map(|(file, _)| format!("\n  {file}")).collect();
            return Err(format!(
                "{address} is a call in several files; choose one with --path FILE:{list}"
            ));
        }
    };
    let Some(first) = first else {
        return Err(format!("nothing that {address} makes needs a reason"));
    };
    let (path, block) = match &place.block {
        Some((path, block)) => (Arc::clone(path), *block),
        None => (Arc::clone(&first.path), Span::default()),
    };
    let made = &place.made;
    let together = named_instances::shared(
        made.iter().map(|one| one.address.as_str()),
        address,
        call.len(),
    );
    Ok(Target {
        file: PathBuf::from(&*path),
        path,
        block,
        instances: named_instances::instances(made, &place.on_block, Some(call.len() - 1)),
        covered: made.iter().map(|one| Covered::of(one)).collect(),
        together: Some(together),
        leaving: None,
        ..Target::of(report, first, address)
    })
}

fn ambiguous(places: &[&Decision], address: &str) -> String {
    let shown = places.iter().take(MOST_PLACES);
    let shown = shown.map(|decision| {
        let construct = decision.construct.as_ref();
        let construct = construct.map_or_else(String::new, |own| format!(" {own}"));
        let (path, start, _) = decision.place();
        format!("\n  {path}:{}{construct}", start.line)
    });
    let mut list: String = shown.collect();
    if places.len() > MOST_PLACES {
        list.push_str(&format!("\n  and {} more", places.len() - MOST_PLACES));
    }
    let apart = places
        .iter()
        .any(|place| spot(place).0 != spot(places[0]).0);
    let way = match (apart, shared_end(places)) {
        (true, Some(end)) => {
            format!("choose one with --path FILE or by its construct, or take all with '*/{end}'")
        }
        (true, None) => "choose one with --path FILE".to_owned(),
        (false, _) => "they are in one file: write the reason by hand".to_owned(),
    };
    format!("{address} is the address of several blocks; {way}:{list}")
}

/// The last parts that the constructs of all places share: they are stages of one.
fn shared_end(places: &[&Decision]) -> Option<String> {
    let mut constructs = places.iter().map(|place| place.construct.as_deref());
    let mut shared: Vec<&str> = constructs.next()??.split('/').collect();
    for construct in constructs {
        let parts = construct?.rsplit('/').zip(shared.iter().rev());
        let same = parts.take_while(|(a, b)| a == *b).count();
        shared.drain(..shared.len() - same);
    }
    (shared.len() > 1).then(|| shared.join("/"))
}

fn unknown(report: &Analysis, all: &[&Decision], address: &str) -> String {
    let owner = all.iter().find(|decision| {
        let members = decision.members.iter().chain(&decision.shown_members);
        members.into_iter().any(|member| member == address)
    });
    if let Some(owner) = owner {
        let owner = owner.name();
        return format!(
            "{address} only serves {owner}: give the reason there, with sfl justify {owner}"
        );
    }
    let mut helpers = report.machinery.iter();
    let helper = helpers.find(|one| {
        one.address == address || one.construct.as_deref() == Some(construct_name(address))
    });
    if let Some(helper) = helper {
        return format!(
            "{address} is deployment machinery and needs no reason: {}",
            helper.why
        );
    }
    let open = report
        .findings
        .iter()
        .filter_map(|finding| finding.decision);
    let open = open.map(|at| {
        let decision = &report.decisions[at];
        if address.contains('/') {
            decision.name()
        } else {
            &decision.address
        }
    });
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
