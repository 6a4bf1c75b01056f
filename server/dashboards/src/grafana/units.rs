//! Units of Grafana as units of this house. Ours are stored in their base unit, so a unit of Grafana's may ask for a factor.

use figures::Unit;

/// A unit of ours and what a value has to be multiplied by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measured {
    pub(super) unit: Unit,
    /// As it is written into an expression; empty: 1.
    pub(super) factor: &'static str,
}

const fn measured(unit: Unit, factor: &'static str) -> Measured {
    Measured { unit, factor }
}

/// `None`: there is nothing like it here.
pub(super) fn unit(id: &str) -> Option<Measured> {
    Some(match id {
        "" | "none" | "short" | "string" | "sishort" => measured(Unit::None, ""),
        "locale" => measured(Unit::Count, ""),
        "percent" => measured(Unit::Percent, ""),
        "percentunit" => measured(Unit::Percent, "100"),
        "bytes" | "decbytes" => measured(Unit::Bytes, ""),
        "kbytes" => measured(Unit::Bytes, "1024"),
        "mbytes" => measured(Unit::Bytes, "1048576"),
        "gbytes" => measured(Unit::Bytes, "1073741824"),
        "deckbytes" => measured(Unit::Bytes, "1000"),
        "decmbytes" => measured(Unit::Bytes, "1000000"),
        "decgbytes" => measured(Unit::Bytes, "1000000000"),
        "bits" | "decbits" => measured(Unit::Bytes, "0.125"),
        "Bps" | "binBps" => measured(Unit::BytesPerSecond, ""),
        "KBs" => measured(Unit::BytesPerSecond, "1000"),
        "KiBs" => measured(Unit::BytesPerSecond, "1024"),
        "MBs" => measured(Unit::BytesPerSecond, "1000000"),
        "MiBs" => measured(Unit::BytesPerSecond, "1048576"),
        "bps" | "binbps" => measured(Unit::BitsPerSecond, ""),
        "Kbits" => measured(Unit::BitsPerSecond, "1000"),
        "Mbits" => measured(Unit::BitsPerSecond, "1000000"),
        "Gbits" => measured(Unit::BitsPerSecond, "1000000000"),
        "s" | "dtdurations" | "clocks" => measured(Unit::Seconds, ""),
        "ns" => measured(Unit::Seconds, "0.000000001"),
        "µs" | "us" => measured(Unit::Seconds, "0.000001"),
        "m" => measured(Unit::Seconds, "60"),
        "h" => measured(Unit::Seconds, "3600"),
        "d" => measured(Unit::Seconds, "86400"),
        "ms" | "dtdurationms" | "clockms" => measured(Unit::Milliseconds, ""),
        "reqps" | "ops" | "rps" | "wps" | "iops" | "cps" | "eps" | "mps" | "recps" | "rowsps" | "pps" => {
            measured(Unit::PerSecond, "")
        }
        "opm" | "rpm" | "wpm" | "reqpm" | "cpm" | "epm" => measured(Unit::PerSecond, "(1 / 60)"),
        _ => return None,
    })
}

impl Measured {
    /// The factor as a number.
    pub(super) fn times(&self) -> f64 {
        match self.factor {
            "" => 1.0,
            "(1 / 60)" => 1.0 / 60.0,
            written => written.parse().unwrap_or(1.0),
        }
    }

    /// An expression in our unit. A comment at its end must not swallow the parenthesis.
    pub(super) fn expr(&self, expr: &str) -> String {
        match self.factor {
            "" => expr.to_owned(),
            factor if expr.contains('#') => format!("{factor} * (\n{expr}\n)"),
            factor => format!("{factor} * ({expr})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_factor_is_a_number_and_part_of_an_expression() {
        for id in ["percentunit", "kbytes", "bits", "µs", "ns", "m", "opm", "s", ""] {
            let measured = unit(id).unwrap();
            assert!(measured.times() > 0.0, "{id}");
            assert!(promql::parse(&measured.expr("up # why")).is_ok(), "{id}: {}", measured.expr("up # why"));
        }
        assert_eq!(unit("percentunit").unwrap().expr("a / b"), "100 * (a / b)");
        assert_eq!(unit("celsius"), None);
    }
}
