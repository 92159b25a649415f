//! What staff may do with customers, and which roles may.

use access::{Permission, PermissionTable, Role};

/// See customers: lists, search, profiles with masked contacts.
pub const READ: Permission = Permission::new("customers.read");
/// Create and edit customers; add notes, tags and tasks.
pub const EDIT: Permission = Permission::new("customers.edit");
/// Put customers in the trash and take them out.
pub const TRASH: Permission = Permission::new("customers.trash");
/// Act on many customers at once.
pub const BULK: Permission = Permission::new("customers.bulk");
/// Take lists out of the system.
pub const EXPORT: Permission = Permission::new("customers.export");
/// Erase a person, or hand out all we hold about one.
pub const PRIVACY: Permission = Permission::new("customers.privacy");
/// Say whether customers are one person: decide reviews, merge, split, undo.
pub const REVIEW: Permission = Permission::new("identity.review");
/// Run the whole search for people who are known twice.
pub const RUN: Permission = Permission::new("identity.run");

use Role::{Administrator, Agent, Analyst, Auditor, Care, Loyalty, Manager, Sales};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (READ, &[Administrator, Analyst, Agent, Loyalty, Care, Sales, Manager, Auditor]),
    (EDIT, &[Administrator, Agent, Loyalty, Care, Sales, Manager]),
    (TRASH, &[Administrator, Loyalty, Manager]),
    (BULK, &[Administrator, Loyalty, Sales, Manager]),
    (EXPORT, &[Administrator, Analyst, Manager]),
    (PRIVACY, &[Administrator, Manager]),
    (REVIEW, &[Administrator, Agent, Loyalty, Care, Manager]),
    (RUN, &[Administrator, Analyst, Manager]),
];
