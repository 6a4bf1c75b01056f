//! Colours of Grafana as severities of this house. Colour means severity here, so it is the one thing about a threshold that counts.

use model::Severity;

/// Red is P1, orange P2, yellow P3; every other colour is fine.
pub(super) fn severity(colour: &str) -> Option<Severity> {
    let colour: String = colour.trim().to_ascii_lowercase();
    for (name, severity) in [("red", Severity::P1), ("orange", Severity::P2), ("yellow", Severity::P3)] {
        if colour.ends_with(name) {
            return Some(severity);
        }
    }
    let [red, green, blue] = parts(&colour)?;
    match (red, green) {
        _ if red < 150 || blue > 130 => None,
        (_, 0..=104) => Some(Severity::P1),
        (_, 105..=169) => Some(Severity::P2),
        _ if red >= 200 => Some(Severity::P3),
        _ => None,
    }
}

/// Red, green and blue of `#d44a3a` or `rgba(245, 54, 54, 0.9)`.
fn parts(colour: &str) -> Option<[u8; 3]> {
    if let Some(digits) = colour.strip_prefix('#') {
        let part = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        return Some([part(0)?, part(2)?, part(4)?]);
    }
    let inner: &str = colour.strip_prefix("rgba(").or_else(|| colour.strip_prefix("rgb("))?;
    let mut numbers = inner.trim_end_matches(')').split(',').map(|part| part.trim().parse::<u8>().ok());
    Some([numbers.next()??, numbers.next()??, numbers.next()??])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warm_colours_are_severities() {
        for (colour, expected) in [
            ("red", Some(Severity::P1)),
            ("semi-dark-red", Some(Severity::P1)),
            ("dark-orange", Some(Severity::P2)),
            ("light-yellow", Some(Severity::P3)),
            ("green", None),
            ("#d44a3a", Some(Severity::P1)),
            ("#F2495C", Some(Severity::P1)),
            ("rgba(237, 129, 40, 0.89)", Some(Severity::P2)),
            ("#EAB839", Some(Severity::P3)),
            ("#299c46", None),
            ("rgba(50, 172, 45, 0.97)", None),
            ("#12", None),
            ("見", None),
            ("", None),
        ] {
            assert_eq!(severity(colour), expected, "{colour}");
        }
    }
}
