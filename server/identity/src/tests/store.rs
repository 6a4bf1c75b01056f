//! Looks and pokes at the room's own tables, past its methods.

use kernel::Db;

/// The one token's row, as text.
pub(crate) async fn token_as_text(db: &Db) -> String {
    sqlx::query_scalar("select api_token::text from api_token").fetch_one(db.pool()).await.unwrap()
}

/// Gives every token another secret than the one in its text.
pub(crate) async fn swap_token_secrets(db: &Db) {
    sqlx::query("update api_token set secret_hash = sha256('another')").execute(db.pool()).await.unwrap();
}
