//! The one list of errors a person or an API client can meet, and the status each answers with.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        /// A stable name for a failure. Pages translate it, problem+json prints it as `code`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl ErrorCode {
            /// Every code, for tests that must not forget one.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The wire name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// The HTTP status that this failure answers with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// The code with this wire name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

error_codes! {
    /// The address is no e-mail address.
    InvalidEmail = "invalid_email", 422;
    /// A name is empty or too long.
    InvalidName = "invalid_name", 422;
    /// A name holds a web address or a mail address.
    AddressInName = "address_in_name", 422;
    /// A text is empty or too long.
    InvalidText = "invalid_text", 422;
    /// A name or text holds what cannot be seen, or what turns its direction.
    InvisibleText = "invisible_text", 422;
    /// A workspace address breaks the rules.
    InvalidSlug = "invalid_slug", 422;
    /// A workspace address is kept for the platform.
    SlugReserved = "slug_reserved", 422;
    /// A workspace address is in use.
    SlugTaken = "slug_taken", 409;
    /// A redirect URI is missing or not allowed.
    InvalidRedirectUri = "invalid_redirect_uri", 422;
    /// A field holds something else than expected.
    InvalidInput = "invalid_input", 422;
    /// The sign-in link is unknown, used or expired.
    LinkInvalid = "link_invalid", 410;
    /// The sign-in link was asked for in another browser.
    LinkOtherBrowser = "link_other_browser", 403;
    /// A newer mail replaced the sign-in link.
    LinkReplaced = "link_replaced", 410;
    /// A newer mail replaced the code.
    CodeReplaced = "code_replaced", 422;
    /// The code is not the one in the mail.
    CodeWrong = "code_wrong", 422;
    /// Too many wrong codes; the link is spent.
    CodeSpent = "code_spent", 410;
    /// A passkey's answer is not what it was asked for, or the passkey is unknown.
    PasskeyRefused = "passkey_refused", 422;
    /// A passkey's answer came too late, or a second time.
    PasskeyExpired = "passkey_expired", 410;
    /// The device holds a passkey for this account already.
    PasskeyKnown = "passkey_known", 409;
    /// A sign-in that waited for a second factor is over.
    SignInExpired = "sign_in_expired", 410;
    /// The second factor is wrong, or was used already.
    SecondFactorWrong = "second_factor_wrong", 422;
    /// Address and password do not go together, whatever is wrong with them.
    PasswordWrong = "password_wrong", 422;
    /// The password is right, but signs nobody in any more.
    PasswordSpent = "password_spent", 403;
    /// A new password is too short.
    PasswordShort = "password_short", 422;
    /// A new password is longer than can be taken.
    PasswordLong = "password_long", 422;
    /// A new password is easy to guess.
    PasswordWeak = "password_weak", 422;
    /// A new password is easy to guess for whoever knows the person.
    PasswordPersonal = "password_personal", 422;
    /// A new password is known to those who guess.
    PasswordBreached = "password_breached", 422;
    /// The person is being recovered already.
    RecoveryUnderWay = "recovery_under_way", 409;
    /// Only operators recover this person.
    RecoveryElsewhere = "recovery_elsewhere", 403;
    /// A recovery does not count: not yet, not any more, or not for this sign-in.
    RecoveryOver = "recovery_over", 410;
    /// A workspace asks for two factors, and this is the only second one.
    LastFactor = "last_factor", 409;
    /// The address is one of the person's own already.
    AddressKnown = "address_known", 409;
    /// Somebody else has proved the address.
    AddressTaken = "address_taken", 409;
    /// The address was removed from an account a short while ago, which may put it back.
    AddressReserved = "address_reserved", 409;
    /// The primary address stays.
    AddressPrimary = "address_primary", 409;
    /// A provider's address is none that can be asked.
    InvalidIssuer = "invalid_issuer", 422;
    /// A sign-in at a provider is unknown, too late, used, or began in another browser.
    ConnectionExpired = "connection_expired", 410;
    /// The provider, or the person there, said no.
    ConnectionDenied = "connection_denied", 403;
    /// The provider does not answer, or not in a way that can be believed.
    ConnectionFailed = "connection_failed", 422;
    /// The provider did not say at which address the person is.
    ConnectionNoAddress = "connection_no_address", 422;
    /// Nobody who may come in by this provider is known by that address.
    ConnectionNoAccount = "connection_no_account", 403;
    /// People at the domain of the address sign in through a provider.
    SignInByConnection = "sign_in_by_connection", 409;
    /// Who they are at the provider is linked already: with another account, or the account with somebody else there.
    IdentityTaken = "identity_taken", 409;
    /// Too many requests.
    RateLimited = "rate_limited", 429;
    /// Nobody is signed in.
    SignInRequired = "sign_in_required", 401;
    /// Signed in, but too long ago for this workspace.
    SignInAgain = "sign_in_again", 401;
    /// Signed in, but what is asked for takes a second step.
    SecondFactorRequired = "second_factor_required", 401;
    /// What was asked of each sign-in would shut out whoever asked for it.
    WouldLockOut = "would_lock_out", 409;
    /// Signed in, but the role does not allow it.
    Forbidden = "forbidden", 403;
    /// It does not exist, or the viewer may not know that it does.
    NotFound = "not_found", 404;
    /// Another one has this name.
    NameTaken = "name_taken", 409;
    /// What an app calls a role breaks the rules.
    InvalidAppRole = "invalid_app_role", 422;
    /// No member has this address.
    NoSuchMember = "no_such_member", 422;
    /// Somebody with this address is a member already.
    AlreadyMember = "already_member", 409;
    /// A domain name is malformed.
    InvalidDomain = "invalid_domain", 422;
    /// No such model of authenticators, or none that can be believed.
    UnknownModel = "unknown_model", 422;
    /// Another workspace has proved the domain, or it is the platform's.
    DomainTaken = "domain_taken", 409;
    /// The domain's proof was not seen yet.
    DomainUnproved = "domain_unproved", 409;
    /// A colour is no `#rrggbb`.
    InvalidColour = "invalid_colour", 422;
    /// A link is no https address.
    InvalidLink = "invalid_link", 422;
    /// A file is no picture that can be read.
    InvalidImage = "invalid_image", 422;
    /// A file is larger than it may be.
    TooLarge = "too_large", 413;
    /// The workspace is at a ceiling of the platform.
    CeilingReached = "ceiling_reached", 409;
    /// There are as many of these as there can be.
    TooMany = "too_many", 409;
    /// The workspace has a server of this kind, whose answers could be taken for another's.
    ServerConnected = "server_connected", 409;
    /// A form takes no more lines.
    TooManyAtOnce = "too_many_at_once", 422;
    /// Somebody else changed it since the page was loaded.
    ChangedMeanwhile = "changed_meanwhile", 409;
    /// The operator has suspended the workspace.
    WorkspaceSuspended = "workspace_suspended", 403;
    /// The workspace's owner is deleting it.
    WorkspaceEnding = "workspace_ending", 403;
    /// What was typed to confirm is not what was asked for.
    ConfirmationWrong = "confirmation_wrong", 422;
    /// Only operators create workspaces here.
    CreationClosed = "creation_closed", 403;
    /// The person is no member of the workspace.
    NotMember = "not_member", 403;
    /// The last owner of a workspace would be gone.
    LastOwner = "last_owner", 409;
    /// The invitation is unknown, for somebody else, used, withdrawn or expired.
    InvitationInvalid = "invitation_invalid", 410;
    /// The authorization request is unknown, decided or expired.
    AuthorizationExpired = "authorization_expired", 410;
    /// The app is unknown to the workspace or switched off.
    UnknownApp = "unknown_app", 400;
    /// The redirect URI is not registered for the app.
    UnregisteredRedirectUri = "unregistered_redirect_uri", 400;
    /// A form was sent from another site.
    CrossSite = "cross_site", 403;
    /// The request itself is malformed.
    BadRequest = "bad_request", 400;
    /// The address does not take this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The body did not come in time.
    TooSlow = "too_slow", 408;
    /// The body is of another type than expected.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// The host is not one of this server's.
    Misdirected = "misdirected", 421;
    /// Too many others are being served.
    Busy = "busy", 503;
    /// A part that is needed does not answer.
    Unavailable = "unavailable", 503;
    /// A fault of ours.
    Internal = "internal", 500;
}

impl ErrorCode {
    /// Whether a field that can fail with `other` can fail with this too.
    pub fn goes_with(self, other: Self) -> bool {
        self == other
            || match self {
                Self::InvisibleText => matches!(other, Self::InvalidName | Self::InvalidText),
                Self::AddressInName => other == Self::InvalidName,
                _ => false,
            }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_printing_and_parsing() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::parse(code.as_str()), Some(*code));
            assert!((400..600).contains(&code.status()));
        }
    }
}
