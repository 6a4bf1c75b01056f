//! The database: one pool, one way to begin a transaction, one list of migrations.

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgPool, Postgres, Transaction};
use std::str::FromStr;
use std::time::Duration;

/// A transaction. Change, Fact and job go into the same one.
pub type Tx = Transaction<'static, Postgres>;

/// Every migration of every room, in order of time.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// Waiting longer for a connection helps nobody: the caller gets an error it can show.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// Short enough that connections left on a demoted primary go away by themselves.
const MAX_LIFETIME: Duration = Duration::from_secs(300);

/// The database, cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// A pool of at most `connections` on `url`. Does not connect yet, so that the server starts without its database.
    ///
    /// # Errors
    /// When `url` is not a Postgres URL.
    pub fn lazy(url: &str, connections: u32) -> Result<Self, sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?.application_name("mimamori").statement_cache_capacity(256);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .max_lifetime(MAX_LIFETIME)
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Around a pool that a test made.
    #[must_use]
    pub fn from_pool(pool: PgPool) -> Self {
        Self { pool }
    }

    /// For queries outside a transaction.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When no connection can be had.
    pub async fn begin(&self) -> Result<Tx, sqlx::Error> {
        self.pool.begin().await
    }

    /// Brings the schema up to date; a schema newer than this binary is accepted, so that the previous release still starts.
    ///
    /// # Errors
    /// When a migration fails or no connection can be had.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        let mut migrator =
            sqlx::migrate::Migrator { migrations: MIGRATOR.migrations.clone(), ..sqlx::migrate::Migrator::DEFAULT };
        migrator.set_ignore_missing(true);
        migrator.run(&self.pool).await
    }

    /// Asks whether the database takes writes: a demoted primary still answers reads.
    ///
    /// # Errors
    /// When it can't be reached or is read-only.
    pub async fn is_writable(&self) -> Result<(), sqlx::Error> {
        let read_only = sqlx::query_scalar!(r#"select current_setting('transaction_read_only') = 'on' as "read_only!""#)
            .fetch_one(&self.pool)
            .await?;
        if read_only { Err(sqlx::Error::Protocol("the database is read-only".to_owned())) } else { Ok(()) }
    }

    /// How many clients the database server has, and how many it takes.
    ///
    /// # Errors
    /// The database's.
    pub async fn server_connections(&self) -> Result<(i64, i64), sqlx::Error> {
        let row = sqlx::query!(
            r#"select
                 (select count(*) from pg_stat_activity where backend_type = 'client backend') as "open!",
                 current_setting('max_connections')::bigint as "most!""#,
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((row.open, row.most))
    }

    /// How many connections exist, how many of them are idle, and how many there may be.
    #[must_use]
    pub fn usage(&self) -> (u32, usize, u32) {
        (self.pool.size(), self.pool.num_idle(), self.pool.options().get_max_connections())
    }
}
