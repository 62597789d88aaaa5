//! What a test of a connection came to.

use super::{api::load_connection_test, page::test_button, place};
use crate::{
    i18n::{self, Locale},
    layout::{AppLayout, Width, loaded},
    paths, text,
    ui::{
        parts::{Badge, Notice, Tone},
        query::param,
        words::connection_refusal,
    },
};
use iam_types::view::{AddressWord, ConnectionTestView, TestResult, TestStage, TestStep};
use leptos::prelude::*;

/// `/w/{slug}/admin/connections/{id}/tests/{test}`, `/platform/connections/{id}/tests/{test}`
#[component]
pub fn ConnectionTestPage() -> impl IntoView {
    let page = load_connection_test(place(), param("id"), param("test"));
    loaded(page, test)
}

fn test(view: ConnectionTestView) -> impl IntoView {
    let l = i18n::use_locale();
    let (slug, connection, trace) = (view.workspace.slug.clone(), view.connection, view.trace);
    let here = paths::connection(&slug, connection.id);
    let trail = vec![
        (paths::connections(&slug), text!(l, connections.title)),
        (here.clone(), connection.name.clone()),
    ];
    let (tone, sentence, remedy) = result(l, &trace.result);
    let address = trace.address.map(|word| address(l, word, slug.is_platform()));
    let groups = trace.groups.map(|names| match names.as_slice() {
        [] => text!(l, connections.test_no_groups),
        names => text!(l, connections.test_groups, groups = names.join(", ")),
    });
    let broken = match &trace.result {
        TestResult::Refused(stage, _) => Some(*stage),
        _ => None,
    };
    let steps: Vec<_> = trace
        .steps
        .into_iter()
        .map(|step| step_view(l, broken, step))
        .collect();
    let again = test_button(
        paths::begin_connection(&slug),
        connection.id,
        text!(l, connections.test_again),
    );
    view! {
        <AppLayout title=text!(l, connections.test) workspace=view.workspace width=Width::List trail=trail>
            <div class="heading">
                <h1>{text!(l, connections.test)}</h1>
                <a class="button quiet" href=here>{text!(l, connections.back_to_connection)}</a>
            </div>
            <p class="lead">{text!(l, connections.test_lead, name = connection.name)}</p>
            <Notice tone=tone news=true>
                <p>{sentence}</p>
                {(!remedy.is_empty()).then(|| view! { <p>{remedy}</p> })}
            </Notice>
            {address.map(|words| view! { <p>{words}</p> })}
            {groups.map(|words| view! { <p dir="auto">{words}</p> })}
            {connection.disabled.then(|| view! { <p class="hint">{text!(l, connections.test_disabled)}</p> })}
            {steps}
            {again}
        </AppLayout>
    }
}

fn result(l: Locale, result: &TestResult) -> (Tone, String, String) {
    let refused = |why: &str| {
        let sentence = text!(l, connections.test_refused, why = connection_refusal(l, why));
        (Tone::Bad, sentence, remedy(l, why))
    };
    match result {
        TestResult::SignsIn => (Tone::Good, text!(l, connections.test_signs_in), String::new()),
        TestResult::MakesAccount => (
            Tone::Good,
            text!(l, connections.test_makes_account),
            String::new(),
        ),
        TestResult::ProvesAddress => (Tone::Good, text!(l, connections.test_proves), String::new()),
        TestResult::Refused(_, why) => refused(why),
    }
}

fn address(l: Locale, word: AddressWord, platform: bool) -> String {
    match word {
        AddressWord::OtherDomain if platform => text!(l, connections.word_other_kept),
        AddressWord::Counts if platform => text!(l, connections.word_kept),
        AddressWord::Missing => text!(l, connections.word_missing),
        AddressWord::Unverified => text!(l, connections.word_unverified),
        AddressWord::NotOfDomain => text!(l, connections.word_not_of_domain),
        AddressWord::OtherDomain => text!(l, connections.word_other_domain),
        AddressWord::Counts => text!(l, connections.word_counts),
    }
}

/// What to do about it.
fn remedy(l: Locale, why: &str) -> String {
    match why {
        "denied" => text!(l, connections.fix_denied),
        "barred" => text!(l, connections.fix_barred),
        "unreachable" | "slow" => text!(l, connections.fix_unreachable),
        "too_large" | "redirected" | "discovery" => text!(l, connections.fix_discovery),
        "code" => text!(l, connections.fix_code),
        "other_issuer" => text!(l, connections.fix_issuer),
        "other_audience" => text!(l, connections.fix_audience),
        "expired" => text!(l, connections.fix_clock),
        "signature" => text!(l, connections.fix_signature),
        "other_nonce" | "token" => text!(l, connections.fix_token),
        "other_tenant" => text!(l, connections.fix_tenant),
        "no_address" => text!(l, connections.fix_no_address),
        "no_account" => text!(l, connections.fix_no_account),
        "not_linked" => text!(l, connections.fix_not_linked),
        _ => String::new(),
    }
}

fn stage(l: Locale, stage: TestStage) -> String {
    match stage {
        TestStage::Provider => text!(l, connections.stage_provider),
        TestStage::Request => text!(l, connections.stage_request),
        TestStage::Answer => text!(l, connections.stage_answer),
        TestStage::Token => text!(l, connections.stage_token),
        TestStage::Claims => text!(l, connections.stage_claims),
        TestStage::Person => text!(l, connections.stage_person),
    }
}

fn step_view(l: Locale, broken: Option<TestStage>, step: TestStep) -> impl IntoView {
    let badge = if broken == Some(step.stage) {
        view! { <Badge text=text!(l, connections.step_failed) tone=Tone::Bad /> }
    } else {
        view! { <Badge text=text!(l, connections.step_done) tone=Tone::Good /> }
    };
    let rows: Vec<_> = step
        .facts
        .into_iter()
        .map(|(name, value)| {
            view! {
                <tr>
                    <th scope="row"><code>{name}</code></th>
                    <td><code>{value}</code></td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="stack">
            <div class="heading">
                <h2>{stage(l, step.stage)}</h2>
                {badge}
            </div>
            {(!rows.is_empty()).then(|| view! {
                <div class="table-box">
                    <table class="table claims">
                        <thead>
                            <tr>
                                <th scope="col">{text!(l, common.name)}</th>
                                <th scope="col">{text!(l, apps.claim_value)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            })}
        </section>
    }
}
