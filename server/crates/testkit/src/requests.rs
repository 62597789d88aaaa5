//! Requests and answers of the small servers that tests stand on.

use serde_json::Value;
use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
};

/// Answers a request with a document. Who asked may be gone.
pub(crate) fn write(stream: &mut TcpStream, status: u16, document: &Value) {
    let text = document.to_string();
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        text.len()
    );
    let _gone = stream.write_all(head.as_bytes());
    let _gone = stream.write_all(text.as_bytes());
}

/// Path, authorization and body of a request.
pub(crate) fn read(stream: &TcpStream) -> Option<(String, String, String)> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.clone_into(&mut authorization),
            "content-length" => length = value.parse().ok()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, authorization, String::from_utf8(body).ok()?))
}

/// Reads `name=value&…`, encoded.
pub(crate) fn query(text: &str) -> HashMap<String, String> {
    let parts = text.split('&').filter_map(|part| part.split_once('='));
    parts
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let hex = |byte: &u8| char::from(*byte).to_digit(16);
        match (first, tail) {
            (b'%', [high, low, tail @ ..]) => {
                let value = hex(high).zip(hex(low)).map(|(high, low)| high * 16 + low);
                bytes.extend(value.and_then(|value| u8::try_from(value).ok()));
                rest = tail;
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
