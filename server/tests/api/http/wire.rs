//! Requests as bytes, for what no well-behaved client sends.

use crate::harness::Harness;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// Far beyond whatever a server under test waits for.
const AT_MOST: Duration = Duration::from_secs(20);

/// A connection to the server.
pub struct Wire(TcpStream);

impl Wire {
    pub async fn to(house: &Harness) -> Self {
        let address = house.origin.trim_start_matches("http://");
        Self(TcpStream::connect(address).await.unwrap())
    }

    pub async fn send(&mut self, text: &str) {
        self.send_bytes(text.as_bytes()).await;
    }

    /// Sends. A server that has answered already may be gone.
    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        let _sent = self.0.write_all(bytes).await;
    }

    /// Everything that comes until the server closes the connection.
    pub async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        timeout(AT_MOST, async {
            let mut piece = [0; 16 * 1024];
            // A reset after the answer closes as well.
            while let Ok(length @ 1..) = self.0.read(&mut piece).await {
                bytes.extend_from_slice(&piece[..length]);
            }
        })
        .await
        .unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Status line and head of the next answer.
    pub async fn head(&mut self) -> String {
        let mut bytes = Vec::new();
        timeout(AT_MOST, async {
            while !bytes.ends_with(b"\r\n\r\n") {
                match self.0.read_u8().await {
                    Ok(byte) => bytes.push(byte),
                    Err(_) => break,
                }
            }
        })
        .await
        .unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// One request on a connection of its own, and all that comes back.
pub async fn once(house: &Harness, request: &str) -> String {
    let mut wire = Wire::to(house).await;
    wire.send(request).await;
    wire.rest().await
}

/// The status of an answer; 0 for none.
pub fn status(answer: &str) -> u16 {
    let code = answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    code.and_then(|code| code.parse().ok()).unwrap_or_default()
}

/// The value of a header.
pub fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
