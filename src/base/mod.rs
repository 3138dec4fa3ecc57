//! Ground floor: texts and the places in them, and what is said about them.

pub mod code;
pub mod context;
pub mod dialect;
pub mod enumeration;
pub mod file_paths;
pub mod finding;
pub mod fix_offer;
pub mod generator;
pub mod given;
pub mod hand_place;
pub mod meanings;
pub mod path;
pub mod reason;
pub mod rung;
pub mod safety;
pub mod sign;
pub mod source;
pub mod stack_links;
pub mod syntax;
pub mod value_stream;

pub use code::{
    Code, ConfigCode, JustificationCode, LadderName, LifecycleCode, OwnersCode, PurposeCode,
    RatchetCode, SourceCode, TemplateCode,
};
pub use context::{CONTEXT, Context, Why};
pub use dialect::Dialect;
pub use enumeration::enumerated;
pub use finding::{Finding, Help, Problem, Related, Section, Severity};
pub use fix_offer::{Fix, FixEdit, FixOffer};
pub use generator::{Generator, construct_name};
pub use given::{Given, GivenValue};
pub use hand_place::HandPlace;
pub use path::PathStep;
pub use reason::{Author, Carrier, Field, Reason};
pub use rung::Rung;
pub use safety::Safety;
pub use sign::Sign;
pub use source::{Place, Position, Source, Span};
pub use stack_links::{ExportName, StackLinks};
pub use syntax::Syntax;
pub use value_stream::{ScoreTarget, TargetScope, ValueStream};
