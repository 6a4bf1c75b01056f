//! All dashboards: those with the reader's star first, then by title, found by a word, a tag or a star.

mod filters;

use crate::dashboard_history::refusal::{failed, refusal_before};
use crate::dashboard_history::said::{hidden, moment_text};
use crate::words::dashboards::board_words;
use crate::words::locale;
use api::ask;
use api::dashboards::{DashboardLine, DashboardList, DashboardSearch, DashboardStar, dashboard_find};
use filters::{asked, filters};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use model::links::dashboards as ways;
use ui::button::{ButtonLink, Rank};
use ui::empty::Empty;
use ui::icon::IconName;
use ui::loaded::loaded;
use ui::table::{Cell, Column, Table};

/// The screen at `/dashboards`.
#[component]
pub fn DashboardsScreen() -> impl IntoView {
    let search = use_location().search;
    let wanted: Memo<DashboardSearch> = Memo::new(move |_| search.with(|search| asked(search)));
    let star: ServerAction<DashboardStar> = ServerAction::new();
    let data = ask(move || wanted.get(), dashboard_find);
    let draw = move |list: DashboardList| sheet(&list, &wanted.get_untracked(), star);
    view! {
        <Title text=board_words().title />
        <div class="boards">{loaded(data, draw, failed)}</div>
    }
    .into_any()
}

fn sheet(list: &DashboardList, wanted: &DashboardSearch, star: ServerAction<DashboardStar>) -> AnyView {
    let body: AnyView = if list.n_known == 0 { none(list.may_edit) } else { found(list, wanted, star) };
    view! {
        {head(list.may_edit)}
        {refusal_before(star)}
        {body}
    }
    .into_any()
}

fn head(may_edit: bool) -> AnyView {
    let words = board_words();
    let new = may_edit.then(|| {
        view! { <ButtonLink href=ways::NEW.to_owned() rank=Rank::Main icon=IconName::Plus>{words.new}</ButtonLink> }
    });
    let import = may_edit.then(|| view! { <a class="link" href=ways::IMPORT>{words.import}</a> });
    view! {
        <header class="screen-head screen-head--row">
            <h1>{words.title}</h1>
            {new}
            <p class="screen-head__lead">{words.lead}</p>
            <p class="screen-head__ways">
                {import}
                <a class="link" href=ways::TRASH>{words.trash}</a>
            </p>
        </header>
    }
    .into_any()
}

/// There are none at all, not even those that are shipped.
fn none(may_edit: bool) -> AnyView {
    let words = board_words();
    let acts = may_edit.then(|| {
        view! {
            <p class="boards__acts">
                <ButtonLink href=ways::NEW.to_owned()>{words.new}</ButtonLink>
                <ButtonLink href=ways::IMPORT.to_owned()>{words.import}</ButtonLink>
            </p>
        }
    });
    view! { <Empty title=words.none say=words.none_hint>{acts}</Empty> }.into_any()
}

fn found(list: &DashboardList, wanted: &DashboardSearch, star: ServerAction<DashboardStar>) -> AnyView {
    let words = board_words();
    let body: AnyView = if list.all.is_empty() {
        view! { <Empty title=words.nothing say=words.nothing_hint /> }.into_any()
    } else {
        table(&list.all, star)
    };
    let n_listed: usize = list.all.len();
    let is_cut: bool = u32::try_from(n_listed).is_ok_and(|n| n < list.total);
    let said: String = if is_cut { (words.cut)(n_listed, list.total) } else { (words.found)(list.total) };
    view! {
        {filters(list, wanted)}
        <p class="mute" role="status">{said}</p>
        {body}
    }
    .into_any()
}

fn table(all: &[DashboardLine], star: ServerAction<DashboardStar>) -> AnyView {
    let words = board_words();
    let columns = vec![
        Column::text(""),
        Column::text(words.dashboard),
        Column::text(words.tag),
        Column::number(words.panels),
        Column::text(words.changed),
    ];
    let rows: Vec<AnyView> = all.iter().map(|line| row(line, star)).collect();
    view! { <Table caption=words.title columns=columns stacked=true>{rows}</Table> }.into_any()
}

fn row(line: &DashboardLine, star: ServerAction<DashboardStar>) -> AnyView {
    let words = board_words();
    let title: String = line.title.read(locale()).to_owned();
    let about = (!line.about.is_empty()).then(|| view! { <small class="boards__about">{line.about.clone()}</small> });
    let shipped = (line.version == 0).then(|| {
        view! { <span class="boards__mark" title=words.shipped_hint>{words.shipped}</span> }
    });
    let (href, key): (String, String) = (ways::one(&line.slug), format!("board {}", line.slug));
    let (tags, n_panels, changed): (AnyView, String, String) = (tags(line), line.n_panels.to_string(), changed(line));
    let starred: AnyView = star_form(&line.slug, &title, line.is_starred, star);
    view! {
        <tr role="row" data-key=key>
            <td class="boards__star" role="cell">{starred}</td>
            <th scope="row" role="rowheader"><a class="link boards__name" href=href>{title}</a> " " {shipped} {about}</th>
            <Cell label=words.tag wide=true>{tags}</Cell>
            <Cell label=words.panels number=true>{n_panels}</Cell>
            <Cell label=words.changed wide=true>{changed}</Cell>
        </tr>
    }
    .into_any()
}

fn tags(line: &DashboardLine) -> AnyView {
    let team = line.team.clone().map(|team| view! { <span class="soft">{team}</span> " " });
    let tags: Vec<AnyView> = line.tags.iter().map(|tag| tag_link(tag)).collect();
    view! { {team} <span class="boards__tags">{tags}</span> }.into_any()
}

/// The way to all dashboards with that tag.
pub fn tag_link(tag: &str) -> AnyView {
    view! { <a class="link" href=ways::tagged(tag)>{tag.to_owned()}</a> }.into_any()
}

/// When it was changed last, and by whom; nothing of one that is as it was shipped.
fn changed(line: &DashboardLine) -> String {
    let said: [Option<String>; 2] = [line.at.map(moment_text), line.by.clone()];
    said.into_iter().flatten().collect::<Vec<String>>().join(" · ")
}

/// The reader's star: pressed while it has one.
pub fn star_form(slug: &str, title: &str, is_starred: bool, star: ServerAction<DashboardStar>) -> AnyView {
    let (sign, pressed): (&'static str, &'static str) = if is_starred { ("★", "true") } else { ("☆", "false") };
    let label: String = (board_words().star)(title);
    let hint: String = label.clone();
    let wanted: &'static str = if is_starred { "false" } else { "true" };
    let fields = view! {
        {hidden("slug", slug)}
        {hidden("is_starred", wanted)}
        <button class="boards__press" type="submit" aria-pressed=pressed aria-label=label title=hint>
            <span aria-hidden="true">{sign}</span>
        </button>
    };
    view! { <ActionForm action=star>{fields}</ActionForm> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Said;
    use model::Time;

    fn line(slug: &str, version: i64) -> DashboardLine {
        DashboardLine {
            slug: slug.to_owned(),
            title: Said::same("<Web>"),
            tags: vec!["http".to_owned()],
            version,
            at: (version > 0).then_some(Time(0)),
            by: (version > 0).then(|| "佐藤".to_owned()),
            ..DashboardLine::default()
        }
    }

    fn html(list: &DashboardList) -> String {
        sheet(list, &DashboardSearch::default(), ServerAction::new()).to_html()
    }

    #[test]
    fn what_is_shipped_is_told_apart_and_titles_are_text() {
        let owner = Owner::new();
        owner.set();
        let list = DashboardList { all: vec![line("web", 0)], total: 1, n_known: 1, ..DashboardList::default() };
        let shipped: String = html(&list);
        assert!(shipped.contains("同梱") && !shipped.contains("<Web>"), "{shipped}");
        assert!(!shipped.contains("新規作成"), "who may not edit is not offered to");
        let list = DashboardList { all: vec![line("web", 3)], may_edit: true, ..list };
        let changed: String = html(&list);
        assert!(!changed.contains("同梱") && changed.contains("佐藤") && changed.contains("新規作成"), "{changed}");
    }

    #[test]
    fn a_list_that_is_cut_says_so_and_one_without_rows_what_fills_it() {
        let owner = Owner::new();
        owner.set();
        let many = DashboardList { all: vec![line("web", 0)], total: 5_000, n_known: 5_000, ..DashboardList::default() };
        assert!(html(&many).contains("5000 件のうち 1 件"));
        assert!(html(&DashboardList { n_known: 3, ..DashboardList::default() }).contains(board_words().nothing));
        assert!(html(&DashboardList::default()).contains(board_words().none));
    }
}
