//! The vocabulary of the audit log.

/// What happened. The stored name is `noun.verb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// A sign-in mail was asked for.
    MagicLinkRequested,
    /// A link or code was refused.
    MagicLinkRefused,
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
            Self::UserCreated => "user.created",
            Self::SessionCreated => "session.created",
            Self::SessionEnded => "session.ended",
            Self::WorkspaceCreated => "workspace.created",
            Self::WorkspaceUpdated => "workspace.updated",
            Self::WorkspaceSuspended => "workspace.suspended",
            Self::WorkspaceResumed => "workspace.resumed",
            Self::MemberJoined => "member.joined",
            Self::MemberRoleChanged => "member.role_changed",
            Self::MemberRemoved => "member.removed",
            Self::MemberLeft => "member.left",
            Self::InvitationCreated => "invitation.created",
            Self::InvitationResent => "invitation.resent",
            Self::InvitationWithdrawn => "invitation.withdrawn",
            Self::InvitationDeclined => "invitation.declined",
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
