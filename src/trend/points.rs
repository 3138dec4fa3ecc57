//! What a record comes to: a number of points, each the last commit of its day, week or month, and the commits that moved anything.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use jiff::ToSpan;
use jiff::civil::Date;

use super::branch_record::{BranchRecord, CommitRecord};
use super::commit_moves::{self, Move};
use super::facts::{DecisionFact, Owed};
use super::numbered::There;
use super::owned_facts::{OwnedFact, OwnedTally};
use crate::analysis::{Count, Grouping, TargetStanding};
use crate::base::TargetScope;

/// What ends within so many days comes due.
pub const DUE_DAYS: i64 = 90;

/// Points from which on the next longer pace is taken where nobody chose one.
const MOST_POINTS: usize = 120;

/// Which commits become a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Each.
    Commit,
    /// The last one of each day.
    Day,
    /// The last one of each week, which begins on Monday.
    Week,
    /// The last one of each month.
    Month,
}

impl Pace {
    /// From the shortest to the longest.
    pub const ALL: [Self; 4] = [Self::Commit, Self::Day, Self::Week, Self::Month];

    /// As it is asked for.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// The first day of the time that a day belongs to.
    fn begin(self, day: Date) -> Date {
        match self {
            Self::Commit | Self::Day => day,
            Self::Week => {
                let past = day.weekday().to_monday_zero_offset();
                day.saturating_sub(i64::from(past).days())
            }
            Self::Month => day.first_of_month(),
        }
    }
}

/// A number of decisions, and what is owed for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub count: Count,
    /// Fallbacks without a reason that counts.
    pub open: usize,
    /// Fallbacks with one.
    pub explained: usize,
    /// Below the first rung, where that is accepted.
    pub accepted: usize,
    /// Those of which a reason or the service ends within [`DUE_DAYS`].
    pub due: usize,
    /// Those of which a reason or the service has ended.
    pub overdue: usize,
    /// What servers make somebody own beside them.
    pub owned: OwnedTally,
}

impl Tally {
    fn add(&mut self, fact: &DecisionFact, times: usize, today: Date) {
        self.count.rungs[fact.rung as usize] += times;
        match fact.standing {
            Owed::First => {}
            Owed::Accepted => self.accepted += times,
            Owed::Explained => self.explained += times,
            Owed::Open => self.open += times,
        }
        if fact.ends.is_empty() {
            return;
        }
        let horizon = today.saturating_add(DUE_DAYS.days());
        if fact.ends.iter().any(|end| end.day < today) {
            self.overdue += times;
        }
        if fact
            .ends
            .iter()
            .any(|end| end.day >= today && end.day <= horizon)
        {
            self.due += times;
        }
    }
}

/// Decisions that are taken together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTally {
    /// What they share; nothing for those without an owner or a stream, and for what is on no ladder.
    pub name: Option<String>,
    /// The numbers.
    pub tally: Tally,
}

/// How things stood at a commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The commit.
    pub id: String,
    /// Its day.
    pub day: Date,
    /// The first line of its message.
    pub subject: String,
    /// All decisions; nothing where the configuration was faulty.
    pub tally: Option<Tally>,
    /// The same, taken apart.
    pub groups: Vec<NamedTally>,
    /// How the targets of then stood.
    pub targets: Vec<TargetStanding>,
    /// Templates that could not be read.
    pub unreadable: usize,
}

impl Point {
    /// Its score.
    #[must_use]
    pub fn score(&self) -> Option<f64> {
        self.tally.as_ref().and_then(|tally| tally.count.score())
    }
}

/// A commit that moved decisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedCommit {
    /// The commit.
    pub id: String,
    /// Its day.
    pub day: Date,
    /// The first line of its message.
    pub subject: String,
    /// What it moved.
    pub moves: Vec<Move>,
}

impl MovedCommit {
    /// Rungs won, less rungs lost.
    #[must_use]
    pub fn weight(&self) -> i64 {
        commit_moves::weight(&self.moves)
    }
}

/// From the first point to the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// By what the numbers are taken apart, if they are.
    pub by: Option<Grouping>,
    /// Which commits became a point.
    pub pace: Pace,
    /// The points, the oldest first.
    pub points: Vec<Point>,
    /// The commits between the first and the last point that moved anything, the oldest first.
    pub moved: Vec<MovedCommit>,
    /// Commits that were looked at.
    pub commits: usize,
    /// The clone is cut off before the first of them.
    pub is_shallow: bool,
    /// What one of them hid and nobody sees at the last one.
    pub hidden: Option<StillHidden>,
}

/// Fallbacks that moved out of sight, were not deleted, and are not back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillHidden {
    /// How many.
    pub number: usize,
    /// The day of the first commit that hid one of them.
    pub day: Date,
    /// That commit.
    pub id: String,
}

/// What is known of a commit beside its record: day, and the first line of its message.
type Said<'l> = (Date, &'l str);

impl Trend {
    /// Of a part of a record: its first commit is where things stood before. `line` says of each commit of the part what git says.
    #[must_use]
    pub fn of(
        record: &BranchRecord,
        from: usize,
        line: &[Said<'_>],
        pace: Option<Pace>,
        by: Option<Grouping>,
    ) -> Self {
        let days: Vec<Date> = line.iter().map(|(day, _)| *day).collect();
        let pace = pace.unwrap_or_else(|| fitting(&days));
        let mut there = Standing::default();
        let mut points = Vec::new();
        let mut moved = Vec::new();
        let (before, part) = record.commits.split_at(from.min(record.commits.len()));
        for commit in before {
            there.go_to(commit);
        }
        for (at, (commit, (day, subject))) in part.iter().zip(line).enumerate() {
            there.go_to(commit);
            if at > 0 && !commit.moves.is_empty() {
                moved.push(MovedCommit {
                    id: commit.id.clone(),
                    day: *day,
                    subject: (*subject).to_owned(),
                    moves: commit.moves.clone(),
                });
            }
            let is_last = days
                .get(at + 1)
                .is_none_or(|next| pace == Pace::Commit || pace.begin(*next) != pace.begin(*day));
            // Where it began is a point, too.
            if is_last || at == 0 {
                points.push(point(record, commit, &there, (*day, subject), by));
            }
        }
        Self {
            by,
            pace,
            points,
            moved,
            commits: line.len().min(part.len()),
            is_shallow: false,
            hidden: still_hidden(record, part, line),
        }
    }
}

/// What was hidden before the first commit is in no point, so that they can be compared without it.
fn still_hidden(
    record: &BranchRecord,
    part: &[CommitRecord],
    line: &[Said<'_>],
) -> Option<StillHidden> {
    let part = &part[..part.len().min(line.len())];
    let unseen = record.unseen(part.last()?)?;
    let mut commits: HashMap<&str, usize> = HashMap::new();
    for one in &unseen.hidden {
        *commits.entry(&one.since).or_default() += 1;
    }
    let hid = part.iter().zip(line).skip(1);
    let mut hid =
        hid.filter_map(|(commit, (day, _))| Some((commits.get(&*commit.id)?, *day, &commit.id)));
    let (number, day, id) = hid.next()?;
    let more: usize = hid.map(|(number, ..)| number).sum();
    Some(StillHidden {
        number: number + more,
        day,
        id: id.clone(),
    })
}

/// The shortest pace that gives no more points than can be looked at.
fn fitting(days: &[Date]) -> Pace {
    let number = |pace: &Pace| match pace {
        Pace::Commit => days.len(),
        pace => {
            let mut begins: Vec<Date> = days.iter().map(|day| pace.begin(*day)).collect();
            begins.dedup();
            begins.len()
        }
    };
    let fits = Pace::ALL
        .into_iter()
        .find(|pace| number(pace) <= MOST_POINTS);
    fits.unwrap_or(Pace::Month)
}

/// The facts of a commit.
#[derive(Debug, Default)]
struct Standing {
    decisions: There,
    owned: There,
}

impl Standing {
    fn go_to(&mut self, commit: &CommitRecord) {
        commit.decisions.apply(&mut self.decisions);
        commit.owned.apply(&mut self.owned);
    }
}

/// The facts that are there, each with how often.
fn facts<'f, F>(all: &'f [F], there: &'f There) -> impl Iterator<Item = (&'f F, usize)> {
    there.iter().filter_map(|(at, times)| {
        let at = usize::try_from(*at).ok()?;
        Some((all.get(at)?, *times))
    })
}

fn point(
    record: &BranchRecord,
    commit: &CommitRecord,
    there: &Standing,
    (day, subject): Said<'_>,
    by: Option<Grouping>,
) -> Point {
    let decisions = || facts(&record.facts, &there.decisions);
    let owned = || facts(&record.owned, &there.owned);
    let mut tally = Tally::default();
    for (fact, times) in decisions() {
        tally.add(fact, times, day);
    }
    for (fact, times) in owned() {
        tally.owned.add(fact, times);
    }
    let settings = usize::try_from(commit.targets).ok();
    let settings = settings.and_then(|at| record.targets.get(at));
    let targets = settings.into_iter().flatten().map(|target| {
        let target = target.setting();
        let mut count = Count::default();
        for (fact, times) in decisions() {
            let counts = match &target.of {
                TargetScope::Whole => true,
                TargetScope::Ladder(name) => *fact.ladder.1 == **name,
                TargetScope::Stream(name) => fact.stream.as_deref() == Some(name),
            };
            if counts {
                count.rungs[fact.rung as usize] += times;
            }
        }
        TargetStanding::at(&target, None, count, day)
    });
    Point {
        id: commit.id.clone(),
        day,
        subject: subject.to_owned(),
        targets: match commit.is_faulty {
            true => Vec::new(),
            false => targets.collect(),
        },
        tally: (!commit.is_faulty).then_some(tally),
        groups: match by {
            Some(by) if !commit.is_faulty => groups(decisions(), owned(), by, day),
            _ => Vec::new(),
        },
        unreadable: commit.unreadable,
    }
}

/// Takes facts together: ladders in their order, all else by what is open, most first.
fn groups<'f>(
    decisions: impl Iterator<Item = (&'f DecisionFact, usize)>,
    owned: impl Iterator<Item = (&'f OwnedFact, usize)>,
    by: Grouping,
    day: Date,
) -> Vec<NamedTally> {
    let mut groups: BTreeMap<(usize, Option<&str>), Tally> = BTreeMap::new();
    for (fact, times) in decisions {
        let mut add = |order: usize, name: Option<&'f str>| {
            groups
                .entry((order, name))
                .or_default()
                .add(fact, times, day);
        };
        match by {
            Grouping::Owner if fact.owners.is_empty() => add(0, None),
            Grouping::Owner => fact.owners.iter().for_each(|owner| add(0, Some(owner))),
            Grouping::Stream => add(0, fact.stream.as_deref()),
            Grouping::Ladder | Grouping::Code => add(fact.ladder.0, Some(&fact.ladder.1)),
            Grouping::Folder | Grouping::Stack => add(0, Some(Grouping::folder(&fact.path))),
        }
    }
    for (fact, times) in owned {
        let mut add = |order: usize, name: Option<&'f str>| {
            let tally = groups.entry((order, name)).or_default();
            tally.owned.add(fact, times);
        };
        match by {
            Grouping::Owner => fact.owners.iter().for_each(|name| add(0, name.as_deref())),
            Grouping::Stream => fact.streams.iter().for_each(|name| add(0, name.as_deref())),
            // What is for no decision is on no ladder.
            Grouping::Ladder | Grouping::Code if fact.ladders.is_empty() => add(usize::MAX, None),
            Grouping::Ladder | Grouping::Code => {
                let ladders = fact.ladders.iter();
                ladders.for_each(|(order, name)| add(*order, Some(name)));
            }
            Grouping::Folder | Grouping::Stack => add(0, Some(Grouping::folder(&fact.path))),
        }
    }
    let groups = groups.into_iter();
    let mut groups: Vec<NamedTally> = groups
        .map(|((_, name), tally)| NamedTally {
            name: name.map(str::to_owned),
            tally,
        })
        .collect();
    if by != Grouping::Ladder {
        groups.sort_by_key(|group| Reverse(group.tally.open));
    }
    groups
}
