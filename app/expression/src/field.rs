//! The field for screens that the server alone draws: a text area in its form, with its colours below it.
//!
//! `public/expression.js` makes an editor of it: what the text means it asks of the server, and it fills the parts that stand empty here.
//! Without that script the colours show until somebody writes, and then it is a plain text area.

use crate::look::judged;
use crate::mistake::Mistake;
use crate::paint::{field_text, painted};
use crate::words::words;
use api::explore::LONGEST_EXPRESSION;
use api::expression::PATH;
use leptos::prelude::*;
use ui::context::use_look;
use ui::field::{Field, described_by};

/// A field for PromQL in a plain form: a text area that `public/expression.js` makes an editor of.
pub struct PromqlField<'a> {
    /// Unique on the screen. Its parts are called by it and a word behind it.
    pub id: &'a str,
    /// What the form sends it as.
    pub name: &'a str,
    pub label: String,
    pub value: &'a str,
    pub hint: Option<String>,
    /// Why it was refused, if it was.
    pub error: Option<String>,
    /// Whether Ctrl+Enter sends its form, and Enter while the text has one line.
    pub submits: bool,
}

/// The field in its frame: name, editor, what is wrong, hint, and why it was refused.
pub fn promql_field(field: &PromqlField<'_>) -> AnyView {
    let found: Vec<Mistake> = judged(field.value, use_look().locale);
    let (paper, said): (AnyView, AnyView) = (paper(field, &found), said(field.id, found));
    let error: Signal<Option<String>> = Signal::stored(field.error.clone());
    view! {
        <Field
            id=field.id.to_owned()
            label=field.label.clone()
            hint=field.hint.clone().unwrap_or_default()
            error=error
        >
            {paper}
            {said}
        </Field>
    }
    .into_any()
}

/// The text, the same text painted below it, and the place of the list.
fn paper(field: &PromqlField<'_>, found: &[Mistake]) -> AnyView {
    let wrong: Vec<(usize, usize)> = found.iter().map(|mistake| (mistake.start, mistake.end)).collect();
    let is_wrong: bool = field.error.is_some() || !found.is_empty();
    // Of an element like this, too, a line break at its beginning would be dropped by whoever reads it.
    let first: &str = if field.value.starts_with('\n') { "\n" } else { "" };
    let picture: String = format!("{first}{}", painted(field.value, &wrong));
    let list: String = format!("{}-offers", field.id);
    let described = format!("{} {1}-mistakes {1}-saying", described_by(field.id), field.id);
    view! {
        <div class="explore__paper" data-paper="">
            <pre class="explore__picture" aria-hidden="true" inner_html=picture></pre>
            <textarea
                class="explore__field"
                id=field.id.to_owned()
                name=field.name.to_owned()
                rows="2"
                maxlength=LONGEST_EXPRESSION.to_string()
                spellcheck="false"
                autocomplete="off"
                autocapitalize="off"
                aria-describedby=described
                aria-invalid=is_wrong.then_some("true")
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-controls=list.clone()
                data-expression=PATH
                data-submits=field.submits.then_some("")
                inner_html=field_text(field.value)
            ></textarea>
            <div
                class="explore__offers"
                id=list
                role="listbox"
                aria-label=words().offers
                hidden=true
                data-own="expression-offers"
            ></div>
            <p class="hush" role="status" id=format!("{}-count", field.id) data-own="expression-count"></p>
        </div>
    }
    .into_any()
}

/// What is told of the text. The script writes there: a screen that is drawn anew leaves them alone.
fn said(id: &str, found: Vec<Mistake>) -> AnyView {
    let words = words();
    let one = |mistake: Mistake| {
        let at: String = (words.at)(mistake.line, mistake.column);
        view! { <p><b>{at}</b> " " {mistake.message}</p> }.into_any()
    };
    let mistakes: Vec<AnyView> = found.into_iter().map(one).collect();
    view! {
        <p class="explore__saying" id=format!("{id}-saying") data-own="expression-saying"></p>
        <div class="explore__mistakes" id=format!("{id}-mistakes") role="status" data-own="expression-mistakes">{mistakes}</div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(value: &str, error: Option<&str>) -> String {
        let owner = Owner::new();
        owner.set();
        let field = PromqlField {
            id: "rule-expr",
            name: "draft[expr]",
            label: "式".to_owned(),
            value,
            hint: Some("PromQL".to_owned()),
            error: error.map(str::to_owned),
            submits: false,
        };
        promql_field(&field).to_html()
    }

    #[test]
    fn it_is_a_text_area_that_is_painted_before_any_script() {
        let html = html("sum(見) </textarea>", None);
        for part in [
            "name=\"draft[expr]\"",
            "<span class=\"explore__verb",
            "data-expression=\"/expressions/look\"",
            "&lt;/textarea&gt;</textarea>",
            "aria-controls=\"rule-expr-offers\"",
            "for=\"rule-expr\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
        assert!(!html.contains("data-submits"), "{html}");
    }

    #[test]
    fn what_is_wrong_stands_below_it_and_why_it_was_refused_too() {
        let wrong = html("rate(", None);
        assert!(wrong.contains("aria-invalid=\"true\"") && wrong.contains("1行") && wrong.contains("explore__wrong"), "{wrong}");
        let refused = html("up", Some("しきい値の欄に移します。"));
        assert!(refused.contains("aria-invalid=\"true\"") && refused.contains("id=\"rule-expr-error\""), "{refused}");
        assert!(!html("up", None).contains("aria-invalid"));
    }
}
