//! Server functions of addresses.

use crate::{
    AppError, paths,
    server::{
        context::{ctx, iam, keep_uncompressed, signed_in},
        outcome::tell,
        wanted,
    },
};
use iam::account::{new_address::AddressProof, restore::Restoring};
use iam_types::{
    AddressChallengeId, ErrorCode, RemovedAddressId,
    view::{AddressesView, Done},
};
use leptos::prelude::*;

/// The viewer's addresses. Who has to prove first who they are comes back here.
pub async fn load_addresses() -> Result<AddressesView, AppError> {
    let view = iam()?.account().addresses(&signed_in()?).await?;
    if !view.recent {
        wanted::remember();
    }
    Ok(view)
}

/// Sends a code to an address that the viewer adds.
#[server(prefix = "/fn", endpoint = "add_address")]
pub async fn add_address(#[server(default)] address: String) -> Result<(), AppError> {
    let id = iam()?.account().add_address(&signed_in()?, &address).await?;
    leptos_actix::redirect(&paths::address_code(id));
    Ok(())
}

/// What the page that asks for a code shows.
pub struct NewAddress {
    /// The address.
    pub address: String,
    /// Whether its mail could not be delivered.
    pub undelivered: bool,
}

/// The address that waits for its code.
pub async fn load_address_code(challenge: String) -> Result<NewAddress, AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    let id = parse_challenge(&challenge)?;
    let address = iam
        .account()
        .new_address(&ctx, AddressProof::Code(id, ""))
        .await?;
    let view = iam.account().addresses(&ctx).await?;
    if !view.recent {
        wanted::remember();
    }
    let undelivered = view
        .pending
        .iter()
        .any(|pending| pending.challenge == id && pending.undelivered);
    Ok(NewAddress { address, undelivered })
}

/// The address that a link proves, without using it up.
pub async fn load_address_link(token: String) -> Result<String, AppError> {
    let (iam, ctx) = (iam()?, signed_in()?);
    if !iam.sign_in().is_recent(&ctx).await? {
        wanted::remember();
    }
    // The page repeats the token.
    keep_uncompressed();
    Ok(iam
        .account()
        .new_address(&ctx, AddressProof::Link(&token))
        .await?)
}

/// Adds an address by the digits of its mail.
#[server(prefix = "/fn", endpoint = "verify_address")]
pub async fn verify_address(
    #[server(default)] challenge: String,
    #[server(default)] code: String,
) -> Result<(), AppError> {
    prove(AddressProof::Code(parse_challenge(&challenge)?, &code)).await
}

/// Adds an address by the link of its mail.
#[server(prefix = "/fn", endpoint = "confirm_address")]
pub async fn confirm_address(#[server(default)] token: String) -> Result<(), AppError> {
    prove(AddressProof::Link(&token)).await
}

async fn prove(proof: AddressProof<'_>) -> Result<(), AppError> {
    iam()?.account().verify_address(&signed_in()?, proof).await?;
    tell(paths::ADDRESSES, Done::AddressAdded);
    Ok(())
}

/// Makes another address the primary one.
#[server(prefix = "/fn", endpoint = "make_address_primary")]
pub async fn make_address_primary(#[server(default)] address: String) -> Result<(), AppError> {
    iam()?.account().make_primary(&signed_in()?, &address).await?;
    tell(paths::ADDRESSES, Done::AddressPrimary);
    Ok(())
}

/// Takes an address off the account.
#[server(prefix = "/fn", endpoint = "remove_address")]
pub async fn remove_address(#[server(default)] address: String) -> Result<(), AppError> {
    iam()?.account().remove_address(&signed_in()?, &address).await?;
    tell(paths::ADDRESSES, Done::AddressRemoved);
    Ok(())
}

/// The address that a mail's link puts back, without doing it.
pub async fn load_restoring(removed: String, key: String) -> Result<String, AppError> {
    // The page repeats the key.
    keep_uncompressed();
    let link = parse_restoring(&removed, &key)?;
    Ok(iam()?.account().inspect_restoring(&ctx()?, link).await?)
}

/// Puts a removed address back.
#[server(prefix = "/fn", endpoint = "restore_address")]
pub async fn restore_address(
    #[server(default)] removed: String,
    #[server(default)] key: String,
) -> Result<(), AppError> {
    let link = parse_restoring(&removed, &key)?;
    iam()?.account().restore_address(&ctx()?, link).await?;
    leptos_actix::redirect(paths::ADDRESS_RESTORED);
    Ok(())
}

/// What names no challenge names one that is over.
fn parse_challenge(text: &str) -> Result<AddressChallengeId, AppError> {
    text.parse().map_err(|_| ErrorCode::LinkInvalid.into())
}

fn parse_restoring<'a>(removed: &str, key: &'a str) -> Result<Restoring<'a>, AppError> {
    let removed: RemovedAddressId = removed.parse().map_err(|_| ErrorCode::LinkInvalid)?;
    Ok(Restoring { removed, key })
}
