//! People, workspaces and apps to look at: what `rooiam dev` puts into a new data folder, through the use cases that
//! anybody else goes through.

use chrono::TimeDelta;
use iam::{
    Actor, Ctx, Iam, IamError,
    access::role::Wanted,
    apps::app::AppForm,
    branding::brand::BrandForm,
    connections::ConnectionForm,
    domain::{account::preferences::Preferences, apps::app::SigningAlg, sign_in::session::Session},
    store::{
        account::user::{Found, User},
        audit::event::Unlogged,
    },
};
use iam_types::{AppId, Permission, Permissions, SessionId, Slug, UserId, WorkspaceId};
use std::collections::{BTreeMap, BTreeSet};

/// Who works in both demo workspaces and operates the platform.
pub const OWNER: &str = "olivia@harbour.example";

/// Who looks into workspaces that let support in.
const SUPPORT: &str = "sven@operator.example";

struct Place {
    name: &'static str,
    slug: &'static str,
    owner: &'static str,
    app: &'static str,
    members: &'static [(&'static str, &'static str)],
    /// Somebody who has not answered yet.
    invited: &'static str,
    /// Somebody who asks to join.
    asks: &'static str,
    /// A role of its own, with what it holds and the group that carries it.
    role: (&'static str, &'static [Permission], &'static str),
    /// Who is in that group.
    grouped: &'static str,
    /// What its app calls a role.
    app_role: &'static str,
    /// Its colour, login text and help.
    look: BrandForm<'static>,
    /// Its logo.
    logo: &'static str,
    /// A domain that it claims.
    domain: &'static str,
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
        asks: "lena@locum.example",
        role: (
            "Helpdesk",
            &[Permission::MemberRead, Permission::MemberInvite],
            "Front desk",
        ),
        grouped: "max@harbour.example",
        app_role: "doctor",
        look: BrandForm {
            accent: "#0b7a75",
            login_text: "For staff of the clinic. Patients: use the link in your letter.",
            support: "help@harbour.example",
        },
        logo: include_str!("harbour.svg"),
        domain: "harbour.example",
    },
    Place {
        name: "Meadow Books",
        slug: "meadow-books",
        owner: "oscar@meadow.example",
        app: "Web shop",
        members: &[(OWNER, "admin"), ("audrey@auditors.example", "auditor")],
        invited: "noah@meadow.example",
        asks: "mara@reader.example",
        role: (
            "App developer",
            &[Permission::AppRead, Permission::AppUpdate],
            "Web team",
        ),
        grouped: OWNER,
        app_role: "editor",
        look: BrandForm {
            accent: "#e6a700",
            login_text: "Welcome to Meadow Books.",
            support: "",
        },
        logo: include_str!("meadow.svg"),
        domain: "meadow.example",
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
        let slug = iam.workspaces().create(&owner, place.name, place.slug).await?;
        let form = AppForm {
            name: place.app,
            redirect_uris: "http://localhost:9000/callback",
            id_token_alg: SigningAlg::RECOMMENDED.as_str(),
        };
        let (app, _) = iam.apps().register(&owner, &slug, "confidential", form).await?;
        for (address, role) in place.members {
            join(iam, &owner, &slug, address, role).await?;
        }
        iam.members()
            .invite(&owner, &slug, place.invited, "member")
            .await?;
        furnish(iam, &owner, &slug, &place, app).await?;
        connect(iam, &owner, &slug, place.domain).await?;
    }
    iam.platform().appoint_operator(OWNER).await?;
    let operator = facts_of(iam, OWNER).await?;
    let platform = Slug::platform();
    join(iam, &operator, &platform, SUPPORT, "member").await?;
    let roles = iam.access().roles(&operator, &platform).await?.roles;
    let support = facts_of(iam, SUPPORT).await?.actor()?.user.id;
    let roles = roles.into_iter().map(|role| role.id).collect();
    iam.access()
        .set_member_roles(&operator, &platform, support, &roles)
        .await?;
    Ok(true)
}

/// Invites somebody and lets them accept.
async fn join(iam: &Iam, inviter: &Ctx, slug: &Slug, address: &str, role: &str) -> Result<(), IamError> {
    iam.members().invite(inviter, slug, address, role).await?;
    let guest = facts_of(iam, address).await?;
    for waiting in iam.members().my_invitations(&guest).await? {
        iam.members().accept_invitation(&guest, slug, waiting.id).await?;
    }
    Ok(())
}

/// Roles, a group, a look, a claimed domain and somebody who asks to join.
async fn furnish(iam: &Iam, owner: &Ctx, slug: &Slug, place: &Place, app: AppId) -> Result<(), IamError> {
    let (name, permissions, group) = place.role;
    let role = iam.access().create_role(owner, slug, name).await?;
    let wanted = Wanted {
        version: 1,
        permissions: Permissions::of(permissions),
    };
    iam.access()
        .save_roles(owner, slug, &BTreeMap::from([(role, wanted)]))
        .await?;
    let app_role = iam
        .access()
        .create_app_role(owner, slug, app, place.app_role)
        .await?;
    let group = iam.access().create_group(owner, slug, group).await?;
    iam.access()
        .set_group_roles(owner, slug, group, &BTreeSet::from([role, app_role]))
        .await?;
    iam.access()
        .add_to_group(owner, slug, group, place.grouped)
        .await?;
    iam.branding().update(owner, slug, place.look).await?;
    iam.branding()
        .set_logo(owner, slug, Some(place.logo.into()))
        .await?;
    iam.domains().claim(owner, slug, place.domain).await?;
    iam.workspaces()
        .update(owner, slug, place.name, "requests")
        .await?;
    iam.members()
        .join_or_request(&facts_of(iam, place.asks).await?, slug)
        .await?;
    Ok(())
}

/// Connects a provider. There is none, so nobody is sent to it.
async fn connect(iam: &Iam, owner: &Ctx, slug: &Slug, domain: &str) -> Result<(), IamError> {
    let form = ConnectionForm {
        name: "Staff directory",
        client_id: "rooiam",
        team_id: "",
        key_id: "",
        client_secret: "none",
        scopes: "",
        provisioning: "joining",
        trusts_addresses: false,
        tenants: "",
        domains: "",
        everywhere: false,
    };
    let issuer = format!("https://id.{domain}");
    let connections = iam.connections();
    let id = connections.create(owner, slug, ("oidc", &issuer), form).await?;
    connections.set_enabled(owner, slug, id, false).await
}

/// A person as if they had just signed in, without a session that anybody could use.
async fn facts_of(iam: &Iam, address: &str) -> Result<Ctx, IamError> {
    let now = iam.now();
    let mut tx = iam.store().in_workspace(WorkspaceId::PLATFORM).await?;
    let new = UserId::from_uuid(iam.new_uuid());
    let id = match tx.find_or_create_user(&address.parse()?, new, now).await? {
        Found::Known(id) | Found::New(id) => id,
        Found::Disabled | Found::Reserved => return Err(IamError::Fault("disabled demo person")),
    };
    tx.commit_unlogged(Unlogged::Seed).await?;
    let session = Session {
        id: SessionId::from_uuid(iam.new_uuid()),
        user_id: id,
        amr: Vec::new(),
        user_agent: String::new(),
        client_ip: String::new(),
        created_at: now,
        authenticated_at: now,
        last_seen_at: now,
        longest_idle: TimeDelta::zero(),
        expires_at: now + TimeDelta::minutes(1),
        through: None,
        model: None,
    };
    let user = User {
        id,
        display_name: String::new(),
        picture: None,
        email: address.to_owned(),
        preferences: Preferences::default(),
        deletion_due_at: None,
    };
    Ok(Ctx {
        actor: Some(Actor {
            user,
            session,
            elsewhere: false,
        }),
        locale: "en".to_owned(),
        ..Ctx::default()
    })
}
