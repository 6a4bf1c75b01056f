//! The bar: where one is, find, whether it is live, and the time it is.

use crate::words::Words;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::ids::{AlertId, DocumentId, IncidentId};
use model::links;
use ui::context::use_look;
use ui::crumbs::{Crumb, Crumbs};
use ui::icon::{Icon, IconName};
use ui::keys::Keys;
use ui::live::LiveStream;
use ui::now::use_now;

/// The bar on top.
#[component]
pub fn TopBar(words: &'static Words, stream: LiveStream, keys: Keys, palette: RwSignal<bool>) -> impl IntoView {
    let path = use_location().pathname;
    let trail = Memo::new(move |_| path.with(|path| trail(path, words)));
    view! {
        <header class="topbar">
            <Crumbs up=Signal::derive(move || trail.get().0) here=Signal::derive(move || trail.get().1) />
            <button class="topbar__find" type="button" aria-keyshortcuts="Control+K Meta+K" aria-label=words.find on:click=move |_| palette.set(true)>
                <Icon name=IconName::Search />
                <span>{words.find}</span>
                <kbd aria-hidden="true">{move || keys.chord("K")}</kbd>
            </button>
            <LiveToggle words=words stream=stream />
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

/// How the screen stands to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Live,
    Paused,
    /// The line is lost and is being sought.
    Silent,
    /// Before the first connection (and for good, without script) the screen is what it was when it was loaded.
    AsLoaded,
}

impl Line {
    fn of(is_paused: bool, is_connected: bool, is_lost: bool) -> Self {
        match (is_paused, is_connected, is_lost) {
            (true, _, _) => Self::Paused,
            (false, true, _) => Self::Live,
            (false, false, true) => Self::Silent,
            (false, false, false) => Self::AsLoaded,
        }
    }

    fn word(self, words: &Words) -> &'static str {
        match self {
            Self::Live => words.live,
            Self::Paused => words.paused,
            Self::Silent => words.silent,
            Self::AsLoaded => words.as_loaded,
        }
    }

    /// The sign of the state, as the word is: what pressing would do stands in the title.
    fn icon(self) -> IconName {
        match self {
            Self::Live => IconName::Pulse,
            Self::Paused => IconName::Pause,
            Self::Silent => IconName::Offline,
            Self::AsLoaded => IconName::StateWait,
        }
    }
}

/// Whether the screen moves by itself: a toggle that is pressed while it does. Sign and word are the state, never the act.
#[component]
fn LiveToggle(words: &'static Words, stream: LiveStream) -> impl IntoView {
    let line = Memo::new(move |_| Line::of(stream.paused.get(), stream.connected.get(), stream.lost.get()));
    let hint = move || if stream.paused.get() { words.resume } else { words.pause };
    let icon = move || {
        let name = line.get().icon();
        view! { <Icon name=name /> }
    };
    view! {
        <button
            class="topbar__live"
            class:topbar__live--stale=move || line.get() == Line::Silent
            type="button"
            title=hint
            aria-pressed=move || if stream.paused.get() { "false" } else { "true" }
            aria-keyshortcuts="p"
            on:click=move |_| stream.paused.update(|paused| *paused = !*paused)
        >
            {icon}
            <span>{move || line.get().word(words)}</span>
        </button>
    }
}

/// Date and time in the reader's zone.
#[component]
fn Clock() -> impl IntoView {
    let look = StoredValue::new(use_look());
    let now = use_now();
    let iso = move || look.with_value(|look| figures::iso(now.0.get(), &look.zone));
    let date = move || look.with_value(|look| figures::date_line(now.0.get(), &look.zone, look.locale));
    let clock = move || look.with_value(|look| figures::clock_time(now.0.get(), &look.zone));
    let zone = look.with_value(|look| (look.zone.abbreviation.clone(), look.zone.name.clone()));
    view! {
        <time class="topbar__clock" datetime=iso>
            <span class="topbar__date">{date}</span>
            <b>{clock}</b>
            <abbr title=zone.1>{zone.0}</abbr>
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, decoded, trail};
    use crate::words::EN;

    #[test]
    fn the_toggle_says_the_state_and_a_pause_is_no_loss() {
        for (paused, connected, lost, expected) in [
            (false, false, false, Line::AsLoaded),
            (false, true, false, Line::Live),
            (false, false, true, Line::Silent),
            (true, false, false, Line::Paused),
            (true, false, true, Line::Paused),
        ] {
            assert_eq!(Line::of(paused, connected, lost), expected);
        }
        assert_eq!([Line::Live, Line::Paused].map(|line| line.word(&EN)), ["Live", "Paused"]);
    }

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
