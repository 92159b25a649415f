//! Operational messages: every fixture read as it was approved, every fixture broken in every
//! place.

#[cfg(test)]
mod broken;
#[cfg(test)]
mod changes;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod load;
#[cfg(test)]
mod movement;
#[cfg(test)]
mod schedule;

#[cfg(test)]
mod formats_under_test {
    use std::path::Path;

    use formats::{Diagnostic, baggage, load, movement, schedule, schedule_change};
    use serde_json::Value;

    /// A folder of fixtures and the parser for them. The tree is what the parser read.
    pub struct Format {
        pub name: &'static str,
        pub parse: fn(&str) -> (Value, Vec<Diagnostic>),
    }

    macro_rules! tree {
        ($parse:path) => {
            |text| {
                let (record, found) = $parse(text);
                (serde_json::to_value(&record).unwrap(), found)
            }
        };
    }

    pub const ALL: &[Format] = &[
        Format { name: "movement", parse: tree!(movement::parse) },
        Format { name: "load", parse: tree!(load::parse) },
        Format { name: "schedule", parse: tree!(schedule::parse) },
        Format { name: "schedule_change", parse: tree!(schedule_change::parse) },
        Format { name: "baggage", parse: tree!(baggage::parse) },
        Format { name: "tracing", parse: tree!(baggage::tracing::parse) },
    ];

    /// Names and texts of the fixtures of a format, in order.
    pub fn fixtures(format: &Format) -> Vec<(String, String)> {
        // Cargo says which checkout asks: a target folder may be shared.
        let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap();
        let folder = Path::new(&own).join("fixtures").join(format.name);
        let files = std::fs::read_dir(folder).unwrap();
        let mut all: Vec<_> = files
            .map(|file| {
                let path = file.unwrap().path();
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
        all.sort();
        all
    }

    /// Places of all findings lie in the text.
    pub fn check_places(text: &str, found: &[Diagnostic]) {
        let lines = formats::text::lines(text).count().max(1) + 1;
        for diagnostic in found {
            assert!(text.get(diagnostic.span.clone()).is_some(), "{diagnostic:?}");
            assert!((1..=lines).contains(&(diagnostic.line as usize)), "{diagnostic:?}");
            assert!(diagnostic.column >= 1);
        }
    }
}
