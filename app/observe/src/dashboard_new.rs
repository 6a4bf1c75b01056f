//! A new dashboard: empty, or like one there is.

use crate::dashboard_history::refusal::{attempt, failed};
use crate::words::dashboard_keeping::keeping_words;
use crate::words::locale;
use api::ask;
use api::dashboards::keeping::view::{BeginningView, Choosable};
use api::dashboards::keeping::{DashboardCreate, dashboard_beginning};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links;
use model::links::dashboards as ways;
use ui::attempt::{Attempt, Named};
use ui::button::{Button, ButtonLink, Rank};
use ui::field::Line;
use ui::loaded::loaded;

/// Characters of a title.
const MOST_TITLE: u32 = 200;

/// The screen at `/dashboards/new`.
#[component]
pub fn NewDashboardScreen() -> impl IntoView {
    let (words, search) = (keeping_words(), use_location().search);
    let from: Memo<String> = Memo::new(move |_| search.with(|search| asked(search)));
    let create: ServerAction<DashboardCreate> = ServerAction::new();
    let data = ask(|| (), |()| dashboard_beginning());
    view! {
        <Title text=words.new />
        <div class="keeping">{loaded(data, move |view: BeginningView| sheet(&view, &from.get_untracked(), create), failed)}</div>
    }
    .into_any()
}

/// The one to begin like, as the address says it.
fn asked(search: &str) -> String {
    links::pairs(search).into_iter().find(|(name, _)| name == "from").map(|(_, value)| value).unwrap_or_default()
}

fn sheet(view: &BeginningView, from: &str, create: ServerAction<DashboardCreate>) -> AnyView {
    let words = keeping_words();
    let body: AnyView =
        if view.may_edit { form(view, from, create) } else { view! { <p class="mute">{words.only_editors}</p> }.into_any() };
    view! {
        <header class="screen-head">
            <h1>{words.new}</h1>
            <p class="screen-head__lead">{words.new_lead}</p>
            <p class="screen-head__ways">
                <a class="link" href=ways::LIST>{words.dashboards}</a>
                <a class="link" href=ways::IMPORT>{words.import}</a>
            </p>
        </header>
        {body}
    }
    .into_any()
}

fn form(view: &BeginningView, from: &str, create: ServerAction<DashboardCreate>) -> AnyView {
    let words = keeping_words();
    let fields = vec![
        Named::new("title_ja", "new-title-ja", words.title_ja),
        Named::new("title_en", "new-title-en", words.title_en),
        Named::new("from", "new-from", words.from),
    ];
    let attempt: Attempt = attempt(create, fields);
    let chosen: String = attempt.typed.text("from", from);
    let title = |id: &str, name: &str, label: &str, hint: &str| {
        let line = Line { hint: hint.to_owned(), most: Some(MOST_TITLE), ..Line::new(id, name, label) };
        attempt.line(line)
    };
    let (ja, en): (AnyView, AnyView) = (
        title("new-title-ja", "title_ja", words.title_ja, words.title_hint),
        title("new-title-en", "title_en", words.title_en, ""),
    );
    let from: AnyView =
        attempt.select(Named::new("from", "new-from", words.from), words.from_hint.to_owned(), options(&view.all, &chosen));
    let fields = view! {
        {attempt.refused()}
        {ja}
        {en}
        {from}
        <p class="form__foot">
            <Button kind="submit" rank=Rank::Main>{words.begin}</Button>
            <ButtonLink href=ways::LIST.to_owned()>{words.cancel}</ButtonLink>
        </p>
    };
    view! { <ActionForm action=create attr:class="form">{fields}</ActionForm> }.into_any()
}

/// Nothing, or one there is.
fn options(all: &[Choosable], chosen: &str) -> Vec<AnyView> {
    let option = |value: &str, text: &str| -> AnyView {
        let (is_chosen, value, text): (bool, String, String) = (value == chosen, value.to_owned(), text.to_owned());
        view! { <option value=value selected=is_chosen>{text}</option> }.into_any()
    };
    let mut options: Vec<AnyView> = vec![option("", keeping_words().empty)];
    options.extend(all.iter().map(|one| option(&one.slug, one.title.read(locale()))));
    options
}

#[cfg(test)]
mod tests {
    use super::{asked, options};
    use api::dashboards::keeping::view::Choosable;
    use dashboard::Said;
    use leptos::prelude::*;

    #[test]
    fn what_the_address_names_is_chosen() {
        let owner = Owner::new();
        owner.set();
        assert_eq!((asked("?from=web%2D1&x=2").as_str(), asked("").as_str()), ("web-1", ""));
        let all = [Choosable { slug: "web".to_owned(), title: Said::same("<Web>") }];
        let html: String = options(&all, "web").into_iter().map(|option| option.to_html()).collect();
        assert!(html.contains("&lt;Web&gt;") && html.matches("selected").count() == 1, "{html}");
    }
}
