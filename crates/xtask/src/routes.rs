//! Every route the code declares, and what guards it.
//!
//! A page's handler takes `Ctx`, an API operation's takes `ApiActor`; both turn strangers away
//! before the handler runs. What anybody may open stands in [`PUBLIC`]. The acceptance tests ask
//! for every one of these addresses as a stranger.

use regex::Regex;

use crate::tree::{File, Tree};

/// What anybody may open, with the reason.
pub const PUBLIC: &[(&str, &str)] = &[
    ("/healthz", "probes of a load balancer: says only that the process lives"),
    ("/readyz", "probes of a load balancer: says only that the database answers"),
    ("/metrics", "loopback only unless the configuration says otherwise"),
    ("/sign-in", "where strangers become staff"),
    ("/sign-out", "ends a session, with or without one"),
    ("/settings", "language and theme of the sign-in page"),
    ("/signed-in", "says whether a session lives; asked by scripts of pages that stayed open"),
    ("/api/v1/openapi.json", "the description of the interface is part of this open repository"),
    (
        "/v1/{method}",
        "web events: the write key of a source, asked for by the handler, lets them in",
    ),
    ("/my/sign-in", "where strangers become members"),
    ("/my/activate", "where members set a password with the code staff gave them"),
    ("/my/sign-out", "ends a member's session; asks for its form token"),
    ("/assets/{file}", "styles, scripts and icons of the sign-in page"),
];

/// One route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET`, `POST` …
    pub verb: String,
    /// With `{parameters}`; API paths begin with `/api/v1`.
    pub path: String,
    /// Name of the handler function.
    pub handler: String,
    /// Crate it is in.
    pub krate: String,
    /// `path:line` of the declaration.
    pub place: String,
    /// Whether the handler takes a signed-in caller; `None` when the handler was not found.
    pub guarded: Option<bool>,
}

impl Route {
    /// Whether anybody may open it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        PUBLIC.iter().any(|(path, _)| *path == self.path)
    }

    /// For people.
    #[must_use]
    pub fn guard(&self) -> &'static str {
        match (self.is_public(), self.guarded) {
            (true, _) => "public",
            (false, Some(true)) => "signed in",
            (false, Some(false)) => "OPEN",
            (false, None) => "handler not found",
        }
    }
}

/// All routes, sorted by path.
#[must_use]
pub fn declared(tree: &Tree) -> Vec<Route> {
    let mut found = Vec::new();
    for file in tree.rust().filter(|file| is_program(file)) {
        pages(file, &mut found);
        operations(file, &mut found);
    }
    for route in &mut found {
        route.guarded = guarded(tree, route);
    }
    found.sort_by(|a, b| (&a.path, &a.verb).cmp(&(&b.path, &b.verb)));
    found.dedup_by(|a, b| a.path == b.path && a.verb == b.verb);
    found
}

fn is_program(file: &File) -> bool {
    !matches!(file.krate(), Some("acceptance" | "xtask"))
        && !file.path.ends_with("tests.rs")
        && !file.path.contains("/examples/")
        && !file.path.contains("/tests/")
}

/// `.route("/customers/{id}", get(page::show).post(page::save))`
fn pages(file: &File, found: &mut Vec<Route>) {
    let Ok(route) = Regex::new(r#"\.route\(\s*"(/[^"]*)"\s*,"#) else { return };
    let Ok(method) = Regex::new(r"\b(get|post|put|patch|delete)\(\s*([\w:]+)") else { return };
    let text = without_tests(&file.text);
    for hit in route.captures_iter(text) {
        let (Some(whole), Some(path)) = (hit.get(0), hit.get(1)) else { continue };
        let body = balanced(&text[whole.end()..]);
        for one in method.captures_iter(body) {
            let handler = one[2].rsplit("::").next().unwrap_or(&one[2]).to_owned();
            found.push(Route {
                verb: one[1].to_uppercase(),
                path: path.as_str().to_owned(),
                handler,
                krate: file.krate().unwrap_or_default().to_owned(),
                place: file.place(whole.start()),
                guarded: None,
            });
        }
    }
}

/// `#[utoipa::path(get, path = "/customers/{id}", …)] async fn show(…)`
fn operations(file: &File, found: &mut Vec<Route>) {
    let Ok(start) = Regex::new(r"#\[utoipa::path\(") else { return };
    let Ok(verb) = Regex::new(r"^\s*(get|post|put|patch|delete)\b") else { return };
    let Ok(path) = Regex::new(r#"path\s*=\s*"(/[^"]*)""#) else { return };
    let Ok(handler) = Regex::new(r"\bfn\s+(\w+)") else { return };
    let text = without_tests(&file.text);
    for hit in start.find_iter(text) {
        let body = balanced(&text[hit.end()..]);
        let after = &text[hit.end() + body.len()..];
        let (Some(verb), Some(path), Some(handler)) =
            (verb.captures(body), path.captures(body), handler.captures(after))
        else {
            continue;
        };
        let path = path[1].to_owned();
        found.push(Route {
            verb: verb[1].to_uppercase(),
            path: if path.starts_with("/api/") { path } else { format!("/api/v1{path}") },
            handler: handler[1].to_owned(),
            krate: file.krate().unwrap_or_default().to_owned(),
            place: file.place(hit.start()),
            guarded: None,
        });
    }
}

fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod ").map_or(text, |at| &text[..at])
}

/// The text up to the bracket that closes the one already open.
fn balanced(text: &str) -> &str {
    let mut depth = 1;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..at];
        }
    }
    text
}

fn guarded(tree: &Tree, route: &Route) -> Option<bool> {
    let function = Regex::new(&format!(r"\bfn\s+{}\s*(?:<[^>]*>)?\(", route.handler)).ok()?;
    let mut known = None;
    for file in tree.rust().filter(|file| file.krate() == Some(route.krate.as_str())) {
        for hit in function.find_iter(&file.text) {
            let signature = balanced(&file.text[hit.end()..]);
            let takes = ["Ctx", "ApiActor", "Actor"].iter().any(|guard| signature.contains(guard));
            known = Some(known.unwrap_or(false) || takes);
        }
    }
    known
}
