//! The bar: where one is, find, whether it is live, and the time it is.

use crate::line::Line;
use crate::words::Words;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::ids::{AlertId, DocumentId, IncidentId};
use model::links;
use ui::context::use_look;
use ui::crumbs::{Crumb, Crumbs};
use ui::icon::{Icon, IconName};
use ui::palette;

/// The bar on top.
#[component]
pub fn TopBar(words: &'static Words) -> impl IntoView {
    let (up, here) = use_location().pathname.with_untracked(|path| trail(path, words));
    view! {
        <header class="topbar">
            <Crumbs up=up here=here />
            <button class="topbar__find" type="button" data-opens=palette::ID aria-keyshortcuts="Control+K Meta+K" aria-label=words.find>
                <Icon name=IconName::Search />
                <span>{words.find}</span>
                <kbd aria-hidden="true" data-chord="K">"Ctrl K"</kbd>
            </button>
            <LiveToggle words=words />
            <Clock />
        </header>
    }
    .into_any()
}

/// The steps above, and where one is.
fn trail(path: &str, words: &Words) -> (Vec<Crumb>, String) {
    if let Some(rest) = path.strip_prefix(links::dashboards::ONE).and_then(|rest| rest.strip_prefix('/')) {
        return board_trail(rest, words);
    }
    let is_under = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let Some((href, name)) = places(words).into_iter().find(|(href, _)| is_under(href)) else {
        let here = if path == links::NOW { words.now } else { words.lost };
        return (Vec::new(), here.to_owned());
    };
    let Some(rest) = path[href.len()..].strip_prefix('/').filter(|rest| !rest.is_empty()) else {
        return (Vec::new(), name.to_owned());
    };
    let list = Crumb { label: name.to_owned(), href: href.to_owned() };
    if let Some(item) = rest.strip_suffix("/edit") {
        let parent = Crumb { label: here(href, item, words), href: format!("{href}/{item}") };
        return (vec![list, parent], words.edit.to_owned());
    }
    if let Some((item, part)) = rest.split_once('/').filter(|_| href == links::documents::DOCUMENTS) {
        let parent = Crumb { label: here(href, item, words), href: format!("{href}/{item}") };
        return (vec![list, parent], document_part(part, words).to_owned());
    }
    if let Some(item) = rest.strip_suffix("/at").filter(|_| href == links::INCIDENTS) {
        let parent = Crumb { label: here(href, item, words), href: format!("{href}/{item}") };
        return (vec![list, parent], words.at.to_owned());
    }
    (vec![list], here(href, rest, words))
}

/// The steps above a dashboard and above its screens: one dashboard has a shorter address than their list.
fn board_trail(rest: &str, words: &Words) -> (Vec<Crumb>, String) {
    let list = Crumb { label: words.dashboards.to_owned(), href: links::dashboards::LIST.to_owned() };
    let Some((slug, part)) = rest.split_once('/') else { return (vec![list], decoded(rest)) };
    let board = Crumb { label: decoded(slug), href: format!("{}/{slug}", links::dashboards::ONE) };
    let part: &'static str = if part == "edit" { words.edit } else { document_part(part, words) };
    (vec![list, board], part.to_owned())
}

/// What a screen below a document is called.
fn document_part(part: &str, words: &Words) -> &'static str {
    match part {
        "history" => words.history,
        "settings" => words.settings,
        "run" => words.run,
        _ => words.details,
    }
}

fn places(words: &Words) -> [(&'static str, &'static str); 25] {
    [
        (links::documents::DOCUMENTS, words.documents),
        (links::ALERTS, words.alerts),
        (links::INCIDENTS, words.incidents),
        (links::POSTMORTEMS, words.postmortems),
        (links::ACTIONS, words.actions),
        (links::REVIEWS, words.reviews),
        (links::SILENCES, words.silences),
        (links::ONCALL, words.oncall),
        (links::ESCALATIONS, words.escalations),
        (links::RUNS, words.runs),
        (links::dashboards::LIST, words.dashboards),
        (links::HOSTS, words.hosts),
        (links::EXPLORE, words.explore),
        (links::METRICS, words.metrics),
        (links::TARGETS, words.targets),
        (links::RULES, words.rules),
        (links::INTEGRATIONS, words.integrations),
        (links::ROUTES, words.routes),
        (links::CHANNELS, words.channels),
        (links::DELIVERIES, words.deliveries),
        (links::PAGER, words.pager),
        (links::PEOPLE, words.people),
        (links::PAY, words.pay),
        (links::HOLIDAYS, words.holidays),
        (links::ACCOUNT, words.account),
    ]
}

/// What the last step is called: `rest` stands below the list at `href`. An id that nobody can read is not shown.
fn here(href: &str, rest: &str, words: &Words) -> String {
    match (href, rest) {
        (links::RULES | links::SILENCES | links::CHANNELS | links::ONCALL | links::ESCALATIONS | links::INCIDENTS, "new") => {
            words.new_one.to_owned()
        }
        (links::ROUTES, "edit") => words.edit.to_owned(),
        (links::documents::DOCUMENTS | links::dashboards::LIST, "new") => words.new_one.to_owned(),
        (links::documents::DOCUMENTS, "spaces") => words.spaces.to_owned(),
        (links::documents::DOCUMENTS | links::dashboards::LIST, "trash") => words.trash.to_owned(),
        (links::documents::DOCUMENTS | links::dashboards::LIST, "import") => words.import.to_owned(),
        (links::documents::DOCUMENTS, _) if rest.parse::<DocumentId>().is_ok() => words.details.to_owned(),
        (links::DELIVERIES | links::INTEGRATIONS, _) => words.details.to_owned(),
        (links::INCIDENTS | links::POSTMORTEMS, _) => {
            rest.parse::<IncidentId>().map_or_else(|_| decoded(rest), |id| id.to_string())
        }
        (links::PAY, "rules") => words.edit.to_owned(),
        (links::PAY, _) => rest.split('/').next().map(decoded).unwrap_or_default(),
        (links::ALERTS, _) => rest.parse::<AlertId>().map_or_else(|_| decoded(rest), |id| id.to_string()),
        _ => decoded(rest),
    }
}

/// Percent escapes back to text, for showing only.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = (*first == b'%').then(|| tail.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether the screen moves by itself: a toggle that is pressed while it does. What pressing would do stands in the title. All signs and
/// words are there; `public/frame.js` shows those of the moment.
#[component]
fn LiveToggle(words: &'static Words) -> impl IntoView {
    let signs = Line::ALL.map(|line| {
        let is_hidden = line != Line::AsLoaded;
        view! { <span data-line=line.code() data-word=line.word(words) hidden=is_hidden><Icon name=line.icon() /></span> }
    });
    view! {
        <button
            class="topbar__live"
            type="button"
            title=words.pause
            data-pause=words.pause
            data-resume=words.resume
            aria-pressed="true"
            aria-keyshortcuts="p"
        >
            {signs.into_iter().collect_view()}
            <span data-now="">{Line::AsLoaded.word(words)}</span>
        </button>
    }
}

/// Date and time in the reader's zone, as the screen was drawn.
#[component]
fn Clock() -> impl IntoView {
    let look = use_look();
    let (ms, zone) = (look.now_ms, &look.zone);
    view! {
        <time class="topbar__clock" datetime=figures::iso(ms, zone)>
            <span class="topbar__date">{figures::date_line(ms, zone, look.locale)}</span>
            <b>{figures::clock_time(ms, zone)}</b>
            <abbr title=zone.name.clone()>{zone.abbreviation.clone()}</abbr>
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::{decoded, trail};
    use crate::words::EN;

    #[test]
    fn an_address_is_shown_as_text() {
        assert_eq!(decoded("app%2002%2Fx"), "app 02/x");
        assert_eq!(decoded("100%"), "100%");
    }

    #[test]
    fn an_address_that_leads_nowhere_is_not_called_now() {
        assert_eq!(trail("/", &EN).1, EN.now);
        assert_eq!(trail("/nowhere", &EN).1, EN.lost);
        assert_eq!(trail("/alertsx", &EN).1, EN.lost);
        assert_eq!(trail("/alerts/A-1", &EN).1, "A-1");
        assert_eq!(trail("/silences/new", &EN).1, EN.new_one);
        assert_eq!(trail("/metrics", &EN).1, EN.metrics);
        assert_eq!((trail("/oncall/new", &EN).1.as_str(), trail("/escalations/ops", &EN).1.as_str()), (EN.new_one, "ops"));
        assert_eq!(trail("/deliveries/0193", &EN).1, EN.details);
        let (up, here) = trail("/documents/0193a5c2-0000-7000-8000-000000000001/history", &EN);
        assert_eq!((up[1].label.as_str(), here.as_str()), (EN.details, EN.history), "an id is no name");
        assert_eq!(trail("/documents/deploy/run", &EN).0[1].label, "deploy");
        assert_eq!(trail("/dashboards/import", &EN).1, EN.import);
        assert_eq!((trail("/d/http", &EN).0[0].href.as_str(), trail("/d/http", &EN).1.as_str()), ("/dashboards", "http"));
        let (up, here) = trail("/d/http/history", &EN);
        assert_eq!((up[1].href.as_str(), here.as_str()), ("/d/http", EN.history));
        let (up, here) = trail("/rules/cpu-usage/edit", &EN);
        assert_eq!((up[1].label.as_str(), up[1].href.as_str(), here.as_str()), ("cpu-usage", "/rules/cpu-usage", EN.edit));
    }
}
