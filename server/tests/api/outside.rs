//! Parts of the outside world: a real Redis that dies, and an SMTP server that we did not configure.

use iam::{
    port::{MagicLinkMail, Mail, MailBrand, Mailer},
    store::cache::{Quota, RateLimiter, Verdict, redis::RedisLimiter},
};
use server::adapter::mail::SmtpMailer;
use std::{
    net::TcpListener,
    num::NonZeroU32,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

struct Redis(Child, String);

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn start_redis() -> Redis {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    let args = [
        "--port",
        &port,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ];
    let child = Command::new("redis-server")
        .args(args)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    Redis(child, format!("redis://127.0.0.1:{port}"))
}

async fn connect(url: &str) -> RedisLimiter {
    for _ in 0..100 {
        if let Ok(limiter) = RedisLimiter::connect(url).await {
            return limiter;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("redis did not start");
}

#[actix_web::test]
async fn nodes_share_a_limit_and_it_holds_when_redis_dies() {
    let quota = Quota {
        name: "test",
        burst: NonZeroU32::new(3).unwrap(),
        period: Duration::from_secs(60),
    };
    let redis = start_redis();
    let (one, two) = (connect(&redis.1).await, connect(&redis.1).await);
    let mut within = 0;
    for node in [&one, &two, &one, &two, &one] {
        within += usize::from(node.check(quota, "ada").await == Verdict::Within);
    }
    assert_eq!(within, 3);
    let Verdict::Exceeded(wait) = two.check(quota, "ada").await else {
        panic!("a fourth one");
    };
    assert!(wait > Duration::from_secs(50) && wait <= Duration::from_secs(60));
    assert_eq!(one.check(quota, "grace").await, Verdict::Within);
    drop(redis);
    assert!(!one.ping().await);
    let mut within = 0;
    for _ in 0..5 {
        within += usize::from(one.check(quota, "joan").await == Verdict::Within);
    }
    assert_eq!(within, 3, "without redis each node limits by itself");
}

/// Takes one mail over SMTP (RFC 5321) and returns what came after DATA.
async fn sink(listener: tokio::net::TcpListener) -> String {
    let (stream, _) = listener.accept().await.unwrap();
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 sink\r\n").await.unwrap();
    let (mut data, mut in_data) = (String::new(), false);
    while let Some(line) = lines.next_line().await.unwrap() {
        let answer: &[u8] = match line.as_str() {
            "." if in_data => {
                write.write_all(b"250 taken\r\n").await.unwrap();
                return data;
            }
            text if in_data => {
                data.push_str(text);
                data.push('\n');
                continue;
            }
            "DATA" => {
                in_data = true;
                b"354 go on\r\n"
            }
            _ => b"250 ok\r\n",
        };
        write.write_all(answer).await.unwrap();
    }
    panic!("the sender hung up");
}

#[actix_web::test]
async fn mail_leaves_through_smtp_in_both_forms() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let taken = tokio::spawn(sink(listener));
    let mailer = SmtpMailer::new(&url, "Rooiam <no-reply@id.example.com>").unwrap();
    let mail = MagicLinkMail {
        brand: MailBrand::default(),
        to: "ada@example.com".to_owned(),
        locale: "en".to_owned(),
        workspace: Some("Acme\r\nBcc: eve@example.com".to_owned()),
        url: "https://id.example.com/login/verify?token=t".to_owned(),
        code: "123456".to_owned(),
        asked_by: String::new(),
    };
    mailer.send(&Mail::MagicLink(mail)).await.unwrap();
    let data = taken.await.unwrap();
    let headers = data.split("\n\n").next().unwrap();
    assert!(
        headers.contains("Subject: Your sign-in code is 123456"),
        "{headers}"
    );
    assert!(
        headers.contains("Auto-Submitted: auto-generated") && !headers.contains("Bcc"),
        "{headers}"
    );
    assert!(data.contains("text/plain") && data.contains("text/html"));
}
