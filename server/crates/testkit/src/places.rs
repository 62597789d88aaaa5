//! A small file of places (MaxMind DB file format 2.0), made by hand.

/// The network that it knows: 203.0.113.0/24.
const KNOWN: [u8; 3] = [203, 0, 113];
/// What separates the tree from the data.
const SEPARATOR: usize = 16;

/// A file that knows one network, in two languages.
pub fn places_file() -> Vec<u8> {
    let bits: Vec<bool> = KNOWN
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1))
        .collect();
    let nodes = bits.len();
    let mut file = Vec::new();
    for (index, bit) in bits.into_iter().enumerate() {
        let on = if index + 1 == nodes {
            nodes + SEPARATOR
        } else {
            index + 1
        };
        let records = if bit { [nodes, on] } else { [on, nodes] };
        for record in records {
            file.extend_from_slice(&(record as u32).to_be_bytes()[1..]);
        }
    }
    file.extend([0; SEPARATOR]);
    let names = |english, german| map(&[("names", map(&[("en", text(english)), ("de", text(german))]))]);
    file.extend(map(&[
        ("city", names("Vienna", "Wien")),
        ("country", names("Austria", "Österreich")),
    ]));
    file.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    file.extend(map(&[
        ("binary_format_major_version", number(5, 2)),
        ("binary_format_minor_version", number(5, 0)),
        ("build_epoch", [vec![0x01, 0x02], vec![1]].concat()),
        ("database_type", text("Test-City")),
        ("description", map(&[("en", text("a test"))])),
        ("ip_version", number(5, 4)),
        ("languages", [vec![0x02, 0x04], text("en"), text("de")].concat()),
        ("node_count", number(6, nodes as u8)),
        ("record_size", number(5, 24)),
    ]));
    file
}

fn text(words: &str) -> Vec<u8> {
    [vec![2 << 5 | words.len() as u8], words.as_bytes().to_vec()].concat()
}

fn number(kind: u8, number: u8) -> Vec<u8> {
    match number {
        0 => vec![kind << 5],
        number => vec![kind << 5 | 1, number],
    }
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut all = vec![7 << 5 | entries.len() as u8];
    for (key, value) in entries {
        all.extend(text(key));
        all.extend_from_slice(value);
    }
    all
}
