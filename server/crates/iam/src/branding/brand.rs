//! How a workspace looks to those who sign in: name, logo, colour, a text and where to get help.

use crate::{
    Ctx, IamError,
    branding::Branding,
    core::{Core, image::Frame, limits::Limit},
    port::MailBrand,
};
use iam_domain::{
    audit::Told,
    branding::brand::{Colour, parse_support, style_sheet},
    core::visible::TextLines,
};
use iam_store::{WorkspaceTx, branding::brand::BrandSettings};
use iam_types::{
    ErrorCode, LogoId, Permission, Slug, paths,
    view::{Brand, BrandingView},
};

/// What the form of a workspace's look sends.
#[derive(Debug, Clone, Copy)]
pub struct BrandForm<'a> {
    /// `#rrggbb`, or empty for ours.
    pub accent: &'a str,
    /// What it says to those who sign in.
    pub login_text: &'a str,
    /// Where they get help.
    pub support: &'a str,
}

impl Branding<'_> {
    /// How the workspace looks, for the page that changes it.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter).
    pub async fn settings(self, ctx: &Ctx, slug: &Slug) -> Result<BrandingView, IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::WorkspaceRead).await?;
        let look = scope.tx.brand_settings().await?;
        Ok(BrandingView {
            accent: look.accent.map(|colour| colour.to_string()).unwrap_or_default(),
            brand: brand(look, slug),
            may_update: scope.may(Permission::BrandUpdate),
            workspace: scope.card(),
        })
    }

    /// Whose look a page wears that is about no more than a sign-in, or that failed: of the workspace `slug` or, without
    /// one, of the workspace that the link `token` or this browser's last sign-in mail is for. At a workspace's own host
    /// it is always the workspace's.
    ///
    /// # Errors
    /// As [`id`](crate::workspaces::Workspaces::id).
    pub async fn brand_for(
        self,
        ctx: &Ctx,
        slug: Option<&Slug>,
        token: &str,
    ) -> Result<Option<Brand>, IamError> {
        let id = match (&ctx.custom_domain, slug) {
            (Some(own), _) => Some(own.id),
            (None, Some(slug)) => Some(self.core.workspace_id(slug).await?),
            (None, None) => self.core.sign_in_place(ctx, token).await?,
        };
        let Some(id) = id else {
            return Ok(None);
        };
        let mut tx = self.core.deps.store.in_workspace(id).await?;
        let slug = tx.workspace().await?.slug;
        Ok(Some(brand(tx.brand_settings().await?, &slug)))
    }

    /// How a workspace looks, which everybody may see.
    ///
    /// # Errors
    /// As [`id`](crate::workspaces::Workspaces::id).
    pub async fn brand(self, slug: &Slug) -> Result<Brand, IamError> {
        let mut tx = self.core.in_workspace_behind(slug).await?;
        Ok(brand(tx.brand_settings().await?, slug))
    }

    /// Changes how the workspace looks, but for the logo; its name is a setting.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidColour`], [`ErrorCode::InvalidText`],
    /// [`ErrorCode::InvisibleText`], [`ErrorCode::InvalidLink`].
    pub async fn update(self, ctx: &Ctx, slug: &Slug, form: BrandForm<'_>) -> Result<(), IamError> {
        let mut scope = self.core.enter(ctx, slug, Permission::BrandUpdate).await?;
        let accent: Option<Colour> = match form.accent.trim() {
            "" => None,
            text => Some(text.parse()?),
        };
        let (login_text, support): (TextLines, _) = (form.login_text.parse()?, parse_support(form.support)?);
        scope.tx.set_brand_settings(accent, &login_text, &support).await?;
        let told = Told::brand_updated(scope.workspace.id, accent, &login_text, &support);
        scope.commit(told).await
    }

    /// Whether a picture may come, asked before it does.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::RateLimited`].
    pub async fn admit_logo(self, ctx: &Ctx, slug: &Slug) -> Result<(), IamError> {
        let id = self
            .core
            .enter(ctx, slug, Permission::BrandUpdate)
            .await?
            .workspace
            .id;
        self.core.limit(Limit::Logo, &id.to_string()).await
    }

    /// Takes a picture (PNG, JPEG, WebP or SVG), draws it anew as a small PNG and makes that the workspace's logo;
    /// none takes the logo away.
    ///
    /// # Errors
    /// As [`enter`](crate::workspaces::enter); [`ErrorCode::InvalidImage`], [`ErrorCode::TooLarge`].
    pub async fn set_logo(self, ctx: &Ctx, slug: &Slug, upload: Option<Vec<u8>>) -> Result<(), IamError> {
        let png = match upload {
            Some(bytes) => {
                // Asked before the work, and with no transaction open during it.
                self.core.enter(ctx, slug, Permission::BrandUpdate).await?;
                Some(self.core.redraw(bytes, Frame::Logo).await?)
            }
            None => None,
        };
        let mut scope = self.core.enter(ctx, slug, Permission::BrandUpdate).await?;
        scope.lock_and_recheck(Permission::BrandUpdate).await?;
        let logo = png
            .as_deref()
            .map(|png| (LogoId::from_uuid(self.core.new_uuid()), png));
        scope.tx.set_logo(logo, self.core.now()).await?;
        let told = Told::logo_changed(scope.workspace.id, logo.map(|(id, _)| id));
        scope.commit(told).await
    }

    /// A logo's PNG.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`]; as [`id`](crate::workspaces::Workspaces::id).
    pub async fn logo(self, slug: &Slug, id: LogoId) -> Result<Vec<u8>, IamError> {
        let mut tx = self.core.in_workspace_behind(slug).await?;
        Ok(tx.logo(id).await?.ok_or(ErrorCode::NotFound)?)
    }

    /// The style sheet of a colour that is written as `rrggbb`. It depends on nothing else, so it can be kept for ever.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`].
    pub fn style_sheet(self, digits: &str) -> Result<String, IamError> {
        let colour = format!("#{digits}").parse().map_err(|_| ErrorCode::NotFound)?;
        Ok(style_sheet(colour))
    }
}

impl Core {
    /// How a mail of this workspace looks.
    pub(crate) async fn mail_brand(&self, tx: &mut WorkspaceTx) -> Result<MailBrand, IamError> {
        let look = tx.brand_settings().await?;
        let slug = tx.workspace().await?.slug;
        Ok(MailBrand {
            colours: look
                .accent
                .map(|colour| [colour.to_string(), colour.ink().to_string()]),
            logo: look
                .logo
                .map(|id| format!("{}{}", self.origin(), paths::logo(&slug, id))),
            support: look.support,
        })
    }
}

/// How a workspace looks, for its pages.
pub(crate) fn brand(look: BrandSettings, slug: &Slug) -> Brand {
    Brand {
        logo: look.logo.map(|id| paths::logo(slug, id)),
        style: look
            .accent
            .map(|colour| paths::brand_style(colour.to_string().trim_start_matches('#'))),
        login_text: look.login_text,
        support: look.support,
        name: look.name,
    }
}
