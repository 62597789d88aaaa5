//! "Why can't they get in?": what refuses somebody at sign-in and on the way to an app, asked in advance. The answers come
//! from the steps that decide there. Of somebody who is no member they tell what this workspace decided and was told itself:
//! whether there is an account behind an address is none of it.

use crate::{
    Ctx, IamError, access::Access, core::Core, members::joining::JoinPath, workspaces::enter::MemberTx,
};
use chrono::{DateTime, Utc};
use iam_domain::{
    account::{email::Email, pasted::parse_pasted},
    members::invitation::Standing,
    sign_in::decision::{Proof, Reason, decide},
};
use iam_types::{
    Permission, Slug, UserId,
    view::{AccessCheck, AccessCheckView, Delivery, Finding},
};

/// How many apps are named that let nobody in.
const MOST_APPS: i64 = 20;

impl Access<'_> {
    /// Why whoever signs in with `address` does not get in.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`InvalidEmail`](iam_types::ErrorCode::InvalidEmail).
    pub async fn check_address(
        self,
        ctx: &Ctx,
        slug: &Slug,
        address: &str,
    ) -> Result<AccessCheckView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::MemberRead).await?;
        let address = parse_pasted(address)?;
        let owners = scope.tx.members_with_addresses(&[address.to_string()]).await?;
        let member = match owners.first() {
            Some(id) => scope.tx.member(*id).await?,
            None => None,
        };
        let check = match &member {
            Some(member) => self.core.check_member(&mut scope, member.user_id).await?,
            None => self.core.check_stranger(&mut scope, &address).await?,
        };
        Ok(AccessCheckView {
            email: address.to_string(),
            member: member.map(|member| scope.member_card(&member)),
            check,
            may_invite: scope.may(Permission::MemberInvite),
            workspace: scope.card(),
            now: self.core.now().timestamp(),
        })
    }
}

impl Core {
    /// Why a member does not get in.
    pub(crate) async fn check_member(
        &self,
        scope: &mut MemberTx<'_>,
        person: UserId,
    ) -> Result<AccessCheck, IamError> {
        let mut findings = Vec::new();
        if scope.tx.user(person).await?.is_none() {
            findings.push(Finding::AccountDisabled);
        }
        let now = self.now();
        if let Some(last) = scope.tx.last_sign_in_for_an_app(person, now).await? {
            let proof = Proof {
                idle: last.idle,
                ..Proof::alone(person, &last.amr, last.at).by(last.model)
            };
            let decision = decide(proof, &scope.workspace.sign_in_policy().into(), now);
            findings.extend(decision.reasons().iter().map(|reason| finding(*reason, last.at)));
        }
        if findings.is_empty() {
            findings.push(Finding::LetIn);
        }
        self.with_apps(scope, findings).await
    }

    /// Why somebody does not get in who is no member.
    async fn check_stranger(
        &self,
        scope: &mut MemberTx<'_>,
        address: &Email,
    ) -> Result<AccessCheck, IamError> {
        let mut findings = Vec::new();
        findings.extend(self.check_invitation(scope, address).await?);
        let invited = matches!(findings.as_slice(), [Finding::Invited { .. }]);
        let joining = scope.tx.joining_by(address).await?;
        let path = JoinPath::of(scope.workspace.admission, joining);
        let requested = scope.tx.join_request_by(address).await?;
        match (path, requested) {
            (JoinPath::Open(_), _) => findings.push(Finding::CanJoin),
            (_, Some(since)) => findings.push(Finding::Requested(since.timestamp())),
            (JoinPath::Ask, None) => findings.push(Finding::CanAsk),
            (JoinPath::Closed, None) if invited => {}
            (JoinPath::Closed, None) => findings.push(Finding::MembersOnly),
        }
        self.with_apps(scope, findings).await
    }

    async fn check_invitation(
        &self,
        scope: &mut MemberTx<'_>,
        address: &Email,
    ) -> Result<Option<Finding>, IamError> {
        let Some(invitation) = scope.tx.invitation_for(address).await? else {
            return Ok(None);
        };
        let inviter = match scope.tx.user(invitation.invited_by).await? {
            Some(user) => scope.tx.effective_access(user.id).await?,
            None => None,
        };
        Ok(Some(match invitation.standing(inviter, self.now()) {
            Standing::Void => Finding::InvitationVoid,
            Standing::Expired => Finding::InvitationExpired,
            Standing::Open => {
                let mut mails = scope.tx.deliveries(&[invitation.id.uuid()]).await?;
                Finding::Invited {
                    sent_at: invitation.sent_at.timestamp(),
                    delivery: mails.remove(&invitation.id.uuid()).unwrap_or(Delivery::Left),
                }
            }
        }))
    }

    /// What stands in the way of everybody comes last.
    async fn with_apps(
        &self,
        scope: &mut MemberTx<'_>,
        mut findings: Vec<Finding>,
    ) -> Result<AccessCheck, IamError> {
        let apps = scope.tx.disabled_apps(MOST_APPS).await?;
        findings.extend(apps.into_iter().map(Finding::AppDisabled));
        let policy = scope.workspace.sign_in_policy();
        Ok(AccessCheck {
            findings,
            sign_in_limit: policy.max_age.map(|limit| limit.num_seconds()),
            idle_limit: policy.max_idle.map(|limit| limit.num_seconds()),
            same_network: policy.same_network,
        })
    }
}

/// What a reason means for somebody who signed in then.
fn finding(reason: Reason, at: DateTime<Utc>) -> Finding {
    let at = at.timestamp();
    match reason {
        Reason::TooOld | Reason::AnotherPerson | Reason::AnotherNetwork => Finding::SignInTooOld(at),
        Reason::Idle => Finding::SignInIdle(at),
        Reason::Method(_) => Finding::MethodRefused(at),
        Reason::Model => Finding::ModelRefused(at),
        Reason::SecondFactor | Reason::Passkey => Finding::SecondFactorMissing(at),
    }
}
