//! People, workspaces and apps to look at: what `rooiam dev` puts into a new data folder, through the use cases that
//! anybody else goes through.

use chrono::TimeDelta;
use iam::{
    Actor, Ctx, Iam, IamError,
    app::AppForm,
    domain::session::Session,
    store::people::{Found, Person},
};
use iam_types::{SessionId, UserId, WorkspaceId};

/// Who works in both demo workspaces and operates the platform.
pub const OWNER: &str = "olivia@harbour.example";

struct Place {
    name: &'static str,
    slug: &'static str,
    owner: &'static str,
    app: &'static str,
    members: &'static [(&'static str, &'static str)],
    /// Somebody who has not answered yet.
    invited: &'static str,
}

const PLACES: [Place; 2] = [
    Place {
        name: "Harbour Clinic",
        slug: "harbour-clinic",
        owner: OWNER,
        app: "Patient portal",
        members: &[
            ("adam@harbour.example", "admin"),
            ("audrey@auditors.example", "auditor"),
            ("max@harbour.example", "member"),
            ("mia@harbour.example", "member"),
        ],
        invited: "nina@harbour.example",
    },
    Place {
        name: "Meadow Books",
        slug: "meadow-books",
        owner: "oscar@meadow.example",
        app: "Web shop",
        members: &[(OWNER, "admin"), ("audrey@auditors.example", "auditor")],
        invited: "noah@meadow.example",
    },
];

/// Fills an empty database; leaves any other alone. True when it did.
///
/// # Errors
/// As the use cases.
pub async fn seed(iam: &Iam) -> Result<bool, IamError> {
    if iam.store().workspace_ids().await?.len() > 1 {
        return Ok(false);
    }
    for place in PLACES {
        let owner = facts_of(iam, place.owner).await?;
        let slug = iam.create_workspace(&owner, place.name, place.slug).await?;
        let form = AppForm {
            name: place.app,
            redirect_uris: "http://localhost:9000/callback",
            id_token_alg: "RS256",
        };
        iam.register_app(&owner, &slug, "confidential", form).await?;
        for (address, role) in place.members {
            iam.invite(&owner, &slug, address, role).await?;
            let guest = facts_of(iam, address).await?;
            for waiting in iam.my_invitations(&guest).await? {
                iam.accept_invitation(&guest, &slug, waiting.id).await?;
            }
        }
        iam.invite(&owner, &slug, place.invited, "member").await?;
    }
    iam.appoint_operator(OWNER).await?;
    Ok(true)
}

/// A person as if they had just signed in, without a session that anybody could use.
async fn facts_of(iam: &Iam, address: &str) -> Result<Ctx, IamError> {
    let now = iam.now();
    let mut tx = iam.store().in_workspace(WorkspaceId::PLATFORM).await?;
    let new = UserId::from_uuid(iam.new_uuid());
    let id = match tx.find_or_create_person(&address.parse()?, new, now).await? {
        Found::Known(id) | Found::New(id) => id,
        Found::Disabled => return Err(IamError::Fault("disabled demo person")),
    };
    tx.commit().await?;
    let session = Session {
        id: SessionId::from_uuid(iam.new_uuid()),
        user_id: id,
        amr: Vec::new(),
        user_agent: String::new(),
        client_ip: String::new(),
        created_at: now,
        authenticated_at: now,
        last_seen_at: now,
        expires_at: now + TimeDelta::minutes(1),
        confined_to: None,
    };
    let person = Person {
        id,
        display_name: String::new(),
        email: address.to_owned(),
    };
    Ok(Ctx {
        actor: Some(Actor { person, session }),
        locale: "en".to_owned(),
        ..Ctx::default()
    })
}
