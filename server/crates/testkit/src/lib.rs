//! What integration tests stand on: a database each, a clock they set, a mailbox they read.

mod authenticator;
mod clock;
mod database;
mod mailer;
mod places;
mod resolver;
mod sink;
mod upstream;
mod wire;
mod work;

pub use authenticator::{Authenticator, Says};
pub use clock::FakeClock;
pub use database::Database;
pub use mailer::CaughtMailer;
pub use places::places_file;
pub use resolver::FakeResolver;
pub use sink::{Answer, Sink, TakenMail};
pub use upstream::{Lie, Person, Upstream};
pub use wire::{Trips, Wire};
pub use work::work;
