//! Browsers that once signed in. Knowing one proves nothing and opens nothing: it only gives the owner a throttle bucket that strangers
//! can't fill.

use crate::error::Error;
use crate::{Identity, secret, store};
use kernel::Tx;
use model::Time;
use model::ids::PersonId;

/// Unused for half a year, a browser is forgotten. The cookie should live as long.
pub const LIFE_MS: i64 = 180 * 24 * 60 * 60 * 1_000;

impl Identity {
    /// The digest of a presented device token, if that very person once signed in with it.
    pub(crate) async fn known_device(
        &self,
        person: Option<PersonId>,
        presented: Option<&str>,
    ) -> Result<Option<[u8; 32]>, Error> {
        let (Some(person), Some(token)) = (person, presented) else { return Ok(None) };
        let digest = secret::digest(token);
        let since = self.now().plus_ms(-LIFE_MS);
        let known = store::devices::is_known(self.db(), person, &digest, since).await?;
        Ok(known.then_some(digest))
    }
}

/// After a success: the presented token, if it is this person's, else a new one.
pub(crate) async fn remember(tx: &mut Tx, person: PersonId, presented: Option<&str>, now: Time) -> Result<String, Error> {
    store::devices::sweep(tx, person, now.plus_ms(-LIFE_MS)).await?;
    if let Some(token) = presented
        && store::devices::touch(tx, person, &secret::digest(token), now).await?
    {
        return Ok(token.to_owned());
    }
    let token = secret::new_token();
    store::devices::remember(tx, person, &secret::digest(&token), now).await?;
    Ok(token)
}
