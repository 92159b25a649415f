//! Checks that the front end has been built, and asks for a rebuild when it changes. Builds nothing.

use std::path::Path;

fn main() {
    let manifest = Path::new("../../assets/dist/manifest.json");
    println!("cargo::rerun-if-changed={}", manifest.display());
    println!("cargo::rerun-if-changed=../../assets/dist");
    if !manifest.exists() {
        println!(
            "cargo::error=assets/dist is missing: run `script/assets` in the root of the \
             repository (it needs Node.js and says how to get it)"
        );
    }
}
