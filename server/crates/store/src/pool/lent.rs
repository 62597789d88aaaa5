//! A connection that somebody uses.

use super::{Manager, PATIENCE, is_lost};
use deadpool::managed::Object;
use sqlx::{AssertSqlSafe, Connection, Error, Executor, PgConnection};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Something was asked whose answer may not have come.
    Asked,
    /// A transaction is open.
    InTransaction,
    /// Nothing is under way.
    Settled,
}

/// A connection that somebody uses. Given back in a transaction, or while it waits for an answer, it is put in order first,
/// by a task of its own.
pub(crate) struct Lent {
    pub(super) object: Option<Object<Manager>>,
    pub(super) state: State,
}

impl std::fmt::Debug for Lent {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Lent").field(&self.state).finish()
    }
}

impl Lent {
    /// The connection.
    #[expect(clippy::expect_used, reason = "it is taken out only when this is dropped")]
    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        self.object.as_mut().expect("a connection until it is given back")
    }

    /// Makes the transaction last, after `last`, in one trip.
    ///
    /// # Errors
    /// The last statement was refused, and with it all of them; or the connection broke, and nobody knows.
    pub(crate) async fn commit(mut self, last: &str) -> Result<(), Error> {
        let sql = AssertSqlSafe(format!("{last}; COMMIT"));
        match self.connection().execute(sqlx::raw_sql(sql)).await {
            Ok(_) => {
                self.state = State::Settled;
                Ok(())
            }
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Does away with a connection that broke; one whose statement was refused is as good as before.
    pub(super) fn failed(&mut self, error: Error) -> Error {
        if is_lost(&error) {
            self.object.take().map(Object::take);
        } else if self.state == State::Asked {
            self.state = State::Settled;
        }
        error
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut object) = self.object.take() else {
            return;
        };
        if self.state == State::Settled {
            return;
        }
        let rolls_back = self.state == State::InTransaction;
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(Object::take(object));
            return;
        };
        runtime.spawn(async move {
            let in_order = async {
                if rolls_back {
                    object.execute(sqlx::raw_sql("ROLLBACK")).await.map(drop)
                } else {
                    object.ping().await
                }
            };
            if !matches!(tokio::time::timeout(PATIENCE, in_order).await, Ok(Ok(()))) {
                drop(Object::take(object));
            }
        });
    }
}
