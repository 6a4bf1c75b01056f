//! Contacts: whose they are, and that nobody is paged by one that was not verified.

use super::{House, MINUTE, Said, actor, calls, failed, grant, person};
use crate::contacts::{ContactKind, MOST_CONTACTS, NewContact, Refused};
use crate::personal::{PersonalRule, Urgency};
use crate::{ContactId, Error};
use figures::Locale;
use kernel::Grant;
use model::access::ChangeOwnAccount;
use model::{Actor, Severity};
use sqlx::PgPool;

const POLICY: &str = "\
policies:
  - name: p
    steps:
      - {wait: 1h, notify: [{person: person-2@example.jp}]}
";

fn mail(value: &str) -> NewContact {
    let (label, zone) = ("work".to_owned(), "Asia/Tokyo".to_owned());
    NewContact { kind: ContactKind::Email, label, value: value.to_owned(), locale: Locale::En, zone }
}

fn own(n: u128) -> Grant<ChangeOwnAccount> {
    grant(&actor(n))
}

fn code(house: &House) -> String {
    let said = house.world.said.lock().unwrap();
    let code = |said: &Said| match said {
        Said::Code { code } => Some(code.clone()),
        _ => None,
    };
    said.iter().rev().find_map(code).expect("a code was sent")
}

fn refusal(error: Error) -> Refused {
    match error {
        Error::Contact(refused) => refused,
        other => panic!("{other}"),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_contact_is_verified_by_the_code_that_went_there(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    let id: ContactId = house.oncall.add_contact(&own(2), &mail("hana@example.jp")).await.unwrap();
    assert!(house.oncall.personal_plan(&own(2), Urgency::High).await.unwrap().is_empty());
    let wrong = house.oncall.verify_contact(&own(2), id, "x").await.unwrap_err();
    assert_eq!(refusal(wrong), Refused::WrongCode);
    let stranger = house.oncall.verify_contact(&own(3), id, &code(&house)).await.unwrap_err();
    assert_eq!(refusal(stranger), Refused::NotFound);
    house.oncall.verify_contact(&own(2), id, &format!(" {} ", code(&house))).await.unwrap();
    assert_eq!(house.oncall.personal_plan(&own(2), Urgency::High).await.unwrap(), [PersonalRule { after_ms: 0, contact: id }]);
    let shown = house.oncall.contacts(&own(2)).await.unwrap();
    assert_eq!((shown[0].shown.as_str(), shown[0].verified_at.is_some()), ("h···@example.jp", true));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn codes_run_out_by_time_and_by_guesses_and_are_not_sent_in_a_row(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    let id: ContactId = house.oncall.add_contact(&own(2), &mail("hana@example.jp")).await.unwrap();
    let soon = house.oncall.send_code(&own(2), id).await.unwrap_err();
    assert_eq!(refusal(soon), Refused::TooSoon { seconds: 30 });
    for _ in 0..5 {
        assert_eq!(refusal(house.oncall.verify_contact(&own(2), id, "").await.unwrap_err()), Refused::WrongCode);
    }
    let right: String = code(&house);
    assert_eq!(refusal(house.oncall.verify_contact(&own(2), id, &right).await.unwrap_err()), Refused::NoCode);
    house.clock.advance_ms(MINUTE);
    house.oncall.send_code(&own(2), id).await.unwrap();
    let right: String = code(&house);
    house.clock.advance_ms(11 * MINUTE);
    assert_eq!(refusal(house.oncall.verify_contact(&own(2), id, &right).await.unwrap_err()), Refused::NoCode);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_same_address_twice_too_many_and_a_worker_are_refused(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.oncall.add_contact(&own(2), &mail("hana@example.jp")).await.unwrap();
    assert_eq!(refusal(house.oncall.add_contact(&own(2), &mail("HANA@example.jp")).await.unwrap_err()), Refused::Taken);
    for n in 1..MOST_CONTACTS {
        house.oncall.add_contact(&own(2), &mail(&format!("hana{n}@example.jp"))).await.unwrap();
    }
    assert_eq!(refusal(house.oncall.add_contact(&own(2), &mail("more@example.jp")).await.unwrap_err()), Refused::TooMany);
    let worker = house.oncall.add_contact(&grant(&Actor::worker("test")), &mail("hana@example.jp")).await.unwrap_err();
    assert!(matches!(worker, Error::NotAPerson));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_failure_stands_with_the_contact(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    house.reach(2, ContactKind::Sms).await;
    house.order(&calls("g1-e1", Severity::P1, &[1])).await;
    house.look().await;
    house.became(failed()).await;
    let reach = house.oncall.reach(&[person(2), person(3)]).await.unwrap();
    assert_eq!((reach[&person(2)].verified.as_slice(), reach[&person(2)].all_failing), (&[ContactKind::Sms][..], true));
    assert!(reach[&person(3)].verified.is_empty());
    let row = house.oncall.contacts(&own(2)).await.unwrap().remove(0);
    assert_eq!(row.last_error.as_deref(), Some("no such number"));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn rules_name_only_ones_own_contacts_and_go_with_them(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    let (push, sms) = (house.reach(2, ContactKind::Push).await, house.reach(2, ContactKind::Sms).await);
    let rules = [PersonalRule { after_ms: 0, contact: sms }, PersonalRule { after_ms: 5 * MINUTE, contact: push }];
    house.oncall.save_personal_rules(&own(2), Urgency::Low, &rules).await.unwrap();
    assert_eq!(house.oncall.personal_rules(&own(2), Urgency::Low).await.unwrap(), rules);
    let foreign = house.oncall.save_personal_rules(&own(3), Urgency::Low, &rules).await.unwrap_err();
    assert_eq!(refusal(foreign), Refused::NotFound);
    let late = [PersonalRule { after_ms: 5 * 60 * MINUTE, contact: sms }];
    assert_eq!(refusal(house.oncall.save_personal_rules(&own(2), Urgency::Low, &late).await.unwrap_err()), Refused::Rules);
    house.oncall.remove_contact(&own(2), sms).await.unwrap();
    assert_eq!(house.oncall.personal_rules(&own(2), Urgency::Low).await.unwrap(), [rules[1]]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_test_goes_to_a_verified_contact_only(pool: PgPool) {
    let house = House::new(pool, POLICY).await;
    let id: ContactId = house.oncall.add_contact(&own(2), &mail("hana@example.jp")).await.unwrap();
    assert_eq!(refusal(house.oncall.test_contact(&own(2), id).await.unwrap_err()), Refused::NotVerified);
    house.oncall.verify_contact(&own(2), id, &code(&house)).await.unwrap();
    house.oncall.test_contact(&own(2), id).await.unwrap();
    let said = house.world.said.lock().unwrap().clone();
    assert!(matches!(said.last(), Some(Said::Page { purpose: "test", .. })));
}
