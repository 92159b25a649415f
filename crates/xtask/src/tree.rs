//! The files of the repository, read once.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A text file with its place.
#[derive(Clone, Debug)]
pub struct File {
    /// Path from the root, with forward slashes.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl File {
    /// The crate it belongs to, when it is in one.
    #[must_use]
    pub fn krate(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Ending of the name, without the dot.
    #[must_use]
    pub fn ending(&self) -> &str {
        self.path.rsplit_once('.').map_or("", |(_, ending)| ending)
    }

    /// `path:line` of a byte in the text.
    #[must_use]
    pub fn place(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or(&self.text);
        format!("{}:{}", self.path, before.matches('\n').count() + 1)
    }
}

/// Everything the rules look at.
#[derive(Clone, Debug)]
pub struct Tree {
    /// Folder of the repository.
    pub root: PathBuf,
    /// Its text files, sorted by path.
    pub files: Vec<File>,
}

const SKIPPED: &[&str] = &[".git", "target", "node_modules", "dist", "data", "baseline"];
const READ: &[&str] = &[
    "css", "ftl", "html", "json", "md", "mjs", "py", "rs", "sh", "sql", "toml", "ts", "txt", "yml",
    "yaml",
];
const READ_WITHOUT_ENDING: &[&str] = &["script", ".ci", "deploy"];

impl Tree {
    /// Reads the workspace this program was built from.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn read() -> Result<Self, String> {
        // Checkouts that share a target folder share this program: Cargo says which one asks.
        let asked = std::env::var_os("CARGO_MANIFEST_DIR");
        let own = asked.unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        Self::at(&Path::new(&own).join("../.."))
    }

    /// Reads the repository at `root`.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn at(root: &Path) -> Result<Self, String> {
        let root = root.canonicalize().map_err(|error| format!("{}: {error}", root.display()))?;
        let mut files = Vec::new();
        let entries = WalkDir::new(&root).sort_by_file_name().into_iter().filter_entry(|entry| {
            let name = entry.file_name().to_string_lossy();
            entry.depth() == 0 || !SKIPPED.contains(&name.as_ref())
        });
        for entry in entries {
            let entry = entry.map_err(|error| error.to_string())?;
            let path = relative(&root, entry.path());
            if !entry.file_type().is_file() || !is_text(&path) {
                continue;
            }
            let text = std::fs::read(entry.path())
                .map_err(|error| format!("{path}: {error}"))
                .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
            files.push(File { path, text });
        }
        Ok(Self { root, files })
    }

    /// Files with this ending.
    pub fn with_ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.ending() == ending)
    }

    /// Rust files of the crates.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.with_ending("rs").filter(|file| file.krate().is_some())
    }
}

fn relative(root: &Path, path: &Path) -> String {
    let parts = path.strip_prefix(root).unwrap_or(path).components();
    parts.map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, ending)) if READ.contains(&ending) => true,
        Some(("", _)) | None => {
            READ_WITHOUT_ENDING.iter().any(|folder| path.starts_with(&format!("{folder}/")))
        }
        _ => false,
    }
}
