//! Which of a text's forms goes with a number: "1 member" and "2 members", and six forms in Arabic.
//!
//! The texts' crate could bring these rules itself, but only together with an experimental crate that asks for older Unicode
//! data than names are checked with.

use icu_plurals::{PluralRuleType, PluralRules, PluralRulesOptions};
use leptos_i18n::{
    custom_provider::{IcuDataProvider, set_icu_data_provider},
    reexports::icu::{locid::Locale, provider::DataError},
};
use std::sync::Once;

/// CLDR's rules, as they were at the build.
struct BuiltIn;

impl IcuDataProvider for BuiltIn {
    fn try_new_plural_rules(&self, locale: &Locale, kind: PluralRuleType) -> Result<PluralRules, DataError> {
        PluralRules::try_new(locale.into(), PluralRulesOptions::default().with_type(kind))
    }
}

/// Makes the rules known to the texts, before the first of them.
pub fn ready() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_icu_data_provider(BuiltIn));
}
