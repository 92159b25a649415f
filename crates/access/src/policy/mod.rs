//! Who may do what: permissions, named by the domains, given to roles.

mod model;

pub(crate) use model::{Grants, scope_covers};
pub use model::{MatrixRow, Permission, PermissionTable, Policy, Role, UnknownRole};
