//! What something would change, before it is done: who instead of whom, and the gaps there would be.

use super::said::{finding_text, length_text, moment, whos};
use crate::words::duty::role_text;
use crate::words::oncall::oncall_words;
use api::oncall::schedule::{ChangeView, PreviewView};
use figures::Zone;
use leptos::prelude::*;
use ui::icon::{Icon, IconName};
use ui::table::{Cell, Column, Table};

/// The plan, under its own heading.
pub fn plan(view: &PreviewView, zone: &Zone) -> AnyView {
    let words = oncall_words();
    let n: usize = usize::try_from(view.n_changes).unwrap_or(usize::MAX);
    let sentence: String = if n == 0 { words.plan_same.to_owned() } else { (words.plan_changes)(n) };
    let rows: Vec<AnyView> = view.changes.iter().map(|change| row(change, zone)).collect();
    let n_rest: usize = n.saturating_sub(rows.len());
    let table = (!rows.is_empty()).then(|| {
        let columns = [words.when, words.role, words.before, words.after].map(Column::text).to_vec();
        view! { <Table caption=words.plan columns=columns stacked=true>{rows}</Table> }
    });
    let rest = (n_rest > 0).then(|| view! { <p class="mute">{(words.and_more)(n_rest)}</p> });
    let gaps = (view.n_gaps > 0).then(|| gaps(view, zone));
    let findings: Vec<AnyView> = view.findings.iter().map(|finding| line(finding_text(finding, zone))).collect();
    let findings = (!findings.is_empty()).then(|| view! { <ul class="findings__list">{findings}</ul> });
    view! {
        <div class="duty-plan" role="status">
            <p class="duty-plan__say">{sentence}</p>
            {table}
            {rest}
            {gaps}
            {findings}
        </div>
    }
    .into_any()
}

fn row(change: &ChangeView, zone: &Zone) -> AnyView {
    let words = oncall_words();
    let (role, before, after): (String, AnyView, AnyView) = (role_text(&change.role), whos(&change.before), whos(&change.after));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {moment(change.from, zone)} " – " {moment(change.until, zone)}
                <small class="table__sub">{length_text(change.from, change.until)}</small>
            </th>
            <Cell label=words.role>{role}</Cell>
            <Cell label=words.before><del class="duty-plan__gone">{before}</del></Cell>
            <Cell label=words.after><ins class="duty-plan__new">{after}</ins></Cell>
        </tr>
    }
    .into_any()
}

/// The gaps there would be: the first few in words.
fn gaps(view: &PreviewView, zone: &Zone) -> AnyView {
    let words = oncall_words();
    let lines: Vec<AnyView> = view
        .gaps
        .iter()
        .map(|gap| {
            let when: String = super::said::span_text(gap.from, gap.until, zone);
            line((words.find_gap)(&role_text(&gap.role), &when))
        })
        .collect();
    let n_rest: usize = usize::try_from(view.n_gaps).unwrap_or(usize::MAX).saturating_sub(lines.len());
    let rest = (n_rest > 0).then(|| view! { <li class="findings__one mute">{(words.and_more)(n_rest)}</li> });
    view! { <ul class="findings__list">{lines}{rest}</ul> }.into_any()
}

fn line(said: String) -> AnyView {
    view! { <li class="findings__one"><Icon name=IconName::Warn /><span>{said}</span></li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::plan;
    use api::oncall::WhoView;
    use api::oncall::schedule::{ChangeView, PreviewView};
    use figures::Zone;
    use leptos::prelude::*;
    use model::Time;
    use model::rota::DutyRole;

    #[test]
    fn a_plan_says_who_instead_of_whom_and_how_much_is_not_shown() {
        let owner = Owner::new();
        owner.set();
        let change = ChangeView {
            role: DutyRole::Primary,
            from: Time(0),
            until: Time(3_600_000),
            before: vec![WhoView::Nobody],
            after: vec![WhoView::Gap],
        };
        let view = PreviewView { changes: vec![change], n_changes: 3, ..PreviewView::default() };
        let html = plan(&view, &Zone::utc()).to_html();
        for part in ["担当者なし", "空き", "1時間", "ほか 2 件"] {
            assert!(html.contains(part), "{part}: {html}");
        }
        let nothing = plan(&PreviewView::default(), &Zone::utc()).to_html();
        assert!(nothing.contains("変わりません") && !nothing.contains("<table"), "{nothing}");
    }
}
