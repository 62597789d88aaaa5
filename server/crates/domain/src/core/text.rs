//! Choices that are stored, sent and shown by one name.

/// Gives each variant of an enum its name, and reads it back.
macro_rules! stored_as_text {
    ($type:ty { $($variant:ident = $text:literal),* }) => {
        impl $type {
            /// The stored and shown name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = iam_types::ErrorCode;

            fn from_str(text: &str) -> Result<Self, iam_types::ErrorCode> {
                match text { $($text => Ok(Self::$variant),)* _ => Err(iam_types::ErrorCode::InvalidInput) }
            }
        }
    };
}
pub(crate) use stored_as_text;
