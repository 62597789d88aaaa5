//! The parts of pages that need scripts. This is all that a browser downloads, so an island gets its words and data from the
//! page, already in the reader's language. Where scripts do not run, or not yet, it is hidden or does nothing: what it
//! offers can be had without it.

mod code;
mod copy;
mod palette;
mod preview;
mod slug;

#[cfg(feature = "ssr")]
pub use {
    code::{CodeEntry, Resend, SECONDS},
    copy::CopyButton,
    palette::{Entry, OPENER, Palette, PaletteWords, TYPED},
    preview::{BrandPreview, PICKER},
    slug::SlugField,
};
