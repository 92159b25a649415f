//! What staff and programs may do with redemptions, and which roles may.

use access::{Permission, PermissionTable, Role};

/// See redemptions, the catalogue, and which vouchers were issued.
pub const READ: Permission = Permission::new("awards.read");
/// Quote, redeem, confirm and cancel for a member.
pub const REDEEM: Permission = Permission::new("awards.redeem");
/// Take back what was confirmed.
pub const REDEPOSIT: Permission = Permission::new("awards.redeposit");
/// Keep the catalogue and its stock.
pub const CATALOGUE: Permission = Permission::new("awards.catalogue");
/// Look at a voucher by its code, and use it.
pub const VOUCHER: Permission = Permission::new("awards.voucher");
/// See the code of a voucher.
pub const REVEAL: Permission = Permission::new("awards.reveal");

use Role::{Administrator, Agent, Analyst, Auditor, Care, Loyalty, Manager, Sales};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (READ, &[Administrator, Analyst, Agent, Loyalty, Care, Sales, Manager, Auditor]),
    (REDEEM, &[Administrator, Agent, Loyalty, Care, Manager]),
    (REDEPOSIT, &[Administrator, Agent, Loyalty, Care, Manager]),
    (CATALOGUE, &[Administrator, Loyalty, Manager]),
    (VOUCHER, &[Administrator, Agent, Loyalty, Care, Manager]),
    (REVEAL, &[Administrator, Agent, Loyalty, Care, Manager]),
];
