//! An analysis becomes bytes: one file a format, each a pure function of the same [`Compared`](crate::compare::Compared).
//! Nothing is judged here.

mod alike;
pub mod calendar;
pub mod concise;
pub mod csv;
mod fingerprints;
mod format;
mod gaps;
pub mod github;
pub mod gitlab;
pub mod graph;
pub mod html;
pub mod job_log;
pub mod json;
pub mod junit;
pub mod map;
pub mod markdown;
pub mod next;
pub mod owned;
mod page_links;
#[cfg(feature = "parquet")]
pub mod parquet;
mod phrases;
pub mod pretty;
mod remote;
pub mod sarif;
pub mod scan;
pub mod score_badge;
mod snippet;
mod style;
mod touched;
pub mod trend;
pub mod visible;
pub mod wheel;
mod words;

pub use format::Format;
pub use gaps::{could_not_be_read, sentences as unread_sentences};
pub use page_links::Pages;
pub use phrases::{
    about_baseline as baseline_sentences, not_shown as not_shown_sentence,
    set_aside as set_aside_sentences,
};
pub use remote::{Cloned, Remote, Revision};
pub use style::{Style, WIDTH};
#[cfg(test)]
pub(crate) use touched::Effect;

#[cfg(test)]
mod sample;
