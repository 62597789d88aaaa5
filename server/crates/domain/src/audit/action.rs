//! The vocabulary of the audit log.

/// What happened. The stored name is `noun.verb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A sign-in mail was asked for.
    MagicLinkRequested,
    /// A link or code was refused.
    MagicLinkRefused,
    /// Somebody tried what they may not do.
    AccessDenied,
    /// A client did not prove that it is the app it says it is.
    ClientRefused,
    /// A code or refresh token was refused.
    GrantRefused,
    /// A person came into being.
    UserCreated,
    /// A browser signed in.
    SessionCreated,
    /// A browser signed out or was signed out.
    SessionEnded,
    /// A workspace was created.
    WorkspaceCreated,
    /// A workspace's settings changed.
    WorkspaceUpdated,
    /// The operator shut a workspace.
    WorkspaceSuspended,
    /// The operator opened a suspended workspace again.
    WorkspaceResumed,
    /// An owner wants the workspace deleted.
    WorkspaceEnding,
    /// An owner does not want that any more.
    WorkspaceRestored,
    /// Everything in the workspace was deleted.
    WorkspaceDeleted,
    /// Everything in the workspace was taken out as a file.
    WorkspaceExported,
    /// An owner offered their ownership to a member.
    OwnershipOffered,
    /// An offered ownership was withdrawn or declined.
    OwnershipOfferEnded,
    /// What the platform decides for all was changed.
    PlatformUpdated,
    /// A person joined.
    MemberJoined,
    /// A member got another role.
    MemberRoleChanged,
    /// A member was taken out.
    MemberRemoved,
    /// A member left.
    MemberLeft,
    /// An address was asked to join.
    InvitationCreated,
    /// An invitation was sent again.
    InvitationResent,
    /// An invitation was taken back.
    InvitationWithdrawn,
    /// An invited person said no.
    InvitationDeclined,
    /// A person asked to join.
    JoinRequested,
    /// What a person asked was refused or taken back.
    JoinRequestEnded,
    /// A domain was claimed.
    DomainClaimed,
    /// A domain's proof was seen for the first time.
    DomainProved,
    /// Who may join by a domain was changed.
    DomainUpdated,
    /// A domain's proof has been missing for too long.
    DomainLost,
    /// A domain was given up.
    DomainRemoved,
    /// The operator's support was let in.
    SupportOpened,
    /// The operator's support was shut out.
    SupportClosed,
    /// Somebody of the operator's support came in.
    SupportEntered,
    /// A person changed their own name.
    UserUpdated,
    /// The operator lets a person sign in no more.
    UserDisabled,
    /// The operator lets a person sign in again.
    UserEnabled,
    /// How the workspace looks was changed.
    BrandUpdated,
    /// A role was made.
    RoleCreated,
    /// A role was renamed or holds something else.
    RoleUpdated,
    /// A role was deleted.
    RoleDeleted,
    /// A group was made.
    GroupCreated,
    /// A group was renamed or carries other roles.
    GroupUpdated,
    /// A group was deleted.
    GroupDeleted,
    /// A member came into a group.
    GroupMemberAdded,
    /// A member was taken out of a group.
    GroupMemberRemoved,
    /// An app was registered.
    AppCreated,
    /// An app's settings changed.
    AppUpdated,
    /// An app got a new secret; the old one died.
    AppSecretRotated,
    /// An app was shut off.
    AppDisabled,
    /// A disabled app was let back in.
    AppEnabled,
    /// A signing key was made.
    SigningKeyCreated,
    /// A member let an app have scopes.
    ConsentGranted,
    /// A member refused an app.
    ConsentDenied,
    /// An authorization code was handed out.
    CodeIssued,
    /// A code or refresh token became tokens.
    TokensIssued,
    /// A family of tokens was revoked.
    GrantRevoked,
}

impl Action {
    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MagicLinkRequested => "magic_link.requested",
            Self::MagicLinkRefused => "magic_link.refused",
            Self::AccessDenied => "access.denied",
            Self::ClientRefused => "client.refused",
            Self::GrantRefused => "grant.refused",
            Self::UserCreated => "user.created",
            Self::SessionCreated => "session.created",
            Self::SessionEnded => "session.ended",
            Self::WorkspaceCreated => "workspace.created",
            Self::WorkspaceUpdated => "workspace.updated",
            Self::WorkspaceSuspended => "workspace.suspended",
            Self::WorkspaceResumed => "workspace.resumed",
            Self::WorkspaceEnding => "workspace.ending",
            Self::WorkspaceRestored => "workspace.restored",
            Self::WorkspaceDeleted => "workspace.deleted",
            Self::WorkspaceExported => "workspace.exported",
            Self::OwnershipOffered => "ownership.offered",
            Self::OwnershipOfferEnded => "ownership.offer_ended",
            Self::PlatformUpdated => "platform.updated",
            Self::MemberJoined => "member.joined",
            Self::MemberRoleChanged => "member.role_changed",
            Self::MemberRemoved => "member.removed",
            Self::MemberLeft => "member.left",
            Self::InvitationCreated => "invitation.created",
            Self::InvitationResent => "invitation.resent",
            Self::InvitationWithdrawn => "invitation.withdrawn",
            Self::InvitationDeclined => "invitation.declined",
            Self::JoinRequested => "join.requested",
            Self::JoinRequestEnded => "join.request_ended",
            Self::DomainClaimed => "domain.claimed",
            Self::DomainProved => "domain.proved",
            Self::DomainUpdated => "domain.updated",
            Self::DomainLost => "domain.lost",
            Self::DomainRemoved => "domain.removed",
            Self::SupportOpened => "support.opened",
            Self::SupportClosed => "support.closed",
            Self::SupportEntered => "support.entered",
            Self::UserUpdated => "user.updated",
            Self::UserDisabled => "user.disabled",
            Self::UserEnabled => "user.enabled",
            Self::BrandUpdated => "brand.updated",
            Self::RoleCreated => "role.created",
            Self::RoleUpdated => "role.updated",
            Self::RoleDeleted => "role.deleted",
            Self::GroupCreated => "group.created",
            Self::GroupUpdated => "group.updated",
            Self::GroupDeleted => "group.deleted",
            Self::GroupMemberAdded => "group.member_added",
            Self::GroupMemberRemoved => "group.member_removed",
            Self::AppCreated => "app.created",
            Self::AppUpdated => "app.updated",
            Self::AppSecretRotated => "app.secret_rotated",
            Self::AppDisabled => "app.disabled",
            Self::AppEnabled => "app.enabled",
            Self::SigningKeyCreated => "signing_key.created",
            Self::ConsentGranted => "consent.granted",
            Self::ConsentDenied => "consent.denied",
            Self::CodeIssued => "code.issued",
            Self::TokensIssued => "tokens.issued",
            Self::GrantRevoked => "grant.revoked",
        }
    }
}
