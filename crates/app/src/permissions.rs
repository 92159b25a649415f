//! What one may do with the system itself.

use access::{Permission, PermissionTable, Role};

/// See how the system does: version, database, jobs.
pub const SYSTEM_READ: Permission = Permission::new("system.read");
/// Stop other people's jobs; fill an empty system with the synthetic airline.
pub const SYSTEM_OPERATE: Permission = Permission::new("system.operate");

/// Who holds them.
pub const TABLE: PermissionTable = &[
    (SYSTEM_READ, &[Role::Administrator, Role::Analyst, Role::Manager, Role::Auditor]),
    (SYSTEM_OPERATE, &[Role::Administrator]),
];
