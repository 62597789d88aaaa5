//! Whether the sign-in of whoever is here is enough for an app.

use super::outlook::is_silent;
use crate::{Actor, Ctx, IamError, core::Core};
use iam_domain::{
    provider::authorization::Authorization,
    sign_in::{assurance::Assurance, decision::Decision},
};
use iam_protocol::oauth::error::{OAuthError, OAuthErrorCode};
use iam_store::provider::visit::Visit;
use iam_types::{ErrorCode, Slug, WorkspaceId};

impl Core {
    /// Who is signed in, and whether that counts, both for the app and for the workspace.
    pub(super) fn decision<'a>(
        &self,
        ctx: &'a Ctx,
        slug: &Slug,
        request: &Authorization,
        visit: &Visit,
    ) -> Option<(&'a Actor, Decision)> {
        let actor = ctx.actor_in(slug).ok()?;
        let wanted = request.wanted(visit.policy);
        Some((actor, self.sign_in_decision(actor, &wanted)))
    }

    /// Whose sign-in counts, both for the app and for the workspace.
    pub(super) fn accepted<'a>(
        &self,
        ctx: &'a Ctx,
        slug: &Slug,
        request: &Authorization,
        visit: &Visit,
    ) -> Option<&'a Actor> {
        let (actor, decision) = self.decision(ctx, slug, request, visit)?;
        decision.allows().then_some(actor)
    }

    /// Why `prompt=none` cannot be answered with a code (OpenID Connect Core 3.1.2.6).
    pub(super) async fn prompt_none_error(
        &self,
        workspace: WorkspaceId,
        ctx: &Ctx,
        slug: &Slug,
        request: &Authorization,
    ) -> Result<Option<OAuthError>, IamError> {
        let mut tx = self.deps.store.in_workspace(workspace).await?;
        let asks = ctx.actor_in(slug).ok().map(|actor| actor.user.id);
        let visit = tx.visit(request.app_id, asks, &ctx.here()).await?;
        let visit = visit.ok_or(ErrorCode::UnknownApp)?;
        let error = |code, description| Ok(Some(OAuthError::new(code, description)));
        match self.decision(ctx, slug, request, &visit) {
            Some((_, Decision::Allow)) => {}
            Some((actor, decision)) if decision.takes_a_factor() => {
                // Apps that renew in silence know what to do about the one; the other is for those that ask for more by themselves.
                let by_the_app = Assurance::of(&actor.session.amr) < request.assurance;
                let (code, description) = if by_the_app {
                    (
                        OAuthErrorCode::UnmetAuthenticationRequirements,
                        "the person has not proved as much as acr_values asks for",
                    )
                } else {
                    (
                        OAuthErrorCode::InteractionRequired,
                        "the workspace asks for a second factor",
                    )
                };
                return error(code, description);
            }
            _ => {
                return error(
                    OAuthErrorCode::LoginRequired,
                    "the person is not signed in recently enough",
                );
            }
        }
        if visit.role.is_none() {
            return error(
                OAuthErrorCode::InteractionRequired,
                "the person is not a member yet",
            );
        }
        if is_silent(request, &visit) {
            Ok(None)
        } else {
            error(OAuthErrorCode::ConsentRequired, "the person has not consented")
        }
    }
}
