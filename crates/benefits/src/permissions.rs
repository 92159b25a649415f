//! What staff and programs may do with members' benefits.

use access::{Permission, PermissionTable, Role};

/// Ask what members are entitled to; see uses, choices and goodwill.
pub const READ: Permission = Permission::new("benefits.read");
/// Record a use, and take one back.
pub const USE: Permission = Permission::new("benefits.use");
/// Choose at a milestone for a member, and take a choice back.
pub const CHOOSE: Permission = Permission::new("benefits.choose");
/// Grant goodwill, and end it.
pub const GRANT: Permission = Permission::new("benefits.grant");

use Role::{Administrator, Agent, Analyst, Auditor, Care, Loyalty, Manager, Sales};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (READ, &[Administrator, Analyst, Agent, Loyalty, Care, Sales, Manager, Auditor]),
    (USE, &[Administrator, Agent, Loyalty, Care, Manager]),
    (CHOOSE, &[Administrator, Agent, Loyalty, Care, Manager]),
    (GRANT, &[Administrator, Loyalty, Care, Manager]),
];
