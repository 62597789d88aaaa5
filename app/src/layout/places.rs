//! The places of the sidebar, by what the viewer may see.

use crate::{i18n::Locale, paths, text, ui::icon::Glyph};
use iam_types::{Permission, Slug, view::WorkspaceCard};

/// A place, and how it is marked.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its address.
    pub href: String,
    /// Its name.
    pub label: String,
    /// Its sign.
    pub icon: Glyph,
    /// Whether only this very address is the place, not what lies below it.
    exact: bool,
}

impl Place {
    /// Whether the page at `path` is this place or lies in it.
    pub fn holds(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.href.as_str());
        rest.is_some_and(|rest| rest.is_empty() || (!self.exact && rest.starts_with('/')))
    }
}

/// Places that belong together.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they have in common; the first ones need no word for it.
    pub title: Option<String>,
    /// The places.
    pub places: Vec<Place>,
}

fn place(href: impl Into<String>, label: String, icon: Glyph) -> Place {
    Place {
        href: href.into(),
        label,
        icon,
        exact: false,
    }
}

/// The places of a workspace.
pub fn of_workspace(l: Locale, card: &WorkspaceCard) -> Vec<Group> {
    let slug = &card.slug;
    let group = |title: String, places: Vec<(Permission, Place)>| Group {
        title: Some(title),
        places: places
            .into_iter()
            .filter(|(needed, _)| card.may.contains(*needed))
            .map(|(_, place)| place)
            .collect(),
    };
    let overview = Place {
        exact: true,
        ..place(paths::overview(slug), text!(l, overview.title), Glyph::Overview)
    };
    let groups = [
        Group {
            title: None,
            places: vec![overview],
        },
        group(
            text!(l, shell.people),
            vec![
                (
                    Permission::MemberRead,
                    place(paths::members(slug), text!(l, members.title), Glyph::Members),
                ),
                (
                    Permission::RoleRead,
                    place(paths::groups(slug), text!(l, groups.title), Glyph::Groups),
                ),
                (
                    Permission::MemberRead,
                    place(
                        paths::invitations(slug),
                        text!(l, invitations.title),
                        Glyph::Invitations,
                    ),
                ),
            ],
        ),
        group(
            text!(l, shell.access),
            vec![
                (
                    Permission::RoleRead,
                    place(paths::roles(slug), text!(l, roles.title), Glyph::Roles),
                ),
                (
                    Permission::ConnectionRead,
                    place(
                        paths::connections(slug),
                        text!(l, connections.title),
                        Glyph::Identity,
                    ),
                ),
                (
                    Permission::WorkspaceRead,
                    place(paths::domains(slug), text!(l, domains.title), Glyph::Domains),
                ),
            ],
        ),
        group(
            text!(l, common.apps),
            vec![(
                Permission::AppRead,
                place(paths::apps(slug), text!(l, common.apps), Glyph::Apps),
            )],
        ),
        group(
            text!(l, common.settings),
            vec![
                (
                    Permission::WorkspaceRead,
                    place(paths::settings(slug), text!(l, shell.general), Glyph::Settings),
                ),
                (
                    Permission::WorkspaceRead,
                    place(paths::branding(slug), text!(l, branding.title), Glyph::Branding),
                ),
            ],
        ),
    ];
    groups
        .into_iter()
        .filter(|group| !group.places.is_empty())
        .collect()
}

/// The places of operators.
pub fn of_platform(l: Locale) -> Vec<Group> {
    let workspaces = place(paths::PLATFORM, text!(l, common.workspaces), Glyph::Workspaces);
    vec![Group {
        title: Some(text!(l, platform.title)),
        places: vec![
            Place {
                exact: true,
                ..workspaces
            },
            place(paths::USERS, text!(l, platform.people), Glyph::Members),
            place(
                paths::members(&Slug::platform()),
                text!(l, platform.operators),
                Glyph::Roles,
            ),
            place(
                paths::connections(&Slug::platform()),
                text!(l, connections.title),
                Glyph::Identity,
            ),
            place(paths::HEALTH, text!(l, platform.health), Glyph::Health),
            place(
                paths::PLATFORM_SETTINGS,
                text!(l, common.settings),
                Glyph::Settings,
            ),
        ],
    }]
}

/// The places of a person.
pub fn of_person(l: Locale) -> Vec<Group> {
    let profile = Place {
        exact: true,
        ..place(paths::ACCOUNT, text!(l, account.profile), Glyph::Account)
    };
    let workspaces = place(paths::WORKSPACES, text!(l, common.workspaces), Glyph::Workspaces);
    vec![
        Group {
            title: None,
            places: vec![workspaces],
        },
        Group {
            title: Some(text!(l, account.title)),
            places: vec![
                profile,
                place(paths::ADDRESSES, text!(l, addresses.title), Glyph::Address),
                place(paths::SECURITY, text!(l, security.title), Glyph::Passkey),
                place(paths::SESSIONS, text!(l, account.sessions), Glyph::Computer),
                place(paths::CONNECTED_APPS, text!(l, account.apps), Glyph::Apps),
                place(paths::ACTIVITY, text!(l, activity.title), Glyph::History),
                place(paths::ACCOUNT_DATA, text!(l, account.data), Glyph::Download),
            ],
        },
    ]
}
