//! The client against servers that mean no good.

use super::*;
use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

const SOON: Caps = Caps {
    connect: Duration::from_millis(300),
    total: Duration::from_millis(400),
    bytes: 4096,
};

/// A server that says `head`, then `body` again and again with pauses between. Counts who comes.
fn server(head: &'static str, body: &'static [u8], pause: Duration) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            counted.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || {
                let _read = stream.read(&mut [0; 2048]);
                let mut going = stream.write_all(head.as_bytes()).is_ok();
                for _ in 0..1_000 {
                    going = going && !body.is_empty() && stream.write_all(body).is_ok();
                    if !going {
                        break;
                    }
                    thread::sleep(pause);
                }
            });
        }
    });
    (port, visits)
}

async fn ask(allowed: &str, url: &str) -> Result<Response<Vec<u8>>, OutboundError> {
    let client = HttpOutbound::new(allowed.parse().unwrap(), SOON).unwrap();
    let request = Request::get(url).body(Vec::new()).unwrap();
    client.send(request).await
}

#[tokio::test]
async fn what_is_allowed_is_asked_and_read_whole() {
    let (port, _) = server(
        "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-type: text/x\r\n\r\nhello",
        b"",
        Duration::ZERO,
    );
    let answer = ask("127.0.0.0/8", &format!("http://127.0.0.1:{port}/"))
        .await
        .unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_slice()),
        (200, &b"hello"[..])
    );
    assert_eq!(answer.headers()["content-type"], "text/x");
    let by_name = ask("localhost", &format!("http://localhost:{port}/")).await;
    assert_eq!(by_name.unwrap().body(), b"hello");
}

#[tokio::test]
async fn nobody_is_asked_who_may_not_be_by_address_or_by_name() {
    let (port, visits) = server("HTTP/1.1 200 OK\r\n\r\n", b"", Duration::ZERO);
    for url in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        // The name looks harmless; what it resolves to is not.
        format!("https://localhost:{port}/"),
        format!("http://localhost:{port}/"),
    ] {
        let refused = ask("", &url).await.map(|_| ());
        assert_eq!(refused, Err(OutboundError::Barred), "{url}");
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn nobody_is_followed() {
    let (aim, visits) = server("HTTP/1.1 200 OK\r\n\r\n", b"", Duration::ZERO);
    for head in [
        "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n".to_owned(),
        format!("HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:{aim}/\r\ncontent-length: 0\r\n\r\n"),
    ] {
        let (port, _) = server(head.leak(), b"", Duration::ZERO);
        let refused = ask("127.0.0.0/8", &format!("http://127.0.0.1:{port}/")).await;
        assert_eq!(refused.map(|_| ()), Err(OutboundError::Redirected));
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_answer_that_is_too_long_or_too_slow_is_given_up() {
    let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    let (huge, _) = server(endless, b"5\r\nhello\r\n", Duration::ZERO);
    let (slow, _) = server(endless, b"1\r\nx\r\n", Duration::from_millis(50));
    let (silent, _) = server("", b"", Duration::ZERO);
    let (dripping, _) = server("HTTP/1.1 200 OK\r\nx: ", b"y", Duration::from_millis(50));
    let at = |port: u16| async move {
        ask("127.0.0.1", &format!("http://127.0.0.1:{port}/"))
            .await
            .map(|_| ())
    };
    assert_eq!(at(huge).await, Err(OutboundError::TooLarge));
    assert_eq!(at(slow).await, Err(OutboundError::Slow));
    assert_eq!(at(dripping).await, Err(OutboundError::Slow));
    assert_eq!(at(silent).await, Err(OutboundError::Unreachable));
}

#[tokio::test]
async fn an_answer_is_taken_as_it_is_never_unpacked() {
    let head = "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x0bxx";
    let (port, _) = server(head, b"", Duration::ZERO);
    let answer = ask("127.0.0.1", &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(answer.unwrap().body(), b"\x1f\x0bxx");
}

#[tokio::test]
async fn where_nobody_listens_nobody_answers() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let refused = ask("127.0.0.1", &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(refused.map(|_| ()), Err(OutboundError::Unreachable));
}
