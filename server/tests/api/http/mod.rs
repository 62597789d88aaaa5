//! Requests and answers, whatever they are about.

mod assets;
mod bodies;
mod compression;
mod cors;
mod documents;
pub mod hosts;
mod languages;
mod methods;
mod outage;
mod readiness;
mod stuck;
mod wire;
