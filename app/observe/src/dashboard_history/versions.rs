//! The list of versions. Which two are compared is chosen in it, and sent by the form above it.

use super::said::{hidden, moment_text};
use crate::words::dashboard_keeping::keeping_words;
use api::dashboards::keeping::DashboardRestore;
use api::dashboards::keeping::view::{VersionLine, VersionsView};
use leptos::form::ActionForm;
use leptos::prelude::*;
use model::links;
use model::links::dashboards as ways;
use ui::button::{Button, Rank};
use ui::part::Part;
use ui::table::{Cell, Column, Table};

/// The form that compares; the choices in the list name it.
const COMPARE: &str = "versions-compare";

/// The newest first.
pub(super) fn versions(view: &VersionsView, restore: ServerAction<DashboardRestore>) -> AnyView {
    let words = keeping_words();
    let columns = vec![
        Column::text(words.version),
        Column::text(words.older),
        Column::text(words.newer),
        Column::text(words.when),
        Column::text(words.who),
        Column::text(words.comment),
        Column::text(""),
    ];
    let rows: Vec<AnyView> = view.versions.iter().map(|version| row(view, version, restore)).collect();
    let compare: Option<AnyView> = (view.versions.len() > 1).then(|| compare(&view.slug));
    view! {
        <Part title=words.versions.to_owned() id="versions">
            {compare}
            <Table caption=words.versions columns=columns stacked=true>{rows}</Table>
        </Part>
    }
    .into_any()
}

fn compare(slug: &str) -> AnyView {
    let (words, action): (_, String) = (keeping_words(), ways::history(slug));
    view! {
        <form class="keeping__compare" id=COMPARE method="get" action=action>
            <p class="mute">{words.compare_hint}</p>
            <Button kind="submit">{words.compare}</Button>
        </form>
    }
    .into_any()
}

fn row(view: &VersionsView, version: &VersionLine, restore: ServerAction<DashboardRestore>) -> AnyView {
    let words = keeping_words();
    let (number, is_newest): (String, bool) = ((words.version_number)(version.version), is_newest(view, version));
    let newest = is_newest.then(|| view! { " " <small class="mute">{words.newest}</small> });
    let when: String = version.at.map(moment_text).unwrap_or_default();
    let origin: &'static str = (words.origins)(&version.origin);
    // Nobody saved what was shipped.
    let who: String = match &version.by {
        Some(by) => by.clone(),
        None if version.origin == "shipped" => String::new(),
        None => words.nobody.to_owned(),
    };
    let old: AnyView = pick("old", version.version, view.old, (words.as_older)(&number));
    let new: AnyView = pick("new", version.version, view.new, (words.as_newer)(&number));
    let (comment, on): (String, AnyView) = (version.comment.clone(), ways_of(view, version, &number, is_newest, restore));
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{number} {newest}</th>
            <Cell label=words.older>{old}</Cell>
            <Cell label=words.newer>{new}</Cell>
            <Cell label=words.when>{when}</Cell>
            <Cell label=words.who>{who}</Cell>
            <Cell label=words.comment wide=true>
                <span class="keeping__said">{comment}</span>
                " "
                <small class="mute">{origin}</small>
            </Cell>
            <td class="table__act" role="cell">{on}</td>
        </tr>
    }
    .into_any()
}

fn is_newest(view: &VersionsView, version: &VersionLine) -> bool {
    view.versions.first().is_some_and(|newest| newest.version == version.version)
}

/// One of the two that are compared.
fn pick(name: &'static str, version: i64, chosen: i64, label: String) -> AnyView {
    let (value, is_chosen): (String, bool) = (version.to_string(), version == chosen);
    view! {
        <label class="keeping__pick">
            <input type="radio" form=COMPARE name=name value=value checked=is_chosen aria-label=label />
        </label>
    }
    .into_any()
}

/// What leads on from a version.
fn ways_of(
    view: &VersionsView,
    version: &VersionLine,
    number: &str,
    is_newest: bool,
    restore: ServerAction<DashboardRestore>,
) -> AnyView {
    let words = keeping_words();
    let file: String = format!("{}?version={}", ways::export(&view.slug), version.version);
    let label: String = (words.yaml_of)(number);
    let notes = (version.n_notes > 0).then(|| {
        let href: String = format!("{}?made={}&version={}#not-mapped", ways::IMPORT, links::encode(&view.slug), version.version);
        view! { <a class="link" href=href>{(words.notes)(version.n_notes)}</a> }
    });
    let form: Option<AnyView> = (view.may_edit && !is_newest).then(|| restoring(&view.slug, version.version, number, restore));
    view! {
        <span class="keeping__acts">
            {notes}
            <a class="link" href=file rel="external" aria-label=label>"YAML"</a>
            {form}
        </span>
    }
    .into_any()
}

fn restoring(slug: &str, version: i64, number: &str, restore: ServerAction<DashboardRestore>) -> AnyView {
    let words = keeping_words();
    let (label, sure): (String, String) = (format!("{}: {number}", words.restore), (words.restore_sure)(number));
    let fields = view! {
        {hidden("slug", slug)}
        {hidden("version", &version.to_string())}
        <Button kind="submit" rank=Rank::Row>{words.restore_do}</Button>
    };
    view! {
        <details class="menu keeping__menu" data-closes="">
            <summary class="button button--row" aria-label=label>{words.restore}</summary>
            <div class="menu__list">
                <p class="keeping__sure">{sure}</p>
                <ActionForm action=restore>{fields}</ActionForm>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::versions;
    use api::dashboards::keeping::view::{VersionLine, VersionsView};
    use dashboard::Said;
    use leptos::prelude::*;
    use model::Time;

    fn line(version: i64, n_notes: u32) -> VersionLine {
        let (at, by) = if version == 0 { (None, None) } else { (Some(Time(0)), Some("佐藤".to_owned())) };
        let origin: &str = if version == 0 { "shipped" } else { "console" };
        VersionLine { version, at, by, comment: "<b>".to_owned(), origin: origin.to_owned(), n_notes }
    }

    fn html(may_edit: bool) -> String {
        let view = VersionsView {
            slug: "host".to_owned(),
            title: Said::same("Host"),
            may_edit,
            versions: vec![line(2, 0), line(1, 4), line(0, 0)],
            old: 1,
            new: 2,
            changes: None,
        };
        versions(&view, ServerAction::new()).to_html()
    }

    #[test]
    fn every_version_can_be_compared_and_the_newest_two_are_chosen() {
        let owner = Owner::new();
        owner.set();
        let found: String = html(false);
        assert_eq!((found.matches("type=\"radio\"").count(), found.matches(" checked").count()), (6, 2), "{found}");
        for part in ["出荷時", "&lt;b&gt;", "取り込めなかった設定 4 件", "made=host&amp;version=1", "標準で付属"]
        {
            assert!(found.contains(part), "{part}: {found}");
        }
    }

    #[test]
    fn every_version_but_the_newest_can_be_restored_by_who_may_edit() {
        let owner = Owner::new();
        owner.set();
        let found: String = html(true);
        assert!(found.contains("この版に戻す: 出荷時") && found.contains("この版に戻す: 版 1"), "{found}");
        assert!(!found.contains("この版に戻す: 版 2") && !html(false).contains("この版に戻す"), "{found}");
    }
}
