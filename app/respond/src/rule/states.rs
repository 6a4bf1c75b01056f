//! The states of a rule's alerts as a band under its graph, on the same pixels, and in words.

use crate::words::rules::rule_words;
use api::rules::{RuleState, StateSpan};
use chart::{Frame, Plot, Size};
use leptos::prelude::*;

const HEIGHT: f64 = 14.0;
/// A stretch that is shorter than a pixel was there all the same; a recovery is a moment.
const LEAST_PX: f64 = 1.5;

/// Every state that is drawn, in the order of their words.
const STATES: [(RuleState, &str); 5] = [
    (RuleState::Pending, "rule-band__pending"),
    (RuleState::NoData, "rule-band__silent"),
    (RuleState::Warning, "rule-band__warning"),
    (RuleState::Critical, "rule-band__critical"),
    (RuleState::Recovered, "rule-band__back"),
];

/// The band with its legend; a sentence where there is nothing to show.
pub fn band(plot: &Plot, size: Size, states: &[StateSpan]) -> AnyView {
    if states.is_empty() {
        return view! { <p class="mute">{rule_words().no_states}</p> }.into_any();
    }
    let svg: String = drawn(plot, size, states, &spoken(states));
    view! {
        <div class="rule-band">
            <div class="rule-band__strip" inner_html=svg></div>
            <ul class="rule-band__legend">{legend(states)}</ul>
        </div>
    }
    .into_any()
}

/// The band as an `<svg>`: it shares its width with the graph, so that both scale alike.
fn drawn(plot: &Plot, size: Size, states: &[StateSpan], label: &str) -> String {
    let frame: Frame = Frame::of(plot, size);
    let mut svg: String = format!(
        "<svg class=\"rule-band__svg\" viewBox=\"0 0 {} {HEIGHT}\" role=\"img\" aria-label=\"{label}\">\
         <line class=\"rule-band__line\" x1=\"{:.1}\" x2=\"{:.1}\" y1=\"{HEIGHT}\" y2=\"{HEIGHT}\"/>",
        size.width, frame.left, frame.right
    );
    for span in states {
        // What is newer than the last point stands at the edge.
        let (from, to): (f64, f64) = (frame.x(span.from.0).min(frame.right - LEAST_PX), frame.x(span.to.0).min(frame.right));
        let width: f64 = (to - from).max(LEAST_PX);
        let class: &str = STATES.iter().find(|(state, _)| *state == span.state).map_or("", |(_, class)| *class);
        svg.push_str(&format!("<rect class=\"{class}\" x=\"{from:.1}\" y=\"2\" width=\"{width:.1}\" height=\"10\"/>"));
    }
    svg.push_str("</svg>");
    svg
}

/// The words of a state.
fn word(state: RuleState) -> &'static str {
    let at: usize = STATES.iter().position(|(known, _)| *known == state).unwrap_or(0);
    rule_words().state_words[at]
}

/// How often each state was there: `states of its alerts: warning 2, critical 1`. Our own words, so nothing needs escaping.
fn spoken(states: &[StateSpan]) -> String {
    let counted: Vec<String> = present(states).into_iter().map(|(state, n)| format!("{} {n}", word(state))).collect();
    format!("{}: {}", rule_words().states_label, counted.join(", "))
}

fn present(states: &[StateSpan]) -> Vec<(RuleState, usize)> {
    let count = |state: RuleState| states.iter().filter(|span| span.state == state).count();
    STATES.into_iter().map(|(state, _)| (state, count(state))).filter(|(_, n)| *n > 0).collect()
}

fn legend(states: &[StateSpan]) -> Vec<AnyView> {
    let one = |(state, n): (RuleState, usize)| {
        let class: &'static str = STATES.iter().find(|(known, _)| *known == state).map_or("", |(_, class)| *class);
        let svg: String =
            format!("<svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"{class}\" width=\"10\" height=\"10\"/></svg>");
        view! { <li><span class="rule-band__sign" inner_html=svg></span> {word(state)} " " <b>{n}</b></li> }.into_any()
    };
    present(states).into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::{Locale, Zone};
    use model::Time;

    #[test]
    fn a_band_stands_under_what_it_is_about() {
        let plot = Plot::new(0, 100, Zone::utc(), Locale::En);
        let size = Size { width: 400.0, height: 300.0 };
        let states = [
            StateSpan { from: Time(0), to: Time(50), state: RuleState::Pending },
            StateSpan { from: Time(50), to: Time(50), state: RuleState::Recovered },
        ];
        let svg = drawn(&plot, size, &states, "states");
        let frame = Frame::of(&plot, size);
        assert!(svg.contains(&format!("x=\"{:.1}\" y=\"2\" width=\"{:.1}\"", frame.left, frame.x(50) - frame.left)), "{svg}");
        assert!(svg.contains("width=\"1.5\"") && svg.contains("rule-band__back"), "{svg}");
        assert_eq!(present(&states), [(RuleState::Pending, 1), (RuleState::Recovered, 1)]);
    }
}
