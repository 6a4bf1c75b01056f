//! Who may come in, for the pages that go to browsers: nobody who was disabled since reads on.

use crate::house_error::chain;
use async_trait::async_trait;
use identity::Identity;
use model::ids::PersonId;
use notify::needs::People;

/// The people of this installation.
pub struct Staff(pub Identity);

#[async_trait]
impl People for Staff {
    async fn who_may_come_in(&self) -> Option<Vec<(PersonId, String)>> {
        match self.0.people_list().await {
            Ok(people) => {
                let may = people.into_iter().filter(|person| !person.disabled && !person.invited);
                Some(may.map(|person| (person.id, person.email)).collect())
            }
            Err(error) => {
                tracing::warn!(error = chain(&error), "who may come in could not be asked");
                None
            }
        }
    }
}
