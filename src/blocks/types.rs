//! The types that variables are declared with, and values have.

use std::borrow::Cow;

use super::Child;

/// A type of Terraform.
#[derive(Clone, Debug)]
pub enum Type<'t> {
    /// Any at all.
    Any,
    /// None that Terraform knows: no value is of it.
    Unreadable,
    /// `string`.
    Text,
    /// `number`.
    Number,
    /// `bool`.
    Bool,
    /// `list(...)`.
    List(Box<Type<'t>>),
    /// `set(...)`.
    Set(Box<Type<'t>>),
    /// `map(...)`.
    Map(Box<Type<'t>>),
    /// `tuple([...])`.
    Tuple(Vec<Type<'t>>),
    /// `object({...})`, in the order of names.
    Object(Vec<Attribute<'t>>),
}

/// An attribute of an object's type.
#[derive(Clone, Debug)]
pub struct Attribute<'t> {
    pub name: Cow<'t, str>,
    pub kind: Type<'t>,
    /// Whether it may be missing.
    pub is_optional: bool,
    /// What it is where it is missing or null.
    pub default: Option<Child<'t>>,
}
