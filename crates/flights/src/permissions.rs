//! What staff may do with flights, and which roles may.

use access::{Permission, PermissionTable, Role};

/// See what customers flew and what it says about them.
pub const READ: Permission = Permission::new("flights.read");

/// Take lists of flights and their passengers out as files.
pub const EXPORT: Permission = Permission::new("flights.export");

use Role::{Administrator, Agent, Analyst, Auditor, Care, Loyalty, Manager, Sales};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (READ, &[Administrator, Analyst, Agent, Loyalty, Care, Sales, Manager, Auditor]),
    (EXPORT, &[Administrator, Analyst, Manager]),
];
