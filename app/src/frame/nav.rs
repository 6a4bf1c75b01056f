//! Where one can go: the rail beside wide screens, the tab bar under narrow ones. Plain links and forms.

use crate::words::Words;
use api::alerting::alert_tally;
use api::pulse::use_pulse;
use api::{Asked, Viewer, ask};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::links;
use model::theme::Theme;
use ui::icon::{Icon, IconName};
use ui::person::PersonMark;

type Place = (&'static str, &'static str, IconName);

fn respond(words: &Words) -> [Place; 5] {
    [
        (words.now, links::NOW, IconName::Gauge),
        (words.alerts, links::ALERTS, IconName::Bell),
        (words.silences, links::SILENCES, IconName::StateSnooze),
        (words.rules, links::RULES, IconName::Sheet),
        (words.routes, links::ROUTES, IconName::Ladder),
    ]
}

fn observe(words: &Words) -> [Place; 3] {
    [
        (words.hosts, links::HOSTS, IconName::Graph),
        (words.explore, links::EXPLORE, IconName::Scope),
        (words.metrics, links::METRICS, IconName::Bars),
    ]
}

fn manage(words: &Words) -> [Place; 4] {
    [
        (words.people, links::PEOPLE, IconName::People),
        (words.channels, links::CHANNELS, IconName::Phone),
        (words.integrations, links::INTEGRATIONS, IconName::Link),
        (words.pager, links::PAGER, IconName::Pulse),
    ]
}

/// Whether `path` lies under `href`.
fn is_here(path: &str, href: &str) -> bool {
    path == href || (href != links::NOW && path.starts_with(href) && path[href.len()..].starts_with('/'))
}

fn current(href: &'static str) -> impl Fn() -> Option<&'static str> + Copy + Send + Sync {
    let path = use_location().pathname;
    move || path.with(|path| is_here(path, href)).then_some("page")
}

/// How many alerts are open: asked once, shown in the rail and in the tab bar.
pub fn open_count() -> Asked<Option<u32>> {
    let pulse = use_pulse();
    ask(
        move || (pulse.alerts.get(), pulse.reconnected.get()),
        |_| async move { alert_tally().await.ok().map(|count| count.unanswered + count.held) },
    )
}

/// The rail.
#[component]
pub fn Rail(viewer: Viewer, words: &'static Words, open: Asked<Option<u32>>) -> impl IntoView {
    let person = viewer.person.clone().map(|person| view! { <Person name=person.name words=words /> });
    view! {
        <nav class="rail" aria-label=words.main_nav>
            <a class="brand" href=links::NOW>
                <Icon name=IconName::Mark />
                <span class="brand__name" lang="ja">"見守り"</span>
                <span class="brand__en" lang="en">"Mimamori"</span>
            </a>
            <Group title=words.respond places=respond(words).to_vec() open=open />
            <Group title=words.observe places=observe(words).to_vec() />
            <Group title=words.manage places=manage(words).to_vec() />
            <div class="rail__foot">
                {person}
                <Preferences viewer=viewer words=words />
            </div>
        </nav>
    }
    .into_any()
}

#[component]
fn Group(title: &'static str, places: Vec<Place>, #[prop(optional)] open: Option<Asked<Option<u32>>>) -> impl IntoView {
    let items = places.into_iter().map(|place| view! { <li><Item place=place open=open /></li> }).collect_view();
    view! {
        <section class="rail__group">
            <h2 class="rail__head">{title}</h2>
            <ul>{items}</ul>
        </section>
    }
}

#[component]
fn Item(place: Place, open: Option<Asked<Option<u32>>>) -> impl IntoView {
    let (label, href, icon) = place;
    let count = open.filter(|_| href == links::ALERTS).map(|open| view! { <Count class="rail__count" open=open /> });
    view! {
        <a class="rail__item" href=href aria-current=current(href)>
            <Icon name=icon />
            <span>{label}</span>
            {count}
        </a>
    }
}

/// The number of open alerts; nothing while there are none.
#[component]
fn Count(class: &'static str, open: Asked<Option<u32>>) -> impl IntoView {
    view! {
        <Transition>
            {move || Suspend::new(async move {
                open.await.filter(|count| *count > 0).map(|count| view! { <span class=class>{count}</span> })
            })}
        </Transition>
    }
}

#[component]
fn Person(name: String, words: &'static Words) -> impl IntoView {
    view! {
        <a class="rail__item" href=links::ACCOUNT aria-current=current(links::ACCOUNT)>
            <PersonMark name=name />
        </a>
        <form method="post" action=links::SIGN_OUT>
            <button class="rail__item" type="submit">
                <Icon name=IconName::Out />
                <span>{words.sign_out}</span>
            </button>
        </form>
    }
}

/// Theme and language: one-button forms, so that they work without script and in the first paint.
#[component]
fn Preferences(viewer: Viewer, words: &'static Words) -> impl IntoView {
    let next = match viewer.theme {
        Theme::Auto => Theme::Light,
        Theme::Light => Theme::Dark,
        Theme::Dark => Theme::Auto,
    };
    let shown = (words.theme_next)(viewer.theme.as_str());
    let label = format!("{}: {shown} → {}", words.theme, (words.theme_next)(next.as_str()));
    view! {
        <form class="rail__prefs" method="post" action=links::PREFERENCES>
            <button class="rail__pref" type="submit" name="theme" value=next.as_str() aria-label=label>
                <Icon name=IconName::Theme />
                <span>{shown}</span>
            </button>
            <button class="rail__pref" type="submit" name="lang" value=words.other_language_tag lang=words.other_language_tag aria-label=words.other_language>
                <Icon name=IconName::Globe />
                <span>{words.other_language_short}</span>
            </button>
        </form>
    }
}

/// The tab bar.
#[component]
pub fn TabBar(words: &'static Words, open: Asked<Option<u32>>) -> impl IntoView {
    let places: [Place; 5] = [
        (words.now, links::NOW, IconName::Gauge),
        (words.alerts, links::ALERTS, IconName::Bell),
        (words.hosts, links::HOSTS, IconName::Graph),
        (words.rules, links::RULES, IconName::Sheet),
        (words.account, links::ACCOUNT, IconName::Person),
    ];
    let items = places.into_iter().map(|place| view! { <Tab place=place open=open /> }).collect_view();
    view! { <nav class="tabbar" aria-label=words.bottom_nav>{items}</nav> }.into_any()
}

#[component]
fn Tab(place: Place, open: Asked<Option<u32>>) -> impl IntoView {
    let (label, href, icon) = place;
    let count = (href == links::ALERTS).then(|| view! { <Count class="tabbar__count" open=open /> });
    view! {
        <a class="tabbar__item" href=href aria-current=current(href)>
            <Icon name=icon />
            <span>{label}</span>
            {count}
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn a_screen_below_marks_its_list() {
        assert!(is_here("/alerts/A-1", "/alerts") && is_here("/", "/") && is_here("/alerts", "/alerts"));
        assert!(!is_here("/alerts", "/") && !is_here("/alertsx", "/alerts"));
    }
}
