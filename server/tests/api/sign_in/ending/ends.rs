//! What ends it, and gives it back.

use super::{
    ADA, Ended,
    airport::{Airport, accept},
};
use crate::{account::addresses, harness::param, members::call};
use iam::port::SecurityChange;
use reqwest::StatusCode;

impl Airport {
    pub async fn end(&self, what: Ended) {
        let person = [("id", self.ada_id.as_str())];
        let member = [("slug", "acme"), ("id", self.ada_id.as_str())];
        let app = [
            ("slug", "acme"),
            ("id", self.app.id.as_str()),
            ("state", "disabled"),
        ];
        let done = match what {
            Ended::Person => call(&self.olga, "disable_user", &person).await,
            Ended::SessionsByOperator => call(&self.olga, "end_user_sessions", &person).await,
            Ended::SessionsByPerson => call(&self.ada, "sign_out_everywhere", &[]).await,
            Ended::SessionsByMail => {
                let (_, query) = self.disown.split_once('?').unwrap();
                let form: Vec<_> = query
                    .split('&')
                    .map(|pair| pair.split_once('=').unwrap())
                    .collect();
                call(&self.house.browser(), "disown_session", &form).await
            }
            Ended::Membership => call(&self.owner, "remove_member", &member).await,
            Ended::App => call(&self.owner, "set_app_state", &app).await,
            Ended::Address => {
                let other = "ada@second.example";
                addresses::add(&self.house, &self.ada, other).await;
                let primary = addresses::change(&self.ada, "make_address_primary", other).await;
                assert_eq!(primary, StatusCode::OK);
                addresses::change(&self.ada, "remove_address", ADA).await
            }
            Ended::TrustedBrowsers => call(&self.ada, "forget_browsers", &[]).await,
            Ended::SignedOut => call(&self.ada, "sign_out", &[]).await,
            Ended::AppSessions => {
                let all = self.house.database.all_seeing().await.unwrap();
                let grants: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM token_grants")
                    .fetch_all(&all)
                    .await
                    .unwrap();
                for grant in grants {
                    let grant = format!("grt_{}", grant.simple());
                    let form = [member[0], member[1], ("grant", grant.as_str())];
                    let ended = call(&self.owner, "end_app_session", &form).await;
                    assert_eq!(ended, StatusCode::OK);
                }
                StatusCode::OK
            }
            Ended::SuspendedWorkspace => {
                let form = [("slug", "acme"), ("reason", "Unpaid")];
                call(&self.olga, "suspend_workspace", &form).await
            }
            Ended::EndingWorkspace => {
                let form = [("slug", "acme"), ("confirmation", "acme")];
                call(&self.owner, "end_workspace", &form).await
            }
        };
        assert_eq!(done, StatusCode::OK, "{what:?}");
    }

    pub async fn give_back(&self, what: Ended) {
        let person = [("id", self.ada_id.as_str())];
        let app = [
            ("slug", "acme"),
            ("id", self.app.id.as_str()),
            ("state", "enabled"),
        ];
        let done = match what {
            Ended::Person => call(&self.olga, "enable_user", &person).await,
            Ended::App => call(&self.owner, "set_app_state", &app).await,
            Ended::Membership => {
                let form = [("slug", "acme"), ("addresses", ADA), ("role", "member")];
                let invited = call(&self.owner, "invite", &form).await;
                let mail = self.house.mails.take_invitation().await;
                accept(&self.ada, &param(&mail.url, "invitation").unwrap()).await;
                invited
            }
            Ended::Address => {
                let link = loop {
                    let mail = self.house.mails.take_warning().await;
                    if mail.change == SecurityChange::AddressRemoved {
                        break mail.url;
                    }
                };
                let (_, query) = link.split_once('?').unwrap();
                let form: Vec<_> = query
                    .split('&')
                    .map(|pair| pair.split_once('=').unwrap())
                    .collect();
                call(&self.house.browser(), "restore_address", &form).await
            }
            Ended::SuspendedWorkspace => call(&self.olga, "resume_workspace", &[("slug", "acme")]).await,
            Ended::EndingWorkspace => call(&self.owner, "restore_workspace", &[("slug", "acme")]).await,
            Ended::SessionsByOperator
            | Ended::SessionsByPerson
            | Ended::SessionsByMail
            | Ended::AppSessions
            | Ended::TrustedBrowsers
            | Ended::SignedOut => StatusCode::OK,
        };
        assert_eq!(done, StatusCode::OK, "{what:?}");
    }
}
