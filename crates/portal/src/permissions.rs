//! What staff may do with members' access to their own pages.

use access::{Permission, PermissionTable, Role};

/// Give a member an activation code, or end their access.
pub const INVITE: Permission = Permission::new("portal.invite");

use Role::{Administrator, Agent, Care, Loyalty, Manager};

/// The policy of this domain.
pub const TABLE: PermissionTable = &[(INVITE, &[Administrator, Agent, Loyalty, Care, Manager])];
