//! Signs: Lucide's, drawn in the colour of the text around them. They say nothing that words beside them do not say.

use icondata_core::Icon as Drawing;
use leptos::prelude::*;

/// What a sign means here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// The person's account.
    Account,
    /// An email address.
    Address,
    /// Customers' apps.
    Apps,
    /// Which way a breadcrumb goes on.
    Beside,
    /// How a workspace looks.
    Branding,
    /// A browser on a desk.
    Computer,
    /// More is below.
    Choose,
    /// A thing that went wrong.
    Danger,
    /// Something is done.
    Done,
    /// Domains.
    Domains,
    /// Comes as a file.
    Download,
    /// Groups of members.
    Groups,
    /// How the platform is.
    Health,
    /// What happened before.
    History,
    /// That somebody is who they are.
    Identity,
    /// Invitations.
    Invitations,
    /// Members and users.
    Members,
    /// Opens the places on a narrow page.
    Menu,
    /// What can be done with a row.
    More,
    /// Makes a new thing.
    New,
    /// What goes on by itself.
    Ongoing,
    /// A workspace at a glance.
    Overview,
    /// Signs in without anything to type.
    Passkey,
    /// A browser in a pocket.
    Phone,
    /// Roles.
    Roles,
    /// Finds something.
    Search,
    /// Settings.
    Settings,
    /// Leaves.
    SignOut,
    /// Something is not done yet.
    Undone,
    /// Something to mind.
    Warning,
    /// Workspaces.
    Workspaces,
}

impl Glyph {
    /// All of them, for the page that shows every part.
    pub const ALL: [Self; 31] = [
        Self::Account,
        Self::Address,
        Self::Apps,
        Self::Beside,
        Self::Branding,
        Self::Choose,
        Self::Computer,
        Self::Danger,
        Self::Done,
        Self::Domains,
        Self::Download,
        Self::Groups,
        Self::Health,
        Self::History,
        Self::Identity,
        Self::Invitations,
        Self::Members,
        Self::Menu,
        Self::More,
        Self::New,
        Self::Ongoing,
        Self::Overview,
        Self::Passkey,
        Self::Phone,
        Self::Roles,
        Self::Search,
        Self::Settings,
        Self::SignOut,
        Self::Undone,
        Self::Warning,
        Self::Workspaces,
    ];

    const fn drawing(self) -> Drawing {
        match self {
            Self::Account => icondata_lu::LuCircleUser,
            Self::Address => icondata_lu::LuAtSign,
            Self::Apps => icondata_lu::LuAppWindow,
            Self::Beside => icondata_lu::LuChevronRight,
            Self::Branding => icondata_lu::LuPalette,
            Self::Choose => icondata_lu::LuChevronsUpDown,
            Self::Computer => icondata_lu::LuMonitor,
            Self::Danger => icondata_lu::LuCircleX,
            Self::Done => icondata_lu::LuCircleCheck,
            Self::Domains => icondata_lu::LuGlobe,
            Self::Download => icondata_lu::LuDownload,
            Self::Groups => icondata_lu::LuUsersRound,
            Self::Health => icondata_lu::LuActivity,
            Self::History => icondata_lu::LuHistory,
            Self::Identity => icondata_lu::LuFingerprint,
            Self::Invitations => icondata_lu::LuMail,
            Self::Members => icondata_lu::LuUsers,
            Self::Menu => icondata_lu::LuMenu,
            Self::More => icondata_lu::LuEllipsis,
            Self::New => icondata_lu::LuPlus,
            Self::Ongoing => icondata_lu::LuRefreshCw,
            Self::Overview => icondata_lu::LuLayoutDashboard,
            Self::Passkey => icondata_lu::LuKeyRound,
            Self::Phone => icondata_lu::LuSmartphone,
            Self::Roles => icondata_lu::LuShieldCheck,
            Self::Search => icondata_lu::LuSearch,
            Self::Settings => icondata_lu::LuSettings,
            Self::SignOut => icondata_lu::LuLogOut,
            Self::Undone => icondata_lu::LuCircleDashed,
            Self::Warning => icondata_lu::LuTriangleAlert,
            Self::Workspaces => icondata_lu::LuBuilding2,
        }
    }
}

/// Draws a sign.
#[component]
pub fn Icon(
    /// Which.
    glyph: Glyph,
) -> impl IntoView {
    let turns = if glyph == Glyph::Beside {
        "icon turns"
    } else {
        "icon"
    };
    view! {
        <svg class=turns aria-hidden="true" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"
            stroke-linecap="round" stroke-linejoin="round" inner_html=glyph.drawing().data></svg>
    }
}
