//! What the room says, as the screens have it.

use crate::apis::incidents::names::Names;
use ::api::Text;
use ::api::documents::run::OutcomeView;
use ::api::documents::view::{
    BranchView, DocumentLine, FileView, HeadingView, MarkedPiece, NodeView, RightView, RunBrief, StandingView, WhyView,
};
use documents::markdown::Heading;
use documents::pages::attachments::Attachment;
use documents::pages::runs::{Outcome, Run};
use documents::pages::snippet::Piece;
use documents::pages::tree::Node;
use documents::pages::{Branch, PageRow, Right, Space, Standing, review};
use model::Time;
use model::ids::{DocumentId, IncidentId};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Paths that are named to whoever has to look.
const NAMED: usize = 5;

pub fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub fn branch(branch: Branch) -> BranchView {
    match branch {
        Branch::Technical => BranchView::Technical,
        Branch::Operations => BranchView::Operations,
        Branch::User => BranchView::User,
        Branch::Record => BranchView::Record,
    }
}

pub fn right(right: Right) -> RightView {
    match right {
        Right::None => RightView::None,
        Right::Read => RightView::Read,
        Right::Comment => RightView::Comment,
        Right::Write => RightView::Write,
    }
}

pub fn standing(standing: Standing) -> StandingView {
    match standing {
        Standing::Verified => StandingView::Verified,
        Standing::Unverified => StandingView::Unverified,
        Standing::Due => StandingView::Due,
        Standing::Overdue => StandingView::Overdue,
        Standing::MustReview => StandingView::MustReview,
    }
}

/// The same of a line of the tree, which knows less.
fn standing_of(node: &Node, now: Time) -> StandingView {
    if node.must_review {
        return StandingView::MustReview;
    }
    match node.review_due_at {
        Some(due) if due <= now => StandingView::Overdue,
        Some(due) if due.since(now) <= review::SOON_MS => StandingView::Due,
        _ if node.is_verified => StandingView::Verified,
        _ => StandingView::Unverified,
    }
}

pub fn title(space: &Space) -> Text {
    Text { ja: space.title_ja.clone(), en: space.title_en.clone() }
}

/// Why somebody has to look before the time, as it was written down.
pub fn why(why: &Value) -> WhyView {
    let text = |name: &str| why[name].as_str().unwrap_or_default().to_owned();
    match why["what"].as_str().unwrap_or_default() {
        "incident" => WhyView::Incident(why["incident"].as_i64().map(IncidentId)),
        "paths" => {
            let paths: Vec<&str> = why["paths"].as_array().into_iter().flatten().filter_map(Value::as_str).take(NAMED).collect();
            WhyView::Paths(paths.join(", "), why["url"].as_str().map(str::to_owned))
        }
        "release" => WhyView::Release(format!("{} {}", text("repository"), text("reference")).trim().to_owned()),
        "step" => WhyView::Step { text: text("text"), instead: text("instead") },
        _ => WhyView::Other,
    }
}

pub fn why_of(page: &PageRow) -> Option<WhyView> {
    page.must_review_at.map(|_| page.must_review_why.as_ref().map_or(WhyView::Other, why))
}

/// Who answers for a page, by name.
pub fn owner(page: &PageRow, names: &Names) -> (Option<String>, Option<String>) {
    let person: Option<String> = page.owner_person.map(|id| names.person(id).name).filter(|name| !name.is_empty());
    (names.team(page.owner_team), person)
}

/// A page in a list.
pub fn line(page: &PageRow, spaces: &[Space], names: &Names, now: Time) -> DocumentLine {
    let (team, person): (Option<String>, Option<String>) = owner(page, names);
    DocumentLine {
        slug: page.slug.clone(),
        title: page.title.clone(),
        space: spaces.iter().find(|space| space.id == page.space).map(title).unwrap_or_default(),
        owner: person.or(team).unwrap_or_default(),
        edited_at: page.edited_at,
        due_at: page.review_due_at,
        standing: standing(page.standing(now)),
        why: why_of(page),
    }
}

pub fn pieces(all: &[Piece]) -> Vec<MarkedPiece> {
    all.iter().map(|piece| MarkedPiece { text: piece.text.clone(), is_marked: piece.is_marked }).collect()
}

pub fn headings(all: &[Heading], title: &str) -> Vec<HeadingView> {
    // The first heading is the title of the screen.
    let is_title = |heading: &Heading| heading.level == 1 && heading.text.trim() == title.trim();
    let skipped: usize = usize::from(all.first().is_some_and(is_title));
    let view = |heading: &Heading| HeadingView { level: heading.level, text: heading.text.clone(), id: heading.id.clone() };
    all.iter().skip(skipped).map(view).collect()
}

pub fn file(file: &Attachment) -> FileView {
    FileView {
        id: file.id,
        name: file.name.clone(),
        size: file.size,
        is_picture: file.media_type.starts_with("image/"),
        made_by: file.made_by.clone(),
        made_at: file.made_at,
    }
}

fn outcome(outcome: Outcome) -> OutcomeView {
    match outcome {
        Outcome::Worked => OutcomeView::Worked,
        Outcome::Failed => OutcomeView::Failed,
        Outcome::Stopped => OutcomeView::Stopped,
    }
}

pub fn run(run: &Run, slug: &str) -> RunBrief {
    let (n_done, n): (usize, usize) = run.progress();
    RunBrief {
        id: run.id,
        slug: slug.to_owned(),
        incident: run.incident,
        alert: run.alert,
        began_by: run.began_by.clone(),
        began_at: run.began_at,
        ended_at: run.ended_at,
        outcome: run.outcome.map(outcome),
        outcome_note: run.outcome_note.clone(),
        n_done: count(n_done),
        n: count(n),
    }
}

/// The lines of a space as a tree. What stands below somebody else's is shown at the top, where that may not be seen.
pub fn forest(nodes: Vec<Node>, now: Time, most: usize) -> Vec<NodeView> {
    let known: HashSet<DocumentId> = nodes.iter().map(|node| node.id).collect();
    let mut below: HashMap<Option<DocumentId>, Vec<Node>> = HashMap::new();
    for node in nodes {
        let parent: Option<DocumentId> = node.parent.filter(|parent| known.contains(parent));
        below.entry(parent).or_default().push(node);
    }
    let mut left: usize = most;
    grown(&mut below, None, now, &mut left)
}

fn grown(
    below: &mut HashMap<Option<DocumentId>, Vec<Node>>,
    parent: Option<DocumentId>,
    now: Time,
    left: &mut usize,
) -> Vec<NodeView> {
    let mut views: Vec<NodeView> = Vec::new();
    for node in below.remove(&parent).unwrap_or_default() {
        if *left == 0 {
            break;
        }
        *left -= 1;
        let under: Vec<NodeView> = grown(below, Some(node.id), now, left);
        views.push(view(&node, now, under));
    }
    views
}

fn view(node: &Node, now: Time, below: Vec<NodeView>) -> NodeView {
    NodeView {
        slug: node.slug.clone(),
        title: node.title.clone(),
        standing: standing_of(node, now),
        is_template: node.is_template,
        is_closed: node.right_page == Some(node.id),
        incident: node.incident,
        below,
    }
}

/// One line of it, with nothing below.
pub fn leaf(node: &Node, now: Time) -> NodeView {
    view(node, now, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    fn node(n: u128, parent: Option<u128>) -> Node {
        Node {
            id: DocumentId(Uuid::from_u128(n)),
            parent: parent.map(|n| DocumentId(Uuid::from_u128(n))),
            slug: format!("d{n}"),
            title: format!("D{n}"),
            file_name: None,
            incident: None,
            right_page: None,
            review_due_at: None,
            is_verified: false,
            must_review: false,
            is_template: false,
        }
    }

    #[test]
    fn a_tree_grows_from_its_lines_and_no_further_than_asked() {
        let nodes = vec![node(1, None), node(2, Some(1)), node(3, Some(2)), node(4, None), node(5, Some(99))];
        let grown = forest(nodes.clone(), Time(0), 100);
        let slugs: Vec<&str> = grown.iter().map(|one| one.slug.as_str()).collect();
        assert_eq!(slugs, ["d1", "d4", "d5"], "whose parent may not be seen stands at the top");
        assert_eq!(grown[0].below[0].below[0].slug, "d3");
        assert_eq!(forest(nodes, Time(0), 2).len(), 1);
    }

    #[test]
    fn a_reason_is_read_as_it_was_written() {
        assert_eq!(why(&json!({ "what": "incident", "incident": 42 })), WhyView::Incident(Some(IncidentId(42))));
        let paths = json!({ "what": "paths", "paths": ["a.rs", "b.rs"], "url": "https://git.example/1" });
        assert_eq!(why(&paths), WhyView::Paths("a.rs, b.rs".to_owned(), Some("https://git.example/1".to_owned())));
        assert_eq!(why(&json!({ "what": "odd" })), WhyView::Other);
    }

    #[test]
    fn the_title_is_no_line_of_the_outline() {
        let heading = |level: u8, text: &str| Heading { level, text: text.to_owned(), id: text.to_owned() };
        let all = [heading(1, "復旧手順"), heading(2, "準備")];
        assert_eq!(headings(&all, "復旧手順").len(), 1);
        assert_eq!(headings(&all, "別の題").len(), 2);
    }
}
