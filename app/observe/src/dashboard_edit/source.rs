//! The whole of a dashboard as a text, with what is wrong in it at its place.

use super::acts::Acts;
use super::mark::marked;
use super::refusal::wrong_in;
use crate::dashboard_history::said::hidden;
use crate::words::dashboard_edit::edit_words;
use api::dashboards::editing::view::{DashboardEditView, SourceWrong};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links::dashboards as ways;
use ui::attempt::{Wrong, content, refused};
use ui::button::{Button, ButtonLink, Rank};
use ui::field::{Field, described_by};
use ui::icon::{Icon, IconName};

const ID: &str = "edit-source";

pub(super) fn source(view: &DashboardEditView, text: &str, wrong: &[SourceWrong], acts: Acts) -> AnyView {
    let words = edit_words();
    let listed: AnyView = if wrong.is_empty() { told(acts) } else { mistakes(text, wrong) };
    let (slug, back): (&str, String) = (&view.dashboard.slug, ways::edit(&view.dashboard.slug));
    let (html, is_wrong): (String, Option<&'static str>) = (content(text), (!wrong.is_empty()).then_some("true"));
    let fields = view! {
        {listed}
        {hidden("slug", slug)}
        <Field id=ID label=words.source_label.to_owned() hint=words.source_hint>
            <textarea
                class="input form__lines dashboard-edit__source"
                id=ID
                name="source"
                rows="24"
                spellcheck="false"
                autocapitalize="off"
                aria-describedby=described_by(ID)
                aria-invalid=is_wrong
                inner_html=html
            ></textarea>
        </Field>
        <p class="form__foot">
            <Button kind="submit" rank=Rank::Main>{words.take}</Button>
            <ButtonLink href=back rank=Rank::Quiet>{words.cancel}</ButtonLink>
        </p>
    };
    view! { <ActionForm action=acts.source_save attr:class="dashboard-edit__whole">{fields}</ActionForm> }.into_any()
}

/// What it was refused for, where the text itself says nothing of it.
fn told(acts: Acts) -> AnyView {
    let found: Vec<Wrong> = wrong_in(acts.source_save, &[], |_| None);
    refused(Signal::stored(found))
}

/// Everything that is wrong, with its line; `public/dashboards.js` leads to it in the field.
fn mistakes(text: &str, wrong: &[SourceWrong]) -> AnyView {
    let lines: Vec<AnyView> = wrong.iter().map(|one| mistake(text, one)).collect();
    view! {
        <div class="form__refused" role="alert" tabindex="-1" autofocus=true>
            <p class="form__refused-title"><Icon name=IconName::Warn /> {edit_words().source_wrong}</p>
            <ul class="form__refused-list">{lines}</ul>
        </div>
    }
    .into_any()
}

fn mistake(text: &str, wrong: &SourceWrong) -> AnyView {
    let place: String = (edit_words().place)(wrong.line, wrong.column);
    let line: &str = text.lines().nth(wrong.line.saturating_sub(1)).unwrap_or_default();
    let start: usize = line.char_indices().nth(wrong.column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let (number, column): (String, String) = (wrong.line.to_string(), wrong.column.to_string());
    let (said, href): (String, String) = (wrong.said.clone(), format!("#{ID}"));
    // Left to the browser, which moves the focus into the field.
    view! {
        <li>
            <a class="link" href=href rel="external" data-line=number data-column=column>{place}</a>
            " "
            {said}
            {marked(line, (start, line.len()))}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::dashboards::editing::view::EditPart;
    use dashboard::Dashboard;

    #[test]
    fn a_mistake_is_shown_in_its_line() {
        let owner = Owner::new();
        owner.set();
        let wrong = vec![SourceWrong { line: 2, column: 3, said: "expected a list".to_owned() }];
        let text = "dashboards:\n- </textarea>: 1\n";
        let view = DashboardEditView {
            dashboard: Dashboard { slug: "web".to_owned(), ..Dashboard::default() },
            base: 1,
            newest: 1,
            is_kept: false,
            is_behind: false,
            n_undo: 0,
            changed_at: None,
            part: EditPart::Source { text: text.to_owned(), wrong: wrong.clone() },
        };
        let html: String = source(&view, text, &wrong, Acts::new()).to_html().replace("<!>", "");
        assert!(html.contains("2行3文字目") && html.contains("data-line=\"2\""), "{html}");
        assert!(html.contains("&lt;/textarea&gt;: 1</mark>"), "{html}");
        assert_eq!(html.matches("</textarea>").count(), 1, "what was written is no markup: {html}");
    }
}
