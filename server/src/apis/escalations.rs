//! The on-call room's door to escalation: policies, who would be paged now, and why somebody was paged or nobody was.

mod form;
mod ladder;
mod shape;

use crate::apis::Door;
use crate::house_error::unavailable;
use ::api::ApiError;
use ::api::error::Denial;
use ::api::escalations::{
    EscalationNow, EscalationsApi, PolicyForm, PolicyFormAsk, PolicyFormView, PolicyList, PolicyTrouble, PolicyView, PolicyWrong,
    RunLine, RunList, RunQuery, RunView, RungView, TargetView,
};
use async_trait::async_trait;
use identity::{PersonRow, TeamRow};
use ladder::{Crew, Member};
use model::access::{AnswerAlert, ApplyRules, ReadConsole};
use model::ids::{AlertId, PersonId};
use model::rota::render::roles;
use model::{Role, Time, links};
use oncall::policies::Policy;
use oncall::policies::keeping::PolicyRow;
use oncall::runs::PageState;
use oncall::schedules::definition::{ScheduleRow, role_word};
use oncall::schedules::looking::NowCard;
use oncall::{Error, Explanation, Oncall, Reach, RunFilter, RunRow};
use std::collections::HashMap;

/// Answers the screens of escalations.
pub struct Adapter(pub Door);

/// Runs that a policy's screen and the list show.
const SHOWN: i64 = 20;
/// Stories with every decision that are told at once.
const MOST_STORIES: usize = 5;
/// Runs of one screenful.
const SCREENFUL: i64 = 50;

/// What a screen may see of the room's errors.
fn shown(error: Error) -> ApiError {
    match error {
        Error::NoPolicy { name } => ApiError::NotFound { what: format!("policy {name}") },
        Error::PolicyTaken { .. } => PolicyTrouble::Taken.refused("name", &error.to_string()),
        Error::Stale { .. } => PolicyTrouble::Stale.refused("", &error.to_string()),
        Error::TooManyPolicies { .. } => PolicyTrouble::TooMany.refused("", &error.to_string()),
        Error::Files(_) => PolicyTrouble::Other.refused("", &error.to_string()),
        Error::NotEscalating(_) => PolicyTrouble::NotEscalating.refused("", &error.to_string()),
        Error::LongReason { .. } => PolicyTrouble::Reason.refused("reason", &error.to_string()),
        Error::NotAPerson => ApiError::Denied { reason: Denial::NotAPerson },
        other => unavailable(&other),
    }
}

#[async_trait]
impl EscalationsApi for Adapter {
    async fn list(&self) -> Result<PolicyList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let rows: Vec<PolicyRow> = self.room().policies().list().await.map_err(shown)?;
        let people: Vec<PersonRow> = self.people().await?;
        let live = RunFilter { is_live: true, limit: SHOWN, ..RunFilter::default() };
        let runs: Vec<RunRow> = self.room().runs(&live).await.map_err(shown)?;
        Ok(PolicyList {
            policies: rows.iter().map(|row| shape::policy(row, &people)).collect(),
            runs: runs.iter().map(shape::run).collect(),
            can_edit: self.can_edit(),
        })
    }

    async fn policy(&self, name: String) -> Result<PolicyView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let row: PolicyRow = self.row(&name).await?;
        let people: Vec<PersonRow> = self.people().await?;
        let filter = RunFilter { policy: Some(name), limit: SHOWN, ..RunFilter::default() };
        let runs: Vec<RunRow> = self.room().runs(&filter).await.map_err(shown)?;
        let (ladder, goes_on): (Vec<RungView>, bool) = self.rehearsed(&row.policy).await?;
        Ok(PolicyView {
            line: shape::policy(&row, &people),
            ladder,
            goes_on,
            runs: runs.iter().map(shape::run).collect(),
            can_edit: self.can_edit(),
        })
    }

    async fn form(&self, ask: PolicyFormAsk) -> Result<PolicyFormView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let row: Option<PolicyRow> = if ask.name.is_empty() { None } else { Some(self.row(&ask.name).await?) };
        let is_written: bool = ask.draft.contains_key(form::WRITTEN);
        let draft: PolicyForm = match (&row, is_written) {
            (_, true) => ask.draft,
            (Some(row), false) => form::printed(&row.policy),
            (None, false) => form::begun(),
        };
        let (wrong, ladder) = self.judged(&draft, row.as_ref(), is_written).await?;
        let name: Option<String> = row.as_ref().map(|row| row.policy.name.clone());
        Ok(PolicyFormView {
            name,
            version: ask.version.or(row.as_ref().map(|row| row.version)),
            is_from_file: row.is_some_and(|row| row.is_from_file),
            n_targets: form::n_targets(&draft),
            teams: self.teams().await?.into_iter().map(|team| team.name).collect(),
            zones: crate::zones::names(),
            choices: self.choices().await?,
            wrong,
            ladder,
            can_edit: self.can_edit(),
            form: draft,
        })
    }

    async fn save(&self, name: String, draft: PolicyForm, version: Option<i64>) -> Result<(), ApiError> {
        let grant = self.0.admit::<ApplyRules>()?;
        let row: Option<PolicyRow> = if name.is_empty() { None } else { Some(self.row(&name).await?) };
        let policy: Policy =
            form::read(&draft, row.as_ref().map(|row| row.policy.name.as_str())).map_err(|wrong| refused(&wrong))?;
        // A form that names no version was written over what stands.
        let version: Option<i64> = row.as_ref().map(|row| version.unwrap_or(row.version));
        self.room().policies().save(&grant, &policy, version).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=saved", links::policy(&policy.name)));
        Ok(())
    }

    async fn remove(&self, name: String, version: i64) -> Result<(), ApiError> {
        let grant = self.0.admit::<ApplyRules>()?;
        self.room().policies().remove(&grant, &name, version).await.map_err(shown)?;
        leptos_axum::redirect(&format!("{}?done=removed", links::ESCALATIONS));
        Ok(())
    }

    async fn runs(&self, query: RunQuery) -> Result<RunList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let alert: Option<AlertId> = query.alert.trim().parse().ok();
        let filter = RunFilter {
            is_live: query.show == "live",
            reached_nobody: query.show == "nobody",
            alert,
            policy: Some(query.policy.trim().to_owned()).filter(|policy| !policy.is_empty()),
            person: self.me().filter(|_| query.mine == "true"),
            before: query.before,
            limit: SCREENFUL,
        };
        let rows: Vec<RunRow> = self.room().runs(&filter).await.map_err(shown)?;
        let is_full: bool = i64::try_from(rows.len()).is_ok_and(|n| n >= SCREENFUL);
        let more: Option<i64> = rows.last().filter(|_| is_full).map(|row| row.number);
        let mut runs: Vec<RunView> = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let is_told: bool = alert.is_some() && index < MOST_STORIES;
            runs.push(if is_told { self.story(row).await? } else { RunView { line: shape::run(row), why: Vec::new() } });
        }
        Ok(RunList { runs, more })
    }

    async fn of_alert(&self, alert: AlertId) -> Result<EscalationNow, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let rows: Vec<RunRow> = self.room().runs_of_alert(alert).await.map_err(shown)?;
        let Some(newest) = rows.first() else { return Ok(EscalationNow::default()) };
        let Some(told) = self.room().explain(newest.id).await.map_err(shown)? else { return Ok(EscalationNow::default()) };
        let people: Vec<PersonRow> = self.people().await?;
        let is_open = |state: PageState| !matches!(state, PageState::Answered | PageState::Withdrawn);
        let is_mine: bool = told.pages.iter().any(|page| self.me() == Some(page.person) && is_open(page.state));
        let run: RunLine = shape::run(&told.run);
        Ok(EscalationNow { run: Some(run), paged: shape::paged(&told.pages, &people), is_mine })
    }

    async fn pass_on(&self, alert: AlertId, reason: String) -> Result<(), ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        self.room().pass_on(&grant, alert, &reason).await.map_err(shown)?;
        Ok(())
    }
}

/// The refusal of everything that is wrong with a form.
fn refused(wrong: &[PolicyWrong]) -> ApiError {
    let one = |wrong: &PolicyWrong| wrong.trouble.refused(&wrong.field, "something that can be read").mistakes();
    let all = wrong.iter().flat_map(one).collect();
    ApiError::of_mistakes(all).unwrap_or_else(|| PolicyTrouble::Other.refused("", "something else"))
}

impl Adapter {
    fn room(&self) -> &Oncall {
        &self.0.house.oncall
    }

    fn me(&self) -> Option<PersonId> {
        self.0.visitor.actor.as_ref().and_then(model::Actor::person_id)
    }

    fn can_edit(&self) -> bool {
        self.0.visitor.viewer.may(Role::Editor)
    }

    async fn row(&self, name: &str) -> Result<PolicyRow, ApiError> {
        let found: Option<PolicyRow> = self.room().policies().one(name).await.map_err(shown)?;
        found.ok_or_else(|| ApiError::NotFound { what: format!("policy {name}") })
    }

    async fn people(&self) -> Result<Vec<PersonRow>, ApiError> {
        self.0.house.identity.people_list().await.map_err(|error| unavailable(&error))
    }

    async fn teams(&self) -> Result<Vec<TeamRow>, ApiError> {
        self.0.house.identity.teams_list().await.map_err(|error| unavailable(&error))
    }

    async fn story(&self, row: &RunRow) -> Result<RunView, ApiError> {
        let found: Option<Explanation> = self.room().explain(row.id).await.map_err(shown)?;
        let people: Vec<PersonRow> = self.people().await?;
        let why = found.map(|told| told.log.iter().map(|entry| shape::why(entry, &people)).collect()).unwrap_or_default();
        Ok(RunView { line: shape::run(row), why })
    }

    /// What is wrong with a form, and who would be paged by it. A form that nobody has written into is not judged.
    async fn judged(
        &self,
        draft: &PolicyForm,
        row: Option<&PolicyRow>,
        is_written: bool,
    ) -> Result<(Vec<PolicyWrong>, Option<Vec<RungView>>), ApiError> {
        if !is_written {
            return Ok((Vec::new(), None));
        }
        match form::read(draft, row.map(|row| row.policy.name.as_str())) {
            Ok(policy) => Ok((Vec::new(), Some(self.rehearsed(&policy).await?.0))),
            Err(wrong) => Ok((wrong, None)),
        }
    }

    /// Who would be paged if an alert came now, and whether it goes on beyond what is told.
    async fn rehearsed(&self, policy: &Policy) -> Result<(Vec<RungView>, bool), ApiError> {
        let now: Time = self.0.house.clock.now();
        let cards: Vec<NowCard> = self.room().schedules().on_call_now().await.map_err(shown)?;
        let people: Vec<PersonRow> = self.people().await?;
        let ids: Vec<PersonId> = people.iter().map(|person| person.id).collect();
        let reach: HashMap<PersonId, Reach> = self.room().reach(&ids).await.map_err(shown)?;
        let book = self.room().schedules().book();
        let crew = Crew {
            members: people.iter().map(|person| Member::of(person, reach.get(&person.id))).collect(),
            on_call: on_call(&cards),
            holidays: book.as_ref(),
        };
        Ok(ladder::rehearse(policy, &crew, now))
    }

    /// Everything that a step can name.
    async fn choices(&self) -> Result<Vec<TargetView>, ApiError> {
        let schedules: Vec<ScheduleRow> = self.room().schedules().list().await.map_err(shown)?;
        let of_schedule = |row: &ScheduleRow| -> Vec<TargetView> {
            let target =
                |role: &model::rota::DutyRole| TargetView::Schedule(row.definition.name.clone(), role_word(role).to_owned());
            roles(&row.model(), &[]).iter().map(target).collect()
        };
        let mut all: Vec<TargetView> = schedules.iter().flat_map(of_schedule).collect();
        let people: Vec<PersonRow> = self.people().await?;
        let can_answer = people.into_iter().filter(|person| !person.disabled && !person.invited);
        all.extend(can_answer.map(|person| TargetView::Person(person.email, person.name)));
        all.extend(self.teams().await?.into_iter().map(|team| TargetView::Team(team.name)));
        all.push(TargetView::Everyone);
        let channels = self.0.house.notify.channels().await.map_err(|error| unavailable(&error))?;
        all.extend(channels.into_iter().map(|channel| TargetView::Channel(channel.name)));
        Ok(all)
    }
}

/// Who has which duty in which schedule at this moment.
fn on_call(cards: &[NowCard]) -> HashMap<(String, String), Vec<PersonId>> {
    let mut found: HashMap<(String, String), Vec<PersonId>> = HashMap::new();
    for card in cards {
        for role in &card.roles {
            let key = (card.schedule.definition.name.clone(), role_word(&role.role).to_owned());
            found.insert(key, role.holders.iter().map(|holder| holder.person.id).collect());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{refused, shown};
    use ::api::ApiError;
    use ::api::escalations::{PolicyTrouble, PolicyWrong};
    use model::ids::AlertId;
    use oncall::Error;

    #[test]
    fn refusals_cross_the_door_with_their_place() {
        let ApiError::Invalid { field, .. } = shown(Error::NotEscalating(AlertId(7))) else { panic!("no refusal") };
        assert_eq!(PolicyTrouble::of(&field), Some((PolicyTrouble::NotEscalating, "")));
        assert!(matches!(shown(Error::NoPolicy { name: "x".to_owned() }), ApiError::NotFound { what } if what == "policy x"));
        let wrong = PolicyWrong { field: "step.0.wait".to_owned(), trouble: PolicyTrouble::Wait };
        assert_eq!(refused(&[wrong]).mistakes()[0].field, "policy.wait/step.0.wait");
    }
}
