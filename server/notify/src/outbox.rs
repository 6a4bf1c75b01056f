//! Asking for pages, and taking them back, in the transaction that made it necessary.
//!
//! The newest word about a group is the one that counts: what a newer delivery to the same channel covers is not sent any more. A notice
//! that something is over goes to whoever was summoned, also by way of a channel the page was passed on to, and to nobody else.

use crate::deliveries::{DeliveryId, PASS_ON_AFTER_MS, Withdrawal};
use crate::error::Error;
use crate::history::{self, About};
use crate::orders::NewDelivery;
use crate::page::Kind;
use crate::store;
use crate::store::outbox::{Row, Scope, Taken};
use kernel::Tx;
use model::Time;
use model::ids::AlertId;
use serde_json::{Value, json};

/// Writes deliveries into the caller's transaction.
pub(crate) async fn enqueue(tx: &mut Tx, orders: &[NewDelivery], now: Time) -> Result<(), Error> {
    for order in orders {
        if order.kind.calls() || order.kind == Kind::Test {
            summon(tx, order, now).await?;
        } else {
            notice(tx, order, now).await?;
        }
    }
    Ok(())
}

/// A page takes the place of what the same channel was to be told about the same alerts, and inherits its impatience.
async fn summon(tx: &mut Tx, order: &NewDelivery, now: Time) -> Result<(), Error> {
    if store::outbox::is_known(tx, &order.key).await? {
        return Ok(());
    }
    let numbers: Vec<i64> = order.numbers();
    let scope = Scope { group: Some(&order.group), origin: None, channel: Some(&order.channel), only_summons: false };
    let taken: Vec<Taken> = withdraw_in(tx, &scope, &numbers, Withdrawal::Newer, now).await?;
    let mut row: Row = row(order, order.needing())?;
    if order.kind.calls() {
        let patience_ends: Time = order.at.plus_ms(PASS_ON_AFTER_MS);
        let inherited: Option<Time> = taken.iter().filter_map(|one| one.pass_on_at).min();
        row.pass_on_at = Some(inherited.map_or(patience_ends, |at| at.min(patience_ends)));
    }
    store::outbox::insert(tx, &row).await?;
    Ok(())
}

/// A notice withdraws the pages it makes needless, and follows those that went out. It may tell of alerts that still need somebody:
/// their pages stay.
async fn notice(tx: &mut Tx, order: &NewDelivery, now: Time) -> Result<(), Error> {
    if store::outbox::is_known(tx, &order.key).await? {
        return Ok(());
    }
    let numbers: Vec<i64> = order.numbers();
    let why: Withdrawal = if order.kind == Kind::Acknowledged { Withdrawal::Acknowledged } else { Withdrawal::Resolved };
    let scope = Scope { group: Some(&order.group), origin: Some(&order.channel), channel: None, only_summons: false };
    withdraw_in(tx, &scope, &order.settled(), why, now).await?;
    let told: Vec<String> = store::outbox::told(tx, &order.group, &order.channel, &numbers).await?;
    let mut first: Row = row(order, numbers)?;
    if !told.contains(&order.channel) {
        first.superseded = Some((Withdrawal::NobodyTold, now));
    }
    store::outbox::insert(tx, &first).await?;
    for channel in told.iter().filter(|channel| **channel != order.channel) {
        let mut copy: Row = row(order, order.numbers())?;
        copy.key = passed_key(&order.key, channel);
        copy.channel.clone_from(channel);
        store::outbox::insert(tx, &copy).await?;
    }
    Ok(())
}

/// A test, which is about no alert and has a conversation of its own.
pub(crate) async fn test(tx: &mut Tx, channel: &str, why: String, now: Time) -> Result<DeliveryId, Error> {
    let id: DeliveryId = DeliveryId(kernel::ids::new_uuid());
    let order = NewDelivery {
        key: format!("test/{id}"),
        group: format!("test/{id}"),
        kind: Kind::Test,
        channel: channel.to_owned(),
        next: Vec::new(),
        alerts: Vec::new(),
        why,
        at: now,
    };
    let row = Row { id, ..row(&order, Vec::new())? };
    store::outbox::insert(tx, &row).await?;
    Ok(id)
}

/// The key of what is passed on: another channel is another delivery, and the same one however often it is asked for.
pub(crate) fn passed_key(key: &str, channel: &str) -> String {
    format!("{key}>{channel}")
}

fn row(order: &NewDelivery, numbers: Vec<i64>) -> Result<Row, Error> {
    let words: Value = serde_json::to_value(order.kept_words()).map_err(Error::Encode)?;
    Ok(Row {
        id: DeliveryId(kernel::ids::new_uuid()),
        key: order.key.clone(),
        group: order.group.clone(),
        kind: order.kind,
        origin: order.channel.clone(),
        channel: order.channel.clone(),
        next: order.next.clone(),
        tried: Vec::new(),
        alerts: numbers,
        withdrawn: Vec::new(),
        words,
        why: order.why.clone(),
        at: order.at,
        pass_on_at: None,
        superseded: None,
    })
}

/// Takes back every page about these alerts that has not been sent, and says how many will not be sent at all. A page about other
/// alerts too stays, and says nothing of these.
pub(crate) async fn withdraw(tx: &mut Tx, alerts: &[AlertId], why: Withdrawal, now: Time) -> Result<usize, Error> {
    let numbers: Vec<i64> = alerts.iter().map(|alert| alert.0).collect();
    let scope = Scope { group: None, origin: None, channel: None, only_summons: true };
    let taken: Vec<Taken> = withdraw_in(tx, &scope, &numbers, why, now).await?;
    Ok(taken.iter().filter(|one| one.is_superseded).count())
}

async fn withdraw_in(tx: &mut Tx, scope: &Scope<'_>, alerts: &[i64], why: Withdrawal, now: Time) -> Result<Vec<Taken>, Error> {
    let taken: Vec<Taken> = store::outbox::withdraw(tx, scope, alerts, why, now).await?;
    for one in taken.iter().filter(|one| one.is_superseded) {
        tell_withdrawn(tx, one, why, now).await?;
    }
    Ok(taken)
}

/// Says with its alerts that a delivery is not needed any more.
pub(crate) async fn tell_withdrawn(tx: &mut Tx, one: &Taken, why: Withdrawal, now: Time) -> Result<(), Error> {
    let about = About { delivery: one.id.0, kind: one.kind.as_str(), channel: &one.channel, alerts: &one.alerts };
    history::append(tx, &about, history::WITHDRAWN, now, json!({ "reason": why.as_str() })).await?;
    Ok(())
}
