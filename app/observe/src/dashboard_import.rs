//! Bringing dashboards in: Grafana's JSON, or YAML of ours. What came of the last file stands above the form, with everything that was not
//! mapped; what was refused comes back with its reasons and the text that had been pasted.

mod outcome;
mod refused;

use crate::dashboard_history::refusal::failed;
use crate::words::dashboard_keeping::keeping_words;
use api::ask;
use api::dashboards::keeping::dashboard_brought;
use api::dashboards::keeping::view::{BroughtAsk, BroughtView, TriedToBring};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use model::links::dashboards as ways;
use outcome::outcome;
use refused::refused;
use ui::attempt::content;
use ui::button::{Button, Rank};
use ui::field::{Field, Line, Tick, described_by, line};
use ui::loaded::loaded;

/// The screen at `/dashboards/import`.
#[component]
pub fn ImportDashboardScreen() -> impl IntoView {
    let (words, search) = (keeping_words(), use_location().search);
    let asked: Memo<BroughtAsk> = Memo::new(move |_| search.with(|search| asked(search)));
    let tried: StoredValue<Option<TriedToBring>> = StoredValue::new(use_context::<TriedToBring>());
    let data = ask(move || asked.get(), dashboard_brought);
    let draw = move |view: BroughtView| sheet(&view, &asked.get_untracked(), tried.get_value().as_ref());
    view! {
        <Title text=words.import />
        <div class="keeping">{loaded(data, draw, failed)}</div>
    }
    .into_any()
}

/// What came of a file, as the address says it.
fn asked(search: &str) -> BroughtAsk {
    let pairs: Vec<(String, String)> = links::pairs(search);
    let made = pairs.iter().filter(|(name, _)| name == "made").map(|(_, slug)| slug.clone());
    let version = pairs.iter().find(|(name, _)| name == "version").and_then(|(_, version)| version.parse::<i64>().ok());
    BroughtAsk { made: made.collect(), version }
}

fn sheet(view: &BroughtView, asked: &BroughtAsk, tried: Option<&TriedToBring>) -> AnyView {
    let words = keeping_words();
    let body: AnyView = if view.may_edit { form(tried) } else { view! { <p class="mute">{words.only_editors}</p> }.into_any() };
    let came: Option<AnyView> = (tried.is_none() && !view.made.is_empty()).then(|| outcome(view, asked));
    let another = came.is_some().then(|| view! { <h2 class="keeping__another">{words.another}</h2> });
    view! {
        <header class="screen-head">
            <h1>{words.import}</h1>
            <p class="screen-head__lead">{words.import_lead}</p>
            <p class="screen-head__ways"><a class="link" href=ways::LIST>{words.dashboards}</a></p>
        </header>
        {tried.map(|tried| refused(&tried.why))}
        {came}
        {another}
        {body}
    }
    .into_any()
}

/// A file is sent by the browser itself.
fn form(tried: Option<&TriedToBring>) -> AnyView {
    let words = keeping_words();
    let text: String = content(tried.map(|tried| tried.text.as_str()).unwrap_or_default());
    let value: String = tried.map(|tried| tried.comment.clone()).unwrap_or_default();
    let comment = Line {
        value,
        hint: words.comment_hint.to_owned(),
        most: Some(500),
        ..Line::new("import-comment", "comment", words.comment)
    };
    let is_over: bool = tried.is_some_and(|tried| tried.is_over);
    view! {
        <form class="form" method="post" action=ways::IMPORT enctype="multipart/form-data">
            <Field id="import-file" label=words.file.to_owned() hint=words.file_hint>
                <input
                    class="input"
                    id="import-file"
                    name="file"
                    type="file"
                    accept=".json,.yaml,.yml,application/json,application/yaml"
                    aria-describedby=described_by("import-file")
                />
            </Field>
            <Field id="import-text" label=words.text.to_owned() hint=words.text_hint>
                <textarea
                    class="input form__lines keeping__paste"
                    id="import-text"
                    name="text"
                    rows="10"
                    spellcheck="false"
                    autocapitalize="off"
                    aria-describedby=described_by("import-text")
                    inner_html=text
                ></textarea>
            </Field>
            {line(comment)}
            <Tick name="over" value="1" checked=is_over>{words.over}</Tick>
            <p class="form__foot"><Button kind="submit" rank=Rank::Main>{words.import_do}</Button></p>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{asked, form};
    use api::dashboards::keeping::view::{NotBrought, TriedToBring};
    use leptos::prelude::*;

    #[test]
    fn what_came_of_a_file_is_read_from_the_address() {
        let found = asked("?made=web&made=shop-2&version=3");
        assert_eq!((found.made, found.version), (vec!["web".to_owned(), "shop-2".to_owned()], Some(3)));
        assert_eq!(asked("?version=x").version, None);
    }

    #[test]
    fn what_was_pasted_comes_back_as_text() {
        let owner = Owner::new();
        owner.set();
        let why = NotBrought::Nothing;
        let tried = TriedToBring { text: "</textarea><b>".to_owned(), comment: "\"x\"".to_owned(), is_over: true, why };
        let html: String = form(Some(&tried)).to_html();
        assert!(html.contains("&lt;/textarea&gt;&lt;b&gt;") && html.contains("checked"), "{html}");
    }
}
