//! The floor every page and API call stands on: shell, words, lists, forms, charts, failures.
//!
//! A request passes, from outside in: [`finish`]'s layers (request id, security headers, failures
//! into pages or problem+json) → a domain's router → the extractor [`Ctx`] (who is reading, in
//! which language) or [`ApiActor`] → the handler → a template that extends `web/shell.html`.
//! README.md has a whole page to copy.

extern crate self as web;

pub mod api;
mod assets;
pub mod chart;
pub mod cookies;
mod csrf;
pub mod ctx;
mod error;
pub mod flash;
mod floor;
pub mod form;
pub mod format;
mod house;
pub mod list;
mod look;
pub mod once;
mod refuse;
mod staff;
pub mod testing;
pub mod texts;
pub mod url;

pub use api::ApiActor;
pub use assets::{asset, has_icon};
pub use ctx::Ctx;
pub use error::{PageError, PageResult, Problem, status};
pub use flash::{See, Toast};
pub use floor::finish;
pub use house::{CommandEntry, Config, Hit, NavEntry, Parts, SearchProvider, Web};
pub use look::{Day, Density, Look, Moment, Real, Theme, Whole, escape};
pub use refuse::RequestId;
pub use staff::{CameFrom, device};

/// Where members' pages begin. A failure there is told without the console around it.
pub const MEMBERS: &str = "/my";

use kernel::Lang;

/// Settings of staff and saved views.
pub const MIGRATIONS: &[store::Migration] = store::migrations!["20261122_084000_web"];

/// The words of the shell.
pub const TEXTS: &[texts::Source] = &[
    (Lang::En, include_str!("../texts/en.ftl")),
    (Lang::ZhCn, include_str!("../texts/zh-CN.ftl")),
];
