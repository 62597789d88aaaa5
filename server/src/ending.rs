//! How the process is told to end.

use std::{future::Future, io};
use tokio::signal::unix::{SignalKind, signal};

/// Comes when the process is told to end. It listens from now on, so that what is started meanwhile is ended in order.
///
/// # Errors
/// The system lets nobody listen.
pub fn told_to_end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = quit.recv() => {}
        }
    })
}
