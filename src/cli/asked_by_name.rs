//! What the command line asks for by a name that stands elsewhere, with what it is about: formats, above all.

use clap::ValueEnum;
use clap::builder::PossibleValue;

use crate::landscape::Coarseness;
use crate::report::Format;
use crate::report::graph::GraphFormat;
use crate::report::map::MapFormat;
use crate::report::next::NextFormat;
use crate::report::owned::OwnedFormat;
use crate::report::score_badge::BadgeFormat;
use crate::report::trend::TrendFormat;
use crate::report::wheel::WheelFormat;

/// Each has `ALL`, `name` and `about`.
macro_rules! asked_by_name {
    ($($kind:ty),* $(,)?) => {
        $(impl ValueEnum for $kind {
            fn value_variants<'a>() -> &'a [Self] {
                &Self::ALL
            }

            fn to_possible_value(&self) -> Option<PossibleValue> {
                Some(PossibleValue::new(self.name()).help(self.about()))
            }
        })*
    };
}

asked_by_name!(
    BadgeFormat,
    Coarseness,
    Format,
    GraphFormat,
    MapFormat,
    NextFormat,
    OwnedFormat,
    TrendFormat,
    WheelFormat,
);
