//! Somebody whom a provider vouches for, who is signed in.

use crate::{
    Ctx, IamError,
    connections::{callback::Outcome, newcomer::Newcomer},
    core::{Core, upstream::Heard},
    sign_in::arrival::Proved,
};
use iam_domain::{
    account::email::Email, audit::ConnectionRefusal, connections::attempt::Attempt, sign_in::session::Through,
};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::{ConnectionId, ErrorCode, Slug, UserId};

/// How somebody proved who they are whom a provider vouches for.
const METHODS: [&str; 1] = ["fed"];

/// Somebody whom a provider vouches for.
pub(super) struct Vouched<'a> {
    pub slug: &'a Slug,
    pub attempt: &'a Attempt,
    pub connection: ConnectionId,
    pub who: (UserId, &'a Email),
}

impl Core {
    /// Signs in whom a provider vouches for: whoever is known by it, else as [`newcomer`](Self::newcomer) has it.
    pub(super) async fn sign_in_as(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        attempt: Attempt,
        heard: Heard,
    ) -> Result<Outcome, IamError> {
        let mut tx = self.in_workspace_behind(slug).await?;
        let regroups = self
            .hold_for_groups(&mut tx, attempt.connection_id, &heard)
            .await?;
        let Heard { said, groups, .. } = heard;
        let Some(connection) = tx.hold_connection(attempt.connection_id).await? else {
            return Err(ErrorCode::ConnectionExpired.into());
        };
        if !connection.welcomes(&said.subject) {
            let refusal = ConnectionRefusal::OtherTenant;
            return self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await;
        }
        let known = tx
            .identity(connection.id, &connection.issuer, &said.subject)
            .await?;
        if let Some(person) = known {
            tx.use_identity(connection.id, &said.subject, self.now()).await?;
            return match tx.hold_user(person).await? {
                Some(person) => {
                    let address = person.address()?;
                    let vouched = Vouched {
                        slug,
                        attempt: &attempt,
                        connection: connection.id,
                        who: (person.id, &address),
                    };
                    let made = match groups.filter(|_| regroups) {
                        Some(says) => {
                            self.regroup(&mut tx, ctx, &connection, (person.id, &says))
                                .await?
                        }
                        None => Vec::new(),
                    };
                    self.let_in_vouched(tx, ctx, vouched, (made, None)).await
                }
                None => {
                    let refusal = ConnectionRefusal::Disabled;
                    self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await
                }
            };
        }
        match self.newcomer(&mut tx, &connection, &said).await? {
            Newcomer::LetIn(address) => {
                self.let_newcomer_in(tx, ctx, (slug, &attempt, &connection), (&said, &address))
                    .await
            }
            Newcomer::Prove(address) => {
                drop(tx);
                self.ask_for_proof(ctx, slug, &attempt, &connection, (&said, &address))
                    .await
            }
            Newcomer::Refuse(refusal) => self.refuse_attempt(tx, ctx, &attempt, &connection, refusal).await,
        }
    }

    pub(super) async fn let_in_vouched(
        &self,
        tx: WorkspaceTx,
        ctx: &Ctx,
        vouched: Vouched<'_>,
        (made, created): (Vec<Event>, Option<Event>),
    ) -> Result<Outcome, IamError> {
        let (through, return_to) = (tx.workspace_id(), vouched.attempt.return_to);
        let proved = Proved {
            user_id: vouched.who.0,
            address: vouched.who.1,
            methods: METHODS.map(str::to_owned).to_vec(),
            return_to,
            is_new: created.is_some(),
            steps_up: false,
            step: vouched.attempt.id.uuid(),
            through: Some(Through {
                workspace_id: through,
                slug: vouched.slug.clone(),
                connection_id: vouched.connection,
            }),
            trusted: None,
            model: None,
            made,
        };
        let tx = tx.switch_workspace(return_to.place()).await?;
        let step = self.let_in(tx, ctx, proved, created).await?;
        Ok(Outcome::Proved(Box::new(step)))
    }
}
