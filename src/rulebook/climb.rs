//! A way up: what to take instead, which properties it changes, how big a step that is, and what becomes of the data.

use std::fmt;

use super::bills::Bill;
use super::coded::{Coded, Reader, Text, Writer};
use super::fix::FixRecipe;
use super::ladder::{Advice, Step};
use super::limits::ProviderLimit;
use crate::base::Rung;

/// What becomes of what is stored, on the way up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays where it is, or nothing is stored.
    Kept,
    /// It is carried over, and how.
    Copied(Text),
    /// It is gone unless somebody copies it first, and how.
    Lost(Text),
}

impl Fate {
    /// Reads what a rule says: `kept`, `copied: by a snapshot`, `lost: export it first`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (word, how) = text.split_once(':').unwrap_or((text, ""));
        let how = how.trim();
        match (word.trim(), how.is_empty()) {
            ("kept", true) => Ok(Self::Kept),
            ("copied", false) => Ok(Self::Copied(how.to_owned().into())),
            ("lost", false) => Ok(Self::Lost(how.to_owned().into())),
            ("copied" | "lost", true) => Err(format!("`{text}` does not say how, after a colon")),
            _ => Err(format!(
                "`{text}` is none of `kept`, `copied: HOW` and `lost: HOW TO KEEP IT`"
            )),
        }
    }

    /// `kept`, `copied` or `lost`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Copied(_) => "copied",
            Self::Lost(_) => "lost",
        }
    }

    /// How it is carried over, or how to keep it.
    #[must_use]
    pub fn how(&self) -> &str {
        match self {
            Self::Kept => "",
            Self::Copied(how) | Self::Lost(how) => how,
        }
    }
}

/// As it stands behind "the data is".
impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => f.write_str("kept"),
            Self::Copied(how) => write!(f, "copied: {how}"),
            Self::Lost(how) => write!(f, "lost unless you copy it: {how}"),
        }
    }
}

impl Coded for Fate {
    fn write(&self, to: &mut Writer) {
        match self {
            Self::Kept => to.tag(0),
            Self::Copied(how) => {
                to.tag(1);
                how.write(to);
            }
            Self::Lost(how) => {
                to.tag(2);
                how.write(to);
            }
        }
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        Some(match from.tag()? {
            0 => Self::Kept,
            1 => Self::Copied(Text::read(from)?),
            2 => Self::Lost(Text::read(from)?),
            _ => return None,
        })
    }
}

/// The way up for one decision: from the nearest level that says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Climb<'r> {
    /// What to take instead; empty where nobody says.
    pub up: &'r str,
    /// The rung on which that stands, where it is not the next better one.
    pub to: Option<Rung>,
    pub step: Option<Step>,
    /// Short names of the rule's properties that it changes.
    pub changes: &'r [Text],
    pub data: Option<&'r Fate>,
    /// What is paid where it leads, although nobody uses it.
    pub bills: &'r [Bill],
    /// When it is fair to stay.
    pub fair: &'r str,
    /// The exact change, where one is known.
    pub fix: Option<&'r FixRecipe>,
    /// Numbers in the words of the levels that say the way up, and when to stay.
    limits: [&'r [ProviderLimit]; 2],
}

impl<'r> Climb<'r> {
    /// Of several levels, the nearest first. Behind the words of the way up, what farther levels say of *their* way is not meant;
    /// how big a step is they may still say.
    #[must_use]
    pub fn of(levels: impl Iterator<Item = &'r Advice>) -> Self {
        let mut climb = Self::default();
        for said in levels {
            if climb.up.is_empty() {
                if climb.changes.is_empty() {
                    climb.changes = &said.changes;
                }
                climb.data = climb.data.or(said.data.as_ref());
                climb.fix = climb.fix.or(said.fix.as_ref());
                if climb.bills.is_empty() {
                    climb.bills = &said.bills;
                }
                climb.up = &said.up;
                climb.to = said.to;
                climb.limits[0] = &said.limits;
            }
            climb.step = climb.step.or(said.step);
            if climb.fair.is_empty() {
                climb.fair = &said.fair;
                climb.limits[1] = &said.limits;
            }
        }
        climb
    }

    /// The words, with how big a step it is: "the class db.serverless follows the load (a property changes)".
    #[must_use]
    pub fn words(&self) -> String {
        match self.step {
            Some(step) if !self.up.is_empty() => format!("{} ({})", self.up, step.phrase()),
            _ => self.up.to_owned(),
        }
    }

    /// Numbers of the provider in its words, each once.
    #[must_use]
    pub fn limits(&self) -> Vec<&'r ProviderLimit> {
        let how = self.data.map_or("", Fate::how);
        let texts = [self.up, self.fair, how];
        let mut all: Vec<&ProviderLimit> = Vec::new();
        for limit in self.limits.into_iter().flatten() {
            let is_said = texts.iter().any(|text| limit.is_in(text));
            if is_said && !all.iter().any(|known| known.name == limit.name) {
                all.push(limit);
            }
        }
        all
    }

    /// What becomes of the data, where it does not simply stay.
    #[must_use]
    pub fn data_words(&self) -> Option<String> {
        let data = self.data.filter(|data| **data != Fate::Kept)?;
        Some(format!("the data is {data}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(up: &'static str, step: Option<Step>, data: Option<Fate>) -> Advice {
        Advice {
            up: up.into(),
            step,
            data,
            ..Advice::default()
        }
    }

    #[test]
    fn what_becomes_of_data_needs_a_how_unless_it_stays() {
        assert_eq!(Fate::parse("kept"), Ok(Fate::Kept));
        assert_eq!(
            Fate::parse("copied: by a snapshot"),
            Ok(Fate::Copied("by a snapshot".into()))
        );
        for wrong in ["", "copied", "lost:", "kept: as it is", "moved: by hand"] {
            assert!(Fate::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_nearest_way_up_keeps_its_own_data() {
        let near = said("a snapshot", None, None);
        let far = said("a property", Some(Step::Property), Some(Fate::Kept));
        let climb = Climb::of([&near, &far].into_iter());
        assert_eq!((climb.up, climb.data), ("a snapshot", None));
        assert_eq!(climb.step, Some(Step::Property));
        let silent = said("", None, Some(Fate::Lost("export it".into())));
        let climb = Climb::of([&silent, &far].into_iter());
        assert_eq!(climb.up, "a property");
        assert_eq!(climb.data, silent.data.as_ref());
    }
}
