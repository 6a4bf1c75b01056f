//! Making, changing and removing integrations, and trying mappings.

use super::{Gate, manager, sent};
use crate::alerts::Show;
use crate::error::Error;
use crate::history;
use crate::inbound::mapped::Mapping;
use crate::inbound::settings::{Settings, Written};
use crate::inbound::{Act, CHANGED, Kind, MADE, REKEYED, REMOVED, Wrong};
use crate::state::ResolveReason;
use kernel::facts;
use model::Severity;
use sqlx::PgPool;

async fn told(gate: &Gate) -> Vec<String> {
    let found = facts::about(&gate.db, &format!("integration/{}", gate.id), 50).await.unwrap();
    assert!(found.iter().all(|fact| !fact.body.to_string().contains(&gate.key)), "a key stands in a Fact");
    found.into_iter().map(|fact| fact.kind).collect()
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn settings_hold_for_what_comes_after(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Alertmanager).await;
    let written = Written {
        name: "Kyoto".to_owned(),
        default_severity: "p3".to_owned(),
        severities: "critical = P0".to_owned(),
        labels: "host = instance\nalertname =".to_owned(),
        timeout: String::new(),
    };
    gate.inbound().change(&manager(), gate.id, &Settings::read(&written).unwrap(), true).await.unwrap();
    gate.take(vec![sent("a", Act::Fire, None)]).await;
    let row = gate.only().await;
    assert_eq!((row.severity, row.labels.get("instance"), row.labels.get("host")), (Severity::P0, "a", ""));
    assert_eq!((row.labels.get("alertname"), row.labels.get("integration")), ("", "tokyo-tool"), "routes rely on the slug");
    assert_eq!(row.source.unwrap().name, "Kyoto");
    assert_eq!(told(&gate).await, [MADE, CHANGED]);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_that_is_switched_off_takes_nothing(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Json).await;
    let integration = gate.integration().await;
    let written = Written { name: "x".to_owned(), default_severity: "p2".to_owned(), ..Written::default() };
    gate.inbound().change(&manager(), gate.id, &Settings::read(&written).unwrap(), false).await.unwrap();
    let refused = gate.inbound().take(&integration, vec![sent("a", Act::Fire, None)], 1).await;
    assert!(matches!(refused, Err(Error::NoIntegration(id)) if id == gate.id));
    assert!(gate.shown(Show::All).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_it_raised_ends_with_it_and_keeps_its_name(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Json).await;
    gate.take(vec![sent("a", Act::Fire, None)]).await;
    gate.inbound().rekey(&manager(), gate.id).await.unwrap();
    gate.inbound().remove(&manager(), gate.id).await.unwrap();
    let row = gate.only().await;
    assert_eq!(row.resolved_reason, Some(ResolveReason::SourceRemoved));
    assert_eq!(row.source.as_ref().map(|source| source.name.as_str()), Some("Tokyo tool"));
    assert_eq!(gate.story(row.id).await, [history::FIRED, history::RESOLVED]);
    assert_eq!(told(&gate).await, [MADE, REKEYED, REMOVED]);
    assert!(gate.inbound().integrations().await.unwrap().is_empty());
    let again = gate.inbound().remove(&manager(), gate.id).await;
    assert!(matches!(again, Err(Error::NoIntegration(_))));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_mapping_is_tried_before_it_is_in_force(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Json).await;
    let mapping = Mapping { key: "/id".to_owned(), summary: "{{/what}}!".to_owned(), ..Mapping::default() };
    let example = r#"{"id": "a", "what": "down"}"#.to_owned();
    let tried = gate.inbound().set_draft(&manager(), gate.id, mapping.clone(), example.clone(), false).await.unwrap();
    let alerts = tried.result.clone().unwrap().unwrap();
    assert_eq!((alerts.len(), alerts[0].summary.as_str()), (1, "down!"));
    assert_eq!(gate.integration().await.mapping, Mapping::default());
    assert_eq!(gate.inbound().draft(gate.id).await.unwrap(), tried);
    gate.inbound().set_draft(&manager(), gate.id, mapping.clone(), example, true).await.unwrap();
    assert_eq!(gate.integration().await.mapping, mapping);
    assert_eq!(told(&gate).await, [MADE, CHANGED]);
    let broken = Mapping { key: "{{".to_owned(), ..Mapping::default() };
    let tried = gate.inbound().set_draft(&manager(), gate.id, broken.clone(), "{}".to_owned(), false).await.unwrap();
    assert_eq!(tried.result, Some(Err(Wrong::new("mapping.key", "a }} after each {{"))));
    let refused = gate.inbound().set_draft(&manager(), gate.id, broken, "{}".to_owned(), true).await;
    assert!(matches!(refused, Err(Error::Inbound(wrong)) if wrong.field == "key"));
    assert_eq!(gate.integration().await.mapping, mapping);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn only_the_newest_requests_are_kept(pool: PgPool) {
    let gate = Gate::new(pool, Kind::Json).await;
    for n in 0..55 {
        gate.take(vec![sent(&format!("k{n}"), Act::Fire, None)]).await;
    }
    let receipts = gate.inbound().receipts(gate.id).await.unwrap();
    assert_eq!((receipts.len(), receipts[0].said.as_str(), receipts[49].said.as_str()), (50, "k54 is full", "k5 is full"));
    assert!(receipts.iter().all(|receipt| receipt.is_taken && receipt.taken.fired == 1));
}
