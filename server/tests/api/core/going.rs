//! A node that goes without having been told to.

use crate::harness::Harness;
use actix_web::rt::System;
use std::time::Duration;

/// How long it gets, in milliseconds: to connect, to begin to listen, to listen.
const MOMENTS: [u64; 8] = [0, 2, 4, 6, 8, 12, 20, 100];

#[test]
fn a_node_may_go_at_any_moment_of_its_beginning() {
    for moment in MOMENTS {
        System::new().block_on(async {
            let _house = Harness::start().await;
            tokio::time::sleep(Duration::from_millis(moment)).await;
        });
    }
}
