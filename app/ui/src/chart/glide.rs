//! The right edge of a living chart goes on evenly between ticks.
//!
//! A timer a pixel, at most ten a second, and none for a chart that is out of sight, in a tab that nobody looks at, while the stream is
//! paused, for who asked for stillness, or where a tick is less than a pixel. While a hand is on the chart it waits; while a key moves its
//! needle the newest sample is in sight.

use std::time::Duration;

use leptos::prelude::*;

use crate::chart::brush;
use crate::chart::stage::Stage;
use crate::chart::surface::Layers;
use crate::live::LiveStream;

/// Starts following the ticks of a plot.
pub(crate) fn follow(stage: Stage, layers: Layers) {
    let glider = Glider {
        stage,
        layers,
        stream: use_context::<LiveStream>(),
        is_waiting: StoredValue::new(false),
        since_ms: StoredValue::new(0.0),
    };
    Effect::new(move |before: Option<(i64, i64)>| {
        let span = stage.span();
        if let Some(before) = before.filter(|before| *before != span) {
            glider.ticked(before, span);
        }
        span
    });
}

#[derive(Clone, Copy)]
struct Glider {
    stage: Stage,
    layers: Layers,
    stream: Option<LiveStream>,
    is_waiting: StoredValue<bool>,
    /// Up to when the time that passed is made up for, by the browser's clock.
    since_ms: StoredValue<f64>,
}

impl Glider {
    fn ticked(self, before: (i64, i64), after: (i64, i64)) {
        if !self.may_glide() {
            self.show(::chart::Glide::default());
            return;
        }
        let pixel_ms = self.stage.whole.get_untracked().pixel_ms();
        let glide = self.stage.glide.get_untracked();
        if glide.behind_ms == 0 {
            self.since_ms.set_value(js_sys::Date::now());
        }
        let glide = glide.moved(before, after, pixel_ms);
        self.show(glide);
        if !self.is_waiting.get_value() {
            self.wait(glide.rest_ms(pixel_ms));
        }
    }

    fn wait(self, rest_ms: Option<i64>) {
        let Some(rest_ms) = rest_ms.and_then(|ms| u64::try_from(ms).ok()) else { return };
        self.is_waiting.set_value(true);
        set_timeout(
            move || {
                // The chart may have left the screen in the meantime; then nothing goes on.
                if self.is_waiting.try_set_value(false).is_none() {
                    self.go_on();
                }
            },
            Duration::from_millis(rest_ms),
        );
    }

    fn go_on(self) {
        let (Some(glide), Some(frame)) = (self.stage.glide.try_get_untracked(), self.stage.whole.try_get_untracked()) else {
            return;
        };
        let pixel_ms = frame.pixel_ms();
        if self.stage.is_held() {
            self.wait(glide.rest_ms(pixel_ms));
            return;
        }
        let now_ms = js_sys::Date::now();
        let passed_ms = now_ms - self.since_ms.get_value();
        self.since_ms.set_value(now_ms);
        let glide = if self.may_glide() { glide.passed(passed_ms as i64, pixel_ms) } else { ::chart::Glide::default() };
        self.show(glide);
        self.wait(glide.rest_ms(pixel_ms));
    }

    fn show(self, glide: ::chart::Glide) {
        if self.stage.glide.get_untracked() != glide {
            self.stage.glide.set(glide);
        }
    }

    fn may_glide(self) -> bool {
        let is_paused = self.stream.is_some_and(|stream| stream.paused.try_get_untracked().unwrap_or(false));
        let is_walked = self.stage.is_speaking.get_untracked();
        self.layers.is_seen.get_untracked() && !is_paused && !is_walked && brush::may_move()
    }
}
