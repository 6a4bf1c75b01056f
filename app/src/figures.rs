//! The figures of served screens: taken over where they stand, renewed when their screen is drawn anew, moved along by the stream.

use crate::script;
use crate::turns::Turns;
use api::live::{BoardTick, EXPLORE_TOPIC, PanelTick};
use api::pulse::{Pulse, use_pulse};
use leptos::prelude::*;
use model::links;
use std::cell::Cell;
use std::rc::Rc;
use ui::chart::{Crosshair, Hands, provide_crosshair};
use ui::figure::{MARK, Taken, take};
use wasm_bindgen::JsCast;

/// The sheet that figures stand on: it carries the topic of its ticks, empty when it does not go on by itself.
const SHEET: &str = "[data-figures]";
const TOPIC: &str = "data-topic";
/// What of an address says which span is shown.
const SPAN: [&str; 3] = ["range", "from", "to"];
/// Nearer there is nothing between two samples, and farther nothing was kept.
const SHORTEST_MS: i64 = 30_000;
const LONGEST_MS: i64 = 366 * 86_400_000;
/// A line that is still not there after so many tries will not come by asking again.
const MOST_RETRIES: u32 = 12;
/// What somebody tries out may name other series at every tick (`topk`): it is not asked again more often than it was before it moved by itself.
const EXPLORE_APART_MS: i64 = 15_000;

/// The figures of the screen on show.
#[derive(Clone)]
pub struct Figures {
    taken: StoredValue<Vec<Taken>, LocalStorage>,
    /// What charts are made under: they outlive the effect that finds them.
    owner: Owner,
    hands: Hands,
    crosshair: Crosshair,
    /// Where the crosshair belongs.
    path: StoredValue<String>,
    pulse: Pulse,
    topic: RwSignal<String>,
    n_retries: StoredValue<u32>,
    /// The tick for which the screen was last drawn anew.
    asked_at_ms: StoredValue<i64>,
    ask_again: Callback<()>,
    turns: Turns,
}

impl Figures {
    /// None yet. `ask_again` draws the screen anew.
    pub fn new(ask_again: Callback<()>) -> Self {
        let crosshair = provide_crosshair();
        let figures = Self {
            taken: StoredValue::new_local(Vec::new()),
            owner: Owner::new(),
            hands: hands(),
            crosshair,
            path: StoredValue::new(place().0),
            pulse: use_pulse(),
            topic: RwSignal::new(String::new()),
            n_retries: StoredValue::new(0),
            asked_at_ms: StoredValue::new(0),
            ask_again,
            turns: Turns::new(),
        };
        figures.follow();
        figures
    }

    /// Looks over what stands in the holder: takes over what is new, renews what was sent again, forgets what is gone.
    pub fn look_over(&self, holder: &web_sys::Element) {
        let path: String = place().0;
        if self.path.get_value() != path {
            self.path.set_value(path);
            self.crosshair.clear();
        }
        let board = sheet(holder);
        // Other screens show no span of their address: to lead to one would only cost what is being written there.
        let hands = if board.is_some() { self.hands } else { Hands::default() };
        let topic = board.and_then(|board| board.get_attribute(TOPIC)).unwrap_or_default();
        if self.topic.get_untracked() != topic {
            self.n_retries.set_value(0);
            self.pulse.topics.set(links::encode(&topic));
            self.topic.set(topic);
        }
        self.taken.update_value(|taken| taken.retain(Taken::is_there));
        let look = |element: web_sys::Element| {
            let figures = self.clone();
            Box::new(move || figures.look_at(element, hands)) as Box<dyn FnOnce()>
        };
        self.turns.add(found(holder).into_iter().map(look));
    }

    fn look_at(&self, element: web_sys::Element, hands: Hands) {
        if !element.is_connected() {
            return;
        }
        self.taken.update_value(|taken| match taken.iter_mut().find(|figure| figure.is_of(&element)) {
            Some(figure) => self.renew(figure),
            None => taken.extend(self.owner.with(|| take(element, hands))),
        });
    }

    /// Takes what was sent anew, and the newest tick with it, which may have come while the server was drawing.
    fn renew(&self, figure: &mut Taken) {
        if !figure.renew() {
            return;
        }
        let topic = self.topic.get_untracked();
        if let Some(tick) = self.pulse.board.get_untracked().filter(|tick| tick.topic == topic) {
            figure.append(tick.at.0, told(&tick, &figure.key));
        }
    }

    fn follow(&self) {
        let figures = self.clone();
        let pulse = self.pulse;
        Effect::new(move |_: Option<()>| {
            let topic = figures.topic.get();
            if let Some(tick) = pulse.board.get().filter(|tick| tick.topic == topic) {
                figures.move_along(tick);
            }
        });
    }

    /// Appends a tick to every figure, in turns, and then looks whether that was all.
    fn move_along(&self, tick: BoardTick) {
        let keys: Vec<String> =
            self.taken.try_with_value(|taken| taken.iter().map(|figure| figure.key.clone()).collect()).unwrap_or_default();
        // Whether every panel that was told of has a figure, and each a line for all it was told: a host that has just come has rates only
        // from its second sample on.
        let is_whole = Rc::new(Cell::new(tick.panels.iter().all(|panel| keys.contains(&panel.id))));
        let tick = Rc::new(tick);
        let append = |key: String| {
            let (figures, tick, is_whole) = (self.clone(), tick.clone(), is_whole.clone());
            Box::new(move || is_whole.set(figures.append(&tick, &key) && is_whole.get())) as Box<dyn FnOnce()>
        };
        let (figures, told, found) = (self.clone(), tick.clone(), is_whole.clone());
        let judge = Box::new(move || figures.judge(&told, found.get())) as Box<dyn FnOnce()>;
        self.turns.add(keys.into_iter().map(append).chain([judge]));
    }

    /// Appends what a tick says of one figure, if it is still on the screen. Says whether there was a line for all of it.
    fn append(&self, tick: &BoardTick, key: &str) -> bool {
        if self.topic.get_untracked() != tick.topic {
            return true;
        }
        let of_key = |taken: &Vec<Taken>| {
            taken.iter().find(|figure| figure.key == key).map(|figure| figure.append(tick.at.0, told(tick, key)))
        };
        self.taken.try_with_value(of_key).flatten().unwrap_or(true)
    }

    /// Asks for the screen again where a tick told of what is not on it.
    fn judge(&self, tick: &BoardTick, is_whole: bool) {
        if is_whole {
            self.n_retries.set_value(0);
        } else if self.n_retries.get_value() < MOST_RETRIES && is_calm(tick, self.asked_at_ms.get_value()) {
            self.n_retries.update_value(|count| *count += 1);
            self.asked_at_ms.set_value(tick.at.0);
            self.ask_again.run(());
        }
    }
}

/// Whether a screen that was drawn anew for a tick at `asked_at_ms` may be drawn anew for this one.
fn is_calm(tick: &BoardTick, asked_at_ms: i64) -> bool {
    !tick.topic.starts_with(EXPLORE_TOPIC) || tick.at.0 - asked_at_ms >= EXPLORE_APART_MS
}

/// What a tick says of one figure.
fn told<'t>(tick: &'t BoardTick, key: &str) -> &'t [(String, f64)] {
    tick.panels.iter().find(|panel: &&PanelTick| panel.id == key).map_or(&[][..], |panel| &panel.values)
}

/// Whether the screen in the holder has figures that go on by themselves: then it is drawn anew more seldom.
pub fn is_living(holder: &web_sys::Element) -> bool {
    sheet(holder).is_some()
}

fn sheet(holder: &web_sys::Element) -> Option<web_sys::Element> {
    holder.query_selector(SHEET).ok().flatten()
}

fn found(holder: &web_sys::Element) -> Vec<web_sys::Element> {
    let Ok(list) = holder.query_selector_all(MARK) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into::<web_sys::Element>().ok()).collect()
}

/// Path and query of the address.
fn place() -> (String, String) {
    let location = window().location();
    (location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

/// A span is chosen in the address, so browser history is zoom history.
fn hands() -> Hands {
    let zoom = |(from, to): (i64, i64)| {
        let (path, search) = place();
        if is_span(from, to) {
            // Without our script the span stays as it was.
            let _ = script::turn(&spanned(&path, &search, from, to));
        }
    };
    let back = |()| {
        let is_chosen = links::pairs(&place().1).iter().any(|(name, _)| name == "from");
        if is_chosen && let Ok(history) = window().history() {
            // Fails only where there is no history, and then there is nowhere to go back to.
            let _ = history.back();
        }
    };
    Hands { on_zoom: Some(Callback::new(zoom)), on_back: Some(Callback::new(back)) }
}

/// Whether a span is one that boards are drawn for.
fn is_span(from: i64, to: i64) -> bool {
    from >= 0 && (SHORTEST_MS..=LONGEST_MS).contains(&to.saturating_sub(from))
}

/// The same address with another span.
fn spanned(path: &str, search: &str, from: i64, to: i64) -> String {
    let kept = links::pairs(search).into_iter().filter(|(name, _)| !SPAN.contains(&name.as_str()));
    let span = [("from".to_owned(), from.to_string()), ("to".to_owned(), to.to_string())];
    let written = |(name, value): (String, String)| format!("{}={}", links::encode(&name), links::encode(&value));
    let query: Vec<String> = kept.chain(span).map(written).collect();
    format!("{path}?{}", query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::{is_calm, is_span, spanned};
    use api::live::BoardTick;
    use model::Time;

    #[test]
    fn what_somebody_tries_out_is_not_asked_again_at_every_tick() {
        let tick = |topic: &str| BoardTick { topic: topic.to_owned(), at: Time(20_000), panels: Vec::new() };
        assert!(is_calm(&tick("dash:http?"), 19_500) && is_calm(&tick("explore:q=up"), 5_000));
        assert!(!is_calm(&tick("explore:q=up"), 5_001));
    }

    #[test]
    fn zooming_ends_where_boards_end() {
        assert!(is_span(0, 30_000) && is_span(1, 366 * 86_400_000));
        assert!(!is_span(0, 29_999) && !is_span(-1, 60_000) && !is_span(0, i64::MAX) && !is_span(60_000, 0));
    }

    #[test]
    fn a_chosen_span_takes_the_place_of_the_one_before() {
        assert_eq!(spanned("/d/http", "?range=1h&var-job=a%2Cb", 1, 2), "/d/http?var-job=a%2Cb&from=1&to=2");
        assert_eq!(spanned("/d/http", "from=5&to=6", 1, 2), "/d/http?from=1&to=2");
    }
}
