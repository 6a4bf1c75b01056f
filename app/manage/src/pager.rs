//! "Is my pager working?" The first line answers, the figures below say why.

use crate::channels::{failed, last, not_taken, reason_not};
use crate::deliveries::said::{age, ago};
use crate::report::refusal;
use crate::words::channels::{ChannelWords, channel_words};
use api::ask;
use api::pager::{PagerChannel, PagerProcess, PagerTest, PagerTrouble, PagerView, ProcessState, Verdict, pager_view};
use api::pulse::use_pulse;
use figures::{Locale, duration};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{Time, links};
use ui::button::{Button, ButtonLink};
use ui::context::use_look;
use ui::empty::Empty;
use ui::facts::{Fact, Facts};
use ui::loaded::loaded;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The screen at `/pager`.
#[component]
pub fn PagerScreen() -> impl IntoView {
    let words = channel_words();
    let test = ServerAction::<PagerTest>::new();
    let pulse = use_pulse();
    let version = test.version();
    let moved = move || (pulse.house.get(), pulse.alerts.get(), pulse.reconnected.get(), pulse.slow.get());
    let data = ask(move || (moved(), version.get()), |_| pager_view());
    view! {
        <Title text=words.pager />
        <div class="pager">
            {loaded(data, move |view| sheet(view, test), failed)}
        </div>
    }
    .into_any()
}

fn sheet(pager: PagerView, test: ServerAction<PagerTest>) -> AnyView {
    let words = channel_words();
    let locale = use_look().locale;
    let answer = answer(&pager.verdict, pager.now, words, locale);
    let n_failing = pager.channels.iter().filter(|channel| fails(channel)).count();
    let but = (n_failing > 0 && matches!(pager.verdict, Verdict::Works(..))).then(|| (words.some_fail)(n_failing));
    let summary = summary(&pager, words, locale);
    let processes = processes(pager.processes, words);
    let troubles = troubles(pager.troubles, words);
    // Where there is no channel there is nothing to try.
    let has_channels: bool = !pager.channels.is_empty();
    let channels = channels(pager.channels, words, locale);
    view! {
        <header class="pager__head">
            <p class="pager__question">{words.pager_question}</p>
            <h1>{answer} " " {but}</h1>
            {has_channels.then(|| tests(test))}
        </header>
        <div class="pager__main">{troubles} {channels} {processes}</div>
        <aside class="pager__side">{summary}</aside>
    }
    .into_any()
}

/// Whether its last delivery failed, or what it is asked to deliver now does.
fn fails(channel: &PagerChannel) -> bool {
    channel.trouble.is_some() || channel.stuck.as_ref().is_some_and(|stuck| stuck.is_failing)
}

/// Yes or no, and why.
fn answer(verdict: &Verdict, now: Time, words: &ChannelWords, locale: Locale) -> String {
    // Whole seconds: a sentence needs no more.
    let lasting = |since: &Time| duration(now.since(*since).max(0) / 1_000 * 1_000, locale);
    match verdict {
        Verdict::NoChannel => words.says_no_channel.to_owned(),
        Verdict::AllOff => words.says_all_off.to_owned(),
        Verdict::Asleep(since) => (words.says_asleep)(since.as_ref().map(lasting).as_deref()),
        Verdict::Overdue(since) => (words.says_overdue)(&lasting(since)),
        Verdict::Failing => words.says_failing.to_owned(),
        Verdict::Unheard(at) => (words.says_unheard)(&lasting(at)),
        Verdict::Halted(what, since) => (words.says_halted)(*what, &lasting(since)),
        Verdict::Unproven => words.says_unproven.to_owned(),
        Verdict::Works(channel, at) => (words.says_works)(channel, &ago(words, now.since(*at), locale)),
    }
}

fn tests(test: ServerAction<PagerTest>) -> AnyView {
    let words = channel_words();
    view! {
        <ActionForm action=test attr:class="pager__test">
            <Button kind="submit" disabled=reason_not() busy=test.pending()>{words.test_all}</Button>
            <p class="field__hint">{words.test_all_hint}</p>
            {refusal(test)}
        </ActionForm>
    }
    .into_any()
}

fn summary(pager: &PagerView, words: &'static ChannelWords, locale: Locale) -> AnyView {
    let facts: Vec<AnyView> = vec![
        fact(words.queue, (words.queue_of)(pager.due, pager.sending).into_any()),
        fact(words.oldest_due, maybe(pager.oldest_due, words)),
        fact(words.oldest_unsent, maybe(pager.oldest_unsent, words)),
        fact(words.unheard, (words.unheard_of)(pager.unheard).into_any()),
        fact(words.share, shares(pager.share_day, pager.share_week, words).into_any()),
        fact(words.speed, speed(pager, words, locale).into_any()),
        fact(words.looked_at, maybe(pager.looked_at, words)),
    ];
    view! { <Part title=words.figures.to_owned()><Facts>{facts}</Facts></Part> }.into_any()
}

fn fact(name: &'static str, value: AnyView) -> AnyView {
    view! { <Fact name=name>{value}</Fact> }.into_any()
}

/// How long ago; a word where there is no such moment.
fn maybe(at: Option<Time>, words: &'static ChannelWords) -> AnyView {
    match at {
        Some(at) => age(at),
        None => view! { <span class="mute">{words.none}</span> }.into_any(),
    }
}

fn shares(day: Option<f64>, week: Option<f64>, words: &ChannelWords) -> String {
    let share = |share: Option<f64>| share.map_or_else(|| "—".to_owned(), figures::percent);
    if week.is_none() { words.none.to_owned() } else { (words.share_of)(&share(day), &share(week)) }
}

fn speed(pager: &PagerView, words: &ChannelWords, locale: Locale) -> String {
    match (pager.p50_ms, pager.p99_ms) {
        (Some(half), Some(most)) => (words.speed_of)(&lasting(half, locale), &lasting(most, locale), pager.pages),
        _ => words.no_pages.to_owned(),
    }
}

/// A figure of the database's, to the millisecond.
fn lasting(ms: f64, locale: Locale) -> String {
    duration(ms.round() as i64, locale)
}

fn channels(channels: Vec<PagerChannel>, words: &'static ChannelWords, locale: Locale) -> AnyView {
    let count = Some(channels.len().to_string());
    let body = if channels.is_empty() {
        view! {
            <Empty title=words.no_channels say=words.no_channels_hint>
                <ButtonLink href=links::CHANNELS.to_owned()>{words.add}</ButtonLink>
            </Empty>
        }
        .into_any()
    } else {
        table(channels, words, locale)
    };
    let more = move || view! { <a class="link" href=links::DELIVERIES>{words.deliveries}</a> };
    view! { <Part title=words.channels.to_owned() count=count more=more>{body}</Part> }.into_any()
}

fn table(channels: Vec<PagerChannel>, words: &'static ChannelWords, locale: Locale) -> AnyView {
    let columns = vec![
        Column::text(words.name),
        Column::text(words.last_success),
        Column::text(words.last_test),
        Column::text(words.share),
        Column::text("p50 / p99"),
    ];
    let rows: Vec<AnyView> = channels.into_iter().map(|channel| line(channel, words, locale)).collect();
    view! { <Table caption=words.channels columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn line(channel: PagerChannel, words: &'static ChannelWords, locale: Locale) -> AnyView {
    let (sent, test) = (maybe(channel.last_sent_at, words), last(channel.test.as_ref()));
    let share = shares(channel.share_day, channel.share_week, words);
    let speed = match (channel.p50_ms, channel.p99_ms) {
        (Some(half), Some(most)) => format!("{} / {}", lasting(half, locale), lasting(most, locale)),
        _ => "—".to_owned(),
    };
    let off = (!channel.enabled).then(|| view! { <small class="table__sub">{words.off}</small> });
    // What it does not take now says more than what its last delivery failed of.
    let trouble = not_taken(channel.stuck.as_ref()).or_else(|| {
        let said: String = channel.trouble?;
        Some(view! { <small class="pager__trouble">{(words.answered)(&said)}</small> }.into_any())
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a class="link" href=links::channel(&channel.name)>{channel.name.clone()}</a>
                {off}
                {trouble}
            </th>
            <Cell label=words.last_success>{sent}</Cell>
            <Cell label=words.last_test>{test}</Cell>
            <Cell label=words.share>{share}</Cell>
            <Cell label="p50 / p99">{speed}</Cell>
        </tr>
    }
    .into_any()
}

/// What was told of the pager itself and goes on. Nothing while all is well: the first line says so.
fn troubles(troubles: Vec<PagerTrouble>, words: &'static ChannelWords) -> AnyView {
    if troubles.is_empty() {
        return ().into_any();
    }
    let rows: Vec<AnyView> = troubles.into_iter().map(|one| trouble(one, words)).collect();
    view! { <Part title=words.troubles.to_owned()><ul class="pager__troubles">{rows}</ul></Part> }.into_any()
}

fn trouble(trouble: PagerTrouble, words: &'static ChannelWords) -> AnyView {
    let (said, since) = ((words.ailment)(trouble.what, trouble.of.as_deref()), age(trouble.since));
    view! {
        <li>
            <span class="pager__trouble">{said}</span>
            <small class="table__sub">{words.trouble_since} " " {since}</small>
        </li>
    }
    .into_any()
}

fn processes(processes: Vec<PagerProcess>, words: &'static ChannelWords) -> AnyView {
    let body = if processes.is_empty() {
        view! { <p class="mute">{words.no_processes}</p> }.into_any()
    } else {
        let columns = vec![
            Column::text(words.process),
            Column::text(words.heard_at),
            Column::text(words.evaluated_at),
            Column::text(words.sender_looked_at),
            Column::number(words.attempts),
            Column::number(words.lost),
        ];
        let rows: Vec<AnyView> = processes.into_iter().map(|one| process(one, words)).collect();
        view! { <Table caption=words.processes columns=columns stacked=true>{rows}</Table> }.into_any()
    };
    view! { <Part title=words.processes.to_owned()>{body}</Part> }.into_any()
}

fn process(process: PagerProcess, words: &'static ChannelWords) -> AnyView {
    let state = (words.process_state)(process.state);
    let class = if process.state == ProcessState::Silent { "pager__trouble" } else { "table__sub" };
    let (heard, evaluated, looked) = (age(process.heard_at), maybe(process.evaluated_at, words), maybe(process.looked_at, words));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {process.host}
                <small class=class>{state}</small>
                <small class="table__sub"><code>{process.name}</code></small>
            </th>
            <Cell label=words.heard_at>{heard}</Cell>
            <Cell label=words.evaluated_at>{evaluated}</Cell>
            <Cell label=words.sender_looked_at>{looked}</Cell>
            <Cell label=words.attempts number=true>{process.attempts}</Cell>
            <Cell label=words.lost number=true>{process.lost}</Cell>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{answer, shares};
    use crate::words::channels::of;
    use api::pager::{Ailment, Verdict};
    use figures::Locale;
    use model::Time;

    #[test]
    fn the_first_line_says_yes_or_no_and_why() {
        let (ja, en) = (of(Locale::Ja), of(Locale::En));
        let (now, then) = (Time(200_400), Time(20_000));
        for (verdict, says) in [
            (Verdict::NoChannel, "No: no channel is set up, so nobody is paged."),
            (Verdict::Asleep(None), "No: this server has not looked for pages yet."),
            (Verdict::Asleep(Some(then)), "No: this server has not looked for pages for 3m."),
            (Verdict::Overdue(then), "No: something has been due for 3m, and nobody sends it."),
            (Verdict::Unheard(then), "No: a page reached nobody 3m ago, and nothing has got through since."),
            (Verdict::Halted(Ailment::EvaluatorLate, then), "No: rules have not been evaluated in time for 3m."),
            (Verdict::Halted(Ailment::DeliveriesLate, then), "No: pages have been stuck for 3m."),
            (Verdict::Works("ops".to_owned(), then), "Yes: ops delivered 3m ago."),
        ] {
            assert_eq!(answer(&verdict, now, en, Locale::En), says);
        }
        let works = Verdict::Works("ops".to_owned(), then);
        assert_eq!(answer(&works, now, ja, Locale::Ja), "届きます。3分前に ops に届きました。");
        assert_eq!(
            answer(&Verdict::Overdue(then), now, ja, Locale::Ja),
            "届きません。3分前に送るはずだったものが、送られていません。"
        );
    }

    #[test]
    fn a_share_of_nothing_is_no_figure() {
        let en = of(Locale::En);
        assert_eq!(shares(None, None, en), "none");
        assert_eq!(shares(None, Some(0.834), en), "— in 24 h, 83.4% in 7 days");
    }
}
