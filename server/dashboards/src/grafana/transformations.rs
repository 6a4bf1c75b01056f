//! What Grafana does to the answers before it shows them, where a panel here can say the same: columns, their order, the order of lines,
//! names, one number of many.

use super::fields::{Fields, Shape, expression, template};
use super::{Importer, both, json};
use dashboard::{Kind, MOST_LINES, MOST_TITLE, Matching, OTHER_COLUMNS, Reduce, Said, SeriesOverride, Sort};
use regex::Regex;
use serde_json::Value;

/// Names that are looked at; a table has fewer columns.
const MOST_NAMES: usize = 500;
/// How many lines Grafana leaves where nothing is said.
const GRAFANAS_LIMIT: u16 = 10;

/// Field names in the order that `organize` says; what it gives no place stands behind.
type Names<'v> = Vec<&'v str>;

impl Importer {
    pub(super) fn transformations(&mut self, path: &str, panel: &Value, kind: &Kind, fields: &Fields, shape: &mut Shape) {
        for (index, one) in json::list(panel, "/transformations").iter().enumerate() {
            if json::flag(one, "/disabled") {
                continue;
            }
            let (id, options): (&str, &Value) = (json::text(one, "/id"), one.get("options").unwrap_or(&Value::Null));
            let left: Option<Said> = match id {
                "organize" => organize(options, fields, shape),
                "filterFieldsByName" => filter(options, fields, shape),
                "sortBy" => sort(options, fields, shape),
                "limit" if fields.is_table => limit(options, shape),
                "reduce" => reduce(options, kind, shape),
                "renameByRegex" => rename(options, shape),
                // Lines of the same labels are one line of a table, and its labels are columns, whatever is said.
                "merge" | "seriesToRows" | "labelsToFields" if fields.is_table => None,
                _ => Some(both(
                    "この変換はありません。クエリで書けることがあります",
                    "there is no such transformation; a query may say the same",
                )),
            };
            if let Some(why) = left {
                self.note(&format!("{path}.transformations[{index}]"), id, why);
            }
        }
    }
}

/// Renames, leaves out and orders fields.
fn organize(options: &Value, fields: &Fields, shape: &mut Shape) -> Option<Said> {
    let mut is_whole: bool = true;
    for name in organized(options) {
        let is_hidden: bool =
            options.pointer("/excludeByName").and_then(|all| all.get(name)).and_then(Value::as_bool) == Some(true);
        let title: &str =
            options.pointer("/renameByName").and_then(|all| all.get(name)).and_then(Value::as_str).unwrap_or_default();
        let is_placed: bool = options.pointer("/indexByName").and_then(|all| all.get(name)).is_some();
        if fields.is_nowhere(name) || !(is_hidden || is_placed || !title.is_empty()) {
            continue;
        }
        let title: Option<String> = template(title);
        is_whole &= title.is_some();
        let title: String = title.unwrap_or_default();
        if fields.is_table {
            // A query that was not mapped has no column, and is listed already.
            if let Some(place) = fields.column(name) {
                let column = shape.column(&place);
                (column.title, column.is_hidden) = (title, is_hidden);
            }
        } else if is_hidden || !title.is_empty() {
            is_whole &= match fields.series(name) {
                Some(matching) => {
                    shape.series.push(SeriesOverride { matching, name: title, is_hidden, ..SeriesOverride::default() });
                    true
                }
                None => false,
            };
        }
    }
    let is_ordered: bool = options.pointer("/indexByName").and_then(Value::as_object).is_some_and(|all| !all.is_empty());
    if !fields.is_table && is_ordered {
        return Some(both("系列の順は名前で決まります", "series stand in the order of their names"));
    }
    (!is_whole).then(|| both("写せない名前があります", "some of its names can't be mapped"))
}

fn organized(options: &Value) -> Names<'_> {
    let place = |name: &str| options.pointer("/indexByName").and_then(|all| all.get(name)).and_then(Value::as_u64);
    let mut names: Names<'_> = Vec::new();
    for part in ["/indexByName", "/renameByName", "/excludeByName"] {
        for name in options.pointer(part).and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.as_str()) {
            if !names.contains(&name) && names.len() < MOST_NAMES {
                names.push(name);
            }
        }
    }
    names.sort_by_key(|name| place(name).unwrap_or(u64::MAX));
    names
}

/// Keeps some columns, or leaves some out.
fn filter(options: &Value, fields: &Fields, shape: &mut Shape) -> Option<Said> {
    let no = || Some(both("名前の並びだけを、表でだけ写せます", "only lists of names are mapped, and only of tables"));
    let has_pattern = |of: &str| !json::text(options, &format!("/{of}/pattern")).is_empty();
    if has_pattern("include") || (has_pattern("exclude") && fields.is_table) {
        return no();
    }
    if let Some(regex) = expression(json::text(options, "/exclude/pattern")) {
        let matching = Matching::Regex(regex);
        shape.series.push(SeriesOverride { matching, is_hidden: true, ..SeriesOverride::default() });
        return None;
    }
    let (kept, left_out): (Vec<&str>, Vec<&str>) = (listed(options, "include"), listed(options, "exclude"));
    if !fields.is_table || (kept.is_empty() && left_out.is_empty()) {
        return no();
    }
    for name in left_out.into_iter().filter_map(|name| fields.column(name)) {
        shape.column(&name).is_hidden = true;
    }
    let mut is_any: bool = false;
    for name in kept.into_iter().filter_map(|name| fields.column(name)) {
        is_any = true;
        shape.column(&name);
    }
    if is_any {
        shape.column(OTHER_COLUMNS).is_hidden = true;
    }
    None
}

fn listed<'v>(options: &'v Value, of: &str) -> Vec<&'v str> {
    json::list(options, &format!("/{of}/names")).iter().filter_map(Value::as_str).collect()
}

fn sort(options: &Value, fields: &Fields, shape: &mut Shape) -> Option<Said> {
    let (all, first): (&[Value], &Value) = (json::list(options, "/sort"), options.pointer("/sort/0").unwrap_or(&Value::Null));
    let column: Option<String> = fields.column(json::text(first, "/field")).filter(|_| fields.is_table);
    let Some(column) = column else {
        return Some(both("表の列による並べ替えだけを写せます", "only the order of a table by one of its columns is mapped"));
    };
    shape.table.sort = Some(Sort { column, is_falling: json::flag(first, "/desc") });
    (all.len() > 1).then(|| both("最初の列だけで並べます", "lines stand by the first of the columns only"))
}

fn limit(options: &Value, shape: &mut Shape) -> Option<Said> {
    let Some(asked) = json::number(options, "/limitField").filter(|asked| *asked >= 1.0) else {
        shape.table.limit = Some(GRAFANAS_LIMIT);
        return None;
    };
    let least: Option<u16> = (1..=MOST_LINES).find(|most| f64::from(*most) >= asked);
    shape.table.limit = Some(least.unwrap_or(MOST_LINES));
    least.is_none().then(|| both("表は500行までです", "a table has at most 500 lines"))
}

/// One number of the values of each series.
fn reduce(options: &Value, kind: &Kind, shape: &mut Shape) -> Option<Said> {
    let words: Vec<&str> = json::list(options, "/reducers").iter().filter_map(Value::as_str).collect();
    let found: Option<(Reduce, &'static str)> = words.first().and_then(|word| reduction(word));
    let Some((reduce, over_time)) = found else {
        return Some(both("この集計はありません", "there is no such reduction"));
    };
    match kind {
        Kind::Stat(_) | Kind::Gauge(_) | Kind::Pie(_) => shape.reduce = Some(reduce),
        Kind::Table => shape.over_time = Some(over_time).filter(|name| !name.is_empty()),
        _ => return Some(both("数値と表のパネルでだけ写せます", "is mapped only where a panel shows numbers or a table")),
    }
    (words.len() > 1).then(|| both("最初の集計だけを写しました", "only the first reduction is mapped"))
}

/// A reduction here, and the function that does the same over the span of a query; the newest value needs none.
fn reduction(word: &str) -> Option<(Reduce, &'static str)> {
    Some(match word {
        "last" | "lastNotNull" => (Reduce::Last, ""),
        "min" => (Reduce::Min, "min_over_time"),
        "max" => (Reduce::Max, "max_over_time"),
        "mean" => (Reduce::Mean, "avg_over_time"),
        "sum" => (Reduce::Sum, "sum_over_time"),
        _ => return None,
    })
}

/// Another name by a regular expression. Grafana puts it in the place of what was found, ours in that of the whole name.
fn rename(options: &Value, shape: &mut Shape) -> Option<Said> {
    let no = || Some(both("この正規表現は使えません", "this regular expression is not known"));
    let Some(regex) = expression(json::text(options, "/regex")) else { return no() };
    let Ok(built) = Regex::new(&regex) else { return no() };
    let pattern: &str = json::text(options, "/renamePattern");
    let last: usize = built.captures_len() + 1;
    let name: String = format!("${{1}}{}${{{last}}}", shifted(pattern));
    let whole: Option<String> =
        expression(&format!("^(.*?){regex}(.*)$")).filter(|_| !regex.contains('|') && !regex.starts_with("(?i)"));
    let (regex, name): (String, String) = match whole {
        _ if is_anchored(&regex) => (regex, numbered(pattern, 0)),
        Some(whole) => (whole, name),
        None => return no(),
    };
    if name.is_empty() || name.chars().count() > MOST_TITLE {
        return no();
    }
    shape.series.push(SeriesOverride { matching: Matching::Regex(regex), name, ..SeriesOverride::default() });
    None
}

/// Whether an expression finds the whole of a name.
fn is_anchored(regex: &str) -> bool {
    let begins: bool = regex.starts_with('^') || regex.starts_with(".*");
    begins && (regex.ends_with('$') || regex.ends_with(".*") || regex.ends_with("(.*)")) && !regex.contains('|')
}

/// The numbers of groups behind one that was put before them.
fn shifted(pattern: &str) -> String {
    numbered(pattern, 1)
}

/// `$1` as `${1}`, so that no letter behind it belongs to it; each number so much larger.
fn numbered(pattern: &str, more: usize) -> String {
    let mut written = String::new();
    let mut rest: &str = pattern;
    while let Some((before, behind)) = rest.split_once('$') {
        let n_digits: usize = behind.bytes().take_while(u8::is_ascii_digit).count();
        written.push_str(before);
        match behind[..n_digits].parse::<usize>() {
            Ok(number) => written.push_str(&format!("${{{}}}", number.saturating_add(more))),
            Err(_) => written.push('$'),
        }
        rest = &behind[n_digits..];
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_their_meaning_behind_another() {
        assert_eq!(numbered("disk $1_x", 0), "disk ${1}_x");
        assert_eq!(numbered("$1-$12 $a", 1), "${2}-${13} $a");
        assert_eq!(numbered("", 1), "");
        for (regex, expected) in [("^a(.*)$", true), ("(.*)", false), ("^a", false), (".*-(.*)", true), ("^a|b$", false)] {
            assert_eq!(is_anchored(regex), expected, "{regex}");
        }
    }
}
