//! Whether the load is shared: hours of each person by what hours they are, and how far apart they lie.

use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::oncall::schedule::{FairLine, FairView};
use figures::Zone;
use leptos::prelude::*;
use std::fmt::Write as _;
use ui::icon::{Icon, IconName};
use ui::part::Part;

const HOUR_MS: i64 = 3_600_000;
/// The length of the longest bar, in units of the drawing.
const LONGEST: f64 = 300.0;
/// More than this above the mean is pointed at: a fifth.
const FAR: f64 = 1.2;

/// The part.
pub fn fair(view: &FairView, zone: &Zone) -> AnyView {
    let words = oncall_words();
    let day = |ms: i64| figures::month_day(ms, zone, locale());
    let count: String = format!("{} – {}", day(view.from.0), day(view.until.0));
    if view.lines.is_empty() {
        return view! { <Part title=words.fairness.to_owned() count=Some(count)><p class="mute">{words.fair_none}</p></Part> }
            .into_any();
    }
    let most: i64 = view.lines.iter().map(FairLine::total_ms).max().unwrap_or(1).max(1);
    let means: [i64; 4] = means(&view.lines);
    let rows: Vec<AnyView> = view.lines.iter().map(|line| row(line, most, means)).collect();
    let foot: AnyView = foot(&view.lines);
    view! {
        <Part title=words.fairness.to_owned() count=Some(count)>
            <div class="figures__scroll" tabindex="0" role="group" aria-label=words.fairness>
                <table class="figures fair">
                    <caption class="hush">{words.fairness}</caption>
                    <thead><tr>{heads()}</tr></thead>
                    <tbody>{rows}</tbody>
                    <tfoot>{foot}</tfoot>
                </table>
            </div>
        </Part>
    }
    .into_any()
}

fn heads() -> Vec<AnyView> {
    let words = oncall_words();
    let keys: Vec<AnyView> = words.hours_of.into_iter().enumerate().map(|(index, word)| key(index, word)).collect();
    let mut heads: Vec<AnyView> = vec![
        view! { <th scope="col">{words.person}</th> }.into_any(),
        view! { <th scope="col" class="fair__bar"><span class="fair__keys">{keys}</span></th> }.into_any(),
    ];
    let number = |word: &'static str| view! { <th scope="col" class="figures__num">{word}</th> }.into_any();
    heads.extend(words.hours_of.map(number));
    heads.push(number(words.total_hours));
    heads
}

fn key(index: usize, word: &'static str) -> AnyView {
    let svg: String = format!("<svg viewBox=\"0 0 14 12\">{}</svg>", bar(index, 0.0, 14.0, 12.0));
    view! { <span class="fair__key"><span class="fair__sample" aria-hidden="true" inner_html=svg></span>{word}</span> }.into_any()
}

fn row(line: &FairLine, most: i64, means: [i64; 4]) -> AnyView {
    let name: String = super::said::who_text(&api::oncall::WhoView::Person(line.person.clone()));
    let cells: Vec<AnyView> = line.parts().into_iter().zip(means).map(|(part, mean)| number(part, is_far(part, mean))).collect();
    let drawing: String = bars(line, most);
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="fair__bar"><span class="fair__drawing" aria-hidden="true" inner_html=drawing></span></td>
            {cells}
            <td class="figures__num"><b>{hours_text(line.total_ms())}</b></td>
        </tr>
    }
    .into_any()
}

fn number(ms: i64, is_far: bool) -> AnyView {
    let class: &'static str = if is_far { "figures__num fair__far" } else { "figures__num" };
    let sign = is_far.then(|| {
        view! { <Icon name=IconName::Up /><span class="hush">{oncall_words().above}</span> }
    });
    view! { <td class=class>{sign}{hours_text(ms)}</td> }.into_any()
}

/// Whether somebody has noticeably more than others.
fn is_far(part: i64, mean: i64) -> bool {
    part >= HOUR_MS && part as f64 > mean as f64 * FAR
}

fn means(lines: &[FairLine]) -> [i64; 4] {
    let n: i64 = i64::try_from(lines.len()).unwrap_or(1).max(1);
    let mut sums: [i64; 4] = [0; 4];
    for line in lines {
        for (sum, part) in sums.iter_mut().zip(line.parts()) {
            *sum += part;
        }
    }
    sums.map(|sum| sum / n)
}

/// The least and the most of each column.
fn foot(lines: &[FairLine]) -> AnyView {
    let words = oncall_words();
    let of = |index: usize| -> String {
        let parts = || lines.iter().map(|line| if index < 4 { line.parts()[index] } else { line.total_ms() });
        format!("{}–{}", hours_text(parts().min().unwrap_or(0)), hours_text(parts().max().unwrap_or(0)))
    };
    let cells: Vec<AnyView> = (0..5).map(|index| view! { <td class="figures__num">{of(index)}</td> }.into_any()).collect();
    view! { <tr><th scope="row">{words.spread}</th><td></td>{cells}</tr> }.into_any()
}

fn hours_text(ms: i64) -> String {
    figures::count((ms + HOUR_MS / 2) / HOUR_MS)
}

fn bars(line: &FairLine, most: i64) -> String {
    let mut x: f64 = 0.0;
    let mut drawn = String::new();
    for (index, part) in line.parts().into_iter().enumerate() {
        let width: f64 = part as f64 * LONGEST / most as f64;
        if width > 0.0 {
            drawn.push_str(&bar(index, x, (width - 1.0).max(0.5), 14.0));
        }
        x += width;
    }
    format!("<svg viewBox=\"0 0 300 14\" preserveAspectRatio=\"none\">{drawn}</svg>")
}

/// One part of a bar; holidays are hatched, so that the parts are told apart without a colour.
fn bar(index: usize, x: f64, width: f64, height: f64) -> String {
    let class: &str = match index {
        0 => "fair__day",
        1 => "fair__evening",
        2 => "fair__night",
        _ => "fair__rest",
    };
    let mut drawn: String = format!("<rect class=\"{class}\" x=\"{x:.1}\" y=\"0\" width=\"{width:.1}\" height=\"{height}\"/>");
    if index == 3 {
        let mut lines = String::new();
        let mut at: f64 = x;
        while at + 4.0 < x + width {
            let _ = write!(lines, "M{at:.1} {height}L{:.1} 0", at + 4.0);
            at += 5.0;
        }
        let _ = write!(drawn, "<path class=\"fair__hatch\" d=\"{lines}\"/>");
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::{bars, fair, is_far, means};
    use api::oncall::PersonName;
    use api::oncall::schedule::{FairLine, FairView};
    use figures::Zone;
    use leptos::prelude::*;
    use model::Time;

    const HOUR: i64 = 3_600_000;

    fn line(parts: [i64; 4]) -> FairLine {
        let id = "00000000-0000-0000-0000-000000000007".parse().unwrap();
        let [business_ms, evening_ms, night_ms, holiday_ms] = parts.map(|hours| hours * HOUR);
        FairLine {
            person: PersonName { id, name: "高橋".to_owned(), is_me: false },
            business_ms,
            evening_ms,
            night_ms,
            holiday_ms,
        }
    }

    #[test]
    fn whoever_has_a_fifth_more_is_pointed_at() {
        let lines = [line([10, 0, 0, 151]), line([10, 0, 0, 119]), line([10, 0, 0, 90])];
        let means: [i64; 4] = means(&lines);
        assert_eq!(means, [10 * HOUR, 0, 0, 120 * HOUR]);
        assert!(is_far(151 * HOUR, means[3]) && !is_far(119 * HOUR, means[3]) && !is_far(0, 0));
    }

    #[test]
    fn parts_of_no_length_are_not_drawn() {
        let drawn = bars(&line([10, 0, 5, 0]), 15 * HOUR);
        assert_eq!(drawn.matches("<rect").count(), 2, "{drawn}");
        assert!(!drawn.contains("fair__hatch"), "{drawn}");
    }

    #[test]
    fn the_spread_stands_below() {
        let owner = Owner::new();
        owner.set();
        let view = FairView { from: Time(0), until: Time(90 * 24 * HOUR), lines: vec![line([1, 2, 3, 4]), line([5, 2, 1, 0])] };
        let html = fair(&view, &Zone::utc()).to_html();
        for part in ["1–5", "2–2", "0–4", "8–10", "高橋"] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
