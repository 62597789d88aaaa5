//! The parts of pages that need scripts. This is all that a browser downloads, so an island gets its words and data from the
//! page, already in the reader's language. Where scripts do not run, or not yet, it is hidden or does nothing: what it
//! offers can be had without it.

mod code;
mod copy;
mod dirty;
mod palette;
mod pick;
mod preview;
mod reveal;
mod slug;

#[cfg(feature = "ssr")]
pub use {
    code::{CodeEntry, Resend, SECONDS},
    copy::CopyButton,
    dirty::DirtyForm,
    palette::{Entry, OPENER, Palette, PaletteWords, TYPED},
    pick::PickButton,
    preview::{BrandPreview, PICKER},
    reveal::RevealButton,
    slug::SlugField,
};
