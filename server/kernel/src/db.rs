//! The database: one pool, one way to begin a transaction, one list of migrations.

use model::Time;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
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
/// A connection that rested this long may have lost its primary meanwhile: it is asked before it is handed out.
const RESTED: Duration = Duration::from_secs(30);

/// The database, cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    /// A pool of at most `connections` on `url`. Does not connect: the first statement does, and fails when there is no database.
    /// Statements are ended by the database after 30 s, and connections that rested too long on a read-only server are given up.
    ///
    /// # Errors
    /// When `url` is not a Postgres URL.
    pub fn lazy(url: &str, connections: u32) -> Result<Self, sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?.application_name("mimamori").statement_cache_capacity(256);
        Ok(Self::with(options, connections))
    }

    fn with(options: PgConnectOptions, connections: u32) -> Self {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .max_lifetime(MAX_LIFETIME)
            .after_connect(|connection, _| Box::pin(async move { limit_statements(connection).await }))
            .before_acquire(|connection, about| {
                Box::pin(async move { if about.idle_for > RESTED { Ok(!is_read_only(connection).await?) } else { Ok(true) } })
            })
            .connect_lazy_with(options);
        Self { pool }
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

    /// Brings the schema up to date; a schema newer than this binary is accepted, so that the previous release still starts. Takes as
    /// long as it takes: the first of several replicas migrates, the others wait.
    ///
    /// # Errors
    /// When a migration fails or no connection can be had.
    pub async fn migrate(&self) -> Result<(), sqlx::migrate::MigrateError> {
        let mut migrator =
            sqlx::migrate::Migrator { migrations: MIGRATOR.migrations.clone(), ..sqlx::migrate::Migrator::DEFAULT };
        migrator.set_ignore_missing(true);
        let mut connection = self.pool.acquire().await?;
        // This connection must not go on without a limit.
        connection.close_on_drop();
        sqlx::query("set statement_timeout = 0").execute(&mut *connection).await?;
        migrator.run_direct(None, &mut *connection, false).await
    }

    /// Asks whether the database takes writes: a demoted primary still answers reads.
    ///
    /// # Errors
    /// When it can't be reached or is read-only.
    pub async fn is_writable(&self) -> Result<(), sqlx::Error> {
        let mut connection = self.pool.acquire().await?;
        if is_read_only(&mut connection).await? {
            Err(sqlx::Error::Protocol("the database is read-only".to_owned()))
        } else {
            Ok(())
        }
    }

    /// What the database's clock says: for [`crate::SharedClock`], which everybody else asks. It does not stand still in a transaction.
    ///
    /// # Errors
    /// The database's.
    pub async fn time(&self) -> Result<Time, sqlx::Error> {
        let at = sqlx::query_scalar!(r#"select clock_timestamp() as "at!""#).fetch_one(&self.pool).await?;
        Ok(Time::from_utc(at))
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

/// A statement that ran for longer than this is of no use to who asked for it.
async fn limit_statements(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("set statement_timeout = '30s'").execute(connection).await?;
    Ok(())
}

/// A server that recovers, or a primary that was demoted.
async fn is_read_only(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(r#"select current_setting('transaction_read_only') = 'on' as "read_only!""#).fetch_one(connection).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[sqlx::test(migrations = false)]
    async fn statements_end_after_thirty_seconds_but_migrations_do_not(pool: PgPool) {
        let db = Db::with((*pool.connect_options()).clone(), 1);
        db.migrate().await.unwrap();
        let limit: String = sqlx::query_scalar("show statement_timeout").fetch_one(db.pool()).await.unwrap();
        assert_eq!(limit, "30s");
        db.is_writable().await.unwrap();
        db.pool().close().await;
    }

    #[sqlx::test(migrations = false)]
    async fn a_read_only_server_is_known(pool: PgPool) {
        let mut connection = pool.acquire().await.unwrap();
        assert!(!is_read_only(&mut connection).await.unwrap());
        sqlx::query("set default_transaction_read_only = on").execute(&mut *connection).await.unwrap();
        assert!(is_read_only(&mut connection).await.unwrap());
    }
}
