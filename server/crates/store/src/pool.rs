//! Connections to PostgreSQL, lent one at a time.
//!
//! A connection is not asked whether it lives before it is used, nor after: under load that was every second trip. One that
//! broke is found by its error, and what can be repeated is repeated once on a new one.

mod lent;

pub(crate) use lent::Lent;

use deadpool::managed::{Object, PoolError, TimeoutType, Timeouts};
use futures_util::{
    StreamExt, TryStreamExt,
    future::{BoxFuture, select_all},
    stream,
    stream::BoxStream,
};
use lent::State;
use sqlx::{
    AssertSqlSafe, Connection, Describe, Either, Error, Execute, Executor, PgConnection, Postgres, SqlStr,
    postgres::{PgArguments, PgConnectOptions, PgQueryResult, PgRow, PgStatement, PgTypeInfo},
};
use std::{
    num::NonZero,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread::available_parallelism,
    time::Duration,
};

/// For how long somebody waits for a connection, and for a new one to be there.
const PATIENCE: Duration = Duration::from_secs(5);
/// A connection that was idle for longer is asked whether it lives: a firewall may have forgotten it.
const IDLE: Duration = Duration::from_secs(30);
/// A connection that is older is replaced, so that what the server holds for it is given back.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Connections that make a lane worth having.
const LANE: usize = 4;

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The number of this thread among those that asked for a connection.
    static THREAD: usize = THREADS.fetch_add(1, Relaxed);
}

/// How `max` connections are shared by the threads of `workers` and by the one that does what nobody asked for.
fn lane_sizes(max: usize, workers: usize) -> impl Iterator<Item = usize> {
    let lanes = (workers + 1).min(max / LANE).max(1);
    (0..lanes).map(move |lane| max / lanes + usize::from(lane < max % lanes))
}

type Step = Either<PgQueryResult, PgRow>;

struct Manager(PgConnectOptions);

impl deadpool::managed::Manager for Manager {
    type Type = PgConnection;
    type Error = Error;

    async fn create(&self) -> Result<PgConnection, Error> {
        PgConnection::connect_with(&self.0).await
    }

    async fn recycle(
        &self,
        connection: &mut PgConnection,
        metrics: &deadpool::managed::Metrics,
    ) -> deadpool::managed::RecycleResult<Error> {
        if metrics.age() > LIFETIME {
            return Err(deadpool::managed::RecycleError::message("old"));
        }
        if metrics.last_used() > IDLE {
            connection.ping().await?;
        }
        Ok(())
    }
}

type Lane = deadpool::managed::Pool<Manager>;

/// Lends connections; as an [`Executor`] it runs one statement outside a transaction.
///
/// The thread that opened a connection watches it; used by another, each answer wakes both. So every thread has a lane of its
/// own, and takes from others only when its own is empty.
#[derive(Clone)]
pub(crate) struct Pool(Arc<[Lane]>);

impl std::fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let lanes = self.0.iter().map(Lane::status);
        formatter.debug_list().entries(lanes).finish()
    }
}

impl Pool {
    /// A pool that connects when it is first asked.
    pub(crate) fn new(options: PgConnectOptions, max_connections: u32) -> Result<Self, Error> {
        // What these statements ask for is found the same way whatever the values; to plan anew each time costs more than they.
        let options = options.options([("plan_cache_mode", "force_generic_plan"), ("jit", "off")]);
        let lane = |size| {
            let lane = Lane::builder(Manager(options.clone()))
                .max_size(size)
                .queue_mode(deadpool::managed::QueueMode::Lifo)
                .runtime(deadpool::Runtime::Tokio1)
                .wait_timeout(Some(PATIENCE))
                .create_timeout(Some(PATIENCE))
                .recycle_timeout(Some(PATIENCE))
                .build();
            lane.map_err(|error| Error::Configuration(error.into()))
        };
        let workers = available_parallelism().map_or(1, NonZero::get);
        let sizes = lane_sizes(max_connections as usize, workers);
        Ok(Self(sizes.map(lane).collect::<Result<_, _>>()?))
    }

    /// How it connects.
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.own().manager().0.clone()
    }

    /// The lane of the thread that asks.
    fn own(&self) -> &Lane {
        &self.0[THREAD.with(|number| *number) % self.0.len()]
    }

    async fn lend(&self) -> Result<Lent, Error> {
        let object = match self.lend_at_once().await {
            Some(object) => object,
            // Whichever lane has one first: the own one may be held by those who wait for something slow.
            None => select_all(self.0.iter().map(|lane| Box::pin(lane.get()))).await.0,
        };
        let object = object.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Closed => Error::PoolClosed,
            _ => Error::PoolTimedOut,
        })?;
        Ok(Lent {
            object: Some(object),
            state: State::Asked,
        })
    }

    /// A connection that nobody has to wait for, of the own lane rather than of another.
    async fn lend_at_once(&self) -> Option<Result<Object<Manager>, PoolError<Error>>> {
        let at_once = Timeouts {
            wait: Some(Duration::ZERO),
            ..self.own().timeouts()
        };
        let first = THREAD.with(|number| *number);
        for lane in (first..)
            .map(|number| &self.0[number % self.0.len()])
            .take(self.0.len())
        {
            match lane.timeout_get(&at_once).await {
                Err(PoolError::Timeout(TimeoutType::Wait)) => {}
                lent => return Some(lent),
            }
        }
        None
    }

    /// Begins a transaction with what `first` selects, in one trip.
    ///
    /// # Errors
    /// No connection, or the database refused.
    pub(crate) async fn begin(&self, first: &str) -> Result<(Lent, Vec<PgRow>), Error> {
        match self.begin_once(first).await {
            Err(error) if is_lost(&error) => {
                self.forget_idle();
                self.begin_once(first).await
            }
            begun => begun,
        }
    }

    async fn begin_once(&self, first: &str) -> Result<(Lent, Vec<PgRow>), Error> {
        let mut lent = self.lend().await?;
        lent.state = State::InTransaction;
        let sql = AssertSqlSafe(format!("BEGIN; {first}"));
        match sqlx::raw_sql(sql).fetch_all(lent.connection()).await {
            Ok(rows) => Ok((lent, rows)),
            Err(error) => Err(lent.failed(error)),
        }
    }

    async fn run<'q>(&self, mut query: impl Execute<'q, Postgres>) -> Result<Vec<Step>, Error> {
        let arguments = query.take_arguments().map_err(Error::Encode)?;
        let sql = query.sql();
        match self.run_once(sql.clone(), arguments.clone()).await {
            Err(error) if is_lost(&error) => {
                self.forget_idle();
                // What calls a function that writes begins with VALUES.
                if sql.as_str().trim_start().starts_with("SELECT") {
                    self.run_once(sql, arguments).await
                } else {
                    Err(error)
                }
            }
            done => done,
        }
    }

    async fn run_once(&self, sql: SqlStr, arguments: Option<PgArguments>) -> Result<Vec<Step>, Error> {
        let mut lent = self.lend().await?;
        let steps = match arguments {
            Some(arguments) => lent.connection().fetch_many(sqlx::query_with(sql, arguments)),
            None => lent.connection().fetch_many(sqlx::raw_sql(sql)),
        };
        match steps.try_collect().await {
            Ok(steps) => {
                lent.state = State::Settled;
                Ok(steps)
            }
            Err(error) => Err(lent.failed(error)),
        }
    }

    /// Closes what nobody uses: whatever broke one connection broke the others that wait with it.
    fn forget_idle(&self) {
        for lane in self.0.iter() {
            let _forgotten = lane.retain(|_, _| false);
        }
    }

    /// Closes all connections.
    pub(crate) fn close(&self) {
        self.0.iter().for_each(Lane::close);
    }
}

/// Whether the connection broke, so that nobody knows what became of the statement.
fn is_lost(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::Protocol(_) | Error::WorkerCrashed => true,
        // admin_shutdown, crash_shutdown, cannot_connect_now
        Error::Database(error) => matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P03")),
        _ => false,
    }
}

impl<'p> Executor<'p> for &'_ Pool {
    type Database = Postgres;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let pool = self.clone();
        let steps = async move { pool.run(query).await.map(|steps| stream::iter(steps).map(Ok)) };
        stream::once(steps).try_flatten().boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<PgRow>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Postgres>,
    {
        let pool = self.clone();
        Box::pin(async move { Ok(pool.run(query).await?.into_iter().find_map(Either::right)) })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [PgTypeInfo],
    ) -> BoxFuture<'e, Result<PgStatement, Error>>
    where
        'p: 'e,
    {
        let pool = self.clone();
        Box::pin(async move {
            let mut lent = pool.lend().await?;
            let statement = lent.connection().prepare_with(sql, parameters).await;
            match statement {
                Ok(statement) => {
                    lent.state = State::Settled;
                    Ok(statement)
                }
                Err(error) => Err(lent.failed(error)),
            }
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Postgres>, Error>>
    where
        'p: 'e,
    {
        let pool = self.clone();
        Box::pin(async move {
            let mut lent = pool.lend().await?;
            lent.connection().describe(sql).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_are_worth_having_and_share_all_connections() {
        let sizes = |max, workers| lane_sizes(max, workers).collect::<Vec<_>>();
        assert_eq!(sizes(20, 2), [7, 7, 6]);
        assert_eq!(sizes(20, 64), [4; 5]);
        assert_eq!(sizes(20, 1), [10, 10]);
        for few in 1..8 {
            assert_eq!(sizes(few, 8), [few]);
        }
    }

    #[tokio::test]
    async fn whoever_finds_all_lanes_empty_gets_the_first_connection_of_any() {
        let database = iam_testkit::Database::create().await.unwrap();
        let pool = Pool::new(database.runtime.clone(), 20).unwrap();
        let mut lent = Vec::new();
        while lent.len() < 20 {
            lent.push(pool.lend_at_once().await.unwrap().unwrap());
        }
        assert!(pool.lend_at_once().await.is_none());
        for given_back in [0, 10, 17] {
            let (waits, ()) = tokio::join!(pool.lend(), async {
                tokio::task::yield_now().await;
                drop(lent.remove(given_back));
            });
            lent.push(waits.unwrap().object.take().unwrap());
        }
    }
}
