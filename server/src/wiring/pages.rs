//! What documents need of the house: people from identity, incidents with their timelines, rules and alerts, and a way to tell somebody.

use crate::house_error::chain;
use alerting::needs::PagedAlert;
use alerting::routes;
use alerting::routing::Routing;
use alerting::{Alerting, FiredRule};
use async_trait::async_trait;
use documents::needs::WorldError;
use documents::pages::needs::{FiringRule, Known, Notice, RunLine, Why, World};
use identity::{Identity, PersonRow, TeamRow};
use incidents::runbooks::RunbookLine;
use incidents::{Detail, Incident, Incidents};
use kernel::{Grant, Tx};
use model::access::WorkOnIncident;
use model::actor::Who;
use model::ids::{AlertId, IncidentId, PersonId, TeamId};
use model::incident::IncidentStatus;
use model::links::documents as links;
use model::{Actor, Severity, Time};
use notify::{BulletinWords, Words};
use oncall::needs::Tone;
use oncall::{Circle, Oncall, Telling, Urgency, Whom};

/// The name under which documents look at incidents.
const LOOKS: &str = "documents";
/// Why, in the log of deliveries. Screens have words for it.
const NEWS: &str = "document";
/// Rules of a list that people read.
const MOST_RULES: i64 = 200;

/// The house, as far as documents ask.
pub(super) struct HousePages {
    pub(super) identity: Identity,
    pub(super) incidents: Incidents,
    pub(super) alerting: Alerting,
    pub(super) routing: Routing,
    pub(super) oncall: Oncall,
}

#[async_trait]
impl World for HousePages {
    async fn known(&self, ids: &[PersonId]) -> Result<Vec<Known>, WorldError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let people: Vec<PersonRow> = self.identity.people_list().await.map_err(|error| failed(&error))?;
        Ok(people.into_iter().filter(|person| ids.contains(&person.id)).map(known).collect())
    }

    async fn members(&self, team: TeamId) -> Result<Vec<PersonId>, WorldError> {
        let teams: Vec<TeamRow> = self.identity.teams_list().await.map_err(|error| failed(&error))?;
        let Some(found) = teams.into_iter().find(|row| row.id == team) else {
            return Ok(Vec::new());
        };
        let ids: Vec<PersonId> = found.members.into_iter().map(|member| member.person).collect();
        Ok(self.known(&ids).await?.into_iter().filter(|person| person.may_come_in).map(|person| person.id).collect())
    }

    /// Quietly, by each person's own contacts and rules. Of a document nobody is woken.
    async fn tell(&self, tx: &mut Tx, notice: &Notice) -> Result<(), WorldError> {
        let words = serde_json::to_value(said(notice)).map_err(|error| failed(&error))?;
        let whom: Whom = if notice.people.is_empty() { Whom::Administrators } else { Whom::People(notice.people.clone()) };
        let telling = Telling {
            key: notice.key.clone(),
            subject: format!("document/{}", notice.page),
            tone: Tone::Quiet,
            urgency: Urgency::Low,
            circles: vec![Circle { whom, words }],
            last_resort: None,
            widen_after_ms: None,
            answers: Vec::new(),
            is_private: notice.title.is_empty(),
            why: NEWS.to_owned(),
            at: notice.at,
        };
        self.oncall.tell(tx, &telling).await.map(|_| ()).map_err(|error| failed(&error))
    }

    async fn write_line(&self, line: &RunLine) -> Result<(), WorldError> {
        let worker: Actor = Actor::worker(LOOKS);
        let grant: Grant<WorkOnIncident> = kernel::authorize(&worker, None).map_err(|error| failed(&error))?;
        let done = RunbookLine { key: line.key.clone(), by: line.actor.clone(), body: line.body.clone(), at: line.at };
        let written = self.incidents.take_runbook_line(&grant, line.incident, &done).await;
        written.map(|_| ()).map_err(|error| failed(&error))
    }

    async fn actors(&self, ids: &[PersonId]) -> Result<Vec<Actor>, WorldError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let people: Vec<PersonRow> = self.identity.people_list().await.map_err(|error| failed(&error))?;
        let able = people.into_iter().filter(|person| ids.contains(&person.id) && !person.disabled && !person.invited);
        Ok(able.map(actor).collect())
    }

    async fn seen_incidents(&self, actor: &Actor, incidents: &[IncidentId]) -> Result<Vec<IncidentId>, WorldError> {
        let found: Vec<Incident> = self.incidents.among(actor, incidents).await.map_err(|error| failed(&error))?;
        Ok(found.into_iter().map(|incident| incident.id).collect())
    }

    async fn is_over(&self, incident: IncidentId) -> Result<bool, WorldError> {
        let found = self.incidents.incident(&Actor::worker(LOOKS), incident).await;
        let found: Option<Incident> = found.map_err(|error| failed(&error))?;
        let is_over = |incident: Incident| matches!(incident.status, IncidentStatus::Resolved | IncidentStatus::Closed);
        Ok(found.is_none_or(is_over))
    }

    async fn alertnames(&self, incident: IncidentId) -> Result<Vec<String>, WorldError> {
        let found = self.incidents.detail(&Actor::worker(LOOKS), incident).await;
        let Some(detail): Option<Detail> = found.map_err(|error| failed(&error))? else {
            return Ok(Vec::new());
        };
        let ids: Vec<AlertId> = detail.alerts.iter().map(|linked| linked.alert).collect();
        let mut names: Vec<String> = self.names(&ids).await?;
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    async fn alertname(&self, alert: AlertId) -> Result<Option<String>, WorldError> {
        Ok(self.names(&[alert]).await?.pop())
    }

    async fn firing_rules(&self, since: Time) -> Result<Vec<FiringRule>, WorldError> {
        let found: Vec<FiredRule> = self.alerting.fired_rules(since, MOST_RULES).await.map_err(|error| failed(&error))?;
        Ok(found.into_iter().map(firing).collect())
    }
}

impl HousePages {
    async fn names(&self, ids: &[AlertId]) -> Result<Vec<String>, WorldError> {
        let found: Vec<PagedAlert> = self.routing.alerts(ids).await.map_err(|error| failed(&error))?;
        Ok(found.iter().map(|alert| routes::name_of(&alert.rule).to_owned()).collect())
    }
}

/// Somebody as they act now.
fn actor(person: PersonRow) -> Actor {
    let team_roles = person.teams.iter().map(|membership| (membership.team, membership.role)).collect();
    Actor { who: Who::Person { id: person.id, name: person.name }, role: person.role, team_roles }
}

fn known(person: PersonRow) -> Known {
    Known { id: person.id, may_come_in: !person.disabled && !person.invited, name: person.name }
}

fn firing(fired: FiredRule) -> FiringRule {
    FiringRule {
        rule: fired.rule.0,
        alertname: fired.alertname,
        runbook_url: fired.runbook_url,
        n_alerts: fired.n_alerts,
        newest_at: fired.newest_at,
    }
}

fn said(notice: &Notice) -> BulletinWords {
    let name: Words = match notice.title.as_str() {
        "" => both("非公開の文書", "A document that not everybody may read"),
        title => Words::same(title),
    };
    let path: String = match notice.why {
        Why::Named { thread } => links::thread(&notice.slug, thread),
        _ => links::document(&notice.slug),
    };
    BulletinWords {
        severity: Severity::P3,
        code: String::new(),
        name,
        text: text(notice.why),
        status: None,
        due_at: notice.due_at,
        next_at: None,
        systems: Vec::new(),
        by: notice.by.clone(),
        at: notice.at,
        path,
    }
}

fn text(why: Why) -> Words {
    match why {
        Why::Review { in_days: 0 } => both(
            "見直しの期限は今日です。内容が正しければ「いまも正しい」を押すだけで終わります。",
            "It is due to be looked at today. If it is right, one press of “Still right” is all.",
        ),
        Why::Review { in_days } if in_days > 0 => Words {
            ja: format!("見直しの期限まであと{in_days}日です。内容が正しければ「いまも正しい」を押すだけで終わります。"),
            en: format!("It is due to be looked at in {in_days} days. If it is right, one press of “Still right” is all."),
        },
        Why::Review { in_days } => Words {
            ja: format!("見直しの期限を{}日過ぎました。", -in_days),
            en: format!("It was due to be looked at {} days ago.", -in_days),
        },
        Why::MustReview => both(
            "この手順を使ったあとで状況が変わりました。内容がまだ正しいか確認してください。",
            "Something happened after which this may be wrong. Please look whether it is still right.",
        ),
        Why::Changed => both("更新を受け取っている文書が変わりました。", "A document that you watch was changed."),
        Why::Named { .. } => both("コメントであなたの名前が挙がりました。", "You were named in a comment."),
    }
}

fn both(ja: &str, en: &str) -> Words {
    Words { ja: ja.to_owned(), en: en.to_owned() }
}

fn failed(error: &(dyn std::error::Error + 'static)) -> WorldError {
    WorldError { reason: chain(error) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_not_everybody_reads_says_nothing_of_itself() {
        let notice = Notice {
            key: "k".to_owned(),
            page: model::ids::DocumentId(uuid::Uuid::nil()),
            slug: "0191".to_owned(),
            title: String::new(),
            why: Why::Named { thread: 3 },
            by: Some("佐藤 健".to_owned()),
            due_at: None,
            people: Vec::new(),
            at: Time(0),
        };
        let said: BulletinWords = said(&notice);
        assert_eq!((said.name.ja.as_str(), said.path.as_str()), ("非公開の文書", "/documents/0191#thread-3"));
        assert!(said.code.is_empty(), "a document has no level");
    }
}
