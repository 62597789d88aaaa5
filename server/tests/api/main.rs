//! The server over HTTP, against a real PostgreSQL and Redis. `make test` starts both.

mod house;
mod oidc;
mod outside;
mod sign_in;
mod tenancy;
