//! `alert` as a page tells of it.

use super::{corrupt, labels_of, time};
use crate::annotations::{DASHBOARD, DESCRIPTION, RUNBOOK, web_url};
use crate::error::Error;
use crate::needs::PagedAlert;
use crate::rules::Text;
use chrono::{DateTime, Utc};
use figures::Unit;
use kernel::Tx;
use model::alert::Direction;
use model::ids::{AlertId, RuleId};
use model::{Severity, Time};
use serde_json::Value;

/// Characters of a description that a page carries: a group may have ten thousand alerts, and nobody reads more on a telephone.
const MAX_DESCRIPTION: i32 = 1_000;
/// Of an address, one more than may be: what was cut must not be taken for whole.
const MAX_ADDRESS: i32 = 2_001;

struct PagedRow {
    id: i64,
    rule_id: String,
    labels: Value,
    name_ja: String,
    name_en: String,
    summary_ja: String,
    summary_en: String,
    description_ja: Option<String>,
    description_en: Option<String>,
    runbook: Option<String>,
    dashboard: Option<String>,
    source_url: Option<String>,
    severity: String,
    matches: bool,
    is_foreign: bool,
    direction: String,
    threshold: f64,
    unit: String,
    for_ms: i64,
    value: Option<f64>,
    fired_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<String>,
}

/// Alerts as a page tells them, the worst first. Of what a rule or a sender says beside the sentence only what a page has a place for, and no
/// more of that than it shows.
pub(crate) async fn paged(tx: &mut Tx, ids: &[i64]) -> Result<Vec<PagedAlert>, Error> {
    let (descriptions, runbooks, dashboards) = (names(&DESCRIPTION), names(&RUNBOOK), names(&DASHBOARD));
    let rows: Vec<PagedRow> = sqlx::query_as!(
        PagedRow,
        r#"select
             id, rule_id, labels, name_ja, name_en, summary_ja, summary_en,
             (
               select left(annotations -> wanted.name ->> 'ja', $5)
               from unnest($2::text[]) with ordinality as wanted (name, place)
               where annotations -> wanted.name ->> 'ja' <> ''
               order by wanted.place limit 1
             ) as "description_ja?",
             (
               select left(annotations -> wanted.name ->> 'en', $5)
               from unnest($2::text[]) with ordinality as wanted (name, place)
               where annotations -> wanted.name ->> 'en' <> ''
               order by wanted.place limit 1
             ) as "description_en?",
             (
               select left(annotations -> wanted.name ->> 'en', $6)
               from unnest($3::text[]) with ordinality as wanted (name, place)
               where annotations -> wanted.name ->> 'en' ~* '^\s*https?://'
               order by wanted.place limit 1
             ) as "runbook?",
             (
               select left(annotations -> wanted.name ->> 'en', $6)
               from unnest($4::text[]) with ordinality as wanted (name, place)
               where annotations -> wanted.name ->> 'en' ~* '^\s*https?://'
               order by wanted.place limit 1
             ) as "dashboard?",
             source_url, severity, matches, integration_id is not null as "is_foreign!", direction, threshold, unit, for_ms, value,
             fired_at, resolved_at, acknowledged_by
           from alert
           where id = any($1)
           order by severity, id"#,
        ids,
        &descriptions[..],
        &runbooks[..],
        &dashboards[..],
        MAX_DESCRIPTION,
        MAX_ADDRESS,
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(paged_alert).collect()
}

fn names(all: &[&str]) -> Vec<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

fn paged_alert(row: PagedRow) -> Result<PagedAlert, Error> {
    let wrong = |column: &'static str, value: &str| corrupt("alert", column, &row.id.to_string(), value);
    let direction: Direction = match row.direction.as_str() {
        "above" => Direction::Above,
        "below" => Direction::Below,
        other => return Err(wrong("direction", other)),
    };
    let summary = Text { ja: row.summary_ja, en: row.summary_en };
    Ok(PagedAlert {
        severity: Severity::from_word(&row.severity).ok_or_else(|| wrong("severity", &row.severity))?,
        unit: Unit::from_word(&row.unit).ok_or_else(|| wrong("unit", &row.unit))?,
        labels: labels_of(row.id, &row.labels)?,
        fired_at: row.fired_at.map(Time::from_utc).ok_or_else(|| wrong("fired_at", "nothing"))?,
        description: description(row.description_ja, row.description_en).filter(|text| *text != summary),
        runbook_url: row.runbook.as_deref().and_then(web_url),
        dashboard_url: row.dashboard.as_deref().and_then(web_url),
        source_url: row.source_url.as_deref().and_then(web_url),
        id: AlertId(row.id),
        rule: RuleId(row.rule_id),
        name: Text { ja: row.name_ja, en: row.name_en },
        summary,
        value: row.value,
        matches: row.matches,
        is_foreign: row.is_foreign,
        threshold: row.threshold,
        direction,
        for_ms: row.for_ms,
        resolved_at: time(row.resolved_at),
        held_by: row.acknowledged_by,
    })
}

/// In both languages; what is said in one only is said in that.
fn description(ja: Option<String>, en: Option<String>) -> Option<Text> {
    match (ja, en) {
        (None, None) => None,
        (Some(ja), Some(en)) => Some(Text { ja, en }),
        (Some(only), None) | (None, Some(only)) => Some(Text { ja: only.clone(), en: only }),
    }
}
