//! Terraform's functions. What each means is what Terraform itself answers: `tests/terraform` holds its answers.

use super::functions::{MOST_BRANCHES, one_of, said};
use super::{Data, Resolver, Value, convert, encode, format, numbers, texts};
use crate::blocks::{Cause, Child, Items, Named, Type};

/// Bytes and elements that one call may make.
pub(super) const MOST: usize = 100_000;

impl<'t> Resolver<'_, 't> {
    /// A function whose last argument is a list of arguments.
    pub(super) fn expanded(&self, named: Named, arguments: &Items<'t>) -> Value<'t> {
        let Some(last) = arguments.iter().next_back() else {
            return Value::rejected(named.name());
        };
        let more = match self.value(&last) {
            Value::List(list) => list,
            Value::Unknown(cause) | Value::OneOf(_, cause) => return Value::Unknown(cause),
            _ => return Value::rejected(named.name()),
        };
        let first = arguments.iter().take(arguments.len() - 1);
        let all: Items<'t> = first.chain(more.iter()).collect();
        if !self.spend(all.len()) {
            return Value::Unknown(Cause::TooDeep);
        }
        if !named.takes(all.len()) {
            return Value::rejected(named.name());
        }
        self.run(named, all)
    }

    /// Runs a function: those that need not look at all of their arguments first.
    pub(super) fn run(&self, named: Named, arguments: Items<'t>) -> Value<'t> {
        if let Named::Length = named {
            self.propose_filled(arguments.first().as_ref());
        }
        if let Named::JsonDecode | Named::YamlDecode | Named::CsvDecode = named
            && let Some(decoded) = self.decoded(named, &arguments)
        {
            return decoded;
        }
        match named {
            Named::Coalesce => self.coalesce(&arguments),
            Named::Try => self.attempt(&arguments),
            Named::Can => self.can(&arguments),
            Named::Contains => said(self.holds(&arguments)),
            Named::Concat => self.concat(&arguments),
            Named::Merge => self.merge(&arguments),
            Named::Sensitive | Named::NonSensitive | Named::EphemeralAsNull => arguments
                .first()
                .map_or(Value::Absent, |one| self.value(&one)),
            Named::IsSensitive => Value::Unknown(Cause::Function(named.name().to_owned())),
            _ => self.of_alternatives(named, &arguments),
        }
    }

    /// The function of each of several values that an argument may be.
    fn of_alternatives(&self, named: Named, arguments: &Items<'t>) -> Value<'t> {
        let mut all: Vec<Vec<Value<'t>>> = vec![Vec::new()];
        let mut open = None;
        let looks_into = !matches!(
            named,
            Named::Length
                | Named::ToList
                | Named::ToSet
                | Named::ToMap
                | Named::ToString
                | Named::ToNumber
                | Named::ToBool
        );
        for argument in arguments.iter() {
            if looks_into {
                self.looks_into(&argument);
            }
            let several = match self.value(&argument) {
                Value::OneOf(values, cause) => {
                    open.get_or_insert(cause);
                    values
                }
                value => vec![value],
            };
            if all.len() * several.len() > MOST_BRANCHES {
                return Value::Unknown(open.unwrap_or(Cause::TooDeep));
            }
            all = several
                .into_iter()
                .flat_map(|value| {
                    all.iter().map(move |before| {
                        let mut longer = before.clone();
                        longer.push(value.clone());
                        longer
                    })
                })
                .collect();
        }
        match open {
            None => self.of_values(named, arguments, &all[0]),
            Some(cause) => {
                let values = all.iter().map(|one| self.of_values(named, arguments, one));
                one_of(values.collect(), cause)
            }
        }
    }

    /// Functions of collections whose elements need not be known.
    fn of_values(&self, named: Named, written: &Items<'t>, values: &[Value<'t>]) -> Value<'t> {
        let rejected = || Value::rejected(named.name());
        let unknown = values.iter().find_map(|value| match value {
            Value::Unknown(cause) => Some(cause.clone()),
            _ => None,
        });
        let found = match (named, values) {
            (Named::Lookup, _) => return self.lookup(written, values),
            (
                Named::File
                | Named::FileBase64
                | Named::FileExists
                | Named::FileSet
                | Named::TemplateFile
                | Named::TemplateString,
                _,
            ) => return self.of_file(named, written, values),
            (Named::Element, [list, at]) => self.element(list, at),
            (Named::Keys, [map]) => self.keys(map),
            (Named::Values, [map]) => self.values(map),
            (Named::Length, [value]) => self.length_of(value),
            (Named::Flatten, [list]) => self.flatten(list),
            (Named::Reverse, [list]) => convert::items_of(list).map(|items| {
                let kind = items.kind;
                Value::List(items.iter().rev().collect::<Items<'t>>().of_kind(kind))
            }),
            (Named::Slice, [list, from, to]) => self.slice(list, from, to),
            (Named::One, [list]) => self.only(list),
            (Named::CoalesceList, _) => self.coalesce_list(values),
            (Named::Zipmap, [keys, list]) => self.zipmap(keys, list),
            (Named::ToList, [value]) => return self.to_type(value, &Type::List(any()), named),
            (Named::ToSet, [value]) => return self.to_type(value, &Type::Set(any()), named),
            (Named::ToMap, [value]) => return self.to_type(value, &Type::Map(any()), named),
            (Named::ToString, [value]) => return self.to_type(value, &Type::Text, named),
            (Named::ToNumber, [value]) => return self.to_type(value, &Type::Number, named),
            (Named::ToBool, [value]) => return self.to_type(value, &Type::Bool, named),
            _ => {
                if let Some(cause) = unknown {
                    return Value::Unknown(cause);
                }
                let all: Result<Vec<Data>, Cause> =
                    values.iter().map(|value| self.forced(value)).collect();
                return match all {
                    Ok(all) => match self.of_data(named, all) {
                        Some(data) => data.into_value(),
                        None if self.is_spent() => Value::Unknown(Cause::TooDeep),
                        None => rejected(),
                    },
                    Err(cause) => Value::Unknown(cause),
                };
            }
        };
        match (found, unknown) {
            (_, Some(cause)) => Value::Unknown(cause),
            (Some(found), None) => found,
            (None, None) => rejected(),
        }
    }

    fn to_type(&self, value: &Value<'t>, to: &Type<'t>, named: Named) -> Value<'t> {
        match value {
            Value::Unknown(cause) => Value::Unknown(cause.clone()),
            value => self.converted(value.clone(), to, named.name()),
        }
    }

    /// Functions of values that are known all the way down; `None` is an error.
    fn of_data(&self, named: Named, arguments: Vec<Data>) -> Option<Data> {
        let takes_null = matches!(named, Named::JsonEncode | Named::Format | Named::FormatList);
        if !takes_null && arguments.iter().any(|data| matches!(data, Data::Null)) {
            return None;
        }
        let size: usize = arguments.iter().map(size).sum();
        if !self.spend(size) {
            return None;
        }
        match named {
            Named::JsonEncode => Some(Data::Text(encode::json(arguments.first()?)?)),
            Named::JsonDecode => encode::from_json(&text(arguments.first()?)?),
            Named::YamlDecode => super::yaml::decode(&text(arguments.first()?)?),
            Named::CsvDecode => encode::from_csv(&text(arguments.first()?)?),
            Named::Format => format::format(&arguments),
            Named::FormatList => format::list(&arguments),
            Named::Abs
            | Named::Ceil
            | Named::Floor
            | Named::Log
            | Named::Max
            | Named::Min
            | Named::ParseInt
            | Named::Pow
            | Named::Range
            | Named::Signum
            | Named::Sum => numbers::run(named, &arguments),
            Named::AllTrue
            | Named::AnyTrue
            | Named::ChunkList
            | Named::Compact
            | Named::Distinct
            | Named::Index
            | Named::MatchKeys
            | Named::SetIntersection
            | Named::SetProduct
            | Named::SetSubtract
            | Named::SetUnion
            | Named::Sort
            | Named::Transpose => self.of_lists(named, arguments),
            _ => texts::run(named, &arguments),
        }
    }
}

fn any<'t>() -> Box<Type<'t>> {
    Box::new(Type::Any)
}

/// How much is looked at.
fn size(data: &Data) -> usize {
    match data {
        Data::Text(text) => 1 + text.len() / 64,
        Data::List(_, items) => 1 + items.iter().map(size).sum::<usize>(),
        Data::Map(_, entries) => 1 + entries.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// The text that an argument is, or is taken for.
pub(super) fn text(data: &Data) -> Option<String> {
    match convert::text_of(data.clone())? {
        Data::Text(text) => Some(text),
        _ => None,
    }
}

/// The texts of a list.
pub(super) fn texts(data: &Data) -> Option<Vec<String>> {
    match data {
        Data::List(_, items) => items.iter().map(text).collect(),
        _ => None,
    }
}

/// The elements of a list.
pub(super) fn items(data: &Data) -> Option<&[Data]> {
    match data {
        Data::List(_, items) => Some(items),
        _ => None,
    }
}

/// All arguments as they are written, where functions look at them one by one.
pub(super) fn all<'t>(arguments: &Items<'t>) -> Vec<Child<'t>> {
    arguments.iter().collect()
}
