//! What mails say.

use super::{Locale, dir, tag};
use crate::text;
use iam::{
    domain::sign_in::recovery::{BY_OPERATOR, BY_WORKSPACE},
    port::{MagicLinkMail, SecurityChange},
};

/// What stands before the address of a workspace's help.
pub fn help(l: Locale) -> String {
    text!(l, mail.help)
}

/// The words of an invitation.
#[derive(Debug, serde::Serialize)]
pub struct InvitationWords {
    /// Language tag.
    pub lang: &'static str,
    /// The direction that it is written in.
    pub dir: &'static str,
    /// Subject line.
    pub subject: String,
    /// Who asks.
    pub lead: String,
    /// Which address to sign in with.
    pub with: String,
    /// How long it stands.
    pub expires: String,
    /// For the wrong receiver.
    pub ignore: String,
    /// On the link.
    pub button: String,
}

/// Puts an invitation into words.
pub fn invitation_words(l: Locale, workspace: &str, inviter: &str, to: &str) -> InvitationWords {
    InvitationWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.invitation_subject, workspace = workspace),
        lead: text!(l, mail.invitation_lead, inviter = inviter, workspace = workspace),
        with: text!(l, mail.invitation_with, email = to),
        expires: text!(l, mail.invitation_expires),
        ignore: text!(l, mail.invitation_ignore),
        button: text!(l, mail.invitation_button),
    }
}

/// The words of a mail that tells of something.
#[derive(Debug, serde::Serialize)]
pub struct NoticeWords {
    /// Language tag.
    pub lang: &'static str,
    /// The direction that it is written in.
    pub dir: &'static str,
    /// Subject line.
    pub subject: String,
    /// What happened.
    pub lead: String,
    /// What the receiver can do about it.
    pub detail: String,
    /// On the link.
    pub button: String,
}

/// Tells an owner that their workspace will be deleted on a day, `due`.
pub fn ending_words(l: Locale, workspace: &str, by: &str, due: &str) -> NoticeWords {
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.ending_subject, workspace = workspace),
        lead: text!(l, mail.ending_lead, by = by, workspace = workspace),
        detail: text!(l, mail.ending_detail, due = due),
        button: text!(l, mail.notice_button),
    }
}

/// Tells those who can answer that somebody, `by`, asks to join.
pub fn asked_words(l: Locale, workspace: &str, by: &str) -> NoticeWords {
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.asked_subject, by = by, workspace = workspace),
        lead: text!(l, mail.asked_lead, by = by, workspace = workspace),
        detail: text!(l, mail.asked_detail),
        button: text!(l, mail.asked_button),
    }
}

/// Tells somebody who asked that `by` has let them in.
pub fn approved_words(l: Locale, workspace: &str, by: &str) -> NoticeWords {
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.approved_subject, workspace = workspace),
        lead: text!(l, mail.approved_lead, by = by, workspace = workspace),
        detail: text!(l, mail.approved_detail),
        button: text!(l, mail.notice_button),
    }
}

/// Tells owners that a domain is proved no more.
pub fn domain_words(l: Locale, workspace: &str, domain: &str) -> NoticeWords {
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.domain_subject, domain = domain),
        lead: text!(l, mail.domain_lead, domain = domain, workspace = workspace),
        detail: text!(l, mail.domain_detail),
        button: text!(l, mail.domain_button),
    }
}

/// Tells operators that `by` objects to the recovery of their account.
pub fn objected_words(l: Locale, workspace: &str, by: &str) -> NoticeWords {
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.objected_subject, by = by),
        lead: text!(l, mail.objected_lead, by = by, workspace = workspace),
        detail: text!(l, mail.objected_detail),
        button: text!(l, mail.objected_button),
    }
}

/// Tells a member that an owner offers them their ownership.
pub fn offer_words(l: Locale, workspace: &str, by: &str) -> NoticeWords {
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.offer_subject, workspace = workspace),
        lead: text!(l, mail.offer_lead, by = by, workspace = workspace),
        detail: text!(l, mail.offer_detail),
        button: text!(l, mail.notice_button),
    }
}

/// Tells a member that `by` signed them out of the workspace's apps.
pub fn apps_signed_out_words(l: Locale, workspace: &str, by: &str, reason: &str) -> NoticeWords {
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.apps_signed_out_subject, workspace = workspace),
        lead: text!(l, mail.apps_signed_out_lead, by = by, workspace = workspace),
        detail: text!(l, mail.apps_signed_out_detail, reason = reason),
        button: text!(l, mail.notice_button),
    }
}

/// The words of a sign-in mail.
#[derive(Debug, serde::Serialize)]
pub struct MailWords {
    /// Language tag.
    pub lang: &'static str,
    /// The direction that it is written in.
    pub dir: &'static str,
    /// Subject line.
    pub subject: String,
    /// Heading.
    pub greeting: String,
    /// Before the link.
    pub click: String,
    /// Before the code.
    pub enter: String,
    /// With what it links the account; empty where it does not.
    pub linking: String,
    /// How long it works.
    pub expires: String,
    /// Which browser asked.
    pub asked_by: String,
    /// For the wrong receiver.
    pub ignore: String,
    /// On the link.
    pub button: String,
}

/// Puts a sign-in mail into words.
pub fn mail_words(l: Locale, mail: &MagicLinkMail) -> MailWords {
    let (place, code, browser) = (
        mail.workspace.as_deref(),
        mail.code.as_str(),
        mail.asked_by.as_str(),
    );
    let linking = mail.linking.as_ref().map(|linking| {
        let (label, provider) = (linking.label.as_str(), linking.provider.as_str());
        text!(l, mail.linking, label = label, provider = provider)
    });
    let place = place.map_or_else(|| text!(l, common.product), str::to_owned);
    let browser = browser_named(l, browser);
    MailWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.subject, code = code),
        greeting: text!(l, mail.greeting, place = place),
        click: text!(l, mail.click),
        enter: text!(l, mail.enter),
        linking: linking.unwrap_or_default(),
        expires: text!(l, mail.expires),
        asked_by: text!(l, mail.asked_by, browser = browser),
        ignore: text!(l, mail.ignore),
        button: text!(l, mail.button),
    }
}

/// Puts a mail into words that proves an address which `by` adds to their account.
pub fn address_words(l: Locale, by: &str, code: &str, browser: &str) -> MailWords {
    MailWords {
        lang: tag(l),
        dir: dir(l),
        subject: text!(l, mail.address_subject, code = code),
        greeting: text!(l, mail.address_greeting, by = by),
        click: text!(l, mail.address_click),
        enter: text!(l, mail.address_enter),
        linking: String::new(),
        expires: text!(l, mail.address_expires),
        asked_by: text!(l, mail.asked_by, browser = browser_named(l, browser)),
        ignore: text!(l, mail.address_ignore),
        button: text!(l, mail.address_button),
    }
}

/// A browser by its name, if it has one.
fn browser_named(l: Locale, browser: &str) -> String {
    if browser.is_empty() {
        text!(l, account.unknown)
    } else {
        browser.to_owned()
    }
}

/// Tells somebody what changed about how they sign in: `name` is what of theirs it is about, `browser` where, `at` when.
pub fn security_words(l: Locale, change: SecurityChange, [name, browser, at]: [&str; 3]) -> NoticeWords {
    let browser = browser_named(l, browser);
    let (subject, lead, detail) = match change {
        SecurityChange::PasskeyAdded => (
            text!(l, mail.passkey_added_subject),
            text!(l, mail.passkey_added_lead, name = name),
            text!(l, mail.passkey_added_detail, browser = browser, at = at),
        ),
        SecurityChange::PasskeyRemoved => (
            text!(l, mail.passkey_removed_subject),
            text!(l, mail.passkey_removed_lead, name = name),
            text!(l, mail.passkey_removed_detail, browser = browser, at = at),
        ),
        SecurityChange::PasskeySuspected => (
            text!(l, mail.passkey_suspected_subject),
            text!(l, mail.passkey_suspected_lead, name = name),
            text!(l, mail.passkey_suspected_detail),
        ),
        SecurityChange::TwoStepOn => (
            text!(l, mail.two_step_on_subject),
            text!(l, mail.two_step_on_lead),
            text!(l, mail.factor_detail, browser = browser, at = at),
        ),
        SecurityChange::TwoStepOff => (
            text!(l, mail.two_step_off_subject),
            text!(l, mail.two_step_off_lead),
            text!(l, mail.factor_detail, browser = browser, at = at),
        ),
        SecurityChange::RecoveryCodesMade => (
            text!(l, mail.codes_made_subject),
            text!(l, mail.codes_made_lead),
            text!(l, mail.factor_detail, browser = browser, at = at),
        ),
        SecurityChange::RecoveryCodeUsed => (
            text!(l, mail.code_used_subject),
            text!(l, mail.code_used_lead, count = name),
            text!(l, mail.factor_detail, browser = browser, at = at),
        ),
        SecurityChange::PasswordAdded => (
            text!(l, mail.password_added_subject),
            text!(l, mail.password_added_lead),
            text!(l, mail.factor_detail, browser = browser, at = at),
        ),
        SecurityChange::PasswordChanged => (
            text!(l, mail.password_changed_subject),
            text!(l, mail.password_changed_lead),
            text!(l, mail.factor_detail, browser = browser, at = at),
        ),
        SecurityChange::PasswordRemoved => (
            text!(l, mail.password_removed_subject),
            text!(l, mail.password_removed_lead),
            text!(l, mail.factor_detail, browser = browser, at = at),
        ),
        SecurityChange::PasswordSpent => (
            text!(l, mail.password_spent_subject),
            text!(l, mail.password_spent_lead),
            text!(l, mail.password_spent_detail, browser = browser, at = at),
        ),
        SecurityChange::RecoveryByWorkspace => (
            text!(l, mail.recovery_begun_subject),
            text!(l, mail.recovery_by_workspace_lead, name = name),
            text!(
                l,
                mail.recovery_by_workspace_detail,
                days = BY_WORKSPACE.num_days()
            ),
        ),
        SecurityChange::RecoveryByOperator => (
            text!(l, mail.recovery_begun_subject),
            text!(l, mail.recovery_by_operator_lead),
            text!(
                l,
                mail.recovery_by_operator_detail,
                hours = BY_OPERATOR.num_hours()
            ),
        ),
        SecurityChange::RecoveryStopped => (
            text!(l, mail.recovery_stopped_subject),
            text!(l, mail.recovery_stopped_lead),
            text!(l, mail.recovery_stopped_detail),
        ),
        SecurityChange::Recovered => (
            text!(l, mail.recovered_subject),
            text!(l, mail.recovered_lead),
            text!(l, mail.recovered_detail, browser = browser, at = at),
        ),
        SecurityChange::ConnectionLinked => (
            text!(l, mail.connection_linked_subject),
            text!(l, mail.connection_linked_lead, name = name),
            text!(l, mail.connection_linked_detail, browser = browser, at = at),
        ),
        SecurityChange::ConnectionUnlinked => (
            text!(l, mail.connection_unlinked_subject),
            text!(l, mail.connection_unlinked_lead, name = name),
            text!(l, mail.connection_unlinked_detail, browser = browser, at = at),
        ),
        SecurityChange::NewBrowser => (
            text!(l, mail.new_browser_subject),
            text!(l, mail.new_browser_lead, browser = browser),
            text!(l, mail.new_browser_detail, at = at, ip = name),
        ),
        SecurityChange::AddressAdded => (
            text!(l, mail.address_added_subject),
            text!(l, mail.address_added_lead, name = name),
            text!(l, mail.address_added_detail, browser = browser, at = at),
        ),
        SecurityChange::AddressWanted => (
            text!(l, mail.address_wanted_subject),
            text!(l, mail.address_wanted_lead, name = name),
            text!(l, mail.address_wanted_detail, browser = browser, at = at),
        ),
        SecurityChange::AddressMadePrimary => (
            text!(l, mail.address_made_primary_subject),
            text!(l, mail.address_made_primary_lead, name = name),
            text!(l, mail.address_made_primary_detail, browser = browser, at = at),
        ),
        SecurityChange::AddressRemoved => (
            text!(l, mail.address_removed_subject),
            text!(l, mail.address_removed_lead, name = name),
            text!(l, mail.address_removed_detail, browser = browser, at = at),
        ),
        SecurityChange::AccountEnds => (
            text!(l, mail.account_ends_subject, day = name),
            text!(l, mail.account_ends_lead, day = name),
            text!(l, mail.account_ends_detail, browser = browser, at = at),
        ),
    };
    let button = match change {
        SecurityChange::NewBrowser => text!(l, mail.new_browser_button),
        SecurityChange::RecoveryByWorkspace => text!(l, recovery.stop),
        SecurityChange::RecoveryByOperator => text!(l, recovery.object),
        SecurityChange::AddressRemoved => text!(l, mail.address_removed_button),
        SecurityChange::AccountEnds => text!(l, mail.account_ends_button),
        SecurityChange::AddressAdded | SecurityChange::AddressMadePrimary => text!(l, mail.addresses_button),
        _ => text!(l, mail.security_button),
    };
    NoticeWords {
        lang: tag(l),
        dir: dir(l),
        subject,
        lead,
        detail,
        button,
    }
}
