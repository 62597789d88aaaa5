//! What the words of the core are called on pages.

use super::icon::Glyph;
use crate::{i18n::Locale, text};
use iam_types::{
    Permission, Role,
    view::{OWNERLESS, Reason},
};

/// The built-in role in words.
pub fn role_name(l: Locale, role: Role) -> String {
    match role {
        Role::Owner => text!(l, workspace.role_owner),
        Role::Admin => text!(l, workspace.role_admin),
        Role::Auditor => text!(l, workspace.role_auditor),
        Role::Member => text!(l, workspace.role_member),
    }
}

/// What a permission lets somebody do.
pub fn permission_text(l: Locale, permission: Permission) -> String {
    match permission {
        Permission::WorkspaceRead => text!(l, permission.workspace_read),
        Permission::WorkspaceUpdate => text!(l, permission.workspace_update),
        Permission::WorkspaceTransfer => text!(l, permission.workspace_transfer),
        Permission::WorkspaceDelete => text!(l, permission.workspace_delete),
        Permission::WorkspaceExport => text!(l, permission.workspace_export),
        Permission::DomainUpdate => text!(l, permission.domain_update),
        Permission::DomainHost => text!(l, permission.domain_host),
        Permission::ConnectionRead => text!(l, permission.connection_read),
        Permission::ConnectionUpdate => text!(l, permission.connection_update),
        Permission::BrandUpdate => text!(l, permission.brand_update),
        Permission::AppRead => text!(l, permission.app_read),
        Permission::AppCreate => text!(l, permission.app_create),
        Permission::AppUpdate => text!(l, permission.app_update),
        Permission::AppAssign => text!(l, permission.app_assign),
        Permission::MemberRead => text!(l, permission.member_read),
        Permission::MemberInvite => text!(l, permission.member_invite),
        Permission::MemberUpdate => text!(l, permission.member_update),
        Permission::MemberRecover => text!(l, permission.member_recover),
        Permission::MemberRemove => text!(l, permission.member_remove),
        Permission::RoleRead => text!(l, permission.role_read),
        Permission::RoleUpdate => text!(l, permission.role_update),
        Permission::GroupUpdate => text!(l, permission.group_update),
        Permission::SupportGrant => text!(l, permission.support_grant),
        Permission::UserRead => text!(l, permission.user_read),
        Permission::ProviderUpdate => text!(l, permission.provider_update),
        Permission::UserRecover => text!(l, permission.user_recover),
        Permission::UserUpdate => text!(l, permission.user_update),
        Permission::SupportUse => text!(l, permission.support_use),
        Permission::AuditRead => text!(l, permission.audit_read),
    }
}

/// Why a sign-in through a provider came to nothing.
pub fn connection_refusal(l: Locale, reason: &str) -> String {
    match reason {
        "denied" => text!(l, connections.why_denied),
        "barred" => text!(l, connections.why_barred),
        "unreachable" => text!(l, connections.why_unreachable),
        "slow" => text!(l, connections.why_slow),
        "too_large" => text!(l, connections.why_too_large),
        "redirected" => text!(l, connections.why_redirected),
        "discovery" => text!(l, connections.why_discovery),
        "code" => text!(l, connections.why_code),
        "other_issuer" => text!(l, connections.why_other_issuer),
        "other_audience" => text!(l, connections.why_other_audience),
        "other_nonce" => text!(l, connections.why_other_nonce),
        "expired" => text!(l, connections.why_expired),
        "signature" => text!(l, connections.why_signature),
        "token" => text!(l, connections.why_token),
        "other_tenant" => text!(l, connections.why_other_tenant),
        "no_address" => text!(l, connections.why_no_address),
        "no_account" => text!(l, connections.why_no_account),
        "not_linked" => text!(l, connections.why_not_linked),
        "disabled" => text!(l, connections.why_disabled),
        "taken" => text!(l, connections.why_taken),
        "other_browser" => text!(l, connections.why_other_browser),
        _ => text!(l, connections.why_unknown),
    }
}

/// Why a workspace is suspended: what an operator wrote, or that nobody owns it.
pub fn suspension_text(l: Locale, reason: String) -> String {
    let reason = if reason == OWNERLESS {
        text!(l, platform.ownerless)
    } else {
        reason
    };
    text!(l, platform.suspended_because, reason = reason)
}

/// Why somebody may do something.
pub fn reason_text(l: Locale, reason: Reason) -> String {
    match reason {
        Reason::BuiltIn(role) => role_name(l, role),
        Reason::Role(role) => text!(l, roles.because_role, role = role),
        Reason::Group {
            group,
            role,
            providers,
        } if providers.is_empty() => text!(l, roles.because_group, group = group, role = role),
        Reason::Group {
            group,
            role,
            providers,
        } => text!(
            l,
            roles.because_given_group,
            group = group,
            role = role,
            provider = providers.join(", ")
        ),
    }
}

/// How somebody proved who they are, each way once (RFC 8176).
pub fn sign_in_methods(l: Locale, amr: &[String]) -> String {
    let mut methods: Vec<_> = amr
        .iter()
        .filter_map(|method| match method.as_str() {
            "email" => Some(text!(l, account.method_email)),
            // What goes with a passkey, and says nothing more.
            "user" | "mfa" => None,
            "pwd" => Some(text!(l, account.method_password)),
            "hwk" | "swk" => Some(text!(l, account.method_passkey)),
            _ => Some(text!(l, account.method_other)),
        })
        .collect();
    methods.dedup();
    methods.join(", ")
}

/// What an app may do with a scope, and its sign.
pub fn scope_text(l: Locale, scope: &str) -> Option<(Glyph, String)> {
    match scope {
        "openid" => Some((Glyph::Identity, text!(l, consent.openid))),
        "profile" => Some((Glyph::Account, text!(l, consent.profile))),
        "email" => Some((Glyph::Invitations, text!(l, consent.scope_email))),
        "roles" => Some((Glyph::Roles, text!(l, consent.roles))),
        "offline_access" => Some((Glyph::Ongoing, text!(l, consent.offline_access))),
        _ => None,
    }
}

/// The providers that put somebody, or into some group, as it is marked where that is shown.
pub fn given_by<T: PartialEq>(l: Locale, sources: &[(T, String)], which: T) -> Option<String> {
    let names: Vec<_> = sources
        .iter()
        .filter(|(known, _)| *known == which)
        .map(|(_, name)| name.as_str())
        .collect();
    (!names.is_empty()).then(|| text!(l, groups.given_by, provider = names.join(", ")))
}
