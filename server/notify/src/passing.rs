//! The next channel: when one refused a page, or has not taken it in time.
//!
//! One way for all of it: a moment in the row. It is reached by a refusal at once, by silence after a minute, and it is a row, so that no
//! crash in between loses the page.

use crate::deliveries::{DeliveryId, PASS_ON_AFTER_MS, State};
use crate::error::Error;
use crate::history::{self, About};
use crate::needs::Personal;
use crate::outbox::passed_key;
use crate::personal;
use crate::store;
use crate::store::outbox::Row;
use crate::store::passing::Waiting;
use kernel::{Db, Tx};
use model::Time;
use serde_json::json;

/// Asks the next channel for every page whose time has come, and says for how many.
pub(crate) async fn pass_on(db: &Db, people: Option<&dyn Personal>, now: Time) -> Result<usize, Error> {
    let mut tx: Tx = db.begin().await?;
    let waiting: Vec<Waiting> = store::passing::waiting(&mut tx, now).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let last_resort: Option<String> = store::settings::last_resort(&mut tx).await?;
    for one in &waiting {
        if personal::is_personal(&one.row.channel) {
            personal::tell_waiting(&mut tx, people, one).await?;
            store::passing::settle(&mut tx, one.row.id).await?;
            continue;
        }
        pass_one(&mut tx, one, last_resort.as_deref(), now).await?;
        store::passing::settle(&mut tx, one.row.id).await?;
    }
    tx.commit().await?;
    Ok(waiting.len())
}

async fn pass_one(tx: &mut Tx, one: &Waiting, last_resort: Option<&str>, now: Time) -> Result<(), Error> {
    let row: &Row = &one.row;
    let about = About { delivery: row.id.0, kind: row.kind.as_str(), channel: &row.channel, alerts: &row.alerts };
    let Some((channel, rest)) = after(row, last_resort) else {
        if one.state == State::Failed {
            tracing::error!(delivery = %row.id, channel = row.channel, "a page failed, and there is no other channel to ask");
            history::append(tx, &about, history::UNDELIVERED, now, json!({})).await?;
        }
        return Ok(());
    };
    let inserted: bool = store::outbox::insert(tx, &passed(row, &channel, rest, now)).await?;
    if inserted {
        history::append(tx, &about, history::PASSED_ON, now, json!({ "to": channel })).await?;
    }
    Ok(())
}

/// The channel that comes next and those after it: the first that had no chance yet, else the one of last resort.
fn after(row: &Row, last_resort: Option<&str>) -> Option<(String, Vec<String>)> {
    let had_its_chance = |name: &str| name == row.channel || row.tried.iter().any(|tried| tried == name);
    if let Some(at) = row.next.iter().position(|name| !had_its_chance(name)) {
        return Some((row.next[at].clone(), row.next[at + 1..].to_vec()));
    }
    let last_resort: &str = last_resort.filter(|name| !had_its_chance(name))?;
    Some((last_resort.to_owned(), Vec::new()))
}

fn passed(row: &Row, channel: &str, rest: Vec<String>, now: Time) -> Row {
    let mut tried: Vec<String> = row.tried.clone();
    tried.push(row.channel.clone());
    Row {
        id: DeliveryId(kernel::ids::new_uuid()),
        key: passed_key(&row.key, channel),
        channel: channel.to_owned(),
        next: rest,
        tried,
        at: now,
        pass_on_at: Some(now.plus_ms(PASS_ON_AFTER_MS)),
        ..row.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Kind;
    use serde_json::Value;

    fn texts(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn row(channel: &str, next: &[&str], tried: &[&str]) -> Row {
        Row {
            id: DeliveryId(uuid::Uuid::nil()),
            key: "k".to_owned(),
            group: "g".to_owned(),
            kind: Kind::Fired,
            origin: "chat".to_owned(),
            channel: channel.to_owned(),
            next: texts(next),
            tried: texts(tried),
            alerts: vec![1],
            withdrawn: Vec::new(),
            words: Value::Null,
            why: String::new(),
            at: Time(0),
            pass_on_at: None,
            superseded: None,
        }
    }

    #[test]
    fn every_channel_gets_one_chance_in_order_and_the_last_resort_comes_last() {
        type Next<'a> = (&'a str, &'a [&'a str]);
        let table: [(Row, Option<&str>, Option<Next<'_>>); 7] = [
            (row("chat", &["mail", "phone"], &[]), None, Some(("mail", &["phone"]))),
            (row("mail", &["phone"], &["chat"]), Some("admins"), Some(("phone", &[]))),
            (row("phone", &[], &["chat", "mail"]), Some("admins"), Some(("admins", &[]))),
            (row("chat", &["chat", "mail"], &[]), None, Some(("mail", &[]))),
            (row("mail", &["chat"], &["chat"]), None, None),
            (row("admins", &[], &["chat"]), Some("admins"), None),
            (row("chat", &[], &["admins"]), Some("admins"), None),
        ];
        for (row, last_resort, expected) in table {
            let expected: Option<(String, Vec<String>)> = expected.map(|(name, rest)| (name.to_owned(), texts(rest)));
            assert_eq!(after(&row, last_resort), expected, "{} then {:?}", row.channel, row.next);
        }
    }

    #[test]
    fn what_is_passed_on_has_a_key_of_its_own_and_remembers_where_it_was() {
        let passed: Row = passed(&row("chat", &["mail"], &[]), "mail", Vec::new(), Time(5));
        assert_eq!((passed.key.as_str(), passed.origin.as_str(), passed.tried), ("k>mail", "chat", texts(&["chat"])));
        assert_eq!(passed.pass_on_at, Some(Time(5 + PASS_ON_AFTER_MS)));
    }
}
