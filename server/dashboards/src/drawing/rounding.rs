//! Numbers that a scale may end at or step by.

/// The next of 1, 2, 5 and their tens that is not below a value; 1 where the value is nothing to go by.
pub(super) fn pleasant(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let ten: f64 = 10_f64.powf(value.log10().floor());
    let ends = [1.0, 2.0, 5.0, 10.0].into_iter().map(|part| part * ten);
    // A hair of tolerance: 0.3 of tenths is 0.30000000000000004.
    ends.into_iter().find(|end| end.is_finite() && *end >= value * (1.0 - 1e-9)).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::pleasant;

    #[test]
    fn ends_are_round() {
        for (value, expected) in [(0.0, 1.0), (-3.0, 1.0), (f64::NAN, 1.0), (1.0, 1.0), (1.1, 2.0), (42.0, 50.0), (0.07, 0.1)] {
            assert!((pleasant(value) - expected).abs() < 1e-12, "{value}: {}", pleasant(value));
        }
        for value in [f64::MAX, f64::MIN_POSITIVE, 5e-324] {
            assert!(pleasant(value) >= value && pleasant(value).is_finite(), "{value}");
        }
    }
}
