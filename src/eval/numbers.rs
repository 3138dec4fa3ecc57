//! Functions of numbers.

use std::cmp::Ordering;

use super::Data;
use super::named::items;
use crate::blocks::{ListKind, Named, Number};

/// Numbers of a range: Terraform makes no more.
const MOST: usize = 1024;

fn number(data: &Data) -> Option<Number> {
    match data {
        Data::Number(number) => Some(*number),
        Data::Text(text) => Number::parse(text),
        _ => None,
    }
}

pub(super) fn run(named: Named, arguments: &[Data]) -> Option<Data> {
    let first = || number(arguments.first()?);
    let second = || number(arguments.get(1)?);
    let result = match named {
        Named::Abs => {
            let number = first()?;
            if number.sign() < 0 {
                number.negative()
            } else {
                number
            }
        }
        Named::Ceil => first()?.ceil(),
        Named::Floor => first()?.floor(),
        Named::Signum => Number::whole(first()?.as_whole()?.signum()),
        Named::Max | Named::Min => {
            let wanted = if named == Named::Max {
                Ordering::Greater
            } else {
                Ordering::Less
            };
            let all: Vec<Number> = arguments.iter().map(number).collect::<Option<_>>()?;
            let best = all.into_iter().reduce(|best, other| {
                if other.order(best) == wanted {
                    other
                } else {
                    best
                }
            });
            best?
        }
        Named::Sum => {
            let all: Vec<Number> = items(arguments.first()?)?
                .iter()
                .map(number)
                .collect::<Option<_>>()?;
            let (first, rest) = all.split_first()?;
            rest.iter().try_fold(*first, |sum, next| sum.plus(*next))?
        }
        Named::Pow => power(first()?, second()?)?,
        Named::Log => {
            let (number, base) = (first()?.float(), second()?.float());
            Number::near(number.ln() / base.ln())?
        }
        Named::ParseInt => match arguments.first()? {
            Data::Text(digits) => parse_int(digits, second()?)?,
            _ => return None,
        },
        Named::Range => return range(arguments),
        _ => return None,
    };
    Some(Data::Number(result))
}

fn power(base: Number, exponent: Number) -> Option<Number> {
    Number::near(base.float().powf(exponent.float()))
}

fn parse_int(text: &str, base: Number) -> Option<Number> {
    let base = u32::try_from(base.as_whole()?).ok()?;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !(2..=62).contains(&base) || digits.is_empty() {
        return None;
    }
    let mut value: i128 = 0;
    for digit in digits.chars() {
        let digit = match digit {
            '0'..='9' => u32::from(digit) - u32::from('0'),
            'a'..='z' => u32::from(digit) - u32::from('a') + 10,
            'A'..='Z' if base <= 36 => u32::from(digit) - u32::from('A') + 10,
            'A'..='Z' => u32::from(digit) - u32::from('A') + 36,
            _ => return None,
        };
        if digit >= base {
            return None;
        }
        value = value
            .checked_mul(i128::from(base))?
            .checked_add(i128::from(digit))?;
    }
    Some(Number::whole(sign * value))
}

fn range(arguments: &[Data]) -> Option<Data> {
    let all: Vec<Number> = arguments.iter().map(number).collect::<Option<_>>()?;
    let (from, to, step) = match all[..] {
        [to] => (Number::whole(0), to, None),
        [from, to] => (from, to, None),
        [from, to, step] => (from, to, Some(step)),
        _ => return None,
    };
    let down = to.order(from).is_lt();
    let step = step.unwrap_or(Number::whole(if down { -1 } else { 1 }));
    if step.sign() == 0 || (step.sign() < 0) != down && !to.order(from).is_eq() {
        return None;
    }
    let mut numbers = Vec::new();
    let mut at = from;
    while at.order(to)
        == if down {
            Ordering::Greater
        } else {
            Ordering::Less
        }
    {
        if numbers.len() == MOST {
            return None;
        }
        numbers.push(Data::Number(at));
        at = at.plus(step)?;
    }
    Some(Data::List(ListKind::List, numbers))
}
