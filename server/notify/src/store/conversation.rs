//! `delivery` as what one channel was told about one group.

use super::kind;
use crate::conversation::Spoken;
use crate::error::Error;
use crate::store::claims::Claimed;
use kernel::Db;
use model::Severity;

/// More is months of repetitions.
const MOST: i64 = 600;

/// Everything that was said in the conversation of a delivery, besides itself, and has a name at the provider; the oldest first.
pub(crate) async fn spoken(db: &Db, claimed: &Claimed) -> Result<Vec<Spoken>, Error> {
    let rows = sqlx::query!(
        r#"select
             id,
             kind,
             reference as "reference!",
             (
               select min(told.word ->> 'severity')
               from jsonb_array_elements(case jsonb_typeof(words) when 'array' then words else '[]'::jsonb end) as told (word)
               where told.word ->> 'holder' is null
                 and told.word ->> 'resolved_at' is null
             ) as "worst?"
           from delivery
           where group_key = $1
             and channel = $2
             and reference is not null
             and id <> $3
           order by seq desc
           limit $4"#,
        claimed.group,
        claimed.channel,
        claimed.id.0,
        MOST,
    )
    .fetch_all(db.pool())
    .await?;
    let mut spoken: Vec<Spoken> = Vec::with_capacity(rows.len());
    for row in rows.into_iter().rev() {
        // Words that can't be read have no severity, as in a page.
        let worst: Option<Severity> = row.worst.and_then(|word| Severity::from_word(&word.to_ascii_uppercase()));
        spoken.push(Spoken { kind: kind(&row.id.to_string(), &row.kind)?, reference: row.reference, worst });
    }
    Ok(spoken)
}
