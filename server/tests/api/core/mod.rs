//! What all rooms stand on: mail, and what forms came to.

mod going;
mod mail_as_it_leaves;
mod mail_queue;
mod mail_transfer;
mod mail_worker;
mod outcomes;
mod trips;
