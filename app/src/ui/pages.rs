//! The pages of a workspace, for the ways that lead to them.

use crate::{i18n, islands::Entry, paths, text};
use iam_types::{Permission, view::WorkspaceCard};

/// The pages of a workspace that its viewer may see: what each needs, where it is, what it is called.
pub fn workspace_pages(l: i18n::Locale, card: &WorkspaceCard) -> Vec<Entry> {
    let slug = &card.slug;
    [
        (Permission::AppRead, paths::apps(slug), text!(l, common.apps)),
        (
            Permission::MemberRead,
            paths::members(slug),
            text!(l, members.title),
        ),
        (Permission::RoleRead, paths::groups(slug), text!(l, groups.title)),
        (Permission::RoleRead, paths::roles(slug), text!(l, roles.title)),
        (
            Permission::WorkspaceRead,
            paths::domains(slug),
            text!(l, domains.title),
        ),
        (
            Permission::WorkspaceRead,
            paths::branding(slug),
            text!(l, branding.title),
        ),
        (
            Permission::WorkspaceRead,
            paths::settings(slug),
            text!(l, common.settings),
        ),
    ]
    .into_iter()
    .filter(|(needed, ..)| card.may.contains(*needed))
    .map(|(_, href, label)| Entry { href, label })
    .collect()
}
