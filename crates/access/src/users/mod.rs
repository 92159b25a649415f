//! Staff users: invited with a one-time password, edited, disabled, never deleted (the trail names
//! them for ever).

mod account;
mod bootstrap;
mod list;
mod manage;
mod model;
pub(crate) mod store;

pub(crate) use account::staff;
pub(crate) use model::fold_email;
pub use model::{
    Density, EditUser, NewUser, OneTimePassword, Preferences, Theme, User, UserFilter, UserState,
};

#[cfg(test)]
mod tests;
