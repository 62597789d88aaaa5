//! What is known of models of authenticators, and whether one was shown to be of its model (WebAuthn Level 3, 6.5, 7.1).

use super::Core;
use crate::IamError;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use iam_domain::{core::visible::VisibleName, sign_in::models::Models};
use iam_protocol::fido::metadata::{Metadata, ModelMetadata};
use iam_types::{
    ErrorCode,
    view::{ModelView, ModelsView},
};
use std::collections::BTreeMap;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AttestationCaList, AttestationCaListBuilder, AttestationMetadata, ParsedAttestation,
    ParsedAttestationData,
};
use webauthn_rs_core::attestation::verify_attestation_ca_chain;

/// How much of what a maker calls a model is shown.
const MOST_OF_A_NAME: usize = 80;

/// For how long metadata is believed after there was newer.
const PATIENCE: TimeDelta = TimeDelta::days(30);

/// The extension by which a certificate names a model (8.2.1).
const MODEL_EXTENSION: &str = "1.3.6.1.4.1.45724.1.1.4";

/// The models that the operator's metadata tells of.
pub struct KnownModels {
    models: BTreeMap<Uuid, Known>,
    next_update: NaiveDate,
}

struct Known {
    name: VisibleName,
    roots: AttestationCaList,
    compromised: bool,
}

impl KnownModels {
    /// Those of `metadata`. A root that is no certificate shows nothing.
    pub fn new(metadata: Metadata) -> Self {
        let mut models = BTreeMap::new();
        for model in metadata.models {
            let (id, mut told) = (model.aaguid, known(model));
            // Of two that are told of one model, neither hides that it is broken.
            told.compromised |= models.get(&id).is_some_and(|other: &Known| other.compromised);
            models.insert(id, told);
        }
        Self {
            models,
            next_update: metadata.next_update,
        }
    }

    /// The day by which there is newer metadata.
    pub fn next_update(&self) -> NaiveDate {
        self.next_update
    }

    /// The models that somebody can ask for, by name.
    pub(crate) fn offered(&self) -> Vec<(Uuid, &str)> {
        let sound = self.models.iter().filter(|(_, known)| known.is_sound());
        let mut offered: Vec<_> = sound.map(|(id, known)| (*id, known.name.as_str())).collect();
        offered.sort_by_key(|(id, name)| (name.to_lowercase(), *id));
        offered
    }

    /// What the maker calls a model.
    pub(crate) fn name(&self, model: Uuid) -> Option<&str> {
        self.models.get(&model).map(|known| known.name.as_str())
    }

    /// The models of which nothing is believed any more.
    pub(crate) fn compromised(&self) -> Vec<Uuid> {
        let lost = self.models.iter().filter(|(_, known)| known.compromised);
        lost.map(|(model, _)| *model).collect()
    }

    /// Whether an attestation, whose statement was checked, shows that an authenticator is of the `model` that it says. Metadata that was
    /// not renewed for long shows nothing any more.
    pub(crate) fn show(&self, model: Uuid, attestation: &ParsedAttestation, now: DateTime<Utc>) -> bool {
        let Some(known) = self.models.get(&model).filter(|known| known.is_sound()) else {
            return false;
        };
        now.date_naive() <= self.next_update + PATIENCE
            && names_model(attestation)
            && matches!(
                verify_attestation_ca_chain(&attestation.data, &known.roots, now.into()),
                Ok(Some(_))
            )
    }
}

/// What the form of models sends.
#[derive(Debug, Clone, Copy)]
pub struct ModelsForm<'a> {
    /// Those that stay, by their AAGUIDs.
    pub kept: &'a [String],
    /// One more: its AAGUID, or the name of one or several; empty for none.
    pub added: &'a str,
}

impl Core {
    /// What a form names: what was named before may stay, whatever became of it; more comes from what is believed.
    pub(crate) fn chosen_models(&self, form: ModelsForm<'_>, was: Models) -> Result<Models, IamError> {
        let known = self.deps.models.as_ref();
        let offered = known.map(|known| known.offered()).unwrap_or_default();
        let mut chosen = Vec::new();
        for kept in form.kept {
            let kept: Uuid = kept.parse().map_err(|_| ErrorCode::InvalidInput)?;
            if !was.list().contains(&kept) {
                return Err(ErrorCode::UnknownModel.into());
            }
            chosen.push(kept);
        }
        let added = form.added.trim();
        if !added.is_empty() {
            let (id, name) = (added.parse::<Uuid>().ok(), added.to_lowercase());
            let is_meant = |(model, called): &&(Uuid, &str)| match id {
                Some(id) => *model == id,
                None => called.to_lowercase() == name,
            };
            let before = chosen.len();
            chosen.extend(offered.iter().filter(is_meant).map(|(model, _)| *model));
            if chosen.len() == before {
                return Err(ErrorCode::UnknownModel.into());
            }
        }
        Ok(Models::named(chosen)?)
    }

    /// The models that count as pages show them; nothing where none is named and nothing is known.
    pub(crate) fn models_view(&self, models: Models) -> Option<ModelsView> {
        let known = self.deps.models.as_ref();
        if known.is_none() && models.any() {
            return None;
        }
        let name = |model: Uuid| known.and_then(|known| known.name(model)).map(str::to_owned);
        let named = models.list().iter().map(|model| ModelView {
            id: model.to_string(),
            name: name(*model).unwrap_or_else(|| model.to_string()),
        });
        let offered = known.map(|known| known.offered()).unwrap_or_default();
        let mut offered: Vec<String> = offered.into_iter().map(|(_, name)| name.to_owned()).collect();
        offered.dedup();
        Some(ModelsView {
            named: named.collect(),
            offered,
        })
    }
}

impl Known {
    fn is_sound(&self) -> bool {
        !self.compromised && !self.roots.is_empty()
    }
}

/// Whether the certificate that attests names the model (8.2.1); that it names the same is looked at with the statement. Roots are those
/// of many models, so their maker's word for a key says nothing about which of them it is: what other formats sign (8.3 to 8.8) leaves
/// the model to whoever sends it.
fn names_model(attestation: &ParsedAttestation) -> bool {
    let (ParsedAttestationData::Basic(chain), AttestationMetadata::Packed { .. }) =
        (&attestation.data, &attestation.metadata)
    else {
        return false;
    };
    let extensions = chain.first().and_then(|leaf| leaf.tbs_certificate().extensions());
    extensions.is_some_and(|list| list.iter().any(|one| one.extn_id.to_string() == MODEL_EXTENSION))
}

fn known(model: ModelMetadata) -> Known {
    let mut roots = AttestationCaListBuilder::new();
    for root in &model.roots {
        let added = roots.insert_device_der(root, model.aaguid, model.description.clone(), BTreeMap::new());
        if added.is_err() {
            tracing::warn!(model = %model.aaguid, "a root of a model of authenticators is no certificate");
        }
    }
    let name: String = model.description.chars().take(MOST_OF_A_NAME).collect();
    Known {
        name: name
            .parse()
            .unwrap_or_else(|_| VisibleName::stored(model.aaguid.to_string())),
        roots: roots.build(),
        compromised: model.compromised,
    }
}
