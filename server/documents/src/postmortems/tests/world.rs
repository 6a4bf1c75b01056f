//! The incident of the requirement document (document A, 6.6), and a house around it that writes down what it is told.

use crate::Documents;
use crate::needs::{Needs, WorldError};
use crate::pages::needs::{FiringRule, Known, Notice, RunLine};
use crate::postmortems::needs::{Action, GraphWish, Happened, Kept, Line, Part, Reminder, World};
use async_trait::async_trait;
use chrono::NaiveDate;
use figures::{Locale, Zone};
use kernel::facts::{self, Recorded};
use kernel::{Db, Grant, TestClock, Tx, authorize};
use model::access::Action as Doing;
use model::actor::Who;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::IncidentStatus;
use model::incident::roles::IncidentRole;
use model::postmortem::ActionKind;
use model::{Actor, Role, Severity, Time};
use serde_json::{Value, json};
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;
/// 2025-10-20 14:30 in Tokyo: a new version is deployed.
pub(crate) const BEGAN: Time = Time(1_760_938_200_000);
pub(crate) const INCIDENT: IncidentId = IncidentId(42);

pub(crate) fn tokyo() -> Zone {
    Zone::fixed("Asia/Tokyo", "JST", 540)
}

pub(crate) fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}

/// Number 1 commands, 2 reviews, 8 is an administrator, 9 may not come in.
pub(crate) fn actor(n: u128) -> Actor {
    let who = Who::Person { id: person(n), name: format!("person {n}") };
    Actor { who, role: if n == 8 { Role::Admin } else { Role::Editor }, team_roles: Vec::new() }
}

pub(crate) fn grant<A: Doing>(n: u128) -> Grant<A> {
    authorize::<A>(&actor(n), None).unwrap()
}

/// The incident as its columns have it.
pub(crate) fn happened() -> Happened {
    let at = |minutes: i64| Some(BEGAN.plus_ms(minutes * MINUTE));
    Happened {
        id: INCIDENT,
        title: "パーソナライゼーション停止".to_owned(),
        summary: "Cloudflare Workersのデプロイ時にエラーが発生し、パーソナライゼーション機能が停止した。".to_owned(),
        is_private: false,
        code: "P1".to_owned(),
        severity: Severity::P1,
        needs_postmortem: true,
        status: IncidentStatus::Resolved,
        team: None,
        systems: vec!["全ユーザー".to_owned(), "パーソナライゼーション機能".to_owned()],
        occurred_at: at(0),
        detected_at: at(2),
        declared_at: BEGAN.plus_ms(3 * MINUTE),
        acknowledged_at: at(5),
        mitigated_at: at(30),
        resolved_at: at(45),
        commander: Some(person(1)),
        people: vec![Part { role: IncidentRole::Commander, person: person(1), name: "佐藤 健".to_owned() }],
    }
}

/// Its seven lines, all of them starred, and one that nobody starred.
pub(crate) fn lines() -> Vec<Line> {
    let told: [(i64, &str); 7] = [
        (0, "新バージョンをデプロイ"),
        (2, "アラート発生（エラー率急増）"),
        (5, "オンコールエンジニアが対応開始"),
        (10, "原因特定（環境変数の設定ミス）"),
        (20, "修正版をデプロイ"),
        (30, "動作確認"),
        (45, "完全復旧を確認"),
    ];
    let line = |(place, (minute, text)): (usize, (i64, &str))| Line {
        id: i64::try_from(place).unwrap(),
        at: BEGAN.plus_ms(minute * MINUTE),
        text: text.to_owned(),
        is_starred: true,
        was_at: None,
    };
    let mut lines: Vec<Line> = told.into_iter().enumerate().map(line).collect();
    lines.push(Line { id: 7, is_starred: false, text: "状況を連絡".to_owned(), ..lines[6].clone() });
    lines
}

/// What is to be done afterwards.
pub(crate) fn actions() -> Vec<Action> {
    let titles: [&str; 4] = [
        "デプロイ前チェックリストに環境変数確認を追加",
        "ステージング環境でのテストを必須化",
        "カナリアデプロイメントの導入（10% → 50% → 100%）",
        "環境変数の自動検証スクリプトを作成",
    ];
    let action = |(place, title): (usize, &str)| Action {
        id: i64::try_from(place).unwrap(),
        title: title.to_owned(),
        kind: ActionKind::Prevent,
        owner: Some(person(1)),
        owner_name: Some("佐藤 健".to_owned()),
        due_on: NaiveDate::from_ymd_opt(2025, 10, 31),
        is_done: false,
        evidence: None,
    };
    titles.into_iter().enumerate().map(action).collect()
}

pub(crate) fn kept() -> Kept {
    let points: Vec<(i64, f64)> = (0..60)
        .map(|minute| (BEGAN.0 + (minute - 10) * MINUTE, if (0..40).contains(&(minute - 10)) { 12.5 } else { 0.1 }))
        .collect();
    Kept {
        title: "エラー率".to_owned(),
        query: "sum(rate(http_errors_total[5m]))".to_owned(),
        from: BEGAN.plus_ms(-10 * MINUTE),
        until: BEGAN.plus_ms(49 * MINUTE),
        step_ms: MINUTE,
        data: json!({ "series": [{ "labels": [], "points": points }] }),
        at: BEGAN.plus_ms(50 * MINUTE),
    }
}

/// Everything around the room.
pub(crate) struct Around {
    pub(crate) db: Db,
    pub(crate) happened: Mutex<Vec<Happened>>,
    pub(crate) lines: Mutex<Vec<Line>>,
    pub(crate) actions: Mutex<Vec<Action>>,
    pub(crate) reminded: Mutex<Vec<Reminder>>,
}

impl Around {
    fn sees(&self, actor: &Actor, happened: &Happened) -> bool {
        // Person 2, who is asked for a review, was let in.
        let is_within: bool = actor.person_id().is_some_and(|id| Some(id) == happened.commander || id == person(2));
        !happened.is_private || actor.role == Role::Admin || is_within
    }

    fn of(&self, actor: &Actor, id: IncidentId) -> Option<Happened> {
        let known = self.happened.lock().unwrap();
        known.iter().find(|happened| happened.id == id && self.sees(actor, happened)).cloned()
    }
}

#[async_trait]
impl World for Around {
    async fn happened(&self, actor: &Actor, ids: &[IncidentId]) -> Result<Vec<Happened>, WorldError> {
        Ok(ids.iter().filter_map(|id| self.of(actor, *id)).collect())
    }

    async fn resolved(&self, before: Option<IncidentId>) -> Result<Vec<Happened>, WorldError> {
        let known = self.happened.lock().unwrap();
        let is_asked = |happened: &&Happened| happened.resolved_at.is_some() && before.is_none_or(|before| happened.id < before);
        let mut found: Vec<Happened> = known.iter().filter(is_asked).cloned().collect();
        found.sort_by_key(|happened| std::cmp::Reverse(happened.id));
        Ok(found)
    }

    async fn lines(&self, actor: &Actor, id: IncidentId, _locale: Locale) -> Result<Vec<Line>, WorldError> {
        let is_there: bool = self.of(actor, id).is_some();
        Ok(if is_there { self.lines.lock().unwrap().clone() } else { Vec::new() })
    }

    async fn actions(&self, actor: &Actor, id: IncidentId) -> Result<Vec<Action>, WorldError> {
        let is_there: bool = self.of(actor, id).is_some();
        Ok(if is_there { self.actions.lock().unwrap().clone() } else { Vec::new() })
    }

    async fn graphs(&self, _actor: &Actor, _id: IncidentId) -> Result<Vec<Kept>, WorldError> {
        Ok(vec![kept()])
    }

    async fn measure(&self, wish: &GraphWish) -> Result<Value, WorldError> {
        match wish.query.as_str() {
            "broken" => Err(WorldError { reason: "the query can't be read".to_owned() }),
            _ => Ok(json!({ "series": [] })),
        }
    }

    async fn facts(&self, kinds: &[&str], from: Time, until: Time, limit: i64) -> Result<Vec<Recorded>, WorldError> {
        Ok(facts::of_kinds(&self.db, kinds, from, until, limit).await.unwrap())
    }

    async fn people(&self, ids: &[PersonId]) -> Result<Vec<(PersonId, String)>, WorldError> {
        let able = ids.iter().filter(|id| (1..=8).any(|n| **id == person(n)));
        Ok(able.map(|id| (*id, format!("person {}", id.0.as_u128()))).collect())
    }

    async fn remind(&self, _tx: &mut Tx, reminder: &Reminder) -> Result<(), WorldError> {
        self.reminded.lock().unwrap().push(reminder.clone());
        Ok(())
    }

    fn zone(&self, _at: Time) -> Zone {
        tokyo()
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        message.iter().rev().map(|byte| byte ^ 0x5a).collect()
    }

    fn is_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.sign(message) == signature
    }
}

#[async_trait]
impl crate::pages::needs::World for Around {
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError> {
        let known = |id: &PersonId| Known { id: *id, name: format!("person {}", id.0.as_u128()), may_come_in: true };
        Ok(ids.iter().map(known).collect())
    }

    async fn members(&self, _team: TeamId) -> Result<Vec<PersonId>, WorldError> {
        Ok(Vec::new())
    }

    async fn tell(&self, _tx: &mut Tx, _notice: &Notice) -> Result<(), WorldError> {
        Ok(())
    }

    async fn write_line(&self, _line: &RunLine) -> Result<(), WorldError> {
        Ok(())
    }

    async fn actors(&self, ids: &[PersonId]) -> Result<Vec<Actor>, WorldError> {
        let able = ids.iter().filter_map(|id| (1..=8).find(|n| *id == person(*n)));
        Ok(able.map(actor).collect())
    }

    async fn seen_incidents(&self, actor: &Actor, incidents: &[IncidentId]) -> Result<Vec<IncidentId>, WorldError> {
        Ok(incidents.iter().copied().filter(|incident| self.of(actor, *incident).is_some()).collect())
    }

    async fn alertnames(&self, _incident: IncidentId) -> Result<Vec<String>, WorldError> {
        Ok(Vec::new())
    }

    async fn alertname(&self, _alert: AlertId) -> Result<Option<String>, WorldError> {
        Ok(None)
    }

    async fn firing_rules(&self, _since: Time) -> Result<Vec<FiringRule>, WorldError> {
        Ok(Vec::new())
    }
}

/// A room, its world and its clock: an hour after the incident began.
pub(crate) struct House {
    pub(crate) db: Db,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) around: Arc<Around>,
    pub(crate) documents: Documents,
}

impl House {
    pub(crate) fn new(pool: PgPool) -> Self {
        let db = Db::from_pool(pool);
        let clock = Arc::new(TestClock::new(BEGAN.plus_ms(60 * MINUTE)));
        let around = Arc::new(Around {
            db: db.clone(),
            happened: Mutex::new(vec![happened()]),
            lines: Mutex::new(lines()),
            actions: Mutex::new(actions()),
            reminded: Mutex::default(),
        });
        let needs = Needs { pages: around.clone(), postmortems: around.clone() };
        let documents = Documents::new(db.clone(), clock.clone(), needs);
        Self { db, clock, around, documents }
    }

    /// Moves the clock and does what is due then.
    pub(crate) async fn pass(&self, ms: i64) {
        self.clock.advance_ms(ms);
        let now: Time = kernel::Clock::now(&*self.clock);
        self.documents.tick_postmortems(now).await.unwrap();
    }

    pub(crate) fn make_private(&self) {
        self.around.happened.lock().unwrap()[0].is_private = true;
    }
}
