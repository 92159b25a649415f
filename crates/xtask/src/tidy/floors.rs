//! A crate uses only floors below it; among domains, only crates to its left.

use cargo_metadata::{DependencyKind, MetadataCommand};

use super::Offence;
use crate::tree::Tree;

/// From the ground up. A crate may use every crate before it, but for [`PURE`].
const ORDER: &[&str] = &[
    "unify",
    "kernel",
    "formats",
    "stats",
    "matching",
    "programme",
    "simulator",
    "collect",
    "store",
    "access",
    "lake",
    "web",
    "customers",
    "flights",
    "feeds",
    "loyalty",
    "awards",
    "years",
    "benefits",
    "partners",
    "value",
    "portal",
    "app",
    "server",
    "cli",
    "xtask",
    "acceptance",
];

/// Crates that may use only these, whatever stands before them.
const PURE: &[(&str, &[&str])] = &[
    ("unify", &[]),
    ("kernel", &[]),
    ("formats", &[]),
    ("stats", &["unify"]),
    ("matching", &["kernel", "unify"]),
    ("programme", &["kernel", "unify"]),
    ("simulator", &["kernel", "formats", "unify"]),
    ("lake", &["kernel", "unify"]),
    ("collect", &["kernel"]),
    ("store", &["kernel"]),
    ("xtask", &[]),
];

/// Returns the number of crates.
pub(super) fn check(tree: &Tree, said: &mut Vec<Offence>) -> usize {
    let place = "Cargo.toml";
    let metadata = match MetadataCommand::new().current_dir(&tree.root).no_deps().exec() {
        Ok(metadata) => metadata,
        Err(error) => {
            said.push(Offence::new(place, format!("cargo metadata failed: {error}"), "see above"));
            return 0;
        }
    };
    let ours: Vec<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let place = format!("crates/{name}/Cargo.toml");
        let Some(floor) = floor(name) else {
            said.push(Offence::new(place, "the crate has no floor", "add it to xtask's ORDER"));
            continue;
        };
        let used = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind != DependencyKind::Development)
            .filter(|dependency| ours.contains(&dependency.name.as_str()));
        for dependency in used {
            let other = dependency.name.as_str();
            if !may_use(name, floor, other) {
                said.push(Offence::new(
                    &place,
                    format!("{name} may not use {other}"),
                    "use only floors below; pass what is needed in from `app`",
                ));
            }
        }
    }
    metadata.packages.len()
}

fn floor(name: &str) -> Option<usize> {
    ORDER.iter().position(|one| *one == name)
}

fn may_use(name: &str, own: usize, other: &str) -> bool {
    match PURE.iter().find(|(pure, _)| *pure == name) {
        Some((_, allowed)) => allowed.contains(&other),
        None => floor(other).is_some_and(|below| below < own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_look_only_to_the_left_and_pure_crates_only_at_the_ground() {
        let may = |name, other| may_use(name, floor(name).unwrap_or(0), other);
        assert!(may("feeds", "customers"));
        assert!(!may("customers", "feeds"));
        assert!(!may("lake", "store"));
        assert!(may("simulator", "kernel"));
    }
}
