//! Functions of one value at a time.

use super::series::{ABSENT, Series, present};
use super::sums::{max_or_nan, min_or_nan};

/// The function.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mapping {
    /// Of the value alone.
    Plain(fn(f64) -> f64),
    /// `round(v, to)`; `to` is 1 when left out.
    Round,
    /// `clamp(v, min, max)`; nothing when `max < min`.
    Clamp,
    /// `clamp_min(v, min)`
    ClampMin,
    /// `clamp_max(v, max)`
    ClampMax,
}

impl Mapping {
    /// The function of that name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "round" => Some(Self::Round),
            "clamp" => Some(Self::Clamp),
            "clamp_min" => Some(Self::ClampMin),
            "clamp_max" => Some(Self::ClampMax),
            _ => plain(name).map(Self::Plain),
        }
    }

    /// Maps every value and flags the names; `params` are columns.
    pub fn apply(self, mut series: Vec<Series>, params: &[Vec<f64>]) -> Vec<Series> {
        for one in &mut series {
            one.drop_name = true;
            for (index, value) in one.values.iter_mut().enumerate().filter(|(_, value)| present(**value)) {
                *value = self.value(*value, |param| params.get(param).map(|column| column[index]));
            }
        }
        series
    }

    fn value(self, value: f64, param: impl Fn(usize) -> Option<f64>) -> f64 {
        match self {
            Self::Plain(function) => function(value),
            Self::Round => round(value, param(0).unwrap_or(1.0)),
            Self::ClampMin => max_or_nan(param(0).unwrap_or(f64::NAN), value),
            Self::ClampMax => min_or_nan(param(0).unwrap_or(f64::NAN), value),
            Self::Clamp => {
                let (min, max): (f64, f64) = (param(0).unwrap_or(f64::NAN), param(1).unwrap_or(f64::NAN));
                if max < min { ABSENT } else { max_or_nan(min, min_or_nan(max, value)) }
            }
        }
    }
}

fn plain(name: &str) -> Option<fn(f64) -> f64> {
    Some(match name {
        "abs" => f64::abs,
        "ceil" => f64::ceil,
        "floor" => f64::floor,
        "exp" => f64::exp,
        "sqrt" => f64::sqrt,
        "ln" => f64::ln,
        "log2" => f64::log2,
        "log10" => f64::log10,
        "sgn" => sign,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tan" => f64::tan,
        "asin" => f64::asin,
        "acos" => f64::acos,
        "atan" => f64::atan,
        "sinh" => f64::sinh,
        "cosh" => f64::cosh,
        "tanh" => f64::tanh,
        "asinh" => f64::asinh,
        "acosh" => f64::acosh,
        "atanh" => f64::atanh,
        "deg" => f64::to_degrees,
        "rad" => f64::to_radians,
        _ => return None,
    })
}

/// -1, 0 or 1; NaN stays NaN.
fn sign(value: f64) -> f64 {
    if value < 0.0 {
        -1.0
    } else if value > 0.0 {
        1.0
    } else {
        value
    }
}

/// To the nearest multiple of `to`, halves up. Dividing by the inverse is what Prometheus does: it keeps 0.1 exact.
fn round(value: f64, to: f64) -> f64 {
    let inverse: f64 = 1.0 / to;
    (value * inverse + 0.5).floor() / inverse
}
