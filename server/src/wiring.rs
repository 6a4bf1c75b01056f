//! The only file that knows all rooms: makes them, and gives each what it says it needs.

mod boards;
mod escalating;
mod incident_alarm;
mod incident_rooms;
mod incident_world;
mod pages;
mod paying;
mod postmortems;
mod told_rules;

use crate::acknowledge::SignedLinks;
use crate::apis::incidents::presence::Presence;
use crate::browsers::Staff;
use crate::config::Config;
use crate::database::Beside;
use crate::happenings::Past;
use crate::hooks::knocks::Knocks;
use crate::keys;
use crate::live::Live;
use crate::paging::NotifyPager;
use crate::pictures::Charts;
use crate::scraping;
use crate::watch::pulse::Pulse;
use alerting::catalogue::{self, Shipped};
use alerting::needs::{Course, History, Measured, NotRecorded, Queries, QueryError, Series};
use alerting::notifier::Notifier;
use alerting::routing::Routing;
use alerting::{Alerting, RuleFile};
use async_trait::async_trait;
use dashboards::Dashboards;
use documents::Documents;
use identity::Identity;
use incident_alarm::HouseAlarm;
use incident_world::{HouseGraphs, World};
use incidents::Incidents;
use kernel::outbound::Outbound;
use kernel::outbound::reach::Reach;
use kernel::{Clock, Db, SystemClock};
use metrics::eval::Value;
use metrics::scrape::Scraper;
use metrics::{Metrics, Written};
use model::Time;
use notify::needs::Channels;
use notify::{Keys, Notify};
use oncall::{Oncall, Policies, Schedules};
use pages::HousePages;
use postgres::Source;
use postmortems::HouseIncidents;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use told_rules::AlertingRules;

pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Every room and what they share. Cheap to clone.
#[derive(Clone)]
pub struct House {
    pub config: Arc<Config>,
    pub clock: Arc<dyn Clock>,
    pub db: Db,
    pub identity: Identity,
    pub metrics: Arc<Metrics>,
    /// Where any targets are named.
    pub scraper: Option<Arc<Scraper>>,
    pub alerting: Alerting,
    pub routing: Routing,
    pub notify: Notify,
    pub oncall: Oncall,
    pub pay: oncall::Pay,
    pub incidents: Incidents,
    pub documents: Documents,
    pub dashboards: Dashboards,
    /// Who looks at which incident.
    pub presence: Presence,
    /// What secrets are sealed and links are signed with.
    pub keys: Keys,
    pub live: Live,
    /// How far our workers have got.
    pub pulse: Pulse,
    /// Who came in vain lately.
    pub knocks: Knocks,
    /// Cancelled when the server stops.
    pub shutdown: CancellationToken,
}

/// Makes the rooms over `db`, all of them told the time by `clock`.
///
/// # Errors
/// When the metrics of the last hours can't be read back.
pub async fn build_at(config: Config, db: Db, clock: Arc<dyn Clock>, shutdown: CancellationToken) -> Result<House, Failure> {
    let keys = keys::keys(&config.secrets)?;
    let metrics = Metrics::open(db.clone(), clock.clone(), metric_settings(&config)).await?;
    let queries = Arc::new(MetricQueries(metrics.clone()));
    let notify = notifying(&config, &db, &clock, &keys);
    let pulse = Pulse::default();
    let alerting = Alerting::new(db.clone(), clock.clone(), queries)
        .with_series(Arc::new(MetricSeries { metrics: metrics.clone(), pulse: pulse.clone() }))
        .with_history(Arc::new(MetricHistory(metrics.clone())));
    // Who only asks about rules and alerts gets the room without its pager: the pager holds notify, and notify holds whoever draws.
    let charts = Charts::new(alerting.clone(), metrics.clone());
    let identity = Identity::new(db.clone(), clock.clone());
    let oncall = escalating::oncall(&db, &clock, &notify, &identity, &keys)?;
    let pay = paying::pay(&db, &clock, escalating::staff(&identity));
    let pager = NotifyPager::new(notify.clone(), alerting.clone(), &config.public_url).with_oncall(oncall.clone());
    let alerting = alerting.with_pager(Arc::new(pager));
    let routing = Routing::new(db.clone(), clock.clone());
    let notify = notify.with_personal(Arc::new(escalating::Told(oncall.outcomes())));
    let notify = notify.with_pictures(Arc::new(charts)).with_people(Arc::new(Staff(identity.clone())));
    let world =
        World { db: &db, identity: &identity, routing: &routing, metrics: &metrics, notify: &notify, pay: &pay, oncall: &oncall };
    let incidents = Incidents::new(db.clone(), clock.clone(), incident_world::needs(&world, &clock));
    let documents = writing(&world, &incidents, &alerting, &clock, &keys);
    let past = Past { db: db.clone(), alerting: alerting.clone(), routing: routing.clone(), incidents: incidents.clone() };
    let dashboards = Dashboards::new(db.clone(), Arc::clone(&clock), boards::needs(&metrics, past));
    let live = Live::new(db.clone());
    let scraper = scraping::open(&config.samples, metrics.clone(), db.clone(), clock.clone(), shutdown.clone()).await?;
    let config = Arc::new(config);
    let knocks = Knocks::default();
    Ok(House {
        config,
        clock,
        db,
        identity,
        metrics,
        scraper,
        alerting,
        routing,
        notify,
        oncall,
        pay,
        incidents,
        documents,
        dashboards,
        presence: Presence::default(),
        keys,
        live,
        pulse,
        knocks,
        shutdown,
    })
}

/// The room of documents, over the house around it.
fn writing(world: &World<'_>, incidents: &Incidents, alerting: &Alerting, clock: &Arc<dyn Clock>, keys: &Keys) -> Documents {
    let pages = HousePages {
        identity: world.identity.clone(),
        incidents: incidents.clone(),
        alerting: alerting.clone(),
        routing: world.routing.clone(),
        oncall: world.oncall.clone(),
    };
    let postmortems = HouseIncidents {
        db: world.db.clone(),
        incidents: incidents.clone(),
        identity: world.identity.clone(),
        graphs: Arc::new(HouseGraphs(Arc::clone(world.metrics))),
        alarm: HouseAlarm::new(world.identity.clone(), world.oncall.clone(), world.notify.clone()),
        keys: keys.clone(),
    };
    let needs = documents::needs::Needs { pages: Arc::new(pages), postmortems: Arc::new(postmortems) };
    Documents::new(world.db.clone(), Arc::clone(clock), needs)
}

/// The room that sends, reaching what this installation lets it reach.
fn notifying(config: &Config, db: &Db, clock: &Arc<dyn Clock>, keys: &Keys) -> Notify {
    let reach = Reach { listed: config.channels_allow.clone(), ..Reach::default() };
    let links = SignedLinks::new(keys.clone(), &config.public_url);
    let settings = notify::Settings {
        public_url: config.public_url.clone(),
        worker: format!("{}/{}", config.host_name, kernel::ids::new_uuid()),
        keys: keys.clone(),
    };
    Notify::new(db.clone(), clock.clone(), Arc::new(Channels(Outbound::new(reach))), Arc::new(links), settings)
}

fn metric_settings(config: &Config) -> metrics::Config {
    let (samples, beyond) = (&config.samples, &config.beyond);
    metrics::Config {
        retention_days: config.retention_days,
        out_of_order_ms: i64::from(samples.out_of_order_hours) * 3_600_000,
        compact_after_ms: i64::from(samples.compact_after_minutes) * 60_000,
        max_series: usize::try_from(samples.max_series).unwrap_or(usize::MAX),
        ha_labels: samples.ha_labels.clone(),
        engine: beyond.engine,
        remote: beyond.remote.clone(),
        forward: beyond.forward.clone(),
        forward_hold_ms: i64::from(beyond.forward_hold_hours) * 3_600_000,
        ..metrics::Config::default()
    }
}

/// What a command beside a running server asks metrics with. It forwards nothing: that is the server's.
pub struct Measuring {
    errand: Errand,
    metrics: Arc<Metrics>,
}

impl Measuring {
    /// Finds or starts the database, and reads back what is needed to answer.
    ///
    /// # Errors
    /// As [`Errand::begin`] and [`Metrics::open`].
    pub async fn begin(config: &Config) -> Result<Self, Failure> {
        let errand = Errand::begin(config).await?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let settings = metrics::Config { forward: Vec::new(), ..metric_settings(config) };
        match Metrics::open(errand.db.clone(), clock, settings).await {
            Ok(metrics) => Ok(Self { errand, metrics }),
            Err(error) => {
                errand.end().await?;
                Err(error.into())
            }
        }
    }

    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub fn alerting(&self) -> &Alerting {
        &self.errand.alerting
    }

    /// Stops what [`Measuring::begin`] started. To be called whatever the work came to.
    ///
    /// # Errors
    /// When the embedded Postgres does not stop.
    pub async fn end(self) -> Result<(), Failure> {
        self.metrics.close().await;
        drop(self.metrics);
        self.errand.end().await
    }
}

/// What a command beside a running server works with: rooms that need no metrics, and the database for as long as it takes.
pub struct Errand {
    pub identity: Identity,
    pub alerting: Alerting,
    pub routing: Routing,
    pub policies: Policies,
    pub schedules: Schedules,
    pub dashboards: Dashboards,
    pub db: Db,
    database: Beside,
}

impl Errand {
    /// Finds or starts the database and brings its schema up to date.
    ///
    /// # Errors
    /// When there is no database: a command does not wait for one.
    pub async fn begin(config: &Config) -> Result<Self, Failure> {
        let database = Beside::open(config).await?;
        let db = Db::lazy(&database.url, 4)?;
        if let Err(error) = db.migrate().await {
            database.close().await?;
            return Err(format!("the database can't be reached, or its schema not be brought up to date: {error}").into());
        }
        Ok(Self::over(db, database))
    }

    /// The same, but changes nothing, not even the schema; `None` where there is no database yet.
    ///
    /// # Errors
    /// When the database can't be found or started.
    pub async fn look(config: &Config) -> Result<Option<Self>, Failure> {
        if let Source::Embedded(embedded) = &config.source
            && !embedded.data_dir.exists()
        {
            return Ok(None);
        }
        let database = Beside::open(config).await?;
        let db = Db::lazy(&database.url, 4)?;
        Ok(Some(Self::over(db, database)))
    }

    fn over(db: Db, database: Beside) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let alerting = Alerting::new(db.clone(), clock.clone(), Arc::new(NoQueries));
        let routing = Routing::new(db.clone(), clock.clone());
        let policies = Policies::new(db.clone(), clock.clone());
        let identity = Identity::new(db.clone(), clock.clone());
        let schedules = Schedules::new(db.clone(), clock.clone(), escalating::staff(&identity));
        let dashboards = Dashboards::new(db.clone(), clock, boards::nobody());
        Self { identity, alerting, routing, policies, schedules, dashboards, db, database }
    }

    /// Stops what [`Errand::begin`] started. To be called whatever the work came to.
    ///
    /// # Errors
    /// When the embedded Postgres does not stop.
    pub async fn end(self) -> Result<(), Failure> {
        self.db.pool().close().await;
        self.database.close().await
    }
}

impl House {
    /// Gives a new installation its first rules and routes. One that was ever given some keeps them, also when it was given none.
    ///
    /// # Errors
    /// The database's.
    pub async fn first_rules(&self) -> Result<(), Failure> {
        let worker = model::Actor::worker("set-up");
        let grant = kernel::authorize::<model::access::ApplyRules>(&worker, None)?;
        if !self.routing.was_ever_applied().await? {
            let file = RuleFile { name: "routes.yaml".to_owned(), text: alerting::routing::FIRST.to_owned() };
            self.routing.apply(&grant, &Routing::check(&[file])?).await?;
        }
        if !self.alerting.was_ever_applied().await? {
            let first = catalogue::FILES.iter().filter(|shipped| shipped.is_first).map(Shipped::file);
            self.alerting.apply(&grant, first.collect()).await?;
        }
        Ok(())
    }

    /// Decides who is told of what. One per process.
    #[must_use]
    pub fn notifier(&self) -> Notifier {
        let pager = NotifyPager::new(self.notify.clone(), self.alerting.clone(), &self.config.public_url)
            .with_oncall(self.oncall.clone());
        Notifier::new(self.db.clone(), self.clock.clone(), Arc::new(pager))
    }

    /// Whether there is any channel that a page could go out by.
    ///
    /// # Errors
    /// The database's.
    pub async fn somebody_can_be_told(&self) -> Result<bool, notify::Error> {
        Ok(self.notify.channels().await?.iter().any(|channel| channel.enabled))
    }

    /// What Prometheus' HTTP API is answered from.
    #[must_use]
    pub fn prometheus(&self) -> metrics::http::Api {
        metrics::http::Api {
            metrics: self.metrics.clone(),
            rules: Arc::new(AlertingRules(self.alerting.clone())),
            scraper: self.scraper.clone(),
            started: self.clock.now(),
        }
    }

    /// Whether the database takes writes.
    ///
    /// # Errors
    /// What the database said.
    pub async fn database_writable(&self) -> Result<(), String> {
        self.db.is_writable().await.map_err(|error| error.to_string())
    }
}

/// What the alerting room needs of the metrics room.
struct MetricQueries(Arc<Metrics>);

#[async_trait]
impl Queries for MetricQueries {
    async fn instant(&self, expr: &promql::ast::Expr, at: Time) -> Result<Vec<Measured>, QueryError> {
        let answer = self.0.instant_for_rules(expr, at).await.map_err(|error| QueryError { reason: error.to_string() })?;
        match answer.value {
            Value::Vector(samples) => {
                Ok(samples.into_iter().map(|sample| Measured { labels: sample.labels, value: sample.value }).collect())
            }
            Value::Scalar(value) => Ok(vec![Measured { labels: model::labels::Labels::default(), value }]),
            Value::Matrix(_) | Value::String(_) => {
                Err(QueryError { reason: "a rule's expression must give a vector or a number".to_owned() })
            }
        }
    }
}

/// The same over a stretch of time, to replay rules.
struct MetricHistory(Arc<Metrics>);

#[async_trait]
impl History for MetricHistory {
    async fn range(&self, expr: &promql::ast::Expr, from: Time, to: Time, step_ms: i64) -> Result<Vec<Course>, QueryError> {
        let answer = self.0.range(expr, from, to, step_ms).await.map_err(|error| QueryError { reason: error.to_string() })?;
        let Value::Matrix(found) = answer.value else {
            return Err(QueryError { reason: "a rule's expression must give a vector or a number".to_owned() });
        };
        let course = |one: metrics::source::SeriesData| {
            let points = one.points.iter().map(|point| (Time(point.at), point.value)).collect();
            Course { labels: one.labels, points }
        };
        Ok(found.into_iter().map(course).collect())
    }
}

/// Where the alerting room writes `ALERTS` and how its evaluation goes.
struct MetricSeries {
    metrics: Arc<Metrics>,
    pulse: Pulse,
}

#[async_trait]
impl Series for MetricSeries {
    async fn write(&self, samples: Vec<alerting::needs::Sample>) -> Result<(), QueryError> {
        // Written after every tick that was committed, whatever becomes of the samples.
        if let Some(newest) = samples.iter().map(|sample| sample.at).max() {
            self.pulse.evaluated(newest);
        }
        self.taken(samples).await.map(|_| ()).map_err(|reason| QueryError { reason })
    }

    /// Seen by the next query: the room answers a write when its samples can be asked for.
    async fn record(&self, samples: Vec<alerting::needs::Sample>) -> Result<(), NotRecorded> {
        let written: Written = self.taken(samples).await.map_err(|reason| NotRecorded::Failed { reason })?;
        if written.rejected.is_empty() {
            return Ok(());
        }
        let reasons: Vec<String> = written.rejected.iter().map(ToString::to_string).collect();
        Err(NotRecorded::Refused { reason: format!("samples were refused: {}", reasons.join("; ")) })
    }
}

impl MetricSeries {
    async fn taken(&self, samples: Vec<alerting::needs::Sample>) -> Result<Written, String> {
        let worker = model::Actor::worker("evaluator");
        let grant = kernel::authorize::<model::access::WriteMetrics>(&worker, None).map_err(|error| error.to_string())?;
        let sample = |one: alerting::needs::Sample| metrics::Sample { labels: one.labels, at: one.at, value: one.value };
        let written = self.metrics.write(&grant, samples.into_iter().map(sample).collect()).await;
        written.map_err(|error| error.to_string())
    }
}

/// For commands, which apply rules and evaluate none: opening the metrics would read hours of samples back for nothing.
struct NoQueries;

#[async_trait]
impl Queries for NoQueries {
    async fn instant(&self, _expr: &promql::ast::Expr, _at: Time) -> Result<Vec<Measured>, QueryError> {
        Err(QueryError { reason: "not evaluated here".to_owned() })
    }
}
