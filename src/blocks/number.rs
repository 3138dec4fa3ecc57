//! Numbers as Terraform counts: decimal and exact, as long as their digits are not too many.

use std::cmp::Ordering;

/// Digits after the point that are kept of a quotient.
const QUOTIENT: u32 = 18;

/// A number.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// So many units of ten to the power of minus this.
    Exact(i128, u32),
    /// One with too many digits.
    Near(f64),
}

impl Number {
    /// Reads digits with a point and an exponent, as HCL and JSON write them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (unsigned, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || (whole.is_empty() && part.is_empty()) {
            return None;
        }
        Self::exact(text.starts_with('-'), whole, part, exponent).or_else(|| {
            let near: f64 = text.parse().ok()?;
            near.is_finite().then_some(Self::Near(near))
        })
    }

    fn exact(negative: bool, whole: &str, part: &str, exponent: i32) -> Option<Self> {
        let part = part.trim_end_matches('0');
        let mut units: i128 = 0;
        for digit in whole.bytes().chain(part.bytes()) {
            units = units
                .checked_mul(10)?
                .checked_add(i128::from(digit - b'0'))?;
        }
        if negative {
            units = -units;
        }
        let scale = i32::try_from(part.len()).ok()?.checked_sub(exponent)?;
        match u32::try_from(scale) {
            Ok(scale) if scale <= 30 => Some(Self::Exact(units, scale).short()),
            Ok(_) => None,
            Err(_) => Some(Self::Exact(
                units.checked_mul(ten(scale.unsigned_abs())?)?,
                0,
            )),
        }
    }

    /// A whole number.
    #[must_use]
    pub fn whole(number: i128) -> Self {
        Self::Exact(number, 0)
    }

    /// The nearest to a float; nothing for what is no number.
    #[must_use]
    pub fn near(float: f64) -> Option<Self> {
        if !float.is_finite() {
            return None;
        }
        Self::parse(&float.to_string()).or(Some(Self::Near(float)))
    }

    /// Without zeros at the end.
    fn short(self) -> Self {
        let Self::Exact(mut units, mut scale) = self else {
            return self;
        };
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Self::Exact(units, scale)
    }

    /// As the float that is nearest.
    #[must_use]
    pub fn float(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "the nearest is asked for")]
            Self::Exact(units, 0) => units as f64,
            Self::Exact(..) => self.to_string().parse().unwrap_or_default(),
            Self::Near(float) => float,
        }
    }

    /// The whole number that it is, if it is one.
    #[must_use]
    pub fn as_whole(self) -> Option<i128> {
        match self.short() {
            Self::Exact(units, 0) => Some(units),
            _ => None,
        }
    }

    /// As an index.
    #[must_use]
    pub fn as_index(self) -> Option<usize> {
        usize::try_from(self.as_whole()?).ok()
    }

    fn both(self, other: Self) -> Option<(i128, i128, u32)> {
        let (Self::Exact(a, from), Self::Exact(b, to)) = (self, other) else {
            return None;
        };
        let scale = from.max(to);
        let a = a.checked_mul(ten(scale - from)?)?;
        let b = b.checked_mul(ten(scale - to)?)?;
        Some((a, b, scale))
    }

    fn count(
        self,
        other: Self,
        exact: impl Fn(i128, i128) -> Option<i128>,
        near: impl Fn(f64, f64) -> f64,
    ) -> Option<Self> {
        let both = self.both(other);
        let exact = both.and_then(|(a, b, scale)| Some(Self::Exact(exact(a, b)?, scale).short()));
        exact.or_else(|| Self::near(near(self.float(), other.float())))
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        self.count(other, i128::checked_add, |a, b| a + b)
    }

    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.count(other, i128::checked_sub, |a, b| a - b)
    }

    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        if let (Self::Exact(a, from), Self::Exact(b, to)) = (self, other)
            && let Some(units) = a.checked_mul(b)
            && from + to <= 30
        {
            return Some(Self::Exact(units, from + to).short());
        }
        Self::near(self.float() * other.float())
    }

    /// Quotient; nothing is divided by zero.
    #[must_use]
    pub fn divided_by(self, other: Self) -> Option<Self> {
        if other.sign() == 0 {
            return None;
        }
        if let Some((a, b, _)) = self.both(other)
            && let Some(a) = ten(QUOTIENT).and_then(|ten| a.checked_mul(ten))
            && a % b == 0
        {
            return Some(Self::Exact(a / b, QUOTIENT).short());
        }
        Self::near(self.float() / other.float())
    }

    /// What is left after a division, with the sign of what is divided.
    #[must_use]
    pub fn remainder(self, other: Self) -> Option<Self> {
        if other.sign() == 0 {
            return Some(self);
        }
        self.count(other, i128::checked_rem, |a, b| a % b)
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negative(self) -> Self {
        match self {
            Self::Exact(units, scale) => Self::Exact(-units, scale),
            Self::Near(float) => Self::Near(-float),
        }
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn sign(self) -> i32 {
        match self {
            Self::Exact(units, _) => i32::try_from(units.signum()).unwrap_or_default(),
            Self::Near(0.0) => 0,
            Self::Near(float) if float < 0.0 => -1,
            Self::Near(_) => 1,
        }
    }

    /// The greatest whole number that is not above.
    #[must_use]
    pub fn floor(self) -> Self {
        match self {
            Self::Exact(units, scale) => match ten(scale) {
                Some(ten) => Self::Exact(units.div_euclid(ten), 0),
                None => self,
            },
            Self::Near(float) => Self::Near(float.floor()),
        }
    }

    /// The least whole number that is not below.
    #[must_use]
    pub fn ceil(self) -> Self {
        self.negative().floor().negative()
    }

    /// Which is greater.
    #[must_use]
    pub fn order(self, other: Self) -> Ordering {
        match self.both(other) {
            Some((a, b, _)) => a.cmp(&b),
            None => self.float().total_cmp(&other.float()),
        }
    }
}

/// A power of ten.
fn ten(power: u32) -> Option<i128> {
    10_i128.checked_pow(power)
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Exact(units, 0) => write!(f, "{units}"),
            Self::Exact(units, scale) => {
                let sign = if units < 0 { "-" } else { "" };
                let (units, scale) = (units.unsigned_abs(), scale as usize);
                let digits = format!("{units:0>width$}", width = scale + 1);
                let (whole, part) = digits.split_at(digits.len() - scale);
                let part = part.trim_end_matches('0');
                let point = if part.is_empty() { "" } else { "." };
                write!(f, "{sign}{whole}{point}{part}")
            }
            Self::Near(float) => write!(f, "{float}"),
        }
    }
}
