//! What a page is made of, as text. Every page's data travels as this one type and is read where it is rendered: reading
//! machinery for each page's own type, twice, would be an eighth of what the browser downloads.

use crate::AppError;
use iam_types::ErrorCode;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A value as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Json(String);

impl Json {
    /// The value.
    ///
    /// # Errors
    /// [`ErrorCode::Internal`] when it is of another type: the other half is of another version.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_json::from_str(&self.0).map_err(|_| ErrorCode::Internal.into())
    }
}

/// Writes a value, as the answer of a server function.
///
/// # Errors
/// [`ErrorCode::Internal`] for what JSON cannot hold.
#[cfg(feature = "ssr")]
pub fn json(value: impl Serialize) -> Result<Json, AppError> {
    serde_json::to_string(&value)
        .map(Json)
        .map_err(|_| ErrorCode::Internal.into())
}
