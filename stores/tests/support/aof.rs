//! A loss of power: what was written to a file in the last moments is gone.

use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

/// Knows how long a file was at which time.
pub struct Loss {
    file: PathBuf,
    pub time: Duration,
    lengths: Arc<Mutex<Vec<(Instant, u64)>>>,
    ends: Arc<AtomicBool>,
}

impl Loss {
    /// Watches a file of which the last `time` will be lost.
    pub fn watch(file: PathBuf, time: Duration) -> Self {
        let loss = Self {
            file,
            time,
            lengths: Arc::default(),
            ends: Arc::default(),
        };
        let (file, lengths) = (loss.file.clone(), Arc::clone(&loss.lengths));
        let ends = Arc::clone(&loss.ends);
        thread::spawn(move || {
            while !ends.load(Ordering::SeqCst) {
                if let Ok(metadata) = fs::metadata(&file) {
                    let now = (Instant::now(), metadata.len());
                    lengths.lock().unwrap().push(now);
                }
                thread::sleep(Duration::from_millis(5));
            }
        });
        loss
    }

    /// Cuts the file, whose writer was killed, back to what it was.
    pub fn happen(&self) {
        let mut lengths = self.lengths.lock().unwrap();
        let earliest = Instant::now().checked_sub(self.time);
        let before = lengths.iter().rev().find(|(at, _)| Some(*at) <= earliest);
        let length = before.or(lengths.first()).map_or(0, |(_, length)| *length);
        let file = File::options().write(true).open(&self.file).unwrap();
        file.set_len(length).unwrap();
        *lengths = vec![(Instant::now(), length)];
    }
}

impl Drop for Loss {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
    }
}
