//! What to do about an alert: the first steps of its runbook, the run that goes on, or the way to write one.

use super::side::step;
use crate::words::guidance::guidance_words;
use api::documents::alert_guidance;
use api::documents::view::{GuidanceView, GuideView};
use api::{ApiError, Asked, ask};
use leptos::prelude::*;
use model::ids::AlertId;
use model::links::documents as ways;
use ui::button::ButtonLink;
use ui::icon::{Icon, IconName};
use ui::part::Part;

/// What the part shows.
pub type Owned = Asked<Result<GuidanceView, ApiError>>;

/// Asked once for the screen.
pub fn data(id: AlertId) -> Owned {
    ask(move || id, alert_guidance)
}

/// The part; nothing while that is not known.
pub fn part(id: AlertId, data: Owned) -> AnyView {
    let drawn = move || {
        Suspend::new(async move {
            let found: Option<GuidanceView> = data.await.ok();
            found.and_then(|found| drawn(id, &found))
        })
    };
    view! { <Transition>{drawn}</Transition> }.into_any()
}

fn drawn(id: AlertId, found: &GuidanceView) -> Option<AnyView> {
    let words = guidance_words();
    if let Some(guide) = &found.guide {
        return Some(guided(id, guide, found.can_run));
    }
    found.can_make.then(|| {
        let href: String = ways::new_runbook(&found.alertname);
        view! {
            <Part title=words.runbook.to_owned() id="runbook">
                <p class="mute">{words.none}</p>
                <p><ButtonLink href=href icon=IconName::Book>{words.make}</ButtonLink></p>
            </Part>
        }
        .into_any()
    })
}

fn guided(id: AlertId, guide: &GuideView, can_run: bool) -> AnyView {
    let words = guidance_words();
    let steps: Vec<AnyView> = guide.steps.iter().map(|text| step(text)).collect();
    let n_left: usize = (guide.n_steps as usize).saturating_sub(guide.steps.len());
    let rest = (n_left > 0).then(|| view! { <p class="mute">{(words.and_more)(n_left)}</p> });
    let stale =
        guide.standing.is_wanting().then(|| view! { <p class="alert__stale"><Icon name=IconName::Warn /> {words.stale}</p> });
    let (href, title): (String, String) = (ways::document(&guide.slug), guide.title.clone());
    let go = can_run.then(|| match &guide.run {
        Some(run) => {
            let (href, text): (String, String) = (ways::run(&guide.slug, Some(run.id)), (words.go_on)(run.n_done, run.n));
            view! { <ButtonLink href=href icon=IconName::Check>{text}</ButtonLink> }.into_any()
        }
        None if guide.n_steps > 0 => {
            let href: String = ways::run_for_alert(&guide.slug, id);
            view! { <ButtonLink href=href icon=IconName::Play>{words.begin}</ButtonLink> }.into_any()
        }
        None => ().into_any(),
    });
    let more = move || view! { <a class="link" href=href.clone()>{title.clone()}</a> };
    view! {
        <Part title=words.runbook.to_owned() more=more id="runbook">
            {stale}
            <ol class="runbook">{steps}</ol>
            {rest}
            <p class="alert__ways">{go}</p>
        </Part>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::drawn;
    use api::documents::view::{GuidanceView, GuideView, StandingView};
    use leptos::prelude::*;
    use model::ids::AlertId;

    fn guide(standing: StandingView) -> GuideView {
        let steps = vec!["`systemctl restart api` を実行".to_owned(), "復旧を確かめる".to_owned()];
        GuideView { slug: "high-cpu".to_owned(), title: "HighCPU".to_owned(), standing, steps, n_steps: 5, run: None }
    }

    #[test]
    fn an_alert_shows_its_first_steps_or_offers_to_write_them() {
        let owner = Owner::new();
        owner.set();
        let found = |guide: Option<GuideView>| GuidanceView {
            alertname: "HighCPU".to_owned(),
            can_make: guide.is_none(),
            can_run: true,
            guide,
        };
        let html = |found: &GuidanceView| drawn(AlertId(7), found).map(|view| view.to_html()).unwrap_or_default();
        let shown = html(&found(Some(guide(StandingView::Verified))));
        for part in ["<code>systemctl restart api", "/documents/high-cpu/run?alert=A-7", "/documents/high-cpu", "3"] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(html(&found(Some(guide(StandingView::Overdue)))).contains("alert__stale"));
        assert!(html(&found(None)).contains("/documents/new?template=runbook"));
        assert_eq!(html(&GuidanceView { can_make: false, ..found(None) }), "");
    }
}
