//! The shipped programmes, TOML in and out, and what the check finds.

use programme::check::{Severity, check};
use programme::{Engine, Programme, examples};

fn read(text: &str) -> Programme {
    Programme::from_toml(text).unwrap_or_else(|e| panic!("{}:{:?} {e}", text.len(), e.line))
}

#[test]
fn the_shipped_programmes_are_without_error() {
    for text in examples::ALL {
        let programme = read(text);
        let errors: Vec<String> = check(&programme)
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(ToString::to_string)
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", programme.code);
        for finding in check(&programme) {
            println!("{}: {finding}", programme.code);
        }
        assert!(Engine::new(programme).is_ok());
    }
}

#[test]
fn toml_comes_back_as_it_went() {
    for text in examples::ALL {
        let programme = read(text);
        let written = programme.to_toml().unwrap();
        assert_eq!(read(&written), programme);
        assert_eq!(read(&written).to_toml().unwrap(), written);
    }
}
