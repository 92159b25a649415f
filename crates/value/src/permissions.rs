//! Who may look at value and who may change how it is reckoned.

use access::{Permission, PermissionTable, Role};

/// See runs, groups, schemes and a customer's explanation.
pub const READ: Permission = Permission::new("value.read");
/// Start a run, publish it, look for the number of groups.
pub const RUN: Permission = Permission::new("value.run");
/// Change a scheme's weights.
pub const SCHEMES: Permission = Permission::new("value.schemes");
/// Take a group away as a file.
pub const EXPORT: Permission = Permission::new("value.export");

/// Which role may do what.
pub const TABLE: PermissionTable = &[
    (
        READ,
        &[
            Role::Administrator,
            Role::Analyst,
            Role::Agent,
            Role::Loyalty,
            Role::Care,
            Role::Sales,
            Role::Manager,
            Role::Auditor,
        ],
    ),
    (RUN, &[Role::Administrator, Role::Analyst, Role::Loyalty]),
    (SCHEMES, &[Role::Administrator, Role::Analyst, Role::Loyalty]),
    (EXPORT, &[Role::Administrator, Role::Analyst, Role::Loyalty, Role::Manager]),
];
