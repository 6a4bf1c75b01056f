//! What this part promises, on a real Postgres.

mod commenting;
mod remembering;
mod suggesting;

use crate::collab::Body;
use crate::error::Error;
use crate::pages::rights::OwnRights;
use crate::pages::{Branch, NewPage, Right};
use crate::tests::{House, actor};
use crate::writing::Refused;
use kernel::facts::Recorded;
use kernel::{Grant, authorize, facts};
use model::access::{Action, ManageDocuments, WriteDocuments};
use model::ids::DocumentId;

pub(crate) fn grant<A: Action>(n: u128) -> Grant<A> {
    authorize::<A>(&actor(n), None).unwrap()
}

pub(crate) fn writes(n: u128) -> Grant<WriteDocuments> {
    grant(n)
}

/// A page that everybody may write, by person 1.
pub(crate) async fn page(house: &House, text: &str) -> DocumentId {
    let new = NewPage { text: text.to_owned(), ..NewPage::new(Branch::Operations.space(), "手順", &actor(1)) };
    house.documents.make_page(&writes(1), new).await.unwrap()
}

/// Person n writes a whole text.
pub(crate) async fn write(house: &House, id: DocumentId, n: u128, text: &str) -> Body {
    house.documents.put_text(&actor(n), id, text, None).await.unwrap()
}

/// From now on everybody may do so much with a page.
pub(crate) async fn limit(house: &House, id: DocumentId, everyone: Right) {
    let version: i64 = house.documents.page(id).await.unwrap().unwrap().version;
    let rights = OwnRights { everyone, teams: Vec::new() };
    house.documents.set_own_rights(&grant::<ManageDocuments>(8), id, version, Some(&rights)).await.unwrap();
}

pub(crate) async fn facts(house: &House, id: DocumentId, kind: &str) -> Vec<Recorded> {
    let about: Vec<Recorded> = facts::about(&house.db, &format!("document/{id}"), 1_000).await.unwrap();
    about.into_iter().filter(|fact| fact.kind == kind).collect()
}

pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refused {
    match answer {
        Err(Error::Writing(refused)) => refused,
        other => panic!("{other:?} is no refusal"),
    }
}

/// Whether it was refused for want of a right.
pub(crate) fn lacks_right<T: std::fmt::Debug>(answer: Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Pages(crate::pages::Refused::Right { .. })))
}
