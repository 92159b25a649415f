//! What staff may do with members and their miles, and which roles may.

use access::{Permission, PermissionTable, Role};

/// See members, statements, tiers, reviews.
pub const READ: Permission = Permission::new("loyalty.read");
/// Take lists of members and statements out as files.
pub const EXPORT: Permission = Permission::new("loyalty.export");
/// Enrol members.
pub const ENROL: Permission = Permission::new("loyalty.enrol");
/// Keep cards, nominees and family pools.
pub const EDIT: Permission = Permission::new("loyalty.edit");
/// Freeze a member.
pub const FREEZE: Permission = Permission::new("loyalty.freeze");
/// Take a freeze off.
pub const UNFREEZE: Permission = Permission::new("loyalty.unfreeze");
/// Merge two memberships of one person, and undo it.
pub const MERGE: Permission = Permission::new("loyalty.merge");
/// Propose adjustments and tiers by hand.
pub const PROPOSE: Permission = Permission::new("loyalty.propose");
/// Decide what another proposed.
pub const APPROVE: Permission = Permission::new("loyalty.approve");
/// Post to the ledger: for programs, by API key. People propose.
pub const POST: Permission = Permission::new("loyalty.post");
/// Decide reviews.
pub const REVIEW: Permission = Permission::new("loyalty.review");
/// Set limits.
pub const LIMITS: Permission = Permission::new("loyalty.limits");
/// Erase a member's person, or hand out all we hold.
pub const PRIVACY: Permission = Permission::new("loyalty.privacy");
/// Draft versions of a programme and propose them.
pub const PROGRAMME: Permission = Permission::new("loyalty.programme");
/// Decide versions that another proposed.
pub const PROGRAMME_APPROVE: Permission = Permission::new("loyalty.programme-approve");

use Role::{Administrator, Agent, Analyst, Auditor, Care, Loyalty, Manager, Sales};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (READ, &[Administrator, Analyst, Agent, Loyalty, Care, Sales, Manager, Auditor]),
    (EXPORT, &[Administrator, Analyst, Loyalty, Manager]),
    (ENROL, &[Administrator, Agent, Loyalty, Manager]),
    (EDIT, &[Administrator, Agent, Loyalty, Care, Manager]),
    (FREEZE, &[Administrator, Agent, Loyalty, Care, Manager]),
    (UNFREEZE, &[Administrator, Loyalty, Manager]),
    (MERGE, &[Administrator, Loyalty, Manager]),
    (PROPOSE, &[Administrator, Agent, Loyalty, Care, Manager]),
    (APPROVE, &[Administrator, Loyalty, Manager]),
    (POST, &[Administrator, Loyalty]),
    (REVIEW, &[Administrator, Loyalty, Manager]),
    (LIMITS, &[Administrator, Loyalty, Manager]),
    (PROGRAMME, &[Administrator, Loyalty, Manager]),
    (PROGRAMME_APPROVE, &[Administrator, Loyalty, Manager]),
    (PRIVACY, &[Administrator, Manager]),
];
