//! A schedule at this moment: who has which duty, until when, and whether a page reaches them.

use super::said::{distance_text, finding_text, is_person, moment, reach, source_text, span_text, who_text};
use crate::words::duty::{duty_words, role_text};
use crate::words::locale;
use crate::words::oncall::oncall_words;
use api::oncall::{DutyNow, FindingKind, GapView, OncallView, ScheduleCard};
use figures::Zone;
use leptos::prelude::*;
use model::links;
use model::rota::DutyRole;
use ui::context::use_look;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// Findings of one schedule that are told at once.
const MOST_FINDINGS: usize = 6;

/// The part of one schedule on the screen of all.
pub fn card(one: &ScheduleCard, view: &OncallView) -> AnyView {
    let words = oncall_words();
    let (title, href): (String, String) = (one.title.read(locale()).to_owned(), links::schedule(&one.name));
    let cover = (one.n_open_swaps > 0).then(|| {
        let (said, href): (String, String) = ((words.open_swaps)(one.n_open_swaps), format!("{href}#swaps"));
        view! { <p><a class="link" href=href>{said}</a></p> }
    });
    let asks = view.can_shift.then(|| format!("{href}#cover-role"));
    let (clock, roster): (String, String) = (clock(&one.zone), href.clone());
    let more = move || {
        let asks = asks.clone().map(|href| view! { <a class="link" href=href>{oncall_words().ask_cover}</a> });
        view! {
            <span class="mute">{clock.clone()}</span>
            {asks}
            <a class="link" href=roster.clone()>{duty_words().roster}</a>
        }
    };
    let drawn: AnyView = duties(&one.duties, &one.zone);
    view! {
        <Part title=title count=one.owner.clone() more=more>
            {drawn}
            {cover}
        </Part>
    }
    .into_any()
}

/// Which moment it is there.
pub fn clock(zone: &Zone) -> String {
    let look = use_look();
    format!("{} {}", crate::words::duty::moment_text(look.now_ms, zone, look.locale), zone.abbreviation)
}

/// Every duty, a block each.
pub fn duties(all: &[DutyNow], zone: &Zone) -> AnyView {
    let blocks: Vec<AnyView> = all.iter().map(|duty| block(duty, zone)).collect();
    view! { <div class="duty-card">{blocks}</div> }.into_any()
}

fn block(duty: &DutyNow, zone: &Zone) -> AnyView {
    let source: &'static str = source_text(duty.source);
    let role: String = role_text(&duty.role);
    let role: String = if source.is_empty() { role } else { format!("{role} · {source}") };
    let name: &'static str = match (is_person(&duty.who), duty.role == DutyRole::Primary) {
        (false, _) => "duty-card__name duty-card__name--none",
        (true, true) => "duty-card__name",
        (true, false) => "duty-card__name duty-card__name--second",
    };
    let reached = duty.reach.as_ref().map(|found| view! { <span class="duty-card__how">{reach(found)}</span> });
    view! {
        <div class="duty-card__one">
            <span class="duty-card__role">{role}</span>
            <b class=name>{who_text(&duty.who)}</b>
            <span class="duty-card__until">{until(duty, zone)}</span>
            {reached}
        </div>
    }
    .into_any()
}

/// Until when, and how long that is from now.
fn until(duty: &DutyNow, zone: &Zone) -> AnyView {
    let Some(at) = duty.until else {
        return view! { <span>{oncall_words().no_end}</span> }.into_any();
    };
    let (before, after): (&'static str, &'static str) = oncall_words().until;
    view! { {before} {moment(at, zone)} {after} <br /> {(oncall_words().left)(&distance_text(at))} }.into_any()
}

/// What is wrong with one schedule.
pub fn findings(one: &ScheduleCard) -> AnyView {
    let title: String = one.title.read(locale()).to_owned();
    view! {
        <section class="findings">
            <h3 class="findings__title"><a class="link" href=links::schedule(&one.name)>{title}</a></h3>
            {finding_list(one)}
        </section>
    }
    .into_any()
}

/// The findings as a list, the gaps first.
pub fn finding_list(one: &ScheduleCard) -> AnyView {
    let words = oncall_words();
    let gaps: Vec<AnyView> = one.gaps.iter().take(MOST_FINDINGS).map(|gap| gap_line(gap, &one.zone)).collect();
    let others = one.findings.iter().filter(|finding| finding.kind != FindingKind::Gap);
    let lines: Vec<AnyView> = others.clone().take(MOST_FINDINGS).map(|finding| line(finding_text(finding, &one.zone))).collect();
    let n_gaps: usize = usize::try_from(one.n_gaps).unwrap_or(usize::MAX);
    let n_rest: usize = n_gaps.saturating_sub(gaps.len()) + others.count().saturating_sub(lines.len());
    let rest = (n_rest > 0).then(|| view! { <li class="findings__one mute">{(words.and_more)(n_rest)}</li> });
    view! { <ul class="findings__list">{gaps}{lines}{rest}</ul> }.into_any()
}

fn gap_line(gap: &GapView, zone: &Zone) -> AnyView {
    line((oncall_words().find_gap)(&role_text(&gap.role), &span_text(gap.from, gap.until, zone)))
}

fn line(said: String) -> AnyView {
    view! { <li class="findings__one"><Icon name=IconName::Warn /><span>{said}</span></li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{duties, finding_list};
    use api::Text;
    use api::oncall::{DutyNow, GapView, PersonName, ReachView, ScheduleCard, SourceView, WayKind, WhoView};
    use figures::Zone;
    use leptos::prelude::*;
    use model::Time;
    use model::rota::DutyRole;

    fn duty(role: DutyRole, who: WhoView, reach: Option<ReachView>) -> DutyNow {
        DutyNow { role, who, source: Some(SourceView::Override), until: Some(Time(3_600_000)), reach }
    }

    #[test]
    fn a_duty_says_who_why_until_when_and_how_they_are_reached() {
        let owner = Owner::new();
        owner.set();
        let id = "00000000-0000-0000-0000-000000000007".parse().unwrap();
        let person = WhoView::Person(PersonName { id, name: "佐藤 健".to_owned(), is_me: false });
        let reach = Some(ReachView::By(vec![WayKind::Push, WayKind::Voice]));
        let html = duties(&[duty(DutyRole::Primary, person, reach)], &Zone::utc()).to_html();
        for part in ["佐藤 健", "プライマリ · 上書き", "1/1(木) 01:00", "電話"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let html = duties(&[duty(DutyRole::Secondary, WhoView::Gap, None)], &Zone::utc()).to_html();
        assert!(html.contains("duty-card__name--none") && html.contains("空き"), "{html}");
    }

    #[test]
    fn what_is_not_shown_of_the_findings_is_counted() {
        let owner = Owner::new();
        owner.set();
        let gap = GapView { role: DutyRole::Primary, from: Time(0), until: Time(3_600_000), is_meant: false };
        let card = ScheduleCard {
            name: "a".to_owned(),
            title: Text::default(),
            owner: None,
            zone: Zone::utc(),
            duties: Vec::new(),
            next: Vec::new(),
            gaps: vec![gap; 8],
            n_gaps: 20,
            findings: Vec::new(),
            looked_at: None,
            n_open_swaps: 0,
        };
        let html = finding_list(&card).to_html();
        assert_eq!(html.matches("findings__one").count(), 7, "{html}");
        assert!(html.contains("14"), "{html}");
    }
}
