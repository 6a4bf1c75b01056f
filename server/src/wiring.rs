//! The only file that knows all rooms: makes them, and gives each what it says it needs.

use crate::config::Config;
use crate::database::Beside;
use crate::live::Live;
use alerting::needs::{Measured, Queries, QueryError};
use alerting::{Alerting, RuleFile};
use async_trait::async_trait;
use identity::Identity;
use kernel::{Clock, Db, SystemClock};
use metrics::Metrics;
use metrics::eval::Value;
use model::Time;
use postgres::Source;
use std::path::Path;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The rules every installation starts with.
const INFRASTRUCTURE: &str = include_str!("../alerting/rules/infrastructure.yaml");

/// Every room and what they share. Cheap to clone.
#[derive(Clone)]
pub struct House {
    pub config: Arc<Config>,
    pub clock: Arc<dyn Clock>,
    pub db: Db,
    pub identity: Identity,
    pub metrics: Arc<Metrics>,
    pub alerting: Alerting,
    pub live: Live,
    /// Cancelled when the server stops.
    pub shutdown: CancellationToken,
}

/// Makes the rooms over `db`.
///
/// # Errors
/// When the metrics of the last hours can't be read back.
pub async fn build(config: Config, db: Db, shutdown: CancellationToken) -> Result<House, Failure> {
    build_at(config, db, Arc::new(SystemClock), shutdown).await
}

/// The same, told the time by `clock`.
///
/// # Errors
/// As [`build`].
pub async fn build_at(config: Config, db: Db, clock: Arc<dyn Clock>, shutdown: CancellationToken) -> Result<House, Failure> {
    let settings = metrics::Config { retention_days: config.retention_days, ..metrics::Config::default() };
    let metrics = Metrics::open(db.clone(), clock.clone(), settings).await?;
    let queries = Arc::new(MetricQueries(metrics.clone()));
    let alerting = Alerting::new(db.clone(), clock.clone(), queries);
    let identity = Identity::new(db.clone(), clock.clone());
    let live = Live::new(db.clone());
    Ok(House { config: Arc::new(config), clock, db, identity, metrics, alerting, live, shutdown })
}

/// What a command beside a running server works with: rooms that need no metrics, and the database for as long as it takes.
pub struct Errand {
    pub identity: Identity,
    pub alerting: Alerting,
    db: Db,
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
        Self { identity: Identity::new(db.clone(), clock), alerting, db, database }
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

/// The YAML files of a directory, by name.
///
/// # Errors
/// When the directory or a file can't be read, or there is no YAML in it.
pub fn rule_files(dir: &Path) -> Result<Vec<RuleFile>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("can't read {}: {error}", dir.display()))?;
    let mut paths: Vec<_> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
    paths.sort();
    if paths.is_empty() {
        return Err(format!("there is no .yaml file in {}", dir.display()).into());
    }
    let read = |path: &std::path::PathBuf| -> Result<RuleFile, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("can't read {}: {error}", path.display()))?;
        Ok(RuleFile { name: path.display().to_string(), text })
    };
    paths.iter().map(read).collect()
}

impl House {
    /// Gives a new installation its first rules. One that was ever given rules keeps them, also when it was given none.
    ///
    /// # Errors
    /// The database's.
    pub async fn first_rules(&self) -> Result<(), Failure> {
        if self.alerting.was_ever_applied().await? {
            return Ok(());
        }
        let worker = model::Actor::worker("set-up");
        let grant = kernel::authorize::<model::access::ApplyRules>(&worker, None)?;
        let file = RuleFile { name: "infrastructure.yaml".to_owned(), text: INFRASTRUCTURE.to_owned() };
        self.alerting.apply(&grant, vec![file]).await?;
        Ok(())
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

/// For commands, which apply rules and evaluate none: opening the metrics would read hours of samples back for nothing.
struct NoQueries;

#[async_trait]
impl Queries for NoQueries {
    async fn instant(&self, _expr: &promql::ast::Expr, _at: Time) -> Result<Vec<Measured>, QueryError> {
        Err(QueryError { reason: "not evaluated here".to_owned() })
    }
}
