//! Operating the platform. Operators are members of the platform, which is a workspace like any other: what they hold
//! there on `workspace:…` counts for every workspace, and for nothing inside one.

use crate::{Ctx, IamError, core::Core, ctx::Acting, platform::Platform, workspaces::enter::MemberTx};
use iam_domain::{account::pasted::parse_pasted, audit::Told};
use iam_store::account::user::Found;
use iam_types::{ErrorCode, Permission, Role, Slug, UserId, WorkspaceId};

impl Platform<'_> {
    /// Makes whoever owns `address` an owner of the platform. For the operator at the machine: asks nobody.
    ///
    /// # Errors
    /// [`ErrorCode::InvalidEmail`]; [`ErrorCode::InvalidInput`] for a disabled person.
    pub async fn appoint_operator(self, address: &str) -> Result<(), IamError> {
        let address = parse_pasted(address)?;
        let now = self.core.now();
        let mut tx = self.core.deps.store.in_workspace(WorkspaceId::PLATFORM).await?;
        let new = UserId::from_uuid(self.core.new_uuid());
        let person = match tx.find_or_create_user(&address, new, now).await? {
            Found::Known(id) | Found::New(id) => id,
            Found::Disabled | Found::Reserved => return Err(ErrorCode::InvalidInput.into()),
        };
        if !tx.insert_member(person, Role::Owner, now).await? {
            tx.update_role(person, Role::Owner).await?;
        }
        let told = Told::operator_appointed(person);
        self.core.commit(tx, Acting::System("command"), told).await
    }
}

impl Core {
    /// Enters the platform.
    pub(crate) async fn operate<'a>(
        &'a self,
        ctx: &'a Ctx,
        permission: Permission,
    ) -> Result<MemberTx<'a>, IamError> {
        self.enter(ctx, &Slug::platform(), permission).await
    }
}
