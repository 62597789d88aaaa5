//! Every limit there is, in one place. `docs/limits.md` says what each one guards, and a test compares the two.

use crate::{Ctx, IamError, core::Core};
use chrono::{DateTime, TimeDelta, Utc};
use iam_domain::workspaces::workspace::Workspace;
use iam_store::cache::{Quota, Verdict};
use iam_types::UserId;
use std::{num::NonZeroU32, time::Duration};
use uuid::Uuid;

macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $burst:literal, $millis:literal, $per:literal;)*) => {
        /// A limit: so much at once, then one more each period, for each of what it counts by.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Limit {
            $($(#[$doc])* $name,)*
        }

        impl Limit {
            /// Every limit.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name in code, for the test that looks for its use.
            pub const fn variant(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// What it counts by.
            pub const fn per(self) -> &'static str {
                match self { $(Self::$name => $per),* }
            }

            /// Its figures.
            pub const fn quota(self) -> Quota {
                match self {
                    $(Self::$name => Quota {
                        name: $code,
                        burst: const { NonZeroU32::new($burst).unwrap() },
                        period: Duration::from_millis($millis),
                    }),*
                }
            }
        }
    };
}

limits! {
    /// Sign-in mails that a browser asks for which signed in to the address before.
    MailKnownBrowser = "mail-known-browser", 5, 180_000, "address and known browser";
    /// Sign-in mails that all browsers ask for which signed in to the address before; beyond it, they are as others.
    MailKnownAddress = "mail-known-address", 40, 60_000, "address";
    /// Sign-in mails that other browsers ask for.
    MailNetwork = "mail-network", 60, 10_000, "network";
    /// Sign-in mails to one address from one network.
    MailAddressNetwork = "mail-address-network", 5, 180_000, "address and network";
    /// Sign-in mails to one address from everywhere; beyond it, it is being flooded.
    MailAddress = "mail-address", 20, 180_000, "address";
    /// Sign-in mails to a flooded address from one neighbourhood.
    MailNeighbourhood = "mail-neighbourhood", 2, 1_800_000, "address and neighbourhood";
    /// Sign-in mails to a flooded address from all neighbourhoods.
    MailFlood = "mail-flood", 200, 60_000, "address";
    /// Sign-in mails that other browsers of one neighbourhood ask for.
    MailPlace = "mail-place", 600, 2_000, "neighbourhood";
    /// Sign-in mails beyond those, each of which its browser paid a toll for.
    MailToll = "mail-toll", 300, 2_000, "neighbourhood";
    /// A toll that was paid.
    TollReceipt = "toll-receipt", 1, 900_000, "receipt";
    /// Wrong codes from one neighbourhood; beyond it, one spends its challenge.
    WrongCodes = "wrong-codes", 50, 60_000, "neighbourhood";
    /// Codes and links that are tried.
    CodeTries = "code-tries", 30, 20_000, "browser, or network";
    /// Codes of an authenticator app that are tried, by whoever has proved the first factor.
    SecondFactor = "second-factor", 6, 300_000, "person";
    /// The same, for whoever goes on for months.
    SecondFactorLong = "second-factor-long", 30, 1_800_000, "person";
    /// Recovery codes that are tried.
    RecoveryCode = "recovery-code", 10, 600_000, "person";
    /// Passwords that are tried from one network.
    PasswordNetwork = "password-network", 60, 10_000, "network";
    /// Passwords that are tried from one neighbourhood.
    PasswordPlace = "password-place", 300, 4_000, "neighbourhood";
    /// Passwords that are tried for one address from one network.
    PasswordAddressNetwork = "password-address-network", 10, 60_000, "address and network";
    /// Passwords that are tried for one address from everywhere, by browsers that never signed in to it.
    PasswordAddress = "password-address", 100, 300_000, "address";
    /// Passwords that are tried for one address by a browser which signed in to it before.
    PasswordKnownBrowser = "password-known-browser", 10, 60_000, "address and known browser";
    /// Passwords that people choose, each of which is two slow hashes.
    PasswordChoice = "password-choice", 10, 60_000, "person";
    /// Recoveries that one person begins.
    RecoveryBeginner = "recovery-beginner", 10, 3_600_000, "person";
    /// Recoveries of one person that are begun in one workspace, or by operators.
    RecoveryPerson = "recovery-person", 3, 86_400_000, "person and workspace";
    /// Sign-ins by passkey that are begun, which every login page does.
    PasskeyBegin = "passkey-begin", 600, 500, "network";
    /// Sign-ins that are sent to a provider.
    ConnectionBegin = "connection-begin", 300, 1_000, "network";
    /// Requests of apps from people who are signed in.
    AuthorizePerson = "authorize-person", 20_000, 500, "person";
    /// Requests of one app from others.
    AuthorizeAppNetwork = "authorize-app-network", 200, 200, "app and network";
    /// Requests of all apps from others.
    AuthorizeNetwork = "authorize-network", 400, 100, "network";
    /// Answers, codes and tokens for one person at one app.
    TokensPersonApp = "tokens-person-app", 50_000, 1_000, "person and app";
    /// Wrong client authentication.
    ClientRefused = "client-refused", 30, 10_000, "app and network";
    /// Codes and tokens that are worth nothing.
    GrantRefused = "grant-refused", 600, 1_000, "app and network";
    /// Workspaces of somebody who is here for less than a day.
    CreateNewcomer = "create-newcomer", 3, 14_400_000, "person";
    /// Workspaces of anybody else.
    CreatePerson = "create-person", 10, 3_600_000, "person";
    /// Workspaces made from one network.
    CreateNetwork = "create-network", 20, 1_800_000, "network";
    /// Invitations of a workspace in its first day.
    InviteYoung = "invite-young", 80, 600_000, "workspace";
    /// Invitations of a workspace in its first two weeks.
    InviteGrowing = "invite-growing", 150, 180_000, "workspace";
    /// Invitations of any other workspace.
    InviteWorkspace = "invite-workspace", 200, 60_000, "workspace";
    /// Invitations by one person in all workspaces that are in their first day.
    InviteYoungPerson = "invite-young-person", 80, 600_000, "person";
    /// Invitations from one network in all workspaces that are in their first day.
    InviteYoungNetwork = "invite-young-network", 160, 300_000, "network";
    /// Invitations of one address by one workspace.
    InviteAddressWorkspace = "invite-address-workspace", 5, 1_800_000, "address and workspace";
    /// Mails with invitations to one address; beyond it, an invitation stands without a mail.
    InviteAddress = "invite-address", 20, 1_800_000, "address";
    /// Mails of one kind about one workspace to one address; beyond it, it happens without a mail.
    Notice = "notice", 5, 3_600_000, "workspace, kind and receiver";
    /// Offers of ownership.
    Offer = "offer", 5, 3_600_000, "workspace and person";
    /// Endings of a workspace, each of which tells its owners.
    EndWorkspace = "end-workspace", 3, 21_600_000, "workspace";
    /// Joining and asking to join one workspace.
    Join = "join", 5, 1_800_000, "workspace and person";
    /// Joining and asking to join any.
    JoinPerson = "join-person", 20, 600_000, "person";
    /// Looks at a domain's records.
    DomainCheck = "domain-check", 20, 30_000, "workspace";
    /// Uploads of a logo.
    Logo = "logo", 10, 60_000, "workspace";
    /// Uploads of a person's picture.
    Picture = "picture", 10, 60_000, "person";
    /// Names that people give themselves, and primary addresses.
    Naming = "account-name", 10, 60_000, "person";
    /// Mails to new addresses that a person asks for.
    AddressPerson = "address-person", 12, 300_000, "person";
    /// Mails to new addresses that one network asks for.
    AddressNetwork = "address-network", 60, 60_000, "network";
    /// Mails to one new address that one person asks for.
    AddressOnePerson = "address-one-person", 3, 600_000, "address and person";
    /// Mails to one new address that everybody asks for; beyond it, none is sent.
    AddressMail = "address-mail", 10, 1_800_000, "address";
    /// Files with all that a workspace holds.
    Export = "export", 5, 600_000, "person";
    /// Files with all that is kept of a person.
    OwnExport = "account-export", 5, 600_000, "person";
    /// Any other change that a person makes.
    ChangePerson = "change-person", 1000, 10_000, "person";
    /// Events of one kind and one source that stand in the log one by one; beyond it, they are counted.
    EventSource = "event-source", 10, 360_000, "workspace, kind and source";
    /// Events of one kind that stand in the log one by one; beyond it, they are counted.
    EventWorkspace = "event-workspace", 500, 5_000, "workspace and kind";
}

/// A workspace's or a person's first time, in which they get less.
const YOUNG: TimeDelta = TimeDelta::days(1);
/// A workspace's time after that, in which it gets more.
const GROWING: TimeDelta = TimeDelta::days(14);

/// How long something exists. Its identifier tells: UUIDv7 begins with its making (RFC 9562 5.7). Nothing for what
/// tells no time.
fn age(id: Uuid, now: DateTime<Utc>) -> Option<TimeDelta> {
    let (secs, _) = id.get_timestamp()?.to_unix();
    let made = DateTime::from_timestamp(i64::try_from(secs).ok()?, 0)?;
    Some(now - made)
}

impl Core {
    /// How long something exists, as its identifier tells; nothing for what tells no time.
    pub(crate) fn age(&self, id: Uuid) -> Option<TimeDelta> {
        age(id, self.now())
    }

    /// Takes one from a limit.
    ///
    /// # Errors
    /// [`IamError::RateLimited`].
    pub(crate) async fn limit(&self, limit: Limit, key: &str) -> Result<(), IamError> {
        match self.deps.limiter.check(limit.quota(), key).await {
            Verdict::Within => Ok(()),
            Verdict::Exceeded(retry_after) => Err(IamError::RateLimited { retry_after }),
        }
    }

    /// Takes one from a limit beyond which something happens differently.
    pub(crate) async fn within(&self, limit: Limit, key: &str) -> bool {
        self.limit(limit, key).await.is_ok()
    }

    /// Takes one new workspace of `person` from what they and their network may make.
    pub(crate) async fn limit_creation(&self, ctx: &Ctx, person: UserId) -> Result<(), IamError> {
        let newcomer = age(person.uuid(), self.now()).is_some_and(|age| age < YOUNG);
        let limit = if newcomer {
            Limit::CreateNewcomer
        } else {
            Limit::CreatePerson
        };
        self.limit(limit, &person.to_string()).await?;
        self.limit(Limit::CreateNetwork, &ctx.network()).await
    }

    /// Takes one invitation from what a workspace may send: little in its first day, whoever sends it, then more. True
    /// when a mail goes with it: strangers who have spent what the address takes stop the mail, not the invitation.
    pub(crate) async fn limit_invitation(
        &self,
        ctx: &Ctx,
        workspace: &Workspace,
        inviter: UserId,
        address: &str,
    ) -> Result<bool, IamError> {
        let age = age(workspace.id.uuid(), self.now());
        let id = workspace.id.to_string();
        let limit = if age.is_some_and(|age| age < YOUNG) {
            self.limit(Limit::InviteYoungPerson, &inviter.to_string()).await?;
            self.limit(Limit::InviteYoungNetwork, &ctx.network()).await?;
            Limit::InviteYoung
        } else if age.is_some_and(|age| age < GROWING) {
            Limit::InviteGrowing
        } else {
            Limit::InviteWorkspace
        };
        self.limit(limit, &id).await?;
        let address = self.pseudonym(address);
        self.limit(Limit::InviteAddressWorkspace, &format!("{address}/{id}"))
            .await?;
        Ok(self.within(Limit::InviteAddress, &address).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_have_names_of_their_own() {
        for (n, limit) in Limit::ALL.iter().enumerate() {
            let others = &Limit::ALL[n + 1..];
            assert!(
                others
                    .iter()
                    .all(|other| other.quota().name != limit.quota().name),
                "{limit:?}"
            );
        }
    }

    #[test]
    fn an_identifier_tells_its_age_and_one_without_a_time_none() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let made = u64::try_from((now - TimeDelta::hours(5)).timestamp_millis()).unwrap();
        let id = uuid::Builder::from_unix_timestamp_millis(made, &[7; 10]).into_uuid();
        assert_eq!(age(id, now), Some(TimeDelta::hours(5)));
        assert_eq!(age(Uuid::from_u128(1), now), None);
        // The platform was there before everything.
        let platform = age(iam_types::WorkspaceId::PLATFORM.uuid(), now);
        assert!(platform.is_none_or(|age| age > GROWING));
    }
}
