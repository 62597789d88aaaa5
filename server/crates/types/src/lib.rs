//! Words that the server and the browser share: identifiers, error codes, permissions and view models.
//!
//! Compiles to WebAssembly; does no IO and knows no clock. Rules about these words live in `iam-domain`.

pub mod digit;
pub mod error_code;
pub mod id;
pub mod paths;
pub mod permission;
pub mod sign_in_method;
pub mod slug;
pub mod view;

pub use error_code::ErrorCode;
pub use id::{
    AddressChallengeId, AppId, AuthorizationId, ConnectionAttemptId, ConnectionId, EmailChallengeId, EventId,
    GrantId, GroupId, InvitationId, KeyId, LogoId, MailId, PasskeyChallengeId, PasskeyId, PendingSignInId,
    PictureId, RecoveryId, RemovedAddressId, RoleId, SecretId, SessionId, TrustedBrowserId, UserId, WindowId,
    WorkspaceId,
};
pub use permission::{Permission, Permissions, Role};
pub use sign_in_method::{SignInMethod, SignInMethods};
pub use slug::Slug;
