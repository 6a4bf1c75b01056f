use super::*;
use figures::Zone;

const MINUTE_MS: i64 = 60_000;

fn span(from: i64, to: i64, label: &str, style: u8) -> StateSpan {
    StateSpan { from_ms: from * MINUTE_MS, to_ms: to * MINUTE_MS, label: label.to_owned(), style }
}

fn lane(name: &str, spans: &[StateSpan]) -> Lane {
    Lane { name: name.to_owned(), spans: spans.to_vec() }
}

/// An hour of them.
fn states(lanes: Vec<Lane>) -> States {
    States { from_ms: 0, to_ms: 60 * MINUTE_MS, lanes, zone: Zone::utc(), locale: Locale::Ja }
}

fn lines(states: &States, of: &str) -> Vec<String> {
    let list = draw(states, Size::PANEL).to_string();
    list.lines().filter(|line| line.starts_with(of)).map(str::to_owned).collect()
}

#[test]
fn a_lane_has_its_name_its_stretches_and_their_words() {
    let agent = lane("agent", &[span(0, 30, "稼働", 0), span(30, 45, "停止", 101), span(45, 60, "稼働", 0)]);
    let states = states(vec![agent]);
    // One lane is 28 px at most, 3 of them air; 15 minutes are 88.25 px.
    let expected = ["rect StateFine 34,14 177,25", "rect StateSeverity(0) 211,14 88,25", "rect StateFine 299,14 88,25"];
    assert_eq!(lines(&states, "rect"), expected);
    assert_eq!(lines(&states, "path Grid"), ["path Grid 34,26.5 387,26.5"]);
    assert_eq!(lines(&states, "text Label"), ["text Label 38,30.5 Start agent"]);
    assert_eq!(lines(&states, "text StateWord"), ["text StateWord(0) 215,30.5 Start 停止"]);
    assert_eq!(lines(&states, "note")[1], "note agent 停止 1/1 00:30から1/1 00:45まで（15分）");
}

#[test]
fn words_that_do_not_fit_stand_beside_or_are_only_said() {
    let beside = states(vec![lane("a", &[span(0, 30, "ok", 0), span(30, 32, "restarting", 2), span(32, 60, "ok", 0)])]);
    // Two minutes are 12 px: the words begin four behind them.
    assert_eq!(lines(&beside, "text Label")[1], "text Label 226,30.5 Start restarting");
    let crowded = states(vec![lane("a", &[span(30, 32, "restarting", 2), span(33, 60, "up", 3)])]);
    assert!(!lines(&crowded, "text").iter().any(|line| line.contains("restarting")));
    assert!(lines(&crowded, "note").iter().any(|line| line.contains("restarting")));
}

#[test]
fn within_a_pixel_the_worst_stays() {
    let flapping: Vec<StateSpan> = (0..7_200)
        .map(|at| StateSpan {
            from_ms: at * 500,
            to_ms: at * 500 + 500,
            label: String::new(),
            style: if at == 3_601 { 101 } else { 0 },
        })
        .collect();
    let bars = lines(&states(vec![lane("a", &flapping)]), "rect");
    assert!(bars.len() <= 354, "{}", bars.len());
    assert_eq!(bars.iter().filter(|bar| bar.contains("StateSeverity(0)")).count(), 1);
}

#[test]
fn lanes_without_room_are_counted() {
    let states = states((0..20).map(|n| lane(&format!("lane {n}"), &[])).collect());
    assert_eq!(lines(&states, "text Label").len(), 6);
    assert_eq!(lines(&states, "text Tick 38,").len(), 1);
    assert!(lines(&states, "text Tick 38,")[0].ends_with("ほか14件"));
}

#[test]
fn without_lanes_there_is_no_data() {
    let none = states(Vec::new());
    assert_eq!(lines(&none, "hatch"), ["hatch 34,14 353,102"]);
    assert!(spoken(&none, "状態").ends_with("データなし。"));
}

#[test]
fn the_sentences_say_the_state_and_how_long_it_was_another() {
    let agent = lane("agent", &[span(-10, 30, "稼働", 0), span(30, 45, "停止", 101), span(45, 70, "稼働", 0)]);
    let mut states = states(vec![agent, lane("cron", &[])]);
    assert_eq!(spoken(&states, "状態"), "状態、1/1 00:00から1/1 01:00まで。agentは稼働、停止は計15分。cronはデータなし。");
    states.locale = Locale::En;
    assert_eq!(spoken(&states, "States"), "States, from 1 Jan, 00:00 to 1 Jan, 01:00. agent: 稼働, 停止 for 15m. cron: no data.");
    let shares = state_shares(&states.lanes[0], states.from_ms, states.to_ms);
    let lengths: Vec<(&str, i64)> = shares.iter().map(|share| (share.label.as_str(), share.length_ms / MINUTE_MS)).collect();
    assert_eq!(lengths, [("稼働", 45), ("停止", 15)]);
}
