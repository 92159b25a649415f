//! What staff may do with feeds, and which roles may.

use access::{Permission, PermissionTable, Role};

/// See imports, their reports and the mappings.
pub const READ: Permission = Permission::new("feeds.read");
/// Upload, check, import and cancel; save mappings.
pub const IMPORT: Permission = Permission::new("feeds.import");
/// Undo a whole import.
pub const REVERT: Permission = Permission::new("feeds.revert");

use Role::{Administrator, Analyst, Auditor, Loyalty, Manager};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (READ, &[Administrator, Analyst, Loyalty, Manager, Auditor]),
    (IMPORT, &[Administrator, Analyst, Loyalty]),
    (REVERT, &[Administrator, Analyst]),
];
