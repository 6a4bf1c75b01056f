//! Settings of single fields: names, units, what is hidden. What only changes looks, or asks for a second axis, is listed.

use super::fields::{Fields, Shape, template};
use super::units::{Measured, unit};
use super::{Importer, both, json};
use dashboard::{Column, MOST_COLUMNS, MOST_OVERRIDES, Matching, Said, SeriesOverride};
use serde_json::Value;

impl Importer {
    pub(super) fn overrides(&mut self, path: &str, panel: &Value, fields: &Fields, shape: &mut Shape) {
        for (index, one) in json::list(panel, "/fieldConfig/overrides").iter().enumerate() {
            let of: &str = json::text(one, "/matcher/options");
            let is_nowhere: bool = fields.is_table && json::text(one, "/matcher/id") == "byName" && fields.is_nowhere(of);
            if is_nowhere && !of.is_empty() {
                // What has no column here needs none of its settings.
                continue;
            }
            let left: Option<Vec<&str>> = fields.matching(one).map(|matching| overridden(one, matching, fields, shape));
            let ids = json::list(one, "/properties").iter().map(|property| json::text(property, "/id"));
            let left: Vec<&str> = match left {
                Some(left) if left.is_empty() => continue,
                Some(left) => left,
                None => ids.collect(),
            };
            let of: String = one.pointer("/matcher/options").and_then(json::scalar).unwrap_or_default();
            let why: Said = why(&left, fields);
            self.note(&format!("{path}.fieldConfig.overrides[{index}]"), &format!("{of}: {}", left.join(", ")), why);
        }
        self.cut(&format!("{path}.fieldConfig.overrides"), &mut shape.series, MOST_OVERRIDES);
        self.cut(&format!("{path}.transformations"), &mut shape.table.columns, MOST_COLUMNS);
    }
}

/// Takes what can be said here, and gives back what can't.
fn overridden<'v>(one: &'v Value, matching: Matching, fields: &Fields, shape: &mut Shape) -> Vec<&'v str> {
    let mut left: Vec<&str> = Vec::new();
    let properties: &[Value] = json::list(one, "/properties");
    if let Matching::Name(label) = &matching
        && fields.is_table
    {
        let mut column: Column = shape.table.columns.iter().find(|known| known.name == *label).cloned().unwrap_or_default();
        left.extend(properties.iter().filter(|property| !of_column(property, &mut column)).map(|one| json::text(one, "/id")));
        if !column.title.is_empty() || column.is_hidden {
            let name: String = label.clone();
            *shape.column(label) = Column { name, ..column };
        }
        return left;
    }
    let mut found = SeriesOverride { matching, ..SeriesOverride::default() };
    left.extend(properties.iter().filter(|property| !of_series(property, fields, &mut found)).map(|one| json::text(one, "/id")));
    let plain = SeriesOverride { matching: found.matching.clone(), ..SeriesOverride::default() };
    if found != plain {
        shape.series.push(found);
    }
    left
}

/// A label of a table; says whether the property is taken.
fn of_column(property: &Value, column: &mut Column) -> bool {
    match json::text(property, "/id") {
        "displayName" => match template(json::text(property, "/value")) {
            Some(title) => {
                column.title = title;
                true
            }
            None => false,
        },
        "custom.hidden" => {
            column.is_hidden = json::flag(property, "/value");
            true
        }
        _ => false,
    }
}

/// A series, or the values of a query in a table; says whether the property is taken.
fn of_series(property: &Value, fields: &Fields, found: &mut SeriesOverride) -> bool {
    let value: &str = json::text(property, "/value");
    match json::text(property, "/id") {
        "unit" => of_unit(value, fields, found),
        "decimals" if fields.has_units => {
            found.decimals = json::small(property, "/value", 0, 10);
            found.decimals.is_some()
        }
        "displayName" => match template(value) {
            Some(name) => {
                found.name = name;
                true
            }
            None => false,
        },
        "custom.hidden" if fields.is_table => {
            found.is_hidden = json::flag(property, "/value");
            true
        }
        "custom.hideFrom" => {
            let is_drawn: bool = !json::flag(property, "/value/viz");
            found.is_hidden |= !is_drawn;
            // What is drawn stands in the legend too.
            !is_drawn || !(json::flag(property, "/value/legend") || json::flag(property, "/value/tooltip"))
        }
        "custom.axisPlacement" => matches!(value, "auto" | "left"),
        _ => false,
    }
}

/// Ours are multiplied into their base: of a query that stands in its expression, of a name it would have nowhere to stand.
fn of_unit(value: &str, fields: &Fields, found: &mut SeriesOverride) -> bool {
    let Some(measured) = unit(value) else { return false };
    let usual: Measured = fields.usual;
    if !fields.has_units {
        return measured == usual;
    }
    let is_of_query: bool = matches!(found.matching, Matching::Query(_));
    if !is_of_query && measured.factor != usual.factor {
        return false;
    }
    found.unit = (measured.unit != usual.unit).then_some(measured.unit);
    true
}

fn why(left: &[&str], fields: &Fields) -> Said {
    let is = |begins: &[&str]| left.iter().any(|id| begins.iter().any(|begins| id.starts_with(begins)));
    if is(&["custom.axis", "custom.scaleDistribution", "min", "max"]) || (is(&["unit"]) && !fields.has_units) {
        return both("グラフの縦軸は1本で、単位も1つです", "a graph has one value axis, and that has one unit");
    }
    if is(&["unit"]) {
        return both(
            "この単位はないか、値の倍率が要ります。倍率はクエリごとの設定なら写せます",
            "there is no such unit, or its values need a factor, which is mapped only where the setting is of a query",
        );
    }
    if left == ["color"] {
        return both(
            "色は系列の順で決まり、意味を持つのは重大度だけです",
            "colours follow the order of series, and mean severity only",
        );
    }
    both("系列ごとには設定できません", "can't be set of single series")
}
