//! The rules' door: the list, one rule with its past, and the form in which it is changed.

mod back;
mod form;
mod graph;
mod list;
mod replay;
mod sheet;
mod way;

use crate::apis::Door;
use crate::apis::alerting::shown;
use ::api::ApiError;
use ::api::error::{Expected, Mistake};
use ::api::rules::{FieldNote, RuleAsk, RuleForm, RuleFormAsk, RuleFormView, RuleList, RuleQuery, RuleSaved, RuleView, RulesApi};
use alerting::rulebook::Refused;
use alerting::rules::form::{self as forms, Wrong};
use alerting::{Draft, Error, catalogue};
use async_trait::async_trait;
use model::access::{ApplyRules, ReadConsole};
use model::ids::RuleId;
use model::links;
use way::Way;

/// Answers the screens of rules.
pub struct Adapter(pub Door);

#[async_trait]
impl RulesApi for Adapter {
    async fn list(&self, query: RuleQuery) -> Result<RuleList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        list::view(&self.0, &query).await
    }

    async fn rule(&self, ask: RuleAsk) -> Result<RuleView, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let way = Way::here();
        let found = sheet::view(&self.0, &ask).await;
        way.not_found_if(&found);
        found
    }

    async fn form(&self, ask: RuleFormAsk) -> Result<RuleFormView, ApiError> {
        self.0.admit::<ApplyRules>()?;
        let way = Way::here();
        let found = form::view(&self.0, ask).await;
        way.not_found_if(&found);
        found
    }

    async fn save(&self, draft: RuleForm, version: Option<i64>) -> Result<RuleSaved, ApiError> {
        let grant = self.0.admit::<ApplyRules>()?;
        let way = Way::here();
        let read: Draft = match forms::read(&draft) {
            Ok(read) => read,
            Err(wrong) => return refused(&way, form::notes(wrong)),
        };
        match self.0.house.alerting.save_rule(&grant, &read, version).await {
            Ok(_) => {
                way.to(&links::rule(&read.rule.id));
                Ok(RuleSaved { id: Some(read.rule.id), wrong: Vec::new() })
            }
            Err(Error::Rulebook(reason)) => refused(&way, form::notes(vec![at_field(&reason)])),
            Err(other) => Err(shown(other)),
        }
    }

    async fn remove(&self, id: RuleId, version: i64) -> Result<(), ApiError> {
        let grant = self.0.admit::<ApplyRules>()?;
        let way = Way::here();
        self.0.house.alerting.remove_rule(&grant, &id, version).await.map_err(shown)?;
        way.to(links::RULES);
        Ok(())
    }

    async fn put_back(&self, id: RuleId, number: i64, version: i64) -> Result<(), ApiError> {
        let grant = self.0.admit::<ApplyRules>()?;
        let (way, locale) = (Way::here(), self.0.visitor.viewer.locale);
        let put = self.0.house.alerting.put_rule_back(&grant, &id, number, version).await;
        put.map_err(|error| back::refused(error, locale))?;
        way.to(&links::rule(&id));
        Ok(())
    }

    async fn adopt(&self, file: String) -> Result<u32, ApiError> {
        let grant = self.0.admit::<ApplyRules>()?;
        let expected = || ApiError::Invalid { field: "file".to_owned(), expected: Expected::other("a file of the catalogue") };
        let shipped = catalogue::find(&file).ok_or_else(expected)?;
        let n_rules = self.0.house.alerting.adopt(&grant, shipped).await.map_err(shown)?;
        Ok(u32::try_from(n_rules).unwrap_or(u32::MAX))
    }
}

/// A script is told what is wrong at each field. A form that a browser sent itself is refused like any other, so that it comes back as it
/// was filled in; the screen judges it anew.
fn refused(way: &Way, wrong: Vec<FieldNote>) -> Result<RuleSaved, ApiError> {
    if !way.by_form() {
        return Ok(RuleSaved { id: None, wrong });
    }
    let mistakes = wrong.iter().map(|note| Mistake::new(&note.field, Expected::other(&note.said))).collect();
    Err(ApiError::of_mistakes(mistakes).unwrap_or(ApiError::Unavailable))
}

/// Where in the form a refusal belongs: another id helps against one that is taken, and nothing but reading again against the others.
fn at_field(reason: &Refused) -> Wrong {
    match reason {
        Refused::Taken(_) => Wrong::at("id", reason.to_string()),
        Refused::Gone(_)
        | Refused::Stale { .. }
        | Refused::TooMany
        | Refused::NoVersion { .. }
        | Refused::Present(_)
        | Refused::OfFiles(_)
        | Refused::Outdated { .. } => Wrong::at("version", reason.to_string()),
    }
}
