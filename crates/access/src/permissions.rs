//! What one may do in this domain. The purposes of [`crate::reveal`] are permissions too.

use crate::policy::{Permission, PermissionTable, Role};
use crate::reveal::Purpose;

/// See staff users and their sessions.
pub const USERS_READ: Permission = Permission::new("access.users.read");
/// Invite, edit and disable staff users, end their sessions, reset their passwords.
pub const USERS_EDIT: Permission = Permission::new("access.users.edit");
/// Make and revoke API keys of one's own.
pub const KEYS_OWN: Permission = Permission::new("access.keys.own");
/// See and revoke everybody's API keys.
pub const KEYS_MANAGE: Permission = Permission::new("access.keys.manage");
/// Read and verify the audit trail.
pub const AUDIT_READ: Permission = Permission::new("access.audit.read");
/// See which role may do what.
pub const POLICY_READ: Permission = Permission::new("access.policy.read");

/// Who holds them.
pub const TABLE: PermissionTable = &[
    (USERS_READ, &[Role::Administrator, Role::Auditor]),
    (USERS_EDIT, &[Role::Administrator]),
    (KEYS_OWN, &[Role::Administrator, Role::Analyst, Role::Loyalty]),
    (KEYS_MANAGE, &[Role::Administrator]),
    (AUDIT_READ, &[Role::Administrator, Role::Auditor]),
    (POLICY_READ, &[Role::Administrator, Role::Manager, Role::Auditor]),
    (
        Purpose::ServeCaller.permission(),
        &[Role::Administrator, Role::Agent, Role::Loyalty, Role::Care, Role::Sales],
    ),
    (
        Purpose::ResolveComplaint.permission(),
        &[Role::Administrator, Role::Agent, Role::Care, Role::Manager],
    ),
    (
        Purpose::FraudCheck.permission(),
        &[Role::Administrator, Role::Loyalty, Role::Manager, Role::Auditor],
    ),
    (Purpose::DataRequest.permission(), &[Role::Administrator, Role::Care]),
    (Purpose::DataQuality.permission(), &[Role::Administrator, Role::Analyst, Role::Loyalty]),
];
