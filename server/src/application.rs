//! The server put together on a listener. Tests build it exactly as `rooiam serve` does.

use crate::{
    http::{self, Pages, Web, connection, ops},
    worker,
};
use actix_web::{App, HttpServer, dev::Server, middleware::from_fn, web::Data};
use app::server::{assets::Assets, mailbox::Mailbox};
use iam::port::Mailer;
use metrics_exporter_prometheus::PrometheusHandle;
use std::{io, net::TcpListener, path::Path, sync::Arc, thread::available_parallelism, time::Duration};
use tokio::{sync::Notify, time::timeout};
use tracing_actix_web::TracingLogger;

use crate::telemetry::RequestSpan;

/// Seconds that open requests get at shutdown.
const GRACE_SECS: u64 = 10;

/// The parts of a running server.
pub struct Application {
    /// What handlers need.
    pub web: Web,
    /// Takes mail out.
    pub mailer: Arc<dyn Mailer>,
    /// The mailbox page's content, under `rooiam dev`.
    pub mailbox: Option<Mailbox>,
}

impl Application {
    /// Serves on `listener` until the `end` comes, then lets open requests end, and mail that is on its way.
    ///
    /// # Errors
    /// The listener cannot be used.
    pub async fn run(
        self,
        listener: TcpListener,
        site_root: &Path,
        workers: Option<usize>,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let (iam, stop_mail) = (self.web.iam.clone(), Arc::new(Notify::new()));
        let mut mail = actix_web::rt::spawn(worker::mail(
            iam.clone(),
            Arc::clone(&self.mailer),
            Arc::clone(&stop_mail),
        ));
        let jobs = [
            // Not among the thread's own tasks: these are dropped after the runtime is left, where it cannot close
            // its connection.
            tokio::spawn(worker::changes(iam.clone())),
            actix_web::rt::spawn(worker::sweep(iam.clone())),
            actix_web::rt::spawn(worker::domains(iam)),
        ];
        let store = self.web.iam.store().clone();
        let outcome = self.server(listener, site_root, workers, end)?.await;
        for job in jobs {
            job.abort();
            let _cancelled = job.await;
        }
        // A mail cut off after the server took it would come twice.
        stop_mail.notify_one();
        if timeout(Duration::from_secs(GRACE_SECS), &mut mail).await.is_err() {
            mail.abort();
            let _cancelled = mail.await;
        }
        store.close();
        outcome
    }

    fn server(
        self,
        listener: TcpListener,
        site_root: &Path,
        workers: Option<usize>,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<Server> {
        let pages = Pages {
            site_root: site_root.to_owned(),
            assets: Assets::find(site_root),
            routes: http::page_routes(),
            mailbox: self.mailbox,
        };
        let web = self.web;
        let patience = web.bodies.patience;
        let workers = workers
            .or_else(|| available_parallelism().ok().map(Into::into))
            .unwrap_or(1);
        // The last one named is the first to see a request.
        let server = HttpServer::new(move || {
            App::new()
                .wrap(from_fn(http::enforce_custom_domain))
                .wrap(from_fn(http::dress))
                .wrap(from_fn(http::methods::require))
                .wrap(from_fn(http::faults))
                .wrap(from_fn(http::guard))
                .wrap(from_fn(http::open))
                .wrap(from_fn(http::security_headers))
                .wrap(from_fn(ops::measure))
                .wrap(TracingLogger::<RequestSpan>::new())
                .configure(|config| http::configure(config, &web, &pages))
        })
        .shutdown_signal(end)
        .shutdown_timeout(GRACE_SECS)
        .workers(workers)
        .max_connections(connection::most(workers))
        .client_request_timeout(patience.head)
        // A long page is written at once; without this its end waits until its beginning has been acknowledged.
        .tcp_nodelay(true)
        .on_connect(move |stream, data| connection::watch(stream, data, patience.connection));
        Ok(server.listen(listener)?.run())
    }
}

/// Serves `/metrics` on its own listener.
///
/// # Errors
/// The address cannot be listened on.
pub fn metrics_server(address: std::net::SocketAddr, handle: PrometheusHandle) -> io::Result<Server> {
    let handle = Data::new(handle);
    let server = HttpServer::new(move || App::new().app_data(handle.clone()).configure(ops::metrics_routes));
    Ok(server.workers(1).disable_signals().bind(address)?.run())
}
