//! What differs between two versions, change by change: where, what it was, what it is.

use super::place::{place_text, value_text};
use crate::words::dashboard_keeping::keeping_words;
use api::dashboards::keeping::view::{ChangesView, VersionsView};
use dashboard::{Difference, Said};
use leptos::prelude::*;
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// All of it, or that there is none.
pub(super) fn changes(view: &VersionsView, found: &ChangesView) -> AnyView {
    let words = keeping_words();
    let between: String = format!("{} → {}", (words.version_number)(view.old), (words.version_number)(view.new));
    if found.changes.is_empty() {
        return view! {
            <Part title=words.difference.to_owned() id="difference">
                <p>{between}</p>
                <p class="mute">{words.no_difference}</p>
            </Part>
        }
        .into_any();
    }
    let columns = vec![Column::text(words.place), Column::text(words.before), Column::text(words.after)];
    let rows: Vec<AnyView> = found.changes.iter().map(|one| row(one, &found.titles)).collect();
    let n_shown: u32 = u32::try_from(found.changes.len()).unwrap_or(u32::MAX);
    let left: u32 = found.total.saturating_sub(n_shown);
    let more = (left > 0).then(|| view! { <p class="mute">{(words.more_changes)(left)}</p> });
    view! {
        <Part title=words.difference.to_owned() count=Some((words.n_changes)(found.total)) id="difference">
            <p>{between}</p>
            <Table caption=words.difference columns=columns stacked=true>{rows}</Table>
            {more}
        </Part>
    }
    .into_any()
}

fn row(one: &Difference, titles: &[(String, Said)]) -> AnyView {
    let words = keeping_words();
    let place: String = place_text(&one.path, titles);
    let (before, after): (String, String) = (value_text(&one.path, &one.before), value_text(&one.path, &one.after));
    let before: AnyView =
        if before.is_empty() { absent() } else { view! { <del class="keeping__gone">{before}</del> }.into_any() };
    let after: AnyView = if after.is_empty() { absent() } else { view! { <ins class="keeping__come">{after}</ins> }.into_any() };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{place}</th>
            <Cell label=words.before wide=true>{before}</Cell>
            <Cell label=words.after wide=true>{after}</Cell>
        </tr>
    }
    .into_any()
}

fn absent() -> AnyView {
    view! { <span class="mute">{keeping_words().absent}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::changes;
    use api::dashboards::keeping::view::{ChangesView, VersionsView};
    use dashboard::{Difference, Said};
    use leptos::prelude::*;

    fn html(all: Vec<Difference>, total: u32) -> String {
        let view = VersionsView {
            slug: "host".to_owned(),
            title: Said::same("Host"),
            may_edit: false,
            versions: Vec::new(),
            old: 0,
            new: 2,
            changes: None,
        };
        let titles = vec![("cpu".to_owned(), Said { ja: "CPU使用率".to_owned(), en: "CPU".to_owned() })];
        changes(&view, &ChangesView { changes: all, total, titles }).to_html().replace("<!>", "")
    }

    #[test]
    fn a_change_says_where_what_it_was_and_what_it_is() {
        let owner = Owner::new();
        owner.set();
        let one = Difference { path: "panels[cpu].max".to_owned(), before: String::new(), after: "<100>".to_owned() };
        let found: String = html(vec![one], 3);
        for part in ["パネル「CPU使用率」 › 最大", "&lt;100&gt;</ins>", "なし", "出荷時 → 版 2", "ほかに 2 件"]
        {
            assert!(found.contains(part), "{part}: {found}");
        }
        assert!(html(Vec::new(), 0).contains("違いはありません"));
    }
}
