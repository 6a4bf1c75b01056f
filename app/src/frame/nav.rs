//! Where one can go: the rail beside wide screens, the tab bar and its sheet under narrow ones. Plain links and forms.

use crate::words::Words;
use api::alerting::alert_tally;
use api::{Asked, Viewer, ask};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::links;
use model::theme::Theme;
use ui::icon::{Icon, IconName};
use ui::person::PersonMark;

type Place = (&'static str, &'static str, IconName);

/// A head, and the screens below it.
type Places = (&'static str, Vec<Place>);

/// Every screen that is a place of its own, by what one does there.
fn groups(words: &Words) -> [Places; 5] {
    [
        (words.respond, respond(words)),
        (words.records, records(words)),
        (words.observe, observe(words)),
        (words.alerting, alerting(words)),
        (words.manage, manage(words)),
    ]
}

fn respond(words: &Words) -> Vec<Place> {
    vec![
        (words.now, links::NOW, IconName::Gauge),
        (words.alerts, links::ALERTS, IconName::Bell),
        (words.incidents, links::INCIDENTS, IconName::Flag),
        (words.oncall, links::ONCALL, IconName::Mobile),
        (words.silences, links::SILENCES, IconName::StateSnooze),
    ]
}

/// What is written down, and read again.
fn records(words: &Words) -> Vec<Place> {
    vec![
        (words.documents, links::documents::DOCUMENTS, IconName::Book),
        (words.postmortems, links::POSTMORTEMS, IconName::Note),
        (words.actions, links::ACTIONS, IconName::Check),
        (words.reviews, links::REVIEWS, IconName::Table),
    ]
}

fn manage(words: &Words) -> Vec<Place> {
    vec![
        (words.people, links::PEOPLE, IconName::People),
        (words.pay, links::PAY, IconName::Note),
        (words.holidays, links::HOLIDAYS, IconName::Holiday),
    ]
}

fn observe(words: &Words) -> Vec<Place> {
    vec![
        (words.dashboards, links::dashboards::LIST, IconName::Graph),
        (words.hosts, links::HOSTS, IconName::Boxes),
        (words.explore, links::EXPLORE, IconName::Scope),
        (words.metrics, links::METRICS, IconName::Bars),
        (words.targets, links::TARGETS, IconName::Rack),
    ]
}

/// In the order an alert takes: found or received, routed, sent, arrived.
fn alerting(words: &Words) -> Vec<Place> {
    vec![
        (words.rules, links::RULES, IconName::Sheet),
        (words.integrations, links::INTEGRATIONS, IconName::Link),
        (words.routes, links::ROUTES, IconName::Ladder),
        (words.escalations, links::ESCALATIONS, IconName::TrendUp),
        (words.runs, links::RUNS, IconName::Lines),
        (words.channels, links::CHANNELS, IconName::Phone),
        (words.deliveries, links::DELIVERIES, IconName::Launch),
        (words.pager, links::PAGER, IconName::Pulse),
    ]
}

/// What lies under a thumb without opening anything: what is needed at night.
fn at_hand(words: &Words) -> [Place; 4] {
    [
        (words.now, links::NOW, IconName::Gauge),
        (words.alerts, links::ALERTS, IconName::Bell),
        (words.incidents, links::INCIDENTS, IconName::Flag),
        (words.oncall, links::ONCALL, IconName::Mobile),
    ]
}

/// Whether `path` lies under `href`.
fn is_here(path: &str, href: &str) -> bool {
    let is_below = |href: &str| path.starts_with(href) && path[href.len()..].starts_with('/');
    // One dashboard has a shorter address than their list.
    let is_board: bool = href == links::dashboards::LIST && is_below(links::dashboards::ONE);
    path == href || is_board || (href != links::NOW && is_below(href))
}

fn current(href: &'static str) -> Option<&'static str> {
    use_location().pathname.with_untracked(|path| is_here(path, href)).then_some("page")
}

/// How many alerts are open: asked once, shown in the rail and in the tab bar.
pub fn open_count() -> Asked<Option<u32>> {
    ask(|| (), |()| async { alert_tally().await.ok().map(|count| count.unanswered + count.held) })
}

/// The rail.
#[component]
pub fn Rail(viewer: Viewer, words: &'static Words, open: Asked<Option<u32>>) -> impl IntoView {
    view! {
        <nav class="rail" aria-label=words.main_nav>
            <a class="brand" href=links::NOW>
                <Icon name=IconName::Mark />
                <span class="brand__name" lang="ja">"見守り"</span>
                <span class="brand__en" lang="en">"Mimamori"</span>
            </a>
            {everywhere(words, open)}
            {foot(viewer, words)}
        </nav>
    }
    .into_any()
}

/// Every group.
fn everywhere(words: &'static Words, open: Asked<Option<u32>>) -> Vec<AnyView> {
    groups(words).into_iter().map(|(title, places)| group(title, places, open)).collect()
}

fn group(title: &'static str, places: Vec<Place>, open: Asked<Option<u32>>) -> AnyView {
    let items = places.into_iter().map(|place| view! { <li><Item place=place open=open /></li> }).collect_view();
    view! {
        <section class="rail__group">
            <h2 class="rail__head">{title}</h2>
            <ul>{items}</ul>
        </section>
    }
    .into_any()
}

/// Who one is, the way out, and how one sees.
fn foot(viewer: Viewer, words: &'static Words) -> AnyView {
    let person = viewer.person.clone().map(|person| view! { <Person name=person.name words=words /> });
    view! {
        <div class="rail__foot">
            {person}
            <Preferences viewer=viewer words=words />
        </div>
    }
    .into_any()
}

#[component]
fn Item(place: Place, open: Asked<Option<u32>>) -> impl IntoView {
    let (label, href, icon) = place;
    let count = (href == links::ALERTS).then(|| view! { <Count class="rail__count" open=open /> });
    view! {
        <a class="rail__item" href=href aria-current=current(href)>
            <Icon name=icon />
            <span class="rail__name">{label}</span>
            {count}
        </a>
    }
}

/// The number of open alerts; hidden while there are none. `public/frame.js` keeps it right.
#[component]
fn Count(class: &'static str, open: Asked<Option<u32>>) -> impl IntoView {
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let count: u32 = open.await.unwrap_or(0);
                view! { <span class=class data-count="" hidden=count == 0>{count}</span> }
            })}
        </Suspense>
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

/// The tab bar: four screens, and a sheet with all of them.
#[component]
pub fn TabBar(viewer: Viewer, words: &'static Words, open: Asked<Option<u32>>) -> impl IntoView {
    let items = at_hand(words).into_iter().map(|place| view! { <Tab place=place open=open /> }).collect_view();
    view! {
        <nav class="tabbar" aria-label=words.bottom_nav>
            {items}
            <More viewer=viewer words=words open=open />
        </nav>
    }
    .into_any()
}

/// Every screen, in a sheet that opens without a script. Going somewhere, Escape and leaving it close it (`public/screen.js`).
#[component]
fn More(viewer: Viewer, words: &'static Words, open: Asked<Option<u32>>) -> impl IntoView {
    let is_elsewhere = !at_hand(words).iter().any(|(_, href, _)| current(href).is_some());
    view! {
        <details class="tabbar__more" data-closes="">
            <summary class="tabbar__item" aria-current=is_elsewhere.then_some("true")>
                <Icon name=IconName::More />
                <span>{words.more}</span>
            </summary>
            <div class="tabbar__sheet">
                {everywhere(words, open)}
                {foot(viewer, words)}
            </div>
        </details>
    }
    .into_any()
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
    use super::{at_hand, groups, is_here};
    use crate::words::EN;

    #[test]
    fn a_screen_below_marks_its_list() {
        assert!(is_here("/alerts/A-1", "/alerts") && is_here("/", "/") && is_here("/alerts", "/alerts"));
        assert!(!is_here("/alerts", "/") && !is_here("/alertsx", "/alerts"));
        assert!(is_here("/d/http/edit", "/dashboards") && is_here("/dashboards/new", "/dashboards"));
        assert!(!is_here("/d", "/dashboards") && !is_here("/documents", "/dashboards"));
    }

    #[test]
    fn every_screen_stands_in_one_group_and_what_is_at_hand_too() {
        let mut hrefs: Vec<&str> = groups(&EN).iter().flat_map(|(_, places)| places.iter().map(|(_, href, _)| *href)).collect();
        assert!(at_hand(&EN).iter().all(|(_, href, _)| hrefs.contains(href)));
        let n_all: usize = hrefs.len();
        hrefs.sort_unstable();
        hrefs.dedup();
        assert_eq!((n_all, hrefs.len()), (25, 25));
    }
}
