//! Name servers that say what a test wants.

use async_trait::async_trait;
use iam::port::{ResolveError, Resolver};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// TXT records by name. A name that is set to nothing does not answer.
#[derive(Default)]
pub struct FakeResolver(Mutex<HashMap<String, Option<Vec<String>>>>);

impl FakeResolver {
    /// Lets `name` have these records.
    pub fn publish(&self, name: &str, records: &[&str]) {
        let records = records.iter().map(ToString::to_string).collect();
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), Some(records));
    }

    /// Lets the name server of `name` fall silent.
    pub fn silence(&self, name: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), None);
    }
}

#[async_trait]
impl Resolver for FakeResolver {
    async fn txt(&self, name: &str) -> Result<Vec<String>, ResolveError> {
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            Some(Some(records)) => Ok(records.clone()),
            Some(None) => Err(ResolveError("silence".to_owned())),
            None => Ok(Vec::new()),
        }
    }
}
