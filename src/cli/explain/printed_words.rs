//! Words that reports print and that are no code, ladder, type or rule: rungs, kinds of reasons, duties, what servers make somebody
//! own, and the columns of tables.

use super::headings::HEADINGS as COLUMNS;
use super::page::Page;
use super::rung;
use crate::placement::{Catalogue, Rung};
use crate::reasons::kinds;
use crate::rulebook::justification::ReasonKind;
use crate::rulebook::{actions, liability};

/// A word, and all that it means.
#[derive(Clone, Copy, Debug, Default)]
pub struct WordPage {
    /// As reports print it.
    pub word: &'static str,
    rung: Option<Rung>,
    kind: Option<&'static ReasonKind>,
    /// A number of [`actions::duties`].
    duty: Option<usize>,
    liability: Option<&'static liability::LiabilityKind>,
    column: Option<&'static str>,
}

/// All words, in the order of what they are.
pub fn all() -> impl Iterator<Item = &'static str> {
    let rungs = Rung::ALL.into_iter().map(Rung::name);
    let duties = actions::duties().iter();
    let duties = duties.flat_map(|duty| [duty.name, duty.says]);
    let owned = liability::kinds().iter();
    let owned = owned.flat_map(|kind| [kind.name, kind.one, kind.many]);
    let columns = COLUMNS.iter().map(|(word, _)| *word);
    rungs
        .chain(kinds::NAMES.iter().copied())
        .chain(duties)
        .chain(owned)
        .chain(columns)
}

/// What a word means, if it means anything.
pub fn find(word: &str) -> Option<WordPage> {
    let known = all().find(|known| *known == word)?;
    let duties = actions::duties().iter();
    let mut owned = liability::kinds().iter();
    let mut columns = COLUMNS.iter();
    Some(WordPage {
        word: known,
        rung: Rung::ALL.into_iter().find(|rung| rung.name() == word),
        kind: kinds::named(word),
        duty: duties
            .enumerate()
            .find(|(_, duty)| duty.name == word || duty.says == word)
            .map(|(at, _)| at),
        liability: owned.find(|kind| [kind.name, kind.one, kind.many].contains(&word)),
        column: columns
            .find(|(column, _)| *column == word)
            .map(|(_, means)| *means),
    })
}

impl WordPage {
    /// What it is in one line.
    pub fn title(&self) -> String {
        let word = self.word;
        match (self.rung, self.kind, self.duty, self.liability) {
            (Some(rung), ..) => format!("{word}: rung {} of 4", rung.number()),
            (_, Some(_), ..) => format!("{word}: a kind of reason"),
            (_, _, Some(_), _) => format!("{word}: a duty that a rung leaves to you"),
            (.., Some(_)) => format!("{word}: code that servers make somebody own"),
            _ => format!("{word}: a word in reports"),
        }
    }

    /// What is said of it, a paragraph each.
    pub fn about(&self, catalogue: &Catalogue) -> Vec<String> {
        let mut all = Vec::new();
        if let Some(rung) = self.rung {
            let means = match rung {
                Rung::Serverless => {
                    "Nothing stands ready and is paid for while idle: your code and data are all that is yours."
                }
                Rung::Capacity => {
                    "The provider runs the machines, and you declare how much of it stands ready and is paid for while idle."
                }
                Rung::Cluster => {
                    "The provider runs the machines, and you choose and look after them: instance types, counts, versions, upgrades, scaling, failover."
                }
                Rung::Server => {
                    "The operating system is yours: images, patching, hardening, agents, access."
                }
            };
            all.push(means.to_owned());
        }
        if let Some(kind) = self.kind {
            all.push(format!("It means: {}.", kind.means));
            if !kind.needs.is_empty() {
                let needs: Vec<String> = kind.needs.iter().map(|one| format!("`{one}`")).collect();
                all.push(format!(
                    "It needs {} beside its words.",
                    needs.join(" and ")
                ));
            }
        }
        if let Some(at) = self.duty {
            let duty = &actions::duties()[at];
            all.push(format!(
                "Somebody looks after {} as long as the decision stays where it is; further up it goes away. `sfl next` weighs it.",
                duty.says
            ));
            let owing = catalogue.ladders().filter_map(|ladder| {
                let first = Rung::ALL.into_iter().find(|rung| {
                    let has = !rung::takes(ladder, *rung).is_empty();
                    has && actions::owed(&ladder.name, *rung).contains(&at)
                })?;
                Some(format!("{} from rung {}", ladder.name, first.number()))
            });
            let owing: Vec<String> = owing.collect();
            if !owing.is_empty() {
                all.push(format!("It is owed on: {}.", owing.join(", ")));
            }
        }
        if let Some(kind) = self.liability {
            let counted = match kind.is_lines {
                true => "its lines",
                false => "how many there are",
            };
            all.push(format!(
                "`sfl liability` counts {counted}, says where {} stand, and who looks after them.",
                kind.many
            ));
        }
        all.extend(self.column.map(str::to_owned));
        all
    }

    /// The whole page.
    pub fn write(&self, catalogue: &Catalogue, page: &mut Page<'_>) {
        page.title(&self.title());
        for text in self.about(catalogue) {
            page.prose(&text);
        }
        if let Some(rung) = self.rung {
            page.heading("what stands on it");
            for ladder in catalogue.ladders() {
                page.entry(&ladder.name, &rung::takes(ladder, rung));
            }
            page.heading("more");
            page.prose(&format!(
                "sfl explain compute/{}, or another ladder",
                rung.name()
            ));
        }
        if let Some(kind) = self.kind {
            page.heading("how it is written down");
            page.copy(&format!(
                "sfl justify NAME --because {} --reason \"...\"",
                kind.name
            ));
            page.prose(
                "Its words say why that holds here; `sfl explain compute/server` lists all kinds.",
            );
        }
    }
}
