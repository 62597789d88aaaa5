//! What kind of browser asks, as it says itself: a label in the list of sessions, and what a session that is to stay in its browser
//! must still be used in. Browsers update themselves, so no version is part of it. Whoever wants to lies; nobody gains by it alone.

/// The browser's and the system's name, empty when unknown.
pub fn label(user_agent: &str) -> (&'static str, &'static str) {
    let first = |table: &[(&'static str, &'static str)]| {
        table
            .iter()
            .find(|(mark, _)| user_agent.contains(mark))
            .map_or("", |(_, name)| name)
    };
    // Order matters: every browser claims to be its ancestors too.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    (browser, system)
}

/// Both names in one, empty when both are unknown.
pub fn described(user_agent: &str) -> String {
    let (browser, system) = label(user_agent);
    let known: Vec<_> = [browser, system]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    known.join(", ")
}
