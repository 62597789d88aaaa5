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
    usvg::{ImageHrefResolver, Options, Tree},
};
use std::io::Cursor;

/// The largest SVG, in bytes: what it says is drawn, and little text can say much.
const MOST_SVG_BYTES: usize = 128 * 1024;
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
        None => vector(bytes, frame)?,
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
        Frame::Face => picture.resize_to_fill(width, height, FilterType::Lanczos3),
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

fn vector(bytes: &[u8], frame: Frame) -> Result<DynamicImage, ErrorCode> {
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
    let size = tree.size();
    let (most_wide, most_high) = frame.size();
    let scales = (most_wide as f32 / size.width(), most_high as f32 / size.height());
    let scale = match frame {
        Frame::Logo => scales.0.min(scales.1),
        Frame::Face => scales.0.max(scales.1),
    };
    let side = |length: f32, most: u32| ((length * scale).round() as u32).clamp(1, most);
    let (width, height) = (side(size.width(), most_wide), side(size.height(), most_high));
    let mut pixels = Pixmap::new(width, height).ok_or(ErrorCode::InvalidImage)?;
    let middle = |length: f32, side: u32| (side as f32 - length * scale) / 2.0;
    let drawn = Transform::from_scale(scale, scale)
        .post_translate(middle(size.width(), width), middle(size.height(), height));
    resvg::render(&tree, drawn, &mut pixels.as_mut());
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

impl Core {
    /// As [`redraw`], where it holds nobody up.
    ///
    /// # Errors
    /// As [`redraw`].
    pub(crate) async fn redraw(&self, bytes: Vec<u8>, frame: Frame) -> Result<Vec<u8>, IamError> {
        // Two at a time: a picture is the most work that a form can cause here.
        let _turn = self
            .drawing
            .acquire()
            .await
            .map_err(|_| IamError::Fault("drawing"))?;
        let drawn = tokio::task::spawn_blocking(move || redraw(&bytes, frame)).await;
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
        let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect x="5" width="10" height="10" fill="#0f0"/></svg>"##;
        let drawn = image::load_from_memory(&redraw(svg, Frame::Face).unwrap())
            .unwrap()
            .to_rgba8();
        assert_eq!(drawn.dimensions(), (256, 256));
        for corner in [(1, 1), (254, 254)] {
            assert_eq!(drawn.get_pixel(corner.0, corner.1).0, [0, 255, 0, 255]);
        }
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
