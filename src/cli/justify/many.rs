//! Many at once: one reason for all that a glob, a code or an owner names, each where it belongs. All of a file or nothing of it.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use super::find;
use super::judge::{Trouble, judge_many};
use super::named_instances::Instances;
use super::target::{Covered, Target, has_ended, spot};
use super::{Refused, Session, draft, law, questions, standing_reasons};
use crate::Options;
use crate::analysis::Analysis;
use crate::base::finding::Finding;
use crate::base::source::{Source, Span};
use crate::blocks::Dialect;
use crate::cli::ask;
use crate::cli::file_change::FileChange;
use crate::cli::named_paths;
use crate::cli::say;
use crate::config::{Home, Selection, address_glob};
use crate::edit::WrittenReason;
use crate::host::{Buffers, shown};
use crate::placement::Decision;

/// Places that are listed before somebody agrees.
const MOST_LISTED: usize = 100;
/// Times that what cannot be is left out and the rest judged again.
const ROUNDS: usize = 3;
const NOT_THAT_FILE: &str = "nothing is written into that file";

/// What one record goes onto, and the records as they are to be.
pub struct PlacedRecord {
    pub target: Target,
    pub record: WrittenReason,
}

/// What a call means.
pub struct MeantBlocks {
    /// The blocks of all that is open, in the order of the report's decisions.
    pub open: Vec<Target>,
    /// What has a reason already: it is left alone.
    pub reasoned: Vec<Covered>,
}

/// Where a record goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Carrier {
    File(Arc<str>),
    Ledger,
}

impl Session<'_> {
    /// Whether the call says by more than an address what it is about.
    pub fn selects(&self) -> bool {
        !self.arguments.code.is_empty() || !self.arguments.owned_by.is_empty()
    }

    /// All that is open and fits what the call says.
    pub fn some(&self, glob: Option<&str>) -> Result<(), Refused> {
        let options = self.options()?;
        let given = self.given(&options)?;
        let report = crate::check(&options, &|_, _| {});
        let chosen = self.chosen(glob, &report, &options)?;
        if chosen.open.is_empty() {
            if !chosen.reasoned.is_empty() {
                self.say_all_reasoned(&chosen.reasoned);
                return Ok(());
            }
            let nothing = || self.nothing_fits(glob, &report);
            return Err(named_paths::fault(&report, &self.paths)
                .unwrap_or_else(nothing)
                .into());
        }
        self.settle_all(chosen, given, &options, &report)
    }

    /// All that is open and fits, and what fits and has a reason; with --replace that is open, too.
    pub fn chosen(
        &self,
        glob: Option<&str>,
        report: &Analysis,
        options: &Options,
    ) -> Result<MeantBlocks, String> {
        let matcher = glob.map(address_glob).transpose()?;
        let is_construct = glob.is_some_and(|glob| glob.contains('/'));
        let mut selection = Selection::default();
        selection
            .call(&self.arguments.code, &[], &options.config.catalogue)
            .map_err(|why| why.replacen("--select", "--code", 1))?;
        let path = self.arguments.path.as_deref();
        let path = path.map(|path| shown(&*options.host, path));
        let fits = |decision: &Decision| {
            let here = path
                .as_deref()
                .is_none_or(|path| *path == *decision.path || *path == **spot(decision).0);
            let named = matcher.as_ref().is_none_or(|matcher| {
                glob.is_some_and(|glob| find::means(decision, glob))
                    || find::matching(decision, matcher, is_construct)
            });
            here && named && !has_ended(decision) && self.is_owned(decision)
        };
        let mut open: Vec<usize> = report
            .findings
            .iter()
            .filter(|finding| !finding.code.is_about_reasons())
            .filter_map(|finding| {
                let at = finding.decision?;
                let decision = &report.decisions[at];
                let rule = Some(&*decision.rule.name);
                (selection.hides(finding, rule).is_none() && fits(decision)).then_some(at)
            })
            .collect();
        open.sort_unstable();
        open.dedup();
        let reasoned: Vec<usize> = report
            .decisions
            .iter()
            .enumerate()
            .filter(|(at, decision)| {
                let is_reasoned =
                    decision.justification.is_some() && open.binary_search(at).is_err();
                is_reasoned && fits(decision) && {
                    let source = Arc::new(Source::excerpt(
                        Arc::clone(&decision.path),
                        String::new(),
                        decision.start,
                    ));
                    // As it would be said if it had none.
                    let unsaid = Finding::new(
                        decision.code(),
                        decision.severity,
                        String::new(),
                        source,
                        Span::default(),
                    );
                    let rule = Some(&*decision.rule.name);
                    selection.hides(&unsaid, rule).is_none()
                }
            })
            .map(|(at, _)| at)
            .collect();
        let mut left = Vec::new();
        if self.arguments.replace {
            open.extend(reasoned);
            open.sort_unstable();
        } else {
            let reasoned = reasoned.into_iter();
            left.extend(reasoned.map(|at| Covered::of(&report.decisions[at])));
        }
        let mut blocks: BTreeMap<(Arc<str>, u32, u32, String), Vec<&Decision>> = BTreeMap::new();
        for at in open {
            let decision = &report.decisions[at];
            let (path, block) = spot(decision);
            // What has no block of its own is told apart by its address.
            let address = if block.is_empty() {
                decision.address.clone()
            } else {
                String::new()
            };
            let key = (Arc::clone(path), block.start, block.end, address);
            blocks.entry(key).or_default().push(decision);
        }
        let host = &*options.host;
        let targets = blocks.into_values().filter_map(|meant| {
            let first = *meant.first()?;
            let address = match meant.as_slice() {
                [one] => &one.address,
                _ => find::bare(&first.address),
            };
            let target = match first.dialect {
                Dialect::CloudFormation => Target::of(report, first, address),
                _ => find::narrowed(report, host, first, &meant, address),
            };
            let ledger = &options.config.ledger;
            Some(standing_reasons::with_entries(target, report, ledger))
        });
        Ok(MeantBlocks {
            open: targets.collect(),
            reasoned: left,
        })
    }

    fn is_owned(&self, decision: &Decision) -> bool {
        let wanted = &self.arguments.owned_by;
        let names = decision.owner.as_ref().map(|owner| &owner.names);
        wanted.is_empty()
            || wanted.iter().any(|wanted| match names {
                Some(names) => names.iter().any(|name| **name == **wanted),
                None => wanted == "nobody",
            })
    }

    fn nothing_fits(&self, glob: Option<&str>, report: &Analysis) -> String {
        let mut words = vec!["no open fallback".to_owned()];
        if !self.arguments.code.is_empty() {
            words.push(format!("of {}", self.arguments.code.join(", ")));
        }
        if !self.arguments.owned_by.is_empty() {
            words.push(format!("of {}", self.arguments.owned_by.join(", ")));
        }
        words.extend(glob.map(|glob| format!("has an address that {glob} matches")));
        if glob.is_some_and(|glob| !glob.contains(['*', '?'])) {
            words.push("(and there is no such file or folder)".to_owned());
        }
        if glob.is_none() {
            words.push("is here".to_owned());
        }
        let mut owners: Vec<&str> = report
            .decisions
            .iter()
            .filter_map(|decision| decision.owner.as_ref())
            .flat_map(|owner| owner.names.iter().map(|name| &**name))
            .collect();
        owners.sort_unstable();
        owners.dedup();
        let mut unknown = self.arguments.owned_by.iter();
        if unknown.any(|name| !owners.contains(&name.as_str())) && !owners.is_empty() {
            words.push(format!("(owners here: {})", owners.join(", ")));
        }
        words.join(" ")
    }

    /// Shows the list, asks, writes.
    pub fn settle_all(
        &self,
        chosen: MeantBlocks,
        given: WrittenReason,
        options: &Options,
        report: &Analysis,
    ) -> Result<(), Refused> {
        let MeantBlocks {
            open: targets,
            reasoned,
        } = chosen;
        let from_standard = |target: &&Target| {
            target.is_standard_input() && !target.goes_to_ledger(self.arguments.ledger)
        };
        if targets.iter().any(|target| from_standard(&target)) {
            return Err(super::NO_STANDARD_INPUT.to_owned().into());
        }
        let ledger = self.ledger_name(options);
        self.list(&targets, &ledger);
        if !reasoned.is_empty() {
            say(&left_alone(reasoned.len()));
            self.name_reasoned(&reasoned);
        }
        let contradicted: Vec<&str> = targets.iter().flat_map(Target::contradicted).collect();
        let first = targets.first();
        let Some(record) = self.completed(given, &contradicted, options, first)? else {
            return Ok(());
        };
        let arguments = self.arguments;
        let number: usize = targets.iter().map(|target| target.covered.len()).sum();
        let asks = self.interactive && !arguments.yes;
        if number > 1 && !asks && !arguments.yes && !arguments.diff {
            return Err(unasked(number).into());
        }
        let (wanted, mut left_out) = self.accepted(targets, &record);
        let changes = self.drafts(wanted, options, report, &mut left_out)?;
        if arguments.diff {
            for (change, _) in &changes {
                change.show(&self.style)?;
            }
        }
        for message in &left_out {
            say(&format!("error: {}", self.style.plain(message)));
        }
        if changes.is_empty() {
            return Err("nothing was written".to_owned().into());
        }
        if arguments.diff && !arguments.yes {
            return whole(&left_out);
        }
        let covered: usize = changes.iter().map(|(_, number)| number).sum();
        if asks
            && !ask::confirm(&format!(
                "write this reason for {} into {}?",
                counted(covered, "fallback"),
                counted(changes.len(), "file")
            ))?
        {
            return Ok(());
        }
        for (change, number) in &changes {
            match change.store() {
                Ok(()) => say(&format!(
                    "{}: the reason for {} is written down",
                    self.style.plain(&change.shown),
                    counted(*number, "fallback")
                )),
                Err(why) => {
                    say(&format!("error: {}", self.style.plain(&why)));
                    left_out.push(why);
                }
            }
        }
        whole(&left_out)
    }

    /// The record with all that it needs; `None` where somebody turns away.
    fn completed(
        &self,
        given: WrittenReason,
        contradicted: &[&str],
        options: &Options,
        first: Option<&Target>,
    ) -> Result<Option<WrittenReason>, Refused> {
        let is_complete = !given.because.is_empty() && !given.reason.is_empty();
        let record = match is_complete {
            true => Some(given),
            false if self.interactive => {
                let file = first.map(|target| self.file_of(target, options));
                let file = file.unwrap_or_default();
                questions::complete(&given, contradicted, law(options), &file)?
            }
            false => return Err(super::NO_TERMINAL.to_owned().into()),
        };
        if let Some(record) = &record {
            law(options).check(record)?;
        }
        Ok(record)
    }

    pub fn ledger_name(&self, options: &Options) -> String {
        let home = Home::find(&*options.host, self.arguments.config.as_deref());
        shown(&*options.host, &home.file)
    }

    fn carrier(&self, target: &Target) -> Carrier {
        match target.goes_to_ledger(self.arguments.ledger) {
            true => Carrier::Ledger,
            false => Carrier::File(Arc::clone(&target.path)),
        }
    }

    /// Says that nothing is left to say why, and where it is said.
    pub fn say_all_reasoned(&self, reasoned: &[Covered]) {
        say(&all_reasoned(reasoned.len()));
        self.name_reasoned(reasoned);
        say("note: --replace writes over them");
    }

    /// What has a reason already, each with the place of it.
    fn name_reasoned(&self, reasoned: &[Covered]) {
        for one in reasoned.iter().take(MOST_LISTED) {
            let why = one
                .explained
                .as_ref()
                .map(standing_reasons::SoundReason::in_short);
            let line = format!(
                "    {}:{} {}, {}",
                one.path,
                one.line,
                one.name,
                why.unwrap_or_default()
            );
            say(&self.style.plain(&line));
        }
        if reasoned.len() > MOST_LISTED {
            say(&format!("    and {} more", reasoned.len() - MOST_LISTED));
        }
    }

    /// What is about to be justified, under the files that will say so.
    fn list(&self, targets: &[Target], ledger: &str) {
        let mut by: BTreeMap<Carrier, Vec<&Covered>> = BTreeMap::new();
        for target in targets {
            let all = by.entry(self.carrier(target)).or_default();
            all.extend(&target.covered);
        }
        let number: usize = by.values().map(Vec::len).sum();
        say(&format!(
            "{} in {}:",
            counted(number, "fallback"),
            counted(by.len(), "file")
        ));
        let mut left = MOST_LISTED;
        for (carrier, all) in &by {
            let head = match carrier {
                Carrier::File(path) => path.to_string(),
                Carrier::Ledger => format!("{ledger} (the ledger)"),
            };
            say(&format!("  {}", self.style.plain(&head)));
            for one in all.iter().take(left) {
                let name = match carrier {
                    Carrier::File(path) if **path == *one.path => {
                        format!("{} {}", one.line, one.name)
                    }
                    _ => format!("{}:{} {}", one.path, one.line, one.name),
                };
                say(&format!("    {}", self.style.plain(&name)));
            }
            if all.len() > left {
                say(&format!("    and {} more", all.len() - left));
            }
            left = left.saturating_sub(all.len());
        }
    }

    /// Those that a record may settle, by where it goes, and what is to be said of the others.
    fn accepted(
        &self,
        targets: Vec<Target>,
        record: &WrittenReason,
    ) -> (BTreeMap<Carrier, Vec<PlacedRecord>>, Vec<String>) {
        let mut wanted: BTreeMap<Carrier, Vec<PlacedRecord>> = BTreeMap::new();
        let mut refused: BTreeMap<Carrier, String> = BTreeMap::new();
        for target in targets {
            let carrier = self.carrier(&target);
            let takes = target
                .accepts(record)
                .and_then(|()| match self.arguments.context {
                    true => target.takes_context(),
                    false => Ok(()),
                })
                .and_then(|()| standing_reasons::refuse_immovable(&target, self.arguments));
            if let Err(why) = takes {
                refused.entry(carrier.clone()).or_insert(why);
            }
            let instance = match (&carrier, &target.instances) {
                (Carrier::File(_), Instances::One(key)) => Some(key.clone()),
                _ => None,
            };
            let record = WrittenReason {
                instance,
                ..record.clone()
            };
            wanted
                .entry(carrier)
                .or_default()
                .push(PlacedRecord { target, record });
        }
        let left_out = refused.into_iter().map(|(carrier, why)| {
            wanted.remove(&carrier);
            format!("{why}; {NOT_THAT_FILE}")
        });
        let left_out = left_out.collect();
        (wanted, left_out)
    }

    /// The changes, judged together in memory; what cannot be is left out, with all of its file.
    fn drafts(
        &self,
        mut wanted: BTreeMap<Carrier, Vec<PlacedRecord>>,
        options: &Options,
        report: &Analysis,
        left_out: &mut Vec<String>,
    ) -> Result<Vec<(FileChange, usize)>, Refused> {
        for _ in 0..ROUNDS {
            let mut changes = Vec::new();
            let mut ledger = None;
            let mut refused = Vec::new();
            for (carrier, all) in &wanted {
                let change = match carrier {
                    Carrier::File(_) => draft::of_many(all, options, self.arguments.context),
                    Carrier::Ledger => {
                        let config = self.arguments.config.as_deref();
                        let all = all.iter().map(|one| (&one.target, &one.record));
                        draft::ledger_of_many(all, options, config).map(|(change, entries)| {
                            ledger = Some(entries);
                            change
                        })
                    }
                };
                match change {
                    Ok(change) => {
                        let covered = all.iter().map(|one| one.target.covered.len());
                        changes.push((change, covered.sum()));
                    }
                    Err(why) => refused.push((carrier.clone(), why)),
                }
            }
            if refused.is_empty() {
                let host = Buffers::over(Arc::clone(&options.host));
                for (carrier, (change, _)) in wanted.keys().zip(&changes) {
                    if let Carrier::File(path) = carrier {
                        host.set(Path::new(&**path), change.after());
                    }
                }
                let mut config = options.config.clone();
                config.ledger = ledger.unwrap_or(config.ledger);
                let changed = Options {
                    paths: options.paths.clone(),
                    strict: options.strict,
                    today: options.today,
                    config,
                    ..Options::on(Arc::new(host))
                };
                let new = crate::check(&changed, &|_, _| {});
                let all: Vec<&PlacedRecord> = wanted.values().flatten().collect();
                let troubles = judge_many(&all, report, &new)?;
                if troubles.is_empty() {
                    return Ok(changes);
                }
                for Trouble { at, why } in troubles {
                    let target = &all[at].target;
                    let why = standing_reasons::with_advice(why, target, self.arguments.ledger);
                    refused.push((self.carrier(target), why));
                }
            }
            let mut said = HashSet::new();
            for (carrier, why) in refused {
                wanted.remove(&carrier);
                if said.insert(carrier) {
                    left_out.push(format!("{why}; {NOT_THAT_FILE}"));
                }
            }
        }
        Err(
            "one reason for all of them would do more than settle them: nothing was written"
                .to_owned()
                .into(),
        )
    }
}

/// Whether all of it was done.
fn whole(left_out: &[String]) -> Result<(), Refused> {
    match left_out.len() {
        0 => Ok(()),
        _ => Err("not all of it was written".to_owned().into()),
    }
}

fn left_alone(reasoned: usize) -> String {
    match reasoned {
        1 => "1 has a reason already, and keeps it".to_owned(),
        number => format!("{number} have a reason already, and keep it"),
    }
}

/// Nothing is left to say why.
fn all_reasoned(reasoned: usize) -> String {
    match reasoned {
        1 => "the one fallback that fits has a reason already: nothing to write".to_owned(),
        number => {
            format!("all {number} fallbacks that fit have a reason already: nothing to write")
        }
    }
}

pub fn unasked(number: usize) -> String {
    format!(
        "--yes is needed to write one reason for {} where there is no terminal; --diff shows it first",
        counted(number, "fallback")
    )
}

fn counted(number: usize, one: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {one}{s}")
}
