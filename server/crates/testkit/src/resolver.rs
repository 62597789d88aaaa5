//! Name servers that say what a test wants.

use async_trait::async_trait;
use iam::port::{ResolveError, Resolver};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::{Semaphore, watch};

/// TXT records by name. A name that is set to nothing does not answer.
pub struct FakeResolver {
    records: Mutex<HashMap<String, Option<Vec<String>>>>,
    /// Whether questions wait for their answers.
    held: watch::Sender<bool>,
    /// A permit for each question that has begun to wait.
    asked: Semaphore,
}

impl Default for FakeResolver {
    fn default() -> Self {
        Self {
            records: Mutex::default(),
            held: watch::Sender::new(false),
            asked: Semaphore::new(0),
        }
    }
}

impl FakeResolver {
    /// Lets `name` have these records.
    pub fn publish(&self, name: &str, records: &[&str]) {
        let records = records.iter().map(ToString::to_string).collect();
        self.set(name, Some(records));
    }

    /// Lets the name server of `name` fall silent.
    pub fn silence(&self, name: &str) {
        self.set(name, None);
    }

    /// Lets all questions wait until [`release`](Self::release).
    pub fn hold(&self) {
        self.held.send_replace(true);
    }

    /// Answers the questions that wait.
    pub fn release(&self) {
        self.held.send_replace(false);
    }

    /// Waits until `count` more questions wait for an answer.
    pub async fn asked(&self, count: u32) {
        if let Ok(permits) = self.asked.acquire_many(count).await {
            permits.forget();
        }
    }

    fn set(&self, name: &str, records: Option<Vec<String>>) {
        self.records
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), records);
    }
}

#[async_trait]
impl Resolver for FakeResolver {
    async fn txt(&self, name: &str) -> Result<Vec<String>, ResolveError> {
        let mut held = self.held.subscribe();
        if *held.borrow_and_update() {
            self.asked.add_permits(1);
            let _released = held.wait_for(|held| !held).await;
        }
        match self
            .records
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
        {
            Some(Some(records)) => Ok(records.clone()),
            Some(None) => Err(ResolveError("silence".to_owned())),
            None => Ok(Vec::new()),
        }
    }
}
