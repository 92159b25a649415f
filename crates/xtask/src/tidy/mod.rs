//! One file per family of rules.

mod floors;
mod secrets;
mod sizes;
mod sql;
mod texts;

use crate::routes;
use crate::tree::Tree;

/// A place that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offence {
    /// `path:line`
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: String,
}

impl Offence {
    fn new(place: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), hint: hint.into() }
    }
}

/// What was looked at and found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Files read.
    pub files: usize,
    /// Crates of the workspace.
    pub crates: usize,
    /// Routes declared.
    pub routes: usize,
    /// Text keys.
    pub texts: usize,
    /// What breaks a rule.
    pub offences: Vec<Offence>,
}

/// Checks every rule.
#[must_use]
pub fn check(tree: &Tree) -> Report {
    let mut report = Report { files: tree.files.len(), ..Report::default() };
    let said = &mut report.offences;
    report.crates = floors::check(tree, said);
    sizes::check(tree, said);
    sql::check(tree, said);
    report.texts = texts::check(tree, said);
    secrets::check(tree, said);
    report.routes = guards(tree, said);
    report
}

fn guards(tree: &Tree, said: &mut Vec<Offence>) -> usize {
    let all = routes::declared(tree);
    for route in all.iter().filter(|route| !route.is_public() && route.guarded == Some(false)) {
        said.push(Offence::new(
            &route.place,
            format!("{} {} has a handler without a signed-in caller", route.verb, route.path),
            "take `Ctx` (pages) or `ApiActor` (API), or add the path to routes::PUBLIC with a reason",
        ));
    }
    all.len()
}
