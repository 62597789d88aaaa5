//! What the FIDO Alliance says of authenticators.

pub mod metadata;
