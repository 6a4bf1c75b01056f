//! The answer: a graph, the series in figures, or why there is none.
//!
//! What is on the screen is kept while the next answer is fetched, and the graph stays the same element: a reader who walks through it
//! with the keyboard loses neither their place nor the focus.

use crate::explore::address;
use crate::explore::span::{go_back, zoom_to};
use crate::explore::table::SeriesTable;
use crate::words::explore::{ExploreWords, explore_words};
use crate::words::{locale, words};
use api::explore::{ExploreError, ExploreFault, ExploreQuery, ExploreView, LONGEST_EXPRESSION, explore};
use api::pulse::use_pulse;
use api::viewer::Viewer;
use chart::{Plot, Size};
use expression::editor::Editor;
use expression::mistake::{Mistake, said};
use leptos::prelude::*;
use leptos::task::spawn_local;
use ui::callout::{Callout, Tone};
use ui::chart::{ChartFigure, Hands};
use ui::context::{Look, use_look};
use ui::empty::{Empty, ErrorState};

/// The graph's size on a wide screen and on a phone.
const WIDE: Size = Size { width: 1176.0, height: 320.0 };
const NARROW: Size = Size { width: 358.0, height: 260.0 };

const DAY_MS: i64 = 86_400_000;

/// An answer on the screen.
#[derive(Clone, Copy)]
struct Sheet {
    /// Everything but the plot.
    view: RwSignal<ExploreView>,
    plot: RwSignal<Plot>,
    has_plot: RwSignal<bool>,
    /// Whether the last try to refresh it failed.
    is_stale: RwSignal<bool>,
    is_asking: StoredValue<bool>,
}

impl Sheet {
    fn new(mut view: ExploreView) -> Self {
        let plot: Option<Plot> = view.plot.take();
        let look = use_look();
        let none = || Plot::new(view.from.0, view.to.0, look.zone.clone(), look.locale);
        Self {
            has_plot: RwSignal::new(plot.is_some()),
            plot: RwSignal::new(plot.unwrap_or_else(none)),
            view: RwSignal::new(view),
            is_stale: RwSignal::new(false),
            is_asking: StoredValue::new(false),
        }
    }

    /// Shows a newer answer to the same question. The screen may be gone by now.
    fn show(self, mut view: ExploreView) {
        let plot: Option<Plot> = view.plot.take();
        let has_plot: bool = plot.is_some();
        if let Some(plot) = plot {
            let _ = self.plot.try_set(plot);
        }
        if self.has_plot.try_get_untracked().is_some_and(|had| had != has_plot) {
            let _ = self.has_plot.try_set(has_plot);
        }
        let _ = self.view.try_set(view);
        let _ = self.is_stale.try_set(false);
    }

    /// Asks again every quarter of a minute while the span ends now, and when the line is back after a gap.
    fn keep_fresh(self, query: Memo<ExploreQuery>) {
        let pulse = use_pulse();
        Effect::new(move |before: Option<u32>| {
            let moved: u32 = pulse.slow.get().wrapping_add(pulse.reconnected.get());
            if before.is_some_and(|before| before != moved) && self.view.with_untracked(|view| view.live) {
                self.refresh(query.get_untracked(), query);
            }
            moved
        });
    }

    fn refresh(self, asked: ExploreQuery, query: Memo<ExploreQuery>) {
        if asked.q.trim().is_empty() || self.is_asking.get_value() {
            return;
        }
        self.is_asking.set_value(true);
        spawn_local(async move {
            let answer = explore(asked.clone()).await;
            let _ = self.is_asking.try_set_value(false);
            if query.try_get_untracked().is_none_or(|query| query != asked) {
                return;
            }
            match answer {
                Ok(view) => self.show(view),
                Err(_) => {
                    let _ = self.is_stale.try_set(true);
                }
            }
        });
    }

    /// Shows the field where the expression was refused.
    fn tell(self, editor: Editor) {
        Effect::new(move |_: Option<()>| {
            let refused: Option<(String, Mistake)> = self.view.with(refused);
            editor.refused.set(refused);
        });
    }
}

/// What the server found wrong, if it lies in one place of the expression. The language's own mistakes the field finds itself.
fn refused(view: &ExploreView) -> Option<(String, Mistake)> {
    let error: &ExploreError = view.error.as_ref().filter(|error| error.fault != ExploreFault::Syntax)?;
    let (start, end) = error.span?;
    let mistake = Mistake {
        start: start as usize,
        end: end as usize,
        line: error.line as usize,
        column: error.column as usize,
        message: error.message.clone(),
    };
    Some((view.q.clone(), mistake))
}

/// The answer to a question.
#[component]
pub fn Results(view: ExploreView, query: Memo<ExploreQuery>, editor: Editor) -> impl IntoView {
    let sheet = Sheet::new(view);
    sheet.keep_fresh(query);
    sheet.tell(editor);
    let picture = move || sheet.has_plot.get().then(|| view! { <Picture sheet=sheet query=query /> });
    view! {
        <section class="explore__answer" aria-label=explore_words().chart>
            {move || sheet.view.with(head)}
            {move || stale(sheet)}
            {picture}
            {move || sheet.view.with(|view| body(view, sheet, query))}
        </section>
    }
    .into_any()
}

/// The graph.
#[component]
fn Picture(sheet: Sheet, query: Memo<ExploreQuery>) -> impl IntoView {
    let size = if expect_context::<Viewer>().narrow { NARROW } else { WIDE };
    let words = explore_words();
    let label = Signal::derive(move || sheet.plot.with(|plot| chart::spoken(plot, words.chart)));
    let hands = Hands { on_zoom: Some(zoom_to(query)), on_back: Some(go_back(query)) };
    view! { <ChartFigure plot=sheet.plot size=size label=label hands=hands /> }.into_any()
}

/// How much there is, how much of it is shown, and about when.
fn head(view: &ExploreView) -> Option<AnyView> {
    if view.q.trim().is_empty() || view.error.is_some() {
        return None;
    }
    let (said, look) = (explore_words(), use_look());
    let (rows, drawn) = (view.rows.len(), view.rows.iter().filter(|row| row.style > 0).count());
    let (rows, drawn) = (u32::try_from(rows).unwrap_or(u32::MAX), u32::try_from(drawn).unwrap_or(u32::MAX));
    let is_cut: bool = rows < view.series_total || (!view.instant && drawn < rows);
    let mut facts: Vec<String> = Vec::new();
    if view.text.is_none() {
        facts.push((said.n_series)(view.series_total));
    }
    if is_cut {
        facts.push((said.shown)(rows, drawn));
    }
    if !view.instant {
        facts.push((said.step)(&figures::duration(view.step_ms, locale())));
    }
    let past = (!view.live).then(|| format!("{} ", words().not_live));
    let (when, zone) = (when(view, &look), look.zone.abbreviation);
    Some(
        view! {
            <p class="explore__head">
                <span>{facts.join(" · ")}</span>
                <span class="board__when">{past}<b>{when}</b> " " {zone}</span>
            </p>
        }
        .into_any(),
    )
}

/// The moment or the span that the answer is about. From a day on both ends name their day.
fn when(view: &ExploreView, look: &Look) -> String {
    let until = figures::day_time(view.to.0, &look.zone, look.locale);
    if view.instant {
        return until;
    }
    let from = figures::day_time(view.from.0, &look.zone, look.locale);
    let is_long = view.to.since(view.from) >= DAY_MS;
    let until = if is_long { until } else { figures::short_time(view.to.0, &look.zone) };
    format!("{from} – {until}")
}

/// That the newest answer could not be had.
fn stale(sheet: Sheet) -> Option<AnyView> {
    let is_stale: bool = sheet.is_stale.get();
    is_stale.then(|| view! { <Callout tone=Tone::Warn>{explore_words().stale}</Callout> }.into_any())
}

/// What stands below the graph: the series, or why there are none, or how to begin.
fn body(view: &ExploreView, sheet: Sheet, query: Memo<ExploreQuery>) -> AnyView {
    let said = explore_words();
    if view.q.trim().is_empty() {
        return examples(query);
    }
    if let Some(error) = &view.error {
        return trouble(error, said);
    }
    let notes = notes(view, query);
    let matter = match &view.text {
        Some(text) => view! { <p><code>{text.clone()}</code></p> }.into_any(),
        None if view.rows.is_empty() => view! { <Empty title=said.nothing say=said.nothing_hint /> }.into_any(),
        None => {
            let (rows, unit) = (view.rows.clone(), view.unit);
            view! { <SeriesTable rows=rows unit=unit instant=view.instant plot=sheet.plot query=query /> }.into_any()
        }
    };
    view! { {notes} {matter} }.into_any()
}

/// Questions to begin with.
fn examples(query: Memo<ExploreQuery>) -> AnyView {
    let said = explore_words();
    let one = |(what, expression): (&'static str, &'static str)| {
        let asked = ExploreQuery { q: expression.to_owned(), ..query.get_untracked() };
        let href: String = address::href(&asked);
        view! { <li><a class="link" href=href>{what}</a><code class="explore__example">{expression}</code></li> }.into_any()
    };
    let list: Vec<AnyView> = said.examples.into_iter().map(one).collect();
    view! {
        <Empty title=said.empty say=said.empty_hint>
            <ul class="explore__examples">{list}</ul>
        </Empty>
    }
    .into_any()
}

/// What the reader should know about the answer.
fn notes(view: &ExploreView, query: Memo<ExploreQuery>) -> Option<AnyView> {
    let is_forced: bool = view.instant && !query.with(|query| query.instant);
    let forced: Option<String> = is_forced.then(|| explore_words().only_instant.to_owned());
    let all: Vec<String> = forced.into_iter().chain(view.warnings.iter().cloned()).collect();
    if all.is_empty() {
        return None;
    }
    let lines: Vec<AnyView> = all.into_iter().map(|text| view! { <li>{text}</li> }.into_any()).collect();
    Some(view! { <ul class="explore__notes" aria-label=explore_words().notes>{lines}</ul> }.into_any())
}

/// Why there is no answer, what is wrong, and what to do.
fn trouble(error: &ExploreError, said: &ExploreWords) -> AnyView {
    if error.fault == ExploreFault::Syntax {
        return view! { <p class="soft">{said.not_run}</p> }.into_any();
    }
    let what: String = match error.fault {
        ExploreFault::TooLong => (said.too_long)(LONGEST_EXPRESSION),
        ExploreFault::TooMuch => said.too_much.to_owned(),
        ExploreFault::TooSlow => said.too_slow.to_owned(),
        ExploreFault::Syntax | ExploreFault::Refused => said.refused.to_owned(),
    };
    let action = if matches!(error.fault, ExploreFault::TooMuch | ExploreFault::TooSlow) { said.narrower } else { said.mend };
    view! { <ErrorState what=what means=meaning(error, said) action=action /> }.into_any()
}

/// The evaluator's sentence, and where it points.
fn meaning(error: &ExploreError, words: &ExploreWords) -> String {
    let sentence: String = said(&error.message, locale());
    match error.span {
        Some(_) => format!("{}: {sentence}", (words.at)(error.line as usize, error.column as usize)),
        None => sentence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use figures::{Locale, Zone};
    use model::Time;

    fn view(q: &str) -> ExploreView {
        ExploreView::blank(q, Time(0), Time(3_600_000), 5_000)
    }

    #[test]
    fn a_span_names_its_days_when_it_is_long() {
        let look = Look { zone: Zone::utc(), locale: Locale::En, ..Look::default() };
        let hour = view("up");
        assert_eq!(when(&hour, &look), "1 Jan, 00:00 – 01:00");
        let days = ExploreView { to: Time(2 * DAY_MS), ..view("up") };
        assert_eq!(when(&days, &look), "1 Jan, 00:00 – 3 Jan, 00:00");
        let moment = ExploreView { instant: true, ..view("up") };
        assert_eq!(when(&moment, &look), "1 Jan, 01:00");
    }

    #[test]
    fn only_what_the_field_cannot_find_itself_is_told_to_it() {
        let error = |fault: ExploreFault, span: Option<(u32, u32)>| ExploreError {
            fault,
            message: "no".to_owned(),
            span,
            line: 1,
            column: 3,
        };
        let with = |error: ExploreError| ExploreView { error: Some(error), ..view("a + b") };
        assert_eq!(refused(&with(error(ExploreFault::Syntax, Some((0, 1))))), None);
        assert_eq!(refused(&with(error(ExploreFault::TooMuch, None))), None);
        let (about, mistake) = refused(&with(error(ExploreFault::Refused, Some((2, 3))))).unwrap();
        assert_eq!((about.as_str(), mistake.start, mistake.end, mistake.column), ("a + b", 2, 3, 3));
    }
}
