//! The list of members.

use super::{api::load_members, words::Face};
use crate::{
    i18n::Locale,
    i18n::use_locale,
    islands::PickButton,
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        icon::{Glyph, Icon},
        pager::Pager,
        parts::{Badge, Empty, Notice, Tone, moment},
        query::{asked, param},
        told::done,
        words::role_name,
    },
};
use iam_types::{
    Role, Slug,
    view::{Done, ListedMemberCard, MOST_CHANGED, MembersView},
};
use leptos::prelude::*;

/// How many groups of a member the list names.
const NAMED_GROUPS: usize = 3;

/// What the list was asked for.
#[derive(Clone)]
struct Query {
    slug: Slug,
    search: String,
    role: String,
    order: String,
    after: String,
}

impl Query {
    fn page(&self, order: &str, after: &str) -> String {
        paths::members_page(&self.slug, [&self.search, &self.role, order, after])
    }

    fn is_filtered(&self) -> bool {
        !(self.search.is_empty() && self.role.is_empty())
    }
}

/// `/w/{slug}/admin/members`
#[component]
pub fn MembersPage() -> impl IntoView {
    let slug = param("slug");
    let [search, role, order, after] = ["q", "role", "order", "after"].map(asked);
    let view = load_members(slug, search.clone(), role.clone(), order.clone(), after.clone());
    loaded(view, move |view| {
        let slug = view.workspace.slug.clone();
        let query = Query {
            slug,
            search,
            role,
            order,
            after,
        };
        members_view(view, query)
    })
}

fn members_view(view: MembersView, query: Query) -> impl IntoView {
    let l = use_locale();
    let next = view
        .members
        .next
        .as_deref()
        .map(|next| query.page(&query.order, next));
    let first = (!query.after.is_empty()).then(|| query.page(&query.order, ""));
    let changed = done(Done::Changed).map(|count| {
        view! { <Notice tone=Tone::Good news=true><p>{text!(l, members.changed, count = count)}</p></Notice> }
    });
    let matching = query.is_filtered().then(|| {
        view! {
            <p class="matching">
                <span>{text!(l, members.matching, count = view.matching, total = view.total)}</span>
                <a href=paths::members(&query.slug)>{text!(l, members.clear)}</a>
            </p>
        }
    });
    let list = if view.members.rows.is_empty() {
        view! { <Empty glyph=Glyph::Search text=text!(l, members.none_found) /> }.into_any()
    } else {
        let more = view.members.next.is_some() || !query.after.is_empty();
        let bulk = view.may_change.then(|| bulk(l, &query, view.matching, more));
        let rows: Vec<_> = view
            .members
            .rows
            .into_iter()
            .map(|row| table_row(l, &query.slug, row, view.now, view.may_change))
            .collect();
        view! {
            <form method="get" action=paths::bulk(&query.slug) class="picking">
                <div class="table-box">
                    <table class="table">
                        <caption class="unseen">{text!(l, members.title)}</caption>
                        <thead>{heads(l, &query, view.may_change)}</thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {bulk}
            </form>
        }
        .into_any()
    };
    view! {
        <AppLayout title=text!(l, members.title) workspace=view.workspace width=Width::List>
            <div class="heading">
                <h1>{text!(l, members.title)} " " <span class="count">{view.total}</span></h1>
                <a class="button" class:quiet=!view.may_invite href=paths::invitations(&query.slug)>
                    {view.may_invite.then(|| view! { <Icon glyph=Glyph::New /> })}
                    {if view.may_invite { text!(l, members.invite) } else { text!(l, members.invitations) }}
                </a>
            </div>
            {filters(l, &query)}
            {matching}
            {changed}
            {list}
            <Pager first=first next=next />
            {super::check::check_form(l, &query.slug, "")}
        </AppLayout>
    }
}

fn filters(l: Locale, query: &Query) -> impl IntoView + use<> {
    let roles: Vec<_> = Role::ALL
        .iter()
        .map(|one| {
            view! { <option value=one.as_str() selected=query.role == one.as_str()>{role_name(l, *one)}</option> }
        })
        .collect();
    let order = (!query.order.is_empty())
        .then(|| view! { <input type="hidden" name="order" value=query.order.clone() /> });
    view! {
        <form class="search" role="search" method="get" action=paths::members(&query.slug)>
            <input type="search" name="q" value=query.search.clone() aria-label=text!(l, members.search)
                placeholder=text!(l, members.search) maxlength="80" />
            <select name="role" aria-label=text!(l, members.role)>
                <option value="">{text!(l, members.any_role)}</option>
                {roles}
            </select>
            {order}
            <button class="button quiet">{text!(l, common.search)}</button>
        </form>
    }
}

fn heads(l: Locale, query: &Query, may_pick: bool) -> impl IntoView + use<> {
    let pick = may_pick.then(|| view! { <td class="pick"></td> });
    view! {
        <tr>
            {pick}
            {sortable(query, text!(l, members.member), "", ["email", "-email"], [false, true])}
            {sortable(query, text!(l, members.role), "tight", ["role", "-role"], [false, true])}
            <th scope="col" class="wide-only">{text!(l, members.groups)}</th>
            <th scope="col" class="wide-only" title=text!(l, members.last_active_hint)>{text!(l, members.last_active)}</th>
            {sortable(query, text!(l, members.joined_at), "wide-only", ["joined", "-joined"], [true, false])}
        </tr>
    }
}

/// A head that orders the list. The first of `orders` comes with the first click; `down` says which go downwards.
fn sortable(
    query: &Query,
    label: String,
    class: &'static str,
    orders: [&'static str; 2],
    down: [bool; 2],
) -> impl IntoView + use<> {
    let now = match query.order.as_str() {
        "" => "email",
        order => order,
    };
    let place = orders.iter().position(|order| *order == now);
    let sort = place.map(|place| if down[place] { "descending" } else { "ascending" });
    let wanted = orders[place.map_or(0, |place| 1 - place)];
    view! { <th scope="col" class=class aria-sort=sort><a href=query.page(wanted, "")>{label}</a></th> }
}

fn table_row(
    l: Locale,
    slug: &Slug,
    row: ListedMemberCard,
    now: i64,
    may_pick: bool,
) -> impl IntoView + use<> {
    let member = row.member;
    let pick = may_pick.then(|| {
        let label = text!(l, members.pick, email = member.email.clone());
        view! { <td class="pick"><input type="checkbox" name="id" value=member.id.to_string() aria-label=label /></td> }
    });
    let active = match row.last_active_at {
        Some(at) => moment(l, at, now).into_any(),
        None => view! { <span class="hint">{text!(l, members.never)}</span> }.into_any(),
    };
    let (role, joined_at, href) = (member.role, member.joined_at, paths::member(slug, member.id));
    view! {
        <tr>
            {pick}
            <td><Face member=member href=href /></td>
            <td class="tight"><Badge text=role_name(l, role) /></td>
            <td class="wide-only">{group_names(row.groups)}</td>
            <td class="wide-only">{active}</td>
            <td class="wide-only">{moment(l, joined_at, now)}</td>
        </tr>
    }
}

fn group_names(groups: Vec<String>) -> impl IntoView {
    let all = groups.join(", ");
    let more = groups.len().saturating_sub(NAMED_GROUPS);
    let named: Vec<_> = groups.into_iter().take(NAMED_GROUPS).collect();
    let more = (more > 0).then(|| format!(" +{more}"));
    view! { <span class="hint wrapped" title=all dir="auto">{named.join(", ")}{more}</span> }
}

/// What can be done with those that are picked, or with all that match.
fn bulk(l: Locale, query: &Query, matching: i64, more: bool) -> impl IntoView + use<> {
    let all = more.then(|| {
        let href = paths::bulk_of(&query.slug, &query.search, &query.role);
        view! { <a class="all-matching" href=href>{text!(l, members.change_matching, count = matching.min(MOST_CHANGED as i64))}</a> }
    });
    let counted = text!(l, members.change_count);
    view! {
        <div class="bulk">
            <PickButton label=text!(l, members.change_picked) counted=counted all=text!(l, members.pick_all) />
            {all}
        </div>
    }
}
