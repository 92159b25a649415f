//! What staff may do with claims and partners, and which roles may.

use access::{Permission, PermissionTable, Role};

/// See claims.
pub const CLAIMS_READ: Permission = Permission::new("claims.read");
/// Claim missing miles for a member.
pub const CLAIM: Permission = Permission::new("claims.make");
/// Decide claims that wait for a person.
pub const CLAIM_DECIDE: Permission = Permission::new("claims.decide");
/// See partners, their files, statements and invoices.
pub const READ: Permission = Permission::new("partners.read");
/// Keep agreements: partners, rates, prices.
pub const AGREE: Permission = Permission::new("partners.agree");
/// Hand in activity files.
pub const RECEIVE: Permission = Permission::new("partners.receive");
/// Take lists, acknowledgements and statements out as files.
pub const EXPORT: Permission = Permission::new("partners.export");
/// Issue invoices.
pub const INVOICE: Permission = Permission::new("partners.invoice");

use Role::{Administrator, Agent, Analyst, Auditor, Care, Loyalty, Manager, Sales};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[
    (CLAIMS_READ, &[Administrator, Analyst, Agent, Loyalty, Care, Manager, Auditor]),
    (CLAIM, &[Administrator, Agent, Loyalty, Care, Manager]),
    (CLAIM_DECIDE, &[Administrator, Loyalty, Manager]),
    (READ, &[Administrator, Analyst, Loyalty, Sales, Manager, Auditor]),
    (AGREE, &[Administrator, Loyalty, Manager]),
    (RECEIVE, &[Administrator, Loyalty, Manager]),
    (EXPORT, &[Administrator, Analyst, Loyalty, Manager]),
    (INVOICE, &[Administrator, Manager]),
];
