//! What a change does to the decisions of a stack: compares two lists of them, never two texts. Knows nothing of git.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::{home, plural};
use crate::analysis::Count;
use crate::analysis::summary::whole;
use crate::analysis::{Analysis, Decision, Rung};
use crate::base::finding::Finding;
use crate::base::{Code, Generator};

/// From this likeness on, two blocks are one that has another name or stands in another file; the second is for both at once.
const ALIKE: [f64; 2] = [0.3, 0.5];
/// Pairs of one type that are compared setting by setting; above, only what is the same is recognised.
const MOST: usize = 1 << 20;

/// What a change does.
#[derive(Debug, Default)]
pub struct Change {
    /// What is compared with, as it was given.
    pub since: String,
    /// The commit that this is; none where it is a report that was saved.
    pub base: Option<String>,
    /// What has to be said of the comparison as such.
    pub reserves: Vec<String>,
    /// Decisions before, rung by rung.
    pub before: Count,
    /// And now.
    pub after: Count,
    /// Decisions that are new.
    pub added: Vec<Snapshot>,
    /// Decisions that are no more.
    pub gone: Vec<Snapshot>,
    /// Decisions on a worse rung than before.
    pub down: Vec<Transition>,
    /// Decisions on a better rung.
    pub up: Vec<Transition>,
    /// Decisions with another address or in another file.
    pub moved: Vec<Transition>,
    /// Fallbacks that have lost their justification.
    pub unexplained: Vec<Transition>,
    /// Fallbacks that have found one.
    pub explained: Vec<Transition>,
    /// Files that could not be read as they were: what they hold counts as new.
    pub unread: Vec<String>,
    /// Folders that a generator writes and of which the commit has nothing: what they hold counts as new.
    pub uncommitted: Vec<String>,
    /// Findings that were there before, and are not shown.
    pub older: usize,
    /// Decisions of today that were there before, by their place in the analysis.
    pub paired: BTreeSet<usize>,
    /// Findings of before that nothing calls for any more.
    pub absent: Vec<Finding>,
}

/// One decision, before or now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The file, as it is shown.
    pub path: Arc<str>,
    pub address: String,
    /// The construct that it comes from, as the CDK calls it.
    pub construct: Option<String>,
    pub kind: String,
    /// `an EC2 instance`.
    pub title: Cow<'static, str>,
    pub ladder: Cow<'static, str>,
    pub rung: Rung,
    /// It stands below the rung that is accepted there.
    pub is_fallback: bool,
    /// Whether somebody said why.
    pub justified: bool,
}

impl Snapshot {
    /// What people call it: its construct, else its address.
    #[must_use]
    pub fn name(&self) -> &str {
        self.construct.as_deref().unwrap_or(&self.address)
    }
}

/// One decision, before and now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Before.
    pub from: Snapshot,
    pub to: Snapshot,
}

/// Compares. `renames` are today's names of files that had another. The findings that stay are those that got worse:
/// their places in `after.findings`.
#[must_use]
pub fn compare(
    before: &Analysis,
    after: &Analysis,
    renames: &BTreeMap<String, String>,
) -> (Change, Vec<usize>) {
    let old_files = unreadable(&before.findings);
    let Sides {
        places,
        old,
        new,
        hidden,
        pairs,
    } = Sides::of(before, after, renames);
    // What cannot be read today has not gone, and counts on neither side.
    let mut is_seen: Vec<bool> = hidden.iter().map(|hidden| !hidden).collect();
    for from in pairs.iter().flatten() {
        is_seen[*from] = true;
    }
    let seen = old.iter().zip(&is_seen).filter(|(_, is_seen)| **is_seen);
    let mut change = Change {
        before: Count::of(seen.map(|(decision, _)| *decision)),
        after: Count::of(new.iter().copied()),
        unread: old_files.iter().map(ToString::to_string).collect(),
        uncommitted: uncommitted(before, after),
        ..Change::default()
    };
    let mut worse: BTreeSet<usize> = BTreeSet::new();
    let mut left = is_seen;
    for (at, decision) in new.iter().enumerate() {
        if !decision.is_counted {
            continue;
        }
        let Some(from) = pairs[at] else {
            change.added.push(spot(decision));
            worse.insert(at);
            continue;
        };
        left[from] = false;
        let step = Transition {
            from: spot(old[from]),
            to: spot(decision),
        };
        let (was, is) = (&step.from, &step.to);
        let renamed = renames.get(&*is.path).is_some_and(|old| **old == *was.path);
        if was.address != is.address || (was.path != is.path && !renamed) {
            change.moved.push(step.clone());
        }
        let fallback = decision.fallback;
        if fallback && was.justified && !is.justified {
            change.unexplained.push(step.clone());
            worse.insert(at);
        }
        if fallback && old[from].fallback && !was.justified && is.justified {
            change.explained.push(step.clone());
        }
        if is.rung > was.rung {
            change.down.push(step);
            worse.insert(at);
        } else if is.rung < was.rung {
            change.up.push(step);
        }
    }
    let gone = old.iter().zip(&left).filter(|(_, left)| **left);
    change.gone = gone.map(|(decision, _)| spot(decision)).collect();
    let names = names(&old, &new, &pairs);
    let (kept, left) = kept(before, after, &worse, &names, renames);
    change.older = after.findings.len() - kept.len();
    // Of what can't be read today, nothing is known.
    let mut is_settled: BTreeMap<usize, bool> = places
        .iter()
        .zip(&hidden)
        .map(|(place, is_hidden)| (*place, !is_hidden))
        .collect();
    for (decision, from) in new.iter().zip(&pairs) {
        if let Some(from) = from {
            is_settled.insert(places[*from], !decision.is_open());
        }
    }
    let new_files = unreadable(&after.findings);
    let today: BTreeMap<&str, &str> = renames.iter().map(|(new, old)| (&**old, &**new)).collect();
    let gone = before.findings.iter().enumerate().filter(|(at, finding)| {
        let path: &str = finding.path();
        match finding.decision {
            Some(decision) => is_settled.get(&decision).copied().unwrap_or_default(),
            None => left.contains(at) && !new_files.contains(today.get(path).unwrap_or(&path)),
        }
    });
    change.absent = gone.map(|(_, finding)| finding.clone()).collect();
    let paired = pairs.iter().enumerate();
    change.paired = paired.filter_map(|(at, from)| from.map(|_| at)).collect();
    (change, kept)
}

/// The decisions of two analyses, and which is which.
struct Sides<'a> {
    /// Indexes of `old` into the decisions of before.
    places: Vec<usize>,
    old: Vec<&'a Decision>,
    /// Whether their files can't be read today.
    hidden: Vec<bool>,
    new: Vec<&'a Decision>,
    /// For each of `new`, which of `old` it was.
    pairs: Vec<Option<usize>>,
}

impl<'a> Sides<'a> {
    fn of(before: &'a Analysis, after: &'a Analysis, renames: &BTreeMap<String, String>) -> Self {
        let new_files = out_of_sight(&after.findings);
        let old = before.decisions.iter().enumerate();
        let (places, old): (Vec<usize>, Vec<&Decision>) =
            old.filter(|(_, decision)| decision.is_counted).unzip();
        let new: Vec<&Decision> = after.decisions.iter().collect();
        let today: BTreeMap<&str, &str> =
            renames.iter().map(|(new, old)| (&**old, &**new)).collect();
        let is_hidden = |decision: &&Decision| {
            let path = &*decision.path;
            new_files.contains(today.get(path).unwrap_or(&path))
        };
        let hidden: Vec<bool> = old.iter().map(is_hidden).collect();
        let pairs = pair(&old, &hidden, &new, renames);
        Self {
            places,
            old,
            hidden,
            new,
            pairs,
        }
    }
}

/// Which decision was which.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// For each decision of today, which of before it was.
    pub was: Vec<Option<usize>>,
    /// Decisions of before that are no more; not those that can't be read today.
    pub gone: Vec<usize>,
    /// Files that could not be read as they were: what they hold counts as new.
    pub unread: Vec<String>,
    /// Folders that a generator writes and of which the commit has nothing: what they hold counts as new.
    pub uncommitted: Vec<String>,
}

impl Matched {
    /// `renames` are today's names of files that had another.
    #[must_use]
    pub fn of(before: &Analysis, after: &Analysis, renames: &BTreeMap<String, String>) -> Self {
        let sides = Sides::of(before, after, renames);
        let mut is_left: Vec<bool> = sides.hidden.iter().map(|hidden| !hidden).collect();
        for (decision, from) in sides.new.iter().zip(&sides.pairs) {
            if let Some(from) = from.filter(|_| decision.is_counted) {
                is_left[from] = false;
            }
        }
        let gone = sides.places.iter().zip(is_left);
        let gone = gone.filter_map(|(place, is_left)| is_left.then_some(*place));
        let was = sides.pairs.iter();
        let was = was.map(|from| from.map(|from| sides.places[from]));
        let unread = unreadable(&before.findings);
        Self {
            was: was.collect(),
            gone: gone.collect(),
            unread: unread.iter().map(ToString::to_string).collect(),
            uncommitted: uncommitted(before, after),
        }
    }
}

/// Folders that a generator writes, usually ignored by git, of which nothing was there before.
fn uncommitted(before: &Analysis, after: &Analysis) -> Vec<String> {
    let folders = |analysis: &'_ Analysis| -> BTreeSet<String> {
        let folders = analysis
            .read
            .iter()
            .filter_map(|path| Generator::folder(path));
        folders.map(|(_, folder)| folder.to_owned()).collect()
    };
    let then = folders(before);
    folders(after)
        .into_iter()
        .filter(|folder| !then.contains(folder))
        .collect()
}

fn unreadable(findings: &[Finding]) -> BTreeSet<&str> {
    let source = findings
        .iter()
        .filter(|finding| finding.code.is_about_input());
    source.map(|finding| &**finding.path()).collect()
}

fn out_of_sight(findings: &[Finding]) -> BTreeSet<&str> {
    let source = findings
        .iter()
        .filter(|finding| finding.code.is_out_of_sight());
    source.map(|finding| &**finding.path()).collect()
}

fn spot(decision: &Decision) -> Snapshot {
    Snapshot {
        path: Arc::clone(&decision.path),
        address: decision.address.clone(),
        construct: decision.construct.clone(),
        kind: decision.kind.clone(),
        title: decision.rule.title.clone(),
        ladder: decision.ladder().name.clone(),
        rung: decision.rung,
        is_fallback: decision.fallback,
        justified: decision.justification.is_some(),
    }
}

type Name<'d> = (&'d str, &'d str);

/// What decisions are called today: path and address before, to path and address now.
fn names<'d>(
    old: &[&'d Decision],
    new: &[&'d Decision],
    pairs: &[Option<usize>],
) -> BTreeMap<Name<'d>, Name<'d>> {
    let pairs = pairs.iter().enumerate();
    let known = pairs.filter_map(|(at, from)| {
        let (was, is) = (old[(*from)?], new[at]);
        Some(((&*was.path, &*was.address), (&*is.path, &*is.address)))
    });
    known.collect()
}

/// The findings that are about what got worse, or that nobody had before; and those of before that are about no decision and are not
/// there any more.
fn kept(
    before: &Analysis,
    after: &Analysis,
    worse: &BTreeSet<usize>,
    names: &BTreeMap<Name<'_>, Name<'_>>,
    renames: &BTreeMap<String, String>,
) -> (Vec<usize>, BTreeSet<usize>) {
    let back: BTreeMap<&str, &str> = renames.iter().map(|(new, old)| (&**old, &**new)).collect();
    let mut known: BTreeMap<(&Code, &str, &str), VecDeque<usize>> = BTreeMap::new();
    for (at, finding) in before
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.decision.is_none())
    {
        let path: &str = finding.path();
        let address = finding.address.as_deref().unwrap_or_default();
        let today = back.get(path).copied().unwrap_or(path);
        // A record in the ledger keeps its file, whatever the decision is called.
        let (path, address) = match names.get(&(path, address)) {
            Some((path, address)) => (*path, *address),
            None => (today, address),
        };
        let known = known.entry((&finding.code, path, address)).or_default();
        known.push_back(at);
    }
    let mut kept = Vec::new();
    for (at, finding) in after.findings.iter().enumerate() {
        let stays = match finding.decision {
            Some(decision) => worse.contains(&decision),
            None if finding.code.is_about_input() => true,
            None => {
                let address = finding.address.as_deref().unwrap_or_default();
                let was = known.get_mut(&(&finding.code, finding.path(), address));
                was.and_then(VecDeque::pop_front).is_none()
            }
        };
        if stays {
            kept.push(at);
        }
    }
    (kept, known.into_values().flatten().collect())
}

/// For each decision of today the one that it was before: by name, then by what it holds.
/// Of a file that cannot be read today, or not all of it (`hidden`), nothing is looked for in other files: it may still be where it was.
fn pair(
    old: &[&Decision],
    hidden: &[bool],
    new: &[&Decision],
    renames: &BTreeMap<String, String>,
) -> Vec<Option<usize>> {
    let mut pairing = Pairing {
        old,
        hidden,
        new,
        pairs: vec![None; new.len()],
        taken: vec![false; old.len()],
    };
    let was = |path: &Arc<str>| {
        renames
            .get(&**path)
            .cloned()
            .unwrap_or_else(|| path.to_string())
    };
    pairing.by(Files::Same, |one, is_new| {
        let path = if is_new {
            was(&one.path)
        } else {
            one.path.to_string()
        };
        // Of what two roots make, each has its own past.
        (
            path,
            one.address.clone(),
            one.ladder().order,
            one.root.clone(),
        )
    });
    let most = new.iter().map(|one| one.former.len()).max();
    for number in 0..most.unwrap_or_default() {
        pairing.by(Files::Same, |one, is_new| {
            let (path, address) = match is_new {
                true => (was(&one.path), one.former.get(number)),
                false => (one.path.to_string(), Some(&one.address)),
            };
            // What moves into a module moves to another file.
            let home = home(one.root.as_deref(), &path).to_owned();
            (address.cloned(), one.ladder().order, home)
        });
    }
    pairing.by(Files::All, |one, _| {
        (
            one.address.clone(),
            one.kind.clone(),
            one.ladder().order,
            one.signature.clone(),
        )
    });
    pairing.by(Files::Same, |one, is_new| {
        let path = if is_new {
            was(&one.path)
        } else {
            one.path.to_string()
        };
        (
            path,
            one.kind.clone(),
            one.ladder().order,
            one.signature.clone(),
        )
    });
    pairing.by(Files::All, |one, _| {
        (one.kind.clone(), one.ladder().order, one.signature.clone())
    });
    pairing.by_likeness(&was);
    pairing.pairs
}

/// Where those of a pair may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    /// In one file, or where somebody wrote that it moved.
    Same,
    All,
}

struct Pairing<'d> {
    old: &'d [&'d Decision],
    hidden: &'d [bool],
    new: &'d [&'d Decision],
    pairs: Vec<Option<usize>>,
    taken: Vec<bool>,
}

impl<'d> Pairing<'d> {
    /// Those that are alone so far and have the same key, in the order of writing.
    fn by<K: Ord>(&mut self, files: Files, key: impl Fn(&Decision, bool) -> K) {
        let mut waiting: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
        for (at, decision) in self
            .old
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.taken[*at] && (files == Files::Same || !self.hidden[*at]))
        {
            waiting
                .entry(key(decision, false))
                .or_default()
                .push_back(at);
        }
        if waiting.is_empty() {
            return;
        }
        for (at, decision) in self.new.iter().enumerate() {
            if self.pairs[at].is_none()
                && let Some(from) = waiting
                    .get_mut(&key(decision, true))
                    .and_then(VecDeque::pop_front)
            {
                self.pairs[at] = Some(from);
                self.taken[from] = true;
            }
        }
    }

    /// Those of one type and ladder that share most of their settings, the most alike first.
    fn by_likeness(&mut self, was: &dyn Fn(&Arc<str>) -> String) {
        let mut groups: BTreeMap<(&str, usize), [Vec<usize>; 2]> = BTreeMap::new();
        let mut wait = |one: &'d Decision, side: usize, at: usize| {
            groups.entry((&one.kind, one.ladder().order)).or_default()[side].push(at);
        };
        for (at, one) in self.old.iter().enumerate() {
            if !self.taken[at] {
                wait(one, 0, at);
            }
        }
        for (at, one) in self.new.iter().enumerate() {
            if self.pairs[at].is_none() {
                wait(one, 1, at);
            }
        }
        for [old, new] in groups.into_values() {
            if old.len().saturating_mul(new.len()) > MOST {
                continue;
            }
            let mut likely: Vec<(f64, bool, usize, usize)> = Vec::new();
            for from in &old {
                for at in &new {
                    let (before, now) = (self.old[*from], self.new[*at]);
                    let same = before.address == now.address;
                    let elsewhere = *before.path != *was(&now.path);
                    if elsewhere && self.hidden[*from] {
                        continue;
                    }
                    let likeness = before.signature.likeness(&now.signature);
                    if likeness >= ALIKE[usize::from(elsewhere && !same)] {
                        likely.push((likeness, same, *from, *at));
                    }
                }
            }
            likely.sort_by(|a, b| {
                let better = b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
                better.then((a.2, a.3).cmp(&(b.2, b.3)))
            });
            for (_, _, from, at) in likely {
                if self.pairs[at].is_none() && !self.taken[from] {
                    self.pairs[at] = Some(from);
                    self.taken[from] = true;
                }
            }
        }
    }
}

impl Change {
    /// One sentence: "this change adds 1 EC2 instance, moves 2 decisions up, score 71 → 68".
    #[must_use]
    pub fn sentence(&self, arrow: &str) -> String {
        let mut parts = Vec::new();
        let mut say = |verb: &str, number: usize, rest: &str| {
            if number > 0 {
                let s = if number == 1 { "" } else { "s" };
                parts.push(format!("{verb} {number} decision{s}{rest}"));
            }
        };
        say("moves", self.down.len(), " down");
        say("moves", self.up.len(), " up");
        say("takes the reason away from", self.unexplained.len(), "");
        say("explains", self.explained.len(), "");
        say("relocates", self.moved.len(), "");
        if !self.gone.is_empty() {
            parts.insert(0, format!("removes {}", counted(&self.gone)));
        }
        if !self.added.is_empty() {
            parts.insert(0, format!("adds {}", counted(&self.added)));
        }
        if parts.is_empty() {
            parts.push("changes no decision".to_owned());
        }
        let [before, after] = [self.before, self.after].map(|count| count.score().map(whole));
        parts.push(match (before, after) {
            (Some(before), Some(after)) if before == after => format!("score stays {after}"),
            (Some(before), Some(after)) => format!("score {before} {arrow} {after}"),
            (None, Some(after)) => format!("score {after}"),
            (Some(before), None) => format!("score {before} before"),
            (None, None) => "nothing to score".to_owned(),
        });
        format!("this change {}", parts.join(", "))
    }
}

/// Kinds of decisions that a sentence names.
const NAMED: usize = 3;

/// `1 EC2 instance`, `3 SQS queues`, `2 EC2 instances, 1 EKS cluster, 1 SQS queue and 4 other decisions (2 on rung 3)`: the worst first.
fn counted(spots: &[Snapshot]) -> String {
    let mut titles: BTreeMap<&str, (Reverse<Rung>, usize)> = BTreeMap::new();
    for spot in spots {
        let rung = Reverse(spot.rung);
        let (worst, number) = titles.entry(&spot.title).or_insert((rung, 0));
        *worst = rung.min(*worst);
        *number += 1;
    }
    let mut kinds: Vec<(Reverse<Rung>, &str, usize)> = titles
        .into_iter()
        .map(|(title, (worst, number))| (worst, title, number))
        .collect();
    kinds.sort_unstable();
    let (named, others) = kinds.split_at(kinds.len().min(NAMED));
    let mut parts: Vec<String> = named
        .iter()
        .map(|(_, title, number)| plural::numbered(*number, title))
        .collect();
    if let Some((Reverse(worst), ..)) = others.first() {
        let is_named = |spot: &&Snapshot| named.iter().any(|(_, title, _)| *title == spot.title);
        let all: Vec<&Snapshot> = spots.iter().filter(|spot| !is_named(spot)).collect();
        let there = all.iter().filter(|spot| spot.rung == *worst).count();
        let s = if all.len() == 1 { "" } else { "s" };
        let mut words = format!("{} other decision{s}", all.len());
        // What is not named may be as bad as what is.
        if *worst > Rung::Serverless {
            let worst = worst.number();
            words += &match there == all.len() {
                true => format!(" on rung {worst}"),
                false => format!(" ({there} on rung {worst})"),
            };
        }
        parts.push(words);
    }
    match parts.split_last() {
        Some((last, first @ [_, ..])) => format!("{} and {last}", first.join(", ")),
        _ => parts.concat(),
    }
}
