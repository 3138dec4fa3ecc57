//! `format` and `formatlist`.

use super::named::MOST;
use super::{Data, convert, encode};
use crate::blocks::{ListKind, Number};

/// One verb: `%[2]-05.3d`.
#[derive(Debug, Default)]
struct Verb {
    argument: Option<usize>,
    width: Option<usize>,
    precision: Option<usize>,
    minus: bool,
    plus: bool,
    space: bool,
    zero: bool,
    sharp: bool,
    mode: char,
}

/// A text with values in it; `None` where verbs and values do not fit.
pub(super) fn format(arguments: &[Data]) -> Option<Data> {
    let (pattern, values) = arguments.split_first()?;
    let Data::Text(pattern) = convert::text_of(pattern.clone())? else {
        return None;
    };
    Some(Data::Text(written(&pattern, values)?))
}

/// One text for each element of the lists among the arguments.
pub(super) fn list(arguments: &[Data]) -> Option<Data> {
    let (pattern, values) = arguments.split_first()?;
    let Data::Text(pattern) = convert::text_of(pattern.clone())? else {
        return None;
    };
    let mut length = None;
    for value in values {
        if let Data::List(_, items) = value {
            if length.is_some_and(|length| length != items.len()) {
                return None;
            }
            length = Some(items.len());
        }
    }
    let rows = length.unwrap_or(usize::from(
        !values.iter().any(|value| matches!(value, Data::Null)),
    ));
    if length.is_none() && rows == 0 {
        return None;
    }
    let row = |at: usize| {
        let values: Vec<Data> = values
            .iter()
            .map(|value| match value {
                Data::List(_, items) => items[at].clone(),
                value => value.clone(),
            })
            .collect();
        written(&pattern, &values).map(Data::Text)
    };
    Some(Data::List(
        ListKind::List,
        (0..rows).map(row).collect::<Option<_>>()?,
    ))
}

fn written(pattern: &str, values: &[Data]) -> Option<String> {
    let mut result = String::new();
    let mut rest = pattern;
    let (mut next, mut highest, mut is_numbered) = (0, 0, false);
    while let Some((before, after)) = rest.split_once('%') {
        result.push_str(before);
        let (verb, after) = verb(after)?;
        rest = after;
        if verb.mode == '%' {
            result.push('%');
            continue;
        }
        is_numbered |= verb.argument.is_some();
        let at = verb.argument.unwrap_or(next);
        next = at + 1;
        highest = highest.max(next);
        result.push_str(&verb.apply(values.get(at)?)?);
        if result.len() > MOST * 10 {
            return None;
        }
    }
    result.push_str(rest);
    // A value that no verb takes is an error, unless they are numbered.
    (highest >= values.len() || is_numbered).then_some(result)
}

fn verb(text: &str) -> Option<(Verb, &str)> {
    let mut verb = Verb::default();
    let mut rest = text;
    loop {
        let letter = rest.chars().next()?;
        match letter {
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            ' ' => verb.space = true,
            '0' => verb.zero = true,
            '#' => verb.sharp = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    let digits = |rest: &mut &str| {
        let end = rest
            .find(|letter: char| !letter.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        *rest = after;
        number.parse::<usize>().ok()
    };
    verb.width = digits(&mut rest);
    if let Some(after) = rest.strip_prefix('.') {
        rest = after;
        verb.precision = Some(digits(&mut rest).unwrap_or(0));
    }
    if let Some(after) = rest.strip_prefix('[') {
        rest = after;
        verb.argument = Some(digits(&mut rest)?.checked_sub(1)?);
        rest = rest.strip_prefix(']')?;
    }
    let mode = rest.chars().next()?;
    verb.mode = mode;
    let fits = |size: Option<usize>| size.is_none_or(|size| size < MOST);
    (fits(verb.width) && fits(verb.precision)).then(|| (verb, &rest[mode.len_utf8()..]))
}

impl Verb {
    fn apply(&self, value: &Data) -> Option<String> {
        if let Data::Null = value {
            return None;
        }
        let text = match self.mode {
            'v' if self.sharp => encode::json(value)?,
            'v' => match value {
                Data::Text(text) => text.clone(),
                Data::Number(number) => return self.number(*number, 'g'),
                Data::Bool(holds) => holds.to_string(),
                other => encode::json(other)?,
            },
            't' => match value {
                Data::Bool(holds) => holds.to_string(),
                Data::Text(text) if text == "true" || text == "false" => text.clone(),
                _ => return None,
            },
            's' | 'q' => {
                let Data::Text(mut text) = convert::text_of(value.clone())? else {
                    return None;
                };
                if let Some(precision) = self.precision {
                    text = super::texts::letters(&text)
                        .into_iter()
                        .take(precision)
                        .collect();
                }
                if self.mode == 'q' {
                    text = encode::json(&Data::Text(text))?;
                }
                text
            }
            'b' | 'd' | 'o' | 'x' | 'X' | 'e' | 'E' | 'f' | 'g' | 'G' => {
                let number = match value {
                    Data::Number(number) => *number,
                    Data::Text(text) => Number::parse(text)?,
                    _ => return None,
                };
                return self.number(number, self.mode);
            }
            _ => return None,
        };
        Some(self.padded(text))
    }

    fn number(&self, number: Number, mode: char) -> Option<String> {
        let is_negative = number.sign() < 0;
        let positive = if is_negative {
            number.negative()
        } else {
            number
        };
        let digits = match mode {
            'd' | 'b' | 'o' | 'x' | 'X' => {
                let whole = positive.as_whole()?;
                let prefix = |prefix: &str| {
                    if self.sharp {
                        prefix.to_owned()
                    } else {
                        String::new()
                    }
                };
                match mode {
                    'd' => whole.to_string(),
                    'b' => format!("{}{whole:b}", prefix("0b")),
                    'o' => format!("{}{whole:o}", prefix("0")),
                    'x' => format!("{}{whole:x}", prefix("0x")),
                    _ => format!("{}{whole:X}", prefix("0X")),
                }
            }
            'f' => fixed(positive, self.precision.unwrap_or(6)),
            'e' | 'E' => scientific(positive.float(), self.precision.unwrap_or(6), mode),
            _ => match self.precision {
                None => general(positive),
                Some(_) => return None,
            },
        };
        let sign = match (is_negative, self.plus, self.space) {
            (true, ..) => "-",
            (false, true, _) => "+",
            (false, false, true) => " ",
            _ => "",
        };
        let missing = self
            .width
            .unwrap_or(0)
            .saturating_sub(sign.len() + digits.len());
        if self.zero && !self.minus {
            return Some(format!("{sign}{}{digits}", "0".repeat(missing)));
        }
        Some(self.padded(format!("{sign}{digits}")))
    }

    fn padded(&self, text: String) -> String {
        let length = super::texts::letters(&text).len();
        let missing = self.width.unwrap_or(0).saturating_sub(length);
        let fill = if self.zero && !self.minus { "0" } else { " " };
        let fill = fill.repeat(missing);
        if self.minus {
            text + &fill
        } else {
            fill + &text
        }
    }
}

/// So many digits after the point, rounded to even as Go does.
fn fixed(number: Number, precision: usize) -> String {
    let float = number.float();
    if let (Some(whole), true) = (number.as_whole(), precision == 0) {
        return whole.to_string();
    }
    format!("{float:.precision$}")
}

fn scientific(float: f64, precision: usize, mode: char) -> String {
    let text = format!("{float:.precision$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}{mode}{sign}{:02}", exponent.unsigned_abs())
}

/// Digits, with an exponent where the number is very small.
fn general(number: Number) -> String {
    let float = number.float();
    if float != 0.0 && float < 1e-4 {
        let text = format!("{float:e}");
        let (mantissa, exponent) = text.split_once("e-").unwrap_or((&text, "0"));
        return format!("{mantissa}e-{exponent:0>2}");
    }
    number.to_string()
}
