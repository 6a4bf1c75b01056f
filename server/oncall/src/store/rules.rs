//! `oncall_personal_rule`.

use crate::contacts::ContactId;
use crate::personal::{PersonalRule, Urgency};
use kernel::Tx;
use model::ids::PersonId;
use uuid::Uuid;

/// Somebody's rules, in their order.
pub(crate) async fn of(tx: &mut Tx, person: PersonId, urgency: Urgency) -> Result<Vec<PersonalRule>, sqlx::Error> {
    let rows = sqlx::query!(
        "select
           after_ms,
           contact
         from oncall_personal_rule
         where person = $1
           and urgency = $2
         order by position",
        person.0,
        urgency.as_str(),
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| PersonalRule { after_ms: row.after_ms, contact: ContactId(row.contact) }).collect())
}

/// Writes somebody's rules in the place of those they had.
pub(crate) async fn replace(tx: &mut Tx, person: PersonId, urgency: Urgency, rules: &[PersonalRule]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from oncall_personal_rule
         where person = $1
           and urgency = $2",
        person.0,
        urgency.as_str(),
    )
    .execute(&mut **tx)
    .await?;
    let after: Vec<i64> = rules.iter().map(|rule| rule.after_ms).collect();
    let contacts: Vec<Uuid> = rules.iter().map(|rule| rule.contact.0).collect();
    sqlx::query!(
        "insert into oncall_personal_rule (person, urgency, position, after_ms, contact)
         select
           $1::uuid,
           $2::text,
           (rules.position - 1)::integer,
           rules.after_ms,
           rules.contact
         from unnest($3::bigint[], $4::uuid[]) with ordinality as rules (after_ms, contact, position)",
        person.0,
        urgency.as_str(),
        &after,
        &contacts,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
