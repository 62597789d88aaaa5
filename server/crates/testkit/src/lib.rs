//! What integration tests stand on: a database each, a clock they set, a mailbox they read.

mod apple;
mod authenticator;
mod clock;
mod database;
mod github;
mod mailer;
mod makers;
mod places;
mod requests;
mod resolver;
mod sink;
mod upstream;
mod wire;
mod work;

pub use apple::apple_key;
pub use authenticator::{Authenticator, Says};
pub use clock::FakeClock;
pub use database::Database;
pub use github::{Coder, Github};
pub use mailer::CaughtMailer;
pub use makers::{Attester, Attests, Authority};
pub use places::places_file;
pub use resolver::FakeResolver;
pub use sink::{Answer, Sink, TakenMail};
pub use upstream::{Lie, Person, Upstream};
pub use wire::{Trips, Wire};
pub use work::work;
