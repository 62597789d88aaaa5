//! Words that the server and the browser share: identifiers, error codes, permissions and view models.
//!
//! Compiles to WebAssembly; does no IO and knows no clock. Rules about these words live in `iam-domain`.

pub mod error_code;
pub mod id;
pub mod paths;
pub mod permission;
pub mod slug;
pub mod view;

pub use error_code::ErrorCode;
pub use id::{
    AppId, AuthorizationId, ConnectionAttemptId, ConnectionId, EmailChallengeId, EventId, GrantId, GroupId,
    InvitationId, KeyId, LogoId, MailId, PasskeyChallengeId, PasskeyId, RoleId, SecretId, SessionId, UserId,
    WindowId, WorkspaceId,
};
pub use permission::{Permission, Permissions, Role};
pub use slug::Slug;
