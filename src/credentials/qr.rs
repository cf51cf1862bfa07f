//! A text as a QR code in SVG: one path, black on white whatever the page's theme.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Modules of white round the code that readers need.
const QUIET: usize = 4;

/// A drawn code.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// Modules a side, without the quiet zone.
    pub modules: usize,
    /// The dark modules as one path in units of modules, the quiet zone counted.
    pub path: String,
}

/// The text is too long for any QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text does not fit a QR code")]
pub struct TooLong;

/// Draws a text; the encoder mixes modes, so capitals round a `#` stay short.
///
/// # Errors
/// [`TooLong`].
pub fn draw(text: &str) -> Result<Drawn, TooLong> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong)?;
    let modules = code.width();
    let colors = code.to_colors();
    let mut path = String::with_capacity(modules * modules * 4);
    for (y, row) in colors.chunks(modules).enumerate() {
        let mut x = 0;
        while x < modules {
            let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
            if run > 0 {
                write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET).expect("writing into memory");
            }
            x += run.max(1);
        }
    }
    Ok(Drawn { modules, path })
}

impl Drawn {
    /// Modules a side, with the quiet zone.
    pub fn side(&self) -> usize {
        self.modules + 2 * QUIET
    }

    /// A whole SVG file.
    pub fn svg(&self) -> String {
        let side = self.side();
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{}"/></svg>"##,
            self.path
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::code_text::{Prefix, Profile};
    use crate::credentials::online_code::TOKEN_BYTES;

    #[test]
    fn a_code_is_small_enough_to_be_read_across_a_till() {
        for host in ["https://qr.example.ru", "http://127.0.0.1:8080", "https://ryadom.stavropol-krai.ru"] {
            let text = Prefix::of(host).text(Profile::A, &[0xa5; TOKEN_BYTES]);
            let drawn = draw(&text).unwrap();
            assert!(drawn.modules <= 37, "version {} for {host}", (drawn.modules - 17) / 4);
            assert!(drawn.svg().len() <= 15_000, "{} bytes", drawn.svg().len());
        }
    }

    #[test]
    fn what_is_drawn_is_read_by_another_library() {
        let text = Prefix::of("https://qr.example.ru").text(Profile::A, &[0x3c; TOKEN_BYTES]);
        let code = QrCode::with_error_correction_level(&text, EcLevel::M).unwrap();
        let colors = code.to_colors();
        let (side, scale) = (code.width(), 4);
        let pixels = (side + 2 * QUIET) * scale;
        let dark = |x: usize, y: usize| {
            let (x, y) = ((x / scale).checked_sub(QUIET)?, (y / scale).checked_sub(QUIET)?);
            (x < side && y < side).then(|| colors[y * side + x] == Color::Dark)
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(pixels, pixels, |x, y| {
            if dark(x, y).unwrap_or(false) { 0 } else { 255 }
        });
        let read: Vec<String> = image.detect_grids().iter().map(|g| g.decode().unwrap().1).collect();
        assert_eq!(read, [text]);
    }
}
