//! How the process is told to end.

use std::{io, process::exit, sync::Arc};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
};

/// Comes when the process is told to end. It listens from now on, so that what is started meanwhile is ended in order. Whoever
/// says it twice does not want to wait for that.
///
/// # Errors
/// The system lets nobody listen.
pub fn told_to_end() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    let told = Arc::new(Notify::new());
    let tells = Arc::clone(&told);
    tokio::spawn(async move {
        for times in 1.. {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
                _ = quit.recv() => {}
            }
            if times > 1 {
                exit(1);
            }
            tells.notify_one();
        }
    });
    Ok(async move { told.notified().await })
}
