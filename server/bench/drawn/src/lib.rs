#![doc = include_str!("../README.md")]

use chart::{Cursor, DisplayList, Frame, Plot, Pyramids, Series, Size};
use figures::{Locale, Zone};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = mimamoriChart, js_name = paint)]
    fn paint(canvas: &JsValue, ops: &[f32], text: &str, width: f32, height: f32, device_pixel_ratio: f64);
}

/// One chart of the page.
#[wasm_bindgen]
pub struct Drawn {
    plot: Plot,
    size: Size,
    pyramids: Pyramids,
}

#[wasm_bindgen]
impl Drawn {
    /// An empty chart of a size in CSS pixels over a span in epoch milliseconds.
    #[wasm_bindgen(constructor)]
    pub fn new(width: f64, height: f64, from_ms: f64, to_ms: f64) -> Drawn {
        let plot: Plot = Plot::new(from_ms as i64, to_ms as i64, Zone::utc(), Locale::En);
        Drawn { plot, size: Size { width, height }, pyramids: Pyramids::default() }
    }

    /// Adds a line; `times` are epoch milliseconds.
    pub fn add(&mut self, name: &str, times: &[f64], values: &[f64]) {
        let style: u8 = u8::try_from(self.plot.series.len() % 8).unwrap_or(0) + 1;
        let points = times.iter().map(|ms| *ms as i64).zip(values.iter().copied()).collect();
        self.plot.series.push(Series { name: name.to_owned(), style, points, fill: false });
    }

    /// Lays the chart out and paints it on a canvas.
    pub fn draw(&mut self, canvas: &JsValue) {
        self.pyramids.follow(&self.plot);
        self.put(canvas, &chart::display_over(&self.plot, self.size, &self.pyramids));
    }

    /// Paints what a pointer at `x_px` shows on the canvas above.
    pub fn point(&self, canvas: &JsValue, x_px: f64) {
        let frame: Frame = Frame::over(&self.plot, self.size, &self.pyramids);
        if let Some(cursor) = chart::nearest_in(&self.plot, &frame, x_px) {
            self.put(canvas, &chart::cross(&self.plot, &frame, &Cursor::at(&self.plot, cursor.ms)));
        }
    }

    fn put(&self, canvas: &JsValue, list: &DisplayList) {
        let (ops, text) = chart::encode(list);
        paint(canvas, &ops, &text, list.width, list.height, 1.0);
    }
}
