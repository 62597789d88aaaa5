//! Pictures that people upload. Nothing of a file reaches a browser: it is decoded under limits and drawn anew, SVG too,
//! so that scripts, references and metadata stay behind.

use iam_types::ErrorCode;
use image::{DynamicImage, ImageFormat, ImageReader, Limits, RgbaImage, imageops::FilterType};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{ImageHrefResolver, Options, Tree},
};
use std::io::Cursor;

/// The largest file that is looked at, in bytes.
pub const MOST_BYTES: usize = 1024 * 1024;
/// The largest SVG, in bytes: what it says is drawn, and little text can say much.
const MOST_SVG_BYTES: usize = 128 * 1024;
/// The most pixels a side may have before it is made smaller.
const MOST_PIXELS: u32 = 4096;
/// The box that the result fits into.
const BOX: (u32, u32) = (480, 192);

/// Draws a picture anew as a PNG that fits into the box.
///
/// # Errors
/// [`ErrorCode::TooLarge`], [`ErrorCode::InvalidImage`].
pub fn redraw(bytes: &[u8]) -> Result<Vec<u8>, ErrorCode> {
    if bytes.len() > MOST_BYTES {
        return Err(ErrorCode::TooLarge);
    }
    let format = image::guess_format(bytes).ok();
    let picture = match format {
        Some(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => raster(bytes, format)?,
        Some(_) => return Err(ErrorCode::InvalidImage),
        None => vector(bytes)?,
    };
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|_| ErrorCode::InvalidImage)?;
    Ok(png.into_inner())
}

fn raster(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, ErrorCode> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS);
    limits.max_image_height = Some(MOST_PIXELS);
    limits.max_alloc = Some(128 * 1024 * 1024);
    reader.limits(limits);
    let picture = reader.decode().map_err(|_| ErrorCode::InvalidImage)?;
    // Eight bits a channel: what else a file can hold would only make the result larger.
    let picture = DynamicImage::ImageRgba8(picture.into_rgba8());
    let fits = picture.width() <= BOX.0 && picture.height() <= BOX.1;
    Ok(if fits {
        picture
    } else {
        picture.resize(BOX.0, BOX.1, FilterType::Lanczos3)
    })
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
    let size = tree.size();
    let scale = (BOX.0 as f32 / size.width()).min(BOX.1 as f32 / size.height());
    let side = |length: f32, most: u32| ((length * scale).round() as u32).clamp(1, most);
    let (width, height) = (side(size.width(), BOX.0), side(size.height(), BOX.1));
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

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(size(&redraw(&encoded(40, 20, format)).unwrap()), (40, 20));
            assert_eq!(size(&redraw(&encoded(960, 960, format)).unwrap()), (192, 192));
        }
        let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10" fill="#f00"/></svg>"##;
        let png = redraw(svg).unwrap();
        assert_eq!(size(&png), (384, 192));
        let pixel = image::load_from_memory(&png)
            .unwrap()
            .to_rgba8()
            .get_pixel(100, 100)
            .0;
        assert_eq!(pixel, [255, 0, 0, 255]);
    }

    #[test]
    fn nothing_of_the_file_survives_but_what_is_seen() {
        let mut jpeg = encoded(8, 8, ImageFormat::Jpeg);
        jpeg.extend_from_slice(b"<script>alert(1)</script>");
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="alert(1)">
            <script>alert(1)</script><image href="/etc/passwd" width="9" height="9"/><image xlink:href="http://127.0.0.1/x.png"/>
            <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject></svg>"#;
        for file in [&jpeg[..], svg] {
            let png = redraw(file).unwrap();
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
            let refused = redraw(file).map(|_| ());
            assert_eq!(
                refused,
                Err(ErrorCode::InvalidImage),
                "{:?}",
                String::from_utf8_lossy(file)
            );
        }
        assert_eq!(redraw(&vec![b' '; MOST_BYTES + 1]), Err(ErrorCode::TooLarge));
        assert_eq!(redraw(&vec![b' '; MOST_SVG_BYTES + 1]), Err(ErrorCode::TooLarge));
        let wide = encoded(MOST_PIXELS + 1, 1, ImageFormat::Png);
        assert_eq!(redraw(&wide), Err(ErrorCode::InvalidImage));
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
        assert_eq!(redraw(svg.as_bytes()), Err(ErrorCode::InvalidImage));
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
        assert_eq!(redraw(svg.as_bytes()), Err(ErrorCode::InvalidImage));
    }
}
