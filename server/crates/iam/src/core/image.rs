//! Pictures that people upload. Nothing of a file reaches a browser: it is decoded under limits and drawn anew, SVG too,
//! so that scripts, references and metadata stay behind.

use crate::{IamError, core::Core};
use iam_types::ErrorCode;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, ImageResult, Limits, RgbaImage,
    imageops::FilterType,
};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Group, ImageHrefResolver, Node, Options, Tree},
};
use std::{io::Cursor, sync::Arc};

/// The largest SVG, in bytes: what it says is drawn, and little text can say much.
const MOST_SVG_BYTES: usize = 128 * 1024;
/// Of so many lines and curves a drawing consists at most.
const MOST_SEGMENTS: usize = 100_000;
/// The most pixels a side may have before it is made smaller.
const MOST_PIXELS: u32 = 4096;

/// What a picture is drawn into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// A box that it fits into: a logo.
    Logo,
    /// A square that it fills: somebody's face.
    Face,
}

impl Frame {
    /// The largest file that is looked at, in bytes. Faces come from cameras.
    pub const fn most_bytes(self) -> usize {
        match self {
            Self::Logo => 1024 * 1024,
            Self::Face => 4 * 1024 * 1024,
        }
    }

    /// Width and height, in pixels.
    const fn size(self) -> (u32, u32) {
        match self {
            Self::Logo => (480, 192),
            Self::Face => (256, 256),
        }
    }
}

/// Draws a picture anew as a PNG in a `frame`.
///
/// # Errors
/// [`ErrorCode::TooLarge`], [`ErrorCode::InvalidImage`].
pub fn redraw(bytes: &[u8], frame: Frame) -> Result<Vec<u8>, ErrorCode> {
    if bytes.len() > frame.most_bytes() {
        return Err(ErrorCode::TooLarge);
    }
    let format = image::guess_format(bytes).ok();
    let picture = match format {
        Some(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => {
            raster(bytes, format, frame)?
        }
        Some(_) => return Err(ErrorCode::InvalidImage),
        None if frame == Frame::Logo => vector(bytes)?,
        None => return Err(ErrorCode::InvalidImage),
    };
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|_| ErrorCode::InvalidImage)?;
    Ok(png.into_inner())
}

fn raster(bytes: &[u8], format: ImageFormat, frame: Frame) -> Result<DynamicImage, ErrorCode> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(128 * 1024 * 1024);
    reader.limits(limits.clone());
    let picture = turned(reader, limits).map_err(|_| ErrorCode::InvalidImage)?;
    // Eight bits a channel: what else a file can hold would only make the result larger.
    let picture = DynamicImage::ImageRgba8(picture.into_rgba8());
    let (width, height) = frame.size();
    Ok(match frame {
        Frame::Face => {
            // Cut first: what is as wide as a street would be as large as a house meanwhile.
            let side = picture.width().min(picture.height());
            let (left, top) = ((picture.width() - side) / 2, (picture.height() - side) / 2);
            let square = picture.crop_imm(left, top, side, side);
            square.resize_exact(width, height, FilterType::Lanczos3)
        }
        Frame::Logo if picture.width() <= width && picture.height() <= height => picture,
        Frame::Logo => picture.resize(width, height, FilterType::Lanczos3),
    })
}

/// The picture as it is meant to be seen: cameras write down how they were held, and do not turn what they took.
fn turned(reader: ImageReader<Cursor<&[u8]>>, mut limits: Limits) -> ImageResult<DynamicImage> {
    let mut decoder = reader.into_decoder()?;
    limits.reserve(decoder.total_bytes())?;
    decoder.set_limits(limits)?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn vector(bytes: &[u8]) -> Result<DynamicImage, ErrorCode> {
    if bytes.len() > MOST_SVG_BYTES {
        return Err(ErrorCode::TooLarge);
    }
    let options = Options {
        // An image inside the picture may be a file of this machine, or another picture: none is opened.
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_data(bytes, &options).map_err(|_| ErrorCode::InvalidImage)?;
    if !is_drawn_quickly(&tree) {
        return Err(ErrorCode::InvalidImage);
    }
    let size = tree.size();
    let (most_wide, most_high) = Frame::Logo.size();
    let scale = (most_wide as f32 / size.width()).min(most_high as f32 / size.height());
    let side = |length: f32, most: u32| ((length * scale).round() as u32).clamp(1, most);
    let (width, height) = (side(size.width(), most_wide), side(size.height(), most_high));
    let mut pixels = Pixmap::new(width, height).ok_or(ErrorCode::InvalidImage)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    let straight = pixels
        .pixels()
        .iter()
        .flat_map(|pixel| {
            let colour = pixel.demultiply();
            [colour.red(), colour.green(), colour.blue(), colour.alpha()]
        })
        .collect();
    RgbaImage::from_raw(width, height, straight)
        .map(DynamicImage::ImageRgba8)
        .ok_or(ErrorCode::InvalidImage)
}

/// Whether drawing takes no longer than the file is long: filters, patterns and dashes can ask for any amount of work in a few signs,
/// and so can what is used again and again.
fn is_drawn_quickly(tree: &Tree) -> bool {
    tree.filters().is_empty()
        && tree.patterns().is_empty()
        && segments(tree.root()).is_some_and(|segments| segments <= MOST_SEGMENTS)
}

/// Of how many lines and curves all that is drawn consists; nothing where something is dashed.
fn segments(group: &Group) -> Option<usize> {
    group.children().iter().try_fold(0_usize, |sum, node| {
        let more = match node {
            Node::Group(group) => segments(group)?,
            Node::Path(path) if path.stroke().is_some_and(|stroke| stroke.dasharray().is_some()) => {
                return None;
            }
            Node::Path(path) => path.data().len(),
            Node::Image(_) | Node::Text(_) => 0,
        };
        Some(sum + more + 1)
    })
}

impl Core {
    /// As [`redraw`], where it holds nobody up.
    ///
    /// # Errors
    /// As [`redraw`].
    pub(crate) async fn redraw(&self, bytes: Vec<u8>, frame: Frame) -> Result<Vec<u8>, IamError> {
        // Two at a time: a picture is the most work that a form can cause here.
        let turn = Arc::clone(&self.drawing).acquire_owned().await;
        let turn = turn.map_err(|_| IamError::Fault("drawing"))?;
        // The turn goes along: whoever stops waiting does not stop the drawing.
        let draw = move || {
            let _turn = turn;
            redraw(&bytes, frame)
        };
        let drawn = tokio::task::spawn_blocking(draw).await;
        Ok(drawn.map_err(|_| IamError::Refused(ErrorCode::InvalidImage))??)
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame::Logo, *};

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(image::RgbImage::from_fn(width, height, |x, y| {
            image::Rgb([x as u8, y as u8, 7])
        }))
        .write_to(&mut file, format)
        .unwrap();
        file.into_inner()
    }

    fn size(png: &[u8]) -> (u32, u32) {
        assert_eq!(image::guess_format(png).unwrap(), ImageFormat::Png);
        let picture = image::load_from_memory(png).unwrap();
        (picture.width(), picture.height())
    }

    #[test]
    fn pictures_become_small_pngs_of_the_same_shape() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            assert_eq!(size(&redraw(&encoded(40, 20, format), Logo).unwrap()), (40, 20));
            assert_eq!(
                size(&redraw(&encoded(960, 960, format), Logo).unwrap()),
                (192, 192)
            );
        }
        let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#f00"/></svg>"##;
        let png = redraw(svg, Logo).unwrap();
        assert_eq!(size(&png), (384, 192));
        let pixel = image::load_from_memory(&png)
            .unwrap()
            .to_rgba8()
            .get_pixel(100, 100)
            .0;
        assert_eq!(pixel, [255, 0, 0, 255]);
    }

    #[test]
    fn a_face_fills_its_square_from_the_middle() {
        let wide = encoded(600, 200, ImageFormat::Png);
        let png = redraw(&wide, Frame::Face).unwrap();
        assert_eq!(size(&png), (256, 256));
        let [red, ..] = image::load_from_memory(&png)
            .unwrap()
            .to_rgba8()
            .get_pixel(128, 128)
            .0;
        assert!(red.abs_diff(300_u16 as u8) < 4, "{red}");
        let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#0f0"/></svg>"##;
        assert_eq!(
            redraw(svg, Frame::Face),
            Err(ErrorCode::InvalidImage),
            "a face is no drawing"
        );
    }

    #[test]
    fn little_files_that_ask_for_much_work_are_refused_or_small() {
        // Eighty bytes that would be half a gigabyte, if they were made larger before they are cut.
        for (width, height) in [(MOST_PIXELS, 1), (1, MOST_PIXELS)] {
            let strip = encoded(width, height, ImageFormat::Png);
            assert_eq!(size(&redraw(&strip, Frame::Face).unwrap()), (256, 256));
        }
        let drawing = |inside: &str| {
            format!(r##"<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">{inside}</svg>"##)
        };
        let dashed = r##"<path d="M0 0H100" stroke="#000" stroke-dasharray=".0004"/>"##.repeat(1500);
        let path = format!(r##"<path id="p" d="M0 0{}"/>"##, "h1v1".repeat(10_000));
        for inside in [
            r##"<filter id="f"><feTurbulence baseFrequency=".5" numOctaves="2000000000"/></filter><rect width="9" height="9" filter="url(#f)"/>"##,
            r##"<pattern id="p" width="9000" height="9000" patternUnits="userSpaceOnUse"><rect width="9" height="9"/></pattern><rect width="100" height="100" fill="url(#p)"/>"##,
            &dashed,
            &format!("{path}{}", r##"<use href="#p"/>"##.repeat(1000)),
        ] {
            let refused = redraw(drawing(inside).as_bytes(), Logo);
            assert_eq!(refused, Err(ErrorCode::InvalidImage), "{}", &inside[..60]);
        }
        assert!(redraw(drawing(&path).as_bytes(), Logo).is_ok());
    }

    #[test]
    fn a_camera_that_was_held_upright_is_believed() {
        // A JPEG that says "turn me by a quarter" (Exif tag 0x0112 is 6), four times as wide as high.
        let mut jpeg = encoded(400, 100, ImageFormat::Jpeg);
        let exif =
            b"\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        jpeg.splice(2..2, exif.iter().copied());
        assert_eq!(size(&redraw(&jpeg, Logo).unwrap()), (48, 192));
    }

    #[test]
    fn nothing_of_the_file_survives_but_what_is_seen() {
        let mut jpeg = encoded(8, 8, ImageFormat::Jpeg);
        jpeg.extend_from_slice(b"<script>alert(1)</script>");
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="alert(1)">
            <script>alert(1)</script><image href="/etc/passwd" width="9" height="9"/><image xlink:href="http://127.0.0.1/x.png"/>
            <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject></svg>"#;
        for file in [&jpeg[..], svg] {
            let png = redraw(file, Logo).unwrap();
            let text = String::from_utf8_lossy(&png);
            assert!(!text.contains("alert") && !text.contains("passwd"));
        }
    }

    #[test]
    fn bombs_and_what_is_no_picture_are_refused() {
        for file in [
            &b""[..],
            b"GIF89a",
            b"BM junk",
            b"\x89PNG\r\n\x1a\n",
            b"hello",
            b"<html><script>x</script></html>",
            b"%PDF-1.4",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"0\" height=\"0\"/>",
        ] {
            let refused = redraw(file, Logo).map(|_| ());
            assert_eq!(
                refused,
                Err(ErrorCode::InvalidImage),
                "{:?}",
                String::from_utf8_lossy(file)
            );
        }
        assert_eq!(
            redraw(&vec![b' '; Logo.most_bytes() + 1], Logo),
            Err(ErrorCode::TooLarge)
        );
        assert_eq!(
            redraw(&vec![b' '; MOST_SVG_BYTES + 1], Logo),
            Err(ErrorCode::TooLarge)
        );
        let wide = encoded(MOST_PIXELS + 1, 1, ImageFormat::Png);
        assert_eq!(redraw(&wide, Logo), Err(ErrorCode::InvalidImage));
    }

    #[test]
    fn an_entity_that_swells_is_refused() {
        let entities: String = (1..10)
            .map(|level| {
                format!(
                    "<!ENTITY e{level} \"{}\">",
                    format!("&e{};", level - 1).repeat(10)
                )
            })
            .collect();
        let svg = format!(
            "<!DOCTYPE svg [<!ENTITY e0 \"x\">{entities}]><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><title>&e9;</title></svg>"
        );
        assert_eq!(redraw(svg.as_bytes(), Logo), Err(ErrorCode::InvalidImage));
    }

    #[test]
    fn an_svg_that_repeats_itself_without_end_ends() {
        let mut svg = String::from(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><g id="a0"><rect width="1" height="1"/></g>"#,
        );
        for level in 1..12 {
            let uses = format!(r##"<use href="#a{}"/>"##, level - 1).repeat(10);
            svg.push_str(&format!(r#"<g id="a{level}">{uses}</g>"#));
        }
        svg.push_str("</svg>");
        assert_eq!(redraw(svg.as_bytes(), Logo), Err(ErrorCode::InvalidImage));
    }
}
