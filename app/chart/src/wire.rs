//! How points travel: columns instead of pairs, and a word for "missing".
//!
//! JSON has no NaN, so a missing value is `null`; times are distances from the previous one, which are all
//! alike for a regular series and compress to almost nothing. 64-bit throughout: 32-bit floats would step
//! epoch time by 128 seconds.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::plot::Point;

#[derive(Serialize, Deserialize)]
struct Columns {
    /// Epoch milliseconds of the first point, then the milliseconds from each point to the next.
    t: Vec<i64>,
    v: Vec<Option<f64>>,
}

pub(crate) fn serialize<S: Serializer>(points: &[Point], serializer: S) -> Result<S::Ok, S::Error> {
    let mut previous_ms: i64 = 0;
    let mut columns = Columns { t: Vec::with_capacity(points.len()), v: Vec::with_capacity(points.len()) };
    for &(ms, value) in points {
        columns.t.push(ms.wrapping_sub(previous_ms));
        columns.v.push(if value.is_finite() { Some(value) } else { None });
        previous_ms = ms;
    }
    columns.serialize(serializer)
}

/// Columns of unequal length are cut to the shorter: a chart with fewer points is better than none.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Point>, D::Error> {
    let columns = Columns::deserialize(deserializer)?;
    let mut ms: i64 = 0;
    let mut points = Vec::with_capacity(columns.t.len());
    for (step_ms, value) in columns.t.into_iter().zip(columns.v) {
        ms = ms.wrapping_add(step_ms);
        points.push((ms, value.unwrap_or(f64::NAN)));
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use crate::plot::Series;

    #[test]
    fn points_survive_the_journey_and_missing_ones_stay_missing() {
        let series = Series {
            name: "p95".to_owned(),
            style: 1,
            points: vec![(1_795_323_907_123, 0.1), (1_795_323_922_123, f64::NAN), (1_795_323_937_123, -3.0)],
            fill: false,
        };
        let json = serde_json::to_string(&series).unwrap();
        assert!(json.contains(r#""t":[1795323907123,15000,15000],"v":[0.1,null,-3.0]"#), "{json}");
        let back: Series = serde_json::from_str(&json).unwrap();
        assert_eq!(back.points[0], series.points[0]);
        assert_eq!(back.points[1].0, series.points[1].0);
        assert!(back.points[1].1.is_nan());
        assert_eq!(back.points[2], series.points[2]);
    }
}
