//! What a person looks like to those who see them.

use crate::{
    Ctx, IamError,
    account::Account,
    core::{image::Frame, limits::Limit},
    ctx::Acting,
};
use iam_domain::audit::Told;
use iam_types::{ErrorCode, PictureId, WorkspaceId};

impl Account<'_> {
    /// Whether a picture may come, asked before it does.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::RateLimited`].
    pub async fn admit_picture(self, ctx: &Ctx) -> Result<(), IamError> {
        let person = ctx.actor()?.user.id;
        self.core.limit(Limit::Picture, &person.to_string()).await
    }

    /// Takes a picture (PNG, JPEG or WebP), draws it anew as a small square PNG and shows that beside the person's name; none
    /// takes it away.
    ///
    /// # Errors
    /// [`ErrorCode::SignInRequired`], [`ErrorCode::InvalidImage`], [`ErrorCode::TooLarge`].
    pub async fn set_picture(self, ctx: &Ctx, upload: Option<Vec<u8>>) -> Result<(), IamError> {
        let person = &ctx.actor()?.user;
        if upload.is_none() && person.picture.is_none() {
            return Ok(());
        }
        let png = match upload {
            Some(bytes) => Some(self.core.redraw(bytes, Frame::Face).await?),
            None => None,
        };
        let picture = png
            .as_deref()
            .map(|png| (PictureId::from_uuid(self.core.new_uuid()), png));
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        tx.set_picture(person.id, picture, self.core.now()).await?;
        let told = Told::user_pictured(person.id, picture.map(|(id, _)| id));
        self.core.commit(tx, Acting::User(person.id, ctx), told).await
    }

    /// A picture's PNG, for everybody who has its address.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`].
    pub async fn picture(self, id: PictureId) -> Result<Vec<u8>, IamError> {
        Ok(self
            .core
            .deps
            .store
            .picture(id)
            .await?
            .ok_or(ErrorCode::NotFound)?)
    }
}
