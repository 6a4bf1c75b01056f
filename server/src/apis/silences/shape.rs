//! From the room's silences, matchers and calendars to the screens'.

use ::api::Text;
use ::api::silences::{CalendarView, CoveredAlert, HolidayView, MatcherView, SilencePhase, SilenceRow as Row, WindowView};
use alerting::calendar::Calendar;
use alerting::calendar::window::{Holidays, Window};
use alerting::needs::PagedAlert;
use alerting::routes::matchers::Matcher;
use alerting::routing::SilenceRow;
use alerting::silences::{Kind, Phase, Silence};

/// A silence, and how many alerts it holds.
pub fn silence(row: SilenceRow, holds: usize) -> Row {
    let silence: Silence = row.silence;
    Row {
        id: silence.id.0,
        is_maintenance: silence.wanted.kind == Kind::Maintenance,
        matchers: matchers(&silence.wanted.matchers),
        from: silence.wanted.from,
        until: silence.wanted.until,
        calendar: silence.wanted.calendar.as_ref().map(calendar),
        comment: silence.wanted.comment,
        by: silence.by,
        made_at: silence.made_at,
        phase: phase(row.phase),
        next: row.next,
        ended: silence.expired_at.map(|at| (at, silence.expired_by.unwrap_or_default())),
        file: silence.name,
        holds: u32::try_from(holds).unwrap_or(u32::MAX),
    }
}

fn phase(phase: Phase) -> SilencePhase {
    match phase {
        Phase::Ahead => SilencePhase::Ahead,
        Phase::Holds { until } => SilencePhase::Holds(until),
        Phase::Between => SilencePhase::Between,
        Phase::Over => SilencePhase::Over,
    }
}

/// Matchers in their parts.
pub fn matchers(matchers: &[Matcher]) -> Vec<MatcherView> {
    matchers.iter().map(matcher).collect()
}

/// One matcher in its parts.
pub fn matcher(matcher: &Matcher) -> MatcherView {
    MatcherView { name: matcher.name.clone(), sign: matcher.op.sign().to_owned(), value: matcher.value.clone() }
}

/// A calendar, its entries as they are written.
pub fn calendar(calendar: &Calendar) -> CalendarView {
    CalendarView { zone: String::from(calendar.zone), windows: calendar.windows.iter().map(window).collect() }
}

fn window(window: &Window) -> WindowView {
    WindowView {
        times: texts(&window.times),
        weekdays: texts(&window.weekdays),
        days: texts(&window.days_of_month),
        months: texts(&window.months),
        holidays: window.holidays.map(|holidays| match holidays {
            Holidays::Only => HolidayView::Only,
            Holidays::Except => HolidayView::Except,
        }),
    }
}

fn texts<T: ToString>(entries: &[T]) -> Vec<String> {
    entries.iter().map(ToString::to_string).collect()
}

/// An alert as a list of a few shows it.
pub fn covered(alert: PagedAlert) -> CoveredAlert {
    CoveredAlert {
        id: alert.id,
        summary: Text { ja: alert.summary.ja, en: alert.summary.en },
        severity: alert.severity,
        fired_at: alert.fired_at,
        held_by: alert.held_by,
    }
}
