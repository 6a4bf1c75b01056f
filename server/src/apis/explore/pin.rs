//! From an expression to the form of a panel with it.

use crate::apis::Door;
use crate::apis::dashboards::{editing, keeping};
use crate::apis::explore::unit;
use ::api::ApiError;
use ::api::dashboards::editing::EditForm;
use figures::Unit;
use model::links::dashboards as ways;

/// Characters of an expression that stand in for a panel's title until somebody writes one.
const TITLE: usize = 60;

/// Where the form of a new panel stands that shows an expression: on the dashboard of that slug, or on a new one of that title.
///
/// # Errors
/// As those of a new dashboard.
pub async fn way(door: &Door, q: &str, instant: bool, slug: &str, title: &str) -> Result<String, ApiError> {
    let slug: String = match slug {
        "" => keeping::Adapter(door.clone()).make(title, "", "").await?,
        slug => slug.to_owned(),
    };
    Ok(ways::edit_new_panel(&slug, &form(q, instant)))
}

fn form(q: &str, instant: bool) -> EditForm {
    let unit: Unit = promql::parse(q).map_or(Unit::None, |expr| unit::of(&expr));
    let title: String = q.split_whitespace().collect::<Vec<&str>>().join(" ").chars().take(TITLE).collect();
    let mut form: EditForm = editing::blank_panel(if instant { "table" } else { "line" });
    for (field, text) in [("query.0.expr", q), ("title.ja", &title), ("title.en", &title), ("unit", unit.as_str())] {
        form.insert(field.to_owned(), text.to_owned());
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_has_the_expression_its_unit_and_a_title_to_begin_with() {
        let found: EditForm = form("sum(rate(\n  a_bytes_total[5m]))", false);
        assert_eq!(found["query.0.expr"], "sum(rate(\n  a_bytes_total[5m]))");
        assert_eq!((found["kind"].as_str(), found["title.en"].as_str()), ("line", "sum(rate( a_bytes_total[5m]))"));
        assert_eq!(found["unit"], Unit::BytesPerSecond.as_str());
        assert_eq!(form("up", true)["kind"], "table");
    }
}
