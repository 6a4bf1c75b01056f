//! What went on around a graph: incidents, alerts that fired and who took them, maintenance and silences. Dashboards, boards of hosts and
//! graphs of alerts all ask here. What can't be read is missing: a graph without flags is better than none.

use crate::house_error::chain;
use crate::wiring::House;
use alerting::history::{self, HistoryEntry};
use alerting::routing::{Routing, SilenceRow};
use alerting::silences::{Kind, Phase, Silence};
use alerting::{AlertRow, Alerting, Show};
use chart::{Marker, MarkerKind, Stretch};
use dashboards::needs::Happened;
use figures::Locale;
use incidents::{Incident, Incidents};
use kernel::Db;
use kernel::facts::{self, Recorded};
use model::incident::IncidentStatus;
use model::labels::Labels;
use model::{Actor, Severity, Time};
use serde_json::Value;

/// Flags of each kind: more stand on each other and say nothing.
const MOST_FLAGS: usize = 30;
/// Alerts, incidents and answers that are read for flags.
const MOST_READ: i64 = 200;
/// Bands behind a graph.
const MOST_STRETCHES: usize = 20;
/// An incident may have begun so long before it was declared, and go on so long after.
const AROUND_MS: i64 = 7 * 86_400_000;
/// Nobody took it with a severity of its own: the shape of a flag is the same for all.
const NO_SEVERITY: u8 = 3;

/// Whom to ask. Cheap to clone.
#[derive(Clone)]
pub struct Past {
    pub db: Db,
    pub alerting: Alerting,
    pub routing: Routing,
    pub incidents: Incidents,
}

impl Past {
    /// Of this house.
    #[must_use]
    pub fn of(house: &House) -> Self {
        Self {
            db: house.db.clone(),
            alerting: house.alerting.clone(),
            routing: house.routing.clone(),
            incidents: house.incidents.clone(),
        }
    }

    /// What everybody may want to know. Of what is quiet only maintenance: a silence is about one thing, and a dashboard about many.
    pub async fn everywhere(&self, from: Time, to: Time, locale: Locale) -> Happened {
        let (alerts, taken, incidents, stretches) = futures::join!(
            self.alerts(from, to, None),
            self.taken(from, to),
            self.incidents(from, to, locale),
            self.stretches((from, to), locale, |silence| silence.wanted.kind == Kind::Maintenance),
        );
        let flags = [fired(alerts, (from, to), locale), answers(&taken, locale), incidents].concat();
        Happened { flags: in_order(flags), stretches }
    }

    /// What is about one host, and incidents.
    pub async fn on_host(&self, host: &str, from: Time, to: Time, locale: Locale) -> Happened {
        let (alerts, taken, incidents, stretches) = futures::join!(
            self.alerts(from, to, Some(host)),
            self.taken(from, to),
            self.incidents(from, to, locale),
            self.stretches((from, to), locale, |silence| is_about_host(silence, host)),
        );
        let subjects: Vec<String> = alerts.iter().map(|row| history::subject(row.id)).collect();
        let taken: Vec<Recorded> = taken.into_iter().filter(|fact| subjects.contains(&fact.subject)).collect();
        let flags = [fired(alerts, (from, to), locale), answers(&taken, locale), incidents].concat();
        Happened { flags: in_order(flags), stretches }
    }

    /// What kept an alert with these labels quiet.
    pub async fn quiet(&self, labels: &Labels, span: (Time, Time), locale: Locale) -> Vec<Stretch> {
        self.stretches(span, locale, |silence| silence.wanted.matches(labels)).await
    }

    async fn alerts(&self, from: Time, to: Time, host: Option<&str>) -> Vec<AlertRow> {
        let (touching, host) = (Some((from, to)), host.map(str::to_owned));
        let filter = alerting::Filter { show: Show::All, touching, host, limit: MOST_READ, ..alerting::Filter::default() };
        self.alerting.alerts(&filter).await.unwrap_or_else(|error| missing(&error))
    }

    async fn taken(&self, from: Time, to: Time) -> Vec<Recorded> {
        let found = facts::of_kinds(&self.db, &[history::ACKNOWLEDGED], from, to.plus_ms(1), MOST_READ).await;
        found.unwrap_or_else(|error| missing(&error))
    }

    /// Incidents that began or were resolved, of too many the newest. Everybody sees a graph: private ones are not on it.
    async fn incidents(&self, from: Time, to: Time, locale: Locale) -> Vec<Marker> {
        let filter = incidents::Filter {
            show: incidents::Show::All,
            from: Some(from.plus_ms(-AROUND_MS)),
            until: Some(to.plus_ms(AROUND_MS)),
            limit: MOST_READ,
            ..incidents::Filter::default()
        };
        let found = self.incidents.list(&Actor::worker("dashboards"), &filter).await;
        let found: Vec<Incident> = found.unwrap_or_else(|error| missing(&error));
        let seen = found.iter().filter(|incident| is_seen(incident));
        let mut flags: Vec<Marker> = seen.flat_map(|incident| moments(incident, locale)).collect();
        flags.retain(|flag| (from.0..=to.0).contains(&flag.ms));
        flags.sort_by_key(|flag| std::cmp::Reverse(flag.ms));
        flags.truncate(MOST_FLAGS);
        flags
    }

    async fn stretches<F>(&self, (from, to): (Time, Time), locale: Locale, is_meant: F) -> Vec<Stretch>
    where
        F: Fn(&Silence) -> bool + Send,
    {
        let (alive, over) = futures::join!(self.routing.silences(), self.routing.past_silences(None));
        let alive: Vec<SilenceRow> = alive.unwrap_or_else(|error| missing(&error));
        let over: Vec<SilenceRow> = over.unwrap_or_else(|error| missing(&error));
        let meant = alive.into_iter().chain(over).map(|row| row.silence).filter(|silence| is_meant(silence));
        let mut found: Vec<Stretch> = meant.flat_map(|silence| held(&silence, from, to, locale)).collect();
        found.sort_by_key(|stretch| stretch.from_ms);
        found.truncate(MOST_STRETCHES);
        found
    }
}

/// Says that something could not be read, and gives nothing.
pub fn missing<T: Default>(error: &(dyn std::error::Error + 'static)) -> T {
    tracing::warn!(error = chain(error), "what went on is missing on a graph");
    T::default()
}

fn in_order(mut flags: Vec<Marker>) -> Vec<Marker> {
    flags.sort_by_key(|flag| flag.ms);
    flags
}

/// Alerts that fired and called somebody, of too many the worst and newest.
fn fired(found: Vec<AlertRow>, (from, to): (Time, Time), locale: Locale) -> Vec<Marker> {
    let mut fired: Vec<(Time, AlertRow)> = found
        .into_iter()
        .filter(|row| !row.is_muted)
        .filter_map(|row| row.fired_at.filter(|at| (from..=to).contains(at)).map(|at| (at, row)))
        .collect();
    fired.sort_by_key(|(at, row)| (row.severity, std::cmp::Reverse(*at)));
    fired.truncate(MOST_FLAGS);
    fired.iter().map(|(at, row)| flag(*at, row.severity, fired_words(row, locale))).collect()
}

fn fired_words(row: &AlertRow, locale: Locale) -> String {
    match locale {
        Locale::Ja => format!("{} 発報", row.name.ja),
        Locale::En => format!("{} fired", row.name.en),
    }
}

/// Several that somebody took at once.
struct Answer {
    at: Time,
    by: String,
    name: String,
    n_more: usize,
}

/// Who took which alert, a flag for all that were taken at once; of too many the newest.
fn answers(taken: &[Recorded], locale: Locale) -> Vec<Marker> {
    let mut answers: Vec<Answer> = Vec::new();
    for fact in taken {
        let by = doer(fact.actor.get("name").and_then(Value::as_str).unwrap_or_default());
        match answers.last_mut().filter(|answer| answer.at == fact.at && answer.by == by) {
            Some(answer) => answer.n_more += 1,
            None => answers.push(Answer { at: fact.at, by: by.to_owned(), name: name_of(fact, locale), n_more: 0 }),
        }
    }
    answers.truncate(MOST_FLAGS);
    answers.iter().map(|answer| taken_flag(answer.at, taken_words(answer, locale))).collect()
}

/// Who took an alert, by its own history.
#[must_use]
pub fn taken_of(entries: &[HistoryEntry], locale: Locale) -> Vec<Marker> {
    let taken = entries.iter().filter(|entry| entry.fact == history::ACKNOWLEDGED);
    let words = |entry: &HistoryEntry| match locale {
        Locale::Ja => format!("引き受け（{}）", doer(&entry.by)),
        Locale::En => format!("acknowledged by {}", doer(&entry.by)),
    };
    taken.map(|entry| taken_flag(entry.at, words(entry))).collect()
}

fn taken_words(answer: &Answer, locale: Locale) -> String {
    let Answer { by, name, n_more, .. } = answer;
    match (locale, n_more) {
        (Locale::Ja, 0) => format!("{name} 引き受け（{by}）"),
        (Locale::Ja, n) => format!("{name}ほか{n}件 引き受け（{by}）"),
        (Locale::En, 0) => format!("{name} acknowledged by {by}"),
        (Locale::En, n) => format!("{name} and {n} more acknowledged by {by}"),
    }
}

fn taken_flag(at: Time, label: String) -> Marker {
    Marker { ms: at.0, kind: MarkerKind::Flag, severity: NO_SEVERITY, label }
}

/// Whoever answers by a link is told by where the link was sent.
fn doer(name: &str) -> &str {
    name.strip_prefix("link/").unwrap_or(name)
}

fn name_of(fact: &Recorded, locale: Locale) -> String {
    let language = match locale {
        Locale::Ja => "ja",
        Locale::En => "en",
    };
    let name = fact.body.get("name").and_then(|name| name.get(language)).and_then(Value::as_str);
    name.unwrap_or(&fact.subject).to_owned()
}

fn is_seen(incident: &Incident) -> bool {
    !incident.is_private && !matches!(incident.status, IncidentStatus::Merged | IncidentStatus::Dismissed)
}

/// When it began, as far as that is known, and when it was over.
fn moments(incident: &Incident, locale: Locale) -> Vec<Marker> {
    let known = incident.moments.occurred_at.or(incident.detected_at);
    let (id, title) = (incident.id, incident.title.as_str());
    let (began, over): (String, String) = match locale {
        Locale::Ja => (format!("{id} 発生 {title}"), format!("{id} 解決")),
        Locale::En => (format!("{id} began: {title}"), format!("{id} resolved")),
    };
    let began: Marker = flag(known.unwrap_or(incident.declared_at), incident.severity(), began);
    let over: Option<Marker> = incident.resolved_at.map(|at| flag(at, incident.severity(), over));
    std::iter::once(began).chain(over).collect()
}

fn flag(at: Time, severity: Severity, label: String) -> Marker {
    Marker { ms: at.0, kind: MarkerKind::Flag, severity: severity.level(), label }
}

/// Whether it is about this host: it names it, or is a maintenance that names no other.
fn is_about_host(silence: &Silence, host: &str) -> bool {
    let mut of_host = silence.wanted.matchers.iter().filter(|matcher| matcher.name == "host").peekable();
    let is_named = of_host.peek().is_some();
    (is_named || silence.wanted.kind == Kind::Maintenance) && of_host.all(|matcher| matcher.accepts(host))
}

/// When it held within a span: once, or in the windows of its calendar. What goes on beyond the span goes on in the picture too.
fn held(silence: &Silence, from: Time, to: Time, locale: Locale) -> Vec<Stretch> {
    let label = quiet_words(silence, locale);
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut at = from;
    while at < to && stretches.len() < MOST_STRETCHES {
        let next = match silence.phase(at) {
            Phase::Holds { until } => {
                stretches.push(Stretch { from_ms: at.0, to_ms: until.0, label: label.clone() });
                Some(until)
            }
            Phase::Over => None,
            Phase::Ahead | Phase::Between => silence.next(at),
        };
        match next.filter(|next| *next > at) {
            Some(next) => at = next,
            None => break,
        }
    }
    stretches
}

fn quiet_words(silence: &Silence, locale: Locale) -> String {
    let why = silence.wanted.comment.lines().next().unwrap_or_default();
    let what = match (silence.wanted.kind, locale) {
        (Kind::Maintenance, Locale::Ja) => "メンテナンス",
        (Kind::Maintenance, Locale::En) => "Maintenance",
        (Kind::Silence, Locale::Ja) => "サイレンス",
        (Kind::Silence, Locale::En) => "Silence",
    };
    format!("{what}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use alerting::routes::matchers::{Matcher, Op};
    use alerting::silences::{NewSilence, SilenceId};
    use kernel::facts::Cursor;
    use serde_json::json;

    fn silence(kind: Kind, matchers: Vec<Matcher>) -> Silence {
        let comment = "DBの移行\n詳しくは手順書".to_owned();
        Silence {
            id: SilenceId(1),
            wanted: NewSilence { kind, matchers, from: Time(1_000), until: Time(9_000), calendar: None, comment },
            by: "花子".to_owned(),
            person: None,
            made_at: Time(0),
            expired_at: None,
            expired_by: None,
            name: None,
        }
    }

    fn host(name: &str) -> Matcher {
        Matcher::new("host", Op::Equal, name).unwrap()
    }

    #[test]
    fn a_band_is_as_long_as_its_silence_held() {
        let spans = |silence: &Silence, from: i64, to: i64| {
            let found = held(silence, Time(from), Time(to), Locale::Ja);
            found.into_iter().map(|stretch| (stretch.from_ms, stretch.to_ms, stretch.label)).collect::<Vec<_>>()
        };
        let mut silence = silence(Kind::Maintenance, vec![host("app-01")]);
        let label = "メンテナンス: DBの移行".to_owned();
        assert_eq!(spans(&silence, 0, 5_000), [(1_000, 9_000, label.clone())]);
        assert_eq!(spans(&silence, 2_000, 5_000), [(2_000, 9_000, label.clone())]);
        assert!(spans(&silence, 9_000, 20_000).is_empty());
        assert!(spans(&silence, 0, 1_000).is_empty());
        silence.expired_at = Some(Time(4_000));
        assert_eq!(spans(&silence, 0, 20_000), [(1_000, 4_000, label)]);
    }

    #[test]
    fn a_host_is_meant_by_name_or_by_a_maintenance_of_all() {
        assert!(is_about_host(&silence(Kind::Silence, vec![host("app-01")]), "app-01"));
        assert!(!is_about_host(&silence(Kind::Maintenance, vec![host("app-02")]), "app-01"));
        let job = Matcher::new("job", Op::Equal, "node").unwrap();
        assert!(is_about_host(&silence(Kind::Maintenance, vec![job.clone()]), "app-01"));
        assert!(!is_about_host(&silence(Kind::Silence, vec![job]), "app-01"));
    }

    #[test]
    fn what_was_taken_at_once_is_one_flag() {
        let fact = |id: i64, at: i64, by: &str| Recorded {
            cursor: Cursor::default(),
            kind: history::ACKNOWLEDGED.to_owned(),
            actor: json!({ "name": by }),
            subject: format!("alert/{id}"),
            body: json!({ "name": { "ja": format!("警報{id}"), "en": format!("alert {id}") } }),
            at: Time(at),
        };
        let taken = [fact(1, 50, "花子"), fact(2, 50, "花子"), fact(3, 40, "link/Slack #ops")];
        let words = |locale: Locale| answers(&taken, locale).into_iter().map(|flag| (flag.ms, flag.label)).collect::<Vec<_>>();
        assert_eq!(
            words(Locale::Ja),
            [(50, "警報1ほか1件 引き受け（花子）".to_owned()), (40, "警報3 引き受け（Slack #ops）".to_owned())]
        );
        assert_eq!(words(Locale::En)[1].1, "alert 3 acknowledged by Slack #ops");
    }
}
