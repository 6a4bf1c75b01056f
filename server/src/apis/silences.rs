//! The door to silences: lists, what one would do before it is made, and making, ending and extending one.

mod asked;
pub mod shape;

use crate::apis::Door;
use crate::apis::alerting::shown as alerting_shown;
use ::api::ApiError;
use ::api::error::Mistake;
use ::api::silences::{SilenceAsk, SilenceList, SilenceLook, SilencesApi, Trouble};
use alerting::Error;
use alerting::calendar::Calendar;
use alerting::routes::matchers::Matcher;
use alerting::routing::looking::Coverage;
use alerting::routing::{Preview, SilenceRow};
use alerting::silences::{NewSilence, Phase, Refused, Silence, SilenceId};
use asked::Found;
use async_trait::async_trait;
use model::access::{AnswerAlert, ReadConsole};
use model::alert::{MAX_COMMENT, comment_length};
use model::{Time, links};

/// Answers the screens of silences.
pub struct Adapter(pub Door);

/// Silences of one list of what is over, as the room hands them out.
const PAST: usize = 200;
/// Alerts shown of what a silence would cover.
const SHOWN: usize = 20;

/// What a screen may see of this room's errors.
fn shown(error: Error) -> ApiError {
    match error {
        Error::Silence(Refused::NotFound(id)) => ApiError::NotFound { what: format!("silence {id}") },
        Error::Silence(refused) => trouble_of(&refused).refused(&refused.to_string()),
        other => alerting_shown(other),
    }
}

fn trouble_of(refused: &Refused) -> Trouble {
    match refused {
        Refused::Matchers { .. } => Trouble::Matchers,
        Refused::Everything => Trouble::Everything,
        Refused::Over | Refused::NotFound(_) => Trouble::Over,
        Refused::Long => Trouble::Long,
        Refused::NoComment | Refused::LongComment { .. } => Trouble::Comment,
        Refused::Never | Refused::NoCalendar(_) => Trouble::Never,
        Refused::TooMany => Trouble::TooMany,
        Refused::Time(_) => Trouble::Moment,
    }
}

fn refused(found: &Found) -> ApiError {
    found.0.refused(&format!("something that can be read, found {:?}", found.1))
}

#[async_trait]
impl SilencesApi for Adapter {
    async fn list(&self, before: Option<i64>) -> Result<SilenceList, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let room = &self.0.house.routing;
        let alive: Vec<SilenceRow> = room.silences().await.map_err(shown)?;
        let past: Vec<SilenceRow> = room.past_silences(before.map(SilenceId)).await.map_err(shown)?;
        let coverage: Coverage = room.coverage().await.map_err(shown)?;
        let older: Option<i64> = past.last().filter(|_| past.len() >= PAST).map(|row| row.silence.id.0);
        let row = |row: SilenceRow| {
            let holds: usize = coverage.held.get(&row.silence.id).copied().unwrap_or(0);
            shape::silence(row, holds)
        };
        let alive = alive.into_iter().map(row).collect();
        Ok(SilenceList { alive, past: past.into_iter().map(row).collect(), older, is_cut: coverage.is_cut })
    }

    async fn look(&self, ask: SilenceAsk) -> Result<SilenceLook, ApiError> {
        self.0.admit::<ReadConsole>()?;
        let mut look: SilenceLook = self.judged(&ask);
        if let Ok(matchers) = asked::matchers(&ask) {
            let preview: Preview = self.0.house.routing.preview(&matchers).await.map_err(shown)?;
            look.n = u32::try_from(preview.n).unwrap_or(u32::MAX);
            look.shown = preview.shown.into_iter().take(SHOWN).map(shape::covered).collect();
        }
        Ok(look)
    }

    async fn make(&self, ask: SilenceAsk, comment: String) -> Result<i64, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        let wanted: NewSilence = self.wanted(&ask, comment)?;
        let id: SilenceId = self.0.house.routing.create_silence(&grant, wanted).await.map_err(shown)?;
        leptos_axum::redirect(&links::silence_made(id.0));
        Ok(id.0)
    }

    async fn end(&self, id: i64) -> Result<bool, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        self.0.house.routing.expire_silence(&grant, SilenceId(id)).await.map_err(shown)
    }

    async fn extend(&self, id: i64, span: String) -> Result<i64, ApiError> {
        let grant = self.0.admit::<AnswerAlert>()?;
        let longer = asked::longer(&span, &self.0.visitor.viewer.zone, self.now()).map_err(|found| refused(&found))?;
        let id: SilenceId = self.0.house.routing.extend_silence(&grant, SilenceId(id), longer).await.map_err(shown)?;
        Ok(id.0)
    }
}

impl Adapter {
    fn now(&self) -> Time {
        self.0.house.clock.now()
    }

    /// The silence that is asked for, or everything that is wrong with it.
    fn wanted(&self, ask: &SilenceAsk, comment: String) -> Result<NewSilence, ApiError> {
        let (zone, now) = (&self.0.visitor.viewer.zone, self.now());
        let mut problems: Vec<Found> = self.judged(ask).problems;
        let n_characters: usize = comment_length(comment.trim());
        if n_characters == 0 || n_characters > MAX_COMMENT {
            problems.push((Trouble::Comment, n_characters.to_string()));
        }
        let mistakes: Vec<Mistake> = problems.iter().flat_map(|found| refused(found).mistakes()).collect();
        if let Some(error) = ApiError::of_mistakes(mistakes) {
            return Err(error);
        }
        let read = || -> Result<NewSilence, Found> {
            let matchers: Vec<Matcher> = asked::matchers(ask)?;
            let (from, until) = asked::ends(ask, zone, now)?;
            let calendar: Option<Calendar> = asked::calendar(ask, zone)?;
            Ok(NewSilence { kind: asked::kind(ask), matchers, from, until, calendar, comment })
        };
        read().map_err(|found| refused(&found))
    }

    /// What is wrong with it, and when it would hold, as far as that can be read. Whether there is a comment is not asked before it is made.
    fn judged(&self, ask: &SilenceAsk) -> SilenceLook {
        let (zone, now) = (&self.0.visitor.viewer.zone, self.now());
        let (matchers, ends, calendar) = (asked::matchers(ask), asked::ends(ask, zone, now), asked::calendar(ask, zone));
        let mut look = SilenceLook { span: ends.clone().ok(), ..SilenceLook::default() };
        look.problems.extend(matchers.as_ref().err().cloned());
        look.problems.extend(ends.as_ref().err().cloned());
        look.problems.extend(calendar.as_ref().err().cloned());
        if let (Ok(matchers), Ok((from, until)), Ok(calendar)) = (matchers, ends, calendar) {
            look.calendar = calendar.as_ref().map(shape::calendar);
            let comment: String = "-".to_owned();
            let wanted = NewSilence { kind: asked::kind(ask), matchers, from, until, calendar, comment };
            match wanted.checked(now) {
                Ok(wanted) => look.next = beginning(wanted, now),
                Err(refused) => look.problems.push((trouble_of(&refused), String::new())),
            }
        }
        look
    }
}

/// When it would hold first; `None` when at once.
fn beginning(wanted: NewSilence, now: Time) -> Option<Time> {
    let silence = Silence {
        id: SilenceId(0),
        wanted,
        by: String::new(),
        person: None,
        made_at: now,
        expired_at: None,
        expired_by: None,
        name: None,
    };
    if matches!(silence.phase(now), Phase::Holds { .. }) { None } else { silence.next(now) }
}
