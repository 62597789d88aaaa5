//! The vocabulary of the audit log.

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What happened. The stored name is `noun.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The stored name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The action with this stored name.
            pub fn stored(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

actions! {
    /// A sign-in mail was asked for.
    MagicLinkRequested = "magic_link.requested",
    /// A link or code was refused.
    MagicLinkRefused = "magic_link.refused",
    /// Somebody tried what they may not do.
    AccessDenied = "access.denied",
    /// A client did not prove that it is the app it says it is.
    ClientRefused = "client.refused",
    /// A code or refresh token was refused.
    GrantRefused = "grant.refused",
    /// A person came into being.
    UserCreated = "user.created",
    /// A browser signed in.
    SessionCreated = "session.created",
    /// A browser signed out or was signed out.
    SessionEnded = "session.ended",
    /// A passkey was added to an account.
    PasskeyAdded = "passkey.added",
    /// A passkey was renamed.
    PasskeyUpdated = "passkey.updated",
    /// A passkey was taken off an account.
    PasskeyRemoved = "passkey.removed",
    /// A passkey signs in no more, since there may be a copy.
    PasskeyBlocked = "passkey.blocked",
    /// A passkey's answer was refused.
    PasskeyRefused = "passkey.refused",
    /// Two-step verification was turned on, or its app replaced.
    TotpConfirmed = "totp.confirmed",
    /// Two-step verification was turned off.
    TotpRemoved = "totp.removed",
    /// Recovery codes were made, and those before them void.
    RecoveryCodesCreated = "recovery_codes.created",
    /// A recovery code stood for an authenticator app.
    RecoveryCodeUsed = "recovery_code.used",
    /// A person trusts a browser: it stands for their second factor there.
    BrowserTrusted = "browser.trusted",
    /// A trusted browser stood for the second factor of a sign-in.
    BrowserTrustUsed = "browser.trust_used",
    /// A browser is trusted no more.
    BrowserForgotten = "browser.forgotten",
    /// Somebody who may began to recover a person who lost their second factors.
    RecoveryBegun = "recovery.begun",
    /// The person does not want a recovery that operators began.
    RecoveryObjected = "recovery.objected",
    /// A recovery was stopped or withdrawn.
    RecoveryStopped = "recovery.stopped",
    /// A person came back by a recovery, which took their second factors away.
    RecoveryUsed = "recovery.used",
    /// A second factor was refused.
    SecondFactorRefused = "second_factor.refused",
    /// A person chose a password, or another.
    PasswordSet = "password.set",
    /// A person's password came with a file.
    PasswordImported = "password.imported",
    /// A person's password signs in no more, until they choose another.
    PasswordSpent = "password.spent",
    /// A password was taken off an account.
    PasswordRemoved = "password.removed",
    /// A sign-in by password was refused.
    PasswordRefused = "password.refused",
    /// An address is being added to an account: it counts once it is verified.
    AddressAdded = "address.added",
    /// An address that is being added was proved.
    AddressVerified = "address.verified",
    /// A code or link that was to prove an address was refused.
    AddressRefused = "address.refused",
    /// Another address of an account is the primary one.
    AddressMadePrimary = "address.made_primary",
    /// An address was taken off an account.
    AddressRemoved = "address.removed",
    /// An address that was taken off an account was put back.
    AddressRestored = "address.restored",
    /// A provider was connected.
    ConnectionCreated = "connection.created",
    /// A provider's settings changed.
    ConnectionUpdated = "connection.updated",
    /// Nobody signs in through a provider any more.
    ConnectionDisabled = "connection.disabled",
    /// People sign in through a provider again.
    ConnectionEnabled = "connection.enabled",
    /// A provider was disconnected.
    ConnectionDeleted = "connection.deleted",
    /// A sign-in through a provider came to nothing.
    ConnectionRefused = "connection.refused",
    /// A sign-in through a provider was tried out.
    ConnectionTested = "connection.tested",
    /// An account was linked with who its person is at a provider.
    IdentityLinked = "identity.linked",
    /// That was undone.
    IdentityUnlinked = "identity.unlinked",
    /// A workspace was created.
    WorkspaceCreated = "workspace.created",
    /// A workspace's settings changed.
    WorkspaceUpdated = "workspace.updated",
    /// The operator shut a workspace.
    WorkspaceSuspended = "workspace.suspended",
    /// The operator opened a suspended workspace again.
    WorkspaceResumed = "workspace.resumed",
    /// The operator lets passkeys work at the workspace's own host.
    HostPasskeysAllowed = "host_passkeys.allowed",
    /// Passkeys work at the workspace's own host no more.
    HostPasskeysStopped = "host_passkeys.stopped",
    /// An owner wants the workspace deleted.
    WorkspaceEnding = "workspace.ending",
    /// An owner does not want that any more.
    WorkspaceRestored = "workspace.restored",
    /// Everything in the workspace was deleted.
    WorkspaceDeleted = "workspace.deleted",
    /// Everything in the workspace was taken out as a file.
    WorkspaceExported = "workspace.exported",
    /// An owner offered their ownership to a member.
    OwnershipOffered = "ownership.offered",
    /// An offered ownership was withdrawn or declined.
    OwnershipOfferEnded = "ownership.offer_ended",
    /// What the platform decides for all was changed.
    PlatformUpdated = "platform.updated",
    /// A person joined.
    MemberJoined = "member.joined",
    /// A member got another role.
    MemberRoleChanged = "member.role_changed",
    /// A member was taken out.
    MemberRemoved = "member.removed",
    /// A member left.
    MemberLeft = "member.left",
    /// An address was asked to join.
    InvitationCreated = "invitation.created",
    /// An invitation was sent again.
    InvitationResent = "invitation.resent",
    /// An invitation was taken back.
    InvitationWithdrawn = "invitation.withdrawn",
    /// An invited person said no.
    InvitationDeclined = "invitation.declined",
    /// A person asked to join.
    JoinRequested = "join.requested",
    /// What a person asked was refused or taken back.
    JoinRequestEnded = "join.request_ended",
    /// A domain was claimed.
    DomainClaimed = "domain.claimed",
    /// A domain's proof was seen for the first time.
    DomainProved = "domain.proved",
    /// Who may join by a domain was changed.
    DomainUpdated = "domain.updated",
    /// A domain's proof has been missing for too long.
    DomainLost = "domain.lost",
    /// A domain was given up.
    DomainRemoved = "domain.removed",
    /// The operator's support was let in.
    SupportOpened = "support.opened",
    /// The operator's support was shut out.
    SupportClosed = "support.closed",
    /// Somebody of the operator's support came in.
    SupportEntered = "support.entered",
    /// A person changed their own name, language or time zone.
    UserUpdated = "user.updated",
    /// A person took out everything that is kept of them as a file.
    UserExported = "user.exported",
    /// A person wants their account deleted.
    UserEnding = "user.ending",
    /// A person does not want that any more.
    UserKept = "user.kept",
    /// Everything of a person was deleted.
    UserDeleted = "user.deleted",
    /// The operator lets a person sign in no more.
    UserDisabled = "user.disabled",
    /// The operator lets a person sign in again.
    UserEnabled = "user.enabled",
    /// How the workspace looks was changed.
    BrandUpdated = "brand.updated",
    /// A role was made.
    RoleCreated = "role.created",
    /// A role was renamed or holds something else.
    RoleUpdated = "role.updated",
    /// A role was deleted.
    RoleDeleted = "role.deleted",
    /// A group was made.
    GroupCreated = "group.created",
    /// A group was renamed or carries other roles.
    GroupUpdated = "group.updated",
    /// A group was deleted.
    GroupDeleted = "group.deleted",
    /// A member came into a group.
    GroupMemberAdded = "group.member_added",
    /// A member was taken out of a group.
    GroupMemberRemoved = "group.member_removed",
    /// An app was registered.
    AppCreated = "app.created",
    /// An app's settings changed.
    AppUpdated = "app.updated",
    /// An app got a new secret; the old one died.
    AppSecretRotated = "app.secret_rotated",
    /// An app was shut off.
    AppDisabled = "app.disabled",
    /// A disabled app was let back in.
    AppEnabled = "app.enabled",
    /// A signing key was made.
    SigningKeyCreated = "signing_key.created",
    /// A member let an app have scopes.
    ConsentGranted = "consent.granted",
    /// A member refused an app.
    ConsentDenied = "consent.denied",
    /// A member took back what they had let an app have.
    ConsentWithdrawn = "consent.withdrawn",
    /// An authorization code was handed out.
    CodeIssued = "code.issued",
    /// A code or refresh token became tokens.
    TokensIssued = "tokens.issued",
    /// A family of tokens was revoked.
    GrantRevoked = "grant.revoked",
}
