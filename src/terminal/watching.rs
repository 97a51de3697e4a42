//! The pause between two drawings of a watch.

use std::time::Duration;

use super::Terminal;
use crate::base::clock;
use crate::base::failure::Failure;
use crate::base::signals::Resizes;

impl Terminal {
    /// Waits for `pause`, or until standard output has no reader. Calls `redraw` when the size of the terminal changes, if
    /// results are drawn on it. Returns whether standard output still has a reader.
    ///
    /// # Errors
    /// Those of `redraw`.
    pub async fn pause_watch(
        &self,
        pause: Duration,
        resizes: &mut Resizes,
        redraw: impl Fn() -> Result<bool, Failure>,
    ) -> Result<bool, Failure> {
        let is_drawn = self.options.json.is_none() && self.output_width().is_some();
        let mut pause = std::pin::pin!(clock::sleep(pause));
        let mut closed = std::pin::pin!(self.output_closed());
        loop {
            tokio::select! {
                () = &mut pause => return Ok(true),
                () = &mut closed => return Ok(false),
                () = resizes.next(), if is_drawn => if !redraw()? {
                    return Ok(false);
                },
            }
        }
    }
}
