//! What an app would get if the viewer signed in to it now. The answer comes from the code that decides and the code that
//! writes tokens; nothing is stored, and nobody gets a code, a token or a session.

use super::{claims::TokenSubject, outlook::Outlook, userinfo::user_claims};
use crate::{
    Ctx, IamError, apps::app::card, core::Core, ctx::Denials, provider::Provider, workspaces::enter::MemberTx,
};
use iam_domain::{
    apps::app::App,
    provider::{
        authorization::{Authorization, LIFETIME},
        scope::{Scope, Scopes},
    },
    sign_in::assurance::Assurance,
};
use iam_protocol::oidc::claims::UserInfo;
use iam_types::{
    AppId, AuthorizationId, ErrorCode, Permission, Slug,
    view::{SignInOutcome, TestClaims, TestSignInView},
};
use serde::Serialize;

impl Provider<'_> {
    /// Tries a sign-in of the viewer in thought, with every scope there is.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::NotFound`] for an app of another workspace.
    pub async fn test_sign_in(self, ctx: &Ctx, slug: &Slug, id: AppId) -> Result<TestSignInView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::AppRead).await?;
        let app = scope.app(id).await?;
        let request = self.core.imagined_request(&app);
        let outcome = self.core.outcome(&mut scope, ctx, slug, &request, &app).await?;
        let claims = if outcome.gives_tokens() {
            Some(
                self.core
                    .imagined_claims(&mut scope, ctx, slug, &request, &app)
                    .await?,
            )
        } else {
            None
        };
        Ok(TestSignInView {
            workspace: scope.card(),
            app: card(&app),
            email: scope.actor.user.email.clone(),
            scopes: request.scopes.names(),
            outcome,
            claims,
            now: self.core.now().timestamp(),
        })
    }
}

impl Core {
    /// A request that the app could make. It is never stored.
    fn imagined_request(&self, app: &App) -> Authorization {
        Authorization {
            id: AuthorizationId::from_uuid(self.new_uuid()),
            app_id: app.id,
            redirect_uri: app
                .redirect_uris
                .first()
                .map(ToString::to_string)
                .unwrap_or_default(),
            scopes: Scopes::parse(&Scope::ALL.map(Scope::as_str).join(" ")),
            state: None,
            nonce: None,
            code_challenge: String::new(),
            login_hint: None,
            hinted: None,
            assurance: Assurance::One,
            fresh_after: None,
            ask_consent: false,
            choose_account: false,
            expires_at: self.now() + LIFETIME,
            answer: None,
        }
    }

    /// What the provider would decide.
    async fn outcome(
        &self,
        scope: &mut MemberTx<'_>,
        ctx: &Ctx,
        slug: &Slug,
        request: &Authorization,
        app: &App,
    ) -> Result<SignInOutcome, IamError> {
        // A question, not a try.
        let asking = Ctx {
            denials: Denials::default(),
            ..ctx.clone()
        };
        let person = Some(scope.actor.user.id);
        let Some(visit) = scope.tx.visit(app.id, person, &ctx.here()).await? else {
            return Ok(SignInOutcome::Disabled);
        };
        let Some(actor) = self.accepted(&asking, slug, request, &visit) else {
            return Ok(SignInOutcome::SignInAgain);
        };
        match self.outlook(&mut scope.tx, &asking, actor, request, &visit).await {
            Ok(Outlook::Code) => Ok(SignInOutcome::Allowed),
            Ok(Outlook::Consent { joins: true }) => Ok(SignInOutcome::Joins),
            Ok(Outlook::Consent { joins: false }) => Ok(SignInOutcome::Consent),
            Ok(Outlook::Ask) => Ok(SignInOutcome::Ask),
            Err(IamError::Refused(ErrorCode::NotMember)) => Ok(SignInOutcome::NotMember),
            Err(error) => Err(error),
        }
    }

    /// What tokens and userinfo would say.
    async fn imagined_claims(
        &self,
        scope: &mut MemberTx<'_>,
        ctx: &Ctx,
        slug: &Slug,
        request: &Authorization,
        app: &App,
    ) -> Result<TestClaims, IamError> {
        let (user, session) = (scope.actor.user.clone(), &scope.actor.session);
        let sub = user.id;
        let roles = if request.scopes.contains(Scope::Roles) {
            Some(scope.tx.app_roles_of(sub, app.id).await?)
        } else {
            None
        };
        let person = user_claims(user, roles, &request.scopes, self.origin());
        let about = TokenSubject {
            iss: self.issuer_for(ctx, slug),
            app,
            user: sub,
            scopes: &request.scopes,
            auth_time: session.authenticated_at,
            amr: &session.amr,
            person: person.clone(),
            now: self.now(),
        };
        let userinfo = UserInfo {
            sub: sub.to_string(),
            person,
        };
        Ok(TestClaims {
            id_token: as_json(&about.id_token(None, None))?,
            userinfo: as_json(&userinfo)?,
        })
    }
}

fn as_json(claims: &impl Serialize) -> Result<String, IamError> {
    serde_json::to_string_pretty(claims).map_err(|_| IamError::Fault("claims"))
}
